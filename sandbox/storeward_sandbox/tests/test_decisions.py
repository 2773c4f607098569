"""Who may decide what about a return or a cancellation: the whole table, cell by cell.

Codes are those of the platform: 25020004 the decision is for another type, 25011010 the platform has taken over, 25020009 already
cancelled, 25020010 already approved, 25011012 and 25011013 the state does not allow it, 25020011 and 25020012 the parcel's.
"""

from collections.abc import Iterator

import pytest

from storeward_sandbox.tests.street import NOON, line
from storeward_sandbox.tiktok_shop import cancellations, returns
from storeward_sandbox.tiktok_shop.aftersales import APPROVALS, OF_CANCELLATIONS, REJECTIONS, reject_reasons, verdict
from storeward_sandbox.tiktok_shop.cancellations import Cancellation
from storeward_sandbox.tiktok_shop.requests import BUYER_RETURNS, REJECT_CANCELLATION, REJECT_PARCEL, REJECT_REQUEST
from storeward_sandbox.tiktok_shop.returns import Return

SHORT = {
    "ok": 0,
    "type": 25020004,
    "arb": 25011010,
    "off": 25020009,
    "done": 25020010,
    "state": 25011012,
    "parcel": 25011013,
    "had": 25020011,
    "nopar": 25020012,
}
"""The words of the tables below."""

DECISIONS = (
    "APPROVE_REFUND",
    "APPROVE_RETURN",
    "APPROVE_RECEIVED_PACKAGE",
    "APPROVE_REPLACEMENT",
    "ISSUE_REPLACEMENT_REFUND",
    "OFFER_PARTIAL_REFUND",
    "DIRECT_REFUND",
    "REJECT_REFUND",
    "REJECT_RETURN",
    "REJECT_RECEIVED_PACKAGE",
    "REJECT_REPLACEMENT",
    "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG",
)
"""The columns of the tables below, in their order."""

# Rows: the state; `+` has been approved, `@` the parcel has come back, `!` the platform decides at the moment.
REFUNDS = """
RETURN_OR_REFUND_REQUEST_PENDING     ok    type  type   type type ok    type  ok    type  type  type type
AWAITING_BUYER_RESPONSE              state type  type   type type state type  state type  type  type type
REFUND_OR_RETURN_REQUEST_REJECT      state type  type   type type state type  state type  type  type type
REFUND_OR_RETURN_REQUEST_REJECT!     arb   arb   arb    arb  arb  arb   arb   arb   arb   arb   arb  arb
RETURN_OR_REFUND_REQUEST_SUCCESS+    state type  type   type type state type  done  type  type  type type
RETURN_OR_REFUND_REQUEST_COMPLETE+   state type  type   type type state type  done  type  type  type type
RETURN_OR_REFUND_REQUEST_CANCEL      off   type  type   type type off   type  off   type  type  type type
"""

RETURNS = """
RETURN_OR_REFUND_REQUEST_PENDING     type  ok    parcel type type ok    ok    type  ok    nopar type nopar
AWAITING_BUYER_SHIP+                 type  state parcel type type state ok    type  done  nopar type nopar
BUYER_SHIPPED_ITEM+                  type  state ok     type type state ok    type  done  nopar type nopar
BUYER_SHIPPED_ITEM+@                 type  state ok     type type state ok    type  done  ok    type ok
AWAITING_BUYER_RESPONSE              type  state parcel type type state state type  state nopar type nopar
REFUND_OR_RETURN_REQUEST_REJECT      type  state parcel type type state state type  state nopar type nopar
REJECT_RECEIVE_PACKAGE+@             type  state parcel type type state state type  done  nopar type nopar
REJECT_RECEIVE_PACKAGE+@!            arb   arb   arb    arb  arb  arb   arb   arb   arb   arb   arb  arb
RETURN_OR_REFUND_REQUEST_SUCCESS+@   type  state parcel type type state state type  done  had   type had
RETURN_OR_REFUND_REQUEST_COMPLETE+@  type  state parcel type type state state type  done  had   type had
RETURN_OR_REFUND_REQUEST_CANCEL      type  off   off    type type off   off   type  off   off   type off
"""

REPLACEMENTS = """
REPLACEMENT_REQUEST_PENDING          type  type  type   ok    ok    type  type  type  type  type  ok    type
REPLACEMENT_REQUEST_REJECT           type  type  type   state state type  type  type  type  type  state type
REPLACEMENT_REQUEST_REJECT!          arb   arb   arb    arb   arb   arb   arb   arb   arb   arb   arb   arb
REPLACEMENT_REQUEST_CANCEL           type  type  type   off   off   type  type  type  type  type  off   type
REPLACEMENT_REQUEST_REFUND_SUCCESS+  type  type  type   state state type  type  type  type  type  done  type
REPLACEMENT_REQUEST_COMPLETE+        type  type  type   state state type  type  type  type  type  done  type
"""


def cells(kind: str, table: str) -> Iterator[tuple[str, str, str, int]]:
    for row in table.strip().splitlines():
        state, *words = row.split()
        for decision, word in zip(DECISIONS, words, strict=True):
            yield kind, state, decision, SHORT[word]


