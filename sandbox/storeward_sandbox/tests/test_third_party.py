"""The PyPI client `tiktok-shop-api`, unmodified but for the address, does a day's work against the sandbox."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from storeward_sandbox.tests.support import Json, Running, running


@pytest.fixture(scope="module")
def sdk() -> Any:
    """The client's package. Its two thousand classes take five seconds to load: only where these tests run."""
    return import_module("tiktok_shop_api")


@pytest.fixture(scope="module")
def models(sdk: Any) -> Any:
    return import_module("tiktok_shop_api.generated.models")


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=8, seed=21) as found:
        yield found


@pytest.fixture(scope="module")
def client(world: Running, sdk: Any) -> Iterator[Any]:
    """The client of the first store of south-east Asia."""
    store = south_east_asian(world)
    with sdk.TikTokShop(
        world.app["app_key"], world.app["app_secret"], store["access_token"], store["shop_cipher"], base_url=world.base_url
    ) as found:
        yield found


def south_east_asian(world: Running) -> Json:
    return next(store for store in world.stores if store["region"] in ("MY", "PH", "TH", "VN", "SG"))


def data(answer: Any) -> Json:
    """What the client has understood, with nothing left over that it did not know."""
    found = answer.to_dict()
    assert found["code"] == 0
    return dict(found["data"])


def test_shops_are_found_without_a_cipher(world: Running, client: Any, models: Any) -> None:
    shops = data(client.authorization.get_authorized_shops())["shops"]
    store = south_east_asian(world)
    assert (store["id"], store["shop_cipher"]) in [(shop["id"], shop["cipher"]) for shop in shops]


def all_orders(client: Any, models: Any) -> list[Json]:
    found: list[Json] = []
    token = ""
    while True:
        page = data(
            client.orders.get_order_list(
                page_size=20,
                sort_field=models.GetOrderListSortField("update_time"),
                sort_order=models.GetOrderListSortOrder("ASC"),
                page_token=token,
            )
        )
        found += page["orders"]
        token = page["next_page_token"]
        if not token:
            assert page["total_count"] == len(found)
            return found


def test_orders_are_listed_over_all_pages_and_read_in_detail(world: Running, client: Any, models: Any) -> None:
    orders = all_orders(client, models)
    truth = world.control("/truth")["platforms"]["tiktok_shop"]["stores"][south_east_asian(world)["id"]]
    assert len({order["id"] for order in orders}) == truth["orders"]
    ids = [order["id"] for order in orders[:3]]
    detail = data(client.orders.get_order_detail(ids=[",".join(ids)]))
    assert [order["id"] for order in detail["orders"]] == ids
    repeated = data(client.orders.get_order_detail(ids=ids))
    assert repeated["orders"] == detail["orders"]
    price = data(client.orders.get_order_price_details(ids[0]))
    assert price["payment"] == orders[0]["payment"]["total_amount"]


def test_packages_are_found_read_and_shipped(client: Any, models: Any, sdk: Any) -> None:
    packages = data(client.fulfillment.search_package(page_size=50))["packages"]
    waiting = [
        order
        for order in all_orders(client, models)
        if order["status"] == "AWAITING_SHIPMENT" and order["shipping_type"] == "TIKTOK"
    ]
    package_id = waiting[0]["packages"][0]["id"]
    assert packages
    assert data(client.fulfillment.get_package_detail(package_id))["package_status"] == "TO_FULFILL"
    slots = data(client.fulfillment.get_package_handover_time_slots(package_id))["pickup_slots"]
    slot = next(slot for slot in slots if slot["avaliable"])
    wish = {"handover_method": "PICKUP", "pickup_slot": {"start_time": slot["start_time"], "end_time": slot["end_time"]}}
    assert data(client.fulfillment.ship_package(package_id, body=models.ShipPackageRequest.from_dict(wish))) == {}
    assert data(client.fulfillment.get_package_detail(package_id))["package_status"] == "PROCESSING"
    with pytest.raises(sdk.TikTokShopError) as refusal:
        client.fulfillment.ship_package(package_id)
    assert refusal.value.code == 11006021


def test_products_and_their_stock_are_read(client: Any, models: Any) -> None:
    products = data(client.products.search_products(page_size=50, body=models.SearchProductsRequest()))["products"]
    detail = data(client.products.get_product(products[0]["id"]))
    assert detail["id"] == products[0]["id"]
    wanted = models.InventorySearchRequest(product_ids=[product["id"] for product in products[:5]])
    inventory = data(client.products.inventory_search(body=wanted))["inventory"]
    assert {row["product_id"] for row in inventory} == {product["id"] for product in products[:5]}


def test_conversations_and_messages_are_read(client: Any) -> None:
    conversations = data(client.customer_service.get_conversations(page_size=20))["conversations"]
    messages = data(client.customer_service.get_conversation_messages(conversations[0]["id"], page_size=10))["messages"]
    assert messages


def test_statements_are_read(client: Any) -> None:
    statements = data(client.finance.get_statements(sort_field="statement_time"))["statements"]
    lines = data(client.finance.get_transactions_by_statement(statements[0]["id"], sort_field="order_create_time"))
    assert lines["currency"] == statements[0]["currency"]


def test_returns_cancellations_and_warehouses_are_read(client: Any) -> None:
    assert "total_count" in data(client.return_and_refund.search_returns(page_size="10"))
    assert "total_count" in data(client.return_and_refund.search_cancellations(page_size="10"))
    assert data(client.logistics.get_warehouse_list())["warehouses"]


def test_a_refusal_reaches_the_caller_with_its_code(client: Any, sdk: Any) -> None:
    with pytest.raises(sdk.TikTokShopError) as refusal:
        client.orders.get_order_list(page_size=1000)
    assert refusal.value.code == 36009004


def test_tokens_are_refreshed(world: Running, sdk: Any) -> None:
    store = world.stores[-1]
    auth = sdk.TikTokShopAuth(world.app["app_key"], world.app["app_secret"], base_url=world.base_url)
    tokens = auth.refresh(store["refresh_token"])
    assert tokens.access_token != store["access_token"]
    assert tokens.granted_scopes is not None
    assert "seller.order.info" in tokens.granted_scopes
    with sdk.TikTokShop(world.app["app_key"], world.app["app_secret"], tokens.access_token, base_url=world.base_url) as renewed:
        assert data(renewed.authorization.get_authorized_shops())["shops"]
    with pytest.raises(sdk.TikTokShopError) as refusal:
        auth.exchange_code("TTP_nothing")
    assert refusal.value.code == 36004004
