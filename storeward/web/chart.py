"""A score over time as steps, ready to draw: places in percent of the width and height, so that it fits every screen.

The lines of the plot are SVG without letters, stretched to its box; every word stands beside it as HTML, at the same places.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from storeward.findings.health.board import Score
from storeward.findings.health.events import Book
from storeward.findings.health.outlook import Outlook
from storeward.policy.ledgers import points, rating
from storeward.policy.ledgers.points import PointsLedger
from storeward.policy.ledgers.rating import RatingLedger
from storeward.policy.ledgers.snapshots import points_now, rating_now
from storeward.web import formats

BACK = timedelta(days=150)
AHEAD = timedelta(days=120)
ROOM = Decimal("1.12")
"""Of the height, so that the topmost line does not touch the edge."""

LEFT_FROM = 80.0
"""Percent of the width from which a label stands left of its point, so that it stays within the plot."""

Value = Decimal | None


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the plot with its words; `x` from the left and `y` from the top, in percent."""

    x: float
    y: float
    label: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`past` and `ahead` are paths of an SVG with a box of 100 by 100; `wedge` is the band of the forecast."""

    past: str
    ground: str
    ahead: str
    wedge: str
    now: float
    lines: tuple[Place, ...]
    steps: tuple[Place, ...]
    told: tuple[Place, ...]
    months: tuple[Place, ...]
    band: Place | None


@dataclass(frozen=True, slots=True)
class _Scale:
    since: datetime
    until: datetime
    top: Decimal

    def x(self, at: datetime) -> float:
        return round(100 * ((at - self.since) / (self.until - self.since)), 2)

    def y(self, value: Decimal) -> float:
        return round(float(100 - 100 * value / self.top), 2)


def chart_of(held: Book, score: Score, seen: Outlook | None, at: datetime, language: formats.Language) -> Chart | None:
    """The plot of a store's score around `at`; None where nothing can be drawn."""
    ledger = held.ledger
    if ledger is None or score.value is None:
        return None
    since = at - BACK
    past = list(_past(held, ledger, since, at))
    ahead = list(_ahead(ledger, score.value, at, at + AHEAD))
    until = max([at + timedelta(days=40), *(when + timedelta(days=12) for when, _ in ahead)])
    scale = _Scale(since, until, _top(score, [value for _, value in (*past, *ahead) if value is not None], seen))
    zone = ZoneInfo(held.ground.store.timezone)
    band = None if seen is None or seen.band is None else seen.band.band
    return Chart(
        past=_path(past, scale, at),
        ground=_ground(past, scale, at),
        ahead=_path([(at, score.value), *ahead], scale, until),
        wedge="" if band is None else _wedge(scale, at, score.value, band.at, band.low, band.high),
        now=scale.x(at),
        lines=tuple(_lines(score, scale)),
        steps=(
            *_changes(past, scale, zone, language, ahead=False),
            *_changes([(at, score.value), *ahead], scale, zone, language, ahead=True),
        ),
        told=tuple(Place(scale.x(one.at), scale.y(one.value)) for one in held.snapshots if since <= one.at <= at),
        months=tuple(_months(scale, zone, language)),
        band=None if band is None else Place(scale.x(band.at), scale.y(band.high)),
    )


def _past(held: Book, ledger: PointsLedger | RatingLedger, since: datetime, at: datetime) -> Iterable[tuple[datetime, Value]]:
    """What stood from when on: every instant at which an event, an expiry or a snapshot may have moved it."""
    moments = {since, at, *(one.at for one in held.snapshots if since < one.at <= at)}
    steps = points.steps(ledger, since, at) if isinstance(ledger, PointsLedger) else rating.steps(ledger, since, at)
    value = _value_of(held, ledger)
    return [(when, value(when)) for when in sorted(moments | {step.at for step in steps})]


def _value_of(held: Book, ledger: PointsLedger | RatingLedger) -> Callable[[datetime], Value]:
    def of_points(when: datetime) -> Value:
        assert isinstance(ledger, PointsLedger)
        found = points_now(ledger, held.snapshots, when)
        return None if found is None else found.points.value

    def of_rating(when: datetime) -> Value:
        assert isinstance(ledger, RatingLedger)
        found = rating_now(ledger, held.snapshots, when)
        return None if found is None else found.rating.value

    return of_points if isinstance(ledger, PointsLedger) else of_rating


