"""The product's side of the listings benchmark."""

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import msgspec
from django.db import connection

from bench.report import Stopwatch, stopwatch
from bench.round_product import NOW
from storeward.accounts.models import Workspace
from storeward.canon import Listing, ListingContent, ListingStatus, Sku
from storeward.findings.evaluate import evaluate
from storeward.findings.listings import look_again
from storeward.findings.models import Finding
from storeward.lib.money import Money
from storeward.listings.register import NewRight, add_right
from storeward.policy.listing_check.phrases import phrases
from storeward.policy.listing_check.text import fold, plain
from storeward.stores.models import Store

Found = tuple[str, str]
"""Listing and rule."""

MARKETS = (("MY", "Asia/Kuala_Lumpur", "MYR"), ("TH", "Asia/Bangkok", "THB"), ("VN", "Asia/Ho_Chi_Minh", "VND"))
WORDS = {
    "MY": (
        "Soft cotton shirt for women and men, washes well at 30 degrees. ",
        "Kain lembut dan selesa dipakai, sesuai untuk kerja dan santai. ",
        "Size S to XXL: chest 88 to 112 cm, length 62 to 74 cm; best before washing, read the label. ",
    ),
    "TH": ("เสื้อผ้าฝ้ายเนื้อนุ่ม ใส่สบาย ซักง่าย ไม่ยับ เหมาะกับทุกวัน ", "ขนาด S ถึง XXL รอบอก 88 ถึง 112 ซม. มีหลายสีให้เลือก "),
    "VN": ("Áo thun cotton mềm mại, mặc mát, dễ giặt và không nhăn. ", "Kích cỡ S đến XXL, vòng ngực 88 đến 112 cm, nhiều màu. "),
}
PLANTED = (
    ("This shirt cures eczema. ", "SW-LISTING-CLAIMS"),
    ("No refund under any circumstances. ", "SW-LISTING-TERMS"),
    ("Write to shop@mail.example.org first. ", "SW-LISTING-CONTACT"),
    ("Comes with pepper spray. ", "SW-LISTING-PROHIBITED"),
)
"""On Lazada no row of the platform speaks of these, so our own rules do."""
EVERY = 97
"""One listing in so many is planted."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass took; `own_cpu` is this process's alone."""

    seconds: float
    own_cpu: float
    listings: int = 0


def prepare(*, stores: int, listings: int) -> set[Found]:
    """Stores with listings, a few of them planted; answers what must be found."""
    space = Workspace.objects.create(slug="bench", name="Bench", created_at=NOW)
    for number in range(stores):
        region, zone, currency = MARKETS[number % len(MARKETS)]
        Store.objects.create(
            workspace=space,
            key=f"lz-{number}",
            platform="lazada",
            platform_store_id=str(number),
            name=f"Bench {number}",
            region=region,
            timezone=zone,
            currency=currency,
            added_at=NOW,
        )
    shops = list(Store.objects.order_by("pk"))
    planted: set[Found] = set()
    with connection.cursor() as cursor:
        columns = "store_id, workspace_id, platform_id, status, observed_at, origin, digest, data, title, live"
        with cursor.copy(f"COPY records_listing ({columns}) FROM STDIN") as copying:
            for number in range(listings):
                shop = shops[number % stores]
                record, rule = _listing(number, shop)
                if rule:
                    planted.add((str(number), rule))
                data = msgspec.json.encode(record, enc_hook=str).decode()
                told = (number.to_bytes(8, "big"), data, record.title, True)
                copying.write_row((shop.pk, space.pk, str(number), "live", NOW, "api", *told))
        cursor.execute("ANALYZE records_listing")
    return planted


def _listing(number: int, shop: Store) -> tuple[Listing, str]:
    plant, rule = PLANTED[number // EVERY % len(PLANTED)] if number % EVERY == 0 else ("", "")
    words = WORDS[shop.region]
    text = "".join(words[(number + at) % len(words)] for at in range(8))
    content = ListingContent(
        description=f"<p>{text}</p><ul><li>{plant}</li><li>{number}</li></ul><img src='https://img.example/{number}.jpg'>",
        images=5,
        brand="No Brand",
        weighed=True,
        attributes={"material": "Cotton", "care": "Machine wash"},
    )
    skus = tuple(
        Sku(
            platform_sku_id=f"{number}-{size}",
            seller_sku=f"S{number}{size}",
            variant=size,
            price=Money(Decimal(29), shop.currency),
        )
        for size in ("S", "M", "L")
    )
    title = f"Cotton shirt {number}"
    return Listing(platform_listing_id=str(number), title=title, status=ListingStatus.LIVE, skus=skus, content=content), rule


def _timed(watch: Stopwatch, before: float, listings: int = 0) -> Pass:
    return Pass(watch.seconds, _cpu() - before, listings)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def bare_pass() -> Pass:
    """The texts read from the database and every phrase tried on each, with nothing judged or written."""
    known = [phrase.text for phrase in phrases().all]
    before = _cpu()
    with stopwatch() as watch, connection.cursor() as cursor:
        cursor.execute("SELECT title, data #>> '{content,description}' FROM records_listing")
        for title, text in cursor.fetchall():
            folded = fold(plain(f"{title} {text}"))
            any(phrase in folded for phrase in known)
    return _timed(watch, before)


def full_pass(*, other_register: bool = False) -> Pass:
    """All listings of all stores, as after the first fill, or after a change of the register."""
    if other_register:
        space = Workspace.objects.get()
        add_right(space.pk, NewRight(brand="Luna", kind="own"), stores=set(), by="bench", now=NOW)
    ids = list(Store.objects.order_by("pk").values_list("pk", flat=True))
    before = _cpu()
    with stopwatch() as watch:
        for chunk in _chunks(ids):
            look_again(chunk, now=NOW)
    return _timed(watch, before)


def idle_pass() -> Pass:
    """The same where nothing is different."""
    return full_pass()


def changed_pass(*, share: int) -> Pass:
    """One listing in `share` has another title: judged as its change comes in, with all else of its stores."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_listing SET data = jsonb_set(data, '{title}', to_jsonb(title || ' new')) WHERE id %% %s = 0 "
            "RETURNING store_id, platform_id",
            [share],
        )
        keys = cursor.fetchall()
        cursor.executemany(
            "INSERT INTO records_change (store_id, kind, platform_id, at) VALUES (%s, 'listing', %s, %s)",
            [(store, listing, NOW) for store, listing in keys],
        )
    before = _cpu()
    with stopwatch() as watch:
        evaluate(sorted({store for store, _ in keys}), now=NOW + timedelta(hours=1))
    return _timed(watch, before, len(keys))


def _chunks(ids: list[int], size: int = 50) -> Iterator[list[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def findings() -> set[Found]:
    """What stands now."""
    return set(Finding.objects.filter(holds=True, subject_kind="listing").values_list("subject_id", "rule"))
