"""Security, stock, reviews, content, the routine, and how lines are read: each answer reckoned by hand."""

import json
from typing import Any

import pytest

from storeward.policy.answers import answer
from storeward.policy.tests.cast import Sample, judged, store

NOW = "2026-08-10T03:00:00Z"
XB = {"seller_type": "cross_border"}
TWO_STEPS, RIGHTS, LOGIN = "TTS-SEA-2SV", "TTS-SEA-SUBACCT-LEAST", "TTS-SEA-LOGINLOG"
STOCK, REPORT = "TTS-SEA-STOCK", "TTS-SEA-REVIEW-REPORT"
FALSE_AD, RIGHTS_CHECK, UNFAIR = "TTS-SEA-FALSE-AD", "TTS-SEA-IP-CHECK", "TTS-SEA-UNFAIR-TERMS"

# (fact, its one entry, row, state with severity or None): South East Asia, judged on 10 August 2026.
THINGS: list[tuple[str, Any, str, str | None]] = [
    ("security", {"two_step_verification": True}, TWO_STEPS, None),
    ("security", {"two_step_verification": False}, TWO_STEPS, "breached warning"),
    ("security", {"two_step_verification": None}, TWO_STEPS, "unknown warning"),
    ("security", None, TWO_STEPS, "unknown warning"),
    ("security", {}, TWO_STEPS, None),
    ("sub_accounts", [{"id": "s", "permissions": ["a"], "allowed": ["a", "b"], "left": False}], RIGHTS, None),
    (
        "sub_accounts",
        [{"id": "s", "permissions": ["a", "c"], "allowed": ["a", "b"], "left": False}],
        RIGHTS,
        "breached warning - s",
    ),
    ("sub_accounts", [{"id": "s", "permissions": [], "allowed": [], "left": False}], RIGHTS, None),
    ("sub_accounts", [{"id": "s", "permissions": [], "allowed": [], "left": True}], RIGHTS, "breached warning - s"),
    ("sub_accounts", [{"id": "s", "permissions": ["a"], "allowed": None, "left": False}], RIGHTS, "unknown warning - s"),
    ("sub_accounts", [{"id": "s", "permissions": ["a"], "allowed": None, "left": True}], RIGHTS, "breached warning - s"),
    ("sub_accounts", [{"id": "s", "permissions": ["a"], "allowed": ["a"], "left": None}], RIGHTS, "unknown warning - s"),
    ("sub_accounts", [{"id": "s", "permissions": ["c"], "allowed": ["a"], "left": None}], RIGHTS, "breached warning - s"),
    ("sub_accounts", [], RIGHTS, None),
    ("sub_accounts", None, RIGHTS, "unknown warning"),
    (
        "login_events",
        [{"id": "g", "at": "2026-08-10T02:00:00Z", "unusual": True, "cleared_at": None}],
        LOGIN,
        "breached critical - g",
    ),
    ("login_events", [{"id": "g", "at": "2026-08-10T02:00:00Z", "unusual": True, "cleared_at": NOW}], LOGIN, None),
    (
        "login_events",
        [{"id": "g", "at": "2026-08-10T02:00:00Z", "unusual": True, "cleared_at": "2026-08-10T03:00:01Z"}],
        LOGIN,
        "breached critical - g",
    ),
    ("login_events", [{"id": "g", "at": "2026-08-10T03:00:01Z", "unusual": True, "cleared_at": None}], LOGIN, None),
    ("login_events", [{"id": "g", "at": "2026-08-10T02:00:00Z", "unusual": False, "cleared_at": None}], LOGIN, None),
    (
        "login_events",
        [{"id": "g", "at": "2026-08-10T02:00:00Z", "unusual": None, "cleared_at": None}],
        LOGIN,
        "unknown warning - g",
    ),
    ("stock", [{"sku": "k", "sellable": 5, "actual": 5, "live": True}], STOCK, None),
    ("stock", [{"sku": "k", "sellable": 5, "actual": 4, "live": True}], STOCK, "breached warning - k"),
    ("stock", [{"sku": "k", "sellable": 5, "actual": 4, "live": False}], STOCK, "breached warning - k"),
    ("stock", [{"sku": "k", "sellable": 4, "actual": 5, "live": False}], STOCK, "breached warning - k"),
    ("stock", [{"sku": "k", "sellable": "5.0", "actual": 5, "live": True}], STOCK, None),
    ("stock", [{"sku": "k", "sellable": 0, "actual": 0, "live": True}], STOCK, "breached warning - k"),
    ("stock", [{"sku": "k", "sellable": 0, "actual": 0, "live": False}], STOCK, None),
    ("stock", [{"sku": "k", "sellable": 0, "actual": 0, "live": None}], STOCK, "unknown warning - k"),
    ("stock", [{"sku": "k", "sellable": 0, "live": True}], STOCK, "breached warning - k"),
    ("stock", [{"sku": "k", "sellable": 0, "actual": None, "live": True}], STOCK, "breached warning - k"),
    ("stock", [{"sku": "k", "sellable": 3, "actual": None, "live": True}], STOCK, "unknown warning - k"),
    ("stock", [{"sku": "k", "sellable": None, "actual": 3, "live": True}], STOCK, "unknown warning - k"),
    ("stock", [{"sku": "k", "sellable": 3}], STOCK, None),
    ("stock", None, STOCK, "unknown warning"),
    (
        "content_checks",
        [{"id": "t", "kind": "video", "check": "claims", "result": "fail", "at": NOW}],
        FALSE_AD,
        "breached critical - t",
    ),
    ("content_checks", [{"id": "t", "kind": "video", "check": "claims", "result": "pass", "at": NOW}], FALSE_AD, None),
    (
        "content_checks",
        [{"id": "t", "kind": "live", "check": "claims", "result": None, "at": None}],
        FALSE_AD,
        "unknown warning - t",
    ),
    (
        "content_checks",
        [{"id": "t", "kind": "listing", "check": "rights", "result": "fail", "at": NOW}],
        RIGHTS_CHECK,
        "breached critical - t",
    ),
    ("content_checks", [{"id": "t", "kind": "listing", "check": "rights", "result": "fail", "at": NOW}], FALSE_AD, None),
    (
        "content_checks",
        [{"id": "t", "kind": "listing", "check": "terms", "result": "fail", "at": NOW}],
        UNFAIR,
        "breached warning - t",
    ),
    (
        "content_checks",
        [{"id": "t", "kind": "listing", "check": "terms", "result": None, "at": None}],
        UNFAIR,
        "unknown warning - t",
    ),
    ("content_checks", [{"id": "t", "kind": "listing", "check": "terms", "result": "pass", "at": NOW}], UNFAIR, None),
]


