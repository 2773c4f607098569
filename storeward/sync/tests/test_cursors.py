"""Where a stream stands, in the platform's own time."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storeward import canon
from storeward.connectors.registry import connector_for
from storeward.sync.cursors import FURTHEST_AHEAD, Done, Mark, Position, moved_at

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STREAMS = connector_for("tiktok_shop").streams
ORDERS, WALLET, LISTED = STREAMS["orders"], STREAMS["wallet"], STREAMS["stores"]
moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
positions = st.builds(
    Position, since=st.none() | moments, until=st.none() | moments, high=st.none() | moments, page=st.none() | st.text()
)


def order(updated_at: datetime | None) -> canon.Order:
    return canon.Order(platform_order_id="1", platform_status="UNPAID", status=canon.OrderStatus.UNPAID, updated_at=updated_at)


@given(positions)
def test_a_position_is_read_as_it_was_stored(position: Position) -> None:
    stored = Position.read(json.loads(position.stored()))
    assert stored == position


def test_an_unreadable_position_starts_afresh() -> None:
    assert Position.read({"since": "yesterday"}) == Position()
    assert Position.read(None) == Position()


def test_a_first_fill_reaches_back_as_far_as_the_stream_says() -> None:
    assert ORDERS.first_fill is not None
    assert Position().start(ORDERS, filled=False, now=NOW).since == NOW - ORDERS.first_fill


def test_the_wallet_is_read_from_its_beginning_as_its_sum_is_the_balance() -> None:
    assert Position().start(WALLET, filled=False, now=NOW).since is None


def test_an_increment_overlaps_what_was_seen() -> None:
    high = NOW - timedelta(minutes=3)
    began = Position(since=NOW - timedelta(days=9), high=high).start(ORDERS, filled=True, now=NOW)
    assert began.since == high - ORDERS.overlap
    assert began.until is None


def test_a_span_that_was_broken_off_goes_on_where_it_stopped() -> None:
    broken = Position(since=NOW - timedelta(days=9), high=NOW, page="AbC/+=")
    assert broken.start(ORDERS, filled=False, now=NOW) == broken


def test_a_stream_without_spans_has_no_position() -> None:
    assert Position(since=NOW, high=NOW).start(LISTED, filled=True, now=NOW) == Position()


@given(st.lists(st.none() | moments), st.none() | moments)
def test_the_high_mark_never_goes_back(updates: list[datetime | None], high: datetime | None) -> None:
    position = Position(high=high).saw([order(at) for at in updates], NOW)
    if high is not None:
        assert position.high is not None
        assert position.high >= high
    for at in updates:
        if at is not None and at < NOW + FURTHEST_AHEAD:
            assert position.high is not None
            assert position.high >= at


def test_a_record_from_the_far_future_does_not_hide_all_that_follows() -> None:
    position = Position(high=NOW).saw([order(datetime(2099, 1, 1, tzinfo=UTC))], NOW)
    assert position.high == NOW


def test_figures_are_asked_for_the_same_span_of_days_each_time() -> None:
    stream = STREAMS["performance"]
    assert stream.first_fill is not None
    first = Position().start(stream, filled=False, now=NOW)
    later = first.start(stream, filled=True, now=NOW + timedelta(days=400))
    assert later.since == NOW + timedelta(days=400) - stream.first_fill
    assert later.next_span(stream, NOW) is None


def test_spans_follow_one_another_with_overlap_until_the_last_is_open() -> None:
    until = NOW - timedelta(days=1)
    following = Position(since=NOW - timedelta(days=8), until=until).next_span(ORDERS, NOW)
    assert following == Position(since=until - ORDERS.overlap)
    assert following.next_span(ORDERS, NOW) is None


def test_spans_follow_one_another_up_to_now_where_the_platform_limits_them() -> None:
    stream = replace(ORDERS, longest_window=timedelta(days=15), overlap=timedelta(minutes=5), first_fill=timedelta(days=40))
    span: Position | None = Position().start(stream, filled=False, now=NOW)
    spans = []
    while span is not None:
        spans.append(span)
        span = span.next_span(stream, NOW)
    assert [(one.since, one.until) for one in spans] == [
        (NOW - timedelta(days=40), NOW - timedelta(days=25)),
        (NOW - timedelta(days=25, minutes=5), NOW - timedelta(days=10, minutes=5)),
        (NOW - timedelta(days=10, minutes=10), None),
    ]


def test_a_wallet_whose_span_is_limited_begins_with_the_first_fill() -> None:
    stream = replace(WALLET, longest_window=timedelta(days=14), first_fill=timedelta(days=90))
    assert Position().start(stream, filled=False, now=NOW).since == NOW - timedelta(days=90)


def test_a_finished_mark_forgets_the_page_and_keeps_the_high_mark() -> None:
    done = Done(observed_at=NOW, trusted_until=NOW, due_at=NOW)
    mark = Mark(7, Position(high=NOW, page="x", until=NOW)).finished(done)
    assert mark.position == Position(high=NOW)
    assert mark.done == done


def test_when_a_record_moved_is_what_its_platform_says() -> None:
    assert moved_at(order(NOW)) == NOW
    assert moved_at(order(None)) is None
    assert moved_at(canon.Transaction(platform_transaction_id="1", at=NOW)) == NOW
    assert moved_at(canon.Message(platform_message_id="1", sent_at=NOW)) == NOW
