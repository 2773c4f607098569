"""Statements and single movements of money."""

from datetime import datetime
from enum import StrEnum

from storeward.lib.money import Money

from .base import Record


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
    platform_payment_id: str | None = None
    paid_at: datetime | None = None

    @property
    def platform_id(self) -> str:
        return self.platform_statement_id


class Transaction(Record, frozen=True, kw_only=True, tag="transaction"):
    """One movement, signed as it changes the seller's money (a fee is negative)."""

    platform_transaction_id: str
    platform_type: str | None = None
    platform_status: str | None = None
    status: TransactionStatus = TransactionStatus.UNKNOWN
    ledger: str = "statement"
    """Which account it moves: `wallet`, `statement`, `payment`, `unsettled`. Sums are taken within one ledger only."""
    platform_order_id: str | None = None
    platform_statement_id: str | None = None
    amount: Money | None = None
    balance: Money | None = None
    """Balance after it, where the platform states it."""
    at: datetime | None = None
    paid_at: datetime | None = None
    expected_text: str | None = None
    """When the platform expects to settle, in its words, where it gives no instant."""
    fees: dict[str, Money] = {}
    """Every part of the breakdown as the platform names it, with its sign."""

    @property
    def platform_id(self) -> str:
        return self.platform_transaction_id
