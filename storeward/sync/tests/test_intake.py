"""Webhook intake against a real database: what is acknowledged is stored, what is refused is not."""

import asyncio
import hmac
import json
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from pytest_django import Settings

from storeward.canon import Push as PushRecord
from storeward.connectors.contract import AppKeys
from storeward.connectors.tiktok_shop import CONNECTOR as TIKTOK_SHOP
from storeward.stores import vault
from storeward.stores.database import listening
from storeward.stores.models import App, Store
from storeward.sync import push_endpoint
from storeward.sync.models import Push, PushState
from storeward.sync.push_endpoint import CHANNEL, LARGEST, Intake

from .conftest import run


@dataclass(frozen=True)
class Sent:
    """A delivery as it comes over the wire."""

    path: str
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


def signed(body: bytes, *, key: str = "key", secret: str = "secret") -> bytes:
    return hmac.new(secret.encode(), key.encode() + body, sha256).hexdigest().encode()


def body_of(number: str | None = "n1", *, kind: int = 1, shop: str = "749", **data: Any) -> bytes:
    told: dict[str, Any] = {"type": kind, "shop_id": shop, "timestamp": 1_795_000_001, "data": data or {"order_id": "57"}}
    if number is not None:
        told["tts_notification_id"] = number
    return json.dumps(told).encode()


def delivery(body: bytes, *, app: int | str | None = None, platform: str = "tiktok_shop", signature: bytes | None = None) -> Sent:
    number = App.objects.get().pk if app is None else app
    mark = signed(body) if signature is None else signature
    return Sent(f"/hooks/{platform}/{number}/", body, ((b"Authorization", mark), (b"content-type", b"application/json")))


async def answer(sent: Sent, *, chunk: int = 65_536) -> int:
    told = await told_to(sent, chunk=chunk)
    assert told[1] == {"type": "http.response.body", "body": b""}
    return int(told[0]["status"])


async def told_to(sent: Sent, *, chunk: int = 65_536) -> list[Mapping[str, Any]]:
    """What the intake sends back: the start and the body."""
    parts = [sent.body[start : start + chunk] for start in range(0, len(sent.body), chunk)] or [b""]
    told: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Any) -> None:
        told.append(message)

    scope = {"type": "http", "method": "POST", "path": sent.path, "headers": list(sent.headers)}
    await push_endpoint.app(scope, receive, send)
    return told


def deliver(*sent: Sent, chunk: int = 65_536) -> list[int]:
    """All at the same moment; the statuses in their order."""

    async def main() -> list[int]:
        try:
            return list(await asyncio.gather(*(answer(one, chunk=chunk) for one in sent)))
        finally:
            await push_endpoint.INTAKE.close()

    return asyncio.run(main())


