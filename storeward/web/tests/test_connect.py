"""Connecting by page: who may, what is said when it goes wrong, where it leads, and that no secret is ever shown."""

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from storeward import pipeline
from storeward.accounts.models import Role
from storeward.findings.models import Finding
from storeward.lib.crypto import create_keys
from storeward.records.models import Stream
from storeward.stores import connecting, joining, vault
from storeward.stores.joining import Refused
from storeward.stores.models import App, Connection, Store
from storeward.web.tests.conftest import NOW, signed_in
from storeward.web.tests.fleet import Fleet, person, workspace

SECRET = "a-secret-that-nobody-may-read"


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = tmp_path / "credentials.keys"
    create_keys(settings.CREDENTIAL_KEYS)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "check_keys", lambda **_: None)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    found: list[list[int]] = []
    monkeypatch.setattr(pipeline, "sync_soon", lambda ids: found.append(list(ids)))
    return found


@pytest.fixture
def operations(fleet: Fleet) -> Client:
    return signed_in(person("ops@example.com", "Olive Ops", fleet.workspace, Role.OPERATIONS))


def html(answer: Any) -> str:
    return str(answer.content.decode())


def enter(client: Client, platform: str = "tiktok_shop", **fields: str) -> Any:
    return client.post(f"/connect/{platform}/", {"app_key": "k1", "app_secret": SECRET} | fields)


# -- who may --------------------------------------------------------------------------------------------------------------


def test_owners_and_operations_see_the_entry_and_others_do_not(
    owner: Client, operations: Client, colleague: Client, viewer: Client
) -> None:
    for client, sees in ((owner, True), (operations, True), (colleague, False), (viewer, False)):
        assert ('href="/connections/"' in html(client.get("/"))) is sees


def test_who_may_not_is_told_whom_to_ask(colleague: Client, viewer: Client) -> None:
    for client in (colleague, viewer):
        for address in ("/connect/", "/connect/shopee/"):
            page = html(client.get(address))
            assert "Only owners and operations may connect stores." in page
            assert 'class="sw-form"' not in page


def test_who_may_not_changes_nothing(colleague: Client, viewer: Client, fleet: Fleet, known: None) -> None:
    held = fleet.stores[0].connection
    assert held is not None
    for client in (colleague, viewer):
        assert enter(client).status_code == 403
        assert client.post("/connect/by-hand/", {"platform": "shopee"}).status_code == 403
        assert client.get(f"/connect/go/{held.app_id}/?market=MY").status_code == 403
        assert client.get(f"/connect/renew/{held.pk}/").status_code == 403
        assert client.get("/connect/back/?code=1&state=2").status_code == 403
    assert App.objects.count() == 1


# -- platform and app -----------------------------------------------------------------------------------------------------


def test_every_platform_is_offered_with_its_markets(owner: Client) -> None:
    page = html(owner.get("/connect/"))
    for offer in connecting.offers():
        assert f'href="/connect/{offer.id}/"' in page
        assert all(f"<span>{market}</span>" in page for market in offer.markets)


def test_a_platform_that_is_none_is_not_there(owner: Client) -> None:
    assert owner.get("/connect/ebay/").status_code == 404


def test_an_app_is_kept_and_its_markets_are_offered(owner: Client, fleet: Fleet, known: None) -> None:
    answer = enter(owner, "shopee", name="Ours")
    app = App.objects.get(platform="shopee")
    assert answer.headers["Location"] == f"/connect/shopee/?app={app.pk}"
    page = html(owner.get(answer.headers["Location"]))
    assert f"/connect/go/{app.pk}/?market=MY" in page
    assert "In which market are the stores?" in page
    assert app.workspace_id == fleet.workspace.pk


def test_the_redirect_address_is_told(owner: Client, settings: Settings) -> None:
    assert "http://testserver/connect/back/shopee/" in html(owner.get("/connect/shopee/"))
    settings.PUBLIC_URL = "https://stores.example.com"
    assert "https://stores.example.com/connect/back/shopee/" in html(owner.get("/connect/shopee/"))


