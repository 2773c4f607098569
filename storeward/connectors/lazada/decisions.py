"""What a seller decides about cancellations and returns (fact sheet section 14). Many of these writes are documented as GET."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from storeward.canon import AfterSaleLine, Record, Return
from storeward.connectors.contract import Level, Parsed, Problem, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more, plain

from .after_sales import sum_of
from .envelope import About, currency_of, open_answer, receipt_of, receipt_parser, site_of, thing_parser
from .frame import CANCEL
from .money import minor
from .requests import get, id_list, packed, paged, write

VALIDATE, DECIDE = "/order/reverse/cancel/validate", "/order/reverse/cancel/seller/decide"
UPDATE, ONLY_REFUND = "/order/reverse/return/update", "/order/reverse/onlyrefund/seller/decide"
REASONS, HISTORY = "/order/reverse/reason/list", "/order/reverse/return/history/list"
LINES_AT_ONCE: Final = 200
HISTORY_PAGE: Final = 10
RETURN_ACTIONS: Final = frozenset(
    {"instantRefund", "agreeReturn", "refuseReturn", "confirmDelivery", "agreeRefund", "refuseRefund"}
)
REFUSALS: Final = frozenset({"refuseReturn", "refuseRefund"})
REFUND_ACTIONS: Final = frozenset({"agreeRefund", "startDispute"})


def validate_cancel_request(order_id: str, order_item_ids: Sequence[str]) -> Request:
    """Whether these items may be cancelled, and with which reasons: their ids differ by country, so ask right before use."""
    return get(VALIDATE, {"order_id": order_id, "order_item_id_list": id_list(order_item_ids, LINES_AT_ONCE)})


def cancel_items_request(order_id: str, order_item_ids: Sequence[str], *, reason_id: str) -> Request:
    """The seller cancels. Counts against the cancellation rate; some reasons set the SKU's stock to 0."""
    params = {"order_id": order_id, "order_item_id_list": id_list(order_item_ids, LINES_AT_ONCE), "reason_id": reason_id}
    return write(CANCEL, params, method="GET", about={"order_id": order_id})


def answer_cancellation_request(reverse_order_id: str, *, agree: bool, reason_code: str | None = None) -> Request:
    """Answer a buyer who asked to cancel; without an answer the platform agrees by itself."""
    params = {"reverse_order_id": reverse_order_id, "agree_cancel": agree, "reason_code": reason_code}
    return write(DECIDE, params, method="GET", about={"cancel_id": reverse_order_id})


def answer_return_request(
    reverse_order_id: str,
    line_ids: Sequence[str],
    *,
    action: str,
    reason_id: str | None = None,
    comment: str | None = None,
    images: Sequence[Mapping[str, str]] = (),
) -> Request:
    """Decide on a return. To refuse, a reason and a comment are needed; ValueError for what the platform would refuse at once."""
    if action not in RETURN_ACTIONS:
        raise ValueError(f"{action!r} is no action on a return; there are: {', '.join(sorted(RETURN_ACTIONS))}")
    if action in REFUSALS and not (reason_id and comment):
        raise ValueError(f"{action} needs a reason and a comment")
    if action == "refuseRefund" and (not images or len(line_ids) != 1):
        raise ValueError("refuseRefund is for one line at a time, and needs a picture")
    params = {
        "action": action,
        "reverse_order_id": reverse_order_id,
        "reverse_order_item_ids": id_list(line_ids, LINES_AT_ONCE),
        "reason_id": reason_id,
        "comment": comment,
        "image_info": packed(list(images)) if images else None,
    }
    return write(UPDATE, params, method="GET", about={"return_id": reverse_order_id})


