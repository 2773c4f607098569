"""Products and their SKUs with stock (fact sheet section 9).

The list knows no SKUs; the detail has them all, the SKU list has their stock by warehouse. Times are seconds in the list and text
in the detail. `status` is the shelf, `check_status` the review: only both tell whether buyers can see it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from storeward.canon import Listing, ListingContent, ListingStatus, Record, Sku, WarehouseStock
from storeward.canon.base import More
from storeward.connectors.contract import Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, elements_of, read

from .codes import CHECK_STATUS, DELETED, LISTING_STATUS, ON_SALE, REVIEWED, TAKEN_DOWN
from .envelope import About, list_parser, nothing, open_answer, receipt_parser, thing_parser
from .paging import by_number
from .requests import number, unix
from .requests import read as ask
from .values import Ids, Words, china, fen, flag, lists, word

PAGE_SIZE: Final = 100
FIRST_PAGE: Final = 1
BY_WAREHOUSE: Final = "1"
"""`sku_type` whose stock stands in a map by warehouse; the plain figure is then 0."""
IN_STOCK: Final = "0"
"""`presell_type`."""
MOST_DAYS: Final = 365


def list_products_request(
    *, updated_since: datetime | None = None, updated_until: datetime | None = None, page_size: int = PAGE_SIZE
) -> Request:
    """Products that changed in the span; the platform leaves out both of its ends, so each is moved out by a second."""
    told = {
        "update_start_time": unix(updated_since) - 1 if updated_since else None,
        "update_end_time": unix(updated_until) + 1 if updated_until else None,
        "page": FIRST_PAGE,
        "size": page_size,
    }
    return ask("product.listV2", told, about={"page": str(FIRST_PAGE), "size": str(page_size)})


def product_request(product_id: str) -> Request:
    return ask("product.detail", {"product_id": product_id})


def skus_request(product_id: str) -> Request:
    """All SKUs of a product with their stock."""
    return ask("sku.list", {"product_id": number(product_id)}, about={"product_id": product_id})


def sku_request(sku_id: str) -> Request:
    return ask("sku.detail", {"sku_id": number(sku_id)})


def stock_request(sku_id: str, *, product_id: str | None = None) -> Request:
    """The stock of one SKU. The answer does not name its product."""
    return ask("sku.stockNum", {"sku_id": number(sku_id)}, about={"product_id": product_id} if product_id else None)


def badges_request(product_id: str) -> Request:
    """Whether a product promises to ship the same or the next day."""
    return ask("promise.deliveryList", {"product_id": number(product_id), "page": 1, "size": 10})


def update_rule_request(category_id: str) -> Request:
    """What a category allows, promised ship times among it."""
    return ask("product.getProductUpdateRule", {"category_id": number(category_id)})


class Category(Wire):
    first_cid: Id = None
    second_cid: Id = None
    third_cid: Id = None
    fourth_cid: Id = None


CATEGORIES: Final = Ids("first_cid", "second_cid", "third_cid", "fourth_cid")


class DelayRule(Wire):
    enable: bool | None = None
    config_type: Id = None
    config_value: Id = None
    start_time: Id = None
    end_time: Id = None


class Price(Wire):
    """`spec_prices[]` of the detail: a SKU."""

    MATTERS = frozenset({"sku_id", "price"})

    sku_id: Id = None
    out_sku_id: Id = None
    outer_sku_id: str | None = None
    stock_num: int | None = None
    price: int | None = None
    code: str | None = None
    step_stock_num: Id = None
    prom_stock_num: Id = None
    prom_step_stock_num: Id = None
    sku_type: Id = None
    supplier_id: Id = None
    lock_stock_num: Id = None
    stock_num_map: dict[str, int] | None = None
    presell_delay: int | None = None
    spec_detail_ids: list[Id] | None = None


class Product(Wire):
    """A row of the list, or the detail."""

    MATTERS = frozenset({"product_id", "status"})

    product_id: Id = None
    product_id_str: str | None = None
    status: Id = None
    check_status: Id = None
    draft_status: Id = None
    name: str | None = None
    description: str | None = None
    pic: list[Any] | None = None
    product_format_new: str | None = None
    size_info_template_id: Id = None
    weight_value: Decimal | None = None
    product_type: Id = None
    out_product_id: Id = None
    outer_product_id: Id = None
    spec_id: Id = None
    pay_type: Id = None
    create_time: Id = None
    update_time: Id = None
    category_detail: Category | None = None
    is_package_product: bool | None = None
    package_product_list: list[Id] | None = None
    sub_product_list: list[Id] | None = None
    brand_id: Id = None
    standard_brand_id: Id = None
    presell_type: Id = None
    presell_config_level: Id = None
    presell_delivery_type: Id = None
    presell_end_time: Id = None
    presell_delay: Id = None
    delivery_delay_day: Id = None
    appoint_delivery_day: Id = None
    delay_rule: DelayRule | None = None
    reduce_type: Id = None
    freight_id: Id = None
    main_product_id: Id = None
    store_id: Id = None
    market_price: int | None = None
    discount_price: int | None = None
    spec_prices: list[Price] | None = None


WORDS: Final = Words(
    "product_type", "draft_status", "presell_type", "presell_config_level", "presell_delivery_type", "delivery_delay_day",
    "presell_delay", "appoint_delivery_day", "reduce_type", "pay_type", "presell_end_time",
)  # fmt: skip
IDS: Final = Ids("out_product_id", "outer_product_id", "spec_id", "freight_id", "main_product_id", "store_id")
PRICE_WORDS: Final = Words("sku_type", "step_stock_num", "prom_stock_num", "prom_step_stock_num", "lock_stock_num")
PRICE_IDS: Final = Ids("out_sku_id", "outer_sku_id", "supplier_id")
DELAY: Final = Words("config_type", "config_value", "start_time", "end_time")


def build_product(wire: Product, notes: Notes, about: About) -> Iterable[Record]:
    product_id = wire.product_id_str or digits(wire.product_id)
    if product_id is None:
        notes.left_out("product_id", "listing")
        return ()
    shelf, review = word(wire.status), word(wire.check_status)
    presale = word(wire.presell_type)
    ends_at = china(word(wire.presell_end_time), "presell_end_time", notes)
    return (
        Listing(
            platform_listing_id=product_id,
            title=wire.name or None,
            platform_status=shelf,
            status=status_of(shelf, review, notes),
            platform_audit_status=review,
            pre_order=None if presale is None else presale != IN_STOCK,
            platform_category_id=_category(wire.category_detail),
            platform_brand_id=digits(wire.standard_brand_id) or digits(wire.brand_id),
            platform_more=_more(wire),
            created_at=china(word(wire.create_time), "create_time", notes),
            updated_at=china(word(wire.update_time), "update_time", notes),
            skus=_skus(wire, ends_at, notes),
            skus_complete=wire.spec_prices is not None,
            content=_content(wire),
        ),
    )


def _content(wire: Product) -> ListingContent | None:
    """What the detail tells, which alone has the list of pictures. It names the brand by its number only."""
    if wire.pic is None:
        return None
    return ListingContent(
        description=wire.description or "",
        images=len(wire.pic),
        weighed=None if wire.weight_value is None else bool(wire.weight_value),
        size_chart=None if wire.size_info_template_id is None else digits(wire.size_info_template_id) not in (None, "0"),
    )


def status_of(shelf: str | None, review: str | None, notes: Notes) -> ListingStatus:
    """On sale unless the platform has banned it; off sale for the reason that the review gives, else by the seller's will."""
    known = notes.word("status", shelf, LISTING_STATUS, ListingStatus.UNKNOWN)
    if review is not None and review not in REVIEWED:
        notes.note("check_status", f"is a word we do not know: {review:.80}; kept as it is")
        return ListingStatus.UNKNOWN if shelf != DELETED else known
    if shelf == DELETED or (shelf == ON_SALE and review != TAKEN_DOWN) or shelf not in LISTING_STATUS:
        return known
    return CHECK_STATUS.get(review or "", known)