@pytest.mark.parametrize(
    ("kind", "field", "says"),
    [
        ("keys", "app_secret", "The platform refuses this key and secret."),
        ("away", "app_secret", "does not answer now"),
        ("strange", "app_secret", "is not this platform"),
        ("taken", "app_key", "Another team"),
        ("app_key", "app_key", "Copy the key"),
        ("app_secret", "app_secret", "Copy the secret"),
        ("base_url", "base_url", "may not be asked"),
        ("auth_url", "auth_url", "may not be asked"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    owner: Client, monkeypatch: pytest.MonkeyPatch, kind: str, field: str, says: str
) -> None:
    def refuse(*_: object, **__: object) -> App:
        raise Refused(kind, "in its words")

    monkeypatch.setattr(joining, "enter_app", refuse)
    answer = enter(owner, "shopee", name="Ours", base_url="http://127.0.0.1:1")
    page = html(answer)
    assert answer.status_code == 422
    (told,) = re.findall(rf'id="sw-app-{field}-error">.*?</svg>([^<]+)', page, re.S)
    assert says in told
    assert f'aria-describedby="sw-app-{field}-error"' in page
    assert 'value="Ours"' in page
    assert not App.objects.filter(platform="shopee").exists()


def test_a_secret_is_never_shown_nor_logged(
    owner: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> App:
        raise Refused("keys", "wrong")

    with caplog.at_level(logging.DEBUG):
        monkeypatch.setattr(connecting, "check_keys", lambda **_: None)
        kept = enter(owner, push_key=SECRET)
        monkeypatch.setattr(joining, "enter_app", refuse)
        refused = enter(owner, push_key=SECRET)
    pages = [html(refused), html(owner.get(kept.headers["Location"])), html(owner.get("/connections/"))]
    assert all(SECRET not in page for page in pages)
    assert SECRET not in caplog.text
    assert SECRET not in str(list(App.objects.values()))


def test_the_form_holds_exactly_one_filled_button(owner: Client) -> None:
    assert html(owner.get("/connect/shopee/")).count("is-main") == 1


# -- the platform's page, there and back ----------------------------------------------------------------------------------


def test_the_way_out_is_a_link_to_the_consent_page(owner: Client, known: None) -> None:
    enter(owner, "lazada", base_url="http://127.0.0.1:9911/rest")
    app = App.objects.get(platform="lazada")
    answer = owner.get(f"/connect/go/{app.pk}/?market=MY")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("http://127.0.0.1:9911/")
    assert "connect%2Fback%2Flazada" in answer.headers["Location"]
    assert owner.get(f"/connect/go/{app.pk}/?market=XX").status_code == 404


def test_renewing_leads_to_the_same_page_for_the_market_of_the_stores(owner: Client, fleet: Fleet, keys: None) -> None:
    held = fleet.stores[0].connection
    assert held is not None
    App.objects.filter(pk=held.app_id).update(sealed_secret=vault.seal("x"))
    answer = owner.get(f"/connect/renew/{held.pk}/")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("http://127.0.0.1:1/")


def test_an_app_of_another_team_is_not_there(outsider: Client, fleet: Fleet) -> None:
    held = fleet.stores[0].connection
    assert held is not None
    assert outsider.get(f"/connect/go/{held.app_id}/?market=MY").status_code == 404
    assert outsider.get(f"/connect/renew/{held.pk}/").status_code == 404
    assert outsider.get(f"/connect/made/?of={held.pk}").status_code == 404


def came(client: Client, fleet: Fleet, monkeypatch: pytest.MonkeyPatch, result: object) -> Any:
    held = fleet.stores[0].connection
    assert held is not None

    def keep(*_: object, **__: object) -> object:
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(joining, "returned", lambda state, *, person: (held.app, "MY"))
    monkeypatch.setattr(joining, "keep", keep)
    return client.get("/connect/back/tiktok_shop/?code=the-code&state=s")


def test_coming_back_starts_the_first_fill_and_leaves_no_code_in_the_address(
    owner: Client, fleet: Fleet, monkeypatch: pytest.MonkeyPatch, queued: list[list[int]]
) -> None:
    store = fleet.stores[0]
    assert store.connection_id is not None
    answer = came(owner, fleet, monkeypatch, connecting.Connected((store.connection_id,), (store,), ()))
    assert answer.headers["Location"] == f"/connect/made/?of={store.connection_id}"
    assert queued == [[store.pk]]


def test_webhooks_are_asked_for_where_the_world_can_reach_us(
    owner: Client, fleet: Fleet, monkeypatch: pytest.MonkeyPatch, queued: list[list[int]], settings: Settings
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(pipeline, "listen_soon", heard.append)
    store = fleet.stores[0]
    assert store.connection_id is not None
    for address in ("", "https://stores.example.com"):
        settings.PUBLIC_URL = address
        came(owner, fleet, monkeypatch, connecting.Connected((store.connection_id,), (store,), ()))
    assert heard == ["https://stores.example.com"]


def test_a_finding_about_a_connection_leads_to_its_renewal(owner: Client, fleet: Fleet) -> None:
    lost = fleet.findings["lost"]
    held = next(store.connection_id for store in fleet.stores if store.pk == lost.store_id)
    Finding.objects.filter(pk=lost.pk).update(action="renew")
    assert f'href="/connect/renew/{held}/"' in html(owner.get(f"/f/{lost.pk}/"))


def test_a_team_without_stores_is_led_here(outsider: Client, fleet: Fleet) -> None:
    fleet.foreign.delete()
    for address in ("/", "/stores/"):
        assert 'href="/connect/"' in html(outsider.get(address))


@pytest.mark.parametrize("kind", ["old", "foreign", "declined", "spent", "away", "platform", "empty"])
def test_a_way_back_that_fails_says_what_to_do_next(
    owner: Client, fleet: Fleet, monkeypatch: pytest.MonkeyPatch, queued: list[list[int]], kind: str
) -> None:
    answer = came(owner, fleet, monkeypatch, Refused(kind, "its words"))
    page = html(answer)
    assert answer.status_code == 422
    assert "Begin again" in page
    assert f"<b>{kind}</b>" not in page
    assert "its words" in page
    assert not queued


def test_a_way_back_to_the_wrong_platform_is_foreign(owner: Client, fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    came(owner, fleet, monkeypatch, Refused("away"))
    answer = owner.get("/connect/back/shopee/?code=1&state=s")
    assert "does not belong to a connection that you began here" in html(answer)


def test_a_way_back_that_nobody_began_is_refused(owner: Client) -> None:
    for address in ("/connect/back/", "/connect/back/tiktok_shop/?code=1&state=forged"):
        answer = owner.get(address)
        assert answer.status_code == 422
        assert "Not connected" in html(answer)


# -- what came ------------------------------------------------------------------------------------------------------------


def test_the_first_fill_is_told_feed_by_feed(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[0]
    Stream.objects.filter(store=store, name="orders").update(filled=False)
    Stream.objects.filter(store=store, name="wallet").update(filled=False, error_family="ScopeMissing")
    page = html(owner.get(f"/connect/made/?of={store.connection_id}"))
    assert "7 of 9 feeds" in page
    assert "1 not to be had" in page
    assert "permission not granted" in page
    assert 'hx-trigger="every 2s"' in page
    assert "Look again" in page


def test_it_stops_asking_when_the_fill_is_over(owner: Client, fleet: Fleet) -> None:
    page = html(owner.get(f"/connect/made/?of={fleet.stores[0].connection_id}"))
    assert "the first fill is over" in page
    assert "every 2s" not in page


def test_a_store_that_was_not_asked_yet_waits_and_is_not_full(owner: Client, fleet: Fleet) -> None:
    Stream.objects.filter(store=fleet.stores[0]).delete()
    page = html(owner.get(f"/connect/made/?of={fleet.stores[0].connection_id}"))
    assert "waits for its turn" in page
    assert 'aria-valuenow="0"' in page
    assert "every 2s" in page


def test_the_fragment_alone_is_drawn_for_htmx(owner: Client, fleet: Fleet) -> None:
    address = f"/connect/made/?of={fleet.stores[0].connection_id}"
    page = html(owner.get(address, headers={"HX-Request": "true", "HX-Target": "sw-filling"}))
    assert page.startswith('<div id="sw-filling"')


def test_missing_permissions_are_named_with_the_way_to_get_them(owner: Client, fleet: Fleet) -> None:
    held = fleet.stores[0].connection
    assert held is not None
    Connection.objects.filter(pk=held.pk).update(granted_scopes=["seller.order.info"])
    page = html(owner.get(f"/connect/made/?of={held.pk}"))
    assert "permissions are missing" in page
    assert f"/connect/renew/{held.pk}/" in page


@pytest.mark.parametrize("of", ["", "0", "x", "1,2;drop", "99999999999999999999", "-1"])
def test_a_strange_list_of_connections_is_not_there(owner: Client, of: str) -> None:
    assert owner.get("/connect/made/", {"of": of}).status_code == 404


# -- by hand --------------------------------------------------------------------------------------------------------------


def test_a_store_without_api_is_added_and_leads_to_the_tables(owner: Client, fleet: Fleet) -> None:
    typed = {"platform": "lazada", "market": "PH", "name": "Mori Kids 9", "number": "1009"}
    answer = owner.post("/connect/by-hand/", typed)
    assert answer.headers["Location"] == "/bring/"
    store = Store.objects.get(platform_store_id="1009")
    assert (store.workspace_id, store.region, store.connection_id) == (fleet.workspace.pk, "PH", None)
    assert "Mori Kids 9 is added." in html(owner.get("/bring/"))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("name", " ", "Give the store a name."), ("number", "a b", "letters, digits"), ("market", "CN", "no such market")],
)
def test_a_mistake_keeps_what_was_typed(owner: Client, field: str, value: str, says: str) -> None:
    typed = {"platform": "lazada", "market": "PH", "name": "Mori", "number": "1009"} | {field: value}
    answer = owner.post("/connect/by-hand/", typed)
    assert answer.status_code == 422
    assert says in html(answer)
    assert 'class="sw-unfold" open' in html(answer)


def test_the_same_store_twice_names_the_first(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[0]
    typed = {"platform": store.platform, "market": "MY", "name": "Again", "number": store.platform_store_id}
    assert store.key in html(owner.post("/connect/by-hand/", typed))


def test_who_works_for_several_teams_chooses_one(fleet: Fleet, known: None) -> None:
    second = workspace("second", NOW)
    both = person("both@example.com", "Bo Both", fleet.workspace)
    both.membership_set.create(workspace=second, role=Role.OWNER)
    client = signed_in(both)
    assert 'name="team"' in html(client.get("/connect/shopee/"))
    enter(client, "shopee", team=str(second.pk))
    assert App.objects.get(platform="shopee").workspace_id == second.pk


def test_the_pages_speak_chinese(owner: Client) -> None:
    owner.post("/me/language/", {"language": "zh-hans"})
    for address in ("/connect/", "/connect/tiktok_shop/", "/connections/", "/bring/"):
        text = re.sub(r"<[^>]+>", " ", html(owner.get(address)).split("<main")[1].split("</main")[0])
        for word in ("Connect", "Platform", "App secret", "Store ", "feeds", "Upload", "Template", "Malaysia"):
            assert word not in text, (address, word)
