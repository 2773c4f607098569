"""What this platform's tests share: stores without HTTP, a running sandbox, a signing client, and the described members."""

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
import msgspec

from conftest import require_shared
from storeward_sandbox.clock import Instant, machine_now, parse_instant
from storeward_sandbox.lazada import domains, places
from storeward_sandbox.lazada.call import Call, Upload
from storeward_sandbox.lazada.fleet import Fleet, sellers
from storeward_sandbox.lazada.fleet import make_shop as shop_of_fleet
from storeward_sandbox.lazada.platform import Lazada
from storeward_sandbox.lazada.registry import OPERATIONS
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.signing import request_sign
from storeward_sandbox.options import Options
from storeward_sandbox.serve import Sandbox
from storeward_sandbox.world import World

assert domains.PARTS
START = parse_instant("2026-11-18T04:00:00Z")  # a Wednesday, noon in Singapore
ANSWER_SECONDS = 60.0
"""The receivers of tests answer at once, which on a busy machine may take longer than a platform would wait."""
Json = dict[str, Any]

# --- stores without HTTP ----------------------------------------------------------------------------------------------

_platforms: WeakKeyDictionary[Shop, Lazada] = WeakKeyDictionary()
_told: WeakKeyDictionary[Shop, list[tuple[int, Json]]] = WeakKeyDictionary()


def make_shop(
    region: str = "SG",
    troubles: tuple[str, ...] = (),
    *,
    seed: int = 7,
    days: float = 0,
    at: Instant = START,
    cross_border: bool = False,
    **persona: Any,
) -> Shop:
    """A store whose past has been lived, and `days` more. Further keywords change its persona."""
    shop = shop_of_fleet(seed, 0, region, troubles, at)
    shop.cross_border = cross_border
    shop.persona = replace(shop.persona, **{"orders_per_day": 0.4, **persona})
    _on_a_platform(shop, World(seed=seed, at=at, speed=0))
    shop.touch(at + int(days * 86400))
    return shop


def bare_shop(region: str = "SG", troubles: tuple[str, ...] = (), *, at: Instant = START, cross_border: bool = False) -> Shop:
    """A store without a past: no products, no orders, nobody who does anything. It has its warehouses."""
    shop = shop_of_fleet(7, 0, region, troubles, at)
    shop.cross_border = cross_border
    shop.timeline.now = at
    shop.born = shop.settled = True
    shop.seller_on = shop.buyers_on = False
    places.seed(shop)
    _on_a_platform(shop, World(seed=7, at=at, speed=0))
    return shop


def _on_a_platform(shop: Shop, world: World) -> None:
    platform = Lazada(world, stores=1, fleet=Fleet([shop], sellers([shop])))
    world.add(platform)
    _platforms[shop] = platform
    _told[shop] = []
    shop.send = lambda of, kind, data: _told[of].append((kind, data))


@cache
def shop_to_read(region: str = "SG", troubles: tuple[str, ...] = (), **kind: Any) -> Shop:
    """The same store for all tests that only look at it: it is never moved in time and nothing in it is changed."""
    return make_shop(region, troubles, **kind)


def platform_of(shop: Shop) -> Lazada:
    return _platforms[shop]


def told(shop: Shop, kind: int | None = None) -> list[Any]:
    """The pushes since the start: all as (type, data), or the data of one type."""
    return [data if kind is not None else (each, data) for each, data in _told[shop] if kind in (None, each)]


def go(shop: Shop, seconds: float) -> None:
    """Let that much of the sandbox's time pass."""
    shop.touch(shop.now + int(seconds))