def _category(told: Category | None) -> str | None:
    """The narrowest that is named."""
    path = [digits(one) for one in (told.fourth_cid, told.third_cid, told.second_cid, told.first_cid)] if told else []
    return next((category for category in path if category), None)


def _more(wire: Product) -> More:
    told = WORDS(wire) | IDS(wire) | lists(wire, "package_product_list", "sub_product_list")
    if wire.category_detail is not None:
        told |= CATEGORIES(wire.category_detail)
    if wire.is_package_product is not None:
        told["is_package_product"] = flag(wire.is_package_product)
    if wire.delay_rule is not None and wire.delay_rule.enable:
        told |= {f"delay_rule.{name}": value for name, value in DELAY(wire.delay_rule).items()}
    return told


def _skus(wire: Product, release_at: datetime | None, notes: Notes) -> tuple[Sku, ...]:
    made = (_sku(price, release_at, notes.under(f"spec_prices[{nth}]")) for nth, price in enumerate(wire.spec_prices or ()))
    return tuple([sku for sku in made if sku is not None])


def _sku(price: Price, release_at: datetime | None, notes: Notes) -> Sku | None:
    sku_id = digits(price.sku_id)
    if sku_id is None:
        notes.left_out("sku_id", "SKU")
        return None
    kind = word(price.sku_type)
    stock = warehouses(price.stock_num_map, None)
    delay = price.presell_delay
    return Sku(
        platform_sku_id=sku_id,
        seller_sku=price.code or price.outer_sku_id or None,
        price=fen(price.price, "price", notes),
        available=available(kind, price.stock_num, stock),
        platform_sale_type=kind,
        handling_days=delay if delay is not None and 0 < delay <= MOST_DAYS else None,
        release_at=release_at,
        platform_more=PRICE_WORDS(price) | PRICE_IDS(price) | lists(price, "spec_detail_ids"),
        warehouses=stock,
    )


