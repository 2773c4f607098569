"""The data, the training and the report: what is learned is what the texts say, and the test texts stay unseen."""

import json
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from storeward.conduct import report, train
from storeward.conduct.examples import TEST, TRAIN, BadExample, Example, digest, load, load_file
from storeward.conduct.features import TABLES, features, read
from storeward.conduct.model import ASKS, COLUMNS, FILE, FORBIDDEN, BadModel, model, pack, sources_digest, unpack
from storeward.conduct.normalise import normalise
from storeward.conduct.types import FORMS, LANGUAGES, Outcome


@pytest.fixture(scope="module")
def texts() -> list[Example]:
    return load(TRAIN)


# -- data ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [TRAIN, TEST])
def test_the_data_are_whole(folder: Path) -> None:
    examples = load(folder)
    assert len({example.id for example in examples}) == len(examples)
    assert {example.form for example in examples} == {*FORMS, None}
    assert set(LANGUAGES) <= {example.language for example in examples}
    assert all(example.text.strip() for example in examples)


def test_the_test_set_has_at_least_150_texts_of_each_language_half_of_them_allowed() -> None:
    for language in LANGUAGES:
        own = [example for example in load(TEST) if example.language == language]
        assert len(own) >= 150, language
        assert 0.35 < sum(example.forbidden for example in own) / len(own) < 0.65, language


def test_no_text_of_the_test_set_is_learned(texts: list[Example]) -> None:
    learned = {normalise(example.text).text.strip() for example in texts}
    assert [example.id for example in load(TEST) if normalise(example.text).text.strip() in learned] == []


def test_no_text_of_the_specification_is_learned(texts: list[Example], shared_dir: Path) -> None:
    lines = (shared_dir / "policies" / "conduct_examples.jsonl").read_text("utf-8").splitlines()
    theirs = {normalise(json.loads(line)["text"]).text for line in lines}
    phrases = (shared_dir / "policies" / "review_conduct_phrases.md").read_text("utf-8").splitlines()
    theirs |= {normalise(line[2:]).text for line in phrases if line.startswith("- ")}
    assert [example.id for example in texts if normalise(example.text).text in theirs] == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "line 1"),
        ('{"id": "a", "lang": "en", "label": "allowed", "form": null}', "text"),
        ('{"id": "a", "lang": "en", "text": "x", "label": "forbidden", "form": "odd"}', "odd"),
        ('{"id": "a", "lang": "en", "text": "x", "label": "forbidden"}', "form"),
    ],
)
def test_a_line_that_is_no_example_is_named(tmp_path: Path, line: str, why: str) -> None:
    file = tmp_path / "en.jsonl"
    file.write_text(line + "\n", "utf-8")
    with pytest.raises(BadExample, match=why):
        load_file(file)


def test_ok_and_near_labels_are_read_as_allowed(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"id": "a", "lang": "en", "text": "x", "label": "ok", "form": "near:threat"}\n\n', "utf-8")
    assert load_file(file) == [Example("a", "en", "x", None)]


def test_the_fingerprint_of_data_changes_with_what_they_say_only() -> None:
    one, other = Example("a", "en", "x", None), Example("b", "en", "y", "insult")
    assert digest([one, other]) == digest([other, one])
    assert digest([one, other]) != digest([one, replace(other, form="threat")])
    assert digest([one]) == digest([replace(one, group="g")])


# -- model --------------------------------------------------------------------------------------------


def test_the_model_was_trained_from_the_texts_that_are_here(texts: list[Example]) -> None:
    assert model().data_digest == digest(texts), "the training data have changed: run python -m storeward.conduct.train"


def test_the_model_is_small() -> None:
    assert FILE.stat().st_size < 2_000_000


def test_the_model_was_trained_with_the_tables_that_are_here() -> None:
    assert model().sources_digest == sources_digest(), "concepts or signs have changed: run python -m storeward.conduct.train"


def test_training_again_gives_the_same_file(texts: list[Example], monkeypatch: pytest.MonkeyPatch) -> None:
    """On a small part of the texts; `train --check` does the same with all of them, in minutes."""
    monkeypatch.setattr(train, "FOLDS", 2)
    kinds: dict[tuple[str | None, bool], list[Example]] = {}
    for one in texts:
        kinds.setdefault((one.form, one.asks), []).append(one)
    some = [one for same in kinds.values() for one in [one for one in same if not one.group][:12]]
    (first, told), (again, _) = train.train(some), train.train(some)
    assert first == again
    assert "cross-validation" in told
    assert train.compare(unpack(first), unpack(again)) == []


def test_the_model_knows_the_texts_that_it_was_made_from(texts: list[Example]) -> None:
    some = texts[::12]
    right = sum((model().scores(features(read(one.text)))[FORBIDDEN] > 0) is one.forbidden for one in some)
    assert right >= 0.97 * len(some)


def test_a_model_for_other_features_is_refused() -> None:
    line, _, body = FILE.read_bytes().partition(b"\n")
    header = json.loads(line)
    with pytest.raises(BadModel, match="other features"):
        unpack(pack({**header, "tables": [1]}, b""))
    with pytest.raises(BadModel, match="complete"):
        unpack(pack(header, zlib.decompress(body)[:-1]))


