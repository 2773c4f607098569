"""Connections: worst first, one line a cause, every figure in words, and acts that only those who may do."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from storeward import pipeline
from storeward.records.models import Stream
from storeward.stores.models import CallBudget, Connection
from storeward.web import reads
from storeward.web.connections import STATES, state_of
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import LOST, NEVER, Fleet, finding


def html(client: Client, address: str = "/connections/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(page: str) -> list[str]:
    return re.findall(r'<div class="sw-link(?: is-open)?" id="([\w-]+)"', page)


def row(page: str, key: str) -> str:
    found = re.findall(rf'<div class="sw-link(?: is-open)?" id="{key}">(.*?)</a></div>', page, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def link(**fields: Any) -> reads.Link:
    told: dict[str, Any] = {
        "store_id": 1, "connection_id": 1, "state": "active", "reason": "", "since": None, "ends_at": NOW + timedelta(days=90),
        "feeds": 9, "stale": False, "by_hand": False, "worst_until": None,
    }  # fmt: skip
    return reads.Link(**(told | fields))


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "fine"),
        ({"ends_at": None}, "fine"),
        ({"ends_at": NOW + timedelta(days=14)}, "ending"),
        ({"ends_at": NOW + timedelta(days=14, seconds=1)}, "fine"),
        ({"stale": True}, "stale"),
        ({"stale": True, "ends_at": NOW}, "stale"),
        ({"state": "revoked", "stale": True}, "lost"),
        ({"state": "expired"}, "lost"),
        ({"connection_id": None, "state": ""}, "never"),
        ({"connection_id": None, "state": "", "stale": True}, "never"),
        ({"connection_id": None, "state": "", "by_hand": True}, "hand"),
        ({"connection_id": None, "state": "", "by_hand": True, "stale": True}, "stale"),
    ],
)
def test_a_store_stands_where_the_worst_of_it_stands(fields: dict[str, Any], state: str) -> None:
    assert state_of(link(**fields), "tiktok_shop", NOW) == state


@pytest.mark.parametrize(
    ("platform", "days", "state"), [("douyin", 13, "fine"), ("douyin", 6, "ending"), ("lazada", 13, "ending")]
)
def test_where_every_renewal_begins_its_life_anew_only_one_that_fails_is_told(platform: str, days: int, state: str) -> None:
    assert state_of(link(ends_at=NOW + timedelta(days=days)), platform, NOW) == state


def test_the_worst_stores_come_first(owner: Client, fleet: Fleet) -> None:
    shown = rows(html(owner))
    assert len(shown) == len(fleet.stores)
    assert set(shown[:3]) == {store.key for store in fleet.stores[LOST]}
    assert shown[3] == fleet.stores[NEVER].key


def test_one_dead_connection_is_one_line_with_the_way_to_renew_it(owner: Client, fleet: Fleet) -> None:
    page = html(owner)
    causes = page.split('id="sw-links"')[0]
    assert causes.count("Connection lost") == 1
    assert "3 stores" in causes
    assert "27 feeds" in causes
    assert f'href="/connect/renew/{fleet.stores[LOST][0].connection_id}/"' in causes
    assert page.count("is-main") == 1


def test_an_authorisation_that_ends_is_one_line_for_all_its_stores(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[0]
    one = finding(store, "SW-AUTHORISATION-ENDS", NOW, due=140, severity="warning", item="", why="Ends soon")
    one.save()
    causes = html(owner).split('id="sw-links"')[0]
    assert causes.count("Authorise again") == 1
    assert "nothing lost yet" in causes
    assert f'href="/connect/renew/{store.connection_id}/"' in causes
    assert f"{sum(s.connection_id == store.connection_id for s in fleet.stores)} stores" in causes


def test_what_is_no_matter_of_connections_is_not_among_the_causes(owner: Client) -> None:
    assert "14 orders" not in html(owner)


def test_a_lost_store_says_since_when_and_why(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[LOST][0]
    told = row(html(owner), store.key)
    assert "lost since 07:12 MYT" in told
    assert "authorisation lost" in told
    assert "silent for" in told
    assert "The seller has withdrawn the authorisation" in html(owner, f"/connections/?store={store.key}")


def test_a_store_that_was_never_connected_is_never_fine(owner: Client, fleet: Fleet) -> None:
    told = row(html(owner), fleet.stores[NEVER].key)
    assert "never connected" in told
    assert "fine" not in told


def test_a_fine_store_tells_how_long_what_and_when(owner: Client, fleet: Fleet) -> None:
    told = row(html(owner), fleet.stores[0].key)
    assert "fine" in told
    assert "ends in 41 d" in told
    assert re.search(r"heard \d+ (s|min) ago", told)


def test_a_feed_past_its_trust_makes_its_store_stale(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[0]
    Stream.objects.filter(store=store, name="orders").update(trusted_until=NOW - timedelta(minutes=1), error_family="RateLimited")
    told = row(html(owner), store.key)
    assert "feeds stale" in told
    assert "Orders" in told
    assert "past its limit" in told
    assert "told to wait" in told


def test_silent_webhooks_alone_do_not_make_feeds_stale(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[0]
    Stream.objects.filter(store=store, name="push").update(trusted_until=NOW)
    told = row(html(owner), store.key)
    assert "silent for" in told
    assert "feeds stale" not in told


def test_webhooks_that_never_came_are_not_set_up(owner: Client, fleet: Fleet) -> None:
    Stream.objects.filter(store=fleet.stores[0], name="push").delete()
    assert "not set up" in row(html(owner), fleet.stores[0].key)


def test_a_platform_that_does_not_listen_is_told_with_its_end(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[0]
    assert store.connection is not None
    CallBudget.objects.create(
        app=store.connection.app,
        platform_store_id=store.platform_store_id,
        endpoint="orders.search",
        tokens=0,
        rate=1,
        updated_at=NOW,
        blocked_until=NOW + timedelta(minutes=10),
    )
    assert "waits until 12:30 MYT" in row(html(owner), store.key)
    CallBudget.objects.update(blocked_until=None)
    assert "100 %" in row(html(owner), store.key)


def test_an_authorisation_near_its_end_is_to_be_renewed(owner: Client, fleet: Fleet) -> None:
    Connection.objects.filter(stores=fleet.stores[0]).update(refresh_expires_at=NOW + timedelta(days=6))
    told = row(html(owner), fleet.stores[0].key)
    assert "renew soon" in told
    assert "ends in 6 d" in told


# -- filters and feeds ----------------------------------------------------------------------------------------------------


def test_a_chip_opens_as_many_rows_as_it_says(owner: Client) -> None:
    page = html(owner)
    found = re.findall(r'class="sw-chip" href="([^"]*state=[^"]+)"[^>]*>[^<]+<b>(\d+)</b>', page)
    assert len(found) >= 3
    for href, count in found:
        assert len(rows(html(owner, "/connections/" + href.replace("&amp;", "&")))) == int(count)


@pytest.mark.parametrize("query", ["state=nonsense", "page=99", "page=x", "store=no-such-store", "platform=%00x"])
def test_a_strange_address_is_answered(owner: Client, query: str) -> None:
    assert html(owner, f"/connections/?{query}")


def test_filters_that_fit_nothing_say_so(owner: Client) -> None:
    assert "No store fits these filters." in html(owner, "/connections/?platform=shopee")


def test_the_feeds_of_a_store_are_drawn_when_it_is_unfolded(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[0]
    assert "is-feeds" not in html(owner)
    page = html(owner, f"/connections/?store={store.key}")
    assert page.count("is-feeds") == 1
    for name in ("Orders", "Balance", "Notices by webhook", "Trusted until", "in 2 min"):
        assert name in page


def test_the_rows_alone_are_drawn_for_htmx(owner: Client, fleet: Fleet) -> None:
    asked = {"HX-Request": "true", "HX-Target": "sw-links"}
    page = owner.get(f"/connections/?store={fleet.stores[0].key}", headers=asked).content.decode()
    assert page.startswith('<div id="sw-links"')


def test_a_team_without_stores_is_led_to_connect_one(outsider: Client, fleet: Fleet) -> None:
    fleet.foreign.delete()
    page = html(outsider)
    assert "No store is connected." in page
    assert 'href="/connect/"' in page


def test_another_teams_stores_are_not_here(outsider: Client) -> None:
    assert "Luna Home" not in html(outsider)


def test_every_state_has_a_word_and_a_place() -> None:
    assert len(set(STATES)) == len(STATES) == 6


# -- acts -----------------------------------------------------------------------------------------------------------------


@dataclass
class Error:
    family: str
    message: str


@dataclass
class Pulled:
    failed: dict[str, Error] = field(default_factory=dict)


def test_a_test_tells_what_the_platform_said(owner: Client, fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    store = fleet.stores[0]
    monkeypatch.setattr(pipeline, "try_store", lambda _: Pulled())
    answer = owner.post(f"/connections/{store.key}/test/", follow=True)
    assert f"{store.name} answers." in answer.content.decode()
    monkeypatch.setattr(pipeline, "try_store", lambda _: Pulled({"stores": Error("Unavailable", "no answer.")}))
    page = owner.post(f"/connections/{store.key}/test/", follow=True).content.decode()
    assert f"{store.name}: platform does not answer. no answer." in page
    assert 'class="sw-toast" role="alert"' in page


def test_sync_now_queues_the_store(owner: Client, fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[list[int]] = []
    monkeypatch.setattr(pipeline, "sync_soon", queued.append)
    answer = owner.post(f"/connections/{fleet.stores[0].key}/sync/")
    assert answer.headers["Location"].startswith(f"/connections/?store={fleet.stores[0].key}")
    assert queued == [[fleet.stores[0].pk]]


@pytest.mark.parametrize("deed", ["test", "sync"])
def test_who_may_not_connect_does_not_act_and_is_told(
    viewer: Client, colleague: Client, fleet: Fleet, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(pipeline, "sync_soon", never)
    monkeypatch.setattr(pipeline, "try_store", never)
    key = fleet.stores[0].key
    for client in (viewer, colleague):
        assert client.post(f"/connections/{key}/{deed}/").status_code == 403
        page = html(client, f"/connections/?store={key}")
        assert "You may look, not act." in page
        assert f"/connections/{key}/{deed}/" not in page
        assert "/connect/renew/" not in page


def test_acts_are_never_done_by_a_get(owner: Client, fleet: Fleet) -> None:
    for deed in ("test", "sync"):
        assert owner.get(f"/connections/{fleet.stores[0].key}/{deed}/").status_code == 405


@pytest.mark.django_db
def test_a_queued_store_is_due_at_once_and_waits_once(fleet: Fleet) -> None:
    store = fleet.stores[0]
    Stream.objects.filter(store=store).update(due_at=NOW + timedelta(days=300))
    assert pipeline.sync_soon([store.pk]) == 1
    assert Stream.objects.filter(store=store).exclude(name="push").filter(due_at__gt=NOW).count() == 0
