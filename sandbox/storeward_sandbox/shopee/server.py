"""The platform's door: checks in the platform's own order, then the operation, then the envelope.

Order of checks: path, partner, time stamp, sign by level, token, link of shop or merchant, call budget, parameters.
"""

import json
import logging
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any

from aiohttp import web

from storeward_sandbox.bent import Pages
from storeward_sandbox.clock import machine_now
from storeward_sandbox.wire import Wire

from . import domains, errors
from .call import Call, Upload
from .consent import consent_routes
from .desk import Consent
from .errors import ApiError, bad_request
from .orders import finish_ripe
from .platform import CLOCK_SECONDS, Shopee
from .registry import MERCHANT, PUBLIC, SHOP, Binary, Operation, Payload, find
from .shop import Shop
from .signing import equal, request_sign
from .wire_form import encoded

log = logging.getLogger(__name__)
LARGEST_BODY = 100 * 1024 * 1024
LARGEST_NUMBER = 4_294_967_295
EITHER_LEVEL = ("media_space.", "push.")
"""Documented as public, signed for a shop by some clients: both are taken."""
PAGES = Pages(
    tokens={"cursor": "next_cursor", "offset": "next_offset"},
    more={"more": True, "has_next_page": True},
    totals=frozenset({"total_count"}),
    numbers=frozenset({"page_no"}),
)
assert domains.PARTS  # importing them registers every operation


