"""Pushes of every type: what each names, in seconds or milliseconds, and what is acknowledged without being acted on."""

import json
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.lazada.push import TOPICS, is_probe, parse_pushes
from storeward.connectors.lazada.tests.samples import folder, parse, parse_sample, problems, told
from storeward.connectors.wire import plain

SAMPLES: dict[str, dict[str, Any]] = {
    "push_00_trade_order": {
        "platform_topic": "0",
        "topic": "order",
        "platform_store_id": "1234567",
        "platform_order_id": "260422900198363",
        "platform_order_ids": ["260422900198363"],
        "platform_status": "unpaid",
        "platform_line_ids": ["260422900298363"],
        "platform_more": {"site": "lazada_vn"},
        "sent_at": "2020-10-27T02:47:39.530000Z",
        "changed_at": "2020-10-26T07:50:38Z",
    },
    "push_00_trade_order_numeric": {
        "platform_topic": "0",
        "topic": "order",
        "platform_store_id": "400606482963",
        "platform_order_id": "1250905272558269",
        "platform_order_ids": ["1250905272558269"],
        "platform_status": "pending",
        "platform_line_ids": ["1250905273458269"],
        "platform_more": {"buyer_id": "410404458269", "site": "lazada_id"},
        "sent_at": "2023-09-13T16:00:00Z",
        "changed_at": "2023-09-13T15:59:50Z",
    },
    "push_00_reverse_status": {
        "platform_topic": "0",
        "topic": "order",
        "platform_store_id": "1000114855",
        "platform_order_id": "252883361348153",
        "platform_order_ids": ["252883361348153"],
        "platform_return_id": "501977696648153",
        "platform_status": "returned",
        "platform_line_ids": ["252883361948153", "502491640048153"],
        "platform_more": {"site": "lazada_vn"},
        "sent_at": "2020-10-26T12:23:30.436000Z",
        "changed_at": "2020-10-26T09:14:23Z",
    },
    "push_01_product_qc": {
        "platform_topic": "1",
        "topic": "listing",
        "platform_store_id": "500176629136",
        "platform_listing_id": "2202832065",
        "platform_status": "Lock",
        "platform_reasons": ["Policy violation ${riskcategory}<br/>\u0001\u0001"],
        "platform_more": {"site": "lazada_ph"},
        "sent_at": "2021-07-28T05:53:36Z",
        "changed_at": "2021-07-28T05:53:36.614000Z",
    },
    "push_02_im_message": {
        "platform_topic": "2",
        "topic": "message",
        "platform_store_id": "20240305",
        "platform_conversation_id": "100094063_2_1011822749_1_103",
        "platform_message_id": "1zYOS7N0cuIqw96026",
        "platform_status": None,
        "platform_type": "1",
        "platform_role": "1",
        "platform_more": {
            "from_account_id": "1891549323",
            "to_account_id": "231135951",
            "to_account_type": "2",
            "type": "1",
            "site_id": "SG",
        },
        "changed_at": "2020-08-04T14:19:49.323000Z",
        "text": "hello world!",
    },
    "push_03_product_created": {
        "platform_topic": "3",
        "topic": "listing",
        "platform_store_id": "1234567",
        "platform_listing_id": "232611001",
        "platform_sku_ids": ["356805001"],
        "platform_type": "PUBLISHED",
        "platform_more": {
            "site": "lazada-sg",
            "sku_list.seller_sku": ["api-create-test-111"],
            "sku_list.shop_sku": ["232611001_SGAMZ-356805001"],
        },
        "sent_at": "2020-11-23T11:23:54Z",
        "changed_at": "2021-06-09T11:42:22.696000Z",
    },
    "push_04_product_edited": {
        "platform_topic": "4",
        "topic": "listing",
        "platform_store_id": "100072361",
        "platform_listing_id": "1760954113",
        "platform_sku_ids": ["8975502010"],
        "platform_type": "EDITED_UPDATED",
        "platform_more": {
            "site": "LAZADA_SG",
            "sku_list.seller_sku": ["1760954113-1621404701289-0"],
            "sku_list.shop_sku": ["1760954113_SGAMZ-8975502010"],
        },
        "sent_at": "2021-06-09T09:56:09Z",
        "changed_at": "2021-06-09T09:56:09.146000Z",
    },
    "push_05_product_deleted": {
        "platform_topic": "5",
        "topic": "listing",
        "platform_store_id": "100056775",
        "platform_listing_id": "1807508328",
        "platform_sku_ids": ["9541954106"],
        "platform_type": "EDITED_DELETED",
        "platform_more": {
            "site": "LAZADA_SG",
            "sku_list.seller_sku": ["11111111"],
            "sku_list.shop_sku": ["1807508328_SGAMZ-9541954106"],
        },
        "sent_at": "2021-06-09T09:27:00Z",
        "changed_at": "2021-06-09T09:27:00.094000Z",
    },
    "push_06_shallow_stock": {
        "platform_topic": "6",
        "topic": "stock",
        "platform_store_id": "1000008313",
        "platform_sku_ids": ["1173310888"],
        "platform_more": {
            "seller_sku": "test-Lazada-sku",
            "warehouse": "dropshipping",
            "real_quantity": "5",
            "withhold_quantity": "0",
            "occupy_quantity": "5",
            "pre_order_quantity": "0",
            "site": "lazada_sg",
        },
        "sent_at": "2021-07-13T08:18:41Z",
    },
    "push_07_video": {
        "platform_topic": "7",
        "topic": "video",
        "platform_store_id": "213",
        "platform_status": "AUDIT_SUCCESS",
        "platform_more": {"videoId": "30023210009", "site": "lazada_sg"},
        "sent_at": "2021-07-20T06:39:14Z",
        "changed_at": "2021-07-20T06:39:14Z",
    },
    "push_08_token_expiry": {
        "platform_topic": "8",
        "topic": "authorisation_expiring",
        "platform_store_id": "1000165972",
        "platform_more": {"app_key": "115527", "site": "lazada_ph"},
        "sent_at": "2021-07-27T20:12:38Z",
        "expires_at": "2021-07-29T07:03:58Z",
    },
    "push_10_reverse_order": {
        "platform_topic": "10",
        "topic": "return",
        "platform_store_id": "12345",
        "platform_order_id": "416557324702006",
        "platform_order_ids": ["416557324702006"],
        "platform_return_id": "658960600102006",
        "platform_status": "RTM_INIT",
        "platform_line_ids": ["416557324802006", "663790000102006"],
        "platform_more": {"buyer_id": "100112802006", "site": "lazada_sg"},
        "sent_at": "2021-08-02T07:33:29Z",
        "changed_at": "2021-07-20T07:54:58Z",
    },
    "push_11_promotion_budget": {
        "platform_topic": "11",
        "topic": "promotion",
        "platform_store_id": "100191757",
        "platform_type": "SELLER_VOUCHER",
        "platform_more": {
            "promotionId": "900000001107894",
            "promotionType": "SELLER_VOUCHER",
            "left": "100",
            "used": "900",
            "total": "1000",
        },
        "sent_at": "2021-08-05T10:14:41.068000Z",
    },
    "push_11_promotion_expiring": {
        "platform_topic": "11",
        "topic": "promotion",
        "platform_store_id": "100191757",
        "platform_type": "SELLER_VOUCHER",
        "platform_more": {"promotionId": "900000001107894", "promotionType": "SELLER_VOUCHER"},
        "sent_at": "2021-08-05T08:54:36.218000Z",
        "expires_at": "2021-08-04T12:16:48.927000Z",
    },
    "push_12_category_tree": {
        "platform_topic": "12",
        "topic": "category",
        "platform_status": "finish",
        "platform_more": {"site": "lazada_sg"},
        "sent_at": "2021-07-25T09:00:00Z",
        "changed_at": "2021-07-25T09:00:00Z",
    },
    "push_13_seller_status": {
        "platform_topic": "13",
        "topic": "store",
        "platform_store_id": "100053528",
        "platform_status": "normal",
        "platform_more": {"site": "lazada_sg"},
        "sent_at": "2021-07-23T11:06:37Z",
    },
    "push_14_fulfilment": {
        "platform_topic": "14",
        "topic": "package",
        "platform_store_id": "100056775",
        "platform_order_id": "57244869716603",
        "platform_order_ids": ["57244869716603"],
        "platform_package_ids": ["FP018711048499663"],
        "platform_status": "DELIVERED",
        "platform_more": {"buyer_id": "1001916603", "site": "lazada_sg"},
        "sent_at": "2021-07-28T03:00:49Z",
        "changed_at": "2021-07-28T02:48:02Z",
    },
    "push_19_im_read_state": {
        "platform_topic": "19",
        "topic": "conversation",
        "platform_store_id": "20240305",
        "platform_conversation_id": "100094063_2_1011822749_1_103",
        "platform_more": {
            "user_account_id": "100094063",
            "user_account_type": "2",
            "sync_type": "SESSION_UPDATE",
            "site_id": "SG",
            "unread_count": "0",
        },
    },
    "push_21_review": {
        "platform_topic": "21",
        "topic": "review",
        "platform_store_id": "1000042284",
        "platform_order_id": "83314300176414",
        "platform_order_ids": ["83314300176414"],
        "platform_review_id": "122598400472942",
        "platform_listing_id": "2306372942",
        "platform_more": {"site": "lazada_sg"},
        "sent_at": "2022-08-17T03:10:11Z",
    },
    "push_35_jit_po": {
        "platform_topic": "35",
        "topic": "purchase_order",
        "platform_store_id": "123",
        "platform_status": "closed",
        "platform_more": {"purchaseOrderNo": "POJ2310202013", "site": "lazada_vn"},
        "sent_at": "2024-01-29T07:59:01Z",
        "changed_at": "2023-10-20T11:17:43.966000Z",
    },
    "push_46_jit_pickup": {
        "platform_topic": "46",
        "topic": "pickup_order",
        "platform_store_id": "123",
        "platform_status": "PICKED_UP",
        "platform_more": {
            "pickUpOrderNo": "PUO0001",
            "site": "lazada_vn",
            "purchaseOrderNoList": ["POJ1001", "POJ1002"],
        },
        "sent_at": "2024-01-29T07:59:01Z",
    },
}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_reads_in_full(shared_dir: Path, name: str) -> None:
    parsed = parse_sample(shared_dir, name)
    assert parsed.problems == []
    assert told(parsed) == [{"kind": "push"} | SAMPLES[name]]


