"""The connector and the client against the sandbox over HTTP: two programs that share no code, signing included."""

import json
import os
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from storeward.canon import Listing, Message, Order, OrderStatus, Record, SenderRole, kind_of
from storeward.connectors import errors
from storeward.connectors.client import Client, Manners
from storeward.connectors.contract import Access, AppKeys, Ask, Grant, Progress, Renewal, Stream
from storeward.connectors.tiktok_shop import CONNECTOR, conversations, listings, packages
from storeward.lib import clock

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Sandbox:
    control: str
    credentials: dict[str, Any]

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.control + path, timeout=30) as answer:
            return json.load(answer)

    def post(self, path: str, **told: Any) -> None:
        body = json.dumps(told).encode()
        request = urllib.request.Request(self.control + path, data=body, headers={"content-type": "application/json"})
        urllib.request.urlopen(request, timeout=60).close()

    def fault(self, name: str, *, on: bool) -> None:
        self.post("/faults", name=name, on=on)

    def store(self, region: str) -> dict[str, Any]:
        return next(store for store in self.credentials["stores"] if store["region"] == region)

    @property
    def app(self) -> AppKeys:
        return AppKeys(self.credentials["app_key"], self.credentials["app_secret"])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Eight stores, one in each market, whose clock stands."""
    at = f"{clock.now() - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    command = [sys.executable, "-m", "storeward_sandbox", "serve", "--platform", "tiktok_shop", "--port-base", "0"]
    command += ["--stores", "8", "--frozen", "--at", at]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sandbox")}
    with subprocess.Popen([*command, "--seed", "11"], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = [line.split() for line in iter(process.stdout.readline, "ready\n") if line]
        control = next(words[1] for words in said if words[0] == "control")
        with urllib.request.urlopen(control + "/credentials", timeout=30) as answer:
            yield Sandbox(control, json.load(answer)["platforms"]["tiktok_shop"])
        process.terminate()


@asynccontextmanager
async def client_of(sandbox: Sandbox, store: dict[str, Any], **changes: Any) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        told: dict[str, Any] = {
            "connector": CONNECTOR,
            "session": session,
            "app": sandbox.app,
            "access": Access(store["access_token"], store["shop_cipher"], store["id"]),
            "now": clock.now,
            "base_url": sandbox.credentials["base_url"],
            "auth_url": sandbox.credentials["auth_url"],
            "manners": Manners(tries=2, first_wait=0.01),
        }
        yield Client(**told | changes)


def market(store: dict[str, Any]) -> str:
    region = str(store["region"])
    return "UK" if region == "GB" else region


async def everything(client: Client, stream: Stream, keys: list[str]) -> tuple[list[Record], list[str]]:
    """All records of a stream, as far back as it goes, and what could not be read."""
    now = clock.now()
    asks = [Ask(since=now - (stream.first_fill or timedelta(days=400)), until=now + timedelta(minutes=1))]
    if stream.progress is Progress.KEYS:
        size = stream.keys_per_call
        asks = [Ask(keys=keys[start : start + size]) for start in range(0, len(keys), size)][:5]
    records: list[Record] = []
    wrong: list[str] = []
    for ask in asks:
        async for answer in client.pages(stream, stream.first(ask)):
            records += answer.parsed.records
            wrong += [f"{stream.name} {problem.field} {problem.message}" for problem in answer.parsed.problems]
    return records, wrong


@pytest.mark.parametrize("region", ["MY", "PH", "TH", "VN", "SG", "US"])
async def test_every_stream_of_a_market_reads_without_a_problem(sandbox: Sandbox, region: str) -> None:
    store = sandbox.store(region)
    truth = sandbox.get("/truth")["platforms"]["tiktok_shop"]["stores"][store["id"]]
    seen: dict[str, list[Record]] = {}
    wrong: list[str] = []
    async with client_of(sandbox, store) as client:
        for stream in CONNECTOR.streams_in(market(store)):
            keys = [record.platform_id for record in seen.get(stream.keys_from or "", []) if kind_of(record) != "message"]
            seen[stream.name], problems = await everything(client, stream, keys)
            wrong += problems
    assert wrong == []
    orders = {record.platform_id: record for record in seen["orders"] if isinstance(record, Order)}
    assert Counter(order.platform_status for order in orders.values()) == truth["orders_by_status"]
    assert not [order for order in orders.values() if order.status is OrderStatus.UNKNOWN]
    pages = [record.content for record in seen["listing_pages"] if isinstance(record, Listing)]
    assert pages
    assert all(page is not None and page.description and page.images for page in pages)
    assert all(seen[name] for name in ("stores", "packages", "listings", "stock", "conversations", "messages", "statements"))


async def test_what_a_market_has_not_is_not_supported(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.store("MY")) as client:
        for name in ("payments", "score"):
            with pytest.raises(errors.NotSupported):
                await client.call(CONNECTOR.streams[name].first(Ask()))


async def test_every_kind_is_read_back_by_its_id(sandbox: Sandbox) -> None:
    streams = {
        "order": "orders",
        "package": "packages",
        "listing": "listings",
        "return": "returns",
        "cancellation": "cancellations",
        "conversation": "conversations",
    }
    async with client_of(sandbox, sandbox.store("US")) as client:
        for kind, name in streams.items():
            records, _ = await everything(client, CONNECTOR.streams[name], [])
            wanted = next(record.platform_id for record in records if kind_of(record) == kind)
            answer = await client.read_one(kind, wanted)
            assert wanted in [record.platform_id for record in answer.parsed.records], kind
            assert answer.parsed.problems == []


async def test_shipping_moves_the_order_and_doing_it_twice_is_done(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.store("MY")) as client:
        orders, _ = await everything(client, CONNECTOR.streams["orders"], [])
        waiting = next(
            order
            for order in orders
            if isinstance(order, Order)
            and order.status is OrderStatus.TO_SHIP
            and order.packages
            and not order.cancel_requested_at
        )
        package = waiting.packages[0].platform_package_id
        answer = await client.call(packages.ship_request(package, handover_method="DROP_OFF"))
        assert answer.parsed.problems == []
        (after,) = (await client.read_one("order", waiting.platform_id)).parsed.records
        assert isinstance(after, Order)
        assert after.status in {OrderStatus.TO_COLLECT, OrderStatus.PARTLY_SHIPPED}
        assert after.arranged_at is not None
        with pytest.raises(errors.AlreadyDone):
            await client.call(packages.ship_request(package, handover_method="DROP_OFF"))
        batch = await client.call(packages.batch_ship_request({package: packages.handover(handover_method="DROP_OFF")}))
        assert [problem.level for problem in batch.parsed.problems] == ["platform"]
        with pytest.raises(errors.Unavailable, match="11034037"):  # the label is still being made
            await client.call(packages.label_request(package))
        sandbox.post("/clock", advance="5m")
        label = await client.call(packages.label_request(package))
        assert label.parsed.receipt["doc_url"].startswith("http")


async def test_a_reply_is_found_among_the_messages(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.store("US")) as client:
        found, _ = await everything(client, CONNECTOR.streams["conversations"], [])
        talk = next(
            record.platform_id for record in found if kind_of(record) == "conversation" and getattr(record, "can_send", False)
        )
        sent = await client.call(conversations.send_text_request(talk, "Xin chào — it ships today 🎁"))
        (receipt,) = sent.parsed.records
        answer = await client.call(conversations.list_messages_request(talk))
        mine = next(record for record in answer.parsed.records if record.platform_id == receipt.platform_id)
        assert isinstance(mine, Message)
        assert (mine.text, mine.role) == ("Xin chào — it ships today 🎁", SenderRole.AGENT)
        assert mine.platform_conversation_id == talk


async def test_stock_that_is_set_is_the_stock_that_is_read(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.store("MY")) as client:
        found, _ = await everything(client, CONNECTOR.streams["listings"], [])
        listing = next(one for one in found if isinstance(one, Listing) and one.status == "live" and one.skus)
        sku = listing.skus[0]
        request = listings.set_stock_request(
            listing.platform_id, {sku.platform_sku_id: {place.platform_warehouse_id: 77 for place in sku.warehouses}}
        )
        assert (await client.call(request)).parsed.problems == []
        (after,) = (await client.call(listings.stock_request([listing.platform_id]))).parsed.records
        assert isinstance(after, Listing)
        left = next(one for one in after.skus if one.platform_sku_id == sku.platform_sku_id)
        assert left.available == 77 * len(sku.warehouses)


async def test_tokens_are_renewed_and_the_new_one_works(sandbox: Sandbox) -> None:
    store = sandbox.store("TH")
    async with client_of(sandbox, store, access=None) as client:
        tokens = await client.tokens(CONNECTOR.refresh_request(sandbox.app, Renewal(store["refresh_token"])))
    assert tokens.access_expires_at > clock.now() + timedelta(days=6)
    async with client_of(sandbox, store, access=Access(tokens.access_token, store["shop_cipher"], store["id"])) as client:
        assert (await client.call(CONNECTOR.streams["orders"].first(Ask()))).parsed.records


async def test_wrong_credentials_are_refused_by_kind(sandbox: Sandbox) -> None:
    store = sandbox.store("VN")
    request = CONNECTOR.streams["orders"].first(Ask())
    async with client_of(sandbox, store, app=AppKeys(sandbox.app.key, "wrong")) as client:
        with pytest.raises(errors.CallerRefused, match="106001"):
            await client.call(request)
    async with client_of(sandbox, store, access=Access("TTP_nobody", store["shop_cipher"])) as client:
        with pytest.raises(errors.TokenExpired):
            await client.call(request)
    async with client_of(sandbox, store, now=lambda: clock.now() - timedelta(hours=1)) as client:
        with pytest.raises(errors.CallerRefused):
            await client.call(request)
    async with client_of(sandbox, store, access=None) as client:
        with pytest.raises(errors.AuthorizationLost):
            await client.tokens(CONNECTOR.token_request(sandbox.app, Grant("TTP_no_such_code")))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("server_error", errors.Unavailable),
        ("throttle", errors.RateLimited),
        ("truncated", errors.Unavailable),
        ("token_expired", errors.TokenExpired),
    ],
)
async def test_faults_of_the_sandbox_are_told_by_what_to_do_next(
    sandbox: Sandbox, fault: str, error: type[errors.PlatformError]
) -> None:
    request = CONNECTOR.streams["orders"].first(Ask())
    async with client_of(sandbox, sandbox.store("PH")) as client:
        sandbox.fault(fault, on=True)
        try:
            with pytest.raises(error):
                await client.call(request)
        finally:
            sandbox.fault(fault, on=False)
        assert (await client.call(request)).parsed.records
