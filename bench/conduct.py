"""The conduct guard: how long one message takes, what loading costs, and a bare pass of regular expressions beside it.

    bin/bench conduct [--rounds N]

The messages are the guard's own test set. The bare pass is what a word list would do: the same lexicon as one alternation, no
disguises taken off, no model.
"""

import argparse
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles

from bench.report import Report
from storeward.conduct import check, examples

BUDGET_MS = 5.0
_CONCEPTS = Path(examples.__file__).parent / "data" / "concepts.toml"
_LOAD = """
import resource, time
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
from storeward.conduct import check
check("please delete your review", language="en")
print(time.process_time() - started, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def milliseconds(run: Callable[[str], object], texts: Sequence[str], rounds: int) -> list[float]:
    """The processor time of each call: what else the machine does is not counted."""
    spent = []
    for _ in range(rounds):
        for text in texts:
            started = time.thread_time_ns()
            run(text)
            spent.append((time.thread_time_ns() - started) / 1e6)
    return spent


def bare_pass() -> Callable[[str], object]:
    """All words of the lexicon in one regular expression."""
    table = tomllib.loads(_CONCEPTS.read_text("utf-8"))
    words = {
        word.strip().strip("*~").lower()
        for languages in table.values()
        for text in languages.values()
        for word in text.split(",")
    }
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words - {""}, key=len, reverse=True)))
    return lambda text: pattern.findall(text.lower())


def loading() -> tuple[float, float]:
    """Seconds until the first answer in a fresh process, and megabytes that it took."""
    told = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True)
    seconds, megabytes = told.stdout.split()
    return float(seconds), float(megabytes)


def main(options: argparse.Namespace) -> int:
    found = examples.load(examples.TEST)
    texts = [example.text for example in found]
    report = Report(f"conduct: {len(texts)} messages in {len({e.language for e in found})} languages, {options.rounds} rounds")
    seconds, megabytes = loading()
    report.figure("until the first answer of a fresh process", seconds, "s")
    report.figure("memory that it takes", megabytes, "MB")
    check(texts[0])
    for name, run in (
        ("guard", check),
        ("guard, language told", lambda text: check(text, language="en")),
        ("bare pass", bare_pass()),
    ):
        run(texts[0])
        cuts = quantiles(milliseconds(run, texts, options.rounds), n=100)
        report.figure(f"{name}: median", cuts[49], "ms")
        if name == "guard":
            report.budget(f"{name}: 99 of 100 within", cuts[98], BUDGET_MS, "ms", at_most=True)
        else:
            report.figure(f"{name}: 99 of 100 within", cuts[98], "ms")
    return report.done()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    sys.exit(main(parser.parse_args()))