def test_every_sample_of_a_push_is_written_out_here(shared_dir: Path) -> None:
    files = {file.stem for file in folder(shared_dir).glob("push_*.json")}
    assert files == SAMPLES.keys() | {"push_00_verify_probe"}


def test_the_consoles_probe_is_acknowledged_and_nothing_more(shared_dir: Path) -> None:
    body = (folder(shared_dir) / "push_00_verify_probe.json").read_bytes()
    assert parse_pushes(body) == ()
    (record,) = told(parse_sample(shared_dir, "push_00_verify_probe"))
    assert (record["platform_store_id"], record["platform_order_id"]) == ("9999", "123456")


def body(kind: Any, **data: Any) -> dict[str, Any]:
    return {"seller_id": "1000", "message_type": kind, "data": data, "timestamp": 1627441249, "site": "lazada_sg"}


def test_a_real_order_of_the_probes_seller_is_no_probe() -> None:
    (push,) = parse_pushes(json.dumps(body(0, order_status="pending", trade_order_id="1") | {"seller_id": "9999"}).encode())
    assert not is_probe(push)


REVERSE_WORDS = [
    ("CANCEL_INIT", "cancellation"),
    ("CANCEL_SUCCESS", "cancellation"),
    ("CANCEL_REFUND_ISSUED", "cancellation"),
    ("RTM_INIT", "return"),
    ("RTM_CANCELED", "return"),
    ("RTM_SHIPPING_BACK", "return"),
    ("RTM_RECEIVE_ITEM", "return"),
    ("RTW_INIT", "return"),
    ("RTW_CANCELED", "return"),
    ("RTW_SHIPPING_BACK", "return"),
    ("RTW_REJECT", "return"),
    ("RTW_REFUND_PENDING", "return"),
    ("REFUND_INIT", "return"),
    ("REFUND_PENDING", "return"),
    ("REFUND_SUCCESS", "return"),
    ("REFUND_REJECTED", "return"),
    ("NEW_WORD", "return"),
    (None, "return"),
]


