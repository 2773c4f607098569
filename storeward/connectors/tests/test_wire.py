"""Reading by shape: whole where it fits, field by field where it does not."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors.contract import Level, Problem
from storeward.connectors.wire import (
    LARGEST_EXPONENT,
    LATEST_SECOND,
    Id,
    Notes,
    Wire,
    digits,
    elements_of,
    fields_of,
    plain,
    read,
    text,
    without_halves,
)


class Leaf(Wire):
    amount: Decimal | None = None


class Shape(Wire):
    MATTERS = frozenset({"count"})

    id: Id = None
    word: str | None = None
    count: int | None = None
    flag: bool | None = None
    amount: Decimal | None = None
    leaf: Leaf | None = None
    leaves: list[Leaf] | None = None
    words: list[str] | None = None
    rest: dict[str, Any] | None = None


class Colour(StrEnum):
    RED = "red"
    UNKNOWN = "unknown"


def got(sent: Any) -> tuple[Shape | None, list[Problem]]:
    notes = Notes("top", [])
    raw = sent if isinstance(sent, bytes) else msgspec.json.encode(sent)
    return read(raw, Shape, notes), notes.problems


def test_what_fits_is_read_in_one_go_without_a_word() -> None:
    shape, found = got({"id": "1", "word": "w", "count": 2, "flag": True, "amount": "1.50", "leaf": {"amount": 3}, "x": [1]})
    assert found == []
    assert shape == Shape(id="1", word="w", count=2, flag=True, amount=Decimal("1.50"), leaf=Leaf(amount=Decimal(3)))


@pytest.mark.parametrize(
    ("field", "sent", "read_as"),
    [
        ("word", 5, "5"),
        ("count", "7", 7),
        ("count", " 7 ", 7),
        ("count", "7.0", 7),
        ("count", "", None),
        ("flag", "TRUE", True),
        ("flag", 0, False),
        ("amount", "", None),
        ("amount", "0 ", Decimal(0)),
        ("words", ["a", None, 3], ["a", "3"]),
        ("leaves", [None, {"amount": " 2 "}], [Leaf(amount=Decimal(2))]),
    ],
)
def test_what_means_the_same_is_understood_quietly(field: str, sent: Any, read_as: Any) -> None:
    shape, found = got({field: sent})
    assert getattr(shape, field) == read_as
    assert found == []


@pytest.mark.parametrize(
    ("field", "sent", "message"),
    [
        ("word", ["a"], "is a list instead of text; left out"),
        ("word", True, "is true or false instead of text; left out"),
        ("flag", "maybe", "is text instead of true or false; left out"),
        ("amount", "many", "is text instead of a number; left out"),
        ("amount", {"a": 1}, "is an object instead of a number; left out"),
        ("leaf", "x", "is text instead of an object; left out"),
        ("leaves", {"amount": 1}, "is an object instead of a list; left out"),
        ("rest", [1], "is a list instead of an object; left out"),
    ],
)
def test_what_does_not_fit_costs_the_field_and_says_so(field: str, sent: Any, message: str) -> None:
    shape, found = got({field: sent, "id": "1"})
    assert shape == Shape(id="1")
    assert found == [Problem(f"top.{field}", message, Level.NOTE)]


def test_what_matters_is_an_error() -> None:
    _, found = got({"count": 1.5})
    assert found == [Problem("top.count", "is a number instead of a whole number; left out", Level.ERROR)]


def test_the_path_goes_all_the_way_down() -> None:
    _, found = got({"leaves": [{"amount": 1}, {"amount": "x"}, 5], "leaf": {"amount": []}})
    assert [problem.field for problem in found] == ["top.leaf.amount", "top.leaves[1].amount", "top.leaves[2]"]


@pytest.mark.parametrize("sent", [b"", b"{", b"[1]", b'"x"', b"5", b"\xff"])
def test_what_is_no_object_is_nothing_and_an_error(sent: bytes) -> None:
    shape, found = got(sent)
    assert shape is None
    assert [problem.level for problem in found] == [Level.ERROR]


def test_numbers_keep_every_digit() -> None:
    shape, _ = got(b'{"id":98765432109876543210987654321,"amount":12.10,"flag":"x"}')
    assert shape is not None
    assert (digits(shape.id), shape.amount) == ("98765432109876543210987654321", Decimal("12.10"))


@pytest.mark.parametrize(("sent", "kept"), [("007", "007"), (7, "7"), (0, None), ("", None), (None, None), ("0", None)])
def test_an_id_is_text_and_nothing_is_none(sent: Id, kept: str | None) -> None:
    assert digits(sent) == kept


def test_empty_text_is_none() -> None:
    assert (text(""), text("a"), text(None)) == (None, "a", None)


def test_lists_and_objects_stay_raw_until_they_are_wanted() -> None:
    members = fields_of(b'{"a": [1, {"b": 2}], "c": null, "d": "x"}')
    assert members is not None
    elements = elements_of(members["a"])
    assert elements is not None
    assert [bytes(raw) for raw in elements] == [b"1", b'{"b": 2}']
    assert elements_of(members["c"]) == []
    assert elements_of(members.get("gone")) == []
    assert elements_of(members["d"]) is None
    assert fields_of(b"[]") is None


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        (0, None),
        (None, None),
        (1, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        (1764547200, datetime(2025, 12, 1, tzinfo=UTC)),
        (1764547200123, datetime(2025, 12, 1, 0, 0, 0, 123_000, tzinfo=UTC)),
        (LATEST_SECOND * 1000, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_unix_time_is_an_instant(sent: int | None, at: datetime | None) -> None:
    notes = Notes("", [])
    assert notes.at("t", sent) == at
    assert notes.problems == []


@given(st.integers())
def test_no_number_is_a_time_that_crashes(sent: int) -> None:
    notes = Notes("x", [])
    at = notes.at("t", sent)
    assert at is None or at.tzinfo is UTC
    assert (at is None) == (sent == 0 or bool(notes.problems))


@given(st.decimals())
def test_no_amount_crashes_or_grows_without_bound(amount: Decimal) -> None:
    money = Notes("x", []).money("a", amount, "MYR")
    assert money is None or len(f"{money.amount:f}") < 3 * LARGEST_EXPONENT + len(amount.as_tuple().digits)


def test_a_word_is_read_or_kept_unknown_and_noted() -> None:
    notes = Notes("x", [])
    table = {"RED": Colour.RED}
    assert notes.word("c", "RED", table, Colour.UNKNOWN) is Colour.RED
    assert notes.word("c", "", table, Colour.UNKNOWN) is Colour.UNKNOWN
    assert notes.word("c", None, table, Colour.UNKNOWN) is Colour.UNKNOWN
    assert notes.problems == []
    assert notes.word("c", "BLUE", table, Colour.UNKNOWN) is Colour.UNKNOWN
    assert notes.problems == [Problem("x.c", "is a word we do not know: BLUE; kept as it is", Level.NOTE)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(Shape.__struct_fields__), JSON, max_size=8))
def test_any_values_in_any_fields_give_a_shape_or_problems(sent: dict[str, Any]) -> None:
    shape, _ = got(sent)
    assert shape is not None
    for name in ("word", "count", "flag", "amount"):
        value = getattr(shape, name)
        assert value is None or isinstance(value, str | int | bool | Decimal)


HALVES = [
    (rb'{"a":"\ud83d"}', rb'{"a":"\ufffd"}'),
    (rb'{"a":"x\uDE00y\ud83d"}', rb'{"a":"x\ufffdy\ufffd"}'),
    (rb'{"a":"\ud83d\ude00\ud83d"}', rb'{"a":"\ud83d\ude00\ufffd"}'),
    (rb'{"a":"\\\ud83d"}', rb'{"a":"\\\ufffd"}'),
    (rb'{"a":"\ud83d\ude00"}', None),
    (rb'{"a":"\\ud83d"}', None),
    (rb'{"a":"\u0041"}', None),
    (b"{}", None),
]


@pytest.mark.parametrize(("sent", "mended"), HALVES)
def test_half_an_emoji_is_replaced_and_a_whole_one_is_not(sent: bytes, mended: bytes | None) -> None:
    assert without_halves(sent) == mended


def test_half_an_emoji_costs_that_character_and_not_the_answer() -> None:
    members = fields_of(rb'{"text":"ok \ud83d","id":7}')
    assert members is not None
    assert (plain(members["text"]), plain(members["id"])) == ("ok \ufffd", 7)
    assert fields_of(rb'{"text":"\ud83d"') is None
