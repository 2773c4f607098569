"""Notices in six languages, read as a person would read them, and nothing read that is not there."""

import re
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.intake import notice_times
from storeward.intake.notice_phrases import LANGUAGES, phrases
from storeward.intake.notices import Found, Recognised, Shop, Subject, recognise

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MY = Shop(1, "tt-my-luna3", "Luna Home 3", "tiktok_shop", "7494000000001", "MY", "Asia/Kuala_Lumpur")
TH = Shop(2, "tt-th-mori2", "Mori Home 2", "tiktok_shop", "7494000000002", "TH", "Asia/Bangkok")
VN = Shop(3, "sp-vn-sora", "Sora Store", "shopee", "880011223", "VN", "Asia/Ho_Chi_Minh")
ID = Shop(4, "lz-id-kopi", "Kopi Nusantara", "lazada", "100200300", "ID", "Asia/Jakarta")
CN = Shop(5, "dy-cn-yue", "月光家居旗舰店", "douyin", "55667788", "CN", "Asia/Shanghai")
US = Shop(6, "tt-us-luna", "Luna Home US", "tiktok_shop", "7495000000009", "US", "America/Los_Angeles")
PH = Shop(7, "sp-ph-isla", "Isla Goods", "shopee", "880099887", "PH", "Asia/Manila")
STORES = [MY, TH, VN, ID, CN, US, PH]

FIELDS = ("kind", "platform", "store", "points", "score", "deadline", "issued_at", "subject", "case")


def read(text: str, **more: Any) -> Recognised:
    return recognise(text, stores=more.pop("stores", STORES), now=NOW, **more)


