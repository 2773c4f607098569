"""Seller Center notices: texts without a time stamp, the only place where some things are told at all."""

from dataclasses import dataclass, field
from typing import Any

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant

from .call import Call
from .registry import BOTH, Answer, operation
from .shop import Shop, on

MOST_KEPT = 500


@dataclass(frozen=True)
class Notice:
    id: str
    at: Instant
    title: str
    text: str
    group: str
    link: str


@dataclass
class Notices:
    posted: list[Notice] = field(default_factory=list)


def post(shop: Shop, title: str, text: str, group: str, link: str = "/apps/home") -> None:
    notices = shop.part(Notices)
    notices.posted.append(Notice(shop.ids.new("notice"), shop.now, title, text, group, link))
    del notices.posted[:-MOST_KEPT]


@on("order_placed")
def new_order(shop: Shop, order: Any) -> None:
    post(shop, "New order", f"Order Number: {order.id}", "Orders", f"/apps/order/detail?tradeOrderId={order.id}")


@operation("/sellercenter/msg/list", BOTH)
def list_notices(call: Call) -> Answer:
    page, size = call.page("page", "pageSize", default=10, most=100)
    newest = call.shop.part(Notices).posted[::-1]
    rows = newest[(page - 1) * size : page * size]
    info = {"current": page, "total": len(newest), "pageSize": size}
    return {"result": {"data": {"pageInfo": info, "dataSource": [_row(call, one) for one in rows]}, "success": True}}


def _row(call: Call, notice: Notice) -> dict[str, Any]:
    content = {
        "appLink": f"lazadaseller://com.sc.lazada{notice.link}",
        "webLink": notice.link,
        "description": notice.text,
        "title": notice.title,
        "categoryName": notice.group,
        "picture": "",
    }
    return {"message_content": content, "id": notice.id, "time": ago(call.now - notice.at)}


def ago(seconds: int) -> str:
    """`10 minutes ago`: all that the platform tells."""
    for unit, word in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        count = seconds // unit
        if count:
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return "just now"
