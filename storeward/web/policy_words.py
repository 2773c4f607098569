"""Rules, their figures and states in the person's language: the words of the pages on policy."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storeward.policy.terms import INTERNAL, Rule, Span
from storeward.web import formats
from storeward.web.formats import Language
from storeward.web.parts import PLATFORM_NAMES

SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "within": "", "in": "", "is": ""}
_COUNTED = ("days", "hours", "months", "working_days", "minutes")


def platform_name(platform: str) -> str:
    return _("Our routine") if platform == INTERNAL else PLATFORM_NAMES.get(platform, platform)


def market_name(region: str) -> str:
    return _("all markets") if region == "all" else region


def title_of(rule: Rule, language: Language) -> str:
    return rule.title_zh if language == "zh" else rule.title


def subject_word(name: str) -> str:
    """What a rule is about."""
    table = {
        "shipping_time": _("shipping time"),
        "account_health_rating": _("account health rating"),
        "violation_points": _("violation points"),
        "cancellation_rate": _("cancellation rate"),
        "review_conduct": _("conduct about reviews"),
        "late_dispatch_rate": _("late dispatch rate"),
        "inactivity": _("inactivity"),
        "penalty_points": _("penalty points"),
        "listing_quality": _("listing quality"),
        "settlement_freeze": _("frozen settlement"),
        "response_rate": _("response rate"),
        "stock": _("stock"),
        "response_time": _("response time"),
        "negative_balance": _("negative balance"),
        "account_security": _("account security"),
        "return_rate": _("return rate"),
        "certification": _("certification"),
        "ip_infringement": _("rights of others"),
        "after_sales": _("after-sales"),
        "false_advertising": _("false advertising"),
        "restricted_products": _("restricted products"),
        "appeal": _("appeal"),
        "store_rating": _("store rating"),
    }
    return table.get(name, name.replace("_", " "))


def kind_word(name: str) -> str:
    table = {
        "deadline": _("deadline"),
        "conduct": _("conduct"),
        "rate_window": _("rate over a window"),
        "score_band": _("band of a score"),
        "threshold": _("threshold"),
        "streak": _("streak"),
    }
    return table.get(name, name)


def seller_word(name: str) -> str:
    """For which sellers a rule is meant; empty for all."""
    return {"local": _("local sellers"), "cross_border": _("cross-border sellers")}.get(name, "")


# -- figures -------------------------------------------------------------------------------------------------------------------


def figure_name(name: str) -> str:
    """What a figure of a rule's terms is called; its name in the data where we have no word for it."""
    table = {
        "limit": _("limit"),
        "days": _("days"),
        "hours": _("hours"),
        "months": _("months"),
        "minutes": _("minutes"),
        "working_days": _("working days"),
        "lowest": _("from"),
        "highest": _("to"),
        "points": _("points"),
        "points_lowest": _("points, least"),
        "points_highest": _("points, most"),
        "most_points": _("points, most"),
        "expiry_days": _("days until points expire"),
        "below": _("below"),
        "cut_off_hour": _("cut-off hour"),
        "due_hour": _("due at the hour"),
        "count_from": _("counts from"),
        "first_month": _("first month"),
        "every_months": _("every so many months"),
        "weekday": _("day of the week"),
        "counted_days": _("days that count"),
        "handling_plus": _("working days after handling"),
        "after_handling": _("days after handling"),
        "handling_calendar": _("handling, calendar days"),
        "calendar_days_end": _("calendar days to the end"),
        "orders_from": _("from so many orders"),
    }
    base, _sign, market = name.rpartition("_")
    if base in table and len(market) == 2:
        return f"{table[base]} {market.upper()}"
    return table.get(name, name.replace("_", " "))


def unit_word(name: str | None) -> str:
    """The unit of a limit; one that we have no word for as the data has it."""
    table = {
        None: "",
        "percent": "%",
        "days": _("days"),
        "hours": _("hours"),
        "months": _("months"),
        "minutes": _("minutes"),
        "points": _("points"),
        "units": _("pieces"),
        "yuan": _("yuan"),
        "store currency": _("in the store's currency"),
    }
    return table.get(name, name or "")


def counted(name: str, figure: Decimal) -> str:
    """ "3 working days", "48 hours"."""
    number, many = formats.number(figure), int(figure) if figure == 1 else 2
    table = {
        "days": ngettext("%(n)s day", "%(n)s days", many),
        "hours": ngettext("%(n)s hour", "%(n)s hours", many),
        "months": ngettext("%(n)s month", "%(n)s months", many),
        "minutes": ngettext("%(n)s minute", "%(n)s minutes", many),
        "working_days": ngettext("%(n)s working day", "%(n)s working days", many),
    }
    return table[name] % {"n": number}


