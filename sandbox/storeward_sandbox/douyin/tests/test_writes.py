"""Every write over HTTP, once done and once refused: the answer is shaped as described and the shop has changed, or has not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from storeward_sandbox.clock import HOUR
from storeward_sandbox.douyin.cases import (
    ASKED,
    REASONS,
    REFUND_SHIPPED,
    REFUND_UNSHIPPED,
    REISSUE,
    RETURN,
    SENT_BACK,
    TO_RESHIP,
    Case,
    agree,
    arbitrate,
    open_case,
    refuse,
    send_back,
)
from storeward_sandbox.douyin.catalogue import BY_WAREHOUSE, Catalogue
from storeward_sandbox.douyin.order_writing import ask_address_change
from storeward_sandbox.douyin.orders import SHIPPED, Order, ship
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, Json, Running, buy, described, go, problems, running
from storeward_sandbox.douyin.tickets import IN_REVIEW, open_ticket

WAY = {"company_code": "yuantong", "logistics_code": "YT1387990014325"}
ARRIVES = replace(QUIET, collected=60, delivered=60)


@dataclass
class Deed:
    """Parameters of a good call, and what shows that it was carried out."""

    params: Json
    done: Callable[[], bool]


def waiting(shop: Shop) -> Order:
    return buy(shop)


def unpaid(shop: Shop) -> Order:
    return buy(shop, replace(QUIET, pays=None))


def sent(shop: Shop) -> Order:
    order = buy(shop, ARRIVES)
    number = f"YT{order.id[-12:]}"
    ship(shop, [order], [(line, line.count) for line in order.lines], carrier_code="yuantong", tracking_no=number)
    return order


def case(shop: Shop, kind: int, status: int = ASKED) -> Case:
    order = waiting(shop) if kind == REFUND_UNSHIPPED else sent(shop)
    go(shop, 300)
    found = open_case(shop, order, order.lines[0], kind, reason=REASONS[kind][0])
    assert found is not None
    if status != ASKED:
        agree(shop, found, "好")
    if status == SENT_BACK:
        send_back(shop, found, "shunfeng", "SF1234567890")
    assert found.status == status
    return found


def _ship(shop: Shop) -> Deed:
    order = waiting(shop)
    return Deed({"order_id": order.id, **WAY}, lambda: order.status == SHIPPED)


def _multi(shop: Shop) -> Deed:
    order = waiting(shop)
    rows = [{"shipped_order_id": line.id, "shipped_num": line.count} for line in order.lines]
    pack = {"shipped_order_info": rows, "company_code": "zhongtong", "logistics_code": "ZT138799001432"}
    return Deed({"order_id": order.id, "pack_list": [pack], "request_id": order.id}, lambda: order.status == SHIPPED)


def _single(shop: Shop) -> Deed:
    order = waiting(shop)
    rows = [{"shipped_order_id": line.id, "shipped_num": line.count} for line in order.lines]
    way = {"company_code": "yunda", "logistics_code": f"YD{order.id[-13:]}"}
    params = {"order_id_list": [order.id], "shipped_order_info": rows, "request_id": order.id, **way}
    return Deed(params, lambda: order.status == SHIPPED)


def _edit(shop: Shop) -> Deed:
    order = sent(shop)
    number = f"SF{order.id[-13:]}"
    params = {"order_id": order.id, "company_code": "shunfeng", "logistics_code": number}
    return Deed(params, lambda: order.packages[0].tracking_no == number)


def _edit_pack(shop: Shop) -> Deed:
    deed = _edit(shop)
    package = shop.orders[deed.params["order_id"]].packages[0]
    return Deed({**deed.params, "pack_id": package.id}, deed.done)


def _remark(shop: Shop) -> Deed:
    order = waiting(shop)
    params = {"order_id": order.id, "remark": "加急 <XL> & 送礼", "is_add_star": "true", "star": "3"}
    return Deed(params, lambda: (order.seller_words, order.star) == ("加急 <XL> & 送礼", 3))


def _amount(shop: Shop) -> Deed:
    order = unpaid(shop)
    before = order.pay_amount
    rows = [{"order_id": order.lines[0].id, "discount_amount": 100}]
    return Deed({"pid": order.id, "update_detail": rows}, lambda: order.pay_amount == before - 100)


def _post(shop: Shop) -> Deed:
    order = unpaid(shop)
    return Deed({"order_id": order.id, "post_amount": 777}, lambda: order.post_amount == 777)


def _address(shop: Shop) -> Deed:
    order = waiting(shop)
    ask_address_change(shop, order, "人民路1号")
    return Deed({"order_id": order.id, "is_approved": 0}, lambda: order.detail == "人民路1号")


def _ticket(shop: Shop) -> Deed:
    ticket = open_ticket(shop, waiting(shop), 0)
    return Deed({"id": int(ticket.id), "reply": "已补发"}, lambda: ticket.status == IN_REVIEW)


def _operate(shop: Shop) -> Deed:
    found = case(shop, REFUND_SHIPPED)
    params = {"type": 201, "items": [{"aftersale_id": found.id, "update_time": found.update_time}]}
    return Deed(params, lambda: found.status == 12)


def _case_remark(shop: Shop) -> Deed:
    found = case(shop, RETURN)
    return Deed({"after_sale_id": found.id, "remark": "已联系"}, lambda: [text for _at, text in found.remarks] == ["已联系"])


def _extend(shop: Shop) -> Deed:
    found = case(shop, RETURN)
    return Deed({"aftersale_id": int(found.id)}, lambda: found.extended)


def _evidence(shop: Shop) -> Deed:
    found = case(shop, RETURN)
    refuse(shop, found, "不")
    arbitrate(shop, found)
    go(shop, 2 * HOUR)
    params = {"aftersale_id": int(found.id), "comment": "凭证", "evidence": ["https://p/1.jpg?a=b&c=d#e"]}
    return Deed(params, lambda: found.arbitration is not None and found.arbitration.proof == ["https://p/1.jpg?a=b&c=d#e"])


def _fill(shop: Shop) -> Deed:
    found = case(shop, REISSUE, TO_RESHIP)
    params = {"aftersale_id": int(found.id), "send_type": 1, "company_code": "yunda", "tracking_no": "YD1234567890123"}
    return Deed(params, lambda: found.status == 13)


def _back(shop: Shop) -> Deed:
    shop.number = 2
    found = case(shop, RETURN, SENT_BACK)
    return Deed({"aftersale_id": found.id, "op_time": shop.now}, lambda: found.status == 12)


def _not_sent(shop: Shop) -> Deed:
    shop.number = 2
    found = case(shop, REFUND_UNSHIPPED)
    return Deed({"aftersale_id": found.id, "op_time": shop.now}, lambda: found.status == 12)


def _intercept(shop: Shop) -> Deed:
    order = buy(shop, replace(QUIET, collected=60, delivered=50 * HOUR))
    number = f"YT{order.id[-12:]}"
    package = ship(shop, [order], [(line, line.count) for line in order.lines], carrier_code="yuantong", tracking_no=number)
    found = open_case(shop, order, order.lines[0], REFUND_SHIPPED, reason=REASONS[REFUND_SHIPPED][0])
    assert found is not None
    targets = [{"company_code": "yuantong", "tracking_no": number}]
    params = {"after_sale_id": int(found.id), "op_from": 1, "intercept_targets": targets}
    return Deed(params, lambda: package.intercepted)


def products(shop: Shop) -> list[Any]:
    return list(shop.part(Catalogue).products.values())


def _online(shop: Shop) -> Deed:
    product = products(shop)[0]
    product.status = 1
    return Deed({"product_id": int(product.id)}, lambda: product.status == 0)


def _offline(shop: Shop) -> Deed:
    product = products(shop)[1]
    product.status = 0
    return Deed({"product_id": int(product.id)}, lambda: product.status == 1)


def _stock(shop: Shop) -> Deed:
    sku = products(shop)[0].skus[0]
    sku.stock = 5
    params = {"sku_id": int(sku.id), "stock_num": 321, "incremental": False}
    return Deed(params, lambda: sku.stock == 321)


def _stock_batch(shop: Shop) -> Deed:
    product, sku = next((one, sku) for one, sku in shop.part(Catalogue).skus() if sku.kind == BY_WAREHOUSE)
    sku.by_warehouse = dict.fromkeys(sku.by_warehouse, 5)
    levels = [{"out_warehouse_id": code, "stock_num": 44} for code in sku.by_warehouse]
    rows = [{"sku_id": int(sku.id), "sku_type": 1, "stock_map": levels}]
    params = {"product_id": int(product.id), "incremental": False, "sku_sync_list": rows}
    return Deed(params, lambda: set(sku.by_warehouse.values()) == {44})


def _stock_many(shop: Shop) -> Deed:
    product = products(shop)[0]
    sku = product.skus[-1]
    sku.stock = 5
    rows = [{"product_id": int(product.id), "sku_id": int(sku.id), "stock_num": 55}]
    return Deed({"items": rows, "idempotent_id": shop.ids.new("message"), "incremental": False}, lambda: sku.stock == 55)


def _price(shop: Shop) -> Deed:
    sku = products(shop)[2].skus[0]
    sku.price = 9900
    return Deed({"sku_id": int(sku.id), "price": 4321}, lambda: sku.price == 4321)


def _code(shop: Shop) -> Deed:
    sku = products(shop)[2].skus[0]
    sku.code = "old"
    return Deed({"sku_id": int(sku.id), "code": "新编码-1"}, lambda: sku.code == "新编码-1")


def _promise(shop: Shop) -> Deed:
    sku = products(shop)[0].skus[0]
    sku.ship_rules.clear()
    rule = {"sku_id": sku.id, "out_warehouse_id": "w", "pre_sell_type": 0, "delay_day": 0, "pre_sell_end_time": 0}
    return Deed({"rules": [rule]}, lambda: sku.ship_rules == {"w": (0, 0, 0)})


def _deliver_time(shop: Shop) -> Deed:
    order = waiting(shop)
    order.new_delivery = order.exp_ship_time + HOUR
    wanted = order.new_delivery
    return Deed({"shop_order_id": order.id, "task_id": "t"}, lambda: order.exp_ship_time == wanted)


DEEDS: dict[str, Callable[[Shop], Deed]] = {
    "order.logisticsAdd": _ship,
    "order.logisticsAddMultiPack": _multi,
    "order.logisticsAddSinglePack": _single,
    "order.logisticsEdit": _edit,
    "order.logisticsEditByPack": _edit_pack,
    "order.addOrderRemark": _remark,
    "order.updateOrderAmount": _amount,
    "order.updatePostAmount": _post,
    "order.addressConfirm": _address,
    "order.replyService": _ticket,
    "afterSale.operate": _operate,
    "afterSale.addOrderRemark": _case_remark,
    "afterSale.timeExtend": _extend,
    "afterSale.submitEvidence": _evidence,
    "afterSale.fillLogistics": _fill,
    "afterSale.returnGoodsToWareHouseSuccess": _back,
    "afterSale.CancelSendGoodsSuccess": _not_sent,
    "afterSale.applyLogisticsIntercept": _intercept,
    "product.setOnline": _online,
    "product.setOffline": _offline,
    "sku.syncStock": _stock,
    "sku.syncStockBatch": _stock_batch,
    "sku.syncStockBatchMultiProducts": _stock_many,
    "sku.editPrice": _price,
    "sku.editCode": _code,
    "promise.setSkuShipTime": _promise,
    "order.deliverTimeChangeConfirm": _deliver_time,
}


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=2, seed=41, rate_limit=10_000) as found:
        found.control("/truth")
        found.control("/people", {"seller": False, "buyers": False})
        yield found


@pytest.fixture
def shop(world: Running) -> Shop:
    """The shop without troubles; what a test moves in its time stays within it."""
    found = world.shop(world.stores[1])
    found.number = 1
    return found


def test_every_described_write_is_tried() -> None:
    assert set(DEEDS) == {method for method, one in described().items() if one["kind"] == "write"}


@pytest.mark.parametrize("method", sorted(DEEDS))
def test_a_write_is_carried_out_and_answered_as_described(world: Running, shop: Shop, method: str) -> None:
    deed = DEEDS[method](shop)
    assert not deed.done()
    body = world.send(method, deed.params, store=world.stores[1]).json()
    assert body["code"] == 10000, body
    assert body["data"] in ({}, [], None) or problems(method, body["data"]) == []
    assert deed.done()


@pytest.mark.parametrize("method", sorted(DEEDS))
def test_a_write_without_what_it_needs_is_refused_and_changes_nothing(world: Running, shop: Shop, method: str) -> None:
    deed = DEEDS[method](shop)
    needed = {row["name"].split("[")[0].split(".")[0] for row in described()[method]["params"] if row["required"]}
    for name in sorted(needed & set(deed.params)):
        short = {key: value for key, value in deed.params.items() if key != name}
        body = world.send(method, short, store=world.stores[1]).json()
        if body["code"] != 10000:
            assert body["code"] in (40002, 40004, 50001, 50002, 20000), (name, body)
            assert body["data"] is None
            assert not deed.done()


@pytest.mark.parametrize("method", sorted(DEEDS))
def test_another_shop_s_things_cannot_be_written(world: Running, shop: Shop, method: str) -> None:
    deed = DEEDS[method](shop)
    body = world.send(method, deed.params, store=world.stores[0]).json()
    if method == "sku.syncStockBatchMultiProducts":
        assert body["data"]["results"][0]["status_code"] != 0
    else:
        assert body["code"] in (20000, 40004, 50002), body
    assert not deed.done()


@pytest.mark.parametrize("name", ["throttle", "server_error", "token_expired", "revoked", "clock_skew"])
def test_a_write_that_a_fault_stopped_was_not_carried_out(world: Running, shop: Shop, name: str) -> None:
    deed = _remark(shop)
    world.control("/faults", {"name": name, "on": True, "platform": "douyin"})
    answer = world.send("order.addOrderRemark", deed.params, store=world.stores[1])
    world.control("/faults", {"name": name, "on": False, "platform": "douyin"})
    assert answer.json()["code"] != 10000
    assert not deed.done()


@pytest.mark.parametrize("name", ["garbage", "truncated"])
def test_a_write_with_a_broken_answer_was_carried_out(world: Running, shop: Shop, name: str) -> None:
    deed = _remark(shop)
    world.control("/faults", {"name": name, "on": True, "platform": "douyin"})
    answer = world.send("order.addOrderRemark", deed.params, store=world.stores[1])
    world.control("/faults", {"name": name, "on": False, "platform": "douyin"})
    assert answer.status_code == 200
    assert deed.done()
