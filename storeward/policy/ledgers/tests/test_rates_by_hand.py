"""Rates reckoned by hand: shares, misses left, chances that a limit breaks, and what is left of them where thousands are open."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward.policy.ledgers.rates import Counted, chance_of_breaking, misses_left
from storeward.policy.ledgers.tests.test_rates import limit


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (0, 0, None),
        (0, 7, Fraction(0)),
        (7, 7, Fraction(100)),
        (1, 3, Fraction(100, 3)),
        (1, 25, Fraction(4)),
        (39999, 1_000_000, Fraction(39999, 10_000)),
    ],
)
def test_a_share_is_unrounded_and_nothing_of_nothing_is_unknown(part: int, whole: int, percent: Fraction | None) -> None:
    assert Counted(part, whole).percent == percent


@pytest.mark.parametrize(
    ("part", "whole", "comparator", "at", "left"),
    [
        # Misses rise: 4 % of 96 is 3.84, so with 4 of 100 it is reached, and 3 more may not.
        (0, 96, ">=", "4", 3),
        (0, 96, ">", "4", 4),
        (0, 97, ">=", "4", 4),
        (0, 1, ">=", "50", 0),
        (0, 1, ">", "50", 1),
        (0, 2, ">=", "50", 1),
        (0, 2, ">", "50", 2),
        (1, 2, ">", "50", 0),
        (1, 2, ">=", "50", -1),
        # Nothing counted yet: the first miss is all there is.
        (0, 0, ">", "99.99", 0),
        (0, 0, ">=", "100", 0),
        (0, 0, ">", "100", None),
        # Nothing may go wrong at all.
        (0, 10, ">", "0", 0),
        (0, 10, ">=", "0", -1),
        # A limit with places behind the point.
        (0, 195, ">=", "2.5", 4),
        (0, 194, ">", "2.5", 4),
        # Very many: 4 % of 960,000 + n.
        (0, 960_000, ">=", "4", 39_999),
        (39_999, 960_000 + 39_999, ">=", "4", 0),
        (40_000, 960_000 + 40_000, ">=", "4", -1),
        # What cannot be broken by something going wrong.
        (10, 10, "<", "4", None),
        (10, 10, "<=", "4", None),
    ],
)
def test_misses_that_are_counted(part: int, whole: int, comparator: str, at: str, left: int | None) -> None:
    assert misses_left(Counted(part, whole), limit(comparator, at), by_misses=True) == left


@pytest.mark.parametrize(
    ("kept", "whole", "comparator", "at", "left"),
    [
        # What was kept falls below a target as others are added that were not: 9 of 10 is 90 %, 9 of 11 is 82 %.
        (9, 10, "<", "90", 0),
        (9, 10, "<=", "90", -1),
        (9, 10, "<", "85", 0),
        (9, 10, "<", "81", 1),
        (9, 10, "<", "50", 8),
        (9, 10, "<=", "50", 7),
        (0, 0, "<", "90", 0),
        (0, 3, "<", "90", -1),
        (0, 0, "<=", "0", None),
        (5, 5, "<", "100", 0),
        (5, 5, "<=", "100", -1),
        (1, 1, "<", "0.01", 9_999),
        (950_000, 1_000_000, "<", "95", 0),
        (950_000, 1_000_000, "<", "94", 10_638),
        (5, 5, ">", "10", -1),
        (0, 5, ">", "10", None),
    ],
)
def test_misses_where_what_was_kept_is_counted(kept: int, whole: int, comparator: str, at: str, left: int | None) -> None:
    assert misses_left(Counted(kept, whole), limit(comparator, at), by_misses=False) == left


@pytest.mark.parametrize(
    ("part", "whole", "count_from", "left"),
    [
        (0, 10, 10, 9),
        (9, 10, 10, 0),
        (10, 10, 10, -1),
        (0, 1_000, 10, 428),
        (9, 1_000, 10, 415),
        (500, 1_000, 501, 0),
        (501, 1_000, 501, -1),
    ],
)
def test_a_count_beside_the_share_puts_the_break_off(part: int, whole: int, count_from: int, left: int) -> None:
    """More than 30 %, and at least so many: (x + part) / (x + whole) > 0.3, so x > (0.3 whole - part) / 0.7."""
    line = limit(">", "30", count_from)
    assert misses_left(Counted(part, whole), line, by_misses=True) == left


def binomial(n: int, p: float, least: int) -> float:
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1))


@pytest.mark.parametrize(
    ("part", "whole", "chances", "at", "expected"),
    [
        # Nothing open: it is broken or it is not.
        (4, 100, [], "4", 1.0),
        (3, 100, [], "4", 0.0),
        (0, 0, [], "4", 0.0),
        # One of one.
        (0, 0, [0.3], "4", 0.3),
        (0, 0, [0.0], "4", 0.0),
        (0, 0, [1.0], "4", 1.0),
        # 1 of 4 with two more open: 25 % of 6 needs 2, so one of the two.
        (1, 4, [0.5, 0.5], "25", 0.75),
        (1, 4, [1.0, 0.5], "25", 1.0),
        (1, 4, [0.0, 0.5], "25", 0.5),
        # What is certain only moves the sum.
        (0, 0, [1.0, 1.0, 0.0, 0.0], "50", 1.0),
        (0, 0, [1.0, 1.0, 0.0, 0.0], "51", 0.0),
        (0, 0, [1.0, 0.5, 0.0, 0.0], "50", 0.5),
        # Ten alike: at least 3 of 10.
        (0, 0, [0.2] * 10, "30", binomial(10, 0.2, 3)),
        # And with ten that went well already: 3 of 20 are 15 %.
        (0, 10, [0.2] * 10, "15", binomial(10, 0.2, 3)),
    ],
)
def test_chances_reckoned_by_hand(part: int, whole: int, chances: list[float], at: str, expected: float) -> None:
    assert chance_of_breaking(Counted(part, whole), chances, limit(">=", at), by_misses=True) == pytest.approx(expected)


def test_a_share_of_what_was_kept_is_lost_by_what_goes_wrong() -> None:
    """9 of 10 kept and two open, below 80 %: only 9 of 12 is, so both must go wrong; 10 of 12 is 83 %."""
    line = limit("<", "80")
    assert chance_of_breaking(Counted(9, 10), [0.5, 0.4], line, by_misses=False) == pytest.approx(0.2)
    assert chance_of_breaking(Counted(9, 10), [1.0, 0.4], line, by_misses=False) == pytest.approx(0.4)
    assert chance_of_breaking(Counted(9, 10), [1.0, 0.0], line, by_misses=False) == 0.0


def test_a_count_beside_the_share_keeps_a_chance_at_nothing_until_it_can_be_reached() -> None:
    line = limit(">", "30", 10)
    assert chance_of_breaking(Counted(5, 5), [1.0] * 4, line, by_misses=True) == 0.0
    assert chance_of_breaking(Counted(5, 5), [1.0] * 5, line, by_misses=True) == 1.0
    assert chance_of_breaking(Counted(5, 5), [0.5] * 5, line, by_misses=True) == pytest.approx(1 / 32)


def test_thousands_that_are_open_are_reckoned_as_exactly_as_a_few() -> None:
    """Of 4,000 at 2.5 % the mean is 100, with a deviation of 9.87; at least 110 and at least 100 by the binomial."""
    some = [0.025] * 4000
    for least in (60, 100, 110, 140):
        line = replace(limit(">=", "1"), at=Decimal(least) / 40)
        expected = sum(
            float(Fraction(comb(4000, k)) * Fraction(1, 40) ** k * Fraction(39, 40) ** (4000 - k))
            for k in range(least, least + 120)
        )
        found = chance_of_breaking(Counted(0, 0), some, line, by_misses=True)
        assert found == pytest.approx(expected, abs=1e-9), least


def test_twenty_thousand_that_never_go_wrong_cost_nothing() -> None:
    assert chance_of_breaking(Counted(0, 100), [0.0] * 20_000, limit(">=", "4"), by_misses=True) == 0.0
    assert chance_of_breaking(Counted(0, 100), [1.0] * 20_000, limit(">=", "4"), by_misses=True) == 1.0


chances_ = st.lists(st.sampled_from([0.0, 0.01, 0.2, 0.5, 0.9, 1.0]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 20), st.integers(0, 20), chances_, st.integers(1, 99))
def test_the_chance_is_one_and_grows_with_each_miss(good: int, bad: int, chances: list[float], at: int) -> None:
    line = limit(">=", str(at))
    chance = chance_of_breaking(Counted(bad, good + bad), chances, line, by_misses=True)
    assert -1e-9 <= chance <= 1 + 1e-9
    worse = chance_of_breaking(Counted(bad, good + bad), [min(one + 0.1, 1.0) for one in chances], line, by_misses=True)
    assert worse >= chance - 1e-9


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 20), st.integers(0, 20), chances_, st.integers(1, 99))
def test_a_share_of_misses_and_one_of_what_was_kept_tell_the_same(good: int, bad: int, chances: list[float], at: int) -> None:
    """At least x % missed is at most (100 - x) % kept."""
    missed = chance_of_breaking(Counted(bad, good + bad), chances, limit(">=", str(at)), by_misses=True)
    kept = chance_of_breaking(Counted(good, good + bad), chances, limit("<=", str(100 - at)), by_misses=False)
    assert missed == pytest.approx(kept)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 99))
def test_misses_left_are_those_that_may_all_go_wrong(good: int, bad: int, at: int) -> None:
    counted, line = Counted(bad, good + bad), limit(">=", str(at))
    left = misses_left(counted, line, by_misses=True)
    assert left is not None
    if left >= 0:
        assert chance_of_breaking(counted, [1.0] * left, line, by_misses=True) == 0.0
        assert chance_of_breaking(counted, [1.0] * (left + 1), line, by_misses=True) == 1.0
    else:
        assert chance_of_breaking(counted, [], line, by_misses=True) == 1.0
