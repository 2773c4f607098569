"""The texts that the guard learns from and is tested on: JSON lines in `data/train` and `data/test`, written for this project."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from .types import FORMS

DATA = Path(__file__).parent / "data"
TRAIN, TEST = DATA / "train", DATA / "test"


class BadExample(ValueError):
    """A line that is no example: which file, which line, why."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what it is. `form` is None where it is allowed; `asks`: an allowed text that invites to a review.

    Texts of one `group` say the same in several languages: cross-validation holds them back together.
    """

    id: str
    language: str
    text: str
    form: str | None
    asks: bool = False
    group: str = ""

    @property
    def forbidden(self) -> bool:
        return self.form is not None


def load(folder: Path) -> list[Example]:
    """All examples of a folder, by file name and line. Raises BadExample."""
    return [example for path in sorted(folder.glob("*.jsonl")) for example in load_file(path)]


def load_file(path: Path) -> list[Example]:
    """The examples of one file; labels `ok` and `allowed` mean the same."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                found.append(_example(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise BadExample(f"{path.name}, line {number}: {error}") from None
    return found


def _example(raw: dict[str, object]) -> Example:
    forbidden = raw["label"] == "forbidden"
    form = str(raw["form"]) if forbidden else None
    if form is not None and form not in FORMS:
        raise ValueError(f"form {form!r} is not known")
    return Example(str(raw["id"]), str(raw["lang"]), str(raw["text"]), form, raw.get("asks") is True, str(raw.get("group", "")))


def digest(examples: list[Example]) -> str:
    """A fingerprint of what the examples say."""
    lines = sorted(json.dumps([e.id, e.language, e.text, e.form, e.asks], ensure_ascii=False) for e in examples)
    return sha256("\n".join(lines).encode()).hexdigest()
