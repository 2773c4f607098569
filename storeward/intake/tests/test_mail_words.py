"""Mails as senders of all kinds write them, and folders as servers want them named."""

from datetime import UTC, datetime

import pytest

from storeward.intake.imap import Settings, quoted
from storeward.intake.mail_text import parsed, text_of


def raw(*headers: str, body: str = "hello") -> bytes:
    return "\r\n".join((*headers, "", body)).encode()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("", ""),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<div>one<div>two</div></div>", "one\ntwo"),
        ("<b>4</b> violation <i>points</i>", "4 violation points"),
        ("4\n  violation\n points", "4 violation points"),
        ("4&nbsp;violation&#32;points", "4 violation points"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<style>p{color:red}</style>seen", "seen"),
        ("<script>var points = 48</script>seen", "seen"),
        ("<head><title>48 points</title></head><body>seen</body>", "seen"),
        ("<title>never closed<body>seen</body>", "seen"),
        ("<!-- 48 points -->seen", "seen"),
        ("<p>unclosed<p>next", "unclosed\nnext"),
        ("违规分：<b>4</b>分", "违规分：4分"),
    ],
)
def test_html_says_what_its_reader_sees(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("said", "sender", "domain"),
    [
        ("a@tiktok.com", "a@tiktok.com", "tiktok.com"),
        ("TikTok Shop <No-Reply@TikTok.COM>", "No-Reply@TikTok.COM", "tiktok.com"),
        ('"a@tiktok.com" <b@evil.example>', "b@evil.example", "evil.example"),
        ("a@tiktok.com, b@evil.example", "a@tiktok.com, b@evil.example", ""),
        ("", "", ""),
    ],
)
def test_the_sender_is_the_address_and_never_the_name_beside_it(said: str, sender: str, domain: str) -> None:
    mail = parsed(raw(f"From: {said}"))
    assert (mail.sender, mail.domain) == (sender, domain)


def test_a_second_line_of_senders_is_no_sender() -> None:
    assert parsed(raw("From: a@tiktok.com", "From: b@evil.example")).domain == ""


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("Fri, 20 Nov 2026 10:00:00 +0800", datetime(2026, 11, 20, 2, tzinfo=UTC)),
        ("20 Nov 2026 10:00 -0500", datetime(2026, 11, 20, 15, tzinfo=UTC)),
        ("Thu, 31 Dec 2026 23:59:59 -0800", datetime(2027, 1, 1, 7, 59, 59, tzinfo=UTC)),
        ("Tue, 29 Feb 2028 00:30:00 +0700", datetime(2028, 2, 28, 17, 30, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 10:00:00 GMT", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 10:00:00 -0000", None),
        ("Sun, 29 Feb 2026 00:30:00 +0700", None),
        ("20 Nov 1996 10:00:00 +0800", None),
        ("20 Nov 2199 10:00:00 +0800", None),
        ("yesterday", None),
    ],
)
def test_a_mail_is_dated_by_its_own_zone_or_not_at_all(said: str, at: datetime | None) -> None:
    assert parsed(raw("From: a@tiktok.com", f"Date: {said}")).sent_at == at


def test_two_dates_are_no_date() -> None:
    date = "Date: Fri, 20 Nov 2026 10:00:00 +0800"
    assert parsed(raw(date, date)).sent_at is None


def test_a_mail_is_known_by_its_number_and_without_one_by_its_bytes() -> None:
    one, other = raw("Message-ID: <1@x>", body="a"), raw("Message-ID: <1@x>", body="b")
    assert parsed(one).digest == parsed(other).digest
    assert parsed(raw("From: a@x", body="a")).digest != parsed(raw("From: a@x", body="b")).digest


def test_a_title_in_another_alphabet_is_read() -> None:
    assert parsed(raw("Subject: =?utf-8?B?6L+d6KeE6YCa55+l?=")).title == "违规通知"


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("INBOX", '"INBOX"'),
        ("My notices", '"My notices"'),
        ("A&B", '"A&-B"'),
        ('a"b', '"a\\"b"'),
        ("a\\b", '"a\\\\b"'),
        ("台北", '"&U,BTFw-"'),
        ("日本語", '"&ZeVnLIqe-"'),
        ("~peter/mail/台北/日本語", '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'),
    ],
)
def test_a_folder_is_named_as_rfc_3501_writes_it(folder: str, said: str) -> None:
    assert quoted(folder) == said


def test_an_address_of_a_mailbox_never_shows_its_password() -> None:
    where = Settings("imap.example.com", 993, "notices@example.com", "hunter2")
    assert where.address == "notices@example.com, INBOX at imap.example.com:993"
    assert "hunter2" not in repr(where)
