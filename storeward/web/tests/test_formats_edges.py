"""Figures at their edges: signs of nothing, long and wrong input, ends of days, months, years and of summer time."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.web import formats

NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
KL, LA, UTC_ZONE = ZoneInfo("Asia/Kuala_Lumpur"), ZoneInfo("America/Los_Angeles"), ZoneInfo("UTC")
amounts = st.decimals(-(10**9), 10**9, places=3)
Language = Literal["en", "zh"]


# -- lengths of time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0 秒"),
        (0.9, "0 s", "0 秒"),
        (59.99, "59 s", "59 秒"),
        (60, "1 min", "1 分"),
        (119, "1 min", "1 分"),
        (3599, "59 min", "59 分"),
        (3600, "1 h", "1 小时"),
        (3659, "1 h", "1 小时"),
        (3660, "1 h 01", "1 小时 1 分"),
        (86_400, "24 h", "24 小时"),
        (172_799, "47 h 59", "47 小时 59 分"),
        (172_800, "48 h", "48 小时"),
        (172_801, "2 d", "2 天"),
        (176_400, "2 d 1 h", "2 天 1 小时"),
        (259_199, "2 d 23 h", "2 天 23 小时"),
        (31_536_000, "365 d", "365 天"),
    ],
)
def test_a_length_of_time_at_the_edges_of_its_units(seconds: float, english: str, chinese: str) -> None:
    assert formats.span(seconds, "en") == english
    assert formats.span(seconds, "zh") == chinese


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0 秒"),
        (86_400, "24 h", "24 小时"),
        (172_799, "47 h 59", "47 小时 59 分"),
        (172_800, "2 d", "2 天"),
        (259_199, "2 d", "2 天"),
        (259_200, "3 d", "3 天"),
    ],
)
def test_an_age_has_one_figure_from_two_days_on(seconds: float, english: str, chinese: str) -> None:
    assert formats.age(seconds, "en") == english
    assert formats.age(seconds, "zh") == chinese


@pytest.mark.parametrize(
    ("left", "text", "tone", "late", "running"),
    [
        (600, "10 min", "crit", False, False),
        (599, "9:59", "crit", False, True),
        (61, "1:01", "crit", False, True),
        (9, "0:09", "crit", False, True),
        (0, "0:00", "crit", False, True),
        (-1, "late 1 s", "crit", True, False),
        (-60, "late 1 min", "crit", True, False),
        (-86_400 * 3, "late 3 d", "crit", True, False),
        (8_640, "2 h 24", "crit", False, False),
        (8_641, "2 h 24", "warn", False, False),
        (21_600, "6 h", "warn", False, False),
        (21_601, "6 h", "", False, False),
    ],
)
def test_a_countdown_of_a_day_changes_at_exact_shares(left: int, text: str, tone: str, late: bool, running: bool) -> None:
    due = NOW + timedelta(seconds=left)
    found = formats.countdown(due, NOW, "en", due - timedelta(days=1))
    assert (found.text, found.tone, found.late, found.running) == (text, tone, late, running)


@pytest.mark.parametrize(
    ("started", "share"), [(None, 1.0), (timedelta(0), 1.0), (timedelta(hours=5), 1.0), (-timedelta(hours=9), 0.1)]
)
def test_a_term_without_a_length_is_full(started: timedelta | None, share: float) -> None:
    """A term that began at or after its own end has no length, and one that has not begun yet is whole."""
    due = NOW + timedelta(hours=1)
    begins = None if started is None else due + started if started >= timedelta(0) else NOW + started
    assert formats.countdown(due, NOW, "en", begins).share == pytest.approx(share)


# -- instants ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "zone", "letters"),
    [
        (datetime(2026, 3, 8, 9, 59, tzinfo=UTC), LA, "PST"),
        (datetime(2026, 3, 8, 10, 0, tzinfo=UTC), LA, "PDT"),
        (datetime(2026, 11, 1, 8, 59, tzinfo=UTC), LA, "PDT"),
        (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), LA, "PST"),
        (datetime(2026, 6, 1, tzinfo=UTC), ZoneInfo("Europe/London"), "BST"),
        (datetime(2026, 12, 1, tzinfo=UTC), ZoneInfo("Europe/London"), "GMT"),
        (NOW, ZoneInfo("Asia/Shanghai"), "CST"),
        (NOW, ZoneInfo("Asia/Ho_Chi_Minh"), "ICT"),
        (NOW, ZoneInfo("Asia/Jakarta"), "WIB"),
        (NOW, ZoneInfo("America/Sao_Paulo"), "BRT"),
        (NOW, UTC_ZONE, "UTC"),
    ],
)
def test_a_zone_has_the_letters_that_hold_at_that_instant(at: datetime, zone: ZoneInfo, letters: str) -> None:
    assert formats.zone_letters(zone, at) == letters


@pytest.mark.parametrize(
    ("at", "english"),
    [
        (datetime(2026, 11, 20, 15, 59, tzinfo=UTC), "23:59 MYT"),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "Sat 00:00 MYT"),
        (datetime(2026, 11, 19, 15, 59, tzinfo=UTC), "19 Nov 23:59 MYT"),
        (datetime(2026, 11, 19, 16, 0, tzinfo=UTC), "00:00 MYT"),
        (datetime(2026, 11, 26, 15, 59, tzinfo=UTC), "Thu 23:59 MYT"),
        (datetime(2026, 11, 26, 16, 0, tzinfo=UTC), "27 Nov 00:00 MYT"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "1 Jan 00:00 MYT"),
    ],
)
def test_today_and_the_week_end_at_midnight_of_the_store(at: datetime, english: str) -> None:
    assert formats.clock(at, NOW, KL, "en") == english


@pytest.mark.parametrize(
    ("at", "english", "chinese"),
    [
        (datetime(2024, 2, 28, 16, tzinfo=UTC), "29 Feb 2024 00:00", "2024年2月29日 00:00"),
        (datetime(2025, 2, 28, 16, tzinfo=UTC), "1 Mar 2025 00:00", "2025年3月1日 00:00"),
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), "31 Dec 2026 23:59", "2026年12月31日 23:59"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "1 Jan 2027 00:00", "2027年1月1日 00:00"),
    ],
)
def test_an_instant_with_its_year_is_that_of_the_store(at: datetime, english: str, chinese: str) -> None:
    assert formats.at_time(at, KL, "en") == english
    assert formats.at_time(at, KL, "zh") == chinese


@pytest.mark.parametrize(
    ("now", "zone", "morning"),
    [
        (datetime(2026, 11, 20, 0, 59, 59, tzinfo=UTC), KL, datetime(2026, 11, 20, 1, tzinfo=UTC)),
        (datetime(2026, 11, 20, 1, 0, 0, tzinfo=UTC), KL, datetime(2026, 11, 21, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 5, tzinfo=UTC), KL, datetime(2027, 1, 1, 1, tzinfo=UTC)),
        (datetime(2026, 3, 7, 20, tzinfo=UTC), LA, datetime(2026, 3, 8, 16, tzinfo=UTC)),
        (datetime(2026, 10, 31, 20, tzinfo=UTC), LA, datetime(2026, 11, 1, 17, tzinfo=UTC)),
    ],
)
def test_the_next_morning_is_nine_by_the_wall_also_where_summer_time_begins_or_ends(
    now: datetime, zone: ZoneInfo, morning: datetime
) -> None:
    assert formats.next_morning(now, zone) == morning


@given(st.integers(0, 10 * 365 * 86_400), st.sampled_from([KL, LA, UTC_ZONE]))
def test_the_next_morning_is_never_more_than_a_day_and_the_hour_of_summer_time_ahead(seconds: int, zone: ZoneInfo) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    morning = formats.next_morning(now, zone).astimezone(UTC)
    assert timedelta(0) < morning - now <= timedelta(hours=25)
    assert (morning.astimezone(zone).hour, morning.astimezone(zone).minute) == (9, 0)


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_has_its_name(number: int) -> None:
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    assert formats.month(date(2026, number, 1), "en") == names[number - 1]
    assert formats.month(date(2026, number, 1), "zh") == f"{number}月"


def test_a_day_may_be_told_without_its_weekday() -> None:
    assert formats.day(date(2026, 11, 22), "en") == "Sun 22 Nov"
    assert formats.day(date(2026, 11, 22), "en", weekday=False) == "22 Nov"
    assert formats.day(date(2026, 11, 22), "zh", weekday=False) == "11月22日"


# -- numbers and money ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-5, "−5"),
        (-1234, "−1,234"),
        (1_000_000, "1,000,000"),
        (Decimal("0"), "0"),
        (Decimal("-0"), "0"),
        (Decimal("-0.00"), "0"),
        (Decimal("0.10"), "0.1"),
        (Decimal("-0.10"), "−0.1"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-1234567.8900"), "−1,234,567.89"),
    ],
)
def test_a_number_has_a_true_minus_and_a_zero_has_none(value: Decimal | int, text: str) -> None:
    assert formats.number(value) == text


@given(amounts)
def test_a_number_reads_back_as_what_it_was(value: Decimal) -> None:
    text = formats.number(value)
    assert Decimal(text.replace(",", "").replace("−", "-")) == value
    assert "-" not in text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("0", "MYR", "0.00 MYR"),
        ("-0.001", "MYR", "0.00 MYR"),
        ("0.005", "MYR", "0.01 MYR"),
        ("-0.005", "MYR", "−0.01 MYR"),
        ("-0.4", "VND", "0 VND"),
        ("0.5", "IDR", "1 IDR"),
        ("2.5", "JPY", "3 JPY"),
        ("1234567.891", "USD", "1,234,567.89 USD"),
    ],
)
def test_an_exact_amount_is_rounded_half_up_and_a_zero_has_no_sign(amount: str, currency: str, text: str) -> None:
    assert formats.exact(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0"),
        ("-0.4", "0"),
        ("0.5", "1"),
        ("99.4", "99"),
        ("99.5", "100"),
        ("104.9", "100"),
        ("105", "110"),
        ("994", "990"),
        ("999.6", "1,000"),
        ("1234", "1,230"),
        ("99950", "100,000"),
        ("1234567", "1,230,000"),
        ("-1234567", "−1,230,000"),
    ],
)
def test_an_estimate_keeps_three_figures_at_most(amount: str, text: str) -> None:
    assert formats.about(Decimal(amount), "USD", "en") == f"≈ {text} USD"


@given(amounts)
def test_an_estimate_is_never_off_by_more_than_a_twentieth_or_half(amount: Decimal) -> None:
    """Three figures: at worst 105 read as 110."""
    assert abs(formats.rounded(amount) - amount) <= max(abs(amount) / 20, Decimal("0.5"))


@pytest.mark.parametrize(
    ("low", "high", "currency", "english", "chinese"),
    [
        ("10", "20", "USD", "≈ 10–20 USD", "约 10–20 USD"),
        ("10", "20", "CNY", "≈ 10–20 CNY", "约 10–20 元"),
        ("0", "0.3", "USD", "≈ 0 USD", "约 0 USD"),
        ("-500", "-300", "USD", "≈ −500–−300 USD", "约 −500–−300 USD"),
        ("-0.2", "40", "USD", "≈ 0–40 USD", "约 0–40 USD"),
    ],
)
def test_a_range_reads_with_true_minuses(low: str, high: str, currency: str, english: str, chinese: str) -> None:
    assert formats.between(Decimal(low), Decimal(high), currency, "en") == english
    assert formats.between(Decimal(low), Decimal(high), currency, "zh") == chinese


@pytest.mark.parametrize(
    ("told", "english", "chinese"),
    [
        ("-0", "0", "0"),
        ("-0.0 %", "0.0 %", "0.0%"),
        ("-12.5 %", "−12.5 %", "−12.5%"),
        ("1234567.5", "1,234,567.5", "1,234,567.5"),
        ("", "", ""),
        ("NaN", "NaN", "NaN"),
        ("Good 12", "Good 12", "Good 12"),
        ("12 units", "12 units", "12 units"),
        ("9" * 5000, None, None),
    ],
)
def test_a_measured_value_is_told_or_left_as_it_is(told: str, english: str | None, chinese: str | None) -> None:
    parted = f"{Decimal(told):,f}" if english is None else ""
    assert formats.figure(told, "en") == (english if english is not None else parted)
    assert formats.figure(told, "zh") == (chinese if chinese is not None else parted)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "none", "", "12 MYR"])
def test_a_balance_that_is_no_amount_is_shown_as_it_came(text: str) -> None:
    assert formats.whole_money(text) == text


@pytest.mark.parametrize(("value", "text"), [("0.00", "±0"), ("-0", "±0"), ("1000", "+1,000"), ("-1000.50", "−1,000.5")])
def test_a_change_has_its_sign(value: str, text: str) -> None:
    assert formats.signed(Decimal(value)) == text


# -- names ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "short"),
    [("", ""), ("123456789012", "123456789012"), ("1234567890123", "1234…123"), ("A" * 64, "AAAA…AAA")],
)
def test_an_id_of_twelve_letters_is_still_whole(text: str, short: str) -> None:
    assert formats.short_id(text) == short


@pytest.mark.parametrize(
    ("name", "letters"),
    [("...", "?"), (" @ ", "?"), ("x", "X"), ("mei ling tan", "ML"), ("  ana  ", "AN"), ("Émile Zola", "É"), ("陈 大文", "陈")],
)
def test_a_face_never_fails_for_a_strange_name(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


@pytest.mark.parametrize(("age", "limit", "share"), [(-5, 60, 0.0), (0, 60, 0.0), (60, 60, 1.0), (61, 60, 1.0), (0, -1, 1.0)])
def test_the_ring_stays_between_empty_and_full(age: float, limit: float, share: float) -> None:
    assert formats.ring_arc(age, limit) == share
