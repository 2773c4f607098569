"""What the words of a listing say: forbidden ones in every language and disguise are found, harmless neighbours are not."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.listing_check.check import check
from storeward.policy.listing_check.phrases import FILES, FOLDER, BadPhrases, Field, load, mistakes, phrases
from storeward.policy.listing_check.shapes import Form, Goods, Hit
from storeward.policy.listing_check.text import fold, plain, source_span

DAY = date(2026, 11, 22)


def hits(text: str, *, field: str = "description") -> set[tuple[str, str, str]]:
    """Form, group and the words that caused it."""
    told: dict[str, Any] = {"title": "Bowl", "description": "A bowl"} | {field: text}
    goods = Goods(platform="tiktok_shop", market="MY", images=1, weighed=True, **told)
    return {(p.form.value, p.id, p.hit.words if p.hit else "") for p in check(goods, day=DAY).problems}


FORBIDDEN = [
    ("claims", "cure", "Our tea cures diabetes in a month", "cures diabetes"),
    ("claims", "cure", "CURES  ECZEMA!", "CURES ECZEMA"),
    ("claims", "cure", "ｃｕｒｅｓ ａｃｎｅ", "ｃｕｒｅｓ ａｃｎｅ"),
    ("claims", "cure", "cu\u200bres acne", "cu\u200bres acne"),
    ("claims", "cure", "<b>cures</b> acne &amp; more", "cures acne"),
    ("claims", "cure", "本品可根治湿疹", "根治"),
    ("claims", "cure", "Jus ini mengubati kencing manis", "mengubati kencing manis"),
    ("claims", "cure", "Jamu yang menyembuhkan penyakit", "menyembuhkan penyakit"),
    ("claims", "cure", "ครีมนี้รักษาโรคผิวหนัง", "รักษาโรค"),
    ("claims", "cure", "Thuốc nam TRỊ DỨT ĐIỂM viêm xoang", "TRỊ DỨT ĐIỂM"),
    ("claims", "cure", "Tsaa na gamot sa lahat ng sakit", "gamot sa lahat ng sakit"),
    ("claims", "no_harm", "ไม่มีผลข้างเคียงแน่นอน", "ไม่มีผลข้างเคียง"),
    ("claims", "no_harm", "walang side effect!", "walang side effect"),
    ("claims", "result", "100% effective after one use", "100% effective"),
    ("claims", "result", "Dijamin putih dalam seminggu", "Dijamin putih"),
    ("claims", "result", "祛斑霜 百分百有效", "百分百有效"),
    ("claims", "absolute", "The best in the world", "best in the world"),
    ("claims", "absolute", "全网最低价 限时抢", "全网最低"),
    ("claims", "absolute", "国家级工艺", "国家级"),
    ("claims", "absolute", "ครีมอันดับ 1 ของโลก", "อันดับ 1 ของโลก"),
    ("claims", "absolute", "Kem tốt nhất thế giới", "tốt nhất thế giới"),
    ("claims", "absolute", "Blender no. 1 di Malaysia", "no. 1 di Malaysia"),
    ("claims", "state", "国宴特供酒", "特供"),
    ("prohibited", "counterfeit", "Tas premium KW super terbaru", "KW super"),
    ("prohibited", "counterfeit", "กระเป๋างานมิลเลอร์", "งานมิลเลอร์"),
    ("prohibited", "weapons", "Stun gun with torch", "Stun gun"),
    ("prohibited", "weapons", "Bình xịt hơi cay mini", "Bình xịt hơi cay"),
    ("prohibited", "drugs", "Disposable vape 5000 puffs", "Disposable vape"),
    ("prohibited", "drugs", "电子烟 换弹", "电子烟"),
    ("prohibited", "wildlife", "象牙手串", "象牙"),
    ("prohibited", "wildlife", "Kalung gading gajah asli", "gading gajah"),
    ("prohibited", "papers", "Làm bằng đại học nhanh", "Làm bằng đại học"),
    ("terms", "no_refund", "All sales are final, no refunds.", "All sales are final"),
    ("terms", "no_refund", "特价商品不退不换", "不退不换"),
    ("terms", "no_refund", "Không đổi trả với hàng giảm giá", "Không đổi trả"),
    ("terms", "unboxing", "Wajib video unboxing ya kak", "Wajib video unboxing"),
    ("terms", "unboxing", "ไม่มีคลิปแกะกล่องไม่รับเคลม", "ไม่มีคลิปแกะกล่อง"),
    ("terms", "paid_praise", "好评返现5元", "好评返现"),
    ("terms", "paid_praise", "Đánh giá 5 sao tặng quà", "Đánh giá 5 sao tặng"),
    ("contact", "link", "Details at https://shop.example.com/a", "https://shop.example.com"),
    ("contact", "link", "see mystore.com.my for more", "mystore.com.my"),
    ("contact", "link", "order: wa.me/60123456789", "wa.me/60123456789"),
    ("contact", "mail", "Write to sales.team@example.org", "sales.team@example.org"),
    ("contact", "phone", "Hubungi: 0812-3456-7890", "Hubungi: 0812-3456-7890"),
    ("contact", "phone", "โทร 081 234 5678", "โทร 081 234 5678"),
    ("contact", "phone", "联系电话：13800138000", "电话：13800138000"),
    ("contact", "messenger", "WhatsApp +60 12-345 6789", "WhatsApp +60 12-345 6789"),
    ("contact", "messenger", "加微信 了解更多", "加微信"),
    ("contact", "messenger", "Line ID: lunashop99", "Line ID: lunashop99"),
    ("contact", "messenger", "WA0812345678", "WA0812345678"),
    ("contact", "messenger", "LINE @lunashop", "LINE @lunashop"),
    ("contact", "messenger", "Line ID luna99shop", "Line ID luna99shop"),
    ("claims", "cure", "100% cure for tired feet", "100% cure"),
    ("contact", "messenger", "Liên hệ Zalo để được giá tốt", "Liên hệ Zalo"),
]
HARMLESS = [
    "Best before 2027-05, keep dry",
    "No.1 size piping tip, No. 1 size box",
    "One of the best gifts for mothers",
    "最佳食用温度为60度，最好不要用微波炉，最好先清洗",
    "This lamp does not cure acne. It is not intended to cure eczema.",
    "ผลิตภัณฑ์นี้ไม่ได้รักษาโรค",
    "Produk ini bukan mengobati penyakit",
    "UV cure resin, curing time 30 s",
    "Security camera, obscures cancerous-looking stains",
    "象牙白连衣裙 象牙色蕾丝",
    "Ivory lace dress, shark pattern, tiger print",
    "Water pistol, toy handgun with foam balls",
    "Dinosaur replica toy, museum replica of a vase",
    "Vase, vaping of water for steam irons",
    "Heroine of the novel, Cocainella perfume",
    "No refund fee, free returns within 15 days",
    "An unboxing video is welcome and helps, but it is not required",
    "Smart watch shows WhatsApp messages, supports Telegram calls",
    "A-line 2023 dress, line 45 cm, online 24/7",
    "EAN 0123456789012, model 0812-3456-7890",
    "Call button 12 keys, telephone cord 3 m",
    "Node.js sticker, ratio 3.5.com",
    "See our shop on www.tiktok.com/@luna or shopee.com.my",
    "5 star hotel towel, rated 5 stars by guests",
    "五星红旗 手工",
    "Size M @ 5 pcs",
    "The line ID inside the bundle, a dress line identical to last year's",
    "com.seller.shop.info is the name of a package",
]


@pytest.mark.parametrize("field", ["title", "description"])
def test_forbidden_words_are_found_with_the_words_that_caused_it(field: str) -> None:
    wrong = [(text, words) for form, group, text, words in FORBIDDEN if (form, group, words) not in hits(text, field=field)]
    assert wrong == []


def test_harmless_neighbours_are_no_hits() -> None:
    assert [(text, found) for text in HARMLESS if (found := hits(text))] == []


def test_every_group_is_tried_in_each_of_its_languages() -> None:
    """Each phrase of the data is found by itself, unless the group's own exceptions name it."""
    for group in phrases().groups:
        for words in group.words.values():
            for written in words:
                text = fold(written)
                if any(harmless in text for harmless in phrases().unless[group.id]):
                    continue
                found = phrases().places(Field("title", written, text))
                assert any(one.group is group for one in found), (group.id, written)


