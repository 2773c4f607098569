"""Whatever a platform sends, for every operation of every platform: it is read or reported, and nothing breaks.

Beside the tests of each platform, which look closer: here places of every published sample are changed, and every operation is
given every odd value, in its platform's frame and without. `EACH` bounds the time: larger by hand, after work on a parser.
"""

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward.canon import to_json
from storeward.connectors.contract import Connector, Request
from storeward.connectors.douyin.tests import samples as douyin
from storeward.connectors.errors import PlatformError
from storeward.connectors.lazada.tests import samples as lazada
from storeward.connectors.registry import connector_for
from storeward.connectors.shopee.tests import samples as shopee
from storeward.connectors.tiktok_shop.tests import samples as tiktok

EACH = 12
"""Places of a sample that are changed."""
PLATFORMS = ("tiktok_shop", "shopee", "lazada", "douyin")
ASKED = {"page": "0", "page_no": "1", "page_size": "50", "size": "50", "offset": "0", "limit": "50", "cursor": "7"}
ABOUT = {**ASKED, "market": "MY", "store": "1", "conversation_id": "1", "order_sn": "A", "product_id": "1", "item_id": "1"}
"""What requests say of themselves, all at once."""
ODD: list[Any] = [
    None, "", " ", "x", "0", "-1", "9" * 50, "1e999999", "NaN", "\u0000", "🎁", "2023-07-22 12:26:40", 0, -1, 1.5, 1e300, 10**30,
    2**53 + 1, True, False, [], {}, [None], [[]], [0], ["x"], [{}], {"a": None}, {"0": {}}, {"id": 1}, [[[]]],
]  # fmt: skip
JSON = st.recursive(
    st.sampled_from(ODD) | st.text(max_size=6) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
Path_ = tuple[str | int, ...]


@cache
def sent(platform: str, shared_dir: Path) -> list[tuple[str, Any]]:
    """(operation, body) of every published answer and webhook."""
    match platform:
        case "tiktok_shop":
            return [(tiktok.operation_of(file), json.loads(file.read_bytes())) for file in tiktok.answers(shared_dir)]
        case "shopee":
            return [(shopee.operation_of(file), json.loads(file.read_bytes())) for file in shopee.answers(shared_dir)]
        case "lazada":
            folder = lazada.folder(shared_dir)
            return [(name, json.loads((folder / file).read_bytes())) for file, name in sorted(lazada.answers(shared_dir).items())]
        case _:
            return [(name, json.loads(body)) for _, name, body in douyin.answers(shared_dir)]


def framed(platform: str, value: Any) -> Iterator[Any]:
    """The value by itself, and as what a good answer of the platform holds."""
    yield value
    match platform:
        case "tiktok_shop":
            yield {"code": 0, "message": "", "data": value}
        case "shopee":
            yield {"error": "", "message": "", "response": value}
        case "lazada":
            yield {"code": "0", "data": value, "result": value}
        case _:
            yield {"code": 10000, "data": value}


def read(connector: Connector, operation: str, body: Any) -> None:
    """It ends with records that can be printed and problems that say something; the answer as a whole is good or an error."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    parsed = connector.operation(operation).parse(raw, ABOUT)
    for record, own in parsed.items:
        assert to_json(record)
        assert isinstance(own, bytes)
    assert all(problem.message for problem in parsed.problems)
    assert parsed.next_page is None or isinstance(parsed.next_page, str)
    error = connector.error_of(Request(operation, "POST", "/", kind=connector.operation(operation).kind), 200, raw)
    assert error is None or isinstance(error, PlatformError)


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield (*path, name)
        yield from places(member, (*path, name))


def changed(body: Any, path: Path_, act: int, chance: random.Random) -> bytes:
    """The body with that place dropped, nulled, nested, made a list of, or odd. It is left as it was."""
    holder: Any = body
    for name in path[:-1]:
        holder = holder[name]
    kept = holder[path[-1]]
    holder[path[-1]] = (None, {"nested": kept}, [kept], chance.choice(ODD), str(kept))[act % 5]
    if act % 6 == 5 and isinstance(holder, dict):
        del holder[path[-1]]
    raw = json.dumps(body).encode()
    holder[path[-1]] = kept
    return raw


@pytest.mark.parametrize("platform", PLATFORMS)
def test_any_place_of_any_sample_may_hold_anything(platform: str, shared_dir: Path) -> None:
    connector, chance = connector_for(platform), random.Random(7)
    for operation, body in sent(platform, shared_dir):
        found = list(places(body))
        for at, path in enumerate(chance.sample(found, min(EACH, len(found)))):
            raw = changed(body, path, at + chance.randrange(2), chance)
            read(connector, operation, raw)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_any_operation_may_be_answered_with_anything(platform: str) -> None:
    connector = connector_for(platform)
    for operation in connector.operations:
        for value in ODD:
            for body in framed(platform, value):
                read(connector, operation, body)


@settings(max_examples=60)
@given(platform=st.sampled_from(PLATFORMS), value=JSON, data=st.data())
def test_any_json_whatsoever_is_read_or_reported(platform: str, value: Any, data: st.DataObject) -> None:
    connector = connector_for(platform)
    operation = data.draw(st.sampled_from(sorted(connector.operations)))
    for body in framed(platform, value):
        read(connector, operation, body)
