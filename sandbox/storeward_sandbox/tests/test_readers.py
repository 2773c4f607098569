"""How a request's parts are read: what is taken, what is refused, and that the refusal names the culprit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storeward_sandbox.tests.support import Json, make_shop, platform_of
from storeward_sandbox.tiktok_shop.auth import Authorization
from storeward_sandbox.tiktok_shop.call import Call, as_list, as_object, as_objects, as_texts, sku_rows
from storeward_sandbox.tiktok_shop.errors import ApiError

SHOP = make_shop("MY")
EMPTY = Call(platform_of(SHOP), Authorization("1", "Luna", "MY", []), "x", "/x", {}, {}, {}, 0)


def asked(**query: str) -> Call:
    return replace(EMPTY, query=query)


def sent(**body: Any) -> Call:
    return replace(EMPTY, body=body)


def refusal_of(read: Callable[[], object]) -> str:
    """The words of the refusal; it is the gateway's, with status 400."""
    with pytest.raises(ApiError) as caught:
        read()
    assert (caught.value.code, caught.value.status) == (36009004, 400)
    return caught.value.message


@pytest.mark.parametrize(
    ("given", "number"),
    [("1", 1), ("0", 0), ("-5", -5), ("007", 7), ("+3", 3), (" 9 ", 9), ("", None), ("1763000000", 1_763_000_000)],
)
def test_a_number_of_the_query(given: str, number: int | None) -> None:
    assert asked(n=given).number("n") == number


@pytest.mark.parametrize("given", ["ten", "1.5", "1e3", "0x10", "--1", "1 2", "1,2", "null", "NaN"])
def test_no_number_of_the_query(given: str) -> None:
    assert refusal_of(lambda: asked(n=given).number("n")) == "Request query n must be integer"


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ("1", ["1"]),
        ("1,2", ["1", "2"]),
        ("1, 2 ,3", ["1", "2", "3"]),
        ("1,,2,", ["1", "2"]),
        ('["1","2"]', ["1", "2"]),
        ("[1,2]", ["1", "2"]),
        ('"1"', ["1"]),
        (",", []),
    ],
)
def test_a_list_of_the_query_is_one_joined_value(given: str, values: list[str]) -> None:
    assert asked(ids=given).listed("ids", most=3) == values


def test_a_list_of_the_query_may_be_missing_where_it_is_not_required() -> None:
    assert asked().listed("ids", most=3, required=False) == []
    assert "'ids'" in refusal_of(lambda: asked().listed("ids", most=3))
    assert "'ids'" in refusal_of(lambda: asked(ids="").listed("ids", most=3))
    assert "at most 3" in refusal_of(lambda: asked(ids="1,2,3,4").listed("ids", most=3))


@pytest.mark.parametrize(
    ("given", "default", "found"),
    [("ASC", "DESC", "ASC"), ("DESC", None, "DESC"), ("", "DESC", "DESC")],
)
def test_a_choice_of_the_query(given: str, default: str | None, found: str) -> None:
    assert asked(order=given).choice("order", ("ASC", "DESC"), default) == found


@pytest.mark.parametrize(
    ("query", "default", "words"),
    [
        ({"order": "UP"}, "DESC", "must be one of ASC, DESC"),
        ({"order": "asc"}, "DESC", "must be one of ASC, DESC"),
        ({"order": " ASC"}, None, "must be one of ASC, DESC"),
        ({}, None, "must have required property 'order'"),
        ({"order": ""}, None, "must have required property 'order'"),
    ],
)
def test_no_choice_of_the_query(query: dict[str, str], default: str | None, words: str) -> None:
    assert words in refusal_of(lambda: asked(**query).choice("order", ("ASC", "DESC"), default))


@pytest.mark.parametrize(
    ("given", "flag"),
    [("true", True), ("True", True), ("TRUE", True), ("false", False), ("1", False), ("yes", False), ("", False)],
)
def test_a_flag_of_the_query(given: str, flag: bool) -> None:
    assert asked(deep=given).flag("deep") is flag
    assert asked().flag("deep") is False


def test_a_text_of_the_query_has_a_default() -> None:
    assert asked(locale="ms-MY").text("locale", "en-US") == "ms-MY"
    assert asked().text("locale", "en-US") == "en-US"
    assert asked().text("locale") == ""


@pytest.mark.parametrize(
    ("body", "number"),
    [({"n": 5}, 5), ({"n": -5}, -5), ({"n": 0}, None), ({"n": None}, None), ({}, None), ({"n": 10**12}, 10**12)],
)
def test_a_number_of_the_body_where_nothing_null_and_zero_are_the_same(body: Json, number: int | None) -> None:
    assert sent(**body).body_number("n") == number


