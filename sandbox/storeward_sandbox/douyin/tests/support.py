"""What the tests of Douyin Shop share: shops without HTTP, a running sandbox, a signing client, and strict shapes."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from conftest import require_shared
from storeward_sandbox.clock import Instant, machine_now, parse_instant
from storeward_sandbox.douyin import catalogue, domains, places, server
from storeward_sandbox.douyin.buying import Wish, order_now
from storeward_sandbox.douyin.call import Call
from storeward_sandbox.douyin.fleet import make_shop as shop_of_fleet
from storeward_sandbox.douyin.orders import Order, Plan
from storeward_sandbox.douyin.platform import Douyin
from storeward_sandbox.douyin.registry import OPERATIONS
from storeward_sandbox.douyin.shop import Message, Shop
from storeward_sandbox.douyin.signing import HMAC, canonical, signed
from storeward_sandbox.options import Options
from storeward_sandbox.serve import Sandbox
from storeward_sandbox.world import World

assert domains.PARTS
assert server.__name__
START = parse_instant("2026-11-18T04:00:00Z")  # a Wednesday, noon in China
ANSWER_SECONDS = 60.0
"""The receivers of tests answer at once, which on a busy machine may take longer than a platform would wait."""
Json = dict[str, Any]

# --- shops without HTTP -----------------------------------------------------------------------------------------------

_platforms: WeakKeyDictionary[Shop, Douyin] = WeakKeyDictionary()
_told: WeakKeyDictionary[Shop, list[Message]] = WeakKeyDictionary()


def make_shop(troubles: tuple[str, ...] = (), *, seed: int = 7, days: float = 0, at: Instant = START, **persona: Any) -> Shop:
    """A shop whose past has been lived, and `days` more. Further keywords change its persona."""
    shop = shop_of_fleet(seed, 0, troubles, at)
    shop.persona = replace(shop.persona, **{"orders_per_day": 0.4, **persona})
    _on_a_platform(shop, World(seed=seed, at=at, speed=0))
    shop.touch(at + int(days * 86400))
    return shop


def bare_shop(troubles: tuple[str, ...] = (), *, at: Instant = START) -> Shop:
    """A shop without a past: products, but no orders and nobody who does anything."""
    shop = shop_of_fleet(7, 0, troubles, at)
    shop.timeline.now = at
    shop.born = shop.settled = True
    shop.seller_on = shop.buyers_on = False
    places.seed(shop)
    catalogue.seed(shop)
    _on_a_platform(shop, World(seed=7, at=at, speed=0))
    return shop


def _on_a_platform(shop: Shop, world: World) -> None:
    platform = Douyin(world, stores=1, fleet=[shop])
    world.add(platform)
    _platforms[shop] = platform
    _told[shop] = []
    shop.push_all = lambda of, messages: _told[of].extend(messages)


@cache
def shop_to_read(troubles: tuple[str, ...] = (), **kind: Any) -> Shop:
    """The same shop for all tests that only look at it: it is never moved in time and nothing in it is changed."""
    return make_shop(troubles, **kind)


def platform_of(shop: Shop) -> Douyin:
    return _platforms[shop]


def told(shop: Shop, tag: int | None = None) -> list[Any]:
    """The pushed messages since the start: all as (tag, data), or the data of one tag."""
    return [data if tag is not None else (each, data) for each, data in _told[shop] if tag in (None, each)]


def go(shop: Shop, seconds: float) -> None:
    """Let that much of the sandbox's time pass."""
    shop.touch(shop.now + int(seconds))


QUIET = Plan(pays=0, reviewed=0, ships=None, collected=None, delivered=None, confirms=None)


def buy(shop: Shop, plan: Plan = QUIET, *, lines: int = 1, seconds: float = 0) -> Order:
    """One order, promised within 48 hours; then that much time passes."""
    order = order_now(shop, plan, Wish(lines=lines, ordinary=True))
    assert order is not None
    shop.push()
    go(shop, seconds)
    return order


def ask(shop: Shop, method: str, **params: Any) -> Any:
    """Run an operation without HTTP and return its data. Raises ApiError for a refusal."""
    platform = _platforms[shop]
    known = OPERATIONS[method]
    call = Call(
        platform=platform,
        method=method,
        params=params,
        now=shop.now,
        base_url="http://sandbox.test",
        shop_or_none=shop if known.token else None,
        authorization=platform.desk.of_shop(shop.id),
    )
    try:
        return known.handler(call)
    finally:
        shop.push()


# --- shapes -----------------------------------------------------------------------------------------------------------

Tree = dict[str, Any]
SIMPLE: dict[str, tuple[type, ...]] = {"string": (str,), "bool": (bool,), "float": (float, int)}


@cache
def described() -> dict[str, Json]:
    """Each described method. Skips the test where this clone has no specification folder."""
    path = require_shared() / "platforms" / "douyin_shop" / "endpoints.json"
    found: list[Json] = json.loads(path.read_text())["endpoints"]
    return {one["method"]: one for one in found}


