"""/order over its functions: windows, pages, optional fields, masks, tags, and the seller's writes."""

from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.shopee import orders
from storeward_sandbox.shopee.buying import order_now
from storeward_sandbox.shopee.order_view import OPTIONAL, tag_of
from storeward_sandbox.shopee.orders import Order, Plan
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.people import an_order, arrange_all, pages, parcel
from storeward_sandbox.shopee.tests.support import (
    START,
    Json,
    ask,
    ask_all,
    bare_shop,
    checked,
    go,
    make_shop,
    refused,
    shop_to_read,
)

SOMETIMES = ("edt", "return_request_due_date", "payment_info", "international_label")
AREA = "UNDELIVERABLE_AREA"
ALWAYS = {
    "order_sn", "region", "currency", "cod", "order_status", "message_to_seller", "create_time", "update_time", "days_to_ship",
    "ship_by_date", "can_full_cancel_order", "can_partial_cancel_order", "reverse_shipping_fee",
}  # fmt: skip


def window(shop: Shop, field: str = "create_time", **more: Any) -> Json:
    return {"time_range_field": field, "time_from": shop.now - 15 * DAY, "time_to": shop.now, "page_size": 20, **more}


def detail(shop: Shop, order: Order, *fields: str, pending: bool = False) -> Json:
    query = {"order_sn_list": order.sn, "response_optional_fields": fields, "request_order_status_pending": pending}
    (row,) = checked(shop, "order.get_order_detail", query=query)["order_list"]
    return dict(row)


# --- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 100])
def test_pages_hold_every_order_of_the_window_once(size: int) -> None:
    shop = shop_to_read(orders_per_day=2.0)
    rows = pages(shop, "order.get_order_list", "order_list", query=window(shop, page_size=size))
    wanted = [order.sn for order in shop.orders.values() if order.create_time >= shop.now - 15 * DAY]
    assert sorted(row["order_sn"] for row in rows) == sorted(wanted)


def test_windows_count_both_ends() -> None:
    shop = bare_shop()
    order = an_order(shop, "UNPAID")
    at = order.create_time
    ends = ((at, at, True), (at - 9, at, True), (at, at + 9, True), (at + 1, at + 9, False), (at - 9, at - 1, False))
    for start, end, there in ends:
        found = ask(shop, "order.get_order_list", query=window(shop, time_from=start, time_to=end))
        assert bool(found["order_list"]) == there


def test_changes_are_found_by_their_own_time() -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    query = window(shop, "update_time", time_from=order.update_time)
    assert ask(shop, "order.get_order_list", query=query)["order_list"] == [{"order_sn": order.sn}]
    assert ask(shop, "order.get_order_list", query=window(shop, time_from=order.update_time))["order_list"] == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"time_from": START - 15 * DAY - 1}, "order.order_list_invalid_time"),
        ({"time_from": START + 9, "time_to": START}, "order.order_list_invalid_time"),
        ({"time_range_field": "pay_time"}, "error_param"),
        ({"page_size": 101}, "error_param"),
        ({"page_size": 0}, "error_param"),
        ({"page_size": ""}, "error_param"),
        ({"time_from": "x"}, "error_param"),
        ({"order_status": "TO_CONFIRM_RECEIVE"}, "error_param"),
        ({"order_status": "PENDING"}, "error_param"),
        ({"cursor": "abc"}, "error_param"),
    ],
)
def test_a_bad_question_is_refused(change: Json, error: str) -> None:
    shop = shop_to_read()
    with refused(error):
        ask(shop, "order.get_order_list", query={**window(shop, time_to=START), **change})


def test_the_status_is_told_where_it_is_asked_for_and_filtered_by() -> None:
    shop = shop_to_read(orders_per_day=2.0)
    rows = ask(shop, "order.get_order_list", query=window(shop, response_optional_fields="order_status"))["order_list"]
    assert all(shop.orders[row["order_sn"]].status == row["order_status"] for row in rows)
    shipped = ask(shop, "order.get_order_list", query=window(shop, order_status="SHIPPED", page_size=100))["order_list"]
    assert shipped
    assert {shop.orders[row["order_sn"]].status for row in shipped} == {"SHIPPED"}


