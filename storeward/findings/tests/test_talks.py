"""Conversations: who waits, what was answered when, and the rates that count both."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding, Obligation, Reading
from storeward.findings.talks import answered, waiting
from storeward.stores.models import Store

from .factories import NOW, conversation, messages, obligation, store

pytestmark = pytest.mark.django_db

REPLY_12H, REPLY_24H = "TTS-SEA-RESP12-MSG", "TTS-SEA-RESP24-MSG"


def hours(count: float) -> datetime:
    """So many hours ago."""
    return NOW - timedelta(hours=count)


def questions(shop: Store, identity: str = "c1") -> list[tuple[datetime | None, object]]:
    with connection.cursor() as cursor:
        found = answered(cursor, [(shop.pk, identity)], NOW)
    return [(talk.buyer_first_at, talk.first_human_reply_at) for talk in found.get(shop.pk, ())]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], []),
        ([("buyer", 5)], []),
        ([("seller", 5)], []),
        ([("buyer", 5), ("agent", 3)], [(5, 3)]),
        ([("buyer", 5), ("seller", 3)], [(5, 3)]),
        ([("buyer", 5), ("buyer", 4), ("agent", 3)], [(5, 3)]),
        ([("buyer", 5), ("agent", 3), ("agent", 1)], [(5, 3)]),
        ([("buyer", 9), ("agent", 8), ("buyer", 7), ("agent", 2)], [(9, 8), (7, 2)]),
        ([("buyer", 9), ("agent", 8), ("buyer", 7)], [(9, 8)]),
        ([("agent", 9), ("buyer", 8), ("agent", 7)], [(8, 7)]),
        ([("buyer", 9), ("robot", 8), ("agent", 7)], [(9, 7)]),
        ([("buyer", 9), ("system", 8)], []),
        ([("buyer", 9), ("robot", 8), ("system", 7), ("buyer", 6), ("seller", 5)], [(9, 5)]),
        ([("agent", 9), ("agent", 8), ("buyer", 7), ("seller", 6), ("seller", 5), ("buyer", 4), ("agent", 3)], [(7, 6), (4, 3)]),
        # Clocks of people differ: an answer dated before its question came at once, and never before it.
        ([("buyer", 5), ("agent", 6)], [(5, 5)]),
    ],
)
def test_a_question_is_the_first_word_after_the_last_answer(
    said: list[tuple[str, float]], told: list[tuple[float, float]]
) -> None:
    shop = store()
    messages(shop, *((role, hours(at)) for role, at in said))
    assert questions(shop) == [(hours(asked), hours(replied)) for asked, replied in told]


def test_an_invisible_message_answers_nobody_and_asks_nothing() -> None:
    shop = store()
    messages(shop, ("buyer", hours(9)))
    messages(shop, ("agent", hours(8)), ("buyer", hours(7)), visible=False)
    messages(shop, ("agent", hours(2)))
    assert questions(shop) == [(hours(9), hours(2))]


def test_conversations_are_not_mixed_up_between_each_other_or_between_stores() -> None:
    one, other = store(1), store(2)
    messages(one, ("buyer", hours(9)))
    messages(one, ("agent", hours(8)), identity="c2")
    messages(other, ("agent", hours(7)))
    assert questions(one) == []
    messages(other, ("buyer", hours(6)), ("agent", hours(5)))
    assert questions(one) == []
    assert questions(other) == [(hours(6), hours(5))]


def test_only_questions_of_the_last_thirty_days_are_facts() -> None:
    shop = store()
    month = timedelta(days=30)
    messages(
        shop, ("buyer", NOW - month - timedelta(hours=9)), ("agent", NOW - month), ("buyer", NOW - month + timedelta(seconds=1))
    )
    messages(shop, ("agent", NOW))
    assert questions(shop) == [(NOW - month + timedelta(seconds=1), NOW)]
    conversation(shop, "old", waits_since=NOW - month)
    conversation(shop, "young", waits_since=NOW - month + timedelta(seconds=1))
    with connection.cursor() as cursor:
        assert [talk.id for talk in waiting(cursor, [shop.pk], NOW)[shop.pk]] == ["young"]


def test_the_number_of_queries_does_not_grow_with_the_conversations() -> None:
    shops = [store(1), store(2)]
    for shop in shops:
        for number in range(4):
            messages(shop, ("buyer", hours(5)), ("agent", hours(4)), identity=f"c{number}")
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        found = answered(cursor, [(shop.pk, f"c{number}") for shop in shops for number in range(4)], NOW)
    assert len(asked) == 1
    assert {store_id: len(talks) for store_id, talks in found.items()} == {shops[0].pk: 4, shops[1].pk: 4}


# -- rates ------------------------------------------------------------------------------------------------------------------


def rate(shop: Store, rule: str) -> Reading:
    return Reading.objects.get(store=shop, rule=rule)


def test_what_was_answered_before_we_first_looked_counts_in_the_rates_at_once() -> None:
    """Ten conversations: eight answered after an hour, one after 13 hours, one waits for 25. In 12 hours: 8 of 10."""
    shop = store(region="TH")
    for number in range(8):
        asked = hours(48 + number)
        messages(shop, ("buyer", asked), ("agent", asked + timedelta(hours=1)), identity=f"c{number}")
        conversation(shop, f"c{number}", answered_at=asked + timedelta(hours=1))
    messages(shop, ("buyer", hours(60)), ("agent", hours(47)), identity="slow")
    conversation(shop, "slow", answered_at=hours(47))
    messages(shop, ("buyer", hours(25)), identity="waits")
    conversation(shop, "waits", waits_since=hours(25))
    evaluate([shop.pk], now=NOW)
    twelve = rate(shop, "TTS-SEA-RESP12-RATE")
    assert (Decimal(twelve.value), twelve.state) == (Decimal(80), "breached"), "85 is the floor"
    assert Finding.objects.get(rule="TTS-SEA-RESP12-RATE").details["value"].startswith("80")
    assert sorted(Obligation.objects.filter(rule=REPLY_12H).values_list("state", flat=True)) == [
        "breached",
        *["met"] * 8,
        "met_late",
    ]
    assert sorted(Obligation.objects.filter(rule=REPLY_24H).values_list("state", flat=True)) == ["breached", *["met"] * 9]
    assert list(Finding.objects.filter(rule__in=(REPLY_12H, REPLY_24H)).values_list("subject_id", flat=True).distinct()) == [
        "waits"
    ]


def test_in_malaysia_the_floor_is_ninety() -> None:
    shop = store(region="MY")
    for number in range(10):
        asked = hours(48)
        replied = asked + timedelta(hours=1 if number else 13)
        messages(shop, ("buyer", asked), ("agent", replied), identity=f"c{number}")
        conversation(shop, f"c{number}", answered_at=replied)
    evaluate([shop.pk], now=NOW)
    told = rate(shop, "TTS-MY-RESP12-RATE")
    assert (Decimal(told.value), told.state) == (Decimal(90), "at_risk"), "at the floor itself: not below it, and near"
    assert not Reading.objects.filter(rule="TTS-SEA-RESP12-RATE").exists(), "the row of the other markets"


def test_without_a_conversation_there_is_no_rate() -> None:
    shop = store(region="TH")
    evaluate([shop.pk], now=NOW)
    assert rate(shop, "TTS-SEA-RESP12-RATE").state == "not_applicable"


def test_a_question_that_passes_its_instant_worsens_the_rate_in_the_same_tick() -> None:
    shop = store(region="TH")
    for number in range(3):
        messages(shop, ("buyer", hours(30)), ("agent", hours(29)), identity=f"c{number}")
        conversation(shop, f"c{number}", answered_at=hours(29))
    messages(shop, ("buyer", hours(11)), identity="waits")
    conversation(shop, "waits", waits_since=hours(11))
    evaluate([shop.pk], now=NOW)
    assert Decimal(rate(shop, "TTS-SEA-RESP12-RATE").value) == 100, "three of three; the fourth has an hour left"
    tick(now=NOW + timedelta(hours=1))
    assert Decimal(rate(shop, "TTS-SEA-RESP12-RATE").value) == 100, "twelve hours exactly are in time"
    tick(now=NOW + timedelta(hours=1, seconds=1))
    told = rate(shop, "TTS-SEA-RESP12-RATE")
    assert (Decimal(told.value), told.state) == (Decimal(75), "breached")


def test_an_order_that_becomes_late_worsens_the_dispatch_rate_in_the_same_tick() -> None:
    shop = store()
    for number in range(9):
        obligation(
            shop, f"met{number}", state="met", due_at=NOW - timedelta(days=1), starts_at=NOW - timedelta(days=3), next_at=None
        )
    obligation(shop, "late", due_at=NOW, next_at=NOW + timedelta(microseconds=1))
    evaluate([shop.pk], now=NOW)
    assert Decimal(rate(shop, "TTS-SEA-LDR-TARGET").value) == 0
    tick(now=NOW + timedelta(seconds=1))
    assert Decimal(rate(shop, "TTS-SEA-LDR-TARGET").value) == 10
    assert Finding.objects.get(rule="TTS-SEA-LDR-VP").state == "breached"


# -- life of a question ------------------------------------------------------------------------------------------------------


def test_the_first_answer_counts_however_often_staff_wrote_again() -> None:
    """Asked 20 hours ago, answered after one hour, and once more just now: it was in time."""
    shop = store()
    messages(shop, ("buyer", hours(20)))
    conversation(shop, waits_since=hours(20))
    evaluate([shop.pk], now=hours(19.5))
    assert Obligation.objects.get(rule=REPLY_12H).state == "open"
    messages(shop, ("agent", hours(19)), ("agent", hours(0)))
    conversation(shop, answered_at=hours(0))
    evaluate([shop.pk], now=NOW)
    owed = Obligation.objects.get(rule=REPLY_12H)
    assert (owed.state, owed.done_at, owed.next_at) == ("met", hours(19), None)


def test_every_question_of_a_conversation_has_a_clock_of_its_own() -> None:
    shop = store()
    messages(shop, ("buyer", hours(40)), ("agent", hours(39)), ("buyer", hours(20)), ("agent", hours(1)), ("buyer", hours(0.5)))
    conversation(shop, waits_since=hours(0.5), answered_at=hours(1))
    evaluate([shop.pk], now=NOW)
    told = Obligation.objects.filter(rule=REPLY_12H).order_by("starts_at").values_list("starts_at", "state")
    assert list(told) == [(hours(40), "met"), (hours(20), "met_late"), (hours(0.5), "open")]
    assert not Finding.objects.exclude(status="resolved").filter(rule=REPLY_12H).exists(), "eleven and a half hours are left"


def test_an_answer_resolves_the_finding_and_a_new_question_reopens_it() -> None:
    shop = store()
    messages(shop, ("buyer", hours(11)))
    conversation(shop, waits_since=hours(11))
    evaluate([shop.pk], now=NOW)
    finding = Finding.objects.get(rule=REPLY_12H)
    assert (finding.state, finding.action, finding.item) == ("at_risk", "reply", "INS-06")

    messages(shop, ("agent", NOW + timedelta(minutes=1)))
    conversation(shop, answered_at=NOW + timedelta(minutes=1))
    evaluate([shop.pk], now=NOW + timedelta(minutes=2))
    finding.refresh_from_db()
    assert (finding.status, finding.resolved_by) == ("resolved", "facts")

    asked = NOW + timedelta(hours=3)
    messages(shop, ("buyer", asked))
    conversation(shop, waits_since=asked, answered_at=NOW + timedelta(minutes=1))
    evaluate([shop.pk], now=asked + timedelta(minutes=1))
    tick(now=asked + timedelta(hours=11))
    finding.refresh_from_db()
    assert (finding.status, finding.state, finding.starts_at) == ("open", "at_risk", asked)


def test_who_has_waited_for_more_than_thirty_days_is_lost_not_late() -> None:
    shop = store()
    conversation(shop, waits_since=hours(25))
    evaluate([shop.pk], now=NOW)
    assert set(Finding.objects.filter(status="open").values_list("rule", flat=True)) >= {REPLY_12H, REPLY_24H}
    later = hours(25) + timedelta(days=30)
    evaluate([shop.pk], now=later - timedelta(seconds=1))
    assert Finding.objects.get(rule=REPLY_12H).status == "open"
    evaluate([shop.pk], now=later)
    assert Finding.objects.get(rule=REPLY_12H).status == "resolved"
    assert set(Obligation.objects.filter(subject_id="c1").values_list("state", flat=True)) == {"void"}


def test_answered_questions_of_a_feed_in_the_dark_are_kept_for_when_it_is_back() -> None:
    shop = store(region="TH")
    messages(shop, ("buyer", hours(30)), ("agent", hours(29)))
    conversation(shop, answered_at=hours(29))
    shop.streams.filter(name="messages").update(trusted_until=NOW)
    evaluate([shop.pk], now=NOW)
    assert rate(shop, "TTS-SEA-RESP12-RATE").state == "unknown"
    shop.streams.filter(name="messages").update(trusted_until=NOW + timedelta(days=1))
    evaluate([shop.pk], now=NOW)
    assert Decimal(rate(shop, "TTS-SEA-RESP12-RATE").value) == 100
