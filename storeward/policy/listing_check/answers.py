"""`storeward policy listing`: one listing as JSON in, what is wrong with it out."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from storeward.policy.cases import PLATFORMS
from storeward.policy.listing_check.check import check
from storeward.policy.listing_check.parts import parts
from storeward.policy.listing_check.shapes import Goods, Limits, Offer, Outcome, Problem, Right


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A listing to be looked at. `day` is the date in its market; without it today's is taken."""

    id: str = ""
    platform: str
    market: str
    day: date | None = None
    title: str | None = None
    description: str | None = None
    brand: str | None = None
    images: int | None = None
    weighed: bool | None = None
    size_chart: bool | None = None
    warranty: str | None = None
    attributes: dict[str, str] | None = None
    attributes_wanting: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    rights: tuple[Right, ...] | None = None
    """Without the key nobody keeps a register; an empty list is a register without rights."""
    limits: Limits = msgspec.field(default_factory=Limits)


_decode = msgspec.json.Decoder(Line).decode
_OF_GOODS = frozenset(Goods.__struct_fields__)
_TOO_LARGE = Decimal("1E+13")
"""No money has so many digits, and beyond them arithmetic is not exact."""


def answer(line: bytes, today: date) -> dict[str, Any]:
    """A row with the problems and what could not be told, or with an error that names the field and the mend."""
    try:
        told = _decode(line)
    except msgspec.DecodeError as error:
        return {"id": _id_of(line), "error": _error(error)}
    if (wrong := next(_wrong(told), None)) is not None:
        return {"id": told.id, "error": wrong}
    values = {name: value for name, value in msgspec.structs.asdict(told).items() if name in _OF_GOODS}
    platform = PLATFORMS.get(told.platform, told.platform)
    goods = Goods(**values | {"platform": platform})
    outcome = check(
        goods,
        day=told.day or today,
        rights=told.rights or (),
        registered=told.rights is not None,
        limits=told.limits,
    )
    return {"id": told.id, **document(outcome)}


def _wrong(told: Line) -> Iterator[dict[str, str]]:
    """What the decoder lets through and nobody can reckon with."""
    for place, figure in _figures(told):
        if figure is not None and not (figure.is_finite() and 0 <= figure < _TOO_LARGE):
            yield {"field": place, "message": f"Expected a number of 0 or more with up to 13 digits, got `{str(figure)[:40]}`"}
    known = [part.id for part in parts().part]
    for part in told.limits.also_demanded:
        if part not in known:
            yield {"field": "limits.also_demanded", "message": f"Expected {', '.join(known)}; got `{part[:40]}`"}


def _figures(told: Line) -> Iterator[tuple[str, Decimal | None]]:
    for number, offer in enumerate(told.offers):
        for name, money in (("price", offer.price), ("cost", offer.cost)):
            yield f"offers[{number}].{name}", None if money is None else money.amount
        yield f"offers[{number}].usual", offer.usual
    yield "limits.least_of_cost", told.limits.least_of_cost
    yield "limits.least_of_usual", told.limits.least_of_usual


def document(outcome: Outcome) -> dict[str, Any]:
    """An outcome as scripts read it."""
    return {"problems": [problem_document(one) for one in outcome.problems], "unknown": dict(outcome.unknown)}


def problem_document(problem: Problem) -> dict[str, Any]:
    hit = problem.hit
    return {
        "form": problem.form.value,
        "id": problem.id,
        "what": problem.what.en,
        "what_zh": problem.what.zh,
        "mend": problem.mend.en,
        "mend_zh": problem.mend.zh,
        "field": hit.field if hit else None,
        "words": hit.words if hit else None,
        "source": list(problem.source),
        "confidence": problem.confidence or None,
    }


def _error(error: msgspec.DecodeError) -> dict[str, str]:
    """The place that the decoder names, and what it says of it."""
    message, _, place = str(error).partition(" - at `")
    return {"field": place.rstrip("`").removeprefix("$.") or "line", "message": message}


def _id_of(line: bytes) -> str | None:
    try:
        found = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None
    value = found.get("id") if isinstance(found, dict) else None
    return value if isinstance(value, str) else None
