"""The money of a shop: what each order settles to, the statement of each day, and the wallet behind it.

Everything is worked out from the orders when somebody asks (`Ledger.catch_up`), and comes out the same whoever asks when: what
falls into a day is decided by instants alone. Costs are negative, so parts add up: revenue + shipping + fees and taxes +
adjustment is the settlement, the settlements of a day are its statement, and the wallet's rows, signed by `WalletRow.signed`,
are the balance.
Instants are unix seconds; a day runs from 00:00 to 24:00 UTC.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

from storeward_sandbox.clock import DAY
from storeward_sandbox.countries import rounded

from .catalogue import new_id
from .markets import Market

SETTLE_DAYS = {"US": 8, "GB": 8}
"""Days from delivery to settlement; three elsewhere."""

TAX_ON_FEES = {
    "MY": ("sst_amount", "0.08"),
    "SG": ("gst_amount", "0.09"),
    "PH": ("vat_amount", "0.12"),
    "TH": ("vat_amount", "0.07"),
    "VN": ("vat_amount", "0.10"),
    "ID": ("vat_amount", "0.11"),
    "GB": ("vat_amount", "0.20"),
    "US": ("sales_tax_referral_fee_amount", "0.00"),
}

Parts = dict[str, Decimal]


def total(parts: Parts) -> Decimal:
    return sum(parts.values(), Decimal(0))


@dataclass(slots=True, frozen=True)
class SoldLine:
    """One unit of an order, as far as money is concerned."""

    sku_id: str
    sku_name: str
    product_name: str
    price: Decimal
    seller_discount: Decimal


@dataclass(slots=True, frozen=True)
class Refund:
    """Money given back to the buyer for a SKU, and when it was paid."""

    sku_id: str
    amount: Decimal
    paid: int


@dataclass(slots=True, frozen=True)
class SoldOrder:
    """An order that is not cancelled. `delivered` 0: not yet; `requests` are the spans (opened, closed or 0) of its after-sales
    requests: while one of them is open the order is not settled."""

    id: str
    created: int
    delivered: int
    lines: Sequence[SoldLine]
    shipping_paid: Decimal
    refunds: Sequence[Refund] = ()
    requests: Sequence[tuple[int, int]] = ()


@dataclass(slots=True)
class SkuPart:
    """What one SKU of an order brought in and cost."""

    sku_id: str
    sku_name: str
    product_name: str
    quantity: int
    revenue: Parts
    shipping: Parts
    fee: Parts
    tax: Parts

    @property
    def settlement(self) -> Decimal:
        return total(self.revenue) + total(self.shipping) + total(self.fee) + total(self.tax)


@dataclass(slots=True)
class Entry:
    """One transaction: an order, the refund of one already settled, or an adjustment."""

    id: str
    type: str
    at: int
    order_id: str = ""
    order_created: int = 0
    parts: list[SkuPart] = field(default_factory=list)
    adjustment: Decimal = Decimal(0)

    def group(self, name: str) -> Parts:
        """One breakdown of the whole transaction: the SKUs' parts added by field name."""
        merged: Parts = {}
        for part in self.parts:
            for key, amount in getattr(part, name).items():
                merged[key] = merged.get(key, Decimal(0)) + amount
        return merged

    @property
    def revenue(self) -> Decimal:
        return sum((total(part.revenue) for part in self.parts), Decimal(0))

    @property
    def shipping(self) -> Decimal:
        return sum((total(part.shipping) for part in self.parts), Decimal(0))

    @property
    def fees(self) -> Decimal:
        return sum((total(part.fee) + total(part.tax) for part in self.parts), Decimal(0))

    @property
    def settlement(self) -> Decimal:
        return self.revenue + self.shipping + self.fees + self.adjustment


@dataclass(slots=True)
class Statement:
    """One day's transactions, closed at `time` (00:00 UTC of the next day)."""

    id: str
    time: int
    entries: list[Entry]
    payment_id: str = ""
    paid: int = 0

    @property
    def settlement(self) -> Decimal:
        return sum((entry.settlement for entry in self.entries), Decimal(0))

    def sum_of(self, name: str) -> Decimal:
        return sum((getattr(entry, name) for entry in self.entries), Decimal(0))


@dataclass(slots=True, frozen=True)
class Payment:
    id: str
    created: int
    paid: int
    amount: Decimal


OUTGOING = frozenset({"WITHDRAW", "PAYMENT", "POLICY_VIOLATION_DEDUCTION"})
"""Wallet rows whose amount is stated without a sign and leaves the wallet."""


