"""Conversations, response rates, after-sales and the metrics of a store, each answer reckoned by hand from the specification."""

from typing import Any

import pytest

from storeward.policy.tests.cast import Sample, judged

H12, H24, US24 = "TTS-SEA-RESP12-MSG", "TTS-SEA-RESP24-MSG", "TTS-US-RESP24-MSG"
R12, MY12, R24, USR = "TTS-SEA-RESP12-RATE", "TTS-MY-RESP12-RATE", "TTS-SEA-RESP24-RATE", "TTS-US-RESP24-RATE"
RATES = (R12, MY12, R24, USR)
XB = {"seller_type": "cross_border"}
LATER = "2026-12-01T00:00:00Z"


def chat(at: str, reply: str | None = None, **more: Any) -> dict[str, Any]:
    return {"conversations": [{"id": "c", "buyer_first_at": at, "first_human_reply_at": reply, "auto_reply_at": None, **more}]}


# Asked on 1 September 00:00 UTC: 12 hours end at 12:00, 24 hours on 2 September 00:00; both leads are two hours.
ASKED = "2026-09-01T00:00:00Z"
SOON12, LATE12 = f"{H12} at_risk warning 2026-09-01T12:00:00Z c", f"{H12} breached warning 2026-09-01T12:00:00Z c"
SOON24, LATE24 = f"{H24} at_risk warning 2026-09-02T00:00:00Z c", f"{H24} breached warning 2026-09-02T00:00:00Z c"
PAUSE = {"holiday_mode": [{"from": "2026-09-01T00:00:00Z", "to": "2026-09-02T00:00:00Z"}]}
MESSAGES = [
    Sample("before the lead", "MY", "2026-09-01T09:59:59Z", chat(ASKED), (), (H12, H24)),
    Sample("at the lead", "MY", "2026-09-01T10:00:00Z", chat(ASKED), (SOON12,), (H24,)),
    Sample("at twelve hours", "PH", "2026-09-01T12:00:00Z", chat(ASKED), (SOON12,), (H24,)),
    Sample("a second over twelve hours", "PH", "2026-09-01T12:00:01Z", chat(ASKED), (LATE12,), (H24,)),
    Sample("before the lead of the day", "TH", "2026-09-01T21:59:59Z", chat(ASKED), (LATE12,), (H24,)),
    Sample("at the lead of the day", "TH", "2026-09-01T22:00:00Z", chat(ASKED), (LATE12, SOON24)),
    Sample("at 24 hours", "VN", "2026-09-02T00:00:00Z", chat(ASKED), (LATE12, SOON24)),
    Sample("a second over 24 hours", "VN", "2026-09-02T00:00:01Z", chat(ASKED), (LATE12, LATE24)),
    Sample("answered at twelve hours", "SG", LATER, chat(ASKED, "2026-09-01T12:00:00Z"), (), (H12, H24)),
    Sample("answered a second late", "SG", LATER, chat(ASKED, "2026-09-01T12:00:01Z"), (LATE12,), (H24,)),
    Sample("answered at 24 hours", "ID", LATER, chat(ASKED, "2026-09-02T00:00:00Z"), (LATE12,), (H24,)),
    Sample("answered too late for both", "ID", LATER, chat(ASKED, "2026-09-02T00:00:01Z"), (LATE12, LATE24)),
    Sample("an answer after now is not known", "ID", "2026-09-01T11:00:00Z", chat(ASKED, "2026-09-01T11:00:01Z"), (SOON12,)),
    Sample("an automatic answer is none", "MY", "2026-09-01T11:00:00Z", chat(ASKED, auto_reply_at=ASKED), (SOON12,)),
    Sample("started by the buyer", "MY", "2026-09-01T11:00:00Z", chat(ASKED, started_by="buyer"), (SOON12,)),
    Sample("started by the seller", "MY", LATER, chat(ASKED, started_by="seller"), (), (H12, H24)),
    Sample("a broadcast", "MY", LATER, chat(ASKED, started_by="broadcast"), (), (H12, H24)),
    Sample("solved by the bot", "MY", LATER, chat(ASKED, solved_by_bot=True), (), (H12, H24)),
    Sample("not solved by the bot", "MY", "2026-09-01T11:00:00Z", chat(ASKED, solved_by_bot=False), (SOON12,)),
    Sample("a buyer who is blocked", "MY", LATER, chat(ASKED, buyer_blocked=True), (), (H12, H24)),
    Sample("the first second of the holiday mode", "MY", LATER, chat(ASKED), (), (H12, H24), PAUSE),
    Sample("the last second of the holiday mode", "MY", LATER, chat("2026-09-01T23:59:59Z"), (), (H12, H24), PAUSE),
    Sample(
        "the second after the holiday mode",
        "MY",
        LATER,
        chat("2026-09-02T00:00:00Z"),
        (f"{H12} breached warning 2026-09-02T12:00:00Z c", f"{H24} breached warning 2026-09-03T00:00:00Z c"),
        (),
        PAUSE,
    ),
    Sample(
        "the second before the holiday mode",
        "MY",
        LATER,
        chat("2026-08-31T23:59:59Z"),
        (f"{H12} breached warning 2026-09-01T11:59:59Z c", f"{H24} breached warning 2026-09-01T23:59:59Z c"),
        (),
        PAUSE,
    ),
    Sample("a message of after now", "MY", "2026-08-31T23:00:00Z", chat(ASKED), (), (H12, H24)),
    Sample("no reply field given", "MY", LATER, {"conversations": [{"id": "c", "buyer_first_at": ASKED}]}, (), (H12, H24)),
    Sample("nobody wrote", "MY", LATER, {"conversations": []}, (), (H12, H24)),
    Sample("conversations not known", "MY", LATER, {"conversations": None}, (f"{H12} unknown warning", f"{H24} unknown warning")),
    Sample(
        "the 12 hours began on 15 July 2025",
        "TH",
        LATER,
        chat("2025-07-14T17:00:00Z"),
        (f"{H12} breached warning 2025-07-15T05:00:00Z c", f"{H24} breached warning 2025-07-15T17:00:00Z c"),
    ),
    Sample(
        "a second before that day",
        "TH",
        LATER,
        chat("2025-07-14T16:59:59Z"),
        (f"{H24} breached warning 2025-07-15T16:59:59Z c",),
        (H12,),
    ),
    Sample("the UK has no such clock", "UK", LATER, chat(ASKED), (), (H12, H24, US24)),
    Sample("a closed store still answers", "MY", LATER, chat(ASKED), (LATE12, LATE24), (), {"status": "closed_by_seller"}),
]

