"""The forms that Shopee's requests take: reads mostly by query, writes as JSON; ids in bodies are numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import msgspec

from storeward.connectors.contract import Ask, OperationKind, Request
from storeward.connectors.errors import Rejected

from .errors import PLATFORM

API: Final = "/api/v2/"
FIRST: Final = datetime(2015, 1, 1, tzinfo=UTC)
"""Before the platform: where a window begins that has no beginning."""


def unix(at: datetime) -> int:
    return int(at.timestamp())


def number(platform_id: str) -> int:
    """An id as the number that bodies want; raises Rejected for what is none."""
    if not platform_id.isdecimal():
        raise Rejected(f"{platform_id[:40]!r} is no number of Shopee's", platform=PLATFORM)
    return int(platform_id)


def joined(ids: Sequence[str], most: int) -> str:
    """Ids as one comma-joined value; raises ValueError for none or too many."""
    if not 1 <= len(ids) <= most:
        raise ValueError(f"1 to {most} ids can be asked for at once, not {len(ids)}")
    return ",".join(ids)


def window(ask: Ask, longest: timedelta) -> tuple[int, int]:
    """Both ends in seconds, as the platform wants them; an open end reaches as far as one question may.

    The platform's windows include both ends, ours not the last: reading a second twice loses nothing.
    """
    since = ask.since or (ask.until - longest if ask.until else FIRST)
    until = ask.until or since + longest
    return unix(since), unix(min(until, since + longest))


def get(
    operation: str, query: Mapping[str, str] | None = None, *, about: Mapping[str, str] | None = None, for_store: bool = True
) -> Request:
    return Request(operation, "GET", path_of(operation), query or {}, about=about or {}, for_store=for_store)


def post(operation: str, body: Mapping[str, Any], *, about: Mapping[str, str] | None = None) -> Request:
    """A read that is sent as POST because its question goes in the body."""
    return Request(operation, "POST", path_of(operation), {}, encoded(body), about=about or {})


def write(operation: str, body: Mapping[str, Any], *, about: Mapping[str, str] | None = None, for_store: bool = True) -> Request:
    """A call that changes something: never repeated by itself."""
    return Request(
        operation,
        "POST",
        path_of(operation),
        {},
        encoded(body),
        kind=OperationKind.WRITE,
        about=about or {},
        for_store=for_store,
    )


def upload(
    operation: str, field: str, content: bytes, *, fields: Mapping[str, str] | None = None, for_store: bool = True
) -> Request:
    """A picture in a multipart form. The boundary is made of the content itself."""
    boundary = f"storeward-{sha256(content).hexdigest()}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (fields or {}).items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="picture.jpg"\r\n'
    parts += [head.encode(), b"Content-Type: image/jpeg\r\n\r\n", content, f"\r\n--{boundary}--\r\n".encode()]
    kind = f"multipart/form-data; boundary={boundary}"
    return Request(operation, "POST", path_of(operation), {}, b"".join(parts), kind, OperationKind.WRITE, for_store=for_store)


TOKEN_PATHS: Final = {
    "public.get_access_token": "auth/token/get",
    "public.refresh_access_token": "auth/access_token/get",
}


def path_of(operation: str) -> str:
    """`order.get_order_list` -> `/api/v2/order/get_order_list`."""
    return API + TOKEN_PATHS.get(operation, operation.replace(".", "/"))


def encoded(body: Mapping[str, Any]) -> bytes:
    """The body as it is sent, without what was not said."""
    return msgspec.json.encode({name: value for name, value in body.items() if value is not None})


def flag(value: bool) -> str:
    return "true" if value else "false"


# Pages: the same question for the page of that token. `about` keeps it, as some answers do not say which page they are.


def next_cursor(request: Request, token: str) -> Request:
    return replace(request, query={**request.query, "cursor": token}, about={**request.about, "cursor": token})


def next_page_no(request: Request, token: str) -> Request:
    return replace(request, query={**request.query, "page_no": token}, about={**request.about, "page_no": token})


def next_offset(request: Request, token: str) -> Request:
    return request.with_query(offset=token)


def next_in_body(request: Request, token: str) -> Request:
    """Where the cursor goes in the body: at its top, or under `pagination`."""
    body = msgspec.json.decode(request.body or b"{}")
    holder = body.get("pagination", body)
    holder["cursor"] = token
    return replace(request, body=msgspec.json.encode(body))


def numbered(operation: str, page_no: int, page_size: int, query: Mapping[str, str] | None = None) -> Request:
    """A read by numbered pages; `about` keeps number and size, from which follows whether there are more."""
    paged = {"page_no": str(page_no), "page_size": str(page_size)}
    return Request(operation, "GET", path_of(operation), {**paged, **(query or {})}, about=paged)
