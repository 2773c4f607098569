"""The command line's root: finds the command, and turns every failure into one line on standard error and exit code 2."""

import os
import sys
import traceback

import click
import psycopg

from storeward.cli.lazy import LazyGroup, Place
from storeward.lib import redact
from storeward.lib.errors import NotDone, from_os

COMMANDS = {
    "demo": Place("storeward.cli.running:demo", "Try it: a fleet of stores in the sandbox, inspected, with pages."),
    "up": Place("storeward.cli.running:up", "Serve the pages and work the queue."),
    "status": Place("storeward.cli.running:status", "What runs, and how far the sync is."),
    "sync": Place("storeward.cli.running:sync", "Bring every store that is due up to date."),
    "inspect": Place("storeward.cli.inspect:inspect", "Sync, then one round: the matrix and the worklist."),
    "export": Place("storeward.cli.running:export", "Print what is held, one JSON object a line."),
    "import": Place("storeward.cli.running:import_", "Bring a table (CSV, XLSX) of what no API offers."),
    "sandbox": Place("storeward.cli.sandbox:sandbox", "The marketplaces emulated on this machine."),
    "policy": Place("storeward.cli.policy:policy", "The rules: check, list and evaluate them, check texts."),
    "connector": Place("storeward.cli.connector:connector", "What a connector asks and how it reads an answer."),
    "backup": Place("storeward.cli.keeping:backup", "Write everything into one file."),
    "restore": Place("storeward.cli.keeping:restore", "Bring a backup back into an empty folder or database."),
}

cli = LazyGroup(
    "storeward",
    COMMANDS,
    "Storeward makes the daily round for a team with many marketplace stores.\n\n"
    "Start with `demo`. Any command takes --debug, which shows the traceback of a failure.",
)

DONE, NOT_DONE, INTERRUPTED = 0, 2, 130
DEBUG = "STOREWARD_TRACEBACK"


def run(arguments: list[str]) -> int:
    """Run one command; the answer is the exit code."""
    if "--debug" in arguments:
        os.environ[DEBUG] = "1"  # so that our own processes show theirs too
    return guarded(cli, [argument for argument in arguments if argument != "--debug"])


def guarded(command: click.Command, arguments: list[str]) -> int:
    """Run `command` so that whatever goes wrong is one line on standard error and exit code 2."""
    try:
        code = command.main(arguments, prog_name="storeward", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as no_command:
        print(no_command.format_message(), file=sys.stderr)
        return NOT_DONE
    except BrokenPipeError:
        return _reader_is_gone()
    except SystemExit as end:  # click ends so, with 1, when the reader of its output has gone
        return DONE if type(sys.stdout).__name__.endswith("PacifyFlushWrapper") else _code(end)
    except Exception as error:
        # The one catch-all: whatever escapes a command becomes a sentence.
        if os.environ.get(DEBUG):
            traceback.print_exc()
        print(f"storeward: {redact.text(sentence(error))}", file=sys.stderr)
        return NOT_DONE


def sentence(error: Exception) -> str:
    """One line that says what happened and what mends it."""
    match error:
        case NotDone():
            return _one_line(error.message)
        case click.ClickException():
            return _usage(error)
        case psycopg.Error():
            return f"The database refused: {_one_line(str(error))}."
        case OSError():
            return from_os(error, "go on").message
    cause = error.__cause__
    if isinstance(cause, psycopg.Error):  # Django wraps the driver's errors
        return sentence(cause)
    reason = f"{type(error).__name__}: {_one_line(str(error))}"
    return f"This should not have happened ({reason}). Run it again with --debug and report what it shows."


def _usage(error: click.ClickException) -> str:
    message = _one_line(error.format_message())
    context = getattr(error, "ctx", None)
    return f"{message} Try '{context.command_path} --help'." if context else message


def _code(end: SystemExit) -> int:
    return end.code if isinstance(end.code, int) else DONE if end.code is None else NOT_DONE


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _reader_is_gone() -> int:
    """`| head` closed the pipe: nothing more to say, also not at interpreter exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE
