"""What `sync` keeps up to date on Lazada, and how often.

Page sizes, orders and spans follow fact sheet sections 8, 9 and 15 to 19. Trust times are ours: how long what a stream last said
is shown as fine while nothing newer comes.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from storeward.connectors.contract import Ask, Progress, Request, Stream

from . import after_sales, conversations, finance, lines, listings, metrics, orders, reviews, stores
from .requests import turn

MINUTES: Final = timedelta(minutes=1)
HOURS: Final = timedelta(hours=1)
DAYS: Final = timedelta(days=1)
REVIEW_WINDOW: Final = 7 * DAYS
LINES_WINDOW: Final = 90 * DAYS
"""The platform allows less than 180 days."""


def _one(ask: Ask) -> str:
    (key,) = ask.keys
    return key


def _day(at: datetime | None) -> date | None:
    return at.date() if at is not None else None


def _fee_lines(ask: Ask) -> Request:
    """Both ends are needed; an open one is as far off as the window allows."""
    since = ask.since or datetime(2012, 1, 1, tzinfo=UTC)
    until = ask.until or since + LINES_WINDOW
    return finance.lines_request(since.date(), until.date(), page_size=ask.page_size or finance.LINES_A_PAGE)


def _review_ids(ask: Ask) -> Request:
    """The last days' reviews of one product, as far as one question reaches."""
    if ask.until is None:
        raise ValueError("reviews are asked for by a span")
    since = max(ask.since, ask.until - REVIEW_WINDOW) if ask.since is not None else ask.until - REVIEW_WINDOW
    return reviews.review_ids_request(_one(ask), since, ask.until)


