"""policy score and policy rates: what a store's score is made of, and its rates, as JSON and for a person."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from storeward.cli.installation import Installation
from storeward.cli.main import run
from storeward.cli.scores import rates_step, score_step
from storeward.findings.tests import factories as make
from storeward.findings.tests.factories import NOW
from storeward.lib import clock
from storeward.lib.errors import NotDone

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def score(*words: str) -> Result:
    return CliRunner().invoke(score_step, list(words), catch_exceptions=False)


def document(*words: str) -> tuple[int, dict[str, Any]]:
    result = score(*words, "--json")
    return result.exit_code, msgspec.json.decode(result.output)


@pytest.mark.django_db
def test_points_are_told_with_everything_that_makes_them() -> None:
    store = make.store()
    make.points(store, "9", NOW - 80 * DAY)
    make.points(store, "4", NOW - 10 * DAY)
    make.fact(store, "violation_points", {"total": 15}, NOW - DAY)
    make.violation(store, "v1", notified_at=NOW - DAY, status="pending", deadline_at=NOW + DAY, points="2", text="late")
    code, told = document(store.key)
    assert code == 1, "a line is reached"
    assert told["score"] == {
        "regime": "points",
        "value": "15",
        "of": "48",
        "told_at": "2026-11-17T03:15:00Z",
        "unexplained": "2",
        "trend_28_days": "4",
        "reached": {"rule": "TTS-SEA-VP-12", "at": "12"},
        "next": {"rule": "TTS-SEA-VP-24", "at": "24", "distance": "9"},
    }
    assert [(one["at"], one["points"]) for one in told["expiries"]] == [
        ("2026-11-28T03:15:00Z", "9"),
        ("2027-02-06T03:15:00Z", "4"),
    ]
    assert [(one["told"], one["rebuilt"], one["difference"]) for one in told["unexplained"]] == [("15", "13", "2")]
    assert [(one["change"], one["kind"]) for one in told["events"]] == [("4", "points"), ("9", "points")]
    assert [(one["id"], one["points"], one["act_by"]) for one in told["violations"]] == [("v1", "2", "2026-11-19T03:15:00Z")]
    assert (told["forecast"]["low"], told["forecast"]["high"], told["forecast"]["unknown"]) == ("6", "8", 0)
    assert [one["id"] for one in told["forecast"]["reasons"]] == ["v1"]
    said = score(store.key).output
    assert "points 15 of 48\n  next line 24 (TTS-SEA-VP-24), 9 away\n  reached 12" in said
    assert "2 of it are explained by no event" in said


@pytest.mark.django_db
def test_a_past_day_is_told_as_it_was_and_has_no_forecast() -> None:
    store = make.store()
    make.points(store, "12", NOW - 100 * DAY)
    make.points(store, "3", NOW - 30 * DAY)
    assert document(store.key)[0] == 0
    code, told = document(store.key, "--at", "2026-10-30")
    assert (code, told["score"]["value"], told["forecast"]) == (1, "15", None)
    assert told["at"] == "2026-10-30T15:59:59.999999Z", "the end of the store's own day"
    assert document(store.key, "--at", "2026-11-18")[1]["at"] == "2026-11-18T03:15:00Z", "today ends now"
    assert document(store.key, "--at", "2026-08-20T00:00:00Z")[1]["score"]["value"] == "12"
    for wrong in ("yesterday", "2026-11-19", "2026-11-19T00:00:00"):
        with pytest.raises(NotDone, match="--at"):
            score(store.key, "--at", wrong)


@pytest.mark.django_db
def test_a_rating_is_told_by_its_own_words() -> None:
    store = make.store(region="US")
    code, told = document(store.key)
    assert (code, told["score"]["value"], told["forecast"]["likely"]) == (2, None, None)
    make.fact(store, "ahr", {"score": 168}, NOW - 3 * DAY)
    make.violation(store, "v1", notified_at=NOW - 20 * DAY, points="12", text="late")
    code, told = document(store.key)
    assert (code, told["score"]["regime"], told["score"]["value"], told["fresh"]) == (0, "rating", "168", False)
    assert [(one["change"], one["events"]) for one in told["expiries"]] == [("12", ["v1"])]
    assert [(one["change"], one["kind"]) for one in told["events"]] == [("-12", "deduction")]
    said = score(store.key).output
    assert "rating 168 of 1000" in said
    assert "too long ago to be relied on" in said
    assert "next line 150 (TTS-US-AHR-150), 18 away" in said


@pytest.mark.django_db
def test_a_platform_without_a_score_says_so() -> None:
    store = make.store(platform="shopee", key="sp-cn-1")
    store.region = "CN"
    store.save()
    code, told = document(store.key)
    assert (code, told["score"], told["events"], told["unexplained"]) == (0, None, [], [])
    assert "keeps no such score" in score(store.key).output


@pytest.mark.django_db
def test_rates_are_told_with_misses_left_and_the_items_behind() -> None:
    store = make.store()
    for number in range(30):
        make.obligation(store, f"k{number}", state="met", due_at=NOW - DAY, starts_at=NOW - 3 * DAY, done_at=NOW - 2 * DAY)
    make.obligation(store, "late", state="breached", due_at=NOW - DAY, starts_at=NOW - 3 * DAY)
    talk = {"rule": "TTS-SEA-RESP12-MSG", "subject_kind": "conversation", "state": "breached", "starts_at": NOW - 3 * DAY}
    make.obligation(store, "c1", due_at=NOW - 2 * DAY, **talk)
    result = CliRunner().invoke(rates_step, [store.key, "--json", "--items", "late_dispatch_rate"], catch_exceptions=False)
    told = msgspec.json.decode(result.output)
    assert result.exit_code == 1, "nobody answered in time"
    late = told["rates"][0]
    assert (late["metric"], late["part"], late["whole"], late["value"]) == ("late_dispatch_rate", 1, 31, "3.23")
    assert late["limits"][0] == {
        "rule": "TTS-SEA-LDR-TARGET", "broken_when": ">=", "limit": "4", "misses_left": 0, "broken": False,
    }  # fmt: skip
    assert [item["id"] for item in late["items"]] == ["late"]
    assert [(one["person"], one["questions"], one["in_time"]) for one in told["people"]] == [(None, 1, 0)]
    said = CliRunner().invoke(rates_step, [store.key], catch_exceptions=False).output
    assert "Late dispatch, 7 days: 3.23 % (1 of 31)\n    TTS-SEA-LDR-TARGET >= 4 %: 0 misses left" in said
    assert "Cancelled by the seller, 7 days: nothing to count" in said
    assert "TTS-SEA-RESP12-MSG: nobody 0 of 1 in time" in said
    with pytest.raises(NotDone, match="late_dispatch_rate"):
        CliRunner().invoke(rates_step, [store.key, "--items", "luck"], catch_exceptions=False)


def test_the_commands_ask_an_installation(installation: Installation, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "score", "nobody", "--data", str(installation.data)]) == 2
    assert "There is no store 'nobody'" in capfd.readouterr().err
    assert run(["policy", "rates", "nobody", "--json", "--data", str(installation.data)]) == 2
    assert "There is no store 'nobody'" in capfd.readouterr().err
