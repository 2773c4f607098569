"""Rates from the ledger and from orders, the items behind them, and who answered."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storeward.canon import OrderStatus
from storeward.findings.health.people import answers
from storeward.findings.health.rates import Rate, behind, rates
from storeward.findings.tests import factories as make
from storeward.findings.tests.factories import NOW
from storeward.policy.ledgers.rates import Counted
from storeward.records.models import Message, Metric
from storeward.stores.models import Store

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def rate_of(store: Store, metric: str, days: int | None = None, now: datetime = NOW) -> Rate:
    found = [one for one in rates([store.pk], now=now) if one.formula.metric == metric and days in (None, one.window_days)]
    assert len(found) == 1, [(one.formula.metric, one.window_days) for one in found]
    return found[0]


def duty(store: Store, subject: str, state: str, *, due: timedelta, rule: str = "TTS-SEA-SHIP-2WD", **fields: Any) -> None:
    """Owed two days before it was due; done an hour before or after, or not at all."""
    done = {"met": -HOUR, "met_late": HOUR}.get(state)
    starts_at = fields.pop("starts_at", NOW + due - 2 * DAY)
    done_at = None if done is None else NOW + due + done
    kind = fields.pop("kind", "order")
    make.obligation(
        store, subject, rule=rule, state=state, due_at=NOW + due, starts_at=starts_at, done_at=done_at, subject_kind=kind
    )


def told(store: Store, name: str, value: str, **data: Any) -> None:
    Metric.objects.create(
        store=store, workspace_id=store.workspace_id, platform_id=name, observed_at=NOW, as_of=NOW - HOUR, digest=b"",
        data={"platform_metric": name.partition(":")[0], "value": value, **data},
    )  # fmt: skip


def test_late_dispatch_counts_the_due_of_a_week_and_says_how_many_misses_are_left() -> None:
    store = make.store()
    for number in range(40):
        duty(store, f"k{number}", "met", due=-DAY)
    duty(store, "late", "met_late", due=-2 * DAY)
    duty(store, "never", "breached", due=-3 * DAY)
    duty(store, "old", "breached", due=-8 * DAY)
    duty(store, "ahead", "met", due=DAY)
    duty(store, "open", "open", due=DAY)
    rate = rate_of(store, "late_dispatch_rate", 7)
    assert rate.counted == Counted(2, 43)
    assert [(line.limit.rule, line.left) for line in rate.lines][:2] == [("TTS-SEA-LDR-TARGET", -1), ("TTS-SEA-LDR-OVL1", 2)]
    assert (rate.misses, rate.told, rate.difference) == (2, None, None)
    assert [item.id for item in behind(store.pk, "late_dispatch_rate", 7, now=NOW)] == ["late", "never"]
    every = behind(store.pk, "late_dispatch_rate", 7, now=NOW, missed_only=False)
    assert len(every) == rate.counted.whole
    assert sum(item.missed for item in every) == rate.misses


def test_cancellations_count_by_who_cancelled_and_by_the_window_of_the_platform() -> None:
    tiktok, lazada = make.store(), make.store(2, platform="lazada", key="lz-my-1", region="MY")
    shopee = make.store(3, platform="shopee", key="sp-my-1")
    lazada.region = "PH"
    lazada.save()
    for store in (tiktok, lazada, shopee):
        for number, (by, age) in enumerate(
            [("SELLER", 3), ("system", 3), ("BUYER", 3), (None, 3), ("seller", 20), ("SELLER", 60)]
        ):
            status = OrderStatus.CANCELLED if by else OrderStatus.TO_SHIP
            make.order(store, f"{store.key}-{number}", status=status, placed_at=NOW - age * DAY, platform_cancelled_by=by)
    assert rate_of(tiktok, "seller_fault_cancellation_rate", 7).counted == Counted(1, 4)
    assert rate_of(lazada, "seller_fault_cancellation_rate").counted == Counted(1, 1), "the latest seven days are left out"
    assert rate_of(shopee, "non_fulfilment_rate", 7).counted == Counted(2, 4), "there the platform's own count as well"
    assert [item.id for item in behind(tiktok.pk, "seller_fault_cancellation_rate", 7, now=NOW)] == [f"{tiktok.key}-0"]
    assert behind(tiktok.pk, "seller_fault_cancellation_rate", 999, now=NOW) == []


def test_returns_count_orders_and_are_the_most_that_the_platform_may_see() -> None:
    store = make.store()
    for number in range(4):
        make.order(store, f"o{number}", placed_at=NOW - 3 * DAY)
    make.request(store, "return", "r1", NOW - DAY, data={"platform_order_id": "o1"})
    make.request(store, "return", "r2", NOW - DAY, data={"platform_order_id": "o1"})
    make.request(store, "cancellation", "c1", NOW - DAY, data={"platform_order_id": "o2"})
    rate = rate_of(store, "seller_fault_return_refund_rate")
    assert rate.counted == Counted(1, 4)
    assert rate.formula.at_most
    assert [item.id for item in behind(store.pk, "seller_fault_return_refund_rate", 30, now=NOW)] == ["o1"]


def test_answers_count_by_when_the_buyer_asked_and_stand_beside_the_platforms_own_figure() -> None:
    store = make.store(platform="shopee", key="sp-my-1")
    for number in range(9):
        duty(store, f"c{number}", "met", due=-5 * DAY, rule="SHP-CHAT-12H", kind="conversation")
    duty(store, "slow", "met_late", due=-5 * DAY, rule="SHP-CHAT-12H", kind="conversation")
    duty(store, "past", "breached", due=-29 * DAY, rule="SHP-CHAT-12H", kind="conversation")
    told(store, "11", "85.5", unit="percent")
    told(store, "11:last_period", "10", unit="percent", platform_part="last_period")
    rate = rate_of(store, "chat_response_rate", 30)
    assert rate.counted == Counted(9, 10), "asked 31 days ago: out of the window"
    assert (rate.told and rate.told.value, rate.difference) == (Decimal("85.5"), Decimal("-4.5"))
    assert [(line.limit.rule, line.left) for line in rate.lines] == [("SHP-CHAT-TARGET", 0), ("SHP-CHAT-20", 34)]
    assert rate.misses == 1


def test_a_ratio_of_the_platform_is_told_in_percent_and_another_platforms_word_means_nothing() -> None:
    lazada, tiktok = make.store(platform="lazada", key="lz-my-1"), make.store(2)
    told(lazada, "response_rate", "0.97", unit="ratio")
    told(tiktok, "response_rate", "0.5", unit="ratio")
    told(tiktok, "response_percentage:2026-11-10", "70", unit="percent")
    told(tiktok, "response_percentage:2026-11-17", "93.4", unit="percent", window_days=7)
    chat = rate_of(lazada, "same_day_chat_response_rate")
    assert chat.told is not None
    assert chat.told.value == 97
    assert chat.counted.percent is None
    assert chat.difference is None
    whole = rate_of(tiktok, "answered_in_24h").told
    assert whole is not None
    assert (whole.value, whole.window_days) == (Decimal("93.4"), 7)


def test_rates_ask_no_more_for_many_stores_than_for_one(django_assert_num_queries: Callable[..., Any]) -> None:
    stores = [make.store(number, region=region) for number, region in enumerate(("MY", "TH", "US", "VN"), start=1)]
    rates([stores[0].pk], now=NOW)
    with django_assert_num_queries(5) as one:
        rates([stores[0].pk], now=NOW)
    with django_assert_num_queries(len(one.captured_queries)):
        found = rates([store.pk for store in stores], now=NOW)
    assert {one.store_id for one in found} == {store.pk for store in stores}
    assert rates([], now=NOW) == []


def test_answers_stand_by_person_and_what_nobody_answered_by_nobody() -> None:
    store = make.store()
    for number, (state, who) in enumerate(
        [("met", "Mei"), ("met", "Mei"), ("met_late", "Tan"), ("met", None), ("breached", None)]
    ):
        talk, asked = f"c{number}", NOW - 5 * DAY
        fields = {"rule": "TTS-SEA-RESP12-MSG", "subject_kind": "conversation", "starts_at": asked, "due_at": asked + 12 * HOUR}
        answered = None if state == "breached" else asked + (number + 1) * HOUR
        make.obligation(store, talk, state=state, done_at=answered, **fields)
        make.messages(
            store, ("buyer", asked), *([("agent", answered), ("agent", answered + HOUR)] if answered else []), identity=talk
        )
        if who:
            Message.objects.filter(platform_conversation_id=talk, role="agent").update(data={"sender_name": who})
    found = answers([store.pk], since=NOW - 30 * DAY, now=NOW)
    assert [(one.person, one.questions, one.in_time, one.median) for one in found] == [
        ("Mei", 2, 2, timedelta(hours=1, minutes=30)),
        ("", 1, 1, 4 * HOUR),
        ("Tan", 1, 0, 3 * HOUR),
        (None, 1, 0, None),
    ]
    assert answers([store.pk], since=NOW - DAY, now=NOW) == []
