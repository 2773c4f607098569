"""Every figure that a team may set for itself: which side of the platform's is tighter, row by row."""

from datetime import date
from decimal import Decimal

import pytest

from storeward.policy.terms import NotTightening, book, settable
from storeward.policy.versions import Own, assemble, check_tightening

DAY = date(2026, 11, 18)

# (rule, figure, the platform's, one that demands more (None: there is none), one that demands less)
FIGURES: list[tuple[str, str, str, str | None, str]] = [
    ("DY-OOS-DAY", "limit", "30", "29", "31"),
    ("DY-VP-12", "limit", "12", "11", "13"),
    ("INT-INACT-DAILY-LOGIN", "days", "1", None, "2"),
    ("INT-INACT-WEEKLY-LOGIN", "days", "7", "6", "8"),
    ("INT-NEGBAL-ALERT50", "limit", "50", "51", "49"),
    ("INT-AHR-DAILY", "days", "1", None, "2"),
    ("INT-SUBACCT-WEEKLY", "days", "7", "6", "8"),
    ("INT-SETTLEMENT-MONTHLY", "months", "1", None, "2"),
    ("INT-ORDERS-DAILY", "hours", "12", "11", "13"),
    ("INT-CHAT-TWICE-DAILY", "hours", "12", "11", "13"),
    ("INT-PRODUCT-2XWEEK", "days", "3.5", "3.0", "4.0"),
    ("INT-CAMPAIGN-2XWEEK", "days", "3.5", "3.0", "4.0"),
    ("LZD-NCP-12", "limit", "12", "11", "13"),
    ("LZD-NCP-24", "limit", "24", "23", "25"),
    ("LZD-NCP-36", "limit", "36", "35", "37"),
    ("LZD-NCP-48", "limit", "48", "47", "49"),
    ("LZD-SOT", "limit", "90", "91", "89"),
    ("LZD-CR-OVL", "limit", "30", "29", "31"),
    ("LZD-CHAT-RATE", "limit", "85", "86", "84"),
    ("LZD-CHAT-TIME", "limit", "30", "29", "31"),
    ("LZD-RETURN-RATE", "limit", "1", "0", "2"),
    ("LZD-POSITIVE", "limit", "70", "71", "69"),
    ("LZD-LAZMALL-CYCLE", "months", "3", "2", "4"),
    ("LZD-CHAT-CYCLE", "due_hour", "19", "18", "20"),
    ("LZD-RTS-2WD", "working_days", "2", "1", "3"),
    ("LZD-COLLECT-4WD", "working_days", "4", "3", "5"),
    ("LZD-XB-SORT", "working_days", "3", "2", "4"),
    ("LZD-STOCK-60", "days", "60", "59", "61"),
    ("SHP-PP-3", "limit", "3", "2", "4"),
    ("SHP-PP-6", "limit", "6", "5", "7"),
    ("SHP-PP-9", "limit", "9", "8", "10"),
    ("SHP-PP-12", "limit", "12", "11", "13"),
    ("SHP-PP-15", "limit", "15", "14", "16"),
    ("SHP-NFR", "limit", "10", "9", "11"),
    ("SHP-LSR", "limit", "10", "9", "11"),
    ("SHP-XB-LSR", "limit", "20", "19", "21"),
    ("SHP-OVC-7D", "limit", "10", "9", "11"),
    ("SHP-MY-FHR", "limit", "60", "61", "59"),
    ("SHP-MY-APT", "limit", "1", "0", "2"),
    ("SHP-PREORDER-5", "limit", "5", "4", "6"),
    ("SHP-PREORDER-20-LEGACY", "limit", "20", "19", "21"),
    ("SHP-CHAT-12H", "hours", "12", "11", "13"),
    ("SHP-CHAT-20", "limit", "20", "21", "19"),
    ("SHP-TH-CHAT-60", "limit", "60", "61", "59"),
    ("SHP-CHAT-TARGET", "limit", "90", "91", "89"),
    ("SHP-DTS-D1", "working_days", "1", None, "2"),
    ("SHP-AUTOCANCEL-ARRANGE", "working_days", "2", "1", "3"),
    ("SHP-AUTOCANCEL-SCAN", "working_days", "3", "2", "4"),
    ("SHP-PH-AUTOCANCEL-72H", "working_days", "1", None, "2"),
    ("SHP-PH-AUTOCANCEL-72H", "hours", "72", "71", "73"),
    ("SHP-METRICS-API", "limit", "2", "3", "1"),
    ("SHP-INACTIVE-7D", "days", "7", "6", "8"),
    ("TTS-SEA-CANCELREQ-24H", "hours", "24", "23", "25"),
    ("TTS-TH-RETURN-1WD", "working_days", "1", None, "2"),
    ("TTS-ID-RETURN-2CD", "days", "2", "1", "3"),
    ("TTS-SEA-APPEAL-1", "days", "30", "29", "31"),
    ("TTS-SEA-APPEAL-2", "days", "15", "14", "16"),
    ("TTS-US-APPEAL-1", "days", "30", "29", "31"),
    ("TTS-US-APPEAL-2", "days", "15", "14", "16"),
    ("TTS-SEA-NEGBAL-NEG", "limit", "0", "1", "-1"),
    ("TTS-SEA-NEGBAL-10D", "days", "10", "9", "11"),
    ("TTS-SEA-NEGBAL-100", "limit", "-100", "-99", "-101"),
    ("TTS-SEA-NEGBAL-TOPUP", "days", "10", "9", "11"),
    ("TTS-US-NEGBAL", "limit", "0", "1", "-1"),
    ("TTS-SEA-REVIEW-FOLLOWUP", "days", "180", "179", "181"),
    ("TTS-US-AHR-150", "limit", "150", "151", "149"),
    ("TTS-US-AHR-100", "limit", "100", "101", "99"),
    ("TTS-US-AHR-50", "limit", "50", "51", "49"),
    ("TTS-US-AHR-0", "limit", "0", "1", "-1"),
    ("TTS-UK-AHR", "limit", "150", "151", "149"),
    ("TTS-SEA-INACT-30", "days", "30", "29", "31"),
    ("TTS-SEA-INACT-G7", "days", "7", "6", "8"),
    ("TTS-SEA-INACT-60", "days", "60", "59", "61"),
    ("TTS-SEA-INACT-60-G7", "days", "7", "6", "8"),
    ("TTS-SEA-DEPOSIT-30", "days", "30", "29", "31"),
    ("TTS-SEA-WITHHOLD-90", "days", "90", "89", "91"),
    ("TTS-USUK-FUNDS-48H", "hours", "48", "47", "49"),
    ("TTS-SEA-2SV-30", "days", "30", "29", "31"),
    ("TTS-SEA-VP-12", "limit", "12", "11", "13"),
    ("TTS-SEA-VP-24", "limit", "24", "23", "25"),
    ("TTS-SEA-VP-36", "limit", "36", "35", "37"),
    ("TTS-SEA-VP-48", "limit", "48", "47", "49"),
    ("TTS-US-VP48-LEGACY", "limit", "48", "47", "49"),
    ("TTS-SEA-NRR", "limit", "0.5", "0.0", "1.0"),
    ("TTS-SEA-SFRR", "limit", "1.5", "1.0", "2.0"),
    ("TTS-SEA-LDR-TARGET", "limit", "4", "3", "5"),
    ("TTS-SEA-LDR-OVL1", "limit", "10", "9", "11"),
    ("TTS-SEA-LDR-OVL2", "limit", "30", "29", "31"),
    ("TTS-SEA-LDR-OVL3", "limit", "50", "49", "51"),
    ("TTS-SEA-LDR-VP", "limit", "10", "9", "11"),
    ("TTS-SEA-LDR-OVL1-25", "limit", "25", "24", "26"),
    ("TTS-SEA-SFCR-TARGET", "limit", "2.5", "2.0", "3.0"),
    ("TTS-SEA-SFCR-OVL1", "limit", "10", "9", "11"),
    ("TTS-SEA-SFCR-OVL2", "limit", "30", "29", "31"),
    ("TTS-SEA-SFCR-OVL3", "limit", "50", "49", "51"),
    ("TTS-SEA-SFCR-VP2", "limit", "10", "9", "11"),
    ("TTS-SEA-SFCR-VP4", "limit", "10", "9", "11"),
    ("TTS-SEA-FDR", "limit", "95", "96", "94"),
    ("TTS-SEA-OVL-CAMPAIGN", "limit", "10", "9", "11"),
    ("TTS-XB-OVL", "limit", "10", "9", "11"),
    ("TTS-US-LDR", "limit", "4", "3", "5"),
    ("TTS-US-SFCR", "limit", "2.5", "2.0", "3.0"),
    ("TTS-US-VTR", "limit", "95", "96", "94"),
    ("TTS-US-OTDR", "limit", "80", "81", "79"),
    ("TTS-UK-VTR", "limit", "95", "96", "94"),
    ("TTS-SEA-RESP24-MSG", "hours", "24", "23", "25"),
    ("TTS-SEA-RESP24-RATE", "limit", "85", "86", "84"),
    ("TTS-SEA-RESP12-MSG", "hours", "12", "11", "13"),
    ("TTS-SEA-RESP12-RATE", "limit", "85", "86", "84"),
    ("TTS-MY-RESP12-RATE", "limit", "90", "91", "89"),
    ("TTS-US-RESP24-MSG", "hours", "24", "23", "25"),
    ("TTS-US-RESP24-RATE", "limit", "90", "91", "89"),
    ("TTS-SEA-STORE-RATING", "limit", "3", "4", "2"),
    ("TTS-US-SPS", "limit", "2.5", "3.0", "2.0"),
    ("TTS-SEA-PASSWORD", "months", "1", None, "2"),
    ("TTS-SEA-SHIP-2WD", "working_days", "2", "1", "3"),
    ("TTS-SEA-AUTOCANCEL-RTS", "working_days", "2", "1", "3"),
    ("TTS-SEA-AUTOCANCEL-COLLECT", "working_days", "3", "2", "4"),
    ("TTS-SEA-PREORDER-SHIP", "handling_calendar", "2", "1", "3"),
    ("TTS-PH-SHIP-NDD", "days", "0", None, "1"),
    ("TTS-TH-SDD", "due_hour", "17", "16", "18"),
    ("TTS-XB-SHIP-48H", "hours", "48", "47", "49"),
    ("TTS-XB-SHIP-3CD", "calendar_days_end", "3", "2", "4"),
    ("TTS-XB-SHIP-96H-LEGACY", "hours", "96", "95", "97"),
    ("TTS-US-SHIP-2BD", "working_days", "2", "1", "3"),
    ("TTS-US-SHIP-INTRANSIT", "working_days", "2", "1", "3"),
    ("TTS-US-AUTOCANCEL-7BD", "working_days", "7", "6", "8"),
    ("TTS-US-AUTOCANCEL-7BD", "handling_plus", "4", "3", "5"),
    ("TTS-US-AUTOCANCEL-7BD", "after_handling", "5", "4", "6"),
    ("TTS-US-DELIVER-6BD", "working_days", "6", "5", "7"),
    ("TTS-US-DELIVER-6BD", "handling_plus", "5", "4", "6"),
    ("TTS-UK-LDR", "working_days", "2", "1", "3"),
    ("TTS-SEA-REVIEW-REPORT", "days", "30", "29", "31"),
]

