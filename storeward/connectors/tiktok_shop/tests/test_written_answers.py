"""Every write: how its good answer, its refusal and its lost answer are read."""

import json
from typing import Any

import pytest

from storeward.connectors.contract import OperationKind
from storeward.connectors.tiktok_shop import CONNECTOR
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, told
from storeward.connectors.tiktok_shop.tests.test_requests import UPLOADS, WRITES

PLAIN = (
    "activateProducts",
    "approveCancellation",
    "approveReturn",
    "batchShipPackages",
    "deactivateProducts",
    "deleteWebhookForAnEvent",
    "endSession",
    "markBuyerMessagesAsRead",
    "rejectCancellation",
    "rejectReturn",
    "rejectReturn_202309",
    "reviewAftersalesRequests",
    "shipPackage",
    "updateAgentSettings",
    "updateInventory",
    "updateOrderShippingInfo",
    "updatePackageDeliveryStatus",
    "updatePackageShippingInfo",
    "updatePackageShippingInfo_202309",
    "updatePrice",
    "updateShopWebhook",
    "uploadInvoice",
)
"""Writes whose good answer says nothing more than that it is good."""

TELLING: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "cancelOrder": ({"cancel_id": "1"}, {"kind": "cancellation", "platform_cancellation_id": "1"}),
    "cancelOrder_202309": ({"cancel_id": "1"}, {"kind": "cancellation", "platform_cancellation_id": "1"}),
    "createReturn": ({"return_id": "1"}, {"kind": "return", "platform_return_id": "1"}),
    "createReturn_202309": ({"return_id": "1"}, {"kind": "return", "platform_return_id": "1"}),
    "createPackages": ({"package_id": "1"}, {"kind": "package", "platform_package_id": "1"}),
    "createPackages_202309": ({"package_id": "1"}, {"kind": "package", "platform_package_id": "1"}),
    "markPackageAsShipped": ({"package_id": "1"}, {"kind": "package", "platform_package_id": "1"}),
    "markPackageAsShipped_202309": ({"package_id": "1"}, {"kind": "package", "platform_package_id": "1"}),
    "confirmOrderSplit": ({"packages": [{"id": "1"}]}, {"kind": "package", "platform_package_id": "1"}),
    "combinePackage": ({"packages": [{"id": "1"}]}, {"kind": "package", "platform_package_id": "1"}),
    "uncombinePackages": ({"packages": [{"id": "1"}]}, {"kind": "package", "platform_package_id": "1"}),
    "editProduct": ({"product_id": "1"}, {"kind": "listing", "platform_listing_id": "1"}),
    "partialEditProduct": ({"product_id": "1"}, {"kind": "listing", "platform_listing_id": "1"}),
    "createConversation": ({"conversation_id": "1"}, {"kind": "conversation", "platform_conversation_id": "1"}),
    "sendMessage": ({"message_id": "1"}, {"kind": "message", "platform_message_id": "1"}),
    "sendMessage_202309": ({"message_id": "1"}, {"kind": "message", "platform_message_id": "1"}),
}
RECEIPTS = {
    "uploadProductImage": {
        "uri": "tos/1",
        "url": "https://i.example/1",
        "width": "100",
        "height": "50",
        "use_case": "MAIN_IMAGE",
    },
    "uploadImageForBuyerMessages": {"url": "https://i.example/1", "width": "100", "height": "50"},
}
TOKENS = {"token_get", "token_refresh"}


def test_no_write_is_left_out_here() -> None:
    writes = {name for name, operation in CONNECTOR.operations.items() if operation.kind is OperationKind.WRITE}
    assert {*PLAIN, *TELLING, *RECEIPTS, *TOKENS} == writes


@pytest.mark.parametrize("name", PLAIN)
def test_a_good_answer_without_a_record(name: str) -> None:
    for body in (ok(), {"code": 0, "message": "Success", "request_id": "r", "data": None}, {"code": 0, "request_id": "r"}):
        parsed = parse(name, body)
        assert (parsed.records, parsed.problems, parsed.failed, parsed.unreadable) == ([], [], False, False)
        assert (parsed.request_id, dict(parsed.receipt)) == ("r", {})


@pytest.mark.parametrize("name", sorted(TELLING))
def test_a_good_answer_with_what_came_of_it(name: str) -> None:
    data, expected = TELLING[name]
    parsed = parse(name, ok(**data))
    (record,) = told(parsed)
    assert expected.items() <= record.items()
    assert CONNECTOR.operations[name].records == (expected["kind"],)


@pytest.mark.parametrize("name", sorted(TELLING.keys() - {"confirmOrderSplit", "combinePackage", "uncombinePackages"}))
def test_a_good_answer_that_does_not_name_what_came_of_it_is_an_error(name: str) -> None:
    parsed = parse(name, ok())
    assert (parsed.records, [p.level.value for p in parsed.problems], parsed.failed) == ([], ["error"], True)


@pytest.mark.parametrize("name", sorted(RECEIPTS))
def test_an_upload_answers_with_where_it_lies(name: str) -> None:
    sent = {**RECEIPTS[name], "width": 100, "height": 50}
    parsed = parse(name, ok(**sent))
    assert (dict(parsed.receipt), parsed.problems) == (RECEIPTS[name], [])


@pytest.mark.parametrize("name", sorted({*PLAIN, *TELLING, *RECEIPTS}))
def test_a_refusal_of_a_part_is_told_beside_what_succeeded(name: str) -> None:
    data = dict(TELLING[name][0]) if name in TELLING else {}
    failed = [{"code": 21011007, "message": "Blocked", "detail": {"package_id": "115"}}]
    parsed = parse(name, ok(**data, errors=failed))
    (problem,) = [problem for problem in parsed.problems if problem.error is not None]
    assert (problem.field, problem.message) == ("data.errors[0].code", "package 115: Blocked")
    assert parsed.failed
    assert len(parsed.records) == (1 if name in TELLING else 0)


REFUSALS = [
    (400, 21011007, "Rejected"),
    (400, 25020009, "AlreadyDone"),
    (401, 105002, "TokenExpired"),
    (403, 105005, "ScopeMissing"),
    (429, 36009002, "RateLimited"),
    (500, 36009003, "OutcomeUnknown"),
    (504, 36009007, "OutcomeUnknown"),
]
LOST = [(200, b""), (200, b'{"code":0,"da'), (502, b"<html>"), (500, b'{"code":0}')]


@pytest.mark.parametrize("name", sorted(WRITES))
def test_an_error_answer_to_a_write(name: str) -> None:
    request = WRITES[name]()
    for status, code, family in REFUSALS:
        body = json.dumps({"code": code, "message": "no", "request_id": "r1", "data": {}}).encode()
        error = CONNECTOR.error_of(request, status, body)
        assert error is not None
        assert (error.family, error.operation, error.code, error.request_id) == (family, name, str(code), "r1")


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_whose_answer_is_lost_is_never_taken_for_done(name: str) -> None:
    request = WRITES[name]()
    for status, body in LOST:
        error = CONNECTOR.error_of(request, status, body)
        assert error is not None
        assert error.family == "OutcomeUnknown"


def test_a_good_answer_to_a_write_is_no_error() -> None:
    for build in (WRITES | UPLOADS).values():
        assert CONNECTOR.error_of(build(), 200, b'{"code":0,"message":"Success","request_id":"r","data":{}}') is None
