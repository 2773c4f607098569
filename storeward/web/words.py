"""Rules, subjects and states in the person's language. The policy data and the product's own rules hold the sentences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storeward.findings.actions import ACTIONS, LOOK, Action, action_for
from storeward.findings.rules import about
from storeward.policy import terms
from storeward.web.formats import Language


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What a rule is called, what follows if it is missed, and what mends it."""

    title: str
    consequence: str
    remedy: str
    stake: str
    of_store: bool = False
    """The store itself is at stake."""


@lru_cache(maxsize=2048)
def rule_words(rule_id: str, language: Language) -> RuleWords:
    """The words of a rule; the bare id for one that the policy no longer holds, so that an old finding still reads."""
    try:
        told = about(rule_id)
    except KeyError:
        return RuleWords(rule_id, "", "", "")
    of_store = told.stake == terms.book().stakes["store"].say("en")
    if language == "zh":
        return RuleWords(told.title_zh, told.consequence_zh, told.remedy_zh, told.stake_zh, of_store)
    return RuleWords(told.title, told.consequence, told.remedy, told.stake, of_store)


def span_of(rule_id: str, since: str) -> terms.Span | None:
    """The terms of a rule that began on that day (ISO, empty for an open beginning); the latest where none did."""
    try:
        spans = terms.book().rule(rule_id).terms
    except KeyError:
        return None
    return next((span for span in spans if (span.from_.isoformat() if span.from_ else "") == since), spans[-1])


def confidence_word(name: str) -> str:
    """How sure we are of the terms."""
    table = {
        "official": _("official"),
        "seed": _("from the first documents"),
        "third-party": _("from third parties"),
        "uncertain": _("uncertain"),
    }
    return table.get(name, name)


KINDS = (
    "order",
    "package",
    "conversation",
    "listing",
    "product",
    "sku",
    "request",
    "return_request",
    "cancellation_request",
    "dispute",
    "review",
    "violation",
    "message",
    "notice",
    "content",
    "sub_account",
    "login_event",
    "stream",
    "store",
)
"""What a finding or a duty can be about."""


def counted(kind: str, count: int) -> str:
    """ "14 orders", "14 个订单"."""
    table = {
        "order": ngettext("%(n)d order", "%(n)d orders", count),
        "package": ngettext("%(n)d package", "%(n)d packages", count),
        "conversation": ngettext("%(n)d conversation", "%(n)d conversations", count),
        "listing": ngettext("%(n)d listing", "%(n)d listings", count),
        "product": ngettext("%(n)d product", "%(n)d products", count),
        "sku": ngettext("%(n)d variant", "%(n)d variants", count),
        "request": ngettext("%(n)d request", "%(n)d requests", count),
        "return_request": ngettext("%(n)d return request", "%(n)d return requests", count),
        "cancellation_request": ngettext("%(n)d cancellation request", "%(n)d cancellation requests", count),
        "dispute": ngettext("%(n)d dispute", "%(n)d disputes", count),
        "review": ngettext("%(n)d review", "%(n)d reviews", count),
        "violation": ngettext("%(n)d violation", "%(n)d violations", count),
        "message": ngettext("%(n)d message", "%(n)d messages", count),
        "notice": ngettext("%(n)d notice", "%(n)d notices", count),
        "content": ngettext("%(n)d text", "%(n)d texts", count),
        "sub_account": ngettext("%(n)d sub-account", "%(n)d sub-accounts", count),
        "login_event": ngettext("%(n)d login", "%(n)d logins", count),
        "stream": ngettext("%(n)d feed", "%(n)d feeds", count),
        "store": ngettext("%(n)d store", "%(n)d stores", count),
    }
    words = table.get(kind) or ngettext("%(n)d matter", "%(n)d matters", count)
    return words % {"n": count}


def subject(kind: str, identity: str) -> str:
    """ "Order 5783…112"; empty for the store as a whole."""
    table = {
        "order": _("Order"),
        "package": _("Package"),
        "conversation": _("Conversation"),
        "listing": _("Listing"),
        "product": _("Product"),
        "sku": _("Variant"),
        "request": _("Request"),
        "return_request": _("Return request"),
        "cancellation_request": _("Cancellation request"),
        "dispute": _("Dispute"),
        "review": _("Review"),
        "violation": _("Violation"),
        "message": _("Message"),
        "notice": _("Notice"),
        "content": _("Text"),
        "sub_account": _("Sub-account"),
        "login_event": _("Login"),
        "stream": _("Feed"),
    }
    if kind == "stream":
        return stream_name(identity)
    return f"{table.get(kind, kind)} {identity}" if identity and kind != "store" else ""


def title(rule_id: str, kind: str, count: int, language: Language) -> str:
    """What a line says: the rule's title, with the number of things (orders, not findings) where there is more than one."""
    words = rule_words(rule_id, language).title
    if count < 2 or kind == "store":
        return words
    return _("%(things)s: %(title)s") % {"things": counted(kind, count), "title": words}


def why(rule_id: str, details: Mapping[str, Any], language: Language) -> str:
    """The sentence stored with a finding; the rule's consequence where there is none."""
    return _stored(details, "why", language) or rule_words(rule_id, language).consequence


def brief(rule_id: str, details: Mapping[str, Any], language: Language) -> str:
    """The same in short, for the second line of a list; the whole sentence of a finding from before there were short ones."""
    told = _stored(details, "brief", language) or why(rule_id, details, language).rstrip(".。")
    return told.replace(" -", " −").replace("额-", "额−")


_CLAUSE = re.compile(r"; |, | \(|[；，（。]")


