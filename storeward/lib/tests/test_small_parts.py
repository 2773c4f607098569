"""Clock, instants, money, errors, locks."""

import errno
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.lib import clock, instants
from storeward.lib.errors import from_os
from storeward.lib.locks import FileLock, alone
from storeward.lib.money import Money

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWN_AND_DIE = """
import os, sys
from pathlib import Path
from storeward.lib.locks import FileLock
FileLock(Path(sys.argv[1])).own()
os._exit(9)
"""
EARLY, LATE = (NOON.replace(year=year, tzinfo=None) for year in (2, 9998))


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_a_frozen_clock_stands_and_runs_again_afterwards() -> None:
    with clock.frozen(NOON), clock.frozen(NOON + timedelta(hours=1)):
        assert clock.now() == NOON + timedelta(hours=1)
    assert clock.now() != NOON


def test_a_clock_is_frozen_at_an_aware_instant_only() -> None:
    with pytest.raises(ValueError, match="aware"), clock.frozen(NOON.replace(tzinfo=None)):
        pass


async def test_a_pause_lets_others_run() -> None:
    await clock.pause_async(0)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (NOON, "2026-11-22T12:00:00Z"),
        (NOON.replace(microsecond=500_000), "2026-11-22T12:00:00.5Z"),
        (NOON.astimezone(timezone(timedelta(hours=8))), "2026-11-22T12:00:00Z"),
    ],
)
def test_an_instant_is_told_in_utc_with_fractions_only_where_it_has_them(instant: datetime, text: str) -> None:
    assert instants.to_text(instant) == text


@given(st.datetimes(min_value=EARLY, max_value=LATE, timezones=st.timezones()))
def test_an_instant_survives_being_told(instant: datetime) -> None:
    assert instants.from_text(instants.to_text(instant)) == instant.astimezone(UTC)  # an hour may be skipped or come twice


@pytest.mark.parametrize("text", ["2026-11-22T12:00:00", "yesterday", ""])
def test_a_text_that_names_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instants.from_text(text)


def test_an_instant_without_zone_is_not_told() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instants.to_text(NOON.replace(tzinfo=None))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2), st.sampled_from(["PHP", "MYR", "CNY", None]))
def test_money_keeps_its_digits_in_json(amount: Decimal, currency: str | None) -> None:
    money = Money(amount, currency)
    assert msgspec.json.decode(msgspec.json.encode(money), type=Money) == money
    assert str(money).split()[0] == f"{amount:f}"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "no permission"),
        (errno.ENOENT, "no such file"),
    ],
)
def test_what_the_system_refuses_becomes_a_sentence(number: int, told: str) -> None:
    reason = from_os(OSError(number, "No such file or directory", "/x/y"), "write the backup /b")
    assert told in reason.message
    assert reason.message.startswith("Cannot write the backup /b (/x/y): ")


def test_a_lock_is_shared_by_many_or_owned_by_one(tmp_path: Path) -> None:
    first, second, owner = (FileLock(tmp_path / "locks" / "one") for _ in range(3))
    first.share()
    second.share()
    assert not owner.try_own()
    first.release()
    second.release()
    assert owner.try_own()
    owner.release()
    owner.release()  # twice does no harm


def test_a_dead_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    path = tmp_path / "one"
    assert subprocess.run([sys.executable, "-c", OWN_AND_DIE, str(path)], check=False).returncode == 9
    with alone(path):
        assert not FileLock(path).try_own()
