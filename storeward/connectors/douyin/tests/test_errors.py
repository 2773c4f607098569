"""What each of the platform's errors makes the caller do next: tables 4.2, 4.3, 8 and 9 of the fact sheet, row by row."""

import json
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors import errors
from storeward.connectors.contract import Level, OperationKind, Request, Retry
from storeward.connectors.douyin.errors import error_of, inner_meaning, meaning_of

from . import samples
from .samples import ok, parse

READ = Request("order.searchList", "POST", "/order/searchList")
SHIP = Request("order.logisticsAddMultiPack", "POST", "/order/logisticsAddMultiPack", kind=OperationKind.WRITE)


def request(method: str, *, write: bool = False, token: bool = False) -> Request:
    kind = OperationKind.WRITE if write else OperationKind.READ
    return Request(method, "POST", "/" + method.replace(".", "/"), kind=kind, token_call=token)


def answer(code: Any, sub_code: str = "", **more: Any) -> bytes:
    told = {"code": code, "msg": "said", "sub_code": sub_code, "sub_msg": "why", "log_id": "L1", "data": None}
    return json.dumps(told | more).encode()


CODES: list[tuple[int, str, type[errors.PlatformError], Retry]] = [
    (20000, "", errors.Unavailable, Retry.LATER),
    (20000, "dop.service-error", errors.Unavailable, Retry.LATER),
    (20000, "isp.service-error:10005", errors.Unavailable, Retry.LATER),
    (20001, "isp.service-timeout-error:1", errors.Unavailable, Retry.LATER),
    (30000, "", errors.Rejected, Retry.NEVER),
    (30001, "", errors.ScopeMissing, Retry.NEVER),
    (30001, "isv.app-permissions-insufficient", errors.ScopeMissing, Retry.NEVER),
    (30001, "dop.authorization-no-existed", errors.AuthorizationLost, Retry.NEVER),
    (30001, "dop.authorization-closed", errors.AuthorizationLost, Retry.NEVER),
    (30001, "dop.app-forbidden", errors.AuthorizationLost, Retry.NEVER),
    (30002, "", errors.CallerRefused, Retry.NEVER),
    (40001, "isv.signature-missing", errors.CallerRefused, Retry.NEVER),
    (40001, "isv.app-id-missing", errors.CallerRefused, Retry.NEVER),
    (40001, "isv.access-token-missing", errors.Rejected, Retry.NEVER),
    (40001, "isv.parameter-missing", errors.Rejected, Retry.NEVER),
    (40002, "isv.missing-parameter:1", errors.Rejected, Retry.NEVER),
    (40003, "isv.signature-invalid", errors.CallerRefused, Retry.NEVER),
    (40003, "isv.access-token-expired", errors.TokenExpired, Retry.AFTER_TOKEN),
    (40003, "isv.access-token-no-existed", errors.TokenExpired, Retry.AFTER_TOKEN),
    (40003, "isv.access-token-invalid", errors.AuthorizationLost, Retry.NEVER),
    (40003, "isv.app-id-invalid", errors.CallerRefused, Retry.NEVER),
    (40003, "isv.app-id-expired", errors.CallerRefused, Retry.NEVER),
    (40003, "isv.authorization-type-invalid", errors.Rejected, Retry.NEVER),
    (40003, "isv.idempotent-id-existed", errors.AlreadyDone, Retry.NEVER),
    (40003, "isv.timestamp-invalid", errors.CallerRefused, Retry.NEVER),
    (40003, "isv.timestamp-format-error", errors.CallerRefused, Retry.NEVER),
    (40003, "isv.parameter-format-invalid", errors.Rejected, Retry.NEVER),
    (40004, "isv.parameter-invalid:20012", errors.Rejected, Retry.NEVER),
    (50000, "", errors.Unavailable, Retry.LATER),
    (50001, "", errors.Rejected, Retry.NEVER),
    (50001, "dop.token-generate-failed:code-expired", errors.AuthorizationLost, Retry.NEVER),
    (50001, "dop.token-generate-failed:code-invalid", errors.AuthorizationLost, Retry.NEVER),
    (50001, "dop.token-generate-failed:app-secret-invalid", errors.CallerRefused, Retry.NEVER),
    (50001, "dop.token-generate-failed:grant-type-invalid", errors.Rejected, Retry.NEVER),
    (50001, "dop.token-generate-failed:app-forbidden", errors.Rejected, Retry.NEVER),
    (50001, "dop.token-generate-failed:no-authorization", errors.AuthorizationLost, Retry.NEVER),
    (50001, "dop.token-generate-failed:token-expired", errors.AuthorizationLost, Retry.NEVER),
    (50001, "dop.token-generate-failed:token-invalid", errors.AuthorizationLost, Retry.NEVER),
    (50002, "isv.business-failed:1", errors.Rejected, Retry.NEVER),
    (60000, "", errors.RateLimited, Retry.LATER),
    (70000, "isp.api-service-off", errors.NotSupported, Retry.NEVER),
    (70000, "", errors.NotSupported, Retry.NEVER),
    (80000, "", errors.Rejected, Retry.NEVER),
    (90000, "isp.unknown-error", errors.Unavailable, Retry.NOW),
    (90000, "dop.unknown-error", errors.Unavailable, Retry.NOW),
    (12345, "", errors.Rejected, Retry.NEVER),
    (-1, "", errors.Rejected, Retry.NEVER),
]


