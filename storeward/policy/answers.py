"""The answer of `evaluate` as plain values for JSON (facts format, section 12)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from storeward.lib import instants

from .calendars import BadCalendar
from .cases import BadCase, read_line
from .engine import Overrides, evaluate
from .facts import Case
from .types import Finding, TermsRef


def answer(line: bytes, *, overrides: Overrides | None = None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The row for one line of facts, and the keys of the line that nobody knows. A bad line gives a row with `error`."""
    try:
        read = read_line(line)
    except BadCase as error:
        return refusal(error.id, error.field, error.message), ()
    try:
        return of_case(read.case, overrides=overrides), read.unknown_keys
    except (BadCalendar, OverflowError) as error:
        return refusal(read.case.id, "facts", str(error)), read.unknown_keys


def of_case(case: Case, *, overrides: Overrides | None = None) -> dict[str, Any]:
    """The findings of a case, worst first."""
    found = evaluate(case.store, case.facts, case.now, overrides=overrides)
    return {"id": case.id, "findings": [of_finding(finding, case) for finding in found]}


def refusal(line_id: Any, field: str, message: str) -> dict[str, Any]:
    return {"id": line_id, "error": {"field": field, "message": message}}


def of_finding(finding: Finding, case: Case) -> dict[str, Any]:
    """One finding; `why` in English, with instants in the store's zone."""
    subject = finding.subject
    return {
        "rule": finding.rule,
        "state": finding.state.value,
        "severity": finding.severity.value,
        "due_at": _instant(finding.due_at),
        "subject": {"kind": subject.kind, "id": subject.id} if subject is not None else None,
        "consequence": finding.consequence,
        "why": finding.why.say("en", case.store.zone),
        "starts_at": _instant(finding.starts_at),
        "value": _text(finding.value),
        "limit": _text(finding.limit),
        "unit": finding.unit,
        "terms": of_terms(finding.terms),
    }


def of_terms(ref: TermsRef) -> dict[str, Any]:
    """Which terms decided; `own` are the workspace's tighter figures."""
    return {
        "from": ref.from_.isoformat() if ref.from_ else None,
        "to": ref.to.isoformat() if ref.to else None,
        "figures": _figures(ref.figures),
        "own": _figures(ref.own) if ref.own else None,
        "confidence": ref.confidence,
        "source": list(ref.source),
        "read_on": ref.read_on.isoformat(),
    }


def _figures(figures: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: f"{figure:f}" for name, figure in figures.items()}


def _text(value: Decimal | str | None) -> str | None:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _instant(value: datetime | None) -> str | None:
    return instants.to_text(value) if value is not None else None