# Figures that no source names: (rule, figure)
ASKED: list[tuple[str, str]] = [
    ("DY-LATE-COMPENSATION", "share"),
    ("DY-COLLECT-HOURS", "hours"),
    ("DY-FAKE-SHIP", "hours"),
    ("DY-VP-EXPIRY", "expiry_days"),
    ("DY-APPEAL", "days"),
    ("DY-EXPERIENCE", "limit"),
    ("DY-REPLY-3MIN", "limit"),
    ("LZD-INACTIVE", "days"),
    ("SHP-FREEZE-2025", "limit"),
    ("TTS-US-AHR-LOSE", "points"),
    ("TTS-US-AHR-GAIN", "points"),
]


def own(rule: str, name: str, figure: str) -> Own:
    return Own(rule, {name: Decimal(figure)}, DAY)


def held(rule_id: str) -> bool:
    """Whether terms of the rule hold on or after the day: an own figure needs some."""
    return any(span.to is None or span.to > DAY for span in book().rule(rule_id).terms)


def test_every_figure_that_may_be_set_stands_in_the_tables() -> None:
    able = {(rule.id, name) for _, rule in book() for name in settable(rule, rule.terms[-1])}
    assert able == {row[:2] for row in FIGURES} | set(ASKED)


@pytest.mark.parametrize("row", FIGURES, ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_tighter_figure_is_taken_and_a_looser_one_refused(row: tuple[str, str, str, str | None, str]) -> None:
    rule, name, platform, tighter, looser = row
    if not held(rule):
        with pytest.raises(NotTightening, match="no terms hold"):
            check_tightening(book(), own(rule, name, looser))
        return
    assert book().rule(rule).terms[-1].figures[name] == Decimal(platform)
    if (rule, name) != ("TTS-PH-SHIP-NDD", "days"):  # the same day: nothing is tighter than no day at all
        check_tightening(book(), own(rule, name, platform))
    with pytest.raises(NotTightening) as refusal:
        check_tightening(book(), own(rule, name, looser))
    assert looser in str(refusal.value)
    assert platform in str(refusal.value)
    if tighter is not None:
        check_tightening(book(), own(rule, name, tighter))
        judging = assemble(book(), [], [own(rule, name, tighter)])
        found = judging.row(judging.rule(rule), DAY)
        if found is not None:
            assert (found.figure(name), found.ref.figures[name]) == (Decimal(tighter), Decimal(platform))


@pytest.mark.parametrize(("rule", "name"), ASKED)
def test_where_none_is_known_every_figure_above_zero_is_taken(rule: str, name: str) -> None:
    for figure in ("0.5", "1", "400"):
        check_tightening(book(), own(rule, name, figure))
        judging = assemble(book(), [], [own(rule, name, figure)])
        found = judging.row(judging.rule(rule), DAY)
        assert found is not None
        assert (found.figure(name), found.ref.figures.get(name)) == (Decimal(figure), None)
    for figure in ("0", "-1"):
        with pytest.raises(NotTightening, match="no usable figure"):
            check_tightening(book(), own(rule, name, figure))


@pytest.mark.parametrize("row", FIGURES[::7], ids=lambda row: row[0])
def test_a_looser_figure_that_was_set_once_never_counts(row: tuple[str, str, str, str | None, str]) -> None:
    rule, name, platform, _, looser = row
    judging = assemble(book(), [], [own(rule, name, looser)])
    found = judging.row(judging.rule(rule), DAY)
    if found is not None:
        assert (found.figure(name), found.ref.own) == (Decimal(platform), None)
