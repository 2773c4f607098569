"""Consent, token and refresh: two kinds of app, and an expiry that the documents disagree on."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import StoreProfile
from storeward.connectors import errors
from storeward.connectors.contract import AppKeys, Consent, Grant, Renewal
from storeward.connectors.douyin import CONNECTOR
from storeward.connectors.douyin.oauth import consent_url, parse_tokens, refresh_request, token_request

from .samples import ok, parse, sample, told

APP = AppKeys("7012345678901234567", "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f")
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def pair(**more: Any) -> bytes:
    data = {"access_token": "a-1", "refresh_token": "r-1", "expires_in": 604800, "shop_id": 4463798, "shop_name": "青禾"}
    return json.dumps(ok(data | more)).encode()


def test_the_link_to_the_consent_page_names_the_service_and_brings_the_state_back() -> None:
    link = consent_url(APP, Consent("st&1", "CN", NOW, service_id="9988"))
    assert link == "https://fuwu.jinritemai.com/authorize?service_id=9988&state=st%261"


def test_a_code_is_exchanged_by_a_provider_app() -> None:
    request = token_request(APP, Grant("code-1"))
    assert (request.operation, request.path) == ("token.create", "/token/create")
    assert request.body == b'{"code":"code-1","grant_type":"authorization_code"}'
    assert request.token_call
    assert not request.for_store


def test_an_app_of_ones_own_asks_by_the_shops_id_alone() -> None:
    request = token_request(APP, Grant("", {"shop_id": "4463798"}))
    assert request.body == b'{"code":"","grant_type":"authorization_self","shop_id":"4463798"}'


def test_a_code_counts_before_a_shops_id() -> None:
    request = token_request(APP, Grant("code-1", {"shop_id": "4463798"}))
    assert request.body == b'{"code":"code-1","grant_type":"authorization_code"}'


@pytest.mark.parametrize("named", [{}, {"shop_id": ""}, {"state": "x"}])
def test_what_names_neither_is_refused_before_anything_is_sent(named: dict[str, str]) -> None:
    with pytest.raises(errors.Rejected):
        token_request(APP, Grant("", named))


def test_a_renewal_sends_the_last_refresh_token() -> None:
    request = refresh_request(APP, Renewal("r-1", platform_store_id="4463798", market="CN"))
    assert (request.operation, request.path) == ("token.refresh", "/token/refresh")
    assert request.body == b'{"grant_type":"refresh_token","refresh_token":"r-1"}'
    assert request.kind.value == "write"
    assert "app_secret" not in str(request)


def test_the_published_token_answer_is_read(shared_dir: Path) -> None:
    tokens = parse_tokens(sample(shared_dir, "token.create"), NOW)
    assert tokens.access_token == "5a3bd7d0-1b48-46d6-811e-7e05ace08a2f"
    assert tokens.refresh_token == "50b6ae40-ed8f-4b60-a4af-2ed743a4b903"
    assert tokens.access_expires_at == datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    assert tokens.refresh_expires_at == datetime(2026, 12, 4, 4, 0, tzinfo=UTC)
    assert (tokens.platform_user_id, tokens.name, tokens.region) == ("4463798", "青禾家居旗舰店", "CN")
    assert tokens.scopes == ("SCOPE",)
    assert tokens.stores == (
        StoreProfile(
            platform_store_id="4463798",
            name="青禾家居旗舰店",
            region="CN",
            seller_type="local",
            platform_more={"shop_biz_type": "0", "token_type": "0", "authority_id": "4463798"},
        ),
    )
    assert not tokens.one_each


def test_the_published_refresh_answer_is_read(shared_dir: Path) -> None:
    assert parse_tokens(sample(shared_dir, "token.refresh"), NOW).stores[0].platform_store_id == "4463798"


EXPIRY: list[tuple[Any, datetime]] = [
    (604_800, datetime(2026, 11, 27, 4, 0, tzinfo=UTC)),
    ("604800", datetime(2026, 11, 27, 4, 0, tzinfo=UTC)),
    (60, datetime(2026, 11, 20, 4, 1, tzinfo=UTC)),
    (1_795_752_000, datetime(2026, 11, 27, 4, 0, tzinfo=UTC)),
    ("1795752000", datetime(2026, 11, 27, 4, 0, tzinfo=UTC)),
    (1_795_752_000_000, datetime(2026, 11, 27, 4, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("sent", "expected"), EXPIRY)
def test_an_expiry_is_seconds_left_or_an_instant_by_its_size(sent: Any, expected: datetime) -> None:
    tokens = parse_tokens(pair(expires_in=sent), NOW)
    assert tokens.access_expires_at == expected
    assert tokens.refresh_expires_at == expected + timedelta(days=7)


@pytest.mark.parametrize("shop_id", [4463798, "4463798"])
def test_a_shops_id_may_be_a_number_or_text(shop_id: Any) -> None:
    assert parse_tokens(pair(shop_id=shop_id), NOW).stores[0].platform_store_id == "4463798"


def test_a_shops_id_beyond_the_reach_of_doubles_keeps_every_digit() -> None:
    assert parse_tokens(pair(shop_id=9007199254740993), NOW).stores[0].platform_store_id == "9007199254740993"


@pytest.mark.parametrize(
    "missing",
    [
        {"access_token": ""},
        {"access_token": None},
        {"refresh_token": ""},
        {"expires_in": 0},
        {"expires_in": -1},
        {"expires_in": None},
        {"expires_in": "soon"},
        {"shop_id": 0},
        {"shop_id": None},
        {"shop_id": ""},
    ],
)
def test_half_a_pair_is_no_pair(missing: dict[str, Any]) -> None:
    with pytest.raises(errors.UnexpectedPayload):
        parse_tokens(pair(**missing), NOW)
    assert parse("token.create", pair(**missing)).unreadable


REFUSED: list[tuple[int, str, type[errors.PlatformError]]] = [
    (50001, "dop.token-generate-failed:code-expired", errors.AuthorizationLost),
    (50001, "dop.token-generate-failed:code-invalid", errors.AuthorizationLost),
    (50001, "dop.token-generate-failed:token-expired", errors.AuthorizationLost),
    (50002, "isv.business-failed:31009", errors.AuthorizationLost),
    (40003, "isv.signature-invalid", errors.CallerRefused),
    (60000, "", errors.RateLimited),
    (20000, "dop.service-error", errors.Unavailable),
]


@pytest.mark.parametrize(("code", "sub_code", "kind"), REFUSED)
def test_a_refusal_of_tokens_says_what_to_do(code: int, sub_code: str, kind: type[errors.PlatformError]) -> None:
    body = json.dumps({"code": code, "sub_code": sub_code, "sub_msg": "said", "log_id": "L1", "data": None}).encode()
    with pytest.raises(kind) as raised:
        parse_tokens(body, NOW)
    assert (raised.value.code, raised.value.request_id) == (str(code), "L1")


@pytest.mark.parametrize("body", [b"{}", b"[]", b"<html>", b'{"code":10000}', b'{"code":10000,"data":[]}'])
def test_what_is_no_token_answer_is_unexpected(body: bytes) -> None:
    with pytest.raises(errors.UnexpectedPayload):
        parse_tokens(body, NOW)


def test_reading_a_token_answer_shows_the_shop_and_no_token() -> None:
    parsed = parse("token.create", pair(token_type=1, shop_biz_type=2))
    assert told(parsed) == [
        {
            "kind": "store",
            "platform_store_id": "4463798",
            "name": "青禾",
            "region": "CN",
            "seller_type": "local",
            "platform_more": {"shop_biz_type": "2", "token_type": "1"},
        }
    ]
    assert [raw for _, raw in parsed.items] == [b"{}"]


def test_neither_a_pair_nor_a_renewal_shows_its_secrets() -> None:
    tokens = parse_tokens(pair(), NOW)
    assert "a-1" not in repr(tokens)
    assert "r-1" not in repr(tokens)


def test_a_token_is_renewed_within_its_last_hour_for_before_that_the_same_one_comes_back() -> None:
    assert timedelta(minutes=5) < CONNECTOR.renew_ahead < timedelta(hours=1)


def test_nobody_has_to_subscribe_to_webhooks_for_their_address_is_set_by_hand() -> None:
    assert list(CONNECTOR.subscribe_requests("https://ops.example.com/hooks/douyin/1/")) == []
