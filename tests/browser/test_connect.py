"""Somebody who has never seen the product connects a store, by clicking alone: the platform's consent page is the sandbox's."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from storeward import pipeline
from storeward.accounts.models import Workspace
from storeward.lib import clock
from storeward.records.models import Order
from storeward.stores.models import App, Connection, Store
from storeward.web.tests.fleet import person
from tests.browser.conftest import OUTPUT, opened, sign_in
from tests.browser.test_unknown import aside
from tests.flow.conftest import EVERYWHERE, SandboxProcess, keys, start_sandbox, stop_sandbox  # noqa: F401  (a fixture)

pytestmark = pytest.mark.browser

LABELS = {"tiktok_shop": "TikTok Shop", "shopee": "Shopee", "lazada": "Lazada", "douyin": "抖店"}
MARKETS = {"tiktok_shop": "MY", "shopee": "MY", "lazada": "MY", "douyin": "CN"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    """A few stores of each platform, in a world that goes on."""
    running = start_sandbox("--stores", "8", "--seed", "5", platforms=EVERYWHERE)
    yield running
    stop_sandbox(running)


@pytest.fixture
def newcomer(
    request: pytest.FixtureRequest,
    chromium: Browser,
    live_server: Any,
    transactional_db: None,
    keys: None,  # noqa: F811
) -> Iterator[Page]:
    """The owner of a team that has nothing yet, at the sign-in."""
    cache.clear()
    place = Workspace.objects.create(slug="new", name="New", created_at=clock.now())
    person("owner@example.com", "Nora New", place)
    yield from opened(request, chromium, live_server.url)


def shoot(page: Page, name: str) -> None:
    """Pictures of what stands there, for people to look at: at a desk, on a phone, and both in Chinese."""
    OUTPUT.mkdir(exist_ok=True)
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=OUTPUT / f"connect-{name}-{width}.png")
    page.set_viewport_size({"width": 1440, "height": 900})


def enter_keys(page: Page, given: dict[str, Any], *, secret: str = "") -> None:
    page.get_by_label("App key").fill(str(given.get("app_key") or given["partner_id"]))
    page.get_by_label("App secret").fill(secret or str(given.get("app_secret") or given["partner_key"]))
    if not page.get_by_label("Address for calls").is_visible():
        page.get_by_text("More: push key").click()
    page.get_by_label("Address for calls").fill(given["base_url"])
    page.get_by_label("Address for consent").fill(given["auth_url"])
    page.get_by_role("button", name="Test and keep").click()


def fill_by_worker() -> None:
    """What a worker does with the queue."""
    pipeline.sync_due()


@pytest.mark.parametrize("platform", EVERYWHERE)
def test_a_store_is_connected_in_under_a_minute(newcomer: Page, sandbox: SandboxProcess, platform: str) -> None:
    page, given = newcomer, sandbox.credentials()["platforms"][platform]
    started = clock.monotonic()
    sign_in(page)
    page.get_by_role("link", name="Connections").first.click()
    page.get_by_role("link", name="Connect a store").first.click()
    page.get_by_role("link", name=LABELS[platform]).click()
    enter_keys(page, given)
    expect(page.get_by_text("The platform knows this app.")).to_be_visible()
    page.get_by_role("link", name=MARKETS[platform]).click()
    page.get_by_role("button", name="Approve").or_(page.get_by_role("button", name="Authorize")).or_(
        page.locator('button[value="approve"]')
    ).first.click()
    expect(page.get_by_role("heading", name="Connected", exact=True)).to_be_visible()
    aside(fill_by_worker)
    expect(page.get_by_text("the first fill is over")).to_be_visible()
    assert clock.monotonic() - started < 60
    store = Store.objects.get()
    assert (store.platform, store.connection_id) == (platform, Connection.objects.get().pk)
    expect(page.locator(".sw-fill .sw-num").first).to_contain_text(f"{Order.objects.count():,}")
    assert "code=" not in page.url


def test_a_wrong_secret_is_told_beside_its_field_and_never_shown_again(newcomer: Page, sandbox: SandboxProcess) -> None:
    page, given = newcomer, sandbox.credentials()["platforms"]["tiktok_shop"]
    sign_in(page)
    page.goto("/connect/tiktok_shop/")
    enter_keys(page, given, secret="not-the-secret-of-this-app")
    field = page.get_by_label("App secret")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("")
    expect(page.get_by_label("App key")).to_have_value(given["app_key"])
    assert "not-the-secret-of-this-app" not in page.content()
    assert not App.objects.exists()
    shoot(page, "refused")
    enter_keys(page, given)
    expect(page.get_by_text("In which market are the stores?")).to_be_visible()


def test_a_seller_who_refuses_leads_back_to_the_beginning(newcomer: Page, sandbox: SandboxProcess) -> None:
    page, given = newcomer, sandbox.credentials()["platforms"]["tiktok_shop"]
    sign_in(page)
    page.goto("/connect/tiktok_shop/")
    enter_keys(page, given)
    page.get_by_role("link", name="MY").click()
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("The seller has not agreed.")).to_be_visible()
    page.get_by_role("link", name="Begin again").click()
    expect(page.get_by_role("heading", name="Connect a store")).to_be_visible()
    assert not Store.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_step_looks_as_it_should(newcomer: Page, sandbox: SandboxProcess, language: str) -> None:
    page, given = newcomer, sandbox.credentials()["platforms"]["tiktok_shop"]
    sign_in(page)
    page.goto("/connect/tiktok_shop/")
    enter_keys(page, given)
    page.get_by_role("link", name="MY").wait_for()
    market = page.get_by_role("link", name="MY")
    href = market.get_attribute("href") or ""
    if language == "zh":
        page.get_by_title("中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    shoot(page, f"app-{language}")
    page.goto("/connect/")
    shoot(page, f"platforms-{language}")
    page.goto(href)
    page.locator('button[value="approve"]').click()
    page.locator(".sw-fill").first.wait_for()
    shoot(page, f"waiting-{language}")
    aside(fill_by_worker)
    page.locator(".sw-parts .is-full").first.wait_for()
    shoot(page, f"filled-{language}")
    expect(page.locator(".sw-main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
