"""Reviews: ids first and bodies second, windows of seven days, one reply in time. Push 21."""

from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.lazada.reviews import Review, Reviews, write
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import product_of, shelf
from storeward_sandbox.lazada.tests.support import Json, answer, ask, checked, go, make_shop, shop_to_read, told
from storeward_sandbox.lazada.tests.test_reverse_moves import delivered

HISTORY, BODIES, REPLY = "/review/seller/history/list", "/review/seller/list/v2", "/review/seller/reply/add"


def reviewed(shop: Shop, text: str = "Nice") -> Review:
    shop.buyers_on = True
    found = write(shop, delivered(shop))
    shop.buyers_on = False
    assert found is not None
    found.text = text
    return found


def window(shop: Shop, days: float = 7, until: int = 0) -> Json:
    end = (shop.now - until) * 1000
    return {"item_id": product_of(shop).id, "start_time": int(end - days * DAY * 1000), "end_time": end, "current": 1}


def refusal(shop: Shop, path: str, **params: Any) -> str:
    found = answer(shop, path, **params)
    assert (found["success"], found["error_code"]) == (False, "PARAMS_VALIDATE_ERROR")
    return str(found["error_msg"])


def test_ids_come_newest_first_and_ten_to_a_page() -> None:
    shop = shelf(units=40)
    ids = []
    for _ in range(13):
        ids.append(int(reviewed(shop).id))
        go(shop, HOUR)
    first = checked(shop, HISTORY, **window(shop))
    assert (first["total"], first["page_size"], first["id_list"]) == (13, 10, ids[:2:-1])
    second = checked(shop, HISTORY, **{**window(shop), "current": 2})
    assert second["id_list"] == ids[2::-1]
    assert checked(shop, HISTORY, **{**window(shop), "current": 3})["id_list"] == []


def test_windows_include_their_ends_and_products_are_apart() -> None:
    shop = shelf(units=5)
    review = reviewed(shop)
    at = review.at * 1000
    go(shop, DAY)
    asked = {"item_id": product_of(shop).id, "current": 1}
    assert checked(shop, HISTORY, start_time=at, end_time=at, **asked)["total"] == 1
    assert checked(shop, HISTORY, start_time=at + 1, end_time=at + 2, **asked)["total"] == 0
    assert checked(shop, HISTORY, start_time=at, end_time=at, order_id=1, **asked)["total"] == 0
    assert checked(shop, HISTORY, start_time=at, end_time=at, order_id=review.order.id, **asked)["total"] == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"days": 7.01}, "TIMESPAN_ABOVE_LIMIT"),
        ({"days": -1}, "TIMESPAN_ABOVE_LIMIT"),
        ({"until": 91 * DAY}, "START_TIME_TOO_EARLY"),
        ({"current": 51}, "PARAMS_INVALID"),
        ({"current": 0}, "PARAMS_INVALID"),
        ({"item_id": 1}, "PARAMS_INVALID"),
    ],
)
def test_windows_have_limits(change: Json, reason: str) -> None:
    shop = shelf()
    made = window(shop, **{name: value for name, value in change.items() if name in ("days", "until")})
    made |= {name: value for name, value in change.items() if name not in ("days", "until")}
    assert refusal(shop, HISTORY, **made) == reason


def test_bodies_are_read_in_batches_and_lost_ones_are_named() -> None:
    shop = shelf(units=5)
    one, hidden = reviewed(shop), reviewed(shop)
    hidden.hidden = True
    found = checked(shop, BODIES, id_list=[int(one.id), int(hidden.id), 5])
    assert [row["id"] for row in found["review_list"]] == [int(one.id)]
    assert found["outdated_reviews"] == [int(hidden.id), 5]
    row = found["review_list"][0]
    assert row["ratings"]["product_rating"] == one.stars
    assert row["submit_time"] == one.at * 1000
    assert (row["order_id"], row["product_id"]) == (int(one.order.id), int(product_of(shop).id))
    for ids in ([], list(range(11))):
        assert refusal(shop, BODIES, id_list=ids) == "ID_LIST_ABOVE_LIMIT"


def test_a_follow_up_has_no_stars_and_takes_no_reply() -> None:
    shop = shelf()
    review = reviewed(shop)
    review.follow_up = True
    row = checked(shop, BODIES, id_list=[int(review.id)])["review_list"][0]
    assert (row["review_type"], row["ratings"], row["can_reply"]) == ("FOLLOW_UP_REVIEW", None, False)
    assert refusal(shop, REPLY, id=review.id, content="Thanks") == "REVIEW_CANNOT_REPLY"


def test_one_reply_and_no_more() -> None:
    shop = shelf()
    review = reviewed(shop)
    assert checked(shop, BODIES, id_list=[int(review.id)])["review_list"][0]["can_reply"] is True
    assert checked(shop, REPLY, id=review.id, content="Thank you!") is True
    row = checked(shop, BODIES, id_list=[int(review.id)])["review_list"][0]
    assert (row["seller_reply"], row["can_reply"]) == ("Thank you!", False)
    assert refusal(shop, REPLY, id=review.id, content="Again") == "REPLY_ALREADY"
    assert ask(shop, REPLY, id=review.id, content="Again") is False


def test_replies_have_a_time_a_length_and_something_to_answer() -> None:
    shop = shelf(units=5)
    late, silent = reviewed(shop), reviewed(shop, text="")
    silent.images = []
    assert refusal(shop, REPLY, id=silent.id, content="x") == "REVIEW_CANNOT_REPLY"
    assert refusal(shop, REPLY, id="1", content="x") == "REVIEW_NOT_EXIST"
    go(shop, 30 * DAY + 1)
    assert refusal(shop, REPLY, id=late.id, content="x") == "BEYOND_REPLY_PERIOD"


def test_push_21_names_the_review() -> None:
    shop = shelf()
    review = reviewed(shop)
    assert told(shop, 21) == [{"item_id": int(product_of(shop).id), "id": int(review.id), "order_id": int(review.order.id)}]


@pytest.mark.parametrize("region", ["SG", "VN", "ID"])
def test_every_store_has_a_review_of_the_last_week(region: str) -> None:
    shop = shop_to_read(region)
    assert any(shop.now - one.at <= 7 * DAY for one in shop.part(Reviews).known.values())


def test_buyers_go_on_reviewing_and_blame_is_answered() -> None:
    shop = make_shop("TH", orders_per_day=6.0)
    known = shop.part(Reviews).known
    before = len(known)
    go(shop, 5 * DAY)
    assert len(known) > before
    assert len(told(shop, 21)) == len(known) - before
    blamed = [one for one in known.values() if 0 < one.stars <= 3 and shop.now - one.at > 3 * DAY]
    assert blamed
    assert sum(bool(one.reply) for one in blamed) >= len(blamed) * 0.6
