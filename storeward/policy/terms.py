"""Rules as dated data: load, check, choose the terms that hold, tighten them for a workspace.

One folder a platform (`rules/<platform>/<subject>.toml`), one `[[rule]]` a row, one `[[rule.terms]]` a span of time. When terms
change, a span is added and none is edited. No figure of a rule stands in code.

    BadTerms       the data is wrong; names file, rule and field
    NotTightening  a workspace asks for a looser figure than the platform's, or for one that cannot be set
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar

import msgspec

from .types import Severity, Stake, TermsRef

FOLDER = Path(__file__).parent / "rules"
T = TypeVar("T")

INTERNAL = "internal"
"""The platform of the routines that hold everywhere."""


class BadTerms(ValueError):
    """The policy data is wrong: which file, which rule, which field, and what is the matter."""


class NotTightening(ValueError):
    """A workspace may tighten a rule, not loosen it."""


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Terms that held from `from` (local date, inclusive) to `to` (exclusive); an open end is left out."""

    source: tuple[str, ...]
    read_on: date
    confidence: Literal["seed", "official", "third-party", "uncertain"]
    from_: date | None = msgspec.field(name="from", default=None)
    to: date | None = None
    figures: dict[str, Decimal] = {}
    unit: str | None = None
    comparator: Literal["within", "<", "<=", ">", ">=", "==", "in", "is"] = "is"
    window: int | None = None
    """Days over which a rate is taken; None: any window."""
    note: str | None = None
    own: dict[str, Decimal] = {}
    """A workspace's own figures, put here by `versions`; data never has them."""

    def holds_on(self, day: date) -> bool:
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day < self.to)


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the policy: to whom it applies, what follows, how it is judged, and its terms over time.

    `form` names the function that judges it, `with` what that function reads. A row without form gives no finding and says
    why in `silent`. `regions` is `["all"]` for what holds everywhere.
    """

    id: str
    title: str
    title_zh: str
    regions: tuple[str, ...]
    subject: str
    kind: Literal["conduct", "deadline", "rate_window", "score_band", "streak", "threshold"]
    severity: Severity
    consequence: str
    consequence_zh: str
    terms: tuple[Span, ...]
    applies_to: Literal["all", "local", "cross_border"] = "all"
    programmes: tuple[str, ...] = ()
    """Only for stores in one of these; empty: for all."""
    remedy: str = ""
    remedy_zh: str = ""
    stake: str = "none"
    lead: str | None = None
    form: str | None = None
    with_: dict[str, Any] = msgspec.field(name="with", default_factory=dict)
    silent: str | None = None
    asks: tuple[str, ...] = ()
    """Figures that no source names: until a workspace gives its own, the row answers 'cannot tell'."""
    sheet: tuple[str, ...] = ()
    """Lines of the Douyin Shop sheet that the row stands for: section and line of its table, `3.4`."""

    def fits(self, region: str, seller_type: str, programme: str | None) -> bool:
        """Whether the row is meant for such a store."""
        return (
            ("all" in self.regions or region in self.regions)
            and self.applies_to in ("all", seller_type)
            and (not self.programmes or programme in self.programmes)
        )


class Lead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Where a finding at risk begins: so long before, so many points away, from a figure or share on, or from the start."""

    days: Decimal | None = None
    hours: Decimal | None = None
    points: Decimal | None = None
    at: Decimal | None = None
    share: Decimal | None = None
    whole: bool = False


class StakeTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    money: Literal["order", "balance", "store", "none"]


@dataclass(frozen=True, slots=True)
class Row:
    """A rule with the terms that hold at one date, as a judging function reads it."""

    rule: Rule
    span: Span
    figures: Mapping[str, Decimal]
    ref: TermsRef
    lead: Lead | None
    stake: Stake
    platform: str

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    def figure(self, name: str) -> Decimal:
        """A figure of the terms. Raises BadTerms where the data lacks it."""
        try:
            return self.figures[name]
        except KeyError:
            raise BadTerms(f"{self.rule.id}: figures.{name} is missing") from None


