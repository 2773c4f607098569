"""Brands and rights, missing parts, prices: what one listing lacks or names or costs, and what cannot be told."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.lib.money import Money
from storeward.policy.listing_check.check import check
from storeward.policy.listing_check.parts import parts, there
from storeward.policy.listing_check.price import usual
from storeward.policy.listing_check.shapes import Form, Goods, Limits, Offer, Price, Right

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def goods(**told: Any) -> Goods:
    whole: dict[str, Any] = {"platform": "tiktok_shop", "market": "MY", "title": "Bowl", "description": "A bowl"}
    return Goods(**whole | {"images": 1, "weighed": True} | told)


def brands(title: str, *, rights: tuple[Right, ...] = (), registered: bool = False, **told: Any) -> list[str]:
    outcome = check(goods(title=title, **told), day=DAY, rights=rights, registered=registered)
    return [problem.hit.words for problem in outcome.of(Form.BRAND) if problem.hit]


# -- brands ------------------------------------------------------------------------------------------------------------------

FITS = [
    "iPhone case compatible with MagSafe",
    "Case for iPhone 15 / Samsung Galaxy S24",
    "Tempered glass compatible with Xiaomi 14",
    "Sarung untuk iPhone 13",
    "เคสสำหรับไอโฟน 15",
    "Ốp lưng dành cho iPhone",
    "适用华为手机壳",
    "Para sa iPhone 14 charger",
    "Soap dish, knitted vase, vans are not sold here",
    "Fillable puzzle mat; pumas in the wild (poster)",
]
NAMED = [
    ("Nike running shoes", "Nike"),
    ("New NIKE Air 2026", "NIKE"),
    ("耐克 运动鞋", "耐克"),
    ("รองเท้าไนกี้ ของใหม่", "ไนกี้"),
    ("Case for iPhone, free LEGO figure", "LEGO"),
    ("L’Oréal shampoo", "L’Oréal"),
    ("hello kitty发夹", "hello kitty"),
]


def test_a_known_brand_in_a_title_needs_a_right_unless_the_thing_only_fits_it() -> None:
    assert [(title, found) for title in FITS if (found := brands(title))] == []
    assert [(title, brands(title)) for title, words in NAMED if brands(title) != [words]] == []


@pytest.mark.parametrize(
    ("right", "covered"),
    [
        (Right(brand="Nike"), True),
        (Right(brand="nike sportswear"), True),
        (Right(brand="Nike", valid_to=DAY), True),
        (Right(brand="Nike", valid_from=DAY), True),
        (Right(brand="Nike", valid_to=DAY - timedelta(days=1)), False),
        (Right(brand="Nike", valid_from=DAY + timedelta(days=1)), False),
        (Right(brand="Adidas"), False),
        (Right(brand="Nik"), False),
    ],
)
def test_a_right_covers_its_brand_from_its_first_to_its_last_day(right: Right, covered: bool) -> None:
    assert brands("Nike running shoes", rights=(right,), registered=True) == ([] if covered else ["Nike"])


def test_a_brand_in_its_own_field_counts_once_the_team_keeps_a_register() -> None:
    assert brands("Bowl", brand="Luna") == []
    assert check(goods(brand="Luna"), day=DAY).unknown["brand"] == "no_register"
    assert brands("Bowl", brand="Luna", registered=True) == ["Luna"]
    assert brands("Bowl", brand="Luna", registered=True, rights=(Right(brand="LUNA"),)) == []
    assert brands("Bowl", brand="Chanel") == ["Chanel"]
    for none in ("", "No Brand", "NoBrand", "无品牌", "OEM", None):
        assert brands("Bowl", brand=none, registered=True) == []
        assert "brand" not in check(goods(brand=none), day=DAY).unknown


# -- parts -------------------------------------------------------------------------------------------------------------------


MISSING: list[tuple[str, Mapping[str, Any], list[str]]] = [
    ("tiktok_shop", {}, []),
    ("tiktok_shop", {"title": " "}, ["title"]),
    ("tiktok_shop", {"description": "<p> </p>", "images": 0, "weighed": False}, ["description", "images", "weight"]),
    ("tiktok_shop", {"description": "<p><img src='a'></p>"}, []),
    ("tiktok_shop", {"description": None, "images": None, "weighed": None, "title": None}, []),
    ("shopee", {"attributes": {"Material": ""}, "attributes_wanting": ("Material",)}, ["mandatory_attributes"]),
    ("shopee", {"attributes": {}}, []),
    ("lazada", {"brand": ""}, ["brand"]),
    ("lazada", {"brand": "No Brand", "description": ""}, []),
    ("douyin", {"description": "", "images": 0}, ["images"]),
    ("elsewhere", {"title": ""}, []),
]


def test_what_the_platform_demands_is_missing_only_where_it_is_told_to_be() -> None:
    for platform, told, wanting in MISSING:
        found = check(goods(platform=platform, **told), day=DAY).of(Form.MISSING)
        assert [problem.id for problem in found] == wanting, (platform, told)
        assert all(problem.source and problem.what.zh.startswith("缺少") for problem in found)


def test_a_team_may_demand_more_and_the_wanting_properties_are_named() -> None:
    limits = Limits(also_demanded=("size_chart", "warranty", "attributes", "brand"))
    found = check(goods(size_chart=False, warranty="", attributes={}, brand=""), day=DAY, limits=limits).of(Form.MISSING)
    assert [problem.id for problem in found] == ["size_chart", "warranty", "attributes", "brand"]
    assert {problem.source for problem in found} == {("the team's own figure",)}
    assert check(goods(), day=DAY, limits=limits).of(Form.MISSING) == ()
    (named,) = check(goods(platform="shopee", attributes={}, attributes_wanting=("Material", "Size")), day=DAY).problems
    assert "Material, Size" in named.what.en
    assert "Material, Size" in named.what.zh


def test_every_part_of_the_data_can_be_judged_and_has_words() -> None:
    named = {part.id for part in parts().part}
    assert {part for demand in parts().platform for part in demand.parts} <= named
    for part in named:
        assert there(goods(), part) in (True, False, None)
        assert parts().name(part).zh
    with pytest.raises(KeyError):
        parts().name("soul")
    assert parts().demand("nowhere") is None
    assert parts().ends.pressing < parts().ends.warned


# -- prices ------------------------------------------------------------------------------------------------------------------


def offer(price: str, *, cost: str | None = None, usually: str | None = None, currency: str = "MYR", sku: str = "s1") -> Offer:
    return Offer(
        sku=sku,
        seller_sku=f"code-{sku}",
        price=Money(Decimal(price), "MYR"),
        cost=Money(Decimal(cost), currency) if cost else None,
        usual=Decimal(usually) if usually else None,
    )


COST, USUAL = Limits(least_of_cost=Decimal(90)), Limits(least_of_usual=Decimal(70), usual_days=30)
PRICES: list[tuple[tuple[Offer, ...], Limits, list[str], str | None]] = [
    ((offer("89.99", cost="100"),), COST, ["cost"], None),
    ((offer("90", cost="100"),), COST, [], None),
    ((offer("10", cost="100"),), Limits(), [], "no_limit"),
    ((offer("10"),), COST, [], "no_cost"),
    ((offer("10", cost="100", currency="USD"),), COST, [], "no_cost"),
    ((offer("10", cost="0"),), COST, [], None),
    ((offer("69", usually="100"),), USUAL, ["usual"], None),
    ((offer("70", usually="100"),), USUAL, [], None),
    ((offer("10", usually="100"),), COST, [], "no_cost"),
    ((Offer(sku="s"),), COST, [], "no_cost"),
    ((), USUAL, [], "no_cost"),
]


def test_a_price_is_too_low_by_the_teams_own_figures_only() -> None:
    for offers, limits, wanting, unknown in PRICES:
        outcome = check(goods(offers=offers), day=DAY, limits=limits)
        assert [problem.id for problem in outcome.of(Form.PRICE)] == wanting, (offers, limits)
        assert outcome.unknown.get("price") == unknown, (offers, limits)


def test_the_sku_that_is_furthest_below_is_told_with_its_figures() -> None:
    offers = (offer("80", cost="100", sku="a"), offer("50", cost="100", sku="b"))
    (problem,) = check(goods(offers=offers), day=DAY, limits=COST).of(Form.PRICE)
    for said in (problem.what.en, problem.what.zh):
        for part in ("code-b", "50 MYR", "100", "90"):
            assert part in said


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 500)), max_size=8, unique_by=lambda one: one[0]),
    st.integers(1, 60),
)
def test_the_usual_price_is_one_that_was_held_and_half_the_time_was_no_dearer(held: list[tuple[int, int]], days: int) -> None:
    prices = [Price(NOW - timedelta(days=ago), Decimal(amount)) for ago, amount in sorted(held, reverse=True)]
    found = usual(prices, NOW, days)
    before = [price for price in prices if price.at < NOW]
    assert (found is None) == (not before)
    if found is not None:
        assert found in {price.amount for price in before}


def test_the_usual_price_is_a_median_by_time() -> None:
    week = [Price(NOW - timedelta(days=10), Decimal(100)), Price(NOW - timedelta(days=2), Decimal(20)), Price(NOW, Decimal(5))]
    assert usual(week, NOW, 30) == 100
    assert usual(week, NOW, 3) == 20
    assert usual([Price(NOW, Decimal(5))], NOW, 30) is None


def test_what_cannot_be_told_of_the_words_is_told() -> None:
    told = check(goods(description=None), day=DAY).unknown
    assert {form for form, why in told.items() if why == "no_description"} == {"claims", "prohibited", "terms", "contact"}
    assert check(goods(), day=DAY).unknown == {"price": "no_limit"}
