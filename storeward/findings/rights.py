"""Rights to brands that end, told ahead: an obligation of the team, told by the first of its stores that the right covers."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db.backends.utils import CursorWrapper

from storeward.findings.feeds import Sight
from storeward.findings.own_rules import OWN_RULES, RIGHT_ENDS
from storeward.findings.rules import about
from storeward.findings.wanting import Wanted
from storeward.policy.listing_check.parts import parts
from storeward.policy.types import Severity, State
from storeward.policy.wording import show

RIGHT = "right"

# A right that has ended is told for as long again as it was told before; one that was renewed (another right to the same brand
# that goes on longer) is not told at all.
_ENDING = """
SELECT r.id, r.workspace_id, r.brand, r.valid_to, (
    SELECT min(s.id) FROM stores_store s WHERE s.workspace_id = r.workspace_id
        AND (r.store_ids = '[]' OR r.store_ids @> to_jsonb(s.id))
        AND (r.markets = '[]' OR r.markets @> to_jsonb(s.region::text)))
FROM listings_right r
WHERE r.workspace_id = ANY(%(workspaces)s) AND r.ended_at IS NULL AND r.valid_to BETWEEN %(from)s AND %(until)s
    AND NOT EXISTS (SELECT FROM listings_right n WHERE n.workspace_id = r.workspace_id AND n.ended_at IS NULL AND n.id <> r.id
        AND lower(n.brand) = lower(r.brand) AND (n.valid_to IS NULL OR n.valid_to > r.valid_to)
        AND (n.valid_from IS NULL OR n.valid_from <= r.valid_to + 1)
        AND (n.store_ids = '[]' OR n.store_ids @> r.store_ids AND r.store_ids <> '[]')
        AND (n.markets = '[]' OR n.markets @> r.markets AND r.markets <> '[]'))
"""


def rights(cursor: CursorWrapper, sight: Sight) -> Iterator[Wanted]:
    """The findings of the workspaces in sight, by one statement."""
    today, ends = sight.now.date(), parts().ends
    values: dict[str, Any] = {
        "workspaces": sorted({store.workspace_id for store in sight.stores.values()}),
        "from": today - ends.warned,
        "until": today + ends.warned,
    }
    cursor.execute(_ENDING, values)
    for right_id, workspace_id, brand, last, store_id in cursor.fetchall():
        if store_id not in sight.stores:
            continue
        zone = ZoneInfo(sight.stores[store_id].timezone)
        due_at = datetime.combine(last + timedelta(days=1), time(0), zone).astimezone(UTC) - timedelta(seconds=1)
        over = due_at < sight.now
        pressing = over or due_at <= sight.now + ends.pressing
        yield Wanted(
            store_id=store_id,
            workspace_id=workspace_id,
            rule=RIGHT_ENDS,
            subject_kind=RIGHT,
            subject_id=str(right_id),
            item=about(RIGHT_ENDS).item,
            state=State.BREACHED if over else State.AT_RISK,
            severity=Severity.CRITICAL if pressing else OWN_RULES[RIGHT_ENDS].severity,
            rule_severity=OWN_RULES[RIGHT_ENDS].weight,
            action=about(RIGHT_ENDS).action,
            due_at=due_at,
            starts_at=due_at - ends.warned,
            details=_details(brand, show(last, "en", zone), show(last, "zh", zone), over=over),
        )


def _details(brand: str, english: str, chinese: str, *, over: bool) -> str:
    verb, ended = ("ended", "已于") if over else ("ends", "将于")
    said = {
        "why": {
            "en": f"The right to {brand} {verb} after {english}; no other right on file takes its place.",
            "zh": f"{brand}的授权{ended}{chinese}后到期，没有其他授权接续。",
        },
        "brief": {"en": f"{brand} · {verb} {english}", "zh": f"{brand} · {chinese}到期"},
    }
    return msgspec.json.encode({**said, "brand": brand}).decode()
