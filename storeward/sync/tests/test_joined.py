"""Orders whose items come by a call of their own: the two halves are one record before anything is written."""

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from storeward import canon
from storeward.accounts.people import create_workspace
from storeward.connectors.contract import Level, Problem, Request, Stream, Tokens
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.lib.crypto import create_keys
from storeward.records.models import Order
from storeward.stores.models import Store
from storeward.stores.registering import adopt, register_app
from storeward.sync.cursors import Position
from storeward.sync.feed import Key, pieces
from storeward.sync.pull import Pulled, pull
from storeward.sync.push import pull_one
from storeward.sync.tests.conftest import run
from storeward.sync.tests.test_feed import NOW, ORDERS, Platform, ids, order, walked

ROOT = Path(__file__).resolve().parents[3]


def join(row: canon.Record, told: canon.Record) -> canon.Record:
    assert isinstance(row, canon.Order)
    assert isinstance(told, canon.OrderLines)
    return canon.Order(
        platform_order_id=row.platform_order_id,
        platform_status=row.platform_status,
        status=row.status,
        updated_at=row.updated_at,
        lines=told.lines,
    )


def halved(per_call: int = 2) -> Stream:
    """The orders' stream of a platform that lists orders without their items."""

    def details(wanted: Sequence[str]) -> Request:
        return Request("details", "GET", "/details", {"page_token": ",".join(wanted)})

    return replace(ORDERS, details=details, details_per_call=per_call, joined=join)


def items_of(number: int) -> canon.OrderLines:
    line = canon.OrderLine(platform_line_id=f"line-{number}")
    return canon.OrderLines(platform_order_id=str(number), lines=(line,))


def line_ids(platform: Platform, stream: Stream) -> dict[str, list[str]]:
    found = [record for piece in walked(platform, stream) for record in piece.answer.parsed.records]
    return {one.platform_id: [line.platform_line_id for line in one.lines] for one in found if isinstance(one, canon.Order)}


def test_each_row_is_joined_with_its_own_items() -> None:
    platform = Platform(
        {
            None: ([order(1), order(2), order(3)], "b"),
            "1,2": ([items_of(2), items_of(1)], None),
            "3": ([items_of(3)], None),
            "b": ([order(4)], None),
            "4": ([items_of(4)], None),
        }
    )
    assert line_ids(platform, halved()) == {"1": ["line-1"], "2": ["line-2"], "3": ["line-3"], "4": ["line-4"]}
    assert platform.asked == [None, "1,2", "3", "b", "4"]


def test_a_row_of_which_nothing_is_told_stays_as_it_is() -> None:
    platform = Platform({None: ([order(1), order(2)], None), "1,2": ([items_of(2)], None)})
    assert line_ids(platform, halved()) == {"1": [], "2": ["line-2"]}


def test_a_page_without_rows_asks_for_no_items() -> None:
    platform = Platform({None: ([], None)})
    assert (line_ids(platform, halved()), platform.asked) == ({}, [None])


def test_a_page_moves_on_only_when_its_items_are_known() -> None:
    platform = Platform({None: ([order(1), order(5)], None), "1,5": ([items_of(1)], None)})
    (piece,) = walked(platform, halved())
    assert piece.position.high == NOW + timedelta(minutes=5)
    assert ids([piece]) == ["1", "5"]


def test_both_payloads_are_kept_as_one_so_that_a_change_of_either_counts() -> None:
    platform = Platform({None: ([order(1)], None), "1": ([items_of(1)], None)})
    (piece,) = walked(platform, halved())
    assert [json.loads(raw) for _, raw in piece.answer.parsed.items] == [{"row": {}, "details": {}}]


def test_what_could_not_be_read_of_the_items_is_told_with_the_page() -> None:
    problem = Problem("data[0].status", "is odd", Level.NOTE)

    class Odd(Platform):
        async def call(self, request: Request) -> Any:
            answer = await super().call(request)
            if request.operation == "details":
                answer.parsed.problems.append(problem)
            return answer

    platform = Odd({None: ([order(1)], None), "1": ([items_of(1)], None)})
    (piece,) = walked(platform, halved())
    assert piece.answer.parsed.problems == [problem]


