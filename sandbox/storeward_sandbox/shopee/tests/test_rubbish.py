"""Whatever a client sends is answered or refused in the platform's words: no operation breaks, and no refusal changes a thing."""

from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storeward_sandbox.shopee.call import Upload
from storeward_sandbox.shopee.chat import chat_of
from storeward_sandbox.shopee.details import details
from storeward_sandbox.shopee.errors import ApiError
from storeward_sandbox.shopee.items import items_of
from storeward_sandbox.shopee.registry import OPERATIONS, PUBLIC, Operation
from storeward_sandbox.shopee.returns import returns_of
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.support import Json, ask, described, make_shop, shop_to_read

JUNK: tuple[Any, ...] = (None, "", "x", 0, -1, 10**20, 1.5, True, [], [1], [[]], [{}], {}, {"a": 1}, "9" * 400, "ÄÖ", [None])
TOKENS = ("public.get_access_token", "public.refresh_access_token", "public.get_token_by_resend_code")
junk = st.sampled_from(JUNK)


@cache
def a_shop() -> Shop:
    return make_shop("MY", ("returns",), seed=9, orders_per_day=1.0)


@cache
def known_values(shop: Shop) -> Json:
    """Values that mean something, by the name of the parameter."""
    order = next(one for one in shop.orders.values() if one.status == "READY_TO_SHIP")
    item = next(iter(items_of(shop).values()))
    return {
        "order_sn": order.sn,
        "order_sn_list": [order.sn],
        "package_number": order.package_numbers[0],
        "package_list": [{"package_number": order.package_numbers[0]}],
        "order_list": [{"order_sn": order.sn}],
        "item_id": item.id,
        "item_id_list": [item.id],
        "return_sn": next(iter(returns_of(shop))),
        "conversation_id": next(iter(chat_of(shop).known)),
        "page_size": 10,
        "page_no": 1,
        "offset": 0,
    }


def names(operation: Operation) -> list[str]:
    """The described parameters, without those inside others."""
    told = described()[operation.name]["params"]
    return sorted({row["name"].split(".")[0].removesuffix("[]") for row in told})


def answered(shop: Shop, operation: Operation, asked: Json) -> bool:
    """Whether the call succeeds. A refusal has a key and a sentence; anything else breaks the test."""
    reads = "GET" in operation.methods
    try:
        ask(shop, operation.name, query=asked if reads else None, body=None if reads else asked)
    except ApiError as refusal:
        return not (refusal.error and refusal.message)
    return True


def operations(*, reads: bool) -> list[str]:
    return [
        name
        for name, one in sorted(OPERATIONS.items())
        if ("GET" in one.methods) == reads and name not in TOKENS and not one.multipart and one.level != "merchant"
    ]


@pytest.mark.parametrize("name", operations(reads=True))
def test_a_read_without_parameters_is_answered_or_refused(name: str) -> None:
    told = described()[name]["params"]
    optional = not any(row["required"] for row in told)
    found = answered(shop_to_read(orders_per_day=1.0), OPERATIONS[name], {})
    assert isinstance(found, bool)
    refused_anyway = ("warehouse", "income_detail", "payout", "punishment", "metric_source", "item_list", "income_overview")
    assert found or not optional or any(word in name for word in refused_anyway)


@pytest.mark.parametrize("name", operations(reads=True))
@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_read_takes_any_query(name: str, data: st.DataObject) -> None:
    shop = a_shop()
    operation = OPERATIONS[name]
    known = known_values(shop)
    asked = {one: data.draw(st.one_of(junk, st.just(known.get(one, "x")))) for one in names(operation)}
    answered(shop, operation, {one: value for one, value in asked.items() if value is not None})


def shaped(draw: st.DrawFn, operation: Operation, known: Json) -> Json:
    """A body of the described shape, whose parts are junk, known, or missing."""
    body: Json = {}
    for row in described()[operation.name]["params"]:
        steps = row["name"].split(".")
        place: Any = body
        for step in steps[:-1]:
            inner = place.setdefault(step.removesuffix("[]"), [{}] if step.endswith("[]") else {})
            place = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], dict) else inner
            if not isinstance(place, dict):
                break
        name = steps[-1].removesuffix("[]")
        if isinstance(place, dict) and not any(other["name"].startswith(f"{row['name']}.") for other in known_rows(operation)):
            value = draw(st.one_of(junk, st.just(known.get(name, "x")), st.just(MISSING)))
            place |= {} if value is MISSING else {name: value}
    return body


MISSING = object()


def known_rows(operation: Operation) -> list[Json]:
    return list(described()[operation.name]["params"])


@st.composite
def bodies(draw: st.DrawFn, name: str) -> Json:
    return shaped(draw, OPERATIONS[name], known_values(a_shop()))


@pytest.mark.parametrize("name", operations(reads=False))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_write_takes_any_body(name: str, data: st.DataObject) -> None:
    answered(a_shop(), OPERATIONS[name], data.draw(bodies(name)))


@pytest.mark.parametrize("name", operations(reads=False))
def test_a_write_without_a_body_changes_nothing(name: str) -> None:
    shop = a_shop()
    before = deepcopy(details(shop)), {order.sn: order.status for order in shop.orders.values()}
    told = described()[name]["params"]
    found = answered(shop, OPERATIONS[name], {})
    assert not found or not any(row["required"] for row in told)
    if OPERATIONS[name].level != PUBLIC:
        assert (details(shop), {order.sn: order.status for order in shop.orders.values()}) == before


@pytest.mark.parametrize("name", operations(reads=False))
@pytest.mark.parametrize("value", [None, {}, "x", 7, [{}], [None]], ids=repr)
def test_one_kind_of_value_everywhere_is_answered_or_refused(name: str, value: Any) -> None:
    operation = OPERATIONS[name]
    answered(a_shop(), operation, dict.fromkeys(names(operation), value))


@pytest.mark.parametrize("name", [name for name, one in sorted(OPERATIONS.items()) if one.multipart])
@pytest.mark.parametrize("data", [b"", b"x", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff" * 9])
def test_any_upload_is_answered_or_refused(name: str, data: bytes) -> None:
    shop = a_shop()
    for field in ("image", "file", "upload_image", "other"):
        upload = Upload(field, "a.png", "image/png", data)
        with pytest.raises(ApiError):
            ask(shop, name, uploads=[upload], fields={"return_sn": next(iter(returns_of(shop)))})
