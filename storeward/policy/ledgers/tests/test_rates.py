"""Rates: formulas are whole, limits come from the rules, misses left are the smallest number that breaks."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward.policy.ledgers.rates import (
    Counted,
    Limit,
    all_formulas,
    chance_of_breaking,
    cost_of,
    costly,
    formulas,
    limits,
    misses_left,
)
from storeward.policy.ledgers.tests.cast import seen
from storeward.policy.rules.compare import broken
from storeward.policy.terms import book
from storeward.policy.tests.cast import profile
from storeward.policy.types import Severity

DAY = date(2026, 11, 20)


def limit(comparator: str, at: str, count_from: int | None = None) -> Limit:
    row = book().row(book().rule("TTS-SEA-LDR-VP"), DAY)
    assert row is not None
    count = None if count_from is None else Decimal(count_from)
    return Limit("X", Decimal(at), comparator, 7, Severity.WARNING, count, row)


def test_every_formula_names_clocks_that_are_there_and_a_rate_that_a_rule_limits() -> None:
    for formula in all_formulas():
        assert formula.source
        assert formula.says_zh
        assert formula.leaves_out_zh
        assert (formula.of == "duties") == bool(formula.rules), formula.metric
        for rule_id in formula.rules:
            assert book().platform_of(rule_id) == formula.platform
            assert book().rule(rule_id).form in ("order", "reply")
        regions = formula.markets or ("MY", "PH", "TH", "US", "VN")
        assert any(_limits(formula.platform, region, formula.metric) for region in regions), formula.metric


def _limits(platform: str, region: str, metric: str, **changes: str) -> list[tuple[str, Decimal, int | None]]:
    found = limits(book(), profile(region, platform=platform, **changes), metric, DAY)
    return [(one.rule, one.at, one.window_days) for one in found]


def test_limits_stand_in_the_order_in_which_they_break() -> None:
    assert [rule for rule, at, _ in _limits("tiktok_shop", "MY", "late_dispatch_rate")][:2] == [
        "TTS-SEA-LDR-TARGET",
        "TTS-SEA-LDR-OVL1",
    ]
    assert seen(_limits("tiktok_shop", "US", "late_dispatch_rate")) == [("TTS-US-LDR", 4, 7)]
    assert seen(_limits("tiktok_shop", "US", "answered_in_24h")) == [("TTS-US-RESP24-RATE", 90, 30)]
    assert seen(_limits("shopee", "TH", "chat_response_rate")) == [
        ("SHP-CHAT-TARGET", 90, 30),
        ("SHP-TH-CHAT-60", 60, 90),
        ("SHP-CHAT-20", 20, 30),
    ]
    assert seen(_limits("lazada", "MY", "same_day_chat_response_rate")) == [("LZD-CHAT-RATE", 50, 7)]
    assert seen(_limits("lazada", "MY", "same_day_chat_response_rate", programme="lazmall")) == [("LZD-CHAT-RATE", 85, 7)]
    assert _limits("lazada", "PH", "fast_fulfilment_rate") == [], "no figure is known there"


def test_each_platform_and_market_has_its_rates() -> None:
    assert [one.metric for one in formulas("tiktok_shop", "MY")] == [
        "late_dispatch_rate",
        "seller_fault_cancellation_rate",
        "seller_fault_return_refund_rate",
        "answered_in_12h",
        "answered_in_24h",
    ]
    assert "on_time_delivery_rate" in [one.metric for one in formulas("tiktok_shop", "US")]
    assert len(formulas("shopee", "SG")) == 3
    assert len(formulas("lazada", "SG")) == 4
    assert formulas("douyin", "CN") == ()


@pytest.mark.parametrize(
    ("part", "whole", "comparator", "at", "by_misses", "left"),
    [
        (0, 0, ">=", "4", True, 0),
        (3, 100, ">=", "4", True, 1),
        (4, 100, ">=", "4", True, -1),
        (4, 100, ">", "4", True, 0),
        (0, 50, ">=", "4", True, 2),
        (95, 100, "<", "90", False, 5),
        (90, 100, "<", "90", False, 0),
        (90, 100, "<=", "90", False, -1),
        (5, 5, ">=", "100", True, -1),
        (4, 5, ">=", "100", True, None),
        (4, 5, ">", "100", True, None),
        (4, 5, "<", "0", False, None),
    ],
)
def test_misses_left(part: int, whole: int, comparator: str, at: str, by_misses: bool, left: int | None) -> None:
    assert misses_left(Counted(part, whole), limit(comparator, at), by_misses=by_misses) == left


def test_a_row_that_names_a_count_breaks_only_with_both() -> None:
    assert misses_left(Counted(4, 12), limit(">", "30", 10), by_misses=True) == 5
    assert misses_left(Counted(10, 12), limit(">", "30", 10), by_misses=True) == -1


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([">=", ">", "<", "<="]), st.integers(1, 99), st.integers(1, 40))
def test_misses_left_is_the_smallest_number_that_breaks(good: int, bad: int, comparator: str, at: int, most: int) -> None:
    by_misses, line = comparator in (">", ">="), limit(comparator, str(at))
    counted = Counted(bad if by_misses else good, good + bad)
    left = misses_left(counted, line, by_misses=by_misses)

    def breaks(more: int) -> bool:
        whole = good + bad + more
        value = Fraction(((bad + more) if by_misses else good) * 100, whole) if whole else None
        return value is not None and broken(value, comparator, Decimal(at))

    if breaks(0):
        assert left == -1
    else:
        assert left is not None
        assert breaks(left + 1)
        assert not any(breaks(k) for k in range(max(left - most, 0), left + 1))


def test_the_chance_of_breaking_is_exact() -> None:
    line, chances = limit(">=", "30"), [0.5, 0.25, 0.1, 0.9]
    counted, expected = Counted(1, 4), 0.0
    for ends in product((0, 1), repeat=4):
        chance = 1.0
        for came, p in zip(ends, chances, strict=True):
            chance *= p if came else 1 - p
        expected += chance if Fraction((1 + sum(ends)) * 100, 8) >= 30 else 0
    assert chance_of_breaking(counted, chances, line, by_misses=True) == pytest.approx(expected)
    kept = limit("<", "60")
    assert chance_of_breaking(Counted(3, 4), [1.0, 1.0], kept, by_misses=False) == 1.0
    assert chance_of_breaking(Counted(3, 4), [0.0, 0.0], kept, by_misses=False) == 0.0
    assert chance_of_breaking(Counted(0, 0), [], line, by_misses=True) == 0.0


def test_what_a_breach_costs_comes_from_the_terms() -> None:
    found = {row.id: cost for row, cost in costly(book(), profile("MY"), DAY)}
    assert seen(found["TTS-SEA-LDR-VP"]) == (2, 4)
    assert seen(found["TTS-SEA-SFCR-VP4"]) == (4, 4)
    assert seen(found["TTS-SEA-VPCAT-QUAL-MISSING"]) == (6, 48)
    assert "TTS-SEA-LDR-TARGET" not in found
    assert seen({row.id: cost for row, cost in costly(book(), profile("PH", platform="lazada"), DAY)}["LZD-BRUSHING-16"]) == (
        0,
        16,
    )
    row = book().row(book().rule("SHP-LSR"), DAY)
    assert row is not None
    assert cost_of(row) is None, "the source says points, not how many"
