"""Every rule of TikTok Shop and of ours that data can decide: rows typed by hand, and the finding they must give.

One test a rule, or one row of a table; expected instants are reckoned by hand from the rule's own words (policies/rules.csv).
NOW is Wednesday 18 November 2026, 11:15 in Kuala Lumpur (03:15 UTC), 10:15 in Bangkok, Tuesday 19:15 in Los Angeles.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storeward.canon import OrderStatus, OrderType
from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding, Obligation, Reading
from storeward.policy.terms import book
from storeward.records import models as records
from storeward.stores.models import Store

from .factories import (
    NOW,
    activity,
    attestation,
    balance,
    conversation,
    fact,
    listing,
    notice,
    obligation,
    order,
    points,
    request,
    store,
    streams,
    violation,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def utc(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of November 2026."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def judged(shop: Store, at: datetime = NOW) -> dict[str, Finding]:
    """What is open after judging the store at that instant, by rule."""
    evaluate([shop.pk], now=at)
    return {one.rule: one for one in Finding.objects.filter(store=shop).exclude(status="resolved")}


def owed(shop: Store, rule: str) -> datetime:
    """The instant by which the store owes it."""
    return Obligation.objects.get(store=shop, rule=rule).due_at


Told = tuple[str, str]
"""State and severity."""


def told(finding: Finding) -> Told:
    return finding.state, finding.severity


# -- orders: when the step is due --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "region", "given", "due_at"),
    [
        # Placed Mon 16 Nov 12:00 local: two working days end Wed 18 Nov 23:59:59 local.
        ("TTS-SEA-SHIP-2WD", "MY", {"placed_at": utc(16, 4)}, utc(18, 15, 59, 59)),
        ("TTS-SEA-AUTOCANCEL-RTS", "MY", {"placed_at": utc(16, 4)}, utc(18, 15, 59, 59)),
        # Placed Fri 13 Nov: the weekend is not counted, so Tue 17 Nov.
        ("TTS-SEA-SHIP-2WD", "MY", {"placed_at": utc(13, 4)}, utc(17, 15, 59, 59)),
        # The day is the store's: 15:30 UTC on Monday is 23:30 on Monday in Kuala Lumpur, 16:30 UTC half past midnight on Tuesday.
        ("TTS-SEA-SHIP-2WD", "MY", {"placed_at": utc(16, 15, 30)}, utc(18, 15, 59, 59)),
        ("TTS-SEA-SHIP-2WD", "MY", {"placed_at": utc(16, 16, 30)}, utc(19, 15, 59, 59)),
        ("TTS-SEA-SHIP-2WD", "TH", {"placed_at": utc(16, 4)}, utc(18, 16, 59, 59)),
        # Three working days to the carrier's scan.
        ("TTS-SEA-AUTOCANCEL-COLLECT", "MY", {"placed_at": utc(16, 4)}, utc(19, 15, 59, 59)),
        ("TTS-SEA-AUTOCANCEL-COLLECT", "TH", {"placed_at": utc(12, 4)}, utc(17, 16, 59, 59)),
        # Vietnam: placed before 14:00 local the same day, later the next working day.
        ("TTS-VN-SHIP-CUT14", "VN", {"placed_at": utc(17, 6, 59)}, utc(17, 16, 59, 59)),
        ("TTS-VN-SHIP-CUT14", "VN", {"placed_at": utc(17, 7)}, utc(18, 16, 59, 59)),
    ],
)
def test_a_step_of_an_order_is_due_at(rule: str, region: str, given: dict[str, Any], due_at: datetime) -> None:
    shop = store(region=region)
    order(shop, **given)
    judged(shop)
    assert owed(shop, rule) == due_at


ORDER_CLOCKS = [
    ("TTS-SEA-SHIP-2WD", "MY", "warning", "ship"),
    ("TTS-SEA-AUTOCANCEL-RTS", "MY", "critical", "ship"),
    ("TTS-SEA-AUTOCANCEL-COLLECT", "MY", "critical", "hand_over"),
    ("TTS-VN-SHIP-CUT14", "VN", "warning", "ship"),
    ("TTS-US-SHIP-INTRANSIT", "US", "warning", "hand_over"),
    ("TTS-US-AUTOCANCEL-7BD", "US", "critical", "ship"),
]


@pytest.mark.parametrize(("rule", "region", "severity", "action"), ORDER_CLOCKS)
def test_an_order_clock_is_silent_then_at_risk_then_broken(rule: str, region: str, severity: str, action: str) -> None:
    """Silent up to 24 hours before, at risk with the rule's own severity in the last day, broken after its instant."""
    shop = store(region=region)
    order(shop, placed_at=NOW - HOUR)
    judged(shop)
    due_at = owed(shop, rule)
    open_ones = Finding.objects.filter(store=shop, rule=rule, status="open")
    tick(now=max(NOW, due_at - DAY - TICK))
    if due_at - DAY > NOW:
        assert not open_ones.exists()
        tick(now=due_at - DAY)
    finding = open_ones.get()
    assert (told(finding), finding.action, finding.due_at) == (("at_risk", severity), action, due_at)
    tick(now=due_at)
    assert told(open_ones.get()) == ("at_risk", severity), "at the instant itself it is not late yet"
    tick(now=due_at + TICK)
    assert told(open_ones.get()) == ("breached", severity)


