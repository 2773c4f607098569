"""Balances, debts in dollars, frozen wallets and the platform's notices, each answer reckoned by hand from the specification."""

from typing import Any

import pytest

from storeward.policy.tests.cast import Sample, judged

NEG, TEN, HUNDRED = "TTS-SEA-NEGBAL-NEG", "TTS-SEA-NEGBAL-10D", "TTS-SEA-NEGBAL-100"
FROZEN, ALERT, US_NEG = "TTS-SEA-NEGBAL-UNFREEZE", "INT-NEGBAL-ALERT50", "TTS-US-NEGBAL"
ZERO = "TTS-SEA-NEGBAL-POSITIVE"
SEA = (NEG, TEN, HUNDRED, FROZEN, "TTS-SEA-NEGBAL-TOPUP")
NOW = "2026-05-06T03:00:00Z"
XB = {"seller_type": "cross_border"}


def event(at: str, balance: object, currency: str = "MYR") -> dict[str, Any]:
    return {"at": at, "balance": balance, "currency": currency}


def rate(currency: str, value: object, as_of: str | None = "2026-05-05T00:00:00Z") -> dict[str, Any]:
    return {"as_of": as_of, "usd_per_unit": {currency: value}}


def owed(balance: object, currency: str = "MYR", dollars: object = "0.25") -> dict[str, Any]:
    """A balance of an hour ago at a rate of 25 cents: 400 owed are 100 dollars, 320 are 80, 200 in hand are 50."""
    return {"balance_events": [event("2026-05-06T02:00:00Z", balance, currency)], "fx": rate(currency, dollars)}


TEN_AT = f"{TEN} at_risk warning 2026-05-16T02:00:00Z"
BELOW = f"{NEG} breached warning"
LOW = f"{ALERT} breached info"
# (balance in ringgit, findings): everything about one balance at a rate of 0.25.
AMOUNTS: list[tuple[object, set[str]]] = [
    (-400, {BELOW, TEN_AT, LOW, f"{HUNDRED} at_risk warning"}),
    ("-400.00", {BELOW, TEN_AT, LOW, f"{HUNDRED} at_risk warning"}),
    ("-400.0000000000000000000000000001", {BELOW, TEN_AT, LOW, f"{HUNDRED} breached critical"}),
    (-400.01, {BELOW, TEN_AT, LOW, f"{HUNDRED} breached critical"}),
    ("-4.0001e2", {BELOW, TEN_AT, LOW, f"{HUNDRED} breached critical"}),
    (-320, {BELOW, TEN_AT, LOW, f"{HUNDRED} at_risk warning"}),
    ("-319.99", {BELOW, TEN_AT, LOW}),
    ("-0.01", {BELOW, TEN_AT, LOW}),
    (-1e-9, {BELOW, TEN_AT, LOW}),
    (0, {LOW, f"{ZERO} breached info"}),
    ("0.00", {LOW, f"{ZERO} breached info"}),
    (-0.0, {LOW, f"{ZERO} breached info"}),
    ("0.01", {LOW}),
    ("199.99", {LOW}),
    (200, set()),
    ("2e2", set()),
    (812.4, set()),
]

# Without a rate the sign decides what it can (C11).
NO_RATE: list[tuple[int, set[str]]] = [
    (-1, {BELOW, TEN_AT, LOW, f"{HUNDRED} unknown warning"}),
    (0, {LOW, f"{ZERO} breached info"}),
    (1, {f"{ALERT} unknown warning"}),
    (1_000_000, {f"{ALERT} unknown warning"}),
]
RATES_THAT_ARE_NONE: list[dict[str, Any]] = [
    {},
    {"fx": None},
    {"fx": {"as_of": None, "usd_per_unit": {}}},
    {"fx": rate("PHP", "0.02")},
    {"fx": rate("MYR", None)},
]

