"""The forms that TikTok Shop's requests take. Paging and sorting go in the query even on POST; filters go in the body."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import msgspec

from storeward.connectors.contract import OperationKind, Request

SMALLEST_ID_TEXT: Final = 1


def unix(at: datetime) -> int:
    """Whole seconds; the window's edge is inclusive below and exclusive above, so rounding down loses nothing."""
    return int(at.timestamp())


def span(field: str, since: datetime | None, until: datetime | None) -> dict[str, int]:
    """A half-open window [since, until) as the platform's pair of filters."""
    window = {}
    if since is not None:
        window[f"{field}_ge"] = unix(since)
    if until is not None:
        window[f"{field}_lt"] = unix(until)
    return window


def span_query(field: str, since: datetime | None, until: datetime | None) -> dict[str, str]:
    """The same where filters go in the query."""
    return {name: str(value) for name, value in span(field, since, until).items()}


def joined(ids: Sequence[str], most: int) -> str:
    """Ids as one comma-joined value; raises ValueError for none or too many."""
    if not SMALLEST_ID_TEXT <= len(ids) <= most:
        raise ValueError(f"1 to {most} ids can be asked for at once, not {len(ids)}")
    return ",".join(ids)


def encoded(body: Mapping[str, Any]) -> bytes | None:
    """The body as it is signed and sent; None for an empty one (`{}` is signed differently by different samples)."""
    kept = {name: value for name, value in body.items() if value is not None}
    return msgspec.json.encode(kept) if kept else None


def get(
    operation: str,
    path: str,
    query: Mapping[str, str] | None = None,
    *,
    about: Mapping[str, str] | None = None,
    for_store: bool = True,
) -> Request:
    return Request(operation, "GET", path, query or {}, about=about or {}, for_store=for_store)


def search(
    operation: str,
    path: str,
    query: Mapping[str, str],
    filters: Mapping[str, Any],
    *,
    about: Mapping[str, str] | None = None,
) -> Request:
    """A read that is sent as POST because its filters go in the body."""
    return Request(operation, "POST", path, query, encoded(filters), about=about or {})


def write(
    operation: str,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    query: Mapping[str, str] | None = None,
    about: Mapping[str, str] | None = None,
) -> Request:
    """A call that changes something: never repeated by itself."""
    return Request(operation, method, path, query or {}, encoded(body or {}), kind=OperationKind.WRITE, about=about or {})


def upload(
    operation: str, path: str, content: bytes, *, fields: Mapping[str, str] | None = None, for_store: bool = True
) -> Request:
    """A file in the member `data` of a multipart form, whose body is not signed. The boundary is made of the content itself."""
    boundary = f"storeward-{sha256(content).hexdigest()}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (fields or {}).items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="data"; filename="file"\r\n'
    parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", content, f"\r\n--{boundary}--\r\n".encode()]
    kind = f"multipart/form-data; boundary={boundary}"
    return Request(operation, "POST", path, {}, b"".join(parts), kind, OperationKind.WRITE, for_store=for_store)


def next_page(request: Request, token: str) -> Request:
    """The same question for the page of that token; filters and sorting stay as they were."""
    return request.with_query(page_token=token)
