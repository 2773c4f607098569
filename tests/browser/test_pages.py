"""The other pages in a real browser, and how they fit."""

import pytest
from playwright.sync_api import Page, expect

from storeward.records.models import StoreFact
from storeward.web.tests.fleet import Fleet

pytestmark = pytest.mark.browser


def addresses(fleet: Fleet) -> list[str]:
    ship = fleet.findings["ship"].pk
    return ["/", f"/f/{ship}/", f"/?open={ship}", "/deadlines/", "/stores/", "/stores/?view=list", f"/s/{fleet.stores[0].key}/"]


def overflow(page: Page) -> int:
    found = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_is_wider_than_the_screen(page: Page, fleet: Fleet, language: str) -> None:
    fleet.owner.language = language
    fleet.owner.save()
    for width in (1440, 1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses(fleet):
            page.goto(address)
            assert overflow(page) <= 0, (width, address)


def test_a_stranger_signs_in_and_arrives_where_they_were_going(stranger: Page, fleet: Fleet) -> None:
    stranger.goto("/deadlines/")
    stranger.get_by_label("E-mail").fill("colleague@example.com")
    stranger.get_by_label("Password").fill("wrong")
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_role("alert")).to_contain_text("E-mail or password is wrong")
    stranger.get_by_label("Password").fill("a long enough password")
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_role("heading", name="Deadlines")).to_be_visible()


def test_arrow_keys_move_in_the_matrix_and_enter_opens_the_finding(page: Page) -> None:
    page.goto("/stores/")
    page.locator("td.is-critical a").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("td.is-critical a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".sw-panel-title")).to_be_visible()


def test_the_scope_selector_narrows_the_page_and_marks_it(page: Page, fleet: Fleet) -> None:
    page.locator(".sw-scope summary").click()
    page.locator(".sw-scope .sw-pop a", has_text="Luna Home 3").click()
    page.wait_for_url(f"**/s/{fleet.stores[0].key}/today/")
    expect(page.locator(".sw-edge")).to_be_visible()
    expect(page.locator("#sw-list .sw-line")).to_have_count(1)


def test_a_rating_is_typed_in_on_the_store_page(page: Page, fleet: Fleet) -> None:
    page.goto(f"/s/{fleet.stores[8].key}/")
    page.locator("#enter summary", has_text="Health rating").click()
    page.get_by_label("Rating, 0 to 1000").fill("199")
    page.locator("#enter form[action*=ahr] button").click()
    expect(page.locator(".sw-toast")).to_contain_text("Entered")
    expect(page.locator("#enter")).to_contain_text("199 / 1000")
    assert StoreFact.objects.filter(name="ahr").latest("as_of").value == {"score": "199"}


def test_the_theme_is_dark_when_asked_and_stays(page: Page) -> None:
    page.locator(".sw-person summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("body")).to_have_css("background-color", "rgb(17, 19, 22)")
    page.goto("/stores/")
    expect(page.locator("body")).to_have_css("background-color", "rgb(17, 19, 22)")


def test_on_the_phone_the_tabs_are_within_reach_and_large_enough(phone: Page) -> None:
    tab = phone.locator(".sw-tabs a", has_text="Deadlines")
    box = tab.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    tab.click()
    expect(phone.get_by_role("heading", name="Deadlines")).to_be_visible()


def test_on_the_phone_the_panel_covers_the_page_and_goes_back(phone: Page) -> None:
    phone.locator("#sw-list .sw-what", has_text="14 orders").click()
    box = phone.locator(".sw-panel").bounding_box()
    assert box is not None
    assert round(box["width"]) == 390
    phone.get_by_role("link", name="Close").click()
    expect(phone.locator(".sw-panel")).to_have_count(0)


def test_chinese_store_names_bring_their_own_letters(page: Page) -> None:
    page.wait_for_function("document.querySelector('#sw-han') !== null")


def test_every_stop_of_the_tab_key_is_seen(page: Page) -> None:
    for _stop in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            """() => { const one = document.activeElement, line = one.closest('.sw-line');
            return getComputedStyle(one).outlineStyle + ' ' + (line ? getComputedStyle(line).outlineStyle : 'none'); }"""
        )
        assert outline != "none none"
