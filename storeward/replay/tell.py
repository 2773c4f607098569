"""What replays, differences, versions and reasons say: as plain values for JSON, and as text for a terminal."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from storeward.lib import instants
from storeward.policy.changes import Difference
from storeward.policy.terms import INTERNAL, Span
from storeward.replay.found import Hit, Sum
from storeward.replay.run import Replayed
from storeward.replay.why import Reason
from storeward.rulebook.models import Version
from storeward.rulebook.own import Held
from storeward.rulebook.versions import Past

Row = dict[str, Any]
SHOWN_DAYS = 14


def _date(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instants.to_text(at)


def _figures(figures: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: f"{figure:f}" for name, figure in figures.items()}


def _number(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure:f}"


# -- differences and history --------------------------------------------------------------------------------------------------


def difference(one: Difference) -> Row:
    """A rule that began, ended or changed."""
    return {
        "rule": one.rule.id,
        "platform": None if one.platform == INTERNAL else one.platform,
        "title": one.rule.title,
        "title_zh": one.rule.title_zh,
        "regions": list(one.rule.regions),
        "kind": one.kind,
        "from": _date(one.day),
        "demands": one.demands,
        "severity": one.severity.value,
        "figures": {name: {"before": _number(old), "after": _number(new)} for name, (old, new) in one.figures.items()},
        "source": list(one.after.source) if one.after is not None else [],
        "confidence": one.after.confidence if one.after is not None else None,
    }


def difference_line(one: Difference) -> str:
    changes = [f"{name} {_number(old) or '-'} -> {_number(new) or '-'}" for name, (old, new) in one.figures.items()]
    return f"{one.day}  {one.severity.value:<8} {one.kind:<7} {one.rule.id:<30} {one.rule.title}  {', '.join(changes)}".rstrip()


def past(entry: Past) -> Row:
    """Terms of a rule and who brought them."""
    version = entry.version
    return {
        **_span(entry.change.span),
        "ends": entry.change.ends,
        "version": None if version is None else version.pk,
        "state": "product" if version is None else str(version.state),
        "title": None if version is None else version.title,
    }


def _span(span: Span) -> Row:
    return {
        "from": _date(span.from_),
        "to": _date(span.to),
        "figures": _figures(span.figures),
        "unit": span.unit,
        "comparator": span.comparator,
        "source": list(span.source),
        "read_on": _date(span.read_on),
        "confidence": span.confidence,
        "note": span.note,
    }


def held(figure: Held) -> Row:
    """An own figure with the platform's beside it."""
    return {
        "rule": figure.rule,
        "figure": figure.name,
        "value": f"{figure.figure:f}",
        "platform": _number(figure.platform_figure),
        "from": _date(figure.from_day),
        "to": _date(figure.to),
        "why": figure.why,
        "by": figure.by,
        "at": _instant(figure.at),
    }


def held_line(row: Mapping[str, Any]) -> str:
    platform = row["platform"] or "not known"
    days = f"from {row['from']}" + (f" to {row['to']}" if row["to"] else "")
    return f"{row['rule']}: {row['figure']} {row['value']} {days} (platform: {platform}); {row['by']}: {row['why']}"


def history_text(rule: str, terms: Sequence[Row], own: Sequence[Row]) -> str:
    lines = [rule]
    for row in terms:
        figures = ", ".join(f"{name} {figure}" for name, figure in row["figures"].items()) or "no figures"
        lines.append(f"  {row['from'] or 'always':<10} {row['state']:<10} {figures}; {row['confidence']}; {row['source'][0]}")
    return "\n".join([*lines, *(f"  {held_line(row)}" for row in own)])


def version(row: Version) -> Row:
    """A version and where it stands."""
    return {
        "version": row.pk,
        "title": row.title,
        "state": str(row.state),
        "rules": sorted({change["rule"] for change in row.changes}),
        "note": row.note or None,
        "questions": len(row.questions),
        "drafted_by": row.drafted_by,
        "drafted_at": _instant(row.drafted_at),
        "published_by": row.published_by or None,
        "published_at": _instant(row.published_at),
        "withdrawn_by": row.withdrawn_by or None,
        "withdrawn_at": _instant(row.withdrawn_at),
    }


# -- replays -------------------------------------------------------------------------------------------------------------------


