"""Listings in a real browser: the words marked, a right put on file that settles them; without script too."""

import pytest
from playwright.sync_api import Page, expect

from storeward.findings.evaluate import evaluate
from storeward.lib.clock import now
from storeward.web.tests.fleet import Fleet
from storeward.web.tests.test_listings import listing
from tests.browser.test_unknown import aside

pytestmark = pytest.mark.browser


def settle(fleet: Fleet) -> None:
    evaluate([fleet.stores[0].pk], now=now())


@pytest.mark.parametrize("script", ["page", "plain"])
def test_a_right_on_file_settles_a_brand_and_a_mistake_keeps_what_was_typed(
    request: pytest.FixtureRequest, fleet: Fleet, script: str
) -> None:
    page: Page = request.getfixturevalue(script)
    listing(fleet.stores[0], 901, title="Nike bowl")
    aside(lambda: settle(fleet))
    page.get_by_role("link", name="Listings").first.click()
    expect(page.locator("mark")).to_have_text("Nike")
    page.get_by_role("link", name="Brand without a right").last.click()
    expect(page.get_by_text("“Nike” in the title").first).to_be_visible()
    page.goto("/register/")
    page.get_by_role("textbox", name="Brand").fill("Nike")
    page.get_by_label("Last day").fill("2020-01-31")
    page.locator("#add-right").get_by_label("From").fill("2020-02-01")
    page.get_by_role("button", name="Put on file").click()
    expect(page.get_by_role("alert")).to_contain_text("The last day comes after the first")
    expect(page.get_by_role("textbox", name="Brand")).to_have_value("Nike")
    page.get_by_label("Last day").fill("")
    page.get_by_role("button", name="Put on file").click()
    expect(page.get_by_text("The right to Nike is on file.")).to_be_visible()
    aside(lambda: settle(fleet))
    page.goto("/listings/")
    expect(page.get_by_text("Nothing wrong was found.")).to_be_visible()
