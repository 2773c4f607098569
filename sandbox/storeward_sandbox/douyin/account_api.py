"""Movements of the shop's account, and bills as files that have to be asked for first."""

import csv
from dataclasses import dataclass, field
from hashlib import sha256
from io import StringIO
from typing import Any

from aiohttp import web

from storeward_sandbox.clock import DAY, HOUR, Instant, machine_now

from .bills_api import OK, wanted_rows
from .call import Call, Json
from .errors import failed, invalid
from .ledger import BY_AUTHOR, IN, Movement, ready_until, shown
from .moments import day_start, text_day, text_time
from .registry import operation
from .shop import Shop

PACKAGE = "finance"
MOST_ROWS = 1000
AGGREGATE = 4
READY_SECONDS = 3
LINK_SECONDS = HOUR
FILE_DAYS = 7
UNKNOWN, NOT_READY, EXPIRED = "100002", "100015", "100016"


# --- movements --------------------------------------------------------------------------------------------------------


def _moment(call: Call, row: Movement) -> Instant:
    """By booking (0, the usual) or by order (1)."""
    by_order = call.number("time_type") == 1
    return row.order.create_time if by_order and row.order is not None else row.time


def _biz(row: Movement) -> int:
    """2 an author's sale, 4 the shop's own."""
    return 2 if row.settlement is not None and row.settlement.flow == BY_AUTHOR else 4


def wanted_movements(call: Call) -> list[Movement]:
    rows = [row for row in shown(call.shop, call.now) if _fits(call, row)]
    if call.has("start_time") or not call.has("order_id"):
        start, end = call.text_span("start_time", "end_time")
        rows = [row for row in rows if start <= _moment(call, row) <= end]
        after = call.text("start_index")
        if after:
            rows = [row for row in rows if (_moment(call, row), row.trade_no) > (start, after)]
    return sorted(rows, key=lambda row: (_moment(call, row), row.trade_no))


def _fits(call: Call, row: Movement) -> bool:
    order_id, product = call.text("order_id"), call.text("product_id")
    if order_id and (row.order is None or row.line is None or order_id not in (row.order.id, row.line.id)):
        return False
    if product and (row.line is None or row.line.product.id != product):
        return False
    return call.number("account_type") in (None, 0, AGGREGATE) and call.number("biz_type") in (None, 0, _biz(row))


@operation("order.getShopAccountItem", package=PACKAGE)
def account_items(call: Call) -> Json:
    """A page of movements; both keys of the cursor belong into the next call."""
    size = call.number("size") or 100
    if not 1 <= size <= MOST_ROWS:
        raise invalid("size")
    rows = wanted_movements(call)
    page = rows[:size]
    last = page[-1] if page else None
    return {
        **OK,
        "data": [_row(call.shop, row) for row in page],
        "next_start_index": last.trade_no if last else "",
        "next_start_time": text_time(_moment(call, last)) if last else "",
        "size": size,
        "data_size": len(page),
        "is_end": int(len(rows) <= size),
    }


def _row(shop: Shop, row: Movement) -> Json:
    """Fees are told without a sign here."""
    bill, biz = row.settlement, _biz(row)
    return {
        "bill_time": text_time(row.time),
        "fund_flow": row.flow,
        "fund_flow_desc": "入账" if row.flow == IN else "出账",
        "account_amount": row.amount,
        "account_bill_desc": row.summary,
        "account_bill_desc_tag": row.tag,
        "biz_type": biz,
        "biz_type_desc": "精选联盟" if biz == 2 else "小店自卖",
        "order_id": row.line.id if row.line else "",
        "shop_order_id": row.order.id if row.order else "",
        "after_sale_service_no": row.case_id,
        "business_order_create_time": text_time(row.order.create_time) if row.order else "",
        "product_id": row.line.product.id if row.line else "",
        "pay_amount": row.line.pay_amount if row.line and bill else 0,
        "promotion_amount": row.line.discount if row.line and bill else 0,
        "refund_amount": -bill.income if bill and bill.income < 0 else 0,
        "platform_service_fee": -bill.fee if bill else 0,
        "commission": -bill.commission if bill else 0,
        "channel_fee": 0,
        "colonel_service_fee": 0,
        "account_type": AGGREGATE,
        "account_type_desc": "聚合支付",
        "author_coupon_subsidy": 0,
        "post_amount": row.line.post if row.line and bill else 0,
        "account_trade_no": row.trade_no,
        "order_type": 0,
        "order_type_desc": "普通订单",
        "actual_zt_pay_promotion": row.line.pay_discount if row.line and bill else 0,
        "actual_zr_pay_promotion": 0,
        "channel_promotion_fee": 0,
        "other_sharing_amount": 0,
        "remark": "保证金扣款" if row.from_deposit else "",
        "shop_id": shop.id,
        "trans_scene_tag": "",
    }


