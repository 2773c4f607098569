"""The timetable in figures: each interval, each wait and each silence written out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storeward.connectors.contract import Stream
from storeward.connectors.registry import connector_for
from storeward.sync.plan import Circumstances, Standing, after_failure, due, interval, load, next_due, stretch
from storeward.sync.problems import place
from storeward.sync.push import silence

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ORDERS = connector_for("tiktok_shop").streams["orders"]
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def stream(every: timedelta, trust: timedelta) -> Stream:
    return replace(ORDERS, poll_every=every, trust_for=trust)


def how(pressed: bool = False, pushes: bool = False, stretched: float = 1.0) -> Circumstances:
    return Circumstances(pressed=pressed, pushes_trusted=pushes, stretch=stretched)


@pytest.mark.parametrize(
    ("every", "trust", "circumstances", "wait"),
    [
        # the usual pace, half of it under pressure, twice it where webhooks come
        (4 * MINUTE, HOUR, how(), 4 * MINUTE),
        (4 * MINUTE, HOUR, how(pressed=True), 2 * MINUTE),
        (4 * MINUTE, HOUR, how(pushes=True), 8 * MINUTE),
        (4 * MINUTE, HOUR, how(pressed=True, pushes=True), 2 * MINUTE),
        # a large fleet is slowed down by a factor, a third of the trust is the most
        (4 * MINUTE, HOUR, how(stretched=3.0), 12 * MINUTE),
        (4 * MINUTE, HOUR, how(stretched=10.0), 20 * MINUTE),
        (4 * MINUTE, HOUR, how(pushes=True, stretched=3.0), 20 * MINUTE),
        (4 * MINUTE, HOUR, how(pressed=True, stretched=3.0), 6 * MINUTE),
        (6 * HOUR, 12 * HOUR, how(), 4 * HOUR),
        # nothing is asked more often than every half minute
        (40 * SECOND, HOUR, how(pressed=True), 30 * SECOND),
        (10 * SECOND, HOUR, how(), 30 * SECOND),
    ],
)
def test_an_interval_follows_from_pace_trust_and_circumstances(
    every: timedelta, trust: timedelta, circumstances: Circumstances, wait: timedelta
) -> None:
    assert interval(stream(every, trust), circumstances) == wait


@pytest.mark.parametrize(
    ("failures", "wait"),
    [
        (0, 15 * SECOND),
        (1, 15 * SECOND),
        (2, 30 * SECOND),
        (3, MINUTE),
        (4, 2 * MINUTE),
        (5, 4 * MINUTE),
        (6, 8 * MINUTE),
        (7, 15 * MINUTE),
        (8, 15 * MINUTE),
        (10_000, 15 * MINUTE),
    ],
)
def test_the_wait_doubles_with_each_failure_up_to_a_quarter_of_an_hour(failures: int, wait: timedelta) -> None:
    assert after_failure(failures, now=NOW) == NOW + wait


@pytest.mark.parametrize(
    ("not_before", "wait"),
    [(-HOUR, 15 * SECOND), (0 * SECOND, 15 * SECOND), (14 * SECOND, 15 * SECOND), (16 * SECOND, 16 * SECOND), (HOUR, HOUR)],
)
def test_the_platforms_own_time_of_return_is_kept(not_before: timedelta, wait: timedelta) -> None:
    assert after_failure(1, now=NOW, not_before=NOW + not_before) == NOW + wait


# 2654435761 x the store's number, modulo 1000, in thousandths of a tenth of the interval.
@pytest.mark.parametrize(("store_id", "thousandths"), [(0, 0), (1, 761), (2, 522), (3, 283), (1000, 0)])
def test_a_store_has_its_own_moment_in_the_last_tenth_of_the_interval(store_id: int, thousandths: int) -> None:
    at = next_due(stream(1000 * SECOND, 10 * HOUR), how(), store_id=store_id, now=NOW)
    assert abs(at - NOW - timedelta(seconds=900 + thousandths / 10)) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("stores", "capacity", "factor"),
    [(1, 1.0, 1.0), (60, 1.0, 1.0), (120, 1.0, 2.0), (1000, 40.0, 1.0), (6000, 40.0, 2.5), (0, 1.0, 1.0)],
)
def test_a_fleet_is_slowed_down_by_what_it_is_too_large(stores: int, capacity: float, factor: float) -> None:
    every_minute = [stream(MINUTE, HOUR)]
    assert load(every_minute, stores=stores) == pytest.approx(stores / 60)
    assert stretch(every_minute, stores=stores, capacity=capacity) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("seconds", "asked"),
    [
        ({}, set()),
        ({"orders": 1}, set()),
        ({"orders": 0}, {"orders"}),
        ({"orders": -5, "packages": 29}, {"orders", "packages"}),
        ({"orders": -5, "packages": 30}, {"orders", "packages"}),
        ({"orders": -5, "packages": 31}, {"orders"}),
        ({"orders": 1, "packages": 2}, set()),
    ],
)
def test_what_is_due_takes_along_what_is_due_within_half_a_minute(seconds: dict[str, int], asked: set[str]) -> None:
    assert due([Standing(name, NOW + count * SECOND, None) for name, count in seconds.items()], NOW) == asked


@pytest.mark.parametrize(
    ("missed", "quiet", "count", "longest", "said"),
    [
        (0, None, 0, None, ""),
        (1, None, 0, None, "1 changed orders"),
        (3, 0 * SECOND, 100, MINUTE, "3 changed orders"),
        # at least six hours, and thrice the longest pause of the week
        (0, 6 * HOUR, 100, HOUR, ""),
        (0, 6 * HOUR + SECOND, 100, HOUR, "No webhook for 6 hours"),
        (0, 24 * HOUR, 100, 8 * HOUR, ""),
        (0, 24 * HOUR + SECOND, 100, 8 * HOUR, "No webhook for 24 hours"),
        # too few to know a pace
        (0, 100 * HOUR, 9, HOUR, ""),
        (0, 100 * HOUR, 10, HOUR, "No webhook for 100 hours"),
        (0, 100 * HOUR, 10, None, ""),
    ],
)
def test_silence_is_what_was_missed_or_far_beyond_the_pace(
    missed: int, quiet: timedelta | None, count: int, longest: timedelta | None, said: str
) -> None:
    last = None if quiet is None else NOW - quiet
    text = silence(missed=missed, last=last, count=count, longest_gap=longest, now=NOW)
    assert text.startswith(said)
    assert bool(text) is bool(said)


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("data.orders[17].status", "data.orders[].status"),
        ("data.orders[0].line_items[12].id", "data.orders[].line_items[].id"),
        ("data[x].id", "data[x].id"),
        ("", ""),
        ("f" * 300, "f" * 200),
    ],
)
def test_the_place_of_a_problem_is_named_without_its_position(field: str, shown: str) -> None:
    assert place(field) == shown
