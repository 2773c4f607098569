"""Returns, refunds and disputes (fact sheet section 16). Whose turn it is follows from status and negotiation; each step has its
own deadline.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from storeward.canon import AfterSaleLine, AfterSaleStatus, PackageEvent, Record, Return, ReturnType
from storeward.canon.base import More
from storeward.connectors.contract import Ask, Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more
from storeward.lib.money import Money

from .codes import DISPUTED, ON_ITS_WAY_BACK, RETURN_SOLUTION, RETURN_STATUS
from .envelope import About, list_parser, receipt_parser, thing_parser
from .requests import get, number, numbered, upload, window, write

PAGE_SIZE: Final = 100
LONGEST_WINDOW: Final = timedelta(days=15)
FIRST_PAGE: Final = 0
"""Whether pages count from 0 or 1 is uncertain: the first two are always asked for, and a return that comes twice counts once."""


def list_returns_request(ask: Ask) -> Request:
    """Returns that changed within the span (15 days at most)."""
    since, until = window(ask, LONGEST_WINDOW)
    span = {"update_time_from": str(since), "update_time_to": str(until)}
    return numbered("returns.get_return_list", FIRST_PAGE, ask.page_size or PAGE_SIZE, span)


def return_request(return_id: str) -> Request:
    return _of("returns.get_return_detail", return_id)


def _of(operation: str, return_id: str) -> Request:
    return get(operation, {"return_sn": return_id}, about={"return_sn": return_id})


def solutions_request(return_id: str) -> Request:
    """What may be offered, and between which amounts."""
    return _of("returns.get_available_solutions", return_id)


def dispute_reasons_request(return_id: str) -> Request:
    return _of("returns.get_return_dispute_reason", return_id)


def proof_request(return_id: str) -> Request:
    return _of("returns.query_proof", return_id)


def reverse_tracking_request(return_id: str) -> Request:
    return _of("returns.get_reverse_tracking_info", return_id)


def carriers_request(return_id: str) -> Request:
    return _of("returns.get_shipping_carrier", return_id)


def _change(operation: str, return_id: str, **told: Any) -> Request:
    return write(operation, {"return_sn": return_id, **told}, about={"return_sn": return_id})


def confirm_request(return_id: str) -> Request:
    """Accept a full refund; the goods do not come back."""
    return _change("returns.confirm", return_id)


def offer_request(return_id: str, *, solution: str, amount: Decimal | None = None) -> Request:
    """Offer RETURN_REFUND or REFUND, with another amount where that may be changed."""
    return _change("returns.offer", return_id, proposed_solution=solution, proposed_adjusted_refund_amount=_sent(amount))


def _sent(amount: Decimal | None) -> int | float | None:
    """An amount as the JSON number that the call wants; whole ones without a fraction."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def accept_offer_request(return_id: str) -> Request:
    return _change("returns.accept_offer", return_id)


def dispute_request(
    return_id: str, *, email: str, reason_id: str, evidence: Sequence[Mapping[str, Any]] = (), text: str | None = None
) -> Request:
    """Contradict the buyer: `evidence` holds module_index, requirement and image_url (at most three) for each module."""
    return _change(
        "returns.dispute",
        return_id,
        email=email,
        dispute_reason_id=number(reason_id),
        image_list=list(evidence) or None,
        dispute_text_reason=text,
    )


def cancel_dispute_request(return_id: str, *, email: str) -> Request:
    return _change("returns.cancel_dispute", return_id, email=email)


def upload_proof_request(return_id: str, *, photos: Sequence[Mapping[str, str]], text: str | None = None) -> Request:
    """Evidence: `photos` hold url and thumbnail, as `convert_image_request` brought them."""
    return _change("returns.upload_proof", return_id, photo=list(photos) or None, description=text)


def convert_image_request(return_id: str, content: bytes) -> Request:
    return upload("returns.convert_image", "upload_image", content, fields={"return_sn": return_id})


def upload_shipping_proof_request(
    return_id: str, *, carrier_id: str, carrier: str | None = None, tracking_number: str | None = None, remarks: str | None = None
) -> Request:
    """How a return that the seller arranges travels."""
    return _change(
        "returns.upload_shipping_proof",
        return_id,
        reverse_logistics_carrier_id=number(carrier_id),
        reverse_logistics_carrier_name=carrier,
        tracking_number=tracking_number,
        remarks=remarks,
    )


class ReturnItem(Wire):
    item_id: Id = None
    model_id: Id = None
    name: str | None = None
    item_sku: str | None = None
    variation_sku: str | None = None
    amount: int | None = None
    item_price: Decimal | None = None
    refund_amount: Decimal | None = None
    add_on_deal_id: Id = None


