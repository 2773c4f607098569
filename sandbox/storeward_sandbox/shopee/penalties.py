"""Penalty points, tiers and punishments: what the platform does every Monday about the week before.

Points count for a quarter, which begins on the first Monday of January, April, July and October (in the Philippines on the last
Monday of the month before). Reaching a tier brings punishments of 28 days (in Vietnam 7 and 14 for the first two).
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta

from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.countries import local_day, start_of_day

from . import measures
from .hooks import on
from .items import items_of
from .markets import Market, monday_after
from .measures import RETURNED, SELLER, SYSTEM, Period
from .pushes import SHOP_PENALTY, SHOPEE_UPDATES
from .settings import settings_of
from .shop import Shop

HIGH_LATE, HIGH_UNFULFILLED, MANY_UNFULFILLED, MANY_LATE = 5, 6, 7, 8
PROHIBITED, SPAM, UNANSWERED_CHATS = 9, 11, 21
LISTING_KINDS = {1: PROHIBITED, 2: 10, 3: SPAM}
THRESHOLDS = (3, 6, 9, 12, 15)
# What each tier adds: no campaigns; no shipping subsidy, less recommended; not in search; no listing work; suspended.
PUNISHMENTS = {1: (107,), 2: (107, 108, 601), 3: (107, 108, 602, 104), 4: (107, 108, 104, 105, 106), 5: (109,)}
SUSPENDED, NO_NEW_LISTINGS, NO_EDITS = 109, 105, 106
MANY = 30
QUARTER_MONTHS = (1, 4, 7, 10)


@dataclass(eq=False)
class Points:
    """Points once issued; `left` is what an appeal has left of them."""

    issued: Instant
    kind: int
    original: int
    left: int
    reference_id: int


@dataclass(frozen=True)
class Punishment:
    kind: int
    tier: int
    start: Instant
    end: Instant
    reference_id: int

    def ongoing(self, now: Instant) -> bool:
        return self.start <= now < self.end


@dataclass
class Record:
    points: list[Points] = field(default_factory=list)
    punishments: list[Punishment] = field(default_factory=list)
    tier: int = 0
    judged_items: set[int] = field(default_factory=set)


def record_of(shop: Shop) -> Record:
    return shop.part(Record)


# --- quarters ---------------------------------------------------------------------------------------------------------


def _quarter_days(market: Market, year: int) -> list[date]:
    """The Mondays on which the points of a year begin anew."""
    found = []
    for month in QUARTER_MONTHS:
        if market.region == "PH":
            before = 12 if month == 1 else month - 1
            in_year = year - 1 if month == 1 else year
            day = date(in_year, before, monthrange(in_year, before)[1])
            day -= timedelta(days=day.weekday())
        else:
            day = date(year, month, 1)
            day += timedelta(days=-day.weekday() % 7)
        found.append(day)
    return found


def quarter_start(market: Market, now: Instant) -> Instant:
    """When the points that count now began to count."""
    year = local_day(market, now).year
    starts = [start_of_day(market, day) for one in (year - 1, year, year + 1) for day in _quarter_days(market, one)]
    return max(one for one in starts if one <= now)


def points_now(shop: Shop) -> list[Points]:
    """Those of the current quarter, the newest first."""
    since = quarter_start(shop.market, shop.now)
    return [one for one in reversed(record_of(shop).points) if one.issued >= since]


def punishments_now(shop: Shop) -> list[Punishment]:
    since = quarter_start(shop.market, shop.now)
    return [one for one in reversed(record_of(shop).punishments) if one.start >= since]


def total(shop: Shop) -> int:
    return sum(one.left for one in points_now(shop))


def tier_of(points: int) -> int:
    return sum(points >= threshold for threshold in THRESHOLDS)


def ongoing(shop: Shop) -> list[Punishment]:
    return [one for one in record_of(shop).punishments if one.ongoing(shop.now)]


def forbids_edits(shop: Shop) -> bool:
    return any(one.kind in (NO_EDITS, SUSPENDED) for one in ongoing(shop))


# --- Mondays ----------------------------------------------------------------------------------------------------------


@on("seed")
def seed(shop: Shop) -> None:
    shop.at(monday_after(shop.market, shop.now), lambda now: monday(shop))


def monday(shop: Shop) -> None:
    """Judge the week that has ended; points of a new quarter begin at nothing."""
    record = record_of(shop)
    record.tier = min(record.tier, tier_of(total(shop)))
    for kind, points in verdict(shop, Period(shop.now - 7 * DAY, shop.now)):
        issue(shop, kind, points)
    shop.at(monday_after(shop.market, shop.now), lambda now: monday(shop))


def verdict(shop: Shop, week: Period) -> list[tuple[int, int]]:
    """What the week earns: kind of violation and points."""
    found = []
    lost = measures.unfulfilled_rate(shop, week, SYSTEM, SELLER, RETURNED)
    slow = measures.late_rate(shop, week)
    if lost is not None and lost >= 10:
        many = len(measures.unfulfilled(shop, week)) >= MANY
        found.append((MANY_UNFULFILLED if many else HIGH_UNFULFILLED, 3 if many else 2 if lost >= 25 else 1))
    if slow is not None and slow >= (20 if shop.cross_border else 10):
        many = len(measures.late(shop, week)) >= MANY
        found.append((MANY_LATE if many else HIGH_LATE, 2 if many else 1))
    chats = measures.chatting(shop, Period(week.end - 30 * DAY, week.end))
    if chats.rate is not None and chats.rate <= 20 and chats.answered + chats.unanswered >= 10:
        found.append((UNANSWERED_CHATS, 1))
    return [*found, *_listings(shop)]


def _listings(shop: Shop) -> list[tuple[int, int]]:
    """Listings that were not mended in time, once each."""
    judged = record_of(shop).judged_items
    found = []
    for item in items_of(shop).values():
        flaw = item.violation
        if flaw is None or flaw.number not in LISTING_KINDS or flaw.fix_by > shop.now or item.id in judged:
            continue
        judged.add(item.id)
        found.append((LISTING_KINDS[flaw.number], 1))
    return found


def issue(shop: Shop, kind: int, points: int) -> None:
    """Points, and the tier that they lead to; push 28 tells both."""
    record = record_of(shop)
    record.points.append(Points(shop.now, kind, points, points, shop.new_number("reference")))
    told = {"issued_points": points, "violation_type": kind}
    shop.emit(SHOP_PENALTY, {"action_type": 1, "points_issued_data": told, "update_time": shop.now})
    notify(shop, "Penalty points issued", f"{points} penalty points were issued to your shop.")
    reached = tier_of(total(shop))
    if reached > record.tier:
        _reach(shop, reached)


def remove(shop: Shop, points: Points, reason: int = 101) -> None:
    """An appeal was heard."""
    removed, points.left = points.left, 0
    told = {"removed_points": removed, "violation_type": points.kind, "removed_reason": reason}
    shop.emit(SHOP_PENALTY, {"action_type": 2, "points_removed_data": told, "update_time": shop.now})


def _reach(shop: Shop, tier: int) -> None:
    record = record_of(shop)
    change = {"old_tier": record.tier, "new_tier": tier}
    record.tier = tier
    shop.emit(SHOP_PENALTY, {"action_type": 3, "tier_update_data": change, "update_time": shop.now})
    days = {1: 7, 2: 14}.get(tier, 28) if shop.region == "VN" else 28
    for kind in PUNISHMENTS[tier]:
        record.punishments.append(Punishment(kind, tier, shop.now, shop.now + days * DAY, shop.new_number("reference")))
    if SUSPENDED in PUNISHMENTS[tier]:
        shop.status = "FROZEN"
        shop.after(days * DAY, lambda now: _thaw(shop))


def _thaw(shop: Shop) -> None:
    if not any(one.kind == SUSPENDED for one in ongoing(shop)):
        shop.status = "NORMAL"


def notify(shop: Shop, title: str, content: str) -> None:
    """A notice in the seller centre, and push 5."""
    notice = settings_of(shop).notify(shop.now, title, content)
    row = {"content": notice.content, "title": notice.title, "url": notice.url, "update_time": notice.created}
    shop.emit(SHOPEE_UPDATES, {"actions": [row]})
