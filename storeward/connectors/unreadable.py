"""What an answer means that is no answer of the platform: a proxy's page, a cut connection, or another service."""

from http import HTTPStatus

from .contract import OperationKind, Request
from .errors import OutcomeUnknown, PlatformError, RateLimited, Unavailable, UnexpectedPayload


def unreadable(request: Request, status: int, *, platform: str, expected: str, cut_short: bool) -> PlatformError:
    """The error of such an answer; `expected` names what it should have been, e.g. `Lazada's JSON frame`.

    A write whose answer cannot be read may have been carried out.
    """
    kind, message = _reading_of(request, status, expected, cut_short)
    return kind(message, platform=platform, operation=request.operation)


def _reading_of(request: Request, status: int, expected: str, cut_short: bool) -> tuple[type[PlatformError], str]:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited, "HTTP 429: too many requests"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return Unavailable, "HTTP 503: not available now"
    if request.kind is OperationKind.WRITE:
        return OutcomeUnknown, f"HTTP {status}, and the answer cannot be read: it may have been carried out"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable, f"HTTP {status}: the platform has a fault of its own"
    if cut_short and status < HTTPStatus.MULTIPLE_CHOICES:
        return Unavailable, f"HTTP {status}, and the answer was cut short"
    return UnexpectedPayload, f"HTTP {status}, and the answer is not {expected}"
