"""Chats between buyers and a shop: conversations, messages, and the sessions that they fall into.

Plain state and moves. The platform's robot speaks after most buyers, some messages are invisible, and now and then one is of
a type that no document lists: who asks 'is somebody waiting?' has to look past all three. Instants are unix seconds.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from storeward_sandbox.clock import DAY, HOUR

from .catalogue import new_id

SILENCE = 6 * HOUR
"""An answered session ends after this long without a word from the buyer."""

PATIENCE = 7 * DAY
"""A session that nobody answers ends after this long."""

LATE = DAY
"""A first answer after this long counts as late."""

BUYER, SHOP, AGENT, SYSTEM, ROBOT = "BUYER", "SHOP", "CUSTOMER_SERVICE", "SYSTEM", "ROBOT"

UNLISTED_TYPE = "VOICE_NOTE"
"""A message type that no document names: clients must show it, not fall over it."""


@dataclass(slots=True, frozen=True)
class Buyer:
    """`user_id` is the one on orders; `im_user_id` exists in chats only."""

    user_id: str
    im_user_id: str
    nickname: str


@dataclass(slots=True)
class Message:
    id: str
    index: int
    type: str
    content: str
    created: int
    role: str
    im_user_id: str
    visible: bool = True


@dataclass(slots=True)
class Session:
    """One stretch of talk. `answered` is the first human word, `closed` an end that somebody set; both 0 until then."""

    id: str
    begun: int
    tags: tuple[str, ...]
    last_buyer: int
    answered: int = 0
    closed: int = 0
    score: int = 0
    complaint: str = ""

    def ends(self) -> int:
        """When it ends if nothing more is said."""
        if self.closed:
            return self.closed
        return max(self.last_buyer, self.answered) + SILENCE if self.answered else self.begun + PATIENCE

    def over(self, now: int) -> bool:
        return self.ends() <= now

    def phase(self) -> str:
        return "ASSIGNED" if self.answered else "QUEUED"


@dataclass(slots=True)
class Conversation:
    id: str
    buyer: Buyer
    created: int
    messages: list[Message] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    unread: int = 0

    @property
    def last_at(self) -> int:
        return self.messages[-1].created if self.messages else self.created

    def session(self, now: int) -> Session | None:
        """The session that is open now, if any."""
        return self.sessions[-1] if self.sessions and not self.sessions[-1].over(now) else None

    def waiting_since(self) -> int:
        """The first visible word of the buyer that no human has answered yet; 0 where nobody waits."""
        since = 0
        for message in self.messages:
            if message.role == BUYER and message.visible:
                since = since or message.created
            elif message.role in (AGENT, SHOP):
                since = 0
        return since


@dataclass(slots=True)
class Chat:
    """All conversations of one shop. `auto_replies`: its own greeting counts as an answer in the platform's figures."""

    rng: random.Random
    shop_id: str
    auto_replies: bool = False
    accepts: bool = True
    conversations: dict[str, Conversation] = field(default_factory=dict)
    by_buyer: dict[str, str] = field(default_factory=dict)
    spoken: int = 0

    def with_buyer(self, user_id: str) -> Conversation | None:
        known = self.by_buyer.get(user_id)
        return self.conversations[known] if known else None

    def open(self, buyer: Buyer, now: int) -> Conversation:
        """The conversation with this buyer, begun now where there is none."""
        known = self.with_buyer(buyer.user_id)
        if known is not None:
            return known
        fresh = Conversation(new_id(self.rng, "749"), buyer, now)
        self.conversations[fresh.id] = fresh
        self.by_buyer[buyer.user_id] = fresh.id
        return fresh

    def say(self, conversation: Conversation, kind: str, content: str, role: str, now: int, *, visible: bool = True) -> Message:
        """Add one message. Its index grows with every message of the shop, also within one second."""
        self.spoken += 1
        speaker = conversation.buyer.im_user_id if role == BUYER else self.speaker(role)
        message = Message(new_id(self.rng, "72"), now * 10**9 + self.spoken, kind, content, now, role, speaker, visible)
        conversation.messages.append(message)
        return message

    def speaker(self, role: str) -> str:
        """The chat id of whoever speaks for the shop in this role."""
        return str(7_000_000_000_000_000_000 + int(self.shop_id) % 10**15 * 10 + len(role) % 10)

    def sessions(self) -> Iterator[tuple[Conversation, Session]]:
        for conversation in self.conversations.values():
            yield from ((conversation, session) for session in conversation.sessions)


