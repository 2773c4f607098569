"""The books of a shop: its ledger, fed from its orders and their refunds whenever somebody looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .aftersales_life import Aftersales
from .ledger import Ledger, Refund, SoldLine, SoldOrder, draw_habits, open_ledger
from .orders import Line, Order
from .returns import Return
from .shop import Shop


@dataclass
class Books:
    """Holds the ledger of a shop."""

    ledger: Ledger | None = None


def ledger_of(shop: Shop) -> Ledger:
    """The ledger as of now: every day that has ended is closed."""
    books = shop.part(Books)
    if books.ledger is None:
        books.ledger = new_ledger(shop)
    books.ledger.catch_up(sold_orders(shop), shop.now)
    return books.ledger


def new_ledger(shop: Shop) -> Ledger:
    """Books that begin with the shop's past. A seller who has stopped working withdraws nothing any more."""
    habits = draw_habits(
        shop.chance("finance"),
        shop.started_at,
        fees_exceed=shop.has("negative_balance"),
        neglected=shop.has("neglected"),
    )
    return open_ledger(shop.id, shop.market, habits, shop.started_at)


def sold_orders(shop: Shop) -> Iterator[SoldOrder]:
    """Every order that somebody pays for, oldest first."""
    requests = requests_by_order(shop)
    for order in shop.orders.values():
        if order.status not in ("UNPAID", "CANCELLED") and not order.is_replacement_order and not never_paid(order):
            yield sold(order, requests.get(order.id, []))


def never_paid(order: Order) -> bool:
    """Over before anybody paid: cash on delivery that was called off on its way."""
    return bool(order.completed_time) and not order.paid_time


def requests_by_order(shop: Shop) -> dict[str, list[Return]]:
    found: dict[str, list[Return]] = {}
    for request in shop.part(Aftersales).returns.values():
        found.setdefault(request.order_id, []).append(request)
    return found


def sold(order: Order, requests: list[Return]) -> SoldOrder:
    return SoldOrder(
        id=order.id,
        created=order.create_time,
        delivered=order.delivery_time or order.completed_time,
        lines=[as_sold(line) for line in order.open_lines()],
        shipping_paid=order.shipping_fee,
        refunds=[refund for request in requests if request.refunded_at for refund in refunds_of(request)],
        requests=[(request.created, request.closed) for request in requests],
    )


def as_sold(line: Line) -> SoldLine:
    """Platform discounts are the platform's affair: the seller is paid as if there were none."""
    item = line.item
    return SoldLine(item.sku_id, item.sku_name, item.product_name, line.original_price, line.seller_discount)


def refunds_of(request: Return) -> list[Refund]:
    """What a request gave back, SKU by SKU. A partial refund is booked on the first one."""
    if request.partial is not None:
        return [Refund(request.lines[0].sku_id, request.partial, request.refunded_at)]
    by_sku: dict[str, Decimal] = {}
    for line in request.lines:
        by_sku[line.sku_id] = by_sku.get(line.sku_id, Decimal(0)) + line.subtotal
    return [Refund(sku_id, amount, request.refunded_at) for sku_id, amount in by_sku.items()]


def finance_truth(shop: Shop) -> dict[str, object]:
    """What the sandbox itself holds about the shop's money, for tests: the balance, and since when it has been below zero."""
    ledger = ledger_of(shop)
    balance, since = Decimal(0), 0
    for row in sorted(ledger.wallet, key=lambda row: row.created):
        if row.created > shop.now:
            break
        balance += row.signed
        since = 0 if balance >= 0 else since or row.created
    return {
        "balance": str(ledger.balance_at(shop.now)),
        "currency": shop.currency,
        "negative_since": since,
        "statements": len(ledger.statements),
        "wallet_rows": len(ledger.wallet),
    }
