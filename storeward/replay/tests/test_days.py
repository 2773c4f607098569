"""What is measured day by day: lines of events cut at an instant, and rates of the week up to a day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.findings.rates import DISPATCH_RULES, TRACKING_RULES
from storeward.policy.engine import FORMS
from storeward.policy.terms import book
from storeward.replay import days, things
from storeward.replay.days import Counts, _Line, _metric, _metrics

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LATE, IN_TIME = DISPATCH_RULES[0], TRACKING_RULES[0]


def line(*passed: int) -> _Line[int]:
    made = _Line[int]()
    for number in passed:
        made.add(START + number * DAY, number)
    return made


@pytest.mark.parametrize(
    ("moment", "held"),
    [(-1, ()), (0, (0,)), (1, (0,)), (2, (0, 2)), (4, (0, 2)), (5, (0, 2, 5)), (50, (0, 2, 5))],
)
def test_nothing_after_the_instant_is_known(moment: int, held: tuple[int, ...]) -> None:
    assert line(0, 2, 5).until(START + moment * DAY) == held


def test_an_empty_line_holds_nothing() -> None:
    assert line().until(START) == ()


@given(st.lists(st.integers(0, 60), max_size=20).map(sorted), st.integers(-5, 70))
def test_a_line_is_cut_as_the_slow_way_cuts_it(passed: list[int], moment: int) -> None:
    assert line(*passed).until(START + moment * DAY) == tuple(number for number in passed if number <= moment)


# -- rates -----------------------------------------------------------------------------------------------------------------------


def counts(**of: tuple[int, int]) -> Counts:
    """By day of November: `d3=(10, 2)` is ten that fell due on the 3rd, two of them late."""
    return {date(2026, 11, int(name[1:])): number for name, number in of.items()}


@pytest.mark.parametrize(
    ("day", "late", "whole"),
    [(2, 0, 0), (3, 2, 10), (9, 3, 15), (10, 1, 5), (16, 0, 0)],
)
def test_a_rate_is_that_of_the_seven_days_up_to_its_day(day: int, late: int, whole: int) -> None:
    outcomes = {LATE: counts(d3=(10, 2), d9=(5, 1))}
    metric = _metric(outcomes, DISPATCH_RULES, date(2026, 11, day), late=True)
    assert (metric.numerator, metric.denominator, metric.window_days) == (Decimal(late), Decimal(whole), Decimal(7))


def test_what_is_in_time_is_the_rest() -> None:
    metric = _metric({IN_TIME: counts(d3=(10, 2))}, TRACKING_RULES, date(2026, 11, 3), late=False)
    assert (metric.numerator, metric.denominator) == (Decimal(8), Decimal(10))


def test_the_clocks_of_all_markets_add_up() -> None:
    outcomes = {rule: counts(d3=(1, 1)) for rule in DISPATCH_RULES}
    metric = _metric(outcomes, DISPATCH_RULES, date(2026, 11, 3), late=True)
    assert metric.denominator == Decimal(len(DISPATCH_RULES))


def test_each_rate_counts_its_own_clocks() -> None:
    found = _metrics({LATE: counts(d3=(10, 2))}, date(2026, 11, 3))
    assert found["late_dispatch_rate"].denominator == Decimal(10)
    assert found["valid_tracking_rate"].denominator == Decimal(0)
    assert found["on_time_delivery_rate"].denominator == Decimal(0)


# -- forms -----------------------------------------------------------------------------------------------------------------------

UNTOLD = {
    *("reactivation", "freeze_left", "settlement", "ahr_quiz", "score", "violation_category", "violation_stop", "violation_quiz"),
    *("linked_stores", "reply_rate", "chat_figure", "dispute", "listing_share", "two_step", "sub_accounts", "login_events"),
    *("stock", "stock_age", "certification", "fake_review", "content_check"),
}
"""Forms whose facts have no history here; `order` has a way of its own."""


def test_every_form_has_a_way_through_history_or_is_known_to_have_none() -> None:
    ways = {"order", *days.COLLECTORS, *things.COLLECTORS}
    assert ways | UNTOLD == set(FORMS)
    assert not ways & UNTOLD
    assert not set(days.COLLECTORS) & set(things.COLLECTORS)


def test_most_rules_can_be_replayed() -> None:
    judged = [rule for _, rule in book() if rule.form is not None and rule.form != "conduct"]
    told = [rule for rule in judged if rule.form not in UNTOLD]
    assert len(told) > len(judged) / 2
