"""Listings and the register by page: words marked, links to findings, forms and files, and nothing of another team."""

import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storeward.canon import Listing, ListingContent, ListingStatus, Sku
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding
from storeward.lib.money import Money
from storeward.listings.models import Cost, Right
from storeward.listings.register import NewRight, add_right, register_of
from storeward.records import models as records
from storeward.stores.models import Store
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet

HOME, OTHER = 4, 0
"""Luna Home 1 in Malaysia, and another store of the team."""


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def listing(of: Store, number: int, *, title: str = "Clay bowl", **told: Any) -> None:
    """A listing as a pull would write it."""
    page: dict[str, Any] = {"description": f"A bowl {number}", "images": 1, "weighed": True, "brand": "No Brand"} | told
    sku = Sku(platform_sku_id=f"{number}-1", seller_sku=f"BOWL-{number}", price=Money(Decimal(20), of.currency))
    record = Listing(
        platform_listing_id=str(number),
        title=title,
        status=ListingStatus.LIVE,
        content=ListingContent(**page),
        skus=(sku,),
    )
    records.Listing.objects.update_or_create(
        store=of,
        platform_id=str(number),
        defaults={
            "workspace_id": of.workspace_id,
            "status": "live",
            "observed_at": NOW,
            "digest": b"x",
            "data": msgspec.json.decode(msgspec.json.encode(record, enc_hook=str)),
            "title": title,
            "live": True,
        },
    )
    records.Change.objects.create(store=of, kind="listing", platform_id=str(number), at=NOW)


def troubled(fleet: Fleet) -> Store:
    """Two listings with troubles in one store, a fine one in another."""
    store, other = fleet.stores[HOME], fleet.stores[OTHER]
    listing(store, 901, title="Nike bowl", description="<p>It <b>cures acne</b> &amp; more</p>")
    listing(store, 902, description="Call us: 012-345 6789. <script>alert(1)</script>", brand="Luna")
    listing(other, 903)
    evaluate([store.pk, other.pk], now=NOW)
    return store


def test_words_are_marked_with_their_place_what_mends_them_and_the_finding(owner: Client, fleet: Fleet) -> None:
    store = troubled(fleet)
    page = html(owner, "/listings/")
    assert "3 looked at" in page
    assert 'It <mark>cures acne</mark> &amp; more</q> <small class="sw-dim">in the description</small>' in page
    assert "<mark>Nike</mark> bowl" in page
    assert "Call us: 012-345 6789" in page
    assert "<script>alert" not in page.split("<main")[1]
    claims = Finding.objects.get(store=store, subject_id="901", rule="TTS-SEA-FALSE-AD")
    assert f'href="/f/{claims.pk}/">Claims</a>' in page
    assert "The brand of 1 listing: no right is on file." in page
    assert "The prices of 3 listings: the team has set no figure." in page
    chips = {name: int(count) for name, count in re.findall(r'class="sw-chip"[^>]*>([^<]+) <b>(\d+)</b>', page.split("<main")[1])}
    assert chips == {"All": 2, "Claims": 1, "Contact details": 1, "Brand without a right": 1}
    only = html(owner, "/listings/?form=contact").split("<main")[1]
    assert "902" in only
    assert "901" not in only
    assert "No listing has this kind of trouble." in html(owner, "/listings/?form=price")
    assert "Nothing wrong was found." in html(owner, f"/s/{fleet.stores[OTHER].key}/listings/")
    assert "No listing was looked at yet." in html(owner, f"/s/{fleet.stores[2].key}/listings/")
    finding = html(owner, f"/f/{claims.pk}/")
    assert "“cures acne” in the description" in finding
    assert "Listing 901" in finding.replace("\n", " ") or "901" in finding


