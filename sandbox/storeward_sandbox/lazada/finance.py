"""Finance by API: statements, their lines, movements of the seller's account, logistics fees. Amounts are texts."""

from datetime import datetime, timedelta
from typing import Any

from storeward_sandbox.countries import local_day

from .call import Call
from .dates import BadDate, bare, local, ms, parse_day, parse_offset, worded
from .errors import ApiError, bad_date, bad_limit, malformed
from .ledger import NAMES, SHIPPING_BY_SELLER, BankMove, Entry, Ledger, Statement, bank_moves, monday_of, statements
from .registry import BOTH, POST, Answer, data, operation
from .shop import Shop
from .sites import amount_text, thousands

MOST_LINES = 500
MOST_DAYS = 180
MOST_ROWS = 100
ALL_KINDS = "-1"
TYPES = ("Deposit", "Withdrawal", "Payment")


@operation("/finance/payout/status/get")
def payouts(call: Call) -> Answer:
    """One row for each statement made since then, the oldest first."""
    given = call.need("created_after")
    try:
        since = parse_offset(given) if "T" in given else float(_midnight(call, given))
    except BadDate as error:
        raise bad_date(given) from error
    return data([_statement_row(call.shop, one) for one in statements(call.shop) if one.made >= since])


def _midnight(call: Call, text: str) -> int:
    day = parse_day(text)
    return int(datetime(day.year, day.month, day.day, tzinfo=call.shop.site.country.tz).timestamp())


def _statement_row(shop: Shop, one: Statement) -> dict[str, str]:
    paid = one.payout > 0 and one.withdrawn <= shop.now
    return {
        "subtotal2": amount_text(one.net),
        "subtotal1": amount_text(one.before_refunds),
        "shipment_fee_credit": amount_text(one.shipping_credit),
        "payout": f"{amount_text(one.payout)} {shop.currency}",
        "item_revenue": amount_text(one.revenue),
        "created_at": bare(shop.site, one.made),
        "other_revenue_total": amount_text(one.other_revenue),
        "fees_total": amount_text(one.fees),
        "refunds": amount_text(one.refunds),
        "guarantee_deposit": "0.00",
        "updated_at": bare(shop.site, one.withdrawn if paid else one.made),
        "fees_on_refunds_total": amount_text(one.fees_back),
        "closing_balance": amount_text(one.closing),
        "paid": "1" if paid else "0",
        "opening_balance": amount_text(one.opening),
        "statement_number": one.number,
        "shipment_fee": amount_text(one.shipping),
    }


# --- lines ------------------------------------------------------------------------------------------------------------


@operation("/finance/transaction/details/get")
def transaction_lines(call: Call) -> Answer:
    """Days of the store's own site, both included. No total: a short page is the last."""
    begin, end = (_day(call, name) for name in ("start_time", "end_time"))
    if (end - begin).days >= MOST_DAYS:
        raise ApiError("1000012", f"The time range must be less than {MOST_DAYS} days")
    kind = call.text("trans_type", ALL_KINDS)
    if kind != ALL_KINDS and not kind.isdigit():
        raise ApiError("1000014", "The transaction type is not valid")
    offset, limit = call.offset(10**9), call.limit(MOST_LINES, default=10)
    found = [entry for entry in call.shop.part(Ledger).entries if _is_wanted(call, entry, kind)]
    country = call.shop.site.country
    found = [entry for entry in found if begin <= local_day(country, entry.at) <= end]
    paid = {one.begin: one.withdrawn <= call.now and one.payout > 0 for one in statements(call.shop)}
    return data([_line_row(call.shop, entry, paid) for entry in found[offset : offset + limit]])


def _day(call: Call, name: str) -> Any:
    given = call.need(name)
    try:
        return parse_day(given)
    except BadDate as error:
        raise bad_date(given) from error


def _is_wanted(call: Call, entry: Entry, kind: str) -> bool:
    order, line = call.text("trade_order_id"), call.text("trade_order_line_id")
    return (
        kind in (ALL_KINDS, entry.kind)
        and (not order or (entry.order is not None and entry.order.id == order))
        and (not line or (entry.line is not None and entry.line.id == line))
    )


def _line_row(shop: Shop, entry: Entry, paid: dict[Any, bool]) -> dict[str, str]:
    group, name = NAMES[entry.kind]
    day = local_day(shop.site.country, entry.at)
    monday = monday_of(day)
    order, line = entry.order, entry.line
    line_id = line.id if line else ""
    return {
        "order_no": order.id if order else "",
        "transaction_date": worded(day),
        "amount": thousands(entry.amount),
        "paid_status": "Paid" if paid.get(monday) else "Not paid",
        "shipping_provider": line.carrier if line else "",
        "WHT_included_in_amount": "No",
        "payment_ref_id": "",
        "lazada_sku": f"{line.product.id}_{shop.region}-{line.sku.id}" if line else "",
        "fee_type": entry.kind,
        "transaction_type": group,
        "orderItem_no": line_id,
        "orderItem_status": line.status.capitalize() if line else "",
        "reference": line_id,
        "fee_name": name,
        "shipping_speed": "Standard" if line else "",
        "WHT_amount": "0.00",
        "transaction_number": entry.number,
        "seller_sku": line.sku.seller_sku if line else "",
        "statement": f"{worded(monday)} - {worded(monday + timedelta(days=6))}",
        "details": "",
        "comment": "",
        "VAT_in_amount": amount_text(entry.vat),
        "shipment_type": "Dropshipping" if line else "",
    }


