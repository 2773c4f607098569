"""Health in a real browser: from the board to a store, to a past day, to what is behind a rate; how it fits; without script."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from storeward.web.tests.fleet import Fleet
from storeward.web.tests.health_fleet import US, with_health
from tests.browser.conftest import sign_in
from tests.browser.test_pages import overflow

pytestmark = pytest.mark.browser


def test_from_the_board_to_the_ledger_to_a_past_day_and_back(page: Page, fleet: Fleet) -> None:
    with_health(fleet)
    page.get_by_role("navigation", name="Pages").first.get_by_role("link", name="Health").click()
    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    page.get_by_role("link", name="22 of 48 points").click()
    expect(page.locator(".sw-plot")).to_be_visible()
    expect(page.locator(".sw-plot-line.is-next")).to_have_count(1)
    page.get_by_label("What if so many points came").fill("4")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_text("26, the last of it until")).to_be_visible()
    page.locator("#rates").get_by_role("link", name="3", exact=True).first.click()
    expect(page.locator("#behind tbody tr")).to_have_count(3)
    page.get_by_label("As it stood on").fill((fleet.now - timedelta(days=10)).date().isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".sw-past")).to_contain_text("As it stood at the end of")
    expect(page.get_by_role("heading", name="Forecast")).to_have_count(0)
    page.get_by_role("link", name="Back to now").click()
    expect(page.get_by_role("heading", name="Forecast")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_is_wider_than_the_screen(page: Page, fleet: Fleet, language: str) -> None:
    with_health(fleet)
    fleet.owner.language = language
    fleet.owner.save()
    store, rated = fleet.stores[0].key, fleet.stores[US].key
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for address in ("/health/", f"/s/{store}/health/?items=late_dispatch_rate:7&add=4", f"/s/{rated}/health/"):
            page.goto(address)
            assert overflow(page) <= 0, (width, address)


def test_without_script_everything_is_there(chromium: Browser, live_server: object, fleet: Fleet) -> None:
    with_health(fleet)
    context = chromium.new_context(base_url=str(getattr(live_server, "url")), java_script_enabled=False, locale="en-GB")  # noqa: B009
    plain = context.new_page()
    sign_in(plain)
    plain.goto(f"/s/{fleet.stores[0].key}/health/?add=4")
    expect(plain.locator(".sw-plot-past")).to_have_count(1)
    expect(plain.get_by_text("26, the last of it until")).to_be_visible()
    context.close()
