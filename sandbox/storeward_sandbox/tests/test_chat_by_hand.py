"""Chats played from a script: who waits, which session stands, what the platform counts."""

import json
from random import Random

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.tiktok_shop.conversations import (
    AGENT,
    BUYER,
    ROBOT,
    SHOP,
    SYSTEM,
    Buyer,
    Chat,
    Conversation,
    Session,
    buyer_writes,
    figures,
    may_send,
    shop_writes,
    text,
)

T0 = 1_790_000_000
ROLES = {"A": AGENT, "S": SHOP, "Y": SYSTEM, "R": ROBOT}


def minutes(words: str) -> int:
    """`30` minutes, `2h`, `3d`, in seconds."""
    unit = {"h": HOUR, "d": DAY}.get(words[-1])
    return int(words[:-1]) * unit if unit else int(words) * MINUTE


def played(script: str, *, auto_replies: bool = False) -> tuple[Chat, Conversation]:
    """`B@0 A@30 B@2h`: the buyer at the start, an agent after 30 minutes, the buyer again after two hours."""
    chat = Chat(Random(1), "7494049642642441621", auto_replies=auto_replies)
    conversation = chat.open(Buyer("719", "750", "siti"), T0)
    for turn in script.split():
        who, _, when = turn.partition("@")
        if who == "B":
            buyer_writes(chat, conversation, T0 + minutes(when), "TEXT", text("hello"))
        else:
            shop_writes(chat, conversation, T0 + minutes(when), "TEXT", text("hi"), ROLES[who])
    return chat, conversation


# Script, and since when the buyer waits (None: nobody waits).
WAITING: list[tuple[str, str | None]] = [
    ("", None),
    ("A@0", None),
    ("R@0", None),
    ("B@0", "0"),
    ("B@5 B@10", "5"),
    ("B@0 R@1", "0"),
    ("B@0 Y@1", "0"),
    ("B@0 R@1 Y@2 R@3", "0"),
    ("B@0 A@1", None),
    ("B@0 S@1", None),
    ("B@0 A@1 R@2", None),
    ("B@0 A@1 B@2", "2"),
    ("B@0 A@1 B@2 R@3", "2"),
    ("B@0 A@1 B@2 B@9", "2"),
    ("B@0 A@1 B@2 S@3", None),
    ("A@0 B@1", "1"),
    ("B@0 B@3d", "0"),
    ("B@0 A@1 B@8d", "8d"),
]


@pytest.mark.parametrize(("script", "since"), WAITING)
def test_a_buyer_waits_since_the_first_word_that_no_person_has_answered(script: str, since: str | None) -> None:
    _chat, conversation = played(script)
    assert conversation.waiting_since() == (T0 + minutes(since) if since is not None else 0)


# Script, an instant, and the phase of the session that is open then ("": none is).
PHASES = [
    ("B@0", "0", "QUEUED"),
    ("B@0", "7h", "QUEUED"),
    ("B@0", "6d", "QUEUED"),
    ("B@0", "7d", ""),
    ("B@0 B@6d", "7d", ""),
    ("B@0 R@1", "2h", "QUEUED"),
    ("B@0 Y@1", "2h", "QUEUED"),
    ("B@0 A@10", "10", "ASSIGNED"),
    ("B@0 A@10", "6h", "ASSIGNED"),
    ("B@0 A@10", "369", "ASSIGNED"),
    ("B@0 A@10", "370", ""),
    ("B@0 S@10", "369", "ASSIGNED"),
    ("B@0 A@10 B@5h", "10h", "ASSIGNED"),
    ("B@0 A@10 B@5h", "11h", ""),
    ("B@0 A@10 B@7h", "7h", "QUEUED"),
    ("B@0 A@10 B@5h A@9h", "11h", ""),
    ("A@0", "1", ""),
]


@pytest.mark.parametrize(("script", "when", "phase"), PHASES)
def test_a_session_is_open_and_in_a_phase(script: str, when: str, phase: str) -> None:
    _chat, conversation = played(script)
    session = conversation.session(T0 + minutes(when))
    assert (session.phase() if session else "") == phase


@pytest.mark.parametrize(
    ("script", "sessions", "messages"),
    [
        # each first word of a session is followed by a hidden note and the robot's greeting
        ("B@0", 1, 3),
        ("B@0 B@1", 1, 4),
        ("B@0 A@1", 1, 4),
        ("B@0 A@1 B@2h", 1, 5),
        ("B@0 A@1 B@7h", 2, 7),
        ("B@0 B@8d", 2, 6),
        ("A@0", 0, 1),
        ("A@0 B@1", 1, 4),
    ],
)
def test_talk_falls_into_sessions(script: str, sessions: int, messages: int) -> None:
    _chat, conversation = played(script)
    assert (len(conversation.sessions), len(conversation.messages)) == (sessions, messages)


@pytest.mark.parametrize(
    ("script", "roles"),
    [
        ("B@0", [BUYER, SYSTEM, ROBOT]),
        ("B@0 B@1", [BUYER, SYSTEM, ROBOT, BUYER]),
        ("B@0 A@1 S@2", [BUYER, SYSTEM, ROBOT, AGENT, SHOP]),
    ],
)
def test_messages_stand_in_the_order_in_which_they_were_said(script: str, roles: list[str]) -> None:
    _chat, conversation = played(script)
    assert [message.role for message in conversation.messages] == roles
    indexes = [message.index for message in conversation.messages]
    assert indexes == sorted(set(indexes))
    assert [message.visible for message in conversation.messages] == [role != SYSTEM for role in roles]
    assert all(isinstance(json.loads(message.content), dict) for message in conversation.messages)


