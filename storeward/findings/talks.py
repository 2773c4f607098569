"""Conversations as facts: who waits now, and which questions of the last 30 days were answered when.

Only the last 30 days are facts: that is the window of the response rates, and a question that nobody has answered for longer is
lost, not late. A question is the first message of a buyer after the last answer by a person; what was asked and answered before
we first looked counts like any other.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from storeward.policy.facts import Conversation

WINDOW = timedelta(days=30)

# Every answer begins a new turn; a buyer's messages in a turn wait for the answer that begins the next. As in the sync, a robot's
# or the system's word answers nobody, an invisible message does not count, and the order is the position.
_ANSWERED = """
WITH turned AS (
    SELECT m.store_id, m.platform_conversation_id AS talk, m.role, m.sent_at,
        count(*) FILTER (WHERE m.role IN ('agent', 'seller')) OVER (PARTITION BY m.store_id, m.platform_conversation_id
            ORDER BY m.position NULLS FIRST, m.sent_at, m.platform_id ROWS UNBOUNDED PRECEDING) AS turn
    FROM records_message m JOIN unnest(%(stores)s::bigint[], %(talks)s::text[]) AS k (store_id, talk)
        ON m.store_id = k.store_id AND m.platform_conversation_id = k.talk
    WHERE m.visible AND m.role IN ('agent', 'seller', 'buyer')
), turns AS (
    SELECT store_id, talk, turn, min(sent_at) FILTER (WHERE role = 'buyer') AS asked_at,
        min(sent_at) FILTER (WHERE role <> 'buyer') AS began_at
    FROM turned GROUP BY store_id, talk, turn
), questions AS (
    SELECT store_id, talk, asked_at, lead(began_at) OVER (PARTITION BY store_id, talk ORDER BY turn) AS answered_at FROM turns
)
SELECT store_id, talk, asked_at, answered_at FROM questions
WHERE asked_at > %(since)s AND answered_at IS NOT NULL ORDER BY store_id, talk, asked_at
"""


def answered(cursor: CursorWrapper, keys: Sequence[tuple[int, str]], now: datetime) -> dict[int, tuple[Conversation, ...]]:
    """The answered questions of the conversations named by (store, platform id), by store; one query.

    Clocks of people differ: an answer that seems to come before its question came at once.
    """
    values: dict[str, Any] = {"stores": [key[0] for key in keys], "talks": [key[1] for key in keys], "since": now - WINDOW}
    cursor.execute(_ANSWERED, values)
    found: dict[int, list[Conversation]] = defaultdict(list)
    for store_id, talk, asked_at, answered_at in cursor.fetchall():
        found[store_id].append(_talk(talk, asked_at, max(asked_at, answered_at)))
    return {store_id: tuple(talks) for store_id, talks in found.items()}


_WAITING = """
SELECT store_id, platform_id, buyer_waits_since, NULL::timestamptz FROM records_conversation
WHERE store_id = ANY(%(ids)s) AND buyer_waits_since > %(since)s
UNION ALL
SELECT c.store_id, c.platform_id, o.starts_at, min(c.answered_at)
FROM findings_obligation o JOIN records_conversation c ON c.store_id = o.store_id AND c.platform_id = o.subject_id
WHERE o.store_id = ANY(%(ids)s) AND o.state IN ('open', 'breached') AND o.subject_kind = 'conversation'
    AND o.starts_at > %(since)s AND c.answered_at >= o.starts_at AND c.buyer_waits_since IS DISTINCT FROM o.starts_at
GROUP BY 1, 2, 3
"""


def waiting(cursor: CursorWrapper, store_ids: Sequence[int], now: datetime) -> dict[int, tuple[Conversation, ...]]:
    """Buyers of these stores who wait now, and those whose clock still runs in the ledger though the answer is there."""
    cursor.execute(_WAITING, {"ids": list(store_ids), "since": now - WINDOW})
    found: dict[int, list[Conversation]] = defaultdict(list)
    for store_id, *talk in cursor.fetchall():
        found[store_id].append(_talk(*talk))
    return {store_id: tuple(talks) for store_id, talks in found.items()}


def _talk(identity: str, asked_at: datetime, answered_at: datetime | None) -> Conversation:
    return Conversation(id=identity, buyer_first_at=asked_at, first_human_reply_at=answered_at, auto_reply_at=None)
