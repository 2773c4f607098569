"""The queue of webhooks without a wire: who gets what in which order, when it is tried again, and when no more."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from storeward_sandbox import outbox as outbox_module
from storeward_sandbox.faults import Faults
from storeward_sandbox.outbox import LADDER_SECONDS, Delivery, Outbox

START = 1_000_000


class Post(Outbox):
    """An outbox whose receivers answer what `answers` says for a message; all attempts are noted."""

    def __init__(self, answers: Callable[[Delivery], int] = lambda delivery: 200, scale: float = 1.0) -> None:
        super().__init__(Faults(Random(1)), scale)
        self.answers = answers
        self.sent: list[Delivery] = []

    async def _send(self, delivery: Delivery) -> tuple[int, bytes]:
        await asyncio.sleep(0)
        self.sent.append(delivery)
        return self.answers(delivery), b""

    def arrived(self) -> list[str]:
        return [delivery.topic for delivery in self.sent]


def message(topic: str, store: str = "1", due: int = START) -> Delivery:
    headers = {"Authorization": "good"}
    return Delivery("tiktok_shop", store, "http://app.test/hook", topic, topic.encode(), headers, due)


async def during(post: Post, deeds: Callable[[], Awaitable[None]]) -> None:
    await post.start()
    try:
        await deeds()
    finally:
        await post.stop()


def lived(post: Post, *topics: str, until: int = START, store: str = "1") -> Post:
    """Put messages in, and let everything due by `until` be tried."""

    async def deeds() -> None:
        for topic in topics:
            post.put(message(topic, store))
        await post.flush(until)

    asyncio.run(during(post, deeds))
    return post


def test_messages_of_a_store_arrive_in_their_order() -> None:
    topics = [str(number) for number in range(50)]
    post = lived(Post(), *topics)
    assert post.arrived() == topics
    assert post.counts == {"delivered": 50}


def test_nothing_is_sent_before_the_lanes_are_open() -> None:
    post = Post()
    post.put(message("early"))
    assert lived(post, "late").arrived() == ["late"]


@pytest.mark.parametrize(
    ("failures", "tries", "counts"),
    [
        (0, [0], {"delivered": 1}),
        (1, [0, 120], {"failed": 1, "delivered": 1}),
        (2, [0, 120, 1_920], {"failed": 2, "delivered": 1}),
        (3, [0, 120, 1_920, 12_720], {"failed": 3, "delivered": 1}),
        (4, [0, 120, 1_920, 12_720, 55_920], {"failed": 4, "delivered": 1}),
        (5, [0, 120, 1_920, 12_720, 55_920], {"failed": 5, "given_up": 1}),
        (99, [0, 120, 1_920, 12_720, 55_920], {"failed": 5, "given_up": 1}),
    ],
)
def test_a_message_is_tried_again_after_2_minutes_30_minutes_3_hours_and_12_hours(
    failures: int, tries: list[int], counts: dict[str, int]
) -> None:
    post = lived(Post(lambda delivery: 500 if delivery.attempt <= failures else 200), "a", until=START + 10 * 86_400)
    assert [delivery.due - START for delivery in post.sent] == tries
    assert [delivery.attempt for delivery in post.sent] == list(range(1, len(tries) + 1))
    assert post.counts == counts
    assert post.waiting() == 0


@pytest.mark.parametrize(
    ("passed", "tries"),
    [(0, 1), (119, 1), (120, 2), (1_919, 2), (1_920, 3), (12_719, 3), (12_720, 4), (55_919, 4), (55_920, 5), (10**7, 5)],
)
def test_a_retry_waits_for_its_instant(passed: int, tries: int) -> None:
    post = lived(Post(lambda delivery: 0), "a", until=START + passed)
    assert len(post.sent) == tries
    assert post.waiting() == (1 if tries < 5 else 0)


@pytest.mark.parametrize(
    ("scale", "tries"),
    [
        (1.0, [0, 120, 1_920, 12_720, 55_920]),
        (0.5, [0, 60, 960, 6_360, 27_960]),
        (0.01, [0, 1, 19, 127, 559]),
        (0.0, [0, 0, 0, 0, 0]),
    ],
)
def test_the_ladder_can_be_scaled(scale: float, tries: list[int]) -> None:
    """Each pause is rounded to whole seconds: 1.2, 18, 108 and 432 at a hundredth."""
    post = lived(Post(lambda delivery: 500, scale), "a", until=START + 10 * 86_400)
    assert [delivery.due - START for delivery in post.sent] == tries
    assert len(LADDER_SECONDS) == 4


@pytest.mark.parametrize(
    ("status", "good"),
    [(200, True), (0, False), (201, False), (204, False), (301, False), (401, False), (404, False), (500, False), (503, False)],
)
def test_only_200_is_an_answer(status: int, good: bool) -> None:
    post = lived(Post(lambda delivery: status), "a")
    assert post.counts == ({"delivered": 1} if good else {"failed": 1})
    assert post.waiting() == (0 if good else 1)
    assert [entry["status"] for entry in post.log] == [status]


def test_the_log_names_store_topic_address_attempt_and_status() -> None:
    post = lived(Post(lambda delivery: 500), "1", until=START + 120)
    first = {"store": "1", "topic": "1", "address": "http://app.test/hook", "attempt": 1, "status": 500, "due": START}
    assert list(post.log) == [first, {**first, "attempt": 2, "due": START + 120}]


def with_fault(name: str, *topics: str, store: str = "1", stores: frozenset[str] = frozenset()) -> Post:
    post = Post()
    post.faults.switch_on(name, stores=stores)
    return lived(post, *topics, store=store)


@pytest.mark.parametrize(
    ("name", "arrived", "counts"),
    [
        ("duplicate_webhook", ["a", "a", "b", "b", "c", "c"], {"delivered": 6}),
        ("reorder_webhook", ["b", "a", "c"], {"delivered": 3}),
        ("drop_webhook", [], {"dropped": 3}),
        ("forged_webhook", ["a", "b", "c"], {"delivered": 3}),
        ("slow", ["a", "b", "c"], {"delivered": 3}),
    ],
)
def test_a_fault_doubles_swaps_or_drops(name: str, arrived: list[str], counts: dict[str, int]) -> None:
    post = with_fault(name, "a", "b", "c")
    assert post.arrived() == arrived
    assert post.counts == counts
    signs = {delivery.headers["Authorization"] for delivery in post.sent}
    assert signs <= ({"0" * 64} if name == "forged_webhook" else {"good"})


@pytest.mark.parametrize("name", ["duplicate_webhook", "reorder_webhook", "drop_webhook", "forged_webhook"])
def test_a_fault_of_one_store_spares_the_others(name: str) -> None:
    post = with_fault(name, "a", "b", store="1", stores=frozenset({"2"}))
    assert post.arrived() == ["a", "b"]
    assert {delivery.headers["Authorization"] for delivery in post.sent} == {"good"}


def test_a_swapped_message_is_held_back_and_counted_as_waiting_until_the_next() -> None:
    post = Post()
    post.faults.switch_on("reorder_webhook")

    async def deeds() -> None:
        post.put(message("a"))
        assert post.waiting() == 1
        assert post.arrived() == []
        post.put(message("x", store="2"))
        post.faults.switch_off("reorder_webhook")
        post.put(message("b"))
        await post.flush(START)

    asyncio.run(during(post, deeds))
    assert [topic for topic in post.arrived() if topic != "x"] == ["b", "a"]
    assert post.waiting() == 0


def test_a_store_whose_webhooks_are_stopped_gets_none_until_they_are_started() -> None:
    post = Post()

    async def deeds() -> None:
        post.stopped_stores.add("1")
        post.put(message("a"))
        post.put(message("b", store="2"))
        post.stopped_stores.discard("1")
        post.put(message("c"))
        await post.flush(START)

    asyncio.run(during(post, deeds))
    assert sorted(post.arrived()) == ["b", "c"]
    assert post.counts == {"dropped": 1, "delivered": 2}


def test_a_store_that_fails_does_not_hold_up_another() -> None:
    post = Post(lambda delivery: 500 if delivery.store_id == "1" else 200)

    async def deeds() -> None:
        for number in range(10):
            post.put(message(f"a{number}", store="1"))
            post.put(message(f"b{number}", store="2"))
        await post.flush(START)

    asyncio.run(during(post, deeds))
    assert post.counts == {"failed": 10, "delivered": 10}
    assert post.waiting() == 10


def test_the_queue_is_bounded_and_says_what_it_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "MOST_WAITING", 5)
    post = lived(Post(), *"abcdefgh")
    assert post.arrived() == list("abcde")
    assert post.counts == {"delivered": 5, "overflowed": 3}


def test_so_are_the_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post(lambda delivery: 500)

    async def deeds() -> None:
        for topic in "abcdefgh":
            monkeypatch.setattr(outbox_module, "MOST_WAITING", 50)
            post.put(message(topic))
        monkeypatch.setattr(outbox_module, "MOST_WAITING", 5)
        await post.flush(START)

    asyncio.run(during(post, deeds))
    assert post.counts == {"failed": 8, "overflowed": 3}
    assert post.waiting() == 5


def test_release_frees_only_what_is_due_and_says_how_many() -> None:
    post = Post(lambda delivery: 500)

    async def deeds() -> None:
        post.put(message("a", due=START))
        post.put(message("b", due=START + 60))
        await post.flush(START)
        assert post.release(START + 119) == 0
        assert post.release(START + 120) == 1
        assert post.release(START + 180) == 1
        assert post.release(START + 180) == 0

    asyncio.run(during(post, deeds))


def test_an_old_message_comes_once_more_as_it_was() -> None:
    post = Post()
    post.faults.switch_on("replay_webhook")
    lived(post, "a", "b", "c")
    assert post.arrived() == ["a", "b", "a", "c", "a"]
    assert {delivery.headers["Authorization"] for delivery in post.sent} == {"good"}
    assert post.sent[2].body == b"a"


def test_a_replay_is_of_the_same_store_and_of_the_last_few() -> None:
    post = Post()
    lived(post, "other", store="2")
    lived(post, *"abcdefg")
    post.faults.switch_on("replay_webhook")
    assert lived(post, "h").arrived()[-2:] == ["h", "c"]
