"""Where the published samples lie, and which operation each is of."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storeward.canon import to_plain
from storeward.connectors.contract import Parsed
from storeward.connectors.douyin import CONNECTOR


def platform(shared_dir: Path) -> Path:
    return shared_dir / "platforms/douyin_shop"


def sample(shared_dir: Path, name: str) -> bytes:
    return (platform(shared_dir) / "samples" / f"{name}.json").read_bytes()


def answers(shared_dir: Path) -> Iterator[tuple[str, str, bytes]]:
    """(file, operation, body) of every sample that is an answer or a webhook body; the write sample once for each method."""
    listed = json.loads((platform(shared_dir) / "samples/index.json").read_bytes())["files"]
    for row in listed:
        body = (platform(shared_dir) / "samples" / row["file"]).read_bytes()
        for operation in row["method"].split(", "):
            if operation.startswith("push tag"):
                yield row["file"], "push", body
            elif operation in CONNECTOR.operations:
                yield row["file"], operation, body


def errors(shared_dir: Path) -> list[Path]:
    return sorted((platform(shared_dir) / "samples").glob("error.*.json"))


def endpoints(shared_dir: Path) -> list[dict[str, Any]]:
    return list(json.loads((platform(shared_dir) / "endpoints.json").read_bytes())["endpoints"])


def parse(operation: str, body: dict[str, Any] | list[Any] | bytes, **about: str) -> Parsed:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return CONNECTOR.operation(operation).parse(sent, about)


def ok(data: Any) -> dict[str, Any]:
    """A good answer with that `data`."""
    return {"code": 10000, "msg": "success", "sub_code": "", "sub_msg": "", "log_id": "l", "data": data}


def told(parsed: Parsed) -> list[dict[str, Any]]:
    """The records as the command line prints them, without what is null or empty, at every level."""
    return [_heard(to_plain(record)) for record in parsed.records]


def _heard(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _heard(member) for name, member in value.items() if member not in (None, [], {})}
    return [_heard(member) for member in value] if isinstance(value, list) else value


def problems(parsed: Parsed) -> list[tuple[str, str]]:
    return [(problem.field, problem.level.value) for problem in parsed.problems]


def yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}
