"""Every form of time that Lazada writes, and what each means."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors.contract import Problem
from storeward.connectors.lazada.sites import SITES
from storeward.connectors.lazada.times import day_of, deadline, iso, milliseconds, moment, start_of
from storeward.connectors.wire import Notes

TH, SG = SITES["TH"], SITES["SG"]


def read(value: str | int | None, market: str = "") -> tuple[datetime | None, list[Problem]]:
    problems: list[Problem] = []
    return moment(Notes("data", problems), "at", value, SITES.get(market)), problems


FORMS = [
    # value, market, instant
    ("2025-12-15 10:22:31 +0700", "", "2025-12-15T03:22:31+00:00"),
    ("2018-05-17 09:23:36 +0800", "", "2018-05-17T01:23:36+00:00"),
    ("2025-12-15 10:22:31 +0700", "SG", "2025-12-15T03:22:31+00:00"),  # a zone that is stated goes before the site's
    ("2025-12-16T23:59:59+07:00", "", "2025-12-16T16:59:59+00:00"),
    ("2025-12-16T23:59:59+0800", "", "2025-12-16T15:59:59+00:00"),
    ("2025-12-16T23:59:59Z", "", "2025-12-16T23:59:59+00:00"),
    ("2025-12-16T23:59:59.123+07:00", "", "2025-12-16T16:59:59.123000+00:00"),
    ("2025-12-16 23:59 +07:00", "", "2025-12-16T16:59:00+00:00"),
    ("2022-07-11 17:43", "TH", "2022-07-11T10:43:00+00:00"),
    ("2022-05-28 00:00:00", "VN", "2022-05-27T17:00:00+00:00"),
    ("2022-05-28 00:00:00", "ID", "2022-05-27T17:00:00+00:00"),
    ("2022-05-28 00:00:00", "SG", "2022-05-27T16:00:00+00:00"),
    ("2022-05-28 00:00:00", "MY", "2022-05-27T16:00:00+00:00"),
    ("2022-05-28 00:00:00", "PH", "2022-05-27T16:00:00+00:00"),
    ("2018-01-04 00:23:04", "TH", "2018-01-03T17:23:04+00:00"),
    (1765768951000, "", "2025-12-15T03:22:31+00:00"),
    ("1765768951000", "", "2025-12-15T03:22:31+00:00"),
    (1765843960018, "", "2025-12-16T00:12:40.018000+00:00"),
    (1603698638, "", "2020-10-26T07:50:38+00:00"),
    ("1603698638", "", "2020-10-26T07:50:38+00:00"),
    (" 1765768951000 ", "", "2025-12-15T03:22:31+00:00"),
]


@pytest.mark.parametrize(("value", "market", "instant"), FORMS)
def test_a_time_in_any_of_its_forms(value: str | int, market: str, instant: str) -> None:
    at, problems = read(value, market)
    assert problems == []
    assert at == datetime.fromisoformat(instant)
    assert at is not None
    assert at.tzinfo is UTC


@pytest.mark.parametrize("value", [None, "", " ", 0, "0", "null"])
def test_nothing_is_no_time(value: str | int | None) -> None:
    assert read(value) == (None, [])


STRANGE = [
    ("2022-07-11 17:43", "names no time zone"),
    ("10 minutes ago", "no time that we can read"),
    ("2025-13-01 00:00:00 +0700", "no time that we can read"),
    ("2025-02-30 00:00:00 +0700", "no time that we can read"),
    ("0001-01-01 00:00:00 +0700", "no time that we can read"),
    ("9999-12-31 23:59:59 -0700", "no time that we can read"),
    ("17 May 2016", "no time that we can read"),
    ("2025-12-15T10:22:31+99:99", "no time that we can read"),
    (-5, "no time we can place"),
    (10**18, "no time we can place"),
    ("9" * 30, "no time we can place"),
    ("9" * 60, "no time that we can read"),
    ("\u0661\u0662", "no time that we can read"),
]


@pytest.mark.parametrize(("value", "words"), STRANGE)
def test_what_is_no_time_is_left_out_with_a_note(value: str | int, words: str) -> None:
    at, (problem,) = read(value)
    assert at is None
    assert (problem.field, problem.level.value) == ("data.at", "note")
    assert words in problem.message


DEADLINES = [
    ("2025-12-16T23:59:59+07:00", "2025-12-16T16:59:59+00:00"),
    (1765859300000, "2025-12-16T04:28:20+00:00"),
    ("1765859300000", "2025-12-16T04:28:20+00:00"),
    (1765859300, "2025-12-16T04:28:20+00:00"),
    (0, None),
    (None, None),
    ("", None),
]


@pytest.mark.parametrize(("value", "instant"), DEADLINES)
def test_a_deadline_is_a_moment_or_none(value: str | int | None, instant: str | None) -> None:
    problems: list[Problem] = []
    at = deadline(Notes("", problems), "sla", value)
    assert at == (None if instant is None else datetime.fromisoformat(instant))
    assert problems == []


@pytest.mark.parametrize("span", [1, 172_800_000, "86400000", 999_999_999])
def test_a_span_is_no_deadline(span: int | str) -> None:
    problems: list[Problem] = []
    assert deadline(Notes("", problems), "sla", span) is None
    assert "too small for a moment" in problems[0].message


DAYS = [
    ("17 May 2016", date(2016, 5, 17)),
    ("12 Dec 2025", date(2025, 12, 12)),
    ("1 January 2026", date(2026, 1, 1)),
    ("29 Feb 2024", date(2024, 2, 29)),
    ("05 sep 2025", date(2025, 9, 5)),
    ("2025-12-12", date(2025, 12, 12)),
    ("2025-12-12 00:00:00", date(2025, 12, 12)),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day_in_words_or_figures(text: str, day: date) -> None:
    problems: list[Problem] = []
    assert (day_of(Notes("", problems), "transaction_date", text), problems) == (day, [])


@pytest.mark.parametrize("text", ["29 Feb 2023", "31 Jun 2025", "12 Dez 2025", "yesterday", "2025-13-01", "0 May 2016"])
def test_what_is_no_day_is_left_out_with_a_note(text: str) -> None:
    problems: list[Problem] = []
    assert day_of(Notes("", problems), "transaction_date", text) is None
    assert "no day that we can read" in problems[0].message


@pytest.mark.parametrize("text", ["", "  ", None])
def test_no_day_is_none(text: str | None) -> None:
    problems: list[Problem] = []
    assert (day_of(Notes("", problems), "d", text), problems) == (None, [])


def test_a_day_begins_at_its_sites_midnight() -> None:
    assert start_of(date(2025, 12, 12), TH) == datetime(2025, 12, 11, 17, tzinfo=UTC)
    assert start_of(date(2025, 12, 12), SG) == datetime(2025, 12, 11, 16, tzinfo=UTC)
    assert start_of(date(2025, 12, 12), None) is None
    assert start_of(None, TH) is None
    assert start_of(date.min, TH) is None


def test_filters_are_written_with_an_offset_and_whole_seconds() -> None:
    at = datetime(2025, 12, 15, 10, 22, 31, 987_654, tzinfo=TH.zone)
    assert iso(at) == "2025-12-15T03:22:31+00:00"
    assert milliseconds(at) == "1765768951987"


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_written_in_any_form_is_read_back(at: datetime) -> None:
    whole = at.replace(microsecond=0)
    local = whole.astimezone(TH.zone)
    forms: list[str | int] = [
        f"{local:%Y-%m-%d %H:%M:%S} +0700",
        f"{local:%Y-%m-%dT%H:%M:%S}+07:00",
        str(int(whole.timestamp()) * 1000),
        int(whole.timestamp()) * 1000,
        iso(whole),
    ]
    assert {read(form)[0] for form in forms} == {whole}
    assert read(f"{local:%Y-%m-%d %H:%M:%S}", "TH")[0] == whole


@given(st.one_of(st.text(), st.integers(), st.none()))
def test_no_value_breaks_the_reading(value: str | int | None) -> None:
    at, problems = read(value, "PH")
    assert at is None or at.tzinfo is UTC
    assert at is not None or value in (None, 0) or problems or str(value).strip() in {"", "0", "null"}
