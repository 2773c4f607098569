"""TikTok Shop: Partner API 202309 and later, all markets. The fact sheet is the source; no live service was called."""

from types import MappingProxyType
from typing import Final

from storeward.connectors.contract import Connector, Limits

from . import oauth, orders, push, signing
from .errors import PLATFORM, error_of
from .operations import OPERATIONS
from .streams import STREAMS

CONNECTOR: Final = Connector(
    id=PLATFORM,
    label="TikTok Shop",
    short="tt",
    markets=frozenset({"MY", "PH", "TH", "VN", "SG", "ID", "US", "UK"}),
    base_url="https://open-api.tiktokglobalshop.com",
    auth_url="https://auth.tiktok-shops.com",
    operations=MappingProxyType(OPERATIONS),
    streams=MappingProxyType(STREAMS),
    limits=Limits(calls_per_second=50, start_at_per_second=5, burst=8),
    sign=signing.sign,
    error_of=error_of,
    consent_url=oauth.consent_url,
    token_request=oauth.token_request,
    refresh_request=oauth.refresh_request,
    parse_tokens=oauth.parse_tokens,
    verify_push=signing.verify_push,
    parse_push=push.parse_push,
    read_one_requests=MappingProxyType({"order": lambda order_id: orders.order_detail_request([order_id])}),
)