class Proof(Wire):
    seller_proof_status: str | None = None
    seller_evidence_deadline: int | None = None


class Compensation(Wire):
    seller_compensation_status: str | None = None
    seller_compensation_due_date: int | None = None
    compensation_amount: Decimal | None = None


class Negotiation(Wire):
    negotiation_status: str | None = None
    latest_solution: str | None = None
    latest_offer_amount: Decimal | None = None
    latest_offer_creator: str | None = None
    counter_limit: int | None = None
    offer_due_date: int | None = None


class Activity(Wire):
    activity_id: Id = None
    activity_type: str | None = None


class Warehouse(Wire):
    whs_id: Id = None


class Buyer(Wire):
    username: str | None = None
    userid: Id = None


class ReturnItself(Wire):
    """A return, in the list and in the detail; several members have two spellings."""

    MATTERS = frozenset({"return_sn", "status", "refund_amount", "item"})

    return_sn: str | None = None
    order_sn: str | None = None
    status: str | None = None
    reason: str | None = None
    text_reason: str | None = None
    refund_amount: Decimal | None = None
    amount_before_discount: Decimal | None = None
    currency: str | None = None
    create_time: int | None = None
    update_time: int | None = None
    due_date: int | None = None
    return_ship_due_date: int | None = None
    return_seller_due_date: int | None = None
    tracking_number: str | None = None
    needs_logistics: bool | None = None
    negotiation_status: str | None = None
    seller_proof_status: str | None = None
    seller_compensation_status: str | None = None
    return_refund_type: str | None = None
    return_solution: Id = None
    return_refund_request_type: Id = None
    validation_type: str | None = None
    is_arrived_at_warehouse: Id = None
    logistics_status: str | None = None
    reverse_logistics_status: str | None = None
    reverse_logistic_status: str | None = None
    reverse_logistics_channel_name: str | None = None
    reverse_logistic_channel_name: str | None = None
    is_seller_arrange: bool | None = None
    is_shipping_proof_mandatory: bool | None = None
    has_uploaded_shipping_proof: bool | None = None
    is_reverse_logistics_channel_integrated: bool | None = None
    dispute_reason: Any = None
    dispute_text_reason: Any = None
    seller_proof: Proof | None = None
    seller_compensation: Compensation | None = None
    negotiation: Negotiation | None = None
    user: Buyer | None = None
    activity: list[Activity] | None = None
    return_address: Warehouse | None = None
    reassessed_request_reason: str | None = None
    item: list[ReturnItem] | None = None


def build_return(wire: ReturnItself, notes: Notes, about: About) -> Iterable[Record]:
    if not wire.return_sn:
        notes.left_out("return_sn", "return")
        return ()
    if not wire.status:
        notes.missing("status")
    currency, talk = wire.currency or None, wire.negotiation or Negotiation()
    deadlines = _deadlines(wire, notes)
    status = _status(wire, notes)
    return (
        Return(
            platform_return_id=wire.return_sn,
            platform_order_id=wire.order_sn or None,
            platform_type=str(wire.return_solution) if wire.return_solution not in (None, "") else None,
            type=_type(wire, notes),
            platform_status=wire.status or None,
            status=status,
            platform_arbitration_status=wire.status if wire.status in DISPUTED else None,
            platform_reason=wire.reason or None,
            reason_text=wire.text_reason or None,
            tracking_number=wire.tracking_number or None,
            carrier=wire.reverse_logistics_channel_name or wire.reverse_logistic_channel_name or None,
            platform_more=_more(wire, talk),
            platform_proposed_type=talk.latest_solution or None,
            offered=notes.money("negotiation.latest_offer_amount", talk.latest_offer_amount, currency),
            platform_buyer_id=digits(wire.user.userid) if wire.user else None,
            disputed=wire.status in DISPUTED if wire.status else None,
            to_seller={"seller_validation": True, "warehouse_validation": False}.get(wire.validation_type or ""),
            requested_at=notes.at("create_time", wire.create_time),
            updated_at=notes.at("update_time", wire.update_time),
            platform_next_action=_negotiation_status(wire),
            answer_by_at=_answer_by(wire, deadlines),
            deadlines=deadlines,
            amounts=_amounts(wire, currency, notes),
            refund_asked=notes.money("refund_amount", wire.refund_amount, currency),
            lines=tuple(_lines(wire.item or (), currency, notes)),
        ),
    )


def _type(wire: ReturnItself, notes: Notes) -> ReturnType:
    if wire.return_solution in (None, ""):
        return ReturnType.UNKNOWN
    return notes.word("return_solution", str(wire.return_solution), RETURN_SOLUTION, ReturnType.UNKNOWN)


