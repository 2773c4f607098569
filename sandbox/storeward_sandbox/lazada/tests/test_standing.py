"""How the platform judges a store and what follows: rates, limits, points, hidden and closed stores, indicators, notices."""

from collections.abc import Callable

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE, parse_instant
from storeward_sandbox.lazada.catalogue import ACTIVE, INACTIVE, Catalogue
from storeward_sandbox.lazada.chat import BUYER, SELLER, TEXT, open_session, say
from storeward_sandbox.lazada.notices import MOST_KEPT, Notices, ago, post
from storeward_sandbox.lazada.orders import deliver, pack, ready
from storeward_sandbox.lazada.performance import INDICATORS, chat_figures, positive_share, rating_coverage
from storeward_sandbox.lazada.reviews import write
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.standing import ORDERS_A_DAY, Standing, deduct, judge, rates, takes_more
from storeward_sandbox.lazada.tests.byhand import add_product, order, product_of, shelf
from storeward_sandbox.lazada.tests.support import Json, Running, checked, go, make_shop, running, shop_to_read, told

MONDAY = parse_instant("2026-11-16T00:00:00Z")


def ripe(shop: Shop) -> None:
    """So much later that the orders of now are judged."""
    go(shop, 8 * DAY)


def shipped(shop: Shop, after: int = 0) -> None:
    """An order that is ready to ship so much later."""
    made = order(shop)
    go(shop, after)
    if made.in_states(("pending",)):
        package = pack(shop, made, made.lines)[0]
        ready(shop, package)
        go(shop, MINUTE)
        deliver(shop, package)


# --- rates ------------------------------------------------------------------------------------------------------------


def test_rates_are_about_pieces_of_five_weeks_without_the_last_one() -> None:
    shop = shelf(units=50)
    shipped(shop)
    assert rates(shop).pieces == 0
    go(shop, 7 * DAY + 1)
    assert rates(shop).pieces == 1
    go(shop, 28 * DAY)
    assert rates(shop).pieces == 0


def test_rates_by_hand() -> None:
    shop = shelf(units=50, at=MONDAY)
    for _ in range(6):
        shipped(shop)
    shipped(shop, after=30 * HOUR)  # in time, but not within a day
    for _ in range(3):
        order(shop)  # nobody will pack these
    ripe(shop)
    found = rates(shop)
    assert found.pieces == 10
    assert found.cancelled == pytest.approx(0.3)
    assert found.on_time == 1
    assert found.fast == pytest.approx(6 / 7)
    assert found.returned == 0


def test_buyers_who_cancel_and_the_platforms_own_orders_do_not_count() -> None:
    shop = shelf(units=50)
    order(shop, by_platform=True)
    ripe(shop)
    assert rates(shop).pieces == 0
    assert rates(shop).cancelled is None


def test_a_marked_order_is_late_after_the_next_day() -> None:
    shop = shelf(units=50, at=MONDAY)
    made = order(shop, flag="GUARANTEE")
    go(shop, made.sla - shop.now + 1)
    ready(shop, pack(shop, made, made.lines)[0])
    ripe(shop)
    assert rates(shop).on_time == 0


# --- consequences -----------------------------------------------------------------------------------------------------


def neglect(shop: Shop, orders: int) -> None:
    for _ in range(orders):
        order(shop)
    ripe(shop)


def test_too_many_cancellations_limit_orders_and_cost_points_on_monday() -> None:
    shop = shelf(units=50, at=MONDAY)
    neglect(shop, 10)
    judge(shop)  # a Tuesday
    assert shop.part(Standing).points(shop.now) == 0
    go(shop, 6 * DAY)
    judge(shop)
    standing = shop.part(Standing)
    assert standing.points(shop.now) == 4
    assert standing.limited_until == shop.now + 7 * DAY
    assert [takes_more(shop) for _ in range(ORDERS_A_DAY + 1)] == [True] * ORDERS_A_DAY + [False]
    go(shop, DAY)
    assert takes_more(shop)
    titles = [one.title for one in shop.part(Notices).posted]
    assert titles[-2:] == ["Order volume limit", "Non-compliance points"]


