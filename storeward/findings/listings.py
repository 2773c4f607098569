"""Listings: what changed is looked at, and what is wrong with it becomes findings, one for each listing and form.

    Change rows of listings, or another register -> listings.look -> listings_look -> findings

A form that a row of the store's platform forbids is a finding of that row; otherwise one of our own rules. Findings of listings
are settled here alone: by the listings that were looked at, never by stores as a whole.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec
from django.db.backends.utils import CursorWrapper

from storeward.findings import own_rules
from storeward.findings.difference import Moves, settle
from storeward.findings.facts import profiles
from storeward.findings.locks import hold_stores
from storeward.findings.rules import about
from storeward.findings.staging import copy, staged
from storeward.findings.wanting import Wanted
from storeward.listings.looking import AT_ONCE, Key, Shop, all_of, look, stand, standing
from storeward.listings.register import registers
from storeward.policy.facts import StoreProfile
from storeward.policy.listing_check.shapes import Form, Hit, Problem
from storeward.policy.terms import Book
from storeward.policy.types import Severity, State
from storeward.rulebook.force import books

LISTING = "listing"
NAMED = 3
"""So many hits one sentence names; the rest is counted."""

OWN: Mapping[Form, str] = {
    Form.CLAIMS: own_rules.LISTING_CLAIMS,
    Form.PROHIBITED: own_rules.LISTING_PROHIBITED,
    Form.TERMS: own_rules.LISTING_TERMS,
    Form.CONTACT: own_rules.LISTING_CONTACT,
    Form.BRAND: own_rules.LISTING_BRAND,
    Form.MISSING: own_rules.LISTING_MISSING,
    Form.PRICE: own_rules.LISTING_PRICE,
    Form.DUPLICATE: own_rules.LISTING_DUPLICATE,
}
"""The rule of ours that speaks where no row of the platform does."""

CHECKS = {"claims": Form.CLAIMS, "rights": Form.BRAND, "terms": Form.TERMS}
"""Checks of the rows of form `content_check`, by our forms."""
OFF_PLATFORM = "off_platform"


@dataclass(frozen=True, slots=True)
class Breaks:
    """The rule that a form breaks in a store, by the terms in force."""

    rule: str
    severity: Severity
    since: date | None


@lru_cache(maxsize=4096)
def breaks(book: Book, platform: str, region: str, seller_type: str, programme: str | None, day: date) -> Mapping[Form, Breaks]:
    """Of every form."""
    found = {form: Breaks(rule, about(rule).severity, None) for form, rule in OWN.items()}
    for rule in book.for_store(platform, region, seller_type, programme):
        form = CHECKS.get(rule.with_.get("check", "")) if rule.form == "content_check" else None
        if rule.form == "conduct" and rule.subject == "review_conduct" and tuple(rule.with_.get("forms", ())) == (OFF_PLATFORM,):
            form = Form.CONTACT
        if form is not None and (row := book.row(rule, day)) is not None:
            found[form] = Breaks(rule.id, row.severity, row.ref.from_)
    return found


@dataclass(frozen=True, slots=True)
class Ward:
    """A store with what its listings are judged by."""

    shop: Shop
    rules: Mapping[Form, Breaks]


def wards(cursor: CursorWrapper, store_ids: Sequence[int], now: datetime) -> dict[int, Ward]:
    """These stores, by a few queries for any number."""
    known = profiles(cursor, store_ids)
    spaces = {workspace_id for workspace_id, _ in known.values()}
    files, rules = registers(spaces), books(spaces, now)
    found: dict[int, Ward] = {}
    for store_id, (workspace_id, profile) in known.items():
        day = now.astimezone(profile.zone).date()
        broken = _breaks(rules[workspace_id], profile, day)
        file = files[workspace_id]
        policy = blake2b(file.digest(day) + _digest(tuple(sorted(broken.items()))), digest_size=16).digest()
        shop = Shop(store_id, workspace_id, profile.platform, profile.region, profile.timezone, file, policy)
        found[store_id] = Ward(shop, broken)
    return found


def _breaks(book: Book, profile: StoreProfile, day: date) -> Mapping[Form, Breaks]:
    return breaks(book, profile.platform, profile.region, profile.seller_type, profile.programme, day)


@lru_cache(maxsize=256)
def _digest(rules: tuple[tuple[Form, Breaks], ...]) -> bytes:
    return repr([(form.value, one.rule, one.severity.value) for form, one in rules]).encode()


# -- what changed ----------------------------------------------------------------------------------------------------------


def stage(cursor: CursorWrapper, keys: Collection[Key], now: datetime) -> int:
    """Look at these listings and put what should stand into `wanted`, what has ceased into `gone`; how many were judged.

    The caller has filled the staging tables of its own and settles all of them together.
    """
    if not keys:
        return 0
    known = wards(cursor, sorted({store_id for store_id, _ in keys}), now)
    touched = look(cursor, {store_id: ward.shop for store_id, ward in known.items()}, keys, now)
    _tell(cursor, known, touched)
    return len(touched)


def look_again(store_ids: Sequence[int], *, now: datetime) -> Moves:
    """Look through those of these stores for which the phrases, the register or the rules are others than the last time.

    Opens transactions of its own, a chunk of listings each: one that dies begins anew, and skips what it has judged.
    """
    moves = Moves()
    with staged() as cursor:
        known = wards(cursor, store_ids, now)
        held = standing(cursor, list(known))
        due = {store_id: ward for store_id, ward in known.items() if held.get(store_id) != ward.shop.policy}
        keys = sorted(all_of(cursor, list(due))) if due else []
    for start in range(0, len(keys), AT_ONCE):
        moves += _chunk(keys[start : start + AT_ONCE], now)
    if due:
        with staged() as cursor:
            stand(cursor, [ward.shop for ward in due.values()], now)
    return moves


def _chunk(keys: Sequence[Key], now: datetime) -> Moves:
    with staged() as cursor:
        hold_stores(cursor, sorted({store_id for store_id, _ in keys}))
        stage(cursor, keys, now)
        return settle(cursor, now)


# -- findings --------------------------------------------------------------------------------------------------------------


_LOOKS = """
SELECT k.store_id, k.platform_id, k.problems::text, k.twin_of, l.title
FROM unnest(%(stores)s::bigint[], %(ids)s::text[]) AS w (store_id, platform_id)
JOIN listings_look k USING (store_id, platform_id)
JOIN records_listing l USING (store_id, platform_id)
WHERE k.counts AND (k.problems <> '[]' OR k.twin_of IS NOT NULL)
"""
_GONE = """
INSERT INTO pg_temp.gone SELECT o.id
FROM unnest(%(stores)s::bigint[], %(ids)s::text[]) AS t (store_id, subject_id)
JOIN findings_finding o ON o.store_id = t.store_id AND o.subject_kind = 'listing' AND o.subject_id = t.subject_id AND o.holds
WHERE NOT EXISTS (
    SELECT FROM pg_temp.wanted w WHERE (w.store_id, w.rule, w.subject_kind, w.subject_id)
        = (o.store_id, o.rule, o.subject_kind, o.subject_id))
