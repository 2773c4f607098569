"""How figures read on a page: time left, ages, instants in the store's zone, amounts. Pure; `language` is "en" or "zh".

Every function takes aware instants and gives text. Times are told in the store's zone first, in the person's second.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["en", "zh"]
Tone = Literal["", "warn", "crit", "unk"]

MINUTE, HOUR, DAY = 60, 3600, 86400
WARN_SHARE, CRIT_SHARE = 0.25, 0.10
"""The share of the whole term at which a countdown changes its tone (look, part 4.3)."""

_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The zone database gives bare offsets for these; the marketplaces' own pages and their sellers use the letters.
_ZONE_LETTERS = {
    "Asia/Kuala_Lumpur": "MYT",
    "Asia/Singapore": "SGT",
    "Asia/Manila": "PHT",
    "Asia/Bangkok": "ICT",
    "Asia/Ho_Chi_Minh": "ICT",
    "Asia/Jakarta": "WIB",
    "America/Sao_Paulo": "BRT",
}
NO_DECIMALS = frozenset({"VND", "IDR", "JPY", "KRW"})


@dataclass(frozen=True, slots=True)
class Countdown:
    """What is left of a term: the words, how urgent, the share left (0 to 1) for the track, and whether it is over."""

    text: str
    tone: Tone
    share: float
    late: bool
    running: bool = False


def span(seconds: float, language: Language) -> str:
    """A length of time by interface.md 9.6: "3 d 4 h", "5 h 10", "42 min"; "48 s" below a minute."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return f"{whole} s" if language == "en" else f"{whole} 秒"
    if whole < HOUR:
        return f"{whole // MINUTE} min" if language == "en" else f"{whole // MINUTE} 分"
    if whole <= 48 * HOUR:
        hours, minutes = divmod(whole // MINUTE, 60)
        if language == "zh":
            return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    days, hours = divmod(whole // HOUR, 24)
    if language == "zh":
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    return f"{days} d {hours} h" if hours else f"{days} d"


def age(seconds: float, language: Language) -> str:
    """How old a value is, in one figure from a day on: "9 min", "5 h 10", "3 d"."""
    if seconds < 2 * DAY:
        return span(seconds, language)
    days = int(seconds // DAY)
    return f"{days} d" if language == "en" else f"{days} 天"


def countdown(due_at: datetime, now: datetime, language: Language, starts_at: datetime | None = None) -> Countdown:
    """Time left until `due_at`; the last ten minutes read 9:59 and run; past it: "late 25 min"."""
    left = (due_at - now).total_seconds()
    if left < 0:
        words = span(-left, language)
        return Countdown(f"late {words}" if language == "en" else f"逾期 {words}", "crit", 1.0, True)
    whole = (due_at - starts_at).total_seconds() if starts_at else 0.0
    share = min(1.0, left / whole) if whole > 0 else 1.0
    tone: Tone = "crit" if share <= CRIT_SHARE else "warn" if share <= WARN_SHARE else ""
    if left < 10 * MINUTE:
        return Countdown(f"{int(left) // 60}:{int(left) % 60:02d}", "crit", share, False, running=True)
    return Countdown(span(left, language), tone, share, False)


def zone_letters(zone: ZoneInfo, at: datetime) -> str:
    """MYT, PHT, PST ...: what sellers of that market call their time."""
    return _ZONE_LETTERS.get(zone.key) or at.astimezone(zone).strftime("%Z")


def day(value: date, language: Language, *, weekday: bool = True) -> str:
    """ "Fri 20 Nov", "11月20日 周五"."""
    if language == "zh":
        return f"{value.month}月{value.day}日" + (f" {_WEEKDAYS['zh'][value.weekday()]}" if weekday else "")
    return (f"{_WEEKDAYS['en'][value.weekday()]} " if weekday else "") + f"{value.day} {_MONTHS[value.month - 1]}"


def full_day(value: date, language: Language) -> str:
    """With the year: "26 Aug 2024", "2024年8月26日"."""
    words = day(value, language, weekday=False)
    return f"{value.year}年{words}" if language == "zh" else f"{words} {value.year}"


def sentences(parts: list[str], language: Language) -> str:
    """Parts without a full stop as sentences in a row."""
    whole = [part.rstrip(".。") for part in parts if part]
    return "".join(f"{part}。" for part in whole) if language == "zh" else " ".join(f"{part}." for part in whole)


def short_day(value: date, language: Language) -> str:
    """ "Fri 20", "周五 20": a column of the week."""
    return f"{_WEEKDAYS[language][value.weekday()]} {value.day}"


def month(value: date, language: Language) -> str:
    """ "Sep", "9月": below the axis of a plot."""
    return f"{value.month}月" if language == "zh" else _MONTHS[value.month - 1]


def on_day(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """The day of an instant in `zone`: "7 Dec"."""
    return day(at.astimezone(zone).date(), language, weekday=False)


def at_time(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """Day with year and time in `zone`: "26 Aug 2024 14:00"."""
    local = at.astimezone(zone)
    return f"{full_day(local.date(), language)} {local:%H:%M}"


def near_day(value: date, today: date, language: Language) -> str:
    """Empty for today, the weekday within a week, else the date."""
    distance = (value - today).days
    if distance == 0:
        return ""
    if 0 < distance < 7:
        return _WEEKDAYS[language][value.weekday()]
    return day(value, language, weekday=False)


def clock(at: datetime, now: datetime, zone: ZoneInfo, language: Language, *, letters: bool = True) -> str:
    """An instant in `zone`, as short as it can be: "14:00 MYT", "Sun 09:30 PHT", "26 Nov 23:59 SGT"."""
    local = at.astimezone(zone)
    words = [near_day(local.date(), now.astimezone(zone).date(), language), f"{local:%H:%M}"]
    if letters:
        words.append(zone_letters(zone, at))
    return " ".join(word for word in words if word)


def own_clock(at: datetime, now: datetime, store_zone: ZoneInfo, own_zone: ZoneInfo | None, language: Language) -> str:
    """The same instant in the person's zone, or nothing where both clocks show the same."""
    if own_zone is None or at.astimezone(store_zone).utcoffset() == at.astimezone(own_zone).utcoffset():
        return ""
    return clock(at, now, own_zone, language, letters=False)


def number(value: Decimal | int) -> str:
    """With thousands parted and without needless zeros."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return _minus(text.rstrip("0").rstrip(".") if "." in text else text)


def _minus(text: str) -> str:
    """With a true minus; nothing is less than nothing: a zero has no sign."""
    return text.replace("-", "−") if any(letter in "123456789" for letter in text) else text.replace("-", "")


def signed(value: Decimal) -> str:
    """A change: "+6", "−4", "±0"."""
    return "±0" if not value else f"{'+' if value > 0 else '−'}{number(abs(value))}"


def exact(amount: Decimal, currency: str | None) -> str:
    """An amount as it stands: "1,316.00 MYR"; currencies without a minor unit have no decimals."""
    places = 0 if currency in NO_DECIMALS else 2
    text = f"{amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    text = _minus(text)
    return f"{text} {currency}" if currency else text


def rounded(amount: Decimal) -> Decimal:
    """Three figures at most, and none behind the point: an estimate must not look like a measurement."""
    if abs(amount) < 100:
        return amount.quantize(Decimal(1), ROUND_HALF_UP)
    step = Decimal(1).scaleb(max(1, amount.adjusted() - 2))
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def about(amount: Decimal, currency: str, language: Language) -> str:
    """ "≈ 310 USD", "约 310 USD", "约 2,200 元"."""
    sign = "≈" if language == "en" else "约"
    return f"{sign} {_minus(f'{rounded(amount):,f}')} {currency_word(currency, language)}"


def currency_word(currency: str, language: Language) -> str:
    """The code; the yuan in Chinese as everybody writes it."""
    return "元" if (currency, language) == ("CNY", "zh") else currency


def between(low: Decimal, high: Decimal, currency: str, language: Language) -> str:
    """A range: "≈ 3,900–5,600 USD"; one figure where both round to the same."""
    if rounded(low) == rounded(high):
        return about(high, currency, language)
    sign = "≈" if language == "en" else "约"
    ends = [_minus(f"{rounded(end):,f}") for end in (low, high)]
    return f"{sign} {'–'.join(ends)} {currency_word(currency, language)}"


_FIGURE = re.compile(r"(?P<sign>-?)(?P<whole>\d+)(?P<rest>\.\d+)?(?P<unit> ?%)?")


def figure(text: str, language: Language) -> str:
    """A measured value as the matrix gives it, for reading: thousands parted, a true minus, and in Chinese no space before the
    percent sign. A word (the name of a band) stays as it is.
    """
    found = _FIGURE.fullmatch(text)
    if found is None:
        return text
    unit = found["unit"].strip() if language == "zh" and found["unit"] else found["unit"] or ""
    return _minus(f"{found['sign']}{Decimal(found['whole']):,f}{found['rest'] or ''}") + unit


def short_id(text: str) -> str:
    """A long id shortened in the middle: 5783…112."""
    return text if len(text) <= 12 else f"{text[:4]}…{text[-3:]}"


def initials(name: str) -> str:
    """Two letters for a face: "Operations lead" OL, 王小明 王."""
    words = name.replace(".", " ").replace("@", " ").split()
    if not words:
        return "?"
    if not words[0][0].isascii():
        return words[0][0]
    return (words[0][0] + (words[1][0] if len(words) > 1 else words[0][1:2])).upper()


def ring_arc(age_seconds: float, limit_seconds: float) -> float:
    """How far the freshness ring is filled, 0 to 1."""
    return 1.0 if limit_seconds <= 0 else min(1.0, max(0.0, age_seconds / limit_seconds))


def whole_money(text: str) -> str:
    """A balance as the matrix shows it: from a hundred on without decimals, below with two. `text` is a plain decimal."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return text
    if not amount.is_finite():
        return text
    places = Decimal(1) if abs(amount) >= 100 or amount == amount.to_integral_value() else Decimal("0.01")
    return f"{amount.quantize(places, ROUND_HALF_UP):f}"


def next_morning(now: datetime, zone: ZoneInfo, hour: int = 9) -> datetime:
    """The next time that it is `hour` o'clock in `zone`: when a snooze 'until the next shift' ends."""
    local = now.astimezone(zone)
    morning = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)
