"""The first fill of a big fleet and its steady state, by the worker that `storeward up` starts, from a sandbox over real HTTP.

    bin/bench fleet [--stores N] [--rounds N] [--seconds N] [--speed N] [--longest N] [--bare N]

First every store is connected and nothing is known: the worker is started, and it is measured until every stream of every store
whose authorisation is in force is read and trusted. Then the sandbox's clock runs, `--speed` times as fast as ours, and the
increments are measured round by round. At the end a part of the same calls is asked by nothing but aiohttp: the ceiling.

No call budget may be exceeded (the sandbox counts), and no memory may grow with time.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings

from bench.report import Report
from bench.running import SandboxProcess, Used, sandbox, worker
from storeward.lib import clock
from storeward.lib.crypto import create_keys
from storeward.lib.postgres import open_database

if TYPE_CHECKING:
    from bench.fleet_product import Anchor

LOOK_EVERY = 2.0
MEGABYTE = 1024 * 1024
MOST_GROWTH = 1.15
"""Of the worker's memory from the first round of the steady state to the last."""
BEHIND = timedelta(days=3)
"""The sandbox's clock begins so long ago: it runs ahead of ours, and must not come into our future."""


@dataclass(frozen=True, slots=True)
class Processes:
    """Whose use of the machine is measured."""

    sandbox: int
    worker: int
    database: int

    def used(self) -> dict[str, Used]:
        return {"worker": Used.by(self.worker), "database": Used.by(self.database), "sandbox": Used.by(self.sandbox)}


@dataclass(frozen=True, slots=True)
class Moment:
    """Where everything stood at an instant."""

    at: datetime
    used: Mapping[str, Used]
    calls: int

    @classmethod
    def now(cls, processes: Processes, platform: SandboxProcess) -> "Moment":
        return cls(clock.now(), processes.used(), sum(calls_by_platform(platform.get("/stats")).values()))


def calls_by_platform(stats: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(one["rate"]["calls"]) for name, one in stats["platforms"].items()}


def exceeded(stats: Mapping[str, Any]) -> int:
    return sum(int(one["rate"]["exceeded"]) for one in stats["platforms"].values())


