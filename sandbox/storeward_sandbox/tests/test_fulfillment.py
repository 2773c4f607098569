"""Packages over their whole life, as a client sees and moves them."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.support import Json, ask, checked, go, make_shop, platform_of, told
from storeward_sandbox.tiktok_shop import fulfillment
from storeward_sandbox.tiktok_shop.buying import Wish, order_now
from storeward_sandbox.tiktok_shop.errors import ApiError
from storeward_sandbox.tiktok_shop.labels import Documents, drawn, picture
from storeward_sandbox.tiktok_shop.orders import Order, Plan, request_cancel
from storeward_sandbox.tiktok_shop.places import Places
from storeward_sandbox.tiktok_shop.shop import Shop

NOBODY_SHIPS = Plan(pays=0, arranges=None, scans=4 * HOUR, delivers=20 * HOUR, completes=30 * HOUR)


def waiting(shop: Shop, units: int = 1, shipping_type: str = "TIKTOK") -> Order:
    """An order that waits for the seller, placed now and released an hour later."""
    order = order_now(shop, NOBODY_SHIPS, Wish(units=units, by_platform=False, shipping_type=shipping_type))
    assert order is not None
    go(shop, HOUR)
    assert order.status == "AWAITING_SHIPMENT"
    return order


def refused(shop: Shop, operation: str, **asked: Json) -> int:
    with pytest.raises(ApiError) as refusal:
        ask(shop, operation, **asked)
    return refusal.value.code


def own_shipment(shop: Shop, number: str = "TRK12345") -> Json:
    carrier = shop.part(Places).option("SELLER").carriers[0]
    return {"tracking_number": number, "shipping_provider_id": carrier.id}


def package_id(order: Order) -> dict[str, str]:
    return {"package_id": order.package_ids[0]}


def test_a_package_is_there_once_paid_in_south_east_asia_and_not_before_shipping_in_the_us() -> None:
    assert waiting(make_shop("MY")).package_ids
    assert not waiting(make_shop("US")).package_ids


def test_a_package_is_shipped_collected_and_delivered() -> None:
    shop = make_shop("MY")
    order = waiting(shop)
    slot = next(
        one for one in checked(shop, "getPackageHandoverTimeSlots", ids=package_id(order))["pickup_slots"] if one["avaliable"]
    )
    wish = {"handover_method": "PICKUP", "pickup_slot": {"start_time": slot["start_time"], "end_time": slot["end_time"]}}
    assert checked(shop, "shipPackage", ids=package_id(order), body=wish) == {}
    assert order.status == "AWAITING_COLLECTION"
    detail = checked(shop, "getPackageDetail", ids=package_id(order))
    assert (detail["package_status"], detail["package_sub_status"]) == ("PROCESSING", "RTS")
    assert detail["pickup_slot"] == wish["pickup_slot"]
    go(shop, 4 * HOUR)
    assert (order.status, order.collection_time) == ("IN_TRANSIT", shop.now)
    go(shop, 20 * HOUR)
    assert order.status == "DELIVERED"
    events = checked(shop, "getOrderTracking", ids={"order_id": order.id})["tracking"]
    assert [event["action_code"] for event in events] == [50001, 30001, 20001, 10001]
    go(shop, 30 * HOUR)
    assert order.status == "COMPLETED"


def test_a_slot_that_was_not_offered_is_refused_and_nothing_changes() -> None:
    shop = make_shop("TH")
    order = waiting(shop)
    body = {"handover_method": "PICKUP", "pickup_slot": {"start_time": 1, "end_time": 2}}
    assert refused(shop, "shipPackage", ids=package_id(order), body=body) == 21011053
    assert order.status == "AWAITING_SHIPMENT"


def test_what_keeps_a_package_back_is_said_by_its_own_code() -> None:
    shop = make_shop("MY")
    order = waiting(shop)
    assert refused(shop, "shipPackage", ids={"package_id": "1"}, body={}) == 21011028
    request_cancel(shop, order)
    assert refused(shop, "shipPackage", ids=package_id(order), body={}) == 21011007
    other = waiting(shop)
    ask(shop, "shipPackage", ids=package_id(other), body={"handover_method": "DROP_OFF"})
    assert refused(shop, "shipPackage", ids=package_id(other), body={}) == 11006021


def test_an_order_on_hold_is_not_shipped() -> None:
    shop = make_shop("MY")
    order = order_now(shop, NOBODY_SHIPS, Wish(by_platform=False, shipping_type="TIKTOK"))
    assert order is not None
    go(shop, 1)
    assert order.status == "ON_HOLD"
    assert refused(shop, "shipPackage", ids=package_id(order), body={}) == 21011003


def test_what_the_platform_ships_itself_the_seller_does_not() -> None:
    shop = make_shop("MY")
    order = order_now(shop, NOBODY_SHIPS, Wish(by_platform=True))
    assert order is not None
    go(shop, HOUR)
    assert refused(shop, "shipPackage", ids=package_id(order), body={}) == 21008025


def test_in_a_batch_each_package_stands_for_itself() -> None:
    shop = make_shop("PH")
    good, own, again = waiting(shop), waiting(shop, shipping_type="SELLER"), waiting(shop)
    ask(shop, "shipPackage", ids=package_id(again), body={})
    wishes = [{"id": order.package_ids[0], "handover_method": "DROP_OFF"} for order in (good, own, again)]
    found = checked(shop, "batchShipPackages", body={"packages": [*wishes, {"id": "42"}]})
    codes = {error["detail"]["package_id"]: error["code"] for error in found["errors"]}
    assert codes == {own.package_ids[0]: 21011022, again.package_ids[0]: 21011020, "42": 21011028}
    assert good.status == "AWAITING_COLLECTION"
    assert own.status == "AWAITING_SHIPMENT"


def test_an_own_carrier_needs_a_number_of_a_known_carrier() -> None:
    shop = make_shop("VN")
    order = waiting(shop, shipping_type="SELLER")
    bad = {"self_shipment": {"tracking_number": "x", "shipping_provider_id": "1"}}
    assert refused(shop, "shipPackage", ids=package_id(order), body=bad) == 21011022
    ask(shop, "shipPackage", ids=package_id(order), body={"self_shipment": own_shipment(shop)})
    assert checked(shop, "getPackageDetail", ids=package_id(order))["tracking_number"] == "TRK12345"
    assert (
        refused(shop, "getPackageShippingDocument", ids=package_id(order), query={"document_type": "SHIPPING_LABEL"}) == 11034002
    )


def test_one_number_does_not_serve_two_buyers() -> None:
    shop = make_shop("MY")
    first, second = waiting(shop, shipping_type="SELLER"), waiting(shop, shipping_type="SELLER")
    if first.buyer is second.buyer:
        second = waiting(shop, shipping_type="SELLER")
    ask(shop, "shipPackage", ids=package_id(first), body={"self_shipment": own_shipment(shop)})
    assert refused(shop, "shipPackage", ids=package_id(second), body={"self_shipment": own_shipment(shop)}) == 21011025


def test_a_label_takes_seconds_and_lives_until_pickup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulfillment, "machine_now", lambda: 0.0)  # only the sandbox's clock makes it ready
    shop = make_shop("MY")
    order = waiting(shop)
    query = {"document_type": "SHIPPING_LABEL_AND_PACKING_SLIP"}
    assert refused(shop, "getPackageShippingDocument", ids=package_id(order), query=query) == 21023035
    ask(shop, "shipPackage", ids=package_id(order), body={})
    assert refused(shop, "getPackageShippingDocument", ids=package_id(order), query=query) == 11034037
    go(shop, 3)
    found = checked(shop, "getPackageShippingDocument", ids=package_id(order), query=query)
    assert found["doc_url"].endswith(".pdf")
    go(shop, 4 * HOUR)
    assert refused(shop, "getPackageShippingDocument", ids=package_id(order), query=query) == 21042102


def test_a_label_is_a_pdf_that_names_package_and_carrier() -> None:
    shop = make_shop("MY")
    order = waiting(shop)
    ask(shop, "shipPackage", ids=package_id(order), body={})
    go(shop, 3)
    ask(shop, "getPackageShippingDocument", ids=package_id(order), query={"document_type": "SHIPPING_LABEL_AND_PACKING_SLIP"})
    document = next(iter(shop.part(Documents).known.values()))
    package = shop.packages[order.package_ids[0]]
    pages = PdfReader(BytesIO(drawn(shop, package, document))).pages
    assert len(pages) == 2
    assert package.tracking_number in pages[0].extract_text()
    assert order.lines[0].item.seller_sku in pages[1].extract_text()
    assert document.until == shop.now + DAY


def test_a_label_picture_is_a_png() -> None:
    shop = make_shop("MY")
    order = waiting(shop)
    ask(shop, "shipPackage", ids=package_id(order), body={})
    assert picture(shop.packages[order.package_ids[0]]).startswith(b"\x89PNG")


def test_in_the_us_a_label_is_bought_for_a_part_and_then_for_the_rest() -> None:
    shop = make_shop("US")
    order = waiting(shop, units=3)
    service = checked(shop, "getEligibleShippingServices", ids={"order_id": order.id}, body={})["shipping_services"][1]
    part = {"ship_type": "2", "order_id": order.id, "order_line_item": [{"order_line_id": order.lines[0].id}]}
    first = checked(shop, "createPackages", body={**part, "shipping_service_id": service["id"]})
    assert first["shipping_service_info"]["id"] == service["id"]
    assert order.status == "PARTIALLY_SHIPPING"
    rest = checked(shop, "createPackages", body={"ship_type": "1", "order_id": order.id})
    assert order.status == "AWAITING_COLLECTION"
    assert order.package_ids == [first["package_id"], rest["package_id"]]
    assert refused(shop, "createPackages", body={"ship_type": "1", "order_id": order.id}) == 21011006


def test_several_orders_travel_in_one_bought_package() -> None:
    shop = make_shop("US")
    orders = [waiting(shop), waiting(shop)]
    body = {"ship_type": "3", "order_list_ids": [order.id for order in orders]}
    found = checked(shop, "createPackages", body=body)
    assert all(order.package_ids == [found["package_id"]] and order.status == "AWAITING_COLLECTION" for order in orders)


def test_the_older_way_to_buy_a_label_still_works() -> None:
    shop = make_shop("US")
    order = waiting(shop)
    found = checked(shop, "createPackages_202309", body={"order_id": order.id})
    assert found["order_line_item_ids"] == [order.lines[0].id]


def test_labels_are_not_sold_in_south_east_asia() -> None:
    shop = make_shop("SG")
    order = waiting(shop)
    assert refused(shop, "createPackages", body={"ship_type": "1", "order_id": order.id}) == 21008106
    assert refused(shop, "getEligibleShippingServices", ids={"order_id": order.id}, body={}) == 21011037


@pytest.mark.parametrize("older", [False, True])
def test_an_own_carrier_in_the_us_makes_the_package_and_may_be_corrected_once(older: bool) -> None:
    shop = make_shop("US")
    order = waiting(shop, shipping_type="SELLER")
    sent = own_shipment(shop)
    name, suffix = ("markPackageAsShipped_202309", "_202309") if older else ("markPackageAsShipped", "")
    found = checked(shop, name, ids={"order_id": order.id}, body=sent if older else {"shipping_info_list": [sent]})
    assert order.status == "AWAITING_COLLECTION"
    better = own_shipment(shop, "TRK99999")
    body = better if older else {"shipping_info_list": [better]}
    ids = {"package_id": found["package_id"]}
    assert checked(shop, f"updatePackageShippingInfo{suffix}", ids=ids, body=body) == {}
    assert shop.packages[found["package_id"]].tracking_number == "TRK99999"
    assert refused(shop, f"updatePackageShippingInfo{suffix}", ids=ids, body=body) == 21011051


def test_a_correction_by_order_comes_too_late_after_three_days() -> None:
    shop = make_shop("US")
    order = waiting(shop, shipping_type="SELLER")
    sent = own_shipment(shop)
    assert refused(shop, "updateOrderShippingInfo", ids={"order_id": order.id}, body=sent) == 21011043
    order.plan = Plan(scans=None)
    ask(shop, "markPackageAsShipped_202309", ids={"order_id": order.id}, body=sent)
    go(shop, 3 * DAY + 1)
    assert refused(shop, "updateOrderShippingInfo", ids={"order_id": order.id}, body=sent) == 21011050


def test_an_own_fleet_reports_success_and_failure() -> None:
    shop = make_shop("PH")
    good, bad, unsent = (waiting(shop, shipping_type="SELLER") for _ in range(3))
    for number, order in enumerate((good, bad)):
        ask(shop, "shipPackage", ids=package_id(order), body={"self_shipment": own_shipment(shop, f"FLEET-{number}")})
    reports = [
        {"id": good.package_ids[0], "delivery_type": "DELIVERY_SUCCESS"},
        {"id": bad.package_ids[0], "delivery_type": "DELIVERY_FAILED", "fail_delivery_reason": "BUYER_REFUSED"},
        {"id": unsent.package_ids[0], "delivery_type": "DELIVERY_SUCCESS"},
    ]
    found = checked(shop, "updatePackageDeliveryStatus", body={"packages": reports})
    assert [error["detail"]["package_id"] for error in found["errors"]] == [unsent.package_ids[0]]
    assert good.status == "DELIVERED"
    assert shop.packages[bad.package_ids[0]].sub_status == "SHIP_EXCEPTION"


def test_an_order_is_split_and_the_outside_is_told() -> None:
    shop = make_shop("MY")
    order = waiting(shop, units=3)
    assert checked(shop, "getOrderSplitAttributes", query={"order_ids": order.id})["split_attributes"][0]["can_split"]
    groups = [{"id": "a", "order_line_item_ids": [order.lines[0].id]}]
    found = checked(shop, "confirmOrderSplit", ids={"order_id": order.id}, body={"splittable_groups": groups})
    assert [row["splittable_group_id"] for row in found["packages"]] == ["a"]
    assert len(order.package_ids) == 2
    assert told(shop, 4)[-1]["sc_type"] == "SPLIT"
    ask(shop, "shipPackage", ids={"package_id": found["packages"][0]["id"]}, body={})
    assert order.status == "PARTIALLY_SHIPPING"
    ask(shop, "shipPackage", ids={"package_id": order.package_ids[1]}, body={})
    assert order.status == "AWAITING_COLLECTION"


def test_a_single_unit_cannot_be_split() -> None:
    shop = make_shop("MY")
    order = waiting(shop)
    row = checked(shop, "getOrderSplitAttributes", query={"order_ids": order.id})["split_attributes"][0]
    assert (row["can_split"], row["reason"]) == (False, "Order has only one item")
    groups = [{"id": "a", "order_line_item_ids": [order.lines[0].id]}]
    assert refused(shop, "confirmOrderSplit", ids={"order_id": order.id}, body={"splittable_groups": groups}) == 21011035


def twins(shop: Shop) -> list[Order]:
    """Two waiting orders of one buyer."""
    first, second = waiting(shop), waiting(shop)
    second.buyer, second.street, second.warehouse_id = first.buyer, first.street, first.warehouse_id
    return [first, second]


def test_packages_of_one_buyer_are_combined_and_taken_apart_again() -> None:
    shop = make_shop("MY")
    orders = twins(shop)
    ids = {order.id for order in orders}
    found = checked(shop, "searchCombinablePackages", query={"page_size": 50})
    draft = next(row for row in found["combinable_packages"] if ids <= set(row["order_ids"]))
    body = {"combinable_packages": [{"id": draft["id"], "order_ids": sorted(ids)}, {"id": "7"}]}
    combined = checked(shop, "combinePackage", body=body)
    package = combined["packages"][0]
    assert set(package["order_ids"]) == ids
    assert combined["errors"][0]["code"] == 21011028
    assert all(order.package_ids == [package["id"]] for order in orders)
    apart = checked(shop, "uncombinePackages", ids={"package_id": package["id"]}, body={"order_ids": [orders[0].id]})
    assert len(apart["packages"]) == 2
    assert orders[0].package_ids != orders[1].package_ids
    assert [one["sc_type"] for one in told(shop, 4)] == ["COMBINE", "CANCEL_COMBINE"]


def test_invoices_are_refused_one_by_one_outside_brazil() -> None:
    shop = make_shop("MY")
    invoice = {"package_id": "1", "order_ids": ["2"], "file_type": "XML", "file": "PHg+"}
    assert len(checked(shop, "uploadInvoice", body={"invoices": [invoice]})["errors"]) == 1


def test_packages_are_found_by_status_and_time_page_by_page() -> None:
    shop = make_shop("MY")
    seen: list[str] = []
    token = ""
    while True:
        query = {"page_size": 5, "sort_field": "update_time", "sort_order": "ASC", "page_token": token}
        found = checked(shop, "searchPackage", query=query, body={"package_status": "COMPLETED"})
        seen += [package["id"] for package in found["packages"]]
        token = found["next_page_token"]
        if not token:
            break
    completed = {package.id for package in shop.packages.values() if package.status == "COMPLETED"}
    assert set(seen) == completed
    assert len(seen) == len(completed) == found["total_count"]


def test_warehouses_options_and_carriers_hang_together() -> None:
    shop = make_shop("TH", orders_per_day=4.0)
    places = checked(shop, "getWarehouseList")["warehouses"]
    assert {place["type"] for place in places} == {"SALES_WAREHOUSE", "RETURN_WAREHOUSE"}
    options = checked(shop, "getWarehouseDeliveryOptions", ids={"warehouse_id": places[0]["id"]})["delivery_options"]
    platform, own = options
    ids = {"delivery_option_id": own["id"]}
    assert checked(shop, "getShippingProviders", ids=ids)["shipping_providers"][0]["name"] == "Thailand Post"
    assert refused(shop, "getShippingProviders", ids={"delivery_option_id": platform["id"]}) == 21008117
    assert refused(shop, "getWarehouseDeliveryOptions", ids={"warehouse_id": "1"}) == 11034009


def test_parcel_tracking_is_for_cross_border_orders() -> None:
    shop = make_shop("MY", cross_border=True)
    order = next(one for one in shop.orders.values() if one.status == "DELIVERED")
    found = checked(shop, "getLogisticsTracking", ids={"order_id": order.id})
    assert found["logistics_details"][0]["track_list"][-1]["action_code_name"] == "DELIVERED"
    assert refused(make_shop("MY"), "getLogisticsTracking", ids={"order_id": order.id}) == 36009004


def test_the_shop_belongs_to_its_platform() -> None:
    shop = make_shop("MY")
    assert platform_of(shop).by_id[shop.id] is shop
