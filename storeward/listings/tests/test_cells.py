"""Cells and lines of a sheet: each form that people write is taken or told by line, field and mend."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.listings.errors import Refused
from storeward.listings.register import LONGEST_SKU, NewCost, NewRight
from storeward.listings.sheets import MOST_ROWS, Sheet, costs, rights

DAY = date(2026, 11, 22)
STORES = {"tt-my-luna1": 7}


def cost_line(line: str, head: str = "sku,cost,currency,store,valid_from") -> Sheet[NewCost]:
    return costs(f"{head}\n{line}\n".encode(), stores=STORES, today=DAY)


def right_line(line: str, head: str = "brand,kind,stores,markets,document,valid_from,valid_to,note") -> Sheet[NewRight]:
    return rights(f"{head}\n{line}\n".encode(), stores=STORES)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12.50", "12.50"),
        (" 12.5 ", "12.5"),
        ("1 250.00", "1250.00"),
        ("1\u00a0250", "1250"),
        ("0", "0"),
        (".5", "0.5"),
        ("9999999999999", "9999999999999"),
        ("1e3", "1000"),
        ("99999999999999", None),
        ("1e13", None),
        ("-0.01", None),
        ("NaN", None),
        ("Infinity", None),
        ("RM 12", None),
        ("12,5", None),
        ("--", None),
    ],
)
def test_an_amount_is_a_number_of_nought_or_more(written: str, amount: str | None) -> None:
    sheet = cost_line(f'A,"{written}",MYR,,')
    assert [row.amount for row in sheet.rows] == ([] if amount is None else [Decimal(amount)])
    assert [(one.line, one.field) for one in sheet.mistakes] == ([(2, "cost")] if amount is None else [])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("2026/11/30", date(2026, 11, 30)),
        ("2028-02-29", date(2028, 2, 29)),
        ("", DAY),
        ("2026-02-29", None),
        ("2026-13-01", None),
        ("2026-11-31", None),
        ("30.11.2026", None),
        ("30/11/2026", None),
        ("tomorrow", None),
    ],
)
def test_a_day_is_one_of_the_calendar_and_today_where_none_is_named(written: str, day: date | None) -> None:
    sheet = cost_line(f"A,1,MYR,,{written}")
    assert [row.valid_from for row in sheet.rows] == ([] if day is None else [day])
    assert [one.field for one in sheet.mistakes] == (["valid_from"] if day is None else [])


@pytest.mark.parametrize(
    ("written", "currency"),
    [
        ("MYR", "MYR"),
        ("myr", "MYR"),
        (" Myr ", "MYR"),
        ("RM", None),
        ("MYRR", None),
        ("M1R", None),
        ("元元元", None),
        ("฿", None),
    ],
)
def test_a_currency_has_three_letters(written: str, currency: str | None) -> None:
    sheet = cost_line(f"A,1,{written},,")
    assert [row.currency for row in sheet.rows] == ([] if currency is None else [currency])
    assert [one.field for one in sheet.mistakes] == (["currency"] if currency is None else [])


def test_a_code_that_is_too_long_is_told_and_never_cut() -> None:
    assert cost_line(f"{'A' * LONGEST_SKU},1,MYR,,").rows[0].sku == "A" * LONGEST_SKU
    sheet = cost_line(f"{'A' * (LONGEST_SKU + 1)},1,MYR,,\nB,2,MYR,,")
    assert [row.sku for row in sheet.rows] == ["B"]
    assert [(one.line, one.field) for one in sheet.mistakes] == [(2, "sku")]
    assert str(LONGEST_SKU) in sheet.mistakes[0].message


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("A,1,MYR,tt-my-luna2,", "store"),
        ("A,1,MYR,7,", "store"),
        ("A,1,MYR,TT-MY-LUNA1,", "store"),
        (" ,1,MYR,,", "sku"),
        ("A,,MYR,,", "cost"),
        ("A,1,,,", "currency"),
        ("A", "cost"),
        ("A,1", "currency"),
    ],
)
def test_a_line_with_a_wrong_or_empty_cell_is_told_by_its_field(line: str, field: str) -> None:
    sheet = cost_line(line)
    assert sheet.rows == ()
    assert [(one.line, one.field) for one in sheet.mistakes] == [(2, field)]
    assert sheet.mistakes[0].message.endswith(".")


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("sku,cost,currency", "A,1,MYR"),
        ("SKU;COST;CURRENCY", "A;1;MYR"),
        (" Sku , Cost , Currency ", "A,1,MYR"),
        ("currency,cost,sku", "MYR,1,A"),
        ("sku,cost,currency,colour", "A,1,MYR,red"),
        ("sku,cost,currency", "A,1,MYR,more,and,more"),
        ('"sku","cost","currency"', '"A","1","MYR"'),
    ],
)
def test_columns_are_known_by_their_names_in_any_order(head: str, line: str) -> None:
    sheet = cost_line(line, head)
    assert sheet.rows == (NewCost(sku="A", amount=Decimal(1), currency="MYR", valid_from=DAY),)
    assert sheet.mistakes == ()


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(ending: str) -> None:
    text = ending.join(["sku,cost,currency", "A,1,MYR", "", "B,2,MYR"])
    assert [row.sku for row in costs(text.encode(), stores={}, today=DAY).rows] == ["A", "B"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_is_read_as_office_programs_save_it(encoding: str) -> None:
    text = "brand,kind,note\n耐克,letter,授权书\n"
    assert [(row.brand, row.note) for row in rights(text.encode(encoding), stores={}).rows] == [("耐克", "授权书")]


WHOLE_FILES: list[tuple[str, bytes, str]] = [
    ("a quotation mark that is never closed would swallow lines", b'brand,kind,note\nLuna,own,"a\nSol,own,b\n', "cannot be read"),
    ("a head that is one endless cell", b'"' + b"x" * 140_000, "line 1 cannot be read"),
    ("a column is not there", b"brand,note\nLuna,x\n", "kind is not there"),
    ("the head is a line of values", b"Luna,own\n", "brand is not there"),
    ("nothing", b"", "brand is not there"),
    ("only line ends", b"\n\n\n", "brand is not there"),
    ("a picture", b"\x89PNG\r\n\x1a\n\xff\xd8\xff", "is no text"),
]


@pytest.mark.parametrize(("content", "says"), [case[1:] for case in WHOLE_FILES], ids=[case[0] for case in WHOLE_FILES])
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        rights(content, stores=STORES)
    assert refused.value.field == "file"


def test_more_lines_than_are_taken_at_once_are_refused_with_the_mend() -> None:
    content = b"sku,cost,currency\n" + b"\n" * MOST_ROWS
    assert costs(content, stores={}, today=DAY).rows == ()
    with pytest.raises(Refused, match="split it"):
        costs(content + b"\n", stores={}, today=DAY)


def test_a_quoted_cell_may_hold_the_comma_and_the_line_end() -> None:
    sheet = right_line('Luna,own,,,,,,"one, two\nthree"\nSol,own,,,,,,')
    assert [(row.brand, row.note) for row in sheet.rows] == [("Luna", "one, two\nthree"), ("Sol", "")]


def test_zero_bytes_are_left_out() -> None:
    assert cost_line("A\0B,1,MYR,,").rows[0].sku == "AB"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("Luna,,,,,,,", "kind"),
        (",own,,,,,,", "brand"),
        ("Luna,owner,,,,,,", "kind"),
        ("Luna,own,elsewhere,,,,,", "store"),
        ("Luna,own,tt-my-luna1|elsewhere,,,,,", "store"),
        ("Luna,own,,,www.example.org,,,", "document"),
        ("Luna,own,,,javascript:alert(1),,,", "document"),
        ("Luna,own,,,,2026-02-30,,", "valid_from"),
        ("Luna,own,,,,,2026-02-30,", "valid_to"),
        ("Luna,own,,,,2026-02-02,2026-02-01,", "valid_to"),
    ],
)
def test_a_right_that_does_not_fit_is_told_by_its_field(line: str, field: str) -> None:
    sheet = right_line(line)
    assert sheet.rows == ()
    assert [(one.line, one.field) for one in sheet.mistakes] == [(2, field)]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("Luna,OWN,,,,,,", NewRight(brand="Luna", kind="own", store_ids=[], markets=[])),
        ("Luna,licence,|tt-my-luna1|,| my |,,,,", NewRight(brand="Luna", kind="licence", store_ids=[7], markets=["MY"])),
        (
            "Luna,letter,,,HTTPS://files.example/a.pdf,2028-02-29,2028-02-29,",
            NewRight(
                brand="Luna",
                kind="letter",
                store_ids=[],
                markets=[],
                document="HTTPS://files.example/a.pdf",
                valid_from=date(2028, 2, 29),
                valid_to=date(2028, 2, 29),
            ),
        ),
    ],
)
def test_a_right_is_read_whole(line: str, row: NewRight) -> None:
    assert right_line(line) == Sheet((row,), ())


@given(st.lists(st.sampled_from(["A,1,MYR", "B,2,SGD", ",1,MYR", "C,x,MYR", "D,1,RM", ""]), max_size=12))
def test_every_filled_line_is_either_taken_or_told_once(lines: list[str]) -> None:
    sheet = costs("\n".join(["sku,cost,currency", *lines]).encode(), stores={}, today=DAY)
    assert len(sheet.rows) == sum(line[:1] in ("A", "B") for line in lines if line)
    wrong = [number for number, line in enumerate(lines, start=2) if line and line[:1] not in ("A", "B")]
    assert [one.line for one in sheet.mistakes] == wrong