@pytest.mark.parametrize(("script", "unread"), [("", 0), ("B@0", 1), ("B@0 B@1 B@2", 3), ("B@0 A@1", 1), ("A@0", 0)])
def test_only_the_buyers_words_are_unread_and_an_answer_does_not_read_them(script: str, unread: int) -> None:
    _chat, conversation = played(script)
    assert conversation.unread == unread


@pytest.mark.parametrize(
    ("scripts", "auto", "sessions", "in_a_day", "mean"),
    [
        ([""], False, 0, 0, 0.0),
        (["B@0"], False, 1, 0, 0.0),
        (["B@0"], True, 1, 1, 0.0),
        (["B@0 A@30"], False, 1, 1, 30.0),
        (["B@0 A@24h"], False, 1, 1, 1440.0),
        (["B@0 A@1441"], False, 1, 0, 1441.0),
        (["B@0 R@30"], False, 1, 0, 0.0),
        (["B@0 S@30"], False, 1, 1, 30.0),
        (["B@0 A@30 B@12h A@730"], False, 2, 2, 20.0),  # 30 and 10 minutes
        (["B@0 A@30 B@12h"], False, 2, 1, 30.0),
        (["B@0 A@30 B@12h"], True, 2, 2, 30.0),
    ],
)
def test_the_platform_counts_sessions_and_first_answers(
    scripts: list[str], auto: bool, sessions: int, in_a_day: int, mean: float
) -> None:
    chat, _conversation = played(scripts[0], auto_replies=auto)
    counted = figures(chat, T0, T0 + 30 * DAY)
    assert (counted.sessions, counted.in_a_day, counted.minutes) == (sessions, in_a_day, mean)


@pytest.mark.parametrize(
    ("begin", "end", "sessions"), [(0, 1, 1), (-10, 0, 0), (1, 100, 0), (0, 12 * HOUR, 1), (0, 12 * HOUR + 1, 2)]
)
def test_a_session_counts_where_it_began_and_the_end_is_not_included(begin: int, end: int, sessions: int) -> None:
    chat, _conversation = played("B@0 A@30 B@12h")
    assert figures(chat, T0 + begin, T0 + end).sessions == sessions


@pytest.mark.parametrize(
    ("scores", "rated", "content"),
    [([0, 0], 0, 0), ([5, 0], 1, 1), ([4, 3], 2, 1), ([1, 2], 2, 0), ([4, 5], 2, 2)],
)
def test_four_and_five_stars_are_content(scores: list[int], rated: int, content: int) -> None:
    chat, conversation = played("B@0 A@30 B@12h A@13h")
    for session, score in zip(conversation.sessions, scores, strict=True):
        session.score = score
    counted = figures(chat, T0, T0 + DAY)
    assert (counted.rated, counted.content) == (rated, content)


# Talked, ordered: how long ago (None: never); a return; may one write?
RULES: list[tuple[str | None, str | None, bool, bool]] = [
    (None, None, False, False),
    (None, None, True, True),
    (None, "59d", False, True),
    (None, "60d", False, True),
    (None, "61d", False, False),
    (None, "61d", True, True),
    ("30d", None, False, True),
    ("31d", None, False, False),
    ("31d", "60d", False, True),
    ("31d", "61d", False, False),
    ("1", "99d", False, True),
]


@pytest.mark.parametrize(("talked", "ordered", "has_return", "allowed"), RULES)
def test_the_platform_lets_one_write(talked: str | None, ordered: str | None, has_return: bool, allowed: bool) -> None:
    _chat, conversation = played("A@0" if talked is not None else "")
    now = T0 + (minutes(talked) if talked is not None else 0)
    last_order = now - minutes(ordered) if ordered is not None else 0
    assert may_send(conversation, now, last_order=last_order, has_return=has_return) is allowed


@pytest.mark.parametrize(
    ("begun", "last_buyer", "answered", "closed", "ends"),
    [
        (0, 0, 0, 0, 7 * DAY),
        (0, 5 * HOUR, 0, 0, 7 * DAY),
        (0, 0, 1 * HOUR, 0, 7 * HOUR),
        (0, 3 * HOUR, 1 * HOUR, 0, 9 * HOUR),
        (0, 0, 2 * DAY, 0, 2 * DAY + 6 * HOUR),
        (0, 0, 0, 4 * HOUR, 4 * HOUR),
        (0, 3 * HOUR, 1 * HOUR, 4 * HOUR, 4 * HOUR),
    ],
)
def test_a_session_ends(begun: int, last_buyer: int, answered: int, closed: int, ends: int) -> None:
    session = Session(
        "1", T0 + begun, ("Product",), T0 + last_buyer, T0 + answered if answered else 0, T0 + closed if closed else 0
    )
    assert session.ends() == T0 + ends
    assert not session.over(T0 + ends - 1)
    assert session.over(T0 + ends)


@pytest.mark.parametrize("words", ["hi", "", 'a "quote"', "ข้อความ", "Xin chào", "line\nbreak", "\\"])
def test_words_survive_being_content(words: str) -> None:
    assert json.loads(text(words)) == {"content": words}
