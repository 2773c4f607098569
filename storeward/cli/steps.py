"""Steps that need Django, run as short processes of their own by a parent that stays small.

python -m storeward.cli.steps demo PORT_BASE ADDRESS [--first]
python -m storeward.cli.steps sync [--store X] [--no-wait] [--by-workers]
python -m storeward.cli.steps export-orders [--store X]
python -m storeward.cli.steps inspect [--store X] [--json]
python -m storeward.cli.steps import SHEET FILE [--as-of INSTANT] [--dry-run] [--json]
python -m storeward.cli.steps rulebook diff|history|draft|publish|withdraw|versions|own|replay|why ...
    python -m storeward.cli.steps score STORE [--at DAY] [--json]
    python -m storeward.cli.steps rates STORE [--items METRIC] [--json]
    python -m storeward.cli.steps listing STORE [--json]
    python -m storeward.cli.steps inspect-demo [--store X] [--json]     the sandbox's credentials on standard input
"""

# ruff: noqa: E402 - Django is set up before anything that knows models is imported
import os
import sys

import click
import django
import msgspec

django.setup()

from storeward import pipeline
from storeward.accounts.models import Role, Workspace
from storeward.accounts.people import create_person
from storeward.cli import syncing
from storeward.cli.demo_world import DemoWorld
from storeward.cli.importing import import_step
from storeward.cli.inspection import inspect_step
from storeward.cli.listings import listing_step
from storeward.cli.main import guarded
from storeward.cli.rulebook import rulebook
from storeward.cli.sandbox_process import move_clock, sandbox_credentials
from storeward.cli.scores import rates_step, score_step
from storeward.lib import clock, environment
from storeward.records import queries
from storeward.stores.queries import by_key


@click.group()
def steps() -> None:
    """Not for people: called by the other commands."""


@steps.command()
@click.argument("port_base", type=int)
@click.argument("address")
@click.option("--first", is_flag=True)
def demo(port_base: int, address: str, first: bool) -> None:
    """Connect the fleet of the running sandbox and bring its clock to the present; the first time, sync and inspect too.

    `address` is that of our pages: the sandbox sends its webhooks there.
    """
    world = DemoWorld.load(environment.data_dir())
    if not world.frozen and not first:
        move_clock(port_base, os.environ, clock.now())
    pipeline.demo_fleet(sandbox_credentials(port_base, os.environ))
    pipeline.listen_soon(address)
    if first:
        _add_person(world)
        pipeline.first_round()


@steps.command()
@click.option("--store")
@click.option("--no-wait", is_flag=True)
@click.option("--by-workers", is_flag=True)
@click.pass_context
def sync(ctx: click.Context, store: str | None, no_wait: bool, by_workers: bool) -> None:
    """Bring up to date what is due."""
    keys = [by_key(store).key] if store else []
    if no_wait:
        syncing.queue(keys)
    else:
        ctx.exit(syncing.by_workers(keys, environment.data_dir()) if by_workers else syncing.here(keys))


def _add_person(world: DemoWorld) -> None:
    workspace = Workspace.objects.order_by("pk").first()
    assert workspace is not None, "demo_fleet makes one"
    create_person(
        email=world.email,
        name="Lina Tan",
        password=world.password,
        workspace=workspace,
        role=Role.OWNER,
        now=clock.now(),
    )


@steps.command()
@click.option("--store")
def export_orders(store: str | None) -> None:
    """Print every order as a row."""
    rows = queries.export_orders(by_key(store) if store else None)
    out = sys.stdout.buffer
    for row in rows:
        out.write(msgspec.json.encode(row) + b"\n")
    out.flush()


@steps.command()
@click.option("--store")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def inspect_demo(ctx: click.Context, store: str | None, as_json: bool) -> None:
    """Connect the sandbox's stores, then inspect."""
    pipeline.demo_fleet(msgspec.json.decode(sys.stdin.buffer.read()))
    ctx.invoke(inspect_step, store=store, as_json=as_json)


steps.add_command(inspect_step)
steps.add_command(import_step)
steps.add_command(rulebook)
steps.add_command(score_step)
steps.add_command(rates_step)
steps.add_command(listing_step)


if __name__ == "__main__":
    sys.exit(guarded(steps, sys.argv[1:]))
