"""Every published signature, of requests and of webhooks."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from storeward.connectors.contract import Access, AppKeys, Request
from storeward.connectors.shopee import signing
from storeward.connectors.shopee.requests import get

APP = AppKeys("2001887", "shpk6f", push_key="shpk-push", push_url="https://ops.example.com/hooks/shopee/1/")
ACCESS = Access("token-1", platform_store_id="322300222", market="MY")
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def vectors(shared_dir: Path, kind: str) -> list[dict[str, Any]]:
    told = json.loads((shared_dir / "platforms/shopee/signature_vectors.json").read_text())
    found: list[dict[str, Any]] = told[kind]
    return found


def test_every_published_request_has_its_signature(shared_dir: Path) -> None:
    found = vectors(shared_dir, "vectors")
    assert len(found) == 20
    for vector in found:
        subject = vector.get("shop_id") or vector.get("merchant_id") or ""
        made = signing.signature(
            partner_id=str(vector["partner_id"]),
            secret=vector["partner_key"],
            path=vector["path"],
            timestamp=int(vector["timestamp"]),
            access_token=vector.get("access_token") or "",
            subject=str(subject),
        )
        assert made == vector["expected_sign"], vector["name"]


def test_every_published_webhook_is_taken_and_a_changed_one_is_not(shared_dir: Path) -> None:
    found = vectors(shared_dir, "push_vectors")
    assert len(found) == 8
    for vector in found:
        url, key = vector["callback_url"], vector["push_key"]
        body, mark = vector["raw_body"].encode(), vector["expected_sign"]
        app = AppKeys("1", "another", push_key=key, push_url=url)
        assert signing.verify_push(app, {"authorization": mark}, body), vector["name"]
        assert not signing.verify_push(app, {"authorization": mark}, body + b" ")
        assert not signing.verify_push(replace(app, push_url=url + "/x"), {"authorization": mark}, body)


def query_of(request: Request, access: Access | None = ACCESS) -> dict[str, list[str]]:
    return parse_qs(urlsplit(signing.sign(request, APP, access, NOW).path_query).query, keep_blank_values=True)


def test_a_call_for_a_shop_carries_the_common_parameters_and_the_shop_in_its_query() -> None:
    query = query_of(get("shop.get_shop_info"))
    assert query.pop("sign") == [
        signing.signature(
            partner_id="2001887",
            secret="shpk6f",
            path="/api/v2/shop/get_shop_info",
            timestamp=int(NOW.timestamp()),
            access_token="token-1",
            subject="322300222",
        )
    ]
    assert query == {
        "partner_id": ["2001887"],
        "timestamp": [str(int(NOW.timestamp()))],
        "access_token": ["token-1"],
        "shop_id": ["322300222"],
    }


@pytest.mark.parametrize("access", [None, ACCESS])
def test_a_call_of_the_public_level_names_no_shop(access: Access | None) -> None:
    query = query_of(get("public.get_shopee_ip_ranges", for_store=False), access)
    assert set(query) == {"partner_id", "timestamp", "sign"}
    made = signing.signature(
        partner_id="2001887", secret="shpk6f", path="/api/v2/public/get_shopee_ip_ranges", timestamp=int(NOW.timestamp())
    )
    assert query["sign"] == [made]


def test_lists_are_joined_by_commas_but_the_status_repeats_its_key() -> None:
    request = get("product.get_item_list", {"offset": "0", "item_status": "NORMAL,BANNED", "item_id_list": "1,2"})
    pairs = parse_qsl(urlsplit(signing.sign(request, APP, ACCESS, NOW).path_query).query)
    assert [pair for pair in pairs if pair[0] == "item_status"] == [("item_status", "NORMAL"), ("item_status", "BANNED")]
    assert ("item_id_list", "1,2") in pairs


def test_neither_query_nor_body_changes_the_signature() -> None:
    one = get("product.get_comment", {"cursor": ""})
    assert query_of(one)["sign"] == query_of(one.with_query(cursor="20", page_size="7"))["sign"]
    assert query_of(one)["sign"] == query_of(replace(one, body=b"{}"))["sign"]


def test_secrets_show_in_no_repr() -> None:
    signed = signing.sign(get("shop.get_shop_info"), APP, ACCESS, NOW)
    for shown in (repr(signed), repr(APP), repr(ACCESS)):
        assert "shpk" not in shown
        assert "token-1" not in shown


def test_an_older_app_signs_webhooks_with_its_own_key() -> None:
    body = b'{"code":3}'
    mark = signing.push_signature(APP.secret, APP.push_url, body)
    assert signing.verify_push(APP, {"authorization": mark}, body)
    assert signing.verify_push(replace(APP, push_key=""), {"authorization": mark}, body)


@pytest.mark.parametrize("mark", ["", "x", "0" * 64, "é" * 64])
def test_any_other_mark_is_refused(mark: str) -> None:
    assert not signing.verify_push(APP, {"authorization": mark}, b"{}")
    assert not signing.verify_push(APP, {}, b"{}")
