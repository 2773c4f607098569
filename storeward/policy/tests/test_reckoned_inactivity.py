"""Inactivity, removed listings and the team's own logins, each answer reckoned by hand from the specification.

Kuala Lumpur, Manila and Singapore are UTC+8, Bangkok, Ho Chi Minh and Jakarta UTC+7, all without summer time.
"""

from typing import Any

import pytest

from storeward.policy.tests.cast import Sample, judged

REMINDED, REMOVED = "inactivity_reminder", "inactivity_listings_removed"
LADDER = ("TTS-SEA-INACT-30", "TTS-SEA-INACT-G7", "TTS-SEA-INACT-60")
OURS = ("INT-INACT-DAILY-LOGIN", "INT-INACT-WEEKLY-LOGIN")


def did(at: str, type: str = "login", actor: str = "main") -> dict[str, Any]:
    return {"at": at, "type": type, "actor": actor}


def notice(at: str, type: str = REMINDED) -> dict[str, Any]:
    return {"at": at, "type": type}


def since(at: str, *notices: dict[str, Any]) -> dict[str, Any]:
    """One login of the main account and the notices."""
    return {"activities": [did(at)], "notices": list(notices)}


# 1 March 10:00 UTC: reminder due 31 March, listings gone after 7 April, banned after 30 April, each at 10:00.
MARCH = "2026-03-01T10:00:00Z"
LADDER_CASES = [
    Sample("a second before the lead of the reminder", "MY", "2026-03-24T09:59:59Z", since(MARCH), (), LADDER),
    Sample(
        "at the lead of the reminder",
        "MY",
        "2026-03-24T10:00:00Z",
        since(MARCH),
        ("TTS-SEA-INACT-30 at_risk info 2026-03-31T10:00:00Z",),
        LADDER,
    ),
    Sample(
        "a day and a second before the reminder",
        "PH",
        "2026-03-30T09:59:59Z",
        since(MARCH),
        ("TTS-SEA-INACT-30 at_risk info 2026-03-31T10:00:00Z",),
        LADDER,
    ),
    Sample(
        "a day before the reminder",
        "TH",
        "2026-03-30T10:00:00Z",
        since(MARCH),
        ("TTS-SEA-INACT-30 at_risk warning 2026-03-31T10:00:00Z",),
        LADDER,
    ),
    Sample(
        "a second before the reminder",
        "VN",
        "2026-03-31T09:59:59Z",
        since(MARCH),
        ("TTS-SEA-INACT-30 at_risk warning 2026-03-31T10:00:00Z",),
        LADDER,
    ),
    Sample(
        "at thirty days it is reached and the grace begins",
        "SG",
        "2026-03-31T10:00:00Z",
        since(MARCH),
        (
            "TTS-SEA-INACT-30 breached warning 2026-03-31T10:00:00Z",
            "TTS-SEA-INACT-G7 at_risk warning 2026-04-07T10:00:00Z",
        ),
        LADDER,
    ),
    Sample(
        "at the last moment of the grace",
        "ID",
        "2026-04-07T10:00:00Z",
        since(MARCH),
        (
            "TTS-SEA-INACT-30 breached warning 2026-03-31T10:00:00Z",
            "TTS-SEA-INACT-G7 at_risk critical 2026-04-07T10:00:00Z",
        ),
        LADDER,
    ),
    Sample(
        "a second after the grace",
        "ID",
        "2026-04-07T10:00:01Z",
        since(MARCH),
        (
            "TTS-SEA-INACT-30 breached warning 2026-03-31T10:00:00Z",
            "TTS-SEA-INACT-G7 breached critical 2026-04-07T10:00:00Z",
        ),
        LADDER,
    ),
    Sample(
        "a second before the lead of the ban",
        "MY",
        "2026-04-16T09:59:59Z",
        since(MARCH),
        (
            "TTS-SEA-INACT-30 breached warning 2026-03-31T10:00:00Z",
            "TTS-SEA-INACT-G7 breached critical 2026-04-07T10:00:00Z",
        ),
        LADDER,
    ),
    Sample(
        "fourteen days before the ban",
        "MY",
        "2026-04-16T10:00:00Z",
        since(MARCH),
        (
            "TTS-SEA-INACT-30 breached warning 2026-03-31T10:00:00Z",
            "TTS-SEA-INACT-G7 breached critical 2026-04-07T10:00:00Z",
            "TTS-SEA-INACT-60 at_risk critical 2026-04-30T10:00:00Z",
        ),
        LADDER,
    ),
    Sample(
        "a day before the ban",
        "PH",
        "2026-04-29T10:00:00Z",
        since(MARCH),
        ("TTS-SEA-INACT-60 at_risk fatal 2026-04-30T10:00:00Z",),
    ),
    Sample(
        "sixty days are not more than sixty",
        "PH",
        "2026-04-30T10:00:00Z",
        since(MARCH),
        ("TTS-SEA-INACT-60 at_risk fatal 2026-04-30T10:00:00Z",),
    ),
    Sample(
        "a second over sixty days",
        "PH",
        "2026-04-30T10:00:01Z",
        since(MARCH),
        ("TTS-SEA-INACT-60 breached fatal 2026-04-30T10:00:00Z",),
        ("TTS-SEA-INACT-60-G7", "TTS-SEA-INACT-LEGACY-60"),
    ),
    Sample(
        "a fraction of a second over sixty days",
        "PH",
        "2026-04-30T10:00:00.001Z",
        since(MARCH),
        ("TTS-SEA-INACT-60 breached fatal 2026-04-30T10:00:00Z",),
    ),
    Sample(
        "two months on all rungs stand",
        "VN",
        "2026-07-01T00:00:00Z",
        since(MARCH),
        (
            "TTS-SEA-INACT-30 breached warning 2026-03-31T10:00:00Z",
            "TTS-SEA-INACT-G7 breached critical 2026-04-07T10:00:00Z",
            "TTS-SEA-INACT-60 breached fatal 2026-04-30T10:00:00Z",
        ),
    ),
]

