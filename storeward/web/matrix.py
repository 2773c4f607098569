"""The matrix as the pages read it, from findings, readings and the freshness of feeds: one cell for every store and item."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storeward.findings.models import Finding, FindingStatus, Reading
from storeward.policy import items as policy_items
from storeward.policy.items import Item
from storeward.records.models import Stream
from storeward.stores.models import ConnectionState, Store, StoreStatus
from storeward.web.reads import BY_RANK, SEVERITY_RANKS


@dataclass(frozen=True, slots=True)
class Cell:
    """How one item stands in one store."""

    state: str
    severity: str = ""
    findings: int = 0
    figure: str = ""
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    items: tuple[Item, ...]
    cells: Mapping[tuple[int, str], Cell]
    statuses: Mapping[int, str]

    def cell(self, store_id: int, item: str) -> Cell:
        return self.cells[(store_id, item)]

    def status(self, store_id: int) -> str:
        return self.statuses[store_id]


def shown_items() -> tuple[Item, ...]:
    return tuple(item for item in policy_items.load() if item.done_by != "hands" and item.rules)


def matrix(store_ids: Sequence[int], *, now: datetime) -> Matrix:
    stores = Store.objects.filter(pk__in=store_ids).select_related("connection")
    found: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
    open_ = Finding.objects.filter(store_id__in=store_ids, inhibited=False).exclude(status=FindingStatus.RESOLVED)
    for store_id, item, severity, state in open_.values_list("store_id", "item", "severity", "state"):
        found[(store_id, item)].append((severity, state))
    of_rule = {rule: item.id for item in policy_items.load() for rule in item.rules}
    read: dict[tuple[int, str], tuple[str, str]] = {}
    for store_id, rule, state, value in Reading.objects.filter(store_id__in=store_ids).values_list(
        "store_id", "rule", "state", "value"
    ):
        read[(store_id, of_rule.get(rule, ""))] = (state, value)
    stale = set(Stream.objects.filter(store_id__in=store_ids, trusted_until__lte=now).values_list("store_id", flat=True))
    cells, statuses = {}, {}
    for store in stores:
        blind = store.connection is None or store.connection.state != ConnectionState.ACTIVE or store.pk in stale
        for item in shown_items():
            cells[(store.pk, item.id)] = _cell(blind, found.get((store.pk, item.id), []), read.get((store.pk, item.id)))
        statuses[store.pk] = _status(store, blind, [cells[(store.pk, item.id)] for item in shown_items()])
    return Matrix(shown_items(), cells, statuses)


def _cell(blind: bool, found: Sequence[tuple[str, str]], reading: tuple[str, str] | None) -> Cell:
    if blind:
        return Cell("unknown")
    if found:
        worst = max(SEVERITY_RANKS[severity] for severity, _state in found)
        return Cell("at_risk", BY_RANK[worst], len(found), str(len(found)))
    return Cell("ok", figure=(reading[1] if reading else "")[:6])


def _status(store: Store, blind: bool, cells: Sequence[Cell]) -> str:
    if store.status == StoreStatus.CLOSED_BY_PLATFORM:
        return "closed"
    if blind:
        return "unknown"
    worst = max((SEVERITY_RANKS.get(cell.severity, -1) for cell in cells), default=-1)
    return "fine" if worst < 1 else "restricted" if worst == 3 else "watch"
