"""Chat and shops: every published answer, values written out."""

from pathlib import Path

from .samples import parse_sample, problems, told


def test_conversations_have_nanoseconds_and_large_numbers(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "sellerchat.get_conversation_list.page1")
    assert problems(parsed) == []
    assert parsed.next_page == "1612792485343461649"
    assert len(parsed.records) == 5
    assert told(parsed)[:2] == [
        {
            "kind": "conversation",
            "platform_conversation_id": "38732689394223980",
            "platform_buyer_id": "9030508",
            "buyer_name": "b****3",
            "unread_count": 0,
            "updated_at": "2021-03-04T10:20:00.441470Z",
            "platform_last_message_id": "2064780411604648076",
            "summary": "你好",
            "platform_more": {
                "shop_id": "1238762",
                "last_read_message_id": "2064780411604648076",
                "latest_message_type": "text",
                "latest_message_from_id": "9030508",
                "pinned": "false",
                "mute": "false",
            },
            "complete": True,
        },
        {
            "kind": "conversation",
            "platform_conversation_id": "38732690586147679",
            "platform_buyer_id": "1200954207",
            "buyer_name": "t****g",
            "unread_count": 0,
            "updated_at": "2021-02-24T02:09:20.106927Z",
            "platform_last_message_id": "2063269119293227148",
            "platform_more": {
                "shop_id": "1238762",
                "last_read_message_id": "2063269119293227148",
                "latest_message_type": "product",
                "latest_message_from_id": "1200954207",
                "pinned": "false",
                "mute": "false",
            },
            "complete": True,
        },
    ]


def test_an_empty_page_of_conversations_is_the_last(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "sellerchat.get_conversation_list.page2")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == []


def test_one_conversation_is_read_like_a_row(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "sellerchat.get_one_conversation")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "conversation",
            "platform_conversation_id": "38732689394223980",
            "platform_buyer_id": "9030508",
            "buyer_name": "b****3",
            "unread_count": 0,
            "updated_at": "2021-03-04T10:20:00.441470Z",
            "platform_last_message_id": "2064780411604648076",
            "summary": "你好",
            "platform_more": {
                "shop_id": "1238762",
                "last_read_message_id": "2064780411604648076",
                "latest_message_type": "text",
                "latest_message_from_id": "9030508",
                "pinned": "false",
                "mute": "false",
            },
            "complete": True,
        }
    ]


def test_messages_say_who_wrote_them(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "sellerchat.get_message.page1", store="947042923")
    assert problems(parsed) == []
    assert parsed.next_page == "2302748948493123950"
    assert told(parsed) == [
        {
            "kind": "message",
            "platform_message_id": "2302748948493123953",
            "platform_conversation_id": "709122092476686867",
            "platform_type": "text",
            "role": "buyer",
            "platform_sender_id": "165105353",
            "text": "Baik kak .. 🤗",
            "platform_status": "normal",
            "platform_more": {"to_id": "947151379", "to_shop_id": "947042923", "region": "ID"},
            "visible": True,
            "position": 2302748948493123953,
            "sent_at": "2024-09-11T08:52:01Z",
        },
        {
            "kind": "message",
            "platform_message_id": "2302748948493123952",
            "platform_conversation_id": "709122092476686867",
            "platform_type": "text",
            "role": "robot",
            "platform_sender_id": "947151379",
            "text": "Pesanan dikirim hari ini",
            "platform_status": "auto_reply",
            "platform_more": {"from_shop_id": "947042923", "to_id": "165105353", "region": "ID"},
            "visible": True,
            "position": 2302748948493123952,
            "sent_at": "2024-09-11T08:50:00Z",
        },
        {
            "kind": "message",
            "platform_message_id": "2302748948493123951",
            "platform_conversation_id": "709122092476686867",
            "platform_type": "order",
            "role": "buyer",
            "platform_sender_id": "165105353",
            "platform_order_id": "240911ABCDEF12",
            "platform_status": "normal",
            "platform_more": {"to_id": "947151379", "to_shop_id": "947042923", "region": "ID"},
            "visible": True,
            "position": 2302748948493123951,
            "sent_at": "2024-09-11T08:48:20Z",
        },
        {
            "kind": "message",
            "platform_message_id": "2302748948493123950",
            "platform_conversation_id": "709122092476686867",
            "platform_type": "image",
            "role": "buyer",
            "platform_sender_id": "165105353",
            "url": "https://cf.example.com/file/m1",
            "platform_status": "normal",
            "platform_more": {"to_id": "947151379", "to_shop_id": "947042923", "region": "ID"},
            "visible": True,
            "position": 2302748948493123950,
            "sent_at": "2024-09-11T08:46:40Z",
        },
    ]