def _reverse_status(wire: ReturnItself) -> str | None:
    return wire.reverse_logistics_status or wire.reverse_logistic_status or None


def _status(wire: ReturnItself, notes: Notes) -> AfterSaleStatus:
    """PROCESSING waits for the buyer until the parcel is on its way."""
    status = notes.word("status", wire.status, RETURN_STATUS, AfterSaleStatus.UNKNOWN)
    if status is AfterSaleStatus.AWAITING_BUYER and _reverse_status(wire) in ON_ITS_WAY_BACK:
        return AfterSaleStatus.SHIPPED_BACK
    return status


def _negotiation_status(wire: ReturnItself) -> str | None:
    return (wire.negotiation.negotiation_status if wire.negotiation else None) or wire.negotiation_status or None


def _proof_status(wire: ReturnItself) -> str | None:
    return (wire.seller_proof.seller_proof_status if wire.seller_proof else None) or wire.seller_proof_status or None


def _compensation_status(wire: ReturnItself) -> str | None:
    told = wire.seller_compensation.seller_compensation_status if wire.seller_compensation else None
    return told or wire.seller_compensation_status or None


def _deadlines(wire: ReturnItself, notes: Notes) -> dict[str, datetime]:
    """Every deadline that is stated, under its name; those of the parts under the names they have there."""
    proof, talk = wire.seller_proof or Proof(), wire.negotiation or Negotiation()
    compensation = wire.seller_compensation or Compensation()
    told = {
        "due_date": wire.due_date,
        "return_ship_due_date": wire.return_ship_due_date,
        "return_seller_due_date": wire.return_seller_due_date,
        "seller_evidence_deadline": proof.seller_evidence_deadline,
        "seller_compensation_due_date": compensation.seller_compensation_due_date,
        "offer_due_date": talk.offer_due_date,
    }
    found = {name: notes.at(name, value) for name, value in told.items()}
    return {name: at for name, at in found.items() if at is not None}


def _answer_by(wire: ReturnItself, deadlines: Mapping[str, datetime]) -> datetime | None:
    """By when the seller must act, where it is the seller's turn: to decide, to check the goods, to bring evidence, to claim."""
    due: list[str] = []
    if wire.status == "REQUESTED" and _negotiation_status(wire) != "PENDING_BUYER_RESPOND":
        due += ["due_date", "offer_due_date"]
    if wire.status == "PROCESSING" and wire.validation_type != "warehouse_validation":
        due.append("return_seller_due_date")
    if _proof_status(wire) == "PENDING" and wire.status in DISPUTED:
        due.append("seller_evidence_deadline")
    if (_compensation_status(wire) or "").endswith("PENDING_REQUEST") and wire.status == "ACCEPTED":
        due.append("seller_compensation_due_date")
    return min((deadlines[name] for name in due if name in deadlines), default=None)


CLASSIFYING: Final = ("return_refund_type", "validation_type", "logistics_status", "reassessed_request_reason")
NUMBERS: Final = ("return_refund_request_type", "is_arrived_at_warehouse")
FLAGS: Final = (
    "needs_logistics", "is_seller_arrange", "is_shipping_proof_mandatory", "has_uploaded_shipping_proof",
    "is_reverse_logistics_channel_integrated",
)  # fmt: skip


def _more(wire: ReturnItself, talk: Negotiation) -> More:
    """Words and numbers that classify it; a 0 says something here."""
    told = more(wire, *CLASSIFYING)
    told |= {name: str(value) for name in NUMBERS if (value := getattr(wire, name)) not in (None, "")}
    told |= {name: str(value).lower() for name in FLAGS if (value := getattr(wire, name)) is not None}
    words = {
        "negotiation_status": _negotiation_status(wire),
        "seller_proof_status": _proof_status(wire),
        "seller_compensation_status": _compensation_status(wire),
        "reverse_logistics_status": _reverse_status(wire),
        "latest_offer_creator": talk.latest_offer_creator,
        "counter_limit": None if talk.counter_limit is None else str(talk.counter_limit),
    }
    told |= {name: word for name, word in words.items() if word}
    if wire.return_address is not None and digits(wire.return_address.whs_id):
        told["whs_id"] = str(wire.return_address.whs_id)
    if activities := tuple(str(one.activity_id) for one in wire.activity or () if digits(one.activity_id)):
        told["activity_ids"] = activities
    if kinds := tuple(one.activity_type for one in wire.activity or () if one.activity_type):
        told["activity_types"] = kinds
    for name in ("dispute_reason", "dispute_text_reason"):
        said = getattr(wire, name)
        if values := tuple(
            str(one) for one in (said if isinstance(said, list) else [said]) if isinstance(one, str | int) and one
        ):
            told[name] = values
    return told


