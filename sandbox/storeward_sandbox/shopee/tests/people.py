"""What tests of a shop's parts share: orders in a wanted state, pages to the end, returns in a wanted state."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.shopee import orders, returns
from storeward_sandbox.shopee.buying import Wish, order_now
from storeward_sandbox.shopee.orders import Order, Plan
from storeward_sandbox.shopee.packages import Package
from storeward_sandbox.shopee.returns import Return
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.support import Json, ask, go

NOBODY = Plan(pays=None, arranges=None, scans=None, delivers=None, completes=None)
"""Nobody does anything by themselves."""
STEPS = ("UNPAID", "READY_TO_SHIP", "PROCESSED", "SHIPPED", "TO_CONFIRM_RECEIVE", "COMPLETED")


def an_order(shop: Shop, status: str = "READY_TO_SHIP", *, lines: int = 1, units: int = 2, **wishes: Any) -> Order:
    """A fresh order that has come so far and waits there."""
    order = order_now(shop, NOBODY, replace(Wish(units=units, lines=lines, by_platform=False, cod=False), **wishes))
    assert order is not None
    order.channel = shop.market.channels[0]
    moves: tuple[Callable[[], None], ...] = (
        lambda: orders.pay(shop, order),
        lambda: arrange_all(shop, order),
        lambda: each(shop, order, orders.collect),
        lambda: each(shop, order, orders.deliver),
        lambda: orders.complete(shop, order),
    )
    for move in moves[: STEPS.index(status)]:
        move()
        go(shop, HOUR)
    assert order.status == status, order.status
    return order


def arrange_all(shop: Shop, order: Order) -> None:
    for package in orders.parcels(shop, order):
        orders.arrange(shop, package, method="pickup")
    go(shop, orders.ARRANGING_SECONDS)


def each(shop: Shop, order: Order, move: Callable[[Shop, Package], None]) -> None:
    for package in orders.parcels(shop, order):
        move(shop, package)


def parcel(shop: Shop, order: Order) -> Package:
    """The only package of the order."""
    (package,) = orders.parcels(shop, order)
    return package


def pages(shop: Shop, operation: str, key: str, *, query: Json) -> list[Any]:
    """Every row, page by page, by cursor."""
    rows: list[Any] = []
    cursor = ""
    for _page in range(300):
        answer = ask(shop, operation, query={**query, "cursor": cursor})
        assert len(answer[key]) <= query["page_size"]
        rows += answer[key]
        cursor = answer["next_cursor"]
        if not answer["more"]:
            assert cursor == ""
            return rows
    raise AssertionError("the pages have no end")


def numbered_pages(shop: Shop, operation: str, key: str, *, first: int, query: Json) -> list[Any]:
    """Every row, page by page, by number."""
    rows: list[Any] = []
    for number in range(first, first + 300):
        answer = ask(shop, operation, query={**query, "page_no": number})
        rows += answer[key]
        more = answer["more"] if "more" in answer else len(rows) < answer["total_count"]
        if not more:
            return rows
    raise AssertionError("the pages have no end")


def a_return(shop: Shop, *, solution: int = returns.RETURN_AND_REFUND, after: str = "TO_CONFIRM_RECEIVE", **order: Any) -> Return:
    """A fresh request of the buyer of a delivered order; nobody answers it by themselves."""
    bought = an_order(shop, after, **order)
    return returns.open_return(shop, bought, reason="PHYSICAL_DMG", solution=solution)


def back_home(shop: Shop, one: Return) -> None:
    """Let the goods travel back until the seller has them."""
    returns.send_home(shop, one)
    returns.buyer_sends(shop, one)
    returns.arrives(shop, one)


def rest(shop: Shop, days: float) -> None:
    go(shop, days * DAY)
