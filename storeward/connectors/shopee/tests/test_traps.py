"""What the fact sheet warns of: two spellings, two types, failures under a success, numbers and instants of every kind."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from storeward.canon import (
    AfterSaleStatus,
    Conversation,
    Listing,
    Message,
    Metric,
    Order,
    Package,
    Push,
    Record,
    Return,
    ReturnType,
    SenderRole,
    StoreProfile,
    Transaction,
    Violation,
)
from storeward.connectors.contract import Level
from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.shopee import listings
from storeward.connectors.shopee.push import parse_pushes
from storeward.lib.money import Money

from .samples import ok, parse, problems

JUNE = 1655438336
AT_JUNE = datetime(2022, 6, 17, 3, 58, 56, tzinfo=UTC)


def one(operation: str, body: Any, **about: str) -> Record:
    (found,) = parse(operation, body, **about).records
    return found


def returned(**members: Any) -> Return:
    row = {"return_sn": "R1", "order_sn": "A1", "currency": "SGD", "return_solution": 0, **members}
    found = one("returns.get_return_detail", ok(row))
    assert isinstance(found, Return)
    return found


DUE = {"due_date": JUNE, "return_seller_due_date": JUNE + 60, "return_ship_due_date": JUNE + 120}
PROOF = {"seller_proof": {"seller_proof_status": "PENDING", "seller_evidence_deadline": JUNE}}
CLAIM = {"seller_compensation": {"seller_compensation_status": "PENDING_REQUEST", "seller_compensation_due_date": JUNE}}


@pytest.mark.parametrize(
    ("members", "due"),
    [
        ({"status": "REQUESTED", **DUE}, JUNE),
        ({"status": "REQUESTED", **DUE, "negotiation_status": "PENDING_BUYER_RESPOND"}, None),
        ({"status": "REQUESTED", **DUE, "negotiation": {"offer_due_date": JUNE - 60}}, JUNE - 60),
        ({"status": "PROCESSING", **DUE}, JUNE + 60),
        ({"status": "PROCESSING", **DUE, "validation_type": "warehouse_validation"}, None),
        ({"status": "JUDGING", **DUE, **PROOF}, JUNE),
        ({"status": "JUDGING", **DUE}, None),
        ({"status": "ACCEPTED", **DUE, **CLAIM}, JUNE),
        ({"status": "ACCEPTED", **DUE}, None),
        ({"status": "CANCELLED", **DUE, **PROOF, **CLAIM}, None),
        ({"status": "REQUESTED", "due_date": 0}, None),
    ],
)
def test_a_return_waits_for_the_seller_only_when_it_is_the_sellers_turn(members: dict[str, Any], due: int | None) -> None:
    assert returned(**members).answer_by_at == (None if due is None else datetime.fromtimestamp(due, UTC))


@pytest.mark.parametrize(
    ("word", "reverse", "status"),
    [
        ("REQUESTED", None, AfterSaleStatus.PENDING),
        ("PROCESSING", None, AfterSaleStatus.AWAITING_BUYER),
        ("PROCESSING", "LOGISTICS_READY", AfterSaleStatus.AWAITING_BUYER),
        ("PROCESSING", "LOGISTICS_PICKUP_DONE", AfterSaleStatus.SHIPPED_BACK),
        ("PROCESSING", "Delivered", AfterSaleStatus.SHIPPED_BACK),
        ("JUDGING", None, AfterSaleStatus.PENDING),
        ("SELLER_DISPUTE", None, AfterSaleStatus.PENDING),
        ("ACCEPTED", "LOGISTICS_DELIVERY_DONE", AfterSaleStatus.APPROVED),
        ("CLOSED", None, AfterSaleStatus.REFUSED),
        ("CANCELLED", None, AfterSaleStatus.WITHDRAWN),
        ("ELSEWHERE", None, AfterSaleStatus.UNKNOWN),
    ],
)
def test_a_return_stands_where_its_words_say(word: str, reverse: str | None, status: AfterSaleStatus) -> None:
    for spelling in ("reverse_logistics_status", "reverse_logistic_status"):
        assert returned(status=word, **{spelling: reverse}).status is status


@pytest.mark.parametrize(
    ("solution", "kind"),
    [(0, ReturnType.RETURN_AND_REFUND), (1, ReturnType.REFUND), ("1", ReturnType.REFUND), (7, ReturnType.UNKNOWN)],
)
def test_a_solution_of_nought_says_something(solution: Any, kind: ReturnType) -> None:
    found = returned(status="REQUESTED", return_solution=solution)
    assert (found.type, found.platform_type) == (kind, str(solution))


@pytest.mark.parametrize(("reason", "kept"), [(2, ("2",)), ([2, 3], ("2", "3")), ("x", ("x",)), ([], None), (None, None)])
def test_dispute_reasons_are_read_in_every_form(reason: Any, kept: tuple[str, ...] | None) -> None:
    assert returned(status="JUDGING", dispute_reason=reason).platform_more.get("dispute_reason") == kept


def test_lines_of_one_listing_in_a_return_are_told_apart() -> None:
    found = returned(item=[{"item_id": 7, "model_id": 1}, {"item_id": 7, "model_id": 2}, {"item_id": 8, "model_id": 0}])
    assert [line.platform_line_id for line in found.lines] == ["7:1", "7:2", "8"]


@pytest.mark.parametrize("spelling", ["true", "false"])
def test_a_flag_that_comes_as_text_is_read(spelling: str) -> None:
    found = one("product.get_item_base_info", ok({"item_list": [{"item_id": 7, "deboost": spelling}]}))
    assert isinstance(found, Listing)
    assert found.platform_more["deboost"] == spelling


@pytest.mark.parametrize("name", ["deboost_details", "deboosted_details"])
def test_both_spellings_of_what_lowers_a_listing_are_read(name: str) -> None:
    detail = {"violation_type": "Spam", "violation_reason": "Wrong Category", "fix_deadline_time": ""}
    parsed = parse("product.get_item_violation_info", ok({"item_list": [{"item_id": 7, name: [detail]}]}))
    breach = parsed.records[1]
    assert isinstance(breach, Violation)
    assert (breach.platform_category, breach.deadline_at, breach.platform_status) == ("Spam", None, "DEBOOST")
    assert parsed.problems == []


@pytest.mark.parametrize(
    ("operation", "name", "row"),
    [
        ("payment.get_billing_transaction_info", "transactions", {"amount": -1.5, "currency": "SGD"}),
        ("payment.get_payout_info", "payout_list", {"payout_amount": 1, "payout_currency": "SGD", "payout_time": JUNE}),
        ("account_health.get_metric_source_detail", "hd_listing_list", {"item_id": 7, "current_status": 0}),
    ],
)
def test_a_row_that_is_documented_as_an_object_is_read_either_way(operation: str, name: str, row: dict[str, Any]) -> None:
    for rows in (row, [row]):
        parsed = parse(operation, ok({name: rows, "metric_id": 96}))
        assert len(parsed.records) == 1
        assert parsed.problems == []


@pytest.mark.parametrize("spelling", ["metric_id", "metrics_id"])
@pytest.mark.parametrize("sent", [25, "25"])
def test_the_figure_behind_rows_is_named_either_way(spelling: str, sent: Any) -> None:
    rows = {spelling: sent, "fhr_order_list": [{"parcel_id": 9007199254740993, "handover_deadline": JUNE}], "total_count": 1}
    found = one("account_health.get_metric_source_detail", ok(rows))
    assert isinstance(found, Metric)
    assert (found.platform_metric, found.platform_part, found.ended_at) == ("25:source", "9007199254740993", AT_JUNE)


def test_days_behind_a_figure_have_counts() -> None:
    row = {"date": "2026-11-01", "scheduled_pickup_num": 10, "failed_pickup_num": 3, "opfr": 30, "target": "20"}
    found = one("account_health.get_metric_source_detail", ok({"metric_id": 27, "opfr_day_detail_data_list": [row]}))
    assert isinstance(found, Metric)
    assert (found.from_date, found.numerator, found.denominator) == ("2026-11-01", Decimal(3), Decimal(10))
    assert (found.value, found.unit, found.target) == (Decimal(30), "percent", Decimal(20))


@pytest.mark.parametrize(
    "payload",
    [
        {"income_detail_list": {"list": [{"order_sn": "A1"}]}},
        {"income_detail_list": {"income_detail_list_item": [{"order_sn": "A1"}]}},
        {"income_detail_list": {"income_detail_list_item": {"order_sn": "A1"}}},
        {"income_detail_list": [{"order_sn": "A1"}]},
    ],
)
def test_income_is_found_in_every_frame(payload: dict[str, Any]) -> None:
    row = one("payment.get_income_detail", ok(**payload))
    assert isinstance(row, Transaction)
    assert (row.platform_order_id, row.ledger) == ("A1", "unsettled")


@pytest.mark.parametrize(
    ("sent", "instant"),
    [
        (1614853200441470571, datetime(2021, 3, 4, 10, 20, 0, 441470, tzinfo=UTC)),
        (1614853200441, datetime(2021, 3, 4, 10, 20, 0, 441000, tzinfo=UTC)),
        (1614853200, datetime(2021, 3, 4, 10, 20, tzinfo=UTC)),
        (0, None),
        (10**30, None),
    ],
)
def test_nanoseconds_are_placed_and_so_is_what_is_none(sent: int, instant: datetime | None) -> None:
    found = one("sellerchat.get_one_conversation", ok({"conversation_id": 38732414516304685, "last_message_timestamp": sent}))
    assert isinstance(found, Conversation)
    assert (found.platform_conversation_id, found.updated_at) == ("38732414516304685", instant)


@pytest.mark.parametrize(
    ("members", "store", "role"),
    [
        ({"from_shop_id": 0, "to_shop_id": 7}, None, SenderRole.BUYER),
        ({"from_shop_id": 7, "to_shop_id": 0}, None, SenderRole.SELLER),
        ({"from_shop_id": 7, "to_shop_id": 8}, "7", SenderRole.SELLER),
        ({"from_shop_id": 7, "to_shop_id": 8}, "8", SenderRole.BUYER),
        ({"from_shop_id": 7, "to_shop_id": 8}, None, SenderRole.UNKNOWN),
        ({"from_shop_id": 7, "to_shop_id": 0, "status": "auto_reply"}, "7", SenderRole.ROBOT),
        ({"from_shop_id": 7, "to_shop_id": 0, "status": "offwork_autoreply"}, "7", SenderRole.ROBOT),
        ({"message_type": "notification"}, "7", SenderRole.SYSTEM),
        ({}, "7", SenderRole.UNKNOWN),
    ],
)
def test_a_message_is_by_whoever_wrote_it(members: dict[str, Any], store: str | None, role: SenderRole) -> None:
    about = {} if store is None else {"store": store}
    found = one("sellerchat.get_message", ok({"messages": [{"message_id": "5", **members}]}), **about)
    assert isinstance(found, Message)
    assert found.role is role


def test_messages_are_ordered_by_their_numbers() -> None:
    rows = [{"message_id": "2302748948493123953"}, {"message_id": "2302748948493123952"}, {"message_id": "x1"}]
    found = parse("sellerchat.get_message", ok({"messages": rows})).records
    assert [getattr(message, "position") for message in found] == [2302748948493123953, 2302748948493123952, None]  # noqa: B009


def wallet(*rows: dict[str, Any], market: str = "VN") -> list[Transaction]:
    parsed = parse("payment.get_wallet_transaction_list", ok({"transaction_list": list(rows)}), market=market)
    return [record for record in parsed.records if isinstance(record, Transaction)]


ROW = {"transaction_type": "ADJUSTMENT_ADD", "amount": 100, "create_time": JUNE, "status": "COMPLETED"}


def test_equal_movements_of_one_second_are_two_movements() -> None:
    found = wallet(ROW, ROW, {**ROW, "amount": 200}, ROW)
    assert len({one.platform_id for one in found}) == 4
    assert [one.platform_id for one in wallet(ROW, ROW)] == [one.platform_id for one in found[:2]]


def test_a_movement_with_a_number_keeps_it_whatever_repeats() -> None:
    row = {**ROW, "transaction_id": 5550001112223334445}
    assert {one.platform_id for one in wallet(row, row)} == {"5550001112223334445"}


@pytest.mark.parametrize(
    ("flow", "amount", "moves"), [("MONEY_OUT", -2500, -2500), ("MONEY_OUT", 2500, -2500), ("MONEY_IN", 48213, 48213)]
)
def test_money_goes_the_way_that_the_platform_says(flow: str, amount: int, moves: int) -> None:
    (found,) = wallet({**ROW, "amount": amount, "money_flow": flow})
    assert found.moves == Money(Decimal(moves), "VND")


@pytest.mark.parametrize(("market", "currency"), [("VN", "VND"), ("ID", "IDR"), ("SG", "SGD"), ("XX", None)])
def test_money_without_a_currency_is_in_that_of_the_site(market: str, currency: str | None) -> None:
    (found,) = wallet(ROW, market=market)
    assert found.amount == Money(Decimal(100), currency)


ESCROW_PLUS = (
    "original_cost_of_goods_sold", "seller_return_refund", "shopee_discount", "buyer_paid_shipping_fee",
    "shopee_shipping_rebate", "shipping_fee_discount_from_3pl", "rsf_seller_protection_fee_claim_amount",
    "buyer_paid_packaging_fee",
)  # fmt: skip
ESCROW_MINUS = (
    "original_shopee_discount", "voucher_from_seller", "seller_coin_cash_back", "actual_shipping_fee",
    "reverse_shipping_fee", "final_return_to_seller_shipping_fee", "seller_transaction_fee", "service_fee",
    "commission_fee", "campaign_fee", "shipping_seller_protection_fee_amount",
    "delivery_seller_protection_fee_premium_amount", "final_escrow_product_gst", "order_ams_commission_fee",
    "escrow_tax", "sales_tax_on_lvg", "reverse_shipping_fee_sst", "shipping_fee_sst", "withholding_tax",
    "overseas_return_service_fee", "vat_on_imported_goods", "withholding_vat_tax", "withholding_pit_tax",
    "withholding_cit_tax", "seller_order_processing_fee", "trade_in_bonus_by_seller", "fbs_fee",
    "ads_escrow_top_up_fee_or_technical_support_fee", "th_import_duty",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "market", "amount"),
    [("payment.get_escrow_detail", "SG", "6.06"), ("payment.get_escrow_detail_batch", "ID", "37719")],
)
def test_the_parts_of_an_orders_reckoning_add_up_to_it(shared_dir: Any, name: str, market: str, amount: str) -> None:
    """The platform's own formula (fact sheet, section 15) over what we keep."""
    body = (shared_dir / f"platforms/shopee/samples/{name}.json").read_bytes()
    found = parse(name, body, market=market).records[0]
    assert isinstance(found, Transaction)
    parts = {key: money.amount for key, money in found.fees.items()}
    plus = sum((parts.get(key, Decimal(0)) for key in ESCROW_PLUS), Decimal(0))
    minus = sum((parts.get(key, Decimal(0)) for key in ESCROW_MINUS), Decimal(0))
    assert found.amount is not None
    assert (found.amount.amount, plus - minus) == (Decimal(amount), Decimal(amount))
    assert found.amount.currency == {"SG": "SGD", "ID": "IDR"}[market]


