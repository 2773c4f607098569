"""Rubbish in every operation: the answer is a refusal or a good answer, never a mistake of the sandbox's own."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import pytest

from storeward_sandbox.clock import HOUR
from storeward_sandbox.tests.support import Json, ask, base_name, described, go, make_shop, openapi, schema_problems
from storeward_sandbox.tiktok_shop.errors import ApiError
from storeward_sandbox.tiktok_shop.registry import OPERATIONS, Operation
from storeward_sandbox.tiktok_shop.shop import Shop

JUNK: tuple[Any, ...] = (
    None, "", 0, -1, 1e99, True, "x", "9" * 40, [], {}, [None], ["x"], [{}], [[]], {"id": None}, [{"id": 5}],
)  # fmt: skip
JUNK_SHARE = 0.15
ROUNDS = 12
COMMON = {"app_key", "sign", "timestamp", "shop_cipher"}


def resolved(schema: Json) -> Json:
    """The schema itself, behind references and wrappers."""
    while "$ref" in schema or "allOf" in schema:
        if "allOf" in schema:
            schema = schema["allOf"][0]
            continue
        found = openapi()
        for step in schema["$ref"][2:].split("/"):
            found = found[step]
        schema = found
    return schema


def made_up(schema: Json, chance: Random, an_id: Callable[[], str]) -> Any:
    """Something like what the schema asks for, here and there something else."""
    schema = resolved(schema)
    if chance.random() < JUNK_SHARE:
        return chance.choice(JUNK)
    kind = schema.get("type")
    if kind == "object":
        inner = schema.get("properties") or {}
        return {name: made_up(one, chance, an_id) for name, one in inner.items() if chance.random() < 0.8}
    if kind == "array":
        return [made_up(schema.get("items", {}), chance, an_id) for _ in range(chance.randint(0, 2))]
    if "enum" in schema:
        return chance.choice(schema["enum"])
    choices: dict[str | None, tuple[Any, ...]] = {
        "integer": (0, 1, 10, 1_763_000_000, -5, 10**12),
        "boolean": (True, False),
        "number": (1.5,),
    }
    return chance.choice(choices.get(kind, ("1", "abc", "12.50", "-3", an_id(), an_id())))


def ids_of(shop: Shop) -> list[str]:
    """Ids of many kinds that exist in the shop."""
    lines = [line for order in shop.orders.values() for line in order.lines]
    found = [*shop.orders, *shop.packages, *(line.id for line in lines)]
    found += [line.item.sku_id for line in lines] + [line.item.product_id for line in lines]
    for part in shop.__dict__["_parts"].values():
        for held in getattr(part, "__dict__", {}).values():
            found += [key for key in held if isinstance(key, str)] if isinstance(held, dict) else []
    return found


def question(operation: Operation, chance: Random, an_id: Callable[[], str]) -> dict[str, Any]:
    told = described()[base_name(operation.name)]
    ids, query = {}, {}
    for parameter in map(resolved, told["parameters"]):
        name = parameter["name"]
        if parameter["in"] == "path":
            ids[name] = an_id()
        elif parameter["in"] == "query" and name not in COMMON and (parameter.get("required") or chance.random() < 0.5):
            value = made_up(parameter["schema"], chance, an_id)
            query[name] = "10" if name == "page_size" and chance.random() < 0.8 else value
    body: Any = {}
    if "requestBody" in told:
        body = made_up(next(iter(told["requestBody"]["content"].values()))["schema"], chance, an_id)
    return {"ids": ids, "query": query, "body": body if isinstance(body, dict) else {}}


@pytest.mark.parametrize("region", ["US", "MY"])
def test_rubbish_is_refused_or_answered_as_described(region: str) -> None:
    shop, chance = make_shop(region, ("returns",)), Random(region)
    for _ in range(ROUNDS):
        pool = ids_of(shop)
        for operation in OPERATIONS.values():
            asked = question(operation, chance, partial(chance.choice, pool))
            try:
                data = ask(shop, operation.name, **asked)
            except ApiError:
                continue
            assert schema_problems(operation.name, data) == [], (operation.name, asked)
        go(shop, 7 * HOUR)
