"""What the sandbox's tests share: shops without HTTP, a running sandbox, a signing client, and strict schemas."""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import httpx
from jsonschema import Draft202012Validator

from conftest import require_shared
from storeward_sandbox.clock import Instant, machine_now, parse_instant
from storeward_sandbox.options import Options
from storeward_sandbox.serve import Sandbox
from storeward_sandbox.tiktok_shop import domains, places
from storeward_sandbox.tiktok_shop.call import Call, Upload
from storeward_sandbox.tiktok_shop.fleet import Fleet, consents
from storeward_sandbox.tiktok_shop.fleet import make_shop as shop_of_fleet
from storeward_sandbox.tiktok_shop.platform import TikTokShop
from storeward_sandbox.tiktok_shop.registry import OPERATIONS
from storeward_sandbox.tiktok_shop.shop import Shop
from storeward_sandbox.tiktok_shop.signing import request_sign
from storeward_sandbox.world import World

assert domains.PARTS
START = parse_instant("2026-11-18T04:00:00Z")  # a Wednesday, noon in Kuala Lumpur
ANSWER_SECONDS = 60.0
"""The receivers of tests answer at once, which on a busy machine may take longer than a platform would wait."""
Json = dict[str, Any]

# --- shops without HTTP -----------------------------------------------------------------------------------------------

_platforms: WeakKeyDictionary[Shop, TikTokShop] = WeakKeyDictionary()
_told: WeakKeyDictionary[Shop, list[tuple[int, Json]]] = WeakKeyDictionary()


def make_shop(
    region: str = "MY",
    troubles: tuple[str, ...] = (),
    *,
    seed: int = 7,
    days: float = 0,
    at: Instant = START,
    cross_border: bool = False,
    **persona: Any,
) -> Shop:
    """A shop whose past has been lived, and `days` more. Further keywords change its persona."""
    shop = shop_of_fleet(seed, 0, region, troubles, at)
    shop.cross_border = cross_border
    shop.persona = replace(shop.persona, **{"orders_per_day": 0.4, **persona})
    _on_a_platform(shop, World(seed=seed, at=at, speed=0))
    shop.touch(at + int(days * 86400))
    return shop


def bare_shop(region: str = "MY", troubles: tuple[str, ...] = (), *, at: Instant = START, cross_border: bool = False) -> Shop:
    """A shop without a past: no products, no orders, nobody who does anything. It has one warehouse to sell from."""
    shop = shop_of_fleet(7, 0, region, troubles, at)
    shop.cross_border = cross_border
    shop.persona = replace(shop.persona, orders_per_day=0.4)
    shop.timeline.now = at
    shop.born = shop.settled = True
    shop.seller_on = shop.buyers_on = False
    places.seed(shop)
    _on_a_platform(shop, World(seed=7, at=at, speed=0))
    return shop


def _on_a_platform(shop: Shop, world: World) -> None:
    platform = TikTokShop(world, stores=1, fleet=Fleet([shop], consents(world.seed, [shop])))
    world.add(platform)
    _platforms[shop] = platform
    _told[shop] = []
    shop.send = lambda of, kind, data: _told[of].append((kind, data))


@cache
def shop_to_read(region: str = "MY", troubles: tuple[str, ...] = (), **kind: Any) -> Shop:
    """The same shop for all tests that only look at it: it is never moved in time and nothing in it is changed."""
    return make_shop(region, troubles, **kind)


def platform_of(shop: Shop) -> TikTokShop:
    return _platforms[shop]


def told(shop: Shop, kind: int | None = None) -> list[Any]:
    """The webhooks since the start: all as (type, data), or the data of one type."""
    return [data if kind is not None else (each, data) for each, data in _told[shop] if kind in (None, each)]


def go(shop: Shop, seconds: float) -> None:
    """Let that much of the sandbox's time pass."""
    shop.touch(shop.now + int(seconds))


def ask(
    shop: Shop,
    operation: str,
    *,
    query: Json | None = None,
    body: Json | None = None,
    ids: dict[str, str] | None = None,
    uploads: dict[str, Upload] | None = None,
    fields: dict[str, str] | None = None,
) -> Json:
    """Run an operation without HTTP and return its data. Raises ApiError for a refusal."""
    platform = _platforms[shop]
    held = platform.desk.of_shop(shop.id)
    assert held is not None
    known = OPERATIONS[operation]
    call = Call(
        platform=platform,
        authorization=held,
        operation=operation,
        path=known.path.format(**(ids or {})),
        ids=ids or {},
        query={name: str(value) for name, value in (query or {}).items()},
        body=body or {},
        now=shop.now,
        base_url="http://sandbox.test",
        shop_or_none=shop if known.cipher else None,
        uploads=uploads or {},
        fields=fields or {},
    )
    return known.handler(call)


# --- schemas ----------------------------------------------------------------------------------------------------------


@cache
def openapi() -> Json:
    """The platform's description of its operations. Skips the test where this clone has no specification folder."""
    path = require_shared() / "platforms" / "tiktok_shop" / "openapi.json"
    found: Json = json.loads(path.read_text())
    return found


