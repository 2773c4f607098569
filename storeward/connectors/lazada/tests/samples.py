"""Where the published samples lie, and which operation each is of."""

import json
from pathlib import Path
from typing import Any

from storeward.connectors.contract import Parsed
from storeward.connectors.lazada import CONNECTOR
from storeward.connectors.tiktok_shop.tests.samples import Told, problems, told

__all__ = ["Told", "answers", "failure", "folder", "ok", "operation_of", "parse", "parse_sample", "problems", "result", "told"]

ANY: dict[str, str] = {"*": "/orders/get"}
"""The index gives errors that any call can have no operation of their own."""


def folder(shared_dir: Path) -> Path:
    return shared_dir / "platforms/lazada/samples"


def index(shared_dir: Path) -> dict[str, str]:
    """File -> operation."""
    listed = json.loads((folder(shared_dir) / "index.json").read_text())["files"]
    return {one["file"]: operation_of(one["file"], one["endpoint"]) for one in listed}


def operation_of(file: str, endpoint: str) -> str:
    return "push" if file.startswith("push_") else ANY.get(endpoint, endpoint)


def answers(shared_dir: Path) -> dict[str, str]:
    """The samples that are good answers or pushes, with their operations."""
    return {file: op for file, op in index(shared_dir).items() if not file.startswith("error_")}


def parse(operation: str, body: dict[str, Any] | bytes, **about: str) -> Parsed:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return CONNECTOR.operation(operation).parse(sent, about)


def parse_sample(shared_dir: Path, name: str, **about: str) -> Parsed:
    file = f"{name}.json"
    return parse(index(shared_dir)[file], (folder(shared_dir) / file).read_bytes(), **about)


def ok(data: Any = None, **beside: Any) -> dict[str, Any]:
    """A good answer with that `data`."""
    return {"code": "0", "request_id": "r", **({} if data is None else {"data": data}), **beside}


def result(data: Any = None, **inside: Any) -> dict[str, Any]:
    """A good answer of fulfilment, logistics and reverse orders."""
    return {"code": "0", "request_id": "r", "result": {"success": True, **({} if data is None else {"data": data}), **inside}}


def failure(code: str, message: str = "no", kind: str = "ISP") -> dict[str, Any]:
    return {"code": code, "type": kind, "message": message, "request_id": "r"}
