"""One shop: a store of the frame with what Shopee adds to it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from storeward_sandbox.countries import rounded
from storeward_sandbox.ids import Shapes
from storeward_sandbox.life import Hooks, Store

from .hooks import HOOKS
from .ids import SHAPES, serial_number
from .markets import MARKETS, Market

if TYPE_CHECKING:
    from .orders import Order
    from .packages import Package


@dataclass(eq=False, kw_only=True)
class Shop(Store):
    """One shop. A cross-border shop belongs to a merchant. Parts keep their state with `part(...)`."""

    hooks: ClassVar[Hooks] = HOOKS
    id_shapes: ClassVar[Shapes] = SHAPES

    cross_border: bool
    merchant_id: str = ""
    orders: dict[str, "Order"] = field(default_factory=dict)
    packages: dict[str, "Package"] = field(default_factory=dict)
    status: str = "NORMAL"

    @property
    def number_id(self) -> int:
        """The id as it goes on the wire."""
        return int(self.id)

    @property
    def market(self) -> Market:
        return MARKETS[self.region]

    @property
    def currency(self) -> str:
        return self.market.currency

    def amount(self, value: Decimal) -> Decimal:
        """The value to the smallest unit of the shop's money."""
        return rounded(self.market, value)

    def new_number(self, kind: str) -> int:
        return int(self.ids.new(kind))

    def order_sn(self) -> str:
        return serial_number(self.market, self.now, self.ids.new("order_sn"), 8)

    def return_sn(self) -> str:
        return serial_number(self.market, self.now, self.ids.new("return_sn"), 9)
