"""A fleet in the database, and clients signed in as each kind of person."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from storeward.lib import clock
from storeward.web.tests.fleet import Fleet, build

NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
"""Friday, 12:20 in Malaysia."""


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Fleet]:
    """The fleet, built once for all tests of a module: each works in a transaction within this one, and leaves it as it was."""
    whole = transaction.atomic()
    with django_db_blocker.unblock(), clock.frozen(NOW):
        whole.__enter__()
        found = build(NOW)
    yield found
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture
def fleet(built: Fleet, db: None) -> Fleet:
    cache.clear()
    return copy.deepcopy(built)


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
