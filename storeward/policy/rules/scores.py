"""Scores and bands that a platform gives: at, under or over a figure, or by the name of the band."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import UNSET

from storeward.policy.facts import Score
from storeward.policy.terms import Row, Rule
from storeward.policy.types import State
from storeward.policy.wording import Word

from .base import Context, Duties, Params, because, params, reading, unknown
from .compare import broken


class ScoreParams(Params, frozen=True):
    """`name` among the scores. `bands` that break the row, of all that there are, where the score is no number."""

    name: str
    bands: tuple[str, ...] = ()
    all_bands: tuple[str, ...] = ()


def duties(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """One reading for each row whose score is among the facts."""
    scores = ctx.facts.scores
    if scores is UNSET:
        return
    for row in ctx.rows(rules):
        settings = params(row.rule, ScoreParams)
        if not isinstance(scores, dict):
            yield unknown(ctx, row, "scores")
        elif settings.name in scores:
            yield from _score(ctx, row, settings, scores[settings.name])


def _score(ctx: Context, row: Row, settings: ScoreParams, score: Score | None) -> Duties:
    as_of = ctx.age_of("scores", score.as_of if score is not None else UNSET)
    if score is None or ctx.is_old(as_of):
        yield unknown(ctx, row, "scores", as_of=as_of)
    elif score.not_scored is True:
        yield reading(ctx, row, State.NOT_APPLICABLE, because("score.none"), as_of=as_of)
    elif settings.bands:
        yield from _band(ctx, row, settings, score.value, as_of)
    elif (value := _number(score.value)) is None:
        yield unknown(ctx, row, "scores")
    else:
        limit = row.figure("limit")
        state = State.BREACHED if broken(value, row.span.comparator, limit) else State.OK
        why = because("score.value", value=value, limit=limit)
        yield reading(ctx, row, state, why, value=value, limit=limit, as_of=as_of)


def _band(ctx: Context, row: Row, settings: ScoreParams, value: Any, as_of: datetime | None) -> Duties:
    name = value.strip().casefold() if isinstance(value, str) else None
    if name is None or name not in settings.all_bands:
        yield unknown(ctx, row, "scores")
        return
    state = State.BREACHED if name in settings.bands else State.OK
    yield reading(ctx, row, state, because("score.band", band=Word(name)), value=name, as_of=as_of)


def _number(value: Any) -> Decimal | None:
    """A score as an exact number, from a number or decimal text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
