"""Shopee's words and numbers -> ours (fact sheet section 10). A word that is not here stays unknown, and is shown."""

from typing import Final

from storeward.canon import (
    AfterSaleStatus,
    FulfillmentBy,
    ListingStatus,
    OrderStatus,
    PackageStatus,
    ReturnType,
    StatementStatus,
    TransactionStatus,
)

MARKETS: Final = frozenset({"SG", "MY", "TH", "VN", "ID", "PH", "TW", "BR", "MX", "CO", "CL"})
"""Where the platform runs now; Poland, Spain and Argentina have been given up."""

CURRENCY: Final = {
    "SG": "SGD", "MY": "MYR", "TH": "THB", "VN": "VND", "ID": "IDR", "PH": "PHP", "TW": "TWD", "BR": "BRL", "MX": "MXN",
    "CO": "COP", "CL": "CLP", "PL": "PLN", "ES": "EUR", "AR": "ARS",
}  # fmt: skip
"""Of the store's site, for answers that name none."""

ORDER_STATUS: Final = {
    "UNPAID": OrderStatus.UNPAID,
    "PENDING": OrderStatus.ON_HOLD,
    "INVOICE_PENDING": OrderStatus.ON_HOLD,
    "READY_TO_SHIP": OrderStatus.TO_SHIP,
    "RETRY_SHIP": OrderStatus.TO_SHIP,
    "IN_CANCEL": OrderStatus.ON_HOLD,
    "PROCESSED": OrderStatus.TO_COLLECT,
    "SHIPPED": OrderStatus.IN_TRANSIT,
    "TO_CONFIRM_RECEIVE": OrderStatus.DELIVERED,
    "TO_RETURN": OrderStatus.DELIVERED,
    "COMPLETED": OrderStatus.COMPLETED,
    "CANCELLED": OrderStatus.CANCELLED,
}

FULFILLMENT: Final = {
    "fulfilled_by_shopee": FulfillmentBy.PLATFORM,
    "fulfilled_by_cb_seller": FulfillmentBy.SELLER,
    "fulfilled_by_local_seller": FulfillmentBy.SELLER,
}

PACKAGE_STATUS: Final = {
    "LOGISTICS_NOT_START": PackageStatus.TO_ARRANGE,
    "LOGISTICS_NOT_STARTED": PackageStatus.TO_ARRANGE,
    "LOGISTICS_PENDING_ARRANGE": PackageStatus.TO_ARRANGE,
    "LOGISTICS_READY": PackageStatus.TO_ARRANGE,
    "LOGISTICS_PICKUP_RETRY": PackageStatus.TO_ARRANGE,
    "LOGISTICS_REQUEST_CREATED": PackageStatus.ARRANGED,
    "LOGISTICS_PICKUP_DONE": PackageStatus.IN_TRANSIT,
    "LOGISTICS_DELIVERY_DONE": PackageStatus.DELIVERED,
    "LOGISTICS_COD_REJECTED": PackageStatus.PROBLEM,
    "LOGISTICS_PICKUP_FAILED": PackageStatus.PROBLEM,
    "LOGISTICS_DELIVERY_FAILED": PackageStatus.PROBLEM,
    "LOGISTICS_LOST": PackageStatus.PROBLEM,
    "LOGISTICS_INVALID": PackageStatus.CANCELLED,
    "LOGISTICS_REQUEST_CANCELED": PackageStatus.CANCELLED,
}

RETURN_STATUS: Final = {
    "REQUESTED": AfterSaleStatus.PENDING,
    "PROCESSING": AfterSaleStatus.AWAITING_BUYER,
    "SELLER_DISPUTE": AfterSaleStatus.PENDING,
    "JUDGING": AfterSaleStatus.PENDING,
    "ACCEPTED": AfterSaleStatus.APPROVED,
    "CLOSED": AfterSaleStatus.REFUSED,
    "CANCELLED": AfterSaleStatus.WITHDRAWN,
}
RETURN_SOLUTION: Final = {
    "0": ReturnType.RETURN_AND_REFUND,
    "1": ReturnType.REFUND,
    "RETURN_REFUND": ReturnType.RETURN_AND_REFUND,
    "REFUND": ReturnType.REFUND,
}
ON_ITS_WAY_BACK: Final = frozenset(
    {"LOGISTICS_PICKUP_DONE", "LOGISTICS_DELIVERY_DONE", "LOGISTICS_DELIVERY_FAILED", "LOGISTICS_LOST", "Delivered"}
)
"""Of a returned parcel: the buyer has handed it over."""
DISPUTED: Final = frozenset({"SELLER_DISPUTE", "JUDGING"})

LISTING_STATUS: Final = {
    "NORMAL": ListingStatus.LIVE,
    "BANNED": ListingStatus.OFF_BY_PLATFORM,
    "UNLIST": ListingStatus.OFF_BY_SELLER,
    "REVIEWING": ListingStatus.PENDING,
    "SELLER_DELETE": ListingStatus.DELETED,
    "SHOPEE_DELETE": ListingStatus.DELETED,
}

WALLET_STATUS: Final = {
    "COMPLETED": TransactionStatus.DONE,
    "PENDING": TransactionStatus.PENDING,
    "INITIAL": TransactionStatus.PENDING,
    "FAILED": TransactionStatus.FAILED,
}
BILLING_STATUS: Final = {
    "RELEASED": TransactionStatus.DONE,
    "Released": TransactionStatus.DONE,
    "TO_RELEASE": TransactionStatus.PENDING,
    "To Release": TransactionStatus.PENDING,
}
"""The reference writes them one way, its example the other."""
PAID: Final = StatementStatus.PAID

METRIC_UNIT: Final = {"1": "number", "2": "percent", "3": "seconds", "4": "days", "5": "hours"}
PUNISHMENT_STATE: Final = {"1": "ongoing", "2": "ended"}


def currency_of(market: str | None) -> str | None:
    """The currency of that site; None where it is not known."""
    return CURRENCY.get(market or "")
