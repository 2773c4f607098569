"""/returns: lists and details, answers, offers, disputes, proofs, the way back."""

from decimal import Decimal
from typing import Any

from storeward_sandbox.clock import DAY
from storeward_sandbox.images import look_at

from .call import Call, Json, field_amount, field_number, field_text, field_values
from .errors import ApiError, bad_parameter
from .items import IMAGES
from .orders_api import window
from .paging import by_number
from .registry import Payload, operation
from .returns import OPEN, Return, dispute, propose, prove, refund, returns_of, settle, withdraw_dispute
from .shop import Shop
from .wire_form import number

WINDOW = 15 * DAY
DISPUTE_REASONS = (
    (50, "I sent the right and complete goods."),
    (49, "The goods that came back are not mine, used or damaged."),
    (48, "I have not received the goods that were sent back."),
)
MODULES = ("Photo of the parcel before sending", "Photo of the goods", "Proof of sending")
MOST_PHOTOS = 3


def _found(call: Call, sn: str) -> Return:
    one = returns_of(call.shop).get(sn)
    if one is None:
        raise ApiError("returns.return_not_found", "The return is not found.")
    return one


@operation("returns.get_return_list", "GET")
def get_return_list(call: Call) -> Payload:
    """Pages count from 0. A window for creation, for changes, or neither."""
    found = list(returns_of(call.shop).values())
    for field, at in (("create_time", "created"), ("update_time", "updated")):
        if call.text(f"{field}_from") or call.text(f"{field}_to"):
            start, end = window(call, f"{field}_from", f"{field}_to", "error_param", longest=WINDOW)
            found = [one for one in found if start <= getattr(one, at) <= end]
    for name, at in (
        ("status", "status"),
        ("negotiation_status", "negotiation"),
        ("seller_proof_status", "proof"),
        ("seller_compensation_status", "compensation"),
    ):
        wanted = call.text(name)
        found = [one for one in found if not wanted or getattr(one, at) == wanted]
    found.sort(key=lambda one: (one.created, one.sn), reverse=True)
    page = by_number(call, found, first=0, most=100, default=40)
    return {"more": page.more, "return": [_view(call.shop, one) for one in page.rows]}


def _view(shop: Shop, one: Return) -> Json:
    """What list and detail have in common."""
    return {
        "image": [f"{IMAGES}return{one.sn}_{number}" for number in range(one.pictures)],
        "reason": one.reason,
        "text_reason": one.text,
        "return_sn": one.sn,
        "refund_amount": number(one.amount),
        "currency": shop.currency,
        "create_time": one.created,
        "update_time": one.updated,
        "status": one.status,
        "due_date": one.due,
        "tracking_number": one.tracking_number,
        "dispute_reason": [str(one.dispute_reason)] if one.dispute_reason else [],
        "dispute_text_reason": [one.dispute_text] if one.dispute_text else [],
        "needs_logistics": one.goods_back,
        "amount_before_discount": number(_before_discount(one)),
        "user": {"username": one.username, "email": "****@example.com", "portrait": ""},
        "item": [_item(one, index) for index in range(len(one.lines))],
        "order_sn": one.order_sn,
        "return_ship_due_date": one.ship_due,
        "return_seller_due_date": one.check_due,
        "negotiation_status": one.negotiation,
        "seller_proof_status": one.proof,
        "seller_compensation_status": one.compensation,
        "return_refund_type": "RRAOC" if one.after_completion else "RRBOC",
        "return_solution": one.solution,
        "is_seller_arrange": False,
        "is_shipping_proof_mandatory": False,
        "return_refund_request_type": 0,
        "validation_type": "seller_validation",
    }


def _before_discount(one: Return) -> Decimal:
    return sum((line.price * units for line, units in one.lines), Decimal(0))


