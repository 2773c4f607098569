"""Inactivity: the ladder of 30, 7 and 60 days, what resets it, and the team's own logins (C9)."""

from typing import Any

import pytest

from .cast import told

LAST = "2026-06-01T00:00:00Z"


def _active(at: str = LAST, type: str = "login", actor: str = "main") -> dict[str, str]:
    return {"at": at, "type": type, "actor": actor}


def _facts(*activities: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"activities": list(activities) or [_active()], **more}


@pytest.mark.parametrize(
    ("now", "rule", "state", "severity"),
    [
        ("2026-06-23T23:59:59Z", "TTS-SEA-INACT-30", None, None),
        ("2026-06-24T00:00:00Z", "TTS-SEA-INACT-30", "at_risk", "info"),
        ("2026-06-30T00:00:00Z", "TTS-SEA-INACT-30", "at_risk", "warning"),
        ("2026-07-01T00:00:00Z", "TTS-SEA-INACT-30", "breached", "warning"),
        ("2026-06-30T23:59:59Z", "TTS-SEA-INACT-G7", None, None),
        ("2026-07-01T00:00:00Z", "TTS-SEA-INACT-G7", "at_risk", "warning"),
        ("2026-07-07T00:00:00Z", "TTS-SEA-INACT-G7", "at_risk", "critical"),
        ("2026-07-08T00:00:00Z", "TTS-SEA-INACT-G7", "at_risk", "critical"),
        ("2026-07-08T00:00:01Z", "TTS-SEA-INACT-G7", "breached", "critical"),
        ("2026-07-16T23:59:59Z", "TTS-SEA-INACT-60", None, None),
        ("2026-07-17T00:00:00Z", "TTS-SEA-INACT-60", "at_risk", "critical"),
        ("2026-07-31T00:00:00Z", "TTS-SEA-INACT-60", "at_risk", "fatal"),
        ("2026-07-31T00:00:01Z", "TTS-SEA-INACT-60", "breached", "fatal"),
    ],
)
def test_each_rung_opens_and_breaks_at_its_moment(now: str, rule: str, state: str | None, severity: str | None) -> None:
    found = told(_facts(), now).get(rule)
    assert (found[0][:2] if found else (None, None)) == (state, severity)


def test_broken_rungs_stay_beside_the_next_one() -> None:
    found = told(_facts(), "2026-07-17T00:00:00Z")
    assert [found[f"TTS-SEA-INACT-{rung}"][0].state for rung in ("30", "G7", "60")] == ["breached", "breached", "at_risk"]


@pytest.mark.parametrize(
    ("type", "actor", "resets"),
    [
        ("login", "main", True),
        ("login", "sub", False),
        ("login", "api", False),
        ("edit_product", "sub", True),
        ("process_order", "main", True),
        ("reply_customer", "sub", True),
        ("reply_customer", "system", False),
        ("edit_product", "api", False),
        ("process_order", "buyer", False),
        ("api_stock_sync", "main", False),
        ("buyer_page_view", "main", False),
    ],
)
def test_only_the_team_resets_the_clock(type: str, actor: str, resets: bool) -> None:
    found = told(_facts(_active(), _active("2026-06-25T00:00:00Z", type, actor)), "2026-07-02T00:00:00Z")
    assert ("TTS-SEA-INACT-30" not in found) == resets


@pytest.mark.parametrize("activities", [None, [], [_active(type="api_stock_sync")], [_active("2026-07-02T00:10:01Z")]])
def test_without_a_usable_activity_only_the_first_rung_tells_it(activities: list[Any] | None) -> None:
    found = told({"activities": activities}, "2026-07-02T00:00:00Z")
    assert found["TTS-SEA-INACT-30"][0][:3] == ("unknown", "warning", None)
    assert "TTS-SEA-INACT-G7" not in found
    assert "TTS-SEA-INACT-60" not in found


def test_a_stamp_ten_minutes_ahead_is_activity_now() -> None:
    assert told(_facts(_active(), _active("2026-07-02T00:10:00Z")), "2026-07-02T00:00:00Z") == {}


def test_not_given_is_not_judged() -> None:
    assert told({}, "2026-07-02T00:00:00Z") == {}


def test_activities_from_an_old_source_are_missing() -> None:
    sources = {"activities": {"origin": "form", "as_of": "2026-06-29T23:59:59Z"}}
    assert told(_facts(sources=sources), "2026-07-02T00:00:00Z")["TTS-SEA-INACT-30"][0].state == "unknown"
    sources["activities"]["as_of"] = "2026-06-30T00:00:00Z"
    assert told(_facts(sources=sources), "2026-07-02T00:00:00Z")["TTS-SEA-INACT-30"][0].state == "breached"


