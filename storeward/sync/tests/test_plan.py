"""What is asked next, and when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors.contract import Stream
from storeward.connectors.registry import connector_for
from storeward.sync.plan import (
    CALLS_A_SECOND,
    LONGEST_BACKOFF,
    SOONEST,
    Circumstances,
    Standing,
    after_failure,
    due,
    in_order,
    interval,
    load,
    next_due,
    stretch,
    urgent,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STREAMS = list(connector_for("tiktok_shop").streams.values())
ORDERS = connector_for("tiktok_shop").streams["orders"]
STATEMENTS = connector_for("tiktok_shop").streams["statements"]
CALM = Circumstances(pushes_trusted=True)
PRESSED = Circumstances(pressed=True)
circumstances = st.builds(
    Circumstances, pressed=st.booleans(), pushes_trusted=st.booleans(), stretch=st.floats(min_value=1, max_value=50)
)


def test_orders_are_asked_more_often_than_statements() -> None:
    assert interval(ORDERS, Circumstances()) < interval(STATEMENTS, Circumstances())


def test_a_store_under_pressure_is_asked_more_often_and_one_with_webhooks_less_often() -> None:
    assert interval(ORDERS, PRESSED) < interval(ORDERS, Circumstances()) < interval(ORDERS, CALM)


def test_pressure_counts_more_than_webhooks_that_work() -> None:
    assert interval(ORDERS, Circumstances(pressed=True, pushes_trusted=True)) == interval(ORDERS, PRESSED)


@given(stream=st.sampled_from(STREAMS), how=circumstances)
def test_two_visits_may_fail_before_a_value_turns_unknown(stream: Stream, how: Circumstances) -> None:
    assert interval(stream, how) * 3 <= stream.trust_for
    assert interval(stream, how) >= SOONEST


@given(stream=st.sampled_from(STREAMS), how=circumstances, store_id=st.integers(min_value=1, max_value=10**9))
def test_stores_are_spread_but_never_late(stream: Stream, how: Circumstances, store_id: int) -> None:
    at = next_due(stream, how, store_id=store_id, now=NOW)
    assert NOW + interval(stream, how) * 0.89 <= at <= NOW + interval(stream, how)


def test_stores_are_not_due_at_the_same_moment() -> None:
    moments = {next_due(ORDERS, Circumstances(), store_id=number, now=NOW) for number in range(1, 101)}
    assert len(moments) > 90


def test_a_thousand_stores_fit_the_workers() -> None:
    factor = stretch(STREAMS, stores=1_000)
    assert load(STREAMS, stores=1_000) / factor <= CALLS_A_SECOND + 1e-9


def test_a_small_fleet_is_not_slowed_down() -> None:
    assert stretch(STREAMS, stores=12) == 1.0


@given(failures=st.integers(min_value=0, max_value=100_000))
def test_waiting_after_failures_grows_and_has_an_end(failures: int) -> None:
    wait = after_failure(failures, now=NOW) - NOW
    assert timedelta(seconds=1) <= wait <= LONGEST_BACKOFF
    assert after_failure(failures + 1, now=NOW) - NOW >= wait


def test_a_platform_that_says_when_is_not_asked_before() -> None:
    later = NOW + timedelta(hours=3)
    assert after_failure(1, now=NOW, not_before=later) == later
    assert after_failure(1, now=NOW, not_before=NOW - timedelta(hours=1)) > NOW


def standing(name: str, due_in: float, trusted_for: float | None = 60) -> Standing:
    until = None if trusted_for is None else NOW + timedelta(seconds=trusted_for)
    return Standing(name, NOW + timedelta(seconds=due_in), until)


def test_nothing_is_asked_while_nothing_is_due() -> None:
    assert due([standing("orders", 10), standing("packages", 5)], NOW) == set()


def test_what_is_due_in_a_moment_is_taken_along() -> None:
    rows = [standing("orders", 0), standing("packages", 20), standing("statements", 4000)]
    assert due(rows, NOW) == {"orders", "packages"}


def test_the_most_valuable_comes_first_and_what_needs_keys_last() -> None:
    names = [stream.name for stream in in_order(STREAMS, [], NOW)]
    assert names[0] == "orders"
    needing = [stream.name for stream in STREAMS if stream.keys_from is not None]
    assert set(names[-len(needing) :]) == set(needing)


@pytest.mark.parametrize(("first", "second"), [("returns", "cancellations"), ("cancellations", "returns")])
def test_among_equals_what_turns_unknown_soonest_comes_first(first: str, second: str) -> None:
    rows = [standing(first, 0, 10), standing(second, 0, 500)]
    names = [stream.name for stream in in_order(STREAMS, rows, NOW)]
    assert names.index(first) < names.index(second)


def test_of_a_new_store_what_has_deadlines_comes_first_and_all_where_nothing_has() -> None:
    assert {stream.name for stream in urgent(STREAMS)} == {"orders", "returns", "cancellations"}
    assert urgent([STATEMENTS]) == [STATEMENTS]
