"""What the tests of Shopee share: shops without HTTP, a running sandbox, a signing client, and the described shapes."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import httpx
import pytest

from conftest import require_shared
from storeward_sandbox.clock import Instant, machine_now, parse_instant
from storeward_sandbox.options import Options
from storeward_sandbox.serve import Sandbox
from storeward_sandbox.shopee import domains, stockroom
from storeward_sandbox.shopee.call import Call, Upload
from storeward_sandbox.shopee.errors import ApiError
from storeward_sandbox.shopee.fleet import Fleet, consents
from storeward_sandbox.shopee.fleet import make_shop as shop_of_fleet
from storeward_sandbox.shopee.orders import finish_ripe
from storeward_sandbox.shopee.platform import Shopee
from storeward_sandbox.shopee.registry import MERCHANT, OPERATIONS, PUBLIC, Binary
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.signing import request_sign
from storeward_sandbox.shopee.wire_form import encoded
from storeward_sandbox.world import World

assert domains.PARTS
START = parse_instant("2026-11-18T04:00:00Z")  # a Wednesday, noon in Singapore
ANSWER_SECONDS = 60.0
"""The receivers of tests answer at once, which on a busy machine may take longer than a platform would wait."""
Json = dict[str, Any]

# --- shops without HTTP -----------------------------------------------------------------------------------------------

_platforms: WeakKeyDictionary[Shop, Shopee] = WeakKeyDictionary()
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
    _on_a_platform(shop, seed, at)
    shop.touch(at + int(days * 86400))
    return shop


def bare_shop(region: str = "MY", troubles: tuple[str, ...] = (), *, at: Instant = START, cross_border: bool = False) -> Shop:
    """A shop without a past: stock on its shelves, no orders, nobody who does anything."""
    shop = shop_of_fleet(7, 0, region, troubles, at)
    shop.cross_border = cross_border
    shop.timeline.now = at
    shop.born = shop.settled = True
    shop.seller_on = shop.buyers_on = False
    stockroom.fill(shop)
    _on_a_platform(shop, 7, at)
    return shop


def _on_a_platform(shop: Shop, seed: int, at: Instant) -> None:
    world = World(seed=seed, at=at, speed=0)
    platform = Shopee(world, stores=1, fleet=Fleet([shop], consents(seed, [shop])))
    world.add(platform)
    _platforms[shop] = platform
    _told[shop] = []
    shop.send = lambda of, code, data: _told[of].append((code, data))


@cache
def shop_to_read(region: str = "MY", troubles: tuple[str, ...] = (), **kind: Any) -> Shop:
    """The same shop for all tests that only look at it: it is never moved in time and nothing in it is changed."""
    return make_shop(region, troubles, **kind)


def platform_of(shop: Shop) -> Shopee:
    return _platforms[shop]


def told(shop: Shop, code: int) -> list[Any]:
    """The data of the pushes of one code since the start."""
    return [data for each, data in _told[shop] if each == code]


def go(shop: Shop, seconds: float) -> None:
    """Let that much of the sandbox's time pass."""
    shop.touch(shop.now + int(seconds))


def ask(
    shop: Shop,
    operation: str,
    *,
    query: Json | None = None,
    body: Json | None = None,
    uploads: Sequence[Upload] = (),
    fields: dict[str, str] | None = None,
) -> Any:
    """Run an operation without HTTP and return its payload as a client would read it. Raises ApiError for a refusal."""
    return ask_all(shop, operation, query=query, body=body, uploads=uploads, fields=fields)[0]


