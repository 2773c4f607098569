"""How well the guard does: python -m storeward.conduct.report [FILE.jsonl ...] [--training]

Per language and per form, on the test set of this package and on the files that are named: recall of forbidden texts and false
alarms, block alone and with a warning as half, and the table of forms. `--training` adds the training texts: what was learned,
which is not how well it holds. Cross-validation is printed by `train`.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .examples import TEST, TRAIN, Example, load, load_file
from .guard import check
from .model import model
from .types import FORMS, Outcome, Verdict

ALLOWED = "allowed"


@dataclass(slots=True)
class Tally:
    """Counts of forbidden and of allowed texts with what became of them."""

    forbidden: int = 0
    blocked: int = 0
    warned: int = 0
    right_form: int = 0
    allowed: int = 0
    false_blocks: int = 0
    false_warnings: int = 0

    def add(self, example: Example, outcome: Outcome, forms: Sequence[str]) -> None:
        if example.form is not None:
            self.forbidden += 1
            self.blocked += outcome is Outcome.BLOCK
            self.warned += outcome is Outcome.WARN
            self.right_form += outcome is not Outcome.OK and example.form in forms
        else:
            self.allowed += 1
            self.false_blocks += outcome is Outcome.BLOCK
            self.false_warnings += outcome is Outcome.WARN

    @property
    def recall(self) -> float:
        """Share of forbidden texts that are held back."""
        return self.blocked / self.forbidden if self.forbidden else 1.0

    @property
    def caught(self) -> float:
        """The same with a warning as half a hit."""
        return (self.blocked + self.warned / 2) / self.forbidden if self.forbidden else 1.0

    @property
    def false_alarms(self) -> float:
        """Share of allowed texts that are held back."""
        return self.false_blocks / self.allowed if self.allowed else 0.0

    @property
    def disturbed(self) -> float:
        """The same with a warning as half a false alarm."""
        return (self.false_blocks + self.false_warnings / 2) / self.allowed if self.allowed else 0.0

    @property
    def form_right(self) -> float:
        """Share of the noticed forbidden texts whose form is among those that are named."""
        noticed = self.blocked + self.warned
        return self.right_form / noticed if noticed else 1.0


@dataclass(slots=True)
class Report:
    """Tallies by language and by form, and how often a form was taken for another."""

    by_language: dict[str, Tally] = field(default_factory=dict)
    by_form: dict[str, Tally] = field(default_factory=dict)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    whole: Tally = field(default_factory=Tally)

    def add(self, example: Example, outcome: Outcome, forms: Sequence[str]) -> None:
        for tally in (
            self.whole,
            self.by_language.setdefault(example.language, Tally()),
            self.by_form.setdefault(example.form or ALLOWED, Tally()),
        ):
            tally.add(example, outcome, forms)
        answered = forms[0] if forms and example.form not in forms else (example.form or ALLOWED) if forms else ALLOWED
        self.confusion[example.form or ALLOWED, answered if outcome is not Outcome.OK else ALLOWED] += 1

    def text(self) -> str:
        """The tables for a person."""
        lines = [f"{'':18}{'texts':>7}{'recall':>9}{'with warn':>11}{'false':>8}{'with warn':>11}{'form':>7}"]
        for name, tally in [*sorted(self.by_language.items()), ("all", self.whole)]:
            lines.append(
                f"{name:18}{tally.forbidden + tally.allowed:7}{tally.recall:9.3f}{tally.caught:11.3f}"
                f"{tally.false_alarms:8.3f}{tally.disturbed:11.3f}{tally.form_right:7.2f}"
            )
        lines += ["", f"{'':18}{'texts':>7}{'recall':>9}{'with warn':>11}"]
        for form in FORMS:
            tally = self.by_form.get(form, Tally())
            lines.append(f"{form:18}{tally.forbidden:7}{tally.recall:9.3f}{tally.caught:11.3f}")
        return "\n".join([*lines, "", *self._table()])

    def _table(self) -> list[str]:
        """Rows: what a text is; columns: what it was taken for, warned of or blocked."""
        names = (*FORMS, ALLOWED)
        lines = [f"{'is, taken for':18}" + "".join(f"{name[:7]:>9}" for name in names)]
        for actual in names:
            lines.append(f"{actual:18}" + "".join(f"{self.confusion[actual, taken]:9}" for taken in names))
        return lines


def of_verdicts(examples: Iterable[Example], judge: Callable[[Example], Verdict]) -> Report:
    """The report on examples as `judge` answers them."""
    report = Report()
    for example in examples:
        verdict = judge(example)
        report.add(example, verdict.outcome, verdict.forms)
    return report


def by_guard(example: Example) -> Verdict:
    """The guard's answer without a hint of the language."""
    return check(example.text)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How well the conduct guard does.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--training", action="store_true", help="the training texts too: what was learned, not how well it holds")
    options = parser.parse_args(arguments)
    print(f"model {model().digest[:12]}, training data {model().data_digest[:12]}")
    sets = [("test set", load(TEST)), *((path.name, load_file(path)) for path in options.files)]
    if options.training:
        sets.append(("training set", load(TRAIN)))
    for name, examples in sets:
        print(f"\n{name}: {len(examples)} texts\n{of_verdicts(examples, by_guard).text()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
