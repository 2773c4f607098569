"""What the product can no longer see is unknown on every page, for one reason in one line, and only as long as that lasts: the
sandbox at one end, a person before the pages at the other.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Locator, Page, expect

from storeward import pipeline
from storeward.accounts.models import Workspace
from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.lib import clock
from storeward.records.models import Stream
from storeward.stores.connection import working
from storeward.stores.models import Store
from storeward.sync.models import Push
from storeward.web.tests.fleet import person
from tests.browser.conftest import opened, sign_in
from tests.flow.conftest import SandboxProcess, intake, keys, sandbox, wait_until  # noqa: F401  (fixtures)
from tests.flow.conftest import fleet as connected  # noqa: F401  (a fixture)

pytestmark = pytest.mark.browser

STALE, SILENT = "Facts older than their limit", "No notices from the platform"
LOOK_AGAIN = timedelta(seconds=2)


def aside(work: Callable[[], Any]) -> Any:
    """Do what runs an event loop of its own in a thread of its own: this one has Playwright's."""

    def done() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(done).result()


@dataclass
class Fleet:
    """The stores that can be asked, and the sandbox behind them."""

    sandbox: SandboxProcess
    stores: list[Store]

    @property
    def ids(self) -> list[int]:
        return [store.pk for store in self.stores]

    def poll(self, *streams: str) -> None:
        """Ask for these streams (everything, without), as the timetable does when they are due."""
        Stream.objects.filter(store_id__in=self.ids, name__in=streams).update(due_at=clock.now())
        aside(lambda: pipeline.sync_due([store.key for store in self.stores], everything=not streams))

    def judge(self, now: datetime) -> None:
        """What the clock and an evaluation do at `now`."""
        evaluate(self.ids, now=now)
        tick(now=now)


@pytest.fixture
def fleet(connected: SandboxProcess) -> Fleet:  # noqa: F811
    aside(pipeline.sync_due)
    reachable = {number for number, truth in connected.truth().items() if truth["reachable"]}
    found = Store.objects.filter(connection__state="active", platform_store_id__in=reachable).order_by("pk")
    person("owner@example.com", "Operations Lead", Workspace.objects.get(slug="demo"))
    return Fleet(connected, list(found))


@pytest.fixture
def page(request: pytest.FixtureRequest, chromium: Browser, live_server: Any, fleet: Fleet) -> Iterator[Page]:
    for one in opened(request, chromium, live_server.url):
        sign_in(one)
        yield one


def cause(page: Page, title: str) -> Locator:
    """The lines of Today that name this cause."""
    page.goto("/")
    return page.locator("#sw-list .is-unknown-line", has_text=title)


def row(page: Page, store: Store) -> Locator:
    """The store's row of the matrix."""
    page.goto("/stores/")
    return page.locator(".sw-matrix tbody tr", has=page.locator(f'a[href="/s/{store.key}/"]'))


def feed(page: Page, store: Store, name: str) -> Locator:
    """How fresh a feed is, on the page of its store."""
    page.goto(f"/s/{store.key}/")
    return page.locator(".sw-rows > div", has_text=name).first


def test_polls_that_fail_are_one_line_and_unknown_everywhere_until_they_succeed(page: Page, fleet: Fleet) -> None:
    now = clock.now()
    fleet.judge(now)
    expect(cause(page, STALE)).to_have_count(0)
    before = row(page, fleet.stores[0]).locator("td.is-unknown").count()

    fleet.sandbox.fault("server_error", on=True)
    fleet.poll("orders")
    streams = Stream.objects.filter(store_id__in=fleet.ids, name="orders")
    assert {stream.failing_since is not None for stream in streams} == {True}
    trusted = max(stream.trusted_until for stream in streams if stream.trusted_until is not None)
    assert trusted <= now + timedelta(hours=2)

    with clock.frozen(trusted + timedelta(seconds=1)):
        fleet.judge(clock.now())
        line = cause(page, STALE)
        expect(line).to_have_count(1)
        expect(line).to_contain_text(f"{len(fleet.stores)} stores")
        expect(line).to_contain_text("cannot tell")
        for store in fleet.stores:
            line_of_store = row(page, store)
            expect(line_of_store).to_contain_text("unknown")
            assert line_of_store.locator("td.is-unknown").count() > before
        orders = feed(page, fleet.stores[0], "Orders")
        expect(orders).to_contain_text("past its limit")
        expect(orders).to_contain_text(re.compile(r"\d+ min"))
        expect(page.locator(".sw-badge")).to_have_text("unknown")

    fleet.sandbox.fault("server_error", on=False)
    wait_until(lambda: clock.now() > now + LOOK_AGAIN, "a poll later than the first")
    fleet.poll()
    with clock.frozen(trusted + timedelta(seconds=1)):
        fleet.judge(clock.now())
        expect(cause(page, STALE)).to_have_count(0)
        assert row(page, fleet.stores[0]).locator("td.is-unknown").count() == before
        expect(feed(page, fleet.stores[0], "Orders")).not_to_contain_text("past its limit")


def take_in_pushes() -> None:
    async def main() -> None:
        async with working():
            await pipeline.handle_pushes()

    aside(lambda: asyncio.run(main()))


def test_webhooks_that_fall_silent_are_one_line_until_the_next_one_comes(
    page: Page,
    fleet: Fleet,
    intake: str,  # noqa: F811
) -> None:
    quiet = fleet.stores[0]
    fleet.sandbox.post("/webhooks", address=intake)
    aside(lambda: pipeline.listen(intake.split("/hooks/")[0]))
    fleet.sandbox.post("/webhooks", store=quiet.platform_store_id, on=False)
    fleet.judge(clock.now())
    expect(cause(page, SILENT)).to_have_count(0)

    fleet.sandbox.post("/orders", store=quiet.platform_store_id, count=3)
    fleet.sandbox.post("/clock", advance="6h")
    fleet.poll()
    stream = Stream.objects.get(store=quiet, name="push")
    assert stream.error_family == "silent"
    assert stream.trusted_until is not None
    noticed = clock.now()

    later = stream.trusted_until + timedelta(seconds=1)
    with clock.frozen(later):
        fleet.judge(later)
        line = cause(page, SILENT)
        expect(line).to_have_count(1)
        expect(line).to_contain_text(quiet.name)
        expect(row(page, quiet)).to_contain_text("unknown")
        expect(feed(page, quiet, "Notices by webhook")).to_contain_text("past its limit")

    fleet.sandbox.post("/webhooks", store=quiet.platform_store_id, on=True)
    wait_until(lambda: clock.now() > noticed + LOOK_AGAIN, "a webhook later than the silence")
    known = Push.objects.filter(platform_store_id=quiet.platform_store_id).count()
    fleet.sandbox.post("/orders", store=quiet.platform_store_id, count=2)
    fleet.sandbox.post("/clock", advance="1h")
    wait_until(
        lambda: Push.objects.filter(platform_store_id=quiet.platform_store_id).count() > known,
        "a webhook of the store arrives",
    )
    take_in_pushes()
    with clock.frozen(later):
        fleet.judge(later)
        expect(cause(page, SILENT)).to_have_count(0)
        expect(feed(page, quiet, "Notices by webhook")).not_to_contain_text("past its limit")
