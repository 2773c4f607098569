"""/product: comments and replies to them."""

from .call import Call, Json, field_number, field_text
from .errors import ApiError
from .items import IMAGES, items_of
from .paging import cut, position
from .registry import Payload, operation
from .reviews import Review, Reviews, answer

MOST_READ = 500
LONGEST_REPLY = 500


@operation("product.get_comment", "GET")
def get_comment(call: Call) -> Payload:
    """The newest first, never more than 500; in every other shop `more` stays true at the end, as the platform's does."""
    start = position(call.text("cursor"))
    page = cut(_asked(call)[:MOST_READ], start, call.between("page_size", 1, 100))
    endless = call.shop.number % 2 == 1
    rows = [_view(call, one) for one in page.rows]
    ended = str(start + len(rows)) if endless else ""
    return {"item_comment_list": rows, "more": page.more or endless, "next_cursor": page.next_cursor or ended}


def _asked(call: Call) -> list[Review]:
    known = call.shop.part(Reviews).known
    item_id, comment_id = call.optional("item_id"), call.optional("comment_id")
    if item_id is not None and item_id not in items_of(call.shop):
        raise ApiError("product.item_not_exist", "The item does not exist.")
    if comment_id is not None and comment_id not in known:
        raise ApiError("product.cmt_not_exist", "The comment does not exist.")
    return [one for one in reversed(list(known.values())) if item_id in (None, one.item_id) and comment_id in (None, one.id)]


def _view(call: Call, one: Review) -> Json:
    """The reply has two names, by the reference and by its example; every other shop uses the second."""
    found: Json = {
        "comment_id": one.id,
        "comment": one.text,
        "buyer_username": one.username,
        "order_sn": one.order_sn,
        "item_id": one.item_id,
        "model_id": one.model_ids[0],
        "model_id_list": list(one.model_ids),
        "create_time": one.created,
        "rating_star": one.stars,
        "editable": one.editable(call.now),
        "hidden": False,
        "media": {
            "image_url_list": [f"{IMAGES}review{one.id}_{number}" for number in range(one.pictures)],
            "video_url_list": [],
        },
    }
    if one.reply and call.shop.number % 2 == 0:
        found["cmt_reply"] = {"reply": one.reply, "hidden": False}
    elif one.reply:
        found["comment_reply"] = {"reply": one.reply, "hidden": False, "create_time": one.replied_at}
    return found


@operation("product.reply_comment", "POST")
def reply_comment(call: Call) -> Payload:
    """Each reply for itself; a review can be answered once."""
    rows = call.rows("comment_list", 100)
    ids = [field_number(row, "comment_id") for row in rows]
    if len(set(ids)) != len(ids):
        raise ApiError("product.duplicate_comment_id", "A comment_id is there twice.")
    results = [_reply(call, number, field_text(row, "comment", "")) for number, row in zip(ids, rows, strict=True)]
    failed = [row for row in results if "fail_error" in row]
    if len(failed) == len(results) == 1:
        raise ApiError(str(failed[0]["fail_error"]), str(failed[0]["fail_message"]), response={"result_list": results})
    if failed:
        call.warning = ["some replies failed"]
    return {"result_list": results}


def _reply(call: Call, number: int, words: str) -> Json:
    one = call.shop.part(Reviews).known.get(number)
    found: Json = {"comment_id": number}
    if one is None:
        return {**found, "fail_error": "product.error_not_exist", "fail_message": "The comment does not exist."}
    if not 1 <= len(words) <= LONGEST_REPLY:
        return {**found, "fail_error": "product.comment_length_invalid", "fail_message": "1 to 500 characters are allowed."}
    if one.reply:
        return {**found, "fail_error": "product.duplicate_request", "fail_message": "The comment has been replied to already."}
    answer(call.shop, one, words)
    return found
