"""One cause, one line: what stands in a line, what it opens, and that figures equal rows."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from storeward.findings.models import DutyState, Finding, Obligation
from storeward.stores.models import Store
from storeward.web import reads
from storeward.web.tests.conftest import NOW, signed_in
from storeward.web.tests.fleet import finding, person, store, workspace

IDLE = (("TTS-SEA-INACT-60", "fatal", 9000), ("TTS-SEA-INACT-G7", "critical", 400), ("TTS-SEA-INACT-30", "warning", 100))


@pytest.fixture
def bare(db: None) -> Store:
    """A store of its own in which nothing stands yet."""
    place = workspace("bare", NOW)
    person("bare@example.com", "Bare", place)
    one = store(place, "Bare Home 1", "SG", 1, NOW)
    one.save()
    return one


@pytest.fixture
def client(bare: Store) -> Client:
    return signed_in(bare.workspace.membership_set.get().user)


def idle(bare: Store) -> list[Finding]:
    found = [
        finding(bare, rule, NOW, item="INS-01", severity=severity, cost=cost, due=hours, why=f"why of {rule}")
        for (rule, severity, cost), hours in zip(IDLE, (41, -500, -700), strict=True)
    ]
    return Finding.objects.bulk_create(found)


def talks(bare: Store, number: int) -> None:
    """Buyers who wait, each told of by two rules."""
    Finding.objects.bulk_create(
        finding(bare, rule, NOW, item="INS-04", severity="warning", subject=("conversation", f"c{at}"), due=at + 1, usd=10.0)
        for rule in ("TTS-SEA-RESP12-MSG", "TTS-SEA-RESP24-MSG")
        for at in range(number)
    )


def lines(html: str) -> list[str]:
    return re.findall(r'<li class="sw-line.*?</li>', html, re.S)


def test_three_rules_about_one_idle_store_are_one_line_that_names_the_gravest(bare: Store, client: Client) -> None:
    idle(bare)
    found = lines(client.get("/").content.decode())
    assert len(found) == 1
    assert "Fatal" in found[0]
    assert 'why of TTS-SEA-INACT-60&nbsp;· <span class="sw-keep">and 2 more</span>' in found[0]


def test_the_line_counts_down_to_the_instant_of_the_finding_that_it_names(bare: Store, client: Client) -> None:
    idle(bare)
    (line,) = lines(client.get("/").content.decode())
    assert "<b>41 h</b>" in line
    assert "<b>late" not in line


def test_a_store_about_to_be_lost_has_the_store_at_stake_not_no_money(bare: Store, client: Client) -> None:
    idle(bare)
    html = client.get("/").content.decode()
    assert ">the store<" in html
    assert "no money" not in html


def test_the_panel_lists_every_finding_of_the_line_by_its_rule(bare: Store, client: Client) -> None:
    first, second, third = idle(bare)
    page = client.get(f"/f/{first.pk}/").content.decode()
    assert "The 3 of this line" in page
    for one in (first, second, third):
        assert f"/f/{one.pk}/?only=1" in page
    assert len(set(re.findall(r'\?only=1">([^<]+)<', page))) == 3


def test_the_panel_lists_the_soonest_first(bare: Store, client: Client) -> None:
    talks(bare, 3)
    opened = Finding.objects.order_by("pk")[2]
    page = client.get(f"/f/{opened.pk}/").content.decode()
    listed = [int(number) for number in re.findall(r"/f/(\d+)/\?only=1", page)]
    assert listed == list(Finding.objects.order_by("due_at", "pk").values_list("pk", flat=True))
    assert len(listed) == 6


def test_any_finding_of_a_line_opens_the_same_line(bare: Store) -> None:
    found = idle(bare)
    opened = [[one.pk for one in reads.siblings(each, [bare.pk], 50)] for each in found]
    assert opened == [[one.pk for one in found]] * 3


def test_taking_the_line_takes_every_finding_of_it(bare: Store, client: Client) -> None:
    found = idle(bare)
    client.post(f"/f/{found[2].pk}/take/")
    assert set(Finding.objects.values_list("status", "owner")) == {("acknowledged", "Bare")}


def test_a_buyer_of_whom_two_rules_speak_is_one_buyer(bare: Store, client: Client) -> None:
    talks(bare, 3)
    html = client.get("/").content.decode()
    (line,) = lines(html)
    assert "3 conversations: " in line
    assert "6 conversations" not in html


def test_money_that_two_rules_speak_of_counts_once_on_list_and_panel(bare: Store, client: Client) -> None:
    talks(bare, 3)
    assert "≈ 30 USD" in lines(client.get("/").content.decode())[0]
    panel = client.get(f"/f/{Finding.objects.order_by('pk')[0].pk}/").content.decode()
    assert "≈ 30 USD" in panel
    assert "≈ 60 USD" not in panel


def test_items_and_stores_stay_apart(bare: Store) -> None:
    other = store(bare.workspace, "Bare Kids 2", "PH", 2, NOW)
    other.save()
    idle(bare)
    idle(other)
    talks(bare, 2)
    found = reads.groups([bare.pk, other.pk])
    assert sorted((group.headline.store_id, group.headline.item, group.count) for group in found) == sorted(
        [(bare.pk, "INS-01", 3), (bare.pk, "INS-04", 4), (other.pk, "INS-01", 3)]
    )


def test_findings_without_an_item_stand_by_their_rule(bare: Store) -> None:
    rules = ("INT-ONE", "INT-TWO")
    found = Finding.objects.bulk_create(finding(bare, rule, NOW, item="") for rule in rules)
    assert [group.count for group in reads.groups([bare.pk])] == [1, 1]
    assert [one.pk for one in reads.siblings(found[0], [bare.pk], 50)] == [found[0].pk]


@pytest.mark.parametrize(("idle_too", "waiting", "count", "urgent"), [(False, 0, 0, 0), (True, 0, 1, 1), (True, 2, 2, 2)])
def test_the_counts_are_those_of_the_groups(bare: Store, idle_too: bool, waiting: int, count: int, urgent: int) -> None:
    if idle_too:
        idle(bare)
    talks(bare, waiting)
    counted = reads.counts([bare.pk], NOW)
    assert (counted.lines, counted.urgent) == (count, urgent)
    assert counted.lines == len(reads.groups([bare.pk])) + len(reads.causes([bare.pk]))


def test_unknowns_of_one_cause_are_one_line_over_all_stores_and_never_join_what_is_known(bare: Store) -> None:
    other = store(bare.workspace, "Bare Kids 2", "PH", 2, NOW)
    other.save()
    unknown = [finding(one, "SW-CONNECTION-LOST", NOW, item="", state="unknown", cause="connection:1") for one in (bare, other)]
    Finding.objects.bulk_create(
        [
            *unknown,
            finding(other, "SW-CONNECTION-LOST", NOW, subject=("store", "again"), item="", state="unknown", cause="connection:2"),
        ]
    )
    idle(bare)
    assert [(len(cause.store_ids), cause.count) for cause in reads.causes([bare.pk, other.pk])] == [(2, 2), (1, 1)]
    assert len(reads.groups([bare.pk, other.pk])) == 1
    assert len(reads.siblings(unknown[0], [bare.pk], 50)) == 1  # one store may be seen: one is told of


def duty(bare: Store, rule: str, subject: str, hours: float, **fields: object) -> Obligation:
    values: dict[str, object] = {
        "workspace_id": bare.workspace_id,
        "store": bare,
        "rule": rule,
        "subject_kind": "conversation",
        "subject_id": subject,
        "starts_at": NOW - timedelta(hours=40),
        "due_at": NOW + timedelta(hours=hours),
        "severity": "warning",
        "state": DutyState.OPEN if hours > 0 else DutyState.BREACHED,
        "details": {},
    }
    return Obligation(**(values | fields))


RESP12, RESP24 = "TTS-SEA-RESP12-MSG", "TTS-SEA-RESP24-MSG"
# NOW is 04:20 UTC: 0.5 h later is 04:50, 0.6 h 04:56, 0.8 h 05:08


@pytest.mark.parametrize(
    ("owed", "told"),
    [
        ([(RESP12, "a", -30.0), (RESP24, "a", -18.0)], [1]),
        ([(RESP12, "a", -30.0), (RESP12, "b", -2.0), (RESP24, "b", -1.0)], [2]),
        ([(RESP12, "a", 0.5), (RESP12, "b", 0.6)], [2]),
        ([(RESP12, "a", 0.5), (RESP12, "b", 0.8)], [1, 1]),
        ([(RESP12, "a", -1.0), (RESP12, "b", 0.5)], [1, 1]),
        ([(RESP12, "a", 24 * 7 + 0.1)], []),
        ([(RESP12, "a", 24 * 7 - 0.1)], [1]),
        ([], []),
    ],
)
def test_duties_are_one_line_an_item_and_hour_and_one_for_what_is_late(
    bare: Store, owed: list[tuple[str, str, float]], told: list[int]
) -> None:
    Obligation.objects.bulk_create(duty(bare, *one) for one in owed)
    assert [line.count for line in reads.dues([bare.pk], NOW)] == told
    assert reads.due_lines([bare.pk], NOW) == len(told)


def test_the_gravest_rule_names_the_line_and_the_earliest_instant_counts(bare: Store) -> None:
    Obligation.objects.bulk_create(
        [duty(bare, RESP12, "a", -30), duty(bare, RESP24, "a", -18, severity="critical"), duty(bare, RESP12, "b", -38)]
    )
    (line,) = reads.dues([bare.pk], NOW)
    assert (line.rule, line.severity, line.count) == (RESP24, "critical", 2)
    assert line.due_at == NOW - timedelta(hours=38)


def test_money_of_one_thing_counts_once_in_a_line_of_deadlines(bare: Store) -> None:
    Obligation.objects.bulk_create(
        [duty(bare, RESP12, "a", 0.5, stake_usd=20.0), duty(bare, RESP24, "a", 0.6, stake_usd=20.0), duty(bare, RESP12, "b", 0.5)]
    )
    (line,) = reads.dues([bare.pk], NOW)
    assert line.usd == 20.0


@pytest.mark.parametrize("fields", [{"done_at": NOW}, {"state": DutyState.MET}, {"starts_at": NOW + timedelta(minutes=1)}])
def test_what_is_done_or_has_not_begun_is_no_deadline(bare: Store, fields: dict[str, object]) -> None:
    Obligation.objects.bulk_create([duty(bare, RESP12, "a", 5, **fields)])
    assert reads.dues([bare.pk], NOW) == []
    assert reads.due_lines([bare.pk], NOW) == 0


def test_a_duty_opens_the_line_of_its_item_even_by_another_rule(bare: Store, client: Client) -> None:
    (spoken,) = Finding.objects.bulk_create([finding(bare, RESP12, NOW, item="INS-06", subject=("conversation", "c0"), due=0.5)])
    Finding.objects.update(item=reads._item_of_rules()[RESP24])
    Obligation.objects.bulk_create([duty(bare, RESP24, "c0", 0.5)])
    (line,) = reads.dues([bare.pk], NOW)
    assert (line.rule, line.finding_id) == (RESP24, spoken.pk)
    assert f"/f/{spoken.pk}/" in client.get("/deadlines/").content.decode()


def test_a_duty_without_a_finding_leads_to_its_store(bare: Store, client: Client) -> None:
    Obligation.objects.bulk_create([duty(bare, RESP24, "c0", 0.5)])
    (line,) = lines(client.get("/deadlines/").content.decode())
    assert f'href="/s/{bare.key}/"' in line
    assert "data-take" not in line
