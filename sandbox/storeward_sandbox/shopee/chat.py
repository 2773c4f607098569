"""Conversations between buyers and a shop. Plain state; instants of messages are nanoseconds in lists, seconds in messages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from storeward_sandbox.clock import HOUR, Instant

from .buyers import Buyer
from .shop import Shop

IN_TIME = 12 * HOUR
AUTOMATIC = ("auto_reply", "offwork_autoreply")
BILLION = 1_000_000_000


@dataclass(eq=False)
class Message:
    """One message. `nanos` orders those of the same second."""

    id: str
    from_shop: bool
    kind: str
    content: dict[str, Any]
    created: Instant
    nanos: int
    status: str = "normal"
    source: dict[str, Any] = field(default_factory=dict)

    @property
    def nano_time(self) -> int:
        return self.created * BILLION + self.nanos

    @property
    def by_hand(self) -> bool:
        return self.from_shop and self.status not in AUTOMATIC


@dataclass(frozen=True)
class Wait:
    """From a buyer's first unanswered message until a human answer (0: none yet)."""

    began: Instant
    ended: Instant

    @property
    def in_time(self) -> bool:
        return bool(self.ended) and self.ended - self.began <= IN_TIME

    def judged(self, now: Instant) -> bool:
        """Whether it counts against the shop by now."""
        return bool(self.ended) or now - self.began > IN_TIME


@dataclass(eq=False)
class Conversation:
    id: str
    buyer: Buyer
    messages: list[Message] = field(default_factory=list)
    unread: int = 0
    last_read: str = "0"
    pinned: bool = False
    muted: bool = False

    @property
    def latest(self) -> Message:
        return self.messages[-1]

    def waits(self, now: Instant) -> Iterator[Wait]:
        began = 0
        for message in self.messages:
            if not message.from_shop:
                began = began or message.created
            elif began and message.by_hand:
                yield Wait(began, message.created)
                began = 0
        if began:
            yield Wait(began, 0)

    def waiting_since(self) -> Instant:
        """Since when the buyer waits for a human answer; 0 where nobody waits."""
        return next((wait.began for wait in self.waits(0) if not wait.ended), 0)


@dataclass
class Chat:
    """All conversations of a shop, by id."""

    known: dict[str, Conversation] = field(default_factory=dict)


def chat_of(shop: Shop) -> Chat:
    return shop.part(Chat)


def with_buyer(shop: Shop, buyer: Buyer) -> Conversation | None:
    return next((one for one in chat_of(shop).known.values() if one.buyer.user_id == buyer.user_id), None)


def opened(shop: Shop, buyer: Buyer) -> Conversation:
    """The conversation with a buyer, new or known."""
    found = with_buyer(shop, buyer)
    if found is None:
        found = Conversation(shop.ids.new("conversation"), buyer)
        chat_of(shop).known[found.id] = found
    return found


def say(
    shop: Shop,
    conversation: Conversation,
    kind: str,
    content: dict[str, Any],
    *,
    from_shop: bool,
    status: str = "normal",
    source: dict[str, Any] | None = None,
) -> Message:
    """Put a message into the conversation."""
    nanos = shop.chance("nanos").randrange(BILLION)
    if conversation.messages and conversation.latest.created == shop.now:
        nanos = min(conversation.latest.nanos + 1, BILLION - 1)
    message = Message(shop.ids.new("message"), from_shop, kind, content, shop.now, nanos, status, source or {})
    conversation.messages.append(message)
    if not from_shop:
        conversation.unread += 1
    elif message.by_hand:
        conversation.unread, conversation.last_read = 0, message.id
    return message
