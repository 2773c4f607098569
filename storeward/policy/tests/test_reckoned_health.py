"""Account health, points, scores, violations and appeals, each answer reckoned by hand from the specification."""

from typing import Any

import pytest

from storeward.policy.tests.cast import Sample, judged

AHR = ("TTS-US-AHR-CAUTION", "TTS-US-AHR-150", "TTS-US-AHR-100", "TTS-US-AHR-50", "TTS-US-AHR-0", "TTS-US-AHR-QUIZ-MILESTONE")
CAREFUL, M150, M100, M50, M0, QUIZ = AHR
TIERS = ("TTS-SEA-VP-12", "TTS-SEA-VP-24", "TTS-SEA-VP-36", "TTS-SEA-VP-48")
V12, V24, V36, V48 = TIERS
LEGACY = "TTS-US-VP48-LEGACY"
NOW = "2026-06-02T15:00:00Z"
XB = {"seller_type": "cross_border"}
CARE = f"{CAREFUL} breached warning"
OFFER = f"{QUIZ} action info"


def ahr(score: object, previous: object = None, as_of: str | None = "2026-06-02T12:00:00Z", **more: Any) -> dict[str, Any]:
    return {"ahr": {"score": score, "as_of": as_of, "previous": previous, **more}}


def enforced(milestone: int, start: str, end: str) -> dict[str, Any]:
    return {"milestone": milestone, "started_at": start, "ends_at": end}


# (score, previous, findings); lower milestones that were passed long ago may be left out, and are.
SCORES: list[tuple[object, object, set[str]]] = [
    (1000, None, set()),
    (200, 210, set()),
    (199, 200, {CARE}),
    (171, 172, {CARE}),
    ("170.5", None, {CARE}),
    (170, 171, {CARE, f"{M150} at_risk warning"}),
    (151, None, {CARE, f"{M150} at_risk warning"}),
    (150, 151, {f"{M150} breached critical", OFFER}),
    ("1.5e2", None, {f"{M150} breached critical", OFFER}),
    (121, 122, {f"{M150} breached critical", OFFER}),
    (120, 122, {f"{M150} breached critical", f"{M100} at_risk warning", OFFER}),
    (101, 102, {f"{M150} breached critical", f"{M100} at_risk warning", OFFER}),
    (100, 101, {f"{M100} breached critical", OFFER}),
    (100, 100, {f"{M100} breached critical", OFFER}),
    (71, 80, {f"{M100} breached critical", OFFER}),
    (70, 80, {f"{M100} breached critical", f"{M50} at_risk warning", OFFER}),
    (50, 60, {f"{M50} breached critical", OFFER}),
    (21, 22, {f"{M50} breached critical", OFFER}),
    (20, 22, {f"{M50} breached critical", f"{M0} at_risk critical", OFFER}),
    (1, 2, {f"{M50} breached critical", f"{M0} at_risk critical", OFFER}),
    (0, 1, {f"{M0} breached fatal"}),
    (90, 160, {f"{M150} breached critical", f"{M100} breached critical", OFFER}),
    (90, 150, {f"{M100} breached critical", OFFER}),
    (0, 200, {f"{M150} breached critical", f"{M100} breached critical", f"{M50} breached critical", f"{M0} breached fatal"}),
    (160, 90, {CARE, f"{M150} at_risk warning"}),
]

