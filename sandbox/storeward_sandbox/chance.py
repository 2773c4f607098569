"""Chance that can be repeated: one stream per subject, each from the seed and a name.

Two subjects never share a stream, so that one more draw for chats does not change the orders.
"""

from random import Random


def stream(seed: int, *names: object) -> Random:
    """A generator of its own for (seed, names): the same in every run and on every machine."""
    return Random("|".join([str(seed), *(str(name) for name in names)]))  # noqa: S311  # repeatable is the point
