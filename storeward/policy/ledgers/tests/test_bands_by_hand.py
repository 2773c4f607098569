"""Bands and sums of what may happen, reckoned by hand."""

from decimal import Decimal

import pytest

from storeward.policy.ledgers.forecast import Threat, after, band_of, evenly, forecast_points, forecast_rating, middle
from storeward.policy.ledgers.rating import Rating
from storeward.policy.ledgers.tests.cast import day, entry, event, points_of, rating_of, seen


def threat(chance: float, *costs: tuple[int, float], at: float = 1, name: str = "t") -> Threat:
    return Threat(name, day(at), chance, tuple((Decimal(cost), weight) for cost, weight in costs) or None)


def of(**chances: float) -> dict[Decimal, float]:
    """`v4=0.5`: four points with a chance of a half."""
    return {Decimal(name[1:]): chance for name, chance in chances.items()}


@pytest.mark.parametrize(
    ("lowest", "highest", "values"),
    [("2", "4", [2, 3, 4]), ("4", "4", [4]), ("0", "1", [0, 1]), ("4", "2", [4]), ("6", "48", list(range(6, 49)))],
)
def test_a_range_is_every_whole_number_alike(lowest: str, highest: str, values: list[int]) -> None:
    found = evenly(Decimal(lowest), Decimal(highest))
    assert seen([value for value, _ in found]) == values
    assert sum(weight for _, weight in found) == pytest.approx(1)
    assert len({weight for _, weight in found}) == 1


@pytest.mark.parametrize(
    ("threats", "expected"),
    [
        ([], of(v10=1)),
        ([threat(0.0, (4, 1))], of(v10=1)),
        ([threat(1.0, (4, 1))], of(v14=1)),
        ([threat(0.25, (4, 1))], of(v10=0.75, v14=0.25)),
        ([threat(0.5, (2, 0.5), (4, 0.5))], of(v10=0.5, v12=0.25, v14=0.25)),
        ([threat(0.5, (4, 1)), threat(0.5, (4, 1))], of(v10=0.25, v14=0.5, v18=0.25)),
        ([threat(0.5, (4, 1)), threat(1.0, (2, 1))], of(v12=0.5, v16=0.5)),
        ([threat(0.5, (0, 1))], of(v10=1)),
    ],
)
def test_sums_of_what_may_happen(threats: list[Threat], expected: dict[Decimal, float]) -> None:
    found = {Decimal(10): 1.0}
    for one in threats:
        found = after(found, one)
    assert found == pytest.approx(expected)
    down = {Decimal(10): 1.0}
    for one in threats:
        down = after(down, one, sign=-1)
    assert down == pytest.approx({Decimal(20) - value: chance for value, chance in expected.items()})


@pytest.mark.parametrize(
    ("outcomes", "low", "high", "covers", "likely"),
    [
        (of(v6=1), 6, 6, 1.0, 6),
        (of(v6=0.8, v10=0.2), 6, 6, 0.8, 6),
        (of(v6=0.2, v10=0.8), 10, 10, 0.8, 10),
        (of(v6=0.5, v10=0.5), 6, 10, 1.0, 6),
        (of(v0=0.1, v1=0.8, v2=0.1), 1, 1, 0.8, 1),
        (of(v0=0.2, v1=0.2, v2=0.2, v3=0.2, v4=0.2), 1, 4, 0.8, 2),  # of two alike the worse
        (of(v0=0.1, v1=0.2, v2=0.4, v3=0.2, v4=0.1), 1, 3, 0.8, 2),
        (of(v0=0.7, v9=0.3), 0, 9, 1.0, 0),  # 0.7 alone is below the floor
        (of(v0=0.76, v9=0.24), 0, 0, 0.76, 0),
    ],
)
def test_a_band_by_hand(outcomes: dict[Decimal, float], low: int, high: int, covers: float, likely: int) -> None:
    found = band_of(outcomes)
    assert seen(found[:2]) == (low, high)
    assert found[2] == pytest.approx(covers)
    assert seen(middle(outcomes)) == likely


def test_of_two_bands_alike_the_worse_is_the_lower_one_for_a_rating() -> None:
    even = of(v0=0.2, v1=0.2, v2=0.2, v3=0.2, v4=0.2)
    assert seen(band_of(even, higher_is_worse=False)[:2]) == (0, 3)


def test_what_expires_first_does_not_lock_with_what_comes_later() -> None:
    """46 points that go on day 90; 4 more for certain a day before lock the sum at 50, a day after they stand alone."""
    ledger = points_of(entry(0, 46))
    for at, value in ((89, 50), (90, 4), (91, 4)):
        found = forecast_points(ledger, [threat(1.0, (4, 1), at=at)], day(70), day(95))
        assert found is not None
        assert seen(found.likely.value) == value, at


def test_what_is_overdue_falls_now_and_what_lies_beyond_does_not_fall() -> None:
    ledger = points_of(entry(0, 6))
    for at, value in ((-5, 10), (10, 10), (38, 10), (38.1, 6)):
        found = forecast_points(ledger, [threat(1.0, (4, 1), at=at)], day(10), day(38))
        assert found is not None
        assert seen(found.likely.value) == value, at


def test_a_rating_gets_back_what_leaves_the_window_and_stays_on_its_scale() -> None:
    ledger = rating_of(event(0, -30))
    for now, cost, value in ((170, 20, 180), (10, 60, 0), (20, 15, 35)):
        found = forecast_rating(ledger, [threat(1.0, (cost, 1), at=179)], day(175), day(181), Rating(Decimal(now)))
        assert found is not None
        assert seen(found.likely.value) == value, now


@pytest.mark.parametrize(("chance", "untold"), [(0.5, 1), (1.0, 1)])
def test_what_costs_nobody_knows_what_is_counted_and_moves_nothing(chance: float, untold: int) -> None:
    found = forecast_points(points_of(entry(0, 6)), [threat(chance)], day(1), day(20))
    assert found is not None
    assert (found.band.untold, seen(found.likely.value), found.band.reasons) == (untold, 6, ())
    assert dict(found.band.reached)["TTS-SEA-VP-12"] == 0
