"""A page becomes rows, history and changes, in one transaction."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from django.db import connection

from storeward import canon
from storeward.connectors.contract import Level, Problem
from storeward.lib.money import Money
from storeward.records.models import Change, Listing, Order, Package, Payload, Stream
from storeward.records.models import Problem as ProblemRow
from storeward.stores.models import Store
from storeward.sync.apply import Applied, by_kind, newest
from storeward.sync.cursors import Done, Mark, Position

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Write = Callable[..., Applied]


def order(
    number: str = "576465000000000301",
    *,
    word: str = "AWAITING_SHIPMENT",
    status: canon.OrderStatus = canon.OrderStatus.TO_SHIP,
    at: datetime | None = NOW,
    amount: str = "84.00",
    by: canon.FulfillmentBy = canon.FulfillmentBy.SELLER,
) -> canon.Order:
    return canon.Order(
        platform_order_id=number,
        platform_status=word,
        status=status,
        updated_at=at,
        placed_at=NOW - timedelta(days=1),
        ship_by_at=NOW + timedelta(days=1),
        total=Money(Decimal(amount), "MYR"),
        fulfillment_by=by,
    )


def test_an_order_becomes_a_row_with_its_history_and_a_change(store: Store, write: Write) -> None:
    applied = write(order())
    assert applied.changed == {"order": ["576465000000000301"]}
    row = Order.objects.get()
    assert (row.store_id, row.workspace_id, row.platform_status, row.status) == (
        store.pk,
        store.workspace_id,
        "AWAITING_SHIPMENT",
        "to_ship",
    )
    assert (row.amount, row.currency, row.open, row.origin) == (Decimal("84.00"), "MYR", True, "api")
    assert row.placed_at == NOW - timedelta(days=1)
    assert msgspec.convert(row.data, canon.Order) == order()
    assert msgspec.json.decode(bytes(Payload.objects.get().body), type=canon.Order) == order()
    assert Change.objects.get().kind == "order"


def test_the_same_payload_again_changes_nothing(write: Write) -> None:
    write(order())
    assert write(order(), asked_at=NOW + timedelta(hours=1)).changes == 0
    assert (Order.objects.count(), Payload.objects.count(), Change.objects.count()) == (1, 1, 1)
    assert Order.objects.get().observed_at == NOW


def test_a_newer_payload_replaces_and_the_older_stays_in_history(write: Write) -> None:
    write(order())
    write(order(word="IN_TRANSIT", status=canon.OrderStatus.IN_TRANSIT, at=NOW + timedelta(hours=1)))
    row = Order.objects.get()
    assert (row.platform_status, row.open) == ("IN_TRANSIT", False)
    assert Payload.objects.count() == 2


def test_an_older_payload_never_overwrites_a_newer_one(write: Write) -> None:
    write(order(word="IN_TRANSIT", at=NOW))
    assert write(order(word="UNPAID", at=NOW - timedelta(seconds=1)), asked_at=NOW + timedelta(hours=1)).changes == 0
    assert Order.objects.get().platform_status == "IN_TRANSIT"


def test_of_two_payloads_of_the_same_moment_the_one_asked_later_counts(write: Write) -> None:
    write(order(word="B"), asked_at=NOW + timedelta(seconds=5))
    assert write(order(word="A"), asked_at=NOW).changes == 0
    assert write(order(word="C"), asked_at=NOW + timedelta(seconds=6)).changes == 1
    assert Order.objects.get().platform_status == "C"


def test_a_page_that_names_a_thing_twice_keeps_the_last(write: Write) -> None:
    applied = write(order(word="A"), order(word="B"))
    assert applied.seen == 2
    assert Order.objects.get().platform_status == "B"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (order("2", amount="1e17"), "cannot be stored"),
        (order("2", word="W\x00"), "cannot be stored"),
        (order("2", word="W" * 200), "cannot be stored"),
        (order("x" * 200), "cannot be stored"),
    ],
)
def test_one_bad_record_costs_one_record_and_is_shown(write: Write, bad: canon.Order, said: str) -> None:
    good = [order(str(number)) for number in range(100, 120)]
    applied = write(*good[:7], bad, *good[7:])
    assert applied.changes == 20
    assert Order.objects.count() == Payload.objects.count() == Change.objects.count() == 20
    problem = ProblemRow.objects.get()
    assert said in problem.message
    assert problem.level == "error"


def test_problems_of_the_same_kind_are_counted_not_repeated(write: Write) -> None:
    problems = [Problem(f"data.orders[{number}].paid_time", "is no time", Level.NOTE) for number in range(3)]
    write(order(), problems=problems)
    write(order(), problems=problems[:1])
    row = ProblemRow.objects.get()
    assert (row.field, row.count) == ("data.orders[].paid_time", 4)


def test_the_cursor_moves_with_the_page_and_not_without_it(store: Store, write: Write) -> None:
    stream = Stream.objects.create(store=store, workspace_id=store.workspace_id, name="orders", due_at=NOW)
    write(order(), mark=Mark(stream.pk, Position(high=NOW, page="next")))
    stream.refresh_from_db()
    assert Position.read(stream.position) == Position(high=NOW, page="next")
    assert not stream.filled
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_change ADD CONSTRAINT refuse CHECK (platform_id <> 'poison')")
    try:
        write(order("poison"), order("9"), mark=Mark(stream.pk, Position(page="after")))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE records_change DROP CONSTRAINT refuse")
    assert set(Order.objects.values_list("platform_id", flat=True)) == {"576465000000000301", "9"}


def test_a_finished_stream_is_trusted_and_its_failure_forgotten(store: Store, write: Write) -> None:
    stream = Stream.objects.create(
        store=store, workspace_id=store.workspace_id, name="orders", due_at=NOW, error_family="Unavailable", failures=3
    )
    done = Done(observed_at=NOW, trusted_until=NOW + timedelta(minutes=30), due_at=NOW + timedelta(minutes=2))
    write(mark=Mark(stream.pk, Position()).finished(done))
    stream.refresh_from_db()
    assert (stream.filled, stream.error_family, stream.failures) == (True, "", 0)
    assert stream.trusted_until == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("status", "by", "owed"),
    [
        (canon.OrderStatus.TO_SHIP, canon.FulfillmentBy.SELLER, True),
        (canon.OrderStatus.UNKNOWN, canon.FulfillmentBy.UNKNOWN, True),
        (canon.OrderStatus.TO_SHIP, canon.FulfillmentBy.PLATFORM, False),
        (canon.OrderStatus.DELIVERED, canon.FulfillmentBy.SELLER, False),
        (canon.OrderStatus.CANCELLED, canon.FulfillmentBy.SELLER, False),
    ],
)
def test_what_the_seller_still_owes_is_open(write: Write, status: canon.OrderStatus, by: canon.FulfillmentBy, owed: bool) -> None:
    write(order(status=status, by=by))
    assert Order.objects.get().open is owed


def test_kinds_of_one_page_go_to_their_tables(write: Write) -> None:
    package = canon.Package(platform_package_id="p1", platform_status="TO_FULFILL", status=canon.PackageStatus.TO_ARRANGE)
    skus = tuple(canon.Sku(platform_sku_id=str(n), available=n) for n in (4, 0, 9))
    listing = canon.Listing(platform_listing_id="l1", title="Mug", status=canon.ListingStatus.LIVE, skus=skus)
    applied = write(order(), package, listing)
    assert set(applied.changed) == {"order", "package", "listing"}
    assert Package.objects.get().status == "to_arrange"
    row = Listing.objects.get()
    assert (row.title, row.live, row.available, row.lowest) == ("Mug", True, 13, 0)


def test_what_a_listing_does_not_say_of_its_stock_is_unknown(write: Write) -> None:
    write(canon.Listing(platform_listing_id="l1", skus=(canon.Sku(platform_sku_id="1"),)))
    row = Listing.objects.get()
    assert (row.available, row.lowest) == (None, None)


def test_a_listing_that_two_answers_tell_of_in_turn_changes_once(write: Write) -> None:
    words = {"item_sku": "P-1", "condition": "NEW", "deboost": "false", "promotion_id": "13123"}
    whole = canon.Listing(platform_listing_id="7", title="Mug", platform_more={**words}, skus=(canon.Sku(platform_sku_id="0"),))
    part = canon.Listing(platform_listing_id="7", title="Mug", skus_complete=False)
    changes = [write(told, asked_at=NOW + timedelta(minutes=at)).changes for at, told in enumerate((whole, part, whole, part))]
    assert changes[0] == 1
    assert changes[1:] == [0, 0, 0]


def test_a_profile_tells_whether_its_seller_sells_abroad(store: Store, write: Write) -> None:
    assert store.seller_type == "local"
    write(canon.StoreProfile(platform_store_id=store.platform_store_id, seller_type="cross_border"))
    write(canon.StoreProfile(platform_store_id=store.platform_store_id, name="Luna Home 3"))
    store.refresh_from_db()
    assert (store.seller_type, store.name) == ("cross_border", "Luna Home 3")


def test_a_profile_renames_its_own_store_only(store: Store, write: Write) -> None:
    write(
        canon.StoreProfile(platform_store_id="750", name="Somebody else", platform_handle="theirs"),
        canon.StoreProfile(platform_store_id="749", name="Luna Home", platform_handle="new"),
    )
    store.refresh_from_db()
    assert (store.name, store.platform_handle) == ("Luna Home", "new")


def test_items_are_sorted_by_kind_in_their_order() -> None:
    items: list[tuple[canon.Record, bytes]] = [
        (order("1"), b""),
        (canon.Package(platform_package_id="p"), b""),
        (order("2"), b""),
    ]
    kinds = by_kind(items)
    assert [record.platform_id for record, _ in kinds["order"]] == ["1", "2"]
    assert len(newest([(order("1"), b"a"), (order("1"), b"b")])) == 1
