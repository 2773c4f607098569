"""Rates, violations and the plot of a store in words and shapes: pure, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from storeward.findings.health.rates import Behind, Line, Rate, Told
from storeward.policy.ledgers.rates import Counted, Limit, all_formulas
from storeward.policy.terms import book
from storeward.policy.types import Severity
from storeward.web import chart, health_rates, health_store, words

NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
KL, LA = ZoneInfo("Asia/Kuala_Lumpur"), ZoneInfo("America/Los_Angeles")
FORMULA = next(one for one in all_formulas() if one.by_misses and not one.at_most)
DAY = timedelta(days=1)


def visit(language: str = "en", **asked: str) -> Any:
    return SimpleNamespace(language=language, now=NOW, request=SimpleNamespace(GET=asked))


def limit(at: str = "4", comparator: str = ">=", severity: Severity = Severity.CRITICAL) -> Limit:
    rows = (book().row(rule, NOW.date()) for _platform, rule in book() if rule.form == "rate")
    row = replace(next(row for row in rows if row is not None), lead=None)
    return Limit("X-RATE", Decimal(at), comparator, 30, severity, None, row)


def rate(part: int, whole: int, *lines: Line, told: Told | None = None) -> Rate:
    return Rate(7, FORMULA, 30, NOW - 30 * DAY, NOW, Counted(part, whole), lines, told)


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0 %"), ("-0", "0 %"), ("-0.001", "0 %"), ("3.333333", "3.33 %"), ("12.50", "12.5 %"), ("100", "100 %")],
)
def test_a_share_has_two_decimals_at_most(value: str, text: str) -> None:
    assert health_rates.percent(Decimal(value)) == text


@pytest.mark.parametrize(
    ("part", "whole", "told", "ours", "counted", "theirs", "difference"),
    [
        (0, 0, None, "–", "0 of 0", "–", ""),
        (0, 30, None, "0 %", "0 of 30", "–", ""),
        (1, 30, None, "3.33 %", "1 of 30", "–", ""),
        (1, 30, Told(Decimal("3.5"), 30, NOW), "3.33 %", "1 of 30", "3.5 %", "+0.17"),
        (1, 4, Told(Decimal(25), None, NOW), "25 %", "1 of 4", "25 %", "±0"),
        (1, 4, Told(Decimal(20), 30, NOW), "25 %", "1 of 4", "20 %", "−5"),
        (1, 4, Told(Decimal(20), 7, NOW), "25 %", "1 of 4", "20 %", ""),
        (0, 0, Told(Decimal(20), 30, NOW), "–", "0 of 0", "20 %", ""),
        (1500, 3000, None, "50 %", "1,500 of 3,000", "–", ""),
    ],
)
def test_ours_stands_beside_the_platforms_and_only_like_is_compared(
    part: int, whole: int, told: Told | None, ours: str, counted: str, theirs: str, difference: str
) -> None:
    row = health_rates.rate_row(visit(), rate(part, whole, told=told))
    assert (row.ours, row.counted, row.told, row.difference) == (ours, counted, theirs, difference)
    assert (row.misses, row.window) == (part, "30 days")


@pytest.mark.parametrize(
    ("part", "whole", "left", "text", "mark"),
    [
        (0, 0, 3, "nothing counted yet", "none"),
        (0, 30, None, "out of reach", "fine"),
        (2, 30, -1, "broken", "critical"),
        (0, 1, 0, "0 misses left", "info"),
        (0, 49, 0, "0 misses left", "info"),
        (0, 50, 0, "0 misses left", "warning"),
        (0, 99, 1, "1 miss left", "fine"),
        (0, 100, 1, "1 miss left", "warning"),
        (0, 1000, 40, "40 misses left", "fine"),
        (0, 100_000, 4000, "4,000 misses left", "fine"),
    ],
)
def test_a_limit_says_how_many_more_may_go_wrong(part: int, whole: int, left: int | None, text: str, mark: str) -> None:
    one = rate(part, whole, Line(limit("40"), left))
    row = health_rates.limit_row(visit(), one, 0)
    assert (row.left, row.text) == (text, ">= 40 %")
    assert row.mark == mark


def test_a_rate_is_open_where_the_address_names_its_metric_and_window() -> None:
    key = f"{FORMULA.metric}:30"
    assert health_rates.rate_row(visit(items=key), rate(1, 30)).open
    assert not health_rates.rate_row(visit(items=f"{FORMULA.metric}:7"), rate(1, 30)).open
    assert not health_rates.rate_row(visit(), rate(1, 30)).open
    assert health_rates.rate_row(visit(), rate(1, 30)).href == f"?items={key}#behind"


@pytest.mark.parametrize(
    ("item", "due", "done", "href"),
    [
        (Behind("order", "77", "R", True, NOW - DAY, NOW, None), "20 Nov 2026 12:20", "not done", "/search/?q=77"),
        (Behind("order", "77", "R", True, None, NOW, NOW + DAY), "20 Nov 2026 12:20", "21 Nov 2026 12:20", "/search/?q=77"),
        (Behind("order", "77", "R", True, NOW - DAY, None, None), "19 Nov 2026 12:20", "", "/search/?q=77"),
        (Behind("conversation", "c", "R", True, None, None, None), "", "", ""),
    ],
)
def test_an_item_behind_a_rate_tells_when_it_was_due_and_done(item: Behind, due: str, done: str, href: str) -> None:
    row = health_rates.behind_row(visit(), item, KL)
    assert (row.due, row.done, row.href) == (due, done, href)


# -- a past day ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "zone", "day"),
    [
        ("2026-11-19", KL, date(2026, 11, 19)),
        ("2026-11-20", KL, None),
        ("2026-11-19", LA, None),
        ("2026-11-18", LA, date(2026, 11, 18)),
        ("2024-02-29", KL, date(2024, 2, 29)),
        ("2025-02-29", KL, None),
        ("2000-01-01", KL, date(2000, 1, 1)),
        ("1999-12-31", KL, None),
        ("0001-01-01", KL, None),
        ("9999-12-31", KL, None),
        ("soon", KL, None),
        ("", KL, None),
    ],
)
def test_a_past_day_is_one_before_today_of_the_store_and_within_its_life(typed: str, zone: ZoneInfo, day: date | None) -> None:
    assert health_store.past_day(visit(at=typed), zone) == day


@pytest.mark.parametrize(
    ("status", "word"),
    [("pending", "waits for an answer"), ("enforced", "enforced"), ("new_word", "new_word"), ("", "?"), (None, "?")],
)
def test_a_status_that_we_do_not_know_is_shown(status: str | None, word: str) -> None:
    assert health_store.status_word(status) == word


# -- the ground below a score --------------------------------------------------------------------------------------------------

SCALE = chart._Scale(NOW, NOW + 100 * DAY, Decimal(10))


def steps(*told: tuple[int, int | None]) -> list[tuple[datetime, Decimal | None]]:
    return [(NOW + day * DAY, None if value is None else Decimal(value)) for day, value in told]


@pytest.mark.parametrize(
    ("told", "path", "ground"),
    [
        ([], "", ""),
        ([(0, None), (50, None)], "", ""),
        ([(0, 5)], "M0.0 50.0H100.0", "M0.0 50.0H100.0V100H0.0Z"),
        ([(0, 0), (40, 10)], "M0.0 100.0H40.0V0.0H100.0", "M0.0 100.0H40.0V0.0H100.0V100H0.0Z"),
        ([(0, None), (40, 5)], "M40.0 50.0H100.0", "M40.0 50.0H100.0V100H40.0Z"),
        ([(0, 5), (40, None)], "M0.0 50.0H40.0", "M0.0 50.0H40.0V100H0.0Z"),
        (
            [(0, 5), (20, None), (60, 10)],
            "M0.0 50.0H20.0M60.0 0.0H100.0",
            "M0.0 50.0H20.0V100H0.0ZM60.0 0.0H100.0V100H60.0Z",
        ),
    ],
)
def test_there_is_neither_line_nor_ground_where_the_score_cannot_be_told(
    told: list[tuple[int, int | None]], path: str, ground: str
) -> None:
    until = NOW + 100 * DAY
    assert chart._path(steps(*told), SCALE, until) == path
    assert chart._ground(steps(*told), SCALE, until) == ground


# -- words of findings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", words.KINDS)
def test_every_kind_is_counted_in_one_and_in_many(kind: str) -> None:
    one, many = words.counted(kind, 1), words.counted(kind, 14)
    assert one.startswith("1 ")
    assert many.startswith("14 ")
    assert one.removeprefix("1 ") != many.removeprefix("14 ")
    assert "matter" not in many


@pytest.mark.parametrize(
    ("text", "most", "opening"),
    [
        ("Ship it", 7, "Ship it"),
        ("Ship it, then wait", 10, "Ship it"),
        ("Ship it, then wait; or call", 19, "Ship it, then wait"),
        ("Shipping late (twice) costs points", 16, "Shipping late"),
        ("One long clause without an end", 10, "One long clause without an end"),
        ("按时发货，否则取消。", 6, "按时发货"),
        ("", 5, ""),
    ],
)
def test_a_sentence_is_cut_only_at_the_end_of_a_clause(text: str, most: int, opening: str) -> None:
    assert words.opening(text, most) == opening


@pytest.mark.parametrize(
    ("kind", "identity", "text"),
    [
        ("order", "77", "Order 77"),
        ("order", "", ""),
        ("store", "7", ""),
        ("stream", "wallet", "Balance"),
        ("parcel", "7", "parcel 7"),
    ],
)
def test_a_subject_is_named_by_its_kind_and_id(kind: str, identity: str, text: str) -> None:
    assert words.subject(kind, identity) == text


def test_a_rule_that_is_none_any_more_still_reads() -> None:
    assert words.rule_words("GONE-1", "en").title == "GONE-1"
    assert words.why("GONE-1", {"why": {"en": "Late."}}, "zh") == "Late.", "in English where there is no Chinese"
    assert words.why("GONE-1", {}, "en") == ""
    assert words.brief("GONE-1", {"why": {"en": "Balance -5."}}, "en") == "Balance −5"
    assert words.span_of("GONE-1", "") is None