# Ten days from the first observed negative balance, reached at the moment: 1 May 00:00 UTC to 11 May 00:00.
FIRST = event("2026-05-01T00:00:00Z", -5)
STREAKS = [
    Sample(
        "from the start",
        "MY",
        "2026-05-01T00:00:00Z",
        {"balance_events": [FIRST]},
        (f"{TEN} at_risk warning 2026-05-11T00:00:00Z",),
    ),
    Sample(
        "a day and a second left",
        "MY",
        "2026-05-09T23:59:59Z",
        {"balance_events": [FIRST]},
        (f"{TEN} at_risk warning 2026-05-11T00:00:00Z",),
    ),
    Sample(
        "a day left", "PH", "2026-05-10T00:00:00Z", {"balance_events": [FIRST]}, (f"{TEN} at_risk critical 2026-05-11T00:00:00Z",)
    ),
    Sample(
        "a second left",
        "PH",
        "2026-05-10T23:59:59Z",
        {"balance_events": [FIRST]},
        (f"{TEN} at_risk critical 2026-05-11T00:00:00Z",),
    ),
    Sample(
        "reached", "TH", "2026-05-11T00:00:00Z", {"balance_events": [FIRST]}, (f"{TEN} breached critical 2026-05-11T00:00:00Z",)
    ),
    Sample(
        "weeks later",
        "TH",
        "2026-06-11T00:00:00Z",
        {"balance_events": [FIRST]},
        (f"{TEN} breached critical 2026-05-11T00:00:00Z",),
    ),
    Sample(
        "a deeper debt starts nothing anew",
        "VN",
        "2026-05-09T00:00:00Z",
        {"balance_events": [FIRST, event("2026-05-05T00:00:00Z", -50)]},
        (f"{TEN} at_risk warning 2026-05-11T00:00:00Z",),
    ),
    Sample(
        "zero ends the streak and the next debt starts one",
        "VN",
        "2026-05-09T00:00:00Z",
        {"balance_events": [FIRST, event("2026-05-05T00:00:00Z", 0), event("2026-05-05T00:00:01Z", -1)]},
        (f"{TEN} at_risk warning 2026-05-15T00:00:01Z",),
    ),
    Sample(
        "what is missing breaks no streak",
        "SG",
        "2026-05-09T00:00:00Z",
        {"balance_events": [FIRST, event("2026-05-05T00:00:00Z", None), event("2026-05-06T00:00:00Z", -2)]},
        (f"{TEN} at_risk warning 2026-05-11T00:00:00Z",),
    ),
    Sample(
        "an unknown balance at the end leaves the last one",
        "SG",
        "2026-05-09T00:00:00Z",
        {"balance_events": [FIRST, event("2026-05-05T00:00:00Z", None)]},
        (f"{TEN} at_risk warning 2026-05-11T00:00:00Z", BELOW),
    ),
    Sample(
        "settled after it was broken leaves nothing",
        "ID",
        "2026-05-13T00:00:00Z",
        {"balance_events": [FIRST, event("2026-05-12T00:00:00Z", 5)]},
        (),
        SEA,
    ),
    Sample(
        "settled after now is not known",
        "ID",
        "2026-05-13T00:00:00Z",
        {"balance_events": [FIRST, event("2026-05-13T00:00:01Z", 5)]},
        (f"{TEN} breached critical 2026-05-11T00:00:00Z",),
    ),
    Sample(
        "a statement ends nothing and money to come helps nothing",
        "MY",
        "2026-05-11T00:00:00Z",
        {
            "balance_events": [FIRST],
            "statements": [{"period": "2026-05", "opening": event("2026-05-02T00:00:00Z", 0)}],
            "pending_settlement": {"amount": 999, "currency": "MYR", "expected_at": "2026-05-11T01:00:00Z"},
        },
        (f"{TEN} breached critical 2026-05-11T00:00:00Z", BELOW),
    ),
    Sample("the streak is one of South East Asia", "US", "2026-05-12T00:00:00Z", {"balance_events": [FIRST]}, (), SEA),
]

