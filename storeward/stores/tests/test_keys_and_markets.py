"""Short keys of stores, and what a market settles."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors.registry import connectors
from storeward.stores.keys import short_name, store_key
from storeward.stores.markets import MARKETS, market


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Luna Home 3", "luna3"),
        ("Luna", "luna"),
        ("LUNA-12", "luna12"),
        ("Café Été 4", "cafe4"),
        ("3", "3"),
        ("青禾家居旗舰店", "401234"),
        ("!!!", "401234"),
    ],
)
def test_a_short_name_is_the_first_word_and_the_closing_number(name: str, short: str) -> None:
    assert short_name(name, "7494049642401234") == short


def test_a_key_names_platform_region_and_store() -> None:
    assert store_key(short="tt", region="MY", name="Luna Home 3", platform_store_id="749", taken=()) == "tt-my-luna3"


def test_two_stores_of_one_name_get_different_keys() -> None:
    taken = {"tt-my-luna3", "tt-my-luna3-2"}
    assert store_key(short="tt", region="MY", name="Luna Home 3", platform_store_id="749", taken=taken) == "tt-my-luna3-3"


@given(st.text(max_size=200), st.text(alphabet="0123456789", min_size=6, max_size=19))
def test_a_key_can_always_be_typed_and_stored(name: str, platform_store_id: str) -> None:
    key = store_key(short="tt", region="MY", name=name, platform_store_id=platform_store_id, taken=())
    assert len(key) <= 60
    assert key == key.lower()
    assert all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in key)
    assert not key.endswith("-")


@pytest.mark.parametrize("region", sorted(MARKETS))
def test_every_market_has_a_real_zone_and_a_currency(region: str) -> None:
    place = MARKETS[region]
    assert ZoneInfo(place.timezone).key == place.timezone
    assert len(place.currency) == 3


def test_every_market_of_every_connector_is_known() -> None:
    for connector in connectors().values():
        assert connector.markets <= MARKETS.keys()


def test_great_britain_is_the_united_kingdom_in_our_policies() -> None:
    assert market("GB") == market("UK") == MARKETS["UK"]


def test_an_unknown_market_is_shown_not_refused() -> None:
    assert (market("zz").region, market("zz").timezone) == ("ZZ", "UTC")
