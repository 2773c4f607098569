"""The stretch of history that a replay looks at, and the stores in it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from storeward.findings.worth import Worth
from storeward.policy.calendars import Calendar, StoreCalendars, for_store
from storeward.policy.facts import StoreProfile
from storeward.policy.terms import Book


@dataclass(frozen=True)
class Past:
    """Two books over the same days of the same stores. Both hold only the rules that are replayed."""

    before: Book
    after: Book
    since: datetime
    now: datetime
    profiles: Mapping[int, StoreProfile]
    worth: Worth

    @property
    def ids(self) -> list[int]:
        return sorted(self.profiles)

    @cached_property
    def calendars(self) -> Mapping[int, StoreCalendars]:
        """Shared by stores that have the same."""
        return {store_id: for_store(profile) for store_id, profile in self.profiles.items()}

    def calendar(self, store_id: int) -> Calendar:
        return self.calendars[store_id].own

    def day_of(self, store_id: int, at: datetime) -> date:
        """The store's local date of an instant."""
        return self.calendar(store_id).day_of(at)

    def ends(self, store_id: int) -> Iterable[datetime]:
        """The end of each local day of the window; of today the instant of now."""
        calendar = self.calendar(store_id)
        day, today = calendar.day_of(self.since), calendar.day_of(self.now)
        while day < today:
            yield calendar.end_of(day)
            day += timedelta(days=1)
        yield self.now

    def points(self, rule_id: str, day: date, *, spared: bool = False) -> Decimal | None:
        """The points that a breach of the rule costs by its terms of that day, None where they name none.

        `spared`: by the book in force, under which alone it is a breach.
        """
        terms = (self.before if spared else self.after).rule(rule_id).terms
        span = next((span for span in terms if span.holds_on(day)), terms[-1])
        return span.figures.get("points")


def only(book: Book, rules: Collection[str]) -> Book:
    """The book with these rules and whatever they point at."""
    wanted = set(rules)
    while True:
        named = {name for rule_id in wanted for name in _named(book, rule_id)}
        if named <= wanted:
            break
        wanted |= named
    return replace(book, rules={folder: tuple(r for r in held if r.id in wanted) for folder, held in book.rules.items()})


def with_dependents(book: Book, rules: Collection[str]) -> set[str]:
    """The rules, and those that read figures of them: an age of points decides the tiers."""
    return {*rules, *(rule.id for _, rule in book if rule.form is not None and not set(rules).isdisjoint(_named(book, rule.id)))}


def _named(book: Book, rule_id: str) -> Iterable[str]:
    """Rules that a rule reads figures of: where an entry's age or a clock stands."""
    settings = book.rule(rule_id).with_
    for key in ("after", "expiry", "lock", "reply"):
        if isinstance(settings.get(key), str):
            yield settings[key]
    for key in ("resets", "milestones"):
        yield from settings.get(key, ())
