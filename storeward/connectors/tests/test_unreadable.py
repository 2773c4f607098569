"""What an answer means that is no answer of the platform, and how long a header may ask us to wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors import client, errors
from storeward.connectors.contract import AppKeys, OperationKind, Request
from storeward.connectors.tiktok_shop import CONNECTOR
from storeward.connectors.unreadable import unreadable

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
READ, WRITE = OperationKind.READ, OperationKind.WRITE


def request(kind: OperationKind) -> Request:
    return Request(operation="doThing", kind=kind, method="POST", path="/thing")


def meant(kind: OperationKind, status: int, *, cut_short: bool) -> errors.PlatformError:
    return unreadable(request(kind), status, platform="lazada", expected="Lazada's JSON frame", cut_short=cut_short)


@pytest.mark.parametrize(
    ("kind", "status", "cut_short", "family"),
    [
        # Too many, and not now: nothing was carried out, whatever was asked.
        (READ, 429, False, "RateLimited"),
        (WRITE, 429, False, "RateLimited"),
        (WRITE, 429, True, "RateLimited"),
        (READ, 503, False, "Unavailable"),
        (WRITE, 503, False, "Unavailable"),
        (WRITE, 503, True, "Unavailable"),
        # A write may have been carried out, also where a proxy says something of its own.
        (WRITE, 200, False, "OutcomeUnknown"),
        (WRITE, 200, True, "OutcomeUnknown"),
        (WRITE, 302, False, "OutcomeUnknown"),
        (WRITE, 404, False, "OutcomeUnknown"),
        (WRITE, 500, False, "OutcomeUnknown"),
        (WRITE, 502, False, "OutcomeUnknown"),
        (WRITE, 504, True, "OutcomeUnknown"),
        # A read is asked again where the fault will pass.
        (READ, 500, False, "Unavailable"),
        (READ, 502, True, "Unavailable"),
        (READ, 504, False, "Unavailable"),
        (READ, 200, True, "Unavailable"),
        (READ, 206, True, "Unavailable"),
        # And is no answer of the platform where it will not.
        (READ, 200, False, "UnexpectedPayload"),
        (READ, 302, False, "UnexpectedPayload"),
        (READ, 302, True, "UnexpectedPayload"),
        (READ, 403, False, "UnexpectedPayload"),
        (READ, 404, True, "UnexpectedPayload"),
        (READ, 499, False, "UnexpectedPayload"),
    ],
)
def test_what_the_caller_does_next(kind: OperationKind, status: int, cut_short: bool, family: str) -> None:
    error = meant(kind, status, cut_short=cut_short)
    assert (error.family, error.platform, error.operation) == (family, "lazada", "doThing")
    assert str(status) in error.message


@given(st.sampled_from([READ, WRITE]), st.integers(100, 599), st.booleans())
def test_a_write_is_never_taken_for_refused_or_for_done(kind: OperationKind, status: int, cut_short: bool) -> None:
    error = meant(kind, status, cut_short=cut_short)
    assert not isinstance(error, errors.Rejected | errors.CallerRefused | errors.AuthorizationLost)
    if kind is WRITE:
        assert isinstance(error, errors.OutcomeUnknown) == (status not in (429, 503))
    else:
        assert not isinstance(error, errors.OutcomeUnknown)


def test_what_was_expected_is_named_where_it_is_something_else() -> None:
    assert meant(READ, 200, cut_short=False).message == "HTTP 200, and the answer is not Lazada's JSON frame"
    assert "cut short" in meant(READ, 200, cut_short=True).message
    assert "may have been carried out" in meant(WRITE, 200, cut_short=False).message


# -- headers ------------------------------------------------------------------------------------------------------------

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "after"),
    [
        ("0", timedelta(0)),
        ("1", timedelta(seconds=1)),
        (" 30 ", timedelta(seconds=30)),
        ("007", timedelta(seconds=7)),
        ("86400", DAY),
        ("86401", DAY),
        ("99999999", DAY),
        ("9" * 5000, DAY),
        ("Sun, 22 Nov 2026 03:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 03:05:00 -0000", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 11:05:00 +0800", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 02:00:00 GMT", -timedelta(hours=1)),
        ("Mon, 23 Nov 2026 03:00:00 GMT", DAY),
        ("Mon, 23 Nov 2026 03:00:01 GMT", DAY),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
    ],
)
def test_a_wait_is_told_in_seconds_or_as_a_date_and_never_lasts_longer_than_a_day(header: str, after: timedelta) -> None:
    assert client._retry_at(header, NOW) == NOW + after


@pytest.mark.parametrize(
    "header",
    [
        "",
        "soon",
        "1.5",
        "-3",
        "²",
        "Sun, 22 Nov 2026 03:05:00 +9999",
        "Sun, 22 Nov 2026 03:05:00 +9999999999999",
        "Sun, 99999999999999999999 Nov 2026 03:05:00 GMT",
        "Sun, 22 Nov 99999 03:05:00 GMT",
        "Sun, 31 Feb 2026 03:05:00 GMT",
    ],
)
def test_a_wait_that_cannot_be_read_is_none(header: str) -> None:
    assert client._retry_at(header, NOW) is None


@given(st.text(max_size=60))
def test_no_header_ends_a_call(header: str) -> None:
    at = client._retry_at(header, NOW)
    assert at is None or (at.tzinfo is not None and at <= NOW + DAY)
    assert isinstance(client._clocks_apart(header, NOW), str)


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ("Sun, 22 Nov 2026 03:00:59 GMT", ""),
        ("Sun, 22 Nov 2026 02:59:01 GMT", ""),
        ("Sun, 22 Nov 2026 03:01:00 GMT", "1 min behind"),
        ("Sun, 22 Nov 2026 02:59:00 GMT", "1 min ahead of"),
        ("Sun, 22 Nov 2026 04:30:00 GMT", "90 min behind"),
        ("Sat, 21 Nov 2026 03:00:00 GMT", "1440 min ahead of"),
        ("", ""),
        ("30", ""),
        ("yesterday", ""),
        ("Sun, 22 Nov 2026 03:05:00 +9999999999999", ""),
    ],
)
def test_clocks_that_differ_by_a_minute_are_told(theirs: str, said: str) -> None:
    told = client._clocks_apart(theirs, NOW)
    assert (said in told) if said else told == ""


@pytest.mark.parametrize(
    ("attempt", "error", "wait"),
    [
        (1, errors.Unavailable(), 0.5),
        (2, errors.Unavailable(), 1.0),
        (3, errors.Unavailable(), 2.0),
        (4, errors.Unavailable(), None),
        (1, errors.RateLimited(), 0.5),
        (1, errors.RateLimited(retry_at=NOW + timedelta(seconds=3)), 3.25),
        (1, errors.RateLimited(retry_at=NOW + timedelta(seconds=4.75)), 5.0),
        (1, errors.RateLimited(retry_at=NOW + timedelta(seconds=4.8)), None),
        (1, errors.RateLimited(retry_at=NOW + timedelta(days=1)), None),
        (1, errors.RateLimited(retry_at=NOW - timedelta(hours=1)), 0.0),
        (3, errors.RateLimited(retry_at=NOW + timedelta(seconds=1)), 1.25),
        (4, errors.RateLimited(retry_at=NOW), None),
    ],
)
def test_a_read_waits_longer_each_time_and_leaves_long_waits_to_the_caller(
    attempt: int, error: errors.PlatformError, wait: float | None
) -> None:
    asking = client.Client(
        connector=CONNECTOR,
        session=None,  # type: ignore[arg-type]
        app=AppKeys("k", "s"),
        access=None,
        now=lambda: NOW,
        chance=lambda: 0.5,
    )
    found = asking._wait_before_next(request(READ), error, attempt)
    assert found == (None if wait is None else pytest.approx(wait))
    assert asking._wait_before_next(request(WRITE), error, attempt) is None
