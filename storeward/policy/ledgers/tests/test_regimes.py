"""Which way of counting holds where and when, reckoned by hand from the rule table."""

from datetime import UTC, datetime, timedelta

import pytest

from storeward.policy.ledgers.regimes import PointsRegime, RatingRegime, resets
from storeward.policy.ledgers.tests.cast import ground

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
SEA = ("MY", "PH", "TH", "VN", "SG", "ID")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def points(platform: str, region: str, at: datetime = NOW) -> PointsRegime:
    regime = ground(region, platform=platform).regime(at)
    assert isinstance(regime, PointsRegime), (platform, region)
    return regime


def rating(region: str, at: datetime = NOW) -> RatingRegime:
    regime = ground(region).regime(at)
    assert isinstance(regime, RatingRegime), region
    return regime


@pytest.mark.parametrize("region", SEA)
@pytest.mark.parametrize(
    ("platform", "fact", "lines", "expiry", "lock"),
    [
        ("TikTok Shop", "violation_points", [12, 24, 36, 48], 90, 48),
        ("Lazada", "non_compliance_points", [12, 24, 36, 48], 365, 48),
        ("Shopee", "penalty_points", [3, 6, 9, 12, 15], None, None),
    ],
)
def test_points_in_south_east_asia(
    platform: str, fact: str, lines: list[int], expiry: int | None, lock: int | None, region: str
) -> None:
    regime = points(platform, region)
    assert regime.fact == fact
    assert [int(line.at) for line in regime.lines] == lines
    assert regime.expiry_days == expiry
    assert regime.lock == lock
    assert (regime.reset is not None) == (platform == "Shopee")
    assert regime.told


@pytest.mark.parametrize(
    ("region", "lines", "start", "window"),
    [("US", [150, 100, 50, 0], 200, 180), ("UK", [150], None, None)],
)
def test_ratings(region: str, lines: list[int], start: int | None, window: int | None) -> None:
    regime = rating(region)
    assert [int(line.at) for line in regime.lines] == lines
    assert regime.start == start
    assert regime.window_days == window
    assert (regime.lowest, regime.highest) == ((0, 1000) if start is not None else (None, None))


@pytest.mark.parametrize(
    ("at", "kind", "expiry"),
    [
        (datetime(2023, 1, 1, tzinfo=UTC), type(None), None),
        (datetime(2024, 6, 1, tzinfo=UTC), PointsRegime, 180),
        (datetime(2025, 3, 30, tzinfo=UTC), PointsRegime, 180),
        (datetime(2025, 4, 2, tzinfo=UTC), RatingRegime, None),
    ],
)
def test_the_united_states_went_from_points_to_a_rating(at: datetime, kind: type, expiry: int | None) -> None:
    regime = ground("US").regime(at)
    assert isinstance(regime, kind)
    if isinstance(regime, PointsRegime):
        assert regime.expiry_days == expiry
        assert [int(line.at) for line in regime.lines] == [48]


@pytest.mark.parametrize(
    ("at", "expiry", "lines"),
    [
        (datetime(2025, 3, 1, tzinfo=UTC), 180, 0),
        (datetime(2025, 5, 31, 15, 59, tzinfo=UTC), 180, 0),
        (datetime(2025, 5, 31, 16, tzinfo=UTC), 90, 0),
        (datetime(2025, 10, 30, 12, tzinfo=UTC), 90, 0),
        (datetime(2025, 10, 31, 0, tzinfo=UTC), 90, 4),
    ],
)
def test_south_east_asia_by_its_dates(at: datetime, expiry: int, lines: int) -> None:
    regime = points("TikTok Shop", "MY", at)
    assert regime.expiry_days == expiry
    assert len(regime.lines) == lines


@pytest.mark.parametrize(
    ("region", "at", "last", "following"),
    [
        ("MY", datetime(2026, 11, 20, tzinfo=UTC), utc("2026-10-04T16:00"), utc("2027-01-03T16:00")),
        ("SG", datetime(2026, 4, 5, 15, 59, tzinfo=UTC), utc("2026-01-04T16:00"), utc("2026-04-05T16:00")),
        ("SG", datetime(2026, 4, 5, 16, 0, tzinfo=UTC), utc("2026-04-05T16:00"), utc("2026-07-05T16:00")),
        ("TH", datetime(2026, 7, 6, 0, tzinfo=UTC), utc("2026-07-05T17:00"), utc("2026-10-04T17:00")),
        ("VN", datetime(2026, 12, 31, 0, tzinfo=UTC), utc("2026-10-04T17:00"), utc("2027-01-03T17:00")),
        ("PH", datetime(2026, 11, 20, tzinfo=UTC), utc("2026-09-27T16:00"), utc("2026-12-27T16:00")),
        ("PH", datetime(2026, 3, 29, 16, tzinfo=UTC), utc("2026-03-29T16:00"), utc("2026-06-28T16:00")),
        ("PH", datetime(2025, 11, 20, tzinfo=UTC), utc("2025-10-05T16:00"), utc("2026-01-04T16:00")),
    ],
)
def test_resets_are_local_midnights_of_a_monday(region: str, at: datetime, last: datetime, following: datetime) -> None:
    here = ground(region, platform="Shopee")
    regime = here.regime(at)
    assert isinstance(regime, PointsRegime)
    around = resets(regime, here.calendar, at)
    assert around == (last, following)
    assert {one.astimezone(here.calendar.zone).weekday() for one in around} == {0}
    assert {one.astimezone(here.calendar.zone).hour for one in around} == {0}


def test_points_that_age_are_not_reset() -> None:
    here = ground("MY")
    regime = here.regime(NOW)
    assert isinstance(regime, PointsRegime)
    assert resets(regime, here.calendar, NOW) is None


def test_a_platform_without_rows_for_a_market_keeps_no_score() -> None:
    assert ground("CN", platform="Shopee").regime(NOW) is None
    assert ground("US", platform="Lazada").regime(NOW) is None
    douyin = ground("CN", platform="Douyin Shop").regime(NOW)
    assert isinstance(douyin, PointsRegime)
    assert not douyin.told, "nobody knows when its points go"


def test_turns_are_the_days_on_which_the_terms_change() -> None:
    found = ground("MY").turns(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    assert datetime(2025, 5, 31, 16, tzinfo=UTC) in found
    assert datetime(2025, 10, 30, 16, tzinfo=UTC) in found
    assert found == sorted(found)
    assert ground("MY").turns(found[-1], found[-1] + timedelta(seconds=1)) == []


def test_severities_grow_with_the_lines() -> None:
    for regime in (points("TikTok Shop", "TH"), points("Lazada", "PH"), points("Shopee", "SG"), rating("US")):
        ranks = [line.severity.rank for line in regime.lines]
        assert ranks == sorted(ranks)
        assert regime.lines[-1].severity.value == "fatal"
        assert all(line.lead is not None for line in regime.lines)