@pytest.mark.parametrize(("code", "sub_code", "kind", "retry"), CODES)
@pytest.mark.parametrize("quoted", [False, True])
def test_every_code_of_the_table_says_what_to_do_next(
    code: int, sub_code: str, kind: type[errors.PlatformError], retry: Retry, quoted: bool
) -> None:
    error = error_of(READ, 200, answer(str(code) if quoted else code, sub_code))
    assert type(error) is kind
    assert error is not None
    assert (error.platform, error.operation, error.code, error.request_id) == ("douyin", "order.searchList", str(code), "L1")
    assert error.message == (f"{sub_code}: why" if sub_code else "why")
    parsed = parse("order.searchList", answer(code, sub_code))
    (problem,) = parsed.problems
    assert (problem.field, problem.level, parsed.records) == ("code", Level.PLATFORM, [])
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry) == (str(code), retry)


@pytest.mark.parametrize(("code", "sub_code"), [(20000, "isp.service-error:1"), (20001, ""), (50000, ""), (90000, "")])
def test_a_write_that_failed_inside_the_platform_may_have_been_carried_out(code: int, sub_code: str) -> None:
    assert type(error_of(SHIP, 200, answer(code, sub_code))) is errors.OutcomeUnknown
    assert type(error_of(READ, 200, answer(code, sub_code))) is errors.Unavailable


def test_a_write_that_was_one_too_many_was_not_carried_out() -> None:
    assert type(error_of(SHIP, 200, answer(60000))) is errors.RateLimited


def test_a_token_call_that_failed_inside_the_platform_may_be_tried_again() -> None:
    assert type(error_of(request("token.refresh", write=True, token=True), 200, answer(20000))) is errors.Unavailable


SHIPPING: list[tuple[str, type[errors.PlatformError], Retry]] = [
    *((number, errors.Rejected, Retry.NEVER) for number in ("60040", "60120", "70005")),  # a refund is open on a line
    ("60068", errors.Rejected, Retry.NEVER),  # refunded before shipping
    *((number, errors.Rejected, Retry.NEVER) for number in ("60021", "60113", "70023")),  # cancelled, finished
    ("60110", errors.AlreadyDone, Retry.NEVER),  # shipped already
    ("60109", errors.Rejected, Retry.LATER),  # under review for an hour or two
    ("60137", errors.Rejected, Retry.NEVER),  # not paid
    *((number, errors.Rejected, Retry.NEVER) for number in ("60101", "60033", "60102")),  # not this shop's
    *((number, errors.Rejected, Retry.NEVER) for number in ("60018", "60011", "60127", "60128")),  # carrier or waybill
    *((number, errors.Rejected, Retry.NEVER) for number in ("70018", "70019", "70020", "70022")),  # the waybill is used
    *((number, errors.Rejected, Retry.NEVER) for number in ("60027", "60072", "70016", "60134", "700029")),  # addresses
    ("60032", errors.Rejected, Retry.NEVER),  # more than 400 orders
    *((number, errors.Rejected, Retry.NEVER) for number in ("60056", "60046", "60047", "60051")),  # serial numbers
    *((number, errors.Rejected, Retry.NEVER) for number in ("60116", "60123", "60024", "60107", "60108", "60131")),
    ("60138", errors.Rejected, Retry.NEVER),  # to the door only
    *(
        (number, errors.OutcomeUnknown, Retry.LATER)
        for number in ("60106", "60114", "60118", "60121", "60124", "60125", "60132", "70009", "70011", "8888", "120032")
    ),  # busy
]


@pytest.mark.parametrize(("number", "kind", "retry"), SHIPPING)
@pytest.mark.parametrize("method", ["order.logisticsAdd", "order.logisticsAddMultiPack", "order.logisticsAddSinglePack"])
def test_a_refusal_to_ship_is_told_apart_by_its_number(
    method: str, number: str, kind: type[errors.PlatformError], retry: Retry
) -> None:
    sub_code = f"isv.business-failed:{number}"
    assert type(error_of(request(method, write=True), 200, answer(50002, sub_code))) is kind
    assert meaning_of(50002, sub_code, method).retry is retry


