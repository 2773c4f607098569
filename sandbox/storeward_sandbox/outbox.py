"""Webhooks on their way: delivered apart from the world, in order for each store, retried on a ladder, bounded.

The first attempt leaves at once. A failed one is tried again on the sandbox's clock, so that a world that stands also keeps
its retries back.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import aiohttp

from .clock import Instant
from .faults import Faults

LANES = 8
MOST_WAITING = 50_000
ANSWER_SECONDS = 3.0
ANSWER_BYTES = 4096
LADDER_SECONDS = (2 * 60, 30 * 60, 3 * 3600, 12 * 3600)
LOG_LENGTH = 5_000
REMEMBERED = 5
"""How many messages of a store are kept, so that an old one can come again."""


def is_ok(status: int, answer: bytes) -> bool:
    """Whether the receiver has taken the message: 200, whatever it says."""
    return status == 200


def always() -> bool:
    return True


@dataclass(frozen=True)
class Delivery:
    """One message to one address, in its `attempt`-th try (from 1).

    `signed_in` is the header that holds the signature, `ladder` the pauses before each further try, and `accepted` says by status
    and body of the answer whether the receiver has taken it. What is not `ready` when its turn comes counts as not answered.
    The receiver has `patience` seconds. Where the platform looks at things anew before it tries again, `again` gives body and
    headers as they would be then.
    """

    platform: str
    store_id: str
    address: str
    topic: str
    body: bytes
    headers: dict[str, str]
    due: Instant
    attempt: int = 1
    signed_in: str = "Authorization"
    ladder: tuple[int, ...] = LADDER_SECONDS
    accepted: Callable[[int, bytes], bool] = is_ok
    lost: Callable[["Delivery"], None] | None = None
    ready: Callable[[], bool] = always
    patience: float = ANSWER_SECONDS
    again: Callable[[], tuple[bytes, dict[str, str]]] | None = None


@dataclass
class Outbox:
    """The queue of deliveries. `scale` shortens the ladder for tests.

    `answer_seconds` is how long every receiver has, in place of what each platform grants: on a busy machine a receiver that
    answers at once may seem to have taken half a second.
    """

    faults: Faults
    scale: float = 1.0
    answer_seconds: float | None = None
    log: deque[dict[str, object]] = field(default_factory=lambda: deque(maxlen=LOG_LENGTH))
    counts: dict[str, int] = field(default_factory=dict)
    stopped_stores: set[str] = field(default_factory=set)
    _lanes: list[asyncio.Queue[Delivery]] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _retries: list[tuple[Instant, int, Delivery]] = field(default_factory=list)
    _held: dict[str, Delivery] = field(default_factory=dict)
    _earlier: dict[str, deque[Delivery]] = field(default_factory=dict)
    _sequence: int = 0
    _session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the lanes. Before that (while a world is being made) nothing is sent."""
        self._session = aiohttp.ClientSession()
        self._lanes = [asyncio.Queue() for _ in range(LANES)]
        self._tasks = [asyncio.create_task(self._work(lane)) for lane in self._lanes]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def put(self, delivery: Delivery) -> None:
        """Send it soon. Stores whose webhooks are stopped, faults and a full queue may keep it back; each is counted."""
        if not self._lanes:
            return
        if delivery.store_id in self.stopped_stores or self._struck("drop_webhook", delivery):
            self._count("dropped")
            return
        if self._struck("forged_webhook", delivery):
            delivery = replace(delivery, headers={**delivery.headers, delivery.signed_in: "0" * 64})
        if self._struck("reorder_webhook", delivery) and delivery.store_id not in self._held:
            self._held[delivery.store_id] = delivery
            return
        self._enqueue(delivery)
        if self._struck("duplicate_webhook", delivery):
            self._enqueue(delivery)
        if held := self._held.pop(delivery.store_id, None):
            self._enqueue(held)
        self._replay(delivery)

    def _replay(self, delivery: Delivery) -> None:
        """Send an old message of the store once more where that is switched on, and keep this one in mind."""
        earlier = self._earlier.setdefault(delivery.store_id, deque(maxlen=REMEMBERED))
        if earlier and self._struck("replay_webhook", delivery):
            self._enqueue(earlier[0])
        earlier.append(delivery)

    def _struck(self, name: str, delivery: Delivery) -> bool:
        return self.faults.strikes(name, delivery.platform, delivery.store_id) is not None

    def _enqueue(self, delivery: Delivery) -> None:
        if sum(lane.qsize() for lane in self._lanes) >= MOST_WAITING:
            self._count("overflowed")
            return
        lane = sum(delivery.store_id.encode()) % LANES
        self._lanes[lane].put_nowait(delivery)

    def release(self, until: Instant) -> int:
        """Queue again every failed delivery whose next try is due by then; how many."""
        released = 0
        while self._retries and self._retries[0][0] <= until:
            self._enqueue(_looked_at_anew(heapq.heappop(self._retries)[2]))
            released += 1
        return released

    async def flush(self, until: Instant) -> None:
        """Return when everything due by then has been tried, retries and held-back messages included."""
        for held in list(self._held.values()):
            self._enqueue(held)
        self._held.clear()
        await self._settled()
        while self.release(until):
            await self._settled()

    async def _settled(self) -> None:
        for lane in self._lanes:
            await lane.join()

    async def _work(self, lane: asyncio.Queue[Delivery]) -> None:
        while True:
            delivery = await lane.get()
            try:
                status, answer = await self._send(delivery) if delivery.ready() else (0, b"")
                taken = delivery.accepted(status, answer)
                self._record(delivery, status, taken)
                if not taken:
                    self._retry_later(delivery)
            finally:
                lane.task_done()

    def patience(self, delivery: Delivery) -> float:
        """So many seconds the receiver has to answer."""
        return delivery.patience if self.answer_seconds is None else self.answer_seconds

    async def _send(self, delivery: Delivery) -> tuple[int, bytes]:
        """The status and the first bytes of what the receiver answered, status 0 where it did not answer in time."""
        if self._session is None:
            return 0, b""
        try:
            async with self._session.post(
                delivery.address,
                data=delivery.body,
                headers=delivery.headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.patience(delivery)),
            ) as answer:
                return answer.status, await answer.content.read(ANSWER_BYTES)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return 0, b""

    def _retry_later(self, delivery: Delivery) -> None:
        if delivery.attempt > len(delivery.ladder):
            self._count("given_up")
            if delivery.lost is not None:
                delivery.lost(delivery)
            return
        if len(self._retries) >= MOST_WAITING:
            self._count("overflowed")
            return
        pause = round(delivery.ladder[delivery.attempt - 1] * self.scale)
        due = delivery.due + pause
        self._sequence += 1
        again = replace(delivery, due=due, attempt=delivery.attempt + 1)
        heapq.heappush(self._retries, (due, self._sequence, again))

    def _record(self, delivery: Delivery, status: int, taken: bool) -> None:
        self._count("delivered" if taken else "failed")
        self.log.append(
            {
                "store": delivery.store_id,
                "topic": delivery.topic,
                "address": delivery.address,
                "attempt": delivery.attempt,
                "status": status,
                "due": delivery.due,
            }
        )

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def waiting(self) -> int:
        return len(self._retries) + len(self._held) + sum(lane.qsize() for lane in self._lanes)


def _looked_at_anew(delivery: Delivery) -> Delivery:
    if delivery.again is None:
        return delivery
    body, headers = delivery.again()
    return replace(delivery, body=body, headers=headers)