@pytest.mark.parametrize(("rule", "region", "severity", "action"), ORDER_CLOCKS)
def test_a_cancelled_order_ends_every_order_clock(rule: str, region: str, severity: str, action: str) -> None:
    shop = store(region=region)
    order(shop, placed_at=NOW - timedelta(days=20))
    assert judged(shop)[rule].state == "breached"
    order(shop, placed_at=NOW - timedelta(days=20), status=OrderStatus.CANCELLED, cancelled_at=NOW)
    assert rule not in judged(shop, NOW + HOUR)
    assert Finding.objects.get(store=shop, rule=rule).resolved_by == "facts"


def test_what_is_packed_stops_the_first_cancellation_clock_and_a_scan_the_others() -> None:
    shop = store()
    order(shop, placed_at=ago(days=6), status=OrderStatus.TO_COLLECT, arranged_at=ago(days=5, hours=20))
    found = judged(shop)
    assert "TTS-SEA-AUTOCANCEL-RTS" not in found
    assert told(found["TTS-SEA-AUTOCANCEL-COLLECT"]) == ("breached", "critical")
    assert told(found["TTS-SEA-SHIP-2WD"]) == ("breached", "warning")
    order(shop, placed_at=ago(days=6), status=OrderStatus.IN_TRANSIT, arranged_at=ago(days=5), collected_at=ago(hours=1))
    assert not {"TTS-SEA-SHIP-2WD", "TTS-SEA-AUTOCANCEL-COLLECT"} & set(judged(shop))
    assert Obligation.objects.get(rule="TTS-SEA-AUTOCANCEL-COLLECT").state == "met_late"


def test_a_us_order_must_arrive_in_six_business_days() -> None:
    """Placed Tue 10 Nov 09:00 in Los Angeles; Wed 11 Nov is Veterans Day, so the sixth business day is Thu 19 Nov."""
    shop = store(region="US")
    order(shop, placed_at=utc(10, 17), status=OrderStatus.IN_TRANSIT, collected_at=utc(12, 17))
    judged(shop)
    assert owed(shop, "TTS-US-DELIVER-6BD") == utc(20, 7, 59, 59)
    tick(now=utc(20, 8))
    assert Finding.objects.get(rule="TTS-US-DELIVER-6BD").action == "track_package"
    delivered: dict[str, Any] = {"collected_at": utc(12, 17), "delivered_at": utc(20, 9)}
    order(shop, placed_at=utc(10, 17), status=OrderStatus.DELIVERED, **delivered)
    evaluate([shop.pk], now=utc(20, 10))
    assert Obligation.objects.get(rule="TTS-US-DELIVER-6BD").state == "met_late"


def test_a_cross_border_order_is_packed_in_48_hours_and_handed_over_in_three_days() -> None:
    shop = store(seller_type="cross_border")
    order(shop, placed_at=utc(17, 4))
    judged(shop)
    assert owed(shop, "TTS-XB-SHIP-48H") == utc(19, 4)
    assert owed(shop, "TTS-XB-SHIP-3CD") == utc(20, 15, 59, 59)
    assert not Obligation.objects.filter(rule="TTS-SEA-SHIP-2WD").exists(), "that one is for local sellers"


def test_a_pre_order_has_the_time_its_listing_names_and_no_standard_clock() -> None:
    shop = store()
    order(shop, placed_at=utc(16, 4), type=OrderType.PRE_ORDER, handling_days=7)
    judged(shop)
    assert set(Obligation.objects.values_list("rule", flat=True)) == {"TTS-SEA-PREORDER-SHIP"}
    assert owed(shop, "TTS-SEA-PREORDER-SHIP").date() >= utc(23, 0).date()


# -- after-sales -------------------------------------------------------------------------------------------------------


def test_a_cancellation_request_is_due_after_24_hours_and_told_12_before() -> None:
    shop = store()
    request(shop, "cancellation", "k1", ago(hours=11, minutes=59))
    assert "TTS-SEA-CANCELREQ-24H" not in judged(shop)
    tick(now=NOW + timedelta(minutes=1))
    finding = Finding.objects.get(rule="TTS-SEA-CANCELREQ-24H")
    assert (told(finding), finding.due_at) == (("at_risk", "warning"), ago(hours=11, minutes=59) + DAY)
    assert (finding.subject_kind, finding.subject_id, finding.action) == ("cancellation_request", "k1", "answer_request")
    request(shop, "cancellation", "k1", ago(hours=11, minutes=59), status="approved", open=False, updated_at=NOW + HOUR)
    assert not judged(shop, NOW + 2 * HOUR)
    assert Obligation.objects.get(rule="TTS-SEA-CANCELREQ-24H").state == "met"


