"""The webhook intake alone, as a process that serves nothing else."""

import django

django.setup()

from storeward.sync.push_endpoint import app  # noqa: E402, F401
