"""Stale is never fine: a lost connection, a feed past its trust, silent webhooks and unreadable records each are one finding."""

from datetime import timedelta
from typing import Any

import pytest

from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding
from storeward.findings.queries import worklist
from storeward.records.models import Problem, Stream
from storeward.stores.models import Connection, Store

from .factories import NOW, connection, order, store

pytestmark = pytest.mark.django_db


def late_order(shop: Store) -> Finding:
    """A store with an order that is overdue."""
    order(shop, placed_at=NOW - timedelta(days=6))
    evaluate([shop.pk], now=NOW)
    return Finding.objects.get(rule="TTS-SEA-SHIP-2WD", store=shop)


def listed(*shops: Store) -> list[str]:
    return [line.rule for line in worklist([shop.pk for shop in shops]).lines]


def stream(shop: Store, name: str, **fields: Any) -> None:
    assert Stream.objects.filter(store=shop, name=name).update(**fields) == 1


def test_a_lost_connection_is_one_line_and_hides_what_hangs_on_it() -> None:
    shop = store()
    finding = late_order(shop)
    assert finding.rule in listed(shop)
    Connection.objects.filter(stores=shop).update(state="revoked", state_reason="The seller withdrew it.", state_since=NOW)
    tick(now=NOW)
    finding.refresh_from_db()
    assert (finding.status, finding.inhibited) == ("open", True), "hidden, not resolved: nothing says that it is over"
    assert listed(shop) == ["SW-CONNECTION-LOST"]
    cause = Finding.objects.get(rule="SW-CONNECTION-LOST")
    assert (cause.state, cause.severity, cause.action) == ("unknown", "critical", "renew")
    assert cause.cause == f"connection:{shop.connection_id}"
    assert "The seller withdrew it" in cause.details["why"]["en"]


def test_several_stores_behind_one_connection_share_its_cause() -> None:
    shared = connection(7)
    shops = [store(number, connection=shared) for number in (1, 2, 3)]
    Connection.objects.filter(pk=shared.pk).update(state="expired")
    tick(now=NOW)
    causes = Finding.objects.filter(rule="SW-CONNECTION-LOST")
    assert {finding.store_id for finding in causes} == {shop.pk for shop in shops}
    assert len({finding.cause for finding in causes}) == 1


def test_when_the_connection_is_back_the_findings_are_too() -> None:
    shop = store()
    finding = late_order(shop)
    Connection.objects.filter(stores=shop).update(state="expired")
    tick(now=NOW)
    Connection.objects.filter(stores=shop).update(state="active")
    tick(now=NOW + timedelta(minutes=1))
    finding.refresh_from_db()
    assert not finding.inhibited
    assert Finding.objects.get(rule="SW-CONNECTION-LOST").status == "resolved"
    assert "SW-CONNECTION-LOST" not in listed(shop)


def test_a_feed_past_its_trust_is_told_once_and_hides_only_its_own() -> None:
    shop = store()
    finding = late_order(shop)
    past = {"trusted_until": NOW + timedelta(minutes=30), "error_family": "Unavailable", "error_text": "HTTP 503"}
    stream(shop, "conversations", **past)
    tick(now=NOW + timedelta(minutes=30))
    finding.refresh_from_db()
    assert not finding.inhibited, "orders are still seen"
    stream(shop, "orders", **past)
    tick(now=NOW + timedelta(minutes=31))
    finding.refresh_from_db()
    assert Finding.objects.get(pk=finding.pk).inhibited
    told = Finding.objects.get(rule="SW-FACTS-STALE")
    assert (told.state, told.severity) == ("unknown", "warning")
    assert "conversations, orders" in told.details["why"]["en"]
    assert "HTTP 503" in told.details["why"]["en"]
    assert listed(shop).count("SW-FACTS-STALE") == 1


def test_trust_ends_at_its_very_instant() -> None:
    shop = store()
    stream(shop, "orders", trusted_until=NOW + timedelta(minutes=30))
    tick(now=NOW + timedelta(minutes=30) - timedelta(microseconds=1))
    assert not Finding.objects.exists()
    tick(now=NOW + timedelta(minutes=30))
    assert Finding.objects.get().rule == "SW-FACTS-STALE"


def test_an_order_that_falls_due_while_nothing_is_seen_is_no_alarm_of_its_own() -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(hours=1))
    evaluate([shop.pk], now=NOW)
    Connection.objects.filter(stores=shop).update(state="revoked")
    tick(now=NOW + timedelta(days=10))
    assert listed(shop) == ["SW-CONNECTION-LOST"]
    assert Finding.objects.get(rule="TTS-SEA-SHIP-2WD").inhibited


def test_judging_a_store_in_the_dark_resolves_nothing() -> None:
    shop = store()
    finding = late_order(shop)
    stream(shop, "orders", trusted_until=NOW - timedelta(minutes=1))
    evaluate([shop.pk], now=NOW + timedelta(minutes=1))
    finding.refresh_from_db()
    assert (finding.status, finding.inhibited) == ("open", True)


def test_a_store_that_was_never_connected_says_so_and_nothing_else() -> None:
    shop = store(connected=False)
    tick(now=NOW)
    assert listed(shop) == ["SW-NEVER-CONNECTED"]


def test_silent_webhooks_are_told_but_hide_nothing_that_is_known() -> None:
    shop = store()
    finding = late_order(shop)
    Stream.objects.create(
        store=shop,
        workspace_id=shop.workspace_id,
        name="push",
        observed_at=NOW - timedelta(hours=2),
        trusted_until=NOW,
        due_at=NOW,
        error_family="silent",
        failing_since=NOW - timedelta(hours=1),
    )
    tick(now=NOW)
    finding.refresh_from_db()
    assert not finding.inhibited
    assert "SW-PUSH-SILENT" in listed(shop)
    stream(shop, "push", trusted_until=NOW + timedelta(hours=1), error_family="", failing_since=None)
    tick(now=NOW + timedelta(minutes=1))
    assert "SW-PUSH-SILENT" not in listed(shop)


def test_a_feed_that_was_never_asked_yet_is_no_cause() -> None:
    shop = store()
    stream(shop, "orders", observed_at=None, trusted_until=None, attempted_at=None)
    tick(now=NOW)
    assert not Finding.objects.exists()


def test_a_record_that_could_not_be_read_is_shown_for_a_day() -> None:
    shop = store()
    Problem.objects.create(
        store=shop, operation="getOrderList", field="data.orders[3].id", message="is missing", level="error", seen_at=NOW
    )
    tick(now=NOW)
    told = Finding.objects.get(rule="SW-UNREADABLE")
    assert (told.subject_kind, told.subject_id) == ("operation", "getOrderList")
    assert "data.orders[3].id: is missing" in told.details["why"]["en"]
    tick(now=NOW + timedelta(hours=25))
    told.refresh_from_db()
    assert told.status == "resolved"


def test_a_note_about_a_record_is_no_finding() -> None:
    shop = store()
    Problem.objects.create(store=shop, operation="getOrderList", field="x", message="left out", level="note", seen_at=NOW)
    tick(now=NOW)
    assert not Finding.objects.exists()


def test_sentences_are_told_in_both_languages() -> None:
    shop = store()
    stream(shop, "orders", trusted_until=NOW, error_family="Unavailable", error_text="HTTP 503")
    tick(now=NOW)
    why = Finding.objects.get().details["why"]
    assert why["en"].startswith("Last seen Wed 18 Nov 2026 11:15"), "in the store's own time"
    assert "订单" in why["zh"]
