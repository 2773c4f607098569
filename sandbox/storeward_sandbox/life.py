"""One store of any platform: who it is, how its seller behaves, what exists in it, and the queue of what is going to happen.

A platform makes a `Hooks` of its own and a class derived from `Store` that names it; its parts keep their state with
`store.part(...)` and their chance with `store.chance(...)`, and continue each other's life with `@on("order_paid")`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar, TypeVar, cast

from .chance import stream
from .clock import DAY, Instant
from .countries import utc_midnight_after
from .ids import Ids, Shapes
from .timeline import Event, Timeline

PAST_DAYS = 60
Part = TypeVar("Part")
Handler = Callable[..., None]
Emit = Callable[[Any, Any, dict[str, Any]], None]

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


class Hooks:
    """Where one part of a store's life is continued by another. Handlers run in the order of registration, at `store.now`."""

    def __init__(self, moments: tuple[str, ...]) -> None:
        self._handlers: dict[str, list[Handler]] = {moment: [] for moment in moments}

    def on(self, moment: str) -> Callable[[Handler], Handler]:
        """Call the decorated function at every `moment` of a store's life."""

        def register(handler: Handler) -> Handler:
            self._handlers[moment].append(handler)
            return handler

        return register

    def tell(self, moment: str, *what: Any) -> None:
        for handler in self._handlers[moment]:
            handler(*what)


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


def _tell_nobody(store: Any, kind: Any, data: dict[str, Any]) -> None:
    """A store that belongs to no platform yet tells nobody."""


@dataclass(eq=False, kw_only=True)
class Store:
    """One store. `hooks` and `id_shapes` are its platform's; hooks need the moments `seed`, `day` and `settled`."""

    hooks: ClassVar[Hooks]
    id_shapes: ClassVar[Shapes]

    id: str
    number: int
    name: str
    region: str
    seed: int
    started_at: Instant
    persona: Persona
    send: Emit = field(default=_tell_nobody)
    timeline: Timeline = field(init=False)
    ids: Ids = field(init=False)
    seller_on: bool = True
    buyers_on: bool = True
    born: bool = False
    settled: bool = False
    _parts: dict[type, Any] = field(default_factory=dict)
    _streams: dict[str, Random] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.timeline = Timeline(self.started_at - PAST_DAYS * DAY)
        self.ids = Ids(self.number, self.id_shapes)

    # --- who it is ------------------------------------------------------------------------------------------------

    @property
    def now(self) -> Instant:
        """The instant at which the store stands."""
        return self.timeline.now

    def has(self, trouble: str) -> bool:
        return trouble in self.persona.troubles

    def seller_works(self) -> bool:
        """Whether the seller (the scripted one) does anything at this instant."""
        stops_at = self.persona.stops_at
        return self.seller_on and (stops_at is None or self.now < stops_at)

    # --- state and chance of the parts of its life ----------------------------------------------------------------

    def part(self, kind: type[Part]) -> Part:
        """The store's one object of this class, made without arguments when first asked for."""
        if kind not in self._parts:
            self._parts[kind] = kind()
        return cast(Part, self._parts[kind])

    def chance(self, subject: str) -> Random:
        """The store's own stream of chance for a subject."""
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
            self.hooks.tell("seed", self)
            self.at(utc_midnight_after(self.now), self._day)
            self.timeline.run_until(self.started_at)
            self.hooks.tell("settled", self)
            self.settled = True
        self.timeline.run_until(now)

    def _day(self, now: Instant) -> None:
        self.hooks.tell("day", self)
        self.at(now + DAY, self._day)

    def emit(self, kind: Any, data: dict[str, Any]) -> None:
        """Send webhook `kind` to whoever listens, once the past is over."""
        if self.settled:
            self.send(self, kind, data)
