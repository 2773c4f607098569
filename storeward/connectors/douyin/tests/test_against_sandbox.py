"""The connector and the client against the sandbox over HTTP: two programs that share no code, signing included."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from storeward.canon import (
    Conversation,
    Listing,
    Metric,
    Order,
    OrderStatus,
    Package,
    Record,
    Return,
    StoreProfile,
    Transaction,
)
from storeward.connectors import errors
from storeward.connectors.client import Client, Manners
from storeward.connectors.contract import Access, AppKeys, Ask, Grant, Progress, Renewal, Stream
from storeward.connectors.douyin import (
    CONNECTOR,
    after_sale_acts,
    after_sales,
    listing_acts,
    listings,
    order_acts,
    orders,
    shipping,
    tickets,
)
from storeward.connectors.douyin.after_sale_acts import Deed
from storeward.connectors.douyin.shipping import Waybill
from storeward.lib import clock

from .conftest import Sandbox

SF = "shunfeng"


@asynccontextmanager
async def client_of(sandbox: Sandbox, store: dict[str, Any], **changes: Any) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        told: dict[str, Any] = {
            "connector": CONNECTOR,
            "session": session,
            "app": sandbox.app,
            "access": Access(store["access_token"], platform_store_id=store["id"]),
            "now": clock.now,
            "base_url": sandbox.credentials["base_url"],
            "auth_url": sandbox.credentials["auth_url"],
            "manners": Manners(tries=2, first_wait=0.01),
        }
        yield Client(**told | changes)


def asks(sandbox: Sandbox, stream: Stream, keys: list[str], size: int | None) -> list[Ask]:
    """What `sync` would ask at a first fill."""
    if stream.progress is Progress.KEYS:
        return [Ask(keys=[key]) for key in keys[:5]]
    if stream.first_fill is None:
        return [Ask(page_size=size)]
    end = sandbox.at + timedelta(days=1)
    since = end - stream.first_fill
    step = stream.longest_window or end - since
    spans = []
    while since < end:
        spans.append(Ask(since=since, until=min(since + step, end), page_size=size))
        since += step
    return spans


async def everything(
    sandbox: Sandbox, client: Client, name: str, keys: list[str] | None = None, *, size: int | None = None, details: bool = True
) -> tuple[dict[str, Record], list[str]]:
    """All that a stream has, by id, and what could not be read."""
    stream = CONNECTOR.streams[name]
    found: dict[str, Record] = {}
    wrong: list[str] = []
    for ask in asks(sandbox, stream, keys or [], size):
        async for answer in client.pages(stream, stream.first(ask)):
            found |= {record.platform_id: record for record in answer.parsed.records}
            wrong += [f"{name} {problem.field} {problem.message}" for problem in answer.parsed.problems]
    if stream.details is not None and details:
        for platform_id in list(found):
            answer = await client.call(stream.details([platform_id]))
            found |= {record.platform_id: record for record in answer.parsed.records}
            wrong += [f"{name} {problem.field} {problem.message}" for problem in answer.parsed.problems]
    return found, wrong


async def orders_of(sandbox: Sandbox, client: Client, *statuses: OrderStatus) -> list[Order]:
    found, _ = await everything(sandbox, client, "orders")
    return [one for one in found.values() if isinstance(one, Order) and (not statuses or one.status in statuses)]


@pytest.mark.parametrize("nth", range(4))
async def test_every_stream_of_a_store_reads_without_a_problem(sandbox: Sandbox, nth: int) -> None:
    store = sandbox.stores[nth]
    truth = sandbox.get("/truth")["platforms"]["douyin"]["stores"][store["id"]]
    seen: dict[str, dict[str, Record]] = {}
    wrong: list[str] = []
    async with client_of(sandbox, store) as client:
        for name, stream in CONNECTOR.streams.items():
            seen[name], problems = await everything(sandbox, client, name, list(seen.get(stream.keys_from or "", {})))
            wrong += problems
    assert wrong == []
    found = [one for one in seen["orders"].values() if isinstance(one, Order)]
    assert Counter(one.platform_status for one in found) == truth["orders_by_status"]
    assert not [one for one in found if one.status is OrderStatus.UNKNOWN]
    for name in ("stores", "orders", "listings", "stock", "statement_lines", "wallet", "score"):
        assert seen[name], name


async def test_small_pages_bring_the_same_as_large_ones(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[2]) as client:
        for name in ("orders", "returns", "listings", "statement_lines", "wallet"):
            large, _ = await everything(sandbox, client, name, details=False)
            small, _ = await everything(sandbox, client, name, size=7, details=False)
            assert small == large, name
            assert large, name


async def test_an_order_holds_what_its_deadlines_are_reckoned_from(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[1]) as client:
        for order in await orders_of(sandbox, client, OrderStatus.TO_SHIP, OrderStatus.PARTLY_SHIPPED):
            assert order.placed_at is not None
            assert order.paid_at is not None
            assert order.ship_by_at is not None
            assert order.ship_by_at > order.paid_at >= order.placed_at
            assert order.total is not None
            assert order.total.currency == "CNY"
            assert sum(line.quantity or 0 for line in order.lines) > 0
        for order in await orders_of(sandbox, client, OrderStatus.UNPAID):
            assert order.auto_cancel_at is not None
            assert order.placed_at is not None
            assert timedelta(0) < order.auto_cancel_at - order.placed_at <= timedelta(days=1)


async def test_every_kind_is_read_back_by_its_id(sandbox: Sandbox) -> None:
    streams = {"order": "orders", "return": "returns", "listing": "listings", "conversation": "tickets"}
    kinds = {"order": Order, "return": Return, "listing": Listing, "conversation": Conversation}
    async with client_of(sandbox, sandbox.stores[0]) as client:
        for kind, name in streams.items():
            found, _ = await everything(sandbox, client, name, details=False)
            wanted = next(iter(found))
            answer = await client.read_one(kind, wanted)
            assert [type(record) for record in answer.parsed.records] == [kinds[kind]]
            assert [record.platform_id for record in answer.parsed.records] == [wanted]
            assert answer.parsed.problems == []


async def test_a_listed_order_and_its_detail_say_the_same(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[0]) as client:
        for order in (await orders_of(sandbox, client))[:12]:
            (detail,) = (await client.read_one("order", order.platform_id)).parsed.records
            assert isinstance(detail, Order)
            for member in ("status", "total", "ship_by_at", "placed_at", "paid_at", "updated_at", "lines", "packages"):
                assert getattr(detail, member) == getattr(order, member), member


async def test_the_shop_says_who_it_is_and_how_it_is_scored(sandbox: Sandbox) -> None:
    store = sandbox.stores[3]
    async with client_of(sandbox, store) as client:
        answer = await client.call(CONNECTOR.streams["stores"].first(Ask()))
    (profile,) = [one for one in answer.parsed.records if isinstance(one, StoreProfile)]
    assert (profile.platform_store_id, profile.name, profile.region) == (store["id"], store["name"], "CN")
    scores = {one.platform_metric: one.value for one in answer.parsed.records if isinstance(one, Metric)}
    assert set(scores) == {"shop_score", "product_score", "logistics_score", "service_score"}
    assert all(value is not None and Decimal(0) < value <= Decimal(100) for value in scores.values())


async def test_settlements_add_up_and_movements_say_which_way(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[2]) as client:
        settled, _ = await everything(sandbox, client, "statement_lines")
        moved, _ = await everything(sandbox, client, "wallet")
    for row in settled.values():
        assert isinstance(row, Transaction)
        assert row.amount is not None
        assert row.at is not None
        if row.platform_type == "0" and row.revenue is not None and row.fees_and_taxes is not None:
            assert row.revenue.amount - abs(row.fees_and_taxes.amount) == row.amount.amount, row.platform_id
    directions = Counter(row.direction for row in moved.values() if isinstance(row, Transaction))
    assert set(directions) <= {"in", "out"}
    assert directions["in"] > 0


async def test_shipping_moves_the_order_and_doing_it_twice_is_done(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[1]) as client:
        waiting = next(
            order
            for order in await orders_of(sandbox, client, OrderStatus.TO_SHIP)
            if not any("after_sale_status" in line.platform_more for line in order.lines)
        )
        request = shipping.ship_request(waiting.platform_id, Waybill(SF, "SF7700000000001"))
        assert (await client.call(request)).parsed.problems == []
        (after,) = (await client.read_one("order", waiting.platform_id)).parsed.records
        assert isinstance(after, Order)
        assert (after.platform_status, after.status) == ("3", OrderStatus.IN_TRANSIT)
        assert after.arranged_at is not None
        assert [package.tracking_number for package in after.packages] == ["SF7700000000001"]
        assert {line.platform_package_id for line in after.lines} == {after.packages[0].platform_package_id}
        with pytest.raises(errors.AlreadyDone):
            await client.call(request)


async def test_a_repeated_request_id_answers_the_same_packages(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[2]) as client:
        waiting = next(
            order
            for order in await orders_of(sandbox, client, OrderStatus.TO_SHIP)
            if not any("after_sale_status" in line.platform_more for line in order.lines)
        )
        units = {line.platform_line_id: line.quantity or 1 for line in waiting.lines}
        request = shipping.ship_packages_request(
            waiting.platform_id, [(Waybill(SF, "SF7700000000002"), units)], request_id="storeward-1"
        )
        first = (await client.call(request)).parsed.records
        assert first
        assert (await client.call(request)).parsed.records == first
        (package,) = first
        assert isinstance(package, Package)
        assert package.tracking_number == "SF7700000000002"
        assert package.platform_order_ids == (waiting.platform_id,)


async def test_an_order_of_nobody_is_refused(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[0]) as client:
        for request in (
            orders.order_detail_request("4781320682406083640"),
            shipping.ship_request("4781320682406083640", Waybill(SF, "SF7700000000003")),
            order_acts.remark_request("4781320682406083640", "x"),
        ):
            with pytest.raises(errors.Rejected):
                await client.call(request)


async def test_a_case_of_nobody_is_refused_and_not_asked_again(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[0]) as client:
        with pytest.raises(errors.Rejected):
            await client.call(after_sales.after_sale_request("6959800000297566494"))


async def test_a_remark_is_read_back_with_its_flag(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[3]) as client:
        (order, *_) = await orders_of(sandbox, client)
        await client.call(order_acts.remark_request(order.platform_id, "加急 & 换 <XL>", star=5))
        (after,) = (await client.read_one("order", order.platform_id)).parsed.records
        assert isinstance(after, Order)
        assert (after.seller_note, after.platform_more["seller_remark_stars"]) == ("加急 & 换 <XL>", "5")


async def test_a_refund_that_is_agreed_to_is_paid_and_can_be_seen(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[0]) as client:
        found, _ = await everything(sandbox, client, "returns")
        waiting = [one for one in found.values() if isinstance(one, Return) and one.platform_status == "6"]
        case = next(one for one in waiting if one.platform_type in ("1", "2"))
        assert case.answer_by_at is not None
        assert case.refunded is None
        request = after_sale_acts.agree_request(case.platform_id, Deed.AGREE_REFUND, seen_at=case.updated_at)
        assert (await client.call(request)).parsed.problems == []
        sandbox.post("/clock", advance="2h")
        (after,) = (await client.read_one("return", case.platform_id)).parsed.records
        assert isinstance(after, Return)
        assert (after.platform_status, after.platform_more["refund_status"]) == ("12", "3")
        assert after.refunded == case.refund_asked
        assert after.answer_by_at is None
        with pytest.raises(errors.Rejected):
            await client.call(after_sale_acts.agree_request(case.platform_id, Deed.AGREE_REFUND))


async def test_stock_that_is_set_is_the_stock_that_is_read(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[1]) as client:
        found, _ = await everything(sandbox, client, "listings")
        listing, sku = next(
            (one, sku)
            for one in found.values()
            if isinstance(one, Listing) and one.status == "live"
            for sku in one.skus
            if sku.platform_sale_type == "0" and sku.platform_more.get("prom_stock_num", "0") == "0"
        )
        await client.call(listing_acts.set_stock_request(listing.platform_id, sku.platform_sku_id, 77))
        assert await _stock(client, listing, sku.platform_sku_id) == 77
        add = listing_acts.add_stock_request(listing.platform_id, sku.platform_sku_id, -5, request_id="storeward-2")
        await client.call(add)
        assert await _stock(client, listing, sku.platform_sku_id) == 72
        with pytest.raises(errors.AlreadyDone):
            await client.call(add)
        assert await _stock(client, listing, sku.platform_sku_id) == 72


async def _stock(client: Client, listing: Listing, sku_id: str) -> int | None:
    (after,) = (await client.call(listings.skus_request(listing.platform_id))).parsed.records
    assert isinstance(after, Listing)
    return next(sku.available for sku in after.skus if sku.platform_sku_id == sku_id)


async def test_a_price_that_is_set_is_the_price_that_is_read(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[2]) as client:
        found, _ = await everything(sandbox, client, "listings")
        listing = next(one for one in found.values() if isinstance(one, Listing) and one.status == "live" and one.skus)
        sku_id = listing.skus[0].platform_sku_id
        await client.call(listing_acts.set_price_request(listing.platform_id, sku_id, Decimal("88.80")))
        (after,) = (await client.call(listings.product_request(listing.platform_id))).parsed.records
        assert isinstance(after, Listing)
        price = next(sku.price for sku in after.skus if sku.platform_sku_id == sku_id)
        assert price is not None
        assert str(price) == "88.80 CNY"


async def test_a_product_taken_off_sale_is_off_by_the_sellers_will(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[3]) as client:
        found, _ = await everything(sandbox, client, "listings")
        listing = next(one for one in found.values() if isinstance(one, Listing) and one.status == "live")
        await client.call(listing_acts.take_off_sale_request(listing.platform_id))
        (after,) = (await client.read_one("listing", listing.platform_id)).parsed.records
        assert isinstance(after, Listing)
        assert (after.platform_status, after.status) == ("1", "off_by_seller")
        await client.call(listing_acts.put_on_sale_request(listing.platform_id))


async def test_a_ticket_that_is_answered_keeps_the_answer(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.stores[0]) as client:
        found, _ = await everything(sandbox, client, "tickets")
        open_ticket = next(one for one in found.values() if isinstance(one, Conversation) and one.platform_status == "0")
        assert open_ticket.answer_by_at is not None
        await client.call(tickets.reply_request(open_ticket.platform_id, "已补发，请查收", ["https://img.example/proof.jpg"]))
        (after,) = (await client.read_one("conversation", open_ticket.platform_id)).parsed.records
        assert isinstance(after, Conversation)
        assert after.reply == "已补发，请查收"
        assert after.first_answered_at is not None


async def test_a_shop_of_ones_own_app_needs_no_code(sandbox: Sandbox) -> None:
    store = sandbox.stores[2]
    async with client_of(sandbox, store, access=None) as client:
        tokens = await client.tokens(CONNECTOR.token_request(sandbox.app, Grant("", {"shop_id": store["id"]})))
    assert [profile.platform_store_id for profile in tokens.stores] == [store["id"]]
    assert tokens.stores[0].name == store["name"]
    assert timedelta(0) < tokens.access_expires_at - clock.now() <= timedelta(days=7, minutes=1)
    async with client_of(sandbox, store, access=Access(tokens.access_token, platform_store_id=store["id"])) as client:
        assert (await client.call(CONNECTOR.streams["stores"].first(Ask()))).parsed.records


async def test_a_renewal_long_before_the_end_gives_the_same_pair_back(sandbox: Sandbox) -> None:
    store = sandbox.stores[1]
    async with client_of(sandbox, store, access=None) as client:
        tokens = await client.tokens(CONNECTOR.refresh_request(sandbox.app, Renewal(store["refresh_token"])))
    assert (tokens.access_token, tokens.refresh_token) == (store["access_token"], store["refresh_token"])


async def test_a_renewal_in_the_last_hour_gives_a_new_pair_and_the_old_one_lives_on_for_a_while(sandbox: Sandbox) -> None:
    """One shop's token ends 25 minutes after the sandbox began."""
    store = min(sandbox.stores, key=lambda one: one["access_token_expire_in"])
    async with client_of(sandbox, store, access=None) as client:
        tokens = await client.tokens(CONNECTOR.refresh_request(sandbox.app, Renewal(store["refresh_token"])))
    assert tokens.access_token != store["access_token"]
    assert tokens.access_expires_at - clock.now() > timedelta(days=6)
    for token in (tokens.access_token, store["access_token"]):
        async with client_of(sandbox, store, access=Access(token, platform_store_id=store["id"])) as client:
            await client.call(CONNECTOR.streams["stores"].first(Ask()))


