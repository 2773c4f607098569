"""What people do about a version: tasks with an owner and a day, and readings with their three questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from storeward.audit.record import record
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.models import Announcement, Reading, Task, Version, VersionState
from storeward.rulebook.versions import one, questions_of

# -- tasks ---------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def give(
    workspace_id: int,
    *,
    title: str,
    owner: str,
    due_at: datetime,
    by: str,
    now: datetime,
    version_id: int | None = None,
    announcement_id: int | None = None,
) -> Task:
    """A task for somebody. Raises Refused without title, owner or cause, or with a day gone by; NotThere for a foreign cause."""
    if not title.strip() or not owner.strip():
        raise Refused("title and owner: say what is to be done, and by whom.")
    if due_at <= now:
        raise Refused("due: choose a day to come.")
    if version_id is None and announcement_id is None:
        raise Refused("A task comes from a version or an announcement: name one.")
    if version_id is not None:
        one(version_id, workspace_id=workspace_id)
    if announcement_id is not None and not Announcement.objects.filter(pk=announcement_id, workspace_id=workspace_id).exists():
        raise NotThere("There is no such announcement.")
    task = Task.objects.create(
        workspace_id=workspace_id,
        version_id=version_id,
        announcement_id=announcement_id,
        title=title.strip()[:200],
        owner=owner.strip()[:200],
        due_at=due_at,
        by=by,
        at=now,
    )
    _record(task, "give_task", by, now)
    return task


@transaction.atomic
def done(task_id: int, *, workspace_id: int, by: str, now: datetime) -> Task:
    """It is done. Raises NotThere, or Refused where somebody has said so before."""
    task = Task.objects.select_for_update().filter(pk=task_id, workspace_id=workspace_id).first()
    if task is None:
        raise NotThere("There is no such task.")
    if task.done_at is not None:
        raise Refused(f"{task.done_by} has done it already.")
    task.done_at, task.done_by = now, by
    task.save(update_fields=["done_at", "done_by"])
    _record(task, "finish_task", by, now)
    return task


def _record(task: Task, deed: str, by: str, now: datetime) -> None:
    record(
        workspace_id=task.workspace_id,
        at=now,
        actor=by,
        action=f"rulebook.{deed}",
        subject=f"task:{task.pk}",
        after={"title": task.title, "owner": task.owner, "due_at": task.due_at.isoformat()},
    )


def tasks(workspace_id: int, *, owner: str | None = None, everything: bool = False, limit: int = 200) -> list[Task]:
    """Open tasks, the soonest first; `everything`: done ones too."""
    found = Task.objects.filter(workspace_id=workspace_id).order_by("due_at", "pk")
    if owner is not None:
        found = found.filter(owner=owner)
    return list((found if everything else found.filter(done_at=None))[:limit])


# -- readings --------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def read(version_id: int, *, workspace_id: int, person: str, answers: Sequence[int], now: datetime) -> Reading:
    """A person has read a version and answers its questions, each by the place of a choice.

    Confirmed where all are right; every attempt is kept. Raises Refused for a draft, where an answer is missing or is no choice,
    or where the person has confirmed it before.
    """
    version = one(version_id, workspace_id=workspace_id)
    if version.state == VersionState.DRAFT:
        raise Refused("It is a draft still: there is nothing to confirm before it is published.")
    questions = questions_of(version)
    if len(answers) != len(questions):
        raise Refused(f"answers: there are {len(questions)} questions.")
    for number, (answer, question) in enumerate(zip(answers, questions, strict=True), start=1):
        if not 0 <= answer < len(question.choices):
            raise Refused(f"answers[{number}]: is none of the choices.")
    if Reading.objects.filter(version=version, person=person, passed=True).exists():
        raise Refused("You have confirmed it already.")
    right = sum(answer == question.right for answer, question in zip(answers, questions, strict=True))
    reading = Reading.objects.create(
        version=version, person=person, at=now, answers=list(answers), right=right, passed=right == len(questions)
    )
    record(
        workspace_id=workspace_id,
        at=now,
        actor=person,
        action="rulebook.read",
        subject=f"version:{version.pk}",
        after={"right": right, "of": len(questions), "confirmed": reading.passed},
    )
    return reading


@dataclass(frozen=True, slots=True)
class Reader:
    """Where one person stands with a version: tries, and when it was confirmed (None: not yet)."""

    person: str
    tries: int
    best: int
    confirmed_at: datetime | None


def readers(version: Version, people: Sequence[str]) -> list[Reader]:
    """These people, those first who have not confirmed it."""
    held: dict[str, list[Reading]] = {}
    for reading in Reading.objects.filter(version=version).order_by("at"):
        held.setdefault(reading.person, []).append(reading)
    found = []
    for person in dict.fromkeys([*people, *held]):
        tries = held.get(person, [])
        confirmed = next((reading.at for reading in tries if reading.passed), None)
        found.append(Reader(person, len(tries), max((reading.right for reading in tries), default=0), confirmed))
    return sorted(found, key=lambda reader: (reader.confirmed_at is not None, reader.person))


def unread(workspace_id: int, person: str) -> list[Version]:
    """Published versions that a person has not confirmed, the latest first."""
    known = Reading.objects.filter(person=person, passed=True).values("version_id")
    found = Version.objects.filter(workspace_id=workspace_id, state=VersionState.PUBLISHED).exclude(pk__in=known)
    return list(found.annotate(last=Max("published_at")).order_by("-last"))
