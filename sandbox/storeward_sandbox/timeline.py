"""What is going to happen: a queue of instants, each with a function."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

from .clock import Instant

Event = Callable[[Instant], object]


@dataclass
class Timeline:
    """A queue of events. Equal instants keep the order in which they were put in, so that a run can be repeated."""

    now: Instant
    _heap: list[tuple[Instant, int, Event]] = field(default_factory=list)
    _count: int = 0

    def at(self, instant: Instant, event: Event) -> None:
        """Let `event(instant)` happen then; an instant that has passed means: next."""
        self._count += 1
        heapq.heappush(self._heap, (max(instant, self.now), self._count, event))

    def next_at(self) -> Instant | None:
        return self._heap[0][0] if self._heap else None

    def step(self) -> None:
        """Let the first event happen."""
        instant, _, event = heapq.heappop(self._heap)
        self.now = instant
        event(instant)

    def run_next(self, target: Instant) -> None:
        """Let the first event happen if it is due by `target`."""
        if self._heap and self._heap[0][0] <= target:
            self.step()

    def run_until(self, target: Instant) -> int:
        """Let everything up to and including `target` happen; how many events that were."""
        happened = 0
        while self._heap and self._heap[0][0] <= target:
            self.step()
            happened += 1
        self.now = max(self.now, target)
        return happened

    def __len__(self) -> int:
        return len(self._heap)
