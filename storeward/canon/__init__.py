"""Canonical records: what every platform's payloads become.

Frozen and pure; nothing here knows a platform, a database or a network. A connector parses a payload into these types, `sync`
writes them as rows, `findings` reads the rows as facts. The field names are those that `connector parse --json` prints, so the
JSON of the contract is the plain encoding of these structs.

Conventions, for every kind:

- `platform_...` holds the platform's own id or word, as text, unchanged; our reading stands beside it (`status`), `unknown` for a
  word we do not know. None means that the platform did not state it; never 0, never "", never 1970.
- Instants (`..._at`) are aware UTC. Amounts are `Money` in main units. Ids keep every digit.
"""

from .after_sales import AfterSaleLine, AfterSaleStatus, Cancellation, Return, ReturnType
from .base import Record
from .conversations import ChatSession, Conversation, Message, Participant, SenderRole
from .encode import kind_of, to_json, to_plain
from .finance import Statement, StatementStatus, Transaction, TransactionStatus
from .health import Metric, Points, Violation
from .listings import CampaignStock, Listing, ListingContent, ListingStatus, Sku, WarehouseStock
from .orders import FulfillmentBy, Order, OrderLine, OrderLines, OrderPackage, OrderStatus, OrderType
from .packages import Package, PackageEvent, PackageStatus
from .push import Push
from .reviews import Review
from .stores import StoreProfile

KINDS: dict[str, type[Record]] = {
    "store": StoreProfile,
    "order": Order,
    "order_lines": OrderLines,
    "package": Package,
    "return": Return,
    "cancellation": Cancellation,
    "listing": Listing,
    "conversation": Conversation,
    "message": Message,
    "review": Review,
    "statement": Statement,
    "transaction": Transaction,
    "metric": Metric,
    "points": Points,
    "violation": Violation,
    "push": Push,
}

__all__ = [
    "KINDS",
    "AfterSaleLine",
    "AfterSaleStatus",
    "CampaignStock",
    "Cancellation",
    "ChatSession",
    "Conversation",
    "FulfillmentBy",
    "Listing",
    "ListingContent",
    "ListingStatus",
    "Message",
    "Metric",
    "Order",
    "OrderLine",
    "OrderLines",
    "OrderPackage",
    "OrderStatus",
    "OrderType",
    "Package",
    "PackageEvent",
    "PackageStatus",
    "Participant",
    "Points",
    "Push",
    "Record",
    "Return",
    "ReturnType",
    "Review",
    "SenderRole",
    "Sku",
    "Statement",
    "StatementStatus",
    "StoreProfile",
    "Transaction",
    "TransactionStatus",
    "Violation",
    "WarehouseStock",
    "kind_of",
    "to_json",
    "to_plain",
]
