"""What an operation gets, and how it reads its parameters. All are texts; structured ones are JSON within a text."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storeward_sandbox.clock import Instant

from .dates import BadDate, parse_offset
from .errors import ApiError, bad_date, bad_limit, bad_offset, malformed, missing
from .shop import Shop

if TYPE_CHECKING:
    from .platform import Lazada

Json = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """One file of a multipart body."""

    filename: str
    content_type: str
    data: bytes


@dataclass
class Call:
    """One request. `now` is the sandbox's instant."""

    platform: "Lazada"
    shop: Shop
    path: str
    params: dict[str, str]
    now: Instant
    base_url: str = ""
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        return self.params.get(name) or default

    def need(self, name: str) -> str:
        """A parameter that must be there."""
        given = self.params.get(name, "")
        if not given:
            raise missing(name)
        return given

    def number(self, name: str) -> int | None:
        """A whole number; None where it is absent."""
        given = self.text(name)
        return _whole(given, malformed(name)) if given else None

    def need_number(self, name: str) -> int:
        return _whole(self.need(name), malformed(name))

    def flag(self, name: str) -> bool:
        """A boolean that must be there."""
        given = self.need(name).lower()
        if given not in ("true", "false"):
            raise malformed(name)
        return given == "true"

    def moment(self, name: str) -> float | None:
        """Unix seconds of an ISO 8601 text with offset; None where it is absent."""
        given = self.text(name)
        if not given:
            return None
        try:
            return parse_offset(given)
        except BadDate as error:
            raise bad_date(given) from error

    def offset(self, most: int, default: int = 0) -> int:
        given = self.text("offset") or str(default)
        offset = _whole(given, bad_offset(given))
        if not 0 <= offset <= most:
            raise bad_offset(given)
        return offset

    def limit(self, most: int, default: int) -> int:
        given = self.text("limit") or str(default)
        limit = _whole(given, bad_limit(given))
        if not 1 <= limit <= most:
            raise bad_limit(given)
        return limit

    def page(self, name: str, size_name: str, *, default: int = 10, most: int = 100) -> tuple[int, int]:
        """Page number from 1, and page size."""
        page, size = self.number(name), self.number(size_name)
        page, size = 1 if page is None else page, default if size is None else size
        if page < 1:
            raise malformed(name)
        if not 1 <= size <= most:
            raise malformed(size_name)
        return page, size

    # --- JSON within a text ---------------------------------------------------------------------------------------

    def json(self, name: str) -> Any:
        try:
            return json.loads(self.need(name))
        except (ValueError, RecursionError) as error:
            raise ApiError("1001", f"E1001: The parameter {name} is not JSON") from error

    def json_object(self, name: str) -> Json:
        found = self.json(name)
        if not isinstance(found, dict):
            raise malformed(name)
        return found

    def json_list(self, name: str) -> list[Any]:
        found = self.json(name)
        if not isinstance(found, list):
            raise malformed(name)
        return found

    def json_ids(self, name: str) -> list[str]:
        """A JSON list of ids, numbers or texts."""
        return ids_in(self.json_list(name), name)

    def json_words(self, name: str) -> list[str]:
        """A JSON list of words; [] where it is absent."""
        return [str(word) for word in self.json_list(name)] if self.text(name) else []


def _whole(text: str, refusal: ApiError) -> int:
    if not text.lstrip("-").isdigit() or not text.isascii() or len(text) > 18:
        raise refusal
    return int(text)


def ids_in(found: list[Any], name: str) -> list[str]:
    if any(isinstance(one, bool) or not isinstance(one, (int, str)) for one in found):
        raise malformed(name)
    return [str(one) for one in found]


def objects_in(container: Any, name: str) -> list[Json]:
    """The list of objects under that key; refuses anything else."""
    found = container.get(name) if isinstance(container, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise malformed(name)
    return found
