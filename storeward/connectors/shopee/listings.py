"""Listings with variations, stock and prices, promotions on them, and what the platform holds against them (section 13).

A listing with variations has neither price nor stock of its own: `get_model_list` has them. Stock is set as the seller's absolute
number for each location; reserved units are locked by promotions.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from storeward.canon import CampaignStock, Listing, ListingContent, ListingStatus, Metric, Record, Sku, WarehouseStock
from storeward.connectors.contract import Ask, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more

from .codes import LISTING_STATUS, currency_of
from .envelope import About, list_parser, receipt_parser, thing_parser
from .requests import flag, get, joined, number, unix, upload, write

PAGE_SIZE: Final = 100
IDS_PER_CALL: Final = 50
ALL_STATES: Final = "NORMAL,BANNED,UNLIST,REVIEWING,SELLER_DELETE,SHOPEE_DELETE"
NO_MODEL: Final = "0"
"""The platform's own number for "no variation"."""


def list_items_request(ask: Ask) -> Request:
    """Numbers and states of the listings that changed within the span; all where there is none."""
    query = {"offset": "0", "page_size": str(ask.page_size or PAGE_SIZE), "item_status": ALL_STATES}
    if ask.since is not None:
        query["update_time_from"] = str(unix(ask.since))
    if ask.until is not None:
        query["update_time_to"] = str(unix(ask.until))
    return get("product.get_item_list", query)


def _items(operation: str, item_ids: Sequence[str], **query: str) -> Request:
    return get(operation, {"item_id_list": joined(item_ids, IDS_PER_CALL), **query})


def item_request(item_ids: Sequence[str]) -> Request:
    return _items("product.get_item_base_info", item_ids, need_tax_info=flag(False), need_complaint_policy=flag(False))


def item_figures_request(item_ids: Sequence[str]) -> Request:
    return _items("product.get_item_extra_info", item_ids)


def promotions_request(item_ids: Sequence[str]) -> Request:
    return _items("product.get_item_promotion", item_ids)


def models_request(item_id: str) -> Request:
    return get("product.get_model_list", {"item_id": item_id}, about={"item_id": item_id})


def search_request(*, name: str | None = None, sku: str | None = None, page_size: int = PAGE_SIZE) -> Request:
    query = {"page_size": str(page_size), "item_name": name, "item_sku": sku}
    return get("product.search_item", {key: value for key, value in query.items() if value is not None})


def limits_request(category_id: str | None = None) -> Request:
    return get("product.get_item_limit", {"category_id": category_id} if category_id else {})


def categories_request(language: str = "en") -> Request:
    return get("product.get_category", {"language": language})


def set_stock_request(item_id: str, stock: Mapping[str, Mapping[str, int]]) -> Request:
    """The seller's stock: variation ("0" for none) -> location ("" where the shop has one only) -> absolute number."""
    rows = [
        {"model_id": number(model), "seller_stock": [_place(place, units) for place, units in places.items()]}
        for model, places in stock.items()
    ]
    body = {"item_id": number(item_id), "stock_list": rows}
    return write("product.update_stock", body, about={"item_id": item_id})


def _place(place: str, units: int) -> dict[str, Any]:
    return {"location_id": place, "stock": units} if place else {"stock": units}


def set_price_request(item_id: str, prices: Mapping[str, Decimal]) -> Request:
    """List prices: variation ("0" for none) -> price. Refused while a promotion runs."""
    rows = [{"model_id": number(model), "original_price": _sent(price)} for model, price in prices.items()]
    return write("product.update_price", {"item_id": number(item_id), "price_list": rows}, about={"item_id": item_id})


def _sent(price: Decimal) -> int | float:
    """A price as the JSON number that the call wants; whole ones without a fraction."""
    return int(price) if price == price.to_integral_value() else float(price)


def unlist_request(item_ids: Sequence[str], *, unlist: bool = True) -> Request:
    """Take listings off sale, or put them back."""
    joined(item_ids, IDS_PER_CALL)
    return write("product.unlist_item", {"item_list": [{"item_id": number(item), "unlist": unlist} for item in item_ids]})


def change_item_request(item_id: str, changes: Mapping[str, Any]) -> Request:
    return write("product.update_item", {"item_id": number(item_id), **changes}, about={"item_id": item_id})


def change_models_request(item_id: str, models: Sequence[Mapping[str, Any]]) -> Request:
    return write("product.update_model", {"item_id": number(item_id), "model": list(models)}, about={"item_id": item_id})


def upload_image_request(content: bytes) -> Request:
    return upload("media_space.upload_image", "image", content, for_store=False)


class Price(Wire):
    currency: str | None = None
    original_price: Decimal | None = None
    current_price: Decimal | None = None


class StockAt(Wire):
    location_id: str | None = None
    stock: int | None = None


