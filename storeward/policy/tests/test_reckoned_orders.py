"""Dispatch, collection and delivery of orders, each due instant reckoned by hand from the calendar and the specification.

August 2026: the 3rd is a Monday. Kuala Lumpur, Manila and Singapore are UTC+8 (a day ends 15:59:59 UTC), Bangkok, Ho Chi Minh and
Jakarta UTC+7 (16:59:59 UTC), Los Angeles UTC-7 in summer (06:59:59 UTC) and UTC-8 in winter (07:59:59 UTC).
"""

from typing import Any

import pytest

from storeward.policy.tests.cast import Sample, judged

SHIP, RTS, COLLECT = "TTS-SEA-SHIP-2WD", "TTS-SEA-AUTOCANCEL-RTS", "TTS-SEA-AUTOCANCEL-COLLECT"
SEA_LOCAL = (SHIP, RTS, COLLECT, "TTS-VN-SHIP-CUT14", "TTS-TH-SDD", "TTS-SEA-PREORDER-SHIP")
ABROAD = ("TTS-XB-SHIP-48H", "TTS-XB-SHIP-3CD", "TTS-XB-SHIP-96H-LEGACY")
US = ("TTS-US-SHIP-2BD", "TTS-US-SHIP-INTRANSIT", "TTS-US-AUTOCANCEL-7BD", "TTS-US-DELIVER-6BD")
EVERY = (*SEA_LOCAL, *ABROAD, *US, "TTS-UK-LDR")
OPEN = {"rts_at": None, "shipped_at": None}
XB = {"seller_type": "cross_border"}


def orders(placed: str, holidays: list[str] | None = None, type: str = "standard", **more: Any) -> dict[str, Any]:
    """One open order and the given holidays; none where `holidays` is not given."""
    order = {"order_id": "o", "placed_at": placed, "type": type, **OPEN, **more}
    return {"orders": [order], "holidays": holidays or []}


def own(placed: str, **more: Any) -> dict[str, Any]:
    """The same without a list of holidays: the product's own calendar decides."""
    facts = orders(placed, **more)
    del facts["holidays"]
    return facts


# Monday 3 August 10:00 in Kuala Lumpur: wd 2 is Wednesday the 5th, wd 3 Thursday the 6th.
MONDAY = "2026-08-03T02:00:00Z"
BOUNDARIES = [
    Sample("a second before the lead", "MY", "2026-08-04T15:59:58Z", orders(MONDAY), (), EVERY),
    Sample(
        "at the lead, which is also 24 hours",
        "MY",
        "2026-08-04T15:59:59Z",
        orders(MONDAY),
        (f"{SHIP} at_risk warning 2026-08-05T15:59:59Z o", f"{RTS} at_risk critical 2026-08-05T15:59:59Z o"),
        EVERY,
    ),
    Sample(
        "at the due moment itself",
        "MY",
        "2026-08-05T15:59:59Z",
        orders(MONDAY),
        (
            f"{SHIP} at_risk warning 2026-08-05T15:59:59Z o",
            f"{RTS} at_risk critical 2026-08-05T15:59:59Z o",
            f"{COLLECT} at_risk critical 2026-08-06T15:59:59Z o",
        ),
        EVERY,
    ),
    Sample(
        "half a second after it",
        "MY",
        "2026-08-05T15:59:59.500Z",
        orders(MONDAY),
        (
            f"{SHIP} breached warning 2026-08-05T15:59:59Z o",
            f"{RTS} breached critical 2026-08-05T15:59:59Z o",
            f"{COLLECT} at_risk critical 2026-08-06T15:59:59Z o",
        ),
        EVERY,
    ),
    Sample(
        "long after all",
        "MY",
        "2026-09-30T00:00:00Z",
        orders(MONDAY),
        (
            f"{SHIP} breached warning 2026-08-05T15:59:59Z o",
            f"{RTS} breached critical 2026-08-05T15:59:59Z o",
            f"{COLLECT} breached critical 2026-08-06T15:59:59Z o",
        ),
        EVERY,
    ),
]

