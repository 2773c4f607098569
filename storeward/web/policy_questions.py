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
    rule, day = rules.rule(change.rule), change.day
    days = [day, day - timedelta(days=30), day + timedelta(days=30)]
    yield _turned(both(f"From which day on does it hold: {rule.title}?", f"“{rule.title_zh}”从哪一天起执行？"), _days(days), day)
    before = next((span.figures for span in rule.terms if span.holds_on(day)), {})
    figures = sorted(change.span.figures.items(), key=lambda held: before.get(held[0]) == held[1])
    for name, figure in figures[:1]:
        ask = both(f"What is its figure “{name}” from then on?", f"此后其数值“{name}”是多少？")
        yield _turned(ask, _numbers([figure, *_others(figure, before.get(name))]), day)
    platform = rules.platform_of(rule.id)
    names = [name for name in PLATFORM_NAMES if name != platform][:2]
    places = [_place(platform, rule.regions), *(_place(name, ("all",)) for name in names)]
    yield _turned(both("Where does it hold?", "适用于哪里？"), places, day)
    follows = [
        both(rule.consequence, rule.consequence_zh),
        both("Nothing follows", "没有后果"),
        both("The platform sends a reminder and waits", "平台提醒后等待"),
    ]
    yield _turned(both("What follows if it is missed?", "违反会怎样？"), follows, day)


def _others(figure: Decimal, before: Decimal | None) -> list[Decimal]:
    """Two figures that it is not: the one before, where there was another, and multiples."""
    guesses = [before, figure * 2, figure * 3, figure + 1, figure + 2]
    return list(dict.fromkeys(one for one in guesses if one is not None and one != figure))[:2]


def _turned(ask: Choice, choices: Sequence[Choice], day: date) -> Question:
    """The question with its choices turned, so that the right one, given first, does not always stand in one place."""
    shift = (day.toordinal() + len(ask.en)) % len(choices)
    return Question(ask, (*choices[-shift:], *choices[:-shift]) if shift else tuple(choices), shift)


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
