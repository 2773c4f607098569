"""The many ways in which Lazada writes a time (fact sheet section 10), read without guessing.

Integers and digits in text tell seconds from milliseconds by their size. A text without a zone is local to its site; where
nothing says which site that is, it is left out with a note rather than shifted by an hour.
"""

import re
from datetime import UTC, date, datetime
from typing import Final

from storeward.connectors.wire import Id, Notes

from .sites import Site

MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS: Final = {name: number for number, name in enumerate(MONTH_NAMES, 1)}
SPACED_ZONE: Final = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?([+-]\d\d:?\d\d|Z)?")
DAY: Final = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})")
LONGEST: Final = 40
PLAIN_LENGTH: Final = 25
"""`2025-12-15 10:22:31 +0700` and `2025-12-16T23:59:59+07:00`, as nearly every order and item has them."""
FIRST_MILLISECOND: Final = 1_000_000_000_000
FIRST_SECOND: Final = 1_000_000_000


def moment(notes: Notes, field: str, value: Id, site: Site | None = None) -> datetime | None:
    """The instant of any form; None for nothing, for 0, and (with a note) for what cannot be placed."""
    if not value:
        return None
    if isinstance(value, int):
        return notes.at(field, value)
    if len(value) == PLAIN_LENGTH and value[4] == "-" == value[7]:
        try:
            return datetime.fromisoformat(value[:19] + value[19:].lstrip()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    return _moment_of_text(notes, field, value.strip(), site)


def _moment_of_text(notes: Notes, field: str, text: str, site: Site | None) -> datetime | None:
    if not text or text in {"0", "null"}:
        return None
    if text.isascii() and text.isdigit() and len(text) < LONGEST:
        return notes.at(field, int(text))
    found = SPACED_ZONE.fullmatch(text)
    if found is None:
        notes.note(field, f"is no time that we can read: {text[:LONGEST]}; left out")
        return None
    day, hour, zone = found.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{hour}{zone or ''}")
        if at.tzinfo is None and site is None:
            notes.note(field, f"names no time zone, and nothing says which site it is of: {text}; left out")
            return None
        return (at if at.tzinfo else at.replace(tzinfo=site.zone if site else UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        notes.note(field, f"is no time that we can read: {text[:LONGEST]}; left out")
        return None


def deadline(notes: Notes, field: str, value: Id, site: Site | None = None) -> datetime | None:
    """An instant by which something is due. A number too small to be a moment is left out with a note."""
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < LONGEST else value
    if isinstance(number, int) and 0 < number < FIRST_SECOND:
        notes.note(field, f"is too small for a moment: {number}; left out")
        return None
    return moment(notes, field, value, site)


def day_of(notes: Notes, field: str, value: str | None) -> date | None:
    """`17 May 2016` (and `2016-05-17`) as a day of the store's own calendar."""
    text = (value or "").strip()
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        if found is None:
            return date.fromisoformat(text[:10])
        return date(int(found.group(3)), MONTHS[found.group(2).lower()], int(found.group(1)))
    except (ValueError, KeyError):
        notes.note(field, f"is no day that we can read: {text[:LONGEST]}; left out")
        return None


def start_of(day: date | None, site: Site | None) -> datetime | None:
    """The instant at which that day begins on its site; None where nobody knows which site."""
    if day is None or site is None:
        return None
    try:
        return datetime(day.year, day.month, day.day, tzinfo=site.zone).astimezone(UTC)
    except OverflowError:
        return None


def iso(at: datetime) -> str:
    """As filters want it: ISO 8601 with an offset, whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
