"""The worklist: in order of expected loss, cut by key, and only what one may see."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storeward.findings.models import Finding
from storeward.findings.queries import Filters, at_risk, counts, worklist
from storeward.stores.models import Store

from .factories import NOW, store, workspace

pytestmark = pytest.mark.django_db


def finding(shop: Store, subject: str, score: float, **fields: Any) -> Finding:
    defaults: dict[str, Any] = {
        "rule": "TTS-SEA-SHIP-2WD",
        "subject_kind": "order",
        "subject_id": subject,
        "item": "INS-03",
        "state": "at_risk",
        "severity": "critical",
        "due_at": NOW + timedelta(hours=3),
        "chance": 0.5,
        "loss_usd": 2 * score,
        "minutes": 1.0,
        "score": score,
        "details": {"why": {"en": "Due soon.", "zh": "即将到期。"}},
        "opened_at": NOW,
        "changed_at": NOW,
    }
    return Finding.objects.create(store=shop, workspace_id=shop.workspace_id, **(defaults | fields))


def test_the_highest_expected_loss_per_minute_comes_first() -> None:
    shop = store()
    for subject, score in (("a", 3.0), ("b", 9.0), ("c", 5.0)):
        finding(shop, subject, score)
    assert [line.subject_id for line in worklist([shop.pk]).lines] == ["b", "c", "a"]


def test_what_is_taken_stays_listed_and_what_is_put_off_resolved_or_hidden_does_not() -> None:
    shop = store()
    finding(shop, "taken", 1.0, status="acknowledged")
    finding(shop, "off", 2.0, status="snoozed", snoozed_until=NOW + timedelta(hours=1))
    finding(shop, "done", 3.0, status="resolved")
    finding(shop, "hidden", 4.0, inhibited=True)
    assert [line.subject_id for line in worklist([shop.pk]).lines] == ["taken"]
    told = counts([shop.pk])
    assert (told.listed, told.snoozed, told.inhibited, told.by_severity["critical"]) == (1, 1, 1, 1)


def test_pages_cut_by_key_show_every_line_once_even_among_equals() -> None:
    shop = store()
    for number in range(25):
        finding(shop, str(number), float(number // 10))
    seen: list[int] = []
    page = worklist([shop.pk], limit=7)
    seen += [line.id for line in page.lines]
    while page.after is not None:
        page = worklist([shop.pk], limit=7, after=page.after)
        seen += [line.id for line in page.lines]
    assert len(seen) == len(set(seen)) == 25
    assert seen == [line.id for line in worklist([shop.pk], limit=None).lines]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(rule="R2"), ["b"]),
        (Filters(item="INS-10"), ["c"]),
        (Filters(severity="fatal"), ["c"]),
        (Filters(owner="lead"), ["b"]),
        (Filters(cause="connection:1"), ["a"]),
        (Filters(due_before=NOW + timedelta(hours=1)), ["a"]),
        (Filters(rule="R2", severity="fatal"), []),
    ],
)
def test_filters_limit_the_list(filters: Filters, expected: list[str]) -> None:
    shop = store()
    finding(shop, "a", 1.0, cause="connection:1", due_at=NOW)
    finding(shop, "b", 2.0, rule="R2", owner="lead")
    finding(shop, "c", 3.0, item="INS-10", severity="fatal", due_at=None)
    assert [line.subject_id for line in worklist([shop.pk], filters=filters).lines] == expected


def test_other_peoples_stores_are_not_listed() -> None:
    mine, theirs = store(1), store(2, space=workspace("rival"))
    finding(theirs, "x", 9.0)
    assert worklist([mine.pk]).lines == ()
    assert counts([mine.pk]).listed == 0
    assert at_risk([mine.pk]).high == 0
    assert worklist([]).lines == ()


def test_two_workspaces_of_one_person_are_one_list() -> None:
    one, other = store(1), store(2, space=workspace("second"))
    finding(one, "a", 1.0)
    finding(other, "b", 2.0)
    assert [line.subject_id for line in worklist([one.pk, other.pk]).lines] == ["b", "a"]


def test_money_counts_a_thing_once_by_its_worst_rule() -> None:
    shop = store()
    finding(shop, "a", 1.0, stake_usd=20.0, chance=0.5)
    finding(shop, "a", 1.0, rule="TTS-SEA-AUTOCANCEL-RTS", stake_usd=20.0, chance=0.8)
    finding(shop, "b", 1.0, stake_usd=None)
    told = at_risk([shop.pk])
    assert told.low == pytest.approx(16.0)
    assert told.high == pytest.approx(20.0)


def test_why_is_told_in_the_persons_language() -> None:
    shop = store()
    finding(shop, "a", 1.0)
    line = worklist([shop.pk]).lines[0]
    assert (line.why("en"), line.why("zh-hans"), line.why("th")) == ("Due soon.", "即将到期。", "Due soon.")


def plan_of(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_the_first_page_is_read_in_order_from_the_index_of_ranks() -> None:
    shop = store()
    for number in range(50):
        finding(shop, str(number), float(number))
    with CaptureQueriesContext(connection) as asked:
        worklist([shop.pk], limit=10)
    plan = plan_of(asked.captured_queries[-1]["sql"])
    assert "finding_rank" in plan
    assert "Sort" not in plan, plan
