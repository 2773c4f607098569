"""The fact sheet's error codes, one by one: what the caller does next, for a read and for a write, and when to try again."""

import json
from datetime import timedelta

import pytest

from storeward.connectors.contract import Level, OperationKind, Request
from storeward.connectors.errors import (
    AlreadyDone,
    AuthorizationLost,
    CallerRefused,
    NotSupported,
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    Rejected,
    TokenExpired,
    Unavailable,
    UnexpectedPayload,
)
from storeward.connectors.lazada.errors import PLATFORM, ban_in, error_of
from storeward.connectors.lazada.tests.samples import failure, ok, parse, result

READ = Request("/orders/get", "GET", "/orders/get")
WRITE = Request("/order/package/rts", "POST", "/order/package/rts", kind=OperationKind.WRITE)
TOKEN = Request("/auth/token/refresh", "POST", "/auth/token/refresh", kind=OperationKind.WRITE, token_call=True)

CODES = [
    # code, error of a read, error of a write, retry
    ("ApiCallLimit", RateLimited, RateLimited, "later"),
    ("SellerCallLimit", RateLimited, RateLimited, "later"),
    ("AppCallLimit", RateLimited, RateLimited, "later"),
    ("901", RateLimited, RateLimited, "later"),
    ("506", RateLimited, RateLimited, "later"),
    ("TRAFFIC_CONTROL", RateLimited, RateLimited, "later"),
    ("HOT_KEY_BLOCK_EXCEPTION", RateLimited, RateLimited, "later"),
    ("ServiceTimeout", Unavailable, OutcomeUnknown, "now"),
    ("998", Unavailable, Unavailable, "later"),
    ("15", Unavailable, OutcomeUnknown, "now"),
    ("6", Unavailable, OutcomeUnknown, "now"),
    ("21", Unavailable, OutcomeUnknown, "now"),
    ("1000", Unavailable, OutcomeUnknown, "now"),
    ("513", Unavailable, OutcomeUnknown, "now"),
    ("40011", Unavailable, OutcomeUnknown, "now"),
    ("SELLER_SERVICE_FAIL", Unavailable, OutcomeUnknown, "now"),
    ("THIRD_SERVICE_ERROR", Unavailable, OutcomeUnknown, "now"),
    ("SYS_ERROR", Unavailable, OutcomeUnknown, "now"),
    ("700024", RateLimited, RateLimited, "now"),
    ("106", Rejected, Rejected, "now"),
    ("IncompleteSignature", CallerRefused, CallerRefused, "never"),
    ("MissingParameter", Rejected, Rejected, "never"),
    ("IllegalTimestamp", CallerRefused, CallerRefused, "never"),
    ("AppWhiteIpLimit", CallerRefused, CallerRefused, "never"),
    ("IllegalAccessToken", TokenExpired, TokenExpired, "after_token"),
    ("InvalidAccessToken", TokenExpired, TokenExpired, "after_token"),
    ("IllegalRefreshToken", AuthorizationLost, AuthorizationLost, "never"),
    ("InvalidCode", AuthorizationLost, AuthorizationLost, "never"),
    ("AUTH_TYPE_UNSUPPORTED", AuthorizationLost, AuthorizationLost, "never"),
    ("SellerNotVerified", Rejected, Rejected, "never"),
    ("SellerNotActive", Rejected, Rejected, "never"),
    ("Mp3SellerApiLimit", NotSupported, NotSupported, "never"),
    ("14", Rejected, Rejected, "never"),
    ("17", Rejected, Rejected, "never"),
    ("19", Rejected, Rejected, "never"),
    ("36", Rejected, Rejected, "never"),
    ("74", Rejected, Rejected, "never"),
    ("75", Rejected, Rejected, "never"),
    ("16", Rejected, Rejected, "never"),
    ("37", Rejected, Rejected, "never"),
    ("38", Rejected, Rejected, "never"),
    ("39", Rejected, Rejected, "never"),
    ("56", Rejected, Rejected, "never"),
    ("20", Rejected, Rejected, "never"),
    ("32", Rejected, Rejected, "never"),
    ("34", Rejected, Rejected, "later"),
    ("35", Rejected, Rejected, "never"),
    ("30012", Rejected, Rejected, "later"),
    ("700040", Rejected, Rejected, "never"),
    ("50008", Rejected, Rejected, "never"),
    ("5", Rejected, Rejected, "never"),
    ("30", Rejected, Rejected, "never"),
    ("1", Rejected, Rejected, "never"),
    ("1001", Rejected, Rejected, "never"),
    ("501", Rejected, Rejected, "never"),
    ("204", Rejected, Rejected, "never"),
    ("4171", Rejected, Rejected, "never"),
    ("207", Rejected, Rejected, "never"),
    ("208", Rejected, Rejected, "never"),
    ("4136", Rejected, Rejected, "never"),
    ("4137", Rejected, Rejected, "never"),
    ("EDIT_ITEM_NOT_BELONG_SELLER", Rejected, Rejected, "never"),
    ("212", Rejected, Rejected, "never"),
    ("4152", Rejected, Rejected, "never"),
    ("4170", Rejected, Rejected, "later"),
    ("4155", Rejected, Rejected, "never"),
    ("4218", Rejected, Rejected, "never"),
    ("4225", Rejected, Rejected, "never"),
    ("4104", Rejected, Rejected, "never"),
    ("4146", Rejected, Rejected, "never"),
    ("10002", Rejected, Rejected, "never"),
    ("10006", Rejected, Rejected, "never"),
    ("209", Rejected, Rejected, "never"),
    ("1000012", Rejected, Rejected, "never"),
    ("1000014", Rejected, Rejected, "never"),
    ("100", Rejected, Rejected, "never"),
    ("133", Rejected, Rejected, "never"),
    ("700000", Rejected, Rejected, "never"),
    ("700022", Rejected, Rejected, "never"),
    ("700023", Rejected, Rejected, "never"),
    ("700026", Rejected, Rejected, "never"),
    ("700027", Rejected, Rejected, "never"),
    ("700029", Rejected, Rejected, "never"),
    ("700033", Rejected, Rejected, "never"),
    ("600001", Rejected, Rejected, "never"),
    ("600002", Rejected, Rejected, "never"),
    ("1003", Rejected, Rejected, "never"),
    ("PARAMS_VALIDATE_ERROR", Rejected, Rejected, "never"),
    ("-22", Rejected, Rejected, "never"),
    ("INPUT_PARAM_VALID", Rejected, Rejected, "never"),
    ("LD_INPUT_PARAM_VALID", Rejected, Rejected, "never"),
    ("LD_INVOKE_DOWNSTREAM_RESPONSE_BLANK", Rejected, Rejected, "never"),
    ("UnknownRuntimeException", Rejected, Rejected, "never"),
]


