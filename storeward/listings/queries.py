"""Reads of what was found: for the page, and for the command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection

from storeward.listings.models import Cost, Right
from storeward.policy.listing_check.shapes import Form, Problem

_problems = msgspec.json.Decoder(tuple[Problem, ...]).decode


@dataclass(frozen=True, slots=True)
class Wrong:
    """A listing with something wrong."""

    store_id: int
    platform_id: str
    title: str | None
    status: str | None
    problems: tuple[Problem, ...]
    twin_of: str | None
    looked_at: datetime


_WRONG = """
SELECT k.store_id, k.platform_id, l.title, l.status, k.problems::text, k.twin_of, k.looked_at
FROM listings_look k JOIN records_listing l USING (store_id, platform_id)
WHERE k.store_id = ANY(%(stores)s) AND (k.problems <> '[]' OR k.twin_of IS NOT NULL) AND k.counts
    AND (%(form)s::text IS NULL OR (%(form)s = 'duplicate' AND k.twin_of IS NOT NULL)
         OR k.problems @> jsonb_build_array(jsonb_build_object('form', %(form)s::text)))
ORDER BY k.store_id, k.platform_id LIMIT %(limit)s OFFSET %(offset)s
"""


def wrong(store_ids: Sequence[int], *, form: Form | None = None, limit: int = 50, offset: int = 0) -> list[Wrong]:
    """Listings that buyers see and that have something wrong (of one form), store by store. One query."""
    values: dict[str, Any] = {
        "stores": list(store_ids),
        "form": form.value if form else None,
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRONG, values)
        return [
            Wrong(store, listing, title, status, _problems(problems), twin_of, looked_at)
            for store, listing, title, status, problems, twin_of, looked_at in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many listings were looked at, have something wrong, and have it of each form; how many could not be told, by reason."""

    looked: int
    wrong: int
    forms: Mapping[Form, int]
    unknown: Mapping[str, int]


_COUNTS = """
WITH k AS MATERIALIZED (
    SELECT problems, twin_of, unknown FROM listings_look WHERE store_id = ANY(%(stores)s) AND counts
)
SELECT 'looked', count(*), count(*) FILTER (WHERE problems <> '[]' OR twin_of IS NOT NULL) FROM k
UNION ALL
SELECT 'form:' || form, count(*), 0 FROM k, LATERAL (SELECT DISTINCT p ->> 'form' AS form FROM jsonb_array_elements(problems) p) f
WHERE problems <> '[]' GROUP BY form
UNION ALL SELECT 'form:duplicate', count(*), 0 FROM k WHERE twin_of IS NOT NULL HAVING count(*) > 0
UNION ALL
SELECT 'why:' || why, count(*), 0 FROM k, LATERAL (SELECT DISTINCT value AS why FROM jsonb_each_text(unknown)) u
WHERE unknown <> '{}' GROUP BY why
"""


def counts(store_ids: Sequence[int]) -> Counts:
    """Over all listings of these stores that buyers see. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"stores": list(store_ids)})
        rows = {name: (first, second) for name, first, second in cursor.fetchall()}
    looked, bad = rows.get("looked", (0, 0))
    return Counts(
        looked,
        bad,
        {form: rows[f"form:{form.value}"][0] for form in Form if f"form:{form.value}" in rows},
        {name.removeprefix("why:"): row[0] for name, row in rows.items() if name.startswith("why:")},
    )


def rights_on_file(workspace_ids: Sequence[int], *, limit: int = 500) -> list[Right]:
    """Rights that were not taken off, the first to end first."""
    held = Right.objects.filter(workspace_id__in=list(workspace_ids), ended_at=None)
    return sorted(held.order_by("pk")[:limit], key=lambda right: (right.valid_to or date.max, right.brand.lower(), right.pk))


def costs_on_file(workspace_ids: Sequence[int], *, like: str = "", limit: int = 50) -> list[Cost]:
    """Costs as they were entered, by SKU and the newest first; `like` is a part of the SKU's code."""
    held = Cost.objects.filter(workspace_id__in=list(workspace_ids)).select_related("store")
    if like:
        held = held.filter(sku__icontains=like)
    return list(held.order_by("sku", "store_id", "-valid_from")[:limit])


def costs_counted(workspace_ids: Sequence[int]) -> int:
    return Cost.objects.filter(workspace_id__in=list(workspace_ids)).count()
