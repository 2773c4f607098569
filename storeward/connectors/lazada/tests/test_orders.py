"""Orders of the list and of the single call: in full, in every status, with odd fields, and from page to page."""

import json
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Order, OrderStatus
from storeward.connectors.lazada import CONNECTOR, orders
from storeward.connectors.lazada.codes import ITEM_STATUS, status_of_all
from storeward.connectors.lazada.requests import turn
from storeward.connectors.lazada.tests.samples import ok, parse, parse_sample, problems, told

ORDER: dict[str, Any] = {
    "order_id": 9007199254740993,
    "order_number": 9007199254740993,
    "created_at": "2026-11-20 10:22:31 +0800",
    "updated_at": "2026-11-21 00:00:00 +0800",
    "address_updated_at": "",
    "price": "1598.00",
    "voucher": 100.0,
    "voucher_platform": 40.0,
    "voucher_seller": 60.0,
    "voucher_code": "SC60",
    "shipping_fee": 38.5,
    "shipping_fee_original": 58.5,
    "shipping_fee_discount_seller": 20,
    "shipping_fee_discount_platform": 0,
    "payment_method": "COD",
    "warehouse_code": "dropshipping",
    "items_count": 3,
    "statuses": ["pending", "packed", "pending"],
    "promised_shipping_times": "",
    "buyer_note": "Ring twice",
    "remarks": "fragile",
    "gift_option": True,
    "need_cancel_confirm": True,
    "is_cancel_pending": False,
    "delivery_info": "leave at door",
    "customer_first_name": "J***n",
    "address_shipping": {"phone": "63******89", "address1": "1***"},
}
TOLD: dict[str, Any] = {
    "kind": "order",
    "platform_order_id": "9007199254740993",
    "platform_status": "packed+pending",
    "status": "to_ship",
    "type": "standard",
    "fulfillment_by": "seller",
    "platform_more": {
        "payment_method": "COD",
        "warehouse_code": "dropshipping",
        "voucher_code": "SC60",
        "items_count": "3",
        "delivery_info": "leave at door",
        "gift_option": "true",
        "need_cancel_confirm": "true",
    },
    "total": {"amount": "1598.00", "currency": "PHP"},
    "cash_on_delivery": True,
    "placed_at": "2026-11-20T02:22:31Z",
    "updated_at": "2026-11-20T16:00:00Z",
    "buyer_note": "Ring twice",
    "seller_note": "fragile",
    "amounts": {
        "voucher": {"amount": "100.0", "currency": "PHP"},
        "voucher_platform": {"amount": "40.0", "currency": "PHP"},
        "voucher_seller": {"amount": "60.0", "currency": "PHP"},
        "shipping_fee": {"amount": "38.5", "currency": "PHP"},
        "shipping_fee_original": {"amount": "58.5", "currency": "PHP"},
        "shipping_fee_discount_seller": {"amount": "20", "currency": "PHP"},
    },
}


def listed(*found: dict[str, Any], total: int | None = None, **about: str) -> Any:
    data = {"count": len(found), "countTotal": total if total is not None else len(found), "orders": list(found)}
    return parse("/orders/get", ok(data), **about)


def one(**changes: Any) -> Order:
    parsed = listed(ORDER | changes)
    (record,) = parsed.records
    assert isinstance(record, Order)
    return record


def test_an_order_in_full_from_the_list_and_alone() -> None:
    from_list, alone = listed(ORDER, market="PH"), parse("/order/get", ok(ORDER), market="PH")
    assert told(from_list) == told(alone) == [TOLD]
    assert (from_list.problems, alone.problems) == ([], [])
    assert from_list.total == 1


def test_no_name_and_no_address_is_kept_in_the_record() -> None:
    shown = json.dumps(told(listed(ORDER)))
    assert "J***n" not in shown
    assert "63******89" not in shown


def test_the_currency_is_what_the_caller_knows_and_never_guessed() -> None:
    assert str(one().total) == "1598.00"
    assert one().total.currency is None  # type: ignore[union-attr]
    for market, currency in [("SG", "SGD"), ("VN", "VND"), ("ID", "IDR"), ("TH", "THB"), ("MY", "MYR")]:
        (record,) = listed(ORDER, market=market).records
        assert isinstance(record, Order)
        assert record.total is not None
        assert record.total.currency == currency


