"""What is known of a rule beside its terms: its words, the inspection item whose cell shows it, and the act that settles it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from storeward.findings.actions import Action, action_for
from storeward.findings.own_rules import OWN_RULES
from storeward.policy import items
from storeward.policy.terms import INTERNAL, book
from storeward.policy.types import Severity

NO_ITEM = ""
"""Of the product's own rules: they are about whole stores, and their cells are unknown by the cause itself."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in words, for pages and commands. `item` is empty for the product's own rules."""

    id: str
    platform: str
    title: str
    title_zh: str
    consequence: str
    consequence_zh: str
    remedy: str
    remedy_zh: str
    severity: Severity
    item: str
    action: Action
    stake: str
    stake_zh: str

    def named(self, language: str) -> str:
        return self.title_zh if language.startswith("zh") else self.title


@cache
def about(rule_id: str) -> RuleText:
    """The words of a rule, of the platforms' or our own. Raises KeyError naming an id that no rule has."""
    own = OWN_RULES.get(rule_id)
    if own is not None:
        return RuleText(
            id=own.id,
            platform=INTERNAL,
            title=own.title,
            title_zh=own.title_zh,
            consequence=own.consequence,
            consequence_zh=own.consequence_zh,
            remedy=own.remedy,
            remedy_zh=own.remedy_zh,
            severity=own.severity,
            item=own.item,
            action=action_for(own.id),
            stake=own.stake,
            stake_zh=own.stake_zh,
        )
    rule, stake = book().rule(rule_id), book().stakes[book().rule(rule_id).stake]
    return RuleText(
        id=rule.id,
        platform=book().platform_of(rule_id),
        title=rule.title,
        title_zh=rule.title_zh,
        consequence=rule.consequence,
        consequence_zh=rule.consequence_zh,
        remedy=rule.remedy,
        remedy_zh=rule.remedy_zh,
        severity=rule.severity,
        item=_item_of(rule_id),
        action=action_for(rule_id),
        stake=stake.say("en"),
        stake_zh=stake.say("zh"),
    )


FEED_OF_FORM: Mapping[str, str] = {
    "order": "orders",
    "rate": "orders",
    "return_answer": "aftersales",
    "return_check": "aftersales",
    "cancellation_answer": "aftersales",
    "request_due": "aftersales",
    "reply": "conversations",
    "reply_rate": "conversations",
    "balance_sign": "finance",
    "balance_streak": "finance",
    "balance_usd": "finance",
    "freeze_left": "finance",
    "stock": "listings",
    "listing_share": "listings",
    "chat_figure": "metrics",
}
"""By the form of a rule: the feed whose facts it judges. The other forms judge what people enter, which ages by itself."""

TOLD_BY_PLATFORM: Mapping[tuple[str, str], str] = {
    ("shopee", "rate"): "metrics",
    ("lazada", "rate"): "metrics",
    ("shopee", "score"): "metrics",
    ("shopee", "points_tier"): "points",
    ("shopee", "violation_category"): "violations",
}
"""By platform and form: what that platform tells and others do not."""

TOLD_BY_EVENTS = frozenset(
    {
        "order",
        "return_answer",
        "return_check",
        "cancellation_answer",
        "request_due",
        "reply",
        "stock",
        "violation_category",
    }
)
"""Forms that speak up when something happens: heard and silent is fine. A gauge that says nothing was not read."""


@cache
def feeds() -> Mapping[str, str]:
    """Rule -> the feed whose facts it judges, for rules that stand on one."""
    told = {rule.id: _feed_of(platform, rule.form) for platform, rule in book() if rule.form}
    own = dict.fromkeys((rule.id for rule in OWN_RULES.values() if rule.of_listings), "listings")
    return {rule_id: feed for rule_id, feed in told.items() if feed is not None} | own


def _feed_of(platform: str, form: str) -> str | None:
    return TOLD_BY_PLATFORM.get((platform, form)) or FEED_OF_FORM.get(form)


@cache
def _item_of(rule_id: str) -> str:
    item = items.item_of(rule_id)
    return item.id if item is not None else NO_ITEM


@cache
def rule_table() -> dict[str, list[Any]]:
    """Item, act and minutes of every rule, as parameters of a statement."""
    texts = [about(rule.id) for _, rule in book()]
    return {
        "rules": [text.id for text in texts],
        "items": [text.item for text in texts],
        "actions": [text.action.id for text in texts],
        "minutes": [text.action.minutes for text in texts],
    }
