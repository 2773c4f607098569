"""The order's own rules: moves, deadlines, money and paging, for whatever people do."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storeward_sandbox.clock import DAY, HOUR, Instant, parse_instant
from storeward_sandbox.countries import end_of_working_day, local_day
from storeward_sandbox.ids import Ids
from storeward_sandbox.tests.support import ask, checked, go, make_shop, told
from storeward_sandbox.tiktok_shop.buying import Wish, order_now
from storeward_sandbox.tiktok_shop.errors import ApiError
from storeward_sandbox.tiktok_shop.ids import SHAPES
from storeward_sandbox.tiktok_shop.markets import MARKETS, deadlines
from storeward_sandbox.tiktok_shop.money import text
from storeward_sandbox.tiktok_shop.order_view import order_view
from storeward_sandbox.tiktok_shop.orders import (
    Order,
    Plan,
    cancel,
    change_address,
    complete_refunded,
    request_cancel,
    withdraw_cancel,
)
from storeward_sandbox.tiktok_shop.shop import Shop

MOVES = {
    "UNPAID": {"ON_HOLD", "AWAITING_SHIPMENT", "CANCELLED"},
    "ON_HOLD": {"AWAITING_SHIPMENT", "CANCELLED"},
    "AWAITING_SHIPMENT": {"PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "CANCELLED"},
    "PARTIALLY_SHIPPING": {"PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "CANCELLED"},
    "AWAITING_COLLECTION": {"IN_TRANSIT", "CANCELLED", "COMPLETED"},
    "IN_TRANSIT": {"DELIVERED", "CANCELLED", "COMPLETED"},
    "DELIVERED": {"COMPLETED"},
    "COMPLETED": set(),
    "CANCELLED": set(),
}
seconds = st.one_of(st.none(), st.integers(0, 6 * DAY))
plans = st.builds(Plan, pays=seconds, changes_mind=seconds, arranges=seconds, scans=seconds, delivers=seconds, completes=seconds)


def placed(shop: Shop, plan: Plan, wish: Wish | None = None) -> Order:
    order = order_now(shop, plan, wish or Wish(by_platform=False, shipping_type="TIKTOK"))
    assert order is not None
    return order


def statuses(shop: Shop, order: Order) -> list[str]:
    """What webhook 1 told of the order, in the list's own words."""
    words = [data["order_status"] for data in told(shop, 1) if data["order_id"] == order.id]
    return ["CANCELLED" if word == "CANCEL" else word for word in words]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    plan=st.builds(
        Plan, pays=seconds, changes_mind=seconds, arranges=seconds, scans=seconds, delivers=seconds, completes=seconds
    ),
    region=st.sampled_from(["MY", "US", "GB"]),
    units=st.integers(1, 3),
    by_platform=st.booleans(),
)
def test_whatever_people_do_an_order_moves_along_the_table(plan: Plan, region: str, units: int, by_platform: bool) -> None:
    shop = SHOPS.setdefault(region, make_shop(region))
    order = placed(shop, plan, Wish(units=units, by_platform=by_platform, shipping_type="TIKTOK"))
    go(shop, 40 * DAY)
    seen = statuses(shop, order)
    assert all(after in MOVES[before] for before, after in pairwise(seen)), seen
    if plan.completes is not None or seen[-1] != "DELIVERED":
        assert order.status in ("COMPLETED", "CANCELLED")
    times = [order.create_time, order.confirmed_time, order.rts_time, order.collection_time, order.delivery_time]
    passed = [instant for instant in times if instant]
    assert passed == sorted(passed)
    assert {line.status for line in order.lines} <= {"COMPLETED", "DELIVERED", "CANCELLED"}


SHOPS: dict[str, Shop] = {}


def test_an_order_nobody_arranges_is_cancelled_by_the_platform_at_its_deadline() -> None:
    shop = make_shop("MY")
    order = placed(shop, Plan(pays=0, arranges=None))
    go(shop, 1)
    due = order.due.shipping_due_time
    shop.touch(due - 1)
    assert order.status == "AWAITING_SHIPMENT"
    shop.touch(due)
    assert (order.status, order.cancellation_initiator, order.cancel_time, order.late) == ("CANCELLED", "SYSTEM", due, True)
    assert all(shop.packages[package_id].status == "CANCELLED" for package_id in order.package_ids)


def test_an_order_nobody_scans_is_cancelled_too_and_the_next_deadline_counts() -> None:
    shop = make_shop("TH")
    order = placed(shop, Plan(pays=0, arranges=2 * HOUR, scans=None))
    go(shop, 4 * HOUR)
    assert order.status == "AWAITING_COLLECTION"
    shop.touch(order.due.shipping_due_time + 1)
    assert order.status == "AWAITING_COLLECTION"
    shop.touch(order.due.collection_due_time)
    assert order.status == "CANCELLED"