HEALTH = [
    Sample("48 hours old to the second", "US", "2026-06-04T12:00:00Z", ahr(150), (f"{M150} breached critical",)),
    Sample("48 hours and a second old", "US", "2026-06-04T12:00:01Z", ahr(150), (f"{M150} unknown warning",), AHR),
    Sample("an old fine score", "US", "2026-06-09T12:00:00Z", ahr(900), (f"{M150} unknown warning",), AHR),
    Sample("no age given means fresh", "US", NOW, {"ahr": {"score": 150}}, (f"{M150} breached critical",)),
    Sample("an age of null means fresh", "US", NOW, ahr(150, as_of=None), (f"{M150} breached critical",)),
    Sample("no score delivered", "US", NOW, ahr(None), (f"{M150} unknown warning",), AHR),
    Sample("nothing delivered", "US", NOW, {"ahr": None}, (f"{M150} unknown warning",), AHR),
    Sample("not asked for", "US", NOW, {}, (), AHR),
    Sample("ten minutes ahead of our clock", "US", NOW, ahr(150, as_of="2026-06-02T15:10:00Z"), (f"{M150} breached critical",)),
    Sample("from after now", "US", NOW, ahr(150, as_of="2026-06-02T15:10:01Z"), (f"{M150} unknown warning",), AHR),
    Sample(
        "from a source of after now",
        "US",
        NOW,
        {"ahr": {"score": 150}, "sources": {"ahr": {"origin": "form", "as_of": "2026-06-03T00:00:00Z"}}},
        (f"{M150} unknown warning",),
        AHR,
    ),
    Sample(
        "an enforcement in its first second",
        "US",
        NOW,
        ahr(240, 230, enforcements=[enforced(100, NOW, "2026-06-16T15:00:00Z")]),
        (f"{M100} breached critical",),
        (M150, M50, M0, CAREFUL),
    ),
    Sample(
        "an enforcement in its last second",
        "US",
        NOW,
        ahr(240, 230, enforcements=[enforced(150, "2026-05-26T15:00:01Z", "2026-06-02T15:00:01Z")]),
        (f"{M150} breached critical",),
        (M100, M50, M0, CAREFUL),
    ),
    Sample(
        "an enforcement that has just ended",
        "US",
        NOW,
        ahr(240, 230, enforcements=[enforced(150, "2026-05-26T15:00:00Z", NOW)]),
        (),
        AHR,
    ),
    Sample(
        "an enforcement still to come",
        "US",
        NOW,
        ahr(240, 230, enforcements=[enforced(150, "2026-06-02T15:00:01Z", "2026-07-01T00:00:00Z")]),
        (),
        AHR,
    ),
    Sample(
        "two enforcements at once",
        "US",
        NOW,
        ahr(
            80,
            82,
            enforcements=[
                enforced(150, "2026-05-30T00:00:00Z", "2026-06-06T00:00:00Z"),
                enforced(100, "2026-06-01T00:00:00Z", "2026-06-15T00:00:00Z"),
            ],
        ),
        (f"{M150} breached critical", f"{M100} breached critical", OFFER),
        (M50, M0, CAREFUL),
    ),
    Sample(
        "an enforcement is known though the score is not",
        "US",
        NOW,
        ahr(None, enforcements=[enforced(50, "2026-06-01T00:00:00Z", "2026-06-29T00:00:00Z")]),
        (f"{M50} breached critical", f"{M150} unknown warning"),
        (M0, M100, CAREFUL),
    ),
    Sample(
        "the rating began on 31 March 2025 in Los Angeles",
        "US",
        "2025-03-31T07:00:00Z",
        ahr(100, as_of=None),
        (f"{M100} breached critical",),
    ),
    Sample("a second before that day", "US", "2025-03-31T06:59:59Z", ahr(100, as_of=None), (), AHR),
    Sample("a closed store keeps its rating", "US", NOW, ahr(0), (f"{M0} breached fatal",), (), {"status": "closed_by_platform"}),
    Sample("it is no rating of South East Asia", "MY", NOW, ahr(0), (), (*AHR, "TTS-UK-AHR")),
    Sample("the UK at 171", "UK", NOW, ahr(171), (), (*AHR, "TTS-UK-AHR")),
    Sample("the UK at 170", "UK", NOW, ahr(170), ("TTS-UK-AHR at_risk warning",), AHR),
    Sample("the UK at 151", "UK", NOW, ahr(151), ("TTS-UK-AHR at_risk warning",), AHR),
    Sample("the UK at 150", "UK", NOW, ahr(150), ("TTS-UK-AHR breached critical",), AHR),
    Sample("the UK at 0", "UK", NOW, ahr(0, 160), ("TTS-UK-AHR breached critical",), AHR),
    Sample("the UK without a score", "UK", NOW, ahr(None), ("TTS-UK-AHR unknown warning",), AHR),
]


