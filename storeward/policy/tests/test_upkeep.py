"""Security, stock, reviews, content, routine checks, and the mechanism for texts (C18, C27, C28)."""

from typing import Any

import pytest

from storeward.conduct.guard import forms
from storeward.policy import terms
from storeward.policy.engine import evaluate
from storeward.policy.rules.conduct import Forms, checks_nothing

from .cast import case, told

NOW = "2026-08-10T03:00:00Z"


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"security": {"two_step_verification": False}}, "breached"),
        ({"security": {"two_step_verification": None}}, "unknown"),
        ({"security": None}, "unknown"),
        ({"security": {"two_step_verification": True}}, None),
        ({"security": {}}, None),
        ({"security": {"two_step_verification": True}, "sources": {"security": {"as_of": "2026-08-08T02:59:59Z"}}}, "unknown"),
    ],
)
def test_two_step_verification_is_on_off_or_not_known(facts: dict[str, Any], state: str | None) -> None:
    found = told(facts, NOW).get("TTS-SEA-2SV")
    assert (found[0].state if found else None) == state


@pytest.mark.parametrize(
    ("account", "state"),
    [
        ({"permissions": ["orders"], "allowed": ["orders", "chat"], "left": False}, None),
        ({"permissions": ["orders", "finance"], "allowed": ["orders"], "left": False}, "breached"),
        ({"permissions": ["orders"], "allowed": ["orders"], "left": True}, "breached"),
        ({"permissions": ["orders"], "allowed": None, "left": False}, "unknown"),
        ({"permissions": ["orders"], "allowed": None, "left": True}, "breached"),
        ({"permissions": ["orders"], "allowed": ["orders"], "left": None}, "unknown"),
        ({"permissions": None, "allowed": ["orders"], "left": False}, "unknown"),
    ],
)
def test_a_sub_account_has_only_the_rights_of_its_role(account: dict[str, Any], state: str | None) -> None:
    found = told({"sub_accounts": [{"id": "s1", **account}]}, NOW).get("TTS-SEA-SUBACCT-LEAST")
    assert ((found[0].state, found[0].subject) if found else (None, "s1")) == (state, "s1")


@pytest.mark.parametrize(
    ("unusual", "cleared", "at", "state"),
    [
        (True, None, "2026-08-09T00:00:00Z", "breached"),
        (True, "2026-08-09T10:00:00Z", "2026-08-09T00:00:00Z", None),
        (True, "2026-08-11T10:00:00Z", "2026-08-09T00:00:00Z", "breached"),
        (False, None, "2026-08-09T00:00:00Z", None),
        (None, None, "2026-08-09T00:00:00Z", "unknown"),
        (True, None, "2026-08-10T03:00:01Z", None),
    ],
)
def test_an_unusual_login_must_be_cleared(unusual: bool | None, cleared: str | None, at: str, state: str | None) -> None:
    event = {"id": "g", "at": at, "account": "main", "unusual": unusual, "cleared_at": cleared}
    found = told({"login_events": [event]}, NOW).get("TTS-SEA-LOGINLOG")
    assert (found[0].state if found else None) == state


@pytest.mark.parametrize(
    ("level", "state"),
    [
        ({"sellable": 4, "actual": 4, "live": True}, None),
        ({"sellable": 4, "actual": 3, "live": True}, "breached"),
        ({"sellable": 4, "actual": 3, "live": False}, "breached"),
        ({"sellable": 0, "actual": 0, "live": True}, "breached"),
        ({"sellable": 0, "actual": 0, "live": False}, None),
        ({"sellable": 0, "actual": 0}, None),
        ({"sellable": 0, "actual": 0, "live": None}, "unknown"),
        ({"sellable": 0, "actual": None, "live": True}, "breached"),
        ({"sellable": 3, "actual": None, "live": True}, "unknown"),
        ({"sellable": None, "actual": 3, "live": True}, "unknown"),
        ({"sellable": 3, "live": True}, None),
        ({"actual": 3, "live": True}, None),
    ],
)
def test_what_is_offered_is_there(level: dict[str, Any], state: str | None) -> None:
    found = told({"stock": [{"sku": "a", **level}]}, NOW).get("TTS-SEA-STOCK")
    assert (found[0].state if found else None) == state