@dataclass(slots=True, frozen=True)
class WalletRow:
    """One wallet movement as the platform lists it: `amount` is positive for what is paid out, the type tells the direction.
    `settled` is when its first status (`PROCESSING`) turns into `final`."""

    id: str
    type: str
    amount: Decimal
    created: int
    settled: int = 0
    final: str = "SUCCESS"

    @property
    def signed(self) -> Decimal:
        return -self.amount if self.type in OUTGOING else self.amount

    def status(self, now: int) -> str:
        return "PROCESSING" if now < self.settled else self.final


@dataclass(slots=True, frozen=True)
class Habits:
    """How money moves in this shop beside its orders.

    `ads_from` and `ads_until` bound the days of an advertising craze: `ads_dollars` a day straight from the wallet, and
    `fee_share` of each order's price on top. `withdraws` says whether somebody empties the wallet on Mondays;
    `carried_dollars` is what it held when our history begins, and stays in it.
    """

    ads_from: int = 0
    ads_until: int = 0
    ads_dollars: int = 0
    fee_share: Decimal = Decimal(0)
    withdraws: bool = True
    carried_dollars: int = 40


def draw_habits(rng: random.Random, now: int, *, fees_exceed: bool, neglected: bool) -> Habits:
    """The habits of a new shop. Where fees exceed revenue the wallet has been below zero for 1 to 15 days, some far below."""
    if not fees_exceed:
        return Habits(withdraws=not neglected, carried_dollars=rng.randint(25, 120))
    midnight = now - now % DAY
    return Habits(
        ads_from=midnight - rng.randint(4, 17) * DAY,
        ads_until=midnight + rng.randint(4, 12) * DAY,
        ads_dollars=rng.choice((3, 6, 25)),
        fee_share=Decimal(rng.randint(105, 140)) / 100,
        carried_dollars=rng.randint(2, 6),
    )


