"""A notice pasted in a real browser, Chinese with script and Thai without: read, checked, entered, and the finding is there."""

from datetime import date, timedelta
from functools import cache

import pytest
from playwright.sync_api import Page, expect

from storeward.lib.clock import now
from storeward.records.models import PointsEntry
from storeward.web.tests.fleet import Fleet

pytestmark = pytest.mark.browser

TWELVE = "12 violation points"
"""What 14 points bring with them: the first milestone."""


@cache
def days_ago() -> date:
    """A day on which a notice may have been made: its points still count."""
    return now().date() - timedelta(days=5)


def chinese() -> str:
    return f"""违规处罚通知
您的 TikTok Shop 店铺 Luna Home 1 因延迟发货被扣14分违规分，累计违规分26。
处罚时间：{days_ago().year}年{days_ago().month}月{days_ago().day}日 10:30
违规编号：V-2026-99"""


def thai() -> str:
    return f"""แจ้งการละเมิด
ร้านค้าของคุณบน TikTok Shop ได้รับคะแนนการละเมิด ๑๔ คะแนน
วันที่แจ้ง: {days_ago():%d/%m}/{days_ago().year + 543} เวลา 10.30 น."""


def entered(page: Page) -> None:
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_text("Entered by Operations Lead")).to_be_visible()
    page.get_by_role("link", name=TWELVE).click()
    expect(page.get_by_role("heading", name=TWELVE).first).to_be_visible()


def test_a_chinese_notice_becomes_a_finding(page: Page, fleet: Fleet) -> None:
    page.get_by_role("link", name="Connections").first.click()
    page.get_by_role("link", name="Notices").click()
    page.get_by_label("Its text").fill(chinese())
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_label("Store *")).to_have_value(fleet.stores[4].key)
    expect(page.get_by_label("Points *")).to_have_value("14")
    expect(page.get_by_label("Issued at, MYT")).to_have_value(f"{days_ago()}T10:30")
    expect(page.locator("mark", has_text="14分违规分")).to_be_visible()
    entered(page)
    assert PointsEntry.objects.get(platform_id="V-2026-99").store == fleet.stores[4]


def test_a_thai_notice_is_entered_without_script_for_the_store_that_is_chosen(plain: Page, fleet: Fleet) -> None:
    store = fleet.stores[3]
    plain.goto(f"/s/{store.key}/")
    plain.get_by_role("link", name="Paste a notice").click()
    expect(plain.get_by_label("About the store")).to_have_value(store.key)
    plain.get_by_label("About the store").select_option("")
    plain.get_by_label("Its text").fill(thai())
    plain.get_by_role("button", name="Read it").click()
    expect(plain.get_by_label("Issued at")).to_have_value("")
    plain.get_by_label("Store *").select_option(store.key)
    plain.get_by_role("button", name="Read the text again for this store").click()
    expect(plain.get_by_label("Issued at, ICT")).to_have_value(f"{days_ago()}T10:30")
    expect(plain.get_by_label("Points *")).to_have_value("14")
    entered(plain)
    assert PointsEntry.objects.get(store=store, points=14).origin == "form"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_of_notices_is_wider_than_a_phone(phone: Page, fleet: Fleet, language: str) -> None:
    fleet.owner.language = language
    fleet.owner.save()
    for address in ("/notices/", f"/notices/{fleet.notice.pk}/", "/connections/"):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
