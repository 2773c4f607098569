"""When a market's working days end, written out by hand for a fortnight in July 2026 that has no holiday anywhere here.

Monday is the 6th. Malaysia, the Philippines and Singapore are eight hours ahead of UTC, Thailand, Vietnam and western Indonesia
seven; Great Britain keeps summer time (one hour ahead), California too (seven behind).
"""

from datetime import date

import pytest

from storeward_sandbox.clock import DAY, HOUR, iso, parse_instant
from storeward_sandbox.countries import (
    end_of_day,
    end_of_working_day,
    is_working_day,
    local_day,
    utc_date,
    utc_midnight_after,
    weekday_hour,
)
from storeward_sandbox.tiktok_shop.markets import MARKETS, Deadlines, deadlines


@pytest.mark.parametrize(
    ("placed", "one", "two", "three", "seven"),
    [
        ("2026-07-06", "2026-07-07", "2026-07-08", "2026-07-09", "2026-07-15"),
        ("2026-07-07", "2026-07-08", "2026-07-09", "2026-07-10", "2026-07-16"),
        ("2026-07-08", "2026-07-09", "2026-07-10", "2026-07-13", "2026-07-17"),
        ("2026-07-09", "2026-07-10", "2026-07-13", "2026-07-14", "2026-07-20"),
        ("2026-07-10", "2026-07-13", "2026-07-14", "2026-07-15", "2026-07-21"),
        ("2026-07-11", "2026-07-13", "2026-07-14", "2026-07-15", "2026-07-21"),
        ("2026-07-12", "2026-07-13", "2026-07-14", "2026-07-15", "2026-07-21"),
    ],
)
@pytest.mark.parametrize(
    ("region", "noon", "ends"),
    [
        ("MY", "T04:00:00Z", "T15:59:59Z"),
        ("PH", "T04:00:00Z", "T15:59:59Z"),
        ("SG", "T04:00:00Z", "T15:59:59Z"),
        ("TH", "T05:00:00Z", "T16:59:59Z"),
        ("VN", "T05:00:00Z", "T16:59:59Z"),
        ("ID", "T05:00:00Z", "T16:59:59Z"),
        ("GB", "T11:00:00Z", "T22:59:59Z"),
    ],
)
def test_saturday_and_sunday_do_not_count(
    region: str, noon: str, ends: str, placed: str, one: str, two: str, three: str, seven: str
) -> None:
    market, start = MARKETS[region], parse_instant(placed + noon)
    found = [iso(end_of_working_day(market, start, count)) for count in (1, 2, 3, 7)]
    assert found == [one + ends, two + ends, three + ends, seven + ends]


@pytest.mark.parametrize(
    ("placed", "two", "seven"),
    [
        ("2026-07-06T19:00:00Z", "2026-07-09T06:59:59Z", "2026-07-16T06:59:59Z"),
        ("2026-07-07T06:59:59Z", "2026-07-09T06:59:59Z", "2026-07-16T06:59:59Z"),
        ("2026-07-07T07:00:00Z", "2026-07-10T06:59:59Z", "2026-07-17T06:59:59Z"),
        ("2026-07-10T19:00:00Z", "2026-07-15T06:59:59Z", "2026-07-22T06:59:59Z"),
        ("2026-07-12T19:00:00Z", "2026-07-15T06:59:59Z", "2026-07-22T06:59:59Z"),
    ],
)
def test_a_day_in_the_us_ends_at_midnight_pacific(placed: str, two: str, seven: str) -> None:
    market, start = MARKETS["US"], parse_instant(placed)
    assert [iso(end_of_working_day(market, start, count)) for count in (2, 7)] == [two, seven]


@pytest.mark.parametrize(
    ("region", "before", "after"),
    [
        ("MY", "2026-07-06T15:59:59Z", "2026-07-06T16:00:00Z"),
        ("PH", "2026-07-06T15:59:59Z", "2026-07-06T16:00:00Z"),
        ("SG", "2026-07-06T15:59:59Z", "2026-07-06T16:00:00Z"),
        ("TH", "2026-07-06T16:59:59Z", "2026-07-06T17:00:00Z"),
        ("VN", "2026-07-06T16:59:59Z", "2026-07-06T17:00:00Z"),
        ("ID", "2026-07-06T16:59:59Z", "2026-07-06T17:00:00Z"),
        ("GB", "2026-07-06T22:59:59Z", "2026-07-06T23:00:00Z"),
        ("US", "2026-07-07T06:59:59Z", "2026-07-07T07:00:00Z"),
    ],
)
def test_the_next_day_begins_at_local_midnight(region: str, before: str, after: str) -> None:
    market = MARKETS[region]
    assert local_day(market, parse_instant(before)) == date(2026, 7, 6)
    assert local_day(market, parse_instant(after)) == date(2026, 7, 7)
    assert end_of_day(market, date(2026, 7, 6)) == parse_instant(before)


