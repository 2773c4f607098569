"""Where one part of a shop's life is continued by another: order paid, delivered, a new day.

    @on("order_paid")
    def reserve(shop: Shop, order: Order) -> None: ...

Handlers run in the order in which their modules are imported (domains.py), at the instant `shop.now`.
"""

from storeward_sandbox.life import Hooks

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

HOOKS = Hooks(MOMENTS)
on = HOOKS.on
tell = HOOKS.tell