def ask_all(
    shop: Shop,
    operation: str,
    *,
    query: Json | None = None,
    body: Json | None = None,
    uploads: Sequence[Upload] = (),
    fields: dict[str, str] | None = None,
) -> tuple[Any, Any]:
    """The same, with the warning."""
    platform = _platforms[shop]
    known = OPERATIONS[operation]
    call = Call(
        platform=platform,
        operation=operation,
        query={name: _spelt(value) for name, value in (query or {}).items()},
        body=body or {},
        now=shop.now,
        base_url="http://sandbox.test",
        consent=platform.desk.of_shop(shop.id),
        shop_or_none=shop,
        merchant_id=shop.merchant_id,
        uploads=list(uploads),
        fields=fields or {},
    )
    finish_ripe(shop)
    payload = known.handler(call)
    return payload if isinstance(payload, Binary) else json.loads(encoded(payload), parse_float=Decimal), call.warning


def _spelt(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


@contextmanager
def refused(error: str) -> Iterator[None]:
    """The block is refused with this key."""
    with pytest.raises(ApiError) as caught:
        yield
    assert caught.value.error == error, caught.value


def checked(shop: Shop, operation: str, **asked: Any) -> Any:
    """`ask`, with the answer held against the description."""
    payload, warning = ask_all(shop, operation, **asked)
    known = OPERATIONS[operation]
    body = {"response": payload} if known.wrapped and payload is not None else dict(payload or {})
    if warning is not None:
        body["warning"] = warning
    assert problems(operation, body) == []
    return payload


# --- described shapes -------------------------------------------------------------------------------------------------

ENVELOPE = {"error", "message", "mesage", "request_id", "warning"}
_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float, Decimal),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


@cache
def described() -> dict[str, Json]:
    """Each described operation by name. Skips the test where this clone has no specification folder."""
    path = require_shared() / "platforms" / "shopee" / "endpoints.json"
    return {one["name"]: one for one in json.loads(path.read_text())["endpoints"]}


@cache
def _samples() -> dict[str, list[Any]]:
    folder = require_shared() / "platforms" / "shopee" / "samples"
    found: dict[str, list[Any]] = {}
    for path in sorted(folder.glob("*.json")):
        name = ".".join(path.name.split(".")[:2])
        found.setdefault(name, []).append(json.loads(path.read_text()))
    return found


_OTHER_NAMES = {"income_detail_list.income_detail_list_item": "income_detail_list.list"}
"""How the reference names a part, and how its example does."""


@cache
def _paths(name: str) -> dict[str, set[str]]:
    """Path -> the kinds of value that the reference or the samples have there. Lists are left out of paths."""
    found: dict[str, set[str]] = {}
    for row in described()[name]["response_fields"]:
        path = row["path"].replace("[]", "")
        kinds = found.setdefault(path, set())
        kinds |= {*_named(row["type"]), *row.get("seen_in_example", [])}
        if row["path"].endswith("[]"):
            kinds |= set(_named(row["type"].removeprefix("array of ")))
    for path in described()[name].get("fields_only_in_examples", []):
        found.setdefault(path, set()).add("any")
    for reference, example in _OTHER_NAMES.items():
        found |= {path.replace(reference, example): kinds for path, kinds in found.items() if reference in path}
    if not described()[name]["wrapped_in_response"]:
        found |= {path.removeprefix("response."): kinds for path, kinds in found.items()}
    for sample in _samples().get(name, []):
        _collect(sample, "", found)
    return found


def _named(kind: str) -> set[str]:
    if kind.startswith("array"):
        return {"array"}
    return {word for word in ("string", "integer", "number", "boolean", "object", "null") if word in kind} or {"any"}


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return next(
        (name for name, types in _KINDS.items() if name not in ("integer", "boolean") and isinstance(value, types)), "any"
    )


def _collect(value: Any, path: str, found: dict[str, set[str]]) -> None:
    if path:
        kind = _kind_of(value)
        found.setdefault(path, set()).add("number" if kind == "integer" else kind)
    if isinstance(value, dict):
        for name, inner in value.items():
            _collect(inner, f"{path}.{name}" if path else name, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, path, found)


_FREE = (".content", ".latest_message_content", ".source_content")
"""Parts whose keys depend on the kind of message."""


