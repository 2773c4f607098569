"""Packages and logistics: every published answer, values written out."""

from pathlib import Path

from .samples import parse_sample, problems, told


def test_packages_to_ship_are_listed_with_their_cursor(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order.search_package_list")
    assert problems(parsed) == []
    assert parsed.next_page == "1730437200,184066343203459"
    assert parsed.total == 320
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "OFG192947720204989",
            "status": "unknown",
            "platform_order_ids": ["250211UJM7EVM7"],
            "platform_warehouse_id": "VN0005EIZ",
            "platform_carrier_id": "50021",
            "platform_more": {"is_shipment_arranged": "false"},
        }
    ]


def test_a_package_has_deadlines_of_its_own(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order.get_package_detail")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "OFG199593509207187",
            "platform_status": "LOGISTICS_DELIVERY_FAILED",
            "status": "problem",
            "platform_sub_status": "3",
            "platform_order_ids": ["250429H8QQSWV3"],
            "platform_line_ids": ["2", "1", "2644541245"],
            "tracking_number": "third_party_tn_1745894345",
            "platform_warehouse_id": "CNG",
            "platform_carrier_id": "80014",
            "carrier": "J&T Express",
            "updated_at": "2025-05-01T01:07:05Z",
            "platform_more": {"is_split_up": "false", "can_split_order": "false", "can_unsplit_order": "false"},
            "ship_by_at": "2025-05-02T02:38:30Z",
            "auto_arrange_at": "2025-05-02T02:38:30Z",
            "handling_days": 3,
            "collected_at": "2025-04-29T02:39:18Z",
        },
        {
            "kind": "package",
            "platform_package_id": "OFG1156498731071468",
            "platform_status": "LOGISTICS_READY",
            "status": "to_arrange",
            "platform_sub_status": "2",
            "platform_order_ids": ["220831EGF1JMXF"],
            "platform_line_ids": ["2200149592"],
            "platform_carrier_id": "80008",
            "carrier": "JNE Trucking (JTR) LPS",
            "updated_at": "2022-08-31T12:57:54Z",
            "platform_more": {
                "is_split_up": "false",
                "can_split_order": "false",
                "can_unsplit_order": "false",
                "status_info_tag_timestamp": "1662209873",
            },
            "ship_by_at": "2022-09-03T12:57:53Z",
            "auto_arrange_at": "2022-09-03T12:57:53Z",
            "handling_days": 3,
        },
    ]


def test_the_older_list_names_package_and_order(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order.get_shipment_list")
    assert problems(parsed) == []
    assert parsed.next_page == "20"
    assert len(parsed.records) == 5
    assert told(parsed)[:2] == [
        {
            "kind": "package",
            "platform_package_id": "38027870177402",
            "status": "unknown",
            "platform_order_ids": ["2003160SXK2A3T"],
        },
        {
            "kind": "package",
            "platform_package_id": "37791910064652",
            "status": "unknown",
            "platform_order_ids": ["200313Q1GR98GC"],
        },
    ]


def test_a_booking_is_a_parcel_ahead_of_its_order(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order.get_booking_list")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "201218V2Y6E59M",
            "platform_status": "READY_TO_SHIP",
            "status": "to_arrange",
            "platform_more": {"booking_sn": "201218V2Y6E59M"},
        },
        {
            "kind": "package",
            "platform_package_id": "201218V2Y6E60M",
            "platform_status": "MATCHED",
            "status": "in_transit",
            "platform_order_ids": ["201218V2Y6E60N"],
            "platform_more": {"booking_sn": "201218V2Y6E60M"},
        },
    ]


def test_the_packages_of_a_split_order_name_it(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order.split_order")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "OFG148375269133791",
            "status": "unknown",
            "platform_order_ids": ["230914AV5TVWC2"],
            "platform_line_ids": ["1"],
        },
        {
            "kind": "package",
            "platform_package_id": "OFG148375269133792",
            "status": "unknown",
            "platform_order_ids": ["230914AV5TVWC2"],
            "platform_line_ids": ["2"],
        },
        {
            "kind": "package",
            "platform_package_id": "OFG148375269133793",
            "status": "unknown",
            "platform_order_ids": ["230914AV5TVWC2"],
            "platform_line_ids": ["2"],
        },
    ]


def test_a_tracking_number_is_the_packages_that_was_asked_for(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "logistics.get_tracking_number", order_sn="A1", package_number="P1")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "P1",
            "status": "unknown",
            "platform_order_ids": ["A1"],
            "tracking_number": "MY200448706479IT",
            "platform_more": {"first_mile_tracking_number": "CNF877146678717210312"},
        }
    ]


def test_a_number_not_assigned_yet_says_why(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "logistics.get_tracking_number.pending", order_sn="A1")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "A1",
            "status": "unknown",
            "platform_order_ids": ["A1"],
            "problem": "the carrier has not assigned a number yet",
        }
    ]


def test_tracking_numbers_come_several_at_once(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "logistics.get_mass_tracking_number")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {"kind": "package", "platform_package_id": "OFG121578896133442", "status": "unknown", "tracking_number": "811000835390"}
    ]


def test_the_steps_of_a_package_and_of_its_way_back_are_kept_in_order(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "logistics.get_tracking_info")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "2409177JCSRTEU",
            "platform_status": "LOGISTICS_DELIVERY_FAILED",
            "status": "problem",
            "platform_order_ids": ["2409177JCSRTEU"],
            "updated_at": "2024-10-25T08:37:46Z",
            "platform_more": {"reversed_tracking_number": "SG246907296501CU", "reversed_courier_name": "SPX Express"},
            "events": [
                {"platform_code": "ORDER_CREATED", "text": "order created", "at": "2024-09-17T08:22:00Z"},
                {"platform_code": "PICKED_UP", "text": "handed to carrier", "at": "2024-09-17T08:22:00Z"},
                {"platform_code": "FAILED_DELIVERED", "text": "returning to hub", "at": "2024-09-17T08:25:00Z"},
                {"platform_type": "reversed", "text": "ready in local warehouse", "at": "2024-10-25T07:50:24Z"},
                {"platform_type": "reversed", "text": "left the warehouse", "at": "2024-10-25T08:37:46Z"},
            ],
        }
    ]


def test_a_mass_shipment_that_failed_in_part_says_which(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "logistics.mass_ship_order")
    assert problems(parsed) == [("response.fail_list[0].fail_reason", "platform")]
    assert parsed.next_page is None
    assert told(parsed) == []


def test_a_label_type_that_cannot_be_had_is_a_failure_of_that_order_only(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "logistics.get_shipping_document_parameter")
    assert problems(parsed) == [("warning", "note"), ("response.result_list[1].fail_error", "platform")]
    assert parsed.next_page is None
    assert told(parsed) == []


def test_labels_are_ready_one_by_one(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "logistics.get_shipping_document_result")
    assert problems(parsed) == [("warning", "note"), ("response.result_list[2].fail_error", "platform")]
    assert parsed.next_page is None
    assert told(parsed) == []


def test_a_label_that_failed_can_be_tried_later(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "logistics.get_shipping_document_result.processing")
    assert problems(parsed) == [("response.result_list[1].fail_error", "platform")]
    assert parsed.next_page is None
    assert told(parsed) == []
