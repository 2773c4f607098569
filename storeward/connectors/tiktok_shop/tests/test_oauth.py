"""Tokens: what is asked, what comes back, and what never shows."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from storeward.connectors.contract import AppKeys, Consent, Grant, Renewal
from storeward.connectors.errors import AuthorizationLost, UnexpectedPayload
from storeward.connectors.tiktok_shop import oauth
from storeward.connectors.tiktok_shop.signing import sign

APP = AppKeys("key1", "secret1")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_the_consent_link_is_another_in_the_united_states() -> None:
    assert oauth.consent_url(APP, Consent("s&1", "MY", NOW, service_id="77")) == (
        "https://services.tiktokshop.com/open/authorize?service_id=77&state=s%261"
    )
    american = oauth.consent_url(APP, Consent("s", "US", NOW, service_id="77"))
    assert american.startswith("https://services.us.tiktokshop.com/open/authorize?")


def test_a_code_is_exchanged_by_an_unsigned_get() -> None:
    signed = sign(oauth.token_request(APP, Grant("TTP_code")), APP, None, NOW)
    address = urlsplit(signed.path_query)
    assert (signed.method, address.path, signed.body) == ("GET", "/api/v2/token/get", None)
    assert parse_qs(address.query) == {
        "app_key": ["key1"],
        "app_secret": ["secret1"],
        "auth_code": ["TTP_code"],
        "grant_type": ["authorized_code"],
    }


def test_a_refresh_names_the_refresh_token() -> None:
    address = urlsplit(sign(oauth.refresh_request(APP, Renewal("TTP_r")), APP, None, NOW).path_query)
    assert address.path == "/api/v2/token/refresh"
    assert parse_qs(address.query)["refresh_token"] == ["TTP_r"]
    assert parse_qs(address.query)["grant_type"] == ["refresh_token"]


def test_a_pair_is_read_with_its_absolute_times(shared_dir: Path) -> None:
    tokens = oauth.parse_tokens((shared_dir / "platforms/tiktok_shop/samples/token_get.json").read_bytes(), NOW)
    assert tokens.access_token == "TTP_Fw8rBwAAAAAkW03FYd09DG-example"
    assert tokens.refresh_token == "TTP_NTUxZTNhYTQ2ZDk2YmRmZWNmYWY2-example"
    assert tokens.access_expires_at == datetime(2025, 12, 10, tzinfo=UTC)
    assert tokens.refresh_expires_at == datetime.fromtimestamp(1796256000, UTC)
    assert (tokens.platform_user_id, tokens.name, tokens.region) == ("7010736057180325637", "Jjj test shop", "ID")
    assert "seller.order.info" in tokens.scopes
    assert "example" not in repr(tokens)


def test_a_refused_code_means_that_consent_is_needed_again(shared_dir: Path) -> None:
    sample = (shared_dir / "platforms/tiktok_shop/samples/token_get_error_bad_code.json").read_bytes()
    with pytest.raises(AuthorizationLost) as refused:
        oauth.parse_tokens(sample, NOW)
    assert refused.value.code == "36004004"


@pytest.mark.parametrize("gone", ["access_token", "refresh_token", "access_token_expire_in", "open_id"])
def test_half_a_pair_is_no_pair(gone: str) -> None:
    data = {"access_token": "a", "refresh_token": "r", "access_token_expire_in": 1765324800, "open_id": "7"}
    del data[gone]
    with pytest.raises(UnexpectedPayload):
        oauth.parse_tokens(json.dumps({"code": 0, "data": data}).encode(), NOW)


def test_reading_a_token_answer_for_a_report_shows_no_token(shared_dir: Path) -> None:
    parsed = oauth.parse_token_answer((shared_dir / "platforms/tiktok_shop/samples/token_get.json").read_bytes(), {})
    assert not parsed.failed
    assert "TTP_" not in repr(parsed)
    assert oauth.parse_token_answer(b'{"code":0,"data":{}}', {}).failed
