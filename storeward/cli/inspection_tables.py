"""The matrix and the worklist as tables for people: what to do first, then every store against every item."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from storeward.findings.queries import Line
from storeward.findings.rules import about
from storeward.policy.types import Severity, State
from storeward.rounds.matrix import Cell, Matrix, StoreLine

FIRST_LINES = 25
"""Lines of the worklist that are printed; `--json` has all of them."""

COLOURS = {"fatal": "bold red", "critical": "red", "warning": "yellow", "info": "cyan"}
MARKS = {"fatal": "■", "critical": "●", "warning": "▲", "info": "○"}
STATUS_COLOURS = {"fine": "green", "watch": "yellow", "restricted": "red", "closed": "dim", "unknown": "magenta"}


def print_tables(seen: Matrix, lines: Sequence[Line], console: Console) -> None:
    """Worklist first, then the matrix, then one line of coverage."""
    keys = {store.id: store for store in seen.stores}
    if lines:
        console.print(_worklist(lines[:FIRST_LINES], keys, seen.at))
        if len(lines) > FIRST_LINES:
            console.print(f"... and {len(lines) - FIRST_LINES} more; --json lists all of them.", style="dim")
    else:
        console.print(
            "Nothing needs you." if seen.complete else "Nothing is known to need you, but not everything could be told."
        )
    console.print(_matrix(seen))
    console.print(_legend(seen), style="dim")
    console.print(coverage(seen))


def coverage(seen: Matrix) -> str:
    """How much was looked at, in one line."""
    counted = seen.counts()
    checks = sum(counted.values()) - counted[State.NOT_APPLICABLE]
    needs = counted[State.AT_RISK] + counted[State.BREACHED] + counted[State.ACTION]
    return (
        f"{len(seen.stores)} stores · {checks} checks · {counted[State.OK]} fine · {counted[State.UNKNOWN]} unknown · "
        f"{needs} need you"
    )


def _worklist(lines: Sequence[Line], stores: dict[int, StoreLine], now: datetime) -> Table:
    table = Table(title="Worklist", title_justify="left", box=None, pad_edge=False)
    for name, options in (("#", {"justify": "right"}), ("", {}), ("left", {"justify": "right"}), ("store", {}), ("what", {})):
        table.add_column(name, no_wrap=name != "what", **options)  # type: ignore[arg-type]
    table.add_column("at stake", justify="right", no_wrap=True)
    table.add_column("next step", no_wrap=True)
    for rank, line in enumerate(lines, start=1):
        text = about(line.rule)
        subject = "" if line.subject_kind == "store" else f" ({line.subject_kind} {line.subject_id})"
        table.add_row(
            str(rank),
            Text(MARKS.get(line.severity, "?") if line.state != State.UNKNOWN else "?", style=COLOURS.get(line.severity, "")),
            left(line.due_at, now),
            stores[line.store_id].key,
            f"{text.title}{subject}",
            stake(line),
            text.action.label,
        )
    return table


def stake(line: Line) -> str:
    """What a table shows of what is at stake: the money, else the store where it is in danger."""
    if line.stake_usd:
        return f"≈ {line.stake_usd:,.0f} USD"
    return "the store" if line.severity == Severity.FATAL else ""


def left(due_at: datetime | None, now: datetime) -> str:
    """Time left: `3 d 4 h`, `5 h 10`, `42 min`, `late 25 min`; empty where nothing falls due."""
    if due_at is None:
        return ""
    span = due_at - now
    words = _span(abs(span))
    return f"late {words}" if span < timedelta(0) else words


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 48 * 60:
        return f"{minutes // 1440} d {minutes % 1440 // 60} h"
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"


def _matrix(seen: Matrix) -> Table:
    table = Table(title="Stores", title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("store", no_wrap=True)
    table.add_column("is", no_wrap=True)
    for item in seen.items:
        table.add_column(item.id.removeprefix("INS-"), justify="right", no_wrap=True)
    for store in seen.stores:
        cells = [_cell(seen.cell(store.id, item.id)) for item in seen.items]
        table.add_row(store.key, Text(store.status.value, style=STATUS_COLOURS[store.status.value]), *cells)
    return table


def _cell(cell: Cell) -> Text:
    if cell.state is State.UNKNOWN:
        return Text("?", style="magenta")
    if cell.state is State.NOT_APPLICABLE:
        return Text("–", style="dim")
    if cell.severity is None:
        return Text("✓", style="green")
    return Text(f"{MARKS[cell.severity.value]}{cell.findings}", style=COLOURS[cell.severity.value])


def _legend(seen: Matrix) -> str:
    names = "  ".join(f"{item.id.removeprefix('INS-')} {item.short_title}" for item in seen.items)
    states = Counter(store.status.value for store in seen.stores)
    return f"{names}\n" + "  ".join(f"{count} {status}" for status, count in states.most_common())
