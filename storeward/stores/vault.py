"""Seal and unseal what must not be read in the database, with this installation's keys."""

from pathlib import Path

from django.conf import settings

from storeward.lib.crypto import keyring


def seal(secret: str) -> str:
    """`secret`, sealed with the newest key."""
    return keyring(Path(settings.CREDENTIAL_KEYS)).seal(secret)


def unseal(sealed: str) -> str:
    """The secret again; NotDone where the key that sealed it is gone."""
    return keyring(Path(settings.CREDENTIAL_KEYS)).unseal(sealed)
