"""A changed figure changes what is judged from its day on, and nothing before it: one scenario a form, on both sides of the day.

Kuala Lumpur is UTC+8. Every change holds from Monday 10 August 2026, local midnight: 9 August 16:00 UTC.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from storeward.policy.engine import evaluate
from storeward.policy.terms import book
from storeward.policy.tests.cast import case
from storeward.policy.types import Finding
from storeward.policy.versions import assemble, read_draft, whole

BEFORE, AFTER = "2026-08-09T15:00:00Z", "2026-08-09T17:00:00Z"
"""An hour before the change and an hour after it: Sunday 23:00 and Monday 01:00 in Kuala Lumpur."""


class Changed(NamedTuple):
    """A rule whose figure changes, and what is said of the same thing begun (or measured) before and after the change.

    `facts` has `AT` where the event's instant belongs; `later` is how long after it is judged. A standing measure is judged at
    the two instants themselves. `was` and `becomes` are state and due instant, `-` for none; None where nothing is said.
    """

    rule: str
    figures: str
    facts: dict[str, Any]
    was: str | None
    becomes: str | None
    later: timedelta = timedelta(0)
    region: str = "MY"
    store: Mapping[str, Any] = {}


AT = "AT"
ORDER: dict[str, Any] = {"order_id": "o", "type": "standard", "placed_at": AT}
TALK = {"conversations": [{"id": "c", "buyer_first_at": AT, "first_human_reply_at": None}]}
FRESH = "2026-08-09T14:00:00Z"

CASES: list[Changed] = [
    Changed(
        "TTS-SEA-SHIP-2WD",
        "working_days = 1",
        {"orders": [{**ORDER, "rts_at": None, "shipped_at": None}]},
        "breached 2026-08-11T15:59:59Z",
        "breached 2026-08-11T15:59:59Z",  # one working day after Monday, and two after Sunday, is Tuesday
        timedelta(days=4),
    ),
    Changed(
        "TTS-SEA-SHIP-2WD",
        "working_days = 4",
        {"orders": [{**ORDER, "rts_at": None, "shipped_at": None}]},
        "breached 2026-08-11T15:59:59Z",
        "at_risk 2026-08-14T15:59:59Z",
        timedelta(days=4),
    ),
    Changed(
        "TTS-SEA-RESP12-MSG",
        "hours = 3",
        TALK,
        None,
        "breached 2026-08-09T20:00:00Z",
        timedelta(hours=4),
    ),
    Changed(
        "TTS-SEA-RESP24-MSG",
        "hours = 48",
        TALK,
        "breached 2026-08-10T15:00:00Z",
        None,
        timedelta(hours=30),
    ),
    Changed(
        "TTS-SEA-CANCELREQ-24H",
        "hours = 6",
        {"cancellation_requests": [{"id": "r", "requested_at": AT, "answered_at": None}]},
        "at_risk 2026-08-10T15:00:00Z",
        "breached 2026-08-09T23:00:00Z",
        timedelta(hours=13),
    ),
    Changed(
        "TTS-SEA-APPEAL-1",
        "days = 10",
        {"violations": [{"id": "v", "status": "enforced", "notified_at": AT, "appeals": []}]},
        None,
        "breached 2026-08-19T17:00:00Z",
        timedelta(days=11),
    ),
    Changed(
        "TTS-SEA-2SV-30",
        "days = 5",
        {"notices": [{"type": "two_step_verification_required", "at": AT}], "security": {"two_step_verification": False}},
        None,
        "breached 2026-08-14T17:00:00Z",
        timedelta(days=6),
    ),
    # -- standing measures: judged by the terms of the day of judging
    Changed(
        "TTS-SEA-INACT-30",
        "days = 20",
        {"activities": [{"at": "2026-07-18T03:00:00Z", "type": "login", "actor": "main"}]},
        None,  # its lead begins on the 10th
        "breached 2026-08-07T03:00:00Z",
    ),
    Changed(
        "TTS-SEA-NEGBAL-10D",
        "days = 2",
        {"balance_events": [{"at": "2026-08-06T03:00:00Z", "balance": "-5", "currency": "USD"}]},
        "at_risk 2026-08-16T03:00:00Z",
        "breached 2026-08-08T03:00:00Z",
    ),
    Changed(
        "INT-NEGBAL-ALERT50",
        "limit = 80",
        {"balance_events": [{"at": FRESH, "balance": "60", "currency": "USD"}]},
        None,
        "breached -",
    ),
    Changed(
        "TTS-SEA-LDR-TARGET",
        "limit = 3",
        {"metrics": {"late_dispatch_rate": {"window_days": 7, "numerator": 35, "denominator": 1000}}},
        "at_risk -",
        "breached -",
    ),
    Changed(
        "TTS-SEA-LDR-TARGET",
        "limit = 6",
        {"metrics": {"late_dispatch_rate": {"window_days": 7, "numerator": 45, "denominator": 1000}}},
        "breached -",
        None,
    ),
    Changed(
        "TTS-SEA-VP-12",
        "limit = 9",
        {"violation_points": [{"points": 10, "issued_at": "2026-08-01T03:00:00Z"}]},
        "at_risk -",
        "breached -",
    ),
    Changed(
        "TTS-US-AHR-150",
        "limit = 175",
        {"ahr": {"score": 172, "as_of": FRESH, "previous": None}},
        None,
        None,  # the change is a day of Los Angeles, and there it is Sunday morning still
        region="US",
    ),
    Changed(
        "SHP-NFR",
        "limit = 5",
        {"metrics": {"non_fulfilment_rate": {"window_days": 7, "numerator": 6, "denominator": 100}}},
        None,
        "breached -",
        region="SG",
        store={"platform": "shopee"},
    ),
    Changed(
        "LZD-SOT",
        "limit = 95",
        {"metrics": {"ship_on_time_rate": {"window_days": 28, "numerator": 94, "denominator": 100}}},
        None,
        "breached -",
        region="SG",
        store={"platform": "lazada"},
    ),
    Changed(
        "LZD-INACTIVE",
        "days = 5",
        {"activities": [{"at": "2026-08-01T03:00:00Z", "type": "login", "actor": "main"}]},
        None,
        "breached 2026-08-06T03:00:00Z",
        region="SG",
        store={"platform": "lazada"},
    ),
    Changed(
        "DY-REPLY-3MIN",
        "limit = 80",
        {"metrics": {"three_minute_reply_rate": {"window_days": 30, "numerator": 70, "denominator": 100}}},
        None,
        "breached -",
        region="CN",
        store={"platform": "douyin"},
    ),
]


def draft(changed: Changed) -> str:
    comparator = 'comparator = "<"\n' if changed.rule == "DY-REPLY-3MIN" else ""
    return (
        f'[[change]]\nrule = "{changed.rule}"\nfrom = 2026-08-10\nfigures = {{ {changed.figures} }}\n{comparator}'
        'source = ["https://a.example"]\nread_on = 2026-08-01\nconfidence = "official"\n'
    )


def begun(facts: Any, at: str) -> Any:
    """The facts with the event at that instant."""
    if isinstance(facts, dict):
        return {name: begun(value, at) for name, value in facts.items()}
    if isinstance(facts, list):
        return [begun(value, at) for value in facts]
    return at if facts == AT else facts


def said(changed: Changed, at: str, *, anew: bool) -> str | None:
    """State and due instant of the rule, by the data or with the change laid over it."""
    moment = datetime.fromisoformat(at) + changed.later
    facts = begun(changed.facts, at)
    judged = case(facts, moment.astimezone(UTC).isoformat().replace("+00:00", "Z"), changed.region, **changed.store)
    rules = assemble(book(), read_draft(draft(changed), book())) if anew else book()
    found = [f for f in evaluate(judged.store, judged.facts, judged.now, rules=rules) if f.rule == changed.rule]
    return _short(found[0]) if found else None


def _short(finding: Finding) -> str:
    due_at = finding.due_at
    return f"{finding.state.value} {due_at.isoformat().replace('+00:00', 'Z') if due_at else '-'}"


@pytest.mark.parametrize("changed", CASES, ids=lambda changed: f"{changed.rule}: {changed.figures}")
def test_a_change_counts_from_its_day_and_not_before(changed: Changed) -> None:
    assert said(changed, BEFORE, anew=True) == changed.was
    assert said(changed, AFTER, anew=True) == changed.becomes


@pytest.mark.parametrize("changed", CASES, ids=lambda changed: f"{changed.rule}: {changed.figures}")
def test_before_its_day_nothing_is_judged_otherwise_than_without_it(changed: Changed) -> None:
    assert said(changed, BEFORE, anew=False) == changed.was


@pytest.mark.parametrize("changed", CASES, ids=lambda changed: f"{changed.rule}: {changed.figures}")
def test_the_terms_of_a_changed_rule_are_whole(changed: Changed) -> None:
    laid = assemble(book(), read_draft(draft(changed), book()))
    assert whole(laid.rule(changed.rule)) == []
    assert sum(laid.rule(rule.id) is not rule for _, rule in book()) == 1
