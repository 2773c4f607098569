"""The seller's money: escrow released after completion, withdrawals, charges; for cross-border shops weekly payouts.

The balance is the sum of all rows. A seller withdraws every week; where fees exceed revenue the balance is below zero.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from storeward_sandbox.clock import DAY, HOUR, Instant

from .hooks import on
from .income import income_of
from .markets import monday_after
from .orders import NOTHING, Order
from .penalties import SUSPENDED, ongoing
from .returns import Return
from .shop import Shop

ESCROW_IN, ESCROW_OUT = "ESCROW_VERIFIED_ADD", "ESCROW_VERIFIED_MINUS"
WITHDRAWAL, WITHDRAWAL_BACK = "WITHDRAWAL_CREATED", "WITHDRAWAL_CANCELLED"
ADJUSTMENT_IN, ADJUSTMENT_OUT = "ADJUSTMENT_ADD", "ADJUSTMENT_MINUS"
RETURN_OUT, ADS = "ADJUSTMENT_FOR_RR_AFTER_ESCROW_VERIFIED", "PAID_ADS_CHARGE"
TABS = {
    ESCROW_IN: "wallet_order_income", ESCROW_OUT: "wallet_order_income", WITHDRAWAL: "wallet_withdrawals",
    WITHDRAWAL_BACK: "wallet_withdrawals", ADJUSTMENT_IN: "wallet_adjustment_filter",
    ADJUSTMENT_OUT: "wallet_adjustment_filter", RETURN_OUT: "wallet_adjustment_filter", ADS: "wallet_wallet_payment",
}  # fmt: skip
NUMBERS = {
    "101": ESCROW_IN, "102": ESCROW_OUT, "201": WITHDRAWAL, "203": WITHDRAWAL_BACK, "401": ADJUSTMENT_IN, "402": ADJUSTMENT_OUT,
    "411": RETURN_OUT, "450": ADS,
}  # fmt: skip


@dataclass(eq=False)
class Row:
    """One wallet row. `status`: COMPLETED, PENDING, FAILED."""

    kind: str
    amount: Decimal
    created: Instant
    balance: Decimal
    order_sn: str = ""
    refund_sn: str = ""
    status: str = "COMPLETED"
    withdrawal_id: int = 0
    reason: str = ""
    transaction_id: int = 0


@dataclass(eq=False)
class Release:
    """An order's escrow, paid out to the wallet or to the next payout."""

    order: Order
    amount: Decimal
    released: Instant
    payout: "Payout | None" = None


@dataclass(eq=False)
class Payout:
    """What a cross-border seller was paid, in US dollars."""

    id: str
    paid: Instant
    amount: Decimal
    amount_usd: Decimal
    releases: list[Release]
    adjustments: list[Row]


@dataclass
class Wallet:
    rows: list[Row] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    adjustments: list[Row] = field(default_factory=list)
    """Of a cross-border shop, until the next payout."""
    balance: Decimal = NOTHING


def wallet_of(shop: Shop) -> Wallet:
    return shop.part(Wallet)


def book(shop: Shop, kind: str, amount: Decimal, *, order_sn: str = "", refund_sn: str = "", reason: str = "") -> Row:
    """A new row, which changes the balance."""
    wallet = wallet_of(shop)
    wallet.balance += amount
    row = Row(kind, amount, shop.now, wallet.balance, order_sn, refund_sn, reason=reason)
    row.transaction_id = shop.new_number("transaction")
    (wallet.adjustments if shop.cross_border else wallet.rows).append(row)
    return row


# --- orders -----------------------------------------------------------------------------------------------------------


@on("order_completed")
def soon_released(shop: Shop, order: Order) -> None:
    shop.after(HOUR, lambda now: release(shop, order))


def release(shop: Shop, order: Order) -> Release:
    """The order's money is the seller's."""
    wallet, amount = wallet_of(shop), income_of(shop, order).escrow
    one = Release(order, amount, shop.now)
    wallet.releases.append(one)
    if not shop.cross_border:
        book(shop, ESCROW_IN if amount >= 0 else ESCROW_OUT, amount, order_sn=order.sn)
    return one


