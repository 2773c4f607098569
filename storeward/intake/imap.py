"""A folder on an IMAP server: which mails are new in it, their bytes, and the mark that one was taken in.

What fails is one `NotDone` that names the server and never the password.
"""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from storeward.lib import environment
from storeward.lib.errors import NotDone

TIMEOUT: Final = 30.0
AT_ONCE: Final = 200
"""Mails of one look; the rest waits for the next, minutes later."""
LARGEST: Final = 1_000_000
"""Bytes that are fetched of a mail: attachments say nothing that is read here."""
US: Final = '("name" "Storeward" "version" "1")'


class Security(StrEnum):
    """How the way to the server is secured."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


PORTS: Final = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}


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
    security: Security = Security.TLS
    ca_file: str = ""

    @property
    def address(self) -> str:
        """What a person knows the mailbox by: "notices@example.com, INBOX at imap.example.com:993"."""
        return f"{self.user}, {self.folder} at {self.host}:{self.port}"


def settings() -> Settings | None:
    """From the environment; None where no mailbox is named. Raises NotDone where something is missing or wrong."""
    host = environment.text("STOREWARD_IMAP_HOST")
    if not host:
        return None
    user, password = environment.text("STOREWARD_IMAP_USER"), environment.text("STOREWARD_IMAP_PASSWORD")
    if not user or not password:
        raise NotDone("STOREWARD_IMAP_HOST is set, but not STOREWARD_IMAP_USER and STOREWARD_IMAP_PASSWORD_FILE; give both")
    security = _security()
    return Settings(
        host=host,
        port=environment.number("STOREWARD_IMAP_PORT", PORTS[security]),
        user=user,
        password=password,
        folder=environment.text("STOREWARD_IMAP_FOLDER") or "INBOX",
        workspace=environment.text("STOREWARD_IMAP_WORKSPACE") or "",
        authority=environment.text("STOREWARD_IMAP_AUTHORITY") or "",
        security=security,
        ca_file=environment.text("STOREWARD_IMAP_CA") or "",
    )


def _security() -> Security:
    said = (environment.text("STOREWARD_IMAP_SECURITY") or "tls").strip().lower()
    try:
        return Security(said)
    except ValueError:
        raise NotDone(f"STOREWARD_IMAP_SECURITY is {said!r}; it must be tls, starttls or none") from None


class Folder:
    """An opened folder."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def unseen(self) -> list[str]:
        """The mails that nobody has taken in or read, oldest first: their numbers on the server, AT_ONCE at most."""
        found = _asked(self._server.uid("SEARCH", "UNSEEN"))
        said = found[0] if found else b""
        return said.decode().split()[:AT_ONCE] if isinstance(said, bytes) else []

    def fetch(self, uid: str) -> bytes | None:
        """A mail without marking it; None where it has gone meanwhile."""
        for part in _asked(self._server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")):
            if isinstance(part, tuple) and len(part) == 2 and isinstance(part[1], bytes):
                return part[1]
        return None

    def mark_seen(self, uid: str) -> None:
        _asked(self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))


@contextmanager
def opened(where: Settings) -> Iterator[Folder]:
    """The folder, signed in to. Raises NotDone where the server cannot be reached, refuses, or fails while it is asked."""
    try:
        server = _connected(where)
        try:
            _sign_in(server, where)
            _asked(server.select(quoted(where.folder)))
            yield Folder(server)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        raise NotDone(f"The mailbox at {where.host}:{where.port} cannot be read: {_said(error, where)}") from None


def _said(error: Exception, where: Settings) -> str:
    """The server's words, or the system's, in one line."""
    first = error.args[0] if error.args and isinstance(error.args[0], bytes) else b""
    words = first.decode("utf-8", "replace") if first else str(error)
    return " ".join(words.replace(where.password, "...").split())[:200] or type(error).__name__


def _connected(where: Settings) -> imaplib.IMAP4:
    if where.security is Security.NONE:
        return imaplib.IMAP4(where.host, where.port, timeout=TIMEOUT)
    context = ssl.create_default_context(cafile=where.ca_file or None)
    if where.security is Security.TLS:
        return imaplib.IMAP4_SSL(where.host, where.port, ssl_context=context, timeout=TIMEOUT)
    server = imaplib.IMAP4(where.host, where.port, timeout=TIMEOUT)
    try:
        _asked(server.starttls(context))
    except (imaplib.IMAP4.error, OSError):
        server.shutdown()
        raise
    return server


def _sign_in(server: imaplib.IMAP4, where: Settings) -> None:
    """By AUTHENTICATE PLAIN where it is offered, which takes any letters, else by LOGIN, which takes ASCII only."""
    if "AUTH=PLAIN" in server.capabilities:
        words = f"\0{where.user}\0{where.password}".encode()
        _asked(server.authenticate("PLAIN", lambda _: words))
    elif not (where.user + where.password).isascii():
        raise imaplib.IMAP4.error("the server takes a user and password of ASCII letters only")
    else:
        _asked(server.login(where.user, where.password))
    if "ID" in server.capabilities:
        # Servers of NetEase open no folder for a client that has not said its name.
        _asked(server.xatom("ID", US))


def quoted(folder: str) -> str:
    """The folder's name as IMAP writes it: letters beyond ASCII in its own UTF-7 (RFC 3501, 5.1.3), in quotes."""
    plain = re.sub(r"&|[^\x20-\x7e]+", lambda match: _utf7(match[0]), folder)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(said: str) -> str:
    coded = base64.b64encode(said.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
    return "&-" if said == "&" else f"&{coded}-"


def _asked(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    """What the server answered; an error where it refused."""
    word, data = answer
    if word != "OK":
        said = data[0] if data and isinstance(data[0], bytes) else word.encode()
        raise imaplib.IMAP4.error(said)
    return data