@pytest.mark.parametrize("number", ["10005", "10009", "10018", "20003", "99997"])
def test_a_busy_service_may_have_shipped(number: str) -> None:
    assert type(error_of(SHIP, 200, answer(20000, f"isp.service-error:{number}"))) is errors.OutcomeUnknown


@pytest.mark.parametrize("number", ["60110", "60109", "8888"])
def test_the_numbers_of_shipping_mean_nothing_elsewhere(number: str) -> None:
    found = meaning_of(50002, f"isv.business-failed:{number}", "sku.syncStock")
    assert (found.error, found.retry) == (errors.Rejected, Retry.NEVER)


BY_METHOD: list[tuple[str, int, str, type[errors.PlatformError]]] = [
    ("token.refresh", 50002, "isv.business-failed:31009", errors.AuthorizationLost),
    ("token.create", 50002, "isv.business-failed:31009", errors.Rejected),
    ("afterSale.operate", 50002, "isv.business-failed:11001", errors.Rejected),
    ("afterSale.operate", 50002, "isv.business-failed:20309541", errors.Rejected),
    ("afterSale.operate", 40004, "isv.parameter-invalid:11000", errors.Rejected),
    ("afterSale.operate", 20000, "isp.service-error:10000", errors.Rejected),
    ("afterSale.Detail", 20000, "isp.service-error:10000", errors.Rejected),
    ("afterSale.returnGoodsToWareHouseSuccess", 50002, "isv.business-failed:11002", errors.Rejected),
    ("order.searchList", 20000, "isp.service-error:10000", errors.Unavailable),
    ("sku.syncStock", 40004, "isv.parameter-invalid:40010", errors.AlreadyDone),
    ("sku.syncStockBatch", 40004, "isv.parameter-invalid:40010", errors.AlreadyDone),
    ("sku.editPrice", 40004, "isv.parameter-invalid:40010", errors.Rejected),
    ("sku.syncStock", 50002, "isv.business-failed:2010045", errors.Rejected),
    ("sku.syncStock", 50002, "isv.business-failed:-20008", errors.Rejected),
    ("product.setOnline", 50002, "isv.business-failed:-40001", errors.Rejected),
]


@pytest.mark.parametrize(("method", "code", "sub_code", "kind"), BY_METHOD)
def test_a_number_means_what_its_method_says(method: str, code: int, sub_code: str, kind: type[errors.PlatformError]) -> None:
    assert type(error_of(request(method), 200, answer(code, sub_code))) is kind


@pytest.mark.parametrize("code", [10000, "10000", 10001, "10001"])
def test_a_success_is_no_error(code: Any) -> None:
    assert error_of(READ, 200, answer(code)) is None


def test_a_request_that_failed_in_part_is_read_and_says_so() -> None:
    body = {**ok({"shop_order_list": [{"order_id": "1", "order_status": 2}]}), "code": 10001, "msg": "部分失败"}
    parsed = parse("order.searchList", body)
    assert len(parsed.records) == 1
    assert [(problem.field, problem.level) for problem in parsed.problems] == [("code", Level.PLATFORM)]


OLD_FORM: list[tuple[dict[str, Any], bool]] = [
    ({"err_no": 0, "message": "success", "data": {}}, True),
    ({"err_no": "0", "message": "success", "data": []}, True),
    ({"err_no": 0, "code": 10000, "data": {}}, True),
    ({"err_no": 0, "code": 20000, "data": {}}, False),
    ({"err_no": 30001, "message": "no"}, False),
    ({"err_no": 7, "message": "no"}, False),
]


@pytest.mark.parametrize(("body", "good"), OLD_FORM)
def test_the_older_frame_counts_where_it_stands_alone(body: dict[str, Any], good: bool) -> None:
    assert (error_of(READ, 200, json.dumps(body).encode()) is None) is good
    parsed = parse("order.searchList", body)
    assert not parsed.unreadable
    assert [problem.level for problem in parsed.problems] == ([] if good else [Level.PLATFORM])


def test_the_older_frame_names_its_own_field() -> None:
    (problem,) = parse("order.searchList", {"err_no": 7, "message": "no such shop"}).problems
    assert (problem.field, problem.message) == ("err_no", "no such shop")
    assert problem.error is not None
    assert problem.error.code == "7"


HIDDEN: list[tuple[Any, type[errors.PlatformError] | None, Retry | None]] = [
    ("100000", None, None),
    ("1000001", None, None),
    (100000, None, None),
    ("", None, None),
    (None, None, None),
    ("100015", errors.Unavailable, Retry.LATER),
    ("100016", errors.Rejected, Retry.NEVER),
    ("100025", errors.Unavailable, Retry.LATER),
    ("999", errors.Rejected, Retry.NEVER),
]


