"""What templates draw: values made ready by the pages. No queries here, and no request."""

from dataclasses import dataclass
from datetime import datetime

from storeward.stores.models import Store
from storeward.web.formats import Countdown, Language, age, initials, ring_arc

_PLATES = {"tiktok_shop": "TT", "shopee": "SP", "lazada": "LZ", "douyin": "DY"}
PLATFORM_NAMES = {"tiktok_shop": "TikTok Shop", "shopee": "Shopee", "lazada": "Lazada", "douyin": "抖店"}
SEVERITIES = ("fatal", "critical", "warning", "info")


def plate(platform: str) -> str:
    """The two letters of a platform; the first two of an unknown one."""
    return _PLATES.get(platform) or platform[:2].upper()


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old a value is against how long it may be trusted. `state`: fresh, stale, never; `note` is shown on hover."""

    state: str
    text: str
    share: float = 0.0
    note: str = ""


def freshness(observed_at: datetime | None, trusted_until: datetime | None, now: datetime, language: Language) -> Freshness:
    """The mark of a value seen at `observed_at` that may be trusted until `trusted_until`."""
    if observed_at is None:
        return Freshness("never", "")
    seconds = (now - observed_at).total_seconds()
    words = age(seconds, language)
    if trusted_until is None or now >= trusted_until:
        return Freshness("stale", words)
    return Freshness("fresh", words, ring_arc(seconds, (trusted_until - observed_at).total_seconds()))


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a finding: a face with two letters."""

    name: str
    letters: str
    me: bool


def owner_of(name: str, me: str) -> Owner | None:
    return Owner(name, initials(name), name == me) if name else None


@dataclass(frozen=True, slots=True)
class Clock:
    """A countdown with the exact time below it, ready to draw."""

    countdown: Countdown
    exact: str
    due_at: datetime | None = None
    starts_at: datetime | None = None
    own: str = ""

    @property
    def percent(self) -> int:
        return round(self.countdown.share * 100)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: always the same parts in the same order."""

    finding_id: int
    key: str
    severity: str
    clock: Clock
    store: Store
    stores: int
    what: str
    why: str
    stake: str
    stake_note: str
    step: str
    owner: Owner | None
    href: str
    panel: str
    count: int = 1
    more: int = 0
    """Other findings about the store as a whole that the line holds beside the one that it names."""
    unknown: bool = False
    when: str = ""
    things: str = ""
    """How many orders, conversations ... where that is not said by `what`."""
    missed: str = ""
    missed_all: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A chip, tab or entry: where it leads, whether it is where we are, and how many rows it opens."""

    label: str
    href: str
    count: int | None = None
    current: bool = False
    icon: str = ""
    urgent: bool = False
