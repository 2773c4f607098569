"""Costs and rights from CSV: what can be taken, and line by line what cannot and why."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from storeward.listings.errors import Refused
from storeward.listings.models import RightKind
from storeward.listings.register import LONGEST_SKU, NewCost, NewRight

T = TypeVar("T")

COST_COLUMNS = ("sku", "cost", "currency", "store", "valid_from")
RIGHT_COLUMNS = ("brand", "kind", "stores", "markets", "document", "valid_from", "valid_to", "note")
NEEDED = {COST_COLUMNS: ("sku", "cost", "currency"), RIGHT_COLUMNS: ("brand", "kind")}
MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that was not taken; `line` counts from 1, the head included."""

    line: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """What a file says."""

    rows: tuple[T, ...]
    mistakes: tuple[Mistake, ...]


def costs(content: bytes, *, stores: Mapping[str, int], today: date) -> Sheet[NewCost]:
    """Costs by the columns of `COST_COLUMNS`; `stores` are those that may be named, by key. Raises Refused for no such file."""

    def row(cells: Mapping[str, str]) -> NewCost:
        return NewCost(
            sku=_code(_needed(cells, "sku")),
            amount=_amount(_needed(cells, "cost")),
            currency=_currency(_needed(cells, "currency")),
            store_id=_store(cells["store"], stores) if cells.get("store") else None,
            valid_from=_day(cells, "valid_from") or today,
        )

    return _read(content, COST_COLUMNS, row)


def rights(content: bytes, *, stores: Mapping[str, int]) -> Sheet[NewRight]:
    """Rights by the columns of `RIGHT_COLUMNS`; stores and markets are lists parted by `|`. Raises Refused for no such file."""

    def row(cells: Mapping[str, str]) -> NewRight:
        kind = _needed(cells, "kind").lower()
        if kind not in RightKind.values:
            raise Refused("kind", f"is {kind}; write one of {', '.join(RightKind.values)}.")
        first, last = _day(cells, "valid_from"), _day(cells, "valid_to")
        if first and last and last < first:
            raise Refused("valid_to", "it ends before it begins: check both days.")
        return NewRight(
            brand=_needed(cells, "brand"),
            kind=kind,
            store_ids=[_store(key, stores) for key in _list(cells.get("stores", ""))],
            markets=[market.upper() for market in _list(cells.get("markets", ""))],
            document=_address(cells.get("document", "")),
            valid_from=first,
            valid_to=last,
            note=cells.get("note", ""),
        )

    return _read(content, RIGHT_COLUMNS, row)


def _read(content: bytes, columns: Sequence[str], make: Callable[[Mapping[str, str]], T]) -> Sheet[T]:
    rows: list[T] = []
    mistakes: list[Mistake] = []
    for line, cells in _lines(content, columns):
        try:
            rows.append(make(cells))
        except Refused as refused:
            mistakes.append(Mistake(line, refused.field, refused.message))
    return Sheet(tuple(rows), tuple(mistakes))


def _lines(content: bytes, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each filled line with its number and its cells by column, without spaces around them."""
    text = _text(content)
    head = text.split("\n", 1)[0]
    # Strict: a quotation mark that is never closed would swallow the lines behind it without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as error:
        raise Refused("file", f"line 1 cannot be read as CSV: {error}.") from None
    needed = NEEDED[tuple(columns)]
    if wanting := [name for name in needed if name not in names]:
        raise Refused("file", f"the first line must name the columns {', '.join(columns)}; {wanting[0]} is not there.")
    try:
        for count, cells in enumerate(reader):
            if count >= MOST_ROWS:
                raise Refused("file", f"it has more than {MOST_ROWS:,} lines: split it.")
            if any(cell.strip() for cell in cells):
                yield reader.line_num, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
    except csv.Error as error:
        raise Refused("file", f"line {reader.line_num} cannot be read as CSV: {error}.") from None


def _text(content: bytes) -> str:
    """UTF-8, or what Chinese office programs write."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise Refused("file", "it is no text: save it as CSV (UTF-8).")


def _needed(cells: Mapping[str, str], name: str) -> str:
    if not cells.get(name):
        raise Refused(name, "is empty; fill it in.")
    return cells[name]


def _code(text: str) -> str:
    if len(text) > LONGEST_SKU:
        raise Refused("sku", f"is longer than {LONGEST_SKU} letters.")
    return text


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(" ", "").replace("\u00a0", ""))
    except InvalidOperation:
        raise Refused("cost", f"is {text[:40]}; write a number like 12.50.") from None
    if not amount.is_finite() or amount < 0 or amount.adjusted() > 12:
        raise Refused("cost", f"is {text[:40]}; a cost is zero or more.")
    return amount


def _currency(text: str) -> str:
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise Refused("currency", f"is {text[:40]}; write its three letters, like MYR.")
    return text.upper()


def _store(key: str, stores: Mapping[str, int]) -> int:
    if key not in stores:
        raise Refused("store", f"{key[:60]} is no store of yours; write its key, as in the address of its page.")
    return stores[key]


def _day(cells: Mapping[str, str], name: str) -> date | None:
    text = cells.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise Refused(name, f"is {text[:40]}; write the day like 2026-11-30.") from None


def _address(text: str) -> str:
    if text and not text.lower().startswith(("https://", "http://")):
        raise Refused("document", "give the address of the paper, beginning with https://.")
    return text


def _list(text: str) -> Iterable[str]:
    return [part.strip() for part in text.split("|") if part.strip()]
