"""Concepts are found in every language, and what the model sees has its place."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.conduct.disguise import DISGUISES, Disguise, disguised, typo
from storeward.conduct.features import (
    MOST_CONCEPTS,
    MOST_FAMILIES,
    MOST_MEANINGS,
    MOST_SHAPES,
    TABLES,
    families,
    features,
    letter_places,
    read,
    shapes,
)
from storeward.conduct.lexicon import Lexicon, glosses, lexicon, words_of
from storeward.conduct.normalise import normalise


def _concepts(text: str) -> dict[str, list[str]]:
    """Concept names of a text with the words of the source that stand for them."""
    reading = read(text)
    names = lexicon().names
    found: dict[str, list[str]] = {}
    for hit in reading.hits:
        if hit.concept < MOST_CONCEPTS:
            start, end = reading.normal.span(hit.start, hit.end)
            found.setdefault(names[hit.concept], []).append(text[start:end])
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("please delete your review", {"REQUEST": "please", "DELETE": "delete", "REVIEW": "review"}),
        ("pls d.e.l.e.t.e the r3view", {"REQUEST": "pls", "DELETE": "d.e.l.e.t.e", "REVIEW": "r3view"}),
        ("麻烦把差评改成五星", {"REQUEST": "麻烦", "BADREVIEW": "差评", "CHANGE": "改成", "FIVE": "五星"}),
        ("麻煩刪除評價", {"REQUEST": "麻煩", "DELETE": "刪除", "REVIEW": "評價"}),
        ("tolong padam ulasan anda", {"REQUEST": "tolong", "DELETE": "padam", "REVIEW": "ulasan"}),
        ("mohon dihapus penilaiannya kak", {"DELETE": "dihapus", "REVIEW": "penilaiannya"}),
        ("รบกวนลบรีวิวให้หน่อย", {"REQUEST": "รบกวน", "DELETE": "ลบ", "REVIEW": "รีวิว"}),
        ("nhờ bạn xóa đánh giá", {"REQUEST": "nhờ", "DELETE": "xóa", "REVIEW": "đánh giá"}),
        ("nho ban xoa danh gia giup shop", {"DELETE": "xoa", "REVIEW": "danh gia"}),
        ("pakibura po ng review", {"DELETE": "pakibura", "REVIEW": "review"}),
        ("add me on whatsapp", {"MESSENGER": "whatsapp"}),
        ("ไม่ให้ 5 ดาว", {"NEG": "ไม่", "FIVE": "5", "STAR": "ดาว"}),
        ("we give you a voucher", {"VOUCHER": "voucher", "WE": "we"}),
    ],
)
def test_a_concept_is_found_with_the_words_that_stand_for_it(text: str, expected: dict[str, str]) -> None:
    found = _concepts(text)
    for name, words in expected.items():
        assert words in found.get(name, []), (name, found)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("bán áo sơ mi", "BLACKLIST"),  # bán is to sell, not ban
        ("to the road", "LEGAL"),  # to is not tố
        ("the update of your address", "INSULT"),
        ("ship it again", "INSULT"),
        ("บ้านตุ๊กตา", "INSULT"),
    ],
)
def test_a_word_of_another_language_is_not_taken_for_a_concept(text: str, absent: str) -> None:
    assert absent not in _concepts(text)


def test_an_entry_is_a_word_a_beginning_a_part_or_a_phrase() -> None:
    small = Lexicon({"ONE": {"en": "cat, run*, ~walk, big dog", "zh": "猫"}})

    def found(text: str) -> list[str]:
        normal = normalise(text)
        return [normal.text[hit.start : hit.end] for hit in small.find(normal, words_of(normal.text))]

    assert found("cat cats") == ["cat"]
    assert found("running run rerun") == ["running", "run"]
    assert found("sleepwalker walks") == ["sleepwalker", "walks"]
    assert found("a big dog, big cats") == ["big dog"]
    assert found("小猫猫") == ["猫", "猫"]


def test_accents_decide_where_a_text_has_them() -> None:
    small = Lexicon({"DELETE": {"vi": "xóa"}, "DOG": {"vi": "chó"}})

    def found(text: str) -> list[str]:
        normal = normalise(text)
        return [small.names[hit.concept] for hit in small.find(normal, words_of(normal.text))]

    assert found("xóa giúp mình") == ["DELETE"]
    assert found("cho bạn đó") == []
    assert found("con chó") == ["DOG"]
    assert found("xoa giup shop nha ban") == ["DELETE"]
    assert found("the xoa brand of mats is new") == []


def test_every_family_names_concepts_that_are_there() -> None:
    assert all(0 <= concept < len(lexicon().names) for concept in families())
    assert max(family for members in families().values() for family in members) + 1 < MOST_FAMILIES


def test_the_tables_have_room_for_all_concepts_shapes_and_meanings() -> None:
    assert len(lexicon().names) <= MOST_CONCEPTS
    assert len(shapes()) <= MOST_SHAPES
    assert len(glosses().names) <= MOST_MEANINGS


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("call 0812-0000-0000 now", "long_number"),
        ("see https://example.test/a", "url"),
        ("go to lumahome.com", "url"),
        ("write to @shop_demo", "handle"),
        ("30% off", "percent"),
        ("get RM5 back", "amount"),
        ("返5元", "amount"),
        ("คืน 20 บาท", "amount"),
        ("really?", "question"),
        ("now!", "shout"),
        ("5 stars only", "stars5"),
        ("bintang lima ya", "stars5"),
        ("ให้ห้าดาว", "stars5"),
        ("五星好评", "stars5"),
        ("1 star", "stars1"),
        ("二星", "stars1"),
        ("Block 9 unit 12", "unit"),
        ("3栋", "unit"),
        ("บ้านเลขที่ 9", "unit"),
    ],
)
def test_a_shape_that_is_no_word_is_seen(text: str, shape: str) -> None:
    number = list(shapes()).index(shape)
    assert MOST_CONCEPTS + number in {hit.concept for hit in read(text).hits}


def test_letters_stand_where_they_were_cut_out() -> None:
    text = "abcd"
    pieces = {(start, end) for _, start, end in letter_places(text)}
    assert (0, 2) in pieces
    assert (-1, 1) in pieces  # with the space before the text
    assert (3, 5) in pieces
    assert (0, 5) in pieces


def test_the_same_words_give_the_same_places_and_other_words_others() -> None:
    one, same, other = (features(read(text)) for text in ("Please delete it", "please  DELETE it", "the parcel is here"))
    assert one == same
    assert one != other


@given(st.text(max_size=60))
def test_every_place_is_in_its_table_and_told_once(text: str) -> None:
    for places, size in zip(features(read(text)), TABLES, strict=True):
        assert len(places) == len(set(places))
        assert all(0 <= place < size for place in places)


TEXTS = [
    "Please remove your negative review and get 5 stars",
    "tolong padam ulasan bintang satu",
    "麻烦删除差评改五星",
    "ลบรีวิวหนึ่งดาว",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("disguise", [one for one in DISGUISES if one is not typo])
def test_a_disguise_leaves_most_concepts_to_be_found(text: str, disguise: Disguise) -> None:
    plain, hidden = set(_concepts(text)), set(_concepts(disguise(text, random.Random(text))))
    assert len(plain & hidden) >= 2 * len(plain) / 3


@pytest.mark.parametrize(
    ("typed", "concept"), [("voucehr", "VOUCHER"), ("vouchr", "VOUCHER"), ("rviews", "REVIEW"), ("watsapp", "MESSENGER")]
)
def test_a_slip_of_the_fingers_is_understood(typed: str, concept: str) -> None:
    assert concept in _concepts(f"about the {typed} here")


def test_a_disguise_depends_on_its_seed_only() -> None:
    assert disguised(TEXTS[0], "x") == disguised(TEXTS[0], "x")
    assert len({json.dumps(disguised(TEXTS[0], str(seed))) for seed in range(20)}) > len(DISGUISES) - 2
