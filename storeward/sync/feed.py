"""A stream as a sequence of answers, each with the position that holds once it is written.

Nothing here writes. The positions are what makes a broken-off pull go on where it stopped: `position.page` is the token of the
page after this one, and stands in the row before that page is asked for.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storeward.canon import Record
from storeward.connectors.client import Answer, Client
from storeward.connectors.contract import Ask, Level, Parsed, Problem, Progress, Request, Stream
from storeward.connectors.errors import Rejected, UnexpectedPayload
from storeward.lib import clock
from storeward.sync.cursors import FURTHEST_AHEAD, Position, moved_at, replace_position

TOO_MANY_REFUSALS = 3
"""So many refusals in a row, and nothing told before: the question is wrong rather than the things gone."""


@dataclass(frozen=True, slots=True)
class Key:
    """A thing to ask about, and the platform's time of its state that we know: older parts were read then."""

    id: str
    read_until: datetime | None = None
    reads_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One answer on its way to the database."""

    answer: Answer
    asked_at: datetime
    position: Position
    keys_done: tuple[Key, ...] = ()


async def pieces(client: Client, stream: Stream, position: Position, keys: Sequence[Key]) -> AsyncIterator[Piece]:
    """All answers of one visit to `stream`, from `position` on. Raises a PlatformError where the platform fails."""
    if stream.progress is Progress.KEYS:
        async for piece in _by_keys(client, stream, keys):
            yield piece
        return
    span: Position | None = position
    while span is not None:
        async for piece in _span(client, stream, span):
            span = piece.position
            yield piece
        span = span.next_span(stream, clock.now())


async def _span(client: Client, stream: Stream, position: Position) -> AsyncIterator[Piece]:
    """The pages of one question."""
    request: Request | None = stream.first(Ask(since=position.since, until=position.until))
    if position.page is not None and request is not None:
        request = stream.turn(request, position.page)
    followed = {position.page}
    while request is not None:
        asked_at = clock.now()
        answer = await _call(client, stream, request, position)
        records = answer.parsed.records
        token = answer.parsed.next_page
        if token is not None and token in followed:
            raise UnexpectedPayload(
                "The platform repeats a page token; what is missing is not known.", operation=stream.operation
            )
        followed.add(token)
        if stream.progress is Progress.RECENT and all_older(records, position.since):
            token = None
        if stream.joined is not None:
            answer = await whole(client, stream, answer)
        elif stream.details is not None:
            records = []
            async for detail in _details(client, stream, answer):
                records += detail.parsed.records
                yield Piece(detail, asked_at, position)  # what this page shows counts as seen when all of it is written
            answer = _without_records(answer)
        position = replace_position(position.saw(records, asked_at), page=token)
        yield Piece(answer, asked_at, position)
        request = None if token is None else stream.turn(request, token)


async def _details(client: Client, stream: Stream, answer: Answer) -> AsyncIterator[Answer]:
    """What a list of mere ids stands for: the things themselves, read by the ids of this page."""
    if stream.details is None:
        return
    ids = list(dict.fromkeys(record.platform_id for record in answer.parsed.records))
    about = Refusals(stream.operation)
    for start in range(0, len(ids), stream.details_per_call):
        async for detail in _read(client, stream.details, ids[start : start + stream.details_per_call], about):
            yield detail


@dataclass(slots=True)
class Refusals:
    """How many things the platform will not tell of: some have gone since they were listed; all of them would be our mistake."""

    operation: str
    refused: int = 0
    told: int = 0

    def note(self, thing: str, refusal: Rejected, request: Request) -> Answer:
        """An answer that only says what is missing. Raises the refusal where the platform refuses everything."""
        self.refused += 1
        if self.refused >= TOO_MANY_REFUSALS and not self.told:
            raise refusal
        problem = Problem(
            f"{self.operation} {thing}"[:200], f"the platform refuses to tell of it: {refusal.message}", Level.ERROR
        )
        return Answer(request, Parsed(problems=[problem]), b"", clock.now())


async def _read(
    client: Client, build: Callable[[Sequence[str]], Request], ids: Sequence[str], refusals: Refusals
) -> AsyncIterator[Answer]:
    """The things of those ids. Where the platform refuses, the ids are halved until the one that it means stands alone."""
    request = build(ids)
    try:
        answer = await client.call(request)
    except Rejected as refusal:
        if len(ids) == 1:
            yield refusals.note(ids[0], refusal, request)
            return
    else:
        refusals.told += 1
        yield answer
        return
    middle = len(ids) // 2
    for half in (ids[:middle], ids[middle:]):
        async for part in _read(client, build, half, refusals):
            yield part


async def whole(client: Client, stream: Stream, answer: Answer) -> Answer:
    """The rows of a list with what the details say of each; a row of which they say nothing stays as it is."""
    told: dict[str, tuple[Record, bytes]] = {}
    problems = list(answer.parsed.problems)
    async for detail in _details(client, stream, answer):
        told |= {record.platform_id: (record, raw) for record, raw in detail.parsed.items}
        problems += detail.parsed.problems
    items = [_join(stream, record, raw, told.get(record.platform_id)) for record, raw in answer.parsed.items]
    return replace(answer, parsed=replace(answer.parsed, items=items, problems=problems))


def _join(stream: Stream, record: Record, raw: bytes, told: tuple[Record, bytes] | None) -> tuple[Record, bytes]:
    """The record, and both payloads as one: what changes in either is a change."""
    if told is None or stream.joined is None:
        return record, raw
    return stream.joined(record, told[0]), b'{"row":%b,"details":%b}' % (raw, told[1])


def _without_records(answer: Answer) -> Answer:
    """A list whose rows were read in full must not overwrite them with its few words."""
    return replace(answer, parsed=replace(answer.parsed, items=[]))


async def _call(client: Client, stream: Stream, request: Request, position: Position) -> Answer:
    """The answer; a page token from before a break that the platform no longer takes starts the span anew."""
    try:
        return await client.call(request)
    except Rejected:
        if position.page is None:
            raise
        return await client.call(stream.first(Ask(since=position.since, until=position.until)))


def all_older(records: Sequence[object], since: datetime | None) -> bool:
    """Whether a page (newest first) lies before `since` altogether; an empty page is no sign."""
    moments = [moved_at(record) for record in records]  # type: ignore[arg-type]
    return since is not None and bool(moments) and all(moment is not None and moment < since for moment in moments)


async def _by_keys(client: Client, stream: Stream, keys: Sequence[Key]) -> AsyncIterator[Piece]:
    """For each key (or group of them) its pages, newest first, back to what was read before."""
    refusals = Refusals(stream.operation)
    groups = [tuple(keys[start : start + stream.keys_per_call]) for start in range(0, len(keys), stream.keys_per_call)]
    while groups:
        group = groups.pop(0)
        request: Request | None = stream.first(_ask_about(stream, group))
        known = group[0].read_until if len(group) == 1 else None
        followed: set[str] = set()
        while request is not None:
            asked_at = clock.now()
            try:
                answer = await client.call(request)
            except Rejected as refusal:
                if len(group) == 1:
                    yield Piece(refusals.note(group[0].id, refusal, request), asked_at, Position(), group)
                else:
                    middle = len(group) // 2
                    groups[:0] = [group[:middle], group[middle:]]
                break
            refusals.told += 1
            token = answer.parsed.next_page
            if token is not None and token in followed:
                raise UnexpectedPayload(
                    "The platform repeats a page token; what is missing is not known.", operation=stream.operation
                )
            if token is None or all_older(answer.parsed.records, known):
                request = None
            else:
                followed.add(token)
                request = stream.turn(request, token)
            if stream.details is not None:
                async for detail in _details(client, stream, answer):
                    yield Piece(detail, asked_at, Position())
                answer = _without_records(answer)
            yield Piece(answer, asked_at, Position(), () if request is not None else group)


def _ask_about(stream: Stream, group: Sequence[Key]) -> Ask:
    """About those keys; where the platform wants a span too, the latest one that it allows."""
    keys = [key.id for key in group]
    if stream.longest_window is None:
        return Ask(keys=keys)
    until = clock.now() + FURTHEST_AHEAD
    return Ask(keys=keys, since=until - stream.longest_window, until=until)
