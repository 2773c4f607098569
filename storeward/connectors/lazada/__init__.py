"""Lazada: Open Platform, all six sites. The fact sheet is the source; no live service was called."""

from types import MappingProxyType
from typing import Final

from storeward.connectors.contract import Connector, Limits

from . import after_sales, conversations, lines, listings, oauth, orders, push, reviews, signing
from .errors import PLATFORM, error_of
from .operations import OPERATIONS
from .sites import SITES
from .streams import STREAMS

NOT_OFFERED: Final = {
    "account_health_rating": "Seller Center, account health",
    "violations": "Seller Center, account health",
    "non_compliance_points": "Seller Center, account health",
    "appeals": "Seller Center, account health",
    "order_limit": "Seller Center, account health",
    "balance": "Seller Center, finance; ours is an estimate: last statement's closing balance and what moved since",
    "next_payout_date": "Seller Center, finance",
    "bank_account": "Seller Center, finance",
    "tax_invoices": "Seller Center, finance",
    "packages": "no list: an order's lines name its packages, and its tracking is asked one order at a time",
    "pickup_booking": "Seller Center, orders",
    "own_fleet_labels": "nowhere: the store's own",
    "chat_deadlines": "nowhere; we reckon our own from messages",
    "store_reviews": "no list: reviews are found by product and week",
    "notices_push": "Seller Center, messages; they can be read without an instant",
    "webhook_setup": "the app's console: address and types are set by hand",
    "logins": "nowhere: only the people who log in know",
}
"""What no call gives -> where a person sees it."""

CONNECTOR: Final = Connector(
    id=PLATFORM,
    label="Lazada",
    short="lz",
    markets=frozenset(SITES),
    base_url=SITES["SG"].gateway,
    auth_url="https://auth.lazada.com/rest",
    operations=MappingProxyType(OPERATIONS),
    streams=MappingProxyType(STREAMS),
    limits=Limits(
        calls_per_second=10,  # no general figure is published; the lowest documented one of a single call
        start_at_per_second=5,
        burst=5,
    ),
    sign=signing.sign,
    error_of=error_of,
    consent_url=oauth.consent_url,
    token_request=oauth.token_request,
    refresh_request=oauth.refresh_request,
    parse_tokens=oauth.parse_tokens,
    verify_push=signing.verify_push,
    parse_pushes=push.parse_pushes,
    subscribe_requests=lambda address: (),
    read_one_requests=MappingProxyType(
        {
            "order": orders.order_request,
            "order_lines": lines.items_request,
            "return": after_sales.detail_request,
            "cancellation": after_sales.detail_request,
            "listing": listings.product_request,
            "conversation": conversations.session_request,
            "review": lambda review_id: reviews.reviews_request([review_id]),
        }
    ),
    not_offered=MappingProxyType(NOT_OFFERED),
    gateways=MappingProxyType({market: site.gateway for market, site in SITES.items()}),
)