def test_adjustments_made_later_stand_beside_their_order() -> None:
    adjusted = {"amount": -3.5, "date": JUNE, "currency": "SGD", "adjustment_reason": "late return"}
    income = {"escrow_amount": 10, "escrow_amount_pri": 7, "pri_currency": "CNY", "order_adjustment": [adjusted, adjusted]}
    parsed = parse("payment.get_escrow_detail", ok({"order_sn": "A1", "order_income": income}), market="SG")
    whole, first, second = (record for record in parsed.records if isinstance(record, Transaction))
    assert whole.fees["escrow_amount_pri"] == Money(Decimal(7), "CNY")
    assert (first.amount, first.at, first.platform_reason) == (Money(Decimal("-3.5"), "SGD"), AT_JUNE, "late return")
    assert len({whole.platform_id, first.platform_id, second.platform_id}) == 3


def test_a_shop_that_is_abroad_is_told_from_one_at_home() -> None:
    for is_cb, kind in ((True, "cross_border"), (False, "local"), (None, None)):
        body = ok(shop_name="A", region="SG", is_cb=is_cb, merchant_id=None)
        found = one("shop.get_shop_info", body, store="7")
        assert isinstance(found, StoreProfile)
        assert (found.platform_store_id, found.seller_type) == ("7", kind)


