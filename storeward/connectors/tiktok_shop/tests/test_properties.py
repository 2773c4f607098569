"""What holds for every order, amount and page, whatever they hold."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storeward.canon import Order, OrderStatus
from storeward.connectors.contract import Level
from storeward.connectors.tiktok_shop.codes import ORDER_STATUS
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, told

SECONDS = st.integers(min_value=1, max_value=4_000_000_000)
MAYBE = st.none() | st.just(0) | SECONDS
IDS = st.integers(min_value=1, max_value=2**63 - 1).map(str)
TIMES = (
    "create_time",
    "paid_time",
    "update_time",
    "rts_sla_time",
    "tts_sla_time",
    "shipping_due_time",
    "collection_due_time",
    "delivery_sla_time",
    "delivery_due_time",
    "rts_time",
    "collection_time",
    "delivery_time",
    "cancel_time",
)
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=2).map(str)
LINES = st.fixed_dictionaries(
    {"id": IDS, "display_status": st.sampled_from(sorted(ORDER_STATUS)), "sale_price": AMOUNTS},
    optional={"package_id": IDS, "tracking_number": st.text(min_size=1, max_size=12), "sku_id": IDS},
)
ORDERS = st.fixed_dictionaries(
    {"id": IDS, "status": st.sampled_from(sorted(ORDER_STATUS))},
    optional={
        **dict.fromkeys(TIMES, MAYBE),
        "payment": st.fixed_dictionaries({"total_amount": AMOUNTS, "currency": st.sampled_from(["MYR", "USD", "VND"])}),
        "line_items": st.lists(LINES, max_size=4),
        "packages": st.lists(st.fixed_dictionaries({"id": IDS}), max_size=3),
        "is_cod": st.booleans(),
        "buyer_message": st.text(max_size=20),
    },
)


def one(sent: dict[str, Any]) -> Order:
    parsed = parse("getOrderList", ok(orders=[sent]))
    assert parsed.problems == []
    (record,) = parsed.records
    assert isinstance(record, Order)
    return record


def instant(second: int | None) -> datetime | None:
    return datetime.fromtimestamp(second, UTC) if second else None


@given(ORDERS)
def test_a_clean_order_reads_without_a_problem_and_keeps_its_words(sent: dict[str, Any]) -> None:
    record = one(sent)
    assert record.platform_order_id == sent["id"]
    assert record.platform_status == sent["status"]
    assert record.status is ORDER_STATUS[sent["status"]]
    assert record.placed_at == instant(sent.get("create_time"))
    assert record.delivered_at == instant(sent.get("delivery_time"))
    assert [line.platform_line_id for line in record.lines] == [line["id"] for line in sent.get("line_items", [])]


@given(ORDERS)
def test_the_deadline_shown_is_one_that_the_platform_stated(sent: dict[str, Any]) -> None:
    record = one(sent)
    stated = {instant(sent.get(name)) for name in TIMES if name.endswith(("_sla_time", "_due_time"))}
    assert record.ship_by_at is None or record.ship_by_at in stated
    assert record.auto_cancel_at is None or record.auto_cancel_at in stated
    if record.status is OrderStatus.CANCELLED:
        assert record.ship_by_at is None


@given(ORDERS)
def test_before_arranging_no_stated_deadline_is_earlier_than_the_one_shown(sent: dict[str, Any]) -> None:
    record = one({**sent, "status": "AWAITING_SHIPMENT"})
    both = [at for at in (instant(sent.get("rts_sla_time")), instant(sent.get("shipping_due_time"))) if at]
    assert record.ship_by_at == (min(both) if both else None)


@given(ORDERS)
def test_every_package_named_anywhere_is_there_once_with_its_lines(sent: dict[str, Any]) -> None:
    record = one(sent)
    lines = sent.get("line_items", [])
    named = {package["id"] for package in sent.get("packages", [])} | {
        line["package_id"] for line in lines if "package_id" in line
    }
    assert sorted(package.platform_package_id for package in record.packages) == sorted(named)
    for package in record.packages:
        inside = [line["id"] for line in lines if line.get("package_id") == package.platform_package_id]
        assert list(package.platform_line_ids) == inside


@given(ORDERS, st.randoms(use_true_random=False))
def test_the_order_of_keys_and_unknown_keys_never_matter(sent: dict[str, Any], chance: Any) -> None:
    shuffled = list({**sent, "zz_new": {"a": [1]}}.items())
    chance.shuffle(shuffled)
    assert one(dict(shuffled)) == one(sent)


@given(ORDERS)
def test_numbers_as_text_read_as_the_numbers(sent: dict[str, Any]) -> None:
    as_text = {name: str(value) if name in TIMES and value is not None else value for name, value in sent.items()}
    assert one(as_text) == one(sent)


@given(st.lists(ORDERS, max_size=6))
def test_a_page_is_its_orders_and_nothing_else(sent: list[dict[str, Any]]) -> None:
    parsed = parse("getOrderList", ok(orders=sent))
    assert parsed.records == [one(order) for order in sent]
    assert [json.loads(raw) for _, raw in parsed.items] == sent


@given(st.lists(ORDERS, min_size=1, max_size=6), st.data())
def test_a_bad_record_takes_no_good_one_with_it(sent: list[dict[str, Any]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(sent)))
    bad: Any = data.draw(st.sampled_from([{}, {"id": ""}, {"id": None, "status": "UNPAID"}, "x", 5, [], None]))
    parsed = parse("getOrderList", ok(orders=[*sent[:at], bad, *sent[at:]]))
    assert parsed.records == [one(order) for order in sent]
    assert {problem.level for problem in parsed.problems} == {Level.ERROR}
    assert all(problem.field.startswith(f"data.orders[{at}]") for problem in parsed.problems)
    assert not parsed.failed


@given(AMOUNTS, st.sampled_from(["refund_amount", "partial_refund"]))
def test_amounts_of_after_sales_are_exact(amount: str, field: str) -> None:
    value = {"refund_total": amount, "amount": amount, "currency": "USD"}
    (record,) = told(
        parse("searchReturns", ok(return_orders=[{"return_id": "1", "return_status": "AWAITING_BUYER_SHIP", field: value}]))
    )
    name = {"refund_amount": "refund_asked", "partial_refund": "offered"}[field]
    assert record[name] == {"amount": amount, "currency": "USD"}


@given(AMOUNTS)
def test_amounts_of_statements_and_movements_are_exact(amount: str) -> None:
    (statement,) = told(parse("getStatements", ok(statements=[{"id": "1", "settlement_amount": amount, "currency": "IDR"}])))
    (movement,) = told(
        parse("getSellerFinancialTransactions", ok(withdrawals=[{"id": "1", "amount": amount, "currency": "IDR"}]))
    )
    for found in (statement["settlement"], movement["amount"]):
        assert found == {"amount": amount, "currency": "IDR"}
        assert Decimal(found["amount"]) == Decimal(amount)


@given(st.dictionaries(st.text("abcdefgh_", min_size=1, max_size=8), AMOUNTS, max_size=6))
def test_no_part_of_a_breakdown_is_lost(parts: dict[str, str]) -> None:
    line = {"id": "1", "fee_tax_breakdown": {"fee": parts, "tax": parts}}
    (record,) = told(parse("getTransactionsByStatement", ok(currency="GBP", transactions=[line])))
    fees = record.get("fees", {})
    assert {name: fees[name]["amount"] for name in parts} == parts
    assert len(fees) == 2 * len(parts)


@given(st.lists(st.tuples(IDS, st.integers(0, 10**6)), min_size=1, max_size=5, unique_by=lambda place: place[0]))
def test_stock_is_the_sum_of_its_places(places: list[tuple[str, int]]) -> None:
    stock = [{"warehouse_id": where, "quantity": left} for where, left in places]
    (record,) = told(
        parse("searchProducts", ok(products=[{"id": "1", "status": "ACTIVATE", "skus": [{"id": "2", "inventory": stock}]}]))
    )
    assert record["skus"][0]["available"] == sum(left for _, left in places)
    assert [place["platform_warehouse_id"] for place in record["skus"][0]["warehouses"]] == [where for where, _ in places]


@given(st.lists(st.tuples(st.text("ABC_", min_size=1, max_size=6), SECONDS), min_size=1, max_size=4))
def test_the_answer_is_due_by_the_earliest_of_all_deadlines(actions: list[tuple[str, int]]) -> None:
    asked = [{"action": action, "deadline": deadline} for action, deadline in actions]
    parsed = parse(
        "searchReturns",
        ok(return_orders=[{"return_id": "1", "return_status": "AWAITING_BUYER_SHIP", "seller_next_action_response": asked}]),
    )
    (record,) = parsed.records
    assert getattr(record, "answer_by_at") == instant(min(deadline for _, deadline in actions))  # noqa: B009
