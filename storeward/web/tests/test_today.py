"""Today: ranked, grouped, honest about what it cannot tell."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storeward.findings.models import Finding
from storeward.lib import clock
from storeward.records.models import Stream
from storeward.stores.models import Store
from storeward.web import policy_urls, reads, recent, urls
from storeward.web.tests.conftest import NOW, signed_in
from storeward.web.tests.fleet import Fleet, build, finding, person, workspace


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def whats(html: str) -> list[str]:
    return re.findall(r'class="sw-what"[^>]*>([^<]+)<', html)


def test_findings_of_one_item_in_one_store_are_one_line(owner: Client) -> None:
    lines = [what for what in whats(owner.get("/").content.decode()) if what.startswith("14 orders")]
    assert len(lines) == 1


def test_the_line_that_costs_most_per_minute_comes_first(fleet: Fleet) -> None:
    scores = [group.headline.score for group in reads.groups([store.pk for store in fleet.stores])]
    assert scores == sorted(scores, reverse=True)


def test_stores_behind_one_dead_connection_are_one_line(owner: Client) -> None:
    page = text(owner.get("/").content.decode())
    assert "3 stores" in page
    assert page.count("Connection lost") == 1
    assert "cannot tell" in page


def test_unknown_is_never_shown_as_an_amount(owner: Client) -> None:
    html = owner.get("/").content.decode()
    unknown = html.split('aria-label="Unknown"')[1].split("</ol>")[0]
    assert "USD" not in unknown
    assert "sw-hatch" in unknown


def test_the_figure_of_the_navigation_equals_the_lines_of_the_page(owner: Client, fleet: Fleet) -> None:
    html = owner.get("/").content.decode()
    count = int(re.findall(r'data-go="t".*?sw-count[^>]*>(\d+)<', html, re.S)[0])
    assert count == len(re.findall(r'<li class="sw-line', html))


def test_exactly_one_button_is_filled(owner: Client) -> None:
    html = owner.get("/").content.decode()
    assert html.count("is-main") == 0  # the filled one is the step of the line in focus
    assert html.count(" is-on") == 1


def test_coverage_counts_fine_and_unknown_apart(owner: Client) -> None:
    page = text(owner.get("/").content.decode())
    fine, bad, unknown = (int(re.findall(rf"(\d+) {word}", page)[0]) for word in ("fine", "not in order", "unknown"))
    assert f"{fine + bad + unknown} checks in 16 stores" in page
    assert unknown > 0


def test_a_store_that_goes_stale_is_unknown_and_no_longer_fine(owner: Client, fleet: Fleet) -> None:
    def fine() -> int:
        return int(re.findall(r"(\d+) fine", text(owner.get("/").content.decode()))[0])

    before = fine()
    Stream.objects.filter(store=fleet.stores[13]).update(trusted_until=NOW)
    with clock.frozen(NOW + timedelta(seconds=recent.SECONDS)):
        assert fine() < before


def test_figures_of_the_whole_fleet_are_reckoned_once_in_a_quarter_of_a_minute(owner: Client) -> None:
    first, again = (queries(owner, "/") for _visit in range(2))
    assert again < first
    with clock.frozen(NOW + timedelta(seconds=recent.SECONDS)):
        assert queries(owner, "/") == first


def test_what_somebody_does_shows_at_once(owner: Client, colleague: Client, fleet: Fleet) -> None:
    def bad(client: Client) -> int:
        return int(re.findall(r"(\d+) not in order", text(client.get("/").content.decode()))[0])

    before = bad(owner), bad(colleague)
    colleague.post(f"/f/{fleet.findings['return'].pk}/resolve/", {"reason": "answered by phone"})
    assert (bad(owner), bad(colleague)) == (before[0] - 1, before[1] - 1)


def test_mine_leaves_what_i_have_taken(owner: Client, fleet: Fleet) -> None:
    assert "You have taken nothing." in owner.get("/?who=me").content.decode()
    owner.post(f"/f/{fleet.findings['return'].pk}/take/")
    assert whats(owner.get("/?who=me").content.decode()) == ["Answer a cancellation request within 24 hours"]


def test_a_group_and_a_store_are_scopes_of_the_address(owner: Client, fleet: Fleet) -> None:
    luna = fleet.stores[0]
    for address in (f"/g/{luna.group_id}/", f"/s/{luna.key}/today/"):
        html = owner.get(address).content.decode()
        assert "14 orders" in html
        assert "Pine Audio 2</span></span>\n<span class" not in html.split('id="sw-list"')[1]
    assert "sw-edge" in owner.get(f"/s/{luna.key}/today/").content.decode()


def test_more_lines_than_fit_are_folded_by_severity(owner: Client, fleet: Fleet) -> None:
    Finding.objects.bulk_create(
        Finding(
            workspace_id=store.workspace_id,
            store=store,
            rule="TTS-SEA-NRR",
            subject_kind="store",
            item="INS-12",
            state="at_risk",
            severity="warning",
            chance=0.35,
            loss_usd=6,
            minutes=30,
            score=0.07,
            opened_at=NOW,
            changed_at=NOW,
        )
        for store in fleet.stores[:8]
    )
    html = owner.get("/").content.decode()
    shown = html.split('class="sw-foldable"')[0]
    assert len(re.findall(r'<li class="sw-line', shown)) == 10
    (fold,) = re.findall(r'class="sw-foldable" id="sw-warning" href="([^"#]+)#sw-warning".*?<b>(\d+) more</b>', html)
    opened = owner.get(fold[0]).content.decode()
    assert len(re.findall(r'<li class="sw-line', opened)) == len(re.findall(r'<li class="sw-line', html)) + int(fold[1])
    assert 'aria-expanded="true"' in opened


def test_what_is_grave_is_never_folded_away_for_what_is_not(owner: Client, fleet: Fleet) -> None:
    Finding.objects.bulk_create(
        finding(store, "TTS-SEA-NRR", NOW, item="INS-12", severity="critical", cost=1, chance=0.3, minutes=30)
        for store in fleet.stores[:6]
    )
    shown, *folded = owner.get("/").content.decode().split('class="sw-foldable"')
    assert "is-critical" not in "".join(folded).split('class="sw-group"')[0]
    assert len(re.findall(r'<li class="sw-line.*?is-critical', shown, re.S)) >= 6
    assert len(re.findall(r'<li class="sw-line', shown)) == 10


def test_late_and_due_within_the_hour_are_counted_by_the_clock_that_the_line_shows(owner: Client, fleet: Fleet) -> None:
    def pressing() -> int:
        return int(re.findall(r"(\d+) late or due in 1 h", text(owner.get("/").content.decode()))[0])

    before = pressing()
    # a store whose first line is long past and whose last line is 40 h ahead counts down to the latter
    Finding.objects.bulk_create(
        [
            finding(fleet.stores[13], rule, NOW, item="INS-01", cost=cost, due=due)
            for rule, cost, due in (("TTS-SEA-INACT-60", 9000, 40), ("TTS-SEA-INACT-30", 100, -700))
        ]
    )
    assert pressing() == before


def test_money_at_risk_is_told_in_the_currency_of_the_team(owner: Client, fleet: Fleet) -> None:
    dollars = re.findall(r'class="sw-big">≈ ([\d,]+) USD<', owner.get("/").content.decode())
    fleet.workspace.currency = "CNY"
    fleet.workspace.save()
    html = owner.get("/").content.decode()
    (yuan,) = re.findall(r'class="sw-big">≈ ([\d,]+) CNY<', html)
    assert float(yuan.replace(",", "")) == pytest.approx(float(dollars[0].replace(",", "")) / 0.141, rel=0.02)
    assert "reckoned in USD, at the rates of 1 Nov 2026" in html
    assert " USD" not in html.split('id="sw-list"')[1].split('class="sw-hints"')[0]
    owner.post("/me/language/", {"language": "zh-hans"})
    assert re.search(r"约 [\d,]+ 元<", owner.get("/").content.decode())


def test_nothing_to_do_says_what_was_checked(db: None, client: Client) -> None:
    place = workspace("calm", NOW)
    Store.objects.create(
        workspace=place,
        key="tt-my-calm",
        platform="tiktok_shop",
        platform_store_id="1",
        name="Calm",
        region="MY",
        timezone="Asia/Kuala_Lumpur",
        currency="MYR",
        added_at=NOW,
    )
    page = text(signed_in(person("calm@example.com", "Calm", place)).get("/").content.decode())
    assert "Nothing needs you." in page
    assert "checks made." in page


def test_a_team_without_stores_is_told_how_to_begin(db: None) -> None:
    page = text(signed_in(person("new@example.com", "New", workspace("new", NOW))).get("/").content.decode())
    assert "Here you will see what runs out next." in page
    assert "no store connected" in page


def test_the_news_line_counts_what_came_up_since(owner: Client, fleet: Fleet) -> None:
    assert "new" not in owner.get(f"/news/?since={NOW.isoformat().replace('+', '%2B')}").content.decode()
    Finding.objects.filter(pk=fleet.findings["return"].pk).update(opened_at=NOW.replace(hour=5))
    assert "1 new" in owner.get(f"/news/?since={NOW.isoformat().replace('+', '%2B')}").content.decode()


@pytest.mark.parametrize("since", ["", "yesterday", "2026-13-45T99:99:99Z", "2026-11-20T00:00:00"])
def test_a_strange_since_is_taken_as_now(owner: Client, since: str) -> None:
    assert owner.get("/news/", {"since": since}).status_code == 200


def test_the_list_alone_is_drawn_for_htmx(owner: Client) -> None:
    html = owner.get("/", headers={"HX-Request": "true", "HX-Target": "sw-list"}).content.decode()
    assert "<html" not in html
    assert "14 orders" in html


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


PAGES = (
    "/",
    "/?who=me",
    "/?fold=warning",
    "/?open={finding}",
    "/news/?since=2026-11-20T00:00:00Z",
    "/deadlines/",
    "/deadlines/?day=2026-11-21",
    "/health/",
    "/listings/",
    "/g/{group}/health/",
    "/s/{store}/health/",
    "/s/{store}/health/?at=2026-11-01",
    "/stores/",
    "/stores/?view=list",
    "/stores/?state=fine",
    "/search/?q=sora",
    "/g/{group}/",
    "/g/{group}/deadlines/",
    "/g/{group}/stores/",
    "/s/{store}/",
    "/s/{store}/today/",
    "/s/{store}/deadlines/",
    "/f/{finding}/",
    "/connections/",
    "/connections/?state=fine",
    "/connections/?store={store}",
    "/connect/",
    "/connect/shopee/",
    "/connect/made/?of={connection}",
    "/bring/",
    "/bring/{upload}/",
    "/f/{finding}/why/",
    "/policy/",
    "/policy/rule/TTS-SEA-CANCELREQ-24H/",
    "/policy/changes/?from=2025-06-01",
    "/policy/versions/",
    "/policy/versions/new/",
    "/policy/news/",
    "/policy/check/",
)
"""Every page there is, with the forms of its address that show more or other rows."""


def address_of(page: str, fleet: Fleet) -> str:
    store = fleet.stores[0]
    named = {"group": store.group_id, "store": store.key, "connection": store.connection_id, "upload": fleet.upload.pk}
    return page.format(finding=fleet.findings["ship"].pk, **named)


def test_no_page_is_left_out_of_the_budget() -> None:
    drawn = {str(route.pattern) for route in urls.scoped} | {"", "search/", "f/<int:finding_id>/", "s/<slug:key>/"}
    drawn |= {"connections/", "connect/", "connect/shopee/", "connect/made/", "bring/"}
    drawn |= {f"policy/{route.pattern}" for route in policy_urls.urlpatterns if "<" not in str(route.pattern)}
    budgeted = {re.sub(r"^/(g/\{group\}/|s/\{store\}/(?=.))?", "", page.split("?")[0]) for page in PAGES}
    shown = {name.replace("f/<int:finding_id>/", "f/{finding}/").replace("s/<slug:key>/", "s/{store}/") for name in drawn}
    assert shown - {"s/{store}/"} <= budgeted


def test_twice_the_stores_cost_no_more_queries(db: None) -> None:
    small = build(NOW, size=40, slug="once", domain="once.example")
    large = build(NOW, size=80, slug="twice", domain="twice.example")
    one, two = signed_in(small.owner), signed_in(large.owner)
    for page in PAGES:
        cache.clear()
        few, many = queries(one, address_of(page, small)), queries(two, address_of(page, large))
        assert many == few <= 26, page
