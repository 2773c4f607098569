"""What a team has on file: rights to brands, costs, its own figures. Every deed is one transaction with its audit row."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.db import connection, transaction

from storeward.audit.record import record
from storeward.lib.money import Money
from storeward.listings.errors import NotThere, Refused
from storeward.listings.models import Cost, OwnLimits, Revision, Right, RightKind
from storeward.policy.listing_check import shapes
from storeward.policy.listing_check.parts import parts
from storeward.policy.listing_check.phrases import phrases

PERCENT = Decimal(100)
LONGEST = 400
"""Days over which a usual price may be taken: longer ago no season is comparable."""
LONGEST_SKU = 120
LARGEST_COST = 12
"""The place of a cost's first digit: thirteen digits before the point, one fewer than its column holds."""
NO_LIMITS = shapes.Limits()
_CURRENCY = re.compile(r"[A-Z]{3}")


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A right with the stores (ids) and markets that it covers; none of either: all."""

    id: int
    right: shapes.Right
    stores: frozenset[int]
    markets: frozenset[str]

    def covers(self, store_id: int, market: str) -> bool:
        return (not self.stores or store_id in self.stores) and (not self.markets or market in self.markets)


@dataclass(frozen=True)
class Register:
    """All that is on file of one workspace, by which its listings are judged."""

    workspace_id: int
    mark: UUID | None = None
    rights: tuple[Held, ...] = ()
    limits: shapes.Limits = NO_LIMITS
    cost_days: tuple[date, ...] = ()
    """The days on which a cost begins."""

    @property
    def kept(self) -> bool:
        """Whether the team keeps rights on file at all."""
        return bool(self.rights)

    def rights_of(self, store_id: int, market: str) -> tuple[shapes.Right, ...]:
        return tuple(held.right for held in self.rights if held.covers(store_id, market))

    def digest(self, day: date) -> bytes:
        """Differs wherever listings must be looked at again: another file, other words, a right or a cost that began or ended."""
        holding = ",".join(str(held.id) for held in self.rights if held.right.holds(day))
        made = blake2b(phrases().digest, digest_size=16)
        made.update(parts().digest)
        begun = max((first for first in self.cost_days if first <= day), default=None)
        made.update(f"{self.mark}:{holding}:{begun}".encode())
        return made.digest()


# -- reading -----------------------------------------------------------------------------------------------------------------


def register_of(workspace_id: int) -> Register:
    return registers([workspace_id])[workspace_id]


def registers(workspace_ids: Iterable[int]) -> dict[int, Register]:
    """The registers of these workspaces; one query where nothing has changed since the last time."""
    ids = sorted(set(workspace_ids))
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, mark FROM listings_revision WHERE workspace_id = ANY(%s)", [ids])
        marks = dict(cursor.fetchall())
    return {i: _read(i, marks[i]) if i in marks else Register(i) for i in ids}


@lru_cache(maxsize=1024)
def _read(workspace_id: int, mark: UUID) -> Register:
    held = tuple(
        Held(
            id=row.pk,
            right=shapes.Right(brand=row.brand, valid_from=row.valid_from, valid_to=row.valid_to),
            stores=frozenset(row.store_ids),
            markets=frozenset(row.markets),
        )
        for row in Right.objects.filter(workspace_id=workspace_id, ended_at=None).order_by("pk")
    )
    days = Cost.objects.filter(workspace_id=workspace_id).values_list("valid_from", flat=True).order_by("valid_from").distinct()
    return Register(workspace_id, mark, held, limits_of(workspace_id), tuple(days))


def limits_of(workspace_id: int) -> shapes.Limits:
    """The team's own figures, as they count now."""
    row = OwnLimits.objects.filter(workspace_id=workspace_id).order_by("-at", "-pk").first()
    if row is None:
        return shapes.Limits()
    return shapes.Limits(
        least_of_cost=row.least_of_cost,
        least_of_usual=row.least_of_usual,
        usual_days=row.usual_days,
        also_demanded=tuple(row.also_demanded),
    )


