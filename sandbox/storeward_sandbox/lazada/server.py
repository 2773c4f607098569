"""The platform's door: checks in the gateway's order, then the operation, then the envelope.

Order of checks: parameters there, app key, timestamp window, signature, path, token and site, call budgets, the store's state.
Every way of sending parameters that clients use is understood: query, urlencoded or multipart body, JSON object body, and any
mixture; the signature is checked over the merged set. `/rest` answers for the token's own site, `/<site>/rest` (or one of the
platform's host names) for that site, which matters to tokens that are good on several.
"""

import json
import logging
import math
from itertools import count
from typing import Any

import msgspec
from aiohttp import web

from storeward_sandbox.bent import Pages
from storeward_sandbox.clock import machine_now
from storeward_sandbox.wire import Wire

from . import domains, errors
from .auth import Authorization
from .call import Call, Upload
from .consent import consent_routes
from .dates import BadDate, parse_stamp
from .errors import ApiError
from .papers import paper_routes
from .platform import STAMP_SECONDS, Lazada
from .registry import Operation, find
from .shop import Shop
from .signing import equal, request_sign
from .sites import Site, by_code, by_host
from .switches import as_documented, switch_routes

log = logging.getLogger(__name__)
LARGEST_BODY = 16 * 1024 * 1024
TOKEN_PATHS = ("/auth/token/create", "/auth/token/refresh")
PAGES = Pages(
    tokens={"last_session_id": "last_session_id", "last_message_id": "last_message_id", "start_time": "next_start_time"},
    more={"has_more": True},
    totals=frozenset({"countTotal", "total_products", "total", "total_count"}),
    numbers=frozenset({"page_no", "page_num", "page_number", "current"}),
    offsets={"offset": "limit"},
)
assert domains.PARTS  # importing them registers every operation


