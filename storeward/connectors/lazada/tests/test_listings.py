"""Products of the list and of the single call, price and stock, what holds them back, and how they are changed."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from storeward.canon import Listing, ListingStatus
from storeward.connectors.contract import OperationKind, Request
from storeward.connectors.lazada import CONNECTOR, listings, stock
from storeward.connectors.lazada.stock import SkuChange
from storeward.connectors.lazada.tests.samples import ok, parse, parse_sample, problems, told

SKU: dict[str, Any] = {
    "SkuId": 12761620980,
    "SellerSku": "TH-TEE-WHT-M",
    "ShopSku": "6718170187_TH-12761620980",
    "Status": "active",
    "quantity": 20,
    "Available": 20,
    "price": 299.0,
    "special_price": 249.0,
    "special_from_time": "2025-12-01 00:00",
    "special_to_time": "2025-12-31 23:59",
    "saleProp": {"color_family": "White", "size": "Int:M"},
    "multiWarehouseInventories": [
        {
            "occupyQuantity": 2,
            "quantity": 20,
            "totalQuantity": 23,
            "withholdQuantity": 1,
            "warehouseCode": "dropshipping",
            "sellableQuantity": 20,
        },
        {"occupyQuantity": 0, "totalQuantity": 7, "withholdQuantity": 0, "warehouseCode": "TH-2", "sellableQuantity": 7},
    ],
    "fblWarehouseInventories": [],
    "channelInventories": [
        {
            "channelName": "4a9198e3",
            "startTime": "2025-12-12 00:00:00",
            "endTime": "2025-12-14 23:59:59",
            "sellableQuantity": 5,
        }
    ],
    "Images": ["https://example.invalid/a.jpg", ""],
    "package_weight": "0.3",
}
PRODUCT: dict[str, Any] = {
    "item_id": 9007199254740993,
    "primary_category": 8707,
    "created_time": "1645176573000",
    "updated_time": "1765700000000",
    "status": "Active",
    "subStatus": None,
    "attributes": {"name": "Cotton shirt", "brand": "No Brand", "description": "<p>x</p>"},
    "skus": [SKU],
    "suspendedSkus": None,
    "rejectReason": None,
    "hiddenReason": None,
    "trialProduct": False,
}


def money(amount: str, currency: str | None = None) -> dict[str, str | None]:
    return {"amount": amount, "currency": currency}


TOLD_SKU: dict[str, Any] = {
    "platform_sku_id": "12761620980",
    "seller_sku": "TH-TEE-WHT-M",
    "variant": "White, Int:M",
    "price": money("299.0"),
    "sale_price": money("249.0"),
    "sale_from_at": "2025-11-30T17:00:00Z",
    "sale_until_at": "2025-12-31T16:59:00Z",
    "available": 27,
    "committed": 2,
    "withheld": 1,
    "platform_status": "active",
    "platform_more": {"ShopSku": "6718170187_TH-12761620980"},
    "warehouses": [
        {
            "platform_warehouse_id": "dropshipping",
            "available": 20,
            "committed": 2,
            "on_backorder": None,
            "withheld": 1,
            "total": 23,
        },
        {"platform_warehouse_id": "TH-2", "available": 7, "committed": 0, "withheld": 0, "total": 7},
    ],
    "campaigns": [
        {
            "platform_campaign_id": "4a9198e3",
            "available": 5,
            "from_at": "2025-12-11T17:00:00Z",
            "until_at": "2025-12-14T16:59:59Z",
        }
    ],
}
TOLD: dict[str, Any] = {
    "kind": "listing",
    "platform_listing_id": "9007199254740993",
    "title": "Cotton shirt",
    "platform_status": "Active",
    "status": "live",
    "platform_category_id": "8707",
    "platform_more": {"brand": "No Brand"},
    "created_at": "2022-02-18T09:29:33Z",
    "updated_at": "2025-12-14T08:13:20Z",
    "skus": [TOLD_SKU],
    "skus_complete": True,
    "content": {
        "description": "<p>x</p>",
        "images": 1,
        "brand": "No Brand",
        "weighed": True,
        "size_chart": None,
        "warranty": "",
        "attributes": {},
        "attributes_wanting": [],
    },
}


def listed(*products: dict[str, Any], total: int | None = None, **about: str) -> Any:
    data = {"total_products": len(products) if total is None else total, "products": list(products)}
    return parse("/products/get", ok(data), **about)


def one(**changes: Any) -> Listing:
    (record,) = listed(PRODUCT | changes).records
    assert isinstance(record, Listing)
    return record


def test_a_product_in_full_from_the_list_and_alone() -> None:
    from_list, alone = listed(PRODUCT), parse("/product/item/get", ok(PRODUCT))
    assert told(from_list) == told(alone) == [TOLD]
    assert (from_list.problems, alone.problems) == ([], [])


def test_a_product_in_camel_case_reads_alike() -> None:
    renamed = {"item_id": "itemId", "primary_category": "primaryCategory", "created_time": "createdTime"}
    camel = {renamed.get(name, name): value for name, value in PRODUCT.items()}
    assert told(parse("/product/item/get", ok(camel))) == [TOLD]


def test_the_samples_read_as_their_payloads_mean(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "products_get")
    assert (parsed.problems, parsed.total, parsed.next_page) == ([], 2, None)
    shirt, held = told(parsed)
    assert (shirt["title"], shirt["status"], len(shirt["skus"])) == ("เสื้อยืดผ้าฝ้าย", "live", 2)
    assert [sku["available"] for sku in shirt["skus"]] == [27, 0]
    assert shirt["skus"][1]["sale_price"] is None  # a sale price of 0 is none
    assert (held["platform_status"], held["platform_audit_status"], held["status"]) == ("Suspended", "Lock", "frozen")
    assert held["platform_reasons"] == ["Wrong Description,Wrong Image"]
    (sku,) = held["skus"]
    assert (sku["platform_sku_id"], sku["platform_reason"]) == ("12185089556", "Proof of authenticity is needed.")
    assert sku["seller_sku"] == "2142206567-1640869121385-0"


STATUSES = [
    ("Active", None, ListingStatus.LIVE),
    ("active", None, ListingStatus.LIVE),
    ("InActive", None, ListingStatus.OFF_BY_SELLER),
    ("Inactive", "", ListingStatus.OFF_BY_SELLER),
    ("Pending QC", None, ListingStatus.PENDING),
    ("Suspended", None, ListingStatus.OFF_BY_PLATFORM),
    ("Suspended", "Admin", ListingStatus.OFF_BY_PLATFORM),
    ("Suspended", "Lock", ListingStatus.FROZEN),
    ("Suspended", "Reject", ListingStatus.REJECTED),
    ("Suspended", "Live_Reject", ListingStatus.REJECTED),
    ("Deleted", None, ListingStatus.DELETED),
    ("Deleted", "Lock", ListingStatus.DELETED),
    ("Hovering", None, ListingStatus.UNKNOWN),
]


@pytest.mark.parametrize(("word", "finer", "reading"), STATUSES)
def test_a_status_is_read_and_refined(word: str, finer: str | None, reading: ListingStatus) -> None:
    record = one(status=word, subStatus=finer)
    assert (record.platform_status, record.platform_audit_status, record.status) == (word, finer or None, reading)


def test_an_unknown_or_lost_status_is_told() -> None:
    assert problems(listed(PRODUCT | {"status": "Hovering"})) == [("data.products[0].status", "note")]
    assert problems(listed(PRODUCT | {"status": ""})) == [("data.products[0].status", "error")]


def sku(**changes: Any) -> dict[str, Any]:
    record = told(listed(PRODUCT | {"skus": [SKU | changes]}))[0]
    found: dict[str, Any] = record["skus"][0]
    return found


STOCK = [
    # warehouses, Lazada's own, Available, quantity -> what can be sold
    ([{"warehouseCode": "a", "sellableQuantity": 3}], [], 9, 9, 3),
    ([{"warehouseCode": "a", "sellableQuantity": 3}], [{"warehouseCode": "f", "sellableQuantity": 4}], 9, 9, 7),
    ([{"warehouseCode": "a", "sellableQuantity": "3"}], [], 9, 9, 3),
    ([{"warehouseCode": "a", "sellableQuantity": 0}], [], 9, 9, 0),
    ([{"warehouseCode": "a"}], [], 9, 8, 9),
    ([], [], 9, 8, 9),
    (None, None, 0, 8, 0),
    (None, None, None, 8, 8),
    (None, None, None, None, None),
]


@pytest.mark.parametrize(("own", "lazadas", "available", "quantity", "sellable"), STOCK)
def test_what_can_be_sold_is_the_sum_over_warehouses(
    own: Any, lazadas: Any, available: int | None, quantity: int | None, sellable: int | None
) -> None:
    found = sku(multiWarehouseInventories=own, fblWarehouseInventories=lazadas, Available=available, quantity=quantity)
    assert found["available"] == sellable


PRICES = [
    ("price", "299.00", {"price": money("299.00")}),
    ("price", 0, {"price": money("0")}),
    ("price", None, {"price": None}),
    ("special_price", 0.0, {"sale_price": None, "sale_from_at": None, "sale_until_at": None}),
    ("special_price", None, {"sale_price": None, "sale_from_at": None}),
    ("special_price", "249", {"sale_price": money("249")}),
    ("special_from_time", "", {"sale_from_at": None}),
    ("ShopSku", "6718170187_SG-1", {"sale_from_at": "2025-11-30T16:00:00Z"}),
    ("saleProp", {}, {"variant": None}),
    ("saleProp", {"size": 42}, {"variant": "42"}),
    ("saleProp", {"a": "", "b": "Red"}, {"variant": "Red"}),
    ("SkuId", "0012", {"platform_sku_id": "0012"}),
]


@pytest.mark.parametrize(("field", "sent", "becomes"), PRICES)
def test_prices_sales_and_variants(field: str, sent: Any, becomes: dict[str, Any]) -> None:
    found = sku(**{field: sent})
    assert {name: found.get(name) for name in becomes} == becomes


def test_a_sale_of_an_unknown_site_has_no_instant() -> None:
    parsed = listed(PRODUCT | {"skus": [SKU | {"ShopSku": "", "channelInventories": []}]})
    assert told(parsed)[0]["skus"][0]["sale_from_at"] is None
    assert problems(parsed) == [
        ("data.products[0].skus[0].special_from_time", "note"),
        ("data.products[0].skus[0].special_to_time", "note"),
    ]
    known = listed(PRODUCT | {"skus": [SKU | {"ShopSku": ""}]}, market="SG")
    assert told(known)[0]["skus"][0]["sale_from_at"] == "2025-11-30T16:00:00Z"
    assert told(known)[0]["skus"][0]["price"] == money("299.0", "SGD")


def test_reasons_are_told_once_each() -> None:
    reasons = [{"violationDetail": "Wrong Image", "suggestion": "Use another"}, {"violationDetail": "Wrong Image"}]
    record = one(rejectReason=reasons, hiddenReason="Brand blocked")
    assert record.platform_reasons == ("Wrong Image", "Use another", "Brand blocked")


def test_a_suspended_sku_that_is_listed_too_keeps_its_reason() -> None:
    record = one(suspendedSkus=[{"SkuId": 12761620980, "rejectReason": "Counterfeit"}])
    (found,) = record.skus
    assert (found.platform_reason, found.seller_sku) == ("Counterfeit", "TH-TEE-WHT-M")


def test_what_has_no_id_is_left_out() -> None:
    parsed = listed(PRODUCT | {"item_id": ""}, PRODUCT | {"skus": [SKU | {"SkuId": None}]})
    assert [len(r.get("skus", [])) for r in told(parsed)] == [0]
    assert problems(parsed) == [("data.products[0].item_id", "error"), ("data.products[1].skus[0].SkuId", "error")]


ALERT = {"productId": 6718170222, "categoryId": 10000211, "deactivationTime": 1766300000000, "suggestionCategories": [1, 2]}


def test_an_alert_says_when_a_product_goes_down(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "product_qc_alert_list"))
    assert record == {
        "kind": "listing",
        "platform_listing_id": "6718170222",
        "status": "unknown",
        "platform_category_id": "10000211",
        "platform_more": {"suggestionCategories": ["10000336", "8707"]},
        "off_at": "2025-12-21T06:53:20Z",
        "skus_complete": False,
    }


def test_an_alert_without_a_product_is_left_out() -> None:
    parsed = parse("/product/qc/alert/list", ok([ALERT | {"productId": None}, ALERT]))
    assert [r["platform_listing_id"] for r in told(parsed)] == ["6718170222"]
    assert problems(parsed) == [("data[0].productId", "error")]


NEXT = [
    # rows, offset, total -> next
    (50, 0, 120, '{"offset":"50"}'),
    (50, 50, 120, '{"offset":"100"}'),
    (20, 100, 120, None),
    (50, 50, 100, None),
    (0, 0, 0, None),
    (50, 9950, 20000, '{"offset":"0","update_after":"2025-12-14T08:13:20+00:00"}'),
]


@pytest.mark.parametrize(("rows", "offset", "total", "following"), NEXT)
def test_the_catalogue_is_walked_by_offset_as_far_as_that_reaches(
    rows: int, offset: int, total: int, following: str | None
) -> None:
    products = [PRODUCT | {"item_id": n + 1} for n in range(rows)]
    assert listed(*products, total=total, offset=str(offset), limit="50").next_page == following


def xml(request: Request, name: str = "payload") -> ElementTree.Element:
    assert (request.kind, request.method) == (OperationKind.WRITE, "POST")
    return ElementTree.fromstring(request.query[name])


def leaves(element: ElementTree.Element) -> list[tuple[str, str | None]]:
    return [(one.tag, one.text) for one in element.iter() if len(one) == 0]


def test_stock_is_set_as_what_can_be_sold() -> None:
    request = stock.set_stock_request([SkuChange("9", "11", quantity=5), SkuChange("9", "12", quantity=0)])
    assert request.operation == "/product/stock/sellable/update"
    assert leaves(xml(request)) == [
        ("ItemId", "9"),
        ("SkuId", "11"),
        ("SellableQuantity", "5"),
        ("ItemId", "9"),
        ("SkuId", "12"),
        ("SellableQuantity", "0"),
    ]


def test_stock_of_several_warehouses_is_set_by_warehouse() -> None:
    request = stock.set_stock_request([SkuChange("9", "11", warehouses={"dropshipping": 5, "TH-2": 7})])
    (sku_element,) = xml(request).iter("Sku")
    assert [child.tag for child in sku_element] == ["ItemId", "SkuId", "MultiWarehouseInventories"]
    assert leaves(sku_element)[2:] == [
        ("WarehouseCode", "dropshipping"),
        ("SellableQuantity", "5"),
        ("WarehouseCode", "TH-2"),
        ("SellableQuantity", "7"),
    ]


def test_a_difference_keeps_its_sign() -> None:
    request = stock.adjust_stock_request([SkuChange("9", "11", quantity=-3)])
    assert request.operation == "/product/stock/sellable/adjust"
    assert ("SellableQuantity", "-3") in leaves(xml(request))


def test_a_price_goes_with_its_sale() -> None:
    change = SkuChange(
        "9", "11", price=Decimal("299.00"), sale_price=Decimal("249"), sale_from="2026-01-01", sale_until="2026-01-31"
    )
    request = stock.set_price_request([change])
    assert request.operation == "/product/price_quantity/update"
    assert leaves(xml(request)) == [
        ("ItemId", "9"),
        ("SkuId", "11"),
        ("Price", "299.00"),
        ("SalePrice", "249"),
        ("SaleStartDate", "2026-01-01"),
        ("SaleEndDate", "2026-01-31"),
    ]
    assert ("Quantity", "23") in leaves(xml(stock.set_price_request([SkuChange("9", "11", quantity=23)])))


def test_large_prices_are_never_written_with_an_exponent() -> None:
    request = stock.set_price_request([SkuChange("9", "11", price=Decimal("1E+6"))])
    assert ("Price", "1000000") in leaves(xml(request))


@pytest.mark.parametrize("build", [stock.set_stock_request, stock.adjust_stock_request, stock.set_price_request])
@pytest.mark.parametrize("count", [0, 51])
def test_none_or_more_than_fifty_skus_are_refused_before_sending(build: Any, count: int) -> None:
    with pytest.raises(ValueError, match="1 to 50 SKUs"):
        build([SkuChange("9", str(n), quantity=1) for n in range(count)])


def test_a_seller_sku_cannot_break_out_of_the_payload() -> None:
    request = stock.deactivate_request("9", ["A&B", "<x>", "tab\tand\x00null"])
    assert list(request.query) == ["apiRequestBody"]
    assert leaves(xml(request, "apiRequestBody")) == [
        ("ItemId", "9"),
        ("SellerSku", "A&B"),
        ("SellerSku", "<x>"),
        ("SellerSku", "tab\tandnull"),
    ]


def test_a_whole_product_is_taken_down_without_skus() -> None:
    assert leaves(xml(stock.deactivate_request("9"), "apiRequestBody")) == [("ItemId", "9")]


def test_content_is_changed_as_json() -> None:
    request = stock.update_product_request("9", attributes={"name": "New"}, skus=[{"SkuId": "11", "quantity": "5"}])
    assert json.loads(request.query["payload"]) == {
        "Request": {
            "Product": {"ItemId": "9", "Attributes": {"name": "New"}, "Skus": {"Sku": [{"SkuId": "11", "quantity": "5"}]}}
        }
    }
    bare = json.loads(stock.update_product_request("9").query["payload"])
    assert bare == {"Request": {"Product": {"ItemId": "9"}}}


def test_what_an_update_answers(shared_dir: Path) -> None:
    assert parse_sample(shared_dir, "product_update_ok").receipt == {"item_status": "Pending QC"}
    assert parse_sample(shared_dir, "product_stock_sellable_update_ok").problems == []
    picture = parse_sample(shared_dir, "image_upload").receipt
    assert picture["hash_code"] == "fc83aeae8cf46456468c175970edee75"
    assert picture["url"].endswith(".png")


def test_a_product_is_read_back_by_its_id() -> None:
    request = CONNECTOR.read_one("listing", "6718170187")
    assert (request.operation, request.query) == ("/product/item/get", {"item_id": "6718170187"})
    assert listings.product_request("1").kind is OperationKind.READ


def test_the_page_of_a_product_is_what_its_attributes_and_pictures_tell() -> None:
    words = {
        "name": "x",
        "short_description": "<ul>a</ul>",
        "description": "b",
        "warranty_type": "Local",
        "material": "Cotton",
        "odd": 7,
    }
    page = one(attributes=words, images=["https://example.invalid/a.jpg", ""]).content
    assert page is not None
    assert (page.description, page.images, page.brand, page.warranty) == ("<ul>a</ul>\nb", 1, "", "Local")
    assert page.attributes == {"material": "Cotton"}
    bare = one(attributes={"name": "x"}, skus=[{"SkuId": 1}]).content
    assert bare is not None
    assert (bare.description, bare.images, bare.weighed) == ("", 0, False)
    assert one(attributes=None).content is None
