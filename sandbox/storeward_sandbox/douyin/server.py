"""The platform's door: checks in the platform's own order, then the operation, then the envelope.

Order of checks: method, app key, time stamp, signature, token, permission, budget, parameters. A refusal keeps HTTP status 200.
"""

import json
import logging
from itertools import count
from typing import Any
from urllib.parse import parse_qs

import msgspec
from aiohttp import web

from storeward_sandbox.bent import Pages
from storeward_sandbox.clock import iso, machine_now
from storeward_sandbox.faults import Fault
from storeward_sandbox.wire import Wire

from . import domains, errors
from .account_api import fetched
from .auth import Authorization, token_create, token_refresh
from .call import Call
from .consent import consent_routes
from .errors import ApiError
from .moments import read_time
from .platform import PER_SECOND, SKEW_SECONDS, Douyin
from .registry import Operation, find, operation
from .shop import Shop
from .signing import HMAC, MD5, canonical, equal, signed

log = logging.getLogger(__name__)
LARGEST_BODY = 8 * 1024 * 1024
NO_OLD_CODES = "x-open-no-old-err-code"
PAGES = Pages(
    tokens={"start_index": "next_start_index", "start_time": "next_start_time"},
    more={"has_more": True, "is_end": 0},
    totals=frozenset({"total", "total_cnt"}),
    numbers=frozenset({"page", "page_no"}),
)
assert domains.PARTS  # importing them registers every operation


@operation("token.create", token=False)
def create(call: Call) -> Any:
    return token_create(call.platform.desk, call.params, machine_now())


@operation("token.refresh", token=False)
def refresh(call: Call) -> Any:
    return token_refresh(call.platform.desk, call.params, machine_now())


