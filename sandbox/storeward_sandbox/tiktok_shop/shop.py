"""One shop: who it is, how its seller behaves, what exists in it, and the queue of what is going to happen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar, cast

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.timeline import Event, Timeline

from . import hooks
from .ids import Ids
from .markets import MARKETS, Market, utc_midnight_after

if TYPE_CHECKING:
    from .orders import Order
    from .packages import Package

PAST_DAYS = 60
Part = TypeVar("Part")
Emit = Callable[["Shop", int, dict[str, Any]], None]


def _tell_nobody(shop: "Shop", kind: int, data: dict[str, Any]) -> None:
    """A shop that belongs to no platform yet tells nobody."""


TROUBLES = (
    "neglected",  # no seller activity for 27 to 61 days
    "negative_balance",  # fees exceed revenue
    "late_orders",
    "unanswered",  # buyers' messages wait
    "low_stock",
    "returns",  # many return requests, some near their deadline
    "expiring",  # the authorisation ends within days
    "dead_connection",  # the seller revokes the authorisation a few hours after the start
)


@dataclass(frozen=True)
class Persona:
    """How the seller behaves. Rates are shares from 0 to 1, `orders_per_day` is a mean.

    `stops_at`: from then on the seller does nothing any more (None: goes on for ever).
    """

    orders_per_day: float
    late_share: float
    unshipped_share: float
    reply_share: float
    fee_factor: float
    troubles: frozenset[str]
    stops_at: Instant | None = None


@dataclass(eq=False)
class Shop:
    """One shop. Parts of its life keep their state with `part(...)` and their chance with `chance(...)`."""

    id: str
    number: int
    code: str
    name: str
    region: str
    cross_border: bool
    cipher: str
    seed: int
    started_at: Instant
    persona: Persona
    send: Emit = field(default=_tell_nobody)
    timeline: Timeline = field(init=False)
    ids: Ids = field(init=False)
    orders: dict[str, "Order"] = field(default_factory=dict)
    packages: dict[str, "Package"] = field(default_factory=dict)
    webhooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    seller_on: bool = True
    buyers_on: bool = True
    born: bool = False
    settled: bool = False
    _parts: dict[type, Any] = field(default_factory=dict)
    _streams: dict[str, Random] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.timeline = Timeline(self.started_at - PAST_DAYS * DAY)
        self.ids = Ids(self.number)

    # --- who it is ------------------------------------------------------------------------------------------------

    @property
    def market(self) -> Market:
        return MARKETS[self.region]

    @property
    def currency(self) -> str:
        return self.market.currency

    @property
    def now(self) -> Instant:
        """The instant at which the shop stands."""
        return self.timeline.now

    def has(self, trouble: str) -> bool:
        return trouble in self.persona.troubles

    def seller_works(self) -> bool:
        """Whether the seller (the scripted one) does anything at this instant."""
        stops_at = self.persona.stops_at
        return self.seller_on and (stops_at is None or self.now < stops_at)

    # --- state and chance of the parts of its life ----------------------------------------------------------------

    def part(self, kind: type[Part]) -> Part:
        """The shop's one object of this class, made without arguments when first asked for."""
        if kind not in self._parts:
            self._parts[kind] = kind()
        return cast(Part, self._parts[kind])

    def chance(self, subject: str) -> Random:
        """The shop's own stream of chance for a subject."""
        if subject not in self._streams:
            self._streams[subject] = stream(self.seed, self.id, subject)
        return self._streams[subject]

    # --- time -----------------------------------------------------------------------------------------------------

    def at(self, instant: Instant, event: Event) -> None:
        """Let `event(instant)` happen then."""
        self.timeline.at(instant, event)

    def after(self, seconds: float, event: Event) -> None:
        self.timeline.at(self.now + int(seconds), event)

    def touch(self, now: Instant) -> None:
        """Work the past out if need be, and let happen what is due by `now`."""
        if not self.born:
            self.born = True
            hooks.tell("seed", self)
            self.at(utc_midnight_after(self.now), self._day)
            self.timeline.run_until(self.started_at)
            hooks.tell("settled", self)
            self.settled = True
        self.timeline.run_until(now)

    def _day(self, now: Instant) -> None:
        hooks.tell("day", self)
        self.at(now + DAY, self._day)

    def emit(self, kind: int, data: dict[str, Any]) -> None:
        """Send webhook `kind` to whoever listens, once the past is over."""
        if self.settled:
            self.send(self, kind, data)
