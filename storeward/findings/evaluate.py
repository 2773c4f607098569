"""New data: what changed is judged again, and findings follow. One of the two clocks (the other: `clock`).

    Change rows -> facts -> policy.duties -> obligations and readings -> findings, transitions

Everything happens in bulk and in one transaction a chunk: the changes are gone exactly when what follows from them is written.
Orders have a path of their own, for they come by the ten thousand: only those that changed are judged. So have the questions of
buyers that were answered already: they only count in the rates. The rest of a store's duties are few, and judged as a whole;
the rates come last, for they count what was written before.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db.backends.utils import CursorWrapper

from storeward.findings import causes, listings
from storeward.findings.actions import ACTIONS
from storeward.findings.difference import Moves, settle
from storeward.findings.facts import StoreFacts, collect, profiles
from storeward.findings.feeds import Sight
from storeward.findings.ledger import NO_STAKE, Settled, Stake, known_orders, write_settled
from storeward.findings.locks import hold_stores
from storeward.findings.order_facts import Key, OrderRow, changed_orders
from storeward.findings.own_rules import FACTS_STALE, OWN_RULES
from storeward.findings.rates import rates
from storeward.findings.rules import about, feeds, rule_table
from storeward.findings.staging import copy, copy_duties, staged
from storeward.findings.talks import answered
from storeward.findings.wanting import Wanted, from_obligations
from storeward.findings.worth import Worth
from storeward.findings.write import delete_readings, upsert_obligations, upsert_readings, void_missing, withdraw
from storeward.lib.binary import JSONB_VERSION, instant
from storeward.policy.engine import duties
from storeward.policy.facts import Facts, StoreProfile
from storeward.policy.rules.ship_by import order_obligations
from storeward.policy.terms import Book
from storeward.policy.types import FINDING_STATES, NO_FIGURE, Obligation, Reading, State, Why
from storeward.policy.wording import LANGUAGES, Language, say
from storeward.rulebook.force import books

CHUNK = 5_000
"""Changes taken in one transaction."""
STORES_AT_ONCE = 50

ORDER = "order"
CONVERSATION = "conversation"
FACT = "fact"
MISSING, OLD = "unknown.missing", "unknown.old"
"""The sentences by which the rules say that a fact is missing, or known and too old."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation did."""

    stores: int = 0
    changes: int = 0
    obligations: int = 0
    moves: Moves = field(default_factory=Moves)

    def __add__(self, other: "Evaluated") -> "Evaluated":
        return Evaluated(
            self.stores + other.stores,
            self.changes + other.changes,
            self.obligations + other.obligations,
            self.moves + other.moves,
        )


def evaluate(store_ids: Sequence[int], *, now: datetime) -> Evaluated:
    """Judge these stores by what changed since the last time: the changed orders, and all other duties of each store.

    Opens transactions of its own, so call it outside of one. Any number of evaluators may run at once; two that are given the
    same store take turns. Answers the counts of what was done.
    """
    done = Evaluated()
    ids = sorted(set(store_ids))
    for start in range(0, len(ids), STORES_AT_ONCE):
        chunk = ids[start : start + STORES_AT_ONCE]
        done += _all_changes(chunk, now) + _stores_step(chunk, now) + Evaluated(moves=listings.look_again(chunk, now=now))
    return done


def evaluate_orders(store_ids: Sequence[int], *, now: datetime) -> Evaluated:
    """Judge the orders of these stores that have changed, and nothing else: for the time while more are on their way.

    Whoever calls this calls `evaluate` in the end: what follows from orders together (rates) is judged there.
    """
    return _all_changes(sorted(set(store_ids)), now, only_orders=True)


def _all_changes(store_ids: list[int], now: datetime, *, only_orders: bool = False) -> Evaluated:
    """Chunk by chunk until none is left."""
    done = Evaluated()
    while (step := _changes_step(store_ids, now, only_orders=only_orders)).changes == CHUNK:
        done += step
    return done + step


# -- what changed ------------------------------------------------------------------------------------------------------------

_TAKE = """
DELETE FROM records_change WHERE id IN (
    SELECT id FROM records_change WHERE store_id = ANY(%s) AND (%s OR kind = 'order') ORDER BY store_id, id LIMIT %s
) RETURNING id, store_id, kind, platform_id, told
"""


