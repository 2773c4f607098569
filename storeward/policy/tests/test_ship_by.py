"""Shipping clocks on both sides of their moments, and the fast path against the slow count (C6 to C8, C15, C20, C21)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from storeward.policy.calendars import for_store
from storeward.policy.facts import OrderFacts
from storeward.policy.judge import judge
from storeward.policy.rules.ship_by import STEPS, order_obligations
from storeward.policy.types import Obligation

from .cast import case, moments, profile, told

PH = {"region": "PH"}
US_HOLIDAYS = ["2026-07-03", "2026-09-07", "2026-11-26"]


def _order(placed: str, type: str | None = "standard", **more: Any) -> dict[str, Any]:
    return {"order_id": "o", "placed_at": placed, "type": type, **more}


def _facts(order: dict[str, Any], holidays: list[str] | None = None) -> dict[str, Any]:
    return {"orders": [order], "holidays": holidays or []}


def _due(order: dict[str, Any], region: str, rule: str, holidays: list[str] | None = None, **store: Any) -> str | None:
    """When a row is due, read long afterwards, when everything open is broken."""
    found = told(_facts(order, holidays), "2027-06-01T00:00:00Z", region, **store).get(rule)
    return found[0].due_at if found else None


OPEN = {
    "rts_at": None,
    "tracking_added_at": None,
    "shipped_at": None,
    "scanned_at": None,
    "in_transit_at": None,
    "delivered_at": None,
}


@pytest.mark.parametrize(
    ("region", "placed", "type", "rule", "due_at"),
    [
        # Wednesday 5 August 2026 in Manila, from its first to its last second
        ("PH", "2026-08-04T16:00:00Z", "standard", "TTS-SEA-SHIP-2WD", "2026-08-07T15:59:59Z"),
        ("PH", "2026-08-05T15:59:59Z", "standard", "TTS-SEA-SHIP-2WD", "2026-08-07T15:59:59Z"),
        ("PH", "2026-08-05T16:00:00Z", "standard", "TTS-SEA-SHIP-2WD", "2026-08-10T15:59:59Z"),
        ("PH", "2026-08-08T02:00:00Z", "standard", "TTS-SEA-SHIP-2WD", "2026-08-11T15:59:59Z"),
        ("PH", "2026-08-05T02:00:00Z", "standard", "TTS-SEA-AUTOCANCEL-RTS", "2026-08-07T15:59:59Z"),
        ("PH", "2026-08-05T02:00:00Z", "standard", "TTS-SEA-AUTOCANCEL-COLLECT", "2026-08-10T15:59:59Z"),
        # Viet Nam: 14:00 local is 07:00 UTC; Friday 7 August
        ("VN", "2026-08-07T06:59:59Z", "standard", "TTS-VN-SHIP-CUT14", "2026-08-07T16:59:59Z"),
        ("VN", "2026-08-07T07:00:00Z", "standard", "TTS-VN-SHIP-CUT14", "2026-08-10T16:59:59Z"),
        ("VN", "2026-08-08T02:00:00Z", "standard", "TTS-VN-SHIP-CUT14", "2026-08-10T16:59:59Z"),
        ("VN", "2026-08-07T02:00:00Z", "standard", "TTS-SEA-SHIP-2WD", None),
        # the United Kingdom in summer time
        ("UK", "2026-08-05T22:59:59Z", "standard", "TTS-UK-LDR", "2026-08-07T22:59:59Z"),
        ("UK", "2026-08-05T23:00:00Z", "standard", "TTS-UK-LDR", "2026-08-10T22:59:59Z"),
        # the United States: Monday 29 June, Independence Day observed on 3 July
        ("US", "2026-06-29T20:00:00Z", "standard", "TTS-US-SHIP-INTRANSIT", "2026-07-02T06:59:59Z"),
        ("US", "2026-06-29T20:00:00Z", "standard", "TTS-US-DELIVER-6BD", "2026-07-09T06:59:59Z"),
        ("US", "2026-06-29T20:00:00Z", "standard", "TTS-US-AUTOCANCEL-7BD", "2026-07-10T06:59:59Z"),
        ("US", "2026-06-29T20:00:00Z", "made_to_order", "TTS-US-SHIP-INTRANSIT", None),
    ],
)
def test_each_clock_ends_at_its_moment(region: str, placed: str, type: str, rule: str, due_at: str | None) -> None:
    assert _due(_order(placed, type, **OPEN), region, rule, US_HOLIDAYS if region == "US" else None) == due_at


@pytest.mark.parametrize(
    ("type", "handling", "rule", "due_at"),
    [
        # placed on Monday 10 August 2026, Pacific
        ("made_to_order", 5, "TTS-US-AUTOCANCEL-7BD", "2026-08-22T06:59:59Z"),  # working day 9: Friday 21
        ("backorder", 3, "TTS-US-AUTOCANCEL-7BD", "2026-08-20T06:59:59Z"),
        ("custom", 0, "TTS-US-AUTOCANCEL-7BD", "2026-08-15T06:59:59Z"),
        ("pre_order", 10, "TTS-US-AUTOCANCEL-7BD", "2026-08-28T06:59:59Z"),  # Thursday 20 + 5 working days
        ("pre_order", 12, "TTS-US-AUTOCANCEL-7BD", "2026-08-29T06:59:59Z"),  # Saturday 22: Friday 28
        ("made_to_order", 5, "TTS-US-DELIVER-6BD", "2026-08-25T06:59:59Z"),
        ("pre_order", 10, "TTS-US-DELIVER-6BD", None),
    ],
)
def test_chosen_handling_days_count_in_the_us(type: str, handling: int, rule: str, due_at: str | None) -> None:
    order = _order("2026-08-10T18:00:00Z", type, handling_days=handling, **OPEN)
    assert _due(order, "US", rule, US_HOLIDAYS) == due_at


@pytest.mark.parametrize(
    ("handling", "due_at"), [(0, "2026-08-03T02:00:00Z"), (7, "2026-08-10T02:00:00Z"), (30, "2026-09-02T02:00:00Z")]
)
def test_a_pre_order_has_two_days_more_than_was_chosen(handling: int, due_at: str) -> None:
    order = _order("2026-08-01T02:00:00Z", "pre_order", handling_days=handling, shipped_at=None)
    assert _due(order, "PH", "TTS-SEA-PREORDER-SHIP") == due_at


def test_the_pacific_days_hold_wherever_the_store_sits() -> None:
    order = _order("2026-08-04T04:30:00Z", **OPEN)  # Monday evening in Los Angeles, Tuesday in New York
    for zone in ("America/New_York", "America/Los_Angeles", "Asia/Shanghai"):
        assert _due(order, "US", "TTS-US-SHIP-INTRANSIT", timezone=zone) == "2026-08-06T06:59:59Z"


@pytest.mark.parametrize(
    ("placed", "due_at"),
    [
        ("2026-08-08T07:59:59Z", "2026-08-08T10:00:00Z"),  # Saturday 14:59:59 in Bangkok
        ("2026-08-08T08:00:00Z", "2026-08-10T10:00:00Z"),
        ("2026-08-09T01:00:00Z", "2026-08-10T10:00:00Z"),  # Sunday
        ("2026-08-11T08:00:00Z", "2026-08-13T10:00:00Z"),  # 12 August is a holiday
    ],
)
def test_the_same_day_programme_asks_for_the_pick_up_by_17_00(placed: str, due_at: str) -> None:
    order = _order(placed, rts_at=None)
    assert _due(order, "TH", "TTS-TH-SDD", ["2026-08-12"], programme="same_day") == due_at
    assert _due(order, "TH", "TTS-TH-SDD", ["2026-08-12"]) is None


@pytest.mark.parametrize(
    ("placed", "first_mile", "due"),
    [
        ("2026-06-17T15:59:59Z", "drop_off", {"TTS-XB-SHIP-96H-LEGACY": "2026-06-21T15:59:59Z"}),
        ("2026-06-17T15:59:59Z", "pick_up", {}),
        (
            "2026-06-17T16:00:00Z",
            "drop_off",
            {"TTS-XB-SHIP-48H": "2026-06-19T16:00:00Z", "TTS-XB-SHIP-3CD": "2026-06-21T15:59:59Z"},
        ),
    ],
)
def test_across_the_border_the_terms_changed_on_18_june_2026(placed: str, first_mile: str, due: dict[str, str]) -> None:
    for type in ("standard", "pre_order", "made_to_order"):
        order = _order(placed, type, first_mile=first_mile, rts_at=None, shipped_at=None)
        found = told(_facts(order), "2026-07-30T00:00:00Z", seller_type="cross_border")
        assert {rule: one.due_at for rule, (one, *_) in found.items()} == due


def test_us_tracking_counted_until_26_january_2026_and_the_scan_since() -> None:
    before = told(_facts(_order("2026-01-26T07:59:59Z", **OPEN)), "2026-03-01T00:00:00Z", "US")
    after = told(_facts(_order("2026-01-26T08:00:00Z", **OPEN)), "2026-03-01T00:00:00Z", "US")
    assert ("TTS-US-SHIP-2BD" in before, "TTS-US-SHIP-INTRANSIT" in before) == (True, False)
    assert ("TTS-US-SHIP-2BD" in after, "TTS-US-SHIP-INTRANSIT" in after) == (False, True)


# -- steps --------------------------------------------------------------------------------------------

PLACED = "2026-08-05T02:00:00Z"
STANDARD_ROWS = {"TTS-SEA-SHIP-2WD", "TTS-SEA-AUTOCANCEL-RTS", "TTS-SEA-AUTOCANCEL-COLLECT"}


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        ({}, {}),
        ({"rts_at": None}, {"AUTOCANCEL-RTS": "breached"}),
        ({"shipped_at": None}, {"AUTOCANCEL-RTS": "breached", "SHIP-2WD": "breached", "AUTOCANCEL-COLLECT": "breached"}),
        ({"rts_at": "2026-08-07T15:59:59Z", "shipped_at": None}, {"SHIP-2WD": "breached", "AUTOCANCEL-COLLECT": "breached"}),
        (
            {"rts_at": "2026-08-07T16:00:00Z", "shipped_at": "2026-08-07T16:00:00Z"},
            {"AUTOCANCEL-RTS": "breached", "SHIP-2WD": "breached"},
        ),
        ({"rts_at": None, "delivered_at": "2026-08-07T00:00:00Z"}, {}),
        ({"rts_at": None, "shipped_at": None, "cancelled_at": "2026-08-20T00:00:00Z"}, {}),
        (
            {"shipped_at": "2026-09-30T00:00:00Z", "rts_at": "2026-08-05T03:00:00Z"},
            {"SHIP-2WD": "breached", "AUTOCANCEL-COLLECT": "breached"},
        ),
    ],
)
def test_a_later_step_stands_in_for_an_earlier_one(steps: dict[str, Any], states: dict[str, str]) -> None:
    found = told(_facts(_order(PLACED, **steps)), "2026-09-01T00:00:00Z", "PH")
    assert {rule.removeprefix("TTS-SEA-"): one.state for rule, (one, *_) in found.items()} == states


@pytest.mark.parametrize(
    ("order", "unknown"),
    [
        (_order(PLACED, None, rts_at=None), {"TTS-SEA-AUTOCANCEL-RTS"}),
        (_order(PLACED, None, rts_at=None, shipped_at=None), {*STANDARD_ROWS, "TTS-SEA-PREORDER-SHIP"}),
        (_order(PLACED, "mystery", rts_at=None, shipped_at=None), {*STANDARD_ROWS, "TTS-SEA-PREORDER-SHIP"}),
        (_order(PLACED, "pre_order", handling_days=None, shipped_at=None), {"TTS-SEA-PREORDER-SHIP"}),
        (_order(PLACED, "pre_order", shipped_at=None), set()),
        ({**_order(PLACED, rts_at=None, shipped_at=None), "placed_at": None}, STANDARD_ROWS),
        (_order(PLACED, None, rts_at=None, shipped_at="2026-08-06T00:00:00Z"), set()),
    ],
)
def test_each_row_that_cannot_be_told_of_an_order_is_unknown(order: dict[str, Any], unknown: set[str]) -> None:
    found = told(_facts(order), "2026-08-06T00:00:00Z", "PH")
    assert {rule for rule, (one, *_) in found.items() if one.state == "unknown"} == unknown


def test_orders_that_are_missing_are_unknown() -> None:
    found = told({"orders": None}, "2026-08-06T00:00:00Z", "PH")
    assert {one.state for (one, *_) in found.values()} == {"unknown"}
    assert "TTS-SEA-SHIP-2WD" in found


def test_an_order_placed_after_now_is_not_known() -> None:
    assert told(_facts(_order("2026-08-06T00:00:01Z", rts_at=None)), "2026-08-06T00:00:00Z", "PH") == {}


def test_the_shipping_clock_runs_in_every_status() -> None:
    for status in ("closed_by_platform", "closed_by_seller", "suspended"):
        assert "TTS-SEA-SHIP-2WD" in told(_facts(_order(PLACED, shipped_at=None)), "2026-09-01T00:00:00Z", "PH", status=status)


# -- the fast path ------------------------------------------------------------------------------------

ROWS = {"TTS-SEA-SHIP-2WD": 2, "TTS-SEA-AUTOCANCEL-RTS": 2, "TTS-SEA-AUTOCANCEL-COLLECT": 3}
placed_at = moments(date(2026, 1, 1), date(2026, 12, 1))


@given(st.lists(placed_at, max_size=20), st.sampled_from(["MY", "PH", "TH", "SG", "ID"]))
def test_the_kept_due_instants_are_those_of_a_slow_count(placed: list[datetime], region: str) -> None:
    store = profile(region)
    orders = [OrderFacts(order_id=str(n), placed_at=at, type="standard", shipped_at=None) for n, at in enumerate(placed)]
    calendar = for_store(store).own
    found = order_obligations(store, orders)
    assert len(found) == 3 * len(orders)
    for duty in found:
        day = calendar.day_of(duty.starts_at)
        counted = 0
        while counted < ROWS[duty.rule]:
            day += timedelta(days=1)
            counted += calendar.works(day)
        assert duty.due_at == calendar.end_of(day)


@given(placed_at, st.sampled_from(["MY", "VN", "TH", "US", "UK"]), st.sampled_from(["local", "cross_border"]), st.integers(0, 60))
def test_what_is_owed_is_due_after_it_began(placed: datetime, region: str, seller: str, handling: int) -> None:
    store = profile(region, seller_type=seller, programme="same_day")
    for kind in ("standard", "pre_order", "made_to_order", "backorder", "custom"):
        order = OrderFacts(
            order_id="o", placed_at=placed, type=kind, handling_days=handling, first_mile="drop_off", delivered_at=None
        )
        for duty in order_obligations(store, [order]):
            assert duty.due_at > duty.starts_at == placed
            assert duty.lead == timedelta(hours=24)


steps = st.sampled_from([UNSET, None]) | placed_at


@given(placed_at, st.lists(steps, min_size=len(STEPS), max_size=len(STEPS)), placed_at)
def test_a_step_more_never_makes_a_finding_worse(placed: datetime, taken: list[Any], now: datetime) -> None:
    store = profile("PH")
    before = OrderFacts(order_id="o", placed_at=placed, type="standard", **dict(zip(STEPS, taken, strict=True)))
    after = OrderFacts(
        order_id="o", placed_at=placed, type="standard", **{**dict(zip(STEPS, taken, strict=True)), "delivered_at": placed}
    )
    less = [f for d in order_obligations(store, [after]) if (f := judge(d, now)) is not None]
    assert less == []
    assert len(order_obligations(store, [before])) <= len(order_obligations(store, [after]))


def test_handling_days_may_be_exact_decimals() -> None:
    order = OrderFacts(
        order_id="o", placed_at=datetime.fromisoformat(PLACED), type="pre_order", handling_days=Decimal(7), shipped_at=None
    )
    (duty,) = order_obligations(profile("PH"), [order])
    assert duty.due_at == datetime.fromisoformat("2026-08-14T02:00:00Z")


def test_an_obligation_says_why_in_both_languages() -> None:
    judged = case(_facts(_order(PLACED, shipped_at=None)), "2026-08-06T00:00:00Z", "PH")
    assert isinstance(judged.facts.orders, tuple)
    duty = next(d for d in order_obligations(judged.store, judged.facts.orders) if d.rule == "TTS-SEA-SHIP-2WD")
    assert isinstance(duty, Obligation)
    zone = judged.store.zone
    assert duty.why.say("en", zone) == (
        "Placed on Wed 5 Aug 2026; it must be handed to the courier by the end of working day 2, Fri 7 Aug 2026 23:59:59."
    )
    assert duty.why.say("zh", zone) == "2026年8月5日(周三)下单，须在第2个工作日结束前（2026年8月7日(周五) 23:59:59）交给快递。"
    assert duty.stake.say("en") == "the order, and the rates it counts in"


def test_orders_of_a_market_without_rows_owe_nothing() -> None:
    order = OrderFacts(order_id="o", placed_at=datetime.fromisoformat(PLACED), type="standard", shipped_at=None)
    assert order_obligations(profile("CN"), [order]) == []
    assert order_obligations(profile("MY", platform="Shopee"), [order]) == []