def text(words: str) -> str:
    """The content of a TEXT message, as the platform writes it: JSON within a string."""
    return json.dumps({"content": words}, ensure_ascii=False)


def buyer_writes(chat: Chat, conversation: Conversation, now: int, kind: str = "TEXT", content: str = "") -> list[Message]:
    """The buyer says something; what appears: their message, then the robot's, and at the start of a session a hidden note."""
    session = conversation.session(now)
    fresh = session is None
    if session is None:
        session = Session(new_id(chat.rng, "749"), now, (chat.rng.choice(TAGS),), now)
        conversation.sessions.append(session)
    session.last_buyer = now
    conversation.unread += 1
    said = [chat.say(conversation, kind, content or text(chat.rng.choice(QUESTIONS)), BUYER, now)]
    if fresh:
        said.append(chat.say(conversation, "ALLOCATED_SERVICE", text("Transferred to the shop"), SYSTEM, now, visible=False))
        said.append(chat.say(conversation, "TEXT", text(GREETING), ROBOT, now))
    return said


def shop_writes(chat: Chat, conversation: Conversation, now: int, kind: str, content: str, role: str = AGENT) -> Message:
    """Somebody of the shop answers. Robots and the system do not count as an answer; the unread count stays as it is."""
    session = conversation.session(now)
    if session is not None and role in (AGENT, SHOP):
        session.answered = session.answered or now
    return chat.say(conversation, kind, content, role, now)


def end_session(chat: Chat, session: Session, now: int) -> None:
    """Close the session; the buyer rates it, better when the answer came quickly."""
    session.closed = now
    rate(chat.rng, session)


def rate(rng: random.Random, session: Session) -> None:
    """Half of the buyers leave stars."""
    if session.score or rng.random() < 0.5:
        return
    slow = not session.answered or session.answered - session.begun > 4 * HOUR
    session.score = rng.choice((1, 2, 3)) if slow else rng.choice((4, 5, 5))
    session.complaint = "Slow reply" if slow and session.score < 3 else ""


def may_send(conversation: Conversation, now: int, *, last_order: int, has_return: bool) -> bool:
    """The platform's rule: talked within 30 days, or ordered within 60, or has a return with the shop."""
    talked = bool(conversation.messages) and now - conversation.last_at <= 30 * DAY
    return talked or has_return or (last_order > 0 and now - last_order <= 60 * DAY)


@dataclass(slots=True, frozen=True)
class Figures:
    """The platform's chat performance over a span: counts, and the mean first answer in minutes."""

    sessions: int
    in_a_day: int
    rated: int
    content: int
    minutes: float


def figures(chat: Chat, begin: int, end: int) -> Figures:
    """Figures of the sessions that began in [begin, end)."""
    chosen = [session for _conversation, session in chat.sessions() if begin <= session.begun < end]
    waits = [session.answered - session.begun for session in chosen if session.answered]
    quick = len(chosen) if chat.auto_replies else sum(wait <= LATE for wait in waits)
    rated = [session.score for session in chosen if session.score]
    minutes = sum(waits) / len(waits) / 60 if waits else 0.0
    return Figures(len(chosen), quick, len(rated), sum(score >= 4 for score in rated), minutes)


GREETING = "Hi! We have received your message. A colleague will answer you shortly."

TAGS = ("Logistics", "AfterSale", "Product", "Promotion")

QUESTIONS = (
    "When will you send my order?",
    "Is this still available in another colour?",
    "The parcel has not moved for two days, can you check?",
    "Can I change the address?",
    "One piece is missing from my parcel.",
    "What are the exact measurements?",
    "Could you please cancel one item?",
    "Boleh saya tahu bila barang dihantar?",
    "ของจะถึงเมื่อไหร่คะ",
    "Khi nào shop gửi hàng ạ?",
)

ANSWERS = (
    "Hello, thank you for asking. We send it today.",
    "Hi, let me look into this for you. It is on its way.",
    "Sorry for the wait! We will sort this out for you.",
    "Yes, it is in stock and leaves within 24 hours.",
)

THANKS = ("Thanks!", "Ok, thank you", "Terima kasih", "ขอบคุณค่ะ", "Cảm ơn shop")
