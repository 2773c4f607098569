"""What is exported, and the history of a record."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from storeward.records.models import Order, Payload, Stream
from storeward.records.queries import export_orders, history, instant
from storeward.records.streams import make_all_due
from storeward.stores.models import Store
from storeward.stores.registering import add_store

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def add_order(store: Store, number: str, **more: object) -> Order:
    given: dict[str, object] = {
        "workspace_id": store.workspace_id,
        "platform_status": "AWAITING_SHIPMENT",
        "status": "to_ship",
        "observed_at": NOW,
        "digest": b"",
        "data": {"total": {"amount": "84.00", "currency": "MYR"}},
        "type": "standard",
        "amount": Decimal("84"),
        "currency": "MYR",
        "placed_at": NOW - timedelta(days=2),
        "ship_by_at": NOW,
        "updated_at": NOW - timedelta(microseconds=500_000),
        "open": True,
        **more,
    }
    return Order.objects.create(store=store, platform_id=number, **given)


@pytest.mark.django_db(transaction=True)
class TestExport:
    """Needs real transactions: the rows come from a cursor on the server."""

    @pytest.fixture
    def mine(self, transactional_db: None, store: Store) -> Store:
        return store

    def test_a_row_has_the_forms_of_the_contract(self, mine: Store) -> None:
        add_order(mine, "0576465000000000301")
        assert list(export_orders()) == [
            {
                "store": "tt-my-luna3",
                "platform": "tiktok_shop",
                "platform_store_id": "749",
                "platform_order_id": "0576465000000000301",
                "platform_status": "AWAITING_SHIPMENT",
                "status": "to_ship",
                "total": {"amount": "84.00", "currency": "MYR"},
                "placed_at": "2026-11-18T09:00:00Z",
                "ship_by_at": "2026-11-20T09:00:00Z",
                "updated_at": "2026-11-20T08:59:59.500000Z",
            }
        ]

    def test_what_is_unknown_is_null(self, mine: Store) -> None:
        add_order(mine, "1", amount=None, currency=None, data={"total": None}, placed_at=None, ship_by_at=None, updated_at=None)
        (row,) = export_orders()
        assert [row[key] for key in ("total", "placed_at", "ship_by_at", "updated_at")] == [None] * 4

    def test_one_store_or_all(self, mine: Store) -> None:
        other = add_store(
            workspace=mine.workspace, platform="tiktok_shop", platform_store_id="750", name="Mori", region="TH", now=NOW
        )
        for number in range(5):
            add_order(mine, str(number))
        add_order(other, "0")
        assert len(list(export_orders())) == 6
        assert [row["store"] for row in export_orders(other)] == [other.key]

    def test_more_rows_than_are_fetched_at_once(self, mine: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("storeward.records.queries.FETCHED_AT_ONCE", 2)
        for number in range(7):
            add_order(mine, str(number))
        assert {row["platform_order_id"] for row in export_orders()} == {str(number) for number in range(7)}


def test_fractions_stand_only_where_there_are_any() -> None:
    assert instant(NOW) == "2026-11-20T09:00:00Z"
    assert instant(None) is None


def test_the_history_of_a_record_is_newest_first(store: Store) -> None:
    for number in range(3):
        Payload.objects.create(store=store, kind="order", platform_id="1", digest=b"", body=str(number).encode(), arrived_at=NOW)
    Payload.objects.create(store=store, kind="package", platform_id="1", digest=b"", body=b"p", arrived_at=NOW)
    assert [version.body for version in history(store, "order", "1")] == [b"2", b"1", b"0"]
    assert len(history(store, "order", "1", limit=1)) == 1


def test_everything_of_a_store_can_be_made_due_but_webhooks_are_not_asked(store: Store) -> None:
    for name in ("orders", "push"):
        Stream.objects.create(store=store, workspace_id=store.workspace_id, name=name, due_at=NOW + timedelta(days=1))
    assert make_all_due([store.pk], now=NOW) == 1
    assert Stream.objects.get(name="orders").due_at == NOW
