"""Deadlines: what runs out when."""

import re

import pytest
from django.test import Client

from storeward.findings.models import Obligation
from storeward.web import reads
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet


def headings(html: str) -> list[str]:
    return re.findall(r"<h2>([^<]+)</h2>", html.split('id="sw-list"')[1])


def test_groups_stand_by_nearness(owner: Client) -> None:
    owner.cookies["sw_zone"] = "Asia/Kuala_Lumpur"
    assert headings(owner.get("/deadlines/").content.decode()) == ["Late", "Next 2 hours", "Later today", "Sat 21 Nov"]


def test_later_days_are_folded_with_their_counts(owner: Client) -> None:
    owner.cookies["sw_zone"] = "Asia/Kuala_Lumpur"
    folded = re.findall(r"<summary>.*?<b>([^<]+)</b><span>(\d+)</span>", owner.get("/deadlines/").content.decode(), re.S)
    assert [day for day, _count in folded][:2] == ["Sun 22 Nov", "Mon 23 Nov"]


def test_duties_of_one_item_in_one_store_in_one_hour_are_one_line(owner: Client) -> None:
    # fourteen orders of one store fall due six minutes apart, ten from 14:02 to 14:56, four from 15:02 to 15:20
    counted = re.findall(r">(\d+) orders: [^<]+</a>", owner.get("/deadlines/").content.decode())
    assert sum(int(count) for count in counted) == 14
    assert counted == ["10", "4"]


def test_the_sum_of_the_week_is_the_number_of_lines(owner: Client, fleet: Fleet) -> None:
    html = owner.get("/deadlines/").content.decode()
    strip = html.split("sw-card sw-week", 1)[1].split("</nav>")[0]
    listed = len(re.findall(r'<li class="sw-line', html))
    assert (
        listed
        == len(reads.dues([store.pk for store in fleet.stores], NOW))
        == reads.due_lines([store.pk for store in fleet.stores], NOW)
    )
    assert sum(int(count) for count in re.findall(r"<span>(\d+)</span></b>", strip)) <= listed


def test_every_day_of_the_strip_opens_as_many_lines_as_it_says(owner: Client) -> None:
    strip = owner.get("/deadlines/").content.decode().split("sw-card sw-week", 1)[1].split("</nav>")[0]
    days = re.findall(r'href="(\?day=[^"]+)"[^>]*><b><span>[^<]+</span><span>(\d+)</span>', strip)
    assert len(days) == 7
    for href, count in days:
        html = owner.get(f"/deadlines/{href}").content.decode()
        assert len(re.findall(r'<li class="sw-line', html)) == int(count), href


@pytest.mark.parametrize("day", ["", "soon", "2026-99-99"])
def test_a_day_that_cannot_be_read_shows_the_week(owner: Client, day: str) -> None:
    assert owner.get("/deadlines/", {"day": day}).status_code == 200


def test_what_is_done_is_not_owed(owner: Client, fleet: Fleet) -> None:
    before = reads.due_lines([store.pk for store in fleet.stores], NOW)
    Obligation.objects.filter(rule="TTS-SEA-CANCELREQ-24H").update(state="met", done_at=NOW)
    assert reads.due_lines([store.pk for store in fleet.stores], NOW) == before - 1


def test_an_empty_week_names_the_next_deadline(owner: Client, fleet: Fleet) -> None:
    Obligation.objects.filter(store__in=fleet.stores).update(due_at=NOW.replace(month=12))
    page = owner.get("/deadlines/").content.decode()
    assert "No deadline in 7 days." in page
    assert "2026-12-20" in page


def test_store_time_comes_first_and_mine_second(owner: Client) -> None:
    owner.cookies["sw_zone"] = "Asia/Bangkok"
    assert re.search(r"today 14:02 MYT<small>13:02 yours</small>", owner.get("/deadlines/").content.decode())


def test_a_duty_without_a_finding_leads_to_its_store(owner: Client, fleet: Fleet) -> None:
    html = owner.get("/deadlines/").content.decode()
    line = next(line for line in html.split('<li class="sw-line') if "Login at least once a week" in line)
    assert re.search(r'sw-what sw-cut" href="/s/', line)
