"""The one client that talks to every platform: sends, waits, repeats what may be repeated, and pages.

It knows no platform and no database. What a call may cost is asked of a `Budget` first; what an answer means is asked of the
connector. Addresses, headers and bodies are never logged: they hold tokens.
"""

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple, Protocol

import aiohttp
from yarl import URL

from storeward.lib import redact
from storeward.lib.clock import pause_async

from .contract import Access, AppKeys, Connector, OperationKind, Parsed, Request, Stream, Tokens
from .errors import (
    AuthorizationLost,
    CallerRefused,
    OutcomeUnknown,
    PlatformError,
    QuotaSpent,
    RateLimited,
    TokenExpired,
    Unavailable,
    UnexpectedPayload,
)

log = logging.getLogger(__name__)

NOT_SENT: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
"""What happens before a single byte has left."""


CLOCKS_AGREE: Final = timedelta(minutes=1)
LONGEST_HOLD: Final = timedelta(days=1)
"""Nobody is told to come back later than this: a broken date in one header must not end the calls of an app for ever."""
SECONDS_DIGITS: Final = 8
LOOK_AGAIN: Final = timedelta(hours=1)
"""After a daily quota is spent: no platform says in which time zone its day ends."""


class Budget(Protocol):
    """Who says how many calls are left. Shared by all workers; see `stores`."""

    async def acquire(self, app: str, store: str, endpoint: str, n: int = 1) -> None:
        """Take `n` calls out of the budget, waiting a little if that helps; raises RateLimited(retry_at)."""

    async def blocked(self, app: str, store: str, endpoint: str, until: datetime) -> None:
        """The platform said 'too many': nobody calls this before `until`."""


class Unlimited:
    """A budget for whoever has none, such as `connector probe`."""

    async def acquire(self, app: str, store: str, endpoint: str, n: int = 1) -> None:
        return None

    async def blocked(self, app: str, store: str, endpoint: str, until: datetime) -> None:
        return None


