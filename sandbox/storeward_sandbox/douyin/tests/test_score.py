"""The experience score: each part by hand, and what lowers it."""

from dataclasses import replace

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.douyin.cases import REASONS, RETURN, Case, Cases
from storeward_sandbox.douyin.orders import Order, ship
from storeward_sandbox.douyin.score import WEIGHTS, Measure, _falling, _rising, measures, total
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, ask, bare_shop, buy, checked, go, make_shop, shop_to_read


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def shipped(shop: Shop, *, after: int = HOUR, collected: int = HOUR, delivered: int = DAY) -> Order:
    """An order promised within 48 hours that leaves, is collected and is delivered after so many seconds each."""
    order = buy(shop, replace(QUIET, collected=collected, delivered=delivered))
    order.exp_ship_time = order.pay_time + 2 * DAY

    def leave(now: int) -> None:
        content = [(line, line.count) for line in order.lines]
        ship(shop, [order], content, carrier_code="yunda", tracking_no=f"YD{order.id[-8:]}")

    shop.after(after, leave)
    return order


def case(shop: Shop, order: Order, code: int, *, by_platform: bool = False) -> None:
    reason = next(one for one in (*REASONS[RETURN], *REASONS[7]) if one.code == code)
    line = order.lines[0]
    found = Case(f"c{code}{len(shop.part(Cases).known)}", RETURN, order, line, 1, 100, 0, reason, shop.now, shop.now)
    found.by_platform = by_platform
    shop.part(Cases).known[found.id] = found


@pytest.mark.parametrize(
    ("rate", "points"), [(1.0, 100.0), (0.95, 90.0), (0.9, 80.0), (0.75, 50.0), (0.5, 0.0), (0.2, 0.0), (0.0, 0.0)]
)
def test_a_share_that_should_be_high(rate: float, points: float) -> None:
    assert _rising(rate) == Measure(rate, points)


@pytest.mark.parametrize(("rate", "points"), [(0.0, 100.0), (0.02, 90.0), (0.1, 50.0), (0.2, 0.0), (0.5, 0.0)])
def test_a_share_that_should_be_low(rate: float, points: float) -> None:
    assert _falling(rate, 0.2) == Measure(rate, points)


def test_the_weights_make_a_whole() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert set(measures(bare_shop())) == set(WEIGHTS)


def test_a_shop_without_orders_has_nothing_against_it(shop: Shop) -> None:
    shop.persona = replace(shop.persona, reply_share=1.0)
    found = measures(shop)
    assert [found[name].points for name in ("collect_ontime_rate", "delivery_accomplish_rate", "aftersale_deal_reach_rate")] == [
        100.0,
        100.0,
        100.0,
    ]
    assert found["prod_dsr"] == Measure(4.95, 97.5)
    # 97.5 / 2 + 10 + 5 + 10 + 5 + 9.6 + 10
    assert found["average_feedback_time"] == Measure(20, 96.0)
    assert total(found) == pytest.approx(98.3, abs=0.1)


def test_collection_counts_not_the_waybill(shop: Shop) -> None:
    shipped(shop)
    shipped(shop, collected=3 * DAY)
    go(shop, 6 * DAY)
    assert measures(shop)["collect_ontime_rate"].value == 0.5


def test_an_order_that_was_never_shipped_was_not_collected(shop: Shop) -> None:
    shipped(shop)
    buy(shop)
    go(shop, 4 * DAY)
    assert measures(shop)["collect_ontime_rate"].value == 0.5


def test_an_order_that_is_not_due_yet_does_not_count(shop: Shop) -> None:
    shipped(shop)
    go(shop, 3 * DAY)
    late = measures(shop)["collect_ontime_rate"].value
    buy(shop)
    assert measures(shop)["collect_ontime_rate"].value == late == 1.0


def test_delivery_is_in_time_within_three_days_of_the_collection(shop: Shop) -> None:
    shipped(shop, delivered=3 * DAY)
    shipped(shop, delivered=3 * DAY + HOUR)
    go(shop, 8 * DAY)
    assert measures(shop)["delivery_accomplish_rate"].value == 0.5


