"""How scores read on the board: pure words and orders, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from storeward.findings.health.board import Going, Held, Restriction, Score, StoreHealth
from storeward.findings.health.events import Book, Violation
from storeward.policy.ledgers.regimes import Ground, Line
from storeward.policy.ledgers.tests.cast import ground
from storeward.policy.types import Severity
from storeward.web import formats, health

NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Kuala_Lumpur")
NEXT = Line("TTS-SEA-VP-24", Decimal(24), Severity.CRITICAL, None)
REACHED = Line("TTS-SEA-VP-12", Decimal(12), Severity.WARNING, None)


def score(**changes: Any) -> Score:
    """Fourteen points, ten from the next line."""
    usual: dict[str, Any] = {
        "regime": "points",
        "value": Decimal(14),
        "told_at": None,
        "told_by": "form",
        "unexplained": Decimal(0),
        "top": Decimal(48),
        "lines": (REACHED, NEXT),
        "next": NEXT,
        "distance": Decimal(10),
        "reached": REACHED,
        "going": Going(NOW + timedelta(days=7), Decimal(6)),
        "trend": Decimal(2),
        "look": "reached",
    }
    return Score(**usual | changes)


def line(number: int = 1, told: Score | None = None, **changes: Any) -> StoreHealth:
    here: Ground = ground("MY")
    book = Book(number, here, None, (), (), (), NOW - timedelta(hours=2), fresh=True)
    return StoreHealth(number, told, (), (), 0, 0, book, **changes) if not changes else replace(line(number, told), **changes)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (None, "–"),
        (score(), "14 of 48 points"),
        (score(value=None), "cannot tell"),
        (score(value=Decimal(0)), "0 of 48 points"),
        (score(value=Decimal("12.50")), "12.5 of 48 points"),
        (score(regime="rating", value=Decimal(168), top=Decimal(1000)), "rating 168 of 1,000"),
        (score(regime="rating", value=Decimal(168), top=None), "rating 168 of ?"),
    ],
)
def test_a_number_never_stands_without_its_scale(told: Score | None, said: str) -> None:
    assert health.score_text(told) == said


@pytest.mark.parametrize(
    ("told", "ahead", "goes", "trend", "worse"),
    [
        (None, "", "", "", False),
        (score(), "24, 10 away", "6 on 27 Nov", "+2", True),
        (score(next=None, distance=None, going=None, trend=None), "", "", "", False),
        (score(trend=Decimal(0)), "24, 10 away", "6 on 27 Nov", "±0", False),
        (score(trend=Decimal(-4)), "24, 10 away", "6 on 27 Nov", "−4", False),
        (score(regime="rating", trend=Decimal(-4)), "24, 10 away", "+6 on 27 Nov", "−4", True),
        (
            score(regime="rating", trend=Decimal(4), going=Going(NOW, Decimal(-8))),
            "24, 10 away",
            "−8 on 20 Nov",
            "+4",
            False,
        ),
    ],
)
def test_the_cells_of_a_line(told: Score | None, ahead: str, goes: str, trend: str, worse: bool) -> None:
    assert health.next_text(told) == ahead
    assert health.expires_text(told, ZONE, "en") == goes
    assert health.trend_text(told) == trend
    assert health.grew_worse(told) is worse


def test_an_expiry_is_told_on_the_day_of_the_store() -> None:
    late = score(going=Going(datetime(2026, 11, 27, 16, 30, tzinfo=UTC), Decimal(6)))
    assert health.expires_text(late, ZONE, "en") == "6 on 28 Nov", "half past midnight in Malaysia"
    assert health.expires_text(late, ZoneInfo("UTC"), "en") == "6 on 27 Nov"


@pytest.mark.parametrize(
    ("restriction", "said"),
    [
        (Restriction("suspended", "store", None, None), "store suspended"),
        (Restriction("closed_by_platform", "store", None, None), "store closed by the platform"),
        (Restriction("150", "milestone", None, NOW), "milestone 150 enforced until 20 Nov"),
        (Restriction("", "milestone", None, None), "milestone ? enforced, end not told"),
        (Restriction("punishment", "punishment", NOW, NOW + timedelta(days=5)), "punishment until 25 Nov"),
        (Restriction("punishment", "punishment", NOW, None), "punishment, end not told"),
    ],
)
def test_restrictions_say_until_when(restriction: Restriction, said: str) -> None:
    assert health.restriction_text(restriction, ZONE, "en") == said


@pytest.mark.parametrize(
    ("look", "restricted", "mark", "word"),
    [
        ("fine", False, "fine", "fine"),
        ("near", False, "warning", "close"),
        ("reached", False, "critical", "line reached"),
        ("last", False, "fatal", "last line"),
        ("unknown", False, "unknown", "unknown"),
        ("fine", True, "critical", "restricted"),
        ("unknown", True, "critical", "restricted"),
        ("last", True, "fatal", "restricted"),
    ],
)
def test_a_restricted_store_is_never_fine(look: str, restricted: bool, mark: str, word: str) -> None:
    held = (Restriction("suspended", "store", None, None),) if restricted else ()
    one = line(1, score(look=look), restrictions=held)
    assert health.mark_of(one) == mark
    assert health.state_word(one) == word


def test_a_store_without_a_score_stands_last_and_says_so() -> None:
    one = line(1, None)
    assert (health.mark_of(one), health.state_word(one), health.regime_of(one)) == ("none", "not kept", "none")


def test_rates_say_the_worse_of_both() -> None:
    assert health.rates_text(line(1, score())) == ""
    assert health.rates_text(line(1, score(), near_target=2)) == "2 close"
    assert health.rates_text(line(1, score(), near_target=2, off_target=1)) == "1 off target"


def test_the_worst_stands_first_and_of_equals_the_nearer_to_its_line() -> None:
    violation = Violation("v", "enforced", None, "", None, None, None, None, None, 0, quiz_open=False, changed_at=NOW, origin="")
    lines = [
        line(1, score(look="fine")),
        line(2, score(look="near", distance=Decimal(5))),
        line(3, score(look="near", distance=Decimal(1))),
        line(4, score(look="last")),
        line(5, None),
        line(6, score(look="unknown", value=None, next=None, distance=None)),
        line(7, score(look="near", distance=Decimal(9)), violations=(Held(violation, None, ""),)),
        line(8, score(look="fine"), restrictions=(Restriction("suspended", "store", None, None),)),
    ]
    assert [one.store_id for one in sorted(lines, key=health.order_of)] == [4, 8, 7, 3, 2, 6, 1, 5]


def test_middles_stand_by_regime_and_leave_the_unknown_out() -> None:
    lines = [
        line(1, score(value=Decimal(4))),
        line(2, score(value=Decimal(10))),
        line(3, score(value=Decimal(24))),
        line(4, score(value=None)),
        line(5, score(regime="rating", value=Decimal(168))),
        line(6, None),
    ]
    assert [(one.label, one.value, one.stores) for one in health.middles(lines)] == [("Points", "10", 3), ("Rating", "168", 1)]
    assert health.middles([line(1, None)]) == []


def test_chips_count_what_they_open() -> None:
    lines = [
        line(1, score(look="near")),
        line(2, score(look="fine")),
        line(3, score(regime="rating", look="fine")),
        line(4, None),
    ]
    everything = health.chips(lines, health.Asked("", ""))
    assert [(chip.label, chip.count, chip.current) for chip in everything] == [
        ("All", 4, True),
        ("Points", 2, False),
        ("Rating", 1, False),
        ("No score", 1, False),
        ("close", 1, False),
        ("fine", 2, False),
    ]
    narrowed = health.chips(lines, health.Asked("points", "fine"))
    assert [(chip.label, chip.count, chip.href) for chip in narrowed if chip.current] == [
        ("Points", 2, "?"),
        ("fine", 1, "?regime=points"),
    ]


@pytest.mark.parametrize(("count", "pages"), [(0, 0), (1, 0), (50, 0), (51, 2), (1000, 20)])
def test_pages_only_where_one_does_not_hold_all(count: int, pages: int) -> None:
    found = health.pages_of(count, health.Asked("points", ""), 0)
    assert len(found) == pages
    if found:
        assert found[0].current
        assert found[-1].href == f"?regime=points&page={pages}"


def test_formats_of_scores() -> None:
    at = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)
    assert formats.on_day(at, ZONE, "en") == "1 Jan"
    assert formats.on_day(at, ZONE, "zh") == "1月1日"
    assert formats.at_time(at, ZONE, "en") == "1 Jan 2027 01:05"
    assert formats.at_time(at, ZONE, "zh") == "2027年1月1日 01:05"
    assert [formats.signed(Decimal(value)) for value in ("6", "-4", "0", "0.00", "-1.50")] == ["+6", "−4", "±0", "±0", "−1.5"]
    assert [formats.month(at.date(), language) for language in ("en", "zh")] == ["Dec", "12月"]
