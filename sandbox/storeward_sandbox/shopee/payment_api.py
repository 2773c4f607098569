"""/payment: wallet, escrow, payouts, billing, income. Wallets are for local shops, payouts for cross-border ones."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.countries import end_of_day, start_of_day

from .buyers import masked_username
from .call import Call, Json
from .errors import ApiError, bad_parameter, no_permission, not_found
from .income import Income, income_of
from .orders import NOTHING, Line, Order
from .orders_api import window
from .paging import by_cursor, by_number, cut, position
from .registry import Payload, operation
from .returns import returns_of
from .shop import Shop
from .wallet import NUMBERS, TABS, WITHDRAWAL, WITHDRAWAL_BACK, Payout, Release, Row, wallet_of
from .wire_form import number

WALLET_WINDOW = 14 * DAY
WALLET_PAGE = 40
PAYOUT_WINDOW = 15 * DAY
INCOME_DAYS = 14
TO_RELEASE, RELEASED, PENDING = 0, 1, 2


# --- wallet -----------------------------------------------------------------------------------------------------------


@operation("payment.get_wallet_transaction_list", "GET")
def get_wallet_transaction_list(call: Call) -> Payload:
    """Newest first, pages from 0; more than 14 days or 40 rows are refused, as seen."""
    if call.shop.cross_border:
        raise no_permission("Cross-border shops have no wallet.")
    found = list(wallet_of(call.shop).rows)
    if call.text("create_time_from") or call.text("create_time_to"):
        start, end = window(call, "create_time_from", "create_time_to", "wallet.time_invalid", longest=WALLET_WINDOW)
        found = [row for row in found if start <= row.created <= end]
    else:
        found = [row for row in found if row.created > call.now - WALLET_WINDOW]
    kind = call.text("transaction_type")
    kind = NUMBERS.get(kind, kind)
    flow = call.choice("money_flow", ("MONEY_IN", "MONEY_OUT", ""), "")
    tab = call.text("transaction_tab_type")
    found = [row for row in found if kind in ("", row.kind) and flow in ("", _flow(row)) and tab in ("", TABS[row.kind])]
    page = by_number(call, found[::-1], first=0, most=WALLET_PAGE)
    return {"transaction_list": [_row(call.shop, row) for row in page.rows], "more": page.more}


def _flow(row: Row) -> str:
    return "MONEY_IN" if row.amount >= 0 else "MONEY_OUT"


def _row(shop: Shop, row: Row) -> Json:
    order = shop.orders.get(row.order_sn)
    return {
        "status": row.status,
        "transaction_type": row.kind,
        "amount": number(row.amount),
        "current_balance": number(row.balance),
        "create_time": row.created,
        "order_sn": row.order_sn,
        "refund_sn": row.refund_sn,
        "withdrawal_type": "MANUAL" if row.kind in (WITHDRAWAL, WITHDRAWAL_BACK) else "",
        "transaction_fee": 0,
        "description": "",
        "buyer_name": masked_username(order.buyer) if order else "",
        "pay_order_list": [],
        "shop_name": "",
        "withdrawal_id": row.withdrawal_id,
        "root_withdrawal_id": row.withdrawal_id,
        "reason": row.reason,
        "transaction_tab_type": TABS[row.kind],
        "money_flow": _flow(row),
        "outlet_shop_name": "",
        "txn_title": "",
        "transaction_id": row.transaction_id,
    }


# --- escrow -----------------------------------------------------------------------------------------------------------


@operation("payment.get_escrow_list", "GET")
def get_escrow_list(call: Call) -> Payload:
    start, end = window(call, "release_time_from", "release_time_to", "error_param", longest=10_000 * DAY)
    found = [one for one in wallet_of(call.shop).releases if start <= one.released <= end]
    page = by_number(call, found[::-1], first=1, most=100, default=40)
    rows = [
        {"order_sn": one.order.sn, "payout_amount": number(one.amount), "escrow_release_time": one.released} for one in page.rows
    ]
    return {"more": page.more, "escrow_list": rows}


@operation("payment.get_escrow_detail", "GET")
def get_escrow_detail(call: Call) -> Payload:
    order = call.shop.orders.get(call.need("order_sn"))
    if order is None:
        raise ApiError("order_not_found", "The order is not found.")
    return _escrow(call.shop, order)


@operation("payment.get_escrow_detail_batch", "POST GET")
def get_escrow_detail_batch(call: Call) -> Payload:
    """A list in the place of an object; orders that are not the shop's are left out."""
    given = call.body.get("order_sn_list")
    sns = given if isinstance(given, list) else call.listed("order_sn_list", 10_000)
    if len(sns) > 50:
        raise ApiError("exceed_max_limit", "At most 50 orders can be asked for at once.")
    found = [call.shop.orders[str(sn)] for sn in sns if str(sn) in call.shop.orders]
    if not found:
        raise not_found("The orders are not found.", "common")
    return [{"escrow_detail": _escrow(call.shop, order, batch=True)} for order in found]