def told(request: Request, body: object, status: int = 200) -> PlatformError:
    error = error_of(request, status, body if isinstance(body, bytes) else json.dumps(body).encode())
    assert error is not None
    return error


@pytest.mark.parametrize(
    ("code", "read", "write", "retry"), CODES, ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_a_code_says_what_to_do_next(code: str, read: type[PlatformError], write: type[PlatformError], retry: str) -> None:
    asked, done = told(READ, failure(code)), told(WRITE, failure(code))
    assert (type(asked), type(done)) == (read, write)
    assert (asked.platform, asked.operation, asked.code, asked.request_id) == (PLATFORM, "/orders/get", code, "r")
    (problem,) = parse("/orders/get", failure(code)).problems
    assert (problem.field, problem.level, problem.message) == ("code", Level.PLATFORM, "no")
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == (code, retry)


def test_a_code_may_come_as_a_number() -> None:
    body = {"code": 901, "type": "ISP", "message": "slow", "request_id": "r"}
    assert type(told(READ, body)) is RateLimited
    assert error_of(READ, 200, b'{"code":0,"data":{}}') is None


@pytest.mark.parametrize("code", ["4711", "SomethingNew", "999999999999999999999"])
def test_an_unknown_code_is_worth_another_read_but_no_other_write(code: str) -> None:
    assert type(told(READ, failure(code))) is Unavailable
    assert type(told(WRITE, failure(code))) is Rejected
    (read,) = parse("/orders/get", failure(code)).problems
    (write,) = parse("/order/package/rts", failure(code)).problems
    assert read.error is not None
    assert write.error is not None
    assert (read.error.retry.value, write.error.retry.value) == ("now", "never")


def test_flow_control_is_told_by_its_words() -> None:
    assert type(told(READ, failure("1002", "blocked by Sentinel: flow"))) is RateLimited
    assert type(told(READ, failure("1002", "who knows"))) is Unavailable
    assert type(told(WRITE, failure("1002", "who knows"))) is Rejected


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("Api access frequency exceeds the limit. this ban will last 1 seconds", 1),
        ("Api access frequency exceeds the limit. this ban will last 86400 seconds", 86400),
        ("This ban will last 1 second", 1),
        ("E0901: Limit service request speed in server side temporarily.", None),
        ("this ban will last some seconds", None),
        ("", None),
    ],
)
def test_the_length_of_a_ban_is_read_from_its_words(message: str, seconds: int | None) -> None:
    wait = None if seconds is None else timedelta(seconds=seconds)
    assert ban_in(message) == wait
    error = told(READ, failure("ApiCallLimit", message))
    assert isinstance(error, RateLimited)
    assert error.wait == wait


