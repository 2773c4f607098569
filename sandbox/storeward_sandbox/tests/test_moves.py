"""Which move fits which order, and what becomes of an order of which a part goes another way."""

from collections.abc import Callable

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.people import quiet
from storeward_sandbox.tests.support import ask, checked, go, make_shop, told
from storeward_sandbox.tiktok_shop.buying import Wish, order_now
from storeward_sandbox.tiktok_shop.orders import (
    Order,
    Plan,
    arrange,
    cancel,
    collect,
    complete,
    complete_refunded,
    deliver,
    lines_of,
    orders_of,
    pay,
    release,
    request_cancel,
    seller_arranges,
    unshipped_packages,
    withdraw_cancel,
)
from storeward_sandbox.tiktok_shop.packages import Package
from storeward_sandbox.tiktok_shop.shop import Shop

NOBODY = Plan(pays=None, arranges=None, scans=None, delivers=None, completes=None)
STATES = (
    "UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED",
    "CANCELLED",
)  # fmt: skip


@pytest.fixture(scope="module")
def malaysia() -> Shop:
    return quiet(make_shop("MY"))


@pytest.fixture(scope="module")
def america() -> Shop:
    return quiet(make_shop("US"))


def ordered(shop: Shop, units: int = 2) -> Order:
    order = order_now(shop, NOBODY, Wish(units=units, by_platform=False, shipping_type="TIKTOK"))
    assert order is not None
    order.is_cod = False
    return order


def waiting(shop: Shop, units: int = 2) -> Order:
    """Paid, and released at once."""
    order = ordered(shop, units)
    pay(shop, order)
    release(shop, order)
    assert order.status == "AWAITING_SHIPMENT"
    return order


def shipped(shop: Shop, package: Package) -> Package:
    arrange(shop, package, carrier_id="1", carrier_name="J&T Express")
    return package


def split(shop: Shop, order: Order) -> list[Package]:
    """The order in packages of one unit each, in the order of its lines."""
    groups = [{"id": line.id, "order_line_item_ids": [line.id]} for line in order.lines]
    ask(shop, "confirmOrderSplit", ids={"order_id": order.id}, body={"splittable_groups": groups})
    by_line = {package.line_ids[0]: package for package in map(shop.packages.__getitem__, order.package_ids)}
    return [by_line[line.id] for line in order.lines]


def in_state(shop: Shop, status: str) -> Order:
    """A fresh order of two units in this state."""
    if status == "UNPAID":
        return ordered(shop)
    if status == "ON_HOLD":
        order = ordered(shop)
        pay(shop, order)
        return order
    order = waiting(shop)
    if status == "PARTIALLY_SHIPPING":
        shipped(shop, split(shop, order)[0])
    if status == "CANCELLED":
        cancel(shop, order, reason="Out of stock", initiator="SELLER")
    steps = ("AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED")
    if status in steps:
        (package,) = [shipped(shop, one) for one in unshipped_packages(shop, order)]
        for step, wanted in ((collect, "IN_TRANSIT"), (deliver, "DELIVERED")):
            if steps.index(status) >= steps.index(wanted):
                step(shop, package)
        if status == "COMPLETED":
            complete(shop, order)
    assert order.status == status
    return order


def every_package(deed: Callable[[Shop, Package], object]) -> Callable[[Shop, Order], None]:
    def done(shop: Shop, order: Order) -> None:
        for package_id in list(order.package_ids):
            deed(shop, shop.packages[package_id])

    return done


def called_off(shop: Shop, order: Order) -> None:
    cancel(shop, order, reason="Out of stock", initiator="SELLER")


