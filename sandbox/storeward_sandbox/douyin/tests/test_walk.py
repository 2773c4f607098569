"""A walk through every operation, in shops with every trouble and at several instants: each answer is what is described."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.douyin.account_api import Files
from storeward_sandbox.douyin.cases import Cases
from storeward_sandbox.douyin.catalogue import Catalogue
from storeward_sandbox.douyin.moments import text_day, text_time
from storeward_sandbox.douyin.registry import OPERATIONS
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import START, Json, Running, ask, described, make_shop, problems, running
from storeward_sandbox.douyin.tickets import Tickets

WRITES_AND_TOKENS = ("write", "auth")


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=9, seed=31, rate_limit=10_000) as found:
        yield found


def first(values: Any) -> Any:
    return next(iter(values))


def questions(shop: Shop) -> dict[str, Json]:
    """The parameters of every read, about things that the shop has."""
    sent = first(order for order in shop.orders.values() if order.packages)
    package = sent.packages[0]
    product = first(shop.part(Catalogue).products.values())
    case, ticket = first(shop.part(Cases).known), first(shop.part(Tickets).known)
    bills: Json = {"start_time": text_time(START - 60 * DAY), "end_time": text_time(START + 30 * DAY), "time_type": "0"}
    secret = [{"auth_id": sent.id, "cipher_text": "$x$1$"}]
    sku = {"sku_id": int(product.skus[0].id)}
    return {
        "order.searchList": {"page": 0, "size": 100, "create_time_start": START - 90 * DAY, "create_time_end": START + 90 * DAY},
        "order.orderDetail": {"shop_order_id": sent.id},
        "order.logisticsCompanyList": {},
        "order.batchDecrypt": {"cipher_infos": secret},
        "order.batchSensitive": {"cipher_infos": secret},
        "order.batchEncrypt": {"batch_encrypt_list": [{"plain_text": "陈静", "auth_id": sent.id, "sensitive_type": 2}]},
        "order.BatchSearchIndex": {"plain_text_list": [{"plain_text": "陈静", "encrypt_type": 2}]},
        "order.getServiceList": {"start_time": START - 90 * DAY, "end_time": START + 90 * DAY, "page": 1, "size": 100},
        "order.serviceDetail": {"service_id": int(ticket)},
        "afterSale.List": {"page": 0, "size": 100},
        "afterSale.Detail": {"after_sale_id": case, "need_operation_record": True},
        "afterSale.rejectReasonCodeList": {"aftersale_id": int(case)},
        "product.listV2": {"page": 1, "size": 100},
        "product.detail": {"product_id": product.id},
        "product.getProductUpdateRule": {"category_id": 20005},
        "sku.list": {"product_id": int(product.id)},
        "sku.detail": sku,
        "sku.stockNum": sku,
        "promise.deliveryList": {"product_id": 0, "page": 1, "size": 10},
        "order.getSettleBillDetail": {**bills, "page": 0, "size": 100},
        "order.getSettleBillDetailV2": bills,
        "order.getSettleBillDetailV3": bills,
        "order.downloadSettleItemToShop": bills,
        "order.downloadToShop": {"download_id": "none"},
        "order.getShopAccountItem": {**bills, "size": 1000},
        "order.downloadShopAccountItem": bills,
        "order.downloadShopAccountItemFile": {"download_id": "the last one"},
        "order.getShopAccountItemFile": {"start_date": text_day(START - 5 * DAY), "end_date": text_day(START)},
        "shop.reputation": {},
        "shop.getExperienceScore": {},
        "address.list": {"page_size": 10, "page_no": 1, "order_by": "", "order_field": ""},
        "warehouse.list": {"page": 0, "size": 100},
        "logistics.trackNoRouteDetail": {"logistics_code": package.carrier_code, "track_no": package.tracking_no},
        "logistics.queryPackageRoute": {"express": package.carrier_code, "track_no": package.tracking_no},
        "order.queryOrderLogistics": {"order_id": sent.id},
        "order.queryOrderPackageInfo": {"order_id": sent.id},
        "order.deliverTimeChangeTaskInfo": {"shop_order_id": sent.id},
        "open.getAuthInfo": {"auth_id": shop.id, "auth_subject_type": ""},
    }


def test_every_described_method_is_there_and_no_other() -> None:
    assert set(OPERATIONS) == set(described())
    assert {one.path for one in OPERATIONS.values()} == {one["path"] for one in described().values()}


def test_every_read_is_asked_in_the_walk() -> None:
    reads = {name for name, one in described().items() if one["kind"] not in WRITES_AND_TOKENS}
    assert set(questions(make_shop())) == reads


@pytest.mark.parametrize("passing", ["0h", "30h", "6d"])
def test_every_read_answers_as_described_whatever_the_trouble(world: Running, passing: str) -> None:
    world.control("/clock", {"advance": passing})
    world.renew()
    troubles: set[str] = set()
    for store in world.stores:
        shop = world.shop(store)
        for method, params in questions(shop).items():
            if method == "order.downloadShopAccountItemFile":
                params["download_id"] = list(shop.part(Files).by_id)[-1]
            body = world.send(method, params, store=store).json()
            assert body["code"] == 10000, (method, body)
            assert problems(method, body["data"]) == [], (method, shop.persona.troubles)
        troubles |= shop.persona.troubles
    assert troubles >= {"late_orders", "neglected", "negative_balance", "returns", "frozen", "low_stock"}


def keys(value: Any, path: str = "") -> set[str]:
    """The paths of all keys in an answer, lists taken together."""
    if isinstance(value, list):
        return {found for each in value for found in keys(each, path + "[]")}
    if isinstance(value, dict):
        inner = {found for name, each in value.items() for found in keys(each, f"{path}.{name}")}
        return inner | {f"{path}.{name}" for name in value}
    return set()


def test_answers_are_not_thinner_than_the_published_examples(shared_dir: Path) -> None:
    """Every described key of an example is in our answers too, where something of that kind is there at all."""
    folder = shared_dir / "platforms" / "douyin_shop" / "samples"
    shop = make_shop(("returns",), days=2, orders_per_day=3)
    asked = questions(shop)
    for method in sorted(set(asked) & {path.stem for path in folder.glob("*.json")}):
        sample = keys(json.loads((folder / f"{method}.json").read_text())["data"], "data")
        known = {row["path"].replace(".{key}", "") for row in described()[method]["response_fields"]}
        ours = everything(shop, method, asked)
        missing = {path for path in sample - ours if path in known and path.rpartition(".")[0] in ours | {"data"}}
        assert missing == set(), method


def everything(shop: Shop, method: str, asked: dict[str, Json]) -> set[str]:
    """The keys of the answers about all things of the kind."""
    if method == "afterSale.Detail":
        many = [ask(shop, method, after_sale_id=one, need_operation_record=True) for one in shop.part(Cases).known]
        return {path for one in many for path in keys(one, "data")}
    if method == "order.orderDetail":
        many = [ask(shop, method, shop_order_id=one) for one in shop.orders]
        return {path for one in many for path in keys(one, "data")}
    if method == "order.downloadShopAccountItemFile":
        asked[method] = {"download_id": list(shop.part(Files).by_id)[-1]}
    return keys(ask(shop, method, **asked[method]), "data")
