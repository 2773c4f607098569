"""A notice of a platform, pasted or from a mail, read: what it is, about which store, how many points, until when.

Every value stands beside the words that it was read from, so that a person can check it. Nothing is guessed: what is not found is
None, and so is what two places tell differently; `unsure` then names it. The wordings are data (`notices/*.toml`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from storeward.intake import notice_times
from storeward.intake.notice_phrases import Phrases, phrases

T = TypeVar("T")
LONGEST: Final = 20_000
"""Characters that are read; a notice is shorter, what follows is the quoted past."""
WANTED: Final = frozenset({"n", "d", "id"})
"""Wildcards of a wording whose words are the value; others are figures that are not wanted."""
TITLE_WEIGHT: Final = 1
EARLIEST: Final = datetime(2015, 1, 1, tzinfo=UTC)
FARTHEST: Final = timedelta(days=400)
"""No notice gives longer."""
SHORTEST_NAME: Final = 3
CHINESE: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class Shop:
    """A store that a notice may be about."""

    id: int
    key: str
    name: str
    platform: str
    platform_store_id: str
    region: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in `Recognised.text`: characters from `start`, `end` exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and the words that it was read from; no words where a person gave it."""

    value: T
    span: Span | None


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing that a notice is about: kind `order` or `product`, and its number."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a notice says. Instants are in UTC; points as they are counted, without sign."""

    text: str
    kind: Found[str] | None = None
    platform: Found[str] | None = None
    store: Found[Shop] | None = None
    points: Found[Decimal] | None = None
    score: Found[Decimal] | None = None
    deadline: Found[datetime] | None = None
    issued_at: Found[datetime] | None = None
    subject: Found[Subject] | None = None
    case: Found[str] | None = None
    unsure: tuple[str, ...] = ()
    """What stands there in two ways, or in a way that has no single meaning: these are None."""


def recognise(
    text: str, *, stores: Sequence[Shop], now: datetime, chosen: Shop | None = None, sent_at: datetime | None = None
) -> Recognised:
    """Read a notice. `chosen` is the store where a person has said it; `sent_at` the date of the mail, which counts as the date
    of a notice that names none when 'within 7 days' is reckoned. Never raises, whatever the text.
    """
    reading = _Reading(clean(text), phrases(), now)
    platform, store = reading.whose(stores, chosen)
    zone, region = (ZoneInfo(store.value.timezone), store.value.region) if store else (None, "")
    kind = reading.kind()
    issued = reading.issued(zone, region)
    deadline = reading.deadline(zone, region, issued.value if issued else sent_at)
    if issued and deadline and deadline.value < issued.value:
        reading.unsure.append("deadline")
        deadline = None
    subject = reading.subject(kind.value if kind else "")
    return Recognised(
        text=reading.text,
        kind=kind,
        platform=platform,
        store=store,
        points=reading.figure("points", "issued"),
        score=reading.figure("score", "now"),
        deadline=deadline,
        issued_at=issued,
        subject=subject,
        case=reading.case(),
        unsure=tuple(dict.fromkeys(reading.unsure)),
    )


def clean(text: str) -> str:
    """The text as it is kept: composed characters, no NUL and no halves of characters, its first part."""
    whole = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", whole[:LONGEST]).replace("\r\n", "\n").strip()


@dataclass(frozen=True, slots=True)
class _Hit:
    """One wording in the text: its role, where it stands, what its wildcard took, and where its wildcards stand."""

    role: str
    start: int
    end: int
    took: str
    places: tuple[tuple[int, int], ...]


