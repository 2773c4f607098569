"""Where the app's pushes go: which codes are on, for which shops, and what was lost on the way."""

from dataclasses import dataclass, field

from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.outbox import Delivery

from .pushes import CODES

LOST_FOR = 3 * DAY
MOST_LOST = 20_000


@dataclass(frozen=True)
class Lost:
    """A push that nobody took. `shop_id` is None for those of the app itself."""

    id: int
    code: int
    shop_id: int | None
    timestamp: Instant
    body: str


@dataclass
class Mailbox:
    """The app's push configuration. `callback_url` "" sends nothing."""

    callback_url: str = ""
    off: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    lost: list[Lost] = field(default_factory=list)
    _last_id: int = 176_000

    def wants(self, code: int, shop_id: int | None) -> bool:
        return bool(self.callback_url) and code in CODES and code not in self.off and shop_id not in self.blocked

    def lose(self, delivery: Delivery, shop_id: int | None) -> None:
        """Every try has failed: keep it for whoever asks."""
        self._last_id += 1
        kept = Lost(self._last_id, int(delivery.topic), shop_id, delivery.due, delivery.body.decode())
        self.lost = [*self.lost[-MOST_LOST:], kept]

    def unread(self, now: Instant) -> list[Lost]:
        return [one for one in self.lost if one.timestamp > now - LOST_FOR]

    def confirm(self, last_id: int) -> None:
        self.lost = [one for one in self.lost if one.id > last_id]
