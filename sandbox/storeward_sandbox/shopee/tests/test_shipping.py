"""/logistics: what shipping asks for, one parcel and many, partial failure, tracking, labels."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from storeward_sandbox.clock import DAY, machine_now
from storeward_sandbox.shopee import documents_api, orders, packages, pushes
from storeward_sandbox.shopee.errors import ApiError
from storeward_sandbox.shopee.orders import Order
from storeward_sandbox.shopee.registry import Binary
from storeward_sandbox.shopee.shipping import addresses, slots
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.people import an_order, parcel
from storeward_sandbox.shopee.tests.support import Json, ask, ask_all, bare_shop, checked, go, problems, refused, told


def pickup(shop: Shop) -> Json:
    """A pickup that the platform offers."""
    return {"pickup": {"address_id": addresses(shop)[0].id, "pickup_time_id": slots(shop, shop.now)[0]["pickup_time_id"]}}


def own_carrier(order: Order, shop: Shop) -> Order:
    order.channel = shop.market.channels[2]
    parcel(shop, order).channel_id = order.channel.id
    return order


def split(shop: Shop) -> Order:
    """An order of two packages."""
    order = an_order(shop, lines=2)
    while len(order.lines) < 2:
        order = an_order(shop, lines=2)
    orders.split(shop, order, [{0: order.lines[0].quantity}, {1: order.lines[1].quantity}])
    return order


# --- parameters -------------------------------------------------------------------------------------------------------


def test_what_is_needed_comes_with_what_there_is_to_choose_from() -> None:
    shop = bare_shop("VN")
    order = an_order(shop)
    found = checked(shop, "logistics.get_shipping_parameter", query={"order_sn": order.sn})
    assert found["info_needed"] == {"dropoff": [], "pickup": ["address_id", "pickup_time_id"]}
    assert found["dropoff"] == {"branch_list": None}
    first = found["pickup"]["address_list"][0]
    assert "pickup_address" in first["address_flag"]
    assert [one["flags"] for one in first["time_slot_list"]] == [["recommended"], [], []]


def test_slots_are_working_days_ahead() -> None:
    shop = bare_shop("SG")
    go(shop, 2 * DAY)  # a Friday
    days = [one["date"] for one in slots(shop, shop.now)]
    assert days == sorted(set(days))
    assert [day - days[0] for day in days] == [0, 3 * DAY, 4 * DAY]


def test_channels_differ_in_what_they_need() -> None:
    shop = bare_shop("SG")
    own = own_carrier(an_order(shop), shop)
    found = ask(shop, "logistics.get_shipping_parameter", query={"order_sn": own.sn})
    assert found["info_needed"] == {"non_integrated": ["tracking_number"]}
    assert (found["pickup"], found["dropoff"]) == (None, None)
    taiwan = bare_shop("TW")
    found = ask(taiwan, "logistics.get_shipping_parameter", query={"order_sn": an_order(taiwan).sn})
    assert found["info_needed"] == {"dropoff": ["sender_real_name"]}


@pytest.mark.parametrize("status", ["UNPAID", "PROCESSED", "SHIPPED"])
def test_parameters_are_offered_for_ready_orders_only(status: str) -> None:
    shop = bare_shop()
    order = an_order(shop, status)
    with pytest.raises(ApiError) as refusal:
        ask(shop, "logistics.get_shipping_parameter", query={"order_sn": order.sn})
    assert refusal.value.error in ("error_param", "logistics.package_not_exist")


# --- one parcel -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["pickup", "dropoff"])
def test_a_parcel_is_shipped_one_way_or_the_other(way: str) -> None:
    shop = bare_shop()
    order = an_order(shop)
    chosen: Json = pickup(shop) if way == "pickup" else {"dropoff": {}}
    assert checked(shop, "logistics.ship_order", body={"order_sn": order.sn, **chosen}) is None
    assert order.status == "READY_TO_SHIP"
    go(shop, 5)
    package = parcel(shop, order)
    assert (order.status, package.method, package.status) == ("PROCESSED", way, packages.CREATED)
    found = checked(shop, "logistics.get_tracking_number", query={"order_sn": order.sn})
    assert found == {"tracking_number": package.tracking_number, "hint": ""}


def test_the_sellers_own_carrier_brings_its_number() -> None:
    shop = bare_shop()
    order = own_carrier(an_order(shop), shop)
    body = {"order_sn": order.sn, "non_integrated": {"tracking_number": "POS123"}}
    checked(shop, "logistics.ship_order", body=body)
    go(shop, 5)
    assert parcel(shop, order).tracking_number == "POS123"


def test_a_shipped_parcel_is_not_shipped_again() -> None:
    shop = bare_shop()
    order = an_order(shop)
    ask(shop, "logistics.ship_order", body={"order_sn": order.sn, **pickup(shop)})
    with refused("logistics.package_already_shipped"):
        ask(shop, "logistics.ship_order", body={"order_sn": order.sn, **pickup(shop)})
    go(shop, 5)
    with refused("logistics.package_already_shipped"):
        ask(shop, "logistics.ship_order", body={"order_sn": order.sn, **pickup(shop)})


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"pickup": {}}, "logistics.ship_order_need_address_pickup_time"),
        ({"pickup": {"address_id": 200000070}}, "logistics.ship_order_need_address_pickup_time"),
        ({"pickup": {"address_id": 5, "pickup_time_id": "1"}}, "logistics.address_not_found"),
        ({"pickup": {"address_id": 200000010, "pickup_time_id": "1"}}, "logistics.ship_order_pickup_time_invalid"),
        ({"dropoff": {}, "pickup": {}}, "logistics.ship_order_only_support_one_type"),
        ({"non_integrated": {"tracking_number": "X"}}, "logistics.ship_order_unsupport_non_integrated"),
        ({}, "logistics.ship_order_unsupport_dropoff"),
        ({"dropoff": {}, "package_number": "OFG1"}, "logistics.ship_order_not_need_pacakge_number"),
        ({"dropoff": {}, "order_sn": "none"}, "error_not_found"),
        ({"dropoff": {}, "order_sn": ""}, "error_param"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(change: Json, error: str) -> None:
    shop = bare_shop()
    order = an_order(shop)
    with refused(error):
        ask(shop, "logistics.ship_order", body={"order_sn": order.sn, **change})
    go(shop, 10)
    assert order.status == "READY_TO_SHIP"


def test_an_own_carrier_needs_a_number_of_bearable_length() -> None:
    shop = bare_shop()
    order = own_carrier(an_order(shop), shop)
    for number, error in (("", "need"), ("X" * 31, "long")):
        with refused(f"logistics.ship_order_{error}_tracking_number"):
            ask(shop, "logistics.ship_order", body={"order_sn": order.sn, "non_integrated": {"tracking_number": number}})


def test_in_taiwan_the_sender_is_named() -> None:
    shop = bare_shop("TW")
    order = an_order(shop)
    with refused("logistics.ship_order_need_sender_real_name"):
        ask(shop, "logistics.ship_order", body={"order_sn": order.sn, "dropoff": {}})
    ask(shop, "logistics.ship_order", body={"order_sn": order.sn, "dropoff": {"sender_real_name": "陳怡君"}})


@pytest.mark.parametrize("status", ["IN_CANCEL", "CANCELLED"])
def test_orders_in_another_state_are_not_ready(status: str) -> None:
    shop = bare_shop()
    order = an_order(shop)
    orders.ask_to_cancel(shop, order, "Change of mind")
    if status == "CANCELLED":
        orders.grant(shop, order)
    with refused("logistics.ship_order_not_ready_to_ship"):
        ask(shop, "logistics.ship_order", body={"order_sn": order.sn, "dropoff": {}})


def test_what_the_platform_ships_the_seller_does_not() -> None:
    shop = bare_shop()
    order = an_order(shop, by_platform=True)
    with refused("error_permission"):
        ask(shop, "logistics.ship_order", body={"order_sn": order.sn, "dropoff": {}})


def test_split_orders_are_shipped_by_package_number() -> None:
    shop = bare_shop()
    order = split(shop)
    with refused("logistics.ship_order_need_pacakge_number"):
        ask(shop, "logistics.ship_order", body={"order_sn": order.sn, "dropoff": {}})
    with refused("logistics.package_number_not_exist"):
        ask(shop, "logistics.ship_order", body={"order_sn": order.sn, "package_number": "OFG1", "dropoff": {}})
    for number in order.package_numbers:
        found = checked(shop, "logistics.get_shipping_parameter", query={"order_sn": order.sn, "package_number": number})
        assert "dropoff" in found["info_needed"]
        ask(shop, "logistics.ship_order", body={"order_sn": order.sn, "package_number": number, "dropoff": {}})
        go(shop, 5)
    assert order.status == "PROCESSED"


def test_a_failed_pickup_is_arranged_anew() -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    with refused("logistics.error_param"):
        ask(shop, "logistics.update_shipping_order", body={"order_sn": order.sn, **pickup(shop)})
    orders.missed_pickup(shop, parcel(shop, order))
    checked(shop, "logistics.update_shipping_order", body={"order_sn": order.sn, **pickup(shop)})
    go(shop, 5)
    assert order.status == "PROCESSED"


# --- many parcels -----------------------------------------------------------------------------------------------------


def listed(*bought: Order) -> Json:
    return {"package_list": [{"package_number": order.package_numbers[0]} for order in bought]}


def test_many_parcels_are_shipped_and_each_failure_has_its_reason() -> None:
    shop = bare_shop()
    good, other, gone = an_order(shop), own_carrier(an_order(shop), shop), an_order(shop, "SHIPPED")
    body = listed(good, other, gone)
    body["package_list"].append({"package_number": "OFG1"})
    asked = checked(shop, "logistics.get_mass_shipping_parameter", body=body)
    assert "pickup" in asked["info_needed"]
    found = checked(shop, "logistics.mass_ship_order", body={**body, **pickup(shop)})
    assert found["success_list"] == asked["success_list"] == [{"package_number": good.package_numbers[0]}]
    reasons = {row["package_number"]: row["fail_reason"] for row in found["fail_list"]}
    assert reasons == {
        other.package_numbers[0]: "Package is not under the specified fulfilment channel",
        gone.package_numbers[0]: "The package has been arranged already.",
        "OFG1": "Package does not exist",
    }
    go(shop, 5)
    assert (good.status, other.status) == ("PROCESSED", "READY_TO_SHIP")


def test_many_parcels_by_an_own_carrier_need_a_number_each() -> None:
    shop = bare_shop()
    one, other = (own_carrier(an_order(shop), shop) for _ in range(2))
    numbers = [{"package_number": one.package_numbers[0], "tracking_number": "A1"}]
    body = {**listed(one, other), "logistics_channel_id": one.channel.id, "non_integrated": {"tracking_number": numbers}}
    found = checked(shop, "logistics.mass_ship_order", body=body)
    assert [row["package_number"] for row in found["success_list"]] == one.package_numbers
    assert [row["package_number"] for row in found["fail_list"]] == other.package_numbers
    go(shop, 5)
    assert parcel(shop, one).tracking_number == "A1"


@pytest.mark.parametrize("numbers", [5, "x", {"a": 1}])
def test_numbers_of_own_carriers_come_as_a_list(numbers: Any) -> None:
    shop = bare_shop()
    order = own_carrier(an_order(shop), shop)
    body = {**listed(order), "logistics_channel_id": order.channel.id, "non_integrated": {"tracking_number": numbers}}
    with refused("error_param"):
        ask(shop, "logistics.mass_ship_order", body=body)
    assert order.status == "READY_TO_SHIP"


def test_mass_calls_have_bounds() -> None:
    shop = bare_shop()
    order = an_order(shop)
    with refused("error_param"):
        ask(shop, "logistics.mass_ship_order", body={"package_list": []})
    with refused("error_param"):
        ask(shop, "logistics.mass_ship_order", body={"package_list": [{"package_number": str(one)} for one in range(51)]})
    with refused("logistics.error_param"):
        ask(shop, "logistics.mass_ship_order", body={**listed(order), "logistics_channel_id": 1, **pickup(shop)})


def test_the_older_batch_call_says_more() -> None:
    shop = bare_shop()
    good, gone = an_order(shop), an_order(shop, "SHIPPED")
    body = {"order_list": [{"order_sn": good.sn}, {"order_sn": gone.sn}], **pickup(shop)}
    payload, warning = ask_all(shop, "logistics.batch_ship_order", body=body)
    assert problems("logistics.batch_ship_order", {"response": payload, "warning": warning}) == []
    assert payload["result_list"][0] == {"order_sn": good.sn}
    assert payload["result_list"][1]["fail_error"] == "logistics.package_already_shipped"
    assert warning == [{"order_sn": gone.sn}]
    with pytest.raises(ApiError) as refusal:
        ask(shop, "logistics.batch_ship_order", body={**body, "order_list": [{"order_sn": "none"}]})
    assert refusal.value.error == "common.batch_api_all_failed"
    assert refusal.value.response is not None


# --- tracking ---------------------------------------------------------------------------------------------------------


def test_a_number_that_is_not_there_yet_is_empty_with_a_hint() -> None:
    shop = bare_shop()
    found = checked(shop, "logistics.get_tracking_number", query={"order_sn": an_order(shop).sn})
    assert found["tracking_number"] == ""
    assert found["hint"]


def test_optional_numbers_are_told_on_request() -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    fields = "first_mile_tracking_number,last_mile_tracking_number"
    found = checked(shop, "logistics.get_tracking_number", query={"order_sn": order.sn, "response_optional_fields": fields})
    assert found["last_mile_tracking_number"] == parcel(shop, order).tracking_number


def test_many_numbers_are_read_at_once() -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    body = {"package_list": [{"package_number": order.package_numbers[0]}, {"package_number": "OFG1"}]}
    found = checked(shop, "logistics.get_mass_tracking_number", body=body)
    assert found["success_list"][0]["tracking_number"] == parcel(shop, order).tracking_number
    assert found["fail_list"] == [{"package_number": "OFG1", "fail_reason": "Package does not exist"}]


def test_tracking_tells_the_newest_first() -> None:
    shop = bare_shop()
    order = an_order(shop, "TO_CONFIRM_RECEIVE")
    found = checked(shop, "logistics.get_tracking_info", query={"order_sn": order.sn})
    assert [row["logistics_status"] for row in found["tracking_info"]] == ["DELIVERED", "PICKED_UP", "ORDER_CREATED"]
    assert found["logistics_status"] == packages.DELIVERED
    with refused("logistics.error_status_limit"):
        ask(shop, "logistics.get_tracking_info", query={"order_sn": an_order(shop).sn})


def test_channels_and_addresses_are_listed() -> None:
    shop = bare_shop()
    channels = checked(shop, "logistics.get_channel_list")["logistics_channel_list"]
    assert [one["logistics_channel_id"] for one in channels] == [one.id for one in shop.market.channels]
    found = checked(shop, "logistics.get_address_list")["address_list"]
    assert found[0]["address_type"] == ["DEFAULT_ADDRESS", "PICK_UP_ADDRESS", "RETURN_ADDRESS"]


# --- labels -----------------------------------------------------------------------------------------------------------


def create(shop: Shop, order: Order, **more: Any) -> Json:
    row = {"order_sn": order.sn, "tracking_number": parcel(shop, order).tracking_number, **more}
    return dict(checked(shop, "logistics.create_shipping_document", body={"order_list": [row]})["result_list"][0])


def result(shop: Shop, order: Order) -> Json:
    body = {"order_list": [{"order_sn": order.sn}]}
    return dict(checked(shop, "logistics.get_shipping_document_result", body=body)["result_list"][0])


def download(shop: Shop, *bought: Order) -> Binary:
    found = ask(shop, "logistics.download_shipping_document", body={"order_list": [{"order_sn": one.sn} for one in bought]})
    assert isinstance(found, Binary)
    return found


def test_a_label_is_suggested_made_and_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents_api, "machine_now", lambda: 1_000.0)
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    body = {"order_list": [{"order_sn": order.sn}]}
    (offer,) = checked(shop, "logistics.get_shipping_document_parameter", body=body)["result_list"]
    assert offer["suggest_shipping_document_type"] in offer["selectable_shipping_document_type"]
    assert "fail_error" not in create(shop, order, shipping_document_type=offer["suggest_shipping_document_type"])
    assert result(shop, order)["status"] == "PROCESSING"
    with refused("logistics.download_later"):
        download(shop, order)
    go(shop, documents_api.PRINTING_SECONDS)
    assert result(shop, order)["status"] == "READY"
    file = download(shop, order)
    assert file.content_type == "application/pdf"
    text = PdfReader(BytesIO(file.data)).pages[0].extract_text()
    assert parcel(shop, order).tracking_number in text
    assert order.sn in text
    assert told(shop, pushes.DOCUMENT_STATUS) == [
        {"ordersn": order.sn, "package_number": order.package_numbers[0], "status": "READY"}
    ]


def test_a_label_also_ripens_by_the_machines_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    create(shop, order)
    later = machine_now() + documents_api.PRINTING_SECONDS + 1
    monkeypatch.setattr(documents_api, "machine_now", lambda: later)
    assert result(shop, order)["status"] == "READY"


def test_several_labels_come_in_one_file() -> None:
    shop = bare_shop()
    bought = [an_order(shop, "PROCESSED") for _ in range(3)]
    for order in bought:
        create(shop, order)
    go(shop, 5)
    assert len(PdfReader(BytesIO(download(shop, *bought).data)).pages) == 3


def test_labels_of_different_types_do_not_go_together() -> None:
    shop = bare_shop()
    one, other = an_order(shop, "PROCESSED"), an_order(shop, "PROCESSED")
    create(shop, one, shipping_document_type="NORMAL_AIR_WAYBILL")
    create(shop, other, shipping_document_type="THERMAL_AIR_WAYBILL")
    go(shop, 5)
    with refused("logistics.packages_can_not_download_together"):
        download(shop, one, other)


def failure(shop: Shop, operation: str, row: Json) -> str:
    """The reason in the only row of a batch that failed."""
    with pytest.raises(ApiError) as refusal:
        ask(shop, operation, body={"order_list": [row]})
    assert refusal.value.error == "common.batch_api_all_failed"
    response = refusal.value.response
    assert response is not None
    rows: Any = response["result_list"]
    return str(rows[0]["fail_error"])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"tracking_number": "OTHER"}, "logistics.tracking_number_invalid"),
        ({"tracking_number": ""}, "logistics.tracking_number_invalid"),
        ({"shipping_document_type": "POEM"}, "logistics.shipping_document_type_invalid"),
        ({"order_sn": "none"}, "logistics.order_not_exist"),
        ({"package_number": "OFG1"}, "logistics.package_number_not_exist"),
    ],
)
def test_a_label_that_cannot_be_made_says_why(change: Json, error: str) -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    row = {"order_sn": order.sn, "tracking_number": parcel(shop, order).tracking_number, **change}
    assert failure(shop, "logistics.create_shipping_document", row) == error


@pytest.mark.parametrize("status", ["READY_TO_SHIP", "SHIPPED"])
def test_labels_are_made_between_request_and_pickup(status: str) -> None:
    shop = bare_shop()
    order = an_order(shop, status)
    row = {"order_sn": order.sn, "tracking_number": parcel(shop, order).tracking_number}
    assert failure(shop, "logistics.create_shipping_document", row) == "logistics.package_can_not_print"


def test_some_channels_print_before_arranging() -> None:
    shop = bare_shop("TW")
    order = an_order(shop)
    assert "fail_error" not in create(shop, order)


def test_own_carriers_have_no_label_here() -> None:
    shop = bare_shop()
    order = own_carrier(an_order(shop), shop)
    ask(shop, "logistics.ship_order", body={"order_sn": order.sn, "non_integrated": {"tracking_number": "P1"}})
    go(shop, 5)
    row = {"order_sn": order.sn, "tracking_number": "P1"}
    assert failure(shop, "logistics.create_shipping_document", row) == "logistics.package_can_not_print"


def test_a_label_is_asked_for_before_it_is_read() -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    row = {"order_sn": order.sn}
    assert failure(shop, "logistics.get_shipping_document_result", row) == "logistics.shipping_document_should_print_first"
    with refused("logistics.shipping_document_should_print_first"):
        download(shop, order)


def test_some_labels_may_fail_while_others_are_made() -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    rows = [{"order_sn": order.sn, "tracking_number": parcel(shop, order).tracking_number}, {"order_sn": "none"}]
    payload, warning = ask_all(shop, "logistics.create_shipping_document", body={"order_list": rows})
    assert [row.get("fail_error", "") for row in payload["result_list"]] == ["", "logistics.order_not_exist"]
    assert warning == [{"order_sn": "none"}]
