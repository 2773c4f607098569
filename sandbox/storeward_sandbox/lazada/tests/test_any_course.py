"""Whatever buyers, the seller, the carrier and time do, in whatever order: the books stay in order."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.ledger import Ledger, balance, bank_moves, statements
from storeward_sandbox.lazada.orders import Order, Plan, scan
from storeward_sandbox.lazada.packages import Package
from storeward_sandbox.lazada.reasons import BUYER_CANCELS, BUYER_RETURNS
from storeward_sandbox.lazada.reverse import OPEN_STATES, Reverses, ask_back, ask_out, send_back
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import order, shelf, sku_of
from storeward_sandbox.lazada.tests.support import ask, go, told

UNITS = 40
Thing = TypeVar("Thing")
PLAN = Plan(pays=0, packs=None, scans=None, ends=DAY, confirms=2 * DAY)
UNPAID = Plan(pays=None, packs=None)


class Street:
    """One store and what can happen to it. `place` chooses among what is there."""

    def __init__(self) -> None:
        self.shop = shelf("SG", units=UNITS, warehouses=2, price="20.00")

    def orders(self) -> list[Order]:
        return list(self.shop.orders.values())

    def packages(self) -> list[Package]:
        return list(self.shop.packages.values())

    # --- what happens -------------------------------------------------------------------------------------------------

    def buy(self, place: int) -> None:
        if sku_of(self.shop).sellable > 3:
            order(self.shop, PLAN, pieces=1 + place % 3, seller_voucher="1.50", shipping="2.00")

    def buy_without_paying(self, place: int) -> None:
        if sku_of(self.shop).sellable > 3:
            order(self.shop, UNPAID)

    def pack(self, place: int) -> None:
        chosen = chosen_of(self.orders(), place)
        if chosen is None:
            return
        lines = [int(line.id) for number, line in enumerate(chosen.lines) if number <= place % 3]
        request = {
            "pack_order_list": [{"order_id": int(chosen.id), "order_item_list": lines}],
            "delivery_type": "dropship",
            "shipping_allocate_type": "TFS",
        }
        ask(self.shop, "/order/fulfill/pack", packReq=request)

    def package_call(self, path: str, name: str, place: int) -> None:
        chosen = chosen_of(self.packages(), place)
        if chosen is not None:
            ask(self.shop, path, **{name: {"packages": [{"package_id": chosen.id}]}})

    def make_ready(self, place: int) -> None:
        self.package_call("/order/package/rts", "readyToShipReq", place)

    def repack(self, place: int) -> None:
        self.package_call("/order/package/repack", "rePackReq", place)

    def carry_away(self, place: int) -> None:
        chosen = chosen_of(self.packages(), place)
        if chosen is not None:
            scan(self.shop, chosen)

    def cancel(self, place: int) -> None:
        chosen = chosen_of(self.orders(), place)
        if chosen is not None:
            line = chosen.lines[place % len(chosen.lines)]
            asked = {"order_id": chosen.id, "order_item_id_list": [int(line.id)]}
            reason = self.shop.site.reason_base + 19
            ask(self.shop, "/order/reverse/cancel/create", **asked, reason_id=str(reason))

    def want_out(self, place: int) -> None:
        chosen = chosen_of(self.orders(), place)
        if chosen is not None:
            ask_out(self.shop, chosen, chosen.lines, BUYER_CANCELS[0])

    def want_back(self, place: int) -> None:
        chosen = chosen_of(self.orders(), place)
        if chosen is not None:
            ask_back(self.shop, chosen, chosen.lines[:1], BUYER_RETURNS[0], is_rtm=place % 2 == 0)

    def decide(self, place: int) -> None:
        chosen = chosen_of(list(self.shop.part(Reverses).orders.values()), place)
        if chosen is None:
            return
        try:
            if chosen.kind == "CANCEL":
                agrees = "true" if place % 2 else "false"
                ask(self.shop, "/order/reverse/cancel/seller/decide", reverse_order_id=chosen.id, agree_cancel=agrees)
            else:
                action = ("instantRefund", "agreeReturn", "confirmDelivery", "agreeRefund")[place % 4]
                ids = [int(line.id) for line in chosen.lines]
                asked = {"reverse_order_id": chosen.id, "reverse_order_item_ids": ids, "action": action}
                ask(self.shop, "/order/reverse/return/update", **asked)
        except ApiError as refusal:
            if refusal.code != "104":
                raise

    def post_back(self, place: int) -> None:
        chosen = chosen_of(list(self.shop.part(Reverses).orders.values()), place)
        if chosen is not None and chosen.kind == "RETURN":
            send_back(self.shop, chosen, chosen.lines[0])

    def wait(self, place: int) -> None:
        go(self.shop, (MINUTE, 31 * MINUTE, 5 * HOUR, DAY, 3 * DAY)[place % 5])


def chosen_of(among: list[Thing], place: int) -> Thing | None:
    return among[place % len(among)] if among else None


DEEDS: tuple[Callable[[Street, int], None], ...] = (
    Street.buy, Street.buy, Street.buy_without_paying, Street.pack, Street.pack, Street.make_ready, Street.make_ready,
    Street.repack, Street.carry_away, Street.carry_away, Street.cancel, Street.want_out, Street.want_back, Street.decide,
    Street.post_back, Street.wait, Street.wait,
)  # fmt: skip
Course = list[tuple[Callable[[Street, int], None], int]]
COURSES = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 30)), max_size=40)


def lived(course: Course) -> Shop:
    street = Street()
    for deed, place in course:
        deed(street, place)
    return street.shop


@settings(max_examples=60)
@given(COURSES)
def test_units_are_where_the_orders_say(course: Course) -> None:
    shop = lived(course)
    states = Counter(line.status for one in shop.orders.values() for line in one.lines)
    stock = sku_of(shop).stock
    assert sum(one.withheld for one in stock) == states["unpaid"]
    assert sum(one.occupied for one in stock) == states["pending"] + states["packed"] + states["repacked"]
    gone = sum(one.total for one in stock)
    assert gone <= UNITS
    assert min(one.sellable for one in stock) >= 0


@settings(max_examples=60)
@given(COURSES)
def test_parcels_and_pieces_name_each_other(course: Course) -> None:
    shop = lived(course)
    for package in shop.packages.values():
        named = {line.id for line in package.order.lines if line.package_id == package.id}
        if package.status == "cancelled":
            assert all(line.status == "canceled" for line in package.order.lines if line.id in named)
        else:
            assert named == set(package.line_ids)
    for one in shop.orders.values():
        for line in one.lines:
            assert (line.package_id == "") is (line.tracking_number == "")


@settings(max_examples=60)
@given(COURSES)
def test_a_wish_to_cancel_is_open_or_answered(course: Course) -> None:
    shop = lived(course)
    for one in shop.orders.values():
        for line in one.lines:
            if line.wants_out:
                found = shop.part(Reverses).open_of(line)
                assert found is not None
                assert found[1].sla == line.cancel_trigger > shop.now
            if line.status == "canceled":
                assert not line.wants_out
                assert not line.cancel_pending
    for reverse in shop.part(Reverses).orders.values():
        for row in reverse.lines:
            assert row.open is (row.status in OPEN_STATES)
            assert row.sla == 0 or row.open
            assert row.modified >= row.created


@settings(max_examples=60)
@given(COURSES)
def test_pushes_tell_the_last_state_and_never_go_back_in_time(course: Course) -> None:
    shop = lived(course)
    last = {data["trade_order_line_id"]: data["order_status"] for data in told(shop, 0)}
    assert last == {line.id: line.status for one in shop.orders.values() for line in one.lines}
    instants = [data["status_update_time"] for data in told(shop, 0)]
    assert instants == sorted(instants)


@settings(max_examples=40)
@given(COURSES)
def test_money_adds_up_after_any_course(course: Course) -> None:
    shop = lived(course)
    go(shop, 10 * DAY)
    made, entries = statements(shop), shop.part(Ledger).entries
    earned = sum((entry.amount for entry in entries), Decimal(0))
    paid = sum((-one.amount for one in bank_moves(shop) if not one.is_deposit), Decimal(0))
    assert balance(shop) == earned - paid
    if made:
        assert made[0].opening == 0
        assert sum((one.net for one in made), Decimal(0)) <= earned + sum(abs(entry.amount) for entry in entries)
    refunded = [entry for entry in entries if entry.kind == "14"]
    back = [line for one in shop.orders.values() for line in one.lines if line.return_status == "REFUND_SUCCESS"]
    assert len(refunded) == len(back)
    sold = {entry.line.id for entry in entries if entry.kind == "13" and entry.line is not None}
    assert {line.id for line in back} <= sold


@settings(max_examples=30)
@given(COURSES)
def test_the_list_shows_every_order_once_whatever_happened(course: Course) -> None:
    shop = lived(course)
    found = ask(shop, "/orders/get", created_after="2026-01-01T00:00:00Z", limit=100)
    assert sorted(str(row["order_id"]) for row in found["orders"]) == sorted(shop.orders)
    for row in found["orders"]:
        assert row["statuses"] == shop.orders[str(row["order_id"])].statuses