IN_THE_US: list[tuple[object, set[str]]] = [
    ("0.01", {LOW}),
    (0, {f"{US_NEG} breached warning", LOW}),
    (-500, {f"{US_NEG} breached warning", LOW}),
    ("49.99", {LOW}),
    (50, set()),
]

FREEZES: list[tuple[dict[str, Any], int | None, str | None]] = [
    ({"withdrawal_frozen": True}, 0, "breached"),
    ({"withdrawal_frozen": True}, 7, "breached"),
    ({"withdrawal_frozen": True}, -1, None),
    ({"withdrawal_frozen": False}, 7, None),
    ({"withdrawal_frozen": None}, 7, "unknown"),
    ({"withdrawal_frozen": None}, -1, None),
    ({}, 7, None),
    ({"withdrawal_frozen": True}, None, "unknown"),
]

DEPOSIT, WITHHELD, DEDUCTION, TWO_STEPS = (
    "deposit_shortfall",
    "funds_withheld",
    "fund_deduction_planned",
    "two_step_verification_required",
)


def told_by(type: str, at: str, **more: Any) -> dict[str, Any]:
    return {"notices": [{"id": "n", "type": type, "at": at, **more}]}


MARCH = told_by(DEPOSIT, "2026-03-02T04:00:00Z", answered_at=None)
SHORT = {"deposit": {"required": 500, "paid": "499.99", "currency": "USD"}}
NOTICES = [
    Sample(
        "before the lead",
        "VN",
        "2026-03-25T03:59:59Z",
        {**MARCH, **SHORT},
        (),
        ("TTS-SEA-DEPOSIT-30",),
        XB,
    ),
    Sample(
        "at the lead of seven days",
        "VN",
        "2026-03-25T04:00:00Z",
        {**MARCH, **SHORT},
        ("TTS-SEA-DEPOSIT-30 at_risk warning 2026-04-01T04:00:00Z n",),
        (),
        XB,
    ),
    Sample(
        "a day left",
        "MY",
        "2026-03-31T04:00:00Z",
        {**MARCH, **SHORT},
        ("TTS-SEA-DEPOSIT-30 at_risk critical 2026-04-01T04:00:00Z n",),
        (),
        XB,
    ),
    Sample(
        "at the last moment",
        "PH",
        "2026-04-01T04:00:00Z",
        {**MARCH, **SHORT},
        ("TTS-SEA-DEPOSIT-30 at_risk critical 2026-04-01T04:00:00Z n",),
        (),
        XB,
    ),
    Sample(
        "a second over",
        "SG",
        "2026-04-01T04:00:01Z",
        {**MARCH, **SHORT},
        ("TTS-SEA-DEPOSIT-30 breached critical 2026-04-01T04:00:00Z n",),
        (),
        XB,
    ),
    Sample(
        "paid to the cent",
        "TH",
        "2026-04-02T00:00:00Z",
        {**MARCH, "deposit": {"required": "5e2", "paid": 500, "currency": "USD"}},
        (),
        ("TTS-SEA-DEPOSIT-30",),
        XB,
    ),
    Sample("local sellers have no such deposit", "VN", "2026-04-02T00:00:00Z", {**MARCH, **SHORT}, (), ("TTS-SEA-DEPOSIT-30",)),
    Sample("nor is it known in Indonesia", "ID", "2026-04-02T00:00:00Z", {**MARCH, **SHORT}, (), ("TTS-SEA-DEPOSIT-30",), XB),
    Sample(
        "ninety days of withheld money",
        "MY",
        "2026-06-08T00:00:00Z",
        told_by(WITHHELD, "2026-03-10T00:00:00Z"),
        ("TTS-SEA-WITHHOLD-90 at_risk critical 2026-06-08T00:00:00Z n",),
    ),
    Sample(
        "ninety days and a second",
        "ID",
        "2026-06-08T00:00:01Z",
        told_by(WITHHELD, "2026-03-10T00:00:00Z", answered_at=None),
        ("TTS-SEA-WITHHOLD-90 breached critical 2026-06-08T00:00:00Z n",),
    ),
    Sample(
        "eighty-three days are the lead",
        "ID",
        "2026-06-01T00:00:00Z",
        told_by(WITHHELD, "2026-03-10T00:00:00Z", answered_at=None),
        ("TTS-SEA-WITHHOLD-90 at_risk warning 2026-06-08T00:00:00Z n",),
    ),
    Sample(
        "released",
        "ID",
        "2026-06-08T00:00:01Z",
        told_by(WITHHELD, "2026-03-10T00:00:00Z", answered_at="2026-06-01T00:00:00Z"),
        (),
        ("TTS-SEA-WITHHOLD-90",),
    ),
    Sample(
        "a release after now is not known",
        "ID",
        "2026-06-08T00:00:01Z",
        told_by(WITHHELD, "2026-03-10T00:00:00Z", answered_at="2026-06-09T00:00:00Z"),
        ("TTS-SEA-WITHHOLD-90 breached critical 2026-06-08T00:00:00Z n",),
    ),
    Sample(
        "48 hours are exact over the change of the clocks",  # 7 March 12:00 PST to 9 March 13:00 PDT
        "US",
        "2026-03-09T20:00:01Z",
        told_by(DEDUCTION, "2026-03-07T20:00:00Z", answered_at=None),
        ("TTS-USUK-FUNDS-48H breached critical 2026-03-09T20:00:00Z n",),
        (),
        XB,
    ),
    Sample(
        "from the notice on, for the lead is longer than the clock",
        "UK",
        "2026-07-10T15:00:00Z",
        told_by(DEDUCTION, "2026-07-10T15:00:00Z", answered_at=None),
        ("TTS-USUK-FUNDS-48H at_risk warning 2026-07-12T15:00:00Z n",),
        (),
        XB,
    ),
    Sample(
        "at the 24 hours before",
        "UK",
        "2026-07-11T15:00:00Z",
        told_by(DEDUCTION, "2026-07-10T15:00:00Z", answered_at=None),
        ("TTS-USUK-FUNDS-48H at_risk critical 2026-07-12T15:00:00Z n",),
        (),
        XB,
    ),
    Sample(
        "a local seller in the US has no such clock",
        "US",
        "2026-07-11T15:00:00Z",
        told_by(DEDUCTION, "2026-07-10T15:00:00Z", answered_at=None),
        (),
        ("TTS-USUK-FUNDS-48H",),
    ),
    Sample(
        "nor has one in Malaysia",
        "MY",
        "2026-07-11T15:00:00Z",
        told_by(DEDUCTION, "2026-07-10T15:00:00Z", answered_at=None),
        (),
        ("TTS-USUK-FUNDS-48H",),
        XB,
    ),
    Sample(
        "two-step verification: the first local day of the rule",  # 5 February 00:00 in Bangkok
        "TH",
        "2026-03-06T17:00:01Z",
        {**told_by(TWO_STEPS, "2026-02-04T17:00:00Z"), "security": {"two_step_verification": False}},
        ("TTS-SEA-2SV-30 breached critical 2026-03-06T17:00:00Z n", "TTS-SEA-2SV breached warning"),
    ),
    Sample(
        "two-step verification: a second before that day",
        "TH",
        "2026-03-06T17:00:01Z",
        {**told_by(TWO_STEPS, "2026-02-04T16:59:59Z"), "security": {"two_step_verification": False}},
        ("TTS-SEA-2SV breached warning",),
        ("TTS-SEA-2SV-30",),
    ),
    Sample(
        "two-step verification: 23 days are the lead",
        "SG",
        "2026-04-26T06:00:00Z",
        {**told_by(TWO_STEPS, "2026-04-03T06:00:00Z"), "security": {"two_step_verification": False}},
        ("TTS-SEA-2SV-30 at_risk warning 2026-05-03T06:00:00Z n",),
    ),
    Sample(
        "two-step verification: a second before the lead",
        "SG",
        "2026-04-26T05:59:59Z",
        {**told_by(TWO_STEPS, "2026-04-03T06:00:00Z"), "security": {"two_step_verification": False}},
        ("TTS-SEA-2SV breached warning",),
        ("TTS-SEA-2SV-30",),
    ),
    Sample(
        "two-step verification: on at last, however late",
        "SG",
        "2026-07-01T00:00:00Z",
        {**told_by(TWO_STEPS, "2026-04-03T06:00:00Z"), "security": {"two_step_verification": True}},
        (),
        ("TTS-SEA-2SV", "TTS-SEA-2SV-30"),
    ),
    Sample(
        "two-step verification: not given",
        "SG",
        "2026-04-10T00:00:00Z",
        told_by(TWO_STEPS, "2026-04-03T06:00:00Z"),
        ("TTS-SEA-2SV-30 unknown warning - n",),
        ("TTS-SEA-2SV",),
    ),
    Sample(
        "two-step verification: asked for and not known",
        "SG",
        "2026-04-10T00:00:00Z",
        {**told_by(TWO_STEPS, "2026-04-03T06:00:00Z"), "security": {"two_step_verification": None}},
        ("TTS-SEA-2SV-30 unknown warning - n", "TTS-SEA-2SV unknown warning"),
    ),
    Sample(
        "a notice of a kind that nobody knows",
        "SG",
        "2026-04-10T00:00:00Z",
        told_by("a_new_kind", "2026-04-03T06:00:00Z"),
        (),
        ("TTS-SEA-2SV-30", "TTS-SEA-WITHHOLD-90", "TTS-SEA-DEPOSIT-30"),
    ),
    Sample(
        "a notice of after now",
        "SG",
        "2026-04-10T00:00:00Z",
        told_by(WITHHELD, "2026-04-10T00:00:01Z"),
        (),
        ("TTS-SEA-WITHHOLD-90",),
    ),
]


