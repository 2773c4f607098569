"""What replays, differences, versions and reasons say, as plain values and as text."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from storeward.policy.changes import differences
from storeward.policy.terms import book
from storeward.policy.versions import Change, Own, assemble
from storeward.replay import tell
from storeward.replay.evidence import Used
from storeward.replay.found import SHOWN, Hit, Side, Tally
from storeward.replay.run import Replayed
from storeward.replay.why import Reason, Terms
from storeward.rulebook.models import Version
from storeward.rulebook.own import Held
from storeward.rulebook.versions import Past

AT = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
DAY = timedelta(days=1)
RULE = "TTS-SEA-SHIP-2WD"


def hit(side: Side, store_id: int, day: int, number: int, amount: str | None = "10.50", points: str | None = None) -> Hit:
    return Hit(
        side=side,
        rule=RULE,
        store_id=store_id,
        day=date(2026, 11, day),
        kind="order",
        id=f"576{number}",
        amount=None if amount is None else Decimal(amount),
        currency=None if amount is None else "MYR",
        usd=None if amount is None else 2.5,
        points=None if points is None else Decimal(points),
    )


@pytest.fixture
def done() -> Replayed:
    """Two stores: three orders more, one less, on two days."""
    tally = Tally()
    for one in (
        hit("more", 1, 3, 1),
        hit("more", 1, 3, 2, None, "2"),
        hit("more", 2, 4, 3, "4.00", "1.5"),
        hit("less", 2, 4, 4, "1.00"),
    ):
        tally.hit(one)
    tally.looked_at[RULE], tally.broken[RULE], tally.moved[RULE], tally.quick = 20, 5, 19, 7
    tally.untold["TTS-SEA-2SV"] = "only the latest value"
    return Replayed((RULE, "TTS-SEA-2SV"), date(2026, 8, 20), date(2026, 11, 18), 2, {1: "tt-a", 2: "tt-b"}, tally)


# -- tallies -------------------------------------------------------------------------------------------------------------------


def test_sums_are_kept_by_day_store_rule_and_in_all(done: Replayed) -> None:
    tally = done.tally
    assert tally.differs
    assert (tally.stores("more"), tally.stores("less")) == ({1, 2}, {2})
    assert [(day.day, more.things, less.things) for day, more, less in tally.days()] == [(3, 2, 0), (4, 1, 1)]
    assert tally.by_store[1, "more"].money == {"MYR": Decimal("10.50")}
    assert tally.by_store[1, "more"].points == 2
    assert tally.by_rule[RULE, "less"].things == 1
    assert tally.sums["more"].usd == 5.0
    assert not Tally().differs


def test_every_hit_counts_and_only_so_many_are_named() -> None:
    tally = Tally()
    for number in range(SHOWN + 10):
        tally.hit(hit("more", 1, 3, number))
    assert (len(tally.hits), tally.sums["more"].things) == (SHOWN, SHOWN + 10)


def test_currencies_are_never_added_to_one_another() -> None:
    tally = Tally()
    tally.hit(hit("more", 1, 3, 1))
    tally.hit(Hit("more", RULE, 1, date(2026, 11, 3), "order", "x", Decimal(5), "THB", 0.1))
    assert tally.sums["more"].money == {"MYR": Decimal("10.50"), "THB": Decimal(5)}


# -- a replay ------------------------------------------------------------------------------------------------------------------


def test_a_replay_as_plain_values(done: Replayed) -> None:
    row = tell.replayed(done)
    assert (row["from"], row["to"], row["rules"], row["stores_looked_at"]) == ("2026-08-20", "2026-11-18", list(done.rules), 2)
    assert (row["differs"], row["orders_quick"]) == (True, 7)
    assert (row["looked_at"], row["broken_in_force"], row["due_moved"]) == ({RULE: 20}, {RULE: 5}, {RULE: 19})
    assert row["untold"] == {"TTS-SEA-2SV": "only the latest value"}
    assert row["more"] == {
        "stores": ["tt-a", "tt-b"],
        "things": 3,
        "money": [{"amount": "14.50", "currency": "MYR"}],
        "usd": "5.00",
        "points": "3.5",
    }
    assert row["less"]["things"] == 1
    assert [day["day"] for day in row["days"]] == ["2026-11-03", "2026-11-04"]
    assert [(one["store"], one["more"]["things"], one["less"]["things"]) for one in row["stores"]] == [
        ("tt-a", 2, 0),
        ("tt-b", 1, 1),
    ]
    assert row["things"][1] == {
        "side": "more",
        "rule": RULE,
        "store": "tt-a",
        "day": "2026-11-03",
        "subject": {"kind": "order", "id": "5762"},
        "amount": None,
        "currency": None,
        "points": "2",
    }


def test_a_replay_as_text(done: Replayed) -> None:
    lines = tell.replayed_text(done).splitlines()
    assert lines[0] == "2 rules over 2026-08-20 to 2026-11-18, 2 stores, 20 judged, 7 orders too quick for either"
    assert lines[1] == "  3 would have broken a rule, in 2 stores; 14.50 MYR"
    assert lines[2] == "  1 would have been spared, in 1 stores; 1.00 MYR"
    assert lines[3].split() == ["2026-11-03", "+2", "-0"]
    assert lines[-1] == "  TTS-SEA-2SV: cannot tell: only the latest value"


def test_a_replay_without_differences_says_so_in_two_lines() -> None:
    text = tell.replayed_text(Replayed((RULE,), date(2026, 8, 20), date(2026, 11, 18), 0, {}, Tally()))
    assert text.splitlines()[1:] == ["  0 would have broken a rule, in 0 stores", "  0 would have been spared, in 0 stores"]


# -- differences, versions, own figures ----------------------------------------------------------------------------------------


def test_a_difference_names_both_figures_and_the_source() -> None:
    tight = assemble(book(), [], [Own("TTS-SEA-RESP12-MSG", {"hours": Decimal(3)}, date(2026, 11, 10))])
    (one,) = differences(tight, date(2026, 11, 9), date(2026, 11, 10), platform="tiktok_shop", region="MY")
    row = tell.difference(one)
    assert (row["rule"], row["platform"], row["kind"], row["from"]) == (
        "TTS-SEA-RESP12-MSG",
        "tiktok_shop",
        "changed",
        "2026-11-10",
    )
    assert (row["demands"], row["severity"], row["figures"]) == ("more", "warning", {"hours": {"before": "12", "after": "3"}})
    assert row["source"]
    line = tell.difference_line(one)
    assert line.startswith("2026-11-10  warning  changed TTS-SEA-RESP12-MSG")
    assert line.endswith("hours 12 -> 3")


def test_a_rule_that_began_had_no_figure_before() -> None:
    found = {one.rule.id: one for one in differences(book(), date(2024, 1, 1), date(2026, 8, 1))}
    row = tell.difference(found["TTS-US-AHR-150"])
    assert row["figures"] == {"limit": {"before": None, "after": "150"}}
    assert "limit - -> 150" in tell.difference_line(found["TTS-US-AHR-150"])
    ended = tell.difference(found["TTS-US-VP48-LEGACY"])
    assert (ended["kind"], ended["source"], ended["confidence"]) == ("ended", [], None)
    routine = tell.difference(found["TTS-SEA-VP-48"])
    assert routine["title_zh"]


def test_an_own_figure_stands_beside_the_platforms() -> None:
    held = Held(
        "LZD-INACTIVE", "days", Decimal(20), None, date(2026, 11, 1), date(2026, 11, 9), "seen once", "lead@luna.test", AT
    )
    row = tell.held(held)
    assert (row["value"], row["platform"], row["from"], row["to"]) == ("20", None, "2026-11-01", "2026-11-09")
    assert (row["why"], row["by"], row["at"]) == ("seen once", "lead@luna.test", "2026-11-18T03:15:00Z")
    expected = "LZD-INACTIVE: days 20 from 2026-11-01 to 2026-11-09 (platform: not known); lead@luna.test: seen once"
    assert tell.held_line(row) == expected


def test_the_history_of_a_rule_as_text() -> None:
    past = tell.past(Past(Change(RULE, book().rule(RULE).terms[0]), None))
    text = tell.history_text(RULE, [past], [])
    assert (past["state"], past["version"], past["figures"]) == ("product", None, {"working_days": "2"})
    assert text.splitlines()[1].split()[:4] == ["2025-06-18", "product", "working_days", "2;"]


def test_a_version_tells_who_did_what_and_when() -> None:
    version = Version(
        pk=7,
        title="One day",
        changes=[{"rule": RULE}, {"rule": "LZD-SOT"}, {"rule": RULE}],
        state="published",
        drafted_by="lead",
        drafted_at=AT,
        published_by="boss",
        published_at=AT + DAY,
        questions=[{}, {}, {}],
    )
    row = tell.version(version)
    assert (row["version"], row["state"], row["rules"], row["questions"]) == (7, "published", ["LZD-SOT", RULE], 3)
    assert (row["drafted_at"], row["published_at"]) == ("2026-11-18T03:15:00Z", "2026-11-19T03:15:00Z")
    assert (row["published_by"], row["withdrawn_by"], row["withdrawn_at"], row["note"]) == ("boss", None, None, None)


# -- reasons -------------------------------------------------------------------------------------------------------------------


def reason(terms: Terms | None = None, state: str | None = "at_risk") -> Reason:
    return Reason(
        finding=4,
        rule=RULE,
        title="Two working days",
        store="tt-a",
        subject=("order", "5761"),
        at=AT,
        state=state,
        severity="warning" if state else None,
        terms=terms,
        facts=(Used("placed_at", "2026-11-17T02:15:00+00:00", "api", AT - DAY, AT),),
        steps=("First.", "Second."),
        said="Because.",
        again=True,
    )


TERMS = Terms(
    date(2025, 6, 18),
    None,
    {"working_days": Decimal(2)},
    {"working_days": Decimal(1)},
    "days",
    "within",
    "official",
    ("https://a.example", "a handbook"),
    date(2026, 11, 1),
    "A note.",
)


def test_a_reason_as_plain_values() -> None:
    row = tell.reason(reason(TERMS))
    assert (row["finding"], row["subject"], row["state"], row["why"]) == (
        4,
        {"kind": "order", "id": "5761"},
        "at_risk",
        "Because.",
    )
    assert row["terms"]["figures"] == {"working_days": "2"}
    assert row["terms"]["own"] == {"working_days": "1"}
    assert (row["terms"]["from"], row["terms"]["to"], row["terms"]["read_on"]) == ("2025-06-18", None, "2026-11-01")
    assert row["facts"] == [
        {
            "fact": "placed_at",
            "value": "2026-11-17T02:15:00+00:00",
            "origin": "api",
            "true_at": "2026-11-17T03:15:00Z",
            "seen_at": "2026-11-18T03:15:00Z",
        }
    ]
    assert row["steps"] == ["First.", "Second."]
    assert tell.reason(reason())["terms"] is None


def test_a_reason_as_text() -> None:
    assert tell.reason_text(reason(TERMS)).splitlines() == [
        f"{RULE}: Two working days (tt-a, order 5761)",
        "at 2026-11-18T03:15:00Z: at_risk warning",
        "  1. First.",
        "  2. Second.",
        "  official, read on 2026-11-01: https://a.example | a handbook",
        "  placed_at = 2026-11-17T02:15:00+00:00 (api, seen 2026-11-18T03:15:00Z)",
    ]
    assert "at 2026-11-18T03:15:00Z: not open" in tell.reason_text(reason(state=None))
