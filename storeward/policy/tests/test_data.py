"""What stands beside the rules: sentences, inspection items, rates for pages, the answer of `evaluate`."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from storeward.lib.money import Money
from storeward.policy import fx, items, terms, wording
from storeward.policy.answers import of_case
from storeward.policy.engine import duties, evaluate
from storeward.policy.judge import judge
from storeward.policy.types import Reading
from storeward.policy.wording import Word

from .cast import case

KL = ZoneInfo("Asia/Kuala_Lumpur")
AT = datetime(2026, 8, 28, 15, 59, 59, tzinfo=UTC)


# -- sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (AT, "Fri 28 Aug 2026 23:59:59", "2026年8月28日(周五) 23:59:59"),
        (AT.replace(second=0), "Fri 28 Aug 2026 23:59", "2026年8月28日(周五) 23:59"),
        (date(2026, 8, 9), "Sun 9 Aug 2026", "2026年8月9日(周日)"),
        (Decimal("2.50"), "2.5", "2.5"),
        (Decimal("1E+2"), "100", "100"),
        (Decimal("-0.0000605"), "-0.0000605", "-0.0000605"),
        (Money(Decimal("-12.00"), "MYR"), "-12.00 MYR", "-12.00 MYR"),
        (Word("shipped_at"), "handed to the courier", "交给快递"),
        ("as it is", "as it is", "as it is"),
        (7, "7", "7"),
    ],
)
def test_a_value_reads_naturally_in_both_languages(value: object, en: str, zh: str) -> None:
    assert wording.show(value, "en", KL) == en
    assert wording.show(value, "zh", KL) == zh


def test_the_sentence_of_a_rate_and_of_a_band_is_whole_in_both_languages() -> None:
    facts = {
        "metrics": {"late_dispatch_rate": {"window_days": 7, "numerator": 1, "denominator": 3}},
        "scores": {"shop_experience_score": {"value": "Poor", "as_of": "2026-08-10T00:00:00Z"}},
    }
    judged = case(facts, "2026-08-10T03:00:00Z", "VN", seller_type="cross_border")
    said = {
        f.rule: [f.why.say(language, KL) for language in wording.LANGUAGES]
        for f in evaluate(judged.store, judged.facts, judged.now)
    }
    assert said["TTS-SEA-LDR-TARGET"] == ["1 of 3: 33.33 %; the line is 4 %.", "共3，其中1，占33.33%；界线为4%。"]
    assert said["TTS-XB-SPS"] == ["The platform rates the store: poor.", "平台评级：较差。"]


def test_a_missing_template_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        wording.say("no.such", {}, "en", KL)


def _sentences() -> Iterator[tuple[str, dict[str, str]]]:
    yield from wording.tables()["why"].items()


@pytest.mark.parametrize(("name", "texts"), list(_sentences()))
def test_both_languages_are_filled_by_the_same_values(name: str, texts: dict[str, str]) -> None:
    names = [{field for _, field, _, _ in Formatter().parse(texts[language]) if field} for language in wording.LANGUAGES]
    assert names[0] == names[1], name
    assert texts["en"].endswith(".")
    assert texts["zh"].endswith("。")


def test_every_word_that_code_names_is_there() -> None:
    folder = Path(wording.__file__).parent
    known = wording.tables()
    for path in (folder / "rules").glob("*.py"):
        text = path.read_text("utf-8")
        for template in _quoted_after(text, "because("):
            assert "{" in template or template in known["why"], (path.name, template)


def test_every_missing_fact_that_code_names_has_words() -> None:
    folder = Path(wording.__file__).parent
    named = {
        name
        for path in (folder / "rules").glob("*.py")
        for name in re.findall(r'unknown\(ctx, \w+, "(\w+)"', path.read_text("utf-8"))
    }
    assert len(named) > 20
    assert named <= set(wording.tables()["words"])


def _quoted_after(text: str, marker: str) -> Iterator[str]:
    for part in text.split(marker)[1:]:
        first = part.lstrip()
        if first.startswith('"'):
            yield first[1:].partition('"')[0]


# -- inspection items ---------------------------------------------------------------------------------


def test_every_rule_with_findings_belongs_to_exactly_one_item() -> None:
    assert items.mistakes() == []


def test_there_are_38_items_in_order_with_narrow_titles() -> None:
    loaded = items.load()
    assert [item.id for item in loaded] == [f"INS-{n:02}" for n in range(1, 39)]
    assert all(len(item.short_title) <= 9 and len(item.short_title_zh) <= 4 for item in loaded)
    assert len({item.short_title for item in loaded}) == len(loaded)
    assert all(item.streams for item in loaded)
    assert all(bool(item.attestation) == bool(item.attestation_zh) for item in loaded)


def test_a_rule_finds_its_item() -> None:
    item = items.item_of("TTS-SEA-SHIP-2WD")
    assert item is not None
    assert (item.id, item.area) == ("INS-03", "orders")
    assert items.item_of("TTS-SEA-WORKDAY") is None


def test_items_of_routine_checks_are_those_that_meet_the_rows() -> None:
    for _, rule in terms.book():
        if rule.form == "attestation":
            item = items.item_of(rule.id)
            assert item is not None
            assert item.id == rule.with_["item"]


# -- rates for pages ----------------------------------------------------------------------------------


def test_an_amount_is_converted_over_dollars_unrounded() -> None:
    rates = fx.RateTable(as_of=date(2026, 1, 1), source="test", usd_per_unit={"MYR": Decimal("0.25"), "PHP": Decimal("0.02")})
    assert fx.convert(Money(Decimal(100), "MYR"), "USD", rates) == Money(Decimal("25.00"), "USD")
    assert fx.convert(Money(Decimal(100), "MYR"), "PHP", rates) == Money(Decimal(1250), "PHP")
    assert fx.convert(Money(Decimal(100), "MYR"), "MYR", rates) == Money(Decimal(100), "MYR")
    assert fx.convert(Money(Decimal(100), "XXX"), "USD", rates) is None
    assert fx.convert(Money(Decimal(100), None), "USD", rates) is None


def test_the_latest_table_before_a_day_is_taken() -> None:
    first, last = fx.tables()[0], fx.tables()[-1]
    assert fx.rates_on(date(2000, 1, 1)) is first
    assert fx.rates_on(date(2100, 1, 1)) is last
    assert fx.rates_on(last.as_of) is last


def test_every_market_has_a_rate() -> None:
    assert {"MYR", "PHP", "THB", "VND", "SGD", "IDR", "GBP", "CNY"} <= set(fx.tables()[-1].usd_per_unit)


# -- the answer ---------------------------------------------------------------------------------------

FACTS = {
    "orders": [{"order_id": "576465000000000301", "placed_at": "2026-08-05T02:00:00Z", "type": "standard", "shipped_at": None}],
    "metrics": {"late_dispatch_rate": {"window_days": 7, "numerator": 1, "denominator": 3}},
    "holidays": [],
}
NOW = "2026-08-07T03:00:00Z"


def test_a_finding_is_told_with_its_figures_and_terms() -> None:
    row = of_case(case(FACTS, NOW))
    late = next(f for f in row["findings"] if f["rule"] == "TTS-SEA-SHIP-2WD")
    assert late["subject"] == {"kind": "order", "id": "576465000000000301"}
    assert late["due_at"] == "2026-08-07T15:59:59Z"
    assert late["terms"]["from"] == "2025-06-18"
    assert late["terms"]["confidence"] == "official"
    assert late["terms"]["figures"] == {"working_days": "2"}
    rate = next(f for f in row["findings"] if f["rule"] == "TTS-SEA-LDR-TARGET")
    assert (rate["value"], rate["limit"], rate["unit"]) == ("33.333333", "4", "percent")
    assert rate["due_at"] is None
    assert rate["subject"] is None


def test_the_worst_comes_first() -> None:
    judged = case(FACTS, NOW)
    found = evaluate(judged.store, judged.facts, judged.now)
    ranks = [finding.severity.rank for finding in found]
    assert ranks == sorted(ranks, reverse=True)
    dues = [finding.due_at for finding in found if finding.severity.rank == 2]
    assert dues == sorted(dues, key=lambda at: (at is None, at))


def test_everything_judged_is_among_the_duties_fine_ones_too() -> None:
    judged = case({**FACTS, "security": {"two_step_verification": True}}, "2026-08-05T03:00:00Z")
    owed = duties(judged.store, judged.facts, judged.now)
    assert {d.rule for d in owed if not isinstance(d, Reading)} >= {"TTS-SEA-SHIP-2WD", "TTS-SEA-AUTOCANCEL-RTS"}
    assert [d.state for d in owed if d.rule == "TTS-SEA-2SV" and isinstance(d, Reading)] == ["ok"]
    assert all(judge(d, judged.now) is None for d in owed if d.rule == "TTS-SEA-SHIP-2WD")


def test_the_rules_follow_the_stores_kind() -> None:
    kinds = {
        region: {r.id for r in terms.book().for_store("tiktok_shop", region, "local", "none")} for region in ("MY", "US", "UK")
    }
    assert "TTS-SEA-SHIP-2WD" in kinds["MY"]
    assert not any(rule.startswith("TTS-SEA") for rule in kinds["US"] | kinds["UK"])
    assert "INT-SUBACCT-WEEKLY" in kinds["MY"] & kinds["US"] & kinds["UK"]
