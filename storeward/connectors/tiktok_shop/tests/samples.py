"""Where the published samples lie, and which operation each is of."""

import json
import re
from pathlib import Path
from typing import Any

from storeward.canon import to_plain
from storeward.connectors.contract import Parsed
from storeward.connectors.tiktok_shop import CONNECTOR


def folder(shared_dir: Path) -> Path:
    return shared_dir / "platforms/tiktok_shop/samples"


def operation_of(file: Path) -> str:
    """`webhook_01_...` is a push, `updateInventory_partial_failure` an answer of updateInventory."""
    stem = file.name.split(".")[0]
    if stem.startswith("webhook_"):
        return "push"
    if stem.startswith("token_get"):
        return "token_get"
    return stem if stem in CONNECTOR.operations else re.sub("_partial_failure$", "", stem)


def answers(shared_dir: Path) -> list[Path]:
    """Every sample that is an answer or a webhook body as sent."""
    return [f for f in sorted(folder(shared_dir).glob("*.json")) if f.name != "INDEX.json" and not f.name.startswith("error_")]


def parse(operation: str, body: dict[str, Any] | bytes, **about: str) -> Parsed:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return CONNECTOR.operation(operation).parse(sent, about)


def parse_sample(shared_dir: Path, name: str, **about: str) -> Parsed:
    file = folder(shared_dir) / f"{name}.json"
    return parse(operation_of(file), file.read_bytes(), **about)


def ok(**data: Any) -> dict[str, Any]:
    """A good answer with that `data`."""
    return {"code": 0, "message": "Success", "request_id": "r", "data": data}


class Told(dict[str, Any]):
    """A record or a part of it: what is null or empty says nothing, so that a member which no payload states changes no test."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, dict) and _heard(self) == _heard(other)

    __hash__ = None


def _heard(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in dict.items(record) if value not in (None, [], {})}


def _as_told(value: Any) -> Any:
    if isinstance(value, dict):
        return Told({name: _as_told(member) for name, member in value.items()})
    return [_as_told(member) for member in value] if isinstance(value, list) else value


def told(parsed: Parsed) -> list[Told]:
    """The records as the command line prints them, without what is null or empty."""
    return [Told(_heard(_as_told(to_plain(record)))) for record in parsed.records]


def problems(parsed: Parsed) -> list[tuple[str, str]]:
    return [(problem.field, problem.level.value) for problem in parsed.problems]


def december(day: int, hour: int = 0) -> int:
    """A Unix time of December 2025: the first at midnight UTC is 1764547200."""
    return 1764547200 + (day - 1) * 86_400 + hour * 3_600