def test_pending_is_shown_to_those_who_know_it() -> None:
    shop = bare_shop()
    order = order_now(shop, Plan(pays=0, holds=HOUR, arranges=None))
    assert order is not None
    go(shop, 1)
    assert detail(shop, order)["order_status"] == "READY_TO_SHIP"
    row = detail(shop, order, pending=True)
    assert (row["order_status"], row["pending_terms"]) == ("PENDING", ["KYC_PENDING"])
    query = window(shop, response_optional_fields="order_status", request_order_status_pending=True)
    assert ask(shop, "order.get_order_list", query=query)["order_list"][0]["order_status"] == "PENDING"


# --- details ----------------------------------------------------------------------------------------------------------


def test_unnamed_optional_fields_are_absent() -> None:
    shop = bare_shop()
    order = an_order(shop)
    assert set(detail(shop, order)) == ALWAYS
    assert set(detail(shop, order, "pay_time", "item_list")) == {*ALWAYS, "pay_time", "item_list"}


@pytest.mark.parametrize("field", [one for one in OPTIONAL if one not in SOMETIMES])
def test_each_optional_field_can_be_had_alone(field: str) -> None:
    shop = shop_to_read()
    order = next(order for order in shop.orders.values() if order.status == "COMPLETED")
    assert set(detail(shop, order, field)) == {*ALWAYS, field}


def test_an_unknown_optional_field_is_refused() -> None:
    shop = shop_to_read()
    with refused("error_param"):
        ask(
            shop, "order.get_order_detail", query={"order_sn_list": next(iter(shop.orders)), "response_optional_fields": "dreams"}
        )


def test_amounts_are_numbers_and_whole_where_they_are_whole() -> None:
    for region in ("VN", "ID", "TW"):
        shop = bare_shop(region)
        row = detail(shop, an_order(shop), "total_amount", "item_list")
        assert isinstance(row["total_amount"], int)
        assert isinstance(row["item_list"][0]["model_discounted_price"], int)
    shop = bare_shop("SG")
    order = an_order(shop)
    assert Decimal(str(detail(shop, order, "total_amount")["total_amount"])) == order.total


def test_the_buyer_is_masked() -> None:
    shop = shop_to_read()
    for order in list(shop.orders.values())[:10]:
        row = detail(shop, order, "buyer_username", "recipient_address")
        assert "****" in row["buyer_username"]
        address = row["recipient_address"]
        assert address["full_address"] == "******"
        assert order.buyer.name not in str(row)
        assert order.buyer.phone not in str(row)
        assert order.buyer.street not in str(row)


def test_a_return_can_be_asked_for_until_some_days_after_completion() -> None:
    shop = bare_shop()
    done, waiting = an_order(shop, "COMPLETED"), an_order(shop)
    assert detail(shop, done, "return_request_due_date")["return_request_due_date"] > shop.now
    assert "return_request_due_date" not in detail(shop, waiting, "return_request_due_date")


def test_in_brazil_the_day_of_delivery_is_estimated() -> None:
    shop = bare_shop("BR")
    row = detail(shop, an_order(shop), "edt")
    assert row["edt_from"] < row["edt_to"]


def test_missing_orders_are_named_and_none_at_all_is_refused() -> None:
    shop = bare_shop()
    order = an_order(shop)
    payload, warning = ask_all(shop, "order.get_order_detail", query={"order_sn_list": [order.sn, "2401010000AAAA"]})
    assert [row["order_sn"] for row in payload["order_list"]] == [order.sn]
    assert warning == ["2401010000AAAA not found"]
    with refused("error_not_found"):
        ask(shop, "order.get_order_detail", query={"order_sn_list": "2401010000AAAA"})
    with refused("error_param"):
        ask(shop, "order.get_order_detail", query={"order_sn_list": [str(number) for number in range(51)]})


# --- packages ---------------------------------------------------------------------------------------------------------