@cache
def _tree(method: str) -> Tree:
    """The described fields of an answer: name -> (type, its fields)."""
    root: Tree = {"type": "object", "fields": {}}
    for row in described()[method]["response_fields"]:
        at = root
        for step in row["path"].split("."):
            at = at["fields"].setdefault(step.removesuffix("[]"), {"type": "object", "fields": {}})
        if at["type"] == "object":
            at["type"] = row["type"]
        if row["path"].endswith("[]"):
            at["type"] = row["type"]
    return root


def problems(method: str, data: Any) -> list[str]:
    """Where data differs from its description: unknown keys, and values of another type."""
    return _check(_tree(method)["fields"]["data"], data, "data")


def _check(known: Tree, value: Any, path: str) -> list[str]:
    kind = known["type"]
    if kind.startswith("array<"):
        return _check_list(known, value, path)
    if kind.startswith("map<"):
        return _check_map(known, value, path)
    if kind == "object":
        return _check_object(known, value, path)
    right = SIMPLE.get(kind, (int,))
    if not isinstance(value, right) or (isinstance(value, bool) and kind != "bool"):
        return [f"{path}: {value!r} is no {kind}"]
    return []


def _check_list(known: Tree, value: Any, path: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        return [f"{path}: {value!r} is no list"]
    row = {"type": known["type"][6:-1], "fields": known["fields"]}
    return [problem for index, each in enumerate(value) for problem in _check(row, each, f"{path}[{index}]")]


def _check_map(known: Tree, value: Any, path: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no map"]
    inner = known["type"].split(",", 1)[1][:-1]
    row = {"type": inner, "fields": known["fields"].get("{key}", {"fields": {}})["fields"]}
    return [problem for key, each in value.items() for problem in _check(row, each, f"{path}.{key}")]


def _check_object(known: Tree, value: Any, path: str) -> list[str]:
    if value is None or not known["fields"]:
        return [] if value is None or isinstance(value, dict | list) else [f"{path}: {value!r} is no object"]
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no object"]
    common = known["fields"].get("*")
    found = []
    for name, each in value.items():
        field_of = known["fields"].get(name)
        if field_of is None:
            found.append(f"{path}.{name}: unknown")
            continue
        if common is not None and field_of["type"] == "object":
            field_of = {**field_of, "fields": {**common["fields"], **field_of["fields"]}}
        found += _check(field_of, each, f"{path}.{name}")
    return found


def checked(shop: Shop, method: str, **params: Any) -> Any:
    """`ask`, with the answer held against the description."""
    data = ask(shop, method, **params)
    assert problems(method, data) == []
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
        return self.sandbox.addresses["douyin"]

    @property
    def platform(self) -> Douyin:
        found = self.sandbox.world.platforms["douyin"]
        assert isinstance(found, Douyin)
        return found

    def renew(self) -> None:
        """Read the credentials again."""
        self.app = self.control("/credentials")["platforms"]["douyin"]
        self.stores = self.app["stores"]

    def shop(self, store: Json) -> Shop:
        return self.platform.by_id[store["id"]]

    def query(self, method: str, param_json: str, *, token: str | None, sign_method: str = HMAC) -> dict[str, str]:
        """The signed query of a call."""
        fields = {"app_key": self.app["app_key"], "method": method, "timestamp": str(int(machine_now())), "v": "2"}
        sign = signed(self.app["app_secret"], {**fields, "param_json": param_json}, sign_method)
        named = {} if token is None else {"access_token": token}
        return {**fields, **named, "sign_method": sign_method, "sign": sign}

    def send(
        self,
        method: str,
        params: Json | None = None,
        *,
        store: Json | None = None,
        token: bool = True,
        change: Callable[[dict[str, str]], None] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """One signed request. `change` may spoil the query after signing."""
        raw = canonical(params or {})
        of = store or self.stores[0]
        query = self.query(method, raw, token=of["access_token"] if token else None)
        if change is not None:
            change(query)
        sent = {"content-type": "application/json", "x-open-no-old-err-code": "1", **(headers or {})}
        url = f"{self.base_url}/{method.replace('.', '/')}"
        return self.http.post(url, params=query, content=raw.encode(), headers=sent)

    def ask(self, method: str, params: Json | None = None, **asked: Any) -> Any:
        """The data of a method over HTTP; the call must succeed."""
        body: Json = self.send(method, params, **asked).json()
        assert body["code"] == 10000, body
        return body["data"]


@contextmanager
def running(**options: Any) -> Iterator[Running]:
    """A sandbox of Douyin Shop alone that serves until the block ends; frozen unless `speed` is given."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    usual = {"at": START, "speed": 0.0, "port_base": 0, "platforms": ("douyin",), "answer_seconds": ANSWER_SECONDS}
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