async def test_wrong_credentials_are_refused_by_kind(sandbox: Sandbox) -> None:
    store = sandbox.stores[0]
    request = CONNECTOR.streams["stores"].first(Ask())
    async with client_of(sandbox, store, app=AppKeys(sandbox.app.key, "wrong")) as client:
        with pytest.raises(errors.CallerRefused, match=r"isv\.signature-invalid"):
            await client.call(request)
    async with client_of(sandbox, store, access=Access("nobody")) as client:
        with pytest.raises(errors.TokenExpired):
            await client.call(request)
    async with client_of(sandbox, store, now=lambda: clock.now() - timedelta(hours=1)) as client:
        with pytest.raises(errors.CallerRefused, match=r"isv\.timestamp-invalid"):
            await client.call(request)
    async with client_of(sandbox, store, access=None) as client:
        with pytest.raises(errors.PlatformError):
            await client.tokens(CONNECTOR.token_request(sandbox.app, Grant("no-such-code")))
        with pytest.raises(errors.AuthorizationLost):
            await client.tokens(CONNECTOR.refresh_request(sandbox.app, Renewal("no-such-token")))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("server_error", errors.Unavailable),
        ("throttle", errors.RateLimited),
        ("truncated", errors.Unavailable),
        ("token_expired", errors.TokenExpired),
    ],
)
async def test_faults_of_the_sandbox_are_told_by_what_to_do_next(
    sandbox: Sandbox, fault: str, error: type[errors.PlatformError]
) -> None:
    async with client_of(sandbox, sandbox.stores[0]) as client:
        sandbox.fault(fault, on=True)
        try:
            with pytest.raises(error):
                await client.call(CONNECTOR.streams["stores"].first(Ask()))
        finally:
            sandbox.fault(fault, on=False)


