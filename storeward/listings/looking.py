"""Listings that changed, judged and written in bulk: one query for the rows, one for costs, one for own prices, one COPY.

A listing is judged again only if something that it is judged by differs: its words, parts and prices, the phrases, the register,
the rules. What sells all day changes its stock, and is not looked at again for that.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db.backends.utils import CursorWrapper

from storeward.canon import ListingStatus
from storeward.lib.money import Money
from storeward.listings.register import CostKey, Register, costs_of
from storeward.policy.listing_check.check import check
from storeward.policy.listing_check.price import usual
from storeward.policy.listing_check.shapes import Goods, Offer, Outcome, Price
from storeward.policy.listing_check.text import fold, plain

AT_ONCE = 5_000
"""Listings taken in one step: so many texts lie in memory at a time."""

Key = tuple[int, str]
"""Store and the platform's id of the listing."""

COUNTS = frozenset({ListingStatus.LIVE, ListingStatus.PENDING, ListingStatus.UNKNOWN})
"""Buyers see it or soon will. What is off sale is looked at too, but troubles nobody until it comes back."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A store as far as its listings are judged by it. `policy`: a digest of everything else that they are judged by."""

    id: int
    workspace_id: int
    platform: str
    market: str
    timezone: str
    register: Register
    policy: bytes

    def day(self, now: datetime) -> date:
        """The date in the market."""
        return now.astimezone(ZoneInfo(self.timezone)).date()


class _Sku(msgspec.Struct, frozen=True, gc=False):
    platform_sku_id: str
    seller_sku: str | None = None
    variant: str | None = None
    price: Money | None = None
    sale_price: Money | None = None
    sale_from_at: datetime | None = None
    sale_until_at: datetime | None = None


class _Content(msgspec.Struct, frozen=True, gc=False):
    description: str | None = None
    images: int | None = None
    brand: str | None = None
    weighed: bool | None = None
    size_chart: bool | None = None
    warranty: str | None = None
    attributes: dict[str, str] | None = None
    attributes_wanting: tuple[str, ...] = ()


class _Data(msgspec.Struct, frozen=True, gc=False):
    """What is read of a stored listing; the rest (stock, categories ...) decides nothing here."""

    title: str | None = None
    status: ListingStatus = ListingStatus.UNKNOWN
    content: _Content | None = None
    skus: tuple[_Sku, ...] = ()


_decode = msgspec.json.Decoder(_Data).decode
_encode = msgspec.json.Encoder(decimal_format="string").encode
_pack = msgspec.msgpack.Encoder().encode


@dataclass(slots=True)
class _Seen:
    """A listing on its way: what is stored of it, and what was known of it."""

    shop: Shop
    id: str
    data: _Data
    digest: bytes
    prices: Mapping[str, Money]
    held: Mapping[str, str] | None
    """The prices at the last look; None: never looked at."""
    usual: Mapping[str, Decimal] = field(default_factory=dict)

    def goods(self, costs: Mapping[CostKey, Money]) -> Goods:
        """With what its SKUs cost, by the store's own cost before the team's."""
        content = self.data.content or _Content()
        return Goods(
            platform=self.shop.platform,
            market=self.shop.market,
            id=self.id,
            title=self.data.title,
            description=content.description,
            brand=content.brand,
            images=content.images,
            weighed=content.weighed,
            size_chart=content.size_chart,
            warranty=content.warranty,
            attributes=content.attributes,
            attributes_wanting=content.attributes_wanting,
            offers=tuple(self._offer(sku, costs) for sku in self.data.skus),
        )

    def _offer(self, sku: _Sku, costs: Mapping[CostKey, Money]) -> Offer:
        code, workspace = sku.seller_sku, self.shop.workspace_id
        cost = None if code is None else costs.get((workspace, self.shop.id, code)) or costs.get((workspace, None, code))
        return Offer(
            sku=sku.platform_sku_id,
            seller_sku=code,
            variant=sku.variant,
            price=self.prices.get(sku.platform_sku_id),
            cost=cost,
            usual=self.usual.get(sku.platform_sku_id),
        )


_ROWS = """
SELECT l.store_id, l.platform_id, l.data::text, k.digest, k.prices::text
FROM unnest(%(stores)s::bigint[], %(ids)s::text[]) AS w (store_id, platform_id)
JOIN records_listing l USING (store_id, platform_id)
LEFT JOIN listings_look k USING (store_id, platform_id)
"""


def look(cursor: CursorWrapper, shops: Mapping[int, Shop], keys: Collection[Key], now: datetime) -> list[Key]:
    """Look at these listings; answers those of which something may be different now.

    Inside the caller's transaction. Copies of one another are told in the rows themselves (`twin_of`), of others too.
    """
    touched: list[Key] = []
    wanted = sorted(keys)
    for start in range(0, len(wanted), AT_ONCE):
        touched += _step(cursor, shops, wanted[start : start + AT_ONCE], now)
    return touched + _twins(cursor, sorted({store_id for store_id, _ in touched}))