def points(*entries: tuple[object, str]) -> dict[str, Any]:
    return {"violation_points": [{"points": number, "issued_at": at} for number, at in entries]}


# (sum, the highest tier and the next one when it is near)
SUMS: list[tuple[object, set[str]]] = [
    (0, set()),
    (6, set()),
    (7, {f"{V12} at_risk info"}),
    (11, {f"{V12} at_risk info"}),
    (12, {f"{V12} breached warning"}),
    (18, {f"{V12} breached warning"}),
    (19, {f"{V12} breached warning", f"{V24} at_risk warning"}),
    (23, {f"{V12} breached warning", f"{V24} at_risk warning"}),
    (24, {f"{V24} breached critical"}),
    (30, {f"{V24} breached critical"}),
    (31, {f"{V24} breached critical", f"{V36} at_risk warning"}),
    (36, {f"{V36} breached critical"}),
    (42, {f"{V36} breached critical"}),
    (43, {f"{V36} breached critical", f"{V48} at_risk critical"}),
    (47, {f"{V36} breached critical", f"{V48} at_risk critical"}),
    (48, {f"{V48} breached fatal"}),
    ("9.6e1", {f"{V48} breached fatal"}),
]

POINTS = [
    Sample(
        "several entries add up",
        "TH",
        NOW,
        points((6, "2026-06-01T00:00:00Z"), (6, "2026-05-01T00:00:00Z")),
        (f"{V12} breached warning",),
    ),
    Sample(
        "ninety days less a second",
        "MY",
        "2026-05-01T23:59:59Z",
        points((12, "2026-02-01T00:00:00Z")),
        (f"{V12} breached warning",),
    ),
    Sample("ninety days", "MY", "2026-05-02T00:00:00Z", points((12, "2026-02-01T00:00:00Z")), (), TIERS),
    Sample(
        "one entry goes and the other stays",
        "VN",
        "2026-05-02T00:00:00Z",
        points((12, "2026-02-01T00:00:00Z"), (12, "2026-02-01T00:00:01Z")),
        (f"{V12} breached warning",),
        (V24, V36, V48),
    ),
    Sample(
        "after 48 nothing goes",  # 47 + 1 on the same day, long ago
        "ID",
        NOW,
        points((47, "2025-11-05T00:00:00Z"), (1, "2025-11-05T00:00:00Z")),
        (f"{V48} breached fatal",),
    ),
    Sample(
        "an entry that had gone does not help to reach 48",  # 30 of 1 November are gone on 30 January, the moment the 18 come
        "ID",
        "2026-02-10T00:00:00Z",
        points((30, "2025-11-01T00:00:00Z"), (18, "2026-01-30T00:00:00Z")),
        (f"{V12} breached warning",),
        (V24, V36, V48),
    ),
    Sample(
        "a second earlier it does",
        "ID",
        "2026-02-10T00:00:00Z",
        points((30, "2025-11-01T00:00:00Z"), (18, "2026-01-29T23:59:59Z")),
        (f"{V48} breached fatal",),
    ),
    Sample("points of after now", "SG", NOW, points((24, "2026-06-02T15:00:01Z")), (), TIERS),
    Sample("points of this moment", "SG", NOW, points((24, NOW)), (f"{V24} breached critical",)),
    Sample("none", "SG", NOW, {"violation_points": []}, (), TIERS),
    Sample("not known", "SG", NOW, {"violation_points": None}, (f"{V12} unknown warning",), TIERS),
    Sample("an entry without its points", "SG", NOW, points((None, "2026-06-01T00:00:00Z")), (f"{V12} unknown warning",), TIERS),
    Sample(
        "the tiers began on 31 October 2025",
        "PH",
        "2025-10-30T16:00:00Z",
        points((36, "2025-10-01T00:00:00Z")),
        (f"{V36} breached critical",),
    ),
    Sample("a second before that day", "PH", "2025-10-30T15:59:59Z", points((36, "2025-10-01T00:00:00Z")), (), TIERS),
    Sample(
        "violations are not added up", "PH", NOW, {"violations": [{"id": "v", "status": "enforced", "points": 48}]}, (), TIERS
    ),
    Sample(
        "the old table of the US in its last second",
        "US",
        "2025-03-31T06:59:59Z",
        points((48, "2025-01-05T00:00:00Z")),
        (f"{LEGACY} breached fatal",),
        TIERS,
    ),
    Sample("the day the table ended", "US", "2025-03-31T07:00:00Z", points((48, "2025-01-05T00:00:00Z")), (), (*TIERS, LEGACY)),
    Sample(
        "47 points had no lead there", "US", "2025-03-01T00:00:00Z", points((47, "2025-01-05T00:00:00Z")), (), (*TIERS, LEGACY)
    ),
    Sample(
        "across the border it is the same", "MY", NOW, points((24, "2026-06-01T00:00:00Z")), (f"{V24} breached critical",), (), XB
    ),
    Sample(
        "linked stores",
        "MY",
        NOW,
        {
            "linked_stores": [
                {"store_id": "a", "violation_open": True},
                {"store_id": "b", "violation_open": False},
                {"store_id": "c", "violation_open": None},
            ]
        },
        ("TTS-SEA-ASSOC at_risk warning - a", "TTS-SEA-ASSOC unknown warning - c"),
    ),
]

