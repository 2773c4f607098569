"""Products and stock of a shop whose shelves were filled by hand: limits, prices, warehouses, filters, edits."""

from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.goods import price_of
from storeward_sandbox.tests.byhand import a_product
from storeward_sandbox.tests.people import code_of
from storeward_sandbox.tests.support import Json, bare_shop, checked, go, told
from storeward_sandbox.tiktok_shop import money
from storeward_sandbox.tiktok_shop.catalogue import LOW_STOCK_AT, Product, Sku, Stock, commit, release, ship_out
from storeward_sandbox.tiktok_shop.inventory import check
from storeward_sandbox.tiktok_shop.markets import MARKETS
from storeward_sandbox.tiktok_shop.places import Places
from storeward_sandbox.tiktok_shop.shelf import Shelf, priced
from storeward_sandbox.tiktok_shop.shop import Shop
from storeward_sandbox.tiktok_shop.stockroom import Stockroom, expect_more, take_down


def a_sku(*units: int, committed: int = 0) -> Sku:
    """A SKU in warehouses w0, w1, ... with so many free units; what is promised lies in the first."""
    stock = [Stock(f"w{at}", free) for at, free in enumerate(units)]
    stock[0].committed = committed
    return Sku("1730000000000000001", "MUG", Decimal(20), (), stock)


def standing(sku: Sku) -> list[tuple[int, int]]:
    return [(stock.available, stock.committed) for stock in sku.stock]


# --- stock --------------------------------------------------------------------------------------------------------------

# Free units, units wanted, warehouse named; then (free, promised) of each warehouse, None where there are too few.
PROMISES: list[tuple[tuple[int, ...], int, str, list[tuple[int, int]] | None]] = [
    ((5,), 1, "", [(4, 1)]),
    ((5,), 5, "", [(0, 5)]),
    ((5,), 6, "", None),
    ((0,), 1, "", None),
    ((5, 9), 3, "", [(5, 0), (6, 3)]),  # the fullest first
    ((5, 9), 3, "w0", [(2, 3), (9, 0)]),  # the one that is named
    ((5, 9), 7, "w0", [(0, 5), (7, 2)]),
    ((5, 9), 14, "w1", [(0, 5), (0, 9)]),
    ((5, 9), 15, "w1", None),
    ((5, 9), 3, "w7", [(5, 0), (6, 3)]),
    ((0, 4, 4), 5, "w2", [(0, 0), (3, 1), (0, 4)]),
]


@pytest.mark.parametrize(("units", "wanted", "warehouse", "left"), PROMISES)
def test_a_promise_takes_units_or_nothing(
    units: tuple[int, ...], wanted: int, warehouse: str, left: list[tuple[int, int]] | None
) -> None:
    sku = a_sku(*units)
    assert commit(sku, wanted, warehouse) is (left is not None)
    assert standing(sku) == (left or [(free, 0) for free in units])


@pytest.mark.parametrize(
    ("committed", "given", "replenish", "left"),
    [
        (3, 1, True, (6, 2)),
        (3, 3, True, (8, 0)),
        (3, 9, True, (8, 0)),  # no more than was promised comes back
        (0, 1, True, (5, 0)),
        (3, 1, False, (5, 2)),
        (3, 9, False, (5, 0)),
    ],
)
def test_a_promise_ends(committed: int, given: int, replenish: bool, left: tuple[int, int]) -> None:
    sku = a_sku(5, committed=committed)
    release(sku, given, replenish=replenish)
    assert standing(sku) == [left]


def test_units_that_leave_were_promised() -> None:
    sku = a_sku(5, committed=2)
    ship_out(sku, 1)
    assert (sku.available, sku.committed) == (5, 1)


@pytest.mark.parametrize(
    ("units", "level"),
    [
        ((0,), "OUT_OF_STOCK"),
        ((1,), "LOW_STOCK"),
        ((10,), "LOW_STOCK"),
        ((11,), "NORMAL"),
        ((0, 0), "OUT_OF_STOCK"),
        ((5, 5), "LOW_STOCK"),
        ((5, 6), "NORMAL"),
    ],
)
def test_the_level_is_that_of_all_warehouses_together(units: tuple[int, ...], level: str) -> None:
    assert a_sku(*units).level == level
    assert LOW_STOCK_AT == 10


def row(quantity: object, warehouse: str | None = None) -> Json:
    return {"quantity": quantity} if warehouse is None else {"warehouse_id": warehouse, "quantity": quantity}