# Los Angeles: (title, asked, chatbot, due). 6 and 7 June 2026 are a Saturday and a Sunday; on 1 November the clocks go back.
WEEKENDS: list[tuple[str, str, bool | None, str]] = [
    ("Friday 23:59:59", "2026-06-06T06:59:59Z", True, "2026-06-07T06:59:59Z"),
    ("Saturday 00:00 waits for Monday noon", "2026-06-06T07:00:00Z", True, "2026-06-08T19:00:00Z"),
    ("Saturday 00:00 without the chatbot", "2026-06-06T07:00:00Z", False, "2026-06-07T07:00:00Z"),
    ("Sunday 11:59:59 waits for Monday noon", "2026-06-07T18:59:59Z", True, "2026-06-08T19:00:00Z"),
    ("Sunday noon has both alike", "2026-06-07T19:00:00Z", True, "2026-06-08T19:00:00Z"),
    ("Sunday 12:00:01 has its 24 hours", "2026-06-07T19:00:01Z", True, "2026-06-08T19:00:01Z"),
    ("Sunday 23:59:59", "2026-06-08T06:59:59Z", True, "2026-06-09T06:59:59Z"),
    ("Monday 00:00", "2026-06-08T07:00:00Z", True, "2026-06-09T07:00:00Z"),
    ("Monday noon after the end of summer time", "2026-10-31T17:00:00Z", True, "2026-11-02T20:00:00Z"),
    ("24 exact hours over the end of summer time", "2026-10-31T17:00:00Z", False, "2026-11-01T17:00:00Z"),
    ("24 exact hours over its begin", "2027-03-13T20:00:00Z", False, "2027-03-14T20:00:00Z"),
]


def counts(answered: object, of: object, hours: int = 12, days: object = 30) -> dict[str, Any]:
    return {"response_counts": {"window_days": days, "conversations": of, f"answered_in_{hours}h": answered}}


