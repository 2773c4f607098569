"""What stands beside a word decides: harmless neighbours are whole words, a name that only fits stands in the same clause."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.listing_check.check import check, fields_of
from storeward.policy.listing_check.parts import there
from storeward.policy.listing_check.phrases import Field, Phrases, phrases
from storeward.policy.listing_check.shapes import Form, Goods, Hit, Offer, Right
from storeward.policy.listing_check.text import fold, plain, source_span

DAY = date(2026, 11, 22)


def goods(**told: Any) -> Goods:
    whole: dict[str, Any] = {"platform": "tiktok_shop", "market": "MY", "title": "Bowl", "description": "A bowl"}
    return Goods(**whole | {"images": 1, "weighed": True} | told)


def found(form: Form, **told: Any) -> list[tuple[str, str]]:
    """The field and the words of each hit of a form."""
    problems = check(goods(**told), day=DAY).of(form)
    return [(problem.hit.field, problem.hit.words) for problem in problems if problem.hit is not None]


# -- harmless words are words ------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Water stun gun", ""),
        ("Stun gun toy", ""),
        ("Stun gun toys", ""),
        ("Stun gun-toy", ""),
        ("Stun gun/toy", ""),
        ("玩具电击棒", ""),
        ("电击棒玩具", ""),
        ("Stun gun waterproof torch", "Stun gun"),
        ("Stun gun gamer edition", "Stun gun"),
        ("Stun gun toyota keyring", "Stun gun"),
        ("Underwater stun gun", "Stun gun"),
        ("stun gun, waterproof, and far from it a toy", "stun gun"),
        ("toy stun gun and a real stun gun", "stun gun"),
    ],
)
def test_a_weapon_is_harmless_beside_a_whole_word_that_says_so(title: str, words: str) -> None:
    told = [hit.lower() for _, hit in found(Form.PROHIBITED, title=title)]
    assert told == ([words.lower()] if words else [])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It never cures acne", False),
        ("It does not cure cancer", False),
        ("It cannot cure eczema", False),
        ("Whenever cures acne fail", True),
        ("Nevertheless cures acne", True),
        ("It is not a toy; this cream cures acne", True),
        ("Produk ini tidak menyembuhkan penyakit", False),
        ("Produk ini menyembuhkan penyakit", True),
        ("本品不能治疗湿疹", False),
        ("本品能治疗湿疹", True),
    ],
)
def test_a_cure_is_denied_by_a_word_of_its_own(text: str, wrong: bool) -> None:
    assert bool(found(Form.CLAIMS, description=text)) is wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("No refund", True),
        ("No refunds", True),
        ("No refund fee", False),
        ("No refund fees", False),
        ("No refund feels fair", True),
        ("no return shipping fee", False),
        ("no returns accepted", True),
        ("An unboxing video is required", True),
        ("Unboxing video required? It is not required", True),
        ("不退不换", True),
        ("不退色", False),
        ("不退货运费", False),
    ],
)
def test_terms_of_sale_are_read_with_the_words_behind_them(text: str, wrong: bool) -> None:
    assert bool(found(Form.TERMS, description=text)) is wrong


# -- names that only fit ------------------------------------------------------------

CLAUSES: list[tuple[str, str]] = [
    # title, the name that needs a right (empty: none does)
    ("Case for iPhone 15", ""),
    ("iPhone 15 compatible case", ""),
    ("iPhone (compatible) case", ""),
    ("Charger, compatible with DJI", ""),
    ("Nike shoes, iPhone compatible case", "Nike"),
    ("Nike shoes; compatible lace", "Nike"),
    ("Nike | compatible with sports", "Nike"),
    ("Nike incompatible", "Nike"),
    ("Case for iPhone, Nike socks", "Nike"),
    ("小米14用手机壳", ""),
    ("华为 Mate60 适用 手机壳", ""),
    ("小米 14 Pro 专用保护壳", ""),
    ("适用于华为 手机壳", ""),
    ("耐克 男女通用 运动鞋", "耐克"),
    ("乐高实用积木", "乐高"),
    ("小米通用充电宝", "小米"),
    ("戴森家用吸尘器", "戴森"),
    ("适用华为，耐克运动鞋", "耐克"),
    ("เคสสำหรับไอโฟน", ""),
    ("เคสไอโฟน", "ไอโฟน"),
    ("Ốp lưng tương thích iPhone", ""),
    ("Sepatu Nike original", "Nike"),
    ("Casing untuk Samsung Galaxy S24", ""),
    ("Fortnight Nike tour", "Nike"),
    ("Comfort Nike socks", "Nike"),
]


@pytest.mark.parametrize(("title", "name"), CLAUSES)
def test_a_name_needs_a_right_unless_its_own_clause_says_that_the_thing_only_fits(title: str, name: str) -> None:
    assert [words for _, words in found(Form.BRAND, title=title)] == ([name] if name else [])


@pytest.mark.parametrize(
    ("mark", "title", "covered"),
    [
        ("Nike", "Nike shoes", True),
        ("NIKE", "nike shoes", True),
        ("Ｎｉｋｅ", "Nike shoes", True),
        ("  Nike  ", "Nike shoes", True),
        ("Nike Sportswear", "Nike shoes", True),
        ("Niketown", "Nike shoes", False),
        ("Sport Nike", "Nike shoes", False),
        ("hello", "Hello Kitty bag", True),
        ("kitty", "Hello Kitty bag", False),
        ("hello kitty", "Hello Kitty bag", True),
        ("L'Oréal", "L’Oréal shampoo", True),
        ("耐克", "耐克 运动鞋", True),
        ("耐", "耐克 运动鞋", False),
    ],
)
def test_a_right_covers_the_name_the_mark_begins_with(mark: str, title: str, covered: bool) -> None:
    outcome = check(goods(title=title), day=DAY, rights=(Right(brand=mark),), registered=True)
    assert (outcome.of(Form.BRAND) == ()) is covered


def test_one_right_of_several_is_enough_and_the_next_name_is_told() -> None:
    rights = (Right(brand="Nike"), Right(brand="Puma", valid_to=date(2026, 11, 21)))
    outcome = check(goods(title="Nike and Puma socks by Adidas"), day=DAY, rights=rights, registered=True)
    assert [problem.hit.words for problem in outcome.of(Form.BRAND) if problem.hit] == ["Puma"]


# -- ways to reach the seller ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("手机号码：13800138000", "手机号码：13800138000"),
        ("手机 13800138000", "手机 13800138000"),
        ("手机号 138 0013 8000", "手机号 138 0013 8000"),
        ("Telephone: 03-1234 5678", "Telephone: 03-1234 5678"),
        ("telephone number 0312345678", "telephone number 0312345678"),
        ("tel (03) 1234 5678", "tel (03) 1234 5678"),
        ("Call us at +66 81 234 5678", "Call us at +66 81 234 5678"),
        ("Hotline 1800 123 456", "Hotline 1800 123 456"),
        ("📞 0812345678", "📞 0812345678"),
        ("联系方式：0755-12345678", "联系方式：0755-12345678"),
        ("Gọi 0901 234 567", "Gọi 0901 234 567"),
        ("手机壳 13 毫米", ""),
        ("手机支架 1234567 件", ""),
        ("telephone cord 3 m", ""),
        ("phone 15 pro max 256", ""),
        ("contact lens -3.25", ""),
    ],
)
def test_a_telephone_number_is_one_behind_a_word_that_calls_it_so(text: str, words: str) -> None:
    assert [hit for _, hit in found(Form.CONTACT, description=text)] == ([words] if words else [])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("see https://example.org/a", True),
        ("see http://shop.example.org", True),
        ("see HTTPS://EXAMPLE.ORG", True),
        ("see https://www.tiktok.com/@me", False),
        ("see https://seller-my.tiktok.com", False),
        ("see https://tiktok.com.evil.example", False),
        ("see https://shopee.co.th/luna", False),
        ("see https://nottiktok.example", True),
        ("bestshop.com", True),
        ("best.shop", True),
        ("me@bestshop.com", True),
        ("version 2.com", False),
        ("file.comb", False),
        ("t.me/luna", True),
        ("part.me/luna", False),
    ],
)
def test_an_address_leads_away_unless_it_is_the_platforms(text: str, wrong: bool) -> None:
    assert bool(found(Form.CONTACT, description=text)) is wrong


# -- where it is looked for ------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"title": "cures acne"}, "title"),
        ({"description": "cures acne"}, "description"),
        ({"attributes": {"Use": "cures acne"}}, "attributes"),
        ({"offers": (Offer(sku="1", variant="cures acne"),)}, "variants"),
        ({"title": "cures acne", "description": "cures cancer"}, "title"),
        ({"attributes": {"Use": "cures acne"}, "description": "cures cancer"}, "attributes"),
        ({"offers": (Offer(sku="1", variant="Red"), Offer(sku="2", variant="cures acne"))}, "variants"),
    ],
)
def test_the_first_place_is_told_in_the_order_in_which_a_buyer_reads(told: dict[str, Any], field: str) -> None:
    assert [place for place, _ in found(Form.CLAIMS, **told)] == [field]


def test_what_is_empty_or_not_told_is_no_field() -> None:
    assert [one.name for one in fields_of(goods())] == ["title", "description"]
    assert fields_of(goods(title=None, description="<p></p>", attributes={}, offers=(Offer(sku="1"),))) == []
    assert [one.name for one in fields_of(goods(title="", description=None, attributes={"a": "b"}))] == ["attributes"]


def test_a_brand_outside_title_and_brand_is_no_use_of_it() -> None:
    assert found(Form.BRAND, description="Nike Nike Nike", attributes={"Like": "Nike"}) == []


def test_problems_come_in_the_order_of_the_forms_and_each_group_once() -> None:
    text = "cures acne, cures cancer, stun gun, no refund, no refunds, call 0123456789, call 0123456780"
    outcome = check(goods(title="Nike", description=text, images=0), day=DAY)
    assert [(one.form.value, one.id) for one in outcome.problems] == [
        ("claims", "cure"),
        ("prohibited", "weapons"),
        ("terms", "no_refund"),
        ("contact", "phone"),
        ("brand", "known"),
        ("missing", "images"),
    ]


# -- parts ------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "told", "has"),
    [
        ("title", {"title": None}, None),
        ("title", {"title": " \n\t "}, False),
        ("title", {"title": "a"}, True),
        ("description", {"description": None}, None),
        ("description", {"description": "&nbsp;&nbsp; "}, False),
        ("description", {"description": "<p>&nbsp;</p>"}, False),
        ("description", {"description": "<br/><br/>"}, False),
        ("description", {"description": "a &amp; b"}, True),
        ("description", {"description": "<img src='a.jpg'>"}, True),
        ("description", {"description": "<IMG SRC='a.jpg'>"}, True),
        ("description", {"description": "5 < 6"}, True),
        ("images", {"images": None}, None),
        ("images", {"images": 0}, False),
        ("images", {"images": 9}, True),
        ("weight", {"weighed": None}, None),
        ("weight", {"weighed": False}, False),
        ("brand", {"brand": None}, None),
        ("brand", {"brand": " "}, False),
        ("brand", {"brand": "No Brand"}, True),
        ("size_chart", {}, None),
        ("size_chart", {"size_chart": False}, False),
        ("warranty", {"warranty": ""}, False),
        ("warranty", {"warranty": "1 year"}, True),
        ("attributes", {"attributes": None}, None),
        ("attributes", {"attributes": {}}, False),
        ("attributes", {"attributes": {"a": ""}}, True),
        ("mandatory_attributes", {"attributes": None, "attributes_wanting": ("Size",)}, None),
        ("mandatory_attributes", {"attributes": {"a": "b"}, "attributes_wanting": ("Size",)}, False),
        ("mandatory_attributes", {"attributes": {}}, True),
    ],
)
def test_a_part_is_there_or_wanting_or_was_not_told(part: str, told: dict[str, Any], has: bool | None) -> None:
    assert there(goods(**told), part) is has


# -- texts ------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("  a \n b\t", "a b"),
        ("a<br>b", "a b"),
        ("<b>bold</b>face", "bold face"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("&#39;x&#39;", "'x'"),
        ("<script>alert('no refund')</script>ok", "ok"),
        ("<STYLE>p{}</STYLE>ok", "ok"),
        ("<!-- no refund -->ok", "ok"),
        ("x<5", "x<5"),
        ("a\u00a0b", "a b"),
        ("a\u3000b", "a b"),
        ("e\u0301", "é"),
        ("한", "한"),
    ],
)
def test_a_text_is_what_a_reader_sees(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ABC", "abc"),
        ("ＡＢＣ１２３", "abc123"),
        ("Straße", "strasse"),
        ("don’t", "don't"),
        ("a–b", "a-b"),
        ("a\u200bb\ufeffc", "abc"),
        ("ﬁne", "fine"),
        ("½", "1⁄2"),
        ("最好", "最好"),
        ("ÁÀ", "áà"),
        ("5㎏", "5kg"),
    ],
)
def test_a_fold_takes_the_disguise_off(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "searched", "words"),
    [
        ("cures acne", "acne", "acne"),
        ("CURES ＡＣＮＥ", "acne", "ＡＣＮＥ"),
        ("a\u200bcne x", "acne", "a\u200bcne"),
        ("Straße x", "ss", "ß"),
        ("ﬁne x", "i", "ﬁ"),
        ("5㎏ x", "kg", "㎏"),
    ],
)
def test_a_folded_place_leads_back_to_the_readers_words(text: str, searched: str, words: str) -> None:
    at = fold(text).index(searched)
    first, last = source_span(text, at, at + len(searched))
    assert text[first:last] == words


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(plain(text))
    assert fold(once).casefold() == once.casefold() or not once.isprintable() or fold(fold(once)) == fold(once)


@given(st.sampled_from(["no refund", "stun gun", "cures acne", "不退不换", "特供"]), st.integers(0, 300), st.integers(0, 300))
def test_a_hit_is_cut_out_of_a_text_of_any_length(words: str, before: int, after: int) -> None:
    text = plain(f"{'x ' * before}{words}{' y' * after}")
    hits = [one.hit() for one in phrases().places(Field("title", text, fold(text)))]
    assert hits
    for hit in hits:
        assert isinstance(hit, Hit)
        assert hit.before.lstrip("…") + hit.words + hit.after.rstrip("…") in text
        assert len(hit.before) <= 33
        assert len(hit.after) <= 33
        assert hit.before.startswith("…") is (before > 16)


def test_no_phrases_find_nothing() -> None:
    assert Phrases(()).places(Field("title", "no refund", "no refund")) == []
    assert Phrases(()).digest != phrases().digest