def _item(one: Return, index: int) -> Json:
    line, units = one.lines[index]
    return {
        "model_id": line.good.model_id,
        "name": line.good.item_name,
        "images": [line.good.image_url],
        "amount": units,
        "item_price": number(line.price),
        "is_add_on_deal": False,
        "is_main_item": False,
        "add_on_deal_id": 0,
        "item_id": line.good.item_id,
        "item_sku": line.good.item_sku,
        "variation_sku": line.good.model_sku if line.good.model_id else "",
    }


@operation("returns.get_return_detail", "GET")
def get_return_detail(call: Call) -> Payload:
    """The list's fields, with proof, compensation and negotiation as objects of their own."""
    shop, one = call.shop, _found(call, call.need("return_sn"))
    found = _view(shop, one)
    del found["negotiation_status"], found["seller_proof_status"], found["seller_compensation_status"]
    total = _before_discount(one)
    for (line, units), row in zip(one.lines, found["item"], strict=True):
        row["refund_amount"] = number(shop.amount(one.amount * line.price * units / total)) if total else 0
    found |= {
        "dispute_reason": [one.dispute_reason] if one.dispute_reason else [],
        "buyer_videos": [],
        "activity": [],
        "seller_proof": {"seller_proof_status": one.proof, "seller_evidence_deadline": one.proof_due or None},
        "seller_compensation": {
            "seller_compensation_status": one.compensation,
            "seller_compensation_due_date": one.compensation_due or None,
            "compensation_amount": number(one.amount) if one.compensation == "COMPENSATION_APPROVED" else 0,
        },
        "negotiation": _negotiation(one),
        "has_uploaded_shipping_proof": one.shipping_proof,
        "is_reverse_logistics_channel_integrated": True,
    }
    if one.goods_back and one.logistics:
        spelt = shop.number % 2 == 0
        found["reverse_logistics_status" if spelt else "reverse_logistic_status"] = one.logistics
        found["reverse_logistics_channel_name" if spelt else "reverse_logistic_channel_name"] = shop.market.channels[0].name
        found["return_pickup_address"] = _pickup(shop, one)
    return found


def _negotiation(one: Return) -> Json:
    offer = one.offer
    return {
        "negotiation_status": one.negotiation,
        "latest_solution": offer.solution if offer else "",
        "latest_offer_amount": number(offer.amount) if offer else 0,
        "latest_offer_creator": ("SELLER" if offer.by_seller else "BUYER") if offer else "",
        "counter_limit": max(0, 2 - one.offers_made),
        "offer_due_date": offer.until if offer else 0,
    }


def _pickup(shop: Shop, one: Return) -> Json:
    buyer = shop.orders[one.order_sn].buyer
    return {
        "address": "******",
        "name": f"{buyer.name[0]}******",
        "phone": f"******{buyer.phone[-2:]}",
        "town": "",
        "district": "****",
        "city": buyer.city,
        "state": buyer.state,
        "region": shop.region,
        "zipcode": "****",
    }


@operation("returns.get_available_solutions", "GET")
def get_available_solutions(call: Call) -> Payload:
    one = _found(call, call.need("return_sn"))
    open_now = one.status == "REQUESTED"
    least = call.shop.amount(one.amount / 2)

    def solution(eligible: bool) -> Json:
        return {
            "eligibility": eligible,
            "refund_amount_adjustable": eligible,
            "max_refund_amount": number(one.amount),
            "min_refund_amount": number(least),
        }

    return {
        "return_sn": one.sn,
        "offer_return_refund": solution(open_now and one.goods_back),
        "offer_refund": solution(open_now),
    }


# --- answers ----------------------------------------------------------------------------------------------------------


def _asked(call: Call) -> Return:
    """The return of the request, which must wait for the seller's answer."""
    one = _found(call, call.given_text("return_sn"))
    if one.status != "REQUESTED":
        raise ApiError("error_return_status", f"The return is {one.status}.")
    return one


@operation("returns.confirm", "POST")
def confirm(call: Call) -> Payload:
    """The full sum, without the goods coming back."""
    one = _asked(call)
    refund(call.shop, one)
    return {"return_sn": one.sn}


