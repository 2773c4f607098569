"""Notices by page: pasted, checked against their words, entered or set aside; nothing counts before, nobody acts on others'."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storeward.findings.models import Finding
from storeward.intake.models import Mailbox, Notice, NoticeState
from storeward.intake.notices import Span
from storeward.records.models import PointsEntry, StoreEvent, Violation
from storeward.web.notice_form import Piece, pieces
from storeward.web.notice_words import entered_words, error_words, why_words
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet

HOME = 4
"""Luna Home 1, in Malaysia."""
TEXT = """Violation notice
Your TikTok Shop store Luna Home 1 received 14 violation points for late dispatch.
Issued on 17 November 2026 10:00
Order ID: 577123456789012345
Violation ID: V-2026-88
Please appeal by 20/12/2026 23:59."""


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def pasted(client: Client, text: str, **fields: str) -> Notice:
    answer = client.post("/notices/", {"text": text} | fields)
    assert answer.status_code == 302, answer.content.decode()
    return Notice.objects.get(pk=int(answer.headers["Location"].split("/")[2]))


def filled(page: str, **changes: str) -> dict[str, str]:
    """What a browser would send of the form, with what a person changes."""
    found: dict[str, str] = {}
    form = page.split("/enter/")[1].split("</form>")[0]
    for tag in form.split("<input")[1:]:
        tag = tag.split(">")[0]
        found[tag.split('name="')[1].split('"')[0]] = tag.split('value="')[1].split('"')[0]
    for part in form.split("<select")[1:]:
        chosen = (
            part.split(" selected>")[0].rsplit('value="', 1)[1].split('"')[0]
            if " selected>" in part.split("</select>")[0]
            else ""
        )
        found[part.split('name="')[1].split('"')[0]] = chosen
    return found | changes


def sent(client: Client, notice: Notice, **changes: str) -> Any:
    return client.post(f"/notices/{notice.pk}/enter/", filled(html(client, f"/notices/{notice.pk}/"), **changes))


# -- paste, check, enter --------------------------------------------------------------------------------------------------


def test_what_was_read_stands_beside_its_words_and_counts_when_it_is_entered(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[HOME]
    notice = pasted(owner, TEXT)
    page = html(owner, f"/notices/{notice.pk}/")
    assert not PointsEntry.objects.filter(platform_id="V-2026-88").exists()
    for words in ("14 violation points", "Luna Home 1", "Issued on 17 November 2026 10:00", "Violation ID: V-2026-88"):
        assert f"<q>{words}</q>" in page, words
    assert '<mark title="Points">14 violation points</mark>' in page
    assert 'value="2026-11-17T10:00"' in page
    assert "Issued at, MYT" in page
    assert page.count("is-main") == 1
    answer = sent(owner, notice)
    assert answer.headers["Location"] == f"/notices/{notice.pk}/"
    entry = PointsEntry.objects.get(platform_id="V-2026-88")
    assert (entry.store_id, int(entry.points), entry.origin) == (store.pk, 14, "form")
    assert entry.issued_at == datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
    assert Violation.objects.get(platform_id="V-2026-88").deadline_at == datetime(2026, 12, 20, 15, 59, tzinfo=UTC)
    finding = Finding.objects.exclude(status="resolved").get(store=store, rule="TTS-SEA-VP-12")
    page = html(owner, f"/notices/{notice.pk}/")
    assert "The store was judged anew." in page
    assert "Entered by Operations Lead" in page
    assert f'href="/s/{store.key}/"' in page
    assert f'href="/f/{finding.pk}/"' in page
    assert "Enter it" not in page


def test_every_field_can_be_corrected_and_what_is_missing_filled_in(owner: Client, fleet: Fleet) -> None:
    store = fleet.stores[1]
    notice = pasted(owner, "Your shop received violation points.")
    page = html(owner, f"/notices/{notice.pk}/")
    assert page.count("not told in the text: fill it in") == 3
    assert sent(owner, notice).status_code == 422
    answer = sent(owner, notice, store=store.key, kind="violation_points", points="2,5", issued_at="2026-11-19T09:30", case="C 7")
    assert answer.status_code == 302
    entry = PointsEntry.objects.get(platform_id="C 7")
    assert (entry.store_id, entry.points) == (store.pk, Decimal("2.5"))
    assert entry.issued_at == datetime(2026, 11, 19, 1, 30, tzinfo=UTC)  # Manila


def test_the_text_is_read_again_for_the_store_that_a_person_chooses(owner: Client, fleet: Fleet) -> None:
    notice = pasted(owner, "แจ้งเตือนร้านค้าไม่มีความเคลื่อนไหว\nวันที่: 19/11/2569 เวลา 10.00 น.")
    page = html(owner, f"/notices/{notice.pk}/")
    assert "needs its store" in page
    key = fleet.stores[3].key
    again = html(owner, f"/notices/{notice.pk}/?store={key}")
    assert 'value="2026-11-19T10:00"' in again
    assert "Asia/Bangkok" in again
    assert f'<option value="{key}" selected>' in again
    assert owner.post(f"/notices/{notice.pk}/enter/", filled(again)).status_code == 302
    event = StoreEvent.objects.get(type="inactivity_reminder", store=fleet.stores[3])
    assert event.at == datetime(2026, 11, 19, 3, 0, tzinfo=UTC)
    # said when pasting, it need not be said again
    assert "Asia/Bangkok" in html(owner, f"/notices/{pasted(owner, 'วันที่: 18/11/2569', store=key).pk}/")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("points", "plenty", "Give a number from 0 to 1000."),
        ("points", "4000", "Give a number from 0 to 1000."),
        ("issued_at", "2026-12-17T10:00", "It cannot lie in the future"),
        ("issued_at", "yesterday", "Give day and time"),
        ("deadline", "2026-11-01T10:00", "It lies before the notice was issued"),
        ("store", "no-such-store", "This is needed."),
        ("kind", "gossip", "This is needed."),
        ("kind", "account_health", "counts no health rating"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_entered(
    owner: Client, fleet: Fleet, field: str, value: str, says: str
) -> None:
    notice = pasted(owner, TEXT)
    before = (PointsEntry.objects.count(), Violation.objects.count(), StoreEvent.objects.count())
    answer = sent(owner, notice, **{field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert 'aria-invalid="true"' in page
    assert (PointsEntry.objects.count(), Violation.objects.count(), StoreEvent.objects.count()) == before
    notice.refresh_from_db()
    assert notice.state == NoticeState.LOOK


def test_the_same_notice_twice_is_one_and_is_entered_once(owner: Client, fleet: Fleet) -> None:
    notice = pasted(owner, TEXT)
    assert pasted(owner, TEXT.upper().replace(" ", "  ")).pk == notice.pk
    fields = filled(html(owner, f"/notices/{notice.pk}/"))
    for _again in range(2):
        owner.post(f"/notices/{notice.pk}/enter/", fields)
    assert PointsEntry.objects.filter(platform_id="V-2026-88").count() == 1
    assert "Entered by" in html(owner, f"/notices/{pasted(owner, TEXT).pk}/")
    other = Notice.objects.create(
        workspace_id=notice.workspace_id, digest="another", words=notice.words, text=notice.text, received_at=NOW, state="look"
    )
    assert sent(owner, other).status_code == 302
    assert "the same notice was entered before" in html(owner, f"/notices/{other.pk}/")


def test_nothing_pasted_is_asked_for(owner: Client) -> None:
    answer = owner.post("/notices/", {"text": " \x00 "})
    assert answer.status_code == 422
    assert "Paste the text of the notice first." in answer.content.decode()


# -- what waits -----------------------------------------------------------------------------------------------------------


def test_what_came_by_mail_waits_with_its_reason_until_it_is_entered_or_set_aside(owner: Client, fleet: Fleet) -> None:
    page = html(owner, "/notices/")
    assert "Waiting 1" in page
    assert "no platform&#x27;s address" in page
    assert "1 notice waits to be looked at." in html(owner, "/connections/")
    shown = html(owner, f"/notices/{fleet.notice.pk}/")
    assert "No platform is known to have sent this." in shown
    assert "left empty, the mail&#x27;s own date counts" in shown
    again = html(owner, f"/notices/{fleet.notice.pk}/?store={fleet.stores[0].key}")
    assert 'value="2026-11-19T12:00"' in again  # in the store's time
    refused = owner.post(f"/notices/{fleet.notice.pk}/aside/", {"reason": "  "})
    assert refused.status_code == 422
    assert "Say in a few words" in refused.content.decode()
    assert owner.post(f"/notices/{fleet.notice.pk}/aside/", {"reason": "An advertisement"}).status_code == 302
    fleet.notice.refresh_from_db()
    assert (fleet.notice.state, fleet.notice.why, fleet.notice.settled_by) == ("done", "An advertisement", "Operations Lead")
    page = html(owner, "/notices/")
    assert "Waiting 0" in page
    assert "An advertisement" in page.split('id="settled"')[1]
    assert "waits to be looked at" not in html(owner, "/connections/")
    # who has erred may still enter it
    assert sent(owner, fleet.notice, store=fleet.stores[0].key, kind="violation_warning").status_code == 302
    event = StoreEvent.objects.get(type="violation_warning", store=fleet.stores[0])
    assert event.at == fleet.notice.sent_at
    assert not owner.post(f"/notices/{fleet.notice.pk}/aside/", {"reason": "too late"}).content
    fleet.notice.refresh_from_db()
    assert fleet.notice.state == "entered"


def test_a_mailbox_that_cannot_be_read_is_told_to_who_can_mend_it(
    owner: Client, viewer: Client, outsider: Client, fleet: Fleet
) -> None:
    row = Mailbox.objects.create(
        host="imap.example.com",
        address="notices@example.com, INBOX at imap.example.com:993",
        workspace_id=fleet.workspace.pk,
        looked_at=NOW,
        failing_since=NOW - timedelta(hours=3),
        error="The mailbox at imap.example.com:993 cannot be read: [AUTHENTICATIONFAILED] no",
    )
    for address in ("/connections/", "/notices/"):
        page = html(owner, address)
        assert "No notice comes by mail for 3 h." in page
        assert "AUTHENTICATIONFAILED" in page
        for stranger in (viewer, outsider):
            assert "imap.example.com" not in html(stranger, address)
    Mailbox.objects.filter(pk=row.pk).update(error="", failing_since=None, read_at=NOW)
    assert "No notice comes by mail" not in html(owner, "/connections/")
    assert "notices@example.com" in html(owner, "/notices/")
    Mailbox.objects.filter(pk=row.pk).update(looked_at=NOW - timedelta(hours=1))
    assert "Nobody has looked at it" in html(owner, "/connections/")


# -- who may --------------------------------------------------------------------------------------------------------------


def test_a_viewer_reads_notices_and_acts_on_none(viewer: Client, fleet: Fleet) -> None:
    assert 'name="text"' not in html(viewer, "/notices/")
    page = html(viewer, f"/notices/{fleet.notice.pk}/")
    assert "You may look, not act." in page
    assert "Set it aside" not in page
    assert viewer.post("/notices/", {"text": TEXT}).status_code == 403
    for deed in ("enter", "aside"):
        assert viewer.post(f"/notices/{fleet.notice.pk}/{deed}/", {"reason": "no"}).status_code == 403
    fleet.notice.refresh_from_db()
    assert fleet.notice.state == "elsewhere"


def test_another_team_sees_and_enters_nothing_of_ours(outsider: Client, owner: Client, fleet: Fleet) -> None:
    page = html(outsider, "/notices/")
    assert "Waiting 0" in page
    assert "Luna Home" not in page
    assert outsider.get(f"/notices/{fleet.notice.pk}/").status_code == 404
    for deed in ("enter", "aside"):
        assert outsider.post(f"/notices/{fleet.notice.pk}/{deed}/", {"reason": "no"}).status_code == 404
    mine = pasted(outsider, TEXT)
    assert mine.store_id is None  # the store it names is not this team's
    assert sent(outsider, mine, store=fleet.stores[HOME].key).status_code == 422
    assert owner.get(f"/notices/{mine.pk}/").status_code == 404
    assert not PointsEntry.objects.filter(platform_id="V-2026-88").exists()


def test_a_list_of_many_notices_costs_no_more_queries(owner: Client, fleet: Fleet) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            html(owner, "/notices/")
        return len(seen)

    def more(count: int, state: str) -> None:
        Notice.objects.bulk_create(
            Notice(
                workspace_id=fleet.workspace.pk, digest=f"{state}{one}", words="", text=f"Notice {one}", received_at=NOW,
                state=state, store=fleet.stores[one % len(fleet.stores)],
            )
            for one in range(count)
        )  # fmt: skip

    more(2, "look")
    more(2, "done")
    queries()
    few = queries()
    more(60, "entered")
    Notice.objects.filter(state="look").delete()
    more(60, "look")
    assert queries() == few
    page = html(owner, "/notices/?page=2")
    assert "Waiting 61" in page
    assert 'href="?page=2" aria-current="page"' in page
    for strange in ("99", "0", "x", "²"):
        assert owner.get(f"/notices/?page={strange}").status_code == 200


# -- words ----------------------------------------------------------------------------------------------------------------


def test_the_text_is_shown_whole_with_its_marks() -> None:
    spans = [(Span(4, 7, "two"), "B"), (Span(0, 3, "one"), "A"), (Span(5, 9, "wo t"), "C")]
    assert pieces("one two three", spans) == [Piece("one", "A"), Piece(" "), Piece("two", "B"), Piece(" three")]
    assert pieces("one", []) == [Piece("one")]
    assert pieces("", []) == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("not told: store, points", "not told: Store, Points"),
        ("sent by x@y.z, no platform's address", "sent by x@y.z, no platform's address"),
        ("mx.example.com does not vouch for the sender x@y.z", "mx.example.com does not vouch for the sender x@y.z"),
        ("something new", "something new"),
    ],
)
def test_why_a_notice_waits_is_told(said: str, shown: str) -> None:
    assert why_words(said) == shown


def test_what_was_entered_and_what_failed_is_told() -> None:
    assert entered_words("points V-1") == "Points, number V-1"
    assert entered_words("notice inactivity_reminder") == "Notice: Reminder of inactivity"
    assert entered_words("ahr 165") == "Health rating 165"
    assert entered_words("violation V-1: the platform itself has told it").startswith("V-1: the platform itself")
    assert entered_words("something new") == "something new"
    assert error_words("1 of the mails could not be kept; ...").startswith("1 mail could not be kept")
    assert error_words("something new") == "something new"
