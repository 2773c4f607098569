"""Reading a line of facts: JSON text in, a checked case out, or an error that names the field (facts format, sections 1 and 2).

BadCase    the line cannot be used: which field, and what is the matter
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

from .calendars import DAYS
from .facts import Case, Facts, StoreProfile, zone_of

PLATFORMS = {
    "TikTok Shop": "tiktok_shop",
    "Shopee": "shopee",
    "Lazada": "lazada",
    "Douyin Shop": "douyin",
}
REGIONS = ("MY", "PH", "TH", "VN", "SG", "ID", "US", "UK", "CN")
SELLER_TYPES = ("local", "cross_border")
STATUSES = ("open", "suspended", "closed_by_seller", "closed_by_platform", "not_opened")
PROGRAMMES = ("none", "managed", "preferred", "preferred_plus", "mall", "lazmall", "same_day")

_LINE = "line"
_YEARS = range(1990, 2191)
_MOST_DIGITS = 60
_HIGHEST_EXPONENT = 30
_WHERE = re.compile(r"^(?P<message>.*?)(?: - at `\$?\.?(?P<path>[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<name>[^`]+)`$")
_NAMED = re.compile(r"^(?P<name>\w+(?:\.\w+)*) (?P<message>must be .*)$")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INSTANT_KEY = re.compile(r"now|at|from|to|as_of|since|deadline|ship_by|answer_by|\w+_at")
_PLAIN_WORDS = {
    "Invalid RFC3339 encoded datetime": "must be an instant such as 2026-08-10T03:00:00Z",
    "Expected `datetime` with a timezone component": "must be an instant with Z or an offset, such as 2026-08-10T03:00:00Z",
    "Invalid RFC3339 encoded date": "must be a date such as 2026-08-31",
    "Invalid decimal string": "must be a number",
}


class BadCase(ValueError):
    """A line that cannot be used. `id` is that of the line where it could be read."""

    def __init__(self, field: str, message: str, id: Any = None) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
        self.id = id


@dataclass(frozen=True, slots=True)
class Reading:
    """A case, and the keys of the line that mean nothing to us (paths, list positions left out)."""

    case: Case
    unknown_keys: tuple[str, ...]


def read_case(line: bytes) -> Case:
    """The case of one line. Raises BadCase."""
    return read_line(line).case


def read_line(line: bytes) -> Reading:
    """The case of one line and its unknown keys. Raises BadCase naming the field."""
    raw = _decode(line)
    line_id = raw.get("id")
    try:
        _plain(line_id, "id")
        case = _convert(raw)
        unknown: dict[str, None] = {}
        for name in ("store", "facts"):
            _walk(getattr(case, name), raw[name], name, unknown)
        _walk(case.now, raw["now"], "now", unknown)
        return Reading(msgspec.structs.replace(case, store=_store(case.store)), tuple(unknown))
    except BadCase as error:
        error.id = None if error.field == "id" else line_id
        raise


# -- JSON ---------------------------------------------------------------------------------------------


def _decode(line: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(line, parse_float=_number, parse_constant=_no_number)
    except RecursionError:
        raise BadCase(_LINE, "is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise BadCase(_LINE, f"is not JSON: {error.msg} at character {error.pos + 1}") from None
    except (ValueError, ArithmeticError) as error:
        raise BadCase(_LINE, f"is not JSON: {error}") from None
    if not isinstance(raw, dict):
        raise BadCase(_LINE, "must be one JSON object")
    return raw


def _number(text: str) -> Decimal | int:
    """A JSON number as an exact decimal; a whole one as int, so that 1e2 counts as a count."""
    value = Decimal(text)
    whole = value.is_finite() and abs(value.adjusted()) <= _HIGHEST_EXPONENT and value == value.to_integral_value()
    return int(value) if whole else value


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


# -- shapes -------------------------------------------------------------------------------------------


def _convert(raw: dict[str, Any]) -> Case:
    try:
        try:
            return msgspec.convert(raw, Case)
        except msgspec.ValidationError as error:
            if not str(error).startswith("Invalid RFC3339 encoded datetime"):
                raise
            return msgspec.convert(_with_whole_instants(raw), Case)
    except msgspec.ValidationError as error:
        path, message = _split(str(error))
        raise BadCase(_name_key(raw, path), message) from None
    except (ArithmeticError, RecursionError) as error:
        raise BadCase(_LINE, f"cannot be read: {type(error).__name__}") from None


def _with_whole_instants(value: Any, key: str = "") -> Any:
    """The same, where an instant is written in another form of ISO 8601 (no seconds, no colons), in the form that is read."""
    if isinstance(value, dict):
        return {name: _with_whole_instants(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_whole_instants(inner) for inner in value]
    if isinstance(value, str) and _INSTANT_KEY.fullmatch(key) and "T" in value:
        try:
            return datetime.fromisoformat(value).isoformat()
        except ValueError:
            return value
    return value


def _split(text: str) -> tuple[str, str]:
    """Path and message of a decoding error; a missing field, or one that is out of bounds, is named as the path itself."""
    found = _WHERE.match(text)
    message, path = (found["message"], found["path"] or "") if found else (text, "")
    if missing := _MISSING.match(message):
        return ".".join(part for part in (path, missing["name"]) if part), "is missing"
    if named := _NAMED.match(message):
        return ".".join(part for part in (path, named["name"]) if part), named["message"]
    return path or _LINE, _PLAIN_WORDS.get(message, message[:1].lower() + message[1:])


def _name_key(raw: dict[str, Any], path: str) -> str:
    """The path with the key of a table in place of `[...]`: each entry is tried alone, the first bad one is it."""
    head, found, tail = path.partition("[...]")
    section, *names = head.split(".")
    table: Any = raw
    for name in (section, *names):
        table = table.get(name) if isinstance(table, dict) else None
    if not found or section != "facts" or not isinstance(table, dict):
        return path
    for key, value in table.items():
        alone: dict[str, Any] = {key: value}
        for name in reversed(names):
            alone = {name: alone}
        try:
            msgspec.convert(alone, Facts)
        except msgspec.ValidationError:
            return f"{head}.{key}{tail}"
    return path


# -- values -------------------------------------------------------------------------------------------


def _walk(value: Any, raw: Any, path: str, unknown: dict[str, None]) -> None:
    """What types cannot say: numbers and instants within reason, text that can be printed; and keys nobody knows."""
    if isinstance(value, msgspec.Struct):
        names = dict(zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True))
        for key, inner in raw.items():
            if key in names:
                _walk(getattr(value, names[key]), inner, f"{path}.{key}", unknown)
            else:
                unknown[re.sub(r"\[\d+\]", "[]", f"{path}.{key}")] = None
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            _walk(inner, raw[index], f"{path}[{index}]", unknown)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _walk(inner, raw[key], f"{path}.{key}", unknown)
    else:
        if isinstance(value, Decimal) and isinstance(raw, str) and not _DECIMAL.fullmatch(raw):
            raise BadCase(path, f"must be a number, not {raw!r}")
        _plain(value, path)


def _plain(value: Any, path: str) -> None:
    if isinstance(value, Decimal | int):
        _check_number(Decimal(value), path)
    elif isinstance(value, datetime) and value.year not in _YEARS:
        raise BadCase(path, f"must be an instant between {_YEARS[0]} and {_YEARS[-1]}")
    elif isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadCase(path, "holds text that is not Unicode") from None


def _check_number(value: Decimal, path: str) -> None:
    if not value.is_finite():
        raise BadCase(path, "must be a number")
    if abs(value.adjusted()) > _HIGHEST_EXPONENT or len(value.as_tuple().digits) > _MOST_DIGITS:
        raise BadCase(path, "must be a number of reasonable size")


# -- the store ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Choice:
    """A field of the store that has a fixed list of values."""

    name: str
    values: tuple[str, ...]
    optional: bool = field(default=False)


_CHOICES = (
    _Choice("region", REGIONS),
    _Choice("seller_type", SELLER_TYPES),
    _Choice("status", STATUSES),
    _Choice("programme", PROGRAMMES, optional=True),
)


def _store(store: StoreProfile) -> StoreProfile:
    """The store with our id of its platform, checked. Raises BadCase."""
    platform = PLATFORMS.get(store.platform, store.platform)
    if platform not in PLATFORMS.values():
        raise BadCase("store.platform", f"must be one of {', '.join(PLATFORMS)}, not {store.platform!r}")
    for choice in _CHOICES:
        value = getattr(store, choice.name)
        if value not in choice.values and not (choice.optional and value is None):
            raise BadCase(f"store.{choice.name}", f"must be one of {', '.join(choice.values)}, not {value!r}")
    _check_zone(store.timezone, "store.timezone")
    if not re.fullmatch(r"[A-Za-z]{3}", store.currency):
        raise BadCase("store.currency", f"must be three letters, not {store.currency!r}")
    _check_days(store.working_days)
    return msgspec.structs.replace(store, platform=platform)


def _check_zone(name: str, path: str) -> None:
    try:
        zone_of(name)
    except (KeyError, ValueError, OSError):
        raise BadCase(path, f"must be an IANA time zone, not {name!r}") from None


def _check_days(days: tuple[str, ...] | None) -> None:
    if days is None:
        return
    if not days:
        raise BadCase("store.working_days", "must name at least one day")
    for index, day in enumerate(days):
        if day not in DAYS:
            raise BadCase(f"store.working_days[{index}]", f"must be one of {', '.join(DAYS)}, not {day!r}")