class _Reading:
    """One text under reading."""

    def __init__(self, text: str, data: Phrases, now: datetime) -> None:
        self.text = text
        self.data = data
        self.now = now
        self.unsure: list[str] = []

    def hits(self, group: str) -> list[_Hit]:
        """Wordings of a group, in order. Of those that overlap the longest counts: 'on or before' is not 'before'."""
        found = []
        for wording in self.data.roles[group]:
            for match in wording.pattern.finditer(self.text):
                names = [name for name, value in match.groupdict().items() if value is not None]
                took = next((match[name] for name in names if name in WANTED), "")
                places = tuple(match.span(name) for name in names) or (match.span(),)
                found.append(_Hit(wording.role, match.start(), match.end(), took, places))
        return _apart(found)

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.text[start:end])

    def one(self, name: str, candidates: Iterable[tuple[T | None, _Hit]]) -> Found[T] | None:
        """The value, if all places that tell it tell the same."""
        told = list(candidates)
        values = {value for value, _ in told}
        if len(values) == 1 and None not in values:
            value, hit = told[0]
            assert value is not None
            return Found(value, self.span(hit.start, hit.end))
        if told:
            self.unsure.append(name)
        return None

    # -- what kind ---------------------------------------------------------------------------------------------------

    def kind(self) -> Found[str] | None:
        """The weightiest kind that is named and not denied."""
        title = len(self.text.split("\n", 1)[0])
        named = [hit for hit in self.hits("kind") if not self._denied(hit)]
        weighed = [(self.data.kinds[hit.role].weight + (TITLE_WEIGHT if hit.start < title else 0), hit) for hit in named]
        most = max((weight for weight, _ in weighed), default=0)
        return self.one("kind", ((hit.role, hit) for weight, hit in weighed if weight == most))

    def _denied(self, hit: _Hit) -> bool:
        return bool(self.data.negations.search(self.text[max(0, hit.start - 20) : hit.start]))

    # -- whose -------------------------------------------------------------------------------------------------------

    def whose(self, stores: Sequence[Shop], chosen: Shop | None) -> tuple[Found[str] | None, Found[Shop] | None]:
        """The platform and the store; a store that is named tells its platform."""
        platform = self.one("platform", ((hit.role, hit) for hit in self.hits("platform")))
        if chosen is not None:
            return Found(chosen.platform, platform.span if platform else None), Found(chosen, None)
        among = [shop for shop in stores if platform is None or shop.platform == platform.value]
        store = self._store(among)
        if platform is None and store is not None:
            if "platform" in self.unsure:
                self.unsure.remove("platform")
            platform = Found(store.value.platform, store.span)
        return platform, store

    def _store(self, stores: Sequence[Shop]) -> Found[Shop] | None:
        """The store by its platform's number, else by our key, else by its name."""
        lowered = " ".join(self.text.lower().split())
        for by in ("platform_store_id", "key", "name"):
            hits = []
            for shop in stores:
                said = " ".join(unicodedata.normalize("NFC", getattr(shop, by)).lower().split())
                if len(said) >= SHORTEST_NAME and said in lowered:
                    hits += [(shop, hit) for hit in self._named(said)]
            kept = set(_apart([hit for _, hit in hits]))
            if hits:
                return self.one("store", ((shop, hit) for shop, hit in hits if hit in kept))
        return None

    def _named(self, said: str) -> list[_Hit]:
        """Where a store is named; a mail breaks its lines within a name, too."""
        words = r"\s+".join(re.escape(word) for word in said.split())
        pattern = re.compile(rf"(?<![A-Za-z0-9\-]){words}(?![A-Za-z0-9\-])", re.IGNORECASE)
        return [_Hit(said, match.start(), match.end(), "", (match.span(),)) for match in pattern.finditer(self.text)]

    # -- figures -----------------------------------------------------------------------------------------------------

    def figure(self, group: str, role: str) -> Found[Decimal] | None:
        """The figure of this notice; totals, limits and old values stand in wordings of their own and are left alone."""
        return self.one(group, ((_number(hit.took), hit) for hit in self.hits(group) if hit.role == role))

    # -- when --------------------------------------------------------------------------------------------------------

    def issued(self, zone: ZoneInfo | None, region: str) -> Found[datetime] | None:
        """When the notice was made: a date with a label, else one that stands alone in its line. A bare day is its beginning."""
        ends = self.hits("deadline")
        labelled = [hit for hit in self.hits("issued") if not any(_overlap(hit, other) for other in ends)]
        found = labelled or self._alone()
        return self.one("issued_at", ((self._issue(hit, zone, region), hit) for hit in found))

    def _issue(self, hit: _Hit, zone: ZoneInfo | None, region: str) -> datetime | None:
        written = notice_times.read(hit.took, self.data.months, region)
        if written is None or written.day is None:
            return None
        at = notice_times.moment(written, written.day, zone, without_time=time.min)
        return at if at is not None and EARLIEST <= at <= self.now + timedelta(minutes=5) else None

    def _alone(self) -> list[_Hit]:
        found = []
        for match in notice_times.find(self.text, self.data.months):
            line_start = self.text.rfind("\n", 0, match.start()) + 1
            line_end = self.text.find("\n", match.end())
            line = self.text[line_start : line_end if line_end >= 0 else len(self.text)]
            if line.strip() == match[0].strip():
                found.append(_Hit("alone", match.start(), match.end(), match[0].strip(), (match.span(),)))
        return found

    def deadline(self, zone: ZoneInfo | None, region: str, base: datetime | None) -> Found[datetime] | None:
        """Until when something must be done. Working days need a calendar that the text does not name: not told."""
        return self.one("deadline", ((self._due(hit, zone, region, base), hit) for hit in self.hits("deadline")))

    def _due(self, hit: _Hit, zone: ZoneInfo | None, region: str, base: datetime | None) -> datetime | None:
        if hit.role in ("within_days", "within_hours"):
            figure = _number(hit.took)
            if figure is None or base is None or figure != int(figure):
                return None
            ahead = timedelta(days=int(figure)) if hit.role == "within_days" else timedelta(hours=int(figure))
            return base + ahead if timedelta() < ahead <= FARTHEST else None
        if hit.role not in ("until", "before"):
            return None
        return self._on(hit, zone, region, base)

    def _on(self, hit: _Hit, zone: ZoneInfo | None, region: str, base: datetime | None) -> datetime | None:
        """A written day: 'by' it means its end, 'before' it its beginning. Without a year it is the first after the notice."""
        written = notice_times.read(hit.took, self.data.months, region)
        if written is None:
            return None
        day = written.day
        if day is None and written.month_day and base is not None and zone is not None:
            day = notice_times.first_after(written.month_day, base.astimezone(zone).date())
        if day is None:
            return None
        bare = time(23, 59, 59) if hit.role == "until" else time.min
        at = notice_times.moment(written, day, zone, without_time=bare)
        return at if at is not None and EARLIEST <= at <= self.now + FARTHEST else None

    # -- about what --------------------------------------------------------------------------------------------------

    def subject(self, kind: str) -> Found[Subject] | None:
        """The order or product; where both are named, the one that this kind of notice is about."""
        things = [(Subject(hit.role, hit.took), hit) for hit in self.hits("subject") if hit.role != "case"]
        about = self.data.kinds[kind].about if kind else ""
        fitting = [(thing, hit) for thing, hit in things if thing.kind == about]
        return self.one("subject", fitting or things)

    def case(self) -> Found[str] | None:
        """The number that the platform gave the matter."""
        return self.one("case", ((hit.took, hit) for hit in self.hits("subject") if hit.role == "case"))


def _overlap(hit: _Hit, other: _Hit) -> bool:
    """Whether two wordings read the same figure, date or words: what stands between them in the sentence is no matter."""
    return any(one[0] < two[1] and two[0] < one[1] for one in hit.places for two in other.places)


def _apart(hits: Iterable[_Hit]) -> list[_Hit]:
    """Of hits that overlap the longest, in the order of the text. Two meanings of the very same words both count."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda one: (one.start - one.end, one.start)):
        over = [other for other in kept if _overlap(hit, other)]
        if all((hit.start, hit.end) == (other.start, other.end) for other in over):
            kept.append(hit)
    return sorted(kept, key=lambda one: one.start)


def _number(said: str) -> Decimal | None:
    """A figure in digits of any script, or a Chinese numeral up to 99."""
    plain = said.replace(",", ".")
    if plain[:1].isdigit():
        return Decimal(plain)
    tens, ten, ones = plain.rpartition("十")
    if any(one not in CHINESE for one in tens + ones) or len(tens) > 1 or len(ones) > 1:
        return None
    return Decimal((CHINESE[tens] if tens else 1) * 10 + (CHINESE[ones] if ones else 0)) if ten else Decimal(CHINESE[ones])
