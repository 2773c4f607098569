"""Bringing a table in a real browser: template, file, look, and a worker that takes it; with script and without."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from storeward import pipeline
from storeward.intake.models import Upload
from storeward.records.models import BalanceEvent, Stream
from storeward.web.tests.fleet import NEVER, Fleet
from tests.browser.test_unknown import aside

pytestmark = pytest.mark.browser


@pytest.fixture
def table(fleet: Fleet, tmp_path: Path) -> Path:
    """Balances of a store that has no authorisation, one of them no balance."""
    store = fleet.stores[NEVER]
    Stream.objects.filter(store=store).delete()
    path = tmp_path / "balances.csv"
    path.write_text(f"Store,Balance,Currency\n{store.key},-34.20,VND\n{store.key},plenty,VND\n", "utf-8")
    return path


def take_by_worker(fleet: Fleet) -> None:
    upload = Upload.objects.get(name="balances.csv")
    assert upload.state == "taking"
    pipeline.take_upload(upload.pk, store_ids=[store.pk for store in fleet.stores], who="Operations Lead")


def look(page: Page, table: Path) -> None:
    page.goto("/bring/")
    page.get_by_label("Kind").select_option("balances")
    page.get_by_label("CSV or XLSX").set_input_files(table)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("Take 1 row over?")).to_be_visible()
    expect(page.get_by_text("'plenty' is no number; write it like 1234.50")).to_be_visible()
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_text("It is being taken over; you may leave.")).to_be_visible()


def test_a_table_is_taken_and_the_page_tells_it_by_itself(page: Page, fleet: Fleet, table: Path) -> None:
    look(page, table)
    aside(lambda: take_by_worker(fleet))
    expect(page.get_by_text("Taken over.")).to_be_visible()
    assert BalanceEvent.objects.get().store_id == fleet.stores[NEVER].pk


def test_it_works_without_script(plain: Page, fleet: Fleet, table: Path) -> None:
    look(plain, table)
    aside(lambda: take_by_worker(fleet))
    plain.get_by_role("link", name="Look again").click()
    expect(plain.get_by_text("Taken over.")).to_be_visible()


def test_connections_unfold_without_script_too(plain: Page, fleet: Fleet) -> None:
    plain.get_by_role("link", name="Connections").first.click()
    plain.get_by_role("link", name=f"Feeds: {fleet.stores[0].name}", exact=True).click()
    expect(plain.get_by_role("columnheader", name="Trusted until")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_is_wider_than_a_phone(phone: Page, fleet: Fleet, language: str) -> None:
    fleet.owner.language = language
    fleet.owner.save()
    for address in (
        "/connections/",
        f"/connections/?store={fleet.stores[9].key}",
        "/connect/",
        "/connect/tiktok_shop/",
        f"/connect/made/?of={fleet.stores[0].connection_id}",
        "/bring/",
        f"/bring/{fleet.upload.pk}/",
    ):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