def _with_parents(known: dict[str, set[str]]) -> dict[str, set[str]]:
    """Where the reference names only the parts of an object, the object is there too."""
    found = dict(known)
    for path in known:
        while "." in path:
            path = path.rpartition(".")[0]
            found.setdefault(path, {"object", "array"})
    return found


def problems(name: str, body: Json) -> list[str]:
    """Where an answer differs from reference and samples: unknown keys and wrong kinds of value."""
    known = _with_parents(_paths(name))
    free = {path for path in known if path.endswith(_FREE)}
    free |= {path for path, kinds in known.items() if "object" in kinds and not any(p.startswith(f"{path}.") for p in known)}
    found: list[str] = []
    _walk({key: value for key, value in body.items() if key not in ENVELOPE}, "", known, free, found)
    return sorted(set(found))


def _walk(value: Any, path: str, known: dict[str, set[str]], free: set[str], found: list[str]) -> None:
    if path in free:
        return
    if path:
        if path not in known:
            found.append(f"{path}: unknown")
            return
        kinds = known[path]
        fits = _kind_of(value) in kinds or "any" in kinds or ("number" in kinds and _kind_of(value) == "integer")
        if not fits and value is not None:
            found.append(f"{path}: {_kind_of(value)} in place of {sorted(kinds)}")
    if isinstance(value, dict):
        for key, inner in value.items():
            _walk(inner, f"{path}.{key}" if path else key, known, free, found)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner, path, known, free, found)


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
        return self.sandbox.addresses["shopee"]

    def renew(self) -> None:
        """Read the credentials again."""
        self.app = self.control("/credentials")["platforms"]["shopee"]
        self.stores = self.app["stores"]

    @property
    def platform(self) -> Shopee:
        found = self.sandbox.world.platforms["shopee"]
        assert isinstance(found, Shopee)
        return found

    def shop(self, store: Json) -> Shop:
        return self.platform.by_id[store["id"]]

    def send(
        self,
        method: str,
        path: str,
        *,
        store: Json | None = None,
        level: str = "shop",
        query: Json | None = None,
        body: Json | None = None,
        files: Any = None,
        change: Callable[[dict[str, str]], None] | None = None,
    ) -> httpx.Response:
        """One signed request. `change` may spoil the query after signing."""
        of = store or (self.stores[0] if self.stores else {})
        asked: Json = {"partner_id": self.app["partner_id"], "timestamp": str(int(machine_now()))}
        if level != PUBLIC:
            asked["access_token"] = of["merchant_access_token"] if level == MERCHANT else of["access_token"]
            asked[f"{level}_id"] = of["merchant_id"] if level == MERCHANT else of["id"]
        asked["sign"] = request_sign(
            key=self.app["partner_key"],
            partner_id=asked["partner_id"],
            path=path,
            timestamp=asked["timestamp"],
            token=asked.get("access_token", ""),
            subject=asked.get(f"{level}_id", ""),
        )
        asked |= {name: _spelt(value) for name, value in (query or {}).items()}
        if change is not None:
            change(asked)
        return self.http.request(method, self.base_url + path, params=asked, json=body, files=files)

    def ask(self, operation: str, **asked: Any) -> Json:
        """The whole answer of an operation over HTTP; the call must succeed."""
        known = OPERATIONS[operation]
        answer = self.send(known.methods[0], known.path, level=known.level, **asked)
        body: Json = answer.json()
        assert body["error"] == "", body
        return body

    def refusal(self, operation: str, **asked: Any) -> tuple[int, str]:
        """Status and error key of a call that must fail."""
        known = OPERATIONS[operation]
        answer = self.send(known.methods[0], known.path, level=known.level, **asked)
        assert answer.json()["error"], answer.text
        return answer.status_code, answer.json()["error"]


@contextmanager
def running(**options: Any) -> Iterator[Running]:
    """A sandbox of Shopee alone that serves until the block ends; frozen unless `speed` is given."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    usual = {"at": START, "speed": 0.0, "port_base": 0, "platforms": ("shopee",), "answer_seconds": ANSWER_SECONDS}
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
