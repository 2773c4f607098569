"""The shop's money: settlements of goods orders, and every movement of its account. Amounts in fen.

A line is settled some days after the buyer has confirmed, unless something is still asked back or payments are frozen. What is
refunded later is a settlement of its own. Withdrawals leave on Mondays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from storeward_sandbox.clock import DAY, HOUR, Instant

from .cases import Case
from .hooks import on
from .moments import CHINA, day_start
from .orders import Line, Order
from .shop import Shop

SETTLED, REFUNDED_LATER = 0, 1
IN, OUT = 0, 1
SETTLE_AFTER_DAYS = 3
FEE_PERCENT = 5
COMMISSION_PERCENT = 10
OWN, BY_AUTHOR = 4, 3
DEPOSIT_AT_FIRST = 200_000
LEAST_WITHDRAWAL = 10_000
READY_HOUR = 10


@dataclass(frozen=True)
class Settlement:
    """One settlement of a goods order. Fees are negative; what the shop gets is income plus outcome."""

    request_no: str
    time: Instant
    order: Order
    line: Line
    trade_type: int
    income: int
    fee: int
    commission: int
    refund_before: int = 0
    remark: str = ""

    @property
    def outcome(self) -> int:
        return self.fee + self.commission

    @property
    def amount(self) -> int:
        return self.income + self.outcome

    @property
    def flow(self) -> int:
        """Where the sale came from: 3 an author, 4 the shop itself (as V1 and V3 number it)."""
        return BY_AUTHOR if self.line.author[0] else OWN


@dataclass(frozen=True)
class Movement:
    """One movement of the account. `tag` is the retired code of the summary; `from_deposit`: not out of the account itself."""

    trade_no: str
    time: Instant
    flow: int
    amount: int
    summary: str
    tag: int = 0
    order: Order | None = None
    line: Line | None = None
    case_id: str = ""
    settlement: Settlement | None = None
    from_deposit: bool = False

    @property
    def signed(self) -> int:
        return self.amount if self.flow == IN else -self.amount


@dataclass
class Ledger:
    settlements: list[Settlement] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    settled_lines: set[str] = field(default_factory=set)
    deposit: int = DEPOSIT_AT_FIRST
    frozen_until: Instant = 0

    @property
    def balance(self) -> int:
        return sum(one.signed for one in self.movements if not one.from_deposit)

    def frozen(self, now: Instant) -> bool:
        return now < self.frozen_until


def move(shop: Shop, flow: int, amount: int, summary: str, **about: object) -> None:
    """Book a movement; one of nothing is none."""
    if amount > 0:
        number = shop.ids.new("movement")
        shop.part(Ledger).movements.append(Movement(number, shop.now, flow, amount, summary, **about))  # type: ignore[arg-type]


def ready_until(now: Instant) -> Instant:
    """Bills are complete up to here: those of yesterday after ten in the morning in China."""
    today = day_start(now)
    return today if now - today >= READY_HOUR * HOUR else today - DAY


# --- settling ---------------------------------------------------------------------------------------------------------


@on("order_finished")
def foresee_settlement(shop: Shop, order: Order) -> None:
    at = day_start(shop.now) + SETTLE_AFTER_DAYS * DAY + 10 * HOUR + 300
    for line in order.open_lines():
        _settle_at(shop, order, line, at)


def _settle_at(shop: Shop, order: Order, line: Line, at: Instant) -> None:
    shop.at(at, lambda now: settle(shop, order, line))


def settle(shop: Shop, order: Order, line: Line) -> None:
    """Pay the shop for a line; later, where payments are frozen or something of it is asked back."""
    ledger = shop.part(Ledger)
    if ledger.frozen(shop.now):
        _settle_at(shop, order, line, ledger.frozen_until + HOUR)
        return
    if line.in_case:
        _settle_at(shop, order, line, shop.now + DAY)
        return
    ledger.settled_lines.add(line.id)
    income = line.goods - line.shop_discount + line.modify + line.post - line.refunded
    if income <= 0:
        return
    base = income - line.post
    _book(
        shop,
        Settlement(
            request_no=shop.ids.new("settlement"),
            time=shop.now,
            order=order,
            line=line,
            trade_type=SETTLED,
            income=income,
            fee=-int(base * FEE_PERCENT * shop.persona.fee_factor // 100),
            commission=-(base * COMMISSION_PERCENT // 100) if line.author[0] else 0,
            refund_before=line.refunded,
        ),
        "订单结算",
        3,
    )


@on("line_refunded")
def refund_after_settlement(shop: Shop, order: Order, line: Line, case: Case) -> None:
    if line.id not in shop.part(Ledger).settled_lines:
        return
    row = Settlement(
        request_no=shop.ids.new("settlement"),
        time=shop.now,
        order=order,
        line=line,
        trade_type=REFUNDED_LATER,
        income=-case.amount,
        fee=0,
        commission=0,
        remark="结算后退款",
    )
    _book(shop, row, "结算后退款", 8, case.id)


def _book(shop: Shop, row: Settlement, summary: str, tag: int, case_id: str = "") -> None:
    shop.part(Ledger).settlements.append(row)
    flow = IN if row.amount >= 0 else OUT
    about = {"tag": tag, "order": row.order, "line": row.line, "case_id": case_id, "settlement": row}
    move(shop, flow, abs(row.amount), summary, **about)


# --- taking it out ----------------------------------------------------------------------------------------------------


@on("day")
def withdraw(shop: Shop) -> None:
    """On Mondays most of what is there goes to the bank, if somebody minds the shop and payments are not frozen."""
    ledger = shop.part(Ledger)
    monday = datetime.fromtimestamp(shop.now, CHINA).weekday() == 0
    amount = ledger.balance * 8 // 10
    if monday and shop.seller_works() and not ledger.frozen(shop.now) and amount >= LEAST_WITHDRAWAL:
        move(shop, OUT, amount, "提现", tag=11)


@on("settled")
def have_a_row(shop: Shop) -> None:
    """Every shop has something to show: yesterday's interest where nothing else has been booked."""
    ledger = shop.part(Ledger)
    if not any(one.time < ready_until(shop.now) for one in ledger.movements):
        early = ready_until(shop.now) - 12 * HOUR
        ledger.movements.insert(0, Movement(shop.ids.new("movement"), early, IN, 100, "账户验证打款", 0))


def shown(shop: Shop, now: Instant) -> Iterator[Movement]:
    """The movements that bills tell of by now."""
    return (one for one in shop.part(Ledger).movements if one.time < ready_until(now))