STORES: Final = Stream(
    name="stores",
    operation=stores.SELLER,
    kinds=("store",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: stores.seller_request(),
    turn=turn,
    page_size=1,
    poll_every=12 * HOURS,
    trust_for=3 * DAYS,
    value=2,
)

ORDERS: Final = Stream(
    name="orders",
    operation=orders.LIST,
    kinds=("order",),
    progress=Progress.WINDOW,
    first=lambda ask: orders.list_orders_request(
        updated_since=ask.since, updated_until=ask.until, page_size=ask.page_size or orders.PAGE_SIZE
    ),
    turn=turn,
    page_size=orders.PAGE_SIZE,
    poll_every=2 * MINUTES,
    trust_for=30 * MINUTES,
    overlap=10 * MINUTES,
    first_fill=90 * DAYS,
    value=10,
    details=lines.items_of_orders_request,
    details_per_call=lines.ORDERS_PER_CALL,
    joined=lines.with_lines,
)

RETURNS: Final = Stream(
    name="returns",
    operation=after_sales.LIST,
    kinds=("return",),
    progress=Progress.WINDOW,
    first=lambda ask: after_sales.list_request(
        after_sales.RETURNS,
        updated_since=ask.since,
        updated_until=ask.until,
        page_size=ask.page_size or after_sales.PAGE_SIZE,
    ),
    turn=turn,
    page_size=after_sales.PAGE_SIZE,
    poll_every=5 * MINUTES,
    trust_for=2 * HOURS,
    overlap=15 * MINUTES,
    first_fill=90 * DAYS,
    value=8,
)

CANCELLATIONS: Final = Stream(
    name="cancellations",
    operation=after_sales.LIST,
    kinds=("cancellation",),
    progress=Progress.WINDOW,
    first=lambda ask: after_sales.list_request(
        after_sales.CANCELLATIONS,
        updated_since=ask.since,
        updated_until=ask.until,
        page_size=ask.page_size or after_sales.PAGE_SIZE,
    ),
    turn=turn,
    page_size=after_sales.PAGE_SIZE,
    poll_every=5 * MINUTES,
    trust_for=2 * HOURS,
    overlap=15 * MINUTES,
    first_fill=90 * DAYS,
    value=8,
)

LISTINGS: Final = Stream(
    name="listings",
    operation=listings.LIST,
    kinds=("listing",),
    progress=Progress.WINDOW,
    first=lambda ask: listings.list_products_request(
        updated_since=ask.since, updated_until=ask.until, page_size=ask.page_size or listings.PAGE_SIZE
    ),
    turn=turn,
    page_size=listings.PAGE_SIZE,
    poll_every=30 * MINUTES,
    trust_for=24 * HOURS,
    overlap=10 * MINUTES,
    value=3,
)

STOCK: Final = Stream(
    name="stock",
    operation=listings.LIST,
    kinds=("listing",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: listings.list_products_request(page_size=ask.page_size or listings.PAGE_SIZE, filter="live"),
    turn=turn,
    page_size=listings.PAGE_SIZE,
    poll_every=2 * HOURS,
    trust_for=6 * HOURS,  # what is sold changes stock, whether or not it counts as a change of the product
    value=4,
)

ALERTS: Final = Stream(
    name="alerts",
    operation=listings.ALERTS,
    kinds=("listing",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: listings.alerts_request(page_size=ask.page_size or listings.ALERTS_A_PAGE),
    turn=turn,
    page_size=listings.ALERTS_A_PAGE,
    poll_every=6 * HOURS,
    trust_for=2 * DAYS,
    value=3,
)

CONVERSATIONS: Final = Stream(
    name="conversations",
    operation=conversations.SESSIONS,
    kinds=("conversation",),
    progress=Progress.RECENT,
    first=lambda ask: conversations.list_sessions_request(page_size=ask.page_size or conversations.PAGE_SIZE),
    turn=turn,
    page_size=conversations.PAGE_SIZE,
    poll_every=15 * MINUTES,  # frequent polling can cost the permission: pushes bring what is new
    trust_for=1 * HOURS,
    overlap=10 * MINUTES,
    first_fill=30 * DAYS,
    value=6,
)

MESSAGES: Final = Stream(
    name="messages",
    operation=conversations.MESSAGES,
    kinds=("message",),
    progress=Progress.KEYS,
    first=lambda ask: conversations.list_messages_request(_one(ask), page_size=ask.page_size or conversations.PAGE_SIZE),
    turn=turn,
    page_size=conversations.PAGE_SIZE,
    poll_every=15 * MINUTES,
    trust_for=1 * HOURS,
    first_fill=30 * DAYS,
    keys_per_call=1,
    keys_from="conversations",
    value=6,
)

STATEMENTS: Final = Stream(
    name="statements",
    operation=finance.PAYOUTS,
    kinds=("statement",),
    progress=Progress.WINDOW,
    first=lambda ask: finance.payouts_request(created_since=_day(ask.since)),
    turn=turn,
    page_size=1000,
    poll_every=6 * HOURS,
    trust_for=36 * HOURS,
    overlap=21 * DAYS,  # found by the day they are made, but paid later
    first_fill=90 * DAYS,
    value=2,
)

STATEMENT_LINES: Final = Stream(
    name="statement_lines",
    operation=finance.LINES,
    kinds=("transaction",),
    progress=Progress.WINDOW,
    first=_fee_lines,
    turn=turn,
    page_size=finance.LINES_A_PAGE,
    poll_every=12 * HOURS,
    trust_for=36 * HOURS,
    overlap=21 * DAYS,  # whether a line was paid shows later
    first_fill=90 * DAYS,
    longest_window=LINES_WINDOW,
)

WALLET: Final = Stream(
    name="wallet",
    operation=finance.MOVEMENTS,
    kinds=("transaction",),
    progress=Progress.WINDOW,
    first=lambda ask: finance.movements_request(
        since=_day(ask.since), until=_day(ask.until), page_size=ask.page_size or finance.MOVEMENTS_A_PAGE
    ),
    turn=turn,
    page_size=finance.MOVEMENTS_A_PAGE,
    poll_every=2 * HOURS,
    trust_for=24 * HOURS,
    overlap=14 * DAYS,
    value=4,
)

PERFORMANCE: Final = Stream(
    name="performance",
    operation=metrics.PERFORMANCE,
    kinds=("metric",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: metrics.performance_request(),
    turn=turn,
    page_size=1,
    poll_every=6 * HOURS,
    trust_for=2 * DAYS,
    value=3,
)

FIGURES: Final = Stream(
    name="figures",
    operation=metrics.FIGURES,
    kinds=("metric",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: metrics.figures_request(),
    turn=turn,
    page_size=1,
    poll_every=6 * HOURS,
    trust_for=2 * DAYS,
    value=2,
)

REVIEWS: Final = Stream(
    name="reviews",
    operation=reviews.HISTORY,
    kinds=("review",),
    progress=Progress.KEYS,
    first=_review_ids,
    turn=turn,
    page_size=reviews.IDS_A_PAGE,
    poll_every=24 * HOURS,  # a sweep asks once for each product: pushes bring what is new
    trust_for=3 * DAYS,
    longest_window=REVIEW_WINDOW,
    keys_per_call=1,
    keys_from="listings",
    details=reviews.reviews_request,
    details_per_call=reviews.IDS_PER_CALL,
)

ALL: Final = (
    STORES,
    ORDERS,
    RETURNS,
    CANCELLATIONS,
    LISTINGS,
    STOCK,
    ALERTS,
    CONVERSATIONS,
    MESSAGES,
    STATEMENTS,
    STATEMENT_LINES,
    WALLET,
    PERFORMANCE,
    FIGURES,
    REVIEWS,
)
STREAMS: Final = {stream.name: stream for stream in ALL}
