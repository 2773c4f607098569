"""TikTok Shop's words -> ours. A word that is not here stays `unknown`: kept as text, noted, never guessed."""

from typing import Final

from storeward.canon import (
    AfterSaleStatus,
    FulfillmentBy,
    ListingStatus,
    OrderStatus,
    OrderType,
    PackageStatus,
    ReturnType,
    SenderRole,
    StatementStatus,
    TransactionStatus,
)

ORDER_STATUS: Final = {
    "UNPAID": OrderStatus.UNPAID,
    "ON_HOLD": OrderStatus.ON_HOLD,
    "AWAITING_SHIPMENT": OrderStatus.TO_SHIP,
    "TO_SHIP": OrderStatus.TO_SHIP,  # older word, still in the reference's examples of lines
    "PARTIALLY_SHIPPING": OrderStatus.PARTLY_SHIPPED,
    "AWAITING_COLLECTION": OrderStatus.TO_COLLECT,
    "IN_TRANSIT": OrderStatus.IN_TRANSIT,
    "DELIVERED": OrderStatus.DELIVERED,
    "COMPLETED": OrderStatus.COMPLETED,
    "CANCELLED": OrderStatus.CANCELLED,
    "CANCEL": OrderStatus.CANCELLED,  # webhook 1 says so where the API says CANCELLED
}

ORDER_TYPE: Final = {
    "NORMAL": OrderType.STANDARD,
    "ZERO_LOTTERY": OrderType.STANDARD,
    "AUCTION": OrderType.STANDARD,
    "VIRTUAL_ORDER": OrderType.STANDARD,
    "PRE_ORDER": OrderType.PRE_ORDER,
    "MADE_TO_ORDER": OrderType.MADE_TO_ORDER,
    "BACK_ORDER": OrderType.BACKORDER,
}

FULFILLMENT: Final = {
    "FULFILLMENT_BY_SELLER": FulfillmentBy.SELLER,
    "FULFILLMENT_BY_TIKTOK": FulfillmentBy.PLATFORM,
    "FULFILLMENT_BY_DILAYANI_TOKOPEDIA": FulfillmentBy.PLATFORM,
}

PACKAGE_STATUS: Final = {
    "TO_FULFILL": PackageStatus.TO_ARRANGE,
    "PROCESSING": PackageStatus.ARRANGED,
    "FULFILLING": PackageStatus.IN_TRANSIT,
    "COMPLETED": PackageStatus.DELIVERED,
    "CANCELLED": PackageStatus.CANCELLED,
}

PACKAGE_SUB_STATUS: Final = {
    "RTSING": PackageStatus.ARRANGING,
    "SHIP_EXCEPTION": PackageStatus.PROBLEM,
    "ISSUE": PackageStatus.PROBLEM,
    "PART_DELIVERED_AND_EXCEPTION": PackageStatus.PROBLEM,
}
"""Sub-statuses that say more than the status. The others only refine it."""

RETURN_TYPE: Final = {
    "REFUND": ReturnType.REFUND,
    "RETURN_AND_REFUND": ReturnType.RETURN_AND_REFUND,
    "REPLACEMENT": ReturnType.REPLACEMENT,
    "EXCHANGE": ReturnType.EXCHANGE,
}

RETURN_STATUS: Final = {
    "RETURN_OR_REFUND_REQUEST_PENDING": AfterSaleStatus.PENDING,
    "AWAITING_BUYER_SHIP": AfterSaleStatus.AWAITING_BUYER,
    "AWAITING_BUYER_RESPONSE": AfterSaleStatus.AWAITING_BUYER,
    "BUYER_SHIPPED_ITEM": AfterSaleStatus.SHIPPED_BACK,
    "REFUND_OR_RETURN_REQUEST_REJECT": AfterSaleStatus.REFUSED,
    "REJECT_RECEIVE_PACKAGE": AfterSaleStatus.REFUSED,
    "RETURN_OR_REFUND_REQUEST_SUCCESS": AfterSaleStatus.APPROVED,
    "RETURN_OR_REFUND_REQUEST_COMPLETE": AfterSaleStatus.COMPLETED,
    "RETURN_OR_REFUND_REQUEST_CANCEL": AfterSaleStatus.WITHDRAWN,
    "REPLACEMENT_REQUEST_PENDING": AfterSaleStatus.PENDING,
    "REPLACEMENT_REQUEST_REJECT": AfterSaleStatus.REFUSED,
    "REPLACEMENT_REQUEST_CANCEL": AfterSaleStatus.WITHDRAWN,
    "REPLACEMENT_REQUEST_REFUND_SUCCESS": AfterSaleStatus.APPROVED,
    "REPLACEMENT_REQUEST_COMPLETE": AfterSaleStatus.COMPLETED,
    "EXCHANGE_REQUEST_PENDING": AfterSaleStatus.PENDING,
    "EXCHANGE_REQUEST_CANCEL": AfterSaleStatus.WITHDRAWN,
    "EXCHANGE_REQUEST_REFUND_SUCCESS": AfterSaleStatus.APPROVED,
    "EXCHANGE_REQUEST_COMPLETE": AfterSaleStatus.COMPLETED,
}

