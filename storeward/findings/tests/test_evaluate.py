"""From records to findings: what changed is judged, and findings open, get worse, resolve and reopen by themselves."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storeward.canon import FulfillmentBy, OrderStatus, OrderType
from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding, Obligation, Reading, Transition
from storeward.lib.money import Money
from storeward.records import models as records
from storeward.stores.models import Store

from .factories import NOW, activity, balance, fact, order, store

pytestmark = pytest.mark.django_db


def findings(shop: Store) -> dict[str, Finding]:
    """Open findings of a store by rule; of several, the last."""
    return {finding.rule: finding for finding in Finding.objects.filter(store=shop).exclude(status="resolved")}


def judge(shop: Store, after: timedelta = timedelta(0)) -> dict[str, Finding]:
    evaluate([shop.pk], now=NOW + after)
    return findings(shop)


# -- orders ---------------------------------------------------------------------------------------------------------------


def test_an_order_is_owed_then_at_risk_then_late_then_settled() -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(hours=1))
    assert not judge(shop), "two working days are left"
    assert not records.Change.objects.exists(), "what was judged is not kept"
    owed = Obligation.objects.get(rule="TTS-SEA-SHIP-2WD")
    assert owed.state == "open"

    tick(now=owed.due_at - timedelta(hours=24))
    finding = Finding.objects.get(rule="TTS-SEA-SHIP-2WD")
    assert (finding.state, finding.status, finding.item) == ("at_risk", "open", "INS-03")

    tick(now=owed.due_at + timedelta(seconds=1))
    finding.refresh_from_db()
    assert finding.state == "breached"

    order(shop, status=OrderStatus.IN_TRANSIT, placed_at=NOW - timedelta(hours=1), collected_at=owed.due_at + timedelta(hours=1))
    evaluate([shop.pk], now=owed.due_at + timedelta(hours=2))
    finding.refresh_from_db()
    owed.refresh_from_db()
    assert owed.state == "met_late"
    assert (finding.status, finding.resolved_by, finding.holds) == ("resolved", "facts", False)
    kinds = Transition.objects.filter(finding=finding).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["opened", "worse", "resolved"]


def test_the_money_at_stake_is_the_order_and_its_dollars_rank_it() -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(days=6), total=Money(Decimal("200.00"), "MYR"))
    finding = judge(shop)["TTS-SEA-AUTOCANCEL-RTS"]
    assert (finding.stake_amount, finding.stake_currency) == (Decimal("200.0000"), "MYR")
    assert finding.stake_usd == pytest.approx(200 * 0.237)
    assert finding.score == pytest.approx(finding.chance * finding.loss_usd / finding.minutes)
    assert finding.action == "ship"


def test_a_cancelled_order_owes_nothing_and_its_finding_goes() -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(days=6))
    assert "TTS-SEA-SHIP-2WD" in judge(shop)
    order(shop, status=OrderStatus.CANCELLED, placed_at=NOW - timedelta(days=6), cancelled_at=NOW)
    assert "TTS-SEA-SHIP-2WD" not in judge(shop)
    assert set(Obligation.objects.values_list("state", flat=True)) == {"void"}


@pytest.mark.parametrize(
    "told",
    [
        {"status": OrderStatus.UNPAID},
        {"fulfillment_by": FulfillmentBy.PLATFORM},
        {"status": OrderStatus.DELIVERED},
        {"status": OrderStatus.COMPLETED},
    ],
)
def test_what_is_unpaid_the_platforms_or_done_asks_nothing(told: dict[str, Any]) -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(days=20), **told)
    assert not judge(shop)


def test_a_step_that_only_the_status_tells_counts_as_done() -> None:
    shop = store()
    order(shop, status=OrderStatus.TO_COLLECT, placed_at=NOW - timedelta(hours=30), updated_at=NOW - timedelta(hours=2))
    judge(shop)
    states = dict(Obligation.objects.values_list("rule", "state"))
    assert states["TTS-SEA-AUTOCANCEL-RTS"] == "met"
    assert states["TTS-SEA-AUTOCANCEL-COLLECT"] == "open"


def test_an_order_type_that_we_do_not_know_is_judged_as_standard() -> None:
    shop = store()
    order(shop, type=OrderType.UNKNOWN, placed_at=NOW - timedelta(days=6))
    assert "TTS-SEA-SHIP-2WD" in judge(shop)


def test_only_what_is_not_settled_keeps_its_sentences() -> None:
    shop = store()
    order(shop, "1", placed_at=NOW - timedelta(hours=1))
    order(shop, "2", status=OrderStatus.DELIVERED, placed_at=NOW - timedelta(days=3), collected_at=NOW - timedelta(days=2))
    judge(shop)
    for owed in Obligation.objects.all():
        assert (owed.details is None) == (owed.state in {"met", "met_late", "void"}), owed.rule
    why = Obligation.objects.filter(state="open").first()
    assert why is not None
    assert set((why.details or {})["why"]) == {"en", "zh"}


# -- the other rules, on records typed by hand ----------------------------------------------------------------------------------


def test_sixty_days_without_activity_are_a_ladder() -> None:
    shop = store()
    activity(shop, NOW - timedelta(days=58))
    found = judge(shop)
    assert found["TTS-SEA-INACT-30"].state == "breached"
    assert found["TTS-SEA-INACT-60"].state == "at_risk"
    assert found["TTS-SEA-INACT-60"].due_at == NOW + timedelta(days=2)
    activity(shop, NOW)
    assert "TTS-SEA-INACT-60" not in judge(shop, timedelta(minutes=1))
    ended = Obligation.objects.get(rule="TTS-SEA-INACT-60", starts_at=NOW - timedelta(days=58))
    assert (ended.state, ended.done_at) == ("met", NOW), "the login that began the new streak met the old one"


def test_a_store_of_which_no_activity_is_known_is_unknown_not_alarming() -> None:
    shop = store()
    assert not judge(shop)
    assert Reading.objects.get(rule="TTS-SEA-INACT-30").state == "unknown"


def test_a_negative_balance_is_a_gauge_and_a_clock() -> None:
    shop = store()
    balance(shop, "20.00", NOW - timedelta(days=9))
    balance(shop, "-450.00", NOW - timedelta(days=8))
    found = judge(shop)
    assert found["TTS-SEA-NEGBAL-NEG"].state == "breached"
    assert found["TTS-SEA-NEGBAL-10D"].due_at == NOW + timedelta(days=2)
    assert found["TTS-SEA-NEGBAL-100"].state == "breached", "450 ringgit are over 100 dollars"
    assert found["TTS-SEA-NEGBAL-NEG"].stake_amount == Decimal("450.0000")
    balance(shop, "100000.00", NOW)
    assert not [rule for rule in judge(shop, timedelta(minutes=1)) if "NEGBAL" in rule]


def test_points_count_for_ninety_days_and_go_by_themselves() -> None:
    shop = store()
    for days, points in ((80, "8"), (5, "5")):
        records.PointsEntry.objects.create(
            store=shop,
            workspace_id=shop.workspace_id,
            platform_id=f"p{days}",
            points=Decimal(points),
            issued_at=NOW - timedelta(days=days),
            observed_at=NOW,
            origin="form",
            digest=b"",
            data={},
        )
    assert judge(shop)["TTS-SEA-VP-12"].state == "breached"
    fact(shop, "violation_points", None, as_of=NOW + timedelta(days=11))
    tick(now=NOW + timedelta(days=11))
    assert "TTS-SEA-VP-12" not in findings(shop), "eight of them are ninety days old"


def test_a_typed_value_that_grows_old_becomes_unknown_with_a_finding_about_the_fact() -> None:
    shop = store(region="US")
    fact(shop, "ahr", {"score": 700}, as_of=NOW)
    assert not judge(shop)
    tick(now=NOW + timedelta(hours=49))
    told = findings(shop)["SW-FACTS-STALE"]
    assert (told.state, told.subject_kind, told.action) == ("unknown", "fact", "enter_value")
    fact(shop, "ahr", {"score": 710}, as_of=NOW + timedelta(hours=50))
    assert "SW-FACTS-STALE" not in judge(shop, timedelta(hours=50))


def test_two_step_verification_that_is_off_is_a_finding() -> None:
    shop = store()
    fact(shop, "two_step_verification", False)
    assert judge(shop)["TTS-SEA-2SV"].state == "breached"
    fact(shop, "two_step_verification", True, as_of=NOW + timedelta(hours=1))
    assert "TTS-SEA-2SV" not in judge(shop, timedelta(hours=1))


def test_a_buyer_who_waits_starts_two_clocks_and_an_answer_ends_them() -> None:
    shop = store()
    since = NOW - timedelta(hours=11)
    talk = records.Conversation.objects.create(
        store=shop,
        workspace_id=shop.workspace_id,
        platform_id="c9",
        observed_at=NOW,
        digest=b"",
        data={},
        buyer_waits_since=since,
    )
    found = judge(shop)
    assert found["TTS-SEA-RESP12-MSG"].due_at == since + timedelta(hours=12)
    assert found["TTS-SEA-RESP12-MSG"].action == "reply"
    talk.buyer_waits_since, talk.answered_at = None, NOW + timedelta(minutes=5)
    talk.save()
    assert "TTS-SEA-RESP12-MSG" not in judge(shop, timedelta(minutes=10))
    assert Obligation.objects.get(rule="TTS-SEA-RESP12-MSG").state == "met"


def test_a_live_listing_that_has_run_out_is_named_by_its_sku() -> None:
    shop = store()
    records.Listing.objects.create(
        store=shop,
        workspace_id=shop.workspace_id,
        platform_id="l1",
        observed_at=NOW,
        digest=b"",
        live=True,
        lowest=0,
        available=5,
        data={"skus": [{"platform_sku_id": "s1", "available": 0}, {"platform_sku_id": "s2", "available": 5}]},
    )
    judge(shop)
    told = Finding.objects.get(rule="TTS-SEA-STOCK")
    assert (told.subject_kind, told.subject_id, told.action) == ("sku", "s1", "restock")


def test_a_cancellation_request_wants_an_answer_in_a_day() -> None:
    shop = store()
    request = records.AfterSale.objects.create(
        store=shop,
        workspace_id=shop.workspace_id,
        platform_id="r1",
        kind="cancellation",
        status="pending",
        requested_at=NOW - timedelta(hours=20),
        observed_at=NOW,
        open=True,
        digest=b"",
        data={"refund_asked": {"amount": "12.50", "currency": "MYR"}},
    )
    told = judge(shop)["TTS-SEA-CANCELREQ-24H"]
    assert (told.due_at, told.stake_amount, told.action) == (NOW + timedelta(hours=4), Decimal("12.5000"), "answer_request")
    request.open, request.status, request.updated_at = False, "approved", NOW + timedelta(hours=1)
    request.save()
    assert not judge(shop, timedelta(hours=2))
    assert Obligation.objects.get().state == "met"


def test_a_violation_can_be_appealed_until_it_cannot() -> None:
    shop = store()
    records.Violation.objects.create(
        store=shop,
        workspace_id=shop.workspace_id,
        platform_id="v4",
        status="enforced",
        notified_at=NOW - timedelta(days=25),
        observed_at=NOW,
        origin="form",
        digest=b"",
        data={"category": "counterfeit_products"},
    )
    found = judge(shop)
    assert found["TTS-SEA-APPEAL-1"].due_at == NOW + timedelta(days=5)
    assert found["TTS-SEA-VPCAT-COUNTERFEIT"].state == "breached"


def test_the_late_dispatch_rate_is_counted_from_the_ledger() -> None:
    shop = store()
    for number in range(20):
        late = number < 2
        due_at = NOW - timedelta(days=2)
        Obligation.objects.create(
            store=shop,
            workspace_id=shop.workspace_id,
            rule="TTS-SEA-SHIP-2WD",
            subject_kind="order",
            subject_id=str(number),
            starts_at=due_at - timedelta(days=2),
            due_at=due_at,
            done_at=due_at + timedelta(hours=1 if late else -1),
            severity="warning",
            state="met_late" if late else "met",
        )
    found = judge(shop)
    assert found["TTS-SEA-LDR-TARGET"].details["value"].startswith("10")
    assert found["TTS-SEA-LDR-VP"].state == "breached", "ten percent is reached"


def test_a_routine_check_is_owed_again_after_it_was_attested() -> None:
    shop = store()
    records.StoreEvent.objects.create(
        store=shop, family="attestation", type="INS-16", at=NOW - timedelta(days=4), origin="form", observed_at=NOW
    )
    told = judge(shop)["INT-PRODUCT-2XWEEK"]
    assert (told.state, told.due_at, told.action) == ("breached", NOW - timedelta(hours=12), "attest")


# -- set-wise ---------------------------------------------------------------------------------------------------------------


def test_twice_the_stores_cost_no_more_statements() -> None:
    few = [store(number) for number in range(1, 4)]
    for shop in few:
        order(shop, placed_at=NOW - timedelta(days=6))
    evaluate([few[0].pk], now=NOW)  # the session's tables are made
    with CaptureQueriesContext(connection) as three:
        evaluate([shop.pk for shop in few], now=NOW)
    many = [store(number) for number in range(4, 10)]
    for shop in many:
        for number in range(5):
            order(shop, f"{number}", placed_at=NOW - timedelta(days=6))
    with CaptureQueriesContext(connection) as six:
        evaluate([shop.pk for shop in many], now=NOW)
    assert len(six) == len(three)


def test_judging_twice_changes_nothing() -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(days=6))
    balance(shop, "-450.00", NOW - timedelta(days=8))
    judge(shop)
    before = list(Finding.objects.order_by("pk").values())
    moved = evaluate([shop.pk], now=NOW).moves
    assert moved == type(moved)()
    assert list(Finding.objects.order_by("pk").values()) == before
    assert set(Transition.objects.values_list("kind", flat=True)) == {"opened"}
