"""How each kind of canonical record lies in its table: which columns, and how a record fills them.

One `Table` per kind. The columns that every table has come first, in the order of `COMMON`; `extra` names the rest. Values are
what psycopg sends by COPY in binary form, so types are exact: text, bytes, aware datetime, Decimal, bool, int.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from storeward import canon
from storeward.lib.money import Money
from storeward.records.steps import OrderSteps, Told, pack

R = TypeVar("R", bound=canon.Record)
Values: TypeAlias = tuple[Any, ...]

COMMON = (
    ("platform_id", "text"),
    ("platform_status", "text"),
    ("status", "text"),
    ("updated_at", "timestamptz"),
    ("digest", "bytea"),
    ("data", "jsonb"),
)
BESIDE = (("body", "bytea"), ("told", "bytea"))
"""What is staged with a record and kept in other tables: the raw payload, and what its change says."""


@dataclass(frozen=True, slots=True)
class Table:
    """A kind's table, its columns beyond the common ones, and what fills them."""

    kind: str
    name: str
    extra: tuple[tuple[str, str], ...]
    head: Callable[[Any], tuple[str | None, str | None, datetime | None]]
    """platform_status, status, updated_at of a record."""
    fill: Callable[[Any], Values]
    told: Callable[[Any, datetime], bytes] | None = None
    """What its change says of it, seen at that instant; None where whoever judges the change reads the row."""
    several_sources: bool = False
    """Several calls tell parts of it: what counts as a change is a change of the merged record, not of one call's payload."""


def amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount


def currency(money: Money | None) -> str | None:
    return None if money is None else money.currency


OWED = frozenset(
    {
        canon.OrderStatus.UNPAID,
        canon.OrderStatus.ON_HOLD,
        canon.OrderStatus.TO_SHIP,
        canon.OrderStatus.PARTLY_SHIPPED,
        canon.OrderStatus.TO_COLLECT,
        canon.OrderStatus.UNKNOWN,
    }
)
"""The seller still owes a step, or will once the buyer has paid; what we cannot read counts as owed until we can."""
ASKED = frozenset({canon.AfterSaleStatus.PENDING, canon.AfterSaleStatus.SHIPPED_BACK, canon.AfterSaleStatus.UNKNOWN})


def order_head(order: canon.Order) -> tuple[str | None, str | None, datetime | None]:
    return order.platform_status, order.status, order.updated_at


def order_values(order: canon.Order) -> Values:
    owed = order.status in OWED and order.fulfillment_by is not canon.FulfillmentBy.PLATFORM
    total = order.total
    return (
        order.type,
        None if total is None else total.amount,
        None if total is None else total.currency,
        order.placed_at,
        order.ship_by_at,
        owed,
    )


def order_told(order: canon.Order, seen_at: datetime) -> bytes:
    steps = OrderSteps(
        status=order.status,
        type=order.type,
        fulfillment_by=order.fulfillment_by,
        handling_days=order.handling_days,
        first_mile=order.first_mile,
        total=order.total,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        updated_at=order.updated_at,
        ship_by_at=order.ship_by_at,
        arranged_at=order.arranged_at,
        tracking_added_at=order.tracking_added_at,
        collected_at=order.collected_at,
        delivered_at=order.delivered_at,
        cancelled_at=order.cancelled_at,
    )
    return pack(Told(steps, seen_at))


def after_sale_values(kind: str) -> Callable[[canon.Return | canon.Cancellation], Values]:
    def values(request: canon.Return | canon.Cancellation) -> Values:
        waits = request.answer_by_at is not None or request.status in ASKED
        return kind, request.requested_at, request.answer_by_at, waits

    return values


def listing_values(listing: canon.Listing) -> Values:
    counts = [sku.available for sku in listing.skus if sku.available is not None]
    title = None if listing.title is None else listing.title[:300]
    return title, listing.status is canon.ListingStatus.LIVE, sum(counts) if counts else None, min(counts, default=None)


def message_values(message: canon.Message) -> Values:
    return message.platform_conversation_id, message.role, message.position, message.visible, message.sent_at


def statement_values(statement: canon.Statement) -> Values:
    return amount(statement.settlement), currency(statement.settlement), statement.at


def transaction_values(movement: canon.Transaction) -> Values:
    money = movement.moves
    return movement.ledger, amount(money), currency(money), amount(movement.balance), movement.at


def status_head(record: Any) -> tuple[str | None, str | None, datetime | None]:
    return record.platform_status, record.status, getattr(record, "updated_at", None)


def word_head(record: Any) -> tuple[str | None, str | None, datetime | None]:
    return getattr(record, "platform_status", None), None, getattr(record, "updated_at", None)


def nothing(_: canon.Record) -> Values:
    return ()


MONEY = (("amount", "numeric"), ("currency", "text"))
AFTER_SALE = (("kind", "text"), ("requested_at", "timestamptz"), ("answer_by_at", "timestamptz"), ("open", "bool"))

TABLES = {
    table.kind: table
    for table in (
        Table(
            "order",
            "records_order",
            (("type", "text"), *MONEY, ("placed_at", "timestamptz"), ("ship_by_at", "timestamptz"), ("open", "bool")),
            order_head,
            order_values,
            order_told,
        ),
        Table("package", "records_package", (), status_head, nothing),
        Table("return", "records_aftersale", AFTER_SALE, status_head, after_sale_values("return")),
        Table("cancellation", "records_aftersale", AFTER_SALE, status_head, after_sale_values("cancellation")),
        Table(
            "listing",
            "records_listing",
            (("title", "text"), ("live", "bool"), ("available", "int4"), ("lowest", "int4")),
            status_head,
            listing_values,
            several_sources=True,
        ),
        Table("conversation", "records_conversation", (), word_head, nothing, several_sources=True),
        Table(
            "message",
            "records_message",
            (
                ("platform_conversation_id", "text"),
                ("role", "text"),
                ("position", "int8"),
                ("visible", "bool"),
                ("sent_at", "timestamptz"),
            ),
            word_head,
            message_values,
            several_sources=True,
        ),
        Table(
            "review",
            "records_review",
            (("stars", "numeric"), ("posted_at", "timestamptz")),
            word_head,
            lambda review: (review.stars, review.posted_at),
        ),
        Table("statement", "records_statement", (*MONEY, ("at", "timestamptz")), status_head, statement_values),
        Table(
            "transaction",
            "records_transaction",
            (("ledger", "text"), *MONEY, ("balance", "numeric"), ("at", "timestamptz")),
            status_head,
            transaction_values,
        ),
        Table("metric", "records_metric", (("as_of", "timestamptz"),), word_head, lambda metric: (metric.as_of,)),
        Table(
            "points",
            "records_pointsentry",
            (("points", "numeric"), ("issued_at", "timestamptz")),
            word_head,
            lambda entry: (entry.points, entry.issued_at),
        ),
        Table(
            "violation",
            "records_violation",
            (("notified_at", "timestamptz"), ("deadline_at", "timestamptz")),
            status_head,
            lambda violation: (violation.notified_at, violation.deadline_at),
        ),
    )
}
STAGED = tuple(dict.fromkeys((*COMMON, *BESIDE, *(column for table in TABLES.values() for column in table.extra))))
"""The columns of the table in which records of any kind wait for their INSERT: all that there are."""