def test_keys_with_a_span_are_asked_about_the_latest_one_that_is_allowed() -> None:
    asked: list[tuple[Any, Any, Sequence[str]]] = []

    def first(ask: Any) -> Request:
        asked.append((ask.since, ask.until, ask.keys))
        return Request("reviews", "GET", "/reviews")

    stream = replace(connector_for("lazada").streams["reviews"], first=first, details=None)
    platform = Platform({None: ([], None)})

    async def main() -> None:
        async for _ in pieces(platform.client, stream, Position(), [Key("9"), Key("8")]):
            pass

    asyncio.run(main())
    assert [keys for _, _, keys in asked] == [["9"], ["8"]]
    assert {until - since for since, until, _ in asked} == {timedelta(days=7)}
    assert all(until > clock.now() for _, until, _ in asked)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[tuple[str, dict[str, Any]]]:
    """Lazada's, with one store on each site, whose clock stands."""
    command = [sys.executable, "-m", "storeward_sandbox", "serve", "--port-base", "0", "--stores", "6", "--frozen"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sandbox")}
    options = ["--seed", "5", "--platform", "lazada"]
    with subprocess.Popen([*command, *options], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = [line.split() for line in iter(process.stdout.readline, "ready\n") if line]
        control = next(words[1] for words in said if words[0] == "control")
        with urllib.request.urlopen(control + "/credentials", timeout=30) as answer:
            yield control, json.load(answer)["platforms"]["lazada"]
        process.terminate()


@pytest.fixture
def lazada_store(sandbox: tuple[str, dict[str, Any]], transactional_db: None, tmp_path: Path, settings: Settings) -> Store:
    """A Thai store that is connected to the sandbox."""
    settings.CREDENTIAL_KEYS = tmp_path / "credentials.keys"
    create_keys(settings.CREDENTIAL_KEYS)
    _, told = sandbox
    given = next(one for one in told["stores"] if one["region"] == "TH")
    app = register_app(
        workspace=create_workspace(slug="team", name="Team", now=NOW),
        platform="lazada",
        name="Ours",
        app_key=told["app_key"],
        app_secret=told["app_secret"],
        base_url=told["base_url"],
        auth_url=told["auth_url"],
        now=NOW,
    )
    tokens = Tokens(given["access_token"], given["refresh_token"], clock.now() + timedelta(days=7), None, given["id"])
    profile = canon.StoreProfile(platform_store_id=given["id"], name=given["name"], region="TH")
    (made,) = adopt(app, tokens, [profile], now=NOW)
    return made


def pulled(store: Store) -> Pulled:
    found = run(lambda: pull(store.pk, everything=True))
    assert isinstance(found, Pulled)
    return found


def test_a_whole_store_is_pulled_and_equals_the_sandbox(lazada_store: Store, sandbox: tuple[str, dict[str, Any]]) -> None:
    found = pulled(lazada_store)
    assert found.failed == {}
    with urllib.request.urlopen(sandbox[0] + "/truth", timeout=60) as answer:
        truth = json.load(answer)["platforms"]["lazada"]["stores"][lazada_store.platform_store_id]
    held = list(Order.objects.filter(store=lazada_store))
    assert Counter(one.platform_status for one in held) == truth["orders_by_status"]
    assert {one.currency for one in held} == {"THB"}
    assert all(one.data["lines"] for one in held)
    owed = [one for one in held if one.status in {"to_ship", "to_collect", "partly_shipped"}]
    assert owed
    assert all(one.ship_by_at is not None for one in owed)
    kinds = {"order", "listing", "conversation", "message", "statement", "transaction", "metric", "cancellation"}
    assert kinds <= found.applied.changed.keys()


def test_a_second_pull_changes_nothing(lazada_store: Store) -> None:
    pulled(lazada_store)
    again = pulled(lazada_store)
    assert again.failed == {}
    assert again.applied.changed == {}


def test_an_order_that_a_push_names_is_read_back_with_its_items(lazada_store: Store) -> None:
    pulled(lazada_store)
    held = Order.objects.filter(store=lazada_store, status="to_ship").first()
    assert held is not None
    run(lambda: pull_one(lazada_store.pk, "order", held.platform_id))
    after = Order.objects.get(pk=held.pk)
    assert (after.data["lines"], after.ship_by_at) == (held.data["lines"], held.ship_by_at)
