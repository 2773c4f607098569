"""What `sync` keeps up to date on Shopee, and how often.

Windows, page sizes and first pages follow fact sheet section 9. Lists of orders, packages and listings give numbers only: each
page is read in full before anything counts as seen. Trust times are ours.
"""

from datetime import timedelta
from typing import Final

from storeward.connectors.contract import Ask, Progress, Stream

from . import after_sales, conversations, finance, health, listings, orders, packages, payouts, reviews, stores, violations
from .codes import MARKETS
from .requests import next_cursor, next_in_body, next_offset, next_page_no

MINUTES: Final = timedelta(minutes=1)
HOURS: Final = timedelta(hours=1)
DAYS: Final = timedelta(days=1)
LOCAL: Final = frozenset({"local"})
CROSS_BORDER: Final = frozenset({"cross_border"})
CHAT_MARKETS: Final = MARKETS - {"TW", "BR"}
"""Where chat is offered by call to those who may use it at all."""


def _one(ask: Ask) -> str:
    (key,) = ask.keys
    return key


STORES: Final = Stream(
    name="stores",
    operation="shop.get_shop_info",
    kinds=("store",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: stores.shop_info_request(),
    turn=next_cursor,
    page_size=1,
    poll_every=12 * HOURS,
    trust_for=3 * DAYS,
    value=2,
)

ORDERS: Final = Stream(
    name="orders",
    operation="order.get_order_list",
    kinds=("order", "cancellation"),
    progress=Progress.WINDOW,
    first=orders.list_orders_request,
    turn=next_cursor,
    page_size=orders.PAGE_SIZE,
    poll_every=2 * MINUTES,
    trust_for=30 * MINUTES,
    overlap=10 * MINUTES,
    first_fill=90 * DAYS,
    longest_window=orders.LONGEST_WINDOW,
    details=orders.order_detail_request,
    details_per_call=orders.IDS_PER_CALL,
    value=10,
)

PACKAGES: Final = Stream(
    name="packages",
    operation="order.search_package_list",
    kinds=("package",),
    progress=Progress.SNAPSHOT,
    first=packages.search_packages_request,
    turn=next_in_body,
    page_size=packages.PAGE_SIZE,
    poll_every=10 * MINUTES,
    trust_for=1 * HOURS,
    details=packages.package_detail_request,
    details_per_call=packages.IDS_PER_CALL,
    value=8,
)

ARRANGED: Final = Stream(
    name="packages_arranged",
    operation="order.search_package_list",
    kinds=("package",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: packages.search_packages_request(ask, package_status=packages.PROCESSED),
    turn=next_in_body,
    page_size=packages.PAGE_SIZE,
    poll_every=20 * MINUTES,
    trust_for=2 * HOURS,
    details=packages.package_detail_request,
    details_per_call=packages.IDS_PER_CALL,
    value=5,
)

RETURNS: Final = Stream(
    name="returns",
    operation="returns.get_return_list",
    kinds=("return",),
    progress=Progress.WINDOW,
    first=after_sales.list_returns_request,
    turn=next_page_no,
    page_size=after_sales.PAGE_SIZE,
    poll_every=5 * MINUTES,
    trust_for=2 * HOURS,
    overlap=10 * MINUTES,
    first_fill=90 * DAYS,
    longest_window=after_sales.LONGEST_WINDOW,
    details=lambda ids: after_sales.return_request(ids[0]),
    details_per_call=1,
    value=8,
)

LISTINGS: Final = Stream(
    name="listings",
    operation="product.get_item_list",
    kinds=("listing",),
    progress=Progress.WINDOW,
    first=listings.list_items_request,
    turn=next_offset,
    page_size=listings.PAGE_SIZE,
    poll_every=30 * MINUTES,
    trust_for=24 * HOURS,
    overlap=10 * MINUTES,
    details=listings.item_request,
    details_per_call=listings.IDS_PER_CALL,
    value=3,
)

STOCK: Final = Stream(
    name="stock",
    operation="product.get_item_base_info",
    kinds=("listing",),
    progress=Progress.KEYS,
    first=lambda ask: listings.item_request(ask.keys),
    turn=next_offset,
    page_size=listings.IDS_PER_CALL,
    poll_every=30 * MINUTES,
    trust_for=6 * HOURS,
    keys_per_call=listings.IDS_PER_CALL,
    keys_from="listings",
    value=4,
)

VARIATIONS: Final = Stream(
    name="variations",
    operation="product.get_model_list",
    kinds=("listing",),
    progress=Progress.KEYS,
    first=lambda ask: listings.models_request(_one(ask)),
    turn=next_offset,
    page_size=1,
    poll_every=2 * HOURS,
    trust_for=12 * HOURS,
    keys_per_call=1,
    keys_from="listings",
    value=3,
)

LISTING_VIOLATIONS: Final = Stream(
    name="listing_violations",
    operation="product.get_item_violation_info",
    kinds=("violation", "listing"),
    progress=Progress.KEYS,
    first=lambda ask: violations.violations_request(ask.keys),
    turn=next_offset,
    page_size=listings.IDS_PER_CALL,
    poll_every=6 * HOURS,
    trust_for=24 * HOURS,
    keys_per_call=listings.IDS_PER_CALL,
    keys_from="listings",
    value=3,
)

REVIEWS: Final = Stream(
    name="reviews",
    operation="product.get_comment",
    kinds=("review",),
    progress=Progress.RECENT,
    first=lambda ask: reviews.list_reviews_request(page_size=ask.page_size or reviews.PAGE_SIZE),
    turn=next_cursor,
    page_size=reviews.PAGE_SIZE,
    poll_every=1 * HOURS,
    trust_for=24 * HOURS,
    overlap=1 * DAYS,
    first_fill=90 * DAYS,
    value=2,
)

CONVERSATIONS: Final = Stream(
    name="conversations",
    operation="sellerchat.get_conversation_list",
    kinds=("conversation",),
    progress=Progress.RECENT,
    first=lambda ask: conversations.list_conversations_request(page_size=ask.page_size or conversations.CONVERSATIONS_PER_PAGE),
    turn=conversations.next_conversations,
    page_size=conversations.CONVERSATIONS_PER_PAGE,
    poll_every=5 * MINUTES,
    trust_for=1 * HOURS,
    first_fill=30 * DAYS,
    markets=CHAT_MARKETS,
    value=6,
)

MESSAGES: Final = Stream(
    name="messages",
    operation="sellerchat.get_message",
    kinds=("message",),
    progress=Progress.KEYS,
    first=lambda ask: conversations.list_messages_request(_one(ask), page_size=ask.page_size or conversations.MESSAGES_PER_PAGE),
    turn=conversations.next_messages,
    page_size=conversations.MESSAGES_PER_PAGE,
    poll_every=5 * MINUTES,
    trust_for=1 * HOURS,
    first_fill=30 * DAYS,
    keys_per_call=1,
    keys_from="conversations",
    markets=CHAT_MARKETS,
    value=6,
)

WALLET: Final = Stream(
    name="wallet",
    operation="payment.get_wallet_transaction_list",
    kinds=("transaction",),
    progress=Progress.WINDOW,
    first=finance.wallet_request,
    turn=next_page_no,
    page_size=finance.WALLET_PAGE,
    poll_every=1 * HOURS,
    trust_for=24 * HOURS,
    overlap=2 * HOURS,
    first_fill=90 * DAYS,
    longest_window=finance.WALLET_WINDOW,
    sellers=LOCAL,
    value=4,
)

PAYOUTS: Final = Stream(
    name="payouts",
    operation="payment.get_payout_info",
    kinds=("statement",),
    progress=Progress.WINDOW,
    first=payouts.payouts_request,
    turn=next_cursor,
    page_size=payouts.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=36 * HOURS,
    overlap=2 * DAYS,
    first_fill=90 * DAYS,
    longest_window=payouts.PAYOUT_WINDOW,
    sellers=CROSS_BORDER,
    value=2,
)

TO_RELEASE: Final = Stream(
    name="to_release",
    operation="payment.get_billing_transaction_info",
    kinds=("transaction",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: payouts.billing_request(released=False, page_size=ask.page_size or payouts.PAGE_SIZE),
    turn=next_in_body,
    page_size=payouts.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=36 * HOURS,
    sellers=CROSS_BORDER,
)

RELEASES: Final = Stream(
    name="releases",
    operation="payment.get_escrow_list",
    kinds=("transaction",),
    progress=Progress.WINDOW,
    first=finance.escrows_request,
    turn=next_page_no,
    page_size=finance.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=36 * HOURS,
    overlap=1 * DAYS,
    first_fill=90 * DAYS,
    longest_window=finance.ESCROW_WINDOW,
    value=2,
)

RECKONINGS: Final = Stream(
    name="reckonings",
    operation="payment.get_escrow_list",
    kinds=("transaction",),
    progress=Progress.WINDOW,
    first=finance.escrows_request,
    turn=next_page_no,
    page_size=finance.PAGE_SIZE,
    poll_every=12 * HOURS,
    trust_for=3 * DAYS,
    overlap=1 * DAYS,
    first_fill=30 * DAYS,
    longest_window=finance.ESCROW_WINDOW,
    details=finance.escrow_batch_of,
    details_per_call=finance.DETAILS_PER_CALL,
)

PERFORMANCE: Final = Stream(
    name="performance",
    operation="account_health.get_shop_performance",
    kinds=("metric",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: health.performance_request(),
    turn=next_page_no,
    page_size=1,
    poll_every=6 * HOURS,
    trust_for=2 * DAYS,
    value=4,
)

POINTS: Final = Stream(
    name="points",
    operation="account_health.get_penalty_point_history",
    kinds=("points",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: health.points_request(page_size=ask.page_size or health.PAGE_SIZE),
    turn=next_page_no,
    page_size=health.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=2 * DAYS,
    value=4,
)

PUNISHMENTS: Final = Stream(
    name="punishments",
    operation="account_health.get_punishment_history",
    kinds=("violation",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: health.punishments_request(health.ONGOING, page_size=ask.page_size or health.PAGE_SIZE),
    turn=next_page_no,
    page_size=health.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=2 * DAYS,
    value=4,
)

PUNISHMENTS_ENDED: Final = Stream(
    name="punishments_ended",
    operation="account_health.get_punishment_history",
    kinds=("violation",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: health.punishments_request(health.ENDED, page_size=ask.page_size or health.PAGE_SIZE),
    turn=next_page_no,
    page_size=health.PAGE_SIZE,
    poll_every=24 * HOURS,
    trust_for=7 * DAYS,
)

LISTING_ISSUES: Final = Stream(
    name="listing_issues",
    operation="account_health.get_listings_with_issues",
    kinds=("violation",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: health.issues_request(page_size=ask.page_size or health.PAGE_SIZE),
    turn=next_page_no,
    page_size=health.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=2 * DAYS,
    value=2,
)

ALL: Final = (
    STORES,
    ORDERS,
    PACKAGES,
    ARRANGED,
    RETURNS,
    LISTINGS,
    STOCK,
    VARIATIONS,
    LISTING_VIOLATIONS,
    REVIEWS,
    CONVERSATIONS,
    MESSAGES,
    WALLET,
    PAYOUTS,
    TO_RELEASE,
    RELEASES,
    RECKONINGS,
    PERFORMANCE,
    POINTS,
    PUNISHMENTS,
    PUNISHMENTS_ENDED,
    LISTING_ISSUES,
)
STREAMS: Final = {stream.name: stream for stream in ALL}
