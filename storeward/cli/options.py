"""The options that several commands share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from storeward.lib import environment

Command = TypeVar("Command", bound=Callable[..., Any])


def _remember(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """The folder, absolute; in the environment too, where settings and child processes find it."""
    if value is not None:
        os.environ["STOREWARD_DATA"] = str(value.expanduser().absolute())
    return environment.data_dir()


def data_option(command: Command) -> Command:
    """`--data DIR`, handed to the command as `data` (an absolute Path)."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        callback=_remember,
        help="Folder of the installation.  [default: $STOREWARD_DATA, else ~/.local/share/storeward]",
    )(command)


def json_option(command: Command) -> Command:
    """`--json`, handed to the command as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")(command)


def store_option(command: Command) -> Command:
    """`--store X`, the short key of a store, or None for all."""
    return click.option("--store", metavar="X", help="Only this store, by its short key (tt-my-luna3).")(command)