def _changes_step(store_ids: list[int], now: datetime, *, only_orders: bool) -> Evaluated:
    """Take a chunk of changes and judge the orders and the answered questions among them."""
    with staged() as cursor:
        hold_stores(cursor, store_ids)
        cursor.execute(_TAKE, [store_ids, not only_orders, CHUNK])
        changes = sorted(cursor.fetchall(), key=itemgetter(0))
        # Of an order that changed twice the last word counts.
        told = {(store_id, platform_id): told for _, store_id, kind, platform_id, told in changes if kind == ORDER}
        talks = sorted({(store_id, platform_id) for _, store_id, kind, platform_id, _ in changes if kind == CONVERSATION})
        goods = {(store_id, platform_id) for _, store_id, kind, platform_id, _ in changes if kind == listings.LISTING}
        if not told and not talks and not goods:
            return Evaluated(changes=len(changes))
        known = known_orders(cursor, told)
        duties_in, ledger = _order_duties(cursor, told, known, now)
        count = copy_duties(cursor, [*_talk_duties(cursor, talks, now), *duties_in])
        count += write_settled(cursor, ledger)
        copy(cursor, "touched", ((store_id, ORDER, order_id) for store_id, order_id in known))
        upsert_obligations(cursor, now)
        void_missing(cursor, now, "touched")
        _want(cursor, now)
        withdraw(cursor, "touched")
        listings.stage(cursor, goods, now)
        return Evaluated(changes=len(changes), obligations=count, moves=settle(cursor, now))


def _talk_duties(cursor: CursorWrapper, keys: list[tuple[int, str]], now: datetime) -> Iterator[tuple[Any, ...]]:
    """The questions of these conversations that were answered, as rows of `duty_in`. Who still waits is judged with the store."""
    if not keys:
        return
    stores = profiles(cursor, sorted({store_id for store_id, _ in keys}))
    rules = books((workspace_id for workspace_id, _ in stores.values()), now)
    for store_id, talks in answered(cursor, keys, now).items():
        if store_id in stores:
            workspace_id, profile = stores[store_id]
            sayings = Sayings(profile)
            for owed in duties(profile, Facts(conversations=talks), now, rules=rules[workspace_id]):
                if isinstance(owed, Obligation):
                    yield _duty_row(store_id, workspace_id, profile, owed, NO_STAKE, sayings)


def _order_duties(
    cursor: CursorWrapper, told: Mapping[Key, bytes | None], known: Set[Key], now: datetime
) -> tuple[list[tuple[Any, ...]], list[Settled]]:
    """What is owed for these orders: rows of `duty_in`, and what was settled before we first saw the order."""
    stores = profiles(cursor, sorted({store_id for store_id, _ in told}))
    rules = books((workspace_id for workspace_id, _ in stores.values()), now)
    by_store: dict[int, list[OrderRow]] = {}
    for row in changed_orders(cursor, told):
        if row.store_id in stores:
            by_store.setdefault(row.store_id, []).append(row)
    open_rows, settled, worth = list[tuple[Any, ...]](), list[Settled](), Worth.on(now)
    for store_id, rows in by_store.items():
        workspace_id, profile = stores[store_id]
        stakes = {row.order_id: (row.amount, row.currency, worth.usd(row.amount, row.currency)) for row in rows}
        sayings = Sayings(profile)
        known_facts = [row.facts for row in rows if row.facts is not None]
        for owed in order_obligations(profile, known_facts, rules=rules[workspace_id]):
            assert owed.subject is not None
            order_id = owed.subject.id
            if owed.void_at is not None and owed.void_at <= now:
                continue
            if owed.done_at is not None and (store_id, order_id) not in known:
                settled.append((store_id, workspace_id, owed, stakes[order_id]))
            else:
                open_rows.append(_duty_row(store_id, workspace_id, profile, owed, stakes[order_id], sayings))
    return open_rows, settled


# -- the rest of a store's duties --------------------------------------------------------------------------------------


