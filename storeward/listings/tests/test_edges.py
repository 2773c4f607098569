"""Days, zones and figures of the register at their edges, and costs as listings are judged by them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from storeward.accounts.models import Workspace
from storeward.lib.money import Money
from storeward.listings.errors import Refused
from storeward.listings.looking import Shop, _Seen, _Sku, price_now, twin_of
from storeward.listings.register import LONGEST_SKU, Held, NewCost, Register, register_of, take_costs
from storeward.policy.listing_check.shapes import Goods, Offer, Right

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
DAY = NOW.date()


def right(identity: int, valid_from: date | None, valid_to: date | None, **where: Any) -> Held:
    whole: dict[str, Any] = {"stores": frozenset(), "markets": frozenset()}
    return Held(id=identity, right=Right(brand="Luna", valid_from=valid_from, valid_to=valid_to), **whole | where)


# -- which rights, which day ------------------------------------------------------------


@pytest.mark.parametrize(
    ("stores", "markets", "store", "market", "covered"),
    [
        ((), (), 1, "MY", True),
        ((1,), (), 1, "MY", True),
        ((1,), (), 2, "MY", False),
        ((), ("MY",), 1, "MY", True),
        ((), ("MY",), 1, "TH", False),
        ((1,), ("MY",), 1, "TH", False),
        ((1,), ("MY",), 2, "MY", False),
        ((1, 2), ("MY", "TH"), 2, "TH", True),
    ],
)
def test_a_right_covers_where_both_its_stores_and_its_markets_do(
    stores: tuple[int, ...], markets: tuple[str, ...], store: int, market: str, covered: bool
) -> None:
    held = right(1, None, None, stores=frozenset(stores), markets=frozenset(markets))
    assert held.covers(store, market) is covered
    assert bool(Register(1, rights=(held,)).rights_of(store, market)) is covered


@pytest.mark.parametrize(
    ("register", "before", "after", "differs"),
    [
        (Register(1), date(2026, 11, 30), date(2026, 12, 1), False),
        (Register(1, rights=(right(1, None, None),)), date(2026, 11, 30), date(2026, 12, 1), False),
        (Register(1, rights=(right(1, date(2026, 12, 1), None),)), date(2026, 11, 30), date(2026, 12, 1), True),
        (Register(1, rights=(right(1, None, date(2026, 11, 30)),)), date(2026, 11, 30), date(2026, 12, 1), True),
        (Register(1, rights=(right(1, None, date(2028, 2, 29)),)), date(2028, 2, 28), date(2028, 2, 29), False),
        (Register(1, rights=(right(1, None, date(2028, 2, 29)),)), date(2028, 2, 29), date(2028, 3, 1), True),
        (Register(1, cost_days=(date(2026, 12, 1),)), date(2026, 11, 30), date(2026, 12, 1), True),
        (Register(1, cost_days=(date(2026, 12, 1),)), date(2026, 12, 1), date(2026, 12, 2), False),
        (Register(1, cost_days=(date(2026, 11, 1), date(2026, 12, 1))), date(2026, 11, 30), date(2026, 12, 1), True),
        (Register(1, cost_days=(date(2026, 11, 1), date(2026, 12, 1))), date(2026, 11, 2), date(2026, 11, 30), False),
    ],
)
def test_a_digest_differs_on_the_day_on_which_something_begins_or_ends(
    register: Register, before: date, after: date, differs: bool
) -> None:
    assert (register.digest(before) != register.digest(after)) is differs


def shop(zone: str) -> Shop:
    return Shop(1, 1, "tiktok_shop", "MY", zone, Register(1), b"")


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        ("Asia/Kuala_Lumpur", datetime(2026, 11, 21, 15, 59, tzinfo=UTC), date(2026, 11, 21)),
        ("Asia/Kuala_Lumpur", datetime(2026, 11, 21, 16, 0, tzinfo=UTC), date(2026, 11, 22)),
        ("Asia/Bangkok", datetime(2026, 11, 21, 16, 59, tzinfo=UTC), date(2026, 11, 21)),
        ("Asia/Bangkok", datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
        ("America/Los_Angeles", datetime(2026, 11, 1, 6, 59, tzinfo=UTC), date(2026, 10, 31)),
        ("America/Los_Angeles", datetime(2026, 11, 2, 7, 59, tzinfo=UTC), date(2026, 11, 1)),
        ("America/Los_Angeles", datetime(2028, 3, 1, 7, 59, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_a_day_is_that_of_the_market(zone: str, now: datetime, day: date) -> None:
    assert shop(zone).day(now) == day


# -- prices ------------------------------------------------------------


def myr(amount: str) -> Money:
    return Money(Decimal(amount), "MYR")


BEGINS, ENDS = datetime(2026, 11, 11, tzinfo=UTC), datetime(2026, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sale", "begins", "ends", "now", "price"),
    [
        (None, None, None, BEGINS, "10"),
        ("5", None, None, BEGINS, "5"),
        ("0", None, None, BEGINS, "10"),
        ("5", BEGINS, ENDS, datetime(2026, 11, 10, 23, 59, 59, tzinfo=UTC), "10"),
        ("5", BEGINS, ENDS, BEGINS, "5"),
        ("5", BEGINS, ENDS, datetime(2026, 11, 11, 23, 59, 59, tzinfo=UTC), "5"),
        ("5", BEGINS, ENDS, ENDS, "10"),
        ("5", None, ENDS, BEGINS, "5"),
        ("5", BEGINS, None, ENDS, "5"),
        ("12", BEGINS, ENDS, BEGINS, "12"),
    ],
)
def test_a_buyer_pays_the_sales_price_from_its_first_instant_until_before_its_last(
    sale: str | None, begins: datetime | None, ends: datetime | None, now: datetime, price: str
) -> None:
    sku = _Sku("1", price=myr("10"), sale_price=None if sale is None else myr(sale), sale_from_at=begins, sale_until_at=ends)
    assert price_now(sku, now) == myr(price)


def test_without_any_price_there_is_none() -> None:
    assert price_now(_Sku("1"), NOW) is None
    assert price_now(_Sku("1", sale_price=myr("5")), NOW) == myr("5")


@pytest.mark.parametrize(
    ("costs", "amount"),
    [
        ({}, None),
        ({(1, None, "A"): "7"}, "7"),
        ({(1, 1, "A"): "9"}, "9"),
        ({(1, None, "A"): "7", (1, 1, "A"): "9"}, "9"),
        ({(1, None, "A"): "7", (1, 1, "A"): "0"}, "0"),
        ({(1, None, "a"): "7"}, None),
        ({(1, 2, "A"): "7"}, None),
        ({(2, None, "A"): "7"}, None),
    ],
)
def test_the_stores_own_cost_goes_before_the_teams(costs: dict[tuple[int, int | None, str], str], amount: str | None) -> None:
    data: Any = type("Data", (), {"skus": (_Sku("1", seller_sku="A"),), "content": None, "title": "Bowl"})
    seen = _Seen(shop("Asia/Kuala_Lumpur"), "5", data, b"", {}, None)
    (offer,) = seen.goods({key: myr(value) for key, value in costs.items()}).offers
    assert (None if offer.cost is None else offer.cost) == (None if amount is None else myr(amount))


# -- copies ------------------------------------------------------------


def goods(
    title: str | None = "Red bowl", description: str | None = "A bowl", variants: tuple[str | None, ...] = ("S", "M")
) -> Goods:
    offers = tuple(Offer(sku=str(number), variant=variant) for number, variant in enumerate(variants))
    return Goods(platform="shopee", market="MY", title=title, description=description, offers=offers)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (goods(), True),
        (goods(title="RED  Bowl"), True),
        (goods(title="Ｒed bowl"), True),
        (goods(description="<p>A bowl</p>"), True),
        (goods(variants=("M", "S")), True),
        (goods(title="Red bowl 2"), False),
        (goods(description="The bowl"), False),
        (goods(variants=("S",)), False),
        (goods(variants=("S", "M", None)), False),
    ],
)
def test_two_listings_are_copies_where_a_buyer_reads_the_same(other: Goods, same: bool) -> None:
    assert (twin_of(other) == twin_of(goods())) is same


@pytest.mark.parametrize(("title", "description"), [(None, "A bowl"), ("", "A bowl"), ("Bowl", None), ("Bowl", "")])
def test_what_has_no_words_is_no_copy_of_anything(title: str | None, description: str | None) -> None:
    assert twin_of(goods(title=title, description=description)) is None


# -- the database ------------------------------------------------------------


@pytest.mark.django_db
def test_costs_that_no_column_holds_are_refused_with_field_and_mend_and_coming_ones_are_known() -> None:
    team = Workspace.objects.create(slug="luna", name="Luna", created_at=NOW)
    refused: list[tuple[str, str, str]] = [
        ("A" * (LONGEST_SKU + 1), "1", "sku"),
        ("A\0", "1", "sku"),
        ("A", "1E+13", "cost"),
        ("A", "1E+400", "cost"),
        ("A", "Infinity", "cost"),
    ]
    for sku, amount, field in refused:
        with pytest.raises(Refused) as error:
            take_costs(team.pk, [NewCost(sku=sku, amount=Decimal(amount), currency="MYR", valid_from=DAY)], by="x", now=NOW)
        assert error.value.field == field
        assert error.value.message
    assert register_of(team.pk).cost_days == ()
    coming = [
        NewCost(sku=sku, amount=Decimal("9999999999999"), currency="MYR", valid_from=day)
        for sku, day in [("A", date(2026, 12, 1)), ("B", date(2026, 12, 1)), ("A", date(2026, 11, 1))]
    ]
    assert take_costs(team.pk, coming, by="x", now=NOW) == 3
    register = register_of(team.pk)
    assert register.cost_days == (date(2026, 11, 1), date(2026, 12, 1))
    assert register.digest(date(2026, 11, 30)) != register.digest(date(2026, 12, 1))
