"""Screenshots of the pages on a made-up fleet: `python -m tests.browser.shots OUTDIR [PAGE ...]`.

English and Chinese at 1440 and 390 wide, and each page once in the dark. Needs Chromium (STOREWARD_CHROMIUM, or `chromium` on
the path) and starts its own PostgreSQL and web server.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storeward.config.settings")
django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402  # Django must be set up first
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test.testcases import LiveServerThread  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from storeward.lib import environment  # noqa: E402
from storeward.lib.clock import now  # noqa: E402
from storeward.lib.postgres import open_database  # noqa: E402
from storeward.web.tests.fleet import PASSWORD, Fleet, build  # noqa: E402
from storeward.web.tests.health_fleet import US, with_health  # noqa: E402
from storeward.web.tests.policy_fleet import RULE, with_policy  # noqa: E402
from tests.browser.chromium import ARGUMENTS, executable  # noqa: E402

WIDTHS = ((1440, 900), (390, 844))


def pages(fleet: Fleet) -> dict[str, str]:
    """Name and address of what is drawn."""
    ship, store = fleet.findings["ship"].pk, fleet.stores[0].key
    return {
        "today": "/",
        "panel": f"/?open={ship}",
        "finding": f"/f/{ship}/",
        "stores": "/stores/",
        "stores-list": "/stores/?view=list",
        "store": f"/s/{store}/",
        "store-us": f"/s/{fleet.stores[8].key}/",
        "deadlines": "/deadlines/",
        "health": "/health/",
        "health-store": f"/s/{store}/health/?items=late_dispatch_rate:7&add=4",
        "health-past": f"/s/{store}/health/?at=2026-10-20",
        "health-us": f"/s/{fleet.stores[US].key}/health/",
        "health-unknown": f"/s/{fleet.stores[3].key}/health/",
        "listings": "/listings/",
        "register": "/register/",
        "connections": "/connections/",
        "connections-open": f"/connections/?store={fleet.stores[9].key}",
        "bring": "/bring/",
        "upload": f"/bring/{fleet.upload.pk}/",
        "notices": "/notices/",
        "notice": f"/notices/{fleet.notice.pk}/",
        "why": f"/f/{ship}/why/",
    } | policy_pages(fleet)


def policy_pages(fleet: Fleet) -> dict[str, str]:
    """The pages on policy, with what a team has done to its rules."""
    kept = with_policy(fleet)
    return {
        "policy": "/policy/",
        "policy-needs": "/policy/?state=needs",
        "policy-rule": f"/policy/rule/{RULE}/",
        "policy-asks": "/policy/rule/LZD-INACTIVE/",
        "policy-changes": "/policy/changes/?from=2025-06-01",
        "policy-versions": "/policy/versions/",
        "policy-new": f"/policy/versions/new/?rule={RULE}",
        "policy-draft": f"/policy/versions/{kept.draft.pk}/",
        "policy-published": f"/policy/versions/{kept.published.pk}/",
        "policy-read": f"/policy/versions/{kept.published.pk}/read/",
        "policy-news": "/policy/news/",
        "policy-announcement": f"/policy/news/{kept.announcement.pk}/",
        "policy-check": "/policy/check/",
    }


@contextmanager
def served() -> Iterator[tuple[str, Fleet]]:
    """The product on a fleet: its address and rows. Everything is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, open_database(Path(folder) / "data", durable=False) as database:
        entry = environment.database(database.url)
        wanted = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
        connections.databases["default"].update({key: entry[key] for key in wanted})
        call_command("migrate", verbosity=0)
        fleet = with_health(build(now(), size=int(os.environ.get("STOREWARD_SHOTS_STORES", "40"))))
        thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        try:
            yield f"http://127.0.0.1:{thread.port}", fleet
        finally:
            thread.terminate()
            connections.close_all()


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/sign-in/")
    page.locator("#sw-email").fill("owner@example.com")
    page.locator("#sw-password").fill(PASSWORD)
    page.locator("main button").click()


def shoot(base: str, fleet: Fleet, out: Path, only: list[str]) -> None:
    drawn = pages(fleet)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for language in ("en-GB", "zh-CN"):
            for width, height in WIDTHS:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    locale=language,
                    timezone_id="Asia/Shanghai",
                    device_scale_factor=1,
                )
                page = context.new_page()
                if not only or "sign-in" in only:
                    page.goto(f"{base}/sign-in/")
                    page.screenshot(path=out / f"sign-in-{language[:2]}-{width}.png")
                sign_in(page, base)
                for name, address in drawn.items():
                    if only and name not in only:
                        continue
                    page.goto(base + address)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=out / f"{name}-{language[:2]}-{width}.png")
                    if language == "en-GB" and width == 1440:
                        page.emulate_media(color_scheme="dark")
                        page.screenshot(path=out / f"{name}-dark.png")
                        page.emulate_media(color_scheme="light")
                context.close()
        browser.close()


def main(arguments: list[str]) -> None:
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    with served() as (base, fleet):
        shoot(base, fleet, out, arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