JULY = "2026-07-01T00:00:00Z"
SHARES = [
    Sample("over 85 is asked: 85", "PH", JULY, counts(85, 100), (f"{R12} breached warning",), RATES),
    Sample("85.01", "PH", JULY, counts(8501, 10000), (f"{R12} at_risk info",), RATES),
    Sample("88, three points above", "VN", JULY, counts(88, 100), (f"{R12} at_risk info",), RATES),
    Sample("88.01", "VN", JULY, counts(8801, 10000), (), RATES),
    Sample("a third is not rounded up", "TH", JULY, counts(2549, 2999), (f"{R12} breached warning",), RATES),  # 84.995
    Sample("nobody asked", "SG", JULY, counts(0, 0), (), RATES),
    Sample("answers not known", "ID", JULY, counts(None, 100), (f"{R12} unknown warning",), RATES),
    Sample("conversations not known", "ID", JULY, counts(90, None), (f"{R12} unknown warning",), RATES),
    Sample("another window", "ID", JULY, counts(10, 100, 12, 7), (), RATES),
    Sample("a window in another form", "ID", JULY, counts(10, 100, 12, "3e1"), (f"{R12} breached warning",), RATES),
    Sample("at least 90 in Malaysia: 90", "MY", JULY, counts(90, 100), (f"{MY12} at_risk info",), RATES),
    Sample("89.99", "MY", JULY, counts("8999", 10000), (f"{MY12} breached warning",), RATES),
    Sample("93", "MY", JULY, counts(93, 100), (f"{MY12} at_risk info",), RATES),
    Sample("93.01", "MY", JULY, counts(9301, 10000), (), RATES),
    Sample("Malaysia before 14 May 2026", "MY", "2026-05-13T15:59:59Z", counts(10, 100), (), RATES),
    Sample("Malaysia from 14 May 2026", "MY", "2026-05-13T16:00:00Z", counts(10, 100), (f"{MY12} breached warning",), RATES),
    Sample("a 12-hour rate before 15 August 2025", "PH", "2025-08-14T15:59:59Z", counts(10, 100), (), RATES),
    Sample(
        "a 12-hour rate from 15 August 2025", "PH", "2025-08-14T16:00:00Z", counts(10, 100), (f"{R12} breached warning",), RATES
    ),
    Sample("24 hours at 85", "PH", JULY, counts(85, 100, 24), (f"{R24} at_risk info",), RATES),
    Sample("24 hours under 85", "MY", JULY, counts(8499, 10000, 24), (f"{R24} breached warning",), RATES),
    Sample("24 hours at 88", "MY", JULY, counts(88, 100, 24), (f"{R24} at_risk info",), RATES),
    Sample("24 hours over 88", "MY", JULY, counts(881, 1000, 24), (), RATES),
    Sample("24 hours over any window", "MY", JULY, counts(50, 100, 24, 7), (f"{R24} breached warning",), RATES),
    Sample("the US at 90", "US", JULY, counts(90, 100, 24), (f"{USR} at_risk info",), RATES),
    Sample("the US under 90", "US", JULY, counts(899, 1000, 24), (f"{USR} breached warning",), RATES),
    Sample("the US at 93.1", "US", JULY, counts(931, 1000, 24), (), RATES),
    Sample("the US before 2026", "US", "2026-01-01T07:59:59Z", counts(1, 100, 24), (), RATES),
    Sample("the US in 2026", "US", "2026-01-01T08:00:00Z", counts(1, 100, 24), (f"{USR} breached warning",), RATES),
]


def talks(*pairs: tuple[str, str | None]) -> dict[str, Any]:
    return {"conversations": [chat(at, reply, id=str(n))["conversations"][0] for n, (at, reply) in enumerate(pairs)]}


IN_TIME = ("2026-06-20T00:00:00Z", "2026-06-20T12:00:00Z")
TOO_LATE = ("2026-06-20T00:00:00Z", "2026-06-20T12:00:01Z")
OPEN_YET = ("2026-06-30T12:00:00Z", None)  # twelve hours end at the moment of judging
GIVEN_UP = ("2026-06-30T11:59:59Z", None)
BEFORE = ("2026-05-31T23:59:59Z", None)
COUNTED = [
    Sample("nine in ten in time", "MY", JULY, talks(*[IN_TIME] * 9, TOO_LATE), (f"{MY12} at_risk info",)),
    Sample("eight in nine in time", "MY", JULY, talks(*[IN_TIME] * 8, TOO_LATE), (f"{MY12} breached warning",)),
    Sample("whose time runs is not counted", "MY", JULY, talks(*[IN_TIME] * 9, OPEN_YET), (), (MY12,)),
    Sample("whose time is up is", "MY", JULY, talks(*[IN_TIME] * 8, GIVEN_UP), (f"{MY12} breached warning",)),
    Sample("more than 30 days ago is not", "MY", JULY, talks(*[IN_TIME] * 8, BEFORE), (), (MY12,)),
    Sample("all answered", "PH", JULY, talks(*[IN_TIME] * 3), (), (R12, R24)),
    Sample(
        "late for twelve hours and in time for a day", "PH", JULY, talks(*[TOO_LATE] * 3), (f"{R12} breached warning",), (R24,)
    ),
    Sample("none to count", "PH", JULY, talks(OPEN_YET), (), (R12, R24)),
    Sample(
        "the counts given go first",
        "PH",
        JULY,
        {**talks(*[TOO_LATE] * 3), **counts(99, 100)},
        (),
        (R12, R24),
    ),
]

TH1, ID2, CHECK, CANCEL, DISPUTE = (
    "TTS-TH-RETURN-1WD",
    "TTS-ID-RETURN-2CD",
    "TTS-SEA-RETURN-RECEIVED",
    "TTS-SEA-CANCELREQ-24H",
    "TTS-SEA-DISPUTE",
)


def back(at: str, holidays: list[str] | None = None, **more: Any) -> dict[str, Any]:
    request = {"id": "r", "requested_at": at, "manual_review": True, "answered_at": None, **more}
    return {"return_requests": [request], "holidays": holidays or []}


def sent_back(at: str, **more: Any) -> dict[str, Any]:
    return back("2026-07-30T03:00:00Z", answered_at="2026-07-30T09:00:00Z", return_shipped_at=at, checked_at=None, **more)


