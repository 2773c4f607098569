"""Signatures of requests and pushes: every published vector, and what a signature covers."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import require_shared
from storeward_sandbox.shopee.signing import equal, push_sign, request_sign


@cache
def vectors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((require_shared() / "platforms" / "shopee" / "signature_vectors.json").read_text())
    return found


def test_every_request_vector_is_met() -> None:
    rows = vectors()["vectors"]
    assert len(rows) == 20
    for row in rows:
        subject = str(row.get("shop_id") or row.get("merchant_id") or "")
        made = request_sign(
            key=row["partner_key"],
            partner_id=row["partner_id"],
            path=row["path"],
            timestamp=row["timestamp"],
            token=row.get("access_token", ""),
            subject=subject,
        )
        assert made == row["expected_sign"], row["name"]


def test_every_push_vector_is_met() -> None:
    rows = vectors()["push_vectors"]
    assert len(rows) == 8
    for row in rows:
        made = push_sign(key=row["push_key"], callback_url=row["callback_url"], body=row["raw_body"].encode())
        assert made == row["expected_sign"], row["name"]


KNOWN = {"key": "shpkabc", "partner_id": 2000001, "path": "/api/v2/shop/get_shop_info", "timestamp": 1700000000}


@pytest.mark.parametrize(
    "change",
    [
        {"key": "shpkabd"},
        {"partner_id": 2000002},
        {"path": "/api/v2/shop/get_profile"},
        {"timestamp": 1700000001},
        {"token": "t"},
        {"token": "t", "subject": "1"},
    ],
)
def test_everything_that_is_signed_counts(change: dict[str, Any]) -> None:
    assert request_sign(**{**KNOWN, **change}) != request_sign(**KNOWN)  # type: ignore[arg-type]


def test_a_signature_is_64_lowercase_hex_digits() -> None:
    made = request_sign(**KNOWN)  # type: ignore[arg-type]
    assert len(made) == 64
    assert set(made) <= set("0123456789abcdef")


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_push_is_signed_over_its_raw_bytes(one: bytes, other: bytes) -> None:
    signs = [push_sign(key="k", callback_url="http://a.test/x", body=body) for body in (one, other)]
    assert (signs[0] == signs[1]) == (one == other)


def test_a_push_is_signed_over_its_address() -> None:
    here, there = (push_sign(key="k", callback_url=url, body=b"{}") for url in ("http://a.test/x", "http://a.test/x/"))
    assert not equal(here, there)
    assert equal(here, here)
