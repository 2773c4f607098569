"""Shopee: Open Platform API v2, all markets. The fact sheet is the source; no live service was called."""

from datetime import timedelta
from types import MappingProxyType
from typing import Final

from storeward.connectors.contract import Connector, Limits

from . import after_sales, conversations, listings, oauth, orders, packages, push, signing, stores
from .codes import MARKETS
from .errors import PLATFORM, error_of
from .operations import OPERATIONS
from .streams import STREAMS

NOT_OFFERED: Final = {
    "chat_for_service_apps": "Seller Centre, chat; the calls are open to sellers' own apps only",
    "response_rate_by_talk": "nowhere; we reckon our own from messages",
    "reply_by_of_cancellations": "Seller Centre, the order: it tells until when to answer",
    "auto_cancel_of_orders": "Seller Centre; the package tells within a day of it",
    "penalty_appeals": "Seller Centre, account health",
    "listing_appeals": "Seller Centre, listings",
    "past_points": "Seller Centre, account health: the call tells of the current quarter only",
    "review_changes": "Seller Centre: a reply can be neither edited nor deleted by call",
    "old_reviews": "Seller Centre: the newest 500 or so by call",
    "bank_account": "Seller Centre, finance",
    "withdrawals": "Seller Centre, finance: none can be started by call",
    "videos_in_disputes": "Seller Centre, return and refund",
    "unmasked_buyers": "Seller Centre, or after the platform's data security review",
    "ad_spend": "Seller Centre, ads; only what the wallet pays",
    "logins": "nowhere: only the people who log in know",
}
"""What no call gives -> where a person sees it."""

CONNECTOR: Final = Connector(
    id=PLATFORM,
    label="Shopee",
    short="sp",
    markets=MARKETS,
    base_url=oauth.HOST,
    auth_url=oauth.HOST,
    operations=MappingProxyType(OPERATIONS),
    streams=MappingProxyType(STREAMS),
    limits=Limits(calls_per_second=10, start_at_per_second=5, burst=10),
    sign=signing.sign,
    error_of=error_of,
    consent_url=oauth.consent_url,
    token_request=oauth.token_request,
    refresh_request=oauth.refresh_request,
    parse_tokens=oauth.parse_tokens,
    verify_push=signing.verify_push,
    parse_pushes=push.parse_pushes,
    subscribe_requests=stores.subscribe_requests,
    read_one_requests=MappingProxyType(
        {
            "order": lambda order_id: orders.order_detail_request([order_id]),
            "cancellation": lambda order_id: orders.order_detail_request([order_id]),
            "package": lambda package_id: packages.package_detail_request([package_id]),
            "return": after_sales.return_request,
            "listing": lambda item_id: listings.item_request([item_id]),
            "conversation": conversations.conversation_request,
        }
    ),
    renew_ahead=timedelta(minutes=30),
    not_offered=MappingProxyType(NOT_OFFERED),
)
