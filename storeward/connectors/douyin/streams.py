"""What `sync` keeps up to date on Douyin Shop, and how often.

Windows, page sizes and caps follow section 5 of the fact sheet. Trust times are ours: how long what a stream last said is shown
as fine while nothing newer comes.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from storeward.connectors.contract import Ask, Progress, Stream

from . import orders, stores
from .paging import only_page, turn_by_change

MINUTES: Final = timedelta(minutes=1)
HOURS: Final = timedelta(hours=1)
DAYS: Final = timedelta(days=1)
EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)


def _between(ask: Ask) -> tuple[datetime, datetime]:
    """Both ends, for calls that want both: an open end reaches to before the platform's time, or far ahead."""
    return ask.since or EARLIEST, ask.until or LATEST


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
    first=lambda ask: orders.list_orders_request(
        updated_since=_between(ask)[0], updated_until=_between(ask)[1], page_size=ask.page_size or orders.PAGE_SIZE
    ),
    turn=turn_by_change("update_time_start"),
    page_size=orders.PAGE_SIZE,
    poll_every=2 * MINUTES,
    trust_for=30 * MINUTES,
    overlap=5 * MINUTES,
    first_fill=90 * DAYS,
    value=10,
)

ALL: Final = (STORES, ORDERS)
STREAMS: Final = {stream.name: stream for stream in ALL}
