"""How a stream is walked: page by page, key by key, on from where it broke off, and never in a circle."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from storeward import canon
from storeward.connectors.client import Answer, Client
from storeward.connectors.contract import Parsed, Request, Stream
from storeward.connectors.errors import Rejected, Unavailable, UnexpectedPayload
from storeward.connectors.registry import connector_for
from storeward.sync.cursors import Position, moved_at
from storeward.sync.feed import Key, Piece, all_older, pieces

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STREAMS = connector_for("tiktok_shop").streams
ORDERS, TALKS, WORDS, STOCK = (STREAMS[name] for name in ("orders", "conversations", "messages", "stock"))


def order(number: int) -> canon.Order:
    return canon.Order(
        platform_order_id=str(number),
        platform_status="W",
        status=canon.OrderStatus.UNKNOWN,
        updated_at=NOW + timedelta(minutes=number),
    )


def talk(hours: float) -> canon.Conversation:
    return canon.Conversation(platform_conversation_id=f"c{hours}", updated_at=NOW + timedelta(hours=hours))


def message(hours: float) -> canon.Message:
    return canon.Message(platform_message_id=f"m{hours}", platform_conversation_id="c", sent_at=NOW + timedelta(hours=hours))


@dataclass
class Platform:
    """Answers by page token (None: the first page), or by what is asked; keeps what it was asked for."""

    pages: dict[str | None, tuple[Sequence[canon.Record], str | None] | Exception]
    asked: list[str | None] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        token = request.query.get("page_token") or None
        self.asked.append(token)
        self.requests.append(request)
        told = self.pages[token]
        if isinstance(told, Exception):
            raise told
        records, following = told
        parsed = Parsed(items=[(record, b"{}") for record in records], next_page=following)
        return answer_of(request, parsed)

    @property
    def client(self) -> Client:
        return cast(Client, self)


def answer_of(request: Request, parsed: Parsed) -> Answer:
    return Answer(request=request, parsed=parsed, body=b"{}", received_at=NOW)


def walked(platform: Platform, stream: Stream, position: Position | None = None, keys: Sequence[Key] = ()) -> list[Piece]:
    async def main() -> list[Piece]:
        found = pieces(platform.client, stream, position or Position(), keys)
        return [piece async for piece in found]

    return asyncio.run(main())


def ids(found: Sequence[Piece]) -> list[str]:
    return [record.platform_id for piece in found for record in piece.answer.parsed.records]


def test_pages_follow_one_another_until_there_is_no_token() -> None:
    platform = Platform({None: ([order(1), order(2)], "b"), "b": ([order(3)], "c"), "c": ([order(4)], None)})
    found = walked(platform, ORDERS)
    assert platform.asked == [None, "b", "c"]
    assert ids(found) == ["1", "2", "3", "4"]


def test_a_piece_holds_the_token_of_the_page_after_it() -> None:
    platform = Platform({None: ([order(1)], "b"), "b": ([order(2)], None)})
    assert [piece.position.page for piece in walked(platform, ORDERS)] == ["b", None]


def test_the_latest_change_that_was_seen_is_noted_page_by_page() -> None:
    platform = Platform({None: ([order(1), order(5)], "b"), "b": ([order(3)], None)})
    highs = [piece.position.high for piece in walked(platform, ORDERS)]
    assert highs == [NOW + timedelta(minutes=5), NOW + timedelta(minutes=5)]


def detailed(per_call: int = 2) -> Stream:
    """The orders' stream of a platform whose list gives ids only."""

    def details(ids: Sequence[str]) -> Request:
        return Request("details", "GET", "/details", {"page_token": ",".join(ids)})

    return replace(ORDERS, details=details, details_per_call=per_call)


def bare(number: int) -> canon.Order:
    return canon.Order(platform_order_id=str(number), platform_status=None, status=canon.OrderStatus.UNKNOWN)


def test_a_list_of_mere_ids_is_read_in_full_page_by_page_and_its_own_rows_are_not_kept() -> None:
    platform = Platform(
        {
            None: ([bare(1), bare(2), bare(3)], "b"),
            "1,2": ([order(1), order(2)], None),
            "3": ([order(3)], None),
            "b": ([bare(4)], None),
            "4": ([order(4)], None),
        }
    )
    found = walked(platform, detailed())
    assert platform.asked == [None, "1,2", "3", "b", "4"]
    assert ids(found) == ["1", "2", "3", "4"]
    assert all(moved_at(record) is not None for piece in found for record in piece.answer.parsed.records)


def test_what_the_details_say_moves_the_position_only_when_the_whole_page_is_read() -> None:
    platform = Platform({None: ([bare(5), bare(1)], "b"), "5": ([order(5)], None), "1": ([order(1)], None), "b": ([], None)})
    marks = [(piece.position.page, piece.position.high) for piece in walked(platform, detailed(1))]
    latest = NOW + timedelta(minutes=5)
    assert marks == [(None, None), (None, None), ("b", latest), (None, latest)]


