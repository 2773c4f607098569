"""`storeward policy ...` where an installation is asked: the commands as people see them; rulebook.py does the work in a step."""

from pathlib import Path
from typing import Any

import click

from storeward.cli.installation import answer_by_step, opened_existing
from storeward.cli.options import data_option, json_option
from storeward.cli.policy import BAD, GOOD, NOT_TOLD, chosen_platform, chosen_region, json_text, lines_of
from storeward.lib import clock
from storeward.lib.errors import NotDone
from storeward.policy.listing_check import answers as listing_answers


def _ask(ctx: click.Context, data: Path, *words: str | None) -> None:
    """Have an installation answer; its exit code is ours."""
    with opened_existing(data) as installation:
        ctx.exit(answer_by_step(installation, "rulebook", *(word for word in words if word is not None)))


def _flag(name: str, value: object) -> tuple[str, ...]:
    """An option as it is handed on; nothing where it was not given."""
    if value is None or value is False:
        return ()
    return (name,) if value is True else (name, str(value))


@click.command("diff")
@click.argument("first", metavar="[A]", required=False)
@click.argument("last", metavar="[B]", required=False)
@click.option("--from", "since", metavar="DATE", help="The same as A.")
@click.option("--to", "until", metavar="DATE", help="The same as B.")
@click.option("--platform", metavar="P", help="Only rules of this platform.")
@click.option("--market", "--region", "region", metavar="R", help="Only rules that hold in this market.")
@json_option
@data_option
@click.pass_context
def diff(
    ctx: click.Context,
    first: str | None,
    last: str | None,
    since: str | None,
    until: str | None,
    platform: str | None,
    region: str | None,
    as_json: bool,
    data: Path,
) -> None:
    """Rules that began, ended or changed between two dates, with the weight of the change."""
    start, end = since or first, until or last
    if start is None or end is None:
        raise NotDone("Name two dates, for example `storeward policy diff 2026-08-01 2026-11-01`.")
    more = (*_flag("--platform", chosen_platform(platform)), *_flag("--region", chosen_region(region)), *_flag("--json", as_json))
    _ask(ctx, data, "diff", start, end, *more)


@click.command("history")
@click.argument("rule")
@json_option
@data_option
@click.pass_context
def history(ctx: click.Context, rule: str, as_json: bool, data: Path) -> None:
    """Everything that was said of RULE: the product's terms, versions, the team's own figures."""
    _ask(ctx, data, "history", rule, *_flag("--json", as_json))


