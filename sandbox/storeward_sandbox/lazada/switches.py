"""What tests switch on this platform beside the common faults: the documented all-text form, and calls closed for a campaign.

`POST /sandbox/switches` on the platform's own port: `{"all_text": true, "closed": ["/orders/get"]}`.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

if TYPE_CHECKING:
    from .platform import Lazada


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """What a call may change; None leaves it as it is."""

    all_text: bool | None = None
    closed: list[str] | None = None


@dataclass
class Switches:
    all_text: bool = False
    closed: set[str] = field(default_factory=set)


def switch_routes(app: web.Application, platform: "Lazada") -> None:
    async def switch(request: web.Request) -> web.Response:
        try:
            wish = msgspec.json.decode(await request.read(), type=Wish)
        except msgspec.DecodeError as error:
            return web.Response(status=400, text=str(error))
        switches = platform.switches
        switches.all_text = switches.all_text if wish.all_text is None else wish.all_text
        switches.closed = switches.closed if wish.closed is None else set(wish.closed)
        return web.json_response({"all_text": switches.all_text, "closed": sorted(switches.closed)})

    app.router.add_post("/sandbox/switches", switch)


def as_documented(value: Any) -> Any:
    """Every value as text, as the printed documentation has it; nulls stay."""
    if isinstance(value, dict):
        return {name: as_documented(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_documented(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value
