"""A store in one word, of five: fine, watch, restricted, closed, unknown."""

from enum import StrEnum

from storeward.policy.types import Severity


class StoreStatus(StrEnum):
    """The words of the pages and of `inspect`."""

    FINE = "fine"
    WATCH = "watch"
    RESTRICTED = "restricted"
    CLOSED = "closed"
    UNKNOWN = "unknown"


def status_of(*, platform_status: str, seen: bool, restricting: bool, severity: Severity | None) -> StoreStatus:
    """Closed is what we know for good; then what cannot be seen is unknown, never fine, whatever was last known of it.

    `seen`: connected, and no feed past its trust. `restricting`: a breach by which the platform restricts stores. `severity`: of
    the worst open finding; info alone does not call for watching.
    """
    if platform_status.startswith("closed"):
        return StoreStatus.CLOSED
    if not seen:
        return StoreStatus.UNKNOWN
    if restricting or platform_status == "suspended":
        return StoreStatus.RESTRICTED
    if severity is not None and severity is not Severity.INFO:
        return StoreStatus.WATCH
    return StoreStatus.FINE
