"""Rates, chats, listings, papers, settlement and violations of Shopee, Lazada and Douyin Shop: under, at and over each figure.

Singapore and Manila are UTC+8, Bangkok and Ho Chi Minh City UTC+7. August 2026: the 10th is a Monday.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.engine import duties, evaluate
from storeward.policy.rules.conduct import Forms, checks_nothing
from storeward.policy.tests.cast import Sample, case, figures, judged, moments, told
from storeward.policy.types import Reading, State

NOW = "2026-08-10T03:00:00Z"
SHOPEE: dict[str, Any] = {"platform": "shopee"}
LAZADA: dict[str, Any] = {"platform": "lazada"}
DOUYIN: dict[str, Any] = {"platform": "douyin"}


def metric(name: str, part: object, whole: object, days: int | None) -> dict[str, Any]:
    window = {} if days is None else {"window_days": days}
    return {"metrics": {name: {"numerator": part, "denominator": whole, **window}}}


# -- rates ----------------------------------------------------------------------------------------------

# (rule, metric, days, region, store, [(numerator, denominator, state or None)])
RATES: list[tuple[str, str, int | None, str, dict[str, Any], list[tuple[object, object, str | None]]]] = [
    (
        "SHP-NFR",
        "non_fulfilment_rate",
        7,
        "SG",
        SHOPEE,
        [(79, 1000, None), (8, 100, "at_risk"), (999, 10000, "at_risk"), (10, 100, "breached"), (100, 100, "breached")],
    ),
    (
        "SHP-LSR",
        "late_shipment_rate",
        7,
        "ID",
        SHOPEE,
        [(7, 100, None), (8, 100, "at_risk"), (99, 1000, "at_risk"), (1, 10, "breached")],
    ),
    (
        "SHP-XB-LSR",
        "late_shipment_rate",
        7,
        "PH",
        {**SHOPEE, "seller_type": "cross_border"},
        [(1599, 10000, None), (16, 100, "at_risk"), (1999, 10000, "at_risk"), (20, 100, "breached")],
    ),
    (
        "SHP-MY-FHR",
        "fast_handover_rate",
        30,
        "MY",
        {**SHOPEE, "programme": "mall"},
        [(6301, 10000, None), (63, 100, "at_risk"), (60, 100, "at_risk"), (599, 1000, "breached"), (0, 5, "breached")],
    ),
    (
        "SHP-MY-APT",
        "average_preparation_time",
        None,
        "MY",
        {**SHOPEE, "programme": "preferred"},
        [(79, 100, None), (80, 100, "at_risk"), (99, 100, "at_risk"), (100, 100, "breached"), (3, 2, "breached")],
    ),
    (
        "LZD-SOT",
        "ship_on_time_rate",
        28,
        "VN",
        LAZADA,
        [(9301, 10000, None), (93, 100, "at_risk"), (90, 100, "at_risk"), (8999, 10000, "breached")],
    ),
    (
        "LZD-CR-OVL",
        "seller_fault_cancellation_rate",
        28,
        "PH",
        LAZADA,
        [
            (23, 100, None),
            (24, 100, "at_risk"),
            (30, 100, "at_risk"),
            (31, 100, "breached"),
            (10, 32, "breached"),  # ten items
            (9, 10, None),  # nine are too few for any word
        ],
    ),
    (
        "LZD-FFR",
        "fast_fulfilment_rate",
        28,
        "MY",
        LAZADA,
        [(94, 100, None), (93, 100, "at_risk"), (90, 100, "at_risk"), (89, 100, "breached")],
    ),
    ("LZD-FFR", "fast_fulfilment_rate", 28, "PH", LAZADA, [(0, 100, None), (89, 100, None)]),
    (
        "LZD-CHAT-RATE",
        "same_day_chat_response_rate",
        7,
        "SG",
        LAZADA,
        [(89, 100, None), (88, 100, "at_risk"), (85, 100, "at_risk"), (849, 1000, "breached")],
    ),
    (
        "LZD-CHAT-RATE",
        "same_day_chat_response_rate",
        7,
        "MY",
        LAZADA,
        [(54, 100, None), (53, 100, "at_risk"), (50, 100, "at_risk"), (49, 100, "breached")],
    ),
    (
        "LZD-CHAT-RATE",
        "same_day_chat_response_rate",
        7,
        "MY",
        {**LAZADA, "programme": "lazmall"},
        [(89, 100, None), (85, 100, "at_risk"), (84, 100, "breached")],
    ),
    (
        "LZD-CHAT-TIME",
        "average_response_time",
        7,
        "TH",
        LAZADA,
        [(239, 10, None), (24, 1, "at_risk"), (30, 1, "at_risk"), (3001, 100, "breached")],
    ),
    (
        "LZD-RETURN-RATE",
        "seller_fault_return_rate",
        28,
        "ID",
        LAZADA,
        [(79, 10000, None), (8, 1000, "at_risk"), (99, 10000, "at_risk"), (1, 100, "breached")],
    ),
    (
        "LZD-POSITIVE",
        "positive_seller_rating",
        56,
        "SG",
        LAZADA,
        [(7301, 10000, None), (73, 100, "at_risk"), (7001, 10000, "at_risk"), (70, 100, "breached"), (29, 100, "breached")],
    ),
]
CASES = [(*line[:5], *values) for line in RATES for values in line[5]]


@pytest.mark.parametrize(("rule", "name", "days", "region", "store", "part", "whole", "state"), CASES)
def test_a_rate_beside_its_figure(
    rule: str, name: str, days: int | None, region: str, store: dict[str, Any], part: object, whole: object, state: str | None
) -> None:
    found = told(metric(name, part, whole, days), NOW, region, **store).get(rule, [])
    assert [one.state for one in found] == ([] if state is None else [state])


@pytest.mark.parametrize(
    ("rule", "name", "days", "region", "store"),
    [line[:5] for line in RATES if line[3:5] != ("PH", LAZADA) or line[0] != "LZD-FFR"],
)
def test_a_rate_that_is_missing_or_of_another_window(
    rule: str, name: str, days: int | None, region: str, store: dict[str, Any]
) -> None:
    missing = told(metric(name, None, None, days), NOW, region, **store)
    assert [one.state for one in missing[rule]] == ["unknown"]
    assert [one.state for one in told({"metrics": {name: None}}, NOW, region, **store)[rule]] == ["unknown"]
    nothing = case(metric(name, 0, 0, days), NOW, region, **store)
    owed = {d.state for d in duties(nothing.store, nothing.facts, nothing.now) if isinstance(d, Reading) and d.rule == rule}
    assert owed == {State.NOT_APPLICABLE}
    if days is not None:
        assert rule not in told(metric(name, 1, 2, days + 1), NOW, region, **store)


def test_the_worse_of_two_rates_limits_the_orders() -> None:
    both = metric("non_fulfilment_rate", 1, 100, 7)["metrics"] | metric("late_shipment_rate", 10, 100, 7)["metrics"]
    assert [one.state for one in told({"metrics": both}, NOW, "SG", **SHOPEE)["SHP-OVC-7D"]] == ["breached"]
    low = metric("non_fulfilment_rate", 8, 100, 7)["metrics"] | metric("late_shipment_rate", 0, 100, 7)["metrics"]
    assert [one.state for one in told({"metrics": low}, NOW, "SG", **SHOPEE)["SHP-OVC-7D"]] == ["at_risk"]


def test_a_workspace_may_ask_for_more_than_the_lower_line_of_a_market() -> None:
    facts = metric("same_day_chat_response_rate", 86, 100, 7)
    own = {"LZD-CHAT-RATE": figures(limit="90")}
    assert "LZD-CHAT-RATE" not in told(facts, NOW, "MY", **LAZADA)
    assert [one.state for one in told(facts, NOW, "MY", overrides=own, **LAZADA)["LZD-CHAT-RATE"]] == ["breached"]


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_rate_is_judged_by_the_exact_fraction(part: int, whole: int) -> None:
    found = told(metric("late_shipment_rate", part, whole, 7), NOW, "SG", **SHOPEE).get("SHP-LSR")
    share = Fraction(part, whole)
    expected = "breached" if share >= Fraction(1, 10) else "at_risk" if share >= Fraction(8, 100) else None
    assert (found[0].state if found else None) == expected


# -- Shopee's own figures -------------------------------------------------------------------------------


def chat(rate: object, orders: object = 40, as_of: str | None = NOW) -> dict[str, Any]:
    return {"chat": {"response_rate": rate, "orders_30d": orders, "as_of": as_of}}


CHATS = ("SHP-CHAT-20", "SHP-TH-CHAT-60", "SHP-CHAT-TARGET")
OWN_RATE = [
    Sample("fine", "TH", NOW, chat("93.01"), ()),
    Sample("within three of the advice", "TH", NOW, chat(93), ("SHP-CHAT-TARGET at_risk info",)),
    Sample("at the advice", "TH", NOW, chat(90), ("SHP-CHAT-TARGET at_risk info",)),
    Sample("under it", "TH", NOW, chat("89.9"), ("SHP-CHAT-TARGET breached info",)),
    Sample("85 is enough for Mall", "TH", NOW, chat(89), (), store={"programme": "mall"}),
    Sample("and for Preferred+", "MY", NOW, chat(85), ("SHP-CHAT-TARGET at_risk info",), store={"programme": "preferred_plus"}),
    Sample("not less", "MY", NOW, chat(84), ("SHP-CHAT-TARGET breached info",), store={"programme": "preferred"}),
    Sample("60 in Thailand", "TH", NOW, chat(60), ("SHP-CHAT-TARGET breached info", "SHP-TH-CHAT-60 at_risk info")),
    Sample("under 60 in Thailand", "TH", NOW, chat(59), ("SHP-CHAT-TARGET breached info", "SHP-TH-CHAT-60 breached warning")),
    Sample("elsewhere no 60", "SG", NOW, chat(59), ("SHP-CHAT-TARGET breached info",)),
    Sample("23", "SG", NOW, chat(23), ("SHP-CHAT-20 at_risk info", "SHP-CHAT-TARGET breached info")),
    Sample("23.01", "SG", NOW, chat("23.01"), ("SHP-CHAT-TARGET breached info",)),
    Sample("20", "SG", NOW, chat(20), ("SHP-CHAT-20 breached warning", "SHP-CHAT-TARGET breached info")),
    Sample("20 with ten orders", "SG", NOW, chat(20, 10), ("SHP-CHAT-20 breached warning", "SHP-CHAT-TARGET breached info")),
    Sample("20 with nine orders", "SG", NOW, chat(20, 9), ("SHP-CHAT-TARGET breached info",)),
    Sample("orders not known", "SG", NOW, chat(20, None), ("SHP-CHAT-20 unknown warning", "SHP-CHAT-TARGET breached info")),
    Sample("orders not known, rate fine", "SG", NOW, chat(95, None), ()),
    Sample("rate not known", "SG", NOW, chat(None), ("SHP-CHAT-20 unknown warning", "SHP-CHAT-TARGET unknown warning")),
    Sample("not known at all", "SG", NOW, {"chat": None}, ("SHP-CHAT-20 unknown warning", "SHP-CHAT-TARGET unknown warning")),
    Sample("too old", "SG", "2026-08-12T03:00:01Z", chat(95), ("SHP-CHAT-20 unknown warning", "SHP-CHAT-TARGET unknown warning")),
    Sample("48 hours old", "SG", "2026-08-12T03:00:00Z", chat(95), ()),
]


@pytest.mark.parametrize("sample", OWN_RATE, ids=lambda one: one.title)
def test_the_response_rate_that_shopee_gives(sample: Sample) -> None:
    assert judged(sample._replace(silent=CHATS, store={**SHOPEE, **sample.store})) == sorted(sample.says)


@pytest.mark.parametrize(("value", "states"), [(1, ["breached"]), (2, ["breached"]), (3, []), (4, []), (None, ["unknown"])])
def test_a_rating_of_1_or_2_is_told(value: int | None, states: list[str]) -> None:
    facts = {"scores": {"overall_performance_rating": {"value": value, "as_of": NOW}}}
    assert [one.state for one in told(facts, NOW, "VN", **SHOPEE).get("SHP-METRICS-API", [])] == states


SHARES = [
    Sample("4 %", "SG", NOW, {"listings": {"live": 1000, "pre_order": 39}}, ()),
    Sample("from 80 % of it", "SG", NOW, {"listings": {"live": 1000, "pre_order": 40}}, ("SHP-PREORDER-5 at_risk info",)),
    Sample("at 5 %", "SG", NOW, {"listings": {"live": 1000, "pre_order": 50}}, ("SHP-PREORDER-5 at_risk info",)),
    Sample("over 5 %", "SG", NOW, {"listings": {"live": 1000, "pre_order": 51}}, ("SHP-PREORDER-5 breached warning",)),
    Sample("across the border", "SG", NOW, {"listings": {"live": 10, "pre_order": 9}}, (), store={"seller_type": "cross_border"}),
    Sample("Indonesia is not named", "ID", NOW, {"listings": {"live": 10, "pre_order": 9}}, ()),
    Sample("not known", "SG", NOW, {"listings": {"live": 10, "pre_order": None}}, ("SHP-PREORDER-5 unknown warning",)),
    Sample("the count is not given", "SG", NOW, {"listings": {"live": 10}}, ()),
    Sample("the old line", "ID", "2025-11-01T00:00:00Z", {"listings": {"live": 100, "pre_order": 15}}, ()),
    Sample(
        "near the old line",
        "ID",
        "2025-11-01T00:00:00Z",
        {"listings": {"live": 100, "pre_order": 16}},
        ("SHP-PREORDER-20-LEGACY at_risk info",),
    ),
]


@pytest.mark.parametrize("sample", SHARES, ids=lambda one: one.title)
def test_the_share_of_pre_orders(sample: Sample) -> None:
    rules = ("SHP-PREORDER-5", "SHP-PREORDER-20-LEGACY")
    assert judged(sample._replace(silent=rules, store={**SHOPEE, **sample.store})) == list(sample.says)


def test_seven_days_without_activity_in_the_philippines() -> None:
    facts = {"activities": [{"at": "2026-08-03T03:00:00Z", "type": "login", "actor": "main"}]}
    rule, due = "SHP-INACTIVE-7D", "2026-08-10T03:00:00Z"
    assert rule not in told(facts, due, "PH", **SHOPEE), "at the very moment it is not reached, and it has no lead"
    over = told(facts, "2026-08-10T03:00:01Z", "PH", **SHOPEE)[rule]
    assert [(one.state, one.severity, one.due_at) for one in over] == [("breached", "warning", due)]
    assert rule not in told(facts, "2026-09-10T03:00:01Z", "SG", **SHOPEE)
    assert [one.state for one in told({"activities": []}, NOW, "PH", **SHOPEE)[rule]] == ["unknown"]


# -- Shopee: 12 hours; Lazada: the cycle of a day -------------------------------------------------------


def asked(at: str, answered: str | None = None, **more: Any) -> dict[str, Any]:
    return {"conversations": [{"id": "c", "buyer_first_at": at, "first_human_reply_at": answered, **more}], "holidays": []}


HOURS_12 = [
    Sample("before the lead", "SG", "2026-08-10T12:59:59Z", asked(NOW), ()),
    Sample("two hours left", "SG", "2026-08-10T13:00:00Z", asked(NOW), ("SHP-CHAT-12H at_risk warning 2026-08-10T15:00:00Z c",)),
    Sample("at 12 hours", "SG", "2026-08-10T15:00:00Z", asked(NOW), ("SHP-CHAT-12H at_risk warning 2026-08-10T15:00:00Z c",)),
    Sample("over", "SG", "2026-08-10T15:00:01Z", asked(NOW), ("SHP-CHAT-12H breached warning 2026-08-10T15:00:00Z c",)),
    Sample("answered in time", "SG", "2026-08-12T00:00:00Z", asked(NOW, "2026-08-10T15:00:00Z"), ()),
    Sample("begun by the seller", "SG", "2026-08-12T00:00:00Z", asked(NOW, started_by="seller"), ()),
]


@pytest.mark.parametrize("sample", HOURS_12, ids=lambda one: one.title)
def test_shopee_gives_12_hours(sample: Sample) -> None:
    assert judged(sample._replace(silent=("SHP-CHAT-12H",), store=SHOPEE)) == list(sample.says)


# Bangkok: 18:00 is 11:00 UTC, 19:00 is 12:00 UTC.
CYCLES = [
    ("2026-08-10T10:59:59Z", [], "2026-08-10T12:00:00Z"),
    ("2026-08-10T11:00:00Z", [], "2026-08-11T12:00:00Z"),
    ("2026-08-09T17:00:00Z", [], "2026-08-10T12:00:00Z"),  # Monday's first second
    ("2026-08-09T16:59:59Z", [], "2026-08-10T12:00:00Z"),  # Sunday evening
    ("2026-08-08T03:00:00Z", [], "2026-08-08T12:00:00Z"),  # weekends count
    ("2026-08-10T03:00:00Z", ["2026-08-10"], None),
    ("2026-08-09T11:00:00Z", ["2026-08-10"], None),  # its cycle is the holiday's
    ("2026-08-10T11:00:00Z", ["2026-08-10"], "2026-08-11T12:00:00Z"),
    ("2026-08-09T10:59:59Z", ["2026-08-10"], "2026-08-09T12:00:00Z"),
]


@pytest.mark.parametrize(("at", "holidays", "due"), CYCLES)
def test_lazada_answers_by_19_of_the_cycle(at: str, holidays: list[str], due: str | None) -> None:
    found = told(asked(at) | {"holidays": holidays}, "2026-08-20T00:00:00Z", "TH", **LAZADA).get("LZD-CHAT-CYCLE", [])
    assert [one.due_at for one in found] == ([] if due is None else [due])


@pytest.mark.parametrize(
    ("now", "states"),
    [
        ("2026-08-10T09:59:59Z", []),
        ("2026-08-10T10:00:00Z", ["at_risk"]),
        ("2026-08-10T12:00:00Z", ["at_risk"]),
        ("2026-08-10T12:00:01Z", ["breached"]),
    ],
)
def test_two_hours_before_19_it_shows(now: str, states: list[str]) -> None:
    assert [one.state for one in told(asked(NOW), now, "TH", **LAZADA).get("LZD-CHAT-CYCLE", [])] == states


def test_a_message_in_holiday_mode_has_no_cycle() -> None:
    pause = [{"from": NOW, "to": "2026-08-11T03:00:00Z"}]
    for at, counted in ((NOW, False), ("2026-08-11T02:59:59Z", False), ("2026-08-11T03:00:00Z", True)):
        found = told(asked(at), "2026-08-20T00:00:00Z", "TH", holiday_mode=pause, **LAZADA)
        assert ("LZD-CHAT-CYCLE" in found) == counted


@given(moments(date(2026, 1, 1), date(2027, 1, 1)), st.sampled_from(["SG", "TH", "PH", "VN"]))
def test_a_cycle_leaves_an_hour_at_least_and_25_at_most(at: datetime, region: str) -> None:
    found = told(asked(at.isoformat()), (at + timedelta(days=3)).isoformat(), region, **LAZADA)["LZD-CHAT-CYCLE"]
    left = datetime.fromisoformat(found[0].due_at or "") - at
    assert timedelta(hours=1) < left <= timedelta(hours=25)


# -- violations, texts, stock ---------------------------------------------------------------------------

CATEGORIES = [
    ("listing_violation", "SHP-LISTING-VIOL", "critical", "ID", SHOPEE),
    ("authenticity_breach", "LZD-NCP-IP16", "critical", "PH", {**LAZADA, "programme": "lazmall"}),
    ("fake_orders_or_reviews", "LZD-BRUSHING-16", "critical", "SG", LAZADA),
    ("ready_to_ship_without_parcel", "LZD-PNR", "warning", "VN", LAZADA),
]


@pytest.mark.parametrize(("category", "rule", "severity", "region", "store"), CATEGORIES)
@pytest.mark.parametrize("status", ["pending", "enforced", "under_appeal", "overturned", "corrected", "closed"])
def test_an_open_violation_breaks_the_row_of_its_category(
    category: str, rule: str, severity: str, region: str, store: dict[str, Any], status: str
) -> None:
    facts = {"violations": [{"id": "v", "status": status, "category": category, "notified_at": "2026-08-01T00:00:00Z"}]}
    found = told(facts, NOW, region, **store).get(rule, [])
    opens = status in ("pending", "enforced", "under_appeal")
    assert [(one.state, one.severity, one.subject) for one in found] == ([("breached", severity, "v")] if opens else [])


FORMS = [
    ("shopee", "SG", "off_platform", ["SHP-CHAT-CONDUCT"]),
    ("shopee", "SG", "insult", ["SHP-CHAT-CONDUCT"]),
    ("shopee", "SG", "personal_data", ["SHP-CHAT-CONDUCT"]),
    ("shopee", "SG", "incentive", []),
    ("lazada", "SG", "incentive", ["LZD-BRUSHING-16"]),
    ("lazada", "SG", "threat", []),
    ("douyin", "CN", "incentive", []),
]


@pytest.mark.parametrize(("platform", "region", "form", "rules"), FORMS)
def test_the_form_of_a_text_breaks_the_row_that_names_it(platform: str, region: str, form: str, rules: list[str]) -> None:
    read = case({"outgoing_messages": [{"id": "m", "text": "..."}]}, NOW, region, platform=platform)
    found = evaluate(read.store, read.facts, read.now, classifier=lambda text, lang: Forms(frozenset({form})))
    assert [one.rule for one in found] == rules


def test_texts_that_nobody_checked_are_not_called_fine() -> None:
    facts = {"outgoing_messages": [{"id": "m", "text": "..."}]}
    read = case(facts, NOW, "SG", **SHOPEE)
    found = evaluate(read.store, read.facts, read.now, classifier=checks_nothing)
    assert [one.state for one in found if one.rule == "SHP-CHAT-CONDUCT"] == ["unknown"]


@pytest.mark.parametrize(
    ("platform", "region", "rule"),
    [("shopee", "SG", "SHP-STOCK-OUT"), ("lazada", "VN", "LZD-STOCK-OUT"), ("douyin", "CN", "DY-STOCK-OUT")],
)
def test_on_sale_with_nothing_to_sell(platform: str, region: str, rule: str) -> None:
    levels = [{"sku": "a", "sellable": 0, "live": True}, {"sku": "b", "sellable": 0, "live": False}, {"sku": "c", "sellable": 1}]
    found = told({"stock": levels}, NOW, region, platform=platform)[rule]
    assert [(one.state, one.severity, one.subject) for one in found] == [("breached", "warning", "a")]


def touched(at: str | None) -> dict[str, Any]:
    return {"stock": [{"sku": "s", "sellable": 5, "live": True, "updated_at": at}]}


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("2026-08-09T02:59:59Z", []),  # at the very moment, and without a lead
        ("2026-08-09T03:00:00Z", [("breached", "info", "2026-08-09T02:59:59Z")]),
    ],
)
def test_a_stock_is_old_after_60_days(now: str, says: list[tuple[str, str, str]]) -> None:
    found = told(touched("2026-06-10T02:59:59Z"), now, "PH", **LAZADA).get("LZD-STOCK-60", [])
    assert [(one.state, one.severity, one.due_at) for one in found] == says


def test_a_stock_of_no_known_age_is_unknown_and_one_without_is_not_judged() -> None:
    assert [one.state for one in told(touched(None), NOW, "PH", **LAZADA)["LZD-STOCK-60"]] == ["unknown"]
    assert "LZD-STOCK-60" not in told({"stock": [{"sku": "s", "sellable": 5}]}, NOW, "PH", **LAZADA)
    assert [one.state for one in told({"stock": None}, NOW, "PH", **LAZADA)["LZD-STOCK-60"]] == ["unknown"]


# -- Douyin Shop: settlement and papers -----------------------------------------------------------------

SETTLED = [
    ({"state": "normal"}, []),
    ({"state": "frozen"}, [("breached", "fatal")]),
    ({"state": "stopped", "since": "2026-08-01T00:00:00Z", "as_of": NOW}, [("breached", "fatal")]),
    ({"state": None}, [("unknown", "warning")]),
    ({"state": "half"}, [("unknown", "warning")]),
    ({"state": "normal", "as_of": "2026-08-08T02:59:59Z"}, [("unknown", "warning")]),
    ({"state": "frozen", "as_of": "2026-08-08T02:59:59Z"}, [("unknown", "warning")]),
    ({"state": "frozen", "as_of": "2026-08-08T03:00:00Z"}, [("breached", "fatal")]),
    (None, [("unknown", "warning")]),
]


@pytest.mark.parametrize(("settlement", "says"), SETTLED)
def test_a_settlement_that_is_held(settlement: dict[str, Any] | None, says: list[tuple[str, str]]) -> None:
    found = told({"settlement": settlement}, NOW, "CN", **DOUYIN).get("DY-SETTLE-FREEZE", [])
    assert [(one.state, one.severity) for one in found] == says


PAPERS = ("licence_valid", "tax_papers_valid", "account_in_good_standing", "names_match", "contact_correct", "fee_paid")


@given(st.fixed_dictionaries({}, optional={name: st.sampled_from([True, False, None]) for name in PAPERS}))
def test_one_no_is_enough_and_one_gap_is_unknown(papers: dict[str, bool | None]) -> None:
    found = told({"certification": papers}, NOW, "CN", **DOUYIN).get("DY-CERT", [])
    values = set(papers.values())
    expected = ["breached"] if False in values else ["unknown"] if None in values else []
    assert [one.state for one in found] == expected


def test_a_certification_that_nobody_knows() -> None:
    assert [one.state for one in told({"certification": None}, NOW, "CN", **DOUYIN)["DY-CERT"]] == ["unknown"]


# -- every sentence -------------------------------------------------------------------------------------


def test_every_finding_says_why_in_both_languages_without_a_gap() -> None:
    facts = {
        **metric("late_shipment_rate", 2, 9, 7),
        **chat(10),
        **asked("2026-08-01T00:00:00Z"),
        "penalty_points": {"total": 6},
        "non_compliance_points": {"total": 12},
        "settlement": {"state": "frozen", "since": "2026-08-01T00:00:00Z"},
        "certification": {"fee_paid": False},
        **touched("2026-01-01T00:00:00Z"),
        "orders": [
            {"order_id": "o", "placed_at": "2026-08-03T00:00:00Z", "paid_at": "2026-08-03T00:00:00Z", "type": "standard"}
            | {"ship_by": "2026-08-05T00:00:00Z", "scanned_at": None, "rts_at": None, "shipped_at": None}
        ],
        "return_requests": [{"id": "r", "requested_at": "2026-08-01T00:00:00Z", "answered_at": None, "answer_by": NOW}],
    }
    said = 0
    for platform, region in (("shopee", "PH"), ("lazada", "PH"), ("lazada", "TH"), ("douyin", "CN")):
        read = case(facts, NOW, region, platform=platform)
        for finding in evaluate(read.store, read.facts, read.now):
            english, chinese = finding.why.say("en", read.store.zone), finding.why.say("zh", read.store.zone)
            assert english.endswith(".")
            assert chinese.endswith("。")
            assert not {"{", "}", "None"} & set(english.split())
            assert finding.why.brief("en", read.store.zone)
            assert finding.why.brief("zh", read.store.zone)
            said += 1
    assert said >= 15


def test_a_rate_that_was_told_and_one_that_was_counted_read_differently() -> None:
    counted = case(metric("late_shipment_rate", 2, 9, 7), NOW, "SG", **SHOPEE)
    given_ = case(metric("late_shipment_rate", "12.5", 100, 7), NOW, "SG", **SHOPEE)
    said = [
        next(f.why.say("en", read.store.zone) for f in evaluate(read.store, read.facts, read.now) if f.rule == "SHP-LSR")
        for read in (counted, given_)
    ]
    assert said == ["2 of 9: 22.22 %; the line is 10 %.", "The rate stands at 12.5 %; the line is 10 %."]