@pytest.mark.parametrize(("tag", "cancels"), [(5, AT_JUNE), (2, None), (1, None), (None, None)])
def test_only_one_tag_announces_that_the_platform_cancels(tag: int | None, cancels: datetime | None) -> None:
    body = ok({"package_list": [{"package_number": "P1", "status_info_tag": {"tag_id": tag, "timestamp": JUNE}}]})
    found = one("order.get_package_detail", body)
    assert isinstance(found, Package)
    assert (found.auto_cancel_at, found.platform_sub_status) == (cancels, None if tag is None else str(tag))


def test_a_number_that_comes_early_does_not_say_that_shipping_was_arranged() -> None:
    row = {"package_number": "P1", "fulfillment_status": "LOGISTICS_READY", "tracking_number": "X1"}
    found = one("order.get_package_detail", ok({"package_list": [row]}))
    assert isinstance(found, Package)
    assert (found.status, found.tracking_number) == ("to_arrange", "X1")


def test_fiscal_data_of_brazil_are_kept_by_their_names() -> None:
    invoice = {"number": "12", "series_number": "1", "access_key": "k" * 44, "total_value": 10.5, "status": "VALID"}
    row = {"order_sn": "A1", "order_status": "INVOICE_PENDING", "currency": "BRL", "invoice_data": invoice}
    found = one("order.get_order_detail", ok({"order_list": [row]}))
    assert isinstance(found, Order)
    assert found.amounts["invoice_data.total_value"] == Money(Decimal("10.5"), "BRL")
    assert found.platform_more["invoice_data.status"] == "VALID"