def _escrow(shop: Shop, order: Order, *, batch: bool = False) -> Json:
    income = income_of(shop, order)
    sns = [one.sn for one in returns_of(shop).values() if one.order_sn == order.sn]
    return {
        "order_sn": order.sn,
        "buyer_user_name": masked_username(order.buyer),
        "return_order_sn_list": sns,
        "order_income": _income(shop, order, income, batch=batch),
        "buyer_payment_info": _paid(order),
    }


def _income(shop: Shop, order: Order, income: Income, *, batch: bool) -> Json:
    """The batch spells one discount another way, and leaves the adjustments out."""
    discount = income.goods_before - income.goods
    amounts = {
        "escrow_amount": income.escrow,
        "buyer_total_amount": order.total,
        "order_original_price": income.goods_before,
        "original_price": income.goods_before,
        "order_discounted_price": income.goods,
        "order_selling_price": income.goods,
        "order_seller_discount": discount,
        "seller_discount": discount,
        "shopee_discount": NOTHING,
        "original_shopee_discount": NOTHING,
        "voucher_from_seller": income.voucher_seller,
        "voucher_from_shopee": income.voucher_platform,
        "coins": NOTHING,
        "buyer_paid_shipping_fee": income.shipping_paid,
        "commission_fee": income.commission,
        "service_fee": income.service,
        "seller_transaction_fee": income.transaction,
        "credit_card_transaction_fee": income.transaction,
        "estimated_shipping_fee": income.shipping,
        "actual_shipping_fee": income.shipping,
        "final_shipping_fee": NOTHING,
        "shopee_shipping_rebate": income.rebate,
        "cost_of_goods_sold": income.goods,
        "original_cost_of_goods_sold": income.goods,
        "seller_return_refund": income.refunded,
        "reverse_shipping_fee": NOTHING,
        "escrow_tax": NOTHING,
        "campaign_fee": NOTHING,
        "withholding_tax": NOTHING,
        "order_ams_commission_fee": NOTHING,
    }
    found: Json = {name: number(amount) for name, amount in amounts.items()}
    found |= {
        "buyer_payment_method": order.payment_method,
        "instalment_plan": "N/A",
        "seller_voucher_code": [],
        "tax_registration_code": "",
        "items": [_income_line(line) for line in order.lines],
    }
    if batch:
        return {**found, "shipping_fee_discount_from_pl": 0}
    adjustments = [
        {
            "amount": number(row.amount),
            "date": row.created,
            "currency": shop.currency,
            "adjustment_reason": row.reason,
        }
        for row in _adjustments(shop, order)
    ]
    total = sum((row.amount for row in _adjustments(shop, order)), NOTHING)
    return {
        **found,
        "shipping_fee_discount_from_3pl": 0,
        "order_adjustment": adjustments,
        "total_adjustment_amount": number(total),
        "escrow_amount_after_adjustment": number(income.escrow + total),
    }


def _adjustments(shop: Shop, order: Order) -> list[Row]:
    """Rows of this order beside its escrow; a refund after release is part of the escrow already."""
    rows = [*wallet_of(shop).rows, *wallet_of(shop).adjustments]
    return [row for row in rows if row.order_sn == order.sn and row.kind.startswith("ADJUSTMENT_") and not row.refund_sn]


def _income_line(line: Line) -> Json:
    good = line.good
    return {
        "item_id": good.item_id,
        "item_name": good.item_name,
        "item_sku": good.item_sku,
        "model_id": good.model_id,
        "model_name": good.model_name,
        "model_sku": good.model_sku if good.model_id else "",
        "original_price": number(good.listed_price * line.quantity),
        "selling_price": number(line.total),
        "discounted_price": number(line.total),
        "seller_discount": number((good.listed_price - line.price) * line.quantity),
        "shopee_discount": 0,
        "discount_from_coin": 0,
        "discount_from_voucher_shopee": 0,
        "discount_from_voucher_seller": 0,
        "activity_type": "",
        "activity_id": 0,
        "is_main_item": False,
        "quantity_purchased": line.quantity,
        "is_b2c_shop_item": False,
        "ams_commission_fee": 0,
        "promotion_list": [],
    }


