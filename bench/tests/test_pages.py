"""The pages that the sync benchmark serves are pages that the product would meet."""

import asyncio
from datetime import UTC, datetime
from random import Random

import aiohttp
import msgspec
import psycopg
import pytest

from bench import ceiling, pages
from storeward.canon import Order
from storeward.connectors.tiktok_shop import CONNECTOR
from storeward.lib.postgres import Database

NOW = 1_795_312_800
PAGES = 3


@pytest.fixture(scope="module")
def bodies() -> list[bytes]:
    return pages.build(PAGES, NOW)


def orders_of(body: bytes) -> list[Order]:
    parsed = CONNECTOR.operation("getOrderList").parse(body, {})
    assert parsed.problems == []
    return [record for record in parsed.records if isinstance(record, Order)]


def test_every_order_of_a_page_is_read_without_a_problem(bodies: list[bytes]) -> None:
    for body in bodies:
        assert len(orders_of(body)) == pages.PER_PAGE


def test_no_order_stands_on_two_pages(bodies: list[bytes]) -> None:
    ids = [order.platform_order_id for body in bodies for order in orders_of(body)]
    assert len(set(ids)) == PAGES * pages.PER_PAGE


def test_each_page_names_the_next_and_the_last_names_none(bodies: list[bytes]) -> None:
    tokens = [msgspec.json.decode(body)["data"]["next_page_token"] for body in bodies]
    assert tokens == ["1", "2", ""]


def test_the_same_seed_gives_the_same_pages_and_another_seed_others(bodies: list[bytes]) -> None:
    assert pages.build(PAGES, NOW) == bodies
    assert pages.build(PAGES, NOW, seed=2) != bodies


def test_orders_are_of_the_last_two_weeks_and_of_every_status() -> None:
    rng = Random(7)
    made = [pages.order(number, NOW, rng) for number in range(300)]
    placed = [order["create_time"] for order in made]
    assert all(isinstance(at, int) and NOW - 14 * 86_400 < at <= NOW for at in placed)
    assert {order["status"] for order in made} == set(pages.STATUSES)


def test_orders_have_one_to_three_lines_with_ids_of_their_own() -> None:
    parsed = orders_of(pages.build(1, NOW)[0])
    assert {len(order.lines) for order in parsed} == {1, 2, 3}
    line_ids = [line.platform_line_id for order in parsed for line in order.lines]
    assert len(set(line_ids)) == len(line_ids)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("http://127.0.0.1:1/order/202309/orders/search?page_token=17", 17),
        ("http://127.0.0.1:1/order/202309/orders/search?page_size=100&page_token=", 0),
        ("http://127.0.0.1:1/order/202309/orders/search", 0),
    ],
)
def test_an_address_says_which_page_it_asks_for(url: str, page: int) -> None:
    assert pages.page_of(url) == page


async def fetch(address: str, token: str) -> bytes:
    async with aiohttp.ClientSession() as session, session.post(f"{address}/order?page_token={token}", json={}) as answer:
        assert answer.status == 200
        return await answer.read()


def test_the_server_of_pages_hands_out_the_page_that_was_asked_for(bodies: list[bytes]) -> None:
    with pages.serving(PAGES, NOW) as address:
        assert asyncio.run(fetch(address, "")) == bodies[0]
        assert asyncio.run(fetch(address, "2")) == bodies[2]


@pytest.fixture
def empty_database(database_server: Database) -> str:
    asyncio.run(ceiling.clean(database_server.url))
    return database_server.url


def rows(url: str) -> list[tuple[str, str, datetime, int]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT platform_id, status, placed_at, lines FROM ceiling_order ORDER BY platform_id"
        ).fetchall()


def test_the_ceiling_really_writes_every_order(empty_database: str, bodies: list[bytes]) -> None:
    """A denominator that skips work would flatter nobody but mislead everybody."""
    with pages.serving(PAGES, NOW) as address:
        assert asyncio.run(ceiling.run(empty_database, address, PAGES)) == PAGES * pages.PER_PAGE
    expected = sorted(
        (order.platform_order_id, str(order.platform_status), order.placed_at, len(order.lines))
        for body in bodies
        for order in orders_of(body)
    )
    assert [(key, status, at.astimezone(UTC), lines) for key, status, at, lines in rows(empty_database)] == expected
    asyncio.run(ceiling.clean(empty_database))


def test_the_ceiling_written_twice_holds_every_order_once(empty_database: str) -> None:
    with pages.serving(PAGES, NOW) as address:
        for _ in range(2):
            asyncio.run(ceiling.run(empty_database, address, PAGES, together=2))
    assert len(rows(empty_database)) == PAGES * pages.PER_PAGE
    asyncio.run(ceiling.clean(empty_database))