def test_a_lost_parcel_is_cancelled_at_its_delivery_deadline() -> None:
    shop = make_shop("MY")
    order = placed(shop, Plan(pays=0, arranges=HOUR, scans=HOUR, delivers=None))
    go(shop, 4 * HOUR)
    assert order.status == "IN_TRANSIT"
    shop.touch(order.due.delivery_due_time)
    assert order.status == "CANCELLED"


def test_an_unpaid_order_is_cancelled_after_a_day() -> None:
    shop = make_shop("US")
    order = placed(shop, Plan(pays=None))
    go(shop, DAY - 1)
    assert order.status == "UNPAID"
    go(shop, 1)
    assert (order.status, order.due.rts_sla_time) == ("CANCELLED", 0)


def test_the_hold_lasts_an_hour_and_great_britain_has_none() -> None:
    shop = make_shop("SG")
    order = placed(shop, Plan(pays=0, arranges=None))
    go(shop, HOUR - 1)
    assert order.status == "ON_HOLD"
    go(shop, 1)
    assert order.status == "AWAITING_SHIPMENT"
    british = make_shop("GB")
    at_once = placed(british, Plan(pays=0, arranges=None))
    go(british, 0)
    assert at_once.status == "AWAITING_SHIPMENT"


def test_cash_on_delivery_is_paid_at_the_door() -> None:
    shop = make_shop("VN")
    order = placed(shop, Plan(pays=0, arranges=HOUR, scans=HOUR, delivers=HOUR, completes=None))
    order.is_cod = True
    go(shop, 2 * HOUR)
    assert order_view(shop, order)["paid_time"] == 0
    go(shop, 3 * HOUR)
    assert order.paid_time == order.delivery_time > 0


def test_a_request_to_cancel_stops_the_seller_until_it_is_off_the_table() -> None:
    shop = make_shop("MY")
    order = placed(shop, Plan(pays=0, arranges=3 * HOUR))
    go(shop, 2 * HOUR)
    request_cancel(shop, order)
    assert order_view(shop, order)["is_buyer_request_cancel"] is True
    go(shop, 3 * HOUR)
    assert order.status == "AWAITING_SHIPMENT"
    withdraw_cancel(shop, order)
    go(shop, 2 * HOUR)
    assert order.status == "AWAITING_COLLECTION"


def test_an_order_is_cancelled_only_with_its_last_line() -> None:
    shop = make_shop("US")
    order = placed(shop, Plan(pays=0, arranges=None), Wish(units=2, by_platform=False))
    go(shop, HOUR)
    cancel(shop, order, reason="out of stock", initiator="SELLER", lines=order.lines[:1])
    assert (order.status, [line.status for line in order.lines]) == ("AWAITING_SHIPMENT", ["CANCELLED", "AWAITING_SHIPMENT"])
    cancel(shop, order, reason="out of stock", initiator="SELLER")
    assert order.status == "CANCELLED"
    assert order_view(shop, order)["line_items"][0]["cancel_user"] == "SELLER"


def test_a_changed_address_is_told_and_shown() -> None:
    shop = make_shop("US")
    order = placed(shop, Plan(pays=0, arranges=None), Wish(by_platform=False, shipping_type="SELLER"))
    go(shop, HOUR)
    change_address(shop, order, "5 New Road")
    assert told(shop, 3) == [{"order_id": order.id, "update_time": shop.now}]
    shown = order_view(shop, order)
    assert (shown["has_updated_recipient_address"], shown["recipient_address"]["address_line1"]) == (True, "5 New Road")


def test_buyers_are_masked_where_the_platform_ships() -> None:
    shop = make_shop("US")
    platform = placed(shop, Plan(pays=0, arranges=None))
    own = placed(shop, Plan(pays=0, arranges=None), Wish(by_platform=False, shipping_type="SELLER"))
    go(shop, HOUR)
    assert "*" in order_view(shop, platform)["recipient_address"]["name"]
    assert order_view(shop, own)["recipient_address"]["name"] == own.buyer.name


def test_a_fully_refunded_order_is_over() -> None:
    shop = make_shop("MY")
    order = placed(shop, Plan(pays=0, arranges=HOUR, scans=HOUR, delivers=HOUR, completes=None))
    go(shop, 5 * HOUR)
    assert order.status == "DELIVERED"
    complete_refunded(shop, order)
    assert order.status == "COMPLETED"


