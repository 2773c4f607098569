"""What `sync` asks, page by page, against a list that changes while it is read."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from storeward.canon import Record
from storeward.connectors.contract import Ask, Progress, Request, Stream
from storeward.connectors.douyin import CONNECTOR
from storeward.connectors.douyin.streams import STREAMS

from .samples import ok

SINCE = datetime.fromtimestamp(1_690_000_000, UTC)
UNTIL = SINCE + timedelta(days=1)


def sent(request: Request) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(request.body or b"{}")
    return told


class Shelf:
    """A list as the platform keeps it: rows of (id, changed at), oldest change first, `size` to a page."""

    def __init__(self, stream: str, rows: dict[str, int]) -> None:
        self.stream, self.rows, self.asked = STREAMS[stream], rows, list[dict[str, Any]]()

    def answer(self, request: Request) -> bytes:
        told = sent(request)
        self.asked.append(told)
        start = told.get("update_time_start", told.get("update_start_time", 0))
        end = told.get("update_time_end", told.get("update_end_time", 10**12))
        found = sorted((at, name) for name, at in self.rows.items() if start <= at < end)
        page = found[told["page"] * told["size"] :][: told["size"]]
        rows = [self.row(name, at) for at, name in page]
        field = "shop_order_list" if self.stream.name == "orders" else "items"
        more = {"has_more": (told["page"] + 1) * told["size"] < len(found)} if self.stream.name == "returns" else {}
        return json.dumps(ok({field: rows, "total": len(found), "page": told["page"], "size": len(rows), **more})).encode()

    def row(self, name: str, at: int) -> dict[str, Any]:
        if self.stream.name == "orders":
            return {"order_id": name, "order_status": 2, "update_time": at}
        return {"aftersale_info": {"aftersale_id": name, "aftersale_status": 6, "update_time": at}}


def pages(shelf: Shelf, *, size: int, most: int = 60) -> Iterator[list[Record]]:
    """Every page, as the client asks for them: a token that repeats would stop it."""
    stream = shelf.stream
    request: Request | None = stream.first(Ask(since=SINCE, until=UNTIL, page_size=size))
    followed: set[str] = set()
    while request is not None:
        parsed = CONNECTOR.parse(request, shelf.answer(request))
        assert not parsed.problems
        yield parsed.records
        token = parsed.next_page
        assert token not in followed, "a token came twice"
        assert len(followed) < most, "it never ends"
        followed.add(token or "")
        request = stream.turn(request, token) if token is not None else None


def ids(found: Iterator[list[Record]]) -> set[str]:
    return {record.platform_id for page in found for record in page}


START = 1_690_000_000
EVEN = {str(nth): START + nth for nth in range(1, 24)}
SAME_SECOND = {str(nth): START + 5 for nth in range(1, 24)}
CROWDED = {str(nth): START + nth // 9 for nth in range(1, 40)}
LISTS: list[tuple[str, dict[str, int]]] = [
    ("none", {}),
    ("one", {"1": START}),
    ("one a second", EVEN),
    ("all in one second", SAME_SECOND),
    ("nine in each second", CROWDED),
    ("a full page exactly", {str(nth): START + nth for nth in range(1, 6)}),
    ("one more than a page", {str(nth): START + nth for nth in range(1, 7)}),
    ("at both edges", {"1": START, "2": START + 86_399}),
]


@pytest.mark.parametrize(("case", "rows"), LISTS, ids=[case[0] for case in LISTS])
@pytest.mark.parametrize("stream", ["orders", "returns"])
@pytest.mark.parametrize("size", [1, 4, 5, 9, 100])
def test_every_row_is_read_whatever_the_page(stream: str, case: str, rows: dict[str, int], size: int) -> None:
    if size == 1 and len(rows) > 1 and case != "at both edges":
        rows = dict(list(rows.items())[:8])
    assert ids(pages(Shelf(stream, rows), size=size)) == set(rows)


@pytest.mark.parametrize("stream", ["orders", "returns"])
def test_a_row_that_changes_while_we_read_makes_us_miss_none(stream: str) -> None:
    """By page numbers, 6 would move up into a page that was read already, and be missed."""
    shelf = Shelf(stream, {str(nth): START + nth for nth in range(1, 16)})
    seen: set[str] = set()
    for nth, page in enumerate(pages(shelf, size=5)):
        seen |= {record.platform_id for record in page}
        if nth == 0:
            shelf.rows["2"] = START + 100
    assert seen == set(shelf.rows)
    assert all(told["page"] == 0 for told in shelf.asked)


def test_a_row_that_goes_away_while_we_read_makes_us_miss_none() -> None:
    shelf = Shelf("orders", {str(nth): START + nth for nth in range(1, 16)})
    seen: set[str] = set()
    for nth, page in enumerate(pages(shelf, size=5)):
        seen |= {record.platform_id for record in page}
        if nth == 0:
            del shelf.rows["1"], shelf.rows["2"]
    assert seen >= set(shelf.rows)


def test_page_times_size_stays_below_the_platforms_cap() -> None:
    shelf = Shelf("orders", {str(nth): START + nth * 3 for nth in range(1, 2_600)})
    assert ids(pages(shelf, size=100)) == set(shelf.rows)
    assert max(told["page"] for told in shelf.asked) == 0


def test_the_window_of_a_page_never_closes_on_itself() -> None:
    shelf = Shelf("orders", CROWDED)
    list(pages(shelf, size=4))
    assert all(told["update_time_start"] < told["update_time_end"] for told in shelf.asked)


def test_what_was_asked_beside_the_page_stays_the_same() -> None:
    stream = STREAMS["orders"]
    first = stream.first(Ask(since=SINCE, until=UNTIL))
    second = stream.turn(first, "1690000005:0")
    assert sent(second) == sent(first) | {"update_time_start": 1_690_000_005}
    assert second.about == {"since": "1690000005", "until": "1690086400", "page": "0", "size": "100"}
    third = stream.turn(second, "1690000005:1")
    assert sent(third) == sent(second) | {"page": 1}
    assert stream.turn(third, "1690000009:0").about["page"] == "0"


TOTALS: list[tuple[dict[str, Any], int, str | None]] = [
    ({"page": 0, "total": 250}, 100, ":1"),
    ({"page": 2, "total": 250}, 50, None),
    ({"page": 1, "total": 200}, 100, None),
    ({"page": 0}, 100, ":1"),  # a full page, and no word of how many there are
    ({"page": 0}, 99, None),
    ({"total": 100, "page": 0}, 100, None),
    ({"page": "0", "total": "101"}, 100, ":1"),
    ({"page": 0, "total": 0}, 0, None),
    ({"has_more": True, "page": 0}, 3, ":1"),
    ({"has_more": False, "page": 0, "total": 999}, 3, None),
    ({"has_more": "true", "page": 4}, 3, ":5"),
]


@pytest.mark.parametrize(("end", "rows", "token"), TOTALS)
def test_an_answer_by_itself_tells_whether_there_is_more(end: dict[str, Any], rows: int, token: str | None) -> None:
    """As `connector parse` reads it: nobody says what was asked."""
    listed = [{"order_id": str(nth), "order_status": 2} for nth in range(1, rows + 1)]
    body = json.dumps(ok({"shop_order_list": listed, "size": 100, **end})).encode()
    assert CONNECTOR.operation("order.searchList").parse(body, {}).next_page == token


PRODUCTS: list[tuple[int, int, int, str | None]] = [
    (1, 100, 3, None),
    (1, 100, 250, "2"),
    (2, 100, 250, "3"),
    (3, 100, 250, None),
]


@pytest.mark.parametrize(("page", "size", "total", "token"), PRODUCTS)
def test_products_are_counted_from_page_one(page: int, size: int, total: int, token: str | None) -> None:
    rows = [{"product_id": nth + 1, "status": 0} for nth in range(min(size, total - (page - 1) * size))]
    body = json.dumps(ok({"data": rows, "total": total, "page": page, "size": size})).encode()
    asked = {"page": str(page), "size": str(size)}
    assert CONNECTOR.operation("product.listV2").parse(body, asked).next_page == token
    assert CONNECTOR.operation("product.listV2").parse(body, {}).next_page == token


def test_the_next_page_of_products_is_asked_by_its_number() -> None:
    stream = STREAMS["listings"]
    first = stream.first(Ask())
    assert sent(first) == {"page": 1, "size": 100}
    second = stream.turn(first, "2")
    assert (sent(second), second.about["page"]) == ({"page": 2, "size": 100}, "2")


def test_a_bills_next_page_is_asked_by_both_parts_of_its_cursor() -> None:
    for name in ("statement_lines", "wallet"):
        stream = STREAMS[name]
        first = stream.first(Ask(since=SINCE, until=UNTIL))
        second = stream.turn(first, "6945807072718045454|2023-07-20 10:05:56")
        changed = {"start_index": "6945807072718045454", "start_time": "2023-07-20 10:05:56"}
        assert sent(second) == sent(first) | changed


def test_addresses_are_counted_from_page_one_and_warehouses_from_none() -> None:
    rows = [{"address_id": nth} for nth in range(10)]
    body = json.dumps(ok({"total": 25, "page_size": 10, "page_no": 1, "address_list": rows})).encode()
    assert CONNECTOR.operation("address.list").parse(body, {}).next_page == "2"
    houses = [{"warehouse_id": nth} for nth in range(100)]
    body = json.dumps(ok({"total": 101, "warehouses": houses})).encode()
    assert CONNECTOR.operation("warehouse.list").parse(body, {"page": "0", "size": "100"}).next_page == "1"


SPANS: list[tuple[str, str, str, Any, Any]] = [
    ("orders", "update_time_start", "update_time_end", 1_690_000_000, 1_690_086_400),
    ("returns", "update_start_time", "update_end_time", 1_690_000_000, 1_690_086_400),
    ("listings", "update_start_time", "update_end_time", 1_689_999_999, 1_690_086_401),
    ("tickets", "start_time", "end_time", 1_690_000_000, 1_690_086_400),
    ("statement_lines", "start_time", "end_time", "2023-07-22 12:26:40", "2023-07-23 12:26:40"),
    ("wallet", "start_time", "end_time", "2023-07-22 12:26:40", "2023-07-23 12:26:40"),
]


@pytest.mark.parametrize(("name", "start", "end", "since", "until"), SPANS)
def test_a_span_is_asked_in_the_streams_own_words(name: str, start: str, end: str, since: Any, until: Any) -> None:
    told = sent(STREAMS[name].first(Ask(since=SINCE, until=UNTIL)))
    assert (told[start], told[end]) == (since, until)


@pytest.mark.parametrize("name", ["orders", "returns", "tickets", "statement_lines", "wallet"])
def test_an_open_span_has_both_ends_for_the_platform_wants_both(name: str) -> None:
    told = sent(STREAMS[name].first(Ask()))
    start, end = sorted(key for key in told if key.endswith(("_start", "_end", "start_time", "end_time")))[::-1][:2]
    assert told[start]
    assert told[end]


@pytest.mark.parametrize("name", [name for name, stream in STREAMS.items() if stream.progress is Progress.WINDOW])
def test_a_page_is_as_large_as_was_asked_for(name: str) -> None:
    assert sent(STREAMS[name].first(Ask(since=SINCE, until=UNTIL, page_size=7)))["size"] == 7
    assert sent(STREAMS[name].first(Ask(since=SINCE, until=UNTIL)))["size"] == STREAMS[name].page_size


LIMITS: dict[str, int] = {
    "order.searchList": 100,
    "afterSale.List": 100,
    "product.listV2": 100,
    "order.getServiceList": 100,
    "order.getSettleBillDetailV3": 100,
    "order.getShopAccountItem": 1000,
}


def test_no_page_is_larger_than_the_platform_allows() -> None:
    found = {stream.operation: stream.page_size for stream in STREAMS.values() if stream.operation in LIMITS}
    assert found == LIMITS


def test_stock_is_asked_product_by_product() -> None:
    stream = STREAMS["stock"]
    assert (stream.keys_from, stream.keys_per_call, stream.progress) == ("listings", 1, Progress.KEYS)
    assert sent(stream.first(Ask(keys=["3488625851803765012"]))) == {"product_id": 3488625851803765012}
    with pytest.raises(ValueError, match="too many"):
        stream.first(Ask(keys=["1", "2"]))


DETAILS: list[tuple[str, str, dict[str, Any]]] = [
    ("returns", "afterSale.Detail", {"after_sale_id": "7", "need_operation_record": True}),
    ("listings", "product.detail", {"product_id": "7"}),
    ("tickets", "order.serviceDetail", {"service_id": 7}),
]


@pytest.mark.parametrize(("name", "operation", "body"), DETAILS)
def test_what_a_list_leaves_out_is_read_one_by_one(name: str, operation: str, body: dict[str, Any]) -> None:
    stream = STREAMS[name]
    assert stream.details is not None
    request = stream.details(["7"])
    assert (request.operation, sent(request), stream.details_per_call) == (operation, body, 1)


@pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))
def test_every_stream_asks_an_operation_that_yields_its_kinds(stream: Stream) -> None:
    operation = CONNECTOR.operation(stream.operation)
    assert set(stream.kinds) <= set(operation.records)
    assert operation.kind.value == "read"
    assert stream.trust_for > stream.poll_every
    assert stream.offered_in("CN")


@pytest.mark.parametrize("name", ["stores", "score", "stock"])
def test_what_has_one_page_stays_on_it(name: str) -> None:
    request = STREAMS[name].first(Ask(keys=["7"]))
    assert STREAMS[name].turn(request, "x") is request


def test_the_first_fill_of_orders_goes_as_far_back_as_the_platform_lists() -> None:
    assert STREAMS["orders"].first_fill == timedelta(days=90)


def test_settlements_are_asked_a_week_at_a_time() -> None:
    assert STREAMS["statement_lines"].longest_window == timedelta(days=7)
    assert STREAMS["wallet"].longest_window is None


READ_BACK: list[tuple[str, str, dict[str, Any]]] = [
    ("order", "order.orderDetail", {"shop_order_id": "7"}),
    ("return", "afterSale.Detail", {"after_sale_id": "7", "need_operation_record": True}),
    ("listing", "product.detail", {"product_id": "7"}),
    ("conversation", "order.serviceDetail", {"service_id": 7}),
]


@pytest.mark.parametrize(("kind", "operation", "body"), READ_BACK)
def test_one_thing_can_be_read_back_by_its_id(kind: str, operation: str, body: dict[str, Any]) -> None:
    request = CONNECTOR.read_one(kind, "7")
    assert (request.operation, sent(request)) == (operation, body)


def test_what_is_not_offered_says_where_a_person_sees_it() -> None:
    for what in ("reviews", "violations", "balance", "deposit", "settlement_freeze", "conversations"):
        assert CONNECTOR.not_offered[what]
    assert not set(CONNECTOR.not_offered) & set(STREAMS)
