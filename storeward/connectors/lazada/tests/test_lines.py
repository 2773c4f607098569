"""Items of orders: in full, by one call and the other, with every deadline, and joined to their order."""

import json
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import FulfillmentBy, Order, OrderLines, OrderStatus, OrderType
from storeward.connectors.contract import Parsed
from storeward.connectors.lazada import lines
from storeward.connectors.lazada.tests.samples import ok, parse, parse_sample, problems, told

ITEM: dict[str, Any] = {
    "order_id": 711433090164242,
    "order_item_id": 9007199254740993,
    "status": "packed",
    "name": "Navy trousers",
    "variation": "Color: Navy, Size: L",
    "sku": "TH-PANT-NVY-L",
    "sku_id": "12761620990",
    "shop_sku": "6718170190_TH-12761620990",
    "product_id": "6718170190",
    "item_price": 430.0,
    "paid_price": 396.67,
    "currency": "THB",
    "tax_amount": 0.0,
    "voucher_amount": 33.33,
    "voucher_platform": 13.33,
    "voucher_seller": 20.0,
    "voucher_platform_lpi": 0,
    "voucher_seller_lpi": 1.5,
    "shipping_amount": 19.0,
    "shipping_fee_original": 29.0,
    "shipping_fee_discount_seller": 4,
    "shipping_fee_discount_platform": 6,
    "shipping_service_cost": 2,
    "wallet_credits": 3.25,
    "supply_price": 61.5,
    "supply_price_currency": "CNY",
    "created_at": "2025-12-15 09:10:11 +0700",
    "updated_at": "2025-12-15 11:40:45 +0700",
    "payment_time": 1765768951000,
    "sla_time_stamp": "2025-12-16T23:59:59+07:00",
    "promised_shipping_time": "",
    "schedule_delivery_start_timeslot": 1765929600000,
    "schedule_delivery_end_timeslot": 1765944000000,
    "cancel_trigger_time": 1765843960018,
    "need_cancel_confirm": True,
    "is_cancel_pending": False,
    "cancel_return_initiator": "buyer-cancel",
    "reason": "Change of mind",
    "reason_detail": "found it cheaper",
    "return_status": "",
    "reverse_order_id": 704947701379284,
    "package_id": "FP094612143977622",
    "tracking_code": "LEXDO0069388222",
    "shipment_provider": "LEX TH",
    "shipping_provider_type": "standard",
    "shipping_type": "Dropshipping",
    "order_type": "Normal",
    "order_flag": "GUARANTEE",
    "warehouse_code": "dropshipping",
    "buyer_id": 100112802242,
    "shop_id": "Siam Cotton Official",
    "biz_group": 70100,
    "is_fbl": 0,
    "is_digital": 0,
    "is_reroute": 0,
    "delivery_option_sof": 1,
    "mp3_order": False,
    "semi_managed": False,
    "can_escalate_pickup": True,
    "voucher_code_seller": "SC60",
    "voucher_code_platform": "LZ40",
    "fulfillment_sla": "NEXT_DAY",
    "priority_fulfillment_tag": "POTENTIAL_NEXT_DAY,LEX_SERVICE",
    "pick_up_store_info": {"pick_up_store_code": "PS-7", "pick_up_store_name": "Corner"},
    "extra_attributes": "null",
}
THB = "THB"