CALENDAR = [
    Sample(
        "the last second of Monday is Monday",
        "SG",
        "2026-08-06T00:00:00Z",
        orders("2026-08-03T15:59:59Z"),
        (f"{SHIP} breached warning 2026-08-05T15:59:59Z o",),
    ),
    Sample(
        "midnight is Tuesday",
        "SG",
        "2026-08-06T00:00:00Z",
        orders("2026-08-03T16:00:00Z"),
        (f"{SHIP} at_risk warning 2026-08-06T15:59:59Z o",),
    ),
    Sample(
        "Thursday waits for Monday",  # 6 August: Friday 7 is 1, Monday 10 is 2, Tuesday 11 is 3
        "PH",
        "2026-08-10T02:00:00Z",
        orders("2026-08-06T02:00:00Z"),
        (f"{SHIP} at_risk warning 2026-08-10T15:59:59Z o", f"{RTS} at_risk critical 2026-08-10T15:59:59Z o"),
        (COLLECT,),
    ),
    Sample(
        "Saturday and Sunday have Monday as their first day",
        "PH",
        "2026-08-11T16:00:00Z",
        orders("2026-08-08T02:00:00Z"),
        (f"{SHIP} breached warning 2026-08-11T15:59:59Z o", f"{COLLECT} at_risk critical 2026-08-12T15:59:59Z o"),
    ),
    Sample(
        "two holidays in a row",  # Monday 3 August; 4 and 5 off: Thursday 6 is 1, Friday 7 is 2, Monday 10 is 3
        "TH",
        "2026-08-07T10:00:00Z",
        orders("2026-08-03T03:00:00Z", ["2026-08-04", "2026-08-05"]),
        (f"{SHIP} at_risk warning 2026-08-07T16:59:59Z o",),
        (COLLECT,),
    ),
    Sample(
        "a holiday on a Saturday changes nothing",
        "TH",
        "2026-08-10T10:00:00Z",
        orders("2026-08-06T03:00:00Z", ["2026-08-08"]),
        (f"{SHIP} at_risk warning 2026-08-10T16:59:59Z o",),
    ),
    Sample(
        "a holiday on the order day changes nothing",
        "ID",
        "2026-08-05T10:00:00Z",
        orders("2026-08-03T03:00:00Z", ["2026-08-03"]),
        (f"{SHIP} at_risk warning 2026-08-05T16:59:59Z o",),
    ),
    Sample(
        "a holiday given twice counts once",
        "ID",
        "2026-08-06T10:00:00Z",
        orders("2026-08-03T03:00:00Z", ["2026-08-04", "2026-08-04"]),
        (f"{SHIP} at_risk warning 2026-08-06T16:59:59Z o",),
    ),
    Sample(
        "the list given replaces the national day",  # 31 August 2026 is a Monday
        "MY",
        "2026-09-01T02:00:00Z",
        orders("2026-08-28T02:00:00Z", ["2026-12-25"]),
        (f"{SHIP} at_risk warning 2026-09-01T15:59:59Z o",),
    ),
    Sample(
        "without a list the product knows the national day",  # Friday 28; Tuesday 1 September is 1, Wednesday is 2
        "MY",
        "2026-09-02T02:00:00Z",
        own("2026-08-28T02:00:00Z"),
        (f"{SHIP} at_risk warning 2026-09-02T15:59:59Z o",),
    ),
    Sample(
        "Singapore's national day on a Sunday is off on Monday the 10th",  # Friday 7; Tuesday 11 is 1, Wednesday 12 is 2
        "SG",
        "2026-08-12T02:00:00Z",
        own("2026-08-07T02:00:00Z"),
        (f"{SHIP} at_risk warning 2026-08-12T15:59:59Z o",),
    ),
    Sample(
        "Indonesia's independence day",  # Friday 14; Monday 17 is off; Tuesday 18 is 1, Wednesday 19 is 2
        "ID",
        "2026-08-19T02:00:00Z",
        own("2026-08-14T02:00:00Z"),
        (f"{SHIP} at_risk warning 2026-08-19T16:59:59Z o",),
    ),
    Sample(
        "Thailand's mothers' day",  # Monday 10; Tuesday 11 is 1, Wednesday 12 is off, Thursday 13 is 2
        "TH",
        "2026-08-13T02:00:00Z",
        own("2026-08-10T02:00:00Z"),
        (f"{SHIP} at_risk warning 2026-08-13T16:59:59Z o",),
    ),
    Sample(
        "the Philippines' heroes' day",  # Friday 28; Monday 31 August is off; Wednesday 2 September is 2
        "PH",
        "2026-09-02T02:00:00Z",
        own("2026-08-28T02:00:00Z"),
        (f"{SHIP} at_risk warning 2026-09-02T15:59:59Z o",),
    ),
    Sample(
        "a store that works on Saturdays",  # Thursday 6; Friday 7 is 1, Saturday 8 is 2, Monday 10 is 3
        "MY",
        "2026-08-08T15:59:59Z",
        orders("2026-08-06T02:00:00Z"),
        (f"{SHIP} at_risk warning 2026-08-08T15:59:59Z o", f"{RTS} at_risk critical 2026-08-08T15:59:59Z o"),
        (COLLECT,),
        {"working_days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]},
    ),
    Sample(
        "a store with the northern week of its own choice",  # Wednesday 5; Thursday 6 is 1, Sunday 9 is 2
        "MY",
        "2026-08-09T02:00:00Z",
        orders("2026-08-05T02:00:00Z"),
        (f"{SHIP} at_risk warning 2026-08-09T15:59:59Z o",),
        (),
        {"working_days": ["Sun", "Mon", "Tue", "Wed", "Thu"]},
    ),
    Sample(
        "on TikTok Shop the state does not move the weekend",  # Thursday 6; Friday is 1, Monday is 2
        "MY",
        "2026-08-10T02:00:00Z",
        orders("2026-08-06T02:00:00Z"),
        (f"{SHIP} at_risk warning 2026-08-10T15:59:59Z o",),
        (),
        {"state": "Kedah"},
    ),
    Sample(
        "the store's zone closes the day and not the owner's",
        "TH",
        "2026-08-05T17:00:00Z",
        orders("2026-08-03T03:00:00Z"),
        (f"{SHIP} breached warning 2026-08-05T16:59:59Z o",),
        (),
        {"owner_timezone": "Asia/Kolkata"},
    ),
    Sample(
        "the store's zone may be another one than the market's",  # Kolkata, UTC+5:30: wd 2 ends 18:29:59 UTC
        "MY",
        "2026-08-05T18:29:59Z",
        orders(MONDAY),
        (f"{SHIP} at_risk warning 2026-08-05T18:29:59Z o",),
        (),
        {"timezone": "Asia/Kolkata"},
    ),
]

# Judged on Thursday 6 August 00:00 UTC, eight hours after wd 2 and sixteen before wd 3.
THURSDAY = "2026-08-06T00:00:00Z"
LATE_SHIP = f"{SHIP} breached warning 2026-08-05T15:59:59Z o"
LATE_RTS = f"{RTS} breached critical 2026-08-05T15:59:59Z o"
SOON_COLLECT = f"{COLLECT} at_risk critical 2026-08-06T15:59:59Z o"
IN_TIME, LATE = "2026-08-05T15:59:59Z", "2026-08-05T16:00:00Z"
STEPS: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("nothing done", {"rts_at": None, "shipped_at": None}, (LATE_SHIP, LATE_RTS, SOON_COLLECT)),
    ("shipped in the last second", {"rts_at": None, "shipped_at": IN_TIME}, ()),
    ("shipped a second late", {"rts_at": IN_TIME, "shipped_at": LATE}, (LATE_SHIP,)),
    ("both a second late", {"rts_at": LATE, "shipped_at": LATE}, (LATE_SHIP, LATE_RTS)),
    ("ready in time and not shipped", {"rts_at": IN_TIME, "shipped_at": None}, (LATE_SHIP, SOON_COLLECT)),
    (
        "tracking stands in for ready",
        {"rts_at": None, "tracking_added_at": IN_TIME, "shipped_at": None},
        (LATE_SHIP, SOON_COLLECT),
    ),
    ("a pick-up arranged stands in for ready", {"arranged_at": IN_TIME, "shipped_at": None}, (LATE_SHIP, SOON_COLLECT)),
    ("a courier's scan stands in for shipped", {"rts_at": None, "shipped_at": None, "scanned_at": IN_TIME}, ()),
    ("delivered stands in for all", {"delivered_at": IN_TIME}, ()),
    ("delivered late stands in for all, late", {"delivered_at": LATE}, (LATE_SHIP, LATE_RTS)),
    ("the earlier of two steps counts", {"rts_at": LATE, "shipped_at": IN_TIME}, ()),
    ("a later step that is not yet done is enough to judge", {"delivered_at": None}, (LATE_SHIP, LATE_RTS, SOON_COLLECT)),
    ("an earlier step says nothing of a later one", {"rts_at": None}, (LATE_RTS,)),
    ("an earlier step in time says nothing of a later one", {"rts_at": IN_TIME}, ()),
    ("no step given", {}, ()),
    ("shipped after now is not known", {"rts_at": IN_TIME, "shipped_at": "2026-08-06T00:00:01Z"}, (LATE_SHIP, SOON_COLLECT)),
    ("cancelled", {"rts_at": None, "shipped_at": None, "cancelled_at": "2026-08-04T00:00:00Z"}, ()),
    ("cancelled after it was late", {"rts_at": None, "shipped_at": None, "cancelled_at": "2026-08-05T20:00:00Z"}, ()),
    ("cancelled at this moment", {"rts_at": None, "shipped_at": None, "cancelled_at": THURSDAY}, ()),
    (
        "a cancellation after now is not known",
        {"rts_at": None, "shipped_at": None, "cancelled_at": "2026-08-06T00:00:01Z"},
        (LATE_SHIP, LATE_RTS, SOON_COLLECT),
    ),
    ("not cancelled", {"rts_at": None, "shipped_at": None, "cancelled_at": None}, (LATE_SHIP, LATE_RTS, SOON_COLLECT)),
]