# Free units by warehouse, what is asked, whether a promotion runs; the code (0: it is taken).
CHECKS: list[tuple[tuple[int, ...], list[Json], bool, int]] = [
    ((5,), [row(7)], False, 0),
    ((5,), [row(7, "w0")], False, 0),
    ((5,), [row(1)], False, 0),
    ((5,), [row(99_999)], False, 0),
    ((5,), [row(0)], False, 12052055),
    ((5,), [row(-1)], False, 12052055),
    ((5,), [row(100_000)], False, 12052055),
    ((5,), [row("7")], False, 12052055),
    ((5,), [row(7.0)], False, 12052055),
    ((5,), [row(True)], False, 12052055),
    ((5,), [row(None)], False, 12052055),
    ((5,), [], False, 12052055),
    ((5,), [row(7, "w9")], False, 12052097),
    ((5, 5), [row(7)], False, 12019028),
    ((5, 5), [row(7, "w0")], False, 12019028),
    ((5, 5), [row(7, "w0"), row(7, "w9")], False, 12019028),
    ((5, 5), [row(7, "w0"), row(8, "w1")], False, 0),
    ((5, 5), [row(7, "w1"), row(8, "w0")], False, 0),
    ((5, 5), [row(7, "w0"), row(8, "w1"), row(9, "w9")], False, 12052097),
    ((5, 5), [row(7, "w0"), row(0, "w1")], False, 12052055),
    ((5,), [row(5)], True, 0),
    ((5,), [row(6)], True, 0),
    ((5,), [row(4)], True, 12052393),
    ((5, 5), [row(9, "w0"), row(1, "w1")], True, 0),
    ((5, 5), [row(8, "w0"), row(1, "w1")], True, 12052393),
]


@pytest.mark.parametrize(("units", "asked", "promotion", "code"), CHECKS)
def test_stock_is_set_or_refused_with_its_code(units: tuple[int, ...], asked: list[Json], promotion: bool, code: int) -> None:
    sku, now = a_sku(*units), 1_790_000_000
    product = Product("1729", "Mug", "", "600002", ["tos/1"], [sku], now, now, promotion_until=now + DAY if promotion else now)
    problem = check(product, sku, asked, now)
    assert (problem["code"] if problem else 0) == code
    if problem:
        assert problem["detail"]["sku_id"] == sku.id


@pytest.mark.parametrize(
    ("before", "after", "levels"),
    [
        (50, 11, []),
        (50, 10, ["LOW_STOCK"]),
        (50, 1, ["LOW_STOCK"]),
        (5, 50, []),
        (5, 9, []),
        (0, 5, ["LOW_STOCK"]),
    ],
)
@pytest.mark.parametrize("operation", ["updateInventory", "partialEditProduct"])
def test_a_level_that_the_seller_brings_about_is_told(operation: str, before: int, after: int, levels: list[str]) -> None:
    shop = bare_shop()
    product = a_product(shop, 1, stock=(before,))
    body = {"skus": [{"id": product.skus[0].id, "inventory": [{"quantity": after}]}]}
    assert code_of(shop, operation, ids={"product_id": product.id}, body=body) == 0
    assert [data["current_inventory_status"] for data in told(shop, 27)] == levels
    assert shop.part(Shelf).items.keys() == {product.skus[0].id}


def test_a_low_level_is_told_in_full() -> None:
    shop = bare_shop()
    product = a_product(shop, 1, stock=(50,))
    product.skus[0].stock[0].committed = 3
    body = {"skus": [{"id": product.skus[0].id, "inventory": [{"quantity": 4}]}]}
    assert code_of(shop, "updateInventory", ids={"product_id": product.id}, body=body) == 0
    assert told(shop, 27) == [
        {
            "product_id": product.id,
            "sku_id": product.skus[0].id,
            "trigger_reason": {"alert_type": "REALTIME", "low_stock_threshold": 10},
            "current_inventory_status": "LOW_STOCK",
            "inventory_distribution": {
                "total_quantity": 7,
                "available_quantity": 4,
                "creator_reserved_quantity": 0,
                "campaign_reserved_quantity": 0,
                "committed_quantity": 3,
            },
            "update_time": shop.now,
        }
    ]


