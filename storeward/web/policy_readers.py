"""Reading a published version: what it changes, three questions, and who has confirmed it."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from storeward.accounts.models import User
from storeward.rulebook import work
from storeward.rulebook.errors import RulebookError
from storeward.rulebook.models import Reading, Version, VersionState
from storeward.rulebook.versions import questions_of
from storeward.web.bring import who
from storeward.web.frame import Visit, page
from storeward.web.policy_desk import Desk, clock, done, link, show
from storeward.web.policy_version_rows import changed_rows, row_of, version_for


def people(at: Desk) -> list[str]:
    """The names of everybody in the team, as deeds are signed."""
    found = User.objects.filter(membership__workspace=at.team, is_active=True).order_by("name", "pk")
    return [one.name or one.email for one in found]


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """Where one person stands with a version."""

    name: str
    confirmed: str
    tries: int
    best: int


def reader_rows(visit: Visit, at: Desk, version: Version) -> list[ReaderRow]:
    """Everybody in the team, those first who have not confirmed it."""
    return [
        ReaderRow(
            one.person,
            clock(visit, one.confirmed_at) if one.confirmed_at else "",
            one.tries,
            one.best,
        )
        for one in work.readers(version, people(at))
    ]


@require_http_methods(["GET", "POST"])
@page
def read(visit: Visit, version_id: int) -> HttpResponse:
    """What a version changes, and the questions; all right confirms it."""
    at, version = version_for(visit, version_id)
    if version.state == VersionState.DRAFT:
        raise Http404
    if visit.request.method == "GET":
        return drawn(visit, at, version)
    answers = [answer_typed(visit, number) for number in range(len(version.questions))]
    if None in answers:
        return drawn(visit, at, version, error=_("Answer every question."))
    try:
        reading = work.read(
            version.pk,
            workspace_id=at.team.pk,
            person=who(visit),
            answers=[one for one in answers if one is not None],
            now=at.now,
        )
    except RulebookError:
        return redirect(link(at, f"/policy/versions/{version.pk}/read/"))
    if not reading.passed:
        said = _("%(right)s of %(all)s are right. Read it once more and try again.")
        return drawn(visit, at, version, error=said % {"right": reading.right, "all": len(answers)})
    done(visit, at, _("Confirmed: you have read it."))
    return redirect(link(at, f"/policy/versions/{version.pk}/read/"))


def answer_typed(visit: Visit, number: int) -> int | None:
    text = visit.request.POST.get(f"answer-{number}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def drawn(visit: Visit, at: Desk, version: Version, *, error: str = "") -> HttpResponse:
    mine = Reading.objects.filter(version=version, person=who(visit), passed=True).first()
    context = {
        "title": version.title,
        "version": row_of(visit, at, version),
        "note": version.note,
        "changed": changed_rows(visit, at, version),
        "questions": [
            (number, one.ask.said(visit.language), [choice.said(visit.language) for choice in one.choices])
            for number, one in enumerate(questions_of(version))
        ],
        "typed": [answer_typed(visit, number) for number in range(len(version.questions))],
        "confirmed": clock(visit, mine.at) if mine else "",
        "error": error,
    }
    return show(visit, at, "read", context, here="versions", status=422 if error else 200)
