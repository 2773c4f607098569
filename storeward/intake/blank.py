"""An empty table of each kind to fill in: headings in the reader's language, an example row, and what each column wants."""

import csv
import io

import xlsxwriter

from storeward.intake.sheets import Column, Sheet

WIDTH = 22


def headings(sheet: Sheet, language: str) -> list[str]:
    """The headings, those of columns that must be filled marked by a star."""
    return [_label(column, language) + ("*" if column.required else "") for column in sheet.columns]


def _label(column: Column, language: str) -> str:
    return column.chinese if language.startswith("zh") else column.english


def as_csv(sheet: Sheet, language: str) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings(sheet, language))
    writer.writerow([column.example for column in sheet.columns])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet, language: str) -> bytes:
    """Every cell is text, so that long numbers stay whole."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet((sheet.chinese if language.startswith("zh") else sheet.english)[:31])
        bold, words = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
        page.set_column(0, len(sheet.columns) - 1, WIDTH, words)
        page.freeze_panes(1, 0)
        for at, (heading, column) in enumerate(zip(headings(sheet, language), sheet.columns, strict=True)):
            page.write_string(0, at, heading, bold)
            page.write_string(1, at, column.example, words)
    return out.getvalue()
