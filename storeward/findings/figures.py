"""The figures by which a platform judges a store, as facts: rates, response rate, rating, points.

Shopee and Lazada reckon these themselves and tell them by API; on TikTok Shop they are counted from the ledger (`rates`) or
entered by people. One query a table for any number of stores. A figure that the platform did not measure (too few orders) has
nothing to divide; one of a feed past its trust is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

import msgspec
from django.db.backends.utils import CursorWrapper
from msgspec import UNSET, UnsetType

from storeward.findings.feeds import Sight
from storeward.policy import facts as shapes

SHOPEE, LAZADA, DOUYIN = "shopee", "lazada", "douyin"


@dataclass(frozen=True, slots=True)
class Figure:
    """A platform's figure as a fact: its name there, the days it covers (None: any), and in what it is measured here."""

    name: str
    days: int | None
    scale: Literal["percent", "days", "minutes"] = "percent"
    of_orders: bool = False
    """A percentage of which the rules also ask how many: taken of the orders of its window."""


METRICS: Final[Mapping[str, Mapping[str, Figure]]] = {
    SHOPEE: {
        "3": Figure("non_fulfilment_rate", 7),
        "1": Figure("late_shipment_rate", 7),
        "25": Figure("fast_handover_rate", 30),
        "4": Figure("average_preparation_time", None, "days"),
    },
    LAZADA: {
        "ship_on_time": Figure("ship_on_time_rate", 28),
        "SHIP_ON_TIME": Figure("ship_on_time_rate", 28),
        "CANCELLATION_RATE": Figure("seller_fault_cancellation_rate", 28, of_orders=True),
        "FAST_HANDOVER_RATE": Figure("fast_fulfilment_rate", 28),
        "RETURN_RATE": Figure("seller_fault_return_rate", 28),
        "positive_seller_rating": Figure("positive_seller_rating", 56),
        "POSITIVE_SELLER_RATING": Figure("positive_seller_rating", 56),
        "response_rate": Figure("same_day_chat_response_rate", 7),
        "RESPONSE_RATE": Figure("same_day_chat_response_rate", 7),
        "response_time": Figure("average_response_time", 7, "minutes"),
        "RESPONSE_TIME": Figure("average_response_time", 7, "minutes"),
    },
}
"""By platform and its own word for the figure. Of two words for one figure the later wins: it comes with its unit."""

RESPONSE: Final = "11"
RATING: Final = "rating"
NAMES: Final = sorted({name for figures in METRICS.values() for name in figures} | {RESPONSE, RATING})


class ToldFigure(msgspec.Struct, frozen=True):
    """A figure as it is stored: its value and the platform's unit, as far as it names one."""

    value: Decimal | None = None
    unit: str | None = None


_told = msgspec.json.Decoder(ToldFigure, strict=False)

HUNDRED: Final = Decimal(100)
_PARTS: Final[Mapping[tuple[str, str | None], Decimal]] = {
    ("percent", "ratio"): HUNDRED,
    ("days", "hours"): Decimal(1) / 24,
    ("days", "seconds"): Decimal(1) / 86_400,
    ("minutes", "hours"): Decimal(60),
}
"""What one unit of the platform is in ours; others are ours already, or have none and are taken for it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a platform tells of one store."""

    metrics: dict[str, shapes.Metric | None] | UnsetType | None = UNSET
    chat: shapes.ChatFigure | UnsetType | None = UNSET
    rating: shapes.Score | UnsetType | None = UNSET


UNSEEN: Final = {
    SHOPEE: Figures(metrics=None, chat=None, rating=None),
    LAZADA: Figures(metrics=None),
}


def figures(cursor: CursorWrapper, platforms: Mapping[int, str], sight: Sight, now: datetime) -> dict[int, Figures]:
    """The figures of each store by whose platform they are told; stores of other platforms are left out."""
    asked = {store_id: platform for store_id, platform in platforms.items() if platform in METRICS}
    seen = [store_id for store_id in asked if sight.sees(store_id, "metrics")]
    rows: dict[int, dict[str, ToldFigure]] = {store_id: {} for store_id in seen}
    if seen:
        cursor.execute(
            "SELECT store_id, platform_id, data::text FROM records_metric WHERE store_id = ANY(%s) AND platform_id = ANY(%s)",
            [seen, NAMES],
        )
        for store_id, name, data in cursor.fetchall():
            rows[store_id][name] = _told.decode(data)
    orders = _orders(cursor, {store_id: asked[store_id] for store_id in seen}, now)
    return {
        store_id: _figures(platform, rows[store_id], orders.get(store_id, 0)) if store_id in rows else UNSEEN[platform]
        for store_id, platform in asked.items()
    }


SPANS: Final = {SHOPEE: (timedelta(days=30), timedelta(0)), LAZADA: (timedelta(days=35), timedelta(days=7))}
"""Which orders a platform's figures are about: placed between so long ago and so long ago."""


def _orders(cursor: CursorWrapper, platforms: Mapping[int, str], now: datetime) -> dict[int, int]:
    """Orders in the span of each store's platform."""
    if not platforms:
        return {}
    spans = [SPANS[platform] for platform in platforms.values()]
    cursor.execute(
        """
        SELECT o.store_id, count(*) FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS s (id, since, until)
        JOIN records_order o ON o.store_id = s.id AND o.placed_at > s.since AND o.placed_at <= s.until GROUP BY o.store_id
        """,
        [list(platforms), [now - first for first, _ in spans], [now - last for _, last in spans]],
    )
    return dict(cursor.fetchall())


def _figures(platform: str, told: Mapping[str, ToldFigure], orders: int) -> Figures:
    named = METRICS[platform]
    metrics: dict[str, shapes.Metric | None] = {
        figure.name: metric_of(figure, told[word], orders) for word, figure in named.items() if word in told
    }
    if platform != SHOPEE:
        return Figures(metrics=metrics)
    return Figures(metrics=metrics, chat=_chat(told.get(RESPONSE), orders), rating=_rating(told.get(RATING)))


def metric_of(figure: Figure, told: ToldFigure, orders: int) -> shapes.Metric:
    """As numerator and denominator: of a hundred for a percentage, of one for a time; of none where it was not measured."""
    window = UNSET if figure.days is None else Decimal(figure.days)
    if told.value is None:
        return shapes.Metric(numerator=Decimal(0), denominator=Decimal(0), window_days=window)
    value = told.value * _PARTS.get((figure.scale, told.unit), Decimal(1))
    if figure.of_orders:
        return shapes.Metric(numerator=value * orders / HUNDRED, denominator=Decimal(orders), window_days=window)
    whole = HUNDRED if figure.scale == "percent" else Decimal(1)
    return shapes.Metric(numerator=value, denominator=whole, window_days=window)


def _chat(told: ToldFigure | None, orders: int) -> shapes.ChatFigure | UnsetType:
    """The response rate; not given where the platform did not measure one: too few chats are no failure."""
    if told is None or told.value is None:
        return UNSET
    return shapes.ChatFigure(response_rate=told.value, orders_30d=Decimal(orders))


def _rating(told: ToldFigure | None) -> shapes.Score | UnsetType:
    if told is None:
        return UNSET
    return shapes.Score(value=told.value) if told.value is not None else shapes.Score(not_scored=True)


# -- points ------------------------------------------------------------------------------------------------------------

POINTS_OF: Final = {SHOPEE: "penalty_points", LAZADA: "non_compliance_points"}
"""The fact that a platform's points are; elsewhere they are violation points."""
