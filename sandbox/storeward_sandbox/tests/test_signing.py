"""Signatures against the platform's own published example and the vectors that several clients agree on."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.tiktok_shop.signing import canonical, equal, request_sign, webhook_sign


def _vectors(shared_dir: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared_dir / "platforms/tiktok_shop/signature_vectors.json").read_text())
    return found


def test_every_request_vector_is_met(shared_dir: Path) -> None:
    for vector in _vectors(shared_dir)["vectors"]:
        sign = request_sign(
            secret=vector["app_secret"],
            path=vector["path"],
            query=vector["query"].items(),
            content_type=vector["content_type"],
            body=(vector["body"] or "").encode(),
        )
        assert sign == vector["expected_sign"], vector["id"]


def test_every_webhook_vector_is_met(shared_dir: Path) -> None:
    vectors = next(value for name, value in _vectors(shared_dir).items() if "webhook" in name and isinstance(value, list))
    for vector in vectors:
        body = vector.get("body") or vector.get("raw_body")
        sign = webhook_sign(key=vector["app_key"], secret=vector["app_secret"], body=body.encode())
        assert sign in (vector.get("expected_sign"), vector.get("expected_authorization")), vector


def test_the_published_example_is_met() -> None:
    sign = request_sign(
        secret="e59af819cc",
        path="/authorization/202309/shops",
        query=[("timestamp", "1623812664"), ("app_key", "29a39d")],
        content_type=None,
        body=b"",
    )
    assert sign == "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8"


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=6))
def test_the_order_of_parameters_plays_no_part(query: dict[str, str]) -> None:
    forward = request_sign(secret="s", path="/p", query=query.items(), content_type=None, body=b"x")
    backward = request_sign(secret="s", path="/p", query=reversed(query.items()), content_type=None, body=b"x")
    assert equal(forward, backward)
    assert forward == forward.lower()


@given(st.binary(max_size=40))
def test_a_multipart_body_is_not_signed(body: bytes) -> None:
    kind = "multipart/form-data; boundary=abc"
    assert request_sign(secret="s", path="/p", query=[], content_type=kind, body=body) == request_sign(
        secret="s", path="/p", query=[], content_type=kind, body=b""
    )


def test_the_token_and_the_sign_itself_are_not_signed() -> None:
    plain = request_sign(secret="s", path="/p", query=[("a", "1")], content_type=None, body=b"")
    more = [("a", "1"), ("sign", "x"), ("access_token", "y")]
    assert request_sign(secret="s", path="/p", query=more, content_type=None, body=b"") == plain


def test_of_a_repeated_key_the_first_value_counts() -> None:
    once = request_sign(secret="s", path="/p", query=[("ids", "1")], content_type=None, body=b"")
    assert request_sign(secret="s", path="/p", query=[("ids", "1"), ("ids", "2")], content_type=None, body=b"") == once


def test_every_value_of_a_repeated_key_may_count_instead() -> None:
    query = [("ids", "2"), ("a", "0"), ("ids", "1")]
    assert canonical("/p", query) == b"/pa0ids2"
    assert canonical("/p", query, every_value=True) == b"/pa0ids2ids1"
