"""From records to findings: what changed is judged, and findings open, get worse, resolve and reopen by themselves."""

from datetime import timedelta

import pytest

from storeward.canon import OrderStatus
from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding, Obligation, Transition
from storeward.records.models import Change

from .factories import NOW, order, store

pytestmark = pytest.mark.django_db


def test_an_order_is_owed_then_at_risk_then_late_then_settled() -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(hours=1))
    evaluate([shop.id], now=NOW)
    assert not Change.objects.exists(), "what was judged is not kept"
    owed = Obligation.objects.get(rule="TTS-SEA-SHIP-2WD")
    assert owed.state == "open"
    assert not Finding.objects.filter(subject_kind="order").exists(), "two days are left"

    tick(now=owed.due_at - timedelta(hours=24))
    finding = Finding.objects.get(rule="TTS-SEA-SHIP-2WD")
    assert (finding.state, finding.status, finding.item) == ("at_risk", "open", "INS-03")

    tick(now=owed.due_at + timedelta(seconds=1))
    finding.refresh_from_db()
    assert finding.state == "breached"

    order(shop, status=OrderStatus.IN_TRANSIT, placed_at=NOW - timedelta(hours=1), collected_at=owed.due_at + timedelta(hours=1))
    evaluate([shop.id], now=owed.due_at + timedelta(hours=2))
    finding.refresh_from_db()
    owed.refresh_from_db()
    assert owed.state == "met_late"
    assert (finding.status, finding.resolved_by, finding.holds) == ("resolved", "facts", False)
    kinds = Transition.objects.filter(finding=finding).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["opened", "worse", "resolved"]
