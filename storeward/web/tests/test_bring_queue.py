"""A table that is taken over waits in the queue once: told by what is committed."""

import pytest

from storeward import pipeline
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet, build


@pytest.fixture
def fleet(transactional_db: None) -> Fleet:
    """A fleet of its own: the common one is never committed."""
    return build(NOW)


def test_a_queued_table_is_promised_and_waits_once(fleet: Fleet) -> None:
    upload, ids = fleet.upload, [store.pk for store in fleet.stores]
    for _again in range(2):
        assert pipeline.take_soon(upload.pk, workspace_id=upload.workspace_id, store_ids=ids, who="x")
    upload.refresh_from_db()
    assert upload.state == "taking"
    assert not pipeline.take_soon(upload.pk, workspace_id=upload.workspace_id + 1, store_ids=ids, who="x")
