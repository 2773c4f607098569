"""The health of one store: its score as a ledger with any past day, the forecast, what is held against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storeward.findings.health.board import Score, StoreHealth, board, score_at
from storeward.findings.health.enter import CREDITS
from storeward.findings.health.events import Book
from storeward.findings.health.outlook import Outlook, outlook
from storeward.findings.health.rates import rates
from storeward.policy.ledgers import points, rating
from storeward.policy.ledgers.points import Entry, Points, PointsLedger
from storeward.policy.ledgers.rating import Rating, RatingLedger
from storeward.policy.ledgers.regimes import Line
from storeward.policy.ledgers.snapshots import unexplained
from storeward.records.entry import BadEntry
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.chart import chart_of
from storeward.web.frame import Visit, draw
from storeward.web.health_rates import items_behind, people_rows, rate_row

SNAPSHOTS: Final = 8
"""So many of the newest are listed."""
MOST_ADDED: Final = 1000
EARLIEST: Final = date(2000, 1, 1)
"""No store of any platform is older, and what is reckoned looks back from a day by months."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """A line of the ledger: when, what, by how much, until when it counts; `gone`: it counts no more."""

    at: str
    what: str
    change: str
    until: str
    origin: str
    gone: bool


def answer(visit: Visit, store: Store, *, error: str = "", status: int = 200) -> HttpResponse:
    """Draw the page of the store, as it stands now or stood at the end of a day. `error`: why a credit was not taken."""
    zone = ZoneInfo(store.timezone)
    day = past_day(visit, zone)
    at = visit.now if day is None else datetime.combine(day, time.max, zone).astimezone(UTC)
    alike = [one.pk for one in visit.stores if one.platform == store.platform] if day is None else [store.pk]
    peers = board(alike, now=at, in_full=[store.pk])
    line = next(one for one in peers if one.store_id == store.pk)
    found = rates([store.pk], now=visit.now) if day is None else []
    seen = outlook(line.book, now=at, known=found) if day is None else None
    score = line.score
    context = {
        "title": _("Health"),
        "store": store,
        "line": line,
        "score": score,
        "day": day,
        "today": visit.now.astimezone(zone).date(),
        "first": (visit.now - timedelta(days=370)).astimezone(zone).date(),
        "figures": figures(visit, line, peers, zone),
        "chart": None if score is None else chart_of(line.book, score, seen, at, visit.language),
        "legend": legend(line.book, at),
        "likely": likely(seen, zone, visit.language),
        "what_if": what_if(visit, line.book, at),
        "added": visit.request.GET.get("add", ""),
        "events": event_rows(line.book, at, zone, visit.language),
        "differences": difference_rows(line.book, zone, visit.language),
        "violations": violation_rows(visit, line, zone),
        "limits": restriction_rows(line, zone, visit.language),
        "rates": [rate_row(visit, rate) for rate in found],
        "behind": items_behind(visit, store, found),
        "people": people_rows(visit, store) if day is None else [],
        "may_write": store.pk in visit.may_write,
        "credit": credit_form(visit, zone, error) if score is not None and score.regime == "rating" and day is None else None,
    }
    return draw(visit, "health/store.html", context, name="health", status=status)


@dataclass(frozen=True, slots=True)
class CreditForm:
    """The form for what a rating gained, as it was typed, with what mends it."""

    kinds: tuple[tuple[str, str], ...]
    typed: Mapping[str, str]
    error: str


def credit_form(visit: Visit, zone: ZoneInfo, error: str) -> CreditForm:
    typed = {name: str(value) for name, value in visit.request.POST.items()} if error else {}
    fresh = {"points": "", "kind": CREDITS[0], "note": "", "at": f"{visit.now.astimezone(zone):%Y-%m-%dT%H:%M}"}
    return CreditForm(tuple((kind, kind_word(kind)) for kind in CREDITS), fresh | typed, error)


def credit_mend(bad: BadEntry) -> str:
    """What mends a wrong credit, in the person's language."""
    table = {
        "points": _("Give the points won, above 0 and at most 1000."),
        "kind": _("Choose what they were won by."),
        "at": _("Give day and time in the store's own time; it cannot lie in the future."),
        "as_of": _("Give day and time in the store's own time; it cannot lie in the future."),
    }
    return table.get(bad.field, bad.message)


def past_day(visit: Visit, zone: ZoneInfo) -> date | None:
    """The past day that the address asks for; None for today, for none, and for what is no day of the past of a store."""
    try:
        day = parse_date(visit.request.GET.get("at", ""))
    except ValueError:
        return None
    return day if day is not None and EARLIEST <= day < visit.now.astimezone(zone).date() else None


