"""Amounts as Lazada writes them (fact sheet section 11): numbers, text with commas, a currency behind, a sign glyph in front."""

import re
from decimal import Decimal
from typing import Any, Final

from storeward.connectors.wire import Notes
from storeward.lib.money import Money

from .sites import WHOLE, Site

AMOUNT: Final = re.compile(r"([+\-\u2212\u00b1]?)\s*(\d[\d,]*(?:\.\d+)?|\.\d+)\s*([A-Z]{3})?")
MINUS: Final = ("-", "\u2212")
EITHER: Final = "\u00b1"


def amount(notes: Notes, field: str, value: Any, currency: str | None) -> Money | None:
    """What a member of finance says, e.g. `-1,199.00`, `3962.41 THB`; a currency in the text goes before `currency`."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return notes.money(field, Decimal(value), currency)
    text = str(value).strip()
    if not text or text == "null":
        return None
    found = AMOUNT.fullmatch(text)
    if found is None:
        notes.note(field, f"is no amount that we can read: {text[:40]}; left out")
        return None
    sign, digits, named = found.groups()
    if sign == EITHER:
        notes.note(field, f"has no one sign: {text[:40]}; read as positive")
    number = Decimal(digits.replace(",", ""))
    return notes.money(field, -number if sign in MINUS else number, named or currency)


def currency_in(value: Any) -> str | None:
    """The currency that an amount in text names, as `payout` does."""
    found = AMOUNT.fullmatch(value.strip()) if isinstance(value, str) else None
    return found.group(3) if found else None


def minor(notes: Notes, field: str, value: Decimal | None, site: Site | None, currency: str | None) -> Money | None:
    """What a reverse order says: hundredths of the currency, but whole dong. Exact: 29900 is 299.00, never 299."""
    if value is None:
        return None
    if site is None and value:
        notes.note(field, "names no site: read as hundredths, as on all of them but Vietnam")
    if site is not None and site.minor == WHOLE:
        return notes.money(field, value, currency)
    told = notes.money(field, value, currency)
    return Money(told.amount.scaleb(-2), currency) if told is not None else None