# Who is asked: (region, store, order type), judged late, and the rows that are broken.
WHO: list[tuple[str, dict[str, Any], str, set[str]]] = [
    ("MY", {}, "standard", {SHIP, RTS, COLLECT}),
    ("PH", {}, "standard", {SHIP, RTS, COLLECT}),
    ("TH", {}, "standard", {SHIP, RTS, COLLECT}),
    ("SG", {}, "standard", {SHIP, RTS, COLLECT}),
    ("ID", {}, "standard", {SHIP, RTS, COLLECT}),
    ("VN", {}, "standard", {"TTS-VN-SHIP-CUT14", RTS, COLLECT}),
    ("UK", {}, "standard", {"TTS-UK-LDR"}),
    ("UK", XB, "standard", {"TTS-UK-LDR"}),
    ("US", {}, "standard", {"TTS-US-SHIP-INTRANSIT", "TTS-US-AUTOCANCEL-7BD", "TTS-US-DELIVER-6BD"}),
    ("US", XB, "standard", {"TTS-US-SHIP-INTRANSIT", "TTS-US-AUTOCANCEL-7BD", "TTS-US-DELIVER-6BD"}),
    ("US", {}, "made_to_order", {"TTS-US-AUTOCANCEL-7BD", "TTS-US-DELIVER-6BD"}),
    ("US", {}, "backorder", {"TTS-US-AUTOCANCEL-7BD", "TTS-US-DELIVER-6BD"}),
    ("US", {}, "custom", {"TTS-US-AUTOCANCEL-7BD", "TTS-US-DELIVER-6BD"}),
    ("US", {}, "pre_order", {"TTS-US-AUTOCANCEL-7BD"}),
    ("MY", {}, "pre_order", {"TTS-SEA-PREORDER-SHIP"}),
    ("VN", {}, "pre_order", {"TTS-SEA-PREORDER-SHIP"}),
    ("MY", {}, "made_to_order", set()),
    ("MY", {}, "custom", set()),
    ("UK", {}, "pre_order", set()),
    ("TH", {"programme": "same_day"}, "standard", {SHIP, RTS, COLLECT, "TTS-TH-SDD"}),
    ("TH", {"programme": "same_day"}, "pre_order", {"TTS-SEA-PREORDER-SHIP"}),
    ("TH", {"programme": "same_day", **XB}, "standard", {"TTS-XB-SHIP-48H", "TTS-XB-SHIP-3CD"}),
    ("TH", {"programme": "managed"}, "standard", {SHIP, RTS, COLLECT}),
    ("MY", {"programme": "same_day"}, "standard", {SHIP, RTS, COLLECT}),
    ("MY", XB, "standard", {"TTS-XB-SHIP-48H", "TTS-XB-SHIP-3CD"}),
    ("VN", XB, "pre_order", {"TTS-XB-SHIP-48H", "TTS-XB-SHIP-3CD"}),
    ("SG", XB, "custom", {"TTS-XB-SHIP-48H", "TTS-XB-SHIP-3CD"}),
    ("ID", XB, "standard", set()),
    ("MY", {"status": "closed_by_platform"}, "standard", {SHIP, RTS, COLLECT}),
    ("MY", {"status": "not_opened"}, "standard", {SHIP, RTS, COLLECT}),
    ("MY", {"platform": "tiktok_shop"}, "standard", {SHIP, RTS, COLLECT}),
    ("MY", {"platform": "Shopee"}, "standard", set()),
    ("CN", {}, "standard", set()),
]