@pytest.mark.parametrize(
    ("region", "rule", "due_at"),
    [
        # Asked Mon 16 Nov 12:00 in Bangkok: one working day, so the end of Tuesday.
        ("TH", "TTS-TH-RETURN-1WD", utc(17, 16, 59, 59)),
    ],
)
def test_a_return_request_is_approved_by_the_platform_when_nobody_answers(region: str, rule: str, due_at: datetime) -> None:
    shop = store(region=region)
    request(shop, "return", "r1", utc(16, 5), answer_by_at=due_at)
    found = judged(shop)
    assert (told(found[rule]), found[rule].due_at) == (("breached", "warning"), due_at)
    request(shop, "return", "r1", utc(16, 5), answer_by_at=due_at, status="approved", open=False, updated_at=NOW)
    assert rule not in judged(shop, NOW + HOUR)
    assert Obligation.objects.get(rule=rule).state == "met_late"


def test_a_return_that_the_platform_decides_itself_asks_nothing() -> None:
    shop = store(region="TH")
    request(shop, "return", "r1", ago(days=5), answer_by_at=None)
    assert not judged(shop)


def test_the_refund_is_what_is_at_stake_in_a_request() -> None:
    shop = store()
    asked = {"refund_asked": {"amount": "84.00", "currency": "MYR"}}
    request(shop, "cancellation", "k1", ago(hours=20), data=asked)
    finding = judged(shop)["TTS-SEA-CANCELREQ-24H"]
    assert (finding.stake_amount, finding.stake_currency) == (Decimal("84.00"), "MYR")
    assert finding.stake_usd == pytest.approx(84 * 0.237)


# -- inactivity --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, {}),
        (22, {}),
        # 30 days, told from seven days before; grace begins at day 30 and ends at 37; the end comes after day 60.
        (23, {"TTS-SEA-INACT-30": ("at_risk", "info")}),
        (29, {"TTS-SEA-INACT-30": ("at_risk", "warning")}),
        (31, {"TTS-SEA-INACT-30": ("breached", "warning"), "TTS-SEA-INACT-G7": ("at_risk", "warning")}),
        (36, {"TTS-SEA-INACT-30": ("breached", "warning"), "TTS-SEA-INACT-G7": ("at_risk", "critical")}),
        (38, {"TTS-SEA-INACT-30": ("breached", "warning"), "TTS-SEA-INACT-G7": ("breached", "critical")}),
        (
            50,
            {
                "TTS-SEA-INACT-30": ("breached", "warning"),
                "TTS-SEA-INACT-G7": ("breached", "critical"),
                "TTS-SEA-INACT-60": ("at_risk", "critical"),
            },
        ),
        (
            59.5,
            {
                "TTS-SEA-INACT-30": ("breached", "warning"),
                "TTS-SEA-INACT-G7": ("breached", "critical"),
                "TTS-SEA-INACT-60": ("at_risk", "fatal"),
            },
        ),
        (
            61,
            {
                "TTS-SEA-INACT-30": ("breached", "warning"),
                "TTS-SEA-INACT-G7": ("breached", "critical"),
                "TTS-SEA-INACT-60": ("breached", "fatal"),
            },
        ),
    ],
)
def test_the_ladder_of_inactivity(days: float, expected: dict[str, Told]) -> None:
    shop = store()
    activity(shop, ago(days=days))
    found = {rule: told(one) for rule, one in judged(shop).items() if rule.startswith("TTS-SEA-INACT")}
    assert found == expected


@pytest.mark.parametrize(
    ("kind", "actor", "ends"),
    [
        ("login", "main", True),
        ("login", "sub", False),
        ("login", "api", False),
        ("edit_product", "sub", True),
        ("edit_product", "api", False),
        ("process_order", "main", True),
        ("reply_customer", "sub", True),
        ("reply_customer", "buyer", False),
        ("view_page", "main", False),
    ],
)
def test_which_deeds_end_inactivity(kind: str, actor: str, ends: bool) -> None:
    shop = store()
    activity(shop, ago(days=40))
    assert "TTS-SEA-INACT-G7" in judged(shop)
    activity(shop, NOW, type=kind, actor=actor)
    assert ("TTS-SEA-INACT-G7" not in judged(shop, NOW + HOUR)) == ends


def test_a_reminder_starts_the_grace_anew() -> None:
    """Reminded on day 33: seven days from then, not from day 30."""
    shop = store()
    activity(shop, ago(days=35))
    notice(shop, "inactivity_reminder", ago(days=2))
    assert judged(shop)["TTS-SEA-INACT-G7"].due_at == ago(days=2) + timedelta(days=7)


@pytest.mark.parametrize("status", ["closed_by_seller", "closed_by_platform", "not_opened"])
def test_a_store_that_is_not_open_has_no_inactivity(status: str) -> None:
    shop = store(status=status)
    activity(shop, ago(days=59))
    assert not [rule for rule in judged(shop) if "INACT" in rule and rule.startswith("TTS")]


def test_listings_that_were_taken_down_must_be_put_back_by_hand() -> None:
    """Reactivation: the removal was noticed, and of the listings that we see none is live."""
    shop = store()
    activity(shop, ago(hours=1))
    notice(shop, "inactivity_listings_removed", ago(days=1))
    listing(shop, "l1", skus={"s1": 5}, live=False)
    finding = judged(shop)["TTS-SEA-INACT-REACT"]
    assert (told(finding), finding.action) == (("action", "info"), "reactivate")
    records.Listing.objects.update(live=True)
    assert "TTS-SEA-INACT-REACT" not in judged(shop)