def baht(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": THB}


LINE: dict[str, Any] = {
    "platform_line_id": "9007199254740993",
    "platform_status": "packed",
    "status": "to_ship",
    "platform_listing_id": "6718170190",
    "platform_sku_id": "12761620990",
    "seller_sku": "TH-PANT-NVY-L",
    "title": "Navy trousers",
    "variant": "Color: Navy, Size: L",
    "quantity": 1,
    "price": baht("430.0"),
    "platform_type": "Normal",
    "platform_package_id": "FP094612143977622",
    "platform_cancel_reason": "Change of mind",
    "platform_cancelled_by": "buyer-cancel",
    "tracking_number": "LEXDO0069388222",
    "ship_by_at": "2025-12-16T16:59:59Z",
    "paid_at": "2025-12-15T03:22:31Z",
    "placed_at": "2025-12-15T02:10:11Z",
    "updated_at": "2025-12-15T04:40:45Z",
    "deliver_from_at": "2025-12-17T00:00:00Z",
    "deliver_by_at": "2025-12-17T04:00:00Z",
    "cancel_requested": True,
    "auto_cancel_at": "2025-12-16T00:12:40.018000Z",
    "amounts": {
        "paid_price": baht("396.67"),
        "voucher_amount": baht("33.33"),
        "voucher_platform": baht("13.33"),
        "voucher_seller": baht("20.0"),
        "voucher_seller_lpi": baht("1.5"),
        "shipping_amount": baht("19.0"),
        "shipping_fee_original": baht("29.0"),
        "shipping_fee_discount_seller": baht("4"),
        "shipping_fee_discount_platform": baht("6"),
        "shipping_service_cost": baht("2"),
        "wallet_credits": baht("3.25"),
        "supply_price": {"amount": "61.5", "currency": "CNY"},
    },
    "platform_more": {
        "shop_sku": "6718170190_TH-12761620990",
        "order_flag": "GUARANTEE",
        "warehouse_code": "dropshipping",
        "shipping_type": "Dropshipping",
        "shipping_provider_type": "standard",
        "reverse_order_id": "704947701379284",
        "reason_detail": "found it cheaper",
        "biz_group": "70100",
        "shop_id": "Siam Cotton Official",
        "voucher_code_seller": "SC60",
        "voucher_code_platform": "LZ40",
        "fulfillment_sla": "NEXT_DAY",
        "priority_fulfillment_tag": "POTENTIAL_NEXT_DAY,LEX_SERVICE",
        "shipment_provider": "LEX TH",
        "is_fbl": "0",
        "is_digital": "0",
        "is_reroute": "0",
        "delivery_option_sof": "1",
        "need_cancel_confirm": "true",
        "can_escalate_pickup": "true",
        "pick_up_store_code": "PS-7",
    },
}
RECORD: dict[str, Any] = {
    "kind": "order_lines",
    "platform_order_id": "711433090164242",
    "platform_status": "packed",
    "status": "to_ship",
    "type": "standard",
    "platform_buyer_id": "100112802242",
    "fulfillment_by": "seller",
    "paid_at": "2025-12-15T03:22:31Z",
    "ship_by_at": "2025-12-16T16:59:59Z",
    "auto_cancel_at": "2025-12-16T00:12:40.018000Z",
    "lines": [LINE],
    "packages": [
        {
            "platform_package_id": "FP094612143977622",
            "tracking_number": "LEXDO0069388222",
            "platform_carrier": "LEX TH",
            "platform_line_ids": ["9007199254740993"],
        }
    ],
}


def single(*items: dict[str, Any], **about: str) -> Any:
    return parse("/order/items/get", ok(list(items)), **about)


def several(order_id: Any, *items: dict[str, Any], **about: str) -> Any:
    return parse("/orders/items/get", ok([{"order_id": order_id, "order_number": order_id, "order_items": list(items)}]), **about)


def of(*items: dict[str, Any]) -> OrderLines:
    (record,) = single(*items).records
    assert isinstance(record, OrderLines)
    return record


def test_an_item_in_full_by_one_call_and_the_other() -> None:
    one, many = single(ITEM), several(711433090164242, ITEM)
    assert told(one) == told(many) == [RECORD]
    assert (one.problems, many.problems) == ([], [])


def test_items_of_several_packages_and_states(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "order_items_get_multi_package"))
    assert (record["platform_status"], record["status"]) == ("packed+pending", "to_ship")
    assert [(line["platform_line_id"], line["platform_status"], line["ship_by_at"]) for line in record["lines"]] == [
        ("711433090364242", "packed", "2025-12-16T16:59:59Z"),
        ("711433090464242", "packed", "2025-12-16T16:59:59Z"),
        ("711433090564242", "pending", "2025-12-17T16:59:59Z"),
    ]
    assert record["ship_by_at"] == "2025-12-16T16:59:59Z"
    assert record["packages"] == [
        {
            "platform_package_id": "FP094612143977622",
            "tracking_number": "LEXDO0069388222",
            "platform_carrier": "LEX TH",
            "platform_line_ids": ["711433090364242", "711433090464242"],
        }
    ]
    assert [line["amounts"]["paid_price"]["amount"] for line in record["lines"]] == ["396.67", "396.67", "396.66"]
    assert record["lines"][2]["platform_more"]["warehouse_code"] == "TH10RV7-WH-10002"