@pytest.mark.parametrize(("balance", "says"), AMOUNTS)
def test_every_amount_is_exact(balance: object, says: set[str]) -> None:
    assert set(judged(Sample("", "MY", NOW, owed(balance), (), (*SEA, ZERO, ALERT)))) == says


@pytest.mark.parametrize("fx", RATES_THAT_ARE_NONE)
@pytest.mark.parametrize(("balance", "says"), NO_RATE)
def test_without_a_rate_only_the_sign_is_known(balance: int, says: set[str], fx: dict[str, Any]) -> None:
    facts = {"balance_events": owed(balance)["balance_events"], **fx}
    assert set(judged(Sample("", "MY", NOW, facts, (), (*SEA, ZERO, ALERT)))) == says


@pytest.mark.parametrize("as_of", [None, "2020-01-01T00:00:00Z", NOW])
def test_a_rate_has_no_age(as_of: str | None) -> None:
    facts = {**owed("-400.01"), "fx": rate("MYR", 0.25, as_of)}
    assert judged(Sample("", "MY", NOW, facts, (), (HUNDRED,))) == [f"{HUNDRED} breached critical"]


# 1,652,893 rupiah at 6.05e-5 are 100.0000265 dollars, 1,652,892 are 99.999966.
@pytest.mark.parametrize(
    ("balance", "currency", "dollars", "state"),
    [
        (-1652893, "IDR", "6.05e-05", "breached critical"),
        (-1652892, "IDR", 6.05e-05, "at_risk warning"),
        (-2_500_000, "VND", "0.00004", "at_risk warning"),
        (-2_500_001, "VND", "0.00004", "breached critical"),
        (-2_000_000, "VND", "4E-5", "at_risk warning"),
        (-1_999_999, "VND", "4E-5", None),
        (-100, "USD", None, "at_risk warning"),
        ("-100.01", "USD", None, "breached critical"),
        (-80, "USD", 0.5, "at_risk warning"),
        ("-79.99", "USD", None, None),
        # a third of a dollar: 300 times 0.333...3 (28 digits) stays under a hundred
        (-300, "MYR", "0.3333333333333333333333333333", "at_risk warning"),
        (-300, "MYR", "0.3333333333333333333333333334", "breached critical"),
    ],
)
def test_a_debt_in_dollars_is_never_rounded(balance: object, currency: str, dollars: object, state: str | None) -> None:
    fx = {"fx": rate(currency, dollars)} if dollars is not None else {}
    facts = {"balance_events": owed(balance, currency)["balance_events"], **fx}
    assert judged(Sample("", "VN", NOW, facts, (), (HUNDRED,))) == ([f"{HUNDRED} {state}"] if state else [])