@pytest.mark.parametrize(
    ("last_main", "last_sub", "broken"),
    [
        (0.5, 0.5, set()),
        (2, 0.5, {"INT-INACT-DAILY-LOGIN"}),
        (0.5, 8, set()),
        (2, 2, {"INT-INACT-DAILY-LOGIN"}),
        (8, 0.5, {"INT-INACT-DAILY-LOGIN"}),
        (8, 8, {"INT-INACT-DAILY-LOGIN", "INT-INACT-WEEKLY-LOGIN"}),
    ],
)
def test_our_own_login_routines(last_main: float, last_sub: float, broken: set[str]) -> None:
    """The main account every day, anybody of the team every week."""
    shop = store()
    activity(shop, ago(days=last_main))
    activity(shop, ago(days=last_sub), actor="sub")
    found = judged(shop)
    assert {rule for rule in found if rule.startswith("INT-INACT")} == broken
    assert {found[rule].action for rule in broken} <= {"log_in"}


# -- money -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency_region", "expected"),
    [
        # 1 MYR is 0.237 USD on that day: 50 USD are 210.97 MYR, 80 USD 337.55, 100 USD 421.94.
        ("500.00", "MY", {}),
        ("210.00", "MY", {"INT-NEGBAL-ALERT50"}),
        ("0.00", "MY", {"INT-NEGBAL-ALERT50", "TTS-SEA-NEGBAL-POSITIVE"}),
        ("-0.01", "MY", {"INT-NEGBAL-ALERT50", "TTS-SEA-NEGBAL-NEG", "TTS-SEA-NEGBAL-10D"}),
        ("-340.00", "MY", {"INT-NEGBAL-ALERT50", "TTS-SEA-NEGBAL-NEG", "TTS-SEA-NEGBAL-10D", "TTS-SEA-NEGBAL-100"}),
        ("-421.00", "MY", {"INT-NEGBAL-ALERT50", "TTS-SEA-NEGBAL-NEG", "TTS-SEA-NEGBAL-10D", "TTS-SEA-NEGBAL-100"}),
        ("49.99", "US", {"INT-NEGBAL-ALERT50"}),
        ("50.00", "US", set()),
        ("0.00", "US", {"INT-NEGBAL-ALERT50", "TTS-US-NEGBAL"}),
        ("-1.00", "US", {"INT-NEGBAL-ALERT50", "TTS-US-NEGBAL"}),
    ],
)
def test_which_rules_a_balance_breaks(amount: str, currency_region: str, expected: set[str]) -> None:
    shop = store(region=currency_region)
    balance(shop, amount)
    found = judged(shop)
    assert {rule for rule in found if "NEGBAL" in rule} == set(expected)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("-337.00", None),
        ("-338.00", ("at_risk", "warning")),
        ("-421.90", ("at_risk", "warning")),
        ("-422.00", ("breached", "critical")),
    ],
)
def test_a_hundred_dollars_owed_freeze_and_eighty_warn(amount: str, expected: Told | None) -> None:
    """At 0.237 USD a ringgit: 337 are 79.87 USD, 338 are 80.11, 421.90 are 99.99, 422 are 100.01."""
    shop = store()
    balance(shop, amount)
    finding = judged(shop).get("TTS-SEA-NEGBAL-100")
    assert (told(finding) if finding else None) == expected


def test_ten_days_below_zero_are_counted_from_the_first_and_start_anew_after_a_break() -> None:
    shop = store()
    balance(shop, "-5.00", ago(days=12))
    balance(shop, "3.00", ago(days=9))
    balance(shop, "-5.00", ago(days=8))
    balance(shop, "-9.00", ago(days=2))
    finding = judged(shop)["TTS-SEA-NEGBAL-10D"]
    assert (told(finding), finding.due_at) == (("at_risk", "warning"), ago(days=8) + timedelta(days=10))
    assert (finding.stake_amount, finding.stake_currency) == (Decimal("9.00"), "MYR")
    tick(now=NOW + DAY)
    assert told(Finding.objects.get(rule="TTS-SEA-NEGBAL-10D")) == ("at_risk", "critical"), "the last day"
    tick(now=NOW + 2 * DAY)
    assert told(Finding.objects.get(rule="TTS-SEA-NEGBAL-10D")) == ("breached", "critical"), "at the very moment"
    balance(shop, "0.00", NOW + 2 * DAY + HOUR)
    assert "TTS-SEA-NEGBAL-10D" not in judged(shop, NOW + 2 * DAY + 2 * HOUR)
    assert Obligation.objects.get(rule="TTS-SEA-NEGBAL-10D").state == "void"


def test_a_wallet_that_stays_frozen_after_the_debt_is_paid_wants_a_ticket() -> None:
    shop = store()
    balance(shop, "600.00")
    fact(shop, "withdrawal_frozen", True)
    finding = judged(shop)["TTS-SEA-NEGBAL-UNFREEZE"]
    assert (told(finding), finding.action) == (("breached", "warning"), "request_unfreeze")
    fact(shop, "withdrawal_frozen", False, as_of=NOW + HOUR)
    assert "TTS-SEA-NEGBAL-UNFREEZE" not in judged(shop, NOW + HOUR)


