"""Tasks that follow from a version or an announcement: given to somebody by a day, done by anybody in the team who says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from storeward.rulebook import work
from storeward.rulebook.errors import RulebookError
from storeward.rulebook.models import Task
from storeward.web.bring import refused_right, who
from storeward.web.frame import Visit, page
from storeward.web.parts import Owner, owner_of
from storeward.web.policy_desk import Desk, clock, day_typed, desk, done, link


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a list."""

    id: int
    title: str
    owner: Owner | None
    due: str
    late: bool
    done: str
    href: str


def task_rows(visit: Visit, at: Desk, held: Sequence[Task]) -> list[TaskRow]:
    return [
        TaskRow(
            id=one.pk,
            title=one.title,
            owner=owner_of(one.owner, who(visit)),
            due=clock(visit, one.due_at),
            late=one.done_at is None and one.due_at < at.now,
            done=f"{one.done_by}, {clock(visit, one.done_at)}" if one.done_at else "",
            href=link(
                at,
                f"/policy/versions/{one.version_id}/" if one.version_id else f"/policy/news/{one.announcement_id}/",
            ),
        )
        for one in held
    ]


def give(visit: Visit, at: Desk, *, version_id: int | None = None, announcement_id: int | None = None) -> str:
    """Give a task as it was typed; what is wrong with it, empty where nothing is."""
    posted = visit.request.POST.get
    title, owner, due = posted("task", "").strip(), posted("owner", ""), day_typed(posted("due", ""))
    if not title or not owner or due is None:
        return _("Say what is to be done, by whom, and by which day.")
    zone = visit.zone or ZoneInfo("UTC")
    # the whole of that day is left for it
    end = datetime.combine(due + timedelta(days=1), time(), zone) - timedelta(seconds=1)
    if end <= at.now:
        return _("Choose a day to come.")
    try:
        work.give(
            at.team.pk,
            title=title,
            owner=owner,
            due_at=end,
            by=who(visit),
            now=at.now,
            version_id=version_id,
            announcement_id=announcement_id,
        )
    except RulebookError as refusal:
        return str(refusal)
    done(visit, at, _("Given."))
    return ""


@require_POST
@page
def finish(visit: Visit, task_id: int) -> HttpResponse:
    """It is done: said by its owner, or by who keeps the rules."""
    own = visit.person.membership_set.values("workspace_id")
    task = Task.objects.filter(pk=task_id, workspace_id__in=own).first()
    if task is None:
        raise Http404
    at = desk(visit, task.workspace_id)
    if not at.may and task.owner != who(visit):
        return refused_right()
    try:
        work.done(task.pk, workspace_id=at.team.pk, by=who(visit), now=at.now)
    except RulebookError:
        return redirect(link(at, "/policy/news/"))
    done(visit, at, _("Done."))
    return redirect(link(at, "/policy/news/"))