def test_the_first_sample_reads_as_its_payload_means(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "orders_get_page1")
    assert (parsed.problems, parsed.total, parsed.request_id) == ([], 5, "2141276617660009591055434")
    found = told(parsed)
    assert [(r["platform_order_id"], r["platform_status"], r["status"]) for r in found] == [
        ("711433089564242", "pending", "to_ship"),
        ("711433090164242", "packed+pending", "to_ship"),
        ("711433090964242", "ready_to_ship", "to_collect"),
    ]
    assert [(r["placed_at"], r["updated_at"]) for r in found] == [
        ("2025-12-15T03:22:31Z", "2025-12-15T03:25:02Z"),
        ("2025-12-15T02:10:11Z", "2025-12-15T04:40:45Z"),
        ("2025-12-14T13:05:59Z", "2025-12-15T01:00:12Z"),
    ]
    assert [r["total"]["amount"] for r in found] == ["598.00", "1290.00", "299.00"]
    assert [r["cash_on_delivery"] for r in found] == [True, False, False]
    assert found[0]["buyer_note"] == "ฝากหน้าบ้าน"
    assert found[1]["amounts"] == {
        "voucher": {"amount": "100.0", "currency": None},
        "voucher_platform": {"amount": "40.0", "currency": None},
        "voucher_seller": {"amount": "60.0", "currency": None},
    }


def test_the_old_capture_reads_without_a_problem(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "orders_get_sg_2018"))
    assert (record["platform_order_id"], record["status"]) == ("5944314048302", "delivered")
    assert record["placed_at"] == "2018-05-17T01:23:36Z"
    assert record["total"] == {"amount": "0.60", "currency": None}


def test_an_empty_page_is_no_problem(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "orders_get_empty")
    assert (parsed.records, parsed.problems, parsed.total, parsed.next_page) == ([], [], 0, None)


STATUSES = [
    ("unpaid", OrderStatus.UNPAID),
    ("pending", OrderStatus.TO_SHIP),
    ("topack", OrderStatus.TO_SHIP),
    ("toship", OrderStatus.TO_SHIP),
    ("repacked", OrderStatus.TO_SHIP),
    ("packed", OrderStatus.TO_SHIP),
    ("ready_to_ship_pending", OrderStatus.TO_COLLECT),
    ("ready_to_ship", OrderStatus.TO_COLLECT),
    ("shipped", OrderStatus.IN_TRANSIT),
    ("shipping", OrderStatus.IN_TRANSIT),
    ("failed", OrderStatus.IN_TRANSIT),
    ("failed_delivery", OrderStatus.IN_TRANSIT),
    ("shipped_back", OrderStatus.IN_TRANSIT),
    ("shipped_back_failed", OrderStatus.IN_TRANSIT),
    ("delivered", OrderStatus.DELIVERED),
    ("confirmed", OrderStatus.COMPLETED),
    ("returned", OrderStatus.COMPLETED),
    ("canceled", OrderStatus.CANCELLED),
    ("shipped_back_success", OrderStatus.CANCELLED),
    ("package_scrapped", OrderStatus.CANCELLED),
    ("lost", OrderStatus.CANCELLED),
    ("lost_by_3pl", OrderStatus.CANCELLED),
    ("damaged_by_3pl", OrderStatus.CANCELLED),
]


@pytest.mark.parametrize(("word", "reading"), STATUSES)
def test_a_status_is_read_and_kept(word: str, reading: OrderStatus) -> None:
    record = one(statuses=[word])
    assert (record.platform_status, record.status) == (word, reading)


def test_the_table_holds_every_status_of_the_fact_sheet() -> None:
    assert {word for word, _ in STATUSES} | {"cancelled"} == ITEM_STATUS.keys()


MIXTURES = [
    (["pending", "shipped"], "pending+shipped", OrderStatus.PARTLY_SHIPPED),
    (["shipped", "pending"], "pending+shipped", OrderStatus.PARTLY_SHIPPED),
    (["ready_to_ship", "delivered"], "delivered+ready_to_ship", OrderStatus.PARTLY_SHIPPED),
    (["packed", "confirmed"], "confirmed+packed", OrderStatus.PARTLY_SHIPPED),
    (["pending", "canceled"], "canceled+pending", OrderStatus.TO_SHIP),
    (["canceled", "delivered"], "canceled+delivered", OrderStatus.DELIVERED),
    (["canceled", "lost"], "canceled+lost", OrderStatus.CANCELLED),
    (["pending", "ready_to_ship"], "pending+ready_to_ship", OrderStatus.TO_SHIP),
    (["unpaid", "pending"], "pending+unpaid", OrderStatus.UNPAID),
    (["shipped", "delivered"], "delivered+shipped", OrderStatus.IN_TRANSIT),
    (["delivered", "confirmed"], "confirmed+delivered", OrderStatus.DELIVERED),
    (["pending", "packed", "repacked"], "packed+pending+repacked", OrderStatus.TO_SHIP),
    (["pending", "shipped", "canceled"], "canceled+pending+shipped", OrderStatus.PARTLY_SHIPPED),
    (["pending", "teleported"], "pending+teleported", OrderStatus.UNKNOWN),
]


