"""What becomes of orders that are not shipped: money out of the deposit, compensation for buyers, payments frozen.

None of it can be asked for by API or comes as a push: it shows as movements of money, and as settlements that fail to come. The
figures are those in circulation: ten yuan for each late order, looked at again after 24 hours, at most twice; at the second look
it is out of stock, and 5 or 10 percent go to the buyer; a day with at least 30 such orders that are more than 30 percent of all
paid on it freezes payments.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from storeward_sandbox.clock import DAY, HOUR, Instant

from .hooks import on
from .ledger import OUT, Ledger, move
from .moments import CHINA, day_start
from .orders import Order
from .shop import Shop

LATE_FEN = 1_000
MOST_LATE_TIMES = 2
MOST_A_DAY = 50_000
OUT_OF_STOCK_AT = 2
LEAST_COMPENSATION = 500
SHORT_PROMISE = 2 * DAY
BAD_DAY_ORDERS = 30
BAD_DAY_PERCENT = 30
FREEZES = (DAY, DAY, 3 * DAY)
LATE_SUMMARY, COMPENSATION_SUMMARY = "发货超时违规扣款", "缺货赔付"


@dataclass
class Penalties:
    """`late` counts hits; `taken` what was taken on each day; `missing` the orders out of stock by the day they were paid."""

    late: int = 0
    taken: dict[Instant, int] = field(default_factory=dict)
    missing: dict[Instant, list[str]] = field(default_factory=dict)
    bad_days: list[Instant] = field(default_factory=list)


@on("order_late")
def late(shop: Shop, order: Order, times: int) -> None:
    state = shop.part(Penalties)
    if times <= MOST_LATE_TIMES:
        state.late += 1
        shop.at(day_start(shop.now) + DAY + 12 * HOUR, lambda now: _take(shop, order))
    if times == OUT_OF_STOCK_AT:
        _out_of_stock(shop, order)


def _take(shop: Shop, order: Order) -> None:
    """The next day ten yuan leave the deposit, as long as the day's limit lasts; without a deposit the account pays."""
    state, ledger, today = shop.part(Penalties), shop.part(Ledger), day_start(shop.now)
    if state.taken.get(today, 0) + LATE_FEN > MOST_A_DAY:
        return
    state.taken[today] = state.taken.get(today, 0) + LATE_FEN
    from_deposit = ledger.deposit >= LATE_FEN
    ledger.deposit -= LATE_FEN if from_deposit else 0
    move(shop, OUT, LATE_FEN, LATE_SUMMARY, order=order, line=order.lines[0], from_deposit=from_deposit)


def compensation(order: Order) -> int:
    """What the buyer of an order out of stock gets: 5 percent up to 500 yuan, 10 up to 1,000 where more time was promised."""
    short = order.exp_ship_time - order.pay_time <= SHORT_PROMISE
    percent, most = (5, 50_000) if short else (10, 100_000)
    return min(max(order.pay_amount * percent // 100, LEAST_COMPENSATION), most)


def _out_of_stock(shop: Shop, order: Order) -> None:
    state, day = shop.part(Penalties), day_start(order.pay_time)
    state.missing.setdefault(day, []).append(order.id)
    move(shop, OUT, compensation(order), COMPENSATION_SUMMARY, order=order, line=order.lines[0])
    if day not in state.bad_days and _is_bad(len(state.missing[day]), _paid_on(shop, day)):
        state.bad_days.append(day)
        _freeze(shop, state)


def _paid_on(shop: Shop, day: Instant) -> int:
    return sum(day <= order.pay_time < day + DAY for order in shop.orders.values())


def _is_bad(missing: int, paid: int) -> bool:
    return missing >= BAD_DAY_ORDERS and missing * 100 > paid * BAD_DAY_PERCENT


def _freeze(shop: Shop, state: Penalties) -> None:
    """A day for the first and second bad day of a calendar year, three from the third on."""
    number = _of_year(state.bad_days, shop.now)
    until = shop.now + FREEZES[min(number, len(FREEZES)) - 1]
    ledger = shop.part(Ledger)
    ledger.frozen_until = max(ledger.frozen_until, until)


def _of_year(days: Iterable[Instant], now: Instant) -> int:
    year = datetime.fromtimestamp(now, CHINA).year
    return sum(datetime.fromtimestamp(day, CHINA).year == year for day in days)
