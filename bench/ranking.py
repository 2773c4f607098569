"""The ranking, judged: a short-handed team works a day through its findings in three orders; how much is lost in each?

    bin/bench ranking [--teams N] [--seed N]

By expected loss per minute (ours, docs/ranking.md), by due time, and store by store. The simulation knows what the formula does
not: whether and when each loss really comes about, how long each piece of work really takes. Everything is drawn from a seed.
"""

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from bench.report import Report
from storeward.findings.actions import ACTIONS
from storeward.findings.rank import rank
from storeward.policy.types import Severity, State

DAY_MINUTES = 480
HORIZON_HOURS = 72


@dataclass(frozen=True, slots=True)
class Task:
    """A finding with its truth: `happens` whether the loss comes about if nobody acts, `at` the minute when it does."""

    store: int
    due: float
    minutes: float
    loss: float
    happens: bool
    score: float
    last_day: bool


Order = Callable[[Task], tuple[float, ...]]

ORDERS: dict[str, Order] = {
    "by expected loss per minute (ours)": lambda task: (-task.score,),
    "by due time": lambda task: (task.due,),
    "store by store": lambda task: (task.store, task.due),
}

# What findings are made of: action, the rule's severity, how often, the money at stake (median, in dollars; 0: none).
MIX: tuple[tuple[str, Severity, float, float], ...] = (
    ("ship", Severity.CRITICAL, 0.46, 25.0),
    ("reply", Severity.WARNING, 0.24, 0.0),
    ("answer_request", Severity.CRITICAL, 0.10, 18.0),
    ("restock", Severity.WARNING, 0.08, 0.0),
    ("answer_violation", Severity.CRITICAL, 0.04, 0.0),
    ("appeal", Severity.CRITICAL, 0.03, 0.0),
    ("top_up", Severity.CRITICAL, 0.02, 120.0),
    ("log_in", Severity.FATAL, 0.02, 0.0),
    ("attest", Severity.INFO, 0.01, 0.0),
)


def findings(chance: random.Random, stores: int, count: int) -> list[Task]:
    """One morning's findings of a team."""
    kinds = list(MIX)
    weights = [kind[2] for kind in MIX]
    return [_task(chance, stores, *chance.choices(kinds, weights)[0]) for _ in range(count)]


def _task(chance: random.Random, stores: int, action: str, severity: Severity, _: float, typical: float) -> Task:
    due = chance.uniform(0, HORIZON_HOURS * 60)
    last_day = due <= 24 * 60
    stake = chance.lognormvariate(0, 0.9) * typical
    known = rank(State.AT_RISK, severity, minutes=ACTIONS[action].minutes, last_day=last_day, stake_usd=stake or None)
    return Task(
        store=chance.randrange(stores),
        due=due,
        minutes=known.minutes * chance.lognormvariate(0, 0.4),
        # What a consequence really costs scatters widely around what we take it for.
        loss=known.loss_usd * chance.lognormvariate(0, 0.6),
        # Far deadlines are often met by the rest of the day's work; near ones hardly ever are.
        happens=chance.random() < (0.9 if last_day else 0.3),
        score=known.score,
        last_day=last_day,
    )


def lost(tasks: Sequence[Task], order: Order, people: int) -> float:
    """Dollars lost when `people` work in that order for a day: a task helps only if it is done before it is due."""
    free = [0.0] * people
    gone = 0.0
    for task in sorted(tasks, key=order):
        worker = min(range(people), key=lambda one: free[one])
        done = free[worker] + task.minutes
        if done > DAY_MINUTES:
            gone += task.loss if task.happens else 0.0
            continue
        free[worker] = done
        if done > task.due and task.happens:
            gone += task.loss
    return gone


def avoided(seed: int, teams: int) -> dict[str, list[float]]:
    """For each order the share of the possible loss that it avoids, team by team."""
    chance = random.Random(seed)
    found: dict[str, list[float]] = {name: [] for name in ORDERS}
    for _ in range(teams):
        stores = chance.choice([10, 30, 100, 300])
        people = max(1, stores // 30)
        tasks = findings(chance, stores, stores * chance.choice([6, 10, 16]))
        possible = sum(task.loss for task in tasks if task.happens)
        for name, order in ORDERS.items():
            found[name].append(1 - lost(tasks, order, people) / possible)
    return found


def main(options: argparse.Namespace) -> int:
    report = Report(f"ranking: {options.teams} short-handed teams, one day each")
    found = avoided(options.seed, options.teams)
    ours, *others = found
    for name, shares in found.items():
        report.figure(f"{name}: loss avoided", 100 * mean(shares), "%")
    for other in others:
        ratio = median(mine / theirs for mine, theirs in zip(found[ours], found[other], strict=True))
        report.budget(f"loss avoided, ours against {other} (median)", ratio, 1.0, "times", at_most=False)
    return report.done()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    sys.exit(main(parser.parse_args()))
