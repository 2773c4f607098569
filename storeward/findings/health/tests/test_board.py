"""The board and the ledgers behind it, from the records as they lie."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from storeward.findings.health.board import StoreHealth, board, score_at
from storeward.findings.health.events import CREDIT, ledgers, number
from storeward.findings.health.outlook import outlook, share
from storeward.findings.models import Finding
from storeward.findings.tests import factories as make
from storeward.findings.tests.factories import NOW
from storeward.policy.ledgers import points, rating
from storeward.policy.ledgers.points import PointsLedger
from storeward.policy.ledgers.rating import RatingLedger
from storeward.records.models import PointsEntry, Violation
from storeward.stores.models import Store

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def seen(value: object) -> object:
    return value


def only(store: Store, now: datetime = NOW, **more: Any) -> StoreHealth:
    (line,) = board([store.pk], now=now, **more)
    return line


def score_of(store: Store, now: datetime = NOW) -> Any:
    score = only(store, now).score
    assert score is not None
    return score


def test_points_of_a_store_with_distance_expiry_and_trend() -> None:
    store = make.store()
    make.points(store, "6", NOW - 80 * DAY)
    make.points(store, "4", NOW - 10 * DAY)
    score = score_of(store)
    assert (score.regime, score.value, score.top, score.look, score.told_by) == ("points", 10, 48, "near", "form")
    assert (score.next.rule, score.distance, score.reached) == ("TTS-SEA-VP-12", 2, None)
    assert (score.going.at, score.going.amount, score.going.reset) == (NOW + 10 * DAY, 6, False)
    assert score.trend == 4
    assert score_of(store, NOW + 10 * DAY).value == 4
    assert score_of(store, NOW - 20 * DAY).value == 6, "a past day is what it was"


def test_a_store_that_nobody_ever_looked_at_is_unknown_and_not_at_nothing() -> None:
    store = make.store()
    score = score_of(store)
    assert (score.value, score.look, score.distance, score.trend) == (None, "unknown", None, None)
    line = only(store)
    assert (line.book.seen_at, line.book.fresh) == (None, False)
    make.fact(store, "violation_points", {"total": 0}, NOW - DAY)
    assert score_of(store).value == 0
    assert only(store).book.fresh
    assert not only(store, NOW + 3 * DAY).book.fresh, "a look of four days ago is old"


def test_a_feed_without_entries_says_that_there_are_none() -> None:
    store = make.store(platform="shopee", key="sp-my-1")
    make.streams(store, ["points"], trust=timedelta(hours=4))
    score = score_of(store)
    assert (score.value, score.look, score.top) == (0, "fine", 15)
    assert not only(store, NOW + timedelta(hours=5)).book.fresh


def test_a_platform_without_a_score_has_none_and_one_whose_expiry_nobody_knows_cannot_tell() -> None:
    douyin = make.store(platform="douyin", key="dy-1", region="MY")
    douyin.region, douyin.timezone = "CN", "Asia/Shanghai"
    douyin.save()
    make.points(douyin, "4", NOW - DAY)
    assert seen(score_of(douyin).look) == "unknown"
    elsewhere = make.store(2, platform="lazada", key="lz-1")
    elsewhere.region = "CN"
    elsewhere.save()
    assert only(elsewhere).score is None


def test_what_an_appeal_lifted_counted_until_it_was_lifted() -> None:
    store = make.store()
    PointsEntry.objects.create(
        store=store,
        workspace_id=store.workspace_id,
        platform_id="p1",
        points=Decimal(2),
        issued_at=NOW - 20 * DAY,
        updated_at=NOW - 5 * DAY,
        observed_at=NOW - 5 * DAY,
        digest=b"",
        data={"original": "12", "platform_reason": "late"},
    )
    (held,) = _books(store).values()
    assert isinstance(held.ledger, PointsLedger)
    read = [points.score_on(held.ledger, NOW - number * DAY) for number in (21, 10, 4)]
    assert [one and one.value for one in read] == [0, 12, 2]
    assert held.ledger.entries[0].reason == "late"


def _books(store: Store, now: datetime = NOW) -> Any:
    with connection.cursor() as cursor:
        return ledgers(cursor, [store.pk], now, in_full=[store.pk])


def test_a_rating_is_rebuilt_from_violations_and_credits_and_rests_on_the_newest_snapshot() -> None:
    store = make.store(region="US")
    make.violation(store, "v1", notified_at=NOW - 60 * DAY, points="30", category="late")
    make.violation(store, "v2", notified_at=NOW - 50 * DAY, points="20", status="overturned")
    make.violation(store, "v3", notified_at=NOW - 2 * DAY, points="40", status="pending")
    Violation.objects.filter(platform_id="v2").update(updated_at=NOW - 30 * DAY)
    make.fact(store, CREDIT, {"points": 8, "kind": "quiz", "note": "shipping"}, NOW - 20 * DAY)
    (held,) = _books(store).values()
    assert isinstance(held.ledger, RatingLedger)
    read = [rating.score_on(held.ledger, NOW - number * DAY) for number in (70, 55, 40, 25, 0)]
    assert [one and one.value for one in read] == [200, 170, 150, 170, 178]
    assert [event.kind for event in held.ledger.events] == ["deduction", "deduction", "quiz"]
    make.fact(
        store,
        "ahr",
        {"score": 171, "enforcements": [{"milestone": 150, "started_at": None, "ends_at": "2026-12-01T00:00:00Z"}]},
        NOW - 10 * DAY,
    )
    line = only(store)
    assert line.score is not None
    assert seen((line.score.value, line.score.unexplained, line.score.told_by)) == (171, -7, "form")
    assert seen((line.score.next and line.score.next.rule, line.score.distance)) == ("TTS-US-AHR-150", 21)
    assert seen((line.score.top, line.score.look)) == (1000, "fine")
    assert [(one.kind, one.what, one.ends_at) for one in line.restrictions] == [
        ("milestone", "150", datetime(2026, 12, 1, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("score", "look"),
    [(200, "fine"), (170, "near"), (171, "fine"), (150, "reached"), (101, "reached"), (0, "last")],
)
def test_a_rating_looks_as_its_lines_say(score: int, look: str) -> None:
    store = make.store(region="US")
    make.fact(store, "ahr", {"score": score})
    assert score_of(store).look == look


def test_punishments_run_until_their_end_and_violations_until_they_are_closed() -> None:
    store = make.store(platform="shopee", key="sp-my-1", status="suspended")
    make.violation(
        store,
        "p1",
        notified_at=NOW - DAY,
        status="ongoing",
        category="punishment",
        started_at="2026-11-17T00:00:00Z",
        ended_at="2026-12-15T00:00:00Z",
    )
    make.violation(
        store, "p0", notified_at=NOW - 40 * DAY, status="ended", category="punishment", ended_at="2026-11-01T00:00:00Z"
    )
    make.violation(store, "v1", notified_at=NOW - DAY, text="counterfeit", points="6", appeals=[{"filed_at": None}])
    make.violation(store, "v0", notified_at=NOW - 20 * DAY, status="closed")
    make.obligation(store, "v1", rule="TTS-SEA-APPEAL-1", subject_kind="violation", due_at=NOW + 29 * DAY)
    make.obligation(store, "v1", rule="TTS-SEA-APPEAL-2", subject_kind="violation", due_at=NOW + 9 * DAY)
    line = only(store)
    assert [(one.kind, one.ends_at) for one in line.restrictions] == [
        ("punishment", datetime(2026, 12, 15, tzinfo=UTC)),
        ("store", None),
    ]
    (held,) = line.violations
    assert (held.violation.id, held.violation.reason, held.rule, held.act_by) == (
        "v1",
        "counterfeit",
        "TTS-SEA-APPEAL-2",
        NOW + 9 * DAY,
    )
    assert line.act_by == NOW + 9 * DAY


def test_what_cannot_be_read_is_left_out_and_never_guessed() -> None:
    store = make.store(region="US")
    make.fact(store, CREDIT, "five", NOW - 3 * DAY)
    make.fact(store, "ahr", {"score": None, "enforcements": [{"milestone": None, "ends_at": "soon"}, "x"]}, NOW)
    line = only(store)
    assert line.score is not None
    assert line.score.value is None, "a credit of unknown size makes the sum unknown"
    assert [(one.what, one.ends_at) for one in line.restrictions] == [("", None)]
    strange: list[object] = [True, "x", "NaN", [], 5, "1.50"]
    assert [number(value) for value in strange] == [None, None, None, None, Decimal(5), Decimal("1.50")]


def test_the_board_asks_no_more_for_many_stores_than_for_one(django_assert_num_queries: Callable[..., Any]) -> None:
    stores = [make.store(number) for number in range(1, 6)]
    for store in stores:
        make.points(store, "3", NOW - DAY)
    board([stores[0].pk], now=NOW)
    with django_assert_num_queries(9) as one:
        board([stores[0].pk], now=NOW)
    with django_assert_num_queries(len(one.captured_queries)):
        lines = board([store.pk for store in reversed(stores)], now=NOW)
    assert [line.store_id for line in lines] == [store.pk for store in reversed(stores)]
    assert board([], now=NOW) == []


# -- forecast -----------------------------------------------------------------------------------------------------------


def test_a_pending_violation_widens_the_band_by_what_its_kind_costs() -> None:
    store = make.store()
    make.points(store, "6", NOW - 85 * DAY)
    make.violation(store, "v1", notified_at=NOW, status="pending", deadline_at=NOW + 3 * DAY, category="knockoff_products")
    make.violation(store, "v2", notified_at=NOW, status="pending", points="2", category="anything")
    make.violation(store, "v3", notified_at=NOW, status="pending", category="never heard of")
    Finding.objects.create(
        store=store, workspace_id=store.workspace_id, rule="TTS-SEA-VPCAT-KNOCKOFF", subject_kind="violation", subject_id="v1",
        item="", state="breached", severity="warning", chance=1.0, score=1, opened_at=NOW, changed_at=NOW,
    )  # fmt: skip
    seen_ = outlook(only(store).book, now=NOW)
    assert seen_.band is not None
    band = seen_.band.band
    assert {threat.id: (threat.chance, threat.rule) for threat in seen_.threats}["v1"] == (1.0, "TTS-SEA-VPCAT-KNOCKOFF")
    assert seen((band.low, band.high, band.untold)) == (1, 5, 1), "what there was has expired by then"
    assert [threat.id for threat in band.reasons] == ["v1", "v2"]


def test_a_rate_about_to_break_is_a_threat_of_the_next_monday() -> None:
    store = make.store()
    make.points(store, "6", NOW - DAY)
    for each in range(9):
        make.obligation(store, f"o{each}", state="met", due_at=NOW - DAY, starts_at=NOW - 3 * DAY, done_at=NOW - 2 * DAY)
    make.obligation(store, "late", state="open", due_at=NOW - timedelta(hours=1), starts_at=NOW - 3 * DAY)
    seen_ = outlook(only(store).book, now=NOW)
    (threat,) = [one for one in seen_.threats if one.rule == "TTS-SEA-LDR-VP"]
    assert threat.at == datetime(2026, 11, 22, 16, tzinfo=UTC), "Monday in the store's own time"
    assert threat.chance == 1.0, "one of ten is late, whatever comes"
    assert threat.costs is not None
    assert [cost for cost, _ in threat.costs] == [2, 3, 4]
    assert seen_.band is not None
    assert seen((seen_.band.band.low, seen_.band.band.high)) == (8, 10)


def test_a_rating_is_forecast_from_what_the_store_has_lost_before() -> None:
    store = make.store(region="US")
    make.fact(store, "ahr", {"score": 170}, NOW - DAY)
    make.violation(store, "v1", notified_at=NOW - 20 * DAY, points="12")
    make.violation(store, "v2", notified_at=NOW, status="pending", deadline_at=NOW + DAY)
    seen_ = outlook(only(store).book, now=NOW)
    assert seen_.band is not None
    assert seen((seen_.band.band.low, seen_.band.band.high)) == (158, 170)
    assert seen_.threats[0].costs == ((Decimal(12), 1.0),)
    fresh = make.store(2, region="US")
    assert outlook(only(fresh).book, now=NOW).band is None


def test_shares_lean_on_the_team_while_a_store_has_few_outcomes() -> None:
    assert share(0, 0, 0, 0) == 0.0
    assert share(0, 0, 10, 100) == pytest.approx(0.1)
    assert share(50, 100, 50, 1000) == pytest.approx(50.4 / 108)
    assert share(5, 10, 5, 100) < 0.5


def test_a_score_of_any_past_day_comes_from_the_same_records() -> None:
    store = make.store()
    make.points(store, "12", NOW - 100 * DAY)
    make.points(store, "3", NOW - 30 * DAY)
    (held,) = _books(store).values()
    read = [score_at(held, NOW - number * DAY) for number in (120, 95, 50, 20, 0)]
    assert [one and one.value for one in read] == [0, 12, 12, 15, 3]
