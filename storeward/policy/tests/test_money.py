"""Balances, notices about money and the account, the deposit (C10, C11)."""

from typing import Any

import pytest

from .cast import told

NOW = "2026-05-20T00:00:00Z"


def _event(balance: float | str | None, at: str = "2026-05-19T00:00:00Z", currency: str = "PHP") -> dict[str, Any]:
    return {"at": at, "balance": balance, "currency": currency}


def _money(*events: dict[str, Any], rate: float | None = 0.02, **more: Any) -> dict[str, Any]:
    fx = {"as_of": "2026-01-01T00:00:00Z", "usd_per_unit": {} if rate is None else {"PHP": rate}}
    return {"balance_events": list(events), "fx": fx, **more}


@pytest.mark.parametrize(
    ("balance", "states"),
    [
        (2500, {}),  # 50 dollars
        (2499.99, {"INT-NEGBAL-ALERT50": "breached"}),
        (0, {"INT-NEGBAL-ALERT50": "breached", "TTS-SEA-NEGBAL-POSITIVE": "breached"}),
        (-0.01, {"INT-NEGBAL-ALERT50": "breached", "TTS-SEA-NEGBAL-NEG": "breached", "TTS-SEA-NEGBAL-10D": "at_risk"}),
        (-3999.99, {"INT-NEGBAL-ALERT50": "breached", "TTS-SEA-NEGBAL-NEG": "breached", "TTS-SEA-NEGBAL-10D": "at_risk"}),
        (
            -4000,
            {
                "INT-NEGBAL-ALERT50": "breached",
                "TTS-SEA-NEGBAL-NEG": "breached",
                "TTS-SEA-NEGBAL-10D": "at_risk",
                "TTS-SEA-NEGBAL-100": "at_risk",
            },
        ),
        (
            "-5000.0000000001",
            {
                "INT-NEGBAL-ALERT50": "breached",
                "TTS-SEA-NEGBAL-NEG": "breached",
                "TTS-SEA-NEGBAL-10D": "at_risk",
                "TTS-SEA-NEGBAL-100": "breached",
            },
        ),
    ],
)
def test_each_line_of_the_balance_is_exact(balance: float | str, states: dict[str, str]) -> None:
    found = told(_money(_event(balance)), NOW, "PH")
    assert {rule: one.state for rule, (one, *_) in found.items()} == states


@pytest.mark.parametrize(
    ("balance", "unknown", "broken"),
    [
        (100000, {"INT-NEGBAL-ALERT50"}, set()),
        (0, set(), {"INT-NEGBAL-ALERT50", "TTS-SEA-NEGBAL-POSITIVE"}),
        (-1, {"TTS-SEA-NEGBAL-100"}, {"INT-NEGBAL-ALERT50", "TTS-SEA-NEGBAL-NEG"}),
    ],
)
def test_without_a_rate_the_sign_decides_what_it_can(balance: int, unknown: set[str], broken: set[str]) -> None:
    found = told(_money(_event(balance), rate=None), NOW, "PH")
    assert {rule for rule, (one, *_) in found.items() if one.state == "unknown"} == unknown
    assert {rule for rule, (one, *_) in found.items() if one.state == "breached"} == broken


def test_a_balance_in_dollars_needs_no_rate() -> None:
    found = told({"balance_events": [_event("-100.01", currency="USD")]}, NOW, "SG")
    assert found["TTS-SEA-NEGBAL-100"][0].state == "breached"
    assert told({"balance_events": [_event("-100", currency="USD")]}, NOW, "SG")["TTS-SEA-NEGBAL-100"][0].state == "at_risk"


@pytest.mark.parametrize(
    ("now", "state", "severity"),
    [
        ("2026-05-10T00:00:00Z", "at_risk", "warning"),
        ("2026-05-19T00:00:00Z", "at_risk", "critical"),
        ("2026-05-19T23:59:59Z", "at_risk", "critical"),
        ("2026-05-20T00:00:00Z", "breached", "critical"),
    ],
)
def test_ten_days_below_zero_are_reached_at_the_moment(now: str, state: str, severity: str) -> None:
    found = told(_money(_event(-1, "2026-05-10T00:00:00Z")), now, "PH")["TTS-SEA-NEGBAL-10D"]
    assert found[0][:3] == (state, severity, "2026-05-20T00:00:00Z")


def test_a_moment_at_zero_ends_the_streak_whatever_the_order_of_the_list() -> None:
    events = [
        _event(-5, "2026-05-12T00:00:00Z"),
        _event(0, "2026-05-11T00:00:00Z"),
        _event(-5, "2026-05-01T00:00:00Z"),
        _event(-7, "2026-05-13T00:00:00Z"),
    ]
    assert told(_money(*events), NOW, "PH")["TTS-SEA-NEGBAL-10D"][0].due_at == "2026-05-22T00:00:00Z"


def test_an_event_after_now_is_not_known_and_a_missing_balance_breaks_no_streak() -> None:
    events = [_event(-5, "2026-05-01T00:00:00Z"), _event(None, "2026-05-05T00:00:00Z"), _event(9, "2026-05-21T00:00:00Z")]
    assert told(_money(*events), NOW, "PH")["TTS-SEA-NEGBAL-10D"][0].due_at == "2026-05-11T00:00:00Z"


@pytest.mark.parametrize("events", [None, [], [_event(5, "2026-05-21T00:00:00Z")], [_event(None)]])
def test_no_known_balance_is_unknown(events: list[Any] | None) -> None:
    found = told({"balance_events": events}, NOW, "PH")
    assert {rule: one.state for rule, (one, *_) in found.items()} == {
        "TTS-SEA-NEGBAL-NEG": "unknown",
        "INT-NEGBAL-ALERT50": "unknown",
    }
    assert told({"balance_events": events}, NOW, "US")["TTS-US-NEGBAL"][0].state == "unknown"


