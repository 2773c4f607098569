"""Every published vector of requests and pushes, and how a request leaves."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from conftest import shared_path
from storeward.connectors.contract import Access, AppKeys, Request
from storeward.connectors.lazada import CONNECTOR
from storeward.connectors.lazada.signing import FORM, push_signature, sign, signature, verify_push
from storeward.connectors.lazada.stock import upload_image_request

APP = AppKeys("111424", "Zq7vT2mN9xW4kLr8Bd3hPy6sAe1uFc5G")
ACCESS = Access("50000601c30atpedfgu3LVvik87Ixlsvle3mSoB7701ceb156fPunYZ43GBg", platform_store_id="1000165972", market="VN")
NOW = datetime.fromtimestamp(1766000000, UTC)


def told() -> dict[str, Any]:
    folder = shared_path()
    if folder is None:
        return {"vectors": [], "empty_value_vectors": [], "push_vectors": [], "invalid": []}
    found: dict[str, Any] = json.loads((folder / "platforms/lazada/signature_vectors.json").read_text())
    return found


TOLD = told()


def test_there_are_vectors_of_each_kind(shared_dir: Path) -> None:
    assert [len(TOLD[name]) for name in ("vectors", "empty_value_vectors", "push_vectors")] == [16, 2, 4]


@pytest.mark.parametrize("vector", [*TOLD["vectors"], *TOLD["empty_value_vectors"]], ids=lambda v: v["id"])
def test_a_published_request_signs_as_published(vector: dict[str, Any]) -> None:
    params = {name: value for name, value in vector["params"].items() if name not in vector["file_params_not_signed"]}
    assert signature(vector["path"], params, vector["app_secret"]) == vector["expected_sign"]


@pytest.mark.parametrize("vector", TOLD["push_vectors"], ids=lambda v: v["id"])
def test_a_published_push_verifies(vector: dict[str, Any]) -> None:
    app, body = AppKeys(vector["app_key"], vector["app_secret"]), vector["raw_body"].encode()
    assert push_signature(app, body) == vector["expected_authorization"]
    assert verify_push(app, {"authorization": vector["expected_authorization"]}, body)
    assert not verify_push(app, {"authorization": vector["expected_authorization"]}, body + b" ")
    assert not verify_push(app, {}, body)


@pytest.mark.parametrize("wrong", [one for one in TOLD["invalid"] if one["id"] != "lowercase_hex"], ids=lambda v: v["id"])
def test_a_path_with_too_much_or_too_little_signs_otherwise(wrong: dict[str, Any]) -> None:
    vector = next(one for one in TOLD["vectors"] if one["id"] == wrong["of"])
    assert signature(vector["path"], vector["params"], vector["app_secret"]) != wrong["value"]


def test_an_existing_signature_is_no_parameter() -> None:
    params = {"app_key": "123456", "order_id": "1234"}
    assert signature("/order/get", params | {"sign": "X"}, "s") == signature("/order/get", params, "s")


def test_a_read_leaves_with_everything_in_the_query() -> None:
    signed = sign(Request("/seller/get", "GET", "/seller/get"), APP, ACCESS, NOW)
    parts = urlsplit(signed.path_query)
    assert (signed.method, parts.path, signed.body, signed.headers) == ("GET", "/seller/get", None, {})
    assert dict(parse_qsl(parts.query)) == {
        "app_key": "111424",
        "sign_method": "sha256",
        "timestamp": "1766000000000",
        "access_token": ACCESS.access_token,
        "sign": "14F3B534673A19C4B37295B626E90F6E9AFEB20E87104FDCE5EC518FA0D5FDB0",
    }


def test_a_write_leaves_with_everything_in_its_body() -> None:
    request = Request("/order/package/rts", "POST", "/order/package/rts", {"readyToShipReq": '{"packages":[]}'})
    signed = sign(request, APP, ACCESS, NOW)
    assert signed.path_query == "/order/package/rts"
    assert signed.headers == {"content-type": FORM}
    assert signed.body is not None
    sent = dict(parse_qsl(signed.body.decode()))
    assert sent["readyToShipReq"] == '{"packages":[]}'
    assert sent["access_token"] == ACCESS.access_token
    sign_told = sent.pop("sign")
    assert sign_told == signature("/order/package/rts", sent, APP.secret)


def test_plus_signs_and_spaces_survive_the_address() -> None:
    query = {"update_after": "2025-12-10T09:30:00+07:00", "status": "a b"}
    signed = sign(Request("/orders/get", "GET", "/orders/get", query), APP, ACCESS, NOW)
    assert "update_after=2025-12-10T09%3A30%3A00%2B07%3A00" in signed.path_query
    assert "status=a%20b" in signed.path_query


def test_empty_parameters_are_never_sent() -> None:
    signed = sign(Request("/x", "GET", "/x", {"empty": "", "full": "1"}), APP, ACCESS, NOW)
    sent = dict(parse_qsl(urlsplit(signed.path_query).query, keep_blank_values=True))
    assert "empty" not in sent
    assert sent["full"] == "1"


def test_a_picture_is_no_part_of_the_signature() -> None:
    signed = sign(upload_image_request(b"\x89PNG"), APP, ACCESS, NOW)
    sent = dict(parse_qsl(urlsplit(signed.path_query).query))
    sign_told = sent.pop("sign")
    assert sign_told == signature("/image/upload", sent, APP.secret)
    assert signed.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert signed.body is not None
    assert b'name="image"' in signed.body
    assert b"\x89PNG" in signed.body


def test_a_call_for_a_token_is_signed_without_one() -> None:
    request = Request("/auth/token/create", "POST", "/auth/token/create", {"code": "0_1"}, token_call=True)
    signed = sign(request, APP, ACCESS, NOW)
    assert signed.body is not None
    sent = dict(parse_qsl(signed.body.decode()))
    assert sent.keys() == {"app_key", "code", "sign", "sign_method", "timestamp"}


def test_nothing_secret_shows() -> None:
    signed = sign(Request("/seller/get", "GET", "/seller/get"), APP, ACCESS, NOW)
    assert ACCESS.access_token not in repr(signed)
    assert APP.secret not in repr((APP, ACCESS, signed))


def test_the_connector_signs_so() -> None:
    assert CONNECTOR.sign is sign
    assert CONNECTOR.verify_push is verify_push
