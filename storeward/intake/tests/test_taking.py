"""A file taken over: rows of the product with their origin, no row twice, and trust that ends like any other."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from storeward.audit.models import Entry
from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.feeds import look as sight_of
from storeward.findings.models import Finding
from storeward.findings.own_rules import FACTS_STALE, NEVER_CONNECTED
from storeward.findings.tests import factories
from storeward.findings.tests.factories import NOW
from storeward.intake import taking
from storeward.intake.models import Upload, UploadState
from storeward.intake.reading import BadFile
from storeward.records.models import (
    BalanceEvent,
    Change,
    Listing,
    Order,
    Payload,
    PointsEntry,
    Review,
    StoreEvent,
    StoreFact,
    Stream,
)
from storeward.stores.models import Store

pytestmark = pytest.mark.django_db(transaction=True)
ORDERS = """store,order_id,status,placed_at,total,ship_by_at
tt-my-luna1,1001,to ship,2026-11-17 09:35,84.00,2026-11-19 23:59
tt-my-luna1,1002,completed,2026-11-10 09:35,12.50,
tt-my-luna1,,to ship,2026-11-17 09:35,84.00,
tt-th-luna2,1001,待发货,2026-11-17 09:35,300,
"""


@pytest.fixture
def stores() -> list[Store]:
    return [factories.store(1, connected=False), factories.store(2, "TH", connected=False)]


def upload(sheet: str, body: str, stores: list[Store], *, as_of: datetime = NOW, now: datetime = NOW) -> Upload:
    return taking.preview(
        workspace_id=stores[0].workspace_id,
        sheet=sheet,
        body=body.encode(),
        name="x.csv",
        store_ids=[store.pk for store in stores],
        as_of=as_of,
        who="ann@example.com",
        now=now,
    )


def take(found: Upload, stores: list[Store], *, now: datetime = NOW) -> taking.Taken:
    return taking.take(found.pk, store_ids=[store.pk for store in stores], who="ann@example.com", now=now)


def test_a_preview_keeps_its_verdict_and_changes_nothing(stores: list[Store]) -> None:
    found = upload("orders", ORDERS, stores)
    found.refresh_from_db()
    assert (found.verdict["rows"], found.verdict["good"], found.verdict["stores"], found.verdict["bad_rows"]) == (4, 3, 2, 1)
    assert found.verdict["bad"] == [{"row": 4, "field": "order_id", "message": "is missing; e.g. 576465000000000301"}]
    assert found.verdict["first"][0]["placed_at"] == "2026-11-17T01:35:00+00:00"
    assert not Order.objects.exists()
    assert not Stream.objects.exists()


def test_what_is_taken_is_held_with_its_origin_its_evidence_and_its_changes(stores: list[Store]) -> None:
    found = upload("orders", ORDERS, stores)
    taken = take(found, stores)
    assert (sorted(taken.stores), taken.changed) == ([store.pk for store in stores], 3)
    order = Order.objects.get(store=stores[0], platform_id="1001")
    assert (order.origin, order.status, order.amount, order.currency) == ("file", "to_ship", Decimal("84.0000"), "MYR")
    assert order.ship_by_at == datetime(2026, 11, 19, 15, 59, tzinfo=UTC)
    assert Order.objects.get(store=stores[1]).currency == "THB"
    body = Payload.objects.get(store=stores[0], platform_id="1001").body
    assert bytes(body) == b'["tt-my-luna1","1001","to ship","2026-11-17 09:35","84.00","2026-11-19 23:59"]'
    assert Change.objects.filter(kind="order").count() == 3
    found.refresh_from_db()
    assert (found.state, found.taken_at) == (UploadState.TAKEN, NOW)
    entry = Entry.objects.get(action="intake.take")
    assert (entry.actor, entry.subject) == ("ann@example.com", f"upload:{found.pk}")


def test_a_file_is_taken_once_and_the_same_file_again_changes_nothing(stores: list[Store]) -> None:
    found = upload("orders", ORDERS, stores)
    take(found, stores)
    assert take(found, stores) == taking.Taken((), 0)
    assert take(upload("orders", ORDERS, stores), stores).changed == 0
    assert Order.objects.count() == Payload.objects.count() == 3


def test_a_taking_that_died_half_way_is_taken_up_again(stores: list[Store]) -> None:
    found = upload("orders", ORDERS, stores)
    Upload.objects.filter(pk=found.pk).update(state=UploadState.TAKING)
    assert take(found, stores).changed == 3


def test_what_was_discarded_is_not_taken_and_what_was_taken_not_discarded(stores: list[Store]) -> None:
    gone, kept = upload("orders", ORDERS, stores), upload("orders", ORDERS, stores)
    assert taking.discard(gone.pk, workspace_id=gone.workspace_id)
    assert take(gone, stores) == taking.Taken((), 0)
    assert not taking.discard(kept.pk, workspace_id=kept.workspace_id + 1), "somebody else's file"
    take(kept, stores)
    assert not taking.discard(kept.pk, workspace_id=kept.workspace_id)


def test_rows_of_stores_that_a_person_may_not_change_are_left_out(stores: list[Store]) -> None:
    found = upload("orders", ORDERS, stores[:1])
    assert [one["row"] for one in found.verdict["bad"]] == [4, 5]
    assert take(found, stores[:1]).stores == (stores[0].pk,)


def test_orders_of_a_connected_store_come_from_its_platform_alone(stores: list[Store]) -> None:
    connected = factories.store(3)
    found = upload("orders", "store,order_id,status,placed_at\ntt-my-luna3,1,to ship,2026-11-17\n", [connected])
    assert found.verdict["good"] == 0
    assert found.verdict["bad"][0]["message"].startswith("orders of tt-my-luna3 come from the platform itself")


def test_an_older_file_does_not_overwrite_a_newer_one(stores: list[Store]) -> None:
    later = ORDERS.replace("1001,to ship", "1001,shipped")
    take(upload("orders", later, stores), stores)
    take(upload("orders", ORDERS, stores, as_of=NOW - timedelta(days=1)), stores)
    assert Order.objects.get(store=stores[0], platform_id="1001").status == "in_transit"
    stream = Stream.objects.get(store=stores[0], name="orders")
    assert (stream.origin, stream.observed_at, stream.trusted_until) == ("file", NOW, NOW + timedelta(hours=26))


def test_every_other_sheet_is_written_too(stores: list[Store]) -> None:
    takes = {
        "stock": "store,listing_id,sku_id,available\ntt-my-luna1,5,51,0\ntt-my-luna1,5,52,3\n",
        "reviews": "store,review_id,stars,posted_at,text\ntt-my-luna1,7,2,2026-11-17,broken\n",
        "points": "store,id,points,issued_at\ntt-my-luna1,V1,3,2026-11-12\n",
        "balances": "store,balance,currency,at\ntt-my-luna1,-34.20,USD,2026-11-18 08:00\n",
        "figures": "store,fact,value\ntt-my-luna1,two_step_verification,no\n",
        "events": "store,family,type,at\ntt-my-luna1,activity,login,2026-11-01 10:00\n",
    }
    for sheet, body in takes.items():
        assert take(upload(sheet, body, stores), stores).changed == 1, sheet
    listing = Listing.objects.get()
    assert (listing.live, listing.available, listing.lowest, listing.origin) == (True, 3, 0, "file")
    assert (Review.objects.get().stars, PointsEntry.objects.get().points) == (Decimal("2.0"), Decimal("3.00"))
    balance = BalanceEvent.objects.get()
    assert (balance.amount, balance.currency, balance.origin) == (Decimal("-34.2000"), "USD", "file")
    fact = StoreFact.objects.get()
    assert (fact.name, fact.value, fact.as_of, fact.origin, fact.entered_by) == (
        "two_step_verification",
        False,
        NOW,
        "file",
        "ann@example.com",
    )
    event = StoreEvent.objects.get()
    assert (event.family, event.type, event.actor) == ("activity", "login", "main")
    assert set(Stream.objects.values_list("name", flat=True)) == {"listings", "reviews", "wallet"}


def test_an_equal_key_is_corrected_not_doubled(stores: list[Store]) -> None:
    body = "store,balance,currency,at\ntt-my-luna1,-34.20,USD,2026-11-18 08:00\n"
    take(upload("balances", body, stores), stores)
    take(upload("balances", body.replace("-34.20", "-3.42"), stores), stores)
    assert BalanceEvent.objects.get().amount == Decimal("-3.4200")


def test_a_store_without_a_connection_is_seen_as_far_and_as_long_as_its_files_reach(stores: list[Store]) -> None:
    store = stores[0]
    take(upload("orders", ORDERS, stores), stores)
    fresh, old = NOW + timedelta(hours=25), NOW + timedelta(hours=27)
    with connection.cursor() as cursor:
        assert sight_of(cursor, fresh, [store.pk]).sees(store.pk, "orders")
        assert "orders" not in sight_of(cursor, fresh, [store.pk]).dark(store.pk)
        assert "finance" in sight_of(cursor, fresh, [store.pk]).dark(store.pk), "nobody brought balances"
        assert not sight_of(cursor, old, [store.pk]).sees(store.pk, "orders")
        assert "orders" in sight_of(cursor, old, [store.pk]).dark(store.pk)


def test_a_store_by_hand_is_not_told_to_connect_but_that_its_file_is_old(stores: list[Store]) -> None:
    take(upload("orders", ORDERS, stores[:1]), stores[:1])
    assert rules_open(stores[0], NOW + timedelta(hours=1)) == set()
    assert rules_open(stores[0], NOW + timedelta(hours=27)) == {FACTS_STALE}
    assert rules_open(stores[1], NOW + timedelta(hours=1)) == {NEVER_CONNECTED}


def rules_open(store: Store, now: datetime) -> set[str]:
    judge(store, now)
    found = Finding.objects.filter(store=store, holds=True).exclude(cause__startswith="old:")
    return set(found.values_list("rule", flat=True)) & {FACTS_STALE, NEVER_CONNECTED}


def judge(store: Store, now: datetime) -> None:
    evaluate([store.pk], now=now)
    tick(now=now)


@pytest.mark.parametrize(
    ("sheet", "body", "said"), [("gold", "a,b\n", "'gold' is no kind of table"), ("orders", "a,b\n1,2\n", "row 1 has no column")]
)
def test_a_file_that_is_none_is_refused_in_a_sentence(stores: list[Store], sheet: str, body: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        upload(sheet, body, stores)
