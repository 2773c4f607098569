"""RSS and Atom feeds of announcements: asked now and then, new entries kept as announcements.

`feedparser` reads every dialect that is in use and repairs what is not well-formed; nobody writes that twice. Addresses are typed
by users, so they are asked by the guarded session, and never more than a little is read.

    Unreadable   the answer is no feed, or the address does not answer
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import aiohttp
import feedparser
from django.db import transaction

from storeward.audit.record import record
from storeward.lib.errors import NotDone
from storeward.lib.http import guarded_session, refuse_private
from storeward.rulebook.announcements import bring
from storeward.rulebook.errors import Refused
from storeward.rulebook.models import Feed

EVERY = timedelta(hours=1)
LARGEST = 2_000_000
"""Bytes that are read of an answer."""
AT_ONCE = 50
"""Entries of one look: a feed that holds years is not poured out at once."""
LONGEST_URL = 500
OK, UNCHANGED = 200, 304
WHO = "feed"


class Unreadable(Exception):
    """The feed could not be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed as plain text."""

    title: str
    text: str
    link: str
    dated: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a feed said: its entries (none where nothing has changed), and what to send along next time."""

    entries: tuple[Entry, ...]
    etag: str = ""
    modified: str = ""


@transaction.atomic
def add(workspace_id: int, *, url: str, platform: str, by: str, now: datetime) -> Feed:
    """Follow a feed. Raises Refused for an address that is none, is private, or is followed already."""
    try:
        refuse_private(url)
    except NotDone as refusal:
        raise Refused(f"url: {refusal.message}") from None
    if len(url) > LONGEST_URL:
        raise Refused(f"url: it is longer than {LONGEST_URL} letters.")
    if Feed.objects.filter(workspace_id=workspace_id, url=url).exists():
        raise Refused("url: it is followed already.")
    feed = Feed.objects.create(workspace_id=workspace_id, url=url, platform=platform, by=by, at=now)
    record(workspace_id=workspace_id, at=now, actor=by, action="rulebook.follow", subject=f"feed:{feed.pk}", after={"url": url})
    return feed


def due(now: datetime) -> list[Feed]:
    """Feeds whose time has come, those first that were never asked."""
    found = Feed.objects.exclude(asked_at__gt=now - EVERY)
    return sorted(found, key=lambda feed: (feed.asked_at is not None, feed.asked_at or now, feed.pk))


async def asked(
    feed: Feed,
    session: Callable[[], aiohttp.ClientSession] = guarded_session,
    allowed: Callable[[str], None] = refuse_private,
) -> Answer:
    """Ask a feed. Raises Unreadable, also for an address that must not be asked."""
    headers = {"Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1"}
    headers |= {"If-None-Match": feed.etag} if feed.etag else {}
    headers |= {"If-Modified-Since": feed.modified} if feed.modified else {}
    try:
        allowed(feed.url)
        async with session() as asking, asking.get(feed.url, headers=headers) as response:
            if response.status == UNCHANGED:
                return Answer((), feed.etag, feed.modified)
            if response.status != OK:
                raise Unreadable(f"the address answers with {response.status}")
            body = await response.content.read(LARGEST)
            names = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
    except NotDone as refusal:
        raise Unreadable(refusal.message) from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unreadable(f"the address does not answer: {type(error).__name__}") from None
    return Answer(tuple(entries(body)), *names)


def entries(body: bytes) -> Iterator[Entry]:
    """The entries of a feed, in its order. Raises Unreadable where it is none."""
    read = feedparser.parse(body)
    if not read.get("version"):
        raise Unreadable("the answer is no feed")
    for entry in read.entries[:AT_ONCE]:
        title, body_text = plain_text(str(entry.get("title", ""))), plain_text(_longest(entry))
        if title or body_text:
            yield Entry(title, body_text or title, str(entry.get("link", "")), _day(entry))


def _longest(entry: Any) -> str:
    """The fullest text of an entry: its content, else its summary."""
    texts = [str(part.get("value", "")) for part in entry.get("content", ())] + [str(entry.get("summary", ""))]
    return max(texts, key=len)


def _day(entry: Any) -> date | None:
    """The day that it names; None where it names none, or one that no calendar has."""
    # As a plain dict: its own `get` stands one date in for the other, and warns of doing so.
    when = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    try:
        return date(*when[:3]) if when else None
    except ValueError:
        return None


class _Text(HTMLParser):
    """Collects what a reader sees."""

    HIDDEN = frozenset({"script", "style", "head"})
    BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self.HIDDEN
        if tag in self.BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in self.HIDDEN and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def plain_text(html: str) -> str:
    """HTML as a reader sees it, one line a paragraph."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).splitlines())
    return "\n".join(line for line in lines if line)


@transaction.atomic
def take(feed: Feed, answer: Answer, *, now: datetime) -> int:
    """Keep what is new of an answer; how many announcements that were."""
    new = 0
    for entry in answer.entries:
        _, made = bring(
            feed.workspace_id,
            text=entry.text,
            title=entry.title,
            source=entry.link or feed.url,
            dated=entry.dated,
            platform=feed.platform,
            by=WHO,
            now=now,
            origin="feed",
        )
        new += made
    Feed.objects.filter(pk=feed.pk).update(asked_at=now, failure="", etag=answer.etag[:200], modified=answer.modified[:60])
    return new


def failed(feed: Feed, why: Unreadable, *, now: datetime) -> None:
    """Write down that a feed could not be read: it stands beside its address."""
    Feed.objects.filter(pk=feed.pk).update(asked_at=now, failure=str(why)[:300])
