"""Weeks in the lives of shops: whatever happens, the webhooks keep to their description and nothing contradicts anything."""

from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from storeward_sandbox.clock import DAY
from storeward_sandbox.tests.support import ask, go, make_shop, openapi, told
from storeward_sandbox.tiktok_shop.aftersales_life import Aftersales
from storeward_sandbox.tiktok_shop.books import ledger_of
from storeward_sandbox.tiktok_shop.catalogue import Catalogue
from storeward_sandbox.tiktok_shop.chat_life import chat_of
from storeward_sandbox.tiktok_shop.shelf import Shelf
from storeward_sandbox.tiktok_shop.shop import Shop
from storeward_sandbox.tiktok_shop.stockroom import Stockroom, list_another, take_down

OURS = (5, 11, 12, 13, 14, 15, 16, 27, 37, 50, 64, 65, 67)
FATES = [
    ("MY", ("returns",)),
    ("US", ("late_orders",)),
    ("VN", ("low_stock",)),
    ("GB", ("unanswered",)),
    ("TH", ("negative_balance",)),
]


@cache
def validator(kind: int) -> Draft202012Validator:
    schema = openapi()["x-webhooks"][str(kind)]["schema"]
    return Draft202012Validator({**schema, "components": openapi()["components"]})


def problems(shop: Shop, kind: int, data: dict[str, Any]) -> list[str]:
    """Where a webhook differs from its description."""
    frame = {"type": kind, "tts_notification_id": "7327000000000000001", "shop_id": shop.id, "timestamp": shop.now, "data": data}
    return [f"{kind} {error.json_path}: {error.message[:160]}" for error in validator(kind).iter_errors(frame)]


def a_life(region: str, troubles: tuple[str, ...]) -> Shop:
    return make_shop(region, troubles, orders_per_day=2.0, days=12)


a_life_to_read = cache(a_life)
"""One life for all tests that only look at it."""


@pytest.mark.parametrize(("region", "troubles"), FATES)
def test_every_webhook_keeps_to_its_description(region: str, troubles: tuple[str, ...]) -> None:
    shop = a_life_to_read(region, troubles)
    for kind, data in told(shop):
        assert problems(shop, kind, data) == []


def test_every_type_of_ours_is_told_sooner_or_later() -> None:
    seen: set[int] = set()
    for region, troubles in FATES:
        shop = a_life(region, troubles)
        product = next(one for one in shop.part(Catalogue).products.values() if one.status == "ACTIVATE")
        ask(
            shop,
            "partialEditProduct",
            ids={"product_id": product.id},
            body={"title": "A name that is worth a review by somebody"},
        )
        take_down(shop, product, "why")
        list_another(shop)
        go(shop, DAY)
        seen |= {kind for kind, _data in told(shop)}
    assert set(OURS) <= seen


@pytest.mark.parametrize(("region", "troubles"), FATES)
def test_stock_is_never_below_nothing_and_the_shelf_follows(region: str, troubles: tuple[str, ...]) -> None:
    shop = a_life_to_read(region, troubles)
    catalogue = shop.part(Catalogue)
    for product in catalogue.products.values():
        for sku in product.skus:
            assert all(stock.available >= 0 and stock.committed >= 0 for stock in sku.stock)
            on_sale = product.status == "ACTIVATE" and not sku.deactivated_by and sku.available > 0
            assert (sku.id in shop.part(Shelf).items) == on_sale


@pytest.mark.parametrize(("region", "troubles"), FATES)
def test_what_is_promised_belongs_to_orders_that_wait(region: str, troubles: tuple[str, ...]) -> None:
    shop = a_life_to_read(region, troubles)
    waiting = {
        line.id
        for order in shop.orders.values()
        for line in order.lines
        if line.status in ("UNPAID", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT")
    }
    assert shop.part(Stockroom).promised <= waiting
    committed = sum(sku.committed for product in shop.part(Catalogue).products.values() for sku in product.skus)
    assert committed == len(shop.part(Stockroom).promised)


@pytest.mark.parametrize(("region", "troubles"), FATES)
def test_no_task_is_older_than_its_deadline(region: str, troubles: tuple[str, ...]) -> None:
    shop = a_life_to_read(region, troubles)
    state = shop.part(Aftersales)
    for request in (*state.returns.values(), *state.cancellations.values()):
        assert bool(request.action) == bool(request.deadline)
        assert not request.action or request.deadline > shop.now
        assert not (request.closed and request.action)
        assert request.created <= request.updated <= shop.now


@pytest.mark.parametrize(("region", "troubles"), FATES)
def test_one_open_request_an_order(region: str, troubles: tuple[str, ...]) -> None:
    shop = a_life_to_read(region, troubles)
    owed = [one.order_id for one in shop.part(Aftersales).returns.values() if one.action]
    assert len(owed) == len(set(owed))


@pytest.mark.parametrize(("region", "troubles"), FATES)
def test_a_buyers_wish_is_marked_on_the_order_as_long_as_it_waits(region: str, troubles: tuple[str, ...]) -> None:
    shop = a_life_to_read(region, troubles)
    asked = {one.order_id for one in shop.part(Aftersales).cancellations.values() if one.action}
    marked = {order.id for order in shop.orders.values() if order.is_buyer_request_cancel}
    assert asked == marked


@pytest.mark.parametrize(("region", "troubles"), FATES)
def test_messages_come_in_the_order_of_their_index(region: str, troubles: tuple[str, ...]) -> None:
    shop = a_life_to_read(region, troubles)
    for conversation in chat_of(shop).conversations.values():
        indexes = [message.index for message in conversation.messages]
        assert indexes == sorted(set(indexes))
        assert all(message.created <= shop.now for message in conversation.messages)
        assert conversation.buyer.user_id in {order.buyer.user_id for order in shop.orders.values()}


def portrait(shop: Shop) -> list[Any]:
    """Everything that these parts of a shop's life have come to."""
    state, ledger = shop.part(Aftersales), ledger_of(shop)
    return [
        [
            (one.id, one.title, one.status, [(sku.id, sku.price, sku.available) for sku in one.skus])
            for one in shop.part(Catalogue).products.values()
        ],
        [(one.id, one.status, one.updated) for one in state.returns.values()],
        [(one.id, one.status, one.updated) for one in state.cancellations.values()],
        [(one.id, [(each.index, each.content) for each in one.messages]) for one in chat_of(shop).conversations.values()],
        [(row.type, row.amount, row.created) for row in ledger.wallet],
    ]


@pytest.mark.parametrize(("region", "troubles"), FATES)
def test_the_same_seed_lives_the_same_life_in_one_stride_or_many(region: str, troubles: tuple[str, ...]) -> None:
    at_once = make_shop(region, troubles, days=6)
    in_steps = make_shop(region, troubles)
    for _half_day in range(12):
        go(in_steps, DAY / 2)
        ledger_of(in_steps)
    assert portrait(at_once) == portrait(in_steps)


def test_another_seed_lives_another_life() -> None:
    assert portrait(make_shop(seed=3)) != portrait(make_shop(seed=4))