@pytest.mark.parametrize(
    ("region", "day", "works"),
    [
        ("MY", date(2026, 7, 6), True),
        ("MY", date(2026, 7, 11), False),
        ("MY", date(2026, 7, 12), False),
        ("MY", date(2026, 8, 31), False),  # Merdeka
        ("PH", date(2026, 12, 25), False),
        ("PH", date(2026, 6, 12), False),  # Independence
        ("TH", date(2026, 4, 13), False),  # Songkran
        ("TH", date(2026, 12, 10), False),  # Constitution
        ("VN", date(2026, 9, 2), False),  # National Day
        ("VN", date(2026, 4, 30), False),  # Reunification
        ("SG", date(2026, 5, 1), False),  # Labour
        ("SG", date(2026, 12, 25), False),
        ("US", date(2026, 11, 26), False),  # Thanksgiving
        ("US", date(2026, 7, 3), False),  # the 4th is a Saturday
        ("US", date(2026, 7, 6), True),
        ("GB", date(2026, 12, 25), False),
        ("GB", date(2026, 12, 24), True),
        ("ID", date(2026, 8, 17), False),  # Independence
    ],
)
def test_public_holidays_are_those_of_the_market(region: str, day: date, works: bool) -> None:
    assert is_working_day(MARKETS[region], day) is works


def test_thanksgiving_moves_a_deadline_by_a_day() -> None:
    """Placed on Tuesday the 24th; Wednesday is the first working day, Friday the second. California is 8 hours behind."""
    placed = parse_instant("2026-11-24T20:00:00Z")
    assert iso(end_of_working_day(MARKETS["US"], placed, 2)) == "2026-11-28T07:59:59Z"


def test_the_end_of_summer_time_lengthens_a_day() -> None:
    """On 1 November 2026 California sets its clocks back; the deadline is 8 hours behind UTC, the order was 7."""
    placed = parse_instant("2026-10-30T19:00:00Z")
    assert iso(end_of_working_day(MARKETS["US"], placed, 2)) == "2026-11-04T07:59:59Z"


def instants(*texts: str) -> Deadlines:
    """Deadlines in their order, "" for none."""
    return Deadlines(*(parse_instant(text) if text else 0 for text in texts))


@pytest.mark.parametrize(
    ("region", "abroad", "platform", "expected"),
    [
        (
            "MY",
            False,
            True,
            (
                "2026-07-08T15:59:59Z",
                "2026-07-08T15:59:59Z",
                "2026-07-08T15:59:59Z",
                "2026-07-09T15:59:59Z",
                "2026-07-27T04:00:00Z",
                "",
            ),
        ),
        (
            "MY",
            False,
            False,
            (
                "2026-07-08T15:59:59Z",
                "2026-07-08T15:59:59Z",
                "2026-07-08T15:59:59Z",
                "2026-07-09T15:59:59Z",
                "2026-07-27T04:00:00Z",
                "",
            ),
        ),
        (
            "VN",
            False,
            True,
            (
                "2026-07-08T16:59:59Z",
                "2026-07-08T16:59:59Z",
                "2026-07-08T16:59:59Z",
                "2026-07-09T16:59:59Z",
                "2026-07-27T04:00:00Z",
                "",
            ),
        ),
        (
            "PH",
            True,
            True,
            (
                "2026-07-08T04:00:00Z",
                "2026-07-09T15:59:59Z",
                "2026-07-10T15:59:59Z",
                "2026-07-11T15:59:59Z",
                "2026-08-05T04:00:00Z",
                "",
            ),
        ),
        (
            "TH",
            True,
            True,
            (
                "2026-07-08T04:00:00Z",
                "2026-07-09T16:59:59Z",
                "2026-07-10T16:59:59Z",
                "2026-07-11T16:59:59Z",
                "2026-08-05T04:00:00Z",
                "",
            ),
        ),
        (
            "GB",
            False,
            False,
            (
                "2026-07-08T22:59:59Z",
                "2026-07-08T22:59:59Z",
                "2026-07-15T22:59:59Z",
                "2026-07-18T22:59:59Z",
                "2026-08-05T04:00:00Z",
                "2026-07-14T22:59:59Z",
            ),
        ),
        (
            "GB",
            False,
            True,
            (
                "2026-07-08T22:59:59Z",
                "2026-07-08T22:59:59Z",
                "2026-07-15T22:59:59Z",
                "2026-07-18T22:59:59Z",
                "2026-08-05T04:00:00Z",
                "",
            ),
        ),
    ],
)
def test_the_deadlines_of_an_order_of_monday_4_utc(region: str, abroad: bool, platform: bool, expected: tuple[str, ...]) -> None:
    placed = parse_instant("2026-07-06T04:00:00Z")
    found = deadlines(MARKETS[region], placed=placed, cross_border=abroad, platform_ships=platform)
    assert found == instants(*expected)