def replayed(done: Replayed) -> Row:
    """The whole of a replay. `more` would have broken a rule, `less` would have been spared."""
    tally = done.tally
    return {
        "from": _date(done.first),
        "to": _date(done.last),
        "rules": list(done.rules),
        "stores_looked_at": done.stores,
        "differs": tally.differs,
        "orders_quick": tally.quick,
        "looked_at": dict(tally.looked_at),
        "broken_in_force": dict(tally.broken),
        "due_moved": dict(tally.moved),
        "untold": dict(tally.untold),
        "more": _sum(done, tally.sums["more"]),
        "less": _sum(done, tally.sums["less"]),
        "days": [{"day": _date(day), "more": _sum(done, more), "less": _sum(done, less)} for day, more, less in tally.days()],
        "stores": [_store(done, store_id) for store_id in sorted({key[0] for key in tally.by_store})],
        "things": [_hit(done, hit) for hit in tally.hits],
    }


def _sum(done: Replayed, one: Sum) -> Row:
    return {
        "stores": sorted(done.keys[store_id] for store_id in one.stores),
        "things": one.things,
        "money": [{"amount": f"{amount:f}", "currency": currency} for currency, amount in sorted(one.money.items())],
        "usd": f"{one.usd:.2f}",
        "points": f"{one.points:f}",
    }


def _store(done: Replayed, store_id: int) -> Row:
    more, less = (done.tally.by_store[store_id, side] for side in ("more", "less"))
    return {"store": done.keys[store_id], "more": _sum(done, more), "less": _sum(done, less)}


def _hit(done: Replayed, hit: Hit) -> Row:
    return {
        "side": hit.side,
        "rule": hit.rule,
        "store": done.keys[hit.store_id],
        "day": _date(hit.day),
        "subject": {"kind": hit.kind, "id": hit.id},
        "amount": _number(hit.amount),
        "currency": hit.currency,
        "points": _number(hit.points),
    }


def replayed_text(done: Replayed) -> str:
    tally = done.tally
    quick = f", {tally.quick:,} orders too quick for either" if tally.quick else ""
    judged = f"{sum(tally.looked_at.values()):,} judged{quick}"
    lines = [f"{len(done.rules)} rules over {done.first} to {done.last}, {done.stores} stores, {judged}"]
    for side, word in (("more", "would have broken a rule"), ("less", "would have been spared")):
        one = tally.sums["more" if side == "more" else "less"]
        money = ", ".join(f"{amount:,.2f} {currency}" for currency, amount in sorted(one.money.items()))
        lines.append(f"  {one.things:,} {word}, in {len(one.stores)} stores{f'; {money}' if money else ''}")
    for day, more, less in list(tally.days())[-SHOWN_DAYS:]:
        lines.append(f"  {day}  +{more.things:<6} -{less.things}")
    lines += [f"  {rule}: cannot tell: {reason}" for rule, reason in sorted(tally.untold.items())]
    return "\n".join(lines)


# -- reasons -------------------------------------------------------------------------------------------------------------------


def reason(one: Reason) -> Row:
    """Why a finding said what it said."""
    terms = one.terms
    return {
        "finding": one.finding,
        "rule": one.rule,
        "title": one.title,
        "store": one.store,
        "subject": {"kind": one.subject[0], "id": one.subject[1]},
        "at": _instant(one.at),
        "state": one.state,
        "severity": one.severity,
        "why": one.said,
        "reckoned_again": one.again,
        "terms": None
        if terms is None
        else {
            "from": _date(terms.from_day),
            "to": _date(terms.to),
            "figures": _figures(terms.figures),
            "own": _figures(terms.own),
            "unit": terms.unit,
            "comparator": terms.comparator,
            "confidence": terms.confidence,
            "source": list(terms.source),
            "read_on": _date(terms.read_on),
            "note": terms.note,
        },
        "facts": [
            {"fact": f.name, "value": f.value, "origin": f.origin, "true_at": _instant(f.true_at), "seen_at": _instant(f.seen_at)}
            for f in one.facts
        ],
        "steps": list(one.steps),
    }


def reason_text(one: Reason) -> str:
    lines = [f"{one.rule}: {one.title} ({one.store}, {' '.join(one.subject)})"]
    lines.append(f"at {_instant(one.at)}: {' '.join(word for word in (one.state, one.severity) if word) or 'not open'}")
    lines += [f"  {number}. {step}" for number, step in enumerate(one.steps, start=1)]
    if one.terms is not None:
        lines.append(f"  {one.terms.confidence}, read on {one.terms.read_on}: {' | '.join(one.terms.source)}")
    return "\n".join([*lines, *(f"  {f.name} = {f.value} ({f.origin}, seen {_instant(f.seen_at)})" for f in one.facts)])
