"""Reading after-sales, deciding them, and what else a merchant does about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from storeward_sandbox.clock import DAY, Instant

from .call import Call, Json, whole, words
from .cases import (
    ASKED,
    EXCHANGE,
    OPEN_STATES,
    PROOF_WANTED,
    REFUND_SHIPPED,
    REFUND_UNSHIPPED,
    REISSUE,
    RESHIPPED,
    RETURN,
    SENT_BACK,
    TO_RESHIP,
    TO_SEND_BACK,
    Case,
    Cases,
    agree,
    agree_again,
    extend,
    give_proof,
    refuse,
    reship,
    send_back,
)
from .cases_view import detail, list_row
from .errors import ApiError, failed, invalid, missing
from .order_writing import remark
from .orders_api import the_order
from .places import Places
from .registry import done, operation
from .shipping import checked_waybill, the_carrier
from .shop import Shop

PACKAGE = "aftersale"
MOST_ROWS = 50_000
MOST_DECISIONS = 20
MOST_PICTURES = 4
LISTED_DAYS = 183
BY_HAND = 11001
WRONG_STATE = 20309541
HELPER_OFF = 11002
SORTS = ("status_deadline", "apply_time", "update_time")


@dataclass(frozen=True)
class Excuse:
    """A reason for which a merchant may refuse. `pkg`: -1 any, 0 the buyer has not received it, 1 has."""

    code: int
    text: str
    proof: str
    needed: bool
    pkg: int


EXCUSES = (
    Excuse(17, "商品已发出", "上传发货凭证", True, 0),
    Excuse(18, "商品已签收", "上传签收凭证", True, 1),
    Excuse(21, "与买家协商一致", "聊天记录", False, -1),
    Excuse(24, "商品影响二次销售", "上传商品照片", True, 1),
)


def the_case(shop: Shop, case_id: str) -> Case:
    case = shop.part(Cases).known.get(case_id)
    if case is None:
        raise ApiError(20000, "isp.service-error:10000", "售后单不存在")
    return case


# --- reading ----------------------------------------------------------------------------------------------------------


@operation("afterSale.List", package=PACKAGE)
def case_list(call: Call) -> Json:
    """A page of cases; those of the last six months unless a window is given."""
    page, size = call.page(first=0, most=100, cap=MOST_ROWS)
    applied, updated = call.span("start_time", "end_time"), call.span("update_start_time", "update_end_time")
    since = 0 if applied or updated else call.now - LISTED_DAYS * DAY
    rows = [
        case
        for case in call.shop.part(Cases).known.values()
        if case.apply_time >= since and _within(case, applied, updated) and _wanted(call, case)
    ]
    key, backwards = _sorting(call)
    rows.sort(key=key, reverse=backwards)
    shown = rows[page * size : (page + 1) * size]
    return {
        "items": [list_row(case) for case in shown],
        "has_more": (page + 1) * size < len(rows),
        "total": len(rows),
        "page": page,
        "size": len(shown),
    }


def _within(case: Case, applied: tuple[Instant, Instant] | None, updated: tuple[Instant, Instant] | None) -> bool:
    """Windows include their start and exclude their end."""
    if applied is not None and not applied[0] <= case.apply_time < applied[1]:
        return False
    return updated is None or updated[0] <= case.update_time < updated[1]


def _wanted(call: Call, case: Case) -> bool:
    numbers = {"aftersale_type": case.kind, "aftersale_status": case.status}
    if any(call.number(name) not in (None, value) for name, value in numbers.items()):
        return False
    states = call.numbers("standard_aftersale_status")
    if states and case.status not in states:
        return False
    flags = call.numbers("order_flag")
    if flags and case.order.star not in flags:
        return False
    arbitrated = call.numbers("arbitrate_status")
    if arbitrated and (case.arbitration.status if case.arbitration else 0) not in arbitrated:
        return False
    return _named(call, case) and _of_amount(call, case)


def _named(call: Call, case: Case) -> bool:
    order_id, case_id = call.text("order_id"), call.text("aftersale_id")
    if order_id and order_id not in (case.order.id, case.line.id):
        return False
    sent = call.number("logistics_status")
    if sent in (2, 3) and (sent == 2) != bool(case.return_no):
        return False
    numbers = call.texts("order_logistics_tracking_no")
    if numbers and not any(package.tracking_no in numbers for package in case.order.packages):
        return False
    return not case_id or case_id == case.id


def _of_amount(call: Call, case: Case) -> bool:
    low, high = call.number("amount_start"), call.number("amount_end")
    ended = call.span("aftersale_status_to_final_start_time", "aftersale_status_to_final_end_time")
    if ended is not None and not ended[0] <= case.final_time < ended[1]:
        return False
    return (low is None or case.amount >= low) and (high is None or case.amount <= high)


def _sorting(call: Call) -> tuple[Callable[[Case], tuple[int, str]], bool]:
    """By the first entry of order_by; the latest applications first where there is none."""
    given = call.texts("order_by")
    name, _, way = (given[0] if given else "apply_time desc").partition(" ")
    if name not in SORTS or way not in ("", "asc", "desc"):
        raise invalid("order_by")
    by: dict[str, Callable[[Case], tuple[int, str]]] = {
        "status_deadline": lambda case: (case.deadline, case.id),
        "apply_time": lambda case: (case.apply_time, case.id),
        "update_time": lambda case: (case.update_time, case.id),
    }
    return by[name], way == "desc"


@operation("afterSale.Detail", package=PACKAGE)
def case_detail(call: Call) -> Json:
    """One case."""
    case = the_case(call.shop, call.need("after_sale_id"))
    return detail(call.shop, case, with_records=call.flag("need_operation_record"))


@operation("afterSale.rejectReasonCodeList", package=PACKAGE)
def excuses(call: Call) -> Json:
    """For which reasons a case, or any, may be refused."""
    number = call.number("aftersale_id")
    pkg = None if number is None else the_case(call.shop, str(number)).got_pkg
    return {
        "items": [
            {
                "reject_reason_code": one.code,
                "reason": one.text,
                "evidence_description": one.proof,
                "evidence_need": "Y" if one.needed else "N",
                "image": "",
                "order_type": -1,
                "pkg": one.pkg,
            }
            for one in EXCUSES
            if pkg is None or one.pkg in (-1, pkg)
        ]
    }


# --- deciding ---------------------------------------------------------------------------------------------------------


def _agrees(call: Call, case: Case, row: Json) -> None:
    agree(call.shop, case, "商家同意")


def _agrees_to_return(call: Call, case: Case, row: Json) -> None:
    address = words(_logistics(row).get("receiver_address_id") or "", "receiver_address_id")
    agree(call.shop, case, "商家同意", address)


def _agrees_again(call: Call, case: Case, row: Json) -> None:
    agree_again(call.shop, case, "商家确认收货，同意退款")


def _reships(call: Call, case: Case, row: Json) -> None:
    way = _logistics(row)
    reship(call.shop, case, str(way["company_code"]), str(way["logistics_code"]))


def _refuses(call: Call, case: Case, row: Json) -> None:
    refuse(call.shop, case, words(row.get("reason") or "", "reason"))


@dataclass(frozen=True)
class Deed:
    """What a code of `afterSale.operate` does, to which kinds of case in which state, and what it must bring along."""

    kinds: tuple[int, ...]
    status: int
    act: Callable[[Call, Case, Json], None]
    needs: str = ""


DEEDS = {
    101: Deed((RETURN,), ASKED, _agrees_to_return, "address"),
    102: Deed((RETURN,), ASKED, _refuses, "excuse"),
    111: Deed((RETURN,), SENT_BACK, _agrees_again),
    112: Deed((RETURN,), SENT_BACK, _refuses, "excuse"),
    201: Deed((REFUND_SHIPPED, REFUND_UNSHIPPED), ASKED, _agrees),
    202: Deed((REFUND_SHIPPED, REFUND_UNSHIPPED), ASKED, _refuses, "excuse"),
    301: Deed((EXCHANGE,), ASKED, _agrees_to_return, "address"),
    302: Deed((EXCHANGE,), ASKED, _refuses, "excuse"),
    311: Deed((EXCHANGE,), SENT_BACK, _reships, "waybill"),
    312: Deed((EXCHANGE,), SENT_BACK, _refuses, "excuse"),
}


@operation("afterSale.operate", package=PACKAGE)
def operate(call: Call) -> Json:
    """Decide one case or several; a single bad row fails all."""
    deed = DEEDS.get(call.need_number("type"))
    rows = call.objects("items", most=MOST_DECISIONS)
    if deed is None:
        raise failed(BY_HAND, "该售后类型暂不支持接口操作，请到商家后台处理")
    chosen = [(the_case(call.shop, words(row.get("aftersale_id") or "", "aftersale_id")), row) for row in rows]
    for case, row in chosen:
        _check_deed(call, deed, case, row)
    for case, row in chosen:
        deed.act(call, case, row)
    return {"items": [{"aftersale_id": int(case.id), "status_code": 0, "status_msg": "success"} for case, _row in chosen]}


def _check_deed(call: Call, deed: Deed, case: Case, row: Json) -> None:
    if case.kind not in deed.kinds or case.status != deed.status:
        raise failed(WRONG_STATE, "售后单状态已变更，请刷新后重试")
    seen = whole(row.get("update_time") or 0, "update_time")
    if seen and seen < case.update_time:
        raise failed(WRONG_STATE, "售后单信息已变更，请刷新后重试")
    if deed.needs == "excuse":
        _check_excuse(case, row)
    elif deed.needs == "address":
        _check_address(call, row)
    elif deed.needs == "waybill":
        way = _logistics(row)
        for name in ("company_code", "logistics_code"):
            if not way.get(name):
                raise missing(name)
        carrier = the_carrier(str(way["company_code"]))
        checked_waybill(call.shop, carrier, str(way["logistics_code"]), [case.order])


def _logistics(row: Json) -> Json:
    found = row.get("logistics") or {}
    if not isinstance(found, dict):
        raise invalid("logistics")
    return found


def _check_address(call: Call, row: Json) -> None:
    address = words(_logistics(row).get("receiver_address_id") or "", "receiver_address_id")
    if not address or address == "0":
        raise missing("receiver_address_id")
    if call.shop.part(Places).address(address) is None:
        raise failed(60072, "退货地址不存在")


def _check_excuse(case: Case, row: Json) -> None:
    """A refusal says why, and proves it where that is asked."""
    for name in ("reason", "remark"):
        if not row.get(name):
            raise missing(name)
    if case.kind == REFUND_UNSHIPPED:
        return
    code = whole(row.get("reject_reason_code") or 0, "reject_reason_code")
    excuse = next((one for one in EXCUSES if one.code == code), None)
    if excuse is None:
        raise missing("reject_reason_code")
    if excuse.needed and not _pictures(row.get("evidence")):
        raise missing("evidence")


def _pictures(given: Any) -> Sequence[Any]:
    if given in (None, ""):
        return []
    if not isinstance(given, list):
        raise invalid("evidence")
    return given


# --- beside deciding --------------------------------------------------------------------------------------------------


@operation("afterSale.addOrderRemark", package=PACKAGE)
def add_remark(call: Call) -> Any:
    """A remark on a case, or on its order."""
    text = call.need("remark")
    if call.has("after_sale_id"):
        the_case(call.shop, call.need("after_sale_id")).remarks.append((call.now, text))
    else:
        remark(call.shop, the_order(call.shop, call.need("order_id")), text, None)
    return done(call.method)


@operation("afterSale.timeExtend", package=PACKAGE)
def time_extend(call: Call) -> Any:
    """More time for the current step; here once, by two days."""
    case = the_case(call.shop, str(call.need_number("aftersale_id")))
    if case.status not in OPEN_STATES or not case.deadline:
        raise failed(WRONG_STATE, "售后单状态不支持延长")
    if case.extended:
        raise failed(BY_HAND, "本节点已延长过")
    extend(call.shop, case)
    return done(call.method)


@operation("afterSale.submitEvidence", package=PACKAGE)
def submit_evidence(call: Call) -> Any:
    """Proof for the platform's decision."""
    case = the_case(call.shop, str(call.need_number("aftersale_id")))
    call.need("comment")
    pictures = call.texts("evidence", most=MOST_PICTURES, required=True)
    if case.arbitration is None or case.arbitration.status != PROOF_WANTED:
        raise failed(WRONG_STATE, "当前无需举证")
    give_proof(call.shop, case, pictures)
    return done(call.method)


