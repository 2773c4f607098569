"""Every row of the platform's code table: what to do next, for a read and for a write, and when to repeat it."""

import json

import pytest

from storeward.connectors.contract import OperationKind, Request
from storeward.connectors.tiktok_shop.errors import error_of
from storeward.connectors.tiktok_shop.tests.samples import parse

READ = Request("getOrderList", "POST", "/order/202309/orders/search")
WRITE = Request("shipPackage", "POST", "/ship", kind=OperationKind.WRITE)

# code, message, retry, what a read raises, what a write raises
ROWS: list[tuple[int, str, str, str, str]] = [
    (36009002, "Too many requests", "later", "RateLimited", "RateLimited"),
    (36009007, "Gateway time-out", "now", "Unavailable", "OutcomeUnknown"),
    (36009003, "Internal error", "now", "Unavailable", "OutcomeUnknown"),
    (36009004, "sign is missing", "never", "CallerRefused", "CallerRefused"),
    (36009004, "Invalid access token", "after_token", "TokenExpired", "TokenExpired"),
    (36009004, "Invalid app_key", "never", "CallerRefused", "CallerRefused"),
    (36009004, "timestamp out of range", "never", "CallerRefused", "CallerRefused"),
    (36009004, "unexpected identifier shop_cipher", "never", "Rejected", "Rejected"),
    (36009004, "invalid shop_id", "never", "Rejected", "Rejected"),
    (36009004, "invalid version", "never", "Rejected", "Rejected"),
    (36009009, "Unknown path", "never", "Rejected", "Rejected"),
    (36009010, "Unknown method", "never", "Rejected", "Rejected"),
    (36009014, "Version retired", "never", "Rejected", "Rejected"),
    (36009021, "File too big", "never", "Rejected", "Rejected"),
    (36009022, "Wrong body format", "never", "Rejected", "Rejected"),
    (36009023, "Must be multipart", "never", "Rejected", "Rejected"),
    (36009033, "Address not on the allow list", "never", "CallerRefused", "CallerRefused"),
    (36009037, "Quota", "later", "RateLimited", "RateLimited"),
    (105001, "Invalid token", "after_token", "TokenExpired", "TokenExpired"),
    (105002, "Token expired", "after_token", "TokenExpired", "TokenExpired"),
    (105005, "Scope not granted", "never", "ScopeMissing", "ScopeMissing"),
    (106001, "Bad signature", "never", "CallerRefused", "CallerRefused"),
    (106013, "shop_cipher missing", "never", "Rejected", "Rejected"),
    (101000, "Shop does not match cipher", "never", "AuthorizationLost", "AuthorizationLost"),
    (36004001, "rt has expired", "never", "AuthorizationLost", "AuthorizationLost"),
    (36004004, "invalid auth code", "never", "AuthorizationLost", "AuthorizationLost"),
    (36004005, "can not find related auth record", "never", "AuthorizationLost", "AuthorizationLost"),
    (98001004, "invalid parameter", "never", "Rejected", "Rejected"),
    (45101004, "Customer-service quota used up", "later", "QuotaSpent", "QuotaSpent"),
    (45111012, "Too many coupon cards", "later", "RateLimited", "RateLimited"),
    (45101003, "Not found", "never", "Rejected", "Rejected"),
    (45101006, "Sensitive words", "never", "Rejected", "Rejected"),
    (45102007, "No access", "never", "Rejected", "Rejected"),
    (45109001, "Conversation rules forbid sending", "never", "Rejected", "Rejected"),
    (45109003, "May not open a conversation", "never", "Rejected", "Rejected"),
    (12052032, "Product does not exist", "never", "Rejected", "Rejected"),
    (12052260, "Product does not exist", "never", "Rejected", "Rejected"),
    (12019150, "Product does not exist", "never", "Rejected", "Rejected"),
    (12052038, "Price locked by a running promotion", "later", "Rejected", "Rejected"),
    (12019045, "Price locked by a running promotion", "later", "Rejected", "Rejected"),
    (12052393, "Stock locked by a promotion", "never", "Rejected", "Rejected"),
    (12019028, "SKU has several warehouses", "never", "Rejected", "Rejected"),
    (12052055, "Quantity out of range", "never", "Rejected", "Rejected"),
    (12019024, "Quantity invalid", "never", "Rejected", "Rejected"),
    (12052901, "Product status does not allow it", "never", "Rejected", "Rejected"),
    (12052180, "Search beyond 10,000 results", "never", "Rejected", "Rejected"),
    (21008111, "Order is another shop's", "never", "Rejected", "Rejected"),
    (21011028, "Package is another shop's", "never", "Rejected", "Rejected"),
    (21023035, "Label before shipping was arranged", "never", "Rejected", "Rejected"),
    (21042104, "Label before shipping was arranged", "never", "Rejected", "Rejected"),
    (11034037, "Label still being made", "later", "Unavailable", "Unavailable"),
    (11034023, "Label timed out", "later", "Unavailable", "Unavailable"),
    (21023022, "Label still being made", "later", "Unavailable", "Unavailable"),
    (21042102, "Label after pickup", "never", "Rejected", "Rejected"),
    (11034002, "Label only for platform shipping", "never", "Rejected", "Rejected"),
    (21008017, "Label only for platform shipping", "never", "Rejected", "Rejected"),
    (21021010, "An after-sales request blocks the package", "never", "Rejected", "Rejected"),
    (21011007, "An after-sales request blocks the package", "never", "Rejected", "Rejected"),
    (21008044, "An after-sales request blocks the package", "never", "Rejected", "Rejected"),
    (11006021, "Already shipped", "never", "AlreadyDone", "AlreadyDone"),
    (21011020, "Already shipped", "never", "AlreadyDone", "AlreadyDone"),
    (21008099, "Already shipped", "never", "AlreadyDone", "AlreadyDone"),
    (21011022, "Tracking number wrong", "never", "Rejected", "Rejected"),
    (11028006, "Carrier wrong", "never", "Rejected", "Rejected"),
    (21004015, "Tracking number wrong", "never", "Rejected", "Rejected"),
    (21011025, "Duplicate tracking number", "never", "Rejected", "Rejected"),
    (21011050, "Tracking number may not be changed", "never", "Rejected", "Rejected"),
    (21011051, "Tracking number may not be changed", "never", "Rejected", "Rejected"),
    (21011052, "Tracking number may not be changed", "never", "Rejected", "Rejected"),
    (21004006, "Invoice needed first", "never", "Rejected", "Rejected"),
    (21004019, "Invoice needed first", "never", "Rejected", "Rejected"),
    (21004020, "Invoice needed first", "never", "Rejected", "Rejected"),
    (25001001, "Bad after-sales parameter", "never", "Rejected", "Rejected"),
    (25001003, "Request is in another state", "never", "Rejected", "Rejected"),
    (25020003, "Request is in another state", "never", "Rejected", "Rejected"),
    (25020004, "Request is of another type", "never", "Rejected", "Rejected"),
    (25011012, "Request is in another state", "never", "Rejected", "Rejected"),
    (25011013, "Request is of another type", "never", "Rejected", "Rejected"),
    (25001014, "Reason does not fit", "never", "Rejected", "Rejected"),
    (25001016, "Reason does not fit", "never", "Rejected", "Rejected"),
    (25001021, "Reason does not fit", "never", "Rejected", "Rejected"),
    (25001057, "Reason does not fit", "never", "Rejected", "Rejected"),
    (25001028, "Lock held", "now", "RateLimited", "RateLimited"),
    (25011010, "Taken over by the platform", "never", "Rejected", "Rejected"),
    (25020009, "Already cancelled", "never", "AlreadyDone", "AlreadyDone"),
    (25020010, "Already approved", "never", "AlreadyDone", "AlreadyDone"),
    (25020005, "Not this shop's request", "never", "Rejected", "Rejected"),
]


