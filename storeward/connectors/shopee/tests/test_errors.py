"""What each error key makes the caller do next."""

import json
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors import errors
from storeward.connectors.contract import Access, AppKeys, Ask, Level, Request, Retry
from storeward.connectors.errors import PlatformError
from storeward.connectors.shopee import CONNECTOR, orders, packages
from storeward.connectors.shopee.errors import MEANINGS, meaning_of

from .samples import described, folder, parse

READ = orders.list_orders_request(Ask())
WRITE = packages.ship_request("2512017TFPB0HF", packages.own_carrier("X1"))


def error_of(code: str, message: str = "", *, request: Request = READ, status: int = 200) -> PlatformError | None:
    body = json.dumps({"error": code, "message": message, "request_id": "q1"}).encode()
    return CONNECTOR.error_of(request, status, body)


TABLE = [
    ("error_sign", "Wrong sign.", errors.CallerRefused, Retry.NEVER),
    ("error_param", "Timestamp is expired.", errors.CallerRefused, Retry.LATER),
    ("error_param", "wrong parameters", errors.Rejected, Retry.NEVER),
    ("invalid_partner_id", "", errors.CallerRefused, Retry.NEVER),
    ("invalid_acceess_token", "", errors.TokenExpired, Retry.AFTER_TOKEN),
    ("error_auth", "Invalid access_token.", errors.TokenExpired, Retry.AFTER_TOKEN),
    ("common.error_auth", "no permission", errors.TokenExpired, Retry.AFTER_TOKEN),
    ("error_auth", "Invalid refresh_token.", errors.AuthorizationLost, Retry.NEVER),
    ("error_permission", "", errors.ScopeMissing, Retry.NEVER),
    ("error_api_permission", "", errors.ScopeMissing, Retry.NEVER),
    ("error_api_call_restricted", "", errors.ScopeMissing, Retry.NEVER),
    ("api_suspended", "", errors.NotSupported, Retry.NEVER),
    ("shop_no_linked", "", errors.AuthorizationLost, Retry.NEVER),
    ("partner_shop_no_link", "", errors.AuthorizationLost, Retry.NEVER),
    ("shop_banned", "", errors.Rejected, Retry.NEVER),
    ("source_ip_undeclared", "", errors.CallerRefused, Retry.NEVER),
    ("error_partner_key_expired", "", errors.Rejected, Retry.NEVER),
    ("error_rate_limit", "", errors.RateLimited, Retry.LATER),
    ("error_limit", "", errors.QuotaSpent, Retry.LATER),
    ("common.error_limit", "", errors.QuotaSpent, Retry.LATER),
    ("order.error_limit", "cannot be cancelled", errors.Rejected, Retry.NEVER),
    ("error_server", "", errors.Unavailable, Retry.NOW),
    ("product.error_server", "", errors.Unavailable, Retry.NOW),
    ("error_inner", "", errors.Unavailable, Retry.NOW),
    ("error_network", "", errors.Unavailable, Retry.NOW),
    ("error_system_busy", "", errors.Unavailable, Retry.NOW),
    ("system_busy", "", errors.Unavailable, Retry.NOW),
    ("error_data", "parse failed", errors.Unavailable, Retry.NOW),
    ("error_data", "data not exist", errors.Rejected, Retry.NEVER),
    ("error_not_found", "", errors.Rejected, Retry.NEVER),
    ("error_shop", "", errors.Rejected, Retry.NEVER),
    ("order.order_list_invalid_time", "", errors.Rejected, Retry.NEVER),
    ("logistics.ship_order_not_ready_to_ship", "", errors.Rejected, Retry.LATER),
    ("logistics.package_already_shipped", "", errors.AlreadyDone, Retry.NEVER),
    ("logistics.ship_order_need_pacakge_number", "", errors.Rejected, Retry.NEVER),
    ("logistics.tracking_number_invalid", "", errors.Unavailable, Retry.LATER),
    ("logistics.download_later", "", errors.Unavailable, Retry.LATER),
    ("logistics.package_print_failed", "", errors.Unavailable, Retry.LATER),
    ("logistics.package_can_not_print", "", errors.Rejected, Retry.NEVER),
    ("common.batch_api_all_failed", "", errors.Rejected, Retry.NEVER),
    ("warehouse.error_not_in_whitelist", "", errors.NotSupported, Retry.NEVER),
    ("product.duplicate_request", "", errors.AlreadyDone, Retry.NEVER),
    ("wallet.time_invalid", "", errors.Rejected, Retry.NEVER),
    ("error_cannt_edit_price_in_promotion", "", errors.Rejected, Retry.LATER),
    ("first_chat_without_order_info", "", errors.Rejected, Retry.NEVER),
    ("something_new", "", errors.Rejected, Retry.NEVER),
]


@pytest.mark.parametrize(("code", "message", "kind", "retry"), TABLE)
def test_a_key_says_what_to_do_next(code: str, message: str, kind: type[PlatformError], retry: Retry) -> None:
    for status in (200, 403):
        error = error_of(code, message, status=status)
        assert type(error) is kind
        assert error is not None
        assert (error.code, error.request_id, error.operation) == (code, "q1", "order.get_order_list")
    assert meaning_of(code, message).retry is retry


@pytest.mark.parametrize("said", ["", "-", " ", None])
def test_an_empty_key_is_success_whatever_it_is_made_of(said: str | None) -> None:
    assert CONNECTOR.error_of(READ, 200, json.dumps({"error": said, "message": "success"}).encode()) is None


@pytest.mark.parametrize("code", ["error_server", "error_inner", "error_network", "error_system_busy", "error_data"])
def test_a_write_that_failed_inside_the_platform_may_have_been_carried_out(code: str) -> None:
    assert type(error_of(code, request=WRITE)) is errors.OutcomeUnknown


