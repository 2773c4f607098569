"""Versions laid over the data: published changes, own figures, drafts as text, and what differs between two days."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.changes import compared, differences
from storeward.policy.terms import BadTerms, NotTightening, Rule, Span, book
from storeward.policy.tests.cast import figures, told
from storeward.policy.versions import (
    Change,
    Own,
    as_data,
    assemble,
    check_tightening,
    figure_draft,
    of_data,
    overlay,
    read_draft,
    whole,
)

DAY = timedelta(days=1)
SHIP, REPLY = "TTS-SEA-SHIP-2WD", "TTS-SEA-RESP12-MSG"

DRAFT = """
[[change]]
rule = "TTS-SEA-SHIP-2WD"
from = 2026-12-01
figures = { working_days = 1 }
source = ["https://a.example/notice"]
read_on = 2026-11-20
confidence = "official"
"""


def span(from_: date | None, to: date | None = None, **named: str) -> Span:
    return Span(source=("x",), read_on=date(2026, 11, 1), confidence="official", from_=from_, to=to, figures=figures(**named))


# -- changes -----------------------------------------------------------------------------------------------

days = st.dates(date(2025, 1, 1), date(2027, 1, 1))


@given(st.lists(st.tuples(days, st.none() | st.integers(1, 200), st.booleans()), max_size=6), days)
def test_whatever_is_laid_over_terms_they_never_overlap_and_the_last_word_holds(
    laid: list[tuple[date, int | None, bool]], day: date
) -> None:
    spans: tuple[Span, ...] = (span(None, limit="0"),)
    wanted: str | None = "0"
    for number, (first, length, ends) in enumerate(laid, start=1):
        last = None if length is None else first + length * DAY
        spans = overlay(spans, Change("X", span(first, last, limit=str(number)), ends))
        if first <= day and (last is None or day < last):
            wanted = None if ends else str(number)
    held = [s for s in spans if s.holds_on(day)]
    assert [f"{s.figures['limit']}" for s in held] == ([] if wanted is None else [wanted])
    assert all(one.to is not None and other.from_ is not None and one.to <= other.from_ for one, other in pairwise(spans))


def test_a_change_holds_from_its_day_and_nothing_before_it_is_edited() -> None:
    changed = assemble(book(), read_draft(DRAFT, book()))
    rule = changed.rule(SHIP)
    assert whole(rule) == []
    before, after = changed.row(rule, date(2026, 11, 30)), changed.row(rule, date(2026, 12, 1))
    assert before is not None
    assert after is not None
    assert (before.figure("working_days"), after.figure("working_days")) == (Decimal(2), Decimal(1))
    assert after.ref.source == ("https://a.example/notice",)
    assert before.ref.source == book().rule(SHIP).terms[0].source
    assert changed.rule(REPLY) is book().rule(REPLY)


def test_a_change_may_end_a_rule() -> None:
    (change,) = read_draft(DRAFT.replace("figures = { working_days = 1 }", "ends = true"), book())
    ended = assemble(book(), [change])
    assert ended.row(ended.rule(SHIP), date(2026, 11, 30)) is not None
    assert ended.row(ended.rule(SHIP), date(2026, 12, 1)) is None


def test_without_changes_the_book_is_the_products() -> None:
    assert assemble(book(), [], []) is book()


def test_a_change_is_stored_and_read_back_unchanged() -> None:
    (change,) = read_draft(DRAFT, book())
    assert of_data(as_data(change)) == change


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[[change]]", "[[change", "is not TOML"),
        (DRAFT, "change = []", "change is missing"),
        ('rule = "TTS-SEA-SHIP-2WD"', 'rule = "TTS-NONE"', "TTS-NONE: rule is not known"),
        ("from = 2026-12-01\n", "", "from"),
        ("from = 2026-12-01", "from = 2026-12-01\nto = 2026-12-01", "to is not after from"),
        ('source = ["https://a.example/notice"]', 'source = [" "]', "source is missing"),
        ("working_days = 1", "hours = 1", "figures.hours is none of the rule's figures: working_days"),
        ("working_days = 1", "working_days = nan", "figures"),
        ("working_days = 1", "working_days = -1", "below zero"),
        ('confidence = "official"', 'confidence = "sure"', "confidence"),
        ('confidence = "official"', 'confidence = "official"\ncolour = "red"', "colour"),
    ],
)
def test_a_draft_that_cannot_be_read_says_what_is_wrong(before: str, after: str, said: str) -> None:
    assert before in DRAFT
    with pytest.raises(BadTerms) as refusal:
        read_draft(DRAFT.replace(before, after), book())
    assert said in str(refusal.value)


def test_a_form_writes_the_text_of_a_draft() -> None:
    text = figure_draft(
        book(),
        SHIP,
        figures(working_days="3"),
        from_=date(2027, 1, 1),
        source='https://a.example/"x"\n',
        read_on=date(2026, 11, 20),
        confidence="uncertain",
    )
    (change,) = read_draft(text, book())
    assert (change.rule, change.day, change.span.figures) == (SHIP, date(2027, 1, 1), figures(working_days="3"))
    assert change.span.source == ('https://a.example/"x"\n',)
    assert (change.span.unit, change.span.comparator) == ("days", "within")


# -- own figures -------------------------------------------------------------------------------------------


def _talk(placed: str) -> dict[str, object]:
    return {"conversations": [{"id": "c", "buyer_first_at": placed, "first_human_reply_at": None}]}


def test_an_own_figure_holds_from_its_day_and_shows_beside_the_platforms() -> None:
    tight = assemble(book(), [], [Own(REPLY, figures(hours="3"), date(2026, 8, 10))])
    rule = tight.rule(REPLY)
    before, after = tight.row(rule, date(2026, 8, 9)), tight.row(rule, date(2026, 8, 10))
    assert before is not None
    assert after is not None
    assert (before.figure("hours"), before.ref.own) == (Decimal(12), None)
    assert (after.figure("hours"), after.ref.own, after.ref.figures["hours"]) == (Decimal(3), figures(hours="3"), Decimal(12))
    assert whole(rule) == []


def test_an_own_figure_ends_and_the_platforms_counts_again() -> None:
    tight = assemble(book(), [], [Own(REPLY, figures(hours="3"), date(2026, 8, 10), date(2026, 8, 20))])
    held = [tight.row(tight.rule(REPLY), date(2026, 8, day)) for day in (9, 10, 19, 20)]
    assert [row.figure("hours") for row in held if row is not None] == [12, 3, 3, 12]


def test_where_the_platform_comes_to_demand_more_its_figure_counts() -> None:
    (change,) = read_draft(DRAFT.replace(SHIP, REPLY).replace("working_days = 1", "hours = 2"), book())
    tight = assemble(book(), [change], [Own(REPLY, figures(hours="3"), date(2026, 8, 10))])
    row = tight.row(tight.rule(REPLY), date(2026, 12, 1))
    assert row is not None
    assert (row.figure("hours"), row.ref.own) == (Decimal(2), None)


def test_a_looser_figure_is_refused_with_both_figures() -> None:
    with pytest.raises(NotTightening, match=r"hours = 30 is looser than the platform's 12"):
        check_tightening(book(), Own(REPLY, figures(hours="30"), date(2026, 8, 10)))
    check_tightening(book(), Own(REPLY, figures(hours="12"), date(2026, 8, 10)))


def test_only_terms_that_hold_later_speak_against_an_own_figure() -> None:
    (change,) = read_draft(DRAFT.replace(SHIP, REPLY).replace("working_days = 1", "hours = 20"), book())
    loosened = assemble(book(), [change])
    check_tightening(loosened, Own(REPLY, figures(hours="20"), date(2026, 12, 1)))
    with pytest.raises(NotTightening, match="looser"):
        check_tightening(loosened, Own(REPLY, figures(hours="20"), date(2026, 11, 30)))
    with pytest.raises(NotTightening, match="no terms hold"):
        check_tightening(book(), Own("TTS-US-VP48-LEGACY", figures(limit="1"), date(2026, 8, 10)))


def test_findings_are_judged_by_the_own_figure_where_it_holds() -> None:
    assert told(_talk("2026-08-10T00:00:00Z"), "2026-08-10T04:00:00Z") == {}
    assert REPLY in told(_talk("2026-08-10T00:00:00Z"), "2026-08-10T04:00:00Z", overrides={REPLY: figures(hours="3")})


# -- what differs ------------------------------------------------------------------------------------------


def _said(**named: str) -> list[tuple[str, str, str, str, str]]:
    (change,) = read_draft(DRAFT.replace("working_days = 1", ", ".join(f"{k} = {v}" for k, v in named.items())), book())
    laid = assemble(book(), [change])
    return [
        (d.rule.id, d.kind, d.demands, d.severity.value, str(d.day))
        for d in differences(laid, date(2026, 11, 1), date(2026, 12, 31), platform="tiktok_shop", region="TH")
    ]


@pytest.mark.parametrize(
    ("figure", "demands", "severity"),
    [("1", "more", "warning"), ("4", "less", "info"), ("2", None, None)],
    ids=["more", "less", "same"],
)
def test_a_changed_figure_is_told_with_the_weight_of_the_change(figure: str, demands: str | None, severity: str | None) -> None:
    expected = [] if demands is None else [(SHIP, "changed", demands, severity, "2026-12-01")]
    assert _said(working_days=figure) == expected


def test_rules_that_began_and_ended_between_two_days_are_told() -> None:
    found = {d.rule.id: d for d in differences(book(), date(2024, 6, 1), date(2026, 8, 1), region="US")}
    assert (found["TTS-US-AHR-150"].kind, found["TTS-US-AHR-150"].severity.value) == ("began", "critical")
    assert found["TTS-US-AHR-150"].figures == {"limit": (None, Decimal(150))}
    ended = {d.rule.id: d for d in differences(book(), date(2025, 1, 1), date(2026, 8, 1), platform="tiktok_shop")}
    assert (ended["TTS-XB-SHIP-96H-LEGACY"].kind, ended["TTS-XB-SHIP-96H-LEGACY"].demands) == ("ended", "less")
    assert ended["TTS-XB-SHIP-96H-LEGACY"].day == date(2026, 6, 18)


def test_the_gravest_change_comes_first_and_other_markets_are_left_out() -> None:
    found = differences(book(), date(2024, 1, 1), date(2026, 8, 1), region="UK")
    ranks = [d.severity.rank for d in found]
    assert ranks == sorted(ranks, reverse=True)
    assert all("UK" in d.rule.regions or "all" in d.rule.regions for d in found)


@given(days)
def test_nothing_differs_from_itself(day: date) -> None:
    assert differences(book(), day, day) == []
    assert compared(book(), book(), day) == []


def test_an_own_figure_counts_as_a_change_that_demands_more() -> None:
    tight = assemble(book(), [], [Own(REPLY, figures(hours="3"), date(2026, 8, 10))])
    (difference,) = compared(book(), tight, date(2026, 8, 10))
    assert (difference.rule.id, difference.demands, difference.figures) == (REPLY, "more", {"hours": (Decimal(12), Decimal(3))})


@pytest.mark.parametrize("rule", [rule for _, rule in book() if rule.id in (SHIP, REPLY)], ids=lambda rule: rule.id)
def test_the_data_itself_is_whole(rule: Rule) -> None:
    assert whole(rule) == []
