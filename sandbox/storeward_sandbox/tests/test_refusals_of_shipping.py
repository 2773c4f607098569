"""Every way in which the platform keeps a package back, its numbers, slots and documents, by its own code."""

from typing import Any

import pytest

from storeward_sandbox.clock import DAY, iso, parse_instant
from storeward_sandbox.tests.people import an_order, code_of, quiet
from storeward_sandbox.tests.support import Json, ask, checked, go, make_shop
from storeward_sandbox.tiktok_shop.buying import Wish, order_now
from storeward_sandbox.tiktok_shop.orders import Order, Plan, pay, release, request_cancel
from storeward_sandbox.tiktok_shop.places import Places
from storeward_sandbox.tiktok_shop.shipping import pickup_slots
from storeward_sandbox.tiktok_shop.shop import Shop

NOBODY = Plan(pays=None, arranges=None, scans=None, delivers=None, completes=None)
MALAYSIA, AMERICA = quiet(make_shop("MY")), quiet(make_shop("US"))


def waiting(shop: Shop, kind: str = "TIKTOK", *, units: int = 1, by_platform: bool = False) -> Order:
    order = order_now(shop, NOBODY, Wish(units=units, by_platform=by_platform, shipping_type=kind))
    assert order is not None
    pay(shop, order)
    release(shop, order)
    return order


def carrier_id(shop: Shop, kind: str = "SELLER") -> str:
    return shop.part(Places).option(kind).carriers[0].id


def package(order: Order) -> dict[str, str]:
    return {"package_id": order.package_ids[0]}


@pytest.mark.parametrize(
    ("status", "code", "in_a_batch"),
    [
        ("ON_HOLD", 21011003, 21011003),
        ("AWAITING_SHIPMENT", 0, 0),
        ("AWAITING_COLLECTION", 11006021, 21011020),
        ("IN_TRANSIT", 11006021, 21011020),
        ("DELIVERED", 21011027, 21011027),
    ],
)
def test_a_package_is_shipped_when_its_order_waits_and_never_again(status: str, code: int, in_a_batch: int) -> None:
    order, other = an_order(MALAYSIA, status), an_order(MALAYSIA, status)
    assert code_of(MALAYSIA, "shipPackage", ids=package(order), body={"handover_method": "DROP_OFF"}) == code
    body = {"packages": [{"id": other.package_ids[0], "handover_method": "DROP_OFF"}]}
    errors = checked(MALAYSIA, "batchShipPackages", body=body).get("errors", [])
    assert [error["code"] for error in errors] == ([in_a_batch] if in_a_batch else [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 0),
        ({"handover_method": "PICKUP"}, 0),
        ({"handover_method": "DROP_OFF"}, 0),
        ({"handover_method": "DROP_OFF", "pickup_slot": {"start_time": 1, "end_time": 2}}, 0),
        ({"handover_method": ""}, 0),
        ({"handover_method": "CARRIER"}, 36009004),
        ({"handover_method": 5}, 36009004),
        ({"handover_method": ["PICKUP"]}, 36009004),
        ({"pickup_slot": {}}, 0),
        ({"pickup_slot": None}, 0),
        ({"pickup_slot": {"start_time": 1, "end_time": 2}}, 21011053),
        ({"pickup_slot": {"start_time": 1}}, 21011053),
        ({"pickup_slot": {"start_time": "soon", "end_time": []}}, 21011053),
        ({"pickup_slot": "soon"}, 36009004),
        ({"pickup_slot": 5}, 36009004),
        ({"pickup_slot": [1, 2]}, 36009004),
    ],
)
def test_how_a_parcel_is_handed_over(body: Json, code: int) -> None:
    order = waiting(MALAYSIA)
    assert code_of(MALAYSIA, "shipPackage", ids=package(order), body=body) == code
    assert order.status == ("AWAITING_SHIPMENT" if code else "AWAITING_COLLECTION")


