"""Take the platforms' mails in by IMAP: fetched, recognised, entered, and only then marked as seen.

A mail that no platform sent is kept to be shown and enters nothing; one that cannot be recognised is kept to be looked at. A
process that dies in between leaves the mail unseen: it comes again, and its Message-ID says that it is known.
"""

import logging
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.db import OperationalError, transaction

from storeward.accounts.models import Workspace
from storeward.intake.imap import Folder, Settings, opened, settings
from storeward.intake.mail_text import Mail, parsed
from storeward.intake.models import Mailbox, Notice, NoticeState
from storeward.intake.notice_entries import enter, words_digest
from storeward.intake.notice_phrases import FOLDER
from storeward.intake.notices import Recognised, Shop, recognise
from storeward.lib import environment
from storeward.lib.errors import NotDone
from storeward.records.entry import BadEntry
from storeward.records.models import Origin
from storeward.stores.models import Store

log = logging.getLogger(__name__)

WHO: Final = "mailbox"
FORGOTTEN: Final = timedelta(days=1)
"""After so long without a look, a mailbox that is configured no more is shown no more."""


@dataclass(slots=True)
class Look:
    """What one look at the mailbox did: stores to judge anew, mails by what became of them, and why it ended early."""

    stores: set[int] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    error: str = ""


def look(*, now: datetime) -> Look:
    """Take in the unseen mails of the mailbox that the environment names; blocks until done. Raises nothing that a mail server
    or a wrong setting can cause: that stands in `Look.error` and in the mailbox's row, which the pages show.
    """
    done, address, workspace_id = Look(), "", None
    host = environment.text("STOREWARD_IMAP_HOST")
    if not host:
        Mailbox.objects.filter(looked_at__lt=now - FORGOTTEN).delete()
        return done
    try:
        where = settings()
        assert where is not None
        address = where.address
        workspace = workspace_of(where.workspace)
        workspace_id = workspace.pk
        take_mail(where, workspace_id=workspace_id, done=done, now=now)
    except NotDone as error:
        done.error = error.message
    _keep(host, address or host, workspace_id, done.error, now)
    return done


def _keep(host: str, address: str, workspace_id: int | None, error: str, now: datetime) -> None:
    """How the look went, for the pages and the log. The error is told in the log when it is new."""
    row, _ = Mailbox.objects.get_or_create(host=host, defaults={"looked_at": now, "address": address})
    if error and row.error != error:
        log.warning("%s", error)
    row.address, row.workspace_id, row.looked_at, row.error = address[:600], workspace_id, now, error[:400]
    row.failing_since = (row.failing_since or now) if error else None
    if not error:
        row.read_at = now
    row.save()


def take_mail(where: Settings, *, workspace_id: int, done: Look, now: datetime) -> None:
    """Take in all unseen mails, adding to `done` as it goes. A mail that cannot be kept stays unseen and is tried again; the
    others do not wait for it. Raises NotDone where the mailbox cannot be read, or at the end where a mail could not be kept.
    """
    shops = shops_of(workspace_id)
    with opened(where) as folder:
        for uid in folder.unseen():
            _take_one(folder, uid, workspace_id=workspace_id, shops=shops, authority=where.authority, done=done, now=now)
    if failed := done.counts["failed"]:
        raise NotDone(f"{failed} of the mails could not be kept; they stay unread and are tried again. The log says why.")


def _take_one(
    folder: Folder, uid: str, *, workspace_id: int, shops: list[Shop], authority: str, done: Look, now: datetime
) -> None:
    raw = folder.fetch(uid)
    if raw is None:
        return
    try:
        taken = take_in(parsed(raw), workspace_id=workspace_id, shops=shops, authority=authority, now=now)
    except OperationalError:
        raise  # the database is gone: so it would be for every other mail
    except Exception:
        log.exception("a mail could not be kept (number %s in its folder)", uid)
        done.counts["failed"] += 1
        return
    folder.mark_seen(uid)
    done.counts[taken.notice.state if taken.new else "known"] += 1
    # A known one too: whoever died before marking it as seen died before its store was judged.
    if taken.notice.store_id and taken.notice.state == NoticeState.ENTERED:
        done.stores.add(taken.notice.store_id)