@click.command("draft")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--title", metavar="TEXT", help="A short name.  [default: the file's]")
@click.option("--note", metavar="TEXT", help="What a reader should know.")
@json_option
@data_option
@click.pass_context
def draft(ctx: click.Context, file: Path, title: str | None, note: str | None, as_json: bool, data: Path) -> None:
    """Keep new terms of rules as a draft (TOML, see docs/add-a-rule.md); it counts nowhere until it is published."""
    path = str(file) if str(file) == "-" else str(file.absolute())
    _ask(ctx, data, "draft", path, *_flag("--title", title), *_flag("--note", note), *_flag("--json", as_json))


@click.command("publish")
@click.argument("number", type=int, metavar="VERSION")
@json_option
@data_option
@click.pass_context
def publish(ctx: click.Context, number: int, as_json: bool, data: Path) -> None:
    """Let a draft count, each change from its own day on."""
    _ask(ctx, data, "publish", str(number), *_flag("--json", as_json))


@click.command("withdraw")
@click.argument("number", type=int, metavar="VERSION")
@click.option("--why", "reason", required=True, metavar="TEXT", help="What was wrong with it.")
@json_option
@data_option
@click.pass_context
def withdraw(ctx: click.Context, number: int, reason: str, as_json: bool, data: Path) -> None:
    """Take a published version back; it stays in the history."""
    _ask(ctx, data, "withdraw", str(number), "--why", reason, *_flag("--json", as_json))


@click.command("versions")
@json_option
@data_option
@click.pass_context
def versions(ctx: click.Context, as_json: bool, data: Path) -> None:
    """Drafts, published and withdrawn versions, the latest first."""
    _ask(ctx, data, "versions", *_flag("--json", as_json))


@click.command("own")
@click.argument("rule", required=False)
@click.argument("figure", required=False, metavar="[NAME=VALUE]")
@click.option("--from", "first", metavar="DATE", help="From that day on.  [default: today]")
@click.option("--why", "reason", metavar="TEXT", help="Why the team wants it.")
@json_option
@data_option
@click.pass_context
def own(
    ctx: click.Context, rule: str | None, figure: str | None, first: str | None, reason: str | None, as_json: bool, data: Path
) -> None:
    """The team's own figures: `own RULE hours=8` sets one that is tighter, `own RULE hours=` ends it, `own` lists all."""
    _ask(ctx, data, "own", rule, figure, *_flag("--from", first), *_flag("--why", reason), *_flag("--json", as_json))


@click.command("replay")
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Rules in force, judged by themselves; may be given again.")
@click.option("--draft", metavar="FILE|VERSION", help="New terms, as if they had held all the time.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="How far back.")
@json_option
@data_option
@click.pass_context
def replay(ctx: click.Context, rules: tuple[str, ...], draft: str | None, days: int, as_json: bool, data: Path) -> None:
    """What new terms would have touched in the team's own history. Exit code 1 where anything differs."""
    if draft is not None and not draft.isdigit() and draft != "-":
        draft = str(Path(draft).absolute())
    chosen = tuple(word for rule in rules for word in ("--rule", rule))
    _ask(ctx, data, "replay", *chosen, *_flag("--draft", draft), "--days", str(days), *_flag("--json", as_json))


@click.command("why")
@click.argument("finding", type=int)
@click.option("--at", metavar="INSTANT", help="At that instant.  [default: now]")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@json_option
@data_option
@click.pass_context
def why(ctx: click.Context, finding: int, at: str | None, language: str, as_json: bool, data: Path) -> None:
    """Why a finding says what it says: terms in force, facts with their origin, each step of the reckoning."""
    _ask(ctx, data, "why", str(finding), *_flag("--at", at), "--language", language, *_flag("--json", as_json))


# -- how a store stands -------------------------------------------------------------------------------


@click.command()
@click.argument("store")
@click.option("--at", metavar="DAY", help="As it was at the end of that day, e.g. 2026-11-20, in the store's time zone.")
@json_option
@data_option
@click.pass_context
def score(ctx: click.Context, store: str, at: str | None, as_json: bool, data: Path) -> None:
    """The score or points of STORE, rebuilt from their events: next line, what expires, what is unexplained, the forecast.

    Exit code 0: no line is reached; 1: one is; 2: it cannot be told.
    """
    with opened_existing(data) as installation:
        flags = [*(["--at", at] if at else []), *(["--json"] if as_json else [])]
        ctx.exit(answer_by_step(installation, "score", store, *flags))


@click.command()
@click.argument("store")
@click.option("--items", metavar="METRIC", help="With what went wrong behind that rate, e.g. late_dispatch_rate.")
@json_option
@data_option
@click.pass_context
def rates(ctx: click.Context, store: str, items: str | None, as_json: bool, data: Path) -> None:
    """Our running figure of each rate of STORE beside the platform's own, the misses left, and who answered buyers.

    Exit code 1: a rate breaks a limit.
    """
    with opened_existing(data) as installation:
        flags = [*(["--items", items] if items else []), *(["--json"] if as_json else [])]
        ctx.exit(answer_by_step(installation, "rates", store, *flags))


# -- listings -----------------------------------------------------------------------------------------


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--store", metavar="KEY", help="Every listing that is held of this store, instead of a FILE.")
@json_option
@data_option
@click.pass_context
def listing(ctx: click.Context, file: Path | None, store: str | None, as_json: bool, data: Path) -> None:
    """What is wrong with listings: claims, goods, terms, contact details, brands without a right, missing parts, prices.

    FILE has one listing a line as a JSON object (- for standard input); it needs no installation. Exit code 0: nothing is wrong;
    1: something is; 2: a line cannot be used.
    """
    if (file is None) == (store is None):
        raise NotDone("Give a FILE with listings, or --store KEY.")
    if store is not None:
        with opened_existing(data) as installation:
            ctx.exit(answer_by_step(installation, "listing", store, *(["--json"] if as_json else [])))
    assert file is not None
    rows = [listing_answers.answer(line, clock.now().date()) for line in lines_of(file)]
    for row in rows:
        click.echo(json_text(row) if as_json else _listing_text(row))
    failed = any("error" in row for row in rows)
    ctx.exit(NOT_TOLD if failed else BAD if any(row["problems"] for row in rows) else GOOD)


def _listing_text(row: dict[str, Any]) -> str:
    if "error" in row:
        return f"{row['id']}: {row['error']['field']}: {row['error']['message']}"
    lines = [f"{row['id'] or 'listing'}: {len(row['problems'])} problems"]
    for one in row["problems"]:
        where = f"“{one['words']}” in {one['field']}: " if one["words"] else ""
        lines.append(f"  {one['form']:10} {where}{one['what']} {one['mend']}")
    lines += [f"  {form:10} cannot tell ({why.replace('_', ' ')})" for form, why in row["unknown"].items()]
    return "\n".join(lines)
