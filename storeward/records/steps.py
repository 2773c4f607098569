"""What the rules read of an order, as its change carries it to them.

An order is some forty fields with its lines; the rules read a dozen. These travel in the `Change` row that is written with the
order, in one transaction: whoever judges the change needs not read the order back.
"""

from datetime import datetime

import msgspec

from storeward.lib.money import Money


class OrderSteps(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """The fields of `canon.Order` that decide what is owed, under the same names; so a stored order can be read as one, too."""

    status: str | None = None
    type: str = "standard"
    fulfillment_by: str = "seller"
    handling_days: int | None = None
    first_mile: str | None = None
    total: Money | None = None
    placed_at: datetime | None = None
    paid_at: datetime | None = None
    updated_at: datetime | None = None
    ship_by_at: datetime | None = None
    arranged_at: datetime | None = None
    tracking_added_at: datetime | None = None
    collected_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None


class Told(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a change says of an order: its steps, and when we asked."""

    steps: OrderSteps
    observed_at: datetime


pack = msgspec.msgpack.Encoder().encode
_told = msgspec.msgpack.Decoder(Told)
_row = msgspec.json.Decoder(OrderSteps)


def unpack(packed: bytes) -> Told:
    """What `pack` was given."""
    return _told.decode(packed)


def of_row(data: str, observed_at: datetime) -> Told:
    """The same, of a stored order: `data` is the canonical record as JSON."""
    return Told(_row.decode(data), observed_at)
