"""Signatures against the vectors of the specification."""

import json
from functools import cache
from typing import Any

import pytest

from conftest import require_shared
from storeward_sandbox.lazada.signing import equal, push_sign, request_sign, text_to_sign

Json = dict[str, Any]


@cache
def vectors() -> Json:
    found: Json = json.loads((require_shared() / "platforms" / "lazada" / "signature_vectors.json").read_text())
    return found


def signed(vector: Json, *, with_empty: bool = True) -> str:
    params = {name: value for name, value in vector["params"].items() if name not in vector["file_params_not_signed"]}
    return request_sign(secret=vector["app_secret"], path=vector["path"], params=params.items(), with_empty=with_empty)


def test_requests_are_signed_as_five_clients_do() -> None:
    for vector in vectors()["vectors"]:
        params = {name: value for name, value in vector["params"].items() if name not in vector["file_params_not_signed"]}
        assert text_to_sign(vector["path"], params.items()) == vector["string_to_sign"], vector["id"]
        assert signed(vector) == vector["expected_sign"], vector["id"]


def test_empty_values_are_signed_in_both_ways_that_clients_have() -> None:
    for vector in vectors()["empty_value_vectors"]:
        assert signed(vector) == vector["expected_sign"]
        assert signed(vector, with_empty=False) == vector["expected_sign_skipping_empty"]


def test_pushes_are_signed_over_key_and_body() -> None:
    for vector in vectors()["push_vectors"]:
        found = push_sign(key=vector["app_key"], secret=vector["app_secret"], body=vector["raw_body"].encode())
        assert found == vector["expected_authorization"], vector["id"]


def test_what_must_be_refused_is_no_signature_of_ours() -> None:
    by_id = {vector["id"]: vector for vector in vectors()["vectors"]}
    for wrong in vectors()["invalid"]:
        if "refused" in wrong["must"]:
            assert not equal(signed(by_id[wrong["of"]]), wrong["value"])


def test_the_signature_itself_is_never_signed() -> None:
    assert text_to_sign("/a", [("b", "1"), ("sign", "X")]) == "/ab1"


@pytest.mark.parametrize("names", [["a", "B"], ["B", "a"], ["a_", "aA", "aB"]])
def test_names_are_in_byte_order_however_they_came(names: list[str]) -> None:
    text = text_to_sign("", [(name, "") for name in names])
    assert text == "".join(sorted(names, key=lambda name: name.encode()))
