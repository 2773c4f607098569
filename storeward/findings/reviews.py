"""Rules whose review is overdue, as a finding: one a workspace and platform, told by the first of its stores there.

It is an obligation of the team, not of a store: so it has a due instant, and is broken once that has passed.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from django.db.backends.utils import CursorWrapper

from storeward.findings.feeds import Sight
from storeward.findings.own_rules import OWN_RULES, RULE_REVIEW
from storeward.findings.rules import NO_ITEM, about
from storeward.findings.wanting import Wanted
from storeward.policy.types import State
from storeward.policy.wording import show
from storeward.rulebook.review import Due, overdue

RULES = "rules"
"""The kind of its subject: the rules of one platform."""

_NAMED = 3
_UTC = ZoneInfo("UTC")

Place = tuple[int, str]
"""Workspace and platform."""


def reviews(cursor: CursorWrapper, sight: Sight) -> Iterator[Wanted]:
    """The findings of the workspaces in sight; one statement more where a rule is overdue."""
    due = overdue({store.workspace_id for store in sight.stores.values()}, now=sight.now)
    if not due:
        return
    first, markets = _stores(cursor, sorted({one.workspace_id for one in due}))
    by_place: dict[Place, list[Due]] = defaultdict(list)
    for one in due:
        place = one.workspace_id, one.platform
        if "all" in one.rule.regions or not markets[place].isdisjoint(one.rule.regions):
            by_place[place].append(one)
    for place, ones in by_place.items():
        if first.get(place) in sight.stores:
            yield _wanted(place, first[place], ones)


def _stores(cursor: CursorWrapper, workspace_ids: list[int]) -> tuple[dict[Place, int], dict[Place, set[str]]]:
    """The first store of each workspace and platform, and the markets they sell in."""
    cursor.execute(
        "SELECT workspace_id, platform, min(id), array_agg(DISTINCT region::text) FROM stores_store WHERE workspace_id = ANY(%s) "
        "GROUP BY workspace_id, platform",
        [workspace_ids],
    )
    first, markets = dict[Place, int](), defaultdict[Place, set[str]](set)
    for workspace_id, platform, store_id, regions in cursor.fetchall():
        first[workspace_id, platform] = store_id
        markets[workspace_id, platform] = set(regions)
    return first, markets


def _wanted(place: Place, store_id: int, due: list[Due]) -> Wanted:
    oldest, named = due[0], ", ".join(one.rule.id for one in due[:_NAMED])
    more = len(due) - _NAMED
    english = f"{len(due)} to be looked up again, the first by {show(oldest.by_day, 'en', _UTC)}: {named}"
    chinese = f"{len(due)}条规则已到复核期,最早的应在{show(oldest.by_day, 'zh', _UTC)}前复核:{named}"
    rest = (f" and {more} more", f"等,另有{more}条") if more > 0 else ("", "")
    why = {"en": f"{english}{rest[0]}.", "zh": f"{chinese}{rest[1]}。"}
    brief = {
        "en": f"{len(due)} {'rule' if len(due) == 1 else 'rules'} · read {show(oldest.read_on, 'en', _UTC)}",
        "zh": f"{len(due)}条规则 · {show(oldest.read_on, 'zh', _UTC)}查阅",
    }
    return Wanted(
        store_id=store_id,
        workspace_id=place[0],
        rule=RULE_REVIEW,
        subject_kind=RULES,
        subject_id=place[1],
        item=NO_ITEM,
        state=State.BREACHED,
        severity=OWN_RULES[RULE_REVIEW].severity,
        rule_severity=OWN_RULES[RULE_REVIEW].weight,
        action=about(RULE_REVIEW).action,
        cause=f"review:{place[1]}",
        details=msgspec.json.encode({"why": why, "brief": brief, "rules": [one.rule.id for one in due]}).decode(),
        due_at=_end_of(oldest.by_day),
        starts_at=datetime.combine(oldest.read_on, time(0), UTC),
    )


def _end_of(day: date) -> datetime:
    """The team's days are those of UTC: a team has no zone of its own."""
    return datetime.combine(day + timedelta(days=1), time(0), UTC) - timedelta(seconds=1)
