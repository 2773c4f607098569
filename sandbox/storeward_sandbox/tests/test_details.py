"""The sandbox's own knowledge agrees with what a client can read, over HTTP."""

from decimal import Decimal

import pytest

from storeward_sandbox.life import TROUBLES
from storeward_sandbox.tests.support import Json, Running, make_shop
from storeward_sandbox.tiktok_shop.details import details

OUT = {"WITHDRAW", "PAYMENT", "POLICY_VIOLATION_DEDUCTION"}


def every_page(sandbox: Running, operation: str, store: Json, key: str, **query: str) -> list[Json]:
    rows: list[Json] = []
    token = ""
    while True:
        answer = sandbox.ask(operation, store=store, query={"page_size": "50", **query, "page_token": token})
        rows += answer.get(key, [])
        token = answer.get("next_page_token") or ""
        if not token:
            return rows


def known(sandbox: Running) -> dict[str, Json]:
    found: dict[str, Json] = sandbox.control("/details")["platforms"]["tiktok_shop"]["stores"]
    return found


def test_every_balance_can_be_reckoned_from_the_wallet(sandbox: Running) -> None:
    stores = known(sandbox)
    for store in sandbox.stores:
        rows = every_page(
            sandbox, "getSellerFinancialTransactions", store, "withdrawals", types="SETTLE,WITHDRAW,TRANSFER,REVERSE"
        )
        balance = sum((-Decimal(row["amount"]) if row["type"] in OUT else Decimal(row["amount"]) for row in rows), Decimal(0))
        assert balance == Decimal(stores[store["id"]]["finance"]["balance"]), store["name"]


def test_every_task_can_be_read_with_its_deadline(sandbox: Running) -> None:
    stores = known(sandbox)
    for store in sandbox.stores:
        returns = every_page(sandbox, "searchReturns", store, "return_orders")
        cancellations = every_page(sandbox, "searchCancellations", store, "cancellations")
        owed = {
            (row.get("return_id") or row["cancel_id"], task["action"], task["deadline"])
            for row in (*returns, *cancellations)
            for task in row.get("seller_next_action_response", [])
        }
        assert owed == {(one["id"], one["action"], one["deadline"]) for one in stores[store["id"]]["to_answer"]}


def test_a_fleet_of_twelve_shows_every_trouble(sandbox: Running) -> None:
    stores = known(sandbox).values()
    assert {trouble for one in stores for trouble in one["troubles"]} == set(TROUBLES)
    assert any(Decimal(one["finance"]["balance"]) < 0 for one in stores)
    assert any(one["stock"].get("OUT_OF_STOCK") for one in stores)
    assert any(one["waiting_buyers"]["count"] >= 4 for one in stores)
    assert sum(len(one["to_answer"]) for one in stores) >= 6


@pytest.mark.parametrize("region", ["MY", "US"])
def test_the_most_urgent_task_comes_first(region: str) -> None:
    tasks = details(make_shop(region, ("returns",)))["to_answer"]
    assert len(tasks) >= 3
    deadlines = [one["deadline"] for one in tasks]
    assert deadlines == sorted(deadlines)


@pytest.mark.parametrize("seed", range(1, 7))
def test_where_returns_are_the_trouble_one_is_due_within_hours(seed: int) -> None:
    shop = make_shop("TH", ("returns",), seed=seed)
    assert details(shop)["to_answer"][0]["deadline"] - shop.now < 12 * 3_600
