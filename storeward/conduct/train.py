"""Train the guard: python -m storeward.conduct.train [--check]

Reads `data/train`, writes `data/model.bin`. The same data give the same file. Each text is learned twice, once in a disguise.
Thresholds come from cross-validation over the training data; the test set is not read. `--check` writes nothing and tells how the
file compares with what the data give. Needs scikit-learn (requirements/dev.in); running the guard does not.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from .disguise import disguised
from .examples import TRAIN, Example, digest, load
from .features import TABLES, features, read
from .lexicon import lexicon
from .model import ASKS, COLUMNS, FILE, FORBIDDEN, FORM_PART, GROUP_WEIGHTS, Model, pack, sources_digest, unpack
from .types import FORMS, LANGUAGES

FOLDS = 4
STRENGTH = 10.0
"""Inverse of the regularisation, chosen by cross-validation among 3, 10 and 30."""
SHARPENED = 0.5
"""How far a feature counts by how much oftener it is in wanted texts than in others (naive Bayes), 0 to 1; chosen likewise."""
BLOCK_RATE, WARN_RATE = 0.03, 0.06
"""Share of allowed texts that may be held back, and that may be held back or looked at twice, in cross-validation."""
ASK_RATE = 0.06
"""Share of texts that ask for nothing and may be taken for asking: it matters only where an order was asked about before."""
SHRINK = 120
"""A language's own thresholds count as much as those of all languages where it has this many allowed texts."""
_ABOUT_REVIEWS = ("REVIEW", "RATE", "GOODREVIEW", "STAR", "WRITTEN")

Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fit:
    """A logistic regression: weights by place, and bias."""

    weights: Scores
    bias: float


def matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    """One row a text, one column a place; each group is scaled to its weight."""
    starts = np.cumsum([0, *TABLES])
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        for start, places, weight in zip(starts, features(read(text)), GROUP_WEIGHTS, strict=False):
            columns.extend(int(start) + place for place in places)
            values.extend([weight / max(1, len(places)) ** 0.5] * len(places))
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(texts), int(starts[-1])))


def fold_of(example: Example) -> int:
    """The fold that holds the example back: by its id or group, so that neither a disguised copy nor a translation helps it."""
    return crc32((example.group or example.id).encode()) % FOLDS


def targets(examples: Sequence[Example], column: str) -> tuple[Mask, Mask]:
    """For a column: which examples are of it, and which are told to it at all."""
    everything = np.ones(len(examples), bool)
    if column == FORBIDDEN:
        return np.array([e.forbidden for e in examples]), everything
    if column == ASKS:
        asks = np.array([e.asks or e.form in {"repeat_solicit", "selective_solicit"} for e in examples])
        # Of an allowed text about reviews nobody has said whether it invites to one, nor of the other forms.
        unsaid = np.array([not e.asks and _about_reviews(e) for e in examples])
        return asks, asks | ~unsaid
    return np.array([e.form == column for e in examples]), everything


def _about_reviews(example: Example) -> bool:
    if example.form in {"incentive", "change_review", "threat"}:
        return True
    names = lexicon().names
    about = {names.index(name) for name in _ABOUT_REVIEWS}
    return (
        example.form is None and not example.id.startswith("more-") and any(h.concept in about for h in read(example.text).hits)
    )


def fit(rows: sparse.csr_matrix, wanted: Mask) -> Fit:
    """The weights that tell the wanted rows from the others."""
    scale = 1 - SHARPENED + SHARPENED * telling(rows, wanted)
    learner = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
    learner.fit(rows @ sparse.diags(scale), wanted)
    return Fit(learner.coef_[0] * scale, float(learner.intercept_[0]))


def telling(rows: sparse.csr_matrix, wanted: Mask) -> Scores:
    """How much each feature tells by itself: the size of the logarithm of its odds, with one text more on either side."""
    seen = sparse.csr_matrix((np.ones_like(rows.data), rows.indices, rows.indptr), shape=rows.shape)
    among = np.asarray(seen[wanted].sum(0)).ravel() + 1
    besides = np.asarray(seen[~wanted].sum(0)).ravel() + 1
    odds: Scores = np.abs(np.log((among / max(1, wanted.sum())) / (besides / max(1, (~wanted).sum()))))
    return odds


@dataclass(frozen=True, slots=True)
class Data:
    """Examples with their features, plain and disguised."""

    examples: list[Example]
    plain: sparse.csr_matrix
    hidden: sparse.csr_matrix

    @classmethod
    def of(cls, examples: list[Example]) -> "Data":
        hidden = [disguised(example.text, example.id) for example in examples]
        return cls(examples, matrix([e.text for e in examples]), matrix(hidden))

    def fitted(self, column: str, chosen: Mask) -> Fit:
        wanted, told = targets(self.examples, column)
        used = chosen & told
        rows = sparse.vstack([self.plain[used], self.hidden[used]]).tocsr()
        return fit(rows, np.concatenate([wanted[used], wanted[used]]))


def held_out(data: Data, column: str) -> Scores:
    """The score of each example by a model that has not seen it."""
    folds = np.array([fold_of(example) for example in data.examples])
    scores = np.zeros(len(folds))
    for fold in range(FOLDS):
        fitted = data.fitted(column, folds != fold)
        scores[folds == fold] = data.plain[folds == fold] @ fitted.weights + fitted.bias
    return scores


