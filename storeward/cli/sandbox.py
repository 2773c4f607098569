"""`storeward sandbox ...`: hands over to the sandbox, which is a package of its own and is met on the wire only."""

import os
import sys

import click


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sandbox(arguments: tuple[str, ...]) -> None:
    """The marketplaces emulated on this machine."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "storeward_sandbox", *arguments])  # noqa: S606 - our own program
