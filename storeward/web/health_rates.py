"""Rates on the page of a store: ours beside the platform's, misses left, the items behind; and who answered buyers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storeward.findings.health.people import answers
from storeward.findings.health.rates import Behind, Line, Rate, behind
from storeward.policy.rules.compare import near
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.frame import Visit

ITEMS: Final = 100
"""So many of the items behind a rate are listed; the number beside says how many there are."""
FEW: Final = 50
"""One miss in so many items is hardly anything."""
ANSWERED: Final = timedelta(days=30)
"""Over how long answers are told by person."""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit of a rate and how many more may go wrong."""

    rule: str
    title: str
    text: str
    left: str
    mark: str


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate, ready to draw. `href` opens what went wrong behind it."""

    title: str
    says: str
    leaves_out: str
    window: str
    ours: str
    counted: str
    told: str
    difference: str
    limits: tuple[LimitRow, ...]
    misses: int
    href: str
    open: bool


def percent(value: Decimal) -> str:
    return f"{formats.number(round(value, 2))} %"


def rate_row(visit: Visit, rate: Rate) -> RateRow:
    zh, value = visit.language == "zh", rate.counted.percent
    part, whole = rate.counted.part, rate.counted.whole
    key = f"{rate.formula.metric}:{rate.window_days}"
    ours = "–" if value is None else percent(Decimal(value.numerator) / value.denominator)
    return RateRow(
        title=rate.formula.title_zh if zh else rate.formula.title,
        says=rate.formula.says_zh if zh else rate.formula.says,
        leaves_out=rate.formula.leaves_out_zh if zh else rate.formula.leaves_out,
        window=_("%(n)s days") % {"n": rate.window_days},
        ours=f"≤ {ours}" if rate.formula.at_most and value is not None else ours,
        counted=_("%(part)s of %(whole)s") % {"part": formats.number(part), "whole": formats.number(whole)},
        told="–" if rate.told is None else percent(rate.told.value),
        difference="" if rate.difference is None else formats.signed(round(rate.difference, 2)),
        limits=tuple(limit_row(visit, rate, number) for number in range(len(rate.lines))),
        misses=rate.misses,
        href=f"?items={key}#behind",
        open=visit.request.GET.get("items") == key,
    )


def limit_row(visit: Visit, rate: Rate, number: int) -> LimitRow:
    line = rate.lines[number]
    limit, left = line.limit, line.left
    told = words.rule_words(limit.rule, visit.language)
    if not rate.counted.whole:
        said, mark = _("nothing counted yet"), "none"
    elif left is None:
        said, mark = _("out of reach"), "fine"
    elif left < 0:
        said, mark = _("broken"), limit.severity.value
    else:
        said = ngettext("%(n)s miss left", "%(n)s misses left", left) % {"n": formats.number(left)}
        mark = mark_of(rate, line)
    return LimitRow(limit.rule, told.title, f"{limit.comparator} {formats.number(limit.at)} %", said, mark)


def mark_of(rate: Rate, line: Line) -> str:
    """How a limit looks that holds: the next miss breaks it where so few were counted, which is neither near nor fine."""
    if close(rate, line):
        return "warning"
    return "info" if line.left == 0 else "fine"


def close(rate: Rate, line: Line) -> bool:
    """Whether a limit is near: by the lead of its rule, or because hardly anything more may go wrong for what there is."""
    value, limit = rate.counted.percent, line.limit
    if value is None or line.left is None:
        return False
    return near(value, limit.comparator, limit.at, limit.row.lead) or (line.left + 1) * FEW <= rate.counted.whole


@dataclass(frozen=True, slots=True)
class BehindRow:
    """An item that went wrong behind a rate."""

    what: str
    due: str
    done: str
    href: str


@dataclass(frozen=True, slots=True)
class BehindList:
    """The items behind the rate that the address names."""

    title: str
    count: int
    rows: tuple[BehindRow, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def items_behind(visit: Visit, store: Store, found: Sequence[Rate]) -> BehindList | None:
    """None where the address names no rate of this store."""
    name, _colon, days = visit.request.GET.get("items", "").partition(":")
    rate = next((one for one in found if one.formula.metric == name and str(one.window_days) == days), None)
    if rate is None:
        return None
    zone = ZoneInfo(store.timezone)
    rows = behind(store.pk, name, rate.window_days, now=visit.now)
    title = rate.formula.title_zh if visit.language == "zh" else rate.formula.title
    return BehindList(title, len(rows), tuple(behind_row(visit, one, zone) for one in rows[:ITEMS]))


def behind_row(visit: Visit, one: Behind, zone: ZoneInfo) -> BehindRow:
    due = one.due_at or one.starts_at
    return BehindRow(
        what=words.subject(one.kind, one.id),
        due="" if due is None else formats.at_time(due, zone, visit.language),
        done=_("not done")
        if one.due_at is not None and one.done_at is None
        else ""
        if one.done_at is None
        else formats.at_time(one.done_at, zone, visit.language),
        href=f"/search/?q={one.id}" if one.kind == "order" else "",
    )


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Who answered within one clock."""

    name: str
    clock: str
    questions: int
    in_time: str
    median: str


def people_rows(visit: Visit, store: Store) -> list[PersonRow]:
    """Of the last 30 days, the busiest first; what nobody answered last."""
    found = answers([store.pk], since=visit.now - ANSWERED, now=visit.now)
    return [
        PersonRow(
            name=_("nobody") if one.person is None else one.person or _("name not told"),
            clock=words.rule_words(one.rule, visit.language).title,
            questions=one.questions,
            in_time=percent(Decimal(one.in_time) * 100 / one.questions),
            median="–" if one.median is None else formats.span(one.median.total_seconds(), visit.language),
        )
        for one in sorted(found, key=lambda one: (one.rule, one.person is None, -one.questions))
    ]
