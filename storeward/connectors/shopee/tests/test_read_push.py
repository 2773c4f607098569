"""Webhooks: every published body, values written out."""

from pathlib import Path

from .samples import parse_sample, problems, told


def test_webhook_00_verify(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.00.verify")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [{"kind": "push", "platform_topic": "0", "topic": "test", "text": "hello"}]


def test_webhook_01_shop_authorization(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.01.shop_authorization")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "1",
            "topic": "authorised",
            "platform_store_id": "60011111",
            "platform_type": "shop authorization by user",
            "platform_more": {"authorize_type": "shop authorization by user", "success": "1", "partner_id": "2000002"},
            "sent_at": "2022-08-16T02:17:58Z",
            "text": "shop 60011111 (SG) authorized",
        }
    ]


def test_webhook_01_shop_authorization_main_account(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.01.shop_authorization_main_account")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "1",
            "topic": "authorised",
            "platform_store_id": "62000001",
            "platform_user_id": "68272",
            "platform_type": "shop authorization by user",
            "platform_more": {
                "authorize_type": "shop authorization by user",
                "success": "1",
                "main_account_id": "68272",
                "shop_id_list": ["62000001", "62000002", "62000003"],
                "partner_id": "2000002",
            },
            "sent_at": "2022-08-16T02:17:59Z",
            "text": "shops authorized",
        },
        {
            "kind": "push",
            "platform_topic": "1",
            "topic": "authorised",
            "platform_store_id": "62000002",
            "platform_user_id": "68272",
            "platform_type": "shop authorization by user",
            "platform_more": {
                "authorize_type": "shop authorization by user",
                "success": "1",
                "main_account_id": "68272",
                "shop_id_list": ["62000001", "62000002", "62000003"],
                "partner_id": "2000002",
            },
            "sent_at": "2022-08-16T02:17:59Z",
            "text": "shops authorized",
        },
        {
            "kind": "push",
            "platform_topic": "1",
            "topic": "authorised",
            "platform_store_id": "62000003",
            "platform_user_id": "68272",
            "platform_type": "shop authorization by user",
            "platform_more": {
                "authorize_type": "shop authorization by user",
                "success": "1",
                "main_account_id": "68272",
                "shop_id_list": ["62000001", "62000002", "62000003"],
                "partner_id": "2000002",
            },
            "sent_at": "2022-08-16T02:17:59Z",
            "text": "shops authorized",
        },
    ]


def test_webhook_02_authorization_expired(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.02.authorization_expired")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "2",
            "topic": "authorisation_lost",
            "platform_store_id": "22000000",
            "platform_type": "expiry",
            "platform_more": {"authorize_type": "expiry", "success": "1", "partner_id": "800000"},
            "sent_at": "2022-05-24T12:09:37Z",
            "text": "authorization expired",
        }
    ]


def test_webhook_02_merchant_authorization_canceled(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.02.merchant_authorization_canceled")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "2",
            "topic": "merchant_authorisation_lost",
            "platform_user_id": "68272",
            "platform_type": "user cancel merchant authorization",
            "platform_more": {
                "authorize_type": "user cancel merchant authorization",
                "success": "1",
                "main_account_id": "68272",
                "merchant_id_list": ["1000123"],
                "partner_id": "800000",
            },
            "sent_at": "2022-05-24T12:09:36Z",
            "text": "merchant cancelled",
        }
    ]


def test_webhook_02_shop_authorization_canceled(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.02.shop_authorization_canceled")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "2",
            "topic": "authorisation_lost",
            "platform_store_id": "22000000",
            "platform_type": "user cancel shop authorization",
            "platform_more": {"authorize_type": "user cancel shop authorization", "success": "1", "partner_id": "800000"},
            "sent_at": "2022-05-24T12:09:35Z",
            "text": "shop 22000000 (VN) cancelled",
        }
    ]


def test_webhook_03_order_status(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.03.order_status")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "3",
            "topic": "order",
            "platform_store_id": "727720655",
            "platform_order_id": "220810QSK8S7BX",
            "platform_status": "PROCESSED",
            "sent_at": "2022-08-10T09:18:47Z",
            "changed_at": "2022-08-10T09:18:47Z",
        }
    ]