@pytest.mark.parametrize(("balance", "broken"), [(0.01, False), (0, True), (-1, True)])
def test_the_us_asks_for_a_balance_above_zero(balance: float, broken: bool) -> None:
    found = told({"balance_events": [_event(balance, currency="USD")]}, NOW, "US")
    assert ("TTS-US-NEGBAL" in found) == broken
    assert not any(rule.startswith("TTS-SEA") for rule in found)


def test_money_is_judged_in_a_closed_store_but_not_our_own_alert() -> None:
    found = told(_money(_event(-1)), NOW, "PH", status="closed_by_platform")
    assert set(found) == {"TTS-SEA-NEGBAL-NEG", "TTS-SEA-NEGBAL-10D"}


@pytest.mark.parametrize(
    ("frozen", "balance", "state"),
    [(True, 0, "breached"), (True, 5, "breached"), (True, -1, None), (False, 5, None), (None, 5, "unknown"), (None, -5, None)],
)
def test_a_freeze_that_outlasts_the_debt_must_be_lifted_by_asking(frozen: bool | None, balance: int, state: str | None) -> None:
    found = told(_money(_event(balance), withdrawal_frozen=frozen), NOW, "PH").get("TTS-SEA-NEGBAL-UNFREEZE")
    assert (found[0].state if found else None) == state


# -- notices ------------------------------------------------------------------------------------------


def _notice(type: str, at: str = "2026-03-02T04:00:00Z", **more: Any) -> dict[str, Any]:
    return {"notices": [{"id": "n1", "type": type, "at": at, **more}]}


@pytest.mark.parametrize(
    ("now", "state", "severity"),
    [
        ("2026-03-25T03:59:59Z", None, None),
        ("2026-03-25T04:00:00Z", "at_risk", "warning"),
        ("2026-03-31T04:00:00Z", "at_risk", "critical"),
        ("2026-04-01T04:00:00Z", "at_risk", "critical"),
        ("2026-04-01T04:00:01Z", "breached", "critical"),
    ],
)
def test_a_missing_deposit_is_due_in_thirty_days(now: str, state: str | None, severity: str | None) -> None:
    facts = {**_notice("deposit_shortfall"), "deposit": {"required": 500, "paid": 499.99, "currency": "USD"}}
    found = told(facts, now, "VN", seller_type="cross_border").get("TTS-SEA-DEPOSIT-30")
    assert (found[0][:2] if found else (None, None)) == (state, severity)
    assert told(facts, now, "VN") == {}  # local stores have no such row


@pytest.mark.parametrize(
    ("more", "deposit", "state"),
    [
        ({"answered_at": "2026-04-02T00:00:00Z"}, {"required": 500, "paid": 0}, None),
        ({}, {"required": 500, "paid": 500}, None),
        ({}, {"required": 500, "paid": None}, "unknown"),
        ({}, None, "unknown"),
    ],
)
def test_a_deposit_is_over_when_it_is_paid_or_answered(
    more: dict[str, Any], deposit: dict[str, Any] | None, state: str | None
) -> None:
    facts = {**_notice("deposit_shortfall", **more), "deposit": deposit}
    found = told(facts, "2026-04-05T00:00:00Z", "VN", seller_type="cross_border").get("TTS-SEA-DEPOSIT-30")
    assert (found[0].state if found else None) == state


def test_forty_eight_hours_are_exact_hours() -> None:
    facts = _notice("fund_deduction_planned", "2026-03-07T15:00:00Z", answered_at=None)  # the clocks go forward on the 8th
    found = told(facts, "2026-03-09T15:00:00Z", "US", seller_type="cross_border")["TTS-USUK-FUNDS-48H"]
    assert found[0][:3] == ("at_risk", "critical", "2026-03-09T15:00:00Z")
    assert told(facts, "2026-03-09T15:00:00Z", "US") == {}


@pytest.mark.parametrize(
    ("security", "state"),
    [
        ({"security": {"two_step_verification": False}}, "breached"),
        ({"security": {"two_step_verification": True}}, None),
        ({"security": {"two_step_verification": None}}, "unknown"),
        ({"security": None}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_two_step_verification_is_due_thirty_days_after_the_notice(security: dict[str, Any], state: str | None) -> None:
    facts = {**_notice("two_step_verification_required", "2026-04-03T06:00:00Z"), **security}
    found = told(facts, "2026-05-03T06:00:01Z", "SG").get("TTS-SEA-2SV-30")
    assert (found[0].state if found else None) == state
    assert (found[0].subject if found else "n1") == "n1"


def test_a_notice_from_before_the_rule_has_no_clock() -> None:
    facts = {**_notice("two_step_verification_required", "2026-02-04T15:59:59Z"), "security": {"two_step_verification": False}}
    assert "TTS-SEA-2SV-30" not in told(facts, "2026-05-03T06:00:01Z", "SG")
    facts = {**_notice("two_step_verification_required", "2026-02-04T16:00:00Z"), "security": {"two_step_verification": False}}
    assert "TTS-SEA-2SV-30" in told(facts, "2026-05-03T06:00:01Z", "SG")


def test_two_notices_without_an_id_are_two_things() -> None:
    notices = [{"type": "funds_withheld", "at": f"2025-12-{day}T00:00:00Z"} for day in (20, 21)]
    assert len(told({"notices": notices}, "2026-05-03T00:00:00Z", "SG")["TTS-SEA-WITHHOLD-90"]) == 2


def test_notices_that_are_missing_are_unknown() -> None:
    found = told({"notices": None}, NOW, "SG")
    assert {one.state for (one, *_) in found.values()} == {"unknown"}
    assert "TTS-SEA-WITHHOLD-90" in found