REMINDER_CASES = [
    Sample(
        "a reminder before thirty days starts the grace at once",
        "MY",
        "2026-03-27T00:00:00Z",
        since(MARCH, notice("2026-03-26T12:00:00Z")),
        (
            "TTS-SEA-INACT-30 at_risk info 2026-03-31T10:00:00Z",
            "TTS-SEA-INACT-G7 at_risk warning 2026-04-02T12:00:00Z",
        ),
    ),
    Sample(
        "a late reminder moves the end of the grace",
        "MY",
        "2026-04-09T00:00:00Z",
        since(MARCH, notice("2026-04-05T12:00:00Z")),
        ("TTS-SEA-INACT-G7 at_risk warning 2026-04-12T12:00:00Z",),
    ),
    Sample(
        "the first of two reminders counts whatever their order",
        "TH",
        "2026-04-09T00:00:00Z",
        since(MARCH, notice("2026-04-07T00:00:00Z"), notice("2026-04-01T00:00:00Z")),
        ("TTS-SEA-INACT-G7 breached critical 2026-04-08T00:00:00Z",),
    ),
    Sample(
        "a reminder of the very moment of the activity is spent",
        "TH",
        "2026-04-01T00:00:00Z",
        since(MARCH, notice(MARCH)),
        ("TTS-SEA-INACT-G7 at_risk warning 2026-04-07T10:00:00Z",),
    ),
    Sample(
        "a reminder a second after the activity counts",
        "TH",
        "2026-03-02T00:00:00Z",
        since(MARCH, notice("2026-03-01T10:00:01Z")),
        ("TTS-SEA-INACT-G7 at_risk warning 2026-03-08T10:00:01Z",),
        ("TTS-SEA-INACT-30",),
    ),
    Sample(
        "a reminder after now is not known",
        "SG",
        "2026-04-01T00:00:00Z",
        since(MARCH, notice("2026-04-01T00:00:01Z")),
        ("TTS-SEA-INACT-G7 at_risk warning 2026-04-07T10:00:00Z",),
    ),
    Sample(
        "an activity after the reminder ends the ladder",
        "ID",
        "2026-04-05T00:00:00Z",
        {
            "activities": [did(MARCH), did("2026-04-04T23:00:00Z", "reply_customer", "sub")],
            "notices": [notice("2026-04-01T00:00:00Z")],
        },
        (),
        LADDER,
    ),
    Sample(
        "another notice is no reminder",
        "ID",
        "2026-04-01T00:00:00Z",
        since(MARCH, notice("2026-03-31T12:00:00Z", "two_step_verification_required")),
        ("TTS-SEA-INACT-G7 at_risk warning 2026-04-07T10:00:00Z",),
    ),
]

# What counts as activity: judged on 20 June 2026 00:00 UTC, base login 1 May (30 days: 31 May).
JUNE = "2026-06-20T00:00:00Z"
OLD = did("2026-05-01T00:00:00Z")
RESET_BY = [
    ("login", "main", True),
    ("edit_product", "main", True),
    ("edit_product", "sub", True),
    ("process_order", "sub", True),
    ("reply_customer", "sub", True),
    ("login", "sub", False),
    ("login", "api", False),
    ("edit_product", "api", False),
    ("process_order", "system", False),
    ("reply_customer", "buyer", False),
    ("api_stock_sync", "main", False),
    ("buyer_page_view", "buyer", False),
    ("auto_reply", "main", False),
    ("a_new_word", "sub", False),
]

