"""What all platforms of a sandbox share: how stores are dealt out, names, countries, goods, sheets, and messages on their way."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox import paper
from storeward_sandbox.clock import DAY, HOUR, parse_instant
from storeward_sandbox.control import Control
from storeward_sandbox.countries import COUNTRIES, rounded, start_of_day
from storeward_sandbox.faults import Faults
from storeward_sandbox.fleet import DECK, dealt_regions, dealt_troubles, persona, store_name
from storeward_sandbox.goods import KINDS, choose_kinds, price_of
from storeward_sandbox.ids import Ids, Shapes
from storeward_sandbox.images import look_at
from storeward_sandbox.life import TROUBLES, Hooks, Store
from storeward_sandbox.options import Options, address_of
from storeward_sandbox.outbox import Delivery, Outbox
from storeward_sandbox.serve import PLATFORMS, Sandbox, dealt
from storeward_sandbox.world import World

START = parse_instant("2026-11-18T04:00:00Z")


@given(st.integers(1, 1000), st.integers(1, 6))
def test_stores_are_dealt_evenly_and_no_platform_goes_without(stores: int, platforms: int) -> None:
    counts = dealt(stores, platforms)
    assert len(counts) == platforms
    assert sum(counts) == max(stores, platforms)
    assert max(counts) - min(counts) <= 1
    assert min(counts) >= 1


def test_a_sandbox_opens_all_platforms_or_those_that_are_named() -> None:
    every = Sandbox(Options(at=START, speed=0, stores=1))
    assert list(every.world.platforms) == list(PLATFORMS)
    named = Sandbox(Options(at=START, speed=0, stores=3, platforms=("tiktok_shop",)))
    assert list(named.world.platforms) == ["tiktok_shop"]
    assert len(named.world.stores()) == 3


def test_every_platform_has_a_port_of_its_own() -> None:
    offsets = [one.port_offset for one in PLATFORMS.values()]
    assert len(set(offsets)) == len(offsets)
    assert 0 not in offsets


def test_an_address_may_name_the_platform() -> None:
    assert address_of("shopee", "http://app.test/hooks/{platform}/") == "http://app.test/hooks/shopee/"
    assert address_of("shopee", "http://app.test/hooks") == "http://app.test/hooks"


# --- one store --------------------------------------------------------------------------------------------------------

HOOKS = Hooks(("seed", "day", "settled", "greeted"))


class Stall(Store):
    """A store of no platform."""

    hooks: ClassVar[Hooks] = HOOKS
    id_shapes: ClassVar[Shapes] = {"order": ("26", 14)}


def a_stall(*troubles: str) -> Stall:
    return Stall(
        id="1",
        number=1,
        name="Luna Tea 1",
        region="MY",
        seed=1,
        started_at=START,
        persona=persona(Random(1), frozenset(troubles), START),
    )


def test_a_store_lives_its_past_when_it_is_first_looked_at() -> None:
    stall, seen = a_stall(), []
    HOOKS.on("seed")(lambda store: seen.append("seed"))
    HOOKS.on("day")(lambda store: seen.append("day"))
    HOOKS.on("settled")(lambda store: seen.append("settled"))
    stall.touch(START)
    assert (seen[0], seen[-1], seen.count("day")) == ("seed", "settled", 60)
    stall.touch(START + 2 * DAY)
    assert seen.count("day") == 62
    assert seen.count("settled") == 1


def test_a_store_tells_nothing_of_its_past() -> None:
    told: list[Any] = []
    stall = a_stall()
    stall.send = lambda store, kind, data: told.append((store.id, kind, data))
    stall.at(START - DAY, lambda now: stall.emit(1, {"past": True}))
    stall.touch(START)
    assert told == []
    stall.after(HOUR, lambda now: stall.emit("3", {"past": False}))
    stall.touch(START + HOUR)
    assert told == [("1", "3", {"past": False})]


def test_parts_and_streams_belong_to_one_store() -> None:
    one, other = a_stall(), a_stall()
    assert one.part(dict) is one.part(dict)
    assert one.part(dict) is not other.part(dict)
    assert one.chance("baskets").random() == other.chance("baskets").random()
    assert one.chance("baskets").random() != one.chance("chats").random()


def test_a_neglected_store_has_no_seller_any_more() -> None:
    stall = a_stall("neglected")
    assert stall.has("neglected")
    assert stall.seller_works()
    stall.touch(START)
    assert not stall.seller_works()
    assert a_stall().has("neglected") is False


def test_ids_keep_their_shape_and_never_repeat() -> None:
    ids = Ids(7, {"order": ("26", 14)})
    made = [ids.new("order") for _ in range(2000)]
    assert len(set(made)) == 2000
    assert all(len(one) == 14 and one.startswith("2600007") for one in made)
    with pytest.raises(KeyError):
        ids.new("dream")


# --- who exists, and what they sell -----------------------------------------------------------------------------------


def test_a_small_fleet_shows_the_first_countries_and_a_fleet_of_twelve_every_trouble() -> None:
    assert set(dealt_regions(3, Random(1), ("MY", "TH", "VN"), ("BR",))) == {"MY", "TH", "VN"}
    assert dealt_regions(5, Random(1), ("MY",), ("BR",))[1:] == ["BR"] * 4
    troubles = dealt_troubles(12, Random(1))
    assert sorted(troubles) == sorted(DECK)
    assert {one for hand in troubles for one in hand} == set(TROUBLES)


def test_a_store_is_called_by_brand_trade_and_number() -> None:
    assert store_name(Random(1), 12).endswith(" 12")
    assert len(store_name(Random(1), 12).split()) == 3


@pytest.mark.parametrize("region", COUNTRIES)
def test_prices_are_such_as_the_country_can_pay(region: str) -> None:
    country = COUNTRIES[region]
    for kind in KINDS:
        price = price_of(kind.dollars, country, Random(3))
        assert price == rounded(country, price)
        assert Decimal("0.5") < price / Decimal(str(country.usd)) < 40 or country.decimals == 0


@pytest.mark.parametrize("region", COUNTRIES)
def test_every_country_has_people_places_carriers_and_a_clock(region: str) -> None:
    country = COUNTRIES[region]
    assert country.people
    assert country.streets
    assert country.platform_carriers
    assert country.own_carriers
    assert all(len(city) == 3 for city in country.cities)
    assert start_of_day(country, date(2026, 11, 18)) % 1800 == 0


def test_a_choice_of_goods_begins_with_variants_and_goes_on_without() -> None:
    chosen = choose_kinds(Random(1), 6)
    assert chosen[0].axes
    assert not chosen[1].axes
    assert len({kind.title for kind in chosen}) == 6


# --- paper ------------------------------------------------------------------------------------------------------------


def test_sheets_are_drawn_as_pdf_the_same_each_time() -> None:
    sheets = [paper.Sheet(["To Ana", "青禾"], "SPX123"), paper.Sheet(["Packing slip"], font_size=8)]
    made = paper.drawn("label", sheets, "A6")
    assert made.startswith(b"%PDF-")
    assert made == paper.drawn("label", sheets, "A6")
    assert made.count(b"/Type /Page\n") == 2


def test_bars_are_drawn_as_png() -> None:
    seen = look_at(paper.picture("SPX1"))
    assert seen is not None
    assert (seen.kind, seen.width, seen.height) == ("png", 32, paper.BAR_HEIGHT)


# --- messages ---------------------------------------------------------------------------------------------------------


class Post(Outbox):
    """An outbox whose receivers all answer the same."""

    def __init__(self, status: int, answer: bytes) -> None:
        super().__init__(Faults(Random(1)))
        self.answer = status, answer
        self.sent: list[Delivery] = []

    async def _send(self, delivery: Delivery) -> tuple[int, bytes]:
        self.sent.append(delivery)
        return self.answer


def tried(post: Post, delivery: Delivery, until: int) -> Post:
    async def deeds() -> None:
        await post.start()
        post.put(delivery)
        await post.flush(until)
        await post.stop()

    asyncio.run(deeds())
    return post


MESSAGE = Delivery("shopee", "1", "http://app.test", "3", b"{}", {"x-sign": "good"}, START)


def test_a_platform_has_its_own_ladder() -> None:
    post = tried(Post(500, b""), replace(MESSAGE, ladder=(300, 1800)), START + DAY)
    assert [one.due - START for one in post.sent] == [0, 300, 2100]
    assert post.counts["given_up"] == 1


@pytest.mark.parametrize(("answer", "taken"), [(b"", True), (b'{"ok":1}', False)])
def test_a_platform_says_what_counts_as_taken(answer: bytes, taken: bool) -> None:
    strict = replace(MESSAGE, accepted=lambda status, body: status == 200 and not body)
    post = tried(Post(200, answer), strict, START)
    assert post.counts == {"delivered" if taken else "failed": 1}


def test_a_forged_message_has_a_bad_signature_where_the_platform_keeps_it() -> None:
    post = Post(200, b"")
    post.faults.switch_on("forged_webhook")
    tried(post, replace(MESSAGE, signed_in="x-sign"), START)
    assert post.sent[0].headers == {"x-sign": "0" * 64}


def test_worlds_know_stores_of_all_their_platforms() -> None:
    world: World = Sandbox(Options(at=START, speed=0, stores=2)).world
    assert all(world.find(store.id) is store for store in world.stores())


@pytest.mark.parametrize("platform", list(PLATFORMS))
def test_sending_people_home_does_not_change_the_past(platform: str) -> None:
    def truth(*, home: bool) -> Any:
        made = Sandbox(Options(at=START, speed=0, stores=2, platforms=(platform,)))
        control = Control(made.world, {platform: ""})
        if home:
            asyncio.run(control.direct_people({"seller": False, "buyers": False}))
        made.world.live_until(START)
        return made.world.platforms[platform].truth()

    assert truth(home=True) == truth(home=False)
