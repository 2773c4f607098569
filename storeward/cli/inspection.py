"""What `inspect` does once the installation is open: sync, judge, and say what was seen, as JSON or as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import click
import msgspec
from rich.console import Console

from storeward import pipeline
from storeward.cli.inspection_tables import print_tables
from storeward.findings import queries
from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.queries import Line
from storeward.findings.rules import RuleText, about
from storeward.lib import clock, instants
from storeward.policy.types import Severity
from storeward.rounds.matrix import Cell, Matrix, StoreLine, matrix
from storeward.rounds.rounds import run_round
from storeward.stores.models import Store
from storeward.stores.queries import all_stores, by_key

ALL_TOLD, FINDINGS, NOT_TOLD = 0, 1, 2
"""Exit codes."""


@click.command("inspect")
@click.option("--store")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def inspect_step(ctx: click.Context, store: str | None, as_json: bool) -> None:
    """Sync, one round, print; the exit code says what was found."""
    chosen = [by_key(store)] if store else list(all_stores())
    _sync(chosen, Console(stderr=True))
    seen = look_at(chosen, now=clock.now())
    if as_json:
        click.echo(msgspec.json.encode(document(seen)))
    else:
        print_tables(seen.matrix, seen.lines, Console())
    ctx.exit(seen.exit_code)


@dataclass(frozen=True, slots=True)
class Inspection:
    """The outcome of one inspection."""

    matrix: Matrix
    lines: tuple[Line, ...]
    snoozed: int
    sales: Mapping[int, float]
    """Monthly sales, in US dollars, of stores that may be lost."""

    @property
    def exit_code(self) -> int:
        """0 never hides an unknown: findings go first, then what could not be told."""
        if self.lines or self.snoozed:
            return FINDINGS
        return ALL_TOLD if self.matrix.complete else NOT_TOLD


def _sync(stores: Sequence[Store], console: Console) -> None:
    """Bring the stores up to date and judge them, those that cannot be asked too."""
    with console.status(f"Asking the platforms about {len(stores)} stores ..."):
        pipeline.sync_due([store.key for store in stores])
    with console.status("Judging ..."):
        evaluate([store.pk for store in stores], now=clock.now())
        tick(now=clock.now())


def look_at(stores: Sequence[Store], *, now: datetime) -> Inspection:
    """One round over the stores as their rows stand at `now`; whole workspaces keep it as a row."""
    ids = [store.pk for store in stores]
    if len(ids) == Store.objects.count():
        for workspace_id in sorted({store.workspace_id for store in stores}):
            run_round(workspace_id, now=now)
    page = queries.worklist(ids, limit=None)
    in_danger = sorted({line.store_id for line in page.lines if line.severity == Severity.FATAL})
    sales = queries.monthly_sales(in_danger, now=now)
    return Inspection(matrix(ids, now=now), page.lines, queries.counts(ids).snoozed, sales)


# -- the document -----------------------------------------------------------------------------------------------------------


def document(seen: Inspection) -> dict[str, Any]:
    """The JSON of the contract."""
    stores = {store.id: store for store in seen.matrix.stores}
    return {
        "at": instants.to_text(seen.matrix.at),
        "complete": seen.matrix.complete,
        "stores": [_store(store) for store in seen.matrix.stores],
        "items": [{"item": item.id, "title": item.title, "title_zh": item.title_zh} for item in seen.matrix.items],
        "matrix": [_cell(stores[store_id], item, cell) for (store_id, item), cell in seen.matrix.cells.items()],
        "worklist": [
            _line(rank, line, stores[line.store_id], seen.sales.get(line.store_id))
            for rank, line in enumerate(seen.lines, start=1)
        ],
    }


def _store(store: StoreLine) -> dict[str, Any]:
    return {
        "store": store.key,
        "platform": store.platform,
        "platform_store_id": store.platform_store_id,
        "name": store.name,
        "region": store.region,
        "status": store.status.value,
        "synced_at": _instant(store.synced_at),
        "stale": store.stale,
    }


def _cell(store: StoreLine, item: str, cell: Cell) -> dict[str, Any]:
    return {
        "store": store.key,
        "item": item,
        "state": cell.state.value,
        "severity": cell.severity.value if cell.severity else None,
        "findings": cell.findings,
        "figure": cell.figure or None,
        "as_of": _instant(cell.as_of),
    }


def _line(rank: int, line: Line, store: StoreLine, sales: float | None) -> dict[str, Any]:
    text = about(line.rule)
    return {
        "rank": rank,
        "rule": line.rule,
        "title": text.title,
        "store": store.key,
        "platform": store.platform,
        "subject": {"kind": line.subject_kind, "id": line.subject_id},
        "item": line.item or None,
        "state": line.state,
        "severity": line.severity,
        "due_at": _instant(line.due_at),
        "stake": _stake(line, text, sales if line.severity == Severity.FATAL else None),
        "action": {"action": line.action, "label": text.action.label},
        "why": line.why("en"),
        "consequence": text.consequence,
        "score": round(line.score, 4),
        "factors": {"chance": line.chance, "loss_usd": round(line.loss_usd, 2), "minutes": line.minutes},
        "status": line.status,
    }


def _stake(line: Line, text: RuleText, sales: float | None) -> dict[str, Any]:
    """The money of the finding itself; beside it, where the store may be lost, what it sells in a month (an estimate)."""
    known = line.stake_amount is not None and line.stake_currency is not None
    return {
        "what": text.stake,
        "amount": amount_text(line.stake_amount, line.stake_currency) if known else None,
        "currency": line.stake_currency if known else None,
        "store_sells_usd_a_month": None if sales is None else round(sales),
    }


WHOLE_UNITS = frozenset({"VND", "IDR", "JPY", "KRW"})
"""Currencies without minor units."""


def amount_text(amount: Decimal | None, currency: str | None) -> str | None:
    """Exact decimal text with the currency's usual places; more only where the amount has them."""
    if amount is None:
        return None
    places = Decimal(1) if currency in WHOLE_UNITS else Decimal("0.01")
    usual = amount.quantize(places)
    return f"{usual if usual == amount else amount.normalize():f}"


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instants.to_text(at)
