"""`storeward policy ...`: look at the rules, check their data, judge facts and texts that you bring along: without a database.

What a team has said of rules, and what its history says of them, an installation is asked, by steps of its own (policy_asks.py).
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

from storeward.cli.lazy import LazyGroup, Place
from storeward.conduct import answers as conduct_answers
from storeward.lib.errors import NotDone, from_os
from storeward.policy import answers, check, coverage, terms
from storeward.policy.cases import PLATFORMS, REGIONS
from storeward.policy.terms import INTERNAL, Rule

GOOD, BAD, NOT_TOLD = 0, 1, 2

_encoder = msgspec.json.Encoder(decimal_format="number")


_ASKED = {
    "diff": Place("storeward.cli.policy_asks:diff", "What differs between two dates."),
    "history": Place("storeward.cli.policy_asks:history", "Everything that was said of a rule."),
    "draft": Place("storeward.cli.policy_asks:draft", "Keep new terms as a draft."),
    "publish": Place("storeward.cli.policy_asks:publish", "Let a draft count."),
    "withdraw": Place("storeward.cli.policy_asks:withdraw", "Take a published version back."),
    "versions": Place("storeward.cli.policy_asks:versions", "Drafts, published and withdrawn versions."),
    "own": Place("storeward.cli.policy_asks:own", "The team's own figures."),
    "replay": Place("storeward.cli.policy_asks:replay", "What new terms would have touched."),
    "why": Place("storeward.cli.policy_asks:why", "Why a finding says what it says."),
    "score": Place("storeward.cli.policy_asks:score", "The score or points of a store, rebuilt from their events."),
    "rates": Place("storeward.cli.policy_asks:rates", "Our running figure of each rate of a store."),
    "listing": Place("storeward.cli.policy_asks:listing", "What is wrong with listings."),
}
"""What an installation is asked: imported only when it is called, for the rest needs no database and not even its driver."""


class _PolicyGroup(LazyGroup):
    """Commands of this module beside those that are imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self.commands.get(cmd_name) or super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = [(name, command.get_short_help_str(100)) for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl([*own, *((name, place.help) for name, place in self.places.items())])


policy = _PolicyGroup("policy", _ASKED, "The rules: check, list and evaluate them, draft new ones, try them, and ask why.")


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
    chosen = list(_chosen(chosen_platform(platform), chosen_region(region)))
    for folder, rule in chosen:
        click.echo(json_text(_rule(folder, rule)) if as_json else _rule_line(folder, rule))


def chosen_platform(name: str | None) -> str | None:
    known = set(terms.book().rules)
    folder = {**PLATFORMS, "internal routine": INTERNAL}.get(name, name) if name is not None else None
    if folder is not None and folder not in known:
        raise NotDone(f"--platform {name}: there are no rules for it. Known are {', '.join(sorted(known))}.")
    return folder


def chosen_region(name: str | None) -> str | None:
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


# -- evaluate -----------------------------------------------------------------------------------------


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line of facts and nothing else.")
@click.pass_context
def evaluate(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Judge the facts in FILE, one JSON object a line (- for standard input)."""
    told: set[str] = set()
    failed = False
    for line in lines_of(file):
        row, unknown = answers.answer(line)
        _tell_unknown(unknown, told)
        failed = failed or "error" in row
        click.echo(json_text(row) if as_json else _read_out(row))
    ctx.exit(NOT_TOLD if failed else GOOD)


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a text and nothing else.")
@click.pass_context
def conduct(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Check the texts in FILE for what platforms forbid, one JSON object a line (- for standard input)."""
    failed = False
    for line in lines_of(file):
        row = conduct_answers.answer(line)
        failed = failed or "error" in row
        click.echo(json_text(row) if as_json else _read_out_text(row))
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


def lines_of(file: Path) -> Iterator[bytes]:
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


def json_text(value: dict[str, Any]) -> str:
    return _encoder.encode(value).decode()