def test_while_the_debt_stands_the_freeze_is_no_finding_of_its_own() -> None:
    shop = store()
    balance(shop, "-600.00")
    fact(shop, "withdrawal_frozen", True)
    assert "TTS-SEA-NEGBAL-UNFREEZE" not in judged(shop)


# -- points, health, scores --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("6", {}),
        ("7", {"TTS-SEA-VP-12": ("at_risk", "info")}),
        ("12", {"TTS-SEA-VP-12": ("breached", "warning")}),
        ("19", {"TTS-SEA-VP-12": ("breached", "warning"), "TTS-SEA-VP-24": ("at_risk", "warning")}),
        ("24", {"TTS-SEA-VP-24": ("breached", "critical")}),
        ("31", {"TTS-SEA-VP-24": ("breached", "critical"), "TTS-SEA-VP-36": ("at_risk", "warning")}),
        ("36", {"TTS-SEA-VP-36": ("breached", "critical")}),
        ("43", {"TTS-SEA-VP-36": ("breached", "critical"), "TTS-SEA-VP-48": ("at_risk", "critical")}),
        ("48", {"TTS-SEA-VP-48": ("breached", "fatal")}),
    ],
)
def test_the_tiers_of_violation_points(total: str, expected: dict[str, Told]) -> None:
    shop = store()
    points(shop, total, ago(days=5))
    assert {rule: told(one) for rule, one in judged(shop).items() if "-VP-" in rule} == expected


def test_points_add_up_and_each_entry_goes_after_ninety_days() -> None:
    shop = store()
    points(shop, "8", ago(days=89))
    points(shop, "5", ago(days=10))
    assert told(judged(shop)["TTS-SEA-VP-12"]) == ("breached", "warning"), "13"
    tick(now=NOW + DAY)
    assert "TTS-SEA-VP-12" not in {one.rule for one in Finding.objects.exclude(status="resolved")}, "5"


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (320, set()),
        (200, set()),
        (199, {"TTS-US-AHR-CAUTION"}),
        (171, {"TTS-US-AHR-CAUTION"}),
        (170, {"TTS-US-AHR-CAUTION", "TTS-US-AHR-150"}),
        (150, {"TTS-US-AHR-150"}),
        (100, {"TTS-US-AHR-100"}),
        (50, {"TTS-US-AHR-50"}),
        (0, {"TTS-US-AHR-0"}),
    ],
)
def test_the_milestones_of_account_health(score: int, expected: set[str]) -> None:
    shop = store(region="US")
    fact(shop, "ahr", {"score": score})
    found = judged(shop)
    reached = {rule for rule, one in found.items() if "-AHR-" in rule and rule.startswith("TTS") and one.state != "action"}
    assert expected <= reached
    worst = {rule for rule in reached if found[rule].state == "breached"}
    assert worst <= expected, "a milestone that is not reached is not broken"


@pytest.mark.parametrize(
    ("region", "name", "value", "rule", "broken"),
    [
        ("US", "shop_performance_score", "2.4", "TTS-US-SPS", True),
        ("US", "shop_performance_score", "2.5", "TTS-US-SPS", False),
        ("MY", "store_rating", "3.0", "TTS-SEA-STORE-RATING", True),
        ("MY", "store_rating", "3.1", "TTS-SEA-STORE-RATING", False),
    ],
)
def test_scores_that_people_enter(region: str, name: str, value: str, rule: str, broken: bool) -> None:
    shop = store(region=region)
    fact(shop, "scores", {name: {"value": value}})
    assert (rule in judged(shop)) == broken
    assert Reading.objects.get(rule=rule).state == ("breached" if broken else "ok")


def test_a_score_that_the_platform_gives_is_read_from_its_own_figure() -> None:
    shop = store(region="US")
    records.Metric.objects.create(
        store=shop,
        workspace_id=shop.workspace_id,
        platform_id="shop_performance_score",
        observed_at=NOW,
        as_of=ago(hours=3),
        digest=b"",
        data={"value": "2.1"},
    )
    assert told(judged(shop)["TTS-US-SPS"]) == ("breached", "warning")


# -- rates from the ledger ---------------------------------------------------------------------------------------------


def ledger(shop: Store, rule: str, *, met: int, late: int, days: float = 2) -> None:
    for number in range(met + late):
        state = "met_late" if number < late else "met"
        at = {"due_at": ago(days=days), "starts_at": ago(days=days + 2), "next_at": None}
        obligation(shop, f"{rule}-{days}-{number}", rule=rule, state=state, **at)


@pytest.mark.parametrize(
    ("met", "late", "expected"),
    [
        (100, 0, {}),
        (97, 3, {}),
        # 3.2 % is 80 % of the target of 4 %.
        (121, 4, {"TTS-SEA-LDR-TARGET": "at_risk"}),
        (96, 4, {"TTS-SEA-LDR-TARGET": "breached"}),
        (92, 8, {"TTS-SEA-LDR-TARGET": "breached", "TTS-SEA-LDR-VP": "at_risk", "TTS-SEA-LDR-OVL1": "at_risk"}),
        (90, 10, {"TTS-SEA-LDR-TARGET": "breached", "TTS-SEA-LDR-VP": "breached", "TTS-SEA-LDR-OVL1": "breached"}),
    ],
)
def test_the_late_dispatch_rate_and_what_it_leads_to(met: int, late: int, expected: dict[str, str]) -> None:
    shop = store()
    ledger(shop, "TTS-SEA-SHIP-2WD", met=met, late=late)
    found = {rule: one.state for rule, one in judged(shop).items() if rule.startswith("TTS-SEA-LDR")}
    assert found == expected