def _stores_step(store_ids: list[int], now: datetime) -> Evaluated:
    """Judge everything but orders, for these stores."""
    with staged() as cursor:
        hold_stores(cursor, store_ids)
        sight = causes.stage(cursor, now, store_ids)
        worth = Worth.on(now)
        known = collect(cursor, store_ids, sight=sight, fx=worth.fx, now=now)
        rules = books((store.workspace_id for store in known), now)
        judged = [_judge(store, store.facts, worth, now, rules[store.workspace_id]) for store in known]
        copy(cursor, "kept", _kept(sight))
        count = copy_duties(cursor, (row for one in judged for row in one.duties))
        upsert_obligations(cursor, now)
        void_missing(cursor, now, "stores", store_ids)
        counted = rates(cursor, [store.id for store in known], sight, now)
        judged += [_judge(store, counted[store.id], worth, now, rules[store.workspace_id]) for store in known]
        copy(cursor, "reading_in", (row for one in judged for row in one.readings))
        copy(cursor, "wanted", (wanted.row for one in judged for wanted in one.wanted))
        upsert_readings(cursor)
        delete_readings(cursor, store_ids)
        _want(cursor, now)
        withdraw(cursor, "stores", store_ids)
        moves = settle(cursor, now)
        causes.shade(cursor, sight, store_ids)
        return Evaluated(stores=len(known), obligations=count, moves=moves)


@dataclass(slots=True)
class _Judged:
    """One store's duties as rows."""

    duties: list[tuple[Any, ...]] = field(default_factory=list)
    readings: list[tuple[Any, ...]] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)


def _judge(store: StoreFacts, facts: Facts, worth: Worth, now: datetime, rules: Book) -> _Judged:
    """What these facts of the store say by the terms in force."""
    judged = _Judged()
    sayings = Sayings(store.profile)
    for duty in duties(store.profile, facts, now, rules=rules):
        stake = _stake(store, duty, worth)
        if isinstance(duty, Obligation):
            if duty.void_at is None or duty.void_at > now:
                judged.duties.append(_duty_row(store.id, store.workspace_id, store.profile, duty, stake, sayings))
            continue
        if duty.why.text == NO_FIGURE:
            continue  # the rule itself cannot tell, in any store: its page asks for a figure, the cells speak of facts
        details = _reading_details(duty, sayings)
        judged.readings.append(_reading_row(store, duty, details))
        if (wanted := _of_reading(store, duty, details, stake)) is not None:
            judged.wanted.append(wanted)
    return judged


def _stake(store: StoreFacts, duty: Obligation | Reading, worth: Worth) -> Stake:
    """Amount, currency and dollars at stake; nothing where no money measures it."""
    amount, currency = None, None
    if duty.subject is not None:
        amount, currency = store.stakes.get((duty.subject.kind, duty.subject.id), (None, None))
    if amount is None and duty.stake.money == "balance" and store.balance[0] is not None:
        amount, currency = abs(store.balance[0]), store.balance[1]
    return amount, currency, worth.usd(amount, currency)


def _of_reading(store: StoreFacts, reading: Reading, details: str, stake: Stake) -> Wanted | None:
    """The finding of a gauge. A fact that was known and is too old is a finding about the fact; one never entered is none."""
    if reading.state not in FINDING_STATES or reading.severity is None:
        return None
    text = about(reading.rule)
    if reading.state is State.UNKNOWN and reading.subject is None and reading.why.text in (MISSING, OLD):
        if reading.why.text == MISSING:
            return None
        return _old_fact(store, reading, details)
    return Wanted(
        store_id=store.id,
        workspace_id=store.workspace_id,
        rule=reading.rule,
        subject_kind=reading.subject.kind if reading.subject else causes.STORE,
        subject_id=reading.subject.id if reading.subject else store.profile.store_id,
        item=text.item,
        state=reading.state,
        severity=reading.severity,
        rule_severity=text.severity,
        action=text.action,
        details=details,
        stake_amount=stake[0],
        stake_currency=stake[1],
        stake_usd=stake[2],
    )


def _old_fact(store: StoreFacts, reading: Reading, details: str) -> Wanted:
    fact = str(reading.why.values.get("fact", ""))
    return Wanted(
        store_id=store.id,
        workspace_id=store.workspace_id,
        rule=FACTS_STALE,
        subject_kind=FACT,
        subject_id=fact,
        item=about(reading.rule).item,
        state=State.UNKNOWN,
        severity=reading.severity or about(FACTS_STALE).severity,
        rule_severity=OWN_RULES[FACTS_STALE].weight,
        action=about(FACTS_STALE).action if fact in _FED else ENTER,
        cause=f"old:{fact}",
        details=details,
    )


