"""Every action of a seller against every state of a piece: what happens, by the table of the fact sheet."""

from dataclasses import dataclass
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.orders import Order, Plan, cancel, deliver, fail, lose, pack, ready, repack, scan
from storeward_sandbox.lazada.packages import Package
from storeward_sandbox.lazada.reasons import BUYER_RETURNS
from storeward_sandbox.lazada.reverse import REFUND_SECONDS, SELLER, ask_back, authorise
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import PAID, STILL, order, shelf, stock_of
from storeward_sandbox.lazada.tests.support import ask, go

STATES = (
    "unpaid", "pending", "packed", "repacked", "ready_to_ship_pending", "ready_to_ship", "shipped", "delivered", "confirmed",
    "failed_delivery", "shipped_back", "shipped_back_success", "lost_by_3pl", "damaged_by_3pl", "returned", "canceled",
)  # fmt: skip


@dataclass
class Scene:
    shop: Shop
    order: Order
    package: Package | None

    @property
    def status(self) -> str:
        return self.order.lines[0].status

    @property
    def package_id(self) -> str:
        return self.package.id if self.package else "FP0"


def brought_to(state: str) -> Scene:
    """An order of one piece in that state, by the moves that lead there."""
    shop = shelf(units=10)
    plan = Plan(pays=0, packs=None, scans=None, ends=30 * DAY, confirms=HOUR if state == "confirmed" else None)
    made = order(shop, STILL if state == "unpaid" else plan)
    scene = Scene(shop, made, None)
    if state in ("unpaid", "pending"):
        return scene
    if state == "canceled":
        cancel(shop, made, made.lines, "Change of mind", "buyer-cancel")
        return scene
    scene.package = package = pack(shop, made, made.lines)[0]
    if state == "repacked":
        repack(shop, package)
    if state in ("packed", "repacked"):
        return scene
    ready(shop, package)
    if state == "ready_to_ship_pending":
        return scene
    go(shop, MINUTE)
    if state == "ready_to_ship":
        return scene
    scan(shop, package)
    return beyond_the_scan(scene, package, state)


def beyond_the_scan(scene: Scene, package: Package, state: str) -> Scene:
    shop = scene.shop
    if state in ("lost_by_3pl", "damaged_by_3pl"):
        lose(shop, package, state, "LOST_BY_3PL")
    if state in ("failed_delivery", "shipped_back", "shipped_back_success"):
        fail(shop, package)
        go(shop, {"failed_delivery": 0, "shipped_back": 12 * HOUR, "shipped_back_success": 12 * HOUR + 3 * DAY}[state])
    if state in ("delivered", "confirmed", "returned"):
        deliver(shop, package)
        go(shop, HOUR if state == "confirmed" else 0)
    if state == "returned":
        reverse = ask_back(shop, scene.order, scene.order.lines, BUYER_RETURNS[0])
        assert reverse is not None
        authorise(shop, reverse, reverse.lines[0], SELLER)
        go(shop, REFUND_SECONDS)
    return scene


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_reached(state: str) -> None:
    assert brought_to(state).status == state


# What is left on the shelf of ten once one piece is in that state: sellable, withheld, occupied.
STOCK = {
    "unpaid": (9, 1, 0),
    "pending": (9, 0, 1),
    "packed": (9, 0, 1),
    "repacked": (9, 0, 1),
    "ready_to_ship_pending": (9, 0, 0),
    "ready_to_ship": (9, 0, 0),
    "shipped": (9, 0, 0),
    "delivered": (9, 0, 0),
    "confirmed": (9, 0, 0),
    "failed_delivery": (9, 0, 0),
    "shipped_back": (9, 0, 0),
    "shipped_back_success": (10, 0, 0),
    "lost_by_3pl": (9, 0, 0),
    "damaged_by_3pl": (9, 0, 0),
    "returned": (9, 0, 0),
    "canceled": (10, 0, 0),
}


@pytest.mark.parametrize("state", STATES)
def test_the_shelf_in_every_state(state: str) -> None:
    assert stock_of(brought_to(state).shop) == STOCK[state]


# state -> code of the row and the state afterwards, for packing and for the three calls about parcels.
PACKING = {state: ("700026", state) for state in STATES} | {"pending": ("0", "packed"), "repacked": ("0", "packed")}


@pytest.mark.parametrize("state", STATES)
def test_packing_in_every_state(state: str) -> None:
    scene = brought_to(state)
    line = scene.order.lines[0]
    request = {
        "pack_order_list": [{"order_id": int(scene.order.id), "order_item_list": [int(line.id)]}],
        "delivery_type": "dropship",
        "shipping_allocate_type": "TFS",
    }
    row = ask(scene.shop, "/order/fulfill/pack", packReq=request)["data"]["pack_order_list"][0]["order_item_list"][0]
    assert (row["item_err_code"], scene.status) == PACKING[state]


