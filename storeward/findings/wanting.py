"""From duties to the findings that should stand: rows of the staging table `wanted`."""
# ruff: noqa: S608  (statements are put together from the constants of this package; every value is a parameter)

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from storeward.findings import stages
from storeward.findings.actions import Action
from storeward.findings.rank import rank, sql_chance, sql_loss
from storeward.findings.staging import COLUMNS
from storeward.policy.types import Severity, State


def from_obligations(rows: str) -> str:
    """A statement that puts the findings of the undone obligations `rows` (a query) into `wanted`; see `rules.rule_table`."""
    return f"""
    INSERT INTO pg_temp.wanted ({", ".join(COLUMNS["wanted"])})
    SELECT o.store_id, o.workspace_id, o.rule, o.subject_kind, o.subject_id, r.item, o.stage, {stages.finding_severity("o")},
        o.due_at, o.starts_at, '', o.stake_amount, o.stake_currency, o.stake_usd,
        {sql_chance("o.stage", stages.last_day("o"))}, {sql_loss("o.severity", "o.stake_usd")}, r.minutes, r.action,
        coalesce(o.details, '{{}}')
    FROM (SELECT o.*, {stages.finding_state("o")} AS stage FROM ({rows}) o) o
    JOIN unnest(%(rules)s::text[], %(items)s::text[], %(actions)s::text[], %(minutes)s::float8[])
        AS r (rule, item, action, minutes) USING (rule)
    WHERE o.stage IS NOT NULL
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A finding that should stand, as the gauges and our own rules put it."""

    store_id: int
    workspace_id: int
    rule: str
    subject_kind: str
    subject_id: str
    item: str
    state: State
    severity: Severity
    rule_severity: Severity
    action: Action
    details: str
    due_at: datetime | None = None
    starts_at: datetime | None = None
    cause: str = ""
    stake_amount: Decimal | None = None
    stake_currency: str | None = None
    stake_usd: float | None = None

    @property
    def row(self) -> tuple[Any, ...]:
        """In the order of the columns of `wanted`."""
        ranked = rank(self.state, self.rule_severity, minutes=self.action.minutes, stake_usd=self.stake_usd)
        return (
            self.store_id,
            self.workspace_id,
            self.rule,
            self.subject_kind,
            self.subject_id,
            self.item,
            self.state.value,
            self.severity.value,
            self.due_at,
            self.starts_at,
            self.cause,
            self.stake_amount,
            self.stake_currency,
            self.stake_usd,
            ranked.chance,
            ranked.loss_usd,
            ranked.minutes,
            self.action.id,
            self.details,
        )
