"""What the listing check is given and what it answers. Shared by the register, the findings, the command and the pages."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from storeward.lib.money import Money


class Form(StrEnum):
    """What can be wrong with a listing. One finding for each listing and form."""

    CLAIMS = "claims"
    """A cure, an absolute, an exaggeration."""
    PROHIBITED = "prohibited"
    """Goods that may not be sold."""
    TERMS = "terms"
    """No refund, an unboxing video as a condition, a gift for five stars."""
    CONTACT = "contact"
    """A way to reach the seller outside the platform."""
    BRAND = "brand"
    """Somebody's brand without a right on file."""
    MISSING = "missing"
    PRICE = "price"
    """Far below cost, or below its own usual price."""
    DUPLICATE = "duplicate"
    """The same listing twice in one store: found over the store, not in one listing."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU as buyers can buy it now. `usual` is its own usual price, None where that is not known."""

    sku: str
    seller_sku: str | None = None
    variant: str | None = None
    price: Money | None = None
    cost: Money | None = None
    usual: Decimal | None = None


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """A listing. None: the platform did not tell it to us, so nothing can be said of it."""

    platform: str
    market: str
    id: str = ""
    title: str | None = None
    description: str | None = None
    brand: str | None = None
    images: int | None = None
    weighed: bool | None = None
    size_chart: bool | None = None
    warranty: str | None = None
    attributes: Mapping[str, str] | None = None
    attributes_wanting: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """A right to use a brand's name, as far as it covers the store that is judged. Dates are inclusive."""

    brand: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_to is None or day <= self.valid_to)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace's own figures: no rule names one, so None means that nobody can tell."""

    least_of_cost: Decimal | None = None
    """The price must be at least so many per cent of the cost."""
    least_of_usual: Decimal | None = None
    """The price must be at least so many per cent of what it usually is."""
    usual_days: int | None = None
    """Over so many days the usual price is taken."""
    also_demanded: tuple[str, ...] = ()
    """Parts that the team wants beyond what the platform demands."""


class Said(msgspec.Struct, frozen=True):
    """A sentence in both languages."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """The words that caused it, with what stands around them; `field` says where (title, description, attributes, variants)."""

    field: str
    words: str
    before: str = ""
    after: str = ""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong: `id` names the group of phrases, the part or the figure that it is about."""

    form: Form
    id: str
    what: Said
    mend: Said
    hit: Hit | None = None
    source: tuple[str, ...] = ()
    confidence: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at one listing found, and what could not be told with the reason's name."""

    problems: tuple[Problem, ...] = ()
    unknown: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Form -> why: `no_description`, `no_register`, `no_limit`, `no_cost`."""

    def of(self, form: Form) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.form is form)


class Price(msgspec.Struct, frozen=True):
    """A price from an instant on, until the next."""

    at: datetime
    amount: Decimal
