"""Points and deadlines of notices, one sentence a line: what is told, what is not, and what becomes of it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from storeward.intake.notice_entries import NoticeOf, PointsOf, ScoreOf, ViolationOf, entries_of, words_digest
from storeward.intake.notices import Recognised, Shop, recognise

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MY = Shop(1, "tt-my-luna3", "Luna Home 3", "tiktok_shop", "7494000000001", "MY", "Asia/Kuala_Lumpur")
US = Shop(2, "tt-us-luna", "Luna Home US", "tiktok_shop", "7495000000009", "US", "America/Los_Angeles")
LZ = Shop(3, "lz-my-luna", "Luna Lazada", "lazada", "100200", "MY", "Asia/Kuala_Lumpur")


def told(text: str, shop: Shop | None = MY) -> Recognised:
    return recognise(text, stores=[], now=NOW, chosen=shop)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("You received 4 violation points.", "4"),
        ("Violation points: 0.5", "0.5"),
        ("Violation points: 1,5", "1.5"),
        ("Violation points: +3", "3"),
        ("-3 violation points", "3"),
        ("four (4) violation points", "4"),
        ("48 penalty points", "48"),
        ("Penalty points issued: 2", "2"),
        ("违规分：三分", "3"),
        ("扣十二分违规分", "12"),
        ("违规分：二十", "20"),
        ("违规分：二十五分", "25"),
        ("扣两分", "2"),
        ("扣三点", "3"),
        ("已扣除您12分违规分", "12"),
        ("扣12分，剩余36分", "12"),
        ("dikenakan 2 mata penalti", "2"),
        ("mendapat 3 poin penalti", "3"),
        ("คะแนนการละเมิด: ๓ คะแนน", "3"),
        ("bị cộng 2 điểm phạt", "2"),
    ],
)
def test_the_points_of_a_notice_are_those_of_its_sentence(text: str, points: str) -> None:
    found = told(text)
    assert found.points is not None
    assert found.points.value == Decimal(points)


@pytest.mark.parametrize(
    "text",
    [
        "违规分：一百",
        "扣一百二十分违规分",
        "一百二十个违规分",
        "扣三点五分",
        "2-4 violation points",
        "2–4 violation points",
        "2 to 4 violation points",
        "1 or 2 violation points",
        "between 2 and 4 violation points",
        "Violation points: 4/12",
        "Violation points: 4 of 12",
        "Violation points: 4 out of 12",
        "Violation points: 1,024",
        "Violation points: 12.5%",
        "12 violation points or more",
        "every 4 violation points",
        "up to 4 violation points",
        "2 points away",
        "达到12分",
        "每12分",
        "违规分：2分。违规分：3分。",
    ],
)
def test_a_range_a_share_a_limit_or_half_a_numeral_is_no_figure(text: str) -> None:
    assert told(text).points is None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Respond by Saturday, 5 December 2026", (2026, 12, 5, 15, 59, 59)),
        ("Respond by Sat, Dec 5, 2026 at 5pm", (2026, 12, 5, 9)),
        ("Appeal by 5 PM on 5 December 2026", (2026, 12, 5, 9)),
        ("Appeal by the end of 5 December 2026", (2026, 12, 5, 15, 59, 59)),
        ("Appeal on or before 5 December 2026", (2026, 12, 5, 15, 59, 59)),
        ("Appeal before 5 December 2026", (2026, 12, 4, 16)),
        ("Appeal prior to 5 December 2026 18:00", (2026, 12, 5, 10)),
        ("Appeal no later than 31 December 2026 24:00", (2026, 12, 31, 16)),
        ("申诉截止时间：2026年12月5日18:00", (2026, 12, 5, 10)),
        ("申诉截止时间：2026年12月5日24:00", (2026, 12, 5, 16)),
        ("申诉截止时间：2026年12月5日中午12:00", (2026, 12, 5, 4)),
        ("申诉截止时间：2026年12月5日", (2026, 12, 5, 15, 59, 59)),
        ("请于2026年12月5日前申诉", (2026, 12, 4, 16)),
        ("请于2026年12月5日18:00前申诉", (2026, 12, 5, 10)),
        ("Bayar sebelum 5 Disember 2026", (2026, 12, 4, 16)),
        ("Tarikh akhir: 5 Disember 2026, 11.30 pagi", (2026, 12, 5, 3, 30)),
        ("paling lambat 5 Desember 2026 pukul 11.00 siang", (2026, 12, 5, 3)),
        ("ภายในวันที่ 5 ธันวาคม 2569 เวลา 18.00 น.", (2026, 12, 5, 10)),
        ("Hạn chót: 5/12/2026 lúc 9h tối", (2026, 12, 5, 13)),
        ("trước 5/12/2026", (2026, 12, 4, 16)),
    ],
)
def test_a_deadline_is_the_instant_that_its_words_name(text: str, due: tuple[int, ...]) -> None:
    found = told(text)
    assert found.deadline is not None
    assert found.deadline.value == datetime(*due, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    "text",
    [
        "Appeal by midnight on 5 December 2026",
        "Appeal by noon, 5 December 2026",
        "Appeal by 5 December 2026 noon",
        "申诉截止时间：2026年12月5日零点",
        "申诉截止时间：2026年12月5日晚上12点",
        "申诉截止时间：2026年2月30日",
        "Appeal by 5 December 2026 18:00 CST",
        "Appeal by 5 December 2046",
        "Respond within 5 business days",
        "Appeal within 7 days",
    ],
)
def test_a_deadline_that_has_no_single_instant_is_asked_for(text: str) -> None:
    found = told(text)
    assert (found.deadline, found.unsure) == (None, ("deadline",))
    assert "deadline" in entries_of(found, sent_at=NOW).missing


ISSUED = "Issued on 2026-11-20 10:00\n"
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_points_without_a_deadline_are_points_alone() -> None:
    found = entries_of(told(ISSUED + "You received 4 violation points.\nViolation ID: V-2026-88"))
    assert (found.rows, found.missing) == ((PointsOf("V-2026-88", Decimal(4), AT),), ())


def test_points_with_a_deadline_are_a_violation_in_force_too() -> None:
    found = entries_of(told(ISSUED + "You received 4 violation points.\nViolation ID: V-2026-88\nAppeal by 2026-12-20"))
    due = datetime(2026, 12, 20, 15, 59, 59, tzinfo=UTC)
    details = {"platform_reason": "violation_points", "points": "4"}
    assert found.rows == (PointsOf("V-2026-88", Decimal(4), AT), ViolationOf("V-2026-88", "enforced", AT, due, details))


@pytest.mark.parametrize(
    ("text", "shop", "rows"),
    [
        ("Your AHR is 180", US, (ScoreOf(180, datetime(2026, 11, 20, 18, 0, tzinfo=UTC)),)),
        ("Your AHR is 180", MY, (NoticeOf("account_health", AT),)),
        ("Your AHR is 180", LZ, (NoticeOf("account_health", AT),)),
        ("Your AHR is 180.5", US, (NoticeOf("account_health", datetime(2026, 11, 20, 18, 0, tzinfo=UTC)),)),
        ("Your AHR is 1001", US, (NoticeOf("account_health", datetime(2026, 11, 20, 18, 0, tzinfo=UTC)),)),
        ("The campaign ends soon.", MY, (NoticeOf("campaign_end", AT),)),
    ],
)
def test_a_score_counts_where_the_market_has_one_and_is_a_notice_elsewhere(text: str, shop: Shop, rows: object) -> None:
    assert entries_of(told(ISSUED + text, shop)).rows == rows


@pytest.mark.parametrize(
    ("text", "shop", "missing"),
    [
        ("Thank you.", None, ("kind", "store", "issued_at")),
        (ISSUED + "You received 4 violation points.", None, ("store", "issued_at")),
        ("You received 4 violation points.", MY, ("issued_at",)),
        (ISSUED + "You received 2-4 violation points.", MY, ("points",)),
        (ISSUED + "Account Health Rating update", US, ("score",)),
        (ISSUED + "Policy violation. Appeal within 5 working days.", MY, ("deadline",)),
    ],
)
def test_what_a_person_must_add_is_named_and_nothing_is_entered_meanwhile(
    text: str, shop: Shop | None, missing: tuple[str, ...]
) -> None:
    found = entries_of(told(text, shop))
    assert (found.rows, found.missing) == ((), missing)


@pytest.mark.parametrize("same", ["Four  points\n", "four points", "ＦＯＵＲ points", " f o u r points"])
def test_the_same_words_are_the_same_however_they_are_spaced_or_written(same: str) -> None:
    assert words_digest(same) == words_digest("Four points")
    assert words_digest(same) != words_digest("Five points")
