"""A command group that imports a command only when it is called: `policy` and `connector` start without Django, and
`--help` without anything."""

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

import click


class Place(NamedTuple):
    """Where a command lives ("package.module:name") and its line in the list of commands."""

    path: str
    help: str


class LazyGroup(click.Group):
    """A group over `places`: command name to where it lives, in the order they are listed."""

    def __init__(self, name: str, places: Mapping[str, Place], help: str) -> None:
        super().__init__(name=name, help=help)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self.places.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.path.partition(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place.path} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in self.places.items()])