@pytest.mark.parametrize(("words", "joined", "reading"), MIXTURES)
def test_several_statuses_at_once(words: list[str], joined: str, reading: OrderStatus) -> None:
    record = one(statuses=words)
    assert (record.platform_status, record.status) == (joined, reading)


def test_no_items_stand_nowhere() -> None:
    assert status_of_all([]) is OrderStatus.UNKNOWN


def test_an_unknown_status_is_kept_and_noted() -> None:
    parsed = listed(ORDER | {"statuses": ["teleported"]})
    (record,) = told(parsed)
    assert (record["platform_status"], record["status"]) == ("teleported", "unknown")
    (problem,) = parsed.problems
    assert (problem.field, problem.level.value) == ("data.orders[0].statuses", "note")
    assert "teleported" in problem.message


ODD_FIELDS = [
    # field, sent, what becomes of it, problems
    ("price", 1598, {"total": {"amount": "1598", "currency": None}}, []),
    ("price", 1598.5, {"total": {"amount": "1598.5", "currency": None}}, []),
    ("price", "0.60", {"total": {"amount": "0.60", "currency": None}}, []),
    ("price", "", {"total": None}, []),
    ("price", None, {"total": None}, []),
    ("price", "lots", {"total": None}, [("data.orders[0].price", "error")]),
    ("price", [], {"total": None}, [("data.orders[0].price", "error")]),
    ("order_id", "0091", {"platform_order_id": "0091"}, []),
    ("order_id", 10**30, {"platform_order_id": str(10**30)}, []),
    ("created_at", "2026-11-20T10:22:31+08:00", {"placed_at": "2026-11-20T02:22:31Z"}, []),
    ("created_at", "1763605351000", {"placed_at": "2025-11-20T02:22:31Z"}, []),
    ("created_at", 1763605351000, {"placed_at": "2025-11-20T02:22:31Z"}, []),
    ("created_at", "", {"placed_at": None}, []),
    ("created_at", "soon", {"placed_at": None}, [("data.orders[0].created_at", "note")]),
    ("items_count", "3", {"platform_more": TOLD["platform_more"]}, []),
    ("gift_option", "true", {"platform_more": TOLD["platform_more"]}, []),
    ("gift_option", "1", {"platform_more": TOLD["platform_more"]}, []),
    ("statuses", "pending", {"platform_status": None, "status": "unknown"}, None),
    ("statuses", [], {"platform_status": None, "status": "unknown"}, [("data.orders[0].statuses", "error")]),
    ("statuses", None, {"platform_status": None, "status": "unknown"}, [("data.orders[0].statuses", "error")]),
    ("payment_method", "", {"cash_on_delivery": None}, []),
    ("payment_method", "cod", {"cash_on_delivery": True}, []),
    ("payment_method", "MIXEDCARD", {"cash_on_delivery": False}, []),
    ("voucher", "100.00", {}, []),
    ("buyer_note", "", {"buyer_note": None}, []),
    ("buyer_note", 42, {"buyer_note": "42"}, []),
    ("promised_shipping_times", "2026-11-22 00:00:00", {}, []),
]


@pytest.mark.parametrize(("field", "sent", "becomes", "expected"), ODD_FIELDS)
def test_an_odd_field_costs_that_field_at_most(
    field: str, sent: Any, becomes: dict[str, Any], expected: list[tuple[str, str]] | None
) -> None:
    parsed = listed(ORDER | {field: sent})
    (record,) = told(parsed)
    assert {name: record.get(name) for name in becomes} == becomes
    if expected is not None:
        assert problems(parsed) == expected


def test_a_promise_that_nobody_should_rely_on_is_kept_as_text() -> None:
    more = one(promised_shipping_times="2026-11-22 00:00:00").platform_more
    assert more["promised_shipping_times"] == "2026-11-22 00:00:00"


