"""Take over what a file holds: the good rows become the same rows as what a platform tells, with their origin.

Repeating it changes nothing, so a taking that died half-way is simply taken up again. Whoever calls judges the stores afterwards.
"""

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import connection, transaction

from storeward.audit.record import record
from storeward.intake.checking import Bad, Checked, Owner, built, check
from storeward.intake.models import Upload, UploadState
from storeward.intake.reading import BadFile, rows
from storeward.intake.sheets import SHEETS, Row
from storeward.records.models import BalanceEvent, Change, Origin, StoreEvent, StoreFact
from storeward.stores import database
from storeward.stores.models import Store
from storeward.sync.apply import Batch, apply_batch

TRUST: Final[Mapping[str, timedelta]] = {
    "orders": timedelta(hours=26),
    "listings": timedelta(hours=26),
    "wallet": timedelta(hours=26),
    "reviews": timedelta(days=8),
}
"""How long a file may stand for a stream: a day and a little for what is looked at daily."""
AT_ONCE: Final = 5_000
"""Records written in one transaction."""
WRITERS: Final = 2
NEVER: Final = "9000-01-01 00:00+00"


class Verdict(msgspec.Struct, frozen=True):
    """What is kept of a look at a file, and shown."""

    rows: int
    good: int
    stores: int
    bad_rows: int
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    bad: tuple[Bad, ...]
    first: tuple[dict[str, str], ...]


MOST_TOLD: Final = 1_000
"""Bad rows that are kept one by one; beyond that only their number."""


def owners_of(store_ids: Collection[int]) -> list[Owner]:
    """Stores as rows may name them, each with the streams that its platform brings."""
    streams: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT store_id, name FROM records_stream WHERE store_id = ANY(%s) AND origin <> 'file'", [list(store_ids)]
        )
        for store_id, name in cursor.fetchall():
            streams.setdefault(store_id, set()).add(name)
    columns = ("id", "workspace_id", "key", "name", "platform_store_id", "region", "timezone", "currency")
    found = Store.objects.filter(pk__in=store_ids).order_by("pk").values(*columns)
    return [Owner(**row, by_api=frozenset(streams.get(row["id"], ()))) for row in found]


def look(sheet: str, body: bytes, name: str, store_ids: Collection[int], *, now: datetime) -> Checked:
    """Read a file for these stores without keeping anything. Raises BadFile."""
    kind = SHEETS.get(sheet)
    if kind is None:
        raise BadFile(f"{sheet!r} is no kind of table; there are: {', '.join(SHEETS)}")
    return check(kind, rows(body, name), owners_of(store_ids), name=name, now=now)


def verdict_of(checked: Checked) -> Verdict:
    """What to show of a look."""
    return Verdict(
        rows=checked.rows,
        good=checked.good,
        stores=len(checked.things),
        bad_rows=len(checked.bad),
        columns=checked.columns,
        ignored=checked.ignored,
        bad=tuple(checked.bad[:MOST_TOLD]),
        first=tuple({"row": str(number), "store": key, **_shown(row)} for number, key, row in checked.first),
    )


def _shown(row: Row) -> dict[str, str]:
    return {name: value.isoformat() if isinstance(value, datetime) else str(value) for name, value in row.items()}


def preview(
    *, workspace_id: int, sheet: str, body: bytes, name: str, store_ids: Collection[int], as_of: datetime, who: str, now: datetime
) -> Upload:
    """Look at a file and keep it with its verdict, for a person to decide. Raises BadFile."""
    checked = look(sheet, body, name, store_ids, now=now)
    return Upload.objects.create(
        workspace_id=workspace_id,
        sheet=sheet,
        name=name[:200],
        body=body,
        digest=hashlib.sha256(body).hexdigest(),
        as_of=min(as_of, now),
        uploaded_by=who,
        uploaded_at=now,
        verdict=msgspec.to_builtins(verdict_of(checked)),
    )


