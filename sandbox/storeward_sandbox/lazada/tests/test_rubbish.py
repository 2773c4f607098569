"""Whatever a client sends, the platform answers in its own form, and nothing happens that was not asked for."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.registry import OPERATIONS
from storeward_sandbox.lazada.tests.support import Running, answer, endpoints, shop_to_read
from storeward_sandbox.lazada.tests.test_walk import reads

READS = sorted(path for path, known in OPERATIONS.items() if "GET" in known.methods)
WORDS = st.sampled_from(
    ["", "0", "-1", "1", "x", "[]", "{}", "[1]", '["a"]', "null", "true", "9" * 30, "2026-01-01", "ü" * 5, "1e9"]
)


def outcome(path: str, params: dict[str, Any]) -> str:
    """`good`, or the code of the refusal; anything else than the platform's own refusal fails the test."""
    try:
        answer(shop_to_read("MY"), path, uploads=None, **params)
    except ApiError as refusal:
        return refusal.code
    return "good"


READ_ONLY = sorted(reads(shop_to_read("MY")))


@pytest.mark.parametrize("path", READ_ONLY)
def test_any_value_of_any_parameter_is_understood_or_refused(path: str) -> None:
    shop = shop_to_read("MY")
    good = reads(shop)[path]
    names = [param["name"] for param in endpoints()[path]["params"]]
    for name in names:
        for word in ("", "0", "-1", "x", "[]", "{}", "[1]", '["a"]', "null", "true", "9" * 30, "2026-01-01", "{", "[{}]", "1.5"):
            found = outcome(path, {**good, name: word})
            assert found == "good" or (found and len(found) < 40), (path, name, word)


@given(
    st.sampled_from(READ_ONLY),
    st.dictionaries(
        st.sampled_from(
            [
                "order_id",
                "limit",
                "offset",
                "page_no",
                "page_size",
                "created_after",
                "status",
                "start_time",
                "end_time",
                "id_list",
                "session_id",
                "item_id",
                "filter",
            ]
        ),
        WORDS,
        max_size=5,
    ),
)
def test_any_set_of_parameters_is_understood_or_refused(path: str, params: dict[str, str]) -> None:
    assert outcome(path, params)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["orders", "packages", "pack_order_list", "order_id", "order_item_list", "package_id"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
STRUCTURED = [
    ("/order/fulfill/pack", "packReq"),
    ("/order/package/rts", "readyToShipReq"),
    ("/order/package/repack", "rePackReq"),
    ("/order/package/sof/delivered", "dbsDeliveryReq"),
    ("/order/digital/delivered", "digitalDeliveryReq"),
    ("/order/shipment/providers/get", "getShipmentProvidersReq"),
    ("/order/package/document/get", "getDocumentReq"),
]


@given(st.sampled_from(STRUCTURED), JSON)
def test_any_structured_value_is_answered_and_changes_nothing(target: tuple[str, str], value: Any) -> None:
    path, name = target
    before = len(shop_to_read("MY").packages)
    assert outcome(path, {name: json.dumps(value)})
    assert len(shop_to_read("MY").packages) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"a=b", b"{}", b'{"app_key": 1}', b"--x\r\n", b"[" * 1000],
    ids=["nothing", "zero byte", "form", "object", "number", "multipart", "deep"],
)
@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
def test_any_body_is_answered_in_the_platforms_form(world: Running, content: bytes, kind: str) -> None:
    url = world.app["base_url"] + "/order/fulfill/pack"
    found = world.http.post(url, content=content, headers={"content-type": kind})
    assert found.status_code == 200
    assert set(found.json()) == {"type", "code", "message", "request_id"}
    assert found.json()["code"] in ("MissingParameter", "5")


@pytest.mark.parametrize(
    "path", ["/", "/rest", "/rest/", "/rest/..", "/xx/rest/orders/get", "/sgg/rest/orders/get", "/oauth/decide"]
)
def test_addresses_that_nobody_has_are_not_found_or_refused(world: Running, path: str) -> None:
    found = world.http.get(world.address + path)
    assert found.status_code in (200, 404, 405)
    if found.status_code == 200:
        assert found.json()["code"] != "0"


def test_a_body_that_is_too_large_is_refused(world: Running) -> None:
    url = world.app["base_url"] + "/order/fulfill/pack"
    found = world.http.post(url, data={"packReq": "x" * (17 * 1024 * 1024)})
    assert found.json()["code"] in ("5", "MissingParameter")


def test_reads_are_reads() -> None:
    assert set(READ_ONLY) >= {path for path in READS if endpoints()[path]["kind"] == "read"}