GROUP_STATUS: Final = {
    "INIT": AfterSaleStatus.PENDING,
    "PENDING_REQUEST_REVIEW": AfterSaleStatus.PENDING,
    "REQUEST_REVIEW_COMPLETED": AfterSaleStatus.UNKNOWN,  # decided, but not how
    "AWAITING_BUYER_RETURN": AfterSaleStatus.AWAITING_BUYER,
    "RETURN_IN_TRANSIT": AfterSaleStatus.SHIPPED_BACK,
    "PENDING_PACKAGE_REVIEW": AfterSaleStatus.SHIPPED_BACK,
    "PACKAGE_REVIEW_COMPLETED": AfterSaleStatus.UNKNOWN,
}
"""Words of the newer grouped model, for requests and for parcels on their way back."""

CANCELLATION_STATUS: Final = {
    "CANCELLATION_REQUEST_PENDING": AfterSaleStatus.PENDING,
    "CANCELLATION_REQUEST_SUCCESS": AfterSaleStatus.APPROVED,
    "CANCELLATION_REQUEST_COMPLETE": AfterSaleStatus.COMPLETED,
    "CANCELLATION_REQUEST_CANCEL": AfterSaleStatus.WITHDRAWN,
    "CANCELLATION_REQUEST_CANCELLED": AfterSaleStatus.WITHDRAWN,  # webhook 11 says so
}

LISTING_STATUS: Final = {
    "DRAFT": ListingStatus.DRAFT,
    "PENDING": ListingStatus.PENDING,
    "FAILED": ListingStatus.REJECTED,
    "ACTIVATE": ListingStatus.LIVE,
    "SELLER_DEACTIVATED": ListingStatus.OFF_BY_SELLER,
    "PLATFORM_DEACTIVATED": ListingStatus.OFF_BY_PLATFORM,
    "FREEZE": ListingStatus.FROZEN,
    "DELETED": ListingStatus.DELETED,
    "UNKNOWN": ListingStatus.UNKNOWN,
}

SENDER_ROLE: Final = {
    "BUYER": SenderRole.BUYER,
    "SHOP": SenderRole.SELLER,
    "CUSTOMER_SERVICE": SenderRole.AGENT,
    "SYSTEM": SenderRole.SYSTEM,
    "ROBOT": SenderRole.ROBOT,
}

STATEMENT_STATUS: Final = {
    "PAID": StatementStatus.PAID,
    "FAILED": StatementStatus.FAILED,
    "PROCESSING": StatementStatus.PROCESSING,
    "SETTLED": StatementStatus.OPEN,
}

PAYMENT_STATUS: Final = {
    "PAID": TransactionStatus.DONE,
    "FAILED": TransactionStatus.FAILED,
    "PROCESSING": TransactionStatus.PENDING,
}

WITHDRAWAL_STATUS: Final = {
    "SUCCESS": TransactionStatus.DONE,
    "INIT": TransactionStatus.PENDING,
    "ORDERED": TransactionStatus.PENDING,
    "PROCESSING": TransactionStatus.PENDING,
    "RECEIVED": TransactionStatus.PENDING,
    "PROCESSED": TransactionStatus.PENDING,
    "FAILED": TransactionStatus.FAILED,
    "EXCEPTION": TransactionStatus.FAILED,
    "CLOSED": TransactionStatus.FAILED,
    "REVERSED": TransactionStatus.REVERSED,
    "UNKNOWN": TransactionStatus.UNKNOWN,
}

STATEMENT_LINE_STATUS: Final = {
    "SETTLED": TransactionStatus.DONE,
    "PAID": TransactionStatus.DONE,
    "PROCESSING": TransactionStatus.PENDING,
    "FAILED": TransactionStatus.FAILED,
}

SELLER_TYPE: Final = {"LOCAL": "local", "CROSS_BORDER": "cross_border"}

REGION: Final = {"GB": "UK"}
"""Where our policies name a market otherwise than ISO 3166 does."""


def market_of(region: str | None) -> str | None:
    """The platform's region code as our policies name it."""
    return REGION.get(region, region) if region else None