def opening(text: str, most: int) -> str:
    """As many whole clauses from the beginning of a sentence as fit into `most` letters; all of it, where not even one does."""
    if len(text) <= most:
        return text
    ends = [found.start() for found in _CLAUSE.finditer(text) if 0 < found.start() <= most]
    return text[: ends[-1]] if ends else text


def reason(text: str) -> str:
    """Why a connection is lost, in the person's language; what a platform said in words of its own stays as it is."""
    table = {
        "The seller has withdrawn the authorisation": _("The seller has withdrawn the authorisation"),
        "The store was never connected to its platform: connect it first": _(
            "The store was never connected to its platform: connect it first"
        ),
    }
    return table.get(text.rstrip("."), text)


REASONS = (
    "The seller has withdrawn the authorisation",
    "The store was never connected to its platform: connect it first",
)
"""Sentences of ours that a stored reason may hold in English."""


def _stored(details: Mapping[str, Any], name: str, language: Language) -> str:
    said: Mapping[str, Any] = details.get(name) or {}
    told = str(said.get(language) or said.get("en") or "")
    for known in REASONS if language == "zh" else ():
        told = told.replace(known, reason(known))
    return told


def action(name: str) -> Action:
    return ACTIONS.get(name, LOOK)


def step(rule_id: str) -> Action:
    """What settles a duty of that rule before it is a finding."""
    return action_for(rule_id)


def state_word(name: str) -> str:
    """The state of a store, one of five."""
    table = {
        "fine": _("fine"),
        "watch": _("watch"),
        "restricted": _("restricted"),
        "closed": _("closed"),
        "unknown": _("unknown"),
    }
    return table.get(name, name)


STATE_MARKS = {"fine": "fine", "watch": "warning", "restricted": "critical", "closed": "fatal", "unknown": "unknown"}


def status_word(name: str) -> str:
    """Where a finding stands."""
    table = {
        "open": _("open, not taken"),
        "acknowledged": _("taken"),
        "snoozed": _("snoozed"),
        "resolved": _("settled"),
    }
    return table.get(name, name)


def happened(kind: str) -> str:
    """What a transition was."""
    table = {
        "opened": _("found"),
        "worse": _("got worse"),
        "better": _("got better"),
        "acknowledged": _("taken"),
        "assigned": _("assigned"),
        "snoozed": _("snoozed"),
        "woke": _("snooze over"),
        "resolved": _("settled"),
        "reopened": _("open again"),
    }
    return table.get(kind, kind)


def stream_name(name: str) -> str:
    """A feed by its everyday name; one that we have no word for is shown as it is."""
    table = {
        "orders": _("Orders"),
        "packages": _("Packages"),
        "returns": _("Returns"),
        "cancellations": _("Cancellations"),
        "aftersales": _("Returns, cancellations"),
        "after_sales": _("Returns, cancellations"),
        "listings": _("Listings, stock"),
        "products": _("Listings, stock"),
        "conversations": _("Conversations"),
        "messages": _("Messages"),
        "finance": _("Balance, ledger"),
        "statements": _("Statements"),
        "payments": _("Payments"),
        "withdrawals": _("Withdrawals"),
        "unsettled": _("Unsettled amounts"),
        "transactions": _("Ledger"),
        "metrics": _("Performance"),
        "performance": _("Performance"),
        "reviews": _("Reviews"),
        "stock": _("Stock"),
        "wallet": _("Balance"),
        "sessions": _("Chat sessions"),
        "chat_performance": _("Chat performance"),
        "statement_lines": _("Statement lines"),
        "score": _("Store score"),
        "score_metrics": _("Score figures"),
        "tickets": _("Service tickets"),
        "alerts": _("Policy alerts"),
        "figures": _("Seller figures"),
        "packages_arranged": _("Arranged packages"),
        "variations": _("Variations"),
        "listing_pages": _("Words and pictures of listings"),
        "listing_violations": _("Listing violations"),
        "payouts": _("Payouts"),
        "to_release": _("Income to release"),
        "releases": _("Released income"),
        "reckonings": _("Income details"),
        "points": _("Penalty points"),
        "punishments": _("Punishments"),
        "punishments_ended": _("Ended punishments"),
        "listing_issues": _("Listing issues"),
        "push": _("Notices by webhook"),
        "shop": _("Store data"),
        "stores": _("Store data"),
    }
    return table.get(name, name)


def origin_word(name: str) -> str:
    """Where a fact came from."""
    table = {
        "api": _("by API"),
        "push": _("by webhook"),
        "form": _("typed"),
        "file": _("imported"),
        "derived": _("reckoned"),
    }
    return table.get(name, name)


def area_word(name: str) -> str:
    """An area of the inspection."""
    table = {
        "activity": _("Activity"),
        "orders": _("Orders"),
        "messages": _("Messages"),
        "stock": _("Stock"),
        "money": _("Money"),
        "reviews": _("Reviews"),
        "health": _("Health"),
        "listings": _("Listings"),
        "security": _("Security"),
        "routine": _("Routine"),
    }
    return table.get(name, name)


def family(name: str) -> str:
    """Why a feed fails, by what it means for the person; our own word for one that we have no sentence for."""
    table = {
        "AuthorizationLost": _("authorisation lost"),
        "TokenExpired": _("authorisation ran out"),
        "ScopeMissing": _("permission not granted"),
        "CallerRefused": _("our address, clock or key is refused"),
        "RateLimited": _("told to wait"),
        "QuotaSpent": _("day's calls used up"),
        "Unavailable": _("platform does not answer"),
        "Rejected": _("platform refuses"),
        "UnexpectedPayload": _("answer not understood"),
        "NotSupported": _("not offered here"),
        "OutcomeUnknown": _("outcome not known"),
        "PlatformError": _("unknown error of the platform"),
        "authorisation_lost": _("authorisation lost"),
    }
    return table.get(name, name)
