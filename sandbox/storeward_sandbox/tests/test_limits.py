"""Call budgets on a clock of our own: how many calls fit into a second, whose they are, and what is reported."""

import pytest

from storeward_sandbox.limits import GRACE_SECONDS, DailyQuota, RateLimit


class Ticks:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


def taken(limit: RateLimit, times: int, operation: str = "a", subject: str = "1") -> list[bool]:
    return [limit.take(operation, subject) for _ in range(times)]


def test_so_many_calls_fit_into_a_second(ticks: Ticks) -> None:
    limit = RateLimit(3, ticks)
    assert taken(limit, 5) == [True, True, True, False, False]


def test_the_next_second_is_free_again(ticks: Ticks) -> None:
    limit = RateLimit(3, ticks)
    taken(limit, 3)
    ticks.now += 1 - GRACE_SECONDS - 0.01
    assert taken(limit, 1) == [False]
    ticks.now += 0.02
    assert taken(limit, 4) == [True, True, True, False]


def test_a_second_slides(ticks: Ticks) -> None:
    limit = RateLimit(2, ticks)
    taken(limit, 1)
    ticks.now += 0.6
    assert taken(limit, 2) == [True, False]
    ticks.now += 0.35
    assert taken(limit, 2) == [True, False]


def test_each_key_has_a_budget_of_its_own(ticks: Ticks) -> None:
    limit = RateLimit(1, ticks)
    assert limit.take("a", "1")
    assert limit.take("a", "2")
    assert limit.take("b", "1")
    assert not limit.take("a", "1")


@pytest.mark.parametrize(("operation", "good"), [("a", 2), ("b", 5), ("c", 1)])
def test_an_operation_may_have_a_figure_of_its_own(ticks: Ticks, operation: str, good: int) -> None:
    limit = RateLimit(2, ticks, per_operation={"b": 5, "c": 1})
    assert taken(limit, 7, operation) == [True] * good + [False] * (7 - good)


def test_refused_calls_do_not_count_against_the_budget(ticks: Ticks) -> None:
    limit = RateLimit(1, ticks)
    taken(limit, 50)
    ticks.now += 1
    assert taken(limit, 1) == [True]


def test_what_was_used_is_reported(ticks: Ticks) -> None:
    limit = RateLimit(2, ticks, per_operation={"b": 1})
    taken(limit, 3)
    taken(limit, 2, "b", "2")
    taken(limit, 1, "a", "2")
    assert limit.report() == {
        "limit_per_second": 2,
        "limits_by_operation": {"b": 1},
        "calls": 6,
        "exceeded": 2,
        "peak_per_second": 2,
        "calls_by_operation": {"a": 4, "b": 2},
        "exceeded_by": [{"operation": "a", "store": "1", "times": 1}, {"operation": "b", "store": "2", "times": 1}],
    }
    limit.reset()
    assert limit.report()["calls"] == 0


def test_a_day_s_quota_ends_with_the_day() -> None:
    quota = DailyQuota(2)
    morning, night, next_day = 86400.0 * 10, 86400.0 * 11 - 1, 86400.0 * 11
    assert [quota.take("1", morning), quota.take("1", night), quota.take("1", night)] == [True, True, False]
    assert quota.take("2", night)
    assert quota.take("1", next_day)
    assert quota.refused == 1
