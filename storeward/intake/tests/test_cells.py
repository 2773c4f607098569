"""What a cell of a table that a person made means: every value is written out by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.intake import cells
from storeward.intake.cells import BadCell, Cell, Place, Reader

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
KUALA_LUMPUR = Place(ZoneInfo("Asia/Kuala_Lumpur"), "MY", NOW)
LOS_ANGELES = Place(ZoneInfo("America/Los_Angeles"), "US", NOW)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-11-20T09:35:00Z", "2026-11-20T09:35:00"),
        ("2026-11-20T09:35:31.250+08:00", "2026-11-20T01:35:31.250"),
        ("2026-11-20 09:35", "2026-11-20T01:35:00"),
        ("2026-11-20", "2026-11-19T16:00:00"),
        ("2026/11/20 9:35", "2026-11-20T01:35:00"),
        ("20/11/2026 09:35:10", "2026-11-20T01:35:10"),
        ("20.11.2026", "2026-11-19T16:00:00"),
        ("3/4/2026", "2026-04-02T16:00:00"),
        (datetime(2026, 11, 20, 9, 35), "2026-11-20T01:35:00"),  # noqa: DTZ001 - a spreadsheet's instant has no zone
        (datetime(2026, 11, 20, 9, 35, tzinfo=UTC), "2026-11-20T09:35:00"),
        (date(2026, 11, 20), "2026-11-19T16:00:00"),
    ],
)
def test_an_instant_is_meant_in_the_stores_own_zone_unless_it_says_otherwise(cell: Cell, at: str) -> None:
    assert cells.instant(cell, KUALA_LUMPUR) == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_americans_write_the_month_first() -> None:
    assert cells.instant("3/4/2026", LOS_ANGELES) == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "mend"),
    [
        ("yesterday", "'yesterday' is no instant; write it like 2026-11-20 09:35"),
        ("31/02/2026", "'31/02/2026' is no instant; write it like 2026-11-20 09:35"),
        ("2026-13-01", "'2026-13-01' is no instant; write it like 2026-11-20 09:35"),
        (45980.4, "is no instant; write it like 2026-11-20 09:35"),
        (True, "is no instant; write it like 2026-11-20 09:35"),
        ("1970-01-01", "cannot be right; check the year"),
        ("0001-01-01", "cannot be right; check the year"),
        ("2226-11-20", "cannot be right; check the year"),
        ("9999-12-31 23:59", "cannot be right; check the year"),
    ],
)
def test_what_is_no_instant_is_refused_with_the_mend(cell: Cell, mend: str) -> None:
    with pytest.raises(BadCell) as refusal:
        cells.instant(cell, KUALA_LUMPUR)
    assert str(refusal.value) == mend


def test_what_was_true_cannot_lie_in_the_future_but_a_deadline_can() -> None:
    soon = (NOW + timedelta(minutes=6)).isoformat()
    assert cells.instant(soon, KUALA_LUMPUR) == NOW + timedelta(minutes=6)
    with pytest.raises(BadCell, match="lies in the future; enter when it was true"):
        cells.past(soon, KUALA_LUMPUR)
    assert cells.past((NOW + timedelta(minutes=4)).isoformat(), KUALA_LUMPUR) == NOW + timedelta(minutes=4)


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("84.00", "84.00"),
        (" -34.2 ", "-34.2"),
        ("1,234.50", "1234.50"),
        ("12,345,678", "12345678"),
        ("+7", "7"),
        (84.0, "84.0"),
        (0.1, "0.1"),
        (42, "42"),
        ("0", "0"),
    ],
)
def test_an_amount_is_exact(cell: Cell, figure: str) -> None:
    assert cells.amount(cell, KUALA_LUMPUR) == Decimal(figure)


@pytest.mark.parametrize(
    "cell", ["RM 12", "1.234,50", "12,34", "", "NaN", "Infinity", "1e30", True, date(2026, 1, 1), "1000000000001"]
)
def test_an_amount_that_is_none_is_refused(cell: Cell) -> None:
    with pytest.raises(BadCell):
        cells.amount(cell, KUALA_LUMPUR)


@pytest.mark.parametrize(
    ("cell", "ident"),
    [
        ("576465000000000301", "576465000000000301"),
        ("'000123", "000123"),
        (" 250901ABC ", "250901ABC"),
        (14701711.0, "14701711"),
        (14701711, "14701711"),
        (9007199254740991.0, "9007199254740991"),
    ],
)
def test_an_id_stays_digit_for_digit(cell: Cell, ident: str) -> None:
    assert cells.ident(cell, KUALA_LUMPUR) == ident


@pytest.mark.parametrize("cell", ["5.76465E+17", "5e17", 576465000000000301.0, 9007199254740992.0])
def test_an_id_that_the_spreadsheet_has_rounded_is_refused(cell: Cell) -> None:
    with pytest.raises(BadCell, match="was rounded by the spreadsheet; format the column as text"):
        cells.ident(cell, KUALA_LUMPUR)


@pytest.mark.parametrize("cell", [1.5, True, date(2026, 1, 1), "two words", "x" * 121, "a\x00b", "a\nb"])
def test_what_is_no_id_is_refused(cell: Cell) -> None:
    with pytest.raises(BadCell, match="is no id"):
        cells.ident(cell, KUALA_LUMPUR)


@pytest.mark.parametrize(("cell", "number"), [("14", 14), (14.0, 14), ("0", 0), ("1,400", 1400)])
def test_a_count_is_whole(cell: Cell, number: int) -> None:
    assert cells.count(cell, KUALA_LUMPUR) == number


@pytest.mark.parametrize("cell", ["-1", "1.5", "2147483648", "many"])
def test_what_is_no_count_is_refused(cell: Cell) -> None:
    with pytest.raises(BadCell):
        cells.count(cell, KUALA_LUMPUR)


@pytest.mark.parametrize(("cell", "code"), [("myr", "MYR"), (" USD ", "USD")])
def test_a_currency_is_three_letters(cell: Cell, code: str) -> None:
    assert cells.currency(cell, KUALA_LUMPUR) == code


@pytest.mark.parametrize("cell", ["RM", "dollars", "US$", "人民币", 12])
def test_what_is_no_currency_is_refused(cell: Cell) -> None:
    with pytest.raises(BadCell, match="write three letters"):
        cells.currency(cell, KUALA_LUMPUR)


def test_words_are_known_in_any_case_and_both_languages() -> None:
    read = cells.words({"live": "live", "On sale": "live", "在售": "live", "off": "off"}, strict=True)
    assert [read(cell, KUALA_LUMPUR) for cell in ("LIVE", "on SALE", " 在售 ", "Off")] == ["live", "live", "live", "off"]
    with pytest.raises(BadCell, match="'gone' is none of live, off"):
        read("gone", KUALA_LUMPUR)


def test_a_word_that_nobody_knows_is_kept_where_that_is_allowed() -> None:
    read = cells.words({"to ship": "to_ship"}, strict=False)
    assert read("Ready for the moon", KUALA_LUMPUR) == "Ready for the moon"
    with pytest.raises(BadCell):
        read("x" * 81, KUALA_LUMPUR)
    with pytest.raises(BadCell):
        read("a\x00", KUALA_LUMPUR)


def test_texts_have_an_end() -> None:
    read = cells.text(5)
    assert read(" abcde ", KUALA_LUMPUR) == "abcde"
    assert read(12.0, KUALA_LUMPUR) == "12"
    with pytest.raises(BadCell, match="is longer than 5 characters; shorten it"):
        read("abcdef", KUALA_LUMPUR)


@pytest.mark.parametrize(
    ("said", "meaning"), [("Yes", True), ("是", True), ("1", True), ("no", False), ("否", False), ("OFF", False)]
)
def test_yes_and_no_in_words(said: str, meaning: bool) -> None:
    assert cells.yes(said) is meaning


def test_a_score_is_a_whole_number_within_its_scale() -> None:
    assert cells.whole("165", most=1000) == 165
    for wrong in ("1001", "-1", "16.5", "good"):
        with pytest.raises(BadCell, match="expected a whole number from 0 to 1000"):
            cells.whole(wrong, most=1000)


READERS = [cells.ident, cells.amount, cells.count, cells.currency, cells.past, cells.instant, cells.text(20), cells.between(0, 5)]


@given(cell=st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.dates()))
def test_any_cell_is_read_or_refused_in_words_and_never_raises_otherwise(cell: Cell) -> None:
    for read in READERS:
        for place in (KUALA_LUMPUR, LOS_ANGELES):
            assert said_of(read, cell, place)


def said_of(read: Reader, cell: Cell, place: Place) -> str:
    """What comes of a cell, in words: its value, or the refusal."""
    try:
        return f"read: {read(cell, place)!r}"
    except BadCell as refusal:
        return str(refusal)
