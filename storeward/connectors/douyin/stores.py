"""Who the shop is and how the platform scores it (fact sheet section 11). The API has no list of shops: a token is for one."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from storeward.canon import Metric, Record, StoreProfile
from storeward.connectors.contract import Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, fields_of, is_null, read

from .codes import MARKET
from .envelope import About, members_of, open_answer, receipt_parser, thing_parser
from .requests import read as ask

SCORES: Final = ("shop_score", "product_score", "logistics_score", "service_score")


def reputation_request() -> Request:
    """The shop's name and its four scores."""
    return ask("shop.reputation")


def experience_request() -> Request:
    """The experience score with its parts."""
    return ask("shop.getExperienceScore")


def authorisation_request(auth_id: str, subject_type: str = "") -> Request:
    """Whose authorisation it is; what it answers is not documented."""
    return ask("open.getAuthInfo", {"auth_id": auth_id, "auth_subject_type": subject_type})


class Reputation(Wire):
    MATTERS = frozenset({"shop_id"})

    shop_id: Id = None
    shop_name: str | None = None
    shop_score: Decimal | None = None
    product_score: Decimal | None = None
    logistics_score: Decimal | None = None
    service_score: Decimal | None = None


def build_reputation(wire: Reputation, notes: Notes, about: About) -> Iterable[Record]:
    """The store (nothing of it where it has no id) and a figure for each score that is stated."""
    shop_id = digits(wire.shop_id)
    if shop_id is None:
        notes.left_out("shop_id", "store")
    else:
        yield StoreProfile(platform_store_id=shop_id, name=wire.shop_name or None, region=MARKET, seller_type="local")
    for name in SCORES:
        value = notes.number(name, getattr(wire, name))
        if value is not None:
            yield Metric(platform_metric=name, value=value, unit="points")


class Score(Wire):
    """A part of the experience score: what was measured, and what it scores."""

    score: Decimal | None = None
    node_score: Decimal | None = None
    node_score_weight: Decimal | None = None
    score_weight: Decimal | None = None


WEIGHTED: Final = ("node_score_weight", "score_weight")
"""What a part adds to the whole: figures of their own."""
WHOLE: Final = "seller_rating_info"


def parse_experience(body: bytes, about: About) -> Parsed:
    """Every part of the score under the platform's own name: there may be more of them than are documented."""
    parsed, data = open_answer(body, "shop.getExperienceScore")
    if data is None:
        return parsed
    for name, raw in members_of(data, parsed).items():
        notes = Notes(f"data.{name}", parsed.problems)
        if is_null(raw) or fields_of(raw) is None:
            continue  # a plain member is no figure of this kind
        told = read(raw, Score, notes)
        value = notes.number("score", told.score) if told else None
        points = notes.number("node_score", told.node_score) if told else None
        if told is not None and (value is not None or points is not None):
            unit = "points" if name == WHOLE else None
            parsed.items.append((Metric(platform_metric=name, value=value, unit=unit, score=points), bytes(raw)))
        for part in WEIGHTED:
            weighted = notes.number(part, getattr(told, part)) if told else None
            if weighted is not None:
                parsed.items.append((Metric(platform_metric=name, platform_part=part, value=weighted, unit="points"), bytes(raw)))
    return parsed


parse_reputation = thing_parser("shop.reputation", None, Reputation, build_reputation)
parse_authorisation = receipt_parser("open.getAuthInfo")
