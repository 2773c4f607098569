"""Orders by API: windows, sorting, offsets, filters and their codes; the shape of an order and its pieces."""

from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR, parse_instant
from storeward_sandbox.lazada.dates import iso_local, stamp
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.orders import pack, ready
from storeward_sandbox.lazada.orders_api import STATUSES
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import order, shelf
from storeward_sandbox.lazada.tests.support import ask, checked, go, shop_to_read

LONG_AGO = "2026-01-01T00:00:00+08:00"
NOON = parse_instant("2026-11-16T04:00:00Z")


def code(shop: Shop, path: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refusal:
        ask(shop, path, **params)
    return refusal.value.code


def five(shop: Shop) -> list[int]:
    """Five orders, an hour apart."""
    ids = []
    for _ in range(5):
        ids.append(int(order(shop).id))
        go(shop, HOUR)
    return ids


def ids_of(page: dict[str, Any]) -> list[int]:
    return [one["order_id"] for one in page["orders"]]


# --- the list ---------------------------------------------------------------------------------------------------------


def test_pages_by_offset_cover_every_order_once() -> None:
    shop = shelf()
    ids = five(shop)
    pages = [ask(shop, "/orders/get", created_after=LONG_AGO, limit=2, offset=at, sort_direction="ASC") for at in (0, 2, 4)]
    assert [page["count"] for page in pages] == [2, 2, 1]
    assert {page["countTotal"] for page in pages} == {5}
    assert [one for page in pages for one in ids_of(page)] == ids


def test_the_newest_come_first_unless_asked_otherwise() -> None:
    shop = shelf()
    ids = five(shop)
    assert ids_of(ask(shop, "/orders/get", created_after=LONG_AGO)) == ids[::-1]


def test_sorting_by_change_follows_what_happens_meanwhile() -> None:
    shop = shelf()
    ids = five(shop)
    oldest = shop.orders[str(ids[0])]
    pack(shop, oldest, oldest.lines)
    page = ask(shop, "/orders/get", update_after=LONG_AGO, sort_by="updated_at", sort_direction="ASC")
    assert ids_of(page) == [*ids[1:], ids[0]]


def test_windows_bound_creation_and_change() -> None:
    shop = shelf(at=NOON)
    ids = five(shop)
    second, fourth = "2026-11-16T13:00:00+08:00", "2026-11-16T07:00:00Z"
    page = ask(shop, "/orders/get", created_after=second, created_before=fourth, sort_direction="ASC")
    assert ids_of(page) == ids[1:4]
    assert ids_of(ask(shop, "/orders/get", update_after=second, update_before=second)) == [ids[1]]


@pytest.mark.parametrize(
    ("status", "count"),
    [("all", 3), ("pending", 2), ("packed", 1), ("toship", 1), ("topack", 2), ("shipped", 0), ("canceled", 0)],
)
def test_a_filter_finds_orders_with_a_piece_in_that_state(status: str, count: int) -> None:
    shop = shelf()
    order(shop)
    mixed = order(shop, pieces=2)
    pack(shop, mixed, mixed.lines[:1])
    ready_one = order(shop)
    ready(shop, pack(shop, ready_one, ready_one.lines)[0])
    assert ask(shop, "/orders/get", created_after=LONG_AGO, status=status)["countTotal"] == count
    assert mixed.statuses == ["packed", "pending"]


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_every_word_of_the_fact_sheet_is_a_filter(status: str) -> None:
    assert ask(shop_to_read(), "/orders/get", created_after=LONG_AGO, status=status)["countTotal"] >= 0


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "MissingParameter"),
        ({"created_after": "2025-12-15"}, "17"),
        ({"created_after": "2025-12-15 00:00:00"}, "17"),
        ({"created_after": "2025-12-15T00:00:00"}, "17"),
        ({"created_after": "2025-13-15T00:00:00+08:00"}, "17"),
        ({"created_after": LONG_AGO, "update_before": "x"}, "17"),
        ({"created_after": LONG_AGO, "offset": -1}, "14"),
        ({"created_after": LONG_AGO, "offset": 4501}, "14"),
        ({"created_after": LONG_AGO, "offset": "a"}, "14"),
        ({"created_after": LONG_AGO, "limit": 0}, "19"),
        ({"created_after": LONG_AGO, "limit": 101}, "19"),
        ({"created_after": LONG_AGO, "limit": "ten"}, "19"),
        ({"created_after": LONG_AGO, "status": "lost in space"}, "36"),
        ({"created_after": LONG_AGO, "sort_by": "price"}, "75"),
        ({"created_after": LONG_AGO, "sort_direction": "UP"}, "74"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_by_its_code(params: dict[str, Any], expected: str) -> None:
    assert code(shop_to_read(), "/orders/get", **params) == expected


@pytest.mark.parametrize("text", ["2026-01-01T00:00:00+0800", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000+08:00"])
def test_dates_may_be_written_in_these_ways(text: str) -> None:
    assert ask(shop_to_read(), "/orders/get", created_after=text)["countTotal"] > 0


# --- one order and its pieces -----------------------------------------------------------------------------------------


def test_an_order_says_what_was_paid_and_spells_the_district_two_ways() -> None:
    shop = shelf("TH", price="299.00")
    made = order(shop, pieces=2, seller_voucher="20", platform_voucher="5.50", shipping="38")
    listed = ask(shop, "/orders/get", created_after=LONG_AGO)["orders"][0]
    single = checked(shop, "/order/get", order_id=made.id)
    assert (listed["price"], listed["voucher"], listed["shipping_fee"]) == ("598.00", 51.0, 38.0)
    assert (listed["voucher_seller"], listed["voucher_platform"]) == (40.0, 11.0)
    assert "addressDsitrict" in listed["address_shipping"]
    assert "addressDistrict" in single["address_shipping"]
    assert "voucher_seller" not in single
    assert listed["created_at"] == stamp(shop.site, made.created)
    assert listed["created_at"].endswith(" +0700")


def test_names_streets_and_phones_are_masked() -> None:
    shop = shelf("PH")
    made = order(shop)
    address = ask(shop, "/order/get", order_id=made.id)["address_shipping"]
    assert made.buyer.name not in address["first_name"]
    assert "***" in address["first_name"]
    assert made.buyer.street not in address["address1"]
    assert address["phone"].startswith("63")
    assert "****" in address["phone"]


def test_shares_of_the_shipping_fee_add_up_to_the_last_unit() -> None:
    for region, fee in (("SG", "2.00"), ("VN", "10000"), ("MY", "3.10")):
        shop = shelf(region)
        made = order(shop, pieces=3, shipping=fee)
        rows = ask(shop, "/order/items/get", order_id=made.id)
        assert sum(Decimal(str(row["shipping_amount"])) for row in rows) == Decimal(fee)


def test_a_piece_before_and_after_packing() -> None:
    shop = shelf("VN", price="129000")
    made = order(shop, seller_voucher="9000")
    row = checked(shop, "/order/items/get", order_id=made.id)[0]
    assert (row["item_price"], row["paid_price"], row["voucher_amount"]) == (129000.0, 120000.0, 9000.0)
    assert (row["package_id"], row["tracking_code"], row["shipment_provider"]) == ("", "", "")
    assert row["sla_time_stamp"] == iso_local(shop.site, made.sla)
    assert row["sla_time_stamp"].endswith("T23:59:59+07:00")
    assert row["payment_time"] == made.paid_at * 1000
    assert row["cancel_return_initiator"] == "null-null"
    assert row["shop_id"] == shop.name
    package = pack(shop, made, made.lines)[0]
    row = checked(shop, "/order/items/get", order_id=made.id)[0]
    assert (row["package_id"], row["tracking_code"]) == (package.id, package.tracking_number)
    assert row["shop_sku"] == f"{made.lines[0].product.id}_VN-{made.lines[0].sku.id}"


def test_flags_tell_who_ships_and_what_kind_of_thing_it_is() -> None:
    shop = shelf()
    fleet = ask(shop, "/order/items/get", order_id=order(shop, own_fleet=True).id)[0]
    assert (fleet["delivery_option_sof"], fleet["shipping_provider_type"]) == (1, "seller_own_fleet")
    platform = ask(shop, "/order/items/get", order_id=order(shop, by_platform=True).id)[0]
    assert (platform["is_fbl"], platform["shipping_type"]) == (1, "Own Warehouse")
    quick = ask(shop, "/order/items/get", order_id=order(shop, flag="GUARANTEE").id)[0]
    assert (quick["order_flag"], quick["fulfillment_sla"]) == ("GUARANTEE", "NEXT_DAY")


def test_many_orders_at_once_spell_the_gift_mark_otherwise_and_have_no_product_id() -> None:
    shop = shelf()
    ids = five(shop)
    found = checked(shop, "/orders/items/get", order_ids=ids[:3])
    assert [one["order_id"] for one in found] == ids[:3]
    row = found[0]["order_items"][0]
    assert "show_gift_wrapping_tag" in row
    assert "show_giftwrapping_tag" not in row
    assert "product_id" not in row
    assert "product_id" in ask(shop, "/order/items/get", order_id=ids[0])[0]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1,2", "56"),
        ("{}", "56"),
        ("[]", "39"),
        ("[ ]", "39"),
        ("[1]", "37"),
        (list(range(1, 52)), "38"),
        ('["x"]', "37"),
        ("[1", "56"),
    ],
)
def test_batches_of_orders_have_codes_of_their_own(given: Any, expected: str) -> None:
    assert code(shop_to_read(), "/orders/items/get", order_ids=given) == expected


@pytest.mark.parametrize("path", ["/order/get", "/order/items/get"])
def test_an_order_of_another_store_is_not_found(path: str) -> None:
    other, shop = order(shelf("MY")).id, shelf()
    assert code(shop, path, order_id=f"9{other}") == "16"
    assert code(shop, path) == "MissingParameter"


def test_an_invoice_number_can_be_set_and_changes_the_order() -> None:
    shop = shelf()
    made = order(shop)
    go(shop, DAY)
    checked(shop, "/order/invoice_number/set", order_item_id=made.lines[0].id, invoice_number="INV-1")
    assert ask(shop, "/order/items/get", order_id=made.id)[0]["invoice_number"] == "INV-1"
    assert made.updated == shop.now
    assert code(shop, "/order/invoice_number/set", order_item_id="1", invoice_number="x") == "20"


def test_a_buyers_wish_to_cancel_shows_on_order_and_piece() -> None:
    shop = shop_to_read("TH", ("returns",))
    waiting = [one for one in shop.orders.values() if any(line.wants_out for line in one.lines)]
    assert waiting
    row = checked(shop, "/order/get", order_id=waiting[0].id)
    piece = checked(shop, "/order/items/get", order_id=waiting[0].id)[0]
    assert row["need_cancel_confirm"] is piece["need_cancel_confirm"] is True
    assert piece["cancel_trigger_time"] > shop.now * 1000
    assert str(piece["reverse_order_id"]) == waiting[0].lines[0].reverse_order_id
