"""Which rules an announcement seems to speak of: texts as platforms write them, in both languages, with what must be found."""

from datetime import date

import pytest

from storeward.policy.terms import INTERNAL, book
from storeward.rulebook.concerns import LEAST, MOST, NAMED, concerns

TODAY = date(2026, 11, 18)

# (platform, text, a rule that must be among the first three)
ANNOUNCED: list[tuple[str, str, str]] = [
    (
        "tiktok_shop",
        "Update to the late dispatch rate: from 1 December the target is 3 instead of 4 per cent.",
        "TTS-SEA-LDR-TARGET",
    ),
    (
        "tiktok_shop",
        "Sellers without activity for 30 days will be reminded earlier. Inactive stores lose their listings.",
        "TTS-SEA-INACT-30",
    ),
    (
        "tiktok_shop",
        "Negative balance: withdrawals are frozen after 10 days below zero.",
        "TTS-SEA-NEGBAL-10D",
    ),
    (
        "tiktok_shop",
        "New first appeal window: 30 days become 15 for all violations.",
        "TTS-SEA-APPEAL-1",
    ),
    (
        "tiktok_shop",
        "Two-step verification becomes mandatory for main accounts and sub-accounts.",
        "TTS-SEA-2SV",
    ),
    (
        "tiktok_shop",
        "Rule TTS-SEA-CANCELREQ-24H of your handbook will be shortened.",
        "TTS-SEA-CANCELREQ-24H",
    ),
    (
        "shopee",
        "Non-fulfilment rate above 10 % limits orders from next quarter on.",
        "SHP-NFR",
    ),
    (
        "shopee",
        "Late shipment rate for cross-border sellers changes to 20 %.",
        "SHP-XB-LSR",
    ),
    (
        "shopee",
        "Pre-order listings may make up at most 5 % of all listings.",
        "SHP-PREORDER-5",
    ),
    (
        "lazada",
        "Shipped on time below 90 per cent now leads to non-compliance points.",
        "LZD-SOT",
    ),
    (
        "lazada",
        "Chat response rate: the green zone begins at 85.",
        "LZD-CHAT-RATE",
    ),
    (
        "lazada",
        "Positive seller rating must be above 70.",
        "LZD-POSITIVE",
    ),
    ("douyin", "关于调整3分钟人工回复率考核标准的通知", "DY-REPLY-3MIN"),
    ("douyin", "延迟发货赔付买家规则更新公告", "DY-LATE-COMPENSATION"),
    ("douyin", "商家违规满12分将被关店", "DY-VP-12"),
    ("douyin", "企业认证的材料与时限调整", "DY-CERT-PAPERS"),
    ("douyin", "关于缺货赔付比例的说明:实付金额5%,最高500元", "DY-OOS-COMPENSATION"),
    ("tiktok_shop", "关于延迟发货率目标的调整", "TTS-SEA-LDR-TARGET"),
    ("lazada", "准时发货率低于90将被扣分", "LZD-SOT"),
]

NOTHING = [
    "We wish all sellers a happy new year!",
    "The seller centre will be down for maintenance on Sunday night.",
    "Join our webinar about photography and lighting.",
    "祝各位商家新春快乐",
    "",
    "   \n",
]


@pytest.mark.parametrize(("platform", "text", "rule"), ANNOUNCED, ids=[row[2] for row in ANNOUNCED])
def test_the_rule_that_a_text_speaks_of_is_among_the_first_three(platform: str, text: str, rule: str) -> None:
    found = concerns(book(), text, platform=platform, today=TODAY)
    assert rule in [concern.rule for concern in found[:3]], found[:5]


@pytest.mark.parametrize("text", NOTHING)
def test_a_text_about_something_else_names_no_rule(text: str) -> None:
    assert concerns(book(), text, platform="", today=TODAY) == []


@pytest.mark.parametrize(("platform", "text", "rule"), ANNOUNCED[::3], ids=[row[2] for row in ANNOUNCED[::3]])
def test_what_is_found_says_by_what_and_how_likely(platform: str, text: str, rule: str) -> None:
    found = concerns(book(), text, platform=platform, today=TODAY)
    assert 0 < len(found) <= MOST
    weights = [concern.weight for concern in found]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) >= LEAST
    for concern in found:
        assert concern.by
        assert book().platform_of(concern.rule) == platform
        assert all(part.lower() in text.lower() for part in concern.by if part.isdigit())
    assert len({concern.rule for concern in found}) == len(found)


def test_an_id_weighs_more_than_any_words() -> None:
    text = "Late dispatch rate target, seller fault cancellation rate; see LZD-SOT and TTS-SEA-LDR-TARGET."
    found = concerns(book(), text, platform="", today=TODAY)
    assert {concern.rule for concern in found[:2]} == {"LZD-SOT", "TTS-SEA-LDR-TARGET"}
    assert {concern.weight for concern in found[:2]} == {NAMED}


def test_our_own_routines_are_never_meant() -> None:
    text = " ".join(rule.title for platform, rule in book() if platform == INTERNAL)
    assert not any(concern.rule.startswith("INT-") for concern in concerns(book(), text, platform="", today=TODAY))


def test_without_a_platform_all_are_looked_through() -> None:
    text = "Late dispatch and late shipment rates change"
    platforms = {book().platform_of(concern.rule) for concern in concerns(book(), text, platform="", today=TODAY)}
    assert {"tiktok_shop", "shopee"} <= platforms


@pytest.mark.parametrize("text", ["Dispatching late", "late dispatches", "LATE DISPATCHED", "Late-dispatch"])
def test_endings_and_case_do_not_matter(text: str) -> None:
    found = concerns(book(), f"{text} target", platform="tiktok_shop", today=TODAY)
    assert any(concern.rule.startswith("TTS-SEA-LDR") for concern in found)
