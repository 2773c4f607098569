"""A walk through every read operation, in several markets and states: each answer is what the platform describes.

Writes are held against the description where they are tested (`checked` in support.py).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.tests.support import START, Json, Running, base_name, body_problems, described, running
from storeward_sandbox.tiktok_shop.registry import OPERATIONS, Operation

READ_WORDS = ("get", "search", "check", "inventorySearch")
# Asked everywhere, but refused in some markets or states; the refusal is the right answer there.
MAY_REFUSE = {
    "getSPSOverview", "getSPSMetrics", "getSPSMetricDiagnosis", "getSPSMetricProblemDetails", "getSPSMetricTopItems",
    "getPayments", "getPayments_202309", "getLogisticsTracking", "getEligibleShippingServices",
    "getPackageShippingDocument", "getPackageHandoverTimeSlots", "getShippingProviders",
}  # fmt: skip
QUERY: dict[str, Json] = {
    "searchAftersalesRequests": {},
    "searchReturnMerchandiseAuthorizations": {},
    "getStatements": {"sort_field": "statement_time"},
    "getTransactionsByStatement": {"sort_field": "order_create_time"},
    "getPayments": {"sort_field": "create_time"},
    "getPayments_202309": {"sort_field": "create_time"},
    "getUnsettledTransactions": {"sort_field": "order_create_time"},
    "getSellerFinancialTransactions": {"types": "WITHDRAW,SETTLE,TRANSFER,REVERSE"},
    "getPackageShippingDocument": {"document_type": "SHIPPING_LABEL"},
}
PAGED = {"page_size": 10}


def reads() -> list[Operation]:
    return [one for name, one in sorted(OPERATIONS.items()) if name.startswith(READ_WORDS)]


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=12, seed=31, rate_limit=10_000) as found:
        yield found


def dates() -> Json:
    def day(instant: int) -> str:
        return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d")

    return {
        "start_date_ge": day(START - 14 * DAY),
        "end_date_lt": day(START),
        "support_date_ge": day(START - 14 * DAY),
        "support_date_lt": day(START),
        "date": day(START - DAY),
    }


def known_ids(world: Running, store: Json) -> dict[str, str]:
    """An id of every kind, from the lists of the store."""
    orders = world.ask("getOrderList", store=store, query={"page_size": 100})["orders"]
    packages = world.ask("searchPackage", store=store, query={"page_size": 50}).get("packages", [])
    products = world.ask("searchProducts", store=store, query={"page_size": 10}, body={})["products"]
    chats = world.ask("getConversations", store=store, query={"page_size": 20})["conversations"]
    cancels = world.ask("searchCancellations", store=store, query={"page_size": 10}, body={}).get("cancellations", [])
    returns = world.ask("searchReturns", store=store, query={"page_size": 10}, body={}).get("return_orders", [])
    statements = world.ask("getStatements", store=store, query=QUERY["getStatements"]).get("statements", [])
    places = world.ask("getWarehouseList", store=store)["warehouses"]
    after_sale = (returns or [{"return_id": cancels[0]["cancel_id"]}])[0]["return_id"]
    options = world.ask("getWarehouseDeliveryOptions", store=store, ids={"warehouse_id": places[0]["id"]})["delivery_options"]
    sent = next((order for order in orders if order["status"] in ("DELIVERED", "COMPLETED")), orders[0])
    return {
        "order_id": sent["id"],
        "order_ids": sent["id"],
        "ids": ",".join(order["id"] for order in orders[:3]),
        "package_id": packages[0]["id"] if packages else "1",
        "product_id": products[0]["id"],
        "product_ids": products[0]["id"],
        "conversation_id": chats[0]["id"],
        "return_id": after_sale,
        "return_or_cancel_id": after_sale,
        "statement_id": statements[0]["id"] if statements else "1",
        "warehouse_id": places[0]["id"],
        "delivery_option_id": options[-1]["id"],
        "metric_code": "SFCR",
        "seller_id": store["id"],
        **dates(),
    }


def asked(operation: Operation, known: dict[str, str]) -> tuple[dict[str, str], Json]:
    """The ids of the path and the required parameters of the query."""
    told = described()[base_name(operation.name)]
    parameters = [one for one in told["parameters"] if "name" in one]
    path_ids = {one["name"]: known[one["name"]] for one in parameters if one["in"] == "path"}
    required = {one["name"] for one in parameters if one["in"] == "query" and one.get("required")}
    query = {name: known[name] for name in required if name in known}
    return path_ids, query | (PAGED if "page_size" in required else {}) | QUERY.get(operation.name, {})


def body_of(operation: Operation, known: dict[str, str]) -> Json | None:
    if operation.method == "GET":
        return None
    bodies: dict[str, Json] = {
        "inventorySearch": {"product_ids": [known["product_ids"]]},
        "searchSessions": {"begin_time_ge": START - 60 * DAY, "begin_time_lt": START + 9 * DAY},
    }
    return bodies.get(operation.name, {})


def walk(world: Running, store: Json) -> dict[str, Any]:
    """Ask everything once; the refusals by operation. Every good answer must be as described."""
    known, refused = known_ids(world, store), {}
    for operation in reads():
        ids, query = asked(operation, known)
        answer = world.send(
            operation.method,
            operation.path.format(**ids),
            store=store,
            query=query,
            body=body_of(operation, known),
            cipher=operation.cipher,
        ).json()
        if answer["code"] != 0:
            refused[operation.name] = answer
            continue
        assert body_problems(operation.name, answer) == [], (store["region"], operation.name)
    return refused


@pytest.mark.parametrize("passing", ["0h", "2d"])
def test_every_read_answers_as_described_in_every_market(world: Running, passing: str) -> None:
    if passing != "0h":
        world.control("/clock", {"advance": passing})
        world.renew()
    seen = set()
    for store in world.stores[:6]:
        refused = walk(world, store)
        surprising = {name: answer for name, answer in refused.items() if name not in MAY_REFUSE}
        assert surprising == {}, store
        seen.add(store["region"])
    assert seen >= {"MY", "PH", "TH", "VN", "SG", "US"}


def test_the_score_is_offered_in_the_us_and_refused_elsewhere(world: Running) -> None:
    for store in world.stores[:6]:
        score, payments = OPERATIONS["getSPSOverview"], OPERATIONS["getPayments"]
        answer = world.send(score.method, score.path, store=store).json()
        assert (answer["code"] != 0) == (store["region"] != "US")
        answer = world.send(payments.method, payments.path, store=store, query=QUERY["getPayments"]).json()
        assert (answer["code"] != 0) == (store["region"] in ("MY", "PH", "TH", "VN", "SG"))
