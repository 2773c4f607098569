"""Local days, working days and public holidays (conventions C1 to C8, C21, C27).

Public holidays come from the library `holidays`, with the dated exceptions of `calendars/exceptions.toml` on top; the holidays
of a line of facts replace both. Working weeks are data in `calendars/weeks.toml`.
"""

import calendar as month_calendar
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
import msgspec

from .facts import StoreProfile, zone_of

FOLDER = Path(__file__).parent / "calendars"
DEFAULT_WEEK = "default"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_END_OF_DAY = time(23, 59, 59)
_LONGEST_PAUSE = 60
"""More days off in a row than any market has: then the calendar itself is wrong."""


class BadCalendar(ValueError):
    """The calendar data is wrong, or leaves no working day."""


class Week(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The working week of a platform or programme. `zone`, `region`: where they differ from the store's own.

    `platform`, `markets`, `states`, `programmes` say whose own week it is; an empty one holds for all. A week without `platform`
    is nobody's own: it is taken by its name.
    """

    name: str
    platform: str | None = None
    markets: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    days: tuple[Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], ...]
    source: tuple[str, ...]
    read_on: date
    confidence: str
    zone: str | None = None
    region: str | None = None
    note: str | None = None


class DatedException(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dated exception to a market's public holidays: announced afterwards, or left out by the library."""

    region: str
    day: date
    working: bool
    name: str
    source: tuple[str, ...]
    read_on: date
    state: str | None = None


class _Weeks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    week: tuple[Week, ...]
    country: dict[str, str]
    subdivision: dict[str, str]


class _Exceptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    exception: tuple[DatedException, ...] = ()


@cache
def _weeks() -> _Weeks:
    return msgspec.convert(tomllib.loads((FOLDER / "weeks.toml").read_text("utf-8")), _Weeks)


@cache
def _exceptions() -> tuple[DatedException, ...]:
    path = FOLDER / "exceptions.toml"
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), _Exceptions).exception


def week(name: str) -> Week:
    """The working week of that name. Raises BadCalendar where the data has none."""
    for entry in _weeks().week:
        if entry.name == name:
            return entry
    raise BadCalendar(f"calendars/weeks.toml has no week named {name!r}")


def mistakes() -> list[str]:
    """What is wrong with the calendar data, one sentence each."""
    try:
        weeks, exceptions = _weeks(), _exceptions()
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        return [f"calendars: {error}"]
    found = [f"calendars/weeks.toml: {w.name}: source is missing" for w in weeks.week if not w.source]
    found += [f"calendars/weeks.toml: {w.name}: days is empty" for w in weeks.week if not w.days]
    found += [f"calendars/exceptions.toml: {e.day}: source is missing" for e in exceptions if not e.source]
    return found


# -- public holidays -------------------------------------------------------------------------------

IsHoliday = Callable[[date], bool]


@lru_cache(maxsize=256)
def public_holidays(region: str, state: str | None) -> IsHoliday:
    """Whether a day is a public holiday of the market, or of a part of it where that is known.

    A part of the country that the library does not know counts as not given. A market without a calendar has no holidays.
    """
    country = _weeks().country.get(region, region)
    years = _library(country, state or _weeks().subdivision.get(region))
    special = {e.day: not e.working for e in _exceptions() if e.region == region and e.state in (None, state)}

    def is_holiday(day: date) -> bool:
        return special.get(day, day in years)

    return is_holiday


@lru_cache(maxsize=64)
def _library(country: str, part: str | None) -> frozenset[date] | holidays.HolidayBase:
    if country not in holidays.list_supported_countries(include_aliases=True):
        return frozenset()
    try:
        return holidays.country_holidays(country, subdiv=part)
    except NotImplementedError:
        return holidays.country_holidays(country)


