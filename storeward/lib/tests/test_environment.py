"""Settings come from the environment."""

from pathlib import Path

import pytest

from storeward.lib import environment
from storeward.lib.errors import NotDone


def test_a_value_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "secret"))
    assert environment.text("SOME_SECRET") == "from the file"
    monkeypatch.setenv("SOME_SECRET", "said directly")
    assert environment.text("SOME_SECRET") == "said directly"


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_SECRET_FILE", "/nowhere/secret")
    with pytest.raises(NotDone, match=r"SOME_SECRET_FILE names /nowhere/secret"):
        environment.text("SOME_SECRET")


@pytest.mark.parametrize(("said", "meant"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("off", False)])
def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch, said: str, meant: bool) -> None:
    monkeypatch.setenv("SWITCH", said)
    assert environment.flag("SWITCH", default=not meant) is meant


def test_a_switch_that_says_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCH", "perhaps")
    with pytest.raises(NotDone, match="SWITCH is 'perhaps'"):
        environment.flag("SWITCH", default=False)


def test_numbers_and_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBER", "12")
    monkeypatch.setenv("WORDS", " a, b ,,c ")
    assert environment.number("NUMBER", 3) == 12
    assert environment.number("MISSING_NUMBER", 3) == 3
    assert environment.words("WORDS") == ["a", "b", "c"]
    monkeypatch.setenv("NUMBER", "a dozen")
    with pytest.raises(NotDone, match="whole number"):
        environment.number("NUMBER", 3)


def test_the_folder_is_absolute_whatever_was_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STOREWARD_DATA", "here")
    assert environment.data_dir() == tmp_path / "here"
    monkeypatch.delenv("STOREWARD_DATA")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert environment.data_dir() == tmp_path / ".local" / "share" / "storeward"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ann:w%20rd@db.example:5433/shops?sslmode=require",
            {"NAME": "shops", "USER": "ann", "PASSWORD": "w rd", "HOST": "db.example", "PORT": "5433"},
        ),
        (
            "postgresql://storeward@/storeward?host=%2Ftmp%2Fa%20b&port=5432",
            {"NAME": "storeward", "USER": "storeward", "PASSWORD": "", "HOST": "/tmp/a b", "PORT": "5432"},
        ),
        ("host=db dbname=shops", {"NAME": "shops", "USER": "", "PASSWORD": "", "HOST": "db", "PORT": ""}),
        (None, {"NAME": "storeward", "USER": "", "PASSWORD": "", "HOST": "", "PORT": ""}),
    ],
)
def test_an_address_of_a_database_becomes_djangos_entry(url: str | None, expected: dict[str, str]) -> None:
    entry = environment.database(url)
    assert {key: entry[key] for key in expected} == expected


def test_what_the_address_says_beside_goes_to_the_driver() -> None:
    assert environment.database("postgresql:///x?sslmode=require")["OPTIONS"]["sslmode"] == "require"


def test_a_shared_pool_keeps_no_connection_per_thread() -> None:
    assert environment.database(None, pool=4)["CONN_MAX_AGE"] == 0
    assert environment.database(None, pool=4)["OPTIONS"]["pool"]["max_size"] == 4
    assert "pool" not in environment.database(None)["OPTIONS"]


def test_an_address_that_is_none_is_refused_without_repeating_it() -> None:
    with pytest.raises(NotDone, match="DATABASE_URL is not a PostgreSQL address") as caught:
        environment.database("not an address with a passw0rd")
    assert "passw0rd" not in str(caught.value)
