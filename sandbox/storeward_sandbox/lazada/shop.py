"""One store on one site, and the moments of its life that its parts listen to."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storeward_sandbox.life import Hooks, Store

from .ids import SHAPES
from .sites import SITES, Site

if TYPE_CHECKING:
    from .orders import Order
    from .packages import Package

HOOKS = Hooks(
    (
        "seed",  # (shop): its past begins; make what exists from its first day
        "day",  # (shop): 00:00 UTC of every day
        "order_placed",  # (shop, order)
        "order_paid",  # (shop, order)
        "lines_ready",  # (shop, order, lines): marked ready to ship
        "lines_shipped",  # (shop, order, lines): the carrier has them
        "lines_delivered",  # (shop, order, lines)
        "order_confirmed",  # (shop, order): the buyer has what was bought
        "lines_cancelled",  # (shop, order, lines): before the carrier had them
        "lines_back",  # (shop, order, lines): returned, or never delivered
        "lines_lost",  # (shop, order, lines): by the carrier, or broken
        "line_refunded",  # (shop, order, line): the buyer has the money back
        "settled",  # (shop): the past is over; make up what a store must have by then
    )
)
on = HOOKS.on
tell = HOOKS.tell


@dataclass(eq=False, kw_only=True)
class Shop(Store):
    """One store: `id` is the seller id. `ease` marks a half-managed store, some calls of which are refused."""

    hooks = HOOKS
    id_shapes = SHAPES

    code: str
    user_id: str
    email: str
    cross_border: bool
    ease: bool = False
    status: str = "ACTIVE"
    orders: dict[str, "Order"] = field(default_factory=dict)
    packages: dict[str, "Package"] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        return SITES[self.region]

    @property
    def currency(self) -> str:
        return self.site.currency
