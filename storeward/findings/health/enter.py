"""What a rating gained and no platform tells by API: a quiz passed, orders fulfilled. People enter it; it becomes an event."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from storeward.findings.health.events import CREDIT, KINDS
from storeward.policy.facts import HIGHEST_SCORE
from storeward.records import entry
from storeward.records.entry import BadEntry, By
from storeward.records.models import StoreFact
from storeward.stores.models import Store

CREDITS: Final = tuple(kind for kind in KINDS if kind != "deduction")
"""The kinds that can be entered; a deduction is a violation and is entered as one."""
LONGEST_NOTE: Final = 200


def enter_credit(store: Store, *, points: str, kind: str, note: str, at: datetime, by: By) -> StoreFact:
    """Points that a rating gained at an instant. Raises BadEntry naming the field and the mend; nothing is stored then."""
    if kind not in CREDITS:
        raise BadEntry("kind", f"{kind!r} is none of {', '.join(CREDITS)}")
    figure = entry.number("points", points, least=Decimal(0), most=Decimal(HIGHEST_SCORE))
    if not figure:
        raise BadEntry("points", "give the points that were won, above zero")
    said = note.strip()[:LONGEST_NOTE]
    return entry.enter_fact(store, CREDIT, {"points": str(figure), "kind": kind, "note": said}, as_of=at, by=by)