# --- the seller's account ---------------------------------------------------------------------------------------------


@operation("/finance/transaction/accountTransactions/query", POST)
def account_transactions(call: Call) -> Answer:
    """Newest first. Filters are English words, texts in the answer are in the store's language (English here)."""
    begin, end = (_day(call, name) for name in ("start_time", "end_time"))
    for name in ("page_num", "page_size"):
        call.need(name)
    page, size = call.page("page_num", "page_size", most=MOST_ROWS)
    kind, sub = call.text("transaction_type"), call.text("sub_transaction_type")
    if kind and kind not in TYPES:
        return {"msg": "unknown transaction type", "data": None, "success": False, "error_code": "PARAM_INVALID"}
    country = call.shop.site.country
    found = [
        one
        for one in bank_moves(call.shop)
        if begin <= local_day(country, one.at) <= end
        and kind in ("", _words(one)[0])
        and sub in ("", _words(one)[1])
        and call.text("transaction_number", one.number) == one.number
    ]
    rows = [_move_row(call.shop, one) for one in found[(page - 1) * size : page * size]]
    info = {"total_count": len(found), "total_page": -(-len(found) // size), "page_num": page, "page_size": size}
    return {"msg": None, "data": {"page_info": info, "transactions": rows}, "success": True, "error_code": None}


def _words(one: BankMove) -> tuple[str, str]:
    return ("Deposit", "Settlement") if one.is_deposit else ("Withdrawal", "Auto Withdrawal")


def _move_row(shop: Shop, one: BankMove) -> dict[str, Any]:
    kind, sub = _words(one)
    at = bare(shop.site, one.at)
    step = {"update_time": at, "name": "WITHDRAWAL_INITIATED", "remark": "", "status": "Withdrawal created"}
    account = {"description": "Bank account", "account": f"****{shop.number:04d}"}
    return {
        "pmt_reference": "" if one.is_deposit else f"Bank Ref. {shop.code}-{at[:10].replace('-', '')}",
        "payee_account": None if one.is_deposit else account,
        "amount": amount_text(one.amount),
        "sub_type": sub,
        "transaction_number": one.number,
        "transaction_time": at,
        "currency": shop.currency,
        "tracking_list": [] if one.is_deposit else [step],
        "type": kind,
        "remarks": "",
    }


# --- logistics fees ---------------------------------------------------------------------------------------------------


@operation("/lbs/slb/queryLogisticsFeeDetail", BOTH)
def logistics_fees(call: Call) -> Answer:
    if call.need("seller_id") != call.shop.id or call.need("request_type") != "OPEN_API":
        raise malformed("seller_id")
    page, size = call.page("page_no", "page_size", default=20, most=MOST_ROWS)
    begin, end = call.number("bill_start_time"), call.number("bill_end_time")
    if begin is not None and end is not None and begin > end:
        raise bad_limit("bill_start_time")
    found = [
        entry
        for entry in call.shop.part(Ledger).entries
        if _is_wanted(call, entry, SHIPPING_BY_SELLER)
        and (begin is None or ms(entry.at) >= begin)
        and (end is None or ms(entry.at) <= end)
    ]
    rows = [_fee_row(call.shop, entry) for entry in found[(page - 1) * size : page * size]]
    return {"data": rows, "success": True, "remark": ""}


def _fee_row(shop: Shop, entry: Entry) -> dict[str, Any]:
    monday = monday_of(local_day(shop.site.country, entry.at))
    sunday = monday + timedelta(days=6)
    order, line = entry.order, entry.line
    return {
        "amount": {"amount": amount_text(-entry.amount), "currency": shop.currency},
        "tax_in_amount": {"amount": amount_text(-entry.vat), "currency": shop.currency},
        "currency": shop.currency,
        "fee_code": entry.kind,
        "fee_name": NAMES[entry.kind][1],
        "trade_order_id": order.id if order else "",
        "trade_order_line_id": line.id if line else "",
        "statement_id": f"{shop.code}-{sunday:%Y-%m%d}",
        "statement_period": f"{worded(monday)} - {worded(sunday)}",
        "seller_id": shop.id,
        "fee_creation_date": _exploded(shop, entry.at),
        "package_info": {"tracking_number": line.tracking_number if line else ""},
        "sku_info": {"seller_sku": line.sku.seller_sku if line else ""},
    }


def _exploded(shop: Shop, at: int) -> dict[str, Any]:
    """A date as the platform's own object."""
    moment = local(shop.site, at)
    return {
        "year": moment.year,
        "month_value": moment.month,
        "day_of_month": moment.day,
        "hour": moment.hour,
        "minute": moment.minute,
        "second": moment.second,
        "zone": {"id": shop.site.country.zone},
    }
