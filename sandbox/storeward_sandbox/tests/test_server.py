"""The platform's door over HTTP: what is checked, in which order, with which code and status."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader

from storeward_sandbox.clock import machine_now
from storeward_sandbox.tests.support import Json, Running, body_problems, running
from storeward_sandbox.tiktok_shop.buying import Wish, order_now
from storeward_sandbox.tiktok_shop.orders import Plan, release

SEARCH = "/order/202309/orders/search"
Spoil = Callable[[dict[str, str]], None]


@pytest.fixture(scope="module")
def small() -> Iterator[Running]:
    """Two stores of its own, with small budgets."""
    with running(stores=2, seed=3, rate_limit=6, chat_quota=4) as found:
        yield found


def search(sandbox: Running, **more: Json | Spoil | bytes | bool | None) -> tuple[int, Json]:
    answer = sandbox.send("POST", SEARCH, **{"query": {"page_size": 10}, "body": {}, **more})  # type: ignore[arg-type]
    return answer.status_code, answer.json()


def setting(name: str, value: str | None) -> Spoil:
    def change(query: dict[str, str]) -> None:
        query.pop(name, None)
        if value is not None:
            query[name] = value

    return change


def stamped(sandbox: Running, seconds: float) -> int:
    """The code for a request whose time stamp lies that far from now, properly signed."""
    return int(search(sandbox, query={"page_size": 1, "timestamp": str(int(machine_now() + seconds))})[1]["code"])


def test_a_good_request_gets_orders_in_the_platforms_envelope(sandbox: Running) -> None:
    status, body = search(sandbox)
    assert (status, body["code"], body["message"]) == (200, 0, "Success")
    assert len(body["data"]["orders"]) == 10
    assert body["request_id"]
    assert body_problems("getOrderList", body) == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (setting("app_key", "nobody"), 401, 36009004),
        (setting("timestamp", None), 401, 36009004),
        (setting("timestamp", "soon"), 401, 36009004),
        (setting("sign", None), 401, 36009004),
        (setting("sign", "0" * 64), 401, 106001),
        (setting("page_size", "11"), 401, 106001),
    ],
)
def test_a_spoilt_query_is_refused(sandbox: Running, change: Spoil, status: int, code: int) -> None:
    seen, body = search(sandbox, change=change)
    assert (seen, body["code"]) == (status, code)
    assert "data" not in body


def test_an_uppercase_sign_is_refused(sandbox: Running) -> None:
    def change(query: dict[str, str]) -> None:
        query["sign"] = query["sign"].upper()

    assert search(sandbox, change=change)[1]["code"] == 106001


def test_time_stamps_are_judged_by_the_machines_clock(sandbox: Running) -> None:
    assert [stamped(sandbox, seconds) for seconds in (-200, 0, 25)] == [0, 0, 0]
    assert [stamped(sandbox, seconds) for seconds in (-310, 120)] == [36009004, 36009004]


def test_the_path_is_checked_before_the_key_and_the_key_before_the_clock(sandbox: Running) -> None:
    wrong = sandbox.send("POST", "/order/202309/nowhere", change=setting("app_key", "nobody"))
    assert (wrong.status_code, wrong.json()["code"]) == (404, 36009009)
    assert sandbox.send("GET", SEARCH).json()["code"] == 36009010
    _, body = search(sandbox, query={"page_size": 1, "timestamp": "1"}, change=setting("app_key", "nobody"))
    assert "app_key" in body["message"]


def test_the_clock_is_checked_before_the_sign_and_the_sign_before_the_token(sandbox: Running) -> None:
    _, body = search(sandbox, query={"page_size": 1, "timestamp": "1"}, change=setting("sign", "bad"))
    assert "timestamp" in body["message"]
    _, body = search(sandbox, headers={"x-tts-access-token": "none"}, change=setting("sign", "bad"))
    assert body["code"] == 106001


def test_an_unknown_token_a_missing_one_and_a_missing_scope_are_told_apart(sandbox: Running) -> None:
    assert search(sandbox, headers={"x-tts-access-token": "TTP_none"})[1]["code"] == 105001
    assert search(sandbox, headers={"x-tts-access-token": ""})[1]["code"] == 36009004
    store = sandbox.stores[3]
    held = sandbox.platform.desk.of_shop(store["id"])
    assert held is not None
    granted, held.scopes = held.scopes, ("seller.shop.info",)
    try:
        status, body = search(sandbox, store=store)
    finally:
        held.scopes = granted
    assert (status, body["code"]) == (403, 105005)


def test_a_cipher_must_be_there_be_right_and_stay_away_where_it_does_not_belong(sandbox: Running) -> None:
    assert search(sandbox, cipher=False)[1]["code"] == 106013
    other = {**sandbox.stores[0], "shop_cipher": sandbox.stores[1]["shop_cipher"]}
    assert search(sandbox, store=other)[1]["code"] == 101000
    shops = sandbox.send("GET", "/authorization/202309/shops")
    assert (shops.status_code, shops.json()["code"]) == (400, 36009004)
    assert "unexpected identifier" in shops.json()["message"]


@pytest.mark.parametrize(
    ("query", "body", "words"),
    [
        ({}, {}, "page_size"),
        ({"page_size": 0}, {}, "page_size"),
        ({"page_size": 101}, {}, "page_size"),
        ({"page_size": "ten"}, {}, "page_size"),
        ({"page_size": 10, "sort_field": "total"}, {}, "sort_field"),
        ({"page_size": 10, "sort_order": "UP"}, {}, "sort_order"),
        ({"page_size": 10}, {"order_status": "LOST"}, "order_status"),
        ({"page_size": 10}, {"create_time_ge": "today"}, "create_time_ge"),
        ({"page_size": 10}, {"warehouse_ids": [str(n) for n in range(101)]}, "warehouse_ids"),
        ({"page_size": 10, "page_token": "b+/e30=="}, {}, "page_token"),
    ],
)
def test_a_bad_parameter_is_named(sandbox: Running, query: Json, body: Json, words: str) -> None:
    status, answer = search(sandbox, query=query, body=body)
    assert (status, answer["code"]) == (400, 36009004)
    assert words in answer["message"]


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"x"'])
def test_a_body_that_is_no_object_is_refused(sandbox: Running, raw: bytes) -> None:
    assert search(sandbox, body=raw)[1]["code"] == 36009022


def test_the_sign_covers_the_bytes_that_were_sent(sandbox: Running) -> None:
    assert search(sandbox, body=b'{  "order_status" :"COMPLETED"}')[1]["code"] == 0


def test_an_upload_must_be_multipart(sandbox: Running) -> None:
    answer = sandbox.send("POST", "/product/202309/images/upload", body={}, cipher=False)
    assert answer.json()["code"] == 36009023


def test_every_order_is_listed_once_over_all_pages(sandbox: Running) -> None:
    for field in ("create_time", "update_time"):
        seen: list[str] = []
        query: Json = {"page_size": 7, "sort_field": field, "sort_order": "ASC"}
        while True:
            data = sandbox.ask("getOrderList", query=query)
            seen += [order["id"] for order in data["orders"]]
            if not data["next_page_token"]:
                break
            query["page_token"] = data["next_page_token"]
            assert all(sign in query["page_token"] for sign in "/+=")
        assert len(seen) == len(set(seen)) == data["total_count"]


def test_a_page_token_is_bound_to_its_filters(sandbox: Running) -> None:
    token = sandbox.ask("getOrderList", query={"page_size": 5})["next_page_token"]
    _, body = search(sandbox, query={"page_size": 5, "page_token": token}, body={"order_status": "COMPLETED"})
    assert (body["code"], "page_token" in body["message"]) == (36009004, True)
    assert search(sandbox, query={"page_size": 3, "page_token": token})[1]["code"] == 0


def test_ids_may_be_joined_by_commas_or_repeated(sandbox: Running) -> None:
    ids = [order["id"] for order in sandbox.ask("getOrderList", query={"page_size": 2})["orders"]]
    joined = sandbox.ask("getOrderDetail", query={"ids": ",".join(ids)})
    assert [order["id"] for order in joined["orders"]] == ids
    older = sandbox.ask("getOrderDetail_202309", query={"ids": ids[0]})
    assert "payment_card_type" not in older["orders"][0]
    too_many = sandbox.send("GET", "/order/202507/orders", query={"ids": ",".join(str(n) for n in range(51))})
    assert too_many.json()["code"] == 36009004


def test_filters_narrow_the_list_and_an_empty_list_is_left_out(sandbox: Running) -> None:
    found = sandbox.ask("getOrderList", query={"page_size": 100}, body={"order_status": "ON_HOLD"})
    assert {order["status"] for order in found["orders"]} == {"ON_HOLD"}
    assert all("recipient_address" not in order for order in found["orders"])
    none = sandbox.ask("getOrderList", query={"page_size": 10}, body={"create_time_lt": 1_000_000_000})
    assert none == {"next_page_token": "", "total_count": 0}


def test_a_label_is_fetched_and_its_address_dies_after_a_day(small: Running) -> None:
    store = next(one for one in small.stores if one["region"] != "US")
    shop = small.shop(store)
    small.control("/truth")
    order = order_now(shop, Plan(pays=0, arranges=None, scans=None), Wish(by_platform=False, shipping_type="TIKTOK"))
    assert order is not None
    shop.timeline.run_until(shop.now)
    release(shop, order)
    ids = {"package_id": order.package_ids[0]}
    small.ask("shipPackage", ids=ids, store=store, body={})
    small.control("/clock", {"advance": "5s"})
    document = small.ask("getPackageShippingDocument", ids=ids, store=store, query={"document_type": "SHIPPING_LABEL"})
    good = small.http.get(document["doc_url"])
    assert good.headers["content-type"] == "application/pdf"
    assert document["tracking_number"] in PdfReader(BytesIO(good.content)).pages[0].extract_text()
    picture = small.ask("getPackageShippingDocument", ids=ids, store=store, query={"document_type": "SHIPPING_LABEL_PICTURE"})
    assert small.http.get(picture["doc_url"]).headers["content-type"] == "image/png"
    small.control("/clock", {"advance": "1d"})
    assert small.http.get(document["doc_url"]).status_code == 403
    assert small.http.get(document["doc_url"].replace("documents/", "documents/0")).status_code == 404


def test_each_endpoint_and_store_has_a_budget_of_its_own_and_overdraft_is_counted(
    small: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small.platform.rate, "ticks", lambda: 1e9)  # all within one second, however slow the machine
    small.control("/stats/reset", {})
    first, second = small.stores
    codes = [search(small, store=first)[1]["code"] for _ in range(9)]
    assert codes.count(36009002) == 3
    assert small.send("POST", SEARCH, store=first, query={"page_size": 1}).status_code == 429
    assert search(small, store=second)[1]["code"] == 0
    rate = small.control("/stats")["platforms"]["tiktok_shop"]["rate"]
    assert (rate["exceeded"], rate["peak_per_second"]) == (4, 6)
    assert rate["exceeded_by"] == [{"operation": "getOrderList", "store": first["id"], "times": 4}]


def test_the_chat_quota_is_counted_by_the_day(small: Running) -> None:
    path = "/customer_service/202309/conversations"
    codes = [small.send("GET", path, query={"page_size": 1}).json()["code"] for _ in range(5)]
    assert codes == [0, 0, 0, 0, 45101004]