@operation("returns.offer", "POST")
def offer(call: Call) -> Payload:
    one, solution = _asked(call), call.given_text("proposed_solution")
    if solution not in ("RETURN_REFUND", "REFUND") or (solution == "RETURN_REFUND" and not one.goods_back):
        raise bad_parameter("The solution is not offered for this return.")
    if one.negotiation != "PENDING_RESPOND" or one.offers_made >= 2:
        raise ApiError("error_negotiation_status", "It is not the seller's turn to offer.")
    given = call.body.get("proposed_adjusted_refund_amount")
    amount = one.amount if given is None else field_amount(call.body, "proposed_adjusted_refund_amount")
    if not 0 < amount <= one.amount:
        raise bad_parameter("proposed_adjusted_refund_amount is out of range.")
    propose(call.shop, one, solution, amount)
    return {"return_sn": one.sn}


@operation("returns.accept_offer", "POST")
def accept_offer(call: Call) -> Payload:
    one = _asked(call)
    if one.offer is None or one.offer.by_seller:
        raise ApiError("error_no_buyer_offer", "There is no offer of the buyer.")
    settle(call.shop, one)
    return {"return_sn": one.sn}


# --- disputes and proofs ----------------------------------------------------------------------------------------------


@operation("returns.get_return_dispute_reason", "GET")
def get_return_dispute_reason(call: Call) -> Payload:
    one = _found(call, call.need("return_sn"))
    if one.status not in ("REQUESTED", "PROCESSING"):
        raise ApiError("dispute.request.param.error", "The return cannot be disputed in its status.")
    return {"dispute_reason_list": [_dispute_reason(reason, words) for reason, words in DISPUTE_REASONS]}


def _dispute_reason(reason: int, words: str) -> Json:
    modules = [
        {"module_index": index, "requirement": text, "is_required": index == 1} for index, text in enumerate(MODULES, start=1)
    ]
    return {"dispute_reason": reason, "dispute_requirement": words, "evidence_module_list": modules, "sample_evidence": []}


@operation("returns.dispute", "POST")
def dispute_return(call: Call) -> Payload:
    one = _found(call, call.given_text("return_sn"))
    reason, _email = call.given_number("dispute_reason_id"), call.given_text("email")
    if one.status not in ("REQUESTED", "PROCESSING"):
        raise ApiError("dispute.rr.not.allow", f"The return is {one.status} and cannot be disputed.")
    if reason not in [known for known, _ in DISPUTE_REASONS]:
        raise ApiError("dispute.request.param.error", "dispute_reason_id is not offered.")
    modules = call.rows("image_list", 10, required=False)
    given = {field_number(row, "module_index") for row in modules if _images(row)}
    if 1 not in given:
        raise ApiError("dispute.request.param.error", "The evidence of module 1 is required.")
    dispute(call.shop, one, reason, call.body_text("dispute_text_reason"))
    return {"return_sn": one.sn, "msg": "dispute return success"}


def _images(row: Json) -> list[Any]:
    found = field_values(row, "image_url")
    if len(found) > MOST_PHOTOS:
        raise ApiError("dispute.request.param.error", "image_url should hold 1 to 3 addresses.")
    return found


@operation("returns.cancel_dispute", "POST")
def cancel_dispute(call: Call) -> Payload:
    one, _email = _found(call, call.given_text("return_sn")), call.given_text("email")
    if one.compensation != "COMPENSATION_REQUESTED":
        raise ApiError("dispute.cancel.ineligible", "Only a dispute with a requested compensation can be cancelled.")
    withdraw_dispute(call.shop, one)
    return {"return_sn": one.sn, "message": "SUCCESS"}


