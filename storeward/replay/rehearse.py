"""A draft tried over the team's own history by a worker: asked for on a page, reckoned beside it, kept with the version."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from storeward.audit.record import record
from storeward.replay.run import DAYS, replay_changes
from storeward.replay.tell import replayed
from storeward.rulebook.errors import Refused
from storeward.rulebook.force import terms_in_force
from storeward.rulebook.models import Rehearsal, Version, VersionState
from storeward.rulebook.versions import changes_of, one

LONGEST = timedelta(minutes=15)
"""A rehearsal that has run for so long has lost its worker: it is given up, and can be asked for again."""
LOST = "the worker stopped before it was done"


@transaction.atomic
def ask(version_id: int, *, workspace_id: int, by: str, now: datetime, days: int = DAYS) -> Rehearsal:
    """Have a draft tried; one that is on its way is answered instead of a second one.

    Raises NotThere for a foreign version, Refused for what is no draft or changes nothing.
    """
    version = one(version_id, workspace_id=workspace_id)
    if version.state != VersionState.DRAFT:
        raise Refused("Only a draft is tried over history: what was published counts already.")
    if not version.changes:
        raise Refused("It changes no rule yet: write the new terms first.")
    give_up(version, now)
    running = Rehearsal.objects.filter(version=version, done_at=None).first()
    if running is not None:
        return running
    made = Rehearsal.objects.create(version=version, changes=version.changes, days=days, by=by, at=now)
    record(
        workspace_id=workspace_id,
        at=now,
        actor=by,
        action="rulebook.replay",
        subject=f"version:{version.pk}",
        after={"title": version.title, "days": days},
    )
    return made


def give_up(version: Version, now: datetime) -> int:
    """End what has run for too long; how many there were."""
    lost = Rehearsal.objects.filter(version=version, done_at=None, began_at__lt=now - LONGEST)
    return lost.update(done_at=now, failure=LOST)


def run(rehearsal_id: int, *, now: datetime) -> bool:
    """Reckon it and keep the answer; whether there was something to do."""
    mine = Rehearsal.objects.filter(pk=rehearsal_id, done_at=None)
    if not mine.update(began_at=now):
        return False
    rehearsal = Rehearsal.objects.select_related("version").get(pk=rehearsal_id)
    try:
        result = _reckoned(rehearsal.version, rehearsal.days, now)
    except Exception as error:  # whatever it was, nobody waits for an answer that does not come
        mine.update(done_at=now, failure=f"{type(error).__name__}: {error}"[:300])
        raise
    mine.update(result=result, changes=rehearsal.version.changes, done_at=now)
    return True


def _reckoned(version: Version, days: int, now: datetime) -> dict[str, Any]:
    rules, changes = terms_in_force(version.workspace_id, now), changes_of(version)
    return replayed(replay_changes(version.workspace_id, changes, rules_in_force=rules, now=now, days_back=days))


def latest(version: Version) -> Rehearsal | None:
    """The last one of a version, done or not."""
    return Rehearsal.objects.filter(version=version).order_by("-at", "-pk").first()
