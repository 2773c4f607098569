"""The web process's entry: platforms' webhooks go straight to their own small ASGI app, everything else to Django.

Webhooks come in bursts and must be acknowledged within milliseconds: Django's middleware has nothing to add for them.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from django.core.asgi import get_asgi_application

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOOKS = "/hooks/"

pages = cast(App, get_asgi_application())  # sets Django up: nothing of ours may be imported before

from storeward.sync.push_endpoint import app as hooks  # noqa: E402


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Dispatch by the kind of the scope and the first part of the address."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await (hooks if scope["path"].startswith(HOOKS) else pages)(scope, receive, send)
    else:  # a websocket: refused, we have none
        await send({"type": "websocket.close", "code": 1000})


async def _live(receive: Receive, send: Send) -> None:
    """Nothing needs starting before the first request; say so."""
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
