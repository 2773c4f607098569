"""What keeps us from telling: lost connections, facts past their trust, silent webhooks, records we could not read.

One cause is one finding. While it stands, the findings derived from what it took away are inhibited: hidden, not resolved, for
nothing says that they are over. When the facts come again they are back.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db.backends.utils import CursorWrapper

from storeward.findings.feeds import PUSH, Sight, StoreSight, StreamState, look
from storeward.findings.own_rules import (
    AUTHORISATION_ENDS,
    CONNECTION_LOST,
    FACTS_STALE,
    NEVER_CONNECTED,
    OWN_RULES,
    PUSH_SILENT,
    UNREADABLE,
)
from storeward.findings.reviews import reviews
from storeward.findings.rights import rights
from storeward.findings.rules import NO_ITEM, about, feeds
from storeward.findings.staging import copy
from storeward.findings.wanting import Wanted
from storeward.policy.types import Severity, State
from storeward.policy.wording import show
from storeward.stores.connecting import endings, warned_from

Said = tuple[str, str, str, str]
"""The sentence in English and Chinese, then its short form in both."""

STORE = "store"
UNREADABLE_FOR = timedelta(hours=24)
"""A record that could not be read is told of for so long after it was last seen."""
PRESSING = timedelta(days=3)
"""An authorisation that ends sooner than this is critical."""

_NAMES = {
    "orders": ("orders", "订单"),
    "packages": ("packages", "包裹"),
    "returns": ("returns", "退货退款"),
    "cancellations": ("cancellations", "取消申请"),
    "listings": ("listings", "商品"),
    "stock": ("stock", "库存"),
    "listing_pages": ("pages of listings", "商品页面"),
    "conversations": ("conversations", "会话"),
    "messages": ("messages", "消息"),
    "wallet": ("wallet", "钱包"),
    "statements": ("statements", "账单"),
    "statement_lines": ("lines of statements", "账单明细"),
    "payments": ("payments", "回款"),
    "unsettled": ("unsettled amounts", "待结算金额"),
    "score": ("shop score", "店铺评分"),
    "score_metrics": ("figures of the shop score", "店铺评分指标"),
    "performance": ("performance figures", "绩效指标"),
    "chat_performance": ("chat figures", "客服指标"),
    "sessions": ("chat sessions", "客服会话记录"),
    "stores": ("store profile", "店铺资料"),
    "tickets": ("service tickets", "服务工单"),
    "alerts": ("policy alerts", "违规预警"),
    "figures": ("seller figures", "卖家指标"),
    "packages_arranged": ("arranged packages", "已安排包裹"),
    "variations": ("stock of variations", "规格库存"),
    "listing_violations": ("listing violations", "商品违规"),
    "payouts": ("payouts", "打款"),
    "to_release": ("income to release", "待放款"),
    "releases": ("released income", "已放款"),
    "reckonings": ("income details", "收入明细"),
    "points": ("penalty points", "罚分"),
    "punishments": ("punishments", "处罚"),
    "punishments_ended": ("ended punishments", "已结束的处罚"),
    "listing_issues": ("listing issues", "商品问题"),
    "reviews": ("reviews", "评价"),
}


def stage(cursor: CursorWrapper, now: datetime, store_ids: Sequence[int] | None = None) -> Sight:
    """Put the causes of these stores (of all) that should stand into `wanted`, and those that are over into `gone`.

    Answers what can be seen, for those who judge by it.
    """
    sight = look(cursor, now, store_ids)
    rows = [*_of_stores(sight), *_unreadable(cursor, sight), *_ending(sight), *reviews(cursor, sight), *rights(cursor, sight)]
    copy(cursor, "wanted", (wanted.row for wanted in rows))
    _over(cursor, rows, store_ids)
    return sight


def _of_stores(sight: Sight) -> Iterator[Wanted]:
    for store in sight.stores.values():
        if store.by_hand:
            yield from _of_streams(store)
        elif store.connection_id is None:
            yield _cause(store, NEVER_CONNECTED, "not connected", _never())
        elif not store.connected:
            yield _cause(store, CONNECTION_LOST, f"connection:{store.connection_id}", _lost(store))
        else:
            yield from _of_streams(store)


def _of_streams(store: StoreSight) -> Iterator[Wanted]:
    stale = [s for s in store.streams if s.name != PUSH and s.stale and _was_expected(s)]
    if stale:
        yield _cause(store, FACTS_STALE, _cause_of(store, stale), _stale(store, stale))
    silent = next((s for s in store.streams if s.name == PUSH and s.stale), None)
    if silent is not None and _was_expected(silent):
        yield _cause(store, PUSH_SILENT, f"push:{store.platform}", _silent(store, silent))


def _cause_of(store: StoreSight, stale: list[StreamState]) -> str:
    """What fails in the same way at the same platform is one cause, in however many stores."""
    names = {stream.name for stream in stale}
    families = sorted({stream.error_family for stream in stale if stream.error_family})
    if store.by_hand:
        return "stale:file"
    return f"stale:{store.platform}:{names.pop() if len(names) == 1 else 'several'}:{families[0] if families else 'late'}"


def _was_expected(stream: StreamState) -> bool:
    """A stream that was never asked yet is not late: its first answer is on the way."""
    return stream.seen is not None or stream.failing_since is not None or bool(stream.error_family)


def _cause(store: StoreSight, rule: str, cause: str, why: Said) -> Wanted:
    return Wanted(
        store_id=store.id,
        workspace_id=store.workspace_id,
        rule=rule,
        subject_kind=STORE,
        subject_id=store.key,
        item=NO_ITEM,
        state=State.UNKNOWN,
        severity=OWN_RULES[rule].severity,
        rule_severity=OWN_RULES[rule].weight,
        action=about(rule).action,
        cause=cause,
        details=_details(why),
    )


def _details(why: Said, **more: Any) -> str:
    told = {"why": {"en": why[0], "zh": why[1]}, "brief": {"en": why[2], "zh": why[3]}}
    return msgspec.json.encode({**told, **more}).decode()


# -- the sentences -----------------------------------------------------------------------------------------------------


def _never() -> Said:
    return (
        "No authorisation for this store is held: nothing of it has been seen.",
        "尚未取得该店铺的授权,系统没有看到任何数据。",
        "No authorisation held · nothing seen",
        "尚未授权 · 没有任何数据",
    )


def _lost(store: StoreSight) -> Said:
    since = _at(store, store.connection_since)
    reason = store.connection_reason.rstrip(".。") or str(store.connection_state)
    return (
        f"The authorisation has not worked since {since[0]}: {reason}. All that hangs on it is unknown.",
        f"授权自{since[1]}起失效({reason}),相关数据全部未知。",
        f"Since {since[0]} · {reason}",
        f"自{since[1]}起 · {reason}",
    )


def _stale(store: StoreSight, streams: list[StreamState]) -> Said:
    seen = min((s.observed_at for s in streams if s.observed_at is not None), default=None)
    reason = next((s.error_text.rstrip(".。") for s in streams if s.error_text), "")
    named = [_NAMES.get(s.name, (s.name, s.name)) for s in sorted(streams, key=lambda s: s.name)]
    english, chinese = ", ".join(dict.fromkeys(n[0] for n in named)), "、".join(dict.fromkeys(n[1] for n in named))
    told = (f" The last try failed: {reason}.", f"最近一次尝试失败:{reason}。") if reason else ("", "")
    if seen is None:
        return (
            f"Never seen yet: {english}.{told[0]}",
            f"{chinese}:尚未获取到。{told[1]}",
            f"Never seen: {english}",
            f"尚未获取:{chinese}",
        )
    last = _at(store, seen)
    return (
        f"Last seen {last[0]}, longer ago than it may be trusted: {english}.{told[0]}",
        f"{chinese}:最后获取于{last[1]},已超过可信期限。{told[1]}",
        f"Last seen {last[0]} · {english}",
        f"最后获取{last[1]} · {chinese}",
    )


def _silent(store: StoreSight, stream: StreamState) -> Said:
    since = _at(store, stream.failing_since or stream.observed_at)
    return (
        f"The platform has sent no notices since {since[0]}, although things changed.",
        f"自{since[1]}起,平台没有推送任何通知,但数据已有变化。",
        f"No notice since {since[0]}, although things changed",
        f"自{since[1]}起没有推送,但数据已有变化",
    )


def _at(store: StoreSight, at: datetime | None) -> tuple[str, str]:
    if at is None:
        return "never", "从未"
    zone = ZoneInfo(store.timezone)
    return show(at.replace(second=0, microsecond=0), "en", zone), show(at.replace(second=0, microsecond=0), "zh", zone)


# -- records we could not read, causes that are over -------------------------------------------------------------------


def _unreadable(cursor: CursorWrapper, sight: Sight) -> Iterator[Wanted]:
    cursor.execute(
        """
        SELECT store_id, operation, sum(count)::bigint, min(field || ': ' || message) FROM records_problem
        WHERE store_id = ANY(%s) AND level = 'error' AND seen_at > %s GROUP BY store_id, operation
        """,
        [list(sight.stores), sight.now - UNREADABLE_FOR],
    )
    for store_id, operation, count, example in cursor.fetchall():
        store = sight.stores[store_id]
        why = (
            f"{count} × {operation} could not be read in full, for example {example}.",
            f"{operation} 有 {count} 条数据未能完整读取,例如 {example}。",
            f"{count} × {operation} not read in full",
            f"{operation} 有 {count} 条未能完整读取",
        )
        yield Wanted(
            store_id=store_id,
            workspace_id=store.workspace_id,
            rule=UNREADABLE,
            subject_kind="operation",
            subject_id=operation,
            item=NO_ITEM,
            state=State.UNKNOWN,
            severity=OWN_RULES[UNREADABLE].severity,
            rule_severity=OWN_RULES[UNREADABLE].weight,
            action=about(UNREADABLE).action,
            cause=f"unreadable:{operation}",
            details=_details(why),
        )


def _ending(sight: Sight) -> Iterator[Wanted]:
    """Authorisations that only the seller can prolong, each told once, by its first store: one consent renews all of them."""
    for ending in endings(sight.stores, now=sight.now):
        store = sight.stores.get(min(ending.store_ids, default=0))
        if store is None:
            continue
        due, count = _at(store, ending.ends_at), len(ending.store_ids)
        english = f"{count} stores" if count > 1 else "this store"
        chinese = f"{count} 家店铺" if count > 1 else "该店铺"
        why = (
            f"The authorisation of {english} ends {due[0]}; only the seller can prolong it, on the platform's page.",
            f"{chinese}的授权将于{due[1]}到期,只有卖家能在平台页面上续期。",
            f"Ends {due[0]} · {english}",
            f"{due[1]}到期 · {chinese}",
        )
        yield Wanted(
            store_id=store.id,
            workspace_id=store.workspace_id,
            rule=AUTHORISATION_ENDS,
            subject_kind=STORE,
            subject_id=store.key,
            item=NO_ITEM,
            state=State.AT_RISK,
            severity=Severity.CRITICAL if ending.ends_at <= sight.now + PRESSING else OWN_RULES[AUTHORISATION_ENDS].severity,
            rule_severity=OWN_RULES[AUTHORISATION_ENDS].weight,
            action=about(AUTHORISATION_ENDS).action,
            due_at=ending.ends_at,
            starts_at=warned_from(ending.platform, ending.ends_at),
            cause=f"connection:{ending.connection_id}",
            details=_details(why),
        )


def _over(cursor: CursorWrapper, rows: Iterable[Wanted], store_ids: Sequence[int] | None) -> None:
    """Our own findings that stand and should not. Facts that somebody entered and listings are judged elsewhere: their
    subject is `fact`, and `listing`."""
    keys = [(row.store_id, row.rule, row.subject_id) for row in rows]
    only = "" if store_ids is None else "AND f.store_id = ANY(%(ids)s)"
    cursor.execute(
        f"""
        INSERT INTO pg_temp.gone SELECT f.id FROM findings_finding f
        WHERE f.holds AND f.rule = ANY(%(own)s) AND f.subject_kind NOT IN ('fact', 'listing') {only}
        AND (f.store_id, f.rule, f.subject_id) NOT IN (
            SELECT * FROM unnest(%(stores)s::bigint[], %(rules)s::text[], %(subjects)s::text[]))
        """,  # noqa: S608
        {
            "own": list(OWN_RULES),
            "ids": list(store_ids or ()),
            "stores": [key[0] for key in keys],
            "rules": [key[1] for key in keys],
            "subjects": [key[2] for key in keys],
        },
    )


# -- inhibition --------------------------------------------------------------------------------------------------------


_SHADED = """unnest(%(stores)s::bigint[], %(feeds)s::text[]) AS d (store_id, feed)
    JOIN unnest(%(rules)s::text[], %(rule_feeds)s::text[]) AS r (rule, feed) USING (feed)"""


def shade(cursor: CursorWrapper, sight: Sight, store_ids: Sequence[int] | None = None) -> None:
    """Hide the findings that stand on what cannot be believed, and show those again whose facts are back."""
    dark = [(store_id, feed) for store_id in sight.stores for feed in sight.dark(store_id)]
    values: dict[str, Any] = {
        "stores": [store for store, _ in dark],
        "feeds": [feed for _, feed in dark],
        "rules": list(feeds()),
        "rule_feeds": list(feeds().values()),
        "ids": list(store_ids or ()),
    }
    if dark:
        cursor.execute(
            f"""
            UPDATE findings_finding f SET inhibited = true FROM {_SHADED}
            WHERE f.store_id = d.store_id AND f.rule = r.rule AND f.status <> 'resolved' AND NOT f.inhibited
            """,  # noqa: S608
            values,
        )
    only = "" if store_ids is None else "AND f.store_id = ANY(%(ids)s)"
    cursor.execute(
        f"""
        UPDATE findings_finding f SET inhibited = false WHERE f.inhibited {only}
        AND NOT EXISTS (SELECT FROM {_SHADED} WHERE f.store_id = d.store_id AND f.rule = r.rule)
        """,  # noqa: S608
        values,
    )