def test_webhook_03_order_status_completed(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.03.order_status_completed")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "3",
            "topic": "order",
            "platform_store_id": "727720655",
            "platform_order_id": "220810QSK8S7BX",
            "platform_status": "COMPLETED",
            "platform_more": {"completed_scenario": "NORMAL"},
            "sent_at": "2022-08-21T23:05:27Z",
            "changed_at": "2022-08-21T23:05:27Z",
        }
    ]


def test_webhook_04_order_trackingno(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.04.order_trackingno")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "4",
            "topic": "package",
            "platform_store_id": "296363855",
            "platform_order_id": "220809MDBFYFT2",
            "platform_package_ids": ["OFG113701539238152"],
            "platform_more": {"tracking_no": "BR222263688572VSPXLM71894", "forder_id": "4965804244309504855"},
            "sent_at": "2022-08-10T09:18:09Z",
        }
    ]


def test_webhook_05_shopee_updates(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.05.shopee_updates")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "5",
            "topic": "notice",
            "platform_store_id": "1231234",
            "platform_more": {"url": "https://seller.example.com/notice"},
            "sent_at": "2021-01-07T06:13:20Z",
            "changed_at": "2021-01-07T06:13:20Z",
            "text": "notice: notice text",
        }
    ]


def test_webhook_06_banned_item(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.06.banned_item")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "6",
            "topic": "listing",
            "platform_store_id": "1231234",
            "platform_listing_id": "3903127451",
            "platform_status": "BANNED",
            "sent_at": "2021-01-07T06:13:20Z",
            "changed_at": "2021-01-07T06:13:20Z",
        }
    ]


def test_webhook_07_item_promotion(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.07.item_promotion")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "7",
            "topic": "listing",
            "platform_store_id": "46641242",
            "platform_listing_id": "14946910660",
            "platform_sku_ids": ["58301485734"],
            "platform_type": "promo_lock_stock",
            "platform_more": {
                "promotion_id": "669260829761778",
                "promotion_type": "flash_sale",
                "action": "promo_lock_stock",
                "reserved_stock": "100",
                "start_time": "1660453200",
                "end_time": "1660474800",
            },
            "sent_at": "2022-08-10T09:23:41Z",
            "changed_at": "2022-08-10T09:23:41Z",
        }
    ]


def test_webhook_08_reserved_stock_change(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.08.reserved_stock_change")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "8",
            "topic": "stock",
            "platform_store_id": "1274495",
            "platform_order_id": "220810QXVJM3EX",
            "platform_listing_id": "18614185187",
            "platform_sku_ids": ["87912785718"],
            "platform_type": "place_order",
            "platform_more": {
                "promotion_id": "104993304719361",
                "promotion_type": "flash_sale",
                "action": "place_order",
                "reserved_stock_old": "4951",
                "reserved_stock_new": "4950",
            },
            "sent_at": "2022-08-10T09:37:26Z",
            "changed_at": "2022-08-10T09:37:26Z",
        }
    ]


def test_webhook_09_promotion_update(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.09.promotion_update")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "9",
            "topic": "listing",
            "platform_store_id": "526225965",
            "platform_listing_id": "20332329221",
            "platform_sku_ids": ["145413438373"],
            "platform_type": "removed_from_promo",
            "platform_more": {
                "promotion_id": "668908774363077",
                "promotion_type": "seller_discount",
                "action": "removed_from_promo",
            },
            "sent_at": "2022-08-10T09:40:35Z",
        }
    ]


def test_webhook_10_webchat_image(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.10.webchat_image")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "10",
            "topic": "message",
            "platform_store_id": "947042923",
            "platform_user_id": "165105353",
            "platform_conversation_id": "709122092476686867",
            "platform_message_id": "2302748948493123960",
            "platform_status": "normal",
            "platform_type": "image",
            "platform_more": {
                "region": "MY",
                "type": "message",
                "from_shop_id": "165103149",
                "to_id": "947151379",
                "to_shop_id": "947042923",
                "message_type": "image",
            },
            "sent_at": "2024-09-11T08:53:20Z",
            "created_at": "2024-09-11T08:53:19Z",
        }
    ]


