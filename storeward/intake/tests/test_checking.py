"""The look at a file before it counts: each row's verdict, with row, field and mend."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from storeward import canon
from storeward.intake import reading
from storeward.intake.blank import as_csv
from storeward.intake.checking import Checked, Owner, built, check
from storeward.intake.reading import BadFile
from storeward.intake.sheets import SHEETS
from storeward.lib.money import Money

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
LUNA = Owner(1, 1, "tt-my-luna3", "Luna Home 3", "7494049642642441621", "MY", "Asia/Kuala_Lumpur", "MYR")
SARI = Owner(2, 1, "sp-th-sari", "Sari", "14701711", "TH", "Asia/Bangkok", "THB")
TWIN = Owner(3, 1, "lz-vn-sari", "Sari", "1000165972", "VN", "Asia/Ho_Chi_Minh", "VND")


def look(sheet: str, *lines: str, owners: tuple[Owner, ...] = (LUNA, SARI, TWIN)) -> Checked:
    body = "\n".join(lines).encode()
    return check(SHEETS[sheet], reading.rows(body, "x.csv"), owners, name="x.csv", now=NOW)


def bad(checked: Checked) -> list[tuple[int, str, str]]:
    return [(one.row, one.field, one.message) for one in checked.bad]


def test_a_store_is_named_by_key_by_number_or_by_a_name_that_is_its_alone() -> None:
    checked = look("balances", "store,balance", "TT-MY-LUNA3,1", "14701711,2", "luna home 3,3", "Sari,4", ",5", "nobody,6")
    assert (checked.rows, checked.good, sorted(checked.things)) == (6, 3, [1, 2])
    assert bad(checked) == [
        (5, "store", "there is no store 'Sari' that you may see; write its key, e.g. tt-my-luna3"),
        (6, "store", "is missing; write the store's key, e.g. tt-my-luna3"),
        (7, "store", "there is no store 'nobody' that you may see; write its key, e.g. tt-my-luna3"),
    ]


def test_headings_are_found_in_both_languages_with_stars_and_in_any_order() -> None:
    checked = look("balances", "余额*,Currency,STORE*,我的备注", "12.5,MYR,tt-my-luna3,x")
    assert (checked.columns, checked.ignored) == (("balance", "currency", "store"), ("我的备注",))
    assert checked.first == [(2, "tt-my-luna3", {"balance": Decimal("12.5"), "currency": "MYR"})]


def test_the_columns_of_facts_files_are_known() -> None:
    assert look("balances", "store_id,at,balance,currency", "tt-my-luna3,2026-11-20T09:35:00Z,-3,USD").good == 1


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("shop,money", "x.csv: row 1 has no column store, balance; take the template for balances"),
        ("store", "x.csv: row 1 has no column balance; take the template for balances"),
        ("store,Balance,余额", "x.csv: the column balance stands there twice; keep one"),
    ],
)
def test_headings_that_cannot_be_those_are_refused_as_a_whole(heading: str, said: str) -> None:
    with pytest.raises(BadFile) as refusal:
        look("balances", heading, "tt-my-luna3,1,1")
    assert str(refusal.value) == said


def test_headings_alone_are_no_file() -> None:
    with pytest.raises(BadFile, match="has headings and no row below them"):
        look("balances", "store,balance")


def test_each_bad_row_is_told_with_its_field_and_mend_and_costs_no_other() -> None:
    checked = look(
        "orders",
        "store,order_id,status,placed_at,total,ship_by_at",
        "tt-my-luna3,1,to ship,2026-11-20 09:35,84.00,",
        "tt-my-luna3,2,to ship,tomorrow,84.00,",
        "tt-my-luna3,,to ship,2026-11-20 09:35,84.00,",
        "tt-my-luna3,4,to ship,2026-11-20 09:35,RM 84,",
        "tt-my-luna3,5,to ship,2026-11-20 09:35,84.00,2026-11-19",
        "tt-my-luna3,5.76465E+17,to ship,2026-11-20 09:35,84.00,",
        "tt-my-luna3,7,to ship",
        "tt-my-luna3,8,to ship,2026-11-23 09:35,84.00,",
    )
    assert checked.good == 1
    assert bad(checked) == [
        (3, "placed_at", "'tomorrow' is no instant; write it like 2026-11-20 09:35"),
        (4, "order_id", "is missing; e.g. 576465000000000301"),
        (5, "total", "'RM 84' is no number; write it like 1234.50"),
        (6, "ship_by_at", "lies before placed_at; check both instants"),
        (7, "order_id", "was rounded by the spreadsheet; format the column as text and enter the number again"),
        (8, "placed_at", "is missing; e.g. 2026-11-20 09:35"),
        (9, "placed_at", "lies in the future; enter when it was true"),
    ]


def test_what_the_platform_brings_itself_no_file_overwrites() -> None:
    connected = Owner(**{**{name: getattr(LUNA, name) for name in Owner.__dataclass_fields__}, "by_api": frozenset({"orders"})})
    checked = look("orders", "store,order_id,status,placed_at", "tt-my-luna3,1,to ship,2026-11-20", owners=(connected,))
    assert bad(checked) == [(2, "store", "orders of tt-my-luna3 come from the platform itself; leave its rows out")]
    assert look("balances", "store,balance", "tt-my-luna3,1", owners=(connected,)).good == 1


def test_rows_of_one_order_become_one_order_with_its_lines() -> None:
    checked = look(
        "orders",
        "store,order_id,status,placed_at,total,sku,title,quantity,price,tracking_number,buyer_note",
        "sp-th-sari,9,待发货,2026-11-20 09:35,300,,,,,,",
        "sp-th-sari,9,to ship,2026-11-20 09:35,,MUG,Mug,2,100,T1,please hurry",
        "sp-th-sari,9,to ship,2026-11-20 09:35,,CUP,Cup,,100,,",
    )
    ((order, raw),) = built(checked, SARI, NOW)
    assert isinstance(order, canon.Order)
    assert (order.platform_order_id, order.platform_status, order.status) == ("9", "to_ship", "to_ship")
    assert order.total == Money(Decimal(300), "THB")
    assert order.placed_at == datetime(2026, 11, 20, 2, 35, tzinfo=UTC)
    assert order.buyer_note == "please hurry"
    assert [
        (line.platform_line_id, line.seller_sku, line.quantity, line.price, line.tracking_number) for line in order.lines
    ] == [
        ("2", "MUG", 2, Money(Decimal(100), "THB"), "T1"),
        ("3", "CUP", 1, Money(Decimal(100), "THB"), None),
    ]
    assert raw.startswith(b'[["sp-th-sari","9",')


def test_a_status_that_nobody_knows_is_kept_and_unknown() -> None:
    checked = look("orders", "store,order_id,status,placed_at", "sp-th-sari,9,Waiting for stars,2026-11-20")
    ((order, _),) = built(checked, SARI, NOW)
    assert isinstance(order, canon.Order)
    assert (order.platform_status, order.status) == ("Waiting for stars", "unknown")


def test_stock_is_a_listing_with_a_row_a_sku() -> None:
    checked = look(
        "stock",
        "store,listing_id,sku_id,sku,title,available,price,status",
        "tt-my-luna3,1729,11,MUG-B,Mug,14,42.00,在售",
        "tt-my-luna3,1729,12,MUG-R,Mug,0,42.00,在售",
        "tt-my-luna3,1730,,PLAIN,Plate,3,,",
    )
    mug, plate = (record for record, _ in built(checked, LUNA, NOW))
    assert isinstance(mug, canon.Listing)
    assert isinstance(plate, canon.Listing)
    assert [(sku.platform_sku_id, sku.seller_sku, sku.available) for sku in mug.skus] == [("11", "MUG-B", 14), ("12", "MUG-R", 0)]
    assert (mug.status, plate.status, plate.skus[0].platform_sku_id) == ("live", "live", "PLAIN")
    assert mug.skus[0].price == Money(Decimal("42.00"), "MYR")


def test_points_and_violations_become_the_records_of_a_platform() -> None:
    points = look("points", "store,id,points,issued_at,reason", "tt-my-luna3,V-1,3,2026-11-12 10:00,Late dispatch")
    ((entry, _),) = built(points, LUNA, NOW)
    assert entry == canon.Points(
        platform_points_id="V-1",
        points=Decimal(3),
        platform_reason="Late dispatch",
        issued_at=datetime(2026, 11, 12, 2, tzinfo=UTC),
    )
    violations = look(
        "violations",
        "store,id,status,notified_at,deadline_at,category",
        "tt-my-luna3,V-2,待处理,2026-11-12 10:00,2026-11-26 10:00,ip_infringement",
        "tt-my-luna3,V-3,pending,2026-11-12 10:00,2026-11-02 10:00,",
        "tt-my-luna3,V-4,lost,,,",
    )
    ((violation, _),) = built(violations, LUNA, NOW)
    assert isinstance(violation, canon.Violation)
    assert (violation.status, violation.category, violation.deadline_at) == (
        "pending",
        "ip_infringement",
        datetime(2026, 11, 26, 2, tzinfo=UTC),
    )
    assert [(one.row, one.field) for one in violations.bad] == [(3, "deadline_at"), (4, "status")]


@pytest.mark.parametrize(
    ("fact", "value", "meaning"),
    [
        ("ahr", "165", {"score": 165}),
        ("账户健康评分", "90", {"score": 90}),
        ("两步验证", "是", True),
        ("withdrawal_frozen", "no", False),
    ],
)
def test_a_figure_takes_the_shape_of_its_fact(fact: str, value: str, meaning: object) -> None:
    checked = look("figures", "store,fact,value", f"tt-my-luna3,{fact},{value}")
    assert checked.first[0][2]["value"] == meaning


@pytest.mark.parametrize(("fact", "value"), [("ahr", "good"), ("ahr", "1200"), ("two_step_verification", "maybe")])
def test_a_figure_that_cannot_be_is_refused(fact: str, value: str) -> None:
    assert [(one.row, one.field) for one in look("figures", "store,fact,value", f"tt-my-luna3,{fact},{value}").bad] == [
        (2, "value")
    ]


@pytest.mark.parametrize("name", SHEETS)
def test_the_example_row_of_every_template_is_good(name: str) -> None:
    checked = check(SHEETS[name], reading.rows(as_csv(SHEETS[name], "en"), "x.csv"), (LUNA,), name="x.csv", now=NOW)
    assert (bad(checked), checked.good) == ([], 1)
    if SHEETS[name].build is not None:
        assert len(built(checked, LUNA, NOW)) == 1