def test_two_pieces_are_two_lines_of_two_orders(shared_dir: Path) -> None:
    first, second = told(parse_sample(shared_dir, "orders_items_get"))
    assert [line["platform_line_id"] for line in first["lines"]] == ["711433089764242", "711433089864242"]
    assert [line["quantity"] for line in first["lines"]] == [1, 1]
    assert {line["platform_listing_id"] for line in first["lines"]} == {"6718170187"}  # from the platform SKU code
    assert first["lines"][0]["platform_more"]["order_flag"] == "GUARANTEE"
    assert [len(record["lines"]) for record in (first, second)] == [2, 3]


def test_a_whole_dong_price_stays_whole(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "order_items_get_vn_capture"))
    (line,) = record["lines"]
    assert line["price"] == {"amount": "2000.0", "currency": "VND"}
    assert line["amounts"]["shipping_amount"] == {"amount": "59800.0", "currency": "VND"}
    assert record["ship_by_at"] == "2023-12-01T16:59:59Z"
    assert line["platform_more"]["fulfillment_sla"].startswith("Bàn giao ĐVVC trước 2023-11-30 16:00:00")
    assert line["platform_cancelled_by"] is None


def test_a_buyer_who_wants_to_cancel_shows_with_the_moment_of_agreement(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "order_items_get_cancel_requested"))
    (line,) = record["lines"]
    assert (line["cancel_requested"], line["auto_cancel_at"]) == (True, "2025-12-16T00:12:40.018000Z")
    assert record["auto_cancel_at"] == "2025-12-16T00:12:40.018000Z"
    assert line["platform_more"]["reverse_order_id"] == "704947701379284"
    assert (line["platform_cancel_reason"], line["platform_cancelled_by"]) == ("Change of mind", "buyer-cancel")


def test_an_answered_cancellation_is_no_deadline_of_the_order() -> None:
    record = of(ITEM | {"need_cancel_confirm": False})
    assert record.auto_cancel_at is None
    assert record.lines[0].auto_cancel_at is not None


DUE = [
    # statuses of three items that are due on the 16th, 17th and 18th -> the day the order is due
    (["pending", "pending", "pending"], 16),
    (["shipped", "pending", "pending"], 17),
    (["canceled", "shipped", "packed"], 18),
    (["ready_to_ship", "shipped", "delivered"], 16),
    (["ready_to_ship_pending", "pending", "pending"], 16),
    (["delivered", "unpaid", "shipped"], 17),
    (["delivered", "teleported", "shipped"], 17),
    (["shipped", "delivered", "confirmed"], None),
    (["canceled", "canceled", "canceled"], None),
    (["lost", "returned", "failed_delivery"], None),
]


@pytest.mark.parametrize(("words", "day"), DUE)
def test_an_order_is_due_when_its_first_item_that_is_still_here_is_due(words: list[str], day: int | None) -> None:
    items = [
        ITEM | {"order_item_id": n + 1, "status": word, "sla_time_stamp": f"2025-12-{16 + n}T23:59:59+07:00"}
        for n, word in enumerate(words)
    ]
    due = of(*items).ship_by_at
    assert (due.day if due else None) == day


@pytest.mark.parametrize("sla", ["", None, 0, "0"])
def test_no_deadline_is_none_and_no_problem(sla: Any) -> None:
    parsed = single(ITEM | {"sla_time_stamp": sla})
    assert told(parsed)[0].get("ship_by_at") is None
    assert parsed.problems == []


def test_a_deadline_that_cannot_be_read_is_noted() -> None:
    parsed = single(ITEM | {"sla_time_stamp": "tomorrow evening"})
    assert problems(parsed) == [("data[0].sla_time_stamp", "note")]


SHIPPED_BY = [
    ([0, 0], FulfillmentBy.SELLER),
    ([1, 1], FulfillmentBy.PLATFORM),
    ([0, 1], FulfillmentBy.SELLER),
    (["1", "1"], FulfillmentBy.PLATFORM),
    ([None, None], None),
]


@pytest.mark.parametrize(("flags", "by"), SHIPPED_BY)
def test_lazada_ships_what_is_all_in_its_warehouse(flags: list[Any], by: FulfillmentBy | None) -> None:
    record = of(*(ITEM | {"order_item_id": n + 1, "is_fbl": flag} for n, flag in enumerate(flags)))
    assert record.fulfillment_by is by


