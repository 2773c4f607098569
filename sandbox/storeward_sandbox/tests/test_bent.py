"""Answers without a wire: what an emptied page, a page that leads back and members of another type look like."""

import copy
import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.bent import MARK, Pages, retyped
from storeward_sandbox.douyin.server import PAGES as DOUYIN
from storeward_sandbox.lazada.server import PAGES as LAZADA
from storeward_sandbox.shopee.server import PAGES as SHOPEE
from storeward_sandbox.tiktok_shop.server import PAGES as TIKTOK

ROWS = [{"id": "1", "lines": [1]}, {"id": "2", "lines": []}]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["more", "total", "cursor", "a", "b"]), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("pages", "asked", "payload", "emptied"),
    [
        (
            TIKTOK,
            {"query": {"page_token": "b+/x=="}, "body": {}},
            {"orders": ROWS, "next_page_token": "b+/y==", "total_count": 9},
            {"orders": [], "next_page_token": MARK + "b+/x==", "total_count": 9},
        ),
        (TIKTOK, {"query": {}, "body": {}}, {"orders": ROWS, "next_page_token": ""}, {"orders": [], "next_page_token": MARK}),
        (
            SHOPEE,
            {"query": {"cursor": ""}, "body": {}},
            {"order_list": ROWS, "more": False, "next_cursor": ""},
            {"order_list": [], "more": True, "next_cursor": MARK},
        ),
        (
            SHOPEE,
            {"query": {}, "body": {"pagination": {"cursor": "7,2"}}},
            {"packages_list": ROWS, "pagination": {"next_cursor": "", "more": False, "total_count": 4}},
            {"packages_list": [], "pagination": {"next_cursor": MARK + "7,2", "more": True, "total_count": 4}},
        ),
        (
            SHOPEE,
            {"query": {"offset": "0"}, "body": {}},
            {"item": ROWS, "total_count": 2, "has_next_page": False, "next_offset": ""},
            {"item": [], "total_count": 2, "has_next_page": True, "next_offset": MARK + "0"},
        ),
        (SHOPEE, {"query": {"page_no": "1"}, "body": {}}, {"return": ROWS, "more": False}, {"return": [], "more": True}),
        (
            LAZADA,
            {"offset": "0"},
            {"data": {"count": 2, "countTotal": 9, "orders": ROWS}},
            {"data": {"count": 2, "countTotal": 9, "orders": []}},
        ),
        (
            LAZADA,
            {"start_time": "17000"},
            {"data": {"session_list": ROWS, "last_session_id": "5", "next_start_time": 16000, "has_more": False}},
            {"data": {"session_list": [], "last_session_id": MARK, "next_start_time": "17000", "has_more": True}},
        ),
        (DOUYIN, {"page": 0}, {"shop_order_list": ROWS, "total": 2, "page": 0}, {"shop_order_list": [], "total": 2, "page": 0}),
        (
            DOUYIN,
            {"start_index": "55", "start_time": "2026-11-01 00:00:00"},
            {"data": ROWS, "next_start_index": "99", "next_start_time": "2026-11-02 00:00:00", "is_end": 1},
            {"data": [], "next_start_index": MARK + "55", "next_start_time": "2026-11-01 00:00:00", "is_end": 0},
        ),
    ],
)
def test_an_emptied_page_says_that_more_follow_and_its_token_leads_to_its_rows(
    pages: Pages, asked: Any, payload: Any, emptied: Any
) -> None:
    before = copy.deepcopy((asked, payload))
    assert pages.emptied(payload, asked) == emptied
    assert (asked, payload) == before


def test_a_page_is_emptied_once_and_then_shows_its_rows() -> None:
    asked: dict[str, Any] = {"query": {"cursor": "50"}}
    payload = {"order_list": ROWS, "more": True, "next_cursor": "100"}
    follow = {"query": {"cursor": SHOPEE.emptied(payload, asked)["next_cursor"]}}
    assert SHOPEE.unmarked(follow) == asked
    assert SHOPEE.emptied(payload, follow) is None


