"""Small parts: how a request is read, how times and ids are written, how refusals are worded."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.clock import DAY
from storeward_sandbox.douyin.call import Call, whole, words
from storeward_sandbox.douyin.errors import (
    MESSAGES,
    ApiError,
    bad_field,
    bad_signature,
    consent_closed,
    consent_gone,
    expired_token,
    failed,
    field_missing,
    invalid,
    method_off,
    missing,
    no_permission,
    service_error,
    token_failed,
    too_many_requests,
    unknown_token,
)
from storeward_sandbox.douyin.ids import SHAPES
from storeward_sandbox.douyin.moments import day_start, hour_of_day, read_day, read_time, text_day, text_time
from storeward_sandbox.douyin.registry import OPERATIONS, done, find
from storeward_sandbox.douyin.tests.support import START, Json, bare_shop, platform_of
from storeward_sandbox.ids import Ids


def call(**params: Any) -> Call:
    return Call(platform_of(SHOP), "order.searchList", params, START)


SHOP = bare_shop()


def refusal(read: Any, *given_: Any, **more: Any) -> str:
    with pytest.raises(ApiError) as refused:
        read(*given_, **more)
    return f"{refused.value.code} {refused.value.sub_code}"


MISSING, INVALID = "40002 isv.missing-parameter:1", "40004 isv.parameter-invalid:1"


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "value"), [(5, 5), ("5", 5), ("-7", -7), (0, 0), ("4781320682406083640", 4781320682406083640)]
)
def test_whole_numbers_come_as_numbers_or_text(given_: Any, value: int) -> None:
    assert whole(given_, "x") == value


@pytest.mark.parametrize("given_", [True, 1.5, "1.5", "x", "", None, [], {}, 2**63, "9" * 30, -(2**70)])
def test_anything_else_is_no_number(given_: Any) -> None:
    assert refusal(whole, given_, "x") == INVALID


@pytest.mark.parametrize(("given_", "text"), [("a", "a"), (5, "5"), ("", ""), (4781320682406083640, "4781320682406083640")])
def test_texts_come_as_text_or_ids(given_: Any, text: str) -> None:
    assert words(given_, "x") == text


@pytest.mark.parametrize("given_", [True, 1.5, None, [], {}])
def test_anything_else_is_no_text(given_: Any) -> None:
    assert refusal(words, given_, "x") == INVALID


@pytest.mark.parametrize("params", [{}, {"x": None}, {"x": ""}])
def test_what_must_be_there_is_missed(params: Json) -> None:
    assert refusal(call(**params).need, "x") == MISSING
    assert refusal(call(**params).need_number, "x") == MISSING
    assert refusal(call(**params).objects, "x") == MISSING
    assert call(**params).text("x") == ""
    assert call(**params).number("x") is None
    assert call(**params).objects("x", required=False) == []
    assert call(**params).texts("x") == []
    assert call(**params).flag("x") is False


@pytest.mark.parametrize(("given_", "flag"), [(True, True), ("true", True), (False, False), ("false", False), (None, False)])
def test_flags_come_as_truth_or_text(given_: Any, flag: bool) -> None:
    assert call(x=given_).flag("x") is flag


@pytest.mark.parametrize("given_", ["yes", 2, [], {}])
def test_other_flags_are_refused(given_: Any) -> None:
    assert refusal(call(x=given_).flag, "x") == INVALID


def test_zero_is_a_number_and_there() -> None:
    assert call(x=0).need_number("x") == 0
    assert call(x=0).need("x") == "0"


@pytest.mark.parametrize("given_", ["x", {"a": 1}, 5, True])
def test_a_list_is_a_list(given_: Any) -> None:
    assert refusal(call(x=given_).texts, "x") == INVALID
    assert refusal(call(x=given_).objects, "x") == INVALID


def test_lists_have_their_most_and_their_kind() -> None:
    assert call(x=[1, "2"]).texts("x", most=2) == ["1", "2"]
    assert call(x=[1, "2"]).numbers("x") == [1, 2]
    assert refusal(call(x=[1, 2, 3]).texts, "x", most=2) == INVALID
    assert refusal(call(x=[{}, 1]).objects, "x") == INVALID
    assert refusal(call(x=["a"]).numbers, "x") == INVALID


# --- windows and pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "found"),
    [({"a": 1, "b": 2}, (1, 2)), ({"a": "1", "b": "2"}, (1, 2)), ({}, None), ({"a": 0, "b": 0}, None)],
)
def test_a_window_has_both_ends_or_neither(params: Json, found: Any) -> None:
    assert call(**params).span("a", "b") == found


@pytest.mark.parametrize(
    ("params", "told_by"),
    [({"a": 1}, MISSING), ({"b": 1}, MISSING), ({"a": 2, "b": 2}, INVALID), ({"a": 3, "b": 2}, INVALID), ({"a": "x"}, INVALID)],
)
def test_other_windows_are_refused(params: Json, told_by: str) -> None:
    assert refusal(call(**params).span, "a", "b") == told_by


def test_a_window_may_be_required() -> None:
    assert refusal(call().span, "a", "b", required=True) == MISSING


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2026-11-18 00:00:00", "2026-11-19 00:00:00", DAY),
        ("2026-11-18", "2026-11-19", DAY),
        ("2026-11-18 12:00:00", "2026-11-18 12:00:00", 0),
    ],
)
def test_windows_of_text_are_in_china_s_zone(first: str, last: str, found: int) -> None:
    start, end = call(a=first, b=last).text_span("a", "b")
    assert end - start == found
    assert start == read_time(first) if " " in first else read_day(first)


@pytest.mark.parametrize(
    ("first", "last", "told_by"),
    [
        ("", "2026-11-18", MISSING),
        ("2026-11-18", "", MISSING),
        ("18.11.2026", "2026-11-19", INVALID),
        ("2026-11-18 25:00:00", "2026-11-19 00:00:00", INVALID),
        ("2026-11-19", "2026-11-18", INVALID),
    ],
)
def test_other_texts_are_no_windows(first: str, last: str, told_by: str) -> None:
    assert refusal(call(a=first, b=last).text_span, "a", "b") == told_by


@pytest.mark.parametrize(
    ("params", "first", "found"),
    [
        ({"page": 0, "size": 10}, 0, (0, 10)),
        ({"page": 1, "size": 10}, 1, (0, 10)),
        ({"page": 3, "size": 10}, 1, (2, 10)),
        ({"page": "2", "size": "100"}, 0, (2, 100)),
    ],
)
def test_pages_count_from_where_the_method_counts(params: Json, first: int, found: tuple[int, int]) -> None:
    assert call(**params).page(first=first, most=100) == found


def test_a_page_may_have_a_size_of_its_own() -> None:
    assert call().page(first=1, most=100, default=10) == (0, 10)
    assert call(page=4).page(first=1, most=100, default=10) == (3, 10)
    assert refusal(call(size=200).page, first=1, most=100, default=10) == INVALID


def test_a_call_without_a_shop_has_none() -> None:
    assert refusal(lambda: call().shop) == MISSING


# --- times ------------------------------------------------------------------------------------------------------------


@given(st.integers(min_value=1, max_value=4_102_444_799))
def test_times_as_text_are_read_again(instant: int) -> None:
    assert read_time(text_time(instant)) == instant
    assert read_day(text_day(instant)) == day_start(instant)
    assert 0 <= instant - day_start(instant) < DAY
    assert hour_of_day(instant) == int(text_time(instant)[11:13])


def test_what_has_not_happened_has_no_time() -> None:
    assert text_time(0) == ""
    assert text_time(START) == "2026-11-18 12:00:00"


# --- ids --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_ids_are_digits_of_their_length_and_never_the_same(kind: str) -> None:
    first, second = Ids(1, SHAPES), Ids(2, SHAPES)
    made = [first.new(kind) for _ in range(300)]
    assert len(set(made)) == 300
    assert not set(made) & {second.new(kind) for _ in range(300)}
    assert {len(one) for one in made} == {SHAPES[kind][1]}
    if kind != "movement":
        assert all(int(one) < 2**63 for one in made)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refused", "code", "sub_code"),
    [
        (field_missing("signature"), 40001, "isv.signature-missing"),
        (field_missing("app-id"), 40001, "isv.app-id-missing"),
        (bad_field("app-id-invalid", "x"), 40003, "isv.app-id-invalid"),
        (bad_signature(), 40003, "isv.signature-invalid"),
        (expired_token(), 40003, "isv.access-token-expired"),
        (unknown_token(), 40003, "isv.access-token-no-existed"),
        (consent_gone(), 30001, "dop.authorization-no-existed"),
        (consent_closed(), 30001, "dop.authorization-closed"),
        (no_permission(), 30001, "isv.app-permissions-insufficient"),
        (too_many_requests(), 60000, ""),
        (method_off(), 70000, "isp.api-service-off"),
        (service_error(), 20000, "isp.service-error:10005"),
        (token_failed("code-expired", "x"), 50001, "dop.token-generate-failed:code-expired"),
        (missing("x"), 40002, "isv.missing-parameter:1"),
        (invalid("x", 20012), 40004, "isv.parameter-invalid:20012"),
        (failed(60110, "x"), 50002, "isv.business-failed:60110"),
    ],
)
def test_refusals_have_the_published_codes(refused: ApiError, code: int, sub_code: str) -> None:
    assert (refused.code, refused.sub_code, refused.status) == (code, sub_code, 200)
    assert refused.msg == MESSAGES[code]


def test_refusals_are_worded_as_in_the_published_examples(shared_dir: Path) -> None:
    folder = shared_dir / "platforms" / "douyin_shop" / "samples"
    ours = {
        "sign_invalid": bad_signature(),
        "token_expired": expired_token(),
        "token_missing": unknown_token(),
        "rate_limited": too_many_requests(),
        "no_permission": no_permission(),
        "shop_unbound": consent_gone(),
        "service": service_error(),
        "api_offline": method_off(),
        "refresh_dead": token_failed("token-expired", "token已过期"),
    }
    for name, refused in ours.items():
        sample = json.loads((folder / f"error.{name}.json").read_text())
        found = {"code": refused.code, "msg": refused.msg, "sub_code": refused.sub_code, "sub_msg": refused.sub_msg}
        assert found == {key: sample[key] for key in found}, name


# --- methods ----------------------------------------------------------------------------------------------------------


def test_paths_are_names_with_slashes() -> None:
    for method, known in OPERATIONS.items():
        assert find("/" + method.replace(".", "/")) is known
    assert refusal(find, "/order/none") == "70000 isp.api-service-off"


def test_only_token_calls_need_no_token() -> None:
    assert {method for method, known in OPERATIONS.items() if not known.token} == {"token.create", "token.refresh"}


def test_writes_that_have_nothing_to_say_say_it_in_three_ways() -> None:
    assert {str(done(method)) for method in OPERATIONS} == {"{}", "[]", "None"}
    assert done("sku.syncStock") == done("sku.syncStock")
