"""Forecasts: exact sums, a band that says what it covers, and four of five simulated outcomes inside it."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward.policy.ledgers import forecast as f
from storeward.policy.ledgers import points, rating
from storeward.policy.ledgers.forecast import Threat, forecast_points, forecast_rating, points_outcomes
from storeward.policy.ledgers.points import PointsLedger
from storeward.policy.ledgers.rating import Rating
from storeward.policy.ledgers.tests.cast import day, entry, event, points_of, rating_of, seen

NOW, END = day(60), day(88)


def threat(at: float, chance: float, *costs: int, name: str = "t") -> Threat:
    weights = tuple((Decimal(cost), 1 / len(costs)) for cost in costs)
    return Threat(name, day(at), chance, weights or None)


def test_without_threats_the_band_is_what_is_left_after_expiry() -> None:
    found = forecast_points(points_of(entry(0, 6), entry(-5, 5)), [], NOW, END)
    assert found is not None
    assert seen((found.band.low, found.band.likely, found.band.high, found.band.covers)) == (6, 6, 6, 1.0)
    assert found.likely.value == 6
    assert dict(found.band.reached) == dict.fromkeys(("TTS-SEA-VP-12", "TTS-SEA-VP-24", "TTS-SEA-VP-36", "TTS-SEA-VP-48"), 0)


def test_sums_are_exact() -> None:
    ledger, threats = points_of(entry(50, 6)), [threat(61, 0.5, 2, 4), threat(62, 0.25, 6)]
    outcomes = points_outcomes(ledger, threats, NOW, END)
    assert outcomes == pytest.approx({6: 0.375, 8: 0.1875, 10: 0.1875, 12: 0.125, 14: 0.0625, 16: 0.0625})
    found = forecast_points(ledger, threats, NOW, END)
    assert found is not None
    assert dict(found.band.reached)["TTS-SEA-VP-12"] == pytest.approx(0.25)
    assert [one.expected for one in found.band.reasons] == [pytest.approx(1.5), pytest.approx(1.5)]


def test_what_falls_after_the_horizon_or_costs_nobody_knows_what_is_left_out_and_said() -> None:
    found = forecast_points(points_of(), [threat(120, 1.0, 9), threat(61, 0.9), threat(40, 1.0, 3)], NOW, END)
    assert found is not None
    assert seen((found.band.low, found.band.high, found.band.untold)) == (3, 3, 1), "what is overdue falls now"


def test_reaching_the_last_line_stops_the_clearing() -> None:
    ledger = points_of(entry(-20, 24, "old"), entry(50, 20))
    for when, ends in ((65, 48), (80, 24)):
        outcomes = points_outcomes(ledger, [threat(when, 1.0, 4)], NOW, END)
        assert seen(outcomes) == {ends: 1.0}, "the old entry goes on day 70"
    locked = points_of(entry(0, 48))
    assert seen(points_outcomes(locked, [threat(61, 0.5, 1)], NOW, day(120))) == {48: 0.5, 49: 0.5}


def test_a_reset_in_between_takes_all_that_came_before() -> None:
    ledger = points_of(entry(3, 7), platform="Shopee")
    outcomes = points_outcomes(ledger, [threat(20, 1.0, 3), threat(40, 1.0, 2)], day(10), day(60))
    assert seen(outcomes) == {2: 1.0}, "5 April lies between"


def test_what_a_snapshot_had_more_stands_in_the_band() -> None:
    assert seen(points_outcomes(points_of(entry(50, 6)), [], NOW, END, more=Decimal(3))) == {9: 1.0}
    assert points_outcomes(points_of(entry(50, None)), [], NOW, END) is None
    assert forecast_points(points_of(entry(50, None)), [], NOW, END) is None


def test_a_rating_falls_by_what_comes_true_and_rises_by_what_leaves_the_window() -> None:
    ledger = rating_of(event(-100, -30))
    found = forecast_rating(ledger, [threat(61, 1.0, 40)], NOW, END, Rating(Decimal(170)))
    assert found is not None
    assert seen((found.band.low, found.band.high, found.likely.value)) == (160, 160, 160)
    low = forecast_rating(ledger, [threat(61, 0.5, 300)], NOW, END, Rating(Decimal(170)))
    assert low is not None
    assert dict(low.band.reached)["TTS-US-AHR-0"] == pytest.approx(0.5)
    assert forecast_rating(rating_of(region="MY"), [], NOW, END, Rating(Decimal(1))) is None


def test_a_range_is_shared_out_evenly() -> None:
    shares = f.evenly(Decimal(6), Decimal(9))
    assert [cost for cost, _ in shares] == [6, 7, 8, 9]
    assert sum(weight for _, weight in shares) == pytest.approx(1)
    assert f.evenly(Decimal(4), Decimal(4)) == ((Decimal(4), 1.0),)


def test_the_band_is_the_run_nearest_to_four_fifths_and_of_equals_the_most_central() -> None:
    fifths = {Decimal(n): 0.1 for n in range(10)}
    assert seen(f.band_of(fifths)) == (1, 8, pytest.approx(0.8))
    assert seen(f.band_of({Decimal(0): 0.9, Decimal(4): 0.1})) == (0, 0, pytest.approx(0.9))


# -- four of five -------------------------------------------------------------------------------------------------------


def drawn(rng: random.Random) -> tuple[PointsLedger, list[Threat]]:
    """A store with some history and some open trouble, both at random."""
    entries = [entry(rng.uniform(-60, 59), rng.randint(1, 5), f"e{n}") for n in range(rng.randint(0, 6))]
    threats = [
        Threat(
            f"t{n}",
            day(rng.uniform(60, 88)),
            rng.uniform(0.1, 0.9),
            f.evenly(Decimal(low := rng.randint(1, 4)), Decimal(low + 3)),
        )
        for n in range(rng.randint(4, 14))
    ]
    return points_of(*entries), threats


def lived(ledger: PointsLedger, threats: list[Threat], rng: random.Random) -> Decimal:
    """What really comes of it: each threat comes true or not, and the ledger reckons the day at the end."""
    for one in threats:
        if rng.random() < one.chance:
            costs, weights = zip(*(one.costs or ()), strict=True)
            ledger = ledger.with_entry(points.Entry(one.id, one.at, rng.choices(costs, weights)[0]))
    score = points.score_on(ledger, END)
    assert score is not None
    return score.value


def test_the_band_of_points_holds_four_of_five_lives() -> None:
    rng, held, promised, lives = random.Random(20261122), 0, 0.0, 400
    for _ in range(lives):
        ledger, threats = drawn(rng)
        found = forecast_points(ledger, threats, NOW, END)
        assert found is not None
        held += found.band.low <= lived(ledger, threats, rng) <= found.band.high
        promised += found.band.covers
    assert 0.75 <= held / lives <= 0.85
    assert promised / lives == pytest.approx(0.8, abs=0.03)


def test_the_band_of_a_rating_holds_four_of_five_lives() -> None:
    rng, held, lives = random.Random(7), 0, 400
    for _ in range(lives):
        events = [event(rng.uniform(-130, 59), rng.randint(-25, 10), f"e{n}") for n in range(rng.randint(0, 6))]
        ledger, (_, threats) = rating_of(*events), drawn(rng)
        now = rating.score_on(ledger, NOW)
        assert now is not None
        found = forecast_rating(ledger, threats, NOW, END, now)
        assert found is not None
        for one in threats:
            if rng.random() < one.chance:
                costs, weights = zip(*(one.costs or ()), strict=True)
                ledger = ledger.with_event(rating.Event(one.id, one.at, -rng.choices(costs, weights)[0]))
        end = rating.score_on(ledger, END)
        assert end is not None
        held += found.band.low <= end.value <= found.band.high
    assert 0.75 <= held / lives <= 0.85


threats_given = st.lists(
    st.builds(
        lambda at, chance, low, wide: Threat("t", day(at), chance, f.evenly(Decimal(low), Decimal(low + wide))),
        st.integers(55, 100),
        st.floats(0, 1),
        st.integers(0, 20),
        st.integers(0, 6),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(threats_given, st.integers(0, 40))
def test_chances_add_up_to_one_and_the_band_holds_its_middle(threats: list[Threat], held: int) -> None:
    outcomes = points_outcomes(points_of(entry(50, held)), threats, NOW, END)
    assert outcomes is not None
    assert sum(outcomes.values()) == pytest.approx(1, abs=1e-6)
    found = forecast_points(points_of(entry(50, held)), threats, NOW, END)
    assert found is not None
    assert found.band.low <= found.band.high
    assert min(outcomes) <= found.band.low
    assert found.band.high <= max(outcomes)
