"""What a shop has set, and the notices it was sent."""

from dataclasses import dataclass, field

from storeward_sandbox.clock import Instant

from .shop import Shop

MOST_NOTICES = 200


@dataclass(frozen=True)
class Notice:
    id: int
    created: Instant
    title: str
    content: str
    url: str


@dataclass
class Settings:
    """Holiday mode (type 0 full, 1 partial) and notices, the newest last."""

    holiday: bool = False
    holiday_type: int = 0
    holiday_start: Instant = 0
    holiday_end: Instant = 0
    holiday_words: str = ""
    holiday_changed: Instant = 0
    notices: list[Notice] = field(default_factory=list)
    _last_id: int = 3_000_123_000

    def notify(self, now: Instant, title: str, content: str) -> Notice:
        self._last_id += 1
        notice = Notice(self._last_id, now, title, content, "https://seller.shopee.sandbox/notice")
        self.notices = [*self.notices[-MOST_NOTICES:], notice]
        return notice


def settings_of(shop: Shop) -> Settings:
    return shop.part(Settings)
