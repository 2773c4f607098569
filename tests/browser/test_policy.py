"""Rules in a real browser: a draft that is tried, published and read; own figures; why at a past instant; a text checked."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from storeward import pipeline
from storeward.rulebook.models import Rehearsal, Version
from storeward.rulebook.versions import questions_of
from storeward.web.tests.fleet import Fleet
from storeward.web.tests.policy_fleet import RULE, with_policy
from tests.browser.test_unknown import aside

pytestmark = pytest.mark.browser


def try_by_worker() -> None:
    assert pipeline.rehearse(Rehearsal.objects.get(done_at=None).pk)


def draft(page: Page) -> None:
    """New terms of a rule, by its form."""
    page.get_by_role("link", name="Policy", exact=True).first.click()
    page.get_by_label("Title or id").fill(RULE)
    page.get_by_role("button", name="Show").click()
    page.locator(".sw-policy-title a").first.click()
    page.get_by_role("link", name="Draft new terms").click()
    page.get_by_label("Hours").fill("12")
    page.get_by_label("Source", exact=True).fill("https://seller.example/1")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_text("hours 24 → 12")).to_be_visible()


def read(page: Page) -> None:
    """Answer the three questions and confirm."""
    for number, question in enumerate(questions_of(Version.objects.get())):
        page.locator(f'[name="answer-{number}"][value="{question.right}"]').check()
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_text("You have read and confirmed it")).to_be_visible()


def publish(page: Page) -> None:
    page.get_by_label("I have looked at what it touches").check()
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_text("Published. Everything that is open is judged anew by it.")).to_be_visible()
    expect(page.locator("#readers").get_by_text("not yet")).to_have_count(3)
    page.get_by_role("link", name="Read and confirm").click()
    read(page)


def test_new_terms_are_drafted_tried_published_and_read(page: Page, fleet: Fleet) -> None:
    draft(page)
    page.get_by_role("button", name="Try it over the last 90 days").click()
    expect(page.get_by_text("It waits for a worker.")).to_be_visible()
    aside(try_by_worker)
    expect(page.get_by_text("Would have broken a rule").first).to_be_visible()
    publish(page)


def test_it_works_without_script(plain: Page, fleet: Fleet) -> None:
    draft(plain)
    plain.get_by_role("button", name="Try it over the last 90 days").click()
    aside(try_by_worker)
    plain.get_by_role("link", name="Look again").click()
    expect(plain.get_by_text("Would have broken a rule").first).to_be_visible()
    publish(plain)


def test_a_looser_figure_is_refused_and_a_tighter_one_taken(page: Page) -> None:
    page.goto(f"/policy/rule/{RULE}/")
    for figure in ("36", "8"):
        page.get_by_label("Your figure").fill(figure)
        page.get_by_label("Why", exact=True).fill("within the shift")
        page.get_by_role("button", name="Judge by this figure").click()
        if figure == "36":
            expect(page.get_by_text("36 is looser than the platform's 24")).to_be_visible()
    expect(page.get_by_text("own: within 8 hours")).to_be_visible()


def test_why_is_told_for_a_past_instant(page: Page, fleet: Fleet) -> None:
    page.goto(f"/f/{fleet.findings['ship'].pk}/")
    page.get_by_role("link", name="Why, step by step").click()
    expect(page.get_by_text("Step by step")).to_be_visible()
    expect(page.locator("#then")).not_to_contain_text("the finding was not open then")
    past = fleet.now - timedelta(days=3)
    page.get_by_label("At, MYT").fill(f"{past:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="At that instant").click()
    expect(page.locator("#then")).to_contain_text("the finding was not open then")


def test_a_text_is_checked(page: Page) -> None:
    page.goto("/policy/check/")
    page.get_by_label("The text").fill("Please change your review to 5 stars and we will send you a voucher")
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_text("Forbidden: do not send it.")).to_be_visible()
    expect(page.locator("#verdict mark").first).to_be_visible()
    expect(page.get_by_text("Say instead")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_on_policy_is_wider_than_a_phone(phone: Page, fleet: Fleet, language: str) -> None:
    kept = with_policy(fleet)
    fleet.owner.language = language
    fleet.owner.save()
    for address in (
        "/policy/",
        f"/policy/rule/{RULE}/",
        "/policy/changes/?from=2025-06-01",
        f"/policy/versions/{kept.draft.pk}/",
        f"/policy/versions/{kept.published.pk}/",
        f"/policy/versions/{kept.published.pk}/read/",
        f"/policy/versions/new/?rule={RULE}",
        "/policy/news/",
        f"/policy/news/{kept.announcement.pk}/",
        "/policy/check/",
        f"/f/{fleet.findings['ship'].pk}/why/",
    ):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
