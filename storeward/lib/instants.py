"""Instants as text: UTC, with Z; fractions of a second only where the source has them."""

from datetime import UTC, datetime


def to_text(instant: datetime) -> str:
    """`2026-11-22T01:35:31Z`. Raises ValueError for an instant without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be told")
    text = instant.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"


def from_text(text: str) -> datetime:
    """The instant, in UTC. Raises ValueError for what is no ISO 8601 instant with an offset or Z."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} does not say in which time zone")
    return instant.astimezone(UTC)