@pytest.mark.parametrize(
    ("number", "carrier", "code"),
    [
        ("ABCD", "own", 0),
        ("A-1-2-3", "own", 0),
        ("X" * 50, "own", 0),
        ("ABC", "own", 21011022),
        ("Y" * 51, "own", 21011022),
        ("AB CD", "own", 21011022),
        ("ÄBCD", "own", 21011022),
        ("ABCD\n", "own", 21011022),
        ("", "own", 21011022),
        (None, "own", 21011022),
        (12345, "own", 21011022),
        (["ABCD"], "own", 21011022),
        ("GOOD1", "", 21011022),
        ("GOOD2", "1", 21011022),
        ("GOOD3", None, 21011022),
        ("GOOD4", {"id": 1}, 21011022),
    ],
)
def test_a_tracking_number_and_its_carrier(number: Any, carrier: Any, code: int) -> None:
    order = waiting(MALAYSIA, "SELLER")
    given = carrier_id(MALAYSIA) if carrier == "own" else carrier
    body = {"self_shipment": {"tracking_number": number, "shipping_provider_id": given}}
    assert code_of(MALAYSIA, "shipPackage", ids=package(order), body=body) == code
    assert order.status == ("AWAITING_SHIPMENT" if code else "AWAITING_COLLECTION")


@pytest.mark.parametrize("given", [None, "x", 5, [], ["x"], {}])
def test_an_own_shipment_that_says_nothing_is_refused(given: Any) -> None:
    order = waiting(MALAYSIA, "SELLER")
    assert code_of(MALAYSIA, "shipPackage", ids=package(order), body={"self_shipment": given}) == 21011022


def test_a_number_serves_twenty_orders_of_one_buyer_and_not_one_more() -> None:
    shop = quiet(make_shop("MY"))
    orders = [waiting(shop, "SELLER") for _ in range(21)]
    codes = []
    for order in orders:
        order.buyer = orders[0].buyer
        body = {"self_shipment": {"tracking_number": "SAME-1", "shipping_provider_id": carrier_id(shop)}}
        codes.append(code_of(shop, "shipPackage", ids=package(order), body=body))
    assert codes == [0] * 20 + [21011026]


def test_a_corrected_number_must_be_free_too() -> None:
    shop = quiet(make_shop("MY"))
    first, second = waiting(shop, "SELLER"), waiting(shop, "SELLER")
    second.buyer = first.buyer.__class__(**{**first.buyer.__dict__, "user_id": "7195000000000000001"})
    for order, number in ((first, "FIRST-1"), (second, "SECOND-1")):
        body = {"self_shipment": {"tracking_number": number, "shipping_provider_id": carrier_id(shop)}}
        ask(shop, "shipPackage", ids=package(order), body=body)
    taken = {"tracking_number": "FIRST-1", "shipping_provider_id": carrier_id(shop)}
    assert code_of(shop, "updatePackageShippingInfo_202309", ids=package(second), body=taken) == 21011025
    assert shop.packages[second.package_ids[0]].tracking_number == "SECOND-1"
    free = {"tracking_number": "THIRD-1", "shipping_provider_id": carrier_id(shop)}
    assert code_of(shop, "updatePackageShippingInfo_202309", ids=package(second), body=free) == 0
    assert shop.packages[second.package_ids[0]].tracking_number == "THIRD-1"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"document_type": "SHIPPING_LABEL"}, 0),
        ({"document_type": "PACKING_SLIP"}, 0),
        ({"document_type": "SHIPPING_LABEL_AND_PACKING_SLIP"}, 0),
        ({"document_type": "SHIPPING_LABEL_PICTURE"}, 0),
        ({"document_type": "HAZMAT_LABEL"}, 0),
        ({"document_type": "SHIPPING_LABEL", "document_size": "A6"}, 0),
        ({"document_type": "SHIPPING_LABEL", "document_size": "A5"}, 0),
        ({"document_type": "SHIPPING_LABEL", "document_format": "PDF"}, 0),
        ({}, 36009004),
        ({"document_type": ""}, 36009004),
        ({"document_type": "LABEL"}, 36009004),
        ({"document_type": "INVOICE_LABEL"}, 36009004),
        ({"document_type": "SHIPPING_LABEL", "document_size": "A4"}, 36009004),
        ({"document_type": "SHIPPING_LABEL", "document_format": "ZPL"}, 36009004),
    ],
)
def test_the_documents_of_a_package(query: Json, code: int) -> None:
    order = an_order(MALAYSIA, "AWAITING_COLLECTION")
    go(MALAYSIA, 3)
    assert code_of(MALAYSIA, "getPackageShippingDocument", ids=package(order), query=query) == code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("ON_HOLD", 21023035),
        ("AWAITING_SHIPMENT", 21023035),
        ("AWAITING_COLLECTION", 0),
        ("IN_TRANSIT", 21042102),
        ("DELIVERED", 21042102),
    ],
)
def test_a_label_exists_between_arranging_and_pickup(status: str, code: int) -> None:
    order = an_order(MALAYSIA, status)
    go(MALAYSIA, 3)
    query = {"document_type": "SHIPPING_LABEL"}
    assert code_of(MALAYSIA, "getPackageShippingDocument", ids=package(order), query=query) == code


