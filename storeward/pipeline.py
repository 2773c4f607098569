"""The order of the stages and the timetable, on one page.

    plan ----> sync_store(store) ----> findings.evaluate(store)            new data; a long pull's orders beside it
    webhook -> pushes -> read back --> findings.evaluate(store)            new data, sooner
    tick ----------------------------> findings.tick                       time alone
    mailbox -> notices --------------> findings.evaluate(stores)           new data that no API offers, as tables and forms are

Stages hand over by rows; a job is only the alarm clock. Whatever a dead worker leaves behind is found again by its rows: due
streams, new pushes, changes, jobs without a heartbeat. Everything can be done without workers too (`sync_due`, `first_round`).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, TypeVar

import psycopg
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from storeward.accounts.models import Workspace
from storeward.accounts.people import create_workspace
from storeward.findings import clock as findings_clock
from storeward.findings.evaluate import evaluate, evaluate_orders
from storeward.intake.mailbox import Look, look
from storeward.intake.models import Notice
from storeward.intake.notice_entries import Entered, enter
from storeward.intake.notices import Recognised
from storeward.intake.taking import Taken, promise, take
from storeward.lib import clock
from storeward.lib.orm_threads import OrmThreads
from storeward.lib.together import Together
from storeward.records.demo import enter_demo_facts
from storeward.records.streams import make_all_due
from storeward.replay.rehearse import ask as ask_rehearsal
from storeward.replay.rehearse import run as run_rehearsal
from storeward.rounds.rounds import run_round
from storeward.rulebook import feeds as policy_feeds
from storeward.stores import queries as stores
from storeward.stores.connecting import BRIEFLY
from storeward.stores.connection import revive_lost, working
from storeward.stores.database import connection, listening
from storeward.stores.demo import connect_fleet
from storeward.sync.listen import listen as listen_for
from storeward.sync.pull import Pulled, pull
from storeward.sync.push import work_pushes
from storeward.sync.push_endpoint import CHANNEL

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

SYNC, CLOCK = "sync", "clock"
"""Queues: pulls, which may take long, and the small things that must not wait behind them."""
STORES_AT_ONCE = 16
"""Most of a visit is waiting: for the platform, for the call budget, for being judged."""
CONNECTIONS = 16
"""Of a worker, for what moves rows in bulk; held for a transaction, not for a visit."""
JUDGED_AT_ONCE = 50
STALLED_AFTER = 20.0
"""Seconds without a heartbeat after which a worker counts as dead; its jobs are taken up then."""
LOOK_EVERY = 5.0
"""Seconds after which a worker looks for new pushes even if nobody called."""
QUEUED_AT_ONCE = 200
OLD_HOURS = 24
FINISH_SECONDS = 3.0
"""What a worker that was told to end gives the jobs under way; less than its parent waits (processes.END_SECONDS)."""

_threads = OrmThreads(2, "storeward-orm")
_mail_thread = OrmThreads(1, "storeward-mail")
"""A mail server may let us wait for half a minute an answer: what judges stores does not wait behind it."""
_replay_thread = OrmThreads(1, "storeward-replay")
"""A quarter of history takes a minute to be judged twice: what judges stores does not wait behind it either."""


_judging: ContextVar[Together[int] | None] = ContextVar("storeward_judging", default=None)


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what uses Django's ORM beside the event loop."""
    return await _threads.run(partial(work, *args, **kwargs))


# --- new data -----------------------------------------------------------------------------------------------------------

# Stores with something due and an authorisation in force, longest overdue first, that are not queued or being synced. A store
# that was never asked has no streams yet.
TO_SYNC = """
SELECT s.id FROM stores_store s
JOIN stores_connection c ON c.id = s.connection_id AND c.state = 'active'
LEFT JOIN LATERAL (SELECT min(due_at) AS at FROM records_stream WHERE store_id = s.id AND name <> 'push') due ON true
WHERE (due.at IS NULL OR due.at <= %(now)s)
  AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.lock = 'store:' || s.id AND j.status IN ('todo', 'doing'))
ORDER BY due.at NULLS FIRST LIMIT %(most)s
"""


@app.periodic(cron="* * * * * */5")
@app.task(queue=CLOCK, queueing_lock="plan", pass_context=False)
async def plan(timestamp: int) -> None:
    """Queue what is due."""
    async with connection() as conn:
        rows = await (await conn.execute(TO_SYNC, {"now": clock.now(), "most": QUEUED_AT_ONCE})).fetchall()
    await queue_stores([store_id for (store_id,) in rows])