DEEDS: dict[str, Callable[[Shop, Order], None]] = {
    "pay": pay,
    "release": release,
    "arrange": every_package(shipped),
    "collect": every_package(collect),
    "deliver": every_package(deliver),
    "complete": complete,
    "refund": complete_refunded,
    "cancel": called_off,
}
OUTCOMES = {
    ("UNPAID", "pay"): "ON_HOLD",
    ("UNPAID", "cancel"): "CANCELLED",
    ("ON_HOLD", "release"): "AWAITING_SHIPMENT",
    ("ON_HOLD", "cancel"): "CANCELLED",
    ("AWAITING_SHIPMENT", "arrange"): "AWAITING_COLLECTION",
    ("AWAITING_SHIPMENT", "cancel"): "CANCELLED",
    ("PARTIALLY_SHIPPING", "arrange"): "AWAITING_COLLECTION",
    ("PARTIALLY_SHIPPING", "cancel"): "CANCELLED",
    ("AWAITING_COLLECTION", "collect"): "IN_TRANSIT",
    ("AWAITING_COLLECTION", "refund"): "COMPLETED",
    ("AWAITING_COLLECTION", "cancel"): "CANCELLED",
    ("IN_TRANSIT", "deliver"): "DELIVERED",
    ("IN_TRANSIT", "refund"): "COMPLETED",
    ("IN_TRANSIT", "cancel"): "CANCELLED",
    ("DELIVERED", "complete"): "COMPLETED",
    ("DELIVERED", "refund"): "COMPLETED",
}
"""All other deeds leave an order as it is. Packages on hold are kept back by the operations, see test_fulfillment.py."""


@pytest.mark.parametrize(
    ("status", "deed"), [(status, deed) for status in STATES for deed in DEEDS if (status, deed) != ("ON_HOLD", "arrange")]
)
def test_a_deed_moves_an_order_along_the_table_or_not_at_all(malaysia: Shop, status: str, deed: str) -> None:
    order = in_state(malaysia, status)
    before = len(told(malaysia, 1))
    DEEDS[deed](malaysia, order)
    assert order.status == OUTCOMES.get((status, deed), status)
    assert len(told(malaysia, 1)) - before == int((status, deed) in OUTCOMES)


@pytest.mark.parametrize("status", STATES)
def test_a_line_shows_the_orders_own_state_but_for_hold_and_part(malaysia: Shop, status: str) -> None:
    words = {
        "ON_HOLD": ["AWAITING_SHIPMENT", "AWAITING_SHIPMENT"],
        "PARTIALLY_SHIPPING": ["AWAITING_COLLECTION", "AWAITING_SHIPMENT"],
    }
    order = in_state(malaysia, status)
    found = checked(malaysia, "getOrderDetail", query={"ids": order.id})["orders"][0]
    assert found["status"] == status
    assert [line["display_status"] for line in found["line_items"]] == words.get(status, [status, status])


@pytest.mark.parametrize(
    ("status", "package", "finer"),
    [
        ("ON_HOLD", "TO_FULFILL", "STOCKING"),
        ("AWAITING_SHIPMENT", "TO_FULFILL", "STOCKING"),
        ("AWAITING_COLLECTION", "PROCESSING", "RTS"),
        ("IN_TRANSIT", "FULFILLING", "TTS"),
        ("DELIVERED", "COMPLETED", "DELIVERED"),
        ("COMPLETED", "COMPLETED", "DELIVERED"),
        ("CANCELLED", "CANCELLED", "CANCELLED"),
    ],
)
def test_a_package_says_how_far_it_is_in_its_own_words(malaysia: Shop, status: str, package: str, finer: str) -> None:
    order = in_state(malaysia, status)
    found = checked(malaysia, "getPackageDetail", ids={"package_id": order.package_ids[0]})
    assert (found["package_status"], found["package_sub_status"]) == (package, finer)
    assert found["orders"][0]["id"] == order.id


@pytest.mark.parametrize(
    ("status", "known"),
    [
        ("UNPAID", set()),
        ("ON_HOLD", {"paid_time"}),
        ("AWAITING_SHIPMENT", {"paid_time"}),
        ("PARTIALLY_SHIPPING", {"paid_time"}),
        ("AWAITING_COLLECTION", {"paid_time", "rts_time"}),
        ("IN_TRANSIT", {"paid_time", "rts_time", "collection_time"}),
        ("DELIVERED", {"paid_time", "rts_time", "collection_time", "delivery_time"}),
        ("COMPLETED", {"paid_time", "rts_time", "collection_time", "delivery_time"}),
        ("CANCELLED", {"paid_time", "cancel_time"}),
    ],
)
def test_only_what_has_happened_has_a_time(malaysia: Shop, status: str, known: set[str]) -> None:
    order = in_state(malaysia, status)
    found = checked(malaysia, "getOrderDetail", query={"ids": order.id})["orders"][0]
    names = ("paid_time", "rts_time", "collection_time", "delivery_time", "cancel_time")
    assert {name for name in names if found.get(name)} == known
    deadlines = {"rts_sla_time", "tts_sla_time", "shipping_due_time", "collection_due_time", "delivery_due_time"}
    assert deadlines & set(found) == (set() if status == "UNPAID" else deadlines)