def test_a_hit_carries_what_stands_around_it() -> None:
    goods = Goods(platform="shopee", market="SG", title="Tea", description=f"{'very ' * 20}good: cures acne {'and ' * 20}more")
    (problem,) = check(goods, day=DAY).of(Form.CLAIMS)
    assert problem.hit is not None
    assert problem.hit.words == "cures acne"
    assert problem.hit.before.startswith("…")
    assert problem.hit.before.endswith("good: ")
    assert problem.hit.after.endswith("…")
    assert all((problem.what.en, problem.what.zh, problem.mend.en, problem.mend.zh, problem.source, problem.confidence))
    assert problem.what.in_language("zh-hans") == problem.what.zh


def test_groups_count_in_their_markets_platforms_and_days(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text("group = []", "utf-8")
    group = (FOLDER / "terms.toml").read_text("utf-8").split("[[group]]")[1]
    dated = group.replace(
        "[group.words]", 'platforms = ["shopee"]\nmarkets = ["VN"]\nfrom = 2026-01-01\nto = 2027-01-01\n[group.words]'
    )
    (tmp_path / "terms.toml").write_text(f"[[group]]{dated}", "utf-8")
    words = load(tmp_path)

    def found(platform: str, market: str, day: date) -> int:
        goods = Goods(platform=platform, market=market, title="no refund")
        return len(check(goods, day=day, words=words).of(Form.TERMS))

    assert found("shopee", "VN", DAY) == found("shopee", "VN", date(2026, 1, 1)) == 1
    assert found("shopee", "VN", date(2027, 1, 1)) == found("shopee", "VN", date(2025, 12, 31)) == 0
    assert found("lazada", "VN", DAY) == found("shopee", "MY", DAY) == 0
    assert words.digest != phrases().digest


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("not toml", "terms.toml"),
        ("[[group]]\nid = 'x'", "terms.toml"),
    ],
)
def test_data_that_cannot_be_read_says_where(tmp_path: Path, broken: str, says: str) -> None:
    for name in FILES:
        (tmp_path / name).write_text("group = []", "utf-8")
    (tmp_path / "terms.toml").write_text(broken, "utf-8")
    with pytest.raises(BadPhrases, match=says):
        load(tmp_path)


