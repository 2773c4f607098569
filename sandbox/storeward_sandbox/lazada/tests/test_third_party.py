"""The PyPI client `lazop-sdk`, unmodified, does a day's work against the sandbox."""

import json
import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from storeward_sandbox.clock import machine_now
from storeward_sandbox.lazada.tests.support import START, Json, Running, running
from storeward_sandbox.paper import picture


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=8, seed=21) as found:
        yield found


@pytest.fixture(scope="module")
def lazop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package. Importing it makes a log file in the home folder; here that is a folder of the test's own."""
    home: Path = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        package = import_module("lazop_sdk")
        yield package
    for handler in list(logging.getLogger("lazop_sdk.base").handlers):
        handler.close()


class Client:
    """One store's calls by the package."""

    def __init__(self, package: Any, world: Running, store: Json) -> None:
        self.package, self.store = package, store
        self.client = package.LazopClient(world.app["base_url"], world.app["app_key"], world.app["app_secret"])

    def ask(self, path: str, method: str = "GET", token: str | None = "", file: bytes = b"", **params: Any) -> Any:
        """The whole answer. Values must be text, as the package signs and sends them."""
        request = self.package.LazopRequest(path, method)
        for name, value in params.items():
            request.add_api_param(name, value if isinstance(value, str) else json.dumps(value))
        if file:
            request.add_file_param("image", ("a.png", file, "image/png"))
        return self.client.execute(request, self.store["access_token"] if token == "" else token)

    def good(self, path: str, method: str = "GET", **params: Any) -> Any:
        answer = self.ask(path, method, **params)
        assert answer.code == "0", answer
        return answer.body["data"] if "data" in answer.body else answer.body.get("result", answer.body)


@pytest.fixture(scope="module")
def client(lazop: Any, world: Running) -> Client:
    store = next(store for store in world.stores if store["seller_type"] == "LOCAL")
    return Client(lazop, world, store)


def all_orders(client: Client) -> list[Json]:
    found: list[Json] = []
    while True:
        asked = {"created_after": "2026-09-01T00:00:00+08:00", "sort_by": "created_at", "sort_direction": "ASC"}
        page = client.good("/orders/get", offset=len(found), limit=20, **asked)
        found += page["orders"]
        if len(found) >= page["countTotal"]:
            return found


def with_status(client: Client, status: str) -> Json:
    return next(order for order in all_orders(client) if status in order["statuses"])


def test_the_seller_is_who_the_credentials_say(client: Client) -> None:
    seller = client.good("/seller/get")
    assert (seller["seller_id"], seller["status"]) == (int(client.store["id"]), "ACTIVE")


def test_orders_are_listed_over_all_pages_and_read_in_detail(world: Running, client: Client) -> None:
    orders = all_orders(client)
    truth = world.control("/truth")["platforms"]["lazada"]["stores"][client.store["id"]]
    assert len({order["order_id"] for order in orders}) == truth["orders"]
    first = orders[0]["order_id"]
    assert client.good("/order/get", order_id=first)["order_number"] == first
    items = client.good("/order/items/get", order_id=first)
    assert sum(row["item_price"] for row in items) == pytest.approx(float(orders[0]["price"]))
    batch = client.good("/orders/items/get", order_ids=[order["order_id"] for order in orders[:3]])
    assert [row["order_id"] for row in batch] == [order["order_id"] for order in orders[:3]]


def test_every_stores_token_reads_its_own_orders(world: Running, lazop: Any) -> None:
    truth = world.control("/truth")["platforms"]["lazada"]["stores"]
    for store in world.stores:
        assert len(all_orders(Client(lazop, world, store))) == truth[store["id"]]["orders"]


def test_an_order_is_packed_printed_and_made_ready(world: Running, client: Client) -> None:
    order = with_status(client, "pending")
    items = [row for row in client.good("/order/items/get", order_id=order["order_id"]) if row["status"] == "pending"]
    request = {
        "pack_order_list": [{"order_id": order["order_id"], "order_item_list": [row["order_item_id"] for row in items]}],
        "delivery_type": "dropship",
        "shipping_allocate_type": "TFS",
    }
    packed = client.good("/order/fulfill/pack", "POST", packReq=request)["data"]["pack_order_list"][0]["order_item_list"]
    assert {row["item_err_code"] for row in packed} == {"0"}
    package = {"packages": [{"package_id": packed[0]["package_id"]}]}
    label = client.good("/order/package/document/get", getDocumentReq={**package, "doc_type": "PDF"})["data"]
    assert world.http.get(label["pdf_url"]).content.startswith(b"%PDF")
    ready = client.good("/order/package/rts", "POST", readyToShipReq=package)["data"]["packages"]
    assert [row["item_err_code"] for row in ready] == ["0"]
    trace = client.good("/logistic/order/trace", order_id=order["order_id"])
    assert trace["module"][0]["package_detail_info_list"][0]["tracking_number"] == packed[0]["tracking_number"]


