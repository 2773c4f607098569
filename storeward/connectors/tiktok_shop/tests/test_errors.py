"""The code table, and answers that are no envelope at all."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors import errors
from storeward.connectors.contract import OperationKind, Request, Retry
from storeward.connectors.tiktok_shop.errors import MEANINGS, error_of, retry_of

READ = Request("getOrderList", "POST", "/order/202309/orders/search")
WRITE = Request("shipPackage", "POST", "/ship", kind=OperationKind.WRITE)


def body(code: int, message: str = "words") -> bytes:
    return json.dumps({"code": code, "message": message, "request_id": "r1", "data": None}).encode()


@pytest.mark.parametrize(
    ("code", "status", "error", "retry"),
    [
        (36009002, 429, errors.RateLimited, Retry.LATER),
        (36009037, 400, errors.RateLimited, Retry.LATER),
        (45101004, 400, errors.QuotaSpent, Retry.LATER),
        (36009003, 500, errors.Unavailable, Retry.NOW),
        (36009007, 504, errors.Unavailable, Retry.NOW),
        (25001028, 400, errors.RateLimited, Retry.NOW),
        (11034037, 400, errors.Unavailable, Retry.LATER),
        (105001, 401, errors.TokenExpired, Retry.AFTER_TOKEN),
        (105002, 401, errors.TokenExpired, Retry.AFTER_TOKEN),
        (105005, 403, errors.ScopeMissing, Retry.NEVER),
        (36004004, 200, errors.AuthorizationLost, Retry.NEVER),
        (36004001, 200, errors.AuthorizationLost, Retry.NEVER),
        (101000, 400, errors.AuthorizationLost, Retry.NEVER),
        (106001, 401, errors.CallerRefused, Retry.NEVER),
        (106013, 400, errors.Rejected, Retry.NEVER),
        (36009014, 400, errors.Rejected, Retry.NEVER),
        (12052038, 400, errors.Rejected, Retry.LATER),
        (11006021, 400, errors.AlreadyDone, Retry.NEVER),
        (25020009, 400, errors.AlreadyDone, Retry.NEVER),
        (987654321, 400, errors.Rejected, Retry.NEVER),
    ],
)
def test_a_code_becomes_what_to_do_next(code: int, status: int, error: type[errors.PlatformError], retry: Retry) -> None:
    found = error_of(READ, status, body(code))
    assert type(found) is error
    assert found.code == str(code)
    assert found.request_id == "r1"
    assert found.platform == "tiktok_shop"
    assert found.operation == "getOrderList"
    assert retry_of(code, "words") is retry


@pytest.mark.parametrize(
    ("message", "retry"),
    [
        ("access token is invalid", Retry.AFTER_TOKEN),
        ("Expired credentials", Retry.AFTER_TOKEN),
        ("timestamp out of range", Retry.NEVER),
        ("unexpected identifier shop_cipher", Retry.NEVER),
    ],
)
def test_the_bundle_code_is_told_apart_by_its_message(message: str, retry: Retry) -> None:
    assert retry_of(36009004, message) is retry


def test_a_code_that_only_its_words_explain_is_a_fault_of_the_platform() -> None:
    words = "System process error, please try again later."
    assert isinstance(error_of(READ, 200, body(21001008, words)), errors.Unavailable)
    assert isinstance(error_of(WRITE, 200, body(21001008, words)), errors.OutcomeUnknown)
    assert retry_of(21001008, words) is Retry.LATER


@pytest.mark.parametrize("code", [36009003, 36009007])
def test_a_write_that_failed_inside_the_platform_may_have_been_carried_out(code: int) -> None:
    assert isinstance(error_of(WRITE, 500, body(code)), errors.OutcomeUnknown)


def test_a_write_that_was_refused_for_its_rate_was_not_carried_out() -> None:
    assert isinstance(error_of(WRITE, 429, body(36009002)), errors.RateLimited)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (36009004, "This API does not support the shop's region."),
        (28001033, "This API is not supported in the shop's region."),
    ],
)
def test_what_a_market_has_not_is_not_supported(code: int, message: str) -> None:
    assert isinstance(error_of(READ, 400, body(code, message)), errors.NotSupported)
    assert retry_of(code, message) is Retry.NEVER


def test_success_is_no_error_whatever_is_in_data() -> None:
    assert error_of(READ, 200, b'{"code":0,"message":"Success","data":{"orders":[]},"request_id":"r"}') is None
    assert error_of(READ, 200, b'{"code":"0","message":null,"data":{}}') is None


def test_a_401_is_decided_by_its_code_not_by_its_status() -> None:
    assert isinstance(error_of(READ, 401, body(106001)), errors.CallerRefused)
    assert isinstance(error_of(READ, 401, body(105002)), errors.TokenExpired)


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (200, b'{"code":0,"data":{"orders":[{"id":"57', errors.Unavailable),
        (200, b"<html>maintenance</html>", errors.UnexpectedPayload),
        (200, b"[]", errors.UnexpectedPayload),
        (200, b"\xff\xfe", errors.UnexpectedPayload),
        (200, b'{"message":"no code"}', errors.UnexpectedPayload),
        (404, b"not found", errors.UnexpectedPayload),
        (422, b'{"detail":"x"}', errors.UnexpectedPayload),
        (429, b"slow down", errors.RateLimited),
        (500, b"", errors.Unavailable),
        (502, b"<html>", errors.Unavailable),
        (503, b"", errors.Unavailable),
        (500, b'{"code":0,"data":{}}', errors.Unavailable),
    ],
)
def test_an_answer_that_is_no_envelope(status: int, answer: bytes, error: type[errors.PlatformError]) -> None:
    assert type(error_of(READ, status, answer)) is error


@pytest.mark.parametrize(("status", "answer"), [(200, b"garbage"), (500, b""), (502, b"<html>"), (404, b"x")])
def test_a_write_whose_answer_cannot_be_read_has_an_unknown_outcome(status: int, answer: bytes) -> None:
    assert type(error_of(WRITE, status, answer)) is errors.OutcomeUnknown


@given(st.integers(100, 599), st.binary(max_size=80))
def test_no_answer_crashes_the_table(status: int, answer: bytes) -> None:
    found = error_of(READ, status, answer)
    assert found is None or isinstance(found, errors.PlatformError)


def test_every_sample_of_an_error_has_its_meaning(shared_dir: Path) -> None:
    expected = {
        "error_cs_daily_quota": ("QuotaSpent", "later"),
        "error_internal": ("Unavailable", "now"),
        "error_missing_shop_cipher": ("Rejected", "never"),
        "error_rate_limited": ("RateLimited", "later"),
        "error_retired_version": ("Rejected", "never"),
        "error_scope_missing": ("ScopeMissing", "never"),
        "error_sign_invalid": ("CallerRefused", "never"),
        "error_token_expired": ("TokenExpired", "after_token"),
    }
    found = {}
    for file in sorted((shared_dir / "platforms/tiktok_shop/samples").glob("error_*.json")):
        sample = json.loads(file.read_bytes())
        error = error_of(READ, sample["http_status_assumed"], json.dumps(sample["body"]).encode())
        assert error is not None
        found[file.stem] = (error.family, retry_of(sample["body"]["code"], sample["body"]["message"]).value)
    assert found == expected


def test_every_listed_code_is_an_error_class_of_ours() -> None:
    assert all(issubclass(meaning.error, errors.PlatformError) for meaning in MEANINGS.values())
