"""The rules as data: whole, without gaps, refused with file, rule and field where they are not; tightened, never loosened."""

import shutil
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy import check, terms
from storeward.policy.terms import BadTerms, NotTightening, Rule, Span, book, book_for

from .cast import figures, told

GOOD = """
[[rule]]
id = "X-1"
title = "A rule"
title_zh = "规则"
regions = ["MY"]
subject = "stock"
kind = "threshold"
severity = "warning"
consequence = "Something follows"
consequence_zh = "后果"
silent = "a definition"

[[rule.terms]]
to = 2026-01-01
source = ["https://a.example"]
read_on = 2026-11-01
confidence = "official"

[[rule.terms]]
from = 2026-01-01
figures = { limit = 2.5 }
source = ["https://a.example"]
read_on = 2026-11-01
confidence = "official"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(terms.FOLDER / "leads.toml", tmp_path)
    (tmp_path / "shop").mkdir()
    return tmp_path


def _mistakes(folder: Path, text: str) -> list[str]:
    (folder / "shop" / "stock.toml").write_text(text, "utf-8")
    return terms.mistakes(folder)


def test_the_rules_that_come_with_the_product_are_whole() -> None:
    assert check.mistakes() == []


def test_good_data_is_taken(folder: Path) -> None:
    assert _mistakes(folder, GOOD) == []
    rule = terms.load(folder).rule("X-1")
    assert rule.terms[1].figures == {"limit": Decimal("2.5")}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('id = "X-1"', 'id = "X-1"\ncolour = "red"', "colour"),
        ('severity = "warning"', 'severity = "awful"', "severity"),
        ('title_zh = "规则"', 'title_zh = ""', "X-1: title_zh is empty"),
        ('source = ["https://a.example"]', "source = []", "X-1: terms[0].source is missing"),
        ('source = ["https://a.example"]\n', "", "source"),
        ("read_on = 2026-11-01", 'read_on = "soon"', "read_on"),
        ("from = 2026-01-01", "from = 2025-12-01", "X-1: terms[1].from overlaps the terms before it"),
        ("from = 2026-01-01", "from = 2026-02-01", "X-1: terms[1].from leaves a gap after the terms before it"),
        ("from = 2026-01-01\n", "", "X-1: terms[1].from overlaps the terms before it"),
        ("from = 2026-01-01", "from = 2026-01-01\nto = 2025-01-01", "X-1: terms[1].to is not after from"),
        ('silent = "a definition"', "", "X-1: form and silent: exactly one must be given"),
        ('silent = "a definition"', 'silent = "so"\nlead = "never"', "X-1: lead 'never' is not in leads.toml"),
        ('silent = "a definition"', 'silent = "so"\nstake = "soul"', "X-1: stake 'soul' is not in leads.toml"),
        ("limit = 2.5", "limit = nan", "figures"),
        ("[[rule]]", "[[rule", "is not TOML"),
    ],
)
def test_a_mistake_is_told_with_file_rule_and_field(folder: Path, before: str, after: str, said: str) -> None:
    assert before in GOOD
    found = _mistakes(folder, GOOD.replace(before, after, 1))
    assert any("shop/stock.toml" in text and said in text for text in found), found
    with pytest.raises(BadTerms, match=r"shop/stock\.toml"):
        terms.load(folder)


def test_a_decoding_error_names_the_rule(folder: Path) -> None:
    (found,) = _mistakes(folder, GOOD.replace('kind = "threshold"', 'kind = "mood"'))
    assert "X-1" in found
    assert "kind" in found


def test_an_id_is_given_once(folder: Path) -> None:
    assert any("id is taken already" in text for text in _mistakes(folder, GOOD + GOOD))


def test_an_unknown_form_is_told(folder: Path) -> None:
    (folder / "shop" / "stock.toml").write_text(GOOD.replace('silent = "a definition"', 'form = "magic"'), "utf-8")
    assert check.mistakes(folder) == ["X-1: form 'magic' is not known"]


def test_settings_that_a_form_cannot_read_are_told(folder: Path) -> None:
    text = GOOD.replace('silent = "a definition"', 'form = "score"\nwith = { nom = "rating" }')
    (folder / "shop" / "stock.toml").write_text(text, "utf-8")
    (found,) = check.mistakes(folder)
    assert found.startswith("X-1: with:")


def test_a_rule_named_by_another_must_be_there(folder: Path) -> None:
    text = GOOD.replace('silent = "a definition"', 'form = "inactivity_grace"\nwith = { after = "X-2" }')
    (folder / "shop" / "stock.toml").write_text(text, "utf-8")
    assert check.mistakes(folder) == ["X-1: with.after names X-2, which is no rule"]


def test_a_unit_without_words_is_told(folder: Path) -> None:
    text = GOOD.replace('silent = "a definition"', 'form = "rate"\nwith = { metrics = ["a"] }')
    (folder / "shop" / "stock.toml").write_text(text.replace("figures =", 'unit = "furlongs"\nfigures ='), "utf-8")
    assert check.mistakes(folder) == ["X-1: unit 'furlongs' has no words"]


def test_a_new_platform_is_a_folder_of_data(folder: Path) -> None:
    (folder / "shop" / "stock.toml").write_text(GOOD, "utf-8")
    loaded = terms.load(folder)
    assert [rule.id for rule in loaded.for_store("shop", "MY", "local", "none")] == ["X-1"]
    assert loaded.for_store("shop", "TH", "local", "none") == ()
    assert loaded.platform_of("X-1") == "shop"


def test_an_unknown_rule_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        book().rule("NO-SUCH")


def test_terms_hold_from_their_first_day_and_not_on_the_day_they_end() -> None:
    rule = book().rule("TTS-XB-SHIP-96H-LEGACY")
    assert book().row(rule, date(2024, 12, 22)) is None
    assert book().row(rule, date(2024, 12, 23)) is not None
    assert book().row(rule, date(2026, 6, 17)) is not None
    assert book().row(rule, date(2026, 6, 18)) is None


@pytest.mark.parametrize("rule", [rule for _, rule in book()], ids=lambda rule: rule.id)
def test_every_rule_is_said_in_both_languages_with_a_source(rule: Rule) -> None:
    assert rule.title != rule.title_zh
    assert not rule.consequence.isascii() or any(letter.isalpha() for letter in rule.consequence)
    assert not rule.consequence_zh.isascii()
    assert bool(rule.remedy) == bool(rule.remedy_zh)
    assert all(span.source for span in rule.terms)


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(days, min_size=1, max_size=5, unique=True), days)
def test_exactly_one_span_holds_on_any_day_of_terms_without_gaps(bounds: list[date], day: date) -> None:
    edges: list[date | None] = [None, *sorted(bounds), None]
    spans = [Span(source=("x",), read_on=day, confidence="seed", from_=one, to=other) for one, other in pairwise(edges)]
    assert sum(span.holds_on(day) for span in spans) == 1


@given(st.sampled_from([rule for _, rule in book()]), days)
def test_no_two_spans_of_a_rule_hold_on_one_day(rule: Rule, day: date) -> None:
    assert sum(span.holds_on(day) for span in rule.terms) <= 1
    assert sum(span.holds_on(day + timedelta(days=1)) for span in rule.terms) <= 1


# -- tightening ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "own"),
    [
        ("TTS-SEA-RESP24-MSG", figures(hours="8")),
        ("TTS-SEA-SHIP-2WD", figures(working_days="1")),
        ("TTS-SEA-LDR-TARGET", figures(limit="3")),
        ("TTS-SEA-RESP24-RATE", figures(limit="95")),
        ("INT-NEGBAL-ALERT50", figures(limit="200")),
        ("TTS-SEA-NEGBAL-100", figures(limit="-50")),
        ("TTS-US-AHR-150", figures(limit="170")),
    ],
)
def test_a_workspace_may_tighten(rule: str, own: dict[str, Decimal]) -> None:
    tightened = book_for({rule: own})
    row = tightened.row(tightened.rule(rule), date(2026, 8, 1))
    assert row is not None
    (name, figure) = next(iter(own.items()))
    assert row.figure(name) == figure
    assert row.ref.own == own
    assert row.ref.figures[name] != figure
    assert book_for({rule: own}) is tightened


@pytest.mark.parametrize(
    ("rule", "own"),
    [
        ("TTS-SEA-RESP24-MSG", figures(hours="30")),
        ("TTS-SEA-LDR-TARGET", figures(limit="5")),
        ("TTS-SEA-RESP24-RATE", figures(limit="80")),
        ("INT-NEGBAL-ALERT50", figures(limit="10")),
        ("TTS-SEA-NEGBAL-100", figures(limit="-200")),
        ("TTS-US-AHR-150", figures(limit="100")),
        ("TTS-SEA-SHIP-2WD", figures(working_days="0")),
        ("TTS-SEA-SHIP-2WD", figures(limit="1")),
        ("TTS-VN-SHIP-CUT14", figures(cut_off_hour="10")),
        ("TTS-SEA-NEGBAL-POSITIVE", figures(limit="5")),
        ("TTS-SEA-LDR-TARGET", figures(limit="nan")),
    ],
)
def test_a_workspace_may_not_loosen(rule: str, own: dict[str, Decimal]) -> None:
    with pytest.raises(NotTightening, match=rule):
        book_for({rule: own})


def test_no_override_is_the_book_itself() -> None:
    assert book_for(None) is book()
    assert book_for({}) is book()


def test_a_tighter_rule_judges_by_its_own_figure_and_others_as_before() -> None:
    facts = {
        "conversations": [{"id": "c", "buyer_first_at": "2026-08-10T00:00:00Z", "first_human_reply_at": None}],
        "response_counts": {"window_days": 30, "conversations": 100, "answered_in_12h": 99},
    }
    own = {"TTS-SEA-RESP12-MSG": figures(hours="3")}
    tight = told(facts, "2026-08-10T03:00:01Z", overrides=own)
    assert tight["TTS-SEA-RESP12-MSG"][0][:3] == ("breached", "warning", "2026-08-10T03:00:00Z")
    assert told(facts, "2026-08-10T03:00:01Z") == {}


@given(st.decimals(min_value="0.01", max_value="4", places=2))
def test_a_tightened_rate_is_never_milder_than_the_platforms(limit: Decimal) -> None:
    facts = {"metrics": {"late_dispatch_rate": {"window_days": 7, "numerator": 33, "denominator": 1000}}}
    states = {"breached": 2, "at_risk": 1}
    own = told(facts, "2026-08-10T03:00:00Z", overrides={"TTS-SEA-LDR-TARGET": {"limit": limit}})["TTS-SEA-LDR-TARGET"]
    plain = told(facts, "2026-08-10T03:00:00Z")["TTS-SEA-LDR-TARGET"]
    assert states[own[0].state] >= states[plain[0].state]
