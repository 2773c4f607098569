"""The webhook intake alone."""

import django

django.setup()

from storeward.sync.push_endpoint import app  # noqa: E402, F401
