"""What the health pages show, laid over the fleet: points in every state, a rating with its events, rates, restrictions."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from storeward.findings.models import Obligation
from storeward.records.models import Message, PointsEntry, StoreFact, Violation
from storeward.stores.models import Store
from storeward.web.tests.fleet import Fleet

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
US = 8
"""The store with a rating."""


def points(store: Store, now: datetime, *given: tuple[int, float], **more: Any) -> None:
    """Points, each with how many days ago it was given."""
    PointsEntry.objects.bulk_create(
        PointsEntry(
            store=store,
            workspace_id=store.workspace_id,
            platform_id=f"V{store.pk}-{number}",
            points=Decimal(count),
            issued_at=now - days * DAY,
            observed_at=now - HOUR,
            digest=b"",
            data={"platform_reason": "Late dispatch", **more},
            origin="form",
        )
        for number, (count, days) in enumerate(given)
    )


def violation(store: Store, now: datetime, name: str, days: float, *, deadline: float | None = None, **data: Any) -> None:
    Violation.objects.create(
        store=store,
        workspace_id=store.workspace_id,
        platform_id=name,
        status=data.pop("status", "enforced"),
        notified_at=now - days * DAY,
        deadline_at=None if deadline is None else now + deadline * DAY,
        observed_at=now - HOUR,
        digest=b"",
        data=data,
        origin="form",
    )


def fact(store: Store, now: datetime, name: str, value: Any, days: float) -> None:
    StoreFact.objects.update_or_create(
        store=store,
        name=name,
        as_of=now - days * DAY,
        defaults={"value": value, "origin": "form", "observed_at": now - days * DAY, "entered_by": "Lina Tan"},
    )


def duties(store: Store, now: datetime, rule: str, kind: str, kept: int, late: int) -> None:
    """Settled duties of the last days."""
    Obligation.objects.bulk_create(
        Obligation(
            store=store,
            workspace_id=store.workspace_id,
            rule=rule,
            subject_kind=kind,
            subject_id=f"{kind}-{number}",
            starts_at=now - 3 * DAY,
            due_at=now - 2 * DAY,
            done_at=now - 2 * DAY + (HOUR if number < late else -HOUR),
            severity="warning",
            state="met_late" if number < late else "met",
        )
        for number in range(kept + late)
    )


def answered(store: Store, now: datetime, who: str, count: int) -> None:
    """The messages with which a person answered the first conversations."""
    Message.objects.bulk_create(
        Message(
            store=store,
            workspace_id=store.workspace_id,
            platform_id=f"m-{number}",
            platform_conversation_id=f"conversation-{number}",
            observed_at=now,
            digest=b"",
            data={"sender_name": who},
            role="agent",
            position=number,
            sent_at=now - 2 * DAY - HOUR,
        )
        for number in range(count)
    )


def with_health(fleet: Fleet) -> Fleet:
    """The fleet with scores and what lies behind them."""
    now, stores = fleet.now, fleet.stores
    points(stores[0], now, (6, 85), (6, 70), (2, 52), (6, 16))
    fact(stores[0], now, "violation_points", {"total": 22}, 1)
    violation(
        stores[0], now, "T-88", 1, status="pending", deadline=6, category="knockoff_products", text="Looks like a known brand"
    )
    violation(stores[0], now, "T-70", 12, deadline=18, category="listing_guideline_breach", points="6", quiz_open=True)
    duties(stores[0], now, "TTS-SEA-SHIP-2WD", "order", 116, 3)
    duties(stores[0], now, "TTS-SEA-RESP12-MSG", "conversation", 40, 4)
    answered(stores[0], now, "Mei Lin", 30)
    points(stores[1], now, (6, 20), (4, 8))
    points(stores[2], now, (24, 30), (24, 10))
    points(stores[4], now, (2, 40))
    violation(stores[4], now, "P-1", 2, status="ongoing", category="punishment", ended_at=(now + 5 * DAY).isoformat())
    us = stores[US]
    violation(us, now, "U-1", 60, category="late_dispatch", points="30", text="Late dispatch")
    violation(us, now, "U-2", 25, category="tracking", points="12", text="Tracking not valid")
    violation(us, now, "U-3", 1, status="pending", deadline=3, points="20", text="Listing not allowed")
    fact(us, now, "ahr_credit", {"points": 6, "kind": "quiz", "note": "Shipping policy"}, 12)
    fact(us, now, "ahr", {"score": 170}, 30)
    fact(us, now, "ahr", {"score": 162}, 1)
    return fleet
