"""Reading orders, and what a seller writes on them beside shipping."""

from collections.abc import Callable
from typing import Any

from storeward_sandbox.clock import DAY, Instant

from .call import Call, Json
from .errors import failed, invalid, missing
from .order_view import order_json
from .order_writing import answer_address_change, move_deadline, remark, reprice
from .orders import IN_REVIEW, LISTED_DAYS, TO_SHIP, UNPAID, Order
from .registry import done, operation
from .shop import Shop

MOST_ROWS = 10_000
LONGEST_REMARK = 60
ADDRESS_STAGES = (1001, 1002, 1003, 1004, 1005)
PACKAGE = "order"
# The filter word of the list -> which lines it means.
CASE_WORDS: dict[str, Callable[[Order], bool]] = {
    "all": lambda order: any(line.case_status for line in order.lines),
    "in_aftersale": lambda order: any(line.case_status in (6, 7, 8, 11, 13) for line in order.lines),
    "refund": lambda order: any(line.refund_status in (1, 2) for line in order.lines),
    "refund_success": lambda order: any(line.refund_status == 3 for line in order.lines),
    "refund_fail": lambda order: any(line.refund_status == 4 or line.case_status in (27, 29) for line in order.lines),
    "exchange_success": lambda order: any(line.case_type == 3 and line.case_status == 14 for line in order.lines),
    "aftersale_close": lambda order: any(line.case_status == 28 for line in order.lines),
}


def listed(shop: Shop, now: Instant) -> list[Order]:
    """The orders that a list can show: not older than 90 days."""
    return [order for order in shop.orders.values() if order.create_time >= now - LISTED_DAYS * DAY]


def the_order(shop: Shop, order_id: str) -> Order:
    """The order of that number, or of which it is a goods order. Refused where it is not this shop's."""
    order = shop.orders.get(order_id)
    if order is None:
        order = next((one for one in shop.orders.values() if any(line.id == order_id for line in one.lines)), None)
    if order is None:
        raise failed(60101, "订单不存在或不属于该店铺")
    return order


@operation("order.searchList", package=PACKAGE)
def search_list(call: Call) -> Json:
    """A page of orders, by creation or by change; one of the two windows must be given."""
    page, size = call.page(first=0, most=100, cap=MOST_ROWS)
    created, updated = call.span("create_time_start", "create_time_end"), call.span("update_time_start", "update_time_end")
    if created is None and updated is None:
        raise missing("create_time_start")
    rows = [order for order in listed(call.shop, call.now) if _within(order, created, updated) and _wanted(call, order)]
    rows.sort(key=_sort_key(call), reverse=not call.flag("order_asc"))
    shown = rows[page * size : (page + 1) * size]
    return {
        "page": page,
        "total": len(rows),
        "size": size,
        "shop_order_list": [order_json(call.shop, order, detail=False) for order in shown],
    }


def _within(order: Order, created: tuple[int, int] | None, updated: tuple[int, int] | None) -> bool:
    """Windows include their start and exclude their end."""
    in_created = created is None or created[0] <= order.create_time < created[1]
    return in_created and (updated is None or updated[0] <= order.update_time < updated[1])


def _sort_key(call: Call) -> Callable[[Order], tuple[int, str]]:
    by = call.text("order_by") or "create_time"
    if by not in ("create_time", "update_time"):
        raise invalid("order_by")
    return lambda order: (order.update_time if by == "update_time" else order.create_time, order.id)


def _wanted(call: Call, order: Order) -> bool:
    """Whether the order passes every filter that is given."""
    return _in_states(call, order) and _of_kind(call, order)


def _in_states(call: Call, order: Order) -> bool:
    wanted = call.objects("combine_status", required=False)
    if len(wanted) > 1:
        raise invalid("combine_status", 20012)
    for row in wanted:
        for name, value in (("order_status", order.status), ("main_status", order.main_status)):
            given = str(row.get(name) or "")
            if given and str(value) not in given.split(","):
                return False
    return True


