"""Account health, points, scores, violations, appeals (C14, C19, C24)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.calendars import for_store
from storeward.policy.engine import duties
from storeward.policy.facts import PointEntry
from storeward.policy.rules.base import Context
from storeward.policy.rules.points import active
from storeward.policy.terms import book
from storeward.policy.types import Reading

from .cast import case, moments, profile, told

NOW = "2026-08-10T00:00:00Z"


def _states(found: dict[str, Any], prefix: str) -> dict[str, str]:
    return {rule.removeprefix(prefix): one.state for rule, (one, *_) in found.items() if rule.startswith(prefix)}


def _ahr(score: int | None, previous: int | None = None, as_of: str = "2026-08-09T12:00:00Z", **more: Any) -> dict[str, Any]:
    return {"ahr": {"score": score, "as_of": as_of, "previous": previous, **more}}


@pytest.mark.parametrize(
    ("score", "previous", "states"),
    [
        (200, None, {}),
        (199, None, {"CAUTION": "breached"}),
        (171, None, {"CAUTION": "breached"}),
        (170, None, {"CAUTION": "breached", "150": "at_risk"}),
        (151, None, {"CAUTION": "breached", "150": "at_risk"}),
        (150, None, {"150": "breached", "QUIZ-MILESTONE": "action"}),
        (121, None, {"150": "breached", "QUIZ-MILESTONE": "action"}),
        (120, None, {"150": "breached", "100": "at_risk", "QUIZ-MILESTONE": "action"}),
        (100, None, {"100": "breached", "QUIZ-MILESTONE": "action"}),
        (100, 150, {"100": "breached", "QUIZ-MILESTONE": "action"}),
        (100, 151, {"150": "breached", "100": "breached", "QUIZ-MILESTONE": "action"}),
        (50, 101, {"100": "breached", "50": "breached", "QUIZ-MILESTONE": "action"}),
        (20, 20, {"50": "breached", "0": "at_risk", "QUIZ-MILESTONE": "action"}),
        (0, 20, {"0": "breached"}),
        (0, 1000, {"0": "breached", "50": "breached", "100": "breached", "150": "breached"}),
    ],
)
def test_each_milestone_is_told_at_its_figure(score: int, previous: int | None, states: dict[str, str]) -> None:
    assert _states(told(_ahr(score, previous), NOW, "US"), "TTS-US-AHR-") == states


def test_a_gauge_at_risk_is_always_one_level_lower() -> None:
    assert told(_ahr(151), NOW, "US")["TTS-US-AHR-150"][0].severity == "warning"
    assert told(_ahr(1), NOW, "US")["TTS-US-AHR-0"][0].severity == "critical"


@pytest.mark.parametrize(
    "ahr", [None, {"score": None}, {"score": 900, "as_of": "2026-08-07T23:59:59Z"}, {"score": None, "as_of": NOW}]
)
def test_a_missing_or_old_score_is_told_once(ahr: dict[str, Any] | None) -> None:
    assert _states(told({"ahr": ahr}, NOW, "US"), "TTS-US-") == {"AHR-150": "unknown"}
    assert _states(told({"ahr": ahr}, NOW, "UK"), "TTS-UK-") == {"AHR": "unknown"}


def test_a_score_of_exactly_48_hours_ago_still_counts() -> None:
    assert told(_ahr(900, as_of="2026-08-08T00:00:00Z"), NOW, "US") == {}


def test_the_age_of_a_score_may_stand_among_the_sources() -> None:
    facts = {"ahr": {"score": 900}, "sources": {"ahr": {"origin": "form", "as_of": "2026-08-01T00:00:00Z"}}}
    assert _states(told(facts, NOW, "US"), "TTS-US-") == {"AHR-150": "unknown"}


@pytest.mark.parametrize("score", [165, 900, None])
def test_an_enforcement_that_runs_is_told_whatever_the_score_is(score: int | None) -> None:
    running = [{"milestone": 100, "started_at": NOW, "ends_at": "2026-08-24T00:00:00Z"}]
    assert told(_ahr(score, enforcements=running), NOW, "US")["TTS-US-AHR-100"][0].state == "breached"
    ended = [{"milestone": 100, "started_at": "2026-07-27T00:00:00Z", "ends_at": NOW}]
    assert "TTS-US-AHR-100" not in told(_ahr(score, enforcements=ended), NOW, "US")


@pytest.mark.parametrize(
    ("score", "state"), [(171, None), (170, "at_risk"), (151, "at_risk"), (150, "breached"), (0, "breached")]
)
def test_the_uk_has_one_row(score: int, state: str | None) -> None:
    assert _states(told(_ahr(score), NOW, "UK"), "TTS-") == ({} if state is None else {"UK-AHR": state})


def test_before_its_start_the_rating_did_not_hold() -> None:
    before, after = "2025-03-31T06:59:59Z", "2025-03-31T07:00:00Z"  # midnight in Los Angeles
    assert told({"ahr": {"score": 10}}, before, "US") == {}
    assert "TTS-US-AHR-50" in told({"ahr": {"score": 10}}, after, "US")


# -- points -------------------------------------------------------------------------------------------


def _points(*entries: tuple[int | None, str]) -> dict[str, Any]:
    return {"violation_points": [{"points": points, "issued_at": at} for points, at in entries]}


@pytest.mark.parametrize(
    ("points", "states"),
    [
        (6, {}),
        (7, {"12": "at_risk"}),
        (11, {"12": "at_risk"}),
        (12, {"12": "breached"}),
        (18, {"12": "breached"}),
        (19, {"12": "breached", "24": "at_risk"}),
        (24, {"24": "breached"}),
        (31, {"24": "breached", "36": "at_risk"}),
        (36, {"36": "breached"}),
        (43, {"36": "breached", "48": "at_risk"}),
        (48, {"48": "breached"}),
        (90, {"48": "breached"}),
    ],
)
def test_the_highest_tier_and_the_next_one_are_told(points: int, states: dict[str, str]) -> None:
    assert _states(told(_points((points, "2026-08-01T00:00:00Z")), NOW), "TTS-SEA-VP-") == states


def test_an_entry_is_gone_at_ninety_days_and_not_before() -> None:
    entry = (12, "2026-05-12T00:00:00Z")
    assert _states(told(_points(entry), "2026-08-09T23:59:59Z"), "TTS-SEA-VP-") == {"12": "breached"}
    assert _states(told(_points(entry), NOW), "TTS-SEA-VP-") == {}


def test_after_48_nothing_is_cleared() -> None:
    entries = [(30, "2026-01-05T00:00:00Z"), (18, "2026-03-01T00:00:00Z")]
    assert _states(told(_points(*entries), NOW), "TTS-SEA-VP-") == {"48": "breached"}


def test_48_reached_only_by_an_expired_entry_does_not_lock() -> None:
    entries = [(30, "2026-01-05T00:00:00Z"), (18, "2026-04-05T00:00:00Z")]  # the first is gone at that moment
    assert _states(told(_points(*entries), "2026-05-01T00:00:00Z"), "TTS-SEA-VP-") == {"12": "breached"}


def test_points_issued_after_now_are_not_known() -> None:
    assert told(_points((48, "2026-08-10T00:00:01Z")), NOW) == {}


@pytest.mark.parametrize("facts", [{"violation_points": None}, _points((None, "2026-08-01T00:00:00Z"))])
def test_missing_points_are_told_on_the_first_rung(facts: dict[str, Any]) -> None:
    assert _states(told(facts, NOW), "TTS-SEA-VP-") == {"12": "unknown"}


def test_the_former_us_system_ended_in_march_2025() -> None:
    facts = _points((48, "2024-12-01T00:00:00Z"))
    assert told(facts, "2025-03-31T06:59:59Z", "US")["TTS-US-VP48-LEGACY"][0][:2] == ("breached", "fatal")
    assert told(facts, "2025-03-31T07:00:00Z", "US") == {}


entries_at = st.builds(
    PointEntry,
    points=st.integers(0, 20).map(Decimal),
    issued_at=moments(date(2026, 1, 1), date(2026, 8, 1)),
)


@given(st.lists(entries_at, max_size=8), moments(date(2026, 6, 1), date(2026, 8, 1)))
def test_active_points_never_exceed_the_sum_and_expire_later_than_now(entries: list[PointEntry], now: datetime) -> None:
    points = active(_context(now), tuple(entries), Decimal(90), Decimal(48))
    assert points is not None
    assert points.total <= sum((e.points or Decimal(0) for e in entries), Decimal(0))
    assert points.next_expiry_at is None or points.next_expiry_at > now


@given(st.lists(entries_at, max_size=8), moments(date(2026, 6, 1), date(2026, 8, 1)))
def test_the_order_of_the_entries_does_not_matter(entries: list[PointEntry], now: datetime) -> None:
    one = active(_context(now), tuple(entries), Decimal(90), Decimal(48))
    assert one == active(_context(now), tuple(reversed(entries)), Decimal(90), Decimal(48))


def _context(now: datetime) -> Context:
    store = profile("MY")
    return Context(store, case({}, NOW).facts, now, book(), for_store(store))


def test_a_reading_says_when_it_must_be_judged_again() -> None:
    judged = case(_points((12, "2026-05-12T12:00:00Z"), (1, "2026-08-01T00:00:00Z")), NOW)
    readings = [d for d in duties(judged.store, judged.facts, judged.now) if isinstance(d, Reading)]
    assert {r.valid_until for r in readings} == {datetime.fromisoformat("2026-08-10T12:00:00Z")}


def test_a_value_must_be_judged_again_when_it_grows_too_old() -> None:
    judged = case(_ahr(900, as_of="2026-08-09T12:00:00Z"), NOW, "US")
    old_at = datetime.fromisoformat("2026-08-11T12:00:00Z")
    readings = [reading for reading in duties(judged.store, judged.facts, judged.now) if isinstance(reading, Reading)]
    reckoned = [reading for reading in readings if reading.value is not None]
    assert len(reckoned) == 5
    assert {reading.valid_until for reading in reckoned} == {old_at + timedelta(microseconds=1)}
    untold = {reading.rule: reading.valid_until for reading in readings if reading.value is None}
    assert untold == {"TTS-US-AHR-LOSE": None, "TTS-US-AHR-GAIN": None}, "no figure is known, whatever the age of the score"


# -- scores -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "name", "value", "rule", "state"),
    [
        ("TH", "store_rating", 3.0, "TTS-SEA-STORE-RATING", "breached"),
        ("TH", "store_rating", 3.01, "TTS-SEA-STORE-RATING", None),
        ("TH", "store_rating", "2.9", "TTS-SEA-STORE-RATING", "breached"),
        ("TH", "store_rating", None, "TTS-SEA-STORE-RATING", "unknown"),
        ("TH", "store_rating", "good", "TTS-SEA-STORE-RATING", "unknown"),
        ("US", "shop_performance_score", 2.5, "TTS-US-SPS", None),
        ("US", "shop_performance_score", 2.49, "TTS-US-SPS", "breached"),
    ],
)
def test_a_score_breaks_its_line(region: str, name: str, value: object, rule: str, state: str | None) -> None:
    found = told({"scores": {name: {"value": value, "as_of": NOW}}}, NOW, region).get(rule)
    assert (found[0].state if found else None) == state


@pytest.mark.parametrize(
    ("band", "state"),
    [("excellent", None), ("good", None), ("Needs attention", "breached"), ("poor", "breached"), ("meh", "unknown")],
)
def test_a_band_breaks_by_its_name(band: str, state: str | None) -> None:
    facts = {"scores": {"shop_experience_score": {"value": band, "as_of": NOW}}}
    found = told(facts, NOW, "VN", seller_type="cross_border").get("TTS-XB-SPS")
    assert (found[0].state if found else None) == state


def test_no_score_yet_is_not_a_low_one() -> None:
    assert told({"scores": {"shop_performance_score": {"value": None, "as_of": NOW, "not_scored": True}}}, NOW, "US") == {}


def test_an_old_score_is_unknown() -> None:
    facts = {"scores": {"store_rating": {"value": 5, "as_of": "2026-08-07T00:00:00Z"}}}
    assert told(facts, NOW)["TTS-SEA-STORE-RATING"][0].state == "unknown"


# -- violations ---------------------------------------------------------------------------------------


def _violation(**fields: Any) -> dict[str, Any]:
    return {"violations": [{"id": "v", "status": "enforced", "notified_at": "2026-07-01T00:00:00Z", "appeals": [], **fields}]}


@pytest.mark.parametrize(
    ("now", "state", "severity"),
    [
        ("2026-07-23T23:59:59Z", None, None),
        ("2026-07-24T00:00:00Z", "at_risk", "warning"),
        ("2026-07-30T00:00:00Z", "at_risk", "critical"),
        ("2026-07-31T00:00:00Z", "at_risk", "critical"),
        ("2026-07-31T00:00:01Z", "breached", "critical"),
    ],
)
def test_the_first_appeal_is_possible_for_thirty_days(now: str, state: str | None, severity: str | None) -> None:
    found = told(_violation(), now).get("TTS-SEA-APPEAL-1")
    assert (found[0][:2] if found else (None, None)) == (state, severity)


@pytest.mark.parametrize(
    ("filed", "state"),
    [("2026-07-31T00:00:00Z", None), ("2026-07-31T00:00:01Z", "breached"), ("2026-09-01T00:00:00Z", "breached")],
)
def test_an_appeal_filed_late_stays_late(filed: str, state: str | None) -> None:
    found = told(_violation(appeals=[{"filed_at": filed, "rejected_at": None}]), "2026-08-05T00:00:00Z").get("TTS-SEA-APPEAL-1")
    assert (found[0].state if found else None) == state


@pytest.mark.parametrize(
    ("second", "now", "state"),
    [
        ([], "2026-07-24T23:59:59Z", "at_risk"),
        ([], "2026-07-25T00:00:01Z", "breached"),
        ([{"filed_at": "2026-07-25T00:00:00Z", "rejected_at": None}], "2026-08-25T00:00:00Z", None),
        ([{"filed_at": "2026-07-25T00:00:01Z", "rejected_at": None}], "2026-08-25T00:00:00Z", "breached"),
    ],
)
def test_the_second_appeal_runs_from_the_refusal(second: list[dict[str, Any]], now: str, state: str | None) -> None:
    first = {"filed_at": "2026-07-02T00:00:00Z", "rejected_at": "2026-07-10T00:00:00Z"}
    for region, rule in (("MY", "TTS-SEA-APPEAL-2"), ("US", "TTS-US-APPEAL-2")):
        found = told(_violation(appeals=[first, *second]), now, region).get(rule)
        assert (found[0].state if found else None) == state


@pytest.mark.parametrize("status", ["overturned", "corrected", "closed"])
def test_a_settled_violation_gives_nothing(status: str) -> None:
    assert told(_violation(status=status, category="counterfeit_products", quiz_open=True), "2026-08-20T00:00:00Z") == {}
    assert told(_violation(status=status, quiz_open=True), "2026-08-20T00:00:00Z", "US") == {}


def test_without_a_notice_an_appeal_is_not_judged() -> None:
    assert told(_violation(notified_at=None), NOW) == {}


def test_a_status_that_nobody_knows_is_unknown() -> None:
    assert told(_violation(status="pondered"), NOW)["TTS-SEA-APPEAL-1"][0].state == "unknown"


@pytest.mark.parametrize(
    ("deadline", "now", "state"),
    [
        ("2026-08-17T00:00:01Z", NOW, None),
        ("2026-08-17T00:00:00Z", NOW, "at_risk"),
        ("2026-08-09T23:59:59Z", NOW, "breached"),
        (None, NOW, "unknown"),
    ],
)
def test_a_ticket_has_its_own_deadline(deadline: str | None, now: str, state: str | None) -> None:
    found = told(_violation(status="pending", deadline=deadline), now, "US")
    assert _states(found, "TTS-") == ({} if state is None else {"US-AHR-PENDING": state})
    found = told(_violation(status="pending", deadline=deadline, notified_at=None), now, "US")
    assert _states(found, "TTS-") == ({} if state is None else {"US-AHR-PENDING": state})


@pytest.mark.parametrize(("status", "broken"), [("pending", False), ("enforced", True), ("under_appeal", True)])
def test_a_review_violation_asks_to_stop_and_appeal(status: str, broken: bool) -> None:
    facts = _violation(status=status, category="review_manipulation")
    assert ("TTS-SEA-REVIEW-STOP-APPEAL" in told(facts, "2026-07-02T00:00:00Z")) == broken
    appealed = _violation(
        status=status, category="review_manipulation", appeals=[{"filed_at": "2026-07-02T00:00:00Z", "rejected_at": None}]
    )
    assert "TTS-SEA-REVIEW-STOP-APPEAL" not in told(appealed, "2026-07-03T00:00:00Z")


def test_a_category_that_nobody_knows_breaks_no_row() -> None:
    assert told(_violation(category="unheard_of"), "2026-07-02T00:00:00Z") == {}


def test_a_violation_told_after_now_is_not_known() -> None:
    assert told(_violation(category="counterfeit_products", notified_at="2026-08-10T00:00:01Z"), NOW) == {}


def test_the_same_violation_twice_is_one_finding() -> None:
    facts = {"violations": _violation(category="counterfeit_products")["violations"] * 2}
    assert len(told(facts, NOW)["TTS-SEA-VPCAT-COUNTERFEIT"]) == 1


def test_complaints_count_from_the_day_their_rule_began() -> None:
    for at, told_of in (("2025-10-19T15:59:59Z", False), ("2025-10-19T16:00:00Z", True)):
        facts = _violation(category="serious_customer_complaints", notified_at=at)
        assert ("TTS-SEA-COMPLAINT-AFFIL" in told(facts, "2025-10-21T00:00:00Z", seller_type="cross_border")) == told_of


def test_each_linked_store_with_a_violation_is_told() -> None:
    linked = [
        {"store_id": name, "violation_open": is_open} for name, is_open in (("a", True), ("b", False), ("c", None), ("d", True))
    ]
    found = told({"linked_stores": linked}, NOW)["TTS-SEA-ASSOC"]
    assert {(one.subject, one.state) for one in found} == {("a", "at_risk"), ("c", "unknown"), ("d", "at_risk")}