def taken_before(upload: Upload) -> Upload | None:
    """The last time that this very file was taken, if it ever was."""
    same = Upload.objects.filter(
        workspace_id=upload.workspace_id, sheet=upload.sheet, digest=upload.digest, state=UploadState.TAKEN
    )
    return same.exclude(pk=upload.pk).defer("body").order_by("-taken_at").first()


def promise(upload_id: int, *, workspace_id: int) -> bool:
    """From now on the file is to be taken; whether it still can be (one that is being taken may be taken up again)."""
    open_ = (UploadState.PREVIEWED, UploadState.TAKING)
    found = Upload.objects.filter(pk=upload_id, workspace_id=workspace_id, state__in=open_)
    return bool(found.update(state=UploadState.TAKING))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a taking did: the stores to judge anew, and how many things are new or different."""

    stores: tuple[int, ...]
    changed: int


def discard(upload_id: int, *, workspace_id: int) -> bool:
    """Drop a file that nobody has taken; whether it could be."""
    found = Upload.objects.filter(pk=upload_id, workspace_id=workspace_id, state=UploadState.PREVIEWED)
    return bool(found.update(state=UploadState.DISCARDED, body=b""))


def take(upload_id: int, *, store_ids: Collection[int], who: str, now: datetime) -> Taken:
    """Write the good rows of a file for those of its stores that this person may change. Nothing is done twice."""
    claimed = Upload.objects.filter(pk=upload_id, state__in=(UploadState.PREVIEWED, UploadState.TAKING))
    if not claimed.update(state=UploadState.TAKING):
        return Taken((), 0)
    upload = Upload.objects.get(pk=upload_id)
    checked = look(upload.sheet, bytes(upload.body), upload.name, store_ids, now=now)
    owners = {owner.id: owner for owner in owners_of(checked.things)}
    changed = write(checked, owners, as_of=upload.as_of, who=who, now=now)
    with transaction.atomic():
        verdict = {**upload.verdict, "changed": changed}
        Upload.objects.filter(pk=upload_id).update(state=UploadState.TAKEN, taken_at=now, verdict=verdict)
        record(
            workspace_id=upload.workspace_id,
            at=now,
            actor=who,
            action="intake.take",
            subject=f"upload:{upload_id}",
            after={"sheet": upload.sheet, "file": upload.name, "digest": upload.digest, "rows": checked.good, "changed": changed},
        )
    return Taken(tuple(owners), changed)


def write(checked: Checked, owners: Mapping[int, Owner], *, as_of: datetime, who: str, now: datetime) -> int:
    """Write all good rows; how many things are new or different."""
    if checked.sheet.build is not None:
        changed = asyncio.run(_records(checked, owners.values(), as_of, now))
    else:
        changed = _FACTS[checked.sheet.name](checked, as_of, who, now)
    _stand_for(checked.sheet.stream, owners.values(), as_of)
    return changed


async def _records(checked: Checked, owners: Iterable[Owner], as_of: datetime, now: datetime) -> int:
    """What has a record of its own goes the way of a platform's answers: COPY, history, `Change` rows."""
    changed, batches = 0, _batches(checked, owners, as_of)

    async def write_some() -> None:
        nonlocal changed
        for batch in batches:
            applied = await apply_batch(batch, now=now)
            changed += applied.changes

    # Several side by side: while the database writes one, the rows of another are made ready.
    async with database.opened(WRITERS):
        ends = await asyncio.gather(*(write_some() for _ in range(WRITERS)), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end
    return changed


def _batches(checked: Checked, owners: Iterable[Owner], as_of: datetime) -> Iterator[Batch]:
    """All records, store by store; no two batches hold the same thing."""
    for owner in owners:
        items = built(checked, owner, as_of)
        for start in range(0, len(items), AT_ONCE):
            yield Batch(owner, f"file:{checked.sheet.name}", items[start : start + AT_ONCE], (), as_of, Origin.FILE)


def _all(checked: Checked) -> Iterable[tuple[int, Row]]:
    """The last row of each key, with its store: a table may name a thing twice."""
    for store_id, things in checked.things.items():
        for found in things.values():
            yield store_id, found[-1][0]


def _balances(checked: Checked, as_of: datetime, who: str, now: datetime) -> int:
    currencies = dict(Store.objects.filter(pk__in=checked.things).values_list("pk", "currency"))
    events = [
        BalanceEvent(
            store_id=store_id,
            at=row.get("at", as_of),
            amount=row["balance"],
            currency=row.get("currency") or currencies[store_id],
            origin=Origin.FILE,
            observed_at=now,
        )
        for store_id, row in _all(checked)
    ]
    keys = ("store", "at", "currency", "origin")
    return _kept(BalanceEvent, events, keys, ("amount", "observed_at"), "balance", [one.currency for one in events], now)


def _figures(checked: Checked, as_of: datetime, who: str, now: datetime) -> int:
    facts = [
        StoreFact(
            store_id=store_id,
            name=row["fact"],
            value=row["value"],
            as_of=row.get("as_of", as_of),
            origin=Origin.FILE,
            entered_by=who,
            observed_at=now,
        )
        for store_id, row in _all(checked)
    ]
    changing = ("value", "origin", "entered_by", "observed_at")
    return _kept(StoreFact, facts, ("store", "name", "as_of"), changing, "fact", [one.name for one in facts], now)


def _events(checked: Checked, as_of: datetime, who: str, now: datetime) -> int:
    events = [
        StoreEvent(
            store_id=store_id,
            family=row["family"],
            type=row["type"],
            at=row["at"],
            actor=row.get("actor") or "main",
            note=row.get("note", ""),
            origin=Origin.FILE,
            entered_by=who,
            observed_at=now,
        )
        for store_id, row in _all(checked)
    ]
    keys = ("store", "family", "type", "at", "actor")
    changing = ("note", "origin", "entered_by", "observed_at")
    return _kept(StoreEvent, events, keys, changing, "fact", [one.type for one in events], now)


def _kept(
    model: Any, found: Sequence[Any], keys: Sequence[str], changing: Sequence[str], kind: str, names: Sequence[str], now: datetime
) -> int:
    """Write facts set-wise with their `Change` rows; an equal key is corrected."""
    with transaction.atomic():
        model.objects.bulk_create(
            found, update_conflicts=True, unique_fields=list(keys), update_fields=list(changing), batch_size=AT_ONCE
        )
        told = {(one.store_id, name) for one, name in zip(found, names, strict=True)}
        Change.objects.bulk_create(
            [Change(store_id=store_id, kind=kind, platform_id=name, at=now) for store_id, name in sorted(told)],
            batch_size=AT_ONCE,
        )
    return len(found)


_FACTS = {"balances": _balances, "figures": _figures, "events": _events}

STAND_FOR = """
INSERT INTO records_stream (store_id, workspace_id, name, observed_at, trusted_until, attempted_at, due_at, filled, position,
    error_family, error_text, failures, origin)
SELECT store_id, workspace_id, %(name)s, %(as_of)s, %(until)s, %(as_of)s, %(never)s, true, '{}', '', '', 0, 'file'
FROM unnest(%(stores)s::bigint[], %(workspaces)s::bigint[]) AS s (store_id, workspace_id)
ON CONFLICT (store_id, name) DO UPDATE SET observed_at = EXCLUDED.observed_at, trusted_until = EXCLUDED.trusted_until,
    attempted_at = EXCLUDED.attempted_at
WHERE records_stream.origin = 'file' AND records_stream.observed_at < EXCLUDED.observed_at
"""


def _stand_for(stream: str, owners: Iterable[Owner], as_of: datetime) -> None:
    """From now on the file is what this stream last told: it ages like an answer of the platform."""
    if not stream:
        return
    found = list(owners)
    with connection.cursor() as cursor:
        cursor.execute(
            STAND_FOR,
            {
                "name": stream,
                "as_of": as_of,
                "until": as_of + TRUST[stream],
                "never": NEVER,
                "stores": [owner.id for owner in found],
                "workspaces": [owner.workspace_id for owner in found],
            },
        )
