"""The sandbox's own interface, on the base port: what the commands ask, and what tests need beside them.

| call | body | does |
|---|---|---|
| GET /health | | says that it runs |
| GET /details | | money, requests to answer, waiting buyers and stock of each store |
| GET /credentials, /truth, /stats, /clock, /faults, /webhooks/log | | as the commands of the same names |
| POST /clock | `{"advance": "12h"}`, `{"at": INSTANT}`, `{"freeze": true}`, `{"run": true, "speed": 60}` | moves the clock |
| POST /faults | `{"name", "on", "rate", "seconds", "platform", "stores"}` | switches a fault |
| POST /stats/reset | | counts from zero |
| POST /webhooks | `{"address", "platform"}` or `{"store", "on"}` | the app's address; stops and starts a store's webhooks |
| POST /authorizations | `{"store", "do": "revoke" or "expire" or "expire_access" or "restore"}` | a seller's consent |
| POST /orders | `{"store", "count", "by_platform"}` | buyers order and pay at this instant |
| POST /people | `{"store", "seller", "buyers"}` | lets the scripted seller and the buyers rest (false) or go on |
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from .clock import BadTime, checked_speed, iso, parse_duration, parse_instant
from .faults import UnknownFault
from .options import address_of
from .world import ClockGoesForward, Platform, World

MOST_ORDERS = 1000
Json = dict[str, Any]
Action = Callable[[Json], Awaitable[Json]]


class Refused(ValueError):
    """The call cannot be carried out; the message says why and what mends it."""


class Control:
    """The control interface of one world. `addresses` tells each platform's base URL."""

    def __init__(self, world: World, addresses: dict[str, str]) -> None:
        self.world = world
        self.addresses = addresses

    def application(self) -> web.Application:
        app = web.Application(middlewares=[_as_sentences])
        reads: dict[str, Callable[[], Json]] = {
            "/health": lambda: {"sandbox": "storeward", "at": iso(self.world.clock.now())},
            "/credentials": self.credentials,
            "/stats": self.stats,
            "/clock": self.clock,
            "/faults": self.faults,
            "/webhooks/log": self.webhook_log,
        }
        writes: dict[str, Action] = {
            "/clock": self.move_clock,
            "/faults": self.switch_fault,
            "/stats/reset": self.reset_stats,
            "/webhooks": self.set_webhooks,
            "/authorizations": self.change_consent,
            "/orders": self.place_orders,
            "/people": self.direct_people,
        }
        for path, read in reads.items():
            app.router.add_get(path, _reader(read))
        app.router.add_get("/truth", _reader_after(self.world.all_born, self.truth))
        app.router.add_get("/details", _reader_after(self.world.all_born, self.details))
        for path, action in writes.items():
            app.router.add_post(path, _writer(action))
        return app

    # --- reads ----------------------------------------------------------------------------------------------------

    def credentials(self) -> Json:
        return {"platforms": {name: one.credentials(self.addresses[name]) for name, one in self.world.platforms.items()}}

    def truth(self) -> Json:
        """Counted in the world's own memory, with every store brought to this instant."""
        now = self.world.clock.now()
        for store in self.world.stores():
            store.touch(now)
        return {"at": iso(now), "platforms": {name: one.truth() for name, one in self.world.platforms.items()}}

    def details(self) -> Json:
        """What the platforms hold about each store beside its orders: money, requests, chats, stock."""
        now = self.world.clock.now()
        for store in self.world.stores():
            store.touch(now)
        return {"at": iso(now), "platforms": {name: one.details() for name, one in self.world.platforms.items()}}

    def stats(self) -> Json:
        outbox = self.world.outbox
        return {
            "platforms": {name: one.stats() for name, one in self.world.platforms.items()},
            "webhooks": {**outbox.counts, "waiting": outbox.waiting()},
            "fault_hits": self.world.faults.hits,
        }

    def clock(self) -> Json:
        clock = self.world.clock
        return {"at": iso(clock.now()), "frozen": clock.frozen, "speed": clock.speed}

    def faults(self) -> Json:
        return {"on": [msgspec.to_builtins(fault) for fault in self.world.faults.on]}

    def webhook_log(self) -> Json:
        return {"attempts": list(self.world.outbox.log)}

    # --- writes ---------------------------------------------------------------------------------------------------

    async def move_clock(self, body: Json) -> Json:
        clock = self.world.clock
        if "advance" in body:
            await self.world.advance_by(parse_duration(str(body["advance"])))
        elif "at" in body:
            await self.world.advance_to(parse_instant(str(body["at"])))
        elif body.get("freeze"):
            clock.freeze()
        elif body.get("run"):
            clock.run(checked_speed(1.0 if body.get("speed") is None else float(body["speed"])))
        else:
            raise Refused("say how the clock shall move: advance, at, freeze or run")
        return self.clock()

    async def switch_fault(self, body: Json) -> Json:
        name, platform = str(body.get("name", "")), body.get("platform")
        if platform is not None and platform not in self.world.platforms:
            raise Refused(f"there is no platform '{platform}' here; known are {', '.join(self.world.platforms)}")
        stores = self._known_stores(body.get("stores") or [])
        if body.get("on"):
            rate = 1.0 if body.get("rate") is None else float(body["rate"])
            self.world.faults.switch_on(name, rate=rate, seconds=body.get("seconds"), platform=platform, stores=stores)
        else:
            self.world.faults.switch_off(name, platform=platform, stores=stores)
        return self.faults()

    async def reset_stats(self, body: Json) -> Json:
        for platform in self.world.platforms.values():
            platform.reset_stats()
        self.world.faults.hits.clear()
        self.world.outbox.counts.clear()
        self.world.outbox.log.clear()
        return self.stats()

    async def set_webhooks(self, body: Json) -> Json:
        if "address" in body:
            for name, platform in self.world.platforms.items():
                if body.get("platform") in (None, name):
                    platform.listen_at(address_of(name, str(body["address"] or "")))
        if body.get("store"):
            stopped = self.world.outbox.stopped_stores
            for store in self._known_stores([body["store"]]):
                (stopped.discard if body.get("on") else stopped.add)(store)
        return self.stats()

    async def change_consent(self, body: Json) -> Json:
        self._platform_of(body).change_consent(str(body["store"]), str(body.get("do", "")))
        return self.credentials()

    async def place_orders(self, body: Json) -> Json:
        platform, count = self._platform_of(body), int(body.get("count", 1))
        if not 1 <= count <= MOST_ORDERS:
            raise Refused(f"{count} orders cannot be placed at once; choose 1 to {MOST_ORDERS}")
        ids = platform.place_orders(str(body["store"]), count, bool(body.get("by_platform")))
        return {"orders": ids}

    async def direct_people(self, body: Json) -> Json:
        """For one store, or for all where none is named; from now on, so the past is worked out first."""
        await self.world.all_born()
        for platform in [self._platform_of(body)] if body.get("store") else self.world.platforms.values():
            platform.direct_people(body.get("store"), seller=body.get("seller"), buyers=body.get("buyers"))
        return {}

    def _known_stores(self, wanted: list[Any]) -> frozenset[str]:
        """The ids themselves. Raises Refused where one is no store's."""
        for store in wanted:
            self._platform_of({"store": store})
        return frozenset(str(store) for store in wanted)

    def _platform_of(self, body: Json) -> Platform:
        wanted = str(body.get("store", ""))
        for platform in self.world.platforms.values():
            if any(store.id == wanted for store in platform.stores):
                return platform
        raise Refused(f"there is no store '{wanted}' here; `sandbox credentials --json` lists them")


def _reader(read: Callable[[], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=msgspec.json.encode(read()), content_type="application/json")

    return answer


def _reader_after(
    before: Callable[[], Awaitable[None]], read: Callable[[], Json]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    plain = _reader(read)

    async def answer(request: web.Request) -> web.Response:
        await before()
        return await plain(request)

    return answer


def _writer(action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        raw = await request.read()
        body = msgspec.json.decode(raw, type=dict[str, Any]) if raw else {}
        return web.Response(body=msgspec.json.encode(await action(body)), content_type="application/json")

    return answer


@web.middleware
async def _as_sentences(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """What cannot be done is answered by one sentence, with status 400."""
    try:
        return await handler(request)
    except (BadTime, ClockGoesForward, UnknownFault, Refused) as refusal:
        message = str(refusal)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        message = f"the call cannot be read: {error}"
    return web.Response(status=400, body=msgspec.json.encode({"error": message}), content_type="application/json")
