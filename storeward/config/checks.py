"""System checks: settings that contradict one another or cannot be meant, each with its mend."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.http.request import validate_host

Apps = Sequence[AppConfig] | None


def lasting_secret_key(app_configs: Apps = None, **_: Any) -> list[CheckMessage]:
    if settings.SECRET_KEY_GIVEN:
        return []
    return [
        Error(
            "There is no lasting secret key: sessions would end with every process.",
            hint="Set STOREWARD_SECRET_KEY or STOREWARD_SECRET_KEY_FILE; `bin/storeward up` makes and keeps one itself.",
            id="storeward.E001",
        )
    ]


def secret_key_is_long_enough(app_configs: Apps = None, **_: Any) -> list[CheckMessage]:
    given = settings.SECRET_KEY_GIVEN
    if not given or len(given) >= 32:
        return []
    return [
        Warning(
            f"The secret key has only {len(given)} characters.",
            hint="Use at least 32, for instance from `openssl rand -hex 32`.",
            id="storeward.W001",
        )
    ]


def public_address_is_allowed(app_configs: Apps = None, **_: Any) -> list[CheckMessage]:
    if not settings.PUBLIC_URL:
        return []
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return [
            Error(
                f"STOREWARD_PUBLIC_URL is {settings.PUBLIC_URL!r}, which is no address.",
                hint="Write it with its scheme: https://storeward.example.com",
                id="storeward.E002",
            )
        ]
    if validate_host(parts.hostname, settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            f"STOREWARD_PUBLIC_URL names {parts.hostname}, which STOREWARD_ALLOWED_HOSTS does not list.",
            hint=f"Add {parts.hostname} to STOREWARD_ALLOWED_HOSTS.",
            id="storeward.E003",
        )
    ]
