"""The inspection items: what a round looks at in every store, and which rules speak for each."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from . import terms

FILE = Path(__file__).parent / "rules" / "inspection_items.toml"

Area = Literal["activity", "orders", "messages", "stock", "money", "reviews", "health", "listings", "security", "routine"]
Stream = Literal[
    "orders",
    "packages",
    "aftersales",
    "listings",
    "conversations",
    "finance",
    "metrics",
    "health",
    "connection",
    "typed",
]
"""What must be fresh for an item to be told; `typed` is entered by a person (attestations, notices, flags)."""


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item: its column in the matrix, the rules whose findings stand in its cells, and what a person attests.

    `short_title` fits a narrow column (at most nine Latin characters). Each rule belongs to one item at most; `also` names
    rules that it shares with another item's column, for reading only.
    """

    id: str
    title: str
    title_zh: str
    short_title: str
    short_title_zh: str
    area: Area
    frequency: str
    done_by: Literal["automatic", "hands", "both"]
    rules: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    streams: tuple[Stream, ...] = ()
    attestation: str | None = None
    attestation_zh: str | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    item: tuple[Item, ...]


@cache
def load() -> tuple[Item, ...]:
    """All items, INS-01 first. Raises BadTerms where the file is wrong."""
    try:
        return msgspec.convert(tomllib.loads(FILE.read_text("utf-8")), _File).item
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise terms.BadTerms(f"rules/{FILE.name}: {error}") from None


@cache
def item_of(rule_id: str) -> Item | None:
    """The item whose cell shows the findings of a rule; None where no item speaks for it."""
    return next((item for item in load() if rule_id in item.rules), None)


def mistakes() -> list[str]:
    """What is wrong with the items, one sentence each: doubled ids, unknown or doubled rules, rules without an item."""
    try:
        items = load()
    except terms.BadTerms as error:
        return [str(error)]
    known = {rule.id: rule for _, rule in terms.book()}
    named = [rule_id for item in items for rule_id in item.rules]
    found = [f"inspection_items.toml: {i.id}: id is doubled" for n, i in enumerate(items) if i.id in {x.id for x in items[:n]}]
    found += [f"inspection_items.toml: {r}: is no rule" for r in {*named, *(r for i in items for r in i.also)} if r not in known]
    found += [f"inspection_items.toml: {r}: belongs to two items" for r in sorted(set(named)) if named.count(r) > 1]
    found += [
        f"inspection_items.toml: {rule.id}: belongs to no item"
        for rule in known.values()
        if rule.form is not None and rule.id not in named
    ]
    return found
