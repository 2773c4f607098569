"""The smallest valid rows for tests of findings: a workspace, stores, streams, and whatever a test is about."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from storeward.accounts.models import Workspace
from storeward.canon import Order, OrderStatus
from storeward.findings.models import Obligation
from storeward.records import models as records
from storeward.stores.models import App, Connection, Store

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
"""A Wednesday, 11:15 in Kuala Lumpur."""

ZONES = {
    "MY": ("Asia/Kuala_Lumpur", "MYR"),
    "TH": ("Asia/Bangkok", "THB"),
    "VN": ("Asia/Ho_Chi_Minh", "VND"),
    "US": ("America/Los_Angeles", "USD"),
}
STREAMS = ("orders", "returns", "cancellations", "listings", "stock", "conversations", "messages", "wallet")


def workspace(slug: str = "luna") -> Workspace:
    return Workspace.objects.get_or_create(slug=slug, defaults={"name": slug.title(), "created_at": NOW})[0]


def connection(number: int = 1, space: Workspace | None = None, **fields: Any) -> Connection:
    space = space or workspace()
    app = App.objects.get_or_create(
        workspace=space,
        platform="tiktok_shop",
        app_key=f"key-{space.slug}",
        base_url="http://sandbox.test",
        defaults={"name": "test", "sealed_secret": "", "auth_url": "http://sandbox.test"},
    )[0]
    defaults = {
        "sealed_access_token": "",
        "sealed_refresh_token": "",
        "access_expires_at": NOW + timedelta(days=7),
        "state_since": NOW - timedelta(days=30),
    }
    return Connection.objects.create(workspace=space, app=app, platform_user_id=f"user-{number}", **(defaults | fields))


def store(number: int = 1, region: str = "MY", *, connected: bool = True, space: Workspace | None = None, **fields: Any) -> Store:
    """A store with a connection of its own and fresh streams."""
    space = space or workspace()
    zone, currency = ZONES[region]
    defaults: dict[str, Any] = {
        "key": f"tt-{region.lower()}-{space.slug}{number}",
        "platform": "tiktok_shop",
        "platform_store_id": f"749{number:05d}",
        "name": f"Luna Home {number}",
        "region": region,
        "timezone": zone,
        "currency": currency,
        "added_at": NOW - timedelta(days=90),
        "connection": connection(number, space) if connected else None,
    }
    made = Store.objects.create(workspace=space, **(defaults | fields))
    if connected:
        streams(made)
    return made


def streams(of: Store, names: Iterable[str] = STREAMS, *, now: datetime = NOW, trust: timedelta = timedelta(days=40)) -> None:
    records.Stream.objects.bulk_create(
        records.Stream(
            store=of,
            workspace_id=of.workspace_id,
            name=name,
            observed_at=now,
            trusted_until=now + trust,
            attempted_at=now,
            due_at=now + timedelta(minutes=2),
            filled=True,
        )
        for name in names
    )


def order(of: Store, order_id: str = "5760001", *, status: OrderStatus = OrderStatus.TO_SHIP, **fields: Any) -> records.Order:
    """An order row as `sync` writes it, with its change."""
    defaults: dict[str, Any] = {"placed_at": NOW - timedelta(hours=1), "updated_at": NOW}
    told = Order(platform_order_id=order_id, platform_status=status.name, status=status, **(defaults | fields))
    row, _ = records.Order.objects.update_or_create(
        store=of,
        platform_id=order_id,
        defaults={
            "workspace_id": of.workspace_id,
            "platform_status": told.platform_status,
            "status": told.status.value,
            "updated_at": told.updated_at,
            "observed_at": NOW,
            "digest": b"",
            "data": msgspec.to_builtins(told),
            "type": told.type.value,
            "amount": told.total.amount if told.total else Decimal("84.00"),
            "currency": told.total.currency if told.total else of.currency,
            "placed_at": told.placed_at,
            "open": told.cancelled_at is None and told.collected_at is None,
        },
    )
    change(of, "order", order_id)
    return row


def change(of: Store, kind: str = "store", platform_id: str = "") -> None:
    records.Change.objects.create(store=of, kind=kind, platform_id=platform_id, at=NOW)


def activity(of: Store, at: datetime, *, type: str = "login", actor: str = "main") -> None:
    records.StoreEvent.objects.create(
        store=of, family="activity", type=type, actor=actor, at=at, origin="form", observed_at=at, entered_by="lead@luna.test"
    )


def fact(of: Store, name: str, value: Any, as_of: datetime = NOW) -> None:
    records.StoreFact.objects.create(
        store=of, name=name, value=value, as_of=as_of, origin="form", observed_at=as_of, entered_by="lead@luna.test"
    )


def balance(of: Store, amount: str, at: datetime = NOW) -> None:
    records.BalanceEvent.objects.create(
        store=of, at=at, amount=Decimal(amount), currency=of.currency, origin="derived", observed_at=at
    )


def obligation(of: Store, subject: str = "5760001", **fields: Any) -> Obligation:
    """An obligation as it lies in the ledger, a day before it is due."""
    defaults: dict[str, Any] = {
        "rule": "TTS-SEA-SHIP-2WD",
        "subject_kind": "order",
        "subject_id": subject,
        "starts_at": NOW - timedelta(days=1),
        "due_at": NOW + timedelta(days=1),
        "lead_seconds": 86_400,
        "severity": "critical",
        "next_at": NOW,
        "details": {"why": {"en": "Due soon.", "zh": "即将到期。"}},
    }
    return Obligation.objects.create(store=of, workspace_id=of.workspace_id, **(defaults | fields))


def conversation(
    of: Store, identity: str = "c1", *, waits_since: datetime | None = None, answered_at: datetime | None = None
) -> None:
    """A conversation row as the sync leaves it once its messages are in, with its change."""
    records.Conversation.objects.update_or_create(
        store=of,
        platform_id=identity,
        defaults={
            "workspace_id": of.workspace_id,
            "observed_at": NOW,
            "digest": b"",
            "data": {},
            "buyer_waits_since": waits_since,
            "answered_at": answered_at,
        },
    )
    change(of, "conversation", identity)


def messages(of: Store, *said: tuple[str, datetime], identity: str = "c1", visible: bool = True) -> None:
    """Messages of a conversation, (role, instant), in this order after those that are there."""
    there = records.Message.objects.filter(store=of, platform_conversation_id=identity).count()
    for position, (role, at) in enumerate(said, start=there + 1):
        records.Message.objects.create(
            store=of,
            workspace_id=of.workspace_id,
            platform_id=f"{identity}-{position}",
            platform_conversation_id=identity,
            observed_at=NOW,
            digest=b"",
            data={},
            role=role,
            position=position,
            sent_at=at,
            visible=visible,
        )


def listing(of: Store, identity: str = "l1", *, skus: dict[str, int | None], live: bool = True) -> None:
    """A listing with the stock of its SKUs."""
    known = [units for units in skus.values() if units is not None]
    records.Listing.objects.create(
        store=of,
        workspace_id=of.workspace_id,
        platform_id=identity,
        observed_at=NOW,
        digest=b"",
        live=live,
        lowest=min(known, default=None),
        available=sum(known),
        data={"skus": [{"platform_sku_id": sku, "available": units} for sku, units in skus.items()]},
    )


def request(of: Store, kind: str, identity: str, requested_at: datetime, **fields: Any) -> None:
    """A return or a cancellation that a buyer asked for."""
    defaults: dict[str, Any] = {"status": "pending", "open": True, "updated_at": requested_at, "data": {}, "answer_by_at": None}
    records.AfterSale.objects.update_or_create(
        store=of,
        platform_id=identity,
        defaults={
            "workspace_id": of.workspace_id,
            "kind": kind,
            "observed_at": NOW,
            "digest": b"",
            "requested_at": requested_at,
            **(defaults | fields),
        },
    )


def notice(of: Store, kind: str, at: datetime, *, answered_at: datetime | None = None) -> None:
    records.StoreEvent.objects.create(
        store=of, family="notice", type=kind, at=at, answered_at=answered_at, origin="form", observed_at=at
    )


def attestation(of: Store, item: str, at: datetime) -> None:
    records.StoreEvent.objects.create(store=of, family="attestation", type=item, at=at, origin="form", observed_at=at)


def points(of: Store, count: str, issued_at: datetime, *, seen_at: datetime = NOW) -> None:
    records.PointsEntry.objects.create(
        store=of,
        workspace_id=of.workspace_id,
        platform_id=f"{count}-{issued_at:%Y%m%d%H%M}",
        points=Decimal(count),
        issued_at=issued_at,
        observed_at=seen_at,
        digest=b"",
        data={},
        origin="form",
    )


def violation(
    of: Store, identity: str = "v1", *, notified_at: datetime, deadline_at: datetime | None = None, **data: Any
) -> None:
    records.Violation.objects.update_or_create(
        store=of,
        platform_id=identity,
        defaults={
            "workspace_id": of.workspace_id,
            "status": data.pop("status", "enforced"),
            "notified_at": notified_at,
            "deadline_at": deadline_at,
            "observed_at": NOW,
            "digest": b"",
            "data": data,
            "origin": "form",
        },
    )
