"""Who answered buyers: how many questions, how many of them in time, how fast; per person and store (MSG-14).

A person is whoever the platform names as the sender of the answer. Platforms that name nobody leave the name empty, and questions
that nobody has answered in time stand under nobody: they belong to the store, not to a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.db import connection

from storeward.policy.terms import book

REPLY: Final = "reply"


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person answered in one store within one clock. `person` None: nobody has answered; empty: somebody unnamed."""

    store_id: int
    rule: str
    person: str | None
    questions: int
    in_time: int
    median: timedelta | None


@cache
def _rules() -> list[str]:
    return [rule.id for _, rule in book() if rule.form == REPLY]


_ANSWERS: Final = """
SELECT o.store_id, o.rule, CASE WHEN o.done_at IS NULL THEN NULL ELSE coalesce(m.person, '') END AS person, count(*),
    count(*) FILTER (WHERE o.state = 'met'), percentile_cont(0.5) WITHIN GROUP (ORDER BY o.done_at - o.starts_at)
FROM findings_obligation o LEFT JOIN LATERAL (
    SELECT coalesce(nullif(m.data ->> 'sender_name', ''), m.data ->> 'platform_sender_id') AS person FROM records_message m
    WHERE m.store_id = o.store_id AND m.platform_conversation_id = o.subject_id AND m.visible AND m.role IN ('agent', 'seller')
        AND m.sent_at >= o.starts_at
    ORDER BY m.sent_at, m.position LIMIT 1
) m ON o.done_at IS NOT NULL
WHERE o.store_id = ANY(%(ids)s) AND o.rule = ANY(%(rules)s) AND o.state IN ('met', 'met_late', 'breached')
    AND o.due_at > %(since)s AND o.starts_at > %(since)s AND o.starts_at <= %(now)s
GROUP BY 1, 2, 3 ORDER BY 1, 2, count(*) DESC, person NULLS LAST
"""


def answers(store_ids: Sequence[int], *, since: datetime, now: datetime) -> list[Answers]:
    """Per store and clock the people who answered questions asked since then, the busiest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, {"ids": list(store_ids), "rules": _rules(), "since": since, "now": now})
        return [Answers(*row) for row in cursor.fetchall()]
