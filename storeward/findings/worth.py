"""What amounts are worth in US dollars, for ranking and sums over currencies: never for books."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

from storeward.policy import fx
from storeward.policy.facts import Fx


@dataclass(frozen=True, slots=True)
class Worth:
    """Dated rates."""

    fx: Fx

    @classmethod
    def on(cls, at: datetime) -> "Worth":
        """The rates that come with the product, of the day of `at` or the last before it."""
        table = fx.rates_on(at.date())
        return cls(Fx(usd_per_unit=dict(table.usd_per_unit), as_of=datetime.combine(table.as_of, time(0), UTC)))

    def usd(self, amount: Decimal | None, currency: str | None) -> float | None:
        """US dollars of an amount; None where it is not known or the currency has no rate."""
        if amount is None or currency is None:
            return None
        if currency == "USD":
            return float(amount)
        rate = (self.fx.usd_per_unit or {}).get(currency)
        return None if rate is None else float(amount * rate)