@pytest.mark.parametrize(("code", "message", "retry", "of_read", "of_write"), ROWS)
def test_a_row_of_the_table(code: int, message: str, retry: str, of_read: str, of_write: str) -> None:
    answer = {"code": code, "message": message, "request_id": "r1", "data": None}
    for request, family in ((READ, of_read), (WRITE, of_write)):
        error = error_of(request, 400, json.dumps(answer).encode())
        assert error is not None
        assert (error.family, error.code, error.message, error.request_id) == (family, str(code), message, "r1")
    for operation in ("getOrderList", "getOrderPriceDetails", "shipPackage", "getShopPerformance", "token_get"):
        parsed = parse(operation, answer)
        (problem,) = parsed.problems
        assert (parsed.records, parsed.failed, problem.field, problem.level.value) == ([], True, "code", "platform")
        assert problem.error is not None
        assert (problem.error.code, problem.error.retry.value, problem.message) == (str(code), retry, message)


@pytest.mark.parametrize(
    ("sent", "shown", "retry"),
    [
        (21011020, "21011020", "never"),
        ("36009003", "36009003", "now"),
        ("STOCK_LOCKED", "STOCK_LOCKED", "never"),
        ("STOCK_LOCKED: try again later", "STOCK_LOCKED: try again later", "never"),
        ("", "", "never"),
        (0, "0", "never"),
        (None, "", "never"),
    ],
)
def test_a_part_that_failed_keeps_its_code_as_it_came(sent: object, shown: str, retry: str) -> None:
    errors = [{"code": sent, "message": "no", "detail": {"sku_id": 1729592969712207012}}]
    parsed = parse("updateInventory", {"code": 0, "message": "Success", "request_id": "r", "data": {"errors": errors}})
    (problem,) = parsed.problems
    assert (problem.field, problem.level.value, problem.message) == (
        "data.errors[0].code",
        "platform",
        "sku 1729592969712207012: no",
    )
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == (shown, retry)
