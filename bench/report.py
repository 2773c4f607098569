"""How a benchmark prints: one line a figure, and the ratio that the budget speaks of."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Stopwatch:
    """Seconds of the last timed block."""

    seconds: float = 0.0


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    watch = Stopwatch()
    started = time.perf_counter()
    try:
        yield watch
    finally:
        watch.seconds = time.perf_counter() - started


def best_of(runs: int, run: Callable[[], float]) -> float:
    """The median of several runs of something that returns its seconds."""
    return median(run() for _ in range(runs))


@dataclass
class Report:
    """Collects figures and prints them aligned; `budget` lines say whether they hold."""

    title: str
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        print(f"\n{self.title}")

    def figure(self, name: str, value: float, unit: str) -> None:
        print(f"  {name:<58} {value:>14,.3f} {unit}" if value < 100 else f"  {name:<58} {value:>14,.0f} {unit}")
        sys.stdout.flush()

    def budget(self, name: str, value: float, limit: float, unit: str = "", *, at_most: bool) -> None:
        """A figure that has a budget."""
        holds = value <= limit if at_most else value >= limit
        word = "at most" if at_most else "at least"
        print(f"  {name:<58} {value:>14,.3f} {unit} ({word} {limit:g}: {'holds' if holds else 'MISSED'})")
        if not holds:
            self.missed.append(name)

    def done(self) -> int:
        """The exit code: 0, or 1 where a budget is missed."""
        return 1 if self.missed else 0