@pytest.mark.parametrize(("inner", "kind", "retry"), HIDDEN)
@pytest.mark.parametrize("method", ["order.downloadToShop", "order.getSettleBillDetailV3", "order.getShopAccountItem"])
def test_bills_hide_failures_under_the_outer_success(
    method: str, inner: Any, kind: type[errors.PlatformError] | None, retry: Retry | None
) -> None:
    body = ok({"code": inner, "code_msg": "said within", "data": []})
    error = error_of(request(method), 200, json.dumps(body).encode())
    assert type(error) is (kind or type(None))
    parsed = parse(method, body)
    if error is None:
        assert parsed.problems == []
    else:
        (problem,) = parsed.problems
        assert (error.message, error.code, problem.field) == ("said within", str(inner), "data.code")
        assert problem.error is not None
        assert problem.error.retry is retry


def test_an_inner_code_counts_only_where_bills_have_one() -> None:
    assert error_of(READ, 200, json.dumps(ok({"code": "100025"})).encode()) is None
    assert inner_meaning("100000") is None


WAYS: list[tuple[int, bytes, bool, type[errors.PlatformError]]] = [
    (502, b"<html>bad gateway</html>", False, errors.Unavailable),
    (500, b"", False, errors.Unavailable),
    (503, b"busy", False, errors.Unavailable),
    (503, b"busy", True, errors.Unavailable),
    (429, b"slow", False, errors.RateLimited),
    (429, b"slow", True, errors.RateLimited),
    (200, b'{"code":100', False, errors.Unavailable),
    (200, b"<html>", False, errors.UnexpectedPayload),
    (200, b"[]", False, errors.UnexpectedPayload),
    (200, b"{}", False, errors.UnexpectedPayload),
    (200, b"null", False, errors.UnexpectedPayload),
    (404, b"nothing here", False, errors.UnexpectedPayload),
    (302, b"", False, errors.UnexpectedPayload),
    (400, b'{"code":10000}', False, errors.UnexpectedPayload),
    (200, b"\xff\xfe", False, errors.UnexpectedPayload),
    (502, b"<html>", True, errors.OutcomeUnknown),
    (200, b'{"code":100', True, errors.OutcomeUnknown),
    (200, b"{}", True, errors.OutcomeUnknown),
    (500, b'{"code":10000}', True, errors.OutcomeUnknown),
]


@pytest.mark.parametrize(("status", "body", "write", "kind"), WAYS)
def test_what_is_no_answer_of_the_platform(status: int, body: bytes, write: bool, kind: type[errors.PlatformError]) -> None:
    assert type(error_of(SHIP if write else READ, status, body)) is kind


def test_a_business_error_counts_whatever_the_status() -> None:
    assert type(error_of(READ, 400, answer(40003, "isv.access-token-expired"))) is errors.TokenExpired
    assert type(error_of(SHIP, 500, answer(60000))) is errors.RateLimited


PUBLISHED: dict[str, tuple[str, type[errors.PlatformError]]] = {
    "error.api_offline": ("order.searchList", errors.NotSupported),
    "error.ip": ("order.searchList", errors.CallerRefused),
    "error.no_permission": ("order.searchList", errors.ScopeMissing),
    "error.param": ("order.searchList", errors.Rejected),
    "error.rate_limited": ("order.searchList", errors.RateLimited),
    "error.refresh_dead": ("token.refresh", errors.AuthorizationLost),
    "error.service": ("order.searchList", errors.Unavailable),
    "error.ship_already": ("order.logisticsAdd", errors.AlreadyDone),
    "error.ship_bad_waybill": ("order.logisticsAdd", errors.Rejected),
    "error.ship_refund_pending": ("order.logisticsAdd", errors.Rejected),
    "error.ship_risk_review": ("order.logisticsAdd", errors.Rejected),
    "error.shop_unbound": ("order.searchList", errors.AuthorizationLost),
    "error.sign_invalid": ("order.searchList", errors.CallerRefused),
    "error.token_expired": ("order.searchList", errors.TokenExpired),
    "error.token_missing": ("order.searchList", errors.TokenExpired),
}


def test_every_published_error_is_read(shared_dir: Path) -> None:
    found = {}
    for file in samples.errors(shared_dir):
        method, _ = PUBLISHED[file.stem]
        error = error_of(request(method), 200, file.read_bytes())
        assert error is not None
        assert error.request_id is not None
        found[file.stem] = (method, type(error))
        assert parse(method, file.read_bytes()).failed
    assert found == PUBLISHED


def test_no_error_ever_shows_a_token() -> None:
    body = answer(40003, "isv.access-token-expired", data={"access_token": "SECRET"})
    assert "SECRET" not in str(error_of(READ, 200, body))