def test_an_errand_from_before_the_start_does_not_fill_a_shelf_that_is_to_stay_low() -> None:
    shop = bare_shop("MY", ("low_stock",))
    product = a_product(shop, 1, stock=(3,))
    shop.seller_on, shop.settled = True, False
    expect_more(shop, product, product.skus[0])
    assert shop.part(Stockroom).awaited == {product.skus[0].id}
    shop.settled = True
    go(shop, 4 * DAY)
    assert product.skus[0].available == 3


def test_a_working_seller_fills_up_what_has_run_low() -> None:
    shop = bare_shop("MY")
    product = a_product(shop, 1, stock=(3,))
    shop.seller_on = True
    expect_more(shop, product, product.skus[0])
    go(shop, 71 * HOUR)
    assert 83 <= product.skus[0].available <= 303


# --- prices -------------------------------------------------------------------------------------------------------------

# Market, currency and amount of the request; the code and the price afterwards.
PRICES = [
    ("MY", "MYR", "25.90", 0, "25.90"),
    ("MY", "MYR", "25.9", 0, "25.90"),
    ("MY", "MYR", "0.01", 0, "0.01"),
    ("MY", "MYR", 26, 0, "26.00"),
    ("MY", "MYR", "25.905", 12052073, "20.00"),
    ("MY", "MYR", "0", 12052073, "20.00"),
    ("MY", "MYR", "0.00", 12052073, "20.00"),
    ("MY", "MYR", "-1", 12052073, "20.00"),
    ("MY", "MYR", "NaN", 12052073, "20.00"),
    ("MY", "MYR", "Infinity", 12052073, "20.00"),
    ("MY", "MYR", "25,90", 12052012, "20.00"),
    ("MY", "MYR", "", 12052012, "20.00"),
    ("MY", "MYR", None, 12052012, "20.00"),
    ("MY", "USD", "25.90", 12052084, "20.00"),
    ("MY", "", "25.90", 12052084, "20.00"),
    ("MY", None, "25.90", 12052084, "20.00"),
    ("VN", "VND", "129000", 0, "129000"),
    ("VN", "VND", "129000.5", 12052073, "20.00"),
    ("VN", "VND", "129000.0", 0, "129000"),
    ("ID", "IDR", "5000", 0, "5000"),
    ("US", "USD", "9.99", 0, "9.99"),
    ("GB", "GBP", "9.99", 0, "9.99"),
    ("GB", "EUR", "9.99", 12052084, "20.00"),
]


@pytest.mark.parametrize(("region", "currency", "amount", "code", "after"), PRICES)
def test_a_price_is_taken_or_refused_with_its_code(
    region: str, currency: str | None, amount: object, code: int, after: str
) -> None:
    shop = bare_shop(region)
    product = a_product(shop, 1)
    body = {"skus": [{"id": product.skus[0].id, "price": {"currency": currency, "amount": amount}}]}
    assert code_of(shop, "updatePrice", ids={"product_id": product.id}, body=body) == code
    assert product.skus[0].price == Decimal(after)
    assert shop.part(Shelf).items[product.skus[0].id].price == Decimal(after)


def test_an_id_that_is_a_number_names_its_sku() -> None:
    """Clients in JavaScript send it so; success must not mean that nothing happened."""
    shop = bare_shop()
    product = a_product(shop, 1, prices=("20.00", "30.00"))
    body = {"skus": [{"id": int(product.skus[1].id), "price": {"currency": "MYR", "amount": "33.00"}}]}
    assert code_of(shop, "updatePrice", ids={"product_id": product.id}, body=body) == 0
    assert [sku.price for sku in product.skus] == [Decimal("20.00"), Decimal("33.00")]


@pytest.mark.parametrize(
    ("status", "price", "stock", "edit"),
    [
        ("ACTIVATE", 0, 0, 0),
        ("DRAFT", 12052901, 0, 0),
        ("PENDING", 12052901, 0, 0),
        ("FAILED", 12052901, 0, 0),
        ("SELLER_DEACTIVATED", 12052901, 0, 0),
        ("PLATFORM_DEACTIVATED", 12052901, 0, 0),
        ("FREEZE", 12052901, 12052901, 12052901),
        ("DELETED", 12052901, 12052901, 12052901),
    ],
)
def test_the_status_says_what_may_be_changed(status: str, price: int, stock: int, edit: int) -> None:
    shop = bare_shop()
    product = a_product(shop, 1, status=status)
    ids, sku = {"product_id": product.id}, product.skus[0].id
    prices = {"skus": [{"id": sku, "price": {"currency": "MYR", "amount": "21.00"}}]}
    quantities = {"skus": [{"id": sku, "inventory": [{"quantity": 9}]}]}
    assert code_of(shop, "updatePrice", ids=ids, body=prices) == price
    assert code_of(shop, "updateInventory", ids=ids, body=quantities) == stock
    assert code_of(shop, "partialEditProduct", ids=ids, body={"title": "A title that is long enough for everybody"}) == edit


