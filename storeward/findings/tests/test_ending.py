"""An authorisation that only the seller can prolong is a duty with a deadline: told in time, once, over when it is renewed."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from storeward.findings.clock import tick
from storeward.findings.models import Finding
from storeward.findings.own_rules import AUTHORISATION_ENDS
from storeward.findings.queries import worklist
from storeward.stores.connecting import endings
from storeward.stores.models import Connection, Store

from .factories import NOW, connection, store

pytestmark = pytest.mark.django_db


def ends(shop: Store, **left: float) -> None:
    Connection.objects.filter(stores=shop).update(refresh_expires_at=NOW + timedelta(**left))


def told() -> list[Finding]:
    return list(Finding.objects.filter(rule=AUTHORISATION_ENDS).exclude(status="resolved"))


def test_it_is_told_with_its_deadline_and_what_settles_it() -> None:
    shop = store()
    ends(shop, days=6)
    tick(now=NOW)
    (finding,) = told()
    assert (finding.state, finding.severity, finding.action) == ("at_risk", "warning", "renew")
    assert finding.due_at == NOW + timedelta(days=6)
    assert finding.starts_at == NOW - timedelta(days=8)
    assert (finding.subject_kind, finding.subject_id) == ("store", shop.key)
    assert finding.cause == f"connection:{shop.connection_id}"
    assert "this store ends" in finding.details["why"]["en"]
    assert "到期" in finding.details["why"]["zh"]


@pytest.mark.parametrize(("days", "severity"), [(13.9, "warning"), (3.1, "warning"), (2.9, "critical"), (0.1, "critical")])
def test_it_weighs_more_when_it_is_near(days: float, severity: str) -> None:
    shop = store()
    ends(shop, days=days)
    tick(now=NOW)
    assert [finding.severity for finding in told()] == [severity]


@pytest.mark.parametrize("days", [14.1, 300.0])
def test_one_that_lasts_is_not_told(days: float) -> None:
    shop = store()
    ends(shop, days=days)
    tick(now=NOW)
    assert not told()


def test_one_without_a_named_end_is_not_told() -> None:
    shop = store()
    Connection.objects.filter(stores=shop).update(refresh_expires_at=None)
    tick(now=NOW)
    assert not told()


def test_several_stores_of_one_authorisation_are_told_once_by_the_first() -> None:
    shared = connection(7)
    shops = [store(number, connection=shared) for number in (1, 2, 3)]
    ends(shops[0], days=5)
    tick(now=NOW)
    (finding,) = told()
    assert finding.store_id == min(shop.pk for shop in shops)
    assert "3 stores" in finding.details["why"]["en"]
    assert "3 家店铺" in finding.details["brief"]["zh"]
    lines = [line for line in worklist([shop.pk for shop in shops]).lines if line.rule == AUTHORISATION_ENDS]
    assert len(lines) == 1


def test_it_is_over_when_the_seller_has_agreed_again() -> None:
    shop = store()
    ends(shop, days=5)
    tick(now=NOW)
    ends(shop, days=365)
    tick(now=NOW + timedelta(minutes=1))
    assert not told()
    assert Finding.objects.get(rule=AUTHORISATION_ENDS).status == "resolved"


def test_a_lost_one_is_lost_and_does_not_end_too() -> None:
    shop = store()
    ends(shop, days=5)
    Connection.objects.filter(stores=shop).update(state="revoked")
    tick(now=NOW)
    assert not told()
    assert Finding.objects.filter(rule="SW-CONNECTION-LOST").exists()


def test_looking_twice_tells_it_once() -> None:
    shop = store()
    ends(shop, days=5)
    for minutes in range(3):
        tick(now=NOW + timedelta(minutes=minutes))
    assert len(told()) == 1


def test_a_big_fleet_costs_one_statement_and_only_the_stores_asked_about_are_told(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Every judgement of any store asks this: it must not read the fleet."""
    shops = [store(number) for number in range(1, 6)]
    for shop in shops[:4]:
        ends(shop, days=6)
    with django_assert_num_queries(1):
        found = endings([shop.pk for shop in shops[1:]], now=NOW)
    assert {ending.store_ids for ending in found} == {(shop.pk,) for shop in shops[1:4]}
