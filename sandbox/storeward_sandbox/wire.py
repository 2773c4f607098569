"""What goes wrong between a platform and its client, whatever the platform: the same for every door.

A door asks `strikes` for the faults that its platform answers in words of its own (throttle, server_error, token_expired,
revoked), judges time stamps by `skew`, and sends every answer, good or bad, by `send`.
"""

import asyncio
from dataclasses import dataclass
from email.utils import formatdate

from aiohttp import web

from .clock import machine_now
from .faults import Fault, Faults

SKEW = web.RequestKey("skew", float)


@dataclass(frozen=True)
class Wire:
    """The way from one platform to its clients."""

    platform: str
    faults: Faults

    def strikes(self, name: str, store_id: str | None) -> Fault | None:
        """The fault of this name if it hits this answer."""
        return self.faults.strikes(name, self.platform, store_id)

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
            await asyncio.sleep(stuck.seconds)
            if request.transport is not None:
                request.transport.close()
        if self.strikes("garbage", store_id):
            return web.Response(text="<html><body>502 Bad Gateway</body></html>", content_type="text/html")
        if self.strikes("truncated", store_id):
            body = body[: len(body) // 2]
        skew = self.skew(request, store_id)
        headers = {"Date": formatdate(machine_now() + skew, usegmt=True)} if skew else {}
        return web.Response(status=status, body=body, headers=headers, content_type=content_type)