@dataclass(frozen=True, eq=False)
class Book:
    """All rules of all platforms, with the tightened figures of one workspace (none by default).

    Two books are the same only if they are the same object: caches may be keyed by it.
    """

    rules: Mapping[str, tuple[Rule, ...]]
    leads: Mapping[str, Lead]
    stakes: Mapping[str, Stake]
    overrides: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[tuple[str, Rule]]:
        """Platform and rule, in the order of the files."""
        for platform, rules in self.rules.items():
            for rule in rules:
                yield platform, rule

    def rule(self, rule_id: str) -> Rule:
        """Raises KeyError naming an id that no row has."""
        return self._by_id[rule_id][1]

    def platform_of(self, rule_id: str) -> str:
        return self._by_id[rule_id][0]

    @property
    def _by_id(self) -> Mapping[str, tuple[str, Rule]]:
        return _index(self)

    def for_store(self, platform: str, region: str, seller_type: str, programme: str | None) -> tuple[Rule, ...]:
        """The rows meant for such a store, whatever their dates: those of its platform, then the internal ones."""
        return _fitting(self, platform, region, seller_type, programme)

    def row(self, rule: Rule, day: date) -> Row | None:
        """The rule with the terms that hold on `day` (a local date), or None."""
        found = self._on(rule, day)
        return None if found is None or _lacks(found) else found

    def asking(self, rule: Rule, day: date) -> Row | None:
        """The rule with its terms where it waits for a figure of the workspace's own: then `row` gives none."""
        found = self._on(rule, day) if rule.asks else None
        return found if found is not None and _lacks(found) else None

    def asking_rules(self, platform: str) -> tuple[Rule, ...]:
        """The rules of a platform, and the internal ones, that ask for a figure of the workspace's own."""
        return _asking(self, platform)

    def _on(self, rule: Rule, day: date) -> Row | None:
        for span in rule.terms:
            if span.holds_on(day):
                return _row(self, rule.id, rule.terms.index(span))
        return None

    def tightened(self, overrides: Mapping[str, Mapping[str, Decimal]]) -> "Book":
        """This book with a workspace's own figures. Raises NotTightening for a looser figure, KeyError for an unknown rule."""
        for rule_id, figures in overrides.items():
            _check_tighter(self.rule(rule_id), figures)
        return replace(self, overrides=overrides) if overrides else self


def _lacks(row: Row) -> bool:
    """Whether a figure that the row needs is not known."""
    return any(name not in row.figures for name in row.rule.asks)


# -- caches: keyed by the book object --------------------------------------------------------------


@lru_cache(maxsize=64)
def _index(book: Book) -> Mapping[str, tuple[str, Rule]]:
    return {rule.id: (platform, rule) for platform, rule in book}


@lru_cache(maxsize=4096)
def _fitting(book: Book, platform: str, region: str, seller_type: str, programme: str | None) -> tuple[Rule, ...]:
    return tuple(
        rule
        for folder in (platform, INTERNAL)
        for rule in book.rules.get(folder, ())
        if rule.fits(region, seller_type, programme)
    )


@lru_cache(maxsize=512)
def _asking(book: Book, platform: str) -> tuple[Rule, ...]:
    return tuple(rule for folder in (platform, INTERNAL) for rule in book.rules.get(folder, ()) if rule.asks)


@lru_cache(maxsize=16384)
def _row(book: Book, rule_id: str, number: int) -> Row:
    platform, rule = _index(book)[rule_id]
    span = rule.terms[number]
    own = {**span.own, **book.overrides.get(rule_id, {})}
    ref = TermsRef(
        rule=rule_id,
        from_=span.from_,
        to=span.to,
        figures=MappingProxyType(span.figures),
        own=MappingProxyType(own) if own else None,
        unit=span.unit,
        source=span.source,
        read_on=span.read_on,
        confidence=span.confidence,
        note=span.note,
    )
    return Row(
        rule=rule,
        span=span,
        figures=MappingProxyType({**span.figures, **own}),
        ref=ref,
        lead=book.leads[rule.lead] if rule.lead else None,
        stake=book.stakes[rule.stake],
        platform=platform,
    )


# -- tightening ------------------------------------------------------------------------------------

_SETTABLE = frozenset(
    {
        "limit",
        "days",
        "hours",
        "months",
        "working_days",
        "handling_plus",
        "after_handling",
        "calendar_days_end",
        "handling_calendar",
        "due_hour",
    }
)
_LOWER_IS_TIGHTER = frozenset({"within", ">", ">="})
_HIGHER_IS_TIGHTER = frozenset({"<", "<="})


def _check_tighter(rule: Rule, own: Mapping[str, Decimal]) -> None:
    for name, figure in own.items():
        for span in rule.terms:
            check_own(rule, span, name, figure)


def settable(rule: Rule, span: Span) -> tuple[str, ...]:
    """The figures of these terms that a workspace may set: those that have a tighter side, and those that the row asks for."""
    sided = span.comparator in _LOWER_IS_TIGHTER | _HIGHER_IS_TIGHTER
    known = tuple(name for name in span.figures if name in _SETTABLE and sided)
    return known + tuple(name for name in rule.asks if name not in span.figures)


def check_own(rule: Rule, span: Span, name: str, figure: Decimal) -> None:
    """Raise NotTightening where a workspace may not set that figure beside these terms: one that has no tighter side, is none,
    or is looser than the platform's. Where the platform's is not known any figure above zero is taken."""
    if name not in settable(rule, span):
        raise NotTightening(f"{rule.id}: the figure {name} cannot be set by a workspace")
    platform = span.figures.get(name)
    if not figure.is_finite() or ((span.comparator == "within" or platform is None) and figure <= 0):
        raise NotTightening(f"{rule.id}: {name} = {figure} is no usable figure")
    if platform is not None and looser(span, figure, platform):
        raise NotTightening(f"{rule.id}: {name} = {figure} is looser than the platform's {platform}; it may only be tightened")


def looser(span: Span, figure: Decimal, than: Decimal) -> bool:
    """Whether a figure of these terms demands less than another one."""
    return figure > than if span.comparator in _LOWER_IS_TIGHTER else figure < than


