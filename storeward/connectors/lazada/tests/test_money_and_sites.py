"""Amounts with commas, signs and currencies, minor units, and what a site settles."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors.contract import Problem
from storeward.connectors.lazada import CONNECTOR
from storeward.connectors.lazada.money import amount, currency_in, minor
from storeward.connectors.lazada.sites import (
    BY_CURRENCY,
    SITES,
    market_of,
    site_of_codes,
    site_of_number,
    site_of_shop_sku,
)
from storeward.connectors.wire import Notes

AMOUNTS = [
    ("199.00", "199.00", None),
    ("-12.74", "-12.74", None),
    ("-1,199.00", "-1199.00", None),
    ("1,234,567.89", "1234567.89", None),
    ("3962.41 THB", "3962.41", "THB"),
    ("3962.41 EUR", "3962.41", "EUR"),
    ("0.00 THB", "0.00", "THB"),
    ("-3,962 VND", "-3962", "VND"),
    ("+5.10", "5.10", None),
    ("\u22125.10", "-5.10", None),
    ("- 5.10", "-5.10", None),
    ("0", "0", None),
    (".50", ".50", None),
    ("0.0672", "0.0672", None),
    (12, "12", None),
    (Decimal("12.50"), "12.50", None),
    ("12345678901234567890.12", "12345678901234567890.12", None),
]


@pytest.mark.parametrize(("value", "number", "currency"), AMOUNTS)
def test_an_amount_in_any_of_its_forms(value: Any, number: str, currency: str | None) -> None:
    problems: list[Problem] = []
    money = amount(Notes("data[0]", problems), "amount", value, "PHP")
    assert problems == []
    assert money is not None
    assert (money.amount, money.currency) == (Decimal(number), currency or "PHP")
    assert currency_in(value) == currency


@pytest.mark.parametrize("value", [None, "", "  ", "null", True, False])
def test_no_amount_is_none_and_never_zero(value: Any) -> None:
    problems: list[Problem] = []
    assert (amount(Notes("", problems), "amount", value, "PHP"), problems) == (None, [])


@pytest.mark.parametrize("value", ["abc", "12.3.4", "THB 12", "1e5", "12 thb", "--1", {"cent": 5}, "NaN", "Infinity"])
def test_what_is_no_amount_is_left_out_with_a_note(value: Any) -> None:
    problems: list[Problem] = []
    assert amount(Notes("", problems), "amount", value, None) is None
    assert "no amount that we can read" in problems[0].message


def test_an_amount_of_either_sign_is_read_with_a_note() -> None:
    problems: list[Problem] = []
    money = amount(Notes("", problems), "amount", "±0.01", "IDR")
    assert money is not None
    assert str(money) == "0.01 IDR"
    assert "no one sign" in problems[0].message


@pytest.mark.parametrize("number", ["1e400", "1e-400", "NaN", "Infinity"])
def test_an_absurd_number_is_left_out(number: str) -> None:
    problems: list[Problem] = []
    assert amount(Notes("", problems), "amount", Decimal(number), None) is None
    assert len(problems) == 1


MINOR = [
    ("SG", "100", "1.00"),
    ("TH", "29900", "299.00"),
    ("MY", "1", "0.01"),
    ("PH", "0", "0.00"),
    ("ID", "9900000", "99000.00"),
    ("VN", "299000", "299000"),
    ("VN", "0", "0"),
    ("TH", "-500", "-5.00"),
]


@pytest.mark.parametrize(("market", "told", "meant"), MINOR)
def test_refunds_are_in_hundredths_but_whole_dong(market: str, told: str, meant: str) -> None:
    problems: list[Problem] = []
    money = minor(Notes("", problems), "refund_amount", Decimal(told), SITES[market], SITES[market].currency)
    assert problems == []
    assert money is not None
    assert f"{money.amount:f}" == meant
    assert money.currency == SITES[market].currency


def test_a_refund_of_an_unknown_site_is_read_as_hundredths_and_says_so() -> None:
    problems: list[Problem] = []
    money = minor(Notes("data", problems), "refund_amount", Decimal(29900), None, None)
    assert money is not None
    assert (f"{money.amount:f}", money.currency) == ("299.00", None)
    assert problems[0].field == "data.refund_amount"
    assert minor(Notes("", problems), "refund_amount", None, None, None) is None


def test_nothing_to_refund_needs_no_site() -> None:
    problems: list[Problem] = []
    money = minor(Notes("", problems), "refund_amount", Decimal(0), None, None)
    assert money is not None
    assert (f"{money.amount:f}", problems) == ("0.00", [])


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_minor_units_lose_no_digit(cents: int) -> None:
    money = minor(Notes("", []), "a", Decimal(cents), SITES["SG"], "SGD")
    assert money is not None
    assert money.amount * 100 == cents


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=2))
def test_commas_change_no_amount(number: Decimal) -> None:
    money = amount(Notes("", []), "a", f"{number:,.2f} PHP", None)
    assert money is not None
    assert (money.amount, money.currency) == (number, "PHP")


@given(st.text())
def test_no_text_breaks_the_reading_of_amounts(text: str) -> None:
    problems: list[Problem] = []
    money = amount(Notes("", problems), "a", text, None)
    assert money is None or money.amount.is_finite()


SITE_TABLE = [
    ("SG", "https://api.lazada.sg/rest", "SGD", 8),
    ("MY", "https://api.lazada.com.my/rest", "MYR", 8),
    ("TH", "https://api.lazada.co.th/rest", "THB", 7),
    ("VN", "https://api.lazada.vn/rest", "VND", 7),
    ("PH", "https://api.lazada.com.ph/rest", "PHP", 8),
    ("ID", "https://api.lazada.co.id/rest", "IDR", 7),
]


@pytest.mark.parametrize(("market", "gateway", "currency", "hours"), SITE_TABLE)
def test_a_site_settles_address_currency_and_clock(market: str, gateway: str, currency: str, hours: int) -> None:
    site = SITES[market]
    assert (site.market, site.gateway, site.currency) == (market, gateway, currency)
    offset = site.zone.utcoffset(None)
    assert offset.total_seconds() == hours * 3600
    assert CONNECTOR.gateway(market) == gateway
    assert CONNECTOR.gateway(market, CONNECTOR.base_url) == gateway
    assert CONNECTOR.gateway(market, "http://127.0.0.1:9403/rest") == "http://127.0.0.1:9403/rest"
    assert BY_CURRENCY[currency] is site


def test_these_are_all_sites() -> None:
    assert sorted(SITES) == sorted(row[0] for row in SITE_TABLE) == sorted(CONNECTOR.markets)


@pytest.mark.parametrize(
    ("code", "market"),
    [
        ("sg", "SG"),
        ("SG", "SG"),
        ("lazada_sg", "SG"),
        ("lazada-sg", "SG"),
        ("LAZADA_SG", "SG"),
        ("lazada_vn", "VN"),
        ("id", "ID"),
        ("cb", None),
        ("eg", None),
        ("lazada_eg", None),
        ("", None),
        (None, None),
        ("singapore", None),
    ],
)
def test_a_site_is_known_by_any_of_its_codes(code: str | None, market: str | None) -> None:
    assert market_of(code) == market


@pytest.mark.parametrize(
    ("code", "market"),
    [
        ("6718170187_TH-12761620980", "TH"),
        ("2494373306_VNAMZ-12215141846", "VN"),
        ("1760954113_SGAMZ-8975502010", "SG"),
        ("232611001_SGAMZ-356805001", "SG"),
        ("1_EG-2", None),
        ("Item test -123", None),
        ("", None),
        (None, None),
    ],
)
def test_a_platform_sku_code_names_its_site(code: str | None, market: str | None) -> None:
    site = site_of_shop_sku(code)
    assert (site.market if site else None) == market


@pytest.mark.parametrize(
    ("number", "market"),
    [
        ("TH1A2B3C-2025-1207", "TH"),
        ("SG103EF-1P9VK1A", "SG"),
        ("EG100RT-20141228", None),
        ("12345", None),
        ("", None),
        (None, None),
    ],
)
def test_a_statements_number_begins_with_its_site(number: str | None, market: str | None) -> None:
    site = site_of_number(number)
    assert (site.market if site else None) == market


def test_the_first_code_that_names_a_site_tells() -> None:
    assert site_of_codes([None, "x", 7, "1_PH-2", "1_SG-2"]) is SITES["PH"]
    assert site_of_codes([]) is None
