"""The moves of an order's pieces, one by one, in stores made by hand."""

from dataclasses import replace

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE, parse_instant
from storeward_sandbox.lazada import orders
from storeward_sandbox.lazada.orders import Plan, cancel, deliver, fail, lines_of, pack, pay, ready, repack, scan
from storeward_sandbox.lazada.packages import Package
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import PAID, STILL, add_product, order, product_of, shelf, stock_of, until
from storeward_sandbox.lazada.tests.support import go, told

MONDAY = parse_instant("2026-11-16T02:00:00Z")  # 10:00 in Singapore
FRIDAY = parse_instant("2026-11-20T02:00:00Z")


def statuses(shop: Shop) -> list[str]:
    """The words of push 0, in the order in which they came."""
    return [data["order_status"] for data in told(shop, 0)]


def parcels(shop: Shop) -> list[str]:
    return [data["status"] for data in told(shop, 14)]


def packed(shop: Shop, plan: Plan = PAID, **how: object) -> Package:
    made = order(shop, plan, **how)  # type: ignore[arg-type]
    return pack(shop, made, made.lines)[0]


# --- until it is paid -------------------------------------------------------------------------------------------------


def test_an_order_begins_unpaid_and_holds_its_units() -> None:
    shop = shelf(units=10)
    made = order(shop, STILL, pieces=2)
    assert made.statuses == ["unpaid"]
    assert stock_of(shop) == (8, 2, 0)
    assert (made.paid_at, made.sla) == (0, 0)


def test_paying_starts_the_sellers_clock() -> None:
    shop = shelf(at=MONDAY)
    made = order(shop)
    assert made.statuses == ["pending"]
    assert stock_of(shop) == (9, 0, 1)
    assert made.paid_at == MONDAY
    assert made.sla == parse_instant("2026-11-18T15:59:59Z")  # Wednesday, end of day in Singapore
    assert made.hand_over_at == parse_instant("2026-11-20T15:59:59Z")


@pytest.mark.parametrize(
    ("at", "abroad", "flag", "sla"),
    [
        (FRIDAY, False, "NORMAL", "2026-11-24T15:59:59Z"),
        (MONDAY, True, "NORMAL", "2026-11-19T15:59:59Z"),
        (FRIDAY, True, "NORMAL", "2026-11-25T15:59:59Z"),
        (MONDAY, False, "GUARANTEE", "2026-11-17T15:59:59Z"),
        (FRIDAY, False, "GUARANTEE", "2026-11-21T15:59:59Z"),
        (MONDAY, True, "GLOBAL_COLLECTION", "2026-11-17T15:59:59Z"),
    ],
)
def test_deadlines_count_working_days_and_marked_orders_are_due_the_next_day(at: int, abroad: bool, flag: str, sla: str) -> None:
    shop = shelf(at=at, cross_border=abroad)
    assert order(shop, flag=flag).sla == parse_instant(sla)


@pytest.mark.parametrize(
    ("region", "sla"), [("TH", "2026-11-18T16:59:59Z"), ("ID", "2026-11-18T16:59:59Z"), ("PH", "2026-11-18T15:59:59Z")]
)
def test_a_day_ends_when_it_ends_on_the_site(region: str, sla: str) -> None:
    assert order(shelf(region, at=MONDAY)).sla == parse_instant(sla)


def test_what_is_not_paid_in_half_an_hour_is_cancelled_and_nobodys_fault() -> None:
    shop = shelf()
    made = order(shop, STILL)
    go(shop, orders.UNPAID_SECONDS - 1)
    assert made.statuses == ["unpaid"]
    go(shop, 1)
    assert made.statuses == ["canceled"]
    assert made.lines[0].initiator == "system-cancel"
    assert not made.lines[0].by_seller
    assert stock_of(shop) == (10, 0, 0)


def test_paying_twice_or_too_late_does_nothing() -> None:
    shop = shelf()
    made = order(shop)
    paid_at = made.paid_at
    go(shop, HOUR)
    pay(shop, made)
    assert made.paid_at == paid_at
    late = order(shop, STILL)
    go(shop, HOUR)
    pay(shop, late)
    assert late.statuses == ["canceled"]


# --- packing and shipping ---------------------------------------------------------------------------------------------