def _want(cursor: CursorWrapper, now: datetime) -> None:
    cursor.execute(
        from_obligations("SELECT * FROM pg_temp.duty_in WHERE done_at IS NULL"),
        {"now": now, **rule_table()},
    )


def _kept(sight: Sight) -> Iterator[tuple[int, str]]:
    """Rules whose facts cannot be believed now: what they said stays as it is, and is hidden."""
    for store_id in sight.stores:
        if dark := sight.dark(store_id):
            yield from ((store_id, rule) for rule, feed in feeds().items() if feed in dark)


# -- rows --------------------------------------------------------------------------------------------------------------

_FED = frozenset({"orders", "conversations", "balance_events", "metrics", "stock", "return_requests", "cancellation_requests"})
"""Facts that come by API: they get fresh by themselves."""
ENTER = ACTIONS["enter_value"]


Said = dict[str, dict[str, str]]
"""`why` and `brief`, each by language."""


class Sayings:
    """What a duty says, whole and in short, in both languages; each said once for the many orders that share it."""

    def __init__(self, profile: StoreProfile) -> None:
        self.zone = profile.zone
        self._said: dict[int, tuple[Why, Said]] = {}

    def say(self, why: Why) -> Said:
        # Rules hand out the same sentence for many orders; the entry keeps it alive, so that its id stays its own.
        if (known := self._said.get(id(why))) is None:
            known = self._said[id(why)] = (
                why,
                {
                    "why": {language: why.say(language, self.zone) for language in LANGUAGES},
                    "brief": {language: why.brief(language, self.zone) for language in LANGUAGES},
                },
            )
        return known[1]


def _details(said: Said, duty: Obligation | Reading, zone: ZoneInfo, **more: Any) -> bytes:
    terms: dict[str, Any] = {"from": duty.terms.from_, "own": None}
    if duty.terms.own:
        said = {**said, "why": {language: f"{said['why'][language]}{_both(duty, language, zone)}" for language in LANGUAGES}}
        terms |= {"own": dict(duty.terms.own), "platform": {name: duty.terms.figures.get(name) for name in duty.terms.own}}
    return msgspec.json.encode({**said, **terms, **more})


def _both(duty: Obligation | Reading, language: Language, zone: ZoneInfo) -> str:
    """The workspace's own figures beside the platform's, as a sentence more."""
    own, platform = duty.terms.own or {}, duty.terms.figures
    told = []
    for name, figure in own.items():
        known = platform.get(name)
        text = "own.alone" if known is None else "own.tighter"
        told.append(say(text, {"own": figure, "platform": known if known is not None else ""}, language, zone))
    return "".join(told) if language == "zh" else "".join(f" {sentence}" for sentence in told)


def _duty_row(
    store_id: int, workspace_id: int, profile: StoreProfile, owed: Obligation, stake: Stake, sayings: Sayings
) -> tuple[Any, ...]:
    return (
        store_id,
        workspace_id,
        owed.rule,
        owed.subject.kind if owed.subject else causes.STORE,
        owed.subject.id if owed.subject else profile.store_id,
        instant(min(owed.starts_at, owed.due_at)),
        instant(owed.due_at),
        instant(owed.done_at),
        None if owed.lead is None else int(owed.lead.total_seconds()),
        owed.reached == "at",
        str(owed.severity),
        *stake,
        None if owed.done_at is not None else JSONB_VERSION + _details(sayings.say(owed.why), owed, profile.zone),
    )


def _reading_details(reading: Reading, sayings: Sayings) -> str:
    more = {
        "value": reading.value,
        "unit": reading.unit,
        "limit": reading.limit,
        "comparator": reading.comparator,
        "as_of": reading.as_of,
    }
    told = {name: value for name, value in more.items() if value is not None}
    return _details(sayings.say(reading.why), reading, sayings.zone, **told).decode()


def _reading_row(store: StoreFacts, reading: Reading, details: str) -> tuple[Any, ...]:
    moments = [at for at in (reading.valid_until, store.ages_at) if at is not None]
    return (
        store.id,
        store.workspace_id,
        reading.rule,
        reading.subject.kind if reading.subject else causes.STORE,
        reading.subject.id if reading.subject else store.profile.store_id,
        reading.state.value,
        reading.severity.value if reading.severity else "",
        "" if reading.value is None else str(reading.value)[:60],
        reading.unit or "",
        reading.as_of,
        min(moments, default=None),
        details,
    )
