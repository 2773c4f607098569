"""A changed figure is a change of data: no figure of a rule stands as a literal in code."""

from decimal import Decimal
from pathlib import Path

import pytest

from storeward.policy.terms import book
from storeward.policy.tests.literals import Literal, literals

ROOT = Path(__file__).resolve().parents[2]
JUDGING = ("policy", "findings", "rounds", "rulebook", "replay", "alerts", "web")
"""Packages that judge or tell of rules."""

# What has the value of a figure and is none: (place, values, why).
REVIEWED: list[tuple[str, str, str]] = [
    ("policy/calendars.py:_LONGEST_PAUSE", "60", "stops a search in a calendar that never works"),
    ("policy/cases.py:_MOST_DIGITS", "60", "how long a number in a file may be"),
    ("policy/cases.py:_HIGHEST_EXPONENT", "30", "how large a number in a file may be"),
    ("findings/health/events.py:MOST_DIGITS", "12", "how large a typed figure may be before it counts as none"),
    ("policy/facts.py:HIGHEST_SCORE", "1000", "the facts format bounds what may be typed; nothing is judged by it"),
    ("policy/judge.py:LAST_DAY", "24", "convention C17 of our own: full severity with 24 hours left"),
    ("policy/rules/base.py:MAX_AGE", "48", "convention C13 of our own: older facts are missing"),
    ("policy/rules/base.py:CLOCK_SKEW", "10", "convention C9 of our own: minutes that a clock may be ahead"),
    ("policy/rules/points.py:_nth", "7 31", "days of a week, and of the longest month"),
    ("policy/rules/response.py:SATURDAY", "5", "number of a weekday"),
    ("policy/rules/response.py:reply_due", "7", "days of a week"),
    ("findings/causes.py:UNREADABLE_FOR", "24", "how long we tell of a record that we could not read"),
    ("findings/causes.py:PRESSING", "3", "when an authorisation that ends becomes critical; our own rule"),
    ("findings/clock.py:LEFT_LYING", "2", "minutes after which a dead worker's changes are taken up"),
    ("findings/evaluate.py:STORES_AT_ONCE", "50", "stores in one transaction"),
    ("findings/facts.py:ENTERED_TRUST", "3 8", "how long we believe what was typed"),
    ("findings/facts.py:BALANCE_HISTORY", "60", "how far back balances are read; longer than any streak asks"),
    ("findings/facts.py:_entered", "10", "convention C9: minutes that a clock may be ahead"),
    ("findings/facts.py:_enter", "48", "convention C13: older facts are missing"),
    ("findings/facts.py:_told_points", "48", "convention C13: older facts are missing"),
    ("findings/figures.py:HUNDRED", "100", "makes a share a percentage"),
    ("findings/figures.py:_PARTS", "24 60", "hours of a day, minutes of an hour"),
    ("findings/figures.py:SPANS", "7 30", "what the platform's own figures are told to cover; judged against the row's window"),
    ("findings/lifecycle.py:LONGEST_SNOOZE", "30", "days that a person may put a finding off"),
    ("findings/queries.py:MONTH", "30", "how we measure what a store sells"),
    ("findings/rank.py:CONSEQUENCES_USD", "6", "our weights of the ranking (docs/ranking.md)"),
    (
        "findings/rates.py:WEEK",
        "7 30",
        "windows of the counts handed to the rules, which take only those of their own window (C26)",
    ),
    ("findings/rates.py:MONTH", "7 30", "the same"),
    ("findings/talks.py:WINDOW", "30", "how far back conversations are read"),
    ("findings/listings.py:NAMED", "3", "listings that a sentence names"),
    ("findings/reviews.py:_NAMED", "3", "rules that a sentence names"),
    ("findings/health/board.py:TREND", "28", "days of the trend that a board draws"),
    ("findings/health/outlook.py:HORIZON", "28", "days that a forecast looks ahead"),
    ("findings/health/outlook.py:WEEK", "7", "days of a week"),
    ("findings/health/outlook.py:PRIOR", "8", "weight of what is known before a store has a history"),
    ("findings/health/enter.py:LONGEST_NOTE", "200", "letters of a note"),
    ("findings/health/rates.py:PERCENT", "100", "makes a share a percentage"),
    ("policy/listing_check/check.py:CLAUSE", "48", "letters of a text around a word"),
    ("policy/listing_check/price.py:WHOLE", "100", "makes a share a percentage"),
    ("replay/rehearse.py:LONGEST", "15", "minutes that a rehearsal may take"),
    ("web/chart.py:BACK", "150", "days that a chart looks back"),
    ("web/chart.py:chart_of", "12", "days that a chart draws beyond what is ahead"),
    ("web/health_rates.py:people_rows", "100", "makes a share a percentage"),
    ("replay/things.py:_BEFORE", "7", "how much earlier a talk is read from, so that its turns are right"),
    ("web/policy_changes.py:BACK", "90", "days that a page looks back"),
    ("web/policy_questions.py:_about", "2 30", "wrong answers beside the right one in a question"),
    ("web/health_rates.py:ANSWERED", "30", "days over which a page counts who answered"),
    ("web/deadlines.py:bunches", "2", "hours that count as soon on a page"),
    ("web/entries.py:TRUST", "48", "convention C13: older facts are missing"),
    ("web/entries.py:take_in", "1000", "the facts format bounds what may be typed"),
    ("web/finding.py:snooze_end", "3 4 7", "choices for putting a finding off"),
    ("web/mailboxes.py:MAIL_TRUST", "15", "minutes that a look at a mailbox is believed"),
    ("web/notice_form.py:MOST_POINTS", "1000", "bounds what may be typed"),
    ("web/reads.py:WEEK", "7", "days of a week on a page"),
]