@pytest.mark.parametrize(("word", "topic"), REVERSE_WORDS)
def test_a_reverse_push_is_about_a_cancellation_or_a_return(word: str | None, topic: str) -> None:
    (record,) = told(parse("push", body(10, reverse_status=word, reverse_order_id=658960600102006)))
    assert (record["topic"], record.get("platform_status")) == (topic, word)
    name = "platform_cancellation_id" if topic == "cancellation" else "platform_return_id"
    other = "platform_return_id" if topic == "cancellation" else "platform_cancellation_id"
    assert (record[name], record.get(other)) == ("658960600102006", None)


PARCEL_WORDS = ["READY_TO_SHIP", "TRANSIT_TO_SHIP", "DELIVERED", "LOST_BY_3PL", "PACKAGE_SCRAPPED", "INFO_ST_DOMESTIC_X"]


@pytest.mark.parametrize("word", PARCEL_WORDS)
def test_a_parcels_word_is_kept_whatever_it_is(word: str) -> None:
    parsed = parse("push", body(14, status=word, fulfillment_package_id="FP1", trade_order_id=5))
    (record,) = told(parsed)
    assert (record["platform_status"], record["platform_package_ids"], parsed.problems) == (word, ["FP1"], [])


@pytest.mark.parametrize("kind", [9, 15, 18, 20, 99, "77", "NEW"])
def test_an_undocumented_type_is_kept_and_acknowledged(kind: Any) -> None:
    parsed = parse("push", body(kind, item_id=5))
    (record,) = told(parsed)
    assert (record["platform_topic"], record["topic"], record["platform_listing_id"]) == (str(kind), "unknown", "5")
    assert problems(parsed) == [("message_type", "note")]
    assert len(parse_pushes(json.dumps(body(kind)).encode())) == 1


