"""The product's side of the round benchmark."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from bench import fleet_rows
from bench.report import stopwatch
from storeward.findings import queries
from storeward.findings.clock import tick
from storeward.findings.models import Obligation
from storeward.rounds.matrix import matrix
from storeward.stores.models import Store

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """Seconds of each part of a round; `whole` is the median of the sums."""

    moving: float
    idle: float
    matrix: float
    counts: float
    whole: float


def prepare(*, stores: int, open_: int, history: int) -> datetime:
    """Fill the database; answers the instant that it is made for."""
    fleet_rows.make(fleet_rows.Size(stores=stores, open=open_, history=history), NOW)
    return NOW


def measure(now: datetime, *, runs: int) -> Parts:
    """Several rounds; before each, as many obligations as at first come due again."""
    ids = list(Store.objects.values_list("pk", flat=True))
    tick(now=now)  # the session's tables are made, caches are warm
    times: dict[str, list[float]] = {name: [] for name in ("moving", "idle", "matrix", "counts", "whole")}
    for _ in range(runs):
        _due_again(now)
        with stopwatch() as round_:
            with stopwatch() as one:
                ticked = tick(now=now)
            with stopwatch() as two:
                cells = matrix(ids, now=now).cells
            with stopwatch() as three:
                queries.counts(ids)
                queries.at_risk(ids)
        with stopwatch() as four:
            tick(now=now)
        assert ticked.obligations == fleet_rows.Size().due_now, ticked
        assert len(cells) > len(ids)
        for name, watch in (("moving", one), ("idle", four), ("matrix", two), ("counts", three), ("whole", round_)):
            times[name].append(watch.seconds)
    return Parts(**{name: median(seconds) for name, seconds in times.items()})


def _due_again(now: datetime) -> None:
    ids = Obligation.objects.filter(subject_id__in=[f"577{n}" for n in range(1, fleet_rows.Size().due_now + 1)])
    assert ids.update(next_at=now - timedelta(seconds=1)) == fleet_rows.Size().due_now