# (order placed, holidays, due instant, state a moment before it)
VN_CUT: list[tuple[str, str, list[str], str]] = [
    ("Monday 13:59:59", "2026-08-03T06:59:59Z", [], "2026-08-03T16:59:59Z"),
    ("Monday 13:59:59.999", "2026-08-03T06:59:59.999Z", [], "2026-08-03T16:59:59Z"),
    ("Monday 14:00", "2026-08-03T07:00:00Z", [], "2026-08-04T16:59:59Z"),
    ("Monday 23:59:59", "2026-08-03T16:59:59Z", [], "2026-08-04T16:59:59Z"),
    ("Tuesday 00:00", "2026-08-03T17:00:00Z", [], "2026-08-04T16:59:59Z"),
    ("Friday 13:00", "2026-08-07T06:00:00Z", [], "2026-08-07T16:59:59Z"),
    ("Friday 14:00", "2026-08-07T07:00:00Z", [], "2026-08-10T16:59:59Z"),
    ("Saturday 09:00", "2026-08-08T02:00:00Z", [], "2026-08-10T16:59:59Z"),
    ("Sunday 20:00", "2026-08-09T13:00:00Z", [], "2026-08-10T16:59:59Z"),
    ("a holiday 10:00", "2026-09-02T03:00:00Z", ["2026-09-02"], "2026-09-03T16:59:59Z"),
    ("before a holiday 15:00", "2026-09-01T08:00:00Z", ["2026-09-02"], "2026-09-03T16:59:59Z"),
    ("before a long weekend", "2026-08-07T08:00:00Z", ["2026-08-10", "2026-08-11"], "2026-08-12T16:59:59Z"),
]
TH_SDD: list[tuple[str, str, list[str], str]] = [
    ("Monday 00:00", "2026-08-02T17:00:00Z", [], "2026-08-03T10:00:00Z"),
    ("Monday 14:59:59", "2026-08-03T07:59:59Z", [], "2026-08-03T10:00:00Z"),
    ("Monday 15:00", "2026-08-03T08:00:00Z", [], "2026-08-04T10:00:00Z"),
    ("Monday 18:00", "2026-08-03T11:00:00Z", [], "2026-08-04T10:00:00Z"),
    ("Friday 16:00", "2026-08-07T09:00:00Z", [], "2026-08-08T10:00:00Z"),
    ("Saturday 14:00", "2026-08-08T07:00:00Z", [], "2026-08-08T10:00:00Z"),
    ("Sunday 10:00", "2026-08-09T03:00:00Z", [], "2026-08-10T10:00:00Z"),
    ("Saturday evening before a holiday", "2026-08-08T12:00:00Z", ["2026-08-10"], "2026-08-11T10:00:00Z"),
    ("on a holiday 09:00", "2026-08-12T02:00:00Z", ["2026-08-12"], "2026-08-13T10:00:00Z"),
]

