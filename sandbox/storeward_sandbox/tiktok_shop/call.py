"""One request after all checks: whose it is, what was asked, and readers that refuse what the platform would refuse."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storeward_sandbox.clock import Instant

from .errors import bad_parameter

if TYPE_CHECKING:
    from .auth import Authorization
    from .platform import TikTokShop
    from .shop import Shop


Json = dict[str, Any]


def as_object(value: Any, name: str) -> Json:
    """A nested object, {} where it is absent; refused where it is something else."""
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise bad_parameter(f"Request body {name} must be object")
    return value


def as_list(value: Any, name: str) -> list[Any]:
    if value in (None, ""):
        return []
    if not isinstance(value, list):
        raise bad_parameter(f"Request body {name} must be array")
    return value


def as_objects(value: Any, name: str) -> list[Json]:
    rows = as_list(value, name)
    if not all(isinstance(row, dict) for row in rows):
        raise bad_parameter(f"Request body {name}[] must be object")
    return rows


def sku_rows(call: "Call", *, most: int | None = None, required: bool = False) -> list[Json]:
    """The SKUs of a product's request, with price and stock of the right shape."""
    rows = call.body_objects("skus", most=most, required=required)
    for row in rows:
        as_object(row.get("price"), "skus[].price")
        as_objects(row.get("inventory"), "skus[].inventory")
    return rows


def as_texts(value: Any, name: str) -> list[str]:
    """A list of texts; numbers are taken as the texts they should have been."""
    rows = as_list(value, name)
    if not all(isinstance(row, str | int) for row in rows):
        raise bad_parameter(f"Request body {name}[] must be string")
    return [str(row) for row in rows]


@dataclass(frozen=True)
class Upload:
    """One file of a multipart body."""

    name: str
    filename: str
    content_type: str
    data: bytes


@dataclass
class Call:
    """What an operation gets. `now` is the sandbox's instant; `ids` are those in the path."""

    platform: "TikTokShop"
    authorization: "Authorization"
    operation: str
    path: str
    ids: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any]
    now: Instant
    base_url: str = ""
    shop_or_none: "Shop | None" = None
    uploads: dict[str, Upload] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def shop(self) -> "Shop":
        """The shop that shop_cipher names; operations with cipher=True always have one."""
        if self.shop_or_none is None:
            raise bad_parameter("shop_cipher is missing")
        return self.shop_or_none

    # --- the query ------------------------------------------------------------------------------------------------

    def text(self, name: str, default: str = "") -> str:
        return self.query.get(name, default)

    def need(self, name: str) -> str:
        """A parameter that must be there."""
        if not self.query.get(name):
            raise bad_parameter(f"Request query must have required property '{name}'")
        return self.query[name]

    def number(self, name: str) -> int | None:
        """A whole number in the query; None where it is absent or empty."""
        given = self.query.get(name, "")
        if not given:
            return None
        try:
            return int(given)
        except ValueError as error:
            raise bad_parameter(f"Request query {name} must be integer") from error

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of `allowed`; without a default the parameter must be there."""
        given = self.text(name) or (default if default is not None else self.need(name))
        if given not in allowed:
            raise bad_parameter(f"Request query {name} must be one of {', '.join(allowed)}")
        return given

    def listed(self, name: str, *, most: int, required: bool = True) -> list[str]:
        """A comma-joined list (a repeated key has been joined already), at most `most` values."""
        given = self.need(name) if required else self.text(name)
        values = [value.strip() for value in given.strip("[]").replace('"', "").split(",") if value.strip()]
        if len(values) > most:
            raise bad_parameter(f"Request query {name} must have at most {most} items")
        return values

    def flag(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    # --- the body -------------------------------------------------------------------------------------------------

    def given(self, name: str) -> Any:
        """A value of the body that must be there."""
        if self.body.get(name) in (None, "", [], {}):
            raise bad_parameter(f"Request body must have required property '{name}'")
        return self.body[name]

    def given_text(self, name: str) -> str:
        value = self.given(name)
        if not isinstance(value, str):
            raise bad_parameter(f"Request body {name} must be string")
        return value

    def body_number(self, name: str) -> int | None:
        """A whole number of the body; absent, null and 0 all mean 'none'."""
        value = self.body.get(name)
        if value in (None, 0):
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise bad_parameter(f"Request body {name} must be integer")
        return value

    def body_list(self, name: str, *, most: int | None = None, required: bool = False) -> list[Any]:
        value = self.given(name) if required else self.body.get(name) or []
        if not isinstance(value, list):
            raise bad_parameter(f"Request body {name} must be array")
        if most is not None and len(value) > most:
            raise bad_parameter(f"Request body {name} must have at most {most} items")
        return value

    def body_texts(self, name: str, *, most: int | None = None, required: bool = False) -> list[str]:
        """A list of texts, e.g. of ids."""
        return as_texts(self.body_list(name, most=most, required=required), name)

    def body_objects(self, name: str, *, most: int | None = None, required: bool = False) -> list[Json]:
        return as_objects(self.body_list(name, most=most, required=required), name)

    def body_object(self, name: str) -> Json:
        """An object of the body; {} where it is absent."""
        return as_object(self.body.get(name), name)

    def body_choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """One of `allowed`, or None where it is absent."""
        value = self.body.get(name)
        if value in (None, ""):
            return None
        if value not in allowed:
            raise bad_parameter(f"Request body {name} must be one of {', '.join(allowed)}")
        return str(value)
