"""Instants, amounts and failures as text: tables of what is told, written out."""

import errno
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pytest

from storeward.lib import instants
from storeward.lib.errors import NotDone, from_os
from storeward.lib.money import Money

KUALA_LUMPUR, NEW_YORK, KATHMANDU = (timezone(timedelta(minutes=minutes)) for minutes in (480, -300, 345))


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 11, 22, 1, 35, 31, tzinfo=UTC), "2026-11-22T01:35:31Z"),
        (datetime(2026, 11, 22, 0, 0, 0, tzinfo=UTC), "2026-11-22T00:00:00Z"),
        (datetime(2026, 11, 22, 1, 35, 31, 100_000, tzinfo=UTC), "2026-11-22T01:35:31.1Z"),
        (datetime(2026, 11, 22, 1, 35, 31, 120_000, tzinfo=UTC), "2026-11-22T01:35:31.12Z"),
        (datetime(2026, 11, 22, 1, 35, 31, 1, tzinfo=UTC), "2026-11-22T01:35:31.000001Z"),
        (datetime(2026, 11, 22, 1, 35, 30, 999_999, tzinfo=UTC), "2026-11-22T01:35:30.999999Z"),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=KUALA_LUMPUR), "2026-11-22T15:59:59Z"),
        (datetime(2026, 11, 22, 7, 0, 0, tzinfo=KUALA_LUMPUR), "2026-11-21T23:00:00Z"),
        (datetime(2026, 11, 22, 20, 0, 0, tzinfo=NEW_YORK), "2026-11-23T01:00:00Z"),
        (datetime(2026, 11, 22, 5, 45, 0, tzinfo=KATHMANDU), "2026-11-22T00:00:00Z"),
        (datetime(2026, 12, 31, 20, 0, 0, tzinfo=NEW_YORK), "2027-01-01T01:00:00Z"),
        (datetime(2028, 2, 29, 12, 0, 0, tzinfo=UTC), "2028-02-29T12:00:00Z"),
        (datetime(1970, 1, 1, tzinfo=UTC), "1970-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_told_in_utc(instant: datetime, text: str) -> None:
    assert instants.to_text(instant) == text
    assert instants.from_text(text) == instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22T01:35:31Z", datetime(2026, 11, 22, 1, 35, 31, tzinfo=UTC)),
        ("2026-11-22T01:35:31+00:00", datetime(2026, 11, 22, 1, 35, 31, tzinfo=UTC)),
        ("2026-11-22T09:35:31+08:00", datetime(2026, 11, 22, 1, 35, 31, tzinfo=UTC)),
        ("2026-11-22 09:35:31+08:00", datetime(2026, 11, 22, 1, 35, 31, tzinfo=UTC)),
        ("2026-11-21T20:35:31-05:00", datetime(2026, 11, 22, 1, 35, 31, tzinfo=UTC)),
        ("2026-11-22T01:35Z", datetime(2026, 11, 22, 1, 35, tzinfo=UTC)),
        ("20261122T013531Z", datetime(2026, 11, 22, 1, 35, 31, tzinfo=UTC)),
        ("2026-11-22T01:35:31.5Z", datetime(2026, 11, 22, 1, 35, 31, 500_000, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_with_any_offset_and_kept_in_utc(text: str, instant: datetime) -> None:
    found = instants.from_text(text)
    assert found == instant
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "1795323600",
        "2026-11-22",
        "2026-11-22T01:35:31",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-22T24:01:00Z",
        "2026-11-22T01:60:00Z",
        "2026-11-22T01:35:31 UTC",
        "22.11.2026 01:35Z",
        "０",
    ],
)
def test_what_names_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instants.from_text(text)


@pytest.mark.parametrize(
    ("amount", "currency", "encoded", "shown"),
    [
        ("1598.00", "PHP", '{"amount":"1598.00","currency":"PHP"}', "1598.00 PHP"),
        ("84", "MYR", '{"amount":"84","currency":"MYR"}', "84 MYR"),
        ("-63.88", "USD", '{"amount":"-63.88","currency":"USD"}', "-63.88 USD"),
        ("1676663", "VND", '{"amount":"1676663","currency":"VND"}', "1676663 VND"),
        ("0.00", "SGD", '{"amount":"0.00","currency":"SGD"}', "0.00 SGD"),
        ("12.5", None, '{"amount":"12.5","currency":null}', "12.5"),
        (
            "99999999999999999999.99",
            "THB",
            '{"amount":"99999999999999999999.99","currency":"THB"}',
            "99999999999999999999.99 THB",
        ),
        ("0.1", "USD", '{"amount":"0.1","currency":"USD"}', "0.1 USD"),
    ],
)
def test_an_amount_keeps_every_digit_in_json_and_in_words(amount: str, currency: str | None, encoded: str, shown: str) -> None:
    money = Money(Decimal(amount), currency)
    assert msgspec.json.encode(money).decode() == encoded
    assert str(money) == shown


def test_an_amount_with_an_exponent_is_shown_in_plain_digits() -> None:
    assert str(Money(Decimal("1E+6"), "VND")) == "1000000 VND"
    assert str(Money(Decimal("1E-2"), "USD")) == "0.01 USD"


def test_equal_amounts_in_two_currencies_are_not_the_same_money() -> None:
    assert Money(Decimal(1), "USD") != Money(Decimal(1), "SGD")
    assert Money(Decimal("1.0"), "USD") == Money(Decimal("1.00"), "USD")
    assert Money(Decimal(1), None) != Money(Decimal(1), "USD")


NO_SPACE = "the disk is full. Free some space, then try again."
NO_RIGHT = "no permission to write there. Choose another folder or mend its owner."


@pytest.mark.parametrize(
    ("error", "doing", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "write /b", f"Cannot write /b: {NO_SPACE}"),
        (OSError(errno.ENOSPC, "No space left on device", "/b"), "write /b", f"Cannot write /b: {NO_SPACE}"),
        (OSError(errno.ENOSPC, "No space left on device", "/t"), "write /b", f"Cannot write /b (/t): {NO_SPACE}"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "write /b", f"Cannot write /b: {NO_SPACE}"),
        (OSError(errno.EACCES, "Permission denied"), "make /d", f"Cannot make /d: {NO_RIGHT}"),
        (OSError(errno.EPERM, "Operation not permitted"), "make /d", f"Cannot make /d: {NO_RIGHT}"),
        (OSError(errno.EROFS, "Read-only file system"), "make /d", f"Cannot make /d: {NO_RIGHT}"),
        (OSError(errno.ENOENT, "No such file or directory"), "read /f", "Cannot read /f: no such file or directory."),
        (OSError(errno.ENOTDIR, "Not a directory", "/f"), "read /f/x", "Cannot read /f/x: not a directory."),
        (OSError(errno.EISDIR, "Is a directory"), "read /d", "Cannot read /d: is a directory."),
        (OSError("strange"), "go on", "Cannot go on: strange."),
    ],
)
def test_what_the_system_refused_is_one_sentence_with_the_mend(error: OSError, doing: str, told: str) -> None:
    assert from_os(error, doing).message == told


def test_the_message_of_a_failure_is_also_its_text() -> None:
    assert str(NotDone("Port 8400 is taken.")) == "Port 8400 is taken."
