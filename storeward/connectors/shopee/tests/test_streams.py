"""What `sync` is told of Shopee: windows, pages, keys, and that every answer's next page is asked for rightly."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors.contract import Ask, Parsed, Progress, Request, Stream
from storeward.connectors.shopee import CONNECTOR, after_sales, health

from .samples import ok

SINCE = datetime(2025, 12, 1, tzinfo=UTC)
STREAMS = CONNECTOR.streams


def ask_of(stream: Stream) -> Ask:
    return Ask(since=SINCE, keys=["7"] * min(stream.keys_per_call, 2))


@pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))
def test_a_stream_asks_an_operation_that_is_read(stream: Stream) -> None:
    request = stream.first(ask_of(stream))
    assert request.operation == stream.operation
    records = CONNECTOR.operation(stream.operation).records
    detail = stream.details(["1"]) if stream.details else None
    assert set(stream.kinds) <= set(records if detail is None else CONNECTOR.operation(detail.operation).records)


@pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))
def test_a_stream_is_asked_three_times_before_its_trust_ends(stream: Stream) -> None:
    assert stream.poll_every * 3 <= stream.trust_for
    assert stream.overlap < (stream.longest_window or timedelta(days=400))
    assert (stream.keys_from is None) is (stream.progress is not Progress.KEYS)
    assert stream.keys_from is None or stream.keys_from in STREAMS


@pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))
def test_the_same_question_is_asked_for_another_page(stream: Stream) -> None:
    first = stream.first(ask_of(stream))
    later = stream.turn(first, "token-2")
    assert later.operation == first.operation
    assert {name: later.query[name] for name in first.query if later.query[name] == first.query[name]} or not first.query
    assert "token-2" in json.dumps([dict(later.query), (later.body or b"").decode()])


def test_lists_of_mere_numbers_are_read_in_full_with_at_most_so_many_at_once() -> None:
    told = {name: stream.details_per_call for name, stream in STREAMS.items() if stream.details}
    assert told == {
        "orders": 50,
        "packages": 50,
        "packages_arranged": 50,
        "returns": 1,
        "listings": 50,
        "reckonings": 20,
    }
    for name, most in told.items():
        details = STREAMS[name].details
        assert details is not None
        assert details([str(at) for at in range(1, most + 1)]).operation


def test_chat_is_not_asked_for_where_it_is_not_offered() -> None:
    assert "conversations" not in {stream.name for stream in CONNECTOR.streams_in("TW")}
    assert "messages" in {stream.name for stream in CONNECTOR.streams_in("MY")}


def test_the_wallet_is_asked_of_local_shops_and_payouts_of_the_others() -> None:
    local = {stream.name for stream in CONNECTOR.streams_in("MY", "local")}
    abroad = {stream.name for stream in CONNECTOR.streams_in("MY", "cross_border")}
    assert local - abroad == {"wallet"}
    assert abroad - local == {"payouts", "to_release"}


def page(request: Request, body: Any) -> Parsed:
    return CONNECTOR.parse(request, json.dumps(body).encode(), "SG", "7")


def walked(stream: Stream, pages: list[Any]) -> list[Request]:
    """The requests that answers of these pages lead to."""
    asked = [stream.first(ask_of(stream))]
    for body in pages:
        token = page(asked[-1], body).next_page
        if token is None:
            break
        asked.append(stream.turn(asked[-1], token))
    return asked


def test_orders_go_by_cursor() -> None:
    rows = {"order_list": [{"order_sn": "A"}]}
    found = walked(STREAMS["orders"], [ok({**rows, "more": True, "next_cursor": "20"}), ok({**rows, "more": False})])
    assert [request.query.get("cursor") for request in found] == [None, "20"]


def test_packages_go_by_a_cursor_in_the_body() -> None:
    end = {"pagination": {"more": True, "next_cursor": "17,18", "total_count": 2}}
    found = walked(STREAMS["packages"], [ok({"packages_list": [{"package_number": "P1"}], **end})])
    assert [json.loads(request.body or b"")["pagination"]["cursor"] for request in found] == ["", "17,18"]
    assert json.loads(found[1].body or b"")["filter"] == {"package_status": 2}


def test_returns_ask_for_page_one_whatever_page_nought_says_and_then_by_more() -> None:
    row = {"return_sn": "R1", "status": "REQUESTED"}
    more, end = ok({"return": [row], "more": True}), ok({"return": [], "more": False})
    assert [r.query["page_no"] for r in walked(STREAMS["returns"], [end, end])] == ["0", "1"]
    assert [r.query["page_no"] for r in walked(STREAMS["returns"], [more, more, end])] == ["0", "1", "2"]


def test_the_wallet_counts_from_nought_and_releases_from_one() -> None:
    row = {"transaction_type": "X", "amount": 1, "create_time": 1764547200}
    wallet = [ok({"transaction_list": [row], "more": True}), ok({"transaction_list": [], "more": False})]
    assert [r.query["page_no"] for r in walked(STREAMS["wallet"], wallet)] == ["0", "1"]
    releases = [
        ok({"escrow_list": [{"order_sn": "A", "payout_amount": 1}], "more": True}),
        ok({"escrow_list": [], "more": False}),
    ]
    assert [r.query["page_no"] for r in walked(STREAMS["releases"], releases)] == ["1", "2"]


def test_health_goes_on_until_all_that_there_are_were_seen() -> None:
    stream = STREAMS["points"]
    rows = {"penalty_point_list": [{"reference_id": 7, "latest_point_num": 1}], "total_count": 250}
    assert [r.query["page_no"] for r in walked(stream, [ok(rows)] * 5)] == ["1", "2", "3"]
    assert walked(stream, [ok({**rows, "total_count": 100})])[-1].query["page_no"] == "1"


def test_reviews_end_on_an_empty_page_or_a_cursor_that_repeats() -> None:
    row = {"item_comment_list": [{"comment_id": 7}], "more": True}
    empty = ok({"item_comment_list": [], "more": True, "next_cursor": "40"})
    found = walked(STREAMS["reviews"], [ok({**row, "next_cursor": "20"}), ok({**row, "next_cursor": "40"}), empty])
    assert [request.query["cursor"] for request in found] == ["", "20", "40"]
    again = walked(STREAMS["reviews"], [ok({**row, "next_cursor": "20"})] * 3)
    assert [request.query["cursor"] for request in again] == ["", "20"]


def test_conversations_go_by_nanoseconds_and_messages_by_offset() -> None:
    talk = {"conversations": [{"conversation_id": "1"}]}
    cursor = {"page_result": {"more": True, "next_cursor": {"next_message_time_nano": "1612792485343461649"}}}
    found = walked(STREAMS["conversations"], [ok({**talk, **cursor})] * 3)
    assert [r.query.get("next_timestamp_nano") for r in found] == [None, "1612792485343461649"]
    said = {"messages": [{"message_id": "5"}], "page_result": {"next_offset": "5", "page_size": 1}}
    asked = walked(STREAMS["messages"], [ok(said), ok({"messages": [], "page_result": {"next_offset": "4"}})])
    assert [r.query.get("offset") for r in asked] == [None, "5"]
    assert {r.query["conversation_id"] for r in asked} == {"7"}


def test_conversations_inside_the_page_result_are_found_too() -> None:
    body = ok({"page_result": {"conversations": [{"conversation_id": "1"}], "has_next_page": False}})
    parsed = page(STREAMS["conversations"].first(Ask()), body)
    assert [record.platform_id for record in parsed.records] == ["1"]
    assert parsed.next_page is None


def test_listings_go_by_the_offset_that_the_answer_names() -> None:
    rows = {"item": [{"item_id": 7}], "total_count": 19}
    body = [ok({**rows, "has_next_page": True, "next_offset": 10}), ok({**rows, "has_next_page": False, "next_offset": 20})]
    assert [r.query["offset"] for r in walked(STREAMS["listings"], body)] == ["0", "10"]


def test_punishments_know_whether_they_run() -> None:
    row = {"punishment_list": [{"reference_id": 7, "punishment_type": 103}], "total_count": 1}
    for name, state in (("punishments", "ongoing"), ("punishments_ended", "ended")):
        (found,) = page(STREAMS[name].first(Ask()), ok(row)).records
        assert getattr(found, "status") == state  # noqa: B009
    assert health.punishments_request().query["punishment_status"] == "1"


def test_the_reckonings_of_released_orders_are_done_and_asked_by_their_orders() -> None:
    stream = STREAMS["reckonings"]
    assert stream.details is not None
    request = stream.details(["release:A1", "release:B2"])
    assert json.loads(request.body or b"") == {"order_sn_list": ["A1", "B2"]}
    detail = {"order_sn": "A1", "order_income": {"escrow_amount": 6.06}}
    (found,) = page(request, ok([{"escrow_detail": detail}])).records
    assert getattr(found, "status") == "done"  # noqa: B009


@pytest.mark.parametrize("kind", ["order", "cancellation", "package", "return", "listing", "conversation"])
def test_one_thing_can_be_read_back(kind: str) -> None:
    request = CONNECTOR.read_one(kind, "7")
    assert "7" in json.dumps(dict(request.query))
    assert kind in CONNECTOR.operation(request.operation).records


def test_nobody_is_told_what_is_not_so() -> None:
    assert set(CONNECTOR.not_offered)
    assert all(where for where in CONNECTOR.not_offered.values())
    assert "reviews" not in CONNECTOR.not_offered


def test_the_second_page_of_returns_is_not_asked_after_a_failure(shared_dir: Path) -> None:
    body = (shared_dir / "platforms/shopee/samples/error.error_server.json").read_bytes()
    parsed = after_sales.parse_returns(body, {"page_no": "0"})
    assert (parsed.next_page, parsed.failed) == (None, True)
