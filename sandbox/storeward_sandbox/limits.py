"""Call budgets, and the proof whether a client kept them."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .clock import monotonic

# Calls sent exactly a second apart can arrive a little closer; the wire is not the client's fault.
GRACE_SECONDS = 0.1


@dataclass
class Usage:
    """What one key (endpoint and store) has used."""

    calls: int = 0
    refused: int = 0
    peak: int = 0
    recent: deque[float] = field(default_factory=deque)


@dataclass
class RateLimit:
    """At most `per_second` calls within any second, for each key; `per_operation` holds the figures of those that have their own.

    Refused calls do not count against the budget.
    """

    per_second: int
    ticks: Callable[[], float] = monotonic
    used: dict[tuple[str, str], Usage] = field(default_factory=dict)
    per_operation: Mapping[str, int] = field(default_factory=dict)

    def take(self, operation: str, subject: str) -> bool:
        """Spend one call; False where the budget is spent already."""
        usage = self.used.setdefault((operation, subject), Usage())
        usage.calls += 1
        now = self.ticks()
        while usage.recent and usage.recent[0] <= now - 1 + GRACE_SECONDS:
            usage.recent.popleft()
        if len(usage.recent) >= self.per_operation.get(operation, self.per_second):
            usage.refused += 1
            return False
        usage.recent.append(now)
        usage.peak = max(usage.peak, len(usage.recent))
        return True

    def report(self) -> dict[str, object]:
        """Calls, refusals and the busiest second; per operation, and for those keys that were refused."""
        calls: dict[str, int] = {}
        for (operation, _), usage in self.used.items():
            calls[operation] = calls.get(operation, 0) + usage.calls
        refused = [
            {"operation": operation, "store": subject, "times": usage.refused}
            for (operation, subject), usage in sorted(self.used.items())
            if usage.refused
        ]
        return {
            "limit_per_second": self.per_second,
            "limits_by_operation": dict(self.per_operation),
            "calls": sum(calls.values()),
            "exceeded": sum(usage.refused for usage in self.used.values()),
            "peak_per_second": max((usage.peak for usage in self.used.values()), default=0),
            "calls_by_operation": dict(sorted(calls.items())),
            "exceeded_by": refused,
        }

    def reset(self) -> None:
        self.used.clear()


@dataclass
class DailyQuota:
    """So many calls a day (UTC, by the machine's clock) for each key."""

    per_day: int
    used: dict[tuple[str, int], int] = field(default_factory=dict)
    refused: int = 0

    def take(self, subject: str, machine_now: float) -> bool:
        key = (subject, int(machine_now // 86400))
        if self.used.get(key, 0) >= self.per_day:
            self.refused += 1
            return False
        self.used[key] = self.used.get(key, 0) + 1
        return True
