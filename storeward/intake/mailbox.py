"""Take the platforms' mails in by IMAP: fetched, recognised, entered, and only then marked as seen.

A mail that no platform sent is kept to be shown and enters nothing; one that cannot be recognised is kept to be looked at. A
process that dies in between leaves the mail unseen: it comes again, and its Message-ID says that it is known.
"""

import imaplib
import logging
import re
import ssl
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final

from django.db import transaction

from storeward.accounts.models import Workspace
from storeward.intake.mail_text import Mail, parsed
from storeward.intake.models import Notice, NoticeState
from storeward.intake.notice_entries import enter, words_digest
from storeward.intake.notice_phrases import FOLDER
from storeward.intake.notices import Recognised, Shop, recognise
from storeward.lib import environment
from storeward.lib.errors import NotDone
from storeward.records.entry import BadEntry
from storeward.records.models import Origin
from storeward.stores.models import Store

log = logging.getLogger(__name__)

TIMEOUT: Final = 30.0
AT_ONCE: Final = 200
"""Mails of one look; the rest waits for the next, minutes later."""
LARGEST: Final = 1_000_000
"""Bytes that are fetched of a mail: attachments say nothing that is read here."""
WHO: Final = "mailbox"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the mails are."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    workspace: str = ""
    authority: str = ""
    """Name of the mail server whose check of the sender is believed; without one the address alone counts."""
    starttls: bool = False
    ca_file: str = ""


def settings() -> Settings | None:
    """From the environment; None where no mailbox is named. Raises NotDone where something is missing."""
    host = environment.text("STOREWARD_IMAP_HOST")
    if not host:
        return None
    user, password = environment.text("STOREWARD_IMAP_USER"), environment.text("STOREWARD_IMAP_PASSWORD")
    if not user or not password:
        raise NotDone("STOREWARD_IMAP_HOST is set, but not STOREWARD_IMAP_USER and STOREWARD_IMAP_PASSWORD_FILE; give both")
    starttls = environment.flag("STOREWARD_IMAP_STARTTLS", default=False)
    return Settings(
        host=host,
        port=environment.number("STOREWARD_IMAP_PORT", 143 if starttls else 993),
        user=user,
        password=password,
        folder=environment.text("STOREWARD_IMAP_FOLDER") or "INBOX",
        workspace=environment.text("STOREWARD_IMAP_WORKSPACE") or "",
        authority=environment.text("STOREWARD_IMAP_AUTHORITY") or "",
        starttls=starttls,
        ca_file=environment.text("STOREWARD_IMAP_CA") or "",
    )


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one look at the mailbox did: stores to judge anew, and mails by what became of them."""

    stores: tuple[int, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def take_mail(where: Settings | None, *, now: datetime) -> Fetched:
    """Take in all unseen mails; blocks until done. Raises NotDone where the mailbox cannot be read."""
    if where is None:
        return Fetched()
    workspace = _workspace(where.workspace)
    shops = shops_of(workspace.pk)
    stores: set[int] = set()
    counts: dict[str, int] = {}
    with _opened(where) as server:
        for uid in _unseen(server):
            raw = _fetched(server, uid)
            if raw is None:
                continue
            notice = take_in(parsed(raw), workspace_id=workspace.pk, shops=shops, authority=where.authority, now=now)
            _asked(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
            became = notice.state if notice is not None else "known"
            counts[became] = counts.get(became, 0) + 1
            if notice is not None and notice.store_id and notice.state == NoticeState.ENTERED:
                stores.add(notice.store_id)
    return Fetched(tuple(sorted(stores)), counts)


def shops_of(workspace_id: int) -> list[Shop]:
    """The stores that a notice to this team may be about."""
    columns = ("id", "key", "name", "platform", "platform_store_id", "region", "timezone")
    return [Shop(**row) for row in Store.objects.filter(workspace_id=workspace_id).order_by("pk").values(*columns)]


def _workspace(slug: str) -> Workspace:
    """The team whose mailbox this is."""
    found = list(Workspace.objects.filter(slug=slug) if slug else Workspace.objects.all()[:2])
    if len(found) != 1:
        raise NotDone("STOREWARD_IMAP_WORKSPACE must name the team whose mailbox this is; there is not exactly one")
    return found[0]


# -- one mail --------------------------------------------------------------------------------------------------------------


def take_in(mail: Mail, *, workspace_id: int, shops: list[Shop], authority: str, now: datetime) -> Notice | None:
    """Keep a mail and enter what it says; None where its Message-ID is known."""
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
            return None
        state, why = doubt(mail, recognised, authority)
        if state is not None:
            return _left(notice, state, why)
        try:
            with transaction.atomic():
                return enter(
                    recognised, workspace_id=workspace_id, who=WHO, now=now, origin=Origin.FILE, sent_at=sent_at, kept=notice
                ).notice
        except BadEntry as bad:
            return _left(notice, NoticeState.LOOK, str(bad))


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


# -- the server ------------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(where: Settings) -> Iterator[imaplib.IMAP4]:
    """The folder, opened by TLS. What fails is told in one line that names the server and never the password."""
    context = ssl.create_default_context(cafile=where.ca_file or None)
    try:
        server = _connected(where, context)
        try:
            _asked(server.login(where.user, where.password))
            _asked(server.select(_quoted(where.folder)))
            yield server
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        said = str(error).replace(where.password, "...")[:200]
        raise NotDone(f"The mailbox at {where.host}:{where.port} cannot be read: {said}") from error


def _connected(where: Settings, context: ssl.SSLContext) -> imaplib.IMAP4:
    if not where.starttls:
        return imaplib.IMAP4_SSL(where.host, where.port, ssl_context=context, timeout=TIMEOUT)
    server = imaplib.IMAP4(where.host, where.port, timeout=TIMEOUT)
    try:
        _asked(server.starttls(context))
    except (imaplib.IMAP4.error, OSError):
        server.shutdown()
        raise
    return server


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _asked(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    """What the server answered; an error where it refused."""
    word, data = answer
    if word != "OK":
        raise imaplib.IMAP4.error(f"the server answered {word}")
    return data


def _unseen(server: imaplib.IMAP4) -> list[str]:
    found = _asked(server.uid("SEARCH", "UNSEEN"))
    said = found[0] if found else b""
    return said.decode().split()[:AT_ONCE] if isinstance(said, bytes) else []


def _fetched(server: imaplib.IMAP4, uid: str) -> bytes | None:
    """A mail without marking it; None where it has gone meanwhile."""
    for part in _asked(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")):
        if isinstance(part, tuple) and len(part) == 2 and isinstance(part[1], bytes):
            return part[1]
    return None