HIDDEN = [
    # what hides the failure, its field, its code, the error of a write
    (ok(True, success=False, error_code="SYS_ERROR", error_msg="down"), "error_code", "SYS_ERROR", OutcomeUnknown),
    (ok(None, success="false", error_code="TRAFFIC_CONTROL", error_msg="x"), "error_code", "TRAFFIC_CONTROL", RateLimited),
    (ok(None, success=False, err_code="-22", err_message="order too old"), "err_code", "-22", Rejected),
    (ok(None, success=True, err_code="1001", err_message="bad"), "err_code", "1001", Rejected),
    (ok(None, success=False, errorCodes=["15"], errorMsgs=["remote"]), "errorCodes", "15", OutcomeUnknown),
    (ok(None, success=False, error_msg="just no"), "success", "", Rejected),
    (result(success=False, error_code="700040", error_msg="not printable"), "result.error_code", "700040", Rejected),
    (result(success=False, errorCode="700040", errorMsg="not printable"), "result.errorCode", "700040", Rejected),
    (result(success="false", error_code="15", error_msg="remote"), "result.error_code", "15", OutcomeUnknown),
    (result(success=True, not_success=True, error_code="15"), "result.error_code", "15", OutcomeUnknown),
    (
        result(success=False, error_code={"displayMessage": "LD_INPUT_PARAM_VALID"}),
        "result.error_code",
        "LD_INPUT_PARAM_VALID",
        Rejected,
    ),
]


@pytest.mark.parametrize(("body", "field", "code", "kind"), HIDDEN)
def test_a_failure_under_code_0_is_found(body: dict[str, object], field: str, code: str, kind: type[PlatformError]) -> None:
    assert type(told(WRITE, body)) is kind
    (problem,) = parse("/order/package/rts", body).problems
    assert (problem.field, problem.level) == (field, Level.PLATFORM)
    assert problem.error is not None
    assert problem.error.code == code
    assert parse("/order/package/rts", body).records == []


SUCCESSES = [
    ok({}),
    ok({}, success=True, error_code="REQUEST_CANNOT_BE_NULL"),  # as the documentation prints a success
    ok({}, success="true", error_code=""),
    ok({}, success=True, err_code="0", err_message="SUCCESS"),
    ok({}, success=True, error_code=None, error_msg=None),
    ok({}, err_code="", err_message=""),
    result({}),
    result({}, success="true", not_success=False, error_code=""),
    result({}, success=True, error_code={}),
    {"code": "0", "result": None},
    {"code": "0"},
]


