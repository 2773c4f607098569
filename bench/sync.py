"""Sync throughput: from the HTTP page to rows, history, changes, obligations; beside the ceiling, and `dlt` over the same pages.

    bin/bench sync [--pages N] [--stores N] [--no-dlt] [--profile]

Budget (design, section 8): at least 10,000 orders a second, and at least a quarter of the ceiling.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import django

from bench import ceiling
from bench.pages import PER_PAGE, serving
from bench.report import Report, stopwatch
from storeward.lib.crypto import create_keys
from storeward.lib.postgres import open_database

BUDGET, SHARE = 10_000, 0.25
RUNS = 3


def main(options: argparse.Namespace) -> int:
    report = Report(f"sync: {options.pages} pages of {PER_PAGE} orders, for {options.stores} stores")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STOREWARD_DATA"] = folder
        with open_database(Path(folder)) as database, serving(options.pages, int(time.time())) as address:
            os.environ["DATABASE_URL"] = database.url
            os.environ["DJANGO_SETTINGS_MODULE"] = "storeward.config.settings"
            django.setup()
            from bench import sync_product  # needs Django

            create_keys(sync_product.key_file())
            sync_product.prepare()
            top = max(_ceiling(database.url, address, options.pages * options.stores) for _ in range(RUNS))
            report.figure("ceiling: fetch, decode, COPY, upsert", top, "orders/s")
            first = max(sync_product.measure(address, options.pages, options.stores, judged=False) for _ in range(RUNS))
            report.figure("rows, history, changes (first fill)", first, "orders/s")
            again = sync_product.measure(address, options.pages, options.stores, judged=False, again=True)
            report.figure("the same pages again (nothing changed)", again, "orders/s")
            judged = max(sync_product.measure(address, options.pages, options.stores, judged=True) for _ in range(RUNS))
            report.budget("rows, history, changes and obligations", judged, BUDGET, "orders/s", at_most=False)
            report.budget("share of the ceiling, without obligations", first / top, SHARE, at_most=False)
            report.budget("share of the ceiling, with obligations", judged / top, SHARE, at_most=False)
            if not options.no_dlt:
                from bench import sync_dlt  # an engine that the product does not depend on

                speed = sync_dlt.measure(database.url, address, options.pages)
                report.figure("dlt over the same pages (rest source, postgres, merge)", speed, "orders/s")
                report.figure("faster than dlt, with obligations", judged / speed, "times")
    return report.done()


def _ceiling(url: str, address: str, pages: int) -> float:
    with stopwatch() as watch:
        written = asyncio.run(ceiling.run(url, address, pages))
    asyncio.run(ceiling.clean(url))
    return written / watch.seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--stores", type=int, default=4)
    parser.add_argument("--no-dlt", action="store_true")
    sys.exit(main(parser.parse_args()))
