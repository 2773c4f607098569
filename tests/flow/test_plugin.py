"""A platform added by a package of its own: nothing of ours changes, and its store is synced, judged and shown like any other."""

import asyncio
import hmac
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from storeward.accounts.models import Workspace
from storeward.connectors.contract import Grant
from storeward.connectors.registry import connector_for, connectors
from storeward.findings.evaluate import evaluate
from storeward.lib import clock
from storeward.records.models import Order, Stream
from storeward.rounds.matrix import matrix
from storeward.stores import connecting
from storeward.stores.connection import working
from storeward.stores.database import connection
from storeward.stores.models import App, Store
from storeward.stores.registering import Authorised, adopt, fetch_authorisations, register_app
from storeward.sync.pull import Pulled, pull

from .conftest import ROOT

PLUGIN = ROOT / "tests" / "plugin"
SECRET = "mall-secret"
PLACED = datetime(2026, 11, 20, 9, 35, tzinfo=UTC)
ANSWER = {
    "orders": [
        {"no": "M-1", "state": "NEW", "sum": "84.00", "money": "MYR", "placed": int(PLACED.timestamp())},
        {"state": "NEW"},
        {"no": "M-2", "state": "LOST IN SPACE", "placed": 0},
    ],
    "next": None,
}


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example's package as `pip install` would leave it: found by its metadata."""
    monkeypatch.syspath_prepend(str(PLUGIN))
    connectors.cache_clear()
    yield
    connectors.cache_clear()


def command(*words: str) -> subprocess.CompletedProcess[str]:
    """The connector commands in a process of their own, with the example's package on its path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(PLUGIN)))}
    whole = [sys.executable, "-m", "storeward.cli", "connector", *words, "--platform", "example_mall", "--json"]
    return subprocess.run(whole, env=environment, capture_output=True, text=True, check=False)


def test_its_operations_are_listed() -> None:
    listed = [json.loads(line) for line in command("operations").stdout.splitlines()]
    assert listed == [
        {"operation": "orders.list", "kind": "read", "records": ["order"]},
        {"operation": "shops.mine", "kind": "read", "records": ["store"]},
        {"operation": "push", "kind": "read", "records": ["push"]},
    ]


def test_its_answers_are_read_by_the_same_command(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(ANSWER))
    done = command("parse", "--operation", "orders.list", str(file))
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert [(one["platform_order_id"], one["platform_status"], one["status"]) for one in answer["records"]] == [
        ("M-1", "NEW", "to_ship"),
        ("M-2", "LOST IN SPACE", "unknown"),
    ]
    assert answer["records"][0]["total"] == {"amount": "84.00", "currency": "MYR"}
    assert answer["records"][0]["placed_at"] == "2026-11-20T09:35:00Z"
    assert answer["records"][1]["placed_at"] is None
    assert [(one["field"], one["level"]) for one in answer["problems"]] == [("orders[1].no", "error")]


def test_without_the_package_there_is_no_such_platform() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    whole = [sys.executable, "-m", "storeward.cli", "connector", "operations", "--platform", "example_mall"]
    done = subprocess.run(whole, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "example_mall" in done.stderr
    assert "douyin, lazada, shopee, tiktok_shop" in done.stderr


class Mall:
    """The platform itself, as small as one can be: three orders on two pages, and a token that is good once renewed."""

    def __init__(self) -> None:
        self.now = int(clock.now().timestamp())
        self.good_token = "first"
        self.unsigned = 0

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self.signed])
        app.router.add_get("/orders", self.orders)
        app.router.add_get("/shop", self.shop)
        app.router.add_get("/token", self.token)
        return app

    @web.middleware
    async def signed(self, request: web.Request, handler: Any) -> web.StreamResponse:
        wanted = hmac.new(SECRET.encode(), str(request.rel_url).encode(), sha256).hexdigest()
        if request.headers.get("X-Mall-Sign") != wanted:
            self.unsigned += 1
            return web.Response(status=400, text="wrong signature")
        if request.path != "/token" and request.headers.get("X-Mall-Token") != self.good_token:
            return web.Response(status=401)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def orders(self, request: web.Request) -> web.Response:
        day = 86_400
        told = {"state": "NEW", "sum": "10.50", "money": "MYR", "changed": self.now - day, "placed": self.now - day}
        pages = {"1": [{**told, "no": "M-1"}, {**told, "no": "M-2"}], "2": [{**told, "no": "M-3", "state": "HERE"}]}
        page = request.query["page"]
        return web.json_response({"orders": pages[page], "next": 2 if page == "1" else None})

    async def shop(self, request: web.Request) -> web.Response:
        return web.json_response({"shop": "S-1", "name": "Mallard"})

    async def token(self, request: web.Request) -> web.Response:
        return web.json_response({"token": self.good_token, "again": "renew", "shop": "S-1"})


@asynccontextmanager
async def open_mall(mall: Mall) -> AsyncIterator[str]:
    runner = web.AppRunner(mall.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
def app(_installed: None, keys: None, transactional_db: None) -> App:
    workspace = Workspace.objects.create(slug="w", name="W", created_at=clock.now())
    return register_app(
        workspace=workspace, platform="example_mall", name="Mall", app_key="me", app_secret=SECRET, now=clock.now()
    )


def connect(mall: Mall, app: App) -> Store:
    """The seller's consent, exchanged and kept; the platform is up only as long as that takes."""

    async def main() -> list[Authorised]:
        async with open_mall(mall) as address, aiohttp.ClientSession() as session:
            app.base_url = app.auth_url = address
            return await fetch_authorisations(app, Grant("code"), session=session)

    ((tokens, shops),) = asyncio.run(main())
    (store,) = adopt(app, tokens, shops, now=clock.now())
    return store


def visit(mall: Mall, store: Store) -> Pulled:
    """A pull of all that is due, at the address where the platform is now."""

    async def main() -> Pulled:
        async with open_mall(mall) as address, working():
            async with connection() as conn:
                await conn.execute("UPDATE stores_app SET base_url = %s, auth_url = %s", (address, address))
            return await pull(store.pk)

    return asyncio.run(main())


def test_its_store_is_connected_synced_judged_and_shown_like_any_other(app: App) -> None:
    mall = Mall()
    store = connect(mall, app)
    assert (store.key, store.platform, store.region, store.name) == ("em-my-mallard", "example_mall", "MY", "Mallard")
    pulled = visit(mall, store)
    assert pulled.whole, pulled.failed
    held = dict(Order.objects.filter(store=store).values_list("platform_id", "status"))
    assert held == {"M-1": "to_ship", "M-2": "to_ship", "M-3": "delivered"}
    stream = Stream.objects.get(store=store, name="orders")
    assert stream.filled
    assert stream.trusted_until is not None
    assert stream.observed_at is not None
    assert stream.trusted_until - stream.observed_at == timedelta(hours=1)
    evaluate([store.pk], now=clock.now())
    seen = matrix([store.pk], now=clock.now())
    assert [line.platform for line in seen.stores] == ["example_mall"]
    assert mall.unsigned == 0


def test_a_token_that_it_refuses_is_renewed_once(app: App) -> None:
    mall = Mall()
    store = connect(mall, app)
    mall.good_token = "second"
    pulled = visit(mall, store)
    assert pulled.whole, pulled.failed
    assert Order.objects.filter(store=store).count() == 3


@pytest.mark.usefixtures("_installed")
def test_it_stands_among_the_platforms_that_can_be_connected() -> None:
    assert connector_for("example_mall").label == "Example Mall"
    assert {"example_mall", "tiktok_shop", "shopee", "lazada", "douyin"} <= {offer.id for offer in connecting.offers()}