@pytest.mark.parametrize("body", SUCCESSES)
def test_a_success_is_none_of_these(body: dict[str, object]) -> None:
    assert error_of(READ, 200, json.dumps(body).encode()) is None
    assert error_of(WRITE, 200, json.dumps(body).encode()) is None


def test_a_reply_that_stands_already_is_done() -> None:
    body = ok(False, success=False, error_code="PARAMS_VALIDATE_ERROR", error_msg="REPLY_ALREADY")
    assert type(told(WRITE, body)) is AlreadyDone
    late = ok(False, success=False, error_code="PARAMS_VALIDATE_ERROR", error_msg="BEYOND_REPLY_PERIOD")
    assert type(told(WRITE, late)) is Rejected


def test_a_cancellation_that_is_refused_by_a_tip_is_refused() -> None:
    request = Request("/order/reverse/cancel/create", "GET", "/order/reverse/cancel/create", kind=OperationKind.WRITE)
    tip = ok({"tip_type": "error", "tip_content": "Item is already shipped."})
    assert str(told(request, tip)) == "lazada /order/reverse/cancel/create: Item is already shipped. (code error, request r)"
    for word in ("warn", "warning", "success", ""):
        assert error_of(request, 200, json.dumps(ok({"tip_type": word, "tip_content": "x"})).encode()) is None
    assert error_of(READ, 200, json.dumps(tip).encode()) is None


def test_a_token_that_may_have_been_renewed_is_asked_for_again() -> None:
    assert type(told(TOKEN, failure("15"))) is Unavailable


UNREADABLE = [
    (READ, 200, b"<html>bad gateway</html>", Unavailable),
    (READ, 200, b'{"data":{"orders":[{"order_id":1', Unavailable),
    (READ, 200, b'{"data":{}}', UnexpectedPayload),
    (READ, 200, b"[]}", UnexpectedPayload),
    (READ, 429, b"", RateLimited),
    (READ, 503, b"", Unavailable),
    (READ, 500, b"oops", Unavailable),
    (READ, 502, b'{"message":"x"}', Unavailable),
    (READ, 404, b"not here", UnexpectedPayload),
    (READ, 302, b"", UnexpectedPayload),
    (WRITE, 200, b'{"result":{"success":tr', OutcomeUnknown),
    (WRITE, 504, b"", OutcomeUnknown),
    (WRITE, 429, b"", RateLimited),
    (WRITE, 503, b"", Unavailable),
    (READ, 500, b'{"code":"0","data":{}}', Unavailable),
    (WRITE, 500, b'{"code":"0","data":{}}', OutcomeUnknown),
]


@pytest.mark.parametrize(("request_", "status", "body", "kind"), UNREADABLE)
def test_an_answer_that_is_no_frame_is_told_by_its_status(
    request_: Request, status: int, body: bytes, kind: type[PlatformError]
) -> None:
    error = told(request_, body, status)
    assert type(error) is kind
    assert error.code is None


@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_the_code_goes_before_the_status(status: int) -> None:
    assert type(told(READ, failure("IllegalAccessToken"), status)) is TokenExpired


def test_every_sku_that_failed_is_named() -> None:
    body = failure("501", "E0501: Update product failed") | {
        "detail": [
            {"sku_id": 12761620980, "seller_sku": "TEE-M", "code": "4170", "field": "SellableQuantity", "message": "campaign"},
            {"sku": "CAP-1", "code": 212, "message": "negative sellable"},
            {"message": "who knows"},
            {},
        ]
    }
    parsed = parse("/product/stock/sellable/update", body)
    assert [(p.field, p.message, p.error and (p.error.code, p.error.retry.value)) for p in parsed.problems] == [
        ("code", "E0501: Update product failed", ("501", "never")),
        ("detail[0].code", "sku 12761620980, seller sku TEE-M, field SellableQuantity: campaign", ("4170", "later")),
        ("detail[1].code", "sku CAP-1: negative sellable", ("212", "never")),
        ("detail[2].code", "who knows", ("", "never")),
        ("detail[3].code", "no message", ("", "never")),
    ]
    assert parsed.failed
