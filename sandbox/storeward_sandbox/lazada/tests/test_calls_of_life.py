"""A seller's day by API alone, over HTTP: what one call does is what the other calls show."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from storeward_sandbox.lazada.reviews import Reviews
from storeward_sandbox.lazada.tests.support import Json, Running, running

LONG_AGO = {"created_after": "2026-01-01T00:00:00+08:00"}


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=6, seed=13, rate_limit=1000) as found:
        found.control("/people", {"seller": False})
        yield found


@pytest.fixture(scope="module")
def store(world: Running) -> Json:
    """A local store of a willing seller."""
    return next(
        one
        for one in world.stores
        if one["seller_type"] == "LOCAL" and not world.shop(one).persona.troubles & {"dead_connection", "neglected"}
    )


def bought(world: Running, store: Json, count: int = 1) -> list[str]:
    return [str(one) for one in world.control("/orders", {"store": store["id"], "count": count})["orders"]]


def items(world: Running, store: Json, order_id: str) -> list[Json]:
    found: list[Json] = world.ask("/order/items/get", {"order_id": order_id}, store=store)
    return found


def pack(world: Running, store: Json, order_id: str) -> list[Json]:
    rows = items(world, store, order_id)
    request = {
        "pack_order_list": [{"order_id": int(order_id), "order_item_list": [row["order_item_id"] for row in rows]}],
        "delivery_type": "dropship",
        "shipping_allocate_type": "TFS",
    }
    packed = world.ask("/order/fulfill/pack", {"packReq": request}, store=store)["data"]["pack_order_list"][0]
    found: list[Json] = packed["order_item_list"]
    return found


def test_an_order_from_basket_to_label_to_carrier(world: Running, store: Json) -> None:
    order_id = bought(world, store)[0]
    assert world.ask("/order/get", {"order_id": order_id}, store=store)["statuses"] == ["pending"]
    packed = pack(world, store, order_id)
    packages = sorted({row["package_id"] for row in packed})
    assert {row["tracking_code"] for row in items(world, store, order_id)} == {row["tracking_number"] for row in packed}
    request = {"packages": [{"package_id": one} for one in packages]}
    world.ask("/order/package/rts", {"readyToShipReq": request}, store=store)
    world.control("/clock", {"advance": "2m"})
    assert {row["status"] for row in items(world, store, order_id)} == {"ready_to_ship"}
    world.control("/clock", {"advance": "10h"})
    assert {row["status"] for row in items(world, store, order_id)} == {"shipped"}
    trace = world.ask("/logistic/order/trace", {"order_id": order_id}, store=store)["module"][0]["package_detail_info_list"]
    assert sorted(parcel["ofc_package_id"] for parcel in trace) == packages


def test_polling_by_change_finds_exactly_what_changed(world: Running, store: Json) -> None:
    world.control("/clock", {"advance": "1m"})
    at = world.control("/clock")["at"]
    order_id = bought(world, store)[0]
    found = world.ask("/orders/get", {"update_after": at, "sort_by": "updated_at", "sort_direction": "ASC"}, store=store)
    assert order_id in {str(order["order_id"]) for order in found["orders"]}
    world.control("/clock", {"advance": "5m"})
    later = world.control("/clock")["at"]
    pack(world, store, order_id)
    found = world.ask("/orders/get", {"update_after": later, "sort_by": "updated_at"}, store=store)
    assert order_id in {str(order["order_id"]) for order in found["orders"]}
    assert all(order["updated_at"] >= later[:10] for order in found["orders"])


def test_cancelling_shows_in_the_order_the_reverse_list_and_the_stock(world: Running, store: Json) -> None:
    order_id = bought(world, store)[0]
    rows = items(world, store, order_id)
    before = sellable(world, store, rows[0])
    asked: Json = {"order_id": order_id, "order_item_id_list": [row["order_item_id"] for row in rows]}
    reasons = world.ask("/order/reverse/cancel/validate", asked, store=store)["reason_options"]
    world.ask("/order/reverse/cancel/create", {**asked, "reason_id": reasons[0]["reason_id"]}, store=store)
    after = items(world, store, order_id)
    assert {row["status"] for row in after} == {"canceled"}
    assert {row["cancel_return_initiator"] for row in after} == {"seller-cancel"}
    found = world.ask(
        "/reverse/getreverseordersforseller", {"page_no": 1, "page_size": 10, "trade_order_id": order_id}, store=store
    )
    lines = [line for row in found["items"] for line in row["reverse_order_lines"]]
    assert {line["trade_order_line_id"] for line in lines} == {row["order_item_id"] for row in rows}
    assert {str(line["reverse_status"]) for line in lines} == {"CANCEL_SUCCESS"}
    same = [row for row in rows if row["sku_id"] == rows[0]["sku_id"]]
    assert sellable(world, store, rows[0]) == before + len(same)


def sellable(world: Running, store: Json, row: Json) -> int:
    found = world.ask("/product/item/get", {"item_id": row["product_id"]}, store=store)
    sku = next(one for one in found["skus"] if str(one["SkuId"]) == row["sku_id"])
    return sum(int(one["sellableQuantity"]) for one in sku["multiWarehouseInventories"])


def test_what_is_paid_is_the_price_less_vouchers_and_adds_up(world: Running, store: Json) -> None:
    for order_id in bought(world, store, 5):
        order = world.ask("/order/get", {"order_id": order_id}, store=store)
        rows = items(world, store, order_id)
        assert Decimal(order["price"]) == sum(Decimal(str(row["item_price"])) for row in rows)
        assert Decimal(str(order["voucher"])) == sum(Decimal(str(row["voucher_amount"])) for row in rows)
        for row in rows:
            paid = Decimal(str(row["item_price"])) - Decimal(str(row["voucher_amount"]))
            assert Decimal(str(row["paid_price"])) == paid
            assert Decimal(str(row["voucher_amount"])) == Decimal(str(row["voucher_seller"])) + Decimal(
                str(row["voucher_platform"])
            )


def first_session(world: Running, store: Json) -> Json:
    asked: Json = {"start_time": 10**13, "page_size": 20}
    found: list[Json] = world.ask("/im/session/list", asked, store=store)["session_list"]
    return found[0]


def test_an_answer_shows_in_the_conversation(world: Running, store: Json) -> None:
    session = first_session(world, store)
    sent = world.ask("/im/message/send", {"session_id": session["session_id"], "template_id": 1, "txt": "Hello ü"}, store=store)
    asked: Json = {"session_id": session["session_id"], "start_time": 10**13, "page_size": 1}
    newest = world.ask("/im/message/list", asked, store=store)["message_list"][0]
    assert newest["message_id"] == sent["message_id"]
    assert newest["content"] == '{"txt": "Hello ü"}'
    again = first_session(world, store)
    assert (again["session_id"], again["summary"], again["unread_count"]) == (session["session_id"], "Hello ü", 0)


def test_a_reply_shows_in_the_review(world: Running, store: Json) -> None:
    known = world.shop(store).part(Reviews).known
    review = next(one for one in reversed(known.values()) if one.may_be_answered)
    assert [row["id"] for row in reviews_to_answer(world, store, [int(review.id)])] == [int(review.id)]
    assert world.send("/review/seller/reply/add", {"id": review.id, "content": "Thanks!"}, store=store).json()["data"] is True
    assert reviews_to_answer(world, store, [int(review.id)]) == []


def reviews_to_answer(world: Running, store: Json, ids: list[int]) -> list[Json]:
    rows = world.ask("/review/seller/list/v2", {"id_list": ids[-10:]}, store=store)["review_list"]
    return [row for row in rows if row["can_reply"]]
