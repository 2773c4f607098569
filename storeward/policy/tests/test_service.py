"""Answers to buyers, after-sales, rates (C12, C19, C22, C25, C26)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .cast import told

NOW = "2026-08-10T12:00:00Z"


def _chat(start: str, reply: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": "c", "buyer_first_at": start, "first_human_reply_at": reply, "auto_reply_at": None, **more}


@pytest.mark.parametrize(
    ("now", "states"),
    [
        ("2026-08-10T09:59:59Z", {}),
        ("2026-08-10T10:00:00Z", {"RESP12-MSG": "at_risk"}),
        ("2026-08-10T12:00:00Z", {"RESP12-MSG": "at_risk"}),
        ("2026-08-10T12:00:01Z", {"RESP12-MSG": "breached", "RESP12-RATE": "breached"}),
        ("2026-08-10T22:00:00Z", {"RESP12-MSG": "breached", "RESP24-MSG": "at_risk", "RESP12-RATE": "breached"}),
        (
            "2026-08-11T00:00:01Z",
            {"RESP12-MSG": "breached", "RESP24-MSG": "breached", "RESP12-RATE": "breached", "RESP24-RATE": "breached"},
        ),
    ],
)
def test_both_clocks_of_a_message_run(now: str, states: dict[str, str]) -> None:
    found = told({"conversations": [_chat("2026-08-10T00:00:00Z")]}, now, "PH")
    assert {rule.removeprefix("TTS-SEA-"): one.state for rule, (one, *_) in found.items()} == states


@pytest.mark.parametrize(
    "excluded",
    [
        {"started_by": "seller"},
        {"started_by": "broadcast"},
        {"solved_by_bot": True},
        {"buyer_blocked": True},
    ],
)
def test_some_conversations_do_not_count(excluded: dict[str, Any]) -> None:
    facts = {"conversations": [_chat("2026-08-01T00:00:00Z", **excluded)]}
    assert told(facts, NOW, "PH") == {}


@pytest.mark.parametrize(
    ("start", "counts"), [("2026-08-04T23:59:59Z", True), ("2026-08-05T00:00:00Z", False), ("2026-08-06T00:00:00Z", True)]
)
def test_holiday_mode_covers_what_is_received_inside(start: str, counts: bool) -> None:
    pause = [{"from": "2026-08-05T00:00:00Z", "to": "2026-08-06T00:00:00Z"}]
    found = told({"conversations": [_chat(start)]}, NOW, "PH", holiday_mode=pause)
    assert ("TTS-SEA-RESP12-MSG" in found) == counts


def test_a_reply_that_was_not_asked_for_is_not_judged() -> None:
    assert told({"conversations": [{"id": "c", "buyer_first_at": "2026-08-01T00:00:00Z"}]}, NOW, "PH") == {}


def test_the_rule_of_the_messages_own_day_holds() -> None:
    before = told({"conversations": [_chat("2025-07-14T15:59:59Z")]}, "2025-07-20T00:00:00Z", "PH")
    after = told({"conversations": [_chat("2025-07-14T16:00:00Z")]}, "2025-07-20T00:00:00Z", "PH")
    assert "TTS-SEA-RESP12-MSG" not in before
    assert "TTS-SEA-RESP12-MSG" in after


@pytest.mark.parametrize(
    ("start", "chatbot", "due_at"),
    [
        ("2026-06-05T22:00:00Z", True, "2026-06-06T22:00:00Z"),  # Friday afternoon in Los Angeles
        ("2026-06-06T07:00:00Z", True, "2026-06-08T19:00:00Z"),  # Saturday 00:00: Monday noon
        ("2026-06-08T06:59:59Z", True, "2026-06-09T06:59:59Z"),  # Sunday 23:59:59: 24 hours are later
        ("2026-06-07T18:00:00Z", True, "2026-06-08T19:00:00Z"),
        ("2026-06-06T07:00:00Z", False, "2026-06-07T07:00:00Z"),
        ("2026-06-06T07:00:00Z", None, "2026-06-07T07:00:00Z"),
    ],
)
def test_a_weekend_message_waits_for_monday_noon_with_the_chatbot_on(start: str, chatbot: bool | None, due_at: str) -> None:
    found = told({"conversations": [_chat(start)]}, "2026-06-12T00:00:00Z", "US", chatbot_on=chatbot)
    assert found["TTS-US-RESP24-MSG"][0].due_at == due_at


# -- response rates -----------------------------------------------------------------------------------


def _counts(of: int, in_12h: int | None = None, in_24h: int | None = None, days: int = 30) -> dict[str, Any]:
    answered = {"answered_in_12h": in_12h, "answered_in_24h": in_24h}
    return {"response_counts": {"window_days": days, "conversations": of, **{k: v for k, v in answered.items() if v is not None}}}


@pytest.mark.parametrize(
    ("region", "facts", "rule", "state"),
    [
        ("PH", _counts(100, 85), "TTS-SEA-RESP12-RATE", "breached"),
        ("PH", _counts(10000, 8501), "TTS-SEA-RESP12-RATE", "at_risk"),
        ("PH", _counts(100, 88), "TTS-SEA-RESP12-RATE", "at_risk"),
        ("PH", _counts(10000, 8801), "TTS-SEA-RESP12-RATE", None),
        ("MY", _counts(10000, 8999), "TTS-MY-RESP12-RATE", "breached"),
        ("MY", _counts(100, 93), "TTS-MY-RESP12-RATE", "at_risk"),
        ("MY", _counts(10000, 9301), "TTS-MY-RESP12-RATE", None),
        ("MY", _counts(100, 10), "TTS-SEA-RESP12-RATE", None),
        ("PH", _counts(3, in_24h=2), "TTS-SEA-RESP24-RATE", "breached"),
        ("PH", _counts(100, in_24h=85, days=7), "TTS-SEA-RESP24-RATE", "at_risk"),
        ("US", _counts(100, in_24h=89), "TTS-US-RESP24-RATE", "breached"),
        ("PH", _counts(100, 10, days=7), "TTS-SEA-RESP12-RATE", None),
        ("PH", _counts(0, 0), "TTS-SEA-RESP12-RATE", None),
        ("PH", {"response_counts": None}, "TTS-SEA-RESP12-RATE", "unknown"),
        (
            "PH",
            {"response_counts": {"window_days": 30, "conversations": None, "answered_in_12h": 3}},
            "TTS-SEA-RESP12-RATE",
            "unknown",
        ),
    ],
)
def test_a_response_rate_breaks_its_line(region: str, facts: dict[str, Any], rule: str, state: str | None) -> None:
    found = told(facts, NOW, region).get(rule)
    assert (found[0].state if found else None) == state


def test_without_counts_our_own_conversations_are_counted() -> None:
    chats = [
        _chat("2026-08-01T00:00:00Z", "2026-08-01T12:00:00Z", id="in time"),
        _chat("2026-08-01T00:00:00Z", "2026-08-01T12:00:01Z", id="late"),
        _chat("2026-08-09T00:00:00Z", id="time is up"),
        _chat("2026-08-10T11:00:00Z", id="still running"),
        _chat("2026-07-01T00:00:00Z", id="before the window"),
    ]
    row = told({"conversations": chats}, NOW, "PH")["TTS-SEA-RESP12-RATE"]
    assert row[0].state == "breached"
    fine = [_chat("2026-08-01T00:00:00Z", "2026-08-01T01:00:00Z", id=str(n)) for n in range(99)]
    assert "TTS-SEA-RESP12-RATE" not in told({"conversations": [*fine, chats[1]]}, NOW, "PH")


def test_malaysias_own_rate_began_in_may_2026() -> None:
    assert told(_counts(100, 10), "2026-05-13T15:59:59Z") == {}
    assert "TTS-MY-RESP12-RATE" in told(_counts(100, 10), "2026-05-13T16:00:00Z")


# -- after-sales --------------------------------------------------------------------------------------


def _return(**more: Any) -> dict[str, Any]:
    request = {"id": "r", "requested_at": "2026-08-07T03:00:00Z", "manual_review": True, "answered_at": None, **more}
    return {"return_requests": [request], "holidays": []}


@pytest.mark.parametrize(
    ("region", "now", "rule", "state", "due_at"),
    [
        ("TH", "2026-08-10T04:59:58Z", "TTS-TH-RETURN-1WD", None, None),  # 7 August is a Friday
        ("TH", "2026-08-10T04:59:59Z", "TTS-TH-RETURN-1WD", "at_risk", "2026-08-10T16:59:59Z"),
        ("TH", "2026-08-10T16:59:59Z", "TTS-TH-RETURN-1WD", "at_risk", "2026-08-10T16:59:59Z"),
        ("TH", "2026-08-10T17:00:00Z", "TTS-TH-RETURN-1WD", "breached", "2026-08-10T16:59:59Z"),
        ("ID", "2026-08-09T03:00:00Z", "TTS-ID-RETURN-2CD", "at_risk", "2026-08-09T03:00:00Z"),
        ("ID", "2026-08-09T03:00:01Z", "TTS-ID-RETURN-2CD", "breached", "2026-08-09T03:00:00Z"),
    ],
)
def test_a_return_request_is_due(region: str, now: str, rule: str, state: str | None, due_at: str | None) -> None:
    found = told(_return(), now, region).get(rule)
    assert ((found[0].state, found[0].due_at) if found else (None, None)) == (state, due_at)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"manual_review": False}, None),
        ({"manual_review": None}, "unknown"),
        ({"answered_at": "2026-08-09T03:00:00Z"}, None),
        ({"answered_at": "2026-08-09T03:00:01Z"}, "breached"),
        ({"return_shipped_at": "2026-08-10T03:00:00Z", "checked_at": None}, None),
    ],
)
def test_who_need_not_answer_has_no_clock_and_late_stays_late(more: dict[str, Any], state: str | None) -> None:
    found = told(_return(**more), "2026-08-11T03:00:00Z", "ID").get("TTS-ID-RETURN-2CD")
    assert (found[0].state if found else None) == state


@pytest.mark.parametrize(
    ("region", "self_arranged", "now", "state"),
    [
        ("ID", False, "2026-08-18T03:00:00Z", "at_risk"),
        ("ID", False, "2026-08-18T03:00:01Z", "breached"),
        ("TH", True, "2026-08-20T03:00:00Z", "at_risk"),
        ("TH", True, "2026-08-20T03:00:01Z", "breached"),
        ("TH", False, "2026-08-20T03:00:01Z", None),
        ("TH", None, "2026-08-20T03:00:01Z", "unknown"),
    ],
)
def test_goods_on_their_way_back_must_be_checked(region: str, self_arranged: bool | None, now: str, state: str | None) -> None:
    facts = _return(
        answered_at="2026-08-08T03:00:00Z", return_shipped_at="2026-08-10T03:00:00Z", self_arranged=self_arranged, checked_at=None
    )
    found = told(facts, now, region).get("TTS-SEA-RETURN-RECEIVED")
    assert (found[0].state if found else None) == state


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-08-01T14:59:59Z", None),
        ("2026-08-01T15:00:00Z", "at_risk"),
        ("2026-08-02T03:00:00Z", "at_risk"),
        ("2026-08-02T03:00:01Z", "breached"),
    ],
)
def test_a_wish_to_cancel_is_answered_in_24_hours(now: str, state: str | None) -> None:
    facts = {"cancellation_requests": [{"id": "k", "requested_at": "2026-08-01T03:00:00Z", "answered_at": None}]}
    found = told(facts, now, "SG").get("TTS-SEA-CANCELREQ-24H")
    assert (found[0].state if found else None) == state


@pytest.mark.parametrize(
    ("answer", "kept", "closed", "state"),
    [
        (None, True, None, "breached"),
        ("2026-08-09T00:00:00Z", False, None, "breached"),
        ("2026-08-09T00:00:00Z", None, None, "unknown"),
        ("2026-08-09T00:00:00Z", True, None, None),
        (None, False, "2026-08-09T00:00:00Z", None),
        (None, None, None, "breached"),
    ],
)
def test_a_dispute_needs_an_answer_and_a_record(
    answer: str | None, kept: bool | None, closed: str | None, state: str | None
) -> None:
    case = {"id": "d", "opened_at": "2026-08-08T03:00:00Z", "chat_answer_at": answer, "record_kept": kept, "closed_at": closed}
    found = told({"disputes": [case]}, NOW, "VN").get("TTS-SEA-DISPUTE")
    assert (found[0].state if found else None) == state


# -- rates --------------------------------------------------------------------------------------------


def _metric(name: str, part: float | None, whole: float | None, days: int | None = 7) -> dict[str, Any]:
    return {"metrics": {name: {"window_days": days, "numerator": part, "denominator": whole}}}


LDR, SFCR = "late_dispatch_rate", "seller_fault_cancellation_rate"


@pytest.mark.parametrize(
    ("metric", "states"),
    [
        (_metric(LDR, 319, 10000), {}),
        (_metric(LDR, 32, 1000), {"LDR-TARGET": "at_risk"}),
        (_metric(LDR, 4, 100), {"LDR-TARGET": "breached"}),
        (_metric(LDR, 8, 100), {"LDR-TARGET": "breached", "LDR-OVL1": "at_risk", "LDR-VP": "at_risk"}),
        (_metric(LDR, 10, 100), {"LDR-TARGET": "breached", "LDR-OVL1": "breached", "LDR-VP": "breached"}),
        (_metric(LDR, 24, 100), {"LDR-TARGET": "breached", "LDR-OVL1": "breached", "LDR-VP": "breached", "LDR-OVL2": "at_risk"}),
        (_metric(LDR, 30, 100), {"LDR-TARGET": "breached", "LDR-OVL2": "breached", "LDR-VP": "breached"}),
        (_metric(LDR, 50, 100), {"LDR-TARGET": "breached", "LDR-OVL3": "breached", "LDR-VP": "breached"}),
        (_metric(LDR, 100, 100), {"LDR-TARGET": "breached", "LDR-OVL3": "breached", "LDR-VP": "breached"}),
        (_metric(SFCR, 29, 290), {"SFCR-TARGET": "breached", "SFCR-OVL1": "breached", "SFCR-VP2": "breached"}),
        (_metric(SFCR, 30, 300), {"SFCR-TARGET": "breached", "SFCR-OVL1": "breached", "SFCR-VP4": "breached"}),
        (_metric(SFCR, 8, 100), {"SFCR-TARGET": "breached", "SFCR-OVL1": "at_risk", "SFCR-VP2": "at_risk"}),
        (_metric(SFCR, 40, 500), {"SFCR-TARGET": "breached", "SFCR-OVL1": "at_risk", "SFCR-VP4": "at_risk"}),
        (_metric(LDR, 10, 100, 30), {"OVL-CAMPAIGN": "breached"}),
        (_metric(LDR, 8, 100, 30), {"OVL-CAMPAIGN": "at_risk"}),
        (_metric(LDR, 99, 100, 14), {}),
        (_metric(LDR, 0, 0), {}),
        (_metric(LDR, None, 100), {"LDR-TARGET": "unknown"}),
        (_metric(SFCR, 3, None), {"SFCR-TARGET": "unknown"}),
        ({"metrics": {LDR: None}}, {"LDR-TARGET": "unknown", "OVL-CAMPAIGN": "unknown"}),
        (_metric("seller_fault_return_refund_rate", 15, 1000, 30), {"SFRR": "breached"}),
        (_metric("fast_dispatch_rate", 9499, 10000, 30), {"FDR": "breached"}),
        (_metric("fast_dispatch_rate", 98, 100, 30), {"FDR": "at_risk"}),
        (_metric("fast_dispatch_rate", 9801, 10000, 30), {}),
    ],
)
def test_rates_of_a_local_store_in_south_east_asia(metric: dict[str, Any], states: dict[str, str]) -> None:
    found = told(metric, NOW, "PH")
    assert {rule.removeprefix("TTS-SEA-"): one.state for rule, (one, *_) in found.items()} == states


@pytest.mark.parametrize(
    ("name", "part", "rule", "state"),
    [
        (LDR, 400, "TTS-US-LDR", "at_risk"),
        (LDR, 401, "TTS-US-LDR", "breached"),
        (LDR, 319, "TTS-US-LDR", None),
        (SFCR, 250, "TTS-US-SFCR", "at_risk"),
        (SFCR, 251, "TTS-US-SFCR", "breached"),
        ("valid_tracking_rate", 9499, "TTS-US-VTR", "breached"),
        ("valid_tracking_rate", 9500, "TTS-US-VTR", "at_risk"),
        ("valid_tracking_rate", 9800, "TTS-US-VTR", "at_risk"),
        ("valid_tracking_rate", 9801, "TTS-US-VTR", None),
        ("on_time_delivery_rate", 7999, "TTS-US-OTDR", "breached"),
        ("on_time_delivery_rate", 8300, "TTS-US-OTDR", "at_risk"),
    ],
)
def test_rates_of_the_us(name: str, part: int, rule: str, state: str | None) -> None:
    found = told(_metric(name, part, 10000), NOW, "US").get(rule)
    assert (found[0].state if found else None) == state


@pytest.mark.parametrize("days", [1, 7, 90, None])
def test_a_row_without_a_window_takes_any(days: int | None) -> None:
    assert told(_metric("valid_tracking_rate", 94, 100, days), NOW, "UK")["TTS-UK-VTR"][0].state == "breached"


@pytest.mark.parametrize(
    ("ldr", "sfcr", "state"),
    [
        ((0, 9), (1, 10), "breached"),
        ((8, 100), (0, 100), "at_risk"),
        ((1, 100), (None, 100), None),
        ((0, 0), (1, 10), "breached"),
    ],
)
def test_the_worse_of_two_rates_counts_across_the_border(ldr: Any, sfcr: Any, state: str | None) -> None:
    metrics = {**_metric(LDR, *ldr)["metrics"], **_metric(SFCR, *sfcr)["metrics"]}
    found = told({"metrics": metrics}, NOW, "VN", seller_type="cross_border").get("TTS-XB-OVL", [])
    assert [one.state for one in found] == ([state] if state else [])
    assert not any(
        rule.startswith(("TTS-SEA-LDR-OVL", "TTS-SEA-SFCR-OVL"))
        for rule in told({"metrics": metrics}, NOW, "VN", seller_type="cross_border")
    )


@given(st.integers(0, 3000), st.integers(1, 3000))
def test_the_order_limit_bands_never_overlap(part: int, whole: int) -> None:
    found = told(_metric(LDR, min(part, whole), whole), NOW, "PH")
    bands = [rule for rule, (one, *_) in found.items() if "OVL" in rule and one.state == "breached"]
    assert len(bands) <= 1
    assert bool(bands) == (10 * min(part, whole) >= whole)


def test_rates_from_an_old_source_are_unknown() -> None:
    facts = {**_metric(LDR, 0, 100), "sources": {"metrics": {"origin": "page", "as_of": "2026-08-08T11:59:59Z"}}}
    assert told(facts, NOW, "PH")["TTS-SEA-LDR-TARGET"][0].state == "unknown"
