"""What the guard reaches on texts that it has not learned: floors, so that a change for the worse is noticed.

The figures of docs/conduct.md are the measure; these floors lie a little below them.
"""

import json
from pathlib import Path

import pytest

from storeward.conduct import check
from storeward.conduct.disguise import DISGUISES, disguised
from storeward.conduct.examples import TEST, Example, load, load_file
from storeward.conduct.report import Report, by_guard, of_verdicts
from storeward.conduct.types import FORMS, LANGUAGES, Outcome

LOWEST_RECALL = 0.70
HIGHEST_FALSE_ALARMS = 0.08
LOWEST_RECALL_OF_ALL = 0.80
HIGHEST_FALSE_ALARMS_OF_ALL = 0.05


@pytest.fixture(scope="module")
def measured() -> Report:
    return of_verdicts(load(TEST), by_guard)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_stays_above_its_floor(measured: Report, language: str) -> None:
    tally = measured.by_language[language]
    assert tally.recall >= LOWEST_RECALL
    assert tally.false_alarms <= HIGHEST_FALSE_ALARMS


def test_all_languages_together_stay_above_the_floor(measured: Report) -> None:
    assert measured.whole.recall >= LOWEST_RECALL_OF_ALL
    assert measured.whole.false_alarms <= HIGHEST_FALSE_ALARMS_OF_ALL
    assert measured.whole.form_right >= 0.8


@pytest.mark.parametrize("form", FORMS)
def test_no_form_is_forgotten(measured: Report, form: str) -> None:
    assert measured.by_form[form].recall >= 0.7


def test_the_examples_of_the_specification_are_answered_no_worse(shared_dir: Path) -> None:
    examples = load_file(shared_dir / "policies" / "conduct_examples.jsonl")
    told = of_verdicts(examples, by_guard)
    assert told.whole.forbidden == told.whole.allowed == 70
    assert told.whole.recall >= 0.7
    assert told.whole.false_alarms <= 0.08


def test_disguises_cost_little() -> None:
    """Of the texts that are held back as they stand, most are held back in a disguise too."""
    found = [one for one in load(TEST)[::6] if one.forbidden and check(one.text).outcome is Outcome.BLOCK]
    kept = sum(check(disguised(one.text, one.id)).outcome is not Outcome.OK for one in found)
    assert len(found) > 50
    assert kept >= 0.75 * len(found), (kept, len(found), len(DISGUISES))


def test_a_hint_of_the_language_changes_few_verdicts() -> None:
    some: list[Example] = load(TEST)[::7]
    same = sum(check(one.text).outcome is check(one.text, language=one.language).outcome for one in some)
    assert same >= 0.95 * len(some)


def test_the_worked_lines_about_second_invitations(shared_dir: Path) -> None:
    """The same invitation is fine for one order and repeated asking for another."""
    lines = (shared_dir / "policies" / "examples.jsonl").read_text("utf-8").splitlines()
    tagged = [one for line in lines if "history" in (one := json.loads(line))["tags"]]
    texts = {message["text"] for one in tagged for message in one["facts"]["outgoing_messages"]}
    assert texts
    assert all(check(text).outcome is not Outcome.BLOCK for text in texts)