def test_what_fell_due_more_than_a_week_ago_is_out_of_the_dispatch_rate() -> None:
    shop = store()
    ledger(shop, "TTS-SEA-SHIP-2WD", met=10, late=0, days=2)
    ledger(shop, "TTS-SEA-SHIP-2WD", met=0, late=10, days=8)
    assert not judged(shop)


@pytest.mark.parametrize(
    ("by_seller", "orders", "expected"),
    [
        (0, 50, {}),
        (1, 50, {"TTS-SEA-SFCR-TARGET": "at_risk"}),
        (2, 50, {"TTS-SEA-SFCR-TARGET": "breached"}),
    ],
)
def test_cancellations_by_the_seller(by_seller: int, orders: int, expected: dict[str, str]) -> None:
    """Target 2.5 %, told from 2 % on: 1 of 50 is 2 %, 2 of 50 are 4 %."""
    shop = store()
    for number in range(orders):
        who = "SELLER" if number < by_seller else "BUYER"
        order(shop, f"{number}", status=OrderStatus.CANCELLED, cancelled_at=ago(hours=1), platform_cancelled_by=who)
    found = {rule: one.state for rule, one in judged(shop).items() if rule.startswith("TTS-SEA-SFCR")}
    assert found == expected


@pytest.mark.parametrize(
    ("rule", "ledger_rule", "met", "late", "state"),
    [
        ("TTS-US-LDR", "TTS-US-SHIP-INTRANSIT", 96, 4, "at_risk"),
        ("TTS-US-LDR", "TTS-US-SHIP-INTRANSIT", 95, 5, "breached"),
        ("TTS-US-OTDR", "TTS-US-DELIVER-6BD", 90, 10, None),
        ("TTS-US-OTDR", "TTS-US-DELIVER-6BD", 82, 18, "at_risk"),
        ("TTS-US-OTDR", "TTS-US-DELIVER-6BD", 79, 21, "breached"),
    ],
)
def test_rates_of_the_american_market(rule: str, ledger_rule: str, met: int, late: int, state: str | None) -> None:
    shop = store(region="US")
    ledger(shop, ledger_rule, met=met, late=late)
    finding = judged(shop).get(rule)
    assert (finding.state if finding else None) == state


# -- service -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "rule", "hours"),
    [("MY", "TTS-SEA-RESP12-MSG", 12), ("MY", "TTS-SEA-RESP24-MSG", 24), ("US", "TTS-US-RESP24-MSG", 24)],
)
def test_a_buyer_waits_and_the_clock_tells_two_hours_before(region: str, rule: str, hours: int) -> None:
    shop = store(region=region)
    since = NOW - timedelta(hours=hours - 2) + TICK
    conversation(shop, waits_since=since)
    assert rule not in judged(shop)
    tick(now=NOW + TICK)
    finding = Finding.objects.get(rule=rule)
    assert (told(finding), finding.due_at, finding.action) == (("at_risk", "warning"), since + timedelta(hours=hours), "reply")


def test_a_message_in_holiday_mode_is_not_counted() -> None:
    pause = [{"from": "2026-11-17T00:00:00Z", "to": "2026-11-18T00:00:00Z"}]
    shop = store(settings={"holiday_mode": pause})
    conversation(shop, waits_since=utc(17, 12))
    assert not judged(shop)
    conversation(shop, "c2", waits_since=utc(18, 0))
    judged(shop)
    assert set(Obligation.objects.values_list("subject_id", flat=True)) == {"c2"}


# -- violations and appeals --------------------------------------------------------------------------------------------


def test_a_violation_can_be_appealed_for_thirty_days_and_after_a_rejection_for_fifteen() -> None:
    shop = store()
    violation(shop, notified_at=ago(days=24))
    assert judged(shop)["TTS-SEA-APPEAL-1"].due_at == ago(days=24) + timedelta(days=30)
    violation(
        shop, notified_at=ago(days=24), appeals=[{"filed_at": "2026-11-10T00:00:00Z", "rejected_at": "2026-11-12T00:00:00Z"}]
    )
    found = judged(shop)
    assert "TTS-SEA-APPEAL-1" not in found
    judged(shop, utc(20, 0, 0, 1))
    assert Finding.objects.get(rule="TTS-SEA-APPEAL-2").due_at == utc(27, 0)
    violation(shop, notified_at=ago(days=24), status="overturned")
    assert not [rule for rule in judged(shop, utc(21, 0)) if "APPEAL" in rule]


CATEGORIES = [
    ("TTS-SEA-VPCAT-IP", "critical"),
    ("TTS-SEA-VPCAT-COUNTERFEIT", "fatal"),
    ("TTS-SEA-VPCAT-PROHIBITED", "fatal"),
    ("TTS-SEA-VPCAT-KNOCKOFF", "warning"),
    ("TTS-SEA-VPCAT-SNAD", "critical"),
    ("TTS-SEA-VPCAT-LISTING", "warning"),
    ("TTS-SEA-COMM-POINTS", "critical"),
]