_COSTS = """
SELECT DISTINCT ON (c.workspace_id, w.sku, c.store_id) c.workspace_id, c.store_id, w.sku, c.amount, c.currency
FROM unnest(%(workspaces)s::bigint[], %(skus)s::text[]) AS w (workspace_id, sku)
JOIN listings_cost c ON c.workspace_id = w.workspace_id AND c.sku = w.sku
WHERE c.valid_from <= %(day)s
ORDER BY c.workspace_id, w.sku, c.store_id, c.valid_from DESC
"""
CostKey = tuple[int, int | None, str]
"""Workspace, store (None: all) and SKU."""


def costs_of(wanted: Collection[tuple[int, str]], day: date) -> dict[CostKey, Money]:
    """What the SKUs (workspace, code) cost on a day: by one query."""
    pairs = sorted(wanted)
    if not pairs:
        return {}
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"workspaces": [one for one, _ in pairs], "skus": [sku for _, sku in pairs], "day": day}
        cursor.execute(_COSTS, values)
        return {(workspace, store, sku): Money(amount, money) for workspace, store, sku, amount, money in cursor.fetchall()}


# -- rights ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NewRight:
    """A right as it is entered."""

    brand: str
    kind: str
    store_ids: Sequence[int] = ()
    markets: Sequence[str] = ()
    document: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


@transaction.atomic
def add_right(workspace_id: int, new: NewRight, *, stores: Collection[int], by: str, now: datetime) -> Right:
    """Put a right on file. `stores` are those of the workspace. Raises Refused naming the field and the mend."""
    brand = " ".join(new.brand.split())
    if not brand:
        raise Refused("brand", "name the brand.")
    if new.kind not in RightKind.values:
        raise Refused("kind", f"choose one of {', '.join(RightKind.values)}.")
    if new.valid_from and new.valid_to and new.valid_to < new.valid_from:
        raise Refused("valid_to", "it ends before it begins: check both days.")
    if foreign := [one for one in new.store_ids if one not in stores]:
        raise Refused("stores", f"{foreign[0]} is no store of this team.")
    if new.document and not new.document.lower().startswith(("https://", "http://")):
        raise Refused("document", "give the address of the paper, beginning with https://.")
    row = Right.objects.create(
        workspace_id=workspace_id,
        brand=brand[:120],
        kind=new.kind,
        store_ids=sorted(set(new.store_ids)),
        markets=sorted({market.upper() for market in new.markets}),
        document=new.document[:500],
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        note=new.note.strip()[:300],
        by=by,
        at=now,
    )
    _changed(workspace_id)
    _record(workspace_id, "add_right", f"right:{row.pk}", by, now, {"brand": row.brand, "kind": row.kind})
    return row


@transaction.atomic
def end_right(right_id: int, *, workspace_id: int, by: str, now: datetime) -> Right:
    """Take a right off the register; its row stays. Raises NotThere."""
    row = Right.objects.select_for_update().filter(pk=right_id, workspace_id=workspace_id, ended_at=None).first()
    if row is None:
        raise NotThere("There is no such right on file.")
    row.ended_at, row.ended_by = now, by
    row.save(update_fields=["ended_at", "ended_by"])
    _changed(workspace_id)
    _record(workspace_id, "end_right", f"right:{row.pk}", by, now, {"brand": row.brand})
    return row


# -- costs, figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NewCost:
    """A cost as it is entered; without a store it holds in all."""

    sku: str
    amount: Decimal
    currency: str
    valid_from: date
    store_id: int | None = None


_TAKE_COSTS = """
INSERT INTO listings_cost (workspace_id, store_id, sku, amount, currency, valid_from, by, at)
SELECT DISTINCT ON (store_id, sku, valid_from) %(workspace)s, store_id, sku, amount, currency, valid_from, %(by)s, %(now)s
FROM unnest(%(stores)s::bigint[], %(skus)s::text[], %(amounts)s::numeric[], %(currencies)s::text[], %(days)s::date[])
    WITH ORDINALITY AS c (store_id, sku, amount, currency, valid_from, nth)
ORDER BY store_id, sku, valid_from, nth DESC
ON CONFLICT (workspace_id, store_id, sku, valid_from) DO UPDATE SET amount = EXCLUDED.amount, currency = EXCLUDED.currency,
    by = EXCLUDED.by, at = EXCLUDED.at
WHERE (listings_cost.amount, listings_cost.currency) IS DISTINCT FROM (EXCLUDED.amount, EXCLUDED.currency)
"""