@pytest.mark.parametrize(
    ("at", "free"),
    [
        ("2026-11-18T00:00:00Z", [True] * 6),
        ("2026-11-18T00:59:59Z", [True] * 6),
        ("2026-11-18T01:00:00Z", [False] + [True] * 5),
        ("2026-11-18T05:59:59Z", [False] + [True] * 5),
        ("2026-11-18T06:00:00Z", [False] * 2 + [True] * 4),
        ("2026-11-18T15:59:59Z", [False] * 2 + [True] * 4),
    ],
)
def test_a_slot_is_free_until_it_begins(at: str, free: list[bool]) -> None:
    """In Malaysia the carrier comes from 9 to 12 and from 14 to 18: 1 to 4 and 6 to 10 in UTC."""
    shop = make_shop("MY")
    shop.timeline.now = parse_instant(at)
    slots = pickup_slots(shop)
    assert [slot.available for slot in slots] == free
    assert [(iso(slot.start_time), iso(slot.end_time)) for slot in slots[:3]] == [
        ("2026-11-18T01:00:00Z", "2026-11-18T04:00:00Z"),
        ("2026-11-18T06:00:00Z", "2026-11-18T10:00:00Z"),
        ("2026-11-19T01:00:00Z", "2026-11-19T04:00:00Z"),
    ]


@pytest.mark.parametrize(
    ("report", "codes", "status"),
    [
        ({"delivery_type": "DELIVERY_SUCCESS"}, [], "DELIVERED"),
        ({"delivery_type": "DELIVERY_FAILED", "fail_delivery_reason": "BUYER_REFUSED"}, [], "IN_TRANSIT"),
        ({"delivery_type": "DELIVERY_FAILED"}, [36009004], "AWAITING_COLLECTION"),
        ({"delivery_type": "DELIVERY_FAILED", "fail_delivery_reason": "RAIN"}, [36009004], "AWAITING_COLLECTION"),
        ({"delivery_type": "UPDATE_POD"}, [21001011], "AWAITING_COLLECTION"),
        ({"delivery_type": "LOST"}, [36009004], "AWAITING_COLLECTION"),
        ({}, [36009004], "AWAITING_COLLECTION"),
    ],
)
def test_what_an_own_fleet_can_report_of_a_parcel_that_is_out(report: Json, codes: list[int], status: str) -> None:
    """A proof of delivery belongs to a parcel that has been delivered, and moves nothing."""
    order = waiting(MALAYSIA, "SELLER")
    number = f"OUT-{order.id}"
    body = {"self_shipment": {"tracking_number": number, "shipping_provider_id": carrier_id(MALAYSIA)}}
    ask(MALAYSIA, "shipPackage", ids=package(order), body=body)
    reports = {"packages": [{"id": order.package_ids[0], **report}]}
    found = checked(MALAYSIA, "updatePackageDeliveryStatus", body=reports).get("errors", [])
    assert [error["code"] for error in found] == codes
    assert order.status == status


