"""How figures read, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.web import formats

NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
KL, MANILA, LA = ZoneInfo("Asia/Kuala_Lumpur"), ZoneInfo("Asia/Manila"), ZoneInfo("America/Los_Angeles")
SHANGHAI, BANGKOK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Bangkok")


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (48, "48 s", "48 秒"),
        (42 * 60, "42 min", "42 分"),
        (100 * 60, "1 h 40", "1 小时 40 分"),
        (5 * 3600 + 5 * 60, "5 h 05", "5 小时 5 分"),
        (3600, "1 h", "1 小时"),
        (48 * 3600, "48 h", "48 小时"),
        (76 * 3600, "3 d 4 h", "3 天 4 小时"),
        (72 * 3600, "3 d", "3 天"),
        (-5, "0 s", "0 秒"),
    ],
)
def test_a_length_of_time_reads_as_the_convention_says(seconds: int, english: str, chinese: str) -> None:
    assert formats.span(seconds, "en") == english
    assert formats.span(seconds, "zh") == chinese


@pytest.mark.parametrize(
    ("left", "term", "text", "tone"),
    [
        (timedelta(hours=5, minutes=10), timedelta(hours=10), "5 h 10", ""),
        (timedelta(hours=2), timedelta(hours=10), "2 h", "warn"),
        (timedelta(hours=1), timedelta(hours=10), "1 h", "crit"),
        (timedelta(minutes=9, seconds=59), timedelta(hours=10), "9:59", "crit"),
        (timedelta(minutes=-25), timedelta(hours=10), "late 25 min", "crit"),
    ],
)
def test_a_countdown_turns_amber_at_a_quarter_and_red_at_a_tenth(left: timedelta, term: timedelta, text: str, tone: str) -> None:
    due = NOW + left
    found = formats.countdown(due, NOW, "en", due - term)
    assert (found.text, found.tone) == (text, tone)


def test_a_late_countdown_fills_its_track() -> None:
    found = formats.countdown(NOW - timedelta(minutes=25), NOW, "zh")
    assert (found.text, found.late, found.share) == ("逾期 25 分", True, 1.0)


@given(st.integers(-10_000_000, 10_000_000), st.integers(1, 10_000_000))
def test_more_time_left_is_never_more_urgent(left: int, more: int) -> None:
    order = {"": 0, "warn": 1, "crit": 2}
    begun = NOW - timedelta(days=3)
    sooner = formats.countdown(NOW + timedelta(seconds=left), NOW, "en", begun)
    later = formats.countdown(NOW + timedelta(seconds=left + more), NOW, "en", begun)
    assert order[later.tone] <= order[sooner.tone]
    assert 0 <= sooner.share <= 1


def test_an_instant_is_told_in_the_stores_zone_as_short_as_it_can_be() -> None:
    assert formats.clock(datetime(2026, 11, 20, 6, tzinfo=UTC), NOW, KL, "en") == "14:00 MYT"
    assert formats.clock(datetime(2026, 11, 22, 1, 30, tzinfo=UTC), NOW, MANILA, "en") == "Sun 09:30 PHT"
    assert formats.clock(datetime(2026, 11, 22, 1, 30, tzinfo=UTC), NOW, MANILA, "zh") == "周日 09:30 PHT"
    assert formats.clock(datetime(2026, 12, 2, 1, 30, tzinfo=UTC), NOW, KL, "en") == "2 Dec 09:30 MYT"
    assert formats.clock(datetime(2026, 11, 19, 1, 30, tzinfo=UTC), NOW, KL, "zh") == "11月19日 09:30 MYT"
    assert formats.clock(datetime(2026, 7, 1, 1, 30, tzinfo=UTC), NOW, LA, "en").endswith("PDT")


def test_the_persons_own_time_is_left_out_where_both_clocks_agree() -> None:
    assert formats.own_clock(NOW, NOW, KL, SHANGHAI, "en") == ""
    assert formats.own_clock(NOW, NOW, KL, None, "en") == ""
    assert formats.own_clock(NOW, NOW, KL, BANGKOK, "en") == "11:20"


def test_days_read_in_both_languages() -> None:
    friday = date(2026, 11, 20)
    assert formats.day(friday, "en") == "Fri 20 Nov"
    assert formats.day(friday, "zh") == "11月20日 周五"
    assert formats.short_day(friday, "zh") == "周五 20"
    assert formats.full_day(friday, "en") == "20 Nov 2026"
    assert formats.full_day(friday, "zh") == "2026年11月20日"


def test_sentences_end_in_their_own_full_stop() -> None:
    assert formats.sentences(["Ship it", "Then it is fine."], "en") == "Ship it. Then it is fine."
    assert formats.sentences(["发货", "", "否则取消。"], "zh") == "发货。否则取消。"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.4", "0"), ("48.2", "48"), ("308.7", "310"), ("4823", "4,820"), ("34321", "34,300"), ("-3120", "−3,120")],
)
def test_an_estimate_has_no_false_decimals(amount: str, text: str) -> None:
    assert formats.about(Decimal(amount), "USD", "en") == f"≈ {text} USD"


def test_a_range_of_one_figure_is_one_figure() -> None:
    assert formats.between(Decimal(3901), Decimal(5599), "USD", "en") == "≈ 3,900–5,600 USD"
    assert formats.between(Decimal(310), Decimal(311), "USD", "zh") == "约 310 USD"


def test_an_exact_amount_keeps_its_currencys_decimals() -> None:
    assert formats.exact(Decimal("1316"), "MYR") == "1,316.00 MYR"
    assert formats.exact(Decimal("310000.4"), "VND") == "310,000 VND"
    assert formats.exact(Decimal("-3.5"), None) == "−3.50"


def test_numbers_part_their_thousands() -> None:
    assert formats.number(5214) == "5,214"
    assert formats.number(Decimal("1234.500")) == "1,234.5"


def test_a_long_id_is_shortened_in_the_middle() -> None:
    assert formats.short_id("576465000000000301") == "5764…301"
    assert formats.short_id("12345") == "12345"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Operations Lead", "OL"), ("王小明", "王"), ("ana", "AN"), ("o.p@example.com", "OP"), ("", "?")],
)
def test_a_face_has_two_letters(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


def test_a_snooze_until_the_next_shift_ends_in_the_morning() -> None:
    assert formats.next_morning(NOW, KL) == datetime(2026, 11, 21, 1, tzinfo=UTC)
    assert formats.next_morning(datetime(2026, 11, 19, 23, tzinfo=UTC), KL) == datetime(2026, 11, 20, 1, tzinfo=UTC)


def test_an_age_is_told_in_days_from_two_on() -> None:
    assert formats.age(5 * 3600 + 600, "en") == "5 h 10"
    assert formats.age(3 * 86400 + 4000, "en") == "3 d"
    assert formats.age(3 * 86400, "zh") == "3 天"


def test_the_ring_is_never_more_than_full() -> None:
    assert formats.ring_arc(90, 60) == 1.0
    assert formats.ring_arc(30, 60) == 0.5
    assert formats.ring_arc(30, 0) == 1.0