RATING, SPS, BAND = "TTS-SEA-STORE-RATING", "TTS-US-SPS", "TTS-XB-SPS"


def score(name: str, value: object, as_of: str | None = "2026-06-02T00:00:00Z", **more: Any) -> dict[str, Any]:
    return {"scores": {name: {"value": value, "as_of": as_of, **more}}}


SCORE_ROWS = [
    Sample("a rating of 3.0", "VN", NOW, score("store_rating", 3.0), (f"{RATING} breached warning",)),
    Sample("a rating of 3.01", "VN", NOW, score("store_rating", "3.01"), (), (RATING,)),
    Sample("a rating of 5", "TH", NOW, score("store_rating", 5), (), (RATING,)),
    Sample("a rating of 0", "TH", NOW, score("store_rating", 0), (f"{RATING} breached warning",)),
    Sample("a rating not known", "ID", NOW, score("store_rating", None), (f"{RATING} unknown warning",)),
    Sample("no rating at all", "ID", NOW, {"scores": {"store_rating": None}}, (f"{RATING} unknown warning",)),
    Sample("too few orders", "ID", NOW, score("store_rating", None, not_scored=True), (), (RATING,)),
    Sample("an old rating", "ID", "2026-06-04T00:00:01Z", score("store_rating", 4.9), (f"{RATING} unknown warning",)),
    Sample("a rating of 48 hours ago", "ID", "2026-06-04T00:00:00Z", score("store_rating", 2), (f"{RATING} breached warning",)),
    Sample("before its first day", "MY", "2025-10-16T15:59:59Z", score("store_rating", 1, None), (), (RATING,)),
    Sample("on its first day", "MY", "2025-10-16T16:00:00Z", score("store_rating", 1, None), (f"{RATING} breached warning",)),
    Sample("the US does not read it", "US", NOW, score("store_rating", 1), (), (RATING, SPS)),
    Sample("a performance score of 2.5", "US", NOW, score("shop_performance_score", 2.5), (), (SPS,)),
    Sample("a performance score of 2.49", "US", NOW, score("shop_performance_score", "2.49"), (f"{SPS} breached warning",)),
    Sample("a performance score not known", "US", NOW, score("shop_performance_score", None), (f"{SPS} unknown warning",)),
    Sample("Malaysia does not read it", "MY", NOW, score("shop_performance_score", 1), (), (SPS, RATING)),
    Sample("needs attention", "MY", NOW, score("shop_experience_score", "needs attention"), (f"{BAND} breached info",), (), XB),
    Sample("poor", "VN", NOW, score("shop_experience_score", "poor"), (f"{BAND} breached info",), (), XB),
    Sample("good", "SG", NOW, score("shop_experience_score", "good"), (), (BAND,), XB),
    Sample("excellent", "SG", NOW, score("shop_experience_score", "excellent"), (), (BAND,), XB),
    Sample(
        "a band that nobody knows", "SG", NOW, score("shop_experience_score", "splendid"), (f"{BAND} unknown warning",), (), XB
    ),
    Sample("a local seller has no such band", "SG", NOW, score("shop_experience_score", "poor"), (), (BAND,)),
    Sample("nor has Indonesia", "ID", NOW, score("shop_experience_score", "poor"), (), (BAND,), XB),
]

