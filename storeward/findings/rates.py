"""Rates as facts: counts of obligations by outcome over a window, from the ledger; no rate is a thing of its own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.backends.utils import CursorWrapper
from msgspec import UNSET

from storeward.findings.feeds import Sight
from storeward.findings.figures import METRICS
from storeward.policy import facts as shapes

WEEK, MONTH = 7, 30

DISPATCH_RULES = ("TTS-SEA-SHIP-2WD", "TTS-VN-SHIP-CUT14", "TTS-XB-SHIP-3CD", "TTS-US-SHIP-INTRANSIT", "TTS-UK-LDR")
"""The clocks whose outcome is the late dispatch rate of their market."""
REPLY_12H = ("TTS-SEA-RESP12-MSG",)
REPLY_24H = ("TTS-SEA-RESP24-MSG", "TTS-US-RESP24-MSG")
TRACKING_RULES = ("TTS-US-SHIP-2BD",)
DELIVERY_RULES = ("TTS-US-DELIVER-6BD",)
RATES = ("late_dispatch_rate", "seller_fault_cancellation_rate", "valid_tracking_rate", "on_time_delivery_rate")
COUNTED = (*DISPATCH_RULES, *REPLY_12H, *REPLY_24H, *TRACKING_RULES, *DELIVERY_RULES)

_LEDGER = """
SELECT store_id, rule,
    count(*) FILTER (WHERE due_at > %(week)s), count(*) FILTER (WHERE due_at > %(week)s AND state <> 'met'),
    count(*) FILTER (WHERE starts_at > %(month)s), count(*) FILTER (WHERE starts_at > %(month)s AND state <> 'met')
FROM findings_obligation
WHERE store_id = ANY(%(ids)s) AND rule = ANY(%(rules)s) AND state IN ('met', 'met_late', 'breached')
    AND due_at > %(month)s AND due_at <= %(ahead)s
GROUP BY store_id, rule
"""

_CANCELLED = """
SELECT store_id, count(*), count(*) FILTER (WHERE status = 'cancelled' AND upper(data ->> 'platform_cancelled_by') = 'SELLER')
FROM records_order WHERE store_id = ANY(%(ids)s) AND placed_at > %(week)s AND placed_at <= %(now)s GROUP BY store_id
"""


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """How obligations of one rule ended: all and the late ones, in a week and in a month."""

    week: int = 0
    week_late: int = 0
    month: int = 0
    month_late: int = 0

    def __add__(self, other: "_Outcomes") -> "_Outcomes":
        return _Outcomes(
            self.week + other.week,
            self.week_late + other.week_late,
            self.month + other.month,
            self.month_late + other.month_late,
        )


def rates(cursor: CursorWrapper, ids: list[int], sight: Sight, now: datetime) -> dict[int, shapes.Facts]:
    """The facts `metrics` and `response_counts` of each store and no others, by two statements.

    Read from the ledger as it stands: whoever judges obligations and rates at once writes the obligations first.

    What is met before its instant counts at once, so instants ahead are read. Where the feed cannot be believed, the fact is None
    (or holds None for each rate): unknown. Where the platform tells its rates itself, none are counted here.
    """
    span: dict[str, Any] = {"ids": ids, "week": now - timedelta(days=WEEK), "month": now - timedelta(days=MONTH), "now": now}
    cursor.execute(_LEDGER, span | {"rules": list(COUNTED), "ahead": now + timedelta(days=MONTH)})
    counted: dict[int, dict[str, _Outcomes]] = defaultdict(dict)
    for store_id, rule, *counts in cursor.fetchall():
        counted[store_id][rule] = _Outcomes(*counts)
    cursor.execute(_CANCELLED, span)
    cancelled = {store_id: (placed, by_seller) for store_id, placed, by_seller in cursor.fetchall()}
    counted_here = [i for i in ids if (store := sight.stores.get(i)) is None or store.platform not in METRICS]
    return dict.fromkeys(ids, shapes.Facts()) | {
        store_id: shapes.Facts(
            metrics=_metrics(counted.get(store_id, {}), cancelled.get(store_id, (0, 0)), seen=sight.sees(store_id, "orders")),
            response_counts=_responses(counted.get(store_id, {})) if sight.sees(store_id, "conversations") else None,
        )
        for store_id in counted_here
    }


def _sum(outcomes: Mapping[str, _Outcomes], rules: Iterable[str]) -> _Outcomes:
    return sum((outcomes[rule] for rule in rules if rule in outcomes), _Outcomes())


def _metric(numerator: int, denominator: int, days: int) -> shapes.Metric:
    return shapes.Metric(numerator=Decimal(numerator), denominator=Decimal(denominator), window_days=Decimal(days))


def _metrics(outcomes: Mapping[str, _Outcomes], cancelled: tuple[int, int], *, seen: bool) -> dict[str, shapes.Metric | None]:
    if not seen:
        return dict.fromkeys(RATES)
    dispatch, tracking, delivery = (_sum(outcomes, rules) for rules in (DISPATCH_RULES, TRACKING_RULES, DELIVERY_RULES))
    placed, by_seller = cancelled
    return {
        "late_dispatch_rate": _metric(dispatch.week_late, dispatch.week, WEEK),
        "seller_fault_cancellation_rate": _metric(by_seller, placed, WEEK),
        "valid_tracking_rate": _metric(tracking.week - tracking.week_late, tracking.week, WEEK),
        "on_time_delivery_rate": _metric(delivery.week - delivery.week_late, delivery.week, WEEK),
    }


def _responses(outcomes: Mapping[str, _Outcomes]) -> shapes.ResponseCounts:
    half, whole = _sum(outcomes, REPLY_12H), _sum(outcomes, REPLY_24H)
    return shapes.ResponseCounts(
        window_days=Decimal(MONTH),
        conversations=Decimal(max(half.month, whole.month)),
        answered_in_12h=Decimal(half.month - half.month_late) if half.month or not whole.month else UNSET,
        answered_in_24h=Decimal(whole.month - whole.month_late),
    )
