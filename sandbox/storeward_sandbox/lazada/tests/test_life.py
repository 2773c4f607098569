"""Who does what: buyers, the scripted seller, the platform's warehouse, over days and weeks."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.countries import weekday_hour
from storeward_sandbox.lazada.buying import Wish, order_now, staged, usual_plan
from storeward_sandbox.lazada.catalogue import Catalogue
from storeward_sandbox.lazada.orders import Order, Plan, deliver, pack, ready
from storeward_sandbox.lazada.places import Places
from storeward_sandbox.lazada.reasons import BUYER_CANCELS
from storeward_sandbox.lazada.reverse import CANCEL, ONLY_REFUND, RETURN, Reverses, ask_back, ask_out
from storeward_sandbox.lazada.reverse_life import answer_cancel, answer_return, inspect, want_back, want_out
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import PAID, add_product, order, product_of, shelf, sku_of
from storeward_sandbox.lazada.tests.support import bare_shop, go, make_shop, shop_to_read
from storeward_sandbox.lazada.tests.test_reverse_moves import Fixed, delivered


def lines_by_status(shop: Shop) -> Counter[str]:
    return Counter(line.status for order in shop.orders.values() for line in order.lines)


# --- buyers -----------------------------------------------------------------------------------------------------------


def test_buyers_come_about_as_often_as_the_store_is_busy() -> None:
    shop = make_shop("SG", orders_per_day=4.0)
    before = len(shop.orders)
    go(shop, 20 * DAY)
    assert 50 <= len(shop.orders) - before <= 110


def test_few_buyers_come_at_night() -> None:
    shop = shop_to_read("PH", orders_per_day=6.0)
    hours = Counter(weekday_hour(shop.site.country, one.created)[1] < 7 for one in shop.orders.values())
    assert hours[True] < hours[False] * 0.25


def test_nobody_buys_once_buyers_are_sent_home() -> None:
    shop = make_shop("SG", orders_per_day=6.0)
    shop.buyers_on = False
    before = len(shop.orders)
    go(shop, 3 * DAY)
    assert len(shop.orders) == before


def test_nothing_can_be_ordered_where_nothing_is_on_sale() -> None:
    shop = bare_shop()
    assert order_now(shop, PAID) is None
    shop = shelf(units=0)
    assert order_now(shop, PAID) is None
    product_of(shop).skus[0].stock[0].sellable = 1
    found = order_now(shop, PAID, Wish(units=5))
    assert found is not None
    assert len(found.lines) == 1


def test_a_wish_settles_what_chance_would_decide() -> None:
    shop = shelf(units=100)
    for by_platform in (True, False):
        for own_fleet in (True, False):
            found = order_now(shop, PAID, Wish(units=2, by_platform=by_platform, own_fleet=own_fleet))
            assert found is not None
            assert (len(found.lines), found.by_platform) == (2, by_platform)
            assert found.own_fleet is (own_fleet and not by_platform)


def test_digital_goods_are_bought_alone_and_never_for_cash() -> None:
    shop = shelf("PH", units=50)
    card = add_product(shop, units=50, digital=True)
    for _ in range(30):
        found = order_now(shop, PAID, Wish(digital=True))
        assert found is not None
        assert {line.product.id for line in found.lines} == {card.id}
        assert found.digital
        assert found.payment_method != "COD"
        assert found.shipping_original == 0
        break
    mixed = [one for _ in range(30) if (one := order_now(shop, PAID, Wish(units=2))) is not None]
    for one in mixed:
        assert len({line.product.digital for line in one.lines}) == 1


def test_prices_are_those_of_the_moment() -> None:
    shop = shelf(price="10.00", units=9)
    sku = sku_of(shop)
    sku.sale_price, sku.sale_from, sku.sale_to = Decimal("8.00"), shop.now, shop.now + DAY
    found = order_now(shop, PAID, Wish(units=1))
    assert found is not None
    assert found.lines[0].price == Decimal("8.00")
    assert found.lines[0].paid_price <= Decimal("8.00")


@pytest.mark.parametrize("region", ["SG", "VN", "ID"])
def test_amounts_fit_the_money_of_the_country(region: str) -> None:
    shop = shop_to_read(region)
    exponent = -shop.site.country.decimals
    for one in shop.orders.values():
        for line in one.lines:
            for amount in (line.price, line.voucher_seller, line.voucher_platform, line.shipping):
                assert amount == amount.quantize(Decimal(1).scaleb(exponent))
            assert 0 < line.paid_price <= line.price
        assert one.shipping_fee >= 0


def test_plans_follow_the_seller() -> None:
    late = make_shop("SG", ("late_orders",))
    plans = [usual_plan(late) for _ in range(300)]
    assert sum(plan.packs is None for plan in plans) > 10
    assert sum(plan.packs is not None and plan.packs > 40 * HOUR for plan in plans) > 60
    quick = make_shop("SG")
    assert sum(plan.packs is not None and plan.packs < 24 * HOUR for plan in (usual_plan(quick) for _ in range(300))) > 280


def test_staged_orders_lie_in_the_last_fortnight_and_late_stores_have_more() -> None:
    plain, late = staged(shop_to_read("SG")), staged(shop_to_read("SG", ("late_orders",)))
    assert all(0 < shop_to_read("SG").started_at - at < 14 * DAY for at, _plan, _wish in plain)
    assert len(plain) >= 14
    assert len(late) == len(plain) + 4


# --- the seller -------------------------------------------------------------------------------------------------------


def test_the_seller_ships_in_time_when_at_work() -> None:
    shop = make_shop("TH", orders_per_day=4.0, late_share=0.0, unshipped_share=0.0)
    go(shop, 10 * DAY)
    judged = [
        (one, line)
        for one in shop.orders.values()
        if one.paid_at and not one.by_platform and shop.now - one.created > 4 * DAY
        for line in one.lines
        if line.status != "canceled"
    ]
    assert len(judged) > 30
    in_time = [line.ready_at <= one.sla for one, line in judged if line.ready_at]
    assert sum(in_time) / len(in_time) > 0.95


def test_nobody_packs_once_the_seller_is_sent_home() -> None:
    shop = make_shop("SG", orders_per_day=3.0)
    shop.seller_on = False
    go(shop, 4 * DAY)
    assert not [one for one in shop.packages.values() if one.packed_at > shop.started_at and not one.order.by_platform]


def test_in_a_neglected_store_orders_are_cancelled_one_by_one() -> None:
    shop = make_shop("MY", ("neglected",), orders_per_day=2.0)
    go(shop, 8 * DAY)
    stopped = shop.persona.stops_at
    assert stopped is not None
    left = [one for one in shop.orders.values() if one.paid_at > max(stopped, shop.started_at - 7 * DAY) and not one.by_platform]
    done = [one for one in left if shop.now > one.cancel_at]
    assert done
    assert {status for one in done for status in one.statuses} == {"canceled"}


def test_all_endings_happen_somewhere() -> None:
    found: Counter[str] = Counter()
    for region in ("SG", "TH", "ID"):
        found += lines_by_status(make_shop(region, orders_per_day=9.0, seed=2))
    assert set(found) >= {
        "unpaid", "pending", "packed", "ready_to_ship", "shipped", "delivered", "confirmed", "canceled", "returned",
        "shipped_back_success",
    }  # fmt: skip


def test_a_store_with_two_warehouses_ships_from_both() -> None:
    shop = next(
        one for one in (make_shop("SG", seed=seed, orders_per_day=6.0) for seed in range(1, 30)) if one.part(Places).several
    )
    used = {line.warehouse for one in shop.orders.values() for line in one.lines}
    assert used == set(shop.part(Places).codes)
    split = [one for one in shop.orders.values() if len({line.package_id for line in one.lines if line.package_id}) > 1]
    assert all(len({line.warehouse for line in one.lines}) > 1 for one in split)


# --- requests ---------------------------------------------------------------------------------------------------------


def reverse_kinds(shop: Shop) -> Counter[str]:
    return Counter(one.kind for one in shop.part(Reverses).orders.values())


def test_all_kinds_of_requests_come_and_most_are_over() -> None:
    shop = make_shop("SG", ("returns",), orders_per_day=6.0, days=10)
    kinds = reverse_kinds(shop)
    assert set(kinds) == {CANCEL, RETURN, ONLY_REFUND}
    rows = [line for one in shop.part(Reverses).orders.values() for line in one.lines]
    assert sum(not line.open for line in rows) > len(rows) * 0.6


def test_buyers_who_were_sent_home_ask_for_nothing() -> None:
    shop = shelf()
    made = delivered(shop)
    want_back(shop, made, made.lines)
    want_out(shop, order(shop))
    assert not shop.part(Reverses).orders


def at_work(shop: Shop) -> Shop:
    shop.seller_on = shop.buyers_on = True
    return shop


@pytest.mark.parametrize(("share", "ends"), [(0.1, "canceled"), (0.99, "packed")])
def test_the_seller_lets_most_buyers_out_and_packs_for_the_rest(share: float, ends: str) -> None:
    shop = at_work(shelf())
    made = order(shop, replace(PAID, packs=4 * DAY, readies=10 * DAY))
    reverse = ask_out(shop, made, made.lines, BUYER_CANCELS[0])
    assert reverse is not None
    shop._streams["cancelling"] = Fixed(share)
    answer_cancel(shop, reverse)
    go(shop, 2 * HOUR)
    assert made.statuses == [ends]


def asked_back(shop: Shop, kind: str = RETURN) -> Order:
    made = delivered(shop)
    assert ask_back(shop, made, made.lines, BUYER_CANCELS[0], kind=kind) is not None
    return made


@pytest.mark.parametrize(
    ("kind", "share", "state"),
    [
        (RETURN, 0.1, "SELLER_REJECT_RETURN"),
        (RETURN, 0.9, "SELLER_AGREE_RETURN"),
        (ONLY_REFUND, 0.1, "SELLER_REJECT_REFUND"),
        (ONLY_REFUND, 0.9, "REFUND_AUTHORIZED"),
    ],
)
def test_the_seller_answers_returns_in_these_ways(kind: str, share: float, state: str) -> None:
    shop = at_work(shelf())
    asked_back(shop, kind)
    shop._streams["returning"] = Fixed(share)
    reverse = next(iter(shop.part(Reverses).orders.values()))
    answer_return(shop, reverse)
    assert reverse.lines[0].status == state


def test_the_seller_looks_at_what_came_back() -> None:
    shop = at_work(shelf())
    asked_back(shop)
    reverse = next(iter(shop.part(Reverses).orders.values()))
    reverse.lines[0].status = "BUYER_RETURN_ITEM"
    inspect(shop, reverse)
    assert reverse.lines[0].status == "REFUND_AUTHORIZED"


def test_a_seller_who_is_away_answers_nothing() -> None:
    shop = shelf()
    asked_back(shop)
    made = order(shop)
    ask_out(shop, made, made.lines, BUYER_CANCELS[0])
    for reverse in shop.part(Reverses).orders.values():
        answer_return(shop, reverse)
        answer_cancel(shop, reverse)
        inspect(shop, reverse)
    assert {line.status for one in shop.part(Reverses).orders.values() for line in one.lines} == {"REQUEST_INITIATE"}


def test_every_store_has_had_a_request_by_the_start() -> None:
    for region in ("SG", "TH", "VN"):
        assert reverse_kinds(shop_to_read(region)).total() >= 1


# --- sums that always hold --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "troubles"),
    [("SG", ()), ("VN", ("returns",)), ("ID", ("neglected",)), ("MY", ("late_orders",)), ("TH", ("low_stock",))],
)
def test_what_is_held_and_occupied_is_what_open_orders_say(region: str, troubles: tuple[str, ...]) -> None:
    shop = make_shop(region, troubles, orders_per_day=4.0, days=3)
    held: Counter[str] = Counter()
    occupied: Counter[str] = Counter()
    for one in shop.orders.values():
        for line in one.lines:
            held[line.sku.id] += line.status == "unpaid"
            occupied[line.sku.id] += line.status in ("pending", "repacked", "packed")
    for product in shop.part(Catalogue).products.values():
        for sku in product.skus:
            assert sum(stock.withheld for stock in sku.stock) == held[sku.id]
            assert sum(stock.occupied for stock in sku.stock) == occupied[sku.id]
            assert all(stock.sellable >= 0 for stock in sku.stock)


@pytest.mark.parametrize("region", ["SG", "VN"])
def test_instants_of_a_piece_are_in_order(region: str) -> None:
    shop = shop_to_read(region)
    for one in shop.orders.values():
        assert one.created <= (one.paid_at or one.created) <= one.updated <= shop.now
        for line in one.lines:
            steps = [at for at in (one.created, line.ready_at, line.shipped_at, line.delivered_at) if at]
            assert steps == sorted(steps)
            assert line.updated <= one.updated


def test_parcels_hold_the_pieces_that_name_them() -> None:
    shop = shop_to_read("SG")
    for package in shop.packages.values():
        if package.status == "cancelled":
            continue
        named = [line.id for line in package.order.lines if line.package_id == package.id]
        assert named == package.line_ids
        assert (
            len({line.status for line in package.order.lines if line.id in named} - {"returned", "confirmed", "delivered"}) <= 1
        )


def test_an_own_fleet_delivers_by_itself_when_the_seller_is_at_work() -> None:
    shop = at_work(shelf())
    plan = Plan(pays=0, packs=HOUR, readies=HOUR, scans=HOUR, ends=DAY)
    made = order(shop, plan, own_fleet=True)
    go(shop, 2 * HOUR + MINUTE)
    assert made.statuses == ["ready_to_ship"]
    go(shop, DAY)
    assert made.statuses == ["delivered"]


def test_a_parcel_that_was_delivered_by_hand_is_not_delivered_twice() -> None:
    shop = at_work(shelf())
    made = order(shop, replace(PAID, scans=HOUR, ends=DAY), own_fleet=True)
    package = pack(shop, made, made.lines)[0]
    ready(shop, package)
    go(shop, MINUTE)
    deliver(shop, package)
    at = made.lines[0].delivered_at
    go(shop, 2 * DAY)
    assert made.lines[0].delivered_at == at
