"""The parts that every page is made of, as template tags: marks, icons, store tags, clocks, freshness."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from storeward.stores.models import Store
from storeward.web import formats
from storeward.web.assets import asset
from storeward.web.parts import Freshness, Owner, plate

register = template.Library()


@register.simple_tag(name="asset")
def asset_tag(path: str, bare: bool = False) -> str:
    """The address of a static file; `bare` without the version, for what style sheets name (a preload must match)."""
    return f"{settings.STATIC_URL}{path}" if bare else asset(path)


def severity_word(severity: str) -> str:
    """The severity as the person reads it."""
    words = {
        "fatal": _("Fatal"),
        "critical": _("Critical"),
        "warning": _("Warning"),
        "info": _("Info"),
        "unknown": _("Unknown"),
        "fine": _("Fine"),
    }
    return words.get(severity, severity)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Tabler icon from the sprite; `label` where it stands without a word."""
    sprite = asset("vendor/tabler-icons/sprite.svg")
    if label:
        return format_html('<svg class="sw-icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name)
    return format_html('<svg class="sw-icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


@register.simple_tag
def mark(severity: str) -> SafeString:
    """The shape of a severity or state, without a word."""
    return format_html('<svg class="sw-mark" aria-hidden="true"><use href="#m-{}"/></svg>', severity)


@register.simple_tag
def severity(name: str) -> SafeString:
    """Shape, word and colour together."""
    return format_html('<span class="sw-sev is-{}">{}{}</span>', name, mark(name), severity_word(name))


@register.inclusion_tag("parts/tag.html")
def tag(store: Store, href: str = "", count: int = 1, word: str = "") -> dict[str, object]:
    """A store's tag; with `count` above one it speaks of that many stores of one cause."""
    return {"store": store, "plate": plate(store.platform), "href": href, "count": count, "colour": colour(store), "word": word}


def colour(store: Store) -> str:
    """The CSS variable of the store's group."""
    return f"--sw-group-{store.group.colour % 8}" if store.group else "--sw-group-none"


@register.simple_tag
def group_colour(store: Store) -> str:
    return colour(store)


@register.inclusion_tag("parts/fresh.html")
def fresh(value: Freshness) -> dict[str, object]:
    """The freshness mark: a ring filled by age, a clock past the limit, a question mark when never fed."""
    filled = value.share * 31.4
    return {"value": value, "dash": f"{filled:.1f} 31.4"}


@register.inclusion_tag("parts/owner.html")
def owner(value: Owner | None) -> dict[str, object]:
    return {"value": value}


@register.filter
def number(value: int | Decimal) -> str:
    return formats.number(value)


@register.filter
def short_id(value: str) -> str:
    return formats.short_id(value)


@register.filter
def iso(value: datetime) -> str:
    """For `datetime` attributes: the machine's reading of an instant."""
    return value.isoformat()


@register.filter
def text_language(value: str) -> str:
    """The language of a name by its script, for the `lang` attribute; empty for Latin letters."""
    if any("\u4e00" <= letter <= "\u9fff" for letter in value):
        return "zh-Hans"
    if any("\u0e00" <= letter <= "\u0e7f" for letter in value):
        return "th"
    return ""
