"""Reviews: who writes them, how they are read, and the one reply."""

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.shopee.reviews import Review, Reviews, answer, review
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.people import an_order
from storeward_sandbox.shopee.tests.support import Json, ask, ask_all, bare_shop, checked, go, make_shop, refused, shop_to_read


def reviewed(shop: Shop, count: int = 1) -> list[Review]:
    return [review(shop, an_order(shop, "COMPLETED"))[0] for _ in range(count)]


TOO = "product.comment_length_invalid"


def comments(shop: Shop, **query: object) -> Json:
    return dict(checked(shop, "product.get_comment", query={"cursor": "", "page_size": 100, **query}))


def test_every_shop_has_a_review_that_waits() -> None:
    for troubles in ((), ("neglected",), ("unanswered",)):
        shop = shop_to_read("MY", troubles)
        known = shop.part(Reviews).known.values()
        assert any(not one.reply for one in known), troubles


def test_reviews_are_read_newest_first() -> None:
    shop = bare_shop()
    made = reviewed(shop, 3)
    rows = comments(shop)["item_comment_list"]
    assert [row["comment_id"] for row in rows] == [one.id for one in reversed(made)]
    assert all(1 <= row["rating_star"] <= 5 for row in rows)
    assert all("***" in row["buyer_username"] for row in rows)


def test_reviews_of_an_item_or_one_of_them_are_read() -> None:
    shop = bare_shop()
    one, other = reviewed(shop, 2)
    assert [row["comment_id"] for row in comments(shop, comment_id=other.id)["item_comment_list"]] == [other.id]
    found = [row["comment_id"] for row in comments(shop, item_id=one.item_id)["item_comment_list"]]
    assert one.id in found
    with refused("product.item_not_exist"):
        comments(shop, item_id=7)
    with refused("product.cmt_not_exist"):
        comments(shop, comment_id=7)


@pytest.mark.parametrize(("number", "endless"), [(1, True), (2, False)])
def test_in_every_other_shop_more_stays_true(number: int, endless: bool) -> None:
    shop = bare_shop()
    shop.number = number
    reviewed(shop, 5)
    first = comments(shop, page_size=3)
    assert (first["more"], first["next_cursor"]) == (True, "3")
    last = comments(shop, page_size=3, cursor="3")
    assert last["more"] is endless
    beyond = comments(shop, page_size=3, cursor="5")
    assert beyond["item_comment_list"] == []
    assert beyond["more"] is endless
    assert (beyond["next_cursor"] == "5") == endless


def test_no_more_than_five_hundred_can_be_read() -> None:
    shop = bare_shop()
    order = an_order(shop, "COMPLETED")
    for _ in range(505):
        review(shop, order)
    read = 0
    for start in range(0, 600, 100):
        read += len(comments(shop, cursor=str(start))["item_comment_list"])
    assert read == 500


@pytest.mark.parametrize(("number", "name"), [(1, "comment_reply"), (2, "cmt_reply")])
def test_a_reply_has_two_names(number: int, name: str) -> None:
    shop = bare_shop()
    shop.number = number
    (one,) = reviewed(shop)
    answer(shop, one, "Thanks!")
    (row,) = comments(shop)["item_comment_list"]
    assert row[name]["reply"] == "Thanks!"
    assert ("create_time" in row[name]) == (name == "comment_reply")


def reply(shop: Shop, *rows: tuple[int, str]) -> tuple[Json, object]:
    body = {"comment_list": [{"comment_id": number, "comment": words} for number, words in rows]}
    return ask_all(shop, "product.reply_comment", body=body)


def test_a_review_is_answered_once() -> None:
    shop = bare_shop()
    (one,) = reviewed(shop)
    found, warning = reply(shop, (one.id, "Thank you"))
    assert (found, warning) == ({"result_list": [{"comment_id": one.id}]}, None)
    assert (one.reply, one.replied_at) == ("Thank you", shop.now)
    with refused("product.duplicate_request"):
        reply(shop, (one.id, "Again"))


@pytest.mark.parametrize(("words", "error"), [("", TOO), ("x" * 501, TOO)])
def test_replies_have_a_length(words: str, error: str) -> None:
    shop = bare_shop()
    (one,) = reviewed(shop)
    with refused(error):
        reply(shop, (one.id, words))
    reply(shop, (one.id, "x" * 500))


def test_some_replies_may_fail_while_others_are_given() -> None:
    shop = bare_shop()
    one, other = reviewed(shop, 2)
    answer(shop, one, "Before")
    found, warning = reply(shop, (one.id, "Now"), (other.id, "Hi"), (7, "Who"))
    assert [row.get("fail_error") for row in found["result_list"]] == [
        "product.duplicate_request",
        None,
        "product.error_not_exist",
    ]
    assert warning == ["some replies failed"]
    assert (one.reply, other.reply) == ("Before", "Hi")


def test_the_same_comment_twice_is_refused() -> None:
    shop = bare_shop()
    (one,) = reviewed(shop)
    with refused("product.duplicate_comment_id"):
        reply(shop, (one.id, "A"), (one.id, "B"))
    with refused("error_param"):
        ask(shop, "product.reply_comment", body={"comment_list": []})


def test_reviews_can_be_changed_for_a_month() -> None:
    shop = bare_shop()
    reviewed(shop)
    assert comments(shop)["item_comment_list"][0]["editable"] == "EDITABLE"
    go(shop, 31 * DAY)
    assert comments(shop)["item_comment_list"][0]["editable"] == "EXPIRED"


def test_sellers_answer_and_the_silent_do_not() -> None:
    shares = []
    for troubles in ((), ("neglected",)):
        shop = make_shop("MY", troubles, orders_per_day=3.0, days=4)
        known = list(shop.part(Reviews).known.values())
        shares.append(sum(bool(one.reply) for one in known) / len(known))
    assert shares[0] > shares[1]


def test_stars_become_the_items_rating() -> None:
    shop = bare_shop()
    (one,) = reviewed(shop)
    one.stars = 3
    (row,) = checked(shop, "product.get_item_extra_info", query={"item_id_list": one.item_id})["item_list"]
    assert (row["rating_star"], row["comment_count"]) == (3, 1)