# Los Angeles. Orders of the United States by type: (title, placed, order, {row: due instant}).
TRANSIT, CANCEL, DELIVER, TRACKING = US[1], US[2], US[3], US[0]
IN_US: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
    (
        "Monday 10:00 Pacific",
        "2026-08-03T17:00:00Z",
        {},
        {TRANSIT: "2026-08-06T06:59:59Z", CANCEL: "2026-08-13T06:59:59Z", DELIVER: "2026-08-12T06:59:59Z"},
    ),
    ("Monday's last second", "2026-08-04T06:59:59Z", {}, {TRANSIT: "2026-08-06T06:59:59Z"}),
    ("Tuesday's first second", "2026-08-04T07:00:00Z", {}, {TRANSIT: "2026-08-07T06:59:59Z"}),
    ("Saturday", "2026-08-08T17:00:00Z", {}, {TRANSIT: "2026-08-12T06:59:59Z"}),
    (
        "over the end of summer time",  # Friday 30 October; the clocks go back on 1 November
        "2026-10-30T17:00:00Z",
        {},
        {TRANSIT: "2026-11-04T07:59:59Z", CANCEL: "2026-11-11T07:59:59Z", DELIVER: "2026-11-10T07:59:59Z"},
    ),
    ("over the begin of summer time", "2026-03-06T18:00:00Z", {}, {TRANSIT: "2026-03-11T06:59:59Z"}),
    (
        "made to order, 5 days",  # wd 9 is Friday 14 August, wd 10 Monday the 17th
        "2026-08-03T17:00:00Z",
        {"type": "made_to_order", "handling_days": 5},
        {CANCEL: "2026-08-15T06:59:59Z", DELIVER: "2026-08-18T06:59:59Z"},
    ),
    (
        "backorder, 3 days",  # wd 7 is Wednesday 12 August, wd 8 Thursday
        "2026-08-03T17:00:00Z",
        {"type": "backorder", "handling_days": 3},
        {CANCEL: "2026-08-13T06:59:59Z", DELIVER: "2026-08-14T06:59:59Z"},
    ),
    (
        "custom, 7 days as text",  # wd 11 is Tuesday 18 August, wd 12 Wednesday
        "2026-08-03T17:00:00Z",
        {"type": "custom", "handling_days": "7"},
        {CANCEL: "2026-08-19T06:59:59Z", DELIVER: "2026-08-20T06:59:59Z"},
    ),
    (
        "pre-order, 10 days",  # 13 August; 14, 17, 18, 19, 20 August
        "2026-08-03T17:00:00Z",
        {"type": "pre_order", "handling_days": 10},
        {CANCEL: "2026-08-21T06:59:59Z"},
    ),
    (
        "pre-order whose days end on a Saturday",  # 8 August; 10 to 14 August
        "2026-08-03T17:00:00Z",
        {"type": "pre_order", "handling_days": 5},
        {CANCEL: "2026-08-15T06:59:59Z"},
    ),
    (
        "standard does not look at chosen days",
        "2026-08-03T17:00:00Z",
        {"handling_days": 9},
        {CANCEL: "2026-08-13T06:59:59Z", DELIVER: "2026-08-12T06:59:59Z"},
    ),
]
# The federal holidays come from the product's calendar: (title, placed, {row: due instant}).
FEDERAL: list[tuple[str, str, dict[str, str]]] = [
    ("Labour Day", "2026-09-03T17:00:00Z", {TRANSIT: "2026-09-09T06:59:59Z"}),
    ("Independence Day on a Saturday is off on Friday", "2026-07-01T17:00:00Z", {TRANSIT: "2026-07-07T06:59:59Z"}),
    ("Juneteenth", "2026-06-17T17:00:00Z", {TRANSIT: "2026-06-23T06:59:59Z"}),
    ("Columbus Day", "2026-10-09T17:00:00Z", {TRANSIT: "2026-10-15T06:59:59Z"}),
    ("Veterans Day", "2026-11-10T18:00:00Z", {TRANSIT: "2026-11-14T07:59:59Z"}),
    ("Thanksgiving, and the Friday after it counts", "2026-11-25T18:00:00Z", {TRANSIT: "2026-12-01T07:59:59Z"}),
    ("New Year of 2028 on a Saturday is off on 31 December", "2027-12-29T18:00:00Z", {TRANSIT: "2028-01-04T07:59:59Z"}),
    ("a day off in California only is a business day", "2026-03-30T17:00:00Z", {TRANSIT: "2026-04-02T06:59:59Z"}),
]
# London: 22:59:59 UTC ends a day in summer, 23:59:59 in winter.
IN_UK: list[tuple[str, str, str]] = [
    ("a Monday in summer", "2026-08-03T10:00:00Z", "2026-08-05T22:59:59Z"),
    ("23:59:59 on Monday is Monday", "2026-08-03T22:59:59Z", "2026-08-05T22:59:59Z"),
    ("midnight is Tuesday", "2026-08-03T23:00:00Z", "2026-08-06T22:59:59Z"),
    ("over the end of summer time", "2026-10-23T10:00:00Z", "2026-10-27T23:59:59Z"),
    ("over the begin of summer time", "2026-03-27T10:00:00Z", "2026-03-31T22:59:59Z"),
    ("spring bank holiday", "2026-05-22T09:00:00Z", "2026-05-27T22:59:59Z"),
    ("summer bank holiday of England", "2026-08-28T09:00:00Z", "2026-09-02T22:59:59Z"),
    ("Christmas with Boxing Day on a Saturday", "2026-12-24T10:00:00Z", "2026-12-30T23:59:59Z"),
    ("Scotland's own day counts", "2026-11-27T10:00:00Z", "2026-12-01T23:59:59Z"),
]