@pytest.mark.parametrize("region", sorted(MARKETS))
def test_amounts_add_up_in_every_market(region: str) -> None:
    shop = make_shop(region, cross_border=region == "SG")
    for order in shop.orders.values():
        view = order_view(shop, order)
        paid = {name: Decimal(amount) for name, amount in view["payment"].items() if name != "currency"}
        assert paid["sub_total"] == paid["original_total_product_price"] - paid["seller_discount"] - paid["platform_discount"]
        assert paid["total_amount"] == paid["sub_total"] + paid["shipping_fee"] + paid["tax"]
        assert paid["sub_total"] == sum(Decimal(line["sale_price"]) for line in view["line_items"])
        assert paid["total_amount"] > 0


def test_the_price_detail_agrees_with_the_order() -> None:
    shop = make_shop("US")
    for order in list(shop.orders.values())[:5]:
        price = checked(shop, "getOrderPriceDetails", ids={"order_id": order.id})
        assert price["payment"] == order_view(shop, order)["payment"]["total_amount"]
        lines = sum(Decimal(line["payment"]) for line in price["line_items"])
        assert lines + Decimal(price["shipping_sale_price"]) == Decimal(price["payment"])
    with pytest.raises(ApiError):
        ask(shop, "getOrderPriceDetails", ids={"order_id": "1"})


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.sampled_from(sorted(MARKETS)))
def test_amounts_are_plain_decimal_text(amount: Decimal, region: str) -> None:
    written = text(MARKETS[region], amount)
    assert "e" not in written.lower()
    assert abs(Decimal(written) - amount) <= Decimal("0.5")


# --- deadlines --------------------------------------------------------------------------------------------------------


def at(text_: str) -> Instant:
    return parse_instant(text_)


@pytest.mark.parametrize(
    ("region", "placed_at", "rts", "cancelled"),
    [
        ("MY", "2026-11-18T03:15:00Z", "2026-11-20T15:59:59Z", "2026-11-20T15:59:59Z"),
        ("TH", "2026-11-20T03:15:00Z", "2026-11-24T16:59:59Z", "2026-11-24T16:59:59Z"),
        ("US", "2026-11-18T20:00:00Z", "2026-11-21T07:59:59Z", "2026-12-01T07:59:59Z"),
    ],
)
def test_deadlines_count_working_days_in_the_markets_own_zone(region: str, placed_at: str, rts: str, cancelled: str) -> None:
    due = deadlines(MARKETS[region], placed=at(placed_at), cross_border=False, platform_ships=True)
    assert (due.rts_sla_time, due.shipping_due_time) == (at(rts), at(cancelled))


def test_cross_border_counts_hours_and_calendar_days() -> None:
    due = deadlines(MARKETS["MY"], placed=at("2026-11-20T03:00:00Z"), cross_border=True, platform_ships=True)
    assert due.rts_sla_time == at("2026-11-22T03:00:00Z")
    assert due.tts_sla_time == at("2026-11-23T15:59:59Z")


@given(st.sampled_from(sorted(MARKETS)), st.integers(at("2026-01-01"), at("2027-06-01")), st.booleans(), st.booleans())
def test_deadlines_come_in_their_order_and_after_the_order(region: str, instant: Instant, abroad: bool, platform: bool) -> None:
    due = deadlines(MARKETS[region], placed=instant, cross_border=abroad, platform_ships=platform)
    assert instant < due.rts_sla_time <= due.shipping_due_time <= due.collection_due_time < due.delivery_due_time
    assert due.rts_sla_time <= due.tts_sla_time <= due.collection_due_time


@given(st.sampled_from(sorted(MARKETS)), st.integers(at("2026-01-01"), at("2027-06-01")), st.integers(1, 7))
def test_a_working_day_is_no_weekend_and_one_more_day_is_later(region: str, instant: Instant, count: int) -> None:
    market = MARKETS[region]
    end = end_of_working_day(market, instant, count)
    day: date = local_day(market, end)
    assert day.weekday() < 5
    assert day - local_day(market, instant) >= timedelta(days=count)
    assert end < end_of_working_day(market, instant, count + 1)
    assert datetime.fromtimestamp(end, market.tz).strftime("%H:%M:%S") == "23:59:59"
    assert datetime.fromtimestamp(end, UTC).tzinfo is UTC


def test_a_public_holiday_is_no_working_day() -> None:
    christmas_eve = at("2026-12-24T03:00:00Z")
    assert local_day(MARKETS["SG"], end_of_working_day(MARKETS["SG"], christmas_eve, 1)) == date(2026, 12, 28)


@given(st.integers(1, 1000), st.lists(st.sampled_from(["order", "line", "package", "after_sale"]), max_size=60))
def test_ids_never_repeat_within_and_between_shops(number: int, kinds: list[str]) -> None:
    one, other = Ids(number, SHAPES), Ids(number + 1, SHAPES)
    made = [ids.new(kind) for kind in kinds for ids in (one, other)]
    assert len(made) == len(set(made))
    assert all(each.isdigit() and int(each) < 2**63 for each in made)