def test_a_walk_goes_on_with_the_page_that_was_due_when_it_broke_off() -> None:
    platform = Platform({"c": ([order(4)], None)})
    assert ids(walked(platform, ORDERS, Position(since=NOW, page="c"))) == ["4"]
    assert platform.asked == ["c"]


def test_a_token_that_the_platform_has_forgotten_starts_the_span_anew() -> None:
    platform = Platform({"old": Rejected("unknown token"), None: ([order(1)], "b"), "b": ([order(2)], None)})
    assert ids(walked(platform, ORDERS, Position(since=NOW, page="old"))) == ["1", "2"]
    assert platform.asked == ["old", None, "b"]


def test_a_question_that_is_refused_from_the_start_is_an_error() -> None:
    platform = Platform({None: Rejected("no such shop")})
    with pytest.raises(Rejected):
        walked(platform, ORDERS)
    assert platform.asked == [None]


@pytest.mark.parametrize(
    "pages",
    [
        {None: ("b",), "b": ("b",)},
        {None: ("b",), "b": ("c",), "c": ("b",)},
    ],
)
def test_a_token_that_comes_twice_ends_the_walk_with_an_error(pages: dict[str | None, tuple[str]]) -> None:
    platform = Platform({token: ([order(1)], following) for token, (following,) in pages.items()})
    with pytest.raises(UnexpectedPayload, match="repeats"):
        walked(platform, ORDERS)


def test_pages_before_a_failure_are_handed_over() -> None:
    platform = Platform({None: ([order(1)], "b"), "b": Unavailable("gone")})
    found: list[Piece] = []

    async def main() -> None:
        async for piece in pieces(platform.client, ORDERS, Position(), ()):
            found.append(piece)

    with pytest.raises(Unavailable):
        asyncio.run(main())
    assert (ids(found), found[-1].position.page) == (["1"], "b")


def test_what_is_asked_newest_first_ends_where_it_is_known() -> None:
    platform = Platform(
        {None: ([talk(3), talk(2)], "b"), "b": ([talk(1), talk(-1)], "c"), "c": ([talk(-2), talk(-3)], "d"), "d": ([], None)}
    )
    found = walked(platform, TALKS, Position(since=NOW))
    assert platform.asked == [None, "b", "c"]
    assert found[-1].position.page is None


def test_what_is_asked_oldest_first_does_not_end_at_old_pages() -> None:
    platform = Platform({None: ([order(-9)], "b"), "b": ([order(-8)], None)})
    assert len(walked(platform, ORDERS, Position(since=NOW))) == 2


@pytest.mark.parametrize(
    ("hours", "since", "older"),
    [
        ((), NOW, False),
        ((-1,), None, False),
        ((-1, -2), NOW, True),
        ((-1, 0), NOW, False),
        ((0,), NOW, False),
        ((1, 2), NOW, False),
    ],
)
def test_a_page_is_old_when_all_of_it_lies_before(hours: Sequence[float], since: datetime | None, older: bool) -> None:
    assert all_older([talk(hour) for hour in hours], since) is older


def test_a_record_without_an_instant_is_not_taken_for_old() -> None:
    assert not all_older([talk(-1), canon.Conversation(platform_conversation_id="c")], NOW)


def test_each_key_is_asked_by_itself_and_says_when_it_is_done() -> None:
    platform = Platform({None: ([message(1)], None)})
    found = walked(platform, WORDS, keys=[Key("c1", None, NOW), Key("c2", None, NOW)])
    assert [piece.keys_done for piece in found] == [(Key("c1", None, NOW),), (Key("c2", None, NOW),)]
    assert ["c1" in request.path for request in platform.requests] == [True, False]


def test_a_key_is_done_with_its_last_page_only() -> None:
    platform = Platform({None: ([message(3)], "b"), "b": ([message(1)], None)})
    key = Key("c1", None, NOW)
    assert [piece.keys_done for piece in walked(platform, WORDS, keys=[key])] == [(), (key,)]


def test_a_talk_is_read_back_to_what_was_read_before() -> None:
    platform = Platform({None: ([message(2)], "b"), "b": ([message(-1)], "c"), "c": ([message(-5)], None)})
    key = Key("c1", NOW, NOW + timedelta(hours=2))
    found = walked(platform, WORDS, keys=[key])
    assert platform.asked == [None, "b"]
    assert found[-1].keys_done == (key,)


def test_a_talk_whose_pages_go_in_a_circle_is_an_error() -> None:
    platform = Platform({None: ([message(2)], "b"), "b": ([message(1)], "b")})
    with pytest.raises(UnexpectedPayload, match="repeats"):
        walked(platform, WORDS, keys=[Key("c1")])


@pytest.mark.parametrize(("keys", "calls"), [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_keys_are_asked_as_many_at_once_as_the_platform_takes(keys: int, calls: int) -> None:
    platform = Platform({None: ([], None)})
    found = walked(platform, STOCK, keys=[Key(str(number)) for number in range(1, keys + 1)])
    assert len(platform.requests) == calls
    assert sum(len(piece.keys_done) for piece in found) == keys
