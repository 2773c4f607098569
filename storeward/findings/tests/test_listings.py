"""Findings of listings: opened by words, rights, parts and prices, resolved when mended, and nothing judged twice."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storeward.canon import Listing, ListingContent, ListingStatus, Sku
from storeward.findings.evaluate import evaluate
from storeward.findings.listings import look_again
from storeward.findings.models import Finding, Transition
from storeward.findings.tests.factories import NOW, store, workspace
from storeward.lib.money import Money
from storeward.listings.models import Look, PricePoint, Standing
from storeward.listings.register import NewCost, NewRight, add_right, end_right, set_limits, take_costs
from storeward.policy.listing_check.shapes import Limits
from storeward.records import models as records
from storeward.stores.models import Store

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
FINE = ListingContent(description="A bowl of clay", images=2, brand="No Brand", weighed=True)


def listing(of: Store, number: int = 1, *, title: str = "Clay bowl", content: ListingContent | None = FINE, **told: Any) -> None:
    """Write a listing as a pull would: the row, and a change that names it."""
    record = Listing(
        **{
            "platform_listing_id": str(number),
            "title": title,
            "status": ListingStatus.LIVE,
            "content": content,
            "skus": (
                Sku(platform_sku_id=f"{number}-1", seller_sku=f"BOWL-{number}", price=Money(Decimal("20.00"), of.currency)),
            ),
        }
        | told
    )
    data = msgspec.json.decode(msgspec.json.encode(record, enc_hook=str))
    records.Listing.objects.update_or_create(
        store=of,
        platform_id=str(number),
        defaults={
            "workspace_id": of.workspace_id,
            "status": record.status.value,
            "observed_at": NOW,
            "digest": b"x",
            "data": data,
            "title": record.title,
            "live": record.status is ListingStatus.LIVE,
        },
    )
    records.Change.objects.create(store=of, kind="listing", platform_id=str(number), at=NOW)


def found(of: Store) -> dict[tuple[str, str], str]:
    """Listing and rule of what stands -> severity."""
    rows = Finding.objects.filter(store=of, subject_kind="listing", holds=True).order_by("subject_id", "rule")
    return {(row.subject_id, row.rule): row.severity for row in rows}


def test_a_listing_is_a_finding_until_it_is_mended_and_again_when_it_comes_back() -> None:
    shop = store(1)
    listing(shop, 1)
    listing(shop, 2, content=ListingContent(description="It cures acne. No refund!", images=0, weighed=True, brand=""))
    evaluate([shop.pk], now=NOW)
    assert found(shop) == {
        ("2", "TTS-SEA-FALSE-AD"): "critical",
        ("2", "SW-LISTING-TERMS"): "warning",  # the row of the platform is for Vietnam
        ("2", "SW-LISTING-MISSING"): "warning",
    }
    claims = Finding.objects.get(store=shop, rule="TTS-SEA-FALSE-AD")
    assert (claims.state, claims.item, claims.action) == ("breached", "INS-17", "fix_listing")
    assert claims.details["brief"] == {"en": "“cures acne”", "zh": "“cures acne”"}
    assert claims.details["why"]["en"].startswith("“cures acne” in the description: ")
    assert claims.details["why"]["zh"].startswith("描述含“cures acne”：")
    assert claims.details["hits"][0]["words"] == "cures acne"
    # a whole evaluation of the store leaves them alone
    evaluate([shop.pk], now=NOW + HOUR)
    assert len(found(shop)) == 3
    listing(shop, 2, title="Tall clay bowl")
    evaluate([shop.pk], now=NOW + 2 * HOUR)
    assert found(shop) == {}
    listing(shop, 2, title="Bowl that cures eczema")
    evaluate([shop.pk], now=NOW + 3 * HOUR)
    assert set(found(shop)) == {("2", "TTS-SEA-FALSE-AD")}
    kinds = Transition.objects.filter(finding=claims).order_by("at", "pk").values_list("kind", flat=True)
    assert list(kinds) == ["opened", "resolved", "reopened"]


@pytest.mark.parametrize(
    ("platform", "region", "rules"),
    [
        ("tiktok_shop", "VN", {"TTS-SEA-FALSE-AD", "TTS-SEA-UNFAIR-TERMS", "TTS-SEA-COMM-OFFPLATFORM", "TTS-SEA-IP-CHECK"}),
        ("tiktok_shop", "US", {"SW-LISTING-CLAIMS", "SW-LISTING-TERMS", "SW-LISTING-CONTACT", "SW-LISTING-BRAND"}),
        ("lazada", "MY", {"SW-LISTING-CLAIMS", "SW-LISTING-TERMS", "SW-LISTING-CONTACT", "SW-LISTING-BRAND"}),
    ],
)
def test_the_platforms_own_row_speaks_where_there_is_one(platform: str, region: str, rules: set[str]) -> None:
    shop = store(1, region, platform=platform)
    words = ListingContent(
        description="It cures acne. No refund! Write to a@b.example.org", images=1, weighed=True, brand="No Brand"
    )
    listing(shop, 1, title="Nike bowl", content=words)
    evaluate([shop.pk], now=NOW)
    assert {rule for _, rule in found(shop)} == rules


def test_only_what_buyers_see_is_a_finding() -> None:
    shop = store(1)
    bad = ListingContent(description="It cures acne", images=1, weighed=True)
    for number, status in enumerate(ListingStatus, start=1):
        listing(shop, number, content=bad, status=status, title=f"Bowl {number}")
    evaluate([shop.pk], now=NOW)
    shown = {row.platform_id: row.status for row in records.Listing.objects.all()}
    assert {shown[number] for number, _ in found(shop)} == {"live", "pending", "unknown"}
    listing(shop, 3, content=bad, status=ListingStatus.OFF_BY_SELLER, title="Bowl 3")
    evaluate([shop.pk], now=NOW + HOUR)
    assert "3" not in {number for number, _ in found(shop)}


def test_what_sells_all_day_is_not_judged_again() -> None:
    shop = store(1)
    listing(shop, 1)
    evaluate([shop.pk], now=NOW)
    sku = Sku(platform_sku_id="1-1", seller_sku="BOWL-1", price=Money(Decimal("20.00"), "MYR"), available=3)
    listing(shop, 1, skus=(sku,))
    evaluate([shop.pk], now=NOW + HOUR)
    assert Look.objects.get().looked_at == NOW
    assert PricePoint.objects.count() == 1


def test_a_right_on_file_settles_the_brand_and_its_end_brings_it_back() -> None:
    shop, other = store(1), store(2)
    for one in (shop, other):
        listing(one, 1, title="Nike socks")
    evaluate([shop.pk, other.pk], now=NOW)
    assert found(shop) == found(other) == {("1", "TTS-SEA-IP-CHECK"): "critical"}
    new = NewRight(brand="NIKE", kind="licence", store_ids=[shop.pk], valid_to=date(2026, 12, 1))
    right = add_right(shop.workspace_id, new, stores={shop.pk, other.pk}, by="Lead", now=NOW)
    evaluate([shop.pk, other.pk], now=NOW + HOUR)
    assert (found(shop), found(other)) == ({}, {("1", "TTS-SEA-IP-CHECK"): "critical"})
    # its last day is that of the market: in Kuala Lumpur the day after begins at 16:00 UTC
    late = NOW.replace(month=12, day=1, hour=15)
    evaluate([shop.pk], now=late)
    assert found(shop) == {}
    evaluate([shop.pk], now=late + 2 * HOUR)
    assert found(shop) == {("1", "TTS-SEA-IP-CHECK"): "critical"}
    end_right(right.pk, workspace_id=shop.workspace_id, by="Lead", now=late)
    evaluate([shop.pk], now=late + 3 * HOUR)
    assert len(found(shop)) == 1


def test_a_right_that_ends_is_told_ahead_and_when_it_has_ended_unless_another_follows() -> None:
    shop = store(1)
    stores = {shop.pk}

    def told() -> list[tuple[str, str, str]]:
        rows = Finding.objects.filter(rule="SW-RIGHT-ENDS", holds=True)
        return [(row.subject_kind, row.state, row.severity) for row in rows]

    ends = date(2026, 12, 31)
    add_right(shop.workspace_id, NewRight(brand="Luna", kind="own", valid_to=ends), stores=stores, by="Lead", now=NOW)
    evaluate([shop.pk], now=NOW - timedelta(days=30))
    assert told() == []
    evaluate([shop.pk], now=NOW)
    assert told() == [("right", "at_risk", "warning")]
    evaluate([shop.pk], now=NOW.replace(month=12, day=28))
    assert told() == [("right", "at_risk", "critical")]
    evaluate([shop.pk], now=NOW.replace(year=2027, month=1, day=2))
    assert told() == [("right", "breached", "critical")]
    finding = Finding.objects.get(rule="SW-RIGHT-ENDS")
    assert finding.due_at is not None
    assert finding.due_at.isoformat() == "2026-12-31T15:59:59+00:00"
    assert "Luna" in finding.details["why"]["zh"]
    follows = NewRight(brand="luna", kind="own", valid_from=date(2027, 1, 1))
    add_right(shop.workspace_id, follows, stores=stores, by="Lead", now=NOW)
    evaluate([shop.pk], now=NOW.replace(year=2027, month=1, day=2))
    assert told() == []


def test_prices_are_judged_by_the_teams_own_figures_and_the_stores_own_cost() -> None:
    shop, other = store(1), store(2)
    for one in (shop, other):
        listing(one, 1)
    team = shop.workspace_id
    costs = [
        NewCost(sku="BOWL-1", amount=Decimal(25), currency="MYR", valid_from=date(2026, 1, 1)),
        NewCost(sku="BOWL-1", amount=Decimal(10), currency="MYR", valid_from=date(2026, 1, 1), store_id=other.pk),
    ]
    assert take_costs(team, costs, by="Lead", now=NOW) == 2
    evaluate([shop.pk, other.pk], now=NOW)
    assert found(shop) == {}
    assert Look.objects.get(store=shop).unknown == {"price": "no_limit"}
    set_limits(team, Limits(least_of_cost=Decimal(100)), by="Lead", now=NOW)
    evaluate([shop.pk, other.pk], now=NOW + HOUR)
    assert (found(shop), found(other)) == ({("1", "SW-LISTING-PRICE"): "critical"}, {})
    assert "BOWL-1: 20.00 MYR is 80 % of its cost (25 MYR)" in Finding.objects.get(store=shop).details["why"]["en"]


def test_a_price_far_below_its_own_history_is_found_when_it_falls() -> None:
    shop = store(1)
    set_limits(shop.workspace_id, Limits(least_of_usual=Decimal(60), usual_days=30), by="Lead", now=NOW)
    listing(shop, 1)
    evaluate([shop.pk], now=NOW)

    def at(price: str, days: int) -> set[tuple[str, str]]:
        listing(shop, 1, skus=(Sku(platform_sku_id="1-1", price=Money(Decimal(price), "MYR")),))
        evaluate([shop.pk], now=NOW + timedelta(days=days))
        return set(found(shop))

    assert at("13.00", 10) == set()
    assert at("11.00", 11) == {("1", "SW-LISTING-PRICE")}
    assert at("19.00", 12) == set()
    points = PricePoint.objects.order_by("at").values_list("amount", flat=True)
    assert [int(amount) for amount in points] == [20, 13, 11, 19]


def test_the_same_listing_twice_is_told_of_the_second_and_ends_with_either() -> None:
    shop, other = store(1), store(2)
    for number in (7, 8, 10):
        listing(shop, number)
    listing(other, 9)
    listing(shop, 11, content=None)
    listing(shop, 12, content=None)
    evaluate([shop.pk, other.pk], now=NOW)
    assert found(shop) == {("8", "SW-LISTING-DUPLICATE"): "info", ("10", "SW-LISTING-DUPLICATE"): "info"}
    assert found(other) == {}
    assert Finding.objects.get(store=shop, subject_id="8").details["brief"]["en"] == "same as 7"
    listing(shop, 7, title="Tall clay bowl")  # the first changes: the other two are still the same
    evaluate([shop.pk], now=NOW + HOUR)
    assert set(found(shop)) == {("10", "SW-LISTING-DUPLICATE")}
    listing(shop, 10, status=ListingStatus.DELETED)
    evaluate([shop.pk], now=NOW + 2 * HOUR)
    assert found(shop) == {}


def test_stores_are_looked_through_again_only_where_what_they_are_judged_by_is_another() -> None:
    shop, foreign = store(1), store(1, space=workspace("other"))
    for one in (shop, foreign):
        for number in range(1, 4):
            listing(
                one, number, title=f"Bowl {number}", content=ListingContent(description="b", images=1, weighed=True, brand="Luna")
            )
    evaluate([shop.pk, foreign.pk], now=NOW)
    assert found(shop) == found(foreign) == {}
    assert Standing.objects.count() == 2
    add_right(shop.workspace_id, NewRight(brand="Sol", kind="own"), stores={shop.pk}, by="Lead", now=NOW)
    look_again([shop.pk, foreign.pk], now=NOW + HOUR)
    assert {number for number, _ in found(shop)} == {"1", "2", "3"}
    assert found(foreign) == {}
    assert set(Look.objects.values_list("store_id", "looked_at")) == {(shop.pk, NOW + HOUR), (foreign.pk, NOW)}


def test_what_is_wrong_is_hidden_while_the_store_is_not_seen_and_comes_back() -> None:
    shop = store(1, "US")
    listing(shop, 1, title="Bowl that cures acne")
    evaluate([shop.pk], now=NOW)

    def hidden(state: str, now: Any) -> bool:
        assert shop.connection is not None
        shop.connection.state = state
        shop.connection.save()
        evaluate([shop.pk], now=now)
        return Finding.objects.get(store=shop, rule="SW-LISTING-CLAIMS", holds=True).inhibited

    assert hidden("revoked", NOW + HOUR)
    assert not hidden("active", NOW + 2 * HOUR)


def test_the_number_of_queries_does_not_grow_with_the_listings() -> None:
    def queries(count: int, first: int, now: Any) -> int:
        for number in range(first, first + count):
            listing(shop, number, title=f"Nike {number}")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            evaluate([shop.pk], now=now)
        return len(caught)

    shop = store(1)
    evaluate([shop.pk], now=NOW)
    few = queries(2, 1, NOW + HOUR)
    assert queries(40, 100, NOW + 2 * HOUR) == few
