"""Reviews (fact sheet section 14): newest first, no filter by time; a reply is given once. Some 500 can be reached."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from storeward.canon import Record, Review
from storeward.connectors.contract import Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more

from .envelope import About, list_parser, receipt_parser
from .requests import get, number, write

PAGE_SIZE: Final = 100


def list_reviews_request(*, item_id: str | None = None, page_size: int = PAGE_SIZE) -> Request:
    query = {"cursor": "", "page_size": str(page_size)}
    return get("product.get_comment", {**query, "item_id": item_id} if item_id else query)


def reply_request(replies: Mapping[str, str]) -> Request:
    """Review -> reply, 1 to 500 characters each."""
    rows = [{"comment_id": number(review), "comment": text} for review, text in replies.items()]
    return write("product.reply_comment", {"comment_list": rows})


class Media(Wire):
    image_url_list: list[str] | None = None
    video_url_list: list[str] | None = None


class Reply(Wire):
    reply: str | None = None
    hidden: bool | None = None
    create_time: int | None = None


class Comment(Wire):
    """A review; its reply goes under two names."""

    MATTERS = frozenset({"comment_id"})

    comment_id: Id = None
    comment: str | None = None
    order_sn: str | None = None
    item_id: Id = None
    model_id: Id = None
    model_id_list: list[Id] | None = None
    create_time: int | None = None
    rating_star: Decimal | None = None
    editable: str | None = None
    hidden: bool | None = None
    media: Media | None = None
    comment_reply: Reply | None = None
    cmt_reply: Reply | None = None


def build_review(wire: Comment, notes: Notes, about: About) -> Iterable[Record]:
    review_id = digits(wire.comment_id)
    if review_id is None:
        notes.left_out("comment_id", "review")
        return ()
    reply = wire.comment_reply or wire.cmt_reply or Reply()
    models = [model for one in (wire.model_id, *(wire.model_id_list or ())) if (model := digits(one))]
    media = wire.media or Media()
    posted, replied = notes.at("create_time", wire.create_time), notes.at("comment_reply.create_time", reply.create_time)
    told = more(wire, "editable")
    if wire.hidden is not None:
        told["hidden"] = str(wire.hidden).lower()
    if len(models) > 1:
        told["model_ids"] = tuple(dict.fromkeys(models))
    return (
        Review(
            platform_review_id=review_id,
            platform_order_id=wire.order_sn or None,
            platform_listing_id=digits(wire.item_id),
            platform_sku_id=models[0] if models else None,
            stars=notes.number("rating_star", wire.rating_star),
            text=wire.comment or None,
            reply=reply.reply or None,
            platform_status=wire.editable or None,
            can_reply=not reply.reply,
            pictures=tuple(media.image_url_list or ()),
            videos=tuple(media.video_url_list or ()),
            posted_at=posted,
            replied_at=replied,
            updated_at=replied or posted,
            platform_more=told,
        ),
    )


_reviews = list_parser("item_comment_list", Comment, build_review)


def parse_reviews(body: bytes, about: About) -> Parsed:
    """`more` stays true at the end: a page without reviews is the last, and so is one whose cursor repeats."""
    parsed = _reviews(body, about)
    if (not parsed.items and not parsed.problems) or parsed.next_page == about.get("cursor"):
        parsed.next_page = None
    return parsed


parse_receipt = receipt_parser()
