"""One shop: a store of the frame with what Douyin Shop adds to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from storeward_sandbox.clock import Instant
from storeward_sandbox.ids import Shapes
from storeward_sandbox.life import Hooks, Store
from storeward_sandbox.timeline import Event

from .hooks import HOOKS
from .ids import SHAPES

if TYPE_CHECKING:
    from .orders import Order

Message = tuple[int, dict[str, Any]]
PushAll = Callable[["Shop", Sequence[Message]], None]


def _tell_nobody(shop: "Shop", messages: Sequence[Message]) -> None:
    """A shop that belongs to no platform yet tells nobody."""


@dataclass(eq=False, kw_only=True)
class Shop(Store):
    """One shop. What one event, or one call, has brought about goes out in one push."""

    hooks: ClassVar[Hooks] = HOOKS
    id_shapes: ClassVar[Shapes] = SHAPES

    region: str = "CN"
    orders: dict[str, "Order"] = field(default_factory=dict)
    push_all: PushAll = field(default=_tell_nobody)
    _pending: list[Message] = field(default_factory=list)

    def at(self, instant: Instant, event: Event) -> None:
        """Let `event(instant)` happen then, and push what it has to tell."""

        def happen(now: Instant) -> None:
            event(now)
            self.push()

        self.timeline.at(instant, happen)

    def after(self, seconds: float, event: Event) -> None:
        self.at(self.now + int(seconds), event)

    def emit(self, kind: int, data: dict[str, Any]) -> None:
        """Have something to tell, once the past is over."""
        if self.settled:
            self._pending.append((kind, data))

    def push(self) -> None:
        if self._pending:
            messages, self._pending = self._pending, []
            self.push_all(self, messages)
