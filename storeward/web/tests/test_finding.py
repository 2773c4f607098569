"""One finding: why, and what a person does with it."""

from datetime import timedelta

import pytest
from django.test import Client

from storeward.audit.models import Entry
from storeward.findings.models import Finding, Transition
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet

HTMX = {"HX-Request": "true"}


def shown(client: Client, fleet: Fleet, name: str, query: str = "") -> str:
    return client.get(f"/f/{fleet.findings[name].pk}/{query}").content.decode()


def test_the_parts_stand_in_their_order(owner: Client, fleet: Fleet) -> None:
    page = shown(owner, fleet, "ship")
    parts = ["Time left", "At stake", "If missed", "Why<", "What the rule says", "Facts used", "How it is reckoned"]
    places = [page.index(part) for part in [*parts, "What settles it", "What happened"]]
    assert places == sorted(places)


def test_the_rule_is_shown_with_its_terms_and_source(owner: Client, fleet: Fleet) -> None:
    page = shown(owner, fleet, "ship")
    assert "TTS-SEA-AUTOCANCEL-RTS" in page
    assert "Platform page" in page
    assert 'href="https://' in page
    assert "read " in page


def test_the_reckoning_ends_with_the_score(owner: Client, fleet: Fleet) -> None:
    finding = fleet.findings["ship"]
    page = shown(owner, fleet, "ship")
    assert f"{finding.chance:.2f}" in page
    assert f"{finding.score:,.1f} USD/min" in page


def test_a_measured_value_stands_beside_its_limit(owner: Client, fleet: Fleet) -> None:
    page = shown(owner, fleet, "rate")
    assert "3.6 %" in page
    assert "&lt;= 4 %" in page


def test_the_stake_of_a_line_is_that_of_all_its_findings(owner: Client, fleet: Fleet) -> None:
    assert "≈ 400 USD" in shown(owner, fleet, "ship")
    assert "≈ 22 USD" in shown(owner, fleet, "ship", "?only=1")


def test_times_are_told_in_the_stores_zone_first_and_mine_second(owner: Client, fleet: Fleet) -> None:
    owner.cookies["sw_zone"] = "Asia/Bangkok"
    page = shown(owner, fleet, "ship")
    assert "14:02 MYT" in page
    assert "13:02 yours" in page


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../../etc/passwd", "x" * 400])
def test_a_strange_zone_in_the_cookie_is_ignored(owner: Client, fleet: Fleet, zone: str) -> None:
    owner.cookies["sw_zone"] = zone
    assert "yours" not in shown(owner, fleet, "ship")


def test_the_panel_opens_over_its_list_and_keeps_the_address(owner: Client, fleet: Fleet) -> None:
    pk = fleet.findings["ship"].pk
    answer = owner.get(f"/f/{pk}/?over=/deadlines/", headers=HTMX)
    assert "<html" not in answer.content.decode()
    assert answer.headers["HX-Replace-Url"] == f"/deadlines/?open={pk}"
    assert f'data-finding="{pk}"' in owner.get(f"/deadlines/?open={pk}").content.decode().split('id="sw-panel"')[1]


