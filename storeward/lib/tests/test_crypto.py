"""Sealed secrets and the files of their keys."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.lib import crypto
from storeward.lib.errors import NotDone


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "credentials.keys"
    crypto.create_keys(path)
    return path


RING = crypto.KeyRing(["Zm9yIHRlc3RzIG9ubHksIG5vdGhpbmcgc2VjcmV0ISE="])


@given(st.text())
def test_whatever_is_sealed_can_be_unsealed_and_does_not_stand_in_the_sealed_text(secret: str) -> None:
    sealed = RING.seal(secret)
    assert RING.unseal(sealed) == secret
    assert len(secret) < 4 or secret not in sealed


def test_the_same_text_is_sealed_differently_each_time(keys: Path) -> None:
    ring = crypto.keyring(keys)
    assert ring.seal("token") != ring.seal("token")


def test_only_the_owner_can_read_the_key_file_and_its_folder(keys: Path) -> None:
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.parent.stat().st_mode) == 0o700


def test_keys_that_are_there_are_never_replaced(keys: Path) -> None:
    before = keys.read_text()
    crypto.create_keys(keys)
    assert keys.read_text() == before


def test_of_two_that_make_keys_at_once_one_wins_and_nothing_is_left_over(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    together = [threading.Thread(target=crypto.create_keys, args=(path,)) for _ in range(8)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert [file.name for file in tmp_path.iterdir()] == ["keys"]
    assert len(path.read_text().split()) == 1


def test_a_key_is_changed_without_a_moment_at_which_anything_cannot_be_read(keys: Path) -> None:
    old = crypto.keyring(keys).seal("token")
    crypto.add_key(keys)
    ring = crypto.keyring(keys)
    assert ring.unseal(old) == "token"
    renewed = ring.renew(old)
    newest = keys.read_text().split()[0]
    assert crypto.KeyRing([newest]).unseal(renewed) == "token"


def test_a_secret_of_another_installation_says_what_is_missing(keys: Path) -> None:
    with pytest.raises(NotDone, match="bring back the key file"):
        crypto.keyring(keys).unseal(RING.seal("token"))


def test_a_missing_key_file_is_not_made_anew_silently(tmp_path: Path) -> None:
    with pytest.raises(NotDone, match=r"no key file.*backup"):
        crypto.keyring(tmp_path / "gone")


@pytest.mark.parametrize("content", ["", "not a key\n", "ключ\n"])
def test_a_damaged_key_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "damaged"
    path.write_text(content)
    with pytest.raises(NotDone, match="damaged"):
        crypto.keyring(path)
