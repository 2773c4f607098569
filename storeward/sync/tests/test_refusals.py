"""Things that have gone since they were listed: the platform refuses them by name, which costs those things, not the stream."""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from storeward import canon
from storeward.connectors.client import Answer, Client
from storeward.connectors.contract import Level, Parsed, Request
from storeward.connectors.errors import CallerRefused, PlatformError, Rejected, Unavailable
from storeward.connectors.registry import connector_for
from storeward.sync.cursors import Position
from storeward.sync.feed import Key, Piece, pieces

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STOCK = replace(connector_for("tiktok_shop").streams["stock"], keys_per_call=4)


def details_request(ids: Sequence[str]) -> Request:
    return Request("details", "POST", "/details", body=json.dumps({"ids": list(ids)}).encode())


LISTED = replace(connector_for("tiktok_shop").streams["listings"], details=details_request, details_per_call=4)


class Platform:
    """Lists things, and tells of them by their ids; refuses any question that names one of those that have gone."""

    def __init__(self, listed: Sequence[str], gone: Collection[str], error: Exception | None = None) -> None:
        self.listed = listed
        self.gone = gone
        self.error = error or Rejected("no such product", platform="tiktok_shop")
        self.asked: list[list[str]] = []

    async def call(self, request: Request) -> Answer:
        told = json.loads(request.body or b"{}")
        ids = told.get("ids") or told.get("product_ids")
        if ids is None:
            return self.answer(request, self.listed)
        self.asked.append(ids)
        if set(ids) & set(self.gone):
            raise self.error
        return self.answer(request, ids)

    def answer(self, request: Request, ids: Sequence[str]) -> Answer:
        records = [canon.Listing(platform_listing_id=one, updated_at=NOW + timedelta(minutes=int(one))) for one in ids]
        return Answer(request, Parsed(items=[(record, b"{}") for record in records]), b"{}", NOW)


def walk(platform: Platform, *, keys: Sequence[str] = ()) -> list[Piece]:
    stream = STOCK if keys else LISTED

    async def main() -> list[Piece]:
        found = pieces(cast(Client, platform), stream, Position(), [Key(key) for key in keys])
        return [piece async for piece in found]

    return asyncio.run(main())


def told(found: Sequence[Piece]) -> list[str]:
    return sorted(record.platform_id for piece in found for record in piece.answer.parsed.records)


def problems(found: Sequence[Piece]) -> list[tuple[str, str]]:
    noted = [problem for piece in found for problem in piece.answer.parsed.problems]
    assert all(problem.level is Level.ERROR for problem in noted)
    return [(problem.field, problem.message) for problem in noted]


NUMBERS = [str(number) for number in range(1, 9)]
REFUSED = "the platform refuses to tell of it: no such product"


def test_one_that_has_gone_costs_itself_and_is_named() -> None:
    platform = Platform(NUMBERS, gone={"3"})
    found = walk(platform)
    assert told(found) == ["1", "2", "4", "5", "6", "7", "8"]
    assert problems(found) == [(f"{LISTED.operation} 3", REFUSED)]
    assert platform.asked == [["1", "2", "3", "4"], ["1", "2"], ["3", "4"], ["3"], ["4"], ["5", "6", "7", "8"]]


def test_the_same_by_keys_of_another_stream() -> None:
    platform = Platform([], gone={"3"})
    found = walk(platform, keys=NUMBERS)
    assert told(found) == ["1", "2", "4", "5", "6", "7", "8"]
    assert problems(found) == [(f"{STOCK.operation} 3", REFUSED)]


def test_keys_that_were_refused_count_as_asked() -> None:
    found = walk(Platform([], gone={"3"}), keys=NUMBERS)
    assert sorted(key.id for piece in found for key in piece.keys_done) == NUMBERS


@pytest.mark.parametrize("gone", [["1", "8"], ["2", "3", "4"], ["4", "5", "6", "7", "8"]])
def test_any_of_them_may_have_gone_as_long_as_others_are_told(gone: list[str]) -> None:
    found = walk(Platform(NUMBERS, gone=gone))
    assert told(found) == [one for one in NUMBERS if one not in gone]
    assert [field for field, _ in problems(found)] == [f"{LISTED.operation} {one}" for one in gone]


@pytest.mark.parametrize("by_keys", [True, False])
def test_a_platform_that_refuses_everything_is_a_failure_of_the_stream(by_keys: bool) -> None:
    platform = Platform(NUMBERS, gone=NUMBERS)
    with pytest.raises(Rejected, match="no such product"):
        walk(platform, keys=NUMBERS if by_keys else ())
    assert len(platform.asked) < 8, "it is not asked to the end"


def test_the_only_one_that_has_gone_is_no_failure() -> None:
    found = walk(Platform(["7"], gone={"7"}))
    assert (told(found), problems(found)) == ([], [(f"{LISTED.operation} 7", REFUSED)])


@pytest.mark.parametrize("error", [Unavailable("back soon"), CallerRefused("timestamp is expired")])
@pytest.mark.parametrize("by_keys", [True, False])
def test_a_fault_of_the_platform_or_of_ours_is_none_of_the_things(by_keys: bool, error: PlatformError) -> None:
    platform = Platform(NUMBERS, gone={"3"}, error=error)
    with pytest.raises(type(error)):
        walk(platform, keys=NUMBERS if by_keys else ())
    assert platform.asked == [["1", "2", "3", "4"]]
