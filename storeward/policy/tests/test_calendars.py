"""Local days, working days, holidays, months: the conventions C1, C2, C6, C7, C27."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy import calendars
from storeward.policy.calendars import BadCalendar, Calendar, for_store, public_holidays, week

from .cast import ZONES, moments, profile

MARKETS = [region for region in ZONES if region != "CN"]


def plain(
    zone: str = "Asia/Kuala_Lumpur", days: frozenset[int] = frozenset(range(5)), off: frozenset[date] = frozenset()
) -> Calendar:
    return Calendar(ZoneInfo(zone), days, off.__contains__)


def test_the_order_day_itself_never_counts() -> None:
    assert plain().working_day(date(2026, 8, 5), 2) == date(2026, 8, 7)


def test_a_weekend_and_a_holiday_are_left_out() -> None:
    wednesday, monday = date(2026, 8, 26), date(2026, 8, 31)
    assert plain(off=frozenset({monday})).working_day(wednesday, 3) == date(2026, 9, 1)


def test_an_order_on_a_day_off_has_its_first_working_day_as_day_1() -> None:
    assert plain().working_day(date(2026, 8, 9), 1) == date(2026, 8, 10)


def test_no_days_after_is_the_day_itself() -> None:
    assert plain().working_day(date(2026, 8, 9), 0) == date(2026, 8, 9)


def test_a_calendar_that_never_works_is_refused() -> None:
    with pytest.raises(BadCalendar, match="no working day"):
        plain(days=frozenset()).working_day(date(2026, 8, 9), 1)


def test_a_day_ends_at_23_59_59_local() -> None:
    assert plain().end_of(date(2026, 8, 28)) == datetime(2026, 8, 28, 15, 59, 59, tzinfo=UTC)


def test_the_local_date_is_taken_in_the_zone() -> None:
    assert plain().day_of(datetime(2026, 6, 17, 16, tzinfo=UTC)) == date(2026, 6, 18)
    assert plain().day_of(datetime(2026, 6, 17, 15, 59, 59, tzinfo=UTC)) == date(2026, 6, 17)


def test_calendar_days_keep_the_wall_clock_over_a_change_of_summer_time() -> None:
    notice = datetime(2026, 10, 20, 16, tzinfo=UTC)
    assert plain("America/Los_Angeles").add_days(notice, 30) == datetime(2026, 11, 19, 17, tzinfo=UTC)


def test_a_wall_clock_that_the_change_skips_is_read_as_before_it() -> None:
    before = datetime(2026, 3, 7, 10, 30, tzinfo=UTC)  # 02:30 in Los Angeles; 8 March has no 02:30
    assert plain("America/Los_Angeles").add_days(before, 1) == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-01-31T03:00:00", "2026-02-28T03:00:00"),
        ("2028-01-31T03:00:00", "2028-02-29T03:00:00"),
        ("2026-01-15T05:00:00", "2026-02-15T05:00:00"),
        ("2026-12-31T05:00:00", "2027-01-31T05:00:00"),
        ("2026-11-30T17:00:00", "2026-12-31T17:00:00"),  # 1 December in Malaysia
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(start: str, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert plain().add_months(moment, 1) == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_half_days_are_exact_hours() -> None:
    moment = datetime(2026, 10, 30, tzinfo=UTC)
    assert plain("America/Los_Angeles").add(moment, Decimal("3.5")) == moment + timedelta(hours=84)
    assert plain("America/Los_Angeles").add(moment, Decimal(3)) == moment + timedelta(hours=73)


# -- of a store ---------------------------------------------------------------------------------------


def test_the_stores_own_working_days_replace_the_platforms() -> None:
    own = for_store(profile("MY", working_days=["Sun", "Mon", "Tue", "Wed", "Thu"]), ()).own
    assert own.works(date(2026, 8, 9))
    assert not own.works(date(2026, 8, 7))


def test_no_setting_changes_the_pacific_business_days_and_the_same_day_week() -> None:
    sunday = profile("US", timezone="America/New_York", working_days=["Sun"])
    pacific = for_store(sunday, ()).named("us_business")
    assert pacific.zone.key == "America/Los_Angeles"
    assert not pacific.works(date(2026, 8, 9))
    assert for_store(profile("TH", working_days=["Sun"]), ()).named("th_same_day").works(date(2026, 8, 8))


def test_holidays_of_the_facts_replace_the_products() -> None:
    independence = date(2026, 8, 31)
    assert not for_store(profile("MY")).own.works(independence)
    assert for_store(profile("MY"), ()).own.works(independence)
    assert not for_store(profile("MY"), (date(2026, 8, 27),)).own.works(date(2026, 8, 27))


def test_a_state_brings_its_own_holidays() -> None:
    thaipusam = date(2026, 2, 1)
    assert public_holidays("MY", "Selangor")(thaipusam)
    assert not public_holidays("MY", "Kedah")(date(2026, 2, 3))
    assert public_holidays("MY", "Atlantis")(date(2026, 8, 31))


def test_the_federal_holidays_of_the_us_come_with_their_observed_days() -> None:
    pacific = for_store(profile("US")).named("us_business")
    off = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    off = [day for day in off if day.weekday() < 5 and not pacific.works(day)]
    assert off == [
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 11),
        date(2026, 11, 26),
        date(2026, 12, 25),
    ]


def test_a_market_without_a_calendar_has_no_holidays() -> None:
    assert not public_holidays("ZZ", None)(date(2026, 1, 1))


def test_a_dated_exception_goes_before_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = calendars.DatedException(
        region="VN", day=date(2027, 2, 3), working=False, name="x", source=("y",), read_on=date(2027, 1, 1)
    )
    working = calendars.DatedException(
        region="VN", day=date(2027, 1, 1), working=True, name="x", source=("y",), read_on=date(2027, 1, 1)
    )
    monkeypatch.setattr(calendars, "_exceptions", lambda: (extra, working))
    public_holidays.cache_clear()
    try:
        assert public_holidays("VN", None)(date(2027, 2, 3))
        assert not public_holidays("VN", None)(date(2027, 1, 1))
    finally:
        public_holidays.cache_clear()


def test_an_unknown_week_is_told() -> None:
    with pytest.raises(BadCalendar, match="nowhere"):
        week("nowhere")


def test_the_calendar_data_is_whole() -> None:
    assert calendars.mistakes() == []


def test_stores_with_the_same_settings_share_a_calendar() -> None:
    assert for_store(profile("MY")) is for_store(profile("MY", store_id="other"))
    assert for_store(profile("MY")) is not for_store(profile("MY", state="Kedah"))


# -- properties ---------------------------------------------------------------------------------------

days = st.dates(date(2024, 1, 1), date(2027, 12, 1))
instants = moments(date(2024, 1, 1), date(2027, 12, 1))
regions = st.sampled_from(MARKETS)


@given(regions, days, st.integers(1, 12))
def test_the_nth_working_day_is_the_nth_by_a_slow_count(region: str, day: date, n: int) -> None:
    calendar = for_store(profile(region)).own
    country = {"UK": ("GB", "ENG")}.get(region, (region, None))
    off = holidays.country_holidays(country[0], subdiv=country[1])
    found = day
    for _ in range(n):
        found += timedelta(days=1)
        while found.weekday() > 4 or found in off:
            found += timedelta(days=1)
    assert calendar.working_day(day, n) == found


@given(regions, days, st.integers(0, 10))
def test_more_working_days_never_end_sooner(region: str, day: date, n: int) -> None:
    calendar = for_store(profile(region)).own
    assert calendar.end_of(calendar.working_day(day, n)) < calendar.end_of(calendar.working_day(day, n + 1))


@given(days, st.sets(days, max_size=5), days)
def test_a_new_holiday_never_brings_the_deadline_forward(day: date, off: set[date], new: date) -> None:
    before = plain(off=frozenset(off)).working_day(day, 3)
    assert plain(off=frozenset(off | {new})).working_day(day, 3) >= before


@given(st.sampled_from(list(ZONES.values())), instants, st.integers(0, 90))
def test_calendar_days_and_months_only_go_forward(zone: str, moment: datetime, n: int) -> None:
    calendar = plain(zone)
    assert calendar.add_days(moment, n + 1) > calendar.add_days(moment, n)
    assert moment < calendar.add_months(moment, 1) <= moment + timedelta(days=31, hours=2)


@given(st.sampled_from(list(ZONES.values())), days)
def test_the_end_of_a_day_lies_in_that_day(zone: str, day: date) -> None:
    calendar = plain(zone)
    assert calendar.day_of(calendar.end_of(day)) == day
    assert calendar.day_of(calendar.end_of(day) + timedelta(seconds=1)) == day + timedelta(days=1)
    assert calendar.at(day, time(12)) < calendar.end_of(day)