def category_of(rule: str) -> str:
    """The word by which the violation's row is recognised."""
    return str(book().rule(rule).with_["category"])


@pytest.mark.parametrize(("rule", "severity"), CATEGORIES)
def test_an_open_violation_breaks_the_row_of_its_category_until_it_is_settled(rule: str, severity: str) -> None:
    shop = store()
    violation(shop, notified_at=ago(days=2), category=category_of(rule))
    finding = judged(shop)[rule]
    assert (told(finding), finding.subject_kind, finding.subject_id) == (("breached", severity), "violation", "v1")
    violation(shop, notified_at=ago(days=2), category=category_of(rule), status="corrected")
    assert rule not in judged(shop, NOW + HOUR)


def test_a_pending_ticket_in_america_names_its_own_deadline() -> None:
    shop = store(region="US")
    violation(shop, notified_at=ago(days=1), deadline_at=NOW + 3 * DAY, status="pending")
    finding = judged(shop)["TTS-US-AHR-PENDING"]
    assert (told(finding), finding.due_at) == (("at_risk", "warning"), NOW + 3 * DAY)


# -- notices, security, content, stock, routines -----------------------------------------------------------------------


def test_withheld_funds_can_be_asked_for_within_ninety_days() -> None:
    shop = store()
    notice(shop, notice_of("TTS-SEA-WITHHOLD-90"), ago(days=85))
    finding = judged(shop)["TTS-SEA-WITHHOLD-90"]
    assert (told(finding), finding.due_at) == (("at_risk", "warning"), ago(days=85) + timedelta(days=90))
    records.StoreEvent.objects.update(answered_at=NOW)
    assert "TTS-SEA-WITHHOLD-90" not in judged(shop, NOW + HOUR)


def notice_of(rule: str) -> str:
    return str(book().rule(rule).with_["type"])


def test_two_step_verification_that_was_demanded_is_owed_in_thirty_days() -> None:
    shop = store()
    fact(shop, "two_step_verification", False)
    notice(shop, notice_of("TTS-SEA-2SV-30"), ago(days=26))
    found = judged(shop)
    assert found["TTS-SEA-2SV-30"].due_at == ago(days=26) + timedelta(days=30)
    assert told(found["TTS-SEA-2SV"]) == ("breached", "warning")
    fact(shop, "two_step_verification", True, as_of=NOW + HOUR)
    assert not {"TTS-SEA-2SV", "TTS-SEA-2SV-30"} & set(judged(shop, NOW + HOUR))


@pytest.mark.parametrize(
    ("account", "state"),
    [
        ({"id": "a", "permissions": ["orders"], "allowed": ["orders", "chat"], "left": False}, None),
        ({"id": "a", "permissions": ["orders", "money"], "allowed": ["orders"], "left": False}, "breached"),
        ({"id": "a", "permissions": ["orders"], "allowed": ["orders"], "left": True}, "breached"),
        ({"id": "a", "permissions": None, "allowed": ["orders"], "left": False}, "unknown"),
        ({"id": "a", "permissions": ["orders"], "allowed": ["orders"], "left": None}, "unknown"),
    ],
)
def test_sub_accounts_have_what_their_role_needs(account: dict[str, Any], state: str | None) -> None:
    shop = store()
    fact(shop, "sub_accounts", [account])
    finding = judged(shop).get("TTS-SEA-SUBACCT-LEAST")
    assert (finding.state if finding else None) == state
    if finding:
        assert (finding.subject_kind, finding.subject_id, finding.action) == ("sub_account", "a", "review_access")


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ({"id": "e", "at": "2026-11-18T01:00:00Z", "account": "main", "unusual": True}, "breached"),
        ({"id": "e", "at": "2026-11-18T01:00:00Z", "unusual": False}, None),
        ({"id": "e", "at": "2026-11-18T01:00:00Z", "unusual": None}, "unknown"),
        ({"id": "e", "at": "2026-11-18T01:00:00Z", "unusual": True, "cleared_at": "2026-11-18T02:00:00Z"}, None),
    ],
)
def test_an_unusual_login_stands_until_somebody_clears_it(event: dict[str, Any], state: str | None) -> None:
    shop = store()
    fact(shop, "login_events", [event])
    finding = judged(shop).get("TTS-SEA-LOGINLOG")
    assert (finding.state if finding else None) == state


@pytest.mark.parametrize(
    ("rule", "region", "check"),
    [
        ("TTS-SEA-FALSE-AD", "MY", "claims"),
        ("TTS-SEA-IP-CHECK", "MY", "rights"),
        ("TTS-SEA-UNFAIR-TERMS", "VN", "terms"),
    ],
)
@pytest.mark.parametrize(("result", "state"), [("pass", None), ("fail", "breached"), ("unsure", "unknown")])
def test_content_that_was_checked(rule: str, region: str, check: str, result: str, state: str | None) -> None:
    shop = store(region=region)
    fact(shop, "content_checks", [{"id": "video-1", "check": check, "result": result, "at": "2026-11-18T00:00:00Z"}])
    finding = judged(shop).get(rule)
    assert (finding.state if finding else None) == state


