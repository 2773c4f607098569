"""The parts that every page is made of, as template tags: marks, icons, store tags, clocks, freshness."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storeward.stores.models import Store
from storeward.web import formats
from storeward.web.assets import asset
from storeward.web.parts import PLATFORM_NAMES, Freshness, Owner, plate

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


@register.simple_tag
def tag(store: Store, href: str = "", count: int = 1) -> SafeString:
    """A store's tag; with `count` above one it speaks of that many stores of one cause. Written out here: a page may hold 300."""
    if count > 1:
        name = format_html('<span class="sw-tag-name">{}</span>', ngettext("%(n)s store", "%(n)s stores", count) % {"n": count})
    else:
        name = format_html('<span class="sw-tag-name" lang="{}">{}</span>', text_language(store.name), store.name)
    box = format_html('<a class="sw-tag" href="{}"', href) if href else mark_safe('<span class="sw-tag"')
    return format_html(
        '{} style="--sw-bar: var({})" title="{} · {} {}"><span class="sw-tag-plate">{}</span>'
        '<span class="sw-tag-market">{}</span>{}</{}>',
        box,
        colour(store),
        store.name,
        PLATFORM_NAMES.get(store.platform, store.platform),
        store.region,
        plate(store.platform),
        store.region,
        name,
        "a" if href else "span",
    )


def colour(store: Store) -> str:
    """The CSS variable of the store's group."""
    return f"--sw-group-{store.group.colour % 8}" if store.group else "--sw-group-none"


@register.simple_tag
def group_colour(store: Store) -> str:
    return colour(store)


@register.simple_tag
def fresh(value: Freshness, label: str = "") -> SafeString:
    """The freshness mark: a ring filled by age, a clock past the limit, a question mark when never fed. `label` says of what."""
    said = f"{label} {value.text}".strip()
    if value.state == "never":
        return format_html('<span class="sw-fresh is-stale">{}{}</span>', mark("unknown"), _("never"))
    if value.state == "stale":
        late = format_html('<span class="sw-out"> {}</span>', _("past its limit"))
        return format_html('<span class="sw-fresh is-stale">{}{}{}</span>', icon("clock-exclamation"), said, late)
    return format_html('<span class="sw-fresh"><i style="--sw-age: {}%"></i>{}</span>', round(value.share * 100), said)


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
