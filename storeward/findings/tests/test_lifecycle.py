"""What people do with a finding, and what the facts do with it afterwards."""

from datetime import timedelta

import pytest

from storeward.audit.models import Entry
from storeward.findings import lifecycle
from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding, FindingStatus, Transition
from storeward.stores.models import Store

from .factories import NOW, fact, store

pytestmark = pytest.mark.django_db

LEAD = "lead@luna.test"


def opened(shop: Store, score: int = 140) -> Finding:
    """A finding that the facts hold up: an account health rating below a milestone."""
    fact(shop, "ahr", {"score": score}, as_of=NOW)
    evaluate([shop.id], now=NOW)
    return Finding.objects.get(rule="TTS-US-AHR-150")


def kinds(finding: Finding) -> list[str]:
    return list(Transition.objects.filter(finding=finding).order_by("id").values_list("kind", flat=True))


def test_taking_it_names_an_owner_and_leaves_a_transition_and_an_entry() -> None:
    shop = store(region="US")
    finding = opened(shop)
    lifecycle.acknowledge(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, reason="on it")
    finding.refresh_from_db()
    assert (finding.status, finding.owner) == (FindingStatus.ACKNOWLEDGED, LEAD)
    assert kinds(finding) == ["opened", "acknowledged"]
    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.subject) == ("findings.acknowledged", LEAD, f"finding:{finding.pk}")
    assert entry.before == {"status": "open", "owner": "", "snoozed_until": None}


def test_handing_it_on_and_giving_it_back() -> None:
    shop = store(region="US")
    finding = opened(shop)
    lifecycle.assign(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, owner="clerk@luna.test")
    finding.refresh_from_db()
    assert (finding.status, finding.owner) == (FindingStatus.ACKNOWLEDGED, "clerk@luna.test")
    lifecycle.assign(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, owner="")
    finding.refresh_from_db()
    assert (finding.status, finding.owner) == (FindingStatus.OPEN, "")


def test_a_snooze_ends_by_itself() -> None:
    shop = store(region="US")
    finding = opened(shop)
    until = NOW + timedelta(hours=1)
    lifecycle.snooze(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, until=until)
    tick(now=until - timedelta(seconds=1))
    finding.refresh_from_db()
    assert finding.status == FindingStatus.SNOOZED
    assert tick(now=until).woken == 1
    finding.refresh_from_db()
    assert (finding.status, finding.snoozed_until) == (FindingStatus.OPEN, None)
    assert kinds(finding) == ["opened", "snoozed", "woke"]


def test_a_snoozed_finding_that_gets_worse_wakes_at_once() -> None:
    shop = store(region="US")
    finding = opened(shop, score=155)
    assert finding.state == "at_risk"
    lifecycle.snooze(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, until=NOW + timedelta(days=1))
    fact(shop, "ahr", {"score": 148}, as_of=NOW + timedelta(minutes=5))
    evaluate([shop.id], now=NOW + timedelta(minutes=6))
    finding.refresh_from_db()
    assert (finding.state, finding.status, finding.snoozed_until) == ("breached", FindingStatus.OPEN, None)
    assert kinds(finding)[-1] == "worse"


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(hours=1), NOW + timedelta(days=31)])
def test_there_is_no_snooze_into_the_past_or_for_ever(until: object) -> None:
    shop = store(region="US")
    finding = opened(shop)
    with pytest.raises(lifecycle.Refused, match="snooze ends"):
        lifecycle.snooze(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, until=until)  # type: ignore[arg-type]
    assert kinds(finding) == ["opened"]


def test_a_resolution_wants_a_reason() -> None:
    shop = store(region="US")
    finding = opened(shop)
    with pytest.raises(lifecycle.Refused, match="why"):
        lifecycle.resolve(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, reason="  ")


def test_what_a_person_has_resolved_stays_so_while_nothing_gets_worse() -> None:
    shop = store(region="US")
    finding = opened(shop)
    lifecycle.resolve(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, reason="the platform confirmed a mistake")
    evaluate([shop.id], now=NOW + timedelta(hours=1))
    finding.refresh_from_db()
    assert (finding.status, finding.holds, finding.resolved_by) == (FindingStatus.RESOLVED, True, LEAD)


def test_what_ceased_and_comes_again_reopens_as_the_same_finding() -> None:
    shop = store(region="US")
    finding = opened(shop)
    lifecycle.resolve(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, reason="known")
    fact(shop, "ahr", {"score": 300}, as_of=NOW + timedelta(hours=1))
    evaluate([shop.id], now=NOW + timedelta(hours=1))
    finding.refresh_from_db()
    assert (finding.status, finding.holds, finding.resolved_by) == (FindingStatus.RESOLVED, False, LEAD)
    fact(shop, "ahr", {"score": 120}, as_of=NOW + timedelta(hours=2))
    evaluate([shop.id], now=NOW + timedelta(hours=2))
    finding.refresh_from_db()
    assert (finding.status, finding.resolved_by, finding.reason) == (FindingStatus.OPEN, "", "")
    assert finding.opened_at == NOW + timedelta(hours=2)
    assert kinds(finding) == ["opened", "resolved", "reopened"]


def test_a_resolution_can_be_taken_back_only_while_the_facts_hold() -> None:
    shop = store(region="US")
    finding = opened(shop)
    lifecycle.resolve(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, reason="a slip of the hand")
    lifecycle.reopen(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW)
    finding.refresh_from_db()
    assert finding.status == FindingStatus.OPEN
    fact(shop, "ahr", {"score": 300}, as_of=NOW + timedelta(hours=1))
    evaluate([shop.id], now=NOW + timedelta(hours=1))
    with pytest.raises(lifecycle.Refused):
        lifecycle.reopen(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW)


def test_who_comes_second_is_told_so() -> None:
    shop = store(region="US")
    finding = opened(shop)
    lifecycle.resolve(finding.pk, store_ids=[shop.pk], actor=LEAD, now=NOW, reason="done")
    with pytest.raises(lifecycle.Refused, match="resolved already"):
        lifecycle.acknowledge(finding.pk, store_ids=[shop.pk], actor="clerk@luna.test", now=NOW)


def test_a_finding_of_a_store_that_one_may_not_see_is_not_there() -> None:
    mine, theirs = store(1, region="US"), store(2, region="US")
    finding = opened(theirs)
    with pytest.raises(lifecycle.NotThere):
        lifecycle.acknowledge(finding.pk, store_ids=[mine.pk], actor=LEAD, now=NOW)
    with pytest.raises(lifecycle.NotThere):
        lifecycle.resolve(999_999, store_ids=[mine.pk], actor=LEAD, now=NOW, reason="x")
    assert not Entry.objects.exists()
