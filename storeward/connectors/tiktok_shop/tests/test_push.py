"""Webhooks of every type."""

from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Push, to_plain
from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.tiktok_shop.push import TOPICS, parse_push
from storeward.connectors.tiktok_shop.tests.samples import folder, parse, problems

SHOP = "7494049642642441621"
EXPECTED: dict[str, dict[str, Any]] = {
    "01_order_status_change": {"topic": "order", "platform_order_id": "576486316948490001", "platform_status": "UNPAID"},
    "01_order_status_change_cancelled": {"topic": "order", "platform_status": "CANCEL"},
    "03_recipient_address_update": {"topic": "address", "platform_push_id": None, "platform_order_id": "576486316948490001"},
    "04_package_update": {
        "topic": "package",
        "platform_package_ids": ["123456"],
        "platform_order_ids": ["152523", "532123"],
        "platform_type": "COMBINE",
    },
    "05_product_status_change": {
        "topic": "listing",
        "platform_listing_id": "576486316948490000",
        "platform_status": "PRODUCT_FIRST_PASS_REVIEW",
    },
    "06_seller_deauthorization": {"topic": "authorisation_lost"},
    "07_upcoming_authorization_expiration": {"topic": "authorisation_expiring", "expires_at": "2021-07-29T19:38:26Z"},
    "11_cancellation_status_change": {
        "topic": "cancellation",
        "platform_cancellation_id": "4035318504086604100",
        "platform_order_id": "576486316948490001",
        "platform_status": "CANCELLATION_REQUEST_PENDING",
        "platform_role": "BUYER",
    },
    "12_return_status_change": {
        "topic": "return",
        "platform_return_id": "576486316948490001",
        "platform_type": "REFUND",
        "platform_status": "RETURN_OR_REFUND_REQUEST_PENDING",
    },
    "13_new_conversation": {"topic": "conversation", "platform_conversation_id": "576486316948490001"},
    "14_new_message": {
        "topic": "message",
        "platform_message_id": "722323407926368819",
        "platform_conversation_id": "710688832392260838",
        "platform_type": "TEXT",
        "platform_role": "BUYER",
        "text": "444",
    },
    "15_product_information_change": {"topic": "listing", "platform_listing_id": "123456789"},
    "16_product_creation": {"topic": "listing", "platform_listing_id": "576486316948490000"},
    "18_product_category_change": {"topic": "listing", "platform_listing_id": "789078671231"},
    "27_inventory_status_change": {
        "topic": "stock",
        "platform_listing_id": "1729592969712207008",
        "platform_sku_ids": ["1729592969712207012"],
        "platform_status": "LOW_STOCK",
    },
    "36_invoice_status_change": {"topic": "invoice", "platform_status": "INVALID", "text": "NOT_FOUND"},
    "37_product_audit_status_change": {"topic": "listing", "platform_status": "PRE_APPROVED"},
    "50_sku_status_change": {"topic": "listing", "platform_sku_ids": ["1729592969712207012"], "platform_status": "DEACTIVATED"},
    "64_aftersales_request_status_update": {
        "topic": "after_sale",
        "platform_after_sale_id": "4035318504086604101",
        "platform_status": "PENDING_REQUEST_REVIEW",
    },
    "65_rma_status_update": {"topic": "after_sale", "platform_rma_id": "2894521704838895640"},
    "67_refund_success": {
        "topic": "refund",
        "platform_order_id": "577686530908261117",
        "platform_status": "REFUND_SUCCESS",
        "changed_at": "2025-12-03T00:00:00Z",
    },
    "71_inventory_changed_by_shop": {
        "topic": "stock",
        "platform_listing_id": "1729592969712207008",
        "platform_sku_ids": ["1729592969712207012"],
        "changed_at": "2025-12-03T00:00:00Z",
    },
}


