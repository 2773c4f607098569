"""Penalty points of Shopee and non-compliance points of Lazada, reckoned by hand.

Shopee clears all on the first Monday of a quarter (2026: 5 January, 6 April, 6 July, 5 October), in the Philippines on the last
Monday of the month before (2025: 29 December, 2026: 30 March, 29 June, 28 September), 00:00 local time. Lazada's points live 365
days each.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.calendars import for_store
from storeward.policy.rules.points import resets_around
from storeward.policy.terms import book
from storeward.policy.tests.cast import Sample, judged, moments, profile, told

PP = tuple(f"SHP-PP-{limit}" for limit in (3, 6, 9, 12, 15))
NCP = tuple(f"LZD-NCP-{limit}" for limit in (12, 24, 36, 48))
NOW = "2026-08-10T03:00:00Z"
SHOPEE, LAZADA = {"platform": "shopee"}, {"platform": "lazada"}


def entries(fact: str, *given: tuple[object, str]) -> dict[str, Any]:
    return {fact: {"entries": [{"points": points, "issued_at": at} for points, at in given]}}


def total(fact: str, count: object, as_of: str | None = NOW, **more: Any) -> dict[str, Any]:
    return {fact: {"total": count, "as_of": as_of, **more}}


def pp(points: object) -> dict[str, Any]:
    return entries("penalty_points", (points, "2026-08-03T02:00:00Z"))


def ncp(points: object) -> dict[str, Any]:
    return entries("non_compliance_points", (points, "2026-08-03T02:00:00Z"))


# (points, findings): the highest tier that is reached, and the next one from a point below it on
SHOPEE_TIERS: list[tuple[object, set[str]]] = [
    (0, set()),
    (1, set()),
    ("1.9", set()),
    (2, {"SHP-PP-3 at_risk info"}),
    ("2.999", {"SHP-PP-3 at_risk info"}),
    (3, {"SHP-PP-3 breached warning"}),
    (4, {"SHP-PP-3 breached warning"}),
    (5, {"SHP-PP-3 breached warning", "SHP-PP-6 at_risk warning"}),
    (6, {"SHP-PP-6 breached critical"}),
    (8, {"SHP-PP-6 breached critical", "SHP-PP-9 at_risk warning"}),
    (9, {"SHP-PP-9 breached critical"}),
    (11, {"SHP-PP-9 breached critical", "SHP-PP-12 at_risk warning"}),
    (12, {"SHP-PP-12 breached critical"}),
    (13, {"SHP-PP-12 breached critical"}),
    (14, {"SHP-PP-12 breached critical", "SHP-PP-15 at_risk critical"}),
    (15, {"SHP-PP-15 breached fatal"}),
    (40, {"SHP-PP-15 breached fatal"}),
]
LAZADA_TIERS: list[tuple[object, set[str]]] = [
    (0, set()),
    (7, set()),
    ("7.99", set()),
    (8, {"LZD-NCP-12 at_risk info"}),
    (11, {"LZD-NCP-12 at_risk info"}),
    (12, {"LZD-NCP-12 breached warning"}),
    (19, {"LZD-NCP-12 breached warning"}),
    (20, {"LZD-NCP-12 breached warning", "LZD-NCP-24 at_risk warning"}),
    (24, {"LZD-NCP-24 breached critical"}),
    (32, {"LZD-NCP-24 breached critical", "LZD-NCP-36 at_risk warning"}),
    (36, {"LZD-NCP-36 breached critical"}),
    (43, {"LZD-NCP-36 breached critical"}),
    (44, {"LZD-NCP-36 breached critical", "LZD-NCP-48 at_risk critical"}),
    (48, {"LZD-NCP-48 breached fatal"}),
    (99, {"LZD-NCP-48 breached fatal"}),
]


@pytest.mark.parametrize(("points", "says"), SHOPEE_TIERS)
@pytest.mark.parametrize("region", ["SG", "MY", "TH", "PH", "VN", "ID"])
def test_the_tiers_of_shopee(points: object, says: set[str], region: str) -> None:
    for facts in (pp(points), total("penalty_points", points)):
        assert set(judged(Sample("", region, NOW, facts, (), PP, SHOPEE))) == says


@pytest.mark.parametrize(("points", "says"), LAZADA_TIERS)
def test_the_tiers_of_lazada(points: object, says: set[str]) -> None:
    for facts in (ncp(points), total("non_compliance_points", points)):
        assert set(judged(Sample("", "TH", NOW, facts, (), NCP, LAZADA))) == says


# (region, the last instant of the old quarter): the points of before are gone a second later
RESETS = [
    ("SG", "2026-01-04T15:59:59Z"),
    ("MY", "2026-04-05T15:59:59Z"),
    ("TH", "2026-07-05T16:59:59Z"),
    ("VN", "2026-10-04T16:59:59Z"),
    ("ID", "2027-01-03T16:59:59Z"),
    ("PH", "2025-12-28T15:59:59Z"),
    ("PH", "2026-03-29T15:59:59Z"),
    ("PH", "2026-06-28T15:59:59Z"),
    ("PH", "2026-09-27T15:59:59Z"),
]


@pytest.mark.parametrize(("region", "last"), RESETS)
def test_all_points_go_at_midnight_of_that_monday(region: str, last: str) -> None:
    facts = entries("penalty_points", (6, last))
    before = judged(Sample("", region, last, facts, (), PP, SHOPEE))
    first = (datetime.fromisoformat(last) + timedelta(seconds=1)).isoformat()
    after = judged(Sample("", region, first, facts, (), PP, SHOPEE))
    at_once = judged(Sample("", region, first, entries("penalty_points", (6, first)), (), PP, SHOPEE))
    assert (before, after, at_once) == (["SHP-PP-6 breached critical"], [], ["SHP-PP-6 breached critical"])


def test_before_the_change_of_december_2025_the_philippines_went_by_the_first_monday() -> None:
    facts = entries("penalty_points", (6, "2025-09-30T00:00:00Z"), (3, "2025-10-06T00:00:00Z"))
    assert judged(Sample("", "PH", "2025-11-10T00:00:00Z", facts, (), PP, SHOPEE)) == ["SHP-PP-3 breached warning"]


READ_AT = [
    Sample("read before the reset", "TH", "2026-07-06T01:00:00Z", total("penalty_points", 9, "2026-07-05T16:59:59Z")),
    Sample("48 hours old and a second", "SG", "2026-08-12T03:00:01Z", total("penalty_points", 9, NOW)),
    Sample("read after now", "SG", NOW, total("penalty_points", 9, "2026-08-10T03:10:01Z")),
    Sample("not known", "SG", NOW, {"penalty_points": None}),
    Sample("a total that is not known", "SG", NOW, total("penalty_points", None)),
    Sample("entries that are not known", "SG", NOW, {"penalty_points": {"entries": None}}),
    Sample("an entry without its points", "SG", NOW, pp(None)),
]


@pytest.mark.parametrize("sample", READ_AT, ids=lambda one: one.title)
def test_what_cannot_be_told_is_told_once_by_the_first_rung(sample: Sample) -> None:
    assert judged(sample._replace(silent=PP, store=SHOPEE)) == ["SHP-PP-3 unknown warning"]


COUNTED = [
    Sample("read at the reset", "TH", "2026-07-06T01:00:00Z", total("penalty_points", 9, "2026-07-05T17:00:00Z"), ("SHP-PP-9",)),
    Sample("48 hours to the second", "SG", "2026-08-12T03:00:00Z", total("penalty_points", 9, NOW), ("SHP-PP-9",)),
    Sample("without an age", "SG", NOW, total("penalty_points", 9, None), ("SHP-PP-9",)),
    Sample(
        "entries go before the total",
        "SG",
        NOW,
        {"penalty_points": {"entries": [{"points": 6, "issued_at": "2026-08-03T00:00:00Z"}], "total": 15}},
        ("SHP-PP-6",),
    ),
    Sample("an entry of tomorrow is not known yet", "SG", NOW, entries("penalty_points", (9, "2026-08-11T00:00:00Z")), ()),
    Sample("no entries: nothing happened", "SG", NOW, {"penalty_points": {"entries": []}}, ()),
    Sample("nothing said", "SG", NOW, {"penalty_points": {}}, ()),
]


@pytest.mark.parametrize("sample", COUNTED, ids=lambda one: one.title)
def test_what_counts_of_the_points_that_were_given(sample: Sample) -> None:
    found = judged(Sample("", sample.region, sample.now, sample.facts, (), PP, SHOPEE))
    assert [one.split()[0] for one in found] == list(sample.says)


# -- Lazada: an age of its own for each entry --------------------------------------------------------------

AGES = [
    Sample("a second before", "MY", "2026-03-10T04:59:59Z", {}, ("LZD-NCP-12 breached warning",)),
    Sample("exactly 365 days", "MY", "2026-03-10T05:00:00Z", {}, ()),
]


@pytest.mark.parametrize("sample", AGES, ids=lambda one: one.title)
def test_an_entry_is_gone_at_the_moment_of_365_days(sample: Sample) -> None:
    facts = entries("non_compliance_points", (12, "2025-03-10T05:00:00Z"))
    assert judged(sample._replace(facts=facts, silent=NCP, store=LAZADA)) == list(sample.says)


def test_each_entry_has_its_own_age() -> None:
    facts = entries("non_compliance_points", (20, "2025-03-10T05:00:00Z"), (12, "2025-09-10T05:00:00Z"))
    found = judged(Sample("", "SG", "2026-06-01T00:00:00Z", facts, (), NCP, LAZADA))
    assert found == ["LZD-NCP-12 breached warning"]


def test_at_48_nothing_is_cleared_any_more() -> None:
    facts = entries("non_compliance_points", (40, "2024-01-10T05:00:00Z"), (8, "2024-06-10T05:00:00Z"))
    assert judged(Sample("", "SG", NOW, facts, (), NCP, LAZADA)) == ["LZD-NCP-48 breached fatal"]


def test_a_total_of_lazada_knows_no_reset() -> None:
    found = judged(
        Sample("", "VN", "2026-07-06T01:00:00Z", total("non_compliance_points", 12, "2026-07-05T16:59:59Z"), (), NCP, LAZADA)
    )
    assert found == ["LZD-NCP-12 breached warning"]


def test_points_of_lazada_that_nobody_knows_are_told_by_the_first_rung() -> None:
    assert judged(Sample("", "VN", NOW, {"non_compliance_points": None}, (), NCP, LAZADA)) == ["LZD-NCP-12 unknown warning"]


def test_the_points_of_one_platform_say_nothing_of_another() -> None:
    facts = pp(15) | ncp(48) | {"violation_points": [{"points": 48, "issued_at": "2026-08-03T02:00:00Z"}]}
    found = {
        platform: set(told(facts, NOW, "SG", platform=platform)) for platform in ("shopee", "lazada", "douyin", "tiktok_shop")
    }
    assert found == {"shopee": {"SHP-PP-15"}, "lazada": {"LZD-NCP-48"}, "douyin": set(), "tiktok_shop": {"TTS-SEA-VP-48"}}


# -- properties -----------------------------------------------------------------------------------------


@given(moments(date(2024, 1, 1), date(2030, 1, 1)), st.sampled_from(["SG", "TH", "PH"]))
def test_a_moment_lies_between_two_mondays_a_quarter_apart(now: datetime, region: str) -> None:
    calendar = for_store(profile(region, platform="shopee")).own
    rule = book().rule("SHP-PP-RESET-PH" if region == "PH" else "SHP-PP-RESET")
    row = book().row(rule, date(2026, 6, 1))
    assert row is not None
    last, following = resets_around(calendar, row, now)
    assert last <= now < following
    assert timedelta(days=12 * 7) <= following - last <= timedelta(days=14 * 7)
    for reset in (last, following):
        local = reset.astimezone(calendar.zone)
        assert (local.weekday(), local.hour, local.minute) == (0, 0, 0)
        near = local + timedelta(days=7) if region == "PH" else local - timedelta(days=7)
        assert near.month != local.month, "the first or the last Monday of its month"


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 400)), max_size=8))
def test_more_points_never_lower_the_tier(given_points: list[tuple[int, int]]) -> None:
    now = datetime(2026, 8, 10, 3, tzinfo=UTC)
    listed = [(points, (now - timedelta(days=days)).isoformat()) for points, days in given_points]
    reached = []
    for more in (listed, [*listed, (3, (now - timedelta(days=1)).isoformat())]):
        found = told(entries("penalty_points", *more), now.isoformat(), "SG", platform="shopee")
        broken = [int(rule.removeprefix("SHP-PP-")) for rule, ones in found.items() if ones[0].state == "breached"]
        reached.append(max(broken, default=0))
    assert reached[0] <= reached[1]
    assert reached[1] >= 3
    quarter = sum(points for points, days in given_points if days <= 35)  # since 6 July
    assert reached[0] <= max(Decimal(quarter), Decimal(0))
