"""Bring the schema to this version: python -m storeward.cli.migrate.

Imports as little as it can: every first start waits for it.
"""

import sys

import click
import django
from django.core.management import call_command
from django.db import connection

from storeward.cli.main import guarded

ONE_AT_A_TIME = 7_405_626  # key of the advisory lock; any number, as long as it stays this one


@click.command()
def migrate() -> None:
    """Bring the schema to this version; two at once wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        call_command("migrate", verbosity=0, skip_checks=True)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


if __name__ == "__main__":
    django.setup()
    sys.exit(guarded(migrate, sys.argv[1:]))
