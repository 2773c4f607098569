"""Both sides of every date at which terms begin or end (C15): the last second that they do not hold, and the first that they do.

The dates are read from the data, so a new span of terms is tested as soon as it is written.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from storeward.policy import terms
from storeward.policy.terms import Rule

from .cast import ZONES, told

SECOND = timedelta(seconds=1)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


# -- for each form: facts that break the row, with the event at a given instant --------------------------


def _order(rule: Rule, event: datetime) -> dict[str, Any]:
    kind = next(iter(rule.with_["clocks"]))
    order = {
        "order_id": "o",
        "placed_at": _text(event),
        "paid_at": _text(event),
        "ship_by": _text(event + timedelta(days=2)),
        "type": "standard" if kind == "all" else kind,
        "handling_days": 3,
        "first_mile": "drop_off",
        "delivered_at": None,
    }
    return {"orders": [order], "holidays": []}


def _reply(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"conversations": [{"id": "c", "buyer_first_at": _text(event), "first_human_reply_at": None}]}


def _return(rule: Rule, event: datetime) -> dict[str, Any]:
    request = {"id": "r", "requested_at": _text(event), "manual_review": True, "answered_at": None}
    return {"return_requests": [request]}


def _return_check(rule: Rule, event: datetime) -> dict[str, Any]:
    request = {
        "id": "r",
        "requested_at": _text(event),
        "return_shipped_at": _text(event),
        "self_arranged": True,
        "checked_at": None,
    }
    return {"return_requests": [request]}


def _cancellation(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"cancellation_requests": [{"id": "k", "requested_at": _text(event), "answered_at": None}]}


def _notice(rule: Rule, event: datetime) -> dict[str, Any]:
    notice = {"id": "n", "type": rule.with_["type"], "at": _text(event)}
    return {"notices": [notice], "security": {"two_step_verification": False}}


def _violation(rule: Rule, event: datetime) -> dict[str, Any]:
    violation = {"id": "v", "status": "enforced", "category": rule.with_["category"], "notified_at": _text(event)}
    return {"violations": [violation]}


def _ahr(rule: Rule, event: datetime) -> dict[str, Any]:
    score = 160 if rule.form == "ahr_band" else 0
    return {"ahr": {"score": score, "previous": 200}}


def _points(rule: Rule, event: datetime) -> dict[str, Any]:
    entries = [{"points": int(rule.terms[0].figures["limit"]), "issued_at": _text(event - timedelta(hours=3))}]
    fact = rule.with_["fact"]
    return {fact: entries if fact == "violation_points" else {"entries": entries}}


def _score(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"scores": {rule.with_["name"]: {"value": "poor" if rule.with_.get("bands") else 0}}}


def _rate(rule: Rule, event: datetime) -> dict[str, Any]:
    span = rule.terms[0]
    percent = int(span.figures.get("limit", 0)) if span.comparator in (">", ">=") else 0
    whole = 1000 if "count_from" in span.figures else 100
    part = (percent + 1) * whole // (1 if rule.with_.get("scale") == "plain" else 100)
    return {
        "metrics": {
            name: {"window_days": span.window or 7, "numerator": part, "denominator": whole} for name in rule.with_["metrics"]
        }
    }


def _reply_rate(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"response_counts": {"window_days": 30, "conversations": 9, "answered_in_12h": 0, "answered_in_24h": 0}}


def _chat(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"chat": {"response_rate": 0, "orders_30d": 10}}


def _share(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"listings": {"live": 10, "pre_order": 10}}


def _settlement(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"settlement": {"state": "frozen"}}


def _papers(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"certification": {"fee_paid": False}}


def _old_stock(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"stock": [{"sku": "s", "sellable": 1, "updated_at": _text(event)}]}


def _content(rule: Rule, event: datetime) -> dict[str, Any]:
    return {"content_checks": [{"id": "t", "check": rule.with_["check"], "result": "fail"}]}


class Sample(NamedTuple):
    """How to break a row, and when the verdict is read: at the event itself, or long after it."""

    facts: Callable[[Rule, datetime], dict[str, Any]]
    later: timedelta


AT_ONCE, LATER = timedelta(0), timedelta(days=60)
SAMPLES: dict[str, Sample] = {
    "order": Sample(_order, LATER),
    "reply": Sample(_reply, timedelta(days=5)),
    "return_answer": Sample(_return, LATER),
    "return_check": Sample(_return_check, LATER),
    "cancellation_answer": Sample(_cancellation, LATER),
    "notice": Sample(_notice, timedelta(days=120)),
    "violation_category": Sample(_violation, LATER),
    "ahr_milestone": Sample(_ahr, AT_ONCE),
    "ahr_band": Sample(_ahr, AT_ONCE),
    "points_tier": Sample(_points, AT_ONCE),
    "score": Sample(_score, AT_ONCE),
    "rate": Sample(_rate, AT_ONCE),
    "reply_rate": Sample(_reply_rate, AT_ONCE),
    "content_check": Sample(_content, AT_ONCE),
    "chat_figure": Sample(_chat, AT_ONCE),
    "listing_share": Sample(_share, AT_ONCE),
    "settlement": Sample(_settlement, AT_ONCE),
    "certification": Sample(_papers, AT_ONCE),
    "stock_age": Sample(_old_stock, timedelta(days=61)),
}
NO_TERMS_OF_THEIR_OWN = {"conduct"}
"""Texts are not judged without a classifier; their dates come with it."""


def _changes() -> Iterator[tuple[Rule, date, bool]]:
    """Every date at which the terms of a rule begin (True) or end (False)."""
    for _, rule in terms.book():
        if rule.form is None or rule.form in NO_TERMS_OF_THEIR_OWN or rule.asks:
            continue
        starts = {span.from_ for span in rule.terms if span.from_}
        ends = {span.to for span in rule.terms if span.to}
        yield from ((rule, day, True) for day in sorted(starts - ends))
        yield from ((rule, day, False) for day in sorted(ends - starts))


def _store(rule: Rule) -> dict[str, Any]:
    seller = "local" if rule.applies_to == "all" else rule.applies_to
    programme = rule.programmes[0] if rule.programmes else "none"
    folder = terms.book().platform_of(rule.id)
    return {"platform": "tiktok_shop" if folder == terms.INTERNAL else folder, "seller_type": seller, "programme": programme}


def _named_in(rule: Rule, region: str) -> bool:
    """Whether the row is for that market and its terms name a limit there (a rate may have one in some of its markets only)."""
    figures = rule.terms[-1].figures
    limited = {name for name in figures if name.startswith("limit")}
    return bool({region, "all"} & set(rule.regions)) and (not limited or bool(limited & {"limit", f"limit_{region.lower()}"}))


def _told_of(rule: Rule, region: str, event: datetime) -> bool:
    sample = SAMPLES[rule.form or ""]
    return rule.id in told(sample.facts(rule, event), _text(event + sample.later), region, **_store(rule))


def _midnight(region: str, day: date) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(ZONES[region]))


CHANGES = list(_changes())


@pytest.mark.parametrize(("rule", "day", "begins"), CHANGES, ids=[f"{rule.id}-{day}" for rule, day, _ in CHANGES])
def test_terms_change_at_local_midnight_in_every_market(rule: Rule, day: date, begins: bool) -> None:
    for region in rule.regions:
        midnight = _midnight(region, day)
        assert _told_of(rule, region, midnight) is begins, region
        assert _told_of(rule, region, midnight - SECOND) is not begins, region


def test_every_form_with_dated_terms_has_a_sample() -> None:
    assert {rule.form for rule, _, _ in CHANGES} <= set(SAMPLES)
    assert len(CHANGES) > 50


SPEAKING = [rule for _, rule in terms.book() if rule.form in SAMPLES and not rule.asks]
"""Rows whose figures are known: one that asks for the team's own says nothing until it has it."""


@pytest.mark.parametrize("rule", SPEAKING, ids=lambda rule: rule.id)
def test_a_row_is_for_its_markets_and_sellers_only(rule: Rule) -> None:
    """Broken facts in every market: the row speaks in its own and nowhere else, for its own sellers and no others."""
    event = datetime(2026, 8, 3, 2, tzinfo=UTC)
    if not any(span.holds_on(event.date()) for span in rule.terms):
        return
    sample = SAMPLES[rule.form or ""]
    for region in ZONES:
        for seller in ("local", "cross_border"):
            store = {**_store(rule), "seller_type": seller}
            found = told(sample.facts(rule, event), _text(event + sample.later), region, **store)
            fits = _named_in(rule, region) and rule.applies_to in ("all", seller)
            assert (rule.id in found) == fits, (region, seller)