TUESDAY = "2026-08-11T06:00:00Z"  # 13:00 in Bangkok: Wednesday 12 August is wd 1, until 16:59:59 UTC
AFTER_SALES = [
    Sample("TH before the lead", "TH", "2026-08-12T04:59:58Z", back(TUESDAY), (), (TH1, ID2)),
    Sample(
        "TH at the lead of 12 hours",
        "TH",
        "2026-08-12T04:59:59Z",
        back(TUESDAY),
        (f"{TH1} at_risk warning 2026-08-12T16:59:59Z r",),
    ),
    Sample(
        "TH at the end of the day",
        "TH",
        "2026-08-12T16:59:59Z",
        back(TUESDAY),
        (f"{TH1} at_risk warning 2026-08-12T16:59:59Z r",),
    ),
    Sample("TH the next day", "TH", "2026-08-12T17:00:00Z", back(TUESDAY), (f"{TH1} breached warning 2026-08-12T16:59:59Z r",)),
    Sample(
        "TH on a Friday",
        "TH",
        "2026-08-10T17:00:00Z",
        back("2026-08-07T06:00:00Z"),
        (f"{TH1} breached warning 2026-08-10T16:59:59Z r",),
    ),
    Sample(
        "TH on a Saturday",
        "TH",
        "2026-08-10T17:00:00Z",
        back("2026-08-08T06:00:00Z"),
        (f"{TH1} breached warning 2026-08-10T16:59:59Z r",),
    ),
    Sample(
        "TH by its own calendar",
        "TH",
        "2026-08-13T17:00:00Z",
        {"return_requests": back(TUESDAY)["return_requests"]},
        (f"{TH1} breached warning 2026-08-13T16:59:59Z r",),
    ),
    Sample("TH answered at the last second", "TH", LATER, back(TUESDAY, answered_at="2026-08-12T16:59:59Z"), (), (TH1,)),
    Sample(
        "TH answered late",
        "TH",
        LATER,
        back(TUESDAY, answered_at="2026-08-12T17:00:00Z"),
        (f"{TH1} breached warning 2026-08-12T16:59:59Z r",),
    ),
    Sample("TH no manual review", "TH", LATER, back(TUESDAY, manual_review=False), (), (TH1,)),
    Sample(
        "TH manual review not known",
        "TH",
        "2026-08-12T00:00:00Z",
        back(TUESDAY, manual_review=None),
        (f"{TH1} unknown warning - r",),
    ),
    Sample(
        "TH across the border too",
        "TH",
        "2026-08-12T17:00:00Z",
        back(TUESDAY),
        (f"{TH1} breached warning 2026-08-12T16:59:59Z r",),
        (),
        XB,
    ),
    Sample("TH before 4 November 2025", "TH", LATER, back("2025-11-03T16:59:59Z"), (), (TH1,)),
    Sample(
        "TH from 4 November 2025", "TH", LATER, back("2025-11-03T17:00:00Z"), (f"{TH1} breached warning 2025-11-05T16:59:59Z r",)
    ),
    Sample(
        "the goods are on their way",
        "TH",
        LATER,
        back(TUESDAY, return_shipped_at="2026-08-11T09:00:00Z", self_arranged=False, checked_at=None),
        (),
        (TH1, CHECK),
    ),
    Sample(
        "ID two days to the second",
        "ID",
        "2026-08-13T06:00:00Z",
        back(TUESDAY),
        (f"{ID2} at_risk warning 2026-08-13T06:00:00Z r",),
        (TH1,),
    ),
    Sample(
        "ID two days and a second",
        "ID",
        "2026-08-13T06:00:01Z",
        back(TUESDAY),
        (f"{ID2} breached warning 2026-08-13T06:00:00Z r",),
        (TH1,),
    ),
    Sample("ID at the lead", "ID", "2026-08-12T18:00:00Z", back(TUESDAY), (f"{ID2} at_risk warning 2026-08-13T06:00:00Z r",)),
    Sample("ID before the lead", "ID", "2026-08-12T17:59:59Z", back(TUESDAY), (), (ID2,)),
    Sample("MY has no such clock", "MY", LATER, back(TUESDAY), (), (TH1, ID2)),
    Sample(
        "goods back in ID: eight days",
        "ID",
        "2026-08-09T03:00:00Z",
        sent_back("2026-08-01T03:00:00Z"),
        (f"{CHECK} at_risk warning 2026-08-09T03:00:00Z r",),
    ),
    Sample(
        "goods back in ID: a second over",
        "ID",
        "2026-08-09T03:00:01Z",
        sent_back("2026-08-01T03:00:00Z"),
        (f"{CHECK} breached warning 2026-08-09T03:00:00Z r",),
    ),
    Sample("goods back in ID: before the lead", "ID", "2026-08-08T14:59:59Z", sent_back("2026-08-01T03:00:00Z"), (), (CHECK,)),
    Sample(
        "goods back in TH: ten days when the buyer arranged it",
        "TH",
        "2026-08-11T03:00:01Z",
        sent_back("2026-08-01T03:00:00Z", self_arranged=True),
        (f"{CHECK} breached warning 2026-08-11T03:00:00Z r",),
    ),
    Sample(
        "goods back in TH: not when the platform did",
        "TH",
        LATER,
        sent_back("2026-08-01T03:00:00Z", self_arranged=False),
        (),
        (CHECK,),
    ),
    Sample(
        "goods back in TH: not known who did",
        "TH",
        "2026-08-02T00:00:00Z",
        sent_back("2026-08-01T03:00:00Z", self_arranged=None),
        (f"{CHECK} unknown warning - r",),
    ),
    Sample(
        "goods back, checked",
        "ID",
        LATER,
        {
            **sent_back("2026-08-01T03:00:00Z"),
            "return_requests": [
                {**sent_back("2026-08-01T03:00:00Z")["return_requests"][0], "checked_at": "2026-08-09T03:00:00Z"}
            ],
        },
        (),
        (CHECK,),
    ),
    Sample("goods back in VN", "VN", LATER, sent_back("2026-08-01T03:00:00Z", self_arranged=True), (), (CHECK,)),
]


