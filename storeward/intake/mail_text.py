"""A mail as a person reads it: who sent it, when, and its words."""

import email
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Final

BLOCKS: Final = frozenset(
    {"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "section", "hr"}
)
SILENT: Final = frozenset({"script", "style", "head", "title", "template"})


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `digest` is that of its Message-ID, of its bytes where it has none."""

    digest: str
    sender: str
    domain: str
    title: str
    text: str
    sent_at: datetime | None
    checked_by: tuple[str, ...]
    """Authentication-Results as the receiving servers wrote them."""


def parsed(raw: bytes) -> Mail:
    """Read a mail. Whatever is broken in it is left empty; the rest stands."""
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    addresses = [address for _, address in getaddresses([_header(message, "From")]) if address]
    sender = addresses[0] if len(addresses) == 1 else ""
    number = _header(message, "Message-ID").strip()
    return Mail(
        digest=hashlib.sha256(number.encode() if number else raw).hexdigest(),
        sender=_plain(", ".join(addresses)),
        domain=sender.rpartition("@")[2].lower().rstrip("."),
        title=_plain(_header(message, "Subject")),
        text=_plain(_words(message)),
        sent_at=_sent(_header(message, "Date")),
        checked_by=tuple(_plain(str(one)) for one in _all(message, "Authentication-Results")),
    )


def _header(message: EmailMessage, name: str) -> str:
    found = _all(message, name)
    return found[0] if len(found) == 1 else ""


def _all(message: EmailMessage, name: str) -> list[str]:
    """All headers of a name. The library raises all sorts of things on headers that nobody should write."""
    try:
        return [str(one) for one in message.get_all(name, [])]
    except (ValueError, LookupError, AttributeError, TypeError):
        return [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]


def _plain(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def _sent(said: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.astimezone(UTC) if at.tzinfo and 2000 <= at.year <= 2100 else None


def _words(message: EmailMessage) -> str:
    """The text part if it says anything, else the HTML as text."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "text/plain" and not part.get_filename():
            said = _decoded(part)
            if said.strip():
                return said
    for part in message.walk():
        if part.get_content_type() == "text/html" and not part.get_filename():
            return text_of(_decoded(part))
    return ""


def _decoded(part: object) -> str:
    """The part in its own charset; gb18030 holds all of gb2312, which mails name and do not keep to."""
    assert isinstance(part, EmailMessage)
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes):
        return ""
    charset = str(part.get_content_charset("utf-8"))
    try:
        return body.decode("gb18030" if charset in ("gb2312", "gbk") else charset, "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


class _Text(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag == "body":
            self.silent = 0
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of(html: str) -> str:
    """HTML as lines of text."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)
