"""All checks of one listing: `check(goods, ...)`."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from storeward.policy.listing_check.parts import missing, no_brands, parts
from storeward.policy.listing_check.phrases import Field, Found, Group, Phrases, phrases
from storeward.policy.listing_check.price import too_low, untold
from storeward.policy.listing_check.shapes import Form, Goods, Hit, Limits, Outcome, Problem, Right, Said
from storeward.policy.listing_check.text import fold, plain

TITLE, BRAND = "title", "brand"
NOT_ON_FILE = "brand_field"
CLAUSE = 48
"""So far before or behind a brand's name words may stand by which the thing only fits it, within the same clause."""


def check(
    goods: Goods,
    *,
    day: date,
    rights: Sequence[Right] = (),
    registered: bool = False,
    limits: Limits = Limits(),  # noqa: B008  (frozen)
    words: Phrases | None = None,
) -> Outcome:
    """What is wrong with a listing on a day of its market.

    `rights` are those that cover its store, `registered` whether the team keeps the register at all: while it does not, a brand
    in the listing's own field says nothing. Two copies of a listing are found elsewhere, over the whole store.
    """
    known = words or phrases()
    found = [one for field in fields_of(goods) for one in known.places(field) if _counts(one, goods, day)]
    allowed = frozenset(fold(plain(right.brand)) for right in rights if right.holds(day))
    problems = [_told(one) for one in _firsts(one for one in found if not _names_brand(one))]
    problems += _brands(known, goods, [one for one in found if _names_brand(one)], allowed, registered)
    problems += missing(goods, limits.also_demanded)
    problems += too_low(goods, limits)
    problems.sort(key=lambda problem: _ORDER[problem.form])
    return Outcome(problems=tuple(problems), unknown=_unknown(goods, limits, registered))


def fields_of(goods: Goods) -> list[Field]:
    """What a buyer reads, in the order in which it is searched; what was not told and what is empty is left out."""
    told: dict[str, str] = {
        TITLE: goods.title or "",
        "variants": " | ".join(offer.variant for offer in goods.offers if offer.variant),
        "attributes": " | ".join((goods.attributes or {}).values()),
        "description": goods.description or "",
    }
    made = ((name, plain(text)) for name, text in told.items() if text)
    return [Field(name, text, fold(text)) for name, text in made if text]


_ORDER = {form: place for place, form in enumerate(Form)}


def _firsts(found: Iterable[Found]) -> Iterable[Found]:
    """The first hit of each group."""
    first: dict[str, Found] = {}
    for one in found:
        first.setdefault(one.group.id, one)
    return first.values()


def _counts(found: Found, goods: Goods, day: date) -> bool:
    group = found.group
    return (not group.fields or found.field.name in group.fields) and group.counts(goods.platform, goods.market, day)


def _names_brand(found: Found) -> bool:
    return found.group.form is Form.BRAND


def _told(found: Found) -> Problem:
    group = found.group
    return Problem(
        form=group.form,
        id=group.id,
        what=group.what,
        mend=group.mend,
        hit=found.hit(),
        source=group.source,
        confidence=group.confidence,
    )


def _unknown(goods: Goods, limits: Limits, registered: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    if goods.description is None:
        found |= dict.fromkeys((Form.CLAIMS.value, Form.PROHIBITED.value, Form.TERMS.value, Form.CONTACT.value), "no_description")
    if not registered and (why := _branded(goods)):
        found[Form.BRAND.value] = why
    if (reason := untold(goods, limits)) is not None:
        found[Form.PRICE.value] = reason
    return found


def _branded(goods: Goods) -> str:
    return "no_register" if goods.brand and fold(plain(goods.brand)) not in no_brands() else ""


# -- brands ----------------------------------------------------------------------------------------------------------------


def _brands(
    known: Phrases, goods: Goods, named: Sequence[Found], allowed: Collection[str], registered: bool
) -> Iterator[Problem]:
    """The first brand of a title that is neither allowed nor only fitted, else the one in the brand's own field."""
    for found in sorted(named, key=lambda one: (one.start, -one.end)):
        if not _covered(found.field.folded[found.start : found.end], allowed) and not _only_fits(found):
            yield _told(found)
            return
    brand = plain(goods.brand or "")
    folded = fold(brand)
    if folded in no_brands() or _covered(folded, allowed):
        return
    named_there = [one for one in known.places(Field(BRAND, brand, folded)) if _names_brand(one)]
    if registered or named_there:
        yield _in_its_field(brand, next((one.group for one in named_there), _group(known)))


def _group(known: Phrases) -> Group:
    return next(group for group in known.groups if group.form is Form.BRAND)


def _in_its_field(brand: str, group: Group) -> Problem:
    return Problem(
        form=Form.BRAND,
        id=NOT_ON_FILE,
        what=Said(f"Its brand is {brand}, for which no right is on file.", f"品牌为{brand}，没有授权记录。"),
        mend=group.mend,
        hit=Hit(field=BRAND, words=brand),
        source=group.source,
        confidence=group.confidence,
    )


def _covered(words: str, allowed: Iterable[str]) -> bool:
    """Whether a right covers the name: for the same words, or for a mark of which they are the beginning or the end."""
    return any(words == mark or words.startswith(f"{mark} ") or mark.startswith(f"{words} ") for mark in allowed)


@lru_cache(maxsize=1)
def _fits() -> tuple[re.Pattern[str], re.Pattern[str]]:
    told = parts().fits
    before = [fold(words) for words in told.before]
    parted = "|".join(re.escape(words) for words in before if words.isascii())
    joined = "|".join(re.escape(words) for words in before if not words.isascii())
    pattern = rf"(?:(?<![a-z0-9])(?:{parted})(?![a-z0-9])|(?:{joined}))[^,;|()\[\]!。，；]*$"
    after = [fold(words) for words in told.after]
    parted, joined = ("|".join(re.escape(one) for one in after if one.isascii() is ascii_) for ascii_ in (True, False))
    # Chinese says it right behind the name and its model ("小米14用"): further on the same sign is a part of another word.
    behind = rf"[^,;|\[\]!。，；]*(?<![a-z0-9])(?:{parted})(?![a-z0-9])|[a-z0-9 +./-]*(?:{joined})"
    return re.compile(pattern), re.compile(behind)


def _only_fits(found: Found) -> bool:
    """Whether the clause says that the thing is for that brand's goods ("case for ...", "... compatible")."""
    before, after = _fits()
    text = found.field.folded
    if before.search(text[max(0, found.start - CLAUSE) : found.start]):
        return True
    return after.match(text[found.end : found.end + CLAUSE]) is not None
