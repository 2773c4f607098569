"""The matrix of stores and inspection items, and the coverage of a round, ready to draw."""

from dataclasses import dataclass

from django.db.models import Count

from storeward.findings.models import Reading
from storeward.web.frame import Visit


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many checks a round makes, and how they stand."""

    fine: int
    bad: int
    unknown: int
    hands: int

    @property
    def checks(self) -> int:
        return self.fine + self.bad + self.unknown


@dataclass(frozen=True, slots=True)
class Board:
    coverage: Coverage


def board_of(visit: Visit) -> Board:
    rows = dict(Reading.objects.filter(store_id__in=visit.scope.ids).values_list("state").annotate(n=Count("id")))
    return Board(Coverage(rows.get("ok", 0), rows.get("at_risk", 0) + rows.get("breached", 0), rows.get("unknown", 0), 0))
