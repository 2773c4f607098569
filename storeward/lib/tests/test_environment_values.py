"""What may stand in an environment variable, and what is refused with its name."""

from pathlib import Path

import pytest

from storeward.lib import environment
from storeward.lib.errors import NotDone


@pytest.mark.parametrize("said", ["1", "true", "True", "TRUE", "yes", "Yes", "on", "ON", " 1 ", "\ttrue\n"])
def test_a_switch_is_on(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("SWITCH", said)
    assert environment.flag("SWITCH", default=False) is True


@pytest.mark.parametrize("said", ["0", "false", "False", "no", "NO", "off", " off "])
def test_a_switch_is_off(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("SWITCH", said)
    assert environment.flag("SWITCH", default=True) is False


@pytest.mark.parametrize("default", [True, False])
def test_a_switch_that_is_empty_or_missing_is_as_usual(monkeypatch: pytest.MonkeyPatch, default: bool) -> None:
    monkeypatch.delenv("SWITCH", raising=False)
    assert environment.flag("SWITCH", default=default) is default
    monkeypatch.setenv("SWITCH", "")
    assert environment.flag("SWITCH", default=default) is default


@pytest.mark.parametrize("said", ["2", "perhaps", "y", "enabled", "-1", "真"])
def test_a_switch_that_says_anything_else_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("SWITCH", said)
    with pytest.raises(NotDone) as caught:
        environment.flag("SWITCH", default=False)
    assert caught.value.message == f"SWITCH is {said!r}; it must be 1 or 0"


@pytest.mark.parametrize(("said", "number"), [("0", 0), ("12", 12), (" 12 ", 12), ("007", 7), ("", 5), ("  ", 5)])
def test_a_number_is_whole(monkeypatch: pytest.MonkeyPatch, said: str, number: int) -> None:
    monkeypatch.setenv("NUMBER", said)
    assert environment.number("NUMBER", 5) == number


@pytest.mark.parametrize("said", ["-1", "1.5", "1e3", "ten", "0x10", "1_000", "²"])
def test_what_is_no_whole_number_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("NUMBER", said)
    with pytest.raises(NotDone, match=r"NUMBER is .*; it must be a whole number"):
        environment.number("NUMBER", 5)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", []),
        (",", []),
        (" , ,", []),
        ("a", ["a"]),
        ("a,b", ["a", "b"]),
        (" a , b ", ["a", "b"]),
        ("a,,b,", ["a", "b"]),
        ("127.0.0.1,localhost,[::1]", ["127.0.0.1", "localhost", "[::1]"]),
    ],
)
def test_a_list_is_separated_by_commas(monkeypatch: pytest.MonkeyPatch, said: str, words: list[str]) -> None:
    monkeypatch.setenv("WORDS", said)
    assert environment.words("WORDS", "ignored") == words


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"word", "word"),
        (b"word\n", "word"),
        (b"  word \r\n", "word"),
        (b"two\nlines\n", "two\nlines"),
        (b"", ""),
        ("密".encode(), "密"),
    ],
)
def test_a_secret_in_a_file_is_read_without_the_blanks_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, value: str
) -> None:
    (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "secret"))
    assert environment.text("SECRET", "default") == value


def test_a_file_that_holds_no_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "secret"))
    with pytest.raises(NotDone, match=r"SECRET_FILE names .*secret, which holds no text"):
        environment.text("SECRET")


def test_a_folder_instead_of_a_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_FILE", str(tmp_path))
    with pytest.raises(NotDone, match="which cannot be read: Is a directory"):
        environment.text("SECRET")


@pytest.mark.parametrize(
    ("url", "host", "name", "options"),
    [
        ("postgresql:///shops", "", "shops", {}),
        ("postgres://db/shops", "db", "shops", {}),
        ("postgresql://db", "db", "storeward", {}),
        ("postgresql://a,b/shops", "a,b", "shops", {}),
        ("postgresql://[::1]:5433/shops", "::1", "shops", {}),
        ("postgresql://db/shops?connect_timeout=3", "db", "shops", {"connect_timeout": "3"}),
        (
            "postgresql://db/shops?sslmode=verify-full&sslrootcert=/c",
            "db",
            "shops",
            {"sslmode": "verify-full", "sslrootcert": "/c"},
        ),
        ("host=/run/pg dbname=shops sslmode=disable", "/run/pg", "shops", {"sslmode": "disable"}),
    ],
)
def test_every_form_of_an_address_that_postgresql_knows_is_understood(
    url: str, host: str, name: str, options: dict[str, str]
) -> None:
    entry = environment.database(url)
    assert (entry["HOST"], entry["NAME"]) == (host, name)
    assert entry["OPTIONS"] == {"application_name": "storeward", **options}


@pytest.mark.parametrize("url", ["mysql://db/shops", "postgresql://db/shops?nonsense=1", "db.example", "postgresql://[::1/shops"])
def test_an_address_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(NotDone, match="DATABASE_URL is not a PostgreSQL address; expected postgresql://user@host/name"):
        environment.database(url)