@pytest.mark.parametrize(
    ("now", "reported", "state"),
    [
        ("2026-08-08T02:59:59Z", None, None),
        ("2026-08-08T03:00:00Z", None, "at_risk"),
        ("2026-08-15T03:00:00Z", None, "at_risk"),
        ("2026-08-15T03:00:01Z", None, "breached"),
        ("2026-08-20T03:00:00Z", "2026-08-15T03:00:00Z", None),
        ("2026-08-20T03:00:00Z", "2026-08-15T03:00:01Z", "breached"),
    ],
)
def test_a_fake_review_can_be_reported_for_thirty_days(now: str, reported: str | None, state: str | None) -> None:
    review = {"id": "w", "stars": 1, "posted_at": "2026-07-16T03:00:00Z", "suspected_fake": True, "reported_at": reported}
    found = told({"reviews": [review]}, now).get("TTS-SEA-REVIEW-REPORT")
    assert (found[0].state if found else None) == state
    assert told({"reviews": [{**review, "suspected_fake": False}]}, now) == {}


@pytest.mark.parametrize(
    ("check", "rule"), [("claims", "TTS-SEA-FALSE-AD"), ("rights", "TTS-SEA-IP-CHECK"), ("terms", "TTS-SEA-UNFAIR-TERMS")]
)
def test_a_content_check_passes_fails_or_was_not_made(check: str, rule: str) -> None:
    for result, state in (("pass", None), ("fail", "breached"), (None, "unknown")):
        found = told({"content_checks": [{"id": "t", "kind": "video", "check": check, "result": result, "at": None}]}, NOW, "VN")
        assert {name: one.state for name, (one, *_) in found.items()} == ({rule: state} if state else {})
    if check == "terms":
        assert told({"content_checks": [{"id": "t", "check": check, "result": "fail"}]}, NOW, "PH") == {}


@pytest.mark.parametrize(
    ("item", "at", "rule", "due_at"),
    [
        ("INS-03", "2026-08-09T15:00:00Z", "INT-ORDERS-DAILY", "2026-08-10T03:00:00Z"),
        ("INS-06", "2026-08-09T15:00:00Z", "INT-CHAT-TWICE-DAILY", "2026-08-10T03:00:00Z"),
        ("INS-16", "2026-08-06T15:00:00Z", "INT-PRODUCT-2XWEEK", "2026-08-10T03:00:00Z"),
        ("INS-18", "2026-08-06T15:00:00Z", "INT-CAMPAIGN-2XWEEK", "2026-08-10T03:00:00Z"),
        ("INS-21", "2026-08-03T03:00:00Z", "INT-SUBACCT-WEEKLY", "2026-08-10T03:00:00Z"),
        ("INS-22", "2026-07-10T03:00:00Z", "TTS-SEA-PASSWORD", "2026-08-10T03:00:00Z"),
        ("INS-23", "2026-07-10T03:00:00Z", "INT-SETTLEMENT-MONTHLY", "2026-08-10T03:00:00Z"),
    ],
)
def test_a_routine_check_is_silent_until_it_is_missed(item: str, at: str, rule: str, due_at: str) -> None:
    facts = {"attestations": [{"item": item, "at": at}, {"item": item, "at": "2026-01-01T00:00:00Z"}]}
    assert told(facts, NOW) == {}
    found = told(facts, "2026-08-10T03:00:01Z")
    assert found[rule][0][:3] == ("breached", "info", due_at)


def test_the_health_page_is_looked_at_daily_in_the_us_and_the_uk_only() -> None:
    facts = {"attestations": [{"item": "INS-24", "at": "2026-08-01T00:00:00Z"}]}
    for region, told_of in (("US", True), ("UK", True), ("MY", False)):
        assert ("INT-AHR-DAILY" in told(facts, NOW, region)) == told_of


def test_a_store_that_is_not_running_has_no_routine() -> None:
    facts = {"attestations": [{"item": f"INS-{n}", "at": "2026-01-01T00:00:00Z"} for n in ("03", "06", "16", "21", "23")]}
    assert told(facts, NOW, status="closed_by_seller") == {}
    assert len(told(facts, NOW)) == 5


