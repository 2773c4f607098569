"""One store: clocks, freshness, what is typed in; and the pages of all stores."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from storeward.records.models import Change, PointsEntry, StoreEvent, StoreFact
from storeward.stores.models import Store
from storeward.web import reads
from storeward.web.store import inactivity
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet

AT = "2026-11-20T12:00"


def shown(client: Client, fleet: Fleet, number: int) -> str:
    return client.get(f"/s/{fleet.stores[number].key}/").content.decode()


def test_the_head_shows_state_and_group(owner: Client, fleet: Fleet) -> None:
    page = shown(owner, fleet, 0)
    assert "sw-badge is-warning" in page
    assert "group Luna Home" in page
    assert "sw-edge" in page


def test_the_strip_counts_down_to_the_earliest_order(owner: Client, fleet: Fleet) -> None:
    page = shown(owner, fleet, 0)
    assert "Ship-by, earliest" in page
    assert "14 orders · 14:02\u00a0MYT" in page


def owed(rule: str, hours: float, kind: str = "store") -> reads.Owed:
    return reads.Owed(rule, kind, 1, NOW + timedelta(hours=hours), NOW - timedelta(days=58))


IDLE = [owed("INT-INACT-DAILY-LOGIN", -1400), owed("TTS-SEA-INACT-30", -700), owed("TTS-SEA-INACT-60", 40)]


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        (IDLE, "TTS-SEA-INACT-60"),
        (IDLE[:2], "TTS-SEA-INACT-30"),
        (IDLE[:1], None),
        ([owed("TTS-SEA-SHIP-2WD", 2, "order")], None),
        ([], None),
    ],
)
def test_inactivity_counts_down_to_the_platforms_next_line_not_to_our_routine(known: list[reads.Owed], rule: str | None) -> None:
    found = inactivity(known, NOW)
    assert (found.rule if found else None) == rule


def test_a_balance_that_was_never_told_is_a_question_mark(owner: Client, fleet: Fleet) -> None:
    assert re.search(r"Balance</h2><b[^>]*>\?</b>", shown(owner, fleet, 0))


def test_a_failing_feed_says_since_when_and_why(owner: Client, fleet: Fleet) -> None:
    page = shown(owner, fleet, 9)
    assert "fails for 5 h: The access token is no longer accepted" in page
    assert "past its limit" in page


def test_a_lost_authorisation_stands_in_the_strip(owner: Client, fleet: Fleet) -> None:
    assert re.search(r"Authorisation</h2><b[^>]*>lost</b>", shown(owner, fleet, 9))


def test_a_store_that_was_never_connected_is_unknown_everywhere(owner: Client, fleet: Fleet) -> None:
    page = shown(owner, fleet, 12)
    assert "never connected" in page
    assert "sw-badge is-unknown" in page
    assert 'class="is-fine"' not in page


def test_records_that_could_not_be_read_are_shown(owner: Client, fleet: Fleet) -> None:
    page = shown(owner, fleet, 0)
    assert "Records that could not be read" in page
    assert "payment.total_amount" in page


def test_each_market_has_its_own_forms(owner: Client, fleet: Fleet) -> None:
    asian, american = shown(owner, fleet, 0), shown(owner, fleet, 8)
    assert "enter/points/" in asian
    assert "enter/ahr/" not in asian
    assert "enter/ahr/" in american
    assert "168 / 1000" in american
    assert "typed · Operations Lead" in american


def test_a_typed_rating_is_kept_with_its_origin_and_wakes_the_rules(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[8]
    answer = owner.post(f"/s/{store.key}/enter/ahr/", {"score": "199", "at": "2026-11-19T10:00"})
    assert answer.status_code == 302
    fact = StoreFact.objects.filter(store=store, name="ahr").latest("as_of")
    assert (fact.value, fact.origin, fact.entered_by) == ({"score": "199"}, "form", "Operations Lead")
    assert fact.as_of.isoformat() == "2026-11-19T18:00:00+00:00"
    assert Change.objects.filter(store=store).exists()


def test_typed_points_a_login_and_two_step_are_kept(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[0]
    owner.post(f"/s/{store.key}/enter/points/", {"number": "V-1", "points": "6", "at": AT})
    owner.post(f"/s/{store.key}/enter/login/", {"at": AT})
    owner.post(f"/s/{store.key}/enter/two_step/", {"value": "on", "at": AT})
    assert PointsEntry.objects.get(store=store).points == 6
    assert StoreEvent.objects.get(store=store, type="login").origin == "form"
    assert StoreFact.objects.get(store=store, name="two_step_verification").value is True
    page = shown(owner, fleet, 0)
    assert "6 of 48" in page


OFFERED_NOWHERE: dict[str, list[tuple[str, dict[str, str], str, Any, str]]] = {
    "tiktok_shop": [
        ("frozen", {"value": "on"}, "withdrawal_frozen", True, "on"),
    ],
    "lazada": [
        ("total", {"total": "12.5"}, "non_compliance_points", {"total": "12.5"}, "12.5"),
    ],
    "douyin": [
        ("settlement", {"state": "normal", "since": AT}, "settlement", {"state": "normal"}, "as usual"),
        ("certification", {"licence_valid": "yes", "fee_paid": "no"}, "certification",
         {"licence_valid": True, "fee_paid": False, "tax_papers_valid": None, "account_in_good_standing": None,
          "names_match": None, "contact_correct": None}, "something is wrong"),
    ],
    "shopee": [],
}  # fmt: skip
"""What a platform does not tell and its rules ask for: form, what is typed, the fact, and what the page says of it."""


@pytest.mark.parametrize("platform", sorted(OFFERED_NOWHERE))
def test_what_a_platform_does_not_tell_is_typed_in_the_shape_its_rules_ask_for(
    owner: Client, fleet: Fleet, platform: str
) -> None:
    store = fleet.stores[0]
    Store.objects.filter(pk=store.pk).update(platform=platform, **({"region": "CN"} if platform == "douyin" else {}))
    for form, typed, name, value, said in OFFERED_NOWHERE[platform]:
        assert owner.post(f"/s/{store.key}/enter/{form}/", typed | {"at": AT}).status_code == 302
        fact = StoreFact.objects.filter(store=store, name=name).latest("as_of")
        assert (fact.value, fact.origin) == (value, "form")
        assert said in owner.get(f"/s/{store.key}/").content.decode().split('id="enter"')[1]
    assert owner.get(f"/s/{store.key}/").status_code == 200
    others = {form for rows in OFFERED_NOWHERE.values() for form, *_ in rows} - {form for form, *_ in OFFERED_NOWHERE[platform]}
    for form in others:
        assert owner.post(f"/s/{store.key}/enter/{form}/", {"at": AT}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"state": "gone"}, "Choose one of the states."),
        ({"state": "frozen", "since": "someday"}, "Give day and time since when"),
        ({"state": "frozen", "since": "2026-11-20T12:10"}, "Give day and time since when"),
    ],
)
def test_a_settlement_that_cannot_be_is_told(owner: Client, fleet: Fleet, typed: dict[str, str], says: str) -> None:
    store = fleet.stores[0]
    Store.objects.filter(pk=store.pk).update(platform="douyin", region="CN")
    answer = owner.post(f"/s/{store.key}/enter/settlement/", typed | {"at": AT})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    frozen = typed | {"state": "frozen", "since": "2026-11-18T00:00", "at": AT}
    assert owner.post(f"/s/{store.key}/enter/settlement/", frozen).status_code == 302
    value: Any = StoreFact.objects.get(store=store, name="settlement").value
    assert value == {"state": "frozen", "since": "2026-11-17T16:00:00+00:00"}


@pytest.mark.parametrize(
    ("form", "typed", "mend"),
    [
        ("ahr", {"score": "many", "at": AT}, "Give the rating as a number from 0 to 1000."),
        ("ahr", {"score": "1001", "at": AT}, "Give the rating as a number from 0 to 1000."),
        ("ahr", {"score": "150", "at": "soon"}, "Give day and time"),
        ("ahr", {"score": "150", "at": "2030-01-01T00:00"}, "it cannot lie in the future"),
        ("login", {"at": ""}, "Give day and time"),
        ("login", {}, "Give day and time"),
    ],
)
def test_a_wrong_entry_names_the_mend_and_keeps_what_was_typed(
    owner: Client, fleet: Fleet, form: str, typed: dict[str, str], mend: str
) -> None:
    answer = owner.post(f"/s/{fleet.stores[8].key}/enter/{form}/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert mend in page
    assert "<details open>" in page
    assert all(f'value="{value}"' in page for value in typed.values())


def test_a_violation_needs_its_number(owner: Client, fleet: Fleet) -> None:
    answer = owner.post(f"/s/{fleet.stores[0].key}/enter/points/", {"number": " ", "points": "6", "at": AT})
    assert "Give the number that Seller Center shows." in answer.content.decode()
    assert not PointsEntry.objects.exists()


def test_only_what_the_market_lacks_can_be_entered(owner: Client, viewer: Client, outsider: Client, fleet: Fleet) -> None:
    key = fleet.stores[0].key
    assert owner.post(f"/s/{key}/enter/ahr/", {"score": "1", "at": AT}).status_code == 404
    assert owner.post(f"/s/{key}/enter/password/", {}).status_code == 404
    assert viewer.post(f"/s/{key}/enter/login/", {"at": AT}).status_code == 403
    assert outsider.post(f"/s/{key}/enter/login/", {"at": AT}).status_code == 404
    assert owner.get(f"/s/{key}/enter/login/").status_code == 405


def rows(html: str) -> list[str]:
    return re.findall(r'<th scope="row">.*?sw-tag-name"[^>]*>([^<]+)<', html, re.S)


def states(html: str) -> list[str]:
    return re.findall(r'class="sw-matrix-state"><span class="sw-sev is-(\w+)"', html)


def cells(html: str) -> list[str]:
    """The cells of the matrix, without state and age."""
    rows = html.split('class="sw-matrix"')[1].split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    return [cell for row in rows for cell in re.findall(r"<td[^>]*>.*?</td>", row, re.S)[1:-1]]


def look_of(cell: str) -> str:
    found = re.match(r'<td class="is-(fatal|critical|warning|info|unknown|none)', cell)
    return found[1] if found else "fine"


def test_the_matrix_is_worst_first_then_unknown_then_fine(owner: Client) -> None:
    order = ["fatal", "critical", "warning", "unknown", "fine"]
    found = states(owner.get("/stores/").content.decode())
    assert found == sorted(found, key=order.index)
    assert {"warning", "unknown", "fine"} <= set(found)


def test_the_matrix_has_a_cell_for_every_store_and_item(owner: Client, fleet: Fleet) -> None:
    html = owner.get("/stores/").content.decode()
    columns = len(re.findall(r'<th scope="col" title=', html))
    assert len(cells(html)) == columns * len(fleet.stores)


def test_the_legend_counts_what_the_matrix_shows(owner: Client) -> None:
    html = owner.get("/stores/").content.decode()
    for look in ("warning", "critical", "unknown", "fine"):
        legend = int(re.findall(rf"{look} (\d+)<", html.split('class="sw-legend"')[1])[0])
        assert legend == Counter(look_of(cell) for cell in cells(html))[look], look


def test_every_chip_opens_as_many_stores_as_it_says(owner: Client) -> None:
    html = owner.get("/stores/").content.decode()
    chips = re.findall(r'class="sw-chip" href="(\?[^"]+)"[^>]*>[^<]+<b>(\d+)</b>', html)
    assert len(chips) > 5
    for href, count in chips:
        assert len(rows(owner.get(f"/stores/{href.replace('&amp;', '&')}").content.decode())) == int(count), href


def test_filters_without_a_hit_offer_the_way_out(owner: Client) -> None:
    assert "Remove the filters" in owner.get("/stores/?state=fine&region=ZZ").content.decode()


def test_a_dead_store_has_no_fine_cell(owner: Client) -> None:
    html = owner.get("/stores/").content.decode().split("<tbody>")[1]
    row = next(row for row in html.split("<tr>") if "Cedar Living 1" in row)
    assert "<i>fine</i>" not in row
    assert "is-unknown" in row


def test_a_cell_with_a_finding_opens_it(owner: Client, fleet: Fleet) -> None:
    html = owner.get("/stores/").content.decode().split("<tbody>")[1]
    row = next(row for row in html.split("<tr>") if "Luna Home 3" in row)
    assert re.search(r'is-critical[^>]*><a href="/f/\d+/"', row)


def test_search_finds_a_store_and_an_order(owner: Client, fleet: Fleet) -> None:
    assert owner.get("/search/?q=pine audio").headers["Location"] == f"/s/{fleet.stores[2].key}/"
    assert owner.get("/search/?q=禾木").status_code == 302
    order = owner.get("/search/?q=576465000000000000")
    assert order.headers["Location"] == f"/f/{fleet.findings['ship'].pk}/?only=1"
    assert "Nothing found." in owner.get("/search/?q=nothing-like-it").content.decode()
    assert "Type the name" in owner.get("/search/?q=").content.decode()


def test_search_finds_nothing_of_others(outsider: Client) -> None:
    assert "Nothing found." in outsider.get("/search/?q=luna").content.decode()
    assert "Nothing found." in outsider.get("/search/?q=576465000000000000").content.decode()
