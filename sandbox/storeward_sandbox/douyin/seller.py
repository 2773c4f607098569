"""The scripted seller: ships what is to be shipped."""

from storeward_sandbox.clock import HOUR

from .buying import carrier_for, waybill
from .hooks import on
from .order_writing import answer_address_change
from .orders import OPEN_TO_SHIP, Order, ship
from .shop import Shop


@on("seller_turn")
def ship_what_is_left(shop: Shop, order: Order) -> None:
    """Ship all that is left, or just the first line where the plan says so; wait while the buyer asks for a refund.

    What the stage itself moves (`plan.by`) is shipped even where the seller has long gone, so that every shop shows all states.
    """
    staged = order.plan.by != "" and not shop.settled
    if order.status not in OPEN_TO_SHIP or not (staged or shop.seller_works()):
        return
    answer_address_change(shop, order, agreed=True)
    if any(line.in_case for line in order.open_lines()):
        shop.after(6 * HOUR, lambda now: ship_what_is_left(shop, order))
        return
    left = [(line, line.count - line.shipped) for line in order.open_lines() if line.shipped < line.count]
    carrier = carrier_for(shop)
    chosen = left[:1] if order.plan.by == "half" and len(left) > 1 else left
    ship(shop, [order], chosen, carrier_code=carrier.code, tracking_no=waybill(shop, carrier))
    if len(chosen) < len(left):
        shop.after(20 * HOUR, lambda now: ship_what_is_left(shop, order))
