"""Which function answers which method.

    @operation("order.searchList")
    def search_list(call: Call) -> Json: ...

The answer is the envelope's `data`; a refusal is an ApiError. The path is the method's name with slashes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from .call import Call
from .errors import method_off

Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Operation:
    """One method. `token`: whether it names a shop. `package`: the permission package that it needs ("" none)."""

    method: str
    handler: Handler
    token: bool
    package: str

    @property
    def path(self) -> str:
        return "/" + self.method.replace(".", "/")


OPERATIONS: dict[str, Operation] = {}
_by_path: dict[str, Operation] = {}


def operation(method: str, *, token: bool = True, package: str = "") -> Callable[[Handler], Handler]:
    """Let the decorated function answer `method`. Letter case matters."""

    def register(handler: Handler) -> Handler:
        known = Operation(method, handler, token, package)
        OPERATIONS[method] = _by_path[known.path] = known
        return handler

    return register


def find(path: str) -> Operation:
    """The operation of a path. Raises ApiError where there is none (any more)."""
    if path not in _by_path:
        raise method_off()
    return _by_path[path]


def done(method: str) -> Any:
    """The answer of a write that has nothing to say: an empty object, an empty list or null, as the platform pleases."""
    return ({}, [], None)[crc32(method.encode()) % 3]
