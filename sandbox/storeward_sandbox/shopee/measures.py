"""How a shop does, in figures: of the last seven days before a Monday, and of the seven before that.

None where there is too little to measure.
"""

from dataclasses import dataclass
from decimal import Decimal

from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.countries import local_day, start_of_day

from .chat import chat_of
from .items import LIVE, items_of
from .orders import Order
from .reviews import Reviews
from .shop import Shop

PERIOD = 7 * DAY
CHAT_PERIOD = 30 * DAY
LEAST_ORDERS = 3
SYSTEM, SELLER, RETURNED = 1, 2, 3
"""Kinds of non-fulfilment."""


@dataclass(frozen=True)
class Period:
    start: Instant
    end: Instant

    def has(self, at: Instant) -> bool:
        return self.start <= at < self.end

    @property
    def before(self) -> "Period":
        return Period(self.start - (self.end - self.start), self.start)


def current(shop: Shop, length: int = PERIOD) -> Period:
    """The days up to today's 00:00 of the country: figures are made once a day."""
    end = start_of_day(shop.market, local_day(shop.market, shop.now))
    return Period(end - length, end)


# --- fulfilment -------------------------------------------------------------------------------------------------------


def ready(shop: Shop, period: Period) -> list[Order]:
    """The orders that the seller should have shipped."""
    return [one for one in shop.orders.values() if period.has(one.ready_time) and not one.fulfilled_by_shopee]


def unfulfilled(shop: Shop, period: Period) -> list[tuple[Order, int]]:
    """The orders that came to nothing by the seller's fault, and how."""
    found = []
    for order in ready(shop, period):
        if order.status == "CANCELLED" and order.cancel_by == "seller":
            found.append((order, SELLER))
        elif order.status == "CANCELLED" and order.cancel_reason == "Seller did not Ship":
            found.append((order, SYSTEM))
        elif order.returned:
            found.append((order, RETURNED))
    return found


def shipped(shop: Shop, period: Period) -> list[Order]:
    return [one for one in shop.orders.values() if period.has(one.pickup_time) and not one.fulfilled_by_shopee]


def overdue(shop: Shop, now: Instant) -> list[Order]:
    """Orders whose day has passed, and which wait still."""
    waiting = ("READY_TO_SHIP", "RETRY_SHIP", "PROCESSED")
    return [
        one for one in shop.orders.values() if one.status in waiting and 0 < one.due.ship_by < now and not one.fulfilled_by_shopee
    ]


def late(shop: Shop, period: Period) -> list[Order]:
    """Shipped late in the period, or overdue at its end."""
    came_due = [one for one in overdue(shop, shop.now) if period.has(one.due.ship_by)]
    return [*(one for one in shipped(shop, period) if one.late), *came_due]


def percent(part: int, whole: int, least: int = LEAST_ORDERS) -> Decimal | None:
    return None if whole < least else (Decimal(100 * part) / whole).quantize(Decimal("0.01"))


def unfulfilled_rate(shop: Shop, period: Period, *kinds: int) -> Decimal | None:
    lost = [one for one, kind in unfulfilled(shop, period) if kind in kinds]
    return percent(len(lost), len(ready(shop, period)))


def late_rate(shop: Shop, period: Period) -> Decimal | None:
    slow = late(shop, period)
    return percent(len(slow), len({*shipped(shop, period), *slow}))


def preparation_days(shop: Shop, period: Period) -> Decimal | None:
    done = shipped(shop, period)
    if len(done) < LEAST_ORDERS:
        return None
    seconds = sum(one.pickup_time - one.ready_time for one in done)
    return (Decimal(seconds) / len(done) / DAY).quantize(Decimal("0.01"))


def fast_rate(shop: Shop, period: Period) -> Decimal | None:
    """Handed over within a day."""
    done = shipped(shop, period)
    return percent(sum(one.pickup_time - one.ready_time <= DAY for one in done), len(done))


# --- listings, chats, reviews -----------------------------------------------------------------------------------------


def violations(shop: Shop, *kinds: int) -> int:
    return sum(one.violation is not None and one.violation.number in kinds for one in items_of(shop).values())


def pre_order_share(shop: Shop) -> Decimal:
    live = [one for one in items_of(shop).values() if one.status == LIVE]
    return percent(sum(bool(one.pre_order_days) for one in live), len(live), 1) or Decimal(0)


@dataclass(frozen=True)
class Chatting:
    """Chats begun by buyers in a period: answered within twelve hours, not answered, and the mean seconds to an answer."""

    answered: int
    unanswered: int
    seconds: Decimal | None

    @property
    def rate(self) -> Decimal | None:
        return percent(self.answered, self.answered + self.unanswered, 1)


def chatting(shop: Shop, period: Period) -> Chatting:
    waits = [wait for one in chat_of(shop).known.values() for wait in one.waits(shop.now) if period.has(wait.began)]
    quick = [wait for wait in waits if wait.in_time]
    open_ones = [wait for wait in waits if not wait.in_time and wait.judged(shop.now)]
    times = [wait.ended - wait.began for wait in waits if wait.ended]
    seconds = (Decimal(sum(times)) / len(times)).quantize(Decimal(1)) if times else None
    return Chatting(len(quick), len(open_ones), seconds)


def rating(shop: Shop, before: Instant) -> Decimal | None:
    stars = [one.stars for one in shop.part(Reviews).known.values() if one.created < before]
    return (Decimal(sum(stars)) / len(stars)).quantize(Decimal("0.01")) if stars else None
