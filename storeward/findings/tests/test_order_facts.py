"""Which steps of an order count as done, and since when: status against instants, one case a line."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from storeward.canon import OrderStatus
from storeward.findings.order_facts import OrderRow, _of_change, columns, facts_of
from storeward.lib.money import Money
from storeward.policy.facts import OrderFacts
from storeward.records.steps import OrderSteps, Told, of_row, pack, unpack

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PLACED, PAID, ARRANGED, COLLECTED, DELIVERED, CHANGED = (NOW - timedelta(days=days) for days in (9, 8, 7, 6, 4, 1))
A, C, D, U = ARRANGED, COLLECTED, DELIVERED, CHANGED


def judged(status: str | None, **steps: object) -> OrderFacts:
    found = facts_of("7", Told(OrderSteps(status=status, placed_at=PLACED, **steps), NOW))  # type: ignore[arg-type]
    assert found is not None
    return found


STEPS: list[tuple[str | None, tuple[datetime | None, ...], tuple[datetime | None, ...]]] = [
    # status, (arranged, collected, delivered) as told -> the same as they count; the order last changed at U
    (None, (None, None, None), (None, None, None)),
    ("unknown", (None, None, None), (None, None, None)),
    ("unknown", (A, None, None), (A, None, None)),
    ("unknown", (None, C, None), (C, C, None)),
    ("unknown", (None, None, D), (D, D, D)),
    ("unknown", (A, None, D), (A, D, D)),
    ("on_hold", (None, None, None), (None, None, None)),
    ("to_ship", (None, None, None), (None, None, None)),
    ("to_ship", (A, None, None), (A, None, None)),
    ("partly_shipped", (None, None, None), (None, None, None)),
    ("partly_shipped", (A, None, None), (A, None, None)),
    ("to_collect", (None, None, None), (U, None, None)),
    ("to_collect", (A, None, None), (A, None, None)),
    ("in_transit", (None, None, None), (U, U, None)),
    ("in_transit", (A, None, None), (A, U, None)),
    ("in_transit", (None, C, None), (C, C, None)),
    ("in_transit", (A, C, None), (A, C, None)),
    ("delivered", (None, None, None), (U, U, U)),
    ("delivered", (A, None, None), (A, U, U)),
    ("delivered", (None, C, None), (C, C, U)),
    ("delivered", (None, None, D), (D, D, D)),
    ("delivered", (A, C, D), (A, C, D)),
    ("completed", (None, None, None), (U, U, U)),
    ("completed", (None, C, D), (C, C, D)),
    ("completed", (None, None, D), (D, D, D)),
    ("cancelled", (None, None, None), (None, None, None)),
    ("cancelled", (A, None, None), (A, None, None)),
]


@pytest.mark.parametrize(("status", "told", "counted"), STEPS)
def test_a_step_is_done_when_told_else_when_the_next_one_was_else_when_the_status_says_so(
    status: str | None, told: tuple[datetime | None, ...], counted: tuple[datetime | None, ...]
) -> None:
    names = ("arranged_at", "collected_at", "delivered_at")
    found = judged(status, updated_at=CHANGED, **dict(zip(names, told, strict=True)))
    assert (found.arranged_at, found.shipped_at, found.delivered_at) == counted


@pytest.mark.parametrize(("status", "told", "counted"), STEPS)
def test_the_names_of_one_step_agree(
    status: str | None, told: tuple[datetime | None, ...], counted: tuple[datetime | None, ...]
) -> None:
    arranged, collected, delivered = told
    found = judged(status, updated_at=CHANGED, arranged_at=arranged, collected_at=collected, delivered_at=delivered)
    assert found.rts_at == found.tracking_added_at == found.arranged_at == counted[0]
    assert found.scanned_at == found.in_transit_at == found.shipped_at == counted[1]


def test_without_an_instant_of_change_the_look_itself_is_the_latest_it_can_have_been() -> None:
    found = judged("delivered")
    assert (found.arranged_at, found.shipped_at, found.delivered_at) == (NOW, NOW, NOW)


def test_a_parcel_that_was_collected_in_time_is_not_late_because_the_order_changed_later() -> None:
    found = judged("completed", collected_at=COLLECTED, ship_by_at=ARRANGED + timedelta(days=2), updated_at=NOW)
    assert found.rts_at == COLLECTED
    assert found.ship_by is not UNSET
    assert found.ship_by is not None
    assert found.rts_at is not UNSET
    assert found.rts_at is not None
    assert found.rts_at < found.ship_by


def test_a_tracking_number_may_have_come_before_or_after_the_arrangement() -> None:
    for at in (ARRANGED - timedelta(hours=1), ARRANGED + timedelta(hours=1)):
        found = judged("to_collect", arranged_at=ARRANGED, tracking_added_at=at)
        assert (found.tracking_added_at, found.arranged_at) == (at, ARRANGED)


@pytest.mark.parametrize(
    ("status", "paid", "counted"),
    [
        ("to_ship", PAID, PAID),
        ("to_ship", None, PLACED),
        ("partly_shipped", None, PLACED),
        ("to_collect", None, PLACED),
        ("in_transit", None, PLACED),
        ("delivered", None, PLACED),
        ("completed", None, PLACED),
        ("on_hold", None, None),
        ("on_hold", PAID, PAID),
        ("cancelled", None, None),
        ("cancelled", PAID, PAID),
        ("unknown", None, None),
        (None, None, None),
    ],
)
def test_what_the_seller_is_asked_to_ship_unpaid_is_paid_on_delivery(
    status: str | None, paid: datetime | None, counted: datetime | None
) -> None:
    assert judged(status, paid_at=paid).paid_at == counted


@pytest.mark.parametrize(
    ("status", "told", "counted"),
    [
        ("cancelled", None, CHANGED),
        ("cancelled", DELIVERED, DELIVERED),
        ("to_ship", None, UNSET),
        ("unknown", None, UNSET),
        (None, None, UNSET),
        ("to_ship", DELIVERED, DELIVERED),
        ("completed", None, UNSET),
    ],
)
def test_a_cancellation_counts_when_told_or_when_the_status_says_so(
    status: str | None, told: datetime | None, counted: object
) -> None:
    assert judged(status, cancelled_at=told, updated_at=CHANGED).cancelled_at == counted


@pytest.mark.parametrize("status", [*(word.value for word in OrderStatus), None])
def test_what_the_platform_ships_itself_is_never_owed(status: str | None) -> None:
    assert facts_of("7", Told(OrderSteps(status=status, fulfillment_by="platform", placed_at=PLACED), NOW)) is None


@pytest.mark.parametrize("status", [*(word.value for word in OrderStatus), None])
def test_only_what_is_not_paid_yet_is_not_owed(status: str | None) -> None:
    found = facts_of("7", Told(OrderSteps(status=status, placed_at=PLACED), NOW))
    assert (found is None) == (status == "unpaid")


@pytest.mark.parametrize(
    ("type_", "counted"), [("standard", "standard"), ("unknown", "standard"), ("pre_order", "pre_order"), ("made_up", "made_up")]
)
def test_a_kind_of_order_that_nobody_knows_is_a_standard_one(type_: str, counted: str) -> None:
    assert judged("to_ship", type=type_).type == counted


def test_what_the_platform_says_of_terms_is_carried_on_unchanged() -> None:
    found = judged("to_ship", handling_days=5, first_mile="drop_off", ship_by_at=NOW)
    assert (found.order_id, found.handling_days, found.first_mile, found.ship_by) == ("7", 5, "drop_off", NOW)
    found = judged("to_ship")
    assert (found.handling_days, found.first_mile, found.ship_by) == (None, None, None)


@pytest.mark.parametrize(
    ("total", "amount", "currency"),
    [
        (None, None, None),
        (Money(Decimal("84.00"), "MYR"), Decimal("84.00"), "MYR"),
        (Money(Decimal("84.00"), None), Decimal("84.00"), None),
        (Money(Decimal("0"), "VND"), Decimal(0), "VND"),
        (Money(Decimal("-3.5"), "USD"), Decimal("-3.5"), "USD"),
    ],
)
def test_a_change_says_what_the_order_is_worth(total: Money | None, amount: Decimal | None, currency: str | None) -> None:
    told = Told(OrderSteps(status="to_ship", total=total), NOW)
    assert _of_change(3, "7", told) == OrderRow(3, "7", facts_of("7", told), amount, currency)


def test_keys_become_two_columns() -> None:
    assert columns([]) == [[], []]
    assert columns([(1, "a"), (2, "b"), (1, "c")]) == [[1, 2, 1], ["a", "b", "c"]]


# -- what a change carries -------------------------------------------------------------------------------------------------

INSTANTS = st.none() | st.datetimes(datetime(2015, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SUMS = st.none() | st.builds(
    Money, st.decimals(allow_nan=False, allow_infinity=False, places=2), st.sampled_from(["MYR", "USD", None])
)
AT = ("placed_at", "paid_at", "updated_at", "ship_by_at", "arranged_at", "tracking_added_at")
DONE = ("collected_at", "delivered_at", "cancelled_at")
ORDERS = st.builds(
    OrderSteps,
    status=st.none() | st.sampled_from([word.value for word in OrderStatus]),
    handling_days=st.none() | st.integers(0, 60),
    first_mile=st.none() | st.text(max_size=8),
    total=SUMS,
    **dict.fromkeys((*AT, *DONE), INSTANTS),
)


@given(ORDERS)
def test_a_change_and_the_stored_order_tell_the_rules_the_same(steps: OrderSteps) -> None:
    told = Told(steps, NOW)
    assert unpack(pack(told)) == told
    assert of_row(msgspec.json.encode(steps).decode(), NOW) == told


@given(ORDERS)
def test_a_later_step_that_is_done_leaves_no_earlier_one_open(steps: OrderSteps) -> None:
    found = facts_of("7", Told(steps, NOW))
    if found is None:
        return
    chain = [found.arranged_at, found.shipped_at, found.delivered_at]
    for earlier, later in pairwise(chain):
        assert later is None or earlier is not None


@given(ORDERS)
def test_no_instant_is_invented(steps: OrderSteps) -> None:
    found = facts_of("7", Told(steps, NOW))
    if found is None:
        return
    told = {getattr(steps, name) for name in (*AT, *DONE)} | {NOW, None, UNSET}
    assert {found.arranged_at, found.shipped_at, found.delivered_at, found.paid_at, found.cancelled_at} <= told


def test_fields_that_the_rules_do_not_read_are_left_where_they_are() -> None:
    assert of_row('{"status":"to_ship","buyer_note":"hello","lines":[{"quantity":2}]}', NOW) == Told(
        OrderSteps(status="to_ship"), NOW
    )