async def queue_stores(store_ids: Iterable[int]) -> int:
    """One waiting job a store at most; how many were queued."""
    queued = 0
    for store_id in store_ids:
        job = sync_store.configure(lock=f"store:{store_id}", queueing_lock=f"sync:{store_id}")
        try:
            await job.defer_async(store_id=store_id)
            queued += 1
        except exceptions.AlreadyEnqueued:
            continue
    return queued


@app.task(queue=SYNC)
async def sync_store(store_id: int) -> None:
    """Ask the store's due streams, then judge it. What fails stands in its streams' rows and is due again.

    Of a store that is new only what has deadlines, until everybody else who waits has had a turn.
    """
    async with judged([store_id]) as written:
        pulled = await pull(store_id, urgent_first=True, written=written)
    if pulled.rest_waits:
        await queue_stores([store_id])


MANY = 5_000
"""Changes from which on orders are judged while a pull goes on: most pulls bring a handful, and are judged when they end."""


@asynccontextmanager
async def judged(store_ids: Sequence[int]) -> AsyncIterator[Callable[[int], None]]:
    """Judge these stores when the block ends, and their orders already while it writes many of them.

    Yields what is to be called with the number of changes that were written. Where the block fails its changes stay for the next
    to judge.
    """
    waiting, over, called = 0, False, asyncio.Event()

    def written(changes: int) -> None:
        nonlocal waiting
        waiting += changes
        if waiting >= MANY:
            called.set()

    async def beside() -> None:
        nonlocal waiting
        while await called.wait() and not over:
            waiting = 0
            called.clear()
            await in_thread(evaluate_orders, store_ids, now=clock.now())

    beside_it = asyncio.create_task(beside())
    try:
        yield written
    finally:
        over = True
        called.set()
        await beside_it
    await judge(store_ids)


async def judge(store_ids: Sequence[int]) -> None:
    """Judge these stores; in a worker together with others that wait for it, since fifty cost little more than one."""
    together = _judging.get()
    if together is None:
        await _judge(store_ids)
    else:
        await asyncio.gather(*(together.do(store_id) for store_id in store_ids))


async def _judge(store_ids: Sequence[int]) -> None:
    await in_thread(evaluate, store_ids, now=clock.now())


async def hear_pushes(stop: asyncio.Event) -> None:
    """Work webhooks as soon as they are stored: called by the intake, and by itself every few seconds."""
    while not stop.is_set():
        try:
            async with listening(CHANNEL) as listener:
                while not stop.is_set():
                    await handle_pushes()
                    async for _ in listener.notifies(timeout=LOOK_EVERY, stop_after=1):
                        pass
        except psycopg.OperationalError as error:
            log.warning("listening for webhooks was interrupted: %s", type(error).__name__)
            await clock.pause_async(1.0)


async def handle_pushes() -> None:
    """Read back what new webhooks name, and judge the stores concerned."""
    worked = await work_pushes()
    if worked.due:
        await queue_stores(worked.due)
    if worked.stores:
        await judge(sorted(worked.stores))


# --- what comes by mail --------------------------------------------------------------------------------------------------


@app.periodic(cron="*/2 * * * *")
@app.task(queue=CLOCK, lock="mailbox", queueing_lock="mailbox")
async def read_mailbox(timestamp: int) -> None:
    """Take in the notices that came by mail, where a mailbox is named. What fails stands in its row, and is tried again."""
    await _mail_thread.run(take_mail)


def take_mail() -> Look:
    """Take in what came by mail, then judge the stores that it is about; blocks until done."""
    done = look(now=clock.now())
    if done.stores:
        evaluate(sorted(done.stores), now=clock.now())
    return done


def enter_notice(notice: Notice, recognised: Recognised, *, who: str) -> Entered:
    """Enter what a person says that a notice tells, then judge its store; blocks until done. Raises records.BadEntry."""
    entered = enter(recognised, workspace_id=notice.workspace_id, who=who, now=clock.now(), kept=notice)
    if entered.new and entered.notice.store_id:
        evaluate([entered.notice.store_id], now=clock.now())
    return entered


# --- time alone ---------------------------------------------------------------------------------------------------------


@app.periodic(cron="* * * * * */5")
@app.task(queue=CLOCK, queueing_lock="tick")
async def tick(timestamp: int) -> None:
    """What time alone changes: deadlines come near, snoozes end, facts grow stale."""
    await in_thread(findings_clock.tick, now=clock.now())


# --- what a dead worker left --------------------------------------------------------------------------------------------


