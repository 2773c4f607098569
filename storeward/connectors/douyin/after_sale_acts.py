"""What a seller can do about an after-sale (fact sheet section 8). One case a call: one bad row fails all of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, Final

from storeward.connectors.contract import Failure, Level, Parsed, Problem, Request, Retry
from storeward.connectors.wire import Id, Notes, Wire, elements_of, read

from .envelope import About, keep_answer, members_of, open_answer, receipt_parser
from .requests import number, some, unix, write

MOST_PICTURES: Final = 4
PICTURE: Final = 1


class Deed(IntEnum):
    """`type` of `afterSale.operate`. Those that the fact sheet marks as inferred by pattern are named so."""

    AGREE_RETURN = 101
    REFUSE_RETURN = 102
    """Inferred."""
    AGREE_REFUND_AFTER_RETURN = 111
    REFUSE_AFTER_RETURN = 112
    """Inferred."""
    AGREE_REFUND = 201
    REFUSE_REFUND = 202
    AGREE_EXCHANGE = 301
    REFUSE_EXCHANGE = 302
    """Inferred."""
    SHIP_EXCHANGE = 311
    REFUSE_EXCHANGE_AFTER_RETURN = 312
    """Inferred."""


REFUSALS: Final = frozenset(
    {Deed.REFUSE_RETURN, Deed.REFUSE_AFTER_RETURN, Deed.REFUSE_REFUND, Deed.REFUSE_EXCHANGE, Deed.REFUSE_EXCHANGE_AFTER_RETURN}
)
NEED_ADDRESS: Final = frozenset({Deed.AGREE_RETURN, Deed.AGREE_EXCHANGE})


def agree_request(
    after_sale_id: str, deed: Deed, *, seen_at: datetime | None = None, address_id: str | None = None, remark: str | None = None
) -> Request:
    """Agree. `seen_at` is the case's `updated_at`: if it changed meanwhile, the call fails instead of paying another amount.

    Agreeing to a return or an exchange needs the address to which the goods go; raises ValueError without one, and for a refusal.
    """
    if deed in REFUSALS or deed is Deed.SHIP_EXCHANGE:
        raise ValueError(f"{deed.name} does not agree")
    if deed in NEED_ADDRESS and not address_id:
        raise ValueError(f"{deed.name} needs the address to which the goods go")
    logistics = {"receiver_address_id": number(address_id)} if address_id else None
    return _operate(after_sale_id, deed, seen_at, {"logistics": logistics, "remark": remark})


def refuse_request(
    after_sale_id: str,
    deed: Deed,
    *,
    reason_code: str,
    reason: str,
    remark: str,
    pictures: Sequence[str] = (),
    seen_at: datetime | None = None,
) -> Request:
    """Refuse, for a reason of `afterSale.rejectReasonCodeList`; some reasons want pictures as proof."""
    if deed not in REFUSALS:
        raise ValueError(f"{deed.name} does not refuse")
    proof = [{"type": PICTURE, "url": url} for url in pictures] or None
    told = {"reject_reason_code": number(reason_code), "reason": reason, "remark": remark, "evidence": proof}
    return _operate(after_sale_id, deed, seen_at, told)


def ship_exchange_request(
    after_sale_id: str, *, company_code: str, tracking_number: str, seen_at: datetime | None = None
) -> Request:
    """The goods are back: send the other ones."""
    logistics = {"company_code": company_code, "logistics_code": tracking_number}
    return _operate(after_sale_id, Deed.SHIP_EXCHANGE, seen_at, {"logistics": logistics})


def _operate(after_sale_id: str, deed: Deed, seen_at: datetime | None, told: Mapping[str, Any]) -> Request:
    item = {"aftersale_id": after_sale_id, "update_time": unix(seen_at) if seen_at else None, **told}
    about = {"after_sale_id": after_sale_id}
    return write("afterSale.operate", {"type": int(deed), "items": [item]}, about=about)


def remark_request(remark: str, *, after_sale_id: str | None = None, order_id: str | None = None) -> Request:
    """A remark on a case or on its order."""
    return write("afterSale.addOrderRemark", {"after_sale_id": after_sale_id, "order_id": order_id, "remark": remark})


def extend_request(after_sale_id: str) -> Request:
    """Lengthen the current step; how far and how often is not documented."""
    return write("afterSale.timeExtend", {"aftersale_id": number(after_sale_id)}, about={"after_sale_id": after_sale_id})


def proof_request(after_sale_id: str, comment: str, pictures: Sequence[str]) -> Request:
    told = {"aftersale_id": number(after_sale_id), "comment": comment, "evidence": some(pictures, MOST_PICTURES, "pictures")}
    return write("afterSale.submitEvidence", told, about={"after_sale_id": after_sale_id})


REISSUE, RETURN_FOR_BUYER, REPAIR = 1, 3, 4
"""`send_type`."""


def fill_logistics_request(after_sale_id: str, *, send_type: int, company_code: str, tracking_number: str) -> Request:
    """A reissue or repair was sent, or the buyer is helped with the number of the parcel on its way back."""
    told = {
        "aftersale_id": number(after_sale_id),
        "send_type": send_type,
        "company_code": company_code,
        "tracking_no": tracking_number,
    }
    return write("afterSale.fillLogistics", told, about={"after_sale_id": after_sale_id})


def goods_are_back_request(
    after_sale_id: str, at: datetime, *, tracking_number: str | None = None, company_code: str | None = None
) -> Request:
    """The warehouse has the goods: the platform's helper may refund by itself, where its rule is switched on."""
    told = {
        "aftersale_id": after_sale_id,
        "op_time": unix(at),
        "tracking_no": tracking_number,
        "logistics_company_code": company_code,
    }
    return write("afterSale.returnGoodsToWareHouseSuccess", told, about={"after_sale_id": after_sale_id})