def test_what_was_never_attested_is_not_judged() -> None:
    assert told({"attestations": []}, NOW) == {}
    assert told({"attestations": [{"item": "INS-03", "at": "2026-08-11T00:00:00Z"}]}, NOW) == {}


# -- texts --------------------------------------------------------------------------------------------


def _message(text: str, order: str = "q1", **more: Any) -> dict[str, Any]:
    return {"outgoing_messages": [{"id": "m", "lang": "en", "text": text, "order_id": order, "sent": False, **more}]}


def _by_words(text: str, lang: str | None) -> Forms:
    """A stand-in for the classifier: the form is the text."""
    return Forms(frozenset(text.split()), asks_for_review="please" in text)


@pytest.mark.parametrize(
    ("region", "text", "rules"),
    [
        ("PH", "change_review insult", {"TTS-SEA-REVIEW-CHANGE", "TTS-SEA-REVIEW-INSULT"}),
        ("PH", "personal_data", {"TTS-SEA-REVIEW-PRIVACY"}),
        ("MY", "incentive", {"TTS-SEA-REVIEW-INCENTIVE"}),
        ("TH", "threat selective_solicit", {"TTS-SEA-REVIEW-THREAT", "TTS-SEA-REVIEW-SELECTIVE"}),
        ("PH", "off_platform", {"TTS-SEA-COMM-OFFPLATFORM"}),
        ("US", "selective_solicit", {"TTS-US-REVIEW-POLICY"}),
        ("US", "insult off_platform personal_data repeat_solicit", set()),
        ("UK", "off_platform insult", {"TTS-UK-REVIEW-POLICY"}),
        ("UK", "personal_data", set()),
        ("PH", "hello", set()),
    ],
)
def test_each_form_breaks_the_row_of_its_market(region: str, text: str, rules: set[str]) -> None:
    judged = case(_message(text), NOW, region)
    found = evaluate(judged.store, judged.facts, judged.now, classifier=_by_words)
    assert {f.rule for f in found} == rules
    assert all(f.state == "breached" and f.subject is not None and f.subject.id == "m" for f in found)


@pytest.mark.parametrize(("order", "repeated"), [("q1", True), ("q2", False)])
def test_asking_again_for_the_same_order_is_repeated_asking(order: str, repeated: bool) -> None:
    facts = {**_message("please", order), "review_request_history": [{"order_id": "q1", "at": "2026-08-01T00:00:00Z"}]}
    judged = case(facts, NOW, "SG")
    found = evaluate(judged.store, judged.facts, judged.now, classifier=_by_words)
    assert [f.rule for f in found] == (["TTS-SEA-REVIEW-REPEAT"] if repeated else [])


def test_without_a_classifier_a_text_is_unknown_and_never_fine() -> None:
    judged = case(_message("anything at all"), NOW, "US")
    found = evaluate(judged.store, judged.facts, judged.now, classifier=checks_nothing)
    assert [(f.rule, f.state, f.severity, f.due_at) for f in found] == [("TTS-US-REVIEW-POLICY", "unknown", "warning", None)]
    assert told({"outgoing_messages": []}, NOW, "US") == {}


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Please delete your bad review, dear.", {"TTS-SEA-REVIEW-CHANGE"}),
        ("Give us 5 stars and get a free gift worth $5.", {"TTS-SEA-REVIEW-INCENTIVE"}),
        ("Your parcel leaves the warehouse tomorrow morning.", set()),
        ("Thank you for your order. You are welcome to leave an honest review, good or bad.", set()),
    ],
)
def test_texts_are_read_by_the_conduct_guard(text: str, rules: set[str]) -> None:
    assert set(told(_message(text), NOW, "SG")) == rules


def test_the_guard_and_the_rules_name_the_same_rows() -> None:
    """The guard tells the row for TikTok Shop in South-East Asia; the rules say which form breaks which row."""
    rows = {
        form: rule.id
        for folder, rule in terms.book()
        if folder == "tiktok_shop" and rule.form == "conduct" and "MY" in rule.regions
        for form in rule.with_["forms"]
    }
    assert rows == {form: words["rule"] for form, words in forms().items()}
