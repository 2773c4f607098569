"""Rows become the facts that rules read: one query a table for any number of stores.

Which feed brings which fact, and how long it may be trusted, is decided here. A fact whose feed is past its trust is missing
(`None`: unknown), never its last value. A fact that no API gives and nobody has entered is missing as well; one that was entered
carries its age, so that the rules can call it old.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from django.db.backends.utils import CursorWrapper
from msgspec import UNSET

from storeward.findings.feeds import Sight
from storeward.findings.figures import POINTS_OF, SHOPEE, figures
from storeward.findings.talks import waiting
from storeward.policy import facts as shapes
from storeward.policy.facts import Facts, StoreProfile

T = TypeVar("T")
Key = tuple[int, str, str]
"""Store, kind and id of a subject."""
Amount = tuple[Decimal | None, str | None]

ENTERED_TRUST: dict[str, timedelta] = {
    "two_step_verification": timedelta(days=8),
    "withdrawal_frozen": timedelta(days=3),
    "deposit": timedelta(days=32),
    "certification": timedelta(days=8),
}
"""How long an entered value without an age of its own is believed, where the item it serves is looked at less than daily."""

HISTORY = timedelta(days=400)
"""Events longer ago are over for every rule that we know."""
BALANCE_HISTORY = timedelta(days=60)
POINTS_HISTORY = timedelta(days=400)


@dataclass(slots=True)
class StoreFacts:
    """A store as the rules see it, what its subjects are worth, and when an entered fact grows too old."""

    id: int
    workspace_id: int
    profile: StoreProfile
    facts: Facts
    stakes: Mapping[tuple[str, str], Amount]
    balance: Amount
    """The balance now; (None, None) where it is not known."""
    ages_at: datetime | None
    """The next instant at which an entered fact outlives its trust."""


@dataclass(slots=True)
class _Draft:
    """The facts of one store while they are collected."""

    given: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, shapes.Source | None] = field(default_factory=dict)
    stakes: dict[tuple[str, str], Amount] = field(default_factory=dict)
    expiries: list[datetime] = field(default_factory=list)


def profiles(cursor: CursorWrapper, store_ids: Sequence[int]) -> dict[int, tuple[int, StoreProfile]]:
    """Workspace and profile of each store."""
    cursor.execute(
        "SELECT id, workspace_id, key, platform, region, timezone, currency, seller_type, status, state, programme, "
        "settings::text FROM stores_store WHERE id = ANY(%s)",
        [list(store_ids)],
    )
    return {row[0]: (row[1], _profile(row[2:])) for row in cursor.fetchall()}


def _profile(row: tuple[Any, ...]) -> StoreProfile:
    key, platform, region, timezone, currency, seller_type, status, state, programme, settings = row
    wishes = msgspec.json.decode(settings or "{}", type=_Settings)
    return StoreProfile(
        store_id=key,
        platform=platform,
        region=region,
        timezone=timezone,
        currency=currency,
        seller_type=seller_type,
        status=status,
        state=state or None,
        programme=programme or "none",
        working_days=wishes.working_days,
        holiday_mode=wishes.holiday_mode,
        chatbot_on=wishes.chatbot_on,
    )


class _Settings(msgspec.Struct, frozen=True):
    working_days: tuple[str, ...] | None = None
    holiday_mode: tuple[shapes.Pause, ...] | None = ()
    chatbot_on: bool | None = False


def collect(cursor: CursorWrapper, store_ids: Sequence[int], *, sight: Sight, fx: shapes.Fx, now: datetime) -> list[StoreFacts]:
    """The facts of many stores but their orders and rates, set-wise: the number of queries does not depend on how many stores.

    `sight` says which feeds can be believed; `fx` are the rates that convert balances.
    """
    ids = sorted(set(store_ids))
    known = profiles(cursor, ids)
    drafts: dict[int, _Draft] = defaultdict(_Draft)
    _events(cursor, ids, drafts, now)
    _entered(cursor, ids, drafts, now)
    platforms = {store_id: profile.platform for store_id, (_, profile) in known.items()}
    _points(cursor, platforms, drafts, sight, now)
    _violations(cursor, ids, drafts)
    _listings_held(cursor, _of(platforms, SHOPEE), drafts, sight)
    balances = _balances(cursor, ids, drafts, sight, now)
    _conversations(cursor, ids, drafts, sight, now)
    _after_sales(cursor, ids, platforms, drafts, sight)
    _stock(cursor, ids, drafts, sight)
    _pre_orders(cursor, _of(platforms, SHOPEE), drafts, sight)
    _scores(cursor, ids, drafts)
    _figures(cursor, platforms, drafts, sight, now)
    return [_finish(i, *known[i], drafts[i], balances.get(i, (None, None)), fx, now) for i in ids if i in known]


def _of(platforms: Mapping[int, str], platform: str) -> list[int]:
    return [store_id for store_id, its in platforms.items() if its == platform]


_NEVER_ENTERED: tuple[str, ...] = (
    "activities",
    "ahr",
    "violation_points",
    "penalty_points",
    "non_compliance_points",
    "violations",
    "security",
    "withdrawal_frozen",
    "settlement",
    "certification",
)
"""What platforms rarely or never offer: asked for, and not known until somebody enters it."""


def _finish(
    store_id: int, workspace_id: int, profile: StoreProfile, draft: _Draft, balance: Amount, fx: shapes.Fx, now: datetime
) -> StoreFacts:
    given: dict[str, Any] = dict.fromkeys(_NEVER_ENTERED) | draft.given
    # Rates are counted from the ledger, later: without this the rules would count the few conversations named here.
    given["response_counts"] = shapes.ResponseCounts()
    facts = Facts(**given, fx=fx, sources=draft.sources or UNSET)
    ages = min((at for at in draft.expiries if at > now), default=None)
    return StoreFacts(store_id, workspace_id, profile, facts, draft.stakes, balance, ages)


# -- events, entered values, points, violations ------------------------------------------------------------------------


def _events(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], now: datetime) -> None:
    """The latest of each kind of activity and attestation is all that counts; of notices every one."""
    cursor.execute(
        """
        SELECT DISTINCT ON (store_id, family, type, actor, CASE WHEN family = 'notice' THEN at END)
            store_id, family, type, actor, at, answered_at
        FROM records_storeevent WHERE store_id = ANY(%s) AND at > %s
        ORDER BY store_id, family, type, actor, CASE WHEN family = 'notice' THEN at END, at DESC
        """,
        [ids, now - HISTORY],
    )
    for store_id, family, kind, actor, at, answered_at in cursor.fetchall():
        draft = drafts[store_id]
        match family:
            case "activity":
                _add(draft, "activities", shapes.Activity(at=at, type=kind, actor=actor))
            case "notice":
                _add(draft, "notices", shapes.Notice(at=at, type=kind, answered_at=answered_at))
            case "attestation":
                _add(draft, "attestations", shapes.Attestation(item=kind, at=at))
            case _:
                pass  # a family of a later version: no rule here reads it


def _add(draft: _Draft, name: str, fact: object) -> None:
    draft.given[name] = (*draft.given.get(name, ()), fact)


def _entered(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], now: datetime) -> None:
    """Single values: the newest of each name, with its age."""
    cursor.execute(
        """
        SELECT DISTINCT ON (store_id, name) store_id, name, value::text, as_of, origin, entered_by
        FROM records_storefact WHERE store_id = ANY(%s) AND as_of <= %s ORDER BY store_id, name, as_of DESC
        """,
        [ids, now + timedelta(minutes=10)],
    )
    for store_id, name, value, as_of, origin, by in cursor.fetchall():
        _enter(drafts[store_id], name, value, shapes.Source(origin=origin, as_of=as_of, by=by), now)


def _enter(draft: _Draft, name: str, value: str | None, source: shapes.Source, now: datetime) -> None:
    as_of = source.as_of
    assert isinstance(as_of, datetime)
    draft.expiries.append(as_of + ENTERED_TRUST.get(name, timedelta(hours=48)) + timedelta(microseconds=1))
    shape = _SHAPES.get(name)
    if shape is None:
        return
    fact = _decoded(value, shape)
    if name == "ahr" and isinstance(fact, shapes.AccountHealth):
        fact = msgspec.structs.replace(fact, as_of=as_of)
    if name == "two_step_verification":
        name, fact = "security", shapes.Security(two_step_verification=fact)
    trust = ENTERED_TRUST.get(_ENTERED_AS.get(name, name))
    draft.given[name] = fact
    if trust is None or now - as_of > trust:
        draft.sources[name] = source


_ENTERED_AS = {"security": "two_step_verification"}

_SHAPES: dict[str, Any] = {
    "ahr": shapes.AccountHealth | None,
    "withdrawal_frozen": bool | None,
    "two_step_verification": bool | None,
    "deposit": shapes.Deposit | None,
    "settlement": shapes.Settlement | None,
    "certification": shapes.Certification | None,
    "penalty_points": shapes.PointTotal | None,
    "non_compliance_points": shapes.PointTotal | None,
    "sub_accounts": tuple[shapes.SubAccount, ...] | None,
    "login_events": tuple[shapes.LoginEvent, ...] | None,
    "linked_stores": tuple[shapes.LinkedStore, ...] | None,
    "content_checks": tuple[shapes.ContentCheck, ...] | None,
    "reviews": tuple[shapes.ReviewFacts, ...] | None,
    "scores": dict[str, shapes.Score | None] | None,
    "disputes": tuple[shapes.Dispute, ...] | None,
    "listings": shapes.ListingCounts | None,
}
"""Facts that can be entered as one value, in the shapes of the facts format."""


def _decoded(value: str | None, shape: Any) -> Any:
    """The value in its shape; None (unknown) for what does not fit: entry checks it, so this is an old or foreign row."""
    try:
        return msgspec.json.decode(value or "null", type=shape, strict=False)
    except msgspec.ValidationError:
        return None


Look = tuple[datetime, str]
"""When somebody last looked, and how what was seen came here."""


def _points(cursor: CursorWrapper, platforms: Mapping[int, str], drafts: dict[int, _Draft], sight: Sight, now: datetime) -> None:
    """Entries that may still count. They are as old as the newest look at them: an entry, or 'nothing new' as a fact; where a
    feed brings them, as fresh as the feed."""
    ids = list(platforms)
    cursor.execute(
        """
        SELECT store_id, points, issued_at, observed_at, origin FROM records_pointsentry
        WHERE store_id = ANY(%s) AND issued_at > %s ORDER BY store_id, issued_at
        """,
        [ids, now - POINTS_HISTORY],
    )
    entries: dict[int, list[shapes.PointEntry]] = defaultdict(list)
    looked: dict[int, Look] = {}
    for store_id, points, issued_at, observed_at, origin in cursor.fetchall():
        entries[store_id].append(shapes.PointEntry(points=points, issued_at=issued_at))
        _later(looked, store_id, (observed_at, origin))
    cursor.execute(
        "SELECT store_id, max(as_of), max(origin) FROM records_storefact WHERE store_id = ANY(%s) AND name = 'violation_points' "
        "AND as_of <= %s GROUP BY store_id",
        [ids, now],
    )
    for store_id, as_of, origin in cursor.fetchall():
        _later(looked, store_id, (as_of, origin))
    for store_id, platform in platforms.items():
        name, held = POINTS_OF.get(platform, "violation_points"), tuple(entries[store_id])
        value = shapes.PointTotal(entries=held) if platform in POINTS_OF else held
        if platform == SHOPEE and _fed(sight, store_id, "points"):
            drafts[store_id].given[name] = value if sight.sees(store_id, "points") else None
            drafts[store_id].sources.pop(name, None)
        elif store_id in looked:
            _told_points(drafts[store_id], name, value, looked[store_id])


def _later(looked: dict[int, Look], store_id: int, look: Look) -> None:
    if store_id not in looked or look[0] > looked[store_id][0]:
        looked[store_id] = look


def _fed(sight: Sight, store_id: int, feed: str) -> bool:
    """Whether the store has a feed of that name at all."""
    store = sight.stores.get(store_id)
    return store is not None and bool(store.of(feed))


def _told_points(draft: _Draft, name: str, value: object, look: Look) -> None:
    """What people entered, unless a total that was entered is newer."""
    as_of, origin = look
    total = draft.sources.get(name)
    if total is not None and isinstance(total.as_of, datetime) and total.as_of > as_of:
        return
    draft.given[name] = value
    draft.sources[name] = shapes.Source(origin=origin, as_of=as_of)
    draft.expiries.append(as_of + timedelta(hours=48, microseconds=1))


class _ViolationData(msgspec.Struct, frozen=True):
    appeals: tuple[shapes.Appeal, ...] = ()
    quiz_open: bool | None = None
    category: str | None = None


def _violations(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft]) -> None:
    cursor.execute(
        "SELECT store_id, platform_id, status, notified_at, deadline_at, data::text FROM records_violation "
        "WHERE store_id = ANY(%s)",
        [ids],
    )
    for store_id, platform_id, status, notified_at, deadline_at, data in cursor.fetchall():
        more = msgspec.json.decode(data, type=_ViolationData, strict=False)
        violation = shapes.Violation(
            id=platform_id,
            status=status,
            category=more.category or UNSET,
            notified_at=notified_at or UNSET,
            deadline=deadline_at,
            quiz_open=UNSET if more.quiz_open is None else more.quiz_open,
            appeals=more.appeals,
        )
        _add(drafts[store_id], "violations", violation)


def _listings_held(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], sight: Sight) -> None:
    """Listings that the platform has taken off sale for a breach, one for each: a breach that was mended stays among its rows,
    so the listing itself says whether it still stands."""
    seen = [store_id for store_id in ids if sight.sees(store_id, "violations")]
    for store_id in seen:
        drafts[store_id].given.setdefault("violations", ())
    if not seen:
        return
    cursor.execute(
        """
        SELECT v.store_id, l.platform_id, max(v.notified_at), min(v.deadline_at) FROM records_violation v
        JOIN records_listing l ON l.store_id = v.store_id AND l.platform_id = v.data ->> 'platform_subject_id'
        WHERE v.store_id = ANY(%s) AND l.status IN ('off_by_platform', 'rejected', 'frozen') GROUP BY 1, 2
        """,
        [seen],
    )
    for store_id, listing, notified_at, deadline_at in cursor.fetchall():
        held = shapes.Violation(
            id=listing,
            status="enforced",
            category="listing_violation",
            notified_at=notified_at or UNSET,
            deadline=deadline_at,
            appeals=(),
        )
        _add(drafts[store_id], "violations", held)


# -- money -------------------------------------------------------------------------------------------------------------


def _balances(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], sight: Sight, now: datetime) -> dict[int, Amount]:
    """Balances of the last weeks and the one before them, which held when they began; answers the balance now."""
    since = now - BALANCE_HISTORY
    cursor.execute(
        """
        SELECT store_id, at, amount, currency FROM records_balanceevent
        WHERE store_id = ANY(%(ids)s) AND at > %(since)s AND at <= %(now)s
        UNION ALL
        SELECT before.* FROM unnest(%(ids)s::bigint[]) AS s (id), LATERAL (
            SELECT store_id, at, amount, currency FROM records_balanceevent
            WHERE store_id = s.id AND at <= %(since)s ORDER BY at DESC LIMIT 1
        ) before
        ORDER BY 1, 2
        """,
        {"ids": ids, "since": since, "now": now},
    )
    latest: dict[int, Amount] = {}
    for store_id, at, amount, currency in cursor.fetchall():
        _add(drafts[store_id], "balance_events", shapes.BalanceEvent(at=at, balance=amount, currency=currency))
        latest[store_id] = (amount, currency)
    for store_id in ids:
        if not sight.sees(store_id, "finance") or store_id not in latest:
            drafts[store_id].given["balance_events"] = None
    return latest


# -- conversations, requests, stock ------------------------------------------------------------------------------------


def _conversations(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], sight: Sight, now: datetime) -> None:
    for store_id, talks in waiting(cursor, ids, now).items():
        drafts[store_id].given["conversations"] = talks
    _none_or_empty(ids, drafts, sight, "conversations", "conversations")


def _none_or_empty(ids: Iterable[int], drafts: dict[int, _Draft], sight: Sight, feed: str, *names: str) -> None:
    """What a believed feed did not name does not exist; what a feed past its trust names is not known."""
    for store_id in ids:
        for name in names:
            if sight.sees(store_id, feed):
                drafts[store_id].given.setdefault(name, ())
            else:
                drafts[store_id].given[name] = None


COUNTS_ITSELF = "tiktok_shop"
"""There the instant of the answer stays when the seller has answered; elsewhere one that is stated says whose turn it is."""


class _Asked(msgspec.Struct, frozen=True):
    refund_asked: dict[str, Any] | None = None


def _after_sales(
    cursor: CursorWrapper, ids: list[int], platforms: Mapping[int, str], drafts: dict[int, _Draft], sight: Sight
) -> None:
    """Requests that wait, and those that the ledger still counts as waiting."""
    cursor.execute(
        """
        SELECT a.store_id, a.kind, a.platform_id, a.status, a.requested_at, a.answer_by_at, a.updated_at, a.observed_at, a.open,
            a.data::text
        FROM records_aftersale a WHERE a.store_id = ANY(%(ids)s) AND (a.open OR (a.store_id, a.platform_id) IN (
            SELECT o.store_id, o.subject_id FROM findings_obligation o
            WHERE o.store_id = ANY(%(ids)s) AND o.state IN ('open', 'breached')
                AND o.subject_kind IN ('return_request', 'cancellation_request')))
        """,
        {"ids": ids},
    )
    for (
        store_id,
        kind,
        platform_id,
        status,
        requested_at,
        answer_by_at,
        updated_at,
        observed_at,
        waits,
        data,
    ) in cursor.fetchall():
        draft = drafts[store_id]
        asked_now = answer_by_at is not None and platforms.get(store_id) != COUNTS_ITSELF
        waiting_still = waits and (asked_now or status in ("pending", "unknown", None))
        answered_at = None if waiting_still else updated_at or observed_at
        answer_by = answer_by_at or UNSET
        if kind == "return":
            request = shapes.ReturnRequest(
                id=platform_id,
                requested_at=requested_at,
                manual_review=answer_by_at is not None,
                answered_at=answered_at,
                return_shipped_at=updated_at if status == "shipped_back" and updated_at else UNSET,
                checked_at=None,
                answer_by=answer_by,
            )
            _add(draft, "return_requests", request)
        else:
            asked = shapes.CancellationRequest(
                id=platform_id, requested_at=requested_at, answered_at=answered_at, answer_by=answer_by
            )
            _add(draft, "cancellation_requests", asked)
        draft.stakes[(f"{kind}_request", platform_id)] = _refund(data)
    _none_or_empty(ids, drafts, sight, "aftersales", "return_requests", "cancellation_requests")


def _refund(data: str) -> Amount:
    asked = msgspec.json.decode(data, type=_Asked).refund_asked or {}
    amount = asked.get("amount")
    return (Decimal(str(amount)) if amount is not None else None, asked.get("currency"))


class _Sku(msgspec.Struct, frozen=True):
    platform_sku_id: str = ""
    seller_sku: str | None = None
    available: int | None = None


class _Skus(msgspec.Struct, frozen=True):
    skus: tuple[_Sku, ...] = ()


def _stock(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], sight: Sight) -> None:
    """SKUs that are on sale and have run out; the rest are fine and need not be named."""
    cursor.execute("SELECT store_id, data::text FROM records_listing WHERE store_id = ANY(%s) AND live AND lowest <= 0", [ids])
    for store_id, data in cursor.fetchall():
        for sku in msgspec.json.decode(data, type=_Skus).skus:
            if sku.available is not None and sku.available <= 0:
                level = shapes.StockLevel(sku=sku.platform_sku_id, sellable=Decimal(0), live=True)
                _add(drafts[store_id], "stock", level)
    _none_or_empty(ids, drafts, sight, "listings", "stock")
    _live(cursor, ids, drafts, sight)


def _live(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], sight: Sight) -> None:
    """How many listings are live, where we see them; where we do not, what was entered counts."""
    seen = [store_id for store_id in ids if sight.sees(store_id, "listings")]
    cursor.execute("SELECT store_id, count(*) FROM records_listing WHERE store_id = ANY(%s) AND live GROUP BY store_id", [seen])
    live = dict(cursor.fetchall())
    for store_id in seen:
        drafts[store_id].given["listings"] = shapes.ListingCounts(live=Decimal(live.get(store_id, 0)))
        drafts[store_id].sources.pop("listings", None)


def _pre_orders(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], sight: Sight) -> None:
    """How many of the live listings are sold before they are there."""
    seen = [store_id for store_id in ids if sight.sees(store_id, "listings")]
    if not seen:
        return
    cursor.execute(
        "SELECT store_id, count(*) FROM records_listing WHERE store_id = ANY(%s) AND live AND (data ->> 'pre_order') = 'true' "
        "GROUP BY store_id",
        [seen],
    )
    found = dict(cursor.fetchall())
    for store_id in seen:
        given = drafts[store_id].given
        given["listings"] = msgspec.structs.replace(given["listings"], pre_order=Decimal(found.get(store_id, 0)))


# -- the platform's own scores -------------------------------------------------------------------------------------------


class _Figure(msgspec.Struct, frozen=True):
    value: Decimal | None = None


def _scores(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft]) -> None:
    """The platform's own scores, where it gives them: the shop performance score (US)."""
    cursor.execute(
        "SELECT store_id, platform_id, as_of, observed_at, data::text FROM records_metric WHERE store_id = ANY(%s)", [ids]
    )
    for store_id, platform_id, as_of, observed_at, data in cursor.fetchall():
        if platform_id in _SCORES:
            score = shapes.Score(value=msgspec.json.decode(data, type=_Figure, strict=False).value, as_of=as_of or observed_at)
            given = drafts[store_id].given
            given["scores"] = {**(given.get("scores") or {}), _SCORES[platform_id]: score}


_SCORES = {
    "shop_performance_score": "shop_performance_score",
    "SPS": "shop_performance_score",
    "store_rating": "store_rating",
}


def _figures(cursor: CursorWrapper, platforms: Mapping[int, str], drafts: dict[int, _Draft], sight: Sight, now: datetime) -> None:
    """The platform's own rates, response rate and rating, on platforms that tell them."""
    for store_id, told in figures(cursor, platforms, sight, now).items():
        given = drafts[store_id].given
        if told.metrics is not UNSET:
            given["metrics"] = told.metrics
        if told.chat is not UNSET:
            given["chat"] = told.chat
        if isinstance(told.rating, shapes.Score) or told.rating is None:
            given["scores"] = {**(given.get("scores") or {}), "overall_performance_rating": told.rating}
