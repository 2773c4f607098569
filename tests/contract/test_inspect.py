"""`inspect --demo --json`: one round over a fleet, as scripts read it."""

from collections import Counter
from typing import Any

import pytest

from tests.contract.conftest import Ran, run_command
from tests.contract.forms import INSPECTION


@pytest.fixture(scope="module")
def ran() -> Ran:
    return run_command("inspect", "--demo", "--json")


@pytest.fixture(scope="module")
def document(ran: Ran) -> Any:
    return ran.checked(INSPECTION)


def test_the_demo_fleet_has_findings_so_it_ends_with_1(ran: Ran) -> None:
    assert ran.code == 1, ran.err


def test_standard_output_holds_one_document_and_no_progress(ran: Ran, document: Any) -> None:
    assert ran.out.count("\n") == 1
    assert "Traceback" not in ran.err


def test_the_fleet_sells_in_six_markets(document: Any) -> None:
    assert {"MY", "PH", "TH", "VN", "SG", "US"} <= {store["region"] for store in document["stores"]}


def test_every_store_has_every_item_once_and_nothing_else(document: Any) -> None:
    stores = [store["store"] for store in document["stores"]]
    items = [item["item"] for item in document["items"]]
    assert len(set(stores)) == len(stores)
    assert len(set(items)) == len(items)
    cells = Counter((cell["store"], cell["item"]) for cell in document["matrix"])
    assert cells == Counter((store, item) for store in stores for item in items)


def test_ranks_run_from_1_without_gaps_in_the_order_of_the_list(document: Any) -> None:
    assert [line["rank"] for line in document["worklist"]] == list(range(1, len(document["worklist"]) + 1))


def test_there_is_one_line_for_a_store_rule_and_subject(document: Any) -> None:
    lines = Counter(
        (line["store"], line["rule"], line["subject"]["kind"], line["subject"]["id"]) for line in document["worklist"]
    )
    assert max(lines.values()) == 1


def test_the_worklist_names_only_stores_of_the_fleet(document: Any) -> None:
    assert {line["store"] for line in document["worklist"]} <= {store["store"] for store in document["stores"]}


def test_a_dead_and_a_never_connected_store_are_told_and_are_never_fine(document: Any) -> None:
    causes = {line["rule"]: line["store"] for line in document["worklist"] if line["rule"].startswith("SW-")}
    dead, never = causes["SW-CONNECTION-LOST"], causes["SW-NEVER-CONNECTED"]
    status = {store["store"]: store["status"] for store in document["stores"]}
    assert (status[dead], status[never]) == ("unknown", "unknown")
    cells = {cell["state"] for cell in document["matrix"] if cell["store"] in {dead, never}}
    assert cells <= {"unknown", "not_applicable"}
    assert document["complete"] is False


def test_one_cause_is_one_line(document: Any) -> None:
    dead = next(line["store"] for line in document["worklist"] if line["rule"] == "SW-CONNECTION-LOST")
    assert [line["rule"] for line in document["worklist"] if line["store"] == dead] == ["SW-CONNECTION-LOST"]


def test_a_cell_in_trouble_counts_its_findings_and_a_fine_one_has_none(document: Any) -> None:
    for cell in document["matrix"]:
        if cell["state"] in {"ok", "not_applicable"}:
            assert (cell["severity"], cell["findings"]) == (None, 0), cell
        if cell["state"] in {"at_risk", "breached", "action"}:
            assert cell["severity"] is not None
            assert cell["findings"] >= 1, cell


def test_what_no_platform_offers_and_nobody_entered_is_unknown_without_a_finding(document: Any) -> None:
    """Reviews of TikTok Shop: no endpoint lists them."""
    of_tiktok = {store["store"] for store in document["stores"] if store["platform"] == "tiktok_shop"}
    reviews = {cell["state"] for cell in document["matrix"] if cell["item"] == "INS-12" and cell["store"] in of_tiktok}
    assert "ok" not in reviews
    assert not any(line["rule"] == "TTS-SEA-REVIEW-REPORT" for line in document["worklist"])


def test_severe_trouble_of_each_kind_is_shown(document: Any) -> None:
    """A neglected, a negative and a late store are in the fleet, as are messages nobody answered."""
    rules = {line["rule"] for line in document["worklist"]}
    assert {store["platform"] for store in document["stores"]} == {"tiktok_shop", "shopee", "lazada", "douyin"}
    assert any(rule.startswith("TTS-SEA-INACT-") for rule in rules)
    assert any(rule.startswith("TTS-SEA-NEGBAL-") for rule in rules)
    assert any("SHIP" in rule or "AUTOCANCEL" in rule for rule in rules)
    assert any("RESP" in rule and rule.endswith("-MSG") for rule in rules)
