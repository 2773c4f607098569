"""Reviews: ids first, by product and week; bodies second (fact sheet section 17). A reply can be written once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from storeward.canon import Record, Review
from storeward.connectors.contract import Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, elements_of, fields_of, is_null, plain

from .envelope import About, Page, build_one, count_in, nothing, open_answer, place_in, receipt_parser
from .requests import get, id_list, page_token, paged, write
from .times import milliseconds, moment

HISTORY, BODIES, REPLY = "/review/seller/history/list", "/review/seller/list/v2", "/review/seller/reply/add"
IDS_PER_CALL: Final = 10
IDS_A_PAGE: Final = 10
LAST_PAGE: Final = 50
LONGEST_REPLY: Final = 500


def review_ids_request(item_id: str, since: datetime, until: datetime) -> Request:
    """Ids of one product's reviews that were stored in the span: at most 7 days long, not older than 90."""
    params = {"item_id": item_id, "start_time": milliseconds(since), "end_time": milliseconds(until), "current": 1}
    return paged(get(HISTORY, params, about={"item_id": item_id}))


def reviews_request(review_ids: Sequence[str]) -> Request:
    """At most 10 reviews by their ids."""
    return get(BODIES, {"id_list": id_list(review_ids, IDS_PER_CALL)})


def reply_request(review_id: str, words: str) -> Request:
    """Reply in public, once; documented as GET. ValueError for more than 500 characters."""
    if not 1 <= len(words) <= LONGEST_REPLY:
        raise ValueError(f"a reply has 1 to {LONGEST_REPLY} characters, not {len(words)}")
    return write(REPLY, {"id": review_id, "content": words}, method="GET", about={"review_id": review_id})


class Ratings(Wire):
    overall_rating: Decimal | None = None
    product_rating: Decimal | None = None
    seller_rating: Decimal | None = None
    logistics_rating: Decimal | None = None


class Film(Wire):
    video_url: str | None = None


class ReviewItem(Wire):
    MATTERS = frozenset({"id"})

    id: Id = None
    order_id: Id = None
    product_id: Id = None
    review_type: str | None = None
    review_content: str | None = None
    ratings: Ratings | None = None
    seller_reply: str | None = None
    can_reply: bool | None = None
    review_images: list[str] | None = None
    review_videos: list[Film] | None = None
    submit_time: Id = None
    create_time: Id = None


RATINGS: Final = ("overall_rating", "product_rating", "seller_rating", "logistics_rating")


def build_review(wire: ReviewItem, notes: Notes, about: About) -> Iterable[Record]:
    review_id = digits(wire.id)
    if review_id is None:
        notes.left_out("id", "review")
        return ()
    told = wire.ratings or Ratings()
    ratings = {name: value for name in RATINGS if (value := notes.number(f"ratings.{name}", getattr(told, name))) is not None}
    return (
        Review(
            platform_review_id=review_id,
            platform_order_id=digits(wire.order_id),
            platform_listing_id=digits(wire.product_id),
            platform_type=wire.review_type or None,
            stars=ratings.get("overall_rating", ratings.get("product_rating")),
            ratings=ratings,
            can_reply=wire.can_reply,
            pictures=tuple(url for url in wire.review_images or () if url),
            videos=tuple(film.video_url for film in wire.review_videos or () if film.video_url),
            text=wire.review_content or None,
            reply=wire.seller_reply or None,
            posted_at=moment(notes, "submit_time", wire.submit_time),
            stored_at=moment(notes, "create_time", wire.create_time),
        ),
    )


def parse_bodies(body: bytes, about: About) -> Parsed:
    """Reviews, and the ids of those that no longer exist or are hidden."""
    parsed, members = open_answer(body, about, BODIES)
    if members is None:
        return parsed
    data = _data(members, parsed)
    if data is None:
        return parsed
    rows = elements_of(data.get("review_list"))
    if rows is None:
        return nothing(parsed, "data.review_list", "is not a list; left out")
    for at, raw in enumerate(rows):
        build_one(raw, Notes(f"data.review_list[{at}]", parsed.problems), ReviewItem, build_review, about, parsed)
    for raw in elements_of(data.get("outdated_reviews")) or ():
        review_id = _id(raw)
        if review_id is not None:
            gone = Review(platform_review_id=review_id, platform_more={"outdated_reviews": review_id})
            parsed.items.append((gone, bytes(raw)))
    return parsed


def parse_ids(body: bytes, about: About) -> Parsed:
    """Reviews as ids alone, of the product that was asked about."""
    parsed, members = open_answer(body, about, HISTORY)
    if members is None:
        return parsed
    data = _data(members, parsed)
    if data is None:
        return parsed
    rows = elements_of(data.get("id_list"))
    if rows is None:
        return nothing(parsed, "data.id_list", "is not a list; left out")
    for at, raw in enumerate(rows):
        review_id = _id(raw)
        if review_id is None:
            Notes(f"data.id_list[{at}]", parsed.problems).left_out("", "review")
            continue
        parsed.items.append((Review(platform_review_id=review_id, platform_listing_id=about.get("item_id")), bytes(raw)))
    parsed.total = count_in(data, "total")
    parsed.next_page = _following(Page(about, data, len(rows), parsed.total, ()))
    return parsed


def _data(members: dict[str, msgspec.Raw] | object, parsed: Parsed) -> dict[str, msgspec.Raw] | None:
    raw = members.get("data") if isinstance(members, dict) else None
    if raw is None or is_null(raw):
        return {}
    inside = fields_of(raw)
    if inside is None:
        nothing(parsed, "data", "is not an object: nothing can be read")
    return inside


def _id(raw: msgspec.Raw) -> str | None:
    value = plain(raw)
    return digits(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _following(page: Page) -> str | None:
    at = count_in(page.members, "current") or place_in(page.about, "current", 1)
    each = count_in(page.members, "page_size") or IDS_A_PAGE
    if not page.rows or at >= LAST_PAGE or page.total is None or at * each >= page.total:
        return None
    return page_token(current=str(at + 1))


parse_reply = receipt_parser(REPLY, "")