@pytest.mark.parametrize(
    ("skus", "live", "empty"),
    [
        ({"s1": 5, "s2": 1}, True, set()),
        ({"s1": 0, "s2": 1}, True, {"s1"}),
        ({"s1": 0, "s2": 0}, True, {"s1", "s2"}),
        ({"s1": 0}, False, set()),
        ({"s1": None}, True, set()),
    ],
)
def test_a_live_listing_must_not_be_empty(skus: dict[str, int | None], live: bool, empty: set[str]) -> None:
    shop = store()
    listing(shop, skus=skus, live=live)
    judged(shop)
    named = Finding.objects.filter(rule="TTS-SEA-STOCK", state="breached").values_list("subject_id", flat=True)
    assert set(named) == empty


ROUTINES = [
    ("INT-SUBACCT-WEEKLY", "MY", 7),
    ("INT-ORDERS-DAILY", "MY", 0.5),
    ("INT-CHAT-TWICE-DAILY", "MY", 0.5),
    ("INT-PRODUCT-2XWEEK", "MY", 3.5),
    ("INT-CAMPAIGN-2XWEEK", "MY", 3.5),
    ("INT-AHR-DAILY", "US", 1),
]


@pytest.mark.parametrize(("rule", "region", "days"), ROUTINES)
def test_a_routine_check_is_owed_again_so_long_after_it_was_attested(rule: str, region: str, days: float) -> None:
    shop = store(region=region)
    item = str(book().rule(rule).with_["item"])
    done_at = NOW - timedelta(days=days) + TICK
    attestation(shop, item, done_at)
    assert rule not in judged(shop)
    assert owed(shop, rule) == NOW + TICK
    tick(now=NOW + 2 * TICK)
    assert told(Finding.objects.get(rule=rule)) == ("breached", "info")
    attestation(shop, item, NOW + HOUR)
    assert rule not in judged(shop, NOW + HOUR)
    assert Obligation.objects.get(rule=rule, state="met_late").done_at == NOW + HOUR


def test_a_month_is_a_calendar_month() -> None:
    shop = store()
    attestation(shop, str(book().rule("INT-SETTLEMENT-MONTHLY").with_["item"]), datetime(2026, 10, 31, 4, tzinfo=UTC))
    judged(shop)
    assert owed(shop, "INT-SETTLEMENT-MONTHLY") == datetime(2026, 11, 30, 4, tzinfo=UTC)


def test_a_fake_review_can_be_reported_for_thirty_days() -> None:
    shop = store()
    fake = {"id": "w1", "posted_at": "2026-10-25T00:00:00Z", "stars": 1, "suspected_fake": True, "reported_at": None}
    fact(shop, "reviews", [fake])
    finding = judged(shop)["TTS-SEA-REVIEW-REPORT"]
    assert (finding.due_at, finding.action) == (utc(24, 0), "report_review")
    fact(shop, "reviews", [fake | {"reported_at": "2026-11-18T04:00:00Z"}], as_of=NOW + HOUR)
    assert "TTS-SEA-REVIEW-REPORT" not in judged(shop, NOW + HOUR)


ANSWERED = "2026-11-17T05:00:00Z"


@pytest.mark.parametrize(
    ("case", "state"),
    [
        ({"chat_answer_at": None, "record_kept": True}, "breached"),
        ({"chat_answer_at": ANSWERED, "record_kept": False}, "breached"),
        ({"chat_answer_at": ANSWERED, "record_kept": None}, "unknown"),
        ({"chat_answer_at": ANSWERED, "record_kept": True}, None),
        ({"chat_answer_at": None, "closed_at": "2026-11-18T00:00:00Z"}, None),
    ],
)
def test_a_dispute_needs_an_answer_in_the_chat_and_a_record(case: dict[str, Any], state: str | None) -> None:
    shop = store()
    fact(shop, "disputes", [{"id": "d1", "opened_at": "2026-11-17T00:00:00Z", **case}])
    finding = judged(shop).get("TTS-SEA-DISPUTE")
    assert (finding.state if finding else None) == state


def test_a_violation_of_a_linked_store_is_told_here() -> None:
    shop = store()
    fact(shop, "linked_stores", [{"store_id": "other", "violation_open": True}, {"store_id": "third", "violation_open": False}])
    finding = judged(shop)["TTS-SEA-ASSOC"]
    assert (told(finding), finding.subject_id) == (("at_risk", "warning"), "other")


# -- nothing of the kind -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["MY", "TH", "VN", "US"])
def test_a_store_of_which_all_is_well_has_no_finding(region: str) -> None:
    shop = store(region=region)
    streams(shop, ("packages", "statements"))
    activity(shop, ago(hours=1))
    balance(shop, "90000000.00")
    fact(shop, "two_step_verification", True)
    fact(shop, "withdrawal_frozen", False)
    fact(shop, "ahr", {"score": 800})
    fact(shop, "violation_points", [])
    order(
        shop, placed_at=ago(days=3), status=OrderStatus.DELIVERED, collected_at=ago(days=2, hours=20), delivered_at=ago(hours=5)
    )
    listing(shop, skus={"s1": 10})
    assert not judged(shop)