# Across the border, Kuala Lumpur.
ACROSS: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
    (
        "23:59:59 local on Wednesday",
        "2026-07-01T15:59:59Z",
        {},
        {ABROAD[0]: "2026-07-03T15:59:59Z", ABROAD[1]: "2026-07-04T15:59:59Z"},
    ),
    ("midnight is Thursday", "2026-07-01T16:00:00Z", {}, {ABROAD[0]: "2026-07-03T16:00:00Z", ABROAD[1]: "2026-07-05T15:59:59Z"}),
    (
        "with a fraction",
        "2026-07-01T16:00:00.250Z",
        {},
        {ABROAD[0]: "2026-07-03T16:00:00.25Z", ABROAD[1]: "2026-07-05T15:59:59Z"},
    ),
    ("the last second of the old terms", "2026-06-17T15:59:59Z", {"first_mile": "drop_off"}, {ABROAD[2]: "2026-06-21T15:59:59Z"}),
    ("the old terms had no clock of ours for a pick-up", "2026-06-17T15:59:59Z", {"first_mile": "pick_up"}, {}),
    ("the old terms ask how it was sent", "2026-06-17T15:59:59Z", {}, {}),
    (
        "the first second of the old terms",
        "2024-12-22T16:00:00Z",
        {"first_mile": "drop_off"},
        {ABROAD[2]: "2024-12-26T16:00:00Z"},
    ),
    ("before the old terms", "2024-12-22T15:59:59Z", {"first_mile": "drop_off"}, {}),
]

# Versions on both sides: (region, store, order type and more, placed, row, holds).
VERSIONS: list[tuple[str, dict[str, Any], str, str, bool]] = [
    ("TH", {}, "2025-06-17T16:59:59Z", SHIP, False),
    ("TH", {}, "2025-06-17T17:00:00Z", SHIP, True),
    ("MY", {}, "2025-06-17T15:59:59Z", SHIP, False),
    ("MY", {}, "2025-06-17T16:00:00Z", SHIP, True),
    ("VN", {}, "2024-08-25T16:59:59Z", "TTS-VN-SHIP-CUT14", False),
    ("VN", {}, "2024-08-25T17:00:00Z", "TTS-VN-SHIP-CUT14", True),
    ("ID", {}, "2024-08-25T16:59:59Z", RTS, False),
    ("ID", {}, "2024-08-25T17:00:00Z", COLLECT, True),
    ("TH", {"programme": "same_day"}, "2025-09-21T16:59:59Z", "TTS-TH-SDD", False),
    ("TH", {"programme": "same_day"}, "2025-09-21T17:00:00Z", "TTS-TH-SDD", True),
    ("UK", {}, "2024-11-03T23:59:59Z", "TTS-UK-LDR", False),
    ("UK", {}, "2024-11-04T00:00:00Z", "TTS-UK-LDR", True),
    ("US", {}, "2025-10-23T06:59:59Z", TRACKING, False),
    ("US", {}, "2025-10-23T07:00:00Z", TRACKING, True),
    ("US", {}, "2025-10-23T06:59:59Z", CANCEL, False),
    ("US", {}, "2025-10-23T07:00:00Z", CANCEL, True),
    ("US", {}, "2025-10-23T07:00:00Z", DELIVER, True),
    ("US", {}, "2026-01-26T07:59:59Z", TRACKING, True),
    ("US", {}, "2026-01-26T08:00:00Z", TRACKING, False),
    ("US", {}, "2026-01-26T07:59:59Z", TRANSIT, False),
    ("US", {}, "2026-01-26T08:00:00Z", TRANSIT, True),
    # 26 January has begun in New York, but not on the Pacific coast, whose days count.
    ("US", {"timezone": "America/New_York"}, "2026-01-26T06:00:00Z", TRACKING, True),
    ("US", {"timezone": "America/New_York"}, "2026-01-26T06:00:00Z", TRANSIT, False),
    ("SG", XB, "2026-06-17T16:00:00Z", ABROAD[0], True),
    ("SG", XB, "2026-06-17T15:59:59Z", ABROAD[0], False),
    ("SG", XB, "2026-06-17T15:59:59Z", ABROAD[1], False),
]


