"""Webhook intake: verified, stored and acknowledged; beside a bare INSERT behind the same server.

    bin/bench webhooks [--seconds N] [--clients N]

Budget (design, section 8): at least 1,500 a second, with a 99th percentile of at most 50 ms.
"""

import argparse
import asyncio
import hmac
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import aiohttp
import django
import psycopg

from bench.report import Report
from storeward.lib.crypto import create_keys
from storeward.lib.postgres import open_database

RATE, P99_MS = 1_500, 50
BODY = (
    b'{"type":1,"tts_notification_id":"%d","shop_id":"749","timestamp":1795000000,'
    b'"data":{"order_id":"576465000000%06d","order_status":"AWAITING_SHIPMENT","is_on_hold_order":false,"update_time":1795000000}}'
)


@contextmanager
def served(target: str) -> Iterator[str]:
    """`target` behind granian, in a process of its own; yields the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--log-level", "error", target]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            time.sleep(0.05)  # noqa: TID251 - waiting for a server to listen
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


async def load(address: str, *, seconds: float, clients: int) -> tuple[float, float]:
    """Deliveries a second, and the 99th percentile in milliseconds."""
    took: list[float] = []
    numbers = iter(range(10_000_000))
    started = time.perf_counter()

    async def client(session: aiohttp.ClientSession) -> None:
        while time.perf_counter() - started < seconds:
            number = next(numbers)
            body = BODY % (number, number % 1_000_000)
            headers = {"Authorization": hmac.new(b"secret", b"key" + body, sha256).hexdigest()}
            begun = time.perf_counter()
            async with session.post(address, data=body, headers=headers) as answer:
                assert answer.status == 200, answer.status
            took.append(time.perf_counter() - begun)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(client(session) for _ in range(clients)))
    span = time.perf_counter() - started
    return len(took) / span, sorted(took)[int(len(took) * 0.99)] * 1000


def stored(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def main(options: argparse.Namespace) -> int:
    report = Report(f"webhooks: {options.clients} clients for {options.seconds} s")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STOREWARD_DATA"] = folder
        with open_database(Path(folder)) as database:
            os.environ["DATABASE_URL"] = database.url
            os.environ["DJANGO_SETTINGS_MODULE"] = "storeward.config.settings"
            django.setup()
            from bench import sync_product  # needs Django

            create_keys(sync_product.key_file())
            sync_product.prepare()
            app_id = sync_product.app_for_webhooks()
            with served("bench.bare_insert:app") as address:
                bare, bare_p99 = asyncio.run(load(address, seconds=options.seconds, clients=options.clients))
            with served("bench.intake:app") as address:
                hooks = f"{address}/hooks/tiktok_shop/{app_id}/"
                asyncio.run(load(hooks, seconds=1, clients=4))
                before = stored(database.url, "sync_push")
                rate, p99 = asyncio.run(load(hooks, seconds=options.seconds, clients=options.clients))
            report.figure("a bare INSERT behind the same server", bare, "a second")
            report.figure("its 99th percentile", bare_p99, "ms")
            report.budget("verified, stored, acknowledged", rate, RATE, "a second", at_most=False)
            report.budget("99th percentile", p99, P99_MS, "ms", at_most=True)
            report.figure("of the bare INSERT", rate / bare, "times")
            report.figure("rows in the table", stored(database.url, "sync_push") - before, "new")
    return report.done()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=int, default=32)
    sys.exit(main(parser.parse_args()))