def test_an_empty_page_of_messages_is_the_last(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "sellerchat.get_message.page2")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == []


def test_what_we_sent_is_ours_and_its_conversation_a_bare_number(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "sellerchat.send_message")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "message",
            "platform_message_id": "2065633925008539788",
            "platform_conversation_id": "38732414516304685",
            "platform_type": "text",
            "role": "seller",
            "text": "hello",
            "platform_more": {"to_id": "9018200"},
            "visible": True,
            "position": 2065633925008539788,
            "sent_at": "2021-03-09T03:23:07Z",
        }
    ]


def test_unread_conversations_are_counted(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "sellerchat.get_unread_conversation_count")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.receipt == {"total_unread_count": "3"}
    assert told(parsed) == []


def test_the_shop_that_was_asked_is_the_shop(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "shop.get_shop_info", store="223009455")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "store",
            "platform_store_id": "223009455",
            "name": "Sample Store MY",
            "region": "MY",
            "platform_region": "MY",
            "platform_seller_type": "is_cb=false",
            "seller_type": "local",
            "platform_status": "NORMAL",
            "authorised_at": "2025-03-14T09:35:25Z",
            "authorised_until_at": "2026-03-14T15:59:59Z",
            "platform_more": {
                "shop_fulfillment_flag": "Others",
                "is_cb": "false",
                "is_sip": "true",
                "is_main_shop": "true",
                "is_direct_shop": "false",
                "is_upgraded_cbsc": "false",
                "linked_direct_shop_ids": ["223009454"],
            },
        }
    ]


def test_a_shop_has_a_name(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "shop.get_profile", store="7")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [{"kind": "store", "platform_store_id": "7", "name": "Sample Store MY"}]


def test_a_holiday_is_told(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "shop.get_shop_holiday_mode", store="7")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "store",
            "platform_store_id": "7",
            "platform_more": {
                "holiday_mode_start_time": "1770883200",
                "holiday_mode_end_time": "1773305999",
                "holiday_mode_mtime": "1763435974",
                "holiday_mode_description": "Spring break",
                "holiday_mode_on": "true",
                "holiday_mode_type": "1",
            },
        }
    ]


def test_sister_shops_are_authorised_with_their_primary_one(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "public.get_shops_by_partner", page_no="1", page_size="100")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert len(parsed.records) == 7
    assert told(parsed)[:3] == [
        {
            "kind": "store",
            "platform_store_id": "123",
            "region": "TW",
            "platform_region": "TW",
            "authorised_at": "2021-01-13T10:24:01Z",
            "authorised_until_at": "2022-01-13T10:24:01Z",
            "platform_more": {"sip_affi_shop_ids": ["261373", "261374", "261375", "261376", "261377", "261378"]},
        },
        {
            "kind": "store",
            "platform_store_id": "261373",
            "region": "MY",
            "platform_region": "MY",
            "authorised_at": "2021-01-13T10:24:01Z",
            "authorised_until_at": "2022-01-13T10:24:01Z",
            "platform_more": {"sip_primary_shop_id": "123"},
        },
        {
            "kind": "store",
            "platform_store_id": "261374",
            "region": "ID",
            "platform_region": "ID",
            "authorised_at": "2021-01-13T10:24:01Z",
            "authorised_until_at": "2022-01-13T10:24:01Z",
            "platform_more": {"sip_primary_shop_id": "123"},
        },
    ]


def test_a_merchants_shops_are_listed(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "merchant.get_shop_list_by_merchant")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [{"kind": "store", "platform_store_id": "601306294"}]
