"""The facts behind a finding, as the rows hold them: each with its origin and age, nothing from after the instant."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storeward.findings.models import Finding
from storeward.findings.tests.factories import NOW, activity, order, store
from storeward.records import models as records
from storeward.replay.evidence import Used, facts_of
from storeward.stores.models import Store

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def finding(of: Store, rule: str, kind: str = "store", identity: str = "") -> Finding:
    """A finding as evidence reads it; it is not stored."""
    return Finding(store=of, workspace_id=of.workspace_id, rule=rule, subject_kind=kind, subject_id=identity or of.key)


def row(of: Store, model: type[Any], identity: str, **fields: Any) -> Any:
    given = {"observed_at": NOW, "digest": b"", "data": {}, **fields}
    return model.objects.create(store=of, workspace_id=of.workspace_id, platform_id=identity, **given)


def told(used: list[Used]) -> list[tuple[str, str, str]]:
    return [(one.name, one.value, one.origin) for one in used]


@pytest.fixture
def mine(db: None) -> Store:
    """A store with something of everything that evidence is drawn from, half of it before the instant asked for."""
    shop = store(1)
    order(shop, "o", placed_at=NOW - 2 * DAY, collected_at=NOW + DAY, ship_by_at=NOW + 3 * DAY)
    row(
        shop,
        records.AfterSale,
        "r",
        kind="return",
        requested_at=NOW - DAY,
        answer_by_at=NOW + DAY,
        updated_at=NOW + HOUR,
        open=False,
    )
    for number, (role, at) in enumerate([("buyer", NOW - HOUR), ("agent", NOW + HOUR)]):
        row(
            shop,
            records.Message,
            f"m{number}",
            platform_conversation_id="c",
            role=role,
            position=number,
            sent_at=at,
            origin="push",
        )
    row(shop, records.Violation, "v", notified_at=NOW - DAY, deadline_at=NOW + DAY, origin="form")
    for number, at in enumerate([NOW - DAY, NOW + DAY]):
        row(shop, records.PointsEntry, f"p{number}", points=Decimal("2.50"), issued_at=at, origin="file")
        records.BalanceEvent.objects.create(
            store=shop, at=at, amount=Decimal(number - 5), currency="USD", origin="api", observed_at=at
        )
        activity(shop, at)
    for value, at in ((True, NOW - 3 * DAY), (False, NOW - DAY), (True, NOW + DAY)):
        records.StoreFact.objects.create(
            store=shop, name="two_step_verification", value=value, as_of=at, origin="form", observed_at=at
        )
    return shop


CASES: list[tuple[str, str, str, list[tuple[str, str, str]]]] = [
    ("TTS-SEA-NEGBAL-10D", "store", "", [("balance", "-5 USD", "api")]),
    ("TTS-SEA-NEGBAL-100", "store", "", [("balance", "-5 USD", "api")]),
    ("INT-NEGBAL-ALERT50", "store", "", [("balance", "-5 USD", "api")]),
    ("TTS-SEA-VP-12", "store", "", [("points", "2.5", "file")]),
    ("TTS-SEA-INACT-30", "store", "", [("activity", "login main", "form")]),
    ("INT-INACT-DAILY-LOGIN", "store", "", [("activity", "login main", "form")]),
    ("TTS-SEA-2SV", "store", "", [("two_step_verification", "false", "form")]),
    ("TTS-SEA-RESP12-MSG", "conversation", "c", [("message", "buyer", "push")]),
    ("TTS-SEA-RESP12-MSG", "conversation", "none", []),
    ("TTS-SEA-SHIP-2WD", "order", "none", []),
    ("TTS-SEA-APPEAL-1", "violation", "none", []),
    ("TTS-TH-RETURN-1WD", "return_request", "none", []),
]


def test_what_a_rule_rests_on_is_told_as_it_was_known_then(mine: Store) -> None:
    for rule, kind, identity, expected in CASES:
        found = list(facts_of(finding(mine, rule, kind, identity), NOW))
        assert told(found) == expected, rule
        assert all(one.seen_at is not None for one in found)


def test_steps_of_an_order_that_came_later_are_not_told(mine: Store) -> None:
    found = {one.name: one for one in facts_of(finding(mine, "TTS-SEA-SHIP-2WD", "order", "o"), NOW)}
    assert found["placed_at"].true_at == NOW - 2 * DAY
    assert "collected_at" not in found
    assert found["ship_by_at"].value == (NOW + 3 * DAY).isoformat()  # a promise may lie ahead
    assert found["total"].value == "84 MYR"
    later = {one.name for one in facts_of(finding(mine, "TTS-SEA-SHIP-2WD", "order", "o"), NOW + 2 * DAY)}
    assert "collected_at" in later


def test_an_answer_that_came_later_is_not_told(mine: Store) -> None:
    def ask(at: datetime) -> list[str]:
        return [one.name for one in facts_of(finding(mine, "TTS-TH-RETURN-1WD", "return_request", "r"), at)]

    assert ask(NOW) == ["requested_at", "answer_by_at"]
    assert ask(NOW + DAY) == ["requested_at", "answer_by_at", "answered_at"]


def test_a_violation_has_its_notice_and_its_deadline(mine: Store) -> None:
    found = list(facts_of(finding(mine, "TTS-SEA-APPEAL-1", "violation", "v"), NOW))
    assert told(found) == [
        ("notified_at", (NOW - DAY).isoformat(), "form"),
        ("deadline_at", (NOW + DAY).isoformat(), "form"),
    ]


def test_the_newest_value_of_each_name_counts(mine: Store) -> None:
    at = [NOW - 2 * DAY, NOW, NOW + 2 * DAY]
    values = [next(iter(facts_of(finding(mine, "TTS-SEA-2SV"), moment))).value for moment in at]
    assert values == ["true", "false", "true"]


def test_a_rule_that_stands_on_a_feed_says_when_it_was_seen(mine: Store) -> None:
    names = [one.name for one in facts_of(finding(mine, "TTS-SEA-LDR-TARGET"), NOW)]
    assert "stream orders" in names


def test_a_rule_of_our_own_has_what_people_typed(mine: Store) -> None:
    assert [one.name for one in facts_of(finding(mine, "SW-FACTS-STALE"), NOW)] == ["two_step_verification"]
