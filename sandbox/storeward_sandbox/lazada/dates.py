"""Dates in the platform's many forms. Instants are unix seconds; texts without a zone are the site's local time."""

import re
from datetime import UTC, date, datetime

from storeward_sandbox.clock import Instant

from .sites import Site

_WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")
FIRST_YEAR, LAST_YEAR = 2010, 2100


class BadDate(ValueError):
    """The text is no date of the form that is asked for."""


def local(site: Site, at: Instant) -> datetime:
    return datetime.fromtimestamp(at, site.country.tz)


def stamp(site: Site, at: Instant) -> str:
    """`2025-12-15 10:22:31 +0700`: orders and their items; empty for never."""
    return local(site, at).strftime("%Y-%m-%d %H:%M:%S ") + site.offset.replace(":", "") if at else ""


def iso_local(site: Site, at: Instant) -> str:
    """`2025-12-16T23:59:59+07:00`: the shipping deadline; empty for none."""
    return local(site, at).strftime("%Y-%m-%dT%H:%M:%S") + site.offset if at else ""


def bare(site: Site, at: Instant) -> str:
    """`2018-01-04 00:23:04`: finance."""
    return local(site, at).strftime("%Y-%m-%d %H:%M:%S")


def minute(site: Site, at: Instant) -> str:
    """`2022-07-11 17:43`: sales."""
    return local(site, at).strftime("%Y-%m-%d %H:%M")


def worded(day: date) -> str:
    """`17 May 2016`: transaction lines."""
    return day.strftime("%d %b %Y")


def ms(at: Instant) -> int:
    return at * 1000


def parse_offset(text: str) -> float:
    """Seconds of `2025-12-15T00:00:00+08:00` (or `+0800`, `Z`). Raises BadDate for anything else, a missing zone included."""
    if not _WITH_OFFSET.fullmatch(text):
        raise BadDate(text)
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise BadDate(text) from error


def parse_day(text: str) -> date:
    """`2021-01-01` or `20210101`, or the day of a longer form of the first. Raises BadDate."""
    try:
        day = date.fromisoformat(text[:10] if "-" in text else text)
    except ValueError as error:
        raise BadDate(text) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadDate(text)
    return day


def parse_stamp(text: str) -> float:
    """Seconds of a request's timestamp: epoch milliseconds as text, or UTC text. Raises BadDate."""
    if text.isascii() and text.isdigit():
        return int(text) / 1000
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadDate(text) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
