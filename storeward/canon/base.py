"""What all canonical records share."""

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A part of a record (an order line, a SKU): has no life of its own."""


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind"):
    """One thing that a platform told us about. `kind` is the tag in JSON, `platform_id` what it is called there."""

    @property
    def platform_id(self) -> str:
        """The platform's id of the thing, unique in its store and kind."""
        raise TypeError(f"{type(self).__name__} names no platform_id")
