"""What holds for every rule, market and instant: terms without holes, due after start, days counted as the slow way does."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.calendars import DAYS, for_store, own_week
from storeward.policy.engine import FORMS, duties, evaluate
from storeward.policy.judge import verdict
from storeward.policy.terms import Rule, book
from storeward.policy.tests.cast import ZONES, case, moments, profile
from storeward.policy.types import Obligation

PLATFORMS = ("tiktok_shop", "shopee", "lazada", "douyin")
KINDS: list[dict[str, Any]] = [
    {"platform": platform, "region": region, "seller_type": seller_type, "programme": programme}
    for platform in PLATFORMS
    for region in (("CN",) if platform == "douyin" else ("MY", "PH", "TH", "VN", "SG", "ID"))
    for seller_type in ("local", "cross_border")
    for programme in ("none", "mall")
] + [{"platform": "tiktok_shop", "region": region, "seller_type": "local"} for region in ("US", "UK")]

FIRST, LAST = date(2024, 1, 1), date(2027, 12, 1)
instants = moments(FIRST, LAST)
days = st.dates(FIRST, LAST)


def rules() -> list[Rule]:
    return [rule for _, rule in book()]


# -- terms ----------------------------------------------------------------------------------------------


def test_terms_follow_one_another_without_gap_or_overlap() -> None:
    for rule in rules():
        assert all(one.to is not None and one.to == other.from_ for one, other in pairwise(rule.terms)), rule.id
        for edge in {edge for span in rule.terms for edge in (span.from_, span.to) if edge is not None}:
            held = [sum(span.holds_on(edge + timedelta(days=n)) for span in rule.terms) for n in (-1, 0)]
            assert max(held) == 1, rule.id


def test_every_form_of_the_data_is_known_and_every_known_form_is_used() -> None:
    used = {rule.form for rule in rules() if rule.form is not None}
    assert used - {"conduct"} == set(FORMS)


# -- working days ---------------------------------------------------------------------------------------


def slow(kind: dict[str, Any], store: Any, day: date, n: int) -> date:
    """The n-th working day counted day by day, by the library's own holidays and the week of the data."""
    country, part = {"UK": ("GB", "ENG")}.get(kind["region"], (kind["region"], None))
    off = holidays.country_holidays(country, subdiv=part)
    week = {DAYS.index(name) for name in own_week(store.platform, store.region, store.state, store.programme).days}
    for _ in range(n):
        day += timedelta(days=1)
        while day.weekday() not in week or day in off:
            day += timedelta(days=1)
    return day


@given(st.sampled_from(KINDS), days, st.integers(0, 9))
def test_working_days_are_those_of_the_holidays_library_in_every_market(kind: dict[str, Any], day: date, n: int) -> None:
    store = profile(**kind)
    assert for_store(store).own.working_day(day, n) == slow(kind, store, day, n)


@pytest.mark.parametrize("region", sorted(ZONES))
def test_every_market_has_a_calendar_with_holidays_and_free_days(region: str) -> None:
    calendar = for_store(profile(region)).own
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    off = [day for day in year if not calendar.works(day)]
    assert 110 <= len(off) <= 140
    assert any(day.weekday() < 5 for day in off)


# -- duties ---------------------------------------------------------------------------------------------


def facts(at: datetime) -> dict[str, Any]:
    """Something of everything that has a clock, begun at one instant."""
    stamp = at.isoformat()
    order = {
        "order_id": "1",
        "type": "standard",
        "placed_at": stamp,
        "paid_at": stamp,
        "handling_days": 2,
        "first_mile": "pick_up",
        "ship_by": (at + timedelta(days=2)).isoformat(),
        **dict.fromkeys(
            ("rts_at", "arranged_at", "shipped_at", "scanned_at", "in_transit_at", "delivered_at", "tracking_added_at")
        ),
    }
    request = {"id": "r", "requested_at": stamp, "answered_at": None, "manual_review": True}
    return {
        "orders": [order],
        "conversations": [{"id": "c", "buyer_first_at": stamp, "first_human_reply_at": None}],
        "return_requests": [request],
        "cancellation_requests": [{"id": "k", "requested_at": stamp, "answered_at": None}],
        "activities": [{"at": stamp, "type": "login", "actor": "main"}],
        "balance_events": [{"at": stamp, "balance": "-5", "currency": "USD"}],
        "violations": [{"id": "v", "status": "enforced", "notified_at": stamp, "appeals": []}],
        "notices": [{"at": stamp, "type": name} for name in ("inactivity_reminder", "deposit_shortfall", "funds_withheld")],
        "attestations": [{"item": item, "at": stamp} for item in ("INS-03", "INS-06", "INS-16", "INS-21", "INS-22", "INS-24")],
    }


def owed(kind: dict[str, Any], at: datetime, later: timedelta) -> Iterator[Obligation]:
    judged = case(facts(at), (at + later).isoformat(), **kind)
    yield from (duty for duty in duties(judged.store, judged.facts, judged.now) if isinstance(duty, Obligation))


@given(st.sampled_from(KINDS), instants, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_what_is_owed_is_due_after_it_began(kind: dict[str, Any], at: datetime, later: timedelta) -> None:
    found = list(owed(kind, at, later))
    assert found
    assert all(duty.due_at > duty.starts_at for duty in found)
    assert all(duty.lead is None or duty.lead >= timedelta(0) for duty in found)


@given(
    st.sampled_from(KINDS),
    instants,
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_more_time_left_never_raises_the_severity_of_any_rule(
    kind: dict[str, Any], at: datetime, passed: timedelta, more: timedelta
) -> None:
    for duty in owed(kind, at, passed):
        now = at + passed
        sooner, then = verdict(duty, now), verdict(duty, now + more)
        if sooner is not None:
            assert then is not None
            assert then[1].rank >= sooner[1].rank


@given(st.sampled_from(KINDS), instants, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_one_finding_a_rule_and_thing_worst_first(kind: dict[str, Any], at: datetime, later: timedelta) -> None:
    judged = case(facts(at), (at + later).isoformat(), **kind)
    found = evaluate(judged.store, judged.facts, judged.now)
    keys = [(finding.rule, finding.subject) for finding in found]
    assert len(keys) == len(set(keys))
    ranks = [finding.severity.rank for finding in found]
    assert ranks == sorted(ranks, reverse=True)


# -- own figures ----------------------------------------------------------------------------------------

SETTABLE = [rule for rule in rules() if rule.form and any("limit" in span.figures for span in rule.terms)]


@given(st.sampled_from(SETTABLE), st.decimals("0", "200", places=1))
def test_a_figure_is_tighter_looser_or_the_same_and_never_both(rule: Rule, figure: Decimal) -> None:
    book_ = book()
    span = rule.terms[-1]
    platform = span.figures.get("limit")
    if platform is None or span.comparator in ("in", "is", "=="):
        return
    try:
        book_.tightened({rule.id: {"limit": figure}})
    except ValueError:
        return
    upwards = span.comparator in ("within", ">", ">=")
    assert figure <= platform if upwards else figure >= platform
