"""Listings as JSON lines: the answer, and a line that cannot be used."""

from datetime import date
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.listing_check.answers import answer

DAY = date(2026, 11, 22)


def told(**line: Any) -> dict[str, Any]:
    return answer(msgspec.json.encode({"id": "a", "platform": "TikTok Shop", "market": "MY"} | line), DAY)


def test_a_line_is_answered_with_words_place_mend_and_source() -> None:
    row = told(title="Nike socks", description="It cures acne", images=1, weighed=True)
    assert row["id"] == "a"
    assert [(one["form"], one["field"], one["words"]) for one in row["problems"]] == [
        ("claims", "description", "cures acne"),
        ("brand", "title", "Nike"),
    ]
    assert all(one["mend"] and one["mend_zh"] and one["source"] and one["confidence"] for one in row["problems"])
    assert row["unknown"] == {"price": "no_limit"}


def test_rights_limits_and_prices_come_with_the_line() -> None:
    offers = [{"sku": "1", "price": {"amount": "5", "currency": "MYR"}, "cost": {"amount": "10", "currency": "MYR"}}]
    whole = {"title": "Nike socks", "description": "x", "images": 1, "weighed": True}
    row = told(**whole, offers=offers, limits={"least_of_cost": "80"}, rights=[{"brand": "Nike"}])
    assert [one["id"] for one in row["problems"]] == ["cost"]
    assert row["problems"][0]["confidence"] is None
    ended = told(**whole, rights=[{"brand": "Nike", "valid_to": "2026-11-21"}])
    assert [one["form"] for one in ended["problems"]] == ["brand"]
    assert told(**whole, rights=[{"brand": "Nike", "valid_to": "2026-11-21"}], day="2026-11-21")["problems"] == []


def test_a_line_that_cannot_be_used_names_the_field() -> None:
    assert told(images="many") == {"id": "a", "error": {"field": "images", "message": "Expected `int | null`, got `str`"}}
    assert told(colour=1)["error"]["message"].endswith("`colour`")
    assert answer(b'{"id": 7}', DAY)["id"] is None
    assert answer(b"no", DAY)["error"]["field"] == "line"


@given(st.binary(max_size=60))
def test_any_line_is_answered(line: bytes) -> None:
    assert "id" in answer(line, DAY)