def wish(at: str, answered: str | None = None) -> dict[str, Any]:
    return {"cancellation_requests": [{"id": "k", "requested_at": at, "answered_at": answered}]}


SOON, LATE = f"{CANCEL} at_risk warning 2026-09-02T00:00:00Z k", f"{CANCEL} breached warning 2026-09-02T00:00:00Z k"
WISHES = [
    Sample("before the lead", "MY", "2026-09-01T11:59:59Z", wish(ASKED), (), (CANCEL,)),
    Sample("at the lead", "MY", "2026-09-01T12:00:00Z", wish(ASKED), (SOON,)),
    Sample("at the last moment", "VN", "2026-09-02T00:00:00Z", wish(ASKED), (SOON,)),
    Sample("a second over", "VN", "2026-09-02T00:00:01Z", wish(ASKED), (LATE,)),
    Sample("answered in time", "ID", LATER, wish(ASKED, "2026-09-02T00:00:00Z"), (), (CANCEL,)),
    Sample("answered late", "ID", LATER, wish(ASKED, "2026-09-02T00:00:01Z"), (LATE,)),
    Sample("before the rule", "SG", LATER, wish("2025-07-31T15:59:59Z"), (), (CANCEL,)),
    Sample("on its first day", "SG", LATER, wish("2025-07-31T16:00:00Z"), (f"{CANCEL} breached warning 2025-08-01T16:00:00Z k",)),
    Sample("the US has no such row", "US", LATER, wish(ASKED), (), (CANCEL,)),
    Sample("not known", "MY", LATER, {"cancellation_requests": None}, (f"{CANCEL} unknown warning",)),
]

# (dispute, state)
DISPUTES: list[tuple[dict[str, Any], str | None]] = [
    ({"chat_answer_at": None, "record_kept": True}, "breached"),
    ({"chat_answer_at": "2026-08-02T00:00:00Z", "record_kept": True}, None),
    ({"chat_answer_at": "2026-08-02T00:00:00Z", "record_kept": False}, "breached"),
    ({"chat_answer_at": "2026-08-02T00:00:00Z", "record_kept": None}, "unknown"),
    ({"chat_answer_at": None, "record_kept": None}, "breached"),
    ({"chat_answer_at": None, "record_kept": False, "closed_at": "2026-08-03T00:00:00Z"}, None),
    ({"chat_answer_at": None, "record_kept": True, "closed_at": None}, "breached"),
    ({"chat_answer_at": None, "record_kept": True, "closed_at": "2026-09-03T00:00:00Z"}, "breached"),
    ({"chat_answer_at": "2026-09-03T00:00:00Z", "record_kept": True}, "breached"),
]

