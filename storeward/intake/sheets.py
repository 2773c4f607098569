"""The tables that people bring, one `Sheet` a kind: its columns in both languages, and what a row becomes.

A column is found by its name, its English or its Chinese heading, whatever their case. Every sheet has a column `store` (its key,
its platform's id, or its name where only one store has it); `store_id`, as in facts files, is the same column.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from storeward import canon
from storeward.intake import cells
from storeward.intake.cells import BadCell, Reader
from storeward.lib.money import Money

Row: TypeAlias = Mapping[str, Any]
"""The values of a row by column name: only those of cells that say something."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet."""

    name: str
    english: str
    chinese: str
    read: Reader
    example: str
    required: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        return self.name, self.english, self.chinese


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind of table. `build` makes a record of the rows that share a key; without it the rows are facts of their own."""

    name: str
    english: str
    chinese: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns that name a thing within its store: rows of equal key are one thing."""
    stream: str
    """The stream that such a file stands for, so that its facts age like any other; empty for facts with an age of their own."""
    build: Callable[[Sequence[Row], "Told"], canon.Record] | None = None
    settle: Callable[[dict[str, Any]], Row] | None = None
    """What a row's values mean together; raises Contradiction."""

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class Told:
    """What a row need not repeat: when the file's facts were true, and the store's own currency."""

    as_of: datetime
    currency: str


