"""Dates and times as people write them in English, Chinese, Malay, Indonesian, Thai and Vietnamese.

`DATE` is a pattern for one written instant; `read` says what it means. Nothing is guessed: a date that can be read in two ways in
its market, a day that no calendar has, and a zone that we do not know are None. Years from 2400 on are Buddhist (minus 543).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

MONTH_FIRST: Final = frozenset({"US"})
"""Markets whose people write 11/20/2026."""
EITHER: Final = frozenset({"PH", ""})
"""Markets whose people write both 20/11/2026 and 11/20/2026, and the market that is not known."""
BUDDHIST_FROM, BUDDHIST = 2400, 543
OFFSETS: Final[Mapping[str, int]] = {
    "utc": 0, "gmt": 0, "z": 0, "wib": 7, "wita": 8, "wit": 9, "ict": 7, "sgt": 8, "myt": 8, "pht": 8, "hkt": 8,
    "pst": -8, "pdt": -7, "est": -5, "edt": -4,
}  # fmt: skip
"""Zones that notices name, as hours from UTC. Names that mean two zones (CST, BST, PT) are not among them."""
BEFORE_NOON: Final = ("a.m.", "am", "pagi", "pg", "上午", "凌晨", "早上", "sáng")
AFTER_NOON: Final = (
    "p.m.",
    "pm",
    "petang",
    "ptg",
    "tengah hari",
    "malam",
    "下午",
    "晚上",
    "sore",
    "siang",
    "chiều",
    "tối",
    "中午",
    "trưa",
)
NOON: Final = frozenset({"tengah hari", "siang", "中午", "trưa"})
"""Around noon: 11:00 in these words is before it."""
NIGHT: Final = frozenset({"malam", "晚上", "tối"})
"""From evening past midnight: twelve and one in these words are of no day that is told."""
WEEKDAYS: Final = (
    "mon(?:day)?", "tue(?:s(?:day)?)?", "wed(?:nesday)?", "thu(?:rs(?:day)?)?", "fri(?:day)?", "sat(?:urday)?", "sun(?:day)?",
    "isnin", "selasa", "rabu", "khamis", "jumaat", "sabtu", "ahad", "senin", "kamis", "jumat", "minggu",
)  # fmt: skip
UNREAD: Final = r"(?:\s*[,，]?\s*(?:at\s+)?(?P<odd>noon|midnight|tengah malam|nửa đêm|零点|午夜|半夜|晚|夜里|早))?"
"""A time in words after a day: not read, so that the day is not taken for its end."""
HALF_PAST: Final = frozenset({"半", "rưỡi"})
_HALF: Final = "|".join(re.escape(one) for one in (*BEFORE_NOON, *AFTER_NOON))
_ZONE: Final = r"(?:GMT|UTC)\s*[+\-−]\s*\d{1,2}(?::?\d{2})?|[+\-−]\d{2}:?\d{2}|[A-Z]{2,4}(?![A-Za-z])|Z(?![A-Za-z])"


@dataclass(frozen=True, slots=True)
class Written:
    """A day that was written, in no year yet perhaps, with a time and a zone where they stood there."""

    day: date | None
    month_day: tuple[int, int] | None = None
    at: time | None = None
    zone: timezone | None = None


def _time(tag: str) -> str:
    """A pattern for a time of day; its groups end in `tag`."""
    return (
        rf"(?:(?P<half1{tag}>{_HALF})\s*)?(?P<hour{tag}>\d{{1,2}})"
        rf"\s*(?:[:：.](?P<minute{tag}>\d{{2}})(?:[:.](?P<second{tag}>\d{{2}}))?|(?:时|点|giờ|h)\s*(?P<minute2{tag}>\d{{1,2}}|半|rưỡi)?分?"
        rf"|(?=\s*(?:[ap]m\b|[ap]\.m\.)))"
        rf"(?![\d])(?:\s*น\.)?(?:\s*(?P<half2{tag}>{_HALF})(?!\w))?(?:\s*[(（]?(?P<zone{tag}>(?-i:{_ZONE}))[)）]?)?"
    )


@cache
def _full(months: tuple[str, ...]) -> re.Pattern[str]:
    """The pattern with its groups, for one written instant."""
    name = "|".join(re.escape(one) for one in sorted(months, key=len, reverse=True))
    days = (
        r"(?P<y1>\d{4})\s*[-/.]\s*(?P<m1>\d{1,2})\s*[-/.]\s*(?P<d1>\d{1,2})",
        r"(?:(?P<y2>\d{4})\s*年\s*)?(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*[日号]",
        r"(?P<a3>\d{1,2})\s*[-/.]\s*(?P<b3>\d{1,2})\s*[-/.]\s*(?P<y3>\d{4})",
        r"(?P<d6>\d{1,2})\s*tháng\s*(?P<m6>\d{1,2})(?:\s*,?\s*năm|\s*,)?\s*(?P<y6>\d{4})",
        rf"(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?[\s\-]*(?:of\s+)?(?P<n4>{name})\.?[\s\-,]*(?:พ\.ศ\.|ค\.ศ\.)?\s*(?P<y4>\d{{4}})",
        rf"(?P<n5>{name})\.?\s*(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(?P<y5>\d{{4}})",
    )
    day = "(?:" + "|".join(days) + ")"
    before = rf"(?:{_time('_a')}\s*[,，]?\s*(?:on|ngày|pada|วันที่|vào|hari)?\s*)?"
    joint = r"(?:\s*[,，]?\s*(?:at|pukul|pkl\.?|jam|เวลา|lúc|vào lúc|T)?\s*)"
    weekday = rf"(?:(?:{'|'.join(WEEKDAYS)})\b\s*[,，]?\s*)?"
    after = rf"(?:{joint}{_time('_b')}|{UNREAD})"
    return re.compile(rf"(?<![\d/.\-]){before}(?:ngày\s*)?{weekday}{day}(?:(?<=[日号])|(?![\d/\-])){after}", re.IGNORECASE)


@cache
def pattern(months: tuple[str, ...]) -> str:
    """The same without groups, to stand inside a longer pattern. Months are named as their own people name them."""
    return re.sub(r"\(\?P<\w+>", "(?:", _full(months).pattern)


def find(text: str, months: Mapping[str, int]) -> list[re.Match[str]]:
    """Every instant written in `text`."""
    return list(_full(tuple(months)).finditer(text))


def read(said: str, months: Mapping[str, int], region: str) -> Written | None:
    """What one written instant means in a market; None where it means nothing or two things."""
    match = _full(tuple(months)).fullmatch(said)
    if match is None:
        return None
    got = {name: value for name, value in match.groupdict().items() if value is not None}
    day = _day(got, months, region)
    if day is None:
        return None
    if "odd" in got:
        return None
    tag = next((tag for tag in ("_b", "_a") if f"hour{tag}" in got), None)
    if tag is None:
        return day
    if int(got[f"hour{tag}"]) == 24:
        if int(got.get(f"minute{tag}") or 0) or int(got.get(f"second{tag}") or 0):
            return None
        day, got = _day_after(day), {**got, f"hour{tag}": "0"}
    at = _clock(got, tag)
    zone_known, zone = _zone(got.get(f"zone{tag}"))
    return Written(day.day, day.month_day, at, zone) if day is not None and at is not None and zone_known else None


def _day_after(day: Written) -> Written | None:
    """24:00 is the beginning of the next day; of a day without its year nobody can say which that is."""
    return Written(day.day + timedelta(days=1)) if day.day is not None else None


def _day(got: Mapping[str, str], months: Mapping[str, int], region: str) -> Written | None:
    if "a3" in got:
        return _slashed(int(got["a3"]), int(got["b3"]), int(got["y3"]), region)
    if "m2" in got and "y2" not in got:
        return _yearless(int(got["m2"]), int(got["d2"]))
    number = next(one for one in "12645" if f"d{one}" in got)
    month = months[got[f"n{number}"].lower()] if f"n{number}" in got else int(got[f"m{number}"])
    return _dated(int(got[f"y{number}"]), month, int(got[f"d{number}"]))


def _yearless(month: int, day: int) -> Written | None:
    return Written(None, (month, day)) if _dated(2024, month, day) else None


def _slashed(first: int, second: int, year: int, region: str) -> Written | None:
    """20/11/2026; which of the two is the month is the market's habit, unless only one of them can be."""
    readings = {_dated(year, second, first), _dated(year, first, second)} - {None}
    if len(readings) == 1:
        return readings.pop()
    if region in EITHER:
        return None
    return _dated(year, first, second) if region in MONTH_FIRST else _dated(year, second, first)