@cache
def described() -> dict[str, Json]:
    """Each described operation with its path and method, by operation id."""
    return {
        one["operationId"]: {**one, "path": path, "method": method.upper()}
        for path, methods in openapi()["paths"].items()
        for method, one in methods.items()
    }


def base_name(operation: str) -> str:
    """The described operation behind one of which only a newer version is described."""
    return operation if operation in described() else re.sub(r"_\d{6}$", "", operation)


def _strict(schema: Any) -> Any:
    """The schema with every object closed: a key that the platform does not have is a mistake of ours."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _strict_part(schema["$ref"])
    closed = {name: _strict(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema["properties"]:
        closed.setdefault("additionalProperties", False)
    return closed


@cache
def _strict_part(reference: str) -> Any:
    """What a reference means, put in its place: looking it up again for every value costs a fifth of the time."""
    found: Any = openapi()
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return _strict(found)


def _validator(operation: str) -> Draft202012Validator:
    return _validator_of(base_name(operation))


@cache
def _validator_of(described_name: str) -> Draft202012Validator:
    content = described()[described_name]["responses"]["200"]["content"]
    return Draft202012Validator(_strict(next(iter(content.values()))["schema"]))


def schema_problems(operation: str, data: Json | None) -> list[str]:
    """Where the operation's data differs from its description, unknown keys included."""
    envelope = {"code": 0, "message": "Success", "request_id": "1", "data": data}
    return body_problems(operation, envelope)


def body_problems(operation: str, body: Json) -> list[str]:
    """The same for a whole answer."""
    return [f"{error.json_path}: {error.message[:200]}" for error in _validator(operation).iter_errors(body)]


def checked(shop: Shop, operation: str, **asked: Any) -> Json:
    """`ask`, with the answer held against the description."""
    data = ask(shop, operation, **asked)
    assert schema_problems(operation, data) == []
    return data


# --- a running sandbox ------------------------------------------------------------------------------------------------


@dataclass
class Running:
    """A sandbox in a thread of its own, on free ports."""

    sandbox: Sandbox
    loop: asyncio.AbstractEventLoop
    http: httpx.Client
    stores: list[Json] = field(default_factory=list)
    app: Json = field(default_factory=dict)

    def control(self, path: str, body: Json | None = None) -> Json:
        """GET without a body, POST with one. The answer must be good."""
        url = self.sandbox.addresses["control"] + path
        answer = self.http.get(url) if body is None else self.http.post(url, json=body)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    @property
    def base_url(self) -> str:
        return self.sandbox.addresses["tiktok_shop"]

    def renew(self) -> None:
        """Read the credentials again."""
        self.app = self.control("/credentials")["platforms"]["tiktok_shop"]
        self.stores = self.app["stores"]

    @property
    def platform(self) -> TikTokShop:
        """TikTok Shop itself, behind its door."""
        found = self.sandbox.world.platforms["tiktok_shop"]
        assert isinstance(found, TikTokShop)
        return found

    def shop(self, store: Json) -> Shop:
        return self.platform.by_id[store["id"]]

    def send(
        self,
        method: str,
        path: str,
        *,
        store: Json | None = None,
        query: Json | None = None,
        body: bytes | Json | None = None,
        cipher: bool = True,
        change: Callable[[dict[str, str]], None] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """One signed request. `change` may spoil the query after signing."""
        of = store or self.stores[0]
        raw = json.dumps(body).encode() if isinstance(body, dict) else body or b""
        asked = {"app_key": self.app["app_key"], "timestamp": str(int(machine_now()))}
        asked |= {"shop_cipher": of["shop_cipher"]} if cipher else {}
        asked |= {name: str(value) for name, value in (query or {}).items()}
        sent = {"content-type": "application/json", "x-tts-access-token": of["access_token"], **(headers or {})}
        asked["sign"] = request_sign(
            secret=self.app["app_secret"], path=path, query=asked.items(), content_type=sent["content-type"], body=raw
        )
        if change is not None:
            change(asked)
        return self.http.request(method, self.base_url + path, params=asked, content=raw, headers=sent)

    def ask(self, operation: str, ids: dict[str, str] | None = None, **asked: Any) -> Json:
        """The data of a registered operation over HTTP; the call must succeed."""
        known = OPERATIONS[operation]
        answer = self.send(known.method, known.path.format(**(ids or {})), cipher=known.cipher, **asked)
        body: Json = answer.json()
        assert body["code"] == 0, body
        return dict(body["data"])


@contextmanager
def running(**options: Any) -> Iterator[Running]:
    """A sandbox of TikTok Shop alone that serves until the block ends; frozen unless `speed` is given."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    usual = {"at": START, "speed": 0.0, "port_base": 0, "platforms": ("tiktok_shop",), "answer_seconds": ANSWER_SECONDS}
    sandbox = Sandbox(Options(**{**usual, **options}))
    asyncio.run_coroutine_threadsafe(sandbox.start(), loop).result(300)
    try:
        with httpx.Client(timeout=600, verify=False) as http:
            found = Running(sandbox, loop, http)
            found.renew()
            yield found
    finally:
        asyncio.run_coroutine_threadsafe(sandbox.stop(), loop).result(300)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(300)
        loop.close()
