"""`storeward policy ...` where an installation is asked: versions, own figures, what differs, replays, and why it says so."""

import sys
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
import msgspec

from storeward.accounts.models import Workspace
from storeward.findings.lifecycle import NotThere as NoFinding
from storeward.lib import clock, instants
from storeward.lib.errors import NotDone, from_os
from storeward.policy.changes import differences
from storeward.policy.terms import Book
from storeward.policy.versions import Change
from storeward.replay import tell
from storeward.replay.run import DAYS, Replayed, replay, replay_changes
from storeward.replay.why import why
from storeward.rulebook import own, versions
from storeward.rulebook.force import terms_in_force
from storeward.rulebook.models import Version

WHO = "command line"
SAME, DIFFERS = 0, 1


@click.group("rulebook")
def rulebook() -> None:
    """Not for people: what `storeward policy` asks an installation."""


def _team() -> Workspace:
    workspace = Workspace.objects.order_by("pk").first()
    if workspace is None:
        raise NotDone("There is no team yet: connect or add a store first.")
    return workspace


def _print(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise NotDone(f"{said} is no date; write it like 2026-11-20.") from None


def _text(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text("utf-8")
    except OSError as error:
        raise from_os(error, f"read {file}") from None


# -- what differs --------------------------------------------------------------------------------------------------------------


@rulebook.command("diff")
@click.argument("first")
@click.argument("last")
@click.option("--platform")
@click.option("--region")
@click.option("--json", "as_json", is_flag=True)
def diff_step(first: str, last: str, platform: str | None, region: str | None, as_json: bool) -> None:
    """What holds otherwise on the second day than on the first, by the terms in force."""
    rules = terms_in_force(_team().pk, clock.now())
    found = differences(rules, _day(first), _day(last), platform=platform, region=region)
    if as_json:
        for difference in found:
            _print(tell.difference(difference))
    else:
        click.echo("\n".join(tell.difference_line(difference) for difference in found) or "Nothing differs.")


@rulebook.command("history")
@click.argument("rule")
@click.option("--json", "as_json", is_flag=True)
def history_step(rule: str, as_json: bool) -> None:
    """Everything that was said of a rule: the product's terms, versions, and the team's own figures."""
    team, now = _team(), clock.now()
    past = [tell.past(entry) for entry in versions.history(team.pk, rule)]
    held = [tell.held(figure) for figure in own.figures(team.pk, now=now, rule_id=rule)]
    if as_json:
        _print({"rule": rule, "terms": past, "own": held})
    else:
        click.echo(tell.history_text(rule, past, held))


# -- versions ------------------------------------------------------------------------------------------------------------------


@rulebook.command("draft")
@click.argument("file")
@click.option("--title")
@click.option("--note", default="")
@click.option("--json", "as_json", is_flag=True)
def draft_step(file: str, title: str | None, note: str, as_json: bool) -> None:
    """Keep a draft; it counts nowhere until it is published."""
    name = title or ("a draft" if file == "-" else Path(file).stem)
    _told(versions.draft(_team().pk, title=name, text=_text(file), by=WHO, now=clock.now(), note=note), as_json=as_json)


@rulebook.command("publish")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True)
def publish_step(number: int, as_json: bool) -> None:
    """Let a draft count from its days on."""
    _told(versions.publish(number, workspace_id=_team().pk, by=WHO, now=clock.now()), as_json=as_json)


@rulebook.command("withdraw")
@click.argument("number", type=int)
@click.option("--why", "reason", default="")
@click.option("--json", "as_json", is_flag=True)
def withdraw_step(number: int, reason: str, as_json: bool) -> None:
    """Take a published version back."""
    _told(versions.withdraw(number, workspace_id=_team().pk, by=WHO, now=clock.now(), why=reason), as_json=as_json)


@rulebook.command("versions")
@click.option("--json", "as_json", is_flag=True)
def versions_step(as_json: bool) -> None:
    """Every version, the latest first."""
    for version in versions.listed(_team().pk):
        _told(version, as_json=as_json)


def _told(version: Version, *, as_json: bool) -> None:
    row = tell.version(version)
    if as_json:
        _print(row)
    else:
        click.echo(f"{row['version']:>4}  {row['state']:<10} {row['title']}: {', '.join(row['rules']) or 'no terms yet'}")


@rulebook.command("own")
@click.argument("rule", required=False)
@click.argument("figure", required=False)
@click.option("--from", "first")
@click.option("--why", "reason", default="")
@click.option("--json", "as_json", is_flag=True)
def own_step(rule: str | None, figure: str | None, first: str | None, reason: str, as_json: bool) -> None:
    """Own figures; `own RULE hours=8` sets one, `own RULE hours=` lets the platform's count again."""
    team, now = _team(), clock.now()
    if rule is not None and figure is not None:
        _set(team, rule, figure, _day(first) if first else now.date(), reason, now)
    held = [tell.held(one) for one in own.figures(team.pk, now=now, rule_id=rule)]
    for row in held:
        if as_json:
            _print(row)
        else:
            click.echo(tell.held_line(row))


def _set(team: Workspace, rule: str, said: str, first: date, reason: str, now: datetime) -> None:
    name, sign, value = said.partition("=")
    if not sign:
        raise NotDone(f"{said}: write the figure as NAME=VALUE, for example hours=8.")
    if not value:
        own.end_figure(team.pk, rule, name, from_day=first, why=reason, by=WHO, now=now)
        return
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise NotDone(f"{value} is no number.") from None
    own.set_figure(team.pk, rule, name, number, from_day=first, why=reason, by=WHO, now=now)


# -- replay and why ------------------------------------------------------------------------------------------------------------


@rulebook.command("replay")
@click.option("--rule", "rules", multiple=True)
@click.option("--draft")
@click.option("--days", type=click.IntRange(1, 366), default=DAYS)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def replay_step(ctx: click.Context, rules: tuple[str, ...], draft: str | None, days: int, as_json: bool) -> None:
    """A draft over the team's history, or rules in force by themselves."""
    team, now = _team(), clock.now()
    in_force = terms_in_force(team.pk, now)
    if draft is not None:
        changes = _changes(team, draft, in_force)
        done = replay_changes(team.pk, changes, rules_in_force=in_force, now=now, days_back=days)
    else:
        done = _by_itself(team, in_force, rules, now, days)
    if as_json:
        _print(tell.replayed(done))
    else:
        click.echo(tell.replayed_text(done))
    ctx.exit(DIFFERS if done.tally.differs else SAME)


def _changes(team: Workspace, draft: str, in_force: Book) -> tuple[Change, ...]:
    """Of a version of that number, or of a file."""
    if draft.isdigit():
        changes = versions.changes_of(versions.one(int(draft), workspace_id=team.pk))
        if not changes:
            raise NotDone(f"Version {draft} changes no rule yet.")
        return changes
    return versions.read_changes(in_force, _text(draft))


def _by_itself(team: Workspace, in_force: Book, rules: tuple[str, ...], now: datetime, days: int) -> Replayed:
    known = {rule.id for _, rule in in_force}
    for rule in rules:
        if rule not in known:
            raise NotDone(f"{rule} is no rule; `storeward policy list` names them.")
    chosen = set(rules) or {rule.id for _, rule in in_force if rule.form is not None}
    return replay(team.pk, before=in_force, after=in_force, rules=chosen, now=now, days_back=days)


@rulebook.command("why")
@click.argument("finding", type=int)
@click.option("--at")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en")
@click.option("--json", "as_json", is_flag=True)
def why_step(finding: int, at: str | None, language: str, as_json: bool) -> None:
    """Why a finding says what it says, or said at an instant."""
    try:
        reason = why(finding, at=_instant(at), language=language)
    except NoFinding:
        raise NotDone(f"There is no finding {finding}.") from None
    if as_json:
        _print(tell.reason(reason))
    else:
        click.echo(tell.reason_text(reason))


def _instant(said: str | None) -> datetime:
    if said is None:
        return clock.now()
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise NotDone(f"--at {said} is no instant; write it like {instants.to_text(clock.now())}.")
    return at