class Door:
    """One platform's HTTP application."""

    def __init__(self, platform: Shopee) -> None:
        self.platform = platform
        self.wire = Wire(platform.name, platform.world.faults, PAGES)
        self._requests = count(1)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY)
        consent_routes(app, self.platform)
        app.router.add_route("*", "/{path:.*}", self.answer)
        return app

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One request of the API."""
        self.platform.requests += 1
        named = request.query.get("shop_id")
        store_id = named if named in self.platform.by_id else None
        spelt = "message"
        if (nothing := await self.wire.lost_before(request, store_id)) is not None:
            return nothing
        try:
            body = await request.read()
            operation = find(request.method, request.path)
            spelt = operation.message
            call = await self._call(request, body, operation, store_id)
            payload = self._carried_out(operation, call, store_id)
            if isinstance(payload, Binary):
                return await self.wire.send(request, 200, payload.data, store_id, payload.content_type)
            return await self.wire.send(request, 200, self._envelope(operation, call, payload), store_id)
        except ApiError as refusal:
            return await self._refuse(request, refusal, store_id, spelt)
        except Exception:  # the edge of a request: a mistake of the sandbox's own must look like the platform's
            log.exception("%s %s failed", request.method, request.path)
            return await self._refuse(request, errors.server_error(), store_id, spelt)

    def _carried_out(self, operation: Operation, call: Call, store_id: str | None) -> Payload:
        """What the operation answers, after what goes wrong with pages and types."""
        asked = {"query": call.query, "body": call.body}
        call.query = self.wire.question(call.query, store_id)
        call.body = self.wire.question(call.body, store_id)
        payload: Payload = self.wire.bent(operation.handler(call), asked, store_id)
        return payload

    # --- checks ---------------------------------------------------------------------------------------------------

    async def _call(self, request: web.Request, body: bytes, operation: Operation, store_id: str | None) -> Call:
        self._raise_fault(request, store_id)
        self._check_partner_and_clock(request, store_id)
        level = self._level(request, operation)
        self._check_sign(request, level)
        consent, shop = self._holder(request, level, store_id)
        self._spend(operation, request, shop)
        now = shop.now if shop else self.platform.world.clock.now()
        call = Call(
            platform=self.platform,
            operation=operation.name,
            query=_joined(request),
            body={},
            now=now,
            base_url=f"{request.scheme}://{request.host}",
            consent=consent,
            shop_or_none=shop,
            merchant_id=request.query.get("merchant_id", "") if level == MERCHANT else "",
        )
        if operation.multipart:
            await _read_multipart(request, call)
        elif body:
            call.body = _object(body)
        return call

    def _raise_fault(self, request: web.Request, store_id: str | None) -> None:
        if self.wire.throttled(request, store_id):
            raise errors.too_many_requests(429)
        if self.wire.strikes("server_error", store_id):
            raise errors.server_error()
        if self.wire.strikes("blocked_address", store_id):
            raise errors.blocked_address()

    def _check_partner_and_clock(self, request: web.Request, store_id: str | None) -> None:
        query = request.query
        partner_id = _number(query.get("partner_id", ""), "partner_id")
        if partner_id != self.platform.app.partner_id:
            raise errors.unknown_partner()
        stamp = _number(query.get("timestamp", ""), "timestamp")
        if abs(stamp - machine_now() - self.wire.skew(request, store_id)) > CLOCK_SECONDS:
            raise bad_request("Timestamp is expired.")

    def _level(self, request: web.Request, operation: Operation) -> str:
        if operation.name.startswith(EITHER_LEVEL) and "access_token" in request.query:
            return SHOP
        return operation.level

    def _check_sign(self, request: web.Request, level: str) -> None:
        query = request.query
        if not query.get("sign"):
            raise bad_request("There is no sign in query.")
        if level != PUBLIC and not query.get("access_token"):
            raise bad_request("There is no access_token in query.")
        subject = query.get(f"{level}_id", "") if level != PUBLIC else ""
        if level != PUBLIC:
            _number(subject, f"{level}_id")
        wanted = request_sign(
            key=self.platform.app.partner_key,
            partner_id=query["partner_id"],
            path=request.path,
            timestamp=query["timestamp"],
            token=query["access_token"] if level != PUBLIC else "",
            subject=subject,
        )
        if not equal(query["sign"], wanted):
            raise errors.wrong_sign()

    def _holder(self, request: web.Request, level: str, store_id: str | None) -> tuple[Consent | None, Shop | None]:
        if level == PUBLIC:
            return None, None
        if self.wire.strikes("revoked", store_id):
            raise errors.not_linked()
        if self.wire.strikes("token_expired", store_id):
            raise errors.invalid_token()
        subject = (level, request.query[f"{level}_id"])
        consent = self.platform.desk.check(request.query["access_token"], subject, machine_now())
        shop = self.platform.by_id[subject[1]] if level == SHOP else None
        if shop is not None:
            shop.touch(self.platform.world.clock.now())
            finish_ripe(shop)
            if not shop.market.chat and request.path.startswith("/api/v2/sellerchat/"):
                raise errors.api_not_permitted()
        return consent, shop

    def _spend(self, operation: Operation, request: web.Request, shop: Shop | None) -> None:
        subject = shop.id if shop else request.query.get("merchant_id", "app")
        if not self.platform.rate.take(operation.name, subject):
            raise errors.too_many_requests()

    # --- answers --------------------------------------------------------------------------------------------------

    def _request_id(self) -> str:
        """Opaque; some hold colons."""
        serial = next(self._requests)
        mark = sha256(f"{machine_now()}|{serial}".encode()).hexdigest()
        return f"{mark[:32]}:{mark[32:48]}" if serial % 5 == 0 else mark[:32]

    def _envelope(self, operation: Operation, call: Call, payload: Payload) -> bytes:
        found: dict[str, Any] = {"error": "", operation.message: "", "request_id": self._request_id()}
        if call.warning is not None:
            found["warning"] = call.warning
        if payload is not None and operation.wrapped:
            found["response"] = payload
        elif isinstance(payload, dict):
            found |= payload
        return encoded(found)

    async def _refuse(self, request: web.Request, refusal: ApiError, store_id: str | None, spelt: str) -> web.StreamResponse:
        seen = self.platform.errors
        seen[refusal.error] = seen.get(refusal.error, 0) + 1
        found: dict[str, Any] = {"error": refusal.error, spelt: refusal.message, "request_id": self._request_id()}
        if refusal.response is not None:
            found["response"] = refusal.response
        return await self.wire.send(request, refusal.status, encoded(found), store_id)


def _number(text: str, name: str) -> int:
    """A common parameter: digits, at most 32 bits."""
    if not text:
        raise bad_request(f"There is no {name} in query.")
    if not text.isdigit() or int(text) > LARGEST_NUMBER:
        raise bad_request(f"Invalid {name}.")
    return int(text)


def _joined(request: web.Request) -> dict[str, str]:
    """The query with repeated keys joined by commas: both ways of writing a list are accepted."""
    return {name: ",".join(request.query.getall(name)) for name in dict.fromkeys(request.query)}


def _object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body, parse_float=Decimal)
    except ValueError as error:
        raise ApiError("error_param", "The request body is not valid JSON.") from error
    if not isinstance(parsed, dict):
        raise ApiError("error_param", "The request body must be a JSON object.")
    return parsed


async def _read_multipart(request: web.Request, call: Call) -> None:
    if not request.content_type.startswith("multipart/form-data"):
        raise ApiError("error_param", "The content type must be multipart/form-data.")
    try:
        parts = await request.post()
    except (ValueError, AssertionError) as error:
        raise ApiError("error_param", "The multipart body cannot be read.") from error
    for name, value in parts.items():
        if isinstance(value, web.FileField):
            call.uploads.append(Upload(name, value.filename, value.content_type, value.file.read()))
        else:
            call.fields[name] = str(value)
