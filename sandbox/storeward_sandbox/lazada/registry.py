"""The operations: which function answers which path.

    @operation("/order/get")
    def get_order(call: Call) -> Answer: ...

Functions return what stands beside `code` and `request_id` in the answer: `data(...)` for most, `result(...)` for the
fulfilment family. Reads may be asked by POST too (the gateway merges query and body); `methods` are the documented ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .call import Call
from .errors import ResultError, bad_path

Answer = dict[str, Any]
Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Operation:
    """One operation. `upload`: it takes a file. `not_half_managed`: refused to half-managed stores."""

    path: str
    methods: tuple[str, ...]
    handler: Handler
    upload: bool = False
    not_half_managed: bool = False


OPERATIONS: dict[str, Operation] = {}
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


def operation(
    path: str,
    methods: tuple[str, ...] = GET,
    *,
    needs: tuple[str, ...] = (),
    upload: bool = False,
    not_half_managed: bool = False,
) -> Callable[[Handler], Handler]:
    """Let the decorated function answer `path`, once the parameters that it needs are there."""

    def register(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            for name in needs:
                call.need(name)
            return handler(call)

        OPERATIONS[path] = Operation(path, methods, answer, upload, not_half_managed)
        return handler

    return register


def find(path: str) -> Operation:
    """Raises ApiError for a path that the platform does not have."""
    if path not in OPERATIONS:
        raise bad_path()
    return OPERATIONS[path]


def data(payload: Any, **beside: Any) -> Answer:
    """The answer of orders, finance, seller and products."""
    return {"data": payload, **beside}


def result(payload: Any) -> Answer:
    """The answer of fulfilment: good as a whole, whatever its rows say."""
    return {"result": {"data": payload, "success": True, "error_code": "", "error_msg": ""}}


def refused_result(refusal: ResultError) -> Answer:
    return {"result": {"success": False, "error_code": refusal.code, "error_msg": refusal.message}}


def in_result(handler: Handler) -> Handler:
    """Let a ResultError appear inside `result`, under code 0."""

    def answer(call: Call) -> Answer:
        try:
            return handler(call)
        except ResultError as refusal:
            return refused_result(refusal)

    return answer
