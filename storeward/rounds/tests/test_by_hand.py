"""The matrix of stores that no platform tells of: what people bring by file."""

from datetime import timedelta

import pytest

from storeward.findings.evaluate import evaluate
from storeward.findings.tests import factories
from storeward.findings.tests.factories import NOW
from storeward.intake import taking
from storeward.rounds.matrix import Matrix, matrix
from storeward.stores.models import Store

pytestmark = pytest.mark.django_db(transaction=True)
ORDERS = b"store,order_id,status,placed_at\ntt-my-luna1,1001,to ship,2026-11-17 09:35\n"


@pytest.fixture
def store() -> Store:
    """A store without a connection whose orders somebody brought at `NOW`."""
    made = factories.store(1, connected=False)
    upload = taking.preview(
        workspace_id=made.workspace_id,
        sheet="orders",
        body=ORDERS,
        name="x.csv",
        store_ids=[made.pk],
        as_of=NOW,
        who="ann@example.com",
        now=NOW,
    )
    taking.take(upload.pk, store_ids=[made.pk], who="ann@example.com", now=NOW)
    return made


def seen_at(store: Store, hours: int) -> Matrix:
    now = NOW + timedelta(hours=hours)
    evaluate([store.pk], now=now)
    return matrix([store.pk], now=now)


def test_what_a_file_tells_is_known_and_what_nobody_brought_is_not(store: Store) -> None:
    seen = seen_at(store, 1)
    assert seen.cell(store.pk, "INS-03").state != "unknown", "orders waiting to ship"
    assert seen.cell(store.pk, "INS-06").state == "unknown", "nobody brought messages"
    assert seen.cell(store.pk, "INS-03").as_of == NOW


def test_an_old_file_makes_facts_unknown_not_fine(store: Store) -> None:
    seen = seen_at(store, 27)
    assert {seen.cell(store.pk, item.id).state.value for item in seen.items} <= {"unknown", "not_applicable"}
    assert not seen.complete
