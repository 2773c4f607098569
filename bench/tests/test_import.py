"""The import benchmark brings what it says: bad rows at known places, each told by its field, and every other row taken over."""

import csv
import io
from datetime import UTC, datetime

import pytest

from bench import import_product
from bench.table_rows import COLUMNS, SPOILT, orders
from storeward.records.models import Order

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("rows", "bad"), [(100, 5), (1_000, 50), (101, 7), (10, 10)])
def test_a_table_has_as_many_rows_and_bad_ones_as_asked_for_and_says_where(rows: int, bad: int) -> None:
    table = orders(rows, bad, ["one", "two"], NOW)
    lines = list(csv.reader(io.StringIO(table.body.decode())))
    assert lines[0] == list(COLUMNS)
    assert len(lines) == rows + 1
    assert len(table.bad) == bad
    for number, name in table.bad.items():
        assert lines[number - 1][COLUMNS.index(name)] == SPOILT[name]
    good = [line for number, line in enumerate(lines[1:], 2) if number not in table.bad]
    assert {line[0] for line in good} <= {"one", "two"}
    assert len({line[1] for line in good}) == len(good), "each row is an order of its own"


@pytest.mark.django_db(transaction=True)
def test_the_product_takes_every_good_row_over_and_tells_every_bad_one() -> None:
    table = orders(300, 10, import_product.stores(3), NOW)
    times = import_product.measure(table, 290)
    assert min(times.look, times.take, times.judge, times.bare) > 0
    assert Order.objects.filter(origin="file").count() == 290
