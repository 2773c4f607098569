"""The push codes that the sandbox sends, and which of them an app may switch."""

SHOP_AUTHORIZED = 1
SHOP_DEAUTHORIZED = 2
ORDER_STATUS = 3
TRACKING_NUMBER = 4
SHOPEE_UPDATES = 5
RESERVED_STOCK = 8
WEBCHAT = 10
AUTHORIZATION_EXPIRY = 12
DOCUMENT_STATUS = 15
VIOLATION_ITEM = 16
PRICE_UPDATE = 22
SHOP_PENALTY = 28
RETURN_UPDATES = 29
PACKAGE_FULFILLMENT = 30
PACKAGE_INFO = 47

CODES = (1, 2, 3, 4, 5, 8, 10, 12, 15, 16, 22, 28, 29, 30, 47)
SWITCHABLE = range(1, 14)
"""Newer codes are switched in the console alone."""

LADDER_SECONDS = (300, 1800, 10_800)
WEBCHAT_LADDER_SECONDS = (1, 2, 3)


def taken(status: int, answer: bytes) -> bool:
    """Whether the receiver has taken a push: any 2xx, with nothing in its body."""
    return 200 <= status < 300 and not answer.strip()
