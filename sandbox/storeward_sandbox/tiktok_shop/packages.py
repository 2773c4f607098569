"""A package: what of which orders travels together, and how far it has come."""

from dataclasses import dataclass, field

from storeward_sandbox.clock import Instant


@dataclass(eq=False)
class Package:
    """`status`: TO_FULFILL, PROCESSING, FULFILLING, COMPLETED, CANCELLED; `sub_status` as the platform's finer word."""

    id: str
    order_ids: list[str]
    line_ids: list[str]
    create_time: Instant
    update_time: Instant
    shipping_type: str
    status: str = "TO_FULFILL"
    sub_status: str = "STOCKING"
    carrier_id: str = ""
    carrier_name: str = ""
    tracking_number: str = ""
    handover_method: str = ""
    pickup_slot: tuple[Instant, Instant] | None = None
    tag: str = "DEFAULT"
    exception_reason: str = ""
    label_ready_at: Instant = 0
    label_ready_by_machine: float = 0.0
    weight_grams: int = 0
    corrections: int = 0
    arranged_at: Instant = 0
    tracking: list[tuple[Instant, int, str]] = field(default_factory=list)

    def moved(self, now: Instant, status: str, sub_status: str) -> None:
        self.status, self.sub_status, self.update_time = status, sub_status, now

    def note(self, now: Instant, code: int, words: str) -> None:
        """One line of the tracking list."""
        self.tracking.append((now, code, words))