def search(shop: Shop, page_size: int = 100, cursor: str = "", sort: Json | None = None, **wanted: Any) -> Json:
    body = {"filter": wanted, "pagination": {"page_size": page_size, "cursor": cursor}, "sort": sort or {}}
    return dict(checked(shop, "order.search_package_list", body=body))


def test_packages_are_searched_by_how_far_they_are() -> None:
    shop = bare_shop()
    waiting, arranged, gone = an_order(shop), an_order(shop, "PROCESSED"), an_order(shop, "SHIPPED")
    assert [row["order_sn"] for row in search(shop)["packages_list"]] == [waiting.sn]
    assert [row["order_sn"] for row in search(shop, package_status=3)["packages_list"]] == [arranged.sn]
    every = [row["order_sn"] for row in search(shop, package_status=0)["packages_list"]]
    assert sorted(every) == sorted([waiting.sn, arranged.sn])
    assert gone.sn not in every


def test_packages_are_found_over_all_pages() -> None:
    shop = make_shop(orders_per_day=3.0)
    found, cursor = [], ""
    for _page in range(100):
        answer = search(shop, 2, cursor, package_status=0)
        found += [row["package_number"] for row in answer["packages_list"]]
        cursor = answer["pagination"]["next_cursor"]
        if not answer["pagination"]["more"]:
            break
        assert "," in cursor
    assert len(found) == len(set(found)) == answer["pagination"]["total_count"]
    assert cursor == ""


def test_a_buyers_wish_to_cancel_takes_the_package_from_the_list() -> None:
    shop = bare_shop()
    order = an_order(shop)
    orders.ask_to_cancel(shop, order, "Change of mind")
    assert search(shop)["packages_list"] == []
    assert ask(shop, "order.get_shipment_list", query={"page_size": 10})["order_list"] == []


@pytest.mark.parametrize(("hours", "priority"), [(0, 3), (20, 2), (50, 1)])
def test_packages_are_searched_by_urgency(hours: int, priority: int) -> None:
    shop = bare_shop("SG")
    an_order(shop)
    go(shop, hours * HOUR)
    for asked in (1, 2, 3):
        assert bool(search(shop, shipping_priority=asked)["packages_list"]) == (asked == priority)


def test_what_the_platform_ships_is_no_business_of_the_sellers() -> None:
    shop = bare_shop()
    order = an_order(shop, by_platform=True)
    assert search(shop)["packages_list"] == []
    assert [row["order_sn"] for row in search(shop, fulfillment_type=1)["packages_list"]] == [order.sn]
    assert detail(shop, order, "fulfillment_flag")["fulfillment_flag"] == "fulfilled_by_shopee"


def test_sorting_is_told_back() -> None:
    shop = make_shop()
    for kind in (1, 2, 3):
        for ascending in (True, False):
            answer = search(shop, sort={"sort_type": kind, "ascending": ascending})
            assert answer["sort"] == {"sort_type": kind, "is_asc": ascending}
    with refused("error_param"):
        search(shop, sort={"sort_type": 9})
    with refused("error_param"):
        search(shop, 101)


def test_the_tag_tells_how_urgent_a_package_is() -> None:
    shop = bare_shop("SG")
    order = an_order(shop)
    package = parcel(shop, order)
    due = order.due

    def tag_at(instant: int) -> Json | None:
        go(shop, instant - shop.now)
        return tag_of(shop, order, package)

    assert tag_at(shop.now) == {"tag_id": 2, "timestamp": due.ship_by}
    assert tag_at(due.ship_by - 1800) == {"tag_id": 4, "timestamp": 0}
    assert tag_at(due.ship_by + 10) == {"tag_id": 5, "timestamp": due.cancelled_unarranged}
    go(shop, 2 * DAY)
    assert tag_of(shop, order, package) is None


def test_elsewhere_the_tag_names_no_instant() -> None:
    shop = bare_shop("VN")
    order = an_order(shop)
    go(shop, order.due.cancelled_unarranged - shop.now - HOUR)
    assert tag_of(shop, order, parcel(shop, order)) == {"tag_id": 1, "timestamp": 0}


