"""A file as rows: CSV in the encodings and with the separators that spreadsheets write, or XLSX."""

import csv
import io
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Final, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook

from storeward.intake.cells import Cell

Cells: TypeAlias = list[Cell]
ENCODINGS: Final = ("utf-8-sig", "gb18030")
"""What Excel writes in Europe and the world, and in China. UTF-16 is known by its mark."""
MOST_ROWS: Final = 500_000
LARGEST: Final = 100 * 1024 * 1024
ZIP: Final = b"PK\x03\x04"


class BadFile(ValueError):
    """The file as a whole cannot be read; the message says what mends it."""


def rows(body: bytes, name: str) -> Iterator[tuple[int, Cells]]:
    """(row number as the spreadsheet shows it, cells) of every row that is not empty. Raises BadFile."""
    if not body.strip():
        raise BadFile(f"{name} is empty; choose the file again")
    if len(body) > LARGEST:
        raise BadFile(f"{name} is larger than {LARGEST // 2**20} MB; split it")
    found = _sheet(body, name) if body.startswith(ZIP) else _text(body, name)
    for number, cells in enumerate(found, 1):
        if number > MOST_ROWS:
            raise BadFile(f"{name} has more than {MOST_ROWS:,} rows; split it")
        if any(cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in cells):
            yield number, cells


def _sheet(body: bytes, name: str) -> Iterator[Cells]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as reason:
        raise BadFile(f"{name} is no XLSX file that can be read; save it anew, or as CSV") from reason
    # A time of day or a span means nothing in any column: the column's reader says so of its text.
    return ([str(cell) if isinstance(cell, time | timedelta) else cell for cell in row] for row in table)


def _text(body: bytes, name: str) -> Iterator[Cells]:
    told = _decoded(body, name)
    first = told.partition("\n")[0]
    separator = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(told, newline=""), delimiter=separator)
    while True:
        try:
            yield list(next(reader))
        except StopIteration:
            return
        except csv.Error as reason:
            raise BadFile(f"{name} cannot be read from row {reader.line_num} on ({reason}); save it anew as CSV") from reason


def _decoded(body: bytes, name: str) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile(f"{name} is neither UTF-8 nor GB18030 text; save it as 'CSV UTF-8'")
