"""Two clocks: the machine's, and the sandbox's own, which stands, runs, or runs faster.

Sandbox instants are whole unix seconds (UTC), as on the wire. Time stamps of requests and lifetimes of tokens are judged by
`machine_now()`; everything that lives in the sandbox by `Clock.now()`.
"""

import math
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

Instant = int

MINUTE = 60
HOUR = 3600
DAY = 86400

FASTEST = 1_000_000
EARLIEST = 0
LATEST = 4_102_444_800
"""Where the calendars of the markets end: 2100-01-01."""

_UNITS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")


class BadTime(ValueError):
    """The text names no instant or duration, the number no speed."""


def machine_now() -> float:
    """The machine's clock, in unix seconds."""
    return time.time()


def monotonic() -> float:
    """Seconds that never go back, for rates and pauses."""
    return time.monotonic()


def parse_duration(text: str) -> int:
    """Seconds in `90m`, `12h`, `2d`, `1d12h`. Raises BadTime, naming the mend."""
    compact = text.strip().lower().replace(" ", "")
    parts = _DURATION.findall(compact)
    if not parts or "".join(number + unit for number, unit in parts) != compact:
        raise BadTime(f"'{text}' is no duration; write it as 90m, 12h, 2d or 1d12h")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if seconds > LATEST:
        raise BadTime(f"'{text}' is longer than a sandbox can last; give some days or hours")
    return round(seconds)


def parse_instant(text: str) -> Instant:
    """Unix seconds of an ISO instant; without a zone it is UTC. Raises BadTime, naming the mend."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadTime(f"'{text}' is no instant; write it as 2026-11-20T09:35:31Z") from error
    instant = int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())
    if not EARLIEST <= instant <= LATEST:
        raise BadTime(f"'{text}' is out of range; choose an instant between 1970 and 2100")
    return instant


def checked_speed(speed: float) -> float:
    """The speed itself. Raises BadTime for what no clock can do."""
    if not (math.isfinite(speed) and 0 <= speed <= FASTEST):
        raise BadTime(f"speed {speed:g} would run backwards or away; choose 0 to {FASTEST}")
    return speed


def iso(instant: float) -> str:
    """The instant as on the command line: UTC with `Z`, whole seconds."""
    return datetime.fromtimestamp(int(instant), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """The sandbox's clock: an instant, and how many of its seconds pass in one of the machine's (0: it stands)."""

    def __init__(self, start: float, speed: float = 1.0, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._base = start
        self._since = ticks()
        self.speed = speed

    def exact(self) -> float:
        return self._base + (self._ticks() - self._since) * self.speed

    def now(self) -> Instant:
        return int(self.exact())

    @property
    def frozen(self) -> bool:
        return self.speed == 0

    def set(self, instant: float) -> None:
        self._base, self._since = instant, self._ticks()

    def run(self, speed: float = 1.0) -> None:
        """From now on `speed` seconds pass in one of the machine's."""
        self.set(self.exact())
        self.speed = speed

    def freeze(self) -> None:
        self.run(0.0)