@operation("returns.convert_image", "POST", multipart=True)
def convert_image(call: Call) -> Payload:
    if call.fields.get("return_sn", "") not in returns_of(call.shop):
        raise ApiError("returnsn.illegal", "The return is not found.")
    picture = next((one for one in call.uploads if one.name == "upload_image"), None)
    seen = look_at(picture.data) if picture else None
    if seen is None or seen.kind not in ("jpg", "png"):
        raise ApiError("format.unsupport", "The picture must be jpg or png.")
    call.platform.pictures += 1
    url = f"{IMAGES}proof{call.platform.pictures:06d}.{seen.kind}"
    return {"url": url, "thumbnail": url}


@operation("returns.upload_proof", "POST")
def upload_proof(call: Call) -> Payload:
    one = _found(call, call.given_text("return_sn"))
    photos = call.rows("photo", 10, required=False)
    if one.proof == "OVERDUE":
        raise ApiError("proof.overdue", "The time for evidence is over.")
    if one.proof == "NOT_NEEDED" or one.status not in OPEN:
        raise ApiError("error_param", "No evidence is asked for.")
    rows = [{"url": field_text(row, "url"), "thumbnail": field_text(row, "thumbnail")} for row in photos]
    if not rows and not call.body_text("description"):
        raise ApiError("no.proof", "A photo or a description is required.")
    prove(call.shop, one, rows, call.body_text("description"))
    return {}


@operation("returns.query_proof", "GET")
def query_proof(call: Call) -> Payload:
    one = _found(call, call.need("return_sn"))
    return {"image": one.photos, "video": [], "description": one.proof_text}


# --- the way back -----------------------------------------------------------------------------------------------------


@operation("returns.get_reverse_tracking_info", "GET")
def get_reverse_tracking_info(call: Call) -> Payload:
    one = _found(call, call.need("return_sn"))
    if not one.logistics:
        raise ApiError("returns.error_reverse_logistics", "No goods are on their way back.")
    rows = [{"update_time": at, "tracking_description": words} for at, words in reversed(one.tracking)]
    return {
        "return_sn": one.sn,
        "return_refund_request_type": 0,
        "validation_type": "seller_validation",
        "reverse_logistics_status": one.logistics,
        "reverse_logistics_update_time": one.logistics_at,
        "estimated_delivery_date_max": str(one.logistics_at + 3 * DAY),
        "estimated_delivery_date_min": str(one.logistics_at + DAY),
        "tracking_number": one.tracking_number,
        "tracking_info": rows,
    }


@operation("returns.get_shipping_carrier", "GET")
def get_shipping_carrier(call: Call) -> Payload:
    one = _found(call, call.need("return_sn"))
    carriers = [
        {"reverse_logistics_carrier_id": index, "reverse_logistics_carrier_name": name}
        for index, name in enumerate(call.shop.market.own_carriers, start=11)
    ]
    return {
        "is_shipping_proof_mandatory": False,
        "has_uploaded_seller_arrange_proof": one.shipping_proof,
        "shipping_proof_template": [{"is_tracking_number_required": True, "is_shipping_image_file_mandatory": False}],
        "reverse_logistics_carrier_list": carriers,
    }


@operation("returns.upload_shipping_proof", "POST")
def upload_shipping_proof(call: Call) -> Payload:
    """Only where the seller arranges the way back: in Taiwan and Brazil."""
    one, carrier = _found(call, call.given_text("return_sn")), call.given_number("reverse_logistics_carrier_id")
    if call.shop.region not in ("TW", "BR"):
        raise ApiError("returns.new_seller_arrange_flow_disabled", "The seller does not arrange returns in this market.")
    if carrier - 11 not in range(len(call.shop.market.own_carriers)):
        raise ApiError("returns.invalid_carrier_id", "The carrier is not offered.")
    tracking = call.body_text("tracking_number")
    if not tracking:
        raise ApiError("returns.missing_tracking_no", "tracking_number is required.")
    if not tracking.isalnum():
        raise ApiError("returns.error_tracking_no_alphanumeric", "tracking_number should hold letters and digits.")
    one.tracking_number, one.shipping_proof = tracking, True
    return {}
