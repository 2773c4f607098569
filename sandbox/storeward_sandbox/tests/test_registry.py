"""The operations that are served are the platform's own: methods, paths, scopes, and whether they name a shop."""

import pytest

from storeward_sandbox.tests.support import base_name, described
from storeward_sandbox.tiktok_shop.errors import ApiError
from storeward_sandbox.tiktok_shop.registry import OPERATIONS, find


def test_every_described_operation_is_served() -> None:
    assert set(described()) - set(OPERATIONS) == set()


def test_nothing_is_served_that_the_platform_does_not_have() -> None:
    older = set(OPERATIONS) - set(described())  # paths that the fact sheet names and the description does not hold
    assert {base_name(name) for name in older} <= set(described())


def test_method_path_scopes_and_cipher_are_those_of_the_description() -> None:
    for name, known in OPERATIONS.items():
        if name not in described():
            continue
        told = described()[name]
        assert (known.method, known.path) == (told["method"], told["path"]), name
        if told.get("x-scope-keys"):  # of newer operations nobody has told the scope
            assert set(known.scopes) == set(told["x-scope-keys"]), name
        assert known.cipher == told["x-requires-shop-cipher"], name


def test_ids_are_read_from_the_path() -> None:
    known, ids = find("GET", "/order/202407/orders/576/price_detail")
    assert known.name == "getOrderPriceDetails"
    assert ids == {"order_id": "576"}


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/order/202309/nothing", 36009009),
        ("DELETE", "/order/202309/orders/search", 36009010),
        ("POST", "/order/202001/orders/search", 36009014),
        ("GET", "/", 36009009),
    ],
)
def test_unknown_paths_methods_and_versions_are_told_apart(method: str, path: str, code: int) -> None:
    with pytest.raises(ApiError) as refusal:
        find(method, path)
    assert refusal.value.code == code
