"""What the platform holds against listings, with the time to mend it (fact sheet section 13)."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from storeward.canon import Listing, ListingStatus, Record, Violation
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more

from .codes import LISTING_STATUS
from .envelope import About, list_parser
from .requests import get, joined

IDS_PER_CALL: Final = 50
OPEN: Final = "open"
"""What is held against a listing is listed as long as it stands."""


def violations_request(item_ids: Sequence[str]) -> Request:
    return get("product.get_item_violation_info", {"item_id_list": joined(item_ids, IDS_PER_CALL)})


class Detail(Wire):
    violation_type: str | None = None
    violation_reason: str | None = None
    suggestion: str | None = None
    fix_deadline_time: int | None = None
    update_time: int | None = None
    suggested_category: list[Any] | None = None


class Violated(Wire):
    """A listing with what is held against it; two spellings of the second list."""

    MATTERS = frozenset({"item_id"})

    item_id: Id = None
    item_name: str | None = None
    item_status: str | None = None
    deboost: bool | None = None
    item_status_details: list[Detail] | None = None
    deboost_details: list[Detail] | None = None
    deboosted_details: list[Detail] | None = None


def build_violated(wire: Violated, notes: Notes, about: About) -> Iterable[Record]:
    """A breach for each reason, with the time to mend it; and the listing with the reasons in the platform's words."""
    item_id = digits(wire.item_id)
    if item_id is None:
        notes.left_out("item_id", "listing")
        return
    lists = {name: getattr(wire, name) or () for name in ("item_status_details", "deboost_details", "deboosted_details")}
    reasons = [detail.violation_reason for details in lists.values() for detail in details if detail.violation_reason]
    yield Listing(
        platform_listing_id=item_id,
        title=wire.item_name or None,
        platform_status=wire.item_status or None,
        status=notes.word("item_status", wire.item_status, LISTING_STATUS, ListingStatus.UNKNOWN),
        platform_reasons=tuple(reasons),
        skus_complete=False,
    )
    for name, details in lists.items():
        for at, detail in enumerate(details):
            state = wire.item_status if name == "item_status_details" else "DEBOOST"
            yield _violation(item_id, detail, state, notes.under(f"{name}[{at}]"))


def _violation(item_id: str, detail: Detail, state: str | None, notes: Notes) -> Violation:
    """The platform gives a breach no number of its own: listing, kind, reason and instant make one."""
    parts = (item_id, detail.violation_type, detail.violation_reason, str(detail.update_time or ""))
    told = more(detail, "suggestion")
    categories = tuple(
        str(one["category_id"]) for one in detail.suggested_category or () if isinstance(one, dict) and one.get("category_id")
    )
    if categories:
        told["suggested_category_ids"] = categories
    return Violation(
        platform_violation_id=":".join(part or "" for part in parts),
        platform_status=state or None,
        status=OPEN,
        platform_category=detail.violation_type or None,
        platform_reason=detail.violation_reason or None,
        platform_subject_id=item_id,
        notified_at=notes.at("update_time", detail.update_time),
        deadline_at=notes.at("fix_deadline_time", detail.fix_deadline_time),
        text=detail.suggestion or None,
        platform_more=told,
    )


parse_violations = list_parser("item_list", Violated, build_violated)