def a_request(kind: str, state: str) -> Return:
    """A return in the state that a row names."""
    status = state.rstrip("+@!")
    made = Return("4030000000000000001", "576", "719", "BUYER", BUYER_RETURNS[0], [line(1)], NOON, status, NOON, kind=kind)
    made.approved = NOON if "+" in state else 0
    made.arrived = NOON if "@" in state else 0
    made.arbitration = returns.IN_PROGRESS if "!" in state else ""
    return made


@pytest.mark.parametrize(
    ("kind", "state", "decision", "code"),
    [
        *cells("REFUND", REFUNDS),
        *cells("RETURN_AND_REFUND", RETURNS),
        *cells("REPLACEMENT", REPLACEMENTS),
    ],
)
def test_each_decision_is_taken_or_refused_with_its_code(kind: str, state: str, decision: str, code: int) -> None:
    problem = verdict(a_request(kind, state), decision)
    assert (problem.code if problem else 0) == code


def test_the_tables_know_every_decision() -> None:
    assert (*APPROVALS, *REJECTIONS) == DECISIONS


@pytest.mark.parametrize("kind", ["REFUND", "RETURN_AND_REFUND", "REPLACEMENT"])
@pytest.mark.parametrize("decision", ["", "APPROVE", "approve_refund", "APPROVE_REQUEST_CANCEL", "REJECT_REQUEST_CANCEL"])
def test_a_word_that_is_no_decision_about_returns_fits_none(kind: str, decision: str) -> None:
    problem = verdict(a_request(kind, "RETURN_OR_REFUND_REQUEST_PENDING"), decision)
    assert problem is not None
    assert problem.code == 25020004


def a_cancellation(status: str) -> Cancellation:
    return Cancellation("4030000000000000002", "576", "719", "BUYER", BUYER_RETURNS[0], [line(1)], NOON, status, NOON)


@pytest.mark.parametrize(
    ("status", "decision", "code"),
    [
        ("CANCELLATION_REQUEST_PENDING", "APPROVE_REQUEST_CANCEL", 0),
        ("CANCELLATION_REQUEST_PENDING", "REJECT_REQUEST_CANCEL", 0),
        ("CANCELLATION_REQUEST_PENDING", "APPROVE_REFUND", 25020004),
        ("CANCELLATION_REQUEST_SUCCESS", "APPROVE_REQUEST_CANCEL", 25011012),
        ("CANCELLATION_REQUEST_SUCCESS", "REJECT_REQUEST_CANCEL", 25020010),
        ("CANCELLATION_REQUEST_SUCCESS", "REJECT_REFUND", 25020004),
        ("CANCELLATION_REQUEST_COMPLETE", "APPROVE_REQUEST_CANCEL", 25011012),
        ("CANCELLATION_REQUEST_COMPLETE", "REJECT_REQUEST_CANCEL", 25020010),
        ("CANCELLATION_REQUEST_CANCEL", "APPROVE_REQUEST_CANCEL", 25020009),
        ("CANCELLATION_REQUEST_CANCEL", "REJECT_REQUEST_CANCEL", 25020009),
    ],
)
def test_a_cancellation_is_decided_once(status: str, decision: str, code: int) -> None:
    problem = verdict(a_cancellation(status), decision)
    assert (problem.code if problem else 0) == code


def test_cancellations_have_decisions_of_their_own() -> None:
    assert not set(OF_CANCELLATIONS) & set(DECISIONS)


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        ("REFUND", "RETURN_OR_REFUND_REQUEST_PENDING", REJECT_REQUEST),
        ("REFUND", "AWAITING_BUYER_RESPONSE", ()),
        ("REFUND", "RETURN_OR_REFUND_REQUEST_SUCCESS+", ()),
        ("REFUND", "REFUND_OR_RETURN_REQUEST_REJECT", ()),
        ("RETURN_AND_REFUND", "RETURN_OR_REFUND_REQUEST_PENDING", REJECT_REQUEST),
        ("RETURN_AND_REFUND", "AWAITING_BUYER_SHIP+", ()),
        ("RETURN_AND_REFUND", "BUYER_SHIPPED_ITEM+", ()),
        ("RETURN_AND_REFUND", "BUYER_SHIPPED_ITEM+@", REJECT_PARCEL),
        ("RETURN_AND_REFUND", "REJECT_RECEIVE_PACKAGE+@", ()),
        ("REPLACEMENT", "REPLACEMENT_REQUEST_PENDING", REJECT_REQUEST),
        ("REPLACEMENT", "REPLACEMENT_REQUEST_REJECT", ()),
    ],
)
def test_reasons_to_refuse_fit_the_state(kind: str, state: str, expected: tuple[object, ...]) -> None:
    assert reject_reasons(a_request(kind, state)) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (cancellations.PENDING, REJECT_CANCELLATION),
        (cancellations.SUCCESS, ()),
        (cancellations.COMPLETE, ()),
        (cancellations.REFUSED, ()),
    ],
)
def test_reasons_to_refuse_a_cancellation_end_with_the_answer(status: str, expected: tuple[object, ...]) -> None:
    assert reject_reasons(a_cancellation(status)) == expected