def test_webhook_10_webchat_message(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.10.webchat_message")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "10",
            "topic": "message",
            "platform_store_id": "947042923",
            "platform_user_id": "165105353",
            "platform_conversation_id": "709122092476686867",
            "platform_message_id": "2302748948493123953",
            "platform_type": "text",
            "platform_more": {"region": "ID", "type": "message", "to_id": "947151379", "message_type": "text"},
            "sent_at": "2024-09-11T08:52:02Z",
            "created_at": "2024-09-11T08:52:01Z",
            "text": "Baik kak .. 🤗",
        }
    ]


def test_webhook_10_webchat_notification(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.10.webchat_notification")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "10",
            "topic": "conversation",
            "platform_store_id": "947042923",
            "platform_user_id": "12252079",
            "platform_conversation_id": "4670954831706433",
            "platform_type": "mark_as_replied",
            "platform_more": {"region": "ID", "type": "notification"},
            "sent_at": "2024-09-11T08:52:02Z",
        }
    ]


def test_webhook_11_video_upload(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.11.video_upload")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "11",
            "topic": "video",
            "platform_store_id": "608118757",
            "platform_status": "SUCCEEDED",
            "platform_more": {"video_upload_id": "sg_f12ebfcb-a415-4c8a-b873-cc2ea8803c11_000203"},
            "sent_at": "2022-08-10T09:51:53Z",
            "text": "Success",
        }
    ]


def test_webhook_12_authorization_expiry(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.12.authorization_expiry")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "12",
            "topic": "authorisation_expiring",
            "platform_store_id": "23213",
            "platform_more": {
                "merchant_expire_soon": ["123123", "4342"],
                "user_expire_soon": ["368765104"],
                "shop_expire_soon": ["23213", "243242", "342343", "42342345656"],
                "page_no": "1",
                "total_page": "2",
            },
            "sent_at": "2019-09-16T04:03:54Z",
            "expires_at": "2021-04-30T00:00:00Z",
        },
        {
            "kind": "push",
            "platform_topic": "12",
            "topic": "authorisation_expiring",
            "platform_store_id": "243242",
            "platform_more": {
                "merchant_expire_soon": ["123123", "4342"],
                "user_expire_soon": ["368765104"],
                "shop_expire_soon": ["23213", "243242", "342343", "42342345656"],
                "page_no": "1",
                "total_page": "2",
            },
            "sent_at": "2019-09-16T04:03:54Z",
            "expires_at": "2021-04-30T00:00:00Z",
        },
        {
            "kind": "push",
            "platform_topic": "12",
            "topic": "authorisation_expiring",
            "platform_store_id": "342343",
            "platform_more": {
                "merchant_expire_soon": ["123123", "4342"],
                "user_expire_soon": ["368765104"],
                "shop_expire_soon": ["23213", "243242", "342343", "42342345656"],
                "page_no": "1",
                "total_page": "2",
            },
            "sent_at": "2019-09-16T04:03:54Z",
            "expires_at": "2021-04-30T00:00:00Z",
        },
        {
            "kind": "push",
            "platform_topic": "12",
            "topic": "authorisation_expiring",
            "platform_store_id": "42342345656",
            "platform_more": {
                "merchant_expire_soon": ["123123", "4342"],
                "user_expire_soon": ["368765104"],
                "shop_expire_soon": ["23213", "243242", "342343", "42342345656"],
                "page_no": "1",
                "total_page": "2",
            },
            "sent_at": "2019-09-16T04:03:54Z",
            "expires_at": "2021-04-30T00:00:00Z",
        },
    ]


def test_webhook_13_brand_register_result(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.13.brand_register_result")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "13",
            "topic": "brand",
            "platform_store_id": "748773",
            "sent_at": "2022-08-10T09:19:36Z",
        }
    ]