def _ahead(
    ledger: PointsLedger | RatingLedger, value: Decimal, at: datetime, until: datetime
) -> Iterable[tuple[datetime, Decimal]]:
    """How it goes on if nothing new comes."""
    if isinstance(ledger, PointsLedger):
        for gone in points.expiry_calendar(ledger, at):
            if gone.at <= until:
                value = max(value - gone.points.value, points.NONE)
                yield gone.at, value
        return
    regime = ledger.regime(at)
    for left in rating.expiry_calendar(ledger, at):
        if left.at <= until and regime is not None:
            value = rating.kept(value + left.change.value, regime).value
            yield left.at, value


def _top(score: Score, values: Sequence[Decimal], seen: Outlook | None) -> Decimal:
    """The height of the plot: for points up to the next line, for a rating over everything that is shown."""
    shown = [*values, Decimal(1)]
    if score.next is not None:
        shown.append(score.next.at)
    if score.reached is not None:
        shown.append(score.reached.at)
    if seen is not None and seen.band is not None:
        shown.append(seen.band.band.high)
    return max(shown) * ROOM


def _path(steps: Sequence[tuple[datetime, Value]], scale: _Scale, until: datetime) -> str:
    """Level until the next step, then straight up or down; broken where the score cannot be told."""
    said, drawing = list[str](), False
    for number, (when, value) in enumerate(steps):
        end = steps[number + 1][0] if number + 1 < len(steps) else until
        if value is None:
            drawing = False
            continue
        x, y = scale.x(when), scale.y(value)
        said.append(f"{'V' if drawing else f'M{x} '}{y}H{scale.x(end)}")
        drawing = True
    return "".join(said)


def _ground(steps: Sequence[tuple[datetime, Value]], scale: _Scale, until: datetime) -> str:
    """The area below the steps; there is none where the score cannot be told."""
    said, begun = list[str](), 0
    for number, (_when, value) in enumerate(steps):
        last = number + 1 == len(steps)
        if value is None:
            begun = number + 1
        elif last or steps[number + 1][1] is None:
            end = until if last else steps[number + 1][0]
            said.append(f"{_path(steps[begun : number + 1], scale, end)}V100H{scale.x(steps[begun][0])}Z")
    return "".join(said)


def _wedge(scale: _Scale, at: datetime, value: Decimal, until: datetime, low: Decimal, high: Decimal) -> str:
    return f"M{scale.x(at)} {scale.y(value)}L{scale.x(until)} {scale.y(high)}V{scale.y(low)}Z"


def _lines(score: Score, scale: _Scale) -> Iterable[Place]:
    """The lines that lie within the plot; the next one is the only one with a tone."""
    for line in score.lines:
        if line.at <= scale.top:
            tone = "next" if score.next is not None and line.rule == score.next.rule else ""
            yield Place(0, scale.y(line.at), formats.number(line.at), tone)


def _changes(
    steps: Sequence[tuple[datetime, Value]],
    scale: _Scale,
    zone: ZoneInfo,
    language: formats.Language,
    *,
    ahead: bool,
) -> Iterable[Place]:
    """By how much it changed where; ahead with the day, for that is what one waits for."""
    for (_, before), (when, value) in pairwise(steps):
        if before is None or value is None or value == before:
            continue
        change = value - before
        label = formats.signed(change)
        if ahead:
            label += f" {formats.on_day(when, zone, language)}"
        x = scale.x(when)
        tone = "" if not ahead else "ahead is-left" if x > LEFT_FROM else "ahead"
        yield Place(x, scale.y(value if ahead else max(value, before)), label, tone)


def _months(scale: _Scale, zone: ZoneInfo, language: formats.Language) -> Iterable[Place]:
    """The first of each month."""
    first = scale.since.astimezone(zone).date().replace(day=1)
    for number in range(1, 14):
        month = first.month - 1 + number
        start = date(first.year + month // 12, month % 12 + 1, 1)
        at = datetime(start.year, start.month, 1, tzinfo=zone)
        if at >= scale.until:
            return
        yield Place(scale.x(at), 100, formats.month(start, language))
