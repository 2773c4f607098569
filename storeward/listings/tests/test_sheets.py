"""Costs and rights from files: what is whole is taken, what is not is told by line and field."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.listings.errors import Refused
from storeward.listings.register import NewCost, NewRight
from storeward.listings.sheets import Mistake, costs, rights

DAY = date(2026, 11, 22)
STORES = {"tt-my-luna1": 7, "sp-th-nari": 8}


def test_costs_are_read_with_the_lines_that_do_not_fit() -> None:
    text = """SKU,Cost,Currency,Store,Valid_from
A-1,12.50,myr,tt-my-luna1,2026-11-01
A-2, 7 ,SGD,,
,1,MYR,,
A-3,twelve,MYR,,
A-4,-1,MYR,,
A-5,1,RM,,
A-6,1,MYR,elsewhere,
A-7,1,MYR,,30.11.2026

A-8,1,MYR,,2026/11/30
"""
    sheet = costs(text.encode("utf-8-sig"), stores=STORES, today=DAY)
    assert sheet.rows == (
        NewCost(sku="A-1", amount=Decimal("12.50"), currency="MYR", valid_from=date(2026, 11, 1), store_id=7),
        NewCost(sku="A-2", amount=Decimal(7), currency="SGD", valid_from=DAY),
        NewCost(sku="A-8", amount=Decimal(1), currency="MYR", valid_from=date(2026, 11, 30)),
    )
    told = [(one.line, one.field) for one in sheet.mistakes]
    assert told == [(4, "sku"), (5, "cost"), (6, "cost"), (7, "currency"), (8, "store"), (9, "valid_from")]


def test_rights_are_read_with_stores_and_markets() -> None:
    text = """brand;kind;stores;markets;document;valid_from;valid_to;note
Luna;own;;;;;;ours
耐克;letter;tt-my-luna1|sp-th-nari;my|TH;https://files.example/a.pdf;2026-01-01;2026-12-31;
Sol;friend;;;;;;
Mar;own;;;ftp://x;;;
Rio;own;;;;2026-02-01;2026-01-01;
"""
    sheet = rights(text.encode("gb18030"), stores=STORES)
    assert sheet.rows == (
        NewRight(brand="Luna", kind="own", store_ids=[], markets=[], note="ours"),
        NewRight(
            brand="耐克",
            kind="letter",
            store_ids=[7, 8],
            markets=["MY", "TH"],
            document="https://files.example/a.pdf",
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31),
        ),
    )
    assert [(one.line, one.field) for one in sheet.mistakes] == [(4, "kind"), (5, "document"), (6, "valid_to")]
    assert isinstance(sheet.mistakes[0], Mistake)


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"sku;currency\n", b"\xff\xfe\x81", b'sku,cost,currency\n"a' + b"x" * 140_000]
)
def test_what_is_no_such_file_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        costs(content, stores=STORES, today=DAY)
    assert refused.value.field == "file"


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(content: bytes) -> None:
    for head in (b"", b"sku,cost,currency\n"):
        with suppress(Refused):
            costs(head + content, stores=STORES, today=DAY)