def _paid(order: Order) -> Json:
    return {
        "buyer_payment_method": order.payment_method,
        "buyer_total_amount": number(order.total),
        "merchant_subtotal": number(order.goods_total),
        "shipping_fee": number(order.shipping_fee),
        "seller_voucher": number(-order.voucher_seller),
        "shopee_voucher": number(-order.voucher_platform),
        "shopee_coins_redeemed": 0,
        "is_paid_by_credit_card": order.payment_method.startswith("Credit"),
    }


# --- payouts ----------------------------------------------------------------------------------------------------------


def _payouts(call: Call) -> list[Payout]:
    if not call.shop.cross_border:
        raise no_permission("Only cross-border shops are paid out.")
    start, end = window(call, "payout_time_from", "payout_time_to", "error_param", longest=PAYOUT_WINDOW)
    return [one for one in reversed(wallet_of(call.shop).payouts) if start <= one.paid <= end]


def _payout(shop: Shop, one: Payout) -> Json:
    return {
        "from_currency": shop.currency,
        "payout_currency": "USD",
        "from_amount": number(one.amount),
        "payout_amount": number(one.amount_usd),
        "exchange_rate": f"{1 / shop.market.usd:.8f}",
        "payout_time": one.paid,
        "pay_service": "Payoneer",
        "payee_id": "000000000000",
    }


@operation("payment.get_payout_detail", "GET")
def get_payout_detail(call: Call) -> Payload:
    page = by_number(call, _payouts(call), first=1, most=100)
    rows = [
        {
            "payout_info": _payout(call.shop, one),
            "escrow_list": [
                {"escrow_amount": number(each.amount), "currency": call.shop.currency, "order_sn": each.order.sn}
                for each in one.releases
            ],
            "offline_adjustment_list": [_offline(row) for row in one.adjustments],
        }
        for one in page.rows
    ]
    return {"more": page.more, "payout_list": rows}


def _offline(row: Row) -> Json:
    return {
        "adjustment_amount": number(row.amount),
        "module": "Refund Amount" if row.refund_sn else "Adjustment",
        "remark": row.reason,
        "scenario": row.reason,
        "adjustment_level": "order" if row.order_sn else "shop",
        "order_sn": row.order_sn,
    }


@operation("payment.get_payout_info", "GET")
def get_payout_info(call: Call) -> Payload:
    page = by_cursor(call, _payouts(call), most=100)
    rows = [{**_payout(call.shop, one), "encrypted_payout_id": one.id} for one in page.rows]
    return {"payout_list": rows, "more": page.more, "next_cursor": page.next_cursor}


@operation("payment.get_billing_transaction_info", "POST")
def get_billing_transaction_info(call: Call) -> Payload:
    if not call.shop.cross_border:
        raise no_permission("Only cross-border shops are paid out.")
    kind, size = call.given_number("billing_transaction_info_type"), call.given_number("page_size")
    if kind not in (1, 2) or not 1 <= size <= 100:
        raise bad_parameter("billing_transaction_info_type should be 1 or 2, page_size between 1 and 100.")
    wanted = call.body.get("encrypted_payout_ids") or []
    if not isinstance(wanted, list) or len(wanted) > 100:
        raise bad_parameter("At most 100 encrypted_payout_ids are allowed.")
    page = cut(_billed(call.shop, kind, [str(one) for one in wanted]), position(call.body_text("cursor")), size)
    return {"transactions": list(page.rows), "more": page.more, "next_cursor": page.next_cursor}


def _billed(shop: Shop, kind: int, wanted: list[str]) -> list[Json]:
    wallet = wallet_of(shop)
    if kind == 1:
        releases: Iterable[Release] = [one for one in wallet.releases if one.payout is None]
        rows: Iterable[Row] = wallet.adjustments
    else:
        chosen = [one for one in wallet.payouts if not wanted or one.id in wanted]
        releases = [each for one in chosen for each in one.releases]
        rows = [row for one in chosen for row in one.adjustments]
    status = "To Release" if kind == 1 else "Released"
    escrows = [_billing(shop, one.amount, one.order.sn, "Escrow", "ESCROW", status, "") for one in releases]
    return [*escrows, *(_billing(shop, row.amount, row.order_sn, "Adjustment", "ADJUSTMENT", status, row.reason) for row in rows)]