@operation("afterSale.fillLogistics", package=PACKAGE)
def fill_logistics(call: Call) -> Any:
    """The waybill of a reissue, or for the buyer that of a return."""
    case = the_case(call.shop, str(call.need_number("aftersale_id")))
    kind = call.need_number("send_type")
    carrier, number = the_carrier(call.need("company_code")), call.need("tracking_no")
    checked_waybill(call.shop, carrier, number, [case.order])
    if kind == 1 and case.kind == REISSUE and case.status == TO_RESHIP:
        reship(call.shop, case, carrier.code, number)
    elif kind in (3, 4) and case.status == TO_SEND_BACK:
        send_back(call.shop, case, carrier.code, number)
    else:
        raise failed(WRONG_STATE, "售后单状态不支持填写物流")
    return done(call.method)


def helper_is_on(shop: Shop) -> bool:
    """Whether the merchant has switched on the rule by which reported facts refund by themselves: every second shop has."""
    return shop.number % 2 == 0


@operation("afterSale.returnGoodsToWareHouseSuccess", package=PACKAGE)
def goods_are_back(call: Call) -> Any:
    """The warehouse has the goods: the helper refunds."""
    case = _helped(call, SENT_BACK)
    agree_again(call.shop, case, "售后小助手自动退款")
    return done(call.method)


