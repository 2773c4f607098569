"""Which function answers which method and path.

    @operation("order.get_order_list", "GET", "/api/v2/order/get_order_list")
    def get_order_list(call: Call) -> Payload: ...

The answer is what stands under `response`, or at the top level where the platform does not wrap it; None has neither. A `Binary`
is sent as it is. A refusal is an ApiError.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .call import Call
from .errors import ApiError

PREFIX = "/api/v2/"
PUBLIC, SHOP, MERCHANT = "public", "shop", "merchant"


@dataclass(frozen=True)
class Binary:
    """A file in the place of an envelope."""

    data: bytes
    content_type: str


Payload = dict[str, Any] | list[Any] | Binary | None
Handler = Callable[[Call], Payload]


@dataclass(frozen=True)
class Operation:
    """One operation. `wrapped`: whether its payload stands under `response`; `message`: how its message is spelt."""

    name: str
    methods: tuple[str, ...]
    path: str
    handler: Handler
    level: str
    wrapped: bool
    multipart: bool
    message: str


OPERATIONS: dict[str, Operation] = {}
_by_path: dict[str, Operation] = {}


def operation(
    name: str,
    method: str,
    *,
    path: str = "",
    level: str = SHOP,
    wrapped: bool = True,
    multipart: bool = False,
    message: str = "message",
) -> Callable[[Handler], Handler]:
    """Let the decorated function answer; without `path` it is made from the name. `method` may be "GET POST"."""

    def register(handler: Handler) -> Handler:
        where = path or PREFIX + name.replace(".", "/")
        known = Operation(name, tuple(method.split()), where, handler, level, wrapped, multipart, message)
        OPERATIONS[name] = _by_path[where] = known
        return handler

    return register


def find(method: str, path: str) -> Operation:
    """The operation of a path. Raises ApiError where there is none, or not for this method."""
    known = _by_path.get(path.rstrip("/"))
    if known is None:
        raise ApiError("error_not_found", "The API path does not exist.", 404)
    if method not in known.methods:
        raise ApiError("error_param", f"{path} must be called by {' or '.join(known.methods)}.")
    return known
