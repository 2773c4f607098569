"""What a draft would have touched: the answer of its last replay, ready to draw, or that one is on its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from storeward.replay.rehearse import LONGEST, LOST, latest
from storeward.rulebook.models import Rehearsal, Version, VersionState
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.frame import Visit
from storeward.web.policy_desk import Desk, clock, day, link

SHOWN_STORES, SHOWN_THINGS = 50, 50


@dataclass(frozen=True, slots=True)
class Side:
    """One direction of a replay: more that breaks a rule, or less."""

    stores: int
    things: str
    money: str
    points: str

    @property
    def nothing(self) -> bool:
        return self.things == "0"


def side_of(visit: Visit, told: Mapping[str, Any]) -> Side:
    exact = [formats.exact(Decimal(one["amount"]), one["currency"]) for one in told["money"]]
    about = visit.about(float(told["usd"])) if Decimal(told["usd"]) else ""
    money = exact[0] if len(exact) == 1 else about
    points = Decimal(told["points"])
    return Side(len(told["stores"]), formats.number(int(told["things"])), money, formats.number(points) if points else "")


@dataclass(frozen=True, slots=True)
class Day:
    """A day with a difference."""

    day: str
    more: Side
    less: Side


@dataclass(frozen=True, slots=True)
class OfStore:
    """A store with a difference."""

    store: Store | None
    key: str
    more: Side
    less: Side


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that would have been judged otherwise."""

    more: bool
    store: Store | None
    key: str
    day: str
    what: str
    money: str
    points: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished replay."""

    since: str
    until: str
    stores: str
    judged: str
    moved: str
    differs: bool
    more: Side
    less: Side
    days: tuple[Day, ...]
    by_store: tuple[OfStore, ...]
    things: tuple[Thing, ...]
    untold: tuple[tuple[str, str], ...]
    more_days: int
    more_stores: int


def answer_of(visit: Visit, told: Mapping[str, Any]) -> Answer:
    keys = {store.key: store for store in visit.stores}
    days = told["days"]

    def on(text: str) -> str:
        return formats.day(date.fromisoformat(text), visit.language)

    def sides(one: Mapping[str, Any]) -> tuple[Side, Side]:
        return side_of(visit, one["more"]), side_of(visit, one["less"])

    def thing(one: Mapping[str, Any]) -> Thing:
        identity = formats.short_id(one["subject"]["id"])
        money = formats.exact(Decimal(one["amount"]), one["currency"]) if one["amount"] else ""
        what = words.subject(one["subject"]["kind"], identity) or words.rule_words(one["rule"], visit.language).title
        return Thing(
            one["side"] == "more", keys.get(one["store"]), one["store"], on(one["day"]), what, money, one["points"] or ""
        )

    by_store = sorted(told["stores"], key=lambda one: -int(one["more"]["things"]) - int(one["less"]["things"]))
    more, less = sides(told)
    return Answer(
        since=day(visit, date.fromisoformat(told["from"])),
        until=day(visit, date.fromisoformat(told["to"])),
        stores=formats.number(int(told["stores_looked_at"])),
        judged=formats.number(sum(told["looked_at"].values())),
        moved=formats.number(sum(told["due_moved"].values())),
        differs=told["differs"],
        more=more,
        less=less,
        days=tuple(Day(on(one["day"]), *sides(one)) for one in days),
        by_store=tuple(OfStore(keys.get(one["store"]), one["store"], *sides(one)) for one in by_store[:SHOWN_STORES]),
        things=tuple(thing(one) for one in told["things"][:SHOWN_THINGS]),
        untold=tuple((rule, untold_words(reason)) for rule, reason in told["untold"].items()),
        more_days=len(days),
        more_stores=max(0, len(by_store) - SHOWN_STORES),
    )


def untold_words(reason: str) -> str:
    """Why history cannot tell of a rule, in the person's language."""
    table = {
        "the rule gives no findings, so there is nothing that it could have touched": _(
            "the rule gives no findings, so there is nothing that it could have touched"
        ),
        "only the latest value of what it judges is held, and what was before is not known": _(
            "only the latest value of what it judges is held, and what was before is not known"
        ),
    }
    return table.get(reason, reason)


def replay_context(visit: Visit, at: Desk, version: Version) -> dict[str, Any]:
    """The last replay of a version: done, on its way, failed or never asked for."""
    held = latest(version)
    state = state_of(visit, held)
    return {
        "visit": visit,
        "replay": state,
        "replay_by": f"{held.by}, {clock(visit, held.at)}" if held else "",
        "replay_days": held.days if held else 0,
        "answer": answer_of(visit, held.result) if held and state == "done" and held.result else None,
        "replay_old": held is not None and held.changes != version.changes,
        "failure": failure_words(held.failure) if held else "",
        "may_replay": at.may and version.state == VersionState.DRAFT and bool(version.changes),
        "version_href": link(at, f"/policy/versions/{version.pk}/"),
        "version_id": version.pk,
        "version_key": str(version.pk),
    }


def state_of(visit: Visit, held: Rehearsal | None) -> str:
    """none, waiting (for a worker), running, lost (its worker is gone), failed, done."""
    if held is None:
        return "none"
    if held.done_at is not None:
        return "failed" if held.failure else "done"
    if held.began_at is None:
        return "waiting"
    return "lost" if held.began_at < visit.now - LONGEST else "running"


def failure_words(failure: str) -> str:
    return _("The worker stopped before it was done.") if failure == LOST else failure