@pytest.mark.parametrize(("fact", "value", "rule", "said"), THINGS)
def test_each_thing_is_fine_broken_or_not_known(fact: str, value: Any, rule: str, said: str | None) -> None:
    assert judged(Sample("", "VN", NOW, {fact: value}, (), (rule,))) == ([f"{rule} {said}"] if said else [])
    assert judged(Sample("", "US", NOW, {fact: value}, (), (rule,))) == []
    if rule == UNFAIR:  # a row of Viet Nam alone
        assert judged(Sample("", "TH", NOW, {fact: value}, (), (rule,))) == []


def review(posted: str, reported: str | None = None, fake: bool | None = True) -> dict[str, Any]:
    return {"reviews": [{"id": "w", "stars": 1, "posted_at": posted, "suspected_fake": fake, "reported_at": reported}]}


# Posted on 16 July 03:00 UTC: 30 days end on 15 August 03:00, the lead begins on 8 August.
JULY = "2026-07-16T03:00:00Z"
FAKES = [
    ("2026-08-08T02:59:59Z", None, True, None),
    ("2026-08-08T03:00:00Z", None, True, "at_risk info 2026-08-15T03:00:00Z w"),
    ("2026-08-15T03:00:00Z", None, True, "at_risk info 2026-08-15T03:00:00Z w"),
    ("2026-08-15T03:00:01Z", None, True, "breached info 2026-08-15T03:00:00Z w"),
    ("2026-09-15T03:00:01Z", "2026-08-15T03:00:00Z", True, None),
    ("2026-09-15T03:00:01Z", "2026-08-15T03:00:01Z", True, "breached info 2026-08-15T03:00:00Z w"),
    ("2026-08-15T03:00:01Z", None, False, None),
    ("2026-07-15T03:00:00Z", None, True, None),
]


@pytest.mark.parametrize(("now", "reported", "fake", "said"), FAKES)
def test_a_fake_review_can_be_reported_for_thirty_days(now: str, reported: str | None, fake: bool, said: str | None) -> None:
    assert judged(Sample("", "MY", now, review(JULY, reported, fake), (), (REPORT,))) == ([f"{REPORT} {said}"] if said else [])


