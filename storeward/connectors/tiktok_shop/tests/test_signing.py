"""Every published vector, and what a signature is and is not made of."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors.contract import Access, AppKeys, Request
from storeward.connectors.tiktok_shop import orders
from storeward.connectors.tiktok_shop.signing import push_signature, sign, signature, verify_push

APP = AppKeys("29a39d", "e59af819cc")
ACCESS = Access("TTP_token", handle="GCP_cipher", platform_store_id="7494049642642441621")
NOW = datetime.fromtimestamp(1623812664, UTC)


@pytest.fixture(scope="module")
def vectors(shared_dir: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((shared_dir / "platforms/tiktok_shop/signature_vectors.json").read_bytes())
    return told


def test_every_request_vector_gives_the_expected_signature(vectors: dict[str, Any]) -> None:
    assert len(vectors["vectors"]) >= 20
    for vector in vectors["vectors"]:
        body = vector["body"].encode() if vector["body"] is not None else None
        made = signature(
            path=vector["path"],
            query=vector["query"],
            body=body,
            content_type=vector["content_type"] or "",
            secret=vector["app_secret"],
        )
        assert made == vector["expected_sign"], vector["id"]


def test_every_webhook_vector_is_accepted_and_no_other_secret_is(vectors: dict[str, Any]) -> None:
    for vector in vectors["webhook_vectors"]:
        headers = {"authorization": vector["expected_authorization"]}
        body = vector["raw_body"].encode()
        assert verify_push(AppKeys(vector["app_key"], vector["app_secret"]), headers, body), vector["id"]
        assert not verify_push(AppKeys(vector["app_key"], "another secret"), headers, body)
        assert not verify_push(AppKeys(vector["app_key"], vector["app_secret"]), headers, body + b" ")


def test_the_platforms_published_example() -> None:
    query = {"app_key": "29a39d", "timestamp": "1623812664"}
    made = signature(path="/authorization/202309/shops", query=query, body=None, content_type="", secret="e59af819cc")
    assert made == "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8"


def test_a_request_leaves_with_key_time_store_token_and_signature() -> None:
    signed = sign(orders.order_detail_request(["1", "2"]), APP, ACCESS, NOW)
    address = urlsplit(signed.path_query)
    query = dict(parse_qsl(address.query))
    expected = signature(
        path="/order/202507/orders",
        query={"ids": "1,2", "app_key": "29a39d", "timestamp": "1623812664", "shop_cipher": "GCP_cipher"},
        body=None,
        content_type="application/json",
        secret="e59af819cc",
    )
    assert (signed.method, address.path) == ("GET", "/order/202507/orders")
    assert query == {
        "ids": "1,2",
        "app_key": "29a39d",
        "timestamp": "1623812664",
        "shop_cipher": "GCP_cipher",
        "sign": expected,
    }
    assert signed.headers == {"content-type": "application/json", "x-tts-access-token": "TTP_token"}


def test_calls_about_the_authorisation_name_no_store() -> None:
    request = Request("getAuthorizedShops", "GET", "/authorization/202309/shops", for_store=False)
    assert "shop_cipher" not in sign(request, APP, ACCESS, NOW).path_query


def test_reserved_characters_of_a_page_token_are_encoded_on_the_wire_only() -> None:
    request = orders.list_orders_request().with_query(page_token="a/b+c==")
    assert "page_token=a%2Fb%2Bc%3D%3D" in sign(request, APP, ACCESS, NOW).path_query


def test_secrets_do_not_show_in_a_repr() -> None:
    signed = sign(orders.list_orders_request(), APP, ACCESS, NOW)
    shown = repr((APP, ACCESS, signed))
    assert "e59af819cc" not in shown
    assert "TTP_token" not in shown
    assert "GCP_cipher" not in shown


def test_a_webhook_without_or_with_a_strange_signature_is_refused() -> None:
    assert not verify_push(APP, {}, b"{}")
    assert not verify_push(APP, {"authorization": "Bearer " + push_signature(APP, b"{}")}, b"{}")
    assert not verify_push(APP, {"authorization": push_signature(APP, b"{}").upper()}, b"{}")
    assert not verify_push(APP, {"authorization": "größe"}, b"{}")


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=5), st.binary(max_size=40))
def test_token_and_sign_in_the_query_and_the_order_of_parameters_never_matter(query: dict[str, str], body: bytes) -> None:
    def made(asked: dict[str, str]) -> str:
        return signature(path="/x", query=asked, body=body, content_type="application/json", secret="s")

    shuffled = dict(reversed(query.items()))
    assert made(query | {"access_token": "t", "sign": "s"}) == made(
        {k: v for k, v in shuffled.items() if k not in {"access_token", "sign"}}
    )
    assert len(made(query)) == 64
    assert made(query) == made(query).lower()


@given(st.binary(min_size=1, max_size=60))
def test_the_body_of_an_upload_is_not_signed_any_other_is(body: bytes) -> None:
    def made(content_type: str, sent: bytes | None) -> str:
        return signature(path="/x", query={}, body=sent, content_type=content_type, secret="s")

    assert made("Multipart/Form-Data; boundary=b", body) == made("application/json", None)
    assert made("application/json", body) != made("application/json", None)