@pytest.mark.parametrize("sample", STREAKS, ids=lambda sample: sample.title)
def test_a_streak_below_zero_has_ten_days(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("events", [None, [], [event("2026-05-07T00:00:00Z", -5)], [event("2026-05-01T00:00:00Z", None)]])
def test_no_known_balance_is_unknown_and_never_fine(events: list[Any] | None) -> None:
    found = judged(Sample("", "MY", NOW, {"balance_events": events}, (), (NEG, ALERT)))
    assert found == [f"{ALERT} unknown warning", f"{NEG} unknown warning"]
    assert judged(Sample("", "US", NOW, {"balance_events": events}, (), (US_NEG,))) == [f"{US_NEG} unknown warning"]


@pytest.mark.parametrize(("balance", "says"), IN_THE_US)
def test_the_us_has_its_own_row(balance: object, says: set[str]) -> None:
    facts = {"balance_events": [event("2026-05-06T02:00:00Z", balance, "USD")]}
    assert set(judged(Sample("", "US", NOW, facts, (), (*SEA, ZERO, US_NEG, ALERT)))) == says


@pytest.mark.parametrize("status", ["closed_by_seller", "closed_by_platform", "not_opened", "suspended"])
def test_a_debt_is_judged_in_every_status_and_our_own_alert_only_while_the_store_runs(status: str) -> None:
    sample = Sample("", "MY", NOW, owed("-400.01"), (), (*SEA, ALERT), {"status": status})
    money = {BELOW, TEN_AT, f"{HUNDRED} breached critical"}
    assert set(judged(sample)) == (money | {LOW} if status == "suspended" else money)


@pytest.mark.parametrize(("frozen", "balance", "state"), FREEZES)
def test_a_freeze_stays_until_somebody_asks(frozen: dict[str, Any], balance: int | None, state: str | None) -> None:
    facts = {"balance_events": [event("2026-05-06T02:00:00Z", balance)], **frozen}
    assert judged(Sample("", "PH", NOW, facts, (), (FROZEN,))) == ([f"{FROZEN} {state} warning"] if state else [])
    assert judged(Sample("", "US", NOW, facts, (), (FROZEN,))) == []


@pytest.mark.parametrize("sample", NOTICES, ids=lambda sample: sample.title)
def test_a_notice_opens_its_clock(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


def test_two_notices_have_two_clocks() -> None:
    notices = [{"id": str(n), "type": WITHHELD, "at": f"2026-03-0{n}T00:00:00Z"} for n in (1, 2)]
    found = judged(Sample("", "MY", "2026-06-10T00:00:00Z", {"notices": notices}, (), ("TTS-SEA-WITHHOLD-90",)))
    assert found == [
        "TTS-SEA-WITHHOLD-90 breached critical 2026-05-30T00:00:00Z 1",
        "TTS-SEA-WITHHOLD-90 breached critical 2026-05-31T00:00:00Z 2",
    ]
