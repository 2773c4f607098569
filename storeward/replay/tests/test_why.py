"""Why a finding said what it said: terms, facts and reckoning, at any instant and in both languages."""

from datetime import timedelta
from decimal import Decimal

import pytest

from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.lifecycle import NotThere
from storeward.findings.models import Finding
from storeward.findings.own_rules import NEVER_CONNECTED
from storeward.findings.tests.factories import NOW, activity, order, store
from storeward.records.models import BalanceEvent, StoreFact
from storeward.replay.why import why
from storeward.rulebook import own

SHIP = "TTS-SEA-SHIP-2WD"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_an_order_is_explained_by_the_terms_and_facts_of_its_day(db: None) -> None:
    mine = store(1)
    order(mine, placed_at=NOW - HOUR)
    evaluate([mine.pk], now=NOW)
    tick(now=NOW + 2 * DAY)
    finding = Finding.objects.get(rule=SHIP)
    told = why(finding.pk, at=NOW + 2 * DAY)
    assert (told.rule, told.store, told.subject) == (SHIP, mine.key, ("order", "5760001"))
    assert (told.state, told.severity, told.again) == ("at_risk", finding.severity, True)
    assert told.terms is not None
    assert (told.terms.figures, told.terms.own, told.terms.confidence) == ({"working_days": Decimal(2)}, {}, "official")
    assert told.steps == (
        "The rule is judged by the terms of Wed 18 Nov 2026, the local date on which it began.",
        "The platform's figure working_days is 2.",
        told.said,
        "At Fri 20 Nov 2026 11:15 there was time left until Fri 20 Nov 2026 23:59:59.",
        f"So the state was: at risk, severity {finding.severity}.",
    )
    facts = {fact.name: fact for fact in told.facts}
    assert facts["placed_at"].value == (NOW - HOUR).isoformat()
    assert (facts["placed_at"].origin, facts["placed_at"].seen_at, facts["total"].value) == ("api", NOW, "84 MYR")
    later = why(finding.pk, at=NOW + 3 * DAY)
    assert later.steps[-2:] == ("At Sat 21 Nov 2026 11:15 the instant had passed.", "So the state was: broken, severity warning.")


def test_before_it_opened_there_was_nothing_to_tell(db: None) -> None:
    mine = store(1)
    order(mine, placed_at=NOW - HOUR)
    evaluate([mine.pk], now=NOW)
    tick(now=NOW + 2 * DAY)
    told = why(Finding.objects.get(rule=SHIP).pk, at=NOW)
    assert (told.state, told.severity) == (None, None)
    assert told.steps[-1] == "So there was nothing to tell."


def test_both_figures_are_told_and_only_those_that_counted_then(db: None) -> None:
    mine = store(1)
    order(mine, placed_at=NOW - HOUR)
    own.set_figure(mine.workspace_id, SHIP, "working_days", Decimal(1), from_day=NOW.date(), why="x", by="x", now=NOW + HOUR)
    evaluate([mine.pk], now=NOW + HOUR)
    tick(now=NOW + DAY)
    number = Finding.objects.get(rule=SHIP).pk
    told = why(number, at=NOW + DAY, language="zh-hans")
    assert told.terms is not None
    assert told.terms.own == {"working_days": Decimal(1)}
    assert "平台数值working_days为2。" in told.steps
    assert "团队自定数值working_days为1，要求更严，以其为准。" in told.steps
    assert not told.title.isascii()
    before = why(number, at=NOW)
    assert before.terms is not None
    assert before.terms.own == {}


def test_what_is_measured_is_reckoned_again_from_what_was_known(db: None) -> None:
    mine = store(1)
    activity(mine, NOW - 40 * DAY)
    for back, amount in ((3, "-20.00"), (1, "-60.00")):
        BalanceEvent.objects.create(
            store=mine, at=NOW - back * DAY, amount=Decimal(amount), currency="USD", origin="form", observed_at=NOW - back * DAY
        )
    evaluate([mine.pk], now=NOW)
    idle = why(Finding.objects.get(rule="TTS-SEA-INACT-30").pk, at=NOW)
    assert idle.again
    assert [fact.value for fact in idle.facts] == ["login main"]
    assert idle.steps[-1] == "So the state was: broken, severity warning."
    balance = Finding.objects.get(rule="INT-NEGBAL-ALERT50").pk
    now, before = why(balance, at=NOW), why(balance, at=NOW - 2 * DAY)
    assert [fact.value for fact in now.facts] == ["-20 USD", "-60 USD"]
    assert [fact.value for fact in before.facts] == ["-20 USD"]
    assert "The value was -20; the line is 50." in before.steps


def test_what_cannot_be_reckoned_again_is_told_as_it_was_judged_last(db: None) -> None:
    mine = store(1)
    StoreFact.objects.create(
        store=mine, name="two_step_verification", value=False, as_of=NOW, origin="form", entered_by="x", observed_at=NOW
    )
    evaluate([mine.pk], now=NOW)
    told = why(Finding.objects.get(rule="TTS-SEA-2SV").pk, at=NOW)
    assert not told.again
    assert "only the latest are held" in told.steps[-1]
    assert told.said
    assert [(fact.name, fact.value, fact.origin) for fact in told.facts] == [("two_step_verification", "false", "form")]


def test_a_rule_of_our_own_has_no_terms(db: None) -> None:
    store(1, connected=False)
    tick(now=NOW)
    told = why(Finding.objects.get(rule=NEVER_CONNECTED).pk, at=NOW)
    assert (told.terms, told.again, told.state) == (None, False, "unknown")
    assert told.steps[0] == "No terms of the rule held then."


def test_a_finding_of_other_stores_is_not_there(db: None) -> None:
    mine, other = store(1), store(2)
    order(mine, placed_at=NOW - 5 * DAY)
    evaluate([mine.pk], now=NOW)
    number = Finding.objects.filter(store=mine)[0].pk
    assert why(number, at=NOW, store_ids=[mine.pk]).finding == number
    with pytest.raises(NotThere):
        why(number, at=NOW, store_ids=[other.pk])
    with pytest.raises(NotThere):
        why(0, at=NOW)
