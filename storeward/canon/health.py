"""Figures and penalties by which a platform judges a store."""

from datetime import datetime
from decimal import Decimal

import msgspec

from .base import More, Record


class Metric(Record, frozen=True, kw_only=True, tag="metric"):
    """A figure of the platform's own. `value` and `target` are as measured, `unit` says what they count."""

    platform_metric: str
    platform_name: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    platform_unit: str | None = None
    target: Decimal | None = None
    """What the platform calls very good; in the platform's own scale, which may differ from `value`'s (ratio and percent)."""
    platform_target: str | None = None
    """How value and target are compared, in the platform's words."""
    target_met: bool | None = None
    floor: Decimal | None = None
    """What the platform calls poor; same caution."""
    score: Decimal | None = None
    weight: Decimal | None = None
    """What share of the whole it makes up, in percent."""
    platform_status: str | None = None
    platform_dimension: str | None = None
    platform_part: str | None = None
    """The part of the figure that this is (a channel), where the platform breaks it down."""
    platform_listing_id: str | None = None
    platform_sku_id: str | None = None
    from_date: str | None = None
    """First day that it covers, in the store's own time zone; None where the platform gives instants or nothing."""
    until_date: str | None = None
    """First day that it no longer covers."""
    hour: int | None = None
    """Hour of `from_date`, for hourly figures."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    window_days: int | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    as_of: datetime | None = None
    platform_more: More = msgspec.field(default_factory=dict)

    @property
    def platform_id(self) -> str:
        parts = (self.platform_metric, self.platform_part, self.platform_listing_id, self.platform_sku_id, self.from_date)
        hour = () if self.hour is None else (str(self.hour),)
        return ":".join((*(part for part in parts if part), *hour))


class Points(Record, frozen=True, kw_only=True, tag="points"):
    """An entry of violation or penalty points."""

    platform_points_id: str
    points: Decimal | None = None
    """As they count now, after appeals."""
    original: Decimal | None = None
    """As they were given."""
    platform_reason: str | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def platform_id(self) -> str:
        return self.platform_points_id


class Violation(Record, frozen=True, kw_only=True, tag="violation"):
    """A breach that the platform recorded, with its remedy clock."""

    platform_violation_id: str
    platform_status: str | None = None
    status: str = "unknown"
    platform_category: str | None = None
    category: str | None = None
    platform_subject_id: str | None = None
    notified_at: datetime | None = None
    deadline_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    """When a punishment begins and ends."""
    platform_reason: str | None = None
    points: Decimal | None = None
    text: str | None = None
    platform_more: More = msgspec.field(default_factory=dict)

    @property
    def platform_id(self) -> str:
        return self.platform_violation_id
