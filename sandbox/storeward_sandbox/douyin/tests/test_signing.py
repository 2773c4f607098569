"""Signatures, against vectors computed by the platform's SDKs."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.douyin.signing import HMAC, MD5, canonical, equal, push_sign, signed, text_to_sign
from storeward_sandbox.douyin.tests.support import Json

SIGNED = ("app_key", "method", "param_json", "timestamp", "v")


def vectors(shared_dir: Path, kind: str) -> list[Json]:
    found = json.loads((shared_dir / "platforms" / "douyin_shop" / "signature_vectors.json").read_text())
    return [one for one in found["vectors"] + found["negative"] if one["kind"] == kind]


def fields(one: Json) -> dict[str, str]:
    return {name: one[name] for name in SIGNED if name in one}


def test_every_request_vector_is_met(shared_dir: Path) -> None:
    known = vectors(shared_dir, "api")
    assert len(known) == 20
    for one in known:
        assert canonical(one["params"]) == one["param_json"], one["id"]
        assert text_to_sign(one["app_secret"], fields(one)) == one["string_to_sign"], one["id"]
        assert signed(one["app_secret"], fields(one), one["sign_method"]) == one["sign"], one["id"]


def test_every_push_vector_is_met_over_the_bytes_as_sent(shared_dir: Path) -> None:
    known = vectors(shared_dir, "push")
    assert len(known) == 5
    for one in known:
        sign = push_sign(key=one["app_key"], secret=one["app_secret"], body=one["body"].encode())
        assert sign == one["event_sign"], one["id"]


def test_fewer_fields_are_signed_where_the_platform_calls_the_app(shared_dir: Path) -> None:
    for one in vectors(shared_dir, "spi"):
        assert signed(one["app_secret"], fields(one), MD5) == one["sign_md5"]
        assert signed(one["app_secret"], fields(one), HMAC) == one["sign_hmac_sha256"]


def test_another_text_has_another_signature(shared_dir: Path) -> None:
    right = {one["id"]: one for one in vectors(shared_dir, "api")}
    for one in vectors(shared_dir, "negative"):
        meant = right[one["use"]]
        wrong = signed(meant["app_secret"], {**fields(meant), "param_json": one["wrong_param_json"]}, HMAC)
        assert (wrong, meant["sign"]) == (one["sign_of_wrong_text"], one["must_not_equal"])
        assert not equal(wrong, meant["sign"])


def test_a_sign_in_other_letters_than_ascii_is_just_wrong() -> None:
    assert not equal("签名", "0" * 64)


@given(st.dictionaries(st.text(max_size=6), st.integers() | st.text(max_size=8), max_size=6))
def test_canonical_text_does_not_depend_on_the_order_of_keys(params: dict[str, int | str]) -> None:
    turned = dict(reversed(list(params.items())))
    assert canonical(params) == canonical(turned)
    assert json.loads(canonical(params)) == params


@given(st.text(max_size=20), st.text(max_size=20))
def test_one_secret_s_sign_is_not_another_s(secret: str, other: str) -> None:
    text = {"app_key": "1", "param_json": "{}"}
    assert (signed(secret, text) == signed(other, text)) == (secret == other)