TYPES = [
    (["Normal", "Normal"], OrderType.STANDARD),
    (["Normal", "PreSale"], OrderType.PRE_ORDER),
    (["Coupon", "O2O"], OrderType.STANDARD),
    (["InStoreO2O", ""], OrderType.STANDARD),
    (["", ""], None),
    (["Auction", "Auction"], None),
]


@pytest.mark.parametrize(("words", "kind"), TYPES)
def test_a_presale_makes_a_pre_order(words: list[str], kind: OrderType | None) -> None:
    record = of(*(ITEM | {"order_item_id": n + 1, "order_type": word} for n, word in enumerate(words)))
    assert record.type is kind
    assert [line.platform_type for line in record.lines] == [word or None for word in words]


INITIATORS = [
    ("null-null", None),
    ("", None),
    (None, None),
    ("seller-cancel", "seller-cancel"),
    ("system-return", "system-return"),
]


@pytest.mark.parametrize(("told_by", "by"), INITIATORS)
def test_nobody_cancelled_where_nobody_did(told_by: str | None, by: str | None) -> None:
    assert of(ITEM | {"cancel_return_initiator": told_by}).lines[0].platform_cancelled_by == by


ODD_FIELDS = [
    ("item_price", "430.00", {"price": baht("430.00")}, []),
    ("item_price", "", {"price": None}, []),
    ("item_price", "free", {"price": None}, [("data[0].item_price", "note")]),
    ("product_id", "", {"platform_listing_id": "6718170190"}, []),
    ("product_id", 6718170190, {"platform_listing_id": "6718170190"}, []),
    ("sku_id", 12761620990, {"platform_sku_id": "12761620990"}, []),
    ("package_id", "", {"platform_package_id": None}, []),
    ("tracking_code", 69388222, {"tracking_number": "69388222"}, []),
    ("payment_time", "1765768951000", {"paid_at": "2025-12-15T03:22:31Z"}, []),
    ("payment_time", 0, {"paid_at": None}, []),
    ("need_cancel_confirm", "true", {"cancel_requested": True}, []),
    ("need_cancel_confirm", None, {"cancel_requested": None}, []),
    ("status", "teleported", {"platform_status": "teleported", "status": "unknown"}, [("data[0].status", "note")]),
    ("status", "", {"platform_status": None, "status": "unknown"}, [("data[0].status", "error")]),
    ("pick_up_store_info", {}, {"quantity": 1}, []),
    ("pick_up_store_info", "none", {"quantity": 1}, [("data[0].pick_up_store_info", "note")]),
    ("is_digital", "1", {"quantity": 1}, []),
    ("is_digital", "maybe", {"quantity": 1}, [("data[0].is_digital", "note")]),
]


