"""Douyin Shop's numbers -> ours. A number that is not here stays `unknown`: kept as text, noted, never guessed."""

from typing import Final

from storeward.canon import AfterSaleStatus, ListingStatus, OrderStatus, OrderType, ReturnType

ORDER_STATUS: Final = {
    "1": OrderStatus.UNPAID,
    "105": OrderStatus.ON_HOLD,  # paid, under risk review: not to be shipped yet
    "2": OrderStatus.TO_SHIP,
    "101": OrderStatus.PARTLY_SHIPPED,
    "3": OrderStatus.IN_TRANSIT,
    "4": OrderStatus.CANCELLED,
    "5": OrderStatus.COMPLETED,
}
"""`order_status` of orders and lines. `main_status` has more of them (deposit paid, refunded) and is kept beside it."""

SALE_TYPE: Final = {
    "0": OrderType.STANDARD,
    "1": OrderType.PRE_ORDER,
    "2": OrderType.PRE_ORDER,
}
"""`pre_sale_type` of a line: 1 full-payment presale, 2 stepped shipping."""

DEPOSIT_PRESALE: Final = "2"
SAMPLE: Final = "10"
"""`trade_type`."""
CASH_ON_DELIVERY: Final = "0"
"""`pay_type`."""

AFTER_SALE_TYPE: Final = {
    "0": ReturnType.RETURN_AND_REFUND,
    "1": ReturnType.REFUND,
    "2": ReturnType.REFUND,
    "3": ReturnType.EXCHANGE,
    "4": ReturnType.REFUND,
    "5": ReturnType.REFUND,
    "6": ReturnType.REFUND,
    "7": ReturnType.REPLACEMENT,
    "8": ReturnType.REPLACEMENT,
}
"""2 refund before shipping, 4 and 5 cancelled by system or buyer, 6 price protection, 7 reissue, 8 repair."""

AFTER_SALE_STATUS: Final = {
    "0": AfterSaleStatus.UNKNOWN,  # none yet
    "6": AfterSaleStatus.PENDING,
    "7": AfterSaleStatus.AWAITING_BUYER,
    "8": AfterSaleStatus.PENDING,  # agreed to reissue or repair: the seller has to ship
    "11": AfterSaleStatus.SHIPPED_BACK,
    "12": AfterSaleStatus.COMPLETED,
    "3": AfterSaleStatus.APPROVED,  # what the list says for 13
    "13": AfterSaleStatus.APPROVED,
    "14": AfterSaleStatus.COMPLETED,
    "27": AfterSaleStatus.REFUSED,
    "28": AfterSaleStatus.WITHDRAWN,
    "29": AfterSaleStatus.REFUSED,
    "51": AfterSaleStatus.COMPLETED,
    "53": AfterSaleStatus.COMPLETED,
}
SELLERS_TURN: Final = frozenset({"6", "8", "11"})
"""States whose deadline is the seller's; in 7 it is the buyer's."""

DISPUTED: Final = frozenset({"1", "4", "5"})
"""`arbitrate_status` while the platform judges the case; 0 none, 2 and 3 decided, 6 and 255 over."""
PROOF_WANTED: Final = "4"
MONEY_OUT: Final = "3"
"""`refund_status`: the only one of which money has left."""

ON_SALE, DELETED, TAKEN_DOWN = "0", "2", "5"
LISTING_STATUS: Final = {
    "0": ListingStatus.LIVE,
    "1": ListingStatus.OFF_BY_SELLER,
    "2": ListingStatus.DELETED,
}
CHECK_STATUS: Final = {
    "1": ListingStatus.DRAFT,
    "2": ListingStatus.PENDING,
    "4": ListingStatus.REJECTED,
    "5": ListingStatus.OFF_BY_PLATFORM,
    "7": ListingStatus.PENDING,
}
"""What the review says, where it says more than the shelf does; 3 is passed."""
REVIEWED: Final = frozenset({"3", *CHECK_STATUS})

MARKET: Final = "CN"
CURRENCY: Final = "CNY"
