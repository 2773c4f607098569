"""The trained weights: a linear model over the places of `features`, one column for each form and two more.

File (`data/model.bin`, written by `train`): one line of JSON (columns, scales, thresholds, digest of the training data), then the
weights as signed bytes, packed with zlib: table by table, column by column. A byte times the scale of its table and column is the
weight. Nothing but the standard library is needed to read it.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import exp, sqrt
from pathlib import Path
from typing import Any

from .features import TABLES, Features
from .types import FORMS

FILE = Path(__file__).parent / "data" / "model.bin"
FORBIDDEN, ASKS = "forbidden", "asks"
COLUMNS = (*FORMS, FORBIDDEN, ASKS)
GROUP_WEIGHTS = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0)
"""How much each group of features counts, for one text, against the others."""
FORM_PART = 0.7
"""How much the likeliest form counts beside the whole; chosen by cross-validation."""


SOURCES = ("fold.toml", "shapes.toml", "words.toml", "data/concepts.toml", "data/glosses.txt", "data/families.toml")
"""The tables by which a text is read: a model holds for them alone."""


class BadModel(ValueError):
    """The file of weights is not one that this version reads."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which a text is looked at twice and from which it is held back."""

    warn: float
    block: float


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and thresholds. `columns[c][t]` are the weights of column `c` in table `t`."""

    columns: Sequence[Sequence[memoryview]]
    scales: Sequence[Sequence[float]]
    bias: Sequence[float]
    thresholds: Mapping[str, Thresholds]
    form_share: float
    asks_from: float
    slope: float
    data_digest: str
    sources_digest: str
    digest: str

    def scores(self, places: Features) -> dict[str, float]:
        """The score of every column: above zero speaks for it."""
        norms = [weight / sqrt(len(group)) if group else 0.0 for group, weight in zip(places, GROUP_WEIGHTS, strict=True)]
        return {name: self._score(number, places, norms) for number, name in enumerate(COLUMNS)}

    @staticmethod
    def whole(scores: Mapping[str, float]) -> float:
        """The score that decides: that of the text as forbidden, and that of its likeliest form."""
        return scores[FORBIDDEN] + FORM_PART * max(scores[form] for form in FORMS)

    def _score(self, column: int, places: Features, norms: list[float]) -> float:
        total = self.bias[column]
        for group, norm, table, scale in zip(places, norms, self.columns[column], self.scales[column], strict=True):
            if norm and scale:
                total += norm * scale * sum(map(table.__getitem__, group))
        return total

    def weight(self, column: str, table: int, place: int) -> float:
        """The weight of one place, to tell which words decided."""
        number = COLUMNS.index(column)
        return self.columns[number][table][place] * self.scales[number][table]

    def of_language(self, language: str) -> Thresholds:
        return self.thresholds.get(language, self.thresholds["any"])

    def probability(self, score: float) -> float:
        """0 to 1; one half at the middle between the thresholds for texts of any language."""
        middle = self.thresholds["any"]
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.slope * (score - (middle.warn + middle.block) / 2)))))


def sources_digest() -> str:
    """A fingerprint of the tables by which texts are read."""
    folder = Path(__file__).parent
    return sha256(b"".join((folder / name).read_bytes() for name in SOURCES)).hexdigest()


def pack(header: dict[str, Any], weights: bytes) -> bytes:
    """The file for a header and weights."""
    body = zlib.compress(weights, 9)
    return json.dumps(header, sort_keys=True).encode() + b"\n" + body


def unpack(content: bytes) -> Model:
    """The model in a file's content. Raises BadModel where tables or columns are others than ours."""
    line, _, body = content.partition(b"\n")
    header = json.loads(line)
    if header["columns"] != list(COLUMNS) or header["tables"] != list(TABLES):
        raise BadModel("the model was trained for other features: run python -m storeward.conduct.train")
    weights = memoryview(zlib.decompress(body)).cast("b")
    if len(weights) != len(COLUMNS) * sum(TABLES):
        raise BadModel("the weights are not complete")
    columns, start = [], 0
    for _ in COLUMNS:
        tables = []
        for size in TABLES:
            tables.append(weights[start : start + size])
            start += size
        columns.append(tables)
    return Model(
        columns=columns,
        scales=header["scales"],
        bias=header["bias"],
        thresholds={name: Thresholds(*pair) for name, pair in header["thresholds"].items()},
        form_share=header["form_share"],
        asks_from=header["asks_from"],
        slope=header["slope"],
        data_digest=header["data"],
        sources_digest=header["sources"],
        digest=sha256(content).hexdigest(),
    )


@lru_cache(maxsize=1)
def model() -> Model:
    """The model of this package, read when the first text comes."""
    return unpack(FILE.read_bytes())
