"""A replay over rows as the product holds them: what a change would have touched, and nothing else."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from msgspec.structs import replace as changed

from storeward.canon import OrderType
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Obligation
from storeward.findings.tests.factories import NOW, activity, order, store, workspace
from storeward.lib.money import Money
from storeward.policy.terms import Book, book
from storeward.policy.versions import Own, assemble, read_draft
from storeward.records import models as records
from storeward.records.steps import Told, of_row
from storeward.replay.found import Tally
from storeward.replay.orders import ORDERS, told_of
from storeward.replay.run import Replayed, as_if_always, replay, replay_changes
from storeward.stores.models import Store

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SHIP = "TTS-SEA-SHIP-2WD"


def draft(rule: str, figures: str, *, from_: str = "2026-12-01", more: str = "") -> str:
    return f"""
[[change]]
rule = "{rule}"
from = {from_}
figures = {{ {figures} }}
source = ["https://a.example"]
read_on = 2026-11-18
confidence = "official"
{more}
"""


def tried(of: Store, text: str, *, now: datetime = NOW, days: int = 90, rules: Book | None = None) -> Replayed:
    rules = rules or book()
    return replay_changes(of.workspace_id, read_draft(text, rules), rules_in_force=rules, now=now, days_back=days)


def hits(done: Replayed) -> list[tuple[str, str, str, str, str]]:
    return sorted((hit.side, hit.rule, done.keys[hit.store_id], hit.id, str(hit.day)) for hit in done.tally.hits)


def shipped(of: Store, order_id: str, placed: datetime, after: timedelta | None, amount: str = "84.00") -> None:
    """An order that was collected so long after it was placed; None: not yet."""
    order(
        of,
        order_id,
        placed_at=placed,
        collected_at=None if after is None else placed + after,
        total=Money(Decimal(amount), of.currency),
    )


# -- orders --------------------------------------------------------------------------------------------------------------------

MONDAY = datetime.fromisoformat("2026-10-05T03:00:00+00:00")  # 11:00 in Kuala Lumpur; no holiday that week


@pytest.fixture
def fleet(db: None) -> tuple[Store, Store, Store]:
    """Two stores in Malaysia, one in the US; orders shipped after one, two, three and four days, and one that never was."""
    mine, sibling, american = store(1), store(2), store(3, region="US")
    for of in (mine, sibling, american):
        shipped(of, f"{of.pk}-2", MONDAY, 2 * DAY)
    shipped(mine, "1", MONDAY, DAY)
    shipped(mine, "3", MONDAY, 3 * DAY, "10.00")
    shipped(mine, "never", MONDAY, None)
    shipped(sibling, "1", MONDAY, DAY)
    shipped(mine, "old", MONDAY - 200 * DAY, 2 * DAY)
    order(mine, "cancelled", placed_at=MONDAY, cancelled_at=MONDAY + HOUR)
    order(mine, "theirs", placed_at=MONDAY, fulfillment_by="platform")
    other = store(9, space=workspace("mars"))
    shipped(other, "2", MONDAY, 2 * DAY)
    return mine, sibling, american


def test_what_is_in_force_differs_in_nothing_from_itself(fleet: tuple[Store, Store, Store]) -> None:
    mine, *_ = fleet
    done = replay(mine.workspace_id, before=book(), after=book(), rules={SHIP}, now=NOW)
    assert not done.tally.differs
    assert done.tally.hits == []
    assert (done.stores, done.tally.looked_at[SHIP], done.tally.broken[SHIP], done.tally.moved[SHIP]) == (2, 5, 2, 0)
    assert done.tally.quick == 2  # with the courier within a day
    every = {rule.id for _, rule in book()}
    assert not replay(mine.workspace_id, before=book(), after=book(), rules=every, now=NOW).tally.differs


def test_a_stricter_draft_touches_exactly_what_was_shipped_between_the_two_limits(fleet: tuple[Store, Store, Store]) -> None:
    mine, sibling, _ = fleet
    done = tried(mine, draft(SHIP, "working_days = 1"))
    assert hits(done) == [
        ("more", SHIP, mine.key, f"{mine.pk}-2", "2026-10-06"),
        ("more", SHIP, sibling.key, f"{sibling.pk}-2", "2026-10-06"),
    ]
    more = done.tally.sums["more"]
    assert (more.stores, more.things, dict(more.money)) == ({mine.pk, sibling.pk}, 2, {"MYR": Decimal("168.00")})
    assert more.usd == pytest.approx(168 * 0.2245, rel=0.2)
    assert [(day, one.things, less.things) for day, one, less in done.tally.days()] == [(date(2026, 10, 6), 2, 0)]
    assert done.tally.moved[SHIP] == 7


def test_a_looser_draft_says_what_would_have_been_spared(fleet: tuple[Store, Store, Store]) -> None:
    mine, *_ = fleet
    done = tried(mine, draft(SHIP, "working_days = 3"))
    assert hits(done) == [("less", SHIP, mine.key, "3", "2026-10-07")]
    assert done.tally.sums["less"].money == {"MYR": Decimal("10.00")}
    assert not done.tally.stores("more")


def test_a_draft_that_ends_a_rule_spares_all_that_broke_it(fleet: tuple[Store, Store, Store]) -> None:
    mine, *_ = fleet
    done = tried(mine, draft(SHIP, "working_days = 2", more="ends = true"))
    assert [hit[3] for hit in hits(done)] == ["3", "never"]


def test_the_teams_own_figure_is_what_a_draft_is_compared_with(fleet: tuple[Store, Store, Store]) -> None:
    mine, *_ = fleet
    own = assemble(book(), [], [Own(SHIP, {"working_days": Decimal(1)}, date(2026, 1, 1))])
    done = tried(mine, draft(SHIP, "working_days = 1"), rules=own)
    assert not done.tally.differs


def test_the_ledger_of_findings_agrees_with_the_replay(fleet: tuple[Store, Store, Store]) -> None:
    mine, sibling, _ = fleet
    evaluate([mine.pk, sibling.pk], now=NOW)
    held = Obligation.objects.filter(rule=SHIP, starts_at__gt=NOW - 90 * DAY, state__in=["met_late", "breached"])
    done = replay(mine.workspace_id, before=book(), after=book(), rules={SHIP}, now=NOW)
    assert held.count() == done.tally.broken[SHIP]


def test_only_the_window_and_the_named_stores_are_looked_at(fleet: tuple[Store, Store, Store]) -> None:
    mine, sibling, _ = fleet
    changes = read_draft(draft(SHIP, "working_days = 1"), book())
    only = replay_changes(mine.workspace_id, changes, rules_in_force=book(), now=NOW, store_ids=[sibling.pk])
    assert {hit.store_id for hit in only.tally.hits} == {sibling.pk}
    assert not tried(mine, draft(SHIP, "working_days = 1"), days=7).tally.looked_at
    assert tried(mine, draft(SHIP, "working_days = 1"), days=400).tally.looked_at[SHIP] == 8


def test_a_replay_writes_nothing(fleet: tuple[Store, Store, Store]) -> None:
    mine, *_ = fleet
    before = records.Change.objects.count(), Obligation.objects.count()
    tried(mine, draft(SHIP, "working_days = 1"))
    assert (records.Change.objects.count(), Obligation.objects.count()) == before


def test_what_was_with_the_courier_before_anything_could_be_due_is_counted_and_left_alone(db: None) -> None:
    mine = store(1)
    for number, hours in enumerate((1, 20, 30)):
        shipped(mine, f"o{number}", MONDAY, hours * HOUR)
    order(mine, "late", placed_at=MONDAY, collected_at=MONDAY + 3 * DAY)
    done = tried(mine, draft(SHIP, "working_days = 1"))
    assert (done.tally.quick, done.tally.looked_at[SHIP]) == (2, 2)
    at_once = tried(mine, draft("TTS-SEA-AUTOCANCEL-COLLECT", "working_days = 1"))
    assert at_once.tally.quick == 2


def test_an_order_is_read_as_the_sync_reads_it(fleet: tuple[Store, Store, Store]) -> None:
    mine, *_ = fleet
    full: dict[str, Any] = {
        "type": OrderType.PRE_ORDER,
        "handling_days": 4,
        "first_mile": "pick_up",
        "paid_at": MONDAY,
        "ship_by_at": MONDAY + DAY,
    }
    order(mine, "full", placed_at=MONDAY + timedelta(microseconds=120), tracking_added_at=MONDAY + HOUR, **full)
    with connection.cursor() as cursor:
        cursor.execute(ORDERS, {"ids": [mine.pk], "soonest": [None], "since": MONDAY - 400 * DAY, "now": NOW})
        read = {row[1]: told_of(row[5], row[2]) for row in cursor.fetchall()}
        cursor.execute("SELECT platform_id, data::text, observed_at FROM records_order WHERE store_id = %s", [mine.pk])
        whole = {order_id: of_row(data, at) for order_id, data, at in cursor.fetchall()}
    assert set(read) == set(whole)
    for order_id, told in read.items():
        assert told == Told(changed(whole[order_id].steps, total=None), whole[order_id].observed_at)


# -- things that have a clock ----------------------------------------------------------------------------------------------------


def said(of: Store, talk: str, role: str, at: datetime, position: int) -> None:
    records.Message.objects.create(
        store=of,
        workspace_id=of.workspace_id,
        platform_id=f"{talk}-{position}",
        platform_conversation_id=talk,
        role=role,
        position=position,
        sent_at=at,
        observed_at=at,
        digest=b"",
        data={},
    )


def test_questions_of_buyers_are_judged_turn_by_turn(db: None) -> None:
    mine = store(1)
    for position, (role, hours) in enumerate(
        [("buyer", 0), ("robot", 1), ("agent", 5), ("buyer", 30), ("agent", 31), ("buyer", 40)]
    ):
        said(mine, "t", role, MONDAY + hours * HOUR, position)
    done = tried(mine, draft("TTS-SEA-RESP12-MSG", "hours = 4"))
    assert done.tally.looked_at["TTS-SEA-RESP12-MSG"] == 3
    assert done.tally.broken["TTS-SEA-RESP12-MSG"] == 1  # the last question was never answered
    assert [(hit[0], hit[3], hit[4]) for hit in hits(done)] == [("more", "t", "2026-10-05")]


def test_requests_are_judged_by_when_they_were_settled(db: None) -> None:
    mine = store(1)
    for number, (waits, hours) in enumerate([(False, 5), (False, 20), (True, 0)]):
        records.AfterSale.objects.create(
            store=mine,
            workspace_id=mine.workspace_id,
            platform_id=f"c{number}",
            kind="cancellation",
            requested_at=MONDAY,
            updated_at=MONDAY + hours * HOUR,
            observed_at=NOW,
            open=waits,
            digest=b"",
            data={"refund_asked": {"amount": "12.50", "currency": "MYR"}},
        )
    done = tried(mine, draft("TTS-SEA-CANCELREQ-24H", "hours = 6"))
    assert [hit[3] for hit in hits(done)] == ["c1"]
    assert done.tally.sums["more"].money == {"MYR": Decimal("12.50")}


# -- what is measured ---------------------------------------------------------------------------------------------------------


def test_balances_and_activities_are_judged_day_by_day(db: None) -> None:
    mine = store(1)
    for back, amount in ((10, "-20"), (6, "300")):
        records.BalanceEvent.objects.create(
            store=mine, at=NOW - back * DAY, amount=Decimal(amount), currency="USD", origin="api", observed_at=NOW
        )
    days = tried(mine, draft("TTS-SEA-NEGBAL-10D", "days = 2")).tally
    assert [hit.day for hit in days.hits] == [date(2026, 11, day) for day in (10, 11)]
    assert {(hit.amount, hit.currency) for hit in days.hits} == {(Decimal(20), "USD")}
    activity(mine, NOW - 25 * DAY)
    idle = tried(mine, draft("TTS-SEA-INACT-30", "days = 20")).tally
    assert [hit.day for hit in idle.hits] == [date(2026, 11, day) for day in range(13, 19)]


def test_points_are_judged_by_the_age_that_the_draft_gives_them(db: None) -> None:
    mine = store(1)
    records.PointsEntry.objects.create(
        store=mine,
        workspace_id=mine.workspace_id,
        platform_id="p",
        points=Decimal(12),
        issued_at=NOW - 100 * DAY,
        observed_at=NOW,
        digest=b"",
        data={},
    )
    done = tried(mine, draft("TTS-SEA-VP-RESET-90", "expiry_days = 180"))
    assert "TTS-SEA-VP-12" in done.rules
    assert {hit.rule for hit in done.tally.hits} == {"TTS-SEA-VP-12"}
    assert len({hit.day for hit in done.tally.hits}) == 11


def test_our_own_rates_are_counted_again_for_every_day(db: None) -> None:
    mine = store(1)
    for number in range(20):
        shipped(mine, f"o{number}", MONDAY, 3 * DAY if number < 2 else DAY)
    evaluate([mine.pk], now=NOW)
    done = tried(mine, draft("TTS-SEA-LDR-TARGET", "limit = 12"))  # 2 of 20 are 10 %
    assert {hit.side for hit in done.tally.hits} == {"less"}
    assert [hit.day for hit in done.tally.hits] == [date(2026, 10, day) for day in range(7, 14)]


def test_what_history_cannot_tell_is_said(db: None) -> None:
    mine = store(1)
    untold = tried(mine, draft("TTS-SEA-2SV", "")).tally.untold
    assert "only the latest value" in untold["TTS-SEA-2SV"]
    assert "no findings" in tried(mine, draft("TTS-SEA-WORKDAY", "")).tally.untold["TTS-SEA-WORKDAY"]


def test_a_draft_of_the_future_is_tried_as_if_it_had_always_held() -> None:
    (change,) = as_if_always(read_draft(draft(SHIP, "working_days = 1"), book()), date(2026, 8, 1))
    assert change.day == date(2026, 8, 1)
    (earlier,) = as_if_always(read_draft(draft(SHIP, "working_days = 1", from_="2026-01-01"), book()), date(2026, 8, 1))
    assert earlier.day == date(2026, 1, 1)


def test_a_workspace_without_such_stores_has_nothing_to_tell(db: None) -> None:
    mine = store(1, region="US")
    done: Any = tried(mine, draft(SHIP, "working_days = 1"))
    assert (done.stores, done.tally) == (0, Tally())
