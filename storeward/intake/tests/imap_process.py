"""A running IMAP server for tests (see imap_server.py), its certificate, and a folder on it with the settings that name it."""

import imaplib
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from storeward.intake.imap import quoted

USER, PASSWORD = "notices@example.com", "a sécret wörd"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return cert_file, key_file


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: its port with TLS from the first byte, the one without, and who vouches for it."""

    tls: int
    clear: int
    ca_file: Path

    def folder(self, name: str) -> "Folder":
        """A new folder."""
        made = Folder(self, name)
        with made.client() as client:
            assert client.create(quoted(name))[0] == "OK"
        return made


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on a server; every test has its own."""

    server: Running
    name: str

    @property
    def settings(self) -> Mapping[str, str]:
        """The environment that names it."""
        named = {
            "HOST": "127.0.0.1",
            "PORT": str(self.server.tls),
            "USER": USER,
            "PASSWORD": PASSWORD,
            "FOLDER": self.name,
            "CA": str(self.server.ca_file),
        }
        return {f"STOREWARD_IMAP_{name}": value for name, value in named.items()}

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        context = ssl.create_default_context(cafile=str(self.server.ca_file))
        with imaplib.IMAP4_SSL("127.0.0.1", self.server.tls, ssl_context=context) as client:
            client.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            yield client

    def put(self, *mails: bytes) -> None:
        with self.client() as client:
            for mail in mails:
                assert client.append(quoted(self.name), "", "", mail)[0] == "OK"

    def unseen(self) -> int:
        with self.client() as client:
            client.select(quoted(self.name), readonly=True)
            return len(client.uid("SEARCH", "UNSEEN")[1][0].split())


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """pymap in a process of its own, with its certificate in `folder`."""
    cert_file, key_file = certificate(folder)
    command = [sys.executable, str(Path(__file__).with_name("imap_server.py")), str(cert_file), str(key_file), USER, PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            tls, clear = json.loads(process.stdout.readline())
            yield Running(tls, clear, cert_file)
        finally:
            process.kill()