class Summary(Wire):
    total_reserved_stock: int | None = None
    total_available_stock: int | None = None


class Stock(Wire):
    summary_info: Summary | None = None
    seller_stock: list[StockAt] | None = None
    shopee_stock: list[StockAt] | None = None


class PreOrder(Wire):
    is_pre_order: bool | None = None
    days_to_ship: int | None = None


class Brand(Wire):
    brand_id: Id = None
    original_brand_name: str | None = None


class Image(Wire):
    image_id_list: list[Any] | None = None
    image_url_list: list[Any] | None = None


class Value(Wire):
    original_value_name: str | None = None


class Attribute(Wire):
    original_attribute_name: str | None = None
    is_mandatory: bool | None = None
    attribute_value_list: list[Value] | None = None


class Piece(Wire):
    text: str | None = None


class Extended(Wire):
    field_list: list[Piece] | None = None


class DescriptionInfo(Wire):
    extended_description: Extended | None = None


class Marks(Wire):
    kit: bool | None = None


class Item(Wire):
    """A listing: in the base info, and as it stands after a change."""

    MATTERS = frozenset({"item_id"})

    item_id: Id = None
    item_name: str | None = None
    description: str | None = None
    description_info: DescriptionInfo | None = None
    image: Image | None = None
    attribute_list: list[Attribute] | None = None
    weight: Decimal | None = None
    size_chart: str | None = None
    item_sku: str | None = None
    item_status: str | None = None
    category_id: Id = None
    create_time: int | None = None
    update_time: int | None = None
    price_info: list[Price] | None = None
    stock_info_v2: Stock | None = None
    pre_order: PreOrder | None = None
    condition: str | None = None
    deboost: bool | None = None
    has_model: bool | None = None
    promotion_id: Id = None
    brand: Brand | None = None
    item_dangerous: Id = None
    gtin_code: str | None = None
    scheduled_publish_time: int | None = None
    is_fulfillment_by_shopee: bool | None = None
    has_promotion: bool | None = None
    ssp_id: Id = None
    authorised_brand_id: Id = None
    medicine_id: Id = None
    tag: Marks | None = None


CLASSIFYING: Final = (
    "item_sku", "condition", "promotion_id", "item_dangerous", "gtin_code", "scheduled_publish_time", "ssp_id",
    "authorised_brand_id", "medicine_id",
)  # fmt: skip
FLAGS: Final = ("deboost", "has_model", "has_promotion", "is_fulfillment_by_shopee")


def build_item(wire: Item, notes: Notes, about: About) -> Iterable[Record]:
    item_id = digits(wire.item_id) or about.get("item_id")
    if item_id is None:
        notes.left_out("item_id", "listing")
        return ()
    told = more(wire, *CLASSIFYING)
    told |= {name: str(value).lower() for name in FLAGS if (value := getattr(wire, name)) is not None}
    if wire.tag is not None and wire.tag.kit is not None:
        told["kit"] = str(wire.tag.kit).lower()
    if wire.brand is not None and wire.brand.original_brand_name:
        told["brand_name"] = wire.brand.original_brand_name
    single = not wire.has_model and (wire.price_info or wire.stock_info_v2) is not None
    return (
        Listing(
            platform_listing_id=item_id,
            title=wire.item_name or None,
            platform_status=wire.item_status or None,
            status=notes.word("item_status", wire.item_status, LISTING_STATUS, ListingStatus.UNKNOWN),
            pre_order=wire.pre_order.is_pre_order if wire.pre_order else None,
            platform_category_id=digits(wire.category_id),
            platform_brand_id=digits(wire.brand.brand_id) if wire.brand else None,
            platform_more=told,
            created_at=notes.at("create_time", wire.create_time),
            updated_at=notes.at("update_time", wire.update_time),
            skus=(_sku(NO_MODEL, wire.item_sku, None, wire, notes, about),) if single else (),
            skus_complete=single,
            content=_content(wire),
        ),
    )


def _content(wire: Item) -> ListingContent | None:
    """What the base info tells of the page; None for an answer that knows neither words nor pictures."""
    if wire.description is None and wire.description_info is None and wire.image is None:
        return None
    values = {one.original_attribute_name: _values(one) for one in wire.attribute_list or () if one.original_attribute_name}
    wanting = [one for one in wire.attribute_list or () if one.is_mandatory and not _values(one)]
    return ListingContent(
        description=_description(wire),
        images=len(wire.image.image_id_list or wire.image.image_url_list or ()) if wire.image else None,
        brand=(wire.brand.original_brand_name or "") if wire.brand else None,
        weighed=None if wire.weight is None else bool(wire.weight),
        size_chart=None if wire.size_chart is None else bool(wire.size_chart),
        attributes=None if wire.attribute_list is None else values,
        attributes_wanting=tuple(one.original_attribute_name for one in wanting if one.original_attribute_name),
    )


