"""What the Shop Performance Score measures: six counts over the shop's own life, with their thresholds and scores."""

from collections.abc import Callable
from dataclasses import dataclass

from storeward_sandbox.clock import DAY, HOUR, Instant

from .aftersales_life import Aftersales
from .chat_life import chat_of
from .conversations import Conversation, Session
from .orders import Order
from .requests import Request
from .sales import Reviews
from .shop import Shop

LEAST_DELIVERED = 20
"""Fewer delivered orders give no score: the platform asks for 30 in 90 days, and a shop here starts with 60 days behind it."""

PRODUCT, LOGISTICS, SERVICE = "Product satisfaction", "Fulfillment and logistics", "Customer service"
WEIGHTS = {PRODUCT: 70, LOGISTICS: 15, SERVICE: 15}

STATUSES = ((4.5, "EXCELLENT", "Excellent"), (3.5, "GOOD", "Good"), (2.5, "POOR", "Poor"), (0.0, "CRITICAL", "Critical"))


@dataclass(frozen=True)
class Count:
    """A numerator over a denominator. For hours the numerator is a sum of them."""

    part: float
    whole: int

    @property
    def ratio(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class Metric:
    """One measure. `excellent` and `poor` are ratios, or hours; where `poor` is lower, more is better."""

    code: str
    name: str
    dimension: str
    days: int
    excellent: float
    poor: float
    part_label: str
    whole_label: str
    count: Callable[[Shop, Instant, Instant], Count]
    in_hours: bool = False

    def value(self, counted: Count) -> str:
        """Percent from 0 to 100, or hours."""
        return f"{counted.ratio:.1f}" if self.in_hours else f"{100 * counted.ratio:.2f}"

    def score(self, counted: Count) -> float:
        """5 at the excellent threshold or better, 2 at the poor one, down to 0; straight in between."""
        if not counted.whole:
            return 5.0
        way = (counted.ratio - self.excellent) / (self.poor - self.excellent)
        return min(5.0, max(0.0, 5.0 - 3.0 * way))


def status_of(score: float) -> tuple[str, str]:
    return next((word, text) for least, word, text in STATUSES if score >= least)


# --- counting ---------------------------------------------------------------------------------------------------------


def delivered(shop: Shop, begin: Instant, end: Instant) -> list[Order]:
    return [order for order in shop.orders.values() if begin <= order.delivery_time < end]


def bad_reviews(shop: Shop, begin: Instant, end: Instant) -> list[tuple[Order, int]]:
    """Delivered orders whose first review has one or two stars."""
    stars = shop.part(Reviews).stars
    rows = [(order, stars[order.id]) for order in delivered(shop, begin, end) if order.id in stars]
    return [(order, left) for order, (left, at) in rows if left <= 2 and at < end]


def faulty_returns(shop: Shop, begin: Instant, end: Instant) -> list[Request]:
    return [
        request
        for request in shop.part(Aftersales).returns.values()
        if begin <= request.created < end and request.reason.sellers_fault
    ]


def own_cancellations(shop: Shop, begin: Instant, end: Instant) -> list[Request]:
    return [
        request
        for request in shop.part(Aftersales).cancellations.values()
        if begin <= request.created < end and request.reason.sellers_fault and request.refunded_at
    ]


def late_deliveries(shop: Shop, begin: Instant, end: Instant) -> list[Order]:
    return [order for order in delivered(shop, begin, end) if 0 < order.due.delivery_sla_time < order.delivery_time]


def handled(shop: Shop, begin: Instant, end: Instant) -> list[Request]:
    return [request for request in shop.part(Aftersales).returns.values() if begin <= request.created < end and request.closed]


def rated_chats(shop: Shop, begin: Instant, end: Instant) -> list[tuple[Conversation, Session]]:
    return [row for row in chat_of(shop).sessions() if begin <= row[1].begun < end and row[1].score]


def bad_chats(shop: Shop, begin: Instant, end: Instant) -> list[tuple[Conversation, Session]]:
    return [row for row in rated_chats(shop, begin, end) if row[1].score <= 2]


def placed(shop: Shop, begin: Instant, end: Instant) -> int:
    return sum(begin <= order.create_time < end and order.status != "UNPAID" for order in shop.orders.values())


METRICS = {
    metric.code: metric
    for metric in (
        Metric(
            "NRR", "60-day negative review rate", PRODUCT, 60, 0.02, 0.08, "Orders with 1-2 stars", "Delivered orders",
            lambda shop, begin, end: Count(len(bad_reviews(shop, begin, end)), len(delivered(shop, begin, end))),
        ),
        Metric(
            "NBFR", "Non-buyer-fault return rate", PRODUCT, 60, 0.02, 0.10, "Returns not the buyer's fault", "Delivered orders",
            lambda shop, begin, end: Count(len(faulty_returns(shop, begin, end)), len(delivered(shop, begin, end))),
        ),
        Metric(
            "SFCR", "Seller-fault cancellation rate", LOGISTICS, 30, 0.01, 0.05, "Cancelled by the seller's fault", "Orders",
            lambda shop, begin, end: Count(len(own_cancellations(shop, begin, end)), placed(shop, begin, end)),
        ),
        Metric(
            "OTDR", "On-time delivery rate", LOGISTICS, 30, 0.98, 0.80, "On-time delivered orders", "Delivered orders",
            lambda shop, begin, end: Count(
                len(delivered(shop, begin, end)) - len(late_deliveries(shop, begin, end)), len(delivered(shop, begin, end))
            ),
        ),
        Metric(
            "AHT", "After-sales handling time", SERVICE, 30, 24, 96, "Hours", "Handled requests",
            lambda shop, begin, end: Count(
                sum(request.closed - request.created for request in handled(shop, begin, end)) / HOUR,
                len(handled(shop, begin, end)),
            ),
            in_hours=True,
        ),
        Metric(
            "IM_DSAT", "Chat dissatisfaction rate", SERVICE, 60, 0.05, 0.30, "Chats rated 1-2", "Rated chats",
            lambda shop, begin, end: Count(len(bad_chats(shop, begin, end)), len(rated_chats(shop, begin, end))),
        ),
    )
}  # fmt: skip


def cut(shop: Shop) -> Instant:
    """Evaluated once a day, at 00:00 UTC."""
    return shop.now - shop.now % DAY


def measured(shop: Shop, metric: Metric, end: Instant) -> Count:
    return metric.count(shop, end - metric.days * DAY, end)


def has_score(shop: Shop) -> bool:
    return len(delivered(shop, cut(shop) - 90 * DAY, cut(shop))) >= LEAST_DELIVERED
