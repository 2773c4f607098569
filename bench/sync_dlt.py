"""`dlt` over the same pages: a generator of pages as its source, PostgreSQL as its destination, merge by order id."""

import json
import tempfile
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import dlt
from psycopg.conninfo import conninfo_to_dict

from bench.pages import PER_PAGE
from bench.report import stopwatch


def measure(database: str, address: str, pages: int) -> float:
    """Orders a second, over at most 50 pages: it is slow enough to measure with these."""
    pages = min(pages, 50)

    def orders() -> Iterator[list[dict[str, Any]]]:
        for page in range(pages):
            url = f"{address}/order/202309/orders/search?page_token={page}"
            with urllib.request.urlopen(urllib.request.Request(url, data=b"{}"), timeout=30) as answer:
                yield json.load(answer)["data"]["orders"]

    how = {"name": "orders", "primary_key": "id", "write_disposition": "merge", "max_table_nesting": 0}
    with tempfile.TemporaryDirectory() as folder:
        destination = dlt.destinations.postgres(credentials=with_host(database))
        pipeline = dlt.pipeline("bench", pipelines_dir=folder, destination=destination, dataset_name="bench_dlt")
        with stopwatch() as watch:
            pipeline.run(dlt.resource(orders, **how))
    return pages * PER_PAGE / watch.seconds


def with_host(database: str) -> str:
    """The address with a host and a password, which `dlt` demands, though our server listens on a socket and asks for none."""
    parts = conninfo_to_dict(database)
    user, name, host, port = (quote(str(parts[key]), safe="") for key in ("user", "dbname", "host", "port"))
    return f"postgresql://{user}:unused@localhost:{port}/{name}?host={host}"
