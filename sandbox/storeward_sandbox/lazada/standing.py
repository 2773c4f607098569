"""How the platform judges a store: what went wrong in the last weeks, non-compliance points, and what follows from both.

The API shows rates only (performance, metrics); points, order limits and closed stores are told by Seller Center notices, and
seen in what no longer works: listings that are hidden or offline, a store that is closed (push 13).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.countries import utc_date

from . import pushes
from .catalogue import ACTIVE, INACTIVE, Catalogue
from .notices import post
from .orders import Line, Order
from .shop import Shop, on

WINDOW_DAYS = (35, 7)
"""Rates are about pieces of orders created between so many days ago."""
LIMIT_RATE, LIMIT_LEAST = 0.30, 10
ORDERS_A_DAY = 3
"""What an order volume limit leaves."""
POINTS_LAST_DAYS = 365
FOUND_ANYWAY = 0.3
FAULT_POINTS = 4
"""Points for a week in which too much was cancelled through the seller's fault."""
STEPS = (12, 24, 36, 48)
WORDS = {
    12: "No new listings for 7 days.",
    24: "No new listings for 14 days; your products cannot be found by search.",
    36: "No new listings for 21 days; your products are offline.",
    48: "Your store has been closed.",
}
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Deduction:
    at: Instant
    points: int
    reason: str


@dataclass
class Standing:
    deductions: list[Deduction] = field(default_factory=list)
    step: int = 0
    limited_until: Instant = 0
    taken_today: dict[int, int] = field(default_factory=dict)

    def points(self, now: Instant) -> int:
        """Points of a year count; they are gone with the first one's anniversary."""
        return sum(one.points for one in self.deductions if now - one.at < POINTS_LAST_DAYS * DAY)


@dataclass(frozen=True)
class Rates:
    """Of the pieces of a window: how many there were, and the shares that went wrong (None where there is nothing to judge)."""

    pieces: int
    cancelled: float | None
    on_time: float | None
    fast: float | None
    returned: float | None


def window(shop: Shop) -> list[tuple[Order, Line]]:
    """Paid pieces of orders created 35 to 8 days ago, those that the platform ships itself left out."""
    begin, end = shop.now - WINDOW_DAYS[0] * DAY, shop.now - WINDOW_DAYS[1] * DAY
    orders = [order for order in shop.orders.values() if begin <= order.created < end and order.paid_at and not order.by_platform]
    return [(order, line) for order in orders for line in order.lines]


def rates(shop: Shop) -> Rates:
    pieces = window(shop)
    shipped = [(order, line) for order, line in pieces if line.ready_at]
    delivered = [line for _order, line in pieces if line.delivered_at]
    return Rates(
        len(pieces),
        _share(pieces, lambda pair: pair[1].status == "canceled" and pair[1].by_seller),
        _share(shipped, lambda pair: pair[1].ready_at <= pair[0].sla),
        _share(shipped, lambda pair: pair[1].ready_at <= pair[0].paid_at + DAY),
        _share(delivered, lambda line: line.status == "returned"),
    )


def _share(among: Sequence[Thing], holds: Callable[[Thing], bool]) -> float | None:
    return sum(map(holds, among)) / len(among) if among else None


# --- what follows -----------------------------------------------------------------------------------------------------


@on("day")
def judge(shop: Shop) -> None:
    """Every Monday: too much cancelled through the seller's fault limits the orders of the week and costs points."""
    if utc_date(shop.now).weekday() != 0:
        return
    judged = rates(shop)
    if judged.pieces < LIMIT_LEAST or judged.cancelled is None or judged.cancelled <= LIMIT_RATE:
        return
    standing = shop.part(Standing)
    standing.limited_until = shop.now + 7 * DAY
    text = f"Cancellation rate {judged.cancelled:.1%}: you receive at most {ORDERS_A_DAY} orders a day until next Monday."
    post(shop, "Order volume limit", text, "Store")
    deduct(shop, FAULT_POINTS, "Cancellation rate above the limit")


def deduct(shop: Shop, points: int, reason: str) -> None:
    """Non-compliance points; every step that is reached has its consequence once."""
    standing = shop.part(Standing)
    standing.deductions.append(Deduction(shop.now, points, reason))
    total = standing.points(shop.now)
    post(shop, "Non-compliance points", f"{reason}: {points} points. You have {total} points now.", "Store")
    for step in STEPS:
        if standing.step < step <= total:
            standing.step = step
            post(shop, f"You have reached {step} non-compliance points", WORDS[step], "Store")
            _punish(shop, step)


def _punish(shop: Shop, step: int) -> None:
    products = [product for product in shop.part(Catalogue).products.values() if product.status == ACTIVE]
    for product in products if step in (24, 36) else []:
        product.updated = shop.now
        if step == 24:
            product.hidden = ("Search", "Non-compliance points")
        else:
            product.status, product.hidden = INACTIVE, None
    if step == STEPS[-1]:
        shop.status = "INACTIVE"
        shop.emit(pushes.SELLER_STATUS, {"status": "close"})


def takes_more(shop: Shop) -> bool:
    """Whether one more buyer finds the store and may order: a limit counts per day, hidden products are found by few."""
    standing = shop.part(Standing)
    if shop.status != "ACTIVE" or (standing.step >= STEPS[1] and shop.chance("search").random() > FOUND_ANYWAY):
        return False
    day = shop.now // DAY
    taken = standing.taken_today.get(day, 0)
    if shop.now < standing.limited_until and taken >= ORDERS_A_DAY:
        return False
    standing.taken_today = {day: taken + 1}
    return True
