"""The smallest valid store and line of facts, and a short way to read what they give.

Everything goes through JSON, as a user's file does, so that each scenario tests reading, judging and telling at once.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from storeward.policy.answers import answer
from storeward.policy.cases import read_case
from storeward.policy.engine import Overrides
from storeward.policy.facts import Case, StoreProfile

ZONES = {
    "MY": "Asia/Kuala_Lumpur",
    "PH": "Asia/Manila",
    "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
    "SG": "Asia/Singapore",
    "ID": "Asia/Jakarta",
    "US": "America/Los_Angeles",
    "UK": "Europe/London",
    "CN": "Asia/Shanghai",
}
CURRENCIES = {
    "MY": "MYR",
    "PH": "PHP",
    "TH": "THB",
    "VN": "VND",
    "SG": "SGD",
    "ID": "IDR",
    "US": "USD",
    "UK": "GBP",
    "CN": "CNY",
}


class Told(NamedTuple):
    """One finding, short."""

    state: str
    severity: str
    due_at: str | None
    subject: str | None


def store(region: str = "MY", **changes: Any) -> dict[str, Any]:
    """An open local TikTok Shop store of that market."""
    return {
        "store_id": "luna",
        "platform": "TikTok Shop",
        "region": region,
        "timezone": ZONES[region],
        "currency": CURRENCIES[region],
        "seller_type": "local",
        "status": "open",
        **changes,
    }


def line(facts: Mapping[str, Any], now: str, region: str = "MY", **changes: Any) -> bytes:
    """A line of facts."""
    return json.dumps({"id": "x", "store": store(region, **changes), "facts": facts, "now": now}).encode()


def case(facts: Mapping[str, Any], now: str, region: str = "MY", **changes: Any) -> Case:
    return read_case(line(facts, now, region, **changes))


def profile(region: str = "MY", **changes: Any) -> StoreProfile:
    return case({}, "2026-08-10T03:00:00Z", region, **changes).store


def told(
    facts: Mapping[str, Any], now: str, region: str = "MY", overrides: Overrides | None = None, **changes: Any
) -> dict[str, list[Told]]:
    """The findings by rule. Fails where the line is refused."""
    row, unknown = answer(line(facts, now, region, **changes), overrides=overrides)
    assert "error" not in row, row
    assert unknown == ()
    found: dict[str, list[Told]] = {}
    for finding in row["findings"]:
        subject = finding["subject"]["id"] if finding["subject"] else None
        one = Told(finding["state"], finding["severity"], finding["due_at"], subject)
        found.setdefault(finding["rule"], []).append(one)
    return found


def figures(**named: str) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in named.items()}


def moments(first: date, last: date) -> st.SearchStrategy[datetime]:
    """Instants from the first day up to the last, to the microsecond."""
    start = datetime.combine(first, time(0), UTC)
    return st.timedeltas(timedelta(0), last - first).map(lambda passed: start + passed)


class Sample(NamedTuple):
    """A line of facts and what must come of it, reckoned by hand.

    `says` are findings as `RULE state severity due_at subject` (`-` for no due instant, trailing dashes left out): of
    each rule named there, and of each in `silent`, exactly these findings are expected and no others.
    """

    title: str
    region: str
    now: str
    facts: Mapping[str, Any]
    says: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    store: Mapping[str, Any] = {}


def judged(sample: Sample) -> list[str]:
    """The findings of the rules that the sample names, in the form of `Sample.says`."""
    named = {said.split()[0] for said in sample.says} | set(sample.silent)
    found = []
    for rule, ones in told(sample.facts, sample.now, sample.region, **sample.store).items():
        for one in ones if rule in named else ():
            text = f"{rule} {one.state} {one.severity} {one.due_at or '-'} {one.subject or '-'}"
            found.append(text.removesuffix(" -").removesuffix(" -"))
    return sorted(found)