def shops_of(workspace_id: int) -> list[Shop]:
    """The stores that a notice to this team may be about."""
    columns = ("id", "key", "name", "platform", "platform_store_id", "region", "timezone")
    return [Shop(**row) for row in Store.objects.filter(workspace_id=workspace_id).order_by("pk").values(*columns)]


def workspace_of(slug: str) -> Workspace:
    """The team whose mailbox this is."""
    found = list(Workspace.objects.filter(slug=slug) if slug else Workspace.objects.all()[:2])
    if len(found) != 1:
        raise NotDone("STOREWARD_IMAP_WORKSPACE must name the team whose mailbox this is; there is not exactly one")
    return found[0]


# -- one mail --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail as it is kept, and whether this call kept it: else its Message-ID was known."""

    notice: Notice
    new: bool


def take_in(mail: Mail, *, workspace_id: int, shops: list[Shop], authority: str, now: datetime) -> Kept:
    """Keep a mail and enter what it says, both or neither."""
    sent_at = mail.sent_at if mail.sent_at is not None and mail.sent_at <= now else None
    recognised = recognise(f"{mail.title}\n{mail.text}", stores=shops, now=now, sent_at=sent_at)
    with transaction.atomic():
        notice, made = Notice.objects.get_or_create(
            workspace_id=workspace_id,
            digest=mail.digest,
            defaults={
                "words": words_digest(recognised.text),
                "kind": recognised.kind.value if recognised.kind else "",
                "sender": mail.sender[:300],
                "title": mail.title[:300],
                "text": recognised.text,
                "sent_at": mail.sent_at,
                "received_at": now,
                "state": NoticeState.LOOK,
            },
        )
        if not made:
            return Kept(notice, new=False)
        state, why = doubt(mail, recognised, authority)
        if state is not None:
            return Kept(_left(notice, state, why), new=True)
        try:
            with transaction.atomic():
                entered = enter(
                    recognised, workspace_id=workspace_id, who=WHO, now=now, origin=Origin.FILE, sent_at=sent_at, kept=notice
                )
        except BadEntry as bad:
            return Kept(_left(notice, NoticeState.LOOK, str(bad)), new=True)
        return Kept(entered.notice, new=True)


def _left(notice: Notice, state: NoticeState, why: str) -> Notice:
    notice.state, notice.why = state, why[:300]
    notice.save(update_fields=["state", "why"])
    return notice


def doubt(mail: Mail, recognised: Recognised, authority: str) -> tuple[NoticeState | None, str]:
    """Why a mail must not be entered by itself; (None, "") where nothing speaks against it."""
    platform = platform_of(mail.domain)
    if platform is None:
        return NoticeState.ELSEWHERE, f"sent by {mail.sender or 'nobody'}, no platform's address"
    if authority and not vouched(mail, authority):
        return NoticeState.ELSEWHERE, f"{authority} does not vouch for the sender {mail.sender}"
    if recognised.store is not None and recognised.store.value.platform != platform:
        return NoticeState.LOOK, f"sent by {mail.domain}, but about a store of another platform"
    return None, ""


@cache
def senders() -> Mapping[str, str]:
    """Domain -> platform."""
    table = tomllib.loads((FOLDER / "senders.toml").read_text(encoding="utf-8"))
    return {domain: platform for platform, domains in table.items() for domain in domains}


def platform_of(domain: str) -> str | None:
    """Whose address this is: the domain itself or one below it."""
    parts = domain.split(".")
    return next((found for at in range(len(parts)) if (found := senders().get(".".join(parts[at:])))), None)


def vouched(mail: Mail, authority: str) -> bool:
    """Whether our own mail server says that the mail comes from where it says (RFC 8601, dmarc=pass). Only the topmost word of
    that server counts: what stands below may have come with the mail.
    """
    own = [said for said in mail.checked_by if re.match(rf"{re.escape(authority)}\s*(\d+\s*)?;", said, re.IGNORECASE)]
    return bool(own) and re.search(r";\s*dmarc=pass\b", own[0], re.IGNORECASE) is not None
