"""Orders: what is asked, and what becomes of the answer, values written out."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from storeward.canon import AfterSaleStatus, Cancellation, FulfillmentBy, Order, OrderStatus
from storeward.connectors import wire
from storeward.connectors.contract import Ask
from storeward.connectors.shopee import orders
from storeward.connectors.shopee.codes import ORDER_STATUS
from storeward.lib.money import Money

from .samples import money, ok, parse, parse_sample, problems, told

SINCE = datetime(2025, 12, 1, tzinfo=UTC)


def order(**members: Any) -> Any:
    """One order in a good answer, with those members."""
    whole = {"order_sn": "2512017TFPB0HF", "order_status": "READY_TO_SHIP", "currency": "SGD", **members}
    return ok({"order_list": [whole]})


def only(**members: Any) -> Order:
    found = parse("order.get_order_detail", order(**members)).records[0]
    assert isinstance(found, Order)
    return found


def test_a_finished_order_is_read_whole(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order.get_order_detail")
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "order",
            "platform_order_id": "2404098R48U37H",
            "platform_status": "COMPLETED",
            "status": "completed",
            "type": "standard",
            "platform_buyer_id": "1170319091",
            "platform_fulfillment": "fulfilled_by_local_seller",
            "fulfillment_by": "seller",
            "platform_more": {
                "region": "VN",
                "shipping_carrier": "Giao Hàng Nhanh",
                "payment_method": "Cash on Delivery",
                "split_up": "false",
                "actual_shipping_fee_confirmed": "true",
                "goods_to_declare": "false",
            },
            "total": money("32119", "VND"),
            "cash_on_delivery": True,
            "handling_days": 2,
            "placed_at": "2024-04-08T18:39:51Z",
            "paid_at": "2024-04-11T06:42:46Z",
            "updated_at": "2024-04-15T00:12:28Z",
            "ship_by_at": "2024-04-09T14:00:00Z",
            "collect_by_at": "2024-04-09T14:00:00Z",
            "collected_at": "2024-04-10T05:22:57Z",
            "amounts": {"estimated_shipping_fee": money("5000", "VND"), "reverse_shipping_fee": money("0", "VND")},
            "lines": [
                {
                    "platform_line_id": "23620853561",
                    "status": "completed",
                    "platform_listing_id": "23620853561",
                    "platform_sku_id": "221404189791",
                    "seller_sku": "QAZ-05",
                    "title": "🦋giảm giá🦋 Kem dưỡng da 60g (Papaya / Coconut)",
                    "variant": "60g（Papaya）",
                    "quantity": 1,
                    "price": money("48000", "VND"),
                    "amounts": {"model_original_price": money("300000", "VND")},
                    "platform_package_id": "OFG166300791210964",
                    "platform_more": {
                        "promotion_type": "flash_sale",
                        "promotion_id": "779222207758537",
                        "product_location_id": ["VN10XX2UZ"],
                    },
                }
            ],
            "packages": [
                {
                    "platform_package_id": "OFG166300791210964",
                    "platform_carrier": "5-Day Delivery (SPX)",
                    "platform_carrier_id": "18080",
                    "platform_status": "LOGISTICS_DELIVERY_DONE",
                    "platform_line_ids": ["23620853561"],
                }
            ],
        }
    ]


def test_a_split_order_has_each_line_in_its_package(shared_dir: Path) -> None:
    first = parse_sample(shared_dir, "order.get_order_detail.split_and_in_cancel").records[0]
    assert isinstance(first, Order)
    assert first.total == Money(Decimal("57.4"), "SGD")
    assert first.ship_by_at == datetime(2025, 12, 3, 7, 16, 5, tzinfo=UTC)
    lines = [(line.platform_line_id, line.quantity, line.price, line.platform_package_id) for line in first.lines]
    assert lines == [
        ("18614185187", 2, Money(Decimal("17.5"), "SGD"), "OFG218268963204539"),
        ("18614185188", 1, Money(Decimal("22.4"), "SGD"), "OFG218268963204540"),
    ]
    assert [(package.platform_package_id, package.platform_status) for package in first.packages] == [
        ("OFG218268963204539", "LOGISTICS_READY"),
        ("OFG218268963204540", "LOGISTICS_REQUEST_CREATED"),
    ]
    assert first.lines[1].platform_sku_id is None


def test_a_buyers_wish_to_cancel_stands_beside_its_order(shared_dir: Path) -> None:
    _, held, wish = parse_sample(shared_dir, "order.get_order_detail.split_and_in_cancel").records
    assert isinstance(held, Order)
    assert isinstance(wish, Cancellation)
    assert (held.platform_status, held.status) == ("IN_CANCEL", OrderStatus.ON_HOLD)
    assert (wish.platform_id, wish.platform_order_id, wish.status) == (held.platform_id, held.platform_id, "pending")
    assert (wish.platform_role, wish.platform_reason) == ("buyer", "Change of mind")
    assert wish.refund_asked == Money(Decimal("25.5"), "MYR")
    assert wish.answer_by_at is None  # the platform gives no instant for it


@pytest.mark.parametrize(
    ("status", "ended"),
    [("CANCELLED", AfterSaleStatus.COMPLETED), ("READY_TO_SHIP", AfterSaleStatus.REFUSED)],
)
def test_a_wish_that_was_answered_says_how(status: str, ended: AfterSaleStatus) -> None:
    body = order(order_status=status, buyer_cancel_reason="Change of mind")
    _, wish = parse("order.get_order_detail", body).records
    assert isinstance(wish, Cancellation)
    assert wish.status is ended


def test_an_order_that_was_cancelled_without_a_wish_is_an_order_only() -> None:
    body = order(order_status="CANCELLED", cancel_by="system", cancel_reason="Unpaid Order")
    (found,) = parse("order.get_order_detail", body).records
    assert isinstance(found, Order)
    assert (found.platform_cancelled_by, found.platform_cancel_reason) == ("system", "Unpaid Order")


@pytest.mark.parametrize(("word", "reading"), ORDER_STATUS.items())
def test_every_word_of_the_state_machine_is_known(word: str, reading: OrderStatus) -> None:
    found = only(order_status=word)
    assert (found.platform_status, found.status) == (word, reading)


def test_an_unknown_word_stays_and_is_noted() -> None:
    parsed = parse("order.get_order_detail", order(order_status="TELEPORTED"))
    (found,) = parsed.records
    assert isinstance(found, Order)
    assert (found.platform_status, found.status) == ("TELEPORTED", OrderStatus.UNKNOWN)
    assert problems(parsed) == [("response.order_list[0].order_status", "note")]


@pytest.mark.parametrize(
    ("flag", "by"),
    [
        ("fulfilled_by_shopee", FulfillmentBy.PLATFORM),
        ("fulfilled_by_cb_seller", FulfillmentBy.SELLER),
        ("fulfilled_by_local_seller", FulfillmentBy.SELLER),
        ("", FulfillmentBy.SELLER),
        ("fulfilled_by_drone", FulfillmentBy.UNKNOWN),
    ],
)
def test_who_owes_the_parcel_is_read(flag: str, by: FulfillmentBy) -> None:
    assert only(fulfillment_flag=flag).fulfillment_by is by


@pytest.mark.parametrize("nothing", [0, None, ""])
def test_zero_null_and_empty_text_are_no_instant(nothing: Any) -> None:
    found = only(pay_time=nothing, ship_by_date=nothing, pickup_done_time=nothing, create_time=1764390000)
    assert (found.paid_at, found.ship_by_at, found.collected_at) == (None, None, None)
    assert found.placed_at == datetime(2025, 11, 29, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "currency", "amount"),
    [("48000", "VND", "48000"), ("32119.5", "IDR", "32119.5"), ("0.1", "SGD", "0.1"), ('"12.30"', "MYR", "12.30")],
)
def test_amounts_are_kept_exactly_and_never_scaled(sent: str, currency: str, amount: str) -> None:
    row = f'{{"order_sn":"A1","order_status":"UNPAID","currency":"{currency}","total_amount":{sent}}}'
    body = f'{{"error":"","response":{{"order_list":[{row}]}}}}'.encode()
    (found,) = parse("order.get_order_detail", body).records
    assert isinstance(found, Order)
    assert found.total == Money(Decimal(amount), currency)


def item(item_id: int, model_id: int, order_item_id: int, **more: Any) -> dict[str, Any]:
    named = {"item_id": item_id, "model_id": model_id, "order_item_id": order_item_id}
    return {**named, "model_quantity_purchased": 1, "model_discounted_price": 1, **more}


def test_lines_of_one_listing_are_told_apart_and_found_in_their_packages() -> None:
    items = [item(7, 1, 7), item(7, 2, 7), item(8, 0, 8)]
    inside = [{"item_list": [items[1]], "package_number": "P1"}, {"item_list": [items[0], items[2]], "package_number": "P2"}]
    found = only(item_list=items, package_list=inside)
    assert [line.platform_line_id for line in found.lines] == ["7:1", "7:2", "8"]
    assert [line.platform_package_id for line in found.lines] == ["P2", "P1", "P2"]
    assert [package.platform_line_ids for package in found.packages] == [("7:2",), ("7:1", "8")]


def test_even_equal_lines_keep_an_id_of_their_own() -> None:
    found = only(item_list=[item(7, 1, 7), item(7, 1, 7), item(7, 1, 7)])
    assert len({line.platform_line_id for line in found.lines}) == 3


def test_ids_beyond_what_a_double_holds_keep_every_digit() -> None:
    found = only(buyer_user_id=9007199254740993, item_list=[item(9223372036854775807, 9007199254740995, 1)])
    assert found.platform_buyer_id == "9007199254740993"
    assert (found.lines[0].platform_listing_id, found.lines[0].platform_sku_id) == (
        "9223372036854775807",
        "9007199254740995",
    )


@pytest.mark.parametrize("places", ["SGZ", ["SGZ"]])
def test_a_stock_location_is_read_as_text_and_as_a_list(places: Any) -> None:
    found = only(item_list=[item(7, 1, 7, product_location_id=places)])
    assert found.lines[0].platform_more["product_location_id"] == ("SGZ",)


def test_an_order_without_a_number_costs_itself_only() -> None:
    good = {"order_sn": "A1", "order_status": "UNPAID"}
    parsed = parse("order.get_order_detail", ok({"order_list": [{"order_status": "UNPAID"}, 7, None, good]}))
    assert [record.platform_id for record in parsed.records] == ["A1"]
    assert problems(parsed)[0] == ("response.order_list[0].order_sn", "error")
    assert ("response.order_list[1]", "error") in problems(parsed)


def test_one_odd_field_costs_that_field_only() -> None:
    found = parse("order.get_order_detail", order(total_amount="many", create_time="1764390000", cod="true", days_to_ship=[]))
    (one,) = found.records
    assert isinstance(one, Order)
    assert (one.total, one.cash_on_delivery, one.handling_days) == (None, True, None)
    assert one.placed_at == datetime(2025, 11, 29, 4, 20, tzinfo=UTC)
    assert ("response.order_list[0].total_amount", "error") in problems(found)


def test_the_list_gives_numbers_and_a_cursor(shared_dir: Path) -> None:
    first = parse_sample(shared_dir, "order.get_order_list.page1")
    assert first.next_page == "20"
    assert [record.platform_id for record in first.records][:2] == ["201218V2Y6E59M", "201218V2W2SG1E"]
    last = parse_sample(shared_dir, "order.get_order_list.page2")
    assert last.next_page is None
    assert [(r.platform_status, r.status) for r in last.records if isinstance(r, Order)] == [
        ("READY_TO_SHIP", OrderStatus.TO_SHIP),
        ("COMPLETED", OrderStatus.COMPLETED),
    ]
    assert told(last)[1]["platform_more"] == {"booking_sn": "201214V2Y6E59M"}


def test_an_empty_page_is_no_problem() -> None:
    empty: tuple[list[Any] | None, ...] = ([], None)
    for listed in empty:
        parsed = parse("order.get_order_list", ok({"order_list": listed, "more": False, "next_cursor": ""}))
        assert (parsed.items, parsed.problems, parsed.next_page, parsed.failed) == ([], [], None, False)


def test_a_span_is_asked_by_change_and_is_never_longer_than_fifteen_days() -> None:
    query = orders.list_orders_request(Ask(since=SINCE)).query
    assert query["time_range_field"] == "update_time"
    assert int(query["time_to"]) - int(query["time_from"]) == 15 * 86_400
    bounded = orders.list_orders_request(Ask(since=SINCE, until=SINCE + timedelta(hours=1))).query
    assert int(bounded["time_to"]) - int(bounded["time_from"]) == 3600
    wide = orders.list_orders_request(Ask(since=SINCE, until=SINCE + timedelta(days=40))).query
    assert int(wide["time_to"]) - int(wide["time_from"]) == 15 * 86_400


def test_the_detail_names_every_optional_field_that_it_reads() -> None:
    asked = set(orders.order_detail_request(["A1"]).query["response_optional_fields"].split(","))
    assert {"item_list", "package_list", "total_amount", "pay_time", "fulfillment_flag", "buyer_cancel_reason"} <= asked
    assert "recipient_address" not in asked
    with pytest.raises(ValueError, match="1 to 50"):
        orders.order_detail_request([f"A{number}" for number in range(51)])


def page_of(shared_dir: Path, size: int) -> bytes:
    """Orders of the published shape, each with a number of its own."""
    sample = json.loads((shared_dir / "platforms/shopee/samples/order.get_order_detail.json").read_text())
    one = sample["response"]["order_list"][0]
    return msgspec.json.encode(ok({"order_list": [{**one, "order_sn": f"2404098R4{number:05}"} for number in range(size)]}))


def test_a_page_that_fits_is_read_in_one_go(shared_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the speed rests on, which the benchmarks measure: field by field is for what does not fit."""
    monkeypatch.delattr(wire, "_read_leniently")
    assert len(parse("order.get_order_detail", page_of(shared_dir, 30)).items) == 30