def _values(attribute: Attribute) -> str:
    return ", ".join(v.original_value_name for v in attribute.attribute_value_list or () if v.original_value_name)


def _description(wire: Item) -> str | None:
    """The plain text, or the words of the one that has pictures between them."""
    if wire.description or wire.description_info is None or wire.description_info.extended_description is None:
        return wire.description
    return "\n".join(piece.text for piece in wire.description_info.extended_description.field_list or () if piece.text)


def _sku(sku_id: str, seller_sku: str | None, variant: str | None, wire: "Item | Model", notes: Notes, about: About) -> Sku:
    """What can be bought. A location holds the seller's whole stock there, reserved units among it."""
    price = (wire.price_info or [Price()])[0]
    currency = price.currency or currency_of(about.get("market"))
    stock = wire.stock_info_v2 or Stock()
    summary = stock.summary_info or Summary()
    days = wire.pre_order.days_to_ship if wire.pre_order else None
    return Sku(
        platform_sku_id=sku_id,
        seller_sku=seller_sku or None,
        variant=variant,
        price=notes.money("price_info[0].original_price", price.original_price, currency),
        sale_price=notes.money("price_info[0].current_price", price.current_price, currency),
        available=summary.total_available_stock,
        withheld=summary.total_reserved_stock,
        platform_status=(wire.model_status or None) if isinstance(wire, Model) else None,
        handling_days=days or None,
        warehouses=tuple(_warehouses(stock)),
        campaigns=_campaigns(wire, summary),
        platform_more=more(wire, "promotion_id", "gtin_code") if isinstance(wire, Model) else {},
    )


def _warehouses(stock: Stock) -> Iterable[WarehouseStock]:
    for one in [*(stock.seller_stock or ()), *(stock.shopee_stock or ())]:
        if one.location_id:
            yield WarehouseStock(platform_warehouse_id=one.location_id, available=one.stock, total=one.stock)


def _campaigns(wire: "Item | Model", summary: Summary) -> tuple[CampaignStock, ...]:
    """The promotion that runs now, with the units it has locked."""
    campaign = digits(wire.promotion_id)
    return (CampaignStock(platform_campaign_id=campaign, available=summary.total_reserved_stock),) if campaign else ()


class Option(Wire):
    option: str | None = None


class Tier(Wire):
    name: str | None = None
    option_list: list[Option] | None = None


class Model(Wire):
    MATTERS = frozenset({"model_id"})

    model_id: Id = None
    tier_index: list[int] | None = None
    model_sku: str | None = None
    model_status: str | None = None
    price_info: list[Price] | None = None
    stock_info_v2: Stock | None = None
    pre_order: PreOrder | None = None
    promotion_id: Id = None
    gtin_code: str | None = None


class Models(Wire):
    tier_variation: list[Tier] | None = None
    model: list[Model] | None = None


def build_models(wire: Models, notes: Notes, about: About) -> Iterable[Record]:
    """All variations of the listing that was asked for: the answer does not name it."""
    if not wire.model:
        return ()
    if "item_id" not in about:
        notes.note("item_id", "is not in this answer: whoever asked knows which listing it is")
    skus = []
    for at, model in enumerate(wire.model):
        where = notes.under(f"model[{at}]")
        model_id = digits(model.model_id)
        if model_id is None:
            where.left_out("model_id", "variation")
            continue
        skus.append(_sku(model_id, model.model_sku, variant_of(wire.tier_variation or (), model), model, where, about))
    whole = len(skus) == len(wire.model)
    return (Listing(platform_listing_id=about.get("item_id", ""), skus=tuple(skus), skus_complete=whole),)


def variant_of(tiers: Sequence[Tier], model: Model) -> str | None:
    """The names of its options, in the order of the tiers; an index that leads nowhere is left out."""
    names = []
    for tier, at in zip(tiers, model.tier_index or (), strict=False):
        options = tier.option_list or ()
        if 0 <= at < len(options) and options[at].option:
            names.append(str(options[at].option))
    return ", ".join(names) or None


class ListedItem(Wire):
    MATTERS = frozenset({"item_id"})

    item_id: Id = None
    item_status: str | None = None
    update_time: int | None = None


def build_listed(wire: ListedItem, notes: Notes, about: About) -> Iterable[Record]:
    item_id = digits(wire.item_id)
    if item_id is None:
        notes.left_out("item_id", "listing")
        return ()
    return (
        Listing(
            platform_listing_id=item_id,
            platform_status=wire.item_status or None,
            status=notes.word("item_status", wire.item_status, LISTING_STATUS, ListingStatus.UNKNOWN),
            updated_at=notes.at("update_time", wire.update_time),
            skus_complete=False,
        ),
    )


class Found(Wire):
    item_id_list: list[Id] | None = None