def test_few_orders_or_few_cancellations_cost_nothing() -> None:
    for good, bad in ((0, 9), (20, 8)):
        shop = shelf(units=50, at=MONDAY)
        for _ in range(good):
            shipped(shop)
        neglect(shop, bad)
        go(shop, 6 * DAY)
        judge(shop)
        assert shop.part(Standing).points(shop.now) == 0


def test_points_are_gone_after_a_year() -> None:
    shop = shelf()
    deduct(shop, 5, "x")
    go(shop, 364 * DAY)
    assert shop.part(Standing).points(shop.now) == 5
    go(shop, DAY)
    assert shop.part(Standing).points(shop.now) == 0


def test_twelve_points_are_a_word_of_warning_and_nothing_else() -> None:
    shop = shelf()
    deduct(shop, 12, "x")
    assert shop.part(Standing).step == 12
    assert product_of(shop).status == ACTIVE
    assert product_of(shop).hidden is None


def test_24_points_hide_products_and_fewer_buyers_find_the_store() -> None:
    shop = shelf()
    deduct(shop, 24, "x")
    row = checked(shop, "/product/item/get", item_id=product_of(shop).id)
    assert (row["hiddenStatus"], row["status"]) == ("Search", ACTIVE)
    found = sum(takes_more(shop) for _ in range(200))
    assert 30 <= found <= 90


def test_36_points_take_products_offline() -> None:
    shop = shelf()
    add_product(shop)
    deduct(shop, 24, "x")
    deduct(shop, 12, "x")
    assert {product.status for product in shop.part(Catalogue).products.values()} == {INACTIVE}
    assert list(shop.part(Catalogue).on_sale()) == []


def test_48_points_close_the_store_and_push_13_says_so() -> None:
    shop = shelf()
    deduct(shop, 48, "x")
    assert checked(shop, "/seller/get")["status"] == "INACTIVE"
    assert told(shop, 13) == [{"status": "close"}]
    assert not takes_more(shop)
    deduct(shop, 10, "x")
    assert len(told(shop, 13)) == 1


def test_a_closed_store_can_read_but_not_write(closed: tuple[Running, Json]) -> None:
    world, store = closed
    assert world.code("/orders/get", {"created_after": "2026-11-01T00:00:00Z"}, store=store) == "0"
    assert world.ask("/seller/get", store=store)["status"] == "INACTIVE"
    assert world.code("/im/message/send", {"session_id": "x"}, store=store) == "SellerNotActive"


@pytest.fixture(scope="module")
def closed() -> object:
    with running(stores=1, seed=2) as world:
        deduct(world.shop(world.stores[0]), 48, "x")
        yield world, world.stores[0]


def test_a_neglected_store_goes_down_step_by_step() -> None:
    shop = make_shop("MY", ("neglected",), orders_per_day=3.0, seed=3)
    standing = shop.part(Standing)
    before = standing.points(shop.now)
    go(shop, 50 * DAY)
    assert standing.points(shop.now) > before
    assert standing.step >= 12
    assert shop.now < standing.limited_until or shop.status == "INACTIVE" or rates(shop).pieces < 10


# --- what the API shows -----------------------------------------------------------------------------------------------


def indicator(shop: Shop, kind: str) -> Json:
    return next(row for row in checked(shop, "/seller/performance/get")["indicators"] if row["type"] == kind)


def test_an_empty_store_has_indicators_without_scores() -> None:
    shop = shelf()
    rows = checked(shop, "/seller/performance/get")["indicators"]
    assert [row["type"] for row in rows] == [one.type for one in INDICATORS]
    rated = [row for row in rows if row["score"] is not None]
    assert [row["type"] for row in rated] == ["PRODUCT_RATING_COVERAGE"]
    empty = rows[0]
    assert (empty["formatted_score"], empty["target_respected"]) == ("-", None)


def test_indicators_compare_scores_with_targets() -> None:
    shop = shelf(units=50, at=MONDAY)
    for _ in range(9):
        shipped(shop)
    order(shop)
    ripe(shop)
    cancelled, on_time = indicator(shop, "CANCELLATION_RATE"), indicator(shop, "SHIP_ON_TIME")
    assert (cancelled["score"], cancelled["formatted_target"], cancelled["target_respected"]) == (10.0, "≤ 1%", False)
    assert (on_time["score"], on_time["formatted_score"], on_time["target_respected"]) == (100.0, "100%", True)
    assert (on_time["target_format"], on_time["score_format"]) == ("GREATER_THAN_PERCENTAGE", "PERCENTAGE")


