"""The hourly look at the feeds: what is new is kept, what cannot be read stands beside its address, and the others go on."""

from datetime import timedelta

import pytest

from storeward import pipeline
from storeward.accounts.models import Workspace
from storeward.lib import clock
from storeward.rulebook import feeds
from storeward.rulebook.models import Announcement, Feed
from storeward.rulebook.tests.conftest import NOW, made_workspace

ENTRY = feeds.Entry("Late dispatch", "The target falls to 3.", "https://a.example/1", None)


async def answered(feed: Feed) -> feeds.Answer:
    """One feed is broken, one has something to say."""
    if "broken" in feed.url:
        raise feeds.Unreadable("the answer is no feed")
    return feeds.Answer((ENTRY,), etag='"1"')


@pytest.fixture
def team(transactional_db: None) -> Workspace:
    return made_workspace("luna")


async def read(monkeypatch: pytest.MonkeyPatch, later: timedelta = timedelta(0)) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + later)
    monkeypatch.setattr(feeds, "asked", answered)
    await pipeline.read_feeds(0)


def followed(team: Workspace) -> None:
    for url in ("https://a.example/broken", "https://b.example/feed"):
        feeds.add(team.pk, url=url, platform="tiktok_shop", by="lead@luna.test", now=NOW)


async def test_feeds_are_read_and_a_broken_one_keeps_none_from_it(team: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    await pipeline.in_thread(followed, team)
    await read(monkeypatch)
    states = await pipeline.in_thread(lambda: dict(Feed.objects.values_list("url", "failure")))
    assert states == {"https://a.example/broken": "the answer is no feed", "https://b.example/feed": ""}
    await read(monkeypatch, timedelta(hours=2))  # the same words again are the same announcement
    titles = await pipeline.in_thread(lambda: list(Announcement.objects.values_list("title", "state", "origin")))
    assert titles == [("Late dispatch", "waiting", "feed")]
