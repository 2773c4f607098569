"""What tests of the shop's domains share: refusals as codes, pages to the end, and orders in a wanted state."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.tests.support import Json, ask, go
from storeward_sandbox.tiktok_shop.buying import Wish, order_now
from storeward_sandbox.tiktok_shop.errors import ApiError
from storeward_sandbox.tiktok_shop.orders import Order, Plan, arrange, collect, deliver, unshipped_packages
from storeward_sandbox.tiktok_shop.shop import Shop


@contextmanager
def refused(code: int) -> Iterator[None]:
    """The block is refused with this code."""
    with pytest.raises(ApiError) as caught:
        yield
    assert caught.value.code == code, caught.value


def code_of(shop: Shop, operation: str, **asked: Any) -> int:
    """The code of a refusal; 0 where the call succeeds."""
    try:
        ask(shop, operation, **asked)
    except ApiError as error:
        return error.code
    return 0


def pages(shop: Shop, operation: str, key: str, *, size: int, query: Json | None = None, **asked: Any) -> list[Any]:
    """Every row, page by page; the pages are never larger than asked for and the tokens look as bad as the platform's."""
    rows: list[Any] = []
    token = ""
    for _page in range(500):
        answer = ask(shop, operation, query={**(query or {}), "page_size": size, "page_token": token}, **asked)
        found = answer.get(key, [])
        assert len(found) <= size
        rows += found
        token = answer.get("next_page_token") or ""
        if not token:
            return rows
        assert set("/+=") & set(token)
    raise AssertionError("the pages have no end")


def quiet(shop: Shop) -> Shop:
    """Nobody but the test does anything."""
    shop.seller_on = shop.buyers_on = False
    return shop


def an_order(shop: Shop, status: str = "AWAITING_SHIPMENT", *, units: int = 2) -> Order:
    """A fresh order that has come so far and waits there."""
    plan = Plan(pays=60, arranges=None, scans=None, delivers=None, completes=None)
    order = order_now(shop, plan, Wish(units=units, by_platform=False, shipping_type="TIKTOK"))
    assert order is not None
    order.is_cod = False
    if status == "UNPAID":
        return order
    go(shop, 120)
    if status != "ON_HOLD":
        go(shop, 3_700)
        move_on(shop, order, status)
    assert order.status == status, order.status
    return order


def move_on(shop: Shop, order: Order, status: str) -> None:
    """Ship, scan and deliver as far as asked for."""
    steps = ("AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED")
    if status not in steps:
        return
    packages = unshipped_packages(shop, order)
    for package in packages:
        arrange(shop, package, carrier_id="1", carrier_name="J&T Express")
    if status == "AWAITING_COLLECTION":
        return
    for package in packages:
        collect(shop, package)
    if status == "DELIVERED":
        for package in packages:
            deliver(shop, package)


def rest(shop: Shop, days: float) -> None:
    """Let days pass."""
    go(shop, days * DAY)