def threshold(scores: Scores, rate: float) -> float:
    """The score that at most `rate` of the scores of allowed texts exceed."""
    ordered = np.sort(scores)[::-1]
    return float(ordered[int(rate * len(ordered))])


def thresholds(examples: Sequence[Example], scores: Scores) -> dict[str, tuple[float, float]]:
    """Thresholds to warn and to block, for texts of any language and for each, drawn towards those for all."""
    allowed = np.array([not e.forbidden for e in examples])
    languages = np.array([e.language for e in examples])
    common = (threshold(scores[allowed], WARN_RATE), threshold(scores[allowed], BLOCK_RATE))
    found = {"any": common}
    for language in LANGUAGES:
        own = scores[allowed & (languages == language)]
        if len(own) == 0:
            continue
        share = len(own) / (len(own) + SHRINK)
        warn = share * threshold(own, WARN_RATE) + (1 - share) * common[0]
        block = share * threshold(own, BLOCK_RATE) + (1 - share) * common[1]
        found[language] = (round(min(warn, block), 4), round(max(warn, block), 4))
    return {name: (round(warn, 4), round(block, 4)) for name, (warn, block) in found.items()}


def quantised(weights: Scores) -> tuple[list[float], bytes]:
    """Weights as bytes with one scale a table."""
    scales, parts, start = [], [], 0
    for size in TABLES:
        table = weights[start : start + size]
        start += size
        top = float(np.abs(table).max())
        scale = round(top / 127, 9) or 1e-9
        scales.append(scale)
        parts.append(np.clip(np.rint(table / scale), -127, 127).astype(np.int8).tobytes())
    return scales, b"".join(parts)


def held_out_table(examples: Sequence[Example], scores: Scores, limits: dict[str, tuple[float, float]]) -> str:
    """Recall and false alarms of each language in cross-validation, at the thresholds that it gave."""
    lines = [f"{'cross-validation':18}{'texts':>7}{'recall':>9}{'false':>8}"]
    languages = np.array([e.language for e in examples])
    forbidden = np.array([e.forbidden for e in examples])
    block = np.array([limits.get(e.language, limits["any"])[1] for e in examples])
    for name in (*sorted(set(languages)), "all"):
        chosen = (languages == name) | (name == "all")
        recall, false = (share(scores > block, chosen & kind) for kind in (forbidden, ~forbidden))
        lines.append(f"{name:18}{int(chosen.sum()):7}{recall:9.3f}{false:8.3f}")
    return "\n".join(lines)


def share(hit: Mask, among: Mask) -> float:
    """How many of those are hit, from 0 to 1; none of none."""
    return float((hit & among).sum() / max(1, among.sum()))


def train(examples: list[Example]) -> tuple[bytes, str]:
    """The file of the model for these examples, and what cross-validation tells."""
    data = Data.of(examples)
    everything = np.ones(len(examples), bool)
    scales, bias, weights = [], [], b""
    for column in COLUMNS:
        fitted = data.fitted(column, everything)
        scale, packed = quantised(fitted.weights)
        scales.append(scale)
        bias.append(round(fitted.bias, 6))
        weights += packed
    scores = held_out(data, FORBIDDEN) + FORM_PART * np.max([held_out(data, form) for form in FORMS], axis=0)
    asking = held_out(data, ASKS)
    wanted, told = targets(examples, ASKS)
    limits = thresholds(examples, scores)
    header: dict[str, Any] = {
        "columns": list(COLUMNS),
        "tables": list(TABLES),
        "scales": scales,
        "bias": bias,
        "thresholds": limits,
        "form_share": 0.0,
        "asks_from": round(threshold(asking[told & ~wanted], ASK_RATE), 4),
        "slope": 1.0,
        "data": digest(examples),
        "sources": sources_digest(),
    }
    return pack(header, weights), held_out_table(examples, scores, limits)


def compare(ours: Model, fresh: Model) -> list[str]:
    """In what two models differ; empty where they are the same, but for the last digits of the arithmetic."""
    told = []
    if ours.data_digest != fresh.data_digest:
        told.append("the training data have changed since the model was trained")
    if ours.sources_digest != fresh.sources_digest:
        told.append("the tables by which texts are read have changed since the model was trained")
    for column, (mine, theirs) in enumerate(zip(ours.columns, fresh.columns, strict=True)):
        far = sum(
            int((np.abs(np.asarray(a, np.int16) - np.asarray(b, np.int16)) > 1).sum()) for a, b in zip(mine, theirs, strict=True)
        )
        if far:
            told.append(f"{COLUMNS[column]}: {far} weights differ by more than one step")
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args(arguments)
    examples = load(TRAIN)
    content, told = train(examples)
    fresh = unpack(content)
    if options.check:
        found = compare(unpack(FILE.read_bytes()), fresh)
        print("\n".join(found) or "the model is what the data give")
        return 1 if found else 0
    options.out.write_bytes(content)
    print(told)
    print(f"{len(examples)} texts, {len(content)} bytes, sha256 {fresh.digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
