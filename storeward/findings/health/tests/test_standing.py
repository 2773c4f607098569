"""How a store stands where records are strange, old, of another way of counting, or not settled."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from storeward.findings.health.board import StoreHealth, board, score_at
from storeward.findings.health.events import CREDIT, Book, ledgers, number
from storeward.findings.health.outlook import outlook, share
from storeward.findings.health.rates import Rate, Told, rates
from storeward.findings.tests import factories as make
from storeward.findings.tests.factories import NOW
from storeward.policy.ledgers.rates import Counted
from storeward.records.models import Violation
from storeward.stores.models import Store

DAY = timedelta(days=1)


def only(store: Store, now: datetime = NOW, **more: Any) -> StoreHealth:
    (line,) = board([store.pk], now=now, **more)
    return line


def score_of(store: Store, now: datetime = NOW, **more: Any) -> Any:
    score = only(store, now, **more).score
    assert score is not None
    return score


def seen(value: object) -> object:
    return value


# -- pure ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        (0, "0"),
        (-3, "-3"),
        (12.5, "12.5"),
        ("12.50", "12.50"),
        ("0.00", "0.00"),
        (" 7 ", "7"),
        ("1e3", "1000"),
        (999_999_999_999, "999999999999"),
        ("1e999999999", None),
        ("1e-999999999", None),
        (1e300, None),
        (float("inf"), None),
        (float("nan"), None),
        ("NaN", None),
        ("-Infinity", None),
        ("", None),
        ("twelve", None),
        ("12 points", None),
        (True, None),
        (False, None),
        (None, None),
        ([12], None),
        ({"score": 12}, None),
    ],
)
def test_a_figure_is_a_number_or_unknown(value: Any, figure: str | None) -> None:
    assert number(value) == (None if figure is None else Decimal(figure))


@pytest.mark.parametrize(
    ("late", "settled", "team_late", "team", "expected"),
    [
        (0, 0, 0, 0, 0.0),
        (0, 0, 0, 500, 0.0),
        (0, 0, 500, 500, 1.0),
        (0, 0, 1, 4, 0.25),
        (8, 8, 8, 8, 1.0),
        (0, 8, 0, 100, 0.0),
        (0, 8, 50, 100, 0.25),
        (8, 8, 50, 100, 0.75),
        (4, 8, 50, 100, 0.5),
        (1, 92, 25, 100, 0.03),
    ],
)
def test_a_share_weighs_the_team_as_eight_outcomes(late: int, settled: int, team_late: int, team: int, expected: float) -> None:
    assert share(late, settled, team_late, team) == pytest.approx(expected)


# -- scores -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_points_that_were_read_are_no_rating_and_a_rating_is_no_number_of_points() -> None:
    rated = make.store(region="US")
    make.fact(rated, "ahr", {"score": 190}, NOW - 5 * DAY)
    make.fact(rated, "violation_points", {"total": 8}, NOW - DAY)
    score = score_of(rated)
    assert (score.regime, score.value, score.look, score.told_at) == ("rating", 190, "fine", NOW - 5 * DAY)
    pointed = make.store(2)
    make.fact(pointed, "violation_points", {"total": 8}, NOW - 5 * DAY)
    make.fact(pointed, "ahr", {"score": 200}, NOW - DAY)
    score = score_of(pointed)
    assert (score.regime, score.value, score.told_at) == ("points", 8, NOW - 5 * DAY)
    (book,) = (line.book for line in board([pointed.pk], now=NOW, in_full=[pointed.pk]))
    assert [one.value for one in book.snapshots] == [8]


@pytest.mark.django_db
def test_who_read_only_the_other_way_of_counting_has_not_looked_at_this_one() -> None:
    store = make.store()
    make.fact(store, "ahr", {"score": 200}, NOW - DAY)
    line = only(store)
    assert seen((line.score and line.score.value, line.book.seen_at, line.book.fresh)) == (None, None, False)
    make.fact(store, "violation_points", "nobody knows", NOW - 2 * DAY)
    line = only(store)
    assert line.book.seen_at == NOW - 2 * DAY
    assert line.book.snapshots == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "figure"),
    [
        ({"total": 8}, 8),
        ({"score": 8}, 8),
        (8, 8),
        ("8.0", 8),
        ({"total": "8"}, 8),
        ({"total": None, "entries": []}, 0),
        ({"entries": [{"points": 8}]}, 0),
        ([8], 0),
        (None, 0),
        ("1e999999999", 0),
        ({"total": 8, "enforcements": 5}, 8),
    ],
)
def test_a_total_is_read_in_every_shape_or_says_only_that_somebody_looked(value: Any, figure: int) -> None:
    store = make.store()
    make.fact(store, "violation_points", value, NOW - DAY)
    score = score_of(store)
    assert (score.value, score.told_at is None) == (figure, figure == 0)


@pytest.mark.django_db
@pytest.mark.parametrize("listed", [5, "x", {"milestone": 150}, None, [], [None, 3, "x"]])
def test_enforcements_that_are_no_list_break_nothing(listed: Any) -> None:
    store = make.store(region="US")
    make.fact(store, "ahr", {"score": 190, "enforcements": listed})
    line = only(store)
    assert line.score is not None
    assert seen((line.score.value, line.restrictions)) == (190, ())


@pytest.mark.django_db
def test_milestones_run_until_their_end_and_those_without_one_run_on() -> None:
    store = make.store(region="US")
    listed = [
        {"milestone": 150, "started_at": "2026-11-01T00:00:00Z", "ends_at": "2026-11-18T03:15:00Z"},
        {"milestone": 100, "started_at": "2026-11-01T00:00:00Z", "ends_at": "2026-11-18T03:15:01Z"},
        {"milestone": "0.0", "ends_at": None},
        {"milestone": "x", "ends_at": "2026-12-01T00:00:00"},
    ]
    make.fact(store, "ahr", {"score": 90, "enforcements": listed})
    assert [(one.what, one.began_at, one.ends_at) for one in only(store).restrictions] == [
        ("100", datetime(2026, 11, 1, tzinfo=UTC), NOW + timedelta(seconds=1)),
        ("0", None, None),
        ("", None, None),
    ]
    assert [one.what for one in only(store, NOW + timedelta(seconds=1)).restrictions] == ["0", ""]


@pytest.mark.django_db
def test_a_sum_that_reached_the_last_line_stands_after_years() -> None:
    store = make.store()
    make.points(store, "46", NOW - 500 * DAY)
    make.points(store, "2", NOW - 480 * DAY)
    score = score_of(store)
    assert (score.value, score.look, score.going) == (48, "last", None)
    below = make.store(2)
    make.points(below, "47", NOW - 500 * DAY)
    assert score_of(below).value == 0


@pytest.mark.django_db
def test_a_rating_with_a_single_line_is_near_only_when_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(make.ZONES, "UK", ("Europe/London", "GBP"))
    for number_, value in enumerate((1000, 500, 200), start=1):
        store = make.store(number_, region="UK")
        make.fact(store, "ahr", {"score": value})
        score = score_of(store)
        assert score.regime == "rating"
        assert len(score.lines) == 1
        assert score.look == "fine", value
    lead = score.lines[0].lead
    store = make.store(9, region="UK")
    make.fact(store, "ahr", {"score": str(score.lines[0].at)})
    assert score_of(store).look in ("reached", "last")
    if lead is not None and lead.points is not None:
        close = make.store(10, region="UK")
        make.fact(close, "ahr", {"score": str(score.lines[0].at + lead.points)})
        assert score_of(close).look == "near"


# -- trend --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_first_reading_that_events_do_not_explain_is_no_fall() -> None:
    store = make.store(region="US")
    make.fact(store, "ahr", {"score": 150}, NOW - DAY)
    assert score_of(store).trend is None, "nobody knows what it was four weeks ago"


@pytest.mark.django_db
def test_a_trend_is_told_where_events_explain_it_or_two_readings_do() -> None:
    explained = make.store(region="US")
    make.violation(explained, "v1", notified_at=NOW - 10 * DAY, points="12")
    make.fact(explained, "ahr", {"score": 188}, NOW - DAY)
    assert score_of(explained).trend == -12
    read = make.store(2, region="US")
    make.fact(read, "ahr", {"score": 170}, NOW - 40 * DAY)
    make.fact(read, "ahr", {"score": 150}, NOW - DAY)
    assert score_of(read, in_full=[read.pk]).trend == -20
    old = make.store(3, region="US")
    make.fact(old, "ahr", {"score": 170}, NOW - 40 * DAY)
    make.violation(old, "v2", notified_at=NOW - 3 * DAY, points="5")
    assert (score_of(old).value, score_of(old).trend) == (165, -5)
    alone = make.store(4, region="US")
    make.violation(alone, "v3", notified_at=NOW - 3 * DAY, points="5")
    assert (score_of(alone).value, score_of(alone).trend) == (195, -5)


# -- violations ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_what_is_settled_is_no_longer_held_against_a_store() -> None:
    store = make.store()
    for status in ("pending", "enforced", "under_appeal", "open", "overturned", "corrected", "closed", "ended", "on hold"):
        make.violation(store, status, notified_at=NOW - DAY, status=status)
    make.violation(store, "unsaid", notified_at=NOW - DAY)
    Violation.objects.filter(platform_id="unsaid").update(status=None)
    held = sorted(one.violation.id for one in only(store).violations)
    assert held == ["enforced", "on hold", "open", "pending", "under_appeal", "unsaid"]


@pytest.mark.django_db
def test_what_is_not_settled_is_held_however_old_and_what_is_settled_is_forgotten() -> None:
    store = make.store()
    for name, status, days in (
        ("old", "enforced", 500),
        ("closed", "closed", 500),
        ("recent", "closed", 399),
        ("ban", "ongoing", 700),
        ("over", "ended", 700),
    ):
        more: dict[str, Any] = {"category": "punishment"} if name in ("ban", "over") else {}
        make.violation(store, name, notified_at=NOW - days * DAY, status=status, **more)
    line = only(store)
    assert [one.violation.id for one in line.violations] == ["old"]
    assert [(one.kind, one.began_at) for one in line.restrictions] == [("punishment", NOW - 700 * DAY)]
    assert sorted(one.id for one in line.book.violations) == ["ban", "old", "recent"]


@pytest.mark.django_db
def test_the_time_to_act_is_the_first_and_never_a_past_one() -> None:
    store = make.store()
    make.violation(store, "gone", notified_at=NOW - 9 * DAY, deadline_at=NOW - DAY)
    make.violation(store, "now", notified_at=NOW - 9 * DAY, deadline_at=NOW)
    make.violation(store, "soon", notified_at=NOW - 9 * DAY, deadline_at=NOW + 3 * DAY)
    make.violation(store, "never", notified_at=NOW - 9 * DAY)
    line = only(store)
    assert {one.violation.id: one.act_by for one in line.violations} == {
        "gone": None,
        "now": NOW,
        "soon": NOW + 3 * DAY,
        "never": None,
    }
    assert line.act_by == NOW
    later = only(store, NOW + 4 * DAY)
    assert later.act_by is None


def entry(store: Store, identity: str, points: str, at: datetime) -> None:
    make.points(store, points, at)
    store.pointsentry_set.filter(issued_at=at).update(platform_id=identity)


def _book(store: Store) -> Book:
    with connection.cursor() as cursor:
        return ledgers(cursor, [store.pk], NOW)[store.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "more", "score"),
    [
        ("enforced", {}, 160),  # told twice, counts once, as the violation tells it
        ("under_appeal", {}, 160),
        ("pending", {}, 170),  # the notice says that points were taken: that they were is no longer open
        ("ongoing", {"category": "punishment"}, 170),
        ("enforced", {"ended_at": "2026-12-01T00:00:00Z"}, 170),
    ],
)
def test_points_that_were_taken_count_once_and_are_never_lost(status: str, more: dict[str, Any], score: int) -> None:
    store = make.store(region="US")
    make.violation(store, "v1", notified_at=NOW - 5 * DAY, points="40", status=status, **more)
    entry(store, "v1", "30", NOW - 5 * DAY)
    assert score_of(store).value == score
    assert len(_book(store).ledger.events) == 1  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_violation_that_says_no_instant_moves_nothing_but_its_points_do() -> None:
    store = make.store(region="US")
    make.violation(store, "v1", notified_at=NOW - 5 * DAY, points="40")
    Violation.objects.filter(platform_id="v1").update(notified_at=None)
    entry(store, "v2", "30", NOW - 5 * DAY)
    assert score_of(store).value == 170
    assert [one.violation.id for one in only(store).violations] == ["v1"]


@pytest.mark.django_db
def test_a_credit_counts_from_its_day_and_one_in_the_future_not_yet() -> None:
    store = make.store(region="US")
    make.fact(store, CREDIT, {"points": 5, "kind": "quiz"}, NOW - 3 * DAY)
    make.fact(store, CREDIT, {"points": "2.5", "kind": "never heard of"}, NOW - 2 * DAY)
    make.fact(store, CREDIT, {"points": 9, "kind": "orders"}, NOW + DAY)
    book = _book(store)
    assert [(one.change, one.kind) for one in book.ledger.events] == [  # type: ignore[union-attr]
        (Decimal(5), "quiz"),
        (Decimal("2.5"), "other"),
    ]
    read = [score_at(book, NOW - days * DAY) for days in (4, 3, 2, 0)]
    assert [one and one.value for one in read] == [200, 205, Decimal("207.5"), Decimal("207.5")]


@pytest.mark.django_db
def test_stores_that_are_not_there_have_no_line_and_none_sees_anothers() -> None:
    mine, theirs = make.store(), make.store(space=make.workspace("sol"), number=7)
    make.points(theirs, "12", NOW - DAY)
    make.points(mine, "2", NOW - DAY)
    lines = board([10**9, mine.pk], now=NOW, in_full=[theirs.pk])
    assert [line.store_id for line in lines] == [mine.pk]
    assert score_of(mine).value == 2


# -- outlook and rates --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "check"),
    [
        ("2026-11-22T15:59:59+00:00", "2026-11-22T16:00:00+00:00"),  # Sunday, a second before midnight in Kuala Lumpur
        ("2026-11-22T16:00:00+00:00", "2026-11-29T16:00:00+00:00"),  # Monday has begun there
        ("2026-11-18T03:15:00+00:00", "2026-11-22T16:00:00+00:00"),
        ("2026-12-31T16:00:00+00:00", "2027-01-03T16:00:00+00:00"),
    ],
)
def test_the_weekly_check_is_the_next_monday_of_the_store(now: str, check: str) -> None:
    at = datetime.fromisoformat(now)
    store = make.store()
    make.points(store, "6", at - DAY, seen_at=at - DAY)
    for each in range(12):
        make.obligation(
            store, f"o{each}", state="breached", due_at=at - timedelta(hours=2), starts_at=at - 3 * DAY, severity="critical"
        )
    found = outlook(only(store, at).book, now=at)
    assert {one.at for one in found.threats} == {datetime.fromisoformat(check)}


@pytest.mark.django_db
def test_a_store_without_anything_open_has_a_band_of_one_value() -> None:
    store = make.store()
    make.points(store, "6", NOW - DAY)
    found = outlook(only(store).book, now=NOW)
    assert found.threats == ()
    assert found.band is not None
    assert seen((found.band.band.low, found.band.band.likely, found.band.band.high)) == (6, 6, 6)
    assert found.band.band.covers == pytest.approx(1.0)


@pytest.mark.django_db
def test_figures_over_other_spans_are_not_subtracted() -> None:
    store = make.store()
    rate = next(one for one in rates([store.pk], now=NOW) if one.window_days == 7)

    def with_told(told: Told | None, part: int = 5, whole: int = 100) -> Rate:
        return replace(rate, counted=Counted(part, whole), told=told)

    for told, difference in (
        (Told(Decimal("6.5"), 7, NOW), Decimal("1.5")),
        (Told(Decimal("6.5"), None, NOW), Decimal("1.5")),
        (Told(Decimal("6.5"), 30, NOW), None),
        (None, None),
    ):
        assert with_told(told).difference == difference
    assert with_told(Told(Decimal(5), 7, NOW), 0, 0).difference is None
