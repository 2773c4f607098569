"""Statements and single movements of money."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from storeward.lib.money import Money

from .base import More, Record


class StatementStatus(StrEnum):
    """Whether a statement's sum was paid out."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"


class TransactionStatus(StrEnum):
    """Whether a movement has happened."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    REVERSED = "reversed"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class Statement(Record, frozen=True, kw_only=True, tag="statement"):
    """A period's account: what came in, what it cost, what is paid out."""

    platform_statement_id: str
    platform_status: str | None = None
    status: StatementStatus = StatementStatus.UNKNOWN
    at: datetime | None = None
    settlement: Money | None = None
    revenue: Money | None = None
    fees: Money | None = None
    adjustments: Money | None = None
    shipping_cost: Money | None = None
    net_sales: Money | None = None
    opening: Money | None = None
    """Balance before it, where the platform states it."""
    closing: Money | None = None
    amounts: dict[str, Money] = msgspec.field(default_factory=dict)
    """Every other amount of it under the platform's own names, with its sign."""
    platform_payment_id: str | None = None
    updated_at: datetime | None = None
    platform_more: More = msgspec.field(default_factory=dict)
    paid_at: datetime | None = None

    @property
    def platform_id(self) -> str:
        return self.platform_statement_id


class Transaction(Record, frozen=True, kw_only=True, tag="transaction"):
    """One movement of money."""

    platform_transaction_id: str | None = None
    """None where the platform gives an order's lines no id of their own."""
    platform_type: str | None = None
    platform_status: str | None = None
    status: TransactionStatus = TransactionStatus.UNKNOWN
    ledger: str = "statement"
    """Which account it moves: `wallet`, `statement`, `order`, `payment`, `unsettled`. Sums are taken within one ledger only."""
    platform_order_id: str | None = None
    platform_associated_order_id: str | None = None
    """A second order that it names: the one that an adjustment or a reserve is about, where that is another."""
    platform_statement_id: str | None = None
    platform_sku_id: str | None = None
    platform_line_id: str | None = None
    platform_fee: str | None = None
    """The platform's code of what is charged or paid."""
    category: str | None = None
    """What it is in our words: `sale`, `refund`, `platform_fee`, `shipping`, `marketing`, `claim`, `service`, `other`."""
    updated_at: datetime | None = None
    platform_payment_id: str | None = None
    platform_more: More = msgspec.field(default_factory=dict)
    seller_sku: str | None = None
    text: str | None = None
    on_date: str | None = None
    """The day of it, in the store's own time zone, where the platform gives no instant; `at` is then that day's start."""
    platform_adjustment_id: str | None = None
    platform_reserve_id: str | None = None
    title: str | None = None
    variant: str | None = None
    quantity: int | None = None
    amount: Money | None = None
    """As the platform states it. `direction` says which way it goes where the type tells."""
    direction: str | None = None
    """`in`: to the store's balance, `out`: away from it, `back`: it gives back what a movement that failed had taken (and that no
    longer counts itself). None: the type does not tell, or the sign of the amount does."""
    balance: Money | None = None
    """Balance after it, where the platform states it."""
    at: datetime | None = None
    paid_at: datetime | None = None
    order_placed_at: datetime | None = None
    order_delivered_at: datetime | None = None
    revenue: Money | None = None
    shipping_cost: Money | None = None
    fees_and_taxes: Money | None = None
    adjustment: Money | None = None
    reserve: Money | None = None
    platform_reserve_status: str | None = None
    platform_reason: str | None = None
    """Why it waits, in the platform's words."""
    exchange_rate: Decimal | None = None
    expected_at: datetime | None = None
    expected_text: str | None = None
    """When the platform expects to settle, in its words, where it gives no instant."""
    fees: dict[str, Money] = msgspec.field(default_factory=dict)
    """Every part of the breakdown as the platform names it, with its sign."""

    @property
    def moves(self) -> Money | None:
        """What it adds to the balance of its ledger, with its sign; None where it adds nothing, or no amount is stated."""
        if self.amount is None or self.direction == "back":
            return None
        if self.direction == "out":
            return Money(-abs(self.amount.amount), self.amount.currency)
        return self.amount

    @property
    def platform_id(self) -> str:
        if self.platform_transaction_id is not None and self.platform_fee is None:
            return self.platform_transaction_id
        named = (self.platform_transaction_id, self.platform_fee, self.platform_line_id) if self.platform_fee is not None else ()
        others = (
            () if self.platform_transaction_id else (self.platform_order_id, self.platform_statement_id, self.platform_sku_id)
        )
        return ":".join(part or "" for part in (*named, *others))
