"""What `sync` keeps up to date on TikTok Shop, and how often.

Page sizes, orders and spans follow fact sheet sections 8, 9 and 15 to 17. Trust times are ours: how long what a stream last
said is shown as fine while nothing newer comes.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from storeward.connectors.contract import Ask, Progress, Request, Stream

from . import after_sales, conversations, finance, listings, metrics, orders, packages, stores
from .requests import next_page

MINUTES: Final = timedelta(minutes=1)
HOURS: Final = timedelta(hours=1)
DAYS: Final = timedelta(days=1)
WEST: Final = frozenset({"US", "UK"})
"""Where payments are offered: not in south-east Asia."""
US: Final = frozenset({"US"})
CHAT: Final = "seller.customer_service"
FINANCE: Final = "seller.finance.info"


def _between(ask: Ask) -> tuple[datetime, datetime]:
    """Both ends, for calls that want both: an open end reaches from 1970, or to the far future."""
    return ask.since or datetime(1970, 1, 1, tzinfo=UTC), ask.until or datetime(9999, 1, 1, tzinfo=UTC)


def _days(ask: Ask) -> tuple[date, date]:
    """The days of the span, in the zone of the instants given (the store's own); the end is exclusive, never empty."""
    since, until = _between(ask)
    return since.date(), max(until.date(), since.date() + DAYS)


def _one(ask: Ask) -> str:
    (key,) = ask.keys
    return key


def _sessions(ask: Ask) -> Request:
    since, until = _between(ask)
    size = ask.page_size or conversations.SESSIONS_PER_PAGE
    return conversations.list_sessions_request(began_since=since, began_until=until, page_size=size)


STORES: Final = Stream(
    name="stores",
    operation="getAuthorizedShops",
    kinds=("store",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: stores.authorized_shops_request(),
    turn=next_page,
    page_size=100,
    poll_every=12 * HOURS,
    trust_for=3 * DAYS,
    scope="seller.authorization.info",
    value=2,
)

ORDERS: Final = Stream(
    name="orders",
    operation="getOrderList",
    kinds=("order",),
    progress=Progress.WINDOW,
    first=lambda ask: orders.list_orders_request(
        updated_since=ask.since, updated_until=ask.until, page_size=ask.page_size or orders.PAGE_SIZE
    ),
    turn=next_page,
    page_size=orders.PAGE_SIZE,
    poll_every=2 * MINUTES,
    trust_for=30 * MINUTES,
    overlap=5 * MINUTES,
    first_fill=90 * DAYS,
    scope="seller.order.info",
    value=10,
)

PACKAGES: Final = Stream(
    name="packages",
    operation="searchPackage",
    kinds=("package",),
    progress=Progress.WINDOW,
    first=lambda ask: packages.list_packages_request(
        updated_since=ask.since, updated_until=ask.until, page_size=ask.page_size or packages.PAGE_SIZE
    ),
    turn=next_page,
    page_size=packages.PAGE_SIZE,
    poll_every=10 * MINUTES,
    trust_for=2 * HOURS,
    overlap=10 * MINUTES,
    first_fill=30 * DAYS,
    scope="seller.fulfillment.basic",
    value=5,
)

RETURNS: Final = Stream(
    name="returns",
    operation="searchReturns",
    kinds=("return",),
    progress=Progress.WINDOW,
    first=lambda ask: after_sales.list_returns_request(
        updated_since=ask.since, updated_until=ask.until, page_size=ask.page_size or after_sales.PAGE_SIZE
    ),
    turn=next_page,
    page_size=after_sales.PAGE_SIZE,
    poll_every=5 * MINUTES,
    trust_for=2 * HOURS,
    overlap=10 * MINUTES,
    first_fill=90 * DAYS,
    scope="seller.return_refund.basic",
    value=8,
)

CANCELLATIONS: Final = Stream(
    name="cancellations",
    operation="searchCancellations",
    kinds=("cancellation",),
    progress=Progress.WINDOW,
    first=lambda ask: after_sales.list_cancellations_request(
        updated_since=ask.since, updated_until=ask.until, page_size=ask.page_size or after_sales.PAGE_SIZE
    ),
    turn=next_page,
    page_size=after_sales.PAGE_SIZE,
    poll_every=5 * MINUTES,
    trust_for=2 * HOURS,
    overlap=10 * MINUTES,
    first_fill=90 * DAYS,
    scope="seller.return_refund.basic",
    value=8,
)

LISTINGS: Final = Stream(
    name="listings",
    operation="searchProducts",
    kinds=("listing",),
    progress=Progress.WINDOW,
    first=lambda ask: listings.list_products_request(
        updated_since=ask.since, updated_until=ask.until, page_size=ask.page_size or listings.PAGE_SIZE
    ),
    turn=next_page,
    page_size=listings.PAGE_SIZE,
    poll_every=30 * MINUTES,
    trust_for=24 * HOURS,
    overlap=10 * MINUTES,
    scope="seller.product.basic",
    value=3,
)

LISTING_PAGES: Final = Stream(
    name="listing_pages",
    operation="getProduct",
    kinds=("listing",),
    progress=Progress.KEYS,
    first=lambda ask: listings.product_request(ask.keys[0]),
    turn=next_page,
    page_size=1,
    poll_every=24 * HOURS,  # words and pictures, which the search leaves out; pushes bring what is new
    trust_for=3 * DAYS,
    keys_per_call=1,
    keys_from="listings",
    scope="seller.product.basic",
)

STOCK: Final = Stream(
    name="stock",
    operation="inventorySearch",
    kinds=("listing",),
    progress=Progress.KEYS,
    first=lambda ask: listings.stock_request(ask.keys),
    turn=next_page,
    page_size=listings.PRODUCTS_PER_STOCK_CALL,
    poll_every=30 * MINUTES,
    trust_for=6 * HOURS,
    keys_per_call=listings.PRODUCTS_PER_STOCK_CALL,
    keys_from="listings",
    scope="seller.product.basic",
    value=4,
)

CONVERSATIONS: Final = Stream(
    name="conversations",
    operation="getConversations",
    kinds=("conversation", "message"),
    progress=Progress.RECENT,
    first=lambda ask: conversations.list_conversations_request(page_size=ask.page_size or conversations.CONVERSATIONS_PER_PAGE),
    turn=next_page,
    page_size=conversations.CONVERSATIONS_PER_PAGE,
    poll_every=10 * MINUTES,
    trust_for=1 * HOURS,
    first_fill=30 * DAYS,
    scope=CHAT,
    value=6,
)

MESSAGES: Final = Stream(
    name="messages",
    operation="getConversationMessages",
    kinds=("message",),
    progress=Progress.KEYS,
    first=lambda ask: conversations.list_messages_request(_one(ask), page_size=ask.page_size or conversations.MESSAGES_PER_PAGE),
    turn=next_page,
    page_size=conversations.MESSAGES_PER_PAGE,
    poll_every=10 * MINUTES,
    trust_for=1 * HOURS,
    first_fill=30 * DAYS,
    keys_per_call=1,
    keys_from="conversations",
    scope=CHAT,
    value=6,
)

SESSIONS: Final = Stream(
    name="sessions",
    operation="searchSessions",
    kinds=("conversation",),
    progress=Progress.WINDOW,
    first=_sessions,
    turn=next_page,
    page_size=conversations.SESSIONS_PER_PAGE,
    poll_every=1 * HOURS,
    trust_for=6 * HOURS,
    overlap=24 * HOURS,  # a session is answered and rated after it began, and is found by when it began
    first_fill=89 * DAYS,
    longest_window=90 * DAYS,
    scope=CHAT,
    value=2,
)

CHAT_PERFORMANCE: Final = Stream(
    name="chat_performance",
    operation="getCustomerServicePerformance",
    kinds=("metric",),
    progress=Progress.WINDOW,
    first=lambda ask: metrics.chat_performance_request(*_days(ask)),
    turn=next_page,
    page_size=1,
    poll_every=12 * HOURS,
    trust_for=2 * DAYS,
    overlap=1 * DAYS,
    first_fill=30 * DAYS,
    scope=CHAT,
)

STATEMENTS: Final = Stream(
    name="statements",
    operation="getStatements",
    kinds=("statement",),
    progress=Progress.WINDOW,
    first=lambda ask: finance.list_statements_request(
        since=ask.since, until=ask.until, page_size=ask.page_size or finance.PAGE_SIZE
    ),
    turn=next_page,
    page_size=finance.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=36 * HOURS,
    overlap=14 * DAYS,  # found by their day, but paid up to two weeks later
    first_fill=90 * DAYS,
    scope=FINANCE,
    value=2,
)

STATEMENT_LINES: Final = Stream(
    name="statement_lines",
    operation="getTransactionsByStatement",
    kinds=("transaction",),
    progress=Progress.KEYS,
    first=lambda ask: finance.statement_lines_request(_one(ask), page_size=ask.page_size or finance.PAGE_SIZE),
    turn=next_page,
    page_size=finance.PAGE_SIZE,
    poll_every=24 * HOURS,
    trust_for=7 * DAYS,
    keys_per_call=1,
    keys_from="statements",
    scope=FINANCE,
)

PAYMENTS: Final = Stream(
    name="payments",
    operation="getPayments",
    kinds=("transaction",),
    progress=Progress.WINDOW,
    first=lambda ask: finance.list_payments_request(
        since=ask.since, until=ask.until, page_size=ask.page_size or finance.PAGE_SIZE
    ),
    turn=next_page,
    page_size=finance.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=36 * HOURS,
    overlap=14 * DAYS,
    first_fill=90 * DAYS,
    markets=WEST,
    scope=FINANCE,
)

WALLET: Final = Stream(
    name="wallet",
    operation="getSellerFinancialTransactions",
    kinds=("transaction",),
    progress=Progress.WINDOW,
    first=lambda ask: finance.list_withdrawals_request(
        since=ask.since, until=ask.until, page_size=ask.page_size or finance.PAGE_SIZE
    ),
    turn=next_page,
    page_size=finance.PAGE_SIZE,
    poll_every=1 * HOURS,
    trust_for=24 * HOURS,
    overlap=14 * DAYS,
    first_fill=90 * DAYS,
    scope=FINANCE,
    value=4,
)

UNSETTLED: Final = Stream(
    name="unsettled",
    operation="getUnsettledTransactions",
    kinds=("transaction",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: finance.list_unsettled_request(
        since=ask.since, until=ask.until, page_size=ask.page_size or finance.PAGE_SIZE
    ),
    turn=next_page,
    page_size=finance.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=36 * HOURS,
    scope=FINANCE,
    value=2,
)

SCORE: Final = Stream(
    name="score",
    operation="getSPSOverview",
    kinds=("metric",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: metrics.score_request(),
    turn=next_page,
    page_size=1,
    poll_every=12 * HOURS,
    trust_for=3 * DAYS,
    markets=US,
    scope="data.shop_analytics.public.read",
    value=2,
)

SCORE_METRICS: Final = Stream(
    name="score_metrics",
    operation="getSPSMetrics",
    kinds=("metric",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: metrics.score_metrics_request(),
    turn=next_page,
    page_size=1,
    poll_every=12 * HOURS,
    trust_for=3 * DAYS,
    markets=US,
    scope="data.shop_analytics.public.read",
    value=2,
)

PERFORMANCE: Final = Stream(
    name="performance",
    operation="getShopPerformance",
    kinds=("metric",),
    progress=Progress.WINDOW,
    first=lambda ask: metrics.shop_performance_request(*_days(ask)),
    turn=next_page,
    page_size=1,
    poll_every=12 * HOURS,
    trust_for=3 * DAYS,
    overlap=2 * DAYS,
    first_fill=30 * DAYS,
    scope="data.shop_analytics.public.read",
)

ALL: Final = (
    STORES,
    ORDERS,
    PACKAGES,
    RETURNS,
    CANCELLATIONS,
    LISTINGS,
    LISTING_PAGES,
    STOCK,
    CONVERSATIONS,
    MESSAGES,
    SESSIONS,
    CHAT_PERFORMANCE,
    STATEMENTS,
    STATEMENT_LINES,
    PAYMENTS,
    WALLET,
    UNSETTLED,
    SCORE,
    SCORE_METRICS,
    PERFORMANCE,
)
STREAMS: Final = {stream.name: stream for stream in ALL}
