"""Times as the platform writes them: seconds, or text in China's zone."""

from datetime import datetime, timedelta, timezone

from storeward_sandbox.clock import DAY, Instant

CHINA = timezone(timedelta(hours=8), "CST")
TEXT = "%Y-%m-%d %H:%M:%S"


def text_time(instant: Instant) -> str:
    """`2026-11-18 12:00:00`; "" where nothing has happened."""
    return datetime.fromtimestamp(instant, CHINA).strftime(TEXT) if instant else ""


def text_day(instant: Instant) -> str:
    return datetime.fromtimestamp(instant, CHINA).strftime("%Y-%m-%d")


def read_time(text: str) -> Instant:
    """Unix seconds of a text time in China's zone. Raises ValueError."""
    return int(datetime.strptime(text, TEXT).replace(tzinfo=CHINA).timestamp())


def read_day(text: str) -> Instant:
    """The first second of that day in China. Raises ValueError."""
    return int(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA).timestamp())


def day_start(instant: Instant) -> Instant:
    """The midnight in China at which the day of this instant began."""
    return (instant + 8 * 3600) // DAY * DAY - 8 * 3600


def hour_of_day(instant: Instant) -> int:
    return datetime.fromtimestamp(instant, CHINA).hour
