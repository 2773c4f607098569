"""What the door asks of every single operation: version, method, sign, token, scope and cipher; and how it says no."""

from collections.abc import Iterator

import pytest

from storeward_sandbox.tests.support import Json, Running, running
from storeward_sandbox.tiktok_shop.errors import ApiError
from storeward_sandbox.tiktok_shop.registry import OPERATIONS, Operation, find

EVERY = sorted(OPERATIONS)
WITH_CIPHER = [name for name in EVERY if OPERATIONS[name].cipher]
WITHOUT_CIPHER = [name for name in EVERY if not OPERATIONS[name].cipher]
WITH_SCOPE = [name for name in EVERY if OPERATIONS[name].scopes]


@pytest.fixture(scope="module")
def house() -> Iterator[Running]:
    with running(stores=2, seed=31, rate_limit=10_000, chat_quota=10_000) as found:
        yield found


def path_of(known: Operation) -> str:
    """The operation's path with ids that no shop has."""
    return "/".join("1" if part.startswith("{") else part for part in known.path.split("/"))


def answer(house: Running, name: str, **more: object) -> tuple[int, int]:
    """Status and code."""
    known = OPERATIONS[name]
    found = house.send(known.method, path_of(known), **{"cipher": known.cipher, **more})  # type: ignore[arg-type]
    return found.status_code, int(found.json()["code"])


def differing(found: dict[str, tuple[int, int]], expected: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """The operations that answered something else."""
    assert found
    return {name: seen for name, seen in found.items() if seen != expected}


def refused(method: str, path: str) -> tuple[int, int]:
    """Status and code with which a path is refused; (0, 0) where it is not."""
    try:
        find(method, path)
    except ApiError as refusal:
        return refusal.status, refusal.code
    return 0, 0


def test_every_path_leads_to_its_operation_and_holds_its_ids() -> None:
    for known in OPERATIONS.values():
        found, ids = find(known.method, path_of(known))
        assert found is known
        assert set(ids) == {part[1:-1] for part in known.path.split("/") if part.startswith("{")}
        assert set(ids.values()) <= {"1"}


def test_every_operation_in_another_version_is_a_retired_one() -> None:
    found = {}
    for name, known in OPERATIONS.items():
        first, _version, *rest = path_of(known).strip("/").split("/")
        found[name] = refused(known.method, "/".join(["", first, "199901", *rest]))
    assert differing(found, (400, 36009014)) == {}


def test_every_operation_by_another_method_is_an_unknown_one() -> None:
    found = {name: refused("PATCH", path_of(known)) for name, known in OPERATIONS.items()}
    assert differing(found, (405, 36009010)) == {}


def test_beyond_every_operation_there_is_nothing() -> None:
    found = {name: refused(known.method, path_of(known) + "/and/further/on/and/on") for name, known in OPERATIONS.items()}
    assert differing(found, (404, 36009009)) == {}


def spoil_sign(query: dict[str, str]) -> None:
    query["sign"] = "0" * 64


SOME = (
    "getOrderList", "getOrderDetail", "shipPackage", "getPackageDetail", "getAuthorizedShops", "updateShopWebhook",
    "getWarehouseList", "deleteWebhookForAnEvent", "createPackages", "getPackageShippingDocument",
)  # fmt: skip


@pytest.mark.parametrize("name", SOME)
def test_a_wrong_sign_and_nobodys_token_open_nothing(house: Running, name: str) -> None:
    assert answer(house, name, change=spoil_sign) == (401, 106001)
    assert answer(house, name, headers={"x-tts-access-token": "TTP_nobody"}) == (401, 105001)


@pytest.mark.parametrize("name", [name for name in SOME if OPERATIONS[name].cipher])
def test_another_sellers_cipher_opens_nothing(house: Running, name: str) -> None:
    first, second = house.stores
    mixed: Json = {**first, "shop_cipher": second["shop_cipher"]}
    assert answer(house, name, store=mixed) == (401, 101000)


def test_without_its_scope_every_operation_stays_shut(house: Running) -> None:
    store = house.stores[0]
    held = house.platform.desk.of_shop(store["id"])
    assert held is not None
    granted, found = held.scopes, {}
    try:
        for name in WITH_SCOPE:
            held.scopes = tuple(scope for scope in granted if scope not in OPERATIONS[name].scopes)
            found[name] = answer(house, name, store=store)
    finally:
        held.scopes = granted
    assert differing(found, (403, 105005)) == {}


def test_without_a_cipher_no_operation_knows_whose_data_are_meant(house: Running) -> None:
    assert differing({name: answer(house, name, cipher=False) for name in WITH_CIPHER}, (400, 106013)) == {}


def test_a_cipher_where_none_belongs_is_an_unexpected_identifier(house: Running) -> None:
    assert differing({name: answer(house, name, cipher=True) for name in WITHOUT_CIPHER}, (400, 36009004)) == {}


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/", 36009009),
        ("GET", "/order", 36009009),
        ("GET", "/order/202309", 36009009),
        ("GET", "/orders/202309/orders", 36009009),
        ("POST", "/order/202309/order/search", 36009009),
        ("GET", "/order//orders", 36009009),
        ("GET", "/fulfillment/202309/packages//shipping_documents", 36009009),
        ("POST", "/api/v2/token/get", 36009009),
        ("GET", "/api/v3/token/get", 36009009),
        ("GET", "/favicon.ico", 36009009),
        ("PUT", "/order/202309/orders/search", 36009010),
        ("GET", "/product/202309/products/activate/1", 36009009),
        ("GET", "/order/202001/orders", 36009014),
        ("GET", "/order/v1/orders", 36009014),
        ("GET", "/order/202001/orders/1/price_detail", 36009014),
        ("GET", "/fulfillment/209912/packages/1", 36009014),
        ("POST", "/fulfillment/209912/packages/1/ship", 36009014),
        ("GET", "/customer_service/202001/conversations/1/messages", 36009014),
    ],
)
def test_what_the_platform_does_not_have_is_said_in_its_own_codes(house: Running, method: str, path: str, code: int) -> None:
    found = house.http.request(method, house.base_url + path)
    assert found.json()["code"] == code
    assert found.status_code == {36009009: 404, 36009010: 405, 36009014: 400}[code]
    assert set(found.json()) == {"code", "message", "request_id"}


@pytest.mark.parametrize(
    ("content_type", "raw", "code"),
    [
        ("application/json", b"{}", 36009023),
        ("text/plain", b"hello", 36009023),
        ("multipart/form-data", b"hello", 36009022),
        ("multipart/form-data; boundary=x", b"no boundary here", 36009022),
    ],
)
def test_an_upload_that_is_none_is_refused(house: Running, content_type: str, raw: bytes, code: int) -> None:
    known = OPERATIONS["uploadProductImage"]
    found = house.send(known.method, known.path, cipher=False, body=raw, headers={"content-type": content_type})
    assert (found.status_code, found.json()["code"]) == (400, code)


def test_every_answer_has_an_id_of_its_own(house: Running) -> None:
    ids = [house.send("GET", "/seller/202309/shops", cipher=False).json()["request_id"] for _ in range(20)]
    ids += [house.send("GET", "/nowhere").json()["request_id"] for _ in range(20)]
    assert len(set(ids)) == 40
