"""What goes wrong between a platform and its client, whatever the platform: the same for every door.

A door lets requests in by `lost_before`, asks `strikes` for the faults that its platform answers in words of its own (throttle,
server_error, blocked_address, token_expired, revoked), judges time stamps by `skew`, shows its operations what `question` makes
of the parameters, has what they answer `bent`, and sends every answer, good or bad, by `send`.
"""

import asyncio
import math
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from aiohttp import web

from .bent import Json, Pages, retyped
from .clock import machine_now
from .faults import Fault, Faults

SKEW = web.RequestKey("skew", float)
RETRY_AFTER = web.RequestKey("retry_after", int)


@dataclass(frozen=True)
class Wire:
    """The way from one platform to its clients. `pages` says how its lists go on."""

    platform: str
    faults: Faults
    pages: Pages

    def strikes(self, name: str, store_id: str | None) -> Fault | None:
        """The fault of this name if it hits this answer."""
        return self.faults.strikes(name, self.platform, store_id)

    async def lost_before(self, request: web.Request, store_id: str | None) -> web.StreamResponse | None:
        """What to answer to a request that gets lost before anything is done with it; None where it does not."""
        lost = self.strikes("timeout_before", store_id)
        return await _hang_up(request, lost) if lost else None

    def throttled(self, request: web.Request, store_id: str | None) -> Fault | None:
        """The fault of 'too many requests' if it hits; its measure goes into the answer's Retry-After."""
        fault = self.strikes("throttle", store_id)
        if fault is not None and fault.seconds:
            request[RETRY_AFTER] = math.ceil(fault.seconds)
        return fault

    def question(self, asked: Json, store_id: str | None) -> Json:
        """The parameters as the operation is to see them: without our marks, and at times those of the page before."""
        plain: Json = self.pages.unmarked(asked)
        earlier = self.pages.before(plain)
        return earlier if earlier is not None and self.strikes("repeated_page", store_id) else plain

    def bent(self, payload: Any, asked: Json, store_id: str | None) -> Any:
        """What an operation answers to `asked` (as it was sent), after what goes wrong with pages and types."""
        back = self.pages.led_back(payload, asked)
        if back is not None and self.strikes("repeated_page", store_id):
            payload = back
        emptied = self.pages.emptied(payload, asked)
        if emptied is not None and self.strikes("empty_page", store_id):
            payload = emptied
        if isinstance(payload, dict) and payload and self.strikes("wrong_types", store_id):
            return retyped(payload, self.faults.chance, self.pages.signs)
        return payload

    def skew(self, request: web.Request, store_id: str | None) -> float:
        """How far ahead the platform's clock is for this request: its check and its Date header agree."""
        if SKEW not in request:
            skew = self.strikes("clock_skew", store_id)
            request[SKEW] = skew.seconds if skew else 0.0
        return request[SKEW]

    async def send(
        self, request: web.Request, status: int, body: bytes, store_id: str | None, content_type: str = "application/json"
    ) -> web.StreamResponse:
        """The answer, after whatever goes wrong on its way."""
        if slow := self.strikes("slow", store_id):
            await asyncio.sleep(slow.seconds)
        if stuck := self.strikes("timeout", store_id):
            return await _hang_up(request, stuck)
        if self.strikes("garbage", store_id):
            return web.Response(text="<html><body>502 Bad Gateway</body></html>", content_type="text/html")
        if self.strikes("truncated", store_id):
            body = body[: len(body) // 2]
        skew = self.skew(request, store_id)
        headers = {"Date": formatdate(machine_now() + skew, usegmt=True)} if skew else {}
        if RETRY_AFTER in request:
            headers["Retry-After"] = str(request[RETRY_AFTER])
        return web.Response(status=status, body=body, headers=headers, content_type=content_type)


async def _hang_up(request: web.Request, stuck: Fault) -> web.StreamResponse:
    """Keep the client waiting, then close the connection: what is returned reaches nobody."""
    await asyncio.sleep(stuck.seconds)
    if request.transport is not None:
        request.transport.close()
    return web.Response()