def test_every_published_webhook_names_what_it_is_about(shared_dir: Path) -> None:
    files = {file.stem.removeprefix("webhook_"): file for file in folder(shared_dir).glob("webhook_*.json")}
    assert files.keys() == EXPECTED.keys()
    for name, file in files.items():
        told = to_plain(parse_push(file.read_bytes()))
        assert told["platform_topic"] == str(int(name[:2]))
        assert told["platform_store_id"] == SHOP
        assert {key: told[key] for key in EXPECTED[name]} == EXPECTED[name], name
        assert told["sent_at"] is not None


def test_a_webhook_reads_in_full_as_the_command_line_prints_it(shared_dir: Path) -> None:
    body = (folder(shared_dir) / "webhook_12_return_status_change.json").read_bytes()
    parsed = parse("push", body)
    assert parsed.problems == []
    assert {name: value for name, value in to_plain(parsed.records[0]).items() if value not in (None, [], {})} == {
        "kind": "push",
        "platform_push_id": "7327112393057371910",
        "platform_topic": "12",
        "topic": "return",
        "platform_store_id": SHOP,
        "platform_order_id": "576486316948490001",
        "platform_order_ids": ["576486316948490001"],
        "platform_return_id": "576486316948490001",
        "platform_status": "RETURN_OR_REFUND_REQUEST_PENDING",
        "platform_type": "REFUND",
        "platform_role": "BUYER",
        "sent_at": "2022-02-09T13:21:25Z",
        "created_at": "2021-07-29T19:40:00Z",
        "changed_at": "2022-02-09T13:21:25Z",
    }


@pytest.mark.parametrize("kind", [5, 16, 37, 66, 71])
def test_a_product_id_as_a_bare_number_keeps_all_its_digits(kind: int) -> None:
    push = parse_push(b'{"type":%d,"shop_id":7494049642642441621,"data":{"product_id":1729592969712207009}}' % kind)
    assert push.platform_listing_id == "1729592969712207009"
    assert push.platform_store_id == SHOP


def test_an_unknown_type_is_kept_and_noted() -> None:
    parsed = parse("push", b'{"type":999,"tts_notification_id":"1","shop_id":"7","data":{"order_id":"5","strange":1}}')
    (record,) = parsed.records
    assert isinstance(record, Push)
    assert (record.platform_topic, record.topic, record.platform_order_id) == ("999", "unknown", "5")
    assert problems(parsed) == [("type", "note")]


def test_a_type_sent_as_text_is_the_same_type() -> None:
    assert parse_push(b'{"type":"1","shop_id":"7","data":{}}').topic == "order"


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b'{"shop_id":"7"}', b"not json", b'{"type":null}'])
def test_what_is_no_webhook_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload):
        parse_push(body)
    assert parse("push", body).failed


@pytest.mark.parametrize("data", ["null", '"text"', "[1]", "5"])
def test_a_webhook_without_usable_data_still_says_its_type(data: str) -> None:
    push = parse_push(f'{{"type":1,"shop_id":"7","data":{data}}}'.encode())
    assert (push.topic, push.platform_store_id, push.platform_order_id) == ("order", "7", None)


def test_a_message_that_is_no_json_has_no_words() -> None:
    assert parse_push(b'{"type":14,"shop_id":"7","data":{"content":"plain","message_id":"1"}}').text is None


def test_a_time_that_is_no_time_is_noted() -> None:
    parsed = parse("push", b'{"type":71,"shop_id":"7","data":{"occurred_at":"yesterday"}}')
    assert problems(parsed) == [("data.occurred_at", "note")]


def test_some_webhooks_name_the_seller_and_no_store() -> None:
    push = parse_push(b'{"type":6,"seller_open_id":"701","data":{"message":"gone"}}')
    assert (push.platform_store_id, push.platform_user_id, push.text) == (None, "701", "gone")


def test_every_topic_is_one_of_ours() -> None:
    assert {"order", "package", "listing", "stock", "return", "cancellation", "message", "authorisation_lost"} <= set(
        TOPICS.values()
    )
