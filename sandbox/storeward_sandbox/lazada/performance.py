"""How the platform rates a store: indicators with targets, and the older metrics. Figures come from what really happened."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean
from typing import Any

from storeward_sandbox.clock import DAY, HOUR, MINUTE

from .call import Call
from .catalogue import Catalogue
from .chat import BUYER, Chat, Session
from .registry import BOTH, Answer, data, operation
from .reviews import Reviews
from .shop import Shop
from .standing import rates

CHAT_DAYS = 7
RATING_DAYS = 56
ANSWERED_WITHIN = DAY
GREATER, LOWER, LOWER_MINUTES = "GREATER_THAN_PERCENTAGE", "LOWER_THAN_PERCENTAGE", "LOWER_THAN_MINUTES"


@dataclass(frozen=True)
class ChatFigures:
    """Of the days looked at: the share of talks answered within a day, and the mean first answer in minutes."""

    rate: float | None
    minutes: float | None


def chat_figures(shop: Shop) -> ChatFigures:
    waits = [one for session in shop.part(Chat).sessions.values() if (one := _first_wait(shop, session)) is not None]
    if not waits:
        return ChatFigures(None, None)
    quick = [wait for wait in waits if wait <= ANSWERED_WITHIN]
    return ChatFigures(len(quick) / len(waits), mean(quick) / MINUTE if quick else None)


def _first_wait(shop: Shop, session: Session) -> float | None:
    """Seconds until the first answer of a person to the first word of these days; endless where none came within a day."""
    since = (shop.now - CHAT_DAYS * DAY) * 1000
    asked = next((one.at for one in session.messages if one.by == BUYER and one.at >= since), None)
    if asked is None:
        return None
    answers = (one.at for one in session.messages if one.by != BUYER and not one.auto and not one.by_system and one.at > asked)
    answered = next(answers, None)
    if answered is not None:
        return (answered - asked) / 1000
    return float("inf") if shop.now - asked / 1000 > HOUR else None


def positive_share(shop: Shop) -> float | None:
    stars = [one.stars for one in shop.part(Reviews).known.values() if one.stars and shop.now - one.at <= RATING_DAYS * DAY]
    return sum(star >= 4 for star in stars) / len(stars) if stars else None


def rating_coverage(shop: Shop) -> float | None:
    """The share of products that have been reviewed."""
    products = shop.part(Catalogue).products
    reviewed = {one.line.product.id for one in shop.part(Reviews).known.values()}
    return len(reviewed) / len(products) if products else None


@dataclass(frozen=True)
class Indicator:
    """One row; `value` gives shares from 0 to 1, or minutes."""

    type: str
    name: str
    target: float
    compares: str
    url: str
    value: Callable[[Shop], float | None]


INDICATORS = (
    Indicator("POSITIVE_SELLER_RATING", "Positive Seller Rating", 85, GREATER, "/apps/review/manage", positive_share),
    Indicator("PRODUCT_RATING_COVERAGE", "Product Rating Coverage", 50, GREATER, "/apps/review/manage", rating_coverage),
    Indicator("CANCELLATION_RATE", "Cancellation Rate", 1, LOWER, "/apps/order/list", lambda shop: rates(shop).cancelled),
    Indicator("SHIP_ON_TIME", "Ship On Time", 95, GREATER, "/apps/order/list", lambda shop: rates(shop).on_time),
    Indicator("FAST_HANDOVER_RATE", "Fast Handover Rate", 80, GREATER, "/apps/order/list", lambda shop: rates(shop).fast),
    Indicator("RETURN_RATE", "Return Rate", 1.5, LOWER, "/apps/reverse/list", lambda shop: rates(shop).returned),
    Indicator("RESPONSE_RATE", "Chat Response Rate", 85, GREATER, "/apps/im/window", lambda shop: chat_figures(shop).rate),
    Indicator(
        "RESPONSE_TIME", "Chat Response Time", 30, LOWER_MINUTES, "/apps/im/window", lambda shop: chat_figures(shop).minutes
    ),
)


def _row(shop: Shop, one: Indicator) -> dict[str, Any]:
    value, in_minutes = one.value(shop), one.compares == LOWER_MINUTES
    score = None if value is None else round(value if in_minutes else value * 100, 2)
    sign, unit = ("≥" if one.compares == GREATER else "≤"), (" min" if in_minutes else "%")
    met = None if score is None else (score >= one.target if one.compares == GREATER else score <= one.target)
    return {
        "action_url": one.url,
        "score": score,
        "score_format": "MINUTES" if in_minutes else "PERCENTAGE",
        "formatted_score": "-" if score is None else f"{score:g}{unit}",
        "name": one.name,
        "tip": f"<b>{one.name}</b>",
        "type": one.type,
        "formatted_target": f"{sign} {one.target:g}{unit}",
        "target": float(one.target),
        "target_format": one.compares,
        "target_respected": met,
    }


@operation("/seller/performance/get", BOTH)
def performance(call: Call) -> Answer:
    category = _main_category(call.shop)
    payload = {
        "main_category_name": "General",
        "indicators": [_row(call.shop, one) for one in INDICATORS],
        "seller_id": int(call.shop.id),
        "main_category_id": category,
    }
    return data(payload, success=True, error_code="")


@operation("/seller/metrics/get")
def metrics(call: Call) -> Answer:
    """Two percents, a ratio, and minutes: all as text, nothing where there is nothing to rate."""
    shop, chat = call.shop, chat_figures(call.shop)
    return data(
        {
            "main_category_name": "General",
            "ship_on_time": _text(rates(shop).on_time, 100, 2),
            "positive_seller_rating": _text(positive_share(shop), 100, 1),
            "response_time": _text(chat.minutes, 1, 4),
            "seller_id": int(shop.id),
            "response_rate": _text(chat.rate, 1, 4),
            "main_category_id": _main_category(shop),
        }
    )


def _text(value: float | None, factor: int, digits: int) -> str | None:
    return None if value is None else f"{value * factor:.{digits}f}"


def _main_category(shop: Shop) -> int:
    return next((product.category for product in shop.part(Catalogue).products.values()), 0)
