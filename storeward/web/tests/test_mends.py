"""What mends a row is said in the person's language, whatever the mistake."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from storeward.intake import cells, checking, reading
from storeward.web.mends import mend, mends

SENTENCES = (
    "is missing; write the store's key, e.g. tt-my-luna3",
    "is missing; e.g. 84.00",
    "there is no store 'x' that you may see; write its key, e.g. tt-my-luna3",
    "orders of tt-my-1 come from the platform itself; leave its rows out",
    "lies before placed_at; check both instants",
    "is longer than 120 characters; shorten it",
    "holds a character that cannot be kept; type it anew",
    "is no id: at most 120 characters without blanks",
    "is no id; format the column as text",
    "is no number; write it like 1234.50",
    "'eighty' is no number; write it like 1234.50",
    "'84.500' can be read in two ways; write it like 1234.50",
    "'9e99' cannot be right; check the number",
    "7 cannot be right; expected 0 to 5",
    "'x' is no count; expected a whole number from 0",
    "'RINGGIT' is no currency; write three letters, e.g. MYR",
    "'gone' is none of live, off",
    "'perhaps' is neither yes nor no",
    "'x' is no score; expected a whole number from 0 to 1000",
    "lies in the future; enter when it was true",
    "is no instant; write it like 2026-11-20 09:35",
    "'soon' is no instant; write it like 2026-11-20 09:35",
    "cannot be right; check the year",
    "a.csv is empty; choose the file again",
    "a.csv has more than 500,000 rows; split it",
    "a.csv is larger than 100 MB; split it",
    "a.xlsx is no XLSX file that can be read; save it anew, or as CSV",
    "a.csv cannot be read from row 7 on (line contains NUL); save it anew as CSV",
    "a.csv is neither UTF-8 nor GB18030 text; save it as 'CSV UTF-8'",
    "a.csv: the column total stands there twice; keep one",
    "a.csv: row 1 has no column store, status; take the template for orders",
    "a.csv has headings and no row below them",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_is_said_in_chinese(sentence: str) -> None:
    with translation.override("zh-hans"):
        told = mend(sentence)
    assert re.search(r"[\u4e00-\u9fff]", told)
    assert not re.search(r"\b(write|check|expected|missing|choose|save|keep)\b", told)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_in_english_it_says_what_the_intake_said(sentence: str) -> None:
    with translation.override("en"):
        told = mend(sentence)
    assert told[-12:] == sentence[-12:] or sentence.startswith(("orders of", "a.csv: row 1", "a.csv cannot"))


def test_what_it_names_stands_in_it_again() -> None:
    with translation.override("zh-hans"):
        assert "'eighty'" in mend("'eighty' is no number; write it like 1234.50")
        assert "tt-my-luna3" in mend("is missing; write the store's key, e.g. tt-my-luna3")
        assert "100%" in mend("'100%' is no number; write it like 1234.50")


def test_a_sentence_without_words_of_ours_stays_as_it_came() -> None:
    assert mend("something new") == "something new"
    assert mends(["something new", "cannot be right; check the year"] * 2)[::2] == ["something new"] * 2


def test_no_sentence_of_the_intake_is_left_out() -> None:
    """Every literal that names a mistake in the intake has a sentence above."""
    said = "\n".join(SENTENCES)
    for module in (cells, checking, reading):
        text = Path(str(module.__file__)).read_text("utf-8")
        for literal in re.findall(r'(?:BadCell|_BadRow|BadFile)\(\s*(?:\w+, )?f?"([^"]+)"', text):
            tail = re.split(r"\{[^}]*\}", literal)
            longest = max(tail, key=len).strip("; ,.")
            assert longest in said, literal
