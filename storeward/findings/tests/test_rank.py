"""The ranking: pure, short, and in the order that a sensible person would choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.findings.actions import ACTIONS, LOOK, action_for
from storeward.findings.own_rules import OWN_RULES
from storeward.findings.rank import FATAL_SHARE, STORE_USD, rank
from storeward.findings.rules import about, feeds, rule_table
from storeward.policy.terms import book
from storeward.policy.types import Severity, State

states = st.sampled_from([State.AT_RISK, State.BREACHED, State.ACTION, State.UNKNOWN])
stakes = st.one_of(st.none(), st.floats(0, 1e6))
works = st.floats(0.1, 600)


@given(states, st.sampled_from(Severity), stakes, works, st.booleans())
def test_a_score_is_the_product_of_what_is_shown(
    state: State, severity: Severity, stake: float | None, minutes: float, last_day: bool
) -> None:
    told = rank(state, severity, minutes=minutes, last_day=last_day, stake_usd=stake)
    assert told.score == pytest.approx(told.chance * told.loss_usd / told.minutes)
    assert 0 < told.chance <= 1
    assert told.score > 0, "everything on the list is worth a look"


@given(st.sampled_from(Severity), stakes, works)
def test_less_time_left_never_ranks_lower(severity: Severity, stake: float | None, minutes: float) -> None:
    early = rank(State.AT_RISK, severity, minutes=minutes, stake_usd=stake)
    late = rank(State.AT_RISK, severity, minutes=minutes, stake_usd=stake, last_day=True)
    assert late.score > early.score


@given(states, st.sampled_from(list(Severity)[:-1]), stakes, works)
def test_a_graver_consequence_never_ranks_lower(state: State, severity: Severity, stake: float | None, minutes: float) -> None:
    graver = list(Severity)[severity.rank + 1]
    assert (
        rank(state, graver, minutes=minutes, stake_usd=stake).score
        > rank(state, severity, minutes=minutes, stake_usd=stake).score
    )


@given(states, st.sampled_from(Severity), st.floats(0, 1e5), st.floats(0, 1e5), works)
def test_more_money_never_ranks_lower(state: State, severity: Severity, one: float, other: float, minutes: float) -> None:
    less, more = sorted((one, other))
    assert (
        rank(state, severity, minutes=minutes, stake_usd=more).score
        >= rank(state, severity, minutes=minutes, stake_usd=less).score
    )


def test_a_stake_below_zero_takes_nothing_away() -> None:
    with_debt = rank(State.BREACHED, Severity.CRITICAL, minutes=1, stake_usd=-500.0)
    assert with_debt.loss_usd == rank(State.BREACHED, Severity.CRITICAL, minutes=1).loss_usd


def test_a_fatal_consequence_costs_a_share_of_the_store() -> None:
    assert rank(State.AT_RISK, Severity.FATAL, minutes=1).loss_usd > FATAL_SHARE * STORE_USD


def test_every_rule_has_an_act_with_a_price_and_a_name_in_both_languages() -> None:
    for rule_id in [*OWN_RULES, *(rule.id for _, rule in book())]:
        action = about(rule_id).action
        assert action.minutes > 0
        assert action.label
        assert any("一" <= letter <= "鿿" for letter in action.label_zh), action.id


def test_every_rule_is_told_in_both_languages_with_what_is_at_stake() -> None:
    for rule_id in [*OWN_RULES, *(rule.id for _, rule in book())]:
        text = about(rule_id)
        assert text.title
        assert text.title_zh
        assert text.stake
        assert text.stake_zh
        assert text.named("zh-hans") == text.title_zh
        assert text.named("en") == text.title


def test_the_table_for_statements_names_every_rule_once() -> None:
    table = rule_table()
    assert len(set(table["rules"])) == len(table["rules"]) == len(list(book()))
    assert {len(column) for column in table.values()} == {len(table["rules"])}
    assert set(table["actions"]) <= set(ACTIONS)


@pytest.mark.parametrize(
    ("rule", "action"),
    [
        ("TTS-SEA-SHIP-2WD", "ship"),
        ("TTS-SEA-AUTOCANCEL-COLLECT", "hand_over"),
        ("TTS-SEA-RESP12-MSG", "reply"),
        ("TTS-SEA-RESP12-RATE", "answer_queue"),
        ("TTS-SEA-INACT-60", "log_in"),
        ("TTS-SEA-INACT-REACT", "reactivate"),
        ("TTS-SEA-NEGBAL-10D", "top_up"),
        ("TTS-SEA-NEGBAL-UNFREEZE", "request_unfreeze"),
        ("TTS-SEA-STOCK", "restock"),
        ("TTS-SEA-APPEAL-1", "appeal"),
        ("TTS-SEA-CANCELREQ-24H", "answer_request"),
        ("TTS-SEA-LDR-TARGET", "lower_rate"),
        ("INT-PRODUCT-2XWEEK", "attest"),
        ("SW-CONNECTION-LOST", "renew"),
    ],
)
def test_the_act_is_the_one_that_settles_it(rule: str, action: str) -> None:
    assert action_for(rule).id == action


def test_what_only_lacks_a_value_is_settled_by_entering_it() -> None:
    assert action_for("TTS-US-AHR-150", entered=True).id == "enter_value"


def test_the_least_act_is_to_look() -> None:
    assert action_for("OF-A-LATER-VERSION") is LOOK
    assert LOOK.say("zh-hans") == "查看详情"


def test_orders_talks_money_and_stock_stand_on_feeds_and_what_people_enter_does_not() -> None:
    known = feeds()
    assert known["TTS-SEA-SHIP-2WD"] == "orders"
    assert known["TTS-SEA-NEGBAL-NEG"] == "finance"
    assert "TTS-US-AHR-150" not in known
    assert "INT-ORDERS-DAILY" not in known


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(KeyError, match="TTS-NO-SUCH"):
        about("TTS-NO-SUCH")