@pytest.mark.parametrize("kind", sorted(TOPICS))
def test_a_known_type_may_come_as_a_number_or_text(kind: str) -> None:
    as_number, as_text = parse("push", body(int(kind))), parse("push", body(kind))
    assert told(as_number) == told(as_text)
    assert told(as_text)[0]["topic"] == TOPICS[kind]


SELLERS = [
    ({"seller_id": "1000"}, "1000"),
    ({"seller_id": 9007199254740993}, "9007199254740993"),
    ({"seller_id": "null", "data": {"seller_id": "7"}}, "7"),
    ({"seller_id": None, "data": {"seller_id": 7}}, "7"),
    ({"seller_id": "", "data": {"sellerId": "8"}}, "8"),
    ({"seller_id": "5", "data": {"seller_id": "7"}}, "5"),
    ({"seller_id": "null", "data": {}}, None),
]


@pytest.mark.parametrize(("changes", "seller"), SELLERS)
def test_the_store_is_the_outer_one_but_where_that_is_none(changes: dict[str, Any], seller: str | None) -> None:
    (record,) = told(parse("push", body(8) | changes))
    assert record.get("platform_store_id") == seller


TIMES = [
    ({"status_update_time": 1627440482}, "2021-07-28T02:48:02Z"),
    ({"status_update_time": 1627440482000}, "2021-07-28T02:48:02Z"),
    ({"status_update_time": "1627440482"}, "2021-07-28T02:48:02Z"),
    ({"send_time": 1627440482001}, "2021-07-28T02:48:02.001000Z"),
    ({"date": 1627440482000}, "2021-07-28T02:48:02Z"),
    ({"timestamp": 1627440482}, "2021-07-28T02:48:02Z"),
    ({"statusUpdateTime": 1627440482000}, "2021-07-28T02:48:02Z"),
    ({"status_update_time": 0}, None),
    ({}, None),
]


@pytest.mark.parametrize(("data", "at"), TIMES)
def test_a_change_is_dated_in_seconds_or_milliseconds(data: dict[str, Any], at: str | None) -> None:
    (record,) = told(parse("push", body(14, **data)))
    assert record.get("changed_at") == at


def test_the_action_may_stand_outside_the_data() -> None:
    (record,) = told(parse("push", body(3, item_id=5) | {"action": "PUBLISHED"}))
    assert record["platform_type"] == "PUBLISHED"


@pytest.mark.parametrize("sent", [b"", b"[]", b"null", b"7", b"<html>", b"{", b"{}", b'{"data":{}}', b'{"message_type":""}'])
def test_what_is_no_push_is_refused(sent: bytes) -> None:
    assert parse("push", sent).unreadable
    with pytest.raises(UnexpectedPayload):
        parse_pushes(sent)


def test_data_of_another_shape_costs_the_data_only() -> None:
    parsed = parse("push", body(0) | {"data": "x"})
    assert told(parsed)[0]["topic"] == "order"
    assert problems(parsed) == [("data", "error")]


def test_the_body_is_kept_byte_for_byte(shared_dir: Path) -> None:
    raw = (folder(shared_dir) / "push_14_fulfilment.json").read_bytes()
    assert parse("push", raw).items[0][1] == raw
    assert plain(raw) is not None
