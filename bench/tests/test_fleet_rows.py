"""The fleet that the round is measured on is one that the product could have written."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from bench.fleet_rows import Size, make
from storeward.findings import clock
from storeward.findings.models import Finding, Obligation
from storeward.rounds.matrix import matrix
from storeward.stores.models import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SMALL = Size(stores=7, open=800, history=400, due_now=40)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fleet() -> None:
    make(SMALL, NOW)


def test_there_is_as_much_as_was_asked_for(fleet: None) -> None:
    assert Store.objects.count() == 7
    assert Obligation.objects.filter(state__in=["open", "breached"]).count() == 800
    assert Obligation.objects.filter(state__in=["met", "met_late"]).count() == 400


def test_what_is_within_its_lead_or_late_has_a_finding_and_the_rest_has_none(fleet: None) -> None:
    """Three obligations in ten: those that lie ahead by more than a day are nobody's worry yet."""
    assert Finding.objects.exclude(status="resolved").count() == pytest.approx(0.3 * (800 - SMALL.due_now), abs=30)


def test_the_tick_moves_just_what_is_due_now(fleet: None) -> None:
    waiting = Obligation.objects.filter(state="open", next_at__lte=NOW).count()
    assert waiting == SMALL.due_now
    clock.tick(now=NOW)
    assert not Obligation.objects.filter(state="open", next_at__lte=NOW).exists()


def test_every_store_has_every_cell_and_late_orders_colour_theirs(fleet: None) -> None:
    ids = list(Store.objects.values_list("id", flat=True))
    found = matrix(ids, now=NOW)
    assert len(found.stores) == 7
    cells = [found.cell(store.id, "INS-03") for store in found.stores]
    assert {cell.state for cell in cells} == {"breached"}


def test_the_statistics_of_the_planner_are_fresh(fleet: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'findings_obligation'")
        row = cursor.fetchone()
    assert row is not None
    assert row[0] == 1_200
