"""An installation just for a benchmark: embedded PostgreSQL in a temporary folder, migrated, Django set up."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

from storeward.lib.postgres import open_database


@contextmanager
def django_ready() -> Iterator[None]:
    """Django on an empty, migrated database that goes with the block."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STOREWARD_DATA"] = folder
        with open_database(Path(folder)) as database:
            os.environ["DATABASE_URL"] = database.url
            os.environ["DJANGO_SETTINGS_MODULE"] = "storeward.config.settings"
            django.setup()
            call_command("migrate", verbosity=0)
            try:
                yield
            finally:
                connections.close_all()
