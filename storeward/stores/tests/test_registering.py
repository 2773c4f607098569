"""How apps, authorisations and stores come into being, and who sees them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from storeward.audit.models import Entry
from storeward.connectors.errors import NotSupported
from storeward.lib.errors import NotDone
from storeward.stores import queries, vault
from storeward.stores.access import stores_for, writable_stores_for
from storeward.stores.demo import by_seller, connect_fleet
from storeward.stores.models import App, Connection, ConnectionState, Store, StoreGroup
from storeward.stores.registering import add_store, adopt, register_app

from .conftest import NOW, Cast, profile, tokens


def test_secrets_are_sealed(app: App, store: Store) -> None:
    connection = Connection.objects.get()
    for sealed, secret in (
        (app.sealed_secret, "secret"),
        (connection.sealed_access_token, "access-1"),
        (connection.sealed_refresh_token, "refresh-of-access-1"),
    ):
        assert secret not in sealed
        assert vault.unseal(sealed) == secret


def test_registering_again_renews_the_secret_of_the_same_app(app: App, cast: Cast) -> None:
    again = register_app(
        workspace=cast.workspace,
        platform="tiktok_shop",
        name="New name",
        app_key="key",
        app_secret="another",
        base_url="http://127.0.0.1:9",
        now=NOW,
    )
    assert again.pk == app.pk
    assert vault.unseal(App.objects.get().sealed_secret) == "another"


def test_an_unknown_platform_is_refused_by_name(cast: Cast) -> None:
    with pytest.raises(NotSupported, match="elsewhere"):
        register_app(workspace=cast.workspace, platform="elsewhere", name="", app_key="k", app_secret="s", now=NOW)


def test_an_adopted_store_gets_key_zone_and_currency(store: Store) -> None:
    assert (store.key, store.timezone, store.currency, store.seller_type) == (
        "tt-my-luna3",
        "Asia/Kuala_Lumpur",
        "MYR",
        "local",
    )


def test_one_authorisation_can_cover_several_stores(app: App) -> None:
    stores = adopt(app, tokens(), [profile("1", "Luna 1"), profile("2", "Luna 1", "TH")], now=NOW)
    assert {store.key for store in stores} == {"tt-my-luna1", "tt-th-luna1"}
    assert Connection.objects.count() == 1


def test_connecting_again_keeps_key_and_history_and_brings_a_lost_one_back(app: App, store: Store) -> None:
    Connection.objects.update(state=ConnectionState.REVOKED, state_reason="gone")
    (again,) = adopt(app, tokens(access="access-2"), [profile(name="Luna Living 3")], now=NOW + timedelta(days=1))
    assert (again.pk, again.key, again.name) == (store.pk, store.key, "Luna Living 3")
    connection = Connection.objects.get()
    assert (connection.state, connection.state_reason) == (ConnectionState.ACTIVE, "")
    assert vault.unseal(connection.sealed_refresh_token) == "refresh-of-access-2"


def test_what_was_connected_is_in_the_audit_log_without_secrets(store: Store) -> None:
    entries = list(Entry.objects.filter(action__startswith="stores."))
    assert [entry.action for entry in entries] == ["stores.register_app", "stores.connect"]
    assert not any("access-1" in str(entry.after) or "secret" in str(entry.after) for entry in entries)


def test_people_see_the_stores_of_their_teams_only(cast: Cast, store: Store) -> None:
    assert list(stores_for(cast.owner)) == list(stores_for(cast.colleague)) == [store]
    assert list(stores_for(cast.stranger)) == []
    assert list(stores_for(AnonymousUser())) == []


def test_a_viewer_changes_nothing_and_who_has_left_sees_nothing(cast: Cast, store: Store) -> None:
    assert list(writable_stores_for(cast.owner)) == [store]
    assert list(writable_stores_for(cast.colleague)) == []
    assert list(writable_stores_for(AnonymousUser())) == []
    cast.owner.is_active = False
    assert list(stores_for(cast.owner)) == list(writable_stores_for(cast.owner)) == []


def test_a_store_is_found_by_its_key_and_a_wrong_one_is_answered_with_those_there_are(store: Store) -> None:
    assert queries.by_key("tt-my-luna3") == store
    with pytest.raises(NotDone, match="tt-my-luna3"):
        queries.by_key("tt-my-luna4")


def test_without_any_store_the_message_says_so(cast: Cast) -> None:
    with pytest.raises(NotDone, match="No store is connected yet"):
        queries.by_key("x")


def test_a_store_that_was_never_connected_cannot_be_asked(cast: Cast, store: Store) -> None:
    add_store(workspace=cast.workspace, platform="tiktok_shop", platform_store_id="5", name="Sari", region="SG", now=NOW)
    assert list(queries.askable()) == [store]
    assert queries.all_stores().count() == 2
    Connection.objects.update(state=ConnectionState.EXPIRED)
    assert list(queries.askable()) == []
    assert queries.lost_connections().count() == 1


CREDENTIALS = {
    "platforms": {
        "tiktok_shop": {
            "base_url": "http://127.0.0.1:9",
            "auth_url": "http://127.0.0.1:9",
            "app_key": "6a",
            "app_secret": "9f",
            "stores": [
                {"id": "1", "name": "Luna 1", "region": "MY", "access_token": "a", "refresh_token": "r", "shop_cipher": "c"},
                {"id": "2", "name": "Mori 2", "region": "GB", "access_token": "b", "refresh_token": "s", "shop_cipher": "d"},
            ],
        }
    }
}


def test_the_demo_fleet_has_a_lost_store_and_one_never_connected(cast: Cast) -> None:
    connected = connect_fleet(cast.workspace, CREDENTIALS, now=NOW)
    assert [(store.key, store.region) for store in connected] == [("tt-my-luna1", "MY"), ("tt-uk-mori2", "UK")]
    states = dict(Store.objects.values_list("key", "connection__state"))
    assert states == {
        "tt-my-luna1": "active",
        "tt-uk-mori2": "active",
        "tt-ph-nova8": "revoked",
        "tt-sg-sari9": None,
    }
    assert [store.pk for store in connect_fleet(cast.workspace, CREDENTIALS, now=NOW)] == [store.pk for store in connected]
    assert Store.objects.count() == 4


def test_shops_of_one_seller_share_an_authorisation() -> None:
    shops = [{"id": "1", "open_id": "x"}, {"id": "2", "open_id": "x"}, {"id": "3"}]
    assert {user: len(mine) for user, mine in by_seller(shops).items()} == {"x": 2, "3": 1}


def test_the_stores_of_a_demo_stand_in_the_group_of_their_trade(cast: Cast) -> None:
    connect_fleet(cast.workspace, CREDENTIALS, now=NOW)
    assert dict(Store.objects.values_list("name", "group__name")) == {
        "Luna 1": None,
        "Mori 2": None,
        "Nova Gadgets 8": "Electronics",
        "Sari Beauty 9": "Beauty and sport",
    }
    assert sorted(StoreGroup.objects.filter(workspace=cast.workspace).values_list("name", "colour")) == [
        ("Beauty and sport", 1),
        ("Electronics", 3),
        ("Family", 2),
        ("Home and garden", 0),
    ]


def test_a_demo_leaves_a_store_in_the_group_that_a_person_chose(cast: Cast) -> None:
    connect_fleet(cast.workspace, CREDENTIALS, now=NOW)
    own = StoreGroup.objects.create(workspace=cast.workspace, name="Mine", colour=7)
    Store.objects.filter(name="Sari Beauty 9").update(group=own)
    connect_fleet(cast.workspace, CREDENTIALS, now=NOW)
    assert Store.objects.get(name="Sari Beauty 9").group == own


def test_the_key_of_webhooks_is_sealed_and_can_be_left_out(cast: Cast) -> None:
    with_key = register_app(
        workspace=cast.workspace, platform="tiktok_shop", name="", app_key="k2", app_secret="s", push_key="pushed", now=NOW
    )
    assert "pushed" not in with_key.sealed_push_key
    assert vault.unseal(with_key.sealed_push_key) == "pushed"
    without = register_app(workspace=cast.workspace, platform="tiktok_shop", name="", app_key="k3", app_secret="s", now=NOW)
    assert without.sealed_push_key == ""