# (region, item, attested, row, due): the last moment that is in time. Months and days keep the wall clock, hours are exact.
ROUTINE = [
    ("MY", "INS-03", "2026-08-10T03:00:00Z", "INT-ORDERS-DAILY", "2026-08-10T15:00:00Z"),
    ("US", "INS-03", "2026-11-01T07:00:00Z", "INT-ORDERS-DAILY", "2026-11-01T19:00:00Z"),
    ("MY", "INS-06", "2026-08-10T03:00:00Z", "INT-CHAT-TWICE-DAILY", "2026-08-10T15:00:00Z"),
    ("MY", "INS-16", "2026-08-10T03:00:00Z", "INT-PRODUCT-2XWEEK", "2026-08-13T15:00:00Z"),
    ("US", "INS-16", "2026-10-30T19:00:00Z", "INT-PRODUCT-2XWEEK", "2026-11-03T07:00:00Z"),
    ("MY", "INS-18", "2026-08-10T03:00:00Z", "INT-CAMPAIGN-2XWEEK", "2026-08-13T15:00:00Z"),
    ("MY", "INS-21", "2026-08-10T03:00:00Z", "INT-SUBACCT-WEEKLY", "2026-08-17T03:00:00Z"),
    ("US", "INS-21", "2026-03-05T20:00:00Z", "INT-SUBACCT-WEEKLY", "2026-03-12T19:00:00Z"),
    ("MY", "INS-22", "2026-08-10T03:00:00Z", "TTS-SEA-PASSWORD", "2026-09-10T03:00:00Z"),
    ("TH", "INS-22", "2028-01-31T03:00:00Z", "TTS-SEA-PASSWORD", "2028-02-29T03:00:00Z"),
    ("MY", "INS-23", "2026-03-31T03:00:00Z", "INT-SETTLEMENT-MONTHLY", "2026-04-30T03:00:00Z"),
    # 31 January 23:30 in Kuala Lumpur is still January there
    ("MY", "INS-23", "2026-01-31T15:30:00Z", "INT-SETTLEMENT-MONTHLY", "2026-02-28T15:30:00Z"),
    # 1 February 00:30 in Kuala Lumpur, though January in UTC
    ("MY", "INS-23", "2026-01-31T16:30:00Z", "INT-SETTLEMENT-MONTHLY", "2026-02-28T16:30:00Z"),
    ("UK", "INS-24", "2026-08-03T14:00:00Z", "INT-AHR-DAILY", "2026-08-04T14:00:00Z"),
    ("US", "INS-24", "2026-10-31T19:00:00Z", "INT-AHR-DAILY", "2026-11-01T20:00:00Z"),
    ("UK", "INS-24", "2026-03-28T12:00:00Z", "INT-AHR-DAILY", "2026-03-29T11:00:00Z"),
]


@pytest.mark.parametrize(("region", "item", "at", "rule", "due"), ROUTINE)
def test_a_routine_check_is_silent_until_it_is_missed(region: str, item: str, at: str, rule: str, due: str) -> None:
    facts = {"attestations": [{"item": item, "at": "2025-01-01T00:00:00Z"}, {"item": item, "at": at}]}
    assert judged(Sample("", region, due, facts, (), (rule,))) == []
    late = due.replace("Z", ".000001Z")
    assert judged(Sample("", region, late, facts, (), (rule,))) == [f"{rule} breached info {due}"]
    closed = {"status": "closed_by_seller"}
    kept = [f"{rule} breached info {due}"] if rule.startswith("TTS-") else []
    assert judged(Sample("", region, late, facts, (), (rule,), closed)) == kept


# -- lines --------------------------------------------------------------------------------------------


def order(**more: Any) -> dict[str, Any]:
    return {"orders": [{"order_id": "o", "placed_at": NOW, "type": "standard", "rts_at": None, **more}]}