def available(kind: str | None, plain: int | None, stock: tuple[WarehouseStock, ...]) -> int | None:
    """What can be sold: the plain figure, or the sum over the warehouses where the stock is kept by them."""
    if kind == BY_WAREHOUSE and stock:
        return sum(one.available or 0 for one in stock)
    return plain


def warehouses(stock: Mapping[str, int] | None, held: Mapping[str, int] | None) -> tuple[WarehouseStock, ...]:
    """Stock by warehouse, as far as whole numbers say it."""
    return tuple(
        [
            WarehouseStock(
                platform_warehouse_id=name,
                available=count if type(count) is int else None,
                committed=taken if type(taken := (held or {}).get(name)) is int else None,
            )
            for name, count in (stock or {}).items()
        ]
    )


class SkuItem(Wire):
    """A SKU of `sku.list`, `sku.detail` or `sku.stockNum`: its id has two names, its stock map as well."""

    MATTERS = frozenset({"id", "sku_id"})

    id: Id = None
    sku_id: Id = None
    out_sku_id: Id = None
    product_id: Id = None
    product_id_str: str | None = None
    spec_detail_name1: str | None = None
    spec_detail_name2: str | None = None
    spec_detail_name3: str | None = None
    price: int | None = None
    settlement_price: int | None = None
    spec_id: Id = None
    create_time: Id = None
    code: str | None = None
    sku_type: Id = None
    supplier_id: Id = None
    stock_num: int | None = None
    prehold_stock_num: int | None = None
    prom_stock_num: Id = None
    step_stock_num: Id = None
    prehold_step_stock_num: Id = None
    prom_step_stock_num: Id = None
    stock_map: dict[str, int] | None = None
    stock_num_map: dict[str, int] | None = None
    prehold_stock_map: dict[str, int] | None = None
    is_suit: Id = None
    suit_num: Id = None
    normal_stock_num: Id = None
    channel_stock_num: Id = None


