"""Webhooks: what they name, how they are grouped, claimed and settled, and when their silence counts."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward import canon
from storeward.lib import clock
from storeward.records.models import Stream
from storeward.stores.models import Connection, ConnectionState, Store
from storeward.sync.models import Push, PushState
from storeward.sync.push import (
    CLAIM_LASTS,
    LONGEST_QUIET,
    MANY,
    MOST_ATTEMPTS,
    Claimed,
    Worked,
    expect_pushes,
    grouped,
    silence,
    work_pushes,
)
from storeward.sync.push_endpoint import LARGEST, app, thing

from .conftest import run

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("push", "named"),
    [
        (canon.Push(platform_topic="1", topic="order", platform_order_id="5"), ("order", "5")),
        (canon.Push(platform_topic="3", topic="address", platform_order_id="5"), ("order", "5")),
        (canon.Push(platform_topic="4", topic="package", platform_package_ids=("1",)), ("package", "1")),
        (canon.Push(platform_topic="4", topic="package", platform_package_ids=("1", "2")), ("package", "")),
        (canon.Push(platform_topic="12", topic="return", platform_return_id="9"), ("return", "9")),
        (canon.Push(platform_topic="14", topic="message", platform_conversation_id="c"), ("message", "c")),
        (canon.Push(platform_topic="5", topic="listing", platform_listing_id="1"), ("listing", "1")),
        (canon.Push(platform_topic="6", topic="authorisation_lost"), ("authorisation_lost", "")),
        (canon.Push(platform_topic="99", topic="unknown"), ("unknown", "")),
    ],
)
def test_what_a_push_names_is_what_is_read_back(push: canon.Push, named: tuple[str, str]) -> None:
    assert thing(push) == named


def claimed(number: int, kind: str, platform_id: str) -> Claimed:
    return Claimed(number, 1, "749", kind, platform_id, 1)


@given(st.lists(st.tuples(st.sampled_from(["order", "package"]), st.sampled_from("abcdefgh"))))
def test_each_thing_is_read_once_and_no_push_is_forgotten(named: list[tuple[str, str]]) -> None:
    pushes = [claimed(number, *one) for number, one in enumerate(named)]
    groups = grouped(pushes)
    assert sorted(push.id for same in groups.values() for push in same) == list(range(len(pushes)))
    for kind in ("order", "package"):
        assert sum(1 for name in groups if name[0] == kind) <= MANY


def test_many_things_of_a_kind_are_one_question_to_their_stream() -> None:
    pushes = [claimed(number, "order", str(number)) for number in range(MANY + 1)]
    assert set(grouped(pushes)) == {("order", "")}


@pytest.mark.parametrize(
    ("missed", "announced", "silent"), [(2, 0, True), (2, 1, True), (1, 1, False), (1, 12, False), (0, 0, False), (0, 5, False)]
)
def test_changes_that_for_the_most_part_no_webhook_announced_are_silence(missed: int, announced: int, silent: bool) -> None:
    text = silence(missed=missed, announced=announced, last=NOW, count=100, longest_gap=timedelta(hours=1), now=NOW)
    assert text.startswith(f"{missed} changed orders") if silent else not text


@pytest.mark.parametrize(
    ("quiet", "longest", "count", "silent"),
    [
        (timedelta(hours=1), timedelta(minutes=1), 500, False),
        (LONGEST_QUIET + timedelta(minutes=1), timedelta(minutes=20), 500, True),
        (LONGEST_QUIET + timedelta(minutes=1), timedelta(hours=8), 500, False),
        (timedelta(hours=25), timedelta(hours=8), 500, True),
        (timedelta(days=6), timedelta(hours=1), 5, False),
    ],
)
def test_a_pause_is_silence_only_far_beyond_the_usual_pace(
    quiet: timedelta, longest: timedelta, count: int, silent: bool
) -> None:
    assert bool(silence(missed=0, last=NOW - quiet, count=count, longest_gap=longest, now=NOW)) is silent


def test_without_any_webhook_there_is_no_pace_to_fall_behind() -> None:
    assert silence(missed=0, last=None, count=0, longest_gap=None, now=NOW) == ""


def put(store: Store, number: str, **more: Any) -> Push:
    assert store.connection is not None
    given = {"platform_store_id": store.platform_store_id, "kind": "order", "platform_id": number, **more}
    return Push.objects.create(
        app=store.connection.app, notification_id=number, body=b"{}", received_at=clock.now(), topic="order", **given
    )


def work() -> Worked:
    worked = run(work_pushes)
    assert isinstance(worked, Worked)
    return worked


def test_a_push_about_nothing_that_we_keep_is_ignored(store: Store) -> None:
    put(store, "1", kind="unknown", platform_id="")
    put(store, "2", platform_store_id="another store")
    assert work().ignored == 2
    assert set(Push.objects.values_list("state", flat=True)) == {PushState.IGNORED}


def test_what_cannot_be_read_back_by_itself_makes_its_stream_due(store: Store) -> None:
    later = NOW + timedelta(days=9000)
    for name in ("conversations", "messages"):
        Stream.objects.create(store=store, workspace_id=store.workspace_id, name=name, due_at=later)
    put(store, "c", kind="message")
    worked = work()
    assert worked.due == {store.pk}
    assert Push.objects.get().state == PushState.DONE
    assert not Stream.objects.filter(due_at=later).exists()


def test_points_that_are_issued_are_asked_for_at_once(store: Store) -> None:
    later = NOW + timedelta(days=9000)
    Stream.objects.create(store=store, workspace_id=store.workspace_id, name="points", due_at=later)
    put(store, "p", kind="points", platform_id="")
    assert work().due == {store.pk}
    assert not Stream.objects.filter(due_at=later).exists()


def test_a_platform_that_cannot_be_reached_leaves_the_push_for_later_and_gives_up_in_the_end(store: Store) -> None:
    push = put(store, "1")
    work()
    push.refresh_from_db()
    assert (push.state, push.attempts) == (PushState.NEW, 1)
    work()
    push.refresh_from_db()
    assert push.attempts == 1, "the claim has not lapsed yet"
    Push.objects.update(claimed_at=clock.now() - CLAIM_LASTS * 2, attempts=MOST_ATTEMPTS - 1)
    work()
    push.refresh_from_db()
    assert push.state == PushState.FAILED


def test_a_withdrawn_authorisation_is_noted_without_asking_anybody(store: Store) -> None:
    Stream.objects.create(store=store, workspace_id=store.workspace_id, name="orders", due_at=NOW)
    put(store, "6", kind="authorisation_lost", platform_id="")
    assert work().stores == {store.pk}
    assert Connection.objects.get().state == ConnectionState.REVOKED
    stream = Stream.objects.get(name="orders")
    assert stream.error_family == "AuthorizationLost"
    assert stream.due_at > clock.now() + timedelta(days=300), "nothing is due where nobody may ask"


def test_webhooks_are_expected_from_the_moment_the_platform_was_told(store: Store) -> None:
    run(lambda: expect_pushes([store.pk], now=NOW))
    stream = Stream.objects.get(name="push")
    assert (stream.observed_at, stream.error_family) == (NOW, "")
    assert stream.trusted_until is not None
    assert stream.trusted_until > NOW


async def post(path: str, body: bytes, *, method: str = "POST", chunk: int = 65_536) -> int:
    """The status of the answer to one delivery, without a server in between."""
    parts = [body[start : start + chunk] for start in range(0, len(body), chunk)] or [b""]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    await app({"type": "http", "method": method, "path": path, "headers": []}, receive, send)
    assert sent[1] == {"type": "http.response.body", "body": b""}
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (lambda: post("/hooks/tiktok_shop/1/", b"{}", method="GET"), 405),
        (lambda: post("/hooks/tiktok_shop/", b"{}"), 404),
        (lambda: post("/elsewhere/tiktok_shop/1/", b"{}"), 404),
        (lambda: post("/hooks/tiktok_shop/1/", b"x" * (LARGEST + 1)), 413),
    ],
)
def test_what_is_no_delivery_is_refused_before_anything_is_asked(call: Callable[[], Awaitable[int]], status: int) -> None:
    async def main() -> int:
        return await call()

    assert asyncio.run(main()) == status