@pytest.mark.parametrize("status", STATES)
def test_the_recipient_is_hidden_until_the_order_may_be_shipped(malaysia: Shop, status: str) -> None:
    order = in_state(malaysia, status)
    found = checked(malaysia, "getOrderDetail", query={"ids": order.id})["orders"][0]
    assert ("recipient_address" in found) is (status not in ("UNPAID", "ON_HOLD"))


@pytest.mark.parametrize("status", STATES)
def test_the_list_finds_an_order_by_its_state_and_by_no_other(malaysia: Shop, status: str) -> None:
    order = in_state(malaysia, status)
    found = []
    for wanted in STATES:
        body = {"order_status": wanted, "create_time_ge": order.create_time}
        rows = ask(malaysia, "getOrderList", query={"page_size": 100}, body=body).get("orders", [])
        found += [wanted for row in rows if row["id"] == order.id]
    assert found == [status]


# --- a part goes another way ------------------------------------------------------------------------------------------


def test_a_cancelled_line_is_not_shipped_with_the_others(malaysia: Shop) -> None:
    order = waiting(malaysia, units=3)
    gone, *staying = order.lines
    cancel(malaysia, order, reason="Out of stock", initiator="SELLER", lines=[gone])
    (package,) = unshipped_packages(malaysia, order)
    assert package.line_ids == [line.id for line in staying]
    shipped(malaysia, package)
    assert [line.status for line in order.lines] == ["CANCELLED", "AWAITING_COLLECTION", "AWAITING_COLLECTION"]
    collect(malaysia, package)
    deliver(malaysia, package)
    assert [line.status for line in order.lines] == ["CANCELLED", "DELIVERED", "DELIVERED"]
    assert order.status == "DELIVERED"


def test_a_cancelled_line_leaves_weight_and_package_behind(malaysia: Shop) -> None:
    order = waiting(malaysia, units=2)
    (package,) = unshipped_packages(malaysia, order)
    gone, stays = order.lines
    cancel(malaysia, order, reason="Out of stock", initiator="SELLER", lines=[gone])
    assert (package.weight_grams, package.status) == (stays.item.weight_grams, "TO_FULFILL")
    rows = checked(malaysia, "getOrderDetail", query={"ids": order.id})["orders"][0]["line_items"]
    assert [row.get("package_id") for row in rows] == [None, package.id]
    assert [row.get("cancel_user") for row in rows] == ["SELLER", None]


def combined(shop: Shop) -> tuple[Order, Order, Package]:
    """Two orders of one buyer in one package."""
    first, second = waiting(shop, 1), waiting(shop, 2)
    second.buyer, second.street, second.warehouse_id = first.buyer, first.street, first.warehouse_id
    drafts = checked(shop, "searchCombinablePackages", query={"page_size": 50})["combinable_packages"]
    draft = next(row for row in drafts if {first.id, second.id} <= set(row["order_ids"]))
    body = {"combinable_packages": [{"id": draft["id"], "order_ids": [first.id, second.id]}]}
    package = shop.packages[checked(shop, "combinePackage", body=body)["packages"][0]["id"]]
    return first, second, package


def test_an_order_cancelled_in_a_common_package_stays_cancelled_when_the_other_is_shipped(malaysia: Shop) -> None:
    first, second, package = combined(malaysia)
    cancel(malaysia, first, reason="Out of stock", initiator="SELLER")
    assert package.order_ids == [second.id]
    shipped(malaysia, package)
    collect(malaysia, package)
    deliver(malaysia, package)
    assert (first.status, second.status) == ("CANCELLED", "DELIVERED")
    assert {line.status for line in first.lines} == {"CANCELLED"}
    assert {line.id for line in lines_of(malaysia, package)} == {line.id for line in second.lines}