def test_products_are_read_and_their_stock_is_set(client: Client) -> None:
    products = client.good("/products/get", filter="live", limit=50)["products"]
    item = client.good("/product/item/get", item_id=products[0]["item_id"])
    sku = item["skus"][0]
    xml = (
        f"<Request><Product><Skus><Sku><ItemId>{item['item_id']}</ItemId><SkuId>{sku['SkuId']}</SkuId>"
        "<SellableQuantity>321</SellableQuantity></Sku></Skus></Product></Request>"
    )
    if len(sku["multiWarehouseInventories"]) == 1:
        client.good("/product/stock/sellable/update", "POST", payload=xml)
        again = client.good("/product/item/get", item_id=item["item_id"])["skus"][0]
        assert again["multiWarehouseInventories"][0]["sellableQuantity"] == 321


def test_a_picture_is_uploaded_with_its_bytes_unsigned(client: Client) -> None:
    answer = client.ask("/image/upload", "POST", file=picture("x"))
    assert answer.code == "0"
    assert answer.body["data"]["image"]["url"].endswith(".png")


def test_reverse_orders_chats_and_reviews_are_read(client: Client) -> None:
    assert client.good("/reverse/getreverseordersforseller", page_no=1, page_size=10)["success"] is True
    answer = client.ask("/im/session/list", start_time=int(machine_now() * 1000), page_size=20)
    assert (answer.code, answer.body["success"], answer.body["err_code"]) == ("0", True, "0")
    session = answer.body["data"]["session_list"][0]
    now = int(machine_now() * 1000)
    messages = client.good("/im/message/list", session_id=session["session_id"], start_time=now, page_size=20)
    assert messages["message_list"]
    product = client.good("/products/get", limit=1)["products"][0]["item_id"]
    end = START * 1000
    history = client.good(
        "/review/seller/history/list", item_id=product, start_time=end - 6 * 86_400_000, end_time=end, current=1
    )
    assert history["page_size"] == 10


def test_money_and_performance_are_read(client: Client) -> None:
    assert client.good("/finance/payout/status/get", created_after="2026-10-01")
    days = {"start_time": "2026-10-01", "end_time": "2026-11-18"}
    assert client.good("/finance/transaction/details/get", trans_type="-1", limit=500, offset=0, **days)
    account = {"start_time": "20261001", "end_time": "20261118", "page_num": 1, "page_size": 10}
    assert client.good("/finance/transaction/accountTransactions/query", "POST", **account)["page_info"]["page_num"] == 1
    assert client.good("/seller/performance/get", language="en-US")["indicators"]
    assert client.good("/seller/metrics/get")["seller_id"] == int(client.store["id"])


def test_a_refusal_reaches_the_caller_with_its_code(client: Client) -> None:
    refused = client.ask("/orders/get", created_after="2025-12-15")
    assert (refused.code, refused.type) == ("17", "ISP")
    assert "Invalid Date Format" in refused.message
    assert client.ask("/orders/get", token="wrong", created_after="x").code == "IllegalAccessToken"


def test_tokens_are_created_and_renewed(world: Running, lazop: Any) -> None:
    store = world.stores[-1]
    shop = world.shop(store)
    client = Client(lazop, world, store)
    renewed = client.ask("/auth/token/refresh", "POST", token=None, refresh_token=store["refresh_token"])
    assert renewed.code in ("0", "AUTH_TYPE_UNSUPPORTED")
    held = world.platform.desk.of_store(shop.id)
    assert held is not None
    code = world.platform.desk.code_for(held.seller, shop.site.code, machine_now())
    created = client.ask("/auth/token/create", "POST", token=None, code=code)
    assert created.code == "0"
    assert created.body["country_user_info"][0]["seller_id"] == shop.id
    assert client.ask("/seller/get", token=created.body["access_token"]).code == "0"
    assert client.ask("/auth/token/create", "POST", token=None, code=code).code == "InvalidCode"
