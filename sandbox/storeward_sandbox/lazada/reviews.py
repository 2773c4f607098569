"""What buyers write about what they got, and the seller's one reply. Push 21."""

from dataclasses import dataclass, field
from typing import Any

from storeward_sandbox.clock import DAY, HOUR, Instant

from . import pushes
from .call import Call
from .catalogue import Catalogue
from .dates import ms
from .errors import malformed
from .orders import Line, Order
from .registry import BOTH, Answer, operation
from .shop import Shop, on

PAGE = 10
MOST_PAGES = 50
WINDOW_DAYS, OLDEST_DAYS = 7, 90
REPLY_DAYS = 30
LONGEST_REPLY = 500
PRAISE = ("Good quality, fast delivery 👍", "As described, thank you!", "ผ้าดี ส่งเร็ว 👍", "Hàng đẹp, giao nhanh", "Barang bagus")
BLAME = ("Broken on arrival.", "Colour is different from the picture.", "ใช้ไป 1 สัปดาห์ สีตก", "Giao chậm quá", "")


@dataclass(eq=False)
class Review:
    id: str
    order: Order
    line: Line
    at: Instant
    stars: int
    text: str
    images: list[str]
    follow_up: bool = False
    hidden: bool = False
    reply: str = ""

    @property
    def may_be_answered(self) -> bool:
        """Product reviews with words or pictures; whether it is too late is another question."""
        return not self.follow_up and not self.reply and bool(self.text or self.images)


@dataclass
class Reviews:
    known: dict[str, Review] = field(default_factory=dict)


@on("order_confirmed")
def perhaps_review(shop: Shop, order: Order) -> None:
    chance = shop.chance("reviews")
    if chance.random() < 0.35:
        shop.after(chance.randint(1, 30) * HOUR, lambda now: _writes(shop, order))


def _writes(shop: Shop, order: Order) -> None:
    write(shop, order)


def write(shop: Shop, order: Order) -> Review | None:
    """A buyer reviews the first piece that stayed; the scripted seller answers what was blamed."""
    kept = order.in_states(("confirmed", "delivered"))
    if not kept or not shop.buyers_on:
        return None
    chance = shop.chance("reviews")
    content = chance.random() < (0.6 if shop.has("late_orders") or shop.has("returns") else 0.9)
    stars, words = (chance.choice((4, 5, 5, 5)), PRAISE) if content else (chance.choice((1, 2, 3)), BLAME)
    images = [f"https://lzd-u.slatic.example/{chance.getrandbits(64):016x}.jpg"] if chance.random() < 0.2 else []
    review = _add(shop, Review(shop.ids.new("review"), order, kept[0], shop.now, stars, chance.choice(words), images))
    if chance.random() < 0.08:
        shop.after(5 * DAY, lambda now: _follow_up(shop, review))
    if stars <= 3 and chance.random() < shop.persona.reply_share:
        shop.after(chance.randint(4, 50) * HOUR, lambda now: _answer(shop, review))
    return review


def _add(shop: Shop, review: Review) -> Review:
    shop.part(Reviews).known[review.id] = review
    data = {"item_id": int(review.line.product.id), "id": int(review.id), "order_id": int(review.order.id)}
    shop.emit(pushes.REVIEW, data)
    return review


def _follow_up(shop: Shop, review: Review) -> None:
    words = shop.chance("reviews").choice(BLAME[:4])
    _add(shop, Review(shop.ids.new("review"), review.order, review.line, shop.now, 0, words, [], follow_up=True))


def _answer(shop: Shop, review: Review) -> None:
    if shop.seller_works() and not review.reply:
        review.reply = "We are sorry to hear that. Please write to us, we will make it good."