@pytest.mark.parametrize(
    ("dollars", "region", "price"),
    [
        ("7.90", "MY", "33.20"),  # 33.18, in steps of ten cents
        ("7.90", "PH", "450.30"),
        ("7.90", "VN", "201000"),  # 200 660, in steps of a thousand
        ("7.90", "US", "7.90"),
        ("0.01", "VN", "1000"),
        ("0.01", "US", "0.10"),
        ("4.90", "SG", "6.60"),  # 6.566
    ],
)
def test_a_shelf_price_is_the_dollar_price_at_the_markets_level(dollars: str, region: str, price: str) -> None:
    assert price_of(dollars, MARKETS[region]) == Decimal(price)


@pytest.mark.parametrize(
    ("region", "usd", "price"), [("MY", 2.0, "7.90"), ("US", 5, "4.90"), ("VN", 2.0, "51000"), ("VN", 0.01, "1000")]
)
def test_a_price_looks_like_one(region: str, usd: float, price: str) -> None:
    assert priced(bare_shop(region), usd) == Decimal(price)


@pytest.mark.parametrize(
    ("region", "amount", "text"),
    [
        ("MY", "12.5", "12.50"),
        ("MY", "0", "0"),
        ("MY", "-0.00", "0"),
        ("MY", "-3", "-3.00"),
        ("MY", "0.005", "0.01"),
        ("MY", "1E+3", "1000.00"),
        ("VN", "129000", "129000"),
        ("VN", "1.29E+5", "129000"),
        ("VN", "0.5", "1"),
    ],
)
def test_amounts_are_plain_text(region: str, amount: str, text: str) -> None:
    assert money.text(MARKETS[region], Decimal(amount)) == text


# --- search -------------------------------------------------------------------------------------------------------------


def catalogue_of_five() -> Shop:
    shop = bare_shop()
    for number, status in enumerate(("ACTIVATE", "DRAFT", "PENDING", "FREEZE", "ACTIVATE"), start=1):
        product = a_product(shop, number, prices=("20.00", "30.00"), status=status)
        product.created, product.updated = 1_000 * number, 2_000 * number
        product.audit = {"DRAFT": "NONE", "PENDING": "AUDITING"}.get(status, "APPROVED")
    return shop


SEARCHES: list[tuple[Json, list[int]]] = [
    ({}, [5, 4, 3, 2, 1]),
    ({"status": "ALL"}, [5, 4, 3, 2, 1]),
    ({"status": "ACTIVATE"}, [5, 1]),
    ({"status": "DRAFT"}, [2]),
    ({"status": "DELETED"}, []),
    ({"create_time_ge": 3_000}, [5, 4, 3]),
    ({"create_time_ge": 3_001}, [5, 4]),
    ({"create_time_le": 3_000}, [3, 2, 1]),
    ({"create_time_le": 2_999}, [2, 1]),
    ({"update_time_ge": 4_000, "update_time_le": 8_000}, [4, 3, 2]),
    ({"create_time_ge": 0, "create_time_le": None}, [5, 4, 3, 2, 1]),
    ({"audit_status": ["AUDITING"]}, [3]),
    ({"audit_status": ["AUDITING", "NONE"]}, [3, 2]),
    ({"seller_skus": ["MUG-4-0"]}, [4]),
    ({"seller_skus": ["MUG-4-0", "MUG-4-1", "MUG-1-1"]}, [4, 1]),
    ({"seller_skus": ["mug-4-0"]}, []),
    ({"sku_ids": ["1730000000000000301"]}, [3]),
    ({"sku_ids": ["1730000000000000301", "9"], "status": "ACTIVATE"}, []),
]


@pytest.mark.parametrize(("body", "numbers"), SEARCHES)
@pytest.mark.parametrize("operation", ["searchProducts", "searchProducts_202309"])
def test_a_search_finds_what_its_filters_name(operation: str, body: Json, numbers: list[int]) -> None:
    found = checked(catalogue_of_five(), operation, query={"page_size": 100}, body=body)
    assert [int(row["id"][-4:]) for row in found["products"]] == numbers
    assert (found["total_count"], found["next_page_token"]) == (len(numbers), "")