def test_the_whole_way_with_its_pushes_and_its_stock() -> None:
    shop = shelf(units=5)
    plan = Plan(pays=0, packs=None, scans=2 * HOUR, ends=30 * HOUR, confirms=48 * HOUR)
    package = packed(shop, plan)
    assert stock_of(shop) == (4, 0, 1)
    ready(shop, package)
    assert package.order.statuses == ["ready_to_ship_pending"]
    assert stock_of(shop) == (4, 0, 0)
    go(shop, orders.RTS_SECONDS)
    assert package.order.statuses == ["ready_to_ship"]
    go(shop, 2 * HOUR)
    assert package.order.statuses == ["shipped"]
    go(shop, 30 * HOUR)
    assert package.order.statuses == ["delivered"]
    go(shop, 48 * HOUR)
    assert package.order.statuses == ["confirmed"]
    assert statuses(shop) == [
        "unpaid", "pending", "packed", "ready_to_ship_pending", "ready_to_ship", "shipped", "delivered", "confirmed",
    ]  # fmt: skip
    assert parcels(shop) == ["READY_TO_SHIP_PENDING", "READY_TO_SHIP", "TRANSIT_TO_SHIP", "DELIVERED"]
    assert [event.code for event in package.trace] == ["1200", "1300", "1500"]


def test_every_piece_has_a_push_of_its_own() -> None:
    shop = shelf()
    made = order(shop, pieces=3)
    pending = [data for data in told(shop, 0) if data["order_status"] == "pending"]
    assert [data["trade_order_line_id"] for data in pending] == [line.id for line in made.lines]
    assert {data["trade_order_id"] for data in pending} == {made.id}
    assert {data["status_update_time"] for data in pending} == {shop.now}


def test_a_parcel_fills_in_its_pieces() -> None:
    shop = shelf("TH")
    package = packed(shop, pieces=2)
    assert package.id.startswith("FP")
    for line in package.order.lines:
        assert (line.package_id, line.tracking_number, line.carrier) == (package.id, package.tracking_number, "LEX TH")


def test_pieces_of_two_warehouses_travel_in_two_parcels() -> None:
    shop = shelf(warehouses=2)
    made = order(shop, pieces=3)
    made.lines[2].warehouse = "WH-2"
    first, second = pack(shop, made, made.lines)
    assert (first.line_ids, second.line_ids) == ([line.id for line in made.lines[:2]], [made.lines[2].id])
    ready(shop, first)
    assert made.statuses == ["packed", "ready_to_ship_pending"]


def test_repacking_frees_the_pieces() -> None:
    shop = shelf()
    package = packed(shop, pieces=2)
    repack(shop, package)
    assert package.status == "cancelled"
    assert package.order.statuses == ["repacked"]
    assert all(not line.package_id and not line.tracking_number for line in package.order.lines)
    again = pack(shop, package.order, package.order.lines)[0]
    assert again.id != package.id


def test_own_fleets_have_no_number_and_report_themselves() -> None:
    shop = shelf()
    package = packed(shop, own_fleet=True)
    assert (package.tracking_number, package.carrier) == ("", "Seller Own Fleet")
    ready(shop, package)
    go(shop, MINUTE)
    deliver(shop, package)
    assert package.order.statuses == ["delivered"]


def test_an_own_fleet_is_not_cancelled_for_a_missing_scan() -> None:
    shop = shelf(at=MONDAY)
    package = packed(shop, own_fleet=True)
    ready(shop, package)
    go(shop, 10 * DAY)
    assert package.order.statuses == ["ready_to_ship"]


def test_digital_goods_skip_packing() -> None:
    shop = shelf(units=0)
    add_product(shop, digital=True)
    product_of(shop).digital = True
    product_of(shop).skus[0].stock[0].sellable = 5
    made = order(shop, replace(PAID, packs=HOUR))
    shop.seller_on = True
    go(shop, HOUR)
    assert made.statuses == ["delivered"]
    assert stock_of(shop) == (4, 0, 0)
    assert not shop.packages


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_what_is_not_ready_in_time_is_cancelled_through_the_sellers_fault() -> None:
    shop = shelf(at=MONDAY)
    made = order(shop)
    until(shop, made.cancel_at)
    assert made.statuses == ["pending"]
    go(shop, 1)
    assert made.statuses == ["canceled"]
    line = made.lines[0]
    assert (line.reason, line.initiator, line.by_seller) == ("Not ready to ship in time", "system-cancel", True)
    assert stock_of(shop) == (10, 0, 0)


def test_packing_alone_does_not_save_an_order() -> None:
    shop = shelf(at=MONDAY)
    package = packed(shop)
    until(shop, package.order.cancel_at + 1)
    assert package.order.statuses == ["canceled"]
    assert package.status == "cancelled"
    assert parcels(shop) == ["CANCELLED"]


