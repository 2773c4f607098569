"""Lazada's words -> ours. A word that is not here stays `unknown`: kept as text, noted, never guessed."""

from collections.abc import Iterable
from typing import Final

from storeward.canon import (
    AfterSaleStatus,
    ListingStatus,
    OrderStatus,
    OrderType,
    PackageStatus,
    ReturnType,
    SenderRole,
    StatementStatus,
    TransactionStatus,
)

ITEM_STATUS: Final = {
    "unpaid": OrderStatus.UNPAID,
    "pending": OrderStatus.TO_SHIP,
    "topack": OrderStatus.TO_SHIP,
    "toship": OrderStatus.TO_SHIP,
    "repacked": OrderStatus.TO_SHIP,
    "packed": OrderStatus.TO_SHIP,
    "ready_to_ship_pending": OrderStatus.TO_COLLECT,
    "ready_to_ship": OrderStatus.TO_COLLECT,
    "shipped": OrderStatus.IN_TRANSIT,
    "shipping": OrderStatus.IN_TRANSIT,
    "failed": OrderStatus.IN_TRANSIT,  # a delivery that failed: the parcel is with the carrier, soon on its way back
    "failed_delivery": OrderStatus.IN_TRANSIT,
    "shipped_back": OrderStatus.IN_TRANSIT,
    "shipped_back_failed": OrderStatus.IN_TRANSIT,
    "delivered": OrderStatus.DELIVERED,
    "confirmed": OrderStatus.COMPLETED,
    "returned": OrderStatus.COMPLETED,  # it was delivered; its way back is a return of its own
    "canceled": OrderStatus.CANCELLED,
    "cancelled": OrderStatus.CANCELLED,
    "shipped_back_success": OrderStatus.CANCELLED,  # ended without reaching the buyer
    "package_scrapped": OrderStatus.CANCELLED,
    "lost": OrderStatus.CANCELLED,
    "lost_by_3pl": OrderStatus.CANCELLED,
    "damaged_by_3pl": OrderStatus.CANCELLED,
}

NOT_SHIPPED: Final = frozenset({OrderStatus.UNPAID, OrderStatus.TO_SHIP, OrderStatus.TO_COLLECT, OrderStatus.UNKNOWN})
"""The store still owes the parcel, or will once the buyer has paid; what we cannot read counts as owed."""
IN_ORDER: Final = (
    OrderStatus.UNPAID,
    OrderStatus.TO_SHIP,
    OrderStatus.TO_COLLECT,
    OrderStatus.IN_TRANSIT,
    OrderStatus.DELIVERED,
    OrderStatus.COMPLETED,
    OrderStatus.CANCELLED,
)


def status_of_all(readings: Iterable[OrderStatus]) -> OrderStatus:
    """Where an order stands whose items stand there: cancelled ones count only where all are; what is owed goes first."""
    distinct = set(readings)
    if len(distinct) > 1:
        distinct.discard(OrderStatus.CANCELLED)
    if OrderStatus.UNKNOWN in distinct or not distinct:
        return OrderStatus.UNKNOWN
    if len(distinct) == 1:
        return distinct.pop()
    behind = distinct & NOT_SHIPPED
    return OrderStatus.PARTLY_SHIPPED if behind and distinct - NOT_SHIPPED else min(distinct, key=IN_ORDER.index)


ORDER_TYPE: Final = {
    "normal": OrderType.STANDARD,
    "coupon": OrderType.STANDARD,
    "o2o": OrderType.STANDARD,
    "instoreo2o": OrderType.STANDARD,
    "presale": OrderType.PRE_ORDER,
}

PACKAGE_STATUS: Final = {
    "packed": PackageStatus.TO_ARRANGE,
    "ready_to_ship_pending": PackageStatus.ARRANGING,
    "ready_to": PackageStatus.ARRANGED,
    "ready_to_ship": PackageStatus.ARRANGED,
    "shipped": PackageStatus.IN_TRANSIT,
    "delivered": PackageStatus.DELIVERED,
    "failed_delivery": PackageStatus.PROBLEM,
    "lost_by_3pl": PackageStatus.PROBLEM,
    "damaged_by_3pl": PackageStatus.PROBLEM,
    "package_scrapped": PackageStatus.PROBLEM,
    "canceled": PackageStatus.CANCELLED,
}

