"""policy score and policy rates without a database: which day is asked for, exit codes, and how the answers read."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storeward.cli.inspection_tables import left
from storeward.cli.scores import _code, _limit_text, _number, end_of, rates_text, score_text
from storeward.findings.health.board import Score
from storeward.lib.errors import NotDone
from storeward.policy.ledgers.regimes import Line
from storeward.policy.types import Severity
from storeward.stores.models import Store

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
KL = Store(key="tt-my-1", timezone="Asia/Kuala_Lumpur")
LA = Store(key="tt-us-1", timezone="America/Los_Angeles")
LAST = timedelta(microseconds=1)


# -- which day -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "store", "ends"),
    [
        ("2026-11-17", KL, datetime(2026, 11, 17, 16, tzinfo=UTC) - LAST),
        ("2026-11-18", KL, NOW),
        ("2026-11-17", LA, NOW),
        ("2026-11-16", LA, datetime(2026, 11, 17, 8, tzinfo=UTC) - LAST),
        ("2026-11-01", LA, datetime(2026, 11, 2, 8, tzinfo=UTC) - LAST),
        ("2026-10-31", LA, datetime(2026, 11, 1, 7, tzinfo=UTC) - LAST),
        ("2026-03-08", LA, datetime(2026, 3, 9, 7, tzinfo=UTC) - LAST),
        ("2024-02-29", KL, datetime(2024, 2, 29, 16, tzinfo=UTC) - LAST),
        ("2025-12-31", KL, datetime(2025, 12, 31, 16, tzinfo=UTC) - LAST),
        ("2026-11-18T03:15:00Z", KL, NOW),
        ("2026-11-18T11:15:00+08:00", KL, NOW),
        ("2026-11-18T03:14:59Z", KL, NOW - timedelta(seconds=1)),
        ("2026-11-18T05:00:00Z", KL, NOW),
        ("2000-01-01", KL, datetime(2000, 1, 1, 16, tzinfo=UTC) - LAST),
    ],
)
def test_a_day_ends_at_midnight_of_the_store_and_never_after_now(day: str, store: Store, ends: datetime) -> None:
    assert end_of(day, store, NOW) == ends


@pytest.mark.parametrize(
    ("day", "store", "said"),
    [
        ("", KL, "write a day like"),
        ("yesterday", KL, "write a day like"),
        ("2026-02-29", KL, "write a day like"),
        ("2026-11-31", KL, "write a day like"),
        ("18.11.2026", KL, "write a day like"),
        ("2026-11-18T03:15:00", KL, "write a day like"),
        ("2026-11-18T", KL, "write a day like"),
        ("0001-01-01T00:00:00+08:00", KL, "write a day like"),
        ("9999-12-31", LA, "write a day like"),
        ("9999-12-31T23:59:59-08:00", LA, "write a day like"),
        ("9999-12-31T23:59:59Z", KL, "lies ahead"),
        ("9999-12-31", KL, "lies ahead"),
        ("2026-11-19", KL, "lies ahead"),
        ("2026-11-18", LA, "lies ahead"),
        ("2026-11-18T16:00:00Z", KL, "lies ahead"),
        ("0001-01-01", KL, "no store is that old"),
        ("1999-12-31", KL, "no store is that old"),
    ],
)
def test_a_day_that_cannot_be_told_is_named_with_what_mends_it(day: str, store: Store, said: str) -> None:
    with pytest.raises(NotDone) as refused:
        end_of(day, store, NOW)
    assert refused.value.message.startswith(f"--at {day}: ")
    assert said in refused.value.message


# -- exit codes and numbers ----------------------------------------------------------------------------------------------------


def score(value: str | None, *, reached: bool) -> Score:
    line = Line("TTS-SEA-VP-12", Decimal(12), Severity.WARNING, None)
    return Score(
        regime="points",
        value=None if value is None else Decimal(value),
        told_at=None,
        told_by="",
        unexplained=Decimal(0),
        top=Decimal(48),
        lines=(line,),
        next=None,
        distance=None,
        reached=line if reached else None,
        going=None,
        trend=None,
        look="unknown" if value is None else "reached" if reached else "fine",
    )


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (None, 0),
        (score("0", reached=False), 0),
        (score("11", reached=False), 0),
        (score("12", reached=True), 1),
        (score(None, reached=False), 2),
        (score(None, reached=True), 2),
    ],
)
def test_unknown_is_a_code_of_its_own_and_never_fine(told: Score | None, code: int) -> None:
    assert _code(told) == code


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, None), ("0", "0"), ("0.00", "0"), ("12.50", "12.5"), ("1E+3", "1000"), ("100", "100"), ("-4.0", "-4")],
)
def test_a_number_is_plain_decimal_text(value: str | None, text: str | None) -> None:
    assert _number(None if value is None else Decimal(value)) == text


# -- a score for a person ------------------------------------------------------------------------------------------------------


def document(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "regime": "points",
        "value": "14",
        "of": "48",
        "unexplained": "0",
        "reached": None,
        "next": None,
    }
    whole: dict[str, Any] = {
        "store": "tt-my-1",
        "at": "2026-11-18T03:15:00Z",
        "score": told | changes.pop("score", {}),
        "seen_at": "2026-11-18T01:00:00Z",
        "fresh": True,
        "expiries": [],
        "forecast": None,
    }
    return whole | changes


HEAD = "tt-my-1 at 2026-11-18T03:15:00Z: "


# (what differs from the usual document, lines after which the answer is complete)
READ: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["points 14 of 48"]),
    ({"score": {"value": "0"}}, ["points 0 of 48"]),
    ({"score": {"value": None}, "fresh": False}, ["points not known of 48"]),
    ({"score": {"of": None}}, ["points 14 of ?"]),
    ({"score": {"regime": "rating", "value": "168", "of": "1000"}}, ["rating 168 of 1000"]),
    ({"fresh": False}, ["points 14 of 48", "  last looked at 2026-11-18T01:00:00Z: too long ago to be relied on"]),
    ({"fresh": False, "seen_at": None}, ["points 14 of 48", "  last looked at never: too long ago to be relied on"]),
    (
        {"score": {"next": {"rule": "TTS-SEA-VP-24", "at": "24", "distance": "10"}}},
        ["points 14 of 48", "  next line 24 (TTS-SEA-VP-24), 10 away"],
    ),
    (
        {"score": {"reached": {"rule": "TTS-SEA-VP-12", "at": "12"}}},
        ["points 14 of 48", "  reached 12 (TTS-SEA-VP-12)"],
    ),
    ({"score": {"unexplained": "2"}}, ["points 14 of 48", "  2 of it are explained by no event that is recorded"]),
    ({"score": {"unexplained": None}}, ["points 14 of 48"]),
    (
        {"expiries": [{"at": "2026-12-01T00:00:00Z", "points": "6"}, {"at": "2026-12-02T00:00:00Z", "change": "-8"}]},
        ["points 14 of 48", "  2026-12-01T00:00:00Z  6 expire", "  2026-12-02T00:00:00Z  -8 expire"],
    ),
    ({"forecast": {"likely": None, "low": None, "high": None, "until": "x"}}, ["points 14 of 48"]),
    (
        {"forecast": {"likely": "15", "low": "14", "high": "20", "until": "2026-12-16T03:15:00Z", "covers": "0.80"}},
        ["points 14 of 48", "  likely 14 to 20 by 2026-12-16T03:15:00Z (holds 0.80 of all outcomes)"],
    ),
]


@pytest.mark.parametrize(("changes", "lines"), READ)
def test_a_score_reads_line_by_line(changes: dict[str, Any], lines: list[str]) -> None:
    told = dict(changes)
    assert score_text(document(**told)).splitlines() == [HEAD + lines[0], *lines[1:]]


def test_no_more_than_five_expiries_are_read_out() -> None:
    many = [{"at": f"2026-12-{day:02d}T00:00:00Z", "points": "1"} for day in range(1, 10)]
    lines = score_text(document(expiries=many)).splitlines()
    assert [line for line in lines if line.endswith("expire")] == [f"  2026-12-0{day}T00:00:00Z  1 expire" for day in range(1, 6)]


def test_a_platform_without_a_score_is_told_in_one_line() -> None:
    assert score_text({"store": "x", "score": None}) == "x: its platform keeps no such score."


# -- rates for a person --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left_over", "broken", "said"),
    [
        (None, False, "X >= 4 %: out of reach"),
        (-1, True, "X >= 4 %: broken"),
        (0, False, "X >= 4 %: 0 misses left"),
        (1, False, "X >= 4 %: 1 miss left"),
        (2, False, "X >= 4 %: 2 misses left"),
    ],
)
def test_a_limit_says_how_much_may_still_go_wrong(left_over: int | None, broken: bool, said: str) -> None:
    assert _limit_text({"rule": "X", "broken_when": ">=", "limit": "4", "misses_left": left_over, "broken": broken}) == said


def rate(**changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "title": "Late dispatch rate",
        "window_days": 30,
        "value": "3.33",
        "part": 1,
        "whole": 30,
        "platform_value": None,
        "limits": [],
    }
    return usual | changes


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        (rate(), ["  Late dispatch rate, 30 days: 3.33 % (1 of 30)"]),
        (rate(value=None, part=0, whole=0), ["  Late dispatch rate, 30 days: nothing to count"]),
        (rate(value="0.00", part=0), ["  Late dispatch rate, 30 days: 0.00 % (0 of 30)"]),
        (
            rate(platform_value="2.90"),
            ["  Late dispatch rate, 30 days: 3.33 % (1 of 30), the platform says 2.90 %"],
        ),
        (
            rate(value=None, platform_value="2.90"),
            ["  Late dispatch rate, 30 days: nothing to count, the platform says 2.90 %"],
        ),
        (
            rate(
                items=[
                    {"kind": "order", "id": "7", "due_at": "2026-11-17T00:00:00Z"},
                    {"kind": "order", "id": "8", "due_at": None},
                ]
            ),
            ["  Late dispatch rate, 30 days: 3.33 % (1 of 30)", "      order 7 2026-11-17T00:00:00Z", "      order 8"],
        ),
    ],
)
def test_a_rate_reads_with_its_count_and_what_the_platform_says(told: dict[str, Any], lines: list[str]) -> None:
    text = rates_text({"store": "s", "at": "now", "rates": [told], "people": []})
    assert text.splitlines() == ["s at now", *lines]


@pytest.mark.parametrize(("person", "name"), [("Ana", "Ana"), (None, "nobody"), ("", "somebody unnamed")])
def test_who_answered_is_named_as_far_as_it_is_known(person: str | None, name: str) -> None:
    people = [{"rule": "R", "person": person, "in_time": 2, "questions": 3}]
    assert rates_text({"store": "s", "at": "now", "rates": [], "people": people}).splitlines() == [
        "s at now",
        f"  R: {name} 2 of 3 in time",
    ]


# -- time left in the worklist -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 min"),
        (59, "0 min"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h 00"),
        (3_660, "1 h 01"),
        (172_740, "47 h 59"),
        (172_800, "2 d 0 h"),
        (176_400, "2 d 1 h"),
        (-1, "late 0 min"),
        (-90, "late 1 min"),
        (-3_660, "late 1 h 01"),
        (-180_000, "late 2 d 2 h"),
    ],
)
def test_time_left_at_the_edges_of_its_units(seconds: int, text: str) -> None:
    assert left(NOW + timedelta(seconds=seconds), NOW) == text
