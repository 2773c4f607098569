"""The facts that a finding rests on, each with its origin and age. What no row tells has no origin: none is claimed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from storeward.findings.feeds import FEED_OF_STREAM
from storeward.findings.models import Finding
from storeward.findings.rules import feeds
from storeward.policy.wording import number
from storeward.records.models import AfterSale, BalanceEvent, Conversation, Order, RecordRow, StoreFact, Stream
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.frame import Visit


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact used: what, its value, and where it is from."""

    name: str
    value: str
    origin: str


def facts_of(visit: Visit, finding: Finding, store: Store) -> list[Fact]:
    """What the rows say of the finding's subject, then what was measured against which limit, then the term reckoned from it."""
    zone = ZoneInfo(store.timezone)

    def at(instant: datetime) -> str:
        return formats.clock(instant, visit.now, zone, visit.language)

    found = [*_of_subject(visit, finding, at), *_measured(visit, finding)]
    if finding.starts_at is not None and finding.due_at is not None:
        found.append(Fact(_("Began"), at(finding.starts_at), words.origin_word("derived")))
    if finding.due_at is not None:
        found.append(Fact(_("Ends"), at(finding.due_at), words.origin_word("derived")))
    return found


def _of_subject(visit: Visit, finding: Finding, at: Callable[[datetime], str]) -> Iterator[Fact]:
    if finding.subject_kind in ("order", "package"):
        yield from _of_order(visit, finding, at)
    elif finding.subject_kind in ("request", "return_request", "cancellation_request", "dispute"):
        yield from _of_request(visit, finding, at)
    elif finding.subject_kind == "conversation":
        yield from _of_conversation(visit, finding, at)
    elif feeds().get(finding.rule) == "finance":
        yield from _of_balance(visit, finding, at)


def _of_order(visit: Visit, finding: Finding, at: Callable[[datetime], str]) -> Iterator[Fact]:
    row = Order.objects.filter(store_id=finding.store_id, platform_id=finding.subject_id).first()
    if row is None:
        return
    seen = seen_words(visit, row.origin, row.observed_at)
    if row.placed_at is not None:
        yield Fact(_("Order placed"), at(row.placed_at), seen)
    if row.ship_by_at is not None:
        yield Fact(_("Ship by, as the platform says"), at(row.ship_by_at), seen)
    yield from _status(row, seen)
    if row.amount is not None:
        yield Fact(_("Total"), formats.exact(row.amount, row.currency), seen)


def _of_request(visit: Visit, finding: Finding, at: Callable[[datetime], str]) -> Iterator[Fact]:
    row = AfterSale.objects.filter(store_id=finding.store_id, platform_id=finding.subject_id).first()
    if row is None:
        return
    seen = seen_words(visit, row.origin, row.observed_at)
    if row.requested_at is not None:
        yield Fact(_("Asked"), at(row.requested_at), seen)
    if row.answer_by_at is not None:
        yield Fact(_("Answer by, as the platform says"), at(row.answer_by_at), seen)
    yield from _status(row, seen)


def _of_conversation(visit: Visit, finding: Finding, at: Callable[[datetime], str]) -> Iterator[Fact]:
    row = Conversation.objects.filter(store_id=finding.store_id, platform_id=finding.subject_id).first()
    if row is None:
        return
    seen = seen_words(visit, row.origin, row.messages_seen_at or row.observed_at)
    if row.buyer_waits_since is not None:
        yield Fact(_("Buyer waits since"), at(row.buyer_waits_since), seen)
    if row.answered_at is not None:
        yield Fact(_("Last answer by a person"), at(row.answered_at), seen)


def _of_balance(visit: Visit, finding: Finding, at: Callable[[datetime], str]) -> Iterator[Fact]:
    row = BalanceEvent.objects.filter(store_id=finding.store_id).order_by("-at", "-observed_at").first()
    if row is not None:
        name = _("Balance at %(time)s") % {"time": at(row.at)}
        yield Fact(name, formats.exact(row.amount, row.currency), seen_words(visit, row.origin, row.observed_at))


def _status(row: RecordRow, seen: str) -> Iterator[Fact]:
    if row.platform_status:
        yield Fact(_("Status on the platform"), row.platform_status, seen)


def _measured(visit: Visit, finding: Finding) -> Iterator[Fact]:
    """Value and limit of a gauge."""
    details = finding.details
    unit = {"percent": "%"}.get(str(details.get("unit") or ""), str(details.get("unit") or ""))
    if details.get("value") is not None:
        yield Fact(_("Measured"), f"{plain(details['value'])} {unit}".strip(), _origin(visit, finding))
    if details.get("limit") is not None:
        limit = " ".join(part for part in (str(details.get("comparator") or ""), plain(details["limit"]), unit) if part)
        yield Fact(_("Limit"), limit, _("by the rule"))


def plain(value: object) -> str:
    """A figure as JSON keeps it, rounded for reading; a word as it is."""
    try:
        return number(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _origin(visit: Visit, finding: Finding) -> str:
    """Where a measured value is from: the feed that the rule judges, else the entry of that instant; else nobody knows."""
    as_of = parse_instant(finding.details.get("as_of"))
    feed = feeds().get(finding.rule)
    if feed is not None:
        names = [stream for stream, fed in FEED_OF_STREAM.items() if fed == feed]
        rows = Stream.objects.filter(store_id=finding.store_id, name__in=names, observed_at__isnull=False)
        stream = rows.order_by("observed_at").first()
        return seen_words(visit, "api", as_of or (stream.observed_at if stream else None))
    entered = StoreFact.objects.filter(store_id=finding.store_id, as_of=as_of).first() if as_of else None
    if entered is not None:
        told = seen_words(visit, entered.origin, as_of)
        return f"{told}, {entered.entered_by}" if entered.entered_by else told
    return seen_words(visit, "", as_of)


def seen_words(visit: Visit, origin: str, at: datetime | None) -> str:
    """ "by API, 9 min"; where the origin was not kept, the age alone, or that it was not kept."""
    age = formats.age((visit.now - at).total_seconds(), visit.language) if at else ""
    told = words.origin_word(origin) if origin else ""
    return ", ".join(part for part in (told, age) if part) or _("origin not recorded")


def parse_instant(value: object) -> datetime | None:
    """An instant as JSON keeps it."""
    try:
        at = datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
