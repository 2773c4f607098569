"""Where the published samples lie, and which operation each is of."""

import json
import re
from pathlib import Path
from typing import Any

from storeward.canon import to_plain
from storeward.connectors.contract import Parsed
from storeward.connectors.shopee import CONNECTOR


def folder(shared_dir: Path) -> Path:
    return shared_dir / "platforms/shopee/samples"


def described(shared_dir: Path) -> dict[str, Any]:
    """The platform's calls by their names, as the fact sheet lists them."""
    told = json.loads((shared_dir / "platforms/shopee/endpoints.json").read_text())
    return {call["name"]: call for call in told["endpoints"]}


def operation_of(file: Path) -> str:
    """`push.03.order_status` is a webhook body, `order.get_order_list.page1` an answer of that call."""
    if re.match(r"push\.\d", file.name):
        return "push"
    return ".".join(file.name.split(".")[:2])


def answers(shared_dir: Path) -> list[Path]:
    """Every sample that is an answer of a call, or a webhook body, as sent."""
    return [f for f in sorted(folder(shared_dir).glob("*.json")) if f.name != "index.json" and not f.name.startswith("error.")]


def parse(operation: str, body: Any, **about: str) -> Parsed:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return CONNECTOR.operation(operation).parse(sent, about)


def parse_sample(shared_dir: Path, name: str, **about: str) -> Parsed:
    file = folder(shared_dir) / f"{name}.json"
    return parse(operation_of(file), file.read_bytes(), **about)


def ok(response: Any = None, **beside: Any) -> dict[str, Any]:
    """A good answer with that `response`."""
    frame = {"request_id": "r", "error": "", "message": ""}
    return {**frame, **({} if response is None else {"response": response}), **beside}


def told(parsed: Parsed) -> list[dict[str, Any]]:
    """The records as the command line prints them, without what is null or empty."""
    return [_said(to_plain(record)) for record in parsed.records]


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _said(member) for name, member in value.items() if member not in (None, [], {})}
    return [_said(one) for one in value] if isinstance(value, list) else value


def problems(parsed: Parsed) -> list[tuple[str, str]]:
    return [(problem.field, problem.level.value) for problem in parsed.problems]


def money(amount: str, currency: str | None) -> dict[str, str | None]:
    return {"amount": amount, "currency": currency} if currency is not None else {"amount": amount}