@dataclass(slots=True)
class Ledger:
    """Statements, payments and wallet of one shop up to `closed`, the last midnight that has been worked out."""

    shop_id: str
    market: Market
    habits: Habits
    opened: int
    closed: int = 0
    settled: dict[str, Entry] = field(default_factory=dict)
    refunded: dict[tuple[str, str, int], Entry] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    wallet: list[WalletRow] = field(default_factory=list)

    @property
    def has_wallet(self) -> bool:
        """South-east Asian sellers withdraw from a wallet; others are paid out by the platform."""
        return self.market.south_east_asia

    @property
    def carried(self) -> Decimal:
        """What stays in the wallet whatever is paid out."""
        return self.money(Decimal(self.habits.carried_dollars))

    @property
    def balance(self) -> Decimal:
        return sum((row.signed for row in self.wallet), Decimal(0))

    def balance_at(self, instant: int) -> Decimal:
        return sum((row.signed for row in self.wallet if row.created <= instant), Decimal(0))

    def money(self, dollars: Decimal) -> Decimal:
        """So many US dollars' worth in the shop's currency, rounded to its decimals."""
        return self.round(dollars * Decimal(str(self.market.usd)))

    def catch_up(self, orders: Iterable[SoldOrder], now: int) -> None:
        """Close every day that has ended by `now`. Asking again changes nothing."""
        if self.closed + DAY > now:
            return
        waiting = self.due(orders)
        while self.closed + DAY <= now:
            start, self.closed = self.closed, self.closed + DAY
            rng = random.Random(f"{self.shop_id}:{start}")  # noqa: S311 - a world, not a secret
            entries = [entry for entry in waiting if start <= entry.at < self.closed]
            entries += self.adjustments(rng, start)
            for entry in entries:
                self.remember(entry)
            if entries:
                self.close_day(rng, entries)
            self.move_wallet(rng)

    def due(self, orders: Iterable[SoldOrder]) -> list[Entry]:
        """Every transaction that the orders will yield and that no statement holds yet, oldest first."""
        entries: list[Entry] = []
        for order in orders:
            entries += self.entries_of(order)
        return sorted(entries, key=lambda entry: (entry.at, entry.id))

    def entries_of(self, order: SoldOrder) -> list[Entry]:
        at = self.settles_at(order)
        if at <= 0:
            return []
        early = [refund for refund in order.refunds if refund.paid <= at]
        late = [refund for refund in order.refunds if refund.paid > at]
        entries = [] if order.id in self.settled else [self.order_entry(order, at, early)]
        return entries + [
            self.refund_entry(order, refund) for refund in late if (order.id, refund.sku_id, refund.paid) not in self.refunded
        ]

    def settles_at(self, order: SoldOrder) -> int:
        """When the money is the seller's: days after delivery, or when the last request about it closed. 0: not known."""
        if not order.delivered:
            return 0
        at = order.delivered + SETTLE_DAYS.get(self.market.region, 3) * DAY
        for opened, closed in sorted(order.requests):
            if opened <= at and not closed:
                return 0
            at = max(at, closed) if opened <= at else at
        return max(at, self.opened)

    def order_entry(self, order: SoldOrder, at: int, refunds: Sequence[Refund] = (), *, estimate: bool = False) -> Entry:
        """What the order settles to, SKU by SKU; the first one bears the shipping. An estimate knows of no advertising."""
        craze = not estimate and self.habits.ads_from <= at < self.habits.ads_until
        parts = [
            self.sku_part(order, sku_id, refunds, first=not index, craze=craze) for index, sku_id in enumerate(skus_of(order))
        ]
        return Entry(number("16", order.id), "ORDER", at, order.id, order.created, parts)

    def sku_part(self, order: SoldOrder, sku_id: str, refunds: Sequence[Refund], *, first: bool, craze: bool) -> SkuPart:
        lines = [line for line in order.lines if line.sku_id == sku_id]
        revenue = revenue_of(lines, sum((refund.amount for refund in refunds if refund.sku_id == sku_id), Decimal(0)))
        fee = self.fees_of(order, max(total(revenue), Decimal(0)))
        if craze:
            gross = sum((line.price for line in lines), Decimal(0))
            fee["gmv_max_ad_fee_amount"] = -self.round(gross * self.habits.fee_share)
        tax_name, rate = TAX_ON_FEES.get(self.market.region, ("vat_amount", "0.00"))
        tax = {tax_name: self.round(sum(fee.values(), Decimal(0)) * Decimal(rate))}
        shipping = self.shipping_of(order) if first else {}
        return SkuPart(sku_id, lines[0].sku_name, lines[0].product_name, len(lines), revenue, shipping, fee, tax)

    def fees_of(self, order: SoldOrder, revenue: Decimal) -> Parts:
        """The platform's cut; a few orders owe a creator."""
        fees = {
            "platform_commission_amount": -self.round(revenue * Decimal("0.06")),
            "transaction_fee_amount": -self.round(revenue * Decimal("0.022")),
        }
        if int(order.id) % 4 == 0:
            fees["affiliate_commission_amount"] = -self.round(revenue * Decimal("0.10"))
        return fees

    def shipping_of(self, order: SoldOrder) -> Parts:
        cost = self.money(Decimal("1.10"))
        return {"actual_shipping_fee_amount": -cost, "customer_paid_shipping_fee_amount": order.shipping_paid}

    def refund_entry(self, order: SoldOrder, refund: Refund) -> Entry:
        """A refund paid after the order had been settled."""
        line = next(line for line in order.lines if line.sku_id == refund.sku_id)
        revenue = {"refund_subtotal_before_discount_amount": -refund.amount}
        part = SkuPart(refund.sku_id, line.sku_name, line.product_name, 1, revenue, {}, {}, {})
        known = number("18", str(int(sha256(f"{order.id}:{refund.sku_id}:{refund.paid}".encode()).hexdigest(), 16)))
        return Entry(known, "ORDER", refund.paid, order.id, order.created, [part])

    def remember(self, entry: Entry) -> None:
        if entry.type != "ORDER":
            return
        if entry.order_id in self.settled:
            self.refunded[(entry.order_id, entry.parts[0].sku_id, entry.at)] = entry
        else:
            self.settled[entry.order_id] = entry

    def adjustments(self, rng: random.Random, start: int) -> list[Entry]:
        """What befalls the shop on a day beside its orders."""
        entries = []
        if self.habits.ads_from <= start < self.habits.ads_until:
            dollars = Decimal(self.habits.ads_dollars) * rng.randint(80, 120) / 100
            entries.append(self.adjust(rng, "GMV_PAYMENT_FOR_ADS", start, -self.money(dollars)))
        if self.habits.ads_from == start:
            entries.append(self.adjust(rng, "GMV_PAYMENT_FOR_ADS", start, -self.overdraft(rng)))
        if rng.random() < 0.03:
            entries.append(self.adjust(rng, "LOGISTICS_REIMBURSEMENT", start, self.money(Decimal("1.50"))))
        return entries

    def overdraft(self, rng: random.Random) -> Decimal:
        """What the craze begins with: a campaign that takes all there is, and some dollars more."""
        return max(self.balance, Decimal(0)) + self.money(Decimal(rng.randint(8, 20)))

    def adjust(self, rng: random.Random, kind: str, start: int, amount: Decimal) -> Entry:
        return Entry(new_id(rng, "72"), kind, start + rng.randrange(DAY), adjustment=amount)

    def close_day(self, rng: random.Random, entries: list[Entry]) -> None:
        statement = Statement(new_id(rng, "72"), self.closed, sorted(entries, key=lambda entry: entry.at))
        self.statements.append(statement)
        self.wallet.append(WalletRow(new_id(rng, "W"), "SETTLE", statement.settlement, self.closed + 60))
        if not self.has_wallet:
            self.pay_out(rng, statement)

    def pay_out(self, rng: random.Random, statement: Statement) -> None:
        """Outside south-east Asia the platform pays the bank a day later; what is too small, or owed, waits for a later day."""
        amount = self.balance - self.carried
        if amount < self.money(Decimal(1)):
            return
        payment = Payment(new_id(rng, "34"), self.closed + 120, self.closed + DAY, amount)
        self.payments.append(payment)
        self.wallet.append(WalletRow(new_id(rng, "W"), "WITHDRAW", amount, payment.created, payment.paid))
        for waiting in self.statements:
            if not waiting.payment_id:
                waiting.payment_id, waiting.paid = payment.id, payment.paid

    def move_wallet(self, rng: random.Random) -> None:
        """Penalties now and then; on Mondays somebody withdraws, and once in a while the bank sends it back."""
        if self.has_wallet and rng.random() < 0.01:
            self.wallet.append(self.row(rng, "POLICY_VIOLATION_DEDUCTION", self.money(Decimal(3)), 3_600))
        monday = (self.closed // DAY) % 7 == 4
        if not (self.has_wallet and self.habits.withdraws and monday):
            return
        amount = self.balance - self.carried
        if amount <= self.money(Decimal(5)):
            return
        returned = rng.random() < 0.04
        self.wallet.append(self.row(rng, "WITHDRAW", amount, 9 * 3_600, DAY, "REVERSED" if returned else "SUCCESS"))
        if returned:
            self.wallet.append(self.row(rng, "REVERSE", amount, 20 * 3_600))

    def row(
        self, rng: random.Random, kind: str, amount: Decimal, after: int, takes: int = 0, final: str = "SUCCESS"
    ) -> WalletRow:
        created = self.closed + after
        return WalletRow(new_id(rng, "W"), kind, amount, created, created + takes, final)

    def round(self, amount: Decimal) -> Decimal:
        return rounded(self.market, amount)

    def unsettled(self, orders: Iterable[SoldOrder]) -> list[Entry]:
        """An estimate for every order whose money is still to come, oldest order first; `at` 0 where it is not delivered."""
        rows = [
            self.order_entry(order, self.settles_at(order), order.refunds, estimate=True)
            for order in orders
            if order.id not in self.settled
        ]
        return sorted(rows, key=lambda entry: (entry.order_created, entry.id))


def open_ledger(shop_id: str, market: Market, habits: Habits, now: int) -> Ledger:
    """The books of a shop, beginning sixty-two days before `now`."""
    opened = now - now % DAY - 62 * DAY
    ledger = Ledger(shop_id, market, habits, opened=opened, closed=opened)
    ledger.wallet.append(WalletRow(number("W40", shop_id), "TRANSFER", ledger.carried, opened))
    return ledger


def revenue_of(lines: Sequence[SoldLine], refunded: Decimal) -> Parts:
    revenue = {
        "subtotal_before_discount_amount": sum((line.price for line in lines), Decimal(0)),
        "seller_discount_amount": -sum((line.seller_discount for line in lines), Decimal(0)),
    }
    if refunded:
        revenue["refund_subtotal_before_discount_amount"] = -refunded
    return revenue


def skus_of(order: SoldOrder) -> list[str]:
    return list(dict.fromkeys(line.sku_id for line in order.lines))


def number(prefix: str, text: str) -> str:
    """An id that always comes out the same for the same text: seventeen digits behind the prefix."""
    return f"{prefix}{int(text) % 10**17:017d}"