def test_a_common_package_ends_with_its_last_order(malaysia: Shop) -> None:
    first, second, package = combined(malaysia)
    cancel(malaysia, first, reason="Out of stock", initiator="SELLER")
    assert package.status == "TO_FULFILL"
    cancel(malaysia, second, reason="Out of stock", initiator="SELLER")
    assert (package.status, package.sub_status) == ("CANCELLED", "CANCELLED")


def test_orders_of_a_common_package_move_together(malaysia: Shop) -> None:
    first, second, package = combined(malaysia)
    assert orders_of(malaysia, package) == [first, second]
    for deed, status in ((shipped, "AWAITING_COLLECTION"), (collect, "IN_TRANSIT"), (deliver, "DELIVERED")):
        deed(malaysia, package)
        assert (first.status, second.status) == (status, status)


def test_an_order_of_which_the_rest_is_cancelled_is_ready_to_ship(malaysia: Shop) -> None:
    order = waiting(malaysia)
    sent, _ = split(malaysia, order)
    shipped(malaysia, sent)
    assert order.status == "PARTIALLY_SHIPPING"
    cancel(malaysia, order, reason="Out of stock", initiator="SELLER", lines=[order.lines[1]])
    assert (order.status, order.rts_time) == ("AWAITING_COLLECTION", malaysia.now)
    collect(malaysia, sent)
    assert order.status == "IN_TRANSIT"


def test_an_order_of_which_the_rest_is_cancelled_may_be_on_its_way_already(malaysia: Shop) -> None:
    order = waiting(malaysia)
    sent, _ = split(malaysia, order)
    collect(malaysia, shipped(malaysia, sent))
    assert order.status == "PARTIALLY_SHIPPING"
    cancel(malaysia, order, reason="Out of stock", initiator="SELLER", lines=[order.lines[1]])
    assert order.status == "IN_TRANSIT"


def test_an_order_of_which_the_rest_is_cancelled_may_be_there_already(malaysia: Shop) -> None:
    order = waiting(malaysia)
    sent, _ = split(malaysia, order)
    collect(malaysia, shipped(malaysia, sent))
    deliver(malaysia, sent)
    cancel(malaysia, order, reason="Out of stock", initiator="SELLER", lines=[order.lines[1]])
    assert (order.status, order.delivery_time) == ("DELIVERED", malaysia.now)


def test_an_order_is_on_its_way_with_its_last_package_and_delivered_with_its_last(malaysia: Shop) -> None:
    order = waiting(malaysia)
    first, second = split(malaysia, order)
    shipped(malaysia, first)
    shipped(malaysia, second)
    assert order.status == "AWAITING_COLLECTION"
    collect(malaysia, first)
    assert order.status == "AWAITING_COLLECTION"
    collect(malaysia, second)
    assert order.status == "IN_TRANSIT"
    deliver(malaysia, second)
    assert order.status == "IN_TRANSIT"
    deliver(malaysia, first)
    assert order.status == "DELIVERED"


def test_a_first_package_may_be_delivered_before_the_second_is_sent(malaysia: Shop) -> None:
    order = waiting(malaysia)
    first, second = split(malaysia, order)
    collect(malaysia, shipped(malaysia, first))
    deliver(malaysia, first)
    assert order.status == "PARTIALLY_SHIPPING"
    shipped(malaysia, second)
    assert order.status == "AWAITING_COLLECTION"
    collect(malaysia, second)
    assert order.status == "IN_TRANSIT"
    deliver(malaysia, second)
    assert order.status == "DELIVERED"


