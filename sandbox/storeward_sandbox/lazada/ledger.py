"""The money of a store: lines as things happen, a statement a week (Monday to Sunday, local), and what goes to the bank.

A statement is made on Monday at 00:20 local. What it closes with, if anything is left, is deposited at that instant and withdrawn
two days later. Fees and refunds are negative. Every sum here adds up to the last unit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from storeward_sandbox.clock import DAY, MINUTE, Instant
from storeward_sandbox.countries import local_day, rounded, start_of_day

from .orders import NOTHING, Line, Order
from .shop import Shop, on

ITEM_PRICE, ITEM_PRICE_BACK, COMMISSION, COMMISSION_BACK = "13", "14", "16", "15"
PAYMENT_FEE, PAYMENT_FEE_BACK, SHIPPING_BY_SELLER, SHIPPING_BY_BUYER = "3", "4", "7", "8"
VOUCHER, ADVERTISING, PENALTY, LOST_CLAIM, DAMAGED_CLAIM = "118", "112", "80", "85", "206"
NAMES = {
    ITEM_PRICE: ("Orders-Sales", "Item Price Credit"),
    ITEM_PRICE_BACK: ("Refunds-Sales", "Reversal Item Price"),
    COMMISSION: ("Orders-Lazada Fees", "Commission"),
    COMMISSION_BACK: ("Refunds-Lazada Fees", "Reversal Commission"),
    PAYMENT_FEE: ("Orders-Lazada Fees", "Payment Fee"),
    PAYMENT_FEE_BACK: ("Refunds-Lazada Fees", "Payment Fee Credit"),
    SHIPPING_BY_SELLER: ("Orders-Logistics", "Shipping Fee Paid by Seller"),
    SHIPPING_BY_BUYER: ("Orders-Logistics", "Shipping Fee (Paid By Customer)"),
    VOUCHER: ("Orders-Marketing Fees", "Promotional Charges Vouchers"),
    ADVERTISING: ("Other Services-Lazada Fees", "Sponsored Product Fee"),
    PENALTY: ("Orders-Lazada Fees", "Penalty Charges"),
    LOST_CLAIM: ("Refunds-Claims", "Lost Claim"),
    DAMAGED_CLAIM: ("Refunds-Claims", "Damaged Claim"),
}
REVENUE = (ITEM_PRICE,)
OTHER_REVENUE = (SHIPPING_BY_BUYER, LOST_CLAIM, DAMAGED_CLAIM)
REFUNDS = (ITEM_PRICE_BACK,)
FEES_BACK = (COMMISSION_BACK, PAYMENT_FEE_BACK)
FEES = tuple(kind for kind in NAMES if kind not in (*REVENUE, *OTHER_REVENUE, *REFUNDS, *FEES_BACK))
COMMISSION_SHARE, PAYMENT_SHARE = Decimal("0.06"), Decimal("0.0212")
VAT_SHARE = Decimal("0.07") / Decimal("1.07")
STATEMENT_AFTER = 20 * MINUTE
WITHDRAWN_AFTER = 2 * DAY


@dataclass(frozen=True)
class Entry:
    """One line. `vat` is the tax inside the amount."""

    number: str
    at: Instant
    kind: str
    amount: Decimal
    vat: Decimal
    order: Order | None = None
    line: Line | None = None


@dataclass
class Ledger:
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Statement:
    """One week. `paid_out` is what left for the bank during it, `payout` what its end releases."""

    number: str
    index: int
    begin: date
    end: date
    made: Instant
    opening: Decimal
    revenue: Decimal
    other_revenue: Decimal
    fees: Decimal
    refunds: Decimal
    fees_back: Decimal
    shipping: Decimal
    shipping_credit: Decimal
    paid_out: Decimal

    @property
    def before_refunds(self) -> Decimal:
        return self.revenue + self.other_revenue + self.fees

    @property
    def net(self) -> Decimal:
        return self.before_refunds + self.refunds + self.fees_back

    @property
    def closing(self) -> Decimal:
        return self.opening - self.paid_out + self.net

    @property
    def payout(self) -> Decimal:
        return max(self.closing, NOTHING)

    @property
    def withdrawn(self) -> Instant:
        return self.made + WITHDRAWN_AFTER


# --- what happens ---------------------------------------------------------------------------------------------------------


def book(shop: Shop, kind: str, amount: Decimal, order: Order | None = None, line: Line | None = None) -> None:
    """Write a line; nothing for nothing."""
    amount = rounded(shop.site.country, amount)
    if not amount:
        return
    vat = rounded(shop.site.country, amount * VAT_SHARE) if kind in FEES else NOTHING
    number = f"{shop.code}-{int(shop.ids.new('transaction')):X}"
    shop.part(Ledger).entries.append(Entry(number, shop.now, kind, amount, vat, order, line))


@on("lines_delivered")
def earn(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    factor = Decimal(str(shop.persona.fee_factor))
    for line in lines:
        book(shop, ITEM_PRICE, line.price, order, line)
        book(shop, COMMISSION, -line.price * COMMISSION_SHARE * factor, order, line)
        book(shop, PAYMENT_FEE, -line.paid_price * PAYMENT_SHARE, order, line)
        book(shop, VOUCHER, -line.voucher_seller, order, line)
        book(shop, SHIPPING_BY_BUYER, line.shipping, order, line)
        book(shop, SHIPPING_BY_SELLER, -line.shipping * factor, order, line)


@on("line_refunded")
def give_back(shop: Shop, order: Order, line: Line) -> None:
    factor = Decimal(str(shop.persona.fee_factor))
    book(shop, ITEM_PRICE_BACK, -line.price, order, line)
    book(shop, COMMISSION_BACK, line.price * COMMISSION_SHARE * factor, order, line)
    book(shop, PAYMENT_FEE_BACK, line.paid_price * PAYMENT_SHARE, order, line)


@on("lines_lost")
def claim(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    """The carrier's fault: the platform makes it good."""
    for line in lines:
        book(shop, LOST_CLAIM if line.status == "lost_by_3pl" else DAMAGED_CLAIM, line.paid_price, order, line)


