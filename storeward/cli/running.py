"""demo, up, status, sync, export: run an installation and look at it. Decode, call one function, print."""

from pathlib import Path
from typing import Any

import click
import msgspec

from storeward.cli import supervise
from storeward.cli.installation import answer_by_step, opened_existing
from storeward.cli.options import data_option, json_option, store_option
from storeward.cli.progress import Progress, sync_progress
from storeward.lib import clock, environment, instants
from storeward.lib.postgres import embedded_url

DEFAULT_PORT, DEFAULT_PORT_BASE = 8400, 9400
RUNNING, NOT_RUNNING = 0, 2
UNKNOWN = {"running": None, "waiting": None, "failed": None, "last_finished_at": None}

port_option = click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port of the pages; 0 takes a free one.")


@click.command()
@data_option
@port_option
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option("--stores", type=click.IntRange(1, 1000), help="How many stores the fleet has.  [default: 12]")
@click.option("--seed", type=int, help="The same seed gives the same fleet.  [default: 1]")
@click.option("--frozen", is_flag=True, help="The sandbox's clock stands.")
@click.option("--port-base", default=DEFAULT_PORT_BASE, show_default=True, help="First port of the sandbox.")
def demo(data: Path, port: int, no_open: bool, stores: int | None, seed: int | None, frozen: bool, port_base: int) -> None:
    """Try it: a fleet of stores in the sandbox, synced and inspected, with pages and a sign-in. Ends with Ctrl-C."""
    wishes = supervise.DemoWishes(port=port, port_base=port_base, seed=seed, stores=stores, frozen=frozen, browser=not no_open)
    supervise.run_demo(data, wishes, clock.now())


@click.command()
@data_option
@port_option
def up(data: Path, port: int) -> None:
    """Serve the pages and work the queue. Ends with Ctrl-C."""
    supervise.run_up(data, port)


@click.command()
@data_option
@json_option
@click.pass_context
def status(ctx: click.Context, data: Path, as_json: bool) -> None:
    """What runs, and how far the sync is. Exit code 0: it runs; 2: it does not."""
    state = supervise.read_state(data)
    url = environment.text("DATABASE_URL") or embedded_url(data)
    progress = sync_progress(url, clock.now()) if url else None
    click.echo(msgspec.json.encode(_status_document(state, progress)) if as_json else _status_text(state, progress))
    ctx.exit(RUNNING if state else NOT_RUNNING)


def _status_document(state: supervise.State | None, progress: Progress | None) -> dict[str, Any]:
    sync: dict[str, Any] = dict(UNKNOWN)
    if progress is not None:
        last = progress.last_finished_at
        sync = {**msgspec.structs.asdict(progress), "last_finished_at": instants.to_text(last) if last else None}
    return {
        "running": state is not None,
        "url": state.url if state else None,
        "processes": state.processes if state else [],
        "sync": sync,
    }


def _status_text(state: supervise.State | None, progress: Progress | None) -> str:
    lines = [f"Running at {state.url}" if state else "Not running"]
    lines += [f"  {process.role:<9} process {process.pid}" for process in (state.processes if state else [])]
    if progress is None:
        return "\n".join([*lines, "How far the sync is cannot be told: the database does not answer."])
    lines.append(f"Stores: {progress.running} being synced, {progress.waiting} waiting, {progress.failed} failing")
    if progress.last_finished_at:
        lines.append(f"Last brought up to date at {instants.to_text(progress.last_finished_at)}")
    return "\n".join(lines)


@click.command()
@store_option
@click.option("--no-wait", is_flag=True, help="Return when it is queued.")
@data_option
@click.pass_context
def sync(ctx: click.Context, store: str | None, no_wait: bool, data: Path) -> None:
    """Bring everything that is due up to date. Exit code 1 when a store could not be synced.

    Running workers do it; without any, this command does it itself.
    """
    arguments = [*(["--store", store] if store else []), *(["--no-wait"] if no_wait else [])]
    state = supervise.read_state(data)
    if state and any(process.role == "worker" for process in state.processes):
        arguments.append("--by-workers")
    with opened_existing(data) as installation:
        ctx.exit(answer_by_step(installation, "sync", *arguments))


@click.command("import")
@click.argument("sheet", metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--as-of", metavar="INSTANT", help="When the facts were true, where a row does not say it (default: now).")
@click.option("--dry-run", is_flag=True, help="Look only: say what would be taken over.")
@json_option
@data_option
@click.pass_context
def import_(ctx: click.Context, sheet: str, file: Path, as_of: str | None, dry_run: bool, as_json: bool, data: Path) -> None:
    """Bring a table: orders, stock, balances, reviews, points, violations, figures or events. Exit code 1 when rows are bad.

    The first row names the columns; every good row counts, every bad one is told with its field and what mends it.
    """
    flags = [*(["--as-of", as_of] if as_of else []), *(["--dry-run"] if dry_run else []), *(["--json"] if as_json else [])]
    with opened_existing(data) as installation:
        ctx.exit(answer_by_step(installation, "import", sheet, str(file.absolute()), *flags))


@click.group()
def export() -> None:
    """Print what is held, one JSON object a line."""


@export.command()
@json_option
@store_option
@data_option
@click.pass_context
def orders(ctx: click.Context, as_json: bool, store: str | None, data: Path) -> None:
    """Every order that is held, in no promised order; the rows are JSON with and without --json."""
    with opened_existing(data) as installation:
        ctx.exit(answer_by_step(installation, "export-orders", *(["--store", store] if store else [])))
