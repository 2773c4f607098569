"""A real Chromium on a live server with a fleet; a picture of the page when a test fails, in test-output/."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect, sync_playwright

from storeward.lib.clock import now
from storeward.web.tests.fleet import PASSWORD, Fleet, build
from tests.browser.chromium import ARGUMENTS, executable

OUTPUT = Path(__file__).resolve().parents[2] / "test-output"
PICTURES = pytest.StashKey[bool]()
PATIENCE = 60_000
"""Milliseconds to wait for anything. It costs only where something is missing, and a busy machine is slow."""

expect.set_options(timeout=PATIENCE)

# Playwright keeps an event loop in this thread, and Django would refuse to ask the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module, not a session: its event loop would stand in the way of every later test that runs one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def fleet(transactional_db: None) -> Fleet:
    cache.clear()
    return build(now())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.when == "call" and report.failed:
        item.stash[PICTURES] = True
    return report


def picture(request: pytest.FixtureRequest, page: Page) -> None:
    if request.node.stash.get(PICTURES, False):
        OUTPUT.mkdir(exist_ok=True)
        name = re.sub(r"[^\w-]+", "-", request.node.name)
        page.screenshot(path=OUTPUT / f"{name}.png")


def opened(request: pytest.FixtureRequest, browser: Browser, base: str, **options: Any) -> Iterator[Page]:
    """A page in a context of its own."""
    settings = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "timezone_id": "Asia/Shanghai"} | options
    context = browser.new_context(base_url=base, **settings)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    picture(request, page)
    context.close()


def sign_in(page: Page, email: str = "owner@example.com") -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Today").wait_for()


@pytest.fixture
def stranger(request: pytest.FixtureRequest, chromium: Browser, live_server: Any, fleet: Fleet) -> Iterator[Page]:
    """A page of somebody who has not signed in."""
    yield from opened(request, chromium, live_server.url)


@pytest.fixture
def page(stranger: Page) -> Page:
    """A page of the owner, on Today."""
    sign_in(stranger)
    return stranger


@pytest.fixture
def phone(request: pytest.FixtureRequest, chromium: Browser, live_server: Any, fleet: Fleet) -> Iterator[Page]:
    for page in opened(request, chromium, live_server.url, viewport={"width": 390, "height": 844}, has_touch=True):
        sign_in(page)
        yield page


@pytest.fixture
def plain(request: pytest.FixtureRequest, chromium: Browser, live_server: Any, fleet: Fleet) -> Iterator[Page]:
    """A page in a browser without script."""
    for page in opened(request, chromium, live_server.url, java_script_enabled=False):
        sign_in(page)
        yield page