def shipment_stopped_request(after_sale_id: str, at: datetime) -> Request:
    """The goods were not sent: the helper may refund by itself."""
    told = {"aftersale_id": after_sale_id, "op_time": unix(at)}
    return write("afterSale.CancelSendGoodsSuccess", told, about={"after_sale_id": after_sale_id})


BY_MERCHANT: Final = 1


def intercept_request(after_sale_id: str, parcels: Iterable[tuple[str, str]]) -> Request:
    """Stop parcels on their way: (carrier's code, tracking number) of each."""
    targets = [{"company_code": company, "tracking_no": tracking} for company, tracking in parcels]
    told = {"after_sale_id": number(after_sale_id), "op_from": BY_MERCHANT, "intercept_targets": targets}
    return write("afterSale.applyLogisticsIntercept", told, about={"after_sale_id": after_sale_id})


class Row(Wire):
    """A row of an answer that is carried out row by row."""

    aftersale_id: Id = None
    status_code: Id = None
    status_msg: str | None = None


def parse_operated(body: bytes, about: About) -> Parsed:
    """The answer of a decision; a row that failed is a failure under the code of success."""
    parsed, data = open_answer(body, "afterSale.operate")
    if data is None:
        return parsed
    keep_answer(data, parsed, ())
    for nth, raw in enumerate(elements_of(members_of(data, parsed).get("items")) or ()):
        path = f"data.items[{nth}]"
        row = read(raw, Row, Notes(path, parsed.problems))
        code = "0" if row is None or row.status_code is None else str(row.status_code)
        if row is not None and code != "0":
            message = f"after-sale {row.aftersale_id}: {row.status_msg or 'no message'}"
            parsed.problems.append(Problem(f"{path}.status_code", message, Level.PLATFORM, Failure(code, Retry.NEVER)))
    return parsed


class Intercepted(Wire):
    tracking_no: str | None = None
    is_success: bool | None = None
    unavailable_reason_code: Id = None
    unavailable_reason: str | None = None


def parse_intercepted(body: bytes, about: About) -> Parsed:
    """The answer of a stop; a parcel that cannot be stopped is a failure under the code of success."""
    parsed, data = open_answer(body, "afterSale.applyLogisticsIntercept")
    if data is None:
        return parsed
    keep_answer(data, parsed, ("success_count", "failed_count", "unavailable_reason"))
    for nth, raw in enumerate(elements_of(members_of(data, parsed).get("intercept_results")) or ()):
        path = f"data.intercept_results[{nth}]"
        row = read(raw, Intercepted, Notes(path, parsed.problems))
        if row is not None and row.is_success is False:
            message = f"parcel {row.tracking_no}: {row.unavailable_reason or 'no reason given'}"
            failure = Failure(str(row.unavailable_reason_code or ""), Retry.NEVER)
            parsed.problems.append(Problem(f"{path}.unavailable_reason_code", message, Level.PLATFORM, failure))
    return parsed


parse_remarked = receipt_parser("afterSale.addOrderRemark")
parse_extended = receipt_parser("afterSale.timeExtend")
parse_proof = receipt_parser("afterSale.submitEvidence")
parse_filled = receipt_parser("afterSale.fillLogistics")
parse_goods_are_back = receipt_parser("afterSale.returnGoodsToWareHouseSuccess")
parse_shipment_stopped = receipt_parser("afterSale.CancelSendGoodsSuccess")