@app.periodic(cron="* * * * * */10")
@app.task(queue=CLOCK, queueing_lock="sweep")
async def sweep(timestamp: int) -> None:
    """Give the jobs of dead workers to the living, and lost authorisations another chance."""
    await take_up_stalled()
    back = await revive_lost(now=clock.now())
    if back:
        await in_thread(make_all_due, back, now=clock.now())


async def take_up_stalled() -> int:
    """Jobs whose worker shows no sign of life are queued again; how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER))
    for job in stalled:
        await app.job_manager.retry_job(job, retry_at=clock.now())
    return len(stalled)


OLD_ROWS = (
    "DELETE FROM sync_push WHERE state <> 'new' AND received_at < %(now)s - interval '14 days'",
    "DELETE FROM records_problem WHERE seen_at < %(now)s - interval '14 days'",
    "DELETE FROM stores_callbudget WHERE updated_at < %(now)s - interval '2 days'",
)


@app.periodic(cron="41 * * * *")
@app.task(queue=SYNC, queueing_lock="feeds")
async def read_feeds(timestamp: int) -> None:
    """Announcements of platforms: what is new is kept, to be looked at by a person."""
    for feed in await in_thread(policy_feeds.due, clock.now()):
        try:
            answer = await policy_feeds.asked(feed)
        except policy_feeds.Unreadable as why:
            await in_thread(policy_feeds.failed, feed, why, now=clock.now())
        else:
            await in_thread(policy_feeds.take, feed, answer, now=clock.now())


@app.periodic(cron="17 * * * *")
@app.task(queue=CLOCK, queueing_lock="tidy")
async def tidy(timestamp: int) -> None:
    """Rows that have served their time."""
    await app.job_manager.delete_old_jobs(nb_hours=OLD_HOURS, include_failed=True)
    async with connection() as conn:
        for statement in OLD_ROWS:
            await conn.execute(statement, {"now": clock.now()})


# --- a worker -----------------------------------------------------------------------------------------------------------


async def work(stop: asyncio.Event) -> None:
    """A worker process: works both queues and hears webhooks until `stop` is set, then finishes what it has begun."""
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()):
        async with working(connections=CONNECTIONS), _threads.kept(), app.open_async():
            _judging.set(Together(_judge, most=JUDGED_AT_ONCE))
            await take_up_stalled()
            await _run_until(stop, _queue_worker(SYNC, STORES_AT_ONCE), _queue_worker(CLOCK, 3), hear_pushes(stop))


def _queue_worker(queue: str, concurrency: int) -> Any:
    return app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=concurrency,
        install_signal_handlers=False,
        delete_jobs="successful",
        fetch_job_polling_interval=2.0,
        update_heartbeat_interval=5.0,
        stalled_worker_timeout=STALLED_AFTER,
        shutdown_graceful_timeout=FINISH_SECONDS,
    )


async def _run_until(stop: asyncio.Event, *parts: Any) -> None:
    """Run the parts side by side until `stop`, or until one of them fails: then the process ends and is started anew."""
    tasks = [asyncio.create_task(part) for part in parts]
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    waiting.cancel()
    for task in tasks:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


@app.task(queue=CLOCK, queueing_lock="listen")
async def listen_at(base_url: str) -> None:
    """Have all stores' webhooks sent to `base_url`."""
    for store_id, reason in (await listen_for(list(await in_thread(_askable)), base_url)).items():
        log.warning("webhooks of store %s do not come here: %s", store_id, reason)


def listen_soon(base_url: str) -> None:
    """The same by a worker, as soon as there is one: nobody waits for ten calls a store."""
    with suppress(exceptions.AlreadyEnqueued):
        listen_at.defer(base_url=base_url)


# --- without workers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Synced:
    """How a sync ended, store by store."""

    pulled: tuple[Pulled, ...]

    @property
    def failed(self) -> tuple[Pulled, ...]:
        return tuple(one for one in self.pulled if not one.whole)


async def sync_stores(store_ids: Sequence[int], *, everything: bool = False, only: Collection[str] = ()) -> Synced:
    """Pull these stores side by side (all that is due, `everything`, or the streams named in `only`), and judge them."""
    turns = asyncio.Semaphore(STORES_AT_ONCE)

    async def one(store_id: int) -> Pulled:
        async with turns:
            return await pull(store_id, everything=everything, only=only, written=written)

    async with working(connections=CONNECTIONS), judged(store_ids) as written:
        pulled = await asyncio.gather(*(one(store_id) for store_id in store_ids))
    return Synced(tuple(pulled))


