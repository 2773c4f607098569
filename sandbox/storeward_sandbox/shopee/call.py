"""One request after all checks: whose it is, what was asked, and readers that refuse what the platform would refuse."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from storeward_sandbox.clock import Instant

from .errors import bad_parameter

if TYPE_CHECKING:
    from .desk import Consent
    from .platform import Shopee
    from .shop import Shop

Json = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """One file of a multipart body."""

    name: str
    filename: str
    content_type: str
    data: bytes


@dataclass
class Call:
    """What an operation gets. `now` is the sandbox's instant; `query` keeps repeated keys, joined by commas."""

    platform: "Shopee"
    operation: str
    query: dict[str, str]
    body: Json
    now: Instant
    base_url: str = ""
    consent: "Consent | None" = None
    shop_or_none: "Shop | None" = None
    merchant_id: str = ""
    uploads: list[Upload] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    warning: Any = None

    @property
    def shop(self) -> "Shop":
        """The shop of the request; operations of the shop level always have one."""
        if self.shop_or_none is None:
            raise bad_parameter("shop_id is missing")
        return self.shop_or_none

    # --- the query ------------------------------------------------------------------------------------------------

    def text(self, name: str, default: str = "") -> str:
        return self.query.get(name, default).strip()

    def need(self, name: str) -> str:
        """A parameter that must be there."""
        if not self.text(name):
            raise bad_parameter(f"{name} is required.")
        return self.text(name)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number; without a default it must be there."""
        given = self.text(name)
        if not given and default is not None:
            return default
        return _whole(self.need(name), name)

    def optional(self, name: str) -> int | None:
        return _whole(self.text(name), name) if self.text(name) else None

    def between(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from low to high."""
        value = self.number(name, default)
        if not low <= value <= high:
            raise bad_parameter(f"{name} should be between {low} and {high}.")
        return value

    def listed(self, name: str, most: int, *, required: bool = True) -> list[str]:
        """A list, by commas or repeated keys, at most `most` values."""
        given = self.need(name) if required else self.text(name)
        values = [value.strip() for value in given.strip("[]").replace('"', "").split(",") if value.strip()]
        if len(values) > most:
            raise bad_parameter(f"The length of {name} should be between 1 and {most}.")
        return values

    def numbers(self, name: str, most: int, *, required: bool = True) -> list[int]:
        return [_whole(value, name) for value in self.listed(name, most, required=required)]

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        given = self.text(name) or (default if default is not None else self.need(name))
        if given not in allowed:
            raise bad_parameter(f"{name} should be one of {', '.join(allowed)}.")
        return given

    def flag(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    # --- the body -------------------------------------------------------------------------------------------------

    def given(self, name: str) -> Any:
        """A value of the body that must be there."""
        if self.body.get(name) in (None, "", []):
            raise bad_parameter(f"{name} is required.")
        return self.body[name]

    def given_text(self, name: str) -> str:
        return _text(self.given(name), name)

    def given_number(self, name: str) -> int:
        return _whole(self.given(name), name)

    def body_text(self, name: str) -> str:
        return _text(self.body.get(name) or "", name)

    def body_number(self, name: str, default: int = 0) -> int:
        return default if self.body.get(name) is None else _whole(self.body[name], name)

    def body_object(self, name: str) -> Json:
        value = self.body.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise bad_parameter(f"{name} should be an object.")
        return value

    def rows(self, name: str, most: int, *, required: bool = True) -> list[Json]:
        """A list of objects in the body, 1 to `most`."""
        return object_rows(self.given(name) if required else self.body.get(name) or [], name, most)


def object_rows(value: Any, name: str, most: int) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise bad_parameter(f"{name} should be a list of objects.")
    if len(value) > most:
        raise bad_parameter(f"The length of {name} should be between 1 and {most}.")
    return value


def field_text(row: Json, name: str, default: str | None = None) -> str:
    """A text of a row; without a default it must be there."""
    value = row.get(name)
    if value in (None, "") and default is not None:
        return default
    if value in (None, ""):
        raise bad_parameter(f"{name} is required.")
    return _text(value, name)


def field_number(row: Json, name: str, default: int | None = None) -> int:
    value = row.get(name)
    if value in (None, "") and default is not None:
        return default
    if value in (None, ""):
        raise bad_parameter(f"{name} is required.")
    return _whole(value, name)


def field_values(row: Json, name: str) -> list[Any]:
    """A list of a row; [] where it is absent."""
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_parameter(f"{name} should be a list.")
    return value


def field_amount(row: Json, name: str) -> Decimal:
    """An amount of money that must be there."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise bad_parameter(f"{name} should be a number.")
    return Decimal(str(value))


def _text(value: Any, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise bad_parameter(f"{name} should be a string.")
    return str(value)


def _whole(value: Any, name: str) -> int:
    """A whole number, also where it comes as text."""
    try:
        if isinstance(value, bool | float):
            raise ValueError(value)
        return int(value)
    except (TypeError, ValueError) as error:
        raise bad_parameter(f"{name} should be an integer.") from error