def files() -> list[Path]:
    found = (path for package in JUDGING for path in (ROOT / package).rglob("*.py"))
    return sorted(path for path in found if not {"tests", "migrations"} & set(path.parts))


def figures() -> frozenset[Decimal]:
    """Every figure of every rule; of a negative one (an amount owed) also what it is without its sign."""
    own = {figure for _, rule in book() for span in rule.terms for figure in span.figures.values()}
    return frozenset(own | {abs(figure) for figure in own})


def reviewed() -> set[Literal]:
    return {Literal(place, Decimal(value)) for place, values, _ in REVIEWED for value in values.split()}


def offending(paths: list[Path], root: Path) -> list[str]:
    """Literals that have the value of a figure and were not looked at."""
    known, limits = reviewed(), figures()
    return [
        f"{found.place} line {line}: {found.value:f} is a figure of a rule; take it from the terms, or say here why it is another"
        for found, line in literals(paths, root)
        if (found.value in limits or abs(found.value) in limits) and found not in known
    ]


def test_no_figure_of_a_rule_stands_as_a_literal_in_code() -> None:
    assert len(files()) > 60
    assert offending(files(), ROOT) == []


def test_figures_are_known_in_number() -> None:
    assert {Decimal(text) for text in ("-100", "100", "0.5", "2.5", "8.8", "30", "151", "180", "365")} <= figures()


def test_what_was_reviewed_gives_a_reason_and_is_listed_once() -> None:
    assert all(reason.strip() for _, _, reason in REVIEWED)
    assert len({place for place, _, _ in REVIEWED}) == len(REVIEWED)


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        ("def due(at):\n    return at + timedelta(days=30)", ("due", 30)),
        ("def late(rate):\n    return rate >= 2.5", ("late", Decimal("2.5"))),
        ("def owed(balance):\n    return balance < -100", ("owed", -100)),
        ("LIMIT = 4", ("LIMIT", 4)),
        ("LIMITS = {'MY': 85, 'PH': [90]}", ("LIMITS", 85)),
        ("MILESTONES: Final = (150, 100)", ("MILESTONES", 150)),
        ("TARGET = Decimal('0.5')", ("TARGET", Decimal("0.5"))),
        ("class Rate:\n    window = timedelta(hours=12)", ("Rate", 12)),
        ("def soon(at):\n    return at + timedelta(days=2)", ("soon", 2)),
        ("def near(rate, limit):\n    return rate > 80 * limit", ("near", 80)),
        ("async def f(x):\n    if 3 < x < 48: pass", ("f", 3)),
    ],
)
def test_a_planted_figure_is_found(tmp_path: Path, planted: str, seen: tuple[str, Decimal]) -> None:
    (tmp_path / "policy").mkdir()
    path = tmp_path / "policy" / "planted.py"
    path.write_text(planted, "utf-8")
    name, value = seen
    assert Literal(f"policy/planted.py:{name}", Decimal(value)) in {found for found, _ in literals([path], tmp_path)}
    assert offending([path], tmp_path)


@pytest.mark.parametrize(
    "harmless",
    [
        "def first(rows):\n    return rows[:30]",
        "name = CharField(max_length=60)",
        "def pair(x):\n    return x == 2 or x < 0 or x > 1",
        "def part(x):\n    return x.ljust(24)",
        "TITLE = '30 days'",
        "lines = 50",
        "FLAG = True",
    ],
)
def test_what_decides_nothing_is_left_alone(tmp_path: Path, harmless: str) -> None:
    path = tmp_path / "harmless.py"
    path.write_text(harmless, "utf-8")
    assert offending([path], tmp_path) == []


def test_sizes_outside_the_judging_packages_are_no_figures_but_durations_are(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    path = tmp_path / "web" / "page.py"
    path.write_text("ON_A_PAGE = 50\nHELD = timedelta(days=90)", "utf-8")
    assert [found.place for found, _ in literals([path], tmp_path)] == ["web/page.py:HELD"]
