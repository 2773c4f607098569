"""Versions of rules: what each changes, tried over the team's history, published, withdrawn; its tasks and readers."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from storeward import pipeline
from storeward.rulebook import versions
from storeward.rulebook.errors import RulebookError
from storeward.rulebook.models import Reading, Version, VersionState
from storeward.rulebook.versions import questions_of
from storeward.rulebook.work import tasks
from storeward.web.bring import refused_right, who
from storeward.web.frame import Visit, page
from storeward.web.policy_desk import Desk, desk, done, link, show
from storeward.web.policy_readers import people, reader_rows
from storeward.web.policy_replay import replay_context
from storeward.web.policy_tasks import give, task_rows
from storeward.web.policy_version_rows import changed_rows, row_of, version_for


@require_GET
@page
def listing(visit: Visit) -> HttpResponse:
    """Every version of the team, the latest first, with what the person has still to read."""
    at = desk(visit)
    held = versions.listed(at.team.pk)
    confirmed = set(Reading.objects.filter(person=who(visit), passed=True).values_list("version_id", flat=True))
    to_read = [one for one in held if one.state == VersionState.PUBLISHED and one.pk not in confirmed]
    context = {
        "title": _("Versions"),
        "rows": [row_of(visit, at, one) for one in held],
        "to_read": [row_of(visit, at, one) for one in to_read],
        "new_href": link(at, "/policy/versions/new/"),
    }
    return show(visit, at, "versions", context, here="versions")


@require_GET
@page
def show_version(visit: Visit, version_id: int) -> HttpResponse:
    """A version: what it changes, what it would have touched, and what is to be done with it."""
    at, version = version_for(visit, version_id)
    if visit.request.headers.get("HX-Target") == "sw-replay":
        return render(visit.request, "policy/_replay.html", replay_context(visit, at, version))
    return drawn(visit, at, version)


def drawn(visit: Visit, at: Desk, version: Version, *, errors: Mapping[str, str] | None = None) -> HttpResponse:
    mine = [one for one in tasks(at.team.pk, everything=True) if one.version_id == version.pk]
    context = {
        "title": version.title,
        "version": row_of(visit, at, version),
        "note": version.note,
        "text": version.text,
        "changed": changed_rows(visit, at, version),
        "announcement": version.announcement,
        "questions": [
            (
                one.ask.said(visit.language),
                [(choice.said(visit.language), n == one.right) for n, choice in enumerate(one.choices)],
            )
            for one in questions_of(version)
        ],
        "readers": reader_rows(visit, at, version) if version.state != VersionState.DRAFT else [],
        "tasks": task_rows(visit, at, mine),
        "people": people(at),
        "errors": errors or {},
        "today": at.today.isoformat(),
    } | replay_context(visit, at, version)
    return show(visit, at, "version", context, here="versions", status=422 if errors else 200)


@require_POST
@page
def replay(visit: Visit, version_id: int) -> HttpResponse:
    """Have the draft tried over the team's own history by a worker."""
    at, version = version_for(visit, version_id)
    if not at.may:
        return refused_right()
    try:
        pipeline.rehearse_soon(version.pk, workspace_id=at.team.pk, who=who(visit))
    except RulebookError:
        return drawn(visit, at, version, errors={"replay": _("Only a draft that changes something is tried over history.")})
    return redirect(link(at, f"/policy/versions/{version.pk}/") + "#replay")


@require_POST
@page
def publish(visit: Visit, version_id: int) -> HttpResponse:
    """Let the draft count from its days on; the person has said that it is meant."""
    at, version = version_for(visit, version_id)
    if not at.may:
        return refused_right()
    if visit.request.POST.get("sure") != "1":
        return drawn(visit, at, version, errors={"publish": _("Say first that it is meant.")})
    try:
        versions.publish(version.pk, workspace_id=at.team.pk, by=who(visit), now=at.now)
    except RulebookError as refusal:
        return drawn(visit, at, version, errors={"publish": str(refusal)})
    done(visit, at, _("Published. Everything that is open is judged anew by it."))
    return redirect(link(at, f"/policy/versions/{version.pk}/"))


@require_POST
@page
def withdraw(visit: Visit, version_id: int) -> HttpResponse:
    """Take it back, with a reason."""
    at, version = version_for(visit, version_id)
    if not at.may:
        return refused_right()
    why = visit.request.POST.get("why", "")
    if not why.strip():
        return drawn(visit, at, version, errors={"withdraw": _("Say in a few words what was wrong with it.")})
    try:
        versions.withdraw(version.pk, workspace_id=at.team.pk, by=who(visit), now=at.now, why=why)
    except RulebookError:
        return drawn(visit, at, version, errors={"withdraw": _("Only what was published and counts can be withdrawn.")})
    done(visit, at, _("Withdrawn: it counts no more."))
    return redirect(link(at, f"/policy/versions/{version.pk}/"))


@require_POST
@page
def task(visit: Visit, version_id: int) -> HttpResponse:
    """Something to do because of it."""
    at, version = version_for(visit, version_id)
    if not at.may:
        return refused_right()
    if error := give(visit, at, version_id=version.pk):
        return drawn(visit, at, version, errors={"task": error})
    return redirect(link(at, f"/policy/versions/{version.pk}/"))
