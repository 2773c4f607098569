"""Settlement bills in their three versions. Their answers have a second shell: `data.code` "100000", `data.data` the rows."""

from storeward_sandbox.clock import Instant

from .call import Call, Json
from .errors import invalid, missing
from .ledger import BY_AUTHOR, SETTLED, Ledger, Settlement, ready_until
from .moments import text_time
from .registry import operation

PACKAGE = "finance"
OK = {"code": "100000", "code_msg": "SUCCESS"}
FLOW_WORDS = {3: "精选联盟", 4: "小店自卖"}
ACCOUNT = "5"
ACCOUNT_WORDS = "聚合账户"


# --- which rows -------------------------------------------------------------------------------------------------------


def wanted_rows(call: Call, *, first_is_cursor: bool) -> list[Settlement]:
    """The rows that a call asks for, by time and number; the start of the window moves with the cursor."""
    rows = [row for row in call.shop.part(Ledger).settlements if row.time < ready_until(call.now) and _fits(call, row)]
    numbers = [one for one in call.text("order_id").split(",") if one]
    if numbers:
        rows = [row for row in rows if row.line.id in numbers or row.order.id in numbers]
    if not numbers or call.has("start_time"):
        start, end = call.text_span("start_time", "end_time")
        rows = [row for row in rows if start <= moment(call, row) <= end]
    rows.sort(key=lambda row: (moment(call, row), row.request_no))
    after = call.text("start_index") if first_is_cursor else ""
    if after:
        if not call.has("start_time"):
            raise missing("start_time")
        start, _ = call.text_span("start_time", "end_time")
        rows = [row for row in rows if (moment(call, row), row.request_no) > (start, after)]
    return rows


def moment(call: Call, row: Settlement) -> Instant:
    """By settlement (0, the usual) or by order (1)."""
    kind = call.text("time_type") or "0"
    if kind not in ("0", "1"):
        raise invalid("time_type")
    return row.order.create_time if kind == "1" else row.time


def _fits(call: Call, row: Settlement) -> bool:
    accounts, product = call.text("pay_type"), call.text("product_id")
    flow = call.text("flow_type")
    if accounts and ACCOUNT not in accounts.split(",") and accounts != "0":
        return False
    if product and product != row.line.product.id:
        return False
    return flow in ("", "0", str(flow_code(call.method, row)))


def flow_code(method: str, row: Settlement) -> int:
    """V2 numbers authors and the mall the other way round."""
    return 2 if method.endswith("V2") and row.flow == BY_AUTHOR else row.flow


def _size(call: Call, most: int, default: int) -> int:
    size = call.number("size") or default
    if not 1 <= size <= most:
        raise invalid("size")
    return size


def _cursor(call: Call, rows: list[Settlement], size: int) -> tuple[list[Settlement], Json]:
    """One page and how to go on: both keys belong into the next call."""
    page = rows[:size]
    last = page[-1] if page else None
    return page, {
        "size": size,
        "next_start_index": last.request_no if last else "",
        "next_start_time": text_time(moment(call, last)) if last else "",
        "is_end": int(len(rows) <= size),
        "data_size": len(page),
    }


# --- the versions -----------------------------------------------------------------------------------------------------


@operation("order.getSettleBillDetailV3", package=PACKAGE)
def bill_v3(call: Call) -> Json:
    """One row is one settlement of a goods order."""
    size = _size(call, 100, 100)
    page, cursor = _cursor(call, wanted_rows(call, first_is_cursor=True), size)
    return {**OK, "data": [_row_v3(row) for row in page], **cursor}