@pytest.mark.parametrize("platform", [True, False])
def test_the_us_asks_for_delivery_within_six_days_and_cancels_after_seven(platform: bool) -> None:
    """Noon on Monday in California."""
    placed = parse_instant("2026-07-06T19:00:00Z")
    found = deadlines(MARKETS["US"], placed=placed, cross_border=False, platform_ships=platform)
    assert found == instants(
        "2026-07-09T06:59:59Z",
        "2026-07-09T06:59:59Z",
        "2026-07-16T06:59:59Z",
        "2026-07-19T06:59:59Z",
        "2026-08-05T19:00:00Z",
        "2026-07-15T06:59:59Z",
    )


@pytest.mark.parametrize(
    ("instant", "midnight", "day"),
    [
        ("2026-07-06T00:00:00Z", "2026-07-07T00:00:00Z", date(2026, 7, 6)),
        ("2026-07-06T00:00:01Z", "2026-07-07T00:00:00Z", date(2026, 7, 6)),
        ("2026-07-06T23:59:59Z", "2026-07-07T00:00:00Z", date(2026, 7, 6)),
        ("2026-12-31T12:00:00Z", "2027-01-01T00:00:00Z", date(2026, 12, 31)),
    ],
)
def test_days_of_statements_are_those_of_utc(instant: str, midnight: str, day: date) -> None:
    assert iso(utc_midnight_after(parse_instant(instant))) == midnight
    assert utc_date(parse_instant(instant)) == day


@pytest.mark.parametrize(
    ("region", "weekday", "hour"),
    [("MY", 0, 12), ("PH", 0, 12), ("SG", 0, 12), ("TH", 0, 11), ("VN", 0, 11), ("ID", 0, 11), ("GB", 0, 5), ("US", 6, 21)],
)
def test_the_same_instant_is_another_hour_elsewhere(region: str, weekday: int, hour: int) -> None:
    assert weekday_hour(MARKETS[region], parse_instant("2026-07-06T04:00:00Z")) == (weekday, hour)


@pytest.mark.parametrize(
    ("region", "currency", "decimals", "south_east_asia", "holds", "cash"),
    [
        ("MY", "MYR", 2, True, True, True),
        ("PH", "PHP", 2, True, True, True),
        ("TH", "THB", 2, True, True, True),
        ("VN", "VND", 0, True, True, True),
        ("SG", "SGD", 2, True, True, False),
        ("US", "USD", 2, False, True, False),
        ("GB", "GBP", 2, False, False, False),
        ("ID", "IDR", 0, True, True, True),
    ],
)
def test_markets_differ_in_money_and_in_how_one_pays(
    region: str, currency: str, decimals: int, south_east_asia: bool, holds: bool, cash: bool
) -> None:
    market = MARKETS[region]
    assert (market.currency, market.decimals) == (currency, decimals)
    assert (market.south_east_asia, market.holds, market.cod_share > 0) == (south_east_asia, holds, cash)


def test_cross_border_outside_south_east_asia_is_counted_as_at_home() -> None:
    placed = parse_instant("2026-07-06T19:00:00Z")
    both = [deadlines(MARKETS["US"], placed=placed, cross_border=abroad, platform_ships=True) for abroad in (True, False)]
    assert both[0] == both[1]
    assert both[0].delivery_due_time - placed == 30 * DAY
    assert both[0].collection_due_time - both[0].shipping_due_time == 72 * HOUR
