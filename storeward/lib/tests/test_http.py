"""Outgoing addresses."""

import ipaddress

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from storeward.lib import http
from storeward.lib.errors import NotDone


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://10.1.2.3/",
        "http://192.168.1.1:8080/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
        "http://localhost:8400/",
        "http://db.internal/",
        "http://printer.local/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://name:word@example.com/",
        "https://",
        "example.com",
    ],
)
def test_a_private_or_strange_address_is_refused(url: str) -> None:
    with pytest.raises(NotDone):
        http.refuse_private(url)


@pytest.mark.parametrize("url", ["https://example.com/hook", "http://8.8.8.8/", "https://[2606:4700::1111]/"])
def test_a_public_address_may_be_asked(url: str) -> None:
    http.refuse_private(url)


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_judged_by_what_it_stands_for(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert http.is_public(mapped) == http.is_public(address)


async def test_a_name_that_leads_to_a_private_address_is_refused_at_the_moment_of_asking() -> None:
    async with http.guarded_session() as session:
        with pytest.raises((NotDone, aiohttp.ClientConnectorError)):
            await session.get("http://localhost:9/")


async def test_an_ordinary_session_may_ask_loopback_and_keeps_no_cookies() -> None:
    seen: list[str | None] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Cookie"))
        response = web.Response(text=request.headers["User-Agent"])
        response.set_cookie("shop", "one")
        return response

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with http.session() as session:
        for _ in range(2):
            async with session.get(f"http://127.0.0.1:{port}/") as response:
                assert (await response.text()).startswith("Storeward/")
    await runner.cleanup()
    assert seen == [None, None]
