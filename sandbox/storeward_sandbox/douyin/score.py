"""The experience score, reckoned from what has really happened in the shop during the last thirty days."""

from dataclasses import dataclass

from storeward_sandbox.clock import DAY, HOUR

from .call import Call, Json
from .cases import Case, Cases
from .orders import Order
from .registry import operation
from .shop import Shop

PACKAGE = "shop"
WINDOW_DAYS = 30
QUALITY, MISSING_PARTS = 6, 11
DELIVERED_WITHIN = 72 * HOUR
# What each part weighs in the total.
WEIGHTS = {
    "prod_dsr": 0.5,
    "quality_return_rate": 0.1,
    "lgt_qreturn_rate": 0.05,
    "collect_ontime_rate": 0.1,
    "delivery_accomplish_rate": 0.05,
    "average_feedback_time": 0.1,
    "aftersale_deal_reach_rate": 0.1,
}


@dataclass(frozen=True)
class Measure:
    """A figure, and what it is worth on a scale to 100."""

    value: float
    points: float


def _share(part: int, whole: int, otherwise: float) -> float:
    return part / whole if whole else otherwise


def _rising(rate: float) -> Measure:
    """More is better: nothing below one half, everything at 1."""
    return Measure(round(rate, 4), round(max(0.0, min(100.0, (rate - 0.5) * 200)), 1))


def _falling(rate: float, worst: float) -> Measure:
    """Less is better: nothing at `worst`."""
    return Measure(round(rate, 4), round(max(0.0, 100 - rate / worst * 100), 1))


def measures(shop: Shop) -> dict[str, Measure]:
    """Each part of the score at this instant."""
    since = shop.now - WINDOW_DAYS * DAY
    due = [order for order in shop.orders.values() if since <= order.exp_ship_time <= shop.now and order.cancel_time == 0]
    cases = [case for case in shop.part(Cases).known.values() if case.apply_time >= since]
    delivered = sum(bool(line.receipt_time >= since) for order in shop.orders.values() for line in order.lines)
    quality = _share(sum(case.reason.code == QUALITY for case in cases), delivered, 0.0)
    missing = _share(sum(case.reason.code == MISSING_PARTS for case in cases), delivered, 0.0)
    waited = 20 + 400 * (1 - shop.persona.reply_share)
    stars = max(3.0, 4.95 - 4 * quality - missing)
    return {
        "prod_dsr": Measure(round(stars, 2), round((stars - 3) * 50, 1)),
        "quality_return_rate": _falling(quality, 0.2),
        "lgt_qreturn_rate": _falling(missing, 0.2),
        "collect_ontime_rate": _rising(_share(sum(map(_collected_in_time, due)), len(due), 1.0)),
        "delivery_accomplish_rate": _rising(_delivered_in_time(due)),
        "average_feedback_time": Measure(round(waited, 1), round(max(0.0, 100 - waited / 5), 1)),
        "aftersale_deal_reach_rate": _rising(_share(sum(map(_by_merchant, cases)), len(cases), 1.0)),
    }


def _collected_in_time(order: Order) -> bool:
    """Every parcel was with the carrier by the promised time."""
    return bool(order.ship_time) and all(0 < package.collected_at <= order.exp_ship_time for package in order.packages)


def _delivered_in_time(orders: list[Order]) -> float:
    there = [package for order in orders for package in order.packages if package.delivered_at]
    return _share(sum(one.delivered_at - one.collected_at <= DELIVERED_WITHIN for one in there), len(there), 1.0)


def _by_merchant(case: Case) -> bool:
    return not case.by_platform


def total(found: dict[str, Measure]) -> float:
    return round(sum(found[name].points * weight for name, weight in WEIGHTS.items()), 1)


@operation("shop.getExperienceScore", package=PACKAGE)
def experience_score(call: Call) -> Json:
    """The total and its parts, each to 100."""
    found = measures(call.shop)
    parts: Json = {
        name: {
            "score": one.value,
            "node_score": one.points,
            "node_score_weight": round(one.points * WEIGHTS[name], 1),
        }
        for name, one in found.items()
    }
    whole = total(found)
    return {"seller_rating_info": {"score": whole, "score_weight": whole}, **parts}


def _stars(points: float) -> str:
    return f"{points / 20:.2f}"


@operation("shop.reputation", package=PACKAGE)
def reputation(call: Call) -> Json:
    """The four numbers as text, to 5."""
    found = measures(call.shop)

    def mean(*names: str) -> float:
        weight = sum(WEIGHTS[name] for name in names)
        return sum(found[name].points * WEIGHTS[name] for name in names) / weight

    return {
        "shop_id": int(call.shop.id),
        "shop_name": call.shop.name,
        "shop_score": _stars(total(found)),
        "product_score": _stars(mean("prod_dsr", "quality_return_rate")),
        "logistics_score": _stars(mean("lgt_qreturn_rate", "collect_ontime_rate", "delivery_accomplish_rate")),
        "service_score": _stars(mean("average_feedback_time", "aftersale_deal_reach_rate")),
    }


@operation("open.getAuthInfo")
def auth_info(call: Call) -> Json:
    """What is known of an authorisation; the real answer's shape has not been published, so nothing is said here."""
    call.need("auth_id")
    return {}
