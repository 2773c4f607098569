"""Records in the forms that scripts may rely on (the contract, section 1).

Instants in UTC with `Z`, fractions only where the source has them; decimals as plain text, never `1E+2`; money as
`{"amount", "currency"}`; ids and words as text; what is not known is null. Every field is there, null or not.
"""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from .base import Record


def decimal_text(value: Decimal) -> str:
    """Exact plain digits: `1E+2` is "100", `0.10` stays "0.10"."""
    return f"{value:f}"


def instant_text(value: datetime) -> str:
    """`2026-11-22T01:35:31Z`; raises ValueError for an instant without a zone, which would mean something else everywhere."""
    if value.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="auto") + "Z"


def to_plain(record: msgspec.Struct) -> dict[str, Any]:
    """The record as dicts, lists, text and numbers, ready for any JSON encoder. `kind` comes first."""
    config = record.__struct_config__
    kind = {} if config.tag is None else {str(config.tag_field): config.tag}
    return kind | {name: _plain(getattr(record, name)) for name in record.__struct_fields__}


def to_json(record: msgspec.Struct) -> bytes:
    """The record as one line of JSON."""
    return msgspec.json.encode(to_plain(record))


def kind_of(record: Record) -> str:
    """What kind of record it is: `order`, `package` ..."""
    return str(record.__struct_config__.tag)


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return decimal_text(value)
        case datetime():
            return instant_text(value)
        case msgspec.Struct():
            return to_plain(value)
        case StrEnum():
            return value.value
        case dict():
            return {key: _plain(member) for key, member in value.items()}
        case list() | tuple():
            return [_plain(member) for member in value]
        case _:
            return value
