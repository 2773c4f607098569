"""What a platform demands of a listing, which brand names are none, and when a right is told to end: `data/parts.toml`."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

import msgspec

from storeward.policy.listing_check.phrases import FOLDER
from storeward.policy.listing_check.shapes import Form, Goods, Problem, Said
from storeward.policy.listing_check.text import fold, plain

MANDATORY = "mandatory_attributes"


class Demand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one platform demands."""

    id: str
    parts: tuple[str, ...]
    source: tuple[str, ...]
    read_on: date
    confidence: Literal["seed", "official", "third-party", "uncertain"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: Said


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]


class Fits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words beside a brand's name by which a thing only fits it."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class Ends(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long before its end a right is told."""

    warn_days: int
    pressing_days: int
    source: tuple[str, ...]
    confidence: str

    @property
    def warned(self) -> timedelta:
        return timedelta(days=self.warn_days)

    @property
    def pressing(self) -> timedelta:
        return timedelta(days=self.pressing_days)


class Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    platform: tuple[Demand, ...]
    part: tuple[Part, ...]
    unbranded: _Words
    fits: Fits
    ends: Ends

    def demand(self, platform: str) -> Demand | None:
        return next((one for one in self.platform if one.id == platform), None)

    def name(self, part: str) -> Said:
        """Raises KeyError for a part that is none."""
        for one in self.part:
            if one.id == part:
                return one.name
        raise KeyError(part)

    @property
    def digest(self) -> bytes:
        return blake2b(msgspec.json.encode(self), digest_size=16).digest()


@lru_cache(maxsize=1)
def parts() -> Parts:
    """The product's data."""
    return msgspec.convert(tomllib.loads((FOLDER / "parts.toml").read_text("utf-8")), Parts)


@lru_cache(maxsize=1)
def no_brands() -> frozenset[str]:
    """Words in the place of a brand that say that there is none, folded."""
    return frozenset(fold(word) for word in parts().unbranded.words)


def there(goods: Goods, part: str) -> bool | None:
    """Whether a listing has a part; None where the platform did not tell. Raises KeyError for a part that is none."""
    return _THERE[part](goods)


def _words(text: str | None) -> bool | None:
    if text is None:
        return None
    return bool(plain(text) if "<" in text or "&" in text else text.strip())


def _described(goods: Goods) -> bool | None:
    """A description may be pictures only."""
    has = _words(goods.description)
    return True if has is False and goods.description and "<img" in goods.description.lower() else has


_THERE: Mapping[str, Callable[[Goods], bool | None]] = {
    "title": lambda goods: _words(goods.title),
    "description": _described,
    "images": lambda goods: None if goods.images is None else goods.images > 0,
    "weight": lambda goods: goods.weighed,
    "brand": lambda goods: _words(goods.brand),
    "size_chart": lambda goods: goods.size_chart,
    "warranty": lambda goods: _words(goods.warranty),
    "attributes": lambda goods: None if goods.attributes is None else bool(goods.attributes),
    MANDATORY: lambda goods: None if goods.attributes is None else not goods.attributes_wanting,
}


def missing(goods: Goods, also: tuple[str, ...] = ()) -> Iterator[Problem]:
    """One problem for each part that is demanded and not there: by the platform, else by the team itself."""
    demand = parts().demand(goods.platform)
    demanded = demand.parts if demand is not None else ()
    for part in dict.fromkeys((*demanded, *also)):
        if there(goods, part) is False:
            yield _problem(goods, part, demand if part in demanded else None)


def _problem(goods: Goods, part: str, demand: Demand | None) -> Problem:
    name = parts().name(part)
    wanting = ", ".join(goods.attributes_wanting) if part == MANDATORY else ""
    named = Said(f"{name.en}: {wanting}", f"{name.zh}：{wanting}") if wanting else name
    return Problem(
        form=Form.MISSING,
        id=part,
        what=Said(f"Missing: {named.en}.", f"缺少：{named.zh}。"),
        mend=Said("Add it in the seller centre.", "请在卖家中心补充。"),
        source=demand.source if demand else ("the team's own figure",),
        confidence=demand.confidence if demand else "",
    )