class Door:
    """The platform's HTTP application."""

    def __init__(self, platform: Lazada) -> None:
        self.platform = platform
        self.wire = Wire(platform.name, platform.world.faults, PAGES)
        self._requests = count(1)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY)
        consent_routes(app, self.platform)
        paper_routes(app, self.platform)
        switch_routes(app, self.platform)
        app.router.add_route("*", "/{site:[a-z]{2}}/rest{path:/.*}", self.answer)
        app.router.add_route("*", "/rest{path:/.*}", self.answer)
        return app

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One request of the API."""
        self.platform.requests += 1
        params: dict[str, str] = {}
        shop: Shop | None = None
        try:
            params, uploads = await _merged(request)
            path = request.match_info["path"]
            shop = self.platform.named(params.get("access_token", ""), _site(request))
            if (nothing := await self.wire.lost_before(request, _id(shop))) is not None:
                return nothing
            self._raise_fault(request, shop)
            self._check(request, path, params, shop)
            if path in TOKEN_PATHS:
                return await self.wire.send(request, 200, self._envelope(self._tokens(path, params)), _id(shop))
            return await self._operate(request, path, params, uploads)
        except ApiError as refusal:
            return await self._refuse(request, refusal, shop)
        except web.HTTPRequestEntityTooLarge:
            return await self._refuse(request, errors.malformed("body"), shop)
        except Exception:  # the edge of a request: a mistake of the sandbox's own must look like the platform's
            log.exception("%s %s failed", request.method, request.path)
            return await self._refuse(request, errors.remote_error(), shop)

    async def _operate(
        self, request: web.Request, path: str, params: dict[str, str], uploads: dict[str, Upload]
    ) -> web.StreamResponse:
        operation = find(path)
        held, shop = self._holder(request, params)
        self._spend(operation, shop)
        self._admit(operation, shop)
        if request.method not in operation.methods:
            self.platform.undocumented[f"{request.method} {path}"] += 1
        now = self.platform.world.clock.now()
        asked = self.wire.question(params, shop.id)
        call = Call(self.platform, shop, path, asked, shop.now if held else now, str(request.url.origin()), uploads)
        found = self.wire.bent(operation.handler(call), params, shop.id)
        return await self.wire.send(request, 200, self._envelope(found), shop.id)

    # --- checks ---------------------------------------------------------------------------------------------------

    def _check(self, request: web.Request, path: str, params: dict[str, str], shop: Shop | None) -> None:
        for name in ("app_key", "timestamp", "sign_method", "sign"):
            if not params.get(name):
                raise errors.missing(name)
        if params["app_key"] != self.platform.app.key:
            raise errors.bad_app_key()
        self._check_clock(params["timestamp"], machine_now() + self.wire.skew(request, _id(shop)))
        if params["sign_method"] != "sha256" or not self._signed(path, params):
            raise errors.bad_signature()

    def _check_clock(self, given: str, server_time: float) -> None:
        try:
            stamp = parse_stamp(given)
        except BadDate as error:
            raise errors.bad_timestamp() from error
        if abs(stamp - server_time) > STAMP_SECONDS:
            raise errors.bad_timestamp()

    def _signed(self, path: str, params: dict[str, str]) -> bool:
        """Clients disagree on whether empty values are signed: both are right."""
        secret, given = self.platform.app.secret, params["sign"].upper()
        forms = (True, False) if "" in params.values() else (True,)
        return any(equal(given, request_sign(secret=secret, path=path, params=params.items(), with_empty=form)) for form in forms)

    def _tokens(self, path: str, params: dict[str, str]) -> dict[str, Any]:
        name = "code" if path == TOKEN_PATHS[0] else "refresh_token"
        given = params.get(name, "")
        if not given:
            raise errors.missing(name)
        desk = self.platform.desk
        return desk.exchange(given, machine_now()) if name == "code" else desk.refresh(given, machine_now())

    def _holder(self, request: web.Request, params: dict[str, str]) -> tuple[Authorization, Shop]:
        token, site = params.get("access_token", ""), _site(request)
        if not token:
            raise errors.missing("access_token")
        named = self.platform.named(token, site)
        if self.wire.strikes("revoked", _id(named)) or self.wire.strikes("token_expired", _id(named)):
            raise errors.bad_token()
        held = self.platform.desk.holder(token, machine_now())
        if named is None or not self.platform.desk.covers(held, named):
            raise errors.bad_token()
        named.touch(self.platform.world.clock.now())
        return held, named

    def _spend(self, operation: Operation, shop: Shop) -> None:
        if not self.platform.rate.take(operation.path, shop.id):
            raise errors.call_limit()

    def _admit(self, operation: Operation, shop: Shop) -> None:
        if operation.path in self.platform.switches.closed:
            raise errors.switched_off()
        if shop.status != "ACTIVE" and operation.path != "/seller/get" and "GET" not in operation.methods:
            raise errors.not_active()
        if operation.not_half_managed and shop.ease:
            raise errors.half_managed(operation.path)

    # --- answers --------------------------------------------------------------------------------------------------

    def _raise_fault(self, request: web.Request, shop: Shop | None) -> None:
        throttled = self.wire.throttled(request, _id(shop))
        if throttled is not None:
            code = "SellerCallLimit" if throttled.stores else "ApiCallLimit"
            raise errors.call_limit(math.ceil(throttled.seconds) or 1, code=code, status=429 if throttled.seconds else 200)
        if self.wire.strikes("server_error", _id(shop)):
            raise errors.remote_error()
        if self.wire.strikes("blocked_address", _id(shop)):
            raise errors.blocked_address()

    def _envelope(self, found: dict[str, Any]) -> bytes:
        whole = {**found, "code": "0", "request_id": self._request_id()}
        return msgspec.json.encode(as_documented(whole) if self.platform.switches.all_text else whole)

    def _request_id(self) -> str:
        return f"{int(machine_now() * 1000):013d}{next(self._requests):011d}"

    async def _refuse(self, request: web.Request, refusal: ApiError, shop: Shop | None) -> web.StreamResponse:
        seen = self.platform.errors
        seen[refusal.code] = seen.get(refusal.code, 0) + 1
        found: dict[str, Any] = {"type": refusal.kind, "code": refusal.code, "message": refusal.message}
        if refusal.detail is not None:
            found["detail"] = refusal.detail
        body = msgspec.json.encode({**found, "request_id": self._request_id()})
        return await self.wire.send(request, refusal.status, body, _id(shop))


def _id(shop: Shop | None) -> str | None:
    return shop.id if shop else None


def _site(request: web.Request) -> Site | None:
    """The site that the address names; None where it names none."""
    return by_code(request.match_info.get("site", "")) or by_host(request.host.rsplit(":", 1)[0])


async def _merged(request: web.Request) -> tuple[dict[str, str], dict[str, Upload]]:
    """Query and body as one set of texts, and the files. A body that cannot be read is refused."""
    params = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.method != "POST":
        return params, uploads
    if request.content_type == "application/json":
        params |= _json_params(await request.read())
    else:
        await _read_form(request, params, uploads)
    return params, uploads


def _json_params(raw: bytes) -> dict[str, str]:
    """A JSON object as texts: nested values as JSON text, booleans in lower case."""
    if not raw.strip():
        return {}
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise errors.malformed("body") from error
    if not isinstance(found, dict):
        raise errors.malformed("body")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}


async def _read_form(request: web.Request, params: dict[str, str], uploads: dict[str, Upload]) -> None:
    try:
        parts = await request.post()
    except (ValueError, AssertionError, LookupError) as error:
        raise errors.malformed("body") from error
    for name, value in parts.items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        elif isinstance(value, str):
            params[name] = value