def _us(placed: str, more: dict[str, Any], **facts: Any) -> dict[str, Any]:
    steps = {"tracking_added_at": None, "in_transit_at": None, "delivered_at": None}
    return {"orders": [{"order_id": "o", "placed_at": placed, "type": "standard", **OPEN, **steps, **more}], **facts}


def _second_after(due: str) -> str:
    """The first instant of the next second, as text; every due instant here ends in a full minute or in :59."""
    return due.removesuffix("Z").split(".")[0] + ".999Z" if "." not in due else due.replace(".25Z", ".251Z")


def _due(sample: Sample) -> dict[str, tuple[str, str]]:
    """Rule to state and due instant of the one order."""
    found = [said.split() for said in judged(sample)]
    return {rule: (state, due) for rule, state, _, due, _ in found}


@pytest.mark.parametrize("sample", BOUNDARIES, ids=lambda sample: sample.title)
def test_an_order_is_judged_at_each_boundary(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize("sample", CALENDAR, ids=lambda sample: sample.title)
def test_working_days_follow_the_calendar_of_the_store(sample: Sample) -> None:
    assert judged(sample) == sorted(sample.says)


@pytest.mark.parametrize(("title", "steps", "says"), STEPS, ids=lambda value: value if isinstance(value, str) else "")
def test_what_was_done_and_when_decides(title: str, steps: dict[str, Any], says: tuple[str, ...]) -> None:
    facts = {"orders": [{"order_id": "o", "placed_at": MONDAY, "type": "standard", **steps}], "holidays": []}
    assert judged(Sample(title, "MY", THURSDAY, facts, says, EVERY)) == sorted(says)


@pytest.mark.parametrize(("region", "store", "type", "rules"), WHO)
def test_each_row_asks_its_own_markets_sellers_and_orders(region: str, store: dict[str, Any], type: str, rules: set[str]) -> None:
    facts = _us("2026-07-01T10:00:00Z", {"type": type, "handling_days": 3}, holidays=[])
    broken = _due(Sample("", region, "2026-10-01T00:00:00Z", facts, (), EVERY, store))
    assert set(broken) == rules
    assert {state for state, _ in broken.values()} <= {"breached"}


@pytest.mark.parametrize(("title", "placed", "holidays", "due"), VN_CUT)
def test_viet_nam_ships_the_same_day_before_14_00(title: str, placed: str, holidays: list[str], due: str) -> None:
    facts, row = orders(placed, holidays), "TTS-VN-SHIP-CUT14"
    assert judged(Sample(title, "VN", due, facts, (), (row,))) == [f"{row} at_risk warning {due} o"]
    assert judged(Sample(title, "VN", _second_after(due), facts, (), (row,))) == [f"{row} breached warning {due} o"]


@pytest.mark.parametrize("week", [None, ["Mon", "Tue", "Wed", "Thu", "Fri"]])
@pytest.mark.parametrize(("title", "placed", "holidays", "due"), TH_SDD)
def test_the_same_day_programme_has_its_own_week(
    title: str, placed: str, holidays: list[str], due: str, week: list[str] | None
) -> None:
    facts, row, store = orders(placed, holidays), "TTS-TH-SDD", {"programme": "same_day", "working_days": week}
    assert judged(Sample(title, "TH", due, facts, (), (row,), store)) == [f"{row} at_risk critical {due} o"]
    assert judged(Sample(title, "TH", _second_after(due), facts, (), (row,), store)) == [f"{row} breached critical {due} o"]


def test_the_same_day_lead_begins_24_hours_before() -> None:
    facts, store = orders("2026-08-03T08:00:00Z"), {"programme": "same_day"}  # due on Tuesday 17:00, 26 hours later
    assert judged(Sample("", "TH", "2026-08-03T09:59:59Z", facts, (), ("TTS-TH-SDD",), store)) == []
    opened = judged(Sample("", "TH", "2026-08-03T10:00:00Z", facts, (), ("TTS-TH-SDD",), store))
    assert opened == ["TTS-TH-SDD at_risk critical 2026-08-04T10:00:00Z o"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "America/New_York", "Asia/Shanghai"])
@pytest.mark.parametrize(("title", "placed", "more", "due"), IN_US)
def test_business_days_of_the_us_are_pacific(
    title: str, placed: str, more: dict[str, Any], due: dict[str, str], zone: str
) -> None:
    sample = Sample(title, "US", "2027-06-01T00:00:00Z", _us(placed, more, holidays=[]), (), tuple(due), {"timezone": zone})
    assert _due(sample) == {rule: ("breached", moment) for rule, moment in due.items()}


@pytest.mark.parametrize("week", [None, ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]])
@pytest.mark.parametrize(("title", "placed", "due"), FEDERAL)
def test_federal_holidays_are_no_business_days(title: str, placed: str, due: dict[str, str], week: list[str] | None) -> None:
    sample = Sample(title, "US", "2028-06-01T00:00:00Z", _us(placed, {}), (), tuple(due), {"working_days": week})
    assert _due(sample) == {rule: ("breached", moment) for rule, moment in due.items()}


