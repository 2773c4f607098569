"""The shelves: what is listed, promised, taken back and shipped."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.goods import choose_kinds, price_of
from storeward_sandbox.tiktok_shop.catalogue import Catalogue, Sku, Stock, commit, new_id, release, seed_catalogue, ship_out
from storeward_sandbox.tiktok_shop.markets import MARKETS

NOW = 1_790_000_000


def seeded(seed: int = 1, region: str = "MY", **traits: bool) -> Catalogue:
    return seed_catalogue(Random(seed), market=MARKETS[region], warehouses=["7000", "7001"], now=NOW, **traits)


def sku_with(*units: int) -> Sku:
    return Sku("1", "S", Decimal(1), (), [Stock(f"w{number}", available) for number, available in enumerate(units)])


def test_the_same_seed_lists_the_same_products() -> None:
    assert seeded(3) == seeded(3)


def test_another_seed_lists_other_products() -> None:
    assert list(seeded(3).products) != list(seeded(4).products)


@pytest.mark.parametrize("seed", range(20))
def test_every_shop_has_a_live_product_with_variants_and_one_without(seed: int) -> None:
    live = [product for product in seeded(seed).products.values() if product.status == "ACTIVATE"]
    assert any(len(product.skus) > 1 for product in live)
    assert any(len(product.skus) == 1 for product in live)


@pytest.mark.parametrize("seed", range(20))
def test_every_sku_is_found_under_its_product(seed: int) -> None:
    catalogue = seeded(seed)
    for product in catalogue.products.values():
        for sku in product.skus:
            assert catalogue.find(sku.id) == (product, sku)


def test_a_sku_of_nobody_is_not_found() -> None:
    assert seeded().find("17") is None


def test_kinds_never_repeat_within_a_shop() -> None:
    kinds = choose_kinds(Random(1), 12)
    assert len(set(kinds)) == 12


@pytest.mark.parametrize("region", MARKETS)
def test_prices_carry_the_decimals_of_their_currency(region: str) -> None:
    for seed in range(5):
        for _product, sku in seeded(seed, region).live_skus():
            assert -int(sku.price.as_tuple().exponent) == MARKETS[region].decimals
            assert sku.price > 0


@given(st.decimals("0.01", "500", places=2), st.sampled_from(sorted(MARKETS)))
def test_a_price_is_never_nothing(dollars: Decimal, region: str) -> None:
    assert price_of(str(dollars), MARKETS[region]) > 0


@given(st.integers(min_value=0, max_value=2**32), st.sampled_from(["17", "403", "72", "749", "289"]))
def test_ids_are_digits_that_fit_a_signed_64_bit_integer(seed: int, prefix: str) -> None:
    made = new_id(Random(seed), prefix)
    assert made.isdigit()
    assert len(made) == 19
    assert int(made) < 2**63


def test_scarce_shelves_have_an_empty_one_and_several_low_ones() -> None:
    levels = [sku.level for _product, sku in seeded(2, scarce=True).live_skus()]
    assert "OUT_OF_STOCK" in levels
    assert levels.count("LOW_STOCK") >= len(levels) // 3


def test_a_buyer_is_never_offered_more_than_there_is() -> None:
    catalogue = seeded(2, scarce=True)
    for seed in range(50):
        chosen = catalogue.choose(Random(seed), 5)
        assert chosen is None or chosen[1].available >= 5


def test_nobody_can_buy_from_a_shop_without_live_products() -> None:
    catalogue = seeded()
    for product in catalogue.products.values():
        product.status = "DRAFT"
    assert catalogue.choose(Random(1)) is None


def test_committing_takes_from_the_named_warehouse_first() -> None:
    sku = sku_with(5, 9)
    assert commit(sku, 6, "w0")
    assert [(stock.available, stock.committed) for stock in sku.stock] == [(0, 5), (8, 1)]


def test_committing_more_than_there_is_changes_nothing() -> None:
    sku = sku_with(2, 1)
    assert not commit(sku, 4)
    assert (sku.available, sku.committed) == (3, 0)


def test_a_released_promise_is_back_on_the_shelf() -> None:
    sku = sku_with(4)
    commit(sku, 3)
    release(sku, 2)
    assert (sku.available, sku.committed) == (3, 1)


def test_shipped_units_are_gone() -> None:
    sku = sku_with(4)
    commit(sku, 3)
    ship_out(sku, 3)
    assert (sku.available, sku.committed) == (1, 0)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=3), st.integers(1, 120))
def test_units_are_neither_made_nor_lost_by_a_promise(units: list[int], wanted: int) -> None:
    sku = sku_with(*units)
    kept = commit(sku, wanted)
    assert kept == (wanted <= sum(units))
    assert sku.available + sku.committed == sum(units)
    assert all(stock.available >= 0 for stock in sku.stock)


def test_removing_a_sku_forgets_whose_it_was() -> None:
    catalogue = seeded()
    product = next(product for product in catalogue.products.values() if len(product.skus) > 1)
    gone = product.skus.pop()
    catalogue.index(product)
    assert catalogue.find(gone.id) is None
    assert catalogue.find(product.skus[0].id) is not None


def test_a_promotion_locks_the_price_until_it_ends() -> None:
    product = next(iter(seeded().products.values()))
    product.promotion_until = NOW + 10
    assert product.price_locked(NOW)
    assert not product.price_locked(NOW + 10)
