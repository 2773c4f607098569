"""The client against a small server that misbehaves in every way that platforms do."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiohttp import web

from storeward.connectors import errors
from storeward.connectors.client import Client, Manners, for_store
from storeward.connectors.contract import Access, AppKeys, Ask, Renewal, Request
from storeward.connectors.tiktok_shop import CONNECTOR, oauth, packages
from storeward.connectors.tiktok_shop.signing import signature

APP = AppKeys("app1", "very-secret-app-secret")
ACCESS = Access("TTP_very-secret-token", handle="GCP_very-secret-cipher", platform_store_id="7494")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECRETS = ("very-secret-app-secret", "TTP_very-secret-token", "GCP_very-secret-cipher", "TTP_very-secret-refresh")
ORDERS = CONNECTOR.streams["orders"]
GOOD = {"code": 0, "message": "Success", "request_id": "r", "data": {"orders": [{"id": "1", "status": "UNPAID"}]}}

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answer(body: object, status: int = 200, **headers: str) -> Reply:
    async def reply(request: web.Request) -> web.StreamResponse:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return web.Response(body=sent, status=status, headers=headers)

    return reply


def failure(code: int, status: int = 400, message: str = "no", **headers: str) -> Reply:
    return answer({"code": code, "message": message, "request_id": "r9", "data": None}, status, **headers)


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


async def cut(request: web.Request) -> web.StreamResponse:
    """Promises more bytes than come, then closes the connection."""
    response = web.StreamResponse(headers={"Content-Length": "500"})
    await response.prepare(request)
    await response.write(b'{"code":0,"data":{"ord')
    assert request.transport is not None
    request.transport.close()
    return response


async def drop(request: web.Request) -> web.StreamResponse:
    """Closes the connection without a word."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@dataclass
