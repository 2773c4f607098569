"""One consent over several sites: each store is described by its own site, and its calls go there."""

import asyncio
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pytest_django import Settings

from storeward.accounts.people import create_workspace
from storeward.connectors.contract import AppKeys, Ask, Consent, Grant
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.lib.crypto import create_keys
from storeward.stores.connection import find, open_client, working
from storeward.stores.models import App
from storeward.stores.registering import Authorised, adopt, fetch_authorisations, register_app

ROOT = Path(__file__).resolve().parents[3]
BACK = "https://app.example/back"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *told: Any) -> None:
        return None


@pytest.fixture(scope="module")
def sandbox() -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "storeward_sandbox", "serve", "--port-base", "0", "--stores", "8", "--frozen"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sandbox")}
    options = ["--seed", "3", "--platform", "lazada"]
    with subprocess.Popen([*command, *options], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = [line.split() for line in iter(process.stdout.readline, "ready\n") if line]
        control = next(words[1] for words in said if words[0] == "control")
        with urllib.request.urlopen(control + "/credentials", timeout=30) as answer:
            yield json.load(answer)["platforms"]["lazada"]
        process.terminate()


def code_of_a_consent(told: dict[str, Any]) -> str:
    """What the page of the platform sends the seller back with, who chose all sites at once."""
    root = told["auth_url"].removesuffix("/rest")
    query = urllib.parse.urlencode({"response_type": "code", "client_id": told["app_key"], "state": "s", "redirect_uri": BACK})
    with urllib.request.urlopen(f"{root}/oauth/authorize?{query}", timeout=30) as page:
        choices = re.findall(r'value="([^"]*\|cb)"', page.read().decode())
    form = urllib.parse.urlencode({"store": choices[0], "decision": "approve", "state": "s", "redirect_uri": BACK})
    request = urllib.request.Request(f"{root}/oauth/decide", data=form.encode())
    with pytest.raises(urllib.error.HTTPError) as sent:
        urllib.request.build_opener(_Stay).open(request, timeout=30)
    back = urllib.parse.urlsplit(sent.value.headers["Location"])
    sent.value.close()
    return urllib.parse.parse_qs(back.query)["code"][0]


@pytest.fixture
def app(sandbox: dict[str, Any], transactional_db: None, tmp_path: Path, settings: Settings) -> App:
    settings.CREDENTIAL_KEYS = tmp_path / "credentials.keys"
    create_keys(settings.CREDENTIAL_KEYS)
    return register_app(
        workspace=create_workspace(slug="team", name="Team", now=clock.now()),
        platform="lazada",
        name="Ours",
        app_key=sandbox["app_key"],
        app_secret=sandbox["app_secret"],
        base_url=sandbox["base_url"].replace("/rest", "/{market}/rest"),
        auth_url=sandbox["auth_url"],
        now=clock.now(),
    )


async def granted(app: App, code: str) -> list[Authorised]:
    async with aiohttp.ClientSession() as session:
        return await fetch_authorisations(app, Grant(code), session=session)


def test_every_store_of_a_consent_is_described_by_its_own_site(sandbox: dict[str, Any], app: App) -> None:
    ((tokens, shops),) = asyncio.run(granted(app, code_of_a_consent(sandbox)))
    assert len(shops) == len(tokens.stores) >= 2
    assert [shop.platform_store_id for shop in shops] == [named.platform_store_id for named in tokens.stores]
    assert len({shop.region for shop in shops}) == len(shops)
    assert {shop.seller_type for shop in shops} == {"cross_border"}
    assert all(shop.name for shop in shops)
    made = adopt(app, tokens, shops, now=clock.now())
    assert {store.connection_id for store in made} == {made[0].connection_id}

    async def seen() -> dict[str, list[str]]:
        async with working():
            found = {}
            for store in made:
                client = await open_client(store.pk)
                assert client.access is not None
                assert client.access.market == (await find(store.pk)).region
                found[store.platform_store_id] = [
                    record.platform_id
                    for record in (await client.call(connector_for("lazada").streams["stores"].first(Ask()))).parsed.records
                ]
            return found

    told = asyncio.run(seen())
    assert told == {store.platform_store_id: [store.platform_store_id] for store in made}


def test_the_link_to_the_consent_page_is_the_platforms_own(sandbox: dict[str, Any]) -> None:
    consent = Consent(state="s", market="SG", now=clock.now(), redirect=BACK)
    link = connector_for("lazada").consent_url(AppKeys(sandbox["app_key"], sandbox["app_secret"]), consent)
    ours = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)
    root = sandbox["auth_url"].removesuffix("/rest")
    with urllib.request.urlopen(f"{root}/oauth/authorize?{urllib.parse.urlencode(ours, doseq=True)}", timeout=30) as page:
        assert b"Authorize an app" in page.read()
