"""One shop: a store of the frame with what TikTok Shop adds to it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from storeward_sandbox.ids import Shapes
from storeward_sandbox.life import Hooks, Store

from .hooks import HOOKS
from .ids import SHAPES
from .markets import MARKETS, Market

if TYPE_CHECKING:
    from .orders import Order
    from .packages import Package


@dataclass(eq=False, kw_only=True)
class Shop(Store):
    """One shop. Parts of its life keep their state with `part(...)` and their chance with `chance(...)`."""

    hooks: ClassVar[Hooks] = HOOKS
    id_shapes: ClassVar[Shapes] = SHAPES

    code: str
    cross_border: bool
    cipher: str
    orders: dict[str, "Order"] = field(default_factory=dict)
    packages: dict[str, "Package"] = field(default_factory=dict)
    webhooks: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def market(self) -> Market:
        return MARKETS[self.region]

    @property
    def currency(self) -> str:
        return self.market.currency
