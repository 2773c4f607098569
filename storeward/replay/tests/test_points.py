"""Points and days of a replay: each breach costs what the terms of its own day say, under the book that it breaks."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.findings.worth import Worth
from storeward.policy.facts import Metric
from storeward.policy.terms import Book, book
from storeward.policy.tests.cast import profile
from storeward.policy.versions import assemble, read_draft
from storeward.replay.days import _Line, _metric
from storeward.replay.found import Hit, Side, Sum, Tally
from storeward.replay.span import Past

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
DAY = timedelta(days=1)
RULE = "DY-NOT-SERVING"
IN_FORCE = Decimal(2)
"""The points of the rule by the product's own data."""


def past(before: Book, after: Book, region: str = "MY", now: datetime = NOW, days: float = 3) -> Past:
    return Past(before, after, now - days * DAY, now, {1: profile(region)}, Worth.on(now))


@pytest.fixture(scope="module")
def dearer() -> Book:
    """From December on a breach costs six points."""
    text = f'[[change]]\nrule = "{RULE}"\nfrom = 2026-12-01\nfigures = {{ points = 6 }}\nsource = ["x"]\nread_on = 2026-11-18\n'
    return assemble(book(), read_draft(text + 'confidence = "uncertain"\n', book()))


@pytest.mark.parametrize(
    ("day", "spared", "points"),
    [
        (date(2026, 11, 18), False, IN_FORCE),
        (date(2026, 11, 30), False, IN_FORCE),
        (date(2026, 12, 1), False, Decimal(6)),
        (date(2027, 12, 1), False, Decimal(6)),
        (date(2026, 12, 1), True, IN_FORCE),
        (date(2026, 11, 30), True, IN_FORCE),
    ],
)
def test_a_breach_costs_the_points_of_its_own_day_and_book(dearer: Book, day: date, spared: bool, points: Decimal) -> None:
    assert past(book(), dearer).points(RULE, day, spared=spared) == points


# -- days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "now", "days", "hours"),
    [
        # The United States put the clock back on 1 November 2026 and forward on 8 March 2026.
        ("US", datetime(2026, 11, 3, 12, tzinfo=UTC), 3, [24, 25, 24]),
        ("US", datetime(2026, 3, 10, 12, tzinfo=UTC), 3, [24, 23, 24]),
        ("MY", datetime(2026, 11, 3, 12, tzinfo=UTC), 3, [24, 24, 24]),
        ("TH", datetime(2028, 3, 1, 12, tzinfo=UTC), 2, [24, 24]),
    ],
)
def test_a_day_is_as_long_as_the_clocks_of_the_store_make_it(region: str, now: datetime, days: int, hours: list[int]) -> None:
    ends = list(past(book(), book(), region, now, days).ends(1))[:-1]
    lengths = [round((after - before) / timedelta(hours=1)) for before, after in pairwise(ends)]
    assert len(ends) == days
    assert lengths == hours[1:]


@given(st.integers(0, 400), st.sampled_from(["MY", "TH", "VN", "US"]))
def test_the_days_of_a_window_follow_one_another_and_end_now(days: int, region: str) -> None:
    window = past(book(), book(), region, days=days)
    ends = list(window.ends(1))
    local = [window.day_of(1, moment) for moment in ends]
    assert local == [window.day_of(1, window.since) + number * DAY for number in range(len(ends))]
    assert ends == sorted(ends)
    assert ends[-1] == NOW
    assert len(ends) == days + 1


# -- what was known at an instant ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "known"),
    [
        (NOW - timedelta(microseconds=1), ()),
        (NOW, ("a", "b")),
        (NOW + timedelta(hours=1), ("a", "b")),
        (NOW + DAY, ("a", "b", "c")),
        (NOW + 400 * DAY, ("a", "b", "c")),
    ],
)
def test_a_line_holds_what_was_known_up_to_and_with_an_instant(moment: datetime, known: tuple[str, ...]) -> None:
    line: _Line[str] = _Line()
    for at, thing in ((NOW, "a"), (NOW, "b"), (NOW + DAY, "c")):
        line.add(at, thing)
    assert line.until(moment) == known