# -- the strip ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of the strip."""

    label: str
    value: str
    note: str
    tone: str = ""


TONES: Final = {"last": "crit", "reached": "crit", "near": "warn", "unknown": "unk"}


def figures(visit: Visit, line: StoreHealth, peers: Sequence[StoreHealth], zone: ZoneInfo) -> list[Figure]:
    """The score, the next line, what goes next, the trend, and the middle of the other stores that count alike."""
    score = line.score
    if score is None:
        return [Figure(_("Score"), "–", _("the platform keeps none for this market"))]
    return [
        score_figure(score, visit, zone),
        line_figure(score, visit.language),
        going_figure(score, zone, visit.language),
        trend_figure(score),
        middle_figure(visit, line, peers, score),
    ]


def score_figure(score: Score, visit: Visit, zone: ZoneInfo) -> Figure:
    label = _("Health rating") if score.regime == "rating" else _("Points")
    if score.value is None:
        return Figure(label, "?", _("nobody has looked, or nobody knows when points go"), "unk")
    top = formats.number(score.top) if score.top is not None else "?"
    value = _("%(value)s of %(top)s") % {"value": formats.number(score.value), "top": top}
    note = _("from the events recorded")
    if score.told_at is not None:
        said = {"origin": words.origin_word(score.told_by), "day": formats.on_day(score.told_at, zone, visit.language)}
        note = _("%(origin)s, %(day)s") % said
    return Figure(label, value, note, TONES.get(score.look, ""))


def line_figure(score: Score, language: formats.Language) -> Figure:
    if score.next is None or score.distance is None:
        return Figure(_("Next line"), "–", reached_note(score, language))
    value = _("%(far)s to %(line)s") % {"far": formats.number(score.distance), "line": formats.number(score.next.at)}
    return Figure(_("Next line"), value, words.rule_words(score.next.rule, language).title, TONES.get(score.look, ""))


def reached_note(score: Score, language: formats.Language) -> str:
    if score.reached is None:
        return _("none is known")
    return words.opening(words.rule_words(score.reached.rule, language).consequence, 60)


def going_figure(score: Score, zone: ZoneInfo, language: formats.Language) -> Figure:
    label = _("Leaves the window next") if score.regime == "rating" else _("Expires next")
    if score.going is None:
        return Figure(label, "–", _("nothing by itself"))
    value = formats.signed(score.going.amount) if score.regime == "rating" else formats.number(score.going.amount)
    note = _("the quarter ends") if score.going.reset else ""
    day = formats.on_day(score.going.at, zone, language)
    return Figure(label, value, f"{day} · {note}" if note else day)


def trend_figure(score: Score) -> Figure:
    if score.trend is None:
        return Figure(_("In 4 weeks"), "?", _("cannot be told"), "unk")
    worse = score.trend > 0 if score.regime == "points" else score.trend < 0
    note = _("worse") if worse else _("better") if score.trend else _("no change")
    return Figure(_("In 4 weeks"), formats.signed(score.trend), note, "warn" if worse else "")


def middle_figure(visit: Visit, line: StoreHealth, peers: Sequence[StoreHealth], score: Score) -> Figure:
    """Compared with the stores of the own group, where there are others, else with all that count alike on the platform."""
    store = visit.by_id[line.store_id]
    others = [
        one
        for one in peers
        if one.store_id != line.store_id and one.score and one.score.regime == score.regime and one.score.value is not None
    ]
    group = [one for one in others if store.group_id is not None and visit.by_id[one.store_id].group_id == store.group_id]
    chosen = group or others
    values = [one.score.value for one in chosen if one.score and one.score.value is not None]
    label = _("Middle of the group") if group else _("Middle of the others")
    if not values:
        return Figure(label, "–", _("no other store counts like this"))
    note = ngettext("%(n)s store", "%(n)s stores", len(values)) % {"n": len(values)}
    return Figure(label, formats.number(Decimal(median(values))), note)


# -- the plot and the forecast ------------------------------------------------------------------------------------------


def legend(held: Book, at: datetime) -> str:
    """The rules that the lines stand for, and how long an entry counts."""
    regime = held.ground.regime(at)
    if regime is None:
        return ""
    lines = _("Lines: %(rules)s.") % {"rules": ", ".join(line.rule for line in regime.lines)} if regime.lines else ""
    return f"{lines} {how_long(held, at)} {_('Dashed: if nothing new comes. Shaded: the forecast.')}".strip()


