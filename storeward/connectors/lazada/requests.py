"""The forms that Lazada's requests take: one flat set of text parameters; structured values are JSON in text.

Reads are GET. Writes are POST with a form as body, but for those few that the documentation has as GET only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

import msgspec

from storeward.connectors.contract import OperationKind, Request

PLACE: Final = (
    "offset",
    "limit",
    "update_after",
    "page_no",
    "page_num",
    "page_number",
    "page_size",
    "current",
    "page",
    "pageSize",
)
"""Parameters that say where in a list a question stands."""


def told(params: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as text; what is None or empty is not sent, for nobody knows how that would be signed."""
    return {name: _text(value) for name, value in params.items() if value is not None and value != ""}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def packed(value: Any) -> str:
    """A structured value as the JSON text that one parameter carries."""
    return msgspec.json.encode(value).decode()


def number(value: str) -> int | str:
    """An id within a structured value: a number, as the documentation has it; what is none stays text."""
    return int(value) if value.isascii() and value.isdigit() else value


def batch(ids: Sequence[str], most: int) -> list[int | str]:
    """Ids of one call; raises ValueError for none or too many."""
    if not 1 <= len(ids) <= most:
        raise ValueError(f"1 to {most} ids can be named at once, not {len(ids)}")
    return [number(one) for one in ids]


def id_list(ids: Sequence[str], most: int) -> str:
    """`[1,2]`."""
    return packed(batch(ids, most))


def get(path: str, params: Mapping[str, Any] | None = None, *, about: Mapping[str, str] | None = None) -> Request:
    """A read. The operation has the name of its path."""
    return Request(path, "GET", path, told(params or {}), about=about or {})


def ask(path: str, params: Mapping[str, Any], *, about: Mapping[str, str] | None = None) -> Request:
    """A read that is documented as POST only."""
    return Request(path, "POST", path, told(params), about=about or {})


def write(path: str, params: Mapping[str, Any], *, method: str = "POST", about: Mapping[str, str] | None = None) -> Request:
    """A call that changes something: never repeated by itself, not even where it is documented as GET."""
    return Request(path, method, path, told(params), kind=OperationKind.WRITE, about=about or {})


def upload(path: str, content: bytes) -> Request:
    """A file in the part `image` of a multipart form; it is not signed. The boundary is made of the content itself."""
    boundary = f"storeward-{sha256(content).hexdigest()}"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="image"\r\n'
    body = head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + f"\r\n--{boundary}--\r\n".encode()
    return Request(path, "POST", path, {}, body, f"multipart/form-data; boundary={boundary}", OperationKind.WRITE)


def paged(request: Request) -> Request:
    """With its own place in the list told to the parser of the answer, which does not repeat it."""
    place = {name: request.query[name] for name in PLACE if name in request.query}
    return replace(request, about={**request.about, **place})


def turn(request: Request, token: str) -> Request:
    """The same question for another page: the token holds the parameters that change, as JSON."""
    changes = msgspec.json.decode(token, type=dict[str, str])
    return paged(request.with_query(**changes))


def page_token(**changes: str) -> str:
    """What `turn` reads: the parameters of the next page that differ."""
    return msgspec.json.encode(changes, order="sorted").decode()
