"""Where the app's pushes go: which codes are on, for which shops, and what was lost on the way."""

from collections import deque
from dataclasses import dataclass, field

from storeward_sandbox.clock import DAY, HOUR, Instant
from storeward_sandbox.outbox import Delivery

from .pushes import CODES

LOST_FOR = 3 * DAY
MOST_LOST = 20_000
JUDGED_FOR = 6 * HOUR
JUDGED_FROM = 600
WARNED_BELOW, SUSPENDED_BELOW = 0.7, 0.3
NORMAL, WARNING, SUSPENDED = "Normal", "Warning", "Suspended"


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
    suspended_at: Instant = 0
    _tries: deque[tuple[Instant, bool]] = field(default_factory=deque)
    _last_id: int = 176_000

    def wants(self, code: int, shop_id: int | None) -> bool:
        return (
            bool(self.callback_url)
            and not self.suspended_at
            and code in CODES
            and code not in self.off
            and shop_id not in self.blocked
        )

    def tried(self, now: Instant, good: bool) -> bool:
        """Count one try. Where too few of the last six hours were taken, nothing is sent any more; what is missed is gone."""
        self._tries.append((now, good))
        while self._tries[0][0] <= now - JUDGED_FOR:
            self._tries.popleft()
        if len(self._tries) > JUDGED_FROM and self._share() < SUSPENDED_BELOW:
            self.suspended_at = self.suspended_at or now
        return good

    def _share(self) -> float:
        return sum(good for _, good in self._tries) / len(self._tries)

    @property
    def status(self) -> str:
        """The platform's word for how pushes fare."""
        if self.suspended_at:
            return SUSPENDED
        poor = len(self._tries) > JUDGED_FROM and self._share() < WARNED_BELOW
        return WARNING if poor else NORMAL

    def resume(self) -> None:
        """The app has set its pushes anew."""
        self.suspended_at = 0
        self._tries.clear()

    def lose(self, delivery: Delivery, shop_id: int | None) -> None:
        """Every try has failed: keep it for whoever asks."""
        self._last_id += 1
        kept = Lost(self._last_id, int(delivery.topic), shop_id, delivery.due, delivery.body.decode())
        self.lost = [*self.lost[-MOST_LOST:], kept]

    def unread(self, now: Instant) -> list[Lost]:
        return [one for one in self.lost if one.timestamp > now - LOST_FOR]

    def confirm(self, last_id: int) -> None:
        self.lost = [one for one in self.lost if one.id > last_id]
