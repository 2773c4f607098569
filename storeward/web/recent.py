"""Figures about a whole fleet that every page repeats: reckoned once in a quarter of a minute, not once a page.

Coverage weighs every check of every store, and the navigation counts every duty of a week; both move with the rounds, which come
by the minute. What a person does shows at once: an act makes its team's figures be reckoned anew.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.core.cache import cache

SECONDS = 15

T = TypeVar("T")


def recent(name: str, store_ids: Sequence[int], now: datetime, make: Callable[[], T], *, version: int = 0) -> T:
    """The figure `name` of these stores, at most SECONDS old; `make` reckons it."""
    key = _key(name, store_ids, now, version)
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, SECONDS)
    return found


def keep(name: str, store_ids: Sequence[int], now: datetime, value: object, *, version: int = 0) -> None:
    """A page that has reckoned the figure itself leaves it for the next one."""
    cache.set(_key(name, store_ids, now, version), value, SECONDS)


def version_of(workspace_ids: Sequence[int]) -> int:
    """Moves with every act in these workspaces."""
    return sum(cache.get_many([_acts(one) for one in workspace_ids]).values())


def acted(workspace_id: int) -> None:
    """Somebody has changed something: what was reckoned before is over."""
    cache.add(_acts(workspace_id), 0, None)
    cache.incr(_acts(workspace_id))


def _acts(workspace_id: int) -> str:
    return f"web:acts:{workspace_id}"


def _key(name: str, store_ids: Sequence[int], now: datetime, version: int) -> str:
    return f"web:{name}:{hash(tuple(store_ids))}:{version}:{int(now.timestamp()) // SECONDS}"