def _step(cursor: CursorWrapper, shops: Mapping[int, Shop], keys: Sequence[Key], now: datetime) -> list[Key]:
    cursor.execute(_ROWS, {"stores": [key[0] for key in keys], "ids": [key[1] for key in keys]})
    seen = [one for row in cursor.fetchall() if (one := _seen(shops, row, now)) is not None]
    _give_usual(cursor, seen, now)
    _write(cursor, seen, _costs(seen, now), now)
    return [(one.shop.id, one.id) for one in seen]


Costs = Mapping[date, Mapping[CostKey, Money]]
"""By the date in the market: a cost begins there at midnight, not in ours."""


def _costs(seen: Iterable[_Seen], now: datetime) -> Costs:
    """What the SKUs cost, where the team has said how far below is too far: one query for each date of today."""
    wanted: dict[date, set[tuple[int, str]]] = {}
    for one in seen:
        if one.shop.register.limits.least_of_cost:
            codes = {(one.shop.workspace_id, sku.seller_sku) for sku in one.data.skus if sku.seller_sku}
            wanted.setdefault(one.shop.day(now), set()).update(codes)
    return {day: costs_of(codes, day) for day, codes in wanted.items()}


def _seen(shops: Mapping[int, Shop], row: tuple[Any, ...], now: datetime) -> _Seen | None:
    """None where the listing is as it was when it was looked at, or its store is not asked for."""
    store_id, platform_id, text, digest, held = row
    shop = shops.get(store_id)
    if shop is None:
        return None
    data = _decode(text)
    prices = {sku.platform_sku_id: price for sku in data.skus if (price := price_now(sku, now)) is not None}
    made = blake2b(_pack((data, prices)), digest_size=16, key=shop.policy).digest()
    if digest is not None and bytes(digest) == made:
        return None
    return _Seen(shop, platform_id, data, made, prices, None if held is None else msgspec.json.decode(held))


def price_now(sku: _Sku, now: datetime) -> Money | None:
    """What a buyer pays now: the sale's price while it lasts."""
    sale = sku.sale_price
    if sale is not None and sale.amount > 0:
        begun = sku.sale_from_at is None or sku.sale_from_at <= now
        if begun and (sku.sale_until_at is None or now < sku.sale_until_at):
            return sale
    return sku.price


# -- own prices ----------------------------------------------------------------------------------------------------------------


_PRICES = """
SELECT p.store_id, p.platform_id, p.sku, p.at, p.amount
FROM unnest(%(stores)s::bigint[], %(ids)s::text[]) AS w (store_id, platform_id)
JOIN listings_pricepoint p USING (store_id, platform_id) ORDER BY p.store_id, p.platform_id, p.sku, p.at
"""


def _give_usual(cursor: CursorWrapper, seen: Iterable[_Seen], now: datetime) -> None:
    """The usual price of each SKU, where the team has said how it is to be taken."""
    asked = {(one.shop.id, one.id): one for one in seen if one.shop.register.limits.usual_days and one.held is not None}
    if not asked:
        return
    cursor.execute(_PRICES, {"stores": [key[0] for key in asked], "ids": [key[1] for key in asked]})
    held: dict[tuple[int, str, str], list[Price]] = {}
    for store_id, platform_id, sku, at, amount in cursor.fetchall():
        held.setdefault((store_id, platform_id, sku), []).append(Price(at, amount))
    for (store_id, platform_id, sku), prices in held.items():
        one = asked[store_id, platform_id]
        amount = usual(prices, now, one.shop.register.limits.usual_days or 0)
        if amount is not None:
            one.usual = {**one.usual, sku: amount.normalize()}


# -- writing -------------------------------------------------------------------------------------------------------------------

_CREATE = """
CREATE TEMP TABLE IF NOT EXISTS look_in (workspace_id bigint, store_id bigint, platform_id text, digest bytea, twin bytea,
    counts bool, prices jsonb, problems jsonb, unknown jsonb) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS price_in (store_id bigint, platform_id text, sku text, amount numeric, currency text)
    ON COMMIT DELETE ROWS;
TRUNCATE pg_temp.look_in, pg_temp.price_in
"""
_UPSERT = """
INSERT INTO listings_look (workspace_id, store_id, platform_id, digest, twin, counts, prices, problems, unknown, looked_at)
SELECT *, %(now)s FROM pg_temp.look_in
ON CONFLICT ON CONSTRAINT look_once DO UPDATE SET (digest, twin, counts, prices, problems, unknown, looked_at) = (
    EXCLUDED.digest, EXCLUDED.twin, EXCLUDED.counts, EXCLUDED.prices, EXCLUDED.problems, EXCLUDED.unknown, EXCLUDED.looked_at)
"""
_POINTS = """
INSERT INTO listings_pricepoint (store_id, platform_id, sku, at, amount, currency)
SELECT store_id, platform_id, sku, %(now)s, amount, currency FROM pg_temp.price_in
ON CONFLICT ON CONSTRAINT price_point_once DO NOTHING
"""


