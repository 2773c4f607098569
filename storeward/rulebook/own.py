"""A workspace's own figures: tighter than the platform's, or the only ones where no source names any."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from storeward.audit.record import record
from storeward.policy.terms import NotTightening, Rule
from storeward.policy.versions import Own, check_tightening
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.force import changed, plain, terms_in_force
from storeward.rulebook.models import OwnFigure

LARGEST, PLACES = 11, 6
"""Of a figure: the place of its first digit, and the digits behind its point. Its column holds no more."""


@transaction.atomic
def set_figure(
    workspace_id: int, rule_id: str, name: str, figure: Decimal, *, from_day: date, why: str, by: str, now: datetime
) -> OwnFigure:
    """Judge by this figure from a day on.

    Raises NotThere for a rule that is none, Refused for a figure that is looser than the platform's (both are told), that has no
    tighter side, or that nobody gives a reason for.
    """
    if not why.strip():
        raise Refused("why: say in a few words why the team wants a figure of its own.")
    rules = terms_in_force(workspace_id, now)
    try:
        check_tightening(rules, Own(rule_id, {name: figure}, from_day))
    except KeyError:
        raise NotThere(f"{rule_id} is no rule") from None
    except NotTightening as refusal:
        raise Refused(str(refusal)) from None
    if figure.adjusted() > LARGEST or figure != round(figure, PLACES):
        raise Refused(f"figure: {name} = {figure} has too many digits; up to {PLACES} behind the point are kept.")
    return _write(workspace_id, rule_id, name, figure, from_day, why, by, now)


@transaction.atomic
def end_figure(workspace_id: int, rule_id: str, name: str, *, from_day: date, why: str, by: str, now: datetime) -> OwnFigure:
    """Judge by the platform's figure again from a day on. Raises NotThere where there is no own figure from then on."""
    held = [f for f in figures(workspace_id, now=now) if (f.rule, f.name) == (rule_id, name)]
    if not any(f.to is None or f.to > from_day for f in held):
        raise NotThere(f"{rule_id} has no own figure {name} that could end")
    return _write(workspace_id, rule_id, name, None, from_day, why, by, now)


def _write(
    workspace_id: int, rule_id: str, name: str, figure: Decimal | None, from_day: date, why: str, by: str, now: datetime
) -> OwnFigure:
    row = OwnFigure.objects.create(
        workspace_id=workspace_id,
        rule=rule_id,
        name=name,
        figure=figure,
        platform_figure=_platforms(workspace_id, rule_id, name, from_day, now),
        from_day=from_day,
        why=why.strip()[:300],
        by=by,
        at=now,
    )
    record(
        workspace_id=workspace_id,
        at=now,
        actor=by,
        action="rulebook.end_figure" if figure is None else "rulebook.set_figure",
        subject=f"rule:{rule_id}",
        after={"figure": name, "value": None if figure is None else f"{figure:f}", "from": from_day.isoformat(), "why": row.why},
    )
    changed(workspace_id, now)
    return row


def _platforms(workspace_id: int, rule_id: str, name: str, day: date, now: datetime) -> Decimal | None:
    """The platform's own figure on a day."""
    rules = terms_in_force(workspace_id, now)
    span = next((span for span in rules.rule(rule_id).terms if span.holds_on(day)), None)
    return None if span is None else span.figures.get(name)


# -- what there is -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """An own figure with the days on which it holds, beside the platform's at the time it was set (None: none was known)."""

    rule: str
    name: str
    figure: Decimal
    platform_figure: Decimal | None
    from_day: date
    to: date | None
    why: str
    by: str
    at: datetime


def figures(workspace_id: int, *, now: datetime, rule_id: str | None = None) -> list[Held]:
    """Own figures as they stand at an instant, past and coming ones too, in the order of rule and day."""
    rows = OwnFigure.objects.filter(workspace_id=workspace_id, at__lte=now).order_by("at", "pk")
    held: dict[tuple[str, str], list[Held]] = {}
    for row in rows.filter(rule=rule_id) if rule_id is not None else rows:
        before = held.get((row.rule, row.name), [])
        kept = [_until(one, row.from_day) for one in before if one.from_day < row.from_day]
        if row.figure is not None:
            figure, platform = plain(row.figure), row.platform_figure
            told = None if platform is None else plain(platform)
            kept.append(Held(row.rule, row.name, figure, told, row.from_day, None, row.why, row.by, row.at))
        held[row.rule, row.name] = kept
    return sorted((one for ones in held.values() for one in ones), key=lambda one: (one.rule, one.name, one.from_day))


def _until(held: Held, day: date) -> Held:
    to = day if held.to is None else min(held.to, day)
    return Held(held.rule, held.name, held.figure, held.platform_figure, held.from_day, to, held.why, held.by, held.at)


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule of which nobody can tell until the workspace names these figures."""

    platform: str
    rule: Rule
    names: tuple[str, ...]


def asked(workspace_id: int, *, now: datetime, day: date, platforms: Iterable[str]) -> list[Asked]:
    """The rules of these platforms that wait for a figure on a day."""
    rules = terms_in_force(workspace_id, now)
    found = []
    for platform in dict.fromkeys(platforms):
        for rule in rules.asking_rules(platform):
            row = rules.asking(rule, day)
            if row is not None:
                found.append(Asked(platform, rule, tuple(name for name in rule.asks if name not in row.figures)))
    return found