@pytest.mark.parametrize(("title", "placed", "due"), IN_UK)
def test_the_uk_counts_its_bank_holidays(title: str, placed: str, due: str) -> None:
    row, facts = "TTS-UK-LDR", own(placed)
    assert judged(Sample(title, "UK", due, facts, (), (row,))) == [f"{row} at_risk warning {due} o"]
    assert judged(Sample(title, "UK", _second_after(due), facts, (), (row,))) == [f"{row} breached warning {due} o"]


@pytest.mark.parametrize(("title", "placed", "more", "due"), ACROSS)
def test_across_the_border_hours_and_calendar_days_count(
    title: str, placed: str, more: dict[str, Any], due: dict[str, str]
) -> None:
    facts = orders(placed, ["2026-07-02", "2026-07-03"], **more)
    for rule, moment in due.items():
        one = Sample(title, "MY", moment, facts, (), (rule,), XB)
        assert judged(one) == [f"{rule} at_risk warning {moment} o"]
        assert judged(one._replace(now=_second_after(moment))) == [f"{rule} breached warning {moment} o"]
    assert set(_due(Sample(title, "MY", "2026-12-01T00:00:00Z", facts, (), EVERY, XB))) == set(due)


@pytest.mark.parametrize(("region", "store", "placed", "rule", "holds"), VERSIONS)
def test_the_terms_of_the_order_day_hold(region: str, store: dict[str, Any], placed: str, rule: str, holds: bool) -> None:
    sample = Sample("", region, "2026-10-01T00:00:00Z", _us(placed, {}, holidays=[]), (), (rule,), store)
    assert (rule in _due(sample)) is holds


# 1 August 2026 10:00 in Manila plus the chosen days and two more.
PRE_ORDERS = [
    (7, "2026-08-10T02:00:00Z"),
    ("7", "2026-08-10T02:00:00Z"),
    (3, "2026-08-06T02:00:00Z"),
    (30, "2026-09-02T02:00:00Z"),
    ("3e1", "2026-09-02T02:00:00Z"),
]


@pytest.mark.parametrize(("days", "due"), PRE_ORDERS)
def test_a_pre_order_may_take_the_chosen_days_and_two_more(days: object, due: str) -> None:
    row = "TTS-SEA-PREORDER-SHIP"
    facts = orders("2026-08-01T02:00:00Z", ["2026-08-03"], "pre_order", handling_days=days)
    assert judged(Sample("", "PH", due, facts, (), EVERY)) == [f"{row} at_risk critical {due} o"]
    assert judged(Sample("", "PH", _second_after(due), facts, (), EVERY)) == [f"{row} breached critical {due} o"]


@pytest.mark.parametrize(
    ("region", "type", "more", "unknown"),
    [
        ("PH", "pre_order", {"handling_days": None}, {"TTS-SEA-PREORDER-SHIP"}),
        ("US", "pre_order", {"handling_days": None}, {CANCEL}),
        ("US", "custom", {"handling_days": None}, {CANCEL, DELIVER}),
        ("US", "standard", {"handling_days": None}, set()),
    ],
)
def test_chosen_days_that_nobody_knows_make_the_due_instant_unknown(
    region: str, type: str, more: dict[str, Any], unknown: set[str]
) -> None:
    facts = _us("2026-08-03T17:00:00Z", {"type": type, **more}, holidays=[])
    found = judged(Sample("", region, "2026-08-04T00:00:00Z", facts, (), EVERY))
    assert set(found) == {f"{rule} unknown warning - o" for rule in unknown}


def test_how_an_old_order_across_the_border_was_sent_may_be_unknown() -> None:
    facts = orders("2026-06-10T00:00:00Z", first_mile=None)
    found = judged(Sample("", "MY", "2026-06-11T00:00:00Z", facts, (), EVERY, XB))
    assert found == ["TTS-XB-SHIP-96H-LEGACY unknown warning - o"]


@pytest.mark.parametrize("name", ["0012", "576461413038785752", "订单-7", "o/1?x=2", "a" * 300])
def test_an_order_keeps_its_id_digit_for_digit(name: str) -> None:
    found = judged(
        Sample("", "MY", THURSDAY, {"orders": [{**orders(MONDAY)["orders"][0], "order_id": name}], "holidays": []}, (), (SHIP,))
    )
    assert found == [f"{SHIP} breached warning 2026-08-05T15:59:59Z {name}"]


def test_an_order_given_twice_is_one_finding_a_row_and_others_stand_beside_it() -> None:
    one = orders(MONDAY)["orders"][0]
    facts = {"orders": [one, {**one, "order_id": "p"}, one], "holidays": []}
    found = judged(Sample("", "MY", THURSDAY, facts, (), (SHIP,)))
    assert found == [f"{SHIP} breached warning 2026-08-05T15:59:59Z {name}" for name in ("o", "p")]
