"""Parts that templates draw."""

from datetime import UTC, datetime, timedelta

from django.template import Context, Template
from django.utils import translation

from storeward.stores.models import Store, StoreGroup
from storeward.web.parts import freshness, owner_of, plate

NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)


def drawn(source: str, **context: object) -> str:
    return Template("{% load sw %}" + source).render(Context(context))


def store(name: str = "Luna Home 3") -> Store:
    return Store(key="tt-my-luna3", name=name, region="MY", platform="tiktok_shop", group=StoreGroup(name="Luna", colour=9))


def test_a_value_past_its_trust_is_stale_never_fresh() -> None:
    seen = NOW - timedelta(minutes=9)
    assert freshness(seen, NOW + timedelta(minutes=1), NOW, "en").state == "fresh"
    assert freshness(seen, NOW, NOW, "en").state == "stale"
    assert freshness(seen, None, NOW, "en").state == "stale"
    assert freshness(None, None, NOW, "en").state == "never"


def test_the_ring_shows_age_by_limit() -> None:
    assert freshness(NOW - timedelta(minutes=9), NOW + timedelta(minutes=9), NOW, "en").share == 0.5


def test_a_tag_has_plate_market_name_and_group_colour() -> None:
    html = drawn("{% tag store %}", store=store())
    assert all(part in html for part in ("TT", "MY", "Luna Home 3", "--sw-group-1"))


def test_a_tag_of_many_stores_counts_them() -> None:
    with translation.override("en"):
        assert "3 stores" in drawn("{% tag store count=3 %}", store=store())
    with translation.override("zh-hans"):
        assert "3 家店铺" in drawn("{% tag store count=3 %}", store=store())


def test_a_foreign_name_says_its_language() -> None:
    assert 'lang="zh-Hans"' in drawn("{% tag store %}", store=store("禾木生活 1 店"))
    assert 'lang="th"' in drawn("{% tag store %}", store=store("ร้านนารี"))


def test_a_name_cannot_bring_markup() -> None:
    assert "<script>" not in drawn("{% tag store %}", store=store("<script>alert(1)</script>"))


def test_a_severity_is_shape_and_word() -> None:
    with translation.override("en"):
        html = drawn('{% severity "fatal" %}')
    assert "#m-fatal" in html
    assert "Fatal" in html


def test_nobody_is_a_dashed_face() -> None:
    assert "is-none" in drawn("{% owner value %}", value=None)
    assert "OL" in drawn("{% owner value %}", value=owner_of("Operations Lead", "somebody"))


def test_an_unknown_platform_still_has_a_plate() -> None:
    assert plate("etsy") == "ET"


def test_a_mark_of_never_fed_is_a_question_mark() -> None:
    assert "#m-unknown" in drawn("{% fresh value %}", value=freshness(None, None, NOW, "en"))
