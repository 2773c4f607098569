"""Consent, tokens of a shop and of a main account's shops: what is asked, what comes back, what never shows."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from storeward.connectors.contract import AppKeys, Consent, Grant, Renewal, Request
from storeward.connectors.errors import AuthorizationLost, Rejected, Unavailable, UnexpectedPayload
from storeward.connectors.shopee import CONNECTOR, oauth
from storeward.connectors.shopee.signing import sign, signature

from .samples import folder

APP = AppKeys("2001887", "shpk1")
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
AT = int(NOW.timestamp())


def sample(shared_dir: Path, name: str) -> bytes:
    return (folder(shared_dir) / f"{name}.json").read_bytes()


def test_the_consent_link_is_signed_with_the_time_and_carries_our_state_in_the_redirect() -> None:
    consent = Consent("s&1", "MY", NOW, redirect="https://ops.example.com/connect/shopee/")
    address = urlsplit(oauth.consent_url(APP, consent))
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://partner.shopeemobile.com/api/v2/shop/auth_partner"
    assert parse_qs(address.query) == {
        "partner_id": ["2001887"],
        "timestamp": [str(AT)],
        "sign": [signature(partner_id="2001887", secret="shpk1", path="/api/v2/shop/auth_partner", timestamp=AT)],
        "redirect": ["https://ops.example.com/connect/shopee/?state=s%261"],
    }


def test_the_consent_page_of_a_sandbox_is_the_sandboxes() -> None:
    address = oauth.consent_url(APP, Consent("s", "MY", NOW, base_url="http://127.0.0.1:9402/"))
    assert address.startswith("http://127.0.0.1:9402/api/v2/shop/auth_partner?")


@pytest.mark.parametrize(
    ("redirect", "state", "whole"),
    [
        ("https://a.example/x", "1", "https://a.example/x?state=1"),
        ("https://a.example/x?y=2", "1", "https://a.example/x?y=2&state=1"),
        ("https://a.example/x", "", "https://a.example/x"),
    ],
)
def test_the_state_joins_whatever_query_the_redirect_has(redirect: str, state: str, whole: str) -> None:
    assert oauth.with_state(redirect, state) == whole


def body_of(request: Request) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(request.body or b"")
    return told


@pytest.mark.parametrize("subject", ["shop_id", "main_account_id"])
def test_a_code_is_exchanged_for_whom_the_redirect_names(subject: str) -> None:
    request = oauth.token_request(APP, Grant("code-1", {subject: "60011111", "state": "s"}))
    assert (request.path, request.token_call, request.for_store) == ("/api/v2/auth/token/get", True, False)
    assert body_of(request) == {"code": "code-1", "partner_id": 2001887, subject: 60011111}
    signed = sign(request, APP, None, NOW)
    assert set(parse_qs(urlsplit(signed.path_query).query)) == {"partner_id", "timestamp", "sign"}
    assert "code-1" not in repr(Grant("code-1"))


@pytest.mark.parametrize("named", [{}, {"shop_id": ""}, {"shop_id": "1", "main_account_id": "2"}, {"shop_id": "x1"}])
def test_a_redirect_that_names_nobody_or_two_is_refused_before_a_call(named: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        oauth.token_request(APP, Grant("code-1", named))


def test_a_refresh_names_its_shop() -> None:
    request = oauth.refresh_request(APP, Renewal("r1", platform_store_id="322300222", market="MY"))
    assert request.path == "/api/v2/auth/access_token/get"
    assert body_of(request) == {"refresh_token": "r1", "partner_id": 2001887, "shop_id": 322300222}


def test_an_exchange_for_one_shop_is_read_with_the_shop_that_was_asked_for(shared_dir: Path) -> None:
    tokens = oauth.parse_tokens(sample(shared_dir, "public.get_access_token"), NOW, {"shop_id": "60011111"})
    assert tokens.access_token == "6b5a46716e474d6f6e59777659459849"
    assert tokens.refresh_token == "4c7259534969484e71734d695a6e0d55"
    assert tokens.access_expires_at == NOW + timedelta(seconds=14312)
    assert tokens.refresh_expires_at == NOW + timedelta(days=30)
    assert (tokens.platform_user_id, tokens.one_each) == ("60011111", False)
    assert [store.platform_store_id for store in tokens.stores] == ["60011111"]
    assert "6b5a" not in repr(tokens)


def test_a_main_accounts_pair_is_for_fetching_one_for_each_shop(shared_dir: Path) -> None:
    about = {"main_account_id": "68272"}
    tokens = oauth.parse_tokens(sample(shared_dir, "public.get_access_token.main_account"), NOW, about)
    assert (tokens.platform_user_id, tokens.one_each) == ("68272", True)
    assert [store.platform_store_id for store in tokens.stores] == ["60011111", "60011112", "60011113"]


def test_a_renewed_pair_names_its_shop(shared_dir: Path) -> None:
    tokens = oauth.parse_tokens(sample(shared_dir, "public.refresh_access_token"), NOW)
    assert (tokens.platform_user_id, tokens.one_each) == ("322300222", False)
    assert tokens.access_expires_at == NOW + timedelta(hours=4)


def test_an_expiry_that_is_an_instant_is_taken_as_one() -> None:
    body = {"error": "", "access_token": "a", "refresh_token": "r", "expire_in": AT + 14400, "shop_id": 7}
    assert oauth.parse_tokens(json.dumps(body).encode(), NOW).access_expires_at == NOW + timedelta(hours=4)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("error_auth", "Invalid refresh_token."),
        ("invalid_code", "code used"),
        ("error_param", "invalid code"),
        ("invalid_shop_id", ""),
        ("invalid_main_acount_id", ""),
        ("refresh_token_expired", ""),
        ("error_shop_refresh_token", ""),
        ("shop_access_expired", ""),
        ("shop_no_linked", ""),
        ("shop_banned", ""),
    ],
)
def test_a_refusal_means_that_the_seller_is_asked_again(error: str, message: str) -> None:
    body = json.dumps({"error": error, "message": message, "request_id": "q1"}).encode()
    with pytest.raises(AuthorizationLost) as refused:
        oauth.parse_tokens(body, NOW)
    assert (refused.value.code, refused.value.request_id) == (error, "q1")
    error_found = CONNECTOR.error_of(oauth.refresh_request(APP, Renewal("r", "7")), 403, body)
    assert isinstance(error_found, AuthorizationLost)


def test_a_fault_of_the_platform_is_no_lost_authorisation() -> None:
    with pytest.raises(Unavailable):
        oauth.parse_tokens(b'{"error":"error_server","message":"system error"}', NOW)


@pytest.mark.parametrize("gone", ["access_token", "refresh_token", "expire_in", "shop_id"])
def test_half_a_pair_is_no_pair(gone: str) -> None:
    body = {"error": "", "access_token": "a", "refresh_token": "r", "expire_in": 14400, "shop_id": 7}
    del body[gone]
    with pytest.raises(UnexpectedPayload):
        oauth.parse_tokens(json.dumps(body).encode(), NOW)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"access_token":"a"}', b'{"error":[7],"access_token":"a"}'])
def test_what_is_no_answer_raises_and_shows_nothing(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload):
        oauth.parse_tokens(body, NOW)


def test_reading_a_token_answer_for_a_report_shows_no_token(shared_dir: Path) -> None:
    for name in ("get_access_token", "get_access_token.main_account", "refresh_access_token", "get_token_by_resend_code"):
        parsed = oauth.parse_token_answer(sample(shared_dir, f"public.{name}"), {})
        assert not parsed.failed
        assert not parsed.problems
        assert "6b5a" not in repr(parsed)
    assert oauth.parse_token_answer(b'{"error":""}', {}).failed
    assert oauth.parse_token_answer(b"{}", {}).failed


def test_tokens_of_four_hours_are_renewed_half_an_hour_before_their_end() -> None:
    assert CONNECTOR.renew_ahead == timedelta(minutes=30)