# --- on and off ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "on", "off"),
    [
        ("ACTIVATE", 0, 0),
        ("SELLER_DEACTIVATED", 0, 0),
        ("DRAFT", 12052901, 12052901),
        ("PENDING", 12052901, 12052901),
        ("FAILED", 12052901, 12052901),
        ("PLATFORM_DEACTIVATED", 12052901, 12052901),
        ("FREEZE", 12052901, 12052901),
        ("DELETED", 12052901, 12052901),
    ],
)
def test_a_seller_switches_only_what_is_the_sellers_to_switch(status: str, on: int, off: int) -> None:
    for operation, code, target in (("activateProducts", on, "ACTIVATE"), ("deactivateProducts", off, "SELLER_DEACTIVATED")):
        shop = bare_shop()
        product = a_product(shop, 1, status=status)
        errors = checked(shop, operation, body={"product_ids": [product.id]})["errors"]
        assert [error["code"] for error in errors] == ([code] if code else [])
        assert product.status == (status if code else target)
        changed = not code and status != target
        assert len(told(shop, 5)) == changed
        assert (product.skus[0].id in shop.part(Shelf).items) == (product.status == "ACTIVATE")


def test_a_product_taken_down_is_told_in_full() -> None:
    shop = bare_shop()
    product = a_product(shop, 7)
    take_down(shop, product, "Too good to be true.")
    assert told(shop) == [
        (
            5,
            {
                "product_id": 1729000000000000007,
                "status": "PRODUCT_STATUS_CHANGED",
                "suspended_reason": "Too good to be true.",
                "update_time": shop.now,
            },
        ),
        (
            50,
            {
                "product_id": "1729000000000000007",
                "skus": [
                    {"sku_id": product.skus[0].id, "status": "DEACTIVATED", "deactivation_source": "PLATFORM"},
                ],
                "update_time": shop.now,
            },
        ),
    ]


# --- edits --------------------------------------------------------------------------------------------------------------


def whole(product: Product, **changes: Any) -> Json:
    return {
        "title": product.title,
        "description": product.description,
        "category_id": product.category_id,
        "main_images": [{"uri": "tos/1"}],
        "skus": [{"id": sku.id} for sku in product.skus],
        **changes,
    }


def test_a_removed_sku_is_not_on_sale_any_more() -> None:
    shop = bare_shop()
    product = a_product(shop, 1, prices=("20.00", "30.00"))
    kept, removed = product.skus
    assert code_of(shop, "editProduct", ids={"product_id": product.id}, body=whole(product, skus=[{"id": kept.id}])) == 0
    assert shop.part(Shelf).items.keys() == {kept.id}
    found = checked(shop, "inventorySearch", body={"sku_ids": [removed.id, kept.id]})["inventory"]
    assert [sku["id"] for each in found for sku in each["skus"]] == [kept.id]


def test_a_new_sku_is_on_sale_at_once() -> None:
    shop = bare_shop()
    product = a_product(shop, 1)
    place = shop.part(Places).default.id
    fresh = {
        "seller_sku": "MUG-NEW",
        "price": {"currency": "MYR", "amount": "9.90"},
        "inventory": [{"warehouse_id": place, "quantity": 7}],
        "sales_attributes": [{"id": "1", "name": "Colour", "value_id": "2", "value_name": "Sage"}],
    }
    body = whole(product, skus=[{"id": product.skus[0].id}, fresh])
    assert code_of(shop, "editProduct", ids={"product_id": product.id}, body=body) == 0
    made = product.skus[1]
    item = shop.part(Shelf).items[made.id]
    assert (item.seller_sku, item.sku_name, item.price, made.available) == ("MUG-NEW", "Sage", Decimal("9.90"), 7)


