"""From the platform to a finding and back: orders that wait are told, and the finding goes when they are shipped there."""

import asyncio
from datetime import datetime, timedelta

from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding, Obligation, Transition
from storeward.findings.queries import groups, worklist
from storeward.lib import instants
from storeward.records.models import Order, Stream
from storeward.rounds.matrix import matrix
from storeward.stores.connection import working
from storeward.stores.models import Store
from storeward.sync.pull import pull

from .conftest import SandboxProcess

RULE = "TTS-SEA-AUTOCANCEL-RTS"
WAITING = "AWAITING_SHIPMENT"
ITEM = "INS-03"


def ask(store: Store) -> None:
    """Pull the orders of the store, due or not."""

    async def main() -> None:
        async with working():
            assert (await pull(store.pk, only=("orders",))).whole

    asyncio.run(main())


def sandbox_now(sandbox: SandboxProcess) -> datetime:
    return instants.from_text(sandbox.get("/clock")["at"])


def a_local_store() -> Store:
    found = Store.objects.filter(connection__state="active", seller_type="local").exclude(region__in=("US", "UK"))
    store = found.order_by("pk").first()
    assert store is not None
    return store


def waiting_of(store: Store) -> set[str]:
    """The orders that wait for the seller, in the platform's own word."""
    held = Order.objects.filter(store=store, platform_status=WAITING)
    return set(held.values_list("platform_id", flat=True))


def test_an_order_that_nobody_ships_is_told_until_it_is_shipped_on_the_platform(fleet: SandboxProcess) -> None:
    store = a_local_store()
    ask(store)
    waiting = waiting_of(store)
    assert waiting, "a store has orders to ship"
    evaluate([store.pk], now=sandbox_now(fleet))
    owed = Obligation.objects.filter(store=store, rule=RULE, subject_id__in=waiting)
    assert set(owed.values_list("subject_id", flat=True)) == waiting

    # The last hour before the platform cancels; until then everything is taken as seen.
    due_at = max(owed.values_list("due_at", flat=True))
    Stream.objects.filter(store=store).update(trusted_until=due_at + timedelta(days=1))
    late = due_at - timedelta(hours=1)
    tick(now=late)
    told = Finding.objects.filter(store=store, rule=RULE, subject_id__in=waiting, status="open")
    assert set(told.values_list("subject_id", flat=True)) <= waiting
    assert told.filter(state="at_risk", due_at=due_at).exists(), "those of the last day"
    cell = matrix([store.pk], now=late).cell(store.pk, ITEM)
    listed = worklist([store.pk], limit=None).lines
    assert cell.findings == len([line for line in listed if line.item == ITEM])
    group = next(one for one in groups([store.pk]) if one.headline.item == ITEM and one.headline.state != "unknown")
    assert group.count == len(worklist([store.pk], filters=group.filters, limit=None).lines)

    fleet.post("/clock", advance="40h")
    ask(store)
    Stream.objects.filter(store=store).update(trusted_until=due_at + timedelta(days=1))
    left = waiting & waiting_of(store)
    done = waiting - left
    assert done, "the seller of the sandbox is at work"
    evaluate([store.pk], now=late + timedelta(minutes=1))
    settled = Finding.objects.filter(store=store, rule=RULE, subject_id__in=done)
    assert settled.exists()
    assert set(settled.values_list("status", "resolved_by", "holds")) == {("resolved", "facts", False)}
    assert set(
        Finding.objects.filter(store=store, rule=RULE, status="open", subject_id__in=waiting).values_list("subject_id")
    ) == {(order,) for order in left}
    for finding in settled:
        steps = list(Transition.objects.filter(finding=finding).order_by("pk").values_list("kind", flat=True))
        assert (steps[0], steps[-1]) == ("opened", "resolved")
    outcomes = Obligation.objects.filter(store=store, rule=RULE, subject_id__in=done).values_list("state", flat=True)
    assert not set(outcomes) & {"open", "breached"}, "nothing is owed any more"
