"""What a shop earns with an order: the platform's escrow, worked out from the order and its refunds.

escrow = goods + refunds (negative) + shipping paid by the buyer + the platform's rebate
         - the seller's voucher - shipping - transaction fee - service fee - commission
"""

from dataclasses import dataclass
from decimal import Decimal

from .orders import NOTHING, Order
from .returns import returns_of
from .shop import Shop

COMMISSION = Decimal("0.06")
SERVICE = Decimal("0.02")
TRANSACTION = Decimal("0.02")


@dataclass(frozen=True)
class Income:
    """The parts of an order's escrow, in the shop's money; costs are positive, refunds negative."""

    goods: Decimal
    goods_before: Decimal
    voucher_seller: Decimal
    voucher_platform: Decimal
    shipping_paid: Decimal
    shipping: Decimal
    rebate: Decimal
    commission: Decimal
    service: Decimal
    transaction: Decimal
    refunded: Decimal

    @property
    def escrow(self) -> Decimal:
        income = self.goods + self.refunded + self.shipping_paid + self.rebate
        return income - self.voucher_seller - self.shipping - self.commission - self.service - self.transaction


def income_of(shop: Shop, order: Order, *, refunds: bool = True) -> Income:
    """A forecast before completion; no fees are taken on what is given back before. `refunds` False leaves refunds out."""
    goods, factor = order.goods_total, Decimal(str(shop.persona.fee_factor))
    shipping = order.shipping_fee_estimated
    taken_back = refunded(shop, order, after_completion=False) if refunds else NOTHING
    kept, paid = goods - taken_back, max(order.total - taken_back, NOTHING)
    return Income(
        goods=goods,
        goods_before=sum((line.good.listed_price * line.quantity for line in order.lines), NOTHING),
        voucher_seller=order.voucher_seller,
        voucher_platform=order.voucher_platform,
        shipping_paid=order.shipping_fee,
        shipping=shipping,
        rebate=shipping - order.shipping_fee,
        commission=shop.amount(kept * COMMISSION * factor),
        service=shop.amount(kept * SERVICE * factor),
        transaction=shop.amount(paid * TRANSACTION),
        refunded=-refunded(shop, order) if refunds else NOTHING,
    )


def refunded(shop: Shop, order: Order, *, after_completion: bool | None = None) -> Decimal:
    """What was given back: in all, or before or after completion only."""
    found = [one for one in returns_of(shop).values() if one.order_sn == order.sn and one.refunded_at]
    amounts = [one.amount for one in found if after_completion in (None, one.after_completion)]
    return min(sum(amounts, NOTHING), order.goods_total)
