"""Where one part of a shop's life is continued by another: order paid, delivered, a new day.

    @on("order_paid")
    def reserve(shop: Shop, order: Order) -> None: ...

Handlers run in the order in which their modules are imported (domains.py), at the instant `shop.now`.
"""

from collections.abc import Callable
from typing import Any

MOMENTS = (
    "seed",  # (shop): the shop's past begins; make what exists from its first day
    "day",  # (shop): 00:00 UTC of every day
    "order_placed",  # (shop, order)
    "order_paid",  # (shop, order)
    "order_arranged",  # (shop, order): every unit ready to ship
    "order_collected",  # (shop, order)
    "order_delivered",  # (shop, order)
    "order_completed",  # (shop, order)
    "order_cancelled",  # (shop, order): also for some of its lines; see line.status
    "settled",  # (shop): the past has been worked out up to the start; make up what a shop must have by then
)

Handler = Callable[..., None]
_handlers: dict[str, list[Handler]] = {moment: [] for moment in MOMENTS}


def on(moment: str) -> Callable[[Handler], Handler]:
    """Call the decorated function at every `moment` of a shop's life."""

    def register(handler: Handler) -> Handler:
        _handlers[moment].append(handler)
        return handler

    return register


def tell(moment: str, *what: Any) -> None:
    for handler in _handlers[moment]:
        handler(*what)
