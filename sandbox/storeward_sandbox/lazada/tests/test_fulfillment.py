"""Packing and shipping by API: batches with partial failures, refusals of whole requests, own fleets, digital goods."""

from typing import Any

import pytest

from storeward_sandbox.clock import MINUTE
from storeward_sandbox.lazada.orders import Order, pack, ready
from storeward_sandbox.lazada.packages import Package
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import STILL, add_product, order, product_of, shelf
from storeward_sandbox.lazada.tests.support import Json, checked, go

PACK = "/order/fulfill/pack"


def pack_request(*orders: Order, **more: Any) -> Json:
    rows = [{"order_id": int(one.id), "order_item_list": [int(line.id) for line in one.lines]} for one in orders]
    return {"pack_order_list": rows, "delivery_type": "dropship", "shipping_allocate_type": "TFS", **more}


def packed_rows(answer: Json) -> list[Json]:
    return [row for one in answer["data"]["pack_order_list"] for row in one["order_item_list"]]


def call(shop: Shop, path: str, name: str, request: Json) -> Json:
    found: Json = checked(shop, path, **{name: request})
    return found


def parcels(shop: Shop, path: str, name: str, *ids: str) -> list[tuple[str, str, bool]]:
    """(package id, code, retry) of every row."""
    answer = call(shop, path, name, {"packages": [{"package_id": one} for one in ids]})
    assert answer["success"] is True
    return [(row["package_id"], row["item_err_code"], row["retry"]) for row in answer["data"]["packages"]]


def new_package(shop: Shop, **how: Any) -> Package:
    made = order(shop, **how)
    return pack(shop, made, made.lines)[0]


# --- packing ----------------------------------------------------------------------------------------------------------


def test_packing_gives_parcels_and_numbers() -> None:
    shop = shelf("TH")
    made = order(shop, pieces=2)
    answer = call(shop, PACK, "packReq", pack_request(made))
    rows = packed_rows(answer)
    assert answer["success"] is True
    assert {row["item_err_code"] for row in rows} == {"0"}
    assert len({row["package_id"] for row in rows}) == 1
    assert rows[0]["tracking_number"].startswith("LEXDO")
    assert rows[0]["shipment_provider"] == "LEX TH"
    assert made.statuses == ["packed"]


def test_one_bad_piece_does_not_keep_the_others_back() -> None:
    shop = shelf()
    good, done, unpaid = order(shop), order(shop), order(shop, STILL)
    pack(shop, done, done.lines)
    answer = call(shop, PACK, "packReq", pack_request(good, done, unpaid))
    assert [row["item_err_code"] for row in packed_rows(answer)] == ["0", "700026", "700026"]
    assert answer["success"] is True
    assert (good.statuses, unpaid.statuses) == (["packed"], ["unpaid"])


def test_part_of_an_order_can_be_packed() -> None:
    shop = shelf()
    made = order(shop, pieces=3)
    request = pack_request(made)
    request["pack_order_list"][0]["order_item_list"] = [int(made.lines[1].id)]
    call(shop, PACK, "packReq", request)
    assert [line.status for line in made.lines] == ["pending", "packed", "pending"]


def test_unknown_orders_and_pieces_are_rows_too() -> None:
    shop = shelf()
    made = order(shop)
    request = pack_request(made)
    request["pack_order_list"] += [{"order_id": 4, "order_item_list": [5]}, {"order_id": int(made.id), "order_item_list": [6]}]
    codes = [row["item_err_code"] for row in packed_rows(call(shop, PACK, "packReq", request))]
    assert codes == ["0", "700000", "700000"]


def test_what_the_platform_ships_or_nobody_packs_is_refused() -> None:
    shop = shelf()
    platform = order(shop, by_platform=True)
    product_of(shop).digital = True
    digital = order(shop)
    rows = packed_rows(call(shop, PACK, "packReq", pack_request(platform, digital)))
    assert [row["item_err_code"] for row in rows] == ["700027", "700026"]


def test_an_order_that_the_buyer_wants_out_of_is_not_packed() -> None:
    shop = shelf()
    made = order(shop)
    made.lines[0].cancel_trigger = shop.now + 100
    assert packed_rows(call(shop, PACK, "packReq", pack_request(made)))[0]["item_err_code"] == "700026"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"delivery_type": "pickup"}, "700003"),
        ({"shipping_allocate_type": "NTFS"}, "700004"),
        ({"shipment_provider_code": "FM49"}, "700005"),
        ({"pack_order_list": []}, "700001"),
    ],
)
def test_a_request_that_does_not_fit_a_local_store_fails_as_a_whole_under_code_0(change: Json, code: str) -> None:
    shop = shelf()
    answer = call(shop, PACK, "packReq", {**pack_request(order(shop)), **change})
    assert (answer["success"], answer["error_code"]) == (False, code)
    assert {status for one in shop.orders.values() for status in one.statuses} == {"pending"}


