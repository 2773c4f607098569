"""What every platform looks like to the rest of the product.

A connector is data and pure functions: it builds a `Request`, signs it, and parses the bytes of an answer into `Parsed`. The one
shared `client` sends, pages and retries. Nothing here or in a platform's folder touches a network, a clock or a database.

    Stream.first(ask) -> Request --client--> bytes -> Operation.parse(bytes, request.about) -> Parsed(items, problems, next_page)
                                                              Stream.turn(request, next_page) -> Request, until None
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from storeward.canon import Push, Record, StoreProfile

from .errors import NotSupported, PlatformError

NOTHING: Mapping[str, str] = {}


class OperationKind(StrEnum):
    """Whether a call changes anything on the platform: a write is never repeated blindly."""

    READ = "read"
    WRITE = "write"


class Level(StrEnum):
    """How bad a problem is."""

    NOTE = "note"
    """Read around it."""
    ERROR = "error"
    """A record is missing something that matters, or is missing."""
    PLATFORM = "platform"
    """The platform itself reports a failure."""


class Retry(StrEnum):
    """When repeating a failed call makes sense."""

    NOW = "now"
    LATER = "later"
    AFTER_TOKEN = "after_token"  # noqa: S105  (a word of the contract, no secret)
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Failure:
    """The platform's own code (as text) and when to try again."""

    code: str
    retry: Retry


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read as expected. `field` is the path in the body: `data.orders[0].payment`."""

    field: str
    message: str
    level: Level
    error: Failure | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A call, before it is signed. Values of `query` are decoded text; `body` is sent (and signed) byte for byte."""

    operation: str
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"
    kind: OperationKind = OperationKind.READ
    about: Mapping[str, str] = field(default_factory=dict)
    """Ids that the answer does not repeat but its records need, e.g. `{"conversation_id": "7494..."}`."""
    for_store: bool = True
    """False for calls about the authorisation as a whole: they must not name a store."""
    token_call: bool = False
    """True for calls to the token host: unsigned, and their address is a secret."""

    def with_query(self, **extra: str) -> "Request":
        return replace(self, query={**self.query, **extra})


