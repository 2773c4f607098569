"""Durations, instants and speeds as people write them, and the clock that is moved by them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.clock import (
    DAY,
    FASTEST,
    LATEST,
    BadTime,
    Clock,
    checked_speed,
    iso,
    parse_duration,
    parse_instant,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0),
        ("1s", 1),
        ("59s", 59),
        ("60s", 60),
        ("1m", 60),
        ("90m", 5_400),
        ("1h", 3_600),
        ("12h", 43_200),
        ("24h", 86_400),
        ("36h", 129_600),
        ("1d", 86_400),
        ("2d", 172_800),
        ("7d", 604_800),
        ("1w", 604_800),
        ("2w", 1_209_600),
        ("60d", 5_184_000),
        ("0.5h", 1_800),
        ("1.25h", 4_500),
        ("0.5d", 43_200),
        ("2.5m", 150),
        ("1d12h", 129_600),
        ("1d 12h", 129_600),
        ("1w1d1h1m1s", 694_861),
        ("12h30m", 45_000),
        ("30m12h", 45_000),
        (" 12h ", 43_200),
        ("12 h", 43_200),
        ("12H", 43_200),
        ("2D", 172_800),
        ("007h", 25_200),
    ],
)
def test_a_duration_is_the_sum_of_its_parts(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "12",
        "h",
        "hours",
        "12hours",
        "12 hours",
        "-12h",
        "+12h",
        "1h-30m",
        "1h+30m",
        "1h,30m",
        "1,5h",
        ".5h",
        "1.h",
        "1..5h",
        "12h later",
        "in 12h",
        "12y",
        "1M2",
        "P1D",
        "1:30",
        "0x10h",
        "1e3h",
        "nan",
        "infh",
        "h12",
        "12h;2d",
        "12h\x00",
    ],
)
def test_what_is_no_duration_is_refused_with_its_mend(text: str) -> None:
    with pytest.raises(BadTime, match="90m, 12h, 2d"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["99999999999d", "9" * 40 + "w", "9" * 400 + "d", "50000d", "4102444801s"])
def test_a_duration_beyond_all_calendars_is_refused_instead_of_never_ending(text: str) -> None:
    with pytest.raises(BadTime, match="longer than a sandbox can last"):
        parse_duration(text)


@given(st.integers(0, 5_000), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_days_hours_minutes_and_seconds_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    assert parse_duration(f"{days}d{hours}h{minutes}m{seconds}s") == ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-02T00:00:00Z", 86_400),
        ("2000-01-01T00:00:00Z", 946_684_800),
        ("2001-09-09T01:46:40Z", 1_000_000_000),
        ("2026-11-20T09:35:31Z", 1_795_167_331),
        ("2026-11-20T09:35:31+00:00", 1_795_167_331),
        ("2026-11-20T09:35:31", 1_795_167_331),
        ("2026-11-20 09:35:31", 1_795_167_331),
        ("2026-11-20T17:35:31+08:00", 1_795_167_331),
        ("2026-11-20T16:35:31+07:00", 1_795_167_331),
        ("2026-11-20T01:35:31-08:00", 1_795_167_331),
        ("20261120T093531Z", 1_795_167_331),
        ("2026-11-20T09:35:31.999Z", 1_795_167_331),
        (" 2026-11-20T09:35:31Z ", 1_795_167_331),
        ("2026-11-20T09:35Z", 1_795_167_300),
        ("2026-11-20", 1_795_132_800),
        ("2100-01-01T00:00:00Z", 4_102_444_800),
    ],
)
def test_an_instant_is_read_in_its_own_zone(text: str, instant: int) -> None:
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    ["", "now", "yesterday", "2026", "2026-13-01", "2026-02-30", "2026-11-20T25:00:00Z", "20/11/2026", "1795167331", "12h"],
)
def test_what_is_no_instant_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadTime, match="write it as 2026-11-20T09:35:31Z") as refusal:
        parse_instant(text)
    assert f"'{text}'" in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z", "2100-01-01T00:00:01Z", "9999-12-31T23:59:59Z"],
)
def test_an_instant_outside_the_calendars_is_refused(text: str) -> None:
    with pytest.raises(BadTime, match="between 1970 and 2100"):
        parse_instant(text)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (59, "1970-01-01T00:00:59Z"),
        (86_399, "1970-01-01T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (1_795_167_331, "2026-11-20T09:35:31Z"),
        (1_795_167_331.999, "2026-11-20T09:35:31Z"),
        (LATEST, "2100-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_whole_seconds(instant: float, text: str) -> None:
    assert iso(instant) == text


@pytest.mark.parametrize("speed", [0, 0.001, 1, 60, 3_600, 86_400, FASTEST])
def test_a_clock_may_stand_crawl_or_race(speed: float) -> None:
    assert checked_speed(speed) == speed


@pytest.mark.parametrize("speed", [-1, -0.001, FASTEST + 1, math.inf, -math.inf, math.nan])
def test_a_clock_never_runs_backwards_or_away(speed: float) -> None:
    with pytest.raises(BadTime, match="choose 0 to 1000000"):
        checked_speed(speed)


class Ticks:
    """A machine's clock that moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("speed", "passed", "shown"),
    [
        (0, 0, 1_000),
        (0, 1_000_000, 1_000),
        (1, 0.999, 1_000),
        (1, 1, 1_001),
        (1, 59.5, 1_059),
        (0.5, 3, 1_001),
        (0.5, 4, 1_002),
        (60, 1, 1_060),
        (60, 1.5, 1_090),
        (3_600, 0.25, 1_900),
        (3_600, 24, 1_000 + DAY),
    ],
)
def test_the_clock_shows_start_plus_speed_times_what_passed(speed: float, passed: float, shown: int) -> None:
    ticks = Ticks()
    clock = Clock(1_000, speed, ticks)
    ticks.now = passed
    assert clock.now() == shown
    assert clock.frozen is (speed == 0)


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from([0.0, 0.5, 1.0, 60.0, 3600.0])), max_size=12))
def test_a_change_of_speed_neither_loses_nor_wins_time(steps: list[tuple[float, float]]) -> None:
    ticks = Ticks()
    clock = Clock(0, 1.0, ticks)
    expected, speed = 0.0, 1.0
    for pause, following in steps:
        ticks.now += pause
        expected += pause * speed
        clock.run(following)
        speed = following
        assert clock.exact() == pytest.approx(expected)


def test_a_clock_that_is_set_goes_on_from_there_at_its_speed() -> None:
    ticks = Ticks()
    clock = Clock(0, 10, ticks)
    ticks.now = 5
    clock.set(1_000)
    assert clock.now() == 1_000
    ticks.now = 6
    assert clock.now() == 1_010
    clock.freeze()
    ticks.now = 60
    assert (clock.now(), clock.frozen) == (1_010, True)
    clock.run(2)
    ticks.now = 61
    assert (clock.now(), clock.frozen) == (1_012, False)