def _of_kind(call: Call, order: Order) -> bool:
    product, tracking = call.text("product"), call.text("tracking_no")
    if product and not any(product in (line.product.id,) or product in line.product.name for line in order.lines):
        return False
    if tracking and not any(package.tracking_no == tracking for package in order.packages):
        return False
    word = call.text("after_sale_status_desc")
    if word and word not in CASE_WORDS:
        raise invalid("after_sale_status_desc")
    if word and not CASE_WORDS[word](order):
        return False
    return _numbers_fit(call, order)


def _numbers_fit(call: Call, order: Order) -> bool:
    presale = int(any(line.product.presale_days for line in order.lines))
    known: dict[str, Any] = {"b_type": order.app, "presell_type": presale, "order_type": 0, "trade_type": 0}
    known["abnormal_order"] = 2 if order.status == IN_REVIEW else 0
    return all(call.number(name) in (None, value) for name, value in known.items())


@operation("order.orderDetail", package=PACKAGE)
def order_detail(call: Call) -> Json:
    """One order, however old."""
    order = the_order(call.shop, call.need("shop_order_id"))
    return {"shop_order_detail": order_json(call.shop, order, detail=True)}


@operation("order.addOrderRemark", package=PACKAGE)
def add_remark(call: Call) -> Any:
    """A remark in place of the old one, and a flag if one is to be set."""
    order, text = the_order(call.shop, call.need("order_id")), call.text("remark")
    if len(text) > LONGEST_REMARK:
        raise invalid("remark")
    star = call.number("star") if call.flag("is_add_star") else None
    if star is not None and not 0 <= star <= 5:
        raise invalid("star")
    remark(call.shop, order, text, star)
    return done(call.method)


@operation("order.updateOrderAmount", package=PACKAGE)
def update_amount(call: Call) -> Any:
    """A price cut for lines of an unpaid order; the rows may stand in a `list` of their own."""
    order = _unpaid(call, call.need("pid"))
    rows = call.params.get("update_detail")
    if isinstance(rows, dict):
        call.params["update_detail"] = rows.get("list")
    cuts: dict[str, int] = {}
    for row in call.objects("update_detail"):
        line = next((one for one in order.lines if one.id == str(row.get("order_id", ""))), None)
        cut = row.get("discount_amount")
        if line is None or not isinstance(cut, int) or line.pay_amount - cut < 0:
            raise invalid("update_detail")
        cuts[line.id] = cut
    reprice(call.shop, order, cuts)
    return done(call.method)


@operation("order.updatePostAmount", package=PACKAGE)
def update_post(call: Call) -> Any:
    """Another freight for an unpaid order."""
    order = _unpaid(call, call.text("order_id") or call.need("pid"))
    post = call.need_number("post_amount")
    if post < 0:
        raise invalid("post_amount")
    reprice(call.shop, order, {}, post)
    return done(call.method)


def _unpaid(call: Call, order_id: str) -> Order:
    order = the_order(call.shop, order_id)
    if order.status != UNPAID:
        raise failed(60137, "订单状态不支持修改价格")
    return order


@operation("order.addressConfirm", package=PACKAGE)
def address_confirm(call: Call) -> Any:
    """The answer to a buyer who wants another address: 0 agrees, the others say how far the order has got."""
    order, answer = the_order(call.shop, call.need("order_id")), call.need_number("is_approved")
    if answer != 0 and answer not in ADDRESS_STAGES:
        raise invalid("is_approved")
    if not order.wanted_detail:
        raise failed(60021, "没有待处理的改地址申请")
    answer_address_change(call.shop, order, answer == 0)
    return done(call.method)


@operation("order.deliverTimeChangeTaskInfo", package=PACKAGE)
def deliver_time_task(call: Call) -> Json:
    """What is asked about another ship time; the real answer's shape has not been published."""
    the_order(call.shop, call.need("shop_order_id"))
    return {}


@operation("order.deliverTimeChangeConfirm", package=PACKAGE)
def deliver_time_confirm(call: Call) -> Any:
    """The answer to a request for another ship time; a refusal needs its reason."""
    order = the_order(call.shop, call.need("shop_order_id"))
    call.need("task_id")
    if not order.new_delivery or order.status != TO_SHIP:
        raise failed(60021, "没有待处理的改期申请")
    until, order.new_delivery = order.new_delivery, 0
    if not call.text("reject_code"):
        move_deadline(call.shop, order, until)
    return done(call.method)
