"""`dlt` over the same pages: a generator of pages as its source, PostgreSQL as its destination, merge by order id."""

import tempfile
from collections.abc import Iterator
from typing import Any

import dlt
import requests

from bench.pages import PER_PAGE
from bench.report import stopwatch


def measure(database: str, address: str, pages: int) -> float:
    """Orders a second, over at most 50 pages: it is slow enough to measure with these."""
    pages = min(pages, 50)

    @dlt.resource(name="orders", primary_key="id", write_disposition="merge", max_table_nesting=0)
    def orders() -> Iterator[list[dict[str, Any]]]:
        with requests.Session() as session:
            for page in range(pages):
                url = f"{address}/order/202309/orders/search?page_token={page}"
                yield session.post(url, json={}, timeout=30).json()["data"]["orders"]

    with tempfile.TemporaryDirectory() as folder:
        destination = dlt.destinations.postgres(credentials=database)
        pipeline = dlt.pipeline("bench", pipelines_dir=folder, destination=destination, dataset_name="bench_dlt")
        with stopwatch() as watch:
            pipeline.run(orders())
    return pages * PER_PAGE / watch.seconds
