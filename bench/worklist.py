"""The first hundred lines of a big worklist: in the database, and as a page.

    bin/bench worklist [--stores N] [--open N] [--history N]

Budget (design, section 8): at most 5 ms in the database, beside the bare index scan, and at most 100 ms as a page.
"""

import argparse
import sys

from bench.installation import django_ready
from bench.report import Report

QUERY_MS, PAGE_MS = 5.0, 100.0
RUNS = 30


def main(options: argparse.Namespace) -> int:
    report = Report(f"worklist: {options.stores} stores, {options.open} open obligations, {options.history} in history")
    with django_ready():
        from bench import worklist_product  # needs Django

        worklist_product.prepare(stores=options.stores, open_=options.open, history=options.history)
        times = worklist_product.measure(RUNS)
        report.figure("findings that are open", times.findings, "findings")
        report.figure("bare index scan of 100 ids", times.bare, "ms")
        report.budget("100 lines in the database (execution, EXPLAIN ANALYZE)", times.database, QUERY_MS, "ms", at_most=True)
        report.figure("    of the bare index scan", times.database / times.bare, "times")
        report.figure("100 lines as typed objects", times.lines, "ms")
        report.figure("the hundredth page by key", times.deep, "ms")
        report.budget("the page Today, signed in", times.page, PAGE_MS, "ms", at_most=True)
    return report.done()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--stores", type=int, default=1_000)
    parser.add_argument("--open", type=int, default=200_000)
    parser.add_argument("--history", type=int, default=2_000_000)
    sys.exit(main(parser.parse_args()))