# (change to the store, facts, now, field): a line that cannot be used names the field to the dot.
REFUSED: list[tuple[dict[str, Any], Any, Any, str]] = [
    ({}, order(placed_at="soon"), NOW, "facts.orders[0].placed_at"),
    ({}, order(placed_at="2026-08-10T03:00:00"), NOW, "facts.orders[0].placed_at"),
    ({}, order(placed_at="2026-02-30T03:00:00Z"), NOW, "facts.orders[0].placed_at"),
    ({}, order(rts_at=5), NOW, "facts.orders[0].rts_at"),
    ({}, {"orders": [*order()["orders"], *order(shipped_at="x")["orders"]]}, NOW, "facts.orders[1].shipped_at"),
    ({}, order(order_id=12), NOW, "facts.orders[0].order_id"),
    ({}, order(handling_days=1.5), NOW, "facts.orders[0].handling_days"),
    ({}, order(handling_days=-1), NOW, "facts.orders[0].handling_days"),
    ({}, order(handling_days="many"), NOW, "facts.orders[0].handling_days"),
    ({}, {"orders": {}}, NOW, "facts.orders"),
    ({}, {"orders": [[]]}, NOW, "facts.orders[0]"),
    ({}, {"orders": [{"placed_at": NOW, "type": "standard"}]}, NOW, "facts.orders[0].order_id"),
    ({}, {"balance_events": [{"at": NOW, "balance": "12,5", "currency": "MYR"}]}, NOW, "facts.balance_events[0].balance"),
    ({}, {"balance_events": [{"at": NOW, "balance": "1_000", "currency": "MYR"}]}, NOW, "facts.balance_events[0].balance"),
    ({}, {"balance_events": [{"at": NOW, "balance": " 5", "currency": "MYR"}]}, NOW, "facts.balance_events[0].balance"),
    ({}, {"balance_events": [{"at": NOW, "balance": "５", "currency": "MYR"}]}, NOW, "facts.balance_events[0].balance"),
    ({}, {"balance_events": [{"at": NOW, "balance": "NaN", "currency": "MYR"}]}, NOW, "facts.balance_events[0].balance"),
    ({}, {"balance_events": [{"at": NOW, "balance": "Infinity", "currency": "MYR"}]}, NOW, "facts.balance_events[0].balance"),
    ({}, {"balance_events": [{"at": NOW, "balance": True, "currency": "MYR"}]}, NOW, "facts.balance_events[0].balance"),
    ({}, {"balance_events": [{"balance": 1, "currency": "MYR"}]}, NOW, "facts.balance_events[0].at"),
    ({}, {"fx": {"usd_per_unit": {"PHP": 1, "MYR": "x"}}}, NOW, "facts.fx.usd_per_unit.MYR"),
    ({}, {"fx": {"usd_per_unit": {"PHP": 1, "MYR": 0}}}, NOW, "facts.fx.usd_per_unit.MYR"),
    ({}, {"fx": []}, NOW, "facts.fx"),
    ({}, {"metrics": {"a": None, "late_dispatch_rate": {"numerator": "x"}}}, NOW, "facts.metrics.late_dispatch_rate.numerator"),
    ({}, {"metrics": {"late_dispatch_rate": {"denominator": -1}}}, NOW, "facts.metrics.late_dispatch_rate.denominator"),
    ({}, {"metrics": {"late_dispatch_rate": 5}}, NOW, "facts.metrics.late_dispatch_rate"),
    ({}, {"metrics": []}, NOW, "facts.metrics"),
    ({}, {"ahr": {"score": 1001}}, NOW, "facts.ahr.score"),
    (
        {},
        {"ahr": {"score": 1, "enforcements": [{"milestone": 150, "started_at": NOW, "ends_at": "x"}]}},
        NOW,
        "facts.ahr.enforcements[0].ends_at",
    ),
    ({}, {"scores": {"store_rating": {"value": 4, "as_of": "x"}}}, NOW, "facts.scores.store_rating.as_of"),
    ({}, {"sources": {"orders": {"as_of": "x"}}}, NOW, "facts.sources.orders.as_of"),
    (
        {},
        {"violations": [{"id": "v", "status": "enforced", "appeals": [{"filed_at": "x"}]}]},
        NOW,
        "facts.violations[0].appeals[0].filed_at",
    ),
    ({}, {"violation_points": [{"points": "x", "issued_at": NOW}]}, NOW, "facts.violation_points[0].points"),
    ({}, {"holidays": ["2026-08-31", "2026-13-01"]}, NOW, "facts.holidays[1]"),
    ({}, {"withdrawal_frozen": "yes"}, NOW, "facts.withdrawal_frozen"),
    ({}, [], NOW, "facts"),
    ({}, None, NOW, "facts"),
    ({}, {}, None, "now"),
    ({}, {}, "yesterday", "now"),
    ({}, {}, "2026-08-10", "now"),
    ({}, {}, 1754794800, "now"),
    ({}, {}, "0001-01-01T00:00:00Z", "now"),
    ({"timezone": "Mars/Base"}, {}, NOW, "store.timezone"),
    ({"timezone": None}, {}, NOW, "store.timezone"),
    ({"timezone": "../../etc/passwd"}, {}, NOW, "store.timezone"),
    ({"region": "XX"}, {}, NOW, "store.region"),
    ({"platform": "Amazon"}, {}, NOW, "store.platform"),
    ({"seller_type": "both"}, {}, NOW, "store.seller_type"),
    ({"status": "asleep"}, {}, NOW, "store.status"),
    ({"currency": "ringgit"}, {}, NOW, "store.currency"),
    ({"store_id": 12}, {}, NOW, "store.store_id"),
    ({"working_days": ["Mon", "Funday"]}, {}, NOW, "store.working_days[1]"),
    ({"holiday_mode": [{"from": NOW, "to": NOW}, {"from": "x", "to": NOW}]}, {}, NOW, "store.holiday_mode[1].from"),
]


