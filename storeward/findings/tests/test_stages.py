"""The clock in SQL gives the answers of `policy.judge`: for any obligation, at any instant."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward.findings import stages
from storeward.findings.rank import chance_of, loss_of, sql_chance, sql_loss
from storeward.policy.judge import LAST_DAY, next_change_at, verdict
from storeward.policy.types import Obligation, Severity, Stake, State, TermsRef, Why

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
TERMS = TermsRef("R", None, None, {}, None, None, ("source",), date(2026, 1, 1), "official", None)

# Boundaries are where the two could differ: offsets are drawn from round figures and their neighbours, a microsecond away.
hours = st.sampled_from([0, 1, 2, 12, 23, 24, 25, 48, 168, 720])
nudge = st.sampled_from([timedelta(0), timedelta(microseconds=1), -timedelta(microseconds=1)])
leads = st.one_of(st.none(), hours.map(lambda h: timedelta(hours=h)))


@st.composite
def obligations(draw: st.DrawFn) -> Obligation:
    """Anything that can be owed, around NOW."""
    due_at = NOW + draw(st.sampled_from([-1, 1])) * timedelta(hours=draw(hours)) + draw(nudge)
    return Obligation(
        rule="R",
        subject=None,
        starts_at=min(due_at, NOW + draw(st.sampled_from([-1, 1])) * timedelta(hours=draw(hours)) + draw(nudge)),
        due_at=due_at,
        done_at=None,
        void_at=None,
        lead=draw(leads),
        severity=draw(st.sampled_from(Severity)),
        reached=draw(st.sampled_from(["at", "after"])),
        terms=TERMS,
        why=Why("x", {}),
        stake=Stake("order", "order"),
    )


def asked(duty: Obligation, now: datetime, *expressions: str) -> tuple[Any, ...]:
    """The expressions over one obligation, as the database reckons them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {", ".join(expressions)} FROM (SELECT %(starts_at)s::timestamptz AS starts_at,
                %(due_at)s::timestamptz AS due_at, %(done_at)s::timestamptz AS done_at, %(lead)s::int AS lead_seconds,
                %(reached)s AS reached_at_due, %(severity)s AS severity) o
            """,
            {
                "starts_at": duty.starts_at,
                "due_at": duty.due_at,
                "done_at": duty.done_at,
                "lead": None if duty.lead is None else int(duty.lead.total_seconds()),
                "reached": duty.reached == "at",
                "severity": duty.severity.value,
                "now": now,
            },
        )
        row = cursor.fetchone()
    assert row is not None
    return tuple(row)


@given(obligations())
@settings(max_examples=150, deadline=None)
def test_the_stage_in_sql_is_the_verdict_of_the_policy(duty: Obligation) -> None:
    state, severity = asked(duty, NOW, stages.finding_state("o"), stages.finding_severity("o"))
    expected = verdict(duty, NOW)
    assert (None if state is None else (State(state), Severity(severity))) == expected


@given(obligations())
@settings(max_examples=150, deadline=None)
def test_between_now_and_next_at_the_verdict_stays_what_it_is(duty: Obligation) -> None:
    (next_at,) = asked(duty, NOW, stages.next_at("o"))
    change = next_change_at(duty, NOW)
    if next_at is None:
        assert change is None
    else:
        assert next_at > NOW
        assert change is None or next_at <= change, "the clock would come too late"
        assert verdict(duty, max(NOW, next_at - timedelta(microseconds=1))) == verdict(duty, NOW)


@given(obligations())
@settings(max_examples=60, deadline=None)
def test_following_next_at_reaches_every_change_and_ends(duty: Obligation) -> None:
    at, steps = NOW, 0
    while (moment := asked(duty, at, stages.next_at("o"))[0]) is not None:
        at, steps = moment, steps + 1
        assert steps <= 4, "begins, lead begins, last day begins, broken: there are no more"
    assert next_change_at(duty, at) is None


@pytest.mark.parametrize("reached", ["at", "after"])
def test_a_duty_is_met_at_its_very_instant_and_late_a_moment_after(reached: Any) -> None:
    duty = Obligation("R", None, NOW, NOW, NOW, None, None, Severity.WARNING, reached, TERMS, Why("x", {}), Stake("n", "none"))
    assert asked(duty, NOW, stages.duty_state("o")) == ("met",)
    late = Obligation(
        "R", None, NOW, NOW, NOW + timedelta(microseconds=1), None, None, Severity.WARNING, reached, TERMS, duty.why, duty.stake
    )
    assert asked(late, NOW, stages.duty_state("o"), stages.next_at("o")) == ("met_late", None)


@given(obligations())
@settings(max_examples=60, deadline=None)
def test_an_undone_duty_is_breached_exactly_when_its_finding_is(duty: Obligation) -> None:
    state, stage = asked(duty, NOW, stages.duty_state("o"), stages.finding_state("o"))
    assert (state == "breached") == (stage == "breached")
    assert state in {"open", "breached"}


@given(
    st.sampled_from([State.AT_RISK, State.BREACHED, State.ACTION, State.UNKNOWN]),
    st.sampled_from(Severity),
    st.booleans(),
    st.one_of(st.none(), st.floats(-1e6, 1e6)),
)
@settings(max_examples=80, deadline=None)
def test_the_rank_in_sql_is_the_rank_in_python(state: State, severity: Severity, last_day: bool, stake: float | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {sql_chance('o.state', 'o.last_day')}, {sql_loss('o.severity', 'o.stake')} "
            "FROM (SELECT %s AS state, %s AS severity, %s AS last_day, %s::float8 AS stake) o",
            [state.value, severity.value, last_day, stake],
        )
        row = cursor.fetchone()
    assert row is not None
    assert float(row[0]) == pytest.approx(chance_of(state, last_day=last_day))
    assert float(row[1]) == pytest.approx(loss_of(severity, stake))


def test_the_last_day_is_as_long_as_in_the_policy() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {stages.last_day('o')} FROM (SELECT %(due)s::timestamptz AS due_at) o", {"due": NOW + LAST_DAY, "now": NOW}
        )
        assert cursor.fetchone() == (True,)
