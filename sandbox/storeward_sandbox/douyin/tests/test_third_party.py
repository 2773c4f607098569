"""The PyPI client `doudian`, unmodified but for the address, does a day's work against the sandbox.

It is a judge of its own kind: it signs a time stamp as text, sends Chinese letters escaped, knows the old envelope only, and gets
its tokens as a self-developed app and as a service.
"""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from doudian import AppType, DouDian

from storeward_sandbox.clock import DAY
from storeward_sandbox.douyin.signing import push_sign
from storeward_sandbox.douyin.tests.support import START, Json, Running, running


class Client(DouDian):  # type: ignore[misc]
    """The client, pointed at an address of ours: its own is fixed when it is made."""

    address = ""

    @property
    def _gate_way(self) -> str:
        return self.address

    @_gate_way.setter
    def _gate_way(self, fixed: str) -> None:
        """Theirs is not wanted."""


@pytest.fixture(scope="module")
def china() -> Iterator[None]:
    """The client stamps its requests with the machine's local time and means China's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="module")
def world(china: None) -> Iterator[Running]:
    with running(stores=4, seed=21, redirect_url="http://127.0.0.1:1/back") as found:
        Client.address = found.base_url
        yield found


@pytest.fixture(scope="module")
def client(world: Running) -> DouDian:
    """As a self-developed app, for the first shop."""
    return Client(world.app["app_key"], world.app["app_secret"], AppType.SELF, shop_id=world.stores[0]["id"])


def data(answer: Any) -> Any:
    """What the client has understood."""
    assert answer is not None
    assert answer["err_no"] == 0, answer
    assert answer["code"] == 10000
    return answer["data"]


def all_orders(client: DouDian) -> list[Json]:
    found: list[Json] = []
    page = 0
    while True:
        asked = {"page": page, "size": 10, "create_time_start": START - 90 * DAY, "create_time_end": START + DAY}
        answer = data(client.request("/order/searchList", asked))
        found += answer["shop_order_list"]
        page += 1
        if not answer["shop_order_list"]:
            assert answer["total"] == len(found)
            return found


def test_it_gets_tokens_for_a_shop_of_its_own(world: Running, client: DouDian) -> None:
    assert client._token["access_token"] == world.stores[0]["access_token"]
    assert client._token["shop_name"] == world.stores[0]["name"]


def test_it_lists_orders_over_all_pages_and_reads_them_in_detail(world: Running, client: DouDian) -> None:
    orders = all_orders(client)
    truth = world.control("/truth")["platforms"]["douyin"]["stores"][world.stores[0]["id"]]
    assert len({order["order_id"] for order in orders}) == truth["orders"]
    detail = data(client.request("/order/orderDetail", {"shop_order_id": orders[0]["order_id"]}))["shop_order_detail"]
    assert detail["order_id"] == orders[0]["order_id"]
    assert int(detail["order_id"]) > 2**53


def test_it_ships_an_order_with_a_chinese_company_name(client: DouDian) -> None:
    waiting = next(order for order in all_orders(client) if order["order_status"] == 2 and not _in_case(order))
    companies = data(client.request("/order/logisticsCompanyList", {}))
    asked = {
        "order_id": waiting["order_id"],
        "company": companies[0]["name"],
        "company_code": companies[0]["code"],
        "logistics_code": "YT1387990014325",
    }
    assert client.request("/order/logisticsAdd", asked)["err_no"] == 0
    shipped = data(client.request("/order/orderDetail", {"shop_order_id": waiting["order_id"]}))["shop_order_detail"]
    assert (shipped["order_status"], shipped["logistics_info"][0]["tracking_no"]) == (3, "YT1387990014325")
    again = client.request("/order/logisticsAdd", asked)
    assert (again["code"], again["sub_code"]) == (50002, "isv.business-failed:60110")
    assert again["err_no"] != 0


def _in_case(order: Json) -> bool:
    return any(line["after_sale_info"]["after_sale_status"] for line in order["sku_order_list"])


def test_it_reads_products_stock_cases_bills_and_scores(client: DouDian) -> None:
    products = data(client.request("/product/listV2", {"page": 1, "size": 20}))["data"]
    skus = data(client.request("/sku/list", {"product_id": products[0]["product_id"]}))
    stock = data(client.request("/sku/stockNum", {"sku_id": skus[0]["id"]}))
    assert stock["stock_num"] == skus[0]["stock_num"]
    assert data(client.request("/afterSale/List", {"page": 0, "size": 10}))["total"] >= 0
    span = {"start_time": "2026-09-20 00:00:00", "end_time": "2026-11-18 00:00:00", "size": 100}
    assert data(client.request("/order/getShopAccountItem", span))["data"]
    assert data(client.request("/shop/reputation", {}))["shop_score"]


def test_it_gets_tokens_by_the_consent_page_as_a_service(world: Running) -> None:
    service = Client(world.app["app_key"], world.app["app_secret"], AppType.TOOL)
    link = urlsplit(service.build_auth_url(world.app["service_id"], "s1"))
    page = world.http.get(world.base_url + link.path, params=parse_qs(link.query))
    assert page.status_code == 200
    form = {"shop_id": world.stores[1]["id"], "state": "s1", "decision": "approve"}
    back = world.http.post(f"{world.base_url}/authorize/decide", data=form).headers["location"]
    assert service.init_token(parse_qs(urlsplit(back).query)["code"][0]) is True
    assert data(service.request("/shop/reputation", {}))["shop_id"] == int(world.stores[1]["id"])
    assert service.init_token("spent") is False


def test_it_refreshes_its_token_near_the_end(world: Running) -> None:
    store = world.stores[2]
    found = Client(world.app["app_key"], world.app["app_secret"], AppType.SELF, shop_id=store["id"])
    held = world.platform.desk.of_shop(store["id"])
    assert held is not None
    held.pair.access_ends = int(time.time()) + 600
    found._token["expires_in"] = int(time.time()) + 600
    assert data(found.request("/shop/reputation", {}))["shop_id"] == int(store["id"])
    assert found._token["access_token"] == held.pair.access != store["access_token"]


def test_it_tells_a_push_of_ours_from_a_forged_one(world: Running, client: DouDian) -> None:
    body = '[{"tag":"100","msg_id":"1","data":"{\\"remark\\":\\"换 <XL>\\"}"}]'.encode()
    sign = push_sign(key=world.app["app_key"], secret=world.app["app_secret"], body=body)
    headers = {"app-id": world.app["app_key"], "event-sign": sign}
    assert client.callback(headers, body)[0]["tag"] == "100"
    assert client.callback({**headers, "event-sign": "0" * 32}, body) is None


def test_a_wrong_secret_leads_nowhere(world: Running) -> None:
    found = Client(world.app["app_key"], "another secret", AppType.SELF, shop_id=world.stores[3]["id"])
    assert found._token is None
