"""What a seller's consent brings: a pair for all its stores, or one for each."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storeward.canon import StoreProfile
from storeward.connectors.client import Answer, Client
from storeward.connectors.contract import AppKeys, Connector, Grant, Parsed, Renewal, Request, Tokens
from storeward.connectors.errors import AuthorizationLost, Unavailable
from storeward.connectors.tiktok_shop import CONNECTOR
from storeward.stores import registering
from storeward.stores.models import App

from .conftest import NOW

ONE, TWO = StoreProfile(platform_store_id="1", region="MY"), StoreProfile(platform_store_id="2", region="TH")


def renew(app: AppKeys, renewal: Renewal) -> Request:
    about = {"store": renewal.platform_store_id, "market": renewal.market, "with": renewal.refresh_token}
    return Request("renew", "POST", "/renew", about=about)


def exchange(app: AppKeys, grant: Grant) -> Request:
    return Request("exchange", "POST", "/exchange", about=dict(grant.named))


EACH: Connector = replace(CONNECTOR, token_request=exchange, refresh_request=renew)


def pair(whose: str, **more: Any) -> Tokens:
    return Tokens(f"a-{whose}", f"r-{whose}", NOW + timedelta(hours=4), None, platform_user_id=whose, **more)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> dict[str, Tokens | Exception]:
    """A platform that answers token calls by their operation and store, and describes a store by its name."""
    answers: dict[str, Tokens | Exception] = {}

    async def tokens(client: Client, request: Request) -> Tokens:
        answer = answers[f"{request.operation} {request.about.get('store', '')}".strip()]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def call(client: Client, request: Request) -> Answer:
        assert client.access is not None
        shop = client.access.platform_store_id or "9"
        if shop == "7":
            raise Unavailable("not now")
        profile = StoreProfile(platform_store_id=shop, name=f"Shop {shop} by {client.access.access_token}")
        return Answer(request, Parsed(items=[(profile, b"")]), b"", NOW)

    monkeypatch.setattr(Client, "tokens", tokens)
    monkeypatch.setattr(Client, "call", call)
    monkeypatch.setattr(registering, "connector_for", lambda platform: EACH)
    return answers


def authorised(app: App) -> list[tuple[str, list[tuple[str, str | None]]]]:
    found = asyncio.run(registering.connect(app, Grant("code", {"main_account_id": "5"})))
    return [(tokens.access_token, [(shop.platform_store_id, shop.name) for shop in shops]) for tokens, shops in found]


def test_one_pair_covers_whatever_the_platform_lists(app: App, platform: dict[str, Any]) -> None:
    platform["exchange"] = pair("all")
    assert authorised(app) == [("a-all", [("9", "Shop 9 by a-all")])]


def test_one_pair_covers_the_stores_that_its_answer_names_each_described_by_itself(app: App, platform: dict[str, Any]) -> None:
    platform["exchange"] = pair("all", stores=(ONE, StoreProfile(platform_store_id="7", name="As named")))
    assert authorised(app) == [("a-all", [("1", "Shop 1 by a-all"), ("7", "As named")])]


def test_each_store_gets_a_pair_of_its_own_where_the_platform_wants_that(app: App, platform: dict[str, Any]) -> None:
    platform |= {"exchange": pair("all", stores=(ONE, TWO), one_each=True), "renew 1": pair("1"), "renew 2": pair("2")}
    assert authorised(app) == [("a-1", [("1", "Shop 1 by a-1")]), ("a-2", [("2", "Shop 2 by a-2")])]


def test_a_store_that_is_refused_costs_no_other(app: App, platform: dict[str, Any]) -> None:
    platform |= {
        "exchange": pair("all", stores=(ONE, TWO), one_each=True),
        "renew 1": AuthorizationLost("no longer linked"),
        "renew 2": pair("2"),
    }
    assert authorised(app) == [("a-2", [("2", "Shop 2 by a-2")])]


def test_a_refused_code_is_the_callers_to_handle(app: App, platform: dict[str, Any]) -> None:
    platform["exchange"] = AuthorizationLost("used before")
    with pytest.raises(AuthorizationLost):
        authorised(app)
