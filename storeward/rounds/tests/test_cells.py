"""A cell and a store in one word, without a database: every combination that can stand for fine, and those that cannot."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

import pytest

from storeward.findings.feeds import Sight, StoreSight, StreamState
from storeward.policy import items
from storeward.policy.types import Severity, State
from storeward.rounds import matrix as rounds
from storeward.rounds.matrix import NO_NEEDS, NOT_APPLICABLE, Cell, Matrix, Needs, StoreLine, figure
from storeward.rounds.status import StoreStatus, status_of

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
SEEN = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
ORDERS = Needs(("orders",), by_events=True)
READ = Needs(("metrics",), by_events=False)
BOTH = Needs(("aftersales", "orders"), by_events=True)
HANDS = Needs((), by_events=False)


# -- a store -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform_status", "seen", "restricting", "severity", "status"),
    [
        ("active", True, False, None, "fine"),
        ("active", True, False, Severity.INFO, "fine"),
        ("active", True, False, Severity.WARNING, "watch"),
        ("active", True, False, Severity.CRITICAL, "watch"),
        ("active", True, False, Severity.FATAL, "watch"),
        ("active", True, True, Severity.CRITICAL, "restricted"),
        ("active", True, True, None, "restricted"),
        ("active", False, False, None, "unknown"),
        ("active", False, True, Severity.FATAL, "unknown"),
        ("suspended", True, False, None, "restricted"),
        ("suspended", False, False, None, "unknown"),
        ("closed", True, False, None, "closed"),
        ("closed_by_platform", False, True, Severity.FATAL, "closed"),
        ("closed_by_seller", True, True, Severity.FATAL, "closed"),
        ("", True, False, None, "fine"),
    ],
)
def test_a_store_in_one_word(platform_status: str, seen: bool, restricting: bool, severity: Severity | None, status: str) -> None:
    found = status_of(platform_status=platform_status, seen=seen, restricting=restricting, severity=severity)
    assert found.value == status


def test_what_is_not_seen_is_fine_in_no_combination() -> None:
    for platform_status, restricting, severity in itertools.product(
        ("active", "suspended", "closed", "new"), (True, False), (None, *Severity)
    ):
        found = status_of(platform_status=platform_status, seen=False, restricting=restricting, severity=severity)
        assert found in (StoreStatus.UNKNOWN, StoreStatus.CLOSED)


# -- a figure ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, None, ""),
        ("", "percent", ""),
        ("0", None, "0"),
        ("0.00", "percent", "0 %"),
        ("-0.001", None, "0"),
        ("-0.04", "percent", "0 %"),
        ("100", None, "100"),
        ("100", "percent", "100 %"),
        ("1000", "points", "1000"),
        ("14.25", "percent", "14.2 %"),
        ("14.26", "%", "14.3 %"),
        ("3.999", "percent", "4 %"),
        ("462.814", None, "462.81"),
        ("-12.50", "MYR", "-12.5"),
        ("orange", None, "orange"),
        ("orange", "percent", "orange"),
        ("Infinity", None, "Infinity"),
        ("9" * 40, None, "9" * 40),
    ],
)
def test_a_figure_is_short_and_a_zero_has_no_sign(value: str | None, unit: str | None, text: str) -> None:
    assert figure(value, unit) == text


# -- a cell --------------------------------------------------------------------------------------------------------------------


def seen(*, reach: bool = True, dark: tuple[str, ...] = (), silent: tuple[str, ...] = (), **feeds: datetime | None) -> Any:
    """What can be seen of a store; by default orders alone, up to `SEEN`."""
    return rounds._Seen(reach, frozenset(dark), frozenset(silent), dict(feeds) or {"orders": SEEN})


def told(**changes: Any) -> Any:
    return rounds._Told(**changes)


QUIET = Cell(State.OK, None, 0, "", SEEN)
UNHEARD = Cell(State.UNKNOWN, None, 0, "", SEEN)
UNSEEN = Cell(State.UNKNOWN, None, 0, "", None)

# (what rows say, what the item stands on, what is seen, the cell)
CELLS: list[tuple[str, Any, Needs | None, Any, Cell]] = [
    ("nothing is said and its feed was heard", told(), ORDERS, seen(), QUIET),
    ("its feed was never asked", told(), ORDERS, seen(messages=SEEN), UNSEEN),
    ("one of two feeds was never asked", told(), BOTH, seen(), UNHEARD),
    ("both were heard: the older tells its age", told(), BOTH, seen(orders=NOW, aftersales=SEEN), QUIET),
    ("its feed is past its trust", told(), ORDERS, seen(dark=("orders",)), UNHEARD),
    ("another feed is past its trust", told(), ORDERS, seen(dark=("metrics",)), QUIET),
    ("the store is out of reach", told(), ORDERS, seen(reach=False), UNHEARD),
    ("webhooks are silent for its feed", told(), ORDERS, seen(silent=("orders",)), UNHEARD),
    ("webhooks are silent for another feed", told(), ORDERS, seen(silent=("packages",)), QUIET),
    ("a gauge was heard but never read", told(), READ, seen(metrics=SEEN), UNHEARD),
    ("a gauge reads fine", told(readings={"ok"}, figure="3"), READ, seen(metrics=SEEN), Cell(State.OK, None, 0, "3", SEEN)),
    ("a gauge cannot be told", told(readings={"unknown"}, figure="3"), READ, seen(metrics=SEEN), UNHEARD),
    ("one of two gauges cannot be told", told(readings={"ok", "unknown"}), READ, seen(metrics=SEEN), UNHEARD),
    ("a gauge does not apply", told(readings={"not_applicable"}), READ, seen(metrics=SEEN), NOT_APPLICABLE),
    ("one of two gauges applies", told(readings={"not_applicable", "ok"}), READ, seen(metrics=SEEN), QUIET),
    ("no gauge applies but events tell it", told(readings={"not_applicable"}), ORDERS, seen(), QUIET),
    ("nobody has attested", told(), HANDS, seen(), UNSEEN),
    (
        "somebody attested",
        told(owed=True, as_of=SEEN.timestamp()),
        HANDS,
        seen(),
        QUIET,
    ),
    ("the platform has no such rule", told(), None, seen(), NOT_APPLICABLE),
    (
        "a finding stands though no rule is meant for it",
        told(findings=1, severity=1, states={"breached"}),
        None,
        seen(),
        Cell(State.BREACHED, Severity.WARNING, 1, "1", None),
    ),
    (
        "findings with the gravest severity and the worst state",
        told(findings=3, severity=2, states={"at_risk", "breached"}),
        ORDERS,
        seen(),
        Cell(State.BREACHED, Severity.CRITICAL, 3, "3", SEEN),
    ),
    (
        "findings of a store out of reach stay counted, yet unknown",
        told(findings=3, severity=2, states={"breached"}),
        ORDERS,
        seen(reach=False),
        Cell(State.UNKNOWN, Severity.CRITICAL, 3, "", SEEN),
    ),
    (
        "findings stand also while webhooks are silent",
        told(findings=1, severity=1, states={"at_risk"}),
        ORDERS,
        seen(silent=("orders",)),
        Cell(State.AT_RISK, Severity.WARNING, 1, "1", SEEN),
    ),
    (
        "a gauge that is worse than the things beside it shows its figure",
        told(findings=2, severity=2, states={"breached"}, figure="14.3 %", gauge=2, things=1),
        READ,
        seen(metrics=SEEN),
        Cell(State.BREACHED, Severity.CRITICAL, 2, "14.3 %", SEEN),
    ),
    (
        "things that are worse than the gauge are counted",
        told(findings=2, severity=2, states={"breached"}, figure="14.3 %", gauge=1, things=2),
        READ,
        seen(metrics=SEEN),
        Cell(State.BREACHED, Severity.CRITICAL, 2, "2", SEEN),
    ),
]


@pytest.mark.parametrize(("why", "said", "needs", "sight", "cell"), CELLS, ids=[case[0] for case in CELLS])
def test_a_cell_is_fine_only_where_everything_was_heard(why: str, said: Any, needs: Needs | None, sight: Any, cell: Cell) -> None:
    assert rounds._cell(said, needs, sight) == cell


@pytest.mark.parametrize(
    ("states", "worst"),
    [
        ({"breached", "at_risk", "unknown", "action"}, State.BREACHED),
        ({"at_risk", "unknown", "action"}, State.AT_RISK),
        ({"unknown", "action"}, State.UNKNOWN),
        ({"action"}, State.ACTION),
        ({"a word of tomorrow"}, State.UNKNOWN),
        (set(), State.UNKNOWN),
    ],
)
def test_the_worst_state_speaks_and_a_strange_one_is_unknown(states: set[str], worst: State) -> None:
    assert rounds._worst_state(states) is worst


# -- a row of cells ------------------------------------------------------------------------------------------------------------


def sight_of(timezone: str, **changes: Any) -> StoreSight:
    usual: dict[str, Any] = {
        "id": 7,
        "workspace_id": 1,
        "key": "tt-1",
        "name": "Luna",
        "platform": "tiktok_shop",
        "platform_store_id": "1",
        "region": "MY",
        "seller_type": "local",
        "programme": "",
        "platform_status": "active",
        "timezone": timezone,
        "connection_id": 1,
        "connection_state": "active",
        "connection_reason": "",
        "connection_since": None,
        "streams": (),
    }
    return StoreSight(**usual | changes)


def line_of(status: StoreStatus = StoreStatus.FINE, number: int = 7) -> StoreLine:
    return StoreLine(number, "tt-1", "Luna", "tiktok_shop", "1", "MY", status, SEEN, stale=False, connected=True)


@pytest.mark.parametrize(
    ("timezone", "now", "day"),
    [
        ("Asia/Kuala_Lumpur", datetime(2026, 11, 30, 15, 59, tzinfo=UTC), date(2026, 11, 30)),
        ("Asia/Kuala_Lumpur", datetime(2026, 11, 30, 16, 0, tzinfo=UTC), date(2026, 12, 1)),
        ("America/Los_Angeles", datetime(2026, 12, 1, 7, 59, tzinfo=UTC), date(2026, 11, 30)),
        ("America/Los_Angeles", datetime(2026, 12, 1, 8, 0, tzinfo=UTC), date(2026, 12, 1)),
        ("Asia/Kuala_Lumpur", datetime(2024, 2, 28, 16, 0, tzinfo=UTC), date(2024, 2, 29)),
    ],
)
def test_the_terms_of_a_row_are_those_of_the_stores_own_day(
    monkeypatch: pytest.MonkeyPatch, timezone: str, now: datetime, day: date
) -> None:
    asked: list[object] = []

    def needs(shown: object, *kind: object) -> tuple[tuple[str, Needs | None], ...]:
        asked.append(kind[-1])
        return ()

    monkeypatch.setattr(rounds, "_needs", needs)
    assert list(rounds._cells(line_of(), (), Sight(now, {7: sight_of(timezone)}), {})) == []
    assert asked == [day]


def test_the_oldest_stream_of_a_feed_tells_how_far_it_was_seen() -> None:
    def stream(name: str, at: datetime | None) -> StreamState:
        return StreamState(name, False, None if at is None else at.timestamp(), "", "", None)

    streams = (stream("returns", NOW), stream("cancellations", SEEN), stream("orders", None), stream("shop", NOW))
    assert rounds._feeds_of(sight_of("UTC", streams=streams)) == {"aftersales": SEEN, "orders": None}
    half = (stream("returns", None), stream("cancellations", SEEN))
    for order in (half, half[::-1]):
        assert rounds._feeds_of(sight_of("UTC", streams=order)) == {"aftersales": None}, "not all of it was seen"


def test_a_store_of_which_nothing_is_told_is_unknown_and_not_fine() -> None:
    item = items.load()[0]
    unknown, fine = {(7, item.id): UNSEEN}, {(7, item.id): QUIET}
    assert rounds._told_at_all(line_of(), (item,), unknown).status is StoreStatus.UNKNOWN
    assert rounds._told_at_all(line_of(), (item,), fine).status is StoreStatus.FINE
    assert rounds._told_at_all(line_of(), (), {}).status is StoreStatus.UNKNOWN
    assert rounds._told_at_all(line_of(StoreStatus.WATCH), (item,), unknown).status is StoreStatus.WATCH


def test_a_matrix_counts_its_cells_and_knows_its_stores() -> None:
    one, two = items.load()[:2]
    cells = {(7, one.id): QUIET, (7, two.id): UNSEEN, (8, one.id): NOT_APPLICABLE, (8, two.id): QUIET}
    held = Matrix(NOW, (line_of(), line_of(StoreStatus.WATCH, 8)), (one, two), cells, complete=False)
    counts = held.counts()
    assert (counts["ok"], counts["unknown"], counts["not_applicable"], counts["breached"]) == (2, 1, 1, 0)
    assert set(counts) == {state.value for state in State}
    assert sum(counts.values()) == len(cells)
    assert (held.status(7), held.status(8)) == (StoreStatus.FINE, StoreStatus.WATCH)
    assert held.cell(8, one.id) is NOT_APPLICABLE
    for missing in (lambda: held.cell(9, one.id), lambda: held.cell(7, "INS-99"), lambda: held.status(9)):
        with pytest.raises(KeyError):
            missing()


def test_an_item_without_needs_stands_on_no_feed() -> None:
    assert (NO_NEEDS.feeds, NO_NEEDS.by_events) == ((), False)
    assert rounds._cell(told(), NO_NEEDS, seen()) == UNSEEN, "that nobody says anything is no answer"