def _row_v3(row: Settlement) -> Json:
    line = row.line
    return {
        "settle_time": text_time(row.time),
        "request_no": row.request_no,
        "shop_order_id": row.order.id,
        "order_id": line.id,
        "settle_amount": row.amount,
        "pay_type_desc": ACCOUNT_WORDS,
        "trade_type": row.trade_type,
        "is_contains_refund_before_settle": int(row.refund_before > 0),
        "order_time": text_time(row.order.create_time),
        "product_id": line.product.id,
        "goods_count": line.count,
        "flow_type_desc": FLOW_WORDS[row.flow],
        "order_type": "普通订单",
        "total_amount": line.goods + line.post,
        "total_goods_amount": line.goods,
        "post_amount": line.post,
        "shop_coupon": line.shop_discount,
        "refund_before_settle": row.refund_before,
        "platform_coupon": line.platform_discount,
        "author_coupon": 0,
        "zt_pay_promotion": line.pay_discount,
        "zr_pay_promotion": 0,
        "real_pay_amount": line.pay_amount - line.pay_discount,
        "total_income": row.income,
        "platform_service_fee": row.fee,
        "commission": row.commission,
        "good_learn_channel_fee": 0,
        "colonel_service_fee": 0,
        "channel_promotion_fee": 0,
        "other_sharing_amount": 0,
        "total_outcome": row.outcome,
        "remark": row.remark,
        "packing_amount": 0,
    }


def _row_old(call: Call, row: Settlement) -> Json:
    """What V1 and V2 have in common; codes are text."""
    line = row.line
    return {
        "shop_order_id": row.order.id,
        "order_id": line.id,
        "order_time": text_time(row.order.create_time),
        "shop_id": int(call.shop.id),
        "settle_time": text_time(row.time),
        "product_id": line.product.id,
        "goods_count": line.count,
        "trade_type_desc": "已结算" if row.trade_type == SETTLED else "已退款",
        "trade_type": "0" if row.trade_type == SETTLED else "1",
        "pay_type_desc": ACCOUNT_WORDS,
        "pay_type": ACCOUNT,
        "request_no": row.request_no,
        "flow_type_desc": FLOW_WORDS[row.flow],
        "flow_type": str(flow_code(call.method, row)),
        "phase_order_no": "",
        "phase_cnt": 0,
        "phase_id": 0,
        "total_income": row.income,
        "total_outcome": row.outcome,
        "profit": row.amount,
        "settle_amount": row.amount,
        "actual_subsidy_amount": line.platform_discount,
        "total_amount": line.goods + line.post,
        "total_goods_amount": line.goods,
        "post_amount": line.post,
        "real_pay_amount": line.pay_amount - line.pay_discount,
        "settled_pay_amount": line.pay_amount - row.refund_before,
        "platform_coupon": line.platform_discount,
        "author_coupon": 0,
        "pay_promotion": line.pay_discount,
        "actual_platform_coupon": line.platform_discount,
        "actual_author_coupon": 0,
        "actual_pay_promotion": line.pay_discount,
        "shop_coupon": line.shop_discount,
        "platform_service_fee": row.fee,
        "refund": row.refund_before if row.trade_type == SETTLED else -row.income,
        "commission": row.commission,
        "good_learn_channel_fee": 0,
        "colonel_service_fee": 0,
        "shop_refund_loss": 0,
    }


@operation("order.getSettleBillDetailV2", package=PACKAGE)
def bill_v2(call: Call) -> Json:
    """The version before; said to be retired, but still asked for by old clients."""
    page, cursor = _cursor(call, wanted_rows(call, first_is_cursor=True), _size(call, 200, 100))
    return {**OK, "data": [{**_row_old(call, row), **_only_v2(row)} for row in page], **cursor}


def _only_v2(row: Settlement) -> Json:
    return {
        "refund_before_settlement": row.refund_before,
        "actual_zt_pay_promotion": row.line.pay_discount,
        "actual_zr_pay_promotion": 0,
        "zt_pay_promotion": row.line.pay_discount,
        "zr_pay_promotion": 0,
        "channel_promotion_fee": 0,
        "other_sharing_amount": 0,
        "remark": row.remark,
    }


@operation("order.getSettleBillDetail", package=PACKAGE)
def bill_v1(call: Call) -> Json:
    """The first version: pages from 0."""
    call.need("time_type")
    page, size = call.page(first=0, most=100, default=20)
    rows = wanted_rows(call, first_is_cursor=False)
    shown = rows[page * size : (page + 1) * size]
    return {**OK, "data": [_row_old(call, row) for row in shown], "total_cnt": len(rows), "page": page, "size": size}