A1, A2, PENDING, STOP = "TTS-SEA-APPEAL-1", "TTS-SEA-APPEAL-2", "TTS-US-AHR-PENDING", "TTS-SEA-REVIEW-STOP-APPEAL"
US1, US2, POLICY_QUIZ = "TTS-US-APPEAL-1", "TTS-US-APPEAL-2", "TTS-US-AHR-QUIZ-POLICY"


def violation(status: str | None, notified: str | None = "2026-04-01T05:00:00Z", **more: Any) -> dict[str, Any]:
    return {"violations": [{"id": "v", "status": status, "notified_at": notified, "appeals": [], **more}]}


def filed(at: str | None, rejected: str | None = None) -> dict[str, Any]:
    return {"filed_at": at, "rejected_at": rejected}


# Notice on 1 April 05:00 UTC: first appeal until 1 May 05:00, lead from 24 April.
APPEALS = [
    Sample("before the lead", "TH", "2026-04-24T04:59:59Z", violation("enforced"), (), (A1, A2)),
    Sample(
        "at the lead",
        "TH",
        "2026-04-24T05:00:00Z",
        violation("enforced"),
        (f"{A1} at_risk warning 2026-05-01T05:00:00Z v",),
        (A2,),
    ),
    Sample("a day left", "PH", "2026-04-30T05:00:00Z", violation("enforced"), (f"{A1} at_risk critical 2026-05-01T05:00:00Z v",)),
    Sample(
        "the last moment", "PH", "2026-05-01T05:00:00Z", violation("enforced"), (f"{A1} at_risk critical 2026-05-01T05:00:00Z v",)
    ),
    Sample("missed", "PH", "2026-05-01T05:00:01Z", violation("enforced"), (f"{A1} breached critical 2026-05-01T05:00:00Z v",)),
    Sample(
        "filed at the last moment",
        "PH",
        "2026-06-01T00:00:00Z",
        violation("under_appeal", appeals=[filed("2026-05-01T05:00:00Z")]),
        (),
        (A1, A2),
    ),
    Sample(
        "filed a second late",
        "PH",
        "2026-06-01T00:00:00Z",
        violation("under_appeal", appeals=[filed("2026-05-01T05:00:01Z")]),
        (f"{A1} breached critical 2026-05-01T05:00:00Z v",),
        (A2,),
    ),
    Sample(
        "filed after now",
        "PH",
        "2026-04-25T00:00:00Z",
        violation("enforced", appeals=[filed("2026-04-26T00:00:00Z")]),
        (f"{A1} at_risk warning 2026-05-01T05:00:00Z v",),
    ),
    Sample("without a notice", "PH", "2026-06-01T00:00:00Z", violation("enforced", None), (), (A1, A2)),
    Sample("a pending one is not yet to appeal", "PH", "2026-06-01T00:00:00Z", violation("pending"), (), (A1, A2, PENDING)),
    Sample("overturned", "PH", "2026-06-01T00:00:00Z", violation("overturned"), (), (A1, A2)),
    Sample("corrected", "PH", "2026-06-01T00:00:00Z", violation("corrected"), (), (A1, A2)),
    Sample("closed", "PH", "2026-06-01T00:00:00Z", violation("closed"), (), (A1, A2)),
    # refused on 2 May 04:20 UTC: second appeal until 17 May 04:20, lead from 10 May
    Sample(
        "refused, before the lead",
        "ID",
        "2026-05-10T04:19:59Z",
        violation("enforced", appeals=[filed("2026-04-05T05:00:00Z", "2026-05-02T04:20:00Z")]),
        (),
        (A1, A2),
    ),
    Sample(
        "refused, at the lead",
        "ID",
        "2026-05-10T04:20:00Z",
        violation("enforced", appeals=[filed("2026-04-05T05:00:00Z", "2026-05-02T04:20:00Z")]),
        (f"{A2} at_risk warning 2026-05-17T04:20:00Z v",),
        (A1,),
    ),
    Sample(
        "refused, the last moment",
        "ID",
        "2026-05-17T04:20:00Z",
        violation("enforced", appeals=[filed("2026-04-05T05:00:00Z", "2026-05-02T04:20:00Z")]),
        (f"{A2} at_risk critical 2026-05-17T04:20:00Z v",),
        (A1,),
    ),
    Sample(
        "both filed",
        "ID",
        "2026-06-17T04:20:00Z",
        violation("under_appeal", appeals=[filed("2026-04-05T05:00:00Z", "2026-05-02T04:20:00Z"), filed("2026-05-17T04:20:00Z")]),
        (),
        (A1, A2),
    ),
    Sample(
        "the second a second late",
        "ID",
        "2026-06-17T04:20:00Z",
        violation("under_appeal", appeals=[filed("2026-04-05T05:00:00Z", "2026-05-02T04:20:00Z"), filed("2026-05-17T04:20:01Z")]),
        (f"{A2} breached critical 2026-05-17T04:20:00Z v",),
        (A1,),
    ),
    Sample(
        "a refusal after now is not known",
        "ID",
        "2026-05-01T00:00:00Z",
        violation("under_appeal", appeals=[filed("2026-04-05T05:00:00Z", "2026-05-02T04:20:00Z")]),
        (),
        (A1, A2),
    ),
    Sample(
        "both refused",
        "ID",
        "2026-08-17T04:20:00Z",
        violation(
            "enforced",
            appeals=[
                filed("2026-04-05T05:00:00Z", "2026-05-02T04:20:00Z"),
                filed("2026-05-16T00:00:00Z", "2026-06-01T00:00:00Z"),
            ],
        ),
        (),
        (A1, A2),
    ),
    Sample(
        "a notice of after now",
        "ID",
        "2026-03-31T00:00:00Z",
        violation("enforced", category="ip_infringement"),
        (),
        (A1, "TTS-SEA-VPCAT-IP"),
    ),
    # 1 March 10:00 PST plus 30 days is 31 March 10:00 PDT, an hour sooner in UTC
    Sample(
        "thirty days over the begin of summer time",
        "US",
        "2026-03-31T17:00:01Z",
        violation("enforced", "2026-03-01T18:00:00Z"),
        (f"{US1} breached critical 2026-03-31T17:00:00Z v",),
        (A1, US2),
    ),
    Sample(
        "fifteen days over its end",
        "US",
        "2026-11-10T18:00:00Z",
        violation("enforced", "2026-10-01T16:00:00Z", appeals=[filed("2026-10-02T00:00:00Z", "2026-10-26T17:00:00Z")]),
        (f"{US2} at_risk critical 2026-11-10T18:00:00Z v",),
        (A2, US1),
    ),
    Sample("the UK has no such rows", "UK", "2026-08-01T00:00:00Z", violation("enforced"), (), (A1, A2, US1, US2)),
    Sample(
        "every status of the store",
        "MY",
        "2026-05-01T05:00:01Z",
        violation("enforced"),
        (f"{A1} breached critical 2026-05-01T05:00:00Z v",),
        (),
        {"status": "closed_by_platform"},
    ),
]

