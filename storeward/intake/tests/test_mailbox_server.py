"""Mails of the platforms taken in from a real IMAP server: entered once, shown when strange, never lost."""

import base64
import logging
import quopri
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.findings.tests import factories
from storeward.findings.tests.factories import NOW
from storeward.intake import imap as imap_module
from storeward.intake import mailbox
from storeward.intake.imap import Security, Settings, quoted
from storeward.intake.mailbox import Look, look
from storeward.intake.models import Mailbox, Notice, NoticeState
from storeward.intake.notices import recognise
from storeward.intake.tests.imap_process import PASSWORD, USER, Folder, Running, running
from storeward.records.models import Origin, PointsEntry, StoreEvent, Violation
from storeward.stores.models import Store

POINTS = """Your TikTok Shop store Luna Home 1 received 4 violation points for late dispatch.
Issued on 17 November 2026 10:00
Violation ID: V-2026-88
Please appeal by 20/12/2026 23:59."""
TIKTOK = "TikTok Shop <no-reply@seller.tiktok.com>"


@pytest.fixture(scope="module")
def imap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("tls")) as server:
        yield server


NUMBERS = count(1)


@pytest.fixture
def server(imap: Running, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A folder of this test's own, named by the environment."""
    made = imap.folder(f"通知 & {next(NUMBERS)}")
    for name, value in made.settings.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def store(db: None) -> Store:
    return factories.store(1, connected=False)


def mail(text: str = POINTS, *, number: str = "<1@x>", sender: str = TIKTOK, title: str = "Notice") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, USER, title
    message["Date"] = "Tue, 17 Nov 2026 12:00:00 +0800"
    message["Message-ID"] = number
    message.set_content(text)
    return bytes(message)


def raw(number: str, kind: str, coding: str, body: bytes, *, title: str = "Notice", sender: str = TIKTOK) -> bytes:
    """A mail written out: its body in the charset and coding that its head says."""
    head = f"From: {sender}\nTo: {USER}\nSubject: {title}\nDate: Tue, 17 Nov 2026 12:00:00 +0800\nMessage-ID: <{number}@x>\n"
    head += f"MIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: {coding}\n\n"
    return head.encode() + body


def multipart(number: str, text: str, html: str) -> bytes:
    """Text and HTML beside each other, and a picture that says nothing."""
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = (
        "Shopee <info@mail.shopee.vn>",
        "Thông báo vi phạm",
        f"<{number}@x>",
    )
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    message.add_attachment(b"\x89PNG\x00", maintype="image", subtype="png", filename="logo.png")
    return bytes(message)


def test_mails_of_every_shape_and_language_are_entered_and_marked_as_seen(server: Folder, store: Store) -> None:
    thai = factories.store(2, "TH", connected=False, name="Mori Home 2")
    viet = factories.store(3, "VN", connected=False, name="Sora Store", platform="shopee")
    chinese = (
        "您的 TikTok Shop 店铺 Luna Home 1 因延迟发货被扣2分违规分，累计违规分12。\n"
        "处罚时间：2026年11月16日 10:30\n违规编号：V-2026-99"
    )
    thai_html = (
        "<html><style>p{}</style><body><p>ร้านค้า Mori Home 2 บน TikTok Shop ได้รับคะแนนการละเมิด ๔ คะแนน</p>"
        "<p>วันที่แจ้ง: 16 พฤศจิกายน 2569 เวลา 10.30&nbsp;น.<br>กรุณายื่นอุทธรณ์ภายในวันที่ 4 ธ.ค. 2569 เวลา 23:59 น.</p></body></html>"
    )
    vietnamese = (
        "Shopee: gian hàng Sora Store bị cộng 2 điểm phạt.\nNgày thông báo: 16/11/2026\nMã vi phạm: VP-7\n"
        "Thời hạn khiếu nại: 23:59 ngày 27/11/2026"
    )
    malay = "Pengesahan dua langkah diperlukan\nLuna Home 1\nTarikh: 16 November 2026"
    server.put(
        mail(),
        raw(
            "zh",
            "text/plain; charset=gb2312",
            "base64",
            base64.encodebytes(chinese.encode("gb18030")),
            title="=?gb2312?B?zqW55rSmt6PNqNaq?=",
        ),
        raw("th", "text/html; charset=utf-8", "quoted-printable", quopri.encodestring(thai_html.encode())),
        multipart("vi", vietnamese, "<p>Xem trong ứng dụng</p>"),
        raw("ms", "text/plain; charset=iso-8859-1", "8bit", malay.encode("latin-1")),
    )
    done = look(now=NOW)
    assert (done.error, done.counts) == ("", {"entered": 5}), list(Notice.objects.values("title", "why", "text"))
    assert done.stores == {store.pk, thai.pk, viet.pk}
    assert server.unseen() == 0
    points = {(one.store_id, int(one.points), one.origin) for one in PointsEntry.objects.all()}
    assert points == {(store.pk, 4, "file"), (store.pk, 2, "file"), (thai.pk, 4, "file"), (viet.pk, 2, "file")}
    assert StoreEvent.objects.get().type == "two_step_verification_required"
    entry = PointsEntry.objects.get(platform_id="V-2026-88")
    assert (entry.points, entry.origin) == (Decimal(4), Origin.FILE)
    assert entry.issued_at == datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
    violation = Violation.objects.get(platform_id="V-2026-88")
    assert violation.deadline_at == datetime(2026, 12, 20, 15, 59, tzinfo=UTC)
    assert Violation.objects.get(store=thai).deadline_at == datetime(2026, 12, 4, 16, 59, tzinfo=UTC)
    kept = Mailbox.objects.get()
    assert (kept.read_at, kept.error, kept.workspace_id) == (NOW, "", store.workspace_id)
    assert kept.address == f"{USER}, {server.name} at 127.0.0.1:{server.server.tls}"


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.NONE])
def test_a_server_without_tls_from_the_first_byte_is_read_too(
    server: Folder, store: Store, security: Security, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOREWARD_IMAP_SECURITY", security)
    monkeypatch.setenv("STOREWARD_IMAP_PORT", str(server.server.clear))
    server.put(mail())
    assert look(now=NOW).counts == {"entered": 1}
    assert server.unseen() == 0


def test_the_same_message_twice_and_the_same_words_in_another_enter_nothing_new(server: Folder, store: Store) -> None:
    text = "Violation points notice\nLuna Home 1 received 2 violation points.\nIssued on 17 November 2026 10:00"
    server.put(mail(text), mail(text), mail(text, number="<2@x>"))
    assert look(now=NOW).counts == {"entered": 1, "known": 1, "done": 1}
    assert PointsEntry.objects.count() == 1
    assert look(now=NOW).counts == {}


def test_what_cannot_be_believed_or_recognised_is_kept_and_enters_nothing(server: Folder, store: Store) -> None:
    server.put(
        mail(sender="TikTok Shop <no-reply@tiktok.com.evil.example>"),
        mail("Something changed in your shop.", number="<2@x>"),
        mail(sender="x@mail.shopee.sg", number="<3@x>"),
        b"no mail at all",
        b"\xff\xfe\x00broken\r\n\r\n\xff",
    )
    done = look(now=NOW)
    assert (done.error, done.stores, server.unseen()) == ("", set(), 0)
    assert not PointsEntry.objects.exists()
    states = dict(Notice.objects.exclude(sender="").values_list("sender", "state"))
    assert states == {
        "no-reply@tiktok.com.evil.example": NoticeState.ELSEWHERE,
        "no-reply@seller.tiktok.com": NoticeState.LOOK,
        "x@mail.shopee.sg": NoticeState.LOOK,
    }
    strange = Notice.objects.get(sender__endswith="evil.example")
    assert (strange.kind, strange.store_id) == ("violation_points", None)
    assert "evil.example" in strange.why
    assert Notice.objects.count() == 5


# -- what goes wrong -------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


def test_whoever_dies_before_the_commit_leaves_the_mail_for_the_next(
    server: Folder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    server.put(mail())
    with monkeypatch.context() as patched:
        patched.setattr(mailbox, "doubt", die)
        with pytest.raises(Killed):
            look(now=NOW)
    assert (server.unseen(), Notice.objects.count()) == (1, 0)
    with monkeypatch.context() as patched:
        patched.setattr(imap_module.Folder, "mark_seen", die)  # after the commit
        with pytest.raises(Killed):
            look(now=NOW)
    assert (server.unseen(), Notice.objects.count(), PointsEntry.objects.count()) == (1, 1, 1)
    done = look(now=NOW)
    assert (done.counts, done.stores) == ({"known": 1}, {store.pk})
    assert (server.unseen(), PointsEntry.objects.count()) == (0, 1)


def test_a_mail_that_cannot_be_kept_stays_unread_and_does_not_hold_up_the_others(
    server: Folder, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> Look:
        raise ValueError("no row can hold this")

    server.put(mail("Inactivity reminder\nLuna Home 1\nNotice date: 2026-11-17 09:00"), mail(number="<2@x>"))
    with monkeypatch.context() as patched:
        patched.setattr(mailbox, "recognise", lambda text, **more: broken() if "Inactivity" in text else recognise(text, **more))
        done = look(now=NOW)
    assert done.counts == {"failed": 1, "entered": 1}
    assert done.stores == {store.pk}
    assert server.unseen() == 1
    assert Mailbox.objects.get().error.startswith("1 of the mails could not be kept")
    assert "a mail could not be kept" in caplog.text
    later = NOW + timedelta(minutes=5)
    assert look(now=later).counts == {"entered": 1}
    row = Mailbox.objects.get()
    assert (row.error, row.failing_since, row.read_at) == ("", None, later)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PASSWORD", "another secret", "Invalid authentication credentials"),
        ("FOLDER", 'No "such"', "cannot be read"),
        ("CA", "", "certificate verify failed"),
        ("CA", "/no/such/file", "No such file"),
        ("PORT", "1", "refused"),
        ("USER", "", "STOREWARD_IMAP_USER"),
        ("SECURITY", "some", "tls, starttls or none"),
        ("WORKSPACE", "nobody", "STOREWARD_IMAP_WORKSPACE"),
        ("PASSWORD_FILE", "/no/such/file", "cannot be read"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_a_fact_that_tells_no_secret(
    server: Folder,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    value: str,
    says: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = value if name == "PASSWORD" else PASSWORD
    if name == "PASSWORD_FILE":
        monkeypatch.delenv("STOREWARD_IMAP_PASSWORD")
    monkeypatch.setenv(f"STOREWARD_IMAP_{name}", value)
    done = look(now=NOW)
    row = Mailbox.objects.get()
    assert says in done.error
    assert (row.error, row.failing_since, row.read_at) == (done.error, NOW, None)
    assert caplog.text.count(done.error) == 1
    look(now=NOW + timedelta(minutes=5))
    assert caplog.text.count(done.error) == 1  # once is enough for a log
    row.refresh_from_db()
    assert (row.looked_at, row.failing_since) == (NOW + timedelta(minutes=5), NOW)
    for told in (row.error, row.address, caplog.text):
        assert secret not in told
        assert base64.b64encode(f"\0{USER}\0{secret}".encode()).decode() not in told


def test_a_mailbox_that_is_named_no_more_is_forgotten(server: Folder, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    look(now=NOW)
    monkeypatch.delenv("STOREWARD_IMAP_HOST")
    for hours, rows in ((1, 1), (25, 0)):
        assert look(now=NOW + timedelta(hours=hours)) == Look()
        assert Mailbox.objects.count() == rows


# -- names -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "written"),
    [
        ("INBOX", '"INBOX"'),
        ("Q&A", '"Q&-A"'),
        ("台北", '"&U,BTFw-"'),  # the example of RFC 3501
        ('a"b\\c', '"a\\"b\\\\c"'),
    ],
)
def test_a_folder_is_named_as_imap_writes_names(folder: str, written: str) -> None:
    assert quoted(folder) == written


@given(st.text())
def test_a_folders_name_is_always_ascii_in_one_line(folder: str) -> None:
    written = quoted(folder.encode("utf-8", "replace").decode())
    assert written.isascii()
    assert written.isprintable()


def test_a_password_stands_in_no_text_of_the_settings() -> None:
    assert PASSWORD not in repr(Settings("h", 1, USER, PASSWORD))
