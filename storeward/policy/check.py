"""Whether the policy data is whole: everything that is wrong with it, one sentence each, naming file, rule and field."""

from pathlib import Path

from . import calendars, fx, items, terms, wording
from .engine import CONDUCT, FORMS
from .rules.base import params
from .rules.conduct import ConductParams
from .terms import BadTerms, Book, Rule


def mistakes(folder: Path = terms.FOLDER) -> list[str]:
    """All mistakes of the rules in `folder` and of what comes with them; empty where the data is whole."""
    found = terms.mistakes(folder)
    if found:
        return found
    book = terms.load(folder)
    found = [text for _, rule in book for text in _of_rule(book, rule)]
    found += calendars.mistakes() + _of_wording() + _unsaid(book) + _of_rates()
    return found + (items.mistakes() if folder == terms.FOLDER else [])


def _of_rule(book: Book, rule: Rule) -> list[str]:
    """A form that nobody knows, settings that it cannot read, or rules that it names and that are not there."""
    if rule.form is None:
        return []
    if rule.form != CONDUCT and rule.form not in FORMS:
        return [f"{rule.id}: form {rule.form!r} is not known"]
    try:
        params(rule, ConductParams if rule.form == CONDUCT else FORMS[rule.form].params)
    except BadTerms as error:
        return [str(error)]
    known = {other.id for _, other in book}
    return [f"{rule.id}: with.{key} names {name}, which is no rule" for key, name in _named_rules(rule) if name not in known]


def _named_rules(rule: Rule) -> list[tuple[str, str]]:
    """The rules that a rule points at, by the key that does."""
    named = [(key, rule.with_[key]) for key in ("after", "expiry", "lock", "reply") if key in rule.with_]
    return named + [(key, name) for key in ("milestones", "resets") for name in rule.with_.get(key, ())]


def _of_wording() -> list[str]:
    """Sentences that lack a language."""
    return [
        f"wording: {table}.{key}: {language} is missing"
        for table, entries in wording.tables().items()
        for key, texts in entries.items()
        for language in wording.LANGUAGES
        if not texts.get(language)
    ]


def _unsaid(book: Book) -> list[str]:
    """Stakes and units of rates that a sentence would need and that have no words."""
    tables = wording.tables()
    found = [f"leads.toml: stake {name} has no words" for name in book.stakes if name not in tables["stakes"]]
    units = {rule.id: span.unit for _, rule in book if rule.form == "rate" for span in rule.terms}
    bands = {band: rule.id for _, rule in book if rule.form == "score" for band in rule.with_.get("all_bands", ())}
    found += [f"{rule_id}: band {band!r} has no words" for band, rule_id in bands.items() if band not in tables["words"]]
    return found + [f"{rule_id}: unit {unit!r} has no words" for rule_id, unit in units.items() if unit not in tables["words"]]


def _of_rates() -> list[str]:
    return [
        f"fx.toml: {table.as_of}: {currency} must be above zero"
        for table in fx.tables()
        for currency, rate in table.usd_per_unit.items()
        if not (rate.is_finite() and rate > 0)
    ]