def figure_text(span: Span, name: str, figure: Decimal) -> str:
    """One figure as it is read: "within 48 hours", "≥ 4 %", "from 2", "cut-off hour 18"."""
    if name in _COUNTED:
        said = counted(name, figure)
        if span.comparator == "within":
            return _("within %(time)s") % {"time": said}
        return f"{SIGNS[span.comparator]} {said}".strip()
    if name == "limit":
        text = f"{SIGNS[span.comparator]} {formats.number(figure)} {unit_word(span.unit)}".strip()
        return _("within %(time)s") % {"time": text} if span.comparator == "within" else text
    return f"{figure_name(name)} {formats.number(figure)}"


def figures_text(span: Span | None, figures: Mapping[str, Decimal] | None = None, *, most: int = 4) -> str:
    """The figures of terms in one line, the first few of them; a dash where there are none."""
    if span is None:
        return "–"
    told = [figure_text(span, name, figure) for name, figure in (span.figures if figures is None else figures).items()]
    more = ["…"] if len(told) > most else []
    return " · ".join([*told[:most], *more]) or "–"


def change_text(name: str, old: Decimal | None, new: Decimal | None) -> str:
    """ "hours 72 → 48"; the new one alone where there was none, a dash where there is none any more."""
    if old is None and new is not None:
        return f"{figure_name(name)} {formats.number(new)}"
    sides = ["–" if figure is None else formats.number(figure) for figure in (old, new)]
    return f"{figure_name(name)} {sides[0]} → {sides[1]}"


# -- sources -------------------------------------------------------------------------------------------------------------------


def address_of(source: str) -> str:
    """Where a source can be opened: only whole addresses are links, nothing is guessed."""
    first = source.split()[0] if source.split() else ""
    return first if first.startswith(("https://", "http://")) else ""


def origin_word(origin: str) -> str:
    """How an announcement came."""
    return {"paste": _("pasted"), "mail": _("by mail"), "feed": _("from a feed")}.get(origin, origin)


def state_word(state: str) -> str:
    """Where a version or announcement stands."""
    table = {
        "draft": _("draft"),
        "published": _("published"),
        "withdrawn": _("withdrawn"),
        "waiting": _("to be looked at"),
        "taken": _("something came of it"),
        "dismissed": _("nothing to do"),
        "product": _("comes with Storeward"),
    }
    return table.get(state, state)


STATE_MARKS = {
    "draft": "info",
    "published": "fine",
    "withdrawn": "warning",
    "waiting": "warning",
    "taken": "fine",
    "dismissed": "info",
    "product": "fine",
}


def difference_word(kind: str) -> str:
    return {"began": _("began"), "ended": _("ended"), "changed": _("changed")}.get(kind, kind)


def demands_word(demands: str) -> str:
    table = {"more": _("demands more"), "less": _("demands less"), "other": _("cannot be compared")}
    return table.get(demands, demands)


def conventions(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """How we read what platforms leave open, for rules of a kind: number and sentence. Ours, on the cautious side."""
    table = {
        "C1": _("Days and hours of the clock are those of the store's own zone."),
        "C2": _("So many days later is the same time of day; so many hours are exact hours."),
        "C3": _("A streak or age of at least so much is reached at that very moment."),
        "C5": _("An act at the exact moment is in time; it is missed only after it."),
        "C7": _("The day of the order is day 0; working days are counted from the next one."),
        "C12": _("Rates are not rounded; with nothing to count there is no rate."),
        "C13": _("What is missing or older than 48 hours is unknown, never fine and never a breach."),
        "C14": _("Of the lines of a score the highest that is reached is shown."),
        "C15": _("The terms of the day of the event decide; for what is measured, those of now."),
        "C26": _("A rate is judged only over the window that the rule names."),
        "C28": _("Messages are judged alike before and after they are sent."),
    }
    of_kind = {
        "deadline": ("C1", "C2", "C5", "C7", "C15"),
        "rate_window": ("C12", "C13", "C26"),
        "score_band": ("C13", "C14"),
        "streak": ("C1", "C3", "C13"),
        "threshold": ("C3", "C13"),
        "conduct": ("C15", "C28"),
    }
    numbers = dict.fromkeys(number for kind in kinds for number in of_kind.get(kind, ()))
    return [(number, table[number]) for number in numbers]