# A ticket until 1 September 06:59:59 UTC.
DEADLINE = "2026-09-01T06:59:59Z"
TICKETS = [
    Sample("before the lead", "US", "2026-08-25T06:59:58Z", violation("pending", deadline=DEADLINE), (), (PENDING, US1)),
    Sample(
        "at the lead",
        "US",
        "2026-08-25T06:59:59Z",
        violation("pending", deadline=DEADLINE),
        (f"{PENDING} at_risk warning {DEADLINE} v",),
        (US1,),
    ),
    Sample(
        "a day left",
        "US",
        "2026-08-31T06:59:59Z",
        violation("pending", deadline=DEADLINE),
        (f"{PENDING} at_risk critical {DEADLINE} v",),
    ),
    Sample(
        "the last moment", "US", DEADLINE, violation("pending", deadline=DEADLINE), (f"{PENDING} at_risk critical {DEADLINE} v",)
    ),
    Sample(
        "missed",
        "US",
        "2026-09-01T07:00:00Z",
        violation("pending", deadline=DEADLINE),
        (f"{PENDING} breached critical {DEADLINE} v",),
    ),
    Sample(
        "without a notice it is judged all the same",
        "US",
        "2026-09-01T07:00:00Z",
        violation("pending", None, deadline=DEADLINE),
        (f"{PENDING} breached critical {DEADLINE} v",),
    ),
    Sample(
        "no deadline known",
        "US",
        "2026-08-25T00:00:00Z",
        violation("pending", deadline=None),
        (f"{PENDING} unknown warning - v",),
    ),
    Sample("no deadline given", "US", "2026-08-25T00:00:00Z", violation("pending"), (f"{PENDING} unknown warning - v",)),
    Sample(
        "a ticket that was corrected", "US", "2026-09-02T00:00:00Z", violation("corrected", deadline=DEADLINE), (), (PENDING,)
    ),
    Sample("tickets are of the US", "MY", "2026-09-02T00:00:00Z", violation("pending", deadline=DEADLINE), (), (PENDING,)),
    Sample(
        "a quiz is open",
        "US",
        "2026-08-02T00:00:00Z",
        violation("enforced", "2026-08-01T00:00:00Z", quiz_open=True),
        (f"{POLICY_QUIZ} action info - v",),
    ),
    Sample(
        "no quiz",
        "US",
        "2026-08-02T00:00:00Z",
        violation("enforced", "2026-08-01T00:00:00Z", quiz_open=False),
        (),
        (POLICY_QUIZ,),
    ),
    Sample(
        "whether there is a quiz is not known",
        "US",
        "2026-08-02T00:00:00Z",
        violation("enforced", "2026-08-01T00:00:00Z", quiz_open=None),
        (f"{POLICY_QUIZ} unknown warning - v",),
    ),
    Sample(
        "a quiz in Malaysia",
        "MY",
        "2026-08-02T00:00:00Z",
        violation("enforced", "2026-08-01T00:00:00Z", quiz_open=True),
        (),
        (POLICY_QUIZ,),
    ),
]