@pytest.mark.parametrize(("field", "sent", "becomes", "expected"), ODD_FIELDS)
def test_an_odd_field_costs_that_field_at_most(
    field: str, sent: Any, becomes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    parsed = single(ITEM | {field: sent})
    (line,) = told(parsed)[0]["lines"]
    assert {name: line.get(name) for name in becomes} == becomes
    assert problems(parsed) == expected


def test_the_currency_of_an_item_goes_before_that_of_its_site() -> None:
    (own,) = single(ITEM, market="SG").records
    (site,) = single(ITEM | {"currency": ""}, market="SG").records
    assert isinstance(own, OrderLines)
    assert isinstance(site, OrderLines)
    assert (str(own.lines[0].price), str(site.lines[0].price)) == ("430.0 THB", "430.0 SGD")


def test_an_item_without_an_id_costs_that_item() -> None:
    parsed = single(ITEM | {"order_item_id": None}, ITEM)
    assert [line["platform_line_id"] for line in told(parsed)[0]["lines"]] == ["9007199254740993"]
    assert problems(parsed) == [("data[0].order_item_id", "error")]


def test_items_without_an_order_belong_to_the_one_that_was_asked_for() -> None:
    item = {name: value for name, value in ITEM.items() if name != "order_id"}
    assert told(single(item, order_id="77"))[0]["platform_order_id"] == "77"
    lost = single(item)
    assert (lost.records, problems(lost)) == ([], [("data[0].order_id", "error")])


def test_an_order_of_several_is_known_by_its_items_too() -> None:
    assert told(several(None, ITEM))[0]["platform_order_id"] == "711433090164242"
    lost = several(None)
    assert (lost.records, problems(lost)) == ([], [("data[0].order_id", "error")])


@pytest.mark.parametrize("body", [ok([]), ok(None), {"code": "0", "data": None}])
def test_no_items_are_no_problem(body: dict[str, Any]) -> None:
    for operation in ("/order/items/get", "/orders/items/get"):
        parsed = parse(operation, body)
        assert (parsed.records, parsed.problems, parsed.unreadable) == ([], [], False)


@pytest.mark.parametrize("data", [{}, "x", 5])
def test_items_that_are_no_list_say_nothing(data: Any) -> None:
    for operation in ("/order/items/get", "/orders/items/get"):
        parsed = parse(operation, ok(data))
        assert parsed.unreadable
        assert problems(parsed) == [("data", "error")]


def test_a_row_that_is_no_object_costs_that_row() -> None:
    parsed = parse("/order/items/get", json.dumps(ok([7, ITEM])).encode())
    assert len(told(parsed)[0]["lines"]) == 1
    assert problems(parsed) == [("data[0]", "error")]


@pytest.mark.parametrize(
    ("code", "listing"),
    [("6718170190_TH-12761620990", "6718170190"), ("1_SGAMZ-2", "1"), ("Item test -123", None), ("", None), (None, None)],
)
def test_a_platform_sku_code_begins_with_its_product(code: str | None, listing: str | None) -> None:
    assert lines.listing_of(code) == listing


LISTED = {
    "order_id": 711433090164242,
    "statuses": ["packed"],
    "price": "430.00",
    "created_at": "2025-12-15 09:10:11 +0700",
    "updated_at": "2025-12-15 11:40:45 +0700",
}


def joined(order: dict[str, Any], *items: dict[str, Any]) -> Order:
    (listed,) = parse("/orders/get", ok({"orders": [order]})).records
    whole = lines.with_lines(listed, of(*items))
    assert isinstance(whole, Order)
    return whole


def test_an_order_and_its_items_become_one_record() -> None:
    (whole,) = told(Parsed(items=[(joined(LISTED, ITEM), b"")]))
    assert whole == {
        "kind": "order",
        "platform_order_id": "711433090164242",
        "platform_status": "packed",
        "status": "to_ship",
        "type": "standard",
        "platform_buyer_id": "100112802242",
        "fulfillment_by": "seller",
        "total": baht("430.00"),
        "placed_at": "2025-12-15T02:10:11Z",
        "paid_at": "2025-12-15T03:22:31Z",
        "updated_at": "2025-12-15T04:40:45Z",
        "ship_by_at": "2025-12-16T16:59:59Z",
        "auto_cancel_at": "2025-12-16T00:12:40.018000Z",
        "deliver_from_at": "2025-12-17T00:00:00Z",
        "deliver_by_at": "2025-12-17T04:00:00Z",
        "lines_of": "2025-12-15T04:40:45Z",
        "lines": [LINE],
        "packages": RECORD["packages"],
    }


def test_the_list_says_where_an_order_stands_and_the_items_only_where_it_does_not() -> None:
    assert joined(LISTED, ITEM | {"status": "shipped"}).platform_status == "packed"
    silent = joined(LISTED | {"statuses": []}, ITEM | {"status": "shipped"})
    assert (silent.platform_status, silent.status) == ("shipped", OrderStatus.IN_TRANSIT)


def test_a_total_keeps_the_currency_that_it_has() -> None:
    (listed,) = parse("/orders/get", ok({"orders": [LISTED]}), market="PH").records
    whole = lines.with_lines(listed, of(ITEM))
    assert isinstance(whole, Order)
    assert str(whole.total) == "430.00 PHP"


def test_a_cancelled_order_says_by_whom_and_why() -> None:
    gone = joined(LISTED | {"statuses": ["canceled"]}, ITEM | {"status": "canceled"})
    assert (gone.platform_cancelled_by, gone.platform_cancel_reason) == ("buyer-cancel", "Change of mind")
    asked = joined(LISTED, ITEM)
    assert (asked.platform_cancelled_by, asked.platform_cancel_reason) == (None, None)


def test_what_is_no_order_is_left_alone() -> None:
    record = of(ITEM)
    assert lines.with_lines(record, record) is record