LDR, SFCR = "late_dispatch_rate", "seller_fault_cancellation_rate"
RATE_ROWS = (
    "TTS-SEA-LDR-TARGET",
    "TTS-SEA-LDR-OVL1",
    "TTS-SEA-LDR-OVL1-25",
    "TTS-SEA-LDR-OVL2",
    "TTS-SEA-LDR-OVL3",
    "TTS-SEA-LDR-VP",
    "TTS-SEA-SFCR-TARGET",
    "TTS-SEA-SFCR-OVL1",
    "TTS-SEA-SFCR-OVL2",
    "TTS-SEA-SFCR-OVL3",
    "TTS-SEA-SFCR-VP2",
    "TTS-SEA-SFCR-VP4",
    "TTS-SEA-NRR",
    "TTS-SEA-SFRR",
    "TTS-SEA-FDR",
    "TTS-SEA-OVL-CAMPAIGN",
    "TTS-XB-OVL",
    "TTS-US-LDR",
    "TTS-US-SFCR",
    "TTS-US-VTR",
    "TTS-US-OTDR",
    "TTS-UK-VTR",
)
# (region, store, metric, window, numerator, denominator, findings without TTS-)
METRICS: list[tuple[str, dict[str, Any], str, object, object, object, set[str]]] = [
    ("MY", {}, LDR, 7, 319, 10000, set()),
    ("MY", {}, LDR, 7, 32, 1000, {"SEA-LDR-TARGET at_risk info"}),
    ("MY", {}, LDR, 7, 3999, 100000, {"SEA-LDR-TARGET at_risk info"}),
    ("MY", {}, LDR, 7, 4, 100, {"SEA-LDR-TARGET breached warning"}),
    ("MY", {}, LDR, 7, 799, 10000, {"SEA-LDR-TARGET breached warning"}),
    ("MY", {}, LDR, 7, 8, 100, {"SEA-LDR-TARGET breached warning", "SEA-LDR-OVL1 at_risk warning", "SEA-LDR-VP at_risk info"}),
    (
        "PH",
        {},
        LDR,
        7,
        10,
        100,
        {"SEA-LDR-TARGET breached warning", "SEA-LDR-OVL1 breached critical", "SEA-LDR-VP breached warning"},
    ),
    (
        "PH",
        {},
        LDR,
        "7",
        24,
        "1e2",
        {
            "SEA-LDR-TARGET breached warning",
            "SEA-LDR-OVL1 breached critical",
            "SEA-LDR-OVL2 at_risk warning",
            "SEA-LDR-VP breached warning",
        },
    ),
    (
        "TH",
        {},
        LDR,
        7,
        30,
        100,
        {"SEA-LDR-TARGET breached warning", "SEA-LDR-OVL2 breached critical", "SEA-LDR-VP breached warning"},
    ),
    (
        "TH",
        {},
        LDR,
        7,
        40,
        100,
        {
            "SEA-LDR-TARGET breached warning",
            "SEA-LDR-OVL2 breached critical",
            "SEA-LDR-OVL3 at_risk warning",
            "SEA-LDR-VP breached warning",
        },
    ),
    (
        "VN",
        {},
        LDR,
        7,
        50,
        100,
        {"SEA-LDR-TARGET breached warning", "SEA-LDR-OVL3 breached critical", "SEA-LDR-VP breached warning"},
    ),
    (
        "VN",
        {},
        LDR,
        7,
        100,
        100,
        {"SEA-LDR-TARGET breached warning", "SEA-LDR-OVL3 breached critical", "SEA-LDR-VP breached warning"},
    ),
    ("VN", {}, LDR, 7, 0, 100, set()),
    ("VN", {}, LDR, 7, 0, 0, set()),
    ("VN", {}, LDR, 14, 50, 100, set()),
    ("VN", {}, LDR, 7, None, 100, {"SEA-LDR-TARGET unknown warning"}),
    ("VN", {}, LDR, 7, 5, None, {"SEA-LDR-TARGET unknown warning"}),
    ("MY", {}, LDR, 30, 799, 10000, set()),
    ("MY", {}, LDR, 30, 8, 100, {"SEA-OVL-CAMPAIGN at_risk info"}),
    ("MY", {}, LDR, 30, 10, 100, {"SEA-OVL-CAMPAIGN breached warning"}),
    ("MY", {}, SFCR, 30, 10, 100, {"SEA-OVL-CAMPAIGN breached warning"}),
    ("MY", XB, LDR, 30, 10, 100, set()),
    ("MY", XB, LDR, 7, 8, 100, {"SEA-LDR-TARGET breached warning", "SEA-LDR-VP at_risk info", "XB-OVL at_risk warning"}),
    ("MY", XB, LDR, 7, 10, 100, {"SEA-LDR-TARGET breached warning", "SEA-LDR-VP breached warning", "XB-OVL breached critical"}),
    ("ID", XB, LDR, 7, 10, 100, {"SEA-LDR-TARGET breached warning", "SEA-LDR-VP breached warning"}),
    (
        "MY",
        XB,
        SFCR,
        7,
        10,
        100,
        {"SEA-SFCR-TARGET breached warning", "SEA-SFCR-VP2 breached warning", "XB-OVL breached critical"},
    ),
    ("MY", {}, SFCR, 7, 199, 10000, set()),
    ("MY", {}, SFCR, 7, 2, 100, {"SEA-SFCR-TARGET at_risk info"}),
    ("MY", {}, SFCR, 7, "25", 1000, {"SEA-SFCR-TARGET breached warning"}),
    (
        "MY",
        {},
        SFCR,
        7,
        8,
        100,
        {"SEA-SFCR-TARGET breached warning", "SEA-SFCR-OVL1 at_risk warning", "SEA-SFCR-VP2 at_risk info"},
    ),
    (
        "MY",
        {},
        SFCR,
        7,
        30,
        375,
        {"SEA-SFCR-TARGET breached warning", "SEA-SFCR-OVL1 at_risk warning", "SEA-SFCR-VP4 at_risk warning"},
    ),
    (
        "MY",
        {},
        SFCR,
        7,
        29,
        290,
        {"SEA-SFCR-TARGET breached warning", "SEA-SFCR-OVL1 breached critical", "SEA-SFCR-VP2 breached warning"},
    ),
    (
        "MY",
        {},
        SFCR,
        7,
        30,
        300,
        {"SEA-SFCR-TARGET breached warning", "SEA-SFCR-OVL1 breached critical", "SEA-SFCR-VP4 breached critical"},
    ),
    ("TH", {}, "seller_related_negative_review_rate", 30, 5, 1000, {"SEA-NRR breached warning"}),
    ("TH", {}, "seller_related_negative_review_rate", 30, 4, 1000, {"SEA-NRR at_risk info"}),
    ("TH", {}, "seller_related_negative_review_rate", 30, 39, 10000, set()),
    ("MY", {}, "seller_related_negative_review_rate", 30, 90, 1000, set()),
    ("MY", {}, "seller_fault_return_refund_rate", 30, 15, 1000, {"SEA-SFRR breached info"}),
    ("MY", {}, "seller_fault_return_refund_rate", 30, 12, 1000, {"SEA-SFRR at_risk info"}),
    ("MY", {}, "seller_fault_return_refund_rate", 30, 11, 1000, set()),
    ("SG", {}, "fast_dispatch_rate", 30, 949, 1000, {"SEA-FDR breached info"}),
    ("SG", {}, "fast_dispatch_rate", 30, 95, 100, {"SEA-FDR at_risk info"}),
    ("SG", {}, "fast_dispatch_rate", 30, 98, 100, {"SEA-FDR at_risk info"}),
    ("SG", {}, "fast_dispatch_rate", 30, 981, 1000, set()),
    ("SG", {}, "fast_dispatch_rate", 7, 5, 100, set()),
    ("US", {}, LDR, 7, 4, 100, {"US-LDR at_risk warning"}),
    ("US", {}, LDR, 7, 4001, 100000, {"US-LDR breached critical"}),
    ("US", {}, LDR, 7, 319, 10000, set()),
    ("US", {}, SFCR, 7, "2.5", 100, {"US-SFCR at_risk warning"}),
    ("US", {}, SFCR, 7, 26, 1000, {"US-SFCR breached critical"}),
    ("US", {}, "valid_tracking_rate", 7, 9499, 10000, {"US-VTR breached critical"}),
    ("US", {}, "valid_tracking_rate", 7, 95, 100, {"US-VTR at_risk warning"}),
    ("US", {}, "valid_tracking_rate", 7, 98, 100, {"US-VTR at_risk warning"}),
    ("US", {}, "valid_tracking_rate", 7, 9801, 10000, set()),
    ("US", {}, "on_time_delivery_rate", 7, 799, 1000, {"US-OTDR breached critical"}),
    ("US", {}, "on_time_delivery_rate", 7, 80, 100, {"US-OTDR at_risk warning"}),
    ("US", {}, "on_time_delivery_rate", 7, 83, 100, {"US-OTDR at_risk warning"}),
    ("US", {}, "on_time_delivery_rate", 7, 831, 1000, set()),
    ("US", {}, "on_time_delivery_rate", 7, 0, 0, set()),
    ("US", XB, LDR, 7, 10, 100, {"US-LDR breached critical"}),
    ("UK", {}, "valid_tracking_rate", 7, 94, 100, {"UK-VTR breached warning"}),
    ("UK", {}, "valid_tracking_rate", 90, 95, 100, {"UK-VTR at_risk info"}),
    ("UK", {}, "valid_tracking_rate", 30, 99, 100, set()),
    ("UK", {}, LDR, 7, 90, 100, set()),
    ("MY", {}, "a_new_rate", 7, 90, 100, set()),
]