def test_webhook_15_shipping_document_status(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.15.shipping_document_status")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "15",
            "topic": "package",
            "platform_store_id": "296363855",
            "platform_order_id": "201118BCKPJQQ8",
            "platform_package_ids": ["2485710696837122445"],
            "platform_status": "READY",
            "sent_at": "2022-08-10T09:18:09Z",
        }
    ]


def test_webhook_16_violation_item(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.16.violation_item")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "16",
            "topic": "listing",
            "platform_store_id": "602228340",
            "platform_listing_id": "3903127451",
            "platform_status": "BANNED",
            "platform_reasons": ["License Reason"],
            "platform_more": {
                "deboost": "false",
                "violation_types": ["Prohibited Listing"],
                "fix_deadline_times": ["1705228281"],
            },
            "sent_at": "2024-01-12T10:31:21Z",
            "changed_at": "2024-01-12T10:31:21Z",
            "text": "Sample product",
        }
    ]


def test_webhook_16_violation_item_deboost(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.16.violation_item_deboost")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "16",
            "topic": "listing",
            "platform_store_id": "602228340",
            "platform_listing_id": "3903127452",
            "platform_status": "NORMAL",
            "platform_reasons": ["Wrong Category"],
            "platform_more": {"deboost": "true", "violation_types": ["Spam"], "fix_deadline_times": ["1705228281"]},
            "sent_at": "2024-01-12T10:31:22Z",
            "changed_at": "2024-01-12T10:31:21Z",
            "text": "Sample product 2",
        }
    ]


def test_webhook_22_item_price_update(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.22.item_price_update")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "22",
            "topic": "listing",
            "platform_store_id": "127449165",
            "platform_listing_id": "1861418518",
            "platform_sku_ids": ["8791278571"],
            "platform_type": "original_price",
            "platform_more": {"update_field": "original_price", "old_value": "119.99", "new_value": "99.99"},
            "sent_at": "2022-08-10T09:37:26Z",
            "changed_at": "2022-08-10T09:37:26Z",
        }
    ]


def test_webhook_23_booking_status(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.23.booking_status")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "23",
            "topic": "booking",
            "platform_store_id": "727720655",
            "platform_status": "READY_TO_SHIP",
            "platform_more": {"booking_sn": "201214JASXYXY6"},
            "sent_at": "2022-08-10T09:18:47Z",
            "changed_at": "2022-08-10T09:18:47Z",
        }
    ]


def test_webhook_24_booking_trackingno(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.24.booking_trackingno")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "24",
            "topic": "booking",
            "platform_store_id": "296363855",
            "platform_more": {"booking_sn": "201214JASXYXY6", "tracking_number": "BR222263688572"},
            "sent_at": "2022-08-10T09:18:09Z",
        }
    ]


def test_webhook_25_booking_shipping_document_status(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.25.booking_shipping_document_status")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "25",
            "topic": "booking",
            "platform_store_id": "296363855",
            "platform_status": "READY",
            "platform_more": {"booking_sn": "201214JASXYXY6"},
            "sent_at": "2022-08-10T09:18:09Z",
        }
    ]


def test_webhook_27_item_scheduled_publish_failed(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.27.item_scheduled_publish_failed")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "27",
            "topic": "listing",
            "platform_store_id": "220904434",
            "platform_listing_id": "885138337",
            "platform_more": {"scheduled_publish_time": "1725922200"},
            "sent_at": "2024-09-09T22:50:00Z",
        }
    ]


def test_webhook_28_shop_penalty_points_issued(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.28.shop_penalty_points_issued")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "28",
            "topic": "points",
            "platform_store_id": "127449165",
            "platform_type": "1",
            "platform_more": {"action_type": "1", "issued_points": "3", "violation_type": "10"},
            "sent_at": "2022-08-10T09:37:26Z",
            "changed_at": "2022-08-10T09:37:26Z",
        }
    ]


