"""What can be made to go wrong, by name.

| name | what the client sees | was the request carried out? |
|---|---|---|
| slow | each answer takes `seconds` (default 1) longer | yes |
| throttle | the platform's 'too many requests'; with `seconds` status 429 and a Retry-After of so many | no |
| server_error | the platform's 'internal error', status 500 | no |
| blocked_address | the platform's 'your address is not on the app's list' | no |
| timeout | no answer for `seconds` (default 60), then the connection is closed | yes |
| timeout_before | likewise | no |
| truncated | the first half of the answer | yes |
| garbage | an HTML page with status 200 | yes |
| wrong_types | a few members of a good answer are of another type: numbers as text, lists as objects, null | yes |
| empty_page | a page without rows that says that more follow; its token leads to the rows, a page's number does not | yes |
| repeated_page | a page whose token leads back to itself; where pages are counted, the rows of the page before | yes |
| token_expired | the access token counts as expired | no |
| revoked | the access token counts as revoked | no |
| clock_skew | the platform's clock is `seconds` (default 600) ahead; its Date header shows it | no |
| duplicate_webhook, reorder_webhook, drop_webhook, forged_webhook | twice, after the next one, never, with a wrong signature | |
| replay_webhook | an old one of the store, rightly signed, comes once more behind the new one | |
| stranger_webhook | well signed, but with the id of a store that the app knows nothing of | |
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

NAMES = (
    "slow", "throttle", "server_error", "timeout", "truncated", "garbage", "token_expired", "revoked", "clock_skew",
    "blocked_address", "timeout_before", "wrong_types", "empty_page", "repeated_page",
    "duplicate_webhook", "reorder_webhook", "drop_webhook", "forged_webhook", "stranger_webhook", "replay_webhook",
)  # fmt: skip
DEFAULT_SECONDS = {"slow": 1.0, "timeout": 60.0, "timeout_before": 60.0, "clock_skew": 600.0}
# With one of these on every answer nobody gets anything out of the platform.
SHUTTING_OUT = frozenset(
    {"throttle", "server_error", "timeout", "truncated", "garbage", "token_expired", "revoked", "clock_skew"}
    | {"blocked_address", "timeout_before"}
)


class UnknownFault(ValueError):
    """There is no fault of that name."""


@dataclass(frozen=True)
class Fault:
    """One switched-on fault: the share of answers it hits, its measure, and whom it hits (no stores: all)."""

    name: str
    rate: float = 1.0
    seconds: float = 0.0
    platform: str | None = None
    stores: frozenset[str] = frozenset()

    def shuts_out(self, tolerated_skew: float) -> bool:
        """Whether nobody gets anything out of the platform while it stands; a small skew goes unnoticed."""
        if self.name not in SHUTTING_OUT or self.rate < 1:
            return False
        return self.name != "clock_skew" or self.seconds > tolerated_skew

    def concerns(self, platform: str, store_id: str | None) -> bool:
        if self.platform is not None and self.platform != platform:
            return False
        return not self.stores or (store_id is not None and store_id in self.stores)


@dataclass
class Faults:
    """The faults that are on. `chance` decides which answers a rate below 1 hits."""

    chance: Random
    on: list[Fault] = field(default_factory=list)
    hits: dict[str, int] = field(default_factory=dict)

    def switch_on(
        self,
        name: str,
        *,
        rate: float = 1.0,
        seconds: float | None = None,
        platform: str | None = None,
        stores: frozenset[str] = frozenset(),
    ) -> Fault:
        """Switch `name` on in place of what it was for the same platform and stores."""
        if name not in NAMES:
            raise UnknownFault(f"there is no fault '{name}'; known are {', '.join(NAMES)}")
        if not 0 <= rate <= 1:
            raise UnknownFault(f"rate {rate} is no share; give a number from 0 to 1")
        measure = DEFAULT_SECONDS.get(name, 0.0) if seconds is None else float(seconds)
        if not 0 <= measure < math.inf:
            raise UnknownFault(f"{measure:g} seconds cannot be waited for; give a number from 0")
        fault = Fault(name, rate, measure, platform, stores)
        self._remove(lambda old: (old.name, old.platform, old.stores) == (name, platform, stores))
        self.on.append(fault)
        return fault

    def switch_off(self, name: str, *, platform: str | None = None, stores: frozenset[str] = frozenset()) -> None:
        """Switch `name` off: everywhere, on one platform, or for those of the named stores that it was switched on for."""
        if name not in NAMES:
            raise UnknownFault(f"there is no fault '{name}'; known are {', '.join(NAMES)}")

        def meant(old: Fault) -> bool:
            return old.name == name and platform in (None, old.platform)

        if not stores:
            self._remove(meant)
            return
        if any(meant(old) and not old.stores for old in self.on):
            raise UnknownFault(f"{name} is on for all stores; switch it off for all")
        left = [replace(old, stores=old.stores - stores) if meant(old) else old for old in self.on]
        self.on = [fault for fault in left if fault.stores or not meant(fault)]

    def _remove(self, gone: Callable[[Fault], bool]) -> None:
        self.on = [fault for fault in self.on if not gone(fault)]

    def strikes(self, name: str, platform: str, store_id: str | None) -> Fault | None:
        """The fault of this name if it hits this answer."""
        for fault in self.on:
            if fault.name == name and fault.concerns(platform, store_id) and self.chance.random() < fault.rate:
                self.hits[name] = self.hits.get(name, 0) + 1
                return fault
        return None

    def keeps_out(self, platform: str, store_id: str, *, tolerated_skew: float = 0) -> bool:
        """Whether a standing fault (rate 1) lets no client of this store through."""
        return any(fault.shuts_out(tolerated_skew) and fault.concerns(platform, store_id) for fault in self.on)