def test_the_number_stands_in_for_a_lost_id() -> None:
    assert one(order_id=None).platform_order_id == "9007199254740993"


def test_an_order_without_any_id_costs_that_order_only() -> None:
    parsed = listed(ORDER | {"order_id": "", "order_number": 0}, ORDER)
    assert [r["platform_order_id"] for r in told(parsed)] == ["9007199254740993"]
    assert problems(parsed) == [("data.orders[0].order_id", "error")]


def test_one_bad_record_costs_one_record() -> None:
    parsed = listed(ORDER, ORDER | {"order_id": 5})
    broken = json.dumps(ok({"countTotal": 3, "orders": [ORDER, "x", ORDER | {"order_id": 5}]}))
    found = parse("/orders/get", broken.encode())
    assert [r["platform_order_id"] for r in told(found)] == [r["platform_order_id"] for r in told(parsed)]
    assert problems(found) == [("data.orders[1]", "error")]


FRAMES = [
    (ok({"orders": {}}), "data.orders"),
    (ok({"orders": "none"}), "data.orders"),
    (ok([]), "data"),
    (ok("x"), "data"),
]


@pytest.mark.parametrize(("body", "field"), FRAMES)
def test_a_page_that_is_no_list_says_nothing_about_orders(body: dict[str, Any], field: str) -> None:
    parsed = parse("/orders/get", body)
    assert parsed.unreadable
    assert problems(parsed) == [(field, "error")]


@pytest.mark.parametrize("body", [ok({"orders": None}), ok({"orders": []}), ok({}), ok(None)])
def test_no_orders_are_an_empty_page(body: dict[str, Any]) -> None:
    parsed = parse("/orders/get", body)
    assert (parsed.records, parsed.problems, parsed.unreadable) == ([], [], False)


def page(count: int, *, since: str = "2026-11-20T00:00:00+00:00", offset: int = 0, total: int = 999, second: int = 1) -> Any:
    """A page of that many orders, each changed `second` seconds after the one before."""
    rows = [
        ORDER | {"order_id": number + 1, "updated_at": f"2026-11-20 {8 + at // 3600:02}:{at // 60 % 60:02}:{at % 60:02} +0800"}
        for number in range(count)
        for at in (number * second,)
    ]
    return listed(*rows, total=total, limit="3", offset=str(offset), update_after=since)


NEXT = [
    # orders on the page, asked since, offset, total, seconds between them, the parameters of the next page
    (3, "2026-11-19T00:00:00+00:00", 0, 5, 10, {"update_after": "2026-11-20T00:00:19+00:00", "offset": "0"}),
    (3, "2026-11-19T00:00:00+00:00", 0, 3, 10, None),
    (2, "2026-11-19T00:00:00+00:00", 0, 999, 10, None),
    (0, "2026-11-19T00:00:00+00:00", 0, 0, 10, None),
    (3, "2026-11-20T00:00:00+00:00", 0, 9, 0, {"offset": "3"}),
    (3, "2026-11-20T00:00:00+00:00", 3, 9, 0, {"offset": "6"}),
    (3, "2026-11-20T00:00:00+00:00", 6, 9, 0, None),
    (3, "2026-11-20T00:00:00+00:00", 3, 99, 30, {"update_after": "2026-11-20T00:00:59+00:00", "offset": "0"}),
]


@pytest.mark.parametrize(("count", "since", "offset", "total", "second", "following"), NEXT)
def test_the_next_page_begins_at_the_latest_change(
    count: int, since: str, offset: int, total: int, second: int, following: dict[str, str] | None
) -> None:
    token = page(count, since=since, offset=offset, total=total, second=second).next_page
    assert (json.loads(token) if token else None) == following


def test_a_turned_request_asks_from_there_and_tells_the_parser_so() -> None:
    first = orders.list_orders_request(page_size=3)
    second = turn(first, '{"offset":"0","update_after":"2026-11-20T00:00:19+00:00"}')
    assert second.query["update_after"] == second.about["update_after"] == "2026-11-20T00:00:19+00:00"
    assert (second.about["offset"], second.about["limit"]) == ("0", "3")
    assert {name: second.query[name] for name in ("sort_by", "sort_direction", "limit")} == {
        "sort_by": "updated_at",
        "sort_direction": "ASC",
        "limit": "3",
    }


def test_orders_are_read_back_by_their_id() -> None:
    request = CONNECTOR.read_one("order", "711433089564242")
    assert (request.operation, request.query) == ("/order/get", {"order_id": "711433089564242"})