# What an edit asks for, and the code (0: it is taken).
EDITS: list[tuple[Json, int]] = [
    ({"title": "x" * 255}, 0),
    ({"title": "x" * 256}, 12052051),
    ({"title": ""}, 12052261),
    ({"title": "   "}, 12052261),
    ({"description": "Good."}, 0),
    ({"description": ""}, 12052015),
    ({"category_id": "600003"}, 0),
    ({"category_id": "600001"}, 12052024),
    ({"category_id": "1"}, 12052023),
    ({"category_id": ""}, 12052023),
    ({"main_images": [{"uri": "tos/2"}]}, 0),
    ({"main_images": []}, 12052028),
    ({"main_images": [{}]}, 12052300),
    ({"main_images": [{"uri": ""}]}, 12052300),
    ({"main_images": [{"uri": "tos/2"}, {"url": "x"}]}, 12052300),
    ({"main_images": 5}, 36009004),
    ({"main_images": "tos/2"}, 36009004),
    ({"main_images": ["tos/2"]}, 36009004),
    ({"product_attributes": [{"id": "1", "values": [{"name": "Cotton"}]}]}, 0),
    ({"product_attributes": "Cotton"}, 36009004),
    ({"product_attributes": [{"id": "1", "values": "Cotton"}]}, 36009004),
    ({"skus": [{"id": "9"}]}, 12052557),
    ({"skus": ["9"]}, 36009004),
    ({"skus": {"id": "9"}}, 36009004),
    ({}, 0),
]


@pytest.mark.parametrize(("body", "code"), EDITS)
def test_an_edit_is_taken_or_refused_with_its_code(body: Json, code: int) -> None:
    shop = bare_shop()
    product = a_product(shop, 1)
    assert code_of(shop, "partialEditProduct", ids={"product_id": product.id}, body=body) == code
    assert (product.under_review is not None) == (code == 0 and bool(body))


@pytest.mark.parametrize("wrong", ["x", 5, ["x"], {"id": "1"}])
def test_attributes_of_a_new_sku_have_their_shape(wrong: object) -> None:
    shop = bare_shop()
    product = a_product(shop, 1)
    place = shop.part(Places).default.id
    fresh = {
        "price": {"currency": "MYR", "amount": "9.90"},
        "inventory": [{"warehouse_id": place, "quantity": 7}],
        "sales_attributes": wrong,
    }
    body = whole(product, skus=[{"id": product.skus[0].id}, fresh])
    assert code_of(shop, "editProduct", ids={"product_id": product.id}, body=body) == 36009004
    assert len(product.skus) == 1


@pytest.mark.parametrize("missing", ["title", "description", "category_id", "main_images", "skus"])
def test_a_full_edit_is_whole(missing: str) -> None:
    shop = bare_shop()
    product = a_product(shop, 1)
    body = {name: value for name, value in whole(product).items() if name != missing}
    assert code_of(shop, "editProduct", ids={"product_id": product.id}, body=body) == 36009004


def test_the_version_under_review_shows_all_that_was_edited() -> None:
    shop = bare_shop()
    product = a_product(shop, 1)
    edit = {"title": "A better title", "category_id": "600003", "main_images": [{"uri": "tos/new"}]}
    assert code_of(shop, "partialEditProduct", ids={"product_id": product.id}, body=edit) == 0
    ids = {"product_id": product.id}
    live = checked(shop, "getProduct", ids=ids)
    draft = checked(shop, "getProduct", ids=ids, query={"return_under_review_version": "true"})
    assert [one["title"] for one in (live, draft)] == ["Mug number 1", "A better title"]
    assert [one["main_images"][0]["uri"] for one in (live, draft)] == ["tos/1", "tos/new"]
    assert [one["category_chains"][-1]["id"] for one in (live, draft)] == ["600002", "600003"]
    go(shop, 8 * HOUR)
    assert checked(shop, "getProduct", ids=ids)["title"] == "A better title"


@pytest.mark.parametrize(
    ("title", "passes"),
    [
        ("A plain mug", True),
        ("The best in the world mug", False),
        ("BEST IN THE WORLD", False),
        ("A replica of a mug", False),
        ("Replicable", True),
        ("Number one mug", False),
        ("Numbers one can trust", True),
    ],
)
def test_words_that_no_review_lets_pass(title: str, passes: bool) -> None:
    shop = bare_shop()
    product = a_product(shop, 1)
    assert code_of(shop, "partialEditProduct", ids={"product_id": product.id}, body={"title": title}) == 0
    go(shop, 8 * HOUR)
    assert (product.audit, product.title) == (("APPROVED", title) if passes else ("FAILED", "Mug number 1"))
    assert product.status == "ACTIVATE"
    assert [data["audit"]["status"] for data in told(shop, 37)] == ["AUDITING", "APPROVED" if passes else "FAILED"]