def test_webhook_28_shop_penalty_points_removed(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.28.shop_penalty_points_removed")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "28",
            "topic": "points",
            "platform_store_id": "127449165",
            "platform_type": "2",
            "platform_more": {"action_type": "2", "removed_points": "1", "violation_type": "5", "removed_reason": "101"},
            "sent_at": "2022-08-10T09:37:27Z",
            "changed_at": "2022-08-10T09:37:27Z",
        }
    ]


def test_webhook_28_shop_penalty_tier_update(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.28.shop_penalty_tier_update")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "28",
            "topic": "points",
            "platform_store_id": "127449165",
            "platform_type": "3",
            "platform_more": {"action_type": "3", "old_tier": "0", "new_tier": "1"},
            "sent_at": "2022-08-10T09:37:28Z",
            "changed_at": "2022-08-10T09:37:28Z",
        }
    ]


def test_webhook_29_return_updates(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.29.return_updates")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "29",
            "topic": "return",
            "platform_store_id": "220004993",
            "platform_order_id": "241128EDQ9YKJ0",
            "platform_return_id": "2411280EDT4JRV5",
            "platform_status": "PROCESSING",
            "platform_more": {
                "return_status_old": "JUDGING",
                "return_status_new": "PROCESSING",
                "logistics_status_old": "LOGISTICS_NOT_STARTED",
                "logistics_status_new": "LOGISTICS_PENDING_ARRANGE",
            },
            "sent_at": "2024-11-28T12:26:07Z",
            "changed_at": "2024-11-28T12:26:07Z",
        }
    ]


def test_webhook_30_package_fulfillment_status(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.30.package_fulfillment_status")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "30",
            "topic": "package",
            "platform_store_id": "727720655",
            "platform_order_id": "250421TPSF33R6",
            "platform_package_ids": ["OFG198917831207390"],
            "platform_status": "LOGISTICS_REQUEST_CREATED",
            "sent_at": "2022-08-10T09:18:47Z",
            "changed_at": "2022-08-10T09:18:47Z",
        }
    ]


def test_webhook_37_courier_delivery_binding_status(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.37.courier_delivery_binding_status")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "37",
            "topic": "first_mile",
            "platform_store_id": "296363855",
            "platform_status": "ORDER_RECEIVED",
            "platform_more": {"binding_id": "DCN249237197572VU", "first_mile_tracking_number": "DCN249237197572VU"},
            "sent_at": "2022-08-10T09:18:09Z",
            "changed_at": "2022-08-10T09:18:09Z",
        }
    ]


def test_webhook_38_video_upload_result(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.38.video_upload_result")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "38",
            "topic": "video",
            "platform_status": "SUCCEEDED",
            "platform_more": {"video_upload_id": "sg-11110201-6kh48-mepm7a0ttcw3c3"},
            "sent_at": "2025-09-16T10:25:36Z",
            "changed_at": "2025-09-16T10:25:36Z",
        }
    ]


def test_webhook_47_package_info_ship_by_date(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.47.package_info_ship_by_date")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "47",
            "topic": "order",
            "platform_store_id": "220688102",
            "platform_order_id": "2512017TFPB0HF",
            "platform_package_ids": ["OFG218268963204539"],
            "platform_more": {
                "changed_fields": ["ship_by_date"],
                "old_ship_by_date": "1764573365",
                "old_logistics_channel_id": "70124",
                "new_ship_by_date": "1764746165",
                "new_logistics_channel_id": "70124",
            },
            "sent_at": "2025-12-01T06:17:12Z",
            "changed_at": "2025-12-01T06:17:11Z",
        }
    ]


def test_messages_that_did_not_arrive_are_read_from_their_text(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "push.get_lost_push_message")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.receipt == {"last_message_id": "176610"}
    assert told(parsed) == [
        {
            "kind": "push",
            "platform_topic": "3",
            "topic": "order",
            "platform_store_id": "727720655",
            "platform_order_id": "220810QSK8S7BX",
            "platform_status": "PROCESSED",
            "sent_at": "2022-08-10T09:18:47Z",
            "changed_at": "2022-08-10T09:18:47Z",
        }
    ]
