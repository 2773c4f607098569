"""Deadlines: what runs out when."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from storeward.findings.models import Obligation
from storeward.web import deadlines, reads, words
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
    counted = re.findall(r'class="sw-things">(\d+) orders<', owner.get("/deadlines/").content.decode())
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
    assert re.search(r'sw-what" href="/s/', line)


def test_a_group_of_very_many_leaves_the_rest_to_the_page_of_its_day(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[0]
    Obligation.objects.bulk_create(
        Obligation(
            workspace_id=store.workspace_id,
            store=one,
            rule=rule,
            subject_kind="store",
            starts_at=NOW - timedelta(hours=40),
            due_at=NOW - timedelta(hours=2),
            severity="info",
            state="breached",
            details={},
        )
        for one in fleet.stores[:9]
        for rule in ("INT-ONE", "INT-TWO", "INT-THREE")
    )
    html = owner.get("/deadlines/").content.decode()
    late = html.split("<h2>Late</h2>")[1].split('class="sw-group"')[0]
    assert len(re.findall(r'<li class="sw-line', late)) == deadlines.OPEN_LINES
    (count,) = re.findall(r"<span>(\d+)</span>", html.split("<h2>Late</h2>")[1][:40])
    href, more = re.findall(r'class="sw-foldable" href="([^"]+)".*?<b>(\d+) more</b>', late)[0]
    assert int(more) == int(count) - deadlines.OPEN_LINES
    whole = owner.get(f"/deadlines/{href}").content.decode().split("<h2>Late</h2>")[1].split('class="sw-group"')[0]
    assert len(re.findall(r'<li class="sw-line', whole)) == int(count)


@pytest.mark.parametrize(
    ("text", "most", "opening"),
    [
        ("The order is late", 40, "The order is late"),
        (
            "Counts as unanswered in the 24-hour response rate; warning, lower store rating",
            56,
            "Counts as unanswered in the 24-hour response rate",
        ),
        ("Reviews deleted, products removed, up to suspension", 40, "Reviews deleted, products removed"),
        ("Counts as late dispatch (new formula from 15 June 2026)", 40, "Counts as late dispatch"),
        (
            "One long sentence without any clause that could be left out",
            20,
            "One long sentence without any clause that could be left out",
        ),
        ("计为24小时未回复，收到警告并拉低店铺评分", 12, "计为24小时未回复"),
        ("", 5, ""),
    ],
)
def test_of_a_long_consequence_the_list_says_whole_clauses_only(text: str, most: int, opening: str) -> None:
    assert words.opening(text, most) == opening


@given(st.text(alphabet="ab ;,()；，", max_size=60), st.integers(1, 60))
def test_an_opening_is_a_beginning_and_never_ends_in_mid_clause(text: str, most: int) -> None:
    opening = words.opening(text, most)
    assert text.startswith(opening)
    assert opening == text or len(opening) <= most