def main(options: argparse.Namespace) -> int:
    report = Report(f"fleet: {options.stores} stores on four platforms")
    at = f"{clock.now() - BEHIND:%Y-%m-%dT%H:%M:%SZ}"
    world = ["--stores", str(options.stores), "--at", at, "--frozen"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STOREWARD_DATA"] = folder
        with open_database(Path(folder)) as database, sandbox(*world) as platform:
            os.environ["DATABASE_URL"] = database.url
            os.environ["DJANGO_SETTINGS_MODULE"] = "storeward.config.settings"
            django.setup()
            create_keys(Path(settings.CREDENTIAL_KEYS))
            assert database.pid is not None
            rate = measure(report, options, platform, database.pid)
        if options.bare:
            few = ["--stores", str(options.bare), "--at", at, "--frozen", "--rate-limit", "1000000"]
            with sandbox(*few) as unlimited:
                against_bare(report, unlimited, options.bare, rate)
    return report.done()


def measure(report: Report, options: argparse.Namespace, platform: SandboxProcess, database: int) -> float:
    """Both parts; the calls a second of the first fill."""
    from bench import fleet_product  # needs Django

    connected = fleet_product.prepare(platform.get("/credentials"))
    platform.post("/stats/reset")
    with worker() as pid:
        processes = Processes(platform.pid, pid, database)
        rate = first_fill(report, options.longest, processes, platform, connected)
        steady(report, options, processes, platform)
    return rate


# --- the first fill -------------------------------------------------------------------------------------------------------


def first_fill(report: Report, longest: float, processes: Processes, platform: SandboxProcess, connected: int) -> float:
    """Until everything is trusted, or `longest` seconds; the calls a second."""
    from bench import fleet_product

    began = Moment.now(processes, platform)
    orders_first = None
    wanted = fleet_product.in_force()
    while True:
        clock.pause(LOOK_EVERY)
        now = clock.now()
        state = fleet_product.fill(now)
        seconds = (now - began.at).total_seconds()
        if orders_first is None and fleet_product.orders_known() >= wanted:
            orders_first = seconds
        if state.stores >= wanted or seconds > longest:
            break
    ended = Moment.now(processes, platform)
    stats = platform.get("/stats")
    report.figure("stores connected", connected, "stores")
    report.figure("stores with every stream trusted or not offered", state.stores, f"of {wanted} with an authorisation in force")
    report.figure("    time until then", seconds, "s")
    report.figure("    time until all orders were known", orders_first or float("nan"), "s")
    report.figure("streams trusted", state.trusted, "streams")
    report.figure("    not offered to the seller or the app", state.refused, "streams")
    for name, family, count in fleet_product.not_trusted(now):
        report.figure(f"    not trusted: {name} {family}", count, "streams")
    tell_calls(report, stats, connected, seconds)
    orders, rows = fleet_product.counted("records_order"), fleet_product.counted("records_payload")
    report.figure("orders", orders, "orders")
    report.figure("    a second", orders / seconds, "orders/s")
    report.figure("records of all kinds", rows, "records")
    report.figure("    a second", rows / seconds, "records/s")
    tell_used(report, began, ended)
    return (ended.calls - began.calls) / seconds


def tell_calls(report: Report, stats: Mapping[str, Any], stores: int, seconds: float) -> None:
    """Calls, and how much of what the platforms publish as their limit was used."""
    from bench.fleet_product import limit_of

    total = sum(calls_by_platform(stats).values())
    report.figure("calls", total, "calls")
    report.figure("    a second", total / seconds, "calls/s")
    report.figure("    a store", total / stores, "calls")
    for name, one in stats["platforms"].items():
        rate, limit = one["rate"], limit_of(name)
        report.figure(f"    {name}", rate["calls"], "calls")
        report.figure("        busiest second of a store's call, of the limit", rate["peak_per_second"] / limit, "times")
        operation, most = max(rate["calls_by_operation"].items(), key=lambda item: item[1], default=("", 0))
        mean = most / max(1, stores // len(stats["platforms"])) / seconds / limit
        report.figure(f"        {operation}: mean of all stores, of the limit", mean, "times")
        report.figure("        refused by the platform", sum(one["errors_by_code"].values()), str(one["errors_by_code"] or ""))
    report.budget("calls beyond a limit", exceeded(stats), 0, "calls", at_most=True)


def tell_used(report: Report, began: Moment, ended: Moment) -> None:
    """CPU time between two moments, and memory at the second."""
    seconds = (ended.at - began.at).total_seconds()
    calls = max(1, ended.calls - began.calls)
    for name, used in ended.used.items():
        spent = used.cpu_seconds - began.used[name].cpu_seconds
        report.figure(f"CPU time of the {name}", spent, f"s ({spent / seconds:.2f} cores, {spent / calls * 1000:.2f} ms a call)")
    report.figure("memory of the worker at its peak", ended.used["worker"].peak_bytes / MEGABYTE, "MB")
    report.figure("    at the end", ended.used["worker"].rss_bytes / MEGABYTE, "MB")


# --- the steady state -----------------------------------------------------------------------------------------------------


def steady(report: Report, options: argparse.Namespace, processes: Processes, platform: SandboxProcess) -> None:
    """Rounds of increments while the sandbox's world lives on."""
    from bench.fleet_product import Anchor

    platform.post("/stats/reset")
    stood = datetime.fromisoformat(platform.get("/clock")["at"])
    platform.post("/clock", run=True, speed=options.speed)
    anchor = Anchor(clock.now(), stood, options.speed)
    memory = []
    before = Moment.now(processes, platform)
    print(f"  steady state: rounds of {options.seconds:g} s, the platforms' clock {options.speed:g} times as fast")
    for number in range(1, options.rounds + 1):
        clock.pause(options.seconds)
        after = Moment.now(processes, platform)
        memory.append(after.used["worker"].rss_bytes)
        tell_round(number, before, after, anchor)
        before = after
    stats = platform.get("/stats")
    report.budget("calls beyond a limit in the steady state", exceeded(stats), 0, "calls", at_most=True)
    if len(memory) > 1:
        settled = memory[len(memory) // 2]
        report.figure("memory of the worker after the first round", memory[0] / MEGABYTE, "MB")
        report.budget("    grown in the second half", memory[-1] / settled, MOST_GROWTH, "times", at_most=True)


def tell_round(number: int, before: Moment, after: Moment, anchor: "Anchor") -> None:
    """One line a round."""
    from bench.fleet_product import round_since

    found = round_since(before.at, after.at, anchor)
    seconds = (after.at - before.at).total_seconds()
    cpu = {name: (used.cpu_seconds - before.used[name].cpu_seconds) / seconds for name, used in after.used.items()}
    lag = "none" if found.lag_median is None else f"{found.lag_median:.0f}/{found.lag_late:.0f} s"
    print(
        f"  {number:>3}: {(after.calls - before.calls) / seconds:6.1f} calls/s, {found.visits:>6} streams read, "
        f"{found.orders:>5} orders changed, lag p50/p95 {lag}, overdue {float(found.overdue):.0f} s, queued {found.waiting}, "
        f"unjudged {found.unjudged}, untrusted {found.untrusted}; cores: worker {cpu['worker']:.2f} "
        f"database {cpu['database']:.2f} sandbox {cpu['sandbox']:.2f}, worker {after.used['worker'].rss_bytes / MEGABYTE:.0f} MB"
    )
    sys.stdout.flush()


# --- the ceiling ----------------------------------------------------------------------------------------------------------


def against_bare(report: Report, platform: SandboxProcess, stores: int, rate: float) -> None:
    """The same calls by aiohttp alone."""
    from bench.bare_calls import ask_again

    before = Used.by(platform.pid).cpu_seconds
    bare = asyncio.run(ask_again(platform.get("/credentials"), stores))
    report.figure(f"bare: the calls of {stores} stores by aiohttp alone", bare.calls / bare.seconds, "calls/s")
    report.figure(
        "    the sandbox's own time for a call", (Used.by(platform.pid).cpu_seconds - before) / bare.calls / 2 * 1000, "ms"
    )
    report.figure("first fill, of the bare calls", rate / (bare.calls / bare.seconds), "times")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--stores", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=6, help="of the steady state")
    parser.add_argument("--seconds", type=float, default=60, help="of a round")
    parser.add_argument("--speed", type=float, default=60, help="of the platforms' clock in the steady state")
    parser.add_argument("--longest", type=float, default=1_800, help="seconds that the first fill may take")
    parser.add_argument("--bare", type=int, default=100, help="stores whose calls are repeated by aiohttp alone; 0: none")
    sys.exit(main(parser.parse_args()))