def values(found: Recognised) -> dict[str, Any]:
    """Everything that was told, by name."""
    return {name: one.value for name in FIELDS if (one := getattr(found, name)) is not None}


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "en: points with a total, an order, a case and a deadline in a zone of its own",
        """Violation notice
Your TikTok Shop store Luna Home 3 received 4 violation points for late dispatch. Your total is now 14 violation points.
Issued on 20 November 2026 10:00
Order ID: 577123456789012345
Violation ID: V-2026-88
Please appeal by 20/12/2026 23:59 (GMT+7).""",
        {
            "kind": "violation_points", "platform": "tiktok_shop", "store": MY, "points": Decimal(4),
            "issued_at": utc(2026, 11, 20, 2, 0), "deadline": utc(2026, 12, 20, 16, 59),
            "subject": Subject("order", "577123456789012345"), "case": "V-2026-88",
        },
    ),
    (
        "en: a score that fell, in the American way of dates",
        """Account Health Rating update
TikTok Shop: the Account Health Rating of Luna Home US dropped from 200 to 165.
Date: 11/12/2026 9:05 AM
Case number: AH-77120
Respond by: Nov 26, 2026 11:59 PM""",
        {
            "kind": "account_health", "platform": "tiktok_shop", "store": US, "score": Decimal(165),
            "issued_at": utc(2026, 11, 12, 17, 5), "deadline": utc(2026, 11, 27, 7, 59), "case": "AH-77120",
        },
    ),
    (
        "en: a reminder, a week from its date",
        """Inactivity reminder
Shop ID 7494000000001
Notice date: 2026-11-18 09:00
Please log in to Seller Center within seven (7) days, or the listings may be removed.""",
        {
            "kind": "inactivity_reminder", "platform": "tiktok_shop", "store": MY,
            "issued_at": utc(2026, 11, 18, 1, 0), "deadline": utc(2026, 11, 25, 1, 0),
        },
    ),
    (
        "zh: points in words before and after, a label with a full-width colon",
        """违规处罚通知
您的 TikTok Shop 店铺 Luna Home 3 因延迟发货被扣4分违规分，累计违规分12。
处罚时间：2026年11月20日 10:30
订单号：577123456789012345
申诉截止时间：2026年11月27日 下午6:00""",
        {
            "kind": "violation_points", "platform": "tiktok_shop", "store": MY, "points": Decimal(4),
            "issued_at": utc(2026, 11, 20, 2, 30), "deadline": utc(2026, 11, 27, 10, 0),
            "subject": Subject("order", "577123456789012345"),
        },
    ),
    (
        "zh: a deposit that must be filled up within a number of days written as a word",
        """保证金不足提醒
抖店商家 月光家居旗舰店：您的保证金不足，请在七天内补缴。
通知时间：2026-11-20 10:00""",
        {
            "kind": "deposit_shortfall", "platform": "douyin", "store": CN,
            "issued_at": utc(2026, 11, 20, 2, 0), "deadline": utc(2026, 11, 27, 2, 0),
        },
    ),
    (
        "zh: a month and day without a year is the first after the notice, and 前 means its beginning",
        """商品下架通知
Shopee 店铺 880011223
商品编号：22998877665
日期：2026年12月28日""".replace("2026年12月28日", "2026年11月20日") + "\n请于1月5日前申诉",
        {
            "kind": "listing_removed", "platform": "shopee", "store": VN, "issued_at": utc(2026, 11, 19, 17, 0),
            "deadline": utc(2027, 1, 4, 17, 0), "subject": Subject("product", "22998877665"),
        },
    ),
    (
        "ms: penalty points, a Malay month and clock",
        """Notis pelanggaran
Kedai Luna Home 3 di TikTok Shop dikenakan 2 mata pelanggaran.
Tarikh: 20 November 2026, pukul 9.30 pagi
No. kes: KES-5521
Tarikh akhir rayuan: 4 Disember 2026, pukul 5.00 petang""",
        {
            "kind": "violation_points", "platform": "tiktok_shop", "store": MY, "points": Decimal(2),
            "issued_at": utc(2026, 11, 20, 1, 30), "deadline": utc(2026, 12, 4, 9, 0), "case": "KES-5521",
        },
    ),
    (
        "ms: two-step verification, last day inclusive",
        """Pengesahan dua langkah diperlukan
Luna Home 3
Tarikh: 1 Ogos 2026
Aktifkan pengesahan dua langkah selewat-lewatnya 31/08/2026.""",
        {
            "kind": "two_step_verification_required", "platform": "tiktok_shop", "store": MY,
            "issued_at": utc(2026, 7, 31, 16, 0), "deadline": utc(2026, 8, 31, 15, 59, 59),
        },
    ),
    (
        "id: Lazada points in Jakarta's time",
        """Pemberitahuan pelanggaran
Toko Kopi Nusantara di Lazada mendapat 3 poin ketidakpatuhan.
Tanggal: 20 Nopember 2026""".replace("Nopember", "November") + """
Nomor kasus: LZ-998-1
Batas waktu banding: 27 Desember 2026 pukul 23.59 WIB""",
        {
            "kind": "non_compliance_points", "platform": "lazada", "store": ID, "points": Decimal(3),
            "issued_at": utc(2026, 11, 19, 17, 0), "deadline": utc(2026, 12, 27, 16, 59), "case": "LZ-998-1",
        },
    ),
    (
        "id: an appeal that was turned down",
        """Hasil banding
Lazada - Kopi Nusantara
Banding Anda ditolak.
Nomor pesanan: 900100200300400
Tanggal: 21-11-2026 14:20 WITA""",
        {
            "kind": "appeal_rejected", "platform": "lazada", "store": ID, "issued_at": utc(2026, 11, 21, 6, 20),
            "subject": Subject("order", "900100200300400"),
        },
    ),
    (
        "th: Buddhist years and Thai digits",
        """แจ้งการละเมิด
ร้านค้า Mori Home 2 บน TikTok Shop ได้รับคะแนนการละเมิด ๔ คะแนน
วันที่แจ้ง: 20 พฤศจิกายน 2569 เวลา 10.30 น.
หมายเลขคำสั่งซื้อ: 577999888777666555
กรุณายื่นอุทธรณ์ภายในวันที่ 4 ธ.ค. 2569 เวลา 23:59 น.""",
        {
            "kind": "violation_points", "platform": "tiktok_shop", "store": TH, "points": Decimal(4),
            "issued_at": utc(2026, 11, 20, 3, 30), "deadline": utc(2026, 12, 4, 16, 59),
            "subject": Subject("order", "577999888777666555"),
        },
    ),
    (
        "th: days from the notice",
        """แจ้งเตือนร้านค้าไม่มีความเคลื่อนไหว
Mori Home 2
วันที่: 20/11/2569
กรุณาเข้าสู่ระบบภายใน 7 วัน""",
        {
            "kind": "inactivity_reminder", "platform": "tiktok_shop", "store": TH,
            "issued_at": utc(2026, 11, 19, 17, 0), "deadline": utc(2026, 11, 26, 17, 0),
        },
    ),
    (
        "vi: points of Shopee, time before the day",
        """Thông báo vi phạm
Shopee: gian hàng Sora Store bị cộng 2 điểm phạt.
Ngày thông báo: 20/11/2026
Mã vi phạm: VP-20261120-7
Thời hạn khiếu nại: 23:59 ngày 27/11/2026""",
        {
            "kind": "penalty_points", "platform": "shopee", "store": VN, "points": Decimal(2),
            "issued_at": utc(2026, 11, 19, 17, 0), "deadline": utc(2026, 11, 27, 16, 59), "case": "VP-20261120-7",
        },
    ),
    (
        "vi: a product taken down, the long date",
        """Sản phẩm của bạn đã bị gỡ
Shopee Sora Store
Mã sản phẩm: 22112233445
Ngày 20 tháng 11 năm 2026
Vui lòng khiếu nại trong vòng 15 ngày kể từ ngày thông báo.""",
        {
            "kind": "listing_removed", "platform": "shopee", "store": VN, "issued_at": utc(2026, 11, 19, 17, 0),
            "deadline": utc(2026, 12, 4, 17, 0), "subject": Subject("product", "22112233445"),
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_notice_tells_exactly_what_stands_in_it(text: str, expected: dict[str, Any]) -> None:
    found = read(text)
    assert values(found) == expected
    assert found.unsure == ()


@pytest.mark.parametrize("text", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_every_value_stands_beside_its_words(text: str) -> None:
    found = read(text)
    for name in FIELDS:
        one: Found[Any] | None = getattr(found, name)
        if one is not None:
            assert one.span is not None
            assert found.text[one.span.start : one.span.end] == one.span.text != ""


KINDS = [
    ("violation_points", "2 violation points were issued."),
    ("penalty_points", "Your shop received 1 penalty point."),
    ("non_compliance_points", "Non-compliance points: 3"),
    ("violation", "Policy violation found in your shop."),
    ("violation_warning", "This is a warning."),
    ("inactivity_reminder", "Your shop has been inactive for a while."),
    ("inactivity_listings_removed", "Your listings were removed due to inactivity."),
    ("listing_removed", "Your product has been taken down."),
    ("order_cancelled", "The order was cancelled."),
    ("payment_frozen", "Your payouts have been frozen."),
    ("funds_withheld", "Your funds are withheld."),
    ("fund_deduction_planned", "We plan to deduct an amount from your balance."),
    ("deposit_shortfall", "Deposit shortfall: top up soon."),
    ("appeal_approved", "Your appeal has been approved."),
    ("appeal_rejected", "Your appeal was rejected."),
    ("account_health", "Your AHR is 180"),
    ("campaign_end", "The campaign ends soon."),
    ("two_step_verification_required", "Please turn on two-step verification."),
    ("payment_frozen", "店铺货款已冻结"),
    ("appeal_rejected", "您的申诉未通过"),
    ("appeal_approved", "申诉成功"),
    ("account_health", "账户健康评分：165"),
    ("campaign_end", "活动即将结束"),
    ("two_step_verification_required", "请开启两步验证"),
    ("inactivity_reminder", "店铺不活跃提醒"),
    ("order_cancelled", "订单已被取消"),
    ("payment_frozen", "Bayaran anda telah dibekukan"),
    ("appeal_approved", "Rayuan anda telah diluluskan"),
    ("campaign_end", "Kempen akan tamat"),
    ("inactivity_reminder", "Kedai anda tidak aktif"),
    ("deposit_shortfall", "Deposit anda tidak mencukupi"),
    ("payment_frozen", "Saldo Anda telah dibekukan"),
    ("inactivity_reminder", "Toko Anda tidak aktif"),
    ("two_step_verification_required", "Aktifkan verifikasi dua langkah"),
    ("deposit_shortfall", "Kekurangan deposit"),
    ("payment_frozen", "ยอดเงินของคุณถูกอายัด"),
    ("appeal_rejected", "คำอุทธรณ์ของคุณถูกปฏิเสธ"),
    ("deposit_shortfall", "เงินประกันไม่เพียงพอ"),
    ("campaign_end", "แคมเปญกำลังจะสิ้นสุด"),
    ("payment_frozen", "Số dư của bạn bị đóng băng"),
    ("appeal_approved", "Khiếu nại của bạn được chấp nhận"),
    ("two_step_verification_required", "Vui lòng bật xác minh hai bước"),
    ("deposit_shortfall", "Tiền ký quỹ không đủ"),
]


@pytest.mark.parametrize(("kind", "text"), KINDS)
def test_each_kind_is_told_by_its_words(kind: str, text: str) -> None:
    found = read(text)
    assert found.kind is not None
    assert found.kind.value == kind


@pytest.mark.parametrize(
    "text",
    [
        "No violation points were issued.",
        "没有违规分",
        "Tiada mata pelanggaran",
        "Tidak ada poin pelanggaran",
        "ไม่มีคะแนนการละเมิด",
        "Không có điểm vi phạm",
        "Thank you for selling with us.",
        "",
    ],
)
def test_what_is_denied_or_not_named_is_no_kind(text: str) -> None:
    assert read(text).kind is None


@pytest.mark.parametrize(
    "text",
    [
        "Your total is 14 violation points",
        "When you reach 12 violation points, campaigns are closed",
        "累计违规分12",
        "jumlah mata pelanggaran: 12",
        "total poin pelanggaran: 12",
        "คะแนนการละเมิดสะสม: 12",
        "tổng điểm vi phạm: 12",
    ],
)
def test_a_total_or_a_limit_is_no_entry_of_points(text: str) -> None:
    assert read(text).points is None


def test_two_figures_are_not_told() -> None:
    found = read("Violation points: 2 for order one. Violation points: 3 for order two.")
    assert found.points is None
    assert "points" in found.unsure


def test_two_deadlines_are_not_told_even_in_one_sentence() -> None:
    found = read("Luna Home 3\n处罚时间：2026年11月20日 10:30\n请于2026年11月26日前申诉，或在七天内处理。")
    assert found.deadline is None
    assert "deadline" in found.unsure


def test_working_days_are_not_told() -> None:
    found = read("Luna Home 3\nIssued on 2026-11-20\nPlease appeal within 5 working days.")
    assert (found.deadline, found.unsure) == (None, ("deadline",))


def test_days_without_a_date_to_count_from_are_not_told_unless_the_mail_has_one() -> None:
    text = "Luna Home 3\nPlease appeal within 7 days."
    assert read(text).deadline is None
    found = read(text, sent_at=utc(2026, 11, 20, 5, 0))
    assert found.deadline is not None
    assert found.deadline.value == utc(2026, 11, 27, 5, 0)


def test_a_deadline_before_its_notice_is_not_told() -> None:
    found = read("Luna Home 3\nIssued on 2026-11-20\nRespond by 2026-11-10")
    assert (found.deadline, found.unsure) == (None, ("deadline",))


def test_a_day_needs_the_zone_of_a_store_unless_it_names_one() -> None:
    assert read("Respond by 25 November 2026 18:00").deadline is None
    found = read("Respond by 25 November 2026 18:00 UTC+8")
    assert found.deadline is not None
    assert found.deadline.value == utc(2026, 11, 25, 10, 0)


@pytest.mark.parametrize(
    ("shop", "said", "expected"),
    [
        (MY, "05/12/2026", utc(2026, 12, 5, 15, 59, 59)),
        (US, "12/05/2026", utc(2026, 12, 6, 7, 59, 59)),
        (PH, "05/12/2026", None),
        (PH, "25/12/2026", utc(2026, 12, 25, 15, 59, 59)),
        (MY, "31/02/2026", None),
        (MY, "5 December 2026 18:00 CST", None),
        (MY, "5 December 2026 25:00", None),
    ],
)
def test_a_date_means_what_its_market_writes_or_nothing(shop: Shop, said: str, expected: datetime | None) -> None:
    found = read(f"Respond by {said}", chosen=shop)
    assert (found.deadline.value if found.deadline else None) == expected


def test_a_longer_name_is_not_the_shorter_store() -> None:
    longer = Shop(9, "tt-my-luna31", "Luna Home 31", "tiktok_shop", "7494000000031", "MY", "Asia/Kuala_Lumpur")
    found = read("Notice for Luna Home 31", stores=[MY, longer])
    assert found.store is not None
    assert found.store.value == longer


def test_two_stores_are_not_told_and_a_chosen_one_is() -> None:
    text = "Notice for Luna Home 3 and Mori Home 2"
    assert read(text).store is None
    assert "store" in read(text).unsure
    assert read(text, chosen=TH).store == Found(TH, None)


def test_a_name_counts_only_on_the_platform_that_is_named() -> None:
    twin = Shop(10, "sp-my-luna3", "Luna Home 3", "shopee", "880055", "MY", "Asia/Kuala_Lumpur")
    found = read("Shopee: Luna Home 3", stores=[MY, twin])
    assert found.store is not None
    assert found.store.value == twin
    assert read("Luna Home 3", stores=[MY, twin]).store is None


def test_month_names_mean_one_month_each() -> None:
    with pytest.raises(ValueError, match="two months"):
        notice_times.names([{"mac": 3}, {"Mac": 4}])


def test_every_language_says_every_kind() -> None:
    data = phrases()
    for language in LANGUAGES:
        said = {wording.role for wording in data.roles["kind"] if wording.language == language}
        assert said == set(data.kinds)


# -- any text whatsoever ---------------------------------------------------------------------------------------------------

WORDS = [word for _, text, _ in CASES for word in re.split(r"(\s+|[,:：，。])", text) if word]
SHUFFLED = st.lists(st.sampled_from(WORDS), max_size=60).map("".join)
SPELLED = "一二两三四五六七八九十"


def digits(text: str) -> str:
    return "".join(str(int(one)) if one.isdecimal() else one for one in text)


@given(st.one_of(st.text(max_size=400), SHUFFLED, st.tuples(SHUFFLED, st.text(max_size=30), SHUFFLED).map("".join)))
def test_no_text_raises_and_no_number_is_invented(text: str) -> None:
    found = read(text)
    for name in ("points", "score"):
        one = getattr(found, name)
        if one is not None:
            words = digits(one.span.text).replace(",", ".")
            assert str(one.value) in words or any(sign in words for sign in SPELLED)
    for name in FIELDS:
        one = getattr(found, name)
        if one is not None and one.span is not None:
            assert found.text[one.span.start : one.span.end] == one.span.text
    if found.subject is not None:
        assert found.subject.value.id in found.text
    if found.case is not None:
        assert found.case.value in found.text
    assert not set(found.unsure) & set(values(found))


@given(st.integers(1, 99), st.sampled_from(["{n} violation points", "违规分：{n}分", "{n} mata penalti", "คะแนนการละเมิด: {n}"]))
def test_any_figure_is_read_as_it_stands(number: int, text: str) -> None:
    found = read(text.format(n=number))
    assert found.points is not None
    assert found.points.value == number


@given(st.dates(datetime(2026, 11, 23).date(), datetime(2027, 11, 20).date()))  # noqa: DTZ001 - days
def test_a_day_is_the_same_in_all_six_languages(day: Any) -> None:
    months = phrases().months
    thai = next(name for name, month in months.items() if month == day.month and "\u0e00" < name[0] < "\u0e7f")
    said = [
        f"by {day:%d %B %Y}", f"截止日期：{day.year}年{day.month}月{day.day}日", f"hingga {day:%d/%m/%Y}",
        f"paling lambat {day:%d-%m-%Y}", f"ภายในวันที่ {day.day} {thai} {day.year + 543}",
        f"chậm nhất ngày {day.day} tháng {day.month} năm {day.year}",
    ]  # fmt: skip
    due = datetime(day.year, day.month, day.day, 15, 59, 59, tzinfo=UTC)
    assert [found.deadline and found.deadline.value for found in (read(one, chosen=MY) for one in said)] == [due] * 6


def test_a_long_text_is_read_in_good_time() -> None:
    started = time.thread_time()
    read(("Please appeal within the order points total reach 12 " * 500) + "(" * 2000)
    assert time.thread_time() - started < 20


def test_a_name_that_a_mail_breaks_over_two_lines_is_still_the_name() -> None:
    found = read("Your TikTok Shop store Luna\n  Home 3 received 4 violation points.")
    assert found.store is not None
    assert (found.store.value, found.store.span and found.store.span.text) == (MY, "Luna\n  Home 3")
