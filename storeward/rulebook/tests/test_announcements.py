"""Announcements: pasted or from a feed, kept once, with the rules they seem to speak of; nothing follows by itself."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from storeward.accounts.models import Workspace
from storeward.audit.models import Entry
from storeward.policy.terms import book
from storeward.rulebook import announcements, feeds, versions
from storeward.rulebook.announcements import Origin
from storeward.rulebook.concerns import concerns
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.force import terms_in_force
from storeward.rulebook.models import Announcement, Feed, Version
from storeward.rulebook.tests.conftest import NOW

DAY = timedelta(days=1)
TEXT = "From 1 December the late dispatch rate target changes from 4 to 3 for all sellers."


def brought(
    team: Workspace, text: str = TEXT, origin: Origin = "paste", platform: str = "tiktok_shop"
) -> tuple[Announcement, bool]:
    more: dict[str, Any] = {"platform": "tiktok_shop", "title": "Dispatch", "source": "https://a.example"}
    return announcements.bring(team.pk, text=text, by="lead@luna.test", now=NOW, origin=origin, **more)


# -- which rules ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "text", "first"),
    [
        ("tiktok_shop", "see TTS-SEA-INACT-30 in the handbook", "TTS-SEA-INACT-30"),
        ("tiktok_shop", TEXT, "TTS-SEA-LDR-TARGET"),
        ("lazada", "New ship on time rate: 92 instead of 90", "LZD-SOT"),
        ("douyin", "关于调整3分钟人工回复率的公告", "DY-REPLY-3MIN"),
    ],
)
def test_the_likeliest_rule_comes_first(platform: str, text: str, first: str) -> None:
    found = concerns(book(), text, platform=platform, today=NOW.date())
    assert found[0].rule == first
    assert found[0].by
    assert [concern.weight for concern in found] == sorted((concern.weight for concern in found), reverse=True)
    assert all(book().platform_of(concern.rule) == platform for concern in found)


def test_a_text_about_something_else_names_no_rule() -> None:
    assert concerns(book(), "We wish all sellers a happy new year!", platform="", today=NOW.date()) == []


# -- kept ----------------------------------------------------------------------------------------------------------------------


def test_an_announcement_is_kept_once_and_changes_nothing(team: Workspace, strangers: Workspace) -> None:
    announcement, made = brought(team)
    again, anew = brought(team, text=f"  {TEXT}\n", origin="mail")
    assert (made, anew, again.pk) == (True, False, announcement.pk)
    assert announcement.concerns[0]["rule"] == "TTS-SEA-LDR-TARGET"
    assert terms_in_force(team.pk, NOW) is book()
    assert not Version.objects.exists()
    assert announcements.listed(team.pk) == [announcement]
    assert announcements.listed(strangers.pk) == []
    with pytest.raises(Refused, match="nothing in it"):
        brought(team, text=" \n")


def test_a_draft_may_come_of_it_and_then_it_waits_no_more(team: Workspace, strangers: Workspace) -> None:
    announcement, _ = brought(team)
    version = versions.draft(team.pk, title="LDR", text="", by="x", now=NOW, announcement_id=announcement.pk)
    assert version.announcement == announcement
    assert announcements.listed(team.pk) == []
    assert [one.state for one in announcements.listed(team.pk, state=None)] == ["taken"]
    with pytest.raises(Refused, match="has come of it"):
        announcements.dismiss(announcement.pk, workspace_id=team.pk, by="x", now=NOW, why="old")
    with pytest.raises(NotThere):
        versions.draft(strangers.pk, title="LDR", text="", by="x", now=NOW, announcement_id=announcement.pk)


def test_what_concerns_nobody_is_dismissed_with_a_reason(team: Workspace, strangers: Workspace) -> None:
    announcement, _ = brought(team)
    with pytest.raises(Refused, match="why: say"):
        announcements.dismiss(announcement.pk, workspace_id=team.pk, by="x", now=NOW, why=" ")
    with pytest.raises(NotThere):
        announcements.dismiss(announcement.pk, workspace_id=strangers.pk, by="x", now=NOW, why="old")
    done = announcements.dismiss(announcement.pk, workspace_id=team.pk, by="x", now=NOW, why="other market")
    assert (done.state, done.note) == ("dismissed", "other market")
    assert Entry.objects.filter(subject=f"announcement:{announcement.pk}").count() == 2


# -- feeds ---------------------------------------------------------------------------------------------------------------------

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Late dispatch</title><link>https://a.example/1</link><pubDate>Mon, 16 Nov 2026 08:00:00 GMT</pubDate>
<description>&lt;p&gt;The target &lt;b&gt;falls&lt;/b&gt; to 3.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;
&lt;p&gt;From December.&lt;/p&gt;</description></item>
<item><title>Only a title</title></item><item></item></channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>公告</title>
<entry><title>回复率</title><link href="https://b.example/2"/><updated>2026-11-17T00:00:00Z</updated><summary>短</summary>
<content type="html">&lt;div&gt;3分钟人工回复率调整&lt;/div&gt;</content></entry></feed>""".encode()


