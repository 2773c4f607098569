"""inspect: sync, one round, the matrix and the worklist. Opens the installation; `inspection` does the work beside it."""

import json
from pathlib import Path

import click

from storeward.cli.installation import answer_by_step, demo_installation, opened_existing
from storeward.cli.options import data_option, json_option, store_option


@click.command()
@click.option("--demo", is_flag=True, help="With a demo fleet in a sandbox, just for this call.")
@store_option
@json_option
@data_option
@click.pass_context
def inspect(ctx: click.Context, demo: bool, store: str | None, as_json: bool, data: Path) -> None:
    """Sync, then one round: the worklist and the matrix.

    Exit code 0: nothing is open and everything was told; 1: findings are open; 2: something could not be told.
    """
    arguments = [*(["--store", store] if store else []), *(["--json"] if as_json else [])]
    if demo:
        chosen = data if _named(ctx) else None
        with demo_installation(chosen) as installation:
            credentials = json.dumps(installation.credentials)
            ctx.exit(answer_by_step(installation, "inspect-demo", *arguments, input=credentials))
    with opened_existing(data) as installation:
        ctx.exit(answer_by_step(installation, "inspect", *arguments))


def _named(ctx: click.Context) -> bool:
    """Whether --data was given: a demo without it lives in a folder that goes with the call."""
    return ctx.get_parameter_source("data") is click.core.ParameterSource.COMMANDLINE
