"""Files as spreadsheets of all the world write them."""

import io
from datetime import datetime

import pytest
import xlsxwriter

from storeward.intake import reading
from storeward.intake.blank import as_csv, as_xlsx, headings
from storeward.intake.reading import BadFile
from storeward.intake.sheets import SHEETS

PLAIN = "store,note\ntt-my-luna3,é 中文\n"
ROWS = [(1, ["store", "note"]), (2, ["tt-my-luna3", "é 中文"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_that_spreadsheets_write_is_read(encoding: str) -> None:
    assert list(reading.rows(PLAIN.encode(encoding), "a.csv")) == ROWS


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_separator_that_spreadsheets_write_is_read(separator: str) -> None:
    assert list(reading.rows(PLAIN.replace(",", separator).encode(), "a.csv")) == ROWS


def test_quotes_line_breaks_and_empty_rows_keep_the_count_of_rows() -> None:
    body = b'store,note\r\n"a, b","two\nlines"\r\n,\r\nc,d\r\n'
    assert list(reading.rows(body, "a.csv")) == [(1, ["store", "note"]), (2, ["a, b", "two\nlines"]), (4, ["c", "d"])]


def test_a_spreadsheet_keeps_its_kinds_of_cells() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["store", "at", "sum"])
        page.write_string(2, 0, "tt-my-luna3")
        page.write_datetime(2, 1, datetime(2026, 11, 20, 9, 35), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))  # noqa: DTZ001
        page.write_number(2, 2, 84.5)
    found = list(reading.rows(out.getvalue(), "a.xlsx"))
    assert found == [(1, ["store", "at", "sum"]), (3, ["tt-my-luna3", datetime(2026, 11, 20, 9, 35), 84.5])]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "a.csv is empty; choose the file again"),
        (b" \n ", "a.csv is empty; choose the file again"),
        (b"PK\x03\x04 not a zip", "a.csv is no XLSX file that can be read; save it anew, or as CSV"),
        (b"store\n\xff\xff\xff", "a.csv is neither UTF-8 nor GB18030 text; save it as 'CSV UTF-8'"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_mend(body: bytes, said: str) -> None:
    with pytest.raises(BadFile) as refusal:
        list(reading.rows(body, "a.csv"))
    assert str(refusal.value) == said


def test_a_cell_larger_than_any_is_refused_with_its_row() -> None:
    with pytest.raises(BadFile, match=r"a\.csv cannot be read from row 2 on"):
        list(reading.rows(b'store\n"' + b"x" * 200_000 + b'"\n', "a.csv"))


def test_more_rows_than_can_be_taken_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    with pytest.raises(BadFile, match="has more than 3 rows; split it"):
        list(reading.rows(b"a\n1\n2\n3\n", "a.csv"))


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_of_every_sheet_has_its_headings_and_an_example(name: str, language: str) -> None:
    sheet = SHEETS[name]
    as_text = [column.example for column in sheet.columns]
    for body, file in ((as_csv(sheet, language), "a.csv"), (as_xlsx(sheet, language), "a.xlsx")):
        first, second = (cells for _, cells in reading.rows(body, file))
        assert first == headings(sheet, language)
        assert second == as_text


def test_headings_are_in_the_readers_language_and_mark_what_must_be_filled() -> None:
    assert headings(SHEETS["balances"], "en") == ["Store*", "Balance*", "Currency", "Read at"]
    assert headings(SHEETS["balances"], "zh-hans") == ["店铺*", "余额*", "币种", "查看时间"]
