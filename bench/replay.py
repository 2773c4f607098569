"""A draft over a quarter of a big team's history: what it takes, and that it finds exactly what was planted.

    bin/bench replay [--stores N] [--orders N] [--days N]

Every store is one that the draft is meant for, so every order passes: the worst case. Budget: 90 days, 1,000 stores and 1,000,000
orders in at most 60 s. Compared with reading the same orders and doing nothing with them.
"""

import argparse
import sys

from bench.installation import django_ready
from bench.report import Report

BUDGET = 60.0


def main(options: argparse.Namespace) -> int:
    report = Report(f"replay: {options.orders:,} orders of {options.stores:,} stores over {options.days} days")
    with django_ready():
        from bench import replay_product  # needs Django

        planted = replay_product.fill(stores=options.stores, orders=options.orders, days=options.days)
        bare = replay_product.bare(days=options.days)
        same = replay_product.itself(days=options.days)
        change = replay_product.planted(days=options.days)
    report.figure("reading the same orders and doing nothing", bare.seconds, "s")
    report.figure("orders judged one by one", change.looked_at, "")
    report.figure("orders too quick for either book", change.quick, "")
    report.figure("differences of what is in force from itself", same.things, "")
    report.figure("stores touched by the planted change", len(change.stores), "")
    report.budget("what is in force against itself", same.seconds, BUDGET, "s", at_most=True)
    report.budget("the planted change", change.seconds, BUDGET, "s", at_most=True)
    report.figure("    times the bare reading", change.seconds / bare.seconds, "times")
    report.figure("    orders a second", options.orders / change.seconds, "")
    assert same.things == 0, "what is in force differs from itself"
    assert change.stores == planted.stores, "not exactly the planted stores"
    assert change.things == planted.orders, "not exactly the planted orders"
    return report.done()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--stores", type=int, default=1_000)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=90)
    sys.exit(main(parser.parse_args()))