def _dated(year: int, month: int, day: int) -> Written | None:
    year = year - BUDDHIST if year >= BUDDHIST_FROM else year
    try:
        return Written(date(year, month, day)) if 2000 <= year <= 2100 else None
    except ValueError:
        return None


def _clock(got: Mapping[str, str], tag: str) -> time | None:
    hour = int(got[f"hour{tag}"])
    told = got.get(f"minute{tag}") or got.get(f"minute2{tag}") or "0"
    minute = 30 if told.lower() in HALF_PAST else int(told)
    second = int(got.get(f"second{tag}") or 0)
    half = (got.get(f"half1{tag}") or got.get(f"half2{tag}") or "").lower()
    if half in NIGHT and (hour == 12 or hour < 5):
        return None
    if half in AFTER_NOON and hour < (10 if half in NOON else 12):
        hour += 12
    elif half in BEFORE_NOON and hour == 12:
        hour = 0
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _zone(said: str | None) -> tuple[bool, timezone | None]:
    """Whether the zone is known (or none was written), and which it is."""
    if said is None:
        return True, None
    plain = re.sub(r"\s", "", said).replace("−", "-").lower()
    hours = OFFSETS.get(plain)
    if hours is not None:
        return True, timezone(timedelta(hours=hours))
    offset = re.fullmatch(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d{2})?", plain)
    if offset is None or int(offset[2]) > 14 or int(offset[3] or 0) > 59:
        return False, None
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return True, timezone(-ahead if offset[1] == "-" else ahead)


def first_after(month_day: tuple[int, int], start: date) -> date | None:
    """The first such day from `start` on, within a year."""
    for year in (start.year, start.year + 1):
        found = _dated(year, *month_day)
        if found is not None and found.day is not None and found.day >= start:
            return found.day
    return None


def moment(written: Written, day: date, zone: ZoneInfo | None, *, without_time: time) -> datetime | None:
    """The instant in UTC; a bare day is taken at `without_time`. None where no zone is known."""
    where = written.zone or zone
    if where is None:
        return None
    return datetime.combine(day, written.at or without_time, where).astimezone(UTC)


def names(tables: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Month names of all languages in one table. Raises ValueError where a name means two months."""
    known: dict[str, int] = {}
    for table in tables:
        for name, month in table.items():
            if known.setdefault(name.lower(), month) != month:
                raise ValueError(f"{name} names two months")
    return known