@pytest.mark.parametrize("code", ["logistics.tracking_number_invalid", "logistics.download_later"])
def test_a_write_that_came_too_early_was_certainly_not_carried_out(code: str) -> None:
    assert type(error_of(code, request=WRITE)) is errors.Unavailable


@pytest.mark.parametrize(
    ("status", "body", "of_read", "of_write"),
    [
        (200, b"<html>", errors.UnexpectedPayload, errors.OutcomeUnknown),
        (200, b'{"error":"", "resp', errors.Unavailable, errors.OutcomeUnknown),
        (200, b'{"code":0}', errors.UnexpectedPayload, errors.OutcomeUnknown),
        (200, b"[]", errors.UnexpectedPayload, errors.OutcomeUnknown),
        (502, b"bad gateway", errors.Unavailable, errors.OutcomeUnknown),
        (429, b"", errors.RateLimited, errors.RateLimited),
        (503, b"", errors.Unavailable, errors.Unavailable),
        (404, b'{"error":""}', errors.UnexpectedPayload, errors.OutcomeUnknown),
    ],
)
def test_what_is_no_envelope_is_judged_by_status_and_by_what_was_asked(
    status: int, body: bytes, of_read: type[PlatformError], of_write: type[PlatformError]
) -> None:
    assert type(CONNECTOR.error_of(READ, status, body)) is of_read
    assert type(CONNECTOR.error_of(WRITE, status, body)) is of_write


def test_a_call_of_which_every_part_failed_failed_for_the_reason_of_its_parts() -> None:
    row = {"order_sn": "A1", "fail_error": "logistics.tracking_number_invalid", "fail_message": "not assigned yet"}
    told = {"error": "common.batch_api_all_failed", "message": "all failed", "request_id": "q1"}
    body = json.dumps({**told, "response": {"result_list": [row]}}).encode()
    error = CONNECTOR.error_of(WRITE, 200, body)
    assert isinstance(error, errors.Unavailable)
    assert (error.code, error.message, error.request_id) == ("logistics.tracking_number_invalid", "not assigned yet", "q1")
    others: list[Any] = [None, {}, {"result_list": []}, {"result_list": [{}]}, {"result_list": "x"}, []]
    for response in others:
        plain = CONNECTOR.error_of(WRITE, 200, json.dumps({**told, "response": response}).encode())
        assert isinstance(plain, errors.Rejected)
        assert plain.code == "common.batch_api_all_failed"


def test_a_file_is_a_good_answer_of_the_call_for_labels_and_of_no_other() -> None:
    label = packages.label_request([("2512017TFPB0HF", None)])
    assert CONNECTOR.error_of(label, 200, b"%PDF-1.4 ...") is None
    assert CONNECTOR.error_of(label, 200, b"PK\x03\x04") is None
    assert isinstance(CONNECTOR.error_of(label, 502, b"<html>"), errors.Unavailable)
    refused = CONNECTOR.error_of(label, 200, b'{"error":"logistics.package_can_not_print","message":"no"}')
    assert isinstance(refused, errors.Rejected)
    assert isinstance(CONNECTOR.error_of(READ, 200, b"%PDF-1.4"), errors.UnexpectedPayload)


PUBLISHED = {
    "error.chat_first_message_needs_order": (errors.Rejected, "never"),
    "error.error_api_permission": (errors.ScopeMissing, "never"),
    "error.error_auth": (errors.TokenExpired, "after_token"),
    "error.error_limit": (errors.QuotaSpent, "later"),
    "error.error_param": (errors.CallerRefused, "later"),
    "error.error_permission": (errors.ScopeMissing, "never"),
    "error.error_rate_limit": (errors.RateLimited, "later"),
    "error.error_refresh_token": (errors.AuthorizationLost, "never"),
    "error.error_server": (errors.Unavailable, "now"),
    "error.error_sign": (errors.CallerRefused, "never"),
    "error.invalid_acceess_token": (errors.TokenExpired, "after_token"),
    "error.wallet_window_too_large": (errors.Rejected, "never"),
    "error.warehouse_not_in_whitelist": (errors.NotSupported, "never"),
}


def test_every_published_error_is_known_to_callers_and_to_reports(shared_dir: Path) -> None:
    files = {file.name.removesuffix(".json"): file for file in folder(shared_dir).glob("error.*.json")}
    assert set(files) == set(PUBLISHED)
    for name, (kind, retry) in PUBLISHED.items():
        body = files[name].read_bytes()
        assert type(CONNECTOR.error_of(READ, 403, body)) is kind, name
        parsed = parse("order.get_order_detail", body)
        (problem,) = parsed.problems
        assert problem.error is not None
        assert (parsed.records, parsed.failed, problem.level, problem.field) == ([], True, Level.PLATFORM, "error")
        assert (problem.error.code, problem.error.retry.value) == (json.loads(body)["error"], retry), name


def test_no_key_that_the_platform_lists_makes_us_stumble(shared_dir: Path) -> None:
    listed = {key for call in described(shared_dir).values() for key in call["endpoint_errors"]}
    assert len(listed) > 50
    for key in listed:
        assert isinstance(error_of(key, "any words"), PlatformError)


def test_an_answer_never_shows_a_secret() -> None:
    error = error_of("error_auth", "Invalid access_token.")
    assert "shpk" not in repr(error)
    assert Access("token-1").access_token not in repr(Access("token-1"))
    assert "shpk" not in repr(AppKeys("1", "shpk", push_key="shpk2"))


def test_the_table_lists_nothing_twice_in_two_meanings() -> None:
    for key, meaning in MEANINGS.items():
        last = key.rpartition(".")[2]
        assert "." not in key or last not in MEANINGS or MEANINGS[last] == meaning