def test_a_packed_model_is_read_back() -> None:
    weights = np.zeros(len(COLUMNS) * sum(TABLES), np.int8)
    weights[0] = 100
    header = {
        "columns": list(COLUMNS),
        "tables": list(TABLES),
        "scales": [[0.5] * len(TABLES)] * len(COLUMNS),
        "bias": [0.25] * len(COLUMNS),
        "thresholds": {"any": [0.0, 1.0], "th": [0.5, 2.0]},
        "form_share": 0.0,
        "asks_from": 0.0,
        "slope": 1.0,
        "data": "d",
        "sources": "s",
    }
    small = unpack(pack(header, weights.tobytes()))
    assert small.weight(FORMS[0], 0, 0) == 50.0
    assert small.weight(FORMS[1], 0, 0) == 0.0
    assert small.of_language("th").block == 2.0
    assert small.of_language("en").block == 1.0
    assert small.probability(0.5) == 0.5
    assert small.probability(99) > 0.99
    empty = features(read(""))
    assert small.scores(empty._replace(**{name: [] for name in empty._fields})) == dict.fromkeys(COLUMNS, 0.25)


# -- training -----------------------------------------------------------------------------------------


def test_bytes_keep_the_weights_to_half_a_step() -> None:
    weights = np.linspace(-3, 3, sum(TABLES))
    scales, packed = train.quantised(weights)
    back = np.frombuffer(packed, np.int8).astype(float)
    start = 0
    for size, scale in zip(TABLES, scales, strict=True):
        assert np.abs(back[start : start + size] * scale - weights[start : start + size]).max() <= scale / 2 + 1e-6
        start += size


def test_a_threshold_lets_through_the_share_that_it_is_asked_for() -> None:
    scores = np.arange(1000, dtype=float)
    limit = train.threshold(scores, 0.03)
    assert (scores > limit).mean() == pytest.approx(0.03, abs=0.001)


def test_thresholds_of_a_language_lean_on_those_of_all() -> None:
    examples = [Example(f"{n}", "en" if n % 2 else "th", "x", None) for n in range(400)]
    scores = np.array([float(n % 2) + n / 1000 for n in range(400)])
    found = train.thresholds(examples, scores)
    assert found["th"][1] < found["any"][1] <= found["en"][1] + 0.01
    assert all(warn <= block for warn, block in found.values())
    assert "vi" not in found


def test_a_share_of_none_is_none() -> None:
    assert train.share(np.array([True, False, True]), np.array([True, True, False])) == 0.5
    assert train.share(np.array([True]), np.array([False])) == 0.0


def test_translations_and_disguised_copies_are_held_back_together() -> None:
    one = Example("a", "ms", "x", None, group="g")
    assert train.fold_of(one) == train.fold_of(replace(one, id="b", language="id"))
    assert train.fold_of(Example("a", "en", "x", None)) == train.fold_of(Example("a", "th", "y", "insult"))


def test_what_counts_as_asking_for_a_review() -> None:
    examples = [
        Example("more-1", "en", "we would love an honest review", None, asks=True),
        Example("more-2", "en", "the parcel is here", None),
        Example("en-1", "en", "a review of the mug", None),
        Example("en-2", "en", "third time: review please", "repeat_solicit"),
        Example("en-3", "en", "you fool", "insult"),
    ]
    wanted, told = train.targets(examples, ASKS)
    assert wanted.tolist() == [True, False, False, True, False]
    assert told.tolist() == [True, True, False, True, True]
    forbidden, all_told = train.targets(examples, FORBIDDEN)
    assert forbidden.tolist() == [False, False, False, True, True]
    assert all_told.all()


def test_two_models_are_compared_step_by_step() -> None:
    assert train.compare(model(), model()) == []
    other = unpack(FILE.read_bytes())
    changed = replace(other, data_digest="other")
    assert train.compare(model(), changed) == ["the training data have changed since the model was trained"]
    moved = replace(other, sources_digest="other")
    assert train.compare(model(), moved) == ["the tables by which texts are read have changed since the model was trained"]


# -- report -------------------------------------------------------------------------------------------


def test_the_report_counts_blocks_warnings_and_forms() -> None:
    counted = report.Report()
    counted.add(Example("1", "en", "x", "insult"), Outcome.BLOCK, ("insult",))
    counted.add(Example("2", "en", "x", "insult"), Outcome.WARN, ("threat",))
    counted.add(Example("3", "en", "x", "threat"), Outcome.OK, ())
    counted.add(Example("4", "en", "x", None), Outcome.BLOCK, ("threat",))
    counted.add(Example("5", "th", "x", None), Outcome.WARN, ("insult",))
    counted.add(Example("6", "th", "x", None), Outcome.OK, ())
    english = counted.by_language["en"]
    assert english.recall == pytest.approx(1 / 3)
    assert english.caught == 0.5
    assert english.false_alarms == 1.0
    assert english.form_right == 0.5
    assert (counted.by_language["th"].false_alarms, counted.by_language["th"].disturbed) == (0.0, 0.25)
    assert counted.by_form["insult"].recall == 0.5
    assert counted.confusion == {
        ("insult", "insult"): 1,
        ("insult", "threat"): 1,
        ("threat", report.ALLOWED): 1,
        (report.ALLOWED, "threat"): 1,
        (report.ALLOWED, "insult"): 1,
        (report.ALLOWED, report.ALLOWED): 1,
    }
    told = counted.text()
    assert "selective_solicit" in told
    assert told.splitlines()[1].split() == ["en", "4", "0.333", "0.500", "1.000", "1.000", "0.50"]


def test_an_empty_report_divides_by_nothing() -> None:
    tally = report.Tally()
    assert (tally.recall, tally.caught, tally.false_alarms, tally.disturbed, tally.form_right) == (1.0, 1.0, 0.0, 0.0, 1.0)


def test_the_command_tells_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text('{"id": "a", "lang": "en", "text": "Your parcel is here.", "label": "ok", "form": "none"}\n', "utf-8")
    monkeypatch.setattr(report, "TEST", tmp_path / "nothing")
    assert report.main([str(file)]) == 0
    told = capsys.readouterr().out
    assert "own.jsonl: 1 texts" in told
    assert model().digest[:12] in told
