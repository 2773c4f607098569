"""What `sync` keeps up to date on Douyin Shop, and how often.

Windows, page sizes and caps follow section 5 of the fact sheet. Trust times are ours: how long what a stream last said is shown
as fine while nothing newer comes.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from storeward.connectors.contract import Ask, Progress, Request, Stream

from . import after_sales, finance, listings, orders, stores, tickets
from .paging import only_page, turn_by_change, turn_cursor, turn_number

MINUTES: Final = timedelta(minutes=1)
HOURS: Final = timedelta(hours=1)
DAYS: Final = timedelta(days=1)
EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
LISTED_FOR: Final = 90 * DAYS
"""Orders that were created before are not listed."""


def _between(ask: Ask) -> tuple[datetime, datetime]:
    """Both ends, for calls that want both: an open end reaches to before the platform's time, or far ahead."""
    return ask.since or EARLIEST, ask.until or LATEST


def _one(read: Callable[[str], Request]) -> Callable[[Ask], Request]:
    """A question about one key."""

    def ask_for(ask: Ask) -> Request:
        (key,) = ask.keys
        return read(key)

    return ask_for


def _orders(ask: Ask) -> Request:
    since, until = _between(ask)
    return orders.list_orders_request(updated_since=since, updated_until=until, page_size=ask.page_size or orders.PAGE_SIZE)


def _after_sales(ask: Ask) -> Request:
    since, until = _between(ask)
    size = ask.page_size or after_sales.PAGE_SIZE
    return after_sales.list_after_sales_request(updated_since=since, updated_until=until, page_size=size)


def _tickets(ask: Ask) -> Request:
    since, until = _between(ask)
    return tickets.list_tickets_request(since=since, until=until, page_size=ask.page_size or tickets.PAGE_SIZE)


def _settlements(ask: Ask) -> Request:
    since, until = _between(ask)
    return finance.list_settlements_request(since=since, until=until, page_size=ask.page_size or finance.PAGE_SIZE)


def _movements(ask: Ask) -> Request:
    since, until = _between(ask)
    return finance.list_movements_request(since=since, until=until, page_size=ask.page_size or finance.MOVEMENTS_PER_PAGE)


STORES: Final = Stream(
    name="stores",
    operation="shop.reputation",
    kinds=("store", "metric"),
    progress=Progress.SNAPSHOT,
    first=lambda ask: stores.reputation_request(),
    turn=only_page,
    page_size=1,
    poll_every=12 * HOURS,
    trust_for=3 * DAYS,
    value=2,
)

ORDERS: Final = Stream(
    name="orders",
    operation="order.searchList",
    kinds=("order",),
    progress=Progress.WINDOW,
    first=_orders,
    turn=turn_by_change("update_time_start"),
    page_size=orders.PAGE_SIZE,
    poll_every=2 * MINUTES,
    trust_for=30 * MINUTES,
    overlap=5 * MINUTES,
    first_fill=LISTED_FOR,
    value=10,
)

RETURNS: Final = Stream(
    name="returns",
    operation="afterSale.List",
    kinds=("return",),
    progress=Progress.WINDOW,
    first=_after_sales,
    turn=turn_by_change("update_start_time"),
    page_size=after_sales.PAGE_SIZE,
    poll_every=5 * MINUTES,
    trust_for=2 * HOURS,
    overlap=10 * MINUTES,
    first_fill=LISTED_FOR,
    details=lambda ids: after_sales.after_sale_request(ids[0]),  # only the detail says what was paid
    details_per_call=1,
    value=8,
)

LISTINGS: Final = Stream(
    name="listings",
    operation="product.listV2",
    kinds=("listing",),
    progress=Progress.WINDOW,
    first=lambda ask: listings.list_products_request(
        updated_since=ask.since, updated_until=ask.until, page_size=ask.page_size or listings.PAGE_SIZE
    ),
    turn=turn_number,
    page_size=listings.PAGE_SIZE,
    poll_every=30 * MINUTES,
    trust_for=24 * HOURS,
    overlap=10 * MINUTES,
    details=lambda ids: listings.product_request(ids[0]),  # the list knows no SKUs
    details_per_call=1,
    value=3,
)

STOCK: Final = Stream(
    name="stock",
    operation="sku.list",
    kinds=("listing",),
    progress=Progress.KEYS,
    first=_one(listings.skus_request),
    turn=only_page,
    page_size=1,
    poll_every=30 * MINUTES,
    trust_for=6 * HOURS,
    keys_per_call=1,
    keys_from="listings",
    value=4,
)

TICKETS: Final = Stream(
    name="tickets",
    operation="order.getServiceList",
    kinds=("conversation",),
    progress=Progress.WINDOW,
    first=_tickets,
    turn=turn_number,
    page_size=tickets.PAGE_SIZE,
    poll_every=10 * MINUTES,
    trust_for=2 * HOURS,
    overlap=7 * DAYS,  # whether the window is of creation or of change is not documented: open ones are found again
    first_fill=30 * DAYS,
    details=lambda ids: tickets.ticket_request(ids[0]),  # only the detail says when it runs out
    details_per_call=1,
    value=6,
)

SETTLEMENTS: Final = Stream(
    name="statement_lines",
    operation="order.getSettleBillDetailV3",
    kinds=("transaction",),
    progress=Progress.WINDOW,
    first=_settlements,
    turn=turn_cursor,
    page_size=finance.PAGE_SIZE,
    poll_every=6 * HOURS,
    trust_for=36 * HOURS,
    overlap=2 * DAYS,  # yesterday is complete at 10:00
    first_fill=90 * DAYS,
    longest_window=7 * DAYS,
    value=2,
)

WALLET: Final = Stream(
    name="wallet",
    operation="order.getShopAccountItem",
    kinds=("transaction",),
    progress=Progress.WINDOW,
    first=_movements,
    turn=turn_cursor,
    page_size=finance.MOVEMENTS_PER_PAGE,
    poll_every=6 * HOURS,
    trust_for=36 * HOURS,
    overlap=2 * DAYS,
    first_fill=90 * DAYS,
    value=4,
)

SCORE: Final = Stream(
    name="score",
    operation="shop.getExperienceScore",
    kinds=("metric",),
    progress=Progress.SNAPSHOT,
    first=lambda ask: stores.experience_request(),
    turn=only_page,
    page_size=1,
    poll_every=12 * HOURS,
    trust_for=3 * DAYS,
    value=2,
)

ALL: Final = (STORES, ORDERS, RETURNS, LISTINGS, STOCK, TICKETS, SETTLEMENTS, WALLET, SCORE)
STREAMS: Final = {stream.name: stream for stream in ALL}