@pytest.mark.parametrize("sample", MESSAGES, ids=lambda sample: sample.title)
def test_a_message_has_its_clocks(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize(("title", "asked", "chatbot", "due"), WEEKENDS)
def test_a_weekend_in_the_us_waits_for_monday_with_the_chatbot_on(title: str, asked: str, chatbot: bool, due: str) -> None:
    sample = Sample(title, "US", due, chat(asked), (), (US24,), {"chatbot_on": chatbot})
    assert judged(sample) == [f"{US24} at_risk warning {due} c"]
    late = sample._replace(now=due.replace("Z", ".001Z"))
    assert judged(late) == [f"{US24} breached warning {due} c"]


def test_the_us_clock_began_in_may_2026() -> None:
    first, before = "2026-05-01T07:00:00Z", "2026-05-01T06:59:59Z"
    assert judged(Sample("", "US", LATER, chat(first), (), (US24,))) == [f"{US24} breached warning 2026-05-02T07:00:00Z c"]
    assert judged(Sample("", "US", LATER, chat(before), (), (US24,))) == []


@pytest.mark.parametrize("sample", SHARES, ids=lambda sample: sample.title)
def test_a_share_answered_in_time_has_its_line(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("sample", COUNTED, ids=lambda sample: sample.title)
def test_without_counts_the_conversations_are_counted(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("sample", AFTER_SALES, ids=lambda sample: sample.title)
def test_a_return_has_its_clocks(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("sample", WISHES, ids=lambda sample: sample.title)
def test_a_wish_to_cancel_has_24_hours(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize(("dispute", "state"), DISPUTES)
def test_an_open_dispute_needs_an_answer_and_a_record(dispute: dict[str, Any], state: str | None) -> None:
    facts = {"disputes": [{"id": "d", "opened_at": "2026-08-01T00:00:00Z", **dispute}]}
    found = judged(Sample("", "MY", "2026-08-10T00:00:00Z", facts, (), (DISPUTE,)))
    assert found == ([f"{DISPUTE} {state} warning - d"] if state else [])


@pytest.mark.parametrize(("region", "store", "metric", "days", "part", "whole", "says"), METRICS)
def test_a_metric_breaks_its_rows(
    region: str, store: dict[str, Any], metric: str, days: object, part: object, whole: object, says: set[str]
) -> None:
    facts = {"metrics": {metric: {"window_days": days, "numerator": part, "denominator": whole}}}
    found = judged(Sample("", region, "2026-08-10T03:00:00Z", facts, (), RATE_ROWS, store))
    assert set(found) == {f"TTS-{said}" for said in says}


# The first local day of a row and the second before it: (region, store, metric, window, numerator of 100, row, first instant).
FIRST_DAYS = [
    ("ID", {}, LDR, 7, 5, "TTS-SEA-LDR-TARGET breached warning", "2025-11-09T17:00:00Z", "2025-11-09T16:59:59Z"),
    ("MY", {}, LDR, 7, 60, "TTS-SEA-LDR-OVL3 breached critical", "2025-06-17T16:00:00Z", "2025-06-17T15:59:59Z"),
    ("MY", {}, SFCR, 7, 60, "TTS-SEA-SFCR-OVL3 breached critical", "2025-06-17T16:00:00Z", "2025-06-17T15:59:59Z"),
    ("MY", {}, LDR, 30, 10, "TTS-SEA-OVL-CAMPAIGN breached warning", "2025-06-23T16:00:00Z", "2025-06-23T15:59:59Z"),
    ("MY", XB, LDR, 7, 10, "TTS-XB-OVL breached critical", "2024-07-14T16:00:00Z", "2024-07-14T15:59:59Z"),
    ("US", {}, "on_time_delivery_rate", 7, 10, "TTS-US-OTDR breached critical", "2025-05-05T07:00:00Z", "2025-05-05T06:59:59Z"),
    ("UK", {}, "valid_tracking_rate", 7, 10, "TTS-UK-VTR breached warning", "2024-11-04T00:00:00Z", "2024-11-03T23:59:59Z"),
    (
        "TH",
        {},
        "seller_related_negative_review_rate",
        30,
        9,
        "TTS-SEA-NRR breached warning",
        "2025-06-17T17:00:00Z",
        "2025-06-17T16:59:59Z",
    ),
    (
        "PH",
        {},
        "seller_fault_return_refund_rate",
        30,
        9,
        "TTS-SEA-SFRR breached info",
        "2025-09-11T16:00:00Z",
        "2025-09-11T15:59:59Z",
    ),
]


@pytest.mark.parametrize(("region", "store", "metric", "days", "part", "said", "first", "before"), FIRST_DAYS)
def test_a_rate_is_judged_by_the_terms_of_today(
    region: str, store: dict[str, Any], metric: str, days: int, part: int, said: str, first: str, before: str
) -> None:
    facts = {"metrics": {metric: {"window_days": days, "numerator": part, "denominator": 100}}}
    assert judged(Sample("", region, first, facts, (said,), (), store)) == [said]
    assert judged(Sample("", region, before, facts, (said,), (), store)) == []


def test_the_worse_of_two_rates_is_one_finding() -> None:
    both = {
        LDR: {"window_days": 7, "numerator": 9, "denominator": 100},
        SFCR: {"window_days": 7, "numerator": 10, "denominator": 100},
    }
    assert judged(Sample("", "MY", JULY, {"metrics": both}, (), ("TTS-XB-OVL",), XB)) == ["TTS-XB-OVL breached critical"]


def test_one_rate_that_is_missing_does_not_hide_the_other_and_is_never_fine() -> None:
    broken = {LDR: {"window_days": 7, "numerator": 10, "denominator": 100}, SFCR: None}
    fine = {LDR: {"window_days": 7, "numerator": 1, "denominator": 100}, SFCR: None}
    assert judged(Sample("", "MY", JULY, {"metrics": broken}, (), ("TTS-XB-OVL",), XB)) == ["TTS-XB-OVL breached critical"]
    found = judged(Sample("", "MY", JULY, {"metrics": fine}, (), ("TTS-XB-OVL", "TTS-SEA-SFCR-TARGET"), XB))
    assert "TTS-SEA-SFCR-TARGET unknown warning" in found
    assert "TTS-XB-OVL breached critical" not in found
