"""What all canonical records share."""

from typing import TypeAlias

import msgspec

More: TypeAlias = dict[str, str | tuple[str, ...]]
"""Further words and ids of the platform that classify a thing, unchanged, under the platform's own names: only those stated."""


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A part of a record (an order line, a SKU): has no life of its own."""


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind"):
    """One thing that a platform told us about. `kind` is the tag in JSON, `platform_id` what it is called there.

    Stored without the fields that say no more than their default, which are more than half of an order: so the default of a
    field that was ever stored must not change. What scripts get has every field (`canon.encode`).
    """

    @property
    def platform_id(self) -> str:
        """The platform's id of the thing, unique in its store and kind."""
        raise TypeError(f"{type(self).__name__} names no platform_id")
