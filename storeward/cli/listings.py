"""`storeward policy listing --store`, once the installation is open: every listing of a store, as it was last looked at."""

from typing import Any

import click
import msgspec

from storeward.findings.listings import look_again
from storeward.lib import clock, instants
from storeward.listings.queries import Wrong, counts, wrong
from storeward.policy.listing_check.answers import problem_document
from storeward.stores.queries import by_key

GOOD, BAD, NOT_TOLD = 0, 1, 2
AT_ONCE = 1_000


@click.command("listing")
@click.argument("store")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def listing_step(ctx: click.Context, store: str, as_json: bool) -> None:
    """The listings of a store with something wrong; 0 none, 1 some, 2 there is none that could be looked at."""
    chosen = by_key(store)
    look_again([chosen.pk], now=clock.now())
    told = counts([chosen.pk])
    for start in range(0, told.wrong, AT_ONCE):
        for one in wrong([chosen.pk], limit=AT_ONCE, offset=start):
            row = document(one)
            click.echo(msgspec.json.encode(row) if as_json else text(row))
    if not as_json:
        click.echo(f"{told.looked:,} listings looked at, {told.wrong:,} with something wrong.", err=True)
    ctx.exit(NOT_TOLD if not told.looked else BAD if told.wrong else GOOD)


def document(one: Wrong) -> dict[str, Any]:
    """A row of the answer."""
    return {
        "listing": one.platform_id,
        "title": one.title,
        "status": one.status,
        "problems": [problem_document(problem) for problem in one.problems],
        "same_as": one.twin_of,
        "looked_at": instants.to_text(one.looked_at),
    }


def text(row: dict[str, Any]) -> str:
    """The same for a person: a line for the listing, one for each problem."""
    lines = [f"{row['listing']}  {row['title'] or '(no title)'}"]
    for problem in row["problems"]:
        where = f"“{problem['words']}” in {problem['field']}: " if problem["words"] else ""
        lines.append(f"  {problem['form']:10} {where}{problem['what']} {problem['mend']}")
    if row["same_as"]:
        lines.append(f"  duplicate  It says the same as {row['same_as']}.")
    return "\n".join(lines)