def rate(counts: dict[int, tuple[int, int]], *, late: bool) -> tuple[int, int]:
    """Numerator and denominator on 7 November, by counts of the days of November 2026: (all, late)."""
    outcomes = {"R": {date(2026, 11, day): count for day, count in counts.items()}}
    made: Metric = _metric(outcomes, ("R", "S"), date(2026, 11, 7), late=late)
    assert made.window_days == 7
    return int(Decimal(str(made.numerator))), int(Decimal(str(made.denominator)))


@pytest.mark.parametrize(
    ("counts", "late", "on_time"),
    [
        ({}, (0, 0), (0, 0)),
        ({7: (10, 1)}, (1, 10), (9, 10)),
        ({1: (10, 1), 7: (10, 1)}, (2, 20), (18, 20)),
        ({8: (10, 10)}, (0, 0), (0, 0)),
        ({1: (4, 4), 2: (6, 0)}, (4, 10), (6, 10)),
    ],
)
def test_a_rate_counts_seven_days_and_the_day_itself_among_them(
    counts: dict[int, tuple[int, int]], late: tuple[int, int], on_time: tuple[int, int]
) -> None:
    assert rate(counts, late=True) == late
    assert rate(counts, late=False) == on_time


def test_the_eighth_day_back_counts_no_more() -> None:
    outcomes = {"R": {date(2026, 2, 28): (5, 5), date(2026, 3, 1): (7, 1)}}
    assert _metric(outcomes, ("R",), date(2026, 3, 7), late=True).denominator == 7
    assert _metric(outcomes, ("R",), date(2026, 3, 6), late=True).denominator == 12


# -- sums ----------------------------------------------------------------------------------------

SIDES: tuple[Side, Side] = ("more", "less")
HITS = st.lists(
    st.builds(
        Hit,
        side=st.sampled_from(SIDES),
        rule=st.sampled_from(["A", "B"]),
        store_id=st.integers(1, 3),
        day=st.dates(date(2028, 2, 27), date(2028, 3, 1)),
        kind=st.just("order"),
        id=st.just("1"),
        amount=st.one_of(st.none(), st.decimals("0.01", "99.99", places=2)),
        currency=st.sampled_from([None, "MYR", "VND"]),
        points=st.one_of(st.none(), st.integers(0, 12).map(Decimal)),
    ),
    max_size=12,
)


@given(HITS)
def test_days_stores_and_rules_each_come_to_the_whole(hits: list[Hit]) -> None:
    tally = Tally()
    for hit in hits:
        tally.hit(hit)
    for side in SIDES:
        whole = tally.sums[side]
        for parts in (tally.by_day, tally.by_store, tally.by_rule):
            mine = [one for (_, its), one in list(parts.items()) if its == side]
            assert sum(one.things for one in mine) == whole.things
            assert sum((one.points for one in mine), Decimal(0)) == whole.points
            assert sum((sum(one.money.values(), Decimal(0)) for one in mine), Decimal(0)) == sum(whole.money.values(), Decimal(0))
        assert whole.things == sum(hit.side == side for hit in hits)
        assert tally.stores(side) == {hit.store_id for hit in hits if hit.side == side}
    assert [day for day, _, _ in tally.days()] == sorted({hit.day for hit in hits})
    assert tally.differs is bool(hits)


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [("1.50", "MYR", {"MYR": Decimal("1.50")}), (None, "MYR", {}), ("1.50", None, {}), ("0", "VND", {"VND": Decimal(0)})],
)
def test_an_amount_without_its_currency_is_in_no_sum(amount: str | None, currency: str | None, money: dict[str, Decimal]) -> None:
    one = Sum()
    one.add(Hit("more", "R", 1, NOW.date(), "order", "1", None if amount is None else Decimal(amount), currency))
    assert one.money == money
    assert one.things == 1
