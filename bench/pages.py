"""Prepared pages of orders in TikTok Shop's shape, and a small HTTP server that hands them out.

The pages are built once and served from memory by a process of their own, so that the server costs next to nothing beside what is
measured. Signatures are not checked here: the sandbox does that, this only feeds.
"""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from urllib.parse import parse_qs, urlsplit

import msgspec
from aiohttp import web

STATUSES = ("AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED")
PER_PAGE = 100


def order(number: int, now: int, rng: Random) -> dict[str, object]:
    """One order with one to three lines, as the order search returns it."""
    placed = now - rng.randrange(14 * 86_400)
    status = STATUSES[number % len(STATUSES)]
    order_id = str(576_460_000_000_000_000 + number)
    price = f"{rng.randrange(500, 90_000) / 100:.2f}"
    lines = [
        {
            "id": f"{576_470_000_000_000_000 + number * 4 + line}",
            "display_status": status,
            "product_id": str(1_729_000_000_000_000_000 + number % 997),
            "product_name": f"Linen curtain {number % 997}",
            "sku_id": str(1_729_100_000_000_000_000 + number % 997),
            "sku_name": "White, 140 x 260",
            "seller_sku": f"LC-{number % 997}",
            "sku_image": "https://p16.example/i.jpg",
            "original_price": price,
            "sale_price": price,
            "platform_discount": "0",
            "seller_discount": "0",
            "currency": "MYR",
            "package_id": str(1_153_000_000_000_000_000 + number),
            "package_status": "TO_FULFILL",
            "is_gift": False,
        }
        for line in range(1 + number % 3)
    ]
    return {
        "id": order_id,
        "status": status,
        "order_type": "NORMAL",
        "create_time": placed,
        "paid_time": placed + 60,
        "update_time": placed + 3600,
        "rts_sla_time": placed + 172_800,
        "tts_sla_time": placed + 259_200,
        "shipping_due_time": placed + 172_800,
        "collection_due_time": placed + 259_200,
        "rts_time": 0 if status == "AWAITING_SHIPMENT" else placed + 40_000,
        "fulfillment_type": "FULFILLMENT_BY_SELLER",
        "shipping_type": "TIKTOK",
        "delivery_option_id": "7091146663229654785",
        "delivery_option_name": "Standard shipping",
        "warehouse_id": "7000714532876273410",
        "is_cod": number % 5 == 0,
        "is_on_hold_order": False,
        "is_sample_order": False,
        "user_id": str(7_494_000_000_000_000_000 + number % 5000),
        "buyer_message": "",
        "payment": {
            "currency": "MYR",
            "sub_total": price,
            "shipping_fee": "5.00",
            "seller_discount": "0",
            "platform_discount": "0",
            "total_amount": price,
            "original_total_product_price": price,
            "original_shipping_fee": "5.00",
            "tax": "0",
        },
        "recipient_address": {
            "full_address": "*** Kuala Lumpur",
            "name": "A***",
            "phone_number": "(+60)1*****1",
            "region_code": "MY",
        },
        "packages": [{"id": str(1_153_000_000_000_000_000 + number)}],
        "line_items": lines,
    }


def build(pages: int, now: int, seed: int = 1) -> list[bytes]:
    """The bodies of `pages` answers of 100 orders each; the token of a page is its number, the last has none."""
    rng = Random(seed)
    bodies = []
    for page in range(pages):
        orders = [order(page * PER_PAGE + row, now, rng) for row in range(PER_PAGE)]
        token = str(page + 1) if page + 1 < pages else ""
        data = {"next_page_token": token, "total_count": pages * PER_PAGE, "orders": orders}
        bodies.append(msgspec.json.encode({"code": 0, "message": "Success", "request_id": f"bench{page}", "data": data}))
    return bodies


async def _serve(pages: int, now: int) -> None:
    bodies = build(pages, now)

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        token = request.query.get("page_token") or "0"
        return web.Response(body=bodies[int(token) % len(bodies)], content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    print(f"http://127.0.0.1:{port}", flush=True)
    await asyncio.Event().wait()


@contextmanager
def serving(pages: int, now: int) -> Iterator[str]:
    """A server of `pages` pages in a process of its own; yields its address."""
    command = [sys.executable, "-m", "bench.pages", "--pages", str(pages), "--now", str(now)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def page_of(url: str) -> int:
    """The page that an address asks for."""
    return int(parse_qs(urlsplit(url).query).get("page_token", ["0"])[0] or 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--now", type=int, required=True)
    options = parser.parse_args()
    asyncio.run(_serve(options.pages, options.now))
