"""Settlements and movements of money (fact sheet section 10): two tables that tell of the same money and are never added up.

A settlement is what a goods order brought; its amounts have signs. A movement is what came into or left an account; there
`fund_flow` says which way. Times are text in GMT+8; the day before is complete at 10:00. Failures hide under the outer success:
see `errors`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from storeward.canon import Record, Transaction, TransactionStatus
from storeward.connectors.contract import Parse, Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, plain

from .envelope import About, Build, W, as_text, build_all, open_shell
from .paging import by_cursor, by_number
from .requests import read as ask
from .requests import written
from .values import Amounts, Ids, Words, china, fen, word

PAGE_SIZE: Final = 100
MOVEMENTS_PER_PAGE: Final = 1000
BY_BOOKING: Final = "0"
"""`time_type`: by when it was settled or booked, not by when it was ordered."""


def list_settlements_request(*, since: datetime, until: datetime, page_size: int = PAGE_SIZE) -> Request:
    told = {"start_time": written(since), "end_time": written(until), "time_type": BY_BOOKING, "size": page_size}
    return ask("order.getSettleBillDetailV3", told)


def settlements_of_request(line_ids: list[str]) -> Request:
    """What became of goods orders, five at most."""
    return ask("order.getSettleBillDetailV3", {"order_id": ",".join(line_ids), "size": PAGE_SIZE})


def list_movements_request(*, since: datetime, until: datetime, page_size: int = MOVEMENTS_PER_PAGE) -> Request:
    told = {"start_time": written(since), "end_time": written(until), "time_type": int(BY_BOOKING), "size": page_size}
    return ask("order.getShopAccountItem", told)


def settlement_file_request(since: datetime, until: datetime) -> Request:
    """Have a file made of all settlements of a span; `receipt["download_id"]` fetches it when it is ready."""
    told = {"start_time": written(since), "end_time": written(until), "time_type": BY_BOOKING}
    return ask("order.downloadSettleItemToShop", told)


def settlement_file_ready_request(download_id: str) -> Request:
    """Where the file lies (`receipt["url"]`, good for an hour); Unavailable while it is being made."""
    return ask("order.downloadToShop", {"download_id": download_id})


def movement_file_request(since: datetime, until: datetime) -> Request:
    told = {"start_time": written(since), "end_time": written(until), "time_type": int(BY_BOOKING)}
    return ask("order.downloadShopAccountItem", told)


def movement_file_ready_request(download_id: str) -> Request:
    return ask("order.downloadShopAccountItemFile", {"download_id": download_id})


def daily_files_request(first: date, last: date) -> Request:
    """A file for each day, both ends included."""
    return ask("order.getShopAccountItemFile", {"start_date": first.isoformat(), "end_date": last.isoformat()})


class Settlement(Wire):
    """A row of V3, V2 or V1: what one of them has, the others may lack."""

    MATTERS = frozenset({"request_no", "settle_amount", "settle_time"})

    settle_time: str | None = None
    request_no: Id = None
    shop_order_id: Id = None
    order_id: Id = None
    settle_amount: int | None = None
    pay_type: Id = None
    pay_type_desc: str | None = None
    trade_type: Id = None
    trade_type_desc: str | None = None
    is_contains_refund_before_settle: Id = None
    order_time: str | None = None
    product_id: Id = None
    goods_count: int | None = None
    flow_type: Id = None
    flow_type_desc: str | None = None
    order_type: Id = None
    phase_order_no: Id = None
    phase_cnt: Id = None
    phase_id: Id = None
    shop_id: Id = None
    remark: str | None = None
    total_amount: int | None = None
    total_goods_amount: int | None = None
    post_amount: int | None = None
    packing_amount: int | None = None
    shop_coupon: int | None = None
    refund_before_settle: int | None = None
    refund_before_settlement: int | None = None
    platform_coupon: int | None = None
    author_coupon: int | None = None
    pay_promotion: int | None = None
    zt_pay_promotion: int | None = None
    zr_pay_promotion: int | None = None
    actual_platform_coupon: int | None = None
    actual_author_coupon: int | None = None
    actual_pay_promotion: int | None = None
    actual_zt_pay_promotion: int | None = None
    actual_zr_pay_promotion: int | None = None
    actual_subsidy_amount: int | None = None
    real_pay_amount: int | None = None
    settled_pay_amount: int | None = None
    total_income: int | None = None
    profit: int | None = None
    platform_service_fee: int | None = None
    commission: int | None = None
    good_learn_channel_fee: int | None = None
    colonel_service_fee: int | None = None
    channel_promotion_fee: int | None = None
    other_sharing_amount: int | None = None
    total_outcome: int | None = None
    refund: int | None = None
    shop_refund_loss: int | None = None


SETTLEMENT_FEES: Final = Amounts(
    "total_amount", "total_goods_amount", "post_amount", "packing_amount", "shop_coupon", "refund_before_settle",
    "refund_before_settlement", "platform_coupon", "author_coupon", "pay_promotion", "zt_pay_promotion", "zr_pay_promotion",
    "actual_platform_coupon", "actual_author_coupon", "actual_pay_promotion", "actual_zt_pay_promotion",
    "actual_zr_pay_promotion", "actual_subsidy_amount", "real_pay_amount", "settled_pay_amount", "total_income", "profit",
    "platform_service_fee", "commission", "good_learn_channel_fee", "colonel_service_fee", "channel_promotion_fee",
    "other_sharing_amount", "total_outcome", "refund", "shop_refund_loss",
)  # fmt: skip
SETTLEMENT_WORDS: Final = Words(
    "pay_type", "pay_type_desc", "trade_type_desc", "flow_type", "flow_type_desc", "order_type",
    "is_contains_refund_before_settle", "phase_cnt", "phase_id",
)  # fmt: skip
SETTLEMENT_IDS: Final = Ids("product_id", "phase_order_no", "shop_id")


def build_settlement(wire: Settlement, notes: Notes, about: About) -> Iterable[Record]:
    """One settlement of a goods order, its amount with its sign: a refund after settlement is negative."""
    settlement_id = digits(wire.request_no)
    if settlement_id is None:
        notes.left_out("request_no", "settlement")
        return ()
    return (
        Transaction(
            platform_transaction_id=settlement_id,
            platform_type=word(wire.trade_type),
            status=TransactionStatus.DONE,
            ledger="statement",
            platform_order_id=digits(wire.shop_order_id),
            platform_line_id=digits(wire.order_id),
            platform_more=SETTLEMENT_WORDS(wire) | SETTLEMENT_IDS(wire),
            text=wire.remark or None,
            quantity=wire.goods_count,
            amount=fen(wire.settle_amount, "settle_amount", notes),
            at=china(wire.settle_time, "settle_time", notes),
            order_placed_at=china(wire.order_time, "order_time", notes),
            revenue=fen(wire.total_income, "total_income", notes),
            fees_and_taxes=fen(wire.total_outcome, "total_outcome", notes),
            fees=SETTLEMENT_FEES(wire, notes),
        ),
    )


class Movement(Wire):
    """A row of the account."""

    MATTERS = frozenset({"account_trade_no", "account_amount", "fund_flow", "bill_time"})

    bill_time: str | None = None
    fund_flow: Id = None
    fund_flow_desc: str | None = None
    account_amount: int | None = None
    account_bill_desc: str | None = None
    account_bill_desc_tag: Id = None
    trans_scene_tag: Id = None
    biz_type: Id = None
    biz_type_desc: str | None = None
    order_id: Id = None
    shop_order_id: Id = None
    after_sale_service_no: Id = None
    business_order_create_time: str | None = None
    product_id: Id = None
    account_type: Id = None
    account_type_desc: str | None = None
    account_trade_no: Id = None
    order_type: Id = None
    order_type_desc: str | None = None
    remark: str | None = None
    shop_id: Id = None
    pay_amount: int | None = None
    promotion_amount: int | None = None
    refund_amount: int | None = None
    platform_service_fee: int | None = None
    commission: int | None = None
    channel_fee: int | None = None
    colonel_service_fee: int | None = None
    author_coupon_subsidy: int | None = None
    post_amount: int | None = None
    actual_zt_pay_promotion: int | None = None
    actual_zr_pay_promotion: int | None = None
    channel_promotion_fee: int | None = None
    other_sharing_amount: int | None = None


MOVEMENT_FEES: Final = Amounts(
    "pay_amount", "promotion_amount", "refund_amount", "platform_service_fee", "commission", "channel_fee",
    "colonel_service_fee", "author_coupon_subsidy", "post_amount", "actual_zt_pay_promotion", "actual_zr_pay_promotion",
    "channel_promotion_fee", "other_sharing_amount",
)  # fmt: skip
MOVEMENT_WORDS: Final = Words(
    "fund_flow", "fund_flow_desc", "account_bill_desc_tag", "trans_scene_tag", "biz_type", "biz_type_desc", "account_type",
    "account_type_desc", "order_type", "order_type_desc", "remark",
)  # fmt: skip
MOVEMENT_IDS: Final = Ids("after_sale_service_no", "product_id", "shop_id")
DIRECTION: Final = {"0": "in", "1": "out"}
"""`fund_flow`."""


def build_movement(wire: Movement, notes: Notes, about: About) -> Iterable[Record]:
    """One movement of the account. The amount is as stated, without a sign; `direction` says which way it went."""
    movement_id = digits(wire.account_trade_no)
    if movement_id is None:
        notes.left_out("account_trade_no", "movement")
        return ()
    flow = word(wire.fund_flow)
    direction = DIRECTION.get(flow or "")
    if flow is not None and direction is None:
        notes.note("fund_flow", f"is a word we do not know: {flow:.80}; kept as it is")
    return (
        Transaction(
            platform_transaction_id=movement_id,
            platform_type=word(wire.trans_scene_tag) or word(wire.account_bill_desc_tag),
            status=TransactionStatus.DONE,
            ledger="wallet",
            platform_order_id=digits(wire.shop_order_id),
            platform_line_id=digits(wire.order_id),
            platform_more=MOVEMENT_WORDS(wire) | MOVEMENT_IDS(wire),
            text=wire.account_bill_desc or None,
            amount=fen(wire.account_amount, "account_amount", notes),
            direction=direction,
            at=china(wire.bill_time, "bill_time", notes),
            order_placed_at=china(wire.business_order_create_time, "business_order_create_time", notes),
            fees=MOVEMENT_FEES(wire, notes),
        ),
    )


def _bill_parser(method: str, shape: type[W], build: Build[W], *, paged_by_number: bool = False) -> Parse:
    """A page of `data.data`, inside the second frame of a bill."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, members = open_shell(body, method)
        if members is None:
            return parsed
        rows = build_all(members.get("data"), "data.data", shape, build, about, parsed)
        if not parsed.unreadable:
            parsed.next_page = by_number(0)(members, parsed, rows, about) if paged_by_number else by_cursor(members)
        return parsed

    return parse


def _file_parser(method: str) -> Parse:
    """Where a file lies, or by which id it can be asked for."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, members = open_shell(body, method)
        if members is not None:
            keys = ("download_id", "url")
            parsed.receipt = {key: told for key in keys if (told := as_text(members.get(key))) is not None}
            parsed.answer = {name: plain(raw) for name, raw in members.items()}
        return parsed

    return parse


parse_settlements = _bill_parser("order.getSettleBillDetailV3", Settlement, build_settlement)
parse_settlements_v2 = _bill_parser("order.getSettleBillDetailV2", Settlement, build_settlement)
parse_settlements_v1 = _bill_parser("order.getSettleBillDetail", Settlement, build_settlement, paged_by_number=True)
parse_movements = _bill_parser("order.getShopAccountItem", Movement, build_movement)
parse_settlement_file = _file_parser("order.downloadSettleItemToShop")
parse_settlement_file_ready = _file_parser("order.downloadToShop")
parse_movement_file = _file_parser("order.downloadShopAccountItem")
parse_movement_file_ready = _file_parser("order.downloadShopAccountItemFile")
parse_daily_files = _file_parser("order.getShopAccountItemFile")
"""Links to files are good for an hour."""
