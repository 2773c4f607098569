"""Announcements of platforms: pasted, from the mail or a feed; made into a draft or a task, or set aside with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from storeward.policy.terms import INTERNAL
from storeward.rulebook import announcements, feeds, work
from storeward.rulebook.errors import RulebookError
from storeward.rulebook.models import Announcement, AnnouncementState, Feed
from storeward.web.bring import refused_right, who
from storeward.web.frame import Visit, page
from storeward.web.policy_desk import Desk, clock, day, day_typed, desk, done, link, show
from storeward.web.policy_readers import people
from storeward.web.policy_tasks import give, task_rows
from storeward.web.policy_words import STATE_MARKS, address_of, origin_word, platform_name, state_word, title_of

LATEST = 20


@dataclass(frozen=True, slots=True)
class Row:
    """An announcement in a list or at the head of its page."""

    id: int
    href: str
    title: str
    platform: str
    origin: str
    at: str
    dated: str
    word: str
    mark: str
    note: str
    concerns: int


def row_of(visit: Visit, at: Desk, one: Announcement) -> Row:
    first = next((line for line in one.text.splitlines() if line.strip()), "")
    return Row(
        id=one.pk,
        href=link(at, f"/policy/news/{one.pk}/"),
        title=(one.title or first)[:120],
        platform=platform_name(one.platform) if one.platform else _("platform not named"),
        origin=f"{origin_word(one.origin)}, {one.by}" if one.origin == "paste" else origin_word(one.origin),
        at=clock(visit, one.at),
        dated=day(visit, one.dated),
        word=state_word(one.state),
        mark=STATE_MARKS.get(one.state, "info"),
        note=one.note,
        concerns=len(one.concerns),
    )


@require_http_methods(["GET", "POST"])
@page
def news(visit: Visit) -> HttpResponse:
    """What waits, the tasks, the feeds, and the place to paste one."""
    at = desk(visit)
    if visit.request.method == "GET":
        return drawn(visit, at)
    if not at.may:
        return refused_right()
    if visit.request.POST.get("url") is not None:
        return followed(visit, at)
    posted = visit.request.POST.get
    text = posted("text", "")
    if not text.strip():
        return drawn(visit, at, errors={"text": _("Paste the text of the announcement first.")})
    platform = posted("platform", "")
    made, fresh = announcements.bring(
        at.team.pk,
        text=text,
        by=who(visit),
        now=at.now,
        origin="paste",
        platform=platform if platform in at.rules.rules else "",
        title=posted("title", ""),
        source=posted("source", "").strip(),
        dated=day_typed(posted("dated", "")),
    )
    done(visit, at, _("Kept. Nothing follows from it by itself.") if fresh else _("It was brought before: here it is."))
    return redirect(link(at, f"/policy/news/{made.pk}/"))


def followed(visit: Visit, at: Desk) -> HttpResponse:
    """Follow a feed."""
    posted = visit.request.POST.get
    platform = posted("platform", "")
    try:
        feeds.add(
            at.team.pk,
            url=posted("url", "").strip(),
            platform=platform if platform in at.rules.rules else "",
            by=who(visit),
            now=at.now,
        )
    except RulebookError:
        said = _("This address cannot be followed: it is no public address of a feed, or is followed already.")
        return drawn(visit, at, errors={"url": said})
    done(visit, at, _("Followed: it is asked every hour."))
    return redirect(link(at, "/policy/news/"))


def platforms(at: Desk) -> list[tuple[str, str]]:
    return [(name, platform_name(name)) for name in at.rules.rules if name != INTERNAL]


def drawn(visit: Visit, at: Desk, *, errors: Mapping[str, str] | None = None) -> HttpResponse:
    waiting = announcements.listed(at.team.pk)
    settled = Announcement.objects.filter(workspace_id=at.team.pk).exclude(state=AnnouncementState.WAITING)
    open_tasks = work.tasks(at.team.pk)
    context = {
        "title": _("Announcements and tasks"),
        "waiting": [row_of(visit, at, one) for one in waiting],
        "settled": [row_of(visit, at, one) for one in settled.order_by("-at", "-pk")[:LATEST]],
        "tasks": task_rows(visit, at, open_tasks),
        "me": who(visit),
        "feeds": [
            (
                one.url,
                platform_name(one.platform) if one.platform else "",
                clock(visit, one.asked_at) if one.asked_at else "",
                one.failure,
            )
            for one in Feed.objects.filter(workspace_id=at.team.pk).order_by("pk")
        ],
        "platforms": platforms(at),
        "typed": {name: visit.request.POST.get(name, "") for name in ("text", "title", "source", "platform", "dated", "url")},
        "errors": errors or {},
    }
    return show(visit, at, "news", context, here="news", status=422 if errors else 200)


# -- one announcement ----------------------------------------------------------------------------------------------------------


def announcement_for(visit: Visit, announcement_id: int) -> tuple[Desk, Announcement]:
    """Raises Http404 where it is of no team of the person's."""
    own = visit.person.membership_set.values("workspace_id")
    found = Announcement.objects.filter(pk=announcement_id, workspace_id__in=own).first()
    if found is None:
        raise Http404
    return desk(visit, found.workspace_id), found