def test_more_than_twenty_orders_are_too_many() -> None:
    shop = shelf(units=30)
    answer = call(shop, PACK, "packReq", pack_request(*(order(shop) for _ in range(21))))
    assert (answer["success"], answer["error_code"]) == (False, "700022")


@pytest.mark.parametrize(("code", "good"), [("FM49", True), ("FM50", True), ("FM99", False), (None, False)])
def test_cross_border_sellers_say_where_they_hand_over(code: str | None, good: bool) -> None:
    shop = shelf(cross_border=True)
    request = pack_request(order(shop), shipping_allocate_type="NTFS", shipment_provider_code=code)
    assert call(shop, PACK, "packReq", request)["success"] is good


@pytest.mark.parametrize(("abroad", "default", "kind", "choices"), [(False, 1, "TFS", 0), (True, 0, "NTFS", 2)])
def test_the_choice_of_carriers_depends_on_the_kind_of_seller(abroad: bool, default: int, kind: str, choices: int) -> None:
    shop = shelf(cross_border=abroad)
    asked = {"orders": [{"order_id": int(order(shop).id), "order_item_ids": []}]}
    found = call(shop, "/order/shipment/providers/get", "getShipmentProvidersReq", asked)["data"]
    assert (found["platform_default"], found["shipping_allocate_type"]) == (default, kind)
    assert len(found["shipment_providers"]) == choices


def test_carriers_are_not_told_for_unknown_orders() -> None:
    answer = call(shelf(), "/order/shipment/providers/get", "getShipmentProvidersReq", {"orders": [{"order_id": 1}]})
    assert (answer["success"], answer["error_code"]) == (False, "700002")


# --- parcels ----------------------------------------------------------------------------------------------------------


def test_ready_to_ship_takes_a_minute_and_is_refused_twice() -> None:
    shop = shelf()
    package = new_package(shop)
    assert parcels(shop, "/order/package/rts", "readyToShipReq", package.id) == [(package.id, "0", False)]
    assert package.order.statuses == ["ready_to_ship_pending"]
    go(shop, MINUTE)
    assert package.order.statuses == ["ready_to_ship"]
    assert parcels(shop, "/order/package/rts", "readyToShipReq", package.id) == [(package.id, "700026", False)]


def test_unknown_and_cancelled_parcels_have_codes_of_their_own() -> None:
    shop = shelf()
    gone, good = new_package(shop), new_package(shop)
    parcels(shop, "/order/package/repack", "rePackReq", gone.id)
    rows = parcels(shop, "/order/package/rts", "readyToShipReq", "FP0", gone.id, good.id)
    assert [code for _id, code, _retry in rows] == ["600001", "600002", "0"]


def test_repacking_is_for_parcels_that_are_not_ready() -> None:
    shop = shelf()
    package = new_package(shop)
    ready(shop, package)
    assert parcels(shop, "/order/package/repack", "rePackReq", package.id)[0][1] == "700026"


def test_parcels_of_the_platforms_warehouse_are_not_the_sellers() -> None:
    shop = shelf()
    package = new_package(shop, by_platform=True)
    assert parcels(shop, "/order/package/rts", "readyToShipReq", package.id)[0][1] == "700027"


@pytest.mark.parametrize(
    ("path", "name", "status"),
    [
        ("/order/package/sof/delivered", "dbsDeliveryReq", "delivered"),
        ("/order/package/sof/failed_delivery", "dbsFailedDeliveryReq", "failed_delivery"),
    ],
)
def test_own_fleets_report_what_became_of_a_parcel(path: str, name: str, status: str) -> None:
    shop = shelf()
    own, other = new_package(shop, own_fleet=True), new_package(shop)
    assert [row[1] for row in parcels(shop, path, name, own.id, other.id)] == ["700026", "700028"]
    ready(shop, own)
    go(shop, MINUTE)
    assert parcels(shop, path, name, own.id)[0][1] == "0"
    assert own.order.statuses == [status]


def test_digital_goods_are_delivered_by_a_call() -> None:
    shop = shelf(units=0)
    add_product(shop)
    product_of(shop).digital = True
    product_of(shop).skus[0].stock[0].sellable = 3
    made = order(shop)
    plain = {"orders": [{"order_id": int(made.id), "order_item_list": [int(made.lines[0].id)]}]}
    for code in ("0", "700026"):
        answer = call(shop, "/order/digital/delivered", "digitalDeliveryReq", plain)
        assert answer["data"]["orders"][0]["order_item_list"][0]["item_err_code"] == code
    assert made.statuses == ["delivered"]


def test_too_many_digital_orders_are_refused_in_that_calls_own_spelling() -> None:
    shop = shelf()
    answer = call(shop, "/order/digital/delivered", "digitalDeliveryReq", {"orders": [{"order_id": 1}] * 21})
    assert (answer["success"], answer["errorCode"]) == (False, "700022")