def how_long(held: Book, at: datetime) -> str:
    match held.ledger:
        case PointsLedger() as ledger:
            regime = ledger.regime(at)
            if regime is not None and regime.expiry_days is not None:
                return _("Each entry is gone after %(n)s days.") % {"n": formats.number(regime.expiry_days)}
            return _("All points go with the quarter.") if regime is not None and regime.reset is not None else ""
        case RatingLedger() as ledger:
            window = ledger.regime(at)
            days = window.window_days if window is not None else None
            return "" if days is None else _("Each event counts for %(n)s days.") % {"n": days}
        case None:
            return ""


@dataclass(frozen=True, slots=True)
class Likely:
    """The forecast in words: the range, how often it holds, the lines that may be reached, and the main reasons."""

    text: str
    holds: str
    lines: tuple[str, ...]
    reasons: tuple[str, ...]
    untold: str


def likely(seen: Outlook | None, zone: ZoneInfo, language: formats.Language) -> Likely | None:
    """None for a past day and where the score cannot be told."""
    if seen is None or seen.band is None:
        return None
    band = seen.band.band
    said = {"low": formats.number(band.low), "high": formats.number(band.high), "day": formats.on_day(band.at, zone, language)}
    text = _("%(low)s on %(day)s") % said if band.low == band.high else _("%(low)s to %(high)s on %(day)s") % said
    reached = [
        _("%(line)s: %(chance)s %%") % {"line": words.rule_words(rule, language).title, "chance": round(100 * chance)}
        for rule, chance in band.reached
        if chance >= 0.005
    ]
    return Likely(
        text=text,
        holds=_("holds %(share)s of 100 times") % {"share": round(100 * band.covers)},
        lines=tuple(reached),
        reasons=tuple(reason_text(one.id, one.rule, one.chance, language) for one in band.reasons),
        untold=ngettext(
            "%(n)s more may cost points, nobody knows how many", "%(n)s more may cost points, nobody knows how many", band.untold
        )
        % {"n": band.untold}
        if band.untold
        else "",
    )


