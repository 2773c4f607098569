"""Figures of a line that nobody can reckon with, and the usual price over time: tables reckoned by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.listing_check.answers import answer
from storeward.policy.listing_check.price import plain_figure, usual
from storeward.policy.listing_check.shapes import Price, Right, Said

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHOLE: dict[str, Any] = {"title": "Bowl", "description": "A bowl", "images": 1, "weighed": True}


def told(**line: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"id": "a", "platform": "TikTok Shop", "market": "MY", **WHOLE}
    return answer(msgspec.json.encode(given | line), TODAY)


def money(amount: str, currency: str | None = "MYR") -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def offer(price: str, cost: str, currency: str | None = "MYR") -> dict[str, Any]:
    return {"sku": "1", "price": money(price), "cost": money(cost, currency)}


# -- what cannot be reckoned with ------------------------------------------------------------

UNUSABLE: list[tuple[str, str, str, str]] = [
    # price, cost, least per cent of the cost, the field that is named
    ("5", "NaN", "80", "offers[0].cost"),
    ("NaN", "5", "80", "offers[0].price"),
    ("sNaN", "5", "80", "offers[0].price"),
    ("5", "10", "NaN", "limits.least_of_cost"),
    ("5", "10", "-1", "limits.least_of_cost"),
    ("5", "10", "Infinity", "limits.least_of_cost"),
    ("Infinity", "Infinity", "80", "offers[0].price"),
    ("5", "-Infinity", "80", "offers[0].cost"),
    ("-5", "10", "80", "offers[0].price"),
    ("5", "1E+30", "80", "offers[0].cost"),
    ("5", "10000000000000", "80", "offers[0].cost"),
    ("1E+400000", "1", "80", "offers[0].price"),
]


@pytest.mark.parametrize(("price", "cost", "least", "field"), UNUSABLE)
def test_a_figure_that_nobody_can_reckon_with_is_an_error_with_its_field(price: str, cost: str, least: str, field: str) -> None:
    row = told(offers=[offer(price, cost)], limits={"least_of_cost": least})
    assert set(row) == {"id", "error"}
    assert row["id"] == "a"
    assert row["error"]["field"] == field
    assert "Expected a number of 0 or more" in row["error"]["message"]


def test_the_offer_that_is_wrong_is_counted_from_nought() -> None:
    offers = [offer("5", "5"), offer("5", "5"), offer("5", "NaN")]
    assert told(offers=offers)["error"]["field"] == "offers[2].cost"


def test_a_usual_price_that_is_no_number_is_an_error() -> None:
    offers = [{"sku": "1", "price": money("5"), "usual": "NaN"}]
    assert told(offers=offers, limits={"least_of_usual": "50"})["error"]["field"] == "offers[0].usual"
    assert told(limits={"least_of_usual": "NaN"})["error"]["field"] == "limits.least_of_usual"


def test_a_part_that_no_listing_has_is_an_error_that_names_those_there_are() -> None:
    error = told(limits={"also_demanded": ["warranty", "soul"]})["error"]
    assert error["field"] == "limits.also_demanded"
    assert error["message"].endswith("got `soul`")
    assert "size_chart" in error["message"]
    assert "error" not in told(limits={"also_demanded": ["warranty", "size_chart"]})


@pytest.mark.parametrize(
    ("price", "cost", "least", "wrong"),
    [
        ("79.99", "100", "80", True),
        ("80.00", "100", "80", False),
        ("0", "100", "80", True),
        ("0", "0", "80", False),
        ("9999999999999", "9999999999999", "100", False),
        ("0.01", "9999999999999", "1", True),
        ("0.0000000001", "0.0000000002", "51", True),
        ("0.0000000001", "0.0000000002", "50", False),
        ("33.33", "100", "33.33", False),
        ("33.33", "100", "33.34", True),
        ("150", "100", "150.01", True),
        ("1E+2", "200", "50", False),
    ],
)
def test_a_price_is_too_low_below_its_share_and_not_at_it(price: str, cost: str, least: str, wrong: bool) -> None:
    row = told(offers=[offer(price, cost)], limits={"least_of_cost": least})
    assert [one["id"] for one in row["problems"]] == (["cost"] if wrong else [])
    assert row["unknown"] == {}


@pytest.mark.parametrize(
    ("currency", "unknown"),
    [("MYR", {}), ("USD", {"price": "no_cost"}), (None, {"price": "no_cost"}), ("myr", {"price": "no_cost"})],
)
def test_a_cost_in_another_currency_is_not_compared_and_said_to_be_unknown(currency: str | None, unknown: dict[str, str]) -> None:
    row = told(offers=[offer("1", "100", currency)], limits={"least_of_cost": "80"})
    assert row["unknown"] == unknown
    assert bool(row["problems"]) is (unknown == {})


@given(st.decimals(allow_nan=True, allow_infinity=True), st.decimals(allow_nan=True, allow_infinity=True))
def test_any_two_figures_are_answered(price: Decimal, cost: Decimal) -> None:
    row = told(offers=[offer(str(price), str(cost))], limits={"least_of_cost": "80"})
    assert ("error" in row) != ("problems" in row)


# -- the line itself ------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "identity", "field"),
    [
        (b"", None, "line"),
        (b"null", None, "line"),
        (b"[]", None, "line"),
        (b'"text"', None, "line"),
        (b"{", None, "line"),
        (b'{"id": "a"}', "a", "line"),
        (b'{"id": "a", "platform": 1, "market": "MY"}', "a", "platform"),
        (b'{"id": "a", "platform": "x", "market": "MY", "weighed": "yes"}', "a", "weighed"),
        (b'{"id": "a", "platform": "x", "market": "MY", "day": "2026-02-30"}', "a", "day"),
        (b'{"id": "a", "platform": "x", "market": "MY", "day": "2027-02-29"}', "a", "day"),
        (b'{"id": "a", "platform": "x", "market": "MY", "attributes": {"a": 1}}', "a", "attributes[...]"),
        (b'{"id": "a", "platform": "x", "market": "MY", "offers": [{"sku": 1}]}', "a", "offers[0].sku"),
        (b'{"id": "a", "platform": "x", "market": "MY", "rights": [{}]}', "a", "rights[0]"),
        (b"\xff\xfe", None, "line"),
    ],
)
def test_a_line_that_does_not_fit_names_the_place(line: bytes, identity: str | None, field: str) -> None:
    row = answer(line, TODAY)
    assert row["id"] == identity
    assert row["error"]["field"] == field
    assert row["error"]["message"]


@pytest.mark.parametrize(
    ("day", "owed"),
    [("2028-02-28", True), ("2028-02-29", True), ("2028-03-01", False), ("2028-02-01", True), ("2028-01-31", False)],
)
def test_a_right_of_a_leap_february_holds_on_its_first_and_last_day(day: str, owed: bool) -> None:
    rights = [{"brand": "Nike", "valid_from": "2028-02-01", "valid_to": "2028-02-29"}]
    row = told(title="Nike socks", rights=rights, day=day)
    assert (row["problems"] == []) is owed


@pytest.mark.parametrize(
    ("platform", "wanting"),
    [
        ("TikTok Shop", ["title", "description", "images", "weight"]),
        ("tiktok_shop", ["title", "description", "images", "weight"]),
        ("Shopee", ["title", "description", "images", "weight"]),
        ("Lazada", ["title", "images", "weight"]),
        ("Another Bazaar", []),
    ],
)
def test_a_platform_is_known_by_its_name_and_by_its_id(platform: str, wanting: list[str]) -> None:
    row = told(platform=platform, title="", description="", images=0, weighed=False)
    assert [one["id"] for one in row["problems"]] == wanting


# -- rights ------------------------------------------------------------

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "day", "holds"),
    [
        (None, None, date(1970, 1, 1), True),
        (FIRST, None, date(2026, 2, 28), False),
        (FIRST, None, FIRST, True),
        (FIRST, None, date(9999, 12, 31), True),
        (None, LAST, date(2026, 3, 31), True),
        (None, LAST, date(2026, 4, 1), False),
        (FIRST, LAST, date(2026, 3, 15), True),
        (FIRST, FIRST, FIRST, True),
        (FIRST, FIRST, date(2026, 3, 2), False),
    ],
)
def test_both_days_of_a_right_are_inclusive(valid_from: date | None, valid_to: date | None, day: date, holds: bool) -> None:
    assert Right(brand="x", valid_from=valid_from, valid_to=valid_to).holds(day) is holds


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "one"), ("en-gb", "one"), ("zh", "一"), ("zh-hans", "一"), ("zh-cn", "一"), ("th", "one"), ("", "one")],
)
def test_a_sentence_is_chinese_for_whoever_reads_chinese(language: str, said: str) -> None:
    assert Said("one", "一").in_language(language) == said


# -- the usual price ------------------------------------------------------------


def held(*steps: tuple[float, int]) -> list[Price]:
    """Prices by (days ago, amount), in the order of time."""
    return [Price(NOON - timedelta(days=ago), Decimal(amount)) for ago, amount in steps]


USUAL: list[tuple[str, list[Price], int, int | None]] = [
    ("nothing is known", [], 30, None),
    ("it begins now", held((0, 9)), 30, None),
    ("it begins tomorrow", held((-1, 9)), 30, None),
    ("one price all the time", held((90, 9)), 30, 9),
    ("known for an hour only", held((1 / 24, 9)), 30, 9),
    ("the longer of two", held((10, 9), (4, 5)), 30, 9),
    ("the longer of two, the other way", held((10, 9), (6, 5)), 30, 5),
    ("exactly half each: the lower", held((10, 9), (5, 5)), 30, 5),
    ("only what lies in the window counts", held((100, 9), (10, 5)), 19, 5),
    ("only what lies in the window counts, half of it", held((100, 9), (10, 5)), 20, 5),
    ("a day more and the old price is the usual one", held((100, 9), (10, 5)), 21, 9),
    ("a peak of a day does not matter", held((30, 9), (15, 99), (14, 9)), 30, 9),
    ("the same price twice is held twice", held((10, 5), (7, 9), (4, 5), (3, 9)), 30, 9),
    ("three thirds: the middle one", held((9, 3), (6, 7), (3, 5)), 30, 5),
    ("what begins now ends what was before", held((10, 9), (0, 1)), 30, 9),
    ("two at one instant: the later counts", held((10, 9), (10, 4)), 30, 4),
    ("one day", held((10, 9), (1, 4)), 1, 4),
]


@pytest.mark.parametrize(("prices", "days", "amount"), [case[1:] for case in USUAL], ids=[case[0] for case in USUAL])
def test_the_usual_price_is_the_one_that_held_for_half_of_the_time(prices: list[Price], days: int, amount: int | None) -> None:
    assert usual(prices, NOON, days) == amount


@given(st.integers(1, 400), st.integers(1, 1000), st.floats(0.01, 400))
def test_a_price_that_never_changed_is_the_usual_one_over_any_time(days: int, amount: int, ago: float) -> None:
    assert usual(held((ago, amount)), NOON, days) == amount


@given(
    st.lists(st.tuples(st.floats(0.5, 50), st.integers(1, 100)), min_size=1, max_size=6), st.integers(1, 60), st.integers(2, 9)
)
def test_dearer_by_a_factor_is_usually_dearer_by_the_same(steps: list[tuple[float, int]], days: int, factor: int) -> None:
    ordered = sorted(steps, key=lambda step: -step[0])
    one, other = held(*ordered), held(*((ago, amount * factor) for ago, amount in ordered))
    found = usual(one, NOON, days)
    assert found is not None
    assert usual(other, NOON, days) == found * factor


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        ("0", "0"),
        ("0.00", "0"),
        ("10", "10"),
        ("10.0000", "10"),
        ("10.50", "10.5"),
        ("1E+3", "1000"),
        ("0.1000", "0.1"),
        ("1234567.8900", "1234567.89"),
        ("-4.20", "-4.2"),
    ],
)
def test_a_figure_is_shown_without_the_zeros_of_its_column(figure: str, shown: str) -> None:
    assert plain_figure(Decimal(figure)) == shown
