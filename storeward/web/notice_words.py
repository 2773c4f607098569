"""What notices and mailboxes are called on the pages, in the person's language."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storeward.intake.models import NoticeState


def kind_words() -> dict[str, str]:
    """Every kind of notice, in the person's language."""
    return {
        "violation_points": _("Violation points"),
        "penalty_points": _("Penalty points"),
        "non_compliance_points": _("Non-compliance points"),
        "account_health": _("Health rating"),
        "violation": _("Violation"),
        "violation_warning": _("Warning of a violation"),
        "listing_removed": _("Listing removed"),
        "order_cancelled": _("Order cancelled"),
        "appeal_approved": _("Appeal approved"),
        "appeal_rejected": _("Appeal rejected"),
        "inactivity_reminder": _("Reminder of inactivity"),
        "inactivity_listings_removed": _("Listings removed for inactivity"),
        "two_step_verification_required": _("Two-step verification required"),
        "deposit_shortfall": _("Deposit too low"),
        "funds_withheld": _("Funds withheld"),
        "fund_deduction_planned": _("Funds will be deducted"),
        "payment_frozen": _("Payment frozen"),
        "campaign_end": _("Campaign ends"),
    }


def state_words(state: str) -> str:
    table = {
        NoticeState.ENTERED: _("entered"),
        NoticeState.LOOK: _("to be looked at"),
        NoticeState.ELSEWHERE: _("from elsewhere"),
        NoticeState.DONE: _("set aside"),
    }
    return table.get(NoticeState(state), state) if state in NoticeState.values else state


def field_words() -> dict[str, str]:
    return {
        "store": _("Store"),
        "kind": _("Kind of notice"),
        "issued_at": _("Issued at"),
        "deadline": _("To be answered by"),
        "points": _("Points"),
        "score": _("Health rating"),
        "subject": _("About number"),
        "subject_kind": _("The number is of"),
        "case": _("Number of the case"),
    }


def why_words(why: str) -> str:
    """Why a notice waits, in the person's language; as it came where we have no words for it."""
    if found := re.fullmatch(r"not told: (.+)", why):
        labels = field_words()
        named = ", ".join(labels.get(one, one) for one in found[1].split(", "))
        return _("not told: %(names)s") % {"names": named}
    if found := re.fullmatch(r"sent by (.+), no platform's address", why):
        return _("sent by %(who)s, no platform's address") % {"who": found[1]}
    if found := re.fullmatch(r"(\S+) does not vouch for the sender (.+)", why):
        return _("%(server)s does not vouch for the sender %(who)s") % {"server": found[1], "who": found[2]}
    if found := re.fullmatch(r"sent by (.+), but about a store of another platform", why):
        return _("sent by %(who)s, but about a store of another platform") % {"who": found[1]}
    if why == "the same notice was entered before":
        return _("the same notice was entered before")
    return why


def error_words(error: str) -> str:
    """Why a mailbox cannot be read, in the person's language; what the server said stays as it is."""
    if found := re.fullmatch(r"The mailbox at (\S+) cannot be read: (.+)", error, re.DOTALL):
        return _("The mailbox at %(server)s cannot be read: %(said)s") % {"server": found[1], "said": found[2]}
    if found := re.match(r"(\d+) of the mails could not be kept", error):
        return ngettext(
            "%(n)s mail could not be kept; it stays unread and is tried again.",
            "%(n)s mails could not be kept; they stay unread and are tried again.",
            int(found[1]),
        ) % {"n": found[1]}
    return error


def entered_words(said: str) -> str:
    """What was entered, in the person's language: "points V-2026-88"."""
    what, _blank, rest = said.partition(" ")
    table = {
        "points": _("Points, number %(id)s"),
        "violation": _("Violation, number %(id)s"),
        "notice": _("Notice: %(id)s"),
        "ahr": _("Health rating %(id)s"),
    }
    number_, told, _rest = rest.partition(": the platform itself has told ")
    if told:
        return _("%(id)s: the platform itself has told it, so nothing was changed") % {"id": number_}
    named = kind_words().get(rest, rest) if what == "notice" else rest
    return table[what] % {"id": named} if what in table else said