@pytest.mark.parametrize("over", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_panel_never_leads_elsewhere(owner: Client, fleet: Fleet, over: str) -> None:
    answer = owner.get(f"/f/{fleet.findings['ship'].pk}/", {"over": over}, headers=HTMX)
    assert answer.headers["HX-Replace-Url"].startswith("/?open=")
    assert "evil" not in answer.content.decode()


def test_taking_a_line_takes_all_of_it_and_leaves_its_trace(owner: Client, fleet: Fleet) -> None:
    ship = fleet.findings["ship"]
    assert owner.post(f"/f/{ship.pk}/take/").headers["Location"] == f"/f/{ship.pk}/"
    line = Finding.objects.filter(store=ship.store, rule=ship.rule)
    assert set(line.values_list("status", "owner")) == {("acknowledged", "Operations Lead")}
    assert Transition.objects.filter(finding=ship, kind="acknowledged", actor="Operations Lead").count() == 1
    assert Entry.objects.filter(action="findings.acknowledged").count() == 14


def test_one_of_a_line_can_be_taken_alone(owner: Client, fleet: Fleet) -> None:
    ship = fleet.findings["ship"]
    owner.post(f"/f/{ship.pk}/take/", {"only": "1"})
    assert Finding.objects.filter(rule=ship.rule, status="acknowledged").count() == 1


def test_taking_a_cause_takes_every_store_behind_it(owner: Client, fleet: Fleet) -> None:
    owner.post(f"/f/{fleet.findings['lost'].pk}/take/")
    assert Finding.objects.filter(rule="SW-CONNECTION-LOST", status="acknowledged").count() == 3


def test_what_was_taken_can_be_given_back(owner: Client, fleet: Fleet) -> None:
    pk = fleet.findings["return"].pk
    owner.post(f"/f/{pk}/take/")
    assert "Give back" in shown(owner, fleet, "return")
    owner.post(f"/f/{pk}/give-back/")
    assert Finding.objects.get(pk=pk).owner == ""


@pytest.mark.parametrize(("until", "hours"), [("1h", 1), ("4h", 4), ("3d", 72), ("7d", 168)])
def test_a_snooze_ends(owner: Client, fleet: Fleet, until: str, hours: int) -> None:
    pk = fleet.findings["return"].pk
    owner.post(f"/f/{pk}/snooze/", {"until": until})
    found = Finding.objects.get(pk=pk)
    assert (found.status, found.snoozed_until) == ("snoozed", NOW + timedelta(hours=hours))


def test_a_snooze_until_morning_ends_in_my_morning(owner: Client, fleet: Fleet) -> None:
    owner.cookies["sw_zone"] = "Asia/Shanghai"
    pk = fleet.findings["return"].pk
    owner.post(f"/f/{pk}/snooze/", {"until": "morning"})
    assert Finding.objects.get(pk=pk).snoozed_until == NOW.replace(day=21, hour=1, minute=0)


@pytest.mark.parametrize("until", ["", "for ever", "-1h"])
def test_a_snooze_without_an_end_is_refused(owner: Client, fleet: Fleet, until: str) -> None:
    pk = fleet.findings["return"].pk
    answer = owner.post(f"/f/{pk}/snooze/", {"until": until})
    assert answer.status_code == 409
    assert "Choose when the snooze ends." in answer.content.decode()
    assert Finding.objects.get(pk=pk).status == "open"


def test_settling_asks_for_a_reason(owner: Client, fleet: Fleet) -> None:
    pk = fleet.findings["return"].pk
    answer = owner.post(f"/f/{pk}/resolve/", {"reason": "  "}, headers=HTMX)
    assert "Say in a few words why it is settled." in answer.content.decode()
    assert "HX-Trigger" not in answer.headers
    assert Finding.objects.get(pk=pk).status == "open"


def test_settling_leaves_the_list_and_can_be_taken_back(owner: Client, fleet: Fleet) -> None:
    pk = fleet.findings["return"].pk
    answer = owner.post(f"/f/{pk}/resolve/", {"reason": "answered by phone"}, headers=HTMX)
    assert answer.headers["HX-Trigger"] == "sw:changed"
    assert "answered by phone" in answer.content.decode()
    assert "Pine Audio 2" not in owner.get("/").content.decode().split('id="sw-list"')[1].split("sw-hints")[0]
    owner.post(f"/f/{pk}/reopen/")
    assert Finding.objects.get(pk=pk).status == "open"


def test_settling_twice_says_that_somebody_was_faster(owner: Client, colleague: Client, fleet: Fleet) -> None:
    pk = fleet.findings["return"].pk
    owner.post(f"/f/{pk}/resolve/", {"reason": "done"})
    assert "Somebody was faster" in colleague.post(f"/f/{pk}/resolve/", {"reason": "me too"}).content.decode()


def test_an_unknown_cause_says_why_it_cannot_be_told(owner: Client, fleet: Fleet) -> None:
    page = shown(owner, fleet, "lost")
    assert "The seller has withdrawn the authorisation" in page
    assert "cannot tell" in page
    assert "Cedar Living 1" in page


def test_a_rule_that_the_policy_no_longer_holds_still_reads(owner: Client, fleet: Fleet) -> None:
    Finding.objects.filter(pk=fleet.findings["return"].pk).update(rule="TTS-GONE")
    page = shown(owner, fleet, "return")
    assert "TTS-GONE" in page
    assert owner.get("/").status_code == 200


def test_a_reason_cannot_bring_markup(owner: Client, fleet: Fleet) -> None:
    pk = fleet.findings["return"].pk
    owner.post(f"/f/{pk}/resolve/", {"reason": "<img src=x onerror=alert(1)>"})
    assert "<img" not in shown(owner, fleet, "return")
