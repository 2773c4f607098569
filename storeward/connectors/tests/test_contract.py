"""What the shape of a connector promises to those who use it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from storeward.connectors import errors, registry
from storeward.connectors.contract import Failure, Level, Parsed, Problem, Request, Retry
from storeward.connectors.registry import connector_for, connectors
from storeward.connectors.tiktok_shop import CONNECTOR


@pytest.fixture(autouse=True)
def _fresh_registry() -> None:
    connectors.cache_clear()


def test_an_answer_without_anything_is_no_failure() -> None:
    assert not Parsed().failed


@pytest.mark.parametrize(("level", "failed"), [(Level.NOTE, False), (Level.ERROR, True), (Level.PLATFORM, True)])
def test_an_answer_fails_by_its_worst_problem(level: Level, failed: bool) -> None:
    problem = Problem("code", "words", level, Failure("1", Retry.NEVER) if level is Level.PLATFORM else None)
    assert Parsed(problems=[problem]).failed is failed


def test_an_unknown_platform_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(errors.NotSupported, match="tiktok_shop"):
        connector_for("ebay")


def test_ours_is_there_under_its_id() -> None:
    assert connector_for("tiktok_shop") is CONNECTOR
    assert CONNECTOR.short == "tt"


def entry(value: str, name: str = "mall") -> EntryPoints:
    return EntryPoints([EntryPoint(name=name, value=value, group=registry.GROUP)])


def test_an_installed_package_adds_a_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda group: entry(f"{__name__}:MALL"))
    monkeypatch.setattr(EntryPoint, "load", lambda self: MALL)
    assert connector_for("mall").label == "Mall"


MALL = replace(CONNECTOR, id="mall", label="Mall")


@pytest.mark.parametrize("offered", [CONNECTOR, "no connector"])
def test_a_plug_in_cannot_take_our_place_or_be_anything_else(monkeypatch: pytest.MonkeyPatch, offered: object) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda group: entry("x:y"))
    monkeypatch.setattr(EntryPoint, "load", lambda self: offered)
    with pytest.raises(TypeError, match="mall"):
        connectors()


def test_what_is_not_offered_is_declared_with_where_a_person_sees_it() -> None:
    assert "Seller Center" in CONNECTOR.not_offered["violation_points"]
    assert not CONNECTOR.not_offered.keys() & CONNECTOR.streams.keys()


def test_documented_limits_are_declared() -> None:
    limits = CONNECTOR.limits
    assert (limits.calls_per_second, limits.start_at_per_second) == (50, 5)
    assert limits.calls_per_day == {"customer_service": 10_000}
    assert limits.day_groups["getConversationMessages"] == "customer_service"
    assert "getOrderList" not in limits.day_groups


def test_orders_are_worth_most_and_looked_at_most_often() -> None:
    first = CONNECTOR.streams["orders"]
    assert first.value == max(stream.value for stream in CONNECTOR.streams.values())
    assert first.poll_every == min(stream.poll_every for stream in CONNECTOR.streams.values())
    assert first.trust_for <= timedelta(hours=1)


def test_an_error_says_who_what_and_which() -> None:
    error = errors.Rejected("no such package", platform="tiktok_shop", operation="shipPackage", code="21", request_id="r1")
    assert str(error) == "tiktok_shop shipPackage: no such package (code 21, request r1)"
    assert error.family == "Rejected"
    assert str(errors.Unavailable()) == "The platform cannot be reached or has a fault of its own: try later."


SITES = replace(CONNECTOR, gateways={"SG": "https://api.example.sg/rest", "VN": "https://api.example.vn/rest"})


@pytest.mark.parametrize(
    ("market", "own", "address"),
    [
        ("SG", "", "https://api.example.sg/rest"),
        ("VN", "", "https://api.example.vn/rest"),
        ("VN", CONNECTOR.base_url, "https://api.example.vn/rest"),
        ("VN", CONNECTOR.base_url + "/", "https://api.example.vn/rest"),
        ("VN", "http://127.0.0.1:9403/rest", "http://127.0.0.1:9403/rest"),
        ("VN", "http://127.0.0.1:9403/{market}/rest", "http://127.0.0.1:9403/vn/rest"),
        ("MY", "", CONNECTOR.base_url),
        ("", "", CONNECTOR.base_url),
    ],
)
def test_a_store_is_served_at_its_markets_address_but_where_the_app_has_its_own(market: str, own: str, address: str) -> None:
    assert SITES.gateway(market, own) == address


def test_a_platform_with_one_address_serves_all_markets_there() -> None:
    assert {CONNECTOR.gateway(market) for market in CONNECTOR.markets} == {CONNECTOR.base_url}


def test_a_parser_is_told_the_market_where_it_is_known() -> None:
    heard: list[dict[str, str]] = []

    def parse(body: bytes, about: Mapping[str, str]) -> Parsed:
        heard.append(dict(about))
        return Parsed()

    operation = replace(CONNECTOR.operations["getOrderList"], parse=parse)
    connector = replace(CONNECTOR, operations={"getOrderList": operation})
    request = Request("getOrderList", "GET", "/x", about={"order_id": "7"})
    connector.parse(request, b"{}", "VN")
    connector.parse(request, b"{}")
    assert heard == [{"market": "VN", "order_id": "7"}, {"order_id": "7"}]


def test_a_stream_for_one_kind_of_seller_is_not_asked_of_another() -> None:
    orders = CONNECTOR.streams["orders"]
    abroad = replace(orders, name="payouts", sellers=frozenset({"cross_border"}))
    connector = replace(CONNECTOR, streams={"orders": orders, "payouts": abroad})
    names = {kind: [stream.name for stream in connector.streams_in("MY", kind)] for kind in ("local", "cross_border", "")}
    assert names == {"local": ["orders"], "cross_border": ["orders", "payouts"], "": ["orders", "payouts"]}
