"""The simulation that judges the ranking: what it counts as lost, and that it does not favour anybody."""

import random

import pytest

from bench.ranking import DAY_MINUTES, ORDERS, Task, avoided, findings, lost


def task(**given: object) -> Task:
    """A task of ten minutes due in an hour, worth ten dollars, that would go wrong if left."""
    fields: dict[str, object] = {
        "store": 1, "due": 60.0, "minutes": 10.0, "loss": 10.0, "happens": True, "score": 1.0, "last_day": True,
    }  # fmt: skip
    return Task(**(fields | given))  # type: ignore[arg-type]


def in_turn(one: Task) -> tuple[float, ...]:
    return (one.store,)


def test_what_is_done_in_time_loses_nothing() -> None:
    assert lost([task()], in_turn, people=1) == 0


def test_what_is_done_after_it_was_due_loses_its_whole_stake() -> None:
    assert lost([task(due=9.0)], in_turn, people=1) == 10


def test_done_at_the_very_minute_is_in_time() -> None:
    assert lost([task(due=10.0)], in_turn, people=1) == 0


def test_what_would_not_have_gone_wrong_loses_nothing_however_late() -> None:
    assert lost([task(due=1.0, happens=False)], in_turn, people=1) == 0


def test_the_second_in_the_queue_pays_for_the_time_of_the_first() -> None:
    queue = [task(store=1, minutes=55.0, due=60.0), task(store=2, minutes=10.0, due=60.0, loss=7.0)]
    assert lost(queue, in_turn, people=1) == 7


def test_two_people_work_side_by_side() -> None:
    queue = [task(store=1, minutes=55.0), task(store=2, minutes=10.0)]
    assert lost(queue, in_turn, people=2) == 0


def test_what_no_longer_fits_into_the_day_is_left_and_lost_although_due_tomorrow() -> None:
    queue = [task(store=1, minutes=DAY_MINUTES, due=10 * DAY_MINUTES), task(store=2, due=10 * DAY_MINUTES, loss=3.0)]
    assert lost(queue, in_turn, people=1) == 3


def test_a_shorter_task_still_fits_after_a_long_one_did_not() -> None:
    queue = [
        task(store=1, minutes=DAY_MINUTES - 10, due=10 * DAY_MINUTES),
        task(store=2, minutes=20.0, due=10 * DAY_MINUTES, loss=3.0),
        task(store=3, minutes=10.0, due=10 * DAY_MINUTES, loss=5.0),
    ]
    assert lost(queue, in_turn, people=1) == 3


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_morning_is_given_to_every_order(seed: int) -> None:
    first = findings(random.Random(seed), stores=10, count=50)
    assert first == findings(random.Random(seed), stores=10, count=50)
    assert all(one.minutes > 0 and one.loss > 0 and 0 <= one.store < 10 for one in first)


def test_each_order_avoids_a_share_between_nothing_and_everything() -> None:
    found = avoided(seed=5, teams=6)
    assert set(found) == set(ORDERS)
    assert all(0 <= share <= 1 for shares in found.values() for share in shares)
    assert {len(shares) for shares in found.values()} == {6}


def test_the_product_s_order_beats_the_plain_ones_on_the_whole() -> None:
    found = avoided(seed=1, teams=30)
    means = {name: sum(shares) / len(shares) for name, shares in found.items()}
    ours, *others = means
    assert all(means[ours] > means[other] for other in others), means
