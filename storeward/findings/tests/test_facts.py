"""Rows as facts: what is given, what is missing, and how old it is."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from msgspec import UNSET

from storeward.canon import OrderStatus
from storeward.findings.facts import StoreFacts, collect
from storeward.findings.feeds import FEED_OF_STREAM, FEEDS, look
from storeward.findings.order_facts import orders
from storeward.findings.rates import rates
from storeward.findings.worth import Worth
from storeward.policy.facts import AccountHealth, Facts, Source
from storeward.records import models as records
from storeward.stores.models import Store

from .factories import NOW, activity, balance, fact, obligation, order, store

pytestmark = pytest.mark.django_db


def collected(shop: Store) -> StoreFacts:
    with connection.cursor() as cursor:
        sight = look(cursor, NOW, [shop.pk])
        return collect(cursor, [shop.pk], sight=sight, fx=Worth.on(NOW).fx, now=NOW)[0]


def facts(shop: Store) -> Facts:
    return collected(shop).facts


def test_what_nobody_has_entered_is_asked_for_and_not_known() -> None:
    told = facts(store())
    for name in ("activities", "ahr", "violation_points", "violations", "security", "withdrawal_frozen"):
        assert getattr(told, name) is None, name
    assert told.notices is UNSET, "no notice is no lack of one"


def test_what_a_believed_feed_does_not_name_does_not_exist() -> None:
    told = facts(store())
    assert (told.conversations, told.return_requests, told.cancellation_requests, told.stock) == ((), (), (), ())


@pytest.mark.parametrize(
    ("stream", "names"),
    [
        ("conversations", ("conversations",)),
        ("messages", ("conversations",)),
        ("returns", ("return_requests", "cancellation_requests")),
        ("stock", ("stock",)),
        ("wallet", ("balance_events",)),
    ],
)
def test_a_feed_past_its_trust_says_nothing_whatever_its_rows_hold(stream: str, names: tuple[str, ...]) -> None:
    shop = store()
    balance(shop, "50.00")
    records.Stream.objects.filter(store=shop, name=stream).update(trusted_until=NOW)
    told = facts(shop)
    assert [getattr(told, name) for name in names] == [None] * len(names)


def test_rates_of_a_feed_past_its_trust_are_unknown_one_by_one() -> None:
    shop = store()
    records.Stream.objects.filter(store=shop, name="orders").update(trusted_until=NOW)
    told = counted(shop)
    assert isinstance(told.metrics, dict)
    assert set(told.metrics.values()) == {None}
    assert told.response_counts is not None
    records.Stream.objects.filter(store=shop, name="messages").update(trusted_until=NOW)
    assert counted(shop).response_counts is None


def test_the_latest_of_each_activity_is_enough() -> None:
    shop = store()
    for days in (9, 5, 2):
        activity(shop, NOW - timedelta(days=days))
    activity(shop, NOW - timedelta(days=1), type="edit_product", actor="sub")
    told = facts(shop).activities
    assert isinstance(told, tuple)
    assert sorted((one.type, one.at) for one in told) == [
        ("edit_product", NOW - timedelta(days=1)),
        ("login", NOW - timedelta(days=2)),
    ]


def test_every_notice_counts() -> None:
    shop = store()
    for days in (40, 3):
        records.StoreEvent.objects.create(
            store=shop,
            family="notice",
            type="inactivity_reminder",
            at=NOW - timedelta(days=days),
            origin="form",
            observed_at=NOW,
        )
    told = facts(shop).notices
    assert isinstance(told, tuple)
    assert len(told) == 2


def test_the_newest_entered_value_counts_with_its_age() -> None:
    shop = store(region="US")
    fact(shop, "ahr", {"score": 300}, as_of=NOW - timedelta(days=3))
    fact(shop, "ahr", {"score": 210, "previous": 300}, as_of=NOW - timedelta(hours=1))
    told = facts(shop).ahr
    assert isinstance(told, AccountHealth)
    assert (told.score, told.previous, told.as_of) == (Decimal(210), Decimal(300), NOW - timedelta(hours=1))


def test_an_entered_value_in_no_known_shape_is_unknown() -> None:
    shop = store(region="US")
    fact(shop, "ahr", {"score": "rather good"})
    assert facts(shop).ahr is None


def test_a_weekly_value_is_believed_for_a_week_and_then_old() -> None:
    shop = store()
    fact(shop, "two_step_verification", True, as_of=NOW - timedelta(days=5))
    assert facts(shop).sources is UNSET
    records.StoreFact.objects.update(as_of=NOW - timedelta(days=9))
    sources = facts(shop).sources
    assert isinstance(sources, dict)
    assert isinstance(sources["security"], Source)


def test_the_instant_at_which_an_entered_value_grows_old_is_known() -> None:
    shop = store(region="US")
    assert collected(shop).ages_at is None
    fact(shop, "ahr", {"score": 300}, as_of=NOW - timedelta(hours=47))
    assert collected(shop).ages_at == NOW + timedelta(hours=1, microseconds=1)


def test_the_balance_that_held_when_the_weeks_began_is_among_the_facts() -> None:
    shop = store()
    for days, amount in ((200, "7.00"), (90, "-5.00"), (2, "-9.00")):
        balance(shop, amount, NOW - timedelta(days=days))
    told = facts(shop).balance_events
    assert isinstance(told, tuple)
    assert [event.balance for event in told] == [Decimal("-5.0000"), Decimal("-9.0000")]
    assert collected(shop).balance == (Decimal("-9.0000"), "MYR")


def test_points_are_as_old_as_the_newest_look_at_them() -> None:
    shop = store()
    fact(shop, "violation_points", None, as_of=NOW - timedelta(hours=2))
    told = facts(shop)
    assert told.violation_points == (), "looked, and there were none"
    sources = told.sources
    assert isinstance(sources, dict)
    source = sources["violation_points"]
    assert isinstance(source, Source)
    assert source.as_of == NOW - timedelta(hours=2)


def test_rates_are_counts_by_outcome_over_their_window() -> None:
    shop = store()
    for number, (days, state) in enumerate([(1, "met"), (2, "met_late"), (3, "breached"), (9, "met_late")]):
        due_at = NOW - timedelta(days=days)
        obligation(shop, str(number), due_at=due_at, starts_at=due_at, state=state, next_at=None)
    order(shop, "a", status=OrderStatus.CANCELLED, cancelled_at=NOW, platform_cancelled_by="SELLER")
    order(shop, "b", status=OrderStatus.CANCELLED, cancelled_at=NOW, platform_cancelled_by="BUYER")
    found: Any = counted(shop).metrics
    late, seller = found["late_dispatch_rate"], found["seller_fault_cancellation_rate"]
    assert (late.numerator, late.denominator, late.window_days) == (2, 3, 7)
    assert (seller.numerator, seller.denominator) == (1, 2)


def counted(shop: Store) -> Facts:
    with connection.cursor() as cursor:
        return rates(cursor, [shop.pk], look(cursor, NOW, [shop.pk]), NOW)[shop.pk]


def test_orders_that_we_do_not_hold_are_left_out() -> None:
    shop = store()
    order(shop, "a")
    with connection.cursor() as cursor:
        assert [row.order_id for row in orders(cursor, [(shop.pk, "a"), (shop.pk, "b")])] == ["a"]


def test_holiday_mode_and_working_days_come_from_the_settings() -> None:
    settings = {
        "working_days": ["Mon", "Tue"],
        "chatbot_on": True,
        "holiday_mode": [{"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"}],
    }
    profile = collected(store(settings=settings)).profile
    assert profile.working_days == ("Mon", "Tue")
    assert profile.chatbot_on
    assert profile.holiday_mode is not None
    assert len(profile.holiday_mode) == 1


def test_each_stream_feeds_one_feed() -> None:
    assert len(FEED_OF_STREAM) == sum(len(streams) for streams in FEEDS.values())


@pytest.mark.parametrize(
    ("amount", "currency", "usd"),
    [
        (Decimal(10), "USD", 10.0),
        (Decimal(100), "MYR", 23.7),
        (None, "MYR", None),
        (Decimal(1), None, None),
        (Decimal(1), "XXX", None),
    ],
)
def test_dollars_of_an_amount(amount: Decimal | None, currency: str | None, usd: float | None) -> None:
    assert Worth.on(NOW).usd(amount, currency) == (usd if usd is None else pytest.approx(usd))