def test_everything_failed_still_says_why_for_each_part() -> None:
    rows = {"result_list": [{"order_sn": "A1", "fail_error": "logistics.order_not_exist", "fail_message": "gone"}]}
    parsed = parse(
        "logistics.create_shipping_document", {"error": "common.batch_api_all_failed", "message": "", "response": rows}
    )
    assert problems(parsed) == [("error", "platform"), ("response.result_list[0].fail_error", "platform")]


@pytest.mark.parametrize("warning", ["", "-", None, [], "success", {}])
def test_a_warning_that_says_nothing_is_none(warning: Any) -> None:
    assert parse("order.set_note", {**ok(), "warning": warning}).problems == []


@pytest.mark.parametrize("warning", ["some failed", ["some failed"], [{"order_sn": "A1"}]])
def test_a_warning_that_says_something_is_noted(warning: Any) -> None:
    (problem,) = parse("order.set_note", {**ok(), "warning": warning}).problems
    assert (problem.field, problem.level) == ("warning", Level.NOTE)


def test_a_label_is_its_bytes_and_a_refusal_an_envelope() -> None:
    parsed = parse("logistics.download_shipping_document", b"%PDF-1.4 label")
    assert (parsed.answer, parsed.receipt, parsed.failed) == (b"%PDF-1.4 label", {"size": "14"}, False)