@pytest.mark.parametrize("payload", [{}, {"orders": ROWS}, {"orders": [], "next_page_token": ""}, None, [], b"file", 7])
def test_what_is_no_page_with_rows_is_left_alone(payload: Any) -> None:
    for pages in (TIKTOK, SHOPEE, LAZADA, DOUYIN):
        assert pages.emptied(payload, {}) is None
        assert pages.led_back(payload, {}) is None


@pytest.mark.parametrize(
    ("pages", "asked", "payload", "token"),
    [
        (TIKTOK, {"query": {"page_token": "t"}}, {"orders": ROWS, "next_page_token": "u"}, ("next_page_token", "t")),
        (TIKTOK, {"query": {}}, {"orders": ROWS, "next_page_token": ""}, ("next_page_token", MARK)),
        (TIKTOK, {"query": {"page_token": MARK}}, {"orders": ROWS, "next_page_token": ""}, ("next_page_token", MARK)),
        (SHOPEE, {"query": {"cursor": "9"}}, {"order_list": ROWS, "more": False, "next_cursor": ""}, ("next_cursor", "9")),
        (DOUYIN, {"start_index": "5"}, {"data": ROWS, "is_end": 1, "next_start_index": ""}, ("next_start_index", "5")),
        (
            LAZADA,
            {"last_message_id": "m"},
            {"message_list": ROWS, "last_message_id": "n", "has_more": False},
            ("last_message_id", "m"),
        ),
    ],
)
def test_a_repeated_token_leads_to_the_page_that_was_asked_for(pages: Pages, asked: Any, payload: Any, token: Any) -> None:
    bent = pages.led_back(payload, asked)
    name, value = token
    assert bent[name] == value
    assert [rows for rows in bent.values() if isinstance(rows, list)] == [ROWS]
    assert all(bent[sign] == says for sign, says in pages.more.items() if sign in bent)


@pytest.mark.parametrize(
    ("pages", "asked", "before"),
    [
        (LAZADA, {"offset": "100", "limit": "50"}, {"offset": "50", "limit": "50"}),
        (LAZADA, {"offset": "20", "limit": "50"}, {"offset": "0", "limit": "50"}),
        (LAZADA, {"offset": "0", "limit": "50"}, None),
        (LAZADA, {"page_no": "3"}, {"page_no": "2"}),
        (DOUYIN, {"page": 2, "size": 10}, {"page": 1, "size": 10}),
        (DOUYIN, {"page": 1}, None),
        (SHOPEE, {"page_no": "2"}, {"page_no": "1"}),
        (SHOPEE, {"page_no": "x"}, None),
        (TIKTOK, {"page_no": "2"}, None),
    ],
)
def test_where_pages_are_counted_the_page_before_comes_once_more(pages: Pages, asked: Any, before: Any) -> None:
    assert pages.before(asked) == before


@given(JSON, st.integers(0, 1000))
def test_retyping_changes_members_and_never_the_signs(payload: Any, seed: int) -> None:
    before = json.dumps(payload, sort_keys=True)
    bent = retyped(payload, Random(seed), frozenset({"more", "total", "cursor"}))
    assert json.dumps(payload, sort_keys=True) == before
    if isinstance(payload, dict) and any(name in payload for name in "ab"):
        assert json.dumps(bent, sort_keys=True) != before


@pytest.mark.parametrize(
    ("payload", "bent"),
    [
        ({"a": 1}, [{"a": "1"}, {"a": None}]),
        ({"a": "x"}, [{"a": None}]),
        ({"a": True}, [{"a": "true"}]),
        ({"a": [5]}, [{"a": {"0": 5}}, {"a": ["5"]}, {"a": [None]}]),
    ],
)
def test_what_another_type_is(payload: Any, bent: list[Any]) -> None:
    assert {json.dumps(retyped(payload, Random(seed), frozenset())) for seed in range(20)} == {json.dumps(one) for one in bent}