def test_with_a_weekend_before_the_end_it_is_a_delay_only() -> None:
    shop = bare_shop("VN")  # ordered on Wednesday, due on Friday, cancelled on Monday
    order = an_order(shop)
    go(shop, order.due.ship_by - shop.now + 60)
    assert tag_of(shop, order, parcel(shop, order)) == {"tag_id": 3, "timestamp": 0}


def test_package_details_show_contents_and_tracking() -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED", lines=2)
    package = parcel(shop, order)
    (row,) = checked(shop, "order.get_package_detail", query={"package_number_list": package.number})["package_list"]
    assert (row["tracking_number"], row["is_shipment_arranged"]) == (package.tracking_number, True)
    assert [one["model_quantity"] for one in row["item_list"]] == [line.quantity for line in order.lines]
    assert [one["item_id"] for one in row["item_list"]] == [line.good.item_id for line in order.lines]
    with refused("error_not_found"):
        ask(shop, "order.get_package_detail", query={"package_number_list": "OFG1"})


def test_a_number_given_early_proves_nothing() -> None:
    shop = bare_shop()
    shop.number = 4
    order = an_order(shop)
    (row,) = ask(shop, "order.get_package_detail", query={"package_number_list": parcel(shop, order).number})["package_list"]
    assert row["tracking_number"].startswith("PRE")
    assert (row["fulfillment_status"], row["is_shipment_arranged"]) == ("LOGISTICS_READY", False)


# --- writes -----------------------------------------------------------------------------------------------------------


def test_the_seller_cancels_for_a_reason() -> None:
    shop = bare_shop()
    order = an_order(shop)
    answer = checked(shop, "order.cancel_order", body={"order_sn": order.sn, "cancel_reason": "CUSTOMER_REQUEST"})
    assert answer == {"update_time": order.update_time}
    assert (order.status, order.cancel_by) == ("CANCELLED", "seller")
    with refused("order.error_limit"):
        ask(shop, "order.cancel_order", body={"order_sn": order.sn, "cancel_reason": "CUSTOMER_REQUEST"})


def test_out_of_stock_names_the_items() -> None:
    shop = bare_shop()
    order = an_order(shop)
    body = {"order_sn": order.sn, "cancel_reason": "OUT_OF_STOCK"}
    with refused("error_param"):
        ask(shop, "order.cancel_order", body=body)
    with refused("error_param"):
        ask(shop, "order.cancel_order", body={**body, "item_list": [{"item_id": 5, "model_id": 0}]})
    good = order.lines[0].good
    ask(shop, "order.cancel_order", body={**body, "item_list": [{"item_id": good.item_id, "model_id": good.model_id}]})
    assert order.cancel_reason == "Out of Stock"


@pytest.mark.parametrize(("region", "reason", "good"), [("MY", AREA, True), ("SG", AREA, False), ("SG", "BORED", False)])
def test_reasons_differ_by_country(region: str, reason: str, good: bool) -> None:
    shop = bare_shop(region)
    order = an_order(shop)
    if good:
        ask(shop, "order.cancel_order", body={"order_sn": order.sn, "cancel_reason": reason})
        return
    with refused("order.error_param"):
        ask(shop, "order.cancel_order", body={"order_sn": order.sn, "cancel_reason": reason})


@pytest.mark.parametrize("status", ["UNPAID", "SHIPPED", "COMPLETED"])
def test_some_orders_cannot_be_cancelled(status: str) -> None:
    shop = bare_shop()
    order = an_order(shop, status)
    with refused("order.error_limit"):
        ask(shop, "order.cancel_order", body={"order_sn": order.sn, "cancel_reason": "CUSTOMER_REQUEST"})


def test_what_the_platform_ships_the_seller_cannot_cancel() -> None:
    shop = bare_shop()
    order = an_order(shop, by_platform=True)
    assert not detail(shop, order)["can_full_cancel_order"]
    with refused("error_permission"):
        ask(shop, "order.cancel_order", body={"order_sn": order.sn, "cancel_reason": "CUSTOMER_REQUEST"})


