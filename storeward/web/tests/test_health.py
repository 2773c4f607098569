"""Health: the board of scores, and one store's ledger, forecast, rates and past days."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from storeward.findings.health.board import board
from storeward.findings.health.events import CREDIT as CREDIT_FACT
from storeward.findings.health.outlook import outlook
from storeward.records.models import Change, PointsEntry, StoreFact
from storeward.web import chart, health
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet
from storeward.web.tests.health_fleet import US, points, with_health


@pytest.fixture
def scored(fleet: Fleet) -> Fleet:
    return with_health(fleet)


def rows(html: str) -> list[str]:
    """The lines of the board, as text."""
    body = html.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split('id="sw-main"', 1)[1])).split())


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_board_tells_each_score_by_its_own_scale_the_worst_first(owner: Client, scored: Fleet) -> None:
    found = rows(shown(owner, "/health/"))
    assert [row.split(" TT ")[0] for row in found[:5]] == ["last line", "line reached", "restricted", "close", "close"]
    luna = next(row for row in found if "Luna Home 3" in row)
    assert "22 of 48 points 24, 2 away 6 on 25 Nov +6" in luna
    assert "2 · act within 6 d" in luna
    rating = next(row for row in found if "Luna Home 9" in row)
    assert "rating 162 of 1,000 150, 12 away +30 on" in rating
    assert "punishment until 25 Nov" in found[2], "a store that is restricted is never fine"
    unknown = next(row for row in found if "Nari Beauty 1" in row)
    assert unknown.startswith("unknown")
    assert "cannot tell" in unknown
    assert "0 of 48" not in unknown


def test_every_chip_opens_as_many_stores_as_it_says(owner: Client, scored: Fleet) -> None:
    html = shown(owner, "/health/")
    chips = re.findall(r'<a class="sw-chip" href="(\?[^"]*)"[^>]*>.*?<b>(\d+)</b>', html)
    assert len(chips) >= 6
    for href, count in chips:
        assert len(rows(shown(owner, "/health/" + href.replace("&amp;", "&")))) == int(count), href
    assert len(rows(shown(owner, "/health/?regime=luck&state=none-such"))) == len(scored.stores)
    assert "No store fits these filters" in shown(owner, "/health/?regime=rating&state=fatal")


def test_a_long_board_has_pages(owner: Client, scored: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ON_A_PAGE", 5)
    first, last = shown(owner, "/health/"), shown(owner, "/health/?page=999")
    assert len(rows(first)) == 5
    assert "page=2" in first
    assert len(rows(last)) == len(scored.stores) % 5 or 5
    assert rows(first)[0] not in rows(last)


def test_the_board_asks_no_more_for_more_stores(
    owner: Client, scored: Fleet, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    shown(owner, "/health/?regime=rating")
    with django_assert_max_num_queries(17) as few:
        shown(owner, f"/g/{scored.stores[0].group_id}/health/")
    with django_assert_max_num_queries(len(few.captured_queries)):
        shown(owner, "/health/")


def test_a_store_shows_its_ledger_its_plot_and_what_is_open(owner: Client, scored: Fleet) -> None:
    html = shown(owner, f"/s/{scored.stores[0].key}/health/")
    said = text(html)
    assert "Points 22 of 48 typed, 19 Nov Next line 2 to 24 24 violation points Expires next 6 25 Nov" in said
    assert html.count("sw-plot-dot") == 9, "four given and one only read; four that go"
    assert "Lines: TTS-SEA-VP-12, TTS-SEA-VP-24, TTS-SEA-VP-36, TTS-SEA-VP-48. Each entry is gone after 90 days." in said
    assert "Looks like a known brand waits for an answer · 19 Nov · ? points act within 6 d · 26 Nov" in said
    assert "A quiz is open." in said
    assert "Knock-off products, 35 % likely" in said
    assert "19 Nov 2026 12:20 typed 22 20 +2" in said, "what the events do not explain"
    assert "Ledger 4" in said


def test_rates_stand_beside_the_platforms_with_misses_left_and_open_what_went_wrong(owner: Client, scored: Fleet) -> None:
    address = f"/s/{scored.stores[0].key}/health/"
    said = text(shown(owner, address))
    assert "Late dispatch 7 days · 3 of 119" in said
    assert "2.52 % – 1 miss left >= 4 % · Late dispatch rate, target" in said
    assert "nothing counted yet" in said
    assert "Mei Lin" in said
    assert "went wrong" not in said
    opened = text(shown(owner, address + "?items=late_dispatch_rate:7"))
    assert "Late dispatch: 3 went wrong" in opened
    assert opened.count("Order order-") == 3
    assert "went wrong" not in text(shown(owner, address + "?items=luck:7"))


def test_a_past_day_is_told_as_it_stood_without_forecast_and_acts(owner: Client, scored: Fleet) -> None:
    address = f"/s/{scored.stores[0].key}/health/"
    past = text(shown(owner, address + "?at=2026-10-20"))
    assert "As it stood at the end of 2026-10-20" in past
    assert "Points 14 of 48" in past
    assert "Forecast" not in past
    for now in ("", "?at=", "?at=2026-11-20", "?at=2027-01-01", "?at=2026-99-99", "?at=soon"):
        assert "As it stood at" not in text(shown(owner, address + now)), now


def test_trying_out_points_says_which_line_they_reach(owner: Client, scored: Fleet) -> None:
    address = f"/s/{scored.stores[0].key}/health/"
    more = text(shown(owner, address + "?add=4"))
    assert "26, the last of it until 18 Feb" in more
    assert "24 violation points: Second milestone" in more
    rating = f"/s/{scored.stores[US].key}/health/"
    assert "150 Account health 150: First milestone" in text(shown(owner, rating + "?add=12"))
    assert "161 no line is reached" in text(shown(owner, rating + "?add=1"))
    for nothing in ("0", "-5", "1001", "many", "٣", "1e3"):
        assert "the last of it" not in text(shown(owner, address + f"?add={nothing}")), nothing


def test_a_rating_shows_what_moved_it(owner: Client, scored: Fleet) -> None:
    said = text(shown(owner, f"/s/{scored.stores[US].key}/health/"))
    assert "Health rating 162 of 1,000" in said
    assert "quiz passed · Shipping policy +6" in said
    assert "violation · Late dispatch −30" in said
    assert "Each event counts for 180 days." in said


CREDIT = {"points": "8", "kind": "quiz", "note": "Late dispatch", "at": "2026-11-20T12:00"}


def test_a_quiz_that_was_passed_is_entered_and_counts(owner: Client, scored: Fleet) -> None:
    store = scored.stores[US]
    address = f"/s/{store.key}/health/credit/"
    typed = CREDIT | {"at": "2026-11-19T12:00"}
    assert owner.post(address, typed).headers["Location"] == f"/s/{store.key}/health/#ledger"
    said = text(shown(owner, f"/s/{store.key}/health/"))
    assert "quiz passed · Late dispatch +8" in said
    assert "Health rating 170 of 1,000" in said
    assert Change.objects.filter(store=store, kind="fact", platform_id=CREDIT_FACT).exists()
    assert "Enter points won" not in shown(owner, f"/s/{scored.stores[0].key}/health/"), "points are won nowhere else"


@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ({"points": "0"}, "Give the points won"),
        ({"points": "1001"}, "Give the points won"),
        ({"points": "many"}, "Give the points won"),
        ({"kind": "deduction"}, "Choose what they were won by"),
        ({"at": "yesterday"}, "Give day and time"),
        ({"at": "2026-12-20T12:00"}, "Give day and time"),
    ],
)
def test_a_wrong_credit_says_what_mends_it_and_nothing_is_lost(
    owner: Client, scored: Fleet, wrong: dict[str, str], mend: str
) -> None:
    answer = owner.post(f"/s/{scored.stores[US].key}/health/credit/", CREDIT | {"at": "2026-11-19T12:00"} | wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert mend in html
    assert 'value="Late dispatch"' in html
    assert not StoreFact.objects.filter(name=CREDIT_FACT, value__note="Late dispatch").exists()


def test_only_who_may_act_enters_credits(viewer: Client, outsider: Client, scored: Fleet) -> None:
    address = f"/s/{scored.stores[US].key}/health/credit/"
    assert viewer.post(address, CREDIT).status_code == 403
    assert outsider.post(address, CREDIT).status_code == 404
    assert viewer.get(address).status_code == 405


def test_a_store_that_nobody_looked_at_asks_for_it_and_one_without_a_score_says_so(owner: Client, scored: Fleet) -> None:
    unknown = shown(owner, f"/s/{scored.stores[3].key}/health/")
    assert "The score cannot be told." in unknown
    assert "sw-plot-past" not in unknown
    scored.stores[3].region = "CN"
    scored.stores[3].save()
    assert "the platform keeps none for this market" in shown(owner, f"/s/{scored.stores[3].key}/health/")
    assert "not kept" in shown(owner, "/health/?regime=none")


def test_what_was_lifted_and_what_has_no_number_is_said(owner: Client, scored: Fleet) -> None:
    store = scored.stores[5]
    points(store, NOW, (2, 20), original="8")
    PointsEntry.objects.filter(store=store).update(updated_at=NOW)
    said = text(shown(owner, f"/s/{store.key}/health/"))
    assert "Late dispatch (8 before the appeal) +2" in said


def test_the_group_is_compared_with_its_own(owner: Client, scored: Fleet) -> None:
    said = text(shown(owner, f"/s/{scored.stores[0].key}/health/"))
    assert "Middle of the group 2 1 store" in said
    assert "no other store counts like this" in text(shown(owner, f"/s/{scored.stores[US].key}/health/"))


def test_chinese_pages_say_the_same(owner: Client, scored: Fleet) -> None:
    owner.post("/me/language/", {"language": "zh-hans", "next": "/"})
    assert "22 / 48 分" in shown(owner, "/health/")
    said = text(shown(owner, f"/s/{scored.stores[0].key}/health/?items=late_dispatch_rate:7"))
    assert "每笔扣分 90 天后清除" in said
    assert "延迟发货率" in said
    assert "还可失误 1 次" in said


def test_a_stranger_sees_nothing_and_a_viewer_may_not_act(outsider: Client, viewer: Client, scored: Fleet) -> None:
    assert outsider.get(f"/s/{scored.stores[0].key}/health/").status_code == 404
    assert outsider.get(f"/g/{scored.stores[0].group_id}/health/").status_code == 404
    assert "Luna Home" not in shown(outsider, "/health/")
    assert Client().get("/health/").status_code == 302
    looked = shown(viewer, f"/s/{scored.stores[0].key}/health/")
    assert "Paste a notice" not in looked
    assert viewer.post("/health/").status_code == 405


def test_the_plot_stays_within_its_box(scored: Fleet) -> None:
    for line in board([store.pk for store in scored.stores], now=NOW, in_full=[store.pk for store in scored.stores]):
        if line.score is None or line.score.value is None:
            continue
        drawn = chart.chart_of(line.book, line.score, outlook(line.book, now=NOW), NOW, "en")
        assert drawn is not None
        places = (*drawn.lines, *drawn.steps, *drawn.told, *drawn.months)
        assert all(0 <= one.x <= 100 and 0 <= one.y <= 100 for one in places), line.store_id
        assert drawn.past.startswith("M0")
        assert 0 < drawn.now < 100
