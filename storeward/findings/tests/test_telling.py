"""What findings of listings, rights and reviews say, in both languages; what amounts are worth; which store tells of a right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from storeward.findings.feeds import Sight
from storeward.findings.listings import OWN, said, said_of_twin
from storeward.findings.reviews import _end_of, _wanted
from storeward.findings.rights import rights
from storeward.findings.rules import about
from storeward.findings.staging import COLUMNS
from storeward.findings.tests.factories import NOW, store, workspace
from storeward.findings.wanting import Wanted
from storeward.findings.worth import Worth
from storeward.listings.models import Right
from storeward.policy.listing_check.shapes import Form, Hit, Problem, Said
from storeward.policy.terms import book
from storeward.policy.types import Severity, State
from storeward.rulebook.review import Due
from storeward.stores.models import Store

WHAT, MEND = Said(en="A promise of healing.", zh="承诺疗效。"), Said(en="Leave it out.", zh="请删去。")


def problem(words: str = "", field: str = "title", what: Said = WHAT) -> Problem:
    hit = Hit(field=field, words=words) if words else None
    return Problem(form=Form.CLAIMS, id="x", what=what, mend=MEND, hit=hit)


# -- listings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "english", "chinese"),
    [
        ("title", "“cures” in the title: A promise of healing. Leave it out.", "标题含“cures”：承诺疗效。请删去。"),
        ("description", "“cures” in the description: A promise of healing. Leave it out.", "描述含“cures”：承诺疗效。请删去。"),
        ("attributes", "“cures” in the properties: A promise of healing. Leave it out.", "属性含“cures”：承诺疗效。请删去。"),
        ("variants", "“cures” in the variants: A promise of healing. Leave it out.", "规格含“cures”：承诺疗效。请删去。"),
        ("brand", "A promise of healing. Leave it out.", "承诺疗效。请删去。"),
    ],
)
def test_a_hit_says_the_words_where_they_stand_and_what_mends_it(field: str, english: str, chinese: str) -> None:
    told = said([problem("cures", field)])
    assert told["why"] == {"en": english, "zh": chinese}
    assert told["brief"] == {"en": "“cures”", "zh": "“cures”"}


@pytest.mark.parametrize(
    ("hits", "brief", "more"),
    [
        (["a"], "“a”", ""),
        (["a", "b"], "“a”, “b”", ""),
        (["a", "b", "c"], "“a”, “b”, “c”", ""),
        (["a", "b", "c", "d"], "“a”, “b”, “c”", "And 1 more."),
        (["a"] * 12, "“a”", "And 9 more."),
        (["a", "a", "b", "a", "c", "d"], "“a”, “b”, “c”", "And 3 more."),
    ],
)
def test_three_are_named_and_the_rest_is_counted(hits: list[str], brief: str, more: str) -> None:
    told = said([problem(one) for one in hits])
    assert told["brief"]["en"] == brief
    assert (more in told["why"]["en"]) if more else "more" not in told["why"]["en"]
    assert ("另有" in told["why"]["zh"]) == bool(more)


def test_what_has_no_words_is_told_by_what_it_is() -> None:
    told = said([problem(), problem(what=Said(en="No weight.", zh="没有重量。"))])
    assert told["brief"] == {"en": "A promise of healing No weight", "zh": "承诺疗效 没有重量"}
    long = said([problem(what=Said(en="A very long sentence " * 20, zh="很长" * 200))])
    assert all(len(text) <= 160 for text in long["brief"].values())
    mixed = said([problem(), problem("cures")])
    assert mixed["brief"]["en"] == "“cures”"


def test_a_twin_names_the_other_listing() -> None:
    told = said_of_twin("174")
    assert "listing 174 " in told["why"]["en"]
    assert "174" in told["why"]["zh"]
    assert told["brief"] == {"en": "same as 174", "zh": "与174相同"}


def test_every_form_has_a_rule_of_ours_that_says_what_to_do() -> None:
    assert set(OWN) == set(Form)
    assert len(set(OWN.values())) == len(Form)
    for rule in OWN.values():
        assert about(rule).action.minutes > 0


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), min_size=1, max_size=8))
def test_any_words_can_be_told(words: list[str]) -> None:
    told = said([problem(one) for one in words])
    assert msgspec.json.decode(msgspec.json.encode(told)) == told
    assert f"“{words[0]}”" in told["why"]["en"]


# -- worth --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "usd"),
    [
        ("10", "USD", 10.0),
        ("100", "MYR", 23.7),
        ("1000000", "IDR", 60.5),
        ("0", "THB", 0.0),
        ("-100", "MYR", -23.7),
        ("10", "QQQ", None),
        ("10", "", None),
        ("10", "usd", None),
        ("10", None, None),
        (None, "USD", None),
        (None, None, None),
    ],
)
def test_an_amount_is_worth_dollars_or_nobody_knows(amount: str | None, currency: str | None, usd: float | None) -> None:
    found = Worth.on(NOW).usd(None if amount is None else Decimal(amount), currency)
    assert found == (None if usd is None else pytest.approx(usd))


@pytest.mark.parametrize("day", [datetime(1999, 1, 1, tzinfo=UTC), NOW, datetime(2100, 2, 28, tzinfo=UTC)])
def test_rates_are_there_for_any_day_and_say_of_when_they_are(day: datetime) -> None:
    rates = Worth.on(day).fx
    assert rates.as_of == datetime(2026, 11, 1, tzinfo=UTC)
    assert rates.usd_per_unit


# -- what should stand --------------------------------------------------------------------------------------------------


def test_a_row_of_wanted_stands_in_the_order_of_its_columns() -> None:
    action = about("SW-RIGHT-ENDS").action
    wanted = Wanted(
        store_id=3, workspace_id=4, rule="R", subject_kind="right", subject_id="9", item="i", state=State.BREACHED,
        severity=Severity.CRITICAL, rule_severity=Severity.WARNING, action=action, details="{}", due_at=NOW, cause="c",
        stake_amount=Decimal("5"), stake_currency="MYR", stake_usd=1.2,
    )  # fmt: skip
    row = dict(zip(COLUMNS["wanted"], wanted.row, strict=True))
    expected = {
        "store_id": 3,
        "workspace_id": 4,
        "rule": "R",
        "subject_kind": "right",
        "subject_id": "9",
        "item": "i",
        "state": "breached",
        "severity": "critical",
        "due_at": NOW,
        "starts_at": None,
        "cause": "c",
        "stake_amount": Decimal(5),
        "stake_currency": "MYR",
        "details": "{}",
    }
    assert {name: row[name] for name in expected} == expected
    assert list(row)[-4:] == ["loss_usd", "minutes", "action", "details"]
    assert (row["minutes"], row["action"]) == (action.minutes, action.id)


# -- reviews ------------------------------------------------------------------------------------------------------------


def dues(count: int) -> list[Due]:
    rules = [rule for platform, rule in book() if platform == "tiktok_shop"][:count]
    return [
        Due(4, "tiktok_shop", rule, date(2026, 2, 28) + timedelta(days=number), date(2025, 11, 30))
        for number, rule in enumerate(rules)
    ]


@pytest.mark.parametrize(
    ("count", "brief", "more"),
    [(1, "1 rule ·", ""), (2, "2 rules ·", ""), (3, "3 rules ·", ""), (4, "4 rules ·", " and 1 more.")],
)
def test_reviews_that_are_due_are_counted_and_three_of_them_named(count: int, brief: str, more: str) -> None:
    due = dues(count)
    wanted = _wanted((4, "tiktok_shop"), 3, due)
    details = msgspec.json.decode(wanted.details)
    assert details["brief"]["en"].startswith(brief)
    assert details["why"]["en"].endswith(more or f"{due[-1].rule.id}.")
    assert details["rules"] == [one.rule.id for one in due]
    assert (wanted.due_at, wanted.starts_at) == (
        datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC),
        datetime(2025, 11, 30, tzinfo=UTC),
    )
    assert (wanted.cause, wanted.subject_id, wanted.store_id) == ("review:tiktok_shop", "tiktok_shop", 3)


@pytest.mark.parametrize("day", ["2026-02-28", "2028-02-29", "2026-12-31", "2026-03-29", "2026-11-01"])
def test_the_day_of_a_review_ends_at_its_last_second(day: str) -> None:
    assert _end_of(date.fromisoformat(day)).isoformat() == f"{day}T23:59:59+00:00"


# -- rights -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paper:
    """A right beside the one that ends on 2026-11-30 for all: of which brand, from when to when, where."""

    why: str
    replaces: bool
    brand: str = "Luna"
    valid_from: str | None = None
    valid_to: str | None = None
    markets: tuple[str, ...] = ()
    ended: bool = False
    foreign: bool = False


def told_of(stores: Sequence[Store], now: datetime = NOW) -> list[Wanted]:
    known = {one.pk: SimpleNamespace(workspace_id=one.workspace_id, timezone=one.timezone) for one in stores}
    with connection.cursor() as cursor:
        return list(rights(cursor, cast("Sight", SimpleNamespace(stores=known, now=now))))


def right(of: int, **fields: Any) -> Right:
    told = {
        "brand": "Luna",
        "kind": "own",
        "valid_to": date(2026, 11, 30),
        "store_ids": [],
        "markets": [],
        "by": "Lead",
        "at": NOW,
    }
    return Right.objects.create(workspace_id=of, **(told | fields))


@pytest.mark.django_db
def test_another_right_takes_the_place_of_one_that_ends_only_where_it_covers_all_of_it() -> None:
    shop, other = store(1), store(2, space=workspace("sol"))
    for paper in (
        Paper("goes on for ever", True),
        Paper("other letters, the same brand", True, brand="LUNA"),
        Paper("begins the day after", True, valid_from="2026-12-01", valid_to="2027-11-30"),
        Paper("leaves a day without", False, valid_from="2026-12-02", valid_to="2027-11-30"),
        Paper("ends on the same day", False, valid_to="2026-11-30"),
        Paper("ended before", False, valid_to="2026-11-29"),
        Paper("a day longer", True, valid_to="2026-12-01"),
        Paper("another brand", False, brand="Lunar"),
        Paper("a part of the markets", False, markets=("MY",)),
        Paper("taken off the register", False, ended=True),
        Paper("of another team", False, foreign=True),
    ):
        Right.objects.all().delete()
        first = right(shop.workspace_id)
        right(
            other.workspace_id if paper.foreign else shop.workspace_id,
            brand=paper.brand,
            valid_from=paper.valid_from and date.fromisoformat(paper.valid_from),
            valid_to=paper.valid_to and date.fromisoformat(paper.valid_to),
            markets=list(paper.markets),
            ended_at=NOW if paper.ended else None,
        )
        told = {one.subject_id for one in told_of([shop])}
        assert (str(first.pk) not in told) == paper.replaces, paper.why


@pytest.mark.django_db
def test_a_right_is_told_once_by_the_first_store_that_it_covers() -> None:
    first, second, thai = store(1), store(2), store(3, region="TH")
    stores = [first, second, thai]
    for fields, teller in (
        ({}, first),
        ({"store_ids": [second.pk, thai.pk]}, second),
        ({"markets": ["TH"]}, thai),
        ({"markets": ["TH"], "store_ids": [thai.pk]}, thai),
        ({"markets": ["TH"], "store_ids": [first.pk]}, None),
        ({"markets": ["VN"]}, None),
    ):
        Right.objects.all().delete()
        right(first.workspace_id, **fields)
        assert [one.store_id for one in told_of(stores)] == ([] if teller is None else [teller.pk]), fields
        if teller is not None:
            assert told_of([one for one in stores if one != teller]) == [], "only by that one"


@pytest.mark.django_db
def test_a_right_ends_with_the_last_second_of_its_day_where_the_store_is() -> None:
    shop = store(1, region="US")
    right(shop.workspace_id, valid_to=date(2026, 11, 1))  # the day on which summer time ends there
    end = datetime(2026, 11, 2, 7, 59, 59, tzinfo=UTC)
    for now, state in (
        (end - timedelta(days=3), State.AT_RISK),
        (end, State.AT_RISK),
        (end + timedelta(seconds=1), State.BREACHED),
        (end + timedelta(days=10), State.BREACHED),
    ):
        (told,) = told_of([shop], now)
        assert (told.due_at, told.state, told.severity) == (end, state, Severity.CRITICAL)
    (told,) = told_of([shop], end - timedelta(days=20))
    assert (told.state, told.severity is Severity.CRITICAL) == (State.AT_RISK, False)
    assert told_of([shop], end - timedelta(days=400)) == []
