"""Stores of four platforms and their markets side by side: plates, names, filters, search."""

import re

import pytest
from django.test import Client

from storeward.stores.models import Store
from storeward.web.parts import PLATFORM_NAMES, plate
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet, store

PLATES = {"tiktok_shop": "TT", "shopee": "SP", "lazada": "LZ", "douyin": "DY"}
NAMES = ("禾木生活旗舰店", "Nari Beauty Official Store Thailand", "ร้านนารีบิวตี้")


@pytest.fixture
def mixed(fleet: Fleet) -> list[Store]:
    """Three stores on each of the other platforms; Douyin's are all in China."""
    made = []
    for number, platform in enumerate(("shopee", "lazada", "douyin")):
        for place, name in enumerate(NAMES):
            region = "CN" if platform == "douyin" else ("MY", "TH", "VN")[place]
            one = store(fleet.workspace, name, "MY", 900 + number * 10 + place, NOW)
            one.platform, one.region = platform, region
            one.timezone, one.currency = ("Asia/Shanghai", "CNY") if region == "CN" else (one.timezone, one.currency)
            one.key = f"{PLATES[platform].lower()}-{region.lower()}-{place}"
            made.append(one)
    return Store.objects.bulk_create(made)


def rows(html: str) -> list[str]:
    return re.findall(r'<th scope="row">.*?sw-tag-name"[^>]*>([^<]+)<', html, re.S)


def chips(html: str) -> dict[str, tuple[str, int]]:
    """Word of a chip -> where it leads, and how many stores it promises."""
    found = re.findall(r'class="sw-chip" href="([^"]+)"[^>]*>([^<]+) <b>(\d+)</b>', html)
    return {word.strip(): (href.replace("&amp;", "&"), int(count)) for href, word, count in found}


@pytest.mark.parametrize("platform", PLATES)
def test_every_platform_has_two_letters_and_a_name(platform: str) -> None:
    assert plate(platform) == PLATES[platform]
    assert PLATFORM_NAMES[platform]


def test_one_platform_alone_is_no_choice(owner: Client) -> None:
    assert "TikTok Shop" not in chips(owner.get("/stores/").content.decode())


def test_platforms_are_a_filter_that_opens_what_it_says(owner: Client, mixed: list[Store]) -> None:
    found = chips(owner.get("/stores/").content.decode())
    assert {found[word][1] for word in ("Shopee", "Lazada", "抖店")} == {3}
    for word in ("TikTok Shop", "Shopee", "Lazada", "抖店", "CN"):
        href, count = found[word]
        assert len(rows(owner.get(f"/stores/{href}").content.decode())) == count, word


def test_filters_narrow_each_other_and_stay_in_the_address(owner: Client, mixed: list[Store]) -> None:
    html = owner.get("/stores/?platform=shopee").content.decode()
    found = chips(html)
    assert "CN" not in found
    assert found["TH"] == ("?platform=shopee&region=TH", 1)
    assert set(rows(html)) == set(NAMES)
    assert owner.get("/stores/?platform=shopee&region=CN").content.decode().count("Remove the filters") == 1


def test_the_matrix_and_the_list_carry_plate_market_and_whole_name(owner: Client, mixed: list[Store]) -> None:
    for address in ("/stores/", "/stores/?view=list"):
        html = owner.get(address).content.decode()
        assert re.search(
            r'title="禾木生活旗舰店 · 抖店 CN"><span class="sw-tag-plate">DY</span><span class="sw-tag-market">CN<', html
        )
        assert 'lang="zh-Hans">禾木生活旗舰店<' in html
        assert 'lang="th">ร้านนารีบิวตี้<' in html


def test_a_store_of_any_platform_has_its_page(owner: Client, mixed: list[Store]) -> None:
    for one in mixed:
        page = owner.get(f"/s/{one.key}/")
        assert page.status_code == 200, one.key
        assert PLATFORM_NAMES[one.platform] in page.content.decode()


def test_a_chinese_name_is_found_by_any_part_of_it(owner: Client, mixed: list[Store]) -> None:
    page = owner.get("/search/?q=旗舰店").content.decode()
    assert page.count("禾木生活旗舰店") >= 3


def test_a_fleet_larger_than_a_page_is_cut_into_pages_that_miss_nobody(owner: Client, fleet: Fleet) -> None:
    Store.objects.bulk_create(store(fleet.workspace, f"Sora {number}", "MY", 1000 + number, NOW) for number in range(200))
    total = 200 + len(fleet.stores)
    first = owner.get("/stores/").content.decode()
    pages = re.findall(r'href="(\?page=\d)"', first)
    assert pages == ["?page=1", "?page=2", "?page=3"]
    seen = [row for page in pages for row in rows(owner.get(f"/stores/{page}").content.decode())]
    assert len(seen) == total == len(set(seen))
    assert f"of {total} stores" in first
    assert len(rows(owner.get("/stores/?view=list").content.decode())) == 0
    assert owner.get("/stores/?view=list").content.decode().count("<tr><td>") == 100


@pytest.mark.parametrize("page", ["0", "99", "-1", "one", "1e9", "９"])
def test_a_page_that_there_is_not_is_the_nearest_one(owner: Client, page: str) -> None:
    assert owner.get("/stores/", {"page": page}).status_code == 200
