"""The window of a replay: which rules are judged along, which days it has, and what each is worth."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from storeward.findings.worth import Worth
from storeward.policy.facts import StoreProfile
from storeward.policy.terms import book
from storeward.policy.tests.cast import profile
from storeward.policy.versions import Own, assemble
from storeward.replay.span import Past, only, with_dependents

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
DAY = timedelta(days=1)


def past(store: StoreProfile, days: float = 3) -> Past:
    return Past(book(), book(), NOW - days * DAY, NOW, {1: store}, Worth.on(NOW))


@pytest.mark.parametrize(
    ("rules", "held"),
    [
        ({"TTS-SEA-SHIP-2WD"}, {"TTS-SEA-SHIP-2WD"}),
        ({"TTS-SEA-INACT-G7"}, {"TTS-SEA-INACT-G7", "TTS-SEA-INACT-30"}),
        ({"TTS-SEA-VP-12"}, {"TTS-SEA-VP-12", "TTS-SEA-VP-RESET-90", "TTS-SEA-VP-48"}),
        ({"SHP-PP-3"}, {"SHP-PP-3", "SHP-PP-RESET", "SHP-PP-RESET-PH"}),
        ({"TTS-SEA-RESP12-RATE"}, {"TTS-SEA-RESP12-RATE", "TTS-SEA-RESP12-MSG"}),
        ({"DY-VP-12"}, {"DY-VP-12", "DY-VP-EXPIRY"}),
    ],
)
def test_a_book_holds_the_chosen_rules_and_what_they_read(rules: set[str], held: set[str]) -> None:
    assert {rule.id for _, rule in only(book(), rules)} == held


@pytest.mark.parametrize(
    ("rule", "along"),
    [
        ("TTS-SEA-VP-RESET-90", {"TTS-SEA-VP-12", "TTS-SEA-VP-24", "TTS-SEA-VP-36", "TTS-SEA-VP-48"}),
        ("TTS-SEA-RESP12-MSG", {"TTS-SEA-RESP12-RATE"}),
        ("LZD-NCP-RESET", {"LZD-NCP-12", "LZD-NCP-24", "LZD-NCP-36", "LZD-NCP-48"}),
        ("TTS-SEA-SHIP-2WD", set()),
    ],
)
def test_what_reads_a_rule_is_replayed_along_with_it(rule: str, along: set[str]) -> None:
    found = with_dependents(book(), {rule})
    assert {rule, *along} <= found
    assert found <= {rule, *along, "TTS-MY-RESP12-RATE"}


@pytest.mark.parametrize(
    ("region", "ends"),
    [
        ("MY", ["11-15 15:59:59", "11-16 15:59:59", "11-17 15:59:59", "11-18 03:15:00"]),
        ("US", ["11-15 07:59:59", "11-16 07:59:59", "11-17 07:59:59", "11-18 03:15:00"]),
    ],
)
def test_each_local_day_ends_in_the_zone_of_the_store_and_today_now(region: str, ends: list[str]) -> None:
    found = [f"{moment:%m-%d %H:%M:%S}" for moment in past(profile(region)).ends(1)]
    assert found == ends


def test_a_day_is_the_stores_own() -> None:
    evening = datetime(2026, 11, 17, 17, tzinfo=UTC)  # one in the morning of the 18th in Kuala Lumpur
    assert past(profile("MY")).day_of(1, evening) == date(2026, 11, 18)
    assert past(profile("US")).day_of(1, evening) == date(2026, 11, 17)


def test_points_are_told_where_the_terms_name_them() -> None:
    held = past(profile("MY"))
    assert held.points("TTS-SEA-SHIP-2WD", NOW.date()) is None
    assert held.points("DY-NOT-SERVING", NOW.date()) == Decimal(2)


def test_own_figures_stay_in_a_smaller_book() -> None:
    tight = assemble(book(), [], [Own("TTS-SEA-RESP12-MSG", {"hours": Decimal(3)}, date(2026, 1, 1))])
    small = only(tight, {"TTS-SEA-RESP12-MSG"})
    row = small.row(small.rule("TTS-SEA-RESP12-MSG"), NOW.date())
    assert row is not None
    assert row.figure("hours") == 3


def test_stores_share_calendars() -> None:
    both = Past(book(), book(), NOW - DAY, NOW, {1: profile("MY"), 2: profile("MY", store_id="b")}, Worth.on(NOW))
    assert both.calendar(1) is both.calendar(2)
    assert both.ids == [1, 2]