@pytest.fixture(autouse=True)
def intake(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An intake that knows nothing yet, in an installation with one app and one store."""
    monkeypatch.setattr(push_endpoint, "INTAKE", Intake())
    return store


def test_a_signed_delivery_is_stored_word_for_word_before_it_is_acknowledged() -> None:
    body = body_of()
    assert deliver(delivery(body)) == [200]
    row = Push.objects.get()
    assert bytes(row.body) == body
    assert (row.app_id, row.notification_id, row.platform_store_id) == (App.objects.get().pk, "n1", "749")
    assert (row.topic, row.kind, row.platform_id) == ("order", "order", "57")
    assert (row.state, row.attempts, row.claimed_at) == (PushState.NEW, 0, None)


def wrong_signatures(body: bytes) -> Iterable[bytes]:
    yield b""
    yield b"0" * 64
    yield signed(body, secret="Secret")
    yield signed(body, key="other")
    yield signed(body + b" ")
    yield signed(body)[:-1]
    yield signed(body) + b"0"
    yield b"Bearer " + signed(body)
    yield "ü".encode("latin-1") * 64


@pytest.mark.parametrize("which", range(9))
def test_a_signature_that_does_not_fit_is_refused_and_nothing_is_stored(which: int) -> None:
    body = body_of()
    assert deliver(delivery(body, signature=list(wrong_signatures(body))[which])) == [401]
    assert not Push.objects.exists()


def test_without_any_signature_it_is_refused() -> None:
    sent = delivery(body_of())
    assert deliver(Sent(sent.path, sent.body, ())) == [401]
    assert not Push.objects.exists()


@pytest.mark.parametrize(
    ("app", "platform"),
    [
        ("0", "tiktok_shop"),
        ("999999999", "tiktok_shop"),
        ("-1", "tiktok_shop"),
        ("1e3", "tiktok_shop"),
        ("٣", "tiktok_shop"),
        ("9" * 19, "tiktok_shop"),
        ("x", "tiktok_shop"),
        ("' OR 1=1 --", "tiktok_shop"),
        (None, "lazada"),
        (None, "TIKTOK_SHOP"),
        (None, ""),
    ],
)
def test_an_address_of_nobody_is_not_found(app: str | None, platform: str) -> None:
    assert deliver(delivery(body_of(), app=app, platform=platform)) == [404]
    assert not Push.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"17",
        b"{",
        b'{"type":1,',
        b"\xff\xfe{}",
        b"<xml/>",
        b"type=1&shop_id=749",
    ],
)
def test_a_body_that_is_none_of_the_platforms_is_refused_though_it_is_signed(body: bytes) -> None:
    assert deliver(delivery(body)) == [400]
    assert not Push.objects.exists()


@pytest.mark.parametrize(("spare", "status"), [(0, 200), (1, 413), (100_000, 413)])
def test_a_body_may_be_so_large_and_no_larger(spare: int, status: int) -> None:
    short = len(body_of("n1", order_id="57", pad=""))
    body = body_of("n1", order_id="57", pad="x" * (LARGEST - short + spare))
    assert len(body) == LARGEST + spare
    assert deliver(delivery(body)) == [status]
    assert Push.objects.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize("chunk", [1, 7, 64, 100_000])
def test_a_body_may_come_in_pieces(chunk: int) -> None:
    body = body_of()
    assert deliver(delivery(body), chunk=chunk) == [200]
    assert bytes(Push.objects.get().body) == body


def test_a_delivery_that_is_repeated_is_acknowledged_and_kept_once() -> None:
    sent = delivery(body_of())
    assert deliver(sent, sent, sent) == [200, 200, 200]
    assert deliver(sent) == [200]
    assert Push.objects.count() == 1


def test_the_same_number_with_another_body_is_the_same_delivery() -> None:
    assert deliver(delivery(body_of("n1", order_id="57"))) == [200]
    assert deliver(delivery(body_of("n1", order_id="58"))) == [200]
    assert Push.objects.get().platform_id == "57"


def test_without_a_number_equal_bodies_are_one_and_different_ones_are_two() -> None:
    first, second = body_of(None, order_id="57"), body_of(None, order_id="58")
    assert deliver(delivery(first), delivery(first), delivery(second)) == [200, 200, 200]
    assert sorted(Push.objects.values_list("platform_id", flat=True)) == ["57", "58"]


def test_hundreds_at_once_are_all_stored_and_share_their_commits() -> None:
    sent = [delivery(body_of(f"n{number}", order_id=str(number))) for number in range(1, 701)]
    assert deliver(*sent) == [200] * 700
    assert {int(one) for one in Push.objects.values_list("platform_id", flat=True)} == set(range(1, 701))
    # Rows of one commit carry the same transaction: 700 deliveries take a few of them, not 700.
    commits = Push.objects.extra(select={"commit": "xmin::text"}).values_list("commit", flat=True)
    assert len(set(commits)) < 20


def test_one_that_is_refused_does_not_hold_up_the_others() -> None:
    good = [delivery(body_of(f"n{number}")) for number in range(3)]
    bad = [delivery(body_of("n7"), signature=b"0"), delivery(b"{"), delivery(body_of("n8"), app="999")]
    assert deliver(good[0], bad[0], good[1], bad[1], bad[2], good[2]) == [200, 401, 200, 400, 404, 200]
    assert sorted(Push.objects.values_list("notification_id", flat=True)) == ["n0", "n1", "n2"]


@pytest.mark.parametrize(
    ("kind", "data", "named"),
    [
        (1, {"order_id": "57", "order_status": "UNPAID"}, ("order", "order", "57")),
        (3, {"order_id": "57"}, ("address", "order", "57")),
        (4, {"package_list": [{"package_id": "11", "order_id_list": ["57"]}]}, ("package", "package", "11")),
        (5, {"product_id": "17", "status": "PRODUCT_AUDIT_FAILURE"}, ("listing", "listing", "17")),
        (6, {}, ("authorisation_lost", "authorisation_lost", "")),
        (9_999, {"order_id": "57"}, ("unknown", "unknown", "")),
    ],
)
def test_a_delivery_is_filed_under_what_it_names(kind: int, data: dict[str, Any], named: tuple[str, str, str]) -> None:
    body = json.dumps({"type": kind, "tts_notification_id": "n1", "shop_id": "749", "timestamp": 1, "data": data}).encode()
    assert deliver(delivery(body)) == [200]
    row = Push.objects.get()
    assert (row.topic, row.kind, row.platform_id) == named


def test_an_endless_id_is_cut_not_refused() -> None:
    assert deliver(delivery(body_of("n" * 500, shop="7" * 500, order_id="5" * 500))) == [200]
    row = Push.objects.get()
    assert (len(row.notification_id), len(row.platform_store_id), len(row.platform_id)) == (120, 64, 120)


def test_a_renewed_secret_counts_once_the_old_one_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_endpoint, "APP_KNOWN_FOR", -1.0)
    body = body_of()
    assert deliver(delivery(body, signature=signed(body, secret="new"))) == [401]
    app = App.objects.get()
    app.sealed_secret = vault.seal("new")
    app.save()
    assert deliver(delivery(body, signature=signed(body, secret="new"))) == [200]
    assert deliver(delivery(body_of("n2"))) == [401]


DEMANDED = b'{"code":0,"msg":"success"}'


@pytest.fixture
def batching(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that sends several messages in one body, sends none to test the address, and demands a certain answer."""

    def parse_pushes(body: bytes) -> list[PushRecord]:
        return [TIKTOK_SHOP.parse_pushes(json.dumps(one).encode())[0] for one in json.loads(body)]

    platform = replace(TIKTOK_SHOP, parse_pushes=parse_pushes, push_answer=DEMANDED)
    monkeypatch.setattr(push_endpoint, "connector_for", {"tiktok_shop": platform}.__getitem__)


def batch_of(*bodies: bytes) -> bytes:
    return b"[" + b",".join(bodies) + b"]"


def tell(sent: Sent) -> tuple[int, bytes, bytes | None]:
    """Status, body and content type of the acknowledgement."""

    async def main() -> list[Mapping[str, Any]]:
        try:
            return await told_to(sent)
        finally:
            await push_endpoint.INTAKE.close()

    start, body = asyncio.run(main())
    headers = dict(start["headers"])
    assert headers[b"content-length"] == str(len(body["body"])).encode()
    return int(start["status"]), body["body"], headers.get(b"content-type")


@pytest.mark.usefixtures("batching")
def test_every_message_of_a_body_gets_a_row_and_all_of_them_one_acknowledgement() -> None:
    body = batch_of(body_of("n1", order_id="57"), body_of("n2", order_id="58"), body_of("n3", shop="750", order_id="59"))
    assert tell(delivery(body)) == (200, DEMANDED, b"application/json")
    rows = Push.objects.order_by("notification_id").values_list("notification_id", "platform_store_id", "platform_id")
    assert list(rows) == [("n1", "749", "57"), ("n2", "749", "58"), ("n3", "750", "59")]
    assert {bytes(row.body) for row in Push.objects.all()} == {body}


@pytest.mark.usefixtures("batching")
def test_a_message_that_comes_again_in_another_body_or_twice_in_one_is_kept_once() -> None:
    one, two, three = (body_of(f"n{number}", order_id=str(number)) for number in (1, 2, 3))
    assert tell(delivery(batch_of(one, two, one)))[0] == 200
    assert tell(delivery(batch_of(two, three)))[0] == 200
    assert sorted(Push.objects.values_list("platform_id", flat=True)) == ["1", "2", "3"]


@pytest.mark.usefixtures("batching")
def test_messages_without_a_number_are_told_apart_by_their_place() -> None:
    body = batch_of(body_of(None, order_id="57"), body_of(None, order_id="58"))
    assert [tell(delivery(body))[0], tell(delivery(body))[0]] == [200, 200]
    assert sorted(Push.objects.values_list("platform_id", flat=True)) == ["57", "58"]


@pytest.mark.usefixtures("batching")
def test_a_body_that_only_tests_the_address_is_acknowledged_and_leaves_no_row() -> None:
    assert tell(delivery(b"[]")) == (200, DEMANDED, b"application/json")
    assert not Push.objects.exists()


@pytest.mark.usefixtures("batching")
def test_a_refusal_is_never_answered_with_the_words_of_success() -> None:
    assert tell(delivery(b"[]", signature=b"0")) == (401, b"", None)


@pytest.mark.usefixtures("batching")
def test_a_batch_that_cannot_be_stored_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(self: Intake, batch: Sequence[object]) -> None:
        raise psycopg.OperationalError("the server is gone")

    monkeypatch.setattr(Intake, "_insert", gone)
    assert tell(delivery(batch_of(body_of("n1"), body_of("n2")))) == (503, b"", None)


@pytest.mark.parametrize(
    ("public", "address"),
    [
        ("", "http://testserver:8000/hooks/tiktok_shop/{app}/?from=console"),
        ("https://ops.example.com", "https://ops.example.com/hooks/tiktok_shop/{app}/?from=console"),
    ],
)
def test_a_connector_is_told_the_key_of_webhooks_and_where_they_were_sent(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, public: str, address: str
) -> None:
    app, seen = App.objects.get(), []
    App.objects.update(sealed_push_key=vault.seal("push-key"))

    def verify(keys: AppKeys, headers: Mapping[str, str], body: bytes) -> bool:
        seen.append((keys.push_key, keys.push_url))
        return True

    settings.PUBLIC_URL = public
    platform = replace(TIKTOK_SHOP, verify_push=verify)
    monkeypatch.setattr(push_endpoint, "connector_for", {"tiktok_shop": platform}.__getitem__)
    sent = delivery(body_of())
    headers = [*sent.headers, (b"host", b"testserver:8000")]

    async def main() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": sent.body}

        async def send(message: MutableMapping[str, Any]) -> None:
            assert message.get("status", 200) == 200

        scope = {"type": "http", "method": "POST", "path": sent.path, "query_string": b"from=console", "headers": headers}
        try:
            await push_endpoint.app(scope, receive, send)
        finally:
            await push_endpoint.INTAKE.close()

    asyncio.run(main())
    assert seen == [("push-key", address.format(app=app.pk))]


def test_workers_are_called_when_something_is_stored() -> None:
    sent = delivery(body_of())

    async def main() -> list[str]:
        async with listening(CHANNEL) as listener:
            assert await answer(sent) == 200
            heard = [note.channel async for note in listener.notifies(timeout=60, stop_after=1)]
        await push_endpoint.INTAKE.close()
        return heard

    assert run(main) == [CHANNEL]


def test_without_a_database_the_platform_is_asked_to_deliver_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(self: Intake, batch: Sequence[object]) -> None:
        raise psycopg.OperationalError("the server is gone")

    monkeypatch.setattr(Intake, "_insert", gone)
    assert deliver(delivery(body_of("n1")), delivery(body_of("n2"))) == [503, 503]


def test_what_is_no_request_is_left_alone() -> None:
    async def never() -> dict[str, Any]:
        raise AssertionError("nothing is read")

    async def silent(message: object) -> None:
        raise AssertionError("nothing is answered")

    asyncio.run(push_endpoint.app({"type": "lifespan"}, never, silent))


def test_a_sender_that_hangs_up_leaves_nothing_behind() -> None:
    told: list[int] = []

    async def hang_up() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        told.append(message.get("status", 0))

    async def main() -> None:
        scope = {"type": "http", "method": "POST", "path": f"/hooks/tiktok_shop/{1}/", "headers": []}
        await push_endpoint.app(scope, hang_up, send)

    asyncio.run(main())
    assert told[0] == 400
    assert not Push.objects.exists()


@pytest.mark.parametrize("path", ["/", "/hooks", "/hooks/tiktok_shop", "/hooks/tiktok_shop/1/2", "/hook/tiktok_shop/1", "//"])
def test_other_paths_are_not_the_intakes(path: str) -> None:
    assert deliver(Sent(path, b"{}", ())) == [404]
