"""Small parts by value: dates, amounts, sites, masks, ids, reading parameters, the table of operations."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.clock import parse_instant
from storeward_sandbox.countries import COUNTRIES
from storeward_sandbox.ids import Ids
from storeward_sandbox.lazada import errors
from storeward_sandbox.lazada.buyers import Buyers, masked, masked_line, masked_phone, someone
from storeward_sandbox.lazada.buying import spread
from storeward_sandbox.lazada.call import Call, ids_in, objects_in
from storeward_sandbox.lazada.catalogue import Sku, Stock, give_back, hand_out, occupy, withhold
from storeward_sandbox.lazada.dates import (
    BadDate,
    bare,
    iso_local,
    minute,
    ms,
    parse_day,
    parse_offset,
    parse_stamp,
    stamp,
    worded,
)
from storeward_sandbox.lazada.errors import ApiError, ResultError
from storeward_sandbox.lazada.ids import SHAPES
from storeward_sandbox.lazada.orders import Line
from storeward_sandbox.lazada.reasons import BUYER_CANCELS, BUYER_RETURNS, SELLER_CANCELS, SELLER_REFUSES, seller_cancel_reason
from storeward_sandbox.lazada.registry import OPERATIONS, find, in_result, result
from storeward_sandbox.lazada.sites import SITES, amount_text, by_code, by_host, minor_units, thousands
from storeward_sandbox.lazada.switches import as_documented
from storeward_sandbox.lazada.tests.byhand import order, shelf
from storeward_sandbox.lazada.tests.support import platform_of

AT = parse_instant("2026-11-18T04:05:06Z")


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "clock", "offset"),
    [
        ("SG", "12:05:06", "+0800"),
        ("MY", "12:05:06", "+0800"),
        ("PH", "12:05:06", "+0800"),
        ("TH", "11:05:06", "+0700"),
        ("VN", "11:05:06", "+0700"),
        ("ID", "11:05:06", "+0700"),
    ],
)
def test_every_form_of_a_date_on_every_site(region: str, clock: str, offset: str) -> None:
    site = SITES[region]
    assert stamp(site, AT) == f"2026-11-18 {clock} {offset}"
    assert iso_local(site, AT) == f"2026-11-18T{clock}{offset[:3]}:{offset[3:]}"
    assert bare(site, AT) == f"2026-11-18 {clock}"
    assert minute(site, AT) == f"2026-11-18 {clock[:5]}"
    assert site.offset.replace(":", "") == offset


def test_no_instant_is_an_empty_text_and_never_1970() -> None:
    assert stamp(SITES["SG"], 0) == iso_local(SITES["SG"], 0) == ""
    assert ms(AT) == AT * 1000
    assert worded(parse_day("2016-05-17")) == "17 May 2016"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-18T12:05:06+08:00", AT),
        ("2026-11-18T12:05:06+0800", AT),
        ("2026-11-18T04:05:06Z", AT),
        ("2026-11-18T04:05:06.000Z", AT),
        ("2026-11-18T11:05:06+07:00", AT),
    ],
)
def test_dates_of_requests(text: str, instant: int) -> None:
    assert parse_offset(text) == instant


@pytest.mark.parametrize(
    "text", ["", "2026-11-18", "2026-11-18T04:05:06", "2026-11-18 04:05:06Z", "2026-02-30T00:00:00Z", "1795000000"]
)
def test_dates_without_a_zone_or_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(BadDate):
        parse_offset(text)


@pytest.mark.parametrize(
    ("text", "day"), [("2021-01-01", "2021-01-01"), ("20210101", "2021-01-01"), ("2021-01-01T09:00:00", "2021-01-01")]
)
def test_days_of_finance(text: str, day: str) -> None:
    assert str(parse_day(text)) == day


@pytest.mark.parametrize("text", ["", "x", "2021-13-01", "1999-01-01", "99991231", "20210132"])
def test_days_that_cannot_be_meant_are_refused(text: str) -> None:
    with pytest.raises(BadDate):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1795000000000", 1_795_000_000),
        ("1795000000123", 1_795_000_000.123),
        ("2026-11-18T04:05:06Z", AT),
        ("2026-11-18T04:05:06", AT),
    ],
)
def test_time_stamps_of_requests(text: str, seconds: float) -> None:
    assert parse_stamp(text) == pytest.approx(seconds)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_bad_one(text: str) -> None:
    for read in (parse_offset, parse_stamp, parse_day):
        try:
            assert read(text) is not None
        except BadDate:
            continue


# --- money and sites --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "amount", "minor"),
    [("SG", "1.00", 100), ("SG", "0.05", 5), ("VN", "129000", 129000), ("ID", "79000", 7_900_000), ("MY", "1234.56", 123456)],
)
def test_minor_units(region: str, amount: str, minor: int) -> None:
    assert minor_units(SITES[region], Decimal(amount)) == minor


@pytest.mark.parametrize(
    ("amount", "plain", "commas"),
    [
        ("0", "0.00", "0.00"),
        ("-0.00", "0.00", "0.00"),
        ("1199", "1199.00", "1,199.00"),
        ("-1234567.8", "-1234567.80", "-1,234,567.80"),
    ],
)
def test_amounts_as_text(amount: str, plain: str, commas: str) -> None:
    assert amount_text(Decimal(amount)) == plain
    assert thousands(Decimal(amount)) == commas


def test_the_six_sites_are_told_apart_by_code_and_host() -> None:
    assert len(SITES) == 6
    for region, site in SITES.items():
        assert by_code(site.code) is site
        assert by_host(site.host) is site
        assert site.country is COUNTRIES[region]
        assert site.push_name == f"lazada_{site.code}"
    assert by_code("us") is None
    assert by_host("localhost") is None
    assert [site.currency for site in SITES.values()] == ["SGD", "MYR", "THB", "VND", "PHP", "IDR"]


def test_reasons_have_ids_of_their_own_in_every_country() -> None:
    every = [
        reason.id_on(site)
        for site in SITES.values()
        for reason in (*SELLER_CANCELS, *BUYER_CANCELS, *BUYER_RETURNS, *SELLER_REFUSES)
    ]
    assert len(set(every)) == len(every)
    assert seller_cancel_reason(SITES["SG"], str(SELLER_CANCELS[0].id_on(SITES["SG"]))) is SELLER_CANCELS[0]
    assert seller_cancel_reason(SITES["SG"], str(SELLER_CANCELS[0].id_on(SITES["TH"]))) is None
    assert SELLER_CANCELS[1].text_on(SITES["VN"]) == "Hết hàng"
    assert SELLER_CANCELS[1].text_on(SITES["SG"]) == "Out of Stock"


@given(st.decimals("0", "500", places=2), st.integers(1, 7), st.sampled_from([0, 2]))
def test_a_fee_is_spread_without_loss(fee: Decimal, pieces: int, decimals: int) -> None:
    fee = fee.quantize(Decimal(1).scaleb(-decimals))
    shop = shelf()
    lines: list[Line] = order(shop, pieces=pieces).lines
    spread(fee, lines, decimals)
    assert sum(line.shipping for line in lines) == fee
    assert max(line.shipping for line in lines) - min(line.shipping for line in lines) < Decimal(pieces)


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "shown"), [("Tan Mei Ling", "T***n M***i L***g"), ("X", "X***X"), ("", "")])
def test_names_are_masked_word_by_word(name: str, shown: str) -> None:
    assert masked(name) == shown


@pytest.mark.parametrize(("text", "shown"), [("12 Rizal", "1******l"), ("ab", "ab"), ("", "")])
def test_streets_keep_their_length(text: str, shown: str) -> None:
    assert masked_line(text) == shown


def test_phones_keep_two_digits_at_each_end() -> None:
    assert masked_phone("66812345689") == "66*******89"


def test_some_buyers_come_back() -> None:
    shop = shelf()
    ids = [someone(shop).user_id for _ in range(200)]
    assert len(shop.part(Buyers).known) == len(set(ids))
    assert 120 < len(set(ids)) < 180


# --- stock ------------------------------------------------------------------------------------------------------------


def sku(*units: int) -> Sku:
    return Sku("1", "a", Decimal(1), {}, [Stock(f"W{number}", count) for number, count in enumerate(units)], "1")


def test_a_unit_comes_from_the_fullest_warehouse_and_goes_back_there() -> None:
    one = sku(1, 5)
    assert withhold(one) == "W1"
    assert (one.stock[1].sellable, one.stock[1].withheld, one.total) == (4, 1, 6)
    occupy(one, "W1")
    assert (one.stock[1].withheld, one.stock[1].occupied) == (0, 1)
    give_back(one, "W1", held="occupied")
    assert (one.stock[1].sellable, one.stock[1].occupied) == (5, 0)


def test_what_is_handed_out_leaves_the_books_and_may_come_back() -> None:
    one = sku(3)
    withhold(one)
    occupy(one, "W0")
    hand_out(one, "W0")
    assert one.total == 2
    give_back(one, "W0", held="gone")
    assert one.total == one.sellable == 3


@given(st.lists(st.sampled_from(["withhold", "occupy", "hand", "back"]), max_size=30))
def test_no_figure_ever_falls_below_zero(deeds: list[str]) -> None:
    one = sku(4)
    for deed in deeds:
        if deed == "withhold" and one.sellable:
            withhold(one)
        elif deed == "occupy":
            occupy(one, "W0")
        elif deed == "hand":
            hand_out(one, "W0")
        elif deed == "back" and one.stock[0].withheld:
            give_back(one, "W0", held="withheld")
    stock = one.stock[0]
    assert min(stock.sellable, stock.withheld, stock.occupied) >= 0
    assert stock.total <= 4


# --- ids --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_ids_have_their_shape_and_never_repeat(kind: str) -> None:
    prefix, length = SHAPES[kind]
    found = [Ids(number, SHAPES).new(kind) for number in range(1, 40)]
    one_store = Ids(7, SHAPES)
    found += [one_store.new(kind) for _ in range(2, 200)]
    assert all(len(one) == length and one.startswith(prefix) for one in found)
    assert len(set(found)) >= len(found) - 1
    assert all(int(one) < 2**63 for one in found)


# --- reading parameters -----------------------------------------------------------------------------------------------


def call(**params: str) -> Call:
    shop = shelf()
    return Call(platform_of(shop), shop, "/x", params, shop.now)


def code_of(deed: Any, *args: Any, **named: Any) -> str:
    with pytest.raises(ApiError) as refusal:
        deed(*args, **named)
    return refusal.value.code


def test_texts_and_what_must_be_there() -> None:
    asked = call(a="1", empty="")
    assert asked.text("a") == asked.need("a") == "1"
    assert asked.text("empty", "x") == asked.text("none", "x") == "x"
    assert code_of(asked.need, "empty") == code_of(asked.need, "none") == "MissingParameter"


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("-3", -3), ("", None)])
def test_whole_numbers(text: str, number: int | None) -> None:
    assert call(n=text).number("n") == number


@pytest.mark.parametrize("text", ["1.0", "x", "1e3", "٣", "9" * 19, " 1"])
def test_what_is_no_whole_number_is_malformed(text: str) -> None:
    assert code_of(call(n=text).number, "n") == "5"


@pytest.mark.parametrize(("text", "flag"), [("true", True), ("TRUE", True), ("False", False)])
def test_flags(text: str, flag: bool) -> None:
    assert call(f=text).flag("f") is flag


def test_flags_are_nothing_else() -> None:
    assert code_of(call(f="1").flag, "f") == "5"


def test_pages_begin_at_one() -> None:
    assert call().page("p", "s") == (1, 10)
    assert call(p="3", s="7").page("p", "s") == (3, 7)
    for params in ({"p": "0"}, {"s": "0"}, {"s": "101"}, {"p": "x"}):
        assert code_of(call(**params).page, "p", "s") == "5"


def test_json_within_a_text() -> None:
    assert call(j="[1, 2]").json_ids("j") == ["1", "2"]
    assert call(j='["a"]').json_words("j") == ["a"]
    assert call().json_words("j") == []
    assert call(j='{"a": 1}').json_object("j") == {"a": 1}
    assert code_of(call(j="{").json_object, "j") == "1001"
    assert code_of(call(j="[]").json_object, "j") == code_of(call(j="{}").json_list, "j") == "5"
    assert code_of(call(j="[true]").json_ids, "j") == code_of(call(j="[null]").json_ids, "j") == "5"


@pytest.mark.parametrize("container", [None, [], {"rows": 1}, {"rows": [1]}, {}])
def test_lists_of_objects_are_nothing_else(container: Any) -> None:
    assert code_of(objects_in, container, "rows") == "5"


def test_lists_of_objects() -> None:
    assert objects_in({"rows": [{"a": 1}]}, "rows") == [{"a": 1}]
    assert ids_in([1, "b"], "x") == ["1", "b"]


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_unknown_path_is_refused() -> None:
    assert find("/orders/get") is OPERATIONS["/orders/get"]
    assert code_of(find, "/orders/got") == "InvalidApiPath"


def test_a_refusal_of_fulfilment_stands_inside_a_good_answer() -> None:
    @in_result
    def refuses(asked: Call) -> dict[str, Any]:
        raise ResultError("7", "no")

    assert refuses(call()) == {"result": {"success": False, "error_code": "7", "error_msg": "no"}}
    assert result({"a": 1})["result"]["success"] is True


def test_the_documented_form_is_all_text() -> None:
    value = {"a": 1, "b": [True, None, 1.5], "c": {"d": False}, "e": "x"}
    assert as_documented(value) == {"a": "1", "b": ["true", None, "1.5"], "c": {"d": "false"}, "e": "x"}
    assert json.loads(json.dumps(as_documented(value))) == as_documented(value)


@pytest.mark.parametrize(
    ("refusal", "code", "kind"),
    [
        (errors.missing("x"), "MissingParameter", "ISV"),
        (errors.bad_signature(), "IncompleteSignature", "ISV"),
        (errors.bad_token(), "IllegalAccessToken", "ISV"),
        (errors.call_limit(7), "ApiCallLimit", "ISV"),
        (errors.call_limit(code="SellerCallLimit"), "SellerCallLimit", "ISV"),
        (errors.remote_error(), "15", "ISP"),
        (errors.switched_off(), "998", "ISP"),
        (errors.bad_order_id("5"), "16", "ISP"),
        (errors.refresh_unsupported("111"), "AUTH_TYPE_UNSUPPORTED", "ISV"),
    ],
)
def test_refusals_have_the_platforms_codes(refusal: ApiError, code: str, kind: str) -> None:
    assert (refusal.code, refusal.kind) == (code, kind)
    assert refusal.message


def test_a_limit_says_how_long_it_lasts() -> None:
    assert "7 seconds" in errors.call_limit(7).message