RETURN_TYPE: Final = {"RETURN": ReturnType.RETURN_AND_REFUND, "ONLY_REFUND": ReturnType.REFUND}
CANCEL: Final = "CANCEL"

REVERSE_STATUS: Final = {
    "REQUEST_INITIATE": AfterSaleStatus.PENDING,
    "REQUEST_REJECT": AfterSaleStatus.REFUSED,
    "REQUEST_CANCEL": AfterSaleStatus.WITHDRAWN,
    "CANCEL_SUCCESS": AfterSaleStatus.COMPLETED,
    "REQUEST_COMPLETE": AfterSaleStatus.COMPLETED,
    "REFUND_PENDING": AfterSaleStatus.APPROVED,
    "REFUND_AUTHORIZED": AfterSaleStatus.APPROVED,
    "REFUND_SUCCESS": AfterSaleStatus.COMPLETED,
    "REFUND_REJECT": AfterSaleStatus.REFUSED,
    "SELLER_AGREE_RETURN": AfterSaleStatus.AWAITING_BUYER,
    "SELLER_REJECT_RETURN": AfterSaleStatus.REFUSED,
    "BUYER_RETURN_ITEM": AfterSaleStatus.SHIPPED_BACK,
    "SELLER_AGREE_REFUND": AfterSaleStatus.APPROVED,
    "SELLER_REJECT_REFUND": AfterSaleStatus.REFUSED,
    "CS_APPROVING": AfterSaleStatus.PENDING,
    "AGREE_CANCEL_ORDER": AfterSaleStatus.APPROVED,
    "REJECT_CANCEL_ORDER": AfterSaleStatus.REFUSED,
}
"""Words of the API; pushes have others."""
PAID_BACK: Final = frozenset({"REFUND_SUCCESS"})
"""The only word that means that the money went back."""
SELLER_ANSWERS: Final = frozenset({AfterSaleStatus.PENDING, AfterSaleStatus.SHIPPED_BACK, AfterSaleStatus.UNKNOWN})
"""Where a line waits for the seller, its deadline counts."""
FIRST_OF_LINES: Final = (
    AfterSaleStatus.PENDING,
    AfterSaleStatus.SHIPPED_BACK,
    AfterSaleStatus.UNKNOWN,
    AfterSaleStatus.AWAITING_BUYER,
    AfterSaleStatus.APPROVED,
    AfterSaleStatus.COMPLETED,
    AfterSaleStatus.REFUSED,
    AfterSaleStatus.WITHDRAWN,
)
"""A request stands where the line stands that most wants an answer."""

LISTING_STATUS: Final = {
    "active": ListingStatus.LIVE,
    "inactive": ListingStatus.OFF_BY_SELLER,
    "pending qc": ListingStatus.PENDING,
    "pending": ListingStatus.PENDING,
    "suspended": ListingStatus.OFF_BY_PLATFORM,
    "deleted": ListingStatus.DELETED,
}
LISTING_SUB_STATUS: Final = {
    "lock": ListingStatus.FROZEN,
    "reject": ListingStatus.REJECTED,
    "live_reject": ListingStatus.REJECTED,
}
"""Sub-statuses of a suspended product that say more than the status."""

SENDER: Final = {"1": SenderRole.BUYER, "2": SenderRole.SELLER}
WRITTEN_BY_SYSTEM: Final = "2"

STATEMENT_STATUS: Final = {"1": StatementStatus.PAID, "0": StatementStatus.OPEN}
PAID_WORDS: Final = {
    "yes": TransactionStatus.DONE,
    "paid": TransactionStatus.DONE,
    "no": TransactionStatus.PENDING,
    "not paid": TransactionStatus.PENDING,
}
TRANSFER_STEP: Final = {"WITHDRAWAL_INITIATED": TransactionStatus.PENDING}