@dataclass(slots=True)
class Parsed:
    """What an answer held: records, each beside its own raw bytes (for history), and what could not be read."""

    items: list[tuple[Record, bytes]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    next_page: str | None = None
    total: int | None = None
    """How many there are on all pages, where the platform says so."""
    receipt: Mapping[str, str] = field(default_factory=dict)
    """What a write answers beside records, as text: `doc_url`, `url` ..."""
    answer: object = None
    """A look-up's whole answer, decoded: reasons that may be named, pickup slots, warehouses ..."""
    request_id: str | None = None
    unreadable: bool = False
    """The answer as a whole (not one record of it) is not what was asked for: nothing may be concluded from it."""

    @property
    def records(self) -> list[Record]:
        return [record for record, _ in self.items]

    @property
    def failed(self) -> bool:
        """The platform reports a failure, or nothing could be read: exit code 1 of `connector parse`."""
        if any(problem.level is Level.PLATFORM for problem in self.problems):
            return True
        return not self.items and any(problem.level is Level.ERROR for problem in self.problems)


Parse = Callable[[bytes, Mapping[str, str]], Parsed]


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the platform under the name of its own documents, with what its answer yields."""

    name: str
    kind: OperationKind
    records: tuple[str, ...]
    parse: Parse
    example: Callable[[], Request] | None = None
    """A request with made-up ids, as `connector probe` sends it; None for what the connector does not send."""
    scope: str | None = None
    """The permission that it needs."""

    @classmethod
    def read(cls, name: str, parse: Parse, *records: str, example: Callable[[], Request] | None = None) -> "Operation":
        """A call that changes nothing, with the kinds of record in its answer."""
        return cls(name, OperationKind.READ, records, parse, example)

    @classmethod
    def write(cls, name: str, parse: Parse, *records: str) -> "Operation":
        """A call that changes something: never sent by `connector probe`."""
        return cls(name, OperationKind.WRITE, records, parse)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a stream is asked for: a span [since, until), or ids."""

    since: datetime | None = None
    until: datetime | None = None
    keys: Sequence[str] = ()
    page_size: int | None = None
    """None: the largest that the platform allows."""


class Progress(StrEnum):
    """How a stream moves on."""

    WINDOW = "window"
    """By spans of time [since, until), with overlap."""
    SNAPSHOT = "snapshot"
    """The whole, every time."""
    RECENT = "recent"
    """Newest first, no filter by time: read until records are older than `since`."""
    KEYS = "keys"
    """By ids that another stream yields (`keys_from`)."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A feed of one store that `sync` keeps up to date. All figures are defaults that planning may tighten."""

    name: str
    operation: str
    kinds: tuple[str, ...]
    progress: Progress
    first: Callable[[Ask], Request]
    turn: Callable[[Request, str], Request]
    """The same question for the page of that token."""
    page_size: int
    poll_every: timedelta
    trust_for: timedelta
    """How long what it said may be believed: past that it is unknown, never fine."""
    overlap: timedelta = timedelta(0)
    first_fill: timedelta | None = None
    """How far back the first fill goes; None where there is no span."""
    longest_window: timedelta | None = None
    """The largest span in one question; None where the platform sets none."""
    keys_per_call: int = 1
    keys_from: str | None = None
    """The stream whose records name the keys: `conversations` for `messages`."""
    markets: frozenset[str] | None = None
    """Markets (as our policies name them) in which the platform offers it; None: all."""
    sellers: frozenset[str] | None = None
    """Kinds of seller (`local`, `cross_border`) to whom the platform offers it; None: all."""
    scope: str | None = None
    value: int = 1
    """Weight when the call budget is short: 10 orders, 1 statements."""
    details: Callable[[Sequence[str]], Request] | None = None
    """Where the list gives ids only: the request that reads the things themselves, at most `details_per_call` at once. They are
    read page by page before the position moves, and the list's own rows are not kept."""
    details_per_call: int = 1
    joined: Callable[[Record, Record], Record] | None = None
    """Where the list's own rows are half of the things: (row, what the details say of it) -> the whole. Such rows are kept."""

    def offered_in(self, market: str, seller_type: str = "") -> bool:
        """Whether a store of that market and kind can be asked; a kind that nobody knows is offered everything."""
        fits = self.sellers is None or not seller_type or seller_type in self.sellers
        return fits and (self.markets is None or market in self.markets)


@dataclass(frozen=True, slots=True)
class AppKeys:
    """Our app on a platform. Never shown in full: `repr` leaves the secret out."""

    key: str
    secret: str = field(repr=False)
    push_key: str = field(default="", repr=False)
    """What webhooks are signed with, where that is another key than `secret`; "" where it is the same."""
    push_url: str = ""
    """Where our webhooks arrive, as the platform knows it: some sign it too."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a link to the platform's consent page says."""

    state: str
    """Random; comes back with the seller's browser."""
    market: str
    now: datetime
    """Some links are signed, and are good for minutes."""
    service_id: str = ""
    redirect: str = ""
    """Where the seller's browser goes afterwards; "" where the platform's console alone settles it."""
    base_url: str = ""
    """The platform's address, where the app was given another than the platform's own (a sandbox)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What came back from the consent page."""

    code: str = field(default="", repr=False)
    """Good once; "" on a platform that gives a store's token to its own app without one."""
    named: Mapping[str, str] = field(default_factory=dict)
    """The other members of the redirect's query, as they came: `shop_id`, `main_account_id` ..."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a renewal is asked for: the pair in use, and whose it is."""

    refresh_token: str = field(repr=False)
    platform_store_id: str = ""
    market: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """The authorisation of one store, as far as a call needs it. Secrets are left out of `repr`."""

    access_token: str = field(repr=False)
    handle: str = field(default="", repr=False)
    """The opaque key that some calls want (`shop_cipher`)."""
    platform_store_id: str = ""
    market: str = ""
    """Whose site the store is on, as our policies name it; "" where nobody knows yet."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A token pair as it came back; store both in one transaction."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_expires_at: datetime | None
    platform_user_id: str
    name: str | None = None
    region: str | None = None
    scopes: tuple[str, ...] = ()
    stores: tuple[StoreProfile, ...] = ()
    """The stores that it covers, where the answer names them; () where a call of its own lists them."""
    one_each: bool = False
    """True where each of `stores` has a pair of its own, which a renewal that names the store brings: this one calls nothing."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as it leaves: path and query encoded, headers complete. Holds secrets: never log it."""

    method: str
    path_query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Limits:
    """Documented limits of a platform's API."""

    calls_per_second: float
    """Per app, store and endpoint."""
    start_at_per_second: float
    """Where to begin in practice."""
    burst: int
    calls_per_day: Mapping[str, int] = field(default_factory=dict)
    """Daily quota by group of operations."""
    day_groups: Mapping[str, str] = field(default_factory=dict)
    """Operation -> group, for those under a daily quota."""
    app_calls_per_second: Mapping[str, float] = field(default_factory=dict)
    """Operation -> calls a second of an app with all its stores together, where the platform counts so."""


@dataclass(frozen=True, slots=True)
class Connector:
    """One platform. Everything in it is data or a pure function."""

    id: str
    label: str
    short: str
    """Two letters for store keys."""
    markets: frozenset[str]
    base_url: str
    auth_url: str
    operations: Mapping[str, Operation]
    streams: Mapping[str, Stream]
    limits: Limits
    sign: Callable[[Request, AppKeys, Access | None, datetime], Signed]
    error_of: Callable[[Request, int, bytes], PlatformError | None]
    """(request, HTTP status, body) -> the error that this answer is, or None where it is a good one."""
    consent_url: Callable[[AppKeys, Consent], str]
    """Where to send the seller."""
    token_request: Callable[[AppKeys, Grant], Request]
    """Exchanges what came back from the consent page. Raises Rejected where that names nobody."""
    refresh_request: Callable[[AppKeys, Renewal], Request]
    parse_tokens: Callable[[bytes, datetime, Mapping[str, str]], Tokens]
    """(body, now: lifetimes may be relative, `about` of the request). Raises AuthorizationLost, Rejected or UnexpectedPayload."""
    verify_push: Callable[[AppKeys, Mapping[str, str], bytes], bool]
    """(app, headers with lower-case names, raw body)."""
    parse_pushes: Callable[[bytes], Sequence[Push]]
    """The messages of one body, in their order; none where it only tests the address. Raises UnexpectedPayload."""
    subscribe_requests: Callable[[str], Sequence[Request]]
    """(address) -> what to send so that the store's webhooks go there; nothing where a person sets that by hand."""
    read_one_requests: Mapping[str, Callable[[str], Request]]
    """Kind -> request that reads one record back by its id."""
    push_answer: bytes = b""
    """The JSON that the platform demands when a webhook is acknowledged; empty where the status alone counts."""
    renew_ahead: timedelta = timedelta(days=1)
    """How long before its end a token is renewed, so that a bad hour of the platform costs nothing. Shorter than a token's life,
    and where an early renewal gives the same token back, no longer than what brings a new one."""
    warn_ahead: timedelta = timedelta(days=14)
    """How long before its end an authorisation is the seller's business. Where each renewal begins its life anew: shorter than
    what is left of it when a renewal is due, so that only a renewal that fails is told."""
    not_offered: Mapping[str, str] = field(default_factory=dict)
    """What the platform does not offer by API -> where a person sees it instead."""
    gateways: Mapping[str, str] = field(default_factory=dict)
    """Market -> address of its own for calls; a market that is not in it is served at `base_url`."""

    def gateway(self, market: str, own: str = "") -> str:
        """Where calls for a store of that market go: `own`, where the app was given another address than the platform's (a
        sandbox; `{market}` in it stands for the market in lower case), else the market's."""
        if own and own.rstrip("/") != self.base_url.rstrip("/"):
            return own.replace("{market}", market.lower())
        return self.gateways.get(market, self.base_url)

    def operation(self, name: str) -> Operation:
        """The operation of that name; raises NotSupported naming platform and operation."""
        try:
            return self.operations[name]
        except KeyError:
            raise NotSupported(f"has no operation {name!r}", platform=self.id, operation=name) from None

    def read_one(self, kind: str, platform_id: str) -> Request:
        """The request that reads one thing back; raises NotSupported where the platform offers none."""
        try:
            build = self.read_one_requests[kind]
        except KeyError:
            raise NotSupported(f"cannot read one {kind} by its id", platform=self.id, operation=kind) from None
        return build(platform_id)

    def streams_in(self, market: str, seller_type: str = "") -> list[Stream]:
        """The streams that the platform offers in that market."""
        return [stream for stream in self.streams.values() if stream.offered_in(market, seller_type)]

    def parse(self, request: Request, body: bytes, market: str = "", store: str = "") -> Parsed:
        """What the answer holds. Market and store tell what some answers do not: their currency, their clock, whose they are."""
        told = {name: value for name, value in (("market", market), ("store", store)) if value}
        return self.operation(request.operation).parse(body, {**told, **request.about} if told else request.about)