@pytest.mark.parametrize(
    ("sent", "scanned", "deadline", "lines", "status"),
    [
        (1, 0, "shipping_due_time", ["AWAITING_COLLECTION", "CANCELLED"], "AWAITING_COLLECTION"),
        (1, 1, "shipping_due_time", ["IN_TRANSIT", "CANCELLED"], "IN_TRANSIT"),
        (2, 1, "collection_due_time", ["IN_TRANSIT", "CANCELLED"], "IN_TRANSIT"),
        (0, 0, "shipping_due_time", ["CANCELLED", "CANCELLED"], "CANCELLED"),
        (2, 0, "collection_due_time", ["CANCELLED", "CANCELLED"], "CANCELLED"),
        (2, 2, "delivery_due_time", ["CANCELLED", "CANCELLED"], "CANCELLED"),
    ],
)
def test_a_deadline_takes_the_units_that_missed_it_and_no_others(
    sent: int, scanned: int, deadline: str, lines: list[str], status: str
) -> None:
    shop = quiet(make_shop("MY"))
    order = waiting(shop)
    packages = split(shop, order)
    for package in packages[:sent]:
        shipped(shop, package)
    for package in packages[:scanned]:
        collect(shop, package)
    due = getattr(order.due, deadline)
    shop.touch(due - 1)
    assert "CANCELLED" not in {line.status for line in order.lines}
    shop.touch(due)
    assert [line.status for line in order.lines] == lines
    assert order.status == status


def test_what_was_delivered_stays_delivered_when_the_rest_is_lost() -> None:
    shop = quiet(make_shop("MY"))
    order = waiting(shop)
    first, second = split(shop, order)
    for package in (first, second):
        collect(shop, shipped(shop, package))
    deliver(shop, first)
    shop.touch(order.due.delivery_due_time)
    assert [line.status for line in order.lines] == ["DELIVERED", "CANCELLED"]
    assert [line.cancel_reason for line in order.lines] == ["", "Package lost"]
    assert (order.status, second.status) == ("DELIVERED", "CANCELLED")


# --- requests to cancel, and the scripted seller ----------------------------------------------------------------------


@pytest.mark.parametrize("by_platform", [False, True])
def test_the_seller_ships_only_what_is_the_sellers(by_platform: bool) -> None:
    """The platform's own warehouse works even where the seller has gone."""
    shop = quiet(make_shop("MY"))
    order = order_now(shop, NOBODY, Wish(units=1, by_platform=by_platform))
    assert order is not None
    pay(shop, order)
    release(shop, order)
    seller_arranges(shop, order)
    assert order.status == ("AWAITING_COLLECTION" if by_platform else "AWAITING_SHIPMENT")


def test_a_wish_to_cancel_stops_the_scripted_seller_and_its_end_sets_him_going() -> None:
    shop = make_shop("MY")
    order = waiting(shop)
    request_cancel(shop, order)
    seller_arranges(shop, order)
    assert (order.status, order.request_cancel_time) == ("AWAITING_SHIPMENT", shop.now)
    withdraw_cancel(shop, order)
    go(shop, 2 * HOUR)
    assert order.status == "AWAITING_COLLECTION"


def test_a_carrier_that_never_scans_leaves_the_label_valid_until_the_deadline(america: Shop) -> None:
    order = waiting(america, units=1)
    (package,) = unshipped_packages(america, order)
    shipped(america, package)
    go(america, 2 * DAY)
    assert (order.status, package.status) == ("AWAITING_COLLECTION", "PROCESSING")


def test_in_the_us_a_package_comes_to_be_with_the_shipping(america: Shop) -> None:
    order = waiting(america, units=2)
    assert order.package_ids == []
    (package,) = unshipped_packages(america, order)
    assert order.package_ids == [package.id]
    assert package.line_ids == [line.id for line in order.lines]
    assert unshipped_packages(america, order) == [package]


@pytest.mark.parametrize(("region", "hold"), [("MY", True), ("US", True), ("GB", False)])
def test_the_webhook_and_the_order_agree_about_the_hold(region: str, hold: bool) -> None:
    shop = quiet(make_shop(region))
    order = ordered(shop)
    pay(shop, order)
    found = checked(shop, "getOrderDetail", query={"ids": order.id})["orders"][0]
    said = [data["is_on_hold_order"] for data in told(shop, 1) if data["order_id"] == order.id]
    assert (found["is_on_hold_order"], set(said)) == (hold, {hold})
    assert order.status == ("ON_HOLD" if hold else "AWAITING_SHIPMENT")
