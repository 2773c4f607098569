"""Who sees what: a stranger is sent to the sign-in, a member of another workspace is told that nothing is there."""

import re
from collections.abc import Iterable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from storeward.findings.models import Finding
from storeward.web import urls
from storeward.web.tests.fleet import Fleet
from storeward.web.tests.policy_fleet import with_policy

LISTS = (
    "/",
    "/deadlines/",
    "/health/",
    "/stores/",
    "/stores/?view=list",
    "/search/?q=luna",
    "/news/?since=2026-11-20T00:00:00Z",
    "/connections/",
    "/connect/",
    "/bring/",
    "/notices/",
    "/policy/",
    "/policy/rule/TTS-SEA-CANCELREQ-24H/",
    "/policy/changes/",
    "/policy/versions/",
    "/policy/versions/new/",
    "/policy/news/",
    "/policy/check/",
)


def of_the_fleet(fleet: Fleet) -> list[str]:
    key, group, finding = fleet.stores[0].key, fleet.stores[0].group_id, fleet.findings["ship"].pk
    return [
        f"/s/{key}/",
        f"/s/{key}/today/",
        f"/s/{key}/deadlines/",
        f"/s/{key}/health/",
        f"/s/{key}/news/",
        f"/s/{key}/stores/",
        f"/g/{group}/news/",
        f"/g/{group}/",
        f"/g/{group}/deadlines/",
        f"/g/{group}/health/",
        f"/g/{group}/stores/",
        f"/f/{finding}/",
        f"/bring/{fleet.upload.pk}/",
        f"/notices/{fleet.notice.pk}/",
        f"/connect/made/?of={fleet.stores[0].connection_id}",
    ]


@pytest.mark.parametrize("address", LISTS)
def test_a_member_sees_every_list(owner: Client, colleague: Client, viewer: Client, address: str) -> None:
    assert [client.get(address).status_code for client in (owner, colleague, viewer)] in ([200] * 3, [302] * 3)


def test_a_member_sees_what_belongs_to_the_team(fleet: Fleet, owner: Client, colleague: Client) -> None:
    for address in of_the_fleet(fleet):
        assert owner.get(address).status_code == 200, address
        assert colleague.get(address).status_code == 200, address


def test_a_stranger_is_sent_to_the_sign_in(fleet: Fleet) -> None:
    for address in [*LISTS, *of_the_fleet(fleet)]:
        answer = Client().get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/sign-in/?next="), address


OPEN = {"sign-in/", "sign-out/", "me/language/", "me/theme/"}
"""What is there before somebody has signed in: it shows and changes nothing of a team."""

OF_NOBODY = ("<slug:platform>", "<slug:sheet>", "<slug:ending>", "<slug:rule>")
"""Parts of addresses that name nothing of a team: platforms, rules and kinds of tables are the same for everybody."""


def addresses(patterns: Iterable[object], before: str = "") -> Iterator[str]:
    """Every address of the pages, as the router has them."""
    for one in patterns:
        route = before + str(getattr(one, "pattern", ""))
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def test_no_address_at_all_answers_a_stranger_or_another_team(fleet: Fleet, outsider: Client) -> None:
    store, finding = fleet.stores[0], fleet.findings["ship"]
    held, kept = fleet.stores[0].connection, with_policy(fleet)
    assert held is not None
    named = {
        "<slug:key>": store.key,
        "<int:group>": str(store.group_id),
        "<int:finding_id>": str(finding.pk),
        "<slug:name>": "login",
        "<int:app_id>": str(held.app_id),
        "<int:connection_id>": str(held.pk),
        "<int:upload_id>": str(fleet.upload.pk),
        "<int:notice_id>": str(fleet.notice.pk),
        "<slug:sheet>": "orders",
        "<slug:ending>": "csv",
        "<slug:platform>": "shopee",
        "<slug:rule>": "TTS-SEA-CANCELREQ-24H",
        "<int:version_id>": str(kept.draft.pk),
        "<int:announcement_id>": str(kept.announcement.pk),
        "<int:task_id>": str(kept.task.pk),
    }
    found = [route for route in addresses(urls.urlpatterns) if route not in OPEN]
    assert len(found) > 20
    for route in found:
        address = "/" + route
        for name, value in named.items():
            address = address.replace(name, value)
        assert {Client().get(address).status_code, Client().post(address).status_code} in ({302}, {302, 405}), route
        if re.sub("|".join(OF_NOBODY), "", route).count("<"):
            assert {outsider.get(address).status_code, outsider.post(address).status_code} in ({404}, {404, 405}), route


def test_missing_and_forbidden_are_told_apart_by_nobody(fleet: Fleet, outsider: Client, owner: Client) -> None:
    for address in of_the_fleet(fleet):
        assert outsider.get(address).status_code == 404, address
    for address in (
        "/s/no-such-store/",
        "/g/999999/",
        "/f/999999/",
        f"/f/{fleet.foreign_finding.pk}/",
        f"/s/{fleet.foreign.key}/",
    ):
        assert owner.get(address).status_code == 404, address


def test_an_outsiders_lists_hold_nothing_of_ours(outsider: Client, fleet: Fleet) -> None:
    for address in ("/", "/deadlines/", "/stores/", "/stores/?view=list"):
        page = outsider.get(address).content.decode()
        assert "Luna Home" not in page, address
        assert "Mori Kids" not in page, address


def test_a_finding_of_another_team_does_not_open_over_our_list(owner: Client, fleet: Fleet) -> None:
    page = owner.get(f"/?open={fleet.foreign_finding.pk}")
    assert page.status_code == 200
    assert "data-finding=" not in page.content.decode().split('id="sw-panel"')[1]


@pytest.mark.parametrize("deed", ["take", "give-back", "snooze", "resolve", "reopen"])
def test_nobody_acts_on_another_teams_finding(outsider: Client, fleet: Fleet, deed: str) -> None:
    pk = fleet.findings["ship"].pk
    assert outsider.post(f"/f/{pk}/{deed}/", {"until": "1h", "reason": "no"}).status_code == 404
    assert Finding.objects.get(pk=pk).status == "open"


@pytest.mark.parametrize("deed", ["take", "snooze", "resolve"])
def test_a_viewer_looks_and_does_not_act(viewer: Client, fleet: Fleet, deed: str) -> None:
    pk = fleet.findings["ship"].pk
    assert viewer.post(f"/f/{pk}/{deed}/", {"until": "1h", "reason": "no"}).status_code == 403
    assert Finding.objects.get(pk=pk).status == "open"
    assert "Ask the owner for the right" in viewer.get(f"/f/{pk}/").content.decode()


def test_acts_are_never_done_by_a_get(owner: Client, fleet: Fleet) -> None:
    for deed in ("take", "give-back", "snooze", "resolve", "reopen"):
        assert owner.get(f"/f/{fleet.findings['ship'].pk}/{deed}/").status_code == 405


def test_pages_are_not_kept_by_caches_on_the_way(owner: Client) -> None:
    assert "no-store" in owner.get("/").headers["Cache-Control"]
