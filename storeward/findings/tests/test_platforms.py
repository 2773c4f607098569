"""What Shopee, Lazada and Douyin Shop tell becomes facts, and what follows from them findings."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from storeward.canon import OrderStatus, OrderType
from storeward.findings.actions import LOOK, action_for
from storeward.findings.evaluate import evaluate
from storeward.findings.facts import collect
from storeward.findings.feeds import look
from storeward.findings.figures import METRICS, ToldFigure, figures, metric_of
from storeward.findings.models import Finding, Obligation, Reading
from storeward.findings.order_facts import facts_of
from storeward.findings.rates import rates
from storeward.findings.rules import TOLD_BY_EVENTS, about, feeds
from storeward.findings.worth import Worth
from storeward.policy.facts import ChatFigure, Facts, ListingCounts, Metric, PointTotal, ReturnRequest
from storeward.policy.terms import INTERNAL, book
from storeward.records import models as records
from storeward.records.steps import OrderSteps, Told
from storeward.stores.models import Store

from .factories import NOW, STREAMS, fact, listing, order, points, request, store, streams, violation

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORE = ("performance", "points", "listing_violations")


def shop(platform: str, number: int = 1, region: str = "MY", **fields: Any) -> Store:
    """A store of that platform with every feed that its connector has."""
    made = store(number, region, platform=platform, key=f"{platform}-{number}", **fields)
    streams(made, MORE)
    return made


def facts(of: Store) -> Facts:
    with connection.cursor() as cursor:
        return collect(cursor, [of.pk], sight=look(cursor, NOW, [of.pk]), fx=Worth.on(NOW).fx, now=NOW)[0].facts


def metric(of: Store, name: str, value: object, unit: str | None = "percent") -> None:
    records.Metric.objects.create(
        store=of,
        workspace_id=of.workspace_id,
        platform_id=name,
        observed_at=NOW - 9 * DAY,
        digest=b"",
        data={"platform_metric": name, "value": value if value is None else str(value), "unit": unit},
    )


def stale(of: Store, *names: str) -> None:
    records.Stream.objects.filter(store=of, name__in=names).update(trusted_until=NOW)


def found(*shops: Store) -> dict[tuple[str, str], str]:
    """Rule and subject of every open finding, with its state."""
    evaluate([one.pk for one in shops], now=NOW)
    return {(one.rule, one.subject_id): one.state for one in Finding.objects.exclude(status="resolved")}


# -- figures --------------------------------------------------------------------------------------------


def test_the_rates_of_shopee_are_facts_over_their_windows() -> None:
    seller = shop("shopee")
    for name, value, unit in (("3", "10.5", "percent"), ("1", 8, "percent"), ("25", 59, "percent"), ("4", 36, "hours")):
        metric(seller, name, value, unit)
    told = facts(seller).metrics
    assert isinstance(told, dict)
    shares = {name: (one.numerator, one.denominator, one.window_days) for name, one in told.items() if one is not None}
    prepared, one, window = shares.pop("average_preparation_time")
    assert shares == {
        "non_fulfilment_rate": (Decimal("10.5"), Decimal(100), Decimal(7)),
        "late_shipment_rate": (Decimal(8), Decimal(100), Decimal(7)),
        "fast_handover_rate": (Decimal(59), Decimal(100), Decimal(30)),
    }
    assert isinstance(prepared, Decimal)
    assert (prepared.quantize(Decimal("0.000001")), one, window) == (Decimal("1.5"), Decimal(1), UNSET), "36 hours"


def test_the_figures_of_lazada_come_by_two_calls_and_the_one_with_a_unit_wins() -> None:
    seller = shop("lazada")
    metric(seller, "response_rate", "0.84", "ratio")
    metric(seller, "ship_on_time", "93.62")
    metric(seller, "SHIP_ON_TIME", "91")
    metric(seller, "RESPONSE_TIME", 2, "hours")
    told = facts(seller).metrics
    assert isinstance(told, dict)
    values = {name: one.numerator for name, one in told.items() if one is not None}
    assert values == {
        "same_day_chat_response_rate": Decimal(84),
        "ship_on_time_rate": Decimal(91),
        "average_response_time": Decimal(120),
    }


def test_a_figure_that_was_not_measured_has_nothing_to_divide() -> None:
    seller = shop("shopee")
    metric(seller, "1", None)
    metric(seller, "11", None)
    metric(seller, "rating", None, "number")
    told = facts(seller)
    assert told.metrics == {"late_shipment_rate": Metric(numerator=Decimal(0), denominator=Decimal(0), window_days=Decimal(7))}
    assert told.chat is UNSET, "too few chats are no failure"
    assert isinstance(told.scores, dict)
    rating = told.scores["overall_performance_rating"]
    assert rating is not None
    assert rating.not_scored is True


def test_an_unchanged_figure_is_as_fresh_as_its_feed() -> None:
    """The row was written nine days ago; the feed has seen it since."""
    seller = shop("shopee")
    metric(seller, "11", 15)
    for number in range(3):
        order(seller, str(number), placed_at=NOW - DAY, collected_at=NOW)
    order(seller, "old", placed_at=NOW - 31 * DAY, collected_at=NOW)
    assert facts(seller).chat == ChatFigure(response_rate=Decimal(15), orders_30d=Decimal(3))


@pytest.mark.parametrize(("platform", "names"), [("shopee", ("metrics", "chat")), ("lazada", ("metrics",))])
def test_figures_past_their_trust_are_missing(platform: str, names: tuple[str, ...]) -> None:
    seller = shop(platform)
    metric(seller, "1", 50)
    metric(seller, "SHIP_ON_TIME", 50)
    stale(seller, "performance")
    told = facts(seller)
    assert [getattr(told, name) for name in names] == [None] * len(names)


def test_a_cancellation_rate_is_weighed_by_the_orders_of_its_window() -> None:
    """40 % of twenty orders are eight: too few for the limit; of thirty twelve."""
    seller = shop("lazada")
    metric(seller, "CANCELLATION_RATE", 40)
    for number in range(20):
        order(seller, str(number), placed_at=NOW - 10 * DAY, collected_at=NOW)
    order(seller, "too young", placed_at=NOW - 6 * DAY, collected_at=NOW)
    order(seller, "too old", placed_at=NOW - 36 * DAY, collected_at=NOW)
    told = facts(seller).metrics
    assert isinstance(told, dict)
    assert told["seller_fault_cancellation_rate"] == Metric(
        numerator=Decimal(8), denominator=Decimal(20), window_days=Decimal(28)
    )


def test_other_platforms_have_no_figures_here_and_ask_nothing() -> None:
    sellers = {shop("douyin", 1).pk: "douyin", store(2).pk: "tiktok_shop"}
    with connection.cursor() as cursor:
        sight = look(cursor, NOW, list(sellers))
        with CaptureQueriesContext(connection) as asked:
            assert figures(cursor, sellers, sight, NOW) == {}
    assert len(asked) == 0


def test_the_number_of_questions_does_not_grow_with_the_stores() -> None:
    few = [shop("shopee", 1).pk, shop("lazada", 2).pk]
    many = few + [shop(platform, number).pk for number, platform in enumerate(("shopee", "lazada") * 3, start=3)]
    counts = []
    for ids in (few, many):
        with connection.cursor() as cursor:
            sight = look(cursor, NOW, ids)
            with CaptureQueriesContext(connection) as asked:
                collect(cursor, ids, sight=sight, fx=Worth.on(NOW).fx, now=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_rates_are_counted_only_where_the_platform_tells_none() -> None:
    tiktok, shopee, lazada = store(1), shop("shopee", 2), shop("lazada", 3)
    ids = [tiktok.pk, shopee.pk, lazada.pk]
    with connection.cursor() as cursor:
        told = rates(cursor, ids, look(cursor, NOW, ids), NOW)
    assert isinstance(told[tiktok.pk].metrics, dict)
    assert [told[pk].metrics for pk in ids[1:]] == [UNSET, UNSET]


@pytest.mark.parametrize("unit", ["percent", None])
@given(value=st.decimals(0, 100, places=4))
def test_a_percentage_stays_the_number_that_was_told(value: Decimal, unit: str | None) -> None:
    named = {word: figure for figures_ in METRICS.values() for word, figure in figures_.items() if figure.scale == "percent"}
    for figure in named.values():
        told = metric_of(figure, ToldFigure(value=value, unit=unit), 100)
        assert (told.numerator, told.denominator) == (value, Decimal(100))


# -- points ---------------------------------------------------------------------------------------------


def test_points_of_shopee_come_by_a_feed_and_are_as_fresh_as_it() -> None:
    seller = shop("shopee")
    points(seller, "3", NOW - 20 * DAY, seen_at=NOW - 20 * DAY)
    told = facts(seller)
    assert isinstance(told.penalty_points, PointTotal)
    assert isinstance(told.penalty_points.entries, tuple)
    assert [entry.points for entry in told.penalty_points.entries] == [Decimal(3)]
    assert told.violation_points is None
    stale(seller, "points")
    assert facts(seller).penalty_points is None


def test_no_points_of_shopee_are_none_once_its_feed_was_heard() -> None:
    assert facts(shop("shopee")).penalty_points == PointTotal(entries=())


def test_points_of_lazada_are_entered_and_grow_old() -> None:
    seller = shop("lazada")
    assert facts(seller).non_compliance_points is None, "asked for and not known"
    points(seller, "12", NOW - 20 * DAY, seen_at=NOW - HOUR)
    told = facts(seller)
    assert isinstance(told.non_compliance_points, PointTotal)
    assert isinstance(told.sources, dict)
    source = told.sources["non_compliance_points"]
    assert source is not None
    assert source.as_of == NOW - HOUR
    assert found(seller)["LZD-NCP-12", seller.key] == "breached"


def test_a_total_that_was_entered_later_goes_before_old_entries() -> None:
    seller = shop("lazada")
    points(seller, "12", NOW - 20 * DAY, seen_at=NOW - 30 * HOUR)
    fact(seller, "non_compliance_points", {"total": 24}, as_of=NOW - HOUR)
    assert facts(seller).non_compliance_points == PointTotal(total=Decimal(24))
    assert found(seller)["LZD-NCP-24", seller.key] == "breached"


# -- orders, requests, listings -------------------------------------------------------------------------


def test_what_is_paid_on_delivery_counts_from_its_placing() -> None:
    placed = NOW - DAY
    steps = OrderSteps(status="to_ship", placed_at=placed)
    paid = OrderSteps(status="to_ship", placed_at=placed, paid_at=NOW - HOUR)
    held = OrderSteps(status="on_hold", placed_at=placed)
    told = [facts_of("o", Told(one, NOW)) for one in (steps, paid, held)]
    assert [one and one.paid_at for one in told] == [placed, NOW - HOUR, None]


def test_late_orders_are_findings_with_their_instant_stake_act_and_reason() -> None:
    late = NOW - 6 * DAY
    shopee, lazada = shop("shopee", 1), shop("lazada", 2)
    douyin = shop("douyin", 3, region="VN")
    Store.objects.filter(pk=douyin.pk).update(region="CN", timezone="Asia/Shanghai", currency="CNY")
    for seller in (shopee, lazada, douyin):
        order(seller, f"o-{seller.platform}", placed_at=late, paid_at=late, ship_by_at=late + DAY)
    seen = found(shopee, lazada, douyin)
    expected = {
        ("SHP-DTS-D1", "o-shopee"),
        ("SHP-AUTOCANCEL-ARRANGE", "o-shopee"),
        ("SHP-AUTOCANCEL-SCAN", "o-shopee"),
        ("LZD-MY-N0", "o-lazada"),
        ("LZD-SHIP-BY", "o-lazada"),
        ("DY-SHIP-LATE", "o-douyin"),
    }
    assert {key for key in seen if key[1].startswith("o-")} == expected
    assert {seen[key] for key in expected} == {"breached"}
    for one in Finding.objects.filter(subject_kind="order"):
        assert one.due_at is not None
        assert one.stake_amount == Decimal("84.00")
        assert one.action in ("ship", "hand_over")
        assert set(one.details["why"]) == {"en", "zh"}


@pytest.mark.parametrize("kind", ["pre_order", "custom"])
def test_an_order_of_another_type_owes_nothing_by_rows_of_standard_ones(kind: str) -> None:
    seller = shop("shopee")
    order(seller, placed_at=NOW - 6 * DAY, paid_at=NOW - 6 * DAY, type=OrderType(kind))
    assert not [rule for rule, _ in found(seller) if rule.startswith("SHP")]


def test_a_cancelled_order_owes_nothing() -> None:
    seller = shop("lazada")
    order(seller, placed_at=NOW - 6 * DAY, ship_by_at=NOW - 5 * DAY, status=OrderStatus.CANCELLED, cancelled_at=NOW - 5 * DAY)
    assert not [rule for rule, _ in found(seller) if rule.startswith("LZD")]


@pytest.mark.parametrize(
    ("platform", "kind", "rule"),
    [
        ("shopee", "return", "SHP-RETURN-BY"),
        ("lazada", "return", "LZD-RETURN-BY"),
        ("lazada", "cancellation", "LZD-CANCEL-BY"),
        ("douyin", "return", "DY-RETURN-BY"),
    ],
)
def test_a_waiting_request_is_a_finding_with_what_the_buyer_asks_for(platform: str, kind: str, rule: str) -> None:
    seller = shop(platform)
    asked = {"refund_asked": {"amount": "19.90", "currency": "MYR"}}
    request(seller, kind, "r1", NOW - DAY, answer_by_at=NOW + 3 * HOUR, data=asked)
    request(seller, kind, "r2", NOW - DAY, answer_by_at=NOW + 13 * HOUR)
    request(seller, kind, "r3", NOW - DAY, status="awaiting_buyer", open=False)
    seen = found(seller)
    assert {key: state for key, state in seen.items() if key[0] == rule} == {(rule, "r1"): "at_risk"}
    one = Finding.objects.get(rule=rule)
    assert (one.due_at, one.stake_amount, one.action) == (NOW + 3 * HOUR, Decimal("19.90"), "answer_request")


def test_whose_turn_it_is_says_the_platforms_instant() -> None:
    """Goods that came back want an answer too; on TikTok Shop the instant stays when the seller has answered."""
    told = {}
    for seller in (shop("shopee", 1), store(2)):
        request(seller, "return", "r", NOW - DAY, answer_by_at=NOW + HOUR, status="shipped_back", updated_at=NOW - HOUR)
        requests = facts(seller).return_requests
        assert isinstance(requests, tuple)
        assert isinstance(requests[0], ReturnRequest)
        told[seller.platform] = requests[0].answered_at
    assert told == {"shopee": None, "tiktok_shop": NOW - HOUR}


@pytest.mark.parametrize(("platform", "rule"), [("shopee", "SHP"), ("lazada", "LZD"), ("douyin", "DY")])
def test_what_has_run_out_is_a_finding(platform: str, rule: str) -> None:
    seller = shop(platform)
    listing(seller, "l1", skus={"a": 0, "b": 5})
    listing(seller, "l2", skus={"c": 0}, live=False)
    assert {key for key in found(seller) if key[0].endswith("STOCK-OUT")} == {(f"{rule}-STOCK-OUT", "a")}


def test_pre_orders_of_shopee_are_counted_among_what_is_live() -> None:
    seller = shop("shopee")
    for number in range(4):
        listing(seller, f"l{number}", skus={"a": 5}, live=number != 3)
    for number in (0, 3):
        row = records.Listing.objects.get(store=seller, platform_id=f"l{number}")
        row.data["pre_order"] = True
        row.save()
    assert facts(seller).listings == ListingCounts(live=Decimal(3), pre_order=Decimal(1))
    assert facts(store(2)).listings == ListingCounts(live=Decimal(0))


def test_a_listing_that_the_platform_holds_is_one_finding_until_it_is_back() -> None:
    seller = shop("shopee")
    listing(seller, "77", skus={"a": 5}, live=False)
    records.Listing.objects.filter(store=seller).update(status="off_by_platform")
    for number in (1, 2):
        violation(seller, f"v{number}", notified_at=NOW - number * DAY, status="open", platform_subject_id="77")
    assert [key for key in found(seller) if key[0] == "SHP-LISTING-VIOL"] == [("SHP-LISTING-VIOL", "77")]
    records.Listing.objects.filter(store=seller).update(status="live", live=True)
    assert not [key for key in found(seller) if key[0] == "SHP-LISTING-VIOL"]


# -- what people enter ----------------------------------------------------------------------------------


def test_settlement_and_papers_of_douyin_are_entered() -> None:
    seller = shop("douyin", region="VN")
    Store.objects.filter(pk=seller.pk).update(region="CN", timezone="Asia/Shanghai", currency="CNY")
    told = facts(seller)
    assert (told.settlement, told.certification) == (None, None), "asked for and not known"
    assert {one.state for one in Reading.objects.filter(store_id=seller.pk)} <= {"unknown", "ok"}
    fact(seller, "settlement", {"state": "frozen", "since": "2026-11-10T00:00:00Z"})
    fact(seller, "certification", {"licence_valid": True, "fee_paid": False})
    seen = found(seller)
    assert (seen["DY-SETTLE-FREEZE", seller.key], seen["DY-CERT", seller.key]) == ("breached", "breached")


def test_a_settlement_that_was_entered_long_ago_is_not_believed() -> None:
    seller = shop("douyin", region="VN")
    Store.objects.filter(pk=seller.pk).update(region="CN", timezone="Asia/Shanghai", currency="CNY")
    fact(seller, "settlement", {"state": "normal"}, as_of=NOW - 49 * HOUR)
    assert found(seller)["SW-FACTS-STALE", "settlement"] == "unknown"


# -- rules and feeds ------------------------------------------------------------------------------------


def test_a_rule_stands_on_the_feed_that_its_platform_has() -> None:
    named = feeds()
    assert (named["SHP-PP-3"], named["SHP-LSR"], named["LZD-SOT"]) == ("points", "metrics", "metrics")
    assert (named["SHP-CHAT-20"], named["SHP-LISTING-VIOL"], named["DY-SHIP-LATE"]) == ("metrics", "violations", "orders")
    assert (named["TTS-SEA-LDR-TARGET"], named["LZD-RETURN-BY"]) == ("orders", "aftersales")
    assert not {"LZD-NCP-12", "TTS-SEA-VP-12", "TTS-SEA-VPCAT-IP", "DY-SETTLE-FREEZE", "DY-CERT"} & set(named)


def test_a_rule_whose_silence_is_fine_stands_on_a_feed_or_on_nothing_that_is_heard() -> None:
    heard = {rule.id for _, rule in book() if rule.form in TOLD_BY_EVENTS and rule.id in feeds()}
    assert {"SHP-LISTING-VIOL", "DY-RETURN-BY", "SHP-STOCK-OUT"} <= heard
    assert not {rule for rule in heard if "VPCAT" in rule}


def test_every_rule_of_the_new_platforms_has_an_act_of_its_own() -> None:
    theirs = [rule for platform, rule in book() if platform not in ("tiktok_shop", INTERNAL) and rule.form]
    bare = {rule.id for rule in theirs if action_for(rule.id) == LOOK}
    assert bare == {"DY-CERT", "LZD-NCP-IP16", "LZD-PNR"} & bare
    assert all(about(rule.id).item for platform, rule in book() if platform != INTERNAL and rule.form)


def test_a_store_keeps_its_obligations_apart_by_rule_and_order() -> None:
    seller = shop("shopee")
    order(seller, "o", placed_at=NOW - HOUR, paid_at=NOW - HOUR)
    evaluate([seller.pk], now=NOW)
    rules = set(Obligation.objects.filter(store_id=seller.pk, subject_id="o").values_list("rule", flat=True))
    assert rules == {"SHP-DTS-D1", "SHP-AUTOCANCEL-ARRANGE", "SHP-AUTOCANCEL-SCAN"}
    assert set(STREAMS) <= set(records.Stream.objects.filter(store=seller).values_list("name", flat=True))
