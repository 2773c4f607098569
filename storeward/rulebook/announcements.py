"""What platforms announce: pasted, from a mail or from a feed. Kept whole, looked at by a person; it publishes nothing."""

import hashlib
from dataclasses import asdict
from datetime import date, datetime
from typing import Literal

from django.db import transaction

from storeward.audit.record import record
from storeward.rulebook.concerns import concerns
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.force import terms_in_force
from storeward.rulebook.models import Announcement, AnnouncementState

Origin = Literal["paste", "mail", "feed"]
LONGEST = 100_000
"""Letters that are kept of one."""


@transaction.atomic
def bring(
    workspace_id: int,
    *,
    text: str,
    by: str,
    now: datetime,
    origin: Origin,
    platform: str = "",
    title: str = "",
    source: str = "",
    dated: date | None = None,
) -> tuple[Announcement, bool]:
    """Keep an announcement, with the rules that it seems to speak of; answers it and whether it is new.

    The same words again, by whatever way, are the same announcement. Raises Refused for an empty one.
    """
    text, title, source = _storable(text), _storable(title), _storable(source)
    words = " ".join(text.split())
    if not words:
        raise Refused("text: there is nothing in it.")
    seen = concerns(terms_in_force(workspace_id, now), f"{title}\n{text}", platform=platform, today=now.date())
    announcement, made = Announcement.objects.get_or_create(
        workspace_id=workspace_id,
        digest=hashlib.sha256(words.encode()).hexdigest(),
        defaults={
            "platform": platform,
            "title": title.strip()[:300],
            "text": text[:LONGEST],
            "source": source[:500],
            "dated": dated,
            "origin": origin,
            "concerns": [asdict(concern) for concern in seen],
            "by": by,
            "at": now,
        },
    )
    if made:
        _record(announcement, "bring", by, now, platform=platform, origin=origin)
    return announcement, made


def _storable(text: str) -> str:
    """Without what a mail may carry and no database keeps: zero bytes, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


@transaction.atomic
def dismiss(announcement_id: int, *, workspace_id: int, by: str, now: datetime, why: str) -> Announcement:
    """Looked at, nothing to do. Raises Refused without a reason, or where something has come of it."""
    if not why.strip():
        raise Refused("why: say in a few words why nothing follows from it.")
    held = Announcement.objects.select_for_update().filter(pk=announcement_id, workspace_id=workspace_id).first()
    if held is None:
        raise NotThere("There is no such announcement.")
    if held.state == AnnouncementState.TAKEN:
        raise Refused("Something has come of it: look at its version or task.")
    held.state, held.note = AnnouncementState.DISMISSED, why.strip()[:300]
    held.save(update_fields=["state", "note"])
    _record(held, "dismiss", by, now, why=held.note)
    return held


def listed(workspace_id: int, *, state: str | None = AnnouncementState.WAITING, limit: int = 100) -> list[Announcement]:
    """The latest first; of one state, or of all."""
    found = Announcement.objects.filter(workspace_id=workspace_id).order_by("-at", "-pk")
    return list((found if state is None else found.filter(state=state))[:limit])


def _record(announcement: Announcement, deed: str, by: str, now: datetime, **more: str) -> None:
    record(
        workspace_id=announcement.workspace_id,
        at=now,
        actor=by,
        action=f"rulebook.{deed}",
        subject=f"announcement:{announcement.pk}",
        after={"title": announcement.title, **more},
    )
