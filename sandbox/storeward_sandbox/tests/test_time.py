"""The clock that stands, runs and runs faster; durations and instants; the queue of events; chance; budgets."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import BadTime, Clock, iso, parse_duration, parse_instant
from storeward_sandbox.limits import DailyQuota, RateLimit
from storeward_sandbox.timeline import Timeline


class Ticks:
    """A machine's clock that moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_running_clock_follows_the_machine_at_its_speed() -> None:
    ticks = Ticks()
    clock = Clock(1000, speed=60, ticks=ticks)
    ticks.now = 2
    assert clock.now() == 1120
    clock.run(1)
    ticks.now = 12
    assert clock.now() == 1130


def test_a_frozen_clock_stands_until_it_is_set_or_run() -> None:
    ticks = Ticks()
    clock = Clock(1000, ticks=ticks)
    ticks.now = 5
    clock.freeze()
    ticks.now = 500
    assert (clock.now(), clock.frozen) == (1005, True)
    clock.set(2000)
    ticks.now = 600
    assert clock.now() == 2000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("12h", 43200), ("90m", 5400), ("2d", 172800), ("1d12h", 129600), ("30 s", 30), ("1.5h", 5400)],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "12", "h", "12x", "-3h", "3h later", "1d-2h"])
def test_what_is_no_duration_says_how_to_write_one(text: str) -> None:
    with pytest.raises(BadTime, match="90m, 12h, 2d"):
        parse_duration(text)


@given(st.integers(0, 4_000_000_000))
def test_an_instant_survives_being_written_and_read(instant: int) -> None:
    assert parse_instant(iso(instant)) == instant


def test_an_instant_without_a_zone_is_utc_and_nonsense_is_named() -> None:
    assert parse_instant("2026-11-20T09:35:31") == parse_instant("2026-11-20T17:35:31+08:00")
    with pytest.raises(BadTime, match="2026-13"):
        parse_instant("2026-13-01")


@given(st.lists(st.integers(0, 50), max_size=30))
def test_events_happen_in_the_order_of_time_and_of_their_coming(instants: list[int]) -> None:
    timeline = Timeline(0)
    seen: list[tuple[int, int]] = []

    def note(index: int, now: int) -> None:
        seen.append((now, index))

    for index, instant in enumerate(instants):
        timeline.at(instant, partial(note, index))
    assert timeline.run_until(50) == len(instants)
    assert seen == sorted((instant, index) for index, instant in enumerate(instants))


def test_an_event_for_the_past_happens_next_and_later_ones_wait() -> None:
    timeline = Timeline(100)
    seen: list[int] = []
    timeline.at(5, seen.append)
    timeline.at(300, seen.append)
    timeline.run_until(200)
    assert (seen, timeline.now, timeline.next_at(), len(timeline)) == ([100], 200, 300, 1)
    timeline.run_next(250)
    assert seen == [100]


def test_an_event_may_bring_others_in_the_same_instant() -> None:
    timeline = Timeline(0)
    seen: list[int] = []
    timeline.at(10, lambda now: timeline.at(now, seen.append))
    timeline.run_until(10)
    assert seen == [10]


def test_each_subject_has_a_stream_of_its_own_that_can_be_repeated() -> None:
    first = [stream(1, "shop", 7, "orders").random() for _ in range(2)]
    assert first[0] == first[1]
    assert stream(1, "shop", 7, "chats").random() != first[0]
    assert stream(2, "shop", 7, "orders").random() != first[0]


def test_the_budget_of_a_second_is_never_overdrawn_and_comes_back() -> None:
    ticks = Ticks()
    rate = RateLimit(3, ticks)
    assert [rate.take("list", "a") for _ in range(4)] == [True, True, True, False]
    assert rate.take("list", "b")
    assert rate.take("detail", "a")
    ticks.now = 1.0
    assert rate.take("list", "a")
    report = rate.report()
    assert (report["exceeded"], report["peak_per_second"], report["calls"]) == (1, 3, 7)
    rate.reset()
    assert rate.report()["calls"] == 0


@given(st.lists(st.floats(0.001, 0.4), min_size=1, max_size=80))
def test_no_second_ever_holds_more_than_the_budget(pauses: list[float]) -> None:
    ticks = Ticks()
    rate, granted = RateLimit(4, ticks), []
    for pause in pauses:
        ticks.now += pause
        if rate.take("list", "a"):
            granted.append(ticks.now)
    for instant in granted:
        assert sum(instant <= other < instant + 0.9 for other in granted) <= 4


def test_a_daily_quota_begins_anew_at_midnight_utc() -> None:
    quota = DailyQuota(2)
    assert [quota.take("a", 86_400.0 + second) for second in range(3)] == [True, True, False]
    assert quota.take("b", 86_400.0)
    assert quota.take("a", 2 * 86_400.0)
    assert quota.refused == 1
