"""Prices far below cost, or below what the thing usually costs. How far is far, only the team can say."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from storeward.policy.listing_check.shapes import Form, Goods, Limits, Offer, Price, Problem, Said

WHOLE = Decimal(100)


def usual(prices: Sequence[Price], now: datetime, days: int) -> Decimal | None:
    """The price that held for at least half of the last `days` days, counted from the first that is known: their median by time.

    `prices` are in the order of time; the price that begins now does not count. None where none held before.
    """
    since = now - timedelta(days=days)
    held: list[tuple[Decimal, timedelta]] = []
    for at, price in enumerate(prices):
        ends = prices[at + 1].at if at + 1 < len(prices) else now
        if (span := min(ends, now) - max(price.at, since)) > timedelta(0):
            held.append((price.amount, span))
    if not held:
        return None
    half, seen = sum((span for _, span in held), timedelta(0)) / 2, timedelta(0)
    for amount, span in sorted(held):
        seen += span
        if seen >= half:
            return amount
    return held[-1][0]


def too_low(goods: Goods, limits: Limits) -> Iterator[Problem]:
    """The SKU that is furthest below each limit, one problem a limit."""
    for name, share, base in (("cost", limits.least_of_cost, _cost), ("usual", limits.least_of_usual, _usual)):
        if share is None:
            continue
        low = [
            (offer.price.amount / known, offer, known)
            for offer in goods.offers
            if offer.price is not None and (known := base(offer)) is not None and known > 0
        ]
        worst = min(low, key=lambda one: (one[0], one[1].sku), default=None)
        if worst is not None and worst[0] * WHOLE < share:
            yield _problem(name, worst[1], worst[2], share)


def _cost(offer: Offer) -> Decimal | None:
    """In the same currency only: what another one is worth tomorrow is no matter of a listing."""
    if offer.cost is None or offer.price is None or offer.cost.currency != offer.price.currency:
        return None
    return offer.cost.amount


def _usual(offer: Offer) -> Decimal | None:
    return offer.usual


def untold(goods: Goods, limits: Limits) -> str | None:
    """Why nothing can be said of the prices; None where something can."""
    if limits.least_of_cost is None and limits.least_of_usual is None:
        return "no_limit"
    by_cost = limits.least_of_cost is not None and any(_cost(offer) is not None for offer in goods.offers)
    by_usual = limits.least_of_usual is not None and any(offer.usual is not None for offer in goods.offers)
    return None if by_cost or by_usual else "no_cost"


def plain_figure(figure: Decimal) -> str:
    """A figure without the zeros that storing it has added."""
    whole = figure == figure.to_integral_value()
    return f"{figure.quantize(Decimal(1)) if whole else figure.normalize():f}"


def _problem(name: str, offer: Offer, base: Decimal, share: Decimal) -> Problem:
    assert offer.price is not None
    sku = offer.seller_sku or offer.variant or offer.sku
    known, least = plain_figure(base), plain_figure(share)
    money, percent = offer.price, f"{(offer.price.amount / base * WHOLE).quantize(Decimal(1)):f}"
    against = Said("its cost", "成本") if name == "cost" else Said("its usual price", "平时价格")
    currency = money.currency or ""
    return Problem(
        form=Form.PRICE,
        id=name,
        what=Said(
            f"{sku}: {money} is {percent} % of {against.en} ({known} {currency}); the team wants at least {least} %.",
            f"{sku}：{money}，为{against.zh}（{known} {currency}）的{percent}%；团队要求不低于{least}%。",
        ),
        mend=Said("Correct the price, or the cost in the register.", "修正价格，或更正登记的成本。"),
        source=("the team's own figure",),
    )