def sync_due(keys: Collection[str] = (), *, everything: bool = False) -> Synced:
    """Bring the stores of these keys (all, without) up to date in this process; blocks until done.

    A store whose authorisation is known to be lost has nothing due; that is told by its finding.
    """
    found = stores.askable().filter(key__in=keys) if keys else stores.askable()
    return asyncio.run(sync_stores(list(found.values_list("pk", flat=True)), everything=everything))


def first_round() -> Synced:
    """Sync everything that is due, let the clock tick once, and keep a round of each workspace: the first page is complete."""
    synced = sync_due()
    now = clock.now()
    findings_clock.tick(now=now)
    for workspace in Workspace.objects.all():
        run_round(workspace.pk, now=now)
    return synced


def sync_soon(store_ids: Sequence[int]) -> int:
    """Ask everything of these stores by a worker, as soon as there is one; how many were not waiting already."""
    make_all_due(store_ids, now=clock.now())
    queued = 0
    for store_id in store_ids:
        with suppress(exceptions.AlreadyEnqueued):
            sync_store.configure(lock=f"store:{store_id}", queueing_lock=f"sync:{store_id}").defer(store_id=store_id)
            queued += 1
    return queued


def try_store(store_id: int) -> Pulled:
    """One call of the store's own data, to see whether its authorisation and the way to its platform work; blocks until told."""

    async def asked() -> Synced:
        async with working(connections=CONNECTIONS, manners=BRIEFLY):
            return await sync_stores([store_id], only=("stores",))

    return asyncio.run(asked()).pulled[0]


def demo_fleet(credentials: Mapping[str, Any]) -> None:
    """Connect the stores of a sandbox (`sandbox credentials --json`) and type in what no API offers. Can be repeated."""
    now = clock.now()
    workspace = create_workspace(slug="demo", name="Demo", now=now, actor="demo")
    connected = connect_fleet(workspace, credentials, now=now)
    enter_demo_facts(connected, now=now)
    make_all_due([store.pk for store in connected], now=now)


def take_upload(upload_id: int, *, store_ids: Sequence[int], who: str) -> Taken:
    """Take over a table that somebody looked at, then judge its stores; blocks until done."""
    taken = take(upload_id, store_ids=store_ids, who=who, now=clock.now())
    if taken.stores:
        evaluate(taken.stores, now=clock.now())
    return taken


@app.task(queue=SYNC)
async def take_table(upload_id: int, store_ids: list[int], who: str) -> None:
    """The same by a worker. One that dies half-way is taken up again, and nothing is written twice."""
    await in_thread(take_upload, upload_id, store_ids=store_ids, who=who)


def take_soon(upload_id: int, *, workspace_id: int, store_ids: Sequence[int], who: str) -> bool:
    """Have a table taken by a worker, as soon as there is one; whether it still can be."""
    if not promise(upload_id, workspace_id=workspace_id):
        return False
    with suppress(exceptions.AlreadyEnqueued):
        job = take_table.configure(lock=f"upload:{upload_id}", queueing_lock=f"upload:{upload_id}")
        job.defer(upload_id=upload_id, store_ids=list(store_ids), who=who)
    return True


def rehearse(rehearsal_id: int) -> bool:
    """Try a draft of the rules over the team's history; blocks until done."""
    return run_rehearsal(rehearsal_id, now=clock.now())


@app.task(queue=SYNC)
async def rehearse_draft(rehearsal_id: int) -> None:
    """The same by a worker."""
    await _replay_thread.run(partial(rehearse, rehearsal_id))


def rehearse_soon(version_id: int, *, workspace_id: int, who: str) -> int:
    """Have a draft tried by a worker, as soon as there is one; the number of the rehearsal. Raises RulebookError."""
    rehearsal = ask_rehearsal(version_id, workspace_id=workspace_id, by=who, now=clock.now())
    with suppress(exceptions.AlreadyEnqueued):
        job = rehearse_draft.configure(lock=f"rehearsal:{workspace_id}", queueing_lock=f"rehearsal:{rehearsal.pk}")
        job.defer(rehearsal_id=rehearsal.pk)
    return rehearsal.pk


def listen(base_url: str) -> dict[int, str]:
    """Have all stores' webhooks sent to this installation's address; what went wrong, by store."""

    async def told() -> dict[int, str]:
        async with working():
            return await listen_for(list(await in_thread(_askable)), base_url)

    return asyncio.run(told())


def _askable() -> list[int]:
    return list(stores.askable().values_list("pk", flat=True))
