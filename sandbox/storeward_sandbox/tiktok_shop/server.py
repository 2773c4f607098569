"""The platform's door: checks in the platform's own order, then the operation, then the envelope.

Order of checks: path and method, app key, timestamp window, sign, token, scope, cipher, parameters.
"""

import json
import logging
from itertools import count
from typing import Any

import msgspec
from aiohttp import web

from storeward_sandbox.bent import Pages
from storeward_sandbox.clock import machine_now
from storeward_sandbox.faults import Fault
from storeward_sandbox.wire import Wire

from . import domains, errors
from .auth import Authorization, unlocked
from .call import Call, Upload
from .consent import consent_routes
from .errors import ApiError
from .labels import label_routes
from .platform import EARLY_SECONDS, TikTokShop
from .registry import Operation, find
from .shop import Shop
from .signing import equal, request_sign

log = logging.getLogger(__name__)
LARGEST_BODY = 16 * 1024 * 1024
LATE_SECONDS = 30
CHAT_PREFIX = "/customer_service/"
PAGES = Pages(tokens={"page_token": "next_page_token"})
assert domains.PARTS  # importing them registers every operation


class Door:
    """One platform's HTTP application."""

    def __init__(self, platform: TikTokShop) -> None:
        self.platform = platform
        self.wire = Wire(platform.name, platform.world.faults, PAGES)
        self._requests = count(1)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_get("/api/v2/token/get", self.token_get)
        app.router.add_get("/api/v2/token/refresh", self.token_refresh)
        consent_routes(app, self.platform)
        label_routes(app, self.platform)
        app.router.add_route("*", "/{path:.*}", self.answer)
        return app

    # --- tokens ---------------------------------------------------------------------------------------------------

    async def token_get(self, request: web.Request) -> web.StreamResponse:
        return await self._token(request, "auth_code", "authorized_code")

    async def token_refresh(self, request: web.Request) -> web.StreamResponse:
        return await self._token(request, "refresh_token", "refresh_token")

    async def _token(self, request: web.Request, name: str, grant: str) -> web.StreamResponse:
        if (nothing := await self.wire.lost_before(request, None)) is not None:
            return nothing
        try:
            self._raise_fault(request, None)
            data = self._grant(request, name, grant)
            return await self._send(request, 200, self._envelope(0, "success", data), None)
        except ApiError as refusal:
            return await self._refuse(request, refusal, None)

    def _grant(self, request: web.Request, name: str, grant: str) -> dict[str, Any]:
        query, app, desk = request.query, self.platform.app, self.platform.desk
        given = query.get(name, "")
        right_app = equal(query.get("app_key", ""), app.key) and equal(query.get("app_secret", ""), app.secret)
        if not right_app or query.get("grant_type") != grant or not given:
            raise ApiError(98001004, "invalid parameter", 400)
        return desk.exchange(given, machine_now()) if name == "auth_code" else desk.refresh(given, machine_now())

    # --- operations -----------------------------------------------------------------------------------------------

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One request of the API."""
        self.platform.requests += 1
        shop: Shop | None = None
        if (nothing := await self.wire.lost_before(request, self._named_id(request))) is not None:
            return nothing
        try:
            body = await request.read()
            operation, ids, authorization, shop = self._checked(request, body)
            self._spend(operation, authorization, shop)
            call = await self._call(request, body, operation, ids, authorization, shop)
            data = self._carried_out(operation, call, shop)
            return await self._send(request, 200, self._envelope(0, "Success", data), shop)
        except ApiError as refusal:
            return await self._refuse(request, refusal, shop)
        except web.HTTPRequestEntityTooLarge:
            return await self._refuse(request, ApiError(36009021, "The request body is too large", 400), shop)
        except Exception:  # the edge of a request: a mistake of the sandbox's own must look like the platform's
            log.exception("%s %s failed", request.method, request.path)
            return await self._refuse(request, errors.internal_error(), shop)

    def _carried_out(self, operation: Operation, call: Call, shop: Shop | None) -> Any:
        """What the operation answers, after what goes wrong with pages and types."""
        asked, store_id = {"query": call.query, "body": call.body}, shop.id if shop else None
        call.query = self.wire.question(call.query, store_id)
        call.body = self.wire.question(call.body, store_id)
        return self.wire.bent(operation.handler(call), asked, store_id)

    def _checked(self, request: web.Request, body: bytes) -> tuple[Operation, dict[str, str], Authorization, Shop | None]:
        operation, ids = find(request.method, request.path)
        query = request.query
        named = self.platform.by_cipher.get(query.get("shop_cipher", ""))
        self._raise_fault(request, named)
        if query.get("app_key") != self.platform.app.key:
            raise errors.bad_credentials("Invalid app_key")
        self._check_clock(query.get("timestamp", ""), machine_now() + self.wire.skew(request, named.id if named else None))
        self._check_sign(request, body)
        authorization = self._holder(request, named)
        if not unlocked(authorization, operation.scopes):
            raise errors.scope_missing()
        return operation, ids, authorization, self._shop(operation, query.get("shop_cipher"), authorization)

    def _check_clock(self, given: str, server_time: float) -> None:
        """From 5 minutes before to 30 seconds after the server's time."""
        try:
            stamp = int(given)
        except ValueError as error:
            raise errors.bad_credentials("Invalid timestamp") from error
        if not -EARLY_SECONDS <= stamp - server_time <= LATE_SECONDS:
            raise errors.bad_credentials("Expired timestamp: the timestamp is out of the accepted range")

    def _check_sign(self, request: web.Request, body: bytes) -> None:
        given = request.query.get("sign")
        if not given:
            raise errors.bad_credentials("The sign is missing")
        if not any(equal(given, self._sign(request, body, every_value)) for every_value in (False, True)):
            raise errors.bad_signature()

    def _sign(self, request: web.Request, body: bytes, every_value: bool) -> str:
        return request_sign(
            secret=self.platform.app.secret,
            path=request.path,
            query=request.query.items(),
            content_type=request.headers.get("content-type"),
            body=body,
            every_value=every_value,
        )

    def _holder(self, request: web.Request, shop: Shop | None) -> Authorization:
        if self._strikes("revoked", shop):
            raise errors.invalid_token()
        if self._strikes("token_expired", shop):
            raise errors.expired_token()
        return self.platform.desk.holder(request.headers.get("x-tts-access-token", ""), machine_now())

    def _shop(self, operation: Operation, cipher: str | None, authorization: Authorization) -> Shop | None:
        if not operation.cipher:
            if cipher:
                raise errors.cipher_unexpected()
            return None
        if not cipher:
            raise errors.cipher_missing()
        shop = self.platform.by_cipher.get(cipher)
        if shop is None or shop.id not in authorization.shop_ids:
            raise errors.cipher_mismatch()
        shop.touch(self.platform.world.clock.now())
        return shop

    def _spend(self, operation: Operation, authorization: Authorization, shop: Shop | None) -> None:
        subject = shop.id if shop else authorization.open_id
        if not self.platform.rate.take(operation.name, subject):
            raise errors.too_many_requests()
        if operation.path.startswith(CHAT_PREFIX) and not self.platform.chat_quota.take(subject, machine_now()):
            raise errors.chat_quota_spent()

    async def _call(
        self,
        request: web.Request,
        body: bytes,
        operation: Operation,
        ids: dict[str, str],
        authorization: Authorization,
        shop: Shop | None,
    ) -> Call:
        call = Call(
            platform=self.platform,
            authorization=authorization,
            operation=operation.name,
            path=request.path,
            ids=ids,
            query=_joined(request),
            body={},
            now=shop.now if shop else self.platform.world.clock.now(),
            base_url=f"{request.scheme}://{request.host}",
            shop_or_none=shop,
        )
        if operation.multipart:
            await _read_multipart(request, call)
        elif body:
            call.body = _object(body)
        return call

    # --- answers --------------------------------------------------------------------------------------------------

    def _strikes(self, name: str, shop: Shop | None) -> Fault | None:
        return self.wire.strikes(name, shop.id if shop else None)

    def _raise_fault(self, request: web.Request, shop: Shop | None) -> None:
        if self.wire.throttled(request, shop.id if shop else None):
            raise errors.too_many_requests()
        if self._strikes("server_error", shop):
            raise errors.internal_error()
        if self._strikes("blocked_address", shop):
            raise errors.blocked_address()

    def _envelope(self, code: int, message: str, data: dict[str, Any] | None) -> bytes:
        serial = next(self._requests)
        request_id = f"{int(machine_now() * 1000):013d}{serial:019X}"
        found: dict[str, Any] = {"code": code, "message": message, "request_id": request_id}
        if data is not None:
            found["data"] = data
        return msgspec.json.encode(found)

    async def _refuse(self, request: web.Request, refusal: ApiError, shop: Shop | None) -> web.StreamResponse:
        seen = self.platform.errors
        seen[refusal.code] = seen.get(refusal.code, 0) + 1
        return await self._send(request, refusal.status, self._envelope(refusal.code, refusal.message, None), shop)

    async def _send(self, request: web.Request, status: int, body: bytes, shop: Shop | None) -> web.StreamResponse:
        """The answer, after whatever goes wrong on its way."""
        return await self.wire.send(request, status, body, shop.id if shop else self._named_id(request))

    def _named_id(self, request: web.Request) -> str | None:
        """The store that the request names, whether it may or not."""
        named = self.platform.by_cipher.get(request.query.get("shop_cipher", ""))
        return named.id if named else None


def _joined(request: web.Request) -> dict[str, str]:
    """The query with repeated keys joined by commas: both ways of writing a list are accepted."""
    return {name: ",".join(request.query.getall(name)) for name in dict.fromkeys(request.query)}


def _object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError as error:
        raise ApiError(36009022, "The request body is not valid JSON", 400) from error
    if not isinstance(parsed, dict):
        raise ApiError(36009022, "The request body must be a JSON object", 400)
    return parsed


async def _read_multipart(request: web.Request, call: Call) -> None:
    if not request.content_type.startswith("multipart/form-data"):
        raise ApiError(36009023, "The content type must be multipart/form-data", 400)
    try:
        parts = await request.post()
    except (ValueError, AssertionError) as error:
        raise ApiError(36009022, "The multipart body cannot be read", 400) from error
    for name, value in parts.items():
        if isinstance(value, web.FileField):
            call.uploads[name] = Upload(name, value.filename, value.content_type, value.file.read())
        else:
            call.fields[name] = str(value)