def test_a_proof_of_delivery_may_be_sent_after_the_delivery() -> None:
    order = waiting(MALAYSIA, "SELLER")
    body = {"self_shipment": {"tracking_number": f"POD-{order.id}", "shipping_provider_id": carrier_id(MALAYSIA)}}
    ask(MALAYSIA, "shipPackage", ids=package(order), body=body)
    for kind in ("DELIVERY_SUCCESS", "UPDATE_POD"):
        reports = {"packages": [{"id": order.package_ids[0], "delivery_type": kind}]}
        assert checked(MALAYSIA, "updatePackageDeliveryStatus", body=reports) == {}
    assert order.status == "DELIVERED"


def test_a_line_named_twice_is_bought_a_label_once() -> None:
    order = waiting(AMERICA, units=2)
    line = order.lines[0].id
    body = {"ship_type": "2", "order_id": order.id, "order_line_item": [{"order_line_id": line}, {"order_line_id": line}]}
    found = checked(AMERICA, "createPackages", body=body)
    assert AMERICA.packages[found["package_id"]].line_ids == [line]
    assert order.status == "PARTIALLY_SHIPPING"


def test_an_order_named_twice_is_not_several_orders() -> None:
    order = waiting(AMERICA)
    body = {"ship_type": "3", "order_list_ids": [order.id, order.id]}
    assert code_of(AMERICA, "createPackages", body=body) == 36009004
    assert order.package_ids == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 36009004),
        ({"ship_type": "4"}, 36009004),
        ({"ship_type": "1"}, 36009004),
        ({"ship_type": "1", "order_id": "1"}, 21008111),
        ({"ship_type": "1", "order_id": 1}, 36009004),
        ({"ship_type": "2", "order_id": "ORDER"}, 36009004),
        ({"ship_type": "2", "order_id": "ORDER", "order_line_item": [{"order_line_id": "1"}]}, 21011029),
        ({"ship_type": "3", "order_list_ids": ["ORDER"]}, 36009004),
        ({"ship_type": "3", "order_list_ids": ["ORDER", "1"]}, 21008111),
        ({"ship_type": "1", "order_id": "ORDER", "shipping_service_id": "1"}, 21004008),
    ],
)
def test_a_label_that_cannot_be_bought_leaves_the_order_as_it_is(body: Json, code: int) -> None:
    order = waiting(AMERICA)

    def filled(value: Any) -> Any:
        return [filled(each) for each in value] if isinstance(value, list) else order.id if value == "ORDER" else value

    assert code_of(AMERICA, "createPackages", body={name: filled(value) for name, value in body.items()}) == code
    assert (order.status, order.package_ids) == ("AWAITING_SHIPMENT", [])


@pytest.mark.parametrize("operation", ["shipPackage", "getPackageDetail", "getPackageHandoverTimeSlots"])
@pytest.mark.parametrize("wanted", ["1153", "x", "0"])
def test_a_package_that_the_shop_does_not_have_is_another_shops(operation: str, wanted: str) -> None:
    assert code_of(MALAYSIA, operation, ids={"package_id": wanted}) == 21011028


def test_a_wish_to_cancel_keeps_every_way_of_shipping_back() -> None:
    order = waiting(AMERICA)
    request_cancel(AMERICA, order)
    assert code_of(AMERICA, "createPackages", body={"ship_type": "1", "order_id": order.id}) == 21011007
    own = waiting(AMERICA, "SELLER")
    request_cancel(AMERICA, own)
    body = {"tracking_number": "GOOD-9", "shipping_provider_id": carrier_id(AMERICA)}
    assert code_of(AMERICA, "markPackageAsShipped_202309", ids={"order_id": own.id}, body=body) == 21011007
    assert AMERICA.now - order.create_time < DAY