@pytest.mark.parametrize("given", ["5", "", 1.5, True, [], [5], {}, {"n": 5}, 1e99])
def test_no_number_of_the_body(given: Any) -> None:
    assert refusal_of(lambda: sent(n=given).body_number("n")) == "Request body n must be integer"


@pytest.mark.parametrize("given", [None, "", [], {}])
def test_what_must_be_given_is_given_with_content(given: Any) -> None:
    assert "'name'" in refusal_of(lambda: sent(name=given).given("name"))
    assert "'name'" in refusal_of(lambda: sent(name=given).given_text("name"))
    assert "'name'" in refusal_of(lambda: sent().given("name"))


@pytest.mark.parametrize("given", [0, False, "x", [0], {"a": None}])
def test_zero_and_false_are_something(given: Any) -> None:
    assert sent(name=given).given("name") == given


@pytest.mark.parametrize("given", [5, 1.5, True, ["x"], {"x": 1}])
def test_a_text_is_a_text(given: Any) -> None:
    assert "must be string" in refusal_of(lambda: sent(name=given).given_text("name"))


@pytest.mark.parametrize(
    ("given", "rows"), [(None, []), ([], []), (["1"], ["1"]), (["1", "2"], ["1", "2"]), ([1, 2], ["1", "2"]), ([True], ["True"])]
)
def test_ids_of_the_body_are_texts_even_if_sent_as_numbers(given: Any, rows: list[str]) -> None:
    assert sent(ids=given).body_texts("ids") == rows


@pytest.mark.parametrize("given", ["1,2", 5, {"0": "1"}, [None], [["1"]], [{"id": "1"}], [1.5]])
def test_no_ids_of_the_body(given: Any) -> None:
    assert "ids" in refusal_of(lambda: sent(ids=given).body_texts("ids"))


def test_a_list_of_the_body_has_its_length() -> None:
    assert sent(ids=["1", "2"]).body_texts("ids", most=2) == ["1", "2"]
    assert "at most 2" in refusal_of(lambda: sent(ids=["1", "2", "3"]).body_texts("ids", most=2))
    assert "'ids'" in refusal_of(lambda: sent(ids=[]).body_texts("ids", required=True))


@pytest.mark.parametrize("given", [["x"], [5], [None], [[]], [{}, "x"]])
def test_objects_are_objects(given: list[Any]) -> None:
    assert refusal_of(lambda: sent(rows=given).body_objects("rows")) == "Request body rows[] must be object"


@pytest.mark.parametrize(("given", "found"), [(None, None), ("", None), ("A", "A"), ("B", "B")])
def test_a_choice_of_the_body(given: Any, found: str | None) -> None:
    assert sent(kind=given).body_choice("kind", ("A", "B")) == found


@pytest.mark.parametrize("given", ["C", "a", 5, True, ["A"], {"A": 1}])
def test_no_choice_of_the_body(given: Any) -> None:
    assert "must be one of A, B" in refusal_of(lambda: sent(kind=given).body_choice("kind", ("A", "B")))


@pytest.mark.parametrize(("given", "found"), [(None, {}), ("", {}), ({}, {}), ({"a": 1}, {"a": 1})])
def test_an_object_may_be_left_out(given: Any, found: Json) -> None:
    assert as_object(given, "slot") == found
    assert sent(slot=given).body_object("slot") == found


@pytest.mark.parametrize("given", ["x", 5, True, [], ["a"], [{}]])
def test_what_is_no_object_is_named(given: Any) -> None:
    assert refusal_of(lambda: as_object(given, "slot")) == "Request body slot must be object"


@pytest.mark.parametrize(("given", "found"), [(None, []), ("", []), ([], []), ([1], [1])])
def test_a_list_may_be_left_out(given: Any, found: list[Any]) -> None:
    assert as_list(given, "rows") == found


@pytest.mark.parametrize("given", ["x", 5, {}, {"a": 1}, True])
def test_what_is_no_list_is_named(given: Any) -> None:
    for read in (as_list, as_objects, as_texts):
        assert refusal_of(lambda read=read: read(given, "rows")) == "Request body rows must be array"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"price": "12.50"}, "skus[].price must be object"),
        ({"price": [1]}, "skus[].price must be object"),
        ({"inventory": {"quantity": 1}}, "skus[].inventory must be array"),
        ({"inventory": [5]}, "skus[].inventory[] must be object"),
    ],
)
def test_price_and_stock_of_a_sku_have_their_shapes(row: Json, words: str) -> None:
    assert words in refusal_of(lambda: sku_rows(sent(skus=[row])))


def test_a_call_without_a_shop_has_none() -> None:
    assert "shop_cipher" in refusal_of(lambda: EMPTY.shop)
