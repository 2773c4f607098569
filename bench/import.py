"""A table of orders brought by a person: looked at, taken over, judged; beside a bare COPY of the same file.

    bin/bench import [--rows N] [--bad N] [--stores N]

100,000 rows with 50 bad ones: 99,950 are taken over, 50 are told with row, field and mend, in less than 20 seconds. Then the
stores are judged, by a worker where the table was brought by page.
"""
# ruff: noqa: N999 - the module is the command's name

import argparse
import resource
import sys

from bench.installation import django_ready
from bench.report import Report
from bench.table_rows import orders
from storeward.lib import clock

BUDGET = 20.0
FULL = 100_000


def main(options: argparse.Namespace) -> int:
    report = Report(f"import: {options.rows} rows of orders, {options.bad} of them bad, for {options.stores} stores")
    with django_ready():
        from bench import import_product  # needs Django

        table = orders(options.rows, options.bad, import_product.stores(options.stores), clock.now())
        good = options.rows - options.bad
        times = import_product.measure(table, good)
        report.figure("the file", len(table.body) / 1e6, "MB")
        report.figure("good rows taken over", good, "orders")
        report.figure("bad rows told with row, field and mend", len(table.bad), "rows")
        report.figure("look: read, check, keep the file and its verdict", times.look, "s")
        report.figure("take: write rows, history and changes", times.take, "s")
        report.budget("both", times.look + times.take, BUDGET * max(1.0, options.rows / FULL), "s", at_most=True)
        report.figure("judge: obligations and findings of all of it", times.judge, "s")
        for name, seconds in times.cpu.items():
            report.figure(f"CPU time of this process: {name}", seconds, "s")
        report.figure("memory of this process at its peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
        report.figure("bare COPY of the file into texts", times.bare, "s")
        report.figure("the import takes of that", (times.look + times.take) / times.bare, "times")
    return report.done()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=FULL)
    parser.add_argument("--bad", type=int, default=50)
    parser.add_argument("--stores", type=int, default=20)
    sys.exit(main(parser.parse_args()))
