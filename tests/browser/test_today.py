"""Today in a real browser: keys, the panel, and the same without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from storeward.findings.models import Finding
from storeward.web.tests.fleet import Fleet
from tests.browser.screens import Panel, Today

pytestmark = pytest.mark.browser


def test_j_and_k_walk_the_list_and_enter_opens_what_is_in_focus(page: Page) -> None:
    today = Today(page)
    first = today.focused.locator(".sw-what").inner_text()
    today.press("j", "j", "k")
    second = today.focused.locator(".sw-what").inner_text()
    assert second != first
    today.press("Enter")
    expect(Panel(page).box).to_be_visible()
    assert Panel(page).title == second
    today.press("Escape")
    expect(Panel(page).box).to_have_count(0)
    assert today.focused.locator(".sw-what").inner_text() == second


def test_the_panel_opens_without_a_reload_and_names_itself_in_the_address(page: Page) -> None:
    page.evaluate("window.stays = true")
    panel = Today(page).open("14 orders")
    expect(panel.box).to_be_visible()
    assert page.evaluate("window.stays") is True
    expect(page).to_have_url(re.compile(r"/\?open=\d+$"))
    expect(Today(page).focused).to_contain_text("14 orders")


def test_a_copied_address_shows_the_same_panel(page: Page) -> None:
    panel = Today(page).open("14 orders")
    expect(panel.box).to_be_visible()
    page.goto(page.url)
    assert Panel(page).title.startswith("14 orders")
    expect(Today(page).focused).to_contain_text("14 orders")


def test_moving_on_with_the_panel_open_opens_the_next(page: Page) -> None:
    panel = Today(page).open("14 orders")
    expect(panel.box).to_be_visible()
    Today(page).press("j")
    expect(panel.box.locator(".sw-panel-title")).not_to_contain_text("14 orders")


def test_a_takes_it_and_the_list_shows_who_has_it(page: Page, fleet: Fleet) -> None:
    Today(page).open("14 orders")
    expect(Panel(page).box).to_be_visible()
    Today(page).press("a")
    expect(Panel(page).button("Give back")).to_be_visible()
    expect(Today(page).line("14 orders").locator(".sw-owner")).to_contain_text("OL")
    assert Finding.objects.get(pk=fleet.findings["ship"].pk).owner == "Operations Lead"


def test_s_asks_until_when_and_the_line_leaves(page: Page, fleet: Fleet) -> None:
    Today(page).open("Answer a cancellation request")
    expect(Panel(page).box).to_be_visible()
    Today(page).press("s")
    Panel(page).button("4 hours").click()
    expect(Today(page).line("Answer a cancellation request")).to_have_count(0)
    assert Finding.objects.get(pk=fleet.findings["return"].pk).status == "snoozed"


def test_e_settles_with_a_reason_that_the_history_keeps(page: Page) -> None:
    Today(page).open("Answer a cancellation request")
    expect(Panel(page).box).to_be_visible()
    Today(page).press("e")
    page.keyboard.type("answered by phone")
    Panel(page).box.locator(".sw-settle").get_by_role("button").click()
    expect(Panel(page).box).to_contain_text("answered by phone")
    expect(Today(page).line("Answer a cancellation request")).to_have_count(0)


def test_single_keys_do_nothing_while_typing(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator("#sw-search")).to_be_focused()
    page.keyboard.type("jas")
    expect(page.locator("#sw-search")).to_have_value("jas")
    expect(Panel(page).box).to_have_count(0)


def test_g_goes_places_and_the_map_says_so(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#sw-keys")).to_be_visible()
    page.keyboard.press("Escape")
    Today(page).press("g", "d")
    page.wait_for_url("**/deadlines/")
    Today(page).press("g", "s")
    page.wait_for_url("**/stores/")
    Today(page).press("g", "t")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_single_keys_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("#sw-keys-on").uncheck()
    page.keyboard.press("Escape")
    before = Today(page).focused.inner_text()
    Today(page).press("j")
    assert Today(page).focused.inner_text() == before


def test_without_script_everything_can_still_be_done(plain: Page, fleet: Fleet) -> None:
    Today(plain).open("Answer a cancellation request")
    plain.wait_for_url(f"**/f/{fleet.findings['return'].pk}/")
    panel = plain.locator(".sw-panel")
    panel.get_by_role("button", name="Take", exact=True).click()
    expect(plain.locator(".sw-toast")).to_contain_text("Taken")
    plain.locator("summary", has_text="Settle").click()
    plain.get_by_label("Why is it settled?").fill("done by hand")
    plain.locator(".sw-settle").get_by_role("button").click()
    expect(plain.locator(".sw-toast")).to_contain_text("Settled")
    assert Finding.objects.get(pk=fleet.findings["return"].pk).reason == "done by hand"


def test_a_running_countdown_shows_minutes_and_seconds(page: Page, fleet: Fleet) -> None:
    page.evaluate(
        """() => { const clock = document.querySelector('[data-due]');
        clock.dataset.due = new Date(Date.now() + 599000).toISOString(); }"""
    )
    words = page.locator("[data-due]").first.locator("b")
    expect(words).to_have_text(re.compile(r"^9:\d\d$"))
    first = words.inner_text()
    expect(words).not_to_have_text(first)
    expect(words).to_have_text(re.compile(r"^[0-9]:\d\d$"))


def test_the_page_stands_in_chinese_after_one_click(page: Page) -> None:
    page.locator(".sw-lang").click()
    expect(page.get_by_role("heading", name="今日")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"


def test_the_browser_complains_about_nothing(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in ("/", "/deadlines/", "/stores/", "/stores/?view=list"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
    Today(page).page.goto("/")
    Today(page).open("14 orders")
    expect(Panel(page).box).to_be_visible()
    assert not said
