"""Why a finding said what it said, at any instant: rule, terms in force then, facts with origin and age, and the reckoning.

Nothing is remembered for it: the facts as the rows hold them are cut at the instant, and the engine judges them once more by the
book that was in force. Of some facts only the latest value is held; then that is said instead of reckoning with it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from storeward.findings.facts import profiles
from storeward.findings.lifecycle import NotThere
from storeward.findings.models import Finding, Transition
from storeward.findings.order_facts import orders
from storeward.findings.own_rules import OWN_RULES
from storeward.findings.rules import about
from storeward.findings.worth import Worth
from storeward.policy.engine import duties
from storeward.policy.facts import Facts, StoreProfile
from storeward.policy.judge import verdict
from storeward.policy.rules.ship_by import order_obligations
from storeward.policy.terms import Book, Row
from storeward.policy.types import Duty, Obligation
from storeward.policy.wording import Language, phrase, show
from storeward.replay import days, things
from storeward.replay.evidence import Used, facts_of
from storeward.replay.span import Past, only
from storeward.rulebook.force import terms_in_force

WINDOW = timedelta(days=400)
STORE = "store"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that decided: the platform's figures, the team's own beside them, and where they are from."""

    from_day: date | None
    to: date | None
    figures: dict[str, Decimal]
    own: dict[str, Decimal]
    unit: str | None
    comparator: str
    confidence: str
    source: tuple[str, ...]
    read_on: date
    note: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """The whole answer, in one language. `state` and `severity` are what the finding said then; None: it was not open."""

    finding: int
    rule: str
    title: str
    store: str
    subject: tuple[str, str]
    at: datetime
    state: str | None
    severity: str | None
    terms: Terms | None
    facts: tuple[Used, ...]
    steps: tuple[str, ...]
    said: str
    again: bool
    """Whether it could be reckoned again for that instant."""


def why(finding_id: int, *, at: datetime, language: str = "en", store_ids: Collection[int] | None = None) -> Reason:
    """Why a finding said at `at` what it said. Raises NotThere for one that is not among these stores (any, if none named)."""
    found = Finding.objects.filter(pk=finding_id)
    finding = (found.filter(store_id__in=store_ids) if store_ids is not None else found).first()
    if finding is None:
        raise NotThere("There is no such finding.")
    tongue: Language = "zh" if language.startswith("zh") else "en"
    with connection.cursor() as cursor:
        workspace_id, profile = profiles(cursor, [finding.store_id])[finding.store_id]
    rules = terms_in_force(workspace_id, at)
    row, standing = (None, False) if finding.rule in OWN_RULES else _row(finding, profile, rules, at)
    duty = None if finding.rule in OWN_RULES else _again(finding, profile, rules, at)
    teller = _Teller(tongue, profile, at)
    state, severity = _then(finding, at)
    text = about(finding.rule)
    return Reason(
        finding=finding.pk,
        rule=finding.rule,
        title=text.title_zh if tongue == "zh" else text.title,
        store=profile.store_id,
        subject=(finding.subject_kind, finding.subject_id),
        at=at,
        state=state,
        severity=severity,
        terms=None if row is None else _terms(row),
        facts=tuple(facts_of(finding, at)),
        steps=tuple(teller.steps(row, duty, standing=standing)),
        said=teller.said(duty, finding),
        again=duty is not None,
    )


def _then(finding: Finding, at: datetime) -> tuple[str | None, str | None]:
    """What the finding said at an instant, by its history; nothing before it opened or while it was resolved."""
    last = Transition.objects.filter(finding=finding, at__lte=at).order_by("-at", "-pk").first()
    return (None, None) if last is None or last.kind == "resolved" else (last.state, last.severity)


def _row(finding: Finding, profile: StoreProfile, rules: Book, at: datetime) -> tuple[Row | None, bool]:
    """The terms that decide, and whether they are those of the instant itself and not of an event (C15)."""
    rule = rules.rule(finding.rule)
    standing = finding.starts_at is None or finding.subject_kind == STORE
    event = at if standing or finding.starts_at is None else finding.starts_at
    day = event.astimezone(profile.zone).date()
    return rules.row(rule, day) or rules.asking(rule, day), standing


def _terms(row: Row) -> Terms:
    ref = row.ref
    own, figures = dict(ref.own or {}), dict(ref.figures)
    source = tuple(ref.source)
    comparator = row.span.comparator
    return Terms(ref.from_, ref.to, figures, own, ref.unit, comparator, ref.confidence, source, ref.read_on, ref.note)


# -- once more -----------------------------------------------------------------------------------------------------------------