def build_found(wire: Found, notes: Notes, about: About) -> Iterable[Record]:
    for item_id in wire.item_id_list or ():
        if item := digits(item_id):
            yield Listing(platform_listing_id=item, skus_complete=False)


class Figures(Wire):
    MATTERS = frozenset({"item_id"})

    item_id: Id = None
    sale: Decimal | None = None
    views: Decimal | None = None
    likes: Decimal | None = None
    rating_star: Decimal | None = None
    comment_count: Decimal | None = None


def build_figures(wire: Figures, notes: Notes, about: About) -> Iterable[Record]:
    """What is counted of a listing."""
    item_id = digits(wire.item_id)
    if item_id is None:
        notes.left_out("item_id", "listing")
        return
    for name in ("sale", "views", "likes", "rating_star", "comment_count"):
        value = notes.number(name, getattr(wire, name))
        if value is not None:
            yield Metric(platform_metric=name, platform_listing_id=item_id, value=value, unit="number")


class PromotionPrice(Wire):
    promotion_price: Decimal | None = None


class PromotionStock(Wire):
    summary_info: Summary | None = None


class ItemPromotion(Wire):
    promotion_type: str | None = None
    promotion_id: Id = None
    model_id: Id = None
    start_time: int | None = None
    end_time: int | None = None
    promotion_price_info: list[PromotionPrice] | None = None
    promotion_staging: str | None = None
    promotion_stock_info_v2: PromotionStock | None = None


class Promoted(Wire):
    MATTERS = frozenset({"item_id"})

    item_id: Id = None
    promotion: list[ItemPromotion] | None = None


def build_promoted(wire: Promoted, notes: Notes, about: About) -> Iterable[Record]:
    """What promotions do to a listing's variations: price, span, locked units."""
    item_id = digits(wire.item_id)
    if item_id is None:
        notes.left_out("item_id", "listing")
        return ()
    currency = currency_of(about.get("market"))
    skus: dict[str, Sku] = {}
    for at, told in enumerate(wire.promotion or ()):
        where = notes.under(f"promotion[{at}]")
        sku_id = digits(told.model_id) or NO_MODEL
        skus[sku_id] = _promoted(sku_id, told, skus.get(sku_id), currency, where)
    return (Listing(platform_listing_id=item_id, skus=tuple(skus.values()), skus_complete=False),)


def _promoted(sku_id: str, told: ItemPromotion, held: Sku | None, currency: str | None, notes: Notes) -> Sku:
    prices = [one.promotion_price for one in told.promotion_price_info or () if one.promotion_price is not None]
    stock = told.promotion_stock_info_v2.summary_info if told.promotion_stock_info_v2 else None
    since, until = notes.at("start_time", told.start_time), notes.at("end_time", told.end_time)
    campaign = CampaignStock(
        platform_campaign_id=digits(told.promotion_id) or "",
        available=stock.total_reserved_stock if stock else None,
        from_at=since,
        until_at=until,
    )
    return Sku(
        platform_sku_id=sku_id,
        sale_price=notes.money("promotion_price_info[0].promotion_price", prices[0] if prices else None, currency),
        sale_from_at=since,
        sale_until_at=until,
        campaigns=(*(held.campaigns if held else ()), campaign),
        platform_more=more(told, "promotion_type", "promotion_staging", "promotion_id"),
    )


class Changed(Wire):
    """A row that says what a change has brought."""

    item_id: Id = None
    model_id: Id = None
    location_id: str | None = None
    stock: int | None = None
    original_price: Decimal | None = None
    unlist: bool | None = None


def build_changed(wire: Changed, notes: Notes, about: About) -> Iterable[Record]:
    item_id = digits(wire.item_id) or about.get("item_id", "")
    if wire.unlist is not None:
        return (Listing(platform_listing_id=item_id, platform_more={"unlist": str(wire.unlist).lower()}, skus_complete=False),)
    price = notes.money("original_price", wire.original_price, currency_of(about.get("market")))
    place = () if not wire.location_id else (WarehouseStock(platform_warehouse_id=wire.location_id, total=wire.stock),)
    sku = Sku(platform_sku_id=digits(wire.model_id) or NO_MODEL, price=price, warehouses=place)
    return (Listing(platform_listing_id=item_id, skus=(sku,), skus_complete=False),)


parse_items = list_parser("item_list", Item, build_item)
parse_item = thing_parser("", Item, build_item)
parse_item_list = list_parser("item", ListedItem, build_listed)
parse_models = thing_parser("", Models, build_models)
parse_found = thing_parser("", Found, build_found)
parse_figures = list_parser("item_list", Figures, build_figures)
parse_promotions = list_parser("success_list", Promoted, build_promoted)
parse_changed = list_parser("success_list", Changed, build_changed)
parse_receipt = receipt_parser()