def test_variations_whose_index_leads_nowhere_keep_what_is_known() -> None:
    tiers = [listings.Tier(name="Colour", option_list=[listings.Option(option="Blue")]), listings.Tier(name="Size")]
    for index, name in (([0, 0], "Blue"), ([7, 7], None), ([-1], None), ([], None), (None, None)):
        assert listings.variant_of(tiers, listings.Model(tier_index=index)) == name


# Webhooks.


def pushed(body: Any) -> list[Push]:
    return [record for record in parse("push", body).records if isinstance(record, Push)]


def test_data_may_come_as_text() -> None:
    (found,) = pushed({"code": 3, "shop_id": 7, "timestamp": JUNE, "data": '{"ordersn":"A1","status":"SHIPPED"}'})
    assert (found.platform_order_id, found.platform_status, found.platform_store_id) == ("A1", "SHIPPED", "7")
    assert found.sent_at == AT_JUNE


@pytest.mark.parametrize("spelling", ["ordersn", "order_sn"])
def test_an_order_is_named_either_way(spelling: str) -> None:
    (found,) = pushed({"code": 15, "shop_id": 7, "data": {spelling: "A1", "package_number": "P1"}})
    assert (found.topic, found.platform_order_id, found.platform_package_ids) == ("package", "A1", ("P1",))


