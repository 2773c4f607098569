"""What a shop sold, counted over its orders: the figures behind its analytics. Stars that buyers leave are kept here too."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from storeward_sandbox.clock import HOUR, Instant

from .aftersales_life import Aftersales
from .hooks import on
from .money import NOTHING
from .orders import Line, Order
from .requests import RequestLine
from .returns import Return
from .shop import Shop

Choose = Callable[[Line], bool]


@dataclass
class Reviews:
    """Stars by order id, and when they were left. No operation lists them: only the shop's score knows."""

    stars: dict[str, tuple[int, Instant]] = field(default_factory=dict)


@on("order_completed")
def perhaps_review(shop: Shop, order: Order) -> None:
    """A third of the buyers leave stars; those who waited long leave fewer."""
    chance = shop.chance("reviews")
    if chance.random() < 0.35:
        weights = (30, 20, 15, 15, 20) if order.late else (2, 2, 6, 25, 65)
        stars = chance.choices((1, 2, 3, 4, 5), weights)[0]
        shop.after(chance.randint(1, 30) * HOUR, lambda now: leave_stars(shop, order, stars, now))


def leave_stars(shop: Shop, order: Order, stars: int, now: Instant) -> None:
    shop.part(Reviews).stars.setdefault(order.id, (stars, now))


@dataclass(frozen=True)
class Sales:
    """Counts and amounts of some orders. `gmv` is what was sold, cancelled or not; `refunds` what was given back."""

    orders: int = 0
    sku_orders: int = 0
    items: int = 0
    buyers: int = 0
    gmv: Decimal = NOTHING
    tax: Decimal = NOTHING
    shipping: Decimal = NOTHING
    refunds: Decimal = NOTHING
    refunded_items: int = 0
    returned: int = 0
    cancelled: int = 0
    replaced: int = 0

    @property
    def average(self) -> Decimal:
        return self.gmv / self.orders if self.orders else NOTHING

    @property
    def average_by_sku(self) -> Decimal:
        return self.gmv / self.sku_orders if self.sku_orders else NOTHING


def everything(_line: Line) -> bool:
    return True


def sales(shop: Shop, begin: Instant, end: Instant, choose: Choose = everything) -> Sales:
    """What was ordered and paid (or confirmed, with cash on delivery) in [begin, end), as far as `choose` takes the line."""
    found = [
        (order, lines)
        for order in shop.orders.values()
        if begin <= order.create_time < end
        and order.due.rts_sla_time
        and (lines := [line for line in order.lines if choose(line)])
    ]
    lines = [line for _order, chosen in found for line in chosen]
    back = given_back(shop, found)
    return Sales(
        orders=len(found),
        sku_orders=sum(len({line.item.sku_id for line in chosen}) for _order, chosen in found),
        items=len(lines),
        buyers=len({order.buyer.user_id for order, _chosen in found}),
        gmv=total(line.sale_price for line in lines),
        tax=total(line.tax for line in lines),
        shipping=total(order.shipping_fee for order, _chosen in found),
        refunds=back.amount,
        refunded_items=back.items,
        returned=back.returned,
        cancelled=sum(line.status == "CANCELLED" for line in lines),
        replaced=back.replaced,
    )


@dataclass(frozen=True)
class Back:
    amount: Decimal
    items: int
    returned: int
    replaced: int


def given_back(shop: Shop, found: Iterable[tuple[Order, list[Line]]]) -> Back:
    """Refunds and replacements about these lines."""
    wanted = {line.id for _order, chosen in found for line in chosen}
    requests = [
        request for request in shop.part(Aftersales).returns.values() if wanted & {one.order_line_id for one in request.lines}
    ]
    paid = [(request, line) for request in requests if request.refunded_at for line in request.lines]
    chosen = [(request, line) for request, line in paid if line.order_line_id in wanted]
    return Back(
        amount=total(refunded(request, line) for request, line in chosen),
        items=len(chosen),
        returned=sum(bool(request.arrived) for request in requests),
        replaced=sum(bool(request.replaced_by) for request in requests),
    )


def refunded(request: Return, line: RequestLine) -> Decimal:
    """What was given back for the line; a partial refund is booked on the first one, as in the statements."""
    if request.partial is None:
        return line.total
    return request.partial if line is request.lines[0] else NOTHING


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
