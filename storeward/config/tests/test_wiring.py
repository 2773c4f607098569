"""System checks, headers and the ASGI entry."""

from collections.abc import MutableMapping
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from pytest_django import Settings

from storeward.config import asgi, checks
from storeward.config.headers import HEADERS


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_the_settings_as_they_are_have_no_contradiction() -> None:
    assert run_checks() == []


def test_serving_needs_a_lasting_secret_key(settings: Settings) -> None:
    settings.SECRET_KEY_GIVEN = None
    found = checks.lasting_secret_key()
    assert ids(found) == ["storeward.E001"]
    assert "STOREWARD_SECRET_KEY" in (found[0].hint or "")


@pytest.mark.parametrize(("key", "expected"), [("k" * 31, ["storeward.W001"]), ("k" * 32, []), (None, [])])
def test_a_short_secret_key_is_mentioned(settings: Settings, key: str | None, expected: list[str]) -> None:
    settings.SECRET_KEY_GIVEN = key
    assert ids(checks.secret_key_is_long_enough()) == expected


@pytest.mark.parametrize(
    ("url", "hosts", "expected"),
    [
        ("", [], []),
        ("https://ward.example", ["ward.example"], []),
        ("https://ward.example", ["127.0.0.1"], ["storeward.E003"]),
        ("ward.example", ["ward.example"], ["storeward.E002"]),
    ],
)
def test_the_public_address_must_be_one_that_is_answered(
    settings: Settings, url: str, hosts: list[str], expected: list[str]
) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = url, hosts
    assert ids(checks.public_address_is_allowed()) == expected


@pytest.mark.django_db
def test_every_page_carries_the_security_headers(client: Client) -> None:
    answer = client.get("/sign-in/")
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe-eval" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_scripts_from_elsewhere_and_inline_are_refused() -> None:
    rules = dict(rule.split(" ", 1) for rule in HEADERS["Content-Security-Policy"].split("; "))
    assert rules["script-src"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"


Message = MutableMapping[str, Any]


async def answers(scope: Message, *received: Message) -> list[Message]:
    incoming, sent = list(received), []

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await asgi.application(scope, receive, send)
    return sent


async def test_the_server_is_told_that_start_and_end_are_complete() -> None:
    start_and_end = ({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    sent = await answers({"type": "lifespan"}, *start_and_end)
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_a_websocket_is_refused() -> None:
    assert await answers({"type": "websocket", "path": "/"}) == [{"type": "websocket.close", "code": 1000}]


async def test_webhooks_go_past_django(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def hooks(scope: Message, receive: Any, send: Any) -> None:
        asked.append(scope["path"])

    monkeypatch.setattr(asgi, "hooks", hooks)
    await answers({"type": "http", "path": "/hooks/tiktok_shop/1/"})
    assert asked == ["/hooks/tiktok_shop/1/"]
