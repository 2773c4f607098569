"""A benchmark's report says what was measured, and fails where a budget is missed."""

import pytest

from bench.report import Report, best_of, stopwatch


@pytest.mark.parametrize(
    ("value", "limit", "at_most", "holds"),
    [
        (0.5, 0.5, True, True),
        (0.501, 0.5, True, False),
        (0.25, 0.25, False, True),
        (0.249, 0.25, False, False),
        (0.0, 0.5, True, True),
        (0.0, 0.25, False, False),
    ],
)
def test_a_budget_holds_up_to_its_limit_and_not_beyond(
    value: float, limit: float, at_most: bool, holds: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Report("title")
    report.budget("share of the ceiling", value, limit, at_most=at_most)
    assert report.done() == (0 if holds else 1)
    assert ("holds" in capsys.readouterr().out) is holds


def test_one_missed_budget_among_many_fails_the_run_and_is_named() -> None:
    report = Report("title")
    report.budget("first", 1, 2, at_most=True)
    report.budget("second", 3, 2, at_most=True)
    report.budget("third", 1, 2, at_most=True)
    assert report.missed == ["second"]
    assert report.done() == 1


def test_a_figure_has_no_budget_and_fails_nothing() -> None:
    report = Report("title")
    report.figure("ceiling", 23_000, "orders/s")
    assert report.done() == 0


@pytest.mark.parametrize(("value", "shown"), [(0.1234, "0.123 s"), (99.5, "99.500 s"), (100, "100 s"), (23_215.8, "23,216 s")])
def test_small_figures_keep_three_decimals_and_large_ones_none(
    value: float, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Report("title").figure("name", value, "s")
    assert capsys.readouterr().out.endswith(f" {shown}\n")


def test_the_median_of_several_runs_counts_not_the_luckiest() -> None:
    times = iter([9.0, 1.0, 2.0])
    assert best_of(3, lambda: next(times)) == 2.0


def test_a_stopwatch_stops_although_the_block_failed() -> None:
    with pytest.raises(KeyError), stopwatch() as watch:
        raise KeyError("anything")
    assert watch.seconds > 0
