"""The forms that scripts rely on."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.canon import KINDS, Metric, Order, OrderStatus, Transaction, kind_of, to_json, to_plain
from storeward.canon.encode import decimal_text, instant_text
from storeward.lib.money import Money


def test_every_kind_is_told_by_its_tag() -> None:
    for kind, record in KINDS.items():
        assert record.__struct_config__.tag == kind


def test_an_order_in_the_contracts_forms() -> None:
    order = Order(
        platform_order_id="000576",
        platform_status="AWAITING_SHIPMENT",
        status=OrderStatus.TO_SHIP,
        total=Money(Decimal("84.00"), "MYR"),
        placed_at=datetime(2026, 11, 18, 11, 15, tzinfo=timezone(timedelta(hours=8))),
    )
    told = json.loads(to_json(order))
    assert next(iter(told)) == "kind"
    assert told["kind"] == kind_of(order) == "order"
    assert told["platform_order_id"] == "000576"
    assert told["total"] == {"amount": "84.00", "currency": "MYR"}
    assert told["placed_at"] == "2026-11-18T03:15:00Z"
    assert told["ship_by_at"] is None
    assert told["lines"] == []


def test_every_field_is_there_null_or_not() -> None:
    assert set(to_plain(Metric(platform_metric="OTDR"))) == {"kind", *Metric.__struct_fields__}


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E+2", "100"), ("0.10", "0.10"), ("0E-8", "0.00000000"), ("-1.50", "-1.50"), ("1E-9", "0.000000001")],
)
def test_decimals_are_plain_digits(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text
    assert to_plain(Metric(platform_metric="m", value=Decimal(value)))["value"] == text


def test_fractions_of_a_second_show_only_where_there_are_any() -> None:
    assert instant_text(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02T03:04:05Z"
    assert instant_text(datetime(2026, 1, 2, 3, 4, 5, 120_000, tzinfo=UTC)) == "2026-01-02T03:04:05.120000Z"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_breakdown_keeps_its_names_and_signs() -> None:
    fees = {"referral_fee_amount": Money(Decimal("-2"), "GBP")}
    assert to_plain(Transaction(platform_transaction_id="1", fees=fees))["fees"] == {
        "referral_fee_amount": {"amount": "-2", "currency": "GBP"}
    }


@pytest.mark.parametrize(
    ("direction", "amount", "moves"),
    [
        ("out", "100", "-100"),
        ("out", "-100", "-100"),
        ("in", "100", "100"),
        ("in", "-30", "-30"),
        (None, "-5", "-5"),
        ("back", "100", None),
    ],
)
def test_what_a_movement_adds_to_the_balance(direction: str | None, amount: str, moves: str | None) -> None:
    movement = Transaction(platform_transaction_id="1", amount=Money(Decimal(amount), "MYR"), direction=direction)
    assert movement.moves == (Money(Decimal(moves), "MYR") if moves else None)
    assert Transaction(platform_transaction_id="1", direction=direction).moves is None


def test_a_line_without_an_id_of_its_own_goes_by_what_it_is_about() -> None:
    line = Transaction(platform_order_id="576", platform_statement_id="72", platform_sku_id="17")
    assert line.platform_id == "576:72:17"


def test_a_figure_goes_by_all_that_it_is_about() -> None:
    figure = Metric(platform_metric="gmv", platform_part="LIVE", platform_listing_id="17", from_date="2025-12-01", hour=0)
    assert figure.platform_id == "gmv:LIVE:17:2025-12-01:0"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_an_amount_survives_the_way_out_and_back(amount: Decimal) -> None:
    told = json.loads(to_json(Transaction(platform_transaction_id="1", amount=Money(amount, "IDR"))))
    assert Decimal(told["amount"]["amount"]) == amount


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1)))  # noqa: DTZ001
def test_an_instant_survives_the_way_out_and_back(at: datetime) -> None:
    assert datetime.fromisoformat(instant_text(at)) == at
