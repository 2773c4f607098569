"""`storeward import`: what the step inside an installation does with a table that somebody made."""

import sys
from datetime import datetime
from pathlib import Path

import click
import msgspec

from storeward import pipeline
from storeward.accounts.models import Workspace
from storeward.intake import taking
from storeward.intake.reading import BadFile
from storeward.intake.sheets import SHEETS
from storeward.lib import clock, instants
from storeward.lib.errors import NotDone, from_os
from storeward.stores.models import Store

WHO = "command line"
ALL_GOOD, SOME_BAD = 0, 1
SHOWN = 20


@click.command("import")
@click.argument("sheet", type=click.Choice(sorted(SHEETS)))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-of")
@click.option("--dry-run", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def import_step(ctx: click.Context, sheet: str, file: Path, as_of: str | None, dry_run: bool, as_json: bool) -> None:
    """Look at the file, take it over unless told not to, and judge its stores."""
    now = clock.now()
    workspace = Workspace.objects.order_by("pk").first()
    if workspace is None:
        raise NotDone("There is no store yet that a table could be about: connect or add one first.")
    store_ids = list(Store.objects.filter(workspace=workspace).values_list("pk", flat=True))
    try:
        upload = taking.preview(
            workspace_id=workspace.pk,
            sheet=sheet,
            body=_body(file),
            name=file.name,
            store_ids=store_ids,
            as_of=_instant(as_of) or now,
            who=WHO,
            now=now,
        )
    except BadFile as error:
        raise NotDone(f"{error}.") from error
    verdict = msgspec.convert(upload.verdict, taking.Verdict)
    changed = None
    if dry_run:
        taking.discard(upload.pk, workspace_id=workspace.pk)
    else:
        changed = pipeline.take_upload(upload.pk, store_ids=store_ids, who=WHO).changed
    if as_json:
        answer = {**msgspec.to_builtins(verdict), "changed": changed}
        sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
    else:
        _print(verdict, changed)
    ctx.exit(SOME_BAD if verdict.bad_rows else ALL_GOOD)


def _body(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise from_os(error, f"read {file}") from error


def _instant(said: str | None) -> datetime | None:
    if said is None:
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        raise NotDone(f"--as-of {said} is no instant; write it like 2026-11-20T09:35:00Z.") from error
    if at.tzinfo is None:
        raise NotDone(f"--as-of {said} names no time zone; write it like {instants.to_text(clock.now())}.")
    return at


def _print(verdict: taking.Verdict, changed: int | None) -> None:
    said = "nothing was taken over (--dry-run)" if changed is None else f"{changed:,} things are new or different"
    click.echo(f"{verdict.good:,} of {verdict.rows:,} rows are good, for {verdict.stores} stores; {said}.")
    if verdict.ignored:
        click.echo(f"Columns that were left out: {', '.join(verdict.ignored)}.")
    for bad in verdict.bad[:SHOWN]:
        click.echo(f"  row {bad.row}, {bad.field}: {bad.message}")
    if verdict.bad_rows > SHOWN:
        click.echo(f"  and {verdict.bad_rows - SHOWN:,} more bad rows; --json lists the first {taking.MOST_TOLD:,}.")