# -- counting --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Calendar:
    """Days in one zone: which of them work, and the instants where they begin and end. Answers are aware UTC instants."""

    zone: ZoneInfo
    working: frozenset[int]
    """Weekdays that work, Monday 0."""
    is_holiday: IsHoliday
    _nth: dict[tuple[date, int], date] = field(default_factory=dict)
    _ends: dict[date, datetime] = field(default_factory=dict)

    def day_of(self, instant: datetime) -> date:
        """The local date of an instant."""
        return instant.astimezone(self.zone).date()

    def works(self, day: date) -> bool:
        return day.weekday() in self.working and not self.is_holiday(day)

    def working_day(self, day_0: date, n: int) -> date:
        """The n-th working day after `day_0`, which itself never counts (C7). Raises BadCalendar where none comes."""
        if n <= 0:
            return day_0
        key = day_0, n
        if (known := self._nth.get(key)) is None:
            known = self._nth[key] = self._next_working(self.working_day(day_0, n - 1))
        return known

    def end_of(self, day: date) -> datetime:
        """23:59:59 local of that day (C6)."""
        if (known := self._ends.get(day)) is None:
            known = self._ends[day] = self.at(day, _END_OF_DAY)
        return known

    def at(self, day: date, clock: time) -> datetime:
        """A local wall-clock time of a day. One that the clocks skip is read as before the change."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def add_days(self, instant: datetime, days: int) -> datetime:
        """The same local wall-clock time so many calendar days later (C2)."""
        local = instant.astimezone(self.zone).replace(fold=0)
        return (local + timedelta(days=days)).astimezone(UTC)

    def add_months(self, instant: datetime, months: int) -> datetime:
        """Same local day and time so many months later, or the last day of that month (C27)."""
        local = instant.astimezone(self.zone).replace(fold=0)
        year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
        last = month_calendar.monthrange(year, month + 1)[1]
        return local.replace(year=year, month=month + 1, day=min(local.day, last)).astimezone(UTC)

    def add(self, instant: datetime, days: Decimal) -> datetime:
        """So many calendar days later; a part of a day makes it exact hours: 3.5 days are 84 hours (C27)."""
        if days == days.to_integral_value():
            return self.add_days(instant, int(days))
        return instant + timedelta(hours=float(days * 24))

    def _next_working(self, day: date) -> date:
        for ahead in range(1, _LONGEST_PAUSE):
            if self.works(candidate := day + timedelta(days=ahead)):
                return candidate
        raise BadCalendar(f"no working day within {_LONGEST_PAUSE} days after {day}: look at the working week and the holidays")


@dataclass(frozen=True, eq=False, slots=True)
class StoreCalendars:
    """The calendars a store's clocks run on, by the name of their week. Shared by all stores that have the same."""

    own: Calendar
    by_week: dict[str, Calendar]

    def named(self, name: str) -> Calendar:
        """`store` is the store's own; others are weeks of the data that no setting of the store changes."""
        return self.own if name == "store" else self.by_week[name]


def for_store(store: StoreProfile, days_off: tuple[date, ...] | None = None) -> StoreCalendars:
    """The calendars of a store. `days_off` replaces the product's public holidays (facts `holidays`). Cached."""
    days = store.working_days or own_week(store.platform, store.region, store.state, store.programme).days
    return _for(store.region, store.state, store.timezone, days, days_off)


@lru_cache(maxsize=512)
def _for(
    region: str,
    state: str | None,
    timezone: str,
    own_days: tuple[str, ...],
    days_off: tuple[date, ...] | None,
) -> StoreCalendars:
    def is_holiday_in(where: str, part: str | None) -> IsHoliday:
        return frozenset(days_off).__contains__ if days_off is not None else public_holidays(where, part)

    own = Calendar(zone_of(timezone), _numbers(own_days), is_holiday_in(region, state))
    named = {
        entry.name: Calendar(
            zone_of(entry.zone or timezone),
            _numbers(entry.days),
            is_holiday_in(entry.region or region, None if entry.region else state),
        )
        for entry in _weeks().week
        if entry.platform is None
    }
    return StoreCalendars(own, named)


@lru_cache(maxsize=512)
def own_week(platform: str, region: str, state: str | None, programme: str | None) -> Week:
    """The week of such a store without working days of its own: of those that are meant for it the one that names most."""
    part = (state or "").casefold()

    def meant(entry: Week) -> bool:
        return (
            entry.platform == platform
            and (not entry.markets or region in entry.markets)
            and (not entry.states or part in {name.casefold() for name in entry.states})
            and (not entry.programmes or programme in entry.programmes)
        )

    fitting = [entry for entry in _weeks().week if meant(entry)]
    return max(fitting, key=_narrowness) if fitting else week(DEFAULT_WEEK)


def _narrowness(entry: Week) -> int:
    """How many things the week names."""
    return sum(bool(named) for named in (entry.markets, entry.states, entry.programmes))


def _numbers(days: tuple[str, ...]) -> frozenset[int]:
    return frozenset(DAYS.index(day) for day in days)
