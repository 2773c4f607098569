"""Whatever is asked, the answer is an answer or a refusal of the platform's own, never a mistake of the sandbox."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.registry import OPERATIONS
from storeward_sandbox.douyin.tests.support import Json, ask, described, make_shop, running

SHOP = make_shop(("returns",), orders_per_day=1.0)
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=12)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
BUSINESS = [method for method, known in sorted(OPERATIONS.items()) if known.token]


def carried_out(method: str, params: Json) -> None:
    """Any other exception than a refusal fails the test."""
    code = 10000
    try:
        ask(SHOP, method, **params)
    except ApiError as refusal:
        code = refusal.code
    assert code in (10000, 20000, 40002, 40003, 40004, 50002)


@pytest.mark.parametrize("method", BUSINESS)
def test_any_values_are_answered_or_refused(method: str) -> None:
    names = sorted({row["name"].split("[")[0].split(".")[0] for row in described()[method]["params"]})

    @settings(max_examples=8)
    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES)))
    def any_values(params: Json) -> None:
        carried_out(method, params)

    any_values()


def near(value: Any) -> Any:
    """Values that are nearly right: another type, an edge, nothing."""
    return st.sampled_from([value, str(value), None, "", [], {}, [value], {"list": [value]}, -1, 0, 2**63, "x" * 70, True, 1.5])


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("order.searchList", {"page": 0, "size": 10, "create_time_start": 1, "create_time_end": 2**31, "combine_status": [{}]}),
        ("order.getServiceList", {"start_time": 1, "end_time": 2**31, "page": 1, "size": 10, "status": 0}),
        ("afterSale.List", {"page": 0, "size": 10, "order_by": ["apply_time asc"], "standard_aftersale_status": [6]}),
        ("afterSale.operate", {"type": 201, "items": [{"aftersale_id": "1"}]}),
        ("order.logisticsAddMultiPack", {"order_id": "1", "pack_list": [{"shipped_order_info": [{}]}], "request_id": "r"}),
        (
            "sku.syncStockBatchMultiProducts",
            {"items": [{"sku_id": 1, "stock_num": 1}], "idempotent_id": "i", "incremental": True},
        ),
        ("promise.setSkuShipTime", {"rules": [{"sku_id": "1"}]}),
        ("order.getSettleBillDetailV3", {"start_time": "2026-11-01", "end_time": "2026-11-18", "size": 5}),
    ],
)
def test_values_that_are_nearly_right_are_answered_or_refused(method: str, params: Json) -> None:
    @settings(max_examples=25)
    @given(st.fixed_dictionaries({name: near(value) for name, value in params.items()}))
    def nearly(changed: Json) -> None:
        carried_out(method, changed)

    nearly()


def test_the_door_survives_rubbish() -> None:
    with running(stores=1, seed=3) as world:
        for path in ("/", "/order", "/order/searchList/x", "/%00", "/订单", "/token/create?x=1"):
            answer = world.http.post(world.base_url + path, content=b"\x00\xff")
            assert answer.status_code == 200
            assert answer.json()["code"] in (40001, 40003, 70000)
        for method in ("PUT", "DELETE", "PATCH", "GET"):
            answer = world.http.request(method, world.base_url + "/order/searchList")
            assert answer.json()["sub_code"] == "isv.app-id-missing"
        assert world.control("/stats")["platforms"]["douyin"]["requests"] == 10