"""
_problems = msgspec.json.Decoder(tuple[Problem, ...]).decode


def _tell(cursor: CursorWrapper, known: Mapping[int, Ward], touched: Collection[Key]) -> None:
    keys = sorted(set(touched))
    if not keys:
        return
    values: dict[str, Any] = {"stores": [key[0] for key in keys], "ids": [key[1] for key in keys]}
    cursor.execute(_LOOKS, values)
    rows = cursor.fetchall()
    copy(cursor, "wanted", (wanted.row for row in rows if row[0] in known for wanted in _wanted(known[row[0]], *row[1:])))
    cursor.execute(_GONE, values)


def _wanted(ward: Ward, listing: str, problems: str, twin_of: str | None, title: str | None) -> Iterator[Wanted]:
    by_form: dict[Form, list[Problem]] = {}
    for problem in _problems(problems):
        by_form.setdefault(problem.form, []).append(problem)
    for form, found in by_form.items():
        yield _finding(ward, form, listing, said(found), title, found)
    if twin_of is not None:
        yield _finding(ward, Form.DUPLICATE, listing, said_of_twin(twin_of), title, ())


def _finding(
    ward: Ward, form: Form, listing: str, texts: dict[str, dict[str, str]], title: str | None, found: Sequence[Problem]
) -> Wanted:
    broken = ward.rules[form]
    text = about(broken.rule)
    hits = [msgspec.to_builtins(problem.hit) for problem in found if problem.hit is not None]
    details = {**texts, "from": broken.since, "own": None, "form": form.value, "title": title, "hits": hits}
    return Wanted(
        store_id=ward.shop.id,
        workspace_id=ward.shop.workspace_id,
        rule=broken.rule,
        subject_kind=LISTING,
        subject_id=listing,
        item=text.item,
        state=State.BREACHED,
        severity=broken.severity,
        rule_severity=broken.severity,
        action=text.action,
        details=msgspec.json.encode(details).decode(),
    )


FIELDS = {
    "title": ("the title", "标题"),
    "description": ("the description", "描述"),
    "attributes": ("the properties", "属性"),
    "variants": ("the variants", "规格"),
    "brand": ("the brand", "品牌"),
}


def said(found: Sequence[Problem]) -> dict[str, dict[str, str]]:
    """`why` and `brief` of the problems of one form, in both languages: the words, where they stand, what mends it."""
    first = found[0]
    more = len(found) - NAMED
    english = " ".join(_sentence(problem, "en") for problem in found[:NAMED]) + (f" And {more} more." if more > 0 else "")
    chinese = "".join(_sentence(problem, "zh") for problem in found[:NAMED]) + (f"另有{more}处。" if more > 0 else "")
    return {
        "why": {"en": f"{english} {first.mend.en}", "zh": f"{chinese}{first.mend.zh}"},
        "brief": {"en": _brief(found, "en"), "zh": _brief(found, "zh")},
    }


def _sentence(problem: Problem, language: str) -> str:
    what = problem.what.in_language(language)
    if problem.hit is None or problem.hit.field == "brand":
        return what
    place = FIELDS[problem.hit.field][language == "zh"]
    words = problem.hit.words
    return f"{place}含“{words}”：{what}" if language == "zh" else f"“{words}” in {place}: {what}"


def _brief(found: Iterable[Problem], language: str) -> str:
    hits = [problem.hit for problem in found]
    told = dict.fromkeys(_quoted(hit) if hit is not None else "" for hit in hits)
    if words := [one for one in told if one][:NAMED]:
        return ", ".join(words) if language == "en" else "、".join(words)
    return " ".join(problem.what.in_language(language).rstrip(".。") for problem in found)[:160]


def _quoted(hit: Hit) -> str:
    return f"“{hit.words}”"


def said_of_twin(other: str) -> dict[str, dict[str, str]]:
    return {
        "why": {
            "en": f"It says the same as listing {other} of this store: title, description and variants. Keep one of them.",
            "zh": f"标题、描述和规格与本店商品{other}相同。请保留其中一个。",
        },
        "brief": {"en": f"same as {other}", "zh": f"与{other}相同"},
    }