@pytest.mark.parametrize(("operation", "status"), [("ACCEPT", "CANCELLED"), ("REJECT", "READY_TO_SHIP")])
def test_a_buyers_wish_is_decided(operation: str, status: str) -> None:
    shop = bare_shop()
    order = an_order(shop)
    body = {"order_sn": order.sn, "operation": operation}
    with refused("order.cancel_order_invalid_status"):
        ask(shop, "order.handle_buyer_cancellation", body=body)
    orders.ask_to_cancel(shop, order, "Change of mind")
    with refused("error_param"):
        ask(shop, "order.handle_buyer_cancellation", body={**body, "operation": "MAYBE"})
    assert checked(shop, "order.handle_buyer_cancellation", body=body) == {"update_time": shop.now}
    assert order.status == status


def rows_of(order: Order, *parts: tuple[int, ...]) -> list[Json]:
    def item(index: int) -> Json:
        good = order.lines[index].good
        return {"item_id": good.item_id, "model_id": good.model_id}

    return [{"item_list": [item(index) for index in part]} for part in parts]


def test_an_order_is_split_and_joined_again() -> None:
    shop = bare_shop()
    order = an_order(shop, lines=2)
    while len(order.lines) < 2:
        order = an_order(shop, lines=2)
    answer = checked(shop, "order.split_order", body={"order_sn": order.sn, "package_list": rows_of(order, (0,), (1,))})
    assert [one["package_number"] for one in answer["package_list"]] == order.package_numbers
    assert detail(shop, order, "split_up")["split_up"] is True
    with refused("order.order_has_been_split"):
        ask(shop, "order.split_order", body={"order_sn": order.sn, "package_list": rows_of(order, (0,), (1,))})
    assert checked(shop, "order.unsplit_order", body={"order_sn": order.sn}) is None
    assert len(order.package_numbers) == 1
    with refused("order.order_cannot_undo_split"):
        ask(shop, "order.unsplit_order", body={"order_sn": order.sn})


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        (((0, 1),), "order.order_cannot_split"),
        (((0,), (0, 1)), "order.order_split_duplicate_item"),
        (((0,), ()), "order.order_split_package_missing_item"),
    ],
)
def test_a_bad_split_is_refused(parts: tuple[tuple[int, ...], ...], error: str) -> None:
    shop = bare_shop()
    order = an_order(shop, lines=2)
    while len(order.lines) < 2:
        order = an_order(shop, lines=2)
    with refused(error):
        ask(shop, "order.split_order", body={"order_sn": order.sn, "package_list": rows_of(order, *parts)})


def test_an_arranged_order_is_not_split() -> None:
    shop = bare_shop()
    order = an_order(shop, lines=2)
    arrange_all(shop, order)
    with refused("order.order_cannot_split"):
        ask(shop, "order.split_order", body={"order_sn": order.sn, "package_list": rows_of(order, (0,), (0,))})


def test_a_note_is_kept() -> None:
    shop = bare_shop()
    order = an_order(shop)
    assert checked(shop, "order.set_note", body={"order_sn": order.sn, "note": "Call first"}) is None
    row = detail(shop, order, "note", "note_update_time")
    assert (row["note"], row["note_update_time"]) == ("Call first", shop.now)
    with refused("error_param"):
        ask(shop, "order.set_note", body={"order_sn": order.sn, "note": "x" * 501})
    with refused("error_not_found"):
        ask(shop, "order.set_note", body={"order_sn": "none", "note": "x"})


def test_there_are_no_bookings() -> None:
    shop = shop_to_read()
    assert checked(shop, "order.get_booking_list", query=window(shop)) == {"more": False, "booking_list": []}
    with refused("booking.booking_list_invalid_time"):
        ask(shop, "order.get_booking_list", query=window(shop, time_from=shop.now - 16 * DAY))


def test_the_filter_of_places_names_the_shops_own() -> None:
    shop = shop_to_read("TH")
    (row,) = checked(shop, "order.get_warehouse_filter_config")["warehouse_filters"]
    assert row["product_location_id"] == "THZ"
