"""Scores of whole lives of stores, reckoned by hand: what was given when, and what stood on which day."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from storeward.policy.ledgers import points, rating
from storeward.policy.ledgers.points import Entry, PointsLedger
from storeward.policy.ledgers.rating import Event, RatingLedger
from storeward.policy.ledgers.tests.cast import ground


def at(text: str) -> datetime:
    """A day at noon UTC, or an instant."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T12:00").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Life:
    """What was given (day, points) and what stood (day, score, distance to the next line, next to go)."""

    title: str
    region: str
    platform: str
    given: tuple[tuple[str, int], ...]
    stood: tuple[tuple[str, int | None, int | None, str | None], ...]

    @property
    def store(self) -> dict[str, Any]:
        return {"region": self.region, "platform": self.platform}


POINTS = [
    Life(
        "late dispatch week after week, until the oldest goes",
        "MY",
        "TikTok Shop",
        (("2026-01-05", 2), ("2026-01-12", 2), ("2026-01-19", 4), ("2026-02-02", 6)),
        (
            ("2026-01-04", 0, 12, None),
            ("2026-01-05", 2, 10, "2026-04-05"),
            ("2026-01-20", 8, 4, "2026-04-05"),
            ("2026-02-03", 14, 10, "2026-04-05"),
            ("2026-04-05", 12, 12, "2026-04-12"),
            ("2026-04-12", 10, 2, "2026-04-19"),
            ("2026-04-19", 6, 6, "2026-05-03"),
            ("2026-05-03", 0, 12, None),
        ),
    ),
    Life(
        "one grave case closes the shop and nothing is cleared after it",
        "VN",
        "TikTok Shop",
        (("2026-03-01", 6), ("2026-03-10", 48)),
        (
            ("2026-03-09", 6, 6, "2026-05-30"),
            ("2026-03-10", 54, None, None),
            ("2026-12-31", 54, None, None),
        ),
    ),
    Life(
        "forty-eight is reached only by what still counts",
        "TH",
        "TikTok Shop",
        (("2026-01-01", 30), ("2026-04-02", 24)),
        (("2026-03-31", 30, 6, "2026-04-01"), ("2026-04-02", 24, 12, "2026-07-01"), ("2026-07-02", 0, 12, None)),
    ),
    Life(
        "a quarter of Shopee: points of a Monday and the reset",
        "SG",
        "Shopee",
        (("2026-01-12", 1), ("2026-01-19", 2), ("2026-03-30", 3), ("2026-04-13", 1)),
        (
            ("2026-01-11", 0, 3, None),
            ("2026-01-12", 1, 2, "2026-04-05T16:00"),
            ("2026-01-20", 3, 3, "2026-04-05T16:00"),
            ("2026-03-31", 6, 3, "2026-04-05T16:00"),
            ("2026-04-05T16:00", 0, 3, None),
            ("2026-04-14", 1, 2, "2026-07-05T16:00"),
        ),
    ),
    Life(
        "the Philippines reset a week before the others",
        "PH",
        "Shopee",
        (("2026-03-23", 9),),
        (("2026-03-24", 9, 3, "2026-03-29T16:00"), ("2026-03-30", 0, 3, None)),
    ),
    Life(
        "a year on Lazada",
        "PH",
        "Lazada",
        (("2025-06-01", 6), ("2025-09-01", 16), ("2026-05-31", 2)),
        (
            ("2025-06-02", 6, 6, "2026-06-01"),
            ("2025-09-02", 22, 2, "2026-06-01"),
            ("2026-05-31", 24, 12, "2026-06-01"),
            ("2026-06-01", 18, 6, "2026-09-01"),
            ("2026-09-01", 2, 10, "2027-05-31"),
        ),
    ),
    Life(
        "where nobody knows when points go nothing is told",
        "CN",
        "Douyin Shop",
        (("2026-01-01", 4),),
        (("2026-01-02", None, None, None),),
    ),
]


@pytest.mark.parametrize("life", POINTS, ids=lambda life: life.title)
def test_points_of_a_life(life: Life) -> None:
    entries = tuple(Entry(f"e{n}", at(day), points.NONE + given) for n, (day, given) in enumerate(life.given))
    ledger = PointsLedger(ground(life.region, platform=life.platform), entries)
    for day, total, far, goes in life.stood:
        score, regime = points.score_on(ledger, at(day)), ledger.regime(at(day))
        assert (None if score is None else score.value) == total, day
        if score is None or regime is None:
            continue
        by = points.distance(regime, score).by
        assert (None if by is None else by.value) == far, day
        going = points.expiry_calendar(ledger, at(day))
        assert (going[0].at if going else None) == (None if goes is None else at(goes)), day


@dataclass(frozen=True)
class Rated:
    """What moved a rating (day, change) and what stood (day, score, distance to the next line)."""

    title: str
    moved: tuple[tuple[str, int], ...]
    stood: tuple[tuple[str, int, int | None], ...]


RATINGS = [
    Rated("nothing has happened", (), (("2026-01-01", 200, 50), ("2026-12-31", 200, 50))),
    Rated(
        "down to the first milestone and back by quizzes",
        (("2026-02-01", -30), ("2026-02-10", -20), ("2026-02-20", 10), ("2026-03-01", 8)),
        (
            ("2026-01-31", 200, 50),
            ("2026-02-01", 170, 20),
            ("2026-02-11", 150, 50),
            ("2026-02-21", 160, 10),
            ("2026-03-02", 168, 18),
            ("2026-08-01", 198, 48),
            ("2026-08-10", 218, 68),
            ("2026-08-20", 208, 58),
            ("2026-08-30", 200, 50),
        ),
    ),
    Rated(
        "orders raise it, and what they raised goes as well",
        (("2026-01-10", 100), ("2026-02-10", 100)),
        (("2026-02-11", 400, 250), ("2026-07-15", 300, 150), ("2026-09-01", 200, 50)),
    ),
    Rated("closed", (("2026-01-10", -150), ("2026-01-11", -80)), (("2026-01-10", 50, 50), ("2026-01-12", 0, None))),
]


@pytest.mark.parametrize("life", RATINGS, ids=lambda life: life.title)
def test_the_rating_of_a_life(life: Rated) -> None:
    events = tuple(Event(f"e{n}", at(day), rating.NONE + change) for n, (day, change) in enumerate(life.moved))
    ledger = RatingLedger(ground("US"), events)
    for day, score, far in life.stood:
        found, regime = rating.score_on(ledger, at(day)), ledger.regime(at(day))
        assert found is not None, day
        assert regime is not None
        assert found.value == score, day
        by = rating.distance(regime, found).by
        assert (None if by is None else by.value) == far, day