def _again(finding: Finding, profile: StoreProfile, rules: Book, at: datetime) -> Duty | None:
    """The duty behind the finding, judged again by what was there at the instant; None where history cannot tell."""
    found = list(_duties(finding, profile, rules, at))
    wanted = [duty for duty in found if duty.rule == finding.rule and _about(duty, finding)]
    started = [duty for duty in wanted if not isinstance(duty, Obligation) or duty.starts_at == finding.starts_at]
    return next(iter(started or wanted), None)


def _about(duty: Duty, finding: Finding) -> bool:
    subject = (duty.subject.kind, duty.subject.id) if duty.subject is not None else None
    return finding.subject_kind == STORE if subject is None else subject == (finding.subject_kind, finding.subject_id)


def _duties(finding: Finding, profile: StoreProfile, rules: Book, at: datetime) -> Iterator[Duty]:
    form = rules.rule(finding.rule).form
    if form == "order":
        with connection.cursor() as cursor:
            rows = orders(cursor, [(finding.store_id, finding.subject_id)])
        yield from order_obligations(profile, [row.facts for row in rows if row.facts is not None], rules=rules)
        return
    book = only(rules, {finding.rule})
    past = Past(book, book, at - WINDOW, at, {finding.store_id: profile}, Worth.on(at))
    facts = _facts(past, finding.store_id, form)
    if facts is not None:
        yield from duties(profile, facts, at, rules=book)


def _facts(past: Past, store_id: int, form: str | None) -> Facts | None:
    """What the rows say of a store at the instant, for rules of a form; None where they do not say it."""
    if form is None:
        return None
    if form in things.COLLECTORS:
        facts, _ = things.COLLECTORS[form](past).get(store_id, (None, {}))
        return facts
    if form in days.COLLECTORS:
        facts_at = days.COLLECTORS[form](past).get(store_id)
        return None if facts_at is None else Facts(**facts_at(past.now))
    return None


# -- telling ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says it in one language, with instants in the store's zone."""

    language: Language
    profile: StoreProfile
    at: datetime

    def step(self, text: str, /, **values: Any) -> str:
        filled = {key: show(value, self.language, self.profile.zone) for key, value in values.items()}
        return phrase("steps", text, self.language).format_map(filled)

    def steps(self, row: Row | None, duty: Duty | None, *, standing: bool) -> Iterator[str]:
        if row is None:
            yield self.step("no_terms")
        else:
            yield from self._of_terms(row, duty, standing=standing)
        if duty is None:
            yield self.step("not_again", now=self.at)
        elif isinstance(duty, Obligation):
            yield from self._of_obligation(duty)
        else:
            if duty.value is not None and duty.limit is not None:
                yield self.step("value", value=duty.value, limit=duty.limit)
            yield self._outcome(duty.state.value, duty.severity.value if duty.severity else None)

    def _of_terms(self, row: Row, duty: Duty | None, *, standing: bool) -> Iterator[str]:
        begun = duty.starts_at if isinstance(duty, Obligation) and not standing else self.at
        day = begun.astimezone(self.profile.zone).date()
        yield self.step("standing" if standing else "event", day=day)
        own = row.ref.own or {}
        for name in dict.fromkeys([*row.ref.figures, *row.rule.asks]):
            figure = row.ref.figures.get(name)
            yield self.step("no_figure", name=name) if figure is None else self.step("figure", name=name, figure=figure)
            if name in own:
                yield self.step("own", name=name, figure=own[name])

    def _of_obligation(self, duty: Obligation) -> Iterator[str]:
        yield duty.why.say(self.language, self.profile.zone)
        done = duty.done_at if duty.done_at is not None and duty.done_at <= self.at else None
        if done is not None:
            yield self.step("done", at=done)
        elif self.at > duty.due_at or (self.at == duty.due_at and duty.reached == "at"):
            yield self.step("passed", now=self.at)
        else:
            yield self.step("left", now=self.at, due_at=duty.due_at)
        outcome = verdict(duty, self.at)
        yield self._outcome(*(None, None) if outcome is None else (outcome[0].value, outcome[1].value))

    def _outcome(self, state: str | None, severity: str | None) -> str:
        if state is None or severity is None:
            return self.step("fine")
        return self.step("state", state=_word(state, self.language), severity=_word(severity, self.language))

    def said(self, duty: Duty | None, finding: Finding) -> str:
        """The finding's sentence: reckoned again, else as it was said last."""
        if duty is not None:
            return duty.why.say(self.language, self.profile.zone)
        return str((finding.details.get("why") or {}).get(self.language) or "")


def _word(name: str, language: Language) -> str:
    """A state or severity as the reader says it."""
    return phrase("states", name, language)