GONE = {"repacked": "600002", "unpaid": "600001", "pending": "600001", "canceled": "600001"}
READY = {state: (GONE.get(state, "700026"), state) for state in STATES} | {"packed": ("0", "ready_to_ship_pending")}
DISSOLVE = {state: (GONE.get(state, "700026"), state) for state in STATES} | {"packed": ("0", "repacked")}
OWN_FLEET = {state: (GONE.get(state, "700028"), state) for state in STATES}


@pytest.mark.parametrize(
    ("path", "name", "table"),
    [
        ("/order/package/rts", "readyToShipReq", READY),
        ("/order/package/repack", "rePackReq", DISSOLVE),
        ("/order/package/sof/delivered", "dbsDeliveryReq", OWN_FLEET),
        ("/order/package/sof/failed_delivery", "dbsFailedDeliveryReq", OWN_FLEET),
    ],
)
@pytest.mark.parametrize("state", STATES)
def test_calls_about_parcels_in_every_state(path: str, name: str, table: dict[str, tuple[str, str]], state: str) -> None:
    scene = brought_to(state)
    row = ask(scene.shop, path, **{name: {"packages": [{"package_id": scene.package_id}]}})["data"]["packages"][0]
    assert (row["item_err_code"], scene.status) == table[state]


CANCELLABLE = {"pending", "packed", "repacked", "ready_to_ship_pending", "ready_to_ship"}


@pytest.mark.parametrize("state", STATES)
def test_sellers_cancel_from_pending_to_ready_to_ship(state: str) -> None:
    scene = brought_to(state)
    asked = {"order_id": scene.order.id, "order_item_id_list": [int(scene.order.lines[0].id)]}
    tip = ask(scene.shop, "/order/reverse/cancel/validate", **asked)["tip_type"]
    done = ask(scene.shop, "/order/reverse/cancel/create", **asked, reason_id=str(scene.shop.site.reason_base + 19))
    if state in CANCELLABLE:
        assert (tip, done["tip_type"], scene.status) == ("warning", "success", "canceled")
        assert stock_of(scene.shop) == (10, 0, 0)
    else:
        assert (tip, done["tip_type"], scene.status) == ("error", "error", state)


HAS_PARCEL = set(STATES) - {"unpaid", "pending", "repacked", "canceled"}


@pytest.mark.parametrize("state", STATES)
def test_labels_are_printed_once_there_is_a_parcel(state: str) -> None:
    scene = brought_to(state)
    request = {"doc_type": "PDF", "packages": [{"package_id": scene.package_id}]}
    label = ask(scene.shop, "/order/package/document/get", getDocumentReq=request)
    assert label["success"] is (state in HAS_PARCEL)
    assert older_document(scene) == ("good" if state in HAS_PARCEL else "34")


def older_document(scene: Scene) -> str:
    try:
        ask(scene.shop, "/order/document/get", doc_type="shippingLabel", order_item_ids=[int(scene.order.lines[0].id)])
    except ApiError as refusal:
        return refusal.code
    return "good"


@pytest.mark.parametrize("state", STATES)
def test_the_list_finds_an_order_by_its_state_alone(state: str) -> None:
    scene = brought_to(state)
    for other in STATES:
        found = ask(scene.shop, "/orders/get", created_after="2026-01-01T00:00:00Z", status=other)["countTotal"]
        assert found == (1 if other == state else 0), other


@pytest.mark.parametrize("state", STATES)
def test_both_item_calls_tell_the_state(state: str) -> None:
    scene = brought_to(state)
    single: list[dict[str, Any]] = ask(scene.shop, "/order/items/get", order_id=scene.order.id)
    many = ask(scene.shop, "/orders/items/get", order_ids=[int(scene.order.id)])[0]["order_items"]
    assert single[0]["status"] == many[0]["status"] == state
    assert ask(scene.shop, "/order/get", order_id=scene.order.id)["statuses"] == [state]
    assert (single[0]["package_id"] != "") is (state in HAS_PARCEL)


# Who is at fault when the order is left alone from here on, and what becomes of it within five days.
LEFT_ALONE = {
    "unpaid": ("canceled", False),
    "pending": ("canceled", True),
    "packed": ("canceled", True),
    "repacked": ("canceled", True),
    "ready_to_ship_pending": ("canceled", True),
    "ready_to_ship": ("canceled", True),
    "shipped": ("shipped", False),
    "delivered": ("delivered", False),
    "lost_by_3pl": ("lost_by_3pl", False),
    "failed_delivery": ("shipped_back_success", False),
}


@pytest.mark.parametrize("state", sorted(LEFT_ALONE))
def test_what_becomes_of_an_order_that_is_left_alone(state: str) -> None:
    scene = brought_to(state)
    go(scene.shop, 7 * DAY)
    line = scene.order.lines[0]
    assert (line.status, line.by_seller) == LEFT_ALONE[state]


def test_the_table_is_about_every_state() -> None:
    assert set(STOCK) == set(PACKING) == set(READY) == set(DISSOLVE) == set(STATES)
    assert PAID.packs is None