SKU_WORDS: Final = Words(
    "sku_type", "prom_stock_num", "step_stock_num", "prehold_step_stock_num", "prom_step_stock_num", "normal_stock_num",
    "channel_stock_num", "is_suit", "suit_num",
)  # fmt: skip
SKU_IDS: Final = Ids("out_sku_id", "spec_id", "supplier_id")


def build_sku(wire: SkuItem, notes: Notes, about: About) -> Sku | None:
    sku_id = digits(wire.id) or digits(wire.sku_id)
    if sku_id is None:
        notes.left_out("id", "SKU")
        return None
    kind = word(wire.sku_type)
    stock = warehouses(wire.stock_map or wire.stock_num_map, wire.prehold_stock_map)
    names = (wire.spec_detail_name1, wire.spec_detail_name2, wire.spec_detail_name3)
    return Sku(
        platform_sku_id=sku_id,
        seller_sku=wire.code or None,
        variant=", ".join(name for name in names if name) or None,
        price=fen(wire.price, "price", notes),
        available=available(kind, wire.stock_num, stock),
        committed=wire.prehold_stock_num,
        platform_sale_type=kind,
        platform_more=SKU_WORDS(wire) | SKU_IDS(wire),
        warehouses=stock,
    )


def parse_skus(body: bytes, about: About) -> Parsed:
    """The SKUs of a product, as one listing that says nothing of itself but them."""
    parsed, data = open_answer(body, "sku.list")
    if data is None:
        return parsed
    elements = elements_of(data)
    if elements is None:
        return parsed if bytes(data) == b"{}" else nothing(parsed, "data", "is not a list; left out")
    found: dict[str, list[Sku]] = {}
    for nth, raw in enumerate(elements):
        notes = Notes(f"data[{nth}]", parsed.problems)
        wire = read(raw, SkuItem, notes)
        sku = build_sku(wire, notes, about) if wire is not None else None
        if wire is not None and sku is not None:
            found.setdefault(_product_of(wire, about) or "", []).append(sku)
    for product_id, skus in found.items():
        parsed.items.append((Listing(platform_listing_id=product_id or None, skus=tuple(skus)), bytes(data)))
    return parsed


def _product_of(wire: SkuItem, about: About) -> str | None:
    return wire.product_id_str or digits(wire.product_id) or about.get("product_id")


def build_one_sku(wire: SkuItem, notes: Notes, about: About) -> Iterable[Record]:
    """One SKU of a listing; the stock answer does not say of which, unless the question did."""
    sku = build_sku(wire, notes, about)
    if sku is None:
        return ()
    return (Listing(platform_listing_id=_product_of(wire, about), skus=(sku,), skus_complete=False),)


class Badge(Wire):
    product_id: Id = None
    ship_mode: Id = None


BADGE: Final = Words("ship_mode")


def build_badge(wire: Badge, notes: Notes, about: About) -> Iterable[Record]:
    """A listing's badge: 1 ships the same day, 2 the next."""
    product_id = digits(wire.product_id)
    if product_id is None:
        notes.left_out("product_id", "listing")
        return ()
    return (Listing(platform_listing_id=product_id, platform_more=BADGE(wire), skus_complete=False),)


parse_products = list_parser("product.listV2", "data", Product, build_product, paging=by_number(FIRST_PAGE))
parse_product = thing_parser("product.detail", None, Product, build_product)
parse_sku = thing_parser("sku.detail", None, SkuItem, build_one_sku)
parse_stock = thing_parser("sku.stockNum", None, SkuItem, build_one_sku)
parse_badges = list_parser("promise.deliveryList", "products", Badge, build_badge)
parse_update_rule = receipt_parser("product.getProductUpdateRule")