UNLIMITED: Final = Unlimited()


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient the client is. Seconds."""

    tries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 5.0
    """A wait that would be longer is the caller's: RateLimited and Unavailable are raised instead."""
    timeout: float = 30.0
    connect_timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: parsed, with the whole body, and when it came."""

    request: Request
    parsed: Parsed
    body: bytes
    received_at: datetime


class Reply(NamedTuple):
    """What came over the wire, with the two headers that count."""

    status: int
    body: bytes
    retry_after: str = ""
    date: str = ""


Refresh = Callable[[Access], Awaitable[Access]]
"""Given the access that was refused, one that is newer. Takes its own lock: whoever comes second gets what the first fetched."""


@dataclass(slots=True)
class Client:
    """Calls of one store (or, with `access` None, calls for tokens) on one platform."""

    connector: Connector
    session: aiohttp.ClientSession
    app: AppKeys
    access: Access | None
    now: Callable[[], datetime]
    base_url: str = ""
    auth_url: str = ""
    budget: Budget = UNLIMITED
    refresh: Refresh | None = None
    manners: Manners = Manners()
    pause: Callable[[float], Awaitable[None]] = pause_async
    chance: Callable[[], float] = secrets.SystemRandom().random

    async def call(self, request: Request) -> Answer:
        """Send it, repeat it where that is safe, and parse the answer.

        Reads are repeated on faults of the platform; writes only where certainly nothing was carried out because the token was
        refused. Raises one of `errors` by what to do next. A success that failed in part is a good answer: see
        `parsed.problems` of level `platform`.
        """
        for attempt in range(1, self.manners.tries + 1):
            try:
                return await self._call_with_token(request)
            except (Unavailable, UnexpectedPayload, RateLimited) as error:
                wait = self._wait_before_next(request, error, attempt)
                if wait is None:
                    raise
                await self.pause(wait)
        raise AssertionError("the last attempt returns or raises")

    async def pages(self, stream: Stream, request: Request) -> AsyncIterator[Answer]:
        """All pages of an answer, in order. A page token that repeats raises UnexpectedPayload: what is missing is not known."""
        followed: set[str] = set()
        while True:
            answer = await self.call(request)
            yield answer
            token = answer.parsed.next_page
            if token is None:
                return
            if token in followed:
                raise self._error(UnexpectedPayload, request, "the platform repeats a page token; stopped")
            followed.add(token)
            request = stream.turn(request, token)

    async def read_one(self, kind: str, platform_id: str) -> Answer:
        """One thing, read back by its id. Raises NotSupported where the platform offers no such call."""
        return await self.call(self.connector.read_one(kind, platform_id))

    async def tokens(self, request: Request) -> Tokens:
        """Exchange a code, or refresh: `request` is the connector's `token_request` or `refresh_request`. Never repeated."""
        reply = await self.send(request)
        error = self.connector.error_of(request, reply.status, reply.body)
        if error is not None:
            raise error
        return self.connector.parse_tokens(reply.body, self.now(), request.about)

    async def _call_with_token(self, request: Request) -> Answer:
        """One call; a token that is refused is renewed once. Whether an authorisation is lost is said by the renewal: a platform
        may call a token invalid that it merely has forgotten.
        """
        try:
            return await self._call_once(request)
        except (TokenExpired, AuthorizationLost) as refused:
            if self.refresh is None or self.access is None:
                raise
            log.info("%s: token refused, asking for a new one", refused.operation)
            self.access = await self.refresh(self.access)
        try:
            return await self._call_once(request)
        except TokenExpired as again:
            raise AuthorizationLost(
                "a token that was just renewed is refused",
                platform=again.platform,
                operation=again.operation,
                code=again.code,
                request_id=again.request_id,
            ) from again

    async def _call_once(self, request: Request) -> Answer:
        store = self.access.platform_store_id if self.access else ""
        await self.budget.acquire(self.app.key, store, request.operation)
        reply = await self.send(request)
        error = self.connector.error_of(request, reply.status, reply.body)
        if isinstance(error, RateLimited):
            error.retry_at = _retry_at(reply.retry_after, self.now())
            if error.retry_at is None and error.wait is not None:
                error.retry_at = self.now() + error.wait
            if error.retry_at is None and isinstance(error, QuotaSpent):
                error.retry_at = self.now() + LOOK_AGAIN
            # Without a time from the platform everybody still holds back for a moment, and goes on more slowly.
            until = error.retry_at or self.now() + timedelta(seconds=1)
            await self.budget.blocked(self.app.key, store, request.operation, until)
        if isinstance(error, CallerRefused):
            error.explain(_clocks_apart(reply.date, self.now()))
        if error is not None:
            raise error
        parsed = self.connector.parse(request, reply.body, self._market, store)
        if parsed.unreadable:
            kind = OutcomeUnknown if request.kind is OperationKind.WRITE else UnexpectedPayload
            raise self._error(kind, request, "; ".join(f"{p.field} {p.message}".strip() for p in parsed.problems))
        return Answer(request, parsed, reply.body, self.now())

    async def send(self, request: Request) -> Reply:
        """What came back; Unavailable where nothing was sent, OutcomeUnknown where a write may have been."""
        signed = self.connector.sign(request, self.app, self.access, self.now())
        base = self._auth if request.token_call else self.connector.gateway(self._market, self.base_url)
        timeout = aiohttp.ClientTimeout(total=self.manners.timeout, connect=self.manners.connect_timeout)
        try:
            address = URL(base.rstrip("/") + signed.path_query, encoded=True)
            async with self.session.request(
                signed.method,
                address,
                headers=signed.headers,
                data=signed.body,
                timeout=timeout,
                allow_redirects=False,
                middlewares=(_Once(),),
            ) as response:
                headers = response.headers
                return Reply(response.status, await response.read(), headers.get("Retry-After", ""), headers.get("Date", ""))
        except NOT_SENT as reason:
            raise self._error(Unavailable, request, f"cannot be reached: {redact.error(reason)}") from None
        except (aiohttp.ClientError, TimeoutError) as reason:
            kind = OutcomeUnknown if request.kind is OperationKind.WRITE else Unavailable
            raise self._error(kind, request, f"the answer was lost: {redact.error(reason)}") from None

    @property
    def _market(self) -> str:
        return self.access.market if self.access else ""

    @property
    def _auth(self) -> str:
        return self.auth_url or self.connector.auth_url

    def _wait_before_next(self, request: Request, error: PlatformError, attempt: int) -> float | None:
        """Seconds until the next try; None where there is none: a write, the last try, or too long a wait."""
        if request.kind is OperationKind.WRITE or attempt >= self.manners.tries:
            return None
        backoff = self.manners.first_wait * float(2 ** (attempt - 1))
        wait = backoff * (0.5 + self.chance())
        if isinstance(error, RateLimited):
            if error.retry_at is not None:
                wait = (error.retry_at - self.now()).total_seconds() + self.chance() * self.manners.first_wait
            if wait > self.manners.longest_wait:
                return None
        return max(0.0, min(wait, self.manners.longest_wait))

    def _error(self, kind: type[PlatformError], request: Request, message: str) -> PlatformError:
        return kind(message, platform=self.connector.id, operation=request.operation)


class _Once:
    """Lets a request out once. Where a connection breaks, aiohttp sends by itself again what HTTP calls idempotent: GET, PUT and
    DELETE. Some platforms write by GET, a refresh token is good once, and no budget knows of the second call.
    """

    def __init__(self) -> None:
        self._sent = False

    async def __call__(self, request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        if self._sent:
            raise aiohttp.ServerDisconnectedError
        self._sent = True
        return await send(request)


def for_store(client: Client, access: Access) -> Client:
    """The same client for another store of the same app."""
    return replace(client, access=access)


def _clocks_apart(header: str, now: datetime) -> str:
    """What the platform's `Date` says of our clock; "" where the two agree, or where it says nothing that can be read."""
    theirs = _at(header)
    apart = timedelta() if theirs is None else now - theirs
    if abs(apart) < CLOCKS_AGREE:
        return ""
    side = "ahead of" if apart > timedelta() else "behind"
    return f"this machine's clock is {abs(apart).total_seconds() / 60:.0f} min {side} the platform's: set it right"


def _retry_at(header: str, now: datetime) -> datetime | None:
    """The moment of a `Retry-After`, in seconds from now or as a date; None where it says nothing that can be read."""
    seconds = header.strip()
    if seconds.isdecimal():
        # Compared by length first: a number of thousands of digits is not even one that can be read.
        return now + (LONGEST_HOLD if len(seconds) > SECONDS_DIGITS else min(timedelta(seconds=int(seconds)), LONGEST_HOLD))
    at = _at(header)
    return None if at is None else min(at, now + LONGEST_HOLD)


def _at(header: str) -> datetime | None:
    """The moment of a header that is a date; None where it says nothing that can be read."""
    try:
        at = parsedate_to_datetime(header)
    except (TypeError, ValueError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