@pytest.mark.parametrize(("nth", "deed"), [(3, "revoke"), (2, "close")])
async def test_a_consent_that_the_merchant_took_back_asks_a_person(sandbox: Sandbox, nth: int, deed: str) -> None:
    store = sandbox.stores[nth]
    sandbox.post("/authorizations", store=store["id"], do=deed)
    try:
        async with client_of(sandbox, store) as client:
            with pytest.raises(errors.AuthorizationLost):
                await client.call(CONNECTOR.streams["stores"].first(Ask()))
    finally:
        sandbox.post("/authorizations", store=store["id"], do="restore")


async def test_a_token_that_ended_early_is_renewed_and_the_call_repeated(sandbox: Sandbox) -> None:
    store = sandbox.stores[0]
    sandbox.post("/authorizations", store=store["id"], do="expire_access")
    try:
        async with client_of(sandbox, store, access=None) as asking:

            async def renewed(access: Access) -> Access:
                tokens = await asking.tokens(CONNECTOR.refresh_request(sandbox.app, Renewal(store["refresh_token"])))
                return Access(tokens.access_token, platform_store_id=store["id"])

            async with client_of(sandbox, store, refresh=renewed) as client:
                answer = await client.call(CONNECTOR.streams["stores"].first(Ask()))
                assert client.access is not None
                assert client.access.access_token != store["access_token"]
        assert answer.parsed.records
    finally:
        sandbox.post("/authorizations", store=store["id"], do="restore")


def test_the_limits_of_an_app_are_those_that_the_sandbox_counts(sandbox: Sandbox) -> None:
    counted = sandbox.get("/stats")["platforms"]["douyin"]["rate"]["limits_by_operation"]
    assert CONNECTOR.limits.app_calls_per_second == counted
