"""What `sync` keeps up to date on TikTok Shop, and how often. Figures follow fact sheet sections 8, 9 and 17."""

from datetime import timedelta
from typing import Final

from storeward.connectors.contract import Progress, Stream

from . import orders
from .requests import next_page

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
    poll_every=timedelta(minutes=2),
    trust_for=timedelta(minutes=30),
    overlap=timedelta(minutes=5),
    first_fill=timedelta(days=90),
    scope="seller.order.info",
    value=10,
)

STREAMS: Final = {stream.name: stream for stream in (ORDERS,)}
