"""Where one part of a shop's life is continued by another: order ready, delivered, a new day.

    @on("order_ready")
    def reserve(shop: Shop, order: Order) -> None: ...

Handlers run in the order in which their modules are imported (domains.py), at the instant `shop.now`.
"""

from storeward_sandbox.life import Hooks

MOMENTS = (
    "seed",  # (shop): the shop's past begins; make what exists from its first day
    "day",  # (shop): 00:00 UTC of every day
    "order_placed",  # (shop, order)
    "order_ready",  # (shop, order): paid or confirmed, and nothing holds it back
    "order_arranged",  # (shop, order): every package arranged
    "order_collected",  # (shop, order)
    "order_delivered",  # (shop, order)
    "order_completed",  # (shop, order)
    "order_cancelled",  # (shop, order)
    "return_refunded",  # (shop, return)
    "settled",  # (shop): the past has been worked out up to the start; make up what a shop must have by then
)

HOOKS = Hooks(MOMENTS)
on = HOOKS.on
tell = HOOKS.tell