@pytest.mark.parametrize(("change", "facts", "now", "field"), REFUSED)
def test_a_line_that_cannot_be_used_names_its_field(change: dict[str, Any], facts: Any, now: Any, field: str) -> None:
    row, _ = answer(json.dumps({"id": 7, "store": {**store("MY"), **change}, "facts": facts, "now": now}).encode())
    assert set(row) == {"id", "error"}
    assert (row["id"], row["error"]["field"]) == (7, field)
    assert row["error"]["message"]


@pytest.mark.parametrize("missing", ["store", "facts", "now"])
def test_a_line_without_one_of_its_parts_names_it(missing: str) -> None:
    line = {"id": None, "store": store("MY"), "facts": {}, "now": NOW}
    del line[missing]
    row, _ = answer(json.dumps(line).encode())
    assert row == {"id": None, "error": {"field": missing, "message": "is missing"}}


# The same instant, 5 August 15:59:59 UTC, in every form of ISO 8601 with Z or an offset; the due moment of an order of the 3rd.
@pytest.mark.parametrize(
    "now",
    [
        "2026-08-05T15:59:59Z",
        "2026-08-05T15:59:59.000000Z",
        "2026-08-05T23:59:59+08:00",
        "2026-08-05T21:29:59+05:30",
        "2026-08-05T08:59:59-07:00",
        "2026-08-06T03:59:59+1200",
        "20260805T155959Z",
    ],
)
def test_an_instant_may_be_written_in_any_offset(now: str) -> None:
    facts = {**order(placed_at="2026-08-03T10:00:00+08:00"), "holidays": []}
    found = judged(Sample("", "MY", now, facts, (), ("TTS-SEA-AUTOCANCEL-RTS",)))
    assert found == ["TTS-SEA-AUTOCANCEL-RTS at_risk critical 2026-08-05T15:59:59Z o"]


def test_an_instant_may_leave_out_its_seconds() -> None:
    facts = {"activities": [{"at": "2026-03-01T10:00Z", "type": "login", "actor": "main"}]}
    found = judged(Sample("", "MY", "2026-03-31T18:00+08:00", facts, (), ("TTS-SEA-INACT-30",)))
    assert found == ["TTS-SEA-INACT-30 breached warning 2026-03-31T10:00:00Z"]


def test_keys_outside_store_and_facts_are_comment_and_others_are_named_once() -> None:
    facts = {"orders": [{**order()["orders"][0], "colour": 1}, {**order()["orders"][0], "colour": 2}], "mood": "good"}
    line = {
        "id": "x",
        "store": {**store("MY"), "tag": "a"},
        "facts": facts,
        "now": NOW,
        "expect": [{"rule": "nobody"}],
        "label": 5,
    }
    row, unknown = answer(json.dumps(line).encode())
    assert "error" not in row
    assert sorted(unknown) == ["facts.mood", "facts.orders[].colour", "store.tag"]


def test_an_unknown_rule_in_the_comments_is_never_read() -> None:
    line = {
        "id": "x",
        "store": store("MY"),
        "facts": {},
        "now": NOW,
        "must_not": [{"rule": "NO-SUCH-RULE"}],
        "expect": "nonsense",
    }
    assert answer(json.dumps(line).encode())[0] == {"id": "x", "findings": []}