def _write(cursor: CursorWrapper, seen: Sequence[_Seen], costs: Costs, now: datetime) -> None:
    if not seen:
        return
    cursor.execute(_CREATE)
    with cursor.copy("COPY pg_temp.look_in FROM STDIN") as copying:
        for one in seen:
            copying.write_row(_row(one, costs, now))
    with cursor.copy("COPY pg_temp.price_in FROM STDIN") as copying:
        for point in (point for one in seen for point in _points(one)):
            copying.write_row(point)
    cursor.execute(_UPSERT, {"now": now})
    cursor.execute(_POINTS, {"now": now})


def _row(one: _Seen, costs: Costs, now: datetime) -> tuple[Any, ...]:
    goods, gone = one.goods(costs.get(one.shop.day(now), {})), one.data.status is ListingStatus.DELETED
    outcome = Outcome() if gone else judged(one.shop, goods, now)
    counts = one.data.status in COUNTS
    return (
        one.shop.workspace_id,
        one.shop.id,
        one.id,
        one.digest,
        twin_of(goods) if counts else None,
        counts,
        _encode({sku: price.amount for sku, price in one.prices.items()}).decode(),
        _encode(outcome.problems).decode(),
        _encode(outcome.unknown).decode(),
    )


def judged(shop: Shop, goods: Goods, now: datetime) -> Outcome:
    """One listing of a store, by its team's register."""
    register = shop.register
    return check(
        goods,
        day=shop.day(now),
        rights=register.rights_of(shop.id, shop.market),
        registered=register.kept,
        limits=register.limits,
    )


def twin_of(goods: Goods) -> bytes | None:
    """Equal for two listings that say the same in title, description and variants; None without a title or a description."""
    if not goods.title or not goods.description:
        return None
    variants = sorted(offer.variant or "" for offer in goods.offers)
    words = "\n".join([fold(plain(goods.title)), fold(plain(goods.description)), *variants])
    return blake2b(words.encode(), digest_size=16).digest()


def _points(one: _Seen) -> Iterator[tuple[Any, ...]]:
    """Prices that differ from the last look's."""
    held = one.held or {}
    for sku, price in one.prices.items():
        if held.get(sku) != str(price.amount):
            yield one.shop.id, one.id, sku[:120], price.amount, price.currency or ""


# Of several that say the same the one with the lowest id is the first, and the others repeat it.
_TWINS = """
UPDATE listings_look k SET twin_of = d.first FROM (
    SELECT id, CASE WHEN nth > 1 THEN first END AS first FROM (
        SELECT id, row_number() OVER same AS nth, first_value(platform_id) OVER same AS first
        FROM listings_look WHERE store_id = ANY(%(ids)s) AND twin IS NOT NULL
        WINDOW same AS (PARTITION BY store_id, twin ORDER BY length(platform_id), platform_id)
    ) ranked
    UNION ALL SELECT id, NULL FROM listings_look WHERE store_id = ANY(%(ids)s) AND twin IS NULL
) d
WHERE k.id = d.id AND k.twin_of IS DISTINCT FROM d.first
RETURNING k.store_id, k.platform_id
"""


def _twins(cursor: CursorWrapper, store_ids: Sequence[int]) -> list[Key]:
    """Say of every copy what it repeats; answers those of which that is new."""
    if not store_ids:
        return []
    cursor.execute(_TWINS, {"ids": list(store_ids)})
    return [(store_id, platform_id) for store_id, platform_id in cursor.fetchall()]


# -- which -----------------------------------------------------------------------------------------------------------------


def all_of(cursor: CursorWrapper, store_ids: Sequence[int]) -> list[Key]:
    """Every listing of these stores."""
    cursor.execute("SELECT store_id, platform_id FROM records_listing WHERE store_id = ANY(%s)", [list(store_ids)])
    return [(store_id, platform_id) for store_id, platform_id in cursor.fetchall()]


def standing(cursor: CursorWrapper, store_ids: Sequence[int]) -> dict[int, bytes]:
    """By which policy each store was last looked through as a whole."""
    cursor.execute("SELECT store_id, digest FROM listings_standing WHERE store_id = ANY(%s)", [list(store_ids)])
    return {store_id: bytes(digest) for store_id, digest in cursor.fetchall()}


def stand(cursor: CursorWrapper, shops: Iterable[Shop], now: datetime) -> None:
    """Write down that these stores were looked through by the policy that counts now."""
    found = list(shops)
    cursor.execute(
        """
        INSERT INTO listings_standing (store_id, digest, looked_at)
        SELECT store_id, digest, %s FROM unnest(%s::bigint[], %s::bytea[]) AS s (store_id, digest)
        ON CONFLICT (store_id) DO UPDATE SET (digest, looked_at) = (EXCLUDED.digest, EXCLUDED.looked_at)
        """,
        [now, [shop.id for shop in found], [shop.policy for shop in found]],
    )
