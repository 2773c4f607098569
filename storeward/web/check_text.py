"""Check a text before it goes to a buyer: verdict, the words that decided, the rule, a gentler wording. Nothing is kept."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from storeward.conduct.guard import check
from storeward.conduct.types import Context, Outcome, Verdict
from storeward.web import words
from storeward.web.frame import Visit, page
from storeward.web.notice_form import Piece
from storeward.web.policy_desk import desk, link, show

LONGEST = 4000
"""Letters that are looked at: longer than any message that a platform takes."""
MARKS = {Outcome.OK: "fine", Outcome.WARN: "warning", Outcome.BLOCK: "critical"}


def form_word(form: str) -> str:
    """A forbidden form."""
    table = {
        "change_review": _("asks to change or take down a review"),
        "incentive": _("offers something for a review"),
        "threat": _("threatens because of a review"),
        "repeat_solicit": _("asks for a review again"),
        "off_platform": _("leads away from the platform"),
        "personal_data": _("asks for personal data"),
        "insult": _("insults"),
        "selective_solicit": _("asks only content buyers for a review"),
    }
    return table.get(form, form)


def outcome_word(outcome: Outcome) -> str:
    table = {
        Outcome.OK: _("Fine: it may be sent."),
        Outcome.WARN: _("Doubtful: have somebody look twice before it is sent."),
        Outcome.BLOCK: _("Forbidden: do not send it."),
    }
    return table[outcome]


def language_word(language: str) -> str:
    table = {
        "en": _("English"),
        "zh": _("Chinese"),
        "ms": _("Malay"),
        "id": _("Indonesian"),
        "th": _("Thai"),
        "vi": _("Vietnamese"),
        "fil": _("Filipino"),
    }
    return table.get(language, language)


def marked(text: str, verdict: Verdict) -> list[Piece]:
    """The text in pieces, with the form of those that decided. Stretches that overlap are told by the first."""
    found, place = [], 0
    for span in sorted(verdict.spans, key=lambda span: span.start):
        if span.start < place:
            continue
        if span.start > place:
            found.append(Piece(text[place : span.start], ""))
        found.append(Piece(text[span.start : span.end], form_word(span.form)))
        place = span.end
    return [*found, Piece(text[place:], "")] if place < len(text) else found


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict, ready to draw."""

    mark: str
    word: str
    forms: tuple[str, ...]
    pieces: tuple[Piece, ...]
    language: str
    gentler: str
    rule: str
    rule_title: str
    rule_href: str


@require_http_methods(["GET", "POST"])
@page
def check_text(visit: Visit) -> HttpResponse:
    """The page."""
    at = desk(visit)
    posted = visit.request.POST
    text, before = posted.get("text", "").replace("\r\n", "\n")[:LONGEST], posted.get("before") == "1"
    said = None
    if visit.request.method == "POST" and text.strip():
        verdict = check(text, context=Context(asked_before=before))
        rule = verdict.rule or ""
        said = Said(
            MARKS[verdict.outcome],
            outcome_word(verdict.outcome),
            tuple(map(form_word, verdict.forms)),
            tuple(marked(text, verdict)),
            language_word(verdict.language),
            verdict.gentler or "",
            rule,
            words.rule_words(rule, visit.language).title if rule else "",
            link(at, f"/policy/rule/{rule}/") if rule else "",
        )
    context = {"title": _("Check a text"), "text": text, "before": before, "said": said, "longest": LONGEST}
    return show(visit, at, "check", context, here="check")