def as_texts(params: Json) -> dict[str, str]:
    """Parameters as they travel: structured ones as JSON text."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}


def answer(shop: Shop, path: str, *, uploads: dict[str, Upload] | None = None, **params: Any) -> Json:
    """Everything that an operation answers, without HTTP. Raises ApiError for a refusal."""
    call = Call(_platforms[shop], shop, path, as_texts(params), shop.now, "http://sandbox.test", uploads or {})
    return OPERATIONS[path].handler(call)


def ask(shop: Shop, path: str, **params: Any) -> Any:
    """The payload of an answer: what stands under `data` or `result`."""
    found = answer(shop, path, **params)
    return found["data"] if "data" in found else found["result"]


def checked(shop: Shop, path: str, **params: Any) -> Any:
    """`ask`, with the answer held against the description."""
    found = answer(shop, path, **params)
    problems = answer_problems(path, through_the_wire(found))
    assert problems == [], (path, problems)
    return found["data"] if "data" in found else found.get("result", found)


def through_the_wire(found: Json) -> Json:
    decoded: Json = msgspec.json.decode(msgspec.json.encode(found))
    return decoded


# --- what is described ------------------------------------------------------------------------------------------------


@cache
def endpoints() -> dict[str, Json]:
    """The described calls by path. Skips the test where this clone has no specification folder."""
    path = require_shared() / "platforms" / "lazada" / "endpoints.json"
    return {one["path"]: one for one in json.loads(path.read_text())["endpoints"]}


ENVELOPE = frozenset({"code", "request_id", "type", "message"})
ERROR_MEMBERS = frozenset({"error_code", "error_msg", "errorCode", "errorMsg"})
# Members of real answers (samples) that the list of fields does not have.
SEEN = {
    "/products/get": r"data\.products\[\]\.skus\[\]\.(special_(from|to)_date|special_time_format|package_(width|height))",
    "/product/item/get": r"data\.(attributes\..*|skus\[\]\.(special_(from|to)_date|special_time_format|package_(width|height)))",
    "/finance/transaction/accountTransactions/query": r"msg",
}
LISTS_IN_REAL_ANSWERS = ("order_line_info_list",)
"""Described as texts; lists in the samples."""
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}


def answer_problems(path: str, found: Json) -> list[str]:
    """Where an answer differs from the description: unknown members, other JSON types. Null is allowed everywhere."""
    described = {field["path"]: field["type"] for field in endpoints()[path]["response_fields"]}
    names = set(described)
    for name in described:
        parts = re.split(r"(?<!\[)\.", name)
        names |= {".".join(parts[:length]) for length in range(1, len(parts))}
    return list(_problems(path, found, "", names, described))


def _problems(path: str, value: Any, at: str, names: set[str], described: dict[str, str]) -> Iterator[str]:
    kind = described.get(at, "")
    if at and kind and value is not None and not _fits(value, kind) and not at.endswith(LISTS_IN_REAL_ANSWERS):
        yield f"{at} is {type(value).__name__}, not {kind}"
    if at and described.get(at) == "object" and not any(other.startswith(at + ".") for other in names):
        return  # a map with members that nobody describes
    if isinstance(value, dict):
        for name, one in value.items():
            below = f"{at}.{name}" if at else name
            if not _is_known(path, name, below, names, described):
                yield f"{below} is not described"
            else:
                yield from _problems(path, one, below, names, described)
    if isinstance(value, list):
        for one in value:
            yield from _problems(path, one, f"{at}[]", names, described)


def _is_known(path: str, name: str, at: str, names: set[str], described: dict[str, str]) -> bool:
    free = at.rsplit(".", 1)[0]
    holds_anything = described.get(free, "") in ("object", "array<object>")
    is_free_map = holds_anything and not any(other.startswith(free + ".") for other in names)
    listed = names | {one.removesuffix("[]") for one in names}
    if at in listed or is_free_map or name in ERROR_MEMBERS or ("." not in at and name in ENVELOPE):
        return True
    return bool(re.fullmatch(SEEN.get(path, "-"), at)) or bool(re.fullmatch(r".*\.(saleProp|attributes)(\..*)?", at))


def _fits(value: Any, kind: str) -> bool:
    for one in kind.split("|"):
        base = re.split(r"[<(]", one)[0]
        if base not in TYPES or (isinstance(value, TYPES[base]) and (base == "boolean" or not isinstance(value, bool))):
            return True
        if base == "array" or "[]" in one:
            return True
    return False


# --- a running sandbox ------------------------------------------------------------------------------------------------


@dataclass
class Running:
    """A sandbox in a thread of its own, on free ports, with this platform alone."""

    sandbox: Sandbox
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
    def address(self) -> str:
        return self.sandbox.addresses["lazada"]

    @property
    def platform(self) -> Lazada:
        found = self.sandbox.world.platforms["lazada"]
        assert isinstance(found, Lazada)
        return found

    def renew(self) -> None:
        """Read the credentials again."""
        self.app = self.control("/credentials")["platforms"]["lazada"]
        self.stores = self.app["stores"]

    def shop(self, store: Json) -> Shop:
        return self.platform.by_id[store["id"]]

    def signed(self, path: str, params: Json, token: str | None) -> dict[str, str]:
        """All parameters, the common ones and the signature among them."""
        whole = {"app_key": self.app["app_key"], "timestamp": f"{int(machine_now())}000", "sign_method": "sha256"}
        whole |= as_texts(params) | ({"access_token": token} if token else {})
        return {**whole, "sign": request_sign(secret=self.app["app_secret"], path=path, params=whole.items())}

    def send(
        self,
        path: str,
        params: Json | None = None,
        *,
        store: Json | None = None,
        token: str | None = None,
        method: str = "",
        base: str = "",
        change: Callable[[dict[str, str]], None] | None = None,
    ) -> httpx.Response:
        """One signed request, by default as the documents say: reads in the query, writes in the body. `change` may spoil it."""
        given = token if token is not None else (store or self.stores[0])["access_token"]
        whole = self.signed(path, params or {}, given)
        if change is not None:
            change(whole)
        known = OPERATIONS.get(path)
        method = method or (known.methods[0] if known else "GET")
        url = (base or self.app["base_url"]) + path
        if method == "GET":
            return self.http.get(url, params=whole)
        return self.http.post(url, data=whole)

    def ask(self, path: str, params: Json | None = None, **how: Any) -> Any:
        """The payload of a call over HTTP, which must succeed."""
        body: Json = self.send(path, params, **how).json()
        assert body["code"] == "0", body
        return body["data"] if "data" in body else body.get("result", body)

    def code(self, path: str, params: Json | None = None, **how: Any) -> str:
        """The code of an answer, "0" for a good one."""
        return str(self.send(path, params, **how).json()["code"])


@contextmanager
def running(**options: Any) -> Iterator[Running]:
    """A sandbox that serves until the block ends; frozen unless `speed` is given."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    usual = {"at": START, "speed": 0.0, "port_base": 0, "platforms": ("lazada",), "answer_seconds": ANSWER_SECONDS}
    sandbox = Sandbox(Options(**{**usual, **options}))
    asyncio.run_coroutine_threadsafe(sandbox.start(), loop).result(300)
    try:
        with httpx.Client(timeout=600, verify=False) as http:
            found = Running(sandbox, http)
            found.renew()
            yield found
    finally:
        asyncio.run_coroutine_threadsafe(sandbox.stop(), loop).result(300)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(300)
        loop.close()
