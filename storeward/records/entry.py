"""Facts that people type in or import, because the platform does not offer them by API.

They become the same rows as what a platform tells, with their origin (`form`, `file`) and who entered them, and make the same
`Change` rows. Bad input raises `BadEntry`, which names the field and the mend; nothing is stored then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.db import transaction

from storeward.audit.record import record
from storeward.lib.money import Money
from storeward.records.models import BalanceEvent, Change, Origin, PointsEntry, StoreEvent, StoreFact, Violation
from storeward.stores.models import Store

FAMILIES: Final = {"activity", "notice", "attestation"}
Typed = TypeVar("Typed", PointsEntry, Violation)
EARLIEST: Final = datetime(2015, 1, 1, tzinfo=UTC)
TYPED: Final = {Origin.FORM, Origin.FILE}
LARGEST: Final = Decimal(10) ** 12
WHICH: Final = "give the number that the seller centre shows"


class BadEntry(ValueError):
    """What was entered cannot be used: `field` names it, the message says what mends it."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


@dataclass(frozen=True, slots=True)
class By:
    """Who enters something, how, and when."""

    who: str
    now: datetime
    origin: Origin = Origin.FORM
    note: str = field(default="")


def past(name: str, at: datetime, now: datetime) -> datetime:
    """`at`, if it can be an instant at which something was true."""
    if at.tzinfo is None:
        raise BadEntry(name, "give the instant with its time zone, e.g. 2026-11-20T09:35:00Z")
    if at > now + timedelta(minutes=5):
        raise BadEntry(name, "lies in the future; enter when it was true")
    if at < EARLIEST:
        raise BadEntry(name, "lies before 2015; check the year")
    return at


def number(name: str, value: Decimal | int | str, *, least: Decimal | None = None, most: Decimal = LARGEST) -> Decimal:
    """`value` as an exact figure within bounds."""
    try:
        figure = Decimal(str(value).strip())
    except ArithmeticError as reason:
        raise BadEntry(name, f"{value!r} is not a number; write it like 12.5") from reason
    if not figure.is_finite() or abs(figure) > most or (least is not None and figure < least):
        span = f"between {least} and {most}" if least is not None else f"no larger than {most}"
        raise BadEntry(name, f"{value} cannot be right; expected a number {span}")
    return figure


def word(name: str, value: str, hint: str, *, longest: int) -> str:
    """`value` without the blanks around it, if it says something and fits."""
    said = value.strip()
    if not said:
        raise BadEntry(name, hint)
    if len(said) > longest or "\x00" in said:
        raise BadEntry(name, f"is no word that can be kept: at most {longest} characters, all of them printable")
    return said


def enter_fact(store: Store, name: str, value: Any, *, as_of: datetime, by: By) -> StoreFact:
    """A single value about a store (`ahr`, `two_step_verification` ...), in the shape of the policy facts. Old values stay."""
    _by(by)
    name = word("name", name, "say which fact this is, e.g. ahr", longest=60)
    past("as_of", as_of, by.now)
    with transaction.atomic():
        fact, _ = StoreFact.objects.update_or_create(
            store=store,
            name=name,
            as_of=as_of,
            defaults={"value": value, "origin": by.origin, "entered_by": by.who, "observed_at": by.now},
        )
        _tell(store, "fact", [name], by, action="records.enter_fact", after={"name": name, "value": value})
    return fact


def enter_points(
    store: Store, platform_id: str, points: Decimal | int | str, *, issued_at: datetime, by: By, reason: str = ""
) -> PointsEntry:
    """An entry of violation or penalty points, as the seller centre lists it. The same id again corrects it."""
    _by(by)
    platform_id = word("id", platform_id, WHICH, longest=120)
    figure = number("points", points, least=Decimal(0), most=Decimal(1000))
    past("issued_at", issued_at, by.now)
    with transaction.atomic():
        entry = _typed(
            PointsEntry,
            store,
            platform_id,
            by,
            {"points": figure, "issued_at": issued_at},
            {"kind": "points", "platform_points_id": platform_id, "points": str(figure), "platform_reason": reason or None},
        )
        _tell(store, "points", [platform_id], by, action="records.enter_points", after={"id": platform_id, "points": str(figure)})
    return entry


