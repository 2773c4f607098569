"""Policy pages: rules, own figures, what changed, drafts until they are read, announcements, tasks, why, texts."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from msgspec.structs import replace

from storeward import pipeline
from storeward.policy.terms import book
from storeward.policy.versions import Change
from storeward.rulebook import announcements, work
from storeward.rulebook.models import Announcement, OwnFigure, Reading, Rehearsal, Task, Version
from storeward.rulebook.versions import questions_of
from storeward.web.policy_questions import suggested
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet

RULE = "TTS-SEA-CANCELREQ-24H"
ASKS = "LZD-INACTIVE"


def html(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0]))


def sent(client: Client, address: str, status: int = 302, /, **fields: str) -> Any:
    answer = client.post(address, fields)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer


# -- rules -----------------------------------------------------------------------------------------------------------------


def test_every_filter_opens_as_many_rules_as_it_says(owner: Client) -> None:
    page = html(owner, "/policy/")
    assert f'<span class="sw-soft">{len(list(book()))}</span>' in page
    found = re.findall(r'class="sw-chip" href="(/policy/\?platform=[^"]+)"[^>]*>[^<]+<b>(\d+)</b>', page)
    found += [(f"/policy/?{name}={value}", count) for name, value, count in choices(page)]
    assert len(found) > 20
    for address, count in found[::5]:
        assert f'<span class="sw-soft">{count}</span>' in html(owner, address.replace("&amp;", "&")), address
    both = html(owner, "/policy/?platform=lazada&state=needs")
    assert ASKS in both
    assert "needs your figure" in text(both)
    assert "No rule fits these filters." in html(owner, "/policy/?q=nothing+of+the+kind")


def choices(page: str) -> list[tuple[str, str, str]]:
    return [
        (name, value, count)
        for name, body in re.findall(r'<select class="sw-field" name="(\w+)".*?>(.*?)</select>', page, re.S)
        for value, count in re.findall(r'<option value="([^"]+)">[^<]* · (\d+)</option>', body)
    ]


def test_a_rule_shows_its_terms_its_source_how_we_read_it_and_what_is_open(owner: Client, fleet: Fleet) -> None:
    rule = fleet.findings["ship"].rule
    page = html(owner, f"/policy/rule/{rule}/")
    for heading in ("Terms by date", "Open under it", "Your own figure", "How we read it", "in force"):
        assert heading in page, heading
    assert f'href="/f/{fleet.findings["ship"].pk}/"' in page
    html(owner, "/policy/rule/NO-SUCH-RULE/", 404)
    assert "NO-SUCH" not in html(owner, "/policy/?q=NO-SUCH").split("<tbody")[-1].split("</main>")[0].split('value="')[0]


def test_a_looser_figure_is_refused_with_both_figures_and_a_tighter_one_counts(owner: Client, viewer: Client) -> None:
    address = f"/policy/rule/{RULE}/figure/"
    typed = {"name": "hours", "from": "2026-11-20", "why": "we answer within the shift"}
    sent(viewer, address, 403, figure="8", **typed)
    refused = sent(owner, address, 422, figure="36", **typed).content.decode()
    assert "36 is looser than the platform&#x27;s 24" in refused
    assert 'value="36"' in refused
    assert "Write the figure as a number" in sent(owner, address, 422, figure="many", **typed).content.decode()
    assert not OwnFigure.objects.exists()
    sent(owner, address, figure="8", **typed)
    page = html(owner, f"/policy/rule/{RULE}/")
    assert "(platform: 24)" in page
    assert "own: within 8 hours" in page
    row = html(owner, "/policy/?state=own").split("<tbody>")[1].split("</tr>")[0]
    assert "within 8 hours" in row
    assert "1 Aug 2025" in row  # since when the platform's own terms hold
    sent(owner, f"/policy/rule/{RULE}/end/", name="hours")
    assert "own: within 8 hours" not in html(owner, f"/policy/rule/{RULE}/")


def test_a_rule_without_a_figure_asks_until_the_team_sets_one(owner: Client) -> None:
    rule = book().rule(ASKS)
    assert "Nobody can tell whether this rule is kept." in html(owner, f"/policy/rule/{ASKS}/")
    sent(owner, f"/policy/rule/{ASKS}/figure/", name=rule.asks[0], figure="25", why="our guess")
    assert "Nobody can tell" not in html(owner, f"/policy/rule/{ASKS}/")


def test_a_rule_that_was_looked_up_is_due_later(owner: Client) -> None:
    sent(owner, f"/policy/rule/{RULE}/review/", 422, note=" ")
    sent(owner, f"/policy/rule/{RULE}/review/", note="stands as it is")
    assert "Looked up on 20 Nov 2026." in html(owner, f"/policy/rule/{RULE}/")


def test_what_changed_between_two_days_names_the_stores_that_it_touches(owner: Client, fleet: Fleet) -> None:
    page = html(owner, "/policy/changes/?from=2025-07-01&to=2026-11-20")
    assert RULE in page
    counts = [int(one) for one in re.findall(r"<b>(\d+)</b></a>", page.split('action="/policy/changes/"')[1].split("<table")[0])]
    assert counts[0] == page.count("sw-policy-title") > 3
    assert sum(counts[1:]) == counts[0]
    row = page.split(f"/{RULE}/")[1].split("</tr>")[0]
    assert f"<b>{sum(store.region != 'US' for store in fleet.stores)}</b>" in row
    assert "Nothing differs" in html(owner, "/policy/changes/?from=2026-11-20&to=2026-11-20")


# -- versions ----------------------------------------------------------------------------------------------------------------


def drafted(owner: Client, hours: str = "12") -> Version:
    form = html(owner, f"/policy/versions/new/?rule={RULE}")
    assert 'name="figure-hours" value="24"' in form
    fields = {"rule": RULE, "title": "Answer sooner", "figure-hours": hours, "from": "2026-12-01"}
    answer = sent(owner, "/policy/versions/new/", **fields, source="https://seller.example/1", confidence="official")
    return Version.objects.get(pk=int(answer.headers["Location"].split("/")[3]))


def test_a_draft_says_what_it_changes_and_counts_nowhere(owner: Client) -> None:
    version = drafted(owner)
    page = html(owner, f"/policy/versions/{version.pk}/")
    for words in ("hours 24 → 12", "demands more", "1 Dec 2026", "https://seller.example/1", "Publish it"):
        assert words in page, words
    assert len(questions_of(version)) == 3
    later = date(2026, 12, 2)
    assert "hours 24 → 12" not in html(owner, f"/policy/changes/?from=2026-11-20&to={later}")
    sent(owner, f"/policy/versions/{version.pk}/publish/", 422)
    sent(owner, f"/policy/versions/{version.pk}/publish/", sure="1")
    assert "hours 24 → 12" in html(owner, f"/policy/changes/?from=2026-11-20&to={later}")
    assert "Who brought which terms" in html(owner, f"/policy/rule/{RULE}/")
    sent(owner, f"/policy/versions/{version.pk}/withdraw/", 422, why="")
    sent(owner, f"/policy/versions/{version.pk}/withdraw/", why="misread")
    assert "hours 24 → 12" not in html(owner, f"/policy/changes/?from=2026-11-20&to={later}")
    assert "Answer sooner" in html(owner, "/policy/versions/")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"from": ""}, "Say from which day on"),
        ({"source": ""}, "Name the source"),
        ({"figure-hours": "soon"}, "soon is no number"),
        ({"rule": "", "text": "[[change]]"}, "the draft"),
    ],
)
def test_a_draft_that_does_not_fit_is_told_with_what_was_typed(owner: Client, fields: dict[str, str], said: str) -> None:
    typed = {"rule": RULE, "title": "Sooner", "from": "2026-12-01", "source": "mail", "figure-hours": "12"} | fields
    page = sent(owner, "/policy/versions/new/", 422, **typed).content.decode()
    assert said in page
    assert 'value="Sooner"' in page
    assert not Version.objects.exists()


def test_a_draft_is_written_anew_as_text(owner: Client) -> None:
    version = drafted(owner)
    assert "rule = &quot;TTS-SEA-CANCELREQ-24H&quot;" in html(owner, f"/policy/versions/{version.pk}/edit/")
    sent(owner, f"/policy/versions/{version.pk}/edit/", title="Later", text=version.text.replace("hours = 12", "hours = 18"))
    version.refresh_from_db()
    assert version.title == "Later"


def test_a_replay_is_asked_for_reckoned_by_a_worker_and_told(owner: Client, viewer: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(pipeline.rehearse_draft, "configure", lambda **_: pipeline.rehearse_draft)
    monkeypatch.setattr(pipeline.rehearse_draft, "defer", lambda **_: 1)
    version = drafted(owner)
    address = f"/policy/versions/{version.pk}/"
    sent(viewer, f"{address}replay/", 403)
    sent(owner, f"{address}replay/")
    sent(owner, f"{address}replay/")
    rehearsal = Rehearsal.objects.get()
    fragment = owner.get(address, headers={"HX-Target": "sw-replay"}).content.decode()
    assert fragment.lstrip().startswith('<section class="sw-card" id="sw-replay" hx-get')
    assert "waits for a worker" in fragment
    assert pipeline.rehearse(rehearsal.pk)
    assert not pipeline.rehearse(rehearsal.pk)
    page = html(owner, address)
    assert "Would have broken a rule" in page
    assert "every 2s" not in page
    sent(owner, f"{address}edit/", title="Other", text=version.text.replace("hours = 12", "hours = 6"))
    assert "The draft says something else since" in html(owner, address)


def test_a_replay_shows_both_directions_by_day_store_and_thing(owner: Client, fleet: Fleet) -> None:
    version = drafted(owner)
    key = fleet.stores[0].key
    more = {"stores": [key], "things": 2, "money": [{"amount": "84.00", "currency": "MYR"}], "usd": "20.00", "points": "2"}
    less = {"stores": [], "things": 0, "money": [], "usd": "0.00", "points": "0"}
    thing = {
        "side": "more",
        "rule": RULE,
        "store": key,
        "day": "2026-11-02",
        "subject": {"kind": "order", "id": "576465000000000000"},
    }
    told = {
        "from": "2026-08-22",
        "to": "2026-11-20",
        "rules": [RULE],
        "stores_looked_at": 15,
        "differs": True,
        "looked_at": {RULE: 1200},
        "broken_in_force": {},
        "due_moved": {},
        "untold": {"LZD-INACTIVE": "the rule gives no findings, so there is nothing that it could have touched"},
        "more": more,
        "less": less,
        "days": [{"day": "2026-11-02", "more": more, "less": less}],
        "stores": [{"store": key, "more": more, "less": less}],
        "things": [thing | {"amount": "84.00", "currency": "MYR", "points": "2"}],
    }
    Rehearsal.objects.create(version=version, changes=version.changes, days=90, by="x", at=NOW, done_at=NOW, result=told)
    page = text(html(owner, f"/policy/versions/{version.pk}/"))
    for words in ("1,200", "in 15 stores", "84.00 MYR", "Mon 2 Nov", "Order 5764…000", "history cannot tell", "2 points"):
        assert words in page, words


def test_questions_are_suggested_with_the_right_answer_among_others_and_in_both_languages() -> None:
    rules = book()
    for platform, rule in rules:
        if platform == "douyin" or not rule.terms[-1].figures:
            continue
        change = Change(rule.id, replace(rule.terms[-1], from_=date(2026, 12, 1)))
        for question in suggested([change], rules):
            assert len(set(question.choices)) == 3 > question.right, rule.id
            assert all(one.en and one.zh for one in (question.ask, *question.choices))
    days = {
        suggested([Change(RULE, replace(rules.rule(RULE).terms[-1], from_=date(2026, 12, n)))], rules)[0].right for n in (1, 2, 3)
    }
    assert days == {0, 1, 2}


def test_a_published_version_is_read_with_three_questions(owner: Client, colleague: Client, fleet: Fleet) -> None:
    version = drafted(owner)
    assert colleague.get(f"/policy/versions/{version.pk}/read/").status_code == 404
    sent(owner, f"/policy/versions/{version.pk}/publish/", sure="1")
    version.refresh_from_db()
    address = f"/policy/versions/{version.pk}/read/"
    assert address in html(colleague, "/policy/versions/")
    right = {f"answer-{n}": str(one.right) for n, one in enumerate(questions_of(version))}
    wrong = right | {"answer-0": str((int(right["answer-0"]) + 1) % 3)}
    sent(colleague, address, 422)
    assert "2 of 3 are right" in sent(colleague, address, 422, **wrong).content.decode()
    sent(colleague, address, **right)
    assert Reading.objects.filter(person="Clerk Two", passed=True).count() == 1
    assert "You have read and confirmed it" in html(colleague, address)
    assert "For you to read" not in html(colleague, "/policy/versions/")
    readers = text(html(owner, f"/policy/versions/{version.pk}/")).split("Who has read it")[1]
    assert readers.index("Guest Viewer") < readers.index("Clerk Two")
    assert readers.count("not yet") == 2


# -- announcements and tasks ---------------------------------------------------------------------------------------------------


def test_an_announcement_becomes_a_draft_or_a_task_or_is_set_aside(owner: Client, colleague: Client) -> None:
    sent(owner, "/policy/news/", 422, text=" ")
    said = "From 1 December 2026 sellers must answer a cancellation request within 12 hours instead of 24 hours."
    answer = sent(
        owner, "/policy/news/", text=said, platform="tiktok_shop", title="Cancellation requests", source="https://x.example/1"
    )
    one = Announcement.objects.get()
    assert answer.headers["Location"] == f"/policy/news/{one.pk}/"
    page = html(owner, f"/policy/news/{one.pk}/")
    assert f"/policy/versions/new/?rule={RULE}&amp;announcement={one.pk}" in page
    form = html(owner, f"/policy/versions/new/?rule={RULE}&announcement={one.pk}")
    assert 'value="https://x.example/1"' in form
    task = {"task": "Tell the clerks", "owner": "Clerk Two", "due": "2026-11-25"}
    sent(owner, f"/policy/news/{one.pk}/", 422, **(task | {"due": "2026-11-01"}))
    sent(owner, f"/policy/news/{one.pk}/", **task)
    one.refresh_from_db()
    assert one.state == "taken"
    assert "Tell the clerks" in html(colleague, "/policy/news/")
    sent(owner, f"/policy/news/{one.pk}/dismiss/", 422, why="no")
    sent(colleague, f"/policy/tasks/{Task.objects.get().pk}/done/")
    assert "No task is open." in html(owner, "/policy/news/")
    other, _ = announcements.bring(one.workspace_id, text="Happy new year", by="x", now=NOW, origin="mail")
    sent(owner, f"/policy/news/{other.pk}/dismiss/", why="nothing to do")
    assert "No announcement waits." in html(owner, "/policy/news/")
    sent(owner, "/policy/news/", 422, url="http://127.0.0.1/feed", platform="shopee")


def test_who_may_not_keep_the_rules_looks_and_acts_on_his_own_tasks_alone(owner: Client, colleague: Client, fleet: Fleet) -> None:
    version = drafted(owner)
    due = NOW + timedelta(days=3)
    task = work.give(fleet.workspace.pk, title="x", owner="Operations Lead", due_at=due, by="x", now=NOW, version_id=version.pk)
    for address in (
        f"/policy/rule/{RULE}/figure/",
        f"/policy/rule/{RULE}/end/",
        f"/policy/rule/{RULE}/review/",
        "/policy/versions/new/",
        f"/policy/versions/{version.pk}/publish/",
        f"/policy/versions/{version.pk}/withdraw/",
        f"/policy/versions/{version.pk}/edit/",
        f"/policy/versions/{version.pk}/task/",
        "/policy/news/",
        f"/policy/tasks/{task.pk}/done/",
    ):
        sent(colleague, address, 403)
    version.refresh_from_db()
    assert version.state == "draft"
    assert "Publish it" not in html(colleague, f"/policy/versions/{version.pk}/")
    sent(owner, f"/policy/versions/{version.pk}/task/", task="Look", owner="Clerk Two", due="2026-11-30")
    assert "Look" in html(owner, f"/policy/versions/{version.pk}/")


# -- why and texts -----------------------------------------------------------------------------------------------------------


def test_why_tells_terms_facts_and_steps_now_and_at_a_past_instant(owner: Client, outsider: Client, fleet: Fleet) -> None:
    pk = fleet.findings["ship"].pk
    assert f'href="/f/{pk}/why/"' in html(owner, f"/f/{pk}/")
    page = text(html(owner, f"/f/{pk}/why/"))
    for words in ("Step by step", "Terms in force then", "Facts used", "Total", "84 MYR", "by API"):
        assert words in page, words
    past = text(html(owner, f"/f/{pk}/why/?at=2026-11-19T09:00"))
    assert "the finding was not open then" in past
    assert "choose an instant that has been" in html(owner, f"/f/{pk}/why/?at=2027-01-01T00:00", 422)
    assert "Give day and time" in html(owner, f"/f/{pk}/why/?at=yesterday", 422)
    html(outsider, f"/f/{pk}/why/", 404)


def test_a_text_is_judged_with_its_words_marked_and_a_gentler_wording(owner: Client) -> None:
    bad = "Please change your review to 5 stars and we will send you a 10 USD voucher"
    page = sent(owner, "/policy/check/", 200, text=bad).content.decode()
    assert "Forbidden: do not send it." in page
    assert "<mark title=" in page
    assert "Say instead" in page
    fine = sent(owner, "/policy/check/", 200, text="Your parcel leaves today.").content.decode()
    assert "Fine: it may be sent." in fine
    assert "<mark" not in fine.split("<main")[1]


def test_pages_in_chinese_have_no_english_sentence_of_ours(owner: Client, fleet: Fleet) -> None:
    version = drafted(owner)
    owner.post("/me/language/", {"language": "zh-hans"})
    for address in ("/policy/", f"/policy/rule/{RULE}/", "/policy/changes/", f"/policy/versions/{version.pk}/", "/policy/news/"):
        page = html(owner, address)
        for words in ("Show", "needs your figure", "Own figure", "Publish", "Keep it", "within", "Source"):
            assert words not in text(page), (address, words)
