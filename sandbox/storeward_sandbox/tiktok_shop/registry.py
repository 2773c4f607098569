"""Which function answers which method and path.

    @operation("getOrderList", "POST", "/order/202309/orders/search", scope="seller.order.info")
    def get_order_list(call: Call) -> dict[str, Any]: ...

The answer is the envelope's `data`; a refusal is an ApiError.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .call import Call
from .errors import ApiError, invalid_method, invalid_path, retired_version

Answer = dict[str, Any]
Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Operation:
    """One operation. `scopes`: any of them unlocks it, none: no scope is asked. `cipher`: whether it names a shop."""

    name: str
    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...]
    cipher: bool
    multipart: bool


OPERATIONS: dict[str, Operation] = {}
_exact: dict[str, dict[str, Operation]] = {}
_templates: dict[int, list[tuple[list[str], dict[str, Operation]]]] = {}


def operation(
    name: str,
    method: str,
    path: str,
    *,
    scope: str | tuple[str, ...] = (),
    cipher: bool = True,
    multipart: bool = False,
) -> Callable[[Handler], Handler]:
    """Let the decorated function answer `method path`. Stack it to serve an older path with the same function."""

    def register(handler: Handler) -> Handler:
        scopes = (scope,) if isinstance(scope, str) else scope
        known = Operation(name, method, path, handler, scopes, cipher, multipart)
        OPERATIONS[name] = known
        _table_of(path)[method] = known
        return handler

    return register


def _table_of(path: str) -> dict[str, Operation]:
    """The operations of a path by method, made when first asked for."""
    if "{" not in path:
        return _exact.setdefault(path, {})
    segments = path.strip("/").split("/")
    of_length = _templates.setdefault(len(segments), [])
    for known, table in of_length:
        if _shape(known) == _shape(segments):
            return table
    of_length.append((segments, {}))
    return of_length[-1][1]


def _shape(segments: list[str]) -> list[str]:
    return ["{}" if segment.startswith("{") else segment for segment in segments]


def find(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The operation, and the ids in the path. Raises ApiError for an unknown path, method or version."""
    ids: dict[str, str] = {}
    table = _exact.get(path)
    if table is None:
        table, ids = _find_template(path)
    if table is None:
        raise _unknown(path)
    if method not in table:
        raise invalid_method()
    return table[method], ids


def _find_template(path: str) -> tuple[dict[str, Operation] | None, dict[str, str]]:
    asked = path.strip("/").split("/")
    for segments, table in _templates.get(len(asked), []):
        ids = _match(segments, asked)
        if ids is not None:
            return table, ids
    return None, {}


def _match(segments: list[str], asked: list[str]) -> dict[str, str] | None:
    ids = {}
    for segment, given in zip(segments, asked, strict=True):
        if segment.startswith("{") and given:
            ids[segment[1:-1]] = given
        elif segment != given:
            return None
    return ids


def _unknown(path: str) -> ApiError:
    """A path that would be known in another version is a retired one."""
    asked = path.strip("/").split("/")
    known = (op.path.strip("/").split("/") for op in OPERATIONS.values())
    found = len(asked) > 2 and any(
        len(segments) == len(asked) and _match([*segments[:1], "{}", *segments[2:]], asked) is not None for segments in known
    )
    return retired_version() if found else invalid_path()
