"""Reading a line of facts: exact, strict where it matters, never a crash, and the field named."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from storeward.policy.answers import answer
from storeward.policy.cases import BadCase, read_case, read_line

from .cast import line, store

NOW = "2026-08-10T03:00:00Z"


def _raw(**changes: Any) -> dict[str, Any]:
    return {"id": "x", "store": store(), "facts": {}, "now": NOW, **changes}


def _refused(raw: object) -> BadCase:
    with pytest.raises(BadCase) as caught:
        read_case(json.dumps(raw).encode())
    return caught.value


def test_a_line_is_read() -> None:
    case = read_case(line({"balance_events": [{"at": NOW, "balance": -1652893, "currency": "IDR"}]}, NOW))
    assert case.id == "x"
    assert case.now == datetime(2026, 8, 10, 3, tzinfo=UTC)
    assert case.store.platform == "tiktok_shop"
    assert isinstance(case.facts.balance_events, tuple)
    assert case.facts.balance_events[0].balance == Decimal(-1652893)


def test_given_null_and_empty_stay_different() -> None:
    facts = read_case(line({"notices": None, "violations": []}, NOW)).facts
    assert facts.activities is UNSET
    assert facts.notices is None
    assert facts.violations == ()


@pytest.mark.parametrize("text", ["6.05e-05", '"6.05e-05"', "0.0000605", '"0.0000605"'])
def test_numbers_are_exact_in_every_form(text: str) -> None:
    raw = line({"fx": {"as_of": None, "usd_per_unit": {"IDR": "RATE"}}}, NOW).replace(b'"RATE"', text.encode())
    fx = read_case(raw).facts.fx
    assert fx is not UNSET
    assert fx is not None
    assert fx.usd_per_unit == {"IDR": Decimal("0.0000605")}


def test_a_count_may_be_written_with_an_exponent() -> None:
    raw = line({"orders": [{"order_id": "1", "placed_at": NOW, "type": "pre_order", "handling_days": "N"}]}, NOW)
    for text in (b"7", b"7.0", b"0.7e1", b'"7"'):
        orders = read_case(raw.replace(b'"N"', text)).facts.orders
        assert isinstance(orders, tuple)
        assert orders[0].handling_days == 7


def test_instants_may_have_an_offset_and_fractions() -> None:
    case = read_case(line({}, "2026-08-10T11:00:00.250+08:00"))
    assert case.now == datetime(2026, 8, 10, 3, 0, 0, 250000, tzinfo=UTC)


@pytest.mark.parametrize("name", ["TikTok Shop", "tiktok_shop"])
def test_the_platform_goes_by_its_name_or_our_id(name: str) -> None:
    assert read_case(line({}, NOW, platform=name)).store.platform == "tiktok_shop"


def test_unknown_keys_are_named_without_their_position_and_ignored() -> None:
    orders = [{"order_id": str(n), "placed_at": NOW, "type": "standard", "colour": "red"} for n in range(3)]
    raw = _raw(facts={"orders": orders, "moon": 1}, store={**store(), "mood": "good"}, title="comment", expect=[])
    assert read_line(json.dumps(raw).encode()).unknown_keys == ("store.mood", "facts.orders[].colour", "facts.moon")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"now": None}, "now"),
        ({"now": "yesterday"}, "now"),
        ({"now": "2026-08-10T03:00:00"}, "now"),
        ({"now": 1786330800}, "now"),
        ({"now": "0001-01-01T00:00:00Z"}, "now"),
        ({"store": None}, "store"),
        ({"store": []}, "store"),
        ({"facts": []}, "facts"),
        ({"store": {**store(), "timezone": "Mars/Olympus"}}, "store.timezone"),
        ({"store": {**store(), "timezone": "../etc/passwd"}}, "store.timezone"),
        ({"store": {**store(), "timezone": ""}}, "store.timezone"),
        ({"store": {**store(), "timezone": "America"}}, "store.timezone"),
        ({"store": {**store(), "platform": "Amazon"}}, "store.platform"),
        ({"store": {**store(), "region": "XX"}}, "store.region"),
        ({"store": {**store(), "status": "sleepy"}}, "store.status"),
        ({"store": {**store(), "seller_type": "both"}}, "store.seller_type"),
        ({"store": {**store(), "programme": "gold"}}, "store.programme"),
        ({"store": {**store(), "currency": "RM"}}, "store.currency"),
        ({"store": {**store(), "working_days": []}}, "store.working_days"),
        ({"store": {**store(), "working_days": ["Mon", "Funday"]}}, "store.working_days[1]"),
        ({"store": {**store(), "holiday_mode": [{"from": NOW}]}}, "store.holiday_mode[0].to"),
        ({"store": {k: v for k, v in store().items() if k != "region"}}, "store.region"),
        ({"facts": {"orders": {}}}, "facts.orders"),
        ({"facts": {"orders": [[]]}}, "facts.orders[0]"),
        ({"facts": {"orders": [{"order_id": "1", "placed_at": "x"}]}}, "facts.orders[0].placed_at"),
        ({"facts": {"orders": [{"order_id": 1, "placed_at": NOW}]}}, "facts.orders[0].order_id"),
        ({"facts": {"orders": [{"placed_at": NOW}]}}, "facts.orders[0].order_id"),
        ({"facts": {"orders": [{"order_id": "1", "placed_at": NOW, "handling_days": 5000}]}}, "facts.orders[0].handling_days"),
        ({"facts": {"orders": [{"order_id": "1", "placed_at": NOW, "handling_days": "2.5"}]}}, "facts.orders[0].handling_days"),
        ({"facts": {"balance_events": [{"at": NOW, "balance": "much", "currency": "MYR"}]}}, "facts.balance_events[0].balance"),
        ({"facts": {"balance_events": [{"at": NOW, "balance": "1e400", "currency": "MYR"}]}}, "facts.balance_events[0].balance"),
        ({"facts": {"balance_events": [{"at": NOW, "balance": True, "currency": "MYR"}]}}, "facts.balance_events[0].balance"),
        ({"facts": {"fx": {"as_of": None, "usd_per_unit": {"MYR": 0}}}}, "facts.fx.usd_per_unit.MYR"),
        ({"facts": {"ahr": {"score": 1001}}}, "facts.ahr.score"),
        ({"facts": {"metrics": {"ldr": {"denominator": 2}, "sfcr": {"numerator": -1}}}}, "facts.metrics.sfcr.numerator"),
        ({"facts": {"metrics": {"a": {"numerator": "x"}}}}, "facts.metrics.a.numerator"),
        ({"facts": {"security": {"two_step_verification": "yes"}}}, "facts.security.two_step_verification"),
        ({"facts": {"holidays": ["2026-02-30"]}}, "facts.holidays[0]"),
    ],
)
def test_a_line_that_cannot_be_used_names_the_field(changes: dict[str, Any], field: str) -> None:
    error = _refused(_raw(**changes))
    assert error.field == field, error
    assert error.message
    assert error.id == "x"


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(number: str) -> None:
    for fact in ({"metrics": {"a": {"numerator": number, "denominator": "1"}}}, {"ahr": {"score": number}}):
        row, _ = answer(line(fact, NOW))
        assert "error" in row
    events = {"balance_events": [{"at": NOW, "balance": number, "currency": "MYR"}]}
    assert answer(line(events, NOW))[0]["error"]["field"].startswith(("facts.balance_events", "line"))


@pytest.mark.parametrize("text", [b"", b"{", b"nonsense", b"[]", b"null", b"\xff\xfe", b'{"now": NaN}', b"[" * 100_000])
def test_what_is_no_object_is_refused_as_a_line(text: bytes) -> None:
    row, _ = answer(text)
    assert row["error"]["field"] == "line"
    assert row["id"] is None


def test_text_that_is_not_unicode_is_refused() -> None:
    error = _refused(_raw(store={**store(), "store_id": "\ud800"}))
    assert error.field == "store.store_id"
    assert _refused(_raw(id="\ud800")).id is None


def test_the_id_comes_back_whatever_it_is() -> None:
    for line_id in ("x", 7, None, ["a"]):
        row, _ = answer(json.dumps(_raw(id=line_id)).encode())
        assert row["id"] == line_id


def test_a_calendar_without_working_days_is_told_and_not_a_crash() -> None:
    start = date(2026, 8, 1)
    off = [(start + timedelta(days=n)).isoformat() for n in range(120)]
    orders = [{"order_id": "1", "placed_at": "2026-08-05T00:00:00Z", "type": "standard", "rts_at": None}]
    row, _ = answer(line({"orders": orders, "holidays": off}, NOW))
    assert "no working day" in row["error"]["message"]


# -- properties ---------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(st.binary(max_size=60))
def test_no_bytes_crash_the_reader(text: bytes) -> None:
    row, _ = answer(text)
    assert "error" in row


@given(json_values)
def test_no_json_crashes_the_reader(value: object) -> None:
    row, _ = answer(json.dumps(value).encode())
    assert "error" in row or "findings" in row


FACT_NAMES = [
    "activities",
    "notices",
    "balance_events",
    "fx",
    "ahr",
    "violation_points",
    "scores",
    "violations",
    "conversations",
    "response_counts",
    "orders",
    "holidays",
    "metrics",
    "security",
    "stock",
    "attestations",
    "sources",
    "outgoing_messages",
]


@given(st.dictionaries(st.sampled_from(FACT_NAMES), json_values, max_size=4))
def test_no_value_of_a_fact_crashes_the_judging(facts: dict[str, Any]) -> None:
    row, _ = answer(json.dumps(_raw(facts=facts)).encode())
    assert row["id"] == "x"
    assert "error" in row or "findings" in row


RICH: dict[str, Any] = {
    "activities": [{"at": "2026-08-01T00:00:00Z", "type": "login", "actor": "main"}],
    "notices": [{"id": "n", "at": "2026-08-01T00:00:00Z", "type": "inactivity_reminder", "answered_at": None}],
    "balance_events": [{"at": "2026-08-01T00:00:00Z", "balance": -5000, "currency": "MYR"}],
    "fx": {"as_of": "2026-08-01T00:00:00Z", "usd_per_unit": {"MYR": 0.2}},
    "withdrawal_frozen": True,
    "deposit": {"required": 500, "paid": 1, "currency": "MYR"},
    "violation_points": [{"points": 8, "issued_at": "2026-08-01T00:00:00Z"}],
    "scores": {"store_rating": {"value": 2.9, "as_of": "2026-08-10T00:00:00Z"}},
    "violations": [
        {
            "id": "v",
            "status": "enforced",
            "category": "review_manipulation",
            "notified_at": "2026-08-01T00:00:00Z",
            "appeals": [{"filed_at": "2026-08-02T00:00:00Z", "rejected_at": "2026-08-05T00:00:00Z"}],
        }
    ],
    "linked_stores": [{"store_id": "s", "violation_open": True}],
    "conversations": [{"id": "c", "buyer_first_at": "2026-08-09T15:00:00Z", "first_human_reply_at": None}],
    "response_counts": {"window_days": 30, "conversations": 9, "answered_in_12h": 3, "answered_in_24h": 4},
    "orders": [
        {"order_id": "o", "placed_at": "2026-08-05T00:00:00Z", "type": "standard", "rts_at": None, "shipped_at": None},
        {"order_id": "p", "placed_at": "2026-08-01T00:00:00Z", "type": "pre_order", "handling_days": 7, "shipped_at": None},
    ],
    "holidays": ["2026-08-31"],
    "return_requests": [{"id": "r", "requested_at": "2026-08-09T00:00:00Z", "manual_review": True, "answered_at": None}],
    "cancellation_requests": [{"id": "k", "requested_at": "2026-08-09T00:00:00Z", "answered_at": None}],
    "disputes": [{"id": "d", "opened_at": "2026-08-09T00:00:00Z", "chat_answer_at": None, "record_kept": True}],
    "metrics": {"late_dispatch_rate": {"window_days": 7, "numerator": 12, "denominator": 100}},
    "listings": {"live": 0, "pre_order": 0},
    "security": {"two_step_verification": False},
    "sub_accounts": [{"id": "s", "permissions": ["finance"], "allowed": [], "left": False}],
    "login_events": [{"id": "g", "at": "2026-08-09T00:00:00Z", "account": "main", "unusual": True, "cleared_at": None}],
    "stock": [{"sku": "a", "sellable": 3, "actual": 2, "live": True}],
    "reviews": [{"id": "w", "posted_at": "2026-07-14T00:00:00Z", "suspected_fake": True, "reported_at": None}],
    "content_checks": [{"id": "t", "check": "claims", "result": "fail", "at": None}],
    "attestations": [{"item": "INS-03", "at": "2026-08-01T00:00:00Z"}],
    "outgoing_messages": [{"id": "m", "text": "hello", "order_id": "o", "sent": False}],
    "sources": {"orders": {"origin": "api", "as_of": "2026-08-10T00:00:00Z"}},
}


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a value where something stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, child in inner for found in _paths(child, (*path, key)))]


def _changed(path: tuple[Any, ...], put: Any, remove: bool) -> dict[str, Any]:
    copy: Any = json.loads(json.dumps(RICH))
    place = copy
    for key in path[:-1]:
        place = place[key]
    if remove:
        del place[path[-1]]
    else:
        place[path[-1]] = put
    return dict(copy)


@given(st.sampled_from(_paths(RICH)[1:]), json_values, st.booleans(), st.sampled_from(["MY", "TH", "ID", "US", "UK"]))
def test_nothing_put_in_place_of_a_value_crashes_the_judging(path: Any, put: Any, remove: bool, region: str) -> None:
    row, _ = answer(line(_changed(path, put, remove), NOW, region))
    assert row["id"] == "x"
    if "error" in row:
        assert row["error"]["field"].startswith("facts")
    else:
        assert row["findings"]


@given(st.sampled_from(_paths(RICH)[1:]))
def test_a_value_set_to_null_never_adds_a_breach(path: Any) -> None:
    whole, _ = answer(line(RICH, NOW))
    row, _ = answer(line(_changed(path, None, False), NOW))
    before = {(f["rule"], str(f["subject"])) for f in whole["findings"] if f["state"] in ("breached", "at_risk")}
    for finding in row.get("findings", ()):
        if finding["state"] == "breached" and not str(path[-1]).endswith("_at"):
            assert (finding["rule"], str(finding["subject"])) in before


@given(st.sampled_from(FACT_NAMES))
def test_null_is_never_fine_and_never_a_breach(name: str) -> None:
    row, _ = answer(line({name: None}, NOW, "MY"))
    assert all(finding["state"] == "unknown" for finding in row["findings"])
