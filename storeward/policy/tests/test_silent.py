"""Rows that give no finding: definitions, what is allowed, what no fact tells, and what nobody knows; and rows that ask.

The first table holds what the specification says of each, on the first day that it is known to hold.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from storeward.policy import terms
from storeward.policy.engine import duties, evaluate
from storeward.policy.judge import judge
from storeward.policy.terms import NotTightening, book, book_for
from storeward.policy.tests.cast import case, figures, profile, told
from storeward.policy.types import NO_FIGURE, Reading, State

# (rule, market, store, first day, figures)
SILENT: list[tuple[str, str, dict[str, Any], str, str]] = [
    (
        "DY-PROMISE",
        "CN",
        {"platform": "douyin"},
        "2026-08-10",
        "default_hours=48 presale_from_days=2 presale_to_days=15 timed_presale_1=5 timed_presale_2=15 "
        "timed_presale_3=45 presale_end_days=30",
    ),
    ("DY-LATE-REPEAT", "CN", {"platform": "douyin"}, "2026-08-10", "again_hours=24 hits_before_ban=2 closed_after_days=150"),
    ("DY-LATE-FINE-LEGACY", "CN", {"platform": "douyin"}, "2026-08-10", "yuan=10 most_times=2 most_yuan_a_day=500"),
    ("DY-LATE-COMPENSATION", "CN", {"platform": "douyin"}, "2026-08-10", "free_up_to_yuan=3"),
    (
        "DY-OOS-COMPENSATION",
        "CN",
        {"platform": "douyin"},
        "2025-09-28",
        "share_to_48h=5 most_yuan_to_48h=500 share_over_48h=10 most_yuan_over_48h=1000 least_yuan=5",
    ),
    ("DY-OOS-DAY", "CN", {"platform": "douyin"}, "2025-09-28", "limit=30 count_from=30"),
    ("DY-OOS-FREEZE", "CN", {"platform": "douyin"}, "2025-09-28", "first_times=2 first_days=1 third_days=3"),
    ("DY-FAKE-SHIP", "CN", {"platform": "douyin"}, "2026-08-10", ""),
    ("DY-WAYBILL-REFUSED", "CN", {"platform": "douyin"}, "2026-08-10", ""),
    ("DY-BUYER-REMEDY", "CN", {"platform": "douyin"}, "2026-08-10", ""),
    ("DY-VP-EXPIRY", "CN", {"platform": "douyin"}, "2026-08-10", ""),
    ("DY-FREEZE-CAUSES", "CN", {"platform": "douyin"}, "2026-08-10", ""),
    ("DY-NOT-SERVING", "CN", {"platform": "douyin"}, "2023-11-17", "points=2 most_points_a_week=8"),
    (
        "DY-CERT-PAPERS",
        "CN",
        {"platform": "douyin"},
        "2026-08-10",
        "fee_yuan_a_year=600 review_from_days=7 review_to_days=15 bank_check_days=3 name_letters=16 account_days=30",
    ),
    ("LZD-NCP-RESET", "SG", {"platform": "lazada"}, "2026-08-10", "expiry_days=365"),
    (
        "LZD-LAZMALL-CYCLE",
        "PH",
        {"platform": "lazada", "programme": "lazmall"},
        "2022-10-07",
        "months=3 assessment_day=7 items_from=30 weeks_to_improve=3 weeks_to_plan=2",
    ),
    (
        "LZD-LAZMALL-VN",
        "VN",
        {"platform": "lazada", "programme": "lazmall"},
        "2026-08-10",
        "orders_a_month=1 ship_on_time=90 positive_rating=70 cancellation=2 returns=1 returns_fashion=10 months=3",
    ),
    ("LZD-MY-WORKDAY", "MY", {"platform": "lazada", "seller_type": "local"}, "2024-12-18", ""),
    (
        "LZD-XB-SORT",
        "SG",
        {"platform": "lazada", "seller_type": "cross_border"},
        "2026-08-10",
        "working_days=3 older_days=5 oldest_days=7",
    ),
    ("SHP-PP-VN-DURATION", "VN", {"platform": "shopee"}, "2025-10-06", "tier_1_days=7 tier_2_days=14 tier_3_to_5_days=28"),
    ("SHP-PP-RESET", "SG", {"platform": "shopee"}, "2026-08-10", "first_month=1 every_months=3 weekday=1 nth=1"),
    ("SHP-PP-RESET-PH", "PH", {"platform": "shopee"}, "2025-12-29", "first_month=3 every_months=3 weekday=1 nth=-1"),
    (
        "SHP-PREORDER-DTS",
        "SG",
        {"platform": "shopee"},
        "2025-03-10",
        "lowest=7 highest=30 lowest_my=3 lowest_cross_border=5 highest_cross_border=10",
    ),
    ("SHP-MY-SATURDAY", "MY", {"platform": "shopee", "programme": "managed"}, "2026-02-11", ""),
    ("SHP-WORKDAY", "SG", {"platform": "shopee"}, "2026-08-10", ""),
    ("TTS-SEA-NEGBAL-TOPUP", "MY", {}, "2026-08-10", "days=10"),
    ("TTS-SEA-REVIEW-FOLLOWUP", "VN", {}, "2026-08-10", "days=180"),
    ("TTS-US-AHR-SCALE", "US", {}, "2025-03-31", "lowest=0 highest=1000 start=200 healthy_from=200"),
    ("TTS-US-AHR-LOSE", "US", {}, "2025-03-31", ""),
    ("TTS-US-AHR-GAIN", "US", {}, "2025-03-31", ""),
    ("TTS-SEA-INACT-ACTIVITY", "MY", {}, "2026-08-10", ""),
    ("TTS-SEA-INACT-60-G7", "MY", {}, "2026-08-10", "days=7"),
    ("TTS-SEA-INACT-LEGACY-60", "MY", {}, "2023-06-26", "remind_days=60 delist_days=67 second_reminder_days=90 close_days=97"),
    ("TTS-SEA-INACT-SUBACCT", "MY", {}, "2026-08-10", ""),
    ("TTS-US-SETTLE", "US", {}, "2025-03-31", "new=31 standard=8 accelerated=5 express=1"),
    ("TTS-SEA-VP-RESET-90", "MY", {}, "2025-06-01", "expiry_days=90"),
    ("TTS-SEA-VP-RESET-180-LEGACY", "MY", {}, "2025-05-31", "expiry_days=180"),
    ("TTS-SEA-VP-WARN-5", "MY", {}, "2026-08-10", "points=5"),
    (
        "TTS-SEA-CAMPAIGN-ELIG",
        "VN",
        {},
        "2025-10-17",
        "store_rating_above=3 points_below=36 negative_reviews_below=1.5 returns_electronics_below=7 "
        "returns_fashion_below=8.8 returns_consumables_below=7",
    ),
    ("TTS-XB-PROBATION", "MY", {"seller_type": "cross_border"}, "2024-08-09", "days=30"),
    ("TTS-SEA-LDR-OVL1-25", "MY", {"seller_type": "local"}, "2025-12-11", "limit=25 below=30"),
    ("TTS-XB-TRANSITION-60", "MY", {"seller_type": "cross_border"}, "2026-06-22", "share=60"),
    ("TTS-XB-EDD-CANCEL", "MY", {"seller_type": "cross_border"}, "2026-01-27", ""),
    (
        "TTS-XB-PROBATION-RECALL",
        "MY",
        {"seller_type": "cross_border"},
        "2024-08-09",
        "cancellation=5 late_dispatch=20 negative_reviews=3",
    ),
    ("TTS-PH-SHIP-NDD", "PH", {"seller_type": "local"}, "2025-08-15", "days=0"),
    ("TTS-SEA-WORKDAY", "MY", {}, "2025-11-10", ""),
    (
        "TTS-US-HANDLING",
        "US",
        {},
        "2026-08-10",
        "backorder_from=3 backorder_to=15 custom_from=3 custom_to=7 made_to_order_from=3 made_to_order_to=14 "
        "pre_order_from=3 pre_order_to=60 standard_from=1 standard_to=2",
    ),
    ("TTS-US-HOLIDAY-7D", "US", {}, "2025-10-23", "days=7"),
    ("TTS-US-WORKDAY", "US", {}, "2025-10-23", ""),
    (
        "TTS-TH-ADJUST",
        "TH",
        {"seller_type": "local"},
        "2026-01-30",
        "beginner_orders=100 beginner_listings=1000 standard_orders=200 standard_listings=2000 "
        "premium_orders=300 premium_listings=3000",
    ),
]

RICH = {
    "activities": [{"at": "2026-08-01T02:00:00Z", "type": "login", "actor": "main"}],
    "orders": [{"order_id": "1", "type": "standard", "placed_at": "2026-08-01T02:00:00Z", "rts_at": None, "shipped_at": None}],
    "ahr": {"score": 120, "as_of": "2026-08-10T02:00:00Z", "previous": 200},
    "violations": [{"id": "v", "status": "enforced", "notified_at": "2026-08-01T02:00:00Z", "appeals": []}],
    "violation_points": [{"points": 30, "issued_at": "2026-08-01T02:00:00Z"}],
    "balance_events": [{"at": "2026-08-01T02:00:00Z", "balance": "-300", "currency": "USD"}],
    "listings": {"live": 10, "pre_order": 9},
    "metrics": {"late_dispatch_rate": {"window_days": 7, "numerator": 99, "denominator": 100}},
}
"""Facts about everything that silent rows speak of, all of them bad."""


def as_figures(text: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, _, value in (part.partition("=") for part in text.split())}


def test_every_silent_row_stands_in_the_table() -> None:
    assert {row[0] for row in SILENT} == {rule.id for _, rule in book() if rule.form is None}


@pytest.mark.parametrize(("rule_id", "region", "kind", "first", "said"), SILENT, ids=[row[0] for row in SILENT])
def test_a_silent_row_holds_its_figures_and_gives_no_finding(
    rule_id: str, region: str, kind: dict[str, Any], first: str, said: str
) -> None:
    rule, store = book().rule(rule_id), profile(region, **kind)
    assert rule.fits(region, store.seller_type, store.programme)
    span = next(span for span in rule.terms if span.holds_on(date.fromisoformat(first)))
    assert span.figures == as_figures(said)
    judged = case(RICH, "2026-08-10T03:00:00Z", region, **kind)
    assert rule_id not in {finding.rule for finding in evaluate(judged.store, judged.facts, judged.now)}


# -- rows that ask for a figure -----------------------------------------------------------------------

LAZADA, SHOPEE, DOUYIN = {"platform": "lazada"}, {"platform": "shopee"}, {"platform": "douyin"}
NOW = "2026-08-10T03:00:00Z"
LOGIN = {"activities": [{"at": "2026-07-31T02:00:00Z", "type": "login", "actor": "main"}]}
RATE = {"metrics": {"non_fulfilment_rate": {"window_days": 7, "numerator": 9, "denominator": 100}}}
ORDER = {"orders": [{"order_id": "1", "placed_at": "2026-08-08T02:00:00Z", "ship_by": None, "scanned_at": None}]}
PENALTY = {"violations": [{"id": "v", "status": "enforced", "notified_at": "2026-08-01T02:00:00Z", "appeals": []}]}
POINTS = {"violation_points": [{"points": 12, "issued_at": "2026-08-01T02:00:00Z"}]}
REPLIES = {"metrics": {"three_minute_reply_rate": {"window_days": 30, "numerator": 70, "denominator": 100}}}
EXPERIENCE = {"scores": {"experience_score": {"value": "4.1", "as_of": "2026-08-10T02:00:00Z"}}}

# (rule that asks, market, store, facts, own figure, what is then said: rule, state, due at)
ASKING: list[tuple[str, str, dict[str, str], dict[str, Any], str, tuple[str, str, str | None]]] = [
    ("LZD-INACTIVE", "SG", LAZADA, LOGIN, "days=10", ("LZD-INACTIVE", "breached", "2026-08-10T02:00:00Z")),
    ("SHP-FREEZE-2025", "SG", SHOPEE, RATE, "limit=9", ("SHP-FREEZE-2025", "breached", None)),
    ("DY-COLLECT-HOURS", "CN", DOUYIN, ORDER, "hours=48", ("DY-COLLECT-HOURS", "breached", "2026-08-10T02:00:00Z")),
    ("DY-APPEAL", "CN", DOUYIN, PENALTY, "days=10", ("DY-APPEAL", "at_risk", "2026-08-11T02:00:00Z")),
    ("DY-VP-EXPIRY", "CN", DOUYIN, POINTS, "expiry_days=365", ("DY-VP-12", "breached", None)),
    ("DY-REPLY-3MIN", "CN", DOUYIN, REPLIES, "limit=70.1", ("DY-REPLY-3MIN", "breached", None)),
    ("DY-EXPERIENCE", "CN", DOUYIN, EXPERIENCE, "limit=4.5", ("DY-EXPERIENCE", "breached", None)),
    ("TTS-US-AHR-LOSE", "US", {}, RICH, "points=5", ("TTS-US-AHR-150", "breached", None)),
    ("TTS-US-AHR-GAIN", "US", {}, RICH, "points=5", ("TTS-US-AHR-150", "breached", None)),
    ("DY-LATE-COMPENSATION", "CN", DOUYIN, POINTS, "share=5", ("DY-VP-12", "unknown", None)),
    ("DY-FAKE-SHIP", "CN", DOUYIN, POINTS, "hours=72", ("DY-VP-12", "unknown", None)),
]


def test_every_asking_row_stands_in_the_table() -> None:
    assert {row[0] for row in ASKING} == {rule.id for _, rule in book() if rule.asks}


@pytest.mark.parametrize(("rule_id", "region", "kind", "facts", "own", "said"), ASKING, ids=[row[0] for row in ASKING])
def test_a_row_without_a_figure_cannot_tell_until_the_workspace_gives_one(
    rule_id: str, region: str, kind: dict[str, str], facts: dict[str, Any], own: str, said: tuple[str, str, str | None]
) -> None:
    judged = case(facts, NOW, region, **kind)
    asked = [d for d in duties(judged.store, judged.facts, judged.now) if d.rule == rule_id]
    assert [(d.state, d.why.text) for d in asked if isinstance(d, Reading)] == [(State.UNKNOWN, NO_FIGURE)]
    assert [judge(duty, judged.now) for duty in asked] == [None]  # the facts format wants no finding of it
    overrides = {rule_id: as_figures(own)}
    found = told(facts, NOW, region, overrides, **kind)[said[0]]
    assert (found[0].state, found[0].due_at) == said[1:]
    answered = [d for d in duties(judged.store, judged.facts, judged.now, overrides=overrides) if d.rule == rule_id]
    assert NO_FIGURE not in {duty.why.text for duty in answered}


def test_any_figure_is_taken_where_the_platforms_is_not_known_but_none_that_is_no_figure() -> None:
    for text in ("1", "400"):
        assert book_for({"LZD-INACTIVE": figures(days=text)}).overrides
    for text in ("0", "-3", "nan"):
        with pytest.raises(NotTightening, match="no usable figure"):
            book_for({"LZD-INACTIVE": figures(days=text)})
    with pytest.raises(NotTightening, match="cannot be set"):
        book_for({"LZD-INACTIVE": figures(hours="3")})


def test_what_a_workspace_may_set_is_told() -> None:
    rule = book().rule("TTS-SEA-LDR-OVL1")
    assert terms.settable(rule, rule.terms[0]) == ("limit",)
    asks = book().rule("DY-APPEAL")
    assert terms.settable(asks, asks.terms[0]) == ("days",)
    scale = book().rule("TTS-US-AHR-SCALE")
    assert terms.settable(scale, scale.terms[0]) == ()
