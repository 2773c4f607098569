"""Three questions for those who read a version, suggested from what it changes: from which day, which figure, where it holds.

Pure. Each is said in both languages; wrong choices are figures and days that somebody who has not read it would guess.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from storeward.policy.terms import INTERNAL, Book
from storeward.policy.versions import Change
from storeward.rulebook.versions import ASKED, Choice, Question
from storeward.web import formats
from storeward.web.parts import PLATFORM_NAMES


def both(en: str, zh: str) -> Choice:
    return Choice(en, zh)


def suggested(changes: Sequence[Change], rules: Book) -> tuple[Question, ...]:
    """Three questions about the first change that has them; none where a version changes nothing."""
    for change in changes:
        found = list(_about(change, rules))
        if len(found) >= ASKED:
            return tuple(found[:ASKED])
    return ()


def _about(change: Change, rules: Book) -> Iterator[Question]:
    rule = rules.rule(change.rule)
    day = change.day
    yield Question(
        both(f"From which day on does it hold: {rule.title}?", f"“{rule.title_zh}”从哪一天起执行？"),
        _days([day - timedelta(days=30), day, day + timedelta(days=30)]),
        1,
    )
    for name, figure in change.span.figures.items():
        yield Question(
            both(f"What is its figure “{name}” from then on?", f"此后其数值“{name}”是多少？"),
            _numbers([figure * 2 or Decimal(1), figure, figure * 3 or Decimal(2)]),
            1,
        )
        break
    platform = rules.platform_of(rule.id)
    names = [name for name in PLATFORM_NAMES if name != platform][:2]
    right = _place(platform, rule.regions)
    yield Question(
        both("Where does it hold?", "适用于哪里？"),
        (right, *(_place(name, ("all",)) for name in names)),
        0,
    )
    yield Question(
        both("What follows if it is missed?", "违反会怎样？"),
        (
            both("Nothing follows", "没有后果"),
            both(rule.consequence, rule.consequence_zh),
            both("The platform sends a reminder and waits", "平台提醒后等待"),
        ),
        1,
    )


def _days(days: Iterable[date]) -> tuple[Choice, ...]:
    return tuple(Choice(formats.full_day(day, "en"), formats.full_day(day, "zh")) for day in days)


def _numbers(figures: Iterable[Decimal]) -> tuple[Choice, ...]:
    return tuple(Choice(text, text) for text in map(formats.number, figures))


def _place(platform: str, regions: Sequence[str]) -> Choice:
    if platform == INTERNAL:
        return both("on all platforms, as a routine of ours", "所有平台（本团队的惯例）")
    name = PLATFORM_NAMES.get(platform, platform)
    if "all" in regions:
        return both(f"{name}, all markets", f"{name}，所有市场")
    return both(f"{name} {', '.join(regions)}", f"{name} {'、'.join(regions)}")
