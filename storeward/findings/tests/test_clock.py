"""The clock: moves what falls due by indexes of what is open, and never looks at history. Evaluators work side by side."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding, Obligation, Transition
from storeward.records.models import Change

from .factories import NOW, obligation, order, store


@pytest.mark.django_db
def test_a_tick_moves_exactly_what_is_due() -> None:
    shop = store()
    soon = obligation(shop, "1", due_at=NOW + timedelta(hours=23), next_at=NOW)
    later = obligation(shop, "2", due_at=NOW + timedelta(days=3), next_at=NOW + timedelta(days=2))
    ticked = tick(now=NOW)
    assert (ticked.obligations, ticked.moves.opened) == (1, 1)
    soon.refresh_from_db()
    later.refresh_from_db()
    assert soon.next_at == soon.due_at + timedelta(microseconds=1)
    assert later.next_at == NOW + timedelta(days=2)


@pytest.mark.django_db
def test_a_tick_in_which_nothing_is_due_writes_nothing() -> None:
    shop = store()
    obligation(shop, due_at=NOW + timedelta(hours=23))
    tick(now=NOW)
    before = list(Finding.objects.values())
    again = tick(now=NOW)
    assert (again.obligations, again.woken, again.judged_again) == (0, 0, 0)
    assert list(Finding.objects.values()) == before


@pytest.mark.django_db
def test_a_clock_that_stood_still_catches_up_in_one_tick() -> None:
    shop = store()
    owed = obligation(shop, due_at=NOW + timedelta(days=1), next_at=NOW)
    tick(now=NOW + timedelta(days=9))
    owed.refresh_from_db()
    assert (owed.state, owed.next_at) == ("breached", None)
    assert Finding.objects.get().state == "breached"
    assert list(Transition.objects.values_list("kind", flat=True)) == ["opened"]


@pytest.mark.django_db
def test_severity_rises_when_the_last_day_begins() -> None:
    shop = store()
    due_at = NOW + timedelta(days=7)
    obligation(shop, rule="TTS-SEA-INACT-30", lead_seconds=7 * 86_400, due_at=due_at, severity="fatal", reached_at_due=True)
    tick(now=NOW)
    assert Finding.objects.get().severity == "critical"
    tick(now=due_at - timedelta(days=1))
    finding = Finding.objects.get()
    assert (finding.state, finding.severity) == ("at_risk", "fatal")
    tick(now=due_at)
    finding.refresh_from_db()
    assert finding.state == "breached", "a streak is reached at the very moment"
    assert list(Transition.objects.order_by("id").values_list("kind", flat=True)) == ["opened", "worse", "worse"]


@pytest.mark.django_db
def test_a_rule_that_the_policy_no_longer_holds_stops_no_clock() -> None:
    shop = store()
    obligation(shop, "1", rule="TTS-GONE", due_at=NOW + timedelta(hours=1))
    obligation(shop, "2", due_at=NOW + timedelta(hours=1))
    assert tick(now=NOW).moves.opened == 1


@pytest.mark.django_db
def test_changes_that_a_dead_worker_left_are_judged_by_the_next_tick() -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(days=6))
    assert tick(now=NOW).judged_again == 0, "they may be on their way"
    assert tick(now=NOW + timedelta(minutes=3)).judged_again == 1
    assert Finding.objects.filter(rule="TTS-SEA-SHIP-2WD").exists()


@pytest.mark.django_db
def test_the_clock_reads_only_indexes_of_what_is_open() -> None:
    """With a long history, every statement about obligations and findings goes by an index that leaves the history out."""
    shop = store()
    rows = [
        Obligation(
            store=shop,
            workspace_id=shop.workspace_id,
            rule="TTS-SEA-SHIP-2WD",
            subject_kind="order",
            subject_id=str(number),
            starts_at=NOW - timedelta(days=50),
            due_at=NOW - timedelta(days=48),
            done_at=NOW - timedelta(days=49),
            severity="critical",
            state="met",
        )
        for number in range(3_000)
    ]
    Obligation.objects.bulk_create(rows)
    obligation(shop, "open", due_at=NOW + timedelta(hours=2))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE findings_obligation")
    with CaptureQueriesContext(connection) as asked:
        tick(now=NOW)
    moving = next(query["sql"] for query in asked.captured_queries if "UPDATE findings_obligation" in query["sql"])
    Obligation.objects.filter(subject_id="open").update(next_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {moving}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "obligation_next" in plan
    assert "Seq Scan on findings_obligation" not in plan


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow_with_the_fleet() -> None:
    shops = [store(number) for number in range(1, 9)]
    tick(now=NOW)
    counts = []
    for round_, some in enumerate((shops[:2], shops), start=1):
        for shop in some:
            obligation(shop, f"{round_}", due_at=NOW + timedelta(hours=5))
        with CaptureQueriesContext(connection) as asked:
            tick(now=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def in_thread(work: Callable[[], object], errors: list[Exception]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    return threading.Thread(target=run)


@pytest.mark.django_db(transaction=True)
def test_two_evaluators_and_the_clock_at_once_judge_every_change_once() -> None:
    shops = [store(number) for number in range(1, 5)]
    for shop in shops:
        for number in range(10):
            order(shop, f"{shop.pk}-{number}", placed_at=NOW - timedelta(days=6))
    ids = [shop.pk for shop in shops]
    errors: list[Exception] = []
    threads = [in_thread(lambda: evaluate(ids, now=NOW), errors) for _ in range(2)]
    threads += [in_thread(lambda: evaluate(ids[::-1], now=NOW), errors), in_thread(lambda: tick(now=NOW), errors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert not Change.objects.exists()
    late = Finding.objects.filter(rule="TTS-SEA-SHIP-2WD")
    assert late.count() == 40
    assert Transition.objects.filter(finding__in=late).count() == 40, "each opened once"
