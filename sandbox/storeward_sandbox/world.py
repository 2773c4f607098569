"""The world: its clock, its platforms, and the stores whose lives go on in it.

A store's past is worked out when it is first looked at, from a stream of chance of its own: a world of a thousand stores is
there at once, and is the same whatever was looked at first.
"""

import asyncio
import heapq
import logging
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from .chance import stream
from .clock import LATEST, BadTime, Clock, Instant, iso
from .faults import Faults
from .outbox import Outbox
from .timeline import Timeline

log = logging.getLogger(__name__)
EVENTS_BETWEEN_BREATHS = 300
TICK_SECONDS = 0.1


class ClockGoesForward(ValueError):
    """The sandbox's clock cannot be set back: what has happened has happened."""


class Lived(Protocol):
    """A store with a life of its own."""

    @property
    def id(self) -> str: ...

    @property
    def timeline(self) -> Timeline: ...

    @property
    def born(self) -> bool:
        """Whether its past has been worked out."""

    def touch(self, now: Instant) -> None:
        """Work its past out if need be, and let happen what is due by `now`."""


class Platform(Protocol):
    """One marketplace in the world."""

    @property
    def name(self) -> str: ...

    @property
    def stores(self) -> Sequence[Lived]: ...

    def credentials(self, base_url: str) -> dict[str, Any]: ...

    def truth(self) -> dict[str, Any]: ...

    def details(self) -> dict[str, Any]: ...

    def stats(self) -> dict[str, Any]: ...

    def reset_stats(self) -> None: ...

    def listen_at(self, address: str) -> None:
        """Send all webhooks of the app there; "" sends none."""

    def change_consent(self, store_id: str, deed: str) -> None: ...

    def place_orders(self, store_id: str, count: int, by_platform: bool) -> list[str]: ...

    def direct_people(self, store_id: str | None, *, seller: bool | None, buyers: bool | None) -> None: ...


class World:
    """Everything there is, from (seed, stores, at)."""

    def __init__(
        self, *, seed: int, at: Instant, speed: float = 1.0, retry_scale: float = 1.0, answer_seconds: float | None = None
    ) -> None:
        self.seed = seed
        self.started_at = at
        self.clock = Clock(at, speed)
        self.faults = Faults(stream(seed, "faults"))
        self.outbox = Outbox(self.faults, retry_scale, answer_seconds)
        self.platforms: dict[str, Platform] = {}
        self._moving = asyncio.Lock()
        self._ticker: asyncio.Task[None] | None = None

    def add(self, platform: Platform) -> None:
        self.platforms[platform.name] = platform

    def stores(self) -> list[Lived]:
        return [store for platform in self.platforms.values() for store in platform.stores]

    def find(self, store_id: str) -> Lived | None:
        return next((store for store in self.stores() if store.id == store_id), None)

    def live_until(self, target: Instant) -> None:
        """Let everything in every store happen, in the order of time."""
        for store in self.stores():
            store.touch(store.timeline.now)
        for _ in self._merged(self.stores(), target):
            pass

    async def advance_to(self, target: Instant) -> None:
        """Set the clock forward; return when everything in between has happened, webhooks included."""
        if target < self.clock.now():
            raise ClockGoesForward("the sandbox's clock only goes forward; start a new sandbox with --at for the past")
        async with self._moving:
            await self._move_to(target)

    async def advance_by(self, seconds: int) -> None:
        """The same, counted from the instant at which no other move is under way: two moves at once add up."""
        async with self._moving:
            await self._move_to(self.clock.now() + seconds)

    async def _move_to(self, target: Instant) -> None:
        if target > LATEST:
            raise BadTime(f"a sandbox does not go beyond {iso(LATEST)}; advance less")
        await self._be_born()
        await self._happen(target)
        if target > self.clock.exact():  # a running clock may have passed it meanwhile
            self.clock.set(target)
        await self.outbox.flush(target)

    async def all_born(self) -> None:
        """Return when every store's past has been worked out; others are served meanwhile."""
        async with self._moving:
            await self._be_born()

    async def _be_born(self) -> None:
        for store in self.stores():
            if not store.born:
                store.touch(self.clock.now())
                await asyncio.sleep(0)

    async def _happen(self, target: Instant) -> None:
        for count, _ in enumerate(self._merged([store for store in self.stores() if store.born], target)):
            if count % EVENTS_BETWEEN_BREATHS == 0:
                await asyncio.sleep(0)

    @staticmethod
    def _merged(stores: Sequence[Lived], target: Instant) -> Iterator[None]:
        queue = [(at, index) for index, store in enumerate(stores) if (at := store.timeline.next_at()) is not None]
        heapq.heapify(queue)
        while queue and queue[0][0] <= target:
            _, index = heapq.heappop(queue)
            timeline = stores[index].timeline
            timeline.run_next(target)
            if (at := timeline.next_at()) is not None:
                heapq.heappush(queue, (at, index))
            yield
        for store in stores:
            store.timeline.run_until(target)

    async def start(self) -> None:
        """Open the lanes for webhooks and let the clock drive the world."""
        await self.outbox.start()
        self._ticker = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        if self._ticker is not None:
            self._ticker.cancel()
            await asyncio.gather(self._ticker, return_exceptions=True)
        await self.outbox.stop()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            async with self._moving:
                try:
                    await self._go_on()
                except Exception:  # the edge of the world's life: one broken event must not stop all others for good
                    log.exception("an event of the sandbox failed")

    async def _go_on(self) -> None:
        await self._be_born()
        if not self.clock.frozen:
            await self._happen(self.clock.now())
        self.outbox.release(self.clock.now())
