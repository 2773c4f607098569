"""The facts of a panel: what the rows say, with origin and age; nothing is claimed that no row tells."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import RequestFactory

from storeward.findings.models import Finding
from storeward.records.models import AfterSale, BalanceEvent, Conversation, Order, Origin, StoreFact, Stream
from storeward.stores.models import Store
from storeward.web import evidence
from storeward.web.evidence import Fact, facts_of
from storeward.web.frame import Scope, Visit
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet, finding

MINUTES = timedelta(minutes=1)


@pytest.fixture
def visit(fleet: Fleet) -> Visit:
    stores = tuple(fleet.stores)
    return Visit(RequestFactory().get("/"), fleet.owner, NOW, stores, Scope("all", stores))


def record(store: Store, number: str, **fields: object) -> dict[str, object]:
    return {
        "store": store,
        "workspace_id": store.workspace_id,
        "platform_id": number,
        "observed_at": NOW - 9 * MINUTES,
        "origin": Origin.API,
        "digest": b"",
        "data": {},
    } | fields


def facts(visit: Visit, one: Finding) -> list[Fact]:
    return facts_of(visit, one, one.store)


def test_an_order_tells_when_it_was_placed_and_what_the_platform_says(fleet: Fleet, visit: Visit) -> None:
    luna = fleet.stores[0]
    Order.objects.create(
        **record(luna, "77", platform_status="AWAITING_SHIPMENT"),
        type="normal",
        amount=Decimal("84.5"),
        currency="MYR",
        placed_at=NOW - timedelta(hours=20),
        ship_by_at=NOW + timedelta(hours=4),
        open=True,
    )
    one = finding(luna, "TTS-SEA-AUTOCANCEL-RTS", NOW, subject=("order", "77"), due=4, began=20)
    assert facts(visit, one) == [
        Fact("Order placed", "19 Nov 16:20 MYT", "by API, 9 min"),
        Fact("Ship by, as the platform says", "16:20 MYT", "by API, 9 min"),
        Fact("Status on the platform", "AWAITING_SHIPMENT", "by API, 9 min"),
        Fact("Total", "84.50 MYR", "by API, 9 min"),
        Fact("Began", "19 Nov 16:20 MYT", "reckoned"),
        Fact("Ends", "16:20 MYT", "reckoned"),
    ]


def test_what_an_order_does_not_say_is_left_out(fleet: Fleet, visit: Visit) -> None:
    luna = fleet.stores[0]
    Order.objects.create(**record(luna, "78", origin=Origin.FILE), type="normal", placed_at=NOW - timedelta(hours=1), open=True)
    one = finding(luna, "TTS-SEA-AUTOCANCEL-RTS", NOW, subject=("order", "78"), due=4, began=1)
    assert facts(visit, one)[0] == Fact("Order placed", "11:20 MYT", "imported, 9 min")
    assert [fact.name for fact in facts(visit, one)] == ["Order placed", "Began", "Ends"]


def test_an_order_of_another_store_with_the_same_number_is_not_used(fleet: Fleet, visit: Visit) -> None:
    Order.objects.create(**record(fleet.stores[1], "79"), type="normal", placed_at=NOW - timedelta(hours=1), open=True)
    one = finding(fleet.stores[0], "TTS-SEA-AUTOCANCEL-RTS", NOW, subject=("order", "79"), due=4, began=1)
    assert [fact.name for fact in facts(visit, one)] == ["Began", "Ends"]


def test_a_request_tells_when_it_was_asked_and_until_when_it_must_be_answered(fleet: Fleet, visit: Visit) -> None:
    pine = fleet.stores[2]
    AfterSale.objects.create(
        **record(pine, "4035", platform_status="RETURN_OR_REFUND_REQUEST_PENDING", origin=Origin.PUSH),
        kind="return",
        requested_at=NOW - timedelta(days=2),
        answer_by_at=NOW + timedelta(minutes=30),
        open=True,
    )
    one = finding(pine, "TTS-SEA-CANCELREQ-24H", NOW, subject=("request", "4035"), due=0.5, began=48)
    assert facts(visit, one)[:3] == [
        Fact("Asked", "18 Nov 12:20 MYT", "by webhook, 9 min"),
        Fact("Answer by, as the platform says", "12:50 MYT", "by webhook, 9 min"),
        Fact("Status on the platform", "RETURN_OR_REFUND_REQUEST_PENDING", "by webhook, 9 min"),
    ]


def test_a_conversation_tells_since_when_the_buyer_waits_by_the_age_of_its_messages(fleet: Fleet, visit: Visit) -> None:
    luna = fleet.stores[0]
    Conversation.objects.create(
        **record(luna, "c1"),
        buyer_waits_since=NOW - timedelta(hours=3),
        answered_at=NOW - timedelta(days=3),
        messages_seen_at=NOW - 2 * MINUTES,
    )
    one = finding(luna, "TTS-SEA-RESP12-MSG", NOW, subject=("conversation", "c1"), due=9, began=3)
    assert facts(visit, one)[:2] == [
        Fact("Buyer waits since", "09:20 MYT", "by API, 2 min"),
        Fact("Last answer by a person", "17 Nov 12:20 MYT", "by API, 2 min"),
    ]


def test_a_balance_is_the_latest_and_written_as_its_currency_is(fleet: Fleet, visit: Visit) -> None:
    sora = fleet.stores[7]
    BalanceEvent.objects.filter(store=sora).delete()
    for hours, amount in ((30, "12000"), (2, "-1676663.0000")):
        at = NOW - timedelta(hours=hours)
        BalanceEvent.objects.create(
            store=sora, at=at, amount=Decimal(amount), currency="VND", origin=Origin.DERIVED, observed_at=NOW - 4 * MINUTES
        )
    one = finding(
        sora, "TTS-SEA-NEGBAL-NEG", NOW, more={"value": "-1676663.0000", "limit": "0", "comparator": "<", "unit": "VND"}
    )
    assert facts(visit, one)[0] == Fact("Balance at 09:20 ICT", "−1,676,663 VND", "reckoned, 4 min")
    assert facts(visit, one)[1].value == "-1,676,663 VND"
    assert facts(visit, one)[2] == Fact("Limit", "< 0 VND", "by the rule")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("18.181818", "18.18"),
        ("-63.8808603", "-63.88"),
        (4, "4"),
        ("1e3", "1,000"),
        ("poor", "poor"),
        ("", ""),
        (165.0, "165"),
    ],
)
def test_a_measured_figure_is_rounded_and_a_word_stays(value: object, text: str) -> None:
    assert evidence.plain(value) == text


def test_a_value_that_somebody_typed_says_so_and_who(fleet: Fleet, visit: Visit) -> None:
    american = fleet.stores[8]
    at = NOW - timedelta(hours=5)
    StoreFact.objects.create(
        store=american, name="ahr", value=165, as_of=at, origin=Origin.FORM, entered_by="Lead", observed_at=at
    )
    one = finding(american, "TTS-US-AHR-200", NOW, more={"value": "165", "limit": "200", "as_of": at.isoformat()})
    assert Fact("Measured", "165", "typed, 5 h, Lead") in facts(visit, one)


def test_a_value_of_a_feed_is_by_api_and_as_old_as_the_feed_where_it_names_no_instant(fleet: Fleet, visit: Visit) -> None:
    luna = fleet.stores[0]
    Stream.objects.filter(store=luna).update(observed_at=NOW - 7 * MINUTES)
    one = finding(luna, "TTS-SEA-NEGBAL-NEG", NOW, more={"value": "5", "as_of": None})
    assert Fact("Measured", "5", "by API, 7 min") in facts(visit, one)


@pytest.mark.parametrize("as_of", [None, "", "yesterday", "2026-11-20T04:00:00"])
def test_where_no_row_tells_the_origin_none_is_claimed(fleet: Fleet, visit: Visit, as_of: str | None) -> None:
    one = finding(fleet.stores[0], "INT-NO-SUCH-RULE", NOW, more={"value": "5", "as_of": as_of})
    assert Fact("Measured", "5", "origin not recorded") in facts(visit, one)


def test_where_only_the_instant_is_known_the_age_stands_alone(fleet: Fleet, visit: Visit) -> None:
    one = finding(fleet.stores[0], "INT-NO-SUCH-RULE", NOW, more={"value": "5"})
    assert Fact("Measured", "5", "2 min") in facts(visit, one)


def test_a_finding_about_nothing_that_we_hold_has_no_facts_but_its_term(fleet: Fleet, visit: Visit) -> None:
    one = finding(fleet.stores[0], "TTS-SEA-RESP12-MSG", NOW, subject=("conversation", "gone"), due=None)
    assert facts(visit, one) == []
