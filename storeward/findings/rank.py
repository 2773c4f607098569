"""What comes first: expected loss per minute of work.

    score = chance x loss / minutes

- `chance` that the loss comes about if nobody acts. It depends on the stage alone (state, and whether the last 24 hours have
  begun), so a score changes only when a finding's stage does: it can be stored and indexed.
- `loss` in US dollars: the money at stake, plus what the consequence costs by its severity; a fatal one costs a share of the
  store as well.
- `minutes` of a practised person that settle it, by the action.

The figures are ours, in one place, and judged by simulation against the plain orders (bench/ranking.py; docs/ranking.md).
`sql_chance` and `sql_loss` say the same in SQL for the clock, which moves findings by the ten thousand; a test holds both equal.
"""

from dataclasses import dataclass

from storeward.policy.types import Severity, State

CHANCES: dict[State, float] = {
    State.AT_RISK: 0.35,
    State.BREACHED: 0.6,
    State.ACTION: 0.3,
    State.UNKNOWN: 0.2,
}
"""By state; a breach has cost something already, and leaving it costs more only at times."""

LAST_DAY_CHANCE = 0.85
"""At risk with 24 hours or less left."""

CONSEQUENCES_USD: dict[Severity, float] = {
    Severity.INFO: 1.0,
    Severity.WARNING: 6.0,
    Severity.CRITICAL: 40.0,
    Severity.FATAL: 120.0,
}
"""What a consequence of the rule's own severity costs beside the money at stake: work, points, traffic."""

STORE_USD = 4_000.0
"""What a store is taken to be worth: stock on the way, ranking, reviews; the order of magnitude is what counts."""

FATAL_SHARE = 0.25
"""Of the store's worth, lost with a fatal consequence."""


@dataclass(frozen=True, slots=True)
class Rank:
    """The reckoning of a score, factor by factor: the page shows all of it."""

    chance: float
    loss_usd: float
    minutes: float

    @property
    def score(self) -> float:
        """Expected loss in US dollars per minute of work."""
        return self.chance * self.loss_usd / self.minutes


def chance_of(state: State, *, last_day: bool) -> float:
    """The chance that the loss comes about if nobody acts, 0 to 1."""
    return LAST_DAY_CHANCE if state is State.AT_RISK and last_day else CHANCES[state]


def loss_of(severity: Severity, stake_usd: float | None) -> float:
    """US dollars lost with a consequence of that severity (the rule's own, not the stage's)."""
    fatal = FATAL_SHARE * STORE_USD if severity is Severity.FATAL else 0.0
    return max(stake_usd or 0.0, 0.0) + CONSEQUENCES_USD[severity] + fatal


def rank(
    state: State,
    severity: Severity,
    *,
    minutes: float,
    last_day: bool = False,
    stake_usd: float | None = None,
) -> Rank:
    """The factors of a finding in that state. `severity` is the rule's own; `minutes` must be above zero."""
    return Rank(
        chance=chance_of(state, last_day=last_day),
        loss_usd=loss_of(severity, stake_usd),
        minutes=minutes,
    )


def _cases(column: str, table: dict[State, float] | dict[Severity, float]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key.value}' THEN {value}" for key, value in table.items()) + " END"


def sql_chance(state: str, last_day: str) -> str:
    """`chance_of` as an SQL expression over the expressions given."""
    urgent = f"{state} = '{State.AT_RISK.value}' AND {last_day}"
    return f"(CASE WHEN {urgent} THEN {LAST_DAY_CHANCE} ELSE {_cases(state, CHANCES)} END)"


def sql_loss(severity: str, stake_usd: str) -> str:
    """`loss_of` as an SQL expression over the expressions given."""
    fatal = f"CASE WHEN {severity} = '{Severity.FATAL.value}' THEN {FATAL_SHARE * STORE_USD} ELSE 0 END"
    return f"(greatest(coalesce({stake_usd}, 0), 0) + {_cases(severity, CONSEQUENCES_USD)} + {fatal})"
