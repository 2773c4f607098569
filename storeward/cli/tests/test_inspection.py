"""inspect: the document of the contract, key by key, and its exit codes."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from rich.console import Console

from storeward.cli.inspection import amount_text, document, look_at
from storeward.cli.inspection_tables import left, print_tables
from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding
from storeward.findings.tests.factories import NOW, activity, fact, order, store
from storeward.rounds.models import Round
from storeward.stores.models import Connection, Store

pytestmark = pytest.mark.django_db


def seen(*shops: Store) -> dict[str, Any]:
    """The document as a reader of the JSON gets it."""
    evaluate([shop.pk for shop in shops], now=NOW)
    tick(now=NOW)
    answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document(look_at(shops, now=NOW))))
    return answer


def exit_code(*shops: Store) -> int:
    evaluate([shop.pk for shop in shops], now=NOW)
    tick(now=NOW)
    return look_at(shops, now=NOW).exit_code


def quiet() -> Store:
    """A store in which everything is told and nothing is wrong."""
    shop = store()
    activity(shop, NOW - timedelta(hours=1))
    return shop


def test_the_document_has_every_promised_key() -> None:
    shop = quiet()
    order(shop, "576465000000000301", placed_at=NOW - timedelta(days=6))
    told = seen(shop)
    assert set(told) == {"at", "complete", "stores", "items", "matrix", "worklist"}
    assert told["at"] == "2026-11-18T03:15:00Z"
    assert told["stores"] == [
        {
            "store": "tt-my-luna1",
            "platform": "tiktok_shop",
            "platform_store_id": "74900001",
            "name": "Luna Home 1",
            "region": "MY",
            "status": "watch",
            "synced_at": "2026-11-18T03:15:00Z",
            "stale": False,
        }
    ]
    cell = next(cell for cell in told["matrix"] if cell["item"] == "INS-03")
    assert cell == {
        "store": "tt-my-luna1",
        "item": "INS-03",
        "state": "breached",
        "severity": "critical",
        "findings": 2,
        "figure": "2",
        "as_of": "2026-11-18T03:15:00Z",
    }
    assert len(told["matrix"]) == len(told["stores"]) * len(told["items"])


def test_a_line_of_the_worklist_says_what_is_at_stake_what_to_do_and_why() -> None:
    shop = quiet()
    order(shop, "576465000000000301", placed_at=NOW - timedelta(days=6))
    lines = seen(shop)["worklist"]
    assert [line["rank"] for line in lines] == list(range(1, len(lines) + 1))
    line = next(line for line in lines if line["rule"] == "TTS-SEA-AUTOCANCEL-RTS")
    assert line["subject"] == {"kind": "order", "id": "576465000000000301"}
    assert line["action"] == {"action": "ship", "label": "Arrange shipment"}
    assert (line["stake"]["amount"], line["stake"]["currency"]) == ("84.00", "MYR")
    assert line["stake"]["what"]
    assert line["why"].endswith(".")


def test_without_money_or_due_instant_there_is_null_but_always_a_stake_and_an_action() -> None:
    shop = quiet()
    fact(shop, "two_step_verification", False)
    line = next(line for line in seen(shop)["worklist"] if line["rule"] == "TTS-SEA-2SV")
    assert line["due_at"] is None
    assert (line["stake"]["amount"], line["stake"]["currency"]) == (None, None)
    assert line["stake"]["what"]
    assert line["action"]["label"]


def test_findings_end_with_1_whatever_else_there_is() -> None:
    shop = quiet()
    order(shop, placed_at=NOW - timedelta(days=6))
    assert exit_code(shop, store(2, connected=False)) == 1


def test_a_lost_connection_is_a_finding_and_its_cells_are_unknown() -> None:
    shop = quiet()
    Connection.objects.filter(stores=shop).update(state="revoked")
    told = seen(shop)
    assert [line["rule"] for line in told["worklist"]] == ["SW-CONNECTION-LOST"]
    assert not told["complete"]
    assert {cell["state"] for cell in told["matrix"]} <= {"unknown", "not_applicable"}
    assert told["stores"][0]["status"] == "unknown"


def test_nothing_open_and_everything_told_ends_with_0() -> None:
    shop = quiet()
    assert seen(shop)["worklist"] == []
    assert exit_code(shop) == 0


def test_what_is_put_off_is_still_open() -> None:
    shop = quiet()
    fact(shop, "two_step_verification", False)
    evaluate([shop.pk], now=NOW)
    Finding.objects.update(status="snoozed", snoozed_until=NOW + timedelta(days=1))
    assert look_at([shop], now=NOW).exit_code == 1


def test_a_feed_that_was_never_asked_cannot_be_told() -> None:
    shop = quiet()
    shop.streams.filter(name="orders").update(observed_at=None, trusted_until=None)
    assert exit_code(shop) == 2


def test_a_look_at_the_whole_fleet_is_kept_as_a_round_and_one_at_a_store_is_not() -> None:
    shops = [store(1), store(2)]
    evaluate([shop.pk for shop in shops], now=NOW)
    look_at(shops[:1], now=NOW)
    assert not Round.objects.exists()
    look_at(shops, now=NOW)
    assert Round.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("84.0000", "MYR", "84.00"),
        ("-3.5000", "USD", "-3.50"),
        ("310000.0000", "VND", "310000"),
        ("1.2345", "USD", "1.2345"),
        ("0.0000", "THB", "0.00"),
    ],
)
def test_amounts_are_exact_text_in_the_currencys_places(amount: str, currency: str, text: str) -> None:
    assert amount_text(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=3, hours=4), "3 d 4 h"),
        (timedelta(hours=5, minutes=10), "5 h 10"),
        (timedelta(minutes=42), "42 min"),
        (-timedelta(minutes=25), "late 25 min"),
    ],
)
def test_time_left_reads_as_on_the_pages(span: timedelta, text: str) -> None:
    assert left(NOW + span, NOW) == text
    assert left(None, NOW) == ""


def test_people_get_the_worklist_first_then_every_store() -> None:
    shops = [quiet(), store(2, region="US")]
    order(shops[0], placed_at=NOW - timedelta(days=6))
    evaluate([shop.pk for shop in shops], now=NOW)
    told = look_at(shops, now=NOW)
    out = io.StringIO()
    print_tables(told.matrix, told.lines, Console(file=out, width=200))
    text = out.getvalue()
    assert text.index("Worklist") < text.index("Stores")
    assert "Arrange shipment" in text
    assert "tt-us-luna2" in text
    assert "2 stores ·" in text


def test_an_empty_worklist_says_so_without_claiming_what_it_cannot() -> None:
    shop = store()
    shop.streams.filter(name="orders").update(observed_at=None, trusted_until=None)
    tick(now=NOW)
    told = look_at([shop], now=NOW)
    out = io.StringIO()
    print_tables(told.matrix, told.lines, Console(file=out, width=120))
    assert "not everything could be told" in out.getvalue()
