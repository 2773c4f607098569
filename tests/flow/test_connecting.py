"""Connecting a store as a person does it, on every platform: keys that are tested, a consent page, stores that can be asked."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from storeward import pipeline
from storeward.accounts.models import Workspace
from storeward.connectors.errors import NotSupported, PlatformError
from storeward.lib import clock
from storeward.lib.errors import NotDone
from storeward.records.models import Order, Stream
from storeward.stores import connecting
from storeward.stores.models import App, Connection, Store
from storeward.stores.registering import register_app

from .conftest import EVERYWHERE, SandboxProcess, start_sandbox, stop_sandbox

REDIRECT = "http://127.0.0.1:8400/connect/back/"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    """A store of each platform in a world that stands."""
    found = start_sandbox("--stores", "4", "--frozen", "--seed", "5", platforms=EVERYWHERE)
    yield found
    stop_sandbox(found)


@pytest.fixture
def given(sandbox: SandboxProcess, platform: str) -> dict[str, Any]:
    return dict(sandbox.credentials()["platforms"][platform])


@pytest.fixture
def app(transactional_db: None, keys: None, given: dict[str, Any], platform: str) -> App:
    workspace = Workspace.objects.create(slug="w", name="W", created_at=clock.now())
    return register_app(
        workspace=workspace,
        platform=platform,
        name="Mine",
        app_key=key_of(given),
        app_secret=secret_of(given),
        push_key=given.get("push_key", ""),
        base_url=given["base_url"],
        auth_url=given["auth_url"],
        now=clock.now(),
    )


def key_of(given: dict[str, Any]) -> str:
    return str(given.get("app_key") or given["partner_id"])


def secret_of(given: dict[str, Any]) -> str:
    return str(given.get("app_secret") or given["partner_key"])


def market_of(given: dict[str, Any]) -> str:
    """The market of the platform's first store, as our policies name it."""
    region = str(given["stores"][0]["region"])
    return "UK" if region == "GB" else region


class Stay(urllib.request.HTTPRedirectHandler):
    """A browser that stops where it is sent: the address is what we want to see."""

    def redirect_request(self, *_: Any) -> None:
        return None


def agree(link: str, decision: str = "approve") -> dict[str, str]:
    """What a seller does: open the page, choose the first shop, press the button. The query of where it leads."""
    with urllib.request.urlopen(link, timeout=60) as answer:
        page = answer.read().decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    for select, options in re.findall(r'<select name="(\w+)">(.*?)</select>', page, re.DOTALL):
        fields[select] = re.findall(r'value="([^"]*)"', options)[0]
    action = re.findall(r'action="([^"]+)"', page)[0]
    body = urllib.parse.urlencode({name: value.replace("&amp;", "&") for name, value in fields.items()} | {"decision": decision})
    with pytest.raises(urllib.error.HTTPError) as sent:
        urllib.request.build_opener(Stay).open(urllib.parse.urljoin(link, action), body.encode(), timeout=60)
    target = urllib.parse.urlsplit(sent.value.headers["Location"])
    sent.value.close()
    assert target.geturl().startswith(REDIRECT)
    return dict(urllib.parse.parse_qsl(target.query))


def link_of(app: App, market: str) -> str:
    return connecting.begin(app, market=market, person=7, redirect=REDIRECT, now=clock.now())


@pytest.mark.parametrize("platform", EVERYWHERE)
def test_a_consent_brings_stores_that_can_be_asked(app: App, given: dict[str, Any], platform: str) -> None:
    market = market_of(given)
    came = agree(link_of(app, market))
    assert connecting.coming(came["state"]) == connecting.Coming(app.pk, market, 7)
    connected = connecting.finish(app, query=came, now=clock.now(), actor="ann@example.com")
    assert {store.platform_store_id for store in connected.stores} <= {shop["id"] for shop in given["stores"]}
    assert connected.missing == ()
    (store,) = connected.stores
    assert (store.platform, store.region, store.connection_id in connected.connections) == (platform, market, True)
    synced = pipeline.sync_due([store.key])
    assert not synced.failed
    assert Order.objects.filter(store=store).count() > 10
    assert not Stream.objects.filter(store=store).exclude(error_family="").exists()


@pytest.mark.parametrize("platform", EVERYWHERE)
def test_a_seller_who_refuses_connects_nothing(app: App, given: dict[str, Any], platform: str) -> None:
    market = market_of(given)
    came = agree(link_of(app, market), decision="refuse")
    with pytest.raises((NotDone, PlatformError)):
        connecting.finish(app, query=came, now=clock.now(), actor="ann@example.com")
    assert not Store.objects.exists()
    assert not Connection.objects.exists()


@pytest.mark.parametrize("platform", EVERYWHERE)
def test_a_code_is_good_once_and_a_second_consent_renews_the_same_connection(
    app: App, given: dict[str, Any], platform: str
) -> None:
    market = market_of(given)
    came = agree(link_of(app, market))
    first = connecting.finish(app, query=came, now=clock.now(), actor="ann@example.com")
    with pytest.raises(PlatformError):
        connecting.finish(app, query=came, now=clock.now(), actor="ann@example.com")
    again = connecting.finish(app, query=agree(link_of(app, market)), now=clock.now(), actor="ann@example.com")
    assert [store.pk for store in again.stores] == [store.pk for store in first.stores]
    assert again.connections == first.connections


@pytest.mark.parametrize("platform", EVERYWHERE)
def test_keys_are_tested_at_once(given: dict[str, Any], platform: str) -> None:
    place = {"platform": platform, "base_url": given["base_url"], "auth_url": given["auth_url"]}
    connecting.check_keys(app_key=key_of(given), app_secret=secret_of(given), **place)
    with pytest.raises(NotDone, match="The platform refuses this app key and secret: "):
        connecting.check_keys(app_key=key_of(given), app_secret="0" * 40, **place)
    with pytest.raises(NotDone, match="The platform refuses this app key and secret: "):
        connecting.check_keys(app_key="123456", app_secret=secret_of(given), **place)


def test_where_nobody_answers_keys_cannot_be_told() -> None:
    nowhere = "http://127.0.0.1:9"
    with pytest.raises(PlatformError):
        connecting.check_keys(platform="tiktok_shop", app_key="k", app_secret="s", base_url=nowhere, auth_url=nowhere)


@pytest.mark.parametrize("platform", ["tiktok_shop"])
def test_a_market_that_the_platform_has_not_is_refused(app: App) -> None:
    with pytest.raises(NotSupported, match="has no market CN; it has ID, MY"):
        link_of(app, "CN")


@pytest.mark.parametrize("platform", ["tiktok_shop"])
def test_an_answer_that_was_not_begun_here_or_is_old_is_refused(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotDone, match="does not belong to a connection that was begun here"):
        connecting.coming("made:up:state")
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(link_of(app, "MY")).query)["state"][0]
    assert connecting.coming(state).market == "MY"
    monkeypatch.setattr(connecting, "STATE_LASTS", timedelta(seconds=-1))
    with pytest.raises(NotDone, match="more than an hour ago"):
        connecting.coming(state)


def test_every_platform_is_offered_with_its_markets() -> None:
    offers = {offer.id: offer.markets for offer in connecting.offers()}
    assert set(offers) >= set(EVERYWHERE)
    assert offers["douyin"] == ("CN",)
    assert {"MY", "TH", "US"} <= set(offers["tiktok_shop"])