class Contradiction(ValueError):
    """Two cells of a row that cannot both be right."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


def in_order(earlier: str, *later: str) -> Callable[[dict[str, Any]], Row]:
    """No instant of `later` lies before that of `earlier`."""

    def settle(row: dict[str, Any]) -> Row:
        start = row.get(earlier)
        for name in later:
            if start is not None and name in row and row[name] < start:
                raise Contradiction(name, f"lies before {earlier}; check both instants")
        return row

    return settle


def money(value: Decimal | None, row: Row, told: Told) -> Money | None:
    return None if value is None else Money(value, row.get("currency") or told.currency)


# -- orders ----------------------------------------------------------------------------------------------------------------

STATUS: Final = {
    "unpaid": "unpaid", "未付款": "unpaid", "待付款": "unpaid",
    "on_hold": "on_hold", "on hold": "on_hold", "暂缓": "on_hold",
    "to_ship": "to_ship", "to ship": "to_ship", "awaiting shipment": "to_ship", "待发货": "to_ship", "待出货": "to_ship",
    "partly_shipped": "partly_shipped", "partly shipped": "partly_shipped", "部分发货": "partly_shipped",
    "to_collect": "to_collect", "to collect": "to_collect", "awaiting collection": "to_collect", "待揽收": "to_collect",
    "in_transit": "in_transit", "in transit": "in_transit", "shipped": "in_transit", "已发货": "in_transit",
    "运输中": "in_transit",
    "delivered": "delivered", "已送达": "delivered", "已签收": "delivered",
    "completed": "completed", "已完成": "completed",
    "cancelled": "cancelled", "canceled": "cancelled", "已取消": "cancelled",
}  # fmt: skip
"""Words for where an order stands -> ours. Others are kept as they are and read as unknown, never guessed."""


def order(rows: Sequence[Row], told: Told) -> canon.Order:
    """An order of one row, or of one a line: what concerns the whole order is taken from the first row that states it."""
    first = _first_stated(rows)
    word = str(first["status"])
    status = canon.OrderStatus(word) if word in _ORDER_WORDS else canon.OrderStatus.UNKNOWN
    return canon.Order(
        platform_order_id=first["order_id"],
        platform_status=word,
        status=status,
        total=money(first.get("total"), first, told),
        placed_at=first["placed_at"],
        paid_at=first.get("paid_at"),
        updated_at=told.as_of,
        ship_by_at=first.get("ship_by_at"),
        arranged_at=first.get("arranged_at"),
        collected_at=first.get("collected_at"),
        delivered_at=first.get("delivered_at"),
        cancelled_at=first.get("cancelled_at"),
        buyer_note=first.get("buyer_note"),
        lines=tuple(_line(row, place, status, told) for place, row in enumerate(rows, 1) if _ITEM & row.keys()),
    )


_ORDER_WORDS = frozenset(word.value for word in canon.OrderStatus)
_ITEM = frozenset({"sku", "title", "quantity", "price"})


def _first_stated(rows: Sequence[Row]) -> Row:
    if len(rows) == 1:
        return rows[0]
    stated: dict[str, Any] = {}
    for row in reversed(rows):
        stated.update(row)
    return stated


def _line(row: Row, place: int, status: canon.OrderStatus, told: Told) -> canon.OrderLine:
    return canon.OrderLine(
        platform_line_id=str(place),
        status=status,
        seller_sku=row.get("sku"),
        title=row.get("title"),
        quantity=row.get("quantity", 1),
        price=money(row.get("price"), row, told),
        tracking_number=row.get("tracking_number"),
    )


# -- stock, reviews, points, violations ---------------------------------------------------------------------------------------

LISTED: Final = {
    "live": "live", "on sale": "live", "在售": "live",
    "off": "off_by_seller", "off_by_seller": "off_by_seller", "已下架": "off_by_seller",
    "off_by_platform": "off_by_platform", "平台下架": "off_by_platform", "draft": "draft", "草稿": "draft",
}  # fmt: skip


def listing(rows: Sequence[Row], told: Told) -> canon.Listing:
    """A listing, a row a SKU."""
    first = _first_stated(rows)
    return canon.Listing(
        platform_listing_id=first["listing_id"],
        title=first.get("title"),
        platform_status=first.get("status"),
        status=canon.ListingStatus(first.get("status", "live")),
        updated_at=told.as_of,
        skus=tuple(_sku(row, told) for row in rows),
    )


def _sku(row: Row, told: Told) -> canon.Sku:
    return canon.Sku(
        platform_sku_id=row.get("sku_id") or row.get("sku") or row["listing_id"],
        seller_sku=row.get("sku"),
        variant=row.get("variant"),
        price=money(row.get("price"), row, told),
        available=row["available"],
    )


def review(rows: Sequence[Row], told: Told) -> canon.Review:
    row = rows[-1]
    return canon.Review(
        platform_review_id=row["review_id"],
        platform_order_id=row.get("order_id"),
        platform_listing_id=row.get("listing_id"),
        stars=row["stars"],
        text=row.get("text"),
        reply=row.get("reply"),
        posted_at=row["posted_at"],
        updated_at=told.as_of,
    )


def points(rows: Sequence[Row], told: Told) -> canon.Points:
    row = rows[-1]
    return canon.Points(
        platform_points_id=row["id"],
        points=row["points"],
        platform_reason=row.get("reason"),
        issued_at=row["issued_at"],
        expires_at=row.get("expires_at"),
    )


VIOLATION: Final = {
    "pending": "pending", "待处理": "pending", "enforced": "enforced", "已处罚": "enforced", "under_appeal": "under_appeal",
    "under appeal": "under_appeal", "申诉中": "under_appeal", "overturned": "overturned", "申诉成功": "overturned",
    "corrected": "corrected", "已整改": "corrected", "closed": "closed", "已关闭": "closed",
}  # fmt: skip


def violation(rows: Sequence[Row], told: Told) -> canon.Violation:
    row = rows[-1]
    return canon.Violation(
        platform_violation_id=row["id"],
        platform_status=row["status"],
        status=row["status"],
        category=row.get("category"),
        platform_subject_id=row.get("subject"),
        notified_at=row.get("notified_at"),
        deadline_at=row.get("deadline_at"),
        points=row.get("points"),
        text=row.get("reason"),
    )


# -- the list ------------------------------------------------------------------------------------------------------------------

STORE: Final = "store"
ALIASES: Final = {"store_id": STORE}

_STORE = Column(STORE, "Store", "店铺", cells.text(120), "tt-my-luna3", required=True)
_CURRENCY = Column("currency", "Currency", "币种", cells.currency, "MYR")


def _ident(name: str, english: str, chinese: str, example: str, *, required: bool = True) -> Column:
    return Column(name, english, chinese, cells.ident, example, required)


def _text(name: str, english: str, chinese: str, example: str, longest: int = 300) -> Column:
    return Column(name, english, chinese, cells.text(longest), example)


def _when(name: str, english: str, chinese: str, example: str = "", *, required: bool = False) -> Column:
    return Column(name, english, chinese, cells.past, example, required)


def _later(name: str, english: str, chinese: str, example: str = "") -> Column:
    return Column(name, english, chinese, cells.instant, example)


ORDERS = Sheet(
    "orders",
    "Orders",
    "订单",
    (
        _STORE,
        _ident("order_id", "Order number", "订单号", "576465000000000301"),
        Column("status", "Status", "状态", cells.words(STATUS, strict=False), "to ship", required=True),
        _when("placed_at", "Placed", "下单时间", "2026-11-20 09:35", required=True),
        _when("paid_at", "Paid", "付款时间", "2026-11-20 09:36"),
        _later("ship_by_at", "Ship by", "最晚发货时间", "2026-11-22 23:59"),
        _when("arranged_at", "Shipment arranged", "安排发货时间"),
        _when("collected_at", "Collected by carrier", "揽收时间"),
        _when("delivered_at", "Delivered", "送达时间"),
        _when("cancelled_at", "Cancelled", "取消时间"),
        Column("total", "Total", "订单金额", cells.amount, "84.00"),
        _CURRENCY,
        _text("sku", "Seller SKU", "商家编码", "MUG-BLUE", 120),
        _text("title", "Title", "商品名称", "Mug, blue"),
        Column("quantity", "Quantity", "数量", cells.count, "2"),
        Column("price", "Unit price", "单价", cells.amount, "42.00"),
        _text("tracking_number", "Tracking number", "运单号", "MY123456789", 120),
        _text("buyer_note", "Buyer's note", "买家留言", "", 500),
    ),
    ("order_id",),
    "orders",
    order,
    in_order("placed_at", "ship_by_at", "arranged_at", "collected_at", "delivered_at", "cancelled_at"),
)
STOCK = Sheet(
    "stock",
    "Stock",
    "库存",
    (
        _STORE,
        _ident("listing_id", "Product ID", "商品ID", "1729592969712207012"),
        _ident("sku_id", "SKU ID", "SKU ID", "1729592969712207013", required=False),
        _text("sku", "Seller SKU", "商家编码", "MUG-BLUE", 120),
        _text("title", "Title", "商品名称", "Mug"),
        _text("variant", "Variant", "规格", "Blue", 120),
        Column("available", "Available", "可售库存", cells.count, "14", required=True),
        Column("status", "Status", "状态", cells.words(LISTED, strict=True), "live"),
        Column("price", "Price", "价格", cells.amount, "42.00"),
        _CURRENCY,
    ),
    ("listing_id",),
    "listings",
    listing,
)
REVIEWS = Sheet(
    "reviews",
    "Reviews",
    "评价",
    (
        _STORE,
        _ident("review_id", "Review ID", "评价ID", "7481"),
        Column("stars", "Stars", "星级", cells.between(0, 5), "2", required=True),
        _when("posted_at", "Posted", "评价时间", "2026-11-20 09:35", required=True),
        _text("text", "Text", "内容", "Arrived broken", 4000),
        _text("reply", "Reply", "回复", "", 4000),
        _ident("order_id", "Order number", "订单号", "", required=False),
        _ident("listing_id", "Product ID", "商品ID", "", required=False),
    ),
    ("review_id",),
    "reviews",
    review,
)
POINTS = Sheet(
    "points",
    "Violation and penalty points",
    "违规扣分",
    (
        _STORE,
        _ident("id", "Number", "编号", "V-2026-0042"),
        Column("points", "Points", "扣分", cells.between(0, 1000), "3", required=True),
        _when("issued_at", "Issued", "扣分时间", "2026-11-12 10:00", required=True),
        _later("expires_at", "Counts until", "有效期至"),
        _text("reason", "Reason", "原因", "Late dispatch"),
    ),
    ("id",),
    "",
    points,
    in_order("issued_at", "expires_at"),
)
VIOLATIONS = Sheet(
    "violations",
    "Violations",
    "违规记录",
    (
        _STORE,
        _ident("id", "Number", "编号", "V-2026-0042"),
        Column("status", "Status", "状态", cells.words(VIOLATION, strict=True), "pending", required=True),
        _when("notified_at", "Notified", "通知时间", "2026-11-12 10:00"),
        _later("deadline_at", "Answer by", "处理截止时间", "2026-11-26 10:00"),
        _text("category", "Category", "类别", "ip_infringement", 60),
        _text("subject", "Product or order", "相关商品或订单", "", 120),
        Column("points", "Points", "扣分", cells.between(0, 1000), ""),
        _text("reason", "Reason", "原因", "", 1000),
    ),
    ("id",),
    "",
    violation,
    in_order("notified_at", "deadline_at"),
)
BALANCES = Sheet(
    "balances",
    "Balances",
    "余额",
    (
        _STORE,
        Column("balance", "Balance", "余额", cells.amount, "-34.20", required=True),
        _CURRENCY,
        _when("at", "Read at", "查看时间", "2026-11-20 09:35"),
    ),
    ("at", "currency"),
    "wallet",
)
FACTS_KNOWN: Final = {
    "ahr": "ahr", "account health rating": "ahr", "账户健康评分": "ahr", "店铺健康分": "ahr",
    "two_step_verification": "two_step_verification", "两步验证": "two_step_verification",
    "withdrawal_frozen": "withdrawal_frozen", "提现冻结": "withdrawal_frozen",
}  # fmt: skip


def figure(row: dict[str, Any]) -> Row:
    """The value in the shape of its fact: a score, or yes and no."""
    try:
        if row["fact"] == "ahr":
            value: object = {"score": int(cells.whole(row["value"], most=1000))}
        else:
            value = cells.yes(row["value"])
    except BadCell as bad:
        raise Contradiction("value", str(bad)) from bad
    return {**row, "value": value}


FIGURES = Sheet(
    "figures",
    "Scores and settings",
    "评分与设置",
    (
        _STORE,
        Column("fact", "What", "项目", cells.words(FACTS_KNOWN, strict=True), "ahr", required=True),
        Column("value", "Value", "值", cells.text(60), "165", required=True),
        _when("as_of", "Read at", "查看时间", "2026-11-20 09:35"),
    ),
    ("fact", "as_of"),
    "",
    settle=figure,
)
FAMILY: Final = {
    "activity": "activity", "活动": "activity", "notice": "notice", "通知": "notice",
    "attestation": "attestation", "检查": "attestation",
}  # fmt: skip
EVENTS = Sheet(
    "events",
    "Sign-ins, notices and checks",
    "登录、通知与检查",
    (
        _STORE,
        Column("family", "Kind", "种类", cells.words(FAMILY, strict=True), "activity", required=True),
        _ident("type", "What happened", "事件", "login"),
        _when("at", "When", "时间", "2026-11-20 09:35", required=True),
        _text("actor", "By whom", "操作人类型", "main", 12),
        _text("note", "Note", "备注", "", 500),
    ),
    ("family", "type", "at", "actor"),
    "",
)
SHEETS: Final[Mapping[str, Sheet]] = {
    sheet.name: sheet for sheet in (ORDERS, STOCK, BALANCES, REVIEWS, POINTS, VIOLATIONS, FIGURES, EVENTS)
}
"""All of them by name."""