def test_the_page_speaks_chinese(owner: Client, fleet: Fleet) -> None:
    troubled(fleet)
    owner.post("/me/language/", {"language": "zh-hans", "next": "/"})
    page = owner.get("/listings/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "宣称能治疗或预防疾病。" in page
    assert "in the description" not in page
    assert "No right is on file." not in owner.get("/register/", headers={"accept-language": "zh-CN"}).content.decode()


def test_many_listings_are_paged_and_cost_no_more_queries(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[HOME]

    def queries(address: str) -> int:
        html(owner, address)
        with CaptureQueriesContext(connection) as caught:
            html(owner, address)
        return len(caught)

    listing(store, 901, description="It cures acne")
    evaluate([store.pk], now=NOW)
    few = queries("/listings/")
    for number in range(902, 962):
        listing(store, number, title=f"Bowl {number}", description=f"It cures acne {number}")
    evaluate([store.pk], now=NOW)
    assert queries("/listings/") == few
    page = html(owner, "/listings/").split("<main")[1]
    assert page.count("<mark>cures acne</mark>") == 50
    assert html(owner, "/listings/?form=claims&page=2").split("<main")[1].count("<mark>cures acne</mark>") == 11
    assert html(owner, "/listings/?page=99&form=nonsense").count("<mark>cures acne</mark>") == 11


# -- the register --------------------------------------------------------------------------------------------------------------


def test_a_right_is_put_on_file_and_taken_off(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[HOME]
    form = {
        "deed": "right",
        "brand": "Nike",
        "kind": "letter",
        "stores": store.key,
        "markets": "my, th",
        "valid_to": "2026-12-01",
    }
    assert owner.post("/register/", form).status_code == 302
    right = Right.objects.get()
    assert (right.brand, right.store_ids, right.markets, right.by) == ("Nike", [store.pk], ["MY", "TH"], "Operations Lead")
    page = html(owner, "/register/")
    assert "The right to Nike is on file." in page
    assert f"{store.name} · MY · TH" in page
    assert 'class="sw-sev is-warning"' in page.split('id="rights"')[1].split("</section>")[0]
    assert page.count("is-main") == 1
    assert owner.post("/register/", {"deed": "end", "right": right.pk}).status_code == 302
    assert Right.objects.get().ended_by == "Operations Lead"
    assert owner.post("/register/", {"deed": "end", "right": right.pk}).status_code == 404


WRONG: list[tuple[dict[str, str], str]] = [
    ({"deed": "right", "brand": " ", "kind": "own"}, "Name the brand."),
    ({"deed": "right", "brand": "A", "kind": "own", "valid_to": "soon"}, "write it like 2026-11-30"),
    ({"deed": "right", "brand": "A", "kind": "own", "stores": "elsewhere"}, "Choose stores of this team."),
    ({"deed": "right", "brand": "A", "kind": "own", "document": "javascript:1"}, "beginning with https://"),
    ({"deed": "cost", "sku": "A", "cost": "much", "currency": "MYR"}, "A cost is zero or more"),
    ({"deed": "cost", "sku": "A", "cost": "", "currency": "MYR"}, "A cost is zero or more"),
    ({"deed": "cost", "sku": "A", "cost": "1", "currency": "ringgit"}, "three letters of the currency"),
    ({"deed": "cost", "sku": "A", "cost": "1", "currency": "MYR", "store": "elsewhere"}, "Choose a store of this team."),
    ({"deed": "costs_file"}, "whose first line names the columns"),
    ({"deed": "limits", "least_of_cost": "0"}, "above 0 and below 1000"),
    ({"deed": "limits", "least_of_usual": "60"}, "the share of the usual price and the days together"),
    ({"deed": "limits", "usual_days": "x"}, "the share of the usual price and the days together"),
]


def test_a_mistake_is_told_beside_its_form_and_keeps_what_was_typed(owner: Client, fleet: Fleet) -> None:
    for form, says in WRONG:
        answer = owner.post("/register/", form)
        page = answer.content.decode()
        assert answer.status_code == 422, form
        assert says in page, form
    assert 'value="ringgit"' in owner.post("/register/", WRONG[6][0]).content.decode()
    assert not Right.objects.exists()
    assert not Cost.objects.exists()
    assert owner.post("/register/", {"deed": "nothing"}).status_code == 404


def test_costs_come_by_form_and_by_file_and_the_figures_count(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[HOME]
    owner.post("/register/", {"deed": "cost", "sku": "BOWL-901", "cost": "25.50", "currency": "myr", "store": store.key})
    text = f"sku,cost,currency,store\nBOWL-902,30,{store.currency},\nBOWL-903,x,MYR,\n"
    answer = owner.post("/register/", {"deed": "costs_file", "file": SimpleUploadedFile("costs.csv", text.encode())})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 cost is new or different." in page
    assert "line 3, <b>cost</b>" in page
    assert {(cost.sku, int(cost.amount), cost.store_id) for cost in Cost.objects.all()} == {
        ("BOWL-901", 25, store.pk),
        ("BOWL-902", 30, None),
    }
    limits = {
        "deed": "limits",
        "least_of_cost": "90",
        "least_of_usual": "60",
        "usual_days": "30",
        "also_demanded": ["size_chart"],
    }
    assert owner.post("/register/", limits).status_code == 302
    page = html(owner, "/register/?sku=902")
    assert 'name="least_of_cost" inputmode="decimal" value="90"' in page
    assert 'value="size_chart" checked' in page
    assert "BOWL-902" in page
    assert "BOWL-901" not in page
    listing(store, 901)
    evaluate([store.pk], now=NOW)
    assert Finding.objects.filter(store=store, subject_id="901", rule="SW-LISTING-PRICE", holds=True).exists()
    assert "BOWL-901: 20 MYR is 78 % of its cost (25.5 MYR)" in html(owner, "/listings/")


def test_rights_come_by_file(owner: Client, fleet: Fleet) -> None:
    text = "brand,kind,valid_to\nLuna,own,\nNike,friend,\n"
    answer = owner.post("/register/", {"deed": "rights_file", "file": SimpleUploadedFile("rights.csv", text.encode())})
    assert "1 right taken over." in answer.content.decode()
    assert "line 3, <b>kind</b>" in answer.content.decode()
    assert [right.brand for right in Right.objects.all()] == ["Luna"]


def test_who_may_not_connect_stores_may_look_only(viewer: Client, fleet: Fleet) -> None:
    page = html(viewer, "/register/")
    assert "You may look, not act." in page
    assert "Put on file" not in page
    assert viewer.post("/register/", {"deed": "right", "brand": "A", "kind": "own"}).status_code == 403


def test_nothing_of_another_team_is_seen_or_changed(outsider: Client, owner: Client, fleet: Fleet) -> None:
    store = troubled(fleet)
    right = add_right(store.workspace_id, NewRight(brand="Secretmark", kind="own"), stores=set(), by="Lead", now=NOW)
    for address in ("/listings/", "/register/"):
        page = html(outsider, address)
        assert "Secretmark" not in page
        assert "Nike" not in page
    assert outsider.get(f"/s/{store.key}/listings/").status_code == 404
    assert outsider.post("/register/", {"deed": "end", "right": right.pk}).status_code in (403, 404)
    refused = outsider.post("/register/", {"deed": "right", "brand": "A", "kind": "own", "stores": store.key})
    assert refused.status_code in (403, 422)
    outsider.post("/register/", {"deed": "right", "brand": "A", "kind": "own", "team": store.workspace_id})
    assert [held.right.brand for held in register_of(store.workspace_id).rights] == ["Secretmark"]


@pytest.mark.parametrize("address", ["/listings/", "/register/"])
def test_a_stranger_signs_in_first(address: str, db: None) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")