class Server:
    """Answers in turn, the last one for ever, and remembers what it was asked."""

    replies: list[Reply]
    url: str = ""
    asked: list[tuple[str, str, dict[str, str], dict[str, str], bytes]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        query = dict(parse_qsl(request.rel_url.raw_query_string, keep_blank_values=True))
        self.asked.append((request.method, request.path, query, dict(request.headers), body))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return await reply(request)


@dataclass
class Ledger:
    """A budget that counts, and can be spent."""

    taken: list[tuple[str, str, str]] = field(default_factory=list)
    blocks: list[tuple[str, datetime]] = field(default_factory=list)
    spent: bool = False

    async def acquire(self, app: str, store: str, endpoint: str, n: int = 1) -> None:
        if self.spent:
            raise errors.RateLimited(retry_at=NOW + timedelta(minutes=5))
        self.taken.append((app, store, endpoint))

    async def blocked(self, app: str, store: str, endpoint: str, until: datetime) -> None:
        self.blocks.append((endpoint, until))


@dataclass
class Bench:
    client: Client
    server: Server
    ledger: Ledger
    pauses: list[float]


@asynccontextmanager
async def bench(*replies: Reply, timeout: float = 5.0) -> AsyncIterator[Bench]:
    """A client that waits without waiting, before a server with those replies."""
    server, ledger, pauses = Server(list(replies)), Ledger(), []
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"http://127.0.0.1:{port}"

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async with aiohttp.ClientSession() as session:
        client = Client(
            connector=CONNECTOR,
            session=session,
            app=APP,
            access=ACCESS,
            now=lambda: NOW,
            base_url=server.url,
            auth_url=server.url,
            budget=ledger,
            manners=Manners(timeout=timeout),
            pause=pause,
            chance=lambda: 0.5,
        )
        yield Bench(client, server, ledger, pauses)
    await runner.cleanup()


def read() -> Request:
    return ORDERS.first(Ask(since=NOW - timedelta(hours=1), until=NOW))


def ship() -> Request:
    return packages.ship_request("115", handover_method="DROP_OFF")


async def test_a_good_answer_is_parsed_with_its_bytes_and_its_time() -> None:
    async with bench(answer(GOOD)) as b:
        got = await b.client.call(read())
    assert [record.platform_id for record in got.parsed.records] == ["1"]
    assert got.received_at == NOW
    assert json.loads(got.body) == GOOD
    assert b.ledger.taken == [("app1", "7494", "getOrderList")]
    assert b.pauses == []


async def test_what_is_sent_is_what_was_signed() -> None:
    async with bench(answer(GOOD)) as b:
        await b.client.call(read().with_query(page_token="a/b+c=="))
    ((method, path, query, headers, body),) = b.server.asked
    sign = query.pop("sign")
    assert (method, path) == ("POST", "/order/202309/orders/search")
    assert query["page_token"] == "a/b+c=="
    assert headers["x-tts-access-token"] == "TTP_very-secret-token"
    assert headers["Content-Type"] == "application/json"
    assert sign == signature(path=path, query=query, body=body, content_type="application/json", secret=APP.secret)


@pytest.mark.parametrize(
    "fault",
    [
        answer(b"", 500),
        answer(b"<html>bad gateway</html>", 502),
        answer(b"", 503),
        answer(b'{"code":0,"data":{"orders":[{"id"'),
        answer(b"<html>a login page</html>"),
        answer([1, 2]),
        failure(36009003, 500),
        failure(36009007, 504),
        failure(36009002, 429),
        cut,
        drop,
    ],
)
async def test_a_read_is_repeated_until_the_fault_is_gone(fault: Reply) -> None:
    async with bench(fault, fault, answer(GOOD)) as b:
        got = await b.client.call(read())
    assert len(got.parsed.records) == 1
    assert len(b.ledger.taken) >= 3  # every try is a call that the platform counts
    assert b.pauses == [0.5, 1.0]


async def test_a_fault_that_stays_is_raised_after_the_last_try() -> None:
    async with bench(answer(b"", 500)) as b:
        with pytest.raises(errors.Unavailable, match="HTTP 500"):
            await b.client.call(read())
    assert len(b.server.asked) == 4
    assert b.pauses == [0.5, 1.0, 2.0]


async def test_a_read_that_hangs_times_out_and_is_repeated() -> None:
    async with bench(hang, answer(GOOD), timeout=1.5) as b:
        assert (await b.client.call(read())).parsed.records


async def test_a_read_that_never_answers_is_unavailable() -> None:
    async with bench(hang, timeout=0.5) as b:
        with pytest.raises(errors.Unavailable, match="answer was lost"):
            await b.client.call(read())


async def test_nobody_there_is_unavailable_for_reads_and_writes_alike() -> None:
    async with bench(answer(GOOD)) as b:
        b.client.base_url = "http://127.0.0.1:1"
        for request in (read(), ship()):
            with pytest.raises(errors.Unavailable, match="cannot be reached"):
                await b.client.call(request)
    assert b.server.asked == []


@pytest.mark.parametrize("fault", [cut, drop, answer(b"", 500), answer(b"junk"), failure(36009003, 500), failure(36009007, 504)])
async def test_a_write_that_may_have_arrived_is_never_repeated(fault: Reply) -> None:
    async with bench(fault) as b:
        with pytest.raises(errors.OutcomeUnknown):
            await b.client.call(ship())
    assert len(b.server.asked) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_no_method_is_sent_again_behind_our_back(method: str) -> None:
    """On a connection that was used before, as HTTP would allow for most of them: some platforms write by GET."""
    async with bench(answer(GOOD), drop) as b:
        await b.client.call(read())
        with pytest.raises(errors.OutcomeUnknown):
            await b.client.call(replace(ship(), method=method))
        assert len(b.server.asked) == 2
        with pytest.raises(errors.Unavailable):
            await b.client.call(read())
    assert len(b.ledger.taken) == len(b.server.asked) == 2 + Manners().tries


async def test_a_write_that_hangs_has_an_unknown_outcome() -> None:
    async with bench(hang, timeout=1.0) as b:
        with pytest.raises(errors.OutcomeUnknown):
            await b.client.call(ship())
    assert len(b.server.asked) == 1


async def test_a_write_that_is_refused_says_so() -> None:
    async with bench(failure(21011022, message="Invalid tracking number")) as b:
        with pytest.raises(errors.Rejected) as refused:
            await b.client.call(ship())
    assert (refused.value.code, refused.value.request_id) == ("21011022", "r9")
    assert str(refused.value) == "tiktok_shop shipPackage: Invalid tracking number (code 21011022, request r9)"


async def test_what_is_already_done_is_told_apart() -> None:
    async with bench(failure(11006021)) as b:
        with pytest.raises(errors.AlreadyDone):
            await b.client.call(ship())


async def test_a_rate_limited_write_is_left_to_the_caller() -> None:
    async with bench(failure(36009002, 429)) as b:
        with pytest.raises(errors.RateLimited):
            await b.client.call(ship())
    assert len(b.server.asked) == 1


@pytest.mark.parametrize(
    ("header", "until", "pause"),
    [("2", NOW + timedelta(seconds=2), 2.25), ("Sun, 22 Nov 2026 03:00:03 GMT", NOW + timedelta(seconds=3), 3.25)],
)
async def test_retry_after_is_obeyed_and_told_to_all_workers(header: str, until: datetime, pause: float) -> None:
    limited = failure(36009002, 429, **{"Retry-After": header})
    async with bench(limited, answer(GOOD)) as b:
        await b.client.call(read())
    assert b.ledger.blocks == [("getOrderList", until)]
    assert b.pauses == [pause]


async def test_a_long_wait_is_the_callers() -> None:
    async with bench(failure(36009002, 429, **{"Retry-After": "120"})) as b:
        with pytest.raises(errors.RateLimited) as limited:
            await b.client.call(read())
    assert limited.value.retry_at == NOW + timedelta(minutes=2)
    assert len(b.server.asked) == 1


async def test_a_spent_daily_quota_is_not_hammered() -> None:
    async with bench(failure(45101004)) as b:
        with pytest.raises(errors.QuotaSpent) as spent:
            await b.client.call(read())
    assert spent.value.retry_at == NOW + timedelta(hours=1)
    assert len(b.server.asked) == 1


async def test_a_spent_budget_sends_nothing() -> None:
    async with bench(answer(GOOD)) as b:
        b.ledger.spent = True
        with pytest.raises(errors.RateLimited) as limited:
            await b.client.call(read())
    assert limited.value.retry_at == NOW + timedelta(minutes=5)
    assert b.server.asked == []


async def test_an_expired_token_is_renewed_once_and_the_call_repeated() -> None:
    async with bench(failure(105002, 401), answer(GOOD)) as b:
        refused: list[Access] = []

        async def refresh(old: Access) -> Access:
            refused.append(old)
            return Access("TTP_new", handle=old.handle, platform_store_id=old.platform_store_id)

        b.client.refresh = refresh
        await b.client.call(ship())
    assert refused == [ACCESS]
    assert [headers["x-tts-access-token"] for _, _, _, headers, _ in b.server.asked] == ["TTP_very-secret-token", "TTP_new"]


async def test_a_new_token_that_is_refused_too_means_that_the_authorisation_is_lost() -> None:
    async with bench(failure(105002, 401)) as b:

        async def refresh(old: Access) -> Access:
            return old

        b.client.refresh = refresh
        with pytest.raises(errors.AuthorizationLost):
            await b.client.call(read())
    assert len(b.server.asked) == 2


async def test_without_a_way_to_refresh_the_expiry_is_told() -> None:
    async with bench(failure(105002, 401)) as b:
        with pytest.raises(errors.TokenExpired):
            await b.client.call(read())
    assert len(b.server.asked) == 1


async def test_a_missing_scope_and_a_bad_signature_are_told_at_once() -> None:
    for code, kind in ((105005, errors.ScopeMissing), (106001, errors.CallerRefused)):
        async with bench(failure(code, 403)) as b:
            with pytest.raises(kind):
                await b.client.call(read())
        assert len(b.server.asked) == 1


async def test_where_the_clocks_differ_the_refusal_says_by_how_much() -> None:
    for apart, words in ((timedelta(minutes=-30), "30 min ahead of"), (timedelta(hours=3), "180 min behind")):
        stale = failure(36009004, 400, "timestamp out of range", Date=format_datetime(NOW + apart, usegmt=True))
        async with bench(stale) as b:
            with pytest.raises(errors.CallerRefused) as refused:
                await b.client.call(read())
        assert refused.value.message == f"timestamp out of range (this machine's clock is {words} the platform's: set it right)"
        assert len(b.server.asked) == 1


async def test_where_the_clocks_agree_or_nobody_says_the_refusal_stays_as_it_is() -> None:
    for date in (format_datetime(NOW + timedelta(seconds=40), usegmt=True), "some day", ""):
        async with bench(failure(106001, 401, "wrong sign", Date=date)) as b:
            with pytest.raises(errors.CallerRefused) as refused:
                await b.client.call(read())
        assert refused.value.message == "wrong sign"


def page(order_id: str, token: str) -> Reply:
    return answer({"code": 0, "data": {"orders": [{"id": order_id, "status": "UNPAID"}], "next_page_token": token}})


async def test_pages_are_followed_to_the_end() -> None:
    async with bench(page("1", "a/b+c="), page("2", "t2"), page("3", "")) as b:
        got = [record.platform_id async for ans in b.client.pages(ORDERS, read()) for record in ans.parsed.records]
    assert got == ["1", "2", "3"]
    assert [query.get("page_token") for _, _, query, _, _ in b.server.asked] == [None, "a/b+c=", "t2"]
    assert len({body for *_, body in b.server.asked}) == 1


async def test_a_page_token_that_repeats_stops_the_reading_and_is_told() -> None:
    async with bench(page("1", "same")) as b:
        got: list[str] = []

        async def follow() -> None:
            async for ans in b.client.pages(ORDERS, read()):
                got.extend(record.platform_id for record in ans.parsed.records)

        with pytest.raises(errors.UnexpectedPayload, match="repeats a page token"):
            await follow()
    assert got == ["1", "1"]
    assert len(b.server.asked) == 2


async def test_an_answer_whose_list_is_no_list_is_not_taken_for_an_empty_one() -> None:
    async with bench(answer({"code": 0, "data": {"orders": "none"}})) as b:
        with pytest.raises(errors.UnexpectedPayload, match=r"data\.orders is not a list"):
            await b.client.call(read())


async def test_a_page_with_one_bad_record_is_a_good_answer() -> None:
    async with bench(answer({"code": 0, "data": {"orders": [{"status": "UNPAID"}]}})) as b:
        got = await b.client.call(read())
    assert got.parsed.records == []
    assert len(got.parsed.problems) == 1


async def test_a_batch_that_fails_in_part_is_a_good_answer_with_failures() -> None:
    told = {"code": 0, "data": {"errors": [{"code": 21011022, "message": "bad", "detail": {"package_id": "116"}}]}}
    async with bench(answer(told)) as b:
        got = await b.client.call(packages.batch_ship_request({"115": {}, "116": {}}))
    (problem,) = got.parsed.problems
    assert problem.error is not None
    assert (problem.error.code, problem.message) == ("21011022", "package 116: bad")


async def test_a_redirect_is_not_followed_with_our_token() -> None:
    async with bench(answer(b"", 302, Location="http://127.0.0.1:1/steal")) as b:
        with pytest.raises(errors.UnexpectedPayload):
            await b.client.call(read())


async def test_tokens_are_fetched_once_and_never_blindly_again() -> None:
    pair = {"access_token": "a", "refresh_token": "r", "access_token_expire_in": 1795924325, "open_id": "7"}
    async with bench(answer({"code": 0, "data": pair})) as b:
        tokens = await b.client.tokens(oauth.refresh_request(APP, Renewal("TTP_very-secret-refresh")))
    assert (tokens.access_token, tokens.refresh_token) == ("a", "r")
    ((_, path, query, headers, _),) = b.server.asked
    assert path == "/api/v2/token/refresh"
    assert "sign" not in query
    assert "x-tts-access-token" not in headers
    async with bench(drop) as b:
        with pytest.raises(errors.OutcomeUnknown):
            await b.client.tokens(oauth.refresh_request(APP, Renewal("TTP_very-secret-refresh")))
        assert len(b.server.asked) == 1
    async with bench(failure(36004001, 200)) as b:
        with pytest.raises(errors.AuthorizationLost):
            await b.client.tokens(oauth.refresh_request(APP, Renewal("TTP_very-secret-refresh")))


async def test_one_thing_is_read_back_or_declared_impossible() -> None:
    async with bench(answer(GOOD)) as b:
        assert (await b.client.read_one("order", "1")).parsed.records[0].platform_id == "1"
        with pytest.raises(errors.NotSupported, match="cannot read one message"):
            await b.client.read_one("message", "1")


async def test_no_secret_reaches_a_log_or_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    for fault in (drop, cut, answer(b"junk", 500), failure(105002, 401), failure(106001, 401)):
        async with bench(fault) as b:

            async def refresh(old: Access) -> Access:
                return old

            b.client.refresh = refresh
            for request in (read(), ship(), oauth.refresh_request(APP, Renewal("TTP_very-secret-refresh"))):
                try:
                    await (b.client.tokens(request) if request.token_call else b.client.call(request))
                except errors.PlatformError as error:
                    shown += [str(error), repr(error), repr(b.client), repr(error.__cause__), repr(error.args)]
            b.client.base_url = b.client.auth_url = "http://127.0.0.1:1"
            with pytest.raises(errors.Unavailable) as unreachable:
                await b.client.tokens(oauth.refresh_request(APP, Renewal("TTP_very-secret-refresh")))
            shown.append(str(unreachable.value))
    # aiohttp's server side of this test logs addresses that it served; what counts is what the product logs.
    shown += [record.getMessage() for record in caplog.records if record.name.startswith("storeward")]
    assert len(shown) > 20
    for secret in SECRETS:
        assert not [line for line in shown if secret in line]


async def test_a_client_for_another_store_shares_all_but_the_access() -> None:
    async with bench(answer(GOOD)) as b:
        other = for_store(b.client, Access("TTP_other", platform_store_id="8"))
        await other.call(read())
        await b.client.call(read())
    assert [store for _, store, _ in b.ledger.taken] == ["8", "7494"]
