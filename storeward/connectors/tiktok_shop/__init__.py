"""TikTok Shop: Partner API 202309 and later, all markets. The fact sheet is the source; no live service was called."""

from types import MappingProxyType
from typing import Final

from storeward.connectors.contract import Connector, Limits

from . import after_sales, conversations, listings, oauth, orders, packages, push, signing, stores
from .errors import PLATFORM, error_of
from .operations import CONVERSATIONS, OPERATIONS
from .streams import STREAMS

CHAT_CALLS_A_DAY: Final = 10_000

NOT_OFFERED: Final = {
    "account_health_rating": "Seller Center, account health",
    "violations": "Seller Center, shop health",
    "violation_points": "Seller Center, shop health",
    "appeals": "Seller Center, shop health",
    "late_dispatch_rate": "Seller Center, fulfilment analytics; we reckon our own from order times",
    "response_rate_12h": "Seller Center, chat data; we reckon our own from messages",
    "reviews": "Seller Center, product reviews",
    "store_rating": "Seller Center",
    "order_limit": "Seller Center",
    "notices": "Seller Center, inbox",
    "ad_spend": "the ads platform; only the fees in statements",
    "bank_account": "Seller Center, finance",
    "logins": "nowhere: only the people who log in know",
}
"""What no call gives -> where a person sees it."""

CONNECTOR: Final = Connector(
    id=PLATFORM,
    label="TikTok Shop",
    short="tt",
    markets=frozenset({"MY", "PH", "TH", "VN", "SG", "ID", "US", "UK"}),
    base_url="https://open-api.tiktokglobalshop.com",
    auth_url="https://auth.tiktok-shops.com",
    operations=MappingProxyType(OPERATIONS),
    streams=MappingProxyType(STREAMS),
    limits=Limits(
        calls_per_second=50,
        start_at_per_second=5,
        burst=8,
        calls_per_day={"customer_service": CHAT_CALLS_A_DAY},
        day_groups={operation.name: "customer_service" for operation in CONVERSATIONS},
    ),
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
            "package": packages.package_request,
            "return": lambda return_id: after_sales.list_returns_request(return_ids=[return_id]),
            "cancellation": lambda cancel_id: after_sales.list_cancellations_request(cancel_ids=[cancel_id]),
            "listing": listings.product_request,
            "conversation": conversations.conversation_request,
        }
    ),
    not_offered=MappingProxyType(NOT_OFFERED),
)
