"""All published samples at once: what kinds they yield, which problems they really have, and that every id arrives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import to_json
from storeward.connectors.contract import Level
from storeward.connectors.lazada import CONNECTOR
from storeward.connectors.lazada.tests.samples import answers, folder, index, parse, parse_sample, problems, told
from storeward.connectors.wire import plain

KINDS = {
    "auth_token_create": ["store"],
    "auth_token_create_crossborder": ["store"] * 3,
    "auth_token_refresh": ["store"],
    "finance_account_transactions_query": ["transaction"] * 2,
    "finance_account_transactions_query_docs": ["transaction"],
    "finance_payout_status_get": ["statement"] * 2,
    "finance_payout_status_get_docs": ["statement"],
    "finance_transaction_details_get": ["transaction"] * 5,
    "finance_transaction_details_get_docs": ["transaction"],
    "im_message_list": ["message"] * 4,
    "im_message_send": ["message"],
    "im_session_get": ["conversation"],
    "im_session_list": ["conversation"],
    "im_session_list_last_page": [],
    "im_session_open": ["conversation"],
    "im_session_read": [],
    "image_upload": [],
    "logistic_order_trace": ["package"],
    "order_document_get": [],
    "order_fulfill_pack": ["package"],
    "order_fulfill_pack_partial_failure": ["package"],
    "order_get": ["order"],
    "order_items_get_cancel_requested": ["order_lines"],
    "order_items_get_multi_package": ["order_lines"],
    "order_items_get_pending": ["order_lines"],
    "order_items_get_vn_capture": ["order_lines"],
    "order_package_document_get_html": [],
    "order_package_document_get_pdf": [],
    "order_package_document_get_refused": [],
    "order_package_repack": [],
    "order_package_rts": ["package"],
    "order_package_rts_failure": [],
    "order_reverse_cancel_seller_decide": [],
    "order_reverse_cancel_validate": [],
    "order_reverse_cancel_validate_refused": [],
    "order_reverse_reason_list": [],
    "order_reverse_return_detail_list": ["return"],
    "order_reverse_return_history_list": [],
    "order_reverse_return_update": ["return"],
    "order_shipment_providers_get": [],
    "order_shipment_providers_get_crossborder": [],
    "orders_get_empty": [],
    "orders_get_page1": ["order"] * 3,
    "orders_get_page2": ["order"] * 2,
    "orders_get_sg_2018": ["order"],
    "orders_items_get": ["order_lines"] * 2,
    "product_item_get": ["listing"],
    "product_qc_alert_list": ["listing"],
    "product_seller_item_limit": ["metric"] * 4,
    "product_stock_sellable_update_failed": [],
    "product_stock_sellable_update_ok": [],
    "product_update_ok": [],
    "products_get": ["listing"] * 2,
    "rc_warehouse_detail_get": [],
    "reverse_getreverseordersforseller": ["return", "cancellation", "return"],
    "review_seller_history_list": ["review"] * 3,
    "review_seller_list_v2": ["review"] * 3,
    "review_seller_reply_add": [],
    "review_seller_reply_add_already": [],
    "seller_get": ["store"],
    "seller_metrics_get": ["metric"] * 4,
    "seller_performance_get": ["metric"] * 7,
    "seller_performance_get_docs": ["metric"],
    "seller_policy_fetch": [],
    "seller_warehouse_get": [],
    "sellercenter_msg_list": [],
}
PROBLEMS = {
    "finance_account_transactions_query_docs": [("data.transactions[0].amount", "note")],
    "finance_payout_status_get_docs": [("data[0].created_at", "note"), ("data[0].updated_at", "note")],
    "order_fulfill_pack_partial_failure": [
        ("result.data.pack_order_list[0].order_item_list[1].item_err_code", "platform"),
        ("result.data.pack_order_list[1].order_item_list[0].item_err_code", "platform"),
    ],
    "order_package_document_get_refused": [("result.error_code", "platform")],
    "order_package_repack": [("result.data.packages[0].item_err_code", "platform")],
    "order_package_rts_failure": [("result.data.packages[0].item_err_code", "platform")],
    "order_reverse_cancel_validate_refused": [("data.tip_type", "note")],
    "order_reverse_return_update": [("data.reverse_order_line[0].refund_amount", "note")],
    "product_stock_sellable_update_failed": [("code", "platform"), ("detail[0].code", "platform")],
    "review_seller_reply_add_already": [("error_code", "platform")],
}
ERRORS = {
    "error_901_speed_limit": ("901", "later"),
    "error_api_call_limit": ("ApiCallLimit", "later"),
    "error_illegal_access_token": ("IllegalAccessToken", "after_token"),
    "error_incomplete_signature": ("IncompleteSignature", "never"),
    "error_invalid_date": ("17", "never"),
    "error_invalid_order_id": ("16", "never"),
    "error_missing_parameter": ("MissingParameter", "never"),
    "error_mp3_seller": ("Mp3SellerApiLimit", "never"),
    "error_refresh_unsupported": ("AUTH_TYPE_UNSUPPORTED", "never"),
    "error_remote_service": ("15", "now"),
    "error_seller_call_limit": ("SellerCallLimit", "later"),
    "error_service_timeout": ("ServiceTimeout", "now"),
}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_sample_yields_what_it_holds(shared_dir: Path, name: str) -> None:
    parsed = parse_sample(shared_dir, name)
    assert [record["kind"] for record in told(parsed)] == KINDS[name]
    assert problems(parsed) == PROBLEMS.get(name, [])
    assert not parsed.unreadable
    for record, raw in parsed.items:
        assert to_json(record)
        assert raw == b"" or plain(raw) is not None


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_a_sample_of_an_error_is_a_failure_with_its_code(shared_dir: Path, name: str) -> None:
    parsed = parse_sample(shared_dir, name)
    (problem,) = parsed.problems
    assert (parsed.records, problem.field, problem.level) == ([], "code", Level.PLATFORM)
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == ERRORS[name]
    assert parsed.failed


def test_every_sample_is_named_here(shared_dir: Path) -> None:
    files = {file.removesuffix(".json") for file in index(shared_dir) if not file.startswith("push_")}
    assert files == KINDS.keys() | ERRORS.keys()


def test_every_record_is_of_a_kind_that_its_operation_declares(shared_dir: Path) -> None:
    for file, operation in answers(shared_dir).items():
        parsed = parse(operation, (folder(shared_dir) / file).read_bytes())
        kinds = {record["kind"] for record in told(parsed)}
        assert kinds <= set(CONNECTOR.operations[operation].records), file


ID_NAMES = {
    "order_id", "order_item_id", "package_id", "tracking_code", "tracking_number", "sku_id", "SkuId", "item_id", "product_id",
    "reverse_order_id", "reverse_order_line_id", "trade_order_id", "trade_order_line_id", "buyer_id", "session_id", "message_id",
    "transaction_number", "statement_number", "order_no", "orderItem_no", "fee_type", "seller_sku", "SellerSku", "short_code",
    "reason_code", "platform_sku_id", "ofc_package_id", "status_code",
}  # fmt: skip
"""Names whose values must arrive in a record, wherever the answer has a record for them."""


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member, path)
    else:
        yield path, value


@pytest.mark.parametrize("name", sorted(name for name, kinds in KINDS.items() if kinds and name not in PROBLEMS))
def test_every_id_of_a_sample_arrives(shared_dir: Path, name: str) -> None:
    body = (folder(shared_dir) / f"{name}.json").read_bytes()
    parsed = parse_sample(shared_dir, name)
    shown = b"".join(to_json(record) for record in parsed.records).decode()
    sent = {(path, str(value)) for path, value in leaves(plain(body)) if path in ID_NAMES and value not in (None, "", 0)}
    skipped = {("seller_id", "")}
    assert {pair for pair in sent - skipped if f'"{pair[1]}"' not in shown} == set()