@operation("afterSale.CancelSendGoodsSuccess", package=PACKAGE)
def shipping_is_stopped(call: Call) -> Any:
    """The warehouse has not sent the goods: the helper refunds."""
    case = _helped(call, ASKED)
    if case.kind != REFUND_UNSHIPPED:
        raise failed(WRONG_STATE, "售后类型不支持")
    agree(call.shop, case, "售后小助手自动退款")
    return done(call.method)


def _helped(call: Call, status: int) -> Case:
    case = the_case(call.shop, call.need("aftersale_id"))
    call.need_number("op_time")
    if not helper_is_on(call.shop):
        raise failed(HELPER_OFF, "未开启售后小助手规则")
    if case.status != status:
        raise failed(WRONG_STATE, "售后单状态已变更，请刷新后重试")
    return case


@operation("afterSale.applyLogisticsIntercept", package=PACKAGE)
def intercept(call: Call) -> Json:
    """Stop parcels on their way; one that has arrived, or is not of this case, cannot be stopped."""
    case = the_case(call.shop, str(call.need_number("after_sale_id")))
    call.need_number("op_from")
    results = [_intercepted(case, row) for row in call.objects("intercept_targets")]
    good = sum(row["is_success"] for row in results)
    return {
        "intercept_results": results,
        "success_count": good,
        "failed_count": len(results) - good,
        "unavailable_reason_code": 0,
        "unavailable_reason": "",
        "refund_amount": case.amount,
    }


def _intercepted(case: Case, row: Json) -> Json:
    carrier, number = str(row.get("company_code", "")), str(row.get("tracking_no", ""))
    package = next((one for one in case.order.packages if (one.carrier_code, one.tracking_no) == (carrier, number)), None)
    can = package is not None and not package.delivered_at and case.status != RESHIPPED
    if package is not None and can:
        package.intercepted = True
    line = case.line
    return {
        "company_code": carrier,
        "company_name": the_carrier(carrier).name,
        "tracking_no": number,
        "value_amount": case.amount,
        "can_intercept": can,
        "is_success": can,
        "unavailable_reason_code": 0 if can else 1,
        "unavailable_reason": "" if can else "运单已签收或不存在",
        "intercept_cost": 0,
        "cur_product": {
            "order_id": int(line.id),
            "product_image": line.product.picture,
            "product_name": line.product.name,
            "product_spec": " ".join(value for _name, value in line.sku.spec),
            "tags": [],
            "price": line.price,
            "amount": line.count,
        },
        "other_products": [],
        "other_product_amount": 0,
        "settlement_mode": 0,
    }