@pytest.mark.parametrize(
    ("data", "shops"),
    [
        ({"shopid": 7}, ["7"]),
        ({"shop_id": 7}, ["7"]),
        ({"shop_id_list": [7, 8]}, ["7", "8"]),
        ({"extra": "shop 22000000 (VN) cancelled"}, ["22000000"]),
        ({"extra": "shop_id: 22000000"}, ["22000000"]),
        ({"extra": "nothing named"}, [None]),
    ],
)
def test_the_end_of_an_authorisation_is_told_to_every_shop_it_names(data: dict[str, Any], shops: list[str | None]) -> None:
    found = pushed({"code": 2, "partner_id": 1, "data": data})
    assert [push.platform_store_id for push in found] == shops
    assert {push.topic for push in found} == {"authorisation_lost"}


def test_a_merchants_end_is_no_shops_end() -> None:
    (found,) = pushed({"code": 2, "data": {"merchant_id_list": [1000123], "extra": "merchant cancelled"}})
    assert (found.topic, found.platform_store_id) == ("merchant_authorisation_lost", None)


def test_a_test_of_the_address_is_read_for_a_report_and_stored_nowhere() -> None:
    assert pushed({"code": 0, "data": {"verify_info": "hello"}})[0].topic == "test"
    assert parse_pushes(b'{"code":0,"data":{"verify_info":"hello"}}') == ()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"code":null}', b'{"code":"x"}', b"7"])
def test_what_is_no_webhook_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload):
        parse_pushes(body)


def test_an_unknown_code_is_kept_and_its_topic_unknown() -> None:
    (found,) = parse_pushes(b'{"code":99,"shop_id":7,"timestamp":1655438336,"data":{"anything":1}}')
    assert (found.platform_topic, found.topic, found.platform_store_id) == ("99", "unknown", "7")


def test_prices_in_a_webhook_keep_their_digits() -> None:
    data = {"item_id": 7, "update_field": "original_price", "old_value": 119.99, "new_value": 99.9}
    (found,) = pushed({"code": 22, "shop_id": 7, "data": data})
    assert (found.platform_more["old_value"], found.platform_more["new_value"]) == ("119.99", "99.9")
