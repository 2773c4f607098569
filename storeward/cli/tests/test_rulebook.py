"""`storeward policy` where a team's rulebook and history are asked: the steps in this process, one command from outside."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from storeward.cli.installation import Installation
from storeward.cli.main import run
from storeward.cli.rulebook import rulebook
from storeward.findings.clock import tick
from storeward.findings.evaluate import evaluate
from storeward.findings.models import Finding
from storeward.findings.tests.factories import NOW, order, store
from storeward.lib import clock
from storeward.lib.errors import NotDone
from storeward.stores.models import Store

SHIP = "TTS-SEA-SHIP-2WD"
DRAFT = """
[[change]]
rule = "TTS-SEA-SHIP-2WD"
from = 2026-12-01
figures = { working_days = 1 }
source = ["https://a.example/notice"]
read_on = 2026-11-18
confidence = "official"
"""


@pytest.fixture
def asked(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A team whose one order was shipped on its second working day; the clock stands at a Wednesday."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    mine, monday = store(1), NOW - timedelta(days=16)  # Monday 2 November
    order(mine, "late", placed_at=monday, collected_at=monday + timedelta(days=2))
    order(mine, "open", placed_at=NOW - timedelta(hours=2))


def said(*words: str, code: int = 0) -> Any:
    """What a step prints as JSON: one object, or a list of rows."""
    result = answer(*words, "--json")
    assert result.exit_code == code, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    return rows[0] if len(rows) == 1 else rows


def answer(*words: str) -> Result:
    return CliRunner().invoke(rulebook, list(words))


def refusal(*words: str) -> str:
    """The one line that a step ends with."""
    error = answer(*words).exception
    assert isinstance(error, NotDone), error
    return error.message


@pytest.fixture
def draft(tmp_path: Path) -> str:
    file = tmp_path / "one-day.toml"
    file.write_text(DRAFT, "utf-8")
    return str(file)


def test_a_version_is_drafted_tried_published_and_withdrawn(asked: None, draft: str) -> None:
    tried = said("replay", "--draft", draft, code=1)
    assert (tried["more"]["stores"], tried["more"]["things"], tried["less"]["things"]) == (["tt-my-luna1"], 1, 0)
    assert tried["more"]["money"] == [{"amount": "84.0000", "currency": "MYR"}]
    assert [(day["day"], day["more"]["things"]) for day in tried["days"]] == [("2026-11-03", 1)]
    assert tried["things"][0]["subject"] == {"kind": "order", "id": "late"}
    assert (tried["due_moved"], tried["broken_in_force"]) == ({SHIP: 2}, {SHIP: 0})
    version = said("draft", draft)
    assert (version["state"], version["title"], version["rules"]) == ("draft", "one-day", [SHIP])
    number = str(version["version"])
    assert said("replay", "--draft", number, code=1)["more"]["things"] == 1
    assert said("diff", "2026-11-18", "2026-12-02") == []
    assert said("publish", number)["state"] == "published"
    (changed,) = [row for row in [said("diff", "2026-11-18", "2026-12-02", "--region", "MY")] if row]
    assert (changed["rule"], changed["kind"], changed["demands"], changed["severity"]) == (SHIP, "changed", "more", "warning")
    assert changed["figures"] == {"working_days": {"before": "2", "after": "1"}}
    assert [row["state"] for row in said("history", SHIP)["terms"]] == ["product", "published"]
    assert said("withdraw", number, "--why", "misread")["state"] == "withdrawn"
    assert said("versions")["withdrawn_at"] == "2026-11-18T03:15:00Z"
    assert "published" in refusal("publish", number)


def test_what_is_in_force_differs_in_nothing_from_itself(asked: None) -> None:
    done = said("replay", "--rule", SHIP, "--days", "30")
    assert (done["differs"], done["looked_at"], done["stores_looked_at"]) == (False, {SHIP: 2}, 1)
    assert not said("replay")["differs"]
    text = answer("replay", "--rule", SHIP).stdout
    assert "1 rules over 2026-08-20 to 2026-11-18, 1 stores, 2 judged" in text


def test_own_figures_are_set_listed_and_ended(asked: None) -> None:
    held = said("own", SHIP, "working_days=1", "--why", "peak season")
    assert (held["value"], held["platform"], held["from"], held["why"]) == ("1", "2", "2026-11-18", "peak season")
    assert "looser than the platform's 2" in refusal("own", SHIP, "working_days=3", "--why", "x")
    assert said("own", SHIP, "working_days=", "--from", "2026-11-20", "--why", "over")["to"] == "2026-11-20"
    assert "working_days 1 from 2026-11-18 to 2026-11-20 (platform: 2)" in answer("own").stdout
    for words, mend in (
        (("own", SHIP, "1"), "NAME=VALUE"),
        (("own", SHIP, "working_days=few"), "is no number"),
        (("own", SHIP, "working_days=1", "--from", "soon"), "is no date"),
        (("own", "TTS-NONE", "hours=1", "--why", "x"), "is no rule"),
    ):
        assert mend in refusal(*words)


def test_a_finding_says_why(asked: None) -> None:
    ids = list(Store.objects.values_list("pk", flat=True))
    evaluate(ids, now=NOW)
    tick(now=NOW + timedelta(days=2))
    number = str(Finding.objects.get(rule=SHIP, subject_id="open").pk)
    reason = said("why", number, "--at", "2026-11-20T03:15:00Z")
    assert (reason["rule"], reason["state"], reason["reckoned_again"]) == (SHIP, "at_risk", True)
    assert reason["terms"]["figures"] == {"working_days": "2"}
    assert reason["facts"][0]["origin"] == "api"
    text = answer("why", number, "--at", "2026-11-20T03:15:00Z", "--language", "zh").stdout
    assert "平台数值working_days为2。" in text
    assert "There is no finding 0" in refusal("why", "0")
    assert "is no instant" in refusal("why", number, "--at", "2026-11-20")


@pytest.mark.parametrize(
    ("words", "said_"),
    [
        (("replay", "--rule", "TTS-NONE"), "is no rule"),
        (("replay", "--draft", "99999"), "no such version"),
        (("replay", "--draft", "/nowhere.toml"), "read /nowhere.toml"),
        (("diff", "yesterday", "today"), "is no date"),
        (("history", "TTS-NONE"), "is no rule"),
        (("publish", "99999"), "no such version"),
        (("draft", "/nowhere.toml"), "read /nowhere.toml"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(asked: None, words: tuple[str, ...], said_: str) -> None:
    assert said_ in refusal(*words)


def test_without_a_team_there_is_nothing_to_ask(db: None) -> None:
    assert "There is no team yet" in refusal("versions")


def test_an_installation_answers_the_command(installation: Installation, draft: str, capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["policy", "replay", "--draft", draft, "--json", "--data", str(installation.data)])
    told = capfd.readouterr()
    assert (code, told.out) == (2, "")
    assert "There is no team yet" in told.err
    assert run(["policy", "diff", "2026-11-01"]) == 2
    assert "Name two dates" in capfd.readouterr().err