@on("return_refunded")
def after_release(shop: Shop, one: Return) -> None:
    """Money given back after the escrow was released is taken from the balance."""
    released = [each for each in wallet_of(shop).releases if each.order.sn == one.order_sn]
    if released:
        book(shop, RETURN_OUT, -one.amount, order_sn=one.order_sn, refund_sn=one.sn, reason="Return after completion")


# --- weeks ------------------------------------------------------------------------------------------------------------


@on("seed")
def seed(shop: Shop) -> None:
    shop.at(monday_after(shop.market, shop.now) + DAY, lambda now: tuesday(shop))


def tuesday(shop: Shop) -> None:
    """Charges first, then the seller draws what is left, or is paid."""
    chance, wallet = shop.chance("money"), wallet_of(shop)
    if shop.has("negative_balance"):
        book(shop, ADS, -max(wallet.balance, NOTHING) - _dollars(shop, chance.uniform(8, 30)), reason="Ads of the week")
    elif chance.random() < 0.4:
        book(shop, ADS, -_dollars(shop, chance.uniform(0.5, 3)), reason="Ads of the week")
    if chance.random() < 0.15:
        book(shop, ADJUSTMENT_OUT, -_dollars(shop, chance.uniform(0.3, 2)), reason="Shipping fee adjustment")
    if shop.cross_border:
        pay_out(shop)
    elif wallet.balance > 0 and shop.seller_works() and not any(one.kind == SUSPENDED for one in ongoing(shop)):
        withdraw(shop, shop.amount(wallet.balance * Decimal("0.8")))
    shop.at(monday_after(shop.market, shop.now) + DAY, lambda now: tuesday(shop))


def _dollars(shop: Shop, usd: float) -> Decimal:
    return shop.amount(Decimal(str(round(usd * shop.market.usd, 2))))


def withdraw(shop: Shop, amount: Decimal) -> None:
    """A day later the bank has it, or sends it back."""
    if amount <= 0:
        return
    row = book(shop, WITHDRAWAL, -amount)
    row.status, row.withdrawal_id = "PENDING", shop.new_number("withdrawal")
    shop.after(DAY, lambda now: _arrived(shop, row))


def _arrived(shop: Shop, row: Row) -> None:
    if shop.chance("money").random() < 0.04:
        row.status = "FAILED"
        back = book(shop, WITHDRAWAL_BACK, -row.amount, reason="The bank refused the transfer")
        back.withdrawal_id = row.withdrawal_id
    else:
        row.status = "COMPLETED"


def pay_out(shop: Shop) -> Payout | None:
    """Everything released since the last payout, less the charges; nothing where there is nothing."""
    wallet = wallet_of(shop)
    open_ones = [one for one in wallet.releases if one.payout is None]
    amount = sum((one.amount for one in open_ones), NOTHING) + sum((row.amount for row in wallet.adjustments), NOTHING)
    if not open_ones and not wallet.adjustments:
        return None
    usd = (amount / Decimal(str(shop.market.usd))).quantize(Decimal("0.01"))
    payout = Payout(shop.ids.new("payout"), shop.now, amount, usd, open_ones, wallet.adjustments)
    for one in open_ones:
        one.payout = payout
    wallet.adjustments, wallet.balance = [], NOTHING
    wallet.payouts.append(payout)
    return payout


@on("settled")
def something(shop: Shop) -> None:
    """Every shop has a row; where fees exceed revenue, the balance is below zero."""
    wallet = wallet_of(shop)
    if shop.has("negative_balance") and wallet.balance >= 0:
        book(shop, ADS, -wallet.balance - _dollars(shop, 12), reason="Ads of the week")
    if not wallet.rows and not shop.cross_border:
        book(shop, ADJUSTMENT_IN, _dollars(shop, 1), reason="Welcome")
    if shop.cross_border and not wallet.payouts:
        book(shop, ADJUSTMENT_IN, _dollars(shop, 1), reason="Welcome")
        pay_out(shop)
