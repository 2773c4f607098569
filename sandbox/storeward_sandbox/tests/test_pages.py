"""Pages behind tokens: nothing twice, nothing lost, whatever changes meanwhile; and a token is good for its own query only."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.tests.support import make_shop, platform_of
from storeward_sandbox.tiktok_shop.auth import Authorization
from storeward_sandbox.tiktok_shop.call import Call
from storeward_sandbox.tiktok_shop.errors import ApiError
from storeward_sandbox.tiktok_shop.paging import Page, page_size, paged

Row = tuple[int, str]
SHOP = make_shop("SG")
CALL = Call(platform_of(SHOP), Authorization("1", "Luna", "SG", []), "list", "/list", {}, {}, {}, 0)
rows_of = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 999).map(str)), max_size=40, unique_by=lambda row: row[1])


def page(rows: list[Row], size: int, token: str = "", *, descending: bool = False, call: Call = CALL) -> Page[Row]:
    asking = replace(call, query={**call.query, "page_token": token})
    return paged(asking, rows, key=lambda row: row, size=size, descending=descending)


def walked(rows: list[Row], size: int, *, descending: bool = False) -> list[Row]:
    found: list[Row] = []
    token = ""
    while True:
        one = page(rows, size, token, descending=descending)
        found += one.rows
        token = one.next_page_token
        if not token:
            return found


@given(rows_of, st.integers(1, 12), st.booleans())
def test_all_pages_together_are_the_sorted_list(rows: list[Row], size: int, descending: bool) -> None:
    assert walked(rows, size, descending=descending) == sorted(rows, reverse=descending)


@given(rows_of, st.integers(1, 12))
def test_every_page_but_the_last_is_full_and_counts_all(rows: list[Row], size: int) -> None:
    token, lengths = "", []
    while True:
        one = page(rows, size, token)
        assert one.total_count == len(rows)
        lengths.append(len(one.rows))
        token = one.next_page_token
        if not token:
            break
    assert lengths[:-1] == [size] * (len(lengths) - 1)
    assert sum(lengths) == len(rows)
    assert len(lengths) == max(1, -(-len(rows) // size))


@given(rows_of.filter(lambda rows: len(rows) > 3), st.data())
def test_a_row_that_goes_while_a_client_pages_hides_no_other(rows: list[Row], data: st.DataObject) -> None:
    first = page(rows, 2)
    gone = data.draw(st.sampled_from(rows))
    second = page([row for row in rows if row != gone], len(rows), first.next_page_token)
    seen = {*first.rows, *second.rows}
    assert set(rows) - {gone} <= seen


@given(rows_of.filter(lambda rows: len(rows) > 3), st.integers(0, 5))
def test_a_row_that_comes_while_a_client_pages_repeats_no_other(rows: list[Row], value: int) -> None:
    first = page(rows, 2)
    second = page([*rows, (value, "new")], len(rows) + 1, first.next_page_token)
    assert not {*first.rows} & {*second.rows}


@pytest.mark.parametrize(
    ("given_size", "default", "size"), [("1", None, 1), ("50", None, 50), ("20", 10, 20), ("", 10, 10), (None, 10, 10)]
)
def test_a_page_size_within_its_bounds(given_size: str | None, default: int | None, size: int) -> None:
    query = {} if given_size is None else {"page_size": given_size}
    assert page_size(replace(CALL, query=query), 1, 50, default) == size


@pytest.mark.parametrize(
    ("given_size", "words"),
    [
        ("0", "in [1, 50]"),
        ("-1", "in [1, 50]"),
        ("51", "in [1, 50]"),
        ("1000000", "in [1, 50]"),
        ("ten", "must be integer"),
        ("1.0", "must be integer"),
        ("", "required property 'page_size'"),
        (None, "required property 'page_size'"),
    ],
)
def test_a_page_size_out_of_bounds(given_size: str | None, words: str) -> None:
    query = {} if given_size is None else {"page_size": given_size}
    with pytest.raises(ApiError) as refusal:
        page_size(replace(CALL, query=query), 1, 50)
    assert words in refusal.value.message


TEN: list[Row] = [(number, f"id{number}") for number in range(10)]
BOUND = replace(
    CALL, ids={"order_id": "1"}, query={"sort_field": "create_time", "shop_cipher": "A"}, body={"status": "OPEN", "ids": ["1"]}
)


@pytest.mark.parametrize(
    "change",
    [
        {"operation": "other"},
        {"ids": {"order_id": "2"}},
        {"ids": {}},
        {"query": {"sort_field": "update_time", "shop_cipher": "A"}},
        {"query": {"sort_field": "create_time", "shop_cipher": "B"}},
        {"query": {"sort_field": "create_time"}},
        {"query": {"sort_field": "create_time", "shop_cipher": "A", "sort_order": "ASC"}},
        {"body": {"status": "DONE", "ids": ["1"]}},
        {"body": {"status": "OPEN", "ids": ["1", "2"]}},
        {"body": {"status": "OPEN"}},
        {"body": {}},
    ],
)
def test_a_token_is_refused_where_anything_of_the_query_has_changed(change: dict[str, Any]) -> None:
    token = page(TEN, 3, call=BOUND).next_page_token
    with pytest.raises(ApiError, match="does not belong to this query"):
        page(TEN, 3, token, call=replace(BOUND, **change))


@pytest.mark.parametrize(
    "more",
    [
        {"page_size": "9"},
        {"sign": "abc"},
        {"timestamp": "1763000000"},
        {"access_token": "TTP_x"},
        {"app_key": "29a39d"},
    ],
)
def test_a_token_outlives_what_changes_with_every_request(more: dict[str, str]) -> None:
    token = page(TEN, 3, call=BOUND).next_page_token
    found = page(TEN, 3, token, call=replace(BOUND, query={**BOUND.query, **more}))
    assert found.rows == TEN[3:6]


def test_paging_inside_the_body_does_not_bind_the_token() -> None:
    first = paged(replace(CALL, body={"pagination": {"page_size": 3}}), TEN, key=lambda row: row, size=3, token="")
    following = replace(CALL, body={"pagination": {"page_size": 3, "page_token": first.next_page_token}})
    found = paged(following, TEN, key=lambda row: row, size=3, token=first.next_page_token)
    assert found.rows == TEN[3:6]


def encoded(value: object) -> str:
    return "b+/" + base64.b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "b+/",
        "====",
        "b+/e30==",
        "null",
        "naïve",
        "%20",
        "b+/" + "A" * 1000,
        encoded(5),
        encoded(None),
        encoded(True),
        encoded("abc"),
        encoded([]),
        encoded(["a", 1]),
        encoded(["a", 1, "2", 3]),
        encoded({"a": 1}),
        encoded(["0123456789abcdef", 1, "id1"]),
        encoded([None, None, None]),
    ],
)
def test_a_made_up_token_is_a_bad_parameter_and_no_crash(token: str) -> None:
    with pytest.raises(ApiError) as refusal:
        page(TEN, 3, token)
    assert (refusal.value.code, refusal.value.status) == (36009004, 400)
    assert "page_token" in refusal.value.message


@given(rows_of.filter(lambda rows: len(rows) > 1))
def test_a_token_always_holds_the_signs_that_must_be_escaped(rows: list[Row]) -> None:
    assert set("/+=") <= set(page(rows, 1).next_page_token)


def test_the_last_page_has_no_token_even_if_it_is_just_full() -> None:
    assert page(TEN, 10).next_page_token == ""
    assert page([], 10) == Page([], "", 0)
    assert page(TEN, 9).next_page_token != ""
