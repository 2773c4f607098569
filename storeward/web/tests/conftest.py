"""A fleet in the database, and clients signed in as each kind of person."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from storeward.lib import clock
from storeward.web.tests.fleet import Fleet, build

NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
"""Friday, 12:20 in Malaysia."""


@pytest.fixture
def fleet(db: None) -> Fleet:
    cache.clear()
    return build(NOW)


@pytest.fixture(autouse=True)
def _stopped_clock() -> object:
    with clock.frozen(NOW):
        yield


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


@pytest.fixture
def owner(fleet: Fleet) -> Client:
    return signed_in(fleet.owner)


@pytest.fixture
def colleague(fleet: Fleet) -> Client:
    return signed_in(fleet.colleague)


@pytest.fixture
def outsider(fleet: Fleet) -> Client:
    return signed_in(fleet.outsider)


@pytest.fixture
def viewer(fleet: Fleet) -> Client:
    return signed_in(fleet.viewer)