@on("lines_cancelled")
def punish(shop: Shop, order: Order, lines: Sequence[Line], before: dict[str, str]) -> None:
    """What the platform had to cancel through the seller's fault costs a little."""
    for line in lines:
        if line.by_seller and line.initiator == "system-cancel":
            book(shop, PENALTY, -line.price * Decimal("0.05"), order, line)


@on("day")
def advertise(shop: Shop) -> None:
    """Where fees exceed revenue, it is advertising that eats it, charged every Sunday."""
    today = local_day(shop.site.country, shop.now)
    if not shop.has("negative_balance") or today.weekday() != 6:
        return
    since = shop.now - 7 * DAY
    earned = sum((one.amount for one in shop.part(Ledger).entries if one.at >= since and one.amount > 0), NOTHING)
    book(shop, ADVERTISING, -(earned + Decimal(str(shop.site.country.usd)) * 25))


# --- statements -----------------------------------------------------------------------------------------------------------


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def statements(shop: Shop) -> list[Statement]:
    """All that have been made by now, the oldest first."""
    return list(_statements(shop))


def _statements(shop: Shop) -> Iterator[Statement]:
    country, entries = shop.site.country, shop.part(Ledger).entries
    first = local_day(country, entries[0].at) if entries else local_day(country, shop.started_at - 14 * DAY)
    monday, closing, waiting = monday_of(first), NOTHING, NOTHING
    for index in range(10_000):
        begin, end = start_of_day(country, monday), start_of_day(country, monday + timedelta(days=7))
        made = end + STATEMENT_AFTER + 23
        if made > shop.now:
            return
        week = [entry for entry in entries if begin <= entry.at < end]
        statement = _statement(shop, index, monday, made, closing, week, waiting)
        yield statement
        closing, waiting = statement.closing, statement.payout
        monday += timedelta(days=7)


def _statement(
    shop: Shop, index: int, monday: date, made: Instant, opening: Decimal, week: Sequence[Entry], paid_out: Decimal
) -> Statement:
    def total(kinds: Sequence[str]) -> Decimal:
        return sum((entry.amount for entry in week if entry.kind in kinds), NOTHING)

    sunday = monday + timedelta(days=6)
    return Statement(
        number=f"{shop.code}-{sunday:%Y-%m%d}",
        index=index,
        begin=monday,
        end=sunday,
        made=made,
        opening=opening,
        revenue=total(REVENUE),
        other_revenue=total(OTHER_REVENUE),
        fees=total(FEES),
        refunds=total(REFUNDS),
        fees_back=total(FEES_BACK),
        shipping=total((SHIPPING_BY_SELLER,)),
        shipping_credit=total((SHIPPING_BY_BUYER,)),
        paid_out=paid_out,
    )


@dataclass(frozen=True)
class BankMove:
    """A deposit of a statement's money into the seller's account, or its withdrawal to the bank."""

    number: str
    at: Instant
    amount: Decimal
    statement: Statement

    @property
    def is_deposit(self) -> bool:
        return self.amount > 0


def bank_moves(shop: Shop) -> list[BankMove]:
    """The newest first."""
    found = []
    for statement in statements(shop):
        if not statement.payout:
            continue
        number = f"{shop.number:05d}{statement.index:04d}"
        found.append(BankMove(f"1{number}0", statement.made, statement.payout, statement))
        if statement.withdrawn <= shop.now:
            found.append(BankMove(f"1{number}1", statement.withdrawn, -statement.payout, statement))
    return found[::-1]


def balance(shop: Shop) -> Decimal:
    """What the platform owes the store now, or the store the platform."""
    earned = sum((entry.amount for entry in shop.part(Ledger).entries), NOTHING)
    return earned + sum((one.amount for one in bank_moves(shop) if not one.is_deposit), NOTHING)
