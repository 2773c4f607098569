"""Talks with buyers."""

from datetime import datetime
from enum import StrEnum

from .base import Record


class SenderRole(StrEnum):
    """Who wrote. Only `agent` and `seller` are humans of ours; a robot's words answer nobody."""

    BUYER = "buyer"
    SELLER = "seller"
    AGENT = "agent"
    ROBOT = "robot"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class Conversation(Record, frozen=True, kw_only=True, tag="conversation"):
    """A conversation as the list shows it; its messages are records of their own."""

    platform_conversation_id: str
    platform_buyer_id: str | None = None
    platform_order_id: str | None = None
    buyer_name: str | None = None
    unread_count: int | None = None
    can_send: bool | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    """When the latest message was written."""

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
    text: str | None = None
    """What a person reads; None for a type without text."""
    visible: bool = True
    position: int | None = None
    sent_at: datetime | None = None

    @property
    def platform_id(self) -> str:
        return self.platform_message_id
