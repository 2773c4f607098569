"""What no API offers and a person would have typed in: demo facts, the same for the same store, with their origin recorded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from storeward.records.entry import By, enter_event, enter_fact, enter_points
from storeward.records.models import StoreFact
from storeward.stores.models import Store

WHO: Final = "demo@storeward.example"
AGAIN_AFTER: Final = timedelta(hours=20)
"""Facts of an earlier start are entered anew once they are as old as this: a person would look every day."""
TIKTOK_SHOP: Final = "tiktok_shop"
SEA: Final = frozenset({"MY", "PH", "TH", "VN", "SG", "ID"})
IDLE_DAYS: Final = (58, 26)
"""Days since the last sign-in of the first stores in south-east Asia: near the platform's closing, and near its reminder."""
POINTS: Final = (0, 26, 0, 3, 0, 13)
SCORES: Final = (165, 412, 236)
"""Account Health Rating of the American stores, in their order; the first is below the platform's caution."""


def enter_demo_facts(stores: Sequence[Store], *, now: datetime) -> int:
    """Type in what is missing; how many stores got facts."""
    known = set(StoreFact.objects.filter(store__in=stores, as_of__gt=now - AGAIN_AFTER).values_list("store_id", flat=True))
    entered = 0
    counts: dict[str, int] = {}
    for store in sorted(stores, key=lambda one: one.platform_store_id):
        group = f"{store.platform} {'sea' if store.region in SEA else store.region}"
        counts[group] = counts.get(group, -1) + 1
        if store.pk not in known:
            _enter(store, counts[group], now)
            entered += 1
    return entered


def _enter(store: Store, place: int, now: datetime) -> None:
    """One store: `place` is its rank among those of its group."""
    chance = Random(store.platform_store_id)  # noqa: S311 - a demo, not a secret
    looked_at = now - timedelta(minutes=chance.randint(20, 180))
    by = By(WHO, now)
    sea = store.platform == TIKTOK_SHOP and store.region in SEA
    idle = IDLE_DAYS[place] if sea and place < len(IDLE_DAYS) else 0
    signed_in = now - timedelta(days=idle, minutes=chance.randint(15, 600))
    enter_event(store, "activity", "login", at=signed_in, by=by)
    safe = place != 1
    enter_fact(store, "two_step_verification", safe, as_of=looked_at, by=by)
    if not safe:
        enter_event(store, "notice", "two_step_verification_required", at=now - timedelta(days=21), by=by, actor="system")
    if store.platform == TIKTOK_SHOP and store.region == "US":
        score = SCORES[place % len(SCORES)]
        enter_fact(store, "ahr", {"score": score, "previous": score + chance.randint(-15, 40)}, as_of=looked_at, by=by)
    if sea:
        _enter_points(store, POINTS[place % len(POINTS)], looked_at, chance, by)


def _enter_points(store: Store, total: int, looked_at: datetime, chance: Random, by: By) -> None:
    """Violation points that count now, in two entries, and that somebody has looked."""
    first = total // 2
    for number, points in enumerate((first, total - first)):
        if points:
            issued_at = looked_at - timedelta(days=chance.randint(5, 70))
            enter_points(store, f"demo-{number + 1}", points, issued_at=issued_at, by=by, reason="Late dispatch")
    enter_fact(store, "violation_points", [], as_of=looked_at, by=by)
