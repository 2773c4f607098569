"""The matrix: a cell is fine only where everything that could speak against it was heard."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding
from storeward.findings.tests.factories import (
    NOW,
    STREAMS,
    activity,
    balance,
    fact,
    listing,
    order,
    points,
    request,
    store,
    streams,
)
from storeward.policy.types import Severity, State
from storeward.records.models import Metric, Stream
from storeward.rounds.matrix import Cell, Matrix, figure, matrix
from storeward.rounds.models import Round
from storeward.rounds.rounds import run_round
from storeward.rounds.status import StoreStatus, status_of
from storeward.stores.models import Connection, Store

pytestmark = pytest.mark.django_db


def looked(*shops: Store, after: timedelta = timedelta(0)) -> Matrix:
    evaluate([shop.pk for shop in shops], now=NOW + after)
    return matrix([shop.pk for shop in shops], now=NOW + after)


def cell(shop: Store, item: str, after: timedelta = timedelta(0)) -> Cell:
    return looked(shop, after=after).cell(shop.pk, item)


def test_every_store_has_every_item_and_nothing_is_skipped() -> None:
    shops = [store(1), store(2, region="US"), store(3, connected=False)]
    seen = looked(*shops)
    assert set(seen.cells) == set(itertools.product((shop.pk for shop in shops), (item.id for item in seen.items)))
    assert [line.key for line in seen.stores] == sorted(shop.key for shop in shops)


def test_no_orders_waiting_is_fine_where_orders_are_seen() -> None:
    told = cell(store(), "INS-03")
    assert (told.state, told.severity, told.findings, told.as_of) == (State.OK, None, 0, NOW)


def test_findings_make_the_cell() -> None:
    shop = store()
    for number in range(3):
        order(shop, str(number), placed_at=NOW - timedelta(days=6))
    told = cell(shop, "INS-03")
    assert (told.state, told.severity) == (State.BREACHED, Severity.CRITICAL)
    assert told.findings == 6, "each of three orders misses two clocks"


@pytest.mark.parametrize("kept", [names for n in range(len(STREAMS)) for names in itertools.combinations(STREAMS, n)][::7])
def test_unknown_never_becomes_fine_whatever_is_missing(kept: tuple[str, ...]) -> None:
    """With any set of feeds past its trust: what needs one of them is unknown, and nothing turns fine by it."""
    shop = store()
    activity(shop, NOW - timedelta(hours=1))
    balance(shop, "900.00")
    whole = looked(shop)
    Stream.objects.filter(store=shop).exclude(name__in=kept).update(trusted_until=NOW)
    less = matrix([shop.pk], now=NOW)
    for key, before in whole.cells.items():
        after = less.cells[key]
        assert after.state is before.state or after.state is State.UNKNOWN, key
    needs = {"INS-03": {"orders"}, "INS-05": {"returns", "cancellations"}, "INS-08": {"listings", "stock"}, "INS-10": {"wallet"}}
    for item, names in needs.items():
        told = less.cell(shop.pk, item)
        assert (told.state is State.UNKNOWN) == (not names <= set(kept)), (item, kept)
    assert not less.complete


def test_a_store_that_is_not_connected_is_unknown_in_every_cell() -> None:
    lost, never = store(1), store(2, connected=False)
    fact(lost, "two_step_verification", True)
    Connection.objects.filter(pk=lost.connection.pk if lost.connection else 0).update(state="revoked")
    seen = looked(lost, never)
    assert {told.state for told in seen.cells.values()} <= {State.UNKNOWN, State.NOT_APPLICABLE}
    assert {line.status for line in seen.stores} == {StoreStatus.UNKNOWN}
    assert not seen.complete


def test_what_nobody_has_entered_is_unknown_and_no_finding() -> None:
    shop = store(region="US")
    seen = looked(shop)
    assert seen.cell(shop.pk, "INS-24").state is State.UNKNOWN
    assert seen.complete, "what a platform never offers is not kept from us"


def test_what_was_entered_is_told_until_it_grows_old() -> None:
    shop = store(region="US")
    fact(shop, "ahr", {"score": 700})
    fact(shop, "scores", {"shop_performance_score": {"value": "4.5"}})
    assert cell(shop, "INS-24").figure == "700"
    tick(now=NOW + timedelta(hours=49))
    seen = matrix([shop.pk], now=NOW + timedelta(hours=49))
    assert seen.cell(shop.pk, "INS-24").state is State.UNKNOWN
    assert not seen.complete


def test_rules_of_other_markets_do_not_apply() -> None:
    shop = store(region="US")
    told = cell(shop, "INS-05")
    assert (told.state, told.severity, told.as_of) == (State.NOT_APPLICABLE, None, None)


def test_silent_webhooks_leave_what_is_known_bad_and_make_all_quiet_unknown() -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(days=6))
    Stream.objects.create(store=shop, workspace_id=shop.workspace_id, name="push", observed_at=NOW, trusted_until=NOW, due_at=NOW)
    seen = looked(shop)
    assert seen.cell(shop.pk, "INS-03").state is State.BREACHED
    assert seen.cell(shop.pk, "INS-06").state is State.UNKNOWN
    assert seen.cell(shop.pk, "INS-08").state is State.OK, "webhooks do not tell of stock"
    assert seen.status(shop.pk) is StoreStatus.UNKNOWN


def test_a_feed_that_no_rule_needs_leaves_the_store_its_state() -> None:
    shop = store()
    Stream.objects.create(
        store=shop, workspace_id=shop.workspace_id, name="performance", trusted_until=None, due_at=NOW, error_family="Rejected"
    )
    seen = looked(shop)
    assert not seen.stores[0].stale
    assert seen.status(shop.pk) is StoreStatus.WATCH, "that it fails is a finding all the same"


def test_a_hands_item_appears_once_somebody_has_attested_it() -> None:
    shop = store()
    assert "INS-22" not in [item.id for item in looked(shop).items]
    shop_events = {"store": shop, "origin": "form", "observed_at": NOW}
    from_store = type(shop)._meta.apps.get_model("records", "StoreEvent").objects
    from_store.create(family="attestation", type="INS-22", at=NOW, **shop_events)
    told = cell(shop, "INS-22")
    assert told.state is State.OK


def test_twice_the_stores_cost_no_more_statements() -> None:
    shops = [store(number) for number in range(1, 9)]
    evaluate([shop.pk for shop in shops], now=NOW)
    counts = []
    for some in (shops[:4], shops):
        with CaptureQueriesContext(connection) as asked:
            matrix([shop.pk for shop in some], now=NOW)
        counts.append(len(asked))
    assert counts == [4, 4]


def test_a_round_is_kept_with_its_counts() -> None:
    shop = store()
    order(shop, placed_at=NOW - timedelta(days=6))
    evaluate([shop.pk], now=NOW)
    kept = run_round(shop.workspace_id, now=NOW)
    assert Round.objects.get() == kept
    assert kept.complete
    assert kept.counts["cells"]["breached"] == 3, "to ship, to be collected, and the late dispatch rate"
    assert kept.counts["findings"]["listed"] == Finding.objects.count()
    assert kept.counts["money_at_risk_usd"]["high"] == pytest.approx(84 * 0.237), "one order counts once"


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"platform_status": "closed_by_seller", "seen": False}, "closed"),
        ({"platform_status": "open", "seen": False, "severity": Severity.FATAL}, "unknown"),
        ({"platform_status": "open", "restricting": True, "severity": Severity.CRITICAL}, "restricted"),
        ({"platform_status": "suspended"}, "restricted"),
        ({"platform_status": "open", "severity": Severity.WARNING}, "watch"),
        ({"platform_status": "open", "severity": Severity.INFO}, "fine"),
        ({"platform_status": "open"}, "fine"),
    ],
)
def test_a_store_in_one_word(given: dict[str, Any], word: str) -> None:
    assert status_of(**({"seen": True, "restricting": False, "severity": None} | given)) == word


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("14.285714", "percent", "14.3 %"),
        ("0.000000", "percent", "0 %"),
        ("462.81360000", "USD", "462.81"),
        ("165", "points", "165"),
        ("good", None, "good"),
        ("", "points", ""),
        (None, None, ""),
    ],
)
def test_a_figure_is_short_enough_for_a_cell(value: str | None, unit: str | None, shown: str) -> None:
    assert figure(value, unit) == shown


# -- the other platforms ------------------------------------------------------------------------------------------------------


def _of(platform: str, number: int = 1, **fields: Any) -> Store:
    made = store(number, platform=platform, key=f"{platform}-{number}", **fields)
    streams(made, ("performance", "points", "listing_violations"))
    return made


@pytest.mark.parametrize("platform", ["shopee", "lazada", "douyin"])
def test_what_a_platform_has_no_rules_for_is_unknown_and_never_inapplicable(platform: str) -> None:
    shop = _of(platform)
    seen = looked(store(9), shop)
    for item in ("INS-11", "INS-20", "INS-25") if platform != "lazada" else ("INS-11", "INS-20"):
        if any(one.id == item for one in seen.items):
            assert seen.cell(shop.pk, item).state is State.UNKNOWN, item


@pytest.mark.parametrize("platform", ["shopee", "lazada", "douyin"])
def test_requests_and_stock_of_every_platform_are_told(platform: str) -> None:
    shop = _of(platform)
    assert {cell(shop, item).state for item in ("INS-05", "INS-08")} == {State.OK}
    request(shop, "return", "r", NOW - timedelta(days=1), answer_by_at=NOW + timedelta(hours=2))
    listing(shop, skus={"a": 0})
    assert (cell(shop, "INS-05").state, cell(shop, "INS-08").state) == (State.AT_RISK, State.BREACHED)
    Stream.objects.filter(store=shop, name__in=("returns", "stock")).update(trusted_until=NOW)
    assert {cell(shop, item).state for item in ("INS-05", "INS-08")} == {State.UNKNOWN}


def test_rates_and_points_of_shopee_are_told_by_their_feeds() -> None:
    shop = _of("shopee")
    assert (cell(shop, "INS-26").state, cell(shop, "INS-26").figure) == (State.OK, "0")
    assert cell(shop, "INS-27").state is State.UNKNOWN, "the feed was heard, and no rate was among what it said"
    Metric.objects.create(
        store=shop,
        workspace_id=shop.workspace_id,
        platform_id="3",
        observed_at=NOW,
        digest=b"",
        data={"value": "4", "unit": "percent"},
    )
    assert (cell(shop, "INS-27").state, cell(shop, "INS-27").figure) == (State.OK, "4 %")
    points(shop, "2", NOW - timedelta(days=3))
    assert (cell(shop, "INS-26").state, cell(shop, "INS-26").figure) == (State.AT_RISK, "2")
    Stream.objects.filter(store=shop, name__in=("points", "performance")).update(trusted_until=NOW)
    seen = looked(shop)
    assert {seen.cell(shop.pk, item).state for item in ("INS-26", "INS-27")} == {State.UNKNOWN}
    assert seen.status(shop.pk) is StoreStatus.UNKNOWN


def test_points_of_lazada_are_unknown_until_somebody_enters_them() -> None:
    shop = _of("lazada")
    assert cell(shop, "INS-26").state is State.UNKNOWN
    fact(shop, "non_compliance_points", {"total": 3})
    assert (cell(shop, "INS-26").state, cell(shop, "INS-26").figure) == (State.OK, "3")


def test_a_store_of_which_nothing_is_told_is_not_fine() -> None:
    """Connected and heard, and yet no cell says that anything is well: its only feed is one that decides nothing."""
    shop = store(platform="douyin", key="douyin-1")
    Stream.objects.filter(store=shop).delete()
    streams(shop, ("settlements",))
    seen = looked(shop)
    assert State.OK not in {seen.cell(shop.pk, item.id).state for item in seen.items}
    assert seen.status(shop.pk) is StoreStatus.UNKNOWN
    streams(shop)
    assert looked(shop).status(shop.pk) is StoreStatus.FINE


def test_a_feed_of_another_platforms_rules_leaves_a_store_its_state() -> None:
    tiktok, shopee = store(1), _of("shopee", 2)
    streams(tiktok, ("performance",))
    Stream.objects.filter(name="performance").update(trusted_until=NOW)
    seen = looked(tiktok, shopee)
    assert (seen.status(tiktok.pk), seen.status(shopee.pk)) == (StoreStatus.WATCH, StoreStatus.UNKNOWN)
    assert {line.key: line.stale for line in seen.stores} == {tiktok.key: False, shopee.key: True}