UNKNOWN_CASES = [
    Sample("no activity known", "MY", JUNE, {"activities": []}, ("TTS-SEA-INACT-30 unknown warning",)),
    Sample("activities asked for and not known", "MY", JUNE, {"activities": None}, ("TTS-SEA-INACT-30 unknown warning",)),
    Sample("activities not given", "MY", JUNE, {}, (), LADDER + OURS),
    Sample(
        "only traffic of programs",
        "PH",
        JUNE,
        {"activities": [did("2026-06-19T00:00:00Z", "process_order", "api")]},
        ("TTS-SEA-INACT-30 unknown warning",),
    ),
    Sample(
        "the opening of the store starts nothing",
        "VN",
        JUNE,
        {"store_opened_at": "2026-01-01T00:00:00Z", "activities": []},
        ("TTS-SEA-INACT-30 unknown warning",),
    ),
    Sample("ten minutes ahead is activity now", "MY", JUNE, {"activities": [did("2026-06-20T00:10:00Z")]}, (), LADDER + OURS),
    Sample(
        "a second more than ten minutes ahead is not used",
        "MY",
        JUNE,
        {"activities": [did("2026-06-20T00:10:01Z")]},
        ("TTS-SEA-INACT-30 unknown warning",),
    ),
    Sample(
        "one far ahead does not hide an older one",
        "MY",
        JUNE,
        {"activities": [did("2026-06-21T00:00:00Z"), OLD]},
        ("TTS-SEA-INACT-30 breached warning 2026-05-31T00:00:00Z",),
    ),
    Sample("the clock is one of South East Asia", "US", JUNE, {"activities": [OLD]}, (), LADDER),
    Sample("nor is it known in the UK", "UK", JUNE, {"activities": []}, (), LADDER),
]

STATUSES = [
    ("open", True),
    ("suspended", True),
    ("closed_by_seller", False),
    ("closed_by_platform", False),
    ("not_opened", False),
]


def put_back(live: object, *notices: dict[str, Any]) -> dict[str, Any]:
    return {"activities": [did("2026-06-19T00:00:00Z")], "notices": list(notices), "listings": {"live": live, "pre_order": 0}}


REMOVAL = notice("2026-06-10T00:00:00Z", REMOVED)
REACTIVATION_CASES = [
    Sample("listings were removed and none is live", "MY", JUNE, put_back(0, REMOVAL), ("TTS-SEA-INACT-REACT action info",)),
    Sample("one listing is live again", "MY", JUNE, put_back(1, REMOVAL), (), ("TTS-SEA-INACT-REACT",)),
    Sample("none was removed", "MY", JUNE, put_back(0, notice("2026-06-10T00:00:00Z")), (), ("TTS-SEA-INACT-REACT",)),
    Sample(
        "the removal lies after now",
        "MY",
        JUNE,
        put_back(0, notice("2026-06-20T00:00:01Z", REMOVED)),
        (),
        ("TTS-SEA-INACT-REACT",),
    ),
    Sample("the number of listings is not given", "MY", JUNE, {"notices": [REMOVAL]}, (), ("TTS-SEA-INACT-REACT",)),
    Sample("a US store", "US", JUNE, put_back(0, REMOVAL), (), ("TTS-SEA-INACT-REACT",)),
]