def _billing(shop: Shop, amount: Decimal, sn: str, header: str, kind: str, status: str, remark: str) -> Json:
    return {
        "amount": number(amount),
        "currency": shop.currency,
        "order_sn": sn,
        "cost_header": header,
        "scenario": remark or "Order Income",
        "remark": remark,
        "level": "ORDER" if sn else "SHOP",
        "billing_transaction_type": kind,
        "billing_transaction_status": status,
    }


# --- income -----------------------------------------------------------------------------------------------------------


def _pending(shop: Shop) -> list[Order]:
    """Ready and not yet released."""
    released = {one.order.sn for one in wallet_of(shop).releases}
    return [
        order
        for order in shop.orders.values()
        if order.ready_time and order.sn not in released and order.status not in ("CANCELLED", "IN_CANCEL")
    ]


def _income_status(call: Call) -> int:
    allowed = (TO_RELEASE, RELEASED, PENDING) if call.shop.cross_border else (RELEASED, PENDING)
    status = call.number("income_status", RELEASED)
    if status not in allowed:
        raise bad_parameter("income_status is not offered for this shop.")
    return status


@operation("payment.get_income_overview", "GET", wrapped=False)
def get_income_overview(call: Call) -> Payload:
    """At the top level, as in the platform's example."""
    _income_status(call)
    shop, wallet = call.shop, wallet_of(call.shop)
    pending = sum((income_of(shop, order).escrow for order in _pending(shop)), NOTHING)
    released = sum((one.amount for one in wallet.releases if one.payout is not None or not shop.cross_border), NOTHING)
    found: dict[str, Any] = {"pending_amount": number(pending), "released_amount": number(released)}
    if shop.cross_border:
        found["to_release_amount"] = number(sum((one.amount for one in wallet.releases if one.payout is None), NOTHING))
    return {"total_income": found}


@operation("payment.get_income_detail", "GET", wrapped=False)
def get_income_detail(call: Call) -> Payload:
    shop, status = call.shop, _income_status(call)
    start, end = _days(call)
    rows = _income_rows(shop, status, start, end)
    page = cut(rows, position(call.text("cursor")), call.between("page_size", 1, 100))
    return {
        "income_detail_list": {
            "list": list(page.rows),
            "next_page": {"cursor": page.next_cursor, "page_size": len(page.rows)},
        }
    }


def _days(call: Call) -> tuple[Instant, Instant]:
    """The days named, in the shop's own zone."""
    try:
        first, last = (date.fromisoformat(call.need(name)) for name in ("date_from", "date_to"))
    except ValueError as error:
        raise bad_parameter("date_from and date_to should be written YYYY-MM-DD.") from error
    if not 0 <= (last - first).days < INCOME_DAYS:
        raise bad_parameter(f"date_from to date_to should be at most {INCOME_DAYS} days.")
    return start_of_day(call.shop.market, first), end_of_day(call.shop.market, last)


def _income_rows(shop: Shop, status: int, start: Instant, end: Instant) -> list[Json]:
    if status == PENDING:
        waiting = [order for order in _pending(shop) if start <= order.create_time <= end]
        return [_pending_row(shop, order) for order in waiting]
    if status == TO_RELEASE:
        held = [one for one in wallet_of(shop).releases if one.payout is None and start <= one.released <= end]
        return [{**_common(shop, one.order, "To Release"), "to_release_amount": number(one.amount)} for one in held]
    paid = [(one, one.payout.paid if one.payout else one.released) for one in wallet_of(shop).releases]
    return [
        {**_common(shop, one.order, "Released"), "released_amount": number(one.amount), "actual_payout_time": at}
        for one, at in paid
        if start <= at <= end and (one.payout is not None or not shop.cross_border)
    ]


def _common(shop: Shop, order: Order, status: str) -> Json:
    return {"order_sn": order.sn, "currency": shop.currency, "payment_method": order.payment_method, "status": status}


def _pending_row(shop: Shop, order: Order) -> Json:
    return {
        **_common(shop, order, "Pending"),
        "estimated_escrow_amount": number(income_of(shop, order).escrow),
        "estimated_payout_time": (order.delivery_time or order.ready_time) + 7 * DAY,
        "creation_date": order.create_time,
    }
