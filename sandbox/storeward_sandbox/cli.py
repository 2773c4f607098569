"""The sandbox's commands. All but `serve` speak to a running sandbox over HTTP and end with 2 where none runs.

Standard output is the answer; a failure is one line on standard error.
"""

import http.client
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from .faults import NAMES

HOST = "127.0.0.1"
NOT_DONE = 2
PATIENCE_SECONDS = 600
Json = dict[str, Any]

port_base = click.option(
    "--port-base", type=click.IntRange(1, 65_535), default=9400, show_default=True, help="The sandbox's first port."
)
as_json = click.option("--json", "machine", is_flag=True, help="Answer in JSON.")


class Commands(click.Group):
    """`serve` needs the whole world; the other commands answer without waiting for it to be imported."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*self.commands, "serve"])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name == "serve" and name not in self.commands:
            self.add_command(import_module("storeward_sandbox.serve_command").serve)
        return super().get_command(context, name)


@click.group(cls=Commands)
def sandbox() -> None:
    """Marketplaces to practise on: the real protocols over HTTP, with invented stores."""


@sandbox.command()
@as_json
@port_base
def credentials(machine: bool, port_base: int) -> None:
    """What a client needs, for each platform and store whose authorisation is in force."""
    _show(_ask(port_base, "/credentials"), machine, _credentials_text)


@sandbox.command()
@as_json
@port_base
def truth(machine: bool, port_base: int) -> None:
    """What each platform holds, counted in the sandbox's own memory."""
    _show(_ask(port_base, "/truth"), machine, _truth_text)


@sandbox.command()
@click.option("--advance", default=None, help="Move on by a duration: 12h, 90m, 2d.")
@click.option("--at", "at", default=None, help="Move on to an ISO instant.")
@click.option("--freeze", is_flag=True, help="Let the clock stand.")
@click.option("--run", "run", is_flag=True, help="Let the clock run.")
@click.option("--speed", default=None, type=float, help="With --run: sandbox seconds that pass in a second.")
@as_json
@port_base
def clock(
    advance: str | None, at: str | None, freeze: bool, run: bool, speed: float | None, machine: bool, port_base: int
) -> None:
    """Print the sandbox's instant, or move it; returns when everything in between has happened."""
    if sum((advance is not None, at is not None, freeze, run)) > 1:
        raise click.ClickException("choose one of --advance, --at, --freeze and --run")
    if speed is not None and not run:
        raise click.ClickException("--speed goes with --run")
    asked: Json = {"advance": advance} if advance is not None else {"at": at} if at is not None else {}
    asked |= {"freeze": True} if freeze else {}
    asked |= {"run": True, "speed": speed} if run else {}
    found = _ask(port_base, "/clock", asked) if asked else _ask(port_base, "/clock")
    _show(found, machine, lambda one: str(one["at"]))


@sandbox.command()
@click.argument("name", type=click.Choice(NAMES), metavar="NAME")
@click.argument("switch", type=click.Choice(["on", "off"]))
@click.option("--platform", default=None, help="Only this platform.")
@click.option("--rate", default=1.0, show_default=True, help="The share of answers hit.")
@click.option("--seconds", default=None, type=float, help="The measure, where the fault has one.")
@click.option("--store", "stores", multiple=True, help="Only this store (its platform id); may be repeated.")
@as_json
@port_base
def fault(
    name: str,
    switch: str,
    platform: str | None,
    rate: float,
    seconds: float | None,
    stores: tuple[str, ...],
    machine: bool,
    port_base: int,
) -> None:
    """Let something go wrong, or right again."""
    asked: Json = {"name": name, "on": switch == "on", "platform": platform, "rate": rate, "seconds": seconds}
    found = _ask(port_base, "/faults", {**asked, "stores": list(stores)})
    _show(found, machine, lambda one: ", ".join(each["name"] for each in one["on"]) or "no faults")


def _ask(base: int, path: str, body: Json | None = None) -> Json:
    """The answer of the running sandbox; a ClickException says in one line why there is none."""
    request = urllib.request.Request(
        f"http://{HOST}:{base}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            found = json.load(answer)
    except urllib.error.HTTPError as refusal:
        raise click.ClickException(_reason(refusal.read())) from refusal
    except TimeoutError as error:
        raise click.ClickException(f"the sandbox on port {base} has not finished within {PATIENCE_SECONDS} s") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise click.ClickException(
            f"no sandbox answers on port {base}; start one with `bin/storeward sandbox serve --port-base {base}`"
        ) from error
    if not isinstance(found, dict):
        raise click.ClickException(f"what answers on port {base} is no sandbox; choose another --port-base")
    return found


def _reason(raw: bytes) -> str:
    try:
        return str(json.loads(raw)["error"])
    except (ValueError, KeyError, TypeError):
        return "the sandbox refused the call; is it of the same version?"


def _show(found: Json, machine: bool, words: Callable[[Json], str]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=1) if machine else words(found))


def _credentials_text(found: Json) -> str:
    rows = []
    for platform, one in found["platforms"].items():
        app = one.get("app_key") or one.get("partner_id")
        rows.append(f"{platform}  {one['base_url']}  app key {app}")
        rows += [f"  {store['id']}  {store['region']}  {store['name']}" for store in one["stores"]]
    return "\n".join(rows)


def _truth_text(found: Json) -> str:
    rows = [found["at"]]
    for platform, one in found["platforms"].items():
        for store_id, store in one["stores"].items():
            words = ", ".join(f"{status} {count}" for status, count in store["orders_by_status"].items())
            rows.append(f"{platform}  {store_id}  {'' if store['reachable'] else 'unreachable  '}{store['orders']}: {words}")
    return "\n".join(rows)


def main(words: list[str] | None = None) -> None:
    """Run a command; every failure is one line and exit code 2."""
    try:
        sandbox.main(words, prog_name="sandbox", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_text:
        click.echo(help_text.format_message(), err=True)
        sys.exit(NOT_DONE)
    except click.ClickException as failure:
        click.echo(f"sandbox: {' '.join(failure.format_message().split())}", err=True)
        sys.exit(NOT_DONE)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(NOT_DONE)
