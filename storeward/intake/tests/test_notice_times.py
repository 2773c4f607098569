"""Dates and times of notices, one a line: what the words mean in their market, reckoned by hand."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.intake.notice_phrases import phrases
from storeward.intake.notice_times import Written, find, first_after, moment, names, read

DAY = date(2026, 12, 5)
KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")
NEW_YORK = ZoneInfo("America/New_York")


def months() -> Mapping[str, int]:
    return phrases().months


def said(text: str, region: str = "MY") -> Written | None:
    return read(text, months(), region)


def clock(text: str, region: str = "MY") -> time | None:
    found = said(text, region)
    return found.at if found else None


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-05",
        "2026/12/05",
        "2026.12.5",
        "2026 - 12 - 05",
        "2026年12月5日",
        "2026 年 12 月 5 号",
        "05/12/2026",
        "5-12-2026",
        "5.12.2026",
        "5 December 2026",
        "5th December 2026",
        "5th of December 2026",
        "05-Dec-2026",
        "5 Dec. 2026",
        "December 5, 2026",
        "Dec 5th, 2026",
        "DEC 5 2026",
        "Saturday, 5 December 2026",
        "Sat 5 Dec 2026",
        "Sabtu, 5 Disember 2026",
        "Sabtu 5 Desember 2026",
        "5 Disember 2026",
        "5 Dis 2026",
        "5 Des 2026",
        "5 tháng 12 năm 2026",
        "5 tháng 12, 2026",
        "ngày 5 tháng 12 năm 2026",
        "5 ธันวาคม 2569",
        "5 ธ.ค. 2569",
        "5 ธันวาคม พ.ศ. 2569",
        "5/12/2569",
        "2569-12-05",
        "๕ ธันวาคม ๒๕๖๙",
        "２０２６年１２月５日",
    ],
)
def test_one_day_in_all_the_ways_that_people_write_it(text: str) -> None:
    assert said(text) == Written(DAY)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("5 January 2026", 1), ("5 Februari 2026", 2), ("5 Mac 2026", 3), ("5 Maret 2026", 3), ("5 April 2026", 4),
        ("5 Mei 2026", 5), ("5 Jun 2026", 6), ("5 Juni 2026", 6), ("5 Julai 2026", 7), ("5 Juli 2026", 7),
        ("5 Ogos 2026", 8), ("5 Agustus 2026", 8), ("5 Agu 2026", 8), ("5 Sept 2026", 9), ("5 Oktober 2026", 10),
        ("5 Okt 2026", 10), ("5 Nov 2026", 11), ("5 ม.ค. 2569", 1), ("5 กุมภาพันธ์ 2569", 2), ("5 มี.ค. 2569", 3),
        ("5 เมษายน 2569", 4), ("5 พ.ค. 2569", 5), ("5 มิถุนายน 2569", 6), ("5 ก.ค. 2569", 7), ("5 สิงหาคม 2569", 8),
        ("5 ก.ย. 2569", 9), ("5 ตุลาคม 2569", 10), ("5 พ.ย. 2569", 11),
    ],
)  # fmt: skip
def test_the_months_of_six_languages(text: str, month: int) -> None:
    assert said(text) == Written(date(2026, month, 5))


@pytest.mark.parametrize(
    ("region", "text", "day"),
    [
        ("MY", "03/04/2026", date(2026, 4, 3)),
        ("SG", "03/04/2026", date(2026, 4, 3)),
        ("TH", "03/04/2569", date(2026, 4, 3)),
        ("VN", "03-04-2026", date(2026, 4, 3)),
        ("ID", "03.04.2026", date(2026, 4, 3)),
        ("US", "03/04/2026", date(2026, 3, 4)),
        ("US", "12/31/2026", date(2026, 12, 31)),
        ("US", "31/12/2026", date(2026, 12, 31)),
        ("MY", "12/31/2026", date(2026, 12, 31)),
        ("PH", "04/04/2026", date(2026, 4, 4)),
        ("PH", "13/04/2026", date(2026, 4, 13)),
        ("PH", "04/13/2026", date(2026, 4, 13)),
        ("", "13/04/2026", date(2026, 4, 13)),
    ],
)
def test_the_order_of_day_and_month_is_the_markets_unless_only_one_can_be(region: str, text: str, day: date) -> None:
    assert said(text, region) == Written(day)


@pytest.mark.parametrize(
    ("region", "text"),
    [
        ("PH", "03/04/2026"),
        ("", "03/04/2026"),
        ("MY", "31/02/2026"),
        ("MY", "31/04/2026"),
        ("MY", "29/02/2026"),
        ("MY", "29 February 2100"),
        ("MY", "2026-13-01"),
        ("MY", "2026-00-10"),
        ("MY", "2026-01-00"),
        ("MY", "32 December 2026"),
        ("MY", "5 December 1999"),
        ("MY", "5 December 2101"),
        ("TH", "29 กุมภาพันธ์ 2569"),
        ("MY", "2月30日"),
        ("MY", "13月1日"),
        ("MY", "5 Movember 2026"),
        ("MY", "2026"),
        ("MY", ""),
    ],
)
def test_a_day_that_is_none_or_two_is_not_told(region: str, text: str) -> None:
    assert said(text, region) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("29 February 2028", date(2028, 2, 29)),
        ("29 กุมภาพันธ์ 2571", date(2028, 2, 29)),
        ("29/02/2000", date(2000, 2, 29)),
        ("2028年2月29日", date(2028, 2, 29)),
        ("31 December 2100", date(2100, 12, 31)),
        ("1 January 2000", date(2000, 1, 1)),
    ],
)
def test_leap_days_and_the_ends_of_the_calendar_are_days(text: str, day: date) -> None:
    assert said(text) == Written(day)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-12-05 18:00", time(18, 0)),
        ("2026-12-05T18:00:31", time(18, 0, 31)),
        ("2026-12-05, 18:00", time(18, 0)),
        ("2026-12-05 6:00 PM", time(18, 0)),
        ("2026-12-05 6:00pm", time(18, 0)),
        ("2026-12-05 6:00 p.m.", time(18, 0)),
        ("5 December 2026, 5 PM", time(17, 0)),
        ("5 December 2026 at 5pm", time(17, 0)),
        ("December 5, 2026 at 9 AM", time(9, 0)),
        ("5 December 2026 9 a.m.", time(9, 0)),
        ("5 PM on 5 December 2026", time(17, 0)),
        ("5pm, 5 December 2026", time(17, 0)),
        ("2026-12-05 12:00 AM", time(0, 0)),
        ("2026-12-05 12:30 PM", time(12, 30)),
        ("2026-12-05 11:59 PM", time(23, 59)),
        ("2026年12月5日 下午6:00", time(18, 0)),
        ("2026年12月5日18:00", time(18, 0)),
        ("2026年12月5日18时30分", time(18, 30)),
        ("2026年12月5日18点", time(18, 0)),
        ("2026年12月5日上午9点", time(9, 0)),
        ("2026年12月5日晚上8点半", time(20, 30)),
        ("2026年12月5日中午12:00", time(12, 0)),
        ("2026年12月5日中午11:30", time(11, 30)),
        ("2026年12月5日中午1点", time(13, 0)),
        ("2026年12月5日凌晨2点", time(2, 0)),
        ("2026年12月5日上午12:00", time(0, 0)),
        ("5 Disember 2026 pukul 9.30 pagi", time(9, 30)),
        ("5 Disember 2026 pukul 5.00 petang", time(17, 0)),
        ("5 Disember 2026 pukul 12.00 tengah hari", time(12, 0)),
        ("5 Disember 2026 pukul 11.30 tengah hari", time(11, 30)),
        ("5 Disember 2026 pukul 1.00 tengah hari", time(13, 0)),
        ("5 Disember 2026 pukul 11.59 malam", time(23, 59)),
        ("5 Desember 2026 pukul 11.00 siang", time(11, 0)),
        ("5 Desember 2026 pukul 10.30 siang", time(10, 30)),
        ("5 Desember 2026 pukul 2.00 siang", time(14, 0)),
        ("5 Desember 2026 pukul 3.00 sore", time(15, 0)),
        ("5 Desember 2026 pkl. 23.59", time(23, 59)),
        ("5 Desember 2026 jam 07.15", time(7, 15)),
        ("5 ธันวาคม 2569 เวลา 18.00 น.", time(18, 0)),
        ("5 ธันวาคม 2569 เวลา 23:59 น.", time(23, 59)),
        ("5/12/2026 lúc 9h tối", time(21, 0)),
        ("5/12/2026 lúc 9h30", time(9, 30)),
        ("5/12/2026 lúc 9 giờ sáng", time(9, 0)),
        ("5/12/2026 lúc 2 giờ chiều", time(14, 0)),
        ("12h trưa ngày 5/12/2026", time(12, 0)),
        ("11h trưa ngày 5/12/2026", time(11, 0)),
        ("23:59 ngày 5/12/2026", time(23, 59)),
        ("23h59 ngày 5 tháng 12 năm 2026", time(23, 59)),
    ],
)
def test_a_time_of_day_in_the_words_of_its_people(text: str, at: time) -> None:
    assert said(text) == Written(DAY, at=at)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-05 25:00",
        "2026-12-05 23:60",
        "2026-12-05 23:59:60",
        "2026-12-05 24:01",
        "2026年12月5日晚上12点",
        "2026年12月5日晚上1点",
        "5 Disember 2026 pukul 12.00 malam",
        "5 Desember 2026 pukul 1.00 malam",
        "5/12/2026 lúc 12h tối",
        "5 December 2026 noon",
        "5 December 2026 at midnight",
        "5 December 2026, midnight",
        "2026年12月5日零点",
        "2026年12月5日晚8点",
        "12月5日24:00",
    ],
)
def test_a_time_that_is_none_or_of_no_certain_day_makes_the_whole_unknown(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年12月5日24:00", date(2026, 12, 6)),
        ("5 December 2026 24:00", date(2026, 12, 6)),
        ("31/12/2026 24:00", date(2027, 1, 1)),
        ("28 February 2026 24:00:00", date(2026, 3, 1)),
        ("28 February 2028 24:00", date(2028, 2, 29)),
    ],
)
def test_the_twenty_fourth_hour_is_the_beginning_of_the_next_day(text: str, day: date) -> None:
    assert said(text) == Written(day, at=time(0, 0))


@pytest.mark.parametrize(
    ("zone", "hours", "minutes"),
    [
        ("UTC", 0, 0), ("GMT", 0, 0), ("Z", 0, 0), ("WIB", 7, 0), ("WITA", 8, 0), ("WIT", 9, 0), ("ICT", 7, 0),
        ("SGT", 8, 0), ("MYT", 8, 0), ("PHT", 8, 0), ("HKT", 8, 0), ("PST", -8, 0), ("PDT", -7, 0), ("EST", -5, 0),
        ("EDT", -4, 0), ("(GMT+8)", 8, 0), ("(UTC+07:00)", 7, 0), ("GMT +8", 8, 0), ("UTC-5", -5, 0), ("UTC−5", -5, 0),
        ("+08:00", 8, 0), ("+0530", 5, 30), ("-03:30", -3, -30), ("UTC+14", 14, 0),
    ],
)  # fmt: skip
def test_a_zone_that_is_written_counts(zone: str, hours: int, minutes: int) -> None:
    ahead = timezone(timedelta(hours=hours, minutes=minutes))
    assert said(f"5 December 2026 18:00 {zone}") == Written(DAY, at=time(18, 0), zone=ahead)


@pytest.mark.parametrize("zone", ["CST", "BST", "PT", "ET", "IST", "UTC+15", "UTC+8:75", "XYZ"])
def test_a_zone_that_is_two_or_none_makes_the_whole_unknown(zone: str) -> None:
    assert said(f"5 December 2026 18:00 {zone}") is None


@pytest.mark.parametrize(
    ("month_day", "start", "day"),
    [
        ((12, 5), date(2026, 11, 20), date(2026, 12, 5)),
        ((11, 20), date(2026, 11, 20), date(2026, 11, 20)),
        ((11, 19), date(2026, 11, 20), date(2027, 11, 19)),
        ((1, 1), date(2026, 12, 31), date(2027, 1, 1)),
        ((12, 31), date(2026, 1, 1), date(2026, 12, 31)),
        ((2, 29), date(2027, 3, 1), date(2028, 2, 29)),
        ((2, 29), date(2028, 2, 29), date(2028, 2, 29)),
        ((2, 29), date(2028, 3, 1), None),
        ((2, 29), date(2026, 1, 1), None),
    ],
)
def test_a_day_without_a_year_is_the_first_within_a_year(month_day: tuple[int, int], start: date, day: date | None) -> None:
    assert first_after(month_day, start) == day


@pytest.mark.parametrize(("text", "month_day"), [("12月5日", (12, 5)), ("2月29日", (2, 29)), ("1 月 1 号", (1, 1))])
def test_a_day_without_a_year_waits_for_one(text: str, month_day: tuple[int, int]) -> None:
    assert said(text) == Written(None, month_day)


END = time(23, 59, 59)


@pytest.mark.parametrize(
    ("written", "zone", "at"),
    [
        (Written(DAY), KUALA_LUMPUR, datetime(2026, 12, 5, 15, 59, 59, tzinfo=UTC)),
        (Written(DAY, at=time(0, 0)), KUALA_LUMPUR, datetime(2026, 12, 4, 16, 0, tzinfo=UTC)),
        (Written(DAY), NEW_YORK, datetime(2026, 12, 6, 4, 59, 59, tzinfo=UTC)),
        (Written(date(2026, 7, 5)), NEW_YORK, datetime(2026, 7, 6, 3, 59, 59, tzinfo=UTC)),
        (Written(date(2026, 3, 8)), NEW_YORK, datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC)),
        (Written(date(2026, 3, 7)), NEW_YORK, datetime(2026, 3, 8, 4, 59, 59, tzinfo=UTC)),
        (Written(date(2026, 11, 1)), NEW_YORK, datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC)),
        (Written(date(2026, 10, 31)), NEW_YORK, datetime(2026, 11, 1, 3, 59, 59, tzinfo=UTC)),
        (Written(date(2026, 12, 31)), ZoneInfo("Asia/Jakarta"), datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)),
        (Written(DAY, at=time(18, 0), zone=UTC), KUALA_LUMPUR, datetime(2026, 12, 5, 18, 0, tzinfo=UTC)),
        (Written(DAY, at=time(18, 0), zone=UTC), None, datetime(2026, 12, 5, 18, 0, tzinfo=UTC)),
        (Written(DAY, at=time(18, 0)), None, None),
        (Written(DAY), None, None),
    ],
)
def test_a_day_ends_where_its_store_is(written: Written, zone: ZoneInfo | None, at: datetime | None) -> None:
    assert written.day is not None
    assert moment(written, written.day, zone, without_time=END) == at


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from 1 December 2026 to 5 December 2026", ["1 December 2026", "5 December 2026"]),
        ("处罚时间：2026年12月1日10:30，截止2026年12月5日18:00。", ["2026年12月1日10:30", "2026年12月5日18:00"]),
        ("order 2026-12-05-77", []),
        ("invoice 12/05/2026/9", []),
        ("version 1.2026.12.05", []),
        ("nothing at all", []),
    ],
)
def test_dates_are_found_in_a_text_and_numbers_are_no_dates(text: str, found: list[str]) -> None:
    assert [match[0].strip() for match in find(text, months())] == found


def test_a_month_may_be_named_twice_for_the_same_month_only() -> None:
    assert names([{"Mei": 5}, {"mei": 5, "Mac": 3}]) == {"mei": 5, "mac": 3}
    with pytest.raises(ValueError, match="Mac names two months"):
        names([{"mac": 4}, {"Mac": 3}])


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.times().map(lambda at: at.replace(microsecond=0)))
def test_what_is_written_in_the_contracts_form_is_read_as_it_was(day: date, at: time) -> None:
    assert said(f"{day:%Y-%m-%d} {at:%H:%M:%S}") == Written(day, at=at)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_buddhist_year_is_the_same_day(day: date) -> None:
    assert said(f"{day.day}/{day.month}/{day.year + 543}", "TH") == Written(day)


@given(st.dates(date(2000, 1, 1), date(2098, 12, 31)), st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_the_first_day_after_is_never_before_and_never_farther_than_a_year(start: date, like: date) -> None:
    found = first_after((like.month, like.day), start)
    if found is None:
        assert (like.month, like.day) == (2, 29)
    else:
        assert start <= found <= start + timedelta(days=731)
        assert (found.month, found.day) == (like.month, like.day)
        assert found.year <= start.year + 1


def test_only_a_days_own_time_is_its_time() -> None:
    assert clock("5 December 2026") is None
    assert clock("5 December 2026 00:00") == time(0, 0)