def test_returns_for_quality_lower_the_goods_score(shop: Shop) -> None:
    orders = [shipped(shop) for _ in range(10)]
    for order in orders:
        order.lines = order.lines[:1]
    go(shop, 4 * DAY)
    before = measures(shop)
    case(shop, orders[0], 6)
    after = measures(shop)
    assert (before["quality_return_rate"].value, after["quality_return_rate"].value) == (0.0, 0.1)
    assert after["quality_return_rate"].points == 50.0
    assert after["prod_dsr"].value == pytest.approx(4.55)


def test_missing_parts_lower_the_logistics_score(shop: Shop) -> None:
    orders = [shipped(shop) for _ in range(10)]
    for order in orders:
        order.lines = order.lines[:1]
    go(shop, 4 * DAY)
    case(shop, orders[0], 11)
    assert measures(shop)["lgt_qreturn_rate"].value == 0.1


def test_cases_that_the_platform_decided_lower_the_service_score(shop: Shop) -> None:
    order = shipped(shop)
    go(shop, 4 * DAY)
    for by_platform in (False, False, False, True):
        case(shop, order, 1, by_platform=by_platform)
    assert measures(shop)["aftersale_deal_reach_rate"] == Measure(0.75, 50.0)


def test_what_is_older_than_thirty_days_is_forgotten(shop: Shop) -> None:
    buy(shop)
    go(shop, 3 * DAY)
    assert measures(shop)["collect_ontime_rate"].value == 0.0
    go(shop, 31 * DAY)
    assert measures(shop)["collect_ontime_rate"].value == 1.0


@pytest.mark.parametrize(("share", "seconds"), [(1.0, 20.0), (0.96, 36.0), (0.35, 280.0), (0.0, 420.0)])
def test_who_answers_less_answers_later(shop: Shop, share: float, seconds: float) -> None:
    shop.persona = replace(shop.persona, reply_share=share)
    assert measures(shop)["average_feedback_time"].value == pytest.approx(seconds, abs=0.1)


# --- over the API -----------------------------------------------------------------------------------------------------


def test_the_four_numbers_are_text_to_five() -> None:
    found = checked(shop_to_read(), "shop.reputation")
    for name in ("shop_score", "product_score", "logistics_score", "service_score"):
        assert isinstance(found[name], str)
        assert len(found[name]) == 4
        assert 0 <= float(found[name]) <= 5


def test_the_parts_weigh_up_to_the_total() -> None:
    found = checked(shop_to_read(orders_per_day=2.0), "shop.getExperienceScore")
    parts = [found[name]["node_score_weight"] for name in WEIGHTS]
    assert found["seller_rating_info"]["score"] == pytest.approx(sum(parts), abs=0.5)
    assert all(0 <= found[name]["node_score"] <= 100 for name in WEIGHTS)


@pytest.mark.parametrize(
    ("troubles", "name"),
    [(("late_orders",), "logistics_score"), (("neglected",), "logistics_score"), (("unanswered",), "service_score")],
)
def test_troubles_show_in_their_number(troubles: tuple[str, ...], name: str) -> None:
    bad, good = make_shop(troubles, orders_per_day=2.0), make_shop(orders_per_day=2.0)
    assert float(ask(bad, "shop.reputation")[name]) < float(ask(good, "shop.reputation")[name])


def test_the_score_moves_with_what_happens(shop: Shop) -> None:
    shipped(shop)
    go(shop, 3 * DAY)
    before = float(ask(shop, "shop.reputation")["shop_score"])
    for _ in range(3):
        buy(shop)
    go(shop, 3 * DAY)
    assert float(ask(shop, "shop.reputation")["shop_score"]) < before


def test_an_authorisation_is_asked_about_without_an_answer() -> None:
    assert ask(shop_to_read(), "open.getAuthInfo", auth_id="1") == {}
