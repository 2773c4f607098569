"""The plot of a score: where steps, lines, the band and the words stand; pure."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storeward.findings.health.board import Score, score_at
from storeward.findings.health.events import Book
from storeward.findings.health.outlook import Outlook
from storeward.policy.ledgers.forecast import Threat, evenly, forecast_points, forecast_rating
from storeward.policy.ledgers.points import Entry, PointsLedger
from storeward.policy.ledgers.rating import Event, Rating, RatingLedger
from storeward.policy.ledgers.regimes import Ground
from storeward.policy.ledgers.snapshots import Snapshot
from storeward.policy.ledgers.tests.cast import ground
from storeward.web.chart import Chart, chart_of

NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
DAY = timedelta(days=1)
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def points_book(*given: tuple[int, float], snapshots: tuple[Snapshot, ...] = (), **changes: Any) -> Book:
    """A store whose points were given so many days ago."""
    here = ground(**changes)
    entries = tuple(Entry(f"e{n}", NOW - ago * DAY, Decimal(count)) for n, (count, ago) in enumerate(given))
    return book_of(here, PointsLedger(here, entries), snapshots)


def rating_book(*moved: tuple[int, float], snapshots: tuple[Snapshot, ...] = ()) -> Book:
    here = ground("US")
    events = tuple(Event(f"e{n}", NOW - ago * DAY, Decimal(change)) for n, (change, ago) in enumerate(moved))
    return book_of(here, RatingLedger(here, events), snapshots)


def book_of(here: Ground, ledger: PointsLedger | RatingLedger, snapshots: tuple[Snapshot, ...]) -> Book:
    return Book(1, here, ledger, snapshots, (), (), NOW, fresh=True)


def score_of(held: Book) -> Score:
    found = score_at(held, NOW)
    assert found is not None
    return found


def drawn(held: Book, seen: Outlook | None = None) -> Chart:
    found = chart_of(held, score_of(held), seen, NOW, "en")
    assert found is not None
    return found


def labels(chart: Chart, *, ahead: bool) -> list[str]:
    return [one.label for one in chart.steps if one.tone.startswith("ahead") is ahead]


def inside(chart: Chart) -> bool:
    """Every number of every path lies within the box of 100 by 100."""
    paths = (chart.past, chart.ground, chart.ahead, chart.wedge)
    return all(0 <= float(number) <= 100 for path in paths for number in NUMBERS.findall(path))


def test_steps_up_and_down_with_their_words() -> None:
    chart = drawn(points_book((6, 85), (2, 40), (4, 3)))
    assert labels(chart, ahead=False) == ["+6", "+2", "+4"]
    assert labels(chart, ahead=True) == ["−6 25 Nov", "−2 9 Jan", "−4 15 Feb"]
    assert inside(chart)


def test_what_expired_within_the_plot_steps_down() -> None:
    chart = drawn(points_book((6, 120), (2, 40)))
    assert labels(chart, ahead=False) == ["+6", "+2", "−6"]


def test_the_past_begins_at_the_left_and_ends_now() -> None:
    chart = drawn(points_book((6, 85)))
    assert chart.past.startswith("M0")
    assert chart.past.endswith(f"H{chart.now}")
    assert chart.ground.endswith("H0.0Z")
    assert 0 < chart.now < 100


def test_only_the_next_line_has_a_tone_and_lines_far_above_are_left_out() -> None:
    chart = drawn(points_book((14, 5)))
    assert [(line.label, line.tone) for line in chart.lines] == [("12", ""), ("24", "next")]
    low = drawn(points_book((2, 5)))
    assert [(line.label, line.tone) for line in low.lines] == [("12", "next")]
    top = drawn(points_book((48, 5)))
    assert [line.label for line in top.lines] == ["12", "24", "36", "48"]
    assert {line.tone for line in top.lines} == {""}


def test_higher_is_further_up() -> None:
    chart = drawn(points_book((14, 5)))
    heights = {line.label: line.y for line in chart.lines}
    assert heights["24"] < heights["12"] < 100
    assert all(0 <= one.y <= 100 and 0 <= one.x <= 100 for one in (*chart.steps, *chart.months, *chart.told))


def test_a_snapshot_is_marked_where_it_was_read_and_moves_the_line() -> None:
    read = Snapshot(NOW - 10 * DAY, Decimal(9), "form", "a lead")
    chart = drawn(points_book((6, 40), snapshots=(read, Snapshot(NOW - 300 * DAY, Decimal(1)))))
    assert len(chart.told) == 1, "one of last year is out of the plot"
    assert labels(chart, ahead=False) == ["+6", "+3"]


def test_a_reset_takes_all_at_once() -> None:
    chart = drawn(points_book((3, 40), (2, 10), region="SG", platform="Shopee"))
    assert labels(chart, ahead=False) == ["+3", "+2"]
    assert labels(chart, ahead=True) == ["−5 4 Jan"]


def test_a_rating_falls_and_rises() -> None:
    chart = drawn(rating_book((-30, 100), (8, 20)))
    assert labels(chart, ahead=False) == ["−30", "+8"]
    assert labels(chart, ahead=True) == ["+30 7 Feb"]
    assert [line.label for line in chart.lines] == ["150", "100", "50", "0"]
    assert inside(chart)


def test_the_band_opens_from_now_to_its_ends() -> None:
    held = points_book((6, 10))
    threats = [Threat("t", NOW + 5 * DAY, 0.5, evenly(Decimal(2), Decimal(6)))]
    assert isinstance(held.ledger, PointsLedger)
    seen = Outlook(NOW + 28 * DAY, forecast_points(held.ledger, threats, NOW, NOW + 28 * DAY), tuple(threats))
    chart = drawn(held, seen)
    x, y, *_rest = (float(number) for number in NUMBERS.findall(chart.wedge))
    assert x == chart.now
    assert 0 < y < 100
    assert chart.band is not None
    assert chart.band.x > chart.now
    assert inside(chart)


def test_the_band_of_a_rating_opens_downwards() -> None:
    held = rating_book((-30, 10))
    threats = [Threat("t", NOW + 5 * DAY, 0.5, ((Decimal(40), 1.0),))]
    assert isinstance(held.ledger, RatingLedger)
    band = forecast_rating(held.ledger, threats, NOW, NOW + 28 * DAY, Rating(Decimal(170)))
    chart = drawn(held, Outlook(NOW + 28 * DAY, band, tuple(threats)))
    _x, start, _end, high, low = (float(number) for number in NUMBERS.findall(chart.wedge))
    assert high <= start < low
    assert inside(chart)


def test_without_a_forecast_there_is_no_band() -> None:
    assert drawn(points_book((6, 10))).wedge == ""
    assert drawn(points_book((6, 10)), Outlook(NOW, None, ())).band is None


def test_what_cannot_be_told_is_not_drawn() -> None:
    held = points_book((6, 10))
    unknown = Book(1, held.ground, None, (), (), (), None, fresh=False)
    assert chart_of(unknown, score_of(held), None, NOW, "en") is None
    hole = points_book((6, 40))
    assert isinstance(hole.ledger, PointsLedger)
    unsaid = hole.ledger.with_entry(Entry("?", NOW - 100 * DAY, None, Decimal(3), NOW - 100 * DAY))
    assert score_at(book_of(hole.ground, unsaid, ()), NOW - 50 * DAY) is not None


def test_labels_near_the_right_edge_stand_left_of_their_point() -> None:
    chart = drawn(points_book((6, 85), (4, 1)))
    tones = {one.label: one.tone for one in chart.steps}
    assert tones["−6 25 Nov"] == "ahead"
    assert tones["−4 17 Feb"] == "ahead is-left"


@pytest.mark.parametrize(("language", "first"), [("en", "Jul"), ("zh", "7月")])
def test_months_are_named_in_the_persons_language(language: Any, first: str) -> None:
    held = points_book((6, 85))
    chart = chart_of(held, score_of(held), None, NOW, language)
    assert chart is not None
    assert chart.months[0].label == first
    assert [one.x for one in chart.months] == sorted(one.x for one in chart.months)
