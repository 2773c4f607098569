"""Figures by which Lazada judges a store (fact sheet section 19). Targets come with the answer and differ by country."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from storeward.canon import Metric, Record
from storeward.connectors.contract import Request
from storeward.connectors.wire import Notes, Wire

from .envelope import About, page_parser, thing_parser
from .requests import get

PERFORMANCE, FIGURES, ITEM_LIMIT = "/seller/performance/get", "/seller/metrics/get", "/product/seller/item/limit"
UNITS: Final = {"PERCENTAGE": "percent", "MINUTES": "minutes", "HOURS": "hours", "INTEGER": "count", "DOUBLE": "number"}


def performance_request(language: str = "en-US") -> Request:
    return get(PERFORMANCE, {"language": language})


def figures_request() -> Request:
    return get(FIGURES)


def item_limit_request() -> Request:
    """How many listings the store may have. Cross-border sellers only."""
    return get(ITEM_LIMIT)


class Indicator(Wire):
    MATTERS = frozenset({"type"})

    type: str | None = None
    name: str | None = None
    score: Decimal | None = None
    score_format: str | None = None
    target: Decimal | None = None
    target_format: str | None = None
    target_respected: bool | None = None


def build_indicator(wire: Indicator, notes: Notes, about: About) -> Iterable[Record]:
    if not wire.type:
        notes.left_out("type", "indicator")
        return ()
    return (
        Metric(
            platform_metric=wire.type,
            platform_name=wire.name or None,
            value=notes.number("score", wire.score),
            unit=UNITS.get(wire.score_format or ""),
            platform_unit=wire.score_format or None,
            target=notes.number("target", wire.target),
            platform_target=wire.target_format or None,
            target_met=wire.target_respected if wire.score is not None else None,
        ),
    )


class Figures(Wire):
    """Text throughout; two are percents, one is a ratio, and of one the unit is not stated."""

    positive_seller_rating: Decimal | None = None
    ship_on_time: Decimal | None = None
    response_rate: Decimal | None = None
    response_time: Decimal | None = None


UNIT_OF: Final[Mapping[str, str | None]] = {
    "positive_seller_rating": "percent",
    "ship_on_time": "percent",
    "response_rate": "ratio",
    "response_time": None,
}


def build_figures(wire: Figures, notes: Notes, about: About) -> Iterable[Record]:
    for name, unit in UNIT_OF.items():
        value = notes.number(name, getattr(wire, name))
        if value is not None:
            yield Metric(platform_metric=name, value=value, unit=unit)


class ItemLimit(Wire, rename={"online": "onlineItemCount", "limit": "itemLimit", "sold": "payItemCnt", "buyers": "payByrCnt"}):
    online: int | None = None
    limit: int | None = None
    sold: int | None = None
    buyers: int | None = None


LIMIT_NAMES: Final = {"online": "onlineItemCount", "limit": "itemLimit", "sold": "payItemCnt", "buyers": "payByrCnt"}
DAYS_COUNTED: Final = {"sold": 90, "buyers": 90}


def build_item_limit(wire: ItemLimit, notes: Notes, about: About) -> Iterable[Record]:
    for name, told in LIMIT_NAMES.items():
        count = getattr(wire, name)
        if count is not None:
            yield Metric(platform_metric=told, value=Decimal(count), unit="count", window_days=DAYS_COUNTED.get(name))


parse_performance = page_parser(PERFORMANCE, "data.indicators", Indicator, build_indicator)
parse_figures = thing_parser(FIGURES, "data", Figures, build_figures)
parse_item_limit = thing_parser(ITEM_LIMIT, "data", ItemLimit, build_item_limit)
