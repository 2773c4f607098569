"""What can go wrong with a platform, by what the caller does next.

    PlatformError                     something is wrong between us and a platform
    |-- AuthorizationLost             ask a person to authorise again; every call with it will fail
    |-- TokenExpired                  refresh the token once and repeat; a second one is AuthorizationLost
    |-- ScopeMissing                  ask a person to grant a permission; other calls still work
    |-- CallerRefused                 the operator must mend this machine or app (clock, address, signature): every call fails
    |-- RateLimited                   come back at `retry_at`; certainly not carried out
    |   `-- QuotaSpent               the day's calls are used up: not before an hour, and likely tomorrow
    |-- Unavailable                   come back later; certainly not carried out (or a read)
    |-- Rejected                      tell the seller; repeating it changes nothing
    |   `-- AlreadyDone               the thing is as it was asked to be: count it as done
    |-- OutcomeUnknown                a write that may have reached the platform: read back before trying again
    |-- UnexpectedPayload             our mapping is out of date, or this is not the platform that answers
    `-- NotSupported                  the platform does not offer this: declared, not tried

Each carries who answered and what: `platform`, `operation`, `code` (the platform's own, as text), `request_id` and `message`.
None of them ever carries a token, a secret or a full address.
"""

from datetime import datetime, timedelta


class PlatformError(Exception):
    """The platform answered with an error that we do not know."""

    def __init__(
        self,
        message: str | None = None,
        *,
        platform: str = "",
        operation: str = "",
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        self.message = message or type(self).__doc__ or ""
        self.platform = platform
        self.operation = operation
        self.code = code
        self.request_id = request_id
        super().__init__(self.message)

    @property
    def family(self) -> str:
        """The name of what to do next, e.g. `RateLimited`; what rows and pages keep."""
        return type(self).__name__

    def __str__(self) -> str:
        where = " ".join(part for part in (self.platform, self.operation) if part)
        told = [f"code {self.code}"] if self.code else []
        told += [f"request {self.request_id}"] if self.request_id else []
        rest = f" ({', '.join(told)})" if told else ""
        return f"{where}: {self.message}{rest}" if where else f"{self.message}{rest}"


class AuthorizationLost(PlatformError):
    """The authorisation is no longer in force: the seller has to authorise again."""


class TokenExpired(PlatformError):
    """The access token has expired."""


class ScopeMissing(PlatformError):
    """The seller has not granted the permission that this call needs."""


class CallerRefused(PlatformError):
    """The platform refuses the caller, whatever it asks for: our clock, our address, our signature or our app.

    It says nothing about the thing that was asked for, and nothing was carried out.
    """

    def explain(self, what: str) -> None:
        """Add what we found out ourselves to the platform's words."""
        if what:
            self.message = f"{self.message} ({what})"
            self.args = (self.message,)


class RateLimited(PlatformError):
    """Too many calls: the platform, or our own budget, asks to wait."""

    def __init__(
        self,
        message: str | None = None,
        *,
        retry_at: datetime | None = None,
        platform: str = "",
        operation: str = "",
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, platform=platform, operation=operation, code=code, request_id=request_id)
        self.retry_at = retry_at
        """Aware UTC; None where neither the platform nor our budget says when."""
        self.wait: timedelta | None = None
        """How long the platform says that it will not listen, where it says so in its answer."""


class QuotaSpent(RateLimited):
    """The day's calls are used up."""


class Unavailable(PlatformError):
    """The platform cannot be reached or has a fault of its own: try later."""


class Rejected(PlatformError):
    """The platform refuses this, and will refuse it again."""


class AlreadyDone(Rejected):
    """The thing is already as it was asked to be."""


class OutcomeUnknown(PlatformError):
    """The request may have reached the platform: read back before trying again."""


class UnexpectedPayload(PlatformError):
    """The answer is not what this platform sends: our mapping is out of date, or somebody else answered."""


class NotSupported(PlatformError):
    """The platform does not offer this by API."""
