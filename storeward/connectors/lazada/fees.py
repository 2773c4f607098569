"""The fees that Lazada's finance pages list, and what each is in our words. New ones appear without notice: they are kept.

The list is `fees.csv`: number, the platform's group, its name (documentation of the finance pages).
"""

import csv
from importlib.resources import files
from typing import Final, NamedTuple


class Fee(NamedTuple):
    """One kind of line."""

    group: str
    """Orders, Refunds, 3P Services or Other Services, and what of them: `Orders-Lazada Fees`."""
    name: str


def _listed() -> dict[str, Fee]:
    text = files(__package__).joinpath("fees.csv").read_text("utf-8")
    return {row["fee"]: Fee(row["group"], row["name"]) for row in csv.DictReader(text.splitlines())}


FEES: Final = _listed()
CATEGORY: Final = {
    "Sales": "sale",
    "Lazada Fees": "platform_fee",
    "Logistics": "shipping",
    "Marketing Fees": "marketing",
    "Claims": "claim",
    "Services": "service",
    "Others": "other",
}


def category_of(fee: str | None, group: str | None) -> str | None:
    """What a line is, by the group that it names, else by the fee's; None where neither is known. Refunded sales are refunds."""
    listed = FEES.get(fee or "")
    for named in (group, listed.group if listed else None):
        what, _, part = (named or "").partition("-")
        known = CATEGORY.get(part.strip())
        if known is not None:
            return "refund" if known == "sale" and what.strip() == "Refunds" else known
    return None
