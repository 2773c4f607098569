"""A round over a big fleet: the clock, the matrix and the counts, as ratios to other ways of reckoning the same.

    bin/bench round [--stores N] [--open N] [--history N]

Budget (design, section 8): at most 0.5 s for 1,000 stores, 200,000 open obligations and 2,000,000 in history.
"""

import argparse
import sys

from bench.installation import django_ready
from bench.report import Report

BUDGET = 0.5
RUNS = 5


def main(options: argparse.Namespace) -> int:
    report = Report(f"round: {options.stores} stores, {options.open} open obligations, {options.history} in history")
    with django_ready():
        from bench import round_product, round_rivals  # both need Django

        now = round_product.prepare(stores=options.stores, open_=options.open, history=options.history)
        parts = round_product.measure(now, runs=RUNS)
        report.figure("clock: 2,000 obligations and their findings move", parts.moving, "s")
        report.figure("clock: nothing is due", parts.idle, "s")
        report.figure("matrix of all stores and items", parts.matrix, "s")
        report.figure("counts and money at risk", parts.counts, "s")
        report.budget("a whole round", parts.whole, BUDGET, "s", at_most=True)
        for rival in round_rivals.measure(now, stores=options.stores, runs=RUNS):
            report.figure(rival.name, rival.seconds, "s")
            report.figure("    the round takes of that", parts.whole / rival.seconds, "times")
    return report.done()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--stores", type=int, default=1_000)
    parser.add_argument("--open", type=int, default=200_000)
    parser.add_argument("--history", type=int, default=2_000_000)
    sys.exit(main(parser.parse_args()))