# --- files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    """A file that was asked for; it is ready a little later, by the sandbox's clock or by the machine's."""

    id: str
    text: str
    asked: Instant
    asked_by_machine: float

    def ready(self, now: Instant) -> bool:
        return now >= self.asked + READY_SECONDS or machine_now() >= self.asked_by_machine + READY_SECONDS


@dataclass
class Files:
    by_id: dict[str, File] = field(default_factory=dict)
    links: dict[str, tuple[File, Instant]] = field(default_factory=dict)


def _order_file(call: Call, prefix: str, rows: list[list[Any]]) -> str:
    files = call.shop.part(Files)
    file_id = f"{prefix}{text_day(call.now).replace('-', '')}{len(files.by_id) + 1:04d}"
    files.by_id[file_id] = File(file_id, as_csv(rows), call.now, machine_now())
    return file_id


def as_csv(rows: list[list[Any]]) -> str:
    """Comma separated with a byte order mark; long numbers end with a tab, so that spreadsheets keep their digits."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [f"{cell}\t" if str(cell).isdigit() and len(str(cell)) > 11 else cell for cell in row] for row in rows
    )
    return "\ufeff" + out.getvalue()


def _link(call: Call, file: File) -> str:
    """An address of the file that lives for an hour."""
    files = call.shop.part(Files)
    mark = sha256(f"{call.shop.id}|{file.id}|{call.now}".encode()).hexdigest()[:32]
    files.links[mark] = (file, call.now + LINK_SECONDS)
    return f"{call.base_url}/files/{call.shop.id}/{mark}.csv"


@operation("order.downloadSettleItemToShop", package=PACKAGE)
def ask_for_bill(call: Call) -> Json:
    head = ["结算时间", "结算单号", "主订单号", "子订单号", "结算金额(分)", "收入合计(分)", "支出合计(分)", "备注"]
    rows: list[list[Any]] = [
        [text_time(row.time), row.request_no, row.order.id, row.line.id, row.amount, row.income, row.outcome, row.remark]
        for row in wanted_rows(call, first_is_cursor=False)
    ]
    return {"download_id": _order_file(call, "DL", [head, *rows]), **OK}


@operation("order.downloadToShop", package=PACKAGE)
def bill_file(call: Call) -> Json:
    """The link, once the file is ready; the inner code says what is the matter otherwise."""
    file = call.shop.part(Files).by_id.get(call.need("download_id"))
    if file is None:
        return {"code": UNKNOWN, "code_msg": "下载任务不存在", "url": ""}
    if call.now > file.asked + FILE_DAYS * DAY:
        return {"code": EXPIRED, "code_msg": "文件已过期", "url": ""}
    if not file.ready(call.now):
        return {"code": NOT_READY, "code_msg": "文件还未生成", "url": ""}
    return {"code": "100000", "code_msg": "success", "url": _link(call, file)}


@operation("order.downloadShopAccountItem", package=PACKAGE)
def ask_for_account(call: Call) -> Json:
    return {"download_id": _order_file(call, "DA", _account_rows(wanted_movements(call))), **OK}


def _account_rows(rows: list[Movement]) -> list[list[Any]]:
    head = ["动账时间", "动账流水号", "动账方向", "动账金额(分)", "动账摘要", "主订单号", "子订单号"]
    return [
        head,
        *(
            [
                text_time(row.time),
                row.trade_no,
                "入账" if row.flow == IN else "出账",
                row.amount,
                row.summary,
                row.order.id if row.order else "",
                row.line.id if row.line else "",
            ]
            for row in rows
        ),
    ]


@operation("order.downloadShopAccountItemFile", package=PACKAGE)
def account_file(call: Call) -> Json:
    file = call.shop.part(Files).by_id.get(call.need("download_id"))
    if file is None or call.now > file.asked + FILE_DAYS * DAY:
        raise failed(100002, "下载任务不存在")
    return {"url": _link(call, file) if file.ready(call.now) else ""}


@operation("order.getShopAccountItemFile", package=PACKAGE)
def account_files_by_day(call: Call) -> Json:
    """A file for each day of the span that is over and booked."""
    start, end = call.text_span("start_date", "end_date")
    rows = []
    for day in range(day_start(start), day_start(end) + 1, DAY):
        if day + DAY > ready_until(call.now):
            break
        of_day = [row for row in shown(call.shop, call.now) if day <= row.time < day + DAY]
        file = File(f"day-{text_day(day)}", as_csv(_account_rows(of_day)), day, 0.0)
        rows.append({"shop_id": int(call.shop.id), "bill_date": text_day(day), "url": _link(call, file)})
    return {"data": rows, **OK}


def fetched(shop: Shop | None, mark: str) -> web.Response:
    """What lies behind a link."""
    found = shop.part(Files).links.get(mark) if shop else None
    if shop is None or found is None:
        return web.Response(status=404, text="There is no such file.")
    file, until = found
    if shop.now >= until:
        return web.Response(status=403, text="The address of this file has expired.")
    return web.Response(body=file.text.encode(), content_type="text/csv", charset="utf-8")
