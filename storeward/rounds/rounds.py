"""A round: the whole fleet of a workspace looked at, at one instant, and written down."""

from dataclasses import asdict
from datetime import datetime

from storeward.findings import queries
from storeward.rounds.matrix import matrix
from storeward.rounds.models import Round
from storeward.stores.models import Store


def run_round(workspace_id: int, *, now: datetime) -> Round:
    """Reckon the matrix and the counts of a workspace and keep them as a row."""
    ids = list(Store.objects.filter(workspace_id=workspace_id).order_by("pk").values_list("pk", flat=True))
    seen = matrix(ids, now=now)
    counts = {
        "stores": len(seen.stores),
        "cells": seen.counts(),
        "findings": asdict(queries.counts(ids)),
        "money_at_risk_usd": asdict(queries.at_risk(ids)),
    }
    return Round.objects.create(workspace_id=workspace_id, at=now, complete=seen.complete, counts=counts)