def test_both_dialects_are_read_as_plain_text() -> None:
    first, second = feeds.entries(RSS)
    assert (first.title, first.text) == ("Late dispatch", "The target falls to 3.\nFrom December.")
    assert (first.link, first.dated) == ("https://a.example/1", date(2026, 11, 16))
    assert (second.text, second.dated) == ("Only a title", None)
    (entry,) = feeds.entries(ATOM)
    assert (entry.title, entry.text, entry.dated) == ("回复率", "3分钟人工回复率调整", date(2026, 11, 17))


@pytest.mark.parametrize("body", [b"", b"<html><body>no</body></html>", b"{}", b"\xff\xfe\x00"])
def test_what_is_no_feed_is_unreadable(body: bytes) -> None:
    with pytest.raises(feeds.Unreadable, match="no feed"):
        list(feeds.entries(body))


@pytest.mark.parametrize(
    "html", ["<p>a</p><style>b</style>", "a &amp; b", "<ul><li>one<li>two</ul>", "<b>un<i>closed", "", "<script>"]
)
def test_plain_text_has_no_tags(html: str) -> None:
    assert not {"<", ">"} & set(feeds.plain_text(html))


def followed(team: Workspace, url: str = "https://a.example/feed") -> Feed:
    return feeds.add(team.pk, url=url, platform="tiktok_shop", by="lead@luna.test", now=NOW)


@pytest.mark.parametrize("url", ["http://127.0.0.1/feed", "ftp://a.example", "nonsense", "https://u:p@a.example/"])
def test_an_address_that_must_not_be_asked_is_refused(team: Workspace, url: str) -> None:
    with pytest.raises(Refused, match="url: "):
        followed(team, url)


def test_entries_of_a_feed_are_kept_once(team: Workspace) -> None:
    feed = followed(team)
    with pytest.raises(Refused, match="followed already"):
        followed(team)
    answer = feeds.Answer(tuple(feeds.entries(RSS)), etag='"1"')
    assert (feeds.take(feed, answer, now=NOW), feeds.take(feed, answer, now=NOW + DAY)) == (2, 0)
    found = Announcement.objects.get(title="Late dispatch")
    assert (found.origin, found.source, found.platform) == ("feed", "https://a.example/1", "tiktok_shop")
    assert found.dated == date(2026, 11, 16)
    assert Feed.objects.get().etag == '"1"'


def test_feeds_are_asked_when_their_time_has_come_and_failures_stand_beside_them(team: Workspace) -> None:
    one, other = followed(team), followed(team, "https://b.example/feed")
    assert feeds.due(NOW) == [one, other]
    feeds.failed(one, feeds.Unreadable("the answer is no feed"), now=NOW)
    assert feeds.due(NOW + timedelta(minutes=30)) == [other]
    assert [feed.failure for feed in feeds.due(NOW + DAY)] == ["", "the answer is no feed"]
    feeds.take(one, feeds.Answer(()), now=NOW + DAY)
    assert Feed.objects.get(pk=one.pk).failure == ""


def anywhere(url: str) -> None:
    """Lets a test ask this machine."""


async def _feed(request: web.Request) -> web.Response:
    if request.headers.get("If-None-Match") == '"7"':
        return web.Response(status=304)
    if request.path == "/gone":
        return web.Response(status=410)
    return web.Response(body=RSS, headers={"ETag": '"7"'})


async def test_a_feed_is_asked_for_what_is_new_only() -> None:
    app = web.Application()
    app.router.add_get("/{path}", _feed)
    async with TestServer(app) as server:
        feed = Feed(url=str(server.make_url("/feed")))
        answer = await feeds.asked(feed, aiohttp.ClientSession, anywhere)
        assert (len(answer.entries), answer.etag) == (2, '"7"')
        feed.etag = answer.etag
        assert (await feeds.asked(feed, aiohttp.ClientSession, anywhere)).entries == ()
        with pytest.raises(feeds.Unreadable, match="410"):
            await feeds.asked(Feed(url=str(server.make_url("/gone"))), aiohttp.ClientSession, anywhere)
        with pytest.raises(feeds.Unreadable, match="private address"):
            await feeds.asked(feed)
    with pytest.raises(feeds.Unreadable, match="does not answer"):
        await feeds.asked(feed, aiohttp.ClientSession, anywhere)


def test_the_package_says_what_its_parts_are() -> None:
    folder = Path(feeds.__file__).parent
    text = (folder / "__init__.py").read_text("utf-8")
    assert all(name in text for name in ("force", "own", "versions", "announcements", "work", "review"))