@transaction.atomic
def take_costs(workspace_id: int, costs: Sequence[NewCost], *, by: str, now: datetime) -> int:
    """Put costs on file, any number by one statement; of a SKU named twice for a day the last counts. How many are new or
    different. Raises Refused."""
    for cost in costs:
        if not cost.sku.strip():
            raise Refused("sku", "name the SKU by your own code.")
        if len(cost.sku.strip()) > LONGEST_SKU or "\0" in cost.sku:
            raise Refused("sku", f"write a code of up to {LONGEST_SKU} letters.")
        if not cost.amount.is_finite() or cost.amount < 0:
            raise Refused("cost", "a cost is zero or more.")
        if cost.amount.adjusted() > LARGEST_COST:
            raise Refused("cost", "has too many digits: give it in the currency's main unit.")
        if not _CURRENCY.fullmatch(cost.currency):
            raise Refused("currency", "give the three letters of the currency, like MYR.")
    values: dict[str, Any] = {
        "workspace": workspace_id,
        "by": by,
        "now": now,
        "stores": [cost.store_id for cost in costs],
        "skus": [cost.sku.strip() for cost in costs],
        "amounts": [cost.amount for cost in costs],
        "currencies": [cost.currency for cost in costs],
        "days": [cost.valid_from for cost in costs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_COSTS, values)
        taken = int(max(cursor.rowcount, 0))
    if taken:
        _changed(workspace_id)
        _record(workspace_id, "take_costs", f"workspace:{workspace_id}", by, now, {"costs": taken})
    return taken


@transaction.atomic
def set_limits(workspace_id: int, limits: shapes.Limits, *, by: str, now: datetime) -> OwnLimits:
    """Set the team's own figures, all at once. Raises Refused naming the field and the mend."""
    for field in ("least_of_cost", "least_of_usual"):
        share = getattr(limits, field)
        if share is not None and not (share.is_finite() and 0 < share < 10 * PERCENT):
            raise Refused(field, "give per cent above 0 and below 1000.")
    if (limits.least_of_usual is None) != (limits.usual_days is None):
        raise Refused("usual_days", "the share of the usual price and the days go together.")
    if limits.usual_days is not None and not 1 <= limits.usual_days <= LONGEST:
        raise Refused("usual_days", f"give 1 to {LONGEST} days.")
    known = {part.id for part in parts().part}
    if wrong := [part for part in limits.also_demanded if part not in known]:
        raise Refused("also_demanded", f"{wrong[0]} is no part of a listing.")
    row = OwnLimits.objects.create(
        workspace_id=workspace_id,
        least_of_cost=limits.least_of_cost,
        least_of_usual=limits.least_of_usual,
        usual_days=limits.usual_days,
        also_demanded=list(limits.also_demanded),
        by=by,
        at=now,
    )
    _changed(workspace_id)
    _record(workspace_id, "set_limits", f"limits:{row.pk}", by, now, _told(limits))
    return row


def _told(limits: shapes.Limits) -> Mapping[str, object]:
    return {name: str(value) for name, value in msgspec.structs.asdict(limits).items() if value not in (None, ())}


def _changed(workspace_id: int) -> None:
    """Whoever evaluates a store of the workspace next sees another mark, and looks at its listings again."""
    Revision.objects.update_or_create(workspace_id=workspace_id, defaults={"mark": uuid4()})


def _record(workspace_id: int, deed: str, subject: str, by: str, now: datetime, after: Mapping[str, object]) -> None:
    record(workspace_id=workspace_id, at=now, actor=by, action=f"listings.{deed}", subject=subject, after=after)
