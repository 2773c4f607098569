"""One request after all checks: whose it is, what was asked, and readers that refuse what the platform would refuse."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storeward_sandbox.clock import Instant

from .errors import invalid, missing
from .moments import read_day, read_time

if TYPE_CHECKING:
    from .auth import Authorization
    from .platform import Douyin
    from .shop import Shop

Json = dict[str, Any]
LARGEST_INT = 2**63 - 1


def whole(value: Any, name: str) -> int:
    """A whole number; numbers as text are taken, as the gateway does."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise invalid(name)
    try:
        found = int(value)
    except ValueError as error:
        raise invalid(name) from error
    if abs(found) > LARGEST_INT:
        raise invalid(name)
    return found


def words(value: Any, name: str) -> str:
    """A text; whole numbers are taken for ids."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise invalid(name)
    return str(value)


@dataclass
class Call:
    """What an operation gets. `now` is the sandbox's instant."""

    platform: "Douyin"
    method: str
    params: Json
    now: Instant
    base_url: str = ""
    shop_or_none: "Shop | None" = None
    authorization: "Authorization | None" = None

    @property
    def shop(self) -> "Shop":
        """The shop whose token was sent; operations with token=True always have one."""
        if self.shop_or_none is None:
            raise missing("access_token")
        return self.shop_or_none

    def has(self, name: str) -> bool:
        return self.params.get(name) not in (None, "")

    def need(self, name: str) -> str:
        """A text that must be there."""
        if not self.has(name):
            raise missing(name)
        return words(self.params[name], name)

    def text(self, name: str) -> str:
        """A text, "" where it is absent."""
        return words(self.params[name], name) if self.has(name) else ""

    def need_number(self, name: str) -> int:
        if not self.has(name):
            raise missing(name)
        return whole(self.params[name], name)

    def number(self, name: str) -> int | None:
        return whole(self.params[name], name) if self.has(name) else None

    def flag(self, name: str) -> bool:
        """A truth value; "true" is taken for true."""
        value = self.params.get(name)
        if value not in (None, True, False, "true", "false", ""):
            raise invalid(name)
        return value in (True, "true")

    def need_flag(self, name: str) -> bool:
        """A truth value that must be there."""
        if self.params.get(name) in (None, ""):
            raise missing(name)
        return self.flag(name)

    def objects(self, name: str, *, most: int | None = None, required: bool = True) -> list[Json]:
        """A list of objects."""
        rows = self._rows(name, most, required)
        if not all(isinstance(row, dict) for row in rows):
            raise invalid(name)
        return rows

    def numbers(self, name: str) -> list[int]:
        return [whole(value, name) for value in self._rows(name, None, False)]

    def texts(self, name: str, *, most: int | None = None, required: bool = False) -> list[str]:
        return [words(value, name) for value in self._rows(name, most, required)]

    def _rows(self, name: str, most: int | None, required: bool) -> list[Any]:
        value = self.params.get(name)
        if value in (None, "", []):
            if required:
                raise missing(name)
            return []
        if not isinstance(value, list) or (most is not None and len(value) > most):
            raise invalid(name)
        return value

    # --- times and pages ------------------------------------------------------------------------------------------

    def span(self, first: str, last: str, *, required: bool = False) -> tuple[Instant, Instant] | None:
        """A window in seconds: both ends or neither, and not equal."""
        start, end = self.number(first), self.number(last)
        if not start and not end and not required:
            return None
        if not start or not end:
            raise missing(first if not start else last)
        if start >= end:
            raise invalid(last)
        return start, end

    def text_span(self, first: str, last: str) -> tuple[Instant, Instant]:
        """A window as text in China's zone, both ends needed."""
        found = []
        for name in (first, last):
            text = self.need(name)
            try:
                found.append(read_time(text) if " " in text else read_day(text))
            except ValueError as error:
                raise invalid(name) from error
        if found[0] > found[1]:
            raise invalid(last)
        return found[0], found[1]

    def page(self, *, first: int, most: int, cap: int | None = None, default: int | None = None) -> tuple[int, int]:
        """(page from 0, size): the caller counts from `first`. Refused outside 1..most and beyond the cap."""
        page = self.need_number("page") if default is None else self.number("page")
        size = self.need_number("size") if default is None else self.number("size")
        page = first if page is None else page
        size = default or 0 if size is None else size
        if page < first:
            raise invalid("page")
        if not 1 <= size <= most:
            raise invalid("size")
        if cap is not None and page * size > cap:
            raise invalid("page*size")
        return page - first, size