def reason_text(identity: str, rule: str, chance: float, language: formats.Language) -> str:
    what = words.rule_words(rule, language).title if rule else _("violation %(id)s") % {"id": formats.short_id(identity)}
    return _("%(what)s, %(chance)s %% likely") % {"what": what, "chance": round(100 * chance)}


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The score with so many points more, or a rating with so many less, from now on."""

    text: str
    line: str
    mark: str


def what_if(visit: Visit, held: Book, at: datetime) -> WhatIf | None:
    """None where nothing was asked, or what was asked is no number of points."""
    text = visit.request.GET.get("add", "").strip()
    added = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 0 < added <= MOST_ADDED:
        return None
    now = score_at(held, at)
    if now is None or now.value is None:
        return None
    match held.ledger:
        case PointsLedger() as ledger:
            more = points.Points(now.value + added)
            regime = ledger.regime(at)
            reached = None if regime is None else points.distance(regime, more).reached
            gone = points.expiry_calendar(ledger.with_entry(Entry("", at, Decimal(added))), at)
            return _said(visit, more, reached, gone[-1].at if gone else None, held)
        case RatingLedger() as ledger:
            scale = ledger.regime(at)
            less = Rating(now.value - added) if scale is None else rating.kept(now.value - added, scale)
            reached = None if scale is None else rating.distance(scale, less).reached
            return _said(visit, less, reached, None, held)
        case None:
            return None


def _said(visit: Visit, score: Points | Rating, reached: Line | None, until: datetime | None, held: Book) -> WhatIf:
    text = formats.number(score.value)
    if until is not None:
        text = _("%(value)s, the last of it until %(day)s") % {
            "value": text,
            "day": formats.on_day(until, held.ground.calendar.zone, visit.language),
        }
    if reached is None:
        return WhatIf(text, _("no line is reached"), "fine")
    told = words.rule_words(reached.rule, visit.language)
    return WhatIf(text, f"{told.title}: {told.consequence}", reached.severity.value)


# -- tables -------------------------------------------------------------------------------------------------------------


def event_rows(held: Book, at: datetime, zone: ZoneInfo, language: formats.Language) -> list[EventRow]:
    """Everything that moved the score by then, the newest first."""
    match held.ledger:
        case PointsLedger() as ledger:
            standing = points.standing_on(ledger, at)
            counting = {one.entry.id: one for one in (standing.live if standing is not None else ())}
            given = [one for one in ledger.entries if one.issued_at <= at]
            rows = [(one.issued_at, _entry_row(one, counting.get(one.id), at, zone, language)) for one in given]
        case RatingLedger() as ledger:
            rows = [(one.at, _event_row(ledger, one, at, zone, language)) for one in ledger.events if one.at <= at]
        case None:
            rows = []
    return [row for _when, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]


def _entry_row(one: Entry, live: points.Live | None, at: datetime, zone: ZoneInfo, language: formats.Language) -> EventRow:
    amount, until, what = one.counting(at), _("gone"), one.reason or one.id
    if live is not None:
        until = _("not cleared any more") if live.gone_at is None else formats.on_day(live.gone_at, zone, language)
    if one.lifted_at is not None and one.lifted_at <= at and one.original is not None:
        what = _("%(what)s (%(n)s before the appeal)") % {"what": what, "n": formats.number(one.original)}
    change, origin = "?" if amount is None else formats.signed(amount), words.origin_word(one.origin)
    return EventRow(formats.at_time(one.issued_at, zone, language), what, change, until, origin, live is None)


def kind_word(kind: str) -> str:
    """What moved a rating."""
    table = {
        "deduction": _("violation"),
        "quiz": _("quiz passed"),
        "orders": _("orders fulfilled"),
        "appeal": _("appeal granted"),
        "other": _("other change"),
    }
    return table.get(kind, kind)


def _event_row(ledger: RatingLedger, one: rating.Event, at: datetime, zone: ZoneInfo, language: formats.Language) -> EventRow:
    regime = ledger.regime(at)
    leaves = None if regime is None or regime.window_days is None else rating.gone_at(ledger, one, regime.window_days)
    lifted = one.lifted_at is not None and one.lifted_at <= at
    gone = lifted or (leaves is not None and leaves <= at)
    until = (
        _("taken back") if lifted else _("gone") if gone else "–" if leaves is None else formats.on_day(leaves, zone, language)
    )
    what = f"{kind_word(one.kind)} · {one.reason or one.id}" if one.kind == "deduction" or one.reason else kind_word(one.kind)
    change = "?" if one.change is None else formats.signed(one.change)
    return EventRow(formats.at_time(one.at, zone, language), what, change, until, words.origin_word(one.origin), gone)


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """What was read beside what the events give."""

    at: str
    told: str
    rebuilt: str
    difference: str
    origin: str
    open: bool


def difference_rows(held: Book, zone: ZoneInfo, language: formats.Language) -> list[DifferenceRow]:
    """The newest snapshots first."""
    if held.ledger is None:
        return []
    found = unexplained(held.ledger, held.snapshots)[-SNAPSHOTS:]
    return [
        DifferenceRow(
            at=formats.at_time(one.snapshot.at, zone, language),
            told=formats.number(one.snapshot.value),
            rebuilt="?" if one.rebuilt is None else formats.number(one.rebuilt),
            difference="?" if one.unexplained is None else formats.signed(one.unexplained),
            origin=words.origin_word(one.snapshot.origin),
            open=bool(one.unexplained),
        )
        for one in reversed(found)
    ]


@dataclass(frozen=True, slots=True)
class ViolationRow:
    """An open violation: what, why, what it cost, until when somebody may act."""

    id: str
    what: str
    status: str
    points: str
    noticed: str
    act_by: str
    tone: str
    quiz: bool


def status_word(status: str | None) -> str:
    """Where a violation stands, in the words of the facts format."""
    table = {
        "pending": _("waits for an answer"),
        "enforced": _("enforced"),
        "under_appeal": _("under appeal"),
        "open": _("open"),
    }
    return table.get(status or "", status or "?")


def violation_rows(visit: Visit, line: StoreHealth, zone: ZoneInfo) -> list[ViolationRow]:
    """The soonest to act on first."""
    found = []
    for held in sorted(line.violations, key=lambda one: (one.act_by is None, one.act_by or visit.now)):
        one, left = held.violation, held.act_by
        count = None if left is None else formats.countdown(left, visit.now, visit.language, one.notified_at)
        found.append(
            ViolationRow(
                id=one.id,
                what=one.reason or (one.category or "").replace("_", " ") or one.id,
                status=status_word(one.status),
                points="?" if one.points is None else formats.number(one.points),
                noticed="" if one.notified_at is None else formats.on_day(one.notified_at, zone, visit.language),
                act_by="" if count is None or left is None else f"{count.text} · {formats.on_day(left, zone, visit.language)}",
                tone="" if count is None else count.tone,
                quiz=one.quiz_open,
            )
        )
    return found


def restriction_rows(line: StoreHealth, zone: ZoneInfo, language: formats.Language) -> list[tuple[str, str]]:
    """What is restricted and until when."""
    found = []
    for one in line.restrictions:
        what = {
            "store": _("Store suspended") if one.what == "suspended" else _("Store closed by the platform"),
            "milestone": _("Milestone %(line)s enforced") % {"line": one.what or "?"},
            "punishment": _("Punishment"),
        }[one.kind]
        end = (
            _("end not told")
            if one.ends_at is None
            else _("until %(day)s") % {"day": formats.on_day(one.ends_at, zone, language)}
        )
        found.append((what, end))
    return found