def test_the_data_is_whole_and_mistakes_are_named() -> None:
    groups = phrases().groups
    assert mistakes(groups) == []
    twice = mistakes([groups[0], groups[0]])
    assert twice == [f"{groups[0].id}: stands twice"]
    assert {language for group in groups for language in group.words} >= {"en", "zh", "ms", "id", "th", "vi", "fil"}
    for form in (Form.CLAIMS, Form.PROHIBITED, Form.TERMS):
        for group in groups:
            if group.form is form:
                assert set(group.words) == {"en", "zh", "ms", "id", "th", "vi", "fil"}, group.id


# -- texts -------------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_a_fold_is_made_character_by_character(text: str) -> None:
    seen = plain(text)
    folded = fold(seen)
    assert fold(seen) == folded
    for start in range(0, len(folded), 7):
        first, last = source_span(seen, start, start + 1)
        assert 0 <= first < last <= len(seen)
        assert folded[start] in fold(seen[first:last])


@given(st.text(max_size=30), st.sampled_from(["cures acne", "根治", "หายขาด", "trị dứt điểm"]), st.text(max_size=30))
def test_words_are_found_wherever_they_stand_as_words(before: str, words: str, after: str) -> None:
    text = plain(f"{before} / {words} / {after}")
    field = Field("title", text, fold(text))
    found = phrases().places(field)
    assert any(one.hit().words == words for one in found if one.group.id == "cure") or any(
        harmless in field.folded for harmless in phrases().unless["cure"]
    )


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    goods = Goods(platform="douyin", market="CN", title=text, description=text, brand=text, attributes={"x": text})
    for problem in check(goods, day=DAY, registered=True).problems:
        assert problem.hit is None or isinstance(problem.hit, Hit)


def test_html_is_no_text_but_a_smaller_sign_is() -> None:
    assert plain("<p>a&nbsp;b</p><br/><style>x{}</style><!-- no -->c") == "a b c"
    assert plain("width < 5 cm > 3 cm") == "width < 5 cm > 3 cm"
    assert plain("cafe\u0301") == "café"
    assert fold("Ｗ Ａ ①") == "w a 1"
    assert fold("น้ำ") == "น้ำ"