class Door:
    """One platform's HTTP application. `strict`: a body that is not canonical JSON counts as wrongly signed."""

    def __init__(self, platform: Douyin, *, strict: bool = False) -> None:
        self.platform = platform
        self.strict = strict
        self.wire = Wire(platform.name, platform.world.faults, PAGES)
        self._requests = count(1)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY)
        consent_routes(app, self.platform)
        app.router.add_get(r"/files/{shop_id}/{mark}.csv", self.file)
        app.router.add_route("*", "/{path:.*}", self.answer)
        return app

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A bill behind the link that an operation has given."""
        shop = self.platform.by_id.get(request.match_info["shop_id"])
        if shop is not None:
            shop.touch(self.platform.world.clock.now())
        return fetched(shop, request.match_info["mark"])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One request of the API."""
        self.platform.requests += 1
        shop = self._named(request)
        if (nothing := await self.wire.lost_before(request, _id(shop))) is not None:
            return nothing
        try:
            raw = await request.read()
            data = await self._carried_out(request, raw, shop)
            return await self._send(request, 200, self._envelope(request, data), shop)
        except ApiError as refusal:
            return await self._refuse(request, refusal, shop)
        except web.HTTPRequestEntityTooLarge:
            return await self._refuse(request, errors.bad_field("parameter-format-invalid", "请求体过大"), shop)
        except Exception:  # the edge of a request: a mistake of the sandbox's own must look like the platform's
            log.exception("%s %s failed", request.method, request.path)
            return await self._refuse(request, errors.service_error(500), shop)

    async def _carried_out(self, request: web.Request, raw: bytes, shop: Shop | None) -> Any:
        known = find(request.path)
        self._raise_fault(request, shop)
        param_json = _param_json(request, raw)
        self._check_app(request, known)
        self._check_clock(request, shop)
        self._check_sign(request, param_json)
        held = self._holder(request, shop) if known.token else None
        if known.package and known.package not in self.platform.app.packages:
            raise errors.no_permission()
        one_shop = held.shop_id if held and known.method not in PER_SECOND else ""
        if not self.platform.rate.take(known.method, one_shop):
            raise errors.too_many_requests()
        return self._run(request, known, _object(param_json), held)

    def _run(self, request: web.Request, known: Operation, params: dict[str, Any], held: Authorization | None) -> Any:
        shop = self.platform.by_id[held.shop_id] if held else None
        now = self.platform.world.clock.now()
        if shop is not None:
            shop.touch(now)
        call = Call(
            platform=self.platform,
            method=known.method,
            params=self.wire.question(params, _id(shop)),
            now=shop.now if shop else now,
            base_url=f"{request.scheme}://{request.host}",
            shop_or_none=shop,
            authorization=held,
        )
        try:
            return shown_to(self.platform.app.hidden, self.wire.bent(known.handler(call), params, _id(shop)))
        finally:
            if shop is not None:
                shop.push()

    # --- checks ---------------------------------------------------------------------------------------------------

    def _named(self, request: web.Request) -> Shop | None:
        """Whose call this is by its token, be that dead or alive: for the faults that hit one store."""
        held = self.platform.desk.whose(request.query.get("access_token", ""))
        return self.platform.by_id[held.shop_id] if held else None

    def _check_app(self, request: web.Request, known: Operation) -> None:
        query = request.query
        if not query.get("app_key"):
            raise errors.field_missing("app-id")
        if not equal(query["app_key"], self.platform.app.key):
            raise errors.bad_field("app-id-invalid", "app_key不存在")
        for name in ("method", "timestamp", "v"):
            if not query.get(name):
                raise errors.field_missing("parameter")
        if query["method"] != known.method or query["v"] != "2":
            raise errors.bad_field("parameter-format-invalid", "method或v不合法")
        if query.get("sign_method", MD5) not in (HMAC, MD5):
            raise errors.bad_field("parameter-format-invalid", "sign_method不合法")

    def _check_clock(self, request: web.Request, shop: Shop | None) -> None:
        """Seconds, or text in China's zone; not ten minutes off."""
        given = request.query["timestamp"]
        try:
            stamp = int(given) if given.isdigit() else read_time(given)
        except ValueError as error:
            raise errors.bad_field("timestamp-format-error", "timestamp格式错误") from error
        if abs(stamp - machine_now() - self.wire.skew(request, _id(shop))) >= SKEW_SECONDS:
            raise errors.bad_field("timestamp-invalid", "timestamp已过期")

    def _check_sign(self, request: web.Request, param_json: str) -> None:
        query = request.query
        if not query.get("sign"):
            raise errors.field_missing("signature")
        fields = {name: query[name] for name in ("app_key", "method", "timestamp", "v")}
        wanted = signed(self.platform.app.secret, {**fields, "param_json": param_json}, query.get("sign_method", MD5))
        if not equal(query["sign"], wanted):
            raise errors.bad_signature()
        if self.strict and param_json != canonical(_object(param_json)):
            raise errors.bad_signature()

    def _holder(self, request: web.Request, shop: Shop | None) -> Authorization:
        if self._strikes("revoked", shop):
            raise errors.consent_gone()
        if self._strikes("token_expired", shop):
            raise errors.expired_token()
        return self.platform.desk.holder(request.query.get("access_token", ""), machine_now())

    # --- answers --------------------------------------------------------------------------------------------------

    def _strikes(self, name: str, shop: Shop | None) -> Fault | None:
        return self.wire.strikes(name, _id(shop))

    def _raise_fault(self, request: web.Request, shop: Shop | None) -> None:
        if throttled := self.wire.throttled(request, _id(shop)):
            raise errors.too_many_requests(429 if throttled.seconds else 200)
        if self._strikes("server_error", shop):
            raise errors.service_error(500)
        if self._strikes("blocked_address", shop):
            raise errors.blocked_address()

    def _envelope(self, request: web.Request, data: Any, refusal: ApiError | None = None) -> bytes:
        serial, day = next(self._requests), iso(machine_now())
        code, msg = (refusal.code, refusal.msg) if refusal else (10000, "success")
        found: dict[str, Any] = {
            "code": code,
            "msg": msg,
            "sub_code": refusal.sub_code if refusal else "",
            "sub_msg": refusal.sub_msg if refusal else "",
            "log_id": f"{''.join(sign for sign in day if sign.isdigit())}{serial:020X}",
            "data": data,
        }
        if request.headers.get(NO_OLD_CODES) != "1":
            found |= {"err_no": code if refusal else 0, "message": (refusal.sub_msg or msg) if refusal else msg}
        return msgspec.json.encode(found)

    async def _refuse(self, request: web.Request, refusal: ApiError, shop: Shop | None) -> web.StreamResponse:
        seen, name = self.platform.errors, refusal.sub_code or str(refusal.code)
        seen[name] = seen.get(name, 0) + 1
        return await self._send(request, refusal.status, self._envelope(request, None, refusal), shop)

    async def _send(self, request: web.Request, status: int, body: bytes, shop: Shop | None) -> web.StreamResponse:
        """The answer, after whatever goes wrong on its way."""
        return await self.wire.send(request, status, body, _id(shop))


def shown_to(hidden: frozenset[str], value: Any) -> Any:
    """An answer without the fields that the app's category does not get (field scopes)."""
    if not hidden:
        return value
    if isinstance(value, list):
        return [shown_to(hidden, each) for each in value]
    if isinstance(value, dict):
        return {name: shown_to(hidden, each) for name, each in value.items() if name not in hidden}
    return value


def _id(shop: Shop | None) -> str | None:
    return shop.id if shop else None


def _param_json(request: web.Request, raw: bytes) -> str:
    """The business parameters as they were sent: the body, or `param_json` of an old GET or form call."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise errors.bad_field("parameter-format-invalid", "请求体不是UTF-8") from error
    if not text:
        return request.query.get("param_json", "{}")
    if text.startswith("param_json="):
        return parse_qs(text, keep_blank_values=True)["param_json"][0]
    return text


def _object(param_json: str) -> dict[str, Any]:
    try:
        found = json.loads(param_json)
    except (ValueError, RecursionError) as error:
        raise errors.bad_field("parameter-format-invalid", "param_json不是合法的JSON") from error
    if not isinstance(found, dict):
        raise errors.bad_field("parameter-format-invalid", "param_json必须是JSON对象")
    return found