# Category, row, severity: the whole of the last line of section 6 for TikTok Shop.
CATEGORIES = [
    ("missing_qualification", "TTS-SEA-VPCAT-QUAL-MISSING", "critical"),
    ("expired_qualification", "TTS-SEA-VPCAT-QUAL-EXPIRED", "critical"),
    ("inauthentic_qualification", "TTS-SEA-VPCAT-QUAL-FAKE", "fatal"),
    ("ip_infringement", "TTS-SEA-VPCAT-IP", "critical"),
    ("counterfeit_products", "TTS-SEA-VPCAT-COUNTERFEIT", "fatal"),
    ("knockoff_products", "TTS-SEA-VPCAT-KNOCKOFF", "warning"),
    ("wrong_category", "TTS-SEA-VPCAT-CATEGORY", "warning"),
    ("prohibited_products", "TTS-SEA-VPCAT-PROHIBITED", "fatal"),
    ("unsupported_products", "TTS-SEA-VPCAT-UNSUPPORTED", "critical"),
    ("listing_guideline_breach", "TTS-SEA-VPCAT-LISTING", "warning"),
    ("significantly_not_as_described", "TTS-SEA-VPCAT-SNAD", "critical"),
    ("reproduced_content", "TTS-SEA-VPCAT-CONTENT-REUSED", "fatal"),
    ("prohibited_product_promotion", "TTS-SEA-VPCAT-CONTENT-PROHIBITED", "critical"),
    ("inconsistent_promotion", "TTS-SEA-VPCAT-CONTENT-INCONSISTENT", "critical"),
    ("activity_forbidden_by_law", "TTS-SEA-VPCAT-ILLEGAL", "fatal"),
    ("inappropriate_customer_communication", "TTS-SEA-COMM-POINTS", "critical"),
]


