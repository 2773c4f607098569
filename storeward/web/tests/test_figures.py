"""How figures read, written out case by case: both languages, both sides of every boundary."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.web import formats
from storeward.web.formats import Language

NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
KL, MANILA, SAIGON, PACIFIC = (
    ZoneInfo(name) for name in ("Asia/Kuala_Lumpur", "Asia/Manila", "Asia/Ho_Chi_Minh", "America/Los_Angeles")
)


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (-5, "0 s", "0 秒"),
        (0, "0 s", "0 秒"),
        (59.9, "59 s", "59 秒"),
        (60, "1 min", "1 分"),
        (3599, "59 min", "59 分"),
        (3600, "1 h", "1 小时"),
        (3660, "1 h 01", "1 小时 1 分"),
        (5 * 3600 + 600, "5 h 10", "5 小时 10 分"),
        (41 * 3600, "41 h", "41 小时"),
        (48 * 3600, "48 h", "48 小时"),
        (48 * 3600 + 1, "2 d", "2 天"),
        (49 * 3600, "2 d 1 h", "2 天 1 小时"),
        (72 * 3600, "3 d", "3 天"),
        (76 * 3600 + 1800, "3 d 4 h", "3 天 4 小时"),
        (57 * 86400 + 6 * 3600, "57 d 6 h", "57 天 6 小时"),
    ],
)
def test_a_length_of_time_reads_by_its_size(seconds: float, en: str, zh: str) -> None:
    assert formats.span(seconds, "en") == en
    assert formats.span(seconds, "zh") == zh


@pytest.mark.parametrize(
    ("left_minutes", "term_minutes", "text", "tone", "late", "running"),
    [
        (1000, 1000, "16 h 40", "", False, False),
        (251, 1000, "4 h 11", "", False, False),
        (250, 1000, "4 h 10", "warn", False, False),
        (101, 1000, "1 h 41", "warn", False, False),
        (100, 1000, "1 h 40", "crit", False, False),
        (10, 1000, "10 min", "crit", False, False),
        (9.98, 1000, "9:58", "crit", False, True),
        (0.05, 10, "0:03", "crit", False, True),
        (0, 10, "0:00", "crit", False, True),
        (-25, 1000, "late 25 min", "crit", True, False),
        (-1500, 1000, "late 25 h", "crit", True, False),
        (5000, None, "3 d 11 h", "", False, False),
        (30, None, "30 min", "", False, False),
    ],
)
def test_a_countdown_changes_its_tone_at_a_quarter_and_at_a_tenth(
    left_minutes: float, term_minutes: float | None, text: str, tone: str, late: bool, running: bool
) -> None:
    due_at = NOW + timedelta(minutes=left_minutes)
    starts_at = None if term_minutes is None else due_at - timedelta(minutes=term_minutes)
    told = formats.countdown(due_at, NOW, "en", starts_at)
    assert (told.text, told.tone, told.late, told.running) == (text, tone, late, running)


@given(st.integers(-100_000, 1_000_000), st.integers(0, 1_000_000))
def test_the_track_of_a_countdown_is_a_share(left: int, term: int) -> None:
    due_at = NOW + timedelta(seconds=left)
    for language in ("en", "zh"):
        told = formats.countdown(due_at, NOW, language, due_at - timedelta(seconds=term))
        assert 0.0 <= told.share <= 1.0
        assert told.late == (left < 0)


@pytest.mark.parametrize(
    ("hours", "zone", "en", "zh"),
    [
        (0, KL, "12:20 MYT", "12:20 MYT"),
        (11.5, KL, "23:50 MYT", "23:50 MYT"),
        (12, KL, "Sat 00:20 MYT", "周六 00:20 MYT"),
        (24 * 6, KL, "Thu 12:20 MYT", "周四 12:20 MYT"),
        (24 * 7, KL, "27 Nov 12:20 MYT", "11月27日 12:20 MYT"),
        (-24, KL, "19 Nov 12:20 MYT", "11月19日 12:20 MYT"),
        (0, MANILA, "12:20 PHT", "12:20 PHT"),
        (0, SAIGON, "11:20 ICT", "11:20 ICT"),
        (0, PACIFIC, "20:20 PST", "20:20 PST"),
        (4, PACIFIC, "Fri 00:20 PST", "周五 00:20 PST"),
    ],
)
def test_an_instant_is_as_short_as_the_stores_own_calendar_allows(hours: float, zone: ZoneInfo, en: str, zh: str) -> None:
    at = NOW + timedelta(hours=hours)
    assert formats.clock(at, NOW, zone, "en") == en
    assert formats.clock(at, NOW, zone, "zh") == zh


@pytest.mark.parametrize(
    ("own", "text"),
    [(None, ""), (KL, ""), (MANILA, ""), (SAIGON, "11:20"), (PACIFIC, "20:20"), (ZoneInfo("Asia/Kathmandu"), "10:05")],
)
def test_the_own_clock_stands_only_where_it_differs(own: ZoneInfo | None, text: str) -> None:
    assert formats.own_clock(NOW, NOW, KL, own, "en") == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1316", "MYR", "1,316.00 MYR"),
        ("-0.005", "MYR", "−0.01 MYR"),
        ("1676663.4", "VND", "1,676,663 VND"),
        ("-12.5", "IDR", "−13 IDR"),
        ("0", "USD", "0.00 USD"),
        ("5", None, "5.00"),
    ],
)
def test_an_exact_amount_has_the_places_of_its_currency(amount: str, currency: str | None, text: str) -> None:
    assert formats.exact(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.4", "0"),
        ("31.5", "32"),
        ("99.4", "99"),
        ("104.9", "100"),
        ("105", "110"),
        ("994", "990"),
        ("1234", "1230"),
        ("12345", "12300"),
        ("199999", "200000"),
        ("-1234", "-1230"),
    ],
)
def test_an_estimate_never_looks_like_a_measurement(amount: str, rounded: str) -> None:
    assert formats.rounded(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("low", "high", "en", "zh"),
    [
        ("3900", "5600", "≈ 3,900–5,600 USD", "约 3,900–5,600 USD"),
        ("1231", "1234", "≈ 1,230 USD", "约 1,230 USD"),
        ("0", "50", "≈ 0–50 USD", "约 0–50 USD"),
    ],
)
def test_a_range_is_one_figure_where_both_ends_round_to_it(low: str, high: str, en: str, zh: str) -> None:
    assert formats.between(Decimal(low), Decimal(high), "USD", "en") == en
    assert formats.between(Decimal(low), Decimal(high), "USD", "zh") == zh


@pytest.mark.parametrize(
    ("day", "language", "plain", "full", "column"),
    [
        (date(2026, 11, 20), "en", "Fri 20 Nov", "20 Nov 2026", "Fri 20"),
        (date(2026, 11, 20), "zh", "11月20日 周五", "2026年11月20日", "周五 20"),
        (date(2024, 2, 29), "en", "Thu 29 Feb", "29 Feb 2024", "Thu 29"),
        (date(2027, 1, 3), "zh", "1月3日 周日", "2027年1月3日", "周日 3"),
    ],
)
def test_a_day_reads_in_full_in_short_and_as_a_column(day: date, language: Language, plain: str, full: str, column: str) -> None:
    assert formats.day(day, language) == plain
    assert formats.full_day(day, language) == full
    assert formats.short_day(day, language) == column


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Operations Lead", "OL"),
        ("Lina Tan", "LT"),
        ("demo@storeward.example", "DS"),
        ("Cher", "CH"),
        ("王小明", "王"),
        ("สมชาย ใจดี", "ส"),
        ("", "?"),
        ("   ", "?"),
        ("a", "A"),
    ],
)
def test_a_face_has_two_letters_or_one_sign(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


@pytest.mark.parametrize(
    ("text", "short"),
    [("578312345112", "578312345112"), ("5783123451129", "5783…129"), ("", ""), ("7494049642642000112", "7494…112")],
)
def test_a_long_id_is_shortened_in_the_middle(text: str, short: str) -> None:
    assert formats.short_id(text) == short


@pytest.mark.parametrize(
    ("parts", "en", "zh"),
    [
        (["One", "Two."], "One. Two.", "One。Two。"),
        (["Only", ""], "Only.", "Only。"),
        ([], "", ""),
        (["甲。", "乙"], "甲. 乙.", "甲。乙。"),
    ],
)
def test_parts_become_sentences_with_one_full_stop_each(parts: list[str], en: str, zh: str) -> None:
    assert formats.sentences(parts, "en") == en
    assert formats.sentences(parts, "zh") == zh


@pytest.mark.parametrize(
    ("at", "zone", "morning"),
    [
        (datetime(2026, 11, 20, 0, 59, tzinfo=UTC), KL, datetime(2026, 11, 20, 1, 0, tzinfo=UTC)),
        (datetime(2026, 11, 20, 1, 0, tzinfo=UTC), KL, datetime(2026, 11, 21, 1, 0, tzinfo=UTC)),
        (datetime(2026, 11, 20, 4, 20, tzinfo=UTC), KL, datetime(2026, 11, 21, 1, 0, tzinfo=UTC)),
        (datetime(2026, 10, 31, 20, 0, tzinfo=UTC), PACIFIC, datetime(2026, 11, 1, 17, 0, tzinfo=UTC)),
    ],
)
def test_the_next_morning_is_nine_oclock_in_that_zone_even_when_clocks_change(
    at: datetime, zone: ZoneInfo, morning: datetime
) -> None:
    assert formats.next_morning(at, zone) == morning


@pytest.mark.parametrize(
    ("age", "limit", "share"), [(0, 60, 0.0), (30, 60, 0.5), (60, 60, 1.0), (90, 60, 1.0), (-5, 60, 0.0), (5, 0, 1.0)]
)
def test_the_ring_of_freshness_is_full_at_the_limit(age: float, limit: float, share: float) -> None:
    assert formats.ring_arc(age, limit) == share


@pytest.mark.parametrize(
    ("told", "en", "zh"),
    [
        ("462.81", "462.81", "462.81"),
        ("-2246113", "−2,246,113", "−2,246,113"),
        ("10976.15", "10,976.15", "10,976.15"),
        ("14.3 %", "14.3 %", "14.3%"),
        ("0", "0", "0"),
        ("999", "999", "999"),
        ("1000", "1,000", "1,000"),
        ("5 of 8", "5 of 8", "5 of 8"),
        ("orange", "orange", "orange"),
        ("", "", ""),
    ],
)
def test_a_figure_of_the_matrix_reads_in_the_readers_language(told: str, en: str, zh: str) -> None:
    assert formats.figure(told, "en") == en
    assert formats.figure(told, "zh") == zh


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_a_figure_says_the_number_that_it_was_given(value: Decimal) -> None:
    read = formats.figure(f"{value:f}", "en")
    assert Decimal(read.replace(",", "").replace("−", "-")) == value


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("7686.4", "7686"),
        ("99.5", "99.50"),
        ("-100.5", "-101"),
        ("34", "34"),
        ("0", "0"),
        ("99.999", "100.00"),
        ("frozen", "frozen"),
    ],
)
def test_a_balance_in_the_matrix_has_decimals_only_where_they_matter(told: str, shown: str) -> None:
    assert formats.whole_money(told) == shown


@pytest.mark.parametrize(
    ("currency", "en", "zh"),
    [("USD", "≈ 310 USD", "约 310 USD"), ("CNY", "≈ 310 CNY", "约 310 元"), ("IDR", "≈ 310 IDR", "约 310 IDR")],
)
def test_an_estimate_names_its_currency_as_the_reader_writes_it(currency: str, en: str, zh: str) -> None:
    assert formats.about(Decimal(310), currency, "en") == en
    assert formats.about(Decimal(310), currency, "zh") == zh
