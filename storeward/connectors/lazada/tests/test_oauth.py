"""Consent, tokens, and the stores that an authorisation covers."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from storeward.connectors.contract import AppKeys, Consent, Grant, OperationKind, Renewal
from storeward.connectors.errors import AuthorizationLost, RateLimited, UnexpectedPayload
from storeward.connectors.lazada import CONNECTOR, oauth
from storeward.connectors.lazada.tests.samples import failure, folder, parse, parse_sample, told

APP = AppKeys("111424", "secret-of-the-app")
NOW = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)

ANSWER: dict[str, Any] = {
    "access_token": "50000-access",
    "refresh_token": "50001-refresh",
    "expires_in": 864000,
    "refresh_expires_in": 4320000,
    "country": "ph",
    "account": "seller@example.com",
    "account_platform": "seller_center",
    "account_id": None,
    "country_user_info": [{"country": "ph", "user_id": "500", "seller_id": "1000", "short_code": "PH1AAAA"}],
    "code": "0",
    "request_id": "r",
}


def tokens(**changes: Any) -> Any:
    body = {name: value for name, value in (ANSWER | changes).items() if value is not ...}
    return oauth.parse_tokens(json.dumps(body).encode(), NOW)


def test_the_consent_link_names_app_redirect_and_state() -> None:
    consent = Consent(state="s&1", market="PH", now=NOW, redirect="https://shop.example/back?x=1")
    parts = urlsplit(oauth.consent_url(APP, consent))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://auth.lazada.com/oauth/authorize"
    assert parse_qs(parts.query) == {
        "response_type": ["code"],
        "force_auth": ["true"],
        "redirect_uri": ["https://shop.example/back?x=1"],
        "client_id": ["111424"],
        "state": ["s&1"],
    }
    assert "secret" not in parts.query


def test_a_link_without_a_redirect_leaves_it_to_the_console() -> None:
    assert "redirect_uri" not in oauth.consent_url(APP, Consent(state="s", market="SG", now=NOW))


def test_a_code_is_exchanged_by_a_signed_post_to_the_token_host() -> None:
    request = oauth.token_request(APP, Grant(code="0_2DL4DV3jcU1UOT7WGI1A4rY91"))
    assert (request.operation, request.method, request.path) == ("/auth/token/create", "POST", "/auth/token/create")
    assert request.query == {"code": "0_2DL4DV3jcU1UOT7WGI1A4rY91"}
    assert (request.token_call, request.for_store, request.kind) == (True, False, OperationKind.WRITE)
    assert CONNECTOR.auth_url == "https://auth.lazada.com/rest"


def test_a_renewal_names_the_refresh_token() -> None:
    request = oauth.refresh_request(APP, Renewal("50001-refresh", platform_store_id="1000", market="PH"))
    assert (request.operation, request.query) == ("/auth/token/refresh", {"refresh_token": "50001-refresh"})
    assert request.token_call


def test_a_pair_is_read_with_lifetimes_from_now() -> None:
    told = tokens()
    assert (told.access_token, told.refresh_token) == ("50000-access", "50001-refresh")
    assert told.access_expires_at == datetime(2026, 12, 2, 3, 4, 5, tzinfo=UTC)  # ten days
    assert told.refresh_expires_at == datetime(2027, 1, 11, 3, 4, 5, tzinfo=UTC)  # fifty days
    assert (told.platform_user_id, told.name, told.region) == ("500", "seller@example.com", "PH")
    assert [(s.platform_store_id, s.code, s.region) for s in told.stores] == [("1000", "PH1AAAA", "PH")]
    assert not told.one_each


def test_numbers_may_come_as_text_and_ids_as_numbers() -> None:
    entry = {"country": "PH", "user_id": 9007199254740993, "seller_id": 9007199254740995}
    told = tokens(expires_in="864000", refresh_expires_in="4320000", country_user_info=[entry])
    assert told.access_expires_at == NOW + timedelta(days=10)
    assert told.platform_user_id == "9007199254740993"
    assert told.stores[0].platform_store_id == "9007199254740995"


def test_an_authorisation_across_borders_covers_a_store_on_each_site(shared_dir: Path) -> None:
    body = (folder(shared_dir) / "auth_token_create_crossborder.json").read_bytes()
    told = oauth.parse_tokens(body, NOW)
    assert [(s.platform_store_id, s.region, s.platform_region, s.code) for s in told.stores] == [
        ("1000111", "SG", "sg", "SG1AAAA"),
        ("1000222", "MY", "my", "MY1BBBB"),
        ("1000333", "TH", "th", "TH1CCCC"),
    ]
    assert told.region == "CB"
    assert told.platform_user_id == "500100111"
    assert told.access_expires_at == NOW + timedelta(days=30)
    assert told.refresh_expires_at == NOW + timedelta(days=180)


STORES_IN_ANY_FORM = [
    {"country_user_info": [{"country": "my", "user_id": "5", "seller_id": "10", "short_code": "MY1"}]},
    {"country_user_info_list": [{"country": "my", "user_id": "5", "seller_id": "10", "short_code": "MY1"}]},
    {"country_user_info": {"my": {"user_id": "5", "seller_id": "10", "short_code": "MY1"}}},
    {"country_user_info_list": {"my": {"user_id": 5, "seller_id": 10, "short_code": "MY1"}}},
]


@pytest.mark.parametrize("form", STORES_IN_ANY_FORM)
def test_the_stores_are_found_in_any_of_three_forms(form: dict[str, Any]) -> None:
    told = tokens(**({"country_user_info": ..., "country": "my"} | form))
    assert [(s.platform_store_id, s.region, s.code) for s in told.stores] == [("10", "MY", "MY1")]
    assert told.platform_user_id == "5"


def test_a_renewed_pair_is_read_alike(shared_dir: Path) -> None:
    told = oauth.parse_tokens((folder(shared_dir) / "auth_token_refresh.json").read_bytes(), NOW)
    assert told.access_token == "50000301c41newaccesstokenexample00000000000000000000000000001"
    assert told.refresh_expires_at == NOW + timedelta(days=40)
    assert [s.platform_store_id for s in told.stores] == ["1152180742"]


def test_a_pair_that_cannot_be_renewed_ends_with_its_token() -> None:
    told = tokens(refresh_expires_in=0)
    assert told.refresh_expires_at == told.access_expires_at == NOW + timedelta(days=10)


def test_an_end_that_is_not_stated_is_not_known() -> None:
    assert tokens(refresh_expires_in=None).refresh_expires_at is None


def test_a_lifetime_without_end_is_cut() -> None:
    assert tokens(expires_in=10**15).access_expires_at == NOW + timedelta(days=3660)


def test_without_stores_the_account_says_whose_it_is() -> None:
    assert tokens(country_user_info=..., account_id="77").platform_user_id == "77"
    assert tokens(country_user_info=[]).platform_user_id == "seller@example.com"
    with pytest.raises(UnexpectedPayload):
        tokens(country_user_info=[], account=None)


def test_an_entry_without_a_seller_costs_that_entry() -> None:
    entries = [{"country": "ph", "user_id": "1"}, {"country": "sg", "user_id": "2", "seller_id": "20"}]
    assert [s.platform_store_id for s in tokens(country_user_info=entries).stores] == ["20"]


@pytest.mark.parametrize("gone", ["access_token", "refresh_token", "expires_in"])
@pytest.mark.parametrize("left", [..., None, ""])
def test_half_a_pair_is_no_pair(gone: str, left: Any) -> None:
    with pytest.raises(UnexpectedPayload):
        tokens(**{gone: left})


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AUTH_TYPE_UNSUPPORTED", AuthorizationLost),
        ("IllegalRefreshToken", AuthorizationLost),
        ("InvalidCode", AuthorizationLost),
        ("ApiCallLimit", RateLimited),
    ],
)
def test_a_refusal_raises_what_to_do_next(code: str, kind: type[Exception]) -> None:
    with pytest.raises(kind) as refused:
        oauth.parse_tokens(json.dumps(failure(code, "no")).encode(), NOW)
    assert getattr(refused.value, "code", None) == code


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"access_token":"a"}'])
def test_what_is_no_answer_is_no_pair(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload):
        oauth.parse_tokens(body, NOW)


def test_a_report_shows_the_stores_and_no_token(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "auth_token_create")
    assert told(parsed) == [
        {
            "kind": "store",
            "platform_store_id": "1152180742",
            "code": "SGLYT0OS",
            "region": "SG",
            "platform_region": "sg",
        }
    ]
    assert "50000201f12dgcc" not in repr(parsed)
    assert parsed.items[0][1] == b""


def test_a_report_says_what_is_missing() -> None:
    parsed = parse("/auth/token/create", {"code": "0", "access_token": "a"})
    assert parsed.unreadable
    assert parsed.records == []
    assert "a" not in [p.message for p in parsed.problems]


def test_a_refused_renewal_reads_as_a_failure(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "error_refresh_unsupported")
    (problem,) = parsed.problems
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == ("AUTH_TYPE_UNSUPPORTED", "never")


def test_secrets_do_not_show_in_tokens() -> None:
    shown = repr(tokens())
    assert "50000-access" not in shown
    assert "50001-refresh" not in shown