@pytest.mark.parametrize("status", ["closed_by_seller", "closed_by_platform", "not_opened"])
def test_a_store_that_is_not_running_has_no_clock_and_no_routine(status: str) -> None:
    facts = _facts(
        notices=[{"at": "2026-07-09T00:00:00Z", "type": "inactivity_listings_removed"}], listings={"live": 0, "pre_order": 0}
    )
    assert told(facts, "2026-08-20T00:00:00Z", status=status) == {}


def test_a_suspended_store_has_its_clock() -> None:
    assert "TTS-SEA-INACT-60" in told(_facts(), "2026-08-20T00:00:00Z", status="suspended")


def test_other_markets_have_only_the_routine() -> None:
    assert set(told(_facts(), "2026-08-20T00:00:00Z", "US")) == {"INT-INACT-DAILY-LOGIN", "INT-INACT-WEEKLY-LOGIN"}


@pytest.mark.parametrize(
    ("reminders", "due_at"),
    [
        ([], "2026-07-08T00:00:00Z"),
        (["2026-07-03T10:00:00Z"], "2026-07-10T10:00:00Z"),
        (["2026-07-05T10:00:00Z", "2026-07-03T10:00:00Z"], "2026-07-10T10:00:00Z"),
        (["2026-05-20T00:00:00Z"], "2026-07-08T00:00:00Z"),  # spent: before the last activity
        (["2026-07-09T00:00:00Z"], "2026-07-08T00:00:00Z"),  # not known yet
    ],
)
def test_the_first_reminder_after_the_last_activity_starts_the_grace(reminders: list[str], due_at: str) -> None:
    notices = [{"at": at, "type": "inactivity_reminder"} for at in reminders]
    assert told(_facts(notices=notices), "2026-07-06T00:00:00Z")["TTS-SEA-INACT-G7"][0].due_at == due_at


@pytest.mark.parametrize(("live", "state"), [(0, "action"), (1, None), (None, "unknown")])
def test_listings_that_were_removed_must_be_put_back_by_hand(live: int | None, state: str | None) -> None:
    facts = {
        "notices": [{"at": "2026-07-09T00:00:00Z", "type": "inactivity_listings_removed"}],
        "listings": {"live": live, "pre_order": 0},
    }
    found = told(facts, "2026-07-10T00:00:00Z").get("TTS-SEA-INACT-REACT")
    assert (found[0].state if found else None) == state
    assert told({**facts, "notices": []}, "2026-07-10T00:00:00Z") == {}


@pytest.mark.parametrize(
    ("actor", "now", "broken"),
    [
        ("main", "2026-06-02T00:00:00Z", set()),
        ("main", "2026-06-02T00:00:01Z", {"INT-INACT-DAILY-LOGIN"}),
        ("main", "2026-06-08T00:00:00Z", {"INT-INACT-DAILY-LOGIN"}),
        ("main", "2026-06-08T00:00:01Z", {"INT-INACT-DAILY-LOGIN", "INT-INACT-WEEKLY-LOGIN"}),
        ("sub", "2026-06-08T00:00:00Z", set()),
        ("sub", "2026-06-08T00:00:01Z", {"INT-INACT-WEEKLY-LOGIN"}),
    ],
)
def test_the_teams_own_logins_have_no_lead(actor: str, now: str, broken: set[str]) -> None:
    found = told(_facts(_active(actor=actor)), now, "US")
    assert {rule for rule, (one, *_) in found.items() if one.state == "breached"} == broken
    assert all(one.state != "at_risk" for (one, *_) in found.values())


def test_the_routine_holds_on_every_platform() -> None:
    for platform, region in (("Shopee", "TH"), ("Lazada", "PH"), ("Douyin Shop", "CN")):
        assert "INT-INACT-WEEKLY-LOGIN" in told(_facts(), "2026-07-01T00:00:00Z", region, platform=platform)


def test_a_login_nobody_knows_of_is_unknown() -> None:
    found = told(_facts(_active(type="process_order")), "2026-06-02T00:00:00Z", "US")
    assert {rule: one.state for rule, (one, *_) in found.items()} == {
        "INT-INACT-DAILY-LOGIN": "unknown",
        "INT-INACT-WEEKLY-LOGIN": "unknown",
    }
