"""What a team says of rules is what its findings go by: own figures, published versions, and reviews that are overdue."""

from datetime import timedelta
from decimal import Decimal

from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding, Obligation
from storeward.findings.own_rules import RULE_REVIEW
from storeward.findings.tests.factories import NOW, order, store, workspace
from storeward.records.models import Change
from storeward.rulebook import own, review, versions
from storeward.rulebook.review import intervals

SHIP = "TTS-SEA-SHIP-2WD"
DAY = timedelta(days=1)
DRAFT = """
[[change]]
rule = "TTS-SEA-SHIP-2WD"
from = 2026-11-01
figures = { working_days = 4 }
source = ["https://a.example/notice"]
read_on = 2026-11-18
confidence = "official"
"""


def due(of: int) -> str:
    found = Obligation.objects.get(store_id=of, rule=SHIP)
    return f"{found.due_at:%m-%d %H:%M}"


def test_an_own_figure_moves_the_deadline_and_the_finding_shows_both(db: None) -> None:
    mine, other = store(1), store(2, space=workspace("mars"))
    for one in (mine, other):
        order(one, placed_at=NOW - timedelta(hours=1))
    evaluate([mine.pk, other.pk], now=NOW)
    assert (due(mine.pk), due(other.pk)) == ("11-20 15:59", "11-20 15:59")
    own.set_figure(mine.workspace_id, SHIP, "working_days", Decimal(1), from_day=NOW.date(), why="x", by="x", now=NOW)
    evaluate([mine.pk, other.pk], now=NOW)  # the open orders were marked by whoever set the figure
    assert (due(mine.pk), due(other.pk)) == ("11-19 15:59", "11-20 15:59")
    assert not Change.objects.filter(store=mine).exists()
    evaluate([mine.pk], now=NOW + DAY)
    tick(now=NOW + DAY)
    details = Finding.objects.get(store=mine, rule=SHIP).details
    assert (details["own"], details["platform"]) == ({"working_days": "1"}, {"working_days": "2"})
    assert details["why"]["en"].endswith("By the team's own figure of 1; the platform's is 2.")
    assert details["why"]["zh"].endswith("按团队自定的1判断；平台数值为2。")


def test_a_published_version_counts_and_a_withdrawn_one_does_not(db: None) -> None:
    mine = store(1)
    order(mine, placed_at=NOW - timedelta(hours=1))
    version = versions.draft(mine.workspace_id, title="Four", text=DRAFT, by="x", now=NOW)
    evaluate([mine.pk], now=NOW)
    assert due(mine.pk) == "11-20 15:59"
    versions.publish(version.pk, workspace_id=mine.workspace_id, by="x", now=NOW)
    evaluate([mine.pk], now=NOW)
    assert due(mine.pk) == "11-24 15:59"
    versions.withdraw(version.pk, workspace_id=mine.workspace_id, by="x", now=NOW, why="misread")
    evaluate([mine.pk], now=NOW)
    assert due(mine.pk) == "11-20 15:59"


def test_rules_that_nobody_has_looked_up_for_long_are_one_finding_a_platform(db: None) -> None:
    mine, _ = store(1), store(2)
    tick(now=NOW)
    assert not Finding.objects.filter(rule=RULE_REVIEW).exists()
    late = NOW + intervals()["uncertain"] + 3 * DAY
    tick(now=late)
    found = Finding.objects.get(rule=RULE_REVIEW)
    assert (found.store_id, found.subject_kind, found.subject_id, found.state) == (mine.pk, "rules", "tiktok_shop", "breached")
    assert found.due_at is not None
    assert found.due_at < late
    rules = found.details["rules"]
    assert f"{len(rules)} to be looked up again" in found.details["why"]["en"]
    assert not {"TTS-US-AHR-150", "TTS-UK-AHR"} & set(rules)  # this team sells in Malaysia
    for rule in rules:
        review.reviewed(mine.workspace_id, rule, day=late.date(), note="stands as it is", by="x", now=late)
    tick(now=late)
    assert not Finding.objects.get(rule=RULE_REVIEW).holds
