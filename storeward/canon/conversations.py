"""Talks with buyers."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from .base import More, Part, Record


class SenderRole(StrEnum):
    """Who wrote. Only `agent` and `seller` are humans of ours; a robot's words answer nobody."""

    BUYER = "buyer"
    SELLER = "seller"
    AGENT = "agent"
    ROBOT = "robot"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class ChatSession(Part, frozen=True, kw_only=True):
    """A stretch of a conversation, from the buyer's first words to its end, as the platform measures it."""

    platform_session_id: str
    platform_phase: str | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    first_response_seconds: int | None = None
    """From the buyer's first message to the seller's first answer; None: not answered, or not stated."""
    first_response_late: bool | None = None
    satisfaction: Decimal | None = None
    """The buyer's rating, 1 to 5."""
    dissatisfaction_reason: str | None = None
    platform_tags: tuple[str, ...] = ()


class Participant(Part, frozen=True, kw_only=True):
    """Somebody in a conversation. The id is of the chat only; `platform_user_id` is who it is elsewhere on the platform."""

    platform_participant_id: str
    platform_user_id: str | None = None
    platform_role: str | None = None
    role: SenderRole = SenderRole.UNKNOWN
    name: str | None = None
    platform_channel: str | None = None
    """The shop front that a buyer comes from, where the platform has several."""


class Conversation(Record, frozen=True, kw_only=True, tag="conversation"):
    """A conversation as the list shows it; its messages are records of their own.

    `complete` is False where the payload says nothing of the conversation itself but a session of it: take the session only.
    """

    platform_conversation_id: str
    platform_buyer_id: str | None = None
    platform_order_id: str | None = None
    buyer_name: str | None = None
    unread_count: int | None = None
    can_send: bool | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    """When the latest message was written."""
    platform_last_message_id: str | None = None
    summary: str | None = None
    """The latest message, shortened."""
    read_until_at: datetime | None = None
    """Up to when the store has read."""
    buyer_read_until_at: datetime | None = None
    platform_status: str | None = None
    platform_type: str | None = None
    reply: str | None = None
    """The store's answer, where a talk is one question and one answer (a service ticket)."""
    answer_by_at: datetime | None = None
    """By when the platform wants an answer, where it says so."""
    first_answered_at: datetime | None = None
    answered_at: datetime | None = None
    rejected_at: datetime | None = None
    closed_at: datetime | None = None
    platform_more: More = msgspec.field(default_factory=dict)
    session: ChatSession | None = None
    participants: tuple[Participant, ...] = ()
    complete: bool = True

    @property
    def platform_id(self) -> str:
        return self.platform_conversation_id


class Message(Record, frozen=True, kw_only=True, tag="message"):
    """One message. `position` orders the messages of a conversation (never the time)."""

    platform_message_id: str
    platform_conversation_id: str | None = None
    platform_type: str | None = None
    platform_role: str | None = None
    role: SenderRole = SenderRole.UNKNOWN
    platform_sender_id: str | None = None
    sender_name: str | None = None
    text: str | None = None
    """What a person reads; None for a type without text."""
    url: str | None = None
    """Of a picture or a film."""
    platform_order_id: str | None = None
    """What a card shows: an order, a package, a product."""
    platform_package_id: str | None = None
    platform_listing_id: str | None = None
    platform_sku_id: str | None = None
    platform_coupon_id: str | None = None
    platform_status: str | None = None
    translation: str | None = None
    """The platform's own translation of the text."""
    problem: str | None = None
    """Why the other side did not get it, in the platform's words."""
    platform_more: More = msgspec.field(default_factory=dict)
    visible: bool = True
    position: int | None = None
    sent_at: datetime | None = None

    @property
    def platform_id(self) -> str:
        return self.platform_message_id
