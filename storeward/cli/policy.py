"""`storeward policy ...`: look at the rules, check their data, judge facts and texts that you bring along: without a database.

What a team has said of rules, and what its history says of them, an installation is asked, by steps of its own (rulebook.py).
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

from storeward.cli.installation import answer_by_step, opened_existing
from storeward.cli.options import data_option, json_option
from storeward.conduct import answers as conduct_answers
from storeward.lib import clock
from storeward.lib.errors import NotDone, from_os
from storeward.policy import answers, check, coverage, terms
from storeward.policy.cases import PLATFORMS, REGIONS
from storeward.policy.listing_check import answers as listing_answers
from storeward.policy.terms import INTERNAL, Rule

GOOD, BAD, NOT_TOLD = 0, 1, 2

_encoder = msgspec.json.Encoder(decimal_format="number")


@click.group()
def policy() -> None:
    """The rules: check, list and evaluate them."""


@policy.command("check")
@click.pass_context
def check_(ctx: click.Context) -> None:
    """Is the policy data whole: ids, dates, sources, no gaps, every sentence in both languages?"""
    found = check.mistakes()
    for text in found:
        click.echo(text)
    if not found:
        rules = [rule for _, rule in terms.book()]
        judged = sum(rule.form is not None and not rule.asks for rule in rules)
        click.echo(
            f"{len(rules)} rules are whole, {judged} of them give findings, "
            f"{sum(bool(rule.form and rule.asks) for rule in rules)} more once a workspace has set a figure of its own."
        )
    ctx.exit(BAD if found else GOOD)


# -- list ---------------------------------------------------------------------------------------------


@policy.command("list")
@click.option("--platform", metavar="P", help="Only rows of this platform, e.g. tiktok_shop; internal for our own routines.")
@click.option("--region", metavar="R", help="Only rows that hold in this market, e.g. MY.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a rule and nothing else.")
def list_(platform: str | None, region: str | None, as_json: bool) -> None:
    """Every rule with its terms, sources and confidence."""
    chosen = list(_chosen(_platform(platform), _region(region)))
    for folder, rule in chosen:
        click.echo(_json(_rule(folder, rule)) if as_json else _rule_line(folder, rule))


def _platform(name: str | None) -> str | None:
    known = set(terms.book().rules)
    folder = {**PLATFORMS, "internal routine": INTERNAL}.get(name, name) if name is not None else None
    if folder is not None and folder not in known:
        raise NotDone(f"--platform {name}: there are no rules for it. Known are {', '.join(sorted(known))}.")
    return folder


def _region(name: str | None) -> str | None:
    region = {"GB": "UK"}.get(name.upper(), name.upper()) if name is not None else None
    if region is not None and region not in REGIONS:
        raise NotDone(f"--region {name} is not known. Known are {', '.join(REGIONS)}.")
    return region


def _chosen(platform: str | None, region: str | None) -> Iterator[tuple[str, Rule]]:
    for folder, rule in terms.book():
        if platform in (None, folder) and (region is None or "all" in rule.regions or region in rule.regions):
            yield folder, rule


def _rule(folder: str, rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "platform": None if folder == INTERNAL else folder,
        "title": rule.title,
        "title_zh": rule.title_zh,
        "regions": list(rule.regions),
        "applies_to": rule.applies_to,
        "programmes": list(rule.programmes),
        "subject": rule.subject,
        "kind": rule.kind,
        "severity": rule.severity.value,
        "consequence": rule.consequence,
        "consequence_zh": rule.consequence_zh,
        "remedy": rule.remedy or None,
        "remedy_zh": rule.remedy_zh or None,
        "gives_findings": rule.form is not None,
        "no_findings_because": rule.silent,
        "asks": list(rule.asks),
        "terms": [_span(span) for span in rule.terms],
    }


def _span(span: terms.Span) -> dict[str, Any]:
    return {
        "from": _date(span.from_),
        "to": _date(span.to),
        "figures": {name: f"{figure:f}" for name, figure in span.figures.items()},
        "unit": span.unit,
        "comparator": span.comparator,
        "window_days": span.window,
        "source": list(span.source),
        "read_on": _date(span.read_on),
        "confidence": span.confidence,
        "note": span.note,
    }


def _date(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _rule_line(folder: str, rule: Rule) -> str:
    since = rule.terms[-1].from_
    figures = ", ".join(f"{name} {figure:f}" for name, figure in rule.terms[-1].figures.items())
    parts = [f"{rule.id:30} {rule.severity.value:8} {rule.title}"]
    parts.append(f"{'':30} {', '.join(rule.regions)}; {rule.terms[-1].confidence}{f'; from {since}' if since else ''}")
    if figures:
        parts.append(f"{'':30} {figures}")
    if rule.asks:
        parts.append(f"{'':30} cannot tell: no source names {', '.join(rule.asks)}; set your own figure")
    if rule.silent:
        parts.append(f"{'':30} gives no finding: {rule.silent}")
    return "\n".join(parts)


# -- coverage -----------------------------------------------------------------------------------------


@policy.command("coverage")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write the page there.")
@click.pass_context
def coverage_(ctx: click.Context, write: Path | None) -> None:
    """Every rule with its terms and the tests that exercise it; ends with 1 where one has none."""
    rows = coverage.covered()
    if write is None:
        click.echo(coverage.page(rows))
    else:
        try:
            write.write_text(coverage.page(rows), "utf-8")
        except OSError as error:
            raise from_os(error, f"write {write}") from None
    ctx.exit(GOOD if all(row.tests for row in rows) else BAD)


# -- how a store stands -------------------------------------------------------------------------------


@policy.command()
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


@policy.command()
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


@policy.command()
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
    rows = [listing_answers.answer(line, clock.now().date()) for line in _lines(file)]
    for row in rows:
        click.echo(_json(row) if as_json else _listing_text(row))
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


# -- evaluate -----------------------------------------------------------------------------------------


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line of facts and nothing else.")
@click.pass_context
def evaluate(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Judge the facts in FILE, one JSON object a line (- for standard input)."""
    told: set[str] = set()
    failed = False
    for line in _lines(file):
        row, unknown = answers.answer(line)
        _tell_unknown(unknown, told)
        failed = failed or "error" in row
        click.echo(_json(row) if as_json else _read_out(row))
    ctx.exit(NOT_TOLD if failed else GOOD)


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a text and nothing else.")
@click.pass_context
def conduct(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Check the texts in FILE for what platforms forbid, one JSON object a line (- for standard input)."""
    failed = False
    for line in _lines(file):
        row = conduct_answers.answer(line)
        failed = failed or "error" in row
        click.echo(_json(row) if as_json else _read_out_text(row))
    ctx.exit(NOT_TOLD if failed else GOOD)


def _read_out_text(row: dict[str, Any]) -> str:
    """A row for a person: the verdict, the words that decided, and what to say instead."""
    if "error" in row:
        return f"{row['id']}: {row['error']['field']}: {row['error']['message']}"
    lines = [f"{row['id']}: {row['verdict']}{''.join(f' {form}' for form in row['forms'])}"]
    lines += [f"  {match['rule']:28} {match['text']}" for match in row["matches"]]
    if row["gentler"]:
        lines.append(f"  say instead: {row['gentler']}")
    return "\n".join(lines)


def _lines(file: Path) -> Iterator[bytes]:
    """The lines of the file that hold something; a byte order mark is dropped."""
    if str(file) == "-":
        yield from _filled(sys.stdin.buffer)
        return
    try:
        with file.open("rb") as stream:
            yield from _filled(stream)
    except OSError as error:
        raise from_os(error, f"read {file}") from None


def _filled(stream: BinaryIO) -> Iterator[bytes]:
    for number, line in enumerate(stream):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
        if text.strip():
            yield text


def _tell_unknown(keys: Iterable[str], told: set[str]) -> None:
    for key in keys:
        if key not in told:
            told.add(key)
            click.echo(f"storeward: {key} is not a key of the facts format; it was ignored.", err=True)


def _read_out(row: dict[str, Any]) -> str:
    """A row for a person: one line a finding."""
    if "error" in row:
        return f"{row['id']}: {row['error']['field']}: {row['error']['message']}"
    lines = [f"{row['id']}: {len(row['findings'])} findings"]
    for finding in row["findings"]:
        subject = finding["subject"]["id"] if finding["subject"] else "the store"
        lines.append(f"  {finding['severity']:8} {finding['state']:8} {finding['rule']:28} {subject}: {finding['why']}")
    return "\n".join(lines)


def _json(value: dict[str, Any]) -> str:
    return _encoder.encode(value).decode()


# -- what an installation is asked ----------------------------------------------------------------------


def _ask(ctx: click.Context, data: Path, *words: str | None) -> None:
    """Have an installation answer; its exit code is ours."""
    with opened_existing(data) as installation:
        ctx.exit(answer_by_step(installation, "rulebook", *(word for word in words if word is not None)))


def _flag(name: str, value: object) -> tuple[str, ...]:
    """An option as it is handed on; nothing where it was not given."""
    if value is None or value is False:
        return ()
    return (name,) if value is True else (name, str(value))


@policy.command("diff")
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
    more = (*_flag("--platform", _platform(platform)), *_flag("--region", _region(region)), *_flag("--json", as_json))
    _ask(ctx, data, "diff", start, end, *more)


@policy.command("history")
@click.argument("rule")
@json_option
@data_option
@click.pass_context
def history(ctx: click.Context, rule: str, as_json: bool, data: Path) -> None:
    """Everything that was said of RULE: the product's terms, versions, the team's own figures."""
    _ask(ctx, data, "history", rule, *_flag("--json", as_json))


@policy.command("draft")
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


@policy.command("publish")
@click.argument("number", type=int, metavar="VERSION")
@json_option
@data_option
@click.pass_context
def publish(ctx: click.Context, number: int, as_json: bool, data: Path) -> None:
    """Let a draft count, each change from its own day on."""
    _ask(ctx, data, "publish", str(number), *_flag("--json", as_json))


@policy.command("withdraw")
@click.argument("number", type=int, metavar="VERSION")
@click.option("--why", "reason", required=True, metavar="TEXT", help="What was wrong with it.")
@json_option
@data_option
@click.pass_context
def withdraw(ctx: click.Context, number: int, reason: str, as_json: bool, data: Path) -> None:
    """Take a published version back; it stays in the history."""
    _ask(ctx, data, "withdraw", str(number), "--why", reason, *_flag("--json", as_json))


@policy.command("versions")
@json_option
@data_option
@click.pass_context
def versions(ctx: click.Context, as_json: bool, data: Path) -> None:
    """Drafts, published and withdrawn versions, the latest first."""
    _ask(ctx, data, "versions", *_flag("--json", as_json))


@policy.command("own")
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


@policy.command("replay")
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


@policy.command("why")
@click.argument("finding", type=int)
@click.option("--at", metavar="INSTANT", help="At that instant.  [default: now]")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@json_option
@data_option
@click.pass_context
def why(ctx: click.Context, finding: int, at: str | None, language: str, as_json: bool, data: Path) -> None:
    """Why a finding says what it says: terms in force, facts with their origin, each step of the reckoning."""
    _ask(ctx, data, "why", str(finding), *_flag("--at", at), "--language", language, *_flag("--json", as_json))
