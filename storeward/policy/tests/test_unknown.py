"""Cannot tell: what was asked for and is missing, too old, or not given (C13, C29). Stale is never shown as fine."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from storeward.policy.engine import duties
from storeward.policy.types import Reading

from .cast import case, told

NOW = "2026-08-10T03:00:00Z"
OLD, FRESH = "2026-08-08T02:59:59Z", "2026-08-08T03:00:00Z"

FIRST_ROWS: list[tuple[str, str, str]] = [
    ("activities", "MY", "TTS-SEA-INACT-30"),
    ("activities", "US", "INT-INACT-DAILY-LOGIN"),
    ("notices", "MY", "TTS-SEA-WITHHOLD-90"),
    ("balance_events", "PH", "TTS-SEA-NEGBAL-NEG"),
    ("balance_events", "US", "TTS-US-NEGBAL"),
    ("balance_events", "UK", "INT-NEGBAL-ALERT50"),
    ("ahr", "US", "TTS-US-AHR-150"),
    ("ahr", "UK", "TTS-UK-AHR"),
    ("violation_points", "SG", "TTS-SEA-VP-12"),
    ("scores", "TH", "TTS-SEA-STORE-RATING"),
    ("scores", "US", "TTS-US-SPS"),
    ("violations", "MY", "TTS-SEA-APPEAL-1"),
    ("violations", "US", "TTS-US-AHR-PENDING"),
    ("linked_stores", "MY", "TTS-SEA-ASSOC"),
    ("conversations", "VN", "TTS-SEA-RESP12-MSG"),
    ("conversations", "US", "TTS-US-RESP24-MSG"),
    ("response_counts", "VN", "TTS-SEA-RESP12-RATE"),
    ("response_counts", "US", "TTS-US-RESP24-RATE"),
    ("orders", "PH", "TTS-SEA-SHIP-2WD"),
    ("orders", "VN", "TTS-VN-SHIP-CUT14"),
    ("orders", "US", "TTS-US-SHIP-INTRANSIT"),
    ("orders", "UK", "TTS-UK-LDR"),
    ("return_requests", "TH", "TTS-TH-RETURN-1WD"),
    ("return_requests", "ID", "TTS-ID-RETURN-2CD"),
    ("cancellation_requests", "SG", "TTS-SEA-CANCELREQ-24H"),
    ("disputes", "SG", "TTS-SEA-DISPUTE"),
    ("metrics", "SG", "TTS-SEA-LDR-TARGET"),
    ("metrics", "US", "TTS-US-LDR"),
    ("metrics", "UK", "TTS-UK-VTR"),
    ("security", "MY", "TTS-SEA-2SV"),
    ("sub_accounts", "MY", "TTS-SEA-SUBACCT-LEAST"),
    ("login_events", "MY", "TTS-SEA-LOGINLOG"),
    ("stock", "MY", "TTS-SEA-STOCK"),
    ("reviews", "MY", "TTS-SEA-REVIEW-REPORT"),
    ("content_checks", "MY", "TTS-SEA-FALSE-AD"),
    ("attestations", "MY", "INT-SUBACCT-WEEKLY"),
    ("outgoing_messages", "UK", "TTS-UK-REVIEW-POLICY"),
]


@pytest.mark.parametrize(("fact", "region", "rule"), FIRST_ROWS)
def test_a_fact_that_was_asked_for_and_is_missing_is_unknown(fact: str, region: str, rule: str) -> None:
    found = told({fact: None}, NOW, region)
    assert found[rule][0] == ("unknown", "warning", None, None)
    assert all(one.state == "unknown" for ones in found.values() for one in ones)


@pytest.mark.parametrize(("fact", "region", "rule"), FIRST_ROWS)
def test_a_fact_that_was_not_given_says_nothing(fact: str, region: str, rule: str) -> None:
    assert rule not in told({}, NOW, region)


SAMPLES: dict[str, Any] = {
    "activities": [{"at": NOW, "type": "login", "actor": "main"}],
    "balance_events": [{"at": NOW, "balance": 9000, "currency": "PHP"}],
    "violation_points": [],
    "violations": [],
    "linked_stores": [],
    "conversations": [],
    "response_counts": {"window_days": 30, "conversations": 10, "answered_in_12h": 10},
    "orders": [],
    "return_requests": [],
    "cancellation_requests": [],
    "disputes": [],
    "metrics": {"late_dispatch_rate": {"window_days": 7, "numerator": 0, "denominator": 10}},
    "security": {"two_step_verification": True},
    "sub_accounts": [],
    "login_events": [],
    "stock": [],
    "reviews": [],
    "content_checks": [],
    "notices": [],
    "attestations": [],
    "ahr": {"score": 500},
    "scores": {"store_rating": {"value": 5}},
}
BY_REGION = {"TTS-TH-RETURN-1WD": "TH", "TTS-ID-RETURN-2CD": "ID"}


@pytest.mark.parametrize(
    ("fact", "region", "rule"),
    [row for row in FIRST_ROWS if row[0] in SAMPLES and row[1] in ("PH", "VN", "MY", "TH", "SG")],
)
def test_the_age_of_its_source_turns_a_fine_fact_unknown(fact: str, region: str, rule: str) -> None:
    facts = {fact: SAMPLES[fact], "fx": {"as_of": None, "usd_per_unit": {"PHP": 1}}}
    fresh = told({**facts, "sources": {fact: {"origin": "api", "as_of": FRESH}}}, NOW, region)
    assert rule not in fresh
    old = told({**facts, "sources": {fact: {"origin": "api", "as_of": OLD}}}, NOW, region)
    assert old[rule][0][:3] == ("unknown", "warning", None)


@pytest.mark.parametrize("fact", sorted(SAMPLES))
@pytest.mark.parametrize("source", [None, {"origin": "api"}, {"origin": "api", "as_of": None}])
def test_a_source_without_an_age_means_fresh(fact: str, source: dict[str, Any] | None) -> None:
    facts = {fact: SAMPLES[fact], "fx": {"as_of": OLD, "usd_per_unit": {"PHP": 1}}}
    plain = told(facts, NOW, "PH")
    assert told({**facts, "sources": {fact: source}}, NOW, "PH") == plain
    assert told({**facts, "sources": None}, NOW, "PH") == plain


def test_an_exchange_rate_never_grows_old() -> None:
    facts = {
        "balance_events": [{"at": NOW, "balance": -5001, "currency": "PHP"}],
        "fx": {"as_of": "2020-01-01T00:00:00Z", "usd_per_unit": {"PHP": 0.02}},
        "sources": {"fx": {"origin": "file", "as_of": "2020-01-01T00:00:00Z"}},
    }
    assert told(facts, NOW, "PH")["TTS-SEA-NEGBAL-100"][0].state == "breached"


def test_an_unknown_fact_says_which_and_how_old() -> None:
    facts = {"security": {"two_step_verification": True}, "sources": {"security": {"origin": "form", "as_of": OLD}}}
    judged = case(facts, NOW)
    (reading,) = [d for d in duties(judged.store, judged.facts, judged.now) if d.rule == "TTS-SEA-2SV"]
    assert reading.why.say("en", judged.store.zone) == (
        "Cannot be told: whether two-step verification is on is of Sat 8 Aug 2026 10:59:59, more than 48 hours old."
    )
    missing = case({"security": None}, NOW)
    (reading,) = [d for d in duties(missing.store, missing.facts, missing.now) if d.rule == "TTS-SEA-2SV"]
    assert reading.why.say("zh", judged.store.zone) == "无法判断：缺少两步验证是否开启。"


def test_details_that_were_not_given_leave_the_rest_of_a_thing_judged() -> None:
    facts = {
        "ahr": {"enforcements": [{"milestone": 50, "started_at": "2026-08-01T00:00:00Z"}]},
        "violations": [{"id": "v", "status": "enforced", "notified_at": "2026-08-01T00:00:00Z", "appeals": [{}]}],
        "linked_stores": [{"store_id": "s"}],
        "response_counts": {"answered_in_24h": 3},
        "content_checks": [{"id": "t", "check": "claims"}],
    }
    assert {rule: one.state for rule, (one, *_) in told(facts, NOW, "US").items()} == {
        "TTS-US-AHR-50": "breached",
        "TTS-US-AHR-150": "unknown",
        "TTS-US-AHR-QUIZ-MILESTONE": "action",
    }
    assert told({name: value for name, value in facts.items() if name != "ahr"}, NOW, "MY") == {}


def test_holiday_mode_may_have_no_end_yet() -> None:
    chat = [{"id": "c", "buyer_first_at": "2026-08-09T00:00:00Z", "first_human_reply_at": None}]
    pause = [{"from": "2026-08-08T00:00:00Z", "to": None}]
    assert told({"conversations": chat}, NOW, "PH", holiday_mode=pause) == {}


# -- when a reading must be judged again --------------------------------------------------------------


def _readings(facts: dict[str, Any], now: str, region: str = "MY", **store: Any) -> dict[str, Reading]:
    judged = case(facts, now, region, **store)
    return {d.rule: d for d in duties(judged.store, judged.facts, judged.now) if isinstance(d, Reading)}


def test_a_running_conversation_makes_the_rate_change_when_its_time_is_up() -> None:
    chat = [{"id": "c", "buyer_first_at": NOW, "first_human_reply_at": None}]
    rate = _readings({"conversations": chat}, NOW, "PH")["TTS-SEA-RESP12-RATE"]
    assert rate.state == "not_applicable"
    up = datetime.fromisoformat("2026-08-10T15:00:00Z") + timedelta(microseconds=1)
    assert rate.valid_until == up


def test_terms_that_end_make_a_reading_change_at_local_midnight() -> None:
    points = {"violation_points": [{"points": 48, "issued_at": "2024-12-01T00:00:00Z"}]}
    reading = _readings(points, "2025-03-01T00:00:00Z", "US")["TTS-US-VP48-LEGACY"]
    assert reading.valid_until == datetime.fromisoformat("2025-03-31T07:00:00Z")


def test_what_only_new_data_can_change_is_valid_for_good() -> None:
    readings = _readings({"stock": [{"sku": "a", "sellable": 1, "actual": 2}]}, NOW)
    assert readings["TTS-SEA-STOCK"].valid_until is None


def test_an_enforcement_makes_a_reading_change_when_it_ends() -> None:
    running = [{"milestone": 150, "started_at": "2026-08-01T00:00:00Z", "ends_at": "2026-08-10T09:00:00Z"}]
    reading = _readings({"ahr": {"score": 300, "enforcements": running}}, NOW, "US")["TTS-US-AHR-150"]
    assert reading.valid_until == datetime.fromisoformat("2026-08-10T09:00:00Z")


@pytest.mark.parametrize(
    "facts",
    [
        {"violation_points": [{"points": 12, "issued_at": "2026-05-13T03:00:00Z"}]},
        {"security": {"two_step_verification": True}, "sources": {"security": {"as_of": "2026-08-09T03:00:00Z"}}},
        {"conversations": [{"id": "c", "buyer_first_at": "2026-08-10T00:00:00Z", "first_human_reply_at": None}]},
        {"scores": {"store_rating": {"value": 3, "as_of": "2026-08-09T22:00:00Z"}}},
    ],
)
def test_until_then_a_reading_stays_what_it_is_and_then_it_changes(facts: dict[str, Any]) -> None:
    tick = timedelta(microseconds=1)
    for rule, reading in _readings(facts, NOW).items():
        until = reading.valid_until
        if until is None:
            continue
        before = _readings(facts, (until - tick).isoformat()).get(rule)
        after = _readings(facts, until.isoformat()).get(rule)
        assert before is not None
        assert before.state == reading.state
        assert after is None or (after.state, after.value) != (reading.state, reading.value)