def enter_violation(
    store: Store,
    platform_id: str,
    *,
    status: str,
    by: By,
    notified_at: datetime | None = None,
    deadline_at: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> Violation:
    """A recorded violation with its remedy clock; `status` in the words of the policy facts (pending, enforced)."""
    _by(by)
    platform_id = word("id", platform_id, WHICH, longest=120)
    status = word("status", status, "say where it stands, e.g. pending", longest=24)
    if notified_at is not None:
        past("notified_at", notified_at, by.now)
    if deadline_at is not None and notified_at is not None and deadline_at < notified_at:
        raise BadEntry("deadline_at", "lies before the notice; check both instants")
    with transaction.atomic():
        row = _typed(
            Violation,
            store,
            platform_id,
            by,
            {"status": status, "platform_status": status, "notified_at": notified_at, "deadline_at": deadline_at},
            {**(details or {}), "kind": "violation", "platform_violation_id": platform_id, "status": status},
        )
        _tell(
            store, "violation", [platform_id], by, action="records.enter_violation", after={"id": platform_id, "status": status}
        )
    return row


def enter_event(
    store: Store, family: str, kind: str, *, at: datetime, by: By, actor: str = "main", answered_at: datetime | None = None
) -> StoreEvent:
    """An activity, a platform notice, or an attestation by a person (`kind` is then the inspection item)."""
    _by(by)
    if family not in FAMILIES:
        raise BadEntry("family", f"{family!r} is none of {', '.join(sorted(FAMILIES))}")
    kind = word("type", kind, "say what happened, e.g. login", longest=60)
    past("at", at, by.now)
    with transaction.atomic():
        event, _ = StoreEvent.objects.update_or_create(
            store=store,
            family=family,
            type=kind,
            at=at,
            actor=actor,
            defaults={
                "answered_at": answered_at,
                "note": by.note[:500],
                "origin": by.origin,
                "entered_by": by.who,
                "observed_at": by.now,
            },
        )
        _tell(store, family, [kind], by, action=f"records.enter_{family}", after={"type": kind, "at": at.isoformat()})
    return event


def enter_balance(store: Store, balance: Money, *, at: datetime, by: By) -> BalanceEvent:
    """The balance of a store's wallet as somebody read it. It holds until the next one."""
    _by(by)
    currency = (balance.currency or store.currency).upper()
    if len(currency) != 3 or not currency.isalpha():
        raise BadEntry("currency", f"{currency!r} is not a currency; write three letters, e.g. {store.currency}")
    figure = number("amount", balance.amount)
    past("at", at, by.now)
    with transaction.atomic():
        event, _ = BalanceEvent.objects.update_or_create(
            store=store,
            at=at,
            currency=currency,
            origin=by.origin,
            defaults={"amount": figure, "observed_at": by.now},
        )
        _tell(
            store, "balance", [currency], by, action="records.enter_balance", after={"amount": str(figure), "currency": currency}
        )
    return event


def _by(by: By) -> None:
    if by.origin not in TYPED:
        raise BadEntry("origin", "what a person enters comes by form or by file")
    if not by.who.strip():
        raise BadEntry("who", "say who enters this")


def _typed(
    model: type[Typed], store: Store, platform_id: str, by: By, columns: Mapping[str, Any], data: Mapping[str, Any]
) -> Typed:
    """A record row that a person entered."""
    row, _ = model.objects.update_or_create(
        store=store,
        platform_id=platform_id,
        defaults={
            "workspace_id": store.workspace_id,
            "observed_at": by.now,
            "origin": by.origin,
            "digest": b"",
            "data": dict(data),
            **columns,
        },
    )
    return row


def _tell(store: Store, kind: str, ids: Iterable[str], by: By, *, action: str, after: Mapping[str, Any]) -> None:
    """Change rows for the next stage, and the audit entry."""
    Change.objects.bulk_create([Change(store=store, kind=kind, platform_id=one, at=by.now) for one in ids])
    record(workspace_id=store.workspace_id, at=by.now, actor=by.who, action=action, subject=f"store:{store.key}", after=after)
