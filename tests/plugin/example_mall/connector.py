"""Example Mall: orders and stores, a signature in a header, pages by number. Everything is data and pure functions."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from storeward.canon import Order, OrderStatus, Push, StoreProfile
from storeward.connectors import errors
from storeward.connectors.contract import (
    Access,
    AppKeys,
    Ask,
    Connector,
    Failure,
    Level,
    Limits,
    Operation,
    OperationKind,
    Parsed,
    Problem,
    Progress,
    Request,
    Retry,
    Signed,
    Stream,
    Tokens,
)
from storeward.lib.money import Money

PLATFORM: Final = "example_mall"
HOME: Final = "https://api.mall.example"
WORDS: Final = {"NEW": OrderStatus.TO_SHIP, "GONE": OrderStatus.IN_TRANSIT, "HERE": OrderStatus.DELIVERED}


def sign(request: Request, app: AppKeys, access: Access | None, now: datetime) -> Signed:
    query = f"?{urlencode(request.query)}" if request.query else ""
    signed = hmac.new(app.secret.encode(), f"{request.path}{query}".encode(), sha256).hexdigest()
    headers = {"X-Mall-App": app.key, "X-Mall-Sign": signed}
    if access is not None:
        headers["X-Mall-Token"] = access.access_token
    return Signed(request.method, request.path + query, headers, request.body)


def error_of(request: Request, status: int, body: bytes) -> errors.PlatformError | None:
    told = {"platform": PLATFORM, "operation": request.operation, "code": str(status)}
    match status:
        case 200:
            return None
        case 401:
            return errors.TokenExpired(**told)
        case 403:
            return errors.AuthorizationLost("the seller has left", **told)
        case 429:
            return errors.RateLimited(platform=PLATFORM, operation=request.operation, code=str(status))
        case _ if status >= 500:
            return errors.Unavailable(**told)
    return errors.Rejected(body.decode(errors="replace")[:200], **told)


def opened(body: bytes) -> tuple[Parsed, Mapping[str, Any]]:
    parsed = Parsed()
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError as reason:
        told = reason
    if isinstance(told, dict) and "error" in told:
        failure = Failure(str(told["error"]), Retry.NEVER)
        parsed.problems.append(Problem("error", "the platform refuses", Level.PLATFORM, failure))
    elif isinstance(told, dict):
        return parsed, told
    else:
        parsed.unreadable = True
        parsed.problems.append(Problem("", "is no answer of this platform", Level.ERROR))
    return parsed, {}


def parse_orders(body: bytes, about: Mapping[str, str]) -> Parsed:
    parsed, told = opened(body)
    rows = told.get("orders")
    for at, row in enumerate(rows if isinstance(rows, list) else []):
        if not isinstance(row, dict) or not isinstance(row.get("no"), str):
            parsed.problems.append(Problem(f"orders[{at}].no", "is missing; the order is left out", Level.ERROR))
            continue
        parsed.items.append((order_of(row), msgspec.json.encode(row)))
    page = told.get("next")
    parsed.next_page = str(page) if isinstance(page, int) else None
    return parsed


def order_of(row: Mapping[str, Any]) -> Order:
    word = str(row.get("state"))
    return Order(
        platform_order_id=row["no"],
        platform_status=word,
        status=WORDS.get(word, OrderStatus.UNKNOWN),
        total=amount_of(row.get("sum"), row.get("money")),
        placed_at=instant_of(row.get("placed")),
        updated_at=instant_of(row.get("changed")),
        ship_by_at=instant_of(row.get("ship_by")),
    )


def amount_of(figure: object, currency: object) -> Money | None:
    try:
        return Money(Decimal(str(figure)), str(currency)) if figure is not None else None
    except InvalidOperation:
        return None


def instant_of(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and 0 < seconds < 2**33 else None


def parse_stores(body: bytes, about: Mapping[str, str]) -> Parsed:
    parsed, told = opened(body)
    if isinstance(told.get("shop"), str):
        shop = StoreProfile(platform_store_id=told["shop"], name=told.get("name"), region="MY")
        parsed.items.append((shop, body))
    return parsed


def parse_push(body: bytes, about: Mapping[str, str]) -> Parsed:
    parsed = Parsed()
    parsed.items += [(push, body) for push in pushes(body)]
    return parsed


def pushes(body: bytes) -> Sequence[Push]:
    try:
        told = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as reason:
        raise errors.UnexpectedPayload("is no webhook of this platform", platform=PLATFORM) from reason
    return [Push(platform_topic="order", topic="order", platform_store_id=told.get("shop"), platform_order_id=told.get("no"))]


def orders_request(ask: Ask) -> Request:
    since = int(ask.since.timestamp()) if ask.since else 0
    return Request("orders.list", "GET", "/orders", {"since": str(since), "page": "1"})


def stores_request(ask: Ask) -> Request:
    return Request("shops.mine", "GET", "/shop", for_store=False)


def turn(request: Request, token: str) -> Request:
    return request.with_query(page=token)


def token_call(**query: str) -> Request:
    return Request("token", "GET", "/token", query, kind=OperationKind.WRITE, for_store=False, token_call=True)


def parse_tokens(body: bytes, now: datetime, about: Mapping[str, str]) -> Tokens:
    told = msgspec.json.decode(body, type=dict[str, str])
    return Tokens(told["token"], told["again"], now + timedelta(days=7), now + timedelta(days=90), told["shop"])


def verify(app: AppKeys, headers: Mapping[str, str], body: bytes) -> bool:
    return hmac.compare_digest(headers.get("x-mall-sign", ""), hmac.new(app.secret.encode(), body, sha256).hexdigest())


READ = OperationKind.READ
CONNECTOR: Final = Connector(
    id=PLATFORM,
    label="Example Mall",
    short="em",
    markets=frozenset({"MY"}),
    base_url=HOME,
    auth_url=HOME,
    operations={
        "orders.list": Operation("orders.list", READ, ("order",), parse_orders, example=lambda: orders_request(Ask())),
        "shops.mine": Operation("shops.mine", READ, ("store",), parse_stores, example=lambda: stores_request(Ask())),
        "push": Operation("push", READ, ("push",), parse_push),
    },
    streams={
        "stores": Stream(
            "stores", "shops.mine", ("store",), Progress.SNAPSHOT, stores_request, turn, 1, timedelta(hours=12), timedelta(days=2)
        ),
        "orders": Stream(
            "orders",
            "orders.list",
            ("order",),
            Progress.WINDOW,
            orders_request,
            turn,
            2,
            timedelta(minutes=5),
            timedelta(hours=1),
            first_fill=timedelta(days=90),
            value=10,
        ),
    },
    limits=Limits(calls_per_second=20, start_at_per_second=10, burst=4),
    sign=sign,
    error_of=error_of,
    consent_url=lambda app, consent: f"{HOME}/agree?{urlencode({'app': app.key, 'state': consent.state})}",
    token_request=lambda app, grant: token_call(code=grant.code),
    refresh_request=lambda app, renewal: token_call(again=renewal.refresh_token),
    parse_tokens=parse_tokens,
    verify_push=verify,
    parse_pushes=pushes,
    subscribe_requests=lambda address: (),
    read_one_requests={},
    not_offered={"reviews": "the mall's own pages"},
)
