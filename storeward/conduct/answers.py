"""The rows of `policy conduct`: one JSON line in, one row out (facts format, section 13).

Beyond that format a line may hold `order_id` and `review_request_history` (as in section 11): a text that asks for a review is
`repeat_solicit` where the history has the same order.
"""

import json
from typing import Any

from .guard import check, forms
from .types import Context, Verdict


def answer(line: bytes) -> dict[str, Any]:
    """The row for one line; a bad one gives a row with `error`, which names the field."""
    try:
        raw = json.loads(line)
    except RecursionError:
        return refusal(None, "line", "is nested too deeply")
    except ValueError as error:
        return refusal(None, "line", f"is not JSON: {error}")
    if not isinstance(raw, dict):
        return refusal(None, "line", "must be one JSON object")
    if (mistake := _mistake(raw)) is not None:
        return refusal(raw.get("id"), *mistake)
    context = Context(asked_before=_asked_before(raw))
    return row(raw.get("id"), check(raw["text"], language=raw.get("lang"), context=context))


def row(line_id: Any, verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain values."""
    return {
        "id": line_id,
        "verdict": verdict.outcome.value,
        "forms": list(verdict.forms),
        "matches": [
            {"form": span.form, "rule": forms()[span.form]["rule"], "start": span.start, "end": span.end, "text": span.text}
            for span in verdict.spans
        ],
        "rule": verdict.rule,
        "gentler": verdict.gentler,
        "lang": verdict.language,
        "score": verdict.score,
    }


def refusal(line_id: Any, field: str, message: str) -> dict[str, Any]:
    return {"id": line_id, "error": {"field": field, "message": message}}


def _mistake(raw: dict[str, Any]) -> tuple[str, str] | None:
    """The first field that cannot be used, and why."""
    if "text" not in raw:
        return "text", "is missing"
    for name in ("text", "lang", "order_id"):
        value = raw.get(name)
        if value is not None or name == "text":
            if not isinstance(value, str):
                return name, "must be text"
            if not _is_unicode(value):
                return name, "holds text that is not Unicode"
    history = raw.get("review_request_history") or []
    if not isinstance(history, list):
        return "review_request_history", "must be a list"
    for index, request in enumerate(history):
        if not isinstance(request, dict) or not isinstance(request.get("order_id"), str):
            return f"review_request_history[{index}].order_id", "must be text"
    return None


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _asked_before(raw: dict[str, Any]) -> bool:
    order = raw.get("order_id")
    return order is not None and any(request["order_id"] == order for request in raw.get("review_request_history") or [])