@require_http_methods(["GET", "POST"])
@page
def one(visit: Visit, announcement_id: int) -> HttpResponse:
    """An announcement with the rules that it seems to speak of; posted: a task because of it."""
    at, held = announcement_for(visit, announcement_id)
    if visit.request.method == "GET":
        return drawn_one(visit, at, held)
    if not at.may:
        return refused_right()
    if error := give(visit, at, announcement_id=held.pk):
        return drawn_one(visit, at, held, errors={"task": error})
    Announcement.objects.filter(pk=held.pk, state=AnnouncementState.WAITING).update(state=AnnouncementState.TAKEN)
    return redirect(link(at, f"/policy/news/{held.pk}/"))


def concerned(visit: Visit, at: Desk, held: Announcement) -> list[dict[str, Any]]:
    """Rules that it seems to speak of, the likeliest first, with what each was found by and the way to draft it."""
    known = {rule.id: (platform, rule) for platform, rule in at.rules}
    return [
        {
            "id": one["rule"],
            "title": title_of(known[one["rule"]][1], visit.language),
            "platform": platform_name(known[one["rule"]][0]),
            "by": ", ".join(one["by"]),
            "href": link(at, f"/policy/rule/{one['rule']}/"),
            "draft": link(at, "/policy/versions/new/", rule=one["rule"], announcement=str(held.pk)),
        }
        for one in held.concerns
        if one["rule"] in known
    ]


def drawn_one(visit: Visit, at: Desk, held: Announcement, *, errors: Mapping[str, str] | None = None) -> HttpResponse:
    context = {
        "title": row_of(visit, at, held).title,
        "one": row_of(visit, at, held),
        "one_key": str(held.pk),
        "text": held.text,
        "source": held.source,
        "source_href": address_of(held.source),
        "concerns": concerned(visit, at, held),
        "versions": [
            (version.title, link(at, f"/policy/versions/{version.pk}/"), state_word(version.state))
            for version in held.versions.order_by("pk")
        ],
        "tasks": task_rows(visit, at, list(held.tasks.order_by("due_at", "pk"))),
        "people": people(at),
        "waits": held.state == AnnouncementState.WAITING,
        "draft_href": link(at, "/policy/versions/new/", announcement=str(held.pk)),
        "typed": {name: visit.request.POST.get(name, "") for name in ("task", "owner", "due", "why")},
        "today": at.today.isoformat(),
        "errors": errors or {},
    }
    return show(visit, at, "announcement", context, here="news", status=422 if errors else 200)


@require_POST
@page
def dismiss(visit: Visit, announcement_id: int) -> HttpResponse:
    """Nothing to do, and why."""
    at, held = announcement_for(visit, announcement_id)
    if not at.may:
        return refused_right()
    try:
        announcements.dismiss(held.pk, workspace_id=at.team.pk, by=who(visit), now=at.now, why=visit.request.POST.get("why", ""))
    except RulebookError:
        said = _("Say in a few words why nothing follows from it; where something has come of it, look at that.")
        return drawn_one(visit, at, held, errors={"why": said})
    done(visit, at, _("Set aside."))
    return redirect(link(at, "/policy/news/"))