@on("settled")
def at_least_one(shop: Shop) -> None:
    """Every store has a review of the last days."""
    recent = [one for one in shop.part(Reviews).known.values() if shop.now - one.at < WINDOW_DAYS * DAY]
    for order in reversed(list(shop.orders.values())):
        if recent:
            return
        if order.in_states(("confirmed", "delivered")):
            recent = [one for one in [write(shop, order)] if one is not None]


# --- by API -----------------------------------------------------------------------------------------------------------


def _good(payload: Any) -> Answer:
    return {"success": True, "data": payload, "error_code": None, "error_msg": None}


def _refused(reason: str, payload: Any = None) -> Answer:
    return {"success": False, "data": payload, "error_code": "PARAMS_VALIDATE_ERROR", "error_msg": reason}


@operation("/review/seller/history/list", BOTH, not_half_managed=True)
def review_ids(call: Call) -> Answer:
    item_id, page = call.need("item_id"), call.need_number("current")
    begin, end = call.need_number("start_time"), call.need_number("end_time")
    if not 1 <= page <= MOST_PAGES or item_id not in call.shop.part(Catalogue).products:
        return _refused("PARAMS_INVALID")
    if end - begin > ms(WINDOW_DAYS * DAY) or end < begin:
        return _refused("TIMESPAN_ABOVE_LIMIT")
    if begin < ms(call.now - OLDEST_DAYS * DAY):
        return _refused("START_TIME_TOO_EARLY")
    order_id = call.text("order_id")
    found = [
        one
        for one in call.shop.part(Reviews).known.values()
        if one.line.product.id == item_id and begin <= ms(one.at) <= end and order_id in ("", one.order.id) and not one.hidden
    ]
    found.sort(key=lambda one: (one.at, one.id), reverse=True)
    ids = [int(one.id) for one in found[(page - 1) * PAGE : page * PAGE]]
    return _good({"current": page, "total": len(found), "page_size": PAGE, "id_list": ids})


@operation("/review/seller/list/v2", not_half_managed=True)
def review_bodies(call: Call) -> Answer:
    ids = call.json_ids("id_list")
    if not 1 <= len(ids) <= PAGE:
        return _refused("ID_LIST_ABOVE_LIMIT")
    known = call.shop.part(Reviews).known
    there = [known[one] for one in ids if one in known and not known[one].hidden]
    gone = [int(one) for one in ids if one.isdigit() and (one not in known or known[one].hidden)]
    return _good({"review_list": [_row(call, one) for one in there], "outdated_reviews": gone})


def _row(call: Call, review: Review) -> dict[str, Any]:
    stars = review.stars
    ratings = {"seller_rating": stars, "overall_rating": stars, "logistics_rating": max(stars - 1, 1), "product_rating": stars}
    return {
        "review_images": review.images,
        "can_reply": review.may_be_answered and call.now - review.at <= REPLY_DAYS * DAY,
        "create_time": ms(review.at),
        "submit_time": ms(review.at),
        "review_content": review.text,
        "ratings": None if review.follow_up else ratings,
        "product_id": int(review.line.product.id),
        "review_videos": [],
        "id": int(review.id),
        "seller_reply": review.reply,
        "order_id": int(review.order.id),
        "review_type": "FOLLOW_UP_REVIEW" if review.follow_up else "PRODUCT_REVIEW",
    }


@operation("/review/seller/reply/add", not_half_managed=True)
def add_reply(call: Call) -> Answer:
    """Once only, in time, and to reviews that say something."""
    review, content = call.shop.part(Reviews).known.get(call.need("id")), call.need("content")
    if len(content) > LONGEST_REPLY:
        raise malformed("content")
    if review is None or review.hidden:
        return _refused("REVIEW_NOT_EXIST", False)
    if review.reply:
        return _refused("REPLY_ALREADY", False)
    if call.now - review.at > REPLY_DAYS * DAY:
        return _refused("BEYOND_REPLY_PERIOD", False)
    if not review.may_be_answered:
        return _refused("REVIEW_CANNOT_REPLY", False)
    review.reply = content
    return _good(True)
