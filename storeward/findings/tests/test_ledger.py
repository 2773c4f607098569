"""Orders by the ten thousand: what a change tells, what was settled before we looked, and what the ledger knows already."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storeward.findings.evaluate import evaluate, evaluate_orders
from storeward.findings.models import Finding, Obligation
from storeward.lib.money import Money
from storeward.records.models import Change
from storeward.records.steps import OrderSteps, Told, pack
from storeward.stores.models import Store

from .factories import NOW, change, order, store

pytestmark = pytest.mark.django_db

PLACED = datetime.fromisoformat("2026-11-16T02:00:00Z")  # Monday morning in Kuala Lumpur
DUE = datetime.fromisoformat("2026-11-18T15:59:59Z")  # end of Wednesday there: two working days
HOUR = timedelta(hours=1)


def tell(of: Store, order_id: str, **steps: Any) -> None:
    """A change as `sync` writes it: the order's row is not there at all."""
    told = Told(OrderSteps(**({"placed_at": PLACED, "updated_at": PLACED} | steps)), NOW)
    Change.objects.create(store=of, kind="order", platform_id=order_id, at=NOW, told=pack(told))


def states(of: Store, rule: str = "TTS-SEA-SHIP-2WD") -> dict[str, str]:
    return dict(Obligation.objects.filter(store=of, rule=rule).values_list("subject_id", "state"))


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ({"status": "to_ship"}, "breached"),
        ({"status": "in_transit", "collected_at": DUE}, "met"),
        ({"status": "in_transit", "collected_at": DUE + timedelta(seconds=1)}, "met_late"),
        ({"status": "delivered", "collected_at": DUE - HOUR, "delivered_at": DUE + HOUR}, "met"),
        # a step without an instant is taken as done when the order last changed
        ({"status": "in_transit", "updated_at": DUE + HOUR}, "met_late"),
        ({"status": "completed", "updated_at": DUE - HOUR}, "met"),
    ],
)
def test_a_change_is_judged_by_what_it_tells(steps: dict[str, Any], state: str) -> None:
    shop = store()
    tell(shop, "1", **steps)
    evaluate([shop.pk], now=DUE + 2 * HOUR)
    assert states(shop) == {"1": state}


@pytest.mark.parametrize(
    "steps",
    [
        {"status": "unpaid"},
        {"status": "to_ship", "fulfillment_by": "platform"},
        {"status": "cancelled", "cancelled_at": PLACED + HOUR},
        {"status": "cancelled", "updated_at": PLACED + HOUR},
        {"status": "to_ship", "placed_at": None},
    ],
)
def test_nothing_is_owed_for_it(steps: dict[str, Any]) -> None:
    shop = store()
    tell(shop, "1", **steps)
    evaluate([shop.pk], now=NOW)
    assert states(shop) == {}
    assert not Change.objects.exists()


def test_what_was_settled_before_we_looked_stands_in_the_ledger_and_asks_nothing() -> None:
    shop = store()
    tell(shop, "1", status="in_transit", collected_at=DUE - HOUR, total=Money(Decimal("84.00"), "MYR"))
    evaluate([shop.pk], now=DUE + HOUR)
    owed = Obligation.objects.get(store=shop, rule="TTS-SEA-SHIP-2WD")
    assert (owed.workspace_id, owed.subject_kind, owed.subject_id) == (shop.workspace_id, "order", "1")
    assert (owed.starts_at, owed.due_at, owed.done_at) == (PLACED, DUE, DUE - HOUR)
    assert (owed.state, owed.next_at, owed.details, owed.severity) == ("met", None, None, "warning")
    assert (owed.stake_amount, owed.stake_currency) == (Decimal("84.00"), "MYR")
    assert owed.stake_usd == pytest.approx(84 / 4.2, rel=0.2)
    assert not Finding.objects.filter(store=shop, subject_kind="order").exists()


def test_the_same_change_twice_is_as_once() -> None:
    shop = store()
    for _ in range(2):
        tell(shop, "1", status="in_transit", collected_at=DUE - HOUR)
        evaluate([shop.pk], now=DUE + HOUR)
    once = list(Obligation.objects.filter(store=shop, subject_kind="order").values_list("rule", flat=True))
    assert len(once) == len(set(once))
    assert states(shop) == {"1": "met"}


def test_of_an_order_that_changed_twice_the_last_word_counts() -> None:
    shop = store()
    tell(shop, "1", status="to_ship")
    tell(shop, "2", status="in_transit", collected_at=DUE + HOUR)
    tell(shop, "1", status="in_transit", collected_at=DUE - HOUR)
    tell(shop, "2", status="in_transit", collected_at=DUE - HOUR)
    evaluate([shop.pk], now=DUE + 2 * HOUR)
    assert states(shop) == {"1": "met", "2": "met"}


def test_a_settled_obligation_follows_a_correction_of_the_platform() -> None:
    shop = store()
    tell(shop, "1", status="in_transit", collected_at=DUE - HOUR)
    evaluate([shop.pk], now=DUE + HOUR)
    tell(shop, "1", status="in_transit", collected_at=DUE + HOUR)
    evaluate([shop.pk], now=DUE + 2 * HOUR)
    assert states(shop) == {"1": "met_late"}
    tell(shop, "1", status="cancelled", cancelled_at=DUE + HOUR, collected_at=DUE + HOUR)
    evaluate([shop.pk], now=DUE + 2 * HOUR)
    assert states(shop) == {"1": "met_late"}, "what ended has ended"


def test_what_was_owed_is_void_once_the_order_is_cancelled() -> None:
    shop = store()
    tell(shop, "1", status="to_ship")
    evaluate([shop.pk], now=DUE + HOUR)
    assert Finding.objects.get(store=shop, rule="TTS-SEA-SHIP-2WD").status == "open"
    tell(shop, "1", status="cancelled", cancelled_at=DUE + HOUR)
    evaluate([shop.pk], now=DUE + 2 * HOUR)
    assert states(shop) == {"1": "void"}
    assert Finding.objects.get(store=shop, rule="TTS-SEA-SHIP-2WD").status == "resolved"


def test_orders_of_the_same_number_in_two_stores_are_two_orders() -> None:
    one, other = store(), store(2)
    tell(one, "1", status="to_ship")
    evaluate([one.pk], now=DUE + HOUR)
    tell(other, "1", status="in_transit", collected_at=DUE - HOUR)
    evaluate([one.pk, other.pk], now=DUE + HOUR)
    assert (states(one), states(other)) == ({"1": "breached"}, {"1": "met"})


def test_a_change_that_tells_nothing_is_read_from_its_row() -> None:
    shop = store()
    order(shop, "1", placed_at=PLACED)
    tell(shop, "2", status="to_ship")
    evaluate([shop.pk], now=DUE + HOUR)
    assert states(shop) == {"1": "breached", "2": "breached"}


def test_while_more_are_on_their_way_only_orders_are_judged() -> None:
    shop = store()
    tell(shop, "1", status="to_ship")
    change(shop, "listing", "7")
    change(shop, "conversation", "8")
    done = evaluate_orders([shop.pk], now=DUE + HOUR)
    assert done.changes == 1
    assert states(shop) == {"1": "breached"}
    assert set(Change.objects.values_list("kind", flat=True)) == {"listing", "conversation"}
    evaluate([shop.pk], now=DUE + HOUR)
    assert not Change.objects.exists()
