"""Words of the pages on policy: figures of terms, changes, sources, what we read into a rule, and what a person types."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy import terms
from storeward.policy.terms import Rule, Span
from storeward.policy.types import Severity
from storeward.stores.models import Store
from storeward.web import formats, policy_words
from storeward.web.policy_changes import touched
from storeward.web.policy_desk import day_typed
from storeward.web.policy_rule import number_typed, refused_words, settables

DAY = date(2026, 11, 20)


def span(**changes: Any) -> Span:
    """Within 48 hours, since September."""
    usual: dict[str, Any] = {
        "source": ("https://example.com/terms",),
        "read_on": DAY,
        "confidence": "official",
        "from_": date(2026, 9, 1),
        "figures": {"hours": Decimal(48)},
        "comparator": "within",
    }
    return Span(**usual | changes)


def rule(*spans: Span, **changes: Any) -> Rule:
    usual: dict[str, Any] = {
        "id": "X-1",
        "title": "Ship in time",
        "title_zh": "按时发货",
        "regions": ("MY", "SG"),
        "subject": "shipping_time",
        "kind": "deadline",
        "severity": Severity.WARNING,
        "consequence": "A point.",
        "consequence_zh": "扣一分。",
        "terms": spans or (span(),),
    }
    return Rule(**usual | changes)


def figures(**told: str) -> dict[str, Decimal]:
    return {name: Decimal(figure) for name, figure in told.items()}


# -- figures -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "figure", "text"),
    [
        ("days", "1", "1 day"),
        ("days", "1.0", "1 day"),
        ("days", "0", "0 days"),
        ("days", "1.5", "1.5 days"),
        ("days", "3", "3 days"),
        ("hours", "1", "1 hour"),
        ("hours", "48", "48 hours"),
        ("months", "1", "1 month"),
        ("months", "12", "12 months"),
        ("minutes", "1", "1 minute"),
        ("minutes", "1440", "1,440 minutes"),
        ("working_days", "1", "1 working day"),
        ("working_days", "2", "2 working days"),
    ],
)
def test_a_length_of_time_is_one_or_many(name: str, figure: str, text: str) -> None:
    assert policy_words.counted(name, Decimal(figure)) == text


# (comparator, unit, name of the figure, figure, text)
FIGURES: list[tuple[str, str | None, str, str, str]] = [
    ("within", None, "hours", "48", "within 48 hours"),
    ("within", None, "working_days", "1", "within 1 working day"),
    ("within", "hours", "limit", "12", "within 12 hours"),
    (">=", "percent", "limit", "4", "≥ 4 %"),
    (">", "percent", "limit", "2.50", "> 2.5 %"),
    ("<", "percent", "limit", "85", "< 85 %"),
    ("<=", "points", "limit", "150", "≤ 150 points"),
    ("==", "units", "limit", "0", "= 0 pieces"),
    ("is", None, "limit", "7", "7"),
    ("in", "furlongs", "limit", "7", "7 furlongs"),
    (">=", None, "days", "30", "≥ 30 days"),
    ("<", None, "minutes", "1", "< 1 minute"),
    ("is", None, "days", "3", "3 days"),
    ("within", None, "cut_off_hour", "18", "cut-off hour 18"),
    (">=", None, "lowest", "2", "from 2"),
    (">=", None, "nobody_named_this", "5000", "nobody named this 5,000"),
]


@pytest.mark.parametrize(("comparator", "unit", "name", "figure", "text"), FIGURES)
def test_a_figure_reads_with_its_side_and_unit(comparator: str, unit: str | None, name: str, figure: str, text: str) -> None:
    told = span(comparator=comparator, unit=unit, figures=figures(**{name: figure}))
    assert policy_words.figure_text(told, name, Decimal(figure)) == text


def test_every_comparator_of_the_data_has_a_sign() -> None:
    assert {one.comparator for _platform, held in terms.book() for one in held.terms} <= set(policy_words.SIGNS)


def test_figures_stand_in_one_line_and_what_is_too_many_is_hinted_at() -> None:
    many = span(figures=figures(hours="48", points="2", below="5", lowest="1", highest="9"))
    assert policy_words.figures_text(None) == "–"
    assert policy_words.figures_text(span(figures={})) == "–"
    assert policy_words.figures_text(many) == "within 48 hours · points 2 · below 5 · from 1 · …"
    assert policy_words.figures_text(many, most=5) == "within 48 hours · points 2 · below 5 · from 1 · to 9"
    assert policy_words.figures_text(many, {"hours": Decimal(36)}) == "within 36 hours"


@pytest.mark.parametrize(
    ("name", "old", "new", "text"),
    [
        ("hours", "72", "48", "hours 72 → 48"),
        ("hours", None, "48", "hours 48"),
        ("hours", "72", None, "hours 72 → –"),
        ("hours", None, None, "hours – → –"),
        ("limit", "0.50", "0", "limit 0.5 → 0"),
        ("limit", "1500", "-1500", "limit 1,500 → −1,500"),
    ],
)
def test_a_change_names_both_sides(name: str, old: str | None, new: str | None, text: str) -> None:
    sides = [None if side is None else Decimal(side) for side in (old, new)]
    assert policy_words.change_text(name, *sides) == text


@pytest.mark.parametrize(
    ("name", "word"),
    [(None, ""), ("percent", "%"), ("yuan", "yuan"), ("store currency", "in the store's currency"), ("bananas", "bananas")],
)
def test_a_unit_that_we_do_not_know_is_shown(name: str | None, word: str) -> None:
    assert policy_words.unit_word(name) == word


# -- words ---------------------------------------------------------------------------------------------------------------------


def test_every_subject_kind_and_seller_of_the_data_has_a_word_in_chinese() -> None:
    held = [one for _platform, one in terms.book()]
    with translation.override("zh-hans"):
        for name in {one.subject for one in held}:
            assert policy_words.subject_word(name) != name.replace("_", " "), name
        for name in {one.kind for one in held}:
            assert policy_words.kind_word(name) != name.replace("_", " "), name
        for name in {one.applies_to for one in held} - {"all"}:
            assert policy_words.seller_word(name), name


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (policy_words.platform_name("tiktok_shop"), "TikTok Shop"),
        (policy_words.platform_name("internal"), "Our routine"),
        (policy_words.platform_name("etsy"), "etsy"),
        (policy_words.market_name("all"), "all markets"),
        (policy_words.market_name("MY"), "MY"),
        (policy_words.seller_word("all"), ""),
        (policy_words.seller_word("local"), "local sellers"),
        (policy_words.subject_word("new_matter"), "new matter"),
        (policy_words.kind_word("new_kind"), "new_kind"),
        (policy_words.origin_word("paste"), "pasted"),
        (policy_words.origin_word("fax"), "fax"),
        (policy_words.state_word("waiting"), "to be looked at"),
        (policy_words.state_word("burnt"), "burnt"),
        (policy_words.difference_word("ended"), "ended"),
        (policy_words.difference_word("split"), "split"),
        (policy_words.demands_word("less"), "demands less"),
        (policy_words.demands_word("worse"), "worse"),
    ],
)
def test_a_code_has_its_word_and_an_unknown_one_stays_as_it_is(told: str, word: str) -> None:
    assert told == word


def test_every_state_has_a_mark_and_a_word() -> None:
    for name in policy_words.STATE_MARKS:
        assert policy_words.state_word(name) != name or name in ("draft", "published", "withdrawn"), name


def test_a_rule_has_a_title_in_each_language() -> None:
    assert policy_words.title_of(rule(), "en") == "Ship in time"
    assert policy_words.title_of(rule(), "zh") == "按时发货"


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("http://example.com read in May", "http://example.com"),
        ("  https://example.com  ", "https://example.com"),
        ("example.com/a", ""),
        ("see https://example.com", ""),
        ("javascript:alert(1)", ""),
        ("HTTPS://example.com", ""),
        ("ftp://example.com", ""),
        ("", ""),
        ("   ", ""),
    ],
)
def test_only_a_whole_address_is_a_link(source: str, address: str) -> None:
    assert policy_words.address_of(source) == address


# -- how we read a rule --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "numbers"),
    [
        ([], []),
        (["nonsense"], []),
        (["deadline"], ["C1", "C2", "C5", "C7", "C15"]),
        (["rate_window"], ["C12", "C13", "C26"]),
        (["score_band"], ["C13", "C14"]),
        (["streak"], ["C1", "C3", "C13"]),
        (["threshold"], ["C3", "C13"]),
        (["conduct"], ["C15", "C28"]),
        (["streak", "threshold", "streak"], ["C1", "C3", "C13"]),
        (["threshold", "deadline"], ["C3", "C13", "C1", "C2", "C5", "C7", "C15"]),
    ],
)
def test_each_kind_says_how_it_is_read_and_nothing_twice(kinds: list[str], numbers: list[str]) -> None:
    found = policy_words.conventions(kinds)
    assert [number for number, _sentence in found] == numbers
    assert all(sentence.endswith(".") for _number, sentence in found)


def test_every_kind_of_the_data_says_how_it_is_read() -> None:
    for kind in {held.kind for _platform, held in terms.book()}:
        assert policy_words.conventions([kind]), kind


# -- what is typed -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("36", "36"),
        (" 36 ", "36"),
        ("3.5", "3.5"),
        ("3,5", "3.5"),
        ("0,500", "0.500"),
        ("1,500", "1500"),
        ("12,345,678", "12345678"),
        ("1,500.25", "1500.25"),
        ("-1,500", "-1500"),
        ("−4", "-4"),
        ("1,50", "1.50"),
        ("３６", "36"),
        ("1，500", "1500"),
        ("0", "0"),
    ],
)
def test_a_figure_is_read_as_people_write_it(typed: str, figure: str) -> None:
    assert number_typed(typed) == Decimal(figure)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "many", "36 h", "1,2,3", "1,50,0", "1.500,25", "NaN", "sNaN", "Infinity", "-Infinity", "1e9", "1e999999", "--4"],
)
def test_what_is_no_figure_is_none(typed: str) -> None:
    assert number_typed(typed) is None


@given(st.decimals(-(10**8), 10**8, places=2))
def test_a_figure_that_the_page_shows_can_be_typed_again(figure: Decimal) -> None:
    assert number_typed(formats.number(figure)) == figure


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-20", DAY),
        (" 2026-11-20 ", DAY),
        ("2024-02-29", date(2024, 2, 29)),
        ("2026-02-29", None),
        ("2026-13-01", None),
        ("2026-11-31", None),
        ("20 Nov 2026", None),
        ("", None),
    ],
)
def test_a_day_is_one_of_the_calendar(typed: str, day: date | None) -> None:
    assert day_typed(typed) == day


# -- own figures ---------------------------------------------------------------------------------------------------------------


# (comparator, platform's figures, what the rule asks for, [(name, platform, tighter side)])
SIDES: list[tuple[str, dict[str, Decimal], tuple[str, ...], list[tuple[str, str, str]]]] = [
    ("within", figures(hours="48"), (), [("hours", "48", "smaller")]),
    (">=", figures(limit="4"), (), [("limit", "4", "smaller")]),
    (">", figures(limit="1500"), (), [("limit", "1,500", "smaller")]),
    ("<", figures(limit="85"), (), [("limit", "85", "greater")]),
    ("<=", figures(limit="150"), (), [("limit", "150", "greater")]),
    ("==", figures(limit="0"), (), []),
    ("is", figures(days="3"), (), []),
    ("within", figures(points="3"), (), []),
    ("within", {}, ("hours",), [("hours", "", "any figure above zero")]),
    ("within", figures(days="3"), ("hours",), [("days", "3", "smaller"), ("hours", "", "any figure above zero")]),
]


@pytest.mark.parametrize(("comparator", "held", "asks", "rows"), SIDES)
def test_only_a_figure_with_a_tighter_side_can_be_set(
    comparator: str, held: dict[str, Decimal], asks: tuple[str, ...], rows: list[tuple[str, str, str]]
) -> None:
    told = span(comparator=comparator, figures=held)
    found = settables(rule(told, asks=asks), told)
    assert [(one.name, one.platform, one.tighter) for one in found] == rows


def test_what_was_typed_stays_with_the_figure_it_was_typed_for() -> None:
    told = span(figures=figures(hours="48", days="2"))
    found = settables(rule(told), told, "sixty", "hours")
    assert {one.name: one.value for one in found} == {"hours": "sixty", "days": ""}
    assert settables(rule(), None) == []


def test_a_looser_figure_is_refused_with_both_figures_by_the_terms_that_it_would_meet() -> None:
    past, now = span(from_=None, to=date(2026, 9, 1), figures=figures(hours="24")), span()
    held = rule(past, now)
    said = refused_words(held, "hours", Decimal(60), DAY, "refused")
    assert said == "hours: 60 is looser than the platform's 48. Only a tighter figure is taken."
    assert refused_words(held, "hours", Decimal(36), DAY, "refused") == "refused", "past terms are not met any more"
    assert "the platform's 24" in refused_words(held, "hours", Decimal(36), date(2026, 8, 31), "refused")
    assert refused_words(held, "days", Decimal(36), DAY, "refused") == "refused"


# -- whom a change touches -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "changes", "keys"),
    [
        ("tiktok_shop", {}, ["my", "sg"]),
        ("tiktok_shop", {"regions": ("all",)}, ["my", "sg", "us"]),
        ("internal", {"regions": ("all",)}, ["my", "sg", "us", "lz"]),
        ("lazada", {}, ["lz"]),
        ("shopee", {"regions": ("all",)}, []),
        ("tiktok_shop", {"applies_to": "cross_border"}, ["sg"]),
        ("tiktok_shop", {"regions": ("all",), "programmes": ("mall",)}, ["us"]),
    ],
)
def test_a_change_touches_the_stores_that_the_rule_is_meant_for(platform: str, changes: dict[str, Any], keys: list[str]) -> None:
    stores = [
        Store(key="my", platform="tiktok_shop", region="MY", seller_type="local"),
        Store(key="sg", platform="tiktok_shop", region="SG", seller_type="cross_border"),
        Store(key="us", platform="tiktok_shop", region="US", seller_type="local", programme="mall"),
        Store(key="lz", platform="lazada", region="MY", seller_type="local"),
    ]
    assert [store.key for store in touched(stores, platform, rule(**changes))] == keys
