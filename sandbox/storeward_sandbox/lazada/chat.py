"""Chats between buyers and a store, without HTTP: conversations, messages, what each side has read.

Instants of messages are milliseconds here, because messages are sorted and paged by them.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from storeward_sandbox.clock import DAY, MINUTE, Instant

from . import pushes
from .buyers import Buyer
from .orders import Order
from .shop import Shop

BUYER, SELLER = 1, 2
TEXT, SYSTEM, PICTURE, EMOJI, VIDEO = 1, 2, 3, 4, 6
PRODUCT, ORDER, VOUCHER, FOLLOW, REFUND, AUTO = 10006, 10007, 10008, 10010, 10011, 10015
RECALL_SECONDS = 2 * MINUTE
OPEN_DAYS = 30
MOST_UNANSWERED = 5
FORBIDDEN = ("whatsapp", "telegram", "wechat", "line id")
"""Words that take buyers off the platform: such a message is blocked, and only the seller sees it."""


@dataclass(eq=False)
class Message:
    id: str
    at: int
    by: int
    template: int
    content: dict[str, Any]
    auto: bool = False
    blocked: str = ""
    recalled: bool = False
    by_system: bool = False


@dataclass(eq=False)
class Session:
    id: str
    buyer: Buyer
    messages: list[Message] = field(default_factory=list)
    seller_read: int = 0
    buyer_read: int = 0

    @property
    def last_at(self) -> int:
        return self.messages[-1].at if self.messages else 0

    @property
    def unread(self) -> int:
        return sum(one.by == BUYER and one.at > self.seller_read for one in self.messages)

    def waiting_since(self) -> int:
        """The first message of the buyer that no person has answered, in seconds; 0 where nobody waits."""
        since = 0
        for message in self.messages:
            if message.by == BUYER:
                since = since or message.at // 1000
            elif not message.auto and not message.by_system and not message.blocked:
                since = 0
        return since

    def summary(self) -> str:
        content = self.messages[-1].content if self.messages else {}
        return str(content.get("txt") or content.get("title") or "[card]")[:60]


@dataclass
class Chat:
    sessions: dict[str, Session] = field(default_factory=dict)
    by_buyer: dict[str, str] = field(default_factory=dict)
    last_at: int = 0

    def with_buyer(self, user_id: str) -> Session | None:
        return self.sessions.get(self.by_buyer.get(user_id, ""))


def account_of(shop: Shop) -> str:
    """The seller's account in chats: not the seller id."""
    return shop.user_id


def open_session(shop: Shop, buyer: Buyer) -> Session:
    """The conversation with this buyer, begun now where there is none."""
    chat = shop.part(Chat)
    known = chat.with_buyer(buyer.user_id)
    if known is not None:
        return known
    fresh = Session(f"{account_of(shop)}_2_{buyer.user_id}_1_103", buyer)
    chat.sessions[fresh.id] = fresh
    chat.by_buyer[buyer.user_id] = fresh.id
    return fresh


def may_open(shop: Shop, order: Order) -> bool:
    """A seller may write first to buyers of the last 30 days."""
    return shop.now - order.created <= OPEN_DAYS * DAY


def say(
    shop: Shop, session: Session, by: int, template: int, content: dict[str, Any], *, auto: bool = False, by_system: bool = False
) -> Message:
    """Add a message, tell push 2. No two messages of a store have the same instant."""
    chat = shop.part(Chat)
    chat.last_at = at = max(shop.now * 1000, chat.last_at + 1)
    message = Message(f"m{shop.ids.new('message')}", at, by, template, content, auto=auto, by_system=by_system)
    if by == SELLER and any(word in str(content.get("txt", "")).lower() for word in FORBIDDEN):
        message.blocked = "The message contains words that are not allowed."
    session.messages.append(message)
    if by == SELLER and not auto:
        session.seller_read = at
    shop.emit(pushes.MESSAGE, row(shop, session, message))
    return message


def recall(shop: Shop, session: Session, message: Message) -> None:
    """Two pushes: the message with its new state, and a word of the system."""
    message.recalled = True
    shop.emit(pushes.MESSAGE, row(shop, session, message))
    say(shop, session, SELLER, SYSTEM, {"txt": "A message was recalled"}, by_system=True)


def read_up_to(shop: Shop, session: Session, at: int) -> None:
    """The seller has read; push 19."""
    session.seller_read = max(session.seller_read, at)
    shop.emit(
        pushes.READ_STATE,
        {
            "sync_type": "SESSION_UPDATE",
            "user_account_id": account_of(shop),
            "user_account_type": SELLER,
            "session_id": session.id,
            "unread_count": session.unread,
            "to_position": session.buyer_read,
            "self_position": session.seller_read,
            "site_id": shop.region,
        },
    )


def unanswered_today(session: Session, now: Instant) -> int:
    """What the seller has sent within a day since the buyer's last word."""
    count = 0
    for message in reversed(session.messages):
        if message.by == BUYER:
            break
        count += not message.auto and not message.by_system and now - message.at // 1000 < DAY
    return count


def row(shop: Shop, session: Session, message: Message) -> dict[str, Any]:
    """A message as lists and pushes show it."""
    accounts = {BUYER: session.buyer.user_id, SELLER: account_of(shop)}
    to = SELLER if message.by == BUYER else BUYER
    return {
        "from_account_type": message.by,
        "session_id": session.id,
        "message_id": message.id,
        "type": 2 if message.by_system else 1,
        "content": json.dumps(message.content, ensure_ascii=False),
        "to_account_id": accounts[to],
        "send_time": message.at,
        "auto_reply": message.auto,
        "to_account_type": to,
        "site_id": shop.region,
        "template_id": message.template,
        "from_account_id": accounts[message.by],
        "status": int(message.recalled),
        "process_msg": message.blocked,
    }
