"""Mails and pasted notices entered: once, shown when strange, never lost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.findings.tests import factories
from storeward.findings.tests.factories import NOW
from storeward.intake import mailbox
from storeward.intake.imap import Security, Settings, settings
from storeward.intake.mail_text import Mail, parsed, text_of
from storeward.intake.mailbox import platform_of, shops_of, vouched
from storeward.intake.models import Notice, NoticeState
from storeward.intake.notice_entries import enter, entries_of
from storeward.intake.notices import recognise
from storeward.lib.errors import NotDone
from storeward.records.models import Change, Origin, PointsEntry, StoreEvent, StoreFact, Violation
from storeward.stores.models import Store

USER = "notices@example.com"
POINTS = """Your TikTok Shop store Luna Home 1 received 4 violation points for late dispatch.
Issued on 17 November 2026 10:00
Violation ID: V-2026-88
Please appeal by 20/12/2026 23:59."""
NO_NUMBER = """Violation points notice
Luna Home 1 received 2 violation points.
Issued on 17 November 2026 10:00"""


@pytest.fixture
def store(transactional_db: None) -> Store:
    return factories.store(1, connected=False)


def mail(
    text: str = POINTS, *, number: str = "<1@x>", sender: str = "TikTok Shop <no-reply@seller.tiktok.com>", html: str = ""
) -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = USER
    message["Subject"] = "Notice"
    message["Date"] = "Tue, 17 Nov 2026 12:00:00 +0800"
    if number:
        message["Message-ID"] = number
    if html:
        message.set_content(html, subtype="html")
    else:
        message.set_content(text)
    return bytes(message)


# -- entering --------------------------------------------------------------------------------------------------------------


def paste(store: Store, text: str, now: datetime = NOW) -> object:
    found = recognise(text, stores=shops_of(store.workspace_id), now=now)
    return enter(found, workspace_id=store.workspace_id, who="ann@example.com", now=now)


def test_a_pasted_notice_is_entered_by_form_and_once(store: Store) -> None:
    paste(store, NO_NUMBER)
    changes = Change.objects.count()
    paste(store, "  " + NO_NUMBER.upper().replace(" ", "  "))
    entry = PointsEntry.objects.get()
    assert entry.platform_id.startswith("notice-")
    assert (entry.points, entry.origin) == (Decimal(2), Origin.FORM)
    assert Change.objects.count() == changes
    assert not Violation.objects.exists()


def test_an_incomplete_notice_waits_until_a_person_says_the_store(store: Store) -> None:
    text = "2 violation points were issued.\nIssued on 2026-11-17T10:00+08:00"
    paste(store, text)
    waiting = Notice.objects.get()
    assert (waiting.state, waiting.why) == (NoticeState.LOOK, "not told: store")
    shop = shops_of(store.workspace_id)[0]
    found = recognise(text, stores=[], now=NOW, chosen=shop)
    assert enter(found, workspace_id=store.workspace_id, who="ann", now=NOW, kept=waiting).new
    assert PointsEntry.objects.get().store_id == store.pk


def test_a_reminder_becomes_a_notice_event(store: Store) -> None:
    paste(store, "Inactivity reminder\nLuna Home 1\nNotice date: 2026-11-17 09:00")
    event = StoreEvent.objects.get()
    assert (event.family, event.type, event.actor) == ("notice", "inactivity_reminder", "system")
    assert event.at == datetime(2026, 11, 17, 1, 0, tzinfo=UTC)
    assert event.note.startswith("Inactivity reminder")


def test_a_score_becomes_the_account_health_of_an_american_store(transactional_db: None) -> None:
    store = factories.store(3, "US", connected=False)
    paste(store, "Account Health Rating: 165\nLuna Home 3\nDate: 11/17/2026 09:00")
    fact = StoreFact.objects.get()
    assert (fact.name, fact.value, fact.as_of) == ("ahr", {"score": 165}, datetime(2026, 11, 17, 17, 0, tzinfo=UTC))


def test_a_ticket_with_a_deadline_is_a_pending_violation(store: Store) -> None:
    paste(
        store,
        "Policy violation\nLuna Home 1\nIssued on 2026-11-17\nCase ID: C-77100\nProduct ID: 17299988\nRespond by 2026-11-25",
    )
    found = Violation.objects.get()
    assert (found.platform_id, found.status) == ("C-77100", "pending")
    assert found.data["subject_id"] == "17299988"


def test_a_second_letter_moves_the_clock_and_keeps_the_first_day(store: Store) -> None:
    text = "Policy violation\nLuna Home 1\nCase ID: C-77100\nIssued on 2026-11-{day}\nRespond by 2026-11-{due}"
    paste(store, text.format(day=10, due=20))
    paste(store, text.format(day=15, due=28))
    found = Violation.objects.get()
    assert found.notified_at == datetime(2026, 11, 9, 16, 0, tzinfo=UTC)
    assert found.deadline_at == datetime(2026, 11, 28, 15, 59, 59, tzinfo=UTC)


def test_what_the_platform_itself_told_is_not_overwritten(store: Store) -> None:
    paste(store, POINTS)
    PointsEntry.objects.update(origin=Origin.API, points=9)
    Violation.objects.update(origin=Origin.PUSH, status="closed")
    paste(store, POINTS + "\nSecond letter.")
    assert PointsEntry.objects.get().points == 9
    assert Violation.objects.get().status == "closed"


def test_what_is_unsure_is_not_entered(store: Store) -> None:
    found = recognise(NO_NUMBER + "\nRespond by 2026-11-25 or by 2026-11-28", stores=shops_of(store.workspace_id), now=NOW)
    assert entries_of(found).rows == ()
    assert entries_of(found).missing == ("deadline",)


# -- mails and settings ----------------------------------------------------------------------------------------------------


def test_html_is_read_as_its_reader_sees_it() -> None:
    html = "<html><head><title>x</title><style>p{}</style></head><body>"
    html += "<p>2&nbsp;violation<br>points</p><table><tr><td>a</td><td>b</td></tr></table>"
    html += "<script>no</script></body>"
    assert text_of(html) == "2 violation\npoints\na b"
    assert parsed(mail(html=html)).text == "2 violation\npoints\na b"


def test_a_chinese_mail_in_its_own_charset_is_read() -> None:
    raw = b"From: a@tiktok.com\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n" + "违规分：镕".encode("gbk")
    assert parsed(raw).text == "违规分：镕"
    assert parsed(raw.replace(b"gb2312", b"x-none")).domain == "tiktok.com"


def test_two_senders_are_no_sender() -> None:
    assert parsed(mail(sender="a@tiktok.com, b@evil.example")).domain == ""


@pytest.mark.parametrize(
    ("domain", "platform"),
    [
        ("tiktok.com", "tiktok_shop"), ("seller.shopee.co.th", "shopee"), ("lazada.vn", "lazada"),
        ("nottiktok.com", None), ("tiktok.com.evil.example", None), ("", None), ("com", None),
    ],
)  # fmt: skip
def test_a_sender_is_known_by_the_end_of_its_domain(domain: str, platform: str | None) -> None:
    assert platform_of(domain) == platform


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("mx.example.com; spf=pass; dmarc=pass header.from=tiktok.com",), True),
        (("mx.example.com; dmarc=fail", "mx.example.com; dmarc=pass"), False),
        (("mx.evil.example; dmarc=pass",), False),
        ((), False),
    ],
)
def test_only_our_own_server_vouches_for_a_sender(said: tuple[str, ...], expected: bool) -> None:
    assert vouched(Mail("", "a@tiktok.com", "tiktok.com", "", "", None, said), "mx.example.com") is expected


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert settings() is None
    monkeypatch.setenv("STOREWARD_IMAP_HOST", "imap.example.com")
    with pytest.raises(NotDone, match="STOREWARD_IMAP_USER"):
        settings()
    (tmp_path / "word").write_text("secret\n")
    monkeypatch.setenv("STOREWARD_IMAP_USER", USER)
    monkeypatch.setenv("STOREWARD_IMAP_PASSWORD_FILE", str(tmp_path / "word"))
    assert settings() == Settings("imap.example.com", 993, USER, "secret")
    monkeypatch.setenv("STOREWARD_IMAP_SECURITY", "StartTLS")
    assert settings() == Settings("imap.example.com", 143, USER, "secret", security=Security.STARTTLS)


@given(st.binary(max_size=600))
def test_no_bytes_whatsoever_raise(raw: bytes) -> None:
    found = parsed(raw)
    kept = (found.text, found.title, found.sender, *found.checked_by)
    assert not any("\x00" in one for one in kept)
    assert all(one.encode() is not None for one in kept)


def test_a_date_to_come_is_not_believed(store: Store) -> None:
    raw = mail("Inactivity reminder for Luna Home 1").replace(b"17 Nov 2026", b"17 Dec 2026")
    shops = shops_of(store.workspace_id)
    taken = mailbox.take_in(parsed(raw), workspace_id=store.workspace_id, shops=shops, authority="", now=NOW)
    kept = taken.notice
    assert taken.new
    assert (kept.state, kept.why) == (NoticeState.LOOK, "not told: issued_at")
    assert kept.sent_at is not None
    assert kept.sent_at > NOW + timedelta(days=20)