def chat(shop: Shop, wait: int | None) -> None:
    session = open_session(shop, order(shop).buyer)
    say(shop, session, BUYER, TEXT, {"txt": "?"})
    if wait is not None:
        go(shop, wait)
        say(shop, session, SELLER, TEXT, {"txt": "!"})


def test_chat_figures_by_hand() -> None:
    shop = shelf(units=50)
    shop._streams["buyers"] = type(shop.chance("buyers"))(5)
    chat(shop, 10 * MINUTE)
    chat(shop, 20 * MINUTE)
    chat(shop, 25 * HOUR)
    chat(shop, None)
    go(shop, 2 * HOUR)
    found = chat_figures(shop)
    assert found.rate == pytest.approx(2 / 4)
    assert found.minutes == pytest.approx(15)
    row = indicator(shop, "RESPONSE_TIME")
    assert (row["score"], row["formatted_score"], row["score_format"]) == (15.0, "15 min", "MINUTES")
    metrics = checked(shop, "/seller/metrics/get")
    assert (metrics["response_rate"], metrics["response_time"]) == ("0.5000", "15.0000")


def test_ratings_by_hand() -> None:
    shop = shelf(units=9)
    add_product(shop)
    shop.buyers_on = True
    for stars in (5, 4, 3):
        shipped(shop)
        review = write(shop, next(reversed(shop.orders.values())))
        assert review is not None
        review.stars = stars
    assert positive_share(shop) == pytest.approx(2 / 3)
    assert rating_coverage(shop) == 0.5
    assert checked(shop, "/seller/metrics/get")["positive_seller_rating"] == "66.7"


@pytest.mark.parametrize(
    ("troubles", "kind", "better"),
    [
        (("late_orders",), "CANCELLATION_RATE", lambda plain, bad: plain["score"] <= bad["score"]),
        (("unanswered",), "RESPONSE_RATE", lambda plain, bad: plain["score"] > bad["score"]),
    ],
)
def test_troubles_show_in_the_indicators(troubles: tuple[str, ...], kind: str, better: Callable[[Json, Json], bool]) -> None:
    plain = make_shop("SG", orders_per_day=3.0, late_share=0.0, unshipped_share=0.0)
    bad = make_shop("SG", troubles, orders_per_day=3.0, unshipped_share=0.4, reply_share=0.2)
    assert better(indicator(plain, kind), indicator(bad, kind))


# --- notices ----------------------------------------------------------------------------------------------------------


def test_notices_are_newest_first_and_say_when_in_words() -> None:
    shop = shelf()
    post(shop, "First", "a", "Store")
    go(shop, 2 * HOUR)
    post(shop, "Second", "b", "System", "/apps/x")
    found = checked(shop, "/sellercenter/msg/list", page=1, pageSize=1)["data"]
    assert found["pageInfo"] == {"current": 1, "total": 2, "pageSize": 1}
    row = found["dataSource"][0]
    assert (row["message_content"]["title"], row["time"]) == ("Second", "just now")
    assert row["message_content"]["webLink"] == "/apps/x"
    second = checked(shop, "/sellercenter/msg/list", page=2, pageSize=1)["data"]["dataSource"][0]
    assert second["time"] == "2 hours ago"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (2 * DAY, "2 days ago"),
    ],
)
def test_time_in_words(seconds: int, words: str) -> None:
    assert ago(seconds) == words


def test_old_notices_are_forgotten() -> None:
    shop = shelf()
    for number in range(MOST_KEPT + 5):
        post(shop, str(number), "", "Store")
    posted = shop.part(Notices).posted
    assert (len(posted), posted[0].title) == (MOST_KEPT, "5")


def test_every_order_has_a_notice() -> None:
    shop = shop_to_read()
    titles = [one.title for one in shop.part(Notices).posted]
    assert titles.count("New order") == len(shop.orders)