def _amounts(wire: ReturnItself, currency: str | None, notes: Notes) -> dict[str, Money]:
    compensation = wire.seller_compensation.compensation_amount if wire.seller_compensation else None
    told = {"amount_before_discount": wire.amount_before_discount, "compensation_amount": compensation}
    found = {name: notes.money(name, value, currency) for name, value in told.items()}
    return {name: money for name, money in found.items() if money is not None}


def _lines(items: Sequence[ReturnItem], currency: str | None, notes: Notes) -> Iterable[AfterSaleLine]:
    numbers = [str(item.item_id or "") for item in items]
    for at, item in enumerate(items):
        where = notes.under(f"item[{at}]")
        item_id = digits(item.item_id)
        if item_id is None:
            where.left_out("item_id", "line")
            continue
        whole = f"{item_id}:{item.model_id or 0}"
        yield AfterSaleLine(
            platform_line_id=item_id if numbers.count(item_id) == 1 else whole,
            platform_listing_id=item_id,
            platform_sku_id=digits(item.model_id),
            seller_sku=item.variation_sku or item.item_sku or None,
            title=item.name or None,
            quantity=item.amount,
            price=where.money("item_price", item.item_price, currency),
            refund_asked=where.money("refund_amount", item.refund_amount, currency),
            platform_more=more(item, "item_sku", "add_on_deal_id"),
        )


class ReverseEvent(Wire):
    update_time: int | None = None
    tracking_description: str | None = None


class ReverseTracking(Wire):
    MATTERS = frozenset({"return_sn"})

    return_sn: str | None = None
    return_refund_request_type: Id = None
    validation_type: str | None = None
    reverse_logistics_status: str | None = None
    reverse_logistics_update_time: int | None = None
    estimated_delivery_date_max: int | None = None
    estimated_delivery_date_min: int | None = None
    tracking_number: str | None = None
    tracking_info: list[ReverseEvent] | None = None
    post_return_logistics_status: str | None = None
    post_return_logistics_tracking_number: str | None = None
    post_return_logistics_update_time: int | None = None
    post_return_logistics_tracking_info: list[ReverseEvent] | None = None
    rts_tracking_number: str | None = None


def build_reverse(wire: ReverseTracking, notes: Notes, about: About) -> Iterable[Record]:
    """A returned parcel's way; its dates come as text."""
    return_id = wire.return_sn or about.get("return_sn")
    if not return_id:
        notes.left_out("return_sn", "return")
        return ()
    told = more(wire, "validation_type", "reverse_logistics_status", "post_return_logistics_status")
    told |= more(wire, "post_return_logistics_tracking_number", "post_return_logistics_update_time", "rts_tracking_number")
    if wire.return_refund_request_type not in (None, ""):
        told["return_refund_request_type"] = str(wire.return_refund_request_type)
    dates = {name: notes.at(name, getattr(wire, name)) for name in ("estimated_delivery_date_max", "estimated_delivery_date_min")}
    back = wire.reverse_logistics_status in ON_ITS_WAY_BACK
    return (
        Return(
            platform_return_id=return_id,
            status=AfterSaleStatus.SHIPPED_BACK if back else AfterSaleStatus.UNKNOWN,
            tracking_number=wire.tracking_number or None,
            updated_at=notes.at("reverse_logistics_update_time", wire.reverse_logistics_update_time),
            deadlines={name: at for name, at in dates.items() if at is not None},
            events=(
                *_events(wire.tracking_info or (), None, notes.under("tracking_info")),
                *_events(wire.post_return_logistics_tracking_info or (), "post_return", notes),
            ),
            platform_more=told,
        ),
    )


def _events(told: Sequence[ReverseEvent], kind: str | None, notes: Notes) -> Iterable[PackageEvent]:
    for event in told:
        when = notes.at("update_time", event.update_time)
        yield PackageEvent(platform_type=kind, text=event.tracking_description or None, at=when)


_returns = list_parser("return", ReturnItself, build_return)


def parse_returns(body: bytes, about: About) -> Parsed:
    """A page of the list; after page 0 comes page 1 in any case."""
    parsed = _returns(body, about)
    if not parsed.unreadable and about.get("page_no") == "0" and not parsed.failed:
        parsed.next_page = "1"
    return parsed


parse_return = thing_parser("", ReturnItself, build_return)
parse_reverse = thing_parser("", ReverseTracking, build_reverse)
parse_receipt = receipt_parser("return_sn", "url", "thumbnail")
