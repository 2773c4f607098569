"""Where one part of a shop's life is continued by another.

    @on("order_paid")
    def take_stock(shop: Shop, order: Order) -> None: ...

Handlers run in the order in which their modules are imported (domains.py), at the instant `shop.now`.
"""

from storeward_sandbox.life import Hooks

MOMENTS = (
    "seed",  # (shop): the shop's past begins; make what exists from its first day
    "day",  # (shop): 08:00 in China, midnight UTC
    "order_placed",  # (shop, order)
    "order_paid",  # (shop, order)
    "seller_turn",  # (shop, order): the seller meant to ship it now
    "order_shipped",  # (shop, order): all of it
    "order_late",  # (shop, order, times): the promised time has passed, for the first time or once more after 24 hours
    "order_delivered",  # (shop, order)
    "order_finished",  # (shop, order)
    "order_cancelled",  # (shop, order)
    "case_agreed",  # (shop, case): by the merchant or by the platform, and something is to be sent now
    "line_refunded",  # (shop, order, line, case): money has gone back to the buyer
    "settled",  # (shop): the past has been worked out up to the start; make up what a shop must have by then
)

HOOKS = Hooks(MOMENTS)
on = HOOKS.on
tell = HOOKS.tell
