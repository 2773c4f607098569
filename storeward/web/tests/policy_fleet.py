"""What a team has done to its rules: an own figure, a published version, a draft that was tried, an announcement, a task."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from storeward.policy.versions import figure_draft
from storeward.rulebook import announcements, own, versions, work
from storeward.rulebook.force import terms_in_force
from storeward.rulebook.models import Announcement, Rehearsal, Task, Version
from storeward.web.policy_questions import suggested
from storeward.web.tests.fleet import Fleet

RULE, OTHER = "TTS-SEA-CANCELREQ-24H", "TTS-SEA-APPEAL-1"
WHO = "Operations Lead"


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that pages name in their addresses."""

    draft: Version
    published: Version
    announcement: Announcement
    task: Task


def drafted(fleet: Fleet, rule_id: str, name: str, figure: str, title: str, days: int) -> Version:
    """A draft of one figure of a rule, `days` from now."""
    team, now = fleet.workspace.pk, fleet.now
    rules = terms_in_force(team, now)
    day = now.date() + timedelta(days=days)
    source = "https://seller-my.example/university/essay?knowledge_id=10013"
    told = {name: Decimal(figure)}
    text = figure_draft(rules, rule_id, told, from_=day, source=source, read_on=now.date(), confidence="official")
    questions = suggested(versions.read_changes(rules, text), rules)
    return versions.draft(
        team, title=title, text=text, by=WHO, now=now, note="Tell the clerks on both shifts.", questions=questions
    )


def answer(fleet: Fleet, rule_id: str) -> dict[str, Any]:
    """What a replay tells: two days, two stores, both directions."""
    first, second = fleet.stores[0].key, fleet.stores[1].key
    nothing = {"stores": [], "things": 0, "money": [], "usd": "0.00", "points": "0"}

    def sum_of(stores: list[str], things: int, amount: str, usd: str) -> dict[str, Any]:
        money = [{"amount": amount, "currency": "MYR"}]
        return nothing | {"stores": stores, "things": things, "money": money, "usd": usd}

    more, less = sum_of([first, second], 14, "1176.00", "264.00"), sum_of([first], 1, "84.00", "18.90")
    day, before = (fleet.now.date() - timedelta(days=ago) for ago in (8, 30))
    order = {"kind": "order", "id": "576465000000000000"}
    thing = {"side": "more", "rule": rule_id, "store": first, "day": day.isoformat(), "subject": order}
    return {
        "from": (fleet.now.date() - timedelta(days=90)).isoformat(),
        "to": fleet.now.date().isoformat(),
        "rules": [rule_id],
        "stores_looked_at": 15,
        "differs": True,
        "looked_at": {rule_id: 1200},
        "broken_in_force": {rule_id: 3},
        "due_moved": {rule_id: 1200},
        "untold": {"LZD-INACTIVE": "the rule gives no findings, so there is nothing that it could have touched"},
        "more": more,
        "less": less,
        "days": [
            {"day": before.isoformat(), "more": nothing, "less": less},
            {"day": day.isoformat(), "more": more, "less": nothing},
        ],
        "stores": [
            {"store": first, "more": more, "less": less},
            {"store": second, "more": more, "less": nothing},
        ],
        "things": [thing | {"amount": "84.00", "currency": "MYR", "points": "2"}],
    }


def with_policy(fleet: Fleet) -> Kept:
    """Everything that the pages on policy can show of a team."""
    team, now = fleet.workspace.pk, fleet.now
    said = "From 1 December 2026 sellers must answer a cancellation request within 12 hours instead of 24 hours."
    announcement, _ = announcements.bring(
        team, text=said, by=WHO, now=now, origin="paste", platform="tiktok_shop", title="Cancellation requests: 12 hours"
    )
    announcements.bring(team, text="Holiday calendar of Lunar New Year 2027 for all sellers", by="feed", now=now, origin="feed")
    own.set_figure(team, OTHER, "days", Decimal(20), from_day=now.date(), why="the lead reads it first", by=WHO, now=now)
    draft = drafted(fleet, RULE, "hours", "12", "Answer cancellation requests sooner", 11)
    Rehearsal.objects.create(
        version=draft, changes=draft.changes, days=90, by=WHO, at=now, began_at=now, done_at=now, result=answer(fleet, RULE)
    )
    published = drafted(fleet, RULE, "hours", "20", "Cancellation requests: 20 hours", 3)
    versions.publish(published.pk, workspace_id=team, by=WHO, now=now)
    due = now + timedelta(days=4)
    task = work.give(
        team, title="Tell the night shift", owner="Clerk Two", due_at=due, by=WHO, now=now, announcement_id=announcement.pk
    )
    return Kept(draft, published, announcement, task)