def answer_refund_request(
    reverse_order_id: str,
    line_ids: Sequence[str],
    *,
    action: str,
    comment: str | None = None,
    images: Sequence[Mapping[str, str]] = (),
    videos: Sequence[Mapping[str, str]] = (),
) -> Request:
    """Agree to a refund without goods, or dispute it, with a comment and pictures, one line at a time."""
    if action not in REFUND_ACTIONS:
        raise ValueError(f"{action!r} is no action on a refund; there are: {', '.join(sorted(REFUND_ACTIONS))}")
    if action == "startDispute" and (not comment or not images or len(line_ids) != 1):
        raise ValueError("startDispute is for one line at a time, and needs a comment and a picture")
    params = {
        "action": action,
        "reverse_order_id": reverse_order_id,
        "reverse_order_item_ids": id_list(line_ids, LINES_AT_ONCE),
        "comment": comment,
        "image_info_list": packed(list(images)) if images else None,
        "video_info_list": packed(list(videos)) if videos else None,
    }
    return write(ONLY_REFUND, params, method="GET", about={"return_id": reverse_order_id})


def reasons_request(reverse_order_line_id: str) -> Request:
    """The reasons with which this line may be refused."""
    return get(REASONS, {"reverse_order_line_id": reverse_order_line_id})


def history_request(reverse_order_line_id: str, *, page_size: int = HISTORY_PAGE) -> Request:
    """Who did what about this line, and when."""
    params = {"reverse_order_line_id": reverse_order_line_id, "page_size": page_size, "page_number": 1}
    return paged(get(HISTORY, params))


def parse_validate(body: bytes, about: About) -> Parsed:
    """The reasons that may be named; a tip of type `error` means that these items cannot be cancelled."""
    parsed, members = open_answer(body, about, VALIDATE)
    if members is None:
        return parsed
    parsed.answer = plain(members["data"]) if "data" in members else None
    parsed.receipt = receipt_of(parsed.answer, "tip_type", "tip_content")
    if parsed.receipt.get("tip_type") == "error":
        parsed.problems.append(Problem("data.tip_type", parsed.receipt.get("tip_content", "not allowed"), Level.NOTE))
    return parsed


class DecidedLine(Wire):
    reverse_order_line_id: Id = None
    order_line_id: Id = None
    order_id: Id = None
    seller_sku: str | None = None
    refund_amount: Decimal | None = None
    reason_id: Id = None
    reason_name: str | None = None
    reason_source: str | None = None
    reason_type: str | None = None
    apply_reason: str | None = None


class Decided(Wire):
    reverse_order_id: Id = None
    reverse_order_line: list[DecidedLine] | None = None


def build_decided(wire: Decided, notes: Notes, about: About) -> Iterable[Record]:
    """The return as far as the answer names it; its state is read back."""
    return_id = digits(wire.reverse_order_id) or about.get("return_id")
    if return_id is None:
        return ()
    told = wire.reverse_order_line or []
    lines = tuple(
        line
        for at, one in enumerate(told)
        if (line := _decided_line(one, notes.under(f"reverse_order_line[{at}]"), about)) is not None
    )
    return (
        Return(
            platform_return_id=return_id,
            platform_order_id=next((order for one in told if (order := digits(one.order_id))), None),
            refund_asked=sum_of([line.refund_asked for line in lines]),
            lines=lines,
        ),
    )


def _decided_line(wire: DecidedLine, notes: Notes, about: About) -> AfterSaleLine | None:
    line_id = digits(wire.reverse_order_line_id)
    if line_id is None:
        notes.left_out("reverse_order_line_id", "line")
        return None
    return AfterSaleLine(
        platform_line_id=line_id,
        platform_order_line_id=digits(wire.order_line_id),
        seller_sku=wire.seller_sku or None,
        refund_asked=minor(notes, "refund_amount", wire.refund_amount, site_of(about), currency_of(about)),
        platform_reason=digits(wire.reason_id),
        reason_text=wire.reason_name or wire.apply_reason or None,
        platform_more=more(wire, "reason_source", "reason_type"),
    )


parse_cancelled = receipt_parser(CANCEL, "data", "tip_type", "tip_content")
parse_answered = receipt_parser(DECIDE, "data")
parse_refund_answered = receipt_parser(ONLY_REFUND, "data")
parse_return_answered = thing_parser(UPDATE, "data", Decided, build_decided)
parse_reasons = receipt_parser(REASONS, "data")
parse_history = receipt_parser(HISTORY, "data")
