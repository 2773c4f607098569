"""Disguises are taken off, and every character still knows where it stood."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.conduct.disguise import fullwidth, invisible, lookalike
from storeward.conduct.lexicon import lexicon
from storeward.conduct.normalise import normalise, unleet

KNOWN = frozenset({"review", "stars", "delete", "whatsapp", "voucher", "gift", "telegram", "click"})


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("DELETE", "delete"),
        ("Ｄｅｌｅｔｅ　ｉｔ", "delete it"),
        ("𝐝𝐞𝐥𝐞𝐭𝐞", "delete"),
        ("ⓓⓔⓛⓔⓣⓔ", "delete"),
        ("dеlеtе", "delete"),  # Cyrillic e
        ("rενιεω", "review"),  # Greek
        ("re\u200bview", "review"),
        ("re\u00adview", "review"),
        ("d e l e t e", "delete"),
        ("d.e.l.e.t.e", "delete"),
        ("d-e-l-e-t-e", "delete"),
        ("d*e*l*e*t*e", "delete"),
        ("re-view", "review"),
        ("re*view", "review"),
        ("r3v13w", "review"),
        ("g1ft", "gift"),
        ("v0ucher", "voucher"),
        ("5tars", "stars"),
        ("wh4tsapp", "whatsapp"),
        ("c1ick", "click"),
        ("pleaaaaase", "please"),
        ("soooo", "so"),
        ("đánh giá", "danh gia"),
        ("đa\u0301nh gia\u0301", "danh gia"),
        ("Đánh Giá", "danh gia"),
        ("微.信", "微信"),
        ("微 信", "微信"),
        ("微-信", "微信"),
        ("評價改成五星", "评价改成五星"),
        ("ลบ.รีวิว", "ลบรีวิว"),
        ("ล บ รี วิ ว", "ลบรีวิว"),
        ("ค่ะ", "คะ"),
        ("ทำ", "ทำ"),
        ("don’t", "dont"),
        ("a\n\tb", "a b"),
    ],
)
def test_a_disguise_is_taken_off(disguised: str, plain: str) -> None:
    assert normalise(disguised, KNOWN).text.strip() == plain


@pytest.mark.parametrize(
    ("sign", "word"),
    [
        ("⭐", "1 star"),
        ("⭐⭐⭐⭐⭐", "5 star"),
        ("🌟🌟", "2 star"),
        ("💰", "money"),
        ("🧧", "money"),
        ("🎁", "gift"),
        ("📱", "phone"),
        ("👍", "thumbsup"),
        ("👎", "thumbsdown"),
        ("❤️", "heart"),
        ("🗑️", "trash"),
        ("✈️", "plane"),
        ("5️⃣", "5"),
        ("🇦🇧", "ab"),
    ],
)
def test_an_emoji_is_read_as_its_word(sign: str, word: str) -> None:
    assert " ".join(normalise(f"one {sign} two").text.split()) == f"one {word} two"


@pytest.mark.parametrize(
    "text",
    [
        "100% refund",
        "2pcs",
        "1st order",
        "rm10",
        "call 0812-0000-0000",
        "size 40-41",
        "shop.example.com",
        "free",
        "5.5 cm",
        "11.11 sale",
        "kak",
    ],
)
def test_what_is_no_disguise_stays(text: str) -> None:
    assert normalise(text, KNOWN).text == text


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("r3view", "review"),
        ("de1ete", "delete"),
        ("5star", "5star"),
        ("10k", "10k"),
        ("m0r0n", "moron"),
        ("a1b", "aib"),
        ("b2b", "b2b"),
    ],
)
def test_a_digit_is_a_letter_where_that_gives_a_word_or_letters_are_on_both_sides(word: str, read: str) -> None:
    assert unleet(word, KNOWN) == read


@pytest.mark.parametrize(
    ("text", "part", "source"),
    [
        ("Pls d.e.l.e.t.e it", "delete", "d.e.l.e.t.e"),
        ("⭐⭐⭐⭐⭐ please", "please", "please"),
        ("亲,微.信加我", "微信", "微.信"),
        ("Nhờ bạn xóa đánh giá", "danh gia", "đánh giá"),
        ("Ｄｅｌｅｔｅ now", "delete", "Ｄｅｌｅｔｅ"),
        ("so r3vi3w it", "review", "r3vi3w"),
        ("ช่วยลบรีวิว", "รีวิว", "รีวิว"),
    ],
)
def test_a_place_in_the_plain_text_is_found_in_the_source(text: str, part: str, source: str) -> None:
    normal = normalise(text, KNOWN)
    start = normal.text.index(part)
    first, last = normal.span(start, start + len(part))
    assert text[first:last] == source


def test_an_empty_stretch_is_nowhere() -> None:
    assert normalise("abc").span(1, 1) == (0, 0)


@given(st.text(max_size=80))
def test_any_text_is_read_and_every_character_has_an_origin_in_order(text: str) -> None:
    normal = normalise(text, lexicon().words)
    assert len(normal.origin) == len(normal.text)
    assert all(0 <= place < len(text) for place in normal.origin)
    assert list(normal.origin) == sorted(normal.origin)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ,", max_size=60))
def test_wide_lookalike_and_invisible_letters_change_nothing(text: str) -> None:
    chance = random.Random(text)
    for disguise in (fullwidth, invisible, lookalike):
        assert normalise(disguise(text, chance)).text == normalise(text).text


@given(st.text(alphabet="đánhgiáxóaửờệậ ", max_size=40))
def test_composed_and_decomposed_accents_are_the_same(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)).text == normalise(unicodedata.normalize("NFC", text)).text
