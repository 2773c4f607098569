"""Whole tables as people bring them: odd cells, blank cells, instants at the edges, and what each kind of row becomes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward import canon
from storeward.intake import cells, reading
from storeward.intake.cells import BadCell, Cell, Place
from storeward.intake.checking import Checked, Owner, built, check
from storeward.intake.sheets import LISTED, SHEETS, STATUS, VIOLATION, Contradiction, Told, figure, in_order, money
from storeward.lib.money import Money

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
LUNA = Owner(1, 1, "tt-my-luna3", "Luna Home 3", "7494049642642441621", "MY", "Asia/Kuala_Lumpur", "MYR")
KOPI = Owner(2, 1, "lz-id-kopi", "Kopi", "100200300", "ID", "Asia/Jakarta", "IDR")
AMERICA = Owner(3, 1, "tt-us-luna", "Luna US", "7495", "US", "America/New_York", "USD")
OWNERS = (LUNA, KOPI, AMERICA)


def place(owner: Owner) -> Place:
    return Place(ZoneInfo(owner.timezone), owner.region, NOW)


MY, ID, US = (place(owner) for owner in OWNERS)


def look(sheet: str, *lines: str) -> Checked:
    return check(SHEETS[sheet], reading.rows("\n".join(lines).encode(), "x.csv"), OWNERS, name="x.csv", now=NOW)


def bad(checked: Checked) -> list[tuple[int, str, str]]:
    return [(one.row, one.field, one.message) for one in checked.bad]


def only(checked: Checked, owner: Owner = LUNA) -> Any:
    ((record, _),) = built(checked, owner, NOW)
    return record


# -- cells -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "cell", "figure"),
    [
        (MY, "84.500", "84.500"),
        (US, "1.234", "1.234"),
        (ID, "84.50", "84.50"),
        (ID, "84500", "84500"),
        (ID, "0.125", "0.125"),
        (ID, "1234.567", "1234.567"),
        (ID, 84.125, "84.125"),
        (MY, "-1,234.50", "-1234.50"),
        (MY, "1e3", "1000"),
        (MY, "-0", "0"),
        (MY, "1000000000000", "1000000000000"),
        (MY, "0.000000000001", "0.000000000001"),
        (MY, 0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_an_amount_is_read_where_it_has_one_meaning(where: Place, cell: Cell, figure: str) -> None:
    assert cells.amount(cell, where) == Decimal(figure)


@pytest.mark.parametrize(
    ("where", "cell", "mend"),
    [
        (ID, "84.500", "'84.500' can be read in two ways; write it like 1234.50"),
        (ID, "-1.250", "'-1.250' can be read in two ways; write it like 1234.50"),
        (MY, "1_000", "'1_000' is no number; write it like 1234.50"),
        (MY, "1e-31", "'1e-31' cannot be right; check the number"),
        (MY, "1e-1073741824", "'1e-1073741824' cannot be right; check the number"),
        (MY, "-1000000000001", "'-1000000000001' cannot be right; check the number"),
        (MY, "sNaN", "'sNaN' cannot be right; check the number"),
        (MY, "1,23,456", "'1,23,456' is no number; write it like 1234.50"),
        (MY, "12 345", "'12 345' is no number; write it like 1234.50"),
        (MY, "=A1+1", "'=A1+1' is no number; write it like 1234.50"),
    ],
)
def test_an_amount_of_two_meanings_or_none_is_refused(where: Place, cell: Cell, mend: str) -> None:
    with pytest.raises(BadCell) as refusal:
        cells.amount(cell, where)
    assert str(refusal.value) == mend


@pytest.mark.parametrize(
    ("where", "cell", "at"),
    [
        (US, "2026-03-08 01:59", "2026-03-08T06:59:00"),  # the last minute of winter time
        (US, "2026-03-08 03:00", "2026-03-08T07:00:00"),  # the first of summer time
        (US, "2026-11-01 00:59", "2026-11-01T04:59:00"),
        (US, "2026-11-01 02:00", "2026-11-01T07:00:00"),
        (US, "2026-07-04", "2026-07-04T04:00:00"),
        (US, "2026-01-04", "2026-01-04T05:00:00"),
        (US, "12/31/2025 23:59", "2026-01-01T04:59:00"),
        (MY, "31/12/2025 23:59", "2025-12-31T15:59:00"),
        (MY, "1/1/2026", "2025-12-31T16:00:00"),
        (ID, "1/1/2026", "2025-12-31T17:00:00"),
        (MY, "29/02/2024", "2024-02-28T16:00:00"),
        (MY, "2024-02-29T23:59:59", "2024-02-29T15:59:59"),
        (MY, "20261120", "2026-11-19T16:00:00"),
        (MY, "2015-01-01 08:00", "2015-01-01T00:00:00"),
        (MY, "2026-11-20T09:35-05:00", "2026-11-20T14:35:00"),
    ],
)
def test_an_instant_at_the_edge_of_a_day_a_year_or_summer_time(where: Place, cell: str, at: str) -> None:
    assert cells.instant(cell, where) == datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "cell", ["29/02/2026", "29/02/2100", "31/04/2026", "0/1/2026", "13/13/2026", "20/11/26", "2014-12-31", "2015-01-01 07:59", ""]
)
def test_a_day_that_no_calendar_has_or_that_is_too_old_is_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        cells.instant(cell, MY)


def test_a_number_longer_than_any_score_is_refused_in_words() -> None:
    with pytest.raises(BadCell, match="expected a whole number from 0 to 1000"):
        cells.whole("9" * 5000, most=1000)


@pytest.mark.parametrize(
    ("said", "fits"), [("0", True), ("5", True), ("4.5", True), ("-0.1", False), ("5.01", False), ("6", False)]
)
def test_stars_lie_between_none_and_five(said: str, fits: bool) -> None:
    read = cells.between(0, 5)
    if fits:
        assert read(said, MY) == Decimal(said)
    else:
        with pytest.raises(BadCell, match="cannot be right; expected 0 to 5"):
            read(said, MY)


@given(st.decimals(-(10**12), 10**12, places=4), st.sampled_from([MY, US]))
def test_any_exact_figure_is_read_digit_for_digit_with_or_without_commas(figure: Decimal, where: Place) -> None:
    assert cells.amount(f"{figure:f}", where) == figure
    assert cells.amount(f"{figure:,f}", where) == figure


@given(st.datetimes(datetime(2015, 1, 2), datetime(2030, 1, 1)))  # noqa: DTZ001 - as a spreadsheet has it
def test_an_instant_is_the_same_as_text_and_as_a_spreadsheets_own(at: datetime) -> None:
    at = at.replace(microsecond=0)
    meant = at.replace(tzinfo=UTC) - timedelta(hours=8)
    assert [cells.instant(cell, MY) for cell in (at, f"{at:%Y-%m-%d %H:%M:%S}", f"{at:%d/%m/%Y %H:%M:%S}")] == [meant] * 3


# -- blanks ----------------------------------------------------------------------------------------------------------------


def test_a_cell_of_blanks_says_nothing() -> None:
    checked = look("orders", "store,order_id,status,placed_at,total,title,paid_at", "tt-my-luna3,1,to ship,2026-11-20, ,  ,\t")
    assert bad(checked) == []
    assert set(checked.first[0][2]) == {"order_id", "status", "placed_at"}


def test_a_blank_in_a_column_that_must_be_filled_is_missing() -> None:
    checked = look("orders", "store,order_id,status,placed_at", "tt-my-luna3, ,to ship,2026-11-20", "tt-my-luna3,2, ,2026-11-20")
    assert bad(checked) == [
        (2, "order_id", "is missing; e.g. 576465000000000301"),
        (3, "status", "is missing; e.g. to ship"),
    ]


def test_a_row_of_blanks_is_no_row_but_counts_in_the_numbering() -> None:
    checked = look("balances", "store,balance", "tt-my-luna3,1", " , ", "\t,", "tt-my-luna3,x")
    assert (checked.rows, checked.good) == (2, 1)
    assert bad(checked) == [(5, "balance", "'x' is no number; write it like 1234.50")]


# -- words -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "meaning"), sorted(STATUS.items()))
def test_each_word_for_where_an_order_stands_is_a_status_that_the_rules_know(word: str, meaning: str) -> None:
    order = only(look("orders", "store,order_id,status,placed_at", f"tt-my-luna3,1,{word.upper()},2026-11-20"))
    assert (order.status, order.platform_status) == (canon.OrderStatus(meaning), meaning)
    assert order.status is not canon.OrderStatus.UNKNOWN


@pytest.mark.parametrize(("word", "meaning"), sorted(LISTED.items()))
def test_each_word_for_where_a_listing_stands(word: str, meaning: str) -> None:
    listing = only(look("stock", "store,listing_id,available,status", f"tt-my-luna3,1,3,{word}"))
    assert listing.status == canon.ListingStatus(meaning)


@pytest.mark.parametrize(("word", "meaning"), sorted(VIOLATION.items()))
def test_each_word_for_where_a_violation_stands(word: str, meaning: str) -> None:
    assert only(look("violations", "store,id,status", f"tt-my-luna3,1,{word}")).status == meaning


@pytest.mark.parametrize("word", ["to", "shipping", "unknown?", "to-ship", "待", "cancel"])
def test_a_word_that_is_nearly_a_status_is_kept_and_unknown(word: str) -> None:
    order = only(look("orders", "store,order_id,status,placed_at", f"tt-my-luna3,1,{word},2026-11-20"))
    assert (order.platform_status, order.status) == (word, canon.OrderStatus.UNKNOWN)


# -- rows ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "said", "mend"),
    [
        ("ship_by_at", "2026-11-19", "lies before placed_at; check both instants"),
        ("arranged_at", "2026-11-19", "lies before placed_at; check both instants"),
        ("collected_at", "2026-11-19", "lies before placed_at; check both instants"),
        ("delivered_at", "2026-11-19", "lies before placed_at; check both instants"),
        ("cancelled_at", "2026-11-19", "lies before placed_at; check both instants"),
        ("delivered_at", "2026-11-23", "lies in the future; enter when it was true"),
        ("total", "cheap", "'cheap' is no number; write it like 1234.50"),
        ("currency", "RM", "'RM' is no currency; write three letters, e.g. MYR"),
        ("quantity", "1.5", "'1.5' is no count; expected a whole number from 0"),
        ("quantity", "-1", "'-1' is no count; expected a whole number from 0"),
        ("price", "1;2", "'1;2' is no number; write it like 1234.50"),
        ("sku", "x" * 121, "is longer than 120 characters; shorten it"),
        ("buyer_note", "x" * 501, "is longer than 500 characters; shorten it"),
    ],
)
def test_each_cell_of_an_order_that_cannot_be_is_named_with_its_mend(field: str, said: str, mend: str) -> None:
    checked = look("orders", f"store,order_id,status,placed_at,{field}", f"tt-my-luna3,1,to ship,2026-11-20,{said}")
    assert (checked.good, bad(checked)) == (0, [(2, field, mend)])


def test_the_same_instants_are_in_order() -> None:
    settle = in_order("placed_at", "paid_at", "ship_by_at")
    row = {"placed_at": NOW, "paid_at": NOW}
    assert settle(row) == row
    assert settle({"paid_at": NOW}) == {"paid_at": NOW}
    with pytest.raises(Contradiction, match="ship_by_at: lies before placed_at"):
        settle({"placed_at": NOW, "ship_by_at": NOW - timedelta(seconds=1)})


@pytest.mark.parametrize(
    ("value", "row", "expected"),
    [
        (None, {}, None),
        (Decimal(0), {}, Money(Decimal(0), "MYR")),
        (Decimal(3), {"currency": "USD"}, Money(Decimal(3), "USD")),
    ],
)
def test_money_is_in_the_rows_currency_else_in_the_stores(value: Decimal | None, row: dict[str, Any], expected: object) -> None:
    assert money(value, row, Told(NOW, "MYR")) == expected


def test_equal_words_mean_in_each_store_what_its_zone_and_market_say() -> None:
    checked = look(
        "orders",
        "store,order_id,status,placed_at",
        "tt-my-luna3,1,to ship,3/4/2026",
        "lz-id-kopi,1,to ship,3/4/2026",
        "tt-us-luna,1,to ship,3/4/2026",
    )
    assert [only(checked, owner).placed_at for owner in OWNERS] == [
        datetime(2026, 4, 2, 16, tzinfo=UTC),
        datetime(2026, 4, 2, 17, tzinfo=UTC),
        datetime(2026, 3, 4, 5, tzinfo=UTC),
    ]


def test_equal_ids_in_two_stores_are_two_things() -> None:
    checked = look(
        "reviews",
        "store,review_id,stars,posted_at",
        "tt-my-luna3,1,2,2026-11-20",
        "tt-us-luna,1,5,11/20/2026",
        "tt-my-luna3,1,3,2026-11-21",
    )
    assert (only(checked).stars, only(checked, AMERICA).stars) == (Decimal(3), Decimal(5))


@pytest.mark.parametrize(
    ("fact", "value", "message"),
    [
        ("ahr", "16.5", "'16.5' is no score; expected a whole number from 0 to 1000"),
        ("ahr", "-1", "'-1' is no score; expected a whole number from 0 to 1000"),
        ("ahr", "1001", "'1001' is no score; expected a whole number from 0 to 1000"),
        ("withdrawal_frozen", "2", "'2' is neither yes nor no"),
        ("two_step_verification", "ok", "'ok' is neither yes nor no"),
    ],
)
def test_a_figure_in_another_shape_than_its_facts_is_refused(fact: str, value: str, message: str) -> None:
    with pytest.raises(Contradiction) as refusal:
        figure({"fact": fact, "value": value})
    assert (refusal.value.field, refusal.value.message) == ("value", message)


@pytest.mark.parametrize("score", ["0", "1000"])
def test_the_ends_of_a_score_are_scores(score: str) -> None:
    assert figure({"fact": "ahr", "value": score})["value"] == {"score": int(score)}
