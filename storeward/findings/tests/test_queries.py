"""The worklist: in order of expected loss, cut by key, and only what one may see."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storeward.findings.models import Finding
from storeward.findings.queries import Filters, at_risk, counts, groups, worklist
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
        cursor.execute("SET LOCAL enable_sort = off")  # fifty rows are sorted in no time: what is asked is whether they must be
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


# -- one line a thing -------------------------------------------------------------------------------------------------------


def test_three_rules_about_one_thing_are_one_line_with_the_first_ranked_on_top() -> None:
    shop = store()
    whole = {"subject_kind": "store", "item": "INS-01"}
    finding(shop, shop.key, 2.0, rule="TTS-SEA-INACT-30", severity="warning", **whole)
    finding(shop, shop.key, 9.0, rule="TTS-SEA-INACT-60", severity="fatal", due_at=NOW + timedelta(days=2), **whole)
    finding(shop, shop.key, 5.0, rule="TTS-SEA-INACT-G7", severity="critical", due_at=NOW + timedelta(days=1), **whole)
    (group,) = groups([shop.pk])
    assert (group.headline.rule, group.count, group.rules, group.severity) == ("TTS-SEA-INACT-60", 3, 3, "fatal")
    assert group.due_at == NOW + timedelta(hours=3), "the earliest of the three"
    assert group.store_ids == (shop.pk,)
    assert group.stake_usd is None, "no money: the store"


def test_a_group_stands_where_its_highest_finding_would() -> None:
    one, other = store(1), store(2)
    finding(one, "a", 4.0)
    finding(one, "b", 1.0)
    finding(other, "c", 3.0)
    finding(other, "d", 3.5, item="INS-05", rule="TTS-SEA-RETURN-ANSWER")
    told = [(group.headline.subject_id, group.count) for group in groups([one.pk, other.pk])]
    assert told == [("a", 2), ("d", 1), ("c", 1)]


def test_the_money_of_an_order_counts_once_however_many_rules_speak_of_it() -> None:
    shop = store()
    finding(shop, "a", 4.0, stake_usd=20.0)
    finding(shop, "a", 3.0, stake_usd=20.0, rule="TTS-SEA-AUTOCANCEL-RTS")
    finding(shop, "b", 2.0, stake_usd=5.5)
    (group,) = groups([shop.pk])
    assert (group.count, group.stake_usd) == (3, 25.5)


def test_one_cause_is_one_line_over_all_stores() -> None:
    shops = [store(number) for number in range(1, 4)]
    for number, shop in enumerate(shops):
        fields = {"rule": "SW-FACTS-STALE", "state": "unknown", "subject_kind": "store", "item": "", "severity": "warning"}
        finding(shop, shop.key, 1.0 + number, cause="stale:tiktok_shop:orders:Unavailable", **fields)
    finding(shops[0], "x", 0.5, rule="SW-FACTS-STALE", state="unknown", cause="old:ahr", item="INS-20", subject_kind="fact")
    told = groups([shop.pk for shop in shops])
    assert [(group.count, len(group.store_ids)) for group in told] == [(3, 3), (1, 1)]
    assert told[0].headline.store_id == shops[2].pk, "the one ranked first"


def test_a_group_unfolds_to_as_many_rows_as_it_counts() -> None:
    shops = [store(1), store(2)]
    for shop in shops:
        for number in range(3):
            finding(shop, f"{number}", 5.0 + number)
            finding(shop, f"{number}", 4.0 + number, rule="TTS-SEA-AUTOCANCEL-RTS")
        finding(shop, shop.key, 9.0, subject_kind="store", item="INS-10", rule="TTS-SEA-NEGBAL-NEG")
        finding(shop, "f", 2.0, rule="SW-FACTS-STALE", state="unknown", cause="old:x", item="INS-10", subject_kind="fact")
        finding(shop, "g", 2.5, rule="TTS-SEA-2SV", item="")
    told = groups([shop.pk for shop in shops])
    assert sum(group.count for group in told) == len(worklist([shop.pk for shop in shops], limit=None).lines)
    for group in told:
        rows = worklist(group.store_ids, filters=group.filters, limit=None).lines
        assert (len(rows), rows[0].id) == (group.count, group.headline.id), group.headline.rule


def test_groups_can_be_limited_and_filtered_and_know_who_has_them() -> None:
    shop = store()
    finding(shop, "a", 1.0, owner="ana@luna.test", status="acknowledged")
    finding(shop, "b", 8.0, item="INS-05", rule="TTS-SEA-RETURN-ANSWER", owner="ben@luna.test", status="acknowledged")
    finding(shop, "c", 7.0, item="INS-05", rule="TTS-SEA-RETURN-ANSWER", owner="ana@luna.test", status="acknowledged")
    finding(shop, "d", 9.0, item="INS-10", status="snoozed", snoozed_until=NOW + timedelta(days=1))
    assert [group.owners for group in groups([shop.pk])] == [("ana@luna.test", "ben@luna.test"), ("ana@luna.test",)]
    assert [group.headline.item for group in groups([shop.pk], limit=1)] == ["INS-05"]
    mine = groups([shop.pk], filters=Filters(owner="ana@luna.test"))
    assert [(group.headline.subject_id, group.count) for group in mine] == [("c", 1), ("a", 1)]


def test_groups_of_a_stranger_are_not_there_and_twice_the_stores_cost_the_same() -> None:
    mine, theirs = store(1), store(2, space=workspace("other"))
    finding(mine, "a", 1.0)
    finding(theirs, "b", 2.0)
    with CaptureQueriesContext(connection) as few:
        assert [group.headline.subject_id for group in groups([mine.pk])] == ["a"]
    more = [store(number) for number in range(3, 9)]
    for shop in more:
        finding(shop, "c", 3.0)
    with CaptureQueriesContext(connection) as many:
        assert len(groups([mine.pk, *(shop.pk for shop in more)])) == 7
    assert len(many) == len(few)
    assert groups([]) == ()
