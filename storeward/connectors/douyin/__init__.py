"""Douyin Shop (抖店): the open platform of shops in China. The fact sheet is the source; no live service was called."""

from collections.abc import Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from storeward.connectors.contract import Connector, Request

from . import after_sales, listings, oauth, orders, push, signing, tickets
from .errors import PLATFORM, error_of
from .limits import LIMITS
from .operations import OPERATIONS
from .streams import STREAMS

NOT_OFFERED: Final = {
    "packages": "they come inside the orders",
    "conversations": "Feige (飞鸽), the merchant's chat; its API is by invitation",
    "reviews": "merchant console, reviews",
    "violations": "merchant console, reward and penalty centre (奖惩中心)",
    "violation_points": "merchant console, reward and penalty centre (奖惩中心)",
    "appeals": "merchant console, reward and penalty centre (奖惩中心)",
    "compensation_slips": "merchant console, compensation slips (赔付单管理)",
    "settlement_freeze": "merchant console, funds",
    "balance": "merchant console, funds; we add up the movements",
    "deposit": "merchant console, deposit (保证金)",
    "response_rate": "merchant console, customer service data",
    "store_status": "merchant console, shop",
    "notices": "merchant console, messages",
    "traffic": "Compass (罗盘); its API is by invitation",
    "logins": "nowhere: only the people who log in know",
}
"""What no call gives -> where a person sees it."""


def subscribe_requests(address: str) -> Sequence[Request]:
    """None: the address of webhooks is set by hand, in the platform's console, for the app as a whole."""
    return ()


CONNECTOR: Final = Connector(
    id=PLATFORM,
    label="Douyin Shop",
    short="dy",
    markets=frozenset({"CN"}),
    base_url="https://openapi-fxg.jinritemai.com",
    auth_url="https://openapi-fxg.jinritemai.com",
    operations=MappingProxyType(OPERATIONS),
    streams=MappingProxyType(STREAMS),
    limits=LIMITS,
    sign=signing.sign,
    error_of=error_of,
    consent_url=oauth.consent_url,
    token_request=oauth.token_request,
    refresh_request=oauth.refresh_request,
    parse_tokens=oauth.parse_tokens,
    verify_push=signing.verify_push,
    parse_pushes=push.parse_pushes,
    push_answer=push.ANSWER,
    subscribe_requests=subscribe_requests,
    read_one_requests=MappingProxyType(
        {
            "order": orders.order_detail_request,
            "return": after_sales.after_sale_request,
            "listing": listings.product_request,
            "conversation": tickets.ticket_request,
        }
    ),
    renew_ahead=timedelta(minutes=50),
    warn_ahead=timedelta(days=6),
    not_offered=MappingProxyType(NOT_OFFERED),
)
