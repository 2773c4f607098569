"""Orders and requests of Shopee, Lazada and Douyin Shop, each due instant reckoned by hand.

August 2026: the 3rd is a Monday. Singapore, Kuala Lumpur, Manila and Shanghai are UTC+8 (a day ends 15:59:59 UTC), Bangkok and
Jakarta UTC+7 (16:59:59 UTC).
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.policy.calendars import for_store, own_week
from storeward.policy.tests.cast import Sample, judged, moments, profile, told

DTS, ARRANGE, SCAN, HOURS_72 = "SHP-DTS-D1", "SHP-AUTOCANCEL-ARRANGE", "SHP-AUTOCANCEL-SCAN", "SHP-PH-AUTOCANCEL-72H"
SHOPEE = (DTS, ARRANGE, SCAN, HOURS_72)
RTS, COLLECT, NOON = "LZD-RTS-2WD", "LZD-COLLECT-4WD", "LZD-MY-N0"
LAZADA = (RTS, COLLECT, NOON)
LATE = "DY-SHIP-LATE"
XB = {"seller_type": "cross_border"}
OPEN = {"rts_at": None, "arranged_at": None, "shipped_at": None, "scanned_at": None}


def on(platform: str, **more: Any) -> dict[str, Any]:
    return {"platform": platform, **more}


def order(at: str, *, holidays: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """One order that was placed and paid at that instant, and the given holidays."""
    one = {"order_id": "o", "placed_at": at, "paid_at": at, "type": "standard", **OPEN, **more}
    return {"orders": [one], "holidays": holidays or []}


MONDAY = "2026-08-03T02:00:00Z"
LATER = "2026-09-01T00:00:00Z"


# -- Shopee ---------------------------------------------------------------------------------------------

EDGES = [
    Sample("before the lead", "SG", "2026-08-03T15:59:58Z", order(MONDAY), (), SHOPEE),
    Sample(
        "at the lead", "SG", "2026-08-03T15:59:59Z", order(MONDAY), (f"{DTS} at_risk warning 2026-08-04T15:59:59Z o",), SHOPEE
    ),
    Sample(
        "at the end of day 1",
        "SG",
        "2026-08-04T15:59:59Z",
        order(MONDAY),
        (f"{DTS} at_risk warning 2026-08-04T15:59:59Z o", f"{ARRANGE} at_risk critical 2026-08-05T15:59:59Z o"),
        SHOPEE,
    ),
    Sample(
        "a second after day 1",
        "SG",
        "2026-08-04T16:00:00Z",
        order(MONDAY),
        (f"{DTS} breached warning 2026-08-04T15:59:59Z o", f"{ARRANGE} at_risk critical 2026-08-05T15:59:59Z o"),
        SHOPEE,
    ),
    Sample(
        "all three are over",
        "MY",
        "2026-08-06T16:00:00Z",
        order(MONDAY),
        (
            f"{DTS} breached warning 2026-08-04T15:59:59Z o",
            f"{ARRANGE} breached critical 2026-08-05T15:59:59Z o",
            f"{SCAN} breached critical 2026-08-06T15:59:59Z o",
        ),
        SHOPEE,
    ),
    Sample(
        "72 hours from the end of day 1, a second over",
        "PH",
        "2026-08-07T16:00:00Z",
        order(MONDAY, arranged_at=MONDAY),
        (
            f"{DTS} breached warning 2026-08-04T15:59:59Z o",
            f"{SCAN} breached critical 2026-08-06T15:59:59Z o",
            f"{HOURS_72} breached critical 2026-08-07T15:59:59Z o",
        ),
        SHOPEE,
    ),
    Sample("scanned at the very second", "SG", LATER, order(MONDAY, scanned_at="2026-08-04T15:59:59Z"), (), SHOPEE),
    Sample(
        "scanned a second late stays late",
        "SG",
        LATER,
        order(MONDAY, scanned_at="2026-08-04T16:00:00Z"),
        (f"{DTS} breached warning 2026-08-04T15:59:59Z o",),
        SHOPEE,
    ),
    Sample("not paid: not judged", "SG", LATER, order(MONDAY, paid_at=None), (), SHOPEE),
    Sample("paid after now: not known", "SG", "2026-08-10T00:00:00Z", order(MONDAY, paid_at="2026-08-10T00:00:01Z"), (), SHOPEE),
    Sample("a pre-order", "SG", LATER, order(MONDAY, type="pre_order", handling_days=9), (), SHOPEE),
    Sample("cancelled", "SG", LATER, order(MONDAY, cancelled_at="2026-08-03T03:00:00Z"), (), SHOPEE),
    Sample("no row of days in Thailand", "TH", LATER, order(MONDAY), (), SHOPEE),
    Sample(
        "across the border only the buyers' page",
        "PH",
        LATER,
        order(MONDAY),
        (f"{HOURS_72} breached critical 2026-08-07T15:59:59Z o",),
        SHOPEE,
        XB,
    ),
    Sample(
        "a type that nobody knows",
        "SG",
        LATER,
        order(MONDAY, type="mystery"),
        tuple(f"{rule} unknown warning - o" for rule in (DTS, ARRANGE, SCAN)),
        SHOPEE,
    ),
]


@pytest.mark.parametrize("sample", EDGES, ids=lambda one: one.title)
def test_a_shopee_order_is_judged_from_its_payment(sample: Sample) -> None:
    assert judged(sample._replace(store=on("shopee", **sample.store))) == sorted(sample.says)


# (region, state, programme, paid at, holidays, last instant of working day 1)
FIRST_DAYS = [
    ("SG", None, "none", "2026-08-07T09:00:00Z", [], "2026-08-10T15:59:59Z"),  # Friday: Monday
    ("SG", None, "none", "2026-08-08T09:00:00Z", [], "2026-08-11T15:59:59Z"),  # Saturday: day 0 is Monday
    ("SG", None, "none", "2026-08-09T15:59:59Z", [], "2026-08-11T15:59:59Z"),  # Sunday's last second
    ("SG", None, "none", "2026-08-09T16:00:00Z", [], "2026-08-11T15:59:59Z"),  # Monday's first
    ("SG", None, "none", "2026-08-07T16:00:00Z", [], "2026-08-11T15:59:59Z"),  # Saturday's first second
    ("PH", None, "none", "2026-08-04T02:00:00Z", ["2026-08-05"], "2026-08-06T15:59:59Z"),  # the holiday does not count
    ("PH", None, "none", "2026-08-05T02:00:00Z", ["2026-08-05"], "2026-08-07T15:59:59Z"),  # day 0 moves off the holiday
    ("PH", None, "none", "2026-08-06T02:00:00Z", ["2026-08-07", "2026-08-10"], "2026-08-11T15:59:59Z"),
    ("MY", None, "none", "2026-08-07T02:00:00Z", [], "2026-08-10T15:59:59Z"),
    ("MY", "Selangor", "preferred", "2026-08-07T02:00:00Z", [], "2026-08-08T15:59:59Z"),  # Saturday counts
    ("MY", "Selangor", "preferred_plus", "2026-08-08T02:00:00Z", [], "2026-08-10T15:59:59Z"),
    ("MY", "Selangor", "mall", "2026-08-09T02:00:00Z", [], "2026-08-11T15:59:59Z"),  # Sunday moves to Monday
    ("MY", "Kedah", "managed", "2026-08-06T02:00:00Z", [], "2026-08-08T15:59:59Z"),  # Friday is off, Saturday counts
    ("MY", "Kedah", "managed", "2026-08-07T02:00:00Z", [], "2026-08-09T15:59:59Z"),  # Friday moves to Saturday; Sunday is day 1
    ("MY", "kelantan", "none", "2026-08-06T02:00:00Z", [], "2026-08-09T15:59:59Z"),  # Friday and Saturday are off
    ("MY", "Terengganu", "none", "2026-08-08T02:00:00Z", [], "2026-08-10T15:59:59Z"),
]


@pytest.mark.parametrize(("region", "state", "programme", "paid", "holidays", "due"), FIRST_DAYS)
def test_the_first_fulfilment_day_of_shopee(
    region: str, state: str | None, programme: str, paid: str, holidays: list[str], due: str
) -> None:
    store = on("shopee", state=state, programme=programme)
    found = told(order(paid, holidays=holidays), LATER, region, **store)
    assert [one.due_at for one in found[DTS]] == [due]


def test_the_sources_example_of_march_2025() -> None:
    found = told(order("2025-03-10T07:00:00Z"), "2025-04-01T00:00:00Z", "SG", platform="shopee")
    assert [found[rule][0].due_at for rule in (ARRANGE, SCAN)] == ["2025-03-12T15:59:59Z", "2025-03-13T15:59:59Z"]


def test_own_working_days_of_a_store_replace_those_of_its_platform() -> None:
    facts = order("2026-08-07T02:00:00Z")
    found = told(facts, LATER, "MY", platform="shopee", programme="preferred", working_days=["Mon", "Wed"])
    assert found[DTS][0].due_at == "2026-08-12T15:59:59Z", "Friday moves to Monday, Wednesday is day 1"


# -- Lazada ---------------------------------------------------------------------------------------------

PH_DAYS = [
    Sample("before the lead", "PH", "2026-08-04T15:59:58Z", order(MONDAY), (), LAZADA),
    Sample(
        "at the lead", "PH", "2026-08-04T15:59:59Z", order(MONDAY), (f"{RTS} at_risk critical 2026-08-05T15:59:59Z o",), LAZADA
    ),
    Sample(
        "at the end", "PH", "2026-08-05T15:59:59Z", order(MONDAY), (f"{RTS} at_risk critical 2026-08-05T15:59:59Z o",), LAZADA
    ),
    Sample(
        "over",
        "PH",
        "2026-08-07T16:00:00Z",
        order(MONDAY),
        (f"{RTS} breached critical 2026-08-05T15:59:59Z o", f"{COLLECT} breached critical 2026-08-07T15:59:59Z o"),
        LAZADA,
    ),
    Sample("ready in time, the courier has it", "PH", LATER, order(MONDAY, shipped_at="2026-08-05T15:59:59Z"), (), LAZADA),
    Sample(
        "collected a second late",
        "PH",
        LATER,
        order(MONDAY, rts_at=MONDAY, shipped_at="2026-08-07T16:00:00Z"),
        (f"{COLLECT} breached critical 2026-08-07T15:59:59Z o",),
        LAZADA,
    ),
    Sample(
        "day 0 is the placing, on a day off too",
        "PH",
        "2026-08-12T00:00:00Z",
        order("2026-08-08T02:00:00Z", paid_at=None),
        (f"{RTS} breached critical 2026-08-11T15:59:59Z o",),
        LAZADA,
    ),
    Sample("across the border", "PH", LATER, order(MONDAY), (), LAZADA, XB),
    Sample("in Singapore", "SG", LATER, order(MONDAY), (), LAZADA),
]


@pytest.mark.parametrize("sample", PH_DAYS, ids=lambda one: one.title)
def test_a_lazada_order_is_judged_from_its_placing(sample: Sample) -> None:
    assert judged(sample._replace(store=on("lazada", **sample.store))) == sorted(sample.says)


# (state, placed at, holidays, due): noon in Kuala Lumpur is 04:00 UTC
NOONS = [
    ("Selangor", "2026-08-03T03:59:59Z", [], "2026-08-03T15:59:59Z"),
    ("Selangor", "2026-08-03T04:00:00Z", [], "2026-08-04T15:59:59Z"),
    ("Selangor", "2026-08-08T03:00:00Z", [], "2026-08-08T15:59:59Z"),  # Saturday works
    ("Selangor", "2026-08-09T03:00:00Z", [], "2026-08-10T15:59:59Z"),  # Sunday does not
    (None, "2026-08-08T03:00:00Z", [], "2026-08-08T15:59:59Z"),
    ("Kedah", "2026-08-08T03:00:00Z", [], "2026-08-09T15:59:59Z"),  # Saturday is off there, Sunday works
    ("Kedah", "2026-08-07T03:00:00Z", [], "2026-08-07T15:59:59Z"),  # Friday works on Lazada
    ("Kelantan", "2026-08-07T04:00:00Z", [], "2026-08-09T15:59:59Z"),
    ("Terengganu", "2026-08-03T03:00:00Z", ["2026-08-03"], "2026-08-04T15:59:59Z"),
]


@pytest.mark.parametrize(("state", "placed", "holidays", "due"), NOONS)
def test_noon_decides_the_day_in_malaysia(state: str | None, placed: str, holidays: list[str], due: str) -> None:
    found = told(order(placed, holidays=holidays), LATER, "MY", platform="lazada", state=state)
    assert [(one.state, one.severity, one.due_at) for one in found[NOON]] == [("breached", "info", due)]


# -- Douyin Shop ----------------------------------------------------------------------------------------

PROMISE = "2026-09-10T08:00:00Z"
PROMISES = [
    Sample("before the lead", "CN", "2026-09-09T07:59:59Z", order(MONDAY, ship_by=PROMISE), (), (LATE,)),
    Sample(
        "at the lead", "CN", "2026-09-09T08:00:00Z", order(MONDAY, ship_by=PROMISE), (f"{LATE} at_risk critical {PROMISE} o",)
    ),
    Sample("at the promise", "CN", PROMISE, order(MONDAY, ship_by=PROMISE), (f"{LATE} at_risk critical {PROMISE} o",)),
    Sample("over", "CN", "2026-09-10T08:00:01Z", order(MONDAY, ship_by=PROMISE), (f"{LATE} breached critical {PROMISE} o",)),
    Sample("collected in time", "CN", LATER, order(MONDAY, ship_by=PROMISE, scanned_at=PROMISE), (), (LATE,)),
    Sample(
        "collected late stays late",
        "CN",
        "2026-10-01T00:00:00Z",
        order(MONDAY, ship_by=PROMISE, scanned_at="2026-09-10T08:00:01Z"),
        (f"{LATE} breached critical {PROMISE} o",),
    ),
    Sample(
        "an uploaded waybill is not enough",
        "CN",
        "2026-09-11T00:00:00Z",
        order(MONDAY, ship_by=PROMISE, shipped_at=MONDAY),
        (f"{LATE} breached critical {PROMISE} o",),
    ),
    Sample("no promise came", "CN", LATER, order(MONDAY, ship_by=None), (f"{LATE} unknown warning - o",)),
    Sample("nothing said of a promise", "CN", LATER, order(MONDAY), (), (LATE,)),
    Sample("done, and no promise came", "CN", LATER, order(MONDAY, ship_by=None, scanned_at=MONDAY), (), (LATE,)),
    Sample("cancelled", "CN", LATER, order(MONDAY, ship_by=None, cancelled_at=MONDAY), (), (LATE,)),
    Sample(
        "every type is promised", "CN", LATER, order(MONDAY, type="pre_order", ship_by=None), (f"{LATE} unknown warning - o",)
    ),
]


@pytest.mark.parametrize("sample", PROMISES, ids=lambda one: one.title)
def test_douyin_sends_the_promise_with_the_order(sample: Sample) -> None:
    assert judged(sample._replace(store=on("douyin"))) == sorted(sample.says)


# -- what the platform itself sends ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "region", "seller", "rule"),
    [
        ("shopee", "TH", "local", "SHP-SHIP-BY"),
        ("shopee", "ID", "cross_border", "SHP-SHIP-BY"),
        ("shopee", "SG", "cross_border", "SHP-XB-SHIP-BY"),
        ("lazada", "VN", "local", "LZD-SHIP-BY"),
        ("lazada", "PH", "cross_border", "LZD-XB-SHIP-BY"),
    ],
)
def test_where_no_row_names_days_the_platforms_own_time_counts(platform: str, region: str, seller: str, rule: str) -> None:
    facts = order(MONDAY, ship_by=PROMISE)
    found = {
        now: told(facts, now, region, platform=platform, seller_type=seller).get(rule)
        for now in ("2026-09-09T07:59:59Z", PROMISE, "2026-09-10T08:00:01Z")
    }
    assert [one and (one[0].state, one[0].severity, one[0].due_at) for one in found.values()] == [
        None,
        ("at_risk", "critical", PROMISE),
        ("breached", "critical", PROMISE),
    ]


def test_where_a_row_names_days_the_platforms_own_time_is_not_told_twice() -> None:
    found = told(order(MONDAY, ship_by=PROMISE), "2026-09-11T00:00:00Z", "SG", platform="shopee")
    assert not {"SHP-SHIP-BY", "SHP-XB-SHIP-BY"} & set(found)


BY = "2026-08-05T02:00:00Z"


@pytest.mark.parametrize(
    ("platform", "region", "rule", "fact"),
    [
        ("shopee", "SG", "SHP-RETURN-BY", "return_requests"),
        ("lazada", "VN", "LZD-RETURN-BY", "return_requests"),
        ("lazada", "VN", "LZD-CANCEL-BY", "cancellation_requests"),
        ("douyin", "CN", "DY-RETURN-BY", "return_requests"),
    ],
)
@pytest.mark.parametrize(
    ("now", "answered", "says"),
    [
        ("2026-08-04T13:59:59Z", None, []),
        ("2026-08-04T14:00:00Z", None, [("at_risk", "critical", BY)]),
        (BY, None, [("at_risk", "critical", BY)]),
        ("2026-08-05T02:00:01Z", None, [("breached", "critical", BY)]),
        ("2026-08-06T00:00:00Z", BY, []),
        ("2026-08-06T00:00:00Z", "2026-08-05T02:00:01Z", [("breached", "critical", BY)]),
    ],
)
def test_a_request_is_answered_by_the_platforms_own_instant(
    platform: str, region: str, rule: str, fact: str, now: str, answered: str | None, says: list[tuple[str, str, str]]
) -> None:
    facts = {fact: [{"id": "r", "requested_at": MONDAY, "answered_at": answered, "answer_by": BY}]}
    found = told(facts, now, region, platform=platform).get(rule, [])
    assert [(one.state, one.severity, one.due_at) for one in found] == says


@pytest.mark.parametrize(("answer_by", "states"), [({}, []), ({"answer_by": None}, ["unknown"])])
def test_a_request_without_the_platforms_instant(answer_by: dict[str, None], states: list[str]) -> None:
    facts = {"return_requests": [{"id": "r", "requested_at": MONDAY, "answered_at": None, **answer_by}]}
    found = told(facts, LATER, "SG", platform="shopee").get("SHP-RETURN-BY", [])
    assert [one.state for one in found] == states


def test_requests_that_were_asked_for_and_not_delivered_are_unknown() -> None:
    found = told({"return_requests": None, "cancellation_requests": None}, LATER, "VN", platform="lazada")
    assert [found[rule][0].state for rule in ("LZD-RETURN-BY", "LZD-CANCEL-BY")] == ["unknown", "unknown"]


# -- properties -----------------------------------------------------------------------------------------

STORES = st.sampled_from(
    [("SG", None, "none"), ("PH", None, "none"), ("MY", "Selangor", "mall"), ("MY", "Kedah", "none"), ("MY", "Kedah", "managed")]
)


@given(moments(date(2026, 1, 1), date(2026, 12, 1)), STORES)
def test_the_clocks_of_an_order_follow_each_other_and_end_on_days_that_work(
    paid: datetime, kind: tuple[str, str | None, str]
) -> None:
    region, state, programme = kind
    store = on("shopee", state=state, programme=programme)
    found = told(order(paid.isoformat()), (paid + timedelta(days=40)).isoformat(), region, **store)
    ends = [datetime.fromisoformat(found[rule][0].due_at or "") for rule in (DTS, ARRANGE, SCAN)]
    assert paid < ends[0] < ends[1] < ends[2]
    calendar = for_store(profile(region, **store), ()).own
    days = [calendar.day_of(end) for end in ends]
    assert all(calendar.works(day) for day in days)
    first = calendar.day_of(paid)
    between = [first + timedelta(days=n) for n in range(1, (days[0] - first).days)]
    assert sum(calendar.works(day) for day in between) <= (0 if calendar.works(first) else 1)


@given(moments(date(2026, 1, 1), date(2026, 12, 1)), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_a_promise_is_never_told_broken_before_it_is(placed: datetime, ahead: timedelta) -> None:
    promise = placed + ahead
    facts = order(placed.isoformat(), ship_by=promise.astimezone(UTC).isoformat())
    at = told(facts, promise.isoformat(), "CN", platform="douyin").get(LATE, [])
    after = told(facts, (promise + timedelta(microseconds=1)).isoformat(), "CN", platform="douyin")[LATE]
    assert "breached" not in {one.state for one in at}
    assert [one.state for one in after] == ["breached"]


@pytest.mark.parametrize("region", ["MY", "SG", "TH", "PH", "VN", "ID"])
@pytest.mark.parametrize("platform", ["shopee", "lazada", "tiktok_shop"])
@pytest.mark.parametrize("programme", ["none", "managed", "preferred", "mall", "lazmall"])
def test_every_store_has_exactly_one_week_of_its_own(region: str, platform: str, programme: str) -> None:
    off = (
        {"Sun"} if region == "MY" and (platform == "lazada" or programme in ("managed", "preferred", "mall")) else {"Sat", "Sun"}
    )
    off = off if platform != "tiktok_shop" else {"Sat", "Sun"}
    days = own_week(platform, region, None, programme).days
    assert {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} - set(days) == off
