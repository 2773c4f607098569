"""How a request is read: needed, whole, listed, chosen; and how pages are cut."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.shopee.buyers import Buyer, by_user_id, masked, masked_username, someone
from storeward_sandbox.shopee.call import Call, field_amount, field_number, field_text, object_rows
from storeward_sandbox.shopee.errors import (
    ApiError,
    api_not_permitted,
    bad_parameter,
    bad_request,
    invalid_refresh_token,
    invalid_token,
    no_permission,
    not_found,
    not_linked,
    server_error,
    too_many_requests,
    unknown_partner,
    wrong_sign,
)
from storeward_sandbox.shopee.paging import by_cursor, by_number, cut, position
from storeward_sandbox.shopee.registry import OPERATIONS, find
from storeward_sandbox.shopee.shelf import Good, Shelf
from storeward_sandbox.shopee.tests.support import START, Json, bare_shop, platform_of, refused, shop_to_read


def call(query: dict[str, str] | None = None, body: Json | None = None) -> Call:
    shop = shop_to_read()
    return Call(platform=platform_of(shop), operation="x", query=query or {}, body=body or {}, now=START, shop_or_none=shop)


# --- queries ----------------------------------------------------------------------------------------------------------


def test_texts_are_trimmed_and_may_be_needed() -> None:
    one = call({"a": "  b "})
    assert one.text("a") == one.need("a") == "b"
    assert one.text("c", "d") == "d"
    with refused("error_param"):
        one.need("c")


@pytest.mark.parametrize("given_text", ["x", "1.5", "", "1e3", "--1"])
def test_what_is_no_whole_number_is_refused(given_text: str) -> None:
    with refused("error_param"):
        call({"n": given_text}).number("n")


def test_numbers_have_defaults_and_bounds() -> None:
    one = call({"n": "7"})
    assert (one.number("n"), one.number("m", 3), one.optional("m"), one.optional("n")) == (7, 3, None, 7)
    assert one.between("n", 1, 7) == 7
    for low, high in ((8, 9), (1, 6)):
        with refused("error_param"):
            one.between("n", low, high)


@pytest.mark.parametrize("text", ["a,b", "a, b", "[a,b]", '["a","b"]', "a,b,", ",a,,b"])
def test_lists_are_read_in_all_their_forms(text: str) -> None:
    assert call({"l": text}).listed("l", 5) == ["a", "b"]


def test_lists_have_a_length() -> None:
    one = call({"l": "1,2,3"})
    assert one.numbers("l", 3) == [1, 2, 3]
    with refused("error_param"):
        one.listed("l", 2)
    with refused("error_param"):
        one.listed("m", 2)
    assert one.listed("m", 2, required=False) == []
    with refused("error_param"):
        call({"l": "1,x"}).numbers("l", 3)


def test_choices_and_flags() -> None:
    one = call({"c": "red", "f": "TRUE", "g": "no"})
    assert one.choice("c", ("red", "blue")) == "red"
    assert one.choice("d", ("red", "blue"), "blue") == "blue"
    with refused("error_param"):
        one.choice("c", ("blue",))
    with refused("error_param"):
        one.choice("d", ("blue",))
    assert (one.flag("f"), one.flag("g"), one.flag("h")) == (True, False, False)


# --- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, "", []])
def test_what_is_empty_is_missing(value: Any) -> None:
    with refused("error_param"):
        call(body={"a": value}).given("a")


@pytest.mark.parametrize(("value", "text"), [("x", "x"), (5, "5"), (0, "0")])
def test_texts_may_come_as_numbers(value: Any, text: str) -> None:
    assert call(body={"a": value}).given_text("a") == text


@pytest.mark.parametrize("value", [True, 1.5, [1], {"a": 1}])
def test_what_is_no_text_is_refused(value: Any) -> None:
    with refused("error_param"):
        call(body={"a": value}).given_text("a")


@pytest.mark.parametrize(("value", "number"), [(5, 5), ("5", 5), (2**63, 2**63)])
def test_numbers_may_come_as_texts(value: Any, number: int) -> None:
    assert call(body={"a": value}).given_number("a") == number
    assert call(body={}).body_number("a", 9) == 9


@pytest.mark.parametrize("value", [True, 1.0, "x", [1], {"a": 1}])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with refused("error_param"):
        call(body={"a": value}).given_number("a")


def test_objects_and_rows() -> None:
    one = call(body={"o": {"a": 1}, "r": [{"a": 1}, {"a": 2}], "bad": [1], "text": "x"})
    assert one.body_object("o") == {"a": 1}
    assert one.body_object("none") == {}
    assert len(one.rows("r", 2)) == 2
    assert one.rows("none", 2, required=False) == []
    for work in (lambda: one.body_object("r"), lambda: one.rows("r", 1), lambda: one.rows("bad", 5), lambda: one.rows("text", 5)):
        with refused("error_param"):
            work()


def test_fields_of_a_row() -> None:
    row = {"t": "x", "n": "7", "a": 1.25, "d": Decimal("3.10"), "e": ""}
    assert field_text(row, "t") == "x"
    assert field_text(row, "e", "default") == "default"
    assert field_number(row, "n") == 7
    assert field_number(row, "none", 4) == 4
    assert field_amount(row, "a") == Decimal("1.25")
    assert field_amount(row, "d") == Decimal("3.10")
    for work in (
        lambda: field_text(row, "none"),
        lambda: field_number(row, "none"),
        lambda: field_number(row, "t"),
        lambda: field_amount(row, "t"),
        lambda: field_amount(row, "none"),
        lambda: object_rows([1], "r", 3),
    ):
        with refused("error_param"):
            work()


def test_a_call_without_a_shop_says_so() -> None:
    one = call()
    one.shop_or_none = None
    with refused("error_param"):
        _ = one.shop


# --- pages ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(), max_size=60), st.integers(1, 20))
def test_pages_by_cursor_hold_everything_once(rows: list[int], size: int) -> None:
    found: list[int] = []
    cursor = ""
    while True:
        page = by_cursor(call({"cursor": cursor, "page_size": str(size)}), rows, most=20)
        found += page.rows
        assert page.total == len(rows)
        cursor = page.next_cursor
        if not page.more:
            break
    assert (found, cursor) == (rows, "")


@given(st.lists(st.integers(), max_size=60), st.integers(1, 20), st.sampled_from([0, 1]))
def test_pages_by_number_hold_everything_once(rows: list[int], size: int, first: int) -> None:
    found: list[int] = []
    for number in range(first, first + 70):
        page = by_number(call({"page_no": str(number), "page_size": str(size)}), rows, first=first, most=20)
        found += page.rows
        if not page.more:
            break
    assert found == rows


def test_pages_have_defaults_and_bounds() -> None:
    rows = list(range(30))
    assert by_number(call(), rows, first=1, most=100, default=10).rows == rows[:10]
    assert cut(rows, 40, 5).rows == []
    assert position("") == 0
    for query in ({"page_no": "0"}, {"page_size": "101"}, {"page_size": "0"}, {"page_no": "x"}):
        with refused("error_param"):
            by_number(call(query), rows, first=1, most=100, default=10)
    with refused("error_param"):
        by_number(call(), rows, first=0, most=40)
    for cursor in ("x", "-1"):
        with refused("error_param"):
            position(cursor)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "error", "status"),
    [
        (bad_parameter("x"), "error_param", 200),
        (bad_parameter("x", "order"), "order.error_param", 200),
        (bad_request("x"), "error_param", 403),
        (unknown_partner(), "invalid_partner_id", 403),
        (wrong_sign(), "error_sign", 403),
        (invalid_token(), "invalid_acceess_token", 403),
        (not_linked(), "partner_shop_no_link", 403),
        (invalid_refresh_token(), "error_auth", 403),
        (api_not_permitted(), "error_api_permission", 403),
        (no_permission(), "error_permission", 403),
        (too_many_requests(), "error_rate_limit", 200),
        (too_many_requests(429), "error_rate_limit", 429),
        (server_error(), "error_server", 500),
        (not_found(), "error_not_found", 200),
        (not_found("x", "common"), "common.error_not_found", 200),
    ],
)
def test_refusals_have_the_platforms_words_and_a_status(refusal: ApiError, error: str, status: int) -> None:
    assert (refusal.error, refusal.status) == (error, status)
    assert refusal.message
    assert error in str(refusal)


def test_operations_are_found_by_path_and_method() -> None:
    for one in OPERATIONS.values():
        for method in one.methods:
            assert find(method, one.path) is one
        assert find(one.methods[0], one.path + "/") is one
        with refused("error_param"):
            find("DELETE", one.path)
    with refused("error_not_found"):
        find("GET", "/api/v1/shop/get_shop_info")


# --- buyers and shelves -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "shown"), [("Ana Souza", "A******a"), ("", ""), ("X", "X******X")])
def test_names_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked("secret", 2, 0) == "se******" if text else True


def test_buyers_come_back_and_are_known_by_their_id() -> None:
    shop = bare_shop()
    met = [someone(shop) for _ in range(60)]
    assert len(set(met)) < 60
    assert all(by_user_id(shop, one.user_id) == one for one in met)
    assert by_user_id(shop, 7) is None
    one: Buyer = met[0]
    assert masked_username(one) == f"{one.username[0]}****{one.username[-1]}"


def test_a_shelf_offers_what_is_on_it() -> None:
    shelf = Shelf()
    assert shelf.pick(bare_shop().chance("x")) is None
    good = Good(1, 0, "Mug", "", "M", "M-1", "", Decimal(5), Decimal("0.3"), "MYZ", 3)
    shelf.put(good)
    assert shelf.pick(bare_shop().chance("x")) is good
    assert good.listed_price == Decimal(5)
    shelf.take_off(1, 0)
    shelf.take_off(1, 0)
    assert shelf.goods == {}
