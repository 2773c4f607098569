"""The ceiling of a fleet's sync: the calls of a first fill once more, by aiohttp alone, with nothing parsed and nothing kept.

The calls are taken down first, store by store, by reading all streams as the product would; then the same addresses with the same
headers and bodies are asked again. What is left is what the sandbox and HTTP can do on this machine.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bench.report import stopwatch
from storeward.canon import Record
from storeward.connectors.client import Client
from storeward.connectors.contract import Access, AppKeys, Stream
from storeward.connectors.errors import PlatformError
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.stores.demo import profile_of
from storeward.sync.cursors import Position
from storeward.sync.feed import Key, pieces

SIDE_BY_SIDE = 8
"""Stores at once, as many as a worker has."""

Call = tuple[str, Any, dict[str, Any]]
SENT = ("headers", "data", "allow_redirects")
"""What is said again; the product's own precautions at sending are not part of a bare call."""


@dataclass(slots=True)
class Recorder:
    """Stands in for a session: sends, and notes what was sent."""

    session: aiohttp.ClientSession
    calls: list[Call] = field(default_factory=list)

    def request(self, method: str, address: Any, **more: Any) -> Any:
        self.calls.append((method, address, {name: more[name] for name in SENT if name in more}))
        return self.session.request(method, address, **more)


@dataclass(frozen=True, slots=True)
class Shop:
    """A store of the sandbox's credentials."""

    platform: str
    app: Mapping[str, Any]
    shop: Mapping[str, Any]

    def client(self, session: Any) -> Client:
        given, profile = self.app, profile_of(self.shop)
        return Client(
            connector=connector_for(self.platform),
            session=session,
            app=AppKeys(given.get("app_key") or given["partner_id"], given.get("app_secret") or given["partner_key"]),
            access=Access(
                self.shop["access_token"],
                handle=profile.platform_handle or "",
                platform_store_id=profile.platform_store_id,
                market=profile.region or "",
            ),
            now=clock.now,
            base_url=given["base_url"],
            auth_url=given["auth_url"],
        )

    @property
    def streams(self) -> list[Stream]:
        """Those that name keys first."""
        profile = profile_of(self.shop)
        offered = connector_for(self.platform).streams_in(profile.region or "", profile.seller_type or "")
        return sorted(offered, key=lambda stream: stream.keys_from is not None)


def dealt(credentials: Mapping[str, Any], most: int) -> list[Shop]:
    """At most so many stores in all, evenly from every platform."""
    platforms = credentials["platforms"]
    each = max(1, most // len(platforms))
    return [Shop(name, given, shop) for name, given in platforms.items() for shop in given["stores"][:each]]


@dataclass(frozen=True, slots=True)
class Bare:
    """What was asked, and how long that took."""

    calls: int
    seconds: float


async def ask_again(credentials: Mapping[str, Any], most: int) -> Bare:
    """Read `most` stores and take the calls down, then time the same calls, `SIDE_BY_SIDE` stores at once."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        turns = asyncio.Semaphore(SIDE_BY_SIDE)
        taken = await asyncio.gather(*(_taken_down(shop, session, turns) for shop in dealt(credentials, most)))
        with stopwatch() as watch:
            await asyncio.gather(*(_asked(calls, session, turns) for calls in taken))
    return Bare(sum(map(len, taken)), watch.seconds)


async def _taken_down(shop: Shop, session: aiohttp.ClientSession, turns: asyncio.Semaphore) -> list[Call]:
    """The calls of a store's first fill."""
    recorder = Recorder(session)
    client = shop.client(recorder)
    records: dict[str, list[Record]] = {}
    async with turns:
        for stream in shop.streams:
            keys = [Key(record.platform_id) for record in records.get(stream.keys_from or "", [])]
            position = Position().start(stream, filled=False, now=clock.now())
            found = records.setdefault(stream.name, [])
            try:
                async for piece in pieces(client, stream, position, list(dict.fromkeys(keys))):
                    found += piece.answer.parsed.records
            except PlatformError:
                continue  # the product is refused here as well
    return recorder.calls


async def _asked(calls: Sequence[Call], session: aiohttp.ClientSession, turns: asyncio.Semaphore) -> None:
    async with turns:
        for method, address, more in calls:
            async with session.request(method, address, **more) as answer:
                await answer.read()