@pytest.mark.parametrize(("value", "previous", "says"), SCORES)
def test_each_score_has_its_milestones(value: object, previous: object, says: set[str]) -> None:
    assert set(judged(Sample("", "US", NOW, ahr(value, previous), (), AHR))) == says


@pytest.mark.parametrize("sample", HEALTH, ids=lambda sample: sample.title)
def test_the_account_health_is_judged_as_it_is_known(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("region", ["MY", "ID"])
@pytest.mark.parametrize(("total", "says"), SUMS)
def test_each_sum_of_points_has_its_tier(total: object, says: set[str], region: str) -> None:
    assert set(judged(Sample("", region, NOW, points((total, "2026-06-01T00:00:00Z")), (), TIERS))) == says


@pytest.mark.parametrize("sample", POINTS, ids=lambda sample: sample.title)
def test_points_count_while_they_live(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("sample", SCORE_ROWS, ids=lambda sample: sample.title)
def test_a_score_breaks_the_row_of_its_market(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("sample", APPEALS, ids=lambda sample: sample.title)
def test_two_appeals_have_two_clocks(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("sample", TICKETS, ids=lambda sample: sample.title)
def test_a_ticket_and_its_quiz_are_of_the_us(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("status", ["pending", "enforced", "under_appeal", "overturned", "corrected", "closed"])
@pytest.mark.parametrize(("category", "rule", "severity"), CATEGORIES)
def test_an_open_violation_breaks_the_row_of_its_category(category: str, rule: str, severity: str, status: str) -> None:
    facts = violation(status, category=category)
    others = tuple(other for _, other, _ in CATEGORIES)
    is_open = status in ("pending", "enforced", "under_appeal")
    expected = [f"{rule} breached {severity} - v"] if is_open else []
    assert judged(Sample("", "TH", "2026-04-02T00:00:00Z", facts, (), others)) == expected
    assert judged(Sample("", "US", "2026-04-02T00:00:00Z", facts, (), others)) == []


@pytest.mark.parametrize(
    ("region", "store", "notified", "holds"),
    [
        ("MY", XB, "2026-04-01T00:00:00Z", True),
        ("MY", {}, "2026-04-01T00:00:00Z", False),
        ("ID", XB, "2026-04-01T00:00:00Z", False),
        ("SG", XB, "2025-10-19T16:00:00Z", True),
        ("SG", XB, "2025-10-19T15:59:59Z", False),
    ],
)
def test_complaints_are_a_matter_across_the_border(region: str, store: dict[str, Any], notified: str, holds: bool) -> None:
    facts = violation("pending", notified, category="serious_customer_complaints")
    found = judged(Sample("", region, "2026-04-02T00:00:00Z", facts, (), ("TTS-SEA-COMPLAINT-AFFIL",), store))
    assert found == (["TTS-SEA-COMPLAINT-AFFIL breached critical - v"] if holds else [])


@pytest.mark.parametrize(
    ("status", "appeals", "told"),
    [
        ("enforced", [], True),
        ("under_appeal", [], True),
        ("pending", [], False),
        ("closed", [], False),
        ("under_appeal", [filed("2026-04-02T00:00:00Z")], False),
        ("enforced", [filed(None)], True),
        ("enforced", [filed("2026-04-09T00:00:00Z")], True),
    ],
)
def test_a_penalty_for_reviews_asks_to_stop_until_somebody_appeals(status: str, appeals: list[Any], told: bool) -> None:
    facts = violation(status, category="review_manipulation", appeals=appeals)
    found = judged(Sample("", "PH", "2026-04-08T00:00:00Z", facts, (), (STOP,)))
    assert found == ([f"{STOP} breached warning - v"] if told else [])


def test_a_violation_given_twice_is_one_finding() -> None:
    one = violation("enforced", category="ip_infringement")["violations"][0]
    found = judged(Sample("", "MY", "2026-05-02T00:00:00Z", {"violations": [one, one]}, (), ("TTS-SEA-VPCAT-IP", A1)))
    assert found == [f"{A1} breached critical 2026-05-01T05:00:00Z v", "TTS-SEA-VPCAT-IP breached critical - v"]