# -- loading ---------------------------------------------------------------------------------------


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[Rule, ...]


class _Leads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    leads: dict[str, Lead]
    stakes: dict[str, StakeTerms]


def load(folder: Path = FOLDER) -> Book:
    """Read and check every file below `folder`. Raises BadTerms at the first mistake; `mistakes` lists them all."""
    found: list[str] = []
    book = _read(folder, found)
    if found:
        raise BadTerms(found[0])
    return book


def mistakes(folder: Path = FOLDER) -> list[str]:
    """Everything that is wrong with the data in `folder`, one sentence each; empty where it is whole."""
    found: list[str] = []
    _read(folder, found)
    return found


@cache
def book() -> Book:
    """The rules that come with the product, read once."""
    return load()


@lru_cache(maxsize=128)
def _tightened(overrides: tuple[tuple[str, tuple[tuple[str, Decimal], ...]], ...]) -> Book:
    return book().tightened({rule_id: MappingProxyType(dict(figures)) for rule_id, figures in overrides})


def book_for(overrides: Mapping[str, Mapping[str, Decimal]] | None) -> Book:
    """The product's rules with a workspace's tighter figures; the same object for the same figures."""
    if not overrides:
        return book()
    return _tightened(tuple((rule_id, tuple(sorted(own.items()))) for rule_id, own in sorted(overrides.items())))


def consequence_of(rule_id: str) -> str:
    """What follows if nobody acts, in English."""
    return book().rule(rule_id).consequence


def _read(folder: Path, found: list[str]) -> Book:
    shared = _decode(folder / "leads.toml", _Leads, found) or _Leads(leads={}, stakes={})
    rules: dict[str, tuple[Rule, ...]] = {}
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*/*.toml")):
        content = _decode(path, _File, found)
        for rule in content.rule if content else ():
            found.extend(f"{_place(path)}: {text}" for text in _faults(rule, shared, seen))
            seen[rule.id] = _place(path)
        rules[path.parent.name] = rules.get(path.parent.name, ()) + (content.rule if content else ())
    stakes = {name: Stake(name, terms.money) for name, terms in shared.stakes.items()}
    return Book(rules=rules, leads=shared.leads, stakes=stakes)


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _decode(path: Path, kind: type[T], found: list[str]) -> T | None:
    try:
        raw = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        return msgspec.convert(raw, kind)
    except OSError as error:
        found.append(f"{_place(path)}: cannot be read: {error.strerror}")
    except tomllib.TOMLDecodeError as error:
        found.append(f"{_place(path)}: is not TOML: {error}")
    except msgspec.ValidationError as error:
        found.append(f"{_place(path)}: {_which_rule(raw, str(error))}{error}")
    return None


def _which_rule(raw: Any, message: str) -> str:
    """The id of the rule that a decoding error points at, where it has one."""
    _, _, tail = message.partition("$.rule[")
    number = tail.partition("]")[0]
    if not tail or not number.isdigit():
        return ""
    rule = raw["rule"][int(number)]
    return f"{rule['id']}: " if isinstance(rule, dict) and "id" in rule else ""


def _faults(rule: Rule, shared: _Leads, seen: Mapping[str, str]) -> Iterator[str]:
    """What decoding cannot see: doubled ids, empty texts, missing sources, holes between terms, unknown names."""
    if rule.id in seen:
        yield f"{rule.id}: id is taken already in {seen[rule.id]}"
    for name in ("id", "title", "title_zh", "consequence", "consequence_zh", "subject", "regions", "terms"):
        if not getattr(rule, name):
            yield f"{rule.id}: {name} is empty"
    if (rule.form is None) == (rule.silent is None):
        yield f"{rule.id}: form and silent: exactly one must be given"
    if rule.lead is not None and rule.lead not in shared.leads:
        yield f"{rule.id}: lead {rule.lead!r} is not in leads.toml"
    if rule.stake not in shared.stakes:
        yield f"{rule.id}: stake {rule.stake!r} is not in leads.toml"
    yield from _span_faults(rule)


def _span_faults(rule: Rule) -> Iterator[str]:
    for number, span in enumerate(rule.terms):
        if not span.source or not all(text.strip() for text in span.source):
            yield f"{rule.id}: terms[{number}].source is missing"
        if span.from_ and span.to and span.from_ >= span.to:
            yield f"{rule.id}: terms[{number}].to is not after from"
        if not all(figure.is_finite() for figure in span.figures.values()):
            yield f"{rule.id}: terms[{number}].figures holds what is no number"
        if span.own:
            yield f"{rule.id}: terms[{number}].own is no data: a workspace sets its own figures in the product"
    for number, (one, other) in enumerate(pairwise(rule.terms), start=1):
        if one.to is None or other.from_ is None or one.to > other.from_:
            yield f"{rule.id}: terms[{number}].from overlaps the terms before it"
        elif one.to < other.from_:
            yield f"{rule.id}: terms[{number}].from leaves a gap after the terms before it"
