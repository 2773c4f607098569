"""Every published signature, request and webhook, comes out the same; those that must not, do not."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from storeward.connectors.contract import Access, AppKeys, Request
from storeward.connectors.douyin.requests import encoded, read, write
from storeward.connectors.douyin.signing import call_signature, push_signature, sign, signature, verify_push

from .samples import platform

APP = AppKeys("7012345678901234567", "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f")
NOW = datetime.fromtimestamp(1_690_000_000, UTC)


def vectors(shared_dir: Path, kind: str) -> list[dict[str, Any]]:
    told = json.loads((platform(shared_dir) / "signature_vectors.json").read_bytes())
    return [vector for vector in (*told["vectors"], *told["negative"]) if vector["kind"] == kind]


def signed_by(vector: dict[str, Any], body: bytes) -> str:
    return signature(
        key=vector["app_key"],
        secret=vector["app_secret"],
        method=vector["method"],
        body=body,
        timestamp=vector["timestamp"],
        by=vector["sign_method"],
    )


def test_every_published_request_signature_comes_out_the_same(shared_dir: Path) -> None:
    published = vectors(shared_dir, "api")
    assert len(published) == 20
    for vector in published:
        assert signed_by(vector, vector["param_json"].encode()) == vector["sign"], vector["id"]


def test_parameters_are_written_as_the_published_canonical_json(shared_dir: Path) -> None:
    for vector in vectors(shared_dir, "api"):
        assert encoded(vector["params"]) == vector["param_json"].encode(), vector["id"]


def test_another_text_gives_another_signature(shared_dir: Path) -> None:
    by_id = {vector["id"]: vector for vector in vectors(shared_dir, "api")}
    wrong = vectors(shared_dir, "negative")
    assert len(wrong) == 3
    for vector in wrong:
        made = signed_by(by_id[vector["use"]], vector["wrong_param_json"].encode())
        assert made == vector["sign_of_wrong_text"] != vector["must_not_equal"]


def test_every_published_webhook_signature_is_verified(shared_dir: Path) -> None:
    published = vectors(shared_dir, "push")
    assert len(published) == 5
    for vector in published:
        app = AppKeys(vector["app_key"], vector["app_secret"])
        assert push_signature(app, vector["body"].encode()) == vector["event_sign"]
        assert verify_push(app, vector["headers"], vector["body"].encode()), vector["id"]


def test_calls_of_the_platform_to_an_app_sign_neither_method_nor_version(shared_dir: Path) -> None:
    for vector in vectors(shared_dir, "spi"):
        about = {"key": vector["app_key"], "secret": vector["app_secret"], "timestamp": vector["timestamp"]}
        body = vector["param_json"].encode()
        assert call_signature(**about, body=body) == vector["sign_md5"]
        assert call_signature(**about, body=body, by="hmac-sha256") == vector["sign_hmac_sha256"]


def test_a_request_leaves_with_all_common_fields_in_the_query_and_the_signed_text_as_its_body() -> None:
    request = read("shop.reputation")
    signed = sign(request, APP, Access("token&1", platform_store_id="4463798"), NOW)
    told = {name: values[0] for name, values in parse_qs(urlsplit(signed.path_query).query).items()}
    assert urlsplit(signed.path_query).path == "/shop/reputation"
    assert (signed.method, signed.body) == ("POST", b"{}")
    assert signed.headers == {"content-type": "application/json", "x-open-no-old-err-code": "1"}
    assert told == {
        "app_key": "7012345678901234567",
        "method": "shop.reputation",
        "access_token": "token&1",
        "timestamp": "1690000000",
        "v": "2",
        "sign_method": "hmac-sha256",
        "sign": "44dfd60911ee2cf84fe52f9a74133fa90371baac528c0a2aaea9ce243aaf92ea",
    }


def test_a_token_call_carries_no_token_even_where_there_is_one() -> None:
    call = Request("token.refresh", "POST", "/token/refresh", {}, b"{}", token_call=True)
    assert "access_token" not in sign(call, APP, Access("secret"), NOW).path_query
    assert "access_token" not in sign(call, APP, None, NOW).path_query


def test_letter_case_of_a_method_stays_in_its_path() -> None:
    assert read("afterSale.List").path == "/afterSale/List"
    assert read("order.BatchSearchIndex").path == "/order/BatchSearchIndex"


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({"event-sign": "6311277d9d64e237dfb25407dfdaa393", "app-id": "7012345678901234567"}, True),
        ({"event-sign": "6311277d9d64e237dfb25407dfdaa393"}, True),
        ({"event-sign": "6311277d9d64e237dfb25407dfdaa393", "app-id": "7012345678901234568"}, False),
        ({"event-sign": "6311277D9D64E237DFB25407DFDAA393", "app-id": "7012345678901234567"}, False),
        ({"app-id": "7012345678901234567"}, False),
        ({}, False),
        ({"event-sign": "ü" * 32}, False),
    ],
)
def test_a_webhook_must_be_signed_for_this_app(headers: dict[str, str], good: bool) -> None:
    assert verify_push(APP, headers, b'[{"tag":"0","msg_id":"0","data":"2023-07-22"}]') is good


def test_white_space_of_a_webhook_is_signed_with_it() -> None:
    headers = {"event-sign": "6311277d9d64e237dfb25407dfdaa393"}
    assert not verify_push(APP, headers, b'[{"tag": "0","msg_id":"0","data":"2023-07-22"}]')


def test_a_key_of_its_own_for_webhooks_takes_the_place_of_the_secret() -> None:
    body = b"[]"
    assert push_signature(AppKeys("k", "s", push_key="p"), body) == push_signature(AppKeys("k", "p"), body)


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ({"b": 1, "a": {"z": None, "y": [{"d": 1, "c": 2}]}}, b'{"a":{"y":[{"c":2,"d":1}]},"b":1}'),
        ({"remark": "加急<发货>&改'顺丰'/"}, '{"remark":"加急<发货>&改\'顺丰\'/"}'.encode()),
        ({"id": 3488625851803765012}, b'{"id":3488625851803765012}'),
        ({"remark": "a\bb\fc\u2028d\u2029e\x00f"}, b'{"remark":"abcdef"}'),
        ({"remark": "a\nb\tc\\d"}, b'{"remark":"a\\nb\\tc\\\\d"}'),
        ({"yes": True, "no": False, "none": None}, b'{"no":false,"yes":true}'),
        ({}, b"{}"),
    ],
)
def test_parameters_are_written_the_one_way_that_is_understood(told: dict[str, Any], sent: bytes) -> None:
    assert encoded(told) == sent


def test_a_write_is_marked_as_one() -> None:
    assert write("order.logisticsAdd", {}).kind.value == "write"
    assert read("order.searchList").kind.value == "read"