# In Los Angeles summer time began on 8 March 2026 and ends on 1 November 2026, both at 02:00 local.
LOGIN_CASES = [
    Sample("a day after the login", "MY", "2026-06-21T00:00:00Z", {"activities": [did(JUNE)]}, (), OURS),
    Sample(
        "a day and a second after the login",
        "MY",
        "2026-06-21T00:00:01Z",
        {"activities": [did(JUNE)]},
        ("INT-INACT-DAILY-LOGIN breached info 2026-06-21T00:00:00Z",),
        OURS,
    ),
    Sample(
        "a sub account's login is enough for the week only",
        "MY",
        "2026-06-22T00:00:00Z",
        {"activities": [did("2026-06-10T00:00:00Z"), did("2026-06-21T23:00:00Z", "login", "sub")]},
        ("INT-INACT-DAILY-LOGIN breached info 2026-06-11T00:00:00Z",),
        OURS,
    ),
    Sample(
        "seven days to the second", "MY", "2026-06-27T00:00:00Z", {"activities": [did(JUNE)]}, (), ("INT-INACT-WEEKLY-LOGIN",)
    ),
    Sample(
        "seven days and a second",
        "MY",
        "2026-06-27T00:00:01Z",
        {"activities": [did(JUNE)]},
        ("INT-INACT-WEEKLY-LOGIN breached info 2026-06-27T00:00:00Z",),
    ),
    Sample(
        "a day with 23 hours",  # 7 March 12:00 PST to 8 March 12:00 PDT
        "US",
        "2026-03-08T19:00:01Z",
        {"activities": [did("2026-03-07T20:00:00Z")]},
        ("INT-INACT-DAILY-LOGIN breached info 2026-03-08T19:00:00Z",),
    ),
    Sample(
        "a day with 25 hours is not over after 24",  # 31 October 12:00 PDT to 1 November 12:00 PST
        "US",
        "2026-11-01T20:00:00Z",
        {"activities": [did("2026-10-31T19:00:00Z")]},
        (),
        OURS,
    ),
    Sample(
        "a week with the change of the clocks",  # 28 October 09:00 PDT to 4 November 09:00 PST
        "US",
        "2026-11-04T17:00:01Z",
        {"activities": [did("2026-10-28T16:00:00Z")]},
        ("INT-INACT-WEEKLY-LOGIN breached info 2026-11-04T17:00:00Z",),
    ),
    Sample(
        "edits are no login",
        "MY",
        "2026-06-22T00:00:00Z",
        {"activities": [did("2026-06-10T00:00:00Z"), did("2026-06-21T23:00:00Z", "edit_product")]},
        (
            "INT-INACT-DAILY-LOGIN breached info 2026-06-11T00:00:00Z",
            "INT-INACT-WEEKLY-LOGIN breached info 2026-06-17T00:00:00Z",
        ),
        LADDER,
    ),
    Sample(
        "the routine holds on Shopee too",
        "MY",
        "2026-06-21T00:00:01Z",
        {"activities": [did(JUNE)]},
        ("INT-INACT-DAILY-LOGIN breached info 2026-06-21T00:00:00Z",),
        LADDER,
        {"platform": "Shopee"},
    ),
    Sample(
        "and on Douyin Shop in China",
        "CN",
        "2026-06-21T00:00:01Z",
        {"activities": [did(JUNE)]},
        ("INT-INACT-DAILY-LOGIN breached info 2026-06-21T00:00:00Z",),
        LADDER,
        {"platform": "douyin"},
    ),
]


@pytest.mark.parametrize("sample", LADDER_CASES, ids=lambda sample: sample.title)
def test_each_rung_of_the_ladder_has_its_moment(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("sample", REMINDER_CASES, ids=lambda sample: sample.title)
def test_the_grace_runs_from_the_right_reminder(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize(("type", "actor", "resets"), RESET_BY)
@pytest.mark.parametrize("region", ["MY", "ID"])
def test_only_deeds_of_people_reset_the_clock(type: str, actor: str, resets: bool, region: str) -> None:
    says = () if resets else ("TTS-SEA-INACT-30 breached warning 2026-05-31T00:00:00Z",)
    facts = {"activities": [did("2026-06-19T00:00:00Z", type, actor), OLD]}
    assert judged(Sample("", region, JUNE, facts, says, ("TTS-SEA-INACT-30",))) == sorted(says)


@pytest.mark.parametrize("sample", UNKNOWN_CASES, ids=lambda sample: sample.title)
def test_what_is_not_known_of_activity_is_told_as_such(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize(("status", "runs"), STATUSES)
def test_only_a_running_store_has_the_clock_and_the_routine(status: str, runs: bool) -> None:
    says = (
        "TTS-SEA-INACT-30 breached warning 2026-05-31T00:00:00Z",
        "TTS-SEA-INACT-G7 breached critical 2026-06-07T00:00:00Z",
        "TTS-SEA-INACT-60 at_risk critical 2026-06-30T00:00:00Z",
        "INT-INACT-DAILY-LOGIN breached info 2026-05-02T00:00:00Z",
        "INT-INACT-WEEKLY-LOGIN breached info 2026-05-08T00:00:00Z",
        "INT-SUBACCT-WEEKLY breached info 2026-06-08T00:00:00Z",
        "TTS-SEA-NEGBAL-NEG breached warning",
    )
    facts = {
        "activities": [OLD],
        "attestations": [{"item": "INS-21", "at": "2026-06-01T00:00:00Z"}],
        "balance_events": [{"at": "2026-06-19T00:00:00Z", "balance": -1, "currency": "MYR"}],
    }
    expected = says if runs else says[-1:]
    assert judged(Sample("", "MY", JUNE, facts, says, (), {"status": status})) == sorted(expected)


@pytest.mark.parametrize("sample", REACTIVATION_CASES, ids=lambda sample: sample.title)
def test_removed_listings_can_be_put_back(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("sample", LOGIN_CASES, ids=lambda sample: sample.title)
def test_the_teams_logins_have_days_of_the_wall_clock(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)
