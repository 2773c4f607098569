"""The facts that rules read: the shapes of the facts format, sections 3 to 11.

Three things differ and stay different (convention C29): a key that was not given (`UNSET`: its rows are not judged), `None`
(asked for and not known; for a deed in a field ending in `_at`: not done yet), and an empty list (nothing happened; for
`activities` and `balance_events`: nothing is known). Numbers are exact decimals, instants are aware.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

Instant = Annotated[datetime, msgspec.Meta(tz=True)]

OptInstant = Instant | UnsetType | None
OptNumber = Decimal | UnsetType | None
OptFlag = bool | UnsetType | None
OptText = str | UnsetType | None


class _Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A plain value among the facts."""


class _Group(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that holds others."""


def _within(name: str, value: object, lowest: int, highest: int | None = None) -> None:
    """Raises ValueError where `value` is a number and outside; what is no number is left to its type."""
    if not isinstance(value, Decimal | int):
        return
    if not Decimal(value).is_finite():
        raise ValueError(f"{name} must be a number")
    if value < lowest or (highest is not None and value > highest):
        asked = f"between {lowest} and {highest}" if highest is not None else "zero or more"
        raise ValueError(f"{name} must be {asked}")


# -- section 3: the store --------------------------------------------------------------------------


class Pause(_Fact, frozen=True):
    """A span of holiday mode: `from` inside, `to` outside; `to` is None while nobody has said when it ends."""

    from_: Instant = msgspec.field(name="from")
    to: Instant | None


class StoreProfile(_Group, frozen=True):
    """The store as the rules see it. `platform` is our id, `region` that of the site (`UK`, not `GB`)."""

    store_id: str
    platform: str
    region: str
    timezone: str
    currency: str
    seller_type: str
    status: str
    state: str | None = None
    programme: str | None = "none"
    working_days: tuple[str, ...] | None = None
    holiday_mode: tuple[Pause, ...] | None = ()
    chatbot_on: bool | None = False
    owner_timezone: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.timezone)


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises ZoneInfoNotFoundError or ValueError for any other text."""
    return ZoneInfo(name)


# -- section 4: inactivity and notices -------------------------------------------------------------


class Activity(_Fact, frozen=True):
    at: Instant
    type: str
    actor: str


class Notice(_Fact, frozen=True):
    at: Instant
    type: str
    id: OptText = UNSET
    answered_at: OptInstant = UNSET


# -- section 5: money ------------------------------------------------------------------------------


class BalanceEvent(_Fact, frozen=True):
    at: Instant
    balance: Decimal | None
    currency: str


class Fx(_Group, frozen=True):
    """Dollars for one unit of a currency. An empty table: no rate."""

    usd_per_unit: dict[str, Decimal | None] | None = None
    as_of: Instant | None = None

    def __post_init__(self) -> None:
        for currency, rate in (self.usd_per_unit or {}).items():
            if rate is not None and not (rate.is_finite() and rate > 0):
                raise ValueError(f"usd_per_unit.{currency} must be a number above zero")


class Statement(_Group, frozen=True):
    """Shown only."""

    period: str
    opening: BalanceEvent | UnsetType | None = UNSET
    closing: BalanceEvent | UnsetType | None = UNSET


class PendingSettlement(_Fact, frozen=True):
    """Shown only; never offsets a debt."""

    amount: OptNumber = UNSET
    currency: OptText = UNSET
    expected_at: OptInstant = UNSET


class Deposit(_Fact, frozen=True):
    required: OptNumber = UNSET
    paid: OptNumber = UNSET
    currency: OptText = UNSET


class Settlement(_Fact, frozen=True):
    state: str | None
    since: OptInstant = UNSET
    as_of: OptInstant = UNSET


# -- section 6: health, violations, points ---------------------------------------------------------


class Enforcement(_Fact, frozen=True):
    milestone: Decimal
    started_at: Instant
    ends_at: OptInstant = UNSET


HIGHEST_SCORE = 1000
"""Of the account health rating; 0 is the lowest (facts format, section 6)."""


class AccountHealth(_Group, frozen=True):
    score: OptNumber = UNSET
    as_of: OptInstant = UNSET
    previous: OptNumber = UNSET
    enforcements: tuple[Enforcement, ...] | None = ()

    def __post_init__(self) -> None:
        _within("score", self.score, 0, HIGHEST_SCORE)


class PointEntry(_Fact, frozen=True):
    points: Decimal | None
    issued_at: Instant


class PointTotal(_Group, frozen=True):
    """Points with entries, or as the platform's own total; entries go first."""

    entries: tuple[PointEntry, ...] | UnsetType | None = UNSET
    total: OptNumber = UNSET
    as_of: OptInstant = UNSET
    tier_started_at: OptInstant = UNSET


class Score(_Fact, frozen=True):
    """A score; `value` is a number or the name of a band."""

    value: Any = None
    as_of: OptInstant = UNSET
    not_scored: OptFlag = UNSET


class Appeal(_Fact, frozen=True):
    filed_at: OptInstant = UNSET
    rejected_at: OptInstant = UNSET


class Violation(_Group, frozen=True):
    id: str
    status: str | None
    category: OptText = UNSET
    points: OptNumber = UNSET
    notified_at: OptInstant = UNSET
    deadline: OptInstant = UNSET
    quiz_open: OptFlag = UNSET
    appeals: tuple[Appeal, ...] | UnsetType | None = UNSET


class LinkedStore(_Fact, frozen=True):
    store_id: str
    violation_open: OptFlag = UNSET


# -- section 7: messages answered ------------------------------------------------------------------


class Conversation(_Fact, frozen=True):
    id: str
    buyer_first_at: Instant | None
    first_human_reply_at: OptInstant = UNSET
    auto_reply_at: OptInstant = UNSET
    started_by: OptText = UNSET
    solved_by_bot: OptFlag = UNSET
    buyer_blocked: OptFlag = UNSET


class ResponseCounts(_Fact, frozen=True):
    conversations: OptNumber = UNSET
    window_days: OptNumber = UNSET
    answered_in_12h: OptNumber = UNSET
    answered_in_24h: OptNumber = UNSET

    def __post_init__(self) -> None:
        _within("conversations", self.conversations, 0)
        _within("answered_in_12h", self.answered_in_12h, 0)
        _within("answered_in_24h", self.answered_in_24h, 0)


class ChatFigure(_Fact, frozen=True):
    """Shopee's own figure: percent and count."""

    response_rate: OptNumber = UNSET
    orders_30d: OptNumber = UNSET
    as_of: OptInstant = UNSET


# -- section 8: orders and after-sales -------------------------------------------------------------

MAX_HANDLING_DAYS = 366


class OrderFacts(_Fact, frozen=True):
    """An order and the steps taken. A step that is `None` is not done yet; one that is `UNSET` is not judged (C20)."""

    order_id: str
    placed_at: OptInstant
    type: OptText = UNSET
    paid_at: OptInstant = UNSET
    handling_days: int | Decimal | UnsetType | None = UNSET
    first_mile: OptText = UNSET
    ship_by: OptInstant = UNSET
    rts_at: OptInstant = UNSET
    tracking_added_at: OptInstant = UNSET
    arranged_at: OptInstant = UNSET
    shipped_at: OptInstant = UNSET
    scanned_at: OptInstant = UNSET
    in_transit_at: OptInstant = UNSET
    delivered_at: OptInstant = UNSET
    cancelled_at: OptInstant = UNSET

    def __post_init__(self) -> None:
        _within("handling_days", self.handling_days, 0, MAX_HANDLING_DAYS)
        if isinstance(self.handling_days, Decimal) and self.handling_days % 1:
            raise ValueError("handling_days must be a whole number")


class ReturnRequest(_Fact, frozen=True):
    id: str
    requested_at: Instant | None
    manual_review: OptFlag = UNSET
    answered_at: OptInstant = UNSET
    return_shipped_at: OptInstant = UNSET
    self_arranged: OptFlag = UNSET
    checked_at: OptInstant = UNSET
    answer_by: OptInstant = UNSET
    """The platform's own instant for the answer, where it sends one."""


class CancellationRequest(_Fact, frozen=True):
    id: str
    requested_at: Instant | None
    answered_at: OptInstant = UNSET
    answer_by: OptInstant = UNSET


class Dispute(_Fact, frozen=True):
    id: str
    opened_at: OptInstant = UNSET
    chat_answer_at: OptInstant = UNSET
    record_kept: OptFlag = UNSET
    closed_at: OptInstant = UNSET


# -- section 9: rates and shares -------------------------------------------------------------------


class Metric(_Fact, frozen=True):
    numerator: OptNumber = UNSET
    denominator: OptNumber = UNSET
    window_days: OptNumber = UNSET

    def __post_init__(self) -> None:
        _within("numerator", self.numerator, 0)
        _within("denominator", self.denominator, 0)


class ListingCounts(_Fact, frozen=True):
    live: OptNumber = UNSET
    pre_order: OptNumber = UNSET

    def __post_init__(self) -> None:
        _within("live", self.live, 0)
        _within("pre_order", self.pre_order, 0)


# -- section 10: security, stock, listings, routine ------------------------------------------------


class Security(_Fact, frozen=True):
    two_step_verification: OptFlag = UNSET


class SubAccount(_Group, frozen=True):
    id: str
    permissions: tuple[str, ...] | UnsetType | None = UNSET
    allowed: tuple[str, ...] | UnsetType | None = UNSET
    left: OptFlag = UNSET


class LoginEvent(_Fact, frozen=True):
    id: str
    at: OptInstant = UNSET
    account: OptText = UNSET
    unusual: OptFlag = UNSET
    cleared_at: OptInstant = UNSET


class StockLevel(_Fact, frozen=True):
    sku: str
    sellable: OptNumber = UNSET
    actual: OptNumber = UNSET
    live: OptFlag = UNSET
    updated_at: OptInstant = UNSET


class ReviewFacts(_Fact, frozen=True):
    id: str
    posted_at: Instant | None
    stars: OptNumber = UNSET
    suspected_fake: OptFlag = UNSET
    reported_at: OptInstant = UNSET


class ContentCheck(_Fact, frozen=True):
    id: str
    check: str
    result: OptText = UNSET
    kind: OptText = UNSET
    at: OptInstant = UNSET


class Certification(_Fact, frozen=True):
    licence_valid: OptFlag = UNSET
    tax_papers_valid: OptFlag = UNSET
    account_in_good_standing: OptFlag = UNSET
    names_match: OptFlag = UNSET
    contact_correct: OptFlag = UNSET
    fee_paid: OptFlag = UNSET


class Attestation(_Fact, frozen=True):
    item: str
    at: Instant


class Source(_Fact, frozen=True):
    origin: OptText = UNSET
    as_of: OptInstant = UNSET
    by: OptText = UNSET


# -- section 11: texts -----------------------------------------------------------------------------


class OutgoingMessage(_Fact, frozen=True):
    id: str
    text: str
    lang: OptText = UNSET
    order_id: OptText = UNSET
    sent: OptFlag = UNSET


class ReviewRequest(_Fact, frozen=True):
    order_id: str
    at: Instant


# -- all of it -------------------------------------------------------------------------------------


class Facts(_Group, frozen=True):
    """Everything known of one store at one instant. Sections 4 to 11 in their order."""

    activities: tuple[Activity, ...] | UnsetType | None = UNSET
    notices: tuple[Notice, ...] | UnsetType | None = UNSET
    store_opened_at: OptInstant = UNSET

    balance_events: tuple[BalanceEvent, ...] | UnsetType | None = UNSET
    fx: Fx | UnsetType | None = UNSET
    withdrawal_frozen: OptFlag = UNSET
    statements: tuple[Statement, ...] | UnsetType | None = UNSET
    pending_settlement: PendingSettlement | UnsetType | None = UNSET
    deposit: Deposit | UnsetType | None = UNSET
    settlement: Settlement | UnsetType | None = UNSET

    ahr: AccountHealth | UnsetType | None = UNSET
    violation_points: tuple[PointEntry, ...] | UnsetType | None = UNSET
    penalty_points: PointTotal | UnsetType | None = UNSET
    non_compliance_points: PointTotal | UnsetType | None = UNSET
    scores: dict[str, Score | None] | UnsetType | None = UNSET
    violations: tuple[Violation, ...] | UnsetType | None = UNSET
    linked_stores: tuple[LinkedStore, ...] | UnsetType | None = UNSET

    conversations: tuple[Conversation, ...] | UnsetType | None = UNSET
    response_counts: ResponseCounts | UnsetType | None = UNSET
    chat: ChatFigure | UnsetType | None = UNSET

    orders: tuple[OrderFacts, ...] | UnsetType | None = UNSET
    holidays: tuple[date, ...] | UnsetType | None = UNSET
    return_requests: tuple[ReturnRequest, ...] | UnsetType | None = UNSET
    cancellation_requests: tuple[CancellationRequest, ...] | UnsetType | None = UNSET
    disputes: tuple[Dispute, ...] | UnsetType | None = UNSET

    metrics: dict[str, Metric | None] | UnsetType | None = UNSET
    listings: ListingCounts | UnsetType | None = UNSET

    security: Security | UnsetType | None = UNSET
    sub_accounts: tuple[SubAccount, ...] | UnsetType | None = UNSET
    login_events: tuple[LoginEvent, ...] | UnsetType | None = UNSET
    stock: tuple[StockLevel, ...] | UnsetType | None = UNSET
    reviews: tuple[ReviewFacts, ...] | UnsetType | None = UNSET
    content_checks: tuple[ContentCheck, ...] | UnsetType | None = UNSET
    certification: Certification | UnsetType | None = UNSET
    attestations: tuple[Attestation, ...] | UnsetType | None = UNSET

    outgoing_messages: tuple[OutgoingMessage, ...] | UnsetType | None = UNSET
    review_request_history: tuple[ReviewRequest, ...] | UnsetType | None = UNSET

    sources: dict[str, Source | None] | UnsetType | None = UNSET
    data_note: Any = UNSET


class Case(_Group, frozen=True):
    """A line of facts: one store at one moment."""

    store: StoreProfile
    facts: Facts
    now: Instant
    id: Any = None