def test_what_the_carrier_never_gets_is_cancelled_two_working_days_later() -> None:
    shop = shelf(at=MONDAY)
    package = packed(shop)
    ready(shop, package)
    until(shop, package.order.hand_over_at)
    assert package.order.statuses == ["ready_to_ship"]
    go(shop, 1)
    assert package.order.statuses == ["canceled"]
    assert package.order.lines[0].by_seller


def test_what_the_platform_ships_is_never_the_sellers_fault() -> None:
    shop = shelf(at=MONDAY)
    made = order(shop, by_platform=True)
    go(shop, 5 * DAY)
    assert made.statuses == ["pending"]


def test_the_platforms_warehouse_works_while_the_seller_is_away() -> None:
    shop = shelf()
    made = order(shop, replace(PAID, packs=HOUR, readies=HOUR, scans=HOUR), by_platform=True)
    other = order(shop, replace(PAID, packs=HOUR))
    go(shop, 4 * HOUR)
    assert made.statuses == ["shipped"]
    assert other.statuses == ["pending"]


def test_cancelling_one_piece_of_a_parcel_cancels_its_neighbours() -> None:
    shop = shelf()
    made = order(shop, pieces=3)
    pack(shop, made, made.lines[:2])
    gone = cancel(shop, made, made.lines[:1], "Out of Stock", "seller-cancel", by_seller=True)
    assert gone == made.lines[:2]
    assert made.statuses == ["canceled", "pending"]


def test_nothing_is_cancelled_once_the_carrier_has_it() -> None:
    shop = shelf()
    package = packed(shop)
    ready(shop, package)
    go(shop, MINUTE)
    scan(shop, package)
    assert cancel(shop, package.order, package.order.lines, "x", "buyer-cancel") == []
    assert package.order.statuses == ["shipped"]


def test_out_of_stock_empties_the_sku_and_other_reasons_give_the_units_back() -> None:
    shop = shelf(units=6)
    one, other = order(shop), order(shop)
    cancel(shop, one, one.lines, "Sourcing Delay", "seller-cancel", by_seller=True)
    assert stock_of(shop) == (5, 0, 1)
    cancel(shop, other, other.lines, "Out of Stock", "seller-cancel", by_seller=True)
    assert stock_of(shop) == (0, 0, 0)


@pytest.mark.parametrize(
    ("outcome", "status", "word"),
    [("lost", "lost_by_3pl", "LOST_BY_3PL"), ("damaged", "damaged_by_3pl", "DAMAGE_BY_3PL")],
)
def test_carriers_lose_and_break_things(outcome: str, status: str, word: str) -> None:
    shop = shelf()
    package = packed(shop, replace(PAID, scans=HOUR, ends=DAY, outcome=outcome))
    ready(shop, package)
    go(shop, 2 * DAY)
    assert package.order.statuses == [status]
    assert parcels(shop)[-1] == word


def test_what_nobody_takes_comes_back_and_can_be_sold_again() -> None:
    shop = shelf(units=3)
    package = packed(shop, replace(PAID, scans=HOUR, ends=DAY, outcome="failed"))
    ready(shop, package)
    go(shop, 26 * HOUR)
    assert package.order.statuses == ["failed_delivery"]
    go(shop, 12 * HOUR)
    assert package.order.statuses == ["shipped_back"]
    assert stock_of(shop) == (2, 0, 0)
    go(shop, 3 * DAY)
    assert package.order.statuses == ["shipped_back_success"]
    assert stock_of(shop) == (3, 0, 0)
    assert parcels(shop)[-2:] == ["DELIVER_FAILED", "ON_THE_WAY_BACK_TO_SHIPPER"]


def test_moves_that_no_longer_fit_do_nothing() -> None:
    shop = shelf()
    package = packed(shop)
    scan(shop, package)
    deliver(shop, package)
    fail(shop, package)
    assert package.order.statuses == ["packed"]
    before = statuses(shop)
    orders._is_ready(shop, package)
    assert statuses(shop) == before


def test_updated_at_is_the_last_move_of_any_piece() -> None:
    shop = shelf()
    made = order(shop, pieces=2)
    go(shop, HOUR)
    pack(shop, made, made.lines[:1])
    assert made.updated == made.lines[0].updated == shop.now
    assert made.lines[1].updated == shop.now - HOUR


def test_lines_of_a_parcel_are_those_inside_it() -> None:
    shop = shelf()
    made = order(shop, pieces=3)
    package = pack(shop, made, made.lines[1:])[0]
    assert lines_of(package) == made.lines[1:]
