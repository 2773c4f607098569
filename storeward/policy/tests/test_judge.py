"""Boundaries, leads and severities of an obligation, and the instants at which they change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.judge import judge, next_change_at, verdict
from storeward.policy.types import Obligation, Reading, Severity, Stake, State, Subject, TermsRef, Why

from .cast import moments

START = datetime(2026, 8, 1, tzinfo=UTC)
DUE = datetime(2026, 8, 11, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
TERMS = TermsRef("TTS-SEA-SHIP-2WD", date(2025, 6, 18), None, {}, None, "days", ("a page",), date(2026, 11, 1), "official", None)


def owed(
    *,
    lead: timedelta | None = timedelta(days=3),
    severity: Severity = Severity.CRITICAL,
    reached: Literal["at", "after"] = "after",
    done_at: datetime | None = None,
    void_at: datetime | None = None,
    starts_at: datetime = START,
    due_at: datetime = DUE,
) -> Obligation:
    return Obligation(
        rule="TTS-SEA-SHIP-2WD",
        subject=Subject("order", "1"),
        starts_at=starts_at,
        due_at=due_at,
        done_at=done_at,
        void_at=void_at,
        lead=lead,
        severity=severity,
        reached=reached,
        terms=TERMS,
        why=Why("balance.now", {}),
        stake=Stake("order", "order"),
    )


def test_it_is_silent_until_the_lead_begins() -> None:
    assert verdict(owed(), DUE - timedelta(days=3) - TICK) is None


def test_the_lead_begins_at_its_exact_moment_one_level_lower() -> None:
    assert verdict(owed(), DUE - timedelta(days=3)) == (State.AT_RISK, Severity.WARNING)


def test_with_24_hours_left_it_has_its_full_severity() -> None:
    assert verdict(owed(), DUE - timedelta(hours=24) - TICK) == (State.AT_RISK, Severity.WARNING)
    assert verdict(owed(), DUE - timedelta(hours=24)) == (State.AT_RISK, Severity.CRITICAL)


def test_a_deadline_at_its_very_moment_is_still_at_risk() -> None:
    assert verdict(owed(), DUE) == (State.AT_RISK, Severity.CRITICAL)
    assert verdict(owed(), DUE + TICK) == (State.BREACHED, Severity.CRITICAL)


def test_a_streak_is_reached_at_its_very_moment() -> None:
    assert verdict(owed(reached="at"), DUE - TICK) == (State.AT_RISK, Severity.CRITICAL)
    assert verdict(owed(reached="at"), DUE) == (State.BREACHED, Severity.CRITICAL)


def test_a_row_without_lead_is_silent_until_it_is_broken() -> None:
    assert verdict(owed(lead=None), DUE) is None
    assert verdict(owed(lead=None), DUE + TICK) == (State.BREACHED, Severity.CRITICAL)


def test_done_in_time_gives_nothing_even_at_the_very_moment() -> None:
    assert verdict(owed(done_at=DUE), DUE + timedelta(days=30)) is None


def test_done_late_stays_broken() -> None:
    assert verdict(owed(done_at=DUE + SECOND), DUE + timedelta(days=30)) == (State.BREACHED, Severity.CRITICAL)


def test_a_deed_after_now_is_not_known() -> None:
    assert verdict(owed(done_at=DUE - SECOND), DUE - timedelta(hours=1)) == (State.AT_RISK, Severity.CRITICAL)


def test_what_is_void_owes_nothing_even_when_it_was_late() -> None:
    assert verdict(owed(void_at=DUE + timedelta(days=1)), DUE + timedelta(hours=1)) == (State.BREACHED, Severity.CRITICAL)
    assert verdict(owed(void_at=DUE + timedelta(days=1)), DUE + timedelta(days=1)) is None


def test_nothing_is_known_before_it_starts() -> None:
    assert verdict(owed(lead=timedelta(days=60)), START - TICK) is None
    assert verdict(owed(lead=timedelta(days=60)), START) == (State.AT_RISK, Severity.WARNING)


def test_one_level_lower_than_info_is_info() -> None:
    assert verdict(owed(severity=Severity.INFO), DUE - timedelta(days=2)) == (State.AT_RISK, Severity.INFO)
    assert [s.one_lower for s in Severity] == ["info", "info", "warning", "critical"]


def test_severities_rank_from_info_to_fatal() -> None:
    assert [s.rank for s in Severity] == [0, 1, 2, 3]


def test_a_finding_carries_what_the_page_needs() -> None:
    finding = judge(owed(), DUE)
    assert finding is not None
    assert (finding.rule, finding.subject, finding.due_at) == ("TTS-SEA-SHIP-2WD", Subject("order", "1"), DUE)
    assert finding.terms is TERMS
    assert finding.starts_at == START
    assert "late dispatch" in finding.consequence


def _reading(state: State, severity: Severity | None) -> Reading:
    return Reading(
        rule="TTS-SEA-STOCK",
        subject=None,
        state=state,
        severity=severity,
        value=None,
        unit=None,
        limit=None,
        comparator=None,
        as_of=None,
        valid_until=None,
        terms=TERMS,
        why=Why("balance.now", {}),
        stake=Stake("order", "order"),
    )


@pytest.mark.parametrize("state", list(State))
def test_only_four_states_are_findings(state: State) -> None:
    quiet = {State.OK, State.NOT_APPLICABLE}
    finding = judge(_reading(state, None if state in quiet else Severity.INFO), DUE)
    assert (finding is None) == (state in quiet)


# -- properties ---------------------------------------------------------------------------------------

spans = st.timedeltas(timedelta(0), timedelta(days=40))
deeds = st.none() | moments(date(2026, 7, 1), date(2026, 10, 1))
obligations = st.builds(
    owed,
    lead=st.none() | spans,
    severity=st.sampled_from(list(Severity)),
    reached=st.sampled_from(["at", "after"]),
    done_at=deeds,
    void_at=deeds,
    starts_at=moments(date(2026, 7, 20), date(2026, 8, 10)),
    due_at=moments(date(2026, 8, 10), date(2026, 9, 1)),
)
instants = moments(date(2026, 7, 1), date(2026, 10, 1))


@given(obligations, instants)
def test_the_verdict_changes_at_the_next_change_and_not_before(duty: Obligation, now: datetime) -> None:
    change = next_change_at(duty, now)
    if change is None:
        return
    assert change > now
    assert verdict(duty, change) != verdict(duty, now)
    assert verdict(duty, change - TICK) == verdict(duty, now)


@given(obligations, instants, spans)
def test_between_now_and_the_next_change_the_verdict_stays(duty: Obligation, now: datetime, later: timedelta) -> None:
    change = next_change_at(duty, now)
    moment = now + later
    if change is None or moment < change:
        assert verdict(duty, moment) == verdict(duty, now)


@given(obligations, instants, spans)
def test_more_time_left_never_raises_the_severity(duty: Obligation, now: datetime, later: timedelta) -> None:
    undone = replace(duty, done_at=None, void_at=None)
    sooner, then = verdict(undone, now), verdict(undone, now + later)
    if sooner is not None:
        assert then is not None
        assert then[1].rank >= sooner[1].rank


@given(obligations, instants)
def test_a_later_due_instant_is_never_worse(duty: Obligation, now: datetime) -> None:
    undone = replace(duty, done_at=None, void_at=None)
    more = verdict(replace(undone, due_at=undone.due_at + timedelta(hours=30)), now)
    if more is not None:
        less = verdict(undone, now)
        assert less is not None
        assert less[1].rank >= more[1].rank
