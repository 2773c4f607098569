"""A package: what of an order travels together, and how far it has come."""

from dataclasses import dataclass, field

from storeward_sandbox.clock import Instant

NOT_START = "LOGISTICS_NOT_START"
READY = "LOGISTICS_READY"
CREATED = "LOGISTICS_REQUEST_CREATED"
RETRY = "LOGISTICS_PICKUP_RETRY"
PICKED = "LOGISTICS_PICKUP_DONE"
DELIVERED = "LOGISTICS_DELIVERY_DONE"
FAILED = "LOGISTICS_DELIVERY_FAILED"
INVALID = "LOGISTICS_INVALID"
CANCELED = "LOGISTICS_REQUEST_CANCELED"

TO_ARRANGE = (READY, RETRY)
PRINTABLE = (CREATED,)
OVER = (INVALID, CANCELED, DELIVERED, FAILED)


@dataclass(eq=False)
class Package:
    """`contents` is line number -> units. A job is over by the sandbox's clock, or by the machine's `..._until`."""

    number: str
    order_sn: str
    contents: dict[int, int]
    channel_id: int
    update_time: Instant
    status: str = NOT_START
    tracking_number: str = ""
    method: str = ""
    arranged_at: Instant = 0
    picked_at: Instant = 0
    delivered_at: Instant = 0
    pickup_time_id: str = ""
    address_id: int = 0
    arranging_until: float = 0.0
    printing_until: float = 0.0
    document: str = ""
    document_type: str = ""
    tracking: list[tuple[Instant, str, str]] = field(default_factory=list)

    @property
    def arranged(self) -> bool:
        return bool(self.arranged_at)

    def note(self, now: Instant, event: str, words: str) -> None:
        """One line of the tracking list."""
        self.tracking.append((now, event, words))
