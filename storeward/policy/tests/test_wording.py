"""How figures, amounts and instants read in a sentence and in its short form, written out by hand."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.lib.money import Money
from storeward.policy import wording
from storeward.policy.types import Value, Why
from storeward.policy.wording import Word

SG = ZoneInfo("Asia/Singapore")
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
LAST = datetime(2026, 9, 24, 22, 4, 15, tzinfo=UTC)  # Fri 25 Sep 06:04:15 in Singapore
DUE = datetime(2026, 11, 23, 22, 4, 15, tzinfo=UTC)  # Tue 24 Nov 06:04:15 in Singapore


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("-1676663.0000", "VND", "-1,676,663 VND"),
        ("26013.5", "IDR", "26,014 IDR"),
        ("99.5", "JPY", "100 JPY"),
        ("34.00000000", "USD", "34.00 USD"),
        ("-63.8808603", "USD", "-63.88 USD"),
        ("0", "MYR", "0.00 MYR"),
        ("1234567.005", "THB", "1,234,567.01 THB"),
        ("0.004", "SGD", "0.00 SGD"),
        ("-12", "PHP", "-12.00 PHP"),
        ("12.5", None, "12.5"),
    ],
)
def test_an_amount_has_the_places_of_its_currency(amount: str, currency: str | None, text: str) -> None:
    assert wording.amount(Money(Decimal(amount), currency)) == text
    assert wording.show(Money(Decimal(amount), currency), "zh", SG) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("18.1818", "18.18"),
        ("33.335", "33.34"),
        ("4.00", "4"),
        ("2.50", "2.5"),
        ("0", "0"),
        ("0.00", "0"),
        ("100", "100"),
        ("1E+3", "1,000"),
        ("48", "48"),
        ("-7.125", "-7.13"),
        ("0.01", "0.01"),
        ("0.00003812345", "0.0000381"),
        ("-0.0000605", "-0.0000605"),
        ("26000", "26,000"),
    ],
)
def test_a_figure_has_two_places_at_most_and_no_needless_zeros(value: str, text: str) -> None:
    assert wording.number(Decimal(value)) == text


@given(st.decimals(min_value="-1e9", max_value="1e9", allow_nan=False, places=6))
def test_a_figure_in_words_is_within_half_a_cent_of_itself(value: Decimal) -> None:
    told = Decimal(wording.number(value).replace(",", ""))
    assert abs(told - value) <= Decimal("0.005")
    assert (told < 0) == (value < 0) or told == 0


@given(st.decimals(min_value="0.00000001", max_value="0.0099", allow_nan=False))
def test_a_figure_that_is_not_nothing_never_reads_as_nothing(value: Decimal) -> None:
    assert Decimal(wording.number(value)) > 0


@pytest.mark.parametrize(
    ("template", "values", "zone", "en", "zh"),
    [
        (
            "inactivity.streak",
            {"last": LAST, "days": Decimal(60), "due_at": DUE},
            SG,
            "Last activity 25 Sep · day 60 is 24 Nov",
            "最近有效操作9月25日 · 第60天为11月24日",
        ),
        (
            "inactivity.streak",
            {"last": LAST, "days": Decimal(60), "due_at": DUE},
            ZoneInfo("America/Los_Angeles"),
            "Last activity 24 Sep · day 60 is 23 Nov",
            "最近有效操作9月24日 · 第60天为11月23日",
        ),
        (
            "balance.usd",
            {
                "balance": Money(Decimal("-1676663.0000"), "VND"),
                "usd": Money(Decimal("-63.88086030"), "USD"),
                "limit": Decimal("50"),
                "rate": Decimal("0.0000381"),
                "at": LAST,
            },
            SAIGON,
            "Balance -1,676,663 VND · -63.88 USD · the line is 50 USD",
            "余额-1,676,663 VND · 折合-63.88 USD · 界线50美元",
        ),
        (
            "rate.value",
            {"part": 2, "whole": 11, "value": Decimal("18.181818"), "unit": Word("percent"), "limit": Decimal("4.0")},
            SG,
            "2 of 11 · 18.18 % · the line is 4 %",
            "11中2 · 18.18% · 界线4%",
        ),
        (
            "order.hours",
            {"placed": DUE, "step": Word("rts_at"), "figure": Decimal(48), "handling": Decimal(0), "due_at": DUE},
            SG,
            "Placed 24 Nov 06:04 · ready to ship within 48 hours",
            "11月24日 06:04下单 · 48小时内备货完成",
        ),
        (
            "order.working_days",
            {"day_0": date(2026, 11, 14), "step": Word("in_transit_at"), "figure": Decimal(2), "due_at": DUE},
            SG,
            "Placed 14 Nov · in transit by the end of working day 2",
            "11月14日下单 · 第2个工作日结束前进入运输",
        ),
        (
            "reply.clock",
            {"start": LAST, "hours": Decimal(12), "due_at": DUE},
            SG,
            "A buyer waits since 25 Sep 06:04",
            "买家自9月25日 06:04起等待回复",
        ),
        ("security.two_step_off", {}, SG, "Two-step verification is off", "两步验证未开启"),
        ("stock.empty", {"sku": "MUG-1"}, SG, "MUG-1 · on sale, nothing left to sell", "MUG-1 · 在售，可售库存为零"),
        ("unknown.missing", {"fact": Word("ahr")}, SG, "Not known: the account health rating", "缺少账户健康分"),
    ],
)
def test_the_short_form_holds_the_facts(template: str, values: dict[str, object], zone: ZoneInfo, en: str, zh: str) -> None:
    why = Why(template, values)  # type: ignore[arg-type]
    assert why.brief("en", zone) == en
    assert why.brief("zh", zone) == zh


def test_amounts_and_rates_are_rounded_in_the_whole_sentence_too() -> None:
    values: dict[str, Value] = {
        "balance": Money(Decimal("-1822372.0000"), "VND"),
        "usd": Money(Decimal("-69.43237323"), "USD"),
        "rate": Decimal("0.00003810000000"),
        "limit": Decimal("50.00"),
        "at": LAST,
    }
    assert Why("balance.usd", values).say("en", SAIGON) == (
        "The balance of -1,822,372 VND is -69.43 USD at a rate of 0.0000381; the line is 50 USD."
    )


SENTENCES = wording.tables()["why"]
BRIEFS = wording.tables()["brief"]


def test_every_sentence_has_a_short_form_and_every_short_form_a_sentence() -> None:
    assert set(BRIEFS) == set(SENTENCES)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("template", sorted(BRIEFS))
def test_a_short_form_is_filled_by_values_that_its_sentence_has(template: str) -> None:
    for language in wording.LANGUAGES:
        assert _fields(BRIEFS[template][language]) <= _fields(SENTENCES[template][language])
    assert _fields(BRIEFS[template]["en"]) == _fields(BRIEFS[template]["zh"])


@pytest.mark.parametrize("template", sorted(BRIEFS))
def test_a_short_form_is_short_has_no_full_stop_and_tells_days_alone_only_of_instants(template: str) -> None:
    for language in wording.LANGUAGES:
        text = BRIEFS[template][language]
        assert not text.endswith((".", "。"))
        assert len(re.sub(r"\{\w+(:day)?\}", "xxxxx", text)) <= 72, text
        specs = {(name, spec) for _, name, spec, _ in Formatter().parse(text) if spec}
        assert {spec for _, spec in specs} <= {"day"}
        assert {name for name, _ in specs} <= {
            "last",
            "start",
            "due_at",
            "since",
            "at",
            "removed",
            "until",
            "expires_at",
            "posted",
        }


def test_a_missing_short_form_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        wording.brief("no.such", {}, "en", SG)
