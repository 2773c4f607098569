"""A good answer, bent: members of another type, a page without rows, a page that leads back to itself.

All of it works on the payload before it is written as JSON, for every platform alike; `Pages` says how a platform's lists go on.
Where they go on by a token, an emptied page leads to its own rows, so that nothing is lost to whoever follows it: the token is
the one that was asked with, behind a mark which is taken off again before the operation sees it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]
MARK = "000"
"""Noughts, so that a token which is a number stays one; no platform's own token begins so."""
ONE_IN = 40
"""Of so many members one is of another type."""


@dataclass(frozen=True)
class Pages:
    """How a platform's lists go on.

    `tokens`: parameter of the question -> member of the answer that holds its next value; the first of those that an answer has
    bears the mark. `more`: members that say whether more follow, with the value that says yes. `totals`: members that say how
    many rows there are in all. `numbers`: parameters that count pages, `offsets` those that count rows, with the parameter that
    holds a page's size.
    """

    tokens: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    totals: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    offsets: Mapping[str, str] = field(default_factory=dict)

    @property
    def signs(self) -> frozenset[str]:
        """Members that tell how a list goes on; they are never retyped: a token that is null is an end, and no fault."""
        return frozenset(self.tokens.values()) | frozenset(self.more) | self.totals

    def unmarked(self, asked: Any) -> Any:
        """A question as the operation is to see it: its tokens without marks, at whatever depth they stand."""
        if not isinstance(asked, dict):
            return asked
        marks = self.tokens.keys()
        return {name: _without_mark(value) if name in marks else self.unmarked(value) for name, value in asked.items()}

    def before(self, asked: Json) -> Json | None:
        """The question for the page before, where the question counts pages or rows; None at the first one."""
        for name in self.numbers & asked.keys():
            number = _whole(asked[name])
            if number is not None and number > 1:
                return {**asked, name: type(asked[name])(number - 1)}
        for name, size in self.offsets.items():
            start, step = _whole(asked.get(name)), _whole(asked.get(size))
            if start and step:
                return {**asked, name: type(asked[name])(max(0, start - step))}
        return None

    def emptied(self, payload: Any, asked: Json) -> Any:
        """The page without its rows, as if more followed; None where this is no page, has no rows, or was emptied just now."""
        is_page = any(not self.signs.isdisjoint(holder) for holder in _objects(payload))
        told = self._told(payload)
        if not is_page or not _has_rows(payload) or any(_given(asked, name).startswith(MARK) for name in told):
            return None
        return _without_rows(self._led_to(payload, self._here(told, asked, again=False)))

    def led_back(self, payload: Any, asked: Json) -> Any:
        """The page with a token that leads to this very page; None where its list has no token."""
        told = self._told(payload)
        return self._led_to(payload, self._here(told, asked, again=True)) if told and _has_rows(payload) else None

    def _told(self, payload: Any) -> list[str]:
        """The parameters whose next value this answer tells; none where it is no text and no number."""
        members = {name for holder in _objects(payload) for name, value in holder.items() if isinstance(value, str | int)}
        return [parameter for parameter, member in self.tokens.items() if member in members]

    def _here(self, told: list[str], asked: Json, *, again: bool) -> Json:
        """The values that lead to the page which was asked for: the first with a mark, unless it is to be `again` the same."""
        here: Json = {self.tokens[name]: _given(asked, name) for name in told if _given(asked, name)}
        for name in told[:1]:
            given = _given(asked, name)
            here[self.tokens[name]] = given if given and again else MARK + given
        return here

    def _led_to(self, payload: Any, here: Json) -> Any:
        if not isinstance(payload, dict):
            return payload
        return {name: here.get(name, self.more.get(name, self._led_to(value, here))) for name, value in payload.items()}


def retyped(payload: Any, chance: Random, spared: frozenset[str]) -> Any:
    """A copy in which one of forty members, and at least one, is of another type; the `spared` stay as they are."""
    places = [path for path in _places(payload) if path[-1] not in spared]
    if not places:
        return payload
    chosen = frozenset(chance.sample(places, max(1, len(places) // ONE_IN)))
    return _rebuilt(payload, (), chosen, chance)


def _rebuilt(value: Any, path: Path, chosen: frozenset[Path], chance: Random) -> Any:
    if path in chosen:
        return _odd(value, chance)
    if isinstance(value, Mapping):
        return {name: _rebuilt(member, (*path, name), chosen, chance) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_rebuilt(member, (*path, at), chosen, chance) for at, member in enumerate(value)]
    return value


def _odd(value: Any, chance: Random) -> Any:
    """Something of another type. A list never becomes null: that is how some platforms write an empty one."""
    if isinstance(value, list | tuple):
        return {str(at): member for at, member in enumerate(value)}
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return chance.choice(("", 0, []))
    return None if isinstance(value, str) or chance.random() < 0.5 else str(value)


def _places(value: Any, path: Path = ()) -> Iterable[Path]:
    """Paths to all members, at any depth."""
    if isinstance(value, Mapping):
        members: Iterable[tuple[str | int, Any]] = value.items()
    else:
        members = enumerate(value) if isinstance(value, list | tuple) else ()
    for name, member in members:
        yield (*path, name)
        yield from _places(member, (*path, name))


def _objects(payload: Any) -> list[Json]:
    """The payload and the objects in it, at whatever depth: one of them holds the members that tell how a list goes on."""
    if not isinstance(payload, dict):
        return []
    return [payload, *(deep for value in payload.values() for deep in _objects(value))]


def _has_rows(payload: Any) -> bool:
    return any(isinstance(value, list) and value for holder in _objects(payload) for value in holder.values())


def _without_rows(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_rows(member) for name, member in value.items()}
    return [] if isinstance(value, list) else value


def _given(asked: Any, name: str) -> str:
    """What was asked with, at whatever depth; "" where it was not."""
    given = next((holder[name] for holder in _objects(asked) if name in holder), None)
    return str(given) if isinstance(given, str | int) else ""


def _without_mark(value: Any) -> Any:
    while isinstance(value, str) and value.startswith(MARK):
        value = value.removeprefix(MARK)
    return value


def _whole(given: Any) -> int | None:
    return int(given) if isinstance(given, int | str) and str(given).isdigit() else None
